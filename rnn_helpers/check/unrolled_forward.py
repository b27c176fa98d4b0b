"""The exercises of notebook 03: the same step along a sequence, for one unit and with arrays, and in two parts."""

from dataclasses import replace
from typing import Any

import numpy as np

from rnn_helpers import RNNParams, fast, plain, rnn
from rnn_helpers.check import forms
from rnn_helpers.check.draws import draws, sequence_of_ids, state
from rnn_helpers.check.engine.exercise import (
    NO_ARRAY,
    Arguments,
    Cases,
    Exercise,
    Mistake,
    Output,
    Package,
    named,
    within,
    wrong,
)
from rnn_helpers.check.single_cell import CACHE, MANY_UNITS, OTHER_LETTERS, RELU, RNN_CELL_FORWARD, SIGMOID, low, steep
from rnn_helpers.check.softmax_and_tanh import SOFTMAX
from rnn_helpers.plant import Exchange
from rnn_helpers.validate import Array

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

# Sentences that several exercises share.
H0_IGNORED = "starts from zeros whatever h0 is"
NOT_CARRIED = "starts every step from h0: the state of one step is the next step's h_prev"
_CARRIED_Z = "carries z, from before tanh: the state is what comes after it"
_SIGMOID = "squashes with the sigmoid: this network uses tanh"
_RELU = "cuts off what is below 0, as ReLU does: this network uses tanh"
_RETURN_IN_THE_LOOP = "returns step 1 alone: a `return` inside the loop ends the function there"

def _scalar_forward_cases() -> Cases:
    return (
        (0.5, -0.8, 0.1, [1.0, -0.5, 2.0], 0.3),
        (1.2, 0.7, -0.3, [0.4], -0.61803),
        (-0.4, 1.5, 0.2, [0.9, 0.1, -1.1, 0.7, 0.5], 0.83147),
    )

_FROM_ZERO = ("[], h0", "[], 0.0")
_LAST_STATE = "returns the last state: we want all of them"
_ZERO_FIRST = "returns a 0.0 before the states: we want h_1 to h_T"

SCALAR_FORWARD = Exercise(
    plain.scalar_forward, task="run a network of one unit through a list of numbers.",
    arguments="w_x, w_h, b, h0 : float, xs : list of T floats.",
    result="h : the T states h_1 .. h_T, a list or an array.", cases=_scalar_forward_cases,
    returns=(Output("h", ("time",), "list"),), notebook="03", section="Three steps with a pencil",
    mistakes=(
        wrong("h0_ignored", H0_IGNORED, _FROM_ZERO),
        wrong("state_not_carried", NOT_CARRIED, ("* h +", "* h0 +")),
        wrong("no_recurrence", "leaves out the state before", (" + w_h * h", ""), see=MANY_UNITS),
        wrong("no_input", "leaves out the input", ("w_x * x + ", ""), see=MANY_UNITS),
        wrong("no_bias", "leaves out the bias b", (" + b)\n", ")\n"), see=MANY_UNITS),
        wrong("bias_after_tanh", "adds the bias after tanh: it belongs inside, with the two products",
              (" + b)\n", ") + b\n"), see=MANY_UNITS),
        wrong("weights_swapped", "swaps w_x and w_h", ("w_x *", "w_h *"), ("w_h *", "w_x *")),
        wrong("no_tanh", "leaves out tanh", ("np.tanh", ""), see=MANY_UNITS),
        wrong("sigmoid", _SIGMOID, SIGMOID),
        wrong("relu", _RELU, RELU),
        wrong("carried_z", _CARRIED_Z, ("np.tanh", ""), ("append(h)", "append(np.tanh(h))")),
        wrong("states_with_h0", "returns h0 as well: we want h_1 to h_T", ("(states)", "([h0, *states])")),
        wrong("states_late", "returns h_0 to h_(T-1): one step late", ("(states)", "([h0, *states[:-1]])")),
        wrong("last_state_only", _LAST_STATE, ("np.array(states)", "states[-1]")),
        wrong("last_state_only", _LAST_STATE, ("(states)", "(states[-1:])")),
        wrong("first_step_only", _RETURN_IN_THE_LOOP, ("    return np.array(states)", "        return h")),
        wrong("first_step_only", _RETURN_IN_THE_LOOP, ("    return", "        return")),
        wrong("zero_before_states", _ZERO_FIRST, ("(states)", "([0.0, *states])")),
        wrong("zero_before_states", f"{H0_IGNORED}, and {_ZERO_FIRST}", _FROM_ZERO, ("(states)", "([0.0, *states])")),
        wrong("reversed_states", "returns the states in reverse order", ("(states)", "(states[::-1])")),
    ),
)

def sequences() -> Cases:
    """(params, x, h0), and once without h0."""
    with_h0 = [(d.params(), d.floats("time", "batch", "n_x"), state(d)) for d in draws(31)]
    params, x, _ = with_h0[-1]
    return *with_h0, (params, x)

def _rnn_forward_cases() -> Cases:
    """(params, x, h0), once without h0; then with scores far below 0, and with those of a step far apart."""
    params, x, h0 = sequences()[0]
    far = np.sign(x[:, :, :1]) * np.full_like(x, 90)
    return *sequences(), (low(params), x, h0), (steep(params), far, h0)

def _sequence_of_ids() -> Arguments:
    return sequence_of_ids()[1:]

def _cache_first(params: RNNParams, x: Array, h0: Array | None = None) -> tuple[Any, Array, Array]:
    h, y, _ = plain.rnn_forward(params, x, h0)
    return NO_ARRAY, h, y

# The cell returns its scores, and softmax gets those of all steps at once: only then is axis 0 time.
_ALL_AT_ONCE = (Exchange("= softmax(", "= (", "rnn_cell_forward"), Exchange("np.array(y)", "softmax(np.array(y))"))
_IN_ITS_SOFTMAX = "{} (in its softmax)"
_LAST_AT_EVERY_STEP = "holds the last state at every step: all steps share one array"
_FIRST_MISSING = "leaves out the first step"
_LAST_MISSING = "leaves out the last step"
_RETURNED = "np.array(states[1:]), np.array(y)"
_STACKED = (_RETURNED, "np.stack(states[1:]), np.stack(y)")  # which raises where no step is left

def _filled(states: str) -> tuple[str, str]:
    """Return these states as h, and their outputs as y."""
    return f"return {_RETURNED}", f"h = np.array([{states}])\n    return h, softmax(h @ params.W_hy + params.b_y)"

def _cell_named(names: str, says: str = "{}") -> tuple[Mistake, ...]:
    """Take mistakes of the cell over."""
    return within(plain.rnn_cell_forward, named(RNN_CELL_FORWARD.mistakes, names), says)

def _at_once(name: str, of_softmax: str, says: str) -> Mistake:
    """Make a mistake of softmax in the scores of all steps at once."""
    (mistake,) = within(plain.softmax, named(SOFTMAX.mistakes, of_softmax), says)
    return replace(mistake, name=name, exchanges=(*_ALL_AT_ONCE, *mistake.exchanges))

RNN_FORWARD = Exercise(
    plain.rnn_forward, forms=(forms.rnn_forward_by_index, forms.rnn_forward_in_place),
    task="run the network through a sequence; h0=None means zeros.",
    arguments="params : RNNParams, x : (time, batch, n_x), h0 : (batch, n_h) or None.",
    result="h : (time, batch, n_h), y : (time, batch, n_y), cache : anything.", cases=_rnn_forward_cases,
    returns=(Output("h", ("time", "batch", "n_h")), Output("y", ("time", "batch", "n_y")), CACHE), notebook="03",
    section="The same with arrays", extreme=2,
    package=Package(
        (rnn.rnn_forward, fast.run_states),
        "The package multiplies all inputs by W_xh at once, and all states by W_hy; it takes token ids too.",
        keeps_float32=True,
        takes={"token ids as x": _sequence_of_ids},
    ),
    mistakes=(
        wrong("h0_ignored", H0_IGNORED, (" if h0 is None else h0", "")),
        wrong("state_not_carried", NOT_CARRIED, ("states[-1]", "states[0]")),
        wrong("reshaped", "reshapes x to put the batch first: that mixes steps and rows, swapping axes does not",
              ("for x_t in x:", "for x_t in x.reshape(x.shape[1], len(x), -1).swapaxes(0, 1):")),
        wrong("carried_z", _CARRIED_Z, Exchange("np.tanh", "", "rnn_cell_forward"),
              Exchange("h_t @", "np.tanh(h_t) @", "rnn_cell_forward"), ("np.array(states[1:])", "np.tanh(states[1:])")),
        *_cell_named("no_bias no_recurrence no_input not_weighted W_hh_transposed bias_twice bias_after_tanh"),
        *_cell_named("output_bias_after_softmax"),
        *_cell_named("no_tanh", "leaves out tanh: states leave the range -1 to 1"),
        *_cell_named("sigmoid", _SIGMOID),
        *_cell_named("relu", _RELU),
        wrong("states_with_h0", "returns h0 in h as well: we want h_1 to h_T", ("states[1:]", "states")),
        wrong("states_late", "returns h_0 to h_(T-1) as h: one step late", ("states[1:]", "states[:-1]")),
        wrong("last_state_only", "returns the last state as h: we want all of them",
              ("np.array(states[1:])", "states[-1]")),
        wrong("first_step_only", _RETURN_IN_THE_LOOP, ("    return", "        return")),
        wrong("first_step_only", _RETURN_IN_THE_LOOP, (f"    return {_RETURNED}", "        return h_t, y_t")),
        wrong("one_array_for_all_steps", _LAST_AT_EVERY_STEP, ("states[1:]", "[h_t] * len(x)")),
        wrong("one_array_for_all_steps", _LAST_AT_EVERY_STEP, ("states[1:]", "[h_t] * len(x)"),
              ("(y)", "([y_t] * len(x))")),
        *_cell_named("output_from_h_prev", "computes y from the state before: it reads h_t"),
        wrong("output_at_end_only", "computes y for the last step only", ("np.array(y)", "y_t")),
        *_cell_named("no_output_bias"),
        *_cell_named("no_softmax", "returns scores as y: softmax is missing"),
        _at_once("whole_array_max", "whole_array_max", _IN_ITS_SOFTMAX),
        _at_once("article_softmax", "article_softmax", _IN_ITS_SOFTMAX),
        _at_once("softmax_over_time", "columns", "makes y sum to one over time: the scores lie on the last axis"),
        _at_once("softmax_over_batch", "axis_1", "makes y sum to one over the batch: the scores lie on the last axis"),
        *_cell_named("one_row_for_all no_maximum maximum_from_zero"),
        wrong("time_and_batch_swapped", "returns the batch first: time comes first",
              (_RETURNED, "np.stack(states[1:], axis=1), np.stack(y, axis=1)")),
        wrong("time_last", "returns time as the last axis: time comes first",
              (_RETURNED, "np.stack(states[1:], axis=-1), np.stack(y, axis=-1)")),
        wrong("article_layout",
              "returns (n, batch, time), as the article does: here time comes first, and one sample is one row",
              (_RETURNED, "np.array(states[1:]).T, np.array(y).T"), see=OTHER_LETTERS),
        wrong("cache_first", "returns the cache first, as the article does: it comes last here", _cache_first),
        wrong("over_samples", "walks along the batch: time is the first axis of x",
              ("h0 = np.zeros", "x = x.swapaxes(0, 1)\n    h0 = np.zeros")),
        wrong("reversed_time", "walks from the last step to the first", ("in x:", "in x[::-1]:")),
        wrong("first_step_missing", _FIRST_MISSING, ("in x:", "in x[1:]:"), _filled("np.zeros_like(h0), *states[1:]")),
        wrong("first_step_missing", _FIRST_MISSING, ("in x:", "in x[1:]:"), _STACKED),
        wrong("last_step_missing", _LAST_MISSING, ("in x:", "in x[:-1]:"), _filled("*states[1:], np.zeros_like(h0)")),
        wrong("last_step_missing", _LAST_MISSING, ("in x:", "in x[:-1]:"), _STACKED),
    ),
)

def _run_in_two_cases() -> Cases:
    """(params, x, h0, cut): cut in the middle, after the first step, before the last."""
    made = [(d.params(), d.floats("time", "batch", "n_x"), state(d)) for d in draws(32) if d.sizes.time > 1]
    return tuple((*arguments, cut) for arguments, cut in zip(made, (2, 1, 6), strict=True))

_JOINED = "np.concatenate([h_first, h_second])"
_ONE_BY_ONE = (_JOINED, "np.array([*h_first, *h_second])")  # so that a part can be empty
_GAP = "loses one step at the cut"

RUN_IN_TWO = Exercise(
    plain.run_in_two, task="run x[:cut], then x[cut:], so that nothing changes.",
    arguments="params : RNNParams, x : (time, batch, n_x), h0 : (batch, n_h), cut : int from 1 to time - 1.",
    result="h : (time, batch, n_h).", cases=_run_in_two_cases, returns=(Output("h", ("time", "batch", "n_h")),),
    notebook="03", section="What h0 is for",
    mistakes=(
        wrong("state_not_carried", "starts the second piece from zeros", (", h_first[-1]", "")),
        wrong("second_from_h0", "starts the second piece from h0 once more", ("h_first[-1]", "h0")),
        wrong("h0_ignored", "starts the first piece from zeros whatever h0 is", (", h0)", ")")),
        wrong("first_state_handed", "hands on the first state of the first piece: it should be the last one",
              ("h_first[-1]", "h_first[0]")),
        wrong("overlap", "runs one step twice, at the cut", ("params, x[cut:]", "params, x[cut - 1 :]")),
        wrong("gap", _GAP, ("params, x[cut:]", "params, x[cut + 1 :]"), _ONE_BY_ONE),
        wrong("gap", _GAP, ("params, x[:cut]", "params, x[: cut - 1]")),
        wrong("cut_one_late",
              "hands on the state one step before the end of the first piece: the second piece starts where it ended",
              ("params, x[:cut]", "params, x[: cut + 1]"),
              ("params, x[cut:], h_first[-1]", "params, x[cut + 1 :], h_first[-2]"), _ONE_BY_ONE),
        wrong("first_only", "returns the first piece alone", (_JOINED, "h_first")),
        wrong("second_only", "returns the second piece alone", (_JOINED, "h_second")),
    ),
)

ALL = (SCALAR_FORWARD, RNN_FORWARD, RUN_IN_TWO)
