"""Mistakes in one step, forward and backward: notebooks 02 and 05."""

from collections.abc import Mapping
from functools import partial

import numpy as np

from rnn_helpers.cell import CellCache
from rnn_helpers.check import answers
from rnn_helpers.check.exercise import Function, Mistake
from rnn_helpers.check.mistakes import output
from rnn_helpers.output import softmax as right_softmax
from rnn_helpers.params import RNNParams
from rnn_helpers.validate import Array

# --- before tanh -----------------------------------------------------------------------------------------------


def no_bias(params: RNNParams, x_t: Array, h_prev: Array) -> Array:
    """Leave out b_h."""
    z: Array = x_t @ params.W_xh + h_prev @ params.W_hh
    return z


def no_recurrence(params: RNNParams, x_t: Array, h_prev: Array) -> Array:
    """Leave out the state before."""
    z: Array = x_t @ params.W_xh + params.b_h
    return z


def no_input(params: RNNParams, x_t: Array, h_prev: Array) -> Array:
    """Leave out the input."""
    z: Array = h_prev @ params.W_hh + params.b_h
    return z


def not_weighted(params: RNNParams, x_t: Array, h_prev: Array) -> Array:
    """Add the state before as it is."""
    z: Array = x_t @ params.W_xh + h_prev + params.b_h
    return z


def recurrent_transposed(params: RNNParams, x_t: Array, h_prev: Array) -> Array:
    """Transpose the one matrix that is square, so that no error tells."""
    z: Array = x_t @ params.W_xh + h_prev @ params.W_hh.T + params.b_h
    return z


def bias_twice(params: RNNParams, x_t: Array, h_prev: Array) -> Array:
    """Add b_h with each of the two products."""
    z: Array = x_t @ params.W_xh + h_prev @ params.W_hh + 2 * params.b_h
    return z


def sigmoid(z: Array) -> Array:
    """Squash to (0, 1)."""
    return 1 / (1 + np.exp(-z))


_NO_BIAS = "leaves out the bias b_h"
_NO_RECURRENCE = "leaves out the state before: h_prev changes nothing"
_NO_INPUT = "leaves out the input: x_t changes nothing"
_NOT_WEIGHTED = "adds h_prev as it is: it passes through W_hh"
_TRANSPOSED = "uses W_hh transposed: it is square, so that no error tells"
_BIAS_TWICE = "adds the bias b_h twice"

BEFORE_TANH = (
    ("no_bias", _NO_BIAS, no_bias),
    ("no_recurrence", _NO_RECURRENCE, no_recurrence),
    ("no_input", _NO_INPUT, no_input),
    ("not_weighted", _NOT_WEIGHTED, not_weighted),
    ("W_hh_transposed", _TRANSPOSED, recurrent_transposed),
    ("bias_twice", _BIAS_TWICE, bias_twice),
)

PRE_ACTIVATION = (
    *(Mistake(name, says, z) for name, says, z in BEFORE_TANH),
    Mistake(
        "tanh_applied",
        "goes one step too far: tanh comes after z_t",
        lambda params, x_t, h_prev: np.tanh(answers.pre_activation(params, x_t, h_prev)),
    ),
    Mistake(
        "multiplied",
        "multiplies what comes from the input with what comes from the state: they are added",
        lambda params, x_t, h_prev: (x_t @ params.W_xh) * (h_prev @ params.W_hh) + params.b_h,
    ),
)

# --- the whole cell --------------------------------------------------------------------------------------------


def cell_forward(
    params: RNNParams,
    x_t: Array,
    h_prev: Array,
    *,
    z: Function = answers.pre_activation,
    squash: Function = np.tanh,
    read: Function = lambda h_t, h_prev, z_t: h_t,
    bias: Function = lambda b_y: b_y,
    softmax: Function = right_softmax,
) -> tuple[Array, Array, None]:
    """Compute one step with one piece exchanged."""
    z_t = z(params, x_t, h_prev)
    h_t = squash(z_t)
    y_t = softmax(read(h_t, h_prev, z_t) @ params.W_hy + bias(params.b_y))
    return h_t, y_t, None


def _forward(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, partial(cell_forward, **exchanged))


def _swapped(params: RNNParams, x_t: Array, h_prev: Array) -> tuple[Array, Array, None]:
    h_t, y_t, _ = cell_forward(params, x_t, h_prev)
    return y_t, h_t, None


CELL_FORWARD = (
    *(_forward(name, says, z=z) for name, says, z in BEFORE_TANH),
    _forward("no_tanh", "leaves out tanh: h_t is not between -1 and 1", squash=lambda z: z),
    _forward("sigmoid", "squashes with the sigmoid: this cell uses tanh", squash=sigmoid),
    _forward("tanh_twice", "applies tanh twice", squash=lambda z: np.tanh(np.tanh(z))),
    _forward("no_output_bias", "leaves out the output's bias b_y", bias=np.zeros_like),
    _forward("output_from_h_prev", "computes y_t from the state before: it reads h_t", read=lambda h, prev, z: prev),
    _forward("output_from_z", "computes y_t from what stands before tanh: it reads h_t", read=lambda h, prev, z: z),
    _forward("no_softmax", "returns scores as y_t: softmax is missing", softmax=lambda z: z),
    _forward("whole_array_max", f"{output.WHOLE_MAX} (in its softmax)", softmax=output.whole_array_max),
    _forward("article_softmax", f"{output.ARTICLE} (in its softmax)", softmax=output.article_softmax),
    _forward("columns", f"{output.COLUMNS} (in its softmax)", softmax=output.column_softmax),
    _forward("no_maximum", f"{output.NO_MAX} (in its softmax)", softmax=output.no_maximum),
    _forward("whole_sum", "divides all rows of y_t by one sum: each row has its own", softmax=output.whole_sum),
    _forward("log_softmax", "returns the logarithm of the probabilities as y_t", softmax=output.log_softmax),
    Mistake("swapped_outputs", "returns y_t before h_t: the state comes first", _swapped),
)

# --- the bridge to the article ---------------------------------------------------------------------------------


def _from_article(name: str, says: str, exchange: Function) -> Mistake:
    """Take the right five arrays and exchange some, computed from the article's dict."""

    def wrong(parameters: Mapping[str, Array]) -> RNNParams:
        return answers.from_article(parameters)._replace(**exchange(parameters))

    return Mistake(name, says, wrong)


def _reshaped(matrix: Array) -> Array:
    return matrix.reshape(matrix.shape[::-1])


FROM_ARTICLE = (
    _from_article(
        "W_hh_not_transposed",
        "transposes all but Waa: it is square, so that no error tells",
        lambda p: {"W_hh": p["Waa"]},
    ),
    _from_article(
        "not_transposed",
        "keeps the article's layout: a weight made for columns is transposed for rows",
        lambda p: {"W_xh": p["Wam"], "W_hh": p["Waa"], "W_hy": p["Wya"]},
    ),
    _from_article(
        "reshaped",
        "reshapes where it should transpose: the shapes fit, but the numbers stand elsewhere",
        lambda p: {"W_xh": _reshaped(p["Wam"]), "W_hh": p["Waa"], "W_hy": _reshaped(p["Wya"])},
    ),
    _from_article(
        "reshaped",
        "reshapes where it should transpose: the shapes fit, but the numbers stand elsewhere",
        lambda p: {"W_xh": _reshaped(p["Wam"]), "W_hy": _reshaped(p["Wya"])},
    ),
    _from_article(
        "biases_not_flat",
        "leaves the biases with two axes: here a bias has one",
        lambda p: {"b_h": p["ba"], "b_y": p["by"]},
    ),
    _from_article(
        "biases_not_flat",
        "leaves the biases with two axes: here a bias has one",
        lambda p: {"b_h": p["ba"].T, "b_y": p["by"].T},
    ),
    _from_article(
        "biases_swapped",
        "swaps the biases: ba belongs to the state, by to the output",
        lambda p: {"b_h": p["by"].reshape(-1), "b_y": p["ba"].reshape(-1)},
    ),
    _from_article(
        "weights_swapped",
        "swaps Wam and Waa: Wam is from the input, Waa from the state",
        lambda p: {"W_xh": p["Waa"].T, "W_hh": p["Wam"].T},
    ),
    _from_article(
        "only_W_hh_transposed",
        "transposes Waa alone: all three weights were made for columns",
        lambda p: {"W_xh": p["Wam"], "W_hy": p["Wya"]},
    ),
    _from_article(
        "nothing_changed",
        "passes the arrays on as they are: weights are transposed for rows, biases are flat",
        lambda p: {"W_xh": p["Wam"], "W_hh": p["Waa"], "b_h": p["ba"], "W_hy": p["Wya"], "b_y": p["by"]},
    ),
)

# --- backward through tanh and the bias ------------------------------------------------------------------------

UPSTREAM = "forgets the upstream gradient: what arrives at h_t has to pass on"
SQUASHED_AGAIN = "applies tanh to h_t once more in the slope: h_t already is the output of tanh"
NOT_SQUARED = "does not square h_t in the slope of tanh"
NO_SLOPE = "passes tanh by: its slope is missing"

TANH_BACKWARD = (
    Mistake("upstream_forgotten", UPSTREAM, lambda h_t, dh_t: 1 - h_t**2),
    Mistake("squashed_again", SQUASHED_AGAIN, lambda h_t, dh_t: dh_t * (1 - np.tanh(h_t) ** 2)),
    Mistake("not_squared", NOT_SQUARED, lambda h_t, dh_t: dh_t * (1 - h_t)),
    Mistake("no_slope", NO_SLOPE, lambda h_t, dh_t: dh_t.copy()),
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
    earlier: Function = lambda cache: cache.h_prev,
    bias: Function = answers.bias_gradient,
    mean: Function = lambda batch: 1,
) -> tuple[Array, ...]:
    """Go through one step with one piece exchanged."""
    x_t = cache.x_t
    dz_t = before_tanh(slope_at(cache), dh_t)
    N = mean(len(x_t))
    weights = (x_t.T @ dz_t / N, earlier(cache).T @ dz_t / N, bias(dz_t) / N)
    return (to_input(dz_t, params.W_xh), dz_t @ back(params.W_hh), *weights)


def _backward(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, partial(cell_backward, **exchanged))


def _reordered(name: str, says: str, order: tuple[int, ...]) -> Mistake:
    def wrong(params: RNNParams, cache: CellCache, dh_t: Array) -> tuple[Array, ...]:
        grads = cell_backward(params, cache, dh_t)
        return tuple(grads[i] for i in order)

    return Mistake(name, says, wrong)


def _transposed_gradients(params: RNNParams, cache: CellCache, dh_t: Array) -> tuple[Array, ...]:
    dx_t, dh_prev, dW_xh, dW_hh, db_h = cell_backward(params, cache, dh_t)
    return dx_t, dh_prev, dW_xh, dW_hh.T, db_h


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
        "upstream_in_h_prev_only",
        "uses the upstream gradient for dh_prev alone: it passes through dz_t to all five",
        _upstream_later,
    ),
    _backward("squashed_again", SQUASHED_AGAIN, before_tanh=lambda h, dh: dh * (1 - np.tanh(h) ** 2)),
    _backward("not_squared", NOT_SQUARED, before_tanh=lambda h, dh: dh * (1 - h)),
    _backward("no_slope", NO_SLOPE, before_tanh=lambda h, dh: dh),
    _backward("sigmoid_slope", "uses the slope of the sigmoid", before_tanh=lambda h, dh: dh * h * (1 - h)),
    _backward("slope_of_h_prev", "takes the slope at h_prev: tanh put out h_t", slope_at=lambda cache: cache.h_prev),
    _backward("W_hh_not_transposed", "uses W_hh as it is on the way back: it is transposed there", back=lambda W: W),
    _backward("dx_is_dz", "returns dz_t as dx_t: W_xh lies between them", to_input=lambda dz_t, W_xh: dz_t),
    _backward("h_t_for_h_prev", "computes dW_hh from h_t: W_hh was multiplied by h_prev", earlier=lambda c: c.h_t),
    _backward("bias_not_summed", f"does not sum db_h over the batch: {_BATCH}", bias=lambda dz_t: dz_t),
    _backward("bias_mean", f"takes the mean over the batch for db_h: {_BATCH}, in full", bias=lambda dz: dz.mean(0)),
    _backward("bias_wrong_axis", "sums db_h over the units: the rows share the bias", bias=lambda dz: dz.sum(axis=1)),
    _backward("bias_kept_axis", "keeps an axis of size one in db_h", bias=lambda dz: dz.sum(axis=0, keepdims=True)),
    _backward("averaged", "divides the shared gradients by the batch: each row adds its full share", mean=lambda n: n),
    Mistake(
        "dW_hh_transposed", "returns dW_hh transposed: it is square, so that no error tells", _transposed_gradients
    ),
    _reordered("swapped_outputs", "returns dh_prev before dx_t", (1, 0, 2, 3, 4)),
    _reordered("weights_swapped", "returns dW_hh before dW_xh", (0, 1, 3, 2, 4)),
)

ALL = {
    "pre_activation": PRE_ACTIVATION,
    "rnn_cell_forward": CELL_FORWARD,
    "from_article": FROM_ARTICLE,
    "tanh_backward": TANH_BACKWARD,
    "bias_gradient": BIAS_GRADIENT,
    "rnn_cell_backward": CELL_BACKWARD,
}
