"""One step of the network, forward and backward: its equations, behind a check of what they are given."""

from typing import NamedTuple

import numpy as np

from rnn_helpers import fast, validate
from rnn_helpers.output import softmax
from rnn_helpers.params import RNNParams
from rnn_helpers.validate import Array


class CellCache(NamedTuple):
    """What the backward step reads again: the two inputs of the step and its output."""

    x_t: Array
    h_prev: Array
    h_t: Array


class CellGrads(NamedTuple):
    """Gradient of the loss with respect to each input of one step, each with its input's shape."""

    x_t: Array
    h_prev: Array
    W_xh: Array
    W_hh: Array
    b_h: Array


def rnn_cell_forward(params: RNNParams, x_t: Array, h_prev: Array) -> tuple[Array, Array, CellCache]:
    r"""Compute $h_t = \tanh(x_t W_{xh} + h_{t-1} W_{hh} + b_h)$ and $y_t = \mathrm{softmax}(h_t W_{hy} + b_y)$.

    Parameters
    ----------
    params : RNNParams
    x_t : (batch, n_x) floats, or (batch,) integer token ids, which mean one-hot rows.
    h_prev : (batch, n_h) state of the step before.

    Returns
    -------
    h_t : (batch, n_h) new state, each entry in (-1, 1).
    y_t : (batch, n_y) probabilities, each row sums to one.
    cache : CellCache for `rnn_cell_backward`; it holds the caller's arrays, not copies.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, an empty axis, a token id out of range, NaN or infinity.

    Source
    ------
    Elman (1990), Finding structure in time.
    """
    params = validate.params(params, RNNParams)
    n_x, n_h = params.W_xh.shape
    x_t = validate.network_input("x_t", x_t, n_x, time=False)
    h_prev = validate.floats("h_prev", h_prev, {"batch": len(x_t), "n_h": n_h})

    h_t = np.tanh(fast.input_product(x_t, params.W_xh) + h_prev @ params.W_hh + params.b_h)
    y_t = softmax(h_t @ params.W_hy + params.b_y)
    return h_t, y_t, CellCache(x_t, h_prev, h_t)


def rnn_cell_backward(params: RNNParams, cache: CellCache, dh_t: Array) -> CellGrads:
    r"""Send all that reaches h_t through one step: $dz_t = dh^{total}_t \odot (1 - h_t^2)$, then a product each.

    Parameters
    ----------
    params : the RNNParams of the forward step.
    cache : what `rnn_cell_forward` returned.
    dh_t : (batch, n_h) gradient of the loss with respect to h_t, from everything that h_t feeds: the notebooks'
        `dh_total`.

    Returns
    -------
    CellGrads : x_t (batch, n_x), h_prev (batch, n_h), W_xh, W_hh, b_h, the last three summed over the batch.
        For token ids, x_t is the gradient with respect to their one-hot rows.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, NaN or infinity.
    """
    params = validate.params(params, RNNParams)
    n_x, n_h = params.W_xh.shape
    cache = validate.cache(cache, CellCache, maker="rnn_cell_forward")
    x_t = validate.network_input("cache.x_t", cache.x_t, n_x, time=False)
    h_prev = validate.floats("cache.h_prev", cache.h_prev, {"batch": len(x_t), "n_h": n_h})
    h_t = validate.floats("cache.h_t", cache.h_t, {"batch": len(x_t), "n_h": n_h})
    dh_total = validate.floats("dh_t", dh_t, {"batch": len(x_t), "n_h": n_h})

    dz_t = dh_total * (1 - h_t**2)
    return CellGrads(
        x_t=dz_t @ params.W_xh.T,
        h_prev=dz_t @ params.W_hh.T,
        W_xh=fast.input_weight_grad(x_t, dz_t, n_x),
        W_hh=h_prev.T @ dz_t,
        b_h=dz_t.sum(axis=0),
    )
