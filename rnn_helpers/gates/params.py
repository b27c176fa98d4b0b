"""The arrays of networks with gates, and how they start."""

from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from rnn_helpers import validate
from rnn_helpers.params import weights
from rnn_helpers.validate import Array


class LSTMParams(NamedTuple):
    """Weights and biases of an LSTM, in RNNParams' five fields; gradients travel in the same type.

    Four blocks of n_h columns stand side by side, in PyTorch's order: input gate i, forget gate f, candidate g, output
    gate o.

    Attributes
    ----------
    W_xh : (n_x, 4 n_h) input to hidden.
    W_hh : (n_h, 4 n_h) hidden to hidden.
    b_h : (4 n_h,) hidden bias: the sum of PyTorch's two.
    W_hy : (n_h, n_y) hidden to output.
    b_y : (n_y,) output bias.
    """

    W_xh: Array
    W_hh: Array
    b_h: Array
    W_hy: Array
    b_y: Array


class GRUParams(NamedTuple):
    """Weights and biases of the GRU of PyTorch, cuDNN and Keras, whose reset comes after the product with W_hh.

    Three blocks of n_h columns stand side by side, in PyTorch's order: reset gate r, update gate z, candidate n.

    Attributes
    ----------
    W_xh : (n_x, 3 n_h) input to hidden.
    W_hh : (n_h, 3 n_h) hidden to hidden.
    b_h : (3 n_h,) hidden bias: PyTorch's bias_ih, to which those parts of bias_hh are added that belong to r and z.
    b_n : (n_h,) the bias inside the reset: what is left of PyTorch's bias_hh, the part that belongs to n.
    W_hy : (n_h, n_y) hidden to output.
    b_y : (n_y,) output bias.
    """

    W_xh: Array
    W_hh: Array
    b_h: Array
    b_n: Array
    W_hy: Array
    b_y: Array


class GRUBeforeParams(NamedTuple):
    """Weights and biases of the GRU as it was published, whose reset comes before the product with W_hh.

    A bias inside the reset would be a second one beside b_h, so there is none: these are RNNParams' five fields, with
    the blocks of GRUParams. The type says which of the two a network is.

    Attributes
    ----------
    W_xh, W_hh, b_h, W_hy, b_y : as in GRUParams.
    """

    W_xh: Array
    W_hh: Array
    b_h: Array
    W_hy: Array
    b_y: Array


def init_lstm(
    rng: "np.random.Generator",
    n_x: int,
    n_h: int,
    n_y: int,
    *,
    forget_bias: float | Array = 1.0,
    input_bias: float | Array = 0.0,
    dtype: DTypeLike = np.float64,
) -> LSTMParams:
    r"""Draw W_ij ~ N(0, 1 / rows); biases are zero, but for those of the forget and the input gate.

    Parameters
    ----------
    rng : the generator that every number is drawn from.
    n_x, n_h, n_y : sizes of input, state and output, each at least 1.
    forget_bias : b, one number or (n_h,). A cell keeps $\sigma(b)$ of itself from step to step: half of it is left
        after one step at 0, after two at 1, after fourteen at 3.
    input_bias : one number or (n_h,). To remember times up to T, draw `b = time_scales(rng, n_h, T)` and give b to the
        forget gate and -b to the input gate: who forgets slowly listens little.
    dtype : float32 or float64.

    Returns
    -------
    LSTMParams

    Raises
    ------
    TypeError : `rng` is not a Generator, a size not an integer, a bias not numbers, or `dtype` neither float32 nor
        float64.
    ValueError : a size is below 1, or a bias of another size or not finite.

    Source
    ------
    Gers, Schmidhuber and Cummins (2000), Learning to forget, for the forget gate; Jozefowicz, Zaremba and Sutskever
    (2015), An empirical exploration of recurrent network architectures, for its bias of 1.
    """
    W_xh, W_hh, W_hy = _draw(rng, n_x, n_h, n_y, 4, dtype)
    b_h = np.zeros(4 * n_h, dtype)
    b_h[:n_h] = _bias("input_bias", input_bias, n_h)
    b_h[n_h : 2 * n_h] = _bias("forget_bias", forget_bias, n_h)
    return LSTMParams(W_xh, W_hh, b_h, W_hy, np.zeros(n_y, dtype))


def init_gru(
    rng: "np.random.Generator",
    n_x: int,
    n_h: int,
    n_y: int,
    *,
    update_bias: float | Array = 0.0,
    dtype: DTypeLike = np.float64,
) -> GRUParams:
    r"""Draw W_ij ~ N(0, 1 / rows); biases are zero, but for that of the update gate.

    For the GRU whose reset comes before the product, take all but b_n:
    `GRUBeforeParams(p.W_xh, p.W_hh, p.b_h, p.W_hy, p.b_y)`.

    Parameters
    ----------
    rng, n_x, n_h, n_y, dtype : as in `init_lstm`.
    update_bias : b, one number or (n_h,), such as `time_scales(rng, n_h, T)`. A state keeps $\sigma(b)$ of itself from
        step to step, and lets in the rest.

    Returns
    -------
    GRUParams

    Raises
    ------
    TypeError, ValueError : as in `init_lstm`.
    """
    W_xh, W_hh, W_hy = _draw(rng, n_x, n_h, n_y, 3, dtype)
    b_h = np.zeros(3 * n_h, dtype)
    b_h[n_h : 2 * n_h] = _bias("update_bias", update_bias, n_h)
    return GRUParams(W_xh, W_hh, b_h, np.zeros(n_h, dtype), W_hy, np.zeros(n_y, dtype))


def time_scales(rng: "np.random.Generator", n_h: int, longest: int) -> Array:
    r"""Draw biases $b = \ln u$, $u \sim U(1, longest - 1)$, for gates that keep something for up to `longest` steps.

    A gate at $\sigma(b) = u / (1 + u)$ keeps on average for 1 + u steps: its share falls to 1 / e in about so many.

    Parameters
    ----------
    rng : the generator that draws.
    n_h : how many units, each with a time of its own.
    longest : in steps, at least 2.

    Returns
    -------
    b : (n_h,) from 0 to ln(longest - 1), float64.

    Raises
    ------
    TypeError : `rng` is not a Generator, `n_h` or `longest` not an integer.
    ValueError : `n_h` below 1, `longest` below 2.

    Source
    ------
    Tallec and Ollivier (2018), Can recurrent neural networks warp time?
    """
    validate.generator(rng)
    validate.size("n_h", n_h)
    if validate.integer("longest", longest) < 2:
        raise ValueError(f"longest: expected at least 2, got {longest}")
    return np.log(rng.uniform(1, longest - 1, n_h))


def _draw(
    rng: "np.random.Generator", n_x: int, n_h: int, n_y: int, blocks: int, dtype: DTypeLike
) -> tuple[Array, Array, Array]:
    """Return W_xh, W_hh and W_hy, all arguments checked."""
    validate.start(rng, dtype, n_x=n_x, n_h=n_h, n_y=n_y)
    W_xh, W_hh = weights(rng, n_x, blocks * n_h, dtype), weights(rng, n_h, blocks * n_h, dtype)
    return W_xh, W_hh, weights(rng, n_h, n_y, dtype)


def _bias(name: str, value: float | Array, n_h: int) -> float | Array:
    """Return one number, or one for each unit."""
    return (
        validate.number(name, value)
        if isinstance(value, validate.NUMBERS)
        else validate.floats(name, value, {"n_h": n_h})
    )
