"""Verdicts on a learner's own functions, one check for each exercise: `check.softmax(my_softmax)`.

Each check calls the learner's function on a few cases, compares with the right answer, and answers with a `Verdict`:
one line that says correct, not written yet, or what is wrong. A check never raises and leaves no trace: the learner's
function gets copies, its printing is not shown, and it is stopped when it takes longer than a few seconds.

All that belongs to an exercise stands in one file, named as its notebook is. What judges is `engine/`, which knows none
of them.
"""

from collections.abc import Callable

from rnn_helpers import plain as answers
from rnn_helpers.check import (
    backprop_through_time,
    cell_backward,
    find_the_bug,
    loss_and_output,
    paint_a_name,
    single_cell,
    softmax_and_tanh,
    start_here,
    train_on_names,
    unrolled_forward,
    whole_network,
)
from rnn_helpers.check.course import COURSE
from rnn_helpers.check.engine.exercise import Exercise, Mistake, table
from rnn_helpers.check.engine.judge import SECONDS, asked
from rnn_helpers.check.engine.judge import judge as judge_in
from rnn_helpers.check.engine.verdict import Solution, Verdict

Check = Callable[[object], Verdict]

EXERCISES = table(
    *start_here.ALL,
    *softmax_and_tanh.ALL,
    *single_cell.ALL,
    *unrolled_forward.ALL,
    *loss_and_output.ALL,
    *cell_backward.ALL,
    *backprop_through_time.ALL,
    *whole_network.ALL,
    *find_the_bug.ALL,
    *train_on_names.ALL,
    *paint_a_name.ALL,
)

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
        kind = getattr(check, "__name__", None) or type(check).__name__
        raise TypeError(f"solution: expected a check, such as check.softmax, got {kind}")
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


def __getattr__(name: str) -> Check:
    """Tell type checkers what the names in EXERCISES stand for; they are all there, so no other name comes here."""
    raise AttributeError(f"check has no exercise {name!r}; there are {', '.join(EXERCISES)}")


globals().update({name: _check(exercise) for name, exercise in EXERCISES.items()})
