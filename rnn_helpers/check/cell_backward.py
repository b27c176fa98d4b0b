"""The exercises of notebook 05: one step of the network, backward."""

import numpy as np

from rnn_helpers import plain
from rnn_helpers.check.draws import draws, state
from rnn_helpers.check.engine.exercise import Cases, Exercise, Output, Section, wrong

# Where a mistake of this notebook is explained; those without a section are explained where the exercise is.
WHY_UPSTREAM = Section("05", "Why the upstream gradient multiplies")
TANH = Section("05", "With arrays: through tanh")

# Sentences that several exercises share.
UPSTREAM = "forgets the upstream gradient: what arrives at h_t has to pass on"
SQUASHED_AGAIN = "applies tanh to h_t once more in the slope: h_t already is the output of tanh"
NOT_SQUARED = "does not square h_t in the slope of tanh"
SQUARED_DIFFERENCE = "squares 1 - h_t as a whole: only h_t is squared"
NO_SLOPE = "passes tanh by: its slope is missing"

# --- back through tanh -----------------------------------------------------------------------------------------


def _tanh_backward_cases() -> Cases:
    """(h_t, dh_t)."""
    small = np.array([[0.5, -0.8]]), np.array([[2.0, 3.0]])
    return small, *((state(d), d.floats("batch", "n_h")) for d in draws(51))


TANH_BACKWARD = Exercise(
    plain.tanh_backward,
    task="send dh_t back through tanh.",
    arguments="h_t, dh_t : (batch, n_h).",
    result="dz_t : (batch, n_h).",
    cases=_tanh_backward_cases,
    returns=(Output("dz_t", ("batch", "n_h")),),
    notebook="05",
    section="With arrays: through tanh",
    in_pairs=False,
    mistakes=(
        wrong("upstream_forgotten", UPSTREAM, ("dh_t * (1 - h_t**2)", "1 - h_t**2"), see=WHY_UPSTREAM),
        wrong("squashed_again", SQUASHED_AGAIN, ("h_t**2)", "np.tanh(h_t) ** 2)")),
        wrong("not_squared", NOT_SQUARED, ("h_t**2)", "h_t)")),
        wrong("squared_difference", SQUARED_DIFFERENCE, ("(1 - h_t**2)", "(1 - h_t) ** 2")),
        wrong("no_slope", NO_SLOPE, ("dh_t * (1 - h_t**2)", "dh_t.copy()")),
        wrong(
            "no_brackets",
            "takes h_t squared away from dh_t itself: dh_t multiplies the slope as a whole",
            ("(1 - h_t**2)", "1 - h_t**2"),
        ),
    ),
)

ALL = (TANH_BACKWARD,)
