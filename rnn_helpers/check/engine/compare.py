"""Put what was returned beside what was expected: the same things, shapes and numbers."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from rnn_helpers.check.engine.exercise import Group, Output
from rnn_helpers.validate import Array

TOLERANCE = {np.float64: 1e-9, np.float32: 1e-4}  # relative to the largest entry of the expected array
_FLOOR = 1e-3  # where all expected entries are smaller than this, differences count against this


class Fault(NamedTuple):
    """Why an answer cannot be compared number by number."""

    mistake: str
    says: str


class Difference(NamedTuple):
    """The first number of an array that is wrong."""

    at: tuple[int, ...]
    expected: float
    given: float


def leaves(returns: Iterable[Output | Group]) -> Iterator[Output]:
    """List the single values of an answer in order, those of a group under its name."""
    for part in returns:
        if isinstance(part, Group):
            yield from (leaf._replace(name=f"{part.name}.{leaf.name}") for leaf in part.parts)
        elif part.kind != "anything":
            yield part


def values(returned: Any, returns: tuple[Output | Group, ...]) -> list[Any] | Fault:
    """Take an answer apart into the values of `leaves`, or say why that cannot be."""
    parts = _parts(returned, returns)
    if isinstance(parts, Fault):
        return parts
    found: list[Any] = []
    for part, value in zip(returns, parts, strict=True):
        if isinstance(part, Group):
            inner = values(value, part.parts)
            if isinstance(inner, Fault):
                return inner._replace(says=inner.says.replace("returns", f"returns as {part.name}", 1))
            found += inner
        elif part.kind != "anything":
            found.append(_as_array(value) if part.kind == "list" else value)
    return found


def _as_array(value: Any) -> Any:
    """Return a list as an array, where its parts make one: the two count as the same.

    So do whole numbers in a list: one of max(0, x) holds nothing but Python's 0 where no x is above it.
    """
    if not isinstance(value, list | tuple):
        return value
    try:
        array = np.asarray(value)
    except ValueError:
        return value
    return array.astype(np.float64) if array.dtype.kind in "iu" else array


def _parts(returned: Any, returns: tuple[Output | Group, ...]) -> list[Any] | Fault:
    if len(returns) == 1:
        return [returned]
    names = ", ".join(part.name for part in returns)
    if not isinstance(returned, tuple | list):
        keys = " in this order, without keys" if isinstance(returned, dict) else ""
        return Fault("wrong_count", f"returns {kind(returned)}, expected {len(returns)} things{keys}: {names}")
    if len(returned) != len(returns):
        things = "thing" if len(returned) == 1 else "things"
        return Fault("wrong_count", f"returns {len(returned)} {things}, expected {len(returns)}: {names}")
    return list(returned)


def numbers(output: Output, value: Any, expected: Array) -> Array | Fault:
    """Return `value` as an array of the right kind and shape, or say what is wrong with it."""
    if isinstance(value, list | tuple) and output.kind != "list":
        text = f"{output.name} is a {type(value).__name__} of {len(value)}, expected {_wanted(output, expected)}"
        return Fault("list_not_array", text)
    if not isinstance(value, np.ndarray | np.generic | int | float | complex | list | tuple):
        return Fault("wrong_type", f"{output.name} is {kind(value)}, expected {_wanted(output, expected)}")
    if isinstance(value, np.ndarray) and type(value) is not np.ndarray:  # such as one with a mask
        rules = "expected a plain np.ndarray: others compute by rules of their own"
        return Fault("wrong_type", f"{output.name} is a {type(value).__name__}, {rules}")
    try:
        array = np.asarray(value)
    except ValueError:
        return Fault("wrong_shape", f"{output.name} is a list of parts that differ in shape")
    if array.shape != expected.shape:
        return Fault("wrong_shape", _wrong_shape(output, array.shape, expected.shape))
    if output.kind == "integer" and array.dtype.kind not in "iu":
        number = repr(array.item()) if array.ndim == 0 else f"of {array.dtype}"
        return Fault("wrong_dtype", f"{output.name} is {number}, expected an integer")
    if output.kind != "integer" and array.dtype.type not in TOLERANCE:
        return Fault("wrong_dtype", f"{output.name} holds {array.dtype}, expected float64")
    return array


def difference(given: Array, expected: Array, *, last: bool = False) -> Difference | None:
    """Return the first wrong number in reading order, None if all are right.

    Parameters
    ----------
    given, expected : arrays of one shape.
    last : look along the first axis from its end.
    """
    wrong = np.argwhere(~close(given, expected))
    if not len(wrong):
        return None
    if last and wrong.shape[1]:
        wrong = wrong[wrong[:, 0] == wrong[-1, 0]]
    index = tuple(int(i) for i in wrong[0])
    return Difference(index, expected[index].item(), given[index].item())


def close(given: Array, expected: Array) -> Array:
    """Tell for each entry whether it agrees; NaN agrees with NaN, infinity with the same infinity."""
    scale = np.abs(expected[np.isfinite(expected)]).max(initial=_FLOOR)
    tolerance = TOLERANCE.get(given.dtype.type, TOLERANCE[np.float64]) * scale
    with np.errstate(invalid="ignore"):  # infinity minus infinity
        near: Array = np.abs(given - expected) <= tolerance
    if near.all():  # np.isclose, which knows what is not finite, takes three times as long
        return near
    same: Array = near | (given == expected) | (np.isnan(given) & np.isnan(expected))
    return same


def all_close(given: Array, expected: Array) -> bool:
    """Tell whether all entries agree."""
    return bool(close(given, expected).all())


def error(given: Array, expected: Array) -> float:
    """Return the largest difference, relative to the largest entry of `expected`."""
    scale = max(_FLOOR, np.abs(expected).max(initial=0))  # initial=_FLOOR would be 0 among integers
    distance = float(np.abs(given - expected).max(initial=0) / scale)
    return distance if np.isfinite(distance) else float("inf")


def place(output: Output, index: tuple[int, ...], shape: tuple[int, ...], axes: Mapping[str, str]) -> str:
    """Say where: the index, and in the course's words the places on those `axes` for which it has words."""
    if not index:
        return output.name
    words = [
        axes[axis].format(number=i + 1, index=i, size=size)
        for axis, i, size in zip(output.axes[-len(index) :], index, shape, strict=False)
        if axis in axes
    ]
    where = f"{output.name}[{', '.join(map(str, index))}]"
    return f"{where} ({', '.join(words)})" if words else where


def beside(expected: float, given: float) -> str:
    """Write two numbers with as many digits as it takes to tell them apart."""
    for digits in (4, 6, 9, 12, 17):
        texts = [f"{value + 0:.{digits}g}" for value in (expected, given)]  # + 0: of -0.0 nobody learns anything
        if texts[0] != texts[1]:
            break
    return f"expected {texts[0]}, got {texts[1]}"


def _wrong_shape(output: Output, given: tuple[int, ...], expected: tuple[int, ...]) -> str:
    text = f"{output.name} has shape {given}, expected {_shape(output, expected)}"
    if len(given) > 1 and given == expected[::-1]:
        return f"{text}: it is the transpose"
    if len(given) > 1 and sorted(given) == sorted(expected):
        return f"{text}: its axes are in another order"
    return text


def _shape(output: Output, shape: tuple[int, ...]) -> str:
    """Write a shape with its axes' names, as in `(3, 2) = (row, column)`."""
    if not shape:
        return "(), a single number"
    names = output.axes[-len(shape) :]
    if len(names) < len(shape):  # an array of any shape: its axes have no names
        return f"{shape}"
    return f"{shape} = ({', '.join(names)}{',' if len(names) == 1 else ''})"


def _wanted(output: Output, expected: Array) -> str:
    if expected.ndim:
        return f"an array of shape {_shape(output, expected.shape)}"
    return "an integer" if output.kind == "integer" else "a number"


def kind(value: Any) -> str:
    """Say what a value is, an array with its shape."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"one array of shape {value.shape}"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"
