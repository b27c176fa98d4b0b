"""Functions for the tests of `rnn_helpers.sweep`: the workers of a pool import them from here. Run, it is a driver."""

import os
import sys
import time
from pathlib import Path


def note(log, name):
    """Write down that a point is computed, whoever computes it."""
    with open(log, "a", encoding="ascii") as file:
        file.write(f"{name}\n")


def square(number, log):
    note(log, number)
    return {"square": number**2}


def slow_square(number, log):
    time.sleep(0.05)
    return square(number, log)


def deadly_square(number, log):
    """Kill the worker that computes 5, but only the first time."""
    mark = Path(log).with_suffix(".killed")
    if number == 5 and not mark.exists():
        mark.touch()
        time.sleep(0.2)  # others get on meanwhile
        os._exit(9)
    return square(number, log)


def always_deadly(number, log):
    if number == 3:
        os._exit(9)
    return square(number, log)


def failing(number, log):
    if number == 1:
        raise ArithmeticError("not this one")
    return square(number, log)


if __name__ == "__main__":
    from rnn_helpers.sweep import grid, sweep

    store, log = sys.argv[1:]
    for row in sweep(slow_square, grid(number=range(40), log=[log]), store):
        print(row["number"], flush=True)
