"""The live views of notebook 07: a suspect's map, and how a difference answers to its step."""

from functools import cache

import numpy as np

from rnn_helpers import plots, suspects
from rnn_helpers.gradmap import Backward, Case, GradientMap, backward_map, difference_errors, make_case
from rnn_helpers.live.controls import Choice, Control, View
from rnn_helpers.plots import Drawing
from rnn_helpers.rnn import loss_and_grads, rnn_backward, rnn_forward
from rnn_helpers.validate import Array


def lineup() -> dict[str, Backward]:
    """Return the backward passes to choose from: the package's, the six suspects, and one with a stale cache."""
    old = make_case(np.random.default_rng(1))
    _, _, stale = rnn_forward(old.params, old.x, old.h0)
    six = {name.replace("_", " "): suspect for name, suspect in suspects.SUSPECTS.items()}
    return {"the package": rnn_backward, **six, "suspect 7": suspects.with_stale_cache(stale)}


def draw_suspect(suspect: str, power: int) -> Drawing:
    """Draw the map of one of the `lineup`, with differences of step 10 to this power."""
    found = _map(suspect, power)
    return plots.error_map(found.errors, found.names, changed=found.changed)


def update_suspect(drawing: Drawing, suspect: str, power: int) -> Drawing:
    """Show another map in a drawing that `draw_suspect` made."""
    found = _map(suspect, power)
    return plots.update_error_map(drawing, found.errors, found.names, changed=found.changed)


@cache  # so that coming back to a place is quick
def _map(suspect: str, power: int) -> GradientMap:
    return backward_map(lineup()[suspect], make_case(np.random.default_rng(0)), step=10.0**power)


@cache  # the curves are the same wherever the mark stands
def step_size_curves() -> tuple[Array, Array, Array]:
    """Return step sizes and the relative errors of central and one-sided differences, for W_hh of the default case."""
    steps = 10 ** np.linspace(-13, -1, 49)
    case: Case = make_case(np.random.default_rng(0))
    _, grads = loss_and_grads(case.params, case.x, case.targets, case.h0)

    def loss(W_hh: Array) -> float:
        return loss_and_grads(case.params._replace(W_hh=W_hh), case.x, case.targets, case.h0)[0]

    return steps, *difference_errors(loss, case.params.W_hh, grads.W_hh, steps)


def draw_step_size(power: float) -> Drawing:
    """Draw both curves with a mark at 10 to this power."""
    return plots.step_size_errors(*step_size_curves(), marked=10.0**power)


def update_step_size(drawing: Drawing, power: float) -> Drawing:
    """Move the mark in a drawing that `draw_step_size` made."""
    return plots.update_step_size_errors(drawing, *step_size_curves(), marked=10.0**power)


SUSPECTS = View(
    draw_suspect,
    (
        Choice("suspect", "backward pass", tuple(lineup()), "the package"),
        Control("power", "step s: 10 to the power", -13, -1, 1, -5),
    ),
    update_suspect,
)
STEP_SIZE = View(
    draw_step_size, (Control("power", "step s: 10 to the power", -13.0, -1.0, 0.25, -3.0),), update_step_size
)
