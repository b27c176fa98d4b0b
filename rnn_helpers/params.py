"""The five arrays of a one-layer recurrent network, and how they start."""

from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from rnn_helpers import validate
from rnn_helpers.validate import Array


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
    validate.start(rng, dtype, n_x=n_x, n_h=n_h, n_y=n_y)
    validate.number("recurrent_gain", recurrent_gain)
    W_xh = weights(rng, n_x, n_h, dtype)
    W_hh = (recurrent_gain * weights(rng, n_h, n_h, dtype)).astype(dtype)
    W_hy = weights(rng, n_h, n_y, dtype)
    return RNNParams(W_xh, W_hh, np.zeros(n_h, dtype), W_hy, np.zeros(n_y, dtype))


def weights(rng: "np.random.Generator", rows: int, columns: int, dtype: DTypeLike) -> Array:
    """Draw (rows, columns) numbers from N(0, 1 / rows), nothing checked."""
    values: Array = rng.standard_normal((rows, columns)) / np.sqrt(rows)
    return values.astype(dtype)
