"""Other right answers, as learners write them: a wrong one of this form is recognised by its own edits."""

from collections.abc import Callable

import numpy as np

from rnn_helpers import IGNORE_INDEX, OutputGrads, RNNParams, SequenceCache, SequenceGrads
from rnn_helpers.gates import GRUCellCache, GRUCellGrads, GRUParams, LSTMCellCache, LSTMCellGrads, LSTMParams
from rnn_helpers.plain import loss_and_grads, rnn_forward, softmax
from rnn_helpers.validate import Array


# fmt: off
def one_hot(ids: Array, n_x: int) -> Array:
    """Put in each 1 by itself."""
    x = np.zeros((*ids.shape, n_x))
    for t in range(ids.shape[0]):
        for i in range(ids.shape[1]):
            x[t, i, ids[t, i]] = 1
    return x

def softmax_of_two(z: Array) -> Array:
    """Take exp above and below the line."""
    m = z.max(axis=-1, keepdims=True)
    y: Array = np.exp(z - m) / np.exp(z - m).sum(axis=-1, keepdims=True)
    return y

def softmax_backward(y: Array, dy: Array) -> Array:
    """Add up each entry of the Jacobian."""
    dz = np.zeros_like(y)
    for j in range(y.shape[-1]):
        for i in range(y.shape[-1]):
            dz[..., i] += dy[..., j] * y[..., j] * ((i == j) - y[..., i])
    return dz

def rnn_forward_by_index(params: RNNParams, x: Array, h0: Array | None = None) -> tuple[Array, Array, SequenceCache]:
    """Fill arrays, step by step."""
    steps, batch = x.shape[:2]
    states = np.zeros((steps + 1, batch, len(params.b_h)))
    y = np.zeros((steps, batch, len(params.b_y)))
    if h0 is not None:
        states[0] = h0
    for t in range(steps):
        z_t = x[t] @ params.W_xh + states[t] @ params.W_hh + params.b_h
        h_t = np.tanh(z_t)
        states[t + 1] = h_t
        y[t] = softmax(h_t @ params.W_hy + params.b_y)
    return states[1:], y, SequenceCache(x, states)

def rnn_forward_in_place(params: RNNParams, x: Array, h0: Array | None = None) -> tuple[Array, Array, SequenceCache]:
    """Fill arrays of the steps alone."""
    steps, batch = x.shape[:2]
    h, y = np.zeros((steps, batch, len(params.b_h))), np.zeros((steps, batch, len(params.b_y)))
    h_prev = np.zeros((batch, len(params.b_h))) if h0 is None else h0
    first = h_prev
    for t in range(steps):
        h[t] = np.tanh(x[t] @ params.W_xh + h_prev @ params.W_hh + params.b_h)
        y[t] = softmax(h[t] @ params.W_hy + params.b_y)
        h_prev = h[t]
    return h, y, SequenceCache(x, np.array([first, *h]))

def cross_entropy(logits: Array, targets: Array) -> float:
    """Pick from the logarithms of all probabilities."""
    z = logits - logits.max(axis=-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    rows, right = log_p.reshape(-1, log_p.shape[-1]), targets.reshape(-1)
    counts = right != IGNORE_INDEX
    total = 0.0
    for i in range(len(right)):
        if counts[i]:
            total += -rows[i, right[i]]
    return float(total / counts.sum())

def logits_gradient(logits: Array, targets: Array) -> Array:
    """Subtract rows with a single 1."""
    y = softmax(logits)
    counts = (targets != IGNORE_INDEX)[..., None]
    right = (np.arange(logits.shape[-1]) == targets[..., None]) * 1.0
    dlogits: Array = (y - right) * counts / counts.sum()
    return dlogits

def output_backward(W_hy: Array, h: Array, dlogits: Array) -> OutputGrads:
    """Add up over the steps."""
    dh, dW_hy, db_y = np.zeros_like(h), np.zeros_like(W_hy), np.zeros(W_hy.shape[1])
    h_steps, d_steps = h.reshape(-1, *h.shape[-2:]), dlogits.reshape(-1, *dlogits.shape[-2:])
    dh = dlogits @ W_hy.T
    for t in range(len(h_steps)):
        dW_hy += h_steps[t].T @ d_steps[t]
        db_y += d_steps[t].sum(axis=0)
    return OutputGrads(dh, dW_hy, db_y)

def output_backward_in_sums(W_hy: Array, h: Array, dlogits: Array) -> OutputGrads:
    """Add up over the rows."""
    dh = dlogits @ W_hy.T
    h_rows, d_rows = h.reshape(-1, h.shape[-1]), dlogits.reshape(-1, dlogits.shape[-1])
    dW_hy, db_y = np.zeros_like(W_hy), np.zeros(W_hy.shape[1])
    for i in range(len(h_rows)):
        dW_hy += h_rows[i][:, None] * d_rows[i]
        db_y += d_rows[i]
    return OutputGrads(dh, dW_hy, db_y)

def rnn_backward_after_the_loop(params: RNNParams, cache: SequenceCache, dh: Array) -> SequenceGrads:
    """Keep each step's dz, and multiply once at the end."""
    x, h, before = cache.x, cache.states[1:], cache.states[:-1]
    dz, dh_carry = np.zeros_like(h), np.zeros_like(h[0])
    for t in reversed(range(len(dh))):
        dh_total = dh[t] + dh_carry
        dz[t] = dh_total * (1 - h[t] ** 2)
        dh_carry = dz[t] @ params.W_hh.T
    dW_xh = np.einsum("tbi,tbj->ij", x, dz)
    dW_hh = np.einsum("tbi,tbj->ij", before, dz)
    return SequenceGrads(dz @ params.W_xh.T, dh_carry, dW_xh, dW_hh, dz.sum(axis=(0, 1)))

def masked_loss(nats: Array, targets: Array) -> float:
    """Divide a sum by a number."""
    counts = targets != IGNORE_INDEX
    return float((nats * counts).sum() / counts.sum())

def clip_by_norm(grads: RNNParams, most: float) -> RNNParams:
    """Add up field by field, and take the smaller share."""
    total = 0.0
    for g in grads:
        total += (g**2).sum()
    norm = np.sqrt(total)
    share = min(1.0, most / norm)
    return RNNParams(*(g * share for g in grads))

def adam_step(p: Array, g: Array, m: Array, s: Array, t: int, learning_rate: float) -> tuple[Array, Array, Array]:
    """Keep what the step is made of under names of its own."""
    beta1, beta2, epsilon = 0.9, 0.999, 1e-8
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    s_hat = s / (1 - beta2**t)
    step = learning_rate * m_hat / (np.sqrt(s_hat) + epsilon)
    return p - step, m, s

def sampling_step(logits: Array, temperature: float, u: float) -> int:
    """Walk along the line."""
    if temperature == 0:
        return int(np.argmax(logits))
    y = softmax(logits / temperature)
    total = 0.0
    for k in range(len(y)):
        total += y[k]
        if u < total:
            return k
    return len(y) - 1

def train_on_windows(
    params: RNNParams, x: Array, targets: Array, h0: Array, learning_rate: float
) -> tuple[RNNParams, Array, Array]:
    """Go by number, and take the state before the step."""
    h, losses = h0, []
    for k in range(len(x)):
        loss, grads = loss_and_grads(params, x[k], targets[k], h)
        states, _, _ = rnn_forward(params, x[k], h)
        params = RNNParams(*(p - learning_rate * g for p, g in zip(params, grads, strict=True)))
        h = states[-1]
        losses.append(loss)
    return params, np.array(losses), h

def squared_error_gradients(W_hy: Array, b_y: Array, h: Array, targets: Array) -> tuple[Array, Array, Array]:
    """Sum over steps and rows."""
    y = h @ W_hy + b_y
    difference = y - targets
    dy = 2 * difference / difference.size
    dW_hy = np.einsum("tbi,tbj->ij", h, dy)
    db_y = dy.sum(axis=(0, 1))
    dh = dy @ W_hy.T
    return dh, dW_hy, db_y

def last_states(h: Array, lengths: Array) -> Array:
    """Go row by row."""
    picked = np.zeros(h.shape[1:])
    for i in range(len(lengths)):
        picked[i] = h[lengths[i] - 1, i]
    return picked

def last_states_backward(dh_last: Array, lengths: Array, steps: int) -> Array:
    """Go row by row."""
    dh = np.zeros((steps, *dh_last.shape))
    for i in range(len(lengths)):
        dh[lengths[i] - 1, i] = dh_last[i]
    return dh

def at_ids(dx: Array, ids: Array) -> Array:
    """Go place by place."""
    picked = np.zeros(ids.shape)
    for t in range(ids.shape[0]):
        for i in range(ids.shape[1]):
            picked[t, i] = dx[t, i, ids[t, i]]
    return picked

def central_difference_in_place(f: Callable[[Array], float], v: Array, step: float) -> Array:
    """Move one entry of a copy, and back."""
    grad, moved = np.zeros_like(v), v.copy()
    for index in np.ndindex(v.shape):
        old = v[index]
        moved[index] = old + step
        ahead = f(moved)
        moved[index] = old - step
        behind = f(moved)
        moved[index] = old
        grad[index] = (ahead - behind) / (2 * step)
    return grad

def recall_batch(symbols: Array, between: Array) -> tuple[Array, Array]:
    """Fill both, line by line."""
    steps, batch = len(between) + 2, len(symbols)
    ids = np.zeros((steps, batch), dtype=np.intp)
    ids[0] = symbols
    ids[1:-1] = between + 4
    ids[-1] = 8
    targets = np.full((steps, batch), -100)
    targets[-1] = symbols
    return ids, targets

def memory_curve_lag_by_lag(h: Array, u: Array, lags: int) -> Array:
    """Fit one lag after the other."""
    known = np.hstack([h, np.ones((len(h), 1))])[lags:]
    half = len(known) // 2
    curve = []
    for k in range(lags):
        past = np.roll(u, k)[lags:]
        w = np.linalg.lstsq(known[:half], past[:half], rcond=None)[0]
        error = np.mean((past[half:] - known[half:] @ w) ** 2)
        curve.append(max(0.0, 1 - error / np.var(past[half:])))
    return np.array(curve)

def arriving_through_the_cache(params: RNNParams, ids: Array, dh_last: Array) -> float:
    """Keep each state, and count the steps back."""
    h, _, _ = rnn_forward(params, np.eye(len(params.W_xh))[ids])
    dh = dh_last.copy()
    for t in range(len(h) - 1, 0, -1):
        dz = dh * (1 - h[t] ** 2)
        dh = dz @ params.W_hh.T
    share: float = np.sqrt((dh**2).sum() / (dh_last**2).sum())
    return share

def input_first_in_rows(params: RNNParams, x: Array, h0: Array) -> Array:
    """Take the product of all rows, and gather the states in a list."""
    steps, batch, n_x = x.shape
    from_x = (x.reshape(-1, n_x) @ params.W_xh).reshape(steps, batch, -1)
    h, h_t = [], h0
    for from_x_t in from_x:
        h_t = np.tanh(from_x_t + h_t @ params.W_hh + params.b_h)
        h.append(h_t)
    return np.array(h)

def weight_gradient_in_steps(states: Array, dz: Array) -> Array:
    """Add up the steps' own products."""
    dW_hh = np.zeros((dz.shape[-1], dz.shape[-1]))
    for t in range(len(dz)):
        dW_hh += states[t].T @ dz[t]
    return dW_hh

def weight_gradient_by_einsum(states: Array, dz: Array) -> Array:
    """Name the axes."""
    dW_hh: Array = np.einsum("tbi,tbj->ij", states[:-1], dz)
    return dW_hh

def lstm_gates(params: LSTMParams, x_t: Array, h_prev: Array) -> tuple[Array, Array, Array, Array]:
    """Cut columns by number, and take exp."""
    n = h_prev.shape[1]
    z = x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h
    i = 1 / (1 + np.exp(-z[:, :n]))
    f = 1 / (1 + np.exp(-z[:, n:2 * n]))
    g = np.tanh(z[:, 2 * n:3 * n])
    o = 1 / (1 + np.exp(-z[:, 3 * n:]))
    return i, f, g, o

def lstm_cell_backward(params: LSTMParams, cache: LSTMCellCache, dh_total: Array, dc_t: Array) -> LSTMCellGrads:
    """First what reaches each door, then what stood before it."""
    x_t, h_prev, c_prev, i, f, g, o, c_t = cache
    tanh_c = np.tanh(c_t)
    do = dh_total * tanh_c
    dc = dc_t + dh_total * o * (1 - tanh_c**2)
    di, df, dg = dc * g, dc * c_prev, dc * i
    dz = np.hstack([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)])
    return LSTMCellGrads(dz @ params.W_xh.T, dz @ params.W_hh.T, dc * f, x_t.T @ dz, h_prev.T @ dz, dz.sum(axis=0))

def gru_cell_backward(params: GRUParams, cache: GRUCellCache, dh_total: Array) -> GRUCellGrads:
    """First what reaches each door, then what stood before it."""
    x_t, h_prev, r, z, n, q = cache
    dn, dz = dh_total * (1 - z), dh_total * (h_prev - n)
    before_n = dn * (1 - n**2)
    dr, dq = before_n * q, before_n * r
    before_r, before_z = dr * r * (1 - r), dz * z * (1 - z)
    to_x = np.hstack([before_r, before_z, before_n])
    to_h = np.hstack([before_r, before_z, dq])
    dh_prev = dh_total * z + to_h @ params.W_hh.T
    return GRUCellGrads(to_x @ params.W_xh.T, dh_prev, x_t.T @ to_x, h_prev.T @ to_h, to_x.sum(axis=0), dq.sum(axis=0))
