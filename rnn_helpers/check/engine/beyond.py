"""What a right answer does beyond the exercise: the package may also keep float32 and take other input; nobody must."""

from typing import Any

import numpy as np

from rnn_helpers.check.engine import compare
from rnn_helpers.check.engine.attempt import Attempt, answers_of, argument_names
from rnn_helpers.check.engine.compare import Fault
from rnn_helpers.check.engine.exercise import Arguments, Function
from rnn_helpers.check.engine.sandbox import Outcome, run

_SECONDS = 1.0


def remark(function: Function, attempt: Attempt) -> str:
    """Say what it does with float32 and with other input, where the package promises more than the exercise asks."""
    package = attempt.exercise.package
    if package is None:
        return ""
    cases: dict[str, Arguments] = {"keeps float32": as_float32(attempt.cases[0])} if package.keeps_float32 else {}
    cases |= {f"takes {what}": make() for what, make in package.takes.items()}
    if not cases:
        return ""
    outcomes = run(function, tuple(cases.values()), argument_names(attempt.exercise), _SECONDS).outcomes
    tried = zip(cases.items(), outcomes, strict=False)  # after one that is too slow, none is tried
    does = [what for (what, case), outcome in tried if _agrees(outcome, package.functions[0], case, attempt)]
    lacks = [what for what in cases if what not in does]
    says = [f"it also {' and '.join(does)}"] if does else []
    says += [f"the package also {' and '.join(lacks)}, which yours need not"] if lacks else []
    return f" (Beyond the exercise, {'; '.join(says)}.)"


def as_float32(value: Any) -> Any:
    """Return the same arguments with every float64 array in float32."""
    if isinstance(value, np.ndarray):
        return value.astype(np.float32) if value.dtype == np.float64 else value
    if isinstance(value, dict):
        return {key: as_float32(part) for key, part in value.items()}
    if hasattr(value, "_fields"):
        return type(value)(*map(as_float32, value))
    return tuple(map(as_float32, value)) if isinstance(value, tuple) else value


def _agrees(outcome: Outcome, packages: Function, case: Arguments, attempt: Attempt) -> bool:
    """Tell whether the learner's arrays have the values and dtypes of the package's."""
    if outcome.error:
        return False
    expected = answers_of(packages, attempt.exercise, (case,))
    given = attempt._replace(expected=expected).arrays_of(0, outcome)
    if isinstance(given, Fault):
        return False
    return all(a.dtype == b.dtype and compare.all_close(a, b) for a, b in zip(given, expected[0], strict=True))
