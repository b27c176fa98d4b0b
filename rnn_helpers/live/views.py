"""The live views of the course: plain functions that return a Drawing, and the controls that set their arguments."""

import numpy as np

from rnn_helpers import plots
from rnn_helpers.live.checks import STEP_SIZE, SUSPECTS
from rnn_helpers.live.controls import Control, View
from rnn_helpers.output import softmax as softmax_of
from rnn_helpers.params import init_params
from rnn_helpers.plots import Drawing
from rnn_helpers.rnn import rnn_forward
from rnn_helpers.validate import Array


def draw_unrolled(steps: int, n_h: int) -> Drawing:
    """Draw the unrolled network of the course: n_x = 4, n_y = 3, a batch of 2."""
    return plots.unrolled(steps, n_x=4, n_h=n_h, n_y=3, batch=2)


def draw_cell(n_x: int, n_h: int, n_y: int, batch: int) -> Drawing:
    """Draw one step of the network with the shapes that these sizes give."""
    return plots.cell(n_x, n_h, n_y, batch)


def draw_softmax(z1: float, z2: float, z3: float, temperature: float) -> Drawing:
    """Draw softmax(z / temperature) for three scores."""
    z = np.array([z1, z2, z3])
    return plots.softmax_bars(z, softmax_of(z / temperature))


def draw_tanh(z: float) -> Drawing:
    """Draw tanh, its slope and its tangent at z."""
    return plots.tanh_and_slope(z)


def draw_loss(score: float) -> Drawing:
    """Draw the loss of a right class over its score."""
    return plots.loss_of_score(score)


def pulse_states(steps: int, n_h: int, seed: int = 0) -> Array:
    """Return the states (steps, n_h) of a network whose input is a pulse of 1 at steps 1, 11, 21, ... and else 0."""
    params = init_params(np.random.default_rng(seed), n_x=3, n_h=n_h, n_y=2)
    x = np.zeros((steps, 1, 3))
    x[::10] = 1
    h, _, _ = rnn_forward(params, x)
    return h[:, 0]


def draw_states(steps: int, n_h: int) -> Drawing:
    """Draw the states after pulses, see `pulse_states`."""
    return plots.state_heatmap(pulse_states(steps, n_h))


def gradient_sizes(steps: int, n_h: int, spread: float, draws: int = 8) -> Array:
    r"""Return $\|dh_t\|$ for t = 1..steps, when only the last step has a loss and W_hh ~ N(0, spread²).

    Input and arriving gradient are random, the input weak (spread 0.1), the batch 8. One small network's W_hh may
    be lucky, so the result is the geometric mean over several draws.
    """
    rng = np.random.default_rng(0)
    logs = np.empty((draws, steps))
    for draw in range(draws):
        params = init_params(rng, n_x=3, n_h=n_h, n_y=2)
        params = params._replace(W_hh=rng.normal(scale=spread, size=(n_h, n_h)))
        h, _, _ = rnn_forward(params, 0.1 * rng.normal(size=(steps, 8, 3)))
        dh_t = rng.normal(size=(8, n_h))
        log_size = 0.0
        for t in reversed(range(steps)):
            # The walk is linear in dh_t: it may be scaled to size 1 at each step, so that nothing underflows.
            size = np.linalg.norm(dh_t)
            log_size += np.log(size)
            logs[draw, t] = log_size
            dh_t = (dh_t / size * (1 - h[t] ** 2)) @ params.W_hh.T
    sizes: Array = np.exp(logs.mean(axis=0))
    return sizes


def draw_gradient(steps: int, n_h: int, spread: float) -> Drawing:
    """Draw the size of the gradient at each step, see `gradient_sizes`."""
    return plots.size_by_step(gradient_sizes(steps, n_h, spread))


STEPS = Control("steps", "sequence length T", 1, 60, 1, 5)
HIDDEN = Control("n_h", "hidden size n_h", 1, 64, 1, 5)
UNROLLED = View(draw_unrolled, (STEPS, HIDDEN))
CELL = View(
    draw_cell,
    (
        Control("n_x", "input size n_x", 1, 64, 1, 4),
        HIDDEN,
        Control("n_y", "output size n_y", 1, 64, 1, 3),
        Control("batch", "batch", 1, 64, 1, 2),
    ),
)
SOFTMAX = View(
    draw_softmax,
    (
        Control("z1", "score z1", -6.0, 6.0, 0.1, 2.0),
        Control("z2", "score z2", -6.0, 6.0, 0.1, 1.0),
        Control("z3", "score z3", -6.0, 6.0, 0.1, -1.0),
        Control("temperature", "temperature", 0.1, 10.0, 0.1, 1.0),
    ),
)
TANH = View(draw_tanh, (Control("z", "z", -4.0, 4.0, 0.01, 0.5),))
LOSS = View(draw_loss, (Control("score", "score of the right class", -6.0, 6.0, 0.1, 0.0),))
STATES = View(draw_states, (STEPS._replace(start=40, high=200), HIDDEN._replace(start=24, high=128)))
GRADIENT = View(
    draw_gradient,
    (
        STEPS._replace(low=2, start=40, high=200),
        HIDDEN._replace(start=16, high=128),
        Control("spread", "spread of W_hh", 0.05, 0.5, 0.01, 0.2),
    ),
)
VIEWS = {
    "unrolled": UNROLLED,
    "cell": CELL,
    "softmax": SOFTMAX,
    "tanh": TANH,
    "loss": LOSS,
    "states": STATES,
    "gradient": GRADIENT,
    "suspects": SUSPECTS,
    "step_size": STEP_SIZE,
}
