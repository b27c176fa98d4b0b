"""The whole sequence, forward and back: one cell, the same parameters at every step."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_helpers import validate
from rnn_helpers.cell import checked_input, input_weight_grad
from rnn_helpers.output import as_rows, checked_targets, column_sums, cross_entropy_in_place, output_grads, softmax
from rnn_helpers.params import RNNParams, checked_params
from rnn_helpers.validate import Array

# Rows of a block on the way back, steps times batch: no power of two, or columns push each other out of the cache.
ROWS_AT_ONCE = 1600


class SequenceCache(NamedTuple):
    """What the backward pass reads again. `states` is (time + 1, batch, n_h): states[0] is h0, states[t] is h_t."""

    x: Array
    states: Array


class SequenceGrads(NamedTuple):
    """Gradient of the loss with respect to each input of the forward pass, each with its input's shape."""

    x: Array
    h0: Array
    W_xh: Array
    W_hh: Array
    b_h: Array


def rnn_forward(params: RNNParams, x: Array, h0: Array | None = None) -> tuple[Array, Array, SequenceCache]:
    r"""Compute $h_t = \tanh(x_t W_{xh} + h_{t-1} W_{hh} + b_h)$, $y_t = \mathrm{softmax}(h_t W_{hy} + b_y)$, t = 1..T.

    Parameters
    ----------
    params : RNNParams
    x : (time, batch, n_x) floats, or (time, batch) integer token ids, which mean one-hot rows.
    h0 : (batch, n_h) state before the first step; None means zeros.

    Returns
    -------
    h : (time, batch, n_h) states h_1 .. h_T, a view of `cache.states[1:]`.
    y : (time, batch, n_y) probabilities.
    cache : SequenceCache for `rnn_backward`; it holds the caller's x, not a copy.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, an empty axis, a token id out of range, NaN or infinity.
    """
    params = checked_params(params)
    cache = run_states(params, x, h0)
    h = cache.states[1:]
    logits = as_rows(h) @ params.W_hy + params.b_y
    return h, softmax(logits).reshape(*h.shape[:2], -1), cache


def rnn_backward(params: RNNParams, cache: SequenceCache, dh: Array) -> SequenceGrads:
    r"""Backpropagation through time: $dz_t = (dh_t + dz_{t+1} W_{hh}^\top) \odot (1 - h_t^2)$, t = T..1.

    Parameters
    ----------
    params : the RNNParams of the forward pass.
    cache : what `rnn_forward` returned.
    dh : (time, batch, n_h); dh[t] is what step t's own output sends back to h_t. What comes back from the
        steps after it is added here.

    Returns
    -------
    SequenceGrads : x (time, batch, n_x), h0 (batch, n_h), and W_xh, W_hh, b_h summed over time and batch.
        For token ids, x is the gradient with respect to their one-hot rows.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, NaN or infinity.

    Source
    ------
    Werbos (1990), Backpropagation through time: what it does and how to do it.
    """
    params = checked_params(params)
    n_x, n_h = params.W_xh.shape
    if not isinstance(cache, SequenceCache):
        raise TypeError(f"cache: expected a SequenceCache from rnn_forward, got {type(cache).__name__}")
    x = checked_input("cache.x", cache.x, n_x, time=True)
    steps, batch = x.shape[:2]
    states = validate.floats("cache.states", cache.states, {"time + 1": steps + 1, "batch": batch, "n_h": n_h})
    dh = validate.floats("dh", dh, {"time": steps, "batch": batch, "n_h": n_h})
    dz = back_through_time(params.W_hh, states, dh)
    dx = (as_rows(dz) @ params.W_xh.T).reshape(steps, batch, n_x)
    return SequenceGrads(dx, dz[0] @ params.W_hh.T, *weight_grads(x, states, dz, n_x))


def loss_and_grads(params: RNNParams, x: Array, targets: ArrayLike, h0: Array | None = None) -> tuple[float, RNNParams]:
    """Compute the mean cross-entropy of a target at each step, and its gradient for every parameter.

    Parameters
    ----------
    params, x, h0 : as in `rnn_forward`.
    targets : (time, batch) integers below n_y, or -100: does not count.

    Returns
    -------
    loss : mean nats over the targets that count.
    grads : RNNParams of gradients.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, an index out of range, no target that counts, NaN or infinity.
    """
    params = checked_params(params)
    x, states = run_states(params, x, h0)
    keep_freed_memory(4 * states.nbytes)
    steps, batch = x.shape[:2]
    targets, counts, n = checked_targets(targets, (steps, batch), len(params.b_y))
    # Laid out for the way back, whose steps multiply by W_hh.T: at 128 units such a product takes half the time.
    W_hh = np.asfortranarray(params.W_hh, states.dtype)
    dz_after = None
    loss = 0.0
    sums: tuple[Array, ...] = ()
    # Only the states are kept whole. The way back takes so many steps at once that their arrays stay in the
    # processor's cache, last steps first, and adds up the gradients: the same sums, at 512 units in a tenth less time.
    length = max(1, ROWS_AT_ONCE // batch)
    for end in range(steps, 0, -length):
        now = slice(max(0, end - length), end)
        around = states[now.start : end + 1]  # from the state before these steps to their last
        z = scores_by_class(params, around[1:])
        nats, dlogits = cross_entropy_in_place(z, targets[now], counts if counts is None else counts[now], n)
        dh, dW_hy, db_y = output_grads(params.W_hy, around[1:], dlogits)
        dz = back_through_time(W_hh, around, dh, dz_after)
        dz_after = dz[0]
        grads = (*weight_grads(x[now], around, dz, len(params.W_xh)), dW_hy, db_y)
        loss += nats
        sums = add_to(sums, grads) if sums else grads
    return loss, RNNParams(*sums)


def run_states(params: RNNParams, x: Array, h0: Array | None) -> SequenceCache:
    """Fill the states h0, h_1 .. h_T, each step written where it stays."""
    W_xh, W_hh, b_h = params[:3]
    x = checked_input("x", x, len(W_xh), time=True)
    steps, batch = x.shape[:2]
    dtype = np.promote_types(b_h.dtype, x.dtype) if x.dtype.kind == "f" else b_h.dtype
    if h0 is not None:
        h0 = validate.floats("h0", h0, {"batch": batch, "n_h": len(b_h)})
        dtype = np.promote_types(dtype, h0.dtype)
    states = np.empty((steps + 1, batch, len(b_h)), dtype)
    # x_t W_xh + b_h needs no state, so it is computed for all steps at once; it lands where h_t will stand.
    h = states[1:]
    W = W_xh.astype(dtype, copy=False)
    if x.ndim == 3:
        np.matmul(as_rows(x), W, out=as_rows(h))
        h += b_h
    else:
        # An id takes a row: b_h is added to the few rows that there are, not to all that are taken. The ids were
        # checked, so nothing is clipped; with its own check, take would first write to a buffer.
        (W + b_h).take(x, 0, h, mode="clip")
    hW = np.empty(h.shape[1:], dtype)  # one array for the products of all steps: fresh ones cost page faults
    steps_left = pairwise(states)
    if h0 is None:  # zeros, which add nothing to the first step
        states[0].fill(0)
        np.tanh(h[0], out=h[0])
        next(steps_left)
    else:
        states[0] = h0
    for h_prev, h_t in steps_left:
        h_t += h_prev.dot(W_hh, out=hW)  # h_prev @ W_hh, started in a third of the time
        np.tanh(h_t, out=h_t)
    return SequenceCache(x, states)


def scores_by_class(params: RNNParams, h: Array) -> Array:
    """Compute `h @ W_hy + b_y` as one product over all steps, transposed: (n_y, time * batch)."""
    scores: Array = params.W_hy.T.dot(as_rows(h).T)
    scores += params.b_y[:, None]
    return scores


def back_through_time(W_hh: Array, states: Array, dh: Array, dz_after: Array | None = None) -> Array:
    """Return dz (time, batch, n_h), the gradient before each step's tanh.

    `dz_after` (batch, n_h) is that of the step after these, None where there is none.
    """
    dz = states[1:] ** 2
    np.subtract(1, dz, out=dz)  # 1 - h_t**2 so far, without another array
    W_hh_T = np.asfortranarray(W_hh, dz.dtype).T
    dh_carry = np.empty(dz.shape[1:], dz.dtype)
    for dz_t, dh_t in zip(dz[::-1], dh[::-1], strict=True):
        if dz_after is None:  # the last step of all feeds nothing but its own output
            dz_t *= dh_t
        else:
            dz_after.dot(W_hh_T, out=dh_carry)  # what the next state sends back
            dh_carry += dh_t
            dz_t *= dh_carry
        dz_after = dz_t
    return dz


def weight_grads(x: Array, states: Array, dz: Array, n_x: int) -> tuple[Array, Array, Array]:
    """Sum each gradient over time and batch: in the products below, every step of every sample is one row."""
    dz_rows = as_rows(dz)
    dW_xh = input_weight_grad(x, dz_rows, n_x)
    dW_hh = as_rows(states[:-1]).T.dot(dz_rows)
    # Each row has one id, so the rows of dW_xh, fewer and summed already, have the same sum as all rows.
    return dW_xh, dW_hh, column_sums(dz_rows if x.dtype.kind == "f" else dW_xh)


def keep_freed_memory(size: int) -> None:
    """Show the C library a piece of so many bytes, never written to, so that it keeps freed ones for the next call.

    Linux's gives back what is freed beyond twice the largest piece it has seen; to fetch it anew in each call took
    up to a third of the time.
    """
    np.empty(size, np.uint8)


def add_to(sums: tuple[Array, ...], grads: tuple[Array, ...]) -> tuple[Array, ...]:
    """Add each gradient to its sum in place."""
    for total, grad in zip(sums, grads, strict=True):
        total += grad
    return sums
