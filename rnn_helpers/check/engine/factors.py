"""Right numbers, but that all are too large or too small by one factor, or are cut off somewhere."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from rnn_helpers.check.engine import compare
from rnn_helpers.check.engine.attempt import Attempt, argument_names
from rnn_helpers.check.engine.compare import Fault
from rnn_helpers.check.engine.exercise import Arguments, Mistake

_NUMBERS = {"2": 2.0, "3": 3.0, "-1": -1.0}
_AXES = ("first", "second", "third", "fourth")


def factors(attempt: Attempt) -> Iterator[Mistake]:
    """Give the right answer times and by each number that a case could suggest, and cut off where ours ends."""
    names = argument_names(attempt.exercise)
    sizes = [dict(_sizes(names, case)) for case in attempt.cases]
    for what in [*dict.fromkeys(name for some in sizes for name in some)]:
        if all(what in some for some in sizes):
            by_case = [some[what] for some in sizes]
            yield _scaled(attempt, f"divides by {what}", [1 / size for size in by_case])
            yield _scaled(attempt, f"multiplies by {what}", by_case)
    for what, number in _NUMBERS.items():
        yield _scaled(attempt, f"has the result {what} times", [number] * len(attempt.cases))
    for what in ("2", "3"):
        yield _scaled(attempt, f"has the result divided by {what}", [1 / float(what)] * len(attempt.cases))
    for limit in _limits(attempt):
        yield _made(attempt, "cut_off", f"cuts off at {limit:.12g}",
                    lambda _, value, limit=limit: np.clip(value, -limit, limit))  # fmt: skip


def _scaled(attempt: Attempt, says: str, by_case: Sequence[float]) -> Mistake:
    says = says.replace("has the result -1 times", "has the wrong sign")
    name = "_".join(says.replace("'", "").split())
    return _made(attempt, name, says, lambda case, value: value * by_case[case])


def _made(attempt: Attempt, name: str, says: str, change: Callable[..., Any]) -> Mistake:
    """Return the right answer, changed: our own cases come back, so it is known beforehand."""
    def version(*case: Any) -> Any:
        i = next(i for i, known in enumerate(attempt.cases) if all(a is b for a, b in zip(case, known, strict=False)))
        answers = [change(i, right) for right in attempt.expected[i]]
        return nested(answers, attempt)

    return Mistake(name, says, version=version)


def nested(answers: list[Any], attempt: Attempt) -> Any:
    """Put single values together as an answer does."""
    left = iter(answers)

    def made(parts: Any) -> tuple[Any, ...]:
        found: list[Any] = []
        for part in parts:
            if hasattr(part, "parts"):
                found.append(made(part.parts))
            else:
                found.append(None if part.kind == "anything" else next(left))
        return tuple(found)

    whole = made(attempt.exercise.returns)
    return whole if len(whole) > 1 else whole[0]


def _sizes(names: Sequence[str], case: Arguments) -> Iterator[tuple[str, float]]:
    for name, value in zip(names, case, strict=False):
        if isinstance(value, np.ndarray) and value.ndim:
            for axis, size in zip(_AXES, value.shape, strict=False):
                yield f"the size of {name}'s {axis} axis" if value.ndim > 1 else f"the length of {name}", float(size)
            if value.ndim > 1:
                yield f"the number of rows of {name}", float(value[..., 0].size)
                yield f"the number of entries of {name}", float(value.size)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield name, float(value)


def _limits(attempt: Attempt) -> list[float]:
    """Return the largest sizes among our numbers, by output, where the right ones are larger."""
    limits = set()
    for i, outcome in enumerate(attempt.outcomes):
        found = None if outcome.error else compare.values(outcome.returned, attempt.exercise.returns)
        if found is None or isinstance(found, Fault):
            return []
        for value, right in zip(found, attempt.expected[i], strict=True):
            try:
                largest, expected = (float(np.abs(np.asarray(v, float)).max(initial=0)) for v in (value, right))
            except (TypeError, ValueError):
                return []
            if largest < expected and largest:
                limits.add(float(f"{largest:.9g}"))
    return sorted(limits)[:8]
