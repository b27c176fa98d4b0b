"""The facts of a message: which number is wrong and what it should be, which line raised what."""

import dis
import inspect
import itertools
import linecache
import random
import re
import traceback
from collections.abc import Iterator
from decimal import Decimal
from types import CodeType, FrameType

import numpy as np

from rnn_helpers.check.engine import compare, in_full, outside
from rnn_helpers.check.engine.attempt import Attempt, argument_names
from rnn_helpers.check.engine.compare import Fault
from rnn_helpers.check.engine.exercise import Arguments, Function, Output
from rnn_helpers.check.engine.sandbox import run
from rnn_helpers.validate import Array

_PRODUCT = r"size (?P<b>\d+) is different from (?P<a>\d+)|not aligned: (?P<left>\d+) .* != (?P<right>\d+)"
_LONGEST = {"error": 200, "line": 100, "argument": 50, "input": 100}  # characters


def wrong_number(attempt: Attempt) -> str:
    """Say where the first wrong number of the first wrong case stands, and which outputs are right in all cases."""
    wrong: dict[str, str] = {}
    for i, arrays in attempt.arrays():
        if isinstance(arrays, Fault):
            return next(iter(wrong.values()), "")
        for leaf, given, expected in zip(attempt.leaves, arrays, attempt.expected[i], strict=True):
            last = bool(leaf.axes) and leaf.axes[0] == attempt.exercise.backwards
            if leaf.name not in wrong and (number := first_number(attempt, leaf, expected, given, last=last)):
                wrong[leaf.name] = f"{number}{inputs(attempt, attempt.cases[i])}"
    right = [leaf.name for leaf in attempt.leaves if leaf.name not in wrong]
    first = next(iter(wrong.values()), "")
    return f"{first}. Right already: {', '.join(right)}" if first and right else first


def first_number(attempt: Attempt, leaf: Output, expected: Array, given: Array, *, last: bool = False) -> str:
    """Say where the first number stands in which two arrays differ, and both numbers."""
    difference = compare.difference(given, expected, last=last)
    if not difference:
        return ""
    where = compare.place(leaf, difference.at, expected.shape, attempt.course.axes)
    return f"{where}: {compare.beside(difference.expected, difference.given)}"


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
            place = line(outcome.error, function)
            said = f"{type(outcome.error).__name__}{f' ({what})' if what else ''}"
            return f"raises {said}{place}{inputs(attempt, case)}"
    return ""


def hint(function: Function, attempt: Attempt) -> str:
    """Say what the first error means where its own words do not; with shapes, if it is about shapes."""
    error = next((outcome.error for outcome in attempt.outcomes if outcome.error), None)
    if isinstance(error, KeyError):
        return _other_key(error, function)
    text = in_one_line(error) if error else ""
    if error and (sizes := re.search(_PRODUCT, text)):
        return _no_product(error, function, int(sizes["a"] or sizes["left"]), int(sizes["b"] or sizes["right"]))
    if error and "truth value of an array" in text:
        return _no_single_truth(error, function, attempt)
    if _lost_axis(text):
        return "one of them lacks an axis: look for a sum or a maximum that took it away"
    says = next((says for words, says in attempt.course.hints.items() if words in text), "")
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


def reads(function: Function) -> str:
    """Name the arrays that the function takes from the notebook instead of its arguments."""
    codes, found = outside.reached(function)
    # Not co_names: they hold fields too, and the x of box.x is no variable of the notebook.
    steps = dis.get_instructions(codes[0][0]) if codes else ()
    names = dict.fromkeys(str(step.argval) for step in steps if step.opname == "LOAD_GLOBAL")
    arrays = [name for name in names if any(in_full.arrays([(name, found.get(f"the variable {name}"))]))]
    what = "variables" if len(arrays) > 1 else "a variable"
    says = f"It reads {', '.join(arrays)}: {what} of the notebook, left over from another cell, no argument"
    return says if arrays else ""


def draws(function: Function) -> str:
    """Say in which line it draws random numbers that are no argument."""
    codes, found = outside.reached(function)
    makers = np.random.Generator, np.random.RandomState, random.Random
    own = (name.split()[-1] for name, thing in found.items() if isinstance(getattr(thing, "__self__", thing), makers))
    names = {"random", "default_rng", "RandomState", *own}
    for code in codes:
        parts = [part for part in code if not names.isdisjoint((*part.co_names, *part.co_freevars))]
        for step in itertools.chain.from_iterable(map(dis.get_instructions, parts)):
            if (
                step.opname.startswith(("LOAD_GLOBAL", "LOAD_ATTR", "LOAD_METHOD", "LOAD_DEREF", "IMPORT"))
                and step.argval in names
                and step.positions
            ):
                return f"draws random numbers ({code[0].co_name}, {_numbered(code[0], step.positions.lineno or 0)})"
    return ""


def besides(function: Function, attempt: Attempt) -> str:
    """Say which arguments it never uses, and what it reads instead."""
    names = unused(function, attempt, attempt.first_wrong() or 0)
    some = names and names.count(",") + 1 < len(attempt.cases[0])  # who uses none has another trouble
    return ". ".join(filter(None, [f"It never uses {names}" if some else "", reads(function)]))


def unused(function: Function, attempt: Attempt, case: int) -> str:
    """Name the arguments of a case that may be anything, where the right answer computes with them."""
    names, given = argument_names(attempt.exercise), attempt.cases[case]
    # Decimal("sNaN") raises in every sum and comparison, and it is no index.
    others = [(*given[:i], Decimal("sNaN"), *given[i + 1 :]) for i in range(len(given))]
    ours, right = (run(one, others, (), 1.0).outcomes for one in (function, attempt.exercise.reference))
    found = zip(names, ours, right, strict=False)
    return ", ".join(name for name, outcome, needed in found if needed.error and not outcome.error)


def in_one_line(error: BaseException) -> str:
    """Return what an error says, in one line that is not too long."""
    try:
        return _shortened(" ".join(str(error).split()), _LONGEST["error"])
    except Exception:
        return ""


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]} ..."


def line(error: BaseException, function: Function) -> str:
    """Say which line of the learner's function was running, counted from its `def`."""
    for frame, place in _inside(error, function):
        return f" in its {_numbered(frame.f_code, place.lineno or 0)}"
    return ""


def _numbered(code: CodeType, number: int) -> str:
    source = _shortened(linecache.getline(code.co_filename, number).strip(), _LONGEST["line"])
    return f"line {number - code.co_firstlineno + 1}{f': `{source}`' if source else ''}"


def _no_product(error: BaseException, function: Function, left: int, right: int) -> str:
    """Say what keeps two arrays from being multiplied, of which these are the sizes that should be equal."""
    shapes: dict[str, tuple[int, ...]] = {}
    for frame, place in itertools.islice(_inside(error, function), 1):
        arrays = {name: _look_up(name, frame) for name in re.findall(r"[^\W\d][\w.]*", _expression(place))}
        shapes = {name: array.shape for name, array in arrays.items() if isinstance(array, np.ndarray)}
    last = [*shapes][-1:]
    if len(shapes) > len({*shapes.values()}) == 1:
        says = "`*` multiplies entry by entry, a product of matrices needs one of them transposed"
    elif (right, left) in shapes.values() or f"({right},{left})" in in_one_line(error):
        says = "look for a missing or needless transpose"
    elif any(len(shape) > 2 and (name.endswith(".T") or name in last) for name, shape in shapes.items()):
        says = "make rows first, `a.reshape(-1, a.shape[-1])`, of each array that has more than two axes"
    else:
        says = "in `a @ b` the last size of a has to be the last but one of b"
    there = " and ".join(f"{name} has shape {shape}" for name, shape in shapes.items())
    return f"There {there}: {says}" if there else says


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
    code = outside.code_of(function)[1]
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
