"""Sequences of different lengths as rectangles of numbers: padding that does not count, and not much of it."""

from collections.abc import Callable, Iterator, Sequence
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
    continues : each column goes on where that column of the batch before ended, so that the state can be carried on.
    """

    x: Array
    targets: Array
    rows: Array
    continues: bool = False

    def lengths(self) -> Array:
        """Return (batch,) the number of steps that count: the last real step of column i is lengths()[i] - 1."""
        counted: Array = (self.targets != IGNORE_INDEX).sum(axis=0)
        return counted


class Batches:
    """Batches to loop over as often as one likes: each is made when it is asked for, their number is known before."""

    def __init__(self, count: int, make: Callable[[], Iterator[Batch]]) -> None:
        """Take the number of batches and the function that begins to make them."""
        self._count, self._make = count, make

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Batch]:
        return self._make()

    def __repr__(self) -> str:
        return f"{self._count:,} batches"


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
    return [_batch(checked, group) for group in _groups(checked, validate.size("size", size), rng)]


def passes(sequences: Sequence[Array], size: int, rng: np.random.Generator, count: int) -> Batches:
    """Return the batches of `count` passes (epochs) over all sequences, each mixed anew when it is reached.

    Raises
    ------
    TypeError, ValueError : `rng` no Generator, `count` below 1, and what `batches` raises.
    """
    validate.generator(rng)
    validate.size("count", count)
    checked = _checked(sequences)
    # Where a batch ends is decided by the lengths in rising order, so that each pass has as many as one in order.
    a_pass = len(_groups(checked, validate.size("size", size), None))

    def mixed() -> Iterator[Batch]:
        return (_batch(checked, group) for _ in range(count) for group in _groups(checked, size, rng))

    return Batches(count * a_pass, mixed)


def windows(ids: Array, steps: int, batch: int = 1, passes: int = 1) -> Batches:
    """Return one long text, cut into `batch` equal streams, `steps` ids at a time, in the order of reading.

    The state at the end of a window is the right h0 of the next one, but for the first window of each pass:
    `continues` says so. What does not fill the last window is left out.

    Parameters
    ----------
    ids : (length,) ids, at least steps * batch + 1 of them.
    steps : the length of a window.
    batch : the number of streams that are read side by side.
    passes : how often the text is read.

    Raises
    ------
    TypeError, ValueError : `ids` not ids or too few of them, `steps`, `batch` or `passes` below 1.
    """
    (ids,) = _checked([ids], "ids")
    validate.size("steps", steps)
    validate.size("batch", batch)
    validate.size("passes", passes)
    length = (len(ids) - 1) // batch // steps * steps
    if not length:
        raise ValueError(
            f"ids: expected at least steps * batch + 1 = {steps * batch + 1}, got {len(ids)}: "
            "take fewer steps, a smaller batch or a longer text"
        )
    x = ids[: length * batch].reshape(batch, length).T
    targets = ids[1 : length * batch + 1].reshape(batch, length).T
    rows = np.arange(batch)

    def in_order() -> Iterator[Batch]:
        for _ in range(passes):
            for start in range(0, length, steps):
                piece = slice(start, start + steps)
                yield Batch(x[piece], targets[piece], rows, continues=start > 0)

    return Batches(passes * (length // steps), in_order)


def _groups(sequences: list[Array], size: int, rng: np.random.Generator | None) -> list[list[int]]:
    """Return the rows of each batch."""
    order = np.arange(len(sequences)) if rng is None else validate.generator(rng).permutation(len(sequences))
    steps = np.array([len(sequence) + 1 for sequence in sequences])
    order = order[np.argsort(steps[order], kind="stable")]
    groups: list[list[int]] = [[]]
    filled = 0
    for row, longest in zip(order.tolist(), steps[order].tolist(), strict=True):
        area = (len(groups[-1]) + 1) * longest
        if len(groups[-1]) == size or area - filled - longest >= MOST_PADDING * area:
            groups.append([])
            filled = 0
        groups[-1].append(row)
        filled += longest
    if rng is not None:
        rng.shuffle(groups)
    return groups


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
