"""The exercises of notebook 16b: one step of an LSTM backward, and the whole sequence with its two carries."""

from rnn_helpers import gates, plain_gates
from rnn_helpers.check import forms
from rnn_helpers.check.draws import Draw, state
from rnn_helpers.check.engine.exercise import (
    Arguments,
    Cases,
    Exercise,
    Output,
    Package,
    Section,
    named,
    within,
    wrong,
)
from rnn_helpers.check.lstm import before_a_step, lstm_draws, lstm_params
from rnn_helpers.gates import LSTMCache, LSTMParams
from rnn_helpers.validate import Array

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

# Where a mistake of this notebook is explained.
INTO_C = Section("16b", "Two roads into a cell state")

def _cell_cases() -> Cases:
    """(params, cache, dh_total, dc_t), the cache made by the package. Where dc_t is 0, mistakes hide: it never is."""
    made = []
    for d in lstm_draws(164):
        arguments = before_a_step(d)
        made.append((arguments[0], gates.lstm_cell_forward(*arguments)[3], *(d.upstream("batch", "n_h") for _ in "hc")))
    return tuple(made)

def _cell_of_ids() -> Arguments:
    d = lstm_draws(165)[0]
    params, x_t, h_prev, c_prev = before_a_step(d)
    ids = d.ids(d.sizes.n_x, size=len(x_t))
    cache = gates.lstm_cell_forward(params, ids, h_prev, c_prev)[3]
    return params, cache, d.floats("batch", "n_h"), d.floats("batch", "n_h")

_STATE = ("batch", "n_h")
_WEIGHTS = (Output("dW_xh", ("n_x", "4 n_h")), Output("dW_hh", ("n_h", "4 n_h")), Output("db_h", ("4 n_h",)))
_TANH = "np.tanh(c_t) ** 2"
_THROUGH_H = "dh_total * o * (1 - np.tanh(c_t) ** 2)"
_SLOPES = tuple(f" * {gate} * (1 - {gate})" for gate in "ifo")
_OPEN = "each door has the slope s (1 - s)"
_BLOCKS = "the blocks of dz_t stand in the order of those of W_hh: i, f, g, o"

LSTM_CELL_BACKWARD = Exercise(
    plain_gates.lstm_cell_backward, task="send what reaches h_t and c_t back through one step of an LSTM.",
    arguments="params : LSTMParams, cache : LSTMCellCache from the package, dh_total, dc_t : (batch, n_h).",
    result="dx_t, dh_prev, dc_prev, dW_xh, dW_hh, db_h : LSTMCellGrads or six arrays in this order.",
    cases=_cell_cases,
    returns=(Output("dx_t", ("batch", "n_x")), Output("dh_prev", _STATE), Output("dc_prev", _STATE), *_WEIGHTS),
    notebook="16b", section="Door by door", forms=(forms.lstm_cell_backward,),
    package=Package((gates.lstm_cell_backward,),
                    "The package checks its arguments first, and takes token ids: for these, dW_xh sums rows of dz_t.",
                    keeps_float32=True, takes={"token ids as x": _cell_of_ids}),
    mistakes=(
        wrong("cell_gradient_dropped", "drops dc_t, what the next step sends back along the lane: both roads add",
              ("dc_t + dh_total * o", "dh_total * o"), see=INTO_C),
        wrong("road_through_h_missing", "drops what comes into c_t through h_t: both roads add",
              (f"dc_t + {_THROUGH_H}", "dc_t"), see=INTO_C),
        wrong("no_o", "leaves o out on the road from h_t into c_t: h_t = o * tanh(c_t)",
              ("dh_total * o * (1 -", "dh_total * (1 -"), see=INTO_C),
        wrong("no_tanh_slope", "leaves tanh's slope out on the road from h_t into c_t",
              (f"dh_total * o * (1 - {_TANH})", "dh_total * o"), see=INTO_C),
        wrong("slope_of_c", "squares c_t in the slope: it is tanh(c_t) that is squared",
              (_TANH, "c_t**2"), see=INTO_C),
        wrong("tanh_twice", "takes tanh of c_t twice in the slope", (_TANH, "np.tanh(np.tanh(c_t)) ** 2"), see=INTO_C),
        wrong("tanh_not_squared", "does not square tanh(c_t) in the slope", (_TANH, "np.tanh(c_t)"), see=INTO_C),
        wrong("o_on_both_roads", "multiplies both roads by o: the lane of c_t does not pass the output gate",
              ("dc_t + dh_total * o", "(dc_t + dh_total) * o"), see=INTO_C),
        wrong("no_door_slope", f"leaves the slopes of all three sigmoids out: {_OPEN}",
              *((slope, "") for slope in _SLOPES)),
        wrong("no_forget_slope", f"leaves the slope of the forget gate out: {_OPEN}", (_SLOPES[1], "")),
        wrong("door_for_slope", f"takes a door itself for its slope: {_OPEN}",
              *((slope, slope[:4]) for slope in _SLOPES)),
        wrong("door_squashed_again", "takes the slope at a door that has been through the sigmoid already",
              *((slope, f" * sigmoid_slope(sigmoid({slope[3]}))") for slope in _SLOPES)),
        wrong("g_squashed_again", "takes tanh of g once more in its slope: g has been through it",
              ("g**2", "np.tanh(g) ** 2")),
        wrong("g_not_squared", "does not square g in its slope", ("g**2", "g")),
        wrong("sigmoid_slope_for_g", "uses the sigmoid's slope for g: g goes through tanh",
              ("(1 - g**2)", "g * (1 - g)")),
        wrong("c_t_for_c_prev", "gives the forget gate c_t: what it multiplied is c_prev",
              ("dc_total * c_prev", "dc_total * c_t")),
        wrong("carry_not_gated", "hands all of dc_total on: f lies between two cell states",
              ("dc_prev = dc_total * f", "dc_prev = dc_total"), see=INTO_C),
        wrong("carry_of_dc_only", "hands only dc_t on: what came in through h_t goes on along the lane too",
              ("dc_prev = dc_total", "dc_prev = dc_t"), see=INTO_C),
        wrong("carry_through_i", "hands the carry on through i: the door on the lane is f",
              ("dc_prev = dc_total * f", "dc_prev = dc_total * i"), see=INTO_C),
        wrong("order_ifog", f"puts the last two blocks in the order o, g: {_BLOCKS}", ("dz_g, dz_o]", "dz_o, dz_g]")),
        wrong("order_figo", f"puts the first two blocks in the order f, i: {_BLOCKS}", ("[dz_i, dz_f", "[dz_f, dz_i")),
        wrong("W_hh_not_transposed", "stacks the blocks of W_hh as they are: on the way back each is transposed",
              ("params.W_hh.T", "np.concatenate(np.split(params.W_hh, 4, axis=1))")),
        wrong("h_t_for_h_prev", "computes dW_hh from h_t: W_hh was multiplied by h_prev",
              ("h_prev.T", "(o * np.tanh(c_t)).T")),
        wrong("c_for_tanh_c", "gives the output gate c_t: what it multiplied is tanh(c_t)",
              ("dh_total * np.tanh(c_t)", "dh_total * c_t")),
        wrong("do_from_dc", "sends dc_total to the output gate: o acts on h_t alone, so dh_total reaches it",
              ("dh_total * np.tanh(c_t)", "dc_total * np.tanh(c_t)")),
        wrong("g_and_i_exchanged", "gives i to its own door and g to its own: each gets what it was multiplied by",
              ("dc_total * g * i", "dc_total * i * i"), ("dc_total * i * (1 - g", "dc_total * g * (1 - g")),
        wrong("bias_not_summed", "does not sum db_h over the batch: every row used this one bias",
              (".sum(axis=0)", "")),
        wrong("bias_mean", "takes the mean over the batch for db_h: every row used this one bias, in full",
              ("sum(", "mean(")),
        wrong("carries_swapped", "returns dc_prev before dh_prev",
              ("dh_prev, dc_prev, dW_xh", "dc_prev, dh_prev, dW_xh")),
        wrong("swapped_outputs", "returns dh_prev before dx_t", ("(dx_t, dh_prev,", "(dh_prev, dx_t,")),
    ),
)

def lstm_sequence(d: Draw) -> tuple[LSTMParams, Array, Array, Array]:
    """Draw params, x, h0 and c0."""
    return lstm_params(d), d.floats("time", "batch", "n_x"), state(d), d.floats("batch", "n_h")

def _sequence_cases() -> Cases:
    """(params, cache, dh, dc_last), the cache made by the package."""
    made = []
    for d in lstm_draws(166):
        params, x, h0, c0 = lstm_sequence(d)
        cache: LSTMCache = gates.lstm_forward(params, x, h0, c0)[2]
        made.append((params, cache, d.upstream("time", "batch", "n_h"), d.upstream("batch", "n_h")))
    return tuple(made)

def _sequence_of_ids() -> Arguments:
    d = lstm_draws(167)[0]
    params, x, h0, c0 = lstm_sequence(d)
    cache = gates.lstm_forward(params, d.ids(d.sizes.n_x, size=x.shape[:2]), h0, c0)[2]
    return params, cache, d.floats("time", "batch", "n_h"), d.floats("batch", "n_h")

_CARRIES, _NONE = "dh[t] + dh_carry, dc_carry)", "np.zeros_like(dc_last))"

LSTM_BACKWARD = Exercise(
    plain_gates.lstm_backward, task="walk back along a sequence, with a carry on each lane.",
    arguments="params : LSTMParams, cache : LSTMCache from the package, dh : (time, batch, n_h), "
              "dc_last : (batch, n_h), what reaches c_T from beyond the last step.",
    result="dx, dh0, dc0, dW_xh, dW_hh, db_h : LSTMGrads or six arrays in this order.", cases=_sequence_cases,
    returns=(Output("dx", ("time", "batch", "n_x")), Output("dh0", _STATE), Output("dc0", _STATE), *_WEIGHTS),
    notebook="16b", section="Two carries", backwards="time",
    package=Package((gates.lstm_backward,),
                    "The package takes all slopes before its walk, and the weights' gradients after it, at once.",
                    keeps_float32=True, takes={"token ids as x": _sequence_of_ids}),
    mistakes=(
        wrong("neither_carry", "hands neither carry on: each step gets what the later ones send along both lanes",
              (_CARRIES, f"dh[t], {_NONE}")),
        wrong("neither_carry", "hands neither carry on, but for dc_last: each step gets what the later ones send",
              (_CARRIES, "dh[t], (t == len(dh) - 1) * dc_last)")),
        wrong("no_h_carry", "drops dh_carry: h_t feeds the four gates of the next step", ("dh[t] + dh_carry", "dh[t]")),
        wrong("no_c_carry", "drops dc_carry: c_t goes on along its lane", (_CARRIES, f"dh[t] + dh_carry, {_NONE}")),
        wrong("dc_last_ignored", "starts the lane's carry at zero: dc_last reaches the last cell state",
              ("np.zeros_like(dc_last), dc_last", "np.zeros_like(dc_last), 0 * dc_last")),
        wrong("dc_last_at_each_step", "hands dc_last to every step: it reaches the last one alone",
              ("dh_carry, dc_carry)", "dh_carry, dc_last)")),
        wrong("c_carry_in_h", "adds the lane's carry to that of h_t: each goes to its own state",
              (_CARRIES, f"dh[t] + dh_carry + dc_carry, {_NONE}")),
        wrong("c_carry_twice", "adds the lane's carry to that of h_t as well",
              (_CARRIES, "dh[t] + dh_carry + dc_carry, dc_carry)")),
        wrong("carries_exchanged", "hands each carry to the other lane",
              ("dx[t], dh_carry, dc_carry =", "dx[t], dc_carry, dh_carry =")),
        wrong("c_wraps_round", "takes the last cell state for the one before the first: c[-1] wraps round, c0 is meant",
              ("cells[t], i[t]", "cells[1:][t - 1], i[t]")),
        wrong("h_wraps_round", "takes the last state for the one before the first: h[-1] wraps round, h0 is meant",
              ("states[t]", "states[1:][t - 1]")),
        wrong("h_t_for_h_prev", "gives each step its own state for the one before: states[t] is what step t began with",
              ("states[t]", "states[t + 1]")),
        wrong("own_cell_for_before", "gives each step its own cell state for the one before",
              ("cells[t], i[t]", "cells[t + 1], i[t]")),
        wrong("c_prev_for_c_t", "gives each step the cell state before for its own: c_t is cells[t + 1]",
              ("cells[t + 1]", "cells[t]")),
        wrong("gates_of_the_step_before", "takes the forget gate of the step before: the lists are off by one",
              ("f[t]", "f[t - 1]")),
        wrong("forward_order", "walks forward: the carries come from the later steps",
              ("reversed(range(len(dh)))", "range(len(dh))")),
        wrong("only_carry", "forgets dh[t], what the step's own output sends back", ("dh[t] + dh_carry", "dh_carry")),
        wrong("overwritten", "keeps the weights' gradients of the first step alone: every step adds its own",
              ("dW_xh +=", "dW_xh ="), ("dW_hh +=", "dW_hh ="), ("db_h +=", "db_h =")),
        wrong("carry_accumulates", "adds the old carry to the new one: it is in there already",
              ("grads.x_t, grads.h_prev,", "grads.x_t, dh_carry + grads.h_prev,")),
        wrong("swapped_outputs", "returns dc0 before dh0", ("(dx, dh_carry, dc_carry,", "(dx, dc_carry, dh_carry,")),
        *within(plain_gates.lstm_cell_backward, named(
            LSTM_CELL_BACKWARD.mistakes, "road_through_h_missing no_o no_tanh_slope slope_of_c o_on_both_roads "
            "no_door_slope no_forget_slope door_squashed_again g_squashed_again carry_not_gated "
            "carry_of_dc_only order_ifog W_hh_not_transposed c_for_tanh_c do_from_dc g_and_i_exchanged"),
            "{} (in its step)"),
    ),
)

ALL = (LSTM_CELL_BACKWARD, LSTM_BACKWARD)
