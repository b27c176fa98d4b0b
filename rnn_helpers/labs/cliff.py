"""The loss of one unit without input, over its two parameters: flat land, and a ridge that throws plain descent off."""

import numpy as np

from rnn_helpers.validate import Array

STEPS, START, TARGET = 50, 0.5, 0.7


def loss_and_gradient(w_h: Array | float, b: Array | float) -> tuple[Array, Array, Array]:
    r"""Compute $(h_{50} - 0.7)^2$ for $h_t = \tanh(w_h h_{t-1} + b)$ from $h_0 = 0.5$, and its two derivatives.

    Parameters
    ----------
    w_h, b : numbers, or arrays of one shape: all their places at once.

    Returns
    -------
    loss, dw_h, db : of that shape.
    """
    h, by_w_h, by_b = np.full(np.shape(w_h), START), np.zeros(np.shape(w_h)), np.zeros(np.shape(w_h))
    for _ in range(STEPS):
        h_prev, h = h, np.tanh(w_h * h + b)
        by_w_h, by_b = (1 - h**2) * (h_prev + w_h * by_w_h), (1 - h**2) * (1 + w_h * by_b)
    error = h - TARGET
    return error**2, 2 * error * by_w_h, 2 * error * by_b


def descend(w_h: float, b: float, rate: float, steps: int, most: float = np.inf) -> Array:
    """Return (steps + 1, 3): w_h, b and loss before and after each step down, each gradient cut to length `most`."""
    path, place = [], np.array([w_h, b])
    for _ in range(steps + 1):
        loss, *gradient = loss_and_gradient(*place)
        path.append([*place, loss])
        length = np.hypot(*gradient)
        place = place - rate * (most / length if length > most else 1.0) * np.array(gradient)
    return np.array(path)
