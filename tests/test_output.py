"""softmax, cross-entropy, and their gradients."""

import warnings

import numpy as np
import oracle
import pytest
from cases import assert_all_close, build, every_case, gap

from rnn_helpers import (
    cross_entropy,
    cross_entropy_and_grad,
    numerical_gradient,
    output_backward,
    relative_error,
    softmax,
    softmax_backward,
)

HUGE = [(np.float32, 1e4), (np.float32, 3.4e38), (np.float64, 1e4), (np.float64, 1e308)]


@pytest.fixture(autouse=True)
def warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture
def rng():
    return np.random.default_rng(3)


# softmax


def test_softmax_by_hand():
    z = np.log([[1.0, 3.0], [6.0, 2.0], [5.0, 5.0]])
    assert gap(softmax(z), [[0.25, 0.75], [0.75, 0.25], [0.5, 0.5]]) < 1e-15
    assert gap(softmax([1, 2, 3]), [0.09003057317038046, 0.24472847105479767, 0.6652409557748219]) < 1e-15


@pytest.mark.parametrize("axis", [-3, -2, -1, 0, 1, 2])
def test_softmax_sums_to_one_along_its_axis_and_treats_the_others_apart(rng, axis):
    z = 5 * rng.standard_normal((4, 3, 6))
    y = softmax(z, axis=axis)
    assert y.shape == z.shape and (y > 0).all()
    assert gap(y.sum(axis=axis), np.ones(np.delete(z.shape, axis))) < 1e-15
    assert gap(y, np.apply_along_axis(lambda v: np.exp(v) / np.exp(v).sum(), axis, z)) < 1e-14
    assert gap(softmax(z, np.int64(axis)), y) == 0


def test_softmax_uses_the_last_axis_unless_told(rng):
    z = rng.standard_normal((4, 3))
    assert gap(softmax(z), softmax(z, axis=1)) == 0


@pytest.mark.parametrize("constant", [-1e6, -3, 700, 1e15])
def test_softmax_is_unchanged_by_a_constant_added_to_a_row(rng, constant):
    z = rng.integers(-20, 20, size=(5, 4)).astype(float)  # adding to whole numbers rounds nothing
    moved = z.copy()
    moved[2] += constant
    assert gap(softmax(moved), softmax(z)) < 1e-15


@pytest.mark.parametrize(("dtype", "huge"), HUGE)
def test_softmax_of_huge_scores_is_exact_and_gives_no_warning(dtype, huge):
    z = np.array([[huge, 0, -huge], [-huge, -huge, -huge], [huge, -huge, huge]], dtype)
    expected = np.array([[1, 0, 0], [1 / 3, 1 / 3, 1 / 3], [0.5, 0, 0.5]], dtype)
    assert gap(softmax(z), expected) < 2 * np.finfo(dtype).eps


@pytest.mark.parametrize("lower", [800, 1000, 1e6])
def test_softmax_of_a_row_does_not_depend_on_other_rows(rng, lower):
    z = rng.integers(-3, 3, size=(3, 4)).astype(float)
    z[1] -= lower  # with the whole array's maximum this row's exponentials all become zero
    y = softmax(z)
    assert gap(y[1], softmax(z[1] + lower)) < 1e-15
    assert gap(y[0], softmax(z[0])) == 0


def test_softmax_backward_by_its_jacobian(rng):
    y, dy = softmax(rng.standard_normal(5)), rng.standard_normal(5)
    jacobian = np.diag(y) - np.outer(y, y)
    assert gap(softmax_backward(y, dy), jacobian @ dy) < 1e-14


@pytest.mark.parametrize("shape", [(6,), (3, 4), (4, 2, 5)])
def test_softmax_backward_agrees_with_differences_and_autograd(rng, shape):
    z, dy = rng.standard_normal(shape), rng.standard_normal(shape)
    dz = softmax_backward(softmax(z), dy)
    assert relative_error(dz, numerical_gradient(lambda v: (softmax(v) * dy).sum(), z)) < 1e-7
    exp = oracle.anp.exp
    (theirs,) = oracle.gradients(lambda v: (exp(oracle.log_softmax(v)) * dy).sum(), z)
    assert gap(dz, theirs) < 1e-12


# cross-entropy


def test_cross_entropy_by_hand():
    logits = np.log([[1.0, 3.0], [6.0, 2.0]])
    assert abs(cross_entropy(logits, np.array([1, 0])) - np.log(4 / 3)) < 1e-15
    assert abs(cross_entropy(logits, np.array([0, 0])) - np.log(16 / 3) / 2) < 1e-15


@pytest.mark.parametrize("n_y", [1, 2, 27, 300])
@pytest.mark.parametrize("score", [0.0, -1e4, 1e308])
def test_cross_entropy_of_equal_scores_is_the_log_of_their_number(n_y, score):
    loss = cross_entropy(np.full((4, n_y), score), np.arange(4) % n_y)
    assert abs(loss - np.log(n_y)) < 1e-14


def test_huge_scores_of_both_signs_cost_nothing_and_give_no_warning():
    loss, dlogits = cross_entropy_and_grad(np.array([[1e308, -1e308, 0.0]]), np.array([0]))
    assert loss == 0.0 and (dlogits == 0).all()


def test_cross_entropy_is_a_python_float_for_either_dtype():
    for dtype in (np.float32, np.float64):
        assert type(cross_entropy(np.zeros((2, 3), dtype), np.array([0, 2]))) is float


@pytest.mark.parametrize("huge", [1e4, 1e38, 1e307])
def test_cross_entropy_of_extreme_scores_is_finite(huge):
    logits = np.array([[huge, 0.0, -huge], [0.0, huge, 1.0]])
    loss, dlogits = cross_entropy_and_grad(logits, np.array([2, 1]))
    assert abs(loss / huge - 1) < 1e-15  # 2 huge for the first row, 0 for the second, of which the mean
    assert gap(dlogits, [[0.5, 0, -0.5], [0, 0, 0]]) < 1e-15


def test_cross_entropy_is_small_and_positive_where_the_score_is_right():
    loss = cross_entropy(np.array([0.0, 30.0]), 1)
    assert abs(loss / np.exp(-30) - 1) < 1e-2  # nothing like log(0), and not rounded away to zero


@pytest.mark.parametrize("lower", [800, 1e6])
def test_cross_entropy_of_a_row_does_not_depend_on_other_rows(lower):
    logits = np.array([[1.0, 2.0, 3.0], [3.0, 1.0, 2.0]])
    targets = np.array([2, 1])
    loss, dlogits = cross_entropy_and_grad(logits, targets)
    moved, d_moved = cross_entropy_and_grad(logits - [[0], [lower]], targets)
    assert abs(loss - moved) < 1e-15 and gap(d_moved, dlogits) < 1e-15


def test_the_mean_is_over_the_targets_that_count_and_the_others_change_nothing(rng):
    logits = rng.standard_normal((5, 2, 4))
    targets = np.array([[1, -100], [0, 3], [-100, -100], [2, 2], [-100, 0]])
    counts = targets != -100
    loss, dlogits = cross_entropy_and_grad(logits, targets)
    alone, d_alone = cross_entropy_and_grad(logits[counts], targets[counts])
    assert abs(loss - alone) < 1e-15
    assert gap(dlogits[counts], d_alone) < 1e-15
    assert (dlogits[~counts] == 0).all()
    other = np.where(counts[..., None], logits, 50 * rng.standard_normal(logits.shape))
    assert cross_entropy(other, targets) == loss


def test_the_gradient_is_probability_minus_one_hot_over_the_count(rng):
    logits, targets = rng.standard_normal((3, 5)), np.array([4, 0, 0])
    one_hot = np.array([[0, 0, 0, 0, 1], [1, 0, 0, 0, 0], [1, 0, 0, 0, 0]])
    assert gap(cross_entropy_and_grad(logits, targets)[1], (softmax(logits) - one_hot) / 3) < 1e-15


@pytest.mark.parametrize("kind", ["seed 0", "one step", "ignored targets"])
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_cross_entropy_agrees_with_differences_and_autograd(rng, kind, axes):
    targets = build(kind).targets
    targets = {1: targets[-1, 0], 2: targets[-1], 3: targets}[axes]
    logits = 2 * rng.standard_normal((*targets.shape, build(kind).sizes[-1]))
    loss, dlogits = cross_entropy_and_grad(logits, targets)
    assert loss == cross_entropy(logits, targets)
    assert abs(loss - oracle.cross_entropy(logits, targets)) < 1e-14
    numerical = numerical_gradient(lambda z: cross_entropy(z, targets), logits)
    assert relative_error(dlogits, numerical) < 1e-7
    (theirs,) = oracle.gradients(lambda z: oracle.cross_entropy(z, targets), logits)
    assert gap(dlogits, theirs) < 1e-12


@pytest.mark.parametrize("integer", [np.int8, np.uint8, np.int32, np.uint64])
def test_targets_of_any_integer_type_mean_the_same(rng, integer):
    logits, targets = rng.standard_normal((3, 300)), np.array([0, 99, 100])
    assert cross_entropy(logits, targets.astype(integer)) == cross_entropy(logits, targets)


def test_integer_scores_are_read_as_float64():
    whole, targets = np.array([[1, -2, 3]]), np.array([1])
    assert softmax(whole).dtype == np.float64
    assert gap(softmax(whole), softmax(whole.astype(float))) == 0
    assert cross_entropy(whole, targets) == cross_entropy(whole.astype(float), targets)


# the output layer


@every_case
def test_output_backward_agrees_with_differences_and_autograd(case):
    W_hy, b_y, h = case.params.W_hy, case.params.b_y, case.dh
    dlogits = np.random.default_rng(8).standard_normal((*h.shape[:-1], len(b_y)))

    def f(h, W_hy, b_y):
        return (dlogits * (oracle.anp.dot(h, W_hy) + b_y)).sum()

    grads = output_backward(W_hy, h, dlogits)
    assert_all_close(grads, oracle.gradients(f, h, W_hy, b_y), 1e-12)
    inputs = grads._replace(h=h, W_hy=W_hy, b_y=b_y)
    assert_all_close(grads, numerical_gradient(lambda v: f(*v), inputs), 1e-7)


def test_output_backward_takes_one_sample_one_step_and_a_sequence_alike(rng):
    W_hy, h, dlogits = (
        rng.standard_normal((4, 3)),
        rng.standard_normal((6, 2, 4)),
        rng.standard_normal((6, 2, 3)),
    )
    whole = output_backward(W_hy, h, dlogits)
    by_step = [output_backward(W_hy, *step) for step in zip(h, dlogits, strict=True)]
    by_row = [output_backward(W_hy, h[t, b], dlogits[t, b]) for t in range(6) for b in range(2)]
    for parts in (by_step, by_row):
        assert gap(sum(part.W_hy for part in parts), whole.W_hy) < 1e-14
        assert gap(sum(part.b_y for part in parts), whole.b_y) < 1e-14
        assert gap(np.stack([part.h for part in parts]).reshape(h.shape), whole.h) < 1e-14
