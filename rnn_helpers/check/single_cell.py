"""The exercises of notebook 02: one step of the network, forward."""

from rnn_helpers.check.draws import draws, state
from rnn_helpers.check.engine.exercise import Cases, Section

OTHER_LETTERS = Section("02", "The same cell in other letters")


def cell_inputs() -> Cases:
    """(params, x_t, h_prev)."""
    return tuple((d.params(), d.floats("batch", "n_x"), state(d)) for d in draws(21))
