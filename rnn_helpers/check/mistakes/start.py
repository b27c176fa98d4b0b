"""Mistakes in the exercises of notebook 00."""

import numpy as np

from rnn_helpers.check.exercise import Mistake

STEP = (
    Mistake(
        "off_by_one",
        "is one step late: steps count from 1, indices from 0",
        lambda x, t: x[t],
    ),
    Mistake(
        "two_early",
        "is one step early: subtracted once too often",
        lambda x, t: x[t - 2],
    ),
    Mistake(
        "from_the_end",
        "counts from the end: a negative index walks backwards",
        lambda x, t: x[-t],
    ),
    Mistake(
        "batch_axis",
        "picks one sample at all its steps: time is the first axis, the batch the second",
        lambda x, t: x[:, t - 1],
    ),
    Mistake(
        "feature_axis",
        "picks one feature: time is the first axis, not the last",
        lambda x, t: x[..., t - 1],
    ),
    Mistake(
        "all_up_to_t",
        "returns all steps up to t: the cell sees one of them at a time",
        lambda x, t: x[:t],
    ),
    Mistake(
        "kept_time_axis",
        "returns a sequence of one step: the time axis is still there",
        lambda x, t: x[t - 1 : t],
    ),
)

ONE_HOT = (
    Mistake(
        "counted_from_one",
        "puts the 1 one column too far left: ids count from 0",
        lambda ids, n_x: np.eye(n_x)[ids - 1],
    ),
    Mistake(
        "swapped_axes",
        "swaps time and batch: the axes of ids come first, in their own order",
        lambda ids, n_x: np.eye(n_x)[ids.T],
    ),
    Mistake(
        "features_first",
        "puts the new axis first, as the article does: one sample is one row here, its features come last",
        lambda ids, n_x: np.moveaxis(np.eye(n_x)[ids], -1, 0),
    ),
    Mistake(
        "flattened",
        "puts all steps below one another: the time axis and the batch axis stay apart",
        lambda ids, n_x: np.eye(n_x)[ids.reshape(-1)],
    ),
    Mistake(
        "inverted",
        "has 0 and 1 the wrong way round",
        lambda ids, n_x: 1 - np.eye(n_x)[ids],
    ),
    Mistake(
        "id_as_value",
        "writes the id itself where a 1 belongs",
        lambda ids, n_x: np.eye(n_x)[ids] * ids[..., None],
    ),
    Mistake(
        "marks_all_below",
        "marks every column up to the id: only one entry of a row is 1",
        lambda ids, n_x: np.tri(n_x)[ids],
    ),
    Mistake(
        "all_ids_in_every_row",
        "marks the ids of the whole array in every row: each row has the one id of its place",
        lambda ids, n_x: np.tile(np.isin(np.arange(n_x), ids).astype(np.float64), (*ids.shape, 1)),
    ),
    Mistake(
        "no_feature_axis",
        "returns the ids as floats: each id becomes a row of n_x numbers",
        lambda ids, n_x: ids.astype(np.float64),
    ),
)

COUNT_PARAMETERS = (
    Mistake(
        "no_biases",
        "leaves out both biases",
        lambda n_x, n_h, n_y: n_x * n_h + n_h * n_h + n_h * n_y,
    ),
    Mistake(
        "no_hidden_bias",
        "leaves out b_h",
        lambda n_x, n_h, n_y: n_x * n_h + n_h * n_h + n_h * n_y + n_y,
    ),
    Mistake(
        "no_output_bias",
        "leaves out b_y",
        lambda n_x, n_h, n_y: n_x * n_h + n_h * n_h + n_h + n_h * n_y,
    ),
    Mistake(
        "no_recurrent",
        "leaves out W_hh, the weights from the state to itself",
        lambda n_x, n_h, n_y: n_x * n_h + n_h + n_h * n_y + n_y,
    ),
    Mistake(
        "no_output_layer",
        "leaves out the output layer, W_hy and b_y",
        lambda n_x, n_h, n_y: n_x * n_h + n_h * n_h + n_h,
    ),
    Mistake(
        "two_hidden_biases",
        "counts the hidden bias twice, as PyTorch keeps it: one is enough here",
        lambda n_x, n_h, n_y: n_x * n_h + n_h * n_h + 2 * n_h + n_h * n_y + n_y,
    ),
    Mistake(
        "recurrent_as_vector",
        "counts n_h numbers in W_hh: every unit feeds every unit",
        lambda n_x, n_h, n_y: n_x * n_h + n_h + n_h + n_h * n_y + n_y,
    ),
    Mistake(
        "output_from_input",
        "counts n_x * n_y numbers in W_hy: the output reads the state, not the input",
        lambda n_x, n_h, n_y: n_x * n_h + n_h * n_h + n_h + n_x * n_y + n_y,
    ),
)

ALL = {"step": STEP, "one_hot": ONE_HOT, "count_parameters": COUNT_PARAMETERS}
