"""Small edits of the right answers: the table is sound, none is accepted, and no two of other meaning are mixed up."""

import functools
import re

import numpy as np
import pytest

from rnn_helpers.check import EXERCISES
from rnn_helpers.check.engine import compare, kinds, search
from rnn_helpers.check.engine.sandbox import Outcome
from rnn_helpers.check.shared import COURSE

PAIRS = 30  # of each exercise, drawn: a thousand in all

# `mended_walk` has the answer and the cases of `rnn_backward`.
every_exercise = pytest.mark.parametrize("name", [name for name in EXERCISES if name != "mended_walk"])

# So many pairs of edits agree on all cases and on no other numbers.
TWINS: dict[str, int] = {}

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
    used = {edit.alike[:2] for name in EXERCISES for space in search.spaces(EXERCISES[name], COURSE) for edit in space.edits}
    assert [kind for kind in table() if (kind.name, kind.says) not in used] == []


@functools.lru_cache(maxsize=2)
def computed(name):
    """Return the cases, the same with fresh numbers, and what the right answer and each edit give for them."""
    exercise, space = EXERCISES[name], space_of(name)
    cases = search.frozen(exercise.cases())
    others = search.frozen(fresh(cases, np.random.default_rng(0)))
    found = {}
    for i in range(len(space.edits)):
        try:
            function = space.mistake(i).function
        except search.NO_PROGRAM:
            continue
        found[i] = answers(name, function, cases), answers(name, function, others)
    right = answers(name, exercise.reference, cases), answers(name, exercise.reference, others)
    return cases, others, right, found


def right_elsewhere(theirs, right):
    return all(agree(a, b) or b is None for a, b in zip(theirs, right, strict=True))


@every_exercise
def test_every_single_edit_is_refused_unless_it_is_right(name):
    _, _, (right, right_of_others), found = computed(name)
    edits = space_of(name).edits
    accepted = {
        edits[i].name
        for i, (ours, theirs) in found.items()
        if all(map(agree, ours, right)) and not right_elsewhere(theirs, right_of_others)
    }
    assert {edit for edit in accepted if not edit.startswith(TOLERATED.get(name, "-"))} == set()


@every_exercise
def test_edits_of_other_meaning_differ_on_some_case(name):
    _, _, _, found = computed(name)
    edits, alike, mixed = space_of(name).edits, {}, set()
    for i, (ours, _) in found.items():
        if all(values is not None for values in ours):
            arrays = [search.as_numbers(value) for values in ours for value in values]
            if any(array is None for array in arrays):
                continue
            key = tuple((array.shape, array.astype(float).round(6).tobytes()) for array in arrays)
            alike.setdefault(key, []).append(i)
    for group in alike.values():
        for i in group[1:]:
            (one, theirs), (other, others) = found[group[0]], found[i]
            if all(map(agree, one, other)) and None not in (*theirs, *others) and not all(map(agree, theirs, others)):
                mixed.add((edits[group[0]].name, edits[i].name))
    assert len(mixed) <= TWINS.get(name, 0), mixed


@every_exercise
def test_pairs_are_refused_unless_they_are_right(name):
    cases, others, (right, right_of_others), found = computed(name)
    space, rng, tried = space_of(name), np.random.default_rng(1), 0
    while tried < PAIRS:
        i, j = rng.choice(list(found), 2, replace=False)
        made = space.both(space.edits[i], space.edits[j])
        tried += 1
        if made and all(map(agree, answers(name, made.function, cases), right)):
            theirs = answers(name, made.function, others)
            assert right_elsewhere(theirs, right_of_others) or made.name.startswith(TOLERATED.get(name, "-")), made.says
