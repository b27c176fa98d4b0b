"""The exercises of notebook 05: one step of the network, backward."""

import numpy as np

from rnn_helpers import cell, plain
from rnn_helpers.check.draws import draws, sequence_of_ids, state
from rnn_helpers.check.engine.exercise import Arguments, Cases, Exercise, Output, Package, Section, wrong
from rnn_helpers.check.shared import SHARED_GRADS
from rnn_helpers.check.single_cell import OTHER_LETTERS, cell_inputs

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

# Where a mistake of this notebook is explained; those without a section are explained where the exercise is.
WHY_UPSTREAM = Section("05", "Why the upstream gradient multiplies")
TANH = Section("05", "With arrays: through tanh")
PRODUCTS = Section("05", "Through the products")
PASSES_A_TEST = Section("05", "A wrong step that passes a test")

# Sentences that several exercises share.
UPSTREAM = "forgets the upstream gradient, dh_total: whatever reaches h_t has to be passed on"
SQUASHED_AGAIN = "applies tanh to h_t once more in the slope: h_t already is the output of tanh"
NOT_SQUARED = "does not square h_t in the slope of tanh"
SQUARED_DIFFERENCE = "squares all of 1 - h_t: only h_t is squared"
DIVIDED = "divides by the slope: the chain rule multiplies"
NO_SLOPE = "skips tanh on the way back: its slope is missing"
SLOPE_OF_H_PREV = "takes the slope at h_prev: the output of tanh is h_t"
H_T_FOR_H_PREV = "computes dW_hh from h_t: W_hh was multiplied by h_prev"
TRANSPOSED = "returns dW_hh transposed: it's square, so no error gives it away"
W_HH_AS_IT_IS = "uses W_hh as it is on the way back: it is transposed there"
BIAS_COLUMN = "returns db_h as a column, as the article does: b_h has one axis"

def _tanh_backward_cases() -> Cases:
    small = np.array([[0.5, -0.8]]), np.array([[2.0, 3.0]])
    return small, *((state(d), d.upstream("batch", "n_h")) for d in draws(51))

TANH_BACKWARD = Exercise(
    plain.tanh_backward, task="send dh_total back through tanh.", arguments="h_t, dh_total : (batch, n_h).",
    result="dz_t : (batch, n_h).", cases=_tanh_backward_cases, returns=(Output("dz_t", ("batch", "n_h")),),
    notebook="05", section="With arrays: through tanh",
    mistakes=(
        wrong("upstream_forgotten", UPSTREAM, ("dh_total * ", ""), see=WHY_UPSTREAM),
        wrong("squashed_again", SQUASHED_AGAIN, ("h_t**2", "np.tanh(h_t) ** 2")),
        wrong("not_squared", NOT_SQUARED, ("**2", "")),
        wrong("squared_difference", SQUARED_DIFFERENCE, ("**2)", ") ** 2")),
        wrong("no_slope", NO_SLOPE, (" * (1 - h_t**2)", "")),
        wrong("no_brackets", "subtracts h_t squared from dh_total itself: dh_total multiplies the whole slope",
              ("(1 - h_t**2)", "1 - h_t**2")),
        wrong("turned_sign", "adds the square: tanh would grow ever steeper", ("1 - h_t**2", "1 + h_t**2")),
        wrong("slope_of_upstream", "takes the slope at dh_total: it belongs to h_t", ("h_t**2", "dh_total**2")),
        wrong("swapped_arguments", "swaps h_t and dh_total in the formula",
              ("dh_total * (1 - h_t**2)", "h_t * (1 - dh_total**2)")),
        wrong("added", "adds slope and gradient: the chain rule multiplies", ("dh_total * (1", "dh_total + (1")),
        wrong("divided", DIVIDED, ("dh_total * (1", "dh_total / (1")),
        wrong("forward_again", "applies tanh to the gradient: on the way back it takes tanh's slope",
              ("dh_total * (1 - h_t**2)", "np.tanh(dh_total)")),
    ),
)

_BATCH = "every row used this one bias, so each row sends a share back"

def _bias_gradient_cases() -> Cases:
    small = (np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]),)
    return small, *((d.upstream("batch", "n_h"),) for d in draws(52)[1:])

BIAS_GRADIENT = Exercise(
    plain.bias_gradient, task="compute the gradient of a bias that was added to every row.",
    arguments="dz_t : (batch, n_h).", result="db_h : (n_h,).", cases=_bias_gradient_cases,
    returns=(Output("db_h", ("n_h",)),), notebook="05", section="Through the products",
    mistakes=(
        wrong("not_summed", f"does not sum over the batch: {_BATCH}", (".sum(axis=0)", "")),
        wrong("mean", f"takes the mean over the batch: {_BATCH}, in full", (".sum", ".mean")),
        wrong("wrong_axis", "sums over the units: the rows share the bias", ("axis=0", "axis=1")),
        wrong("kept_axis", "keeps an axis of size one: b_h has one axis", ("axis=0", "axis=0, keepdims=True")),
        wrong("whole_sum", "sums over everything: each unit has its own bias", ("axis=0", "")),
        wrong("first_row", f"uses the first row only: {_BATCH}", (".sum(axis=0)", "[0]")),
        wrong("column", "returns a column, as the article does: b_h has one axis",
              (".sum(axis=0)", ".sum(axis=0)[:, None]")),
        wrong("repeated", "gives every row the sum: there is one bias, so there is one gradient for it",
              ("dz_t.sum(axis=0)", "np.broadcast_to(dz_t.sum(axis=0), dz_t.shape)")),
        wrong("upstream_forgotten", "counts the rows: whatever reaches each row, dz_t, has to be passed on",
              ("dz_t.sum", "np.ones_like(dz_t).sum"), see=WHY_UPSTREAM),
        wrong("last_row", f"uses the last row only: {_BATCH}", (".sum(axis=0)", "[-1]")),
    ),
)

def _cell_backward_cases() -> Cases:
    """(params, cache, dh_total), the cache made by the package."""
    made = zip(cell_inputs(), draws(53), strict=True)
    return tuple((args[0], cell.rnn_cell_forward(*args)[2], d.upstream("batch", "n_h")) for args, d in made)

def _cell_backward_ids() -> Arguments:
    d, params, ids, h0 = sequence_of_ids()
    return params, cell.rnn_cell_forward(params, ids[0], h0)[2], d.floats("batch", "n_h")

RNN_CELL_BACKWARD = Exercise(
    plain.rnn_cell_backward, task="send dh_total back through one step.",
    arguments="params : RNNParams, cache : CellCache from the package, dh_total : (batch, n_h).",
    result="dx_t, dh_prev, dW_xh, dW_hh, db_h : CellGrads or five arrays in this order.", cases=_cell_backward_cases,
    returns=(Output("dx_t", ("batch", "n_x")), Output("dh_prev", ("batch", "n_h")), *SHARED_GRADS), notebook="05",
    section="Through the products",
    mistakes=(
        wrong("upstream_forgotten", UPSTREAM, ("dh_total * ", ""), see=WHY_UPSTREAM),
        wrong("article_backward",
              "does what the article does: it forgets the upstream gradient, and takes the slope itself for dx_t",
              ("dh_total * ", ""), (" @ params.W_xh.T", ""), see=PASSES_A_TEST),
        wrong("article_backward", "does what the article does: it forgets the upstream gradient, and returns no dx_t",
              ("dh_total * ", ""), ("CellGrads(dx_t, ", "("), see=PASSES_A_TEST),
        wrong("no_dx", "returns no dx_t, like the article's function: it's first of five", ("CellGrads(dx_t, ", "("),
              see=PASSES_A_TEST),
        wrong("upstream_in_h_prev_only",
              "uses the upstream gradient for dh_prev alone: through dz_t it reaches all five", ("dh_total * ", ""),
              ("dh_prev = dz_t", "dh_prev = (dh_total * dz_t)"), see=WHY_UPSTREAM),
        wrong("squashed_again", SQUASHED_AGAIN, ("h_t**2", "np.tanh(h_t) ** 2"), see=TANH),
        wrong("not_squared", NOT_SQUARED, ("**2", ""), see=TANH),
        wrong("squared_difference", SQUARED_DIFFERENCE, ("**2)", ") ** 2"), see=TANH),
        wrong("no_slope", NO_SLOPE, (" * (1 - h_t**2)", ""), see=TANH),
        wrong("divided", DIVIDED, ("dh_total * ", "dh_total / "), see=TANH),
        wrong("slope_of_h_prev", SLOPE_OF_H_PREV, ("h_t**2", "h_prev**2"), see=TANH),
        wrong("W_hh_not_transposed", W_HH_AS_IT_IS, ("params.W_hh.T", "params.W_hh")),
        wrong("dx_is_dz", "returns dz_t as dx_t: W_xh lies between them", (" @ params.W_xh.T", "")),
        wrong("dh_prev_skips_slope", "sends dh_prev back without the slope of tanh: it comes from dz_t",
              ("dh_prev = dz_t", "dh_prev = dh_total")),
        wrong("dh_prev_is_dz", "returns dz_t as dh_prev: W_hh lies between them", (" @ params.W_hh.T", "")),
        *(wrong("slope_after_W_hh", "applies tanh's slope after W_hh on the way to dh_prev: tanh comes first there",
                ("dz_t @ params.W_hh.T", f"(dh_total @ params.W_hh.T) * (1 - {h}**2)")) for h in ("h_t", "h_prev")),
        wrong("bias_from_dh",
              "sums dh_total for db_h, as if the bias were outside tanh: it is inside, so what reaches it is dz_t",
              ("dz_t.", "dh_total.")),
        wrong("h_t_for_h_prev", H_T_FOR_H_PREV, ("h_prev.T", "h_t.T")),
        wrong("bias_not_summed", f"does not sum db_h over the batch: {_BATCH}", (".sum(axis=0)", "")),
        wrong("bias_mean", f"takes the mean over the batch for db_h: {_BATCH}, in full", ("sum(", "mean(")),
        wrong("bias_wrong_axis", "sums db_h over the units: the rows share the bias", ("axis=0", "axis=1")),
        wrong("bias_kept_axis", "keeps an axis of size one in db_h", ("axis=0", "axis=0, keepdims=True")),
        wrong("bias_column", BIAS_COLUMN, (".sum(axis=0)", ".sum(axis=0)[:, None]"), see=OTHER_LETTERS),
        wrong("averaged", "divides the shared gradients by the batch: each row adds its full share",
              ("dW_xh, dW_hh, db_h)", "dW_xh / len(x_t), dW_hh / len(x_t), db_h / len(x_t))")),
        wrong("dW_hh_transposed", TRANSPOSED, ("h_prev.T @ dz_t", "dz_t.T @ h_prev")),
    ),
    package=Package((cell.rnn_cell_backward,),
                    "The package checks its arguments first, and takes token ids: for these, dW_xh sums rows of dz_t.",
                    keeps_float32=True, takes={"token ids as x": _cell_backward_ids}),
)

ALL = (TANH_BACKWARD, BIAS_GRADIENT, RNN_CELL_BACKWARD)
