"""Tasks that need memory, made of random numbers: what is asked for at the end stood there long before.

Each function draws one batch, fresh every time, so that a network can't know it by heart. `no_memory_loss` says what an
answer costs that remembers nothing.
"""

from typing import Literal, NamedTuple, get_args

import numpy as np

from rnn_helpers import validate
from rnn_helpers.data.batching import Batch
from rnn_helpers.output import IGNORE_INDEX
from rnn_helpers.validate import Array

Task = Literal["recall", "copy", "adding", "parity"]


class Sums(NamedTuple):
    """Sequences of numbers, each with one number as its answer.

    Attributes
    ----------
    x : (time, batch, 2) what the network reads: a number, and 1 where it is marked or 0 where it is not.
    lengths : (batch,) how many steps of each are real: all.
    targets : (batch, 1) the sum of the marked numbers.
    """

    x: Array
    lengths: Array
    targets: Array


def recall(rng: "np.random.Generator", steps: int, batch: int, *, symbols: int = 4, distractors: int = 4) -> Batch:
    """Draw sequences that begin with a symbol and end in a question mark, which asks for the symbol.

    Ids 0 .. symbols - 1 are the symbols, the next ones the distractors between, drawn evenly; the last is the question
    mark. Only the last step has a target.

    Parameters
    ----------
    rng : the generator that draws.
    steps : the length of a sequence, at least 2.
    batch : the number of sequences.
    symbols, distractors : how many there are of each, at least 1.

    Raises
    ------
    TypeError : `rng` is not a Generator, or a size not an integer.
    ValueError : a size is too small.
    """
    validate.generator(rng)
    _at_least("steps", steps, 2)
    for name, size in (("batch", batch), ("symbols", symbols), ("distractors", distractors)):
        validate.size(name, size)
    x = rng.integers(symbols, symbols + distractors, size=(steps, batch)).astype(np.intp)
    x[0] = rng.integers(symbols, size=batch)
    x[-1] = symbols + distractors
    targets = np.full((steps, batch), IGNORE_INDEX)
    targets[-1] = x[0]
    return Batch(x, targets, np.arange(batch))


def copy(rng: "np.random.Generator", lag: int, batch: int, *, symbols: int = 8, payload: int = 10) -> Batch:
    """Draw sequences that begin with a payload of symbols, which is to be written again after a cue.

    Ids 0 .. symbols - 1 are the symbols, the next one is a blank, the last one the cue. After the payload come lag - 1
    blanks and the cue, then as many blanks as the payload has symbols: there it is written. Every step has a target,
    and before the end that is a blank.

    Parameters
    ----------
    rng : the generator that draws.
    lag : steps from a symbol's end to the first one that is written, at least 1; a sequence has lag + 2 payload steps.
    batch : the number of sequences.
    symbols, payload : how many there are to choose from, and how many are to be kept, at least 1.

    Raises
    ------
    TypeError, ValueError : see `recall`.

    Source
    ------
    Hochreiter and Schmidhuber (1997), Long short-term memory; in this form Arjovsky, Shah and Bengio (2016), Unitary
    evolution recurrent neural networks.
    """
    validate.generator(rng)
    for name, size in (("lag", lag), ("batch", batch), ("symbols", symbols), ("payload", payload)):
        validate.size(name, size)
    blank, steps = symbols, lag + 2 * payload
    x = np.full((steps, batch), blank)
    x[:payload] = rng.integers(symbols, size=(payload, batch))
    x[payload + lag - 1] = blank + 1
    targets = np.full((steps, batch), blank)
    targets[-payload:] = x[:payload]
    return Batch(x, targets, np.arange(batch))


def adding(rng: "np.random.Generator", steps: int, batch: int) -> Sums:
    """Draw sequences of numbers from 0 to 1 of which two are marked, one in each half; their sum is asked for.

    Parameters
    ----------
    rng : the generator that draws.
    steps : the length of a sequence, at least 2.
    batch : the number of sequences.

    Raises
    ------
    TypeError, ValueError : see `recall`.

    Source
    ------
    Hochreiter and Schmidhuber (1997), Long short-term memory; numbers and marks as in Le, Jaitly and Hinton (2015), A
    simple way to initialize recurrent networks of rectified linear units.
    """
    validate.generator(rng)
    _at_least("steps", steps, 2)
    validate.size("batch", batch)
    x = np.zeros((steps, batch, 2))
    x[:, :, 0] = rng.random((steps, batch))
    column = np.arange(batch)
    early, late = rng.integers(steps // 2, size=batch), rng.integers(steps // 2, steps, size=batch)
    x[early, column, 1] = x[late, column, 1] = 1
    targets = x[early, column, 0] + x[late, column, 0]
    return Sums(x, np.full(batch, steps), targets[:, None])


def parity(rng: "np.random.Generator", steps: int, batch: int) -> Batch:
    """Draw bits; the target of each step is 1 if an odd number of ones has been read so far, itself included.

    Parameters
    ----------
    rng : the generator that draws.
    steps : the length of a sequence.
    batch : the number of sequences.

    Raises
    ------
    TypeError, ValueError : see `recall`.
    """
    validate.generator(rng)
    validate.size("steps", steps)
    validate.size("batch", batch)
    x = rng.integers(2, size=(steps, batch)).astype(np.intp)  # as bincount takes them, in a browser too
    return Batch(x, np.cumsum(x, axis=0) % 2, np.arange(batch))


def no_memory_loss(task: Task, *, lag: int = 20, symbols: int | None = None, payload: int = 10) -> float:
    r"""Return what the best answer costs that knows the task and the step, and remembers nothing.

    recall: $\ln K$ for K symbols, 4 unless told otherwise. copy: $n \ln K / (lag + 2 n)$ for a payload of n from K
    symbols, 8 unless told otherwise; the other steps cost nothing. adding: 1/3, the mean distance of the sum of two
    numbers from 1. parity: $\ln 2$, in the mean over many steps: the first one needs no memory.

    Parameters
    ----------
    task : "recall", "copy", "adding" or "parity".
    lag, symbols, payload : as the task takes them.

    Returns
    -------
    float : nats; of adding a distance.

    Raises
    ------
    TypeError : `task` is not a string, or a size not an integer.
    ValueError : another task, or a size below 1.
    """
    if not isinstance(task, str):
        raise TypeError(f"task: expected a string, got {type(task).__name__}")
    if task not in get_args(Task):
        raise ValueError(f"task: expected one of {', '.join(get_args(Task))}, got {task!r:.40}")
    validate.size("lag", lag)
    validate.size("payload", payload)
    if symbols is not None:
        validate.size("symbols", symbols)
    if task == "adding":
        return 1 / 3
    if task == "copy":
        return float(payload * np.log(symbols or 8) / (lag + 2 * payload))
    return float(np.log(symbols or 4)) if task == "recall" else float(np.log(2))


def _at_least(name: str, value: int, least: int) -> None:
    """Raise TypeError unless `value` is an integer, ValueError if it is below `least`."""
    if validate.integer(name, value) < least:
        raise ValueError(f"{name}: expected at least {least}, got {value}")
