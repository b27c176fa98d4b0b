"""The facts of a message: which number is wrong and what it should be, which line raised what."""

import dis
import inspect
import linecache
import re
import traceback
from collections.abc import Iterator
from types import FrameType

import numpy as np

from rnn_helpers.check.engine import compare, in_full
from rnn_helpers.check.engine.attempt import Attempt
from rnn_helpers.check.engine.compare import Fault
from rnn_helpers.check.engine.exercise import Arguments, Function

_TRANSPOSE = "look for a missing or needless transpose"
_HINTS = {"mismatch in its core dimension": _TRANSPOSE, "not aligned": _TRANSPOSE}  # the course has more
_LONGEST = {"error": 200, "line": 100, "argument": 50, "input": 100}  # characters


def wrong_number(attempt: Attempt) -> str:
    """Say where the first wrong number of the first wrong case stands, and which outputs are right in all cases."""
    wrong: dict[str, str] = {}
    for i, arrays in attempt.arrays():
        if isinstance(arrays, Fault):
            return next(iter(wrong.values()), "")
        for leaf, given, expected in zip(attempt.leaves, arrays, attempt.expected[i], strict=True):
            last = bool(leaf.axes) and leaf.axes[0] == attempt.exercise.backwards
            difference = compare.difference(given, expected, last=last)
            if difference and leaf.name not in wrong:
                where = compare.place(leaf, difference.at, expected.shape, attempt.course.axes)
                numbers = compare.beside(difference.expected, difference.given)
                wrong[leaf.name] = f"{where}: {numbers}{inputs(attempt, attempt.cases[i])}"
    right = [leaf.name for leaf in attempt.leaves if leaf.name not in wrong]
    first = next(iter(wrong.values()), "")
    return f"{first}. Right already: {', '.join(right)}" if first and right else first


def inputs(attempt: Attempt, case: Arguments) -> str:
    """Write out those arguments that are short, among them one that is left to its default."""
    parameters = inspect.signature(attempt.exercise.reference).parameters
    texts = [f"{name} = {_short(value)}" for name, value in zip(parameters, case, strict=False) if _short(value)]
    # A default that no case sets, such as an axis, is no part of the exercise.
    used = list(parameters.values())[: max(map(len, attempt.cases))]
    texts += [f"{parameter.name} = {parameter.default}" for parameter in used[len(case) :]]
    text = ", ".join(texts)
    return f", for {text}" if texts and len(text) <= _LONGEST["input"] else ""


def _short(value: object) -> str:
    """Write a number, a few of them or a short text, and nothing for the rest."""
    if not isinstance(value, np.ndarray | list | int | float | str):
        return ""
    text = repr(value) if isinstance(value, str) else str(value.tolist() if isinstance(value, np.ndarray) else value)
    return text if len(text) <= _LONGEST["argument"] else ""


def what_was_raised(function: Function, attempt: Attempt) -> str:
    """Say what the first case that raised did raise, and in which line of the learner's function."""
    for case, outcome in zip(attempt.cases, attempt.outcomes, strict=False):
        if outcome.error is not None:
            what = in_one_line(outcome.error)
            line = _line(outcome.error, function)
            said = f"{type(outcome.error).__name__}{f' ({what})' if what else ''}"
            return f"raises {said}{line}{inputs(attempt, case)}"
    return ""


def hint(function: Function, attempt: Attempt) -> str:
    """Say what the first error means where its own words do not; with shapes, if it is about shapes."""
    error = next((outcome.error for outcome in attempt.outcomes if outcome.error), None)
    if isinstance(error, KeyError):
        return _other_key(error, function)
    hints = {**_HINTS, **attempt.course.hints}
    says = next((says for words, says in hints.items() if error and words in in_one_line(error)), "")
    if error and "truth value of an array" in in_one_line(error):
        says = _no_single_truth(error, function, attempt)
    if error and _lost_axis(in_one_line(error)):
        says = "one of them lacks an axis: look for a sum or a maximum that took it away"
    shapes = _shapes(error, function) if error and says == _TRANSPOSE else ""
    if shapes:
        return f"There {shapes}: {says}"
    return says or (_several_things(error, function) if error else "")


def passed_on(attempt: Attempt) -> str:
    """Say which outputs are an argument, unchanged."""
    arguments = list(in_full.arrays(in_full.arguments(attempt, attempt.cases[0])))
    given = attempt.arrays_of(0, attempt.outcomes[0])
    if isinstance(given, Fault):
        return ""
    same = {}
    for leaf, array in zip(attempt.leaves, given, strict=True):
        alike = [name for name, argument in arguments if np.array_equal(array, argument)]
        if alike:  # of several with the same numbers, such as zeros, the one of its own name
            same[leaf.name] = leaf.name if leaf.name in alike else alike[0]
    pairs = ", ".join(f"{leaf} is {name}" for leaf, name in same.items())
    return f"Unchanged arguments come back: {pairs}" if pairs else ""


def another_order(attempt: Attempt) -> str:
    """Say that outputs come in another order, where their shapes tell which is which."""
    for i, outcome in enumerate(attempt.outcomes):
        found = compare.values(outcome.returned, attempt.exercise.returns)
        if outcome.error or isinstance(found, Fault):
            continue
        named = {array.shape: leaf.name for leaf, array in zip(attempt.leaves, attempt.expected[i], strict=True)}
        shapes = [value.shape if isinstance(value, np.ndarray) else () for value in found]
        if len(named) == len(shapes) and shapes != list(named) and set(shapes) == named.keys():
            expected, yours = ", ".join(named.values()), ", ".join(named[shape] for shape in shapes)
            return f"returns its parts in another order: expected {expected}, by their shapes yours are {yours}"
    return ""


def outside(function: Function) -> str:
    """Name the arrays that the function takes from the notebook instead of its arguments."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    around = getattr(inspect.unwrap(function), "__globals__", {})
    # Not co_names: they hold fields too, and the x of box.x is no variable of the notebook.
    steps = dis.get_instructions(code) if code else ()
    names = dict.fromkeys(str(step.argval) for step in steps if step.opname == "LOAD_GLOBAL")
    found = [name for name in names if any(in_full.arrays([(name, around.get(name))]))]
    if not found:
        return ""
    what = "variables" if len(found) > 1 else "a variable"
    return f"It reads {', '.join(found)}: {what} of the notebook, left over from another cell, no argument"


def in_one_line(error: BaseException) -> str:
    """Return what an error says, in one line that is not too long."""
    try:
        return _shortened(" ".join(str(error).split()), _LONGEST["error"])
    except Exception:
        return ""


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]} ..."


def _line(error: BaseException, function: Function) -> str:
    """Say which line of the learner's function was running, counted from its `def`."""
    for frame, place in _inside(error, function):
        source = _shortened(_source(place).strip(), _LONGEST["line"])
        number = (place.lineno or 0) - frame.f_code.co_firstlineno + 1
        return f" in its line {number}{f': `{source}`' if source else ''}"
    return ""


def _shapes(error: BaseException, function: Function) -> str:
    """Give the shapes of the arrays that stand in the expression that raised, as in `box.sides has shape (5, 4)`."""
    for frame, place in _inside(error, function):
        arrays = {name: _look_up(name, frame) for name in re.findall(r"[^\W\d][\w.]*", _expression(place))}
        return " and ".join(f"{name} has shape {a.shape}" for name, a in arrays.items() if isinstance(a, np.ndarray))
    return ""


def _lost_axis(message: str) -> bool:
    """Tell whether two shapes did not fit because one lacks an axis of the other."""
    found = re.search(r"shapes \(([\d,]+)\) \(([\d,]+)\)", message)
    if not found:
        return False
    short, long = sorted((text.strip(",").split(",") for text in found.groups()), key=len)
    return any(short == long[:i] + long[i + 1 :] for i in range(len(long)))


def _other_key(error: KeyError, function: Function) -> str:
    """Name the keys of the dict that was asked for another one."""
    missing = error.args[0] if error.args else None
    for frame, _ in _inside(error, function):
        for name, value in frame.f_locals.items():
            if type(value) is dict and isinstance(missing, str) and missing not in value:
                alike = [key for key in value if isinstance(key, str) and key.lower() == missing.lower()]
                keys = ", ".join(map(repr, alike or list(value)[:8]))
                says = f"There {name} has {'' if alike else 'the keys '}{keys}"
                return f"{says}: upper and lower case count" if alike else says
    return ""


def _no_single_truth(error: BaseException, function: Function, attempt: Attempt) -> str:
    """Say what to ask in place of whether an array is true: of an argument that may be None, whether it is."""
    parameters = inspect.signature(attempt.exercise.reference).parameters.values()
    optional = [parameter.name for parameter in parameters if parameter.default is None]
    for _, place in _inside(error, function):
        for name in optional:
            if re.search(rf"\b{name}\b", _source(place)):
                return f"to ask whether {name} was given, write `{name} is None`"
    return "an array is no single yes or no: it has one for each entry"


def _several_things(error: BaseException, function: Function) -> str:
    """Say which variable in the expression that raised holds several arrays, where one was needed."""
    for frame, place in _inside(error, function):
        for name in re.findall(r"[^\W\d]\w*", _expression(place)):
            value = _look_up(name, frame)
            if not isinstance(value, tuple) or not any(isinstance(part, np.ndarray) for part in value):
                continue
            if type(value) is tuple:
                kinds = ", ".join(map(compare.kind, value))
                return f"There {name} is a tuple of {len(value)}, not yet unpacked: {kinds}"
            if "inhomogeneous" in in_one_line(error):
                fields = f"There {name} has {len(value)} fields of different shapes, which make no single array"
                return f"{fields}: each needs its own sum"
    return ""


def _look_up(name: str, frame: FrameType) -> object:
    """Follow a dotted name through the local variables, and through nothing that could run code."""
    first, *fields = name.split(".")
    value = frame.f_locals.get(first)
    for field in fields:
        value = getattr(value, field, None) if isinstance(value, tuple | np.ndarray) else None
    return value


def _inside(error: BaseException, function: Function) -> Iterator[tuple[FrameType, traceback.FrameSummary]]:
    """Give the frames of the learner's function that were running, the innermost first."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    places = traceback.extract_tb(error.__traceback__)
    for frame, place in reversed(list(zip(frames, places, strict=True))):
        if frame.f_code is code:
            yield frame, place


def _expression(place: traceback.FrameSummary) -> str:
    """Return the part of the line that was being computed."""
    return _source(place).encode()[place.colno : place.end_colno].decode(errors="ignore")  # columns count bytes


def _source(place: traceback.FrameSummary) -> str:
    return linecache.getline(place.filename, place.lineno or 0)


def raising_function(error: BaseException) -> str | None:
    """Return the name of the function that raised."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return frames[-1].f_code.co_name if frames else None
