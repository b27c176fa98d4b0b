"""How much of a gradient the lane of an LSTM's cell states carries back, when the last step alone has a loss."""

from typing import NamedTuple

import numpy as np

from rnn_helpers import validate
from rnn_helpers.gates import LSTMCache, LSTMCellCache, LSTMParams, init_lstm, lstm_forward
from rnn_helpers.labs.flow import flow
from rnn_helpers.plain_gates import lstm_cell_backward
from rnn_helpers.validate import Array

UNITS, INPUTS, BATCH = 32, 3, 8


class Carousel(NamedTuple):
    """What an LSTM's start does to a gradient that begins at the last cell state.

    Attributes
    ----------
    gate : the mean of the forget gate over all units and steps.
    all_roads : (time + 1,) base-10 logarithms of the size of what reaches the cell state k steps back, as a multiple of
        the last one.
    lane : (time + 1,) the same of what came along the lane alone: a product of forget gates.
    plain : (time + 1,) the same of a plain network with an orthogonal start, from its last state.
    """

    gate: float
    all_roads: Array
    lane: Array
    plain: Array


def walk_back(params: LSTMParams, cache: LSTMCache, dc_last: Array) -> tuple[Array, Array]:
    """Return `all_roads` and `lane`, each (time + 1,): see `Carousel`.

    Parameters
    ----------
    params, cache : as `lstm_forward` takes and returns them.
    dc_last : (batch, n_h) the gradient at the last cell state; no step has one of its own.
    """
    x, states, cells, i, f, g, o = cache
    logs = np.zeros((2, len(f) + 1))
    dc, lane, dh = dc_last / np.linalg.norm(dc_last), dc_last / np.linalg.norm(dc_last), np.zeros_like(dc_last)
    for k, t in enumerate(reversed(range(len(f))), start=1):
        step = LSTMCellCache(x[t], states[t], cells[t], i[t], f[t], g[t], o[t], cells[t + 1])
        grads = lstm_cell_backward(params, step, dh, dc)
        dh, dc, lane = grads.h_prev, grads.c_prev, lane * f[t]
        # The walk is linear: made 1 long after each step, it neither under- nor overflows.
        sizes = np.linalg.norm(dc), np.linalg.norm(lane)
        logs[:, k] = logs[:, k - 1] + np.log10(sizes)
        dh, dc, lane = dh / sizes[0], dc / sizes[0], lane / sizes[1]
    return logs[0], logs[1]


def carousel(forget_bias: float, input_scale: float, steps: int, seed: int = 0) -> Carousel:
    """Return what a start of `init_lstm` with 32 units does to a gradient over so many steps, from states of zeros.

    A longer sequence begins earlier: its last inputs are the same.
    """
    validate.number("forget_bias", forget_bias)
    validate.number("input_scale", input_scale)
    validate.size("steps", steps)
    params = init_lstm(np.random.default_rng(seed), n_x=INPUTS, n_h=UNITS, n_y=1, forget_bias=forget_bias)
    rng = np.random.default_rng([seed, 1])
    dc_last, x = rng.standard_normal((BATCH, UNITS)), rng.standard_normal((steps, BATCH, INPUTS))[::-1]
    _, _, cache = lstm_forward(params, input_scale * x)
    plain = flow("orthogonal", 1.0, input_scale, steps, seed).log_sizes
    return Carousel(float(cache.f.mean()), *walk_back(params, cache, dc_last), plain)
