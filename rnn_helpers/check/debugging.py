"""The exercises of notebook 07: what a gradient check is made of, and a walk back to mend."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rnn_helpers.check import cases
from rnn_helpers.check.exercise import SEQUENCE_GRADS, Exercise, Output
from rnn_helpers.params import RNNParams
from rnn_helpers.rnn import SequenceCache, SequenceGrads, rnn_backward
from rnn_helpers.validate import Array

# --- answers ---------------------------------------------------------------------------------------------------


def central_difference(f: Callable[[Array], float], v: Array, step: float) -> Array:
    r"""Compute $(f(v + s) - f(v - s)) / 2s$ for each entry of v, moving that entry alone."""
    grad = np.zeros_like(v)
    for index in np.ndindex(v.shape):
        ahead, behind = v.copy(), v.copy()
        ahead[index] += step
        behind[index] -= step
        grad[index] = (f(ahead) - f(behind)) / (2 * step)
    return grad


def only_step(dh: Array, t: int) -> Array:
    """Return a copy of `dh` (time, batch, n_h) with zeros at every step but t, which counts from 1."""
    alone = np.zeros_like(dh)
    alone[t - 1] = dh[t - 1]
    return alone


def mended_walk(params: RNNParams, cache: SequenceCache, dh: Array) -> SequenceGrads:
    """Return the gradients of x, h0, W_xh, W_hh, b_h: what `rnn_backward` returns."""
    return rnn_backward(params, cache, dh)


# --- cases -----------------------------------------------------------------------------------------------------


class Bowl(NamedTuple):
    r"""The function $\sum w v^3 + (\sum v)^2$, curved so that a formula shows its error; its entries act together."""

    w: Array

    def __call__(self, v: Array) -> float:
        """Return the function's value at an array of the shape of `w`."""
        return float((self.w * v**3).sum() + v.sum() ** 2)


def _differences() -> cases.Cases:
    """(f, v, step): two numbers by hand, then other shapes; the steps are large, so that rounding is no part of it."""
    rng = np.random.default_rng(71)
    small = Bowl(np.array([1.0, -2.0])), np.array([0.5, 2.0]), 0.5
    shapes = ((4,), 0.1), ((2, 3), 0.25), ((3, 1, 2), 0.01)
    return small, *((Bowl(rng.standard_normal(s)), rng.standard_normal(s), step) for s, step in shapes)


def _upstream() -> cases.Cases:
    """(dh, t): a step in the middle, the first, the last."""
    made = [d.floats("time", "batch", "n_h") for d in cases.draws(72)]
    return (made[0], 2), (made[3], 3), (made[3], 1), (made[3], 7), (made[1], 1), (made[2], 4)


# --- the exercises ---------------------------------------------------------------------------------------------

ALL = (
    Exercise(central_difference, _differences, (Output("grad", ("entry",)),), "07", "The step of the differences"),
    Exercise(only_step, _upstream, (Output("dh", ("time", "batch", "n_h")),), "07", "One step's loss at a time"),
    Exercise(
        mended_walk,
        cases.sequence_backward,
        SEQUENCE_GRADS,
        "07",
        "Two faults at once",
        backwards=True,
        keeps_float32=True,
    ),
)
