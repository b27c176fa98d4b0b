"""The answers to the exercises that the package itself does not answer, or not in the plainest way."""

from collections.abc import Mapping, Sequence

import numpy as np

from rnn_helpers.cell import rnn_cell_forward
from rnn_helpers.output import IGNORE_INDEX, cross_entropy_and_grad, output_backward, softmax
from rnn_helpers.params import RNNParams
from rnn_helpers.rnn import SequenceCache, rnn_backward
from rnn_helpers.validate import Array


def step(x: Array, t: int) -> Array:
    """Return $x_t$, what the cell sees at step t: steps count from 1, indices from 0."""
    x_t: Array = x[t - 1]
    return x_t


def one_hot(ids: Array, n_x: int) -> Array:
    """Return (time, batch, n_x) with a 1 in column `ids[t, i]` of each row and 0 elsewhere."""
    rows: Array = np.eye(n_x)[ids]
    return rows


def count_parameters(n_x: int, n_h: int, n_y: int) -> int:
    """Count the numbers in W_xh, W_hh, b_h, W_hy and b_y. The length of the sequence does not matter."""
    return n_x * n_h + n_h * n_h + n_h + n_h * n_y + n_y


def tanh_slope(h: Array) -> Array:
    r"""Compute $\tanh'(z) = 1 - h^2$ from the output $h = \tanh(z)$."""
    slope: Array = 1 - h**2
    return slope


def pre_activation(params: RNNParams, x_t: Array, h_prev: Array) -> Array:
    r"""Compute $z_t = x_t W_{xh} + h_{t-1} W_{hh} + b_h$, what tanh is applied to."""
    z_t: Array = x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h
    return z_t


def from_article(parameters: Mapping[str, Array]) -> RNNParams:
    """Read weights made for columns: for rows, each matrix is transposed and each bias is flat."""
    return RNNParams(
        W_xh=parameters["Wam"].T,
        W_hh=parameters["Waa"].T,
        b_h=parameters["ba"].reshape(-1),
        W_hy=parameters["Wya"].T,
        b_y=parameters["by"].reshape(-1),
    )


def scalar_forward(w_x: float, w_h: float, b: float, xs: Sequence[float], h0: float) -> Array:
    r"""Compute $h_t = \tanh(w_x x_t + w_h h_{t-1} + b)$ for t = 1..T and return all of them."""
    states = []
    h = h0
    for x in xs:
        h = np.tanh(w_x * x + w_h * h + b)
        states.append(h)
    return np.array(states)


def rnn_forward(params: RNNParams, x: Array, h0: Array | None = None) -> tuple[Array, Array, SequenceCache]:
    """Run the cell along x; keep each state, and each step's probabilities."""
    if h0 is None:
        h0 = np.zeros((x.shape[1], len(params.b_h)))
    states, outputs = [h0], []
    for x_t in x:
        h_t, y_t, _ = rnn_cell_forward(params, x_t, states[-1])
        states.append(h_t)
        outputs.append(y_t)
    return np.array(states[1:]), np.array(outputs), SequenceCache(x, np.array(states))


def run_in_two(params: RNNParams, x: Array, h0: Array, cut: int) -> Array:
    """Run `x[:cut]`, then `x[cut:]` from the state where the first part ended."""
    h_first, _, _ = rnn_forward(params, x[:cut], h0)
    h_second, _, _ = rnn_forward(params, x[cut:], h_first[-1])
    return np.concatenate([h_first, h_second])


def cross_entropy(logits: Array, targets: Array) -> float:
    r"""Compute the mean of $\log \sum_j e^{z_j} - z_{target}$ over the targets that count, each row shifted."""
    counts = targets != IGNORE_INDEX
    z = logits[counts]
    z = z - z.max(axis=-1, keepdims=True)
    z_right = z[np.arange(len(z)), targets[counts]]
    return float(np.mean(np.log(np.exp(z).sum(axis=-1)) - z_right))


def logits_gradient(logits: Array, targets: Array) -> Array:
    r"""Compute $(\mathrm{softmax}(z) - \mathrm{onehot}(target)) / N$, zero where the target does not count."""
    counts = targets != IGNORE_INDEX
    dlogits = softmax(logits)
    dlogits[counts, targets[counts]] -= 1
    dlogits[~counts] = 0
    dlogits /= counts.sum()
    return dlogits


def tanh_backward(h_t: Array, dh_t: Array) -> Array:
    r"""Compute $dz_t = dh_t \odot (1 - h_t^2)$: the gradient before tanh from the gradient after it."""
    dz_t: Array = dh_t * (1 - h_t**2)
    return dz_t


def bias_gradient(dz_t: Array) -> Array:
    """Sum over the batch: the one bias was added to every row, so each row sends a share back."""
    db_h: Array = dz_t.sum(axis=0)
    return db_h


def step_back(params: RNNParams, h_t: Array, dh_t: Array, dh_carry: Array) -> tuple[Array, Array]:
    r"""Compute $dz_t = (dh_t + carry) \odot (1 - h_t^2)$ and the next carry, $dz_t W_{hh}^\top$."""
    dz_t = (dh_t + dh_carry) * (1 - h_t**2)
    return dz_t, dz_t @ params.W_hh.T


def loss_and_grads(params: RNNParams, x: Array, targets: Array, h0: Array | None = None) -> tuple[float, RNNParams]:
    """Run forward to the loss, then back through the output layer and through time."""
    h, _, cache = rnn_forward(params, x, h0)
    loss, dlogits = cross_entropy_and_grad(h @ params.W_hy + params.b_y, targets)
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    back = rnn_backward(params, cache, dh)
    return loss, RNNParams(back.W_xh, back.W_hh, back.b_h, dW_hy, db_y)
