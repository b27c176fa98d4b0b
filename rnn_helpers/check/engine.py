"""From a learner's function to a verdict: run it on the cases, then find the first thing there is to say."""

import inspect
import linecache
import traceback
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from rnn_helpers.check import compare
from rnn_helpers.check.compare import Fault
from rnn_helpers.check.exercise import Arguments, Exercise, Function, Mistake
from rnn_helpers.check.sandbox import Outcome, run
from rnn_helpers.check.verdict import Verdict
from rnn_helpers.validate import Array

SECONDS = 8.0  # for all cases together


class _Attempt(NamedTuple):
    """A learner's function, or a wrong version, on all cases of an exercise."""

    exercise: Exercise
    cases: tuple[Arguments, ...]
    expected: list[list[Array]]
    outcomes: tuple[Outcome, ...]


def judge(exercise: Exercise, function: object, *, seconds: float = SECONDS) -> Verdict:
    """Run `function` on the exercise's cases and say what there is to say. Raises nothing, changes nothing.

    Parameters
    ----------
    exercise : the task.
    function : the learner's; it may do anything.
    seconds : the time it has for all cases together.
    """
    name = name_of(function)
    try:
        return _judge(exercise, function, name, seconds)
    except Exception as error:  # an answer that raises when it is looked at
        says = f"returns something that cannot be looked at ({type(error).__name__})"
        return _not_yet(name, "wrong_type", says)


def name_of(function: object) -> str:
    """Return the function's `__name__`, or the name of its type where it has none."""
    try:
        return str(getattr(function, "__name__", None) or type(function).__name__)
    except Exception:
        return type(function).__name__


def _judge(exercise: Exercise, function: object, name: str, seconds: float) -> Verdict:
    if not callable(function):
        task = exercise.reference.__name__
        says = f"is not a function: write check.{task}(my_function), without calling it"
        return _not_yet(name, "not_callable", says)
    cases = exercise.cases()
    if (parameters := _wrong_parameters(exercise, function, cases)) is not None:
        return _not_yet(name, "wrong_parameters", parameters)
    names = tuple(inspect.signature(exercise.reference).parameters)
    done = run(function, cases, names, seconds)
    attempt = _Attempt(exercise, cases, _expected(exercise, cases), done.outcomes)
    if done.too_slow:
        says = f"was stopped after {seconds:g} s: look for a loop that does not end"
        return _not_yet(name, "too_slow", says)
    verdict = (
        _not_written(name, function, attempt)
        or _changed_input(name, attempt)
        or _known_mistake(name, function, attempt)
        or _raised(name, function, attempt)
        or _faulty(name, attempt)
        or _wrong_values(name, attempt)
        or _correct(name, attempt)
    )
    return _with_printed(verdict, done.printed_lines)


def _expected(exercise: Exercise, cases: tuple[Arguments, ...]) -> list[list[Array]]:
    answers = []
    for case in cases:
        found = compare.values(exercise.reference(*case), exercise.returns)
        assert not isinstance(found, Fault), found.says
        answers.append([np.asarray(value) for value in found])
    return answers


def _wrong_parameters(exercise: Exercise, function: Function, cases: tuple[Arguments, ...]) -> str | None:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some built-in functions do not tell
        return None
    try:
        for case in cases:
            signature.bind(*case)
    except TypeError:
        return f"takes {_plain(signature)}, expected {_plain(_asked(exercise, cases))}"
    return None


def _asked(exercise: Exercise, cases: tuple[Arguments, ...]) -> inspect.Signature:
    """Return the reference's signature without what the exercise never uses."""
    signature = inspect.signature(exercise.reference)
    used = list(signature.parameters.values())[: max(map(len, cases))]
    return signature.replace(parameters=used)


def _plain(signature: inspect.Signature) -> str:
    """Write a signature without its type hints."""
    empty = inspect.Parameter.empty
    bare = [p.replace(annotation=empty) for p in signature.parameters.values()]
    return str(inspect.Signature(bare))


def _not_written(name: str, function: Function, attempt: _Attempt) -> Verdict | None:
    for outcome in attempt.outcomes:
        if isinstance(outcome.error, NotImplementedError):
            inner = _where_raised(outcome.error)
            called = f", which {name} calls" if inner not in (None, _code_name(function)) else ""
            return _verdict_not_written(f"fill in {inner if called else name}{called}")
        if outcome.error is None and _nothing(outcome.returned):
            return _verdict_not_written(f"{name} returns None, fill it in up to its return")
        found = None if outcome.error else compare.values(outcome.returned, attempt.exercise.returns)
        if isinstance(found, list):
            leaves = compare.leaves(attempt.exercise.returns)
            missing = [leaf.name for leaf, value in zip(leaves, found, strict=True) if value is None]
            if missing:
                return _verdict_not_written(f"{name} returns None for {', '.join(missing)}, fill it in")
    return None


def _verdict_not_written(says: str) -> Verdict:
    return Verdict(False, f"Not written yet: {says}, then run this cell again.", "not_written")


def _nothing(returned: object) -> bool:
    if isinstance(returned, tuple) and returned:
        return all(part is None for part in returned)
    return returned is None or returned is Ellipsis


def _changed_input(name: str, attempt: _Attempt) -> Verdict | None:
    for outcome in attempt.outcomes:
        if outcome.changed:
            says = f"changes its own input {', '.join(outcome.changed)}: the caller's array is different afterwards"
            return _not_yet(name, "changed_input", f"{says}. Work on a copy or make a new array")
    return None


def _known_mistake(name: str, function: Function, attempt: _Attempt) -> Verdict | None:
    if _all_right(attempt):
        return None
    mistake = recognise(attempt.exercise, attempt.cases, attempt.outcomes)
    if mistake is None:
        return None
    facts = _facts(attempt) or _first_fault(attempt) or _error_text(function, attempt)
    return _not_yet(name, mistake.name, f"{mistake.says}. {facts}. {_see(attempt)}")


def recognise(exercise: Exercise, cases: tuple[Arguments, ...], outcomes: tuple[Outcome, ...]) -> Mistake | None:
    """Return the wrong version that computes, on every case, what was computed here.

    An error counts as the same when it has the same type; a version that only raises tells nothing. If no version
    agrees everywhere, one is looked for that agrees on the ordinary cases and is wrong there.
    """
    names = tuple(inspect.signature(exercise.reference).parameters)
    wrong = [run(mistake.function, cases, names, SECONDS).outcomes for mistake in exercise.mistakes]
    right = run(exercise.reference, cases, names, SECONDS).outcomes
    for count in (len(cases), len(cases) - exercise.extreme):
        ours = outcomes[:count]
        if all(outcome.error for outcome in ours) or _all_same(exercise, ours, right[:count]):
            return None
        for mistake, theirs in zip(exercise.mistakes, wrong, strict=True):
            if _all_same(exercise, ours, theirs[:count]):
                return mistake
    return None


def _all_same(exercise: Exercise, ours: tuple[Outcome, ...], theirs: tuple[Outcome, ...]) -> bool:
    return all(_same(exercise, a, b) for a, b in zip(ours, theirs, strict=True))


def _same(exercise: Exercise, ours: Outcome, theirs: Outcome) -> bool:
    if ours.error or theirs.error:
        return type(ours.error) is type(theirs.error)
    left, right = (compare.values(outcome.returned, exercise.returns) for outcome in (ours, theirs))
    if isinstance(left, Fault) or isinstance(right, Fault):
        return False
    return all(_same_array(a, b) for a, b in zip(left, right, strict=True))


def _same_array(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, list | tuple) and not isinstance(theirs, list | tuple):
        return False
    try:
        a, b = np.asarray(ours), np.asarray(theirs)
    except ValueError:
        return False
    if a.shape != b.shape or a.dtype.kind not in "fiu" or b.dtype.kind not in "fiu":
        return False
    return bool(compare.close(a, b).all())


def _raised(name: str, function: Function, attempt: _Attempt) -> Verdict | None:
    text = _error_text(function, attempt)
    return _not_yet(name, "raised", text.removeprefix("It ")) if text else None


def _error_text(function: Function, attempt: _Attempt) -> str:
    for case, outcome in zip(attempt.cases, attempt.outcomes, strict=True):
        if outcome.error is not None:
            what = " ".join(_text(outcome.error).split())
            what = what if len(what) <= 200 else what[:200] + " ..."
            line = _line(outcome.error, function)
            kind = type(outcome.error).__name__
            return f"It raises {kind}{f' ({what})' if what else ''}{line}{_inputs(attempt, case)}"
    return ""


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ""


def _line(error: BaseException, function: Function) -> str:
    """Say which line of the learner's function was running, counted from its `def`."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        if frame.f_code is code:
            source = linecache.getline(code.co_filename, number).strip()
            return f" in its line {number - code.co_firstlineno + 1}{f': `{source}`' if source else ''}"
    return ""


def _where_raised(error: BaseException) -> str | None:
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return frames[-1].f_code.co_name if frames else None


def _code_name(function: Function) -> str | None:
    code = getattr(inspect.unwrap(function), "__code__", None)
    return code.co_name if code else None


def _faulty(name: str, attempt: _Attempt) -> Verdict | None:
    for _, found in _answers(attempt):
        if isinstance(found, Fault):
            if found.says.startswith("returns"):
                return _not_yet(name, found.mistake, found.says)
            return Verdict(False, f"Not yet: what {name} returns as {found.says}.", found.mistake)
    return None


def _answers(attempt: _Attempt) -> Iterator[tuple[int, list[Array] | Fault]]:
    """Give for each case that did not raise the arrays that were returned, or what is wrong with them."""
    for i, (outcome, expected) in enumerate(zip(attempt.outcomes, attempt.expected, strict=True)):
        if outcome.error is None:
            yield i, _arrays(attempt.exercise, outcome.returned, expected)


def _arrays(exercise: Exercise, returned: Any, expected: list[Array]) -> list[Array] | Fault:
    found = compare.values(returned, exercise.returns)
    if isinstance(found, Fault):
        return found
    arrays = []
    for leaf, value, right in zip(compare.leaves(exercise.returns), found, expected, strict=True):
        array = compare.numbers(leaf, value, right)
        if isinstance(array, Fault):
            return array
        arrays.append(array)
    return arrays


def _first_fault(attempt: _Attempt) -> str:
    for _, found in _answers(attempt):
        if isinstance(found, Fault):
            return found.says[0].upper() + found.says[1:] if found.says.startswith("returns") else found.says
    return ""


def _facts(attempt: _Attempt) -> str:
    """Say where the first wrong number of the first case with one stands, and which outputs are right."""
    leaves = list(compare.leaves(attempt.exercise.returns))
    right = {leaf.name: True for leaf in leaves}
    first = ""
    for i, arrays in _answers(attempt):
        if isinstance(arrays, Fault):
            return first
        for leaf, given, expected in zip(leaves, arrays, attempt.expected[i], strict=True):
            last = attempt.exercise.backwards and leaf.axes[:1] == ("time",)
            wrong = compare.difference(given, expected, last=last)
            if wrong is None:
                continue
            right[leaf.name] = False
            if not first:
                where = compare.place(leaf, wrong.at, expected.shape)
                numbers = compare.beside(wrong.expected, wrong.given)
                first = f"{where}: {numbers}{_inputs(attempt, attempt.cases[i])}"
    agreeing = [name for name, agrees in right.items() if agrees]
    return f"{first}. Right already: {', '.join(agreeing)}" if first and agreeing else first


def _inputs(attempt: _Attempt, case: Arguments) -> str:
    """Write the arguments out where they are few and short."""
    names = inspect.signature(attempt.exercise.reference).parameters
    texts = []
    for name, value in zip(names, case, strict=False):
        if hasattr(value, "_fields") or isinstance(value, dict):
            return ""
        texts.append(f"{name} = {value.tolist() if isinstance(value, np.ndarray) else value}")
    text = ", ".join(texts)
    return f", for {text}" if len(text) <= 100 else ""


def _wrong_values(name: str, attempt: _Attempt) -> Verdict | None:
    facts = _facts(attempt)
    if not facts:
        return None
    largest = max(_errors(attempt))
    if largest < 1e-5:
        says = f"comes close, but not close enough: the largest error is {largest:.1e}. {facts}"
        return _not_yet(name, "low_precision", says)
    says = f"computes something else, through a mistake I do not know. {facts}. {_see(attempt)}"
    return _not_yet(name, "unknown", says)


def _all_right(attempt: _Attempt) -> bool:
    if any(outcome.error for outcome in attempt.outcomes):
        return False
    return not any(isinstance(found, Fault) for _, found in _answers(attempt)) and not _facts(attempt)


def _correct(name: str, attempt: _Attempt) -> Verdict:
    cases = f"{len(attempt.cases)} cases, largest error {max(_errors(attempt)):.1e}"
    return Verdict(True, f"Correct: {name} agrees with the package on {cases}.", None)


def _errors(attempt: _Attempt) -> list[float]:
    return [
        compare.error(given, expected)
        for i, arrays in _answers(attempt)
        if not isinstance(arrays, Fault)
        for given, expected in zip(arrays, attempt.expected[i], strict=True)
    ]


def _see(attempt: _Attempt) -> str:
    return f"Notebook {attempt.exercise.notebook} explains it"


def _not_yet(name: str, mistake: str, says: str) -> Verdict:
    return Verdict(False, f"Not yet: {name} {says}.", mistake)


def _with_printed(verdict: Verdict, lines: int) -> Verdict:
    if not lines:
        return verdict
    hidden = f" (It printed {lines} {'line' if lines == 1 else 'lines'}, not shown here.)"
    return verdict._replace(message=verdict.message + hidden)
