"""The LSTM and both GRUs in their plainest form, one equation a line: the page to read first, after `plain`.

A test holds it equal to the package's faster functions; known mistakes are exchanges of this text (`check/`). Blocks
of n_h columns stand side by side, in PyTorch's order.
"""

import numpy as np

from rnn_helpers.cell import CellGrads
from rnn_helpers.gates import (
    GRUBeforeParams,
    GRUCache,
    GRUCellCache,
    GRUCellGrads,
    GRUGrads,
    GRUParams,
    LSTMCache,
    LSTMCellCache,
    LSTMCellGrads,
    LSTMGrads,
    LSTMParams,
)
from rnn_helpers.plain import cross_entropy, logits_gradient, output_backward, softmax
from rnn_helpers.rnn import SequenceGrads
from rnn_helpers.validate import Array


# fmt: off
# --- What a gate is --------------------------------------------------------------------------------------------------
def sigmoid(z: Array) -> Array:
    r"""Compute $\sigma(z) = 1 / (1 + e^{-z})$ as $(1 + \tanh(z / 2)) / 2$, which overflows nowhere."""
    return (1 + np.tanh(z / 2)) / 2

def sigmoid_slope(s: Array) -> Array:
    r"""Compute $\sigma'(z) = s (1 - s)$ from the output $s = \sigma(z)$."""
    return s * (1 - s)

# --- LSTM: i, f, g, o ------------------------------------------------------------------------------------------------
def lstm_gates(params: LSTMParams, x_t: Array, h_prev: Array) -> tuple[Array, Array, Array, Array]:
    r"""Compute $z_t = x_t W_{xh} + h_{t-1} W_{hh} + b_h$ and squash its blocks, g by tanh, the others by sigmoid."""
    z_t = x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h
    z_i, z_f, z_g, z_o = np.split(z_t, 4, axis=1)
    return sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)

def lstm_cell_forward(
    params: LSTMParams, x_t: Array, h_prev: Array, c_prev: Array
) -> tuple[Array, Array, Array, LSTMCellCache]:
    r"""Compute $c_t = f \odot c_{t-1} + i \odot g$ and $h_t = o \odot \tanh(c_t)$."""
    i, f, g, o = lstm_gates(params, x_t, h_prev)
    c_t = f * c_prev + i * g
    h_t = o * np.tanh(c_t)
    y_t = softmax(h_t @ params.W_hy + params.b_y)
    return h_t, c_t, y_t, LSTMCellCache(x_t, h_prev, c_prev, i, f, g, o, c_t)

def lstm_cell_backward(params: LSTMParams, cache: LSTMCellCache, dh_total: Array, dc_t: Array) -> LSTMCellGrads:
    r"""Send what reaches h_t and c_t through a step: $dc^{total}_t = dc_t + dh^{total}_t \odot o (1 - \tanh^2 c_t)$."""
    x_t, h_prev, c_prev, i, f, g, o, c_t = cache
    dc_total = dc_t + dh_total * o * (1 - np.tanh(c_t) ** 2)
    dz_i = dc_total * g * i * (1 - i)
    dz_f = dc_total * c_prev * f * (1 - f)
    dz_g = dc_total * i * (1 - g**2)
    dz_o = dh_total * np.tanh(c_t) * o * (1 - o)
    dz_t = np.concatenate([dz_i, dz_f, dz_g, dz_o], axis=1)
    dx_t = dz_t @ params.W_xh.T
    dh_prev = dz_t @ params.W_hh.T
    dc_prev = dc_total * f
    dW_xh = x_t.T @ dz_t
    dW_hh = h_prev.T @ dz_t
    db_h = dz_t.sum(axis=0)
    return LSTMCellGrads(dx_t, dh_prev, dc_prev, dW_xh, dW_hh, db_h)

def forget_bias(steps: float) -> float:
    r"""Compute the b for which half is left after so many steps: $\sigma(b)^{steps} = 1/2$."""
    f = 0.5 ** (1 / steps)
    return np.log(f / (1 - f))

def lstm_forward(params: LSTMParams, x: Array, h0: Array, c0: Array) -> tuple[Array, Array, LSTMCache]:
    """Run the cell along x; keep each state, each cell state, each gate, and each step's probabilities."""
    states, cells, gates, y = [h0], [c0], [], []
    for x_t in x:
        h_t, c_t, y_t, cache = lstm_cell_forward(params, x_t, states[-1], cells[-1])
        states.append(h_t)
        cells.append(c_t)
        gates.append([cache.i, cache.f, cache.g, cache.o])
        y.append(y_t)
    i, f, g, o = np.array(gates).swapaxes(0, 1)
    return np.array(states[1:]), np.array(y), LSTMCache(x, np.array(states), np.array(cells), i, f, g, o)

def lstm_backward(params: LSTMParams, cache: LSTMCache, dh: Array, dc_last: Array) -> LSTMGrads:
    """Walk back with two carries: dh_carry comes through the products, dc_carry through the forget gates."""
    x, states, cells, i, f, g, o = cache
    dx, dh_carry, dc_carry = np.zeros_like(x), np.zeros_like(dc_last), dc_last
    dW_xh, dW_hh, db_h = (np.zeros_like(p) for p in params[:3])
    for t in reversed(range(len(dh))):
        step = LSTMCellCache(x[t], states[t], cells[t], i[t], f[t], g[t], o[t], cells[t + 1])
        grads = lstm_cell_backward(params, step, dh[t] + dh_carry, dc_carry)
        dx[t], dh_carry, dc_carry = grads.x_t, grads.h_prev, grads.c_prev
        dW_xh += grads.W_xh
        dW_hh += grads.W_hh
        db_h += grads.b_h
    return LSTMGrads(dx, dh_carry, dc_carry, dW_xh, dW_hh, db_h)

def lstm_loss_and_grads(
    params: LSTMParams, x: Array, targets: Array, h0: Array, c0: Array
) -> tuple[float, LSTMParams]:
    """Run forward to the loss, then back through the output layer and through time."""
    h, _, cache = lstm_forward(params, x, h0, c0)
    logits = h @ params.W_hy + params.b_y
    dh, dW_hy, db_y = output_backward(params.W_hy, h, logits_gradient(logits, targets))
    _, _, _, dW_xh, dW_hh, db_h = lstm_backward(params, cache, dh, np.zeros_like(c0))
    return cross_entropy(logits, targets), LSTMParams(dW_xh, dW_hh, db_h, dW_hy, db_y)

# --- GRU: r, z, n, the reset after the product, as in PyTorch --------------------------------------------------------
def gru_cell_forward(params: GRUParams, x_t: Array, h_prev: Array) -> tuple[Array, Array, GRUCellCache]:
    r"""Compute $n = \tanh(\ldots + r \odot (h_{t-1} W_{hn} + b_n))$ and $h_t = (1 - z) \odot n + z \odot h_{t-1}$."""
    W_r, W_z, W_n = np.split(params.W_hh, 3, axis=1)
    x_r, x_z, x_n = np.split(x_t @ params.W_xh + params.b_h, 3, axis=1)
    r = sigmoid(x_r + h_prev @ W_r)
    z = sigmoid(x_z + h_prev @ W_z)
    q = h_prev @ W_n + params.b_n
    n = np.tanh(x_n + r * q)
    h_t = (1 - z) * n + z * h_prev
    y_t = softmax(h_t @ params.W_hy + params.b_y)
    return h_t, y_t, GRUCellCache(x_t, h_prev, r, z, n, q)

def gru_cell_backward(params: GRUParams, cache: GRUCellCache, dh_total: Array) -> GRUCellGrads:
    """Send all that reaches h_t through one step; what x brought and what h brought differ in the block of n."""
    x_t, h_prev, r, z, n, q = cache
    dz_n = dh_total * (1 - z) * (1 - n**2)
    dz_z = dh_total * (h_prev - n) * z * (1 - z)
    dz_r = dz_n * q * r * (1 - r)
    dq = dz_n * r
    dz_x = np.concatenate([dz_r, dz_z, dz_n], axis=1)
    dz_h = np.concatenate([dz_r, dz_z, dq], axis=1)
    dx_t = dz_x @ params.W_xh.T
    dh_prev = dz_h @ params.W_hh.T + dh_total * z
    dW_xh = x_t.T @ dz_x
    dW_hh = h_prev.T @ dz_h
    return GRUCellGrads(dx_t, dh_prev, dW_xh, dW_hh, dz_x.sum(axis=0), dq.sum(axis=0))

# --- GRU as it was published: the reset before the product -----------------------------------------------------------
def gru_before_cell_forward(params: GRUBeforeParams, x_t: Array, h_prev: Array) -> tuple[Array, Array, GRUCellCache]:
    r"""Compute $n = \tanh(\ldots + (r \odot h_{t-1}) W_{hn})$ and $h_t = (1 - z) \odot n + z \odot h_{t-1}$."""
    W_r, W_z, W_n = np.split(params.W_hh, 3, axis=1)
    x_r, x_z, x_n = np.split(x_t @ params.W_xh + params.b_h, 3, axis=1)
    r = sigmoid(x_r + h_prev @ W_r)
    z = sigmoid(x_z + h_prev @ W_z)
    n = np.tanh(x_n + (r * h_prev) @ W_n)
    h_t = (1 - z) * n + z * h_prev
    y_t = softmax(h_t @ params.W_hy + params.b_y)
    return h_t, y_t, GRUCellCache(x_t, h_prev, r, z, n, h_prev)

def gru_before_cell_backward(params: GRUBeforeParams, cache: GRUCellCache, dh_total: Array) -> CellGrads:
    r"""Send all that reaches h_t through one step; what reaches $r \odot h_{t-1}$ has come through W_hn first."""
    x_t, h_prev, r, z, n, _ = cache
    W_r, W_z, W_n = np.split(params.W_hh, 3, axis=1)
    dz_n = dh_total * (1 - z) * (1 - n**2)
    dz_z = dh_total * (h_prev - n) * z * (1 - z)
    d_rh = dz_n @ W_n.T
    dz_r = d_rh * h_prev * r * (1 - r)
    dz_t = np.concatenate([dz_r, dz_z, dz_n], axis=1)
    dx_t = dz_t @ params.W_xh.T
    dh_prev = dz_r @ W_r.T + dz_z @ W_z.T + d_rh * r + dh_total * z
    dW_xh = x_t.T @ dz_t
    dW_hh = np.concatenate([h_prev.T @ dz_r, h_prev.T @ dz_z, (r * h_prev).T @ dz_n], axis=1)
    return CellGrads(dx_t, dh_prev, dW_xh, dW_hh, dz_t.sum(axis=0))

# --- Either GRU along a sequence -------------------------------------------------------------------------------------
def gru_forward(params: GRUParams | GRUBeforeParams, x: Array, h0: Array) -> tuple[Array, Array, GRUCache]:
    """Run the cell along x; keep each state, each gate, and each step's probabilities."""
    states, kept, y = [h0], [], []
    for x_t in x:
        if isinstance(params, GRUParams):
            h_t, y_t, cache = gru_cell_forward(params, x_t, states[-1])
        else:
            h_t, y_t, cache = gru_before_cell_forward(params, x_t, states[-1])
        states.append(h_t)
        kept.append([cache.r, cache.z, cache.n, cache.q])
        y.append(y_t)
    r, z, n, q = np.array(kept).swapaxes(0, 1)
    return np.array(states[1:]), np.array(y), GRUCache(x, np.array(states), r, z, n, q)

def gru_backward(params: GRUParams | GRUBeforeParams, cache: GRUCache, dh: Array) -> GRUGrads | SequenceGrads:
    """Walk back with one carry, and sum each step's gradients of the weights: W_xh, W_hh, b_h, and b_n if any."""
    x, states, r, z, n, q = cache
    dx, dh_carry, sums = np.zeros_like(x), np.zeros_like(states[0]), [np.zeros_like(p) for p in params[:-2]]
    for t in reversed(range(len(dh))):
        step = GRUCellCache(x[t], states[t], r[t], z[t], n[t], q[t])
        if isinstance(params, GRUParams):
            dx[t], dh_carry, *weights = gru_cell_backward(params, step, dh[t] + dh_carry)
        else:
            dx[t], dh_carry, *weights = gru_before_cell_backward(params, step, dh[t] + dh_carry)
        sums = [s + w for s, w in zip(sums, weights, strict=True)]
    return GRUGrads(dx, dh_carry, *sums) if isinstance(params, GRUParams) else SequenceGrads(dx, dh_carry, *sums)

def gru_loss_and_grads(
    params: GRUParams | GRUBeforeParams, x: Array, targets: Array, h0: Array
) -> tuple[float, GRUParams | GRUBeforeParams]:
    """Run forward to the loss, then back through the output layer and through time."""
    h, _, cache = gru_forward(params, x, h0)
    logits = h @ params.W_hy + params.b_y
    dh, dW_hy, db_y = output_backward(params.W_hy, h, logits_gradient(logits, targets))
    _, _, *weights = gru_backward(params, cache, dh)
    return cross_entropy(logits, targets), type(params)._make([*weights, dW_hy, db_y])
