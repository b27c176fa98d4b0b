"""How time grows with sequence length, batch and hidden size, on one thread in float32."""

import json
import sys
from statistics import median

import numpy as np

from benchmarks.contenders import floats
from benchmarks.problem import SIZES, Size, make_problem
from benchmarks.team import Team, team
from benchmarks.timing import clock, interleaved

MIDDLE = SIZES[2]
LENGTHS = (50, 100, 200, 400, 800)
BATCHES = (8, 16, 32, 64, 128)
HIDDEN = (16, 32, 64, 128, 256, 512)


def linear(sizes: dict[int, Size], seconds: float, rounds: int) -> dict:
    """Time each size, fit a line, and return how far the readings lie from it, as shares of the line."""
    clocks = {str(n): clock(floats(make_problem(size, "float32")).run) for n, size in sizes.items()}
    readings = interleaved(clocks, seconds, rounds)
    n, ms = np.array(list(sizes)), np.array([1e3 * median(values) for values in readings.values()])
    slope, start = np.polyfit(n, ms, 1, w=1 / ms)  # weighted, so that a tenth off counts alike at both ends
    line = start + slope * n
    return {"n": n.tolist(), "ms": ms.tolist(), "deviation": (ms / line - 1).tolist()}


def hidden(all_of_them: Team, sizes: tuple[int, ...], seconds: float) -> dict[str, list[float]]:
    """Return microseconds a time step for each hidden size: ours, the floor, and whoever else is installed."""
    times: dict[str, list[float]] = {"n_h": list(sizes)}
    for n_h in sizes:
        all_of_them.solve(MIDDLE._replace(n_h=n_h), "float32")
        clocks = {name: reading for name, reading in all_of_them.clocks().items() if ", ids" not in name}
        for name, values in interleaved(clocks, seconds).items():
            times.setdefault(name, []).append(1e6 * median(values) / MIDDLE.time)
    return times


def main(quick: bool) -> dict:
    seconds, rounds, points = (0.1, 1, 3) if quick else (4, 5, None)
    with team(*(["NumPy"] if quick else [])) as all_of_them:
        over_hidden = hidden(all_of_them, HIDDEN[:points], seconds / 2)
    return {
        "size": MIDDLE,
        "time": linear({n: MIDDLE._replace(time=n) for n in LENGTHS[:points]}, seconds, rounds),
        "batch": linear({n: MIDDLE._replace(batch=n) for n in BATCHES[:points]}, seconds, rounds),
        "hidden": over_hidden,
    }


if __name__ == "__main__":
    print(json.dumps(main("--quick" in sys.argv)))
