"""A recurrent network in NumPy alone: forward, backward, and the means to check both.

The notebooks call this package. What it computes stands on one page, `plain.py`: read that first. `import rnn_helpers`
brings the core, which computes the same, checks its arguments, and is fast. The rest is imported by name, as in
`from rnn_helpers import check, live, plots`: the exercises' checks, the live views and the figures; the LSTM and both
GRUs in `gates`, steps downhill in `optim`, one answer for a whole sequence in `many_to_one`, products of many steps in
`dynamics`, one function at many points in `sweep`, texts, colours and tasks in `data`, training in `train`, and in
`labs` what one notebook alone needs. README says which file to open for which question.
"""

import logging
import sys

from rnn_helpers.cell import CellCache, CellGrads, rnn_cell_backward, rnn_cell_forward
from rnn_helpers.gradcheck import check_gradients, numerical_gradient, relative_error
from rnn_helpers.output import (
    IGNORE_INDEX,
    OutputGrads,
    cross_entropy,
    cross_entropy_and_grad,
    output_backward,
    softmax,
    softmax_backward,
)
from rnn_helpers.params import RNNParams, init_params
from rnn_helpers.rnn import SequenceCache, SequenceGrads, loss_and_grads, rnn_backward, rnn_forward

__version__ = "0.1.0"

__all__ = [
    "IGNORE_INDEX", "CellCache", "CellGrads", "OutputGrads", "RNNParams", "SequenceCache", "SequenceGrads",
    "check_gradients", "cross_entropy", "cross_entropy_and_grad", "init_params", "loss_and_grads",
    "numerical_gradient", "output_backward", "relative_error", "rnn_backward", "rnn_cell_backward",
    "rnn_cell_forward", "rnn_forward", "softmax", "softmax_backward",
]  # fmt: skip

if (
    sys.platform == "emscripten"
):  # at each start Matplotlib would say that it looks for fonts, which takes half a second
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
