"""The whole sequence, forward and back: one cell, the same parameters at every step."""

from typing import Literal, NamedTuple, overload

from numpy.typing import ArrayLike

from rnn_helpers import fast, validate
from rnn_helpers.output import IGNORE_INDEX, softmax
from rnn_helpers.params import RNNParams
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
    params, x, h0 = _checked(params, x, h0)

    states = fast.run_states(params.W_xh, params.W_hh, params.b_h, x, h0)
    h = states[1:]
    logits = fast.product(h, params.W_hy) + params.b_y
    return h, softmax(logits), SequenceCache(x, states)


def rnn_backward(params: RNNParams, cache: SequenceCache, dh: Array) -> SequenceGrads:
    r"""Backpropagation through time: $dz_t = (dh_t + dh^{carry}_t) \odot (1 - h_t^2)$, t = T..1.

    The carry, $dh^{carry}_t = dz_{t+1} W_{hh}^\top$, is what step t + 1 sends back to h_t; at step T it is zero.

    Parameters
    ----------
    params : the RNNParams of the forward pass.
    cache : what `rnn_forward` returned.
    dh : (time, batch, n_h); dh[t] is what step t's own output sends back to h_t. The carry is added here.

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
    params = validate.params(params, RNNParams)
    n_x, n_h = params.W_xh.shape
    cache = validate.cache(cache, SequenceCache, maker="rnn_forward")
    x = validate.network_input("cache.x", cache.x, n_x, time=True)
    steps, batch = x.shape[:2]
    states = validate.floats("cache.states", cache.states, {"time + 1": steps + 1, "batch": batch, "n_h": n_h})
    dh = validate.floats("dh", dh, {"time": steps, "batch": batch, "n_h": n_h})

    dz = fast.back_through_time(params.W_hh, states, dh)
    dW_xh, dW_hh, db_h = fast.weight_grads(x, states, dz, n_x)
    return SequenceGrads(fast.product(dz, params.W_xh.T), dz[0] @ params.W_hh.T, dW_xh, dW_hh, db_h)


@overload
def loss_and_grads(
    params: RNNParams, x: Array, targets: ArrayLike, h0: Array | None = None, *, return_state: Literal[False] = False
) -> tuple[float, RNNParams]: ...
@overload
def loss_and_grads(
    params: RNNParams, x: Array, targets: ArrayLike, h0: Array | None = None, *, return_state: Literal[True]
) -> tuple[float, RNNParams, Array]: ...
def loss_and_grads(
    params: RNNParams, x: Array, targets: ArrayLike, h0: Array | None = None, *, return_state: bool = False
) -> tuple[float, RNNParams] | tuple[float, RNNParams, Array]:
    """Compute the mean cross-entropy of a target at each step, and its gradient for every parameter.

    Parameters
    ----------
    params, x, h0 : as in `rnn_forward`.
    targets : (time, batch) integers below n_y, or -100: does not count.
    return_state : whether to return the last state too, for a sequence that goes on; it costs no second forward pass.

    Returns
    -------
    loss : mean nats over the targets that count.
    grads : RNNParams of gradients.
    h_T : (batch, n_h), with `return_state` alone: the h0 of what comes next. No gradient flows back through it.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, an index out of range, no target that counts, NaN or infinity.
    """
    params, x, h0 = _checked(params, x, h0)
    checked = validate.targets(targets, x.shape[:2], len(params.b_y), IGNORE_INDEX)

    loss, grads, h_T = fast.loss_and_grads(params, x, h0, *checked)
    if return_state:
        return loss, RNNParams(*grads), h_T.copy()  # a view would keep the states of all steps in memory
    return loss, RNNParams(*grads)


def _checked(params: RNNParams, x: Array, h0: Array | None) -> tuple[RNNParams, Array, Array | None]:
    """Return the arguments of a forward pass, checked; an h0 of None stays None."""
    params = validate.params(params, RNNParams)
    n_x, n_h = params.W_xh.shape
    x = validate.network_input("x", x, n_x, time=True)
    if h0 is not None:
        h0 = validate.floats("h0", h0, {"batch": x.shape[1], "n_h": n_h})
    return params, x, h0
