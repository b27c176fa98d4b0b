"""The gradient of W_hh without a walk back: what each weight has done to the state so far is carried forward."""

import numpy as np

from rnn_helpers.params import RNNParams
from rnn_helpers.validate import Array


# fmt: off
def rtrl(params: RNNParams, h: Array, h0: Array, dh: Array) -> tuple[Array, Array]:
    """Return dW_hh, and the last influence, of one sequence: h and dh are (time, n_h), h0 is (n_h,)."""
    n_h = len(h0)
    influence = np.zeros((n_h, n_h, n_h))  # [i, j, k]: how much h_t[k] moves when W_hh[i, j] does
    units = np.arange(n_h)
    dW_hh, h_prev = np.zeros((n_h, n_h)), h0
    for h_t, dh_t in zip(h, dh, strict=True):
        influence = influence @ params.W_hh  # through the state before
        influence[:, units, units] += h_prev[:, None]  # directly: W_hh[i, j] brings h_prev[i] to j
        influence *= 1 - h_t**2
        dW_hh += influence @ dh_t
        h_prev = h_t
    return dW_hh, influence
