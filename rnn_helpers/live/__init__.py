"""Live figures: pictures that follow controls, and the course's own views.

`show(view)` puts a picture under its controls. `controls` says what a view is made of, `painter` redraws quickly,
`widget` is the page's side, and `views` lists the views of the course.
"""

from rnn_helpers.live.checks import STEP_SIZE, SUSPECTS
from rnn_helpers.live.controls import Choice, Control, Stepper, Text, Toggle, View
from rnn_helpers.live.views import (
    CELL,
    GRADIENT,
    LOSS,
    SOFTMAX,
    STATES,
    TANH,
    UNROLLED,
    VIEWS,
    gradient_sizes,
    pulse_states,
)
from rnn_helpers.live.widget import show

__all__ = [
    "CELL",
    "GRADIENT",
    "LOSS",
    "SOFTMAX",
    "STATES",
    "STEP_SIZE",
    "SUSPECTS",
    "TANH",
    "UNROLLED",
    "VIEWS",
    "Choice",
    "Control",
    "Stepper",
    "Text",
    "Toggle",
    "View",
    "gradient_sizes",
    "pulse_states",
    "show",
]
