"""Notebook 06: answer with the id of two steps ago, a task that needs memory, learned with the carry and without."""

import numpy as np

from rnn_helpers import fast
from rnn_helpers.output import IGNORE_INDEX
from rnn_helpers.params import RNNParams, init_params
from rnn_helpers.validate import Array

IDS, BATCH = 4, 16


def batch(rng: np.random.Generator, steps: int = 12) -> tuple[Array, Array]:
    """Return random ids (steps, 16) in 0..3 and the targets: each is the id of two steps ago, -100 where there is none.

    `steps` is at least 3: the first two have no answer.
    """
    ids = rng.integers(0, IDS, size=(steps, BATCH))
    return ids, np.concatenate([np.full((2, BATCH), IGNORE_INDEX), ids[:-2]])


def losses(*, carried: bool, seed: int = 0, steps: int = 12, n_h: int = 8, updates: int = 401) -> Array:
    """Train on a fresh batch in each update, `p - 0.5 * g`, and return the losses (updates,) in nats.

    Without `carried`, dh_total is dh[t] alone: no step hands a carry on. A slider waits for two such runs, so this is
    `rnn.loss_and_grads` from its fast parts, without its checks.
    """
    rng = np.random.default_rng(seed)
    params = init_params(rng, n_x=IDS, n_h=n_h, n_y=IDS)
    found = np.empty(updates)
    counts = np.repeat(np.arange(steps) >= 2, BATCH).reshape(steps, BATCH)
    for update in range(updates):
        x, targets = batch(rng, steps)
        states = fast.run_states(*params[:3], x, None)
        h = states[1:]
        z = params.W_hy.T @ fast.as_rows(h).T + params.b_y[:, None]
        targets[:2] = 0  # an id, as the next line needs it; they do not count
        found[update], dlogits = fast.cross_entropy_in_place(z, targets, counts, BATCH * (steps - 2))
        dh, dW_hy, db_y = fast.output_grads(params.W_hy, h, dlogits)
        dz = fast.back_through_time(params.W_hh, states, dh) if carried else dh * (1 - h**2)
        grads = (*fast.weight_grads(x, states, dz, IDS), dW_hy, db_y)
        params = RNNParams(*(p - 0.5 * g for p, g in zip(params, grads, strict=True)))
    return found
