"""What the checks of the arguments cost, as a share of a training step at the smallest size."""

import functools
import json
import sys
from collections.abc import Callable
from inspect import getmembers, isfunction
from unittest import mock

from benchmarks.contenders import floats, ids
from benchmarks.problem import SIZES, make_problem
from benchmarks.timing import clock, interleaved, ratio
from rnn_helpers import cell, fast, output, params, rnn, validate

Call = Callable[[], object]


def checks_of(run: Callable[[], object]) -> list[functools.partial]:
    """Run once, and return each check that was made on the way, ready to be made again.

    Found by watching, not by a list: a check that somebody adds deep inside the mathematics counts too.
    """
    calls: list[functools.partial] = []
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

    modules = (cell, fast, output, params, rnn, validate)
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
    return function.__module__ == validate.__name__


def main(quick: bool) -> dict[str, float]:
    """Return the checks' share of a step with float inputs and with ids."""
    problem = make_problem(SIZES[0], "float64")
    shares = {}
    for kind, step in (("floats", floats(problem).run), ("ids", ids(problem).run)):
        clocks = {"step": clock(step), "checks": clock(written_out(checks_of(step)))}
        readings = interleaved(clocks, 0.2 if quick else 2)
        shares[kind] = ratio(readings["checks"], readings["step"])
    return shares


def written_out(calls: list[functools.partial]) -> Call:
    """Return a function with each call in a line of its own, as a step has them: as partials they take a tenth longer.

    Its source is `def run():` over lines such as `v3(v0, v1, time=v2)`.
    """
    known: dict[str, object] = {}

    def name(value: object) -> str:
        known[f"v{len(known)}"] = value
        return list(known)[-1]

    lines = ["def run():"]
    for call in calls:
        words = [*map(name, call.args), *(f"{word}={name(value)}" for word, value in call.keywords.items())]
        lines.append(f"    {name(call.func)}({', '.join(words)})")
    exec("\n".join(lines), known)
    run = known["run"]
    assert callable(run)
    return run


if __name__ == "__main__":
    print(json.dumps(main("--quick" in sys.argv)))
