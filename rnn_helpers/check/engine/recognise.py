"""Which mistake computes the same? Nobody's source is read: only numbers are compared.

First the mistakes that are written down, then every small edit of a right answer, then two at once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, combinations, islice
from typing import Any, NamedTuple

import numpy as np

from rnn_helpers.check.engine import compare
from rnn_helpers.check.engine.attempt import Attempt
from rnn_helpers.check.engine.compare import Fault
from rnn_helpers.check.engine.exercise import NO_ARRAY, Arguments, Cases, Exercise, Function, Mistake
from rnn_helpers.check.engine.factors import factors
from rnn_helpers.check.engine.sandbox import Outcome
from rnn_helpers.check.engine.search import PAIRS, Space, as_numbers, frozen, outcome, spaces

_ENOUGH = 6  # numbers, none of them whole: of fewer, that some edit gives them says little


class Finding(NamedTuple):
    """What was recognised.

    Attributes
    ----------
    mistake : a known one, or an edit of a right answer.
    seen_in : the outputs that show it, if the whole answer does not: it may be made in these alone.
    others : whether further outputs show another mistake.
    right_in : in so many cases the answer is right, if the mistake is made in the others alone.
    """

    mistake: Mistake
    seen_in: tuple[str, ...] = ()
    others: bool = False
    right_in: int = 0


def recognise(attempt: Attempt) -> Finding | None:
    """Return the mistake that computes, on every case, what was computed here.

    Of a mistake that is written down an error counts as the same when it has the same type; one that only raises tells
    nothing. If none agrees everywhere, an edit of a right answer is looked for that does; then one that agrees on the
    ordinary cases and is wrong there; then one that explains all outputs that are wrong; then two made at once; then,
    of several in different outputs, the first one; then one that is made in some cases alone.
    """
    attempt, numbers = attempt._replace(cases=_frozen(attempt.exercise.cases)), range(len(attempt.cases))
    found = _recognise(attempt, numbers)
    wrong = [i for i in numbers if not _right(attempt, i)]
    if found or not 0 < len(wrong) < len(numbers):
        return found
    shown = (part for i in wrong for part in attempt.expected[i] if part.dtype.kind == "f")
    if sum(map(np.size, shown)) < _ENOUGH:
        return None
    extreme = sum(i >= len(numbers) - attempt.exercise.extreme for i in wrong)
    some = attempt._replace(
        exercise=attempt.exercise._replace(extreme=extreme if extreme < len(wrong) else 0),
        cases=tuple(attempt.cases[i] for i in wrong),
        expected=[attempt.expected[i] for i in wrong],
        outcomes=tuple(attempt.outcomes[i] for i in wrong),
    )
    found = _recognise(some, wrong)
    return found and found._replace(right_in=len(numbers) - len(wrong))


@lru_cache(maxsize=64)
def _frozen(cases: Callable[[], Cases]) -> Cases:
    """Return an exercise's cases, the same objects at each verdict."""
    return frozen(cases())


_KEPT: dict[tuple[int, int], tuple[Mistake, Arguments, Outcome]] = {}


def _kept(mistake: Mistake, case: Arguments) -> Outcome:
    """Return what a mistake does with a case; it does the same at each verdict."""
    key = id(mistake), id(case)
    if key not in _KEPT or _KEPT[key][0] is not mistake or _KEPT[key][1] is not case:
        _KEPT[key] = mistake, case, outcome(mistake.function, case)
    return _KEPT[key][2]


def _once(mistake: Mistake, case: Arguments) -> Outcome:
    """Return the same of a mistake that was put together for this verdict alone."""
    return outcome(mistake.function, case)


def _right(attempt: Attempt, case: int) -> bool:
    theirs = outcome(attempt.exercise.reference, attempt.cases[case])
    return _same_outcome(attempt.exercise, attempt.outcomes[case], theirs)


def _recognise(attempt: Attempt, numbers: Sequence[int]) -> Finding | None:
    """Recognise what some cases show; `numbers` says which of the exercise's cases they are."""
    exercise, ours = attempt.exercise, attempt.outcomes
    right = _outcomes(attempt, exercise.reference)
    if all(outcome.error for outcome in ours) or _same(exercise, ours, right):
        return None
    everything, ordinary = range(len(ours)), range(len(ours) - exercise.extreme)
    wrong = [i for i in everything if not _same_outcome(exercise, ours[i], right[i])]
    wrong_numbers = [i for i in wrong if not ours[i].error]
    search = _Search(attempt, numbers, wrong_numbers)
    if mistake := _known(attempt, everything) or search.single(everything):
        return Finding(mistake)
    ordinarily = [i for i in wrong_numbers if i in ordinary]
    some = any(i in ordinary for i in wrong) and not all(outcome.error for outcome in ours[: len(ordinary)])
    if some and exercise.extreme and (mistake := _known(attempt, ordinary) or search.single(ordinary)):
        return Finding(mistake)
    if not ordinarily or attempt.first_fault():
        return None
    parts = search.in_parts(right)
    if parts and not parts.others:
        return parts
    mistake = search.two(right, everything, ordinary)
    return Finding(mistake) if mistake else parts


def _known(attempt: Attempt, cases: Sequence[int]) -> Mistake | None:
    """Return the first mistake of the list that agrees on these cases; one case rules most out."""
    likely = [mistake for mistake in attempt.exercise.mistakes if _agrees(attempt, mistake, cases[:1])]
    return next((mistake for mistake in likely if _agrees(attempt, mistake, cases)), None)


def _agrees(attempt: Attempt, mistake: Mistake, cases: Iterable[int], done: Callable[..., Outcome] = _kept) -> bool:
    return all(_same_outcome(attempt.exercise, attempt.outcomes[i], done(mistake, attempt.cases[i])) for i in cases)


class _Search:
    """Edits that compute what was computed here; a case with wrong numbers rules most of them out."""

    def __init__(self, attempt: Attempt, numbers: Sequence[int], wrong: Sequence[int]) -> None:
        self.attempt, self.numbers, self.wrong = attempt, numbers, wrong
        telling = [i for i in wrong if all(np.isfinite(a).all() for a in self._numbers(i))]
        self.first = next(iter(telling), None)  # agreement in NaN would be none
        self.fault = attempt.first_fault()
        self.spaces: list[Space] = []

    def _numbers(self, case: int) -> list[Any]:
        found = compare.values(self.attempt.outcomes[case].returned, self.attempt.exercise.returns)
        arrays = [None] if isinstance(found, Fault) else [as_numbers(value) for value in found]
        return [np.array(np.nan) if array is None else array for array in arrays]

    def _each_space(self) -> Iterator[Space]:
        yield from self.spaces
        for space in islice(spaces(self.attempt.exercise, self.attempt.course), len(self.spaces), None):
            self.spaces.append(space)
            yield space

    def single(self, cases: Sequence[int]) -> Mistake | None:
        """Return the likeliest edit that agrees on these cases; two that do are both said."""
        first = next((i for i in cases if i == self.first), None)
        if first is None:
            first = next((i for i in cases if i in self.wrong and np.isfinite(self._numbers(i)[0]).all()), None)
        if first is None:
            return None
        order = [first, *(i for i in cases if i != first)]
        for number, space in enumerate(self._each_space()):
            found = list[int]()
            for i in space.whole(self.numbers[first], self.attempt.outcomes[first].returned):
                if found and space.edits[i].rank > space.edits[found[0]].rank:
                    break
                if self.fault and space.edits[i].whole:  # what came back says more
                    continue
                if _agrees(self.attempt, space.mistake(i), order):
                    found.append(i)
            if found:
                return space.either(found)
            if number == 0:
                for mistake in factors(self.attempt):
                    if _agrees(self.attempt, mistake, order, _once):
                        return mistake
        return None

    def in_parts(self, right: tuple[Outcome, ...]) -> Finding | None:
        """Explain each wrong output by itself."""
        self.versions = []
        ours, expected = _columns(self.attempt, self.attempt.outcomes), _columns(self.attempt, right)
        if not ours or self.first is None:
            return None
        wrong = sorted(_differing(self.attempt, ours, expected))
        self.versions = list(_versions(self.attempt, expected, self.attempt.exercise.mistakes))
        if len(ours) < 2:
            return None
        answer = self.attempt.outcomes[self.first].returned
        for space in self._each_space():
            partly = [space.mistake(i) for i in space.partly(self.numbers[self.first], answer, wrong)]
            more = _versions(self.attempt, expected, partly)
            self.versions += [version for version in more if _explains(self.attempt, ours, version, wrong)]
            if space is self.spaces[0]:
                scaled = _versions(self.attempt, expected, factors(self.attempt), _once)
                self.versions += [version for version in scaled if _explains(self.attempt, ours, version, wrong)]
            if parts := _in_parts(self.attempt, right, self.versions):
                return parts
        return None

    def two(self, right: tuple[Outcome, ...], everything: Sequence[int], ordinary: Sequence[int]) -> Mistake | None:
        """Return two mistakes or edits that together compute the same."""
        if self.first is None:
            return None
        space = next(self._each_space())
        known = {id(m): edit for m, edit in space.curated(self.attempt.exercise.mistakes)}
        ours = _columns(self.attempt, self.attempt.outcomes)
        whole = self.numbers == range(len(self.numbers))  # in some cases alone, there is no end of what fits
        pairs = space.pairs([*known.values()]) if whole else iter(())
        if len(ours) > 1:
            # Two mistakes spoil what either spoils, and nothing else.
            wrong = _differing(self.attempt, ours, _columns(self.attempt, right))
            fitting = [_fitting(self.attempt, ours, v) for v in self.versions if v.wrong <= wrong]
            known |= {id(space.mistake(i)): space.edits[i] for i in space.made()}
            fitting = [f for f in fitting if id(f.version.mistake) in known]
            likely = [
                (a, b) for a, b in combinations(range(len(fitting)), 2) if _together(fitting[a], fitting[b], wrong)
            ]
            both = ((known[id(fitting[i].version.mistake)] for i in pair) for pair in sorted(likely, key=sum))
            explained = (
                made for one, other in islice(both, PAIRS // space.program.size) if (made := space.both(one, other))
            )
            pairs = chain(explained, pairs)
        second: Mistake | None = None
        order = [self.first, *(i for i in everything if i != self.first)]
        for made in pairs:
            if _agrees(self.attempt, made, order[:1], _once):
                if _agrees(self.attempt, made, order, _once):
                    return made
                if second is None and _agrees(self.attempt, made, ordinary, _once):
                    second = made
        return second


def _outcomes(attempt: Attempt, function: Function) -> tuple[Outcome, ...]:
    """Call one of our own versions: they need no sandbox."""
    return tuple(outcome(function, case) for case in attempt.cases)


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


def _versions(
    attempt: Attempt,
    expected: list[list[Any]],
    mistakes: Iterable[Mistake],
    done: Callable[..., Outcome] = _kept,
) -> Iterator[_Version]:
    """Give the mistakes that can be looked at output by output."""
    for mistake in mistakes:
        if columns := _columns(attempt, tuple(done(mistake, case) for case in attempt.cases)):
            yield _Version(mistake, columns, _differing(attempt, columns, expected))


def _explains(attempt: Attempt, ours: list[list[Any]], version: _Version, wrong: Sequence[int]) -> bool:
    return any(i in version.wrong and _same_column(attempt, ours[i], version.columns[i]) for i in wrong)


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
    for i, ours in enumerate(outcomes):
        found = nothing if ours.error else compare.values(ours.returned, attempt.exercise.returns)
        if i < ordinary and (ours.error or isinstance(found, Fault)):
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
