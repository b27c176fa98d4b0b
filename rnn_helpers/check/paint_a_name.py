"""The exercises of notebook 13: reading an answer off the last real state, and where the way back begins."""

import numpy as np

from rnn_helpers import many_to_one, plain
from rnn_helpers.check import forms
from rnn_helpers.check.cell_backward import PRODUCTS
from rnn_helpers.check.draws import Draw, draws
from rnn_helpers.check.engine.exercise import Cases, Exercise, Output, Package, wrong
from rnn_helpers.check.single_cell import THE_OUTPUT
from rnn_helpers.validate import Array

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

_EARLY = "is one step early: 1 was subtracted twice"

def _padded(seed: int) -> list[tuple[Draw, Array]]:
    """Return a draw of each set of sizes, and lengths; in the last two, the array is longer than the longest.

    No two lengths of a batch are equal where there are enough steps.
    """
    found = []
    for draw in draws(seed):
        steps, batch = draw.sizes.time, draw.sizes.batch
        longest = steps - 2 if steps > 4 else steps
        found.append((draw, 1 + (longest - 2 - 2 * np.arange(batch)) % longest))
    return found

def _last_states_cases() -> Cases:
    return tuple((np.tanh(draw.floats("time", "batch", "n_h")), lengths) for draw, lengths in _padded(91))

_PICKED = "h[lengths - 1, np.arange(len(lengths))]"

LAST_STATES = Exercise(
    plain.last_states, forms=(forms.last_states,),
    task="pick each sequence's state after its last real step.",
    arguments="h : (time, batch, n_h), lengths : (batch,) integers from 1 to time.", result="h_last : (batch, n_h).",
    cases=_last_states_cases, returns=(Output("h_last", ("batch", "n_h")),), notebook="13",
    section="The last real state",
    package=Package((many_to_one.last_states,),
                    "The package checks first that each length is an integer from 1 to the number of steps.",
                    keeps_float32=True),
    mistakes=(
        wrong("last_of_the_array",
              "takes the last step of the array: where a sequence is shorter, that state has read padding",
              (_PICKED, "h[-1]")),
        wrong("one_late", "is one step late: after 3 steps the state is h[2], steps count from 1 and indices from 0",
              ("lengths - 1", "lengths")),
        wrong("one_late", "is one step late, and at the end of the array it stays: steps count from 1, indices from 0",
              ("lengths - 1", "np.minimum(lengths, len(h) - 1)")),
        wrong("one_early", _EARLY, ("lengths - 1", "lengths - 2")),
        wrong("first_state", "takes the first state: it has read one step", (_PICKED, "h[0]")),
        wrong("same_step_for_all", "takes one step for all, that of the longest sequence: each has its own last step",
              (_PICKED, "h[lengths.max() - 1]")),
        wrong("same_step_for_all", "takes one step for all, that of the first sequence: each has its own last step",
              (_PICKED, "h[lengths[0] - 1]")),
        wrong("same_step_for_all", "takes one step for all, that of the shortest sequence: each has its own last step",
              (_PICKED, "h[lengths.min() - 1]")),
        wrong("no_batch_index", "picks whole steps: each row has to be picked too, beside its step",
              (_PICKED, "h[lengths - 1]")),
        wrong("first_row_for_all", "picks the first row of the batch at each step: every row has a state of its own",
              (_PICKED, "h[lengths - 1][:, 0]")),
        wrong("mean_over_time", "takes the mean over the real steps: we want the state after the last of them",
              (_PICKED, "np.array([h[:n, i].mean(axis=0) for i, n in enumerate(lengths)])")),
        wrong("mean_over_all_steps", "takes the mean over all steps, padding among them", (_PICKED, "h.mean(axis=0)")),
        wrong("sum_over_time", "sums over the real steps: we want the state after the last of them",
              (_PICKED, "np.array([h[:n, i].sum(axis=0) for i, n in enumerate(lengths)])")),
        wrong("zero_for_the_shorter", "sets shorter sequences to zero: their last state comes earlier",
              (_PICKED, "h[-1] * (lengths == len(h))[:, None]")),
        wrong("kept_time_axis", "returns a sequence of one step: the time axis is still there",
              (_PICKED, "h[lengths - 1, np.arange(len(lengths))][None]")),
    ),
)

def _head_gradients_cases() -> Cases:
    """(W_hy, b_y, h_last, targets); in the last case one answer is exactly right."""
    made: list[tuple[Array, ...]] = []
    for draw in draws(93):
        h_last = np.tanh(draw.floats("batch", "n_h"))
        far = 20.0 if len(made) == 3 else 1.0  # where what is cut off shows
        W_hy, targets = draw.floats("n_h", "n_y", scale=far), draw.floats("batch", "n_y", scale=far)
        made.append((W_hy, draw.floats("n_y"), h_last, targets))
    W_hy, b_y, h_last, targets = (array.copy() for array in made[-1])
    W_hy, b_y, h_last = np.round(W_hy), np.round(b_y), np.sign(h_last) / 2  # sums of halves: exact in any order
    targets[1] = h_last[1] @ W_hy + b_y
    return *made, (W_hy, b_y, h_last, targets)

# np.divide(difference, len(targets) * distance, out=..., where=...) as a fraction: its two ends.
_DIVIDED = ("np.divide(difference, ", "difference / (")
_SAFELY = ", out=np.zeros_like(difference), where=distance > 0)"
_NOT_BY_DISTANCE = (f" * distance{_SAFELY}", ")")

HEAD_GRADIENTS = Exercise(
    plain.head_gradients, task="send the mean distance back through the regression head.",
    arguments="W_hy : (n_h, n_y), b_y : (n_y,), h_last : (batch, n_h), targets : (batch, n_y).",
    result="dh_last : (batch, n_h), dW_hy : (n_h, n_y), db_y : (n_y,).", cases=_head_gradients_cases,
    returns=(Output("dh_last", ("batch", "n_h")), Output("dW_hy", ("n_h", "n_y")), Output("db_y", ("n_y",))),
    notebook="13", section="The head's gradient", extreme=1,
    package=Package((many_to_one.head_gradients, many_to_one.mean_distance_and_grad),
                    "The package checks its arguments, and takes dy from the function that computes the loss as well.",
                    keeps_float32=True),
    mistakes=(
        wrong("zero_by_zero", "divides 0 by 0 where an answer is exactly right: such a row is zero", _DIVIDED,
              (_SAFELY, ")")),
        wrong("ones_where_right", "has ones where an answer is exactly right: such a row is zero",
              ("np.zeros_like(difference)", "np.full_like(difference, 1 / len(targets))")),
        wrong("not_averaged", "does not divide by N: the loss is a mean over the batch", ("len(targets)", "1")),
        wrong("divided_by_outputs", "divides by the outputs too: the mean runs over the batch alone",
              ("len(targets)", "targets.size")),
        wrong("not_normalised", "does not divide by the distance: this is the gradient of half the squared distance",
              _DIVIDED, _NOT_BY_DISTANCE),
        wrong("squared_distance", "is the squared distance's gradient: we want the distance's",
              ("np.divide(difference, ", "2 * difference / ("), _NOT_BY_DISTANCE),
        wrong("divided_twice", "divides by the squared distance: a direction is the difference over its length",
              (" * distance,", " * distance**2,")),
        wrong("half", "has a factor of 1/2: the root's cancels the square's 2", (" * distance,", " * 2 * distance,")),
        wrong("whole_array_length", "divides by one length for the whole batch: each row has its own distance",
              (", axis=1, keepdims=True", "")),
        wrong("length_over_batch", "takes the length down the batch: a distance runs along a row",
              ("axis=1, keepdims=True", "axis=0")),
        wrong("signs_only", "keeps the signs alone: that belongs to the sum of the absolute differences",
              ("np.divide(difference, ", "np.sign(difference) / ("), _NOT_BY_DISTANCE),
        wrong("turned_sign", "has the wrong sign: dy should point from the target to the answer",
              ("difference = ", "difference = targets - ("), (" - targets", ")")),
        wrong("no_output_bias", "leaves out b_y in the answer", ("W_hy + b_y", "W_hy"), see=THE_OUTPUT),
        wrong("bias_not_summed", "does not sum db_y: every row used the one bias", ("dy.sum(axis=0)", "dy"),
              see=PRODUCTS),
        wrong("bias_mean", "takes the mean for db_y: every row adds its full share",
              ("dy.sum(axis=0)", "dy.mean(axis=0)")),
        wrong("weights_transposed", "returns dW_hy transposed: a gradient has the shape of its weight",
              ("h_last.T @ dy", "dy.T @ h_last")),
        wrong("dh_is_dy", "returns dy as dh_last: W_hy lies between them", ("dy @ W_hy.T", "dy")),
        wrong("slope_too_early", "goes back through tanh as well: dh_last is the gradient at the state, after tanh",
              ("dy @ W_hy.T", "dy @ W_hy.T * (1 - h_last**2)")),
        wrong("swapped_outputs", "returns the gradients in another order: we want dh_last, dW_hy, db_y",
              ("return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)",
               "return h_last.T @ dy, dy.sum(axis=0), dy @ W_hy.T")),
    ),
)

def _last_states_backward_cases() -> Cases:
    return tuple((draw.floats("batch", "n_h"), lengths, draw.sizes.time) for draw, lengths in _padded(92))

_PLACED = "dh[lengths - 1, np.arange(len(lengths))] = dh_last"

LAST_STATES_BACKWARD = Exercise(
    plain.last_states_backward, forms=(forms.last_states_backward,),
    task="make the dh that backpropagation through time starts from.",
    arguments="dh_last : (batch, n_h), lengths : (batch,) integers from 1 to steps, steps : int.",
    result="dh : (steps, batch, n_h).", cases=_last_states_backward_cases,
    returns=(Output("dh", ("time", "batch", "n_h")),), notebook="13", section="Back through time, from one step only",
    package=Package(
        (many_to_one.last_states_backward, many_to_one.loss_and_grads),
        "The package checks its arguments and keeps dh_last's number format; then, how a training step uses dh.",
        keeps_float32=True,
    ),
    mistakes=(
        wrong("last_of_the_array", "puts every row at the last step of the array: a shorter sequence ends earlier",
              (_PLACED, "dh[-1] = dh_last")),
        wrong("one_late", "is one step late: steps count from 1, indices from 0", ("lengths - 1", "lengths")),
        wrong("one_early", _EARLY, ("lengths - 1", "lengths - 2")),
        wrong("first_step", "puts every row at the first step", (_PLACED, "dh[0] = dh_last")),
        wrong("same_step_for_all", "puts every row where the longest sequence ends: each has its own last step",
              (_PLACED, "dh[lengths.max() - 1] = dh_last")),
        wrong("every_real_step", "gives the gradient to every real step: only the last of them was picked",
              (_PLACED, "for i, n in enumerate(lengths): dh[:n, i] = dh_last[i]")),
        wrong("shared_out",
              "shares the gradient out over the real steps, as a mean would: only the last of them was picked",
              (_PLACED, "for i, n in enumerate(lengths): dh[:n, i] = dh_last[i] / n")),
        wrong("every_step", "gives the gradient to every step, padding among them: only one step was picked",
              (_PLACED, "dh[:] = dh_last")),
        wrong("padding_too", "gives the gradient to the padding after the last real step as well",
              (_PLACED, "for i, n in enumerate(lengths): dh[n - 1 :, i] = dh_last[i]")),
        wrong("no_batch_index", "fills whole steps: each row has to be picked too, beside its step",
              (_PLACED, "dh[lengths - 1] = dh_last")),
        wrong("divided_by_length", "divides by the length: the loss does not know how long a sequence is",
              ("= dh_last", "= dh_last / lengths[:, None]")),
        wrong("averaged_over_batch", "divides by the batch: the mean of the loss is in dh_last already",
              ("= dh_last", "= dh_last / len(lengths)")),
        wrong("no_time_axis", "returns dh_last itself: rnn_backward wants a row for every step",
              ("return dh", "return dh_last")),
        wrong("batch_first", "returns the batch first: time comes first", ("return dh", "return dh.swapaxes(0, 1)")),
        wrong("reversed_time", "counts from the end of the array: a sequence begins at the first step",
              ("return dh", "return dh[::-1]")),
    ),
)

ALL = (LAST_STATES, HEAD_GRADIENTS, LAST_STATES_BACKWARD)
