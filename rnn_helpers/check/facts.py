"""The facts of a message: which number is wrong and what it should be, which line raised what."""

import inspect
import linecache
import traceback

import numpy as np

from rnn_helpers.check import compare
from rnn_helpers.check.attempt import Attempt, argument_names
from rnn_helpers.check.compare import Fault
from rnn_helpers.check.exercise import Arguments, Function

_LONGEST = {"error": 200, "line": 100, "input": 100}  # characters


def wrong_number(attempt: Attempt) -> str:
    """Say where the first wrong number of the first wrong case stands, and which outputs are right in all cases."""
    wrong: dict[str, str] = {}
    for i, arrays in attempt.arrays():
        if isinstance(arrays, Fault):
            return next(iter(wrong.values()), "")
        for leaf, given, expected in zip(attempt.leaves, arrays, attempt.expected[i], strict=True):
            last = attempt.exercise.backwards and leaf.axes[:1] == ("time",)
            difference = compare.difference(given, expected, last=last)
            if difference and leaf.name not in wrong:
                where = compare.place(leaf, difference.at, expected.shape)
                numbers = compare.beside(difference.expected, difference.given)
                wrong[leaf.name] = f"{where}: {numbers}{inputs(attempt, attempt.cases[i])}"
    right = [leaf.name for leaf in attempt.leaves if leaf.name not in wrong]
    first = next(iter(wrong.values()), "")
    return f"{first}. Right already: {', '.join(right)}" if first and right else first


def inputs(attempt: Attempt, case: Arguments) -> str:
    """Write the arguments out where they are few and short."""
    texts = []
    for name, value in zip(argument_names(attempt.exercise), case, strict=False):
        if hasattr(value, "_fields") or isinstance(value, dict):
            return ""
        texts.append(f"{name} = {value.tolist() if isinstance(value, np.ndarray) else value}")
    text = ", ".join(texts)
    return f", for {text}" if len(text) <= _LONGEST["input"] else ""


def what_was_raised(function: Function, attempt: Attempt) -> str:
    """Say what the first case that raised did raise, and in which line of the learner's function."""
    for case, outcome in zip(attempt.cases, attempt.outcomes, strict=False):
        if outcome.error is not None:
            what = _message(outcome.error)
            line = _line(outcome.error, function)
            said = f"{type(outcome.error).__name__}{f' ({what})' if what else ''}"
            return f"raises {said}{line}{inputs(attempt, case)}"
    return ""


def _message(error: BaseException) -> str:
    try:
        return _shortened(" ".join(str(error).split()), _LONGEST["error"])
    except Exception:
        return ""


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]} ..."


def _line(error: BaseException, function: Function) -> str:
    """Say which line of the learner's function was running, counted from its `def`."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        if frame.f_code is code:
            source = _shortened(linecache.getline(code.co_filename, number).strip(), _LONGEST["line"])
            return f" in its line {number - code.co_firstlineno + 1}{f': `{source}`' if source else ''}"
    return ""


def raising_function(error: BaseException) -> str | None:
    """Return the name of the function that raised."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return frames[-1].f_code.co_name if frames else None
