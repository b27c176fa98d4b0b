"""Both GRUs, one step and the whole sequence, forward and back: one state, which a gate blends with a new one.

Two networks go by this name. In PyTorch's, cuDNN's and Keras' the reset gate multiplies what the product with W_hh
brings; in the one that was published it multiplies the state before that product. The same weights give other numbers
in the other network, so the type of the parameters says which it is: GRUParams or GRUBeforeParams.
"""

from typing import Any, Literal, NamedTuple, TypeVar, overload

import numpy as np
from numpy.typing import ArrayLike

from rnn_helpers import fast, fast_gates, validate
from rnn_helpers.cell import CellGrads
from rnn_helpers.gates.params import GRUBeforeParams, GRUParams
from rnn_helpers.output import IGNORE_INDEX, softmax
from rnn_helpers.rnn import SequenceGrads
from rnn_helpers.validate import Array

P = TypeVar("P", bound=GRUParams | GRUBeforeParams)


class GRUCellCache(NamedTuple):
    """What the backward step reads again: its two inputs, its three gates (batch, n_h), and q, what r multiplied."""

    x_t: Array
    h_prev: Array
    r: Array
    z: Array
    n: Array
    q: Array


class GRUCellGrads(NamedTuple):
    """Gradient of the loss with respect to each input of one step, each with its input's shape."""

    x_t: Array
    h_prev: Array
    W_xh: Array
    W_hh: Array
    b_h: Array
    b_n: Array


class GRUCache(NamedTuple):
    """What the backward pass reads again.

    `states` is (time + 1, batch, n_h): states[0] is h0, states[t] is h_t. The three gates, and q, what r multiplied,
    are (time, batch, n_h).
    """

    x: Array
    states: Array
    r: Array
    z: Array
    n: Array
    q: Array


class GRUGrads(NamedTuple):
    """Gradient of the loss with respect to each input of the forward pass, each with its input's shape."""

    x: Array
    h0: Array
    W_xh: Array
    W_hh: Array
    b_h: Array
    b_n: Array


def gru_cell_forward(
    params: GRUParams | GRUBeforeParams, x_t: Array, h_prev: Array
) -> tuple[Array, Array, GRUCellCache]:
    r"""Compute $h_t = (1 - z) \odot n + z \odot h_{t-1}$.

    With W_xh, W_hh and b_h in three blocks, $r, z = \sigma(x_t W_{xr} + h_{t-1} W_{hr} + b_r), \sigma(\ldots_z)$. For
    GRUParams $q = h_{t-1} W_{hn} + b_n$ and $n = \tanh(x_t W_{xn} + b + r \odot q)$; for GRUBeforeParams $q = h_{t-1}$
    and $n = \tanh(x_t W_{xn} + b + (r \odot q) W_{hn})$. And $y_t = \mathrm{softmax}(h_t W_{hy} + b_y)$.

    Parameters
    ----------
    params : GRUParams, reset after the product, or GRUBeforeParams, reset before it.
    x_t : (batch, n_x) floats, or (batch,) integer token ids, which mean one-hot rows.
    h_prev : (batch, n_h) state of the step before.

    Returns
    -------
    h_t : (batch, n_h) new state: a blend of the old one and of n, whose entries lie in (-1, 1).
    y_t : (batch, n_y) probabilities, each row sums to one.
    cache : GRUCellCache for `gru_cell_backward`; it holds the caller's arrays, not copies.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, an empty axis, a token id out of range, NaN or infinity.

    Source
    ------
    Cho et al. (2014), Learning phrase representations using RNN encoder-decoder for statistical machine translation,
    with the reset before; Chung et al. (2014), Empirical evaluation of gated recurrent neural networks on sequence
    modeling. They call 1 - z what is z here and in PyTorch, or the other way round: look at the blend.
    """
    params = _checked_params(params)
    n_x, n_h = len(params.W_xh), len(params.W_hh)
    x_t = validate.network_input("x_t", x_t, n_x, time=False)
    h_prev = validate.floats("h_prev", h_prev, {"batch": len(x_t), "n_h": n_h})

    W_rz, W_n = params.W_hh[:, : 2 * n_h], params.W_hh[:, 2 * n_h :]
    z_x = fast.input_product(x_t, params.W_xh) + params.b_h
    r, z = np.split(fast_gates.sigmoid(z_x[:, : 2 * n_h] + h_prev @ W_rz), 2, axis=1)
    if isinstance(params, GRUParams):
        q = h_prev @ W_n + params.b_n
        n = np.tanh(z_x[:, 2 * n_h :] + r * q)
    else:
        q = h_prev
        n = np.tanh(z_x[:, 2 * n_h :] + (r * q) @ W_n)
    h_t = (1 - z) * n + z * h_prev
    y_t = softmax(h_t @ params.W_hy + params.b_y)
    return h_t, y_t, GRUCellCache(x_t, h_prev, r, z, n, q)


def gru_cell_backward(
    params: GRUParams | GRUBeforeParams, cache: GRUCellCache, dh_t: Array
) -> GRUCellGrads | CellGrads:
    r"""Send all that reaches h_t through one step, where z blends: $dz_n = dh_t \odot (1 - z) \odot (1 - n^2)$.

    Then $dz_z = dh_t \odot (h_{t-1} - n) \odot z (1 - z)$ and $dz_r = d(rq) \odot q \odot r (1 - r)$, where $d(rq)$ is
    $dz_n$, or for GRUBeforeParams $dz_n W_{hn}^\top$. To the state before goes $dh_t \odot z$, and what each product
    sends back.

    Parameters
    ----------
    params : the parameters of the forward step.
    cache : what `gru_cell_forward` returned.
    dh_t : (batch, n_h) gradient of the loss with respect to h_t, from everything that h_t feeds.

    Returns
    -------
    GRUCellGrads : x_t (batch, n_x), h_prev (batch, n_h), W_xh, W_hh, b_h, b_n, the last four summed over the batch; for
        GRUBeforeParams CellGrads, the same without b_n. For token ids, x_t is the gradient with respect to their
        one-hot rows.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, NaN or infinity.
    """
    params = _checked_params(params)
    n_x, n_h = len(params.W_xh), len(params.W_hh)
    cache = validate.cache(cache, GRUCellCache, maker="gru_cell_forward")
    x_t = validate.network_input("cache.x_t", cache.x_t, n_x, time=False)
    axes = {"batch": len(x_t), "n_h": n_h}
    h_prev, r, z, n, q = (validate.floats(f"cache.{name}", getattr(cache, name), axes) for name in cache._fields[1:])
    dh_total = validate.floats("dh_t", dh_t, axes)

    W_rz, W_n = params.W_hh[:, : 2 * n_h], params.W_hh[:, 2 * n_h :]
    dz_n = dh_total * (1 - z) * (1 - n**2)
    if isinstance(params, GRUParams):
        d_rq = dz_n  # what comes back to r * q
        dq = d_rq * r
        dh_by_q, dW_n = dq @ W_n.T, h_prev.T @ dq
    else:
        d_rq = dz_n @ W_n.T
        dq = d_rq * r
        dh_by_q, dW_n = dq, (r * q).T @ dz_n
    dz_r = d_rq * q * r * (1 - r)
    dz_z = dh_total * (h_prev - n) * z * (1 - z)
    dz_rz = np.concatenate([dz_r, dz_z], axis=1)
    dz_x = np.concatenate([dz_rz, dz_n], axis=1)
    grads = CellGrads(
        x_t=dz_x @ params.W_xh.T,
        h_prev=dz_rz @ W_rz.T + dh_by_q + dh_total * z,
        W_xh=fast.input_weight_grad(x_t, dz_x, n_x),
        W_hh=np.concatenate([h_prev.T @ dz_rz, dW_n], axis=1),
        b_h=dz_x.sum(axis=0),
    )
    return GRUCellGrads(*grads, b_n=dq.sum(axis=0)) if isinstance(params, GRUParams) else grads


def gru_forward(
    params: GRUParams | GRUBeforeParams, x: Array, h0: Array | None = None
) -> tuple[Array, Array, GRUCache]:
    r"""Compute $h_t = (1 - z) \odot n + z \odot h_{t-1}$ and y_t, t = 1..T: see the cell.

    Parameters
    ----------
    params : GRUParams, reset after the product, or GRUBeforeParams, reset before it.
    x : (time, batch, n_x) floats, or (time, batch) integer token ids, which mean one-hot rows.
    h0 : (batch, n_h) state before the first step; None means zeros.

    Returns
    -------
    h : (time, batch, n_h) states h_1 .. h_T, a view of `cache.states[1:]`.
    y : (time, batch, n_y) probabilities.
    cache : GRUCache for `gru_backward`; it holds the caller's x, not a copy.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, an empty axis, a token id out of range, NaN or infinity.
    """
    params, x, h0 = _checked(params, x, h0)

    b_n = params.b_n if isinstance(params, GRUParams) else None
    states, gates, q = fast_gates.run_gru(params.W_xh, params.W_hh, params.b_h, b_n, x, h0)
    r, z, n = fast_gates.blocks(gates)
    h = states[1:]
    logits = fast.product(h, params.W_hy) + params.b_y
    return h, softmax(logits), GRUCache(x, states, r, z, n, q)


def gru_backward(params: GRUParams | GRUBeforeParams, cache: GRUCache, dh: Array) -> GRUGrads | SequenceGrads:
    r"""Backpropagation through time, with the carry $dh_{t+1} \odot z_{t+1}$ and what the products of step t + 1 send.

    Parameters
    ----------
    params : the parameters of the forward pass.
    cache : what `gru_forward` returned.
    dh : (time, batch, n_h); dh[t] is what step t's own output sends back to h_t. The carry is added here.

    Returns
    -------
    GRUGrads : x (time, batch, n_x), h0 (batch, n_h), and W_xh, W_hh, b_h, b_n summed over time and batch; for
        GRUBeforeParams SequenceGrads, the same without b_n. For token ids, x is the gradient with respect to their
        one-hot rows.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, NaN or infinity.
    """
    params = _checked_params(params)
    n_x, n_h = len(params.W_xh), len(params.W_hh)
    cache = validate.cache(cache, GRUCache, maker="gru_forward")
    x = validate.network_input("cache.x", cache.x, n_x, time=True)
    steps, batch = x.shape[:2]
    states = validate.floats("cache.states", cache.states, {"time + 1": steps + 1, "batch": batch, "n_h": n_h})
    axes = {"time": steps, "batch": batch, "n_h": n_h}
    r, z, n, q = (validate.floats(f"cache.{name}", getattr(cache, name), axes) for name in "rznq")
    dh = validate.floats("dh", dh, axes)

    h_prev, zeros = states[:-1], np.zeros_like(states[0])
    if isinstance(params, GRUParams):
        dz_x, dz_h, dh0 = fast_gates.gru_back_through_time(params.W_hh, h_prev, r, z, n, q, dh, zeros)
        sums = fast_gates.gru_weight_grads(x, h_prev, dz_x, dz_h, n_x)
        return GRUGrads(fast.product(dz_x, params.W_xh.T), dh0, *sums)
    dz, dh0 = fast_gates.gru_before_back_through_time(params.W_hh, h_prev, r, z, n, dh, zeros)
    sums = fast_gates.gru_before_weight_grads(x, h_prev, r, dz, n_x)
    return SequenceGrads(fast.product(dz, params.W_xh.T), dh0, *sums)


@overload
def gru_loss_and_grads(
    params: P, x: Array, targets: ArrayLike, h0: Array | None = None, *, return_state: Literal[False] = False
) -> tuple[float, P]: ...
@overload
def gru_loss_and_grads(
    params: P, x: Array, targets: ArrayLike, h0: Array | None = None, *, return_state: Literal[True]
) -> tuple[float, P, Array]: ...
def gru_loss_and_grads(
    params: P, x: Array, targets: ArrayLike, h0: Array | None = None, *, return_state: bool = False
) -> tuple[float, P] | tuple[float, P, Array]:
    """Compute the mean cross-entropy of a target at each step, and its gradient for every parameter.

    Parameters
    ----------
    params, x, h0 : as in `gru_forward`.
    targets : (time, batch) integers below n_y, or -100: does not count.
    return_state : whether to return the last state too, for a sequence that goes on.

    Returns
    -------
    loss : mean nats over the targets that count.
    grads : gradients, in the type of params.
    h_T : (batch, n_h), with `return_state` alone: the h0 of what comes next. No gradient flows back through it.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, an index out of range, no target that counts, NaN or infinity.
    """
    params, x, h0 = _checked(params, x, h0)
    checked = validate.targets(targets, x.shape[:2], len(params.b_y), IGNORE_INDEX)

    loss, arrays, h_T = fast_gates.gru_loss_and_grads(params, x, h0, *checked)
    grads: Any = type(params)._make(arrays)
    return (loss, grads, h_T.copy()) if return_state else (loss, grads)


def _checked_params(params: P) -> P:
    return validate.gate_params(params, (GRUParams, GRUBeforeParams), blocks=3)


def _checked(params: P, x: Array, h0: Array | None) -> tuple[P, Array, Array | None]:
    """Return the arguments of a forward pass, checked; an h0 of None stays None."""
    params = _checked_params(params)
    x = validate.network_input("x", x, len(params.W_xh), time=True)
    if h0 is not None:
        h0 = validate.floats("h0", h0, {"batch": x.shape[1], "n_h": len(params.W_hh)})
    return params, x, h0
