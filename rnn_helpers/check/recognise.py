"""Which known mistake computes the same? Nobody's source is read: only numbers are compared."""

from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from rnn_helpers.check import compare
from rnn_helpers.check.attempt import Attempt, argument_names
from rnn_helpers.check.compare import Fault
from rnn_helpers.check.exercise import Exercise, Function, Mistake, both
from rnn_helpers.check.sandbox import Outcome, run

_SECONDS = 5.0  # a wrong version takes about a millisecond


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
    wrong = []
    for mistake in exercise.mistakes:
        theirs = _outcomes(attempt, mistake.function)
        if _same(exercise, ours, theirs):
            return Finding(mistake)
        wrong.append((mistake, theirs))
    if all(outcome.error for outcome in ours[:ordinary]) or _same(exercise, ours[:ordinary], right[:ordinary]):
        return None
    for mistake, theirs in wrong:
        if _same(exercise, ours[:ordinary], theirs[:ordinary]):
            return Finding(mistake)
    return _in_parts(attempt, right, wrong) or _two_at_once(attempt)


def _outcomes(attempt: Attempt, function: Function) -> tuple[Outcome, ...]:
    return run(function, attempt.cases, argument_names(attempt.exercise), _SECONDS).outcomes


def _same(exercise: Exercise, ours: tuple[Outcome, ...], theirs: tuple[Outcome, ...]) -> bool:
    return all(_same_outcome(exercise, a, b) for a, b in zip(ours, theirs, strict=True))


def _same_outcome(exercise: Exercise, ours: Outcome, theirs: Outcome) -> bool:
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
    return compare.all_close(a, b)


def _in_parts(
    attempt: Attempt, right: tuple[Outcome, ...], wrong: list[tuple[Mistake, tuple[Outcome, ...]]]
) -> Finding | None:
    """Explain each wrong output by itself; one that stays unexplained makes the whole unknown."""
    ours = _columns(attempt, attempt.outcomes)
    expected = _columns(attempt, right)
    versions = [(mistake, columns) for mistake, theirs in wrong if (columns := _columns(attempt, theirs))]
    behind: dict[str, Mistake] = {}
    for i, leaf in enumerate(attempt.leaves if ours else ()):
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


def _two_at_once(attempt: Attempt) -> Finding | None:
    """Look for two mistakes that together compute the same on the ordinary cases; the first rules most pairs out."""
    if attempt.first_fault():  # there is enough to say without this
        return None
    exercise = attempt.exercise
    ordinary = attempt.cases[: len(attempt.cases) - exercise.extreme]
    for pair in combinations(exercise.mistakes, 2):
        mistake = both(*pair)
        if mistake and all(
            _same(exercise, attempt.outcomes[: len(cases)], _outcomes(attempt._replace(cases=cases), mistake.function))
            for cases in (ordinary[:1], ordinary)
        ):
            return Finding(mistake)
    return None


def _columns(attempt: Attempt, outcomes: tuple[Outcome, ...]) -> list[list[Any]]:
    """Return for each output its values on the ordinary cases; nothing if some case gave none."""
    ordinary = outcomes[: len(outcomes) - attempt.exercise.extreme]
    rows = [compare.values(outcome.returned, attempt.exercise.returns) for outcome in ordinary]
    if any(outcome.error for outcome in ordinary):
        return []
    return [list(column) for column in zip(*(row for row in rows if not isinstance(row, Fault)), strict=True)]


def _same_column(ours: list[Any], theirs: list[Any]) -> bool:
    return len(ours) == len(theirs) and all(_same_array(a, b) for a, b in zip(ours, theirs, strict=True))
