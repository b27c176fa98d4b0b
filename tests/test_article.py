"""The blog post that the course starts from: its numbers come out, its backward passes do not.

Its code is repeated here in a few lines, in its own layout: features first, batch second, time last. `.T` on every
array leads to ours.
"""

import numpy as np
import pytest
from cases import assert_all_close, gap

from rnn_helpers import (
    CellGrads,
    RNNParams,
    SequenceGrads,
    numerical_gradient,
    rnn_backward,
    rnn_cell_backward,
    rnn_cell_forward,
    rnn_forward,
)

PRINTED = """
 9.36942267e-01 -1.36240034e+00 -1.32303370e+00  1.69031962e+00 -2.78724117e-01
 7.15313401e-01 -1.28888205e-01  1.75111213e+00 -7.18652398e-01  1.41955981e+00
 5.89218991e-01  2.79727931e-01  3.88438645e-01 -1.89748622e-02  3.97820042e-02
 1.08256579e+00 -5.02683643e-01 -3.41263120e-01 -5.12467123e-02 -1.53898805e-03
-4.64822462e-01  3.91445728e-01 -9.67257335e-01 -1.23369097e+00 -1.11163794e-01
-3.57988175e-01  1.95114084e+00  8.92359894e-01  1.18103453e+00 -5.39953404e-01
 1.28646795e+00 -1.47832025e+00 -1.49835640e+00  9.23766551e-02 -6.89552490e-01
 9.40833304e-01 -3.65939491e-01 -6.12278335e-01 -1.90982056e+00  1.92585589e+00
 8.82974965e-01  2.53115310e+00  1.02772562e+00 -3.29561099e+00  7.59847444e-02
 2.77543594e+00  9.87893662e-01 -1.88374589e+00  1.61929495e+00 -2.00921669e+00
"""


def article_draws(*x_shape):
    """Draw as the article does after np.random.seed(1): x, a0, Waa, Wam, Wya, ba, by."""
    rng = np.random.RandomState(1)
    shapes = x_shape, (5, x_shape[1]), (5, 5), (5, x_shape[0]), (2, 5), (5, 1), (2, 1)
    x, a0, *weights = (rng.randn(*shape) for shape in shapes)
    return x, a0, dict(zip(("Waa", "Wam", "Wya", "ba", "by"), weights, strict=True))


def article_softmax(a):
    e_x = np.exp(a - np.max(a))
    return e_x / e_x.sum(axis=0)


def article_cell(x_t, a_former, w):
    a_now = np.tanh(np.dot(w["Wam"], x_t) + np.dot(w["Waa"], a_former) + w["ba"])
    y_now = article_softmax(np.dot(w["Wya"], a_now) + w["by"])
    return a_now, y_now, (a_now, a_former, x_t, w)


def article_forward(x, a, w):
    steps = []
    for t in range(x.shape[2]):
        steps.append(article_cell(x[:, :, t], a, w))
        a = steps[-1][0]
    a, y, caches = zip(*steps, strict=True)
    return caches, np.stack(a, axis=2), np.stack(y, axis=2)


def article_cell_backward(d_next, cache, upstream=False):
    """Return dx_t, da_former, dWam, dWaa, dba; with `upstream` the factor that the article forgets is there."""
    a_now, a_former, x_t, w = cache
    z = 1 - a_now * a_now
    if upstream:
        z = d_next * z
    return z, w["Waa"].T @ z, z @ x_t.T, z @ a_former.T, z.sum(axis=1, keepdims=True)


def article_backward(da, caches, upstream=False):
    """Return da0, dWam, dWaa, dba."""
    carry, sums = 0, (0, 0, 0)
    for t in reversed(range(len(caches))):
        _, carry, *step = article_cell_backward(da[:, :, t] + carry, caches[t], upstream)
        sums = [total + grad for total, grad in zip(sums, step, strict=True)]
    return carry, *sums


def ours(w):
    """Cross the bridge: `.T` on every array, and a bias has one axis."""
    return RNNParams(w["Wam"].T, w["Waa"].T, w["ba"].T[0], w["Wya"].T, w["by"].T[0])


# forward: the same values


def test_the_printed_table_comes_out_to_the_last_digit():
    _, a_prev, w = article_draws(4, 10)
    table = (a_prev.T @ ours(w).W_hh).T
    assert [f"{number:.8e}" for number in table.ravel()] == PRINTED.split()


def test_the_cell_gives_the_articles_values():
    x_t, a_prev, w = article_draws(4, 10)
    a_now, y_now, cache = article_cell(x_t, a_prev, w)
    assert len(cache) == 4  # the other number that the article prints
    h_t, y_t, our_cache = rnn_cell_forward(ours(w), x_t.T, a_prev.T)
    assert h_t.shape == (10, 5) and y_t.shape == (10, 2)
    assert gap(h_t.T, a_now) < 1e-15 and gap(y_t.T, y_now) < 1e-14
    # Of its four we keep three: the parameters are the caller's already.
    for kept, theirs in zip(our_cache, (x_t, a_prev, a_now), strict=True):
        assert gap(kept.T, theirs) < 1e-15


@pytest.mark.parametrize("x_shape", [(4, 10, 3), (3, 10, 4)])
def test_the_sequence_gives_the_articles_values(x_shape):
    x, a0, w = article_draws(*x_shape)
    caches, a, y_pred = article_forward(x, a0, w)
    h, y, cache = rnn_forward(ours(w), x.T, a0.T)
    assert gap(h.T, a) < 1e-14 and gap(y.T, y_pred) < 1e-14
    assert len(caches) == x_shape[2] == len(cache.states) - 1


def test_its_softmax_agrees_until_one_sample_lies_far_below_another():
    W_hh, W_hy = 30 * np.eye(5), np.full((5, 2), [100.0, 102.0])
    params = RNNParams(np.zeros((4, 5)), W_hh, np.zeros(5), W_hy, np.zeros(2))
    h_prev = np.outer([1.0, -1.0], np.ones(5))  # two samples, with scores near 500 and near -500
    h_t, y_t, _ = rnn_cell_forward(params, np.zeros((2, 4)), h_prev)
    low, high = 1 / (1 + np.exp(10)), 1 / (1 + np.exp(-10))
    assert gap(y_t, [[low, high], [high, low]]) < 1e-12
    with np.errstate(invalid="ignore"):
        theirs = article_softmax(W_hy.T @ h_t.T).T
    assert gap(theirs[0], y_t[0]) < 1e-12 and np.isnan(theirs[1]).all()


# backward: finite differences side with us


@pytest.fixture
def step():
    """Return one step of the article's cell and a random gradient that arrives at its state."""
    x_t, a_prev, w = article_draws(4, 10)
    return x_t, a_prev, w, np.random.default_rng(0).standard_normal((5, 10))


def cell_gradients(step):
    """Return ours, the finite differences of the article's own forward code, and its inputs' cache."""
    x_t, a_prev, w, da = step
    params = ours(w)
    _, _, cache = rnn_cell_forward(params, x_t.T, a_prev.T)

    def f(v):
        moved = w | {"Wam": v.W_xh.T, "Waa": v.W_hh.T, "ba": v.b_h[:, None]}
        return (da * article_cell(v.x_t.T, v.h_prev.T, moved)[0]).sum()

    at = CellGrads(x_t.T, a_prev.T, params.W_xh, params.W_hh, params.b_h)
    return rnn_cell_backward(params, cache, da.T), numerical_gradient(f, at)


def in_our_layout(kind, theirs):
    return kind(*(g.T[0] if g.shape[1] == 1 else g.T for g in theirs))


def test_differences_of_the_articles_cell_give_our_gradients_and_not_its_own(step):
    our_grads, numerical = cell_gradients(step)
    assert_all_close(our_grads, numerical, 1e-7)
    x_t, a_prev, w, da = step
    theirs = in_our_layout(CellGrads, article_cell_backward(da, article_cell(x_t, a_prev, w)[2]))
    assert theirs.x_t.shape != numerical.x_t.shape  # its dx_t stops before the product with Wam
    for name in ("h_prev", "W_xh", "W_hh", "b_h"):
        assert gap(getattr(theirs, name), getattr(numerical, name)) > 0.1


def test_with_an_upstream_gradient_of_ones_the_mistake_does_not_show(step):
    x_t, a_prev, w, da = step
    our_grads, _ = cell_gradients((x_t, a_prev, w, np.ones_like(da)))
    theirs = article_cell_backward(np.ones_like(da), article_cell(x_t, a_prev, w)[2])
    for right, wrong in zip(our_grads[1:], in_our_layout(CellGrads, theirs)[1:], strict=True):
        assert gap(wrong, right) < 1e-13


def test_differences_of_the_articles_sequence_give_our_gradients_and_not_its_own():
    x, a0, w = article_draws(3, 10, 4)
    da = np.random.default_rng(0).standard_normal((5, 10, 4))
    params = ours(w)
    _, _, cache = rnn_forward(params, x.T, a0.T)
    grads = rnn_backward(params, cache, da.T)

    def f(v):
        moved = w | {"Wam": v.W_xh.T, "Waa": v.W_hh.T, "ba": v.b_h[:, None]}
        return (da * article_forward(v.x.T, v.h0.T, moved)[1]).sum()

    numerical = numerical_gradient(f, SequenceGrads(x.T, a0.T, *params[:3]))
    assert_all_close(grads, numerical, 1e-7)

    caches, _, _ = article_forward(x, a0, w)
    theirs = article_backward(da, caches)
    mended = article_backward(da, caches, upstream=True)
    for expected, wrong, right in zip(numerical[1:], theirs, mended, strict=True):
        wrong, right = (g.T[0] if g.shape[1] == 1 else g.T for g in (wrong, right))
        assert gap(wrong, expected) > 0.1
        assert gap(right, expected) < 1e-7  # one factor is all that its gradients lack
