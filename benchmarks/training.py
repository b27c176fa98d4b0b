"""A whole training run beside PyTorch's nn.RNN: same start, same batches, same settings, one thread.

The run is that of notebook 11: 949 colour names, 128 units, Adam at 0.005, gradients clipped at length 1, float64. The
two take turns pass by pass, so that a busy machine hits both alike. PyTorch gets the faster of its ways to feed ids
and its fused Adam.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import islice
from statistics import median

import numpy as np

from benchmarks.training_settings import BATCH, LIMIT, RATE, UNITS
from rnn_helpers import RNNParams, data, init_params, optim, train
from rnn_helpers.data import Batch

PASSES = 22  # about where the validation loss is lowest


def problem() -> tuple[RNNParams, list[Batch], list[Batch], int]:
    """Return the start, the batches of one pass after the other, the validation batches, and batches in a pass."""
    names, _ = data.colour_names()
    alphabet = data.alphabet_of(names)
    split = data.split(names, np.random.default_rng(0))
    ids = [data.encode(name, alphabet) for name in names]
    train_ids = [ids[i] for i in split.train]
    n = len(alphabet)
    start = init_params(np.random.default_rng(3), n, UNITS, n, recurrent_gain=0.7)
    rng = np.random.default_rng(4)
    passes = [data.batches(train_ids, BATCH, rng) for _ in range(PASSES)]
    assert len({len(batches) for batches in passes}) == 1
    validation = data.batches([ids[i] for i in split.validation], BATCH)
    return start, [batch for batches in passes for batch in batches], validation, len(passes[0])


def ours(start: RNNParams, batches: list[Batch]) -> Iterator[tuple[float, RNNParams]]:
    def clip(grads: RNNParams) -> RNNParams:
        return optim.clip_by_norm(grads, LIMIT)

    for step in train.steps(start, batches, optim.adam, RATE, clip=clip):
        yield step.loss, step.params


def main(quick: bool) -> dict:
    start, batches, validation, in_a_pass = problem()
    makers: dict[str, Callable[..., Iterator]] = {"NumPy": ours}
    if find_spec("torch"):
        from benchmarks import training_torch

        makers |= training_torch.WAYS
    runs = {name: make(start, batches) for name, make in makers.items()}
    losses: dict[str, list[float]] = {name: [] for name in runs}
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    last, load = start, os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    for _ in range(2 if quick else PASSES):
        for name, run in runs.items():
            began = time.perf_counter()
            taken = list(islice(run, in_a_pass))
            seconds[name].append(time.perf_counter() - began)
            losses[name] += [loss for loss, _ in taken]
            if name == "NumPy":
                last = taken[-1][1]
    return {
        "load": load,
        "losses": losses,
        "seconds": {name: sum(passes) for name, passes in seconds.items()},
        "ratios": {
            name: median(theirs / mine for theirs, mine in zip(seconds[name], seconds["NumPy"], strict=True))
            for name in runs
            if name != "NumPy"
        },
        "bits": train.bits(train.mean_loss(last, validation)),
    }


if __name__ == "__main__":
    print(json.dumps(main("--quick" in sys.argv)))
