"""The door of the figures: what every public function here checks with, and `validate` does not have.

Figures take what the core refuses: integers where floats are usual, and losses or errors that are no finite numbers.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, TypeVar

import numpy as np

from rnn_helpers import validate
from rnn_helpers.data.texts import checked_text
from rnn_helpers.plots.drawing import Drawing
from rnn_helpers.validate import Array

T = TypeVar("T", bound=tuple[Any, ...])


def numbers(name: str, value: Any, axes: Mapping[str, int | None], *, finite: bool = True) -> Array:
    """Return real numbers as an array with exactly these axes, see `validate.floats`; of any kind, not only floats.

    Raises
    ------
    TypeError : no real numbers.
    ValueError : another shape, an empty axis; NaN or infinity, unless `finite` is False.
    """
    array = validate.as_array(name, value)
    if array.dtype.kind not in "fiu":
        raise TypeError(f"{name}: expected numbers, got {validate.kind(value, array)}")
    validate.shape(name, array, axes)
    return validate.finite(name, array) if finite else array


def between(name: str, value: Any, axes: Mapping[str, int | None], low: float, high: float = np.inf) -> Array:
    """Return `numbers` that all lie in low..high, where NaN may stand if there is no upper end."""
    array = numbers(name, value, axes, finite=high < np.inf)
    wrong = (array < low) | (array > high)
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        wanted = f"from {low} to {high}" if high < np.inf else f"of at least {low}"
        raise ValueError(f"{name}: expected numbers {wanted}, got {array[place]} at index {place}")
    return array


def marks(name: str, value: Any, axes: Mapping[str, int | None]) -> Array:
    """Return an array of True and False with exactly these axes, or raise TypeError or ValueError."""
    array = validate.as_array(name, value)
    if array.dtype != bool:
        raise TypeError(f"{name}: expected True and False, got {validate.kind(value, array)}")
    validate.shape(name, array, axes)
    return array


def order(name: str, value: Any, count: int) -> Array:
    """Return the integers 0 .. count - 1, each once, in the order given, or raise TypeError or ValueError."""
    array = validate.indices(name, value, {"n_h": count}, below=count)
    if len(np.unique(array)) < count:
        raise ValueError(f"{name}: expected each of 0 to {count - 1} once, got one twice")
    return array


def within(name: str, value: int, low: int, high: int) -> int:
    """Return an integer in low..high, or raise TypeError or ValueError."""
    if not low <= validate.integer(name, value) <= high:
        raise ValueError(f"{name}: expected an integer from {low} to {high}, got {value}")
    return int(value)


def flag(name: str, value: bool) -> bool:
    """Return `value`; raise TypeError unless it is True or False."""
    if not isinstance(value, bool | np.bool):
        raise TypeError(f"{name}: expected True or False, got {type(value).__name__}")
    return bool(value)


def text(name: str, value: str, *, empty: bool = True) -> str:
    """Return `value`; raise TypeError unless it is a string, ValueError if it is empty and must not be."""
    if not checked_text(value, name) and not empty:
        raise ValueError(f"{name}: expected at least one character, got none")
    return value


def texts(name: str, value: Iterable[str], count: int | None = None, *, least: int = 1) -> list[str]:
    """Return several strings as a list, `count` of them or at least `least`, or raise TypeError or ValueError."""
    if isinstance(value, str | bytes) or not isinstance(value, Iterable) or getattr(value, "ndim", 1) == 0:
        raise TypeError(f"{name}: expected a list of strings, got {type(value).__name__}")
    found = [text(f"{name}[{place}]", each) for place, each in enumerate(value)]
    if count is not None and len(found) != count:
        raise ValueError(f"{name}: expected {count}, got {len(found)}")
    if len(found) < least:
        raise ValueError(f"{name}: expected at least one, got none")
    return found


def mapping(name: str, value: Mapping[str, Any], least: int, most: int, what: str) -> Mapping[str, Any]:
    """Return `value`; raise TypeError unless it maps strings to something, ValueError for too few or too many."""
    if not isinstance(value, Mapping):
        raise TypeError(f"{name}: expected a mapping of labels to {what}, got {type(value).__name__}")
    for label in value:
        text(f"{name}: the label of {what}", label)
    if not least <= len(value) <= most:
        raise ValueError(f"{name}: expected {least} to {most} of them, got {len(value)}")
    return value


def tuple_of(name: str, value: T, wanted: type[T]) -> T:
    """Return `value`; raise TypeError unless it is of this kind of named tuple."""
    if not isinstance(value, wanted):
        raise TypeError(f"{name}: expected {wanted.__name__}, got {type(value).__name__}")
    return value


def drawing(value: Drawing, *by: Hashable) -> Drawing:
    """Return `value`; raise TypeError unless it is a Drawing, ValueError unless this function drew it of such sizes."""
    if not isinstance(value, Drawing):
        raise TypeError(f"drawing: expected a Drawing by {by[0]}, got {type(value).__name__}")
    if value.by != by:
        wanted, got = (" ".join(map(str, maker)) or "another function" for maker in (by, value.by))
        raise ValueError(f"drawing: expected one by {wanted}, got one by {got}")
    return value
