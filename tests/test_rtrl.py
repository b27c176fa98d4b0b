"""RTRL carries a gradient forward: it is the one that backpropagation brings back."""

import numpy as np
import pytest

from rnn_helpers import init_params, numerical_gradient, rnn_backward, rnn_forward
from rnn_helpers.labs.rtrl import rtrl


def network(seed):
    """Return a network of random size with biases, an input, a first state and a gradient for each state."""
    rng = np.random.default_rng(seed)
    n_x, n_h, steps = (int(size) for size in rng.integers(1, 9, size=3))
    params = init_params(rng, n_x=n_x, n_h=n_h, n_y=2)._replace(b_h=rng.standard_normal(n_h))
    return (
        params,
        rng.standard_normal((steps, 1, n_x)),
        rng.standard_normal((1, n_h)),
        rng.standard_normal((steps, 1, n_h)),
    )


@pytest.mark.parametrize("seed", range(20))
def test_it_is_equal_to_backpropagation(seed):
    params, x, h0, dh = network(seed)
    h, _, cache = rnn_forward(params, x, h0)
    dW_hh, _ = rtrl(params, h[:, 0], h0[0], dh[:, 0])
    wanted = rnn_backward(params, cache, dh).W_hh
    assert np.abs(dW_hh - wanted).max() <= 1e-12 * np.abs(wanted).max()


def test_the_influence_is_how_much_the_last_state_moves():
    params, x, h0, dh = network(3)
    h, _, _ = rnn_forward(params, x, h0)
    _, influence = rtrl(params, h[:, 0], h0[0], dh[:, 0])
    for unit in range(len(params.b_h)):
        moved = numerical_gradient(
            lambda W_hh, unit=unit: float(rnn_forward(params._replace(W_hh=W_hh), x, h0)[0][-1, 0, unit]), params.W_hh
        )
        assert np.allclose(influence[:, :, unit], moved, atol=1e-8)
