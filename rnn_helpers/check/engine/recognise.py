"""Which known mistake computes the same? Nobody's source is read: only numbers are compared."""

from collections.abc import Iterable
from itertools import combinations, starmap
from typing import Any, NamedTuple

import numpy as np

from rnn_helpers.check.engine import compare
from rnn_helpers.check.engine.attempt import Attempt
from rnn_helpers.check.engine.compare import Fault
from rnn_helpers.check.engine.exercise import NO_ARRAY, Arguments, Exercise, Function, Mistake, both
from rnn_helpers.check.engine.sandbox import Outcome


class Finding(NamedTuple):
    """A known mistake.

    Attributes
    ----------
    mistake : what was recognised.
    seen_in : the outputs that show it, if the whole answer does not: it may be made in these alone.
    others : whether further outputs show another mistake.
    """

    mistake: Mistake
    seen_in: tuple[str, ...] = ()
    others: bool = False


def recognise(attempt: Attempt) -> Finding | None:
    """Return the wrong version that computes, on every case, what was computed here.

    An error counts as the same when it has the same type; a version that only raises tells nothing. If no version
    agrees everywhere, one is looked for that agrees on the ordinary cases and is wrong there; then one that explains
    all outputs that are wrong; then two made at once; then, of several in different outputs, the first one.
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
    versions = _versions(attempt, right)
    parts = _in_parts(attempt, right, versions)
    if parts and not parts.others:
        return parts
    return _two_at_once(attempt, right, versions) or parts


def _first_that_agrees(attempt: Attempt, mistakes: Iterable[Mistake], *counts: int) -> Mistake | None:
    """Return the first version that agrees on so many cases, or else on so many; one case rules most out."""
    likely = [mistake for mistake in mistakes if _agrees(attempt, mistake, 1)]
    return next((mistake for count in counts for mistake in likely if _agrees(attempt, mistake, count)), None)


def _agrees(attempt: Attempt, mistake: Mistake, count: int) -> bool:
    compared = zip(attempt.outcomes[:count], attempt.cases[:count], strict=True)
    return all(_same_outcome(attempt.exercise, ours, _outcome(mistake.function, case)) for ours, case in compared)


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
    if ours is None or theirs is None:
        return ours is theirs
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


class _Version(NamedTuple):
    """A mistake, and its answers to all cases output by output."""

    mistake: Mistake
    columns: list[list[Any]]
    wrong: frozenset[int]  # which outputs the mistake spoils


def _versions(attempt: Attempt, right: tuple[Outcome, ...]) -> list[_Version]:
    """Return the mistakes that can be looked at output by output."""
    expected = _columns(attempt, right)
    return [
        _Version(mistake, columns, _differing(attempt, columns, expected))
        for mistake in attempt.exercise.mistakes
        if (columns := _columns(attempt, _outcomes(attempt, mistake.function)))
    ]


def _in_parts(attempt: Attempt, right: tuple[Outcome, ...], versions: list[_Version]) -> Finding | None:
    """Explain each wrong output by itself, by as few mistakes as possible; one left over makes the whole unknown."""
    ours = _columns(attempt, attempt.outcomes)
    if len(ours) < 2:
        return None
    wrong = _differing(attempt, ours, _columns(attempt, right))
    behind: dict[int, Mistake] = {}
    while left := wrong - behind.keys():
        explained = [(version, _explained(attempt, ours, version, left, wrong)) for version in versions]
        version, outputs = max(explained, key=lambda pair: _worth(ours, pair[0], pair[1], wrong))
        if not outputs:
            return None
        behind |= dict.fromkeys(outputs, version.mistake)
    if not behind:
        return None
    first = behind[min(behind)]
    seen_in = sorted(i for i, mistake in behind.items() if mistake.name == first.name)
    return Finding(first, tuple(attempt.leaves[i].name for i in seen_in), len(seen_in) < len(behind))


def _explained(
    attempt: Attempt, ours: list[list[Any]], version: _Version, left: frozenset[int], wrong: frozenset[int]
) -> list[int]:
    """Return the outputs that a mistake explains. One of zeros looks like many: there, all that it spoils is wrong."""
    same = [i for i in left if _same_column(attempt, ours[i], version.columns[i])]
    return [i for i in same if version.wrong <= wrong or not all(map(_is_zero, ours[i]))]


def _is_zero(part: Any) -> bool:
    return isinstance(part, np.ndarray | np.generic | int | float) and not np.any(part)


def _worth(ours: list[list[Any]], version: _Version, outputs: list[int], wrong: frozenset[int]) -> tuple[int, ...]:
    """Rate an explanation: it explains much, spoils nothing that is right, spoils little, and fits extremes too."""
    extremes = sum(all(map(same_answer, ours[i], version.columns[i])) for i in outputs)
    return len(outputs), version.wrong <= wrong, -len(version.wrong), extremes


def _two_at_once(attempt: Attempt, right: tuple[Outcome, ...], versions: list[_Version]) -> Finding | None:
    """Look for two mistakes that together compute the same on the ordinary cases."""
    if not attempt.exercise.in_pairs or attempt.first_fault():  # there is enough to say of a fault
        return None
    pairs: Iterable[tuple[Mistake, Mistake]] = combinations(attempt.exercise.mistakes, 2)
    if ours := _columns(attempt, attempt.outcomes):
        # Two mistakes spoil what either spoils, and nothing else.
        wrong = _differing(attempt, ours, _columns(attempt, right))
        fitting = [_fitting(attempt, ours, version) for version in versions if version.wrong <= wrong]
        pairs = ((a.version.mistake, b.version.mistake) for a, b in combinations(fitting, 2) if _together(a, b, wrong))
    ordinary = len(attempt.cases) - attempt.exercise.extreme
    found = _first_that_agrees(attempt, filter(None, starmap(both, pairs)), len(attempt.cases), ordinary)
    return Finding(found) if found else None


class _Fitting(NamedTuple):
    """A mistake that spoils nothing that is right, and which outputs it explains by itself."""

    version: _Version
    same: frozenset[int]


def _fitting(attempt: Attempt, ours: list[list[Any]], version: _Version) -> _Fitting:
    same = (i for i in version.wrong if _same_column(attempt, ours[i], version.columns[i]))
    return _Fitting(version, frozenset(same))


def _together(a: _Fitting, b: _Fitting, wrong: frozenset[int]) -> bool:
    """Tell whether two mistakes may be what spoils these outputs: what one of them leaves alone, the other explains."""
    one, other = a.version.wrong, b.version.wrong
    return one | other == wrong and one - other <= a.same and other - one <= b.same


def _columns(attempt: Attempt, outcomes: tuple[Outcome, ...]) -> list[list[Any]]:
    """Return for each output its values on all cases, None on an extreme one that gave none; else nothing at all."""
    ordinary = len(outcomes) - attempt.exercise.extreme
    nothing = [None] * len(attempt.leaves)
    rows: list[list[Any]] = []
    for i, outcome in enumerate(outcomes):
        found = nothing if outcome.error else compare.values(outcome.returned, attempt.exercise.returns)
        if i < ordinary and (outcome.error or isinstance(found, Fault)):
            return []
        rows.append(nothing if isinstance(found, Fault) else found)
    return [list(column) for column in zip(*rows, strict=True)]


def _differing(attempt: Attempt, ours: list[list[Any]], theirs: list[list[Any]]) -> frozenset[int]:
    """Return which outputs differ on the ordinary cases."""
    columns = enumerate(zip(ours, theirs, strict=True))
    return frozenset(i for i, (a, b) in columns if not _same_column(attempt, a, b))


def _same_column(attempt: Attempt, ours: list[Any], theirs: list[Any]) -> bool:
    """Compare one output on the ordinary cases."""
    if any(b is NO_ARRAY for b in theirs):  # alone, that would agree with too much
        return False
    ordinary = len(ours) - attempt.exercise.extreme
    return all(map(_same_array, ours[:ordinary], theirs[:ordinary]))
