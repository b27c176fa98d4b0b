"""Is this gradient right? Compare it with differences of the function itself."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from rnn_helpers import validate
from rnn_helpers.validate import Array


def numerical_gradient(f: Callable[[Any], float], at: Any, step: float = 1e-5) -> Any:
    r"""Compute $\partial f / \partial v \approx (f(v + s) - f(v - s)) / 2s$ for each number v in `at`, in float64.

    Parameters
    ----------
    f : scalar function of one argument shaped like `at`, which computes in float64: the 7 digits of float32 are too
        few for a difference. It gets a fresh copy at each call.
    at : an array, or a NamedTuple of arrays such as RNNParams.
    step : s, the distance moved to either side, in units of v. The error of the formula falls as s squared,
        that of rounding grows as 1 / s; between 1e-6 and 1e-4 both are small when v is near 1.

    Returns
    -------
    The gradient, of the type and shapes of `at`.

    Raises
    ------
    TypeError : `at` is neither floats nor a NamedTuple of them, or `f` does not return a single number.
    ValueError : `step` is not positive or moves some number nowhere, `at` is empty or holds NaN or infinity, or `f`
        returns one of these.
    """
    if not callable(f):
        raise TypeError(f"f: expected a function, got {type(f).__name__}")
    validate.positive("step", step)
    fields = _fields("at", at)
    grads = {}
    for name, value in fields.items():

        def f_of_field(v: Array, name: str = name) -> float:
            arrays = {other: array.copy() for other, array in fields.items()} | {name: v}
            return f(type(at)(**arrays) if _is_namedtuple(at) else arrays["value"])

        grads[name] = _numerical_gradient(f_of_field, value, step)
    return type(at)(**grads) if _is_namedtuple(at) else grads["value"]


def _numerical_gradient(f: Callable[[Array], float], at: Array, step: float) -> Array:
    grad = np.empty_like(at)
    step = float(step)
    for index in np.ndindex(at.shape):
        ahead, behind = at.copy(), at.copy()
        ahead[index] = float(at[index]) + step  # Python's floats: NumPy's would warn where the sum is infinite
        behind[index] = float(at[index]) - step
        # What was really moved: `at + step` is rounded, and near large numbers it matters.
        moved = float(ahead[index]) - float(behind[index])
        if not 0 < moved < math.inf:
            raise ValueError(f"step: expected one that moves every number of `at`, got {step} for {at[index]}")
        grad[index] = (_scalar(f(ahead)) - _scalar(f(behind))) / moved
    return grad


def relative_error(a: Array, b: Array, floor: float = 1e-8) -> float:
    r"""Compute $\max|a - b| / \max(\max|a|, \max|b|, floor)$.

    The largest entry sets the scale, so an entry that happens to lie near zero does not blow the error up; where
    everything lies below `floor`, differences count against `floor`.

    Parameters
    ----------
    a, b : arrays of one shape.
    floor : the smallest scale, in units of the entries.

    Returns
    -------
    0.0 for equal arrays, up to 2 for arrays of opposite sign; infinity where either holds NaN or infinity.

    Raises
    ------
    TypeError : an array of anything but real numbers.
    ValueError : the shapes differ, or `floor` is not positive.
    """
    a, b = _reals("a", a), _reals("b", b)
    validate.positive("floor", floor)
    if a.shape != b.shape:
        raise ValueError(f"b: expected shape {a.shape}, the shape of a, got {b.shape}")
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return float("inf")
    scale = max(np.abs(a).max(initial=0), np.abs(b).max(initial=0), float(floor))
    return float(_half_apart(a, b).max(initial=0) / (scale / 2))


class GradientRow(NamedTuple):
    """One array's comparison: its relative error, and both values where they differ most."""

    name: str
    shape: tuple[int, ...]
    error: float
    worst: tuple[int, ...]
    given: float
    numerical: float


class GradientReport(NamedTuple):
    """What `check_gradients` found; prints as a table, one line for each array."""

    rows: tuple[GradientRow, ...]
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether every array agrees to within the tolerance."""
        return all(row.error <= self.tolerance for row in self.rows)

    def __repr__(self) -> str:
        lines = [f"{'array':8}{'shape':12}{'error':>9}  {'':6}{'given':>10}{'numerical':>11}  worst at"]
        for row in self.rows:
            mark = "ok" if row.error <= self.tolerance else "WRONG"
            values = f"{row.given:>10.4f}{row.numerical:>11.4f}"
            lines.append(f"{row.name:8}{row.shape!s:12}{row.error:>9.1e}  {mark:6}{values}  {row.worst}")
        return "\n".join(lines)


def check_gradients(
    f: Callable[[Any], float], at: Any, grads: Any, step: float = 1e-5, tolerance: float | None = None
) -> GradientReport:
    """Compare `grads` with numerical gradients of `f` at `at`, array by array.

    Parameters
    ----------
    f, at, step : as in `numerical_gradient`.
    grads : the gradients in question, of the type and shapes of `at`.
    tolerance : the largest `relative_error` that counts as agreement, no unit. None means 1e-7 for float64, and for
        `grads` of fewer digits a hundred times the gap between 1 and the next number, for float32 1.2e-5: a right
        gradient in float32 is off by 1e-7 to 1e-6. For a sharper check compute it in float64.

    Returns
    -------
    GradientReport

    Raises
    ------
    TypeError, ValueError : see `numerical_gradient`; also when the fields or shapes of `grads` differ from `at`'s,
        or `tolerance` is not positive.
    """
    if tolerance is not None:
        validate.positive("tolerance", tolerance)
    given, expected = _fields("grads", grads, finite=False), _fields("at", numerical_gradient(f, at, step))
    if list(given) != list(expected):
        raise TypeError(f"grads: expected the fields {', '.join(expected)}, got {', '.join(given)}")
    rows = []
    for name, numerical in expected.items():
        grad = given[name]
        if grad.shape != numerical.shape:
            raise ValueError(f"grads.{name}: expected shape {numerical.shape}, got {grad.shape}")
        furthest = np.argmax(_half_apart(grad, numerical))
        worst = tuple(int(i) for i in np.unravel_index(furthest, grad.shape)) if grad.ndim else ()
        error = relative_error(grad, numerical)
        rows.append(GradientRow(name, grad.shape, error, worst, float(grad[worst]), float(numerical[worst])))
    return GradientReport(tuple(rows), _coarseness(grads) if tolerance is None else tolerance)


def _half_apart(a: Array, b: Array) -> Array:
    """Return half of |a - b|: halves are exact, and two numbers of 1e308 may lie further apart than a float reaches."""
    apart: Array = np.abs(a / 2 - b / 2)
    return apart


def _coarseness(grads: Any) -> float:
    """Return the error that rounding alone may make in gradients of this kind of float."""
    fields = grads if _is_namedtuple(grads) else (grads,)
    return max(1e-7, *(100 * float(np.finfo(np.asarray(field).dtype).eps) for field in fields))


def _is_namedtuple(value: Any) -> bool:
    return isinstance(value, tuple) and hasattr(value, "_fields")


def _fields(argument: str, value: Any, *, finite: bool = True) -> dict[str, Array]:
    """Return the arrays of a NamedTuple by name, or a single array under the name `value`, in float64."""
    if isinstance(value, tuple) and not _is_namedtuple(value):
        raise TypeError(f"{argument}: expected an array or a NamedTuple of arrays, got a plain tuple")
    fields = value._asdict() if _is_namedtuple(value) else {"value": value}
    arrays = {}
    for name, field in fields.items():
        label = f"{argument}.{name}" if _is_namedtuple(value) else argument
        array = validate.as_array(label, field)
        if array.dtype.kind != "f":
            raise TypeError(f"{label}: expected floats, got {validate.kind(field, array)}")
        if array.size == 0:
            raise ValueError(f"{label}: expected at least one number, got shape {array.shape}")
        with np.errstate(over="ignore"):  # a wider float may hold what float64 does not; it is infinite then
            arrays[name] = array.astype(np.float64)
        if finite:
            validate.finite(label, arrays[name])
    return arrays


def _reals(name: str, value: Any) -> Array:
    array = validate.as_array(name, value)
    if array.dtype.kind not in "fiu":
        raise TypeError(f"{name}: expected real numbers, got {validate.kind(value, array)}")
    with np.errstate(over="ignore"):
        return array.astype(np.float64)


def _scalar(value: Any) -> float:
    if isinstance(value, tuple | list):  # such as (loss, grads), which may not fit into one array
        raise TypeError(f"f: expected it to return a single number, got a {type(value).__name__} of {len(value)}")
    array = validate.as_array("f", value)
    if array.size != 1 or array.dtype.kind not in "fiu":
        raise TypeError(f"f: expected it to return a single number, got {type(value).__name__} of shape {array.shape}")
    number = float(array.reshape(()))
    if not np.isfinite(number):
        raise ValueError(f"f: expected it to return a finite number, got {number}")
    return number
