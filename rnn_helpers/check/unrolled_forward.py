"""The exercises of notebook 03: the whole sequence, forward."""

from rnn_helpers.check.draws import draws, state
from rnn_helpers.check.engine.exercise import Cases


def sequences() -> Cases:
    """(params, x, h0), and once without h0."""
    with_h0 = [(d.params(), d.floats("time", "batch", "n_x"), state(d)) for d in draws(31)]
    params, x, _ = with_h0[-1]
    return *with_h0, (params, x)
