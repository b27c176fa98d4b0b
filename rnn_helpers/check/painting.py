"""The exercises of notebook 09: reading an answer off the last real state, and where the way back begins."""

from typing import NamedTuple

import numpy as np

from rnn_helpers import many_to_one
from rnn_helpers.check import cases
from rnn_helpers.check.exercise import Exercise, Output
from rnn_helpers.validate import Array

# --- cases -----------------------------------------------------------------------------------------------------


class _Padded(NamedTuple):
    """A batch of sequences whose lengths differ; in the last two cases the array is longer than the longest."""

    draw: cases.Draw
    lengths: Array


def _padded(seed: int) -> list[_Padded]:
    """Return one batch for each set of sizes, no two lengths in it equal where there are enough steps."""
    found = []
    for draw in cases.draws(seed):
        steps, batch = draw.sizes.time, draw.sizes.batch
        longest = steps - 2 if steps > 4 else steps
        found.append(_Padded(draw, 1 + (longest - 2 - 2 * np.arange(batch)) % longest))
    return found


def _states() -> cases.Cases:
    """(h, lengths)."""
    return tuple((np.tanh(draw.floats("time", "batch", "n_h")), lengths) for draw, lengths in _padded(91))


def _arriving() -> cases.Cases:
    """(dh_last, lengths, steps)."""
    return tuple((draw.floats("batch", "n_h"), lengths, draw.sizes.time) for draw, lengths in _padded(92))


def _answers() -> cases.Cases:
    """(W_hy, b_y, h_last, targets); in the last case one answer is exactly right."""
    made: list[tuple[Array, ...]] = []
    for draw in cases.draws(93):
        h_last = np.tanh(draw.floats("batch", "n_h"))
        made.append((draw.floats("n_h", "n_y"), draw.floats("n_y"), h_last, draw.floats("batch", "n_y")))
    W_hy, b_y, h_last, targets = (array.copy() for array in made[-1])
    W_hy, b_y, h_last = np.round(W_hy), np.round(b_y), np.sign(h_last) / 2  # sums of halves: exact in any order
    targets[1] = h_last[1] @ W_hy + b_y
    return *made, (W_hy, b_y, h_last, targets)


def _gradients_and_ids() -> cases.Cases:
    """(dx, ids)."""
    return tuple(
        (d.floats("time", "batch", "n_x"), d.rng.integers(d.sizes.n_x, size=(d.sizes.time, d.sizes.batch)))
        for d in cases.draws(94)
    )


# --- the exercises ---------------------------------------------------------------------------------------------

_HEAD = (Output("dh_last", ("batch", "n_h")), Output("dW_hy", ("n_h", "n_y")), Output("db_y", ("n_y",)))

ALL = (
    Exercise(
        many_to_one.last_states,
        _states,
        (Output("h_last", ("batch", "n_h")),),
        "09",
        "The last real state",
        keeps_float32=True,
    ),
    Exercise(
        many_to_one.head_gradients,
        _answers,
        _HEAD,
        "09",
        "The head's gradient",
        extreme=1,
        keeps_float32=True,
    ),
    Exercise(
        many_to_one.last_states_backward,
        _arriving,
        (Output("dh", ("time", "batch", "n_h")),),
        "09",
        "Back through time, from one step only",
        keeps_float32=True,
    ),
    Exercise(
        many_to_one.at_ids,
        _gradients_and_ids,
        (Output("at_letters", ("time", "batch")),),
        "09",
        "Which letters moved the colour?",
        keeps_float32=True,
    ),
)
