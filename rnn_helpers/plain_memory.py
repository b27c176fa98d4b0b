"""The answers of notebook 14 in their plainest form. Those of 00 to 13 are in `plain.py`: read that first.

A test holds them equal to the package's functions; known mistakes are exchanges of this text (`check/`).
"""

import numpy as np

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
