"""The networks whose numbers the course's live figures show. Notebooks compute with the same ones to check a figure."""

import numpy as np

from rnn_helpers import validate
from rnn_helpers.cell import CellCache, rnn_cell_backward
from rnn_helpers.output import softmax
from rnn_helpers.params import RNNParams, init_params
from rnn_helpers.plots import StepBackNumbers, StepNumbers, WalkNumbers, door
from rnn_helpers.rnn import SequenceCache, rnn_forward
from rnn_helpers.validate import Array

# The network that notebook 02 computes with a pencil: three inputs, two units, four classes.
PENCIL = RNNParams(
    W_xh=np.array([[0.5, -0.3], [0.2, 0.4], [-0.1, 0.6]]),
    W_hh=np.array([[0.8, 0.1], [-0.2, 0.7]]),
    b_h=np.array([0.1, 0.0]),
    W_hy=np.array([[1.0, -1.0, 0.5, 0.0], [0.0, 0.3, -0.5, 1.0]]),
    b_y=np.zeros(4),
)


def pencil_step(x_t: Array, h_prev: Array) -> StepNumbers:
    """Return every number of one step of the pencil network, for x_t (1, 3) and h_prev (1, 2)."""
    x_t = door.numbers("x_t", x_t, {"batch": 1, "n_x": 3}).astype(np.float64)
    h_prev = door.numbers("h_prev", h_prev, {"batch": 1, "n_h": 2}).astype(np.float64)
    W_xh, W_hh, b_h, W_hy, b_y = PENCIL
    from_x, from_h = x_t @ W_xh, h_prev @ W_hh
    z_t = from_x + from_h + b_h
    h_t = np.tanh(z_t)
    scores = h_t @ W_hy + b_y
    return StepNumbers(
        x_t, W_xh, from_x, h_prev, W_hh, from_h, b_h[None], z_t, h_t, W_hy, b_y[None], scores, softmax(scores)
    )


def pencil_step_back(x_t: Array, h_prev: Array, dh_total: Array, *, transposed: bool = True) -> StepBackNumbers:
    """Return the numbers of the same step with the gradients that dh_total (1, 2) becomes.

    Without `transposed`, dh_prev is what a forgotten transpose of W_hh makes of it.
    """
    step = pencil_step(x_t, h_prev)
    dh_total = door.numbers("dh_total", dh_total, {"batch": 1, "n_h": 2}).astype(np.float64)
    door.flag("transposed", transposed)
    grads = rnn_cell_backward(PENCIL, CellCache(step.x_t, step.h_prev, step.h_t), dh_total)
    dz_t = grads.b_h[None]  # the bias occurs once in a batch of one: its gradient is dz_t
    dh_prev = grads.h_prev if transposed else dz_t @ step.W_hh
    return StepBackNumbers(
        *(step.x_t, grads.x_t, step.W_xh, grads.W_xh, step.h_prev, dh_prev, step.W_hh, grads.W_hh),
        *(step.b_h, dz_t, step.z_t, dz_t, step.h_t, dh_total, 1 - step.h_t**2),
    )


def short_walk() -> tuple[RNNParams, SequenceCache, Array]:
    """Return a network of two units, its cache after four steps of one sequence, and random dh (4, 1, 2)."""
    rng = np.random.default_rng(1)
    params = init_params(rng, n_x=3, n_h=2, n_y=3)
    params = params._replace(W_xh=np.round(params.W_xh, 1), W_hh=np.round(params.W_hh, 1))
    x, dh = np.round(rng.normal(size=(4, 1, 3)), 1), np.round(rng.normal(size=(4, 1, 2)), 1)
    _, _, cache = rnn_forward(params, x, h0=np.round(0.5 * rng.normal(size=(1, 2)), 1))
    return params, cache, dh


def walk_back(*, carried: bool = True) -> WalkNumbers:
    """Return all numbers of the short walk back; without `carried` each step hears only its own output."""
    door.flag("carried", carried)
    params, (x, states), dh = short_walk()
    carry, dz, terms = np.zeros_like(states), np.zeros_like(dh), np.zeros((4, 2, 2))
    for t in reversed(range(4)):
        grads = rnn_cell_backward(params, CellCache(x[t], states[t], states[t + 1]), dh[t] + carry[t + 1])
        dz[t], terms[t] = grads.b_h, grads.W_hh
        if carried:
            carry[t] = grads.h_prev
    return WalkNumbers(params.W_hh, states[:, 0], dh[:, 0], carry[:, 0], dz[:, 0], terms)


def pulse_states(steps: int, n_h: int, seed: int = 0) -> Array:
    """Return the states (steps, n_h) of a network whose input is a pulse of 1 at steps 1, 11, 21, ... and else 0."""
    validate.size("steps", steps)
    door.within("seed", seed, 0, 2**32)
    params = init_params(np.random.default_rng(seed), n_x=3, n_h=n_h, n_y=2)
    x = np.zeros((steps, 1, 3))
    x[::10] = 1
    h, _, _ = rnn_forward(params, x)
    return h[:, 0]


def gradient_walks(steps: int, n_h: int, spread: float, networks: int = 8) -> tuple[Array, Array]:
    r"""Walk back through several random networks whose last step alone has a loss, with W_hh ~ N(0, spread²).

    Input and arriving gradient are random, the input weak (spread 0.1), the batch 8. One small network's W_hh may be
    lucky, so that several are needed. Each keeps its weights and its last inputs when `steps` changes: a longer
    sequence begins earlier.

    Returns
    -------
    h : (steps, n_h) states of the first network, for the first sequence of its batch.
    log_sizes : (networks, steps) base-10 logarithms of the size of dh_total.
    """
    for name, size in (("steps", steps), ("n_h", n_h), ("networks", networks)):
        validate.size(name, size)
    validate.positive("spread", spread)
    from_x, W_hh, dh = np.empty((steps, networks, 8, n_h)), np.empty((networks, n_h, n_h)), np.empty((networks, 8, n_h))
    for n in range(networks):
        rng = np.random.default_rng(n)
        params = init_params(rng, n_x=3, n_h=n_h, n_y=2)
        W_hh[n] = rng.normal(scale=spread, size=(n_h, n_h))
        dh[n] = rng.normal(size=(8, n_h))
        from_x[:, n] = 0.1 * rng.normal(size=(steps, 8, 3))[::-1] @ params.W_xh  # the last step's input is drawn first
    # The package runs one network at a time. A slider needs all of them at once: one stacked product a step.
    h = from_x
    for t in range(steps):
        h[t] = np.tanh(h[t] + h[t - 1] @ W_hh if t else h[t])
    log_sizes = np.zeros((networks, steps))
    for t in reversed(range(steps)):
        # The walk is linear in dh: it is scaled to size 1 at each step, so that nothing under- or overflows.
        size = np.sqrt(np.square(dh).sum(axis=(1, 2), keepdims=True))
        log_sizes[:, : t + 1] += np.log10(size[:, 0])
        dh = (dh / size * (1 - h[t] ** 2)) @ W_hh.transpose(0, 2, 1)
    return h[:, 0, 0], log_sizes
