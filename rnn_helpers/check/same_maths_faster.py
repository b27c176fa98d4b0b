"""The exercises of notebook 17: what leaves a loop, a sum over time as one product, pieces that are run again."""

import numpy as np

from rnn_helpers import fast, plain_memory
from rnn_helpers.check import forms
from rnn_helpers.check.draws import draws, state
from rnn_helpers.check.engine.exercise import Cases, Exercise, Output, Package, Section, wrong
from rnn_helpers.check.shared import SEQUENCE_GRADS

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

def _sequences() -> Cases:
    """(params, x, h0) of four sizes."""
    return tuple((d.params(), d.floats("time", "batch", "n_x"), state(d)) for d in draws(171))

_STEP, _FROM_H = "np.tanh(from_x[t] + h_prev @ params.W_hh)", "h_prev @ params.W_hh"
_ASSIGNED = f"h_prev = {_STEP}\n        h[t] = h_prev"

INPUT_FIRST = Exercise(
    plain_memory.input_first, task="run the network, with the input's product taken for all steps before the loop.",
    arguments="params : RNNParams, x : (time, batch, n_x), h0 : (batch, n_h).", result="h : (time, batch, n_h).",
    cases=_sequences, returns=(Output("h", ("time", "batch", "n_h")),), notebook="17",
    section="What may leave the loop", forms=(forms.input_first_in_rows,),
    package=Package((fast.run_states,), "The package takes the fields, writes each product where the state will stand, "
                    "and keeps h0 too."),
    mistakes=(
        wrong("bias_twice", "adds the bias in the loop too: it's in what was computed before",
              (_FROM_H, f"{_FROM_H} + params.b_h")),
        wrong("bias_missing", "adds no bias", (" + params.b_h", "")),
        wrong("bias_after_tanh", "adds the bias after tanh: it belongs inside", (" + params.b_h", ""),
              (_STEP, f"{_STEP} + params.b_h")),
        wrong("x_twice", "adds the input's product in the loop too: it's in what was computed before",
              (_FROM_H, f"x[t] @ params.W_xh + {_FROM_H}")),
        wrong("h0_ignored", "begins with zeros: the first step finds h0", ("(from_x), h0", "(from_x), 0 * h0"),
              see=Section("03", "What h0 is for")),
        wrong("state_not_carried", "takes the product with W_hh before the loop too: each step needs the new state",
              (_FROM_H, "h0 @ params.W_hh")),
        wrong("first_input_only", "reads the first step's input at every step", ("from_x[t]", "from_x[0]")),
        wrong("one_step_late", "puts down the state before the step: h[t] is the one after it",
              (_ASSIGNED, f"h[t] = h_prev\n        h_prev = {_STEP}")),
        wrong("one_input_early", "reads the input of the step before: from_x[t] belongs to step t",
              ("from_x[t]", "from_x[t - 1]")),
        wrong("no_tanh", "leaves tanh out", (_STEP, f"from_x[t] + {_FROM_H}")),
        wrong("first_step_no_tanh", "leaves tanh out at the first step",
              ("    for t in range(len(x)):",
               "    h_prev = h[0] = from_x[0] + h0 @ params.W_hh\n    for t in range(1, len(x)):")),
        wrong("tanh_of_x_only", "applies tanh to the input's part alone: it is taken of the sum",
              (_STEP, f"np.tanh(from_x[t]) + {_FROM_H}")),
        wrong("tanh_before_the_loop", "applies tanh before the loop, and once more in it: it is taken of the sum",
              ("x @ params.W_xh + params.b_h", "np.tanh(x @ params.W_xh + params.b_h)")),
        wrong("z_carried", "carries what tanh was applied to: the next step reads the state",
              (_ASSIGNED, f"h_prev = from_x[t] + {_FROM_H}\n        h[t] = np.tanh(h_prev)")),
        wrong("W_hh_transposed", "transposes W_hh: forward, h_prev is multiplied by W_hh as it stands",
              ("params.W_hh)", "params.W_hh.T)")),
        wrong("time_and_batch_swapped", "returns the batch first: time comes first",
              ("return h", "return h.swapaxes(0, 1)")),
        wrong("h0_returned", "returns h0 as well: h has one state for each step",
              ("return h", "return np.concatenate([h0[None], h])")),
        wrong("last_state_only", "returns the last state alone", ("return h", "return h_prev")),
        wrong("from_x_returned", "returns what was computed before the loop: the states are asked for",
              ("return h", "return from_x")),
    ),
)

def _states_and_dz() -> Cases:
    """(states, dz) of four sizes."""
    return tuple(
        (np.tanh(np.concatenate([d.floats("batch", "n_h")[None], d.floats("time", "batch", "n_h")])),
         d.upstream("time", "batch", "n_h"))
        for d in draws(172)
    )

_H, _DZ = "states[:-1].reshape(-1, states.shape[-1])", "dz.reshape(-1, dz.shape[-1])"
_PRODUCT = f"h_prev.T @ {_DZ}"
_EXCHANGED = "exchanges time and batch on one side only: its shape is right, and it pairs each state with another's dz"

WEIGHT_GRADIENT = Exercise(
    plain_memory.weight_gradient, task="add up the gradient of W_hh over all steps in one product.",
    arguments="states : (time + 1, batch, n_h) from h0 on, dz : (time, batch, n_h).", result="dW_hh : (n_h, n_h).",
    cases=_states_and_dz, returns=(Output("dW_hh", ("n_h", "n_h")),), notebook="17",
    section="One product over all steps", forms=(forms.weight_gradient_in_steps, forms.weight_gradient_by_einsum),
    package=Package((fast.weight_grads,), "The package makes the gradients of W_xh and b_h in the same way."),
    mistakes=(
        wrong("h_t_for_h_prev", "takes the states after the steps: W_hh was multiplied by those before them",
              ("states[:-1]", "states[1:]"), see=Section("05", "Through the products")),
        wrong("time_and_batch_exchanged", _EXCHANGED, ("dz.reshape", "dz.swapaxes(0, 1).reshape")),
        wrong("time_and_batch_exchanged", _EXCHANGED, ("[:-1].reshape", "[:-1].swapaxes(0, 1).reshape")),
        wrong("reshaped_for_transposed", "reshapes to (n_h, rows): that is no transpose, it mixes the units",
              (_H, "states[:-1].reshape(states.shape[-1], -1).T")),
        wrong("transposed", "is transposed: rows are the old units, columns the new ones, as in W_hh",
              (_PRODUCT, f"({_PRODUCT}).T")),
        wrong("averaged", "divides by steps and batch: it is a sum", (_PRODUCT, f"{_PRODUCT} / len(h_prev)")),
        wrong("averaged_over_time", "divides by the steps: it is a sum", (_PRODUCT, f"{_PRODUCT} / len(dz)")),
        wrong("averaged_over_batch", "divides by the batch: it is a sum", (_PRODUCT, f"{_PRODUCT} / dz.shape[1]")),
        wrong("first_step_missing", "leaves the first step out: it multiplied h0 by W_hh",
              ("states[:-1]", "states[1:-1]"), ("dz.reshape", "dz[1:].reshape")),
        wrong("last_step_missing", "leaves the last step out", ("states[:-1]", "states[:-2]"),
              ("dz.reshape", "dz[:-1].reshape")),
        wrong("last_step_only", "takes the last step alone", ("states[:-1]", "states[-2]"),
              ("dz.reshape", "dz[-1].reshape")),
        wrong("first_step_only", "takes the first step alone", ("states[:-1]", "states[0]"),
              ("dz.reshape", "dz[0].reshape")),
        wrong("reversed_time", "runs one of the two from the end: state and dz belong to the same step",
              ("dz.reshape", "dz[::-1].reshape")),
        wrong("not_summed", "does not sum over the steps: one matrix for all is asked for",
              (_PRODUCT, "states[:-1].swapaxes(1, 2) @ dz")),
        wrong("sums_multiplied", "sums first and multiplies then: each step of each sample has a product of its own",
              (_PRODUCT, "np.outer(h_prev.sum(axis=0), dz.sum(axis=(0, 1)))")),
        wrong("batch_summed_first", "sums over the batch before it multiplies: each sample has a product of its own",
              (_PRODUCT, "states[:-1].sum(axis=1).T @ dz.sum(axis=1)")),
        wrong("time_summed_first", "sums over time before it multiplies: each step has a product of its own",
              (_PRODUCT, "states[:-1].sum(axis=0).T @ dz.sum(axis=0)")),
        wrong("elementwise", "keeps the diagonal alone: every old unit reached every new one",
              (_PRODUCT, f"np.diag((h_prev * {_DZ}).sum(axis=0))")),
        wrong("slope_again", "multiplies by the slope once more: it is in dz already",
              ("dz.reshape", "(dz * (1 - states[1:] ** 2)).reshape")),
    ),
)

def _long_ones() -> Cases:
    """(params, x, dh, every): the last piece is short, the only one, or as long as the others."""
    return tuple(
        (d.params(), d.floats("time", "batch", "n_x"), d.upstream("time", "batch", "n_h"), every)
        for d, every in zip(draws(173), (2, 2, 2, 3), strict=True)
    )

_AGAIN, _CARRIED = "kept[i])", "dh_piece[-1] += dh_carry"
_DROPPED = "drops the carry between pieces: what came back to a piece's first state goes on into the piece before"
_TWICE = "multiplies the carry by W_hh once more: it has been through W_hh already"
_ADDED = "[total + grad for total, grad in zip(shared, grads, strict=True)]"

CHECKPOINTED = Exercise(
    plain_memory.checkpointed, task="go back through time with one state kept for each piece, each piece run again.",
    arguments="params : RNNParams, x : (time, batch, n_x), dh : (time, batch, n_h), every : steps of a piece.",
    result="dx, dh0, dW_xh, dW_hh, db_h : SequenceGrads or five arrays in this order; h0 is 0.", cases=_long_ones,
    returns=SEQUENCE_GRADS, notebook="17", section="Less memory", backwards="time",
    mistakes=(
        wrong("carry_dropped", _DROPPED, (f"        {_CARRIED}\n", "")),
        wrong("carry_at_first_step", "adds the carry at the piece's first step: it comes to its last one",
              ("dh_piece[-1] +=", "dh_piece[0] +=")),
        wrong("carry_at_all_steps", "adds the carry at every step of a piece: it comes to its last one",
              ("dh_piece[-1] +=", "dh_piece +=")),
        wrong("carry_replaces", "puts the carry in place of the last step's own gradient: both roads add",
              ("dh_piece[-1] +=", "dh_piece[-1] ="),
              see=Section("06", "Two roads from a state to the loss")),
        wrong("carry_multiplied_twice", _TWICE, (_CARRIED, f"{_CARRIED} @ params.W_hh.T")),
        wrong("carry_multiplied_twice", _TWICE, (_ADDED, f"{_ADDED}\n        dh_carry = dh_carry @ params.W_hh.T")),
        wrong("carry_accumulates", "adds up the carry: each piece hands on a new one",
              (_CARRIED, f"{_CARRIED}\n        before = dh_carry"), (_ADDED, f"{_ADDED}\n        dh_carry += before")),
        wrong("forward_order", "goes through the pieces from the first to the last: gradients come from the end",
              ("reversed(list(enumerate(starts)))", "enumerate(starts)")),
        wrong("short_piece_lost", "leaves out the last piece where it is shorter than the others",
              ("range(0, len(x), every)", "range(0, len(x) - every + 1, every)")),
        wrong("kept_one_early", "keeps the state before the last of a piece: the next piece begins with the last",
              ("h[-1].copy()", "h[-2:][0].copy()")),
        wrong("kept_first", "keeps each piece's first new state: the next piece begins with its last",
              ("h[-1].copy()", "h[0].copy()")),
        wrong("one_piece_late", "runs a piece again from the state after it: it begins with the one before",
              (_AGAIN, "kept[i + 1])")),
        wrong("one_step_late", "runs a piece again from the state after its first step: it begins with the one before",
              (_AGAIN, "rnn_forward(params, x[s : s + 1], kept[i])[0][0])")),
        wrong("from_zeros", "runs each piece again from zeros: it begins with the state that was kept",
              (_AGAIN, "kept[0])")),
        wrong("kept_from_zeros", "runs each piece from zeros: it begins where the one before ended",
              ("every], kept[-1])", "every], kept[0])")),
        wrong("overwritten", "keeps the weights' gradients of the first piece alone: every piece adds its share",
              (_ADDED, "grads"), see=Section("06", "Why the sum over time")),
        wrong("averaged", "takes the mean of the pieces' gradients: they are sums",
              (_ADDED, "[t + g / len(starts) for t, g in zip(shared, grads, strict=True)]"),
              see=Section("06", "Why the sum over time")),
        wrong("pieces_overlap", "lets the pieces overlap by a step, which then counts twice",
              ("every], kept[i])", "every + 1], kept[i])"), ("dh[s : s + every]", "dh[s : s + every + 1]"),
              ("dx[s : s + every]", "dx[s : s + every + 1]")),
        wrong("dx_in_walking_order", "puts the pieces of dx one after the other as they come: the last ones come first",
              ("SequenceGrads(dx,", "SequenceGrads(np.concatenate([dx[s : s + every] for s in reversed(starts)]),")),
        wrong("dh0_zero", "returns zeros as dh0: the carry left at the end is dh0",
              ("dx, dh_carry, *shared)", "dx, 0 * dh_carry, *shared)"),
              see=Section("06", "What dx and dh0 are good for")),
    ),
)

ALL = (INPUT_FIRST, WEIGHT_GRADIENT, CHECKPOINTED)
