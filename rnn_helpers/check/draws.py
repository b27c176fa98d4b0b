"""Random arrays of distinct sizes, which the exercises' cases are made of: fixed numbers, extremes where they matter.

The first case of each exercise is small: messages quote a number of it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rnn_helpers.params import RNNParams
from rnn_helpers.validate import Array


class Sizes(NamedTuple):
    """No two are equal, so that a swapped axis cannot hide."""

    time: int
    batch: int
    n_x: int
    n_h: int
    n_y: int


SMALL = Sizes(time=3, batch=2, n_x=5, n_h=4, n_y=6)
ONE_STEP = Sizes(time=1, batch=3, n_x=4, n_h=5, n_y=2)
ONE_ROW = Sizes(time=5, batch=1, n_x=3, n_h=6, n_y=4)
LONG = Sizes(time=7, batch=4, n_x=2, n_h=3, n_y=5)
ALL_SIZES = (SMALL, ONE_STEP, ONE_ROW, LONG)


class Draw(NamedTuple):
    """Random arrays of one set of sizes, all from one generator."""

    sizes: Sizes
    rng: np.random.Generator

    def floats(self, *axes: str, scale: float = 1.0) -> Array:
        """Draw an array with these axes, as in `floats("batch", "n_h")`."""
        return scale * self.rng.standard_normal([getattr(self.sizes, axis) for axis in axes])

    def upstream(self, *axes: str) -> Array:
        """Draw a gradient; that of the last sizes is large, so that a cut or a clipping inside an answer shows."""
        return self.floats(*axes, scale=100.0 if self.sizes is ALL_SIZES[-1] else 1.0)

    def params(self) -> RNNParams:
        """Draw weights and biases, none of them zero."""
        W_xh, W_hh = self.floats("n_x", "n_h", scale=0.6), self.floats("n_h", "n_h", scale=0.6)
        return RNNParams(W_xh, W_hh, self.floats("n_h", scale=0.5), self.floats("n_h", "n_y"), self.floats("n_y"))

    def targets(self, *axes: str) -> Array:
        """Draw right classes."""
        return self.ids(self.sizes.n_y, [getattr(self.sizes, axis) for axis in axes])

    def ids(self, below: int, size: int | Sequence[int]) -> Array:
        """Draw 0 .. below - 1, in the integers that NumPy takes everywhere: in a browser they have 4 bytes."""
        return self.rng.integers(below, size=size).astype(np.intp)


def draws(seed: int) -> list[Draw]:
    """Return one Draw for each set of sizes."""
    return [Draw(sizes, np.random.default_rng([seed, i])) for i, sizes in enumerate(ALL_SIZES)]


def state(d: Draw) -> Array:
    """Draw (batch, n_h) states, as tanh leaves them."""
    return np.tanh(d.floats("batch", "n_h"))


def sequence_of_ids() -> tuple[Draw, RNNParams, Array, Array]:
    """Draw params, token ids as x (time, batch), and h0; the Draw goes on from there."""
    d = draws(71)[0]
    return d, d.params(), d.ids(d.sizes.n_x, size=(d.sizes.time, d.sizes.batch)), state(d)
