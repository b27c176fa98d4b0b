"""The exercises of notebook 02: one step of the network, forward, and the article's weights turned for it."""

import numpy as np

from rnn_helpers import cell, plain
from rnn_helpers.check.draws import Draw, draws, sequence_of_ids, state
from rnn_helpers.check.engine.exercise import Arguments, Cases, Exercise, Output, Package, Section, named, within, wrong
from rnn_helpers.check.shared import PARAMS
from rnn_helpers.check.softmax_and_tanh import SOFTMAX
from rnn_helpers.params import RNNParams
from rnn_helpers.validate import Array

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

# Where a mistake of this notebook is explained, also when it is made in a later one.
MANY_UNITS = Section("02", "Many units at once")
THE_OUTPUT = Section("02", "The output")
OTHER_LETTERS = Section("02", "The same cell in other letters")

# What several exercises return, and what stands where tanh should.
CACHE = Output("cache", kind="anything")
SIGMOID = ("np.tanh", "(lambda z: 1 / (1 + np.exp(-z)))")
RELU = ("np.tanh(", "np.maximum(0, ")

def cell_inputs() -> Cases:
    """(params, x_t, h_prev)."""
    return tuple((d.params(), d.floats("batch", "n_x"), state(d)) for d in draws(21))

_PRODUCTS = "x_t @ params.W_xh + h_prev @ params.W_hh"
_Z = f"{_PRODUCTS} + params.b_h"

# The whole cell computes the same line, so that these are its mistakes too.
_BEFORE_TANH = (
    wrong("no_bias", "leaves out the bias b_h", (" + params.b_h", ""), see=MANY_UNITS),
    wrong("no_recurrence", "leaves out the state before: h_prev changes nothing", (" + h_prev @ params.W_hh", ""),
          see=MANY_UNITS),
    wrong("no_input", "leaves out the input: x_t changes nothing", ("x_t @ params.W_xh + ", ""), see=MANY_UNITS),
    wrong("not_weighted", "adds h_prev as it is: it passes through W_hh", (" @ params.W_hh", ""), see=MANY_UNITS),
    wrong("W_hh_transposed", "uses W_hh transposed: it's square, so no error gives it away",
          ("params.W_hh", "params.W_hh.T"), see=MANY_UNITS),
    wrong("bias_twice", "adds the bias b_h twice", ("params.b_h", "2 * params.b_h"), see=MANY_UNITS),
)

PRE_ACTIVATION = Exercise(
    plain.pre_activation, task="compute what tanh is applied to.",
    arguments="params : RNNParams, x_t : (batch, n_x), h_prev : (batch, n_h).", result="z_t : (batch, n_h).",
    cases=cell_inputs, returns=(Output("z_t", ("batch", "n_h")),), notebook="02", section="Many units at once",
    mistakes=(
        *_BEFORE_TANH,
        wrong("tanh_applied", "goes one step too far: tanh comes after z_t", (_Z, f"np.tanh({_Z})")),
        wrong("stacked_in_another_order",
              "puts W_hh above W_xh where x_t stands left of h_prev: the sizes fit, but each meets the other's weights",
              (_PRODUCTS, "np.hstack([x_t, h_prev]) @ np.vstack([params.W_hh, params.W_xh])")),
        wrong("stacked_in_another_order",
              "puts h_prev left of x_t where W_xh stands above W_hh: the sizes fit, but each meets the other's weights",
              (_PRODUCTS, "np.hstack([h_prev, x_t]) @ np.vstack([params.W_xh, params.W_hh])")),
        wrong("multiplied", "multiplies what comes from the input with what comes from the state: they are added",
              (_PRODUCTS, "(x_t @ params.W_xh) * (h_prev @ params.W_hh)")),
    ),
)

def _rnn_cell_forward_cases() -> Cases:
    """(params, x_t, h_prev); in the last two cases the scores lie far below 0, and far above it and apart."""
    params, x_t, h_prev = cell_inputs()[0]
    far = np.concatenate([np.full_like(x_t[:1], 90), np.full_like(x_t[:1], -90)])
    return *cell_inputs(), (low(params), x_t, h_prev), (steep(params), far, h_prev)

def low(params: RNNParams) -> RNNParams:
    """Make all scores lie far below 0."""
    return params._replace(b_y=params.b_y - 1e5)

def steep(params: RNNParams) -> RNNParams:
    """Make scores of opposite large inputs lie far apart, some near 0, and one column far below the others."""
    pattern = np.sign(params.W_xh.sum(axis=0))
    b_y = params.b_y + 4e4 * len(pattern)
    b_y[-1] -= 1e6
    return params._replace(W_hy=params.W_hy + 4e4 * pattern[:, None], b_y=b_y)

def _one_step_of_ids() -> Arguments:
    _, params, ids, h0 = sequence_of_ids()
    return params, ids[0], h0

_IN_ITS_SOFTMAX = "{} (in its softmax)"

RNN_CELL_FORWARD = Exercise(
    plain.rnn_cell_forward, task="compute one step of the network.",
    arguments="params : RNNParams, x_t : (batch, n_x), h_prev : (batch, n_h).",
    result="h_t : (batch, n_h), y_t : (batch, n_y), cache : anything.", cases=_rnn_cell_forward_cases,
    returns=(Output("h_t", ("batch", "n_h")), Output("y_t", ("batch", "n_y")), CACHE), notebook="02",
    section="The output", extreme=2,
    package=Package((cell.rnn_cell_forward,),
                    "The package checks its arguments, and takes token ids too: an id picks a row of W_xh.",
                    keeps_float32=True, takes={"token ids as x": _one_step_of_ids}),
    mistakes=(
        *_BEFORE_TANH,
        wrong("bias_after_tanh", "adds the bias b_h after tanh: it belongs inside, where the two products are",
              (" + params.b_h)", ") + params.b_h"), see=MANY_UNITS),
        wrong("output_bias_after_softmax", "adds the bias b_y after softmax: it belongs to the scores",
              (" + params.b_y)", ") + params.b_y"), see=THE_OUTPUT),
        wrong("no_tanh", "leaves out tanh: h_t is not between -1 and 1", ("np.tanh", ""), see=MANY_UNITS),
        wrong("sigmoid", "squashes with the sigmoid: this cell uses tanh", SIGMOID),
        wrong("relu", "cuts off what is below 0, as ReLU does: this cell uses tanh", RELU),
        wrong("tanh_twice", "applies tanh twice", ("np.tanh", "(lambda z: np.tanh(np.tanh(z)))"), see=MANY_UNITS),
        wrong("no_output_bias", "leaves out the output's bias b_y", (" + params.b_y", ""), see=THE_OUTPUT),
        wrong("output_from_h_prev", "computes y_t from the state before: it reads h_t", ("h_t @", "h_prev @"),
              see=THE_OUTPUT),
        wrong("output_from_z", "computes y_t from z_t, before tanh: it reads h_t", ("h_t = np.tanh(", "z_t = ("),
              ("y_t = softmax(h_t @", "h_t = np.tanh(z_t)\n    y_t = softmax(z_t @")),
        wrong("no_softmax", "returns scores as y_t: softmax is missing", ("= softmax(", "= ("), see=THE_OUTPUT),
        *within(plain.softmax,
                named(SOFTMAX.mistakes, "whole_array_max article_softmax columns maximum_of_columns"), _IN_ITS_SOFTMAX),
        *within(plain.softmax, named(SOFTMAX.mistakes, "no_maximum maximum_from_zero"), _IN_ITS_SOFTMAX),
        *within(plain.softmax, named(SOFTMAX.mistakes, "whole_sum"),
                "divides all rows of y_t by one sum: each row has its own"),
        *within(plain.softmax, named(SOFTMAX.mistakes, "one_row_for_all"), _IN_ITS_SOFTMAX),
        *within(plain.softmax, named(SOFTMAX.mistakes, "log_softmax"), "{} as y_t"),
        wrong("swapped_outputs", "returns y_t before h_t: the state comes first",
              ("return h_t, y_t", "return y_t, h_t")),
        wrong("article_layout", "returns columns, as the article does: here one sample is one row",
              ("return h_t, y_t", "return h_t.T, y_t.T"), see=OTHER_LETTERS),
    ),
)

def _from_article_cases() -> Cases:
    """(parameters,): weights in the article's layout."""
    return tuple((_for_columns(d),) for d in draws(22)[:3])

def _for_columns(d: Draw) -> dict[str, Array]:
    _, _, n_x, n_h, n_y = d.sizes
    shapes = {"Wam": (n_h, n_x), "Waa": (n_h, n_h), "ba": (n_h, 1), "Wya": (n_y, n_h), "by": (n_y, 1)}
    return {name: d.rng.standard_normal(shape) for name, shape in shapes.items()}

# Arrays that are taken as they are, and weights that are reshaped instead.
_WAM, _WAA, _WYA = ((f'["{name}"].T', f'["{name}"]') for name in ("Wam", "Waa", "Wya"))
_BA, _BY = ((f'["{name}"].reshape(-1)', f'["{name}"]') for name in ("ba", "by"))
_WAM_RESHAPED = ('["Wam"].T', '["Wam"].reshape(-1, len(parameters["Waa"]))')
_WYA_RESHAPED = ('["Wya"].T', '["Wya"].reshape(len(parameters["Waa"]), -1)')

_NOT_TRANSPOSED = "keeps the article's layout: a weight for columns is transposed for rows"
_RESHAPED = "reshapes where it should transpose: the shapes fit, but the numbers end up in other places"
_NOT_FLAT = "leaves the biases with two axes: here a bias has one"

FROM_ARTICLE = Exercise(
    plain.from_article, task="turn the article's weights, made for columns, into RNNParams, made for rows.",
    arguments="parameters : dict with Wam (n_a, m), Waa (n_a, n_a), ba (n_a, 1), Wya (n_y, n_a), by (n_y, 1).",
    result="RNNParams, or five arrays in its order.", cases=_from_article_cases, returns=PARAMS, notebook="02",
    section="The same cell in other letters",
    mistakes=(
        wrong("W_hh_not_transposed", "transposes all but Waa: it's square, so no error gives it away", _WAA),
        wrong("not_transposed", _NOT_TRANSPOSED, _WAM, _WAA, _WYA),
        wrong("not_transposed", _NOT_TRANSPOSED, _WAM),
        wrong("not_transposed", _NOT_TRANSPOSED, _WYA),
        wrong("reshaped", _RESHAPED, _WAM_RESHAPED, _WAA, _WYA_RESHAPED),
        wrong("reshaped", _RESHAPED, _WAM_RESHAPED, _WYA_RESHAPED),
        wrong("biases_not_flat", _NOT_FLAT, _BA, _BY),
        wrong("biases_not_flat", _NOT_FLAT, ('["ba"].reshape(-1)', '["ba"].T'), ('["by"].reshape(-1)', '["by"].T')),
        wrong("biases_swapped", "swaps the biases: ba belongs to the state, by to the output",
              ('["ba"].reshape(-1), W_hy, parameters["by"]', '["by"].reshape(-1), W_hy, parameters["ba"]')),
        wrong("weights_swapped", "swaps Wam and Waa: Wam is from the input, Waa from the state",
              ("W_xh, W_hh, W_hy =", "W_hh, W_xh, W_hy =")),
        wrong("only_W_hh_transposed", "transposes Waa alone: all three weights were made for columns", _WAM, _WYA),
        wrong("nothing_changed", "passes the arrays on as they are: weights are transposed for rows, biases are flat",
              _WAM, _WAA, _WYA, _BA, _BY),
    ),
)

ALL = (PRE_ACTIVATION, RNN_CELL_FORWARD, FROM_ARTICLE)
