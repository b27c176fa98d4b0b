"""The five arrays of a one-layer recurrent network, and how they start."""

from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import DTypeLike

from rnn_helpers import validate
from rnn_helpers.validate import Array

Recurrent = Literal["normal", "orthogonal", "identity"]


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
    recurrent: Recurrent = "normal",
    input_scale: float = 1.0,
    dtype: DTypeLike = np.float64,
) -> RNNParams:
    r"""Draw W_ij ~ N(0, 1 / rows), so that a sum over the rows keeps the size of its terms; biases are zero.

    Parameters
    ----------
    rng : the generator that every number is drawn from.
    n_x, n_h, n_y : sizes of input, state and output, each at least 1.
    recurrent_gain : W_hh is multiplied by this; near 1 its largest eigenvalue has a modulus near 1.
    recurrent : what W_hh is before: "normal", drawn as the others are; "orthogonal", drawn so that it changes no
        length, see `orthogonal`; "identity", which leaves a state as it is. The other arrays do not depend on it.
    input_scale : W_xh is multiplied by this: the spread that inputs of spread 1 have on their way into tanh.
    dtype : float32 or float64.

    Returns
    -------
    RNNParams

    Raises
    ------
    TypeError : `rng` is not a Generator, a size not an integer, `recurrent_gain` or `input_scale` not a number,
        `recurrent` not a string, or `dtype` neither float32 nor float64.
    ValueError : a size is below 1, `recurrent_gain` or `input_scale` not finite, or `recurrent` none of the three.

    Source
    ------
    LeCun, Bottou, Orr and Müller (1998), Efficient BackProp, section 4.6. The identity: Le, Jaitly and Hinton (2015), A
    simple way to initialize recurrent networks of rectified linear units.
    """
    validate.start(rng, dtype, n_x=n_x, n_h=n_h, n_y=n_y)
    validate.number("recurrent_gain", recurrent_gain)
    validate.number("input_scale", input_scale)
    if not isinstance(recurrent, str):
        raise TypeError(f"recurrent: expected a string, got {type(recurrent).__name__}")
    if recurrent not in get_args(Recurrent):
        raise ValueError(f"recurrent: expected one of {', '.join(get_args(Recurrent))}, got {recurrent!r:.40}")
    # W_hh is drawn for the identity too: what is drawn after it is then the same for all three.
    W_xh = weights(rng, n_x, n_h, dtype)
    W_hh = weights(rng, n_h, n_h, np.float64)
    W_hy = weights(rng, n_h, n_y, dtype)
    if recurrent == "orthogonal":
        W_hh = _orthonormal(W_hh)
    elif recurrent == "identity":
        W_hh = np.eye(n_h)
    W_xh, W_hh = (input_scale * W_xh).astype(dtype), (recurrent_gain * W_hh.astype(dtype)).astype(dtype)
    return RNNParams(W_xh, W_hh, np.zeros(n_h, dtype), W_hy, np.zeros(n_y, dtype))


def weights(rng: "np.random.Generator", rows: int, columns: int, dtype: DTypeLike) -> Array:
    """Draw (rows, columns) numbers from N(0, 1 / rows), nothing checked."""
    values: Array = rng.standard_normal((rows, columns)) / np.sqrt(rows)
    return values.astype(dtype)


def orthogonal(rng: "np.random.Generator", n: int) -> Array:
    r"""Draw an orthogonal matrix, $Q Q^\top = 1$: a product with it turns and mirrors, and changes no length.

    Parameters
    ----------
    rng : the generator that its numbers are drawn from.
    n : its size, at least 1.

    Returns
    -------
    (n, n) float64; any such matrix is as likely as any other.

    Raises
    ------
    TypeError : `rng` is not a Generator, or `n` not an integer.
    ValueError : `n` is below 1.

    Source
    ------
    Mezzadri (2007), How to generate random matrices from the classical compact groups, Notices of the AMS 54.
    """
    validate.generator(rng)
    validate.size("n", n)
    return _orthonormal(rng.standard_normal((n, n)))


def _orthonormal(normal: Array) -> Array:
    """Return Q of normal = QR where R has a positive diagonal; a library's own signs follow a rule of its making."""
    Q, R = np.linalg.qr(normal)
    turned: Array = Q * np.sign(np.diag(R))
    return turned
