"""What is fast is the plain computation: gradients summed by id, and the way back in blocks of any length."""

import numpy as np
import pytest
from cases import KINDS, assert_all_close, build, gap

from rnn_helpers import RNNParams, fast, fast_gates, loss_and_grads, rnn_cell_backward, rnn_cell_forward


@pytest.mark.parametrize(("rows", "n_h"), [(10, 3), (2000, 2)])  # each of the two ways to sum
def test_an_id_that_never_occurs_has_a_gradient_of_zero(rows, n_h):
    dz = np.random.default_rng(6).standard_normal((rows, n_h))
    dW_xh = fast.input_weight_grad(np.arange(rows) % 2, dz, n_x=4)
    assert gap(dW_xh[:2], np.array([dz[::2].sum(axis=0), dz[1::2].sum(axis=0)])) < 1e-12
    assert (dW_xh[2:] == 0).all()


@pytest.mark.parametrize("integer", [np.uint16, np.int32, np.int64])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("n_x", "rows", "n_h"),
    # From 500 numbers for each id on they are summed in another way, and up to 256 ids are then read as single bytes.
    [(3, 40, 3), (3, 499, 3), (3, 500, 3), (3, 40, 4), (300, 90, 5), (256, 17_000, 16), (257, 17_000, 16)],
)
def test_gradients_summed_by_id_are_the_product_with_one_hot_rows(n_x, rows, n_h, dtype, integer):
    rng = np.random.default_rng(6)
    ids = rng.integers(n_x, size=rows).astype(integer)
    ids[ids == 1] = n_x - 1  # one id does not occur, the last one does
    dz = rng.standard_normal((rows, n_h)).astype(dtype)
    right = np.eye(n_x)[ids].T @ dz
    for laid_out in (dz, np.asfortranarray(dz)):
        summed = fast.input_weight_grad(ids, laid_out, n_x)
        assert summed.dtype == dtype
        assert gap(summed, right) < {np.float32: 1e-4, np.float64: 1e-12}[dtype]


class Narrow(np.ndarray):
    """An array that takes no index of more than 4 bytes, as in a browser, where NumPy's own integers have so many."""

    def take(self, indices, *rest, **named):
        assert np.can_cast(indices.dtype, np.int32)
        return super().take(indices, *rest, **named)


@pytest.mark.parametrize("integer", [np.uint32, np.int64])
def test_ids_become_the_integers_that_numpy_counts_with(integer, monkeypatch):
    ids, bincount = np.arange(300).astype(integer).reshape(100, 3), np.bincount
    W, b = np.ones((300, 1)).view(Narrow), np.zeros(1)
    counted = []
    monkeypatch.setattr(np, "intp", np.int32)
    monkeypatch.setattr(np, "bincount", lambda x, *rest, **named: counted.append(x) or bincount(x, *rest, **named))
    fast.run_states(W, np.ones((1, 1)), b, ids, None)
    fast_gates.from_input(W, b, ids, np.empty((100, 3, 1)))
    fast.input_weight_grad(np.repeat(ids, 500), np.ones((150_000, 1)), 300)
    assert [x.dtype for x in counted] == [np.int32]


def plain_loss_and_grads(case):
    """One cell after the other, there and back, with nothing taken together."""
    h_t, steps = case.start, []
    n = (case.targets != -100).sum()
    for x_t in case.x:
        h_t, y_t, cache = rnn_cell_forward(case.params, x_t, h_t)
        steps.append((y_t, cache))
    loss, carry = 0.0, np.zeros_like(h_t)
    sums = RNNParams(*(np.zeros_like(p) for p in case.params))
    for (y_t, cache), targets in reversed(list(zip(steps, case.targets, strict=True))):
        dlogits = y_t.copy()
        for row, k in enumerate(targets):
            if k == -100:
                dlogits[row] = 0
            else:
                loss -= np.log(y_t[row, k]) / n
                dlogits[row, k] -= 1
        dlogits /= n
        cell = rnn_cell_backward(case.params, cache, dlogits @ case.params.W_hy.T + carry)
        carry = cell.h_prev
        here = (cell.W_xh, cell.W_hh, cell.b_h, cache.h_t.T @ dlogits, dlogits.sum(axis=0))
        sums = RNNParams(*(total + grad for total, grad in zip(sums, here, strict=True)))
    return loss, sums


@pytest.mark.parametrize("rows", [1, 4, 7, 1000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", KINDS)
def test_the_loss_is_that_of_the_plain_loop_to_a_few_last_digits(kind, dtype, rows, monkeypatch):
    # However many steps are taken together on the way back.
    monkeypatch.setattr(fast, "ROWS_AT_ONCE", rows)
    case = build(kind, dtype)
    loss, grads = loss_and_grads(case.params, case.x, case.targets, case.h0)
    plain_loss, plain_grads = plain_loss_and_grads(case)
    few = 16 * np.finfo(dtype).eps
    assert abs(loss - plain_loss) < few * plain_loss
    assert_all_close(grads, plain_grads, few)
