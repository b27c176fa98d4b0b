"""Measure the rungs of notebook 17, checkpoints and RTRL, all in turn; write rnn_helpers/labs/ladder.json.

python -m benchmarks.ladder            some minutes
python -m benchmarks.ladder --quick    tries everything in seconds and prints what it would write

Times are the processor's, of this process on one thread; a busy machine makes them longer, ratios hardly.
"""

import json
import os
import platform
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np

from benchmarks.child import measure
from benchmarks.report import cpu
from rnn_helpers import init_params, plain_memory, rnn_backward, rnn_forward
from rnn_helpers.labs import ladder
from rnn_helpers.labs.rtrl import rtrl

COMMAND = "python -m benchmarks.ladder"
# n_x, n_h, n_y, batch, time
SIZES = ((27, 64, 27, 16, 25), (65, 128, 65, 32, 50), (65, 256, 65, 64, 100))
SMALL_ARRAYS = (65, 256, 65, 64, 8)  # those of all steps together fit into a cache
LONG = {"time": 1000, "batch": 8, "n_h": 64}  # what the checkpoints are for
EVERY = (1, 10, 32, 100, 1000)
SHORT = {"time": 50, "n_h": 32}  # what RTRL can bear
BLOCK = 0.01  # seconds that a reading takes at least


def calls_for(run: Callable[[], object]) -> int:
    """Return how many calls of the fastest fill a block."""
    run()
    start = time.process_time()
    run()
    return max(1, round(BLOCK / max(1e-6, time.process_time() - start)))


def rungs(size: tuple[int, ...], rounds: int) -> dict[str, Any]:
    p = ladder.problem(*size)
    runs: dict[str, Callable[[], object]] = {}
    for rung in ladder.RUNGS:
        arguments = rung.arguments(p)
        runs[rung.name] = lambda function=rung.function, arguments=arguments: function(*arguments)
    right = ladder.answer(ladder.RUNGS[6], p)
    gaps = [ladder.gap(ladder.answer(rung, p), right) for rung in ladder.RUNGS]
    assert max(gaps[:-1]) < 1e-12 and gaps[-1] < 1e-3, gaps  # the speed of a wrong answer is worth nothing
    runs["floor"] = ladder.floor(p)
    taken = ladder.in_turn(runs, rounds, calls_for(runs["float32"]))
    seconds = np.array(list(taken.values()))
    times_faster = np.median(seconds[0] / seconds, axis=1)
    over_before = np.median(seconds[:-2] / seconds[1:-1], axis=1)
    return {
        **dict(zip(("n_x", "n_h", "n_y", "batch", "time"), size, strict=True)),
        "rounds": rounds,
        "ms": np.round(1e3 * np.median(seconds, axis=1)[:-1], 3).tolist(),
        "times_faster": np.round(times_faster[:-1], 2).tolist(),
        "over_before": np.round(over_before, 2).tolist(),
        "spread": np.round(np.percentile(seconds[:-2] / seconds[1:-1], (25, 75), axis=1).T, 2).tolist(),
        "floor_ms": round(1e3 * float(np.median(seconds[-1])), 3),
        "floor_times_faster": round(float(times_faster[-1]), 2),
    }


def checkpoints(rounds: int) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    params = init_params(rng, n_x=4, n_h=LONG["n_h"], n_y=3)
    x = rng.standard_normal((LONG["time"], LONG["batch"], 4))
    dh = rng.standard_normal((LONG["time"], LONG["batch"], LONG["n_h"]))
    runs: dict[str, Callable[[], object]] = {
        "all": lambda: rnn_backward(params, rnn_forward(params, x)[2], dh),
        **{str(every): lambda every=every: plain_memory.checkpointed(params, x, dh, every) for every in EVERY},
    }
    taken = ladder.in_turn(runs, rounds)
    ratios = [round(float(np.median(taken[str(every)] / taken["all"])), 2) for every in EVERY]
    return {**LONG, "rounds": rounds, "every": list(EVERY), "times_as_long": ratios}


def forward_mode(rounds: int) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    params = init_params(rng, n_x=4, n_h=SHORT["n_h"], n_y=3)
    x = rng.standard_normal((SHORT["time"], 1, 4))
    dh = rng.standard_normal((SHORT["time"], 1, SHORT["n_h"]))
    h, _, cache = rnn_forward(params, x)
    runs: dict[str, Callable[[], object]] = {
        "rtrl": lambda: rtrl(params, h[:, 0], np.zeros(SHORT["n_h"]), dh[:, 0]),
        "back": lambda: rnn_backward(params, cache, dh),
    }
    taken = ladder.in_turn(runs, rounds, calls=3)
    return {**SHORT, "rounds": rounds, "times_as_long": round(float(np.median(taken["rtrl"] / taken["back"])), 1)}


def everything(quick: bool) -> dict[str, Any]:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    on = {
        "date": str(date.today()),
        "command": COMMAND,
        "processor": f"{cpu()}, {os.cpu_count()} cores",
        "software": f"{platform.system()}, Python {platform.python_version()}, NumPy {np.__version__}, "
        f"{blas['name']} {blas['version']}",
        "threads": 1,
        "load": load and round(load, 1),
        "clock": "CPU time of the process; contenders in turn; medians, and medians of ratios within a round",
    }
    rounds = (2, 2, 2) if quick else (80, 60, 40)
    return {
        "on": on,
        "names": [rung.name for rung in ladder.RUNGS],
        "sizes": [rungs(size, n) for size, n in zip(SIZES[: 1 if quick else 3], rounds, strict=False)],
        "short": rungs(SMALL_ARRAYS, 2 if quick else 80),
        "checkpoints": checkpoints(2 if quick else 25),
        "rtrl": forward_mode(2 if quick else 25),
    }


def main(words: list[str]) -> None:
    if "--here" in words:  # in the process that `measure` has started, with one thread
        print(json.dumps(everything("--quick" in words)))
        return
    text = json.dumps(measure("ladder", "--here", *words), indent=1) + "\n"
    if "--quick" in words:
        print(text)
    else:
        ladder.STORED.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
