"""The LSTM and both GRUs: against PyTorch, against autograd, against differences, and piece against whole."""

import numpy as np
import oracle
import pytest
from cases import assert_all_close, gap
from gate_cases import BLOCKS, assert_parts_close, build, every, sized

from rnn_helpers import cross_entropy, fast_gates, gates, numerical_gradient, softmax
from rnn_helpers.gates import GRUBeforeParams, GRUParams, LSTMParams

AFTER = (LSTMParams, GRUParams)  # those that PyTorch has


# PyTorch, to the last digits


@every(*AFTER, seeds=20)
def test_the_sequence_agrees_with_pytorch(case):
    net = oracle.TorchGates(case)
    h, y, cache = case.forward()
    assert gap(h, net.h.detach().numpy()) < 1e-12
    assert gap(y, net.y.detach().numpy()) < 1e-12
    sent = (net.h * net.tensor(case.dh)).sum()
    if case.lstm:
        assert gap(cache.cells[-1], net.c_last.detach().numpy()) < 1e-12
        sent = sent + (net.c_last * net.tensor(case.dc_last)).sum()
    sent.backward()
    assert_parts_close(case.backward(cache), net.sequence_grads(), 1e-12)


@every(*AFTER, seeds=20)
def test_the_loss_agrees_with_pytorch(case):
    net = oracle.TorchGates(case)
    theirs = net.loss(case.targets)
    theirs.backward()
    loss, grads = case.loss_and_grads()
    assert abs(loss - theirs.item()) < 1e-12
    assert type(grads) is type(case.params)
    assert_parts_close(grads, net.param_grads(), 1e-12)


@every(*AFTER)
def test_one_step_agrees_with_pytorchs_cells(case):
    case = case._replace(x=case.x[:1], rows=case.rows[:1], targets=case.targets[:1], dh=case.dh[:1])
    net = oracle.TorchGates(case)
    state, y_t, cache = case.cell_forward(case.x[0], *case.start)
    assert gap(state[0], net.h[0].detach().numpy()) < 1e-12 and gap(y_t, net.y[0].detach().numpy()) < 1e-12
    sent = (net.h * net.tensor(case.dh)).sum()
    if case.lstm:
        assert gap(state[1], net.c_last.detach().numpy()) < 1e-12
        sent = sent + (net.c_last * net.tensor(case.dc_last)).sum()
    sent.backward()
    grads = case.cell_backward(cache, case.dh[0], case.dc_last)
    theirs = net.sequence_grads()
    assert_parts_close(grads, (theirs[0][0], *theirs[1:]), 1e-12)


# autograd, which has both GRUs


def run_by_autograd(case, x, *rest):
    """Return all states, and of an LSTM the last cell state too, from x, h0(, c0), W_xh, W_hh, b_h(, b_n)."""
    if case.lstm:
        h0, c0, *weights = rest
        return oracle.lstm_states(*weights, x, h0, c0)
    h0, W_xh, W_hh, b_h, *b_n = rest
    return oracle.gru_states(W_xh, W_hh, b_h, b_n[0] if b_n else None, x, h0), None


def sequence_inputs(case):
    return case.rows, *case.start, *case.params[:-2]


@every()
def test_the_sequence_agrees_with_autograd(case):
    def f(*arguments):
        h, c_last = run_by_autograd(case, *arguments)
        return (case.dh * h).sum() + (0 if c_last is None else (case.dc_last * c_last).sum())

    h, _, cache = case.forward()
    assert gap(h, run_by_autograd(case, *sequence_inputs(case))[0]) < 1e-12
    grads = case.backward(cache)
    assert_parts_close(grads, oracle.gradients(f, *sequence_inputs(case)), 1e-12)
    assert grads._fields == ("x", *(("h0", "c0") if case.lstm else ("h0",)), *case.params._fields[:-2])


@every()
def test_the_loss_agrees_with_autograd(case):
    def f(*params):
        *weights, W_hy, b_y = params
        h, _ = run_by_autograd(case, case.rows, *case.start, *weights)
        return oracle.cross_entropy(oracle.anp.dot(h, W_hy) + b_y, case.targets)

    loss, grads = case.loss_and_grads()
    assert type(loss) is float and abs(loss - f(*case.params)) < 1e-12
    assert_parts_close(grads, oracle.gradients(f, *case.params), 1e-12)


# differences, for the GRU that PyTorch does not have


@every(GRUBeforeParams)
def test_the_reset_before_the_product_agrees_with_differences(case):
    def f(v):
        moved = GRUBeforeParams(v.W_xh, v.W_hh, v.b_h, *case.params[3:])
        return (case.dh * gates.gru_forward(moved, v.x, v.h0)[0]).sum()

    grads = case.backward(case.forward()[2])
    assert_all_close(grads, numerical_gradient(f, type(grads)(*sequence_inputs(case))), 1e-7)


@every()
def test_a_step_agrees_with_differences(case):
    kind = type(case.params)

    def f(v):
        params = kind(*v[len(state) + 1 :], *case.params[-2:])
        (h_t, *c_t), _, _ = case._replace(params=params).cell_forward(*v[: len(state) + 1])
        return (case.dh[0] * h_t).sum() + sum((case.dc_last * c).sum() for c in c_t)

    state = case.start
    grads = case.cell_backward(case.cell_forward(case.x[0], *state)[2], case.dh[0], case.dc_last)
    at = type(grads)(case.rows[0], *state, *case.params[:-2])
    assert_all_close(grads, numerical_gradient(f, at), 1e-7)


# piece against whole


@every()
def test_the_sequence_is_a_loop_over_the_cell(case):
    h, y, cache = case.forward()
    state, caches = case.start, []
    for t, x_t in enumerate(case.x):
        state, y_t, cell_cache = case.cell_forward(x_t, *state)
        caches.append(cell_cache)
        assert gap(h[t], state[0]) < 1e-13 and gap(y[t], y_t) < 1e-13
        for name in cell_cache._fields[3 if case.lstm else 2 : -1]:
            assert gap(getattr(cache, name)[t], getattr(cell_cache, name)) < 1e-13, name
    assert (cache.states[0] == case.start[0]).all() and np.shares_memory(cache.states, h)
    carry = (np.zeros_like(case.dh[0]), case.dc_last)
    sums, dx = [0] * len(case.params[:-2]), []
    for t in reversed(range(len(h))):
        grads = case.cell_backward(caches[t], case.dh[t] + carry[0], carry[1])
        x_t, *rest = grads
        dx.insert(0, x_t)
        carry, rest = (tuple(rest[:2]), rest[2:]) if case.lstm else ((rest[0], None), rest[1:])
        sums = [total + grad for total, grad in zip(sums, rest, strict=True)]
    last = carry if case.lstm else carry[:1]
    assert_parts_close(case.backward(cache), (np.stack(dx), *last, *sums), 1e-12)


@every()
def test_a_sequence_cut_in_two_gives_the_same_there_and_back(case):
    h, _, cache = case.forward()
    whole = case.backward(cache)
    starts = len(case.start)
    for cut in range(1, len(h)):
        first, _, cache_first = case.forward(case.x[:cut])
        middle = (cache_first.states[-1], cache_first.cells[-1]) if case.lstm else (cache_first.states[-1],)
        second, _, cache_second = case.forward(case.x[cut:], middle)
        assert gap(np.concatenate([first, second]), h) < 1e-13
        later = case.backward(cache_second, case.dh[cut:])
        dh = case.dh[:cut].copy()
        dh[-1] += later.h0
        earlier = case.backward(cache_first, dh, later.c0 if case.lstm else None)
        weights = [a + b for a, b in zip(earlier[1 + starts :], later[1 + starts :], strict=True)]
        joined = np.concatenate([earlier.x, later.x]), *earlier[1 : 1 + starts], *weights
        assert_parts_close(joined, whole, 1e-12)


@every()
def test_the_last_state_comes_along_when_it_is_asked_for(case):
    _, _, cache = case.forward()
    loss, grads = case.loss_and_grads()
    same_loss, same_grads, state = case.loss_and_grads(return_state=True)
    assert same_loss == loss
    assert_all_close(same_grads, grads, 1e-300)
    if case.lstm:
        assert isinstance(state, gates.LSTMState) and gap(state.c, cache.cells[-1]) < 1e-12
        h_T = state.h
        assert state.c.base is None
    else:
        h_T = state
    assert gap(h_T, cache.states[-1]) < 1e-12
    assert h_T.base is None, "it is no view, which would keep all states in memory"


@every()
def test_no_initial_state_means_zeros_and_no_last_gradient_means_none(case):
    zeros = tuple(np.zeros(case.dh.shape[1:]) for _ in case.start)
    for ours, theirs in zip(case.forward(start=[None] * len(zeros)), case.forward(start=zeros), strict=True):
        assert_all_close(ours, theirs, 1e-300)
    if case.lstm:
        cache = case.forward()[2]
        assert_all_close(gates.lstm_backward(case.params, cache, case.dh), case.backward(cache, dc=zeros[0]), 1e-300)


@pytest.mark.parametrize("given", ["h0", "c0"])
def test_one_of_two_states_may_be_given(given):
    case = build(LSTMParams, "seed 0")
    alone = case._replace(**{"c0" if given == "h0" else "h0": None})
    zero = case._replace(**{"c0" if given == "h0" else "h0": np.zeros_like(case.h0)})
    assert_all_close(alone.forward()[0], zero.forward()[0], 1e-300)


@pytest.mark.parametrize("integer", [np.uint8, np.int32, np.uint64])
@pytest.mark.parametrize("network", BLOCKS)
def test_token_ids_equal_one_hot_rows(network, integer):
    case = build(network, "token ids")
    ids, rows = case._replace(x=case.x.astype(integer)), case._replace(x=case.rows)
    assert gap(ids.forward()[0], rows.forward()[0]) < 1e-14
    assert_all_close(ids.backward(ids.forward()[2]), rows.backward(rows.forward()[2]), 1e-13)
    assert_all_close(ids.loss_and_grads()[1], rows.loss_and_grads()[1], 1e-13)
    (one, _, cache), (other, _, other_cache) = (c.cell_forward(c.x[0], *c.start) for c in (ids, rows))
    assert_parts_close(one, other, 1e-14)
    grads = (ids.cell_backward(kept, ids.dh[0], ids.dc_last) for kept in (cache, other_cache))
    assert_all_close(*grads, 1e-13)


@every()
def test_the_loss_is_the_cross_entropy_of_the_states_scores(case):
    h, y, _ = case.forward()
    logits = h @ case.params.W_hy + case.params.b_y
    assert abs(case.loss_and_grads()[0] - cross_entropy(logits, case.targets)) < 1e-14
    assert gap(y, softmax(logits)) < 1e-14


@pytest.mark.parametrize("rows", [1, 4, 7, 1000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("network", BLOCKS)
@pytest.mark.parametrize("kind", ["seed 0", "token ids, ignored targets, h0=None", "one step"])
def test_however_many_steps_are_taken_together_on_the_way_back_the_gradients_are_the_same(
    network, kind, dtype, rows, monkeypatch
):
    case = build(network, kind, dtype)
    loss, grads = case.loss_and_grads()
    monkeypatch.setattr(fast_gates, "ROWS_AT_ONCE", rows)
    in_blocks, same = case.loss_and_grads()
    assert abs(in_blocks - loss) < 16 * np.finfo(dtype).eps * loss
    assert_all_close(same, grads, 32 * np.finfo(dtype).eps)


# what tells the two GRUs apart, and what each number is for


def test_the_two_grus_are_two_networks():
    after = sized(GRUParams, 3)
    p = after.params._replace(b_n=np.zeros_like(after.params.b_n))
    before = GRUBeforeParams(p.W_xh, p.W_hh, p.b_h, p.W_hy, p.b_y)
    args = after.x[0], after.h0
    assert gap(gates.gru_cell_forward(before, *args)[0], gates.gru_cell_forward(p, *args)[0]) > 0.01
    open_reset = p._replace(b_h=p.b_h + 50 * (np.arange(p.b_h.size) < len(p.W_hh)))  # r is 1: there they agree
    before = before._replace(b_h=open_reset.b_h)
    assert gap(gates.gru_cell_forward(before, *args)[0], gates.gru_cell_forward(open_reset, *args)[0]) < 1e-14


@pytest.mark.parametrize("network", AFTER)
def test_pytorchs_second_bias_goes_where_the_docstring_says(network):
    """nn.LSTM's is added to the first; nn.GRU's too, but for the candidate's part, which is b_n."""
    torch = oracle.import_torch()
    rng = np.random.default_rng(0)
    theirs = (torch.nn.LSTM if network is LSTMParams else torch.nn.GRU)(3, 4, dtype=torch.float64)
    W_xh, W_hh, b_ih, b_hh = (p.detach().numpy().T.copy() for p in theirs.parameters())
    rest = np.zeros((4, 2)), np.zeros(2)
    if network is LSTMParams:
        params = LSTMParams(W_xh, W_hh, b_ih + b_hh, *rest)
    else:
        params = GRUParams(W_xh, W_hh, b_ih + np.where(np.arange(12) < 8, b_hh, 0), b_hh[8:], *rest)
    x = rng.standard_normal((5, 2, 3))
    forward = gates.lstm_forward if network is LSTMParams else gates.gru_forward
    assert gap(forward(params, x)[0], theirs(torch.tensor(x))[0].detach().numpy()) < 1e-12


def test_a_step_of_the_lstm_by_hand():
    """One unit; each gate is asked for by its bias alone, so that a block in another place shows."""
    logit = np.log([1 / 3, 3.0, 1 / 4])  # sigmoid: 1/4, 3/4, 1/5
    p = LSTMParams(
        np.zeros((2, 4)), np.zeros((1, 4)), np.array([logit[0], logit[1], 0.5, logit[2]]), np.ones((1, 3)), np.zeros(3)
    )
    h_t, c_t, y_t, _ = gates.lstm_cell_forward(p, np.ones((1, 2)), np.ones((1, 1)), np.array([[2.0]]))
    c = 3 / 4 * 2 + 1 / 4 * np.tanh(0.5)
    assert gap(c_t, [[c]]) < 1e-15 and gap(h_t, [[np.tanh(c) / 5]]) < 1e-15 and gap(y_t, np.full((1, 3), 1 / 3)) < 1e-15


@pytest.mark.parametrize("kind", [GRUParams, GRUBeforeParams])
def test_a_step_of_a_gru_by_hand(kind):
    """One unit with r = 1/4 and z = 3/4; the state counts 2 in the candidate, and b_n there 0.4."""
    b_h = np.array([np.log(1 / 3), np.log(3), 0.5])
    p = kind(
        **{"W_xh": np.zeros((2, 3)), "W_hh": np.array([[0.0, 0.0, 2.0]]), "b_h": b_h},
        **({"b_n": np.array([0.4])} if kind is GRUParams else {}),
        **{"W_hy": np.ones((1, 3)), "b_y": np.zeros(3)},
    )
    h_t, _, _ = gates.gru_cell_forward(p, np.ones((1, 2)), np.array([[0.3]]))
    inside = 1 / 4 * (2 * 0.3 + (0.4 if kind is GRUParams else 0))
    assert gap(h_t, [[1 / 4 * np.tanh(0.5 + inside) + 3 / 4 * 0.3]]) < 1e-15


def test_sigmoid_is_what_its_formula_says_and_overflows_nowhere():
    z = np.linspace(-30, 30, 61)
    assert gap(gates.sigmoid(z), 1 / (1 + np.exp(-z))) < 1e-15
    with np.errstate(all="raise"):
        assert gates.sigmoid(np.array([-1e308, 0, 1e308])).tolist() == [0, 0.5, 1]
