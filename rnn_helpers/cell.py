"""One step of the network, forward and backward: the lesson in a dozen lines."""

from functools import lru_cache
from inspect import unwrap
from typing import NamedTuple

import numpy as np

from rnn_helpers import validate
from rnn_helpers.output import as_rows, softmax
from rnn_helpers.params import RNNParams, checked_params
from rnn_helpers.validate import Array

bincount = unwrap(np.bincount)  # unwrapped for the reason that validate.vdot is


class CellCache(NamedTuple):
    """What the backward step reads again: the two inputs of the step and its output."""

    x_t: Array
    h_prev: Array
    h_t: Array


class CellGrads(NamedTuple):
    """Gradient of the loss with respect to each input of one step, each with its input's shape."""

    x_t: Array
    h_prev: Array
    W_xh: Array
    W_hh: Array
    b_h: Array


def rnn_cell_forward(params: RNNParams, x_t: Array, h_prev: Array) -> tuple[Array, Array, CellCache]:
    r"""Compute $h_t = \tanh(x_t W_{xh} + h_{t-1} W_{hh} + b_h)$ and $y_t = \mathrm{softmax}(h_t W_{hy} + b_y)$.

    Parameters
    ----------
    params : RNNParams
    x_t : (batch, n_x) floats, or (batch,) integer token ids, which mean one-hot rows.
    h_prev : (batch, n_h) state of the step before.

    Returns
    -------
    h_t : (batch, n_h) new state, each entry in (-1, 1).
    y_t : (batch, n_y) probabilities, each row sums to one.
    cache : CellCache for `rnn_cell_backward`; it holds the caller's arrays, not copies.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, an empty axis, a token id out of range, NaN or infinity.

    Source
    ------
    Elman (1990), Finding structure in time.
    """
    params = checked_params(params)
    n_x, n_h = params.W_xh.shape
    x_t = checked_input("x_t", x_t, n_x, time=False)
    h_prev = validate.floats("h_prev", h_prev, {"batch": len(x_t), "n_h": n_h})
    h_t = np.tanh(input_product(x_t, params.W_xh) + h_prev @ params.W_hh + params.b_h)
    y_t = softmax(h_t @ params.W_hy + params.b_y)
    return h_t, y_t, CellCache(x_t, h_prev, h_t)


def rnn_cell_backward(params: RNNParams, cache: CellCache, dh_t: Array) -> CellGrads:
    r"""Send dh_t through one step: $dz_t = dh_t \odot (1 - h_t^2)$, then one product for each input.

    Parameters
    ----------
    params : the RNNParams of the forward step.
    cache : what `rnn_cell_forward` returned.
    dh_t : (batch, n_h) gradient of the loss with respect to h_t, from everything that h_t feeds.

    Returns
    -------
    CellGrads : x_t (batch, n_x), h_prev (batch, n_h), W_xh, W_hh, b_h, the last three summed over the batch.
        For token ids, x_t is the gradient with respect to their one-hot rows.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : sizes that do not agree, NaN or infinity.
    """
    params = checked_params(params)
    n_x, n_h = params.W_xh.shape
    if not isinstance(cache, CellCache):
        raise TypeError(f"cache: expected a CellCache from rnn_cell_forward, got {type(cache).__name__}")
    x_t = checked_input("cache.x_t", cache.x_t, n_x, time=False)
    h_prev = validate.floats("cache.h_prev", cache.h_prev, {"batch": len(x_t), "n_h": n_h})
    h_t = validate.floats("cache.h_t", cache.h_t, {"batch": len(x_t), "n_h": n_h})
    dh_t = validate.floats("dh_t", dh_t, {"batch": len(x_t), "n_h": n_h})
    dz_t = dh_t * (1 - h_t**2)
    return CellGrads(
        x_t=dz_t @ params.W_xh.T,
        h_prev=dz_t @ params.W_hh.T,
        W_xh=input_weight_grad(x_t, dz_t, n_x),
        W_hh=h_prev.T @ dz_t,
        b_h=dz_t.sum(axis=0),
    )


def checked_input(name: str, x: Array, n_x: int, *, time: bool) -> Array:
    """Return the network's input, checked: floats with an n_x axis, or integer token ids without one."""
    if _right_at_a_glance(x, n_x, time):
        return x
    leading: dict[str, int | None] = {"time": None, "batch": None} if time else {"batch": None}
    array = validate.as_array(name, x)
    if array.dtype.kind in "iu" and array.ndim <= len(leading):
        return validate.indices(name, array, leading, below=n_x)
    return validate.floats(name, x, {**leading, "n_x": n_x})


def _right_at_a_glance(x: Array, n_x: int, time: bool) -> bool:
    """Say that nothing is wrong, in a third of the time that naming each mistake takes; False leaves it open."""
    if type(x) is not np.ndarray or x.size == 0:
        return False
    if x.dtype.kind == "i":
        return x.ndim == 1 + time and validate.in_range(x, n_x)
    return x.dtype in validate.FLOATS and x.ndim == 2 + time and x.shape[-1] == n_x and validate.surely_finite(x)


def input_product(x: Array, W_xh: Array) -> Array:
    """Compute `x @ W_xh`; a token id stands for a one-hot row, and that product is row `x` of W_xh."""
    product: Array = x @ W_xh if x.dtype.kind == "f" else W_xh[x]
    return product


def input_weight_grad(x: Array, dz: Array, n_x: int) -> Array:
    """Compute `x.T @ dz` for rows x (..., n_x), or for token ids (...): row k sums the rows of dz that have id k."""
    if x.dtype.kind == "f":
        return as_rows(x).T @ dz
    n_h = dz.shape[1]
    if n_h % 2 == 0 and dz.size < 1000 * n_x:
        # Few numbers: each is added to its place, and two neighbours in one go as the parts of a complex number.
        pair = dz.dtype.char.upper()
        sums: Array = np.zeros(n_x * n_h // 2, pair)
        np.add.at(sums, numbered(n_x, n_h // 2).take(x, 0).ravel(), dz.ravel().view(pair))
        return sums.view(dz.dtype).reshape(n_x, n_h)
    if dz.size < 500 * n_x:
        # Few, and one of each row left without a neighbour: bincount adds them one by one.
        sums = bincount(numbered(n_x, n_h).take(x, 0).ravel(), dz.ravel(), n_x * n_h)
        return sums.reshape(n_x, n_h).astype(dz.dtype, copy=False)
    # Many: sorted by id, the rows to be summed stand together, and a product with ones sums them. To start one takes
    # the time in which bincount adds 500 numbers, and add.at 500 pairs. Ids in single bytes are sorted faster.
    x = x.ravel()
    if n_x <= 256:
        x = x.astype(np.uint8)
    sorted_dz = dz.take(x.argsort(kind="stable"), axis=0)
    ones = np.empty(len(dz), dz.dtype)
    ones.fill(1)
    dW_xh = np.empty((n_x, n_h), dz.dtype)
    start = 0
    for row, count in zip(dW_xh, bincount(x, minlength=n_x).tolist(), strict=True):
        end = start + count
        ones[start:end].dot(sorted_dz[start:end], row)
        start = end
    return dW_xh


@lru_cache(maxsize=1)  # the next step asks for the same sizes again, and at the smallest takes 1 % less
def numbered(n_x: int, n_h: int) -> Array:
    """Return an (n_x, n_h) array of 0, 1, 2, ..., counted row by row."""
    return np.arange(n_x * n_h).reshape(n_x, n_h)
