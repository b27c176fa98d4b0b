"""Small edits of the right answers: the table is sound, none is accepted, and no two of other meaning are mixed up."""

import contextlib
import functools
import re
import warnings

import numpy as np
import pytest

from rnn_helpers.check import EXERCISES
from rnn_helpers.check.engine import compare, kinds, search
from rnn_helpers.check.engine.sandbox import Outcome
from rnn_helpers.check.shared import COURSE

PAIRS = 30  # of each exercise, drawn: a thousand in all

# An edit may divide by zero, and index a list by two.
pytestmark = [pytest.mark.ci, pytest.mark.filterwarnings("ignore")]

# So many pairs of edits agree on all cases, and on other numbers not.
TWINS = {
    "scalar_forward": 1,
    "rnn_forward": 1,
    "cross_entropy": 2,
    "loss_and_grads": 1,
    "central_difference": 1,
    "sampling_step": 2,
}
TWINS |= {"trigram_bits": 8}  # their slices of a text are empty, or as long as it
TWINS |= {"memory_curve": 2}  # a read-out of nothing leaves the input itself as its error

# It is not decided whether the pair at the end of a text, which begins no triple, counts.
TOLERATED = {"trigram_bits": "starts_"}


def space_of(name):
    return next(search.spaces(EXERCISES[name], COURSE))


def table():
    return kinds.read(kinds.KINDS + COURSE.kinds)


def fresh(value, rng):
    """Return the same numbers in another order along the last axis: what is never negative or above 1 stays so."""
    if isinstance(value, np.ndarray):
        return rng.permuted(value, axis=-1) if value.ndim else value
    if isinstance(value, tuple) and not callable(value):
        parts = (fresh(part, rng) for part in value)
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if isinstance(value, dict):
        return {key: fresh(part, rng) for key, part in value.items()}
    if isinstance(value, list):
        return [fresh(part, rng) for part in value]
    if isinstance(value, float):
        return value * rng.uniform(0.5, 1)
    return "".join(rng.permutation(list(value))) if isinstance(value, str) else value


def size(value):
    return sum(map(size, value)) if isinstance(value, tuple) else np.size(value)


def answers(name, function, cases):
    """Return what a version of ours answers to each case: its values, None for an error or another number of them."""
    found = []
    for case in cases:
        made: Outcome = search.outcome(function, case)
        values = None if made.error else compare.values(made.returned, EXERCISES[name].returns)
        found.append(None if isinstance(values, compare.Fault) else values)
    return found


def agree(ours, theirs):
    return ours is not None and theirs is not None and all(map(same, ours, theirs))


def same(a, b):
    a, b = search.as_numbers(a), search.as_numbers(b)
    return a is not None and b is not None and a.shape == b.shape and compare.all_close(a, b)


@pytest.mark.parametrize("kind", table(), ids=lambda kind: f"{kind.name}: {kind.says}"[:60])
def test_a_kind_says_what_it_does_with_its_own_letters(kind):
    letters = set(re.findall(r"(?<![.\w])[A-FKX]\b", kinds.text_of(kind.place)))
    assert set(re.findall(r"\{(\w+)\}", kind.says)) <= letters | {"new", "K"}, kind
    assert set(re.findall(r"(?<![.\w])[A-FKX]\b", kinds.text_of(kind.instead))) <= letters, kind
    assert kind.rank in (1, 2, 3) and re.match(r"[a-z]+", kind.says) and not kind.says.endswith(".")


def test_each_kind_is_used_somewhere():
    used = {
        edit.alike[:2] for name in EXERCISES for space in search.spaces(EXERCISES[name], COURSE) for edit in space.edits
    }
    assert [kind for kind in table() if (kind.name, kind.says) not in used] == []


class Computed:
    """The cases, the same with fresh numbers, and what the right answer and each edit give for both."""

    def __init__(self, name):
        self.name, self.space, exercise = name, space_of(name), EXERCISES[name]
        # A case of thousands of steps shows what overflows; so many edits of it would take too long.
        self.cases = search.frozen(tuple(case for case in exercise.cases() if size(case) < 10_000))
        self.others = search.frozen(fresh(self.cases, np.random.default_rng(0)))
        self.right, self.right_of_others = (answers(name, exercise.reference, c) for c in (self.cases, self.others))
        self.edits = {}
        for i in range(len(self.space.edits)):
            with contextlib.suppress(*search.NO_PROGRAM):
                self.edits[i] = answers(name, self.space.mistake(i).function, self.cases)

    @functools.cache  # noqa: B019
    def elsewhere(self, i):
        return answers(self.name, self.space.mistake(i).function, self.others)


# `mended_walk` has the answer and the cases of `rnn_backward`.
@pytest.fixture(scope="module", params=[name for name in EXERCISES if name != "mended_walk"])
def computed(request):
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Computed(request.param)


def right_elsewhere(theirs, right):
    return all(agree(a, b) or b is None for a, b in zip(theirs, right, strict=True))


def test_every_single_edit_is_refused_unless_it_is_right(computed):
    accepted = {
        computed.space.edits[i].name
        for i, ours in computed.edits.items()
        if all(map(agree, ours, computed.right))
        and not right_elsewhere(computed.elsewhere(i), computed.right_of_others)
    }
    assert {edit for edit in accepted if not edit.startswith(TOLERATED.get(computed.name, "-"))} == set()


def test_edits_of_other_meaning_differ_on_some_case(computed):
    edits, alike, mixed = computed.space.edits, {}, set()
    for i, ours in computed.edits.items():
        arrays = [search.as_numbers(value) for values in ours for value in values or [[]]]
        if all(array is not None for array in arrays) and not all(map(agree, ours, computed.right)):
            key = tuple((array.shape, array.astype(float).round(6).tobytes()) for array in arrays)
            alike.setdefault(key, []).append(i)
    for first, *rest in alike.values():
        for i in rest:
            if all(map(agree, computed.edits[first], computed.edits[i])):
                one, other = computed.elsewhere(first), computed.elsewhere(i)
                if None not in (*one, *other) and not all(map(agree, one, other)):
                    mixed.add((edits[first].name, edits[i].name))
    assert len(mixed) <= TWINS.get(computed.name, 0), mixed


def test_pairs_are_refused_unless_they_are_right(computed):
    space, rng = computed.space, np.random.default_rng(1)
    for _ in range(PAIRS):
        i, j = rng.choice(list(computed.edits), 2, replace=False)
        made = space.both(space.edits[i], space.edits[j])
        if made and all(map(agree, answers(computed.name, made.function, computed.cases), computed.right)):
            theirs = answers(computed.name, made.function, computed.others)
            tolerated = TOLERATED.get(computed.name, "-") in made.name
            assert tolerated or right_elsewhere(theirs, computed.right_of_others), made.says
