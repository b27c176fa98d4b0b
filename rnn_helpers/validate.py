"""The public door: bad input stops here, and the error names the argument.

Every public function of the core checks what it was given once, through this module, and then computes without
looking back. The checks are written to cost little: they run in every training step. Those of whole arguments of the
network take a glance first, which most often is all: what looks right is right, and what does not takes the longer
way to the sentence that names the mistake.
"""

from collections.abc import Mapping
from inspect import unwrap
from math import isfinite
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

Array = NDArray[Any]
P = TypeVar("P", bound=NamedTuple)
FLOATS = (np.dtype(np.float64), np.dtype(np.float32))
INTP = np.dtype(np.intp)  # the integers that NumPy itself counts with
NUMBERS = (int, float, np.integer, np.floating)
NO_NUMBERS = (bool, np.timedelta64)  # which Python and NumPy count among the integers
vdot = unwrap(np.vdot)  # without the search for other libraries' arrays: on a few numbers in two thirds of the time


# What the network takes


def params(value: P, wanted: type[P]) -> P:
    """Return the parameters, every field a finite float array, all of one dtype, and all sizes in agreement.

    Parameters
    ----------
    value : what the caller gave for `params`.
    wanted : RNNParams. It is handed in, as each named tuple here is, because it stands on a floor above this one.

    Raises
    ------
    TypeError : not a `wanted`, or a field is not of floats.
    ValueError : a field whose shape disagrees with the others, or NaN or infinity in it.
    """
    if not isinstance(value, wanted):
        raise TypeError(f"params: expected an {wanted.__name__}, got {type(value).__name__}")
    if _params_look_right(value):
        return value
    W_xh, W_hh, b_h, W_hy, b_y = value
    b_h = floats("params.b_h", b_h, {"n_h": None})
    b_y = floats("params.b_y", b_y, {"n_y": None})
    n_h, n_y = len(b_h), len(b_y)
    W_xh = floats("params.W_xh", W_xh, {"n_x": None, "n_h": n_h})
    W_hh = floats("params.W_hh", W_hh, {"from n_h": n_h, "to n_h": n_h})
    W_hy = floats("params.W_hy", W_hy, {"n_h": n_h, "n_y": n_y})
    dtype = np.result_type(W_xh, W_hh, b_h, W_hy, b_y)
    return wanted._make(field.astype(dtype, copy=False) for field in (W_xh, W_hh, b_h, W_hy, b_y))


def _params_look_right(params: NamedTuple) -> bool:
    """Say that nothing is wrong, in a quarter of the time that naming each mistake takes; False leaves it open."""
    W_xh, W_hh, b_h, W_hy, b_y = params
    if not type(W_xh) is type(W_hh) is type(b_h) is type(W_hy) is type(b_y) is np.ndarray:
        return False
    h, y = b_h.shape, b_y.shape
    return (
        W_xh.dtype is W_hh.dtype is b_h.dtype is W_hy.dtype is b_y.dtype in FLOATS
        and len(h) == len(y) == 1
        and W_xh.shape[1:] == h
        and W_hh.shape == h + h
        and W_hy.shape == h + y
        and W_xh.size > 0
        and W_hy.size > 0
        # surely_finite of each, written out: the five calls would cost a tenth of all checks.
        and isfinite(vdot(W_xh, W_xh))
        and isfinite(vdot(W_hh, W_hh))
        and isfinite(vdot(b_h, b_h))
        and isfinite(vdot(W_hy, W_hy))
        and isfinite(vdot(b_y, b_y))
    )


def gate_params(value: P, wanted: tuple[type, ...], blocks: int) -> P:
    """Return the parameters of a network with gates, in so many blocks of n_h columns; the rest is as in `params`."""
    if not isinstance(value, wanted):
        kinds = " or ".join(kind.__name__ for kind in wanted)
        raise TypeError(f"params: expected {kinds}, got {type(value).__name__}")
    given, columns = value._asdict(), f"{blocks} n_h"
    n_h = len(floats("params.W_hh", given["W_hh"], {"n_h": None, columns: None}))
    n_y = len(floats("params.b_y", given["b_y"], {"n_y": None}))
    axes: dict[str, dict[str, int | None]] = {
        "W_xh": {"n_x": None, columns: blocks * n_h},
        "W_hh": {"n_h": n_h, columns: blocks * n_h},
        "b_h": {columns: blocks * n_h},
        "b_n": {"n_h": n_h},
        "W_hy": {"n_h": n_h, "n_y": n_y},
        "b_y": {"n_y": n_y},
    }
    fields = [floats(f"params.{name}", field, axes[name]) for name, field in given.items()]
    dtype = np.result_type(*fields)
    return value._make(field.astype(dtype, copy=False) for field in fields)


def network_input(name: str, x: Array, n_x: int, *, time: bool) -> Array:
    """Return the network's input: floats (time, batch, n_x), or token ids (time, batch); of one step, without time.

    Raises
    ------
    TypeError : neither floats nor integers.
    ValueError : another shape, an empty axis, an id that is not one of 0 .. n_x - 1, NaN or infinity.
    """
    if _input_looks_right(x, n_x, time):
        return x
    leading: dict[str, int | None] = {"time": None, "batch": None} if time else {"batch": None}
    array = as_array(name, x)
    if array.dtype.kind in "iu" and array.ndim <= len(leading):
        return indices(name, array, leading, below=n_x)
    return floats(name, x, {**leading, "n_x": n_x})


def _input_looks_right(x: Array, n_x: int, time: bool) -> bool:
    """Say that nothing is wrong, in a third of the time that naming each mistake takes; False leaves it open."""
    if type(x) is not np.ndarray or x.size == 0:
        return False
    if x.dtype.kind == "i":
        return x.ndim == 1 + time and in_range(x, n_x)
    return x.dtype in FLOATS and x.ndim == 2 + time and x.shape[-1] == n_x and surely_finite(x)


def start(rng: "np.random.Generator", dtype: DTypeLike, **sizes: int) -> None:
    """Raise TypeError or ValueError unless parameters of these sizes and this kind of floats can be drawn."""
    generator(rng)
    for name, size in sizes.items():
        if integer(name, size) < 1:
            raise ValueError(f"{name}: expected a size of at least 1, got {size}")
    if not isinstance(dtype, str | type | np.dtype):  # None among them, which NumPy reads as float64
        raise TypeError(f"dtype: expected float32 or float64, got {type(dtype).__name__}")
    if dtype not in FLOATS:
        raise TypeError(f"dtype: expected float32 or float64, got {dtype!s:.40}")


def cache(value: P, wanted: type[P], maker: str) -> P:
    """Return `value`; raise TypeError unless it is the `wanted` kind of cache, which the function `maker` returns."""
    if not isinstance(value, wanted):
        raise TypeError(f"cache: expected a {wanted.__name__} from {maker}, got {type(value).__name__}")
    return value


def scores(name: str, value: ArrayLike) -> Array:
    """Return finite numbers of any shape with at least one axis and one entry; integers become float64.

    Raises
    ------
    TypeError : the numbers are not float32, float64 or integers.
    ValueError : a single number, an empty array, NaN or infinity.
    """
    if type(value) is np.ndarray and value.dtype in FLOATS:
        array = value
    else:
        array = as_array(name, value)
        if array.dtype.kind in "iu":
            array = array.astype(np.float64)
        array = native_floats(name, value, array, "float32, float64 or integers")
    if array.ndim == 0 or array.size == 0:
        raise ValueError(f"{name}: expected at least one axis and one entry, got shape {array.shape}")
    return finite(name, array)


def targets(value: ArrayLike, wanted: tuple[int, ...], n_y: int, ignored: int) -> tuple[Array, Array | None, int]:
    """Return the targets with 0 in place of `ignored`, which of them count (None: all), and how many do.

    Raises
    ------
    TypeError : the numbers are not integers.
    ValueError : not the shape `wanted`, a target that is neither one of 0 .. n_y - 1 nor `ignored`, none that counts.
    """
    index = as_array("targets", value)
    if index.dtype is INTP and index.shape == wanted and in_range(index, n_y):
        return index, None, index.size  # the usual case at a glance, in a sixth less time
    if index.dtype.kind not in "iu":
        raise TypeError(f"targets: expected integers, got {kind(value, index)}")
    if index.shape != wanted:
        raise ValueError(f"targets: expected shape {wanted}, one for each row of scores, got {index.shape}")
    if in_range(index, n_y):
        return index.astype(np.intp, copy=False), None, index.size
    counts = index != ignored
    wrong = np.argwhere(counts & ((index < 0) | (index >= n_y)))
    if len(wrong):
        place = tuple(int(i) for i in wrong[0])
        raise ValueError(
            f"targets: expected 0 to {n_y - 1}, or {ignored} for one that does not count, "
            f"got {index[place]} at index {place}"
        )
    if not counts.any():
        raise ValueError(f"targets: expected at least one that counts, got only {ignored}")
    return np.where(counts, index, 0).astype(np.intp), counts, int(counts.sum())


def lengths(value: ArrayLike, steps: int, batch: int) -> Array:
    """Return how many steps of each sequence are real.

    Raises
    ------
    TypeError : the numbers are not integers.
    ValueError : not one for each sequence of the batch, or one that is not 1 .. steps.
    """
    array = integers("lengths", value)
    shape("lengths", array, {"batch": batch})
    if array.min() < 1 or array.max() > steps:
        wrong = int(np.argmax((array < 1) | (array > steps)))
        raise ValueError(f"lengths: expected integers from 1 to {steps}, got {array[wrong]} at index {wrong}")
    return array.astype(np.intp, copy=False)  # NumPy 2.0 takes no uint64 for an index


# Arrays of any kind


def as_array(name: str, value: ArrayLike) -> Array:
    """Return `value` as an array.

    Raises
    ------
    TypeError : a masked array or a matrix, or what does not become an array, such as a tensor that requires a gradient.
    ValueError : nested lists that no array can hold.
    """
    if type(value) is np.ndarray:
        return value
    if isinstance(value, np.matrix):
        raise TypeError(f"{name}: expected an array, got a matrix: np.asarray makes an array of it")
    try:
        array = np.asarray(value)
    except Exception as error:  # of any kind: it comes from the __array__ of a class that is not ours
        if isinstance(value, list | tuple) and type(error) is ValueError:
            raise ValueError(f"{name}: expected an array, got nested lists of different lengths") from None
        reason = f"{type(value).__name__}, which makes none ({type(error).__name__}: {error!s:.80})"
        raise TypeError(f"{name}: expected an array, got {reason}") from None
    if _has_mask(value, array.ndim):
        raise TypeError(f"{name}: expected an array without a mask, got a masked array: fill it, or mark targets -100")
    return array


def _has_mask(value: object, axes: int) -> bool:
    """Say whether here or in nested lists of so many axes stands a masked array, whose mask NumPy drops in silence."""
    if isinstance(value, list | tuple) and axes:
        return any(_has_mask(part, axes - 1) for part in value)
    return isinstance(value, np.ma.MaskedArray)


def native_floats(name: str, value: ArrayLike, array: Array, wanted: str = "float32 or float64 numbers") -> Array:
    """Return the array that `value` became, its bytes in this machine's order; TypeError: not float32 or float64."""
    if array.dtype in FLOATS:
        return array
    if array.dtype.newbyteorder("=") not in FLOATS:
        raise TypeError(f"{name}: expected {wanted}, got {kind(value, array)}")
    return array.astype(array.dtype.type)


def floats(name: str, value: ArrayLike, axes: Mapping[str, int | None] | None = None) -> Array:
    """Return `value` as a finite float32 or float64 array with exactly these axes, or of any shape.

    Parameters
    ----------
    name : the argument's name, for the error.
    value : what the caller gave.
    axes : axis name -> size, where None means any size of at least one; None means any axes, none and empty ones too.

    Raises
    ------
    TypeError : the numbers are not float32 or float64.
    ValueError : another shape, an empty axis, NaN or infinity.
    """
    if type(value) is np.ndarray and value.dtype in FLOATS:
        array = value
    else:
        array = native_floats(name, value, as_array(name, value))
    if axes is not None:
        shape(name, array, axes)
    return finite(name, array)


def indices(name: str, value: ArrayLike, axes: Mapping[str, int | None], below: int) -> Array:
    """Return `value` as an integer array with these axes and entries 0 .. below - 1.

    Raises
    ------
    TypeError : the numbers are not integers.
    ValueError : another shape, an empty axis, or an entry out of range.
    """
    array = integers(name, value)
    shape(name, array, axes)
    if not in_range(array, below):
        place = tuple(int(i) for i in np.argwhere((array < 0) | (array >= below))[0])
        raise ValueError(f"{name}: expected integers from 0 to {below - 1}, got {array[place]} at index {place}")
    # NumPy 2.0 takes no uint64 for an index.
    return array.astype(np.int64) if array.dtype == np.uint64 else array


def integers(name: str, value: ArrayLike) -> Array:
    """Return `value` as an array of integers, of any shape; raise TypeError if its numbers are none."""
    array = as_array(name, value)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name}: expected integers, got {kind(value, array)}")
    return array


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


# Single values


def number(name: str, value: float) -> float:
    """Return `value`; raise TypeError unless it is one real number, ValueError if it is not finite as a float."""
    if isinstance(value, NO_NUMBERS) or not isinstance(value, NUMBERS):
        raise TypeError(f"{name}: expected a number, got {type(value).__name__}")
    try:
        if isfinite(value):
            return value
    except OverflowError:
        raise ValueError(f"{name}: expected a number that a float holds, got {_in_bits(value)}") from None
    wanted = "a number that a float holds" if np.isfinite(value) else "a finite number"  # NumPy has wider ones
    raise ValueError(f"{name}: expected {wanted}, got {value!s}")  # written by NumPy, as format writes inf for 1e4000


def positive(name: str, value: float) -> float:
    """Return `value`; raise TypeError unless it is one real number, ValueError unless it is finite and above 0."""
    if float(number(name, value)) <= 0:
        raise ValueError(f"{name}: expected a positive number, got {value!s}")
    return value


def share(name: str, value: float) -> float:
    """Return `value`; raise TypeError unless it is one real number, ValueError unless it is in 0 <= value < 1."""
    if not 0 <= float(number(name, value)) < 1:
        raise ValueError(f"{name}: expected a number of at least 0 and below 1, got {value!s}")
    return value


def integer(name: str, value: int) -> int:
    """Return `value`; raise TypeError unless it is an integer, ValueError if 64 bits do not hold it."""
    if isinstance(value, NO_NUMBERS) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name}: expected an integer, got {type(value).__name__}")
    if not -(2**63) <= value < 2**63:
        raise ValueError(f"{name}: expected an integer that 64 bits hold, got {_in_bits(value)}")
    return value


def size(name: str, value: int) -> int:
    """Return `value`; raise TypeError unless it is an integer, ValueError if below 1 or if 64 bits do not hold it."""
    if integer(name, value) < 1:
        raise ValueError(f"{name}: expected at least 1, got {value}")
    return value


def _in_bits(value: float) -> str:
    """Say how large an integer is that may have more digits than Python writes or a person reads."""
    return f"one of {int(value).bit_length()} bits"


def generator(value: "np.random.Generator") -> "np.random.Generator":
    """Return `value`; raise TypeError unless it is a NumPy Generator, such as np.random.default_rng(0)."""
    # The type stands in quotes above because NumPy loads numpy.random only when it is named, and slowly.
    if not isinstance(value, np.random.Generator):
        raise TypeError(f"rng: expected a numpy.random.Generator, got {type(value).__name__}")
    return value


def kind(value: object, array: Array) -> str:
    """Say what came instead of numbers of the right kind: a dtype, or the type of what makes no array."""
    return type(value).__name__ if array.dtype == object and array.ndim == 0 else str(array.dtype)
