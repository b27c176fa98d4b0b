"""The public door: bad input stops here, and the error names the argument.

Every public function of the core checks what it was given once, through this module, and then computes without
looking back. The checks are written to cost little: they run in every training step.
"""

from collections.abc import Mapping
from inspect import unwrap
from math import isfinite
from typing import Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]
FLOATS = (np.dtype(np.float64), np.dtype(np.float32))
vdot = unwrap(np.vdot)  # without the search for other libraries' arrays: on a few numbers in two thirds of the time


def as_array(name: str, value: ArrayLike) -> Array:
    """Return `value` as an array; raise ValueError for nested lists that no array can hold."""
    try:
        return np.asarray(value)
    except ValueError:
        raise ValueError(f"{name}: expected an array, got nested lists of different lengths") from None


def floats(name: str, value: ArrayLike, axes: Mapping[str, int | None]) -> Array:
    """Return `value` as a finite float32 or float64 array with exactly these axes.

    Parameters
    ----------
    name : the argument's name, for the error.
    value : what the caller gave.
    axes : axis name -> size; None means any size of at least one.

    Raises
    ------
    TypeError : the numbers are not float32 or float64.
    ValueError : another shape, an empty axis, NaN or infinity.
    """
    array = as_array(name, value)
    if array.dtype not in FLOATS:
        raise TypeError(f"{name}: expected float32 or float64 numbers, got {kind(value, array)}")
    shape(name, array, axes)
    return finite(name, array)


def indices(name: str, value: ArrayLike, axes: Mapping[str, int | None], below: int) -> Array:
    """Return `value` as an integer array with these axes and entries 0 .. below - 1.

    Raises
    ------
    TypeError : the numbers are not integers.
    ValueError : another shape, an empty axis, or an entry out of range.
    """
    array = as_array(name, value)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name}: expected integers, got {kind(value, array)}")
    shape(name, array, axes)
    if not in_range(array, below):
        _out_of_range(name, array, below)
    # NumPy 2.0 takes no uint64 for an index.
    return array.astype(np.int64) if array.dtype == np.uint64 else array


def in_range(array: Array, below: int) -> bool:
    """Say whether all entries of an integer array are 0 .. below - 1."""
    # On a few dozen entries argmax and argmin take a fifth of the time of max and min.
    largest: int = array.item(array.argmax())
    return largest < below and array.item(array.argmin()) >= 0


def shape(name: str, array: Array, axes: Mapping[str, int | None]) -> None:
    """Raise ValueError unless `array` has exactly these axes, none of them empty."""
    given = array.shape
    if len(given) == len(axes) and 0 not in given:
        for here, size in zip(given, axes.values(), strict=True):
            if size not in (None, here):
                break
        else:
            return
    names = [axis if size is None else f"{axis}={size}" for axis, size in axes.items()]
    wanted_text = f"({', '.join(names)}{',' if len(names) == 1 else ''})"
    empty = " with no empty axis" if 0 in given else ""
    raise ValueError(f"{name}: expected shape {wanted_text}{empty}, got {given}")


def finite(name: str, array: Array) -> Array:
    """Return `array`; raise ValueError if it holds NaN or infinity, and say where."""
    if not surely_finite(array):
        bad = np.argwhere(~np.isfinite(array))
        if len(bad):
            place = tuple(int(i) for i in bad[0])
            raise ValueError(f"{name}: expected finite numbers, got {array[place]} at index {place}")
    return array


def surely_finite(array: Array) -> bool:
    """Say at a glance that no entry is NaN or infinite; False leaves it open."""
    # One NaN or infinity is enough to make the sum of squares one too. Huge finite entries can overflow it as well,
    # without a warning from vdot, so only then does each entry have to be looked at.
    return isfinite(vdot(array, array))


def number(name: str, value: float) -> float:
    """Return `value`; raise TypeError unless it is one real number, ValueError if it is NaN or infinite."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError(f"{name}: expected a number, got {type(value).__name__}")
    if not np.isfinite(value):
        raise ValueError(f"{name}: expected a finite number, got {value}")
    return value


def positive(name: str, value: float) -> float:
    """Return `value`; raise TypeError unless it is one real number, ValueError unless it is finite and above 0."""
    if number(name, value) <= 0:
        raise ValueError(f"{name}: expected a positive number, got {value}")
    return value


def share(name: str, value: float) -> float:
    """Return `value`; raise TypeError unless it is one real number, ValueError unless it is in 0 <= value < 1."""
    if not 0 <= number(name, value) < 1:
        raise ValueError(f"{name}: expected a number of at least 0 and below 1, got {value}")
    return value


def integer(name: str, value: int) -> int:
    """Return `value`; raise TypeError unless it is an integer."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name}: expected an integer, got {type(value).__name__}")
    return value


def size(name: str, value: int) -> int:
    """Return `value`; raise TypeError unless it is an integer, ValueError if it is below 1."""
    if integer(name, value) < 1:
        raise ValueError(f"{name}: expected at least 1, got {value}")
    return value


def generator(value: "np.random.Generator") -> "np.random.Generator":
    """Return `value`; raise TypeError unless it is a NumPy Generator, such as np.random.default_rng(0)."""
    # The type stands in quotes above because NumPy loads numpy.random only when it is named, and slowly.
    if not isinstance(value, np.random.Generator):
        raise TypeError(f"rng: expected a numpy.random.Generator, got {type(value).__name__}")
    return value


def kind(value: object, array: Array) -> str:
    """Say what came instead of numbers of the right kind: a dtype, or the type of what makes no array."""
    return type(value).__name__ if array.dtype == object and array.ndim == 0 else str(array.dtype)


def _out_of_range(name: str, array: Array, below: int) -> NoReturn:
    place = tuple(int(i) for i in np.argwhere((array < 0) | (array >= below))[0])
    raise ValueError(f"{name}: expected integers from 0 to {below - 1}, got {array[place]} at index {place}")
