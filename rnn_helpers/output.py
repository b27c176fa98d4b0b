"""From scores to a loss and back: softmax, cross-entropy, and their gradients."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_helpers import fast, validate
from rnn_helpers.validate import Array

IGNORE_INDEX = -100  # a target with this value does not count (the same number as in PyTorch)


class OutputGrads(NamedTuple):
    """Gradients of the output layer `logits = h @ W_hy + b_y`: what goes down to h, and its own two."""

    h: Array
    W_hy: Array
    b_y: Array


def softmax(z: ArrayLike, axis: int = -1) -> Array:
    r"""Compute $y_i = e^{z_i - m} / \sum_j e^{z_j - m}$ with $m = \max_j z_j$, along `axis`.

    Parameters
    ----------
    z : scores of any shape with at least one axis; integers are read as float64.
    axis : the axis whose entries sum to one in the result.

    Returns
    -------
    Probabilities, of the shape of `z`.

    Raises
    ------
    TypeError : `z` does not hold real numbers, or `axis` is not an integer.
    ValueError : `z` is a single number or empty, has no such axis, or holds NaN or infinity.

    Source
    ------
    Blanchard, Higham and Higham (2021), Accurately computing the log-sum-exp and softmax functions.
    """
    scores = validate.scores("z", z)
    if not -scores.ndim <= validate.integer("axis", axis) < scores.ndim:
        raise ValueError(f"axis: expected {-scores.ndim} to {scores.ndim - 1} for shape {scores.shape}, got {axis}")
    with np.errstate(over="ignore"):  # 1e308 - (-1e308) is infinite, and exp of minus that is the right 0
        e: Array = np.exp(scores - scores.max(axis=axis, keepdims=True))
    e /= e.sum(axis=axis, keepdims=True)
    return e


def softmax_backward(y: ArrayLike, dy: ArrayLike) -> Array:
    r"""Compute $dz_i = y_i (dy_i - \sum_j dy_j y_j)$ along the last axis.

    Parameters
    ----------
    y : (..., n_y) what softmax returned.
    dy : (..., n_y) gradient of the loss with respect to `y`.

    Returns
    -------
    dz : (..., n_y) gradient of the loss with respect to the scores.

    Raises
    ------
    TypeError, ValueError : see `softmax`; also when the two shapes differ.
    """
    y, dy = validate.scores("y", y), validate.scores("dy", dy)
    if y.shape != dy.shape:
        raise ValueError(f"dy: expected shape {y.shape}, the shape of y, got {dy.shape}")
    dz: Array = y * (dy - (dy * y).sum(axis=-1, keepdims=True))
    return dz


def cross_entropy(logits: ArrayLike, targets: ArrayLike) -> float:
    r"""Compute $-\frac{1}{N} \sum \log \mathrm{softmax}(z)_{target}$, in nats, over the N targets that count.

    Parameters
    ----------
    logits : (..., n_y) scores before softmax.
    targets : (...) integers, each the index of the right class, or -100: does not count.

    Returns
    -------
    The mean loss in nats, a Python float.

    Raises
    ------
    TypeError : logits that are not real numbers, targets that are not integers.
    ValueError : shapes that do not belong together, a target out of range, no target that counts, NaN or infinity.
    """
    return cross_entropy_and_grad(logits, targets)[0]


def cross_entropy_and_grad(logits: ArrayLike, targets: ArrayLike) -> tuple[float, Array]:
    r"""Compute the cross-entropy and $dlogits = (\mathrm{softmax}(z) - \mathrm{onehot}(target)) / N$.

    Parameters, errors: as in `cross_entropy`.

    Returns
    -------
    loss : mean nats over the N targets that count.
    dlogits : (..., n_y), rows of zeros where the target does not count.
    """
    scores = validate.scores("logits", logits)
    *places, n_y = scores.shape
    checked = validate.targets(targets, tuple(places), n_y, IGNORE_INDEX)
    with np.errstate(over="ignore"):  # 1e308 - (-1e308) is infinite, and exp of minus that is the right 0
        loss, dlogits = fast.cross_entropy_in_place(fast.as_rows(scores).T.copy(), *checked)
    return loss, dlogits.reshape(scores.shape)


def output_backward(W_hy: Array, h: Array, dlogits: Array) -> OutputGrads:
    """Send `dlogits` back through `logits = h @ W_hy + b_y`.

    Parameters
    ----------
    W_hy : (n_h, n_y)
    h : (..., n_h) the states that the scores were computed from.
    dlogits : (..., n_y) gradient of the loss with respect to the scores.

    Returns
    -------
    OutputGrads : h (..., n_h), W_hy (n_h, n_y), b_y (n_y,), the last two summed over time and batch.

    Raises
    ------
    TypeError : an argument does not hold real numbers.
    ValueError : sizes that do not agree, NaN or infinity.
    """
    W_hy = validate.floats("W_hy", W_hy, {"n_h": None, "n_y": None})
    h, dlogits = validate.scores("h", h), validate.scores("dlogits", dlogits)
    n_h, n_y = W_hy.shape
    if h.shape[-1] != n_h:
        raise ValueError(f"h: expected a last axis of n_h={n_h}, as in W_hy, got shape {h.shape}")
    if dlogits.shape != (*h.shape[:-1], n_y):
        raise ValueError(f"dlogits: expected shape {(*h.shape[:-1], n_y)}, got {dlogits.shape}")
    return OutputGrads(*fast.output_grads(W_hy, h, dlogits))
