r"""The tricks that make a training step of an LSTM or a GRU fast, each behind the plain lines that it stands for.

As in `fast`, which says how gains are given and has what both kinds of networks share, nothing here checks what it is
given. To learn what is computed, read `plain_gates`.

Gates are blocks side by side: (time, batch, gates, n_h). Weights meet all of them in one product. Of an LSTM's step one
tanh squashes all gates, those with a sigmoid by way of $(1 + \tanh(z / 2)) / 2$: 10 % at 5 and 64 units. On the way
back no slope waits for the carry, so all are computed for many steps at once, and the loop only multiplies: 12 to 16 %
at 5 and 64 units, of a GRU's step 18 to 22 %. Not all steps are taken at once, but so many that they stay in the
processor's cache: 29 % at 256 units, of a GRU's step 38 %.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnn_helpers import fast
from rnn_helpers.fast import as_rows, column_sums
from rnn_helpers.validate import Array

# As in `fast`, where the arrays are a quarter as wide: against as many rows as there, 3 to 10 % at 256 units.
ROWS_AT_ONCE = 400


# LSTM


def lstm_loss_and_grads(
    params: Sequence[Array],
    x: Array,
    h0: Array | None,
    c0: Array | None,
    targets: Array,
    counts: Array | None,
    count: int,
) -> tuple[float, tuple[Array, ...], Array, Array]:
    """`run_lstm`, the loss, `lstm_back_through_time` and the weights' gradients: see `fast.loss_and_grads`.

    Returns loss, gradients, the last state and the last cell state.
    """
    W_xh, W_hh, b_h, W_hy, b_y = params
    states, cells, gates, tanh_c = run_lstm(W_xh, W_hh, b_h, x, h0, c0)
    fast.keep_freed_memory(2 * gates.nbytes)

    def back(now: slice, dh: Array, carries: tuple[Array, Array]) -> tuple[tuple[Array, ...], tuple[Array, Array]]:
        i, f, g, o = blocks(gates[now])
        dz, dh_carry, dc = lstm_back_through_time(W_hh, cells[:-1][now], i, f, g, o, tanh_c[now], dh, *carries)
        around = states[now.start : now.stop + 1]  # from the state before these steps to their last
        return fast.weight_grads(x[now], around, dz, len(W_xh)), (dh_carry, dc)

    carries = np.zeros_like(states[0]), np.zeros_like(states[0])
    loss, grads = fast.from_the_loss_back(W_hy, b_y, states[1:], targets, counts, count, back, carries, ROWS_AT_ONCE)
    return loss, grads, states[-1], cells[-1]


def run_lstm(
    W_xh: Array, W_hh: Array, b_h: Array, x: Array, h0: Array | None, c0: Array | None
) -> tuple[Array, Array, Array, Array]:
    """``c_t = f * c_prev + i * g`` and ``h_t = o * np.tanh(c_t)`` for each step.

    Returns states and cells (time + 1, batch, n_h), the gates (time, batch, 4, n_h) in the order i, f, g, o, and
    tanh_c (time, batch, n_h).
    """
    steps, batch = x.shape[:2]
    n_h = len(W_hh)
    dtype = dtype_of(W_hh, x, h0, c0)
    states, cells = np.empty((steps + 1, batch, n_h), dtype), np.empty((steps + 1, batch, n_h), dtype)
    states[0] = 0 if h0 is None else h0
    cells[0] = 0 if c0 is None else c0
    gates, tanh_c = np.empty((steps, batch, 4, n_h), dtype), np.empty((steps, batch, n_h), dtype)
    i, f, g, o = blocks(gates)
    scale = np.repeat(np.array([0.5, 0.5, 1, 0.5], dtype), n_h)  # for i, f, g, o: only g keeps its tanh
    shift = 1 - scale
    W_hh = W_hh * scale
    z = gates.reshape(steps, batch, -1)
    from_input(W_xh * scale, b_h * scale, x, z)
    for t in range(steps):
        z[t] += states[t].dot(W_hh)
        np.tanh(z[t], out=z[t])
        z[t] *= scale
        z[t] += shift
        np.multiply(f[t], cells[t], out=cells[t + 1])
        cells[t + 1] += i[t] * g[t]
        np.tanh(cells[t + 1], out=tanh_c[t])
        np.multiply(o[t], tanh_c[t], out=states[t + 1])
    return states, cells, gates, tanh_c


def lstm_back_through_time(
    W_hh: Array,
    c_prev: Array,
    i: Array,
    f: Array,
    g: Array,
    o: Array,
    tanh_c: Array,
    dh: Array,
    dh_carry: Array,
    dc: Array,
) -> tuple[Array, Array, Array]:
    """``dc += dh_total * o * (1 - tanh_c**2)``, then dz and both carries, for each step, the last one first.

    Returns dz (time, batch, 4 n_h) and the two carries for the step before these.
    """
    slopes = np.empty((*i.shape[:2], 4, i.shape[2]), i.dtype)
    np.multiply(i * (1 - i), g, out=slopes[:, :, 0])
    np.multiply(f * (1 - f), c_prev, out=slopes[:, :, 1])
    np.multiply(1 - g**2, i, out=slopes[:, :, 2])
    np.multiply(o * (1 - o), tanh_c, out=slopes[:, :, 3])
    h_to_c = o * (1 - tanh_c**2)
    dz = slopes.reshape(*i.shape[:2], -1)  # each slope is multiplied where it stands
    W_hh_T = np.asfortranarray(W_hh, dz.dtype).T
    for t in reversed(range(len(dh))):
        dh_total = dh[t] + dh_carry
        dc = dc + dh_total * h_to_c[t]
        slopes[t, :, :3] *= dc[:, None]
        slopes[t, :, 3] *= dh_total
        dc *= f[t]
        dh_carry = dz[t].dot(W_hh_T)
    return dz, dh_carry, dc


# GRU


def gru_loss_and_grads(
    params: Sequence[Array], x: Array, h0: Array | None, targets: Array, counts: Array | None, count: int
) -> tuple[float, tuple[Array, ...], Array]:
    """`run_gru`, the loss, the way back and the weights' gradients: see `fast.loss_and_grads`.

    `params` are the fields of a GRUParams, or of a GRUBeforeParams, which has no b_n.
    """
    W_xh, W_hh, b_h, *b_n, W_hy, b_y = params
    states, gates, q = run_gru(W_xh, W_hh, b_h, b_n[0] if b_n else None, x, h0)
    fast.keep_freed_memory(2 * gates.nbytes)

    def back(now: slice, dh: Array, dh_carry: Array) -> tuple[tuple[Array, ...], Array]:
        h_prev = states[:-1][now]
        r, z, n = blocks(gates[now])
        if b_n:
            dz_x, dz_h, dh_carry = gru_back_through_time(W_hh, h_prev, r, z, n, q[now], dh, dh_carry)
            return gru_weight_grads(x[now], h_prev, dz_x, dz_h, len(W_xh)), dh_carry
        dz_x, dh_carry = gru_before_back_through_time(W_hh, h_prev, r, z, n, dh, dh_carry)
        return gru_before_weight_grads(x[now], h_prev, r, dz_x, len(W_xh)), dh_carry

    zeros = np.zeros_like(states[0])
    loss, grads = fast.from_the_loss_back(W_hy, b_y, states[1:], targets, counts, count, back, zeros, ROWS_AT_ONCE)
    return loss, grads, states[-1]


def run_gru(
    W_xh: Array, W_hh: Array, b_h: Array, b_n: Array | None, x: Array, h0: Array | None
) -> tuple[Array, Array, Array]:
    """``h_t = (1 - z) * n + z * h_prev`` for each step; a b_n of None means a reset before the product with W_hn.

    Returns states (time + 1, batch, n_h), the gates (time, batch, 3, n_h) in the order r, z, n, and what r multiplied
    (time, batch, n_h).
    """
    steps, batch = x.shape[:2]
    n_h = len(W_hh)
    dtype = dtype_of(W_hh, x, h0)
    states, gates = np.empty((steps + 1, batch, n_h), dtype), np.empty((steps, batch, 3, n_h), dtype)
    states[0] = 0 if h0 is None else h0
    q = states[:-1] if b_n is None else np.empty((steps, batch, n_h), dtype)
    r, z, n = blocks(gates)
    scale = np.repeat(np.array([0.5, 0.5, 1], dtype), n_h)  # for r, z, n, as in run_lstm
    W_rz, W_n = 0.5 * W_hh[:, : 2 * n_h], W_hh[:, 2 * n_h :].copy()
    flat = gates.reshape(steps, batch, -1)
    from_input(W_xh * scale, b_h * scale, x, flat)
    for t in range(steps):
        z_rz = flat[t, :, : 2 * n_h]
        z_rz += states[t].dot(W_rz)
        np.tanh(z_rz, out=z_rz)
        z_rz *= 0.5
        z_rz += 0.5
        if b_n is None:
            n[t] += (r[t] * states[t]).dot(W_n)
        else:
            np.add(states[t].dot(W_n), b_n, out=q[t])
            n[t] += r[t] * q[t]
        np.tanh(n[t], out=n[t])
        np.subtract(states[t], n[t], out=states[t + 1])  # n + z * (h_prev - n): an operation less
        states[t + 1] *= z[t]
        states[t + 1] += n[t]
    return states, gates, q


def gru_back_through_time(
    W_hh: Array, h_prev: Array, r: Array, z: Array, n: Array, q: Array, dh: Array, dh_carry: Array
) -> tuple[Array, Array, Array]:
    """``dz_n = dh_total * (1 - z) * (1 - n**2)``, then dz_z, dz_r and the carry for each step, the last one first.

    Returns the gradients of what x and of what h_prev bring to the gates, (time, batch, 3 n_h) both, and the carry for
    the step before these. They differ in the block of n, where what h_prev brings passes r.
    """
    dz_h = np.empty((*r.shape[:2], 3, r.shape[2]), r.dtype)  # slopes so far, and so is dz_n
    dz_n = (1 - z) * (1 - n**2)
    np.multiply(r * (1 - r), dz_n * q, out=dz_h[:, :, 0])
    np.multiply(z * (1 - z), h_prev - n, out=dz_h[:, :, 1])
    np.multiply(dz_n, r, out=dz_h[:, :, 2])
    flat = dz_h.reshape(*r.shape[:2], -1)
    W_hh_T = np.asfortranarray(W_hh, r.dtype).T
    for t in reversed(range(len(dh))):
        dh_total = dh[t] + dh_carry
        dz_h[t] *= dh_total[:, None]
        dz_n[t] *= dh_total
        dh_carry = flat[t].dot(W_hh_T) + dh_total * z[t]
    dz_x = dz_h.copy()
    dz_x[:, :, 2] = dz_n
    return dz_x.reshape(flat.shape), flat, dh_carry


def gru_before_back_through_time(
    W_hh: Array, h_prev: Array, r: Array, z: Array, n: Array, dh: Array, dh_carry: Array
) -> tuple[Array, Array]:
    """Do the same where the reset comes before the product: r waits for what comes back through W_hn.

    Returns the gradients of the gates before they are squashed, (time, batch, 3 n_h), and the carry.
    """
    n_h = r.shape[2]
    dz = np.empty((*r.shape[:2], 3, n_h), r.dtype)
    np.multiply(r * (1 - r), h_prev, out=dz[:, :, 0])
    np.multiply(z * (1 - z), h_prev - n, out=dz[:, :, 1])
    np.multiply(1 - z, 1 - n**2, out=dz[:, :, 2])
    flat = dz.reshape(*r.shape[:2], -1)
    W_rz_T, W_n_T = (np.asfortranarray(W, r.dtype).T for W in (W_hh[:, : 2 * n_h], W_hh[:, 2 * n_h :]))
    for t in reversed(range(len(dh))):
        dh_total = dh[t] + dh_carry
        dz[t, :, 1:] *= dh_total[:, None]
        d_reset = dz[t, :, 2].dot(W_n_T)  # of r * h_prev
        dz[t, :, 0] *= d_reset
        dh_carry = flat[t, :, : 2 * n_h].dot(W_rz_T) + d_reset * r[t] + dh_total * z[t]
    return flat, dh_carry


def gru_weight_grads(x: Array, h_prev: Array, dz_x: Array, dz_h: Array, n_x: int) -> tuple[Array, ...]:
    """``x.T @ dz_x``, ``h_prev.T @ dz_h``, ``dz_x.sum(axis=0)`` and of dz_h the sum of its block n."""
    rows_x, rows_h = as_rows(dz_x), as_rows(dz_h)
    dW_hh = as_rows(h_prev).T.dot(rows_h)
    db_n = column_sums(rows_h)[-h_prev.shape[2] :]
    return fast.input_weight_grad(x, rows_x, n_x), dW_hh, column_sums(rows_x), db_n


def gru_before_weight_grads(x: Array, h_prev: Array, r: Array, dz: Array, n_x: int) -> tuple[Array, ...]:
    """``x.T @ dz``, ``h_prev.T @ dz`` but in its block n ``(r * h_prev).T @ dz``, ``dz.sum(axis=0)``."""
    rows, n = as_rows(dz), 2 * h_prev.shape[2]  # where block n begins
    dW_rz, dW_n = as_rows(h_prev).T.dot(rows[:, :n]), as_rows(r * h_prev).T.dot(rows[:, n:])
    return fast.input_weight_grad(x, rows, n_x), np.hstack([dW_rz, dW_n]), column_sums(rows)


# Both


def from_input(W_xh: Array, b_h: Array, x: Array, z: Array) -> None:
    """``z[:] = x @ W_xh + b_h`` for all steps at once, or ``W_xh[x] + b_h`` for token ids: as in `fast.run_states`."""
    W = W_xh.astype(z.dtype, copy=False)
    if x.dtype.kind == "f":
        np.matmul(as_rows(x), W, out=as_rows(z))
        z += b_h
    else:
        (W + b_h).take(x.astype(np.intp, copy=False), 0, z, mode="clip")


def sigmoid(z: Array) -> Array:
    """``1 / (1 + np.exp(-z))``, which overflows nowhere."""
    half: Array = 0.5 * z
    return 0.5 + 0.5 * np.tanh(half)


def blocks(gates: Array) -> Array:
    """View (time, batch, gates, n_h) as one array a gate, (time, batch, n_h) each."""
    return np.moveaxis(gates, 2, 0)


def dtype_of(W_hh: Array, x: Array, *starts: Array | None) -> np.dtype[Any]:
    """Return the kind of float in which a network of these weights runs over x from these states."""
    floats = [array for array in (x, *starts) if array is not None and array.dtype.kind == "f"]
    return np.result_type(W_hh, *floats)
