"""One step of the network, forward and backward."""

import numpy as np
import oracle
import pytest
from cases import assert_all_close, every_case, gap

from rnn_helpers import (
    CellCache,
    RNNParams,
    numerical_gradient,
    rnn_cell_backward,
    rnn_cell_forward,
    softmax,
)


def test_a_step_by_hand():
    p = RNNParams(
        W_xh=np.array([[0.5], [-1.0]]),
        W_hh=np.array([[2.0]]),
        b_h=np.array([0.25]),
        W_hy=np.array([[1.0, 0.0, -1.0]]),
        b_y=np.array([0.0, 0.5, 0.0]),
    )
    h_t, y_t, _ = rnn_cell_forward(p, np.array([[1.0, 0.75]]), np.array([[0.5]]))
    assert gap(h_t, [[np.tanh(0.5 - 0.75 + 1.0 + 0.25)]]) < 1e-15  # tanh(1)
    e = np.exp([np.tanh(1), 0.5, -np.tanh(1)])
    assert gap(y_t, [e / e.sum()]) < 1e-15


@every_case
def test_a_step_is_its_two_equations_entry_by_entry(case):
    p, x_t = case.params, case.rows[0]
    h_t, y_t, cache = rnn_cell_forward(p, case.x[0], case.start)
    _, batch, n_x, n_h, n_y = case.sizes
    for b in range(batch):
        for j in range(n_h):
            z = sum(x_t[b, i] * p.W_xh[i, j] for i in range(n_x)) + p.b_h[j]
            z += sum(case.start[b, i] * p.W_hh[i, j] for i in range(n_h))
            assert abs(h_t[b, j] - np.tanh(z)) < 1e-14
        logits = [sum(h_t[b, i] * p.W_hy[i, k] for i in range(n_h)) + p.b_y[k] for k in range(n_y)]
        assert gap(y_t[b], softmax(logits)) < 1e-13
    assert cache.h_t is h_t


@every_case
def test_the_cache_holds_the_callers_arrays_and_nothing_else(case):
    x_t, h_prev = case.x[0], case.start
    h_t, _, cache = rnn_cell_forward(case.params, x_t, h_prev)
    assert isinstance(cache, CellCache) and cache._fields == ("x_t", "h_prev", "h_t")
    for kept, given in zip(cache, (x_t, h_prev, h_t), strict=True):
        assert np.shares_memory(kept, given)


@every_case
def test_the_five_gradients_agree_with_differences(case):
    dh_t, p = case.dh[0], case.params
    _, _, cache = rnn_cell_forward(p, case.x[0], case.start)
    grads = rnn_cell_backward(p, cache, dh_t)

    def f(v):
        moved = p._replace(W_xh=v.W_xh, W_hh=v.W_hh, b_h=v.b_h)
        return (dh_t * rnn_cell_forward(moved, v.x_t, v.h_prev)[0]).sum()

    # A token id cannot be moved a little, so the differences are taken at its one-hot row.
    at = grads._replace(x_t=case.rows[0], h_prev=case.start, W_xh=p.W_xh, W_hh=p.W_hh, b_h=p.b_h)
    assert_all_close(grads, numerical_gradient(f, at), 1e-7)


@every_case
def test_the_five_gradients_agree_with_autograd(case):
    dh_t, p = case.dh[0], case.params

    def f(x_t, h_prev, W_xh, W_hh, b_h):
        return (dh_t * oracle.states(W_xh, W_hh, b_h, x_t[None], h_prev)[0]).sum()

    theirs = oracle.gradients(f, case.rows[0], case.start, p.W_xh, p.W_hh, p.b_h)
    _, _, cache = rnn_cell_forward(p, case.x[0], case.start)
    assert_all_close(rnn_cell_backward(p, cache, case.dh[0]), theirs, 1e-12)


@every_case
def test_a_step_agrees_with_pytorch(case):
    first = case._replace(x=case.x[:1], dh=case.dh[:1], targets=case.targets[:1])
    net = oracle.TorchNetwork(first)
    h_t, y_t, cache = rnn_cell_forward(case.params, case.x[0], case.start)
    assert gap(h_t, net.h[0].detach().numpy()) < 1e-12
    assert gap(y_t, net.y[0].detach().numpy()) < 1e-12
    net.h.backward(net.tensor(first.dh))
    dx, *others = net.sequence_grads()
    assert_all_close(rnn_cell_backward(case.params, cache, case.dh[0]), (dx[0], *others), 1e-12)


@every_case
def test_token_ids_equal_one_hot_rows(case):
    p, h_prev, dh_t = case.params, case.start, case.dh[0]
    ids = np.arange(len(h_prev)) % 2  # repeated ids: their gradients must add up
    rows = np.eye(len(p.W_xh))[ids]
    from_ids, from_rows = rnn_cell_forward(p, ids, h_prev), rnn_cell_forward(p, rows, h_prev)
    assert gap(from_ids[0], from_rows[0]) < 1e-15 and gap(from_ids[1], from_rows[1]) < 1e-15
    grads = [rnn_cell_backward(p, run[2], dh_t) for run in (from_ids, from_rows)]
    assert_all_close(*grads, 1e-14)


@pytest.mark.parametrize("factor", [-3.0, 0.0, 0.5])
@every_case
def test_gradients_are_proportional_to_what_arrives_at_the_state(case, factor):
    _, _, cache = rnn_cell_forward(case.params, case.x[0], case.start)
    once = rnn_cell_backward(case.params, cache, case.dh[0])
    times = rnn_cell_backward(case.params, cache, factor * case.dh[0])
    assert_all_close(times, type(once)(*(factor * g for g in once)), 1e-14)
