"""The exercises of notebook 16c: one step of a GRU, forward and back."""

from rnn_helpers import gates, plain_gates
from rnn_helpers.check import forms
from rnn_helpers.check.draws import Draw, state
from rnn_helpers.check.engine.exercise import Arguments, Cases, Exercise, Output, Package, Section, wrong
from rnn_helpers.check.lstm import lstm_draws
from rnn_helpers.check.single_cell import CACHE
from rnn_helpers.gates import GRUParams
from rnn_helpers.validate import Array

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

# Where a mistake of this notebook is explained.
TWO_CELLS = Section("16c", "Two cells under one name")

def _before_a_step(d: Draw) -> tuple[GRUParams, Array, Array]:
    """Draw params, none of them zero, x_t and h_prev."""
    _, _, n_x, n_h, n_y = d.sizes
    shapes = (n_x, 3 * n_h), (n_h, 3 * n_h), (3 * n_h,), (n_h,), (n_h, n_y), (n_y,)
    params = GRUParams(*(0.7 * d.rng.standard_normal(shape) for shape in shapes))
    return params, d.floats("batch", "n_x", scale=2.0), state(d)  # some doors stand quite open: a cut would show

def _cell_forward_cases() -> Cases:
    """(params, x_t, h_prev) of four sizes."""
    return tuple(_before_a_step(d) for d in lstm_draws(168))

def _step_of_ids() -> Arguments:
    d = lstm_draws(169)[0]
    params, x_t, h_prev = _before_a_step(d)
    return params, d.ids(d.sizes.n_x, size=len(x_t)), h_prev

_BLEND = "(1 - z) * n + z * h_prev"
_W, _X, _Q = "W_r, W_z, W_n =", "x_r, x_z, x_n =", "h_prev @ W_n + params.b_n"
_BLOCKS = "the three blocks of n_h columns stand in the order r, z, n"

GRU_CELL_FORWARD = Exercise(
    plain_gates.gru_cell_forward, task="compute one step of a GRU, the reset after the product, as in PyTorch.",
    arguments="params : GRUParams, x_t : (batch, n_x), h_prev : (batch, n_h).",
    result="h_t : (batch, n_h), y_t : (batch, n_y), cache : anything.", cases=_cell_forward_cases,
    returns=(Output("h_t", ("batch", "n_h")), Output("y_t", ("batch", "n_y")), CACHE), notebook="16c",
    section="A door that blends",
    package=Package((gates.gru_cell_forward,), "The package checks its arguments, and takes token ids too.",
                    keeps_float32=True, takes={"token ids as x": _step_of_ids}),
    mistakes=(
        wrong("reset_before", "multiplies h_prev by r before the product: that is the other cell of this name",
              ("r * q", "(r * h_prev) @ W_n + params.b_n"), see=TWO_CELLS),
        wrong("b_n_outside", "adds b_n outside the reset: r multiplies it too",
              (_Q, "h_prev @ W_n"), ("r * q", "r * q + params.b_n")),
        wrong("blend_exchanged", "exchanges z and 1 - z: here z keeps the old state",
              (_BLEND, "z * n + (1 - z) * h_prev"),
              see=TWO_CELLS),
        wrong("order_zrn", f"takes the first two blocks for z and r: {_BLOCKS}", (_W, "W_z, W_r, W_n ="),
              (_X, "x_z, x_r, x_n =")),
        wrong("order_rnz", f"takes the last two blocks for n and z: {_BLOCKS}", (_W, "W_r, W_n, W_z ="),
              (_X, "x_r, x_n, x_z =")),
        wrong("no_reset", "leaves the reset out: r multiplies what h_prev brings to n", ("r * q", "q")),
        wrong("input_reset", "resets what x_t brings too: r multiplies q alone", ("x_n + r * q", "r * (x_n + q)")),
        wrong("z_for_r", "resets with z: r has a block of its own", ("r * q", "z * q")),
        wrong("sigmoid_on_n", "squashes n with the sigmoid: it is a value with a sign, so it takes tanh",
              ("np.tanh(", "sigmoid(")),
        wrong("no_tanh", "leaves n as it is: it goes through tanh", ("np.tanh(", "(")),
        wrong("old_state_lost", "drops the old state: z of it stays", (_BLEND, "(1 - z) * n")),
        wrong("all_kept", "keeps all of the old state: z of it stays", (_BLEND, "(1 - z) * n + h_prev")),
        wrong("all_new", "lets all of n in: 1 - z of it comes in", (_BLEND, "n + z * h_prev")),
        wrong("not_blended", "returns n: the new state is a blend of it and the old one", (_BLEND, "n")),
        wrong("squashed_again", "takes tanh of the blend: both parts are between -1 and 1 already",
              (_BLEND, f"np.tanh({_BLEND})")),
        wrong("no_b_n", "leaves b_n out: it stands inside the reset", (_Q, "h_prev @ W_n")),
        wrong("no_bias", "leaves b_h out", (" + params.b_h", "")),
        wrong("no_softmax", "returns scores as y_t: softmax is missing", ("= softmax(", "= (")),
        wrong("swapped_outputs", "returns y_t before h_t", ("return h_t, y_t", "return y_t, h_t")),
    ),
)

def _cell_backward_cases() -> Cases:
    """(params, cache, dh_total), the cache made by the package."""
    made = []
    for d in lstm_draws(170):
        arguments = _before_a_step(d)
        made.append((arguments[0], gates.gru_cell_forward(*arguments)[2], d.upstream("batch", "n_h")))
    return tuple(made)

def _cell_backward_ids() -> Arguments:
    d = lstm_draws(171)[0]
    params, x_t, h_prev = _before_a_step(d)
    cache = gates.gru_cell_forward(params, d.ids(d.sizes.n_x, size=len(x_t)), h_prev)[2]
    return params, cache, d.floats("batch", "n_h")

_DIRECT, _INTO_N = " + dh_total * z", "dh_total * (1 - z) * (1 - n**2)"
_FROM_X, _FROM_H = "[dz_r, dz_z, dz_n]", "[dz_r, dz_z, dq]"
_OLD_AND_NEW = "z blends the two, so it receives h_prev - n"

GRU_CELL_BACKWARD = Exercise(
    plain_gates.gru_cell_backward, task="send what reaches h_t back through one step of a GRU.",
    arguments="params : GRUParams, cache : GRUCellCache from the package, dh_total : (batch, n_h).",
    result="dx_t, dh_prev, dW_xh, dW_hh, db_h, db_n : GRUCellGrads or six arrays in this order.",
    cases=_cell_backward_cases,
    returns=(Output("dx_t", ("batch", "n_x")), Output("dh_prev", ("batch", "n_h")), Output("dW_xh", ("n_x", "3 n_h")),
             Output("dW_hh", ("n_h", "3 n_h")), Output("db_h", ("3 n_h",)), Output("db_n", ("n_h",))),
    notebook="16c", section="Back through the blend", forms=(forms.gru_cell_backward,),
    package=Package((gates.gru_cell_backward,),
                    "The package checks its arguments first, and takes token ids: for these, dW_xh sums rows of dz_x.",
                    keeps_float32=True, takes={"token ids as x": _cell_backward_ids}),
    mistakes=(
        wrong("direct_road_forgotten", "forgets the direct road: z of h_prev went into h_t as it was", (_DIRECT, "")),
        wrong("direct_road_with_1_z", "takes 1 - z on the direct road: z of h_prev was kept",
              (_DIRECT, " + dh_total * (1 - z)")),
        wrong("blend_exchanged", "exchanges z and 1 - z throughout: here z keeps the old state",
              (_INTO_N, "dh_total * z * (1 - n**2)"), ("(h_prev - n)", "(n - h_prev)"),
              (_DIRECT, " + dh_total * (1 - z)"), see=TWO_CELLS),
        wrong("n_with_z", "sends z of dh_total to n: 1 - z of n came in", (_INTO_N, "dh_total * z * (1 - n**2)")),
        wrong("n_not_gated", "sends all of dh_total to n: 1 - z of n came in", (_INTO_N, "dh_total * (1 - n**2)")),
        wrong("turned_sign", f"has the sign of the update gate's gradient turned round: {_OLD_AND_NEW}",
              ("(h_prev - n)", "(n - h_prev)")),
        wrong("z_from_h_only", f"forgets n in the update gate's gradient: {_OLD_AND_NEW}", ("(h_prev - n)", "h_prev")),
        wrong("z_from_n_only", f"forgets h_prev in the update gate's gradient: {_OLD_AND_NEW}",
              ("(h_prev - n)", "(-n)")),
        wrong("no_tanh_slope", "leaves tanh's slope out on the way to what n was made of", (" * (1 - n**2)", "")),
        wrong("n_squashed_again", "takes tanh of n once more in its slope: n has been through it",
              ("n**2", "np.tanh(n) ** 2")),
        wrong("no_door_slope", "leaves the slopes of both sigmoids out: each is s (1 - s)",
              (" * z * (1 - z)", ""), (" * r * (1 - r)", "")),
        wrong("r_from_h_prev", "gives the reset gate h_prev: what it multiplied is q", ("dz_n * q", "dz_n * h_prev")),
        wrong("reset_forgotten", "forgets the reset on the way back: q came to n through r",
              ("dq = dz_n * r", "dq = dz_n")),
        wrong("reset_forgotten", "forgets the reset on the way back, but for b_n: q came to n through r",
              (_FROM_H, "[dz_r, dz_z, dz_n]")),
        wrong("reset_before", "computes dW_hh as if the reset came before the product",
              (_FROM_H, "[dz_r, dz_z, dz_n]"),
              ("h_prev.T @ dz_h",
               "np.concatenate([h_prev.T @ dz_r, h_prev.T @ dz_z, (r * h_prev).T @ dz_n], axis=1)"), see=TWO_CELLS),
        wrong("b_n_without_r", "sums dz_n for db_n: b_n stands inside the reset", ("dq.sum", "dz_n.sum")),
        wrong("x_reset_too", "resets what goes to x_t: r multiplies q alone", (_FROM_X, "[dz_r, dz_z, dq]")),
        wrong("order_zrn", f"puts the first two blocks in the order z, r: {_BLOCKS}", (_FROM_X, "[dz_z, dz_r, dz_n]"),
              (_FROM_H, "[dz_z, dz_r, dq]")),
        wrong("W_hh_not_transposed", "stacks the blocks of W_hh as they are: on the way back each is transposed",
              ("params.W_hh.T", "np.concatenate(np.split(params.W_hh, 3, axis=1))")),
        wrong("h_t_for_h_prev", "computes dW_hh from h_t: W_hh was multiplied by h_prev",
              ("h_prev.T", f"({_BLEND}).T")),
        wrong("bias_not_summed", "does not sum db_h over the batch: every row used this one bias",
              ("dz_x.sum(axis=0)", "dz_x")),
        wrong("swapped_outputs", "returns dh_prev before dx_t", ("(dx_t, dh_prev,", "(dh_prev, dx_t,")),
    ),
)

ALL = (GRU_CELL_FORWARD, GRU_CELL_BACKWARD)
