"""The whole sequence, forward and backward."""

import tracemalloc

import numpy as np
import oracle
import pytest
from cases import assert_all_close, build, every_case, gap

from rnn_helpers import (
    RNNParams,
    SequenceCache,
    SequenceGrads,
    cross_entropy,
    init_params,
    loss_and_grads,
    numerical_gradient,
    rnn_backward,
    rnn_cell_backward,
    rnn_cell_forward,
    rnn_forward,
)


def sequence_inputs(case):
    """What the sequence's five gradients belong to; token ids as their one-hot rows."""
    p = case.params
    return SequenceGrads(case.rows, case.start, p.W_xh, p.W_hh, p.b_h)


# forward


@every_case
def test_the_sequence_is_a_loop_over_the_cell(case):
    h, y, _ = rnn_forward(case.params, case.x, case.h0)
    h_t = case.start
    for t, x_t in enumerate(case.x):
        h_t, y_t, _ = rnn_cell_forward(case.params, x_t, h_t)
        assert gap(h[t], h_t) < 1e-14
        assert gap(y[t], y_t) < 1e-14


@every_case
def test_no_initial_state_means_zeros(case):
    _, batch, _, n_h, _ = case.sizes
    given = rnn_forward(case.params, case.x, np.zeros((batch, n_h)))
    for ours, theirs in zip(rnn_forward(case.params, case.x), given, strict=True):
        assert_all_close(ours, theirs, 1e-300)


@every_case
def test_a_sequence_cut_in_two_with_the_state_carried_gives_the_same_states(case):
    h, y, _ = rnn_forward(case.params, case.x, case.h0)
    for cut in range(1, len(h)):
        first, y_first, _ = rnn_forward(case.params, case.x[:cut], case.h0)
        second, y_second, _ = rnn_forward(case.params, case.x[cut:], first[-1])
        assert gap(np.concatenate([first, second]), h) < 1e-14
        assert gap(np.concatenate([y_first, y_second]), y) < 1e-14


@every_case
def test_samples_of_a_batch_do_not_touch_each_other(case):
    h, y, cache = rnn_forward(case.params, case.x, case.h0)
    grads = rnn_backward(case.params, cache, case.dh)
    for b in range(case.sizes[1]):
        one = slice(b, b + 1)
        h_b, y_b, cache_b = rnn_forward(case.params, case.x[:, one], case.start[one])
        grads_b = rnn_backward(case.params, cache_b, case.dh[:, one])
        assert gap(h[:, one], h_b) < 1e-14 and gap(y[:, one], y_b) < 1e-14
        assert gap(grads.x[:, one], grads_b.x) < 1e-13
        assert gap(grads.h0[one], grads_b.h0) < 1e-13


@every_case
def test_states_are_stored_once_from_h0_on_and_nothing_else_is_kept(case):
    steps, batch, _, n_h, _ = case.sizes
    h, _, cache = rnn_forward(case.params, case.x, case.h0)
    assert isinstance(cache, SequenceCache) and cache._fields == ("x", "states")
    assert cache.states.shape == (steps + 1, batch, n_h)
    assert (cache.states[0] == case.start).all()
    assert (cache.states[1:] == h).all() and np.shares_memory(cache.states, h)
    assert np.shares_memory(cache.x, case.x)
    assert case.h0 is None or not np.shares_memory(cache.states, case.h0)


def test_a_long_sequence_keeps_no_more_memory_than_its_states_and_outputs():
    params = init_params(np.random.default_rng(0), n_x=5, n_h=64, n_y=3)
    ids = np.zeros((200, 20), np.int64)
    tracemalloc.start()
    try:
        h, y, cache = rnn_forward(params, ids)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 1.05 * (cache.states.nbytes + y.nbytes)
    assert kept > h.nbytes  # what was measured is these arrays


# backward


@every_case
def test_backward_is_a_loop_over_the_cells_backward_step_with_the_carry(case):
    h, _, cache = rnn_forward(case.params, case.x, case.h0)
    grads = rnn_backward(case.params, cache, case.dh)
    h_t, caches = case.start, []
    for x_t in case.x:
        h_t, _, cell_cache = rnn_cell_forward(case.params, x_t, h_t)
        caches.append(cell_cache)
    dx, carry = [], np.zeros_like(h_t)
    sums = [np.zeros_like(w) for w in case.params[:3]]
    for t in reversed(range(len(h))):
        cell = rnn_cell_backward(case.params, caches[t], case.dh[t] + carry)
        dx.insert(0, cell.x_t)
        carry = cell.h_prev
        sums = [total + grad for total, grad in zip(sums, cell[2:], strict=True)]
    assert_all_close(grads, SequenceGrads(np.stack(dx), carry, *sums), 1e-13)


@every_case
def test_the_five_gradients_agree_with_differences(case):
    def f(v):
        moved = case.params._replace(W_xh=v.W_xh, W_hh=v.W_hh, b_h=v.b_h)
        return (case.dh * rnn_forward(moved, v.x, v.h0)[0]).sum()

    _, _, cache = rnn_forward(case.params, case.x, case.h0)
    grads = rnn_backward(case.params, cache, case.dh)
    assert_all_close(grads, numerical_gradient(f, sequence_inputs(case)), 1e-7)


@every_case
def test_the_five_gradients_agree_with_autograd(case):
    def f(x, h0, W_xh, W_hh, b_h):
        return (case.dh * oracle.states(W_xh, W_hh, b_h, x, h0)).sum()

    h, _, cache = rnn_forward(case.params, case.x, case.h0)
    assert gap(h, oracle.states(*case.params[:3], case.rows, case.start)) < 1e-12
    grads = rnn_backward(case.params, cache, case.dh)
    assert_all_close(grads, oracle.gradients(f, *sequence_inputs(case)), 1e-12)


@every_case
def test_the_sequence_agrees_with_pytorch(case):
    net = oracle.TorchNetwork(case)
    h, y, cache = rnn_forward(case.params, case.x, case.h0)
    assert gap(h, net.h.detach().numpy()) < 1e-12
    assert gap(y, net.y.detach().numpy()) < 1e-12
    net.h.backward(net.tensor(case.dh))
    assert_all_close(rnn_backward(case.params, cache, case.dh), net.sequence_grads(), 1e-12)


@every_case
def test_gradients_through_a_cut_add_up_when_dh0_is_carried_back(case):
    _, _, cache = rnn_forward(case.params, case.x, case.h0)
    whole = rnn_backward(case.params, cache, case.dh)
    for cut in range(1, len(case.dh)):
        h, _, cache_first = rnn_forward(case.params, case.x[:cut], case.h0)
        _, _, cache_second = rnn_forward(case.params, case.x[cut:], h[-1])
        second = rnn_backward(case.params, cache_second, case.dh[cut:])
        dh_first = case.dh[:cut].copy()
        dh_first[-1] += second.h0
        first = rnn_backward(case.params, cache_first, dh_first)
        parts = (a + b for a, b in zip(first[2:], second[2:], strict=True))
        joined = SequenceGrads(np.concatenate([first.x, second.x]), first.h0, *parts)
        assert_all_close(joined, whole, 1e-13)


@every_case
def test_what_arrives_at_a_step_reaches_no_later_one(case):
    _, _, cache = rnn_forward(case.params, case.x, case.h0)
    for t in range(len(case.dh)):
        dh = np.zeros_like(case.dh)
        dh[t] = case.dh[t]
        dx = rnn_backward(case.params, cache, dh).x
        assert (dx[t + 1 :] == 0).all() and (np.abs(dx[: t + 1]).max(axis=(1, 2)) > 0).all()


@pytest.mark.parametrize("integer", [np.uint8, np.int32, np.uint64])
@every_case
def test_token_ids_equal_one_hot_rows(case, integer):
    steps, batch, n_x, _, _ = case.sizes
    ids = np.random.default_rng(5).integers(n_x, size=(steps, batch)).astype(integer)
    case = case._replace(x=ids)
    from_ids, from_rows = (rnn_forward(case.params, x, case.h0) for x in (ids, case.rows))
    assert gap(from_ids[0], from_rows[0]) < 1e-14 and gap(from_ids[1], from_rows[1]) < 1e-14
    grads = [rnn_backward(case.params, run[2], case.dh) for run in (from_ids, from_rows)]
    assert_all_close(*grads, 1e-13)
    losses = [loss_and_grads(case.params, x, case.targets, case.h0) for x in (ids, case.rows)]
    assert abs(losses[0][0] - losses[1][0]) < 1e-14
    assert_all_close(losses[0][1], losses[1][1], 1e-13)


# the loss


@every_case
def test_the_loss_is_the_cross_entropy_of_the_states_scores(case):
    h, y, _ = rnn_forward(case.params, case.x, case.h0)
    loss, grads = loss_and_grads(case.params, case.x, case.targets, case.h0)
    assert type(loss) is float and isinstance(grads, RNNParams)
    assert abs(loss - cross_entropy(h @ case.params.W_hy + case.params.b_y, case.targets)) < 1e-14
    counted = [-np.log(y[(*place, k)]) for place, k in np.ndenumerate(case.targets) if k != -100]
    assert abs(loss - np.mean(counted)) < 1e-13


@every_case
def test_the_losses_five_gradients_agree_with_differences(case):
    def f(params):
        return loss_and_grads(params, case.x, case.targets, case.h0)[0]

    _, grads = loss_and_grads(case.params, case.x, case.targets, case.h0)
    assert_all_close(grads, numerical_gradient(f, case.params), 1e-7)


@every_case
def test_the_losses_five_gradients_agree_with_autograd(case):
    def f(*params):
        return oracle.loss(*params, case.rows, case.targets, case.start)

    loss, grads = loss_and_grads(case.params, case.x, case.targets, case.h0)
    assert abs(loss - f(*case.params)) < 1e-12
    assert_all_close(grads, oracle.gradients(f, *case.params), 1e-12)


@every_case
def test_the_loss_agrees_with_pytorch(case):
    net = oracle.TorchNetwork(case)
    theirs = net.loss(case.targets)
    theirs.backward()
    loss, grads = loss_and_grads(case.params, case.x, case.targets, case.h0)
    assert abs(loss - theirs.item()) < 1e-12
    assert_all_close(grads, net.param_grads(), 1e-12)


@every_case
def test_the_last_state_comes_along_when_it_is_asked_for(case):
    loss, grads = loss_and_grads(case.params, case.x, case.targets, case.h0)
    same_loss, same_grads, h_T = loss_and_grads(case.params, case.x, case.targets, case.h0, return_state=True)
    assert same_loss == loss
    assert_all_close(same_grads, grads, 1e-300)
    assert gap(h_T, rnn_forward(case.params, case.x, case.h0)[0][-1]) < 1e-12
    assert h_T.base is None, "it is no view, which would keep all states in memory"


@pytest.mark.parametrize("integer", [np.int8, np.uint8, np.uint64])
def test_targets_may_be_integers_of_any_kind(integer):
    # 150 rows of 7 classes are 1050 scores: more than a small integer can count.
    rng = np.random.default_rng(0)
    params, x = init_params(rng, 4, 5, 7), rng.standard_normal((30, 5, 4))
    targets = rng.integers(7, size=(30, 5))
    if np.iinfo(integer).min < 0:
        targets[3] = -100
    loss, grads = loss_and_grads(params, x, targets)
    other_loss, other_grads = loss_and_grads(params, x, targets.astype(integer))
    assert loss == other_loss
    assert_all_close(grads, other_grads, 1e-300)


WIDER = ["W_xh", "W_hh", "b_h", "W_hy", "b_y", "x", "h0"]


@pytest.mark.parametrize("kind", ["seed 0", "token ids"])
@pytest.mark.parametrize("wide", WIDER)
def test_one_argument_of_float64_makes_the_result_float64(wide, kind):
    single, double = build(kind, np.float32), build(kind)
    if wide in ("x", "h0"):
        mixed = single._replace(**{wide: getattr(double, wide)})
    else:
        mixed = single._replace(params=single.params._replace(**{wide: getattr(double.params, wide)}))
    loss, grads = loss_and_grads(mixed.params, mixed.x, mixed.targets, mixed.h0)
    right_loss, right_grads = loss_and_grads(double.params, double.x, double.targets, double.h0)
    if (wide, kind) != ("x", "token ids"):
        assert {grad.dtype for grad in grads} == {np.dtype(np.float64)}
    assert abs(loss - right_loss) < 1e-6 * right_loss
    assert_all_close(grads, right_grads, 1e-5)


@pytest.mark.parametrize("kind", ["seed 0", "token ids"])
@pytest.mark.parametrize("wide", [*WIDER[:5], "cache", "dh"])
def test_the_way_back_takes_floats_of_both_kinds_together(wide, kind):
    single, double = build(kind, np.float32), build(kind)
    cache = rnn_forward(double.params, double.x, double.h0)[2]
    params, dh = single.params, double.dh if wide == "dh" else single.dh
    if wide in WIDER:
        params = params._replace(**{wide: getattr(double.params, wide)})
    mixed_cache = cache if wide == "cache" else rnn_forward(single.params, single.x, single.h0)[2]
    right = rnn_backward(double.params, cache, double.dh)
    assert_all_close(rnn_backward(params, mixed_cache, dh), right, 1e-5)


def test_padding_at_the_end_changes_no_gradient():
    case = build("seed 1")
    loss, grads = loss_and_grads(case.params, case.x, case.targets, case.h0)
    x = np.concatenate([case.x, 9 * case.x[:2]])
    targets = np.concatenate([case.targets, np.full_like(case.targets[:2], -100)])
    padded_loss, padded_grads = loss_and_grads(case.params, x, targets, case.h0)
    assert abs(padded_loss - loss) < 1e-15
    assert_all_close(padded_grads, grads, 1e-14)


def test_many_to_one_is_a_target_at_the_last_step_alone():
    case = build("seed 2")
    targets = np.full_like(case.targets, -100)
    targets[-1] = case.targets[-1]
    loss, grads = loss_and_grads(case.params, case.x, targets, case.h0)
    h, _, _ = rnn_forward(case.params, case.x, case.h0)
    assert abs(loss - cross_entropy(h[-1] @ case.params.W_hy + case.params.b_y, targets[-1])) < 1e-15
    assert all(np.abs(grad).max() > 0 for grad in grads)


def test_a_step_down_the_gradient_lowers_the_loss():
    case = build("token ids")
    loss, grads = loss_and_grads(case.params, case.x, case.targets, case.h0)
    lower = RNNParams(*(p - 1e-3 * g for p, g in zip(case.params, grads, strict=True)))
    expected = 1e-3 * sum((g**2).sum() for g in grads)
    fell = loss - loss_and_grads(lower, case.x, case.targets, case.h0)[0]
    assert 0.9 < fell / expected < 1.1
