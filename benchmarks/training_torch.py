"""PyTorch's side of `training.py`: nn.RNN, nn.Linear, cross_entropy, clip_grad_norm_ and Adam."""

from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from benchmarks.contender_torch import layers, parameter
from benchmarks.training_settings import LIMIT, RATE
from rnn_helpers import RNNParams
from rnn_helpers.data import Batch


def with_identity_table(start: RNNParams) -> tuple[Callable[[Tensor], Tensor], list[Tensor]]:
    """Look one-hot rows up in an identity matrix."""
    rnn, linear, weights = layers(start)
    table = torch.eye(rnn.input_size, dtype=linear.weight.dtype)
    return lambda ids: linear(rnn(F.embedding(ids, table))[0]), weights


def with_weight_table(start: RNNParams) -> tuple[Callable[[Tensor], Tensor], list[Tensor]]:
    """Look rows of W_xh up, before an nn.RNN whose input weight is a fixed identity."""
    rnn, linear, weights = layers(start)
    table = parameter(start.W_xh)
    rnn.input_size = rnn.hidden_size
    rnn.weight_ih_l0 = nn.Parameter(torch.eye(rnn.hidden_size, dtype=table.dtype), requires_grad=False)
    return lambda ids: linear(rnn(F.embedding(ids, table))[0]), [table, *weights[1:]]


def run(
    make: Callable[[RNNParams], tuple[Callable[[Tensor], Tensor], list[Tensor]]],
    start: RNNParams,
    batches: list[Batch],
) -> Iterator[tuple[float, None]]:
    forward, weights = make(start)
    optimiser = torch.optim.Adam(weights, lr=RATE, fused=True)
    for batch in batches:
        logits = forward(torch.from_numpy(batch.x))
        loss = F.cross_entropy(logits.flatten(0, 1), torch.from_numpy(batch.targets).flatten(), ignore_index=-100)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(weights, LIMIT)
        optimiser.step()
        yield loss.item(), None


WAYS = {
    "PyTorch, identity table": partial(run, with_identity_table),
    "PyTorch, table of W_xh": partial(run, with_weight_table),
}
