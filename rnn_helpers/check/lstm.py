"""The exercises of notebook 16a: the doors of an LSTM, one step forward, a forget gate's bias for a time."""

import numpy as np

from rnn_helpers import gates, plain_gates
from rnn_helpers.check import forms
from rnn_helpers.check.draws import Draw, Sizes, draws, state
from rnn_helpers.check.engine.exercise import (
    Arguments,
    Cases,
    Exercise,
    Output,
    Package,
    named,
    within,
    wrong,
)
from rnn_helpers.check.single_cell import CACHE
from rnn_helpers.gates import LSTMParams
from rnn_helpers.validate import Array

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

SMALLEST = Sizes(time=3, batch=1, n_x=4, n_h=2, n_y=5)  # four blocks make more numbers than a message can be about

def lstm_draws(seed: int) -> list[Draw]:
    """Return one Draw for each set of sizes, a very small one first."""
    return [Draw(SMALLEST, np.random.default_rng([seed, 9])), *draws(seed)[1:]]

def lstm_params(d: Draw) -> LSTMParams:
    """Draw weights and biases, none of them zero, no two blocks alike."""
    _, _, n_x, n_h, n_y = d.sizes
    shapes = (n_x, 4 * n_h), (n_h, 4 * n_h), (4 * n_h,), (n_h, n_y), (n_y,)
    return LSTMParams(*(0.7 * d.rng.standard_normal(shape) for shape in shapes))

def before_a_step(d: Draw) -> tuple[LSTMParams, Array, Array, Array]:
    """Draw params, x_t, h_prev and c_prev. A cell state is no output of tanh: some of it lies beyond 1."""
    return lstm_params(d), d.floats("batch", "n_x"), state(d), d.floats("batch", "n_h", scale=1.3)

def _gates_cases() -> Cases:
    """(params, x_t, h_prev) of four sizes."""
    return tuple(before_a_step(d)[:3] for d in lstm_draws(161))

_GATE = ("batch", "n_h")
_SPLIT, _NAMES = "np.split(z_t, 4, axis=1)", "z_i, z_f, z_g, z_o ="
_SQUASHED = "sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)"
_BLOCKS = "the four blocks of n_h columns stand in the order i, f, g, o"
_OF_O = "params.b_h[-h_prev.shape[1]:]"

LSTM_GATES = Exercise(
    plain_gates.lstm_gates, task="compute the four gates of an LSTM's step.",
    arguments="params : LSTMParams, x_t : (batch, n_x), h_prev : (batch, n_h).",
    result="i, f, g, o : (batch, n_h) each.", cases=_gates_cases,
    returns=tuple(Output(name, _GATE) for name in "ifgo"), notebook="16a", section="What a door is",
    forms=(forms.lstm_gates,),
    mistakes=(
        wrong("order_ifog", f"takes the last two blocks for o and g: {_BLOCKS}", (_NAMES, "z_i, z_f, z_o, z_g =")),
        wrong("order_figo", f"takes the first two blocks for f and i: {_BLOCKS}", (_NAMES, "z_f, z_i, z_g, z_o =")),
        wrong("order_igfo", f"takes the blocks for i, g, f, o: {_BLOCKS}", (_NAMES, "z_i, z_g, z_f, z_o =")),
        wrong("order_fiog", f"takes the blocks for f, i, o, g: {_BLOCKS}", (_NAMES, "z_f, z_i, z_o, z_g =")),
        wrong("tanh_on_all", "squashes all four with tanh: a door is between 0 and 1, only g is a value with a sign",
              (_SQUASHED, "np.tanh(z_i), np.tanh(z_f), np.tanh(z_g), np.tanh(z_o)")),
        wrong("sigmoid_on_g", "squashes g with the sigmoid: it is a value with a sign, so it takes tanh",
              ("np.tanh(z_g)", "sigmoid(z_g)")),
        wrong("g_not_squashed", "leaves g as it is: it goes through tanh", ("np.tanh(z_g)", "z_g")),
        wrong("not_squashed", "returns what stands before sigmoid and tanh", (_SQUASHED, "z_i, z_f, z_g, z_o")),
        wrong("turned_sign", "has the sign of z turned round in the sigmoid: it opens where it is to close",
              (_SQUASHED, "sigmoid(-z_i), sigmoid(-z_f), np.tanh(z_g), sigmoid(-z_o)")),
        wrong("not_halved", "takes (1 + tanh(z)) / 2 for the sigmoid: inside is z / 2",
              (_SQUASHED, "sigmoid(2 * z_i), sigmoid(2 * z_f), np.tanh(z_g), sigmoid(2 * z_o)")),
        wrong("bias_of_another_gate", "gives the input and the forget gate the bias of the output gate",
              ("params.b_h", f"np.concatenate([{_OF_O}, {_OF_O}, params.b_h[2 * h_prev.shape[1]:]])")),
        wrong("no_bias", "leaves the bias out", (" + params.b_h", "")),
        wrong("h_prev_forgotten", "leaves the state before out: a door looks at x_t and at h_prev",
              (" + h_prev @ params.W_hh", "")),
        wrong("x_forgotten", "leaves x_t out: a door looks at x_t and at h_prev", ("x_t @ params.W_xh + ", "")),
        wrong("W_hh_transposed", "transposes each block of W_hh: h_prev is multiplied by it as it stands",
              ("params.W_hh", "np.concatenate([W.T for W in np.split(params.W_hh, 4, axis=1)], axis=1)")),
        wrong("interleaved", f"takes every fourth column for a gate: {_BLOCKS}",
              (_SPLIT, "(z_t[:, k::4] for k in range(4))")),
        wrong("swapped_outputs", "returns o before g: the order is i, f, g, o",
              (_SQUASHED, "sigmoid(z_i), sigmoid(z_f), sigmoid(z_o), np.tanh(z_g)")),
    ),
)

def _cell_forward_cases() -> Cases:
    """(params, x_t, h_prev, c_prev) of four sizes."""
    return tuple(before_a_step(d) for d in lstm_draws(162))

def _step_of_ids() -> Arguments:
    d = lstm_draws(163)[0]
    params, x_t, h_prev, c_prev = before_a_step(d)
    return params, d.ids(d.sizes.n_x, size=len(x_t)), h_prev, c_prev

_CELL, _STATE = "f * c_prev + i * g", "o * np.tanh(c_t)"

LSTM_CELL_FORWARD = Exercise(
    plain_gates.lstm_cell_forward, task="compute one step of an LSTM.",
    arguments="params : LSTMParams, x_t : (batch, n_x), h_prev, c_prev : (batch, n_h).",
    result="h_t, c_t : (batch, n_h), y_t : (batch, n_y), cache : anything.", cases=_cell_forward_cases,
    returns=(Output("h_t", _GATE), Output("c_t", _GATE), Output("y_t", ("batch", "n_y")), CACHE), notebook="16a",
    section="The second lane",
    package=Package((gates.lstm_cell_forward,), "The package checks its arguments, and takes token ids too.",
                    keeps_float32=True, takes={"token ids as x": _step_of_ids}),
    mistakes=(
        wrong("doors_exchanged", "takes i for what was there and f for what is new: f, the second block, keeps",
              (_CELL, "i * c_prev + f * g")),
        wrong("added", "adds i and g: a door multiplies", ("i * g", "i + g")),
        wrong("no_tanh", "leaves tanh out of h_t: c_t may be large, a state is not", (_STATE, "o * c_t")),
        wrong("o_inside", "multiplies by o before tanh: the door stands behind it", (_STATE, "np.tanh(o * c_t)")),
        wrong("o_forgotten", "leaves the output gate open: o multiplies", (_STATE, "np.tanh(c_t)")),
        wrong("not_forgotten", "keeps all of c_prev: f multiplies it", ("f * c_prev", "c_prev")),
        wrong("all_let_in", "lets all of g in: i multiplies it", ("i * g", "g")),
        wrong("coupled", "takes 1 - f for i: that is another network, which has no input gate of its own",
              ("i * g", "(1 - f) * g")),
        wrong("from_h_prev", "gates h_prev: it is the cell state that goes on", ("f * c_prev", "f * h_prev")),
        wrong("c_prev_squashed", "takes tanh of c_prev: along its lane nothing squashes it",
              ("f * c_prev", "f * np.tanh(c_prev)")),
        wrong("c_t_squashed", "takes tanh of c_t on its lane: only h_t sees it through tanh",
              (_CELL, f"np.tanh({_CELL})")),
        wrong("output_from_c", "computes y_t from c_t: the output layer reads h_t", ("h_t @", "c_t @")),
        wrong("state_of_c_prev", "computes h_t from c_prev: it shows the new cell state",
              (_STATE, "o * np.tanh(c_prev)")),
        wrong("no_softmax", "returns scores as y_t: softmax is missing", ("= softmax(", "= (")),
        wrong("swapped_outputs", "returns c_t before h_t", ("return h_t, c_t", "return c_t, h_t")),
        *within(plain_gates.lstm_gates, named(
            LSTM_GATES.mistakes, "order_ifog tanh_on_all sigmoid_on_g turned_sign not_halved no_bias "
            "bias_of_another_gate h_prev_forgotten W_hh_transposed interleaved")),
    ),
)

def _times() -> Cases:
    """Return (steps,): numbers of steps, whole and not."""
    return (20,), (5,), (100,), (1,), (2.5,)

_ODDS, _FACTOR = "np.log(f / (1 - f))", "0.5 ** (1 / steps)"

FORGET_BIAS = Exercise(
    plain_gates.forget_bias, task="find the forget gate's bias for which half of a cell state is left after `steps`.",
    arguments="steps : a number of steps.", result="b : a number.", cases=_times, returns=(Output("b"),),
    notebook="16a", section="A bias is a time",
    mistakes=(
        wrong("ln_steps", "takes ln(steps): after so many steps a share of 1 / e is left, about, not a half",
              (_ODDS, "np.log(steps)")),
        wrong("one_over_steps", "takes 1 / steps: f is to be so large that steps factors make a half",
              (_ODDS, "1 / steps")),
        wrong("gate", "returns the gate: what is asked for is the bias that the sigmoid makes it of", (_ODDS, "f")),
        wrong("sigmoid", "takes the sigmoid of the gate: what is wanted is its inverse", (_ODDS, "sigmoid(f)")),
        wrong("log2", "takes a logarithm to base 2: the sigmoid has an e in it", ("np.log(f", "np.log2(f")),
        wrong("e_fold", "asks for a share of 1 / e: a half is to be left", (_FACTOR, "np.exp(-1 / steps)")),
        wrong("turned_sign", "has the sign turned round: a larger bias keeps more", (_ODDS, "np.log((1 - f) / f)")),
        wrong("halved", "returns half of it, as each of PyTorch's two biases: here there is one",
              (_ODDS, f"{_ODDS} / 2")),
        wrong("half_each_step", "loses a half at each of the steps: after all of them a half is to be left",
              (_FACTOR, "0.5**steps")),
        wrong("equal_parts", "loses equal parts of the half: each step multiplies", (_FACTOR, "1 - 0.5 / steps")),
        wrong("log_of_gate", "takes the logarithm of f: the sigmoid's inverse is ln(f / (1 - f))", ("/ (1 - f)", "")),
    ),
)

ALL = (LSTM_GATES, LSTM_CELL_FORWARD, FORGET_BIAS)
