"""Figures from arrays. Each function draws on `ax`, or on a figure of its own, and returns a Drawing.

Forward is blue and drawn with solid lines, gradients are vermilion and dashed, in every picture. No function here
knows a model: it takes arrays or sizes, and the sentence under its picture is computed from them. `update_X` moves the
artists of a drawing that `X` made, for live figures. Read `drawing.py` for what a Drawing is, then any other file: each
holds figures of one kind. `door.py` checks what they are given, `glyphs.py` writes any script.
"""

# `import x as x` hands x on: mypy and Ruff read it so.
from rnn_helpers.plots.carousel import carousel as carousel
from rnn_helpers.plots.carousel import update_carousel as update_carousel
from rnn_helpers.plots.diagram import cell as cell
from rnn_helpers.plots.diagram import unrolled as unrolled
from rnn_helpers.plots.diagram import update_cell as update_cell
from rnn_helpers.plots.diagram import update_unrolled as update_unrolled
from rnn_helpers.plots.drawing import FAINT as FAINT
from rnn_helpers.plots.drawing import FORWARD as FORWARD
from rnn_helpers.plots.drawing import GRADIENT as GRADIENT
from rnn_helpers.plots.drawing import INK as INK
from rnn_helpers.plots.drawing import LINES as LINES
from rnn_helpers.plots.drawing import WIDTH as WIDTH
from rnn_helpers.plots.drawing import Drawing as Drawing
from rnn_helpers.plots.faults import error_map as error_map
from rnn_helpers.plots.faults import error_maps as error_maps
from rnn_helpers.plots.faults import step_size_errors as step_size_errors
from rnn_helpers.plots.faults import update_error_map as update_error_map
from rnn_helpers.plots.faults import update_error_maps as update_error_maps
from rnn_helpers.plots.faults import update_step_size_errors as update_step_size_errors
from rnn_helpers.plots.flow import gradient_flow as gradient_flow
from rnn_helpers.plots.flow import loss_map as loss_map
from rnn_helpers.plots.flow import singular_values as singular_values
from rnn_helpers.plots.flow import update_gradient_flow as update_gradient_flow
from rnn_helpers.plots.functions import loss_of_probability as loss_of_probability
from rnn_helpers.plots.functions import loss_of_score as loss_of_score
from rnn_helpers.plots.functions import softmax_bars as softmax_bars
from rnn_helpers.plots.functions import tanh_and_slope as tanh_and_slope
from rnn_helpers.plots.functions import update_loss_of_score as update_loss_of_score
from rnn_helpers.plots.functions import update_softmax_bars as update_softmax_bars
from rnn_helpers.plots.functions import update_tanh_and_slope as update_tanh_and_slope
from rnn_helpers.plots.ladder import ladder_bars as ladder_bars
from rnn_helpers.plots.loss_curves import growing_loss as growing_loss
from rnn_helpers.plots.loss_curves import losses as losses
from rnn_helpers.plots.loss_curves import runs as runs
from rnn_helpers.plots.loss_curves import smooth as smooth
from rnn_helpers.plots.loss_curves import update_growing_loss as update_growing_loss
from rnn_helpers.plots.loss_curves import update_with_and_without as update_with_and_without
from rnn_helpers.plots.loss_curves import with_and_without as with_and_without
from rnn_helpers.plots.memory import arrivals as arrivals
from rnn_helpers.plots.memory import memory_curve as memory_curve
from rnn_helpers.plots.memory import update_memory_curve as update_memory_curve
from rnn_helpers.plots.sequences import alike_together as alike_together
from rnn_helpers.plots.sequences import state_heatmap as state_heatmap
from rnn_helpers.plots.sequences import state_lines as state_lines
from rnn_helpers.plots.sequences import states_and_gradient as states_and_gradient
from rnn_helpers.plots.sequences import update_state_heatmap as update_state_heatmap
from rnn_helpers.plots.sequences import update_states_and_gradient as update_states_and_gradient
from rnn_helpers.plots.step import StepBackNumbers as StepBackNumbers
from rnn_helpers.plots.step import StepNumbers as StepNumbers
from rnn_helpers.plots.step import cell_numbers as cell_numbers
from rnn_helpers.plots.step import cell_numbers_back as cell_numbers_back
from rnn_helpers.plots.step import update_cell_numbers as update_cell_numbers
from rnn_helpers.plots.step import update_cell_numbers_back as update_cell_numbers_back
from rnn_helpers.plots.swatches import chips as chips
from rnn_helpers.plots.swatches import distance_curve as distance_curve
from rnn_helpers.plots.swatches import letter_bars as letter_bars
from rnn_helpers.plots.swatches import letters as letters
from rnn_helpers.plots.swatches import pairs as pairs
from rnn_helpers.plots.swatches import update_letter_bars as update_letter_bars
from rnn_helpers.plots.swatches import update_letters as update_letters
from rnn_helpers.plots.text import reading as reading
from rnn_helpers.plots.text import states_of_text as states_of_text
from rnn_helpers.plots.text import unit_over_text as unit_over_text
from rnn_helpers.plots.text import update_reading as update_reading
from rnn_helpers.plots.walk import WalkNumbers as WalkNumbers
from rnn_helpers.plots.walk import update_walk_numbers as update_walk_numbers
from rnn_helpers.plots.walk import walk_numbers as walk_numbers
