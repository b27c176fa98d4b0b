"""Live figures: pictures that follow controls, and the course's own views.

`show(view)` puts a picture under its controls. Read `controls` first: it says what a view is made of. `redraw` redraws
quickly, `widget` is the page's side. `views` lists the views of the course; those of notebooks 07 and 08 are made in
`faults`, and `names` makes the one of notebook 11 from trained networks. `networks` has those that the others
show. `progress`, imported by name, shows a training run while it goes on.
"""

# `import x as x` hands x on: mypy and Ruff read it so.
from rnn_helpers.live.controls import Choice as Choice
from rnn_helpers.live.controls import Control as Control
from rnn_helpers.live.controls import Stepper as Stepper
from rnn_helpers.live.controls import Text as Text
from rnn_helpers.live.controls import Toggle as Toggle
from rnn_helpers.live.controls import View as View
from rnn_helpers.live.faults import GUESS as GUESS
from rnn_helpers.live.faults import STEP_SIZE as STEP_SIZE
from rnn_helpers.live.faults import SUSPECTS as SUSPECTS
from rnn_helpers.live.names import reading as reading
from rnn_helpers.live.networks import PENCIL as PENCIL
from rnn_helpers.live.networks import gradient_walks as gradient_walks
from rnn_helpers.live.networks import pencil_step as pencil_step
from rnn_helpers.live.networks import pencil_step_back as pencil_step_back
from rnn_helpers.live.networks import pulse_states as pulse_states
from rnn_helpers.live.networks import short_walk as short_walk
from rnn_helpers.live.networks import walk_back as walk_back
from rnn_helpers.live.views import CAROUSEL as CAROUSEL
from rnn_helpers.live.views import CELL as CELL
from rnn_helpers.live.views import FLOW as FLOW
from rnn_helpers.live.views import GRADIENT as GRADIENT
from rnn_helpers.live.views import LOSS as LOSS
from rnn_helpers.live.views import MEMORY as MEMORY
from rnn_helpers.live.views import SOFTMAX as SOFTMAX
from rnn_helpers.live.views import STATES as STATES
from rnn_helpers.live.views import STEP as STEP
from rnn_helpers.live.views import STEP_BACK as STEP_BACK
from rnn_helpers.live.views import TANH as TANH
from rnn_helpers.live.views import TWO_STEPS_AGO as TWO_STEPS_AGO
from rnn_helpers.live.views import UNROLLED as UNROLLED
from rnn_helpers.live.views import VIEWS as VIEWS
from rnn_helpers.live.views import WALK as WALK
from rnn_helpers.live.widget import show as show
