"""How large a gradient is on its way back, step by step, when the last step alone has a loss."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rnn_helpers import validate
from rnn_helpers.params import Recurrent, RNNParams, init_params
from rnn_helpers.rnn import rnn_forward
from rnn_helpers.validate import Array

UNITS, INPUTS, BATCH = 64, 3, 8


class Flow(NamedTuple):
    """What a start does to a gradient.

    Attributes
    ----------
    eigenvalues : (n_h, 2) real and imaginary parts of those of W_hh.
    sigma : the largest singular value of W_hh.
    slope : root mean square of the slopes of all units at all steps.
    log_sizes : (time + 1,) base-10 logarithms of the gradient's size k steps back, as a multiple of the last one.
    """

    eigenvalues: Array
    sigma: float
    slope: float
    log_sizes: Array


def walk_back(W_hh: Array, h: Array, dh_last: Array) -> Array:
    """Return (time + 1,) base-10 logarithms of the gradient's size 0 .. time steps back, as multiples of `dh_last`.

    Parameters
    ----------
    W_hh : (n_h, n_h).
    h : (time, batch, n_h) states.
    dh_last : (batch, n_h) the gradient at the last of them; no other step has one of its own.
    """
    log_sizes, dh = np.zeros(len(h) + 1), dh_last / np.linalg.norm(dh_last)
    for k, h_t in enumerate(reversed(h), start=1):
        dh = (dh * (1 - h_t**2)) @ W_hh.T
        # The walk is linear in dh: made 1 long after each step, it neither under- nor overflows.
        size = np.linalg.norm(dh)
        log_sizes[k] = log_sizes[k - 1] + np.log10(size)
        dh /= size
    return log_sizes


def flow(recurrent: Recurrent, gain: float, input_scale: float, steps: int, seed: int = 0) -> Flow:
    """Return what a start of `init_params` with 64 units does to a gradient over so many steps, from a state of zeros.

    Only sizes change with the gain and the scale of the input, and a longer sequence begins earlier: its last inputs
    are the same.
    """
    validate.positive("gain", gain)
    validate.number("input_scale", input_scale)
    validate.size("steps", steps)
    params, eigenvalues, sigma = _start(recurrent, seed)
    W_hh = gain * params.W_hh
    rng = np.random.default_rng([seed, 1])
    dh_last, x = rng.standard_normal((BATCH, UNITS)), rng.standard_normal((steps, BATCH, INPUTS))[::-1]
    h, _, _ = rnn_forward(params._replace(W_hh=W_hh), input_scale * x)
    slope = float(np.sqrt(np.mean((1 - h**2) ** 2)))
    return Flow(gain * eigenvalues, gain * sigma, slope, walk_back(W_hh, h, dh_last))


@lru_cache  # a slider of the gain needs no eigenvalues anew
def _start(recurrent: Recurrent, seed: int) -> tuple[RNNParams, Array, float]:
    """Return a start of gain 1, and the eigenvalues and the largest singular value of its W_hh."""
    params = init_params(np.random.default_rng(seed), n_x=INPUTS, n_h=UNITS, n_y=1, recurrent=recurrent)
    eigenvalues = np.linalg.eigvals(params.W_hh)
    return params, np.stack([eigenvalues.real, eigenvalues.imag], axis=1), float(np.linalg.norm(params.W_hh, 2))
