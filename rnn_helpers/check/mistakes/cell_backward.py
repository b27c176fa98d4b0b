"""Mistakes in one step, backward: notebook 05."""

import numpy as np

from rnn_helpers.cell import CellCache
from rnn_helpers.check import answers
from rnn_helpers.check.exercise import Function, Mistake, with_pieces
from rnn_helpers.params import RNNParams
from rnn_helpers.validate import Array

# --- backward through tanh and the bias ------------------------------------------------------------------------

UPSTREAM = "forgets the upstream gradient: what arrives at h_t has to pass on"
SQUASHED_AGAIN = "applies tanh to h_t once more in the slope: h_t already is the output of tanh"
NOT_SQUARED = "does not square h_t in the slope of tanh"
NO_SLOPE = "passes tanh by: its slope is missing"
TRANSPOSED = "returns dW_hh transposed: it is square, so that no error tells"
SQUARED_DIFFERENCE = "squares 1 - h_t as a whole: only h_t is squared"

TANH_BACKWARD = (
    Mistake("upstream_forgotten", UPSTREAM, lambda h_t, dh_t: 1 - h_t**2),
    Mistake("squashed_again", SQUASHED_AGAIN, lambda h_t, dh_t: dh_t * (1 - np.tanh(h_t) ** 2)),
    Mistake("not_squared", NOT_SQUARED, lambda h_t, dh_t: dh_t * (1 - h_t)),
    Mistake("squared_difference", SQUARED_DIFFERENCE, lambda h_t, dh_t: dh_t * (1 - h_t) ** 2),
    Mistake("no_slope", NO_SLOPE, lambda h_t, dh_t: dh_t.copy()),
    Mistake(
        "no_brackets",
        "takes h_t squared away from dh_t itself: dh_t multiplies the slope as a whole",
        lambda h_t, dh_t: dh_t * 1 - h_t**2,
    ),
    Mistake("turned_sign", "adds the square: tanh would grow ever steeper", lambda h_t, dh_t: dh_t * (1 + h_t**2)),
    Mistake("slope_of_upstream", "takes the slope at dh_t: it belongs to h_t", lambda h, dh: dh * (1 - dh**2)),
    Mistake("swapped_arguments", "swaps h_t and dh_t in the formula", lambda h_t, dh_t: h_t * (1 - dh_t**2)),
    Mistake("added", "adds slope and gradient: the chain rule multiplies", lambda h, dh: dh + (1 - h**2)),
    Mistake("divided", "divides by the slope: the chain rule multiplies", lambda h, dh: dh / (1 - h**2)),
    Mistake("sigmoid_slope", "uses the slope of the sigmoid", lambda h_t, dh_t: dh_t * h_t * (1 - h_t)),
    Mistake("forward_again", "applies tanh to the gradient: backward, its slope is needed", lambda h, dh: np.tanh(dh)),
)

_BATCH = "the one bias served every row, so each row sends a share back"

BIAS_GRADIENT = (
    Mistake("not_summed", f"does not sum over the batch: {_BATCH}", lambda dz_t: dz_t.copy()),
    Mistake("mean", f"takes the mean over the batch: {_BATCH}, in full", lambda dz_t: dz_t.mean(axis=0)),
    Mistake("wrong_axis", "sums over the units: it is the rows that share the bias", lambda dz_t: dz_t.sum(axis=1)),
    Mistake("kept_axis", "keeps an axis of size one: b_h has one axis", lambda dz: dz.sum(axis=0, keepdims=True)),
    Mistake("whole_sum", "sums over everything: each unit has its own bias", lambda dz_t: dz_t.sum()),
    Mistake("first_row", f"uses the first row only: {_BATCH}", lambda dz_t: dz_t[0]),
    Mistake("column", "returns a column, as the article does: b_h has one axis", lambda dz: dz.sum(axis=0)[:, None]),
    Mistake(
        "repeated",
        "gives every row the sum: there is one bias, so there is one gradient for it",
        lambda dz_t: np.broadcast_to(dz_t.sum(axis=0), dz_t.shape),
    ),
    Mistake(
        "upstream_forgotten",
        "counts the rows: what arrives at each row, dz_t, has to pass on",
        lambda dz_t: np.full(dz_t.shape[1], float(len(dz_t))),
    ),
    Mistake("last_row", f"uses the last row only: {_BATCH}", lambda dz_t: dz_t[-1]),
)


# --- the whole cell, backward ----------------------------------------------------------------------------------


def cell_backward(
    params: RNNParams,
    cache: CellCache,
    dh_t: Array,
    *,
    before_tanh: Function = answers.tanh_backward,
    slope_at: Function = lambda cache: cache.h_t,
    back: Function = np.transpose,
    to_input: Function = lambda dz_t, W_xh: dz_t @ W_xh.T,
    to_h_prev: Function = lambda dz_t, dh_t: dz_t,
    earlier: Function = lambda cache: cache.h_prev,
    bias_from: Function = lambda dz_t, dh_t: dz_t,
    bias: Function = answers.bias_gradient,
    mean: Function = lambda batch: 1,
) -> tuple[Array, ...]:
    """Go through one step with one piece exchanged."""
    x_t = cache.x_t
    dz_t = before_tanh(slope_at(cache), dh_t)
    N = mean(len(x_t))
    weights = (x_t.T @ dz_t / N, earlier(cache).T @ dz_t / N, bias(bias_from(dz_t, dh_t)) / N)
    return (to_input(dz_t, params.W_xh), to_h_prev(dz_t, dh_t) @ back(params.W_hh), *weights)


def _backward(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, with_pieces(cell_backward, exchanged))


def _reordered(name: str, says: str, order: tuple[int, ...]) -> Mistake:
    def wrong(params: RNNParams, cache: CellCache, dh_t: Array) -> tuple[Array, ...]:
        grads = cell_backward(params, cache, dh_t)
        return tuple(grads[i] for i in order)

    return Mistake(name, says, wrong)


def _transposed_gradients(params: RNNParams, cache: CellCache, dh_t: Array) -> tuple[Array, ...]:
    dx_t, dh_prev, dW_xh, dW_hh, db_h = cell_backward(params, cache, dh_t)
    return dx_t, dh_prev, dW_xh, dW_hh.T, db_h


def _article_without_dx(params: RNNParams, cache: CellCache, dh_t: Array) -> tuple[Array, ...]:
    return cell_backward(params, cache, np.ones_like(dh_t))[1:]


def _upstream_later(params: RNNParams, cache: CellCache, dh_t: Array) -> tuple[Array, ...]:
    """Multiply the upstream gradient into what goes on to h_prev, and nowhere else."""
    dx_t, _, *weights = cell_backward(params, cache, np.ones_like(dh_t))
    return (dx_t, cell_backward(params, cache, dh_t)[1], *weights)


CELL_BACKWARD = (
    _backward("upstream_forgotten", UPSTREAM, before_tanh=lambda h_t, dh_t: 1 - h_t**2),
    _backward(
        "article_backward",
        "does what the article does: it forgets the upstream gradient, and takes the slope itself for dx_t",
        before_tanh=lambda h_t, dh_t: 1 - h_t**2,
        to_input=lambda dz_t, W_xh: dz_t,
    ),
    Mistake(
        "article_backward",
        "does what the article does: it forgets the upstream gradient, and returns no dx_t",
        _article_without_dx,
    ),
    Mistake(
        "no_dx",
        "returns no dx_t, as the article's function: it comes first of five",
        lambda params, cache, dh_t: cell_backward(params, cache, dh_t)[1:],
    ),
    Mistake(
        "upstream_in_h_prev_only",
        "uses the upstream gradient for dh_prev alone: it passes through dz_t to all five",
        _upstream_later,
    ),
    _backward("squashed_again", SQUASHED_AGAIN, before_tanh=lambda h, dh: dh * (1 - np.tanh(h) ** 2)),
    _backward("not_squared", NOT_SQUARED, before_tanh=lambda h, dh: dh * (1 - h)),
    _backward("squared_difference", SQUARED_DIFFERENCE, before_tanh=lambda h, dh: dh * (1 - h) ** 2),
    _backward("no_slope", NO_SLOPE, before_tanh=lambda h, dh: dh),
    _backward("sigmoid_slope", "uses the slope of the sigmoid", before_tanh=lambda h, dh: dh * h * (1 - h)),
    _backward("slope_of_h_prev", "takes the slope at h_prev: tanh put out h_t", slope_at=lambda cache: cache.h_prev),
    _backward("W_hh_not_transposed", "uses W_hh as it is on the way back: it is transposed there", back=lambda W: W),
    _backward("dx_is_dz", "returns dz_t as dx_t: W_xh lies between them", to_input=lambda dz_t, W_xh: dz_t),
    _backward("dh_prev_skips_slope", "takes dh_prev past tanh: it comes from dz_t", to_h_prev=lambda dz_t, dh_t: dh_t),
    _backward("dh_prev_is_dz", "returns dz_t as dh_prev: W_hh lies between them", back=lambda W_hh: np.eye(len(W_hh))),
    _backward(
        "bias_from_dh",
        "sums dh_t for db_h, as if the bias stood outside tanh: it stands inside, so that dz_t reaches it",
        bias_from=lambda dz_t, dh_t: dh_t,
    ),
    _backward("h_t_for_h_prev", "computes dW_hh from h_t: W_hh was multiplied by h_prev", earlier=lambda c: c.h_t),
    _backward("bias_not_summed", f"does not sum db_h over the batch: {_BATCH}", bias=lambda dz_t: dz_t),
    _backward("bias_mean", f"takes the mean over the batch for db_h: {_BATCH}, in full", bias=lambda dz: dz.mean(0)),
    _backward("bias_wrong_axis", "sums db_h over the units: the rows share the bias", bias=lambda dz: dz.sum(axis=1)),
    _backward("bias_kept_axis", "keeps an axis of size one in db_h", bias=lambda dz: dz.sum(axis=0, keepdims=True)),
    _backward(
        "bias_column",
        "returns db_h as a column, as the article does: b_h has one axis",
        bias=lambda dz_t: dz_t.sum(axis=0)[:, None],
    ),
    _backward("averaged", "divides the shared gradients by the batch: each row adds its full share", mean=lambda n: n),
    Mistake("dW_hh_transposed", TRANSPOSED, _transposed_gradients),
    _reordered("swapped_outputs", "returns dh_prev before dx_t", (1, 0, 2, 3, 4)),
    _reordered("weights_swapped", "returns dW_hh before dW_xh", (0, 1, 3, 2, 4)),
)

ALL = {
    "tanh_backward": TANH_BACKWARD,
    "bias_gradient": BIAS_GRADIENT,
    "rnn_cell_backward": CELL_BACKWARD,
}
