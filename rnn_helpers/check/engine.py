"""From a learner's function to a verdict: run it on the cases, then find the first thing there is to say."""

import inspect

import numpy as np

from rnn_helpers.check import compare, facts
from rnn_helpers.check.attempt import Attempt, argument_names, expected_of
from rnn_helpers.check.exercise import Arguments, Exercise, Function
from rnn_helpers.check.recognise import recognise
from rnn_helpers.check.sandbox import run
from rnn_helpers.check.verdict import Verdict

SECONDS = 8.0  # for all cases together
_CLOSE = 1e-5  # relative; what is wrong by less than this is wrong in its last digits only


def judge(exercise: Exercise, function: object, *, seconds: float = SECONDS) -> Verdict:
    """Run `function` on the exercise's cases and say what there is to say. Raises nothing, changes nothing.

    Parameters
    ----------
    exercise : the task.
    function : the learner's; it may do anything.
    seconds : the time it has for all cases together.

    Returns
    -------
    Verdict
    """
    name = name_of(function)
    try:
        with np.errstate(all="ignore"):  # a caller who lets NumPy raise gets the same verdict
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
        says = f"is not a function: write check.{exercise.reference.__name__}(my_function), without calling it"
        return _not_yet(name, "not_callable", says)
    cases = exercise.cases()
    if parameters := _wrong_parameters(exercise, function, cases):
        return _not_yet(name, "wrong_parameters", parameters)
    done = run(function, cases, argument_names(exercise), seconds)
    attempt = Attempt(exercise, cases, expected_of(exercise, cases), done.outcomes)
    verdict = (
        _not_written(name, function, attempt)
        or (_too_slow(name, seconds) if done.too_slow else None)
        or _changed_input(name, attempt)
        or (_correct(name, attempt) if attempt.all_right() else None)
        or _known_mistake(name, function, attempt)
        or _raised(name, function, attempt)
        or _fault(name, attempt)
        or _wrong_values(name, attempt)
    )
    return _with_printed(verdict, done.printed_lines)


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


def _not_written(name: str, function: Function, attempt: Attempt) -> Verdict | None:
    for outcome in attempt.outcomes:
        if isinstance(outcome.error, NotImplementedError):
            inner = facts.raising_function(outcome.error)
            code = getattr(inspect.unwrap(function), "__code__", None)
            if inner and code and inner != code.co_name:
                return _unwritten(f"fill in {inner}, which {name} calls")
            return _unwritten(f"fill in {name}")
        if outcome.error:
            continue
        if _nothing(outcome.returned):
            return _unwritten(f"{name} returns None, fill it in up to its return")
        found = compare.values(outcome.returned, attempt.exercise.returns)
        if isinstance(found, list):
            missing = [leaf.name for leaf, value in zip(attempt.leaves, found, strict=True) if value is None]
            if missing:
                return _unwritten(f"{name} returns None for {', '.join(missing)}, fill it in")
    return None


def _nothing(returned: object) -> bool:
    if isinstance(returned, tuple) and returned:
        return all(part is None for part in returned)
    return returned is None or returned is Ellipsis


def _unwritten(says: str) -> Verdict:
    return Verdict(False, f"Not written yet: {says}, then run this cell again.", "not_written")


def _too_slow(name: str, seconds: float) -> Verdict:
    return _not_yet(name, "too_slow", f"was stopped after {seconds:g} s: look for a loop that does not end")


def _changed_input(name: str, attempt: Attempt) -> Verdict | None:
    changed = next((outcome.changed for outcome in attempt.outcomes if outcome.changed), None)
    if changed is None:
        return None
    says = f"changes its own input {', '.join(changed)}: the caller's array is different afterwards"
    return _not_yet(name, "changed_input", f"{says}. Work on a copy or make a new array")


def _correct(name: str, attempt: Attempt) -> Verdict:
    cases = f"{len(attempt.cases)} cases, largest error {max(attempt.errors()):.1e}"
    return Verdict(True, f"Correct: {name} agrees with the package on {cases}.", None)


def _known_mistake(name: str, function: Function, attempt: Attempt) -> Verdict | None:
    finding = recognise(attempt)
    if finding is None:
        return None
    mistake, seen_in = finding
    fault = attempt.first_fault()
    fact = facts.wrong_number(attempt) or (fault.says if fault else f"It {facts.what_was_raised(function, attempt)}")
    says = f"has several mistakes. In {', '.join(seen_in)} it {mistake.says}" if seen_in else mistake.says
    return _not_yet(name, mistake.name, f"{says}. {fact}. {_see(attempt)}")


def _raised(name: str, function: Function, attempt: Attempt) -> Verdict | None:
    says = facts.what_was_raised(function, attempt)
    hint = facts.hint(function, attempt)
    return _not_yet(name, "raised", f"{says}. {hint}" if hint else says) if says else None


def _fault(name: str, attempt: Attempt) -> Verdict | None:
    fault = attempt.first_fault()
    if fault is None:
        return None
    if fault.says.startswith("returns"):
        return _not_yet(name, fault.mistake, fault.says)
    return Verdict(False, f"Not yet: what {name} returns as {fault.says}.", fault.mistake)


def _wrong_values(name: str, attempt: Attempt) -> Verdict:
    largest = max(attempt.errors())
    if largest < _CLOSE:
        says = f"comes close, but not close enough: the largest error is {largest:.1e}"
        return _not_yet(name, "low_precision", f"{says}. {facts.wrong_number(attempt)}")
    says = "computes something else, through a mistake I do not know"
    return _not_yet(name, "unknown", f"{says}. {facts.wrong_number(attempt)}. {_see(attempt)}")


def _see(attempt: Attempt) -> str:
    return f'See "{attempt.exercise.section}" in notebook {attempt.exercise.notebook}'


def _not_yet(name: str, mistake: str, says: str) -> Verdict:
    return Verdict(False, f"Not yet: {name} {says}.", mistake)


def _with_printed(verdict: Verdict, lines: int) -> Verdict:
    if not lines:
        return verdict
    hidden = f" (It printed {lines} {'line' if lines == 1 else 'lines'}, not shown here.)"
    return verdict._replace(message=verdict.message + hidden)
