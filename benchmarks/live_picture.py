"""The picture whose latency is measured, as a live figure of the course and as plain `interact` draws it."""

import numpy as np
from IPython.display import display
from ipywidgets import IntSlider, interact

from rnn_helpers import init_params, live, plots, rnn_forward
from rnn_helpers.live import Control, View
from rnn_helpers.validate import Array

BATCH = 16


def walk(steps: int, n_h: int) -> tuple[Array, Array]:
    """Return one sequence's states (steps, n_h), and log10 of the gradient's size at each step, (1, steps).

    One forward and one backward pass in float32, which is enough for a picture: the gradient is scaled to size 1 at
    each step, so that it does not leave the range of its numbers, and W_hh.T laid out as the products like it.
    """
    rng = np.random.default_rng(0)
    params = init_params(rng, n_x=3, n_h=n_h, n_y=2, dtype=np.float32)
    h, _, _ = rnn_forward(params, rng.normal(size=(steps, BATCH, 3)).astype(np.float32))
    dh_t = rng.normal(size=(BATCH, n_h)).astype(np.float32)
    W_hh_T = params.W_hh.T.copy()
    log_sizes = np.zeros((1, steps))
    for t in reversed(range(steps)):
        size = np.linalg.norm(dh_t)
        log_sizes[0, : t + 1] += np.log10(size)
        dh_t = (dh_t / size * (1 - h[t] ** 2)) @ W_hh_T
    return h[:, 0], log_sizes


def view(steps: int, n_h: int) -> View:
    """Return the live view; its slider sets the sequence length."""
    return View(
        lambda steps: plots.states_and_gradient(*walk(steps, n_h)),
        (Control("steps", "steps", 2, steps, 1, steps),),
        lambda drawing, steps: plots.update_states_and_gradient(drawing, *walk(steps, n_h)),
    )


def show(steps: int, n_h: int) -> None:
    live.show(view(steps, n_h))


def naive(steps: int, n_h: int) -> None:
    """Do what most notebooks do: draw a new figure at each move, at Jupyter's own resolution."""

    def draw(steps: int) -> None:
        display(plots.states_and_gradient(*walk(steps, n_h)).figure)

    interact(draw, steps=IntSlider(steps, 2, steps))
