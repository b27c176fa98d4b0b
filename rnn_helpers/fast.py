"""Every trick that makes a training step fast, once, each behind the plain line that it stands for.

Arrays go in, arrays come out, and nothing here checks them: `cell`, `output`, `rnn` and `many_to_one` check what they
are given and then call these. To learn what is computed, read `plain`; to learn why it is quick, read on. Gates have
tricks of their own, in `fast_gates`.

What a trick gains is given as the share of a training step (`rnn.loss_and_grads`) that it saves on one thread, at the
sizes of the project's benchmark, which have 5, 64, 128, 256 and 512 units. Other processors gain more here, less there.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from rnn_helpers.validate import Array

# Rows of a block on the way back, steps times batch: no power of two, or columns push each other out of the cache.
ROWS_AT_ONCE = 1600


def loss_and_grads(
    params: Sequence[Array], x: Array, h0: Array | None, targets: Array, counts: Array | None, n: int
) -> tuple[float, tuple[Array, ...], Array]:
    """`run_states`, the loss, `output_grads`, `back_through_time` and `weight_grads`, each once for all steps.

    Returns loss, gradients and the last state, which is a view of all states.

    Only the states are kept whole. The way back takes so many steps at once that their arrays stay in the processor's
    cache, last steps first, and adds up the gradients: 5 to 10 % at 256 and 512 units.

    `params` are the fields of an RNNParams; targets, counts and n come from `validate.targets`.
    """
    W_xh, W_hh, b_h, W_hy, b_y = params
    states = run_states(W_xh, W_hh, b_h, x, h0)
    keep_freed_memory(4 * states.nbytes)

    def back(now: slice, dh: Array, dz_after: Array | None) -> tuple[tuple[Array, ...], Array]:
        around = states[now.start : now.stop + 1]  # from the state before these steps to their last
        dz = back_through_time(W_hh, around, dh, dz_after)
        return weight_grads(x[now], around, dz, len(W_xh)), dz[0]

    loss, grads = from_the_loss_back(W_hy, b_y, states[1:], targets, counts, n, back, None, ROWS_AT_ONCE)
    return loss, grads, states[-1]


def from_the_loss_back(
    W_hy: Array,
    b_y: Array,
    h: Array,
    targets: Array,
    counts: Array | None,
    n: int,
    back: Callable[[slice, Array, Any], tuple[tuple[Array, ...], Any]],
    carry: Any,
    rows: int,
) -> tuple[float, tuple[Array, ...]]:
    """Take the loss, `output_grads` and `back`, last steps first, as many at once as have at most `rows` rows.

    `back` takes which steps, their dh and the carry, at first the one given; it returns gradients of weights and the
    carry for the steps before these.
    """
    steps, batch = targets.shape
    loss = 0.0
    sums: tuple[Array, ...] = ()
    length = max(1, rows // batch)
    for end in range(steps, 0, -length):
        now = slice(max(0, end - length), end)
        h_now = h[now]
        z = W_hy.T.dot(as_rows(h_now).T) + b_y[:, None]  # (h @ W_hy + b_y).T
        nats, dlogits = cross_entropy_in_place(z, targets[now], counts if counts is None else counts[now], n)
        dh, dW_hy, db_y = output_grads(W_hy, h_now, dlogits)
        grads, carry = back(now, dh, carry)
        grads = (*grads, dW_hy, db_y)
        loss += nats
        sums = tuple(map(np.add, sums, grads)) if sums else grads
    return loss, sums


def run_states(W_xh: Array, W_hh: Array, b_h: Array, x: Array, h0: Array | None) -> Array:
    """``h_t = np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)`` for each step: (time + 1, batch, n_h), h0 first.

    x_t W_xh + b_h needs no state: it is computed for all steps at once and lands where h_t will stand, 10 % at 5 and 64
    units, 5 % at 128. An h0 of None, which means zeros, meets no product: 1 to 2 %.
    """
    steps, batch = x.shape[:2]
    dtype = np.promote_types(b_h.dtype, x.dtype) if x.dtype.kind == "f" else b_h.dtype
    if h0 is not None:
        dtype = np.promote_types(dtype, h0.dtype)
    states = np.empty((steps + 1, batch, len(b_h)), dtype)
    states[0] = 0 if h0 is None else h0
    h = states[1:]
    W = W_xh.astype(dtype, copy=False)
    if x.dtype.kind == "f":
        np.matmul(as_rows(x), W, out=as_rows(h))
        h += b_h
    else:
        # h[:] = W[x] + b_h, with b_h added to the few rows that there are and no array in between: 1 to 2 %. The ids
        # were checked, so nothing is clipped; with its own check, take would first write to a buffer.
        (W + b_h).take(x.astype(np.intp, copy=False), 0, h, mode="clip")
    h_prev = None if h0 is None else states[0]
    for h_t in h:
        if h_prev is not None:
            h_t += h_prev.dot(W_hh)  # h_prev @ W_hh, started in a third of the time: 3 to 6 %, there and back
        np.tanh(h_t, out=h_t)
        h_prev = h_t
    return states


def cross_entropy_in_place(z: Array, targets: Array, counts: Array | None, n: int) -> tuple[float, Array]:
    """``-log(softmax(z)[targets]).sum() / n`` and ``(softmax(z) - onehot(targets)) / n``, for scores by class.

    The scores z (n_y, rows) become dlogits (rows, n_y) where they stand. A row of z holds all scores of one class:
    along such long rows NumPy's maximum and sum over the classes go four to eight times as fast as along the short
    ones of (rows, n_y), 8 % at 5 units, 5 % at 64, 2 % at 128.
    """
    rows = z.shape[1]
    flat = z.reshape(-1)
    right = targets.reshape(-1) * rows + np.arange(rows)  # where in `flat` the score of each right class is
    z -= z.max(axis=0)
    z_right = flat[right]
    np.exp(z, out=z)
    total = z.sum(axis=0)
    nats = np.log(total) - z_right
    z /= total * n
    flat[right] -= 1 / n
    if counts is not None:
        nats = nats[counts.reshape(-1)]
        z[:, ~counts.reshape(-1)] = 0
    return float(nats.sum()) / n, z.T


def output_grads(W_hy: Array, h: Array, dlogits: Array) -> tuple[Array, Array, Array]:
    """``dlogits @ W_hy.T``, ``h.T @ dlogits``, ``dlogits.sum(axis=0)``, each step of each sample a row."""
    d_rows = as_rows(dlogits)
    dh = d_rows.dot(W_hy.T).reshape(h.shape)
    dW_hy = d_rows.T.dot(as_rows(h)).T  # h.T @ d_rows the other way round: up to 3 %
    return dh, dW_hy, column_sums(d_rows)


def back_through_time(W_hh: Array, states: Array, dh: Array, dz_after: Array | None = None) -> Array:
    """``dz_t = (dh_t + dz_after @ W_hh.T) * (1 - h_t**2)`` for each step, the last one first: (time, batch, n_h).

    `dz_after` (batch, n_h) is that of the step after these, None where there is none: no product then, 5 % at 5 units,
    1 % at 64.
    """
    dz = states[1:] ** 2
    np.subtract(1, dz, out=dz)  # 1 - h_t**2 so far, where h_t**2 stands: 2 % at 128 units
    # Laid out so that a product of a few rows need not read it in columns:
    # on some processors 17 % at 128 units.
    W_hh_T = np.asfortranarray(W_hh, dz.dtype).T
    dh_total = np.empty(dz.shape[1:], dz.dtype)
    for dz_t, dh_t in zip(dz[::-1], dh[::-1], strict=True):
        if dz_after is None:
            dz_t *= dh_t
        else:
            dz_after.dot(W_hh_T, out=dh_total)  # the carry so far: what the next state sends back
            dh_total += dh_t
            dz_t *= dh_total
        dz_after = dz_t
    return dz


def weight_grads(x: Array, states: Array, dz: Array, n_x: int) -> tuple[Array, Array, Array]:
    """``x.T @ dz``, ``h_prev.T @ dz``, ``dz.sum(axis=0)``, each step of each sample a row."""
    dz_rows = as_rows(dz)
    dW_xh = input_weight_grad(x, dz_rows, n_x)
    dW_hh = as_rows(states[:-1]).T.dot(dz_rows)
    # Each row has one id, so the few rows of dW_xh have the same sum as all rows: 1 to 2 % at 64 units.
    return dW_xh, dW_hh, column_sums(dz_rows if x.dtype.kind == "f" else dW_xh)


def input_product(x: Array, W_xh: Array) -> Array:
    """``x @ W_xh``; a token id stands for a one-hot row, and that product is row `x` of W_xh."""
    return x @ W_xh if x.dtype.kind == "f" else W_xh[x]


def input_weight_grad(x: Array, dz: Array, n_x: int) -> Array:
    """``x.T @ dz`` for rows x (..., n_x); for token ids (...), row k is ``dz[x == k].sum(axis=0)``.

    Against the product with one-hot rows, ``np.eye(n_x)[x].T @ dz``, 3 % at 5 units, up to 6 % from 128 on, and far
    more with thousands of ids.
    """
    if x.dtype.kind == "f":
        return as_rows(x).T @ dz
    x, n_h = x.ravel().astype(np.intp, copy=False), dz.shape[1]  # bincount takes no others: in a browser, 4 bytes
    if dz.size < 500 * n_x:  # few numbers: each is added to its place
        places = np.arange(n_x * n_h).reshape(n_x, n_h).take(x, 0)
        sums: Array = np.bincount(places.ravel(), dz.ravel(), n_x * n_h).reshape(n_x, n_h)
        return sums.astype(dz.dtype, copy=False)
    # Many: sorted by id, the rows to be summed stand together, and a product with ones sums them. To start one takes
    # the time in which bincount adds 500 numbers.
    if n_x <= 256:
        x = x.astype(np.uint8)  # single bytes are sorted faster: 1 to 2 % at 128 units
    sorted_dz = dz.take(x.argsort(kind="stable"), axis=0)
    ones = np.ones(len(dz), dz.dtype)
    dW_xh = np.empty((n_x, n_h), dz.dtype)
    start = 0
    for row, count in zip(dW_xh, np.bincount(x, minlength=n_x).tolist(), strict=True):
        end = start + count
        ones[start:end].dot(sorted_dz[start:end], row)
        start = end
    return dW_xh


def column_sums(rows: Array) -> Array:
    """``rows.sum(axis=0)`` as a product: a bias is the weight of an input that is always 1.

    BLAS adds columns side by side: 2 % at 5 and 64 units.
    """
    ones = np.empty(len(rows), rows.dtype)
    ones.fill(1)  # in a third of the time of np.ones: 3 % at 5 units
    sums: Array = ones.dot(rows)
    return sums


def product(h: Array, W: Array) -> Array:
    """``h @ W`` for h (time, batch, n) as one product, where ``@`` starts one a step: up to 5 % of `rnn_backward`."""
    rows: Array = as_rows(h).dot(W)
    return rows.reshape(*h.shape[:-1], -1)


def as_rows(array: Array) -> Array:
    """View (time, batch, n) as (time * batch, n): one row a sample and step, so that one product serves all."""
    return array.reshape(-1, array.shape[-1])


def keep_freed_memory(size: int) -> None:
    """Show the C library a piece of so many bytes, never written to, so that it keeps freed ones for the next call.

    Linux's gives back what is freed beyond twice the largest piece it has seen. To fetch it anew in each call takes
    up to a third of a step.
    """
    np.empty(size, np.uint8)
