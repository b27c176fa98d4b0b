"""Figures from arrays. Each function draws on `ax`, or on a figure of its own, and returns a Drawing.

Forward is blue and drawn with solid lines, gradients are vermilion and dashed, in every picture. No function here
knows a model: it takes arrays or sizes, and the sentence under its picture is computed from them. `update_X` moves the
artists of a drawing that `X` made, for live figures. Read `drawing.py` for what a Drawing is, then any other file: each
holds figures of one kind.
"""

from rnn_helpers.plots.diagram import cell, unrolled, update_cell, update_unrolled
from rnn_helpers.plots.drawing import FAINT, FORWARD, GRADIENT, INK, LINES, WIDTH, Drawing
from rnn_helpers.plots.faults import error_map, step_size_errors, update_error_map, update_step_size_errors
from rnn_helpers.plots.functions import (
    loss_of_probability,
    loss_of_score,
    softmax_bars,
    tanh_and_slope,
    update_loss_of_score,
    update_softmax_bars,
    update_tanh_and_slope,
)
from rnn_helpers.plots.loss_curves import growing_loss, losses, runs, smooth, update_growing_loss
from rnn_helpers.plots.sequences import (
    alike_together,
    state_heatmap,
    state_lines,
    states_and_gradient,
    update_state_heatmap,
    update_states_and_gradient,
)
from rnn_helpers.plots.step import (
    StepBackNumbers,
    StepNumbers,
    cell_numbers,
    cell_numbers_back,
    update_cell_numbers,
    update_cell_numbers_back,
)
from rnn_helpers.plots.swatches import (
    chips,
    distance_curve,
    letter_bars,
    letters,
    pairs,
    update_letter_bars,
    update_letters,
)
from rnn_helpers.plots.text import reading, states_of_text, unit_over_text, update_reading
from rnn_helpers.plots.walk import WalkNumbers, update_walk_numbers, walk_numbers

__all__ = [
    "FAINT",
    "FORWARD",
    "GRADIENT",
    "INK",
    "LINES",
    "WIDTH",
    "Drawing",
    "StepBackNumbers",
    "StepNumbers",
    "WalkNumbers",
    "alike_together",
    "cell",
    "cell_numbers",
    "cell_numbers_back",
    "chips",
    "distance_curve",
    "error_map",
    "growing_loss",
    "letter_bars",
    "letters",
    "loss_of_probability",
    "loss_of_score",
    "losses",
    "pairs",
    "reading",
    "runs",
    "smooth",
    "softmax_bars",
    "state_heatmap",
    "state_lines",
    "states_and_gradient",
    "states_of_text",
    "step_size_errors",
    "tanh_and_slope",
    "unit_over_text",
    "unrolled",
    "update_cell",
    "update_cell_numbers",
    "update_cell_numbers_back",
    "update_error_map",
    "update_growing_loss",
    "update_letter_bars",
    "update_letters",
    "update_loss_of_score",
    "update_reading",
    "update_softmax_bars",
    "update_state_heatmap",
    "update_states_and_gradient",
    "update_step_size_errors",
    "update_tanh_and_slope",
    "update_unrolled",
    "update_walk_numbers",
    "walk_numbers",
]
