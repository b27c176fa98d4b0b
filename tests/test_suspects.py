"""Suspects: each runs, trains a little, is wrong in its own way, is found by the map and missed by weaker checks."""

import inspect
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rnn_helpers import (
    loss_and_grads,
    numerical_gradient,
    relative_error,
    rnn_backward,
    rnn_forward,
    softmax,
)
from rnn_helpers.labs import suspects
from rnn_helpers.labs.gradmap import backward_map, loss_map, make_case
from rnn_helpers.labs.suspects import FAULTS, SUSPECTS, loss_with, walk_back
from rnn_helpers.plant import plant

CASE = make_case(np.random.default_rng(0))
ALL = dict(zip(FAULTS, SUSPECTS.values(), strict=True))
ROWS = ("x", "h0", "W_xh", "W_hh", "b_h")
every_suspect = pytest.mark.parametrize("fault", FAULTS)

# Row by row the steps at which the map is wrong; rows that are left out are right.
EVERY, LATER = [1, 2, 3, 4, 5], [2, 3, 4, 5]
SHAPES = {
    "upstream_forgotten": dict.fromkeys(ROWS, EVERY),
    "dropped_carry": dict.fromkeys(ROWS, LATER),
    "not_transposed": {**dict.fromkeys(ROWS, LATER), "h0": EVERY},
    "new_state": {"W_hh": EVERY},
    "wrap_around": {"W_hh": EVERY},
    "in_place": {},
}


def shape_of(found):
    """Return {row: steps that are wrong}, without rows that are right."""
    return {
        name: [int(t) for t in np.flatnonzero(row) + 1]
        for name, row in zip(found.names, found.wrong, strict=True)
        if row.any()
    }


def test_the_plain_walk_is_the_packages():
    cache = rnn_forward(CASE.params, CASE.x, CASE.h0)[2]
    ours, theirs = walk_back(CASE.params, cache, CASE.dh), rnn_backward(CASE.params, cache, CASE.dh)
    assert max(map(relative_error, ours, theirs)) < 1e-14
    assert backward_map(walk_back, CASE).passed
    assert loss_map(loss_with(walk_back), CASE).passed


@every_suspect
def test_the_map_of_each_suspect_has_the_shape_that_the_notebook_says(fault):
    found = backward_map(ALL[fault], CASE)
    assert shape_of(found) == SHAPES[fault]
    assert found.changed == (("dh",) if fault == "in_place" else ())
    assert not found.passed


@pytest.mark.parametrize("seed", range(1, 6))
@every_suspect
def test_the_shape_does_not_depend_on_the_numbers_drawn(fault, seed):
    assert shape_of(backward_map(ALL[fault], make_case(np.random.default_rng(seed)))) == SHAPES[fault]


def test_the_wrong_share_of_wrap_around_fades_with_the_way_back_and_the_others_does_not():
    wrap, new = (backward_map(ALL[fault], CASE).errors[ROWS.index("W_hh")] for fault in ("wrap_around", "new_state"))
    assert np.all(np.diff(wrap) < 0) and wrap[-1] < 0.1 < wrap[0]
    assert new[-1] > 0.5


@every_suspect
def test_exchanging_the_one_text_gives_the_package_again(fault):
    right, wrong, _ = FAULTS[fault]
    mended = plant(ALL[fault], wrong, right)
    cache = rnn_forward(CASE.params, CASE.x, CASE.h0)[2]
    ours, theirs = mended(CASE.params, cache, CASE.dh), rnn_backward(CASE.params, cache, CASE.dh)
    assert max(map(relative_error, ours, theirs)) < 1e-14
    assert backward_map(mended, CASE).passed


# --- what weaker checks see ------------------------------------------------------------------------------------


def passes(fault, *, ones=False, rows=ROWS, **sizes):
    """Tell whether the suspect passes a check on a case of these sizes."""
    case = make_case(np.random.default_rng(0), **sizes)
    case = case._replace(dh=np.ones_like(case.dh)) if ones else case
    found = backward_map(ALL[fault], case)
    return not found.changed and not {*shape_of(found)} & {*rows}


MISSED = {
    "one step, ones": ({"steps": 1, "ones": True}, {"upstream_forgotten", "dropped_carry", "in_place"}),
    "one step": ({"steps": 1}, {"dropped_carry", "in_place"}),
    "one unit": ({"n_h": 1}, {"not_transposed"}),
    "weights of one step": ({"steps": 1, "rows": ROWS[2:]}, {"dropped_carry", "in_place", "not_transposed"}),
    "all of it": ({}, set()),
}


@pytest.mark.parametrize(("check", "missed"), MISSED.values(), ids=MISSED)
def test_each_check_misses_exactly_what_the_notebook_says(check, missed):
    assert {fault for fault in FAULTS if passes(fault, **check)} == missed


@every_suspect
def test_shapes_tell_nothing(fault):
    cache = rnn_forward(CASE.params, CASE.x, CASE.h0)[2]
    grads = ALL[fault](CASE.params, cache, CASE.dh.copy())
    assert [grad.shape for grad in grads] == [a.shape for a in (CASE.x, CASE.h0, *CASE.params[:3])]


@every_suspect
def test_every_suspect_lowers_the_loss_at_first(fault):
    params, losses = CASE.params, []
    for _ in range(10):
        loss, grads = loss_with(ALL[fault])(params, CASE.x, CASE.targets, CASE.h0)
        losses.append(loss)
        params = params._make(p - 0.1 * g for p, g in zip(params, grads, strict=True))
    assert losses[-1] < losses[0]


def test_a_symmetric_W_hh_hides_the_missing_transpose():
    symmetric = CASE._replace(params=CASE.params._replace(W_hh=CASE.params.W_hh + CASE.params.W_hh.T))
    assert backward_map(ALL["not_transposed"], symmetric).passed


def test_dz_for_dx_raises_where_the_sizes_differ_and_is_silent_where_they_agree():
    wrong = plant(walk_back, "dz_t @ params.W_xh.T", "dz_t")
    with pytest.raises(ValueError, match="broadcast"):
        backward_map(wrong, CASE)
    assert shape_of(backward_map(wrong, make_case(np.random.default_rng(0), n_x=4))) == {"x": EVERY}


def test_the_second_call_of_in_place_with_the_same_dh_is_wrong():
    cache = rnn_forward(CASE.params, CASE.x, CASE.h0)[2]
    dh = CASE.dh.copy()
    first, second = (ALL["in_place"](CASE.params, cache, dh) for _ in range(2))
    right = rnn_backward(CASE.params, cache, CASE.dh)
    assert relative_error(first.W_hh, right.W_hh) < 1e-14
    assert relative_error(second.W_hh, right.W_hh) > 0.1


def test_a_check_made_after_the_call_calls_the_right_gradient_of_in_place_wrong():
    dh, states = CASE.dh.copy(), rnn_forward(CASE.params, CASE.x, CASE.h0)[2]
    grads = ALL["in_place"](CASE.params, states, dh)
    numerical = numerical_gradient(lambda h0: (dh * rnn_forward(CASE.params, CASE.x, h0)[0]).sum(), CASE.h0)
    assert relative_error(grads.h0, rnn_backward(CASE.params, states, CASE.dh).h0) < 1e-14
    assert relative_error(grads.h0, numerical) > 0.01


def test_a_stale_cache_is_right_on_the_data_it_was_made_from_and_wrong_on_others():
    stale = suspects.with_stale_cache(rnn_forward(CASE.params, CASE.x, CASE.h0)[2])
    assert backward_map(stale, CASE).passed
    other = make_case(np.random.default_rng(1))
    assert shape_of(backward_map(stale, other)) == dict.fromkeys(ROWS, EVERY)


def test_walking_along_the_batch_passes_a_check_against_its_own_loss():
    square = make_case(np.random.default_rng(0), steps=5, batch=5)
    assert shape_of(loss_map(suspects.batch_first, square)) == {"loss": EVERY}
    with pytest.raises(ValueError, match="h0: expected shape"):
        loss_map(suspects.batch_first, CASE)


def test_one_maximum_for_all_rows_passes_until_scores_lie_far_apart():
    assert loss_map(loss_with(walk_back, suspects.article_softmax), CASE).passed
    far = CASE._replace(params=CASE.params._replace(W_hy=CASE.params.W_hy + 200))  # the same in every class
    with np.errstate(all="ignore"):
        found = loss_map(loss_with(walk_back, suspects.article_softmax), far, step=3e-5)
    assert np.isinf(found.errors).any()
    assert loss_map(loss_with(walk_back), far, step=3e-5).errors.max() < 3e-8


# --- the tools -------------------------------------------------------------------------------------------------


def test_loss_with_the_packages_parts_is_loss_and_grads():
    targets = CASE.targets.copy()
    targets[2, 1] = -100
    ours = loss_with(rnn_backward, softmax)(CASE.params, CASE.x, targets, CASE.h0)
    theirs = loss_and_grads(CASE.params, CASE.x, targets, CASE.h0)
    assert ours[0] == pytest.approx(theirs[0], rel=1e-14)
    assert max(map(relative_error, ours[1], theirs[1])) < 1e-13


def test_the_suspects_are_planted_when_one_is_asked_for_and_not_before():
    code = """
from rnn_helpers import live
from rnn_helpers.labs import suspects
print(suspects._planted.cache_info().currsize, {*suspects._PLANTED} <= {*dir(suspects)}, hasattr(suspects, "suspect_7"))
print(suspects.puzzle.__name__, suspects._planted.cache_info().currsize)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[1])
    assert run.stdout == "0 True False\npuzzle 1\n", run.stderr


def test_the_source_of_a_suspect_can_be_read_and_differs_in_one_place():
    for name, (right, wrong, _) in zip(SUSPECTS, FAULTS.values(), strict=True):
        source = inspect.getsource(SUSPECTS[name])
        assert source.startswith(f"def {name}(")
        assert source.replace(name, "rnn_backward").replace(wrong, right) == inspect.getsource(walk_back)
        assert getattr(suspects, name) is SUSPECTS[name]


def test_the_puzzle_has_two_faults_and_each_alone_is_seen_too():
    one = plant(suspects.puzzle, "dz_t.mean(axis=0)", "dz_t.sum(axis=0)")
    other = plant(suspects.puzzle, "np.tanh(h[t])", "h[t]")
    found = [shape_of(backward_map(function, CASE)) for function in (suspects.puzzle, one, other)]
    assert found == [dict.fromkeys(ROWS, EVERY), dict.fromkeys(ROWS, EVERY), {"b_h": EVERY}]
    assert backward_map(plant(other, "dz_t.mean(axis=0)", "dz_t.sum(axis=0)"), CASE).passed
