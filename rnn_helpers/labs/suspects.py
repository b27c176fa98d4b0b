"""Notebook 07: the walk back through time, and the ways in which it can be wrong: each is one exchange of text."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from rnn_helpers import fast, plain
from rnn_helpers.labs.gradmap import Backward, LossAndGrads
from rnn_helpers.output import softmax as right_softmax
from rnn_helpers.params import RNNParams
from rnn_helpers.plant import Exchange, plant
from rnn_helpers.rnn import SequenceCache, SequenceGrads, loss_and_grads, rnn_backward
from rnn_helpers.validate import Array

walk_back = plain.rnn_backward

# What stands in the walk back, and what stands there instead.
FAULTS = {
    "upstream_forgotten": Exchange("dz_t = dh_total * (1 - h[t] ** 2)", "dz_t = 1 - h[t] ** 2"),
    "dropped_carry": Exchange("dh_total = dh[t] + dh_carry", "dh_total = dh[t]"),
    "not_transposed": Exchange("dh_carry = dz_t @ params.W_hh.T", "dh_carry = dz_t @ params.W_hh"),
    "new_state": Exchange("dW_hh += h_prev.T @ dz_t", "dW_hh += h[t].T @ dz_t"),
    "wrap_around": Exchange("h_prev = h[t - 1] if t > 0 else h0", "h_prev = h[t - 1]"),
    "in_place": Exchange("dh_total = dh[t] + dh_carry", "dh_total = dh[t]\n        dh_total += dh_carry"),
}

# In the order of FAULTS, under names that give nothing away. Planting takes 9 ms, so it waits until one is asked for.
_NAMES = tuple(f"suspect_{number}" for number in range(1, 1 + len(FAULTS)))
_PLANTED = (*_NAMES, "SUSPECTS", "puzzle")


def __getattr__(name: str) -> Any:
    """Return one of `suspect_1` to `suspect_6`, SUSPECTS, which has them by name, or `puzzle`, which has two faults."""
    if name not in _PLANTED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _planted()[name]


def __dir__() -> list[str]:
    return [*globals(), *_PLANTED]


@cache
def _planted() -> dict[str, Any]:
    six = {
        name: plant(walk_back, fault.right, fault.wrong, name)
        for name, fault in zip(_NAMES, FAULTS.values(), strict=True)
    }
    # The puzzle is for the exercise: one fault hides the other.
    squashed = plant(walk_back, "h[t] ** 2", "np.tanh(h[t]) ** 2")
    puzzle = plant(squashed, "dz_t.sum(axis=0)", "dz_t.mean(axis=0)", name="puzzle")
    return {**six, "SUSPECTS": six, "puzzle": puzzle}


def article_softmax(z: Array) -> Array:
    """Return softmax along the last axis of z (..., classes), with the article's one maximum for all."""
    e: Array = np.exp(z - np.max(z))
    y: Array = e / e.sum(axis=-1, keepdims=True)
    return y


def batch_first(
    params: RNNParams,
    x: Array,
    targets: Array,
    h0: Array | None = None,
) -> tuple[float, RNNParams]:
    """Return the loss and its gradients; walks along axis 1 as if it were time."""
    return loss_and_grads(params, x.swapaxes(0, 1), targets.swapaxes(0, 1), h0)


def with_stale_cache(old: SequenceCache) -> Backward:
    """Return a backward pass that reads `old` whatever cache it is given, as a cell does that names an old variable."""

    def backward(params: RNNParams, cache: SequenceCache, dh: Array) -> SequenceGrads:
        return rnn_backward(params, old, dh)

    return backward


def loss_with(backward: Backward, softmax: Callable[[Array], Array] = right_softmax) -> LossAndGrads:
    """Return a `loss_and_grads` that makes its probabilities with `softmax` and goes back through time with `backward`.

    Parameters
    ----------
    backward : called as `rnn_backward(params, cache, dh)`.
    softmax : called with scores (time, batch, n_y).

    Returns
    -------
    A function of (params, x, targets, h0=None) that returns the loss in nats and an RNNParams of gradients. It
    computes with whatever numbers come: what is not finite passes through.
    """

    def implementation(params: RNNParams, x: Array, targets: Array, h0: Array | None = None) -> tuple[float, RNNParams]:
        cache = SequenceCache(x, fast.run_states(params.W_xh, params.W_hh, params.b_h, x, h0))
        h = cache.states[1:]
        counts = targets >= 0
        onehot = np.eye(len(params.b_y))[np.where(counts, targets, 0)]
        y = softmax(h @ params.W_hy + params.b_y)
        loss = -np.log((y * onehot).sum(axis=-1)[counts]).mean()
        dlogits = (y - onehot) * counts[..., None] / counts.sum()
        dh, dW_hy, db_y = fast.output_grads(params.W_hy, h, dlogits)
        _, _, dW_xh, dW_hh, db_h = backward(params, cache, dh)
        return float(loss), RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)

    return implementation
