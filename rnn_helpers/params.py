"""The five arrays of a one-layer recurrent network, and how they start."""

from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from rnn_helpers import validate
from rnn_helpers.validate import Array, vdot


class RNNParams(NamedTuple):
    """Weights and biases of a one-layer tanh network; gradients travel in the same type.

    Attributes
    ----------
    W_xh : (n_x, n_h) input to hidden.
    W_hh : (n_h, n_h) hidden to hidden, from step t - 1 (rows) to step t (columns).
    b_h : (n_h,) hidden bias.
    W_hy : (n_h, n_y) hidden to output.
    b_y : (n_y,) output bias.
    """

    W_xh: Array
    W_hh: Array
    b_h: Array
    W_hy: Array
    b_y: Array


def init_params(
    rng: "np.random.Generator",
    n_x: int,
    n_h: int,
    n_y: int,
    *,
    recurrent_gain: float = 1.0,
    dtype: DTypeLike = np.float64,
) -> RNNParams:
    r"""Draw W_ij ~ N(0, 1 / rows), so that a sum over the rows keeps the size of its terms; biases are zero.

    Parameters
    ----------
    rng : the generator that every number is drawn from.
    n_x, n_h, n_y : sizes of input, state and output, each at least 1.
    recurrent_gain : W_hh is multiplied by this; near 1 its largest eigenvalue has a modulus near 1.
    dtype : float32 or float64.

    Returns
    -------
    RNNParams

    Raises
    ------
    TypeError : `rng` is not a Generator, a size not an integer, `recurrent_gain` not a number, or `dtype`
        neither float32 nor float64.
    ValueError : a size is below 1, or `recurrent_gain` is not finite.

    Source
    ------
    LeCun, Bottou, Orr and Müller (1998), Efficient BackProp, section 4.6.
    """
    validate.generator(rng)
    for name, size in (("n_x", n_x), ("n_h", n_h), ("n_y", n_y)):
        if validate.integer(name, size) < 1:
            raise ValueError(f"{name}: expected a size of at least 1, got {size}")
    validate.number("recurrent_gain", recurrent_gain)
    if dtype not in validate.FLOATS:
        raise TypeError(f"dtype: expected float32 or float64, got {dtype}")

    def draw(rows: int, columns: int) -> Array:
        values: Array = rng.standard_normal((rows, columns)) / np.sqrt(rows)
        return values.astype(dtype)

    W_xh = draw(n_x, n_h)
    W_hh = (recurrent_gain * draw(n_h, n_h)).astype(dtype)
    W_hy = draw(n_h, n_y)
    return RNNParams(W_xh, W_hh, np.zeros(n_h, dtype), W_hy, np.zeros(n_y, dtype))


def checked_params(params: RNNParams) -> RNNParams:
    """Return `params` with every field a finite float array, all of one dtype, and all sizes in agreement.

    Raises
    ------
    TypeError : not an RNNParams, or a field is not of floats.
    ValueError : a field whose shape disagrees with the others, or NaN or infinity in it.
    """
    if not isinstance(params, RNNParams):
        raise TypeError(f"params: expected an RNNParams, got {type(params).__name__}")
    if _right_at_a_glance(params):
        return params
    b_h = validate.floats("params.b_h", params.b_h, {"n_h": None})
    b_y = validate.floats("params.b_y", params.b_y, {"n_y": None})
    n_h, n_y = len(b_h), len(b_y)
    checked = RNNParams(
        W_xh=validate.floats("params.W_xh", params.W_xh, {"n_x": None, "n_h": n_h}),
        W_hh=validate.floats("params.W_hh", params.W_hh, {"from n_h": n_h, "to n_h": n_h}),
        b_h=b_h,
        W_hy=validate.floats("params.W_hy", params.W_hy, {"n_h": n_h, "n_y": n_y}),
        b_y=b_y,
    )
    dtype = np.result_type(*checked)
    return RNNParams(*(field.astype(dtype, copy=False) for field in checked))


def _right_at_a_glance(params: RNNParams) -> bool:
    """Say that nothing is wrong, in a quarter of the time that naming each mistake takes; False leaves it open."""
    W_xh, W_hh, b_h, W_hy, b_y = params
    if not type(W_xh) is type(W_hh) is type(b_h) is type(W_hy) is type(b_y) is np.ndarray:
        return False
    h, y = b_h.shape, b_y.shape
    return (
        W_xh.dtype is W_hh.dtype is b_h.dtype is W_hy.dtype is b_y.dtype in validate.FLOATS
        and len(h) == len(y) == 1
        and W_xh.shape[1:] == h
        and W_hh.shape == h + h
        and W_hy.shape == h + y
        and W_xh.size > 0
        and W_hy.size > 0
        # validate.surely_finite of each, written out: the five calls would cost a tenth of all checks.
        and isfinite(vdot(W_xh, W_xh))
        and isfinite(vdot(W_hh, W_hh))
        and isfinite(vdot(b_h, b_h))
        and isfinite(vdot(W_hy, W_hy))
        and isfinite(vdot(b_y, b_y))
    )
