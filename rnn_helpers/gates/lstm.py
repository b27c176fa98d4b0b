"""The LSTM, one step and the whole sequence, forward and back: a state, and beside it a cell that forgets by a gate."""

from typing import Literal, NamedTuple, overload

import numpy as np
from numpy.typing import ArrayLike

from rnn_helpers import fast, fast_gates, validate
from rnn_helpers.gates.params import LSTMParams
from rnn_helpers.output import IGNORE_INDEX, softmax
from rnn_helpers.validate import Array


class LSTMCellCache(NamedTuple):
    """What the backward step reads again: the step's three inputs, its four gates (batch, n_h), and c_t."""

    x_t: Array
    h_prev: Array
    c_prev: Array
    i: Array
    f: Array
    g: Array
    o: Array
    c_t: Array


class LSTMCellGrads(NamedTuple):
    """Gradient of the loss with respect to each input of one step, each with its input's shape."""

    x_t: Array
    h_prev: Array
    c_prev: Array
    W_xh: Array
    W_hh: Array
    b_h: Array


class LSTMCache(NamedTuple):
    """What the backward pass reads again.

    `states` and `cells` are (time + 1, batch, n_h): states[0] is h0, states[t] is h_t, and so with cells and c. The
    four gates are (time, batch, n_h).
    """

    x: Array
    states: Array
    cells: Array
    i: Array
    f: Array
    g: Array
    o: Array


class LSTMGrads(NamedTuple):
    """Gradient of the loss with respect to each input of the forward pass, each with its input's shape."""

    x: Array
    h0: Array
    c0: Array
    W_xh: Array
    W_hh: Array
    b_h: Array


class LSTMState(NamedTuple):
    """What a sequence that goes on starts from: (batch, n_h) both."""

    h: Array
    c: Array


def lstm_cell_forward(
    params: LSTMParams, x_t: Array, h_prev: Array, c_prev: Array
) -> tuple[Array, Array, Array, LSTMCellCache]:
    r"""Compute $c_t = f \odot c_{t-1} + i \odot g$ and $h_t = o \odot \tanh(c_t)$.

    With $z_t = x_t W_{xh} + h_{t-1} W_{hh} + b_h$ in four blocks, $i, f, o = \sigma(z_i), \sigma(z_f), \sigma(z_o)$ and
    $g = \tanh(z_g)$; and as in every network here, $y_t = \mathrm{softmax}(h_t W_{hy} + b_y)$.

    Parameters
    ----------
    params : LSTMParams
    x_t : (batch, n_x) floats, or (batch,) integer token ids, which mean one-hot rows.
    h_prev, c_prev : (batch, n_h) state and cell state of the step before.

    Returns
    -------
    h_t : (batch, n_h) new state, each entry in (-1, 1).
    c_t : (batch, n_h) new cell state.
    y_t : (batch, n_y) probabilities, each row sums to one.
    cache : LSTMCellCache for `lstm_cell_backward`; it holds the caller's arrays, not copies.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, an empty axis, a token id out of range, NaN or infinity.

    Source
    ------
    Hochreiter and Schmidhuber (1997), Long short-term memory; Gers, Schmidhuber and Cummins (2000), Learning to forget:
    continual prediction with LSTM, for the forget gate.
    """
    params = validate.gate_params(params, (LSTMParams,), blocks=4)
    n_x, n_h = len(params.W_xh), len(params.W_hh)
    x_t = validate.network_input("x_t", x_t, n_x, time=False)
    h_prev = validate.floats("h_prev", h_prev, {"batch": len(x_t), "n_h": n_h})
    c_prev = validate.floats("c_prev", c_prev, {"batch": len(x_t), "n_h": n_h})

    z_t = fast.input_product(x_t, params.W_xh) + h_prev @ params.W_hh + params.b_h
    z_i, z_f, z_g, z_o = np.split(z_t, 4, axis=1)
    i, f, g, o = fast_gates.sigmoid(z_i), fast_gates.sigmoid(z_f), np.tanh(z_g), fast_gates.sigmoid(z_o)
    c_t = f * c_prev + i * g
    h_t = o * np.tanh(c_t)
    y_t = softmax(h_t @ params.W_hy + params.b_y)
    return h_t, c_t, y_t, LSTMCellCache(x_t, h_prev, c_prev, i, f, g, o, c_t)


def lstm_cell_backward(params: LSTMParams, cache: LSTMCellCache, dh_t: Array, dc_t: Array) -> LSTMCellGrads:
    r"""Send what reaches h_t and c_t through one step: $dc^{total}_t = dc_t + dh_t \odot o \odot (1 - \tanh^2 c_t)$.

    Then $dz_i = dc^{total}_t \odot g \odot i (1 - i)$, $dz_f = dc^{total}_t \odot c_{t-1} \odot f (1 - f)$,
    $dz_g = dc^{total}_t \odot i \odot (1 - g^2)$, $dz_o = dh_t \odot \tanh(c_t) \odot o (1 - o)$, and a product each.
    To the cell before goes $dc^{total}_t \odot f$.

    Parameters
    ----------
    params : the LSTMParams of the forward step.
    cache : what `lstm_cell_forward` returned.
    dh_t : (batch, n_h) gradient of the loss with respect to h_t, from everything that h_t feeds.
    dc_t : (batch, n_h) gradient of the loss with respect to c_t, from the next step's cell: not by way of h_t.

    Returns
    -------
    LSTMCellGrads : x_t (batch, n_x), h_prev and c_prev (batch, n_h), W_xh, W_hh, b_h, the last three summed over the
        batch. For token ids, x_t is the gradient with respect to their one-hot rows.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, NaN or infinity.
    """
    params = validate.gate_params(params, (LSTMParams,), blocks=4)
    n_x, n_h = len(params.W_xh), len(params.W_hh)
    cache = validate.cache(cache, LSTMCellCache, maker="lstm_cell_forward")
    x_t = validate.network_input("cache.x_t", cache.x_t, n_x, time=False)
    axes = {"batch": len(x_t), "n_h": n_h}
    h_prev, c_prev, i, f, g, o, c_t = (
        validate.floats(f"cache.{name}", getattr(cache, name), axes) for name in cache._fields[1:]
    )
    dh_t, dc_t = validate.floats("dh_t", dh_t, axes), validate.floats("dc_t", dc_t, axes)

    tanh_c = np.tanh(c_t)
    dc_total = dc_t + dh_t * o * (1 - tanh_c**2)
    dz_i = dc_total * g * i * (1 - i)
    dz_f = dc_total * c_prev * f * (1 - f)
    dz_g = dc_total * i * (1 - g**2)
    dz_o = dh_t * tanh_c * o * (1 - o)
    dz_t = np.concatenate([dz_i, dz_f, dz_g, dz_o], axis=1)
    return LSTMCellGrads(
        x_t=dz_t @ params.W_xh.T,
        h_prev=dz_t @ params.W_hh.T,
        c_prev=dc_total * f,
        W_xh=fast.input_weight_grad(x_t, dz_t, n_x),
        W_hh=h_prev.T @ dz_t,
        b_h=dz_t.sum(axis=0),
    )


def lstm_forward(
    params: LSTMParams, x: Array, h0: Array | None = None, c0: Array | None = None
) -> tuple[Array, Array, LSTMCache]:
    r"""Compute $c_t = f \odot c_{t-1} + i \odot g$, $h_t = o \odot \tanh(c_t)$ and y_t, t = 1..T: see the cell.

    Parameters
    ----------
    params : LSTMParams
    x : (time, batch, n_x) floats, or (time, batch) integer token ids, which mean one-hot rows.
    h0, c0 : (batch, n_h) state and cell state before the first step; None means zeros.

    Returns
    -------
    h : (time, batch, n_h) states h_1 .. h_T, a view of `cache.states[1:]`; the cell states are `cache.cells[1:]`.
    y : (time, batch, n_y) probabilities.
    cache : LSTMCache for `lstm_backward`; it holds the caller's x, not a copy.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, an empty axis, a token id out of range, NaN or infinity.
    """
    params, x, h0, c0 = _checked(params, x, h0, c0)

    states, cells, gates, _ = fast_gates.run_lstm(params.W_xh, params.W_hh, params.b_h, x, h0, c0)
    i, f, g, o = fast_gates.blocks(gates)
    h = states[1:]
    logits = fast.product(h, params.W_hy) + params.b_y
    return h, softmax(logits), LSTMCache(x, states, cells, i, f, g, o)


def lstm_backward(params: LSTMParams, cache: LSTMCache, dh: Array, dc_last: Array | None = None) -> LSTMGrads:
    r"""Backpropagation through time on two lanes, with the carries $dz_{t+1} W_{hh}^\top$ and $dc_{t+1} \odot f_{t+1}$.

    Parameters
    ----------
    params : the LSTMParams of the forward pass.
    cache : what `lstm_forward` returned.
    dh : (time, batch, n_h); dh[t] is what step t's own output sends back to h_t. Both carries are added here.
    dc_last : (batch, n_h) what reaches the last cell state from outside; None means nothing. What reaches the last
        state from outside belongs into dh[-1].

    Returns
    -------
    LSTMGrads : x (time, batch, n_x), h0 and c0 (batch, n_h), and W_xh, W_hh, b_h summed over time and batch.
        For token ids, x is the gradient with respect to their one-hot rows.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, NaN or infinity.

    Source
    ------
    Gers, Schraudolph and Schmidhuber (2002), Learning precise timing with LSTM recurrent networks, for the whole
    gradient: the paper of 1997 cut it off at the gates.
    """
    params = validate.gate_params(params, (LSTMParams,), blocks=4)
    n_x, n_h = len(params.W_xh), len(params.W_hh)
    cache = validate.cache(cache, LSTMCache, maker="lstm_forward")
    x = validate.network_input("cache.x", cache.x, n_x, time=True)
    steps, batch = x.shape[:2]
    states, cells = (
        validate.floats(f"cache.{name}", getattr(cache, name), {"time + 1": steps + 1, "batch": batch, "n_h": n_h})
        for name in ("states", "cells")
    )
    axes = {"time": steps, "batch": batch, "n_h": n_h}
    i, f, g, o = (validate.floats(f"cache.{name}", getattr(cache, name), axes) for name in "ifgo")
    dh = validate.floats("dh", dh, axes)
    zeros = np.zeros_like(states[0])
    dc = zeros if dc_last is None else validate.floats("dc_last", dc_last, {"batch": batch, "n_h": n_h})

    tanh_c = np.tanh(cells[1:])
    dz, dh0, dc0 = fast_gates.lstm_back_through_time(params.W_hh, cells[:-1], i, f, g, o, tanh_c, dh, zeros, dc)
    dW_xh, dW_hh, db_h = fast.weight_grads(x, states, dz, n_x)
    return LSTMGrads(fast.product(dz, params.W_xh.T), dh0, dc0, dW_xh, dW_hh, db_h)


@overload
def lstm_loss_and_grads(
    params: LSTMParams,
    x: Array,
    targets: ArrayLike,
    h0: Array | None = None,
    c0: Array | None = None,
    *,
    return_state: Literal[False] = False,
) -> tuple[float, LSTMParams]: ...
@overload
def lstm_loss_and_grads(
    params: LSTMParams,
    x: Array,
    targets: ArrayLike,
    h0: Array | None = None,
    c0: Array | None = None,
    *,
    return_state: Literal[True],
) -> tuple[float, LSTMParams, LSTMState]: ...
def lstm_loss_and_grads(
    params: LSTMParams,
    x: Array,
    targets: ArrayLike,
    h0: Array | None = None,
    c0: Array | None = None,
    *,
    return_state: bool = False,
) -> tuple[float, LSTMParams] | tuple[float, LSTMParams, LSTMState]:
    """Compute the mean cross-entropy of a target at each step, and its gradient for every parameter.

    Parameters
    ----------
    params, x, h0, c0 : as in `lstm_forward`.
    targets : (time, batch) integers below n_y, or -100: does not count.
    return_state : whether to return the last state too, for a sequence that goes on.

    Returns
    -------
    loss : mean nats over the targets that count.
    grads : LSTMParams of gradients.
    state : LSTMState(h_T, c_T), with `return_state` alone: the h0 and c0 of what comes next. No gradient flows back
        through it.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, an index out of range, no target that counts, NaN or infinity.
    """
    params, x, h0, c0 = _checked(params, x, h0, c0)
    checked = validate.targets(targets, x.shape[:2], len(params.b_y), IGNORE_INDEX)

    loss, grads, h_T, c_T = fast_gates.lstm_loss_and_grads(params, x, h0, c0, *checked)
    if return_state:
        return loss, LSTMParams(*grads), LSTMState(h_T.copy(), c_T.copy())
    return loss, LSTMParams(*grads)


def _checked(
    params: LSTMParams, x: Array, h0: Array | None, c0: Array | None
) -> tuple[LSTMParams, Array, Array | None, Array | None]:
    """Return the arguments of a forward pass, checked; an h0 or c0 of None stays None."""
    params = validate.gate_params(params, (LSTMParams,), blocks=4)
    x = validate.network_input("x", x, len(params.W_xh), time=True)
    axes = {"batch": x.shape[1], "n_h": len(params.W_hh)}
    h0, c0 = (None if s is None else validate.floats(name, s, axes) for name, s in (("h0", h0), ("c0", c0)))
    return params, x, h0, c0
