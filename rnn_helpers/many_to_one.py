"""Many to one: a sequence goes in, one answer comes out, read off the last real state by a regression head."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rnn_helpers import fast, validate
from rnn_helpers.gates import networks
from rnn_helpers.gates.networks import P, Params
from rnn_helpers.validate import Array


def last_states(h: Array, lengths: ArrayLike) -> Array:
    """Pick the state after each sequence's last real step: row n of the result is `h[lengths[n] - 1, n]`.

    Parameters
    ----------
    h : (time, batch, n_h) states h_1 .. h_T; those after a sequence's end have read padding.
    lengths : (batch,) integers from 1 to time, how many steps of each sequence are real.

    Returns
    -------
    h_last : (batch, n_h)

    Raises
    ------
    TypeError : states that are not floats, lengths that are not integers.
    ValueError : sizes that do not agree, a length out of range, NaN or infinity.
    """
    h = validate.floats("h", h, {"time": None, "batch": None, "n_h": None})
    lengths = validate.lengths(lengths, *h.shape[:2])
    picked: Array = h[lengths - 1, np.arange(len(lengths))]
    return picked


def last_states_backward(dh_last: Array, lengths: ArrayLike, steps: int) -> Array:
    """Put each row of `dh_last` where its state was picked: the `dh` that backpropagation through time starts from.

    Every other step has no output of its own, so its `dh[t]` is zero.

    Parameters
    ----------
    dh_last : (batch, n_h) gradient of the loss with respect to `last_states(h, lengths)`.
    lengths : (batch,) integers from 1 to steps.
    steps : the length of the time axis.

    Returns
    -------
    dh : (steps, batch, n_h)

    Raises
    ------
    TypeError : a gradient that is not floats, lengths or `steps` that are not integers.
    ValueError : sizes that do not agree, a length out of range, NaN or infinity.
    """
    dh_last = validate.floats("dh_last", dh_last, {"batch": None, "n_h": None})
    validate.size("steps", steps)
    lengths = validate.lengths(lengths, steps, len(dh_last))
    dh = np.zeros((steps, *dh_last.shape), dh_last.dtype)
    dh[lengths - 1, np.arange(len(lengths))] = dh_last
    return dh


def mean_distance_and_grad(y: Array, targets: Array) -> tuple[float, Array]:
    r"""Compute $L = \frac{1}{N} \sum_n \|y_n - target_n\|$ and $dy_n = (y_n - target_n) / (N \|y_n - target_n\|)$.

    Parameters
    ----------
    y : (batch, n_y) answers.
    targets : (batch, n_y) right answers, in the same unit.

    Returns
    -------
    loss : the mean distance, in the unit of `y`.
    dy : (batch, n_y) gradient: each row points away from its target and has the length 1 / N. The distance has a
        corner at 0, so an answer that is exactly right gets a row of zeros.

    Raises
    ------
    TypeError : not floats.
    ValueError : shapes that differ or have another number of axes, NaN or infinity.
    """
    y = validate.floats("y", y, {"batch": None, "n_y": None})
    targets = validate.floats("targets", targets, {"batch": len(y), "n_y": y.shape[1]})
    difference = y - targets
    if validate.surely_finite(difference):
        distance = np.linalg.norm(difference, axis=1, keepdims=True)
        loss = float(distance.mean())
    else:  # squares overflow from 1e154 on, in float32 from 1e19: measure each row in units of its largest number
        unit = np.maximum(np.abs(difference).max(axis=1, keepdims=True), 1)
        difference = difference / unit
        distance = np.linalg.norm(difference, axis=1, keepdims=True)
        loss = float((unit / len(y) * distance).sum())
    dy = np.divide(difference, len(y) * distance, out=np.zeros_like(difference), where=distance > 0)
    return loss, dy


def head_gradients(W_hy: Array, b_y: Array, h_last: Array, targets: Array) -> tuple[Array, Array, Array]:
    r"""Send the mean distance back through the head $y = h_{last} W_{hy} + b_y$.

    Parameters
    ----------
    W_hy, b_y : (n_h, n_y) and (n_y,), the head.
    h_last : (batch, n_h) the last real states.
    targets : (batch, n_y) right answers.

    Returns
    -------
    dh_last (batch, n_h), dW_hy (n_h, n_y), db_y (n_y,) : the last two summed over the batch.

    Raises
    ------
    TypeError, ValueError : arrays of another kind or size, NaN or infinity.
    """
    W_hy = validate.floats("W_hy", W_hy, {"n_h": None, "n_y": None})
    b_y = validate.floats("b_y", b_y, {"n_y": W_hy.shape[1]})
    h_last = validate.floats("h_last", h_last, {"batch": None, "n_h": len(W_hy)})
    _, dy = mean_distance_and_grad(h_last @ W_hy + b_y, targets)
    return fast.output_grads(W_hy, h_last, dy)


def read(params: Params, x: Array, lengths: ArrayLike) -> Array:
    """Return the answer y (batch, n_y) to each sequence; parameters and errors as in `loss_and_grads`."""
    params = networks.checked(params)
    h, _ = networks.states_and_back(params, x)
    y: Array = last_states(h, lengths) @ params.W_hy + params.b_y
    return y


def loss_and_grads(params: P, x: Array, lengths: ArrayLike, targets: Array) -> tuple[float, P]:
    """Compute the mean distance between the answers and their targets, and its gradient for every parameter.

    Parameters
    ----------
    params : RNNParams, or those of a network with gates, whose W_hy and b_y are the head.
    x : (time, batch, n_x) floats, or (time, batch) token ids; what stands after a sequence's end does not count.
    lengths : (batch,) integers from 1 to time.
    targets : (batch, n_y) right answers.

    Returns
    -------
    loss : mean distance, in the unit of the targets.
    grads : gradients, in the type of params.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, a length or an id out of range, NaN or infinity.
    """
    params = networks.checked(params)
    h, back = networks.states_and_back(params, x)
    h_last = last_states(h, lengths)
    loss, dy = mean_distance_and_grad(h_last @ params.W_hy + params.b_y, targets)
    dh_last, dW_hy, db_y = fast.output_grads(params.W_hy, h_last, dy)
    dh = last_states_backward(dh_last, lengths, len(x))
    grads: Any = type(params)._make([*back(dh), dW_hy, db_y])
    return loss, grads


def at_ids(dx: Array, ids: ArrayLike) -> Array:
    """Pick from each row of `dx` the entry of the id that stood there: `dx[t, n, ids[t, n]]`.

    Parameters
    ----------
    dx : (time, batch, n_x) gradient with respect to one-hot rows, as `rnn_backward` returns it for ids.
    ids : (time, batch) integers below n_x.

    Returns
    -------
    (time, batch) : how the loss answers when the 1 in a row grows.

    Raises
    ------
    TypeError : a gradient that is not floats, ids that are not integers.
    ValueError : sizes that do not agree, an id out of range, NaN or infinity.
    """
    dx = validate.floats("dx", dx, {"time": None, "batch": None, "n_x": None})
    steps, batch, n_x = dx.shape
    ids = validate.indices("ids", ids, {"time": steps, "batch": batch}, below=n_x)
    picked: Array = np.take_along_axis(dx, ids[..., None], axis=2)[..., 0]
    return picked
