"""The answers of notebooks 14, 15 and 17 in their plainest form. Those of 00 to 13 are in `plain.py`: read that first.

A test holds them equal to the package's functions; known mistakes are exchanges of this text (`check/`).
"""

import numpy as np

from rnn_helpers import IGNORE_INDEX, RNNParams, SequenceGrads, rnn_backward
from rnn_helpers.plain import one_hot, rnn_forward
from rnn_helpers.validate import Array


# fmt: off
# --- 14 Vanishing and exploding --------------------------------------------------------------------------------------
def step_jacobian(W_hh: Array, h_t: Array) -> Array:
    r"""Compute $J_t[i, j] = W_{hh}[i, j] (1 - h_t[j]^2)$: how much h_t[j] moves when h_{t-1}[i] does."""
    return W_hh * (1 - h_t**2)

def growth(W_hh: Array, h: Array, change: Array) -> Array:
    r"""Compute $\log |c J_t|$ for each step of a change c that is made 1 long before each."""
    change = change / np.linalg.norm(change)
    logs = []
    for h_t in h:
        change = change @ step_jacobian(W_hh, h_t)
        length = np.linalg.norm(change)
        logs.append(np.log(length))
        change = change / length
    return np.array(logs)

def spectral_radius(W: Array) -> float:
    r"""Compute $\max_i |\lambda_i|$ over the eigenvalues of W, which may be complex."""
    return np.abs(np.linalg.eigvals(W)).max()

def orthogonal(normal: Array) -> Array:
    """Return Q of normal = QR, its columns turned so that R has a positive diagonal."""
    Q, R = np.linalg.qr(normal)
    return Q * np.sign(np.diag(R))

# --- 15 How far back does it remember? -------------------------------------------------------------------------------
def no_memory_loss(lag: int, symbols: int, payload: int) -> float:
    r"""Compute $n \ln K / (lag + 2 n)$: n symbols of K are guessed, and the other steps cost nothing."""
    return payload * np.log(symbols) / (lag + 2 * payload)

def recall_batch(symbols: Array, between: Array) -> tuple[Array, Array]:
    """Return ids and targets: a symbol 0..3, distractors 4..7, and a question mark, 8, which asks for the symbol."""
    ids = np.concatenate([symbols[None], 4 + between, np.full((1, len(symbols)), 8)])
    targets = np.full(ids.shape, IGNORE_INDEX)
    targets[-1] = symbols
    return ids, targets

def memory_curve(h: Array, u: Array, lags: int) -> Array:
    r"""Compute $R^2_k = 1 - \overline{(u_{t-k} - h_t w_k - c_k)^2} / \mathrm{var}(u)$: fit one half, test the other."""
    past = np.column_stack([u[lags - k : len(u) - k] for k in range(lags)])
    known = np.column_stack([h[lags:], np.ones(len(past))])
    half = len(past) // 2
    weights, *_ = np.linalg.lstsq(known[:half], past[:half], rcond=None)
    error = past[half:] - known[half:] @ weights
    return np.maximum(0, 1 - (error**2).mean(axis=0) / past[half:].var(axis=0))

def arriving(params: RNNParams, ids: Array, dh_last: Array) -> float:
    r"""Compute $|dh_1| / |dh_T|$, where the last step alone has a gradient of its own."""
    h, _, _ = rnn_forward(params, one_hot(ids, len(params.W_xh)))
    dh = dh_last
    for h_t in h[:0:-1]:
        dh = (dh * (1 - h_t**2)) @ params.W_hh.T
    return float(np.linalg.norm(dh) / np.linalg.norm(dh_last))

# --- 17 Same maths, faster -------------------------------------------------------------------------------------------
def input_first(params: RNNParams, x: Array, h0: Array) -> Array:
    r"""Take $x W_{xh} + b_h$ for all steps at once; the loop then needs $h_t = \tanh(\ldots_t + h_{t-1} W_{hh})$."""
    from_x = x @ params.W_xh + params.b_h
    h, h_prev = np.zeros_like(from_x), h0
    for t in range(len(x)):
        h_prev = np.tanh(from_x[t] + h_prev @ params.W_hh)
        h[t] = h_prev
    return h

def weight_gradient(states: Array, dz: Array) -> Array:
    r"""Sum $h_{t-1}^\top dz_t$ over all steps in one product: each step of each sample is a row; states[0] is h0."""
    h_prev = states[:-1].reshape(-1, states.shape[-1])
    return h_prev.T @ dz.reshape(-1, dz.shape[-1])

def checkpointed(params: RNNParams, x: Array, dh: Array, every: int) -> SequenceGrads:
    """Keep the state before each piece of `every` steps; go back piece by piece, and run each forward again first."""
    starts, kept = range(0, len(x), every), [np.zeros((x.shape[1], len(params.b_h)))]
    for s in starts:
        h, _, _ = rnn_forward(params, x[s : s + every], kept[-1])
        kept.append(h[-1].copy())
    dx, dh_carry, shared = np.zeros_like(x), np.zeros_like(kept[0]), [np.zeros_like(p) for p in params[:3]]
    for i, s in reversed(list(enumerate(starts))):
        _, _, cache = rnn_forward(params, x[s : s + every], kept[i])
        dh_piece = dh[s : s + every].copy()
        dh_piece[-1] += dh_carry
        dx[s : s + every], dh_carry, *grads = rnn_backward(params, cache, dh_piece)
        shared = [total + grad for total, grad in zip(shared, grads, strict=True)]
    return SequenceGrads(dx, dh_carry, *shared)
