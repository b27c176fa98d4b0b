"""Sequences of different lengths as rectangles of numbers: padding that does not count, and not much of it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from rnn_helpers import validate
from rnn_helpers.data.texts import END
from rnn_helpers.output import IGNORE_INDEX
from rnn_helpers.validate import Array

MOST_PADDING = 0.15


class Batch(NamedTuple):
    """Some sequences side by side, each read from END on; their targets are what comes next.

    Attributes
    ----------
    x : (time, batch) ids that the network reads: END, then the sequence, then padding (END again).
    targets : (time, batch) ids that it should predict: the sequence, then END, then -100, which does not count.
    rows : (batch,) which of the sequences these are.
    """

    x: Array
    targets: Array
    rows: Array

    def lengths(self) -> Array:
        """Return (batch,) the number of steps that count: the last real step of column i is lengths()[i] - 1."""
        counted: Array = (self.targets != IGNORE_INDEX).sum(axis=0)
        return counted


def batches(sequences: Sequence[Array], size: int, rng: np.random.Generator | None = None) -> list[Batch]:
    """Return every sequence once, in batches of at most `size` sequences of like length.

    A batch ends early where the next, longer sequence would bring its padding to 15 %.

    Parameters
    ----------
    sequences : arrays (length,) of ids, as from `encode`.
    size : the most sequences in a batch.
    rng : draws which sequences of one length meet, and the order of the batches; None keeps all in order of length.

    Raises
    ------
    TypeError, ValueError : sequences that are not ids, an empty one, none at all, `size` below 1.
    """
    checked = _checked(sequences)
    validate.size("size", size)
    order = np.arange(len(checked)) if rng is None else validate.generator(rng).permutation(len(checked))
    order = order[np.argsort([len(checked[i]) for i in order], kind="stable")]
    groups: list[list[int]] = [[]]
    for row in order:
        steps = [len(checked[i]) + 1 for i in (*groups[-1], row)]
        padding = 1 - sum(steps) / (len(steps) * max(steps))
        if len(steps) > size or padding >= MOST_PADDING:
            groups.append([])
        groups[-1].append(row)
    if rng is not None:
        rng.shuffle(groups)
    return [_batch(checked, group) for group in groups]


def passes(sequences: Sequence[Array], size: int, rng: np.random.Generator, count: int) -> Iterator[Batch]:
    """Return the batches of `count` passes (epochs) over all sequences, each mixed anew when it is reached.

    Raises
    ------
    TypeError, ValueError : `rng` no Generator, `count` below 1; at the first batch what `batches` raises.
    """
    validate.generator(rng)
    return (batch for _ in range(validate.size("count", count)) for batch in batches(sequences, size, rng))


def windows(ids: Array, steps: int, batch: int = 1) -> Iterator[Batch]:
    """Return one long text, cut into `batch` equal streams, `steps` ids at a time, in the order of reading.

    The state at the end of a window is the right h0 of the next one. What does not fill the last window is left out.

    Parameters
    ----------
    ids : (length,) ids, at least steps * batch + 1 of them.
    steps : the length of a window.
    batch : the number of streams that are read side by side.

    Raises
    ------
    TypeError, ValueError : `ids` not ids or too few of them, `steps` or `batch` below 1.
    """
    (ids,) = _checked([ids], "ids")
    validate.size("steps", steps)
    validate.size("batch", batch)
    length = (len(ids) - 1) // batch // steps * steps
    if not length:
        raise ValueError(f"ids: expected at least steps * batch + 1 = {steps * batch + 1}, got {len(ids)}")
    x = ids[: length * batch].reshape(batch, length).T
    targets = ids[1 : length * batch + 1].reshape(batch, length).T
    pieces = (slice(start, start + steps) for start in range(0, length, steps))
    return (Batch(x[piece], targets[piece], np.arange(batch)) for piece in pieces)


def _batch(sequences: list[Array], rows: list[int]) -> Batch:
    steps = max(len(sequences[row]) for row in rows) + 1
    x = np.full((steps, len(rows)), END)
    targets = np.full((steps, len(rows)), IGNORE_INDEX)
    for column, row in enumerate(rows):
        sequence = sequences[row]
        x[1 : len(sequence) + 1, column] = targets[: len(sequence), column] = sequence
        targets[len(sequence), column] = END
    return Batch(x, targets, np.array(rows))


def _checked(sequences: Sequence[Array], name: str = "sequences") -> list[Array]:
    if not hasattr(sequences, "__len__"):
        raise TypeError(f"{name}: expected a list of arrays of ids, got {type(sequences).__name__}")
    if len(sequences) == 0:
        raise ValueError(f"{name}: expected at least one, got none")
    return [validate.indices(name, ids, {"length": None}, below=np.iinfo(np.int64).max) for ids in sequences]
