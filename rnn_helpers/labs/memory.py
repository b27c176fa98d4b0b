"""How far back a network remembers: what a read-out finds in its states, and what training makes of it.

`read_out` needs no training; `recall_run` trains on one setting. It stands here and not in a notebook, so that the
workers of `rnn_helpers.sweep` find it.
"""

import time
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from rnn_helpers import data, dynamics, many_to_one, optim, train, validate
from rnn_helpers.params import Recurrent, RNNParams, init_params
from rnn_helpers.rnn import rnn_backward, rnn_forward
from rnn_helpers.validate import Array

LAGS, READ = 150, 2000  # the lags of a curve, and the steps that it is fitted to and measured on
SYMBOLS, DISTRACTORS = 4, 4
IDS = SYMBOLS + DISTRACTORS + 1
# Each way to start: the kind of W_hh, its gain, and the spread of what an input adds to each unit.
STARTS: dict[str, tuple[Recurrent, float, float]] = {
    "normal": ("normal", 1.0, 0.5),
    "orthogonal": ("orthogonal", 1.0, 0.5),
    "1.5 orthogonal": ("orthogonal", 1.5, 0.5),
    "normal, weak input": ("normal", 1.0, 0.1),
    "orthogonal, weak input": ("orthogonal", 1.0, 0.1),
}
BATCH, RATE, LONGEST_GRADIENT = 32, 0.003, 1.0
MEAN_OF = 50  # updates: a loss is the mean of so many


def read_out(recurrent: Recurrent, gain: float, input_scale: float, n_h: int, seed: int = 0) -> Array:
    """Return `dynamics.memory_curve` (150,) of an untrained network that normal numbers drive, one a step."""
    validate.number("gain", gain)
    validate.number("input_scale", input_scale)
    params = _start(recurrent, n_h, seed)
    u = np.random.default_rng([seed, 1]).standard_normal(LAGS + READ)
    h, _, _ = rnn_forward(params._replace(W_hh=gain * params.W_hh), input_scale * u[:, None, None])
    return dynamics.memory_curve(h[:, 0], u, LAGS)


@lru_cache  # sliders of the gain and the input need no other draw
def _start(recurrent: Recurrent, n_h: int, seed: int) -> RNNParams:
    return init_params(np.random.default_rng(seed), n_x=1, n_h=n_h, n_y=1, recurrent=recurrent)


def recall_start(start: str = "orthogonal", n_h: int = 32, seed: int = 0) -> RNNParams:
    """Return a network for `data.recall`, started in one of the ways of `STARTS`.

    Nine ids are one-hot rows of length 1, where nine normal numbers would have a length of 3: the input's scale makes
    up for it.
    """
    recurrent, gain, listen = _start_of(start)
    rng = np.random.default_rng([seed, n_h])
    scale = listen * np.sqrt(IDS)
    return init_params(rng, n_x=IDS, n_h=n_h, n_y=SYMBOLS, recurrent=recurrent, recurrent_gain=gain, input_scale=scale)


def arriving(params: RNNParams, ids: Array, dh_last: Array) -> float:
    """Return how long the gradient at the first state is, as a multiple of `dh_last`, the one at the last."""
    h, _, cache = rnn_forward(params, ids)
    dh = np.zeros_like(h)
    dh[-1] = dh_last
    # Began with its first state, the rest of the sequence has h_1 for its h0.
    rest = cache._replace(x=cache.x[1:], states=cache.states[1:])
    first = rnn_backward(params, rest, dh[1:]).h0 if len(h) > 1 else dh_last
    return float(np.linalg.norm(first) / np.linalg.norm(dh_last))


def recall_losses(params: RNNParams, steps: int, seed: int = 0, updates: int = 600, stop: float = 0.0) -> Array:
    """Train on a fresh batch of `data.recall` in each update, and return the losses, as shares of ln 4.

    Adam, a rate of 0.003, gradients of at most length 1. The run ends early once the mean loss of 50 updates is below
    `stop`.
    """
    rng = np.random.default_rng([seed, steps])

    def batches() -> Iterator[data.Batch]:
        for _ in range(updates):
            yield data.recall(rng, steps, BATCH)

    run = train.steps(params, batches(), optim.adam, RATE, clip=lambda g: optim.clip_by_norm(g, LONGEST_GRADIENT))
    losses: list[float] = []
    for step in run:
        losses.append(step.loss / data.no_memory_loss("recall"))
        if len(losses) >= MEAN_OF and np.mean(losses[-MEAN_OF:]) < stop:
            break
    return np.array(losses)


def recall_run(start: str, steps: int, n_h: int = 32, seed: int = 0, updates: int = 600) -> dict[str, Any]:
    """Look at the gradient that arrives at the first step, then train in float32, and return what came of it.

    Returns
    -------
    {"arriving": before training, see `arriving`; "last": mean loss of the last 50 updates, a share of ln 4; "half_at":
    the update after which such a mean was below one half for the first time, or None; "seconds": of processor time}.
    """
    begin = time.process_time()
    params = recall_start(start, n_h, seed)
    rng = np.random.default_rng([seed, steps, 1])
    share = arriving(params, data.recall(rng, steps, BATCH).x, rng.standard_normal((BATCH, n_h)))
    quick = RNNParams(*(field.astype(np.float32) for field in params))
    losses = recall_losses(quick, steps, seed, updates, stop=0.05)
    means = np.convolve(losses, np.ones(MEAN_OF) / MEAN_OF, "valid")
    below = np.flatnonzero(means < 0.5)
    return {
        "arriving": share,
        "last": round(float(means[-1]), 4),
        "half_at": int(below[0]) + MEAN_OF if len(below) else None,
        "seconds": round(time.process_time() - begin, 3),
    }


def adding_losses(start: str, steps: int, seed: int = 0, updates: int = 1000) -> Array:
    """Train 32 units on a fresh batch of `data.adding` in each update, as `recall_losses` does; return mean distances.

    `start` is one of `STARTS`.
    """
    recurrent, gain, listen = _start_of(start)
    rng = np.random.default_rng([seed, steps])
    params = init_params(
        np.random.default_rng([seed, 32]),
        n_x=2,
        n_h=32,
        n_y=1,
        recurrent=recurrent,
        recurrent_gain=gain,
        input_scale=listen * np.sqrt(2),
    )

    def batches() -> Iterator[data.Sums]:
        for _ in range(updates):
            yield data.adding(rng, steps, BATCH)

    run = train.steps(
        params,
        batches(),
        optim.adam,
        RATE,
        clip=lambda g: optim.clip_by_norm(g, LONGEST_GRADIENT),
        loss_and_grads=lambda params, batch: many_to_one.loss_and_grads(params, *batch),
    )
    return np.array([step.loss for step in run])


def _start_of(start: str) -> tuple[Recurrent, float, float]:
    """Return what STARTS says, or raise ValueError."""
    if start not in STARTS:
        raise ValueError(f"start: expected one of {', '.join(STARTS)}, got {start!r:.40}")
    return STARTS[start]
