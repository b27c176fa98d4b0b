"""What a right answer does beyond the exercise: the package also keeps float32 and takes token ids; nobody must."""

from typing import Any

import numpy as np

from rnn_helpers.check import compare
from rnn_helpers.check.attempt import Attempt, argument_names, expected_of
from rnn_helpers.check.compare import Fault
from rnn_helpers.check.exercise import Arguments, Exercise, Function
from rnn_helpers.check.sandbox import run

_SECONDS = 1.0


def remark(function: Function, attempt: Attempt) -> str:
    """Say what it does with float32 and with token ids, where the package promises more than the exercise asks."""
    exercise = attempt.exercise
    can: dict[str, bool] = {}
    if exercise.keeps_float32:
        can["keeps float32"] = _agrees(exercise, function, as_float32(attempt.cases[0]))
    if exercise.ids:
        can["takes token ids as x"] = _agrees(exercise, function, exercise.ids())
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


def _agrees(exercise: Exercise, function: Function, case: Arguments) -> bool:
    """Tell whether the learner's arrays have the values and dtypes of the package's."""
    attempt = Attempt(exercise, (case,), expected_of(exercise, (case,)), ())
    done = run(function, attempt.cases, argument_names(exercise), _SECONDS)
    if done.too_slow or done.outcomes[0].error:
        return False
    given = attempt.arrays_of(0, done.outcomes[0])
    if isinstance(given, Fault):
        return False
    pairs = list(zip(given, attempt.expected[0], strict=True))
    return all(a.dtype == b.dtype and compare.all_close(a, b) for a, b in pairs)
