"""What a course's learners call: a check for each exercise. It judges, keeps what has passed, and shows its verdict."""

from collections.abc import Callable

from rnn_helpers.check.engine.exercise import Course, Exercise
from rnn_helpers.check.engine.judge import asked, judge
from rnn_helpers.check.engine.keep import Judged, keep
from rnn_helpers.check.engine.sandbox import without_limit
from rnn_helpers.check.engine.verdict import Verdict, announce, running_cell

Check = Callable[[object], Verdict]


def check_of(exercise: Exercise, course: Course, judged: Judged) -> Check:
    """Make the function that judges answers to an exercise."""

    def check(function: object) -> Verdict:
        given = judge(exercise, function, course)
        if given.passed and running_cell() is not None:
            kept = keep(exercise.name, function, judged)
            given = given._replace(message=f"{given.message} {kept}".rstrip())
        if note := without_limit():
            case = given.case
            given = given._replace(message=f"{given.message} {note}")
            given.case = case
        announce(given)
        return given

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
