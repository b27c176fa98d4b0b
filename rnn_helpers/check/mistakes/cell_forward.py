"""Mistakes in one step, forward: notebook 02."""

from collections.abc import Mapping

import numpy as np

from rnn_helpers.check import answers
from rnn_helpers.check.exercise import Function, Mistake, with_pieces
from rnn_helpers.check.mistakes import functions
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
    share: Array = 1 / (1 + np.exp(-z))
    return share


def relu(z: Array) -> Array:
    """Cut off what is below 0."""
    return np.maximum(z, 0)


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
        "stacked_in_another_order",
        "puts W_hh above W_xh where x_t stands left of h_prev: the sizes fit, but each meets the other's weights",
        lambda params, x_t, h_prev: (
            np.hstack([x_t, h_prev]) @ np.vstack([params.W_hh, params.W_xh]) + params.b_h  # one product for both
        ),
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
    after: Function = lambda h_t, params: h_t,
    read: Function = lambda h_t, h_prev, z_t: h_t,
    bias: Function = lambda b_y: b_y,
    softmax: Function = right_softmax,
    finish: Function = lambda y_t, params: y_t,
) -> tuple[Array, Array, None]:
    """Compute one step with one piece exchanged."""
    z_t = z(params, x_t, h_prev)
    h_t = after(squash(z_t), params)
    y_t = softmax(read(h_t, h_prev, z_t) @ params.W_hy + bias(params.b_y))
    return h_t, finish(y_t, params), None


def _forward(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, with_pieces(cell_forward, exchanged))


# A bias in the wrong place: the pieces to exchange, also for the whole sequence.
BIAS_AFTER_TANH = "adds the bias b_h after tanh: it belongs inside, where the two products are"
HIDDEN_BIAS_LATE: dict[str, Function] = {"z": no_bias, "after": lambda h_t, params: h_t + params.b_h}
BIAS_AFTER_SOFTMAX = "adds the bias b_y after softmax: it belongs to the scores"
OUTPUT_BIAS_LATE: dict[str, Function] = {"bias": np.zeros_like, "finish": lambda y, params: y + params.b_y}


def _swapped(params: RNNParams, x_t: Array, h_prev: Array) -> tuple[Array, Array, None]:
    h_t, y_t, _ = cell_forward(params, x_t, h_prev)
    return y_t, h_t, None


CELL_FORWARD = (
    *(_forward(name, says, z=z) for name, says, z in BEFORE_TANH),
    _forward("bias_after_tanh", BIAS_AFTER_TANH, **HIDDEN_BIAS_LATE),
    _forward("output_bias_after_softmax", BIAS_AFTER_SOFTMAX, **OUTPUT_BIAS_LATE),
    _forward("no_tanh", "leaves out tanh: h_t is not between -1 and 1", squash=lambda z: z),
    _forward("sigmoid", "squashes with the sigmoid: this cell uses tanh", squash=sigmoid),
    _forward("relu", "cuts off what is below 0, as ReLU does: this cell uses tanh", squash=relu),
    _forward("tanh_twice", "applies tanh twice", squash=lambda z: np.tanh(np.tanh(z))),
    _forward("no_output_bias", "leaves out the output's bias b_y", bias=np.zeros_like),
    _forward("output_from_h_prev", "computes y_t from the state before: it reads h_t", read=lambda h, prev, z: prev),
    _forward("output_from_z", "computes y_t from what stands before tanh: it reads h_t", read=lambda h, prev, z: z),
    _forward("no_softmax", "returns scores as y_t: softmax is missing", softmax=lambda z: z),
    _forward("whole_array_max", f"{functions.WHOLE_MAX} (in its softmax)", softmax=functions.whole_array_max),
    _forward("article_softmax", f"{functions.ARTICLE} (in its softmax)", softmax=functions.article_softmax),
    _forward("columns", f"{functions.COLUMNS} (in its softmax)", softmax=functions.column_softmax),
    _forward("maximum_of_columns", f"{functions.COLUMN_MAX} (in its softmax)", softmax=functions.maximum_of_columns),
    _forward("no_maximum", f"{functions.NO_MAX} (in its softmax)", softmax=functions.no_maximum),
    _forward("whole_sum", "divides all rows of y_t by one sum: each row has its own", softmax=functions.whole_sum),
    _forward("one_row_for_all", f"{functions.ONE_ROW} (in its softmax)", softmax=functions.one_row_for_all),
    _forward("log_softmax", "returns the logarithm of the probabilities as y_t", softmax=functions.log_softmax),
    Mistake("swapped_outputs", "returns y_t before h_t: the state comes first", _swapped),
    Mistake(
        "article_layout",
        "returns columns, as the article does: here one sample is one row",
        lambda params, x_t, h_prev: (*(part.T for part in cell_forward(params, x_t, h_prev)[:2]), None),
    ),
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
        "keeps the article's layout: a weight for columns is transposed for rows",
        lambda p: {"W_xh": p["Wam"], "W_hh": p["Waa"], "W_hy": p["Wya"]},
    ),
    *(
        _from_article("not_transposed", "keeps the article's layout: a weight for columns is transposed for rows", one)
        for one in (lambda p: {"W_xh": p["Wam"]}, lambda p: {"W_hy": p["Wya"]})
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

ALL = {
    "pre_activation": PRE_ACTIVATION,
    "rnn_cell_forward": CELL_FORWARD,
    "from_article": FROM_ARTICLE,
}
