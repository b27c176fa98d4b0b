"""Optimisers: each equals PyTorch's over a hundred steps, on any NamedTuple, and changes nothing it was given."""

from functools import partial
from typing import NamedTuple

import numpy as np
import pytest
from oracle import import_torch

from rnn_helpers import init_params, optim

SIZES = {"n_x": 4, "n_h": 6, "n_y": 5}
STEPS = {
    "sgd": (optim.sgd, {}, "SGD", {}),
    "momentum": (optim.momentum, {}, "SGD", {"momentum": 0.9}),
    "momentum 0.5": (partial(optim.momentum, keep=0.5), {}, "SGD", {"momentum": 0.5}),
    "adam": (optim.adam, {}, "Adam", {}),
    "adam, other settings": (
        partial(optim.adam, beta1=0.7, beta2=0.9, epsilon=1e-3),
        {},
        "Adam",
        {"betas": (0.7, 0.9), "eps": 1e-3},
    ),
}


class Two(NamedTuple):
    """Parameters of another kind."""

    weight: np.ndarray
    bias: np.ndarray


def random_like(rng, params, scale=1.0):
    return type(params)(*(scale * rng.standard_normal(p.shape) for p in params))


def some_params(rng):
    return [init_params(rng, **SIZES), Two(rng.standard_normal((3, 7)), rng.standard_normal(7))]


def torch_copies(torch, params):
    return [torch.tensor(p.copy(), requires_grad=True) for p in params]


@pytest.mark.parametrize("kind", [0, 1], ids=["RNNParams", "another NamedTuple"])
@pytest.mark.parametrize("name", STEPS)
def test_a_hundred_steps_equal_pytorchs(name, kind):
    torch = import_torch()
    step, _, torch_name, settings = STEPS[name]
    rng = np.random.default_rng(0)
    params, state = some_params(rng)[kind], None
    theirs = torch_copies(torch, params)
    optimiser = getattr(torch.optim, torch_name)(theirs, lr=0.03, **settings)
    for _ in range(100):
        grads = random_like(rng, params)
        for p, g in zip(theirs, grads, strict=True):
            p.grad = torch.tensor(g)
        optimiser.step()
        params, state = step(params, grads, state, 0.03)
    worst = max(np.abs(p - q.detach().numpy()).max() for p, q in zip(params, theirs, strict=True))
    assert worst < 1e-10
