"""Two tasks that need memory, recall and adding: until `data` has them."""

import numpy as np

from rnn_helpers.data import Batch
from rnn_helpers.output import IGNORE_INDEX
from rnn_helpers.validate import Array

SYMBOLS, IDS = 4, 9  # ids 0 to 3 are asked for, 4 to 7 only distract, 8 is the question


def recall(rng: "np.random.Generator", steps: int, batch: int) -> Batch:
    """Return a batch whose one target, at the last step, is the id that was read at the first."""
    x = rng.integers(SYMBOLS, IDS - 1, size=(steps, batch))
    x[0], x[-1] = rng.integers(SYMBOLS, size=batch), IDS - 1
    targets = np.full((steps, batch), IGNORE_INDEX)
    targets[-1] = x[0]
    return Batch(x, targets, np.arange(batch))


def adding(rng: "np.random.Generator", steps: int, batch: int) -> tuple[Array, Array, Array]:
    """Return numbers with marks (steps, batch, 2), lengths, and the sum of each column's two marked numbers."""
    x, column = np.zeros((steps, batch, 2)), np.arange(batch)
    x[:, :, 0] = rng.random((steps, batch))
    early, late = rng.integers(steps // 2, size=batch), rng.integers(steps // 2, steps, size=batch)
    x[early, column, 1] = x[late, column, 1] = 1
    return x, np.full(batch, steps), (x[early, column, 0] + x[late, column, 0])[:, None]
