"""What all exercises of this course share: the words of its messages, and answers that several of them ask for."""

from rnn_helpers.check.engine.exercise import Course, Output, Section
from rnn_helpers.output import IGNORE_INDEX

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
