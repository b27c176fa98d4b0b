"""The page with gates to read first: plain lines that compute what the package computes, and no more than a page."""

import ast
import inspect
import re

import numpy as np
from gate_cases import GRUBeforeParams, assert_parts_close, every

from rnn_helpers import gates, plain_gates

LIMIT = 1e-13  # some ulps of the largest entry


@every()
def test_the_page_computes_what_the_package_computes(case):
    name = "lstm" if case.lstm else "gru"
    run = {what: getattr(plain_gates, f"{name}_{what}") for what in ("forward", "backward", "loss_and_grads")}
    cell = "gru_before_cell" if isinstance(case.params, GRUBeforeParams) else f"{name}_cell"
    last = (case.dc_last,) if case.lstm else ()
    plainly = run["forward"](case.params, case.rows, *case.start)
    packages = case._replace(x=case.rows).forward()
    for one, other in zip(plainly[:2], packages[:2], strict=True):
        assert_parts_close((one,), (other,), LIMIT)
    assert type(plainly[2]) is type(packages[2])
    assert_parts_close(plainly[2], packages[2], LIMIT)
    grads, theirs = run["backward"](case.params, packages[2], case.dh, *last), case.backward(packages[2])
    assert type(grads) is type(theirs)
    assert_parts_close(grads, theirs, LIMIT)
    (loss, found), (their_loss, wanted) = (
        run["loss_and_grads"](case.params, case.rows, case.targets, *case.start),
        case.loss_and_grads(),
    )
    assert abs(loss - their_loss) < LIMIT and type(found) is type(wanted)
    assert_parts_close(found, wanted, LIMIT)
    *state, y_t, cache = getattr(plain_gates, f"{cell}_forward")(case.params, case.rows[0], *case.start)
    their_state, their_y, their_cache = case.cell_forward(case.rows[0], *case.start)
    assert_parts_close((*state, y_t, *cache), (*their_state, their_y, *their_cache), LIMIT)
    back = getattr(plain_gates, f"{cell}_backward")(case.params, their_cache, case.dh[0], *last)
    their_back = case.cell_backward(their_cache, case.dh[0], case.dc_last)
    assert type(back) is type(their_back)
    assert_parts_close(back, their_back, LIMIT)


@every(gates.LSTMParams)
def test_the_pieces_are_those_of_the_cell(case):
    _, _, cache = case.cell_forward(case.rows[0], *case.start)
    assert_parts_close(plain_gates.lstm_gates(case.params, case.rows[0], case.start[0]), cache[3:7], LIMIT)
    s = plain_gates.sigmoid(case.dh)
    assert_parts_close((s,), (gates.sigmoid(case.dh),), LIMIT)
    step = 1e-6
    slope = (plain_gates.sigmoid(case.dh + step) - plain_gates.sigmoid(case.dh - step)) / (2 * step)
    assert_parts_close((plain_gates.sigmoid_slope(s),), (slope,), 1e-8)


def test_the_forget_bias_is_the_one_for_which_half_is_left():
    for steps in (1, 2.5, 20, 1000):
        f = float(gates.sigmoid(np.array([plain_gates.forget_bias(steps)]))[0])
        assert abs(f**steps - 0.5) < 1e-12


def test_it_is_one_page_that_checks_nothing_and_plays_no_trick():
    source = inspect.getsource(plain_gates)
    assert len(source.splitlines()) <= 250
    assert len(re.findall(r"^# --- .+ -+$", source, re.MULTILINE)) == 5
    tree = ast.parse(source)
    kinds = (ast.Raise, ast.Assert, ast.Try, ast.With, ast.Lambda, ast.ClassDef)
    assert not [node for node in ast.walk(tree) if isinstance(node, kinds)]
    words = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    assert not words & {"dtype", "order", "copy", "mode", "out"}


def test_it_changes_nothing_that_it_is_given():
    """The cases are read-only; that a sum is begun anew shows where one walk follows another."""
    case = every(gates.LSTMParams).args[1]
    first = next(iter(case))
    cache = first._replace(x=first.rows).forward()[2]
    once, again = (plain_gates.lstm_backward(first.params, cache, first.dh, first.dc_last) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(once, again, strict=True))
