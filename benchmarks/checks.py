"""What the checks of the arguments cost, as a share of a training step at the smallest size."""

import functools
import json
import re
import sys
from collections.abc import Callable
from inspect import getmembers, isfunction
from unittest import mock

from benchmarks.contenders import floats, ids
from benchmarks.problem import SIZES, make_problem
from benchmarks.timing import clock, interleaved, ratio
from rnn_helpers import cell, output, params, rnn, validate

Call = Callable[[], object]


def checks_of(run: Callable[[], object]) -> list[Call]:
    """Run once, and return each check that was made on the way, ready to be made again.

    Found by watching, not by a list: a check that somebody adds deep inside the mathematics counts too.
    """
    calls: list[Call] = []
    inside: list[Callable] = []  # checks call each other: only the outermost is noted

    def watched(check: Callable) -> Callable:
        def call(*args: object, **words: object) -> object:
            if not inside:
                calls.append(functools.partial(check, *args, **words))
            inside.append(check)
            try:
                return check(*args, **words)
            finally:
                inside.pop()

        return call

    modules = (cell, output, params, rnn, validate)
    found = [(module, name, f) for module in modules for name, f in getmembers(module, isfunction) if is_check(f)]
    patches = [mock.patch.object(module, name, watched(check)) for module, name, check in found]
    for patch in patches:
        patch.start()
    try:
        run()
    finally:
        for patch in patches:
            patch.stop()
    return calls


def is_check(function: Callable) -> bool:
    return function.__module__ == validate.__name__ or bool(re.match("checked_|_scores", function.__name__))


def main(quick: bool) -> dict[str, float]:
    """Return the checks' share of a step with float inputs and with ids."""
    problem = make_problem(SIZES[0], "float64")
    shares = {}
    for kind, step in (("floats", floats(problem).run), ("ids", ids(problem).run)):
        checks = checks_of(step)
        # To go through a list of calls takes time too, which a step does not spend: as much as one of empty calls.
        empty = [functools.partial(bool) for _ in checks]
        clocks = {"step": clock(step), "checks": clock(all_of(checks)), "list": clock(all_of(empty))}
        readings = interleaved(clocks, 0.2 if quick else 2)
        alone = [both - walk for both, walk in zip(readings["checks"], readings["list"], strict=True)]
        shares[kind] = ratio(alone, readings["step"])
    return shares


def all_of(calls: list[Call]) -> Call:
    return lambda: [call() for call in calls]


if __name__ == "__main__":
    print(json.dumps(main("--quick" in sys.argv)))
