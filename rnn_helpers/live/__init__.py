"""Live figures: pictures that follow controls, and the course's own views.

`show(view)` puts a picture under its controls. Read `controls` first: it says what a view is made of. `redraw` redraws
quickly, `widget` is the page's side. `views` lists the views of the course; those of notebook 07 are made in `faults`,
and `names` makes the one of notebook 08 from trained networks. `networks` has the networks that the others show.
`progress`, imported by name, shows a training run while it goes on.
"""

from rnn_helpers.live.controls import Choice, Control, Stepper, Text, Toggle, View
from rnn_helpers.live.faults import STEP_SIZE, SUSPECTS
from rnn_helpers.live.names import reading
from rnn_helpers.live.networks import (
    PENCIL,
    gradient_walks,
    pencil_step,
    pencil_step_back,
    pulse_states,
    short_walk,
    walk_back,
)
from rnn_helpers.live.views import (
    CELL,
    GRADIENT,
    LOSS,
    SOFTMAX,
    STATES,
    STEP,
    STEP_BACK,
    TANH,
    UNROLLED,
    VIEWS,
    WALK,
)
from rnn_helpers.live.widget import show

__all__ = [
    "CELL",
    "GRADIENT",
    "LOSS",
    "PENCIL",
    "SOFTMAX",
    "STATES",
    "STEP",
    "STEP_BACK",
    "STEP_SIZE",
    "SUSPECTS",
    "TANH",
    "UNROLLED",
    "VIEWS",
    "WALK",
    "Choice",
    "Control",
    "Stepper",
    "Text",
    "Toggle",
    "View",
    "gradient_walks",
    "pencil_step",
    "pencil_step_back",
    "pulse_states",
    "reading",
    "short_walk",
    "show",
    "walk_back",
]
