"""From scores to a loss and back: softmax, cross-entropy, and their gradients."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_helpers import validate
from rnn_helpers.validate import Array

INTP = np.dtype(np.intp)  # the integers that NumPy itself counts with
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
    scores = _scores("z", z)
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
    y, dy = _scores("y", y), _scores("dy", dy)
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
    scores = _scores("logits", logits)
    *places, n_y = scores.shape
    checked = checked_targets(targets, tuple(places), n_y)
    with np.errstate(over="ignore"):  # 1e308 - (-1e308) is infinite, and exp of minus that is the right 0
        loss, dlogits = cross_entropy_in_place(as_rows(scores).T.copy(), *checked)
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
    h, dlogits = _scores("h", h), _scores("dlogits", dlogits)
    n_h, n_y = W_hy.shape
    if h.shape[-1] != n_h:
        raise ValueError(f"h: expected a last axis of n_h={n_h}, as in W_hy, got shape {h.shape}")
    if dlogits.shape != (*h.shape[:-1], n_y):
        raise ValueError(f"dlogits: expected shape {(*h.shape[:-1], n_y)}, got {dlogits.shape}")
    return output_grads(W_hy, h, dlogits)


def output_grads(W_hy: Array, h: Array, dlogits: Array) -> OutputGrads:
    """Compute what `output_backward` returns, from arguments that were checked before."""
    d_rows = as_rows(dlogits)
    dh = d_rows.dot(W_hy.T).reshape(h.shape)
    dW_hy = d_rows.T.dot(as_rows(h)).T  # h.T @ d_rows the other way round takes up to a third less time
    return OutputGrads(dh, dW_hy, column_sums(d_rows))


def as_rows(array: Array) -> Array:
    """View (time, batch, n) as (time * batch, n): one row a sample and step, so that one product serves all."""
    return array.reshape(-1, array.shape[-1])


def column_sums(rows: Array) -> Array:
    """Sum over the rows: a bias is the weight of an input that is always 1, so its gradient is a product too."""
    # Many times as fast as rows.sum(axis=0) on narrow rows: BLAS adds columns side by side. And np.ones itself takes
    # three times as long as to fill a few numbers.
    ones = np.empty(len(rows), rows.dtype)
    ones.fill(1)
    sums: Array = ones.dot(rows)
    return sums


def cross_entropy_in_place(z: Array, targets: Array, counts: Array | None, n: int) -> tuple[float, Array]:
    """Turn the scores z (n_y, rows) into dlogits (rows, n_y) where they stand; the rest is from `checked_targets`."""
    # A row of z holds all scores of one class: along such long rows NumPy's maximum and sum over the classes go four
    # to eight times as fast as along the short ones of (rows, n_y). np.maximum.reduce(z) is z.max(axis=0), called
    # without its way through Python: with the two sums, 1 % of a step at the smallest sizes.
    rows = z.shape[1]
    flat = z.reshape(-1)
    right = targets.reshape(-1) * rows + np.arange(rows)  # where in `flat` the score of each right class is
    z -= np.maximum.reduce(z)
    z_right = flat[right]
    np.exp(z, out=z)
    total = np.add.reduce(z)
    nats = np.log(total) - z_right
    z /= total * n
    flat[right] -= 1 / n
    if counts is not None:
        nats = nats[counts.reshape(-1)]
        z[:, ~counts.reshape(-1)] = 0
    return float(np.add.reduce(nats)) / n, z.T


def checked_targets(targets: ArrayLike, wanted: tuple[int, ...], n_y: int) -> tuple[Array, Array | None, int]:
    """Return targets with 0 in place of -100, which of them count (None: all), and how many do."""
    index = validate.as_array("targets", targets)
    if index.dtype is INTP and index.shape == wanted and validate.in_range(index, n_y):
        return index, None, index.size  # the usual case at a glance, in a sixth less time
    if index.dtype.kind not in "iu":
        raise TypeError(f"targets: expected integers, got {validate.kind(targets, index)}")
    if index.shape != wanted:
        raise ValueError(f"targets: expected shape {wanted}, one for each row of scores, got {index.shape}")
    if validate.in_range(index, n_y):
        return index.astype(np.intp, copy=False), None, index.size
    counts = index != IGNORE_INDEX
    wrong = np.argwhere(counts & ((index < 0) | (index >= n_y)))
    if len(wrong):
        place = tuple(int(i) for i in wrong[0])
        raise ValueError(
            f"targets: expected 0 to {n_y - 1}, or {IGNORE_INDEX} for one that does not count, "
            f"got {index[place]} at index {place}"
        )
    if not counts.any():
        raise ValueError(f"targets: expected at least one that counts, got only {IGNORE_INDEX}")
    return np.where(counts, index, 0).astype(np.intp), counts, int(counts.sum())


def _scores(name: str, value: ArrayLike) -> Array:
    array = validate.as_array(name, value)
    if array.dtype.kind in "iu":
        array = array.astype(np.float64)
    if array.dtype not in validate.FLOATS:
        raise TypeError(f"{name}: expected float32, float64 or integers, got {validate.kind(value, array)}")
    if array.ndim == 0 or array.size == 0:
        raise ValueError(f"{name}: expected at least one axis and one entry, got shape {array.shape}")
    return validate.finite(name, array)
