"""The clock: all contenders in turn in one loop, so that a busy machine hits all alike."""

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median

BLOCK = 0.005  # seconds that one reading takes at least, so that the clock's own steps do not count
# Seconds of calls before each reading. They wake the processor and fill its caches; and the threads of the contender
# before, which go on looking for work and would take a core, have given up by then.
WARM_UP = 0.03
SLOW = 0.1  # seconds; a call that takes longer warms up by itself, so the clock only waits for those threads


def interleaved(readings: Mapping[str, Callable[[], float]], seconds: float, rounds: int = 5) -> dict[str, list[float]]:
    """Take one reading of each in every round, for so many seconds and at least so many rounds."""
    taken: dict[str, list[float]] = {name: [] for name in readings}
    end = time.perf_counter() + seconds
    done = 0
    while time.perf_counter() < end or done < rounds:
        for name, reading in readings.items():
            taken[name].append(reading())
        done += 1
    return taken


def clock(run: Callable[[], object]) -> Callable[[], float]:
    """Return a function that takes one reading: the seconds of a call, over as many calls as fill a block."""
    fastest = fastest_call(run)
    repeats = max(1, round(BLOCK / fastest))

    def reading() -> float:
        gc.disable()
        if fastest > SLOW:
            time.sleep(WARM_UP)
        else:
            call_for(WARM_UP, run)
        start = time.perf_counter()
        for _ in range(repeats):
            run()
        seconds = (time.perf_counter() - start) / repeats
        gc.enable()
        return seconds

    return reading


def fastest_call(run: Callable[[], object]) -> float:
    """Return the seconds of the fastest of some calls: the first ones allocate and compile."""
    return min(call_for(10 * BLOCK, run))


def call_for(seconds: float, run: Callable[[], object]) -> list[float]:
    """Call for so many seconds, at least once, and return how long each call took."""
    taken: list[float] = []
    end = time.perf_counter() + seconds
    while not taken or time.perf_counter() < end:
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return taken


def ratio(readings: list[float], others: list[float]) -> float:
    """Return how many times as long as `others` it took: the median of the rounds' own ratios."""
    return median(mine / theirs for mine, theirs in zip(readings, others, strict=True))
