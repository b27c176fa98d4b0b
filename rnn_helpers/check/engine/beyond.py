"""What a right answer does beyond the exercise: the package may also keep float32 and take other input; nobody must."""

from typing import Any

import numpy as np

from rnn_helpers.check.engine import compare
from rnn_helpers.check.engine.attempt import Attempt, answers_of, argument_names
from rnn_helpers.check.engine.compare import Fault
from rnn_helpers.check.engine.exercise import Arguments, Function
from rnn_helpers.check.engine.sandbox import run

_SECONDS = 1.0


def remark(function: Function, attempt: Attempt) -> str:
    """Say what it does with float32 and with other input, where the package promises more than the exercise asks."""
    package = attempt.exercise.package
    if package is None:
        return ""
    can: dict[str, bool] = {}
    if package.keeps_float32:
        can["keeps float32"] = _agrees(function, package.functions[0], as_float32(attempt.cases[0]), attempt)
    for what, case in package.takes.items():
        can[f"takes {what}"] = _agrees(function, package.functions[0], case(), attempt)
    does, lacks = (" and ".join(what for what, here in can.items() if here is wanted) for wanted in (True, False))
    says = [f"it also {does}"] if does else []
    says += [f"the package also {lacks}, which yours need not"] if lacks else []
    return f" (Beyond the exercise, {'; '.join(says)}.)" if says else ""


def as_float32(value: Any) -> Any:
    """Return the same arguments with every float64 array in float32."""
    if isinstance(value, np.ndarray):
        return value.astype(np.float32) if value.dtype == np.float64 else value
    if isinstance(value, dict):
        return {key: as_float32(part) for key, part in value.items()}
    if hasattr(value, "_fields"):
        return type(value)(*map(as_float32, value))
    return tuple(map(as_float32, value)) if isinstance(value, tuple) else value


def _agrees(function: Function, packages: Function, case: Arguments, attempt: Attempt) -> bool:
    """Tell whether the learner's arrays have the values and dtypes of the package's."""
    exercise = attempt.exercise
    attempt = attempt._replace(cases=(case,), expected=answers_of(packages, exercise, (case,)))
    done = run(function, attempt.cases, argument_names(exercise), _SECONDS)
    if done.too_slow or done.outcomes[0].error:
        return False
    given = attempt.arrays_of(0, done.outcomes[0])
    if isinstance(given, Fault):
        return False
    pairs = list(zip(given, attempt.expected[0], strict=True))
    return all(a.dtype == b.dtype and compare.all_close(a, b) for a, b in pairs)
