"""One case in full: what went in, what should have come out, and what did."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

import numpy as np

from rnn_helpers.check.engine import compare
from rnn_helpers.check.engine.attempt import Attempt, argument_names
from rnn_helpers.check.engine.compare import Fault
from rnn_helpers.check.engine.exercise import Arguments
from rnn_helpers.validate import Array


def arrays(values: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Array]]:
    """Give the arrays among these (name, value) pairs, and those inside NamedTuples and dicts."""
    for name, value in values:
        if isinstance(value, np.ndarray):
            yield name, value
        elif isinstance(value, tuple) and hasattr(value, "_fields"):
            yield from arrays((f"{name}.{field}", getattr(value, field)) for field in value._fields)
        elif type(value) is dict:
            yield from arrays((f"{name}[{key!r}]", inner) for key, inner in value.items())


def arguments(attempt: Attempt, case: Arguments) -> Iterator[tuple[str, Any]]:
    """Give each argument by its name, an array of a NamedTuple or dict by itself."""
    for name, value in zip(argument_names(attempt.exercise), case, strict=False):
        inner = list(arrays([(name, value)]))
        yield from inner or [(name, value)]


def first_wrong_case(attempt: Attempt) -> str:
    """Write out the first case that is wrong, which is the smallest if that one is wrong."""
    i = attempt.first_wrong()
    if i is None:
        return ""
    yours = _arrays(compare.values(attempt.outcomes[i].returned, attempt.exercise.returns))
    lines = [_written(name, value) for name, value in arguments(attempt, attempt.cases[i])]
    for leaf, expected, given in zip_longest(attempt.leaves, attempt.expected[i], yours):
        lines.append(_written(f"{leaf.name}, expected", expected))
        lines += [] if given is None else [_written(f"{leaf.name}, yours", given)]
    return "\n".join(lines)


def _arrays(values: list[Any] | Fault) -> list[Array | None]:
    """Return as arrays what can be shown as one: arrays, numbers, lists of numbers. None stands for the rest."""
    found = [] if isinstance(values, Fault) else values
    return [np.asarray(value) if _shows(value) else None for value in found]


def _shows(value: Any) -> bool:
    numbers = int | float | np.generic
    return isinstance(value, np.ndarray | numbers) or (
        isinstance(value, list) and all(isinstance(part, numbers) for part in value)
    )


def _written(name: str, value: Any) -> str:
    """Write `name = value`, an array below its name and with its shape."""
    if not isinstance(value, np.ndarray) or value.ndim == 0:
        return f"{name} = {value.item() if isinstance(value, np.ndarray) else value!r}"
    finite = value[np.isfinite(value)] if value.dtype.kind in "fiu" else np.zeros(0)
    decimals = bool(np.abs(finite).max(initial=0) < 1e6)  # whether plain ones can show these numbers
    with np.printoptions(precision=4, suppress=decimals, threshold=1000, linewidth=100):
        return f"{name}, shape {value.shape}:\n{value}"
