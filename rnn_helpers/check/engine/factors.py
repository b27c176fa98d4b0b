"""Right numbers, but that all are too large or too small by one factor, or are cut off somewhere."""

import operator
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from rnn_helpers.check.engine import compare
from rnn_helpers.check.engine.attempt import Attempt, argument_names
from rnn_helpers.check.engine.compare import Fault
from rnn_helpers.check.engine.exercise import Arguments, Mistake
from rnn_helpers.check.engine.sandbox import Outcome
from rnn_helpers.check.engine.search import as_numbers

_NUMBERS = {"2": 2.0, "3": 3.0, "-1": -1.0}
_AXES = ("first", "second", "third", "fourth")


def factors(attempt: Attempt) -> Iterator[Mistake]:
    """Give the right answer times and by each number that a case could suggest, and cut off where ours ends."""
    names = argument_names(attempt.exercise)
    sizes = [dict(_sizes(names, case)) for case in attempt.cases]
    for what in [*dict.fromkeys(name for some in sizes for name in some)]:
        if all(some.get(what) for some in sizes):
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
    for digits in range(7):
        yield _made(attempt, "rounded", f"rounds to {digits or 'whole'} {'digits' if digits else 'numbers'}",
                    lambda _, value, digits=digits: np.round(value, digits))  # fmt: skip
    yield from _with_arguments(attempt, names)
    yield from _shortened(attempt)


def _with_arguments(attempt: Attempt, names: Sequence[str]) -> Iterator[Mistake]:
    """Give the right answer times an argument, plus a multiple of one, and an argument plus a multiple of it."""
    ours, given = _numbers(attempt, 0, attempt.outcomes[0]), [dict(_arrays(names, case)) for case in attempt.cases]
    found: dict[tuple[str, float], list[tuple[int, str]]] = {}
    for name in given[0]:
        for leaf, right in enumerate(attempt.expected[0]):
            both = [(some.get(name), answers[leaf]) for some, answers in zip(given, attempt.expected, strict=True)]
            if any(part is None or part.shape != answer.shape for part, answer in both):
                continue
            found.setdefault(("times", 0.0), []).append((leaf, name))
            if ours and right.size > 1:
                found.setdefault(("plus", _ratio(ours[leaf] - right, given[0][name])), []).append((leaf, name))
                found.setdefault(("moved", _ratio(ours[leaf] - given[0][name], right)), []).append((leaf, name))
    for (what, factor), where in found.items():
        several = [where] if len(where) > 1 and what != "times" else []
        for some in [*([place] for place in where), *several]:
            if what == "times" or factor:
                listed = ", ".join(name for _, name in some)
                says = _SAYS[what].format(listed, f"{factor:.6g}").replace(" 1 times", "")
                change = partial(_changed, _CHANGES[what], factor, some, given)
                yield _of_all(attempt, f"{what}_{listed.replace(', ', '_')}", says, change)


_SAYS = {"times": "multiplies by {} too", "plus": "adds {1} times {0} too"}
_SAYS["moved"] = "returns {} moved by {} times the result, not the result itself"
_CHANGES: dict[str, Callable[[Any, Any, float], Any]] = {
    "times": lambda right, given, _: right * given,
    "plus": lambda right, given, factor: right + factor * given,
    "moved": lambda right, given, factor: given + factor * right,
}


def _changed(
    change: Callable[[Any, Any, float], Any],
    factor: float,
    where: Sequence[tuple[int, str]],
    given: Sequence[dict[str, Any]],
    case: int,
    values: list[Any],
) -> list[Any]:
    for leaf, name in where:
        values[leaf] = change(values[leaf], given[case][name], factor)
    return values


def _shortened(attempt: Attempt) -> Iterator[Mistake]:
    """Give the right answer shortened to one length, as a whole and without its single numbers."""
    ours = [_numbers(attempt, i, outcome) for i, outcome in enumerate(attempt.outcomes)]
    for leaves in (range(len(attempt.leaves)), [i for i, leaf in enumerate(attempt.leaves) if leaf.axes]):
        for epsilon in (0.0, 1e-6):  # some add a millionth to the length
            lengths = set()
            for given, right in zip(ours, attempt.expected, strict=True):
                if given and (length := _length(given, leaves)) < 0.999 * _length(right, leaves):
                    lengths.add(float(f"{length * (1 + epsilon / _length(right, leaves)):.7g}"))
            if len(lengths) == 1:
                most = lengths.pop()
                change = partial(_shorter, most, epsilon, tuple(leaves))
                yield _of_all(attempt, "shortened", f"shortens the result to length {most:.6g}", change)


def _shorter(most: float, epsilon: float, leaves: Sequence[int], _: int, values: list[Any]) -> list[Any]:
    share = min(1.0, most / max(_length(values, leaves) + epsilon, 1e-300))
    return [share * value if leaf in leaves else value for leaf, value in enumerate(values)]


def _length(values: Sequence[Any], leaves: Sequence[int]) -> float:
    return float(np.sqrt(sum((np.asarray(values[i], float) ** 2).sum() for i in leaves)))


def _ratio(a: Any, b: Any) -> float:
    """Return what a is times b, if that is one number; else 0."""
    where = np.abs(b) > 1e-9
    if not where.any():
        return 0.0
    ratio = float(np.median(a[where] / b[where]))
    return float(f"{ratio:.9g}") if np.allclose(a, ratio * b, rtol=1e-7, atol=1e-12) else 0.0


def _numbers(attempt: Attempt, case: int, outcome: Outcome) -> list[Any] | None:
    found = None if outcome.error else compare.values(outcome.returned, attempt.exercise.returns)
    if found is None or isinstance(found, Fault):
        return None
    arrays = [as_numbers(value) for value in found]
    both = zip(arrays, attempt.expected[case], strict=True)
    return arrays if all(ours is not None and ours.shape == right.shape for ours, right in both) else None


def _arrays(names: Sequence[str], case: Arguments) -> Iterator[tuple[str, Any]]:
    for name, value in zip(names, case, strict=False):
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            yield name, value
        for field in getattr(value, "_fields", ()):
            if isinstance(part := getattr(value, field), np.ndarray) and part.dtype.kind == "f":
                yield field, part


def _scaled(attempt: Attempt, says: str, by_case: Sequence[float]) -> Mistake:
    says = says.replace("has the result -1 times", "has the wrong sign")
    name = "_".join(says.replace("'", "").split())
    return _made(attempt, name, says, lambda case, value: value * by_case[case])


def _made(attempt: Attempt, name: str, says: str, change: Callable[..., Any]) -> Mistake:
    return _of_all(attempt, name, says, lambda i, values: [change(i, value) for value in values])


def _of_all(attempt: Attempt, name: str, says: str, change: Callable[[int, list[Any]], list[Any]]) -> Mistake:
    """Return the right answer, changed: our own cases come back, so it is known beforehand."""

    def version(*case: Any) -> Any:
        same = (len(known) == len(case) and all(map(operator.is_, case, known)) for known in attempt.cases)
        i = next(i for i, found in enumerate(same) if found)
        return nested(change(i, list(attempt.expected[i])), attempt)

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
            yield f"len({name})", float(len(value))
            for axis, size in zip(_AXES[1:], value.shape[1:], strict=False):
                yield f"the size of {name}'s {axis} axis", float(size)
            if value.ndim > 1:
                yield f"the number of rows of {name}", float(value[..., 0].size)
                yield f"the number of entries of {name}", float(value.size)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield name, float(value)


def _limits(attempt: Attempt) -> list[float]:
    """Return the largest sizes among our numbers, by output, where the right ones are larger."""
    limits = set()
    for i, outcome in enumerate(attempt.outcomes):
        ours = _numbers(attempt, i, outcome)
        for value, right in zip(ours or [], attempt.expected[i], strict=False):
            largest, expected = (float(np.abs(v).max(initial=0)) for v in (value, np.asarray(right, float)))
            if 0 < largest < 0.999 * expected and np.sum(np.abs(value) >= largest * (1 - 1e-9)) > 0:
                limits.add(float(f"{largest:.9g}"))
    return sorted(limits)[:4]
