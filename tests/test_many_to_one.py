"""Many to one: the last real state, the head, and the gradient that walks back from one step only."""

import autograd.numpy as anp
import numpy as np
import oracle
import pytest
from cases import arrays, assert_all_close, gap

from rnn_helpers import RNNParams, check_gradients, numerical_gradient, rnn_forward
from rnn_helpers.many_to_one import (
    at_ids,
    head_gradients,
    last_states,
    last_states_backward,
    loss_and_grads,
    mean_distance_and_grad,
    read,
)

STEPS, BATCH, N_X, N_H, N_Y = 6, 4, 5, 7, 3
LENGTHS = np.array([6, 1, 4, 2])


@pytest.fixture
def case():
    """Return params, x, targets, all drawn at random and read-only."""
    rng = np.random.default_rng(11)

    def draw(*shape):
        return rng.standard_normal(shape)

    params = RNNParams(draw(N_X, N_H) / 2, draw(N_H, N_H) / 2, draw(N_H), draw(N_H, N_Y), draw(N_Y))
    found = params, draw(STEPS, BATCH, N_X), draw(BATCH, N_Y)
    for array in arrays(found):
        array.setflags(write=False)
    return found


def test_each_sequence_is_read_off_its_own_last_step():
    h = np.arange(STEPS * BATCH * 2.0).reshape(STEPS, BATCH, 2)
    by_hand = np.stack([h[5, 0], h[0, 1], h[3, 2], h[1, 3]])
    assert (last_states(h, LENGTHS) == by_hand).all()
    assert (last_states(h, list(LENGTHS)) == by_hand).all()


def test_the_gradient_goes_back_to_where_the_state_was_picked():
    rng = np.random.default_rng(2)
    h, dh_last = rng.standard_normal((STEPS, BATCH, N_H)), rng.standard_normal((BATCH, N_H))
    by_differences = numerical_gradient(lambda v: (last_states(v, LENGTHS) * dh_last).sum(), h)
    dh = last_states_backward(dh_last, LENGTHS, STEPS)
    assert gap(dh, by_differences) < 1e-8
    assert (np.count_nonzero(dh.any(axis=2), axis=0) == 1).all()


def test_mean_distance_by_hand():
    y, targets = np.array([[3.0, 4.0], [1.0, 1.0], [0.0, 2.0]]), np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 0.0]])
    loss, dy = mean_distance_and_grad(y, targets)
    assert abs(loss - 7 / 3) < 1e-15
    assert gap(dy, np.array([[0.6, 0.8], [0, 0], [0, 1]]) / 3) < 1e-15  # the right answer in the middle: no pull


def test_the_pull_on_an_answer_is_as_strong_however_near_it_is():
    y = 10.0 ** -np.arange(1, 150, 20)[:, None] * np.array([0.6, 0.8])
    dy = mean_distance_and_grad(y, np.zeros_like(y))[1]
    assert gap(dy, np.broadcast_to([0.6, 0.8], y.shape) / len(y)) < 1e-15


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("dtype", "far"), [(np.float64, 1e300), (np.float64, 1e155), (np.float32, 1e30)])
def test_answers_may_be_far_away(dtype, far):
    """Their squares overflow. Rows of other sizes, and one that is right, are measured as ever."""
    y = np.array([[3.0, 4.0], [0.0, 0.0], [-0.6, 0.8]]) * np.array([[far], [1], [1]])
    loss, dy = mean_distance_and_grad(y.astype(dtype), np.zeros((3, 2), dtype))
    assert loss == pytest.approx(5 * far / 3, rel=1e-6)
    assert dy.dtype == dtype and gap(dy, np.array([[0.6, 0.8], [0, 0], [-0.6, 0.8]]) / 3) < 1e-6


def test_the_distances_gradient_agrees_with_differences(case):
    _, _, targets = case
    y = np.random.default_rng(3).standard_normal((BATCH, N_Y))
    by_differences = numerical_gradient(lambda v: mean_distance_and_grad(v, targets)[0], y)
    assert gap(mean_distance_and_grad(y, targets)[1], by_differences) < 1e-8


def test_the_heads_gradients_agree_with_autograd(case):
    params, _, targets = case
    h_last = np.tanh(np.random.default_rng(4).standard_normal((BATCH, N_H)))

    def loss(h_last, W_hy, b_y):
        return anp.mean(anp.sqrt(anp.sum((anp.dot(h_last, W_hy) + b_y - targets) ** 2, axis=1)))

    ours = head_gradients(params.W_hy, params.b_y, h_last, targets)
    for mine, theirs in zip(ours, oracle.gradients(loss, h_last, params.W_hy, params.b_y), strict=True):
        assert gap(mine, theirs) < 1e-12


def test_the_whole_agrees_with_differences(case):
    params, x, targets = case
    _, grads = loss_and_grads(params, x, LENGTHS, targets)
    report = check_gradients(lambda p: loss_and_grads(p, x, LENGTHS, targets)[0], params, grads)
    assert report.passed, report


def test_the_whole_agrees_with_autograd_that_runs_each_sequence_alone(case):
    params, x, targets = case

    def loss(W_xh, W_hh, b_h, W_hy, b_y):
        total = 0.0
        for n, length in enumerate(LENGTHS):  # no padding and no mask here
            h = oracle.states(W_xh, W_hh, b_h, x[:length, n : n + 1], np.zeros((1, N_H)))
            total = total + anp.sqrt(anp.sum((anp.dot(h[-1, 0], W_hy) + b_y - targets[n]) ** 2))
        return total / BATCH

    ours_loss, ours = loss_and_grads(params, x, LENGTHS, targets)
    assert abs(ours_loss - loss(*params)) < 1e-12
    assert_all_close(ours, RNNParams(*oracle.gradients(loss, *params)), 1e-12)


def test_the_whole_agrees_with_pytorch_and_its_packed_sequences(case):
    params, x, targets = case
    torch = oracle.import_torch()
    rnn, linear = torch.nn.RNN(N_X, N_H, dtype=torch.float64), torch.nn.Linear(N_H, N_Y, dtype=torch.float64)
    with torch.no_grad():
        for theirs, mine in zip((rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0), params[:3], strict=True):
            theirs.copy_(torch.tensor(mine.T.copy()))
        rnn.bias_hh_l0.zero_()
        linear.weight.copy_(torch.tensor(params.W_hy.T.copy()))
        linear.bias.copy_(torch.tensor(params.b_y.copy()))
    packed = torch.nn.utils.rnn.pack_padded_sequence(torch.tensor(x.copy()), LENGTHS, enforce_sorted=False)
    _, h_last = rnn(packed)
    loss = torch.linalg.vector_norm(linear(h_last[0]) - torch.tensor(targets.copy()), dim=1).mean()
    loss.backward()
    ours_loss, ours = loss_and_grads(params, x, LENGTHS, targets)
    assert abs(ours_loss - loss.item()) < 1e-12
    layers = (rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0, linear.weight, linear.bias)
    assert_all_close(ours, RNNParams(*(v.grad.numpy().T for v in layers)), 1e-12)


def test_padding_does_not_count(case):
    params, x, targets = case
    other = x.copy()
    for n, length in enumerate(LENGTHS):
        other[length:, n] = 9.0
    loss, grads = loss_and_grads(params, x, LENGTHS, targets)
    loss_padded, grads_padded = loss_and_grads(params, other, LENGTHS, targets)
    assert loss_padded == loss
    assert_all_close(grads_padded, grads, 1e-15)
    assert gap(read(params, other, LENGTHS), read(params, x, LENGTHS)) == 0


def test_ids_and_rows_of_floats_give_the_same(case):
    params, _, targets = case
    ids = np.random.default_rng(5).integers(N_X, size=(STEPS, BATCH))
    loss, grads = loss_and_grads(params, ids, LENGTHS, targets)
    loss_rows, grads_rows = loss_and_grads(params, np.eye(N_X)[ids], LENGTHS, targets)
    assert abs(loss - loss_rows) < 1e-15
    assert_all_close(grads, grads_rows, 1e-13)


def test_read_is_the_head_on_the_last_real_state(case):
    params, x, targets = case
    h, _, _ = rnn_forward(params, x)
    by_hand = np.stack([h[length - 1, n] @ params.W_hy + params.b_y for n, length in enumerate(LENGTHS)])
    assert gap(read(params, x, LENGTHS), by_hand) < 1e-15
    assert (
        abs(np.linalg.norm(by_hand - targets, axis=1).mean() - loss_and_grads(params, x, LENGTHS, targets)[0]) < 1e-15
    )


def test_float32_stays_float32(case):
    params, x, targets = case
    params, x, targets = RNNParams(*(p.astype("f4") for p in params)), x.astype("f4"), targets.astype("f4")
    _, grads = loss_and_grads(params, x, LENGTHS, targets)
    assert all(grad.dtype == np.float32 for grad in grads)
    assert last_states_backward(x[0], LENGTHS, STEPS).dtype == np.float32


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"lengths": [6, 0, 4, 2]}, ValueError, "lengths: expected integers from 1 to 6, got 0 at index 1"),
        ({"lengths": [6, 7, 4, 2]}, ValueError, "lengths: expected integers from 1 to 6, got 7 at index 1"),
        ({"lengths": [6.0, 1.0, 4.0, 2.0]}, TypeError, "lengths: expected integers"),
        ({"lengths": [6, 1, 4]}, ValueError, r"lengths: expected shape \(batch=4,\)"),
        ({"targets": np.zeros((BATCH, N_Y + 1))}, ValueError, r"targets: expected shape \(batch=4, n_y=3\)"),
        ({"targets": np.zeros(BATCH)}, ValueError, "targets: expected shape"),
        ({"targets": np.zeros((BATCH, N_Y), int)}, TypeError, "targets: expected float32 or float64"),
        ({"targets": np.full((BATCH, N_Y), np.nan)}, ValueError, "targets: expected finite"),
        ({"x": np.zeros((STEPS, BATCH, N_X + 1))}, ValueError, "x: expected shape"),
        ({"params": None}, TypeError, "params: expected an RNNParams"),
    ],
)
def test_bad_input_is_named(case, change, error, says):
    params, x, targets = case
    arguments = {"params": params, "x": x, "lengths": LENGTHS, "targets": targets} | change
    with pytest.raises(error, match=says):
        loss_and_grads(**arguments)


@pytest.mark.parametrize("steps", [5.0, True, "6"])
def test_steps_must_be_an_integer(steps):
    with pytest.raises(TypeError, match="steps: expected an integer"):
        last_states_backward(np.zeros((BATCH, N_H)), LENGTHS, steps)


def test_steps_must_hold_the_longest_sequence():
    with pytest.raises(ValueError, match="lengths: expected integers from 1 to 5, got 6 at index 0"):
        last_states_backward(np.zeros((BATCH, N_H)), LENGTHS, 5)


@pytest.mark.parametrize(
    ("lengths", "error", "says"),
    [
        ([[1], [2, 3]], ValueError, "lengths: expected an array, got nested lists of different lengths"),
        (None, TypeError, "lengths: expected integers, got NoneType"),
        ([1, 9, 2], ValueError, "lengths: expected integers from 1 to 4, got 9 at index 1"),
        ([4, 2, 0], ValueError, "lengths: expected integers from 1 to 4, got 0 at index 2"),
    ],
)
def test_a_wrong_length_is_named_with_its_place(lengths, error, says):
    with pytest.raises(error) as raised:
        last_states(np.zeros((4, 3, 2)), lengths)
    assert str(raised.value) == says


def test_each_ids_own_gradient_is_picked():
    dx = np.arange(24.0).reshape(2, 3, 4)
    assert at_ids(dx, [[0, 3, 1], [2, 0, 3]]).tolist() == [[0, 7, 9], [14, 16, 23]]


@pytest.mark.parametrize("wrong", [4, -1])
def test_an_id_that_no_gradient_belongs_to_is_named(wrong):
    with pytest.raises(ValueError) as caught:
        at_ids(np.zeros((2, 3, 4)), [[0, 3, 1], [2, wrong, 3]])
    assert str(caught.value) == f"ids: expected integers from 0 to 3, got {wrong} at index (1, 1)"


def test_lengths_of_any_integer_type():
    h = np.arange(24.0).reshape(4, 3, 2)
    for dtype in (np.uint64, np.int8, ">i4"):
        assert (last_states(h, np.array([4, 1, 2], dtype)) == last_states(h, [4, 1, 2])).all()
