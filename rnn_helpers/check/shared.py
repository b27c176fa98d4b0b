"""What all exercises of this course share: the words of its messages, and answers that several of them ask for."""

import numpy as np

from rnn_helpers.check.engine.exercise import Course, Output, Section
from rnn_helpers.output import IGNORE_INDEX, softmax
from rnn_helpers.validate import Array

# Edits of the functions that this course computes with: `engine/kinds.txt` has the others, and says how to read a line.
_KINDS = """
no_tanh | np.tanh(A) | A | leaves out tanh
sigmoid | np.tanh(A) | sigmoid(A) | takes the sigmoid, not tanh
relu | np.tanh(A) | np.maximum(A, 0) | takes ReLU, not tanh
sine | np.tanh(A) | np.sin(A) | takes the sine, not tanh | 3
slope_of_tanh | np.tanh(A) | (1 - np.tanh(A) ** 2) | takes tanh's slope, not tanh | 2
squashed_again | A ** 2 | np.tanh(A) ** 2 | applies tanh to {A} once more
slope_of_sigmoid | 1 - A ** 2 | A * (1 - A) | takes the slope of a sigmoid, not of tanh
no_slope | 1 - A ** 2 | A ** 2 | takes the square, not 1 minus it
root_of_slope | 1 - A ** 2 | np.sqrt(1 - A ** 2) | takes the root of tanh's slope | 3
slope_twice | A * (1 - B ** 2) | A * (1 - B ** 2) ** 2 | multiplies by tanh's slope twice
no_softmax | softmax(A) | A | leaves out softmax
no_softmax | softmax(A) | A.copy() | leaves out softmax
softmax_twice | softmax(A) | softmax(softmax(A)) | applies softmax twice
not_normalised | softmax(A) | np.exp(A) | takes exp without dividing by the sum
sigmoid | softmax(A) | sigmoid(A) | takes the sigmoid, not softmax
tanh | softmax(A) | np.tanh(A) | takes tanh, not softmax | 2
log_softmax | softmax(A) | np.log(softmax(A)) | takes the logarithm of softmax
other_axis | softmax(A) | softmax(A.T).T | applies softmax along another axis
tanh_first | softmax(A) | softmax(np.tanh(A)) | applies tanh before softmax
likeliest | softmax(A) | np.eye(A.shape[-1])[np.argmax(A, axis=-1)] | puts a 1 at the likeliest, not probabilities
softmax_added | = A | softmax(A) | applies softmax to it | 2
tanh_added | = A | np.tanh(A) | applies tanh to it | 2
softmax_added | A @ B + C | softmax(A @ B + C) | applies softmax to a sum | 2
tanh_added | A @ B + C | np.tanh(A @ B + C) | applies tanh to a sum | 2
back_to_z | A ** 2 | np.arctanh(A) ** 2 | squares what tanh was applied to, not its output
turned_sign | softmax(A) | softmax(-A) | applies softmax to the opposite
likeliest | np.argmax(A) | np.argmin(A) | takes the smallest, not the largest
one_too_far | np.argmax(A) | np.argmax(A) + 1 | takes the place after
one_too_early | np.argmax(A) | np.argmax(A) - 1 | takes the place before
last_of_equal | np.argmax(A) | len(A) - 1 - np.argmax(A[::-1]) | takes the last of several that are equal
counted | np.argmax(A) | np.sum(A) | counts them
inverted | np.argmax(A) | np.argmax(~A) | takes the first for which it does not hold
class_0 | A != IGNORE_INDEX | A > 0 | leaves out class 0 too
padding | A != IGNORE_INDEX | A != 0 | leaves out class 0, not the padding
"""


def sigmoid(z: Array) -> Array:
    """Compute what wrong answers put in tanh's place."""
    return 1 / (1 + np.exp(-z))


COURSE = Course(
    in_place=Section("07", "Six suspects"),
    stale=Section("08", "A notebook's own disease"),
    axes={"time": "step {number} of {size}", "batch": "row {index}"},
    hints={
        "tuple indices must be integers or slices, not str": "a field stands behind a dot, as in params.b_h",
        "index -100 is out of bounds": f"{IGNORE_INDEX} marks a target that does not count",
        "indexing arrays could not be broadcast": "index arrays must fit together as the terms of a sum do: beside one "
        "of shape (time, batch), the steps stand in a column, np.arange(time)[:, None]",
    },
    kinds=_KINDS,
    functions=(sigmoid, softmax),
)

# What several exercises return.
PARAMS = (
    Output("W_xh", ("n_x", "n_h")),
    Output("W_hh", ("n_h", "n_h")),
    Output("b_h", ("n_h",)),
    Output("W_hy", ("n_h", "n_y")),
    Output("b_y", ("n_y",)),
)
SHARED_GRADS = (Output("dW_xh", ("n_x", "n_h")), Output("dW_hh", ("n_h", "n_h")), Output("db_h", ("n_h",)))
SEQUENCE_GRADS = (Output("dx", ("time", "batch", "n_x")), Output("dh0", ("batch", "n_h")), *SHARED_GRADS)
