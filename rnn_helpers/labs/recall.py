"""Recall one symbol at the end of a sequence: until `data` has the task."""

import numpy as np

from rnn_helpers.data import Batch
from rnn_helpers.output import IGNORE_INDEX

SYMBOLS, IDS = 4, 9  # ids 0 to 3 are asked for, 4 to 7 only distract, 8 is the question


def recall(rng: "np.random.Generator", steps: int, batch: int = 32) -> Batch:
    """Return a batch whose one target, at the last step, is the id that was read at the first."""
    x = rng.integers(SYMBOLS, IDS - 1, size=(steps, batch))
    x[0], x[-1] = rng.integers(SYMBOLS, size=batch), IDS - 1
    targets = np.full((steps, batch), IGNORE_INDEX)
    targets[-1] = x[0]
    return Batch(x, targets, np.arange(batch))
