"""The answers of notebooks 14 and 15 in their plainest form. Those of 00 to 13 are in `plain.py`: read that first.

A test holds them equal to the package's functions; known mistakes are exchanges of this text (`check/`).
"""

import numpy as np

from rnn_helpers.output import IGNORE_INDEX
from rnn_helpers.params import RNNParams
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
