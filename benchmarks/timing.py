"""The clock: all contenders in turn in one loop, so that a busy machine hits all alike."""

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median

BLOCK = 0.005  # seconds that one reading takes at least, so that the clock's own steps do not count
PAUSE = 0.03  # seconds; threads of the contender before go on looking for work this long, and would take a core


def interleaved(readings: Mapping[str, Callable[[], float]], seconds: float, rounds: int = 5) -> dict[str, list[float]]:
    """Take one reading of each in every round, for so many seconds and at least so many rounds."""
    taken: dict[str, list[float]] = {name: [] for name in readings}
    end = time.perf_counter() + seconds
    done = 0
    while time.perf_counter() < end or done < rounds:
        for name, reading in readings.items():
            time.sleep(PAUSE)
            taken[name].append(reading())
        done += 1
    return taken


def clock(run: Callable[[], object]) -> Callable[[], float]:
    """Return a function that takes one reading: the seconds of a call, over as many calls as fill a block."""
    repeats = calls_in_a_block(run)

    def reading() -> float:
        gc.disable()
        if repeats > 1:
            run()  # brings code and data back into the caches; a call that takes long does that by itself
        start = time.perf_counter()
        for _ in range(repeats):
            run()
        seconds = (time.perf_counter() - start) / repeats
        gc.enable()
        return seconds

    return reading


def calls_in_a_block(run: Callable[[], object]) -> int:
    """Judge by the fastest of some calls: the first ones allocate and compile."""
    end, fastest = time.perf_counter() + 10 * BLOCK, float("inf")
    while fastest == float("inf") or time.perf_counter() < end:
        start = time.perf_counter()
        run()
        fastest = min(fastest, time.perf_counter() - start)
    return max(1, round(BLOCK / fastest))


def ratio(readings: list[float], others: list[float]) -> float:
    """Return how many times as long as `others` it took: the median of the rounds' own ratios."""
    return median(mine / theirs for mine, theirs in zip(readings, others, strict=True))
