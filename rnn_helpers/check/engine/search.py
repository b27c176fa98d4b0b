"""Which edit of a right answer computes what was computed here: by the numbers of the first case, then of all."""

import copy
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, islice
from typing import Any

import numpy as np

from rnn_helpers.check.engine import compare
from rnn_helpers.check.engine.compare import Fault
from rnn_helpers.check.engine.edits import Edit, edits
from rnn_helpers.check.engine.exercise import Arguments, Cases, Course, Exercise, Function, Mistake
from rnn_helpers.check.engine.program import Program
from rnn_helpers.check.engine.sandbox import Outcome
from rnn_helpers.validate import Array

PAIRS = 250_000  # so many at most, divided by the size of what is edited: they take half a second
NO_PROGRAM = (SyntaxError, RecursionError, ValueError, TypeError)  # what `compile` says of what an edit makes
_FLOOR = 1e-3


def spaces(exercise: Exercise, course: Course) -> Iterator["Space"]:
    """Give the edits of the plain answer, then those of its other forms."""
    for form in (exercise.reference, *exercise.forms):
        yield _space(form, exercise.cases, exercise.returns, course.kinds, course.functions)


class Space:
    """All edits of one right answer, and what they answer to the cases.

    Attributes
    ----------
    program : the right answer in parts.
    edits : the likelier first.
    """

    def __init__(self, program: Program, cases: Cases, returns: Any, kinds: str) -> None:
        names = tuple(leaf.name for leaf in compare.leaves(returns)), tuple(part.name for part in returns)
        self.program, self.returns = program, returns
        self.edits = sorted(edits(program, kinds, names), key=lambda edit: edit.rank)
        self._cases, self._leaves = frozen(cases), len(names[0])
        self._mistakes: dict[int, Mistake] = {}
        self._tables: dict[int, list[_Table]] = {}
        self._curated: tuple[Sequence[Mistake], list[tuple[Mistake, Edit]]] | None = None

    def mistake(self, i: int) -> Mistake:
        """Return an edit as a mistake."""
        if i not in self._mistakes:
            edit = self.edits[i]
            self._mistakes[i] = Mistake(edit.name, edit.says, version=self.program.edited(edit.changes))
        return self._mistakes[i]

    def whole(self, case: int, returned: Any) -> list[int]:
        """Return the numbers of the edits that answer so to this case in all outputs, the likelier first."""
        return sorted(set.intersection(*(self._alike(case, returned) or [set()])))

    def partly(self, case: int, returned: Any, wrong: Sequence[int]) -> list[int]:
        """Return the numbers of the edits that answer so to this case in one of these outputs at least."""
        found = self._alike(case, returned)
        return sorted(set.union(*(found[leaf] for leaf in wrong))) if found and wrong else []

    def _alike(self, case: int, returned: Any) -> list[set[int]]:
        values = compare.values(returned, self.returns)
        if isinstance(values, Fault):
            return []
        if case not in self._tables:
            answers = [self._answer(edit, case) for edit in self.edits]
            self._tables[case] = [_table(answers, leaf) for leaf in range(self._leaves)]
        return [_rows_like(table, value) for table, value in zip(self._tables[case], values, strict=True)]

    def _answer(self, edit: Edit, case: int) -> list[Any] | None:
        try:
            function = self.program.edited(edit.changes)
        except NO_PROGRAM:
            return None
        answer = outcome(function, self._cases[case])
        found = None if answer.error else compare.values(answer.returned, self.returns)
        return None if isinstance(found, Fault) else found

    def both(self, one: Edit, other: Edit) -> Mistake | None:
        """Return two edits made at once, None if they cannot be."""
        if one.changes.keys() & other.changes.keys():
            return None
        try:
            function = self.program.edited({**one.changes, **other.changes})
        except NO_PROGRAM:
            return None
        says = f"{one.says}. It also {other.says}"
        return Mistake(f"{one.name}_and_{other.name}", says, version=function)

    def made(self) -> list[int]:
        """Return the numbers of the edits that were asked for."""
        return [*self._mistakes]

    def either(self, numbers: Sequence[int]) -> Mistake:
        """Return the first of some edits that compute the same; if they change different lines, two are said."""
        one = self.edits[numbers[0]]
        others = (self.edits[i] for i in numbers[1:])
        others = (edit for edit in others if edit.alike[1] != "all" and not one.changes.keys() & edit.changes.keys())
        other = next(others, None)
        if other is None or one.rank > 1:
            return self.mistake(numbers[0])
        says = f"{one.says}, or {other.says}: the numbers are the same"
        return Mistake(one.name, says, version=self.mistake(numbers[0]).function)

    def curated(self, mistakes: Sequence[Mistake]) -> list[tuple[Mistake, Edit]]:
        """Return mistakes that are exchanges as edits, so that two can be made at once."""
        if self._curated is None or self._curated[0] is not mistakes:
            made = [m for m in mistakes if m.exchanges and m.of]
            found = [(m, Edit(m.name, m.says, self.program.changes(m.exchanges), 0)) for m in made]
            self._curated = mistakes, found
        return self._curated[1]

    def pairs(self, known: Sequence[Edit]) -> Iterator[Mistake]:
        """Give two edits at once, the likelier first."""
        likely = [*known, *(edit for edit in self.edits if edit.rank < 2)]
        for a, b in islice(sorted(combinations(range(len(likely)), 2), key=sum), PAIRS // self.program.size):
            if made := self.both(likely[a], likely[b]):
                yield made


_Table = dict[tuple[int, ...], tuple[Array, Array]]  # shape -> which edits answer so, and their numbers in rows


def _table(answers: Sequence[list[Any] | None], leaf: int) -> _Table:
    rows: dict[tuple[int, ...], list[tuple[int, Array]]] = {}
    for i, answer in enumerate(answers):
        array = None if answer is None else as_numbers(answer[leaf])
        if array is not None:
            rows.setdefault(array.shape, []).append((i, array.ravel()))
    return {
        shape: (np.array([i for i, _ in some]), np.array([row for _, row in some], float))
        for shape, some in rows.items()
    }


def _rows_like(table: _Table, value: Any) -> set[int]:
    array = as_numbers(value)
    if array is None or array.shape not in table:
        return set()
    who, rows = table[array.shape]
    return set(who[_agree(rows, array.ravel(), array.dtype.type)].tolist())


@lru_cache(maxsize=64)
def _space(form: Function, cases: Any, returns: Any, kinds: str, functions: tuple[Function, ...]) -> Space:
    names = {function.__name__: function for function in functions}
    with np.errstate(all="ignore"):
        return Space(Program(form, names), cases(), returns, kinds)


def outcome(function: Function, case: Arguments) -> Outcome:
    """Call one of our own versions, which needs no sandbox; what changes its arguments gets copies."""
    try:
        try:
            return Outcome(function(*case), None, ())
        except ValueError as error:
            if "read-only" not in str(error):
                raise
            return Outcome(function(*copy.deepcopy(case)), None, ())
    except Exception as error:
        return Outcome(None, error, ())


def frozen(cases: Cases) -> Cases:
    """Return copies whose arrays cannot be changed."""
    cases = copy.deepcopy(cases)
    _freeze(cases)
    return cases


def _freeze(value: Any) -> None:
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
    elif isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            _freeze(part)


def as_numbers(value: Any) -> Array | None:
    """Return a value as an array of numbers, None if it is none."""
    if isinstance(value, list | tuple | np.ma.MaskedArray):
        return None
    array = np.asarray(value)
    return array if array.dtype.kind in "fiu" else None


def _agree(rows: Array, ours: Array, kind: Any) -> Array:
    """Tell which rows agree with ours, as `compare.close` does one by one."""
    finite = np.isfinite(rows)
    scale = np.abs(np.where(finite, rows, 0)).max(axis=1, initial=_FLOOR)
    tolerance = compare.TOLERANCE.get(kind, compare.TOLERANCE[np.float64]) * scale
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(rows - ours) <= tolerance[:, None]
        same = near | (rows == ours) | (np.isnan(rows) & np.isnan(ours))
    return np.asarray(same.all(axis=1))
