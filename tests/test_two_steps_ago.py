"""The task of notebook 06 that needs memory, and its two quick runs."""

import numpy as np
import pytest

from rnn_helpers import IGNORE_INDEX, init_params, loss_and_grads, rnn_forward
from rnn_helpers.labs import two_steps_ago

SEEDS = range(5)


@pytest.mark.parametrize("steps", [3, 12])
def test_each_target_is_the_id_of_two_steps_ago(steps):
    ids, targets = two_steps_ago.batch(np.random.default_rng(0), steps)
    assert ids.shape == targets.shape == (steps, two_steps_ago.BATCH)
    assert set(np.unique(ids)) == set(range(two_steps_ago.IDS))
    assert np.array_equal(targets[2:], ids[:-2])
    assert np.all(targets[:2] == IGNORE_INDEX)


def test_each_batch_is_a_fresh_one():
    rng = np.random.default_rng(0)
    first, second = (two_steps_ago.batch(rng)[0] for _ in range(2))
    assert not np.array_equal(first, second)


def slow(carried, seed, steps, n_h, updates):
    """Train with the package's own function; without the carry each step is a sequence of its own."""
    rng = np.random.default_rng(seed)
    params = init_params(rng, n_x=4, n_h=n_h, n_y=4)
    found = []
    for _ in range(updates):
        x, targets = two_steps_ago.batch(rng, steps)
        loss, grads = loss_and_grads(params, x, targets)
        if not carried:
            h = np.concatenate([np.zeros((1, two_steps_ago.BATCH, n_h)), rnn_forward(params, x[:-1])[0]])
            rows = steps * two_steps_ago.BATCH
            _, grads = loss_and_grads(params, x.reshape(1, rows), targets.reshape(1, rows), h.reshape(rows, n_h))
        found.append(loss)
        params = params._make(p - 0.5 * g for p, g in zip(params, grads, strict=True))
    return np.array(found)


@pytest.mark.parametrize("carried", [True, False])
@pytest.mark.parametrize(("seed", "steps", "n_h"), [(0, 12, 8), (1, 3, 5), (2, 7, 1)])
def test_the_quick_runs_are_those_of_the_package(carried, seed, steps, n_h):
    quick = two_steps_ago.losses(carried=carried, seed=seed, steps=steps, n_h=n_h, updates=40)
    assert quick == pytest.approx(slow(carried, seed, steps, n_h, updates=40), rel=1e-9)


def test_with_the_carry_every_start_learns_and_without_it_none():
    with_carry, without = ([two_steps_ago.losses(carried=c, seed=seed)[-1] for seed in SEEDS] for c in (True, False))
    assert max(with_carry) < 0.04 and min(without) > 1
