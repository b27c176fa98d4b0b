"""Verdicts on a learner's own functions, one check for each exercise: `check.softmax(my_softmax)`.

Each check calls the learner's function on a few cases, compares with the right answer, and answers with a `Verdict`:
one line that says correct, not written yet, or what is wrong. A check never raises: the learner's function gets
copies, its printing is not shown, and it is stopped when it takes longer than a few seconds. In a notebook a check
shows its verdict wherever it stands in a cell, and keeps what has passed in the learner's own file, `my_answers.py`.

All that belongs to an exercise stands in one file, named as its notebook is: read `start_here.py` first. What judges
is `engine/`, which knows none of them. README says how to add one.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rnn_helpers import plain as answers
from rnn_helpers.check import (
    backprop_through_time,
    cell_backward,
    find_the_bug,
    gru,
    how_far_back,
    it_writes,
    longer_steps,
    loss_and_output,
    lstm,
    lstm_backward,
    paint_a_name,
    same_maths_faster,
    single_cell,
    softmax_and_tanh,
    start_here,
    text_as_batches,
    unrolled_forward,
    vanishing_and_exploding,
    what_a_check_cannot_see,
    which_letters,
    your_own_words,
)
from rnn_helpers.check.engine.checks import Check, check_of
from rnn_helpers.check.engine.exercise import Exercise, Mistake, table
from rnn_helpers.check.engine.judge import SECONDS
from rnn_helpers.check.engine.judge import judge as judge_in
from rnn_helpers.check.engine.keep import Mine
from rnn_helpers.check.engine.keep import mine as mine_of
from rnn_helpers.check.engine.verdict import Solution, Source, Verdict, announce
from rnn_helpers.check.shared import COURSE

if TYPE_CHECKING:
    from rnn_helpers.labs.layouts import Explained

_FORWARD = (start_here, softmax_and_tanh, single_cell, unrolled_forward, loss_and_output)
_BACKWARD = (cell_backward, backprop_through_time, find_the_bug, what_a_check_cannot_see)
_TRAINED = (text_as_batches, longer_steps, it_writes, your_own_words, paint_a_name, which_letters)
_MEMORY = (vanishing_and_exploding, how_far_back, lstm, lstm_backward, gru, same_maths_faster)
EXERCISES = table(*(exercise for topic in (*_FORWARD, *_BACKWARD, *_TRAINED, *_MEMORY) for exercise in topic.ALL))

__all__ = ["EXERCISES", "Exercise", "Mistake", "Solution", "Verdict", "answers", "explain", "judge", "mine", "solution"]
__all__ += ["source", *EXERCISES]


def judge(exercise: Exercise, function: object, *, seconds: float = SECONDS) -> Verdict:
    """Run `function` on the exercise's cases and say what there is to say. Raises nothing, changes nothing.

    Parameters
    ----------
    exercise : the task, such as `EXERCISES["softmax"]`.
    function : the learner's; it may do anything.
    seconds : the time it has for all cases together.

    Returns
    -------
    Verdict
    """
    return judge_in(exercise, function, COURSE, seconds)


def explain(function: Callable[..., Any], like: str = "rnn_backward") -> "Verdict | Explained":
    """Judge a function that was written elsewhere as an answer to the exercise `like`; nothing of it is kept.

    A backward pass may have Coursera's or the article's layout, and gets a map of its errors: see `labs.layouts`.
    """
    if like not in EXERCISES:
        raise ValueError(f"like: expected one of {', '.join(EXERCISES)}, got {like!r}")
    from rnn_helpers.labs import layouts  # here: it imports these checks

    return layouts.explain(function) if like == "rnn_backward" else judge(EXERCISES[like], function)


def solution(check: Check) -> Solution:
    """Show the plain answer to an exercise in a closed block, and the package's own way behind a second click.

    Parameters
    ----------
    check : the exercise's check, such as `check.softmax`.

    Returns
    -------
    Solution : displays as a closed block; its plain text is titles and sources.

    Raises
    ------
    TypeError : `check` is none of the checks.
    """
    exercise = EXERCISES.get(getattr(check, "__name__", ""))
    if exercise is None or globals()[exercise.name] is not check:
        raise TypeError(f"solution: expected a check, such as check.softmax, got {type(check).__name__}")
    return Solution(exercise.reference, exercise.package)


def source(function: Callable[..., Any]) -> Source:
    """Show the source of a function or a module with its words in colours."""
    shown = Source(function)
    announce(shown)
    return shown


def mine(*names: str) -> Mine:
    """Return the learner's own functions where they were kept and still pass, else the plain answers.

    They fit together through what their exercises promise. A forward pass may return any cache: make the one that the
    backward pass takes, `SequenceCache(x, np.concatenate([h0[None], h]))`. Gradients may come as plain tuples.

    Parameters
    ----------
    names : of exercises, as in `check.mine("softmax", "rnn_forward")`.

    Returns
    -------
    Mine : one attribute for each name. A notebook shows which are whose, and the learner's source, folded.
    """
    return mine_of(EXERCISES, names, _judged)


def _judged(name: str, function: object) -> Verdict:
    return judge(EXERCISES[name], function)


globals().update({name: check_of(exercise, COURSE, _judged) for name, exercise in EXERCISES.items()})
