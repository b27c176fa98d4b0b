"""Which known mistake computes the same? Nobody's source is read: only numbers are compared."""

from collections.abc import Iterable
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from rnn_helpers.check import compare
from rnn_helpers.check.attempt import Attempt
from rnn_helpers.check.compare import Fault
from rnn_helpers.check.exercise import NO_ARRAY, Arguments, Exercise, Function, Mistake, both
from rnn_helpers.check.sandbox import Outcome


class Finding(NamedTuple):
    """A known mistake, and the outputs in which it was seen if others show another mistake; else none are named."""

    mistake: Mistake
    seen_in: tuple[str, ...] = ()


def recognise(attempt: Attempt) -> Finding | None:
    """Return the wrong version that computes, on every case, what was computed here.

    An error counts as the same when it has the same type; a version that only raises tells nothing. If no version
    agrees everywhere, one is looked for that agrees on the ordinary cases and is wrong there; then, if several
    mistakes were made in different outputs, the one behind the first wrong output; then two made at once.
    """
    exercise, ours = attempt.exercise, attempt.outcomes
    right = _outcomes(attempt, exercise.reference)
    ordinary = len(ours) - exercise.extreme
    if all(outcome.error for outcome in ours) or _same(exercise, ours, right):
        return None
    if mistake := _first_that_agrees(attempt, exercise.mistakes, len(ours)):
        return Finding(mistake)
    if all(outcome.error for outcome in ours[:ordinary]) or _same(exercise, ours[:ordinary], right[:ordinary]):
        return None
    if exercise.extreme and (mistake := _first_that_agrees(attempt, exercise.mistakes, ordinary)):
        return Finding(mistake)
    return _in_parts(attempt, right) or _two_at_once(attempt, ordinary)


def _first_that_agrees(attempt: Attempt, mistakes: Iterable[Mistake], *counts: int) -> Mistake | None:
    """Return the first version that agrees on so many cases, or else on so many; one case rules most out."""
    likely = [mistake for mistake in mistakes if _agrees(attempt, mistake, 1)]
    return next((mistake for count in counts for mistake in likely if _agrees(attempt, mistake, count)), None)


def _agrees(attempt: Attempt, mistake: Mistake, count: int) -> bool:
    theirs = _outcomes(attempt._replace(cases=attempt.cases[:count]), mistake.function)
    return _same(attempt.exercise, attempt.outcomes[:count], theirs)


def _outcomes(attempt: Attempt, function: Function) -> tuple[Outcome, ...]:
    """Call one of our own versions: they need no sandbox, and there can be a thousand pairs of them."""
    return tuple(_outcome(function, case) for case in attempt.cases)


def _outcome(function: Function, case: Arguments) -> Outcome:
    try:
        return Outcome(function(*case), None, ())
    except Exception as error:
        return Outcome(None, error, ())


def _same(exercise: Exercise, ours: tuple[Outcome, ...], theirs: tuple[Outcome, ...]) -> bool:
    return all(_same_outcome(exercise, a, b) for a, b in zip(ours, theirs, strict=True))


def _same_outcome(exercise: Exercise, ours: Outcome, theirs: Outcome) -> bool:
    if ours.error or theirs.error:
        return type(ours.error) is type(theirs.error)
    left, right = (compare.values(outcome.returned, exercise.returns) for outcome in (ours, theirs))
    if isinstance(left, Fault) and isinstance(right, Fault):
        return same_answer(ours.returned, theirs.returned)
    if isinstance(left, Fault) or isinstance(right, Fault):
        return False
    return all(_same_array(a, b) for a, b in zip(left, right, strict=True))


def same_answer(ours: Any, theirs: Any) -> bool:
    """Tell whether two answers hold the same numbers in the same places, whatever their parts are."""
    if isinstance(ours, list | tuple) and isinstance(theirs, list | tuple):
        return len(ours) == len(theirs) and all(map(same_answer, ours, theirs))
    return _same_array(ours, theirs)


def _same_array(ours: Any, theirs: Any) -> bool:
    if theirs is NO_ARRAY:
        return not isinstance(ours, np.ndarray)
    if isinstance(ours, list | tuple) and not isinstance(theirs, list | tuple):
        return False
    try:
        a, b = np.asarray(ours), np.asarray(theirs)
    except ValueError:
        return False
    if a.shape != b.shape or a.dtype.kind not in "fiu" or b.dtype.kind not in "fiu":
        return False
    return compare.all_close(a, b)


def _in_parts(attempt: Attempt, right: tuple[Outcome, ...]) -> Finding | None:
    """Explain each wrong output by itself; one that stays unexplained makes the whole unknown."""
    ours = _columns(attempt, attempt.outcomes)
    if len(ours) < 2:
        return None
    expected = _columns(attempt, right)
    wrong = ((mistake, _outcomes(attempt, mistake.function)) for mistake in attempt.exercise.mistakes)
    versions = [(mistake, columns) for mistake, theirs in wrong if (columns := _columns(attempt, theirs))]
    behind: dict[str, Mistake] = {}
    for i, leaf in enumerate(attempt.leaves):
        if not _same_column(ours[i], expected[i]):
            mistake = next((m for m, theirs in versions if _same_column(ours[i], theirs[i])), None)
            if mistake is None:
                return None
            behind[leaf.name] = mistake
    first = next(iter(behind.values()), None)
    if first is None:
        return None
    seen_in = tuple(name for name, mistake in behind.items() if mistake.name == first.name)
    return Finding(first, seen_in if len(seen_in) < len(behind) else ())


def _two_at_once(attempt: Attempt, ordinary: int) -> Finding | None:
    """Look for two mistakes that together compute the same on the ordinary cases."""
    if attempt.first_fault():  # there is enough to say without this
        return None
    pairs = (both(*pair) for pair in combinations(attempt.exercise.mistakes, 2))
    mistake = _first_that_agrees(attempt, filter(None, pairs), len(attempt.cases), ordinary)
    return Finding(mistake) if mistake else None


def _columns(attempt: Attempt, outcomes: tuple[Outcome, ...]) -> list[list[Any]]:
    """Return for each output its values on the ordinary cases; nothing if some case gave none."""
    ordinary = outcomes[: len(outcomes) - attempt.exercise.extreme]
    rows = [compare.values(outcome.returned, attempt.exercise.returns) for outcome in ordinary]
    if any(outcome.error for outcome in ordinary):
        return []
    return [list(column) for column in zip(*(row for row in rows if not isinstance(row, Fault)), strict=True)]


def _same_column(ours: list[Any], theirs: list[Any]) -> bool:
    if len(ours) != len(theirs) or any(b is NO_ARRAY for b in theirs):  # alone, that would agree with too much
        return False
    return all(_same_array(a, b) for a, b in zip(ours, theirs, strict=True))
