"""Verdicts on a learner's own functions, one check for each exercise: `check.softmax(my_softmax)`.

Each check calls the learner's function on a few cases, compares with the right answer, and answers with a `Verdict`:
one line that says correct, not written yet, or what is wrong. A check never raises and leaves no trace: the learner's
function gets copies, its printing is not shown, and it is stopped when it takes longer than a few seconds.

All that belongs to an exercise stands in one file, named as its notebook is: read `start_here.py` first. What judges
is `engine/`, which knows none of them. README says how to add one.
"""

from collections.abc import Callable

from rnn_helpers import plain as answers
from rnn_helpers.check import (
    backprop_through_time,
    cell_backward,
    find_the_bug,
    it_writes,
    longer_steps,
    loss_and_output,
    paint_a_name,
    single_cell,
    softmax_and_tanh,
    start_here,
    text_as_batches,
    unrolled_forward,
    what_a_check_cannot_see,
    which_letters,
)
from rnn_helpers.check.engine.exercise import Exercise, Mistake, table
from rnn_helpers.check.engine.judge import SECONDS, asked
from rnn_helpers.check.engine.judge import judge as judge_in
from rnn_helpers.check.engine.verdict import Solution, Verdict
from rnn_helpers.check.shared import COURSE

Check = Callable[[object], Verdict]

_FORWARD = (start_here, softmax_and_tanh, single_cell, unrolled_forward, loss_and_output)
_BACKWARD = (cell_backward, backprop_through_time, find_the_bug, what_a_check_cannot_see)
_TRAINED = (text_as_batches, longer_steps, it_writes, paint_a_name, which_letters)
EXERCISES = table(*(exercise for topic in (*_FORWARD, *_BACKWARD, *_TRAINED) for exercise in topic.ALL))

__all__ = ["EXERCISES", "Exercise", "Mistake", "Solution", "Verdict", "answers", "judge", "solution", *EXERCISES]


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


def _check(exercise: Exercise) -> Check:
    """Make the function that judges answers to an exercise."""

    def check(function: object) -> Verdict:
        return judge(exercise, function)

    check.__name__ = check.__qualname__ = exercise.name
    check.__doc__ = f"""Judge `{exercise.name}{asked(exercise)}`: {exercise.task}

Parameters
----------
function : the learner's, of
    {exercise.arguments}

Returns
-------
Verdict : passed if the function returns
    {exercise.result}
"""
    return check


globals().update({name: _check(exercise) for name, exercise in EXERCISES.items()})
