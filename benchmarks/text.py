"""A long text, character against character, beside PyTorch's nn.RNN: windows that carry the state, float32, one thread.

The text is the names of Unicode's characters in random order, one a line. Both start from the same weights and read
the same windows, with Adam and the same clip. They take turns, some steps at a time, and what counts is the processor's
time, so that a busy machine hurts neither much. PyTorch gets the fastest of its layouts and ways to read ids, and its
fused Adam.
"""

import json
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from itertools import islice
from statistics import median

import numpy as np

from benchmarks.training_settings import LIMIT
from rnn_helpers import RNNParams, data, init_params, optim, train

UNITS, BATCH, STEPS, RATE = (128, 256), 32, 64, 0.003
TURN, TURNS = 20, 15  # steps of a turn, and turns: two passes

Runner = tuple[Iterator[object], Callable[[], RNNParams]]  # takes a step each time, and says where it has come to


def problem(units: int) -> tuple[RNNParams, data.Batches, list[data.Batch]]:
    """Return the start, the windows to train on and those kept back."""
    # In their own order the last tenth would be of other scripts than the rest.
    text = "\n".join(np.random.default_rng(1).permutation(data.unicode_names())) + "\n"
    alphabet = data.alphabet_of(text)
    learned, kept = (data.encode(part, alphabet) for part in data.split_text(text))
    n = len(alphabet)
    start = init_params(np.random.default_rng(0), n, units, n, dtype=np.float32)
    return start, data.windows(learned, STEPS, BATCH, 10), list(data.windows(kept, STEPS, BATCH))


def ours(start: RNNParams, batches: data.Batches) -> Runner:
    last = [start]

    def run() -> Iterator[object]:
        for step in train.steps(start, batches, optim.adam, RATE, clip=partial(optim.clip_by_norm, most=LIMIT)):
            last[0] = step.params
            yield step

    return run(), lambda: last[0]


def compare(units: int, turns: int) -> dict:
    """Return, by name, characters in a second of the processor, their ratio, and the bits that were reached."""
    start, batches, validation = problem(units)
    makers: dict[str, Callable[..., Runner]] = {"NumPy": ours}
    if find_spec("torch"):
        from benchmarks import text_torch

        makers |= text_torch.WAYS
    runners = {name: make(start, batches) for name, make in makers.items()}
    seconds: dict[str, list[float]] = {name: [] for name in runners}
    for _ in range(turns):
        for name, (run, _) in runners.items():
            began = time.process_time()
            deque(islice(run, TURN), maxlen=0)
            seconds[name].append(time.process_time() - began)
    return {
        "units": units,
        "characters": {name: TURN * BATCH * STEPS / median(taken) for name, taken in seconds.items()},
        "ratios": {
            name: median(theirs / mine for theirs, mine in zip(taken, seconds["NumPy"], strict=True))
            for name, taken in seconds.items()
        },
        "bits": {name: train.bits(train.mean_loss(read(), validation)) for name, (_, read) in runners.items()},
    }


def main(quick: bool) -> dict:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {"load": load, "sizes": [compare(units, 1 if quick else TURNS) for units in UNITS]}


if __name__ == "__main__":
    print(json.dumps(main("--quick" in sys.argv)))
