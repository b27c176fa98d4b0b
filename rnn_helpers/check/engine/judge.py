"""From a learner's function to a verdict: run it on the cases, then find the first thing there is to say."""

import inspect
import re
import traceback
import warnings
from typing import Any

import numpy as np

from rnn_helpers.check.engine import compare, facts, in_full, outside
from rnn_helpers.check.engine.attempt import Attempt, answers_of, argument_names
from rnn_helpers.check.engine.beyond import remark
from rnn_helpers.check.engine.compare import Fault
from rnn_helpers.check.engine.exercise import Arguments, Course, Exercise, Function, Section
from rnn_helpers.check.engine.recognise import recognise
from rnn_helpers.check.engine.sandbox import FILL, Outcome, Run, run
from rnn_helpers.check.engine.verdict import Given, Verdict
from rnn_helpers.validate import Array

SECONDS = 4.0  # for all cases together; a loop that does not end can fill the memory meanwhile
_UNKNOWN = "keeps something from call to call, draws random numbers, or depends on the cases that it is tried on"
_CLOSE = 1e-5  # relative; what is wrong by less than this is wrong in its last digits only


def judge(exercise: Exercise, function: object, course: Course, seconds: float = SECONDS) -> Given:
    """Run `function` on the exercise's cases and say what there is to say. Raises nothing, changes nothing.

    Parameters
    ----------
    exercise : the task.
    function : the learner's; it may do anything.
    course : the words for what is said.
    seconds : the time it has for all cases together.

    Returns
    -------
    Verdict
    """
    name = name_of(function)
    try:
        # A caller who lets NumPy raise gets the same verdict, and no warning about what is compared.
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            verdict = _judge(exercise, function, name, course, seconds)
    except Exception as error:  # an answer that raises when it is looked at
        says = f"returns something that cannot be looked at ({type(error).__name__})"
        verdict = _not_yet(name, "wrong_type", says)
    return verdict if isinstance(verdict, Given) else Given(*verdict)


def name_of(function: object) -> str:
    """Return the function's `__name__`, or the name of its type where it has none."""
    try:
        return str(getattr(function, "__name__", None) or type(function).__name__)
    except Exception:
        return type(function).__name__


def _judge(exercise: Exercise, function: object, name: str, course: Course, seconds: float) -> Verdict:
    if not callable(function):
        says = f"is not a function: write check.{exercise.name}(my_function), without calling it"
        return _not_yet(name, "not_callable", says, _see(exercise))
    cases = exercise.cases()
    if parameters := _wrong_parameters(exercise, function, cases):
        return _not_yet(name, "wrong_parameters", parameters, _see(exercise))
    # The first case twice, and at the end with other numbers: the arguments alone should decide on the answer.
    turned, around = (turned_round(cases[0]),), outside.noted(function)
    done = run(function, (cases[0], *cases, *turned), argument_names(exercise), seconds)
    expected, other = (answers_of(exercise.reference, exercise, some) for some in (cases, turned))
    attempt = Attempt(exercise, course, cases, expected, done.outcomes[1 : len(cases) + 1])
    again = attempt._replace(cases=turned, expected=other, outcomes=done.outcomes[len(cases) + 1 :])
    verdict = (
        _not_written(name, function, done, exercise)
        or _too_slow(name, function, done, attempt, seconds)
        or _changed_input(name, attempt)
        or _changing(name, function, attempt, done.outcomes[0], again, around)
        or (_correct(name, function, attempt) if attempt.all_right() else None)
        or _known_mistake(name, function, attempt)
        or _raised(name, function, attempt)
        or _fault(name, function, attempt)
        or _wrong_values(name, function, attempt)
    )
    return _shown(verdict, attempt, done.printed_lines)


def _wrong_parameters(exercise: Exercise, function: Function, cases: tuple[Arguments, ...]) -> str | None:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some built-in functions do not tell
        return None
    try:
        for case in cases:
            signature.bind(*case)
    except TypeError:
        return f"takes {_bare(signature)}, expected {asked(exercise)}"
    return None


def asked(exercise: Exercise) -> str:
    """Write the parameters that an answer to the exercise has, as in `(x, t)`."""
    return _bare(inspect.signature(exercise.reference))


def _bare(signature: inspect.Signature) -> str:
    """Write a signature without its type hints."""
    empty = inspect.Parameter.empty
    bare = [p.replace(annotation=empty) for p in signature.parameters.values()]
    return str(inspect.Signature(bare))


def _not_written(name: str, function: Function, done: Run, exercise: Exercise) -> Verdict | None:
    for outcome in done.outcomes:
        if isinstance(outcome.error, NotImplementedError):
            inner = traceback.extract_tb(outcome.error.__traceback__)[-1].name
            code = getattr(inspect.unwrap(function), "__code__", None)
            if code and inner != code.co_name:
                return _unwritten(f"fill in {inner}, which {name} calls")
            return _unwritten(f"fill in {name}")
    returned = [outcome.returned for outcome in done.outcomes if not outcome.error]
    if returned and all(map(_nothing, returned)):  # None now and then is another matter: a way without a return
        if not done.printed_lines:
            return _unwritten(f"{name} returns None, fill it in up to its return")
        says = "prints and returns None: `print` shows a value, `return` hands it over"
        return _not_yet(name, "not_returned", says, _see(exercise))
    rows = [compare.values(answer, exercise.returns) for answer in returned]
    columns = zip(*(row for row in rows if isinstance(row, list)), strict=True)
    leaves = zip(compare.leaves(exercise.returns), columns, strict=False)  # no columns, if none could be taken apart
    missing = [leaf.name for leaf, column in leaves if all(value is None for value in column)]
    return _unwritten(f"{name} returns None for {', '.join(missing)}, fill it in") if missing else None


def _nothing(returned: object) -> bool:
    if isinstance(returned, tuple) and returned:
        return all(part is None for part in returned)
    return returned is None or returned is Ellipsis


def _unwritten(says: str) -> Verdict:
    return Verdict(False, f"Not written yet: {says}, run its cell, then this one again.", "not_written")


def _too_slow(name: str, function: Function, done: Run, attempt: Attempt, seconds: float) -> Verdict | None:
    if done.too_slow is None:
        return None
    finished = f"with {len(attempt.outcomes)} of {len(attempt.cases)} cases done"
    says = f"was stopped after {seconds:g} s, {finished},{facts.line(done.too_slow, function)}".rstrip(",")
    return _not_yet(name, "too_slow", f"{says}: look for a loop that does not end", _see(attempt.exercise))


def _changed_input(name: str, attempt: Attempt) -> Verdict | None:
    changed = next((outcome for outcome in attempt.outcomes if outcome.changed), None)
    if changed is None:
        return None
    inputs = ", ".join(changed.changed)
    those = "it" if len(changed.changed) == 1 else "them"
    says = f"changes its own input {inputs}: whoever uses {those} once more computes with other numbers"
    see = _see_if_known(attempt.exercise, attempt.course.in_place)
    return _not_yet(
        name, "changed_input", says, f"At first {changed.first_change}", "Work on a copy or make a new array", see
    )


def _changing(
    name: str, function: Function, attempt: Attempt, before: Outcome, other: Attempt, around: outside.Noted
) -> Verdict | None:
    """Report an answer that does not come from the arguments alone: it changes from call to call, or is drawn."""
    wrong, see, filled = attempt.first_wrong(), _see(attempt.exercise), ""
    differs = _difference(attempt, 0, before, attempt.outcomes[0])
    draws = facts.draws(function) if differs or wrong is not None else ""
    if wrong is not None:
        if draws and (unused := facts.unused(function, attempt, wrong)):
            drawing = _not_yet(name, "drawing", f"never uses {unused}: it {draws}", see)
            return _known_mistake(name, function, attempt) or drawing
        twice = (attempt.cases[wrong],) * 2
        done = run(function, twice, argument_names(attempt.exercise), SECONDS, FILL, -FILL).outcomes
        once, filled = (_difference(attempt, wrong, attempt.outcomes[wrong], *done[i : i + 1]) for i in (0, 1))
        differs = differs or once or (draws and filled)
    if filled and not differs:
        says = f"reads entries of np.empty before it fills them: with {FILL} and then {-FILL} in them, {filled}"
        return _not_yet(name, "unfilled", says, "Fill each entry first, or begin with np.zeros", see)
    if not differs and (wrong is not None or other.all_right()):
        return None
    says = "differently when the same arguments come again" if differs else "other arguments of the same shapes wrongly"
    says = f"answers {says}: "
    says += outside.changes(around, outside.noted(function)) or f"it {draws or _UNKNOWN}"
    see = _see_if_known(attempt.exercise, attempt.course.stale)
    return _not_yet(name, "changing", says, differs, "An answer comes from the arguments alone", see)


def _difference(attempt: Attempt, case: int, *outcomes: Outcome) -> str:
    """Say in what two outcomes of a case differ; nothing if time ran out before the second."""
    seen = [_seen(attempt, case, outcome) for outcome in outcomes]
    if len(seen) < 2 or any(isinstance(part, str) for part in seen):
        texts = [part if isinstance(part, str) else "an answer" for part in seen]
        return f"First: {texts[0]}; then: {texts[1]}" if len({*texts}) > 1 else ""
    leaves = zip(attempt.leaves, *seen, strict=True)
    says = next(filter(None, (facts.first_number(attempt, *leaf) for leaf in leaves)), "")
    return says.replace("expected", "first").replace("got", "then")


def _seen(attempt: Attempt, case: int, outcome: Outcome) -> str | list[Array]:
    """Return an outcome's arrays, or what it is instead, without addresses in the memory."""
    if outcome.error:
        return re.sub("0x[0-9a-f]+", "", f"{type(outcome.error).__name__} ({facts.in_one_line(outcome.error)})")
    found = attempt.arrays_of(case, outcome)
    return found.says if isinstance(found, Fault) else found


def _correct(name: str, function: Function, attempt: Attempt) -> Verdict:
    cases = f"{len(attempt.cases)} cases, largest error {max(attempt.errors()):.1e}"
    return Verdict(True, f"Correct: {name} agrees with the package on {cases}.{remark(function, attempt)}", None)


def _known_mistake(name: str, function: Function, attempt: Attempt) -> Verdict | None:
    finding = recognise(attempt)
    if finding is None:
        return None
    mistake, seen_in, others, right_in = finding
    if (others or "_and_" in mistake.name) and 1 < len(attempt.leaves) == facts.passed_on(attempt).count(" is "):
        return None  # that all that comes back are arguments says more
    says = mistake.says
    if right_in:
        cases = f"{right_in} of {len(attempt.cases)} cases"
        where = facts.inputs(attempt, attempt.cases[attempt.first_wrong() or 0])
        says = f"is right in {cases}. In the others{where}, it {says}"
    if seen_in:
        where = ", ".join(seen_in)
        says = (
            f"has several mistakes. In {where} it {says}" if others else f"goes wrong in {where} alone: there it {says}"
        )
    see = _see(attempt.exercise, mistake.section)
    return _not_yet(name, mistake.name, says, _seen_first(function, attempt), see)


def _seen_first(function: Function, attempt: Attempt) -> str:
    """Say what the first wrong case shows: a wrong number, no number at all, or an error."""
    raised = [i for i, outcome in enumerate(attempt.outcomes) if outcome.error]
    before = attempt._replace(outcomes=attempt.outcomes[: raised[0]]) if raised else attempt
    if facts.wrong_number(before):
        return facts.wrong_number(attempt)
    fault = before.first_fault()
    if fault and not fault.says.startswith("returns"):
        return fault.says
    return f"It {fault.says if fault else facts.what_was_raised(function, attempt)}"


def _raised(name: str, function: Function, attempt: Attempt) -> Verdict | None:
    says = facts.what_was_raised(function, attempt)
    also = facts.reads(function) or facts.hint(function, attempt)
    also = also[:1].upper() + also[1:]
    return _not_yet(name, "raised", says, also, _see(attempt.exercise)) if says else None


def _fault(name: str, function: Function, attempt: Attempt) -> Verdict | None:
    faults = {i: found for i, found in attempt.arrays() if isinstance(found, Fault)}
    if not faults:
        return None
    if order := facts.another_order(attempt):
        return _not_yet(name, "another_order", order, _see(attempt.exercise))
    case, fault = next(iter(faults.items()))
    some = f" on {len(faults)} of {len(attempt.cases)} cases{facts.inputs(attempt, attempt.cases[case])}"
    subject = name if fault.says.startswith("returns") else f"what {name} returns as"
    says = f"{fault.says},{some}" if len(faults) < len(attempt.cases) else fault.says
    if attempt.outcomes[case].returned is None:  # on some cases: on all, it would not be written yet
        says = f"returns None{some}: a way through it ends without a return"
        return _not_yet(name, "none_on_some", says, _see(attempt.exercise))
    return _not_yet(subject, fault.mistake, says, facts.besides(function, attempt), _see(attempt.exercise))


def _wrong_values(name: str, function: Function, attempt: Attempt) -> Verdict:
    largest = max(attempt.errors())
    number = facts.wrong_number(attempt)
    if largest < _CLOSE:
        says = f"comes close, but not close enough: the largest error is {largest:.1e}"
        return _not_yet(name, "low_precision", says, number, _see(attempt.exercise))
    says = "computes something else, through a mistake I do not know"
    also = (facts.passed_on(attempt), facts.besides(function, attempt))
    return _not_yet(name, "unknown", says, number, *also, _see(attempt.exercise))


def _see(exercise: Exercise, section: Section | None = None) -> str:
    return f"See {section or Section(exercise.notebook, exercise.section)}"


def _see_if_known(exercise: Exercise, section: Section) -> str:
    """Send the learner to a section; of one that comes after the exercise, say only that it comes."""
    if section.notebook < exercise.notebook:
        return f"See {section}"
    if section.notebook == exercise.notebook:  # before the exercise or after it
        return f'This notebook has more on it under "{section.heading}"'
    return f'Notebook {section.notebook} comes back to it, under "{section.heading}"'


def turned_round(value: Any) -> Any:
    """Return the same arguments with the numbers of each array and list in reverse order along the last axis.

    NamedTuples stay: what was computed together has to go on fitting.
    """
    if isinstance(value, np.ndarray):
        return value[..., ::-1].copy() if value.ndim else value
    if isinstance(value, list):
        return value[::-1]
    if isinstance(value, dict):
        return {key: turned_round(part) for key, part in value.items()}
    return tuple(map(turned_round, value)) if type(value) is tuple else value


def _not_yet(name: str, mistake: str, *says: str) -> Verdict:
    """Say what is wrong in sentences, of which those that are empty are left out."""
    return Verdict(False, f"Not yet: {name} {'. '.join(filter(None, says))}.", mistake)


def _shown(verdict: Verdict, attempt: Attempt, lines: int) -> Given:
    """Add to a verdict what was printed, and to one that says "Not yet" the first wrong case."""
    note = f" (It printed {lines} {'line' if lines == 1 else 'lines'}, not shown here.)" if lines else ""
    shown = Given(*verdict._replace(message=verdict.message + note))
    shown.case = in_full.first_wrong_case(attempt) if verdict.message.startswith("Not yet") else ""
    return shown
