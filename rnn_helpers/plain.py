"""The answers of notebooks 00 to 13 in their plainest form, in their order: the page to read first. 14 has its own.

A test holds it equal to the package's faster functions; known mistakes are exchanges of its text (`check/`).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from rnn_helpers import IGNORE_INDEX, CellCache, CellGrads, OutputGrads, RNNParams, SequenceCache, SequenceGrads
from rnn_helpers.validate import Array


# fmt: off
# --- 00 Start here ---------------------------------------------------------------------------------------------------
def step(x: Array, t: int) -> Array:
    """Return $x_t$, what the cell sees at step t: steps count from 1, indices from 0."""
    return x[t - 1]

def one_hot(ids: Array, n_x: int) -> Array:
    """Return (time, batch, n_x) with a 1 in column `ids[t, i]` of each row and 0 elsewhere."""
    return np.eye(n_x)[ids]

def count_parameters(n_x: int, n_h: int, n_y: int) -> int:
    """Count the numbers in W_xh, W_hh, b_h, W_hy and b_y. The length of the sequence does not matter."""
    return n_x * n_h + n_h * n_h + n_h + n_h * n_y + n_y

# --- 01 Softmax and tanh ---------------------------------------------------------------------------------------------
def softmax(z: Array) -> Array:
    r"""Compute $y_i = e^{z_i - m} / \sum_j e^{z_j - m}$ with $m = \max_j z_j$, along the last axis."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

def softmax_backward(y: Array, dy: Array) -> Array:
    r"""Compute $dz_i = y_i (dy_i - \sum_j dy_j y_j)$ along the last axis."""
    return y * (dy - (dy * y).sum(axis=-1, keepdims=True))

def tanh_slope(h: Array) -> Array:
    r"""Compute $\tanh'(z) = 1 - h^2$ from the output $h = \tanh(z)$."""
    return 1 - h**2

# --- 02 The single cell ----------------------------------------------------------------------------------------------
def pre_activation(params: RNNParams, x_t: Array, h_prev: Array) -> Array:
    r"""Compute $z_t = x_t W_{xh} + h_{t-1} W_{hh} + b_h$, what tanh is applied to."""
    return x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h

def rnn_cell_forward(params: RNNParams, x_t: Array, h_prev: Array) -> tuple[Array, Array, CellCache]:
    r"""Compute $h_t = \tanh(z_t)$ and $y_t = \mathrm{softmax}(h_t W_{hy} + b_y)$."""
    h_t = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
    y_t = softmax(h_t @ params.W_hy + params.b_y)
    return h_t, y_t, CellCache(x_t, h_prev, h_t)

def from_article(parameters: Mapping[str, Array]) -> RNNParams:
    """Read weights made for columns: for rows, each matrix is transposed and each bias is flat."""
    W_xh, W_hh, W_hy = parameters["Wam"].T, parameters["Waa"].T, parameters["Wya"].T
    return RNNParams(W_xh, W_hh, parameters["ba"].reshape(-1), W_hy, parameters["by"].reshape(-1))

# --- 03 The unrolled forward pass ------------------------------------------------------------------------------------
def scalar_forward(w_x: float, w_h: float, b: float, xs: Sequence[float], h0: float) -> Array:
    r"""Compute $h_t = \tanh(w_x x_t + w_h h_{t-1} + b)$ for t = 1..T and return all of them."""
    states, h = [], h0
    for x in xs:
        h = np.tanh(w_x * x + w_h * h + b)
        states.append(h)
    return np.array(states)

def rnn_forward(params: RNNParams, x: Array, h0: Array | None = None) -> tuple[Array, Array, SequenceCache]:
    """Run the cell along x; keep each state, and each step's probabilities."""
    h0 = np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0
    states, y = [h0], []
    for x_t in x:
        h_t, y_t, _ = rnn_cell_forward(params, x_t, states[-1])
        states.append(h_t)
        y.append(y_t)
    return np.array(states[1:]), np.array(y), SequenceCache(x, np.array(states))

def run_in_two(params: RNNParams, x: Array, h0: Array, cut: int) -> Array:
    """Run `x[:cut]`, then `x[cut:]` from the state where the first part ended."""
    h_first, _, _ = rnn_forward(params, x[:cut], h0)
    h_second, _, _ = rnn_forward(params, x[cut:], h_first[-1])
    return np.concatenate([h_first, h_second])

# --- 04 The loss and the output layer --------------------------------------------------------------------------------
def cross_entropy(logits: Array, targets: Array) -> float:
    r"""Compute the mean of $\log \sum_j e^{z_j} - z_{target}$ over the targets that count, each row shifted."""
    counts = targets != IGNORE_INDEX
    z = logits[counts]
    z = z - z.max(axis=-1, keepdims=True)
    z_right = z[np.arange(len(z)), targets[counts]]
    return float(np.mean(np.log(np.exp(z).sum(axis=-1)) - z_right))

def logits_gradient(logits: Array, targets: Array) -> Array:
    r"""Compute $(\mathrm{softmax}(z) - \mathrm{onehot}(target)) / N$, zero where the target does not count."""
    counts = targets != IGNORE_INDEX
    dlogits = softmax(logits)
    dlogits[counts, targets[counts]] -= 1
    dlogits[~counts] = 0
    return dlogits / counts.sum()

def output_backward(W_hy: Array, h: Array, dlogits: Array) -> OutputGrads:
    r"""Send dlogits back through $z = h W_{hy} + b_y$; every step of every sample is one row of the two sums."""
    h_rows, d_rows = h.reshape(-1, h.shape[-1]), dlogits.reshape(-1, dlogits.shape[-1])
    return OutputGrads(h=dlogits @ W_hy.T, W_hy=h_rows.T @ d_rows, b_y=d_rows.sum(axis=0))

# --- 05 The cell, backward -------------------------------------------------------------------------------------------
def tanh_backward(h_t: Array, dh_total: Array) -> Array:
    r"""Compute $dz_t = dh^{total}_t \odot (1 - h_t^2)$: the gradient before tanh from the gradient after it."""
    return dh_total * (1 - h_t**2)

def bias_gradient(dz_t: Array) -> Array:
    """Sum over the batch: the one bias was added to every row, so each row sends a share back."""
    return dz_t.sum(axis=0)

def rnn_cell_backward(params: RNNParams, cache: CellCache, dh_total: Array) -> CellGrads:
    r"""Send all that reaches h_t through one step: $dz_t = dh^{total}_t \odot (1 - h_t^2)$, then a product each."""
    x_t, h_prev, h_t = cache
    dz_t = dh_total * (1 - h_t**2)
    dx_t = dz_t @ params.W_xh.T
    dh_prev = dz_t @ params.W_hh.T
    dW_xh = x_t.T @ dz_t
    dW_hh = h_prev.T @ dz_t
    db_h = dz_t.sum(axis=0)
    return CellGrads(dx_t, dh_prev, dW_xh, dW_hh, db_h)

# --- 06 Backpropagation through time ---------------------------------------------------------------------------------
def step_back(params: RNNParams, h_t: Array, dh_t: Array, dh_carry: Array) -> tuple[Array, Array]:
    r"""Add the two roads to $dh^{total}_t$; compute $dz_t$ and the carry for the step before, $dz_t W_{hh}^\top$."""
    dh_total = dh_t + dh_carry
    dz_t = dh_total * (1 - h_t**2)
    return dz_t, dz_t @ params.W_hh.T

def rnn_backward(params: RNNParams, cache: SequenceCache, dh: Array) -> SequenceGrads:
    """Return the gradients of x, h0, W_xh, W_hh, b_h; dh[t] is what step t's own output sends back."""
    h0, h = cache.states[0], cache.states[1:]
    dx, dh_carry = np.zeros_like(cache.x), np.zeros_like(h0)
    dW_xh, dW_hh, db_h = (np.zeros_like(p) for p in params[:3])
    for t in reversed(range(len(dh))):
        h_prev = h[t - 1] if t > 0 else h0
        dh_total = dh[t] + dh_carry
        dz_t = dh_total * (1 - h[t] ** 2)
        dx[t] = dz_t @ params.W_xh.T
        dW_xh += cache.x[t].T @ dz_t
        dW_hh += h_prev.T @ dz_t
        db_h += dz_t.sum(axis=0)
        dh_carry = dz_t @ params.W_hh.T
    return SequenceGrads(dx, dh_carry, dW_xh, dW_hh, db_h)

def loss_and_grads(params: RNNParams, x: Array, targets: Array, h0: Array | None = None) -> tuple[float, RNNParams]:
    """Run forward to the loss, then back through the output layer and through time."""
    h, _, cache = rnn_forward(params, x, h0)  # its probabilities are made again, from scores, where the loss is
    logits = h @ params.W_hy + params.b_y
    dh, dW_hy, db_y = output_backward(params.W_hy, h, logits_gradient(logits, targets))
    _, _, dW_xh, dW_hh, db_h = rnn_backward(params, cache, dh)
    return cross_entropy(logits, targets), RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)

# --- 07 Find the bug -------------------------------------------------------------------------------------------------
def central_difference(f: Callable[[Array], float], v: Array, step: float) -> Array:
    r"""Compute $(f(v + s) - f(v - s)) / 2s$ for each entry of v, moving that entry alone."""
    grad = np.zeros_like(v)
    for index in np.ndindex(v.shape):
        ahead, behind = v.copy(), v.copy()
        ahead[index], behind[index] = v[index] + step, v[index] - step
        grad[index] = (f(ahead) - f(behind)) / (2 * step)
    return grad

def only_step(dh: Array, t: int) -> Array:
    """Return a copy of `dh` (time, batch, n_h) with zeros at every step but t, which counts from 1."""
    alone = np.zeros_like(dh)
    alone[t - 1] = dh[t - 1]
    return alone

# --- 09 Text as batches ----------------------------------------------------------------------------------------------
def masked_loss(nats: Array, targets: Array) -> float:
    """Return the mean of the costs `nats` (time, batch) over the places whose target is not -100."""
    return float(nats[targets != IGNORE_INDEX].mean())

# --- 10 Longer steps -------------------------------------------------------------------------------------------------
def clip_by_norm(grads: RNNParams, most: float) -> RNNParams:
    r"""Return $g \min(1, \mathrm{most} / \|g\|)$, where $\|g\|$ is the length of all fields together."""
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    share = most / norm if norm > most else 1.0
    return RNNParams(*(g * share for g in grads))

def adam_step(p: Array, g: Array, m: Array, s: Array, t: int, learning_rate: float) -> tuple[Array, Array, Array]:
    """Return p, m and s after step t of Adam, t = 1 for the first."""
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g**2
    m_hat, s_hat = m / (1 - 0.9**t), s / (1 - 0.999**t)
    return p - learning_rate * m_hat / (np.sqrt(s_hat) + 1e-8), m, s

# --- 11 It writes ----------------------------------------------------------------------------------------------------
def sampling_step(logits: Array, temperature: float, u: float) -> int:
    """Return the token in whose part of the line from 0 to 1 the number u falls; at temperature 0 the likeliest."""
    if temperature == 0:
        return int(np.argmax(logits))
    ends = np.cumsum(softmax(logits / temperature))
    return int(np.argmax(ends > u))

# --- 12 Your own words -----------------------------------------------------------------------------------------------
def train_on_windows(
    params: RNNParams, x: Array, targets: Array, h0: Array, learning_rate: float
) -> tuple[RNNParams, Array, Array]:
    """Take one step of SGD on each window in turn; each begins in the state in which the one before it ended."""
    h, losses = h0, []
    for x_w, targets_w in zip(x, targets, strict=True):
        loss, grads = loss_and_grads(params, x_w, targets_w, h)
        h = rnn_forward(params, x_w, h)[0][-1]
        params = RNNParams(*(p - learning_rate * g for p, g in zip(params, grads, strict=True)))
        losses.append(loss)
    return params, np.array(losses), h

def trigram_bits(train: str, held_out: str, V: int) -> float:
    r"""Return the mean of $-\log_2 \frac{\mathrm{count}(abc) + 1}{\mathrm{count}(ab) + V}$ over each abc held out."""
    starts = range(len(train) - 2)
    pairs, triples = Counter(train[i : i + 2] for i in starts), Counter(train[i : i + 3] for i in starts)
    asked = [held_out[i : i + 3] for i in range(len(held_out) - 2)]
    shares = [(triples[abc] + 1) / (pairs[abc[:2]] + V) for abc in asked]
    return float(-np.mean(np.log2(shares)))

def squared_error_gradients(W_hy: Array, b_y: Array, h: Array, targets: Array) -> OutputGrads:
    r"""Send the mean of $(h W_{hy} + b_y - target)^2$ over all its numbers back through the output layer."""
    dy = 2 * (h @ W_hy + b_y - targets) / targets.size
    return output_backward(W_hy, h, dy)

# --- 13 Paint a name -------------------------------------------------------------------------------------------------
def last_states(h: Array, lengths: Array) -> Array:
    """Pick the state after each sequence's last real step."""
    return h[lengths - 1, np.arange(len(lengths))]

def head_gradients(W_hy: Array, b_y: Array, h_last: Array, targets: Array) -> tuple[Array, Array, Array]:
    r"""Send the mean distance $\frac{1}{N} \sum \|y - target\|$ back through the head $y = h_{last} W_{hy} + b_y$."""
    difference = h_last @ W_hy + b_y - targets
    distance = np.linalg.norm(difference, axis=1, keepdims=True)
    dy = np.divide(difference, len(targets) * distance, out=np.zeros_like(difference), where=distance > 0)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)

def last_states_backward(dh_last: Array, lengths: Array, steps: int) -> Array:
    """Put each row of `dh_last` where its state was picked; every other step has no output of its own."""
    dh = np.zeros((steps, *dh_last.shape))
    dh[lengths - 1, np.arange(len(lengths))] = dh_last
    return dh

# --- 13b Which letters moved the colour? -----------------------------------------------------------------------------
def at_ids(dx: Array, ids: Array) -> Array:
    """Pick from each row of `dx` (time, batch, n_x) the entry of the id that stood there."""
    return np.take_along_axis(dx, ids[..., None], axis=2)[..., 0]
