"""Figures from arrays. Each function draws on `ax`, or on a figure of its own, and returns a Drawing.

Forward is blue and drawn with solid lines, gradients are vermilion and dashed, in every picture. No function here
knows a model: it takes arrays or sizes, and the sentence under its picture is computed from them.
"""

from rnn_helpers.plots.checks import error_map, step_size_errors, update_error_map, update_step_size_errors
from rnn_helpers.plots.drawing import FAINT, FORWARD, GRADIENT, INK, LINES, WIDTH, Drawing
from rnn_helpers.plots.functions import loss_of_probability, loss_of_score, softmax_bars, tanh_and_slope
from rnn_helpers.plots.network import cell, unrolled
from rnn_helpers.plots.sequences import size_by_step, state_heatmap, state_lines

__all__ = [
    "FAINT",
    "FORWARD",
    "GRADIENT",
    "INK",
    "LINES",
    "WIDTH",
    "Drawing",
    "cell",
    "error_map",
    "loss_of_probability",
    "loss_of_score",
    "size_by_step",
    "softmax_bars",
    "state_heatmap",
    "state_lines",
    "step_size_errors",
    "tanh_and_slope",
    "unrolled",
    "update_error_map",
    "update_step_size_errors",
]
