"""The walk back through time in plain lines, and the ways in which it can be wrong: each is one exchange of text."""

import inspect
import linecache
import textwrap
import zlib
from collections.abc import Callable
from keyword import iskeyword
from typing import Any, NamedTuple

import numpy as np

from rnn_helpers import fast
from rnn_helpers.gradmap import Backward, LossAndGrads
from rnn_helpers.output import softmax as right_softmax
from rnn_helpers.params import RNNParams
from rnn_helpers.rnn import SequenceCache, SequenceGrads, loss_and_grads, rnn_backward
from rnn_helpers.validate import Array


def walk_back(params: RNNParams, cache: SequenceCache, dh: Array) -> SequenceGrads:
    """Return the gradients of x, h0, W_xh, W_hh, b_h from those of all states, dh (time, batch, n_h)."""
    h0, h = cache.states[0], cache.states[1:]
    dx, dh_carry = np.zeros_like(cache.x), np.zeros_like(h0)
    dW_xh, dW_hh, db_h = (np.zeros_like(p) for p in params[:3])
    for t in reversed(range(len(dh))):
        h_prev = h[t - 1] if t > 0 else h0
        dh_t = dh[t] + dh_carry
        dz_t = dh_t * (1 - h[t] ** 2)
        dx[t] = dz_t @ params.W_xh.T
        dW_xh += cache.x[t].T @ dz_t
        dW_hh += h_prev.T @ dz_t
        db_h += dz_t.sum(axis=0)
        dh_carry = dz_t @ params.W_hh.T
    return SequenceGrads(dx, dh_carry, dW_xh, dW_hh, db_h)


def plant(function: Callable[..., Any], before: str, after: str, name: str = "suspect") -> Callable[..., Any]:
    """Return a function whose source is that of `function` with the text `before` exchanged for `after`.

    Parameters
    ----------
    function : a plain function whose source can be read, such as `walk_back` or one of your own.
    before : a text that occurs once in its source.
    after : what stands there instead.
    name : what the new function is called.

    Returns
    -------
    The new function; `inspect.getsource` shows its source.

    Raises
    ------
    TypeError : `function` is not a plain function made with `def`, or it uses variables of a function around it; the
        others are not strings.
    ValueError : its source cannot be read, `before` does not occur in it exactly once, `name` is none, or what comes
        out is not Python.
    """
    if not inspect.isfunction(function) or function.__name__ == "<lambda>":
        kind = "a lambda" if inspect.isfunction(function) else type(function).__name__
        raise TypeError(f"function: expected a plain function made with def, got {kind}")
    if function.__closure__:
        around = ", ".join(function.__code__.co_freevars)
        raise TypeError(
            f"function: expected one that stands by itself, got one that uses {around} of a function around it"
        )
    for argument, text in (("before", before), ("after", after), ("name", name)):
        if not isinstance(text, str):
            raise TypeError(f"{argument}: expected a string, got {type(text).__name__}")
    if not name.isidentifier() or iskeyword(name):
        raise ValueError(f"name: expected a name that a function can have, got {name!r}")
    try:
        source = textwrap.dedent(inspect.getsource(function))
    except OSError:
        raise ValueError(f"function: expected one whose source can be read, got {function.__name__}") from None
    if (times := source.count(before)) != 1:
        raise ValueError(
            f"before: expected a text that occurs once in {function.__name__}, got one that occurs {times} times"
        )
    source = source.replace(before, after).replace(f"def {function.__name__}(", f"def {name}(", 1)
    # A file name that only this source has: it is where inspect and tracebacks look the lines up.
    file = f"<{name} {zlib.crc32(source.encode()):x}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    scope = dict(function.__globals__)
    try:
        exec(compile(source, file, "exec"), scope)
    except SyntaxError as error:
        raise ValueError(f"after: expected Python once it is in place, got {error.msg}: {error.text}") from None
    planted: Callable[..., Any] = scope[name]
    return planted


class Fault(NamedTuple):
    """What stands in `walk_back`, and what stands there instead."""

    right: str
    wrong: str


FAULTS = {
    "upstream_forgotten": Fault("dz_t = dh_t * (1 - h[t] ** 2)", "dz_t = 1 - h[t] ** 2"),
    "dropped_carry": Fault("dh_t = dh[t] + dh_carry", "dh_t = dh[t]"),
    "not_transposed": Fault("dh_carry = dz_t @ params.W_hh.T", "dh_carry = dz_t @ params.W_hh"),
    "new_state": Fault("dW_hh += h_prev.T @ dz_t", "dW_hh += h[t].T @ dz_t"),
    "wrap_around": Fault("h_prev = h[t - 1] if t > 0 else h0", "h_prev = h[t - 1]"),
    "in_place": Fault("dh_t = dh[t] + dh_carry", "dh_t = dh[t]\n        dh_t += dh_carry"),
}

# In the order of FAULTS, under names that give nothing away: `suspects.suspect_1` to `suspects.suspect_6`.
SUSPECTS = {
    f"suspect_{number}": plant(walk_back, *fault, name=f"suspect_{number}")
    for number, fault in enumerate(FAULTS.values(), start=1)
}
suspect_1, suspect_2, suspect_3, suspect_4, suspect_5, suspect_6 = SUSPECTS.values()

# For the exercise: one fault hides the other.
puzzle = plant(
    plant(walk_back, "h[t] ** 2", "np.tanh(h[t]) ** 2"), "dz_t.sum(axis=0)", "dz_t.mean(axis=0)", name="puzzle"
)


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
