"""The exercises of notebook 00: where a step stands in an array, what a token becomes, and what there is to learn."""

import numpy as np

from rnn_helpers import plain
from rnn_helpers.check import forms
from rnn_helpers.check.engine.exercise import Cases, Exercise, Output, wrong

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

def _step_cases() -> Cases:
    """(x, t): one in the middle by hand, the first step, the last."""
    x = np.random.default_rng(1).standard_normal((3, 5, 4))
    return (np.arange(1.0, 3 * 5 * 4 + 1).reshape(3, 5, 4), 2), (x, 1), (x, 3)

STEP = Exercise(
    plain.step, task="return what the cell sees at step t, steps counted from 1.",
    arguments="x : (time, batch, n_x), t : int from 1 to time.", result="x_t : (batch, n_x).", cases=_step_cases,
    returns=(Output("x_t", ("batch", "n_x")),), notebook="00", section="Time comes first",
    mistakes=(
        wrong("off_by_one", "is one step late: steps count from 1, indices from 0", ("[t - 1]", "[t]")),
        wrong("two_early", "is one step early: 1 was subtracted twice", ("[t - 1]", "[t - 2]")),
        wrong("from_the_end", "counts from the end: a negative index walks backwards", ("[t - 1]", "[-t]")),
        wrong("batch_axis", "picks one sample at all its steps: time is the first axis, the batch the second",
              ("[t - 1]", "[:, t - 1]")),
        wrong("feature_axis", "picks one feature: time is the first axis, not the last", ("[t - 1]", "[..., t - 1]")),
        wrong("all_up_to_t", "returns all steps up to t: the cell sees one of them at a time", ("[t - 1]", "[:t]")),
        wrong("kept_time_axis", "returns a sequence of one step: the time axis is still there",
              ("[t - 1]", "[t - 1 : t]")),
    ),
)

def _one_hot_cases() -> Cases:
    """(ids, n_x): one small, one in which some ids never occur."""
    ids = np.random.default_rng(2).integers(7, size=(4, 3))
    return (np.array([[2, 0]]), 3), (np.array([[1], [3]]), 4), (ids, 7)

_ROWS = "np.eye(n_x)[ids]"

ONE_HOT = Exercise(
    plain.one_hot, forms=(forms.one_hot,),
    task="turn token ids into rows with a single 1.",
    arguments="ids : (time, batch) integers below n_x, n_x : int.", result="x : (time, batch, n_x) float64.",
    cases=_one_hot_cases, returns=(Output("x", ("time", "batch", "n_x")),), notebook="00",
    section="A word becomes rows",
    mistakes=(
        wrong("counted_from_one", "puts the 1 one column too far left: ids count from 0", ("[ids]", "[ids - 1]")),
        wrong("swapped_axes", "swaps time and batch: the axes of ids come first, in their own order",
              ("[ids]", "[ids.T]")),
        wrong("features_first",
              "puts the new axis first, as the article does: one sample is one row here, its features come last",
              (_ROWS, f"np.moveaxis({_ROWS}, -1, 0)")),
        wrong("flattened", "stacks all steps on top of each other: time and batch stay two axes",
              ("[ids]", "[ids.reshape(-1)]")),
        wrong("inverted", "has 0 and 1 the wrong way round", (_ROWS, f"1 - {_ROWS}")),
        wrong("id_as_value", "writes the id itself where a 1 belongs", (_ROWS, f"{_ROWS} * ids[..., None]")),
        wrong("marks_all_below", "marks every column up to the id: only one entry of a row is 1",
              ("np.eye(n_x)", "np.tri(n_x)")),
        wrong("all_ids_in_every_row",
              "marks the ids of the whole array in every row: each row has the one id of its place",
              (f"return {_ROWS}", "x = np.zeros((*ids.shape, n_x))\n    x[..., ids] = 1\n    return x")),
        wrong("no_feature_axis", "returns the ids as floats: each id becomes a row of n_x numbers",
              (_ROWS, "ids.astype(np.float64)")),
    ),
)

def _count_parameters_cases() -> Cases:
    return (2, 3, 4), (27, 64, 5), (3, 1, 2), (1, 5, 3)

COUNT_PARAMETERS = Exercise(
    plain.count_parameters, task="count the numbers in the five parameter arrays.", arguments="n_x, n_h, n_y : int.",
    result="count : int.", cases=_count_parameters_cases, returns=(Output("count", kind="integer"),), notebook="00",
    section="The letters",
    mistakes=(
        wrong("no_biases", "leaves out both biases", (" + n_h + ", " + "), (" + n_y", "")),
        wrong("no_hidden_bias", "leaves out b_h", (" + n_h + ", " + ")),
        wrong("no_output_bias", "leaves out b_y", (" + n_y", "")),
        wrong("biases_as_one", "counts one number for each bias: each unit and each output has its own",
              (" + n_h + ", " + 1 + "), (" + n_y", " + 1")),
        wrong("no_recurrent", "leaves out W_hh, the weights from the state to itself", (" + n_h * n_h", "")),
        wrong("no_output_layer", "leaves out the output layer, W_hy and b_y", (" + n_h * n_y + n_y", "")),
        wrong("two_hidden_biases", "counts the hidden bias twice, as PyTorch keeps it: one is enough here",
              (" + n_h + ", " + 2 * n_h + ")),
        wrong("recurrent_as_vector", "counts n_h numbers in W_hh: every unit feeds every unit", ("n_h * n_h", "n_h")),
        wrong("recurrent_doubled", "counts 2 * n_h numbers in W_hh: it has n_h rows of n_h", ("n_h * n_h", "2 * n_h")),
        wrong("output_from_input", "counts n_x * n_y numbers in W_hy: the output reads the state, not the input",
              ("n_h * n_y", "n_x * n_y")),
    ),
)

ALL = (STEP, ONE_HOT, COUNT_PARAMETERS)
