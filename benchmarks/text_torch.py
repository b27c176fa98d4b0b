"""PyTorch's side of `text.py`: nn.RNN in both layouts, its state detached and carried from window to window."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from benchmarks.contender_torch import layers, parameter
from benchmarks.text import RATE, Runner
from benchmarks.training_settings import LIMIT
from rnn_helpers import RNNParams, data


def with_identity_table(start: RNNParams, *, batch_first: bool) -> tuple[nn.RNN, nn.Linear, Tensor, list[Tensor]]:
    """Look one-hot rows up in an identity matrix."""
    rnn, linear, weights = layers(start, batch_first=batch_first)
    return rnn, linear, torch.eye(rnn.input_size, dtype=linear.weight.dtype), weights


def with_weight_table(start: RNNParams, *, batch_first: bool) -> tuple[nn.RNN, nn.Linear, Tensor, list[Tensor]]:
    """Look rows of W_xh up, before an nn.RNN whose input weight is a fixed identity."""
    rnn, linear, weights = layers(start, batch_first=batch_first)
    table = parameter(start.W_xh)
    rnn.input_size = rnn.hidden_size
    rnn.weight_ih_l0 = nn.Parameter(torch.eye(rnn.hidden_size, dtype=table.dtype), requires_grad=False)
    return rnn, linear, table, [table, *weights[1:]]


def runner(make: Callable, batch_first: bool, start: RNNParams, batches: data.Batches) -> Runner:
    rnn, linear, table, weights = make(start, batch_first=batch_first)
    optimiser = torch.optim.Adam(weights, lr=RATE, fused=True)

    def run() -> Iterator[None]:
        h = None
        for batch in batches:
            laid_out = (array.T if batch_first else array for array in (batch.x, batch.targets))
            x, targets = (torch.from_numpy(np.ascontiguousarray(array)) for array in laid_out)
            states, h = rnn(F.embedding(x, table), h.detach() if batch.continues else None)
            loss = F.cross_entropy(linear(states).flatten(0, 1), targets.flatten())
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(weights, LIMIT)
            optimiser.step()
            loss.item()
            yield

    def read() -> RNNParams:
        W_xh, W_hh, b_h, W_hy, b_y = (weight.detach().numpy() for weight in weights)
        return RNNParams(W_xh if weights[0] is table else W_xh.T, W_hh.T, b_h, W_hy.T, b_y)

    return run(), read


WAYS = {
    f"PyTorch, {layout} first, {words}": partial(runner, make, layout == "batch")
    for layout in ("time", "batch")
    for make, words in ((with_identity_table, "identity table"), (with_weight_table, "table of W_xh"))
}
