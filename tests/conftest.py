"""What tests share without importing it: the project's folder on the path, and a fixture."""

import functools
import sys
from pathlib import Path

import pytest

# For `course` and `benchmarks`, which no installed package holds.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


@pytest.fixture
def versions_run_once(monkeypatch):
    """Keep what our own versions compute: each of hundreds of verdicts compares with the same ones."""
    from rnn_helpers.check import recognise  # here: most tests need no checks

    kept = {}

    def key(function):
        if isinstance(function, functools.partial):
            pieces = sorted(function.keywords.items())
            return function.func, function.args, tuple((name, key(piece)) for name, piece in pieces)
        return function

    def outcomes(asked, function):
        found = kept.setdefault((asked.exercise.reference, key(function)), [])
        found += [recognise._outcome(function, case) for case in asked.cases[len(found) :]]
        return tuple(found[: len(asked.cases)])

    monkeypatch.setattr(recognise, "_outcomes", outcomes)
