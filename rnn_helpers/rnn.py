"""The whole sequence, forward and back: one cell, the same parameters at every step."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_helpers import validate
from rnn_helpers.cell import checked_input, input_product, input_weight_grad
from rnn_helpers.output import as_rows, checked_targets, cross_entropy_in_place, output_grads, softmax
from rnn_helpers.params import RNNParams, checked_params
from rnn_helpers.validate import Array


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
    return h, softmax(output_logits(params, h)), cache


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
    dz, dh0 = back_through_time(params.W_hh, states, dh)
    dx = (as_rows(dz) @ params.W_xh.T).reshape(steps, batch, n_x)
    return SequenceGrads(dx, dh0, *weight_grads(x, states, dz, n_x))


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
    cache = run_states(params, x, h0)
    h = cache.states[1:]
    logits = output_logits(params, h)
    loss, dlogits = cross_entropy_in_place(logits, *checked_targets(targets, logits.shape))
    dh, dW_hy, db_y = output_grads(params.W_hy, h, dlogits)
    dz, _ = back_through_time(params.W_hh, cache.states, dh)
    dW_xh, dW_hh, db_h = weight_grads(cache.x, cache.states, dz, len(params.W_xh))
    return loss, RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)


def run_states(params: RNNParams, x: Array, h0: Array | None) -> SequenceCache:
    """Fill the states h0, h_1 .. h_T, each step written where it stays."""
    n_x, n_h = params.W_xh.shape
    x = checked_input("x", x, n_x, time=True)
    steps, batch = x.shape[:2]
    kinds = [p.dtype for p in params] + ([x.dtype] if x.dtype.kind == "f" else [])
    if h0 is not None:
        h0 = validate.floats("h0", h0, {"batch": batch, "n_h": n_h})
        kinds.append(h0.dtype)
    states = np.empty((steps + 1, batch, n_h), np.result_type(*kinds))
    states[0] = 0 if h0 is None else h0
    # x_t W_xh + b_h needs no state, so one product takes it for all steps; it lands where h_t will stand.
    xW = input_product(as_rows(x) if x.ndim == 3 else x, params.W_xh)
    np.add(xW.reshape(steps, batch, n_h), params.b_h, out=states[1:])
    hW = np.empty_like(states[0])  # one array for the products of all steps: fresh ones cost page faults
    for h_prev, h_t in pairwise(states):
        h_t += np.matmul(h_prev, params.W_hh, out=hW)
        np.tanh(h_t, out=h_t)
    return SequenceCache(x, states)


def output_logits(params: RNNParams, h: Array) -> Array:
    """Compute `h @ W_hy + b_y`, (time, batch, n_y), as one product over all steps."""
    return (as_rows(h) @ params.W_hy + params.b_y).reshape(*h.shape[:2], -1)


def back_through_time(W_hh: Array, states: Array, dh: Array) -> tuple[Array, Array]:
    """Return dz (time, batch, n_h), the gradient before each step's tanh, and dh0: what is left to carry at the end."""
    dz = 1 - states[1:] ** 2
    total = np.zeros_like(states[0])
    for t in reversed(range(len(dz))):
        total += dh[t]  # h_t feeds the next state, whose share is there already, and its own output
        dz[t] *= total
        np.matmul(dz[t], W_hh.T, out=total)
    return dz, total


def weight_grads(x: Array, states: Array, dz: Array, n_x: int) -> tuple[Array, Array, Array]:
    """Sum each gradient over time and batch: in the products below, every step of every sample is one row."""
    dz_rows = as_rows(dz)
    x_rows = as_rows(x) if x.ndim == 3 else x.reshape(-1)
    dW_hh = as_rows(states[:-1]).T @ dz_rows
    return input_weight_grad(x_rows, dz_rows, n_x), dW_hh, dz_rows.sum(axis=0)
