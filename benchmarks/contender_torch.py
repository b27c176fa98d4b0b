"""PyTorch on the CPU, eager: nn.RNN, nn.LSTM or nn.GRU, nn.Linear, cross_entropy, and gradients of parameters alone."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from benchmarks.contenders import Contender
from benchmarks.problem import Array, Problem
from rnn_helpers import RNNParams
from rnn_helpers.gates import GRUParams, LSTMParams
from rnn_helpers.gates.networks import Params


def time_first(problem: Problem) -> Contender:
    rnn, linear, weights = layers(problem.params)
    x, _, targets = tensors(problem)
    return Contender("PyTorch, time first", step(lambda: loss(linear(rnn(x)[0]), targets), weights), reader(problem))


def batch_first(problem: Problem) -> Contender:
    rnn, linear, weights = layers(problem.params, batch_first=True)
    x, _, targets = (tensor.transpose(0, 1).contiguous() for tensor in tensors(problem))
    run = step(lambda: loss(linear(rnn(x)[0]), targets), weights)
    return Contender("PyTorch, batch first", run, reader(problem))


# nn.RNN takes no token ids, so something must stand before it. The same weights allow three ways: one-hot rows looked
# up in an identity matrix; W_xh itself as the table, before an nn.RNN whose input weight is a fixed identity; and the
# same table with the recurrence written out. The last multiplies least, the first two run their steps in C++.


def identity_table(problem: Problem) -> Contender:
    rnn, linear, weights = layers(problem.params)
    _, ids, targets = tensors(problem)
    table = torch.eye(rnn.input_size, dtype=linear.weight.dtype)
    run = step(lambda: loss(linear(rnn(F.embedding(ids, table))[0]), targets), weights)
    return Contender("PyTorch, ids, identity table", run, read)


def weight_table(problem: Problem) -> Contender:
    rnn, linear, weights = layers(problem.params)
    _, ids, targets = tensors(problem)
    table = parameter(problem.params.W_xh)
    rnn.input_size = rnn.hidden_size
    rnn.weight_ih_l0 = nn.Parameter(torch.eye(rnn.hidden_size, dtype=table.dtype), requires_grad=False)
    run = step(lambda: loss(linear(rnn(F.embedding(ids, table))[0]), targets), [table, *weights[1:]])
    return Contender("PyTorch, ids, table of W_xh", run, lambda result: read(result, "W_xh"))


def weight_table_loop(problem: Problem) -> Contender:
    _, linear, weights = layers(problem.params)
    _, ids, targets = tensors(problem)
    table, W_hh, b_h = (parameter(array) for array in problem.params[:3])

    def forward() -> Tensor:
        z = F.embedding(ids, table) + b_h
        states = [torch.tanh(z[0])]  # h_0 is zero
        for z_t in z[1:]:
            states.append(torch.tanh(torch.addmm(z_t, states[-1], W_hh)))
        return loss(linear(torch.stack(states)), targets)

    run = step(forward, [table, W_hh, b_h, *weights[3:]])
    return Contender("PyTorch, ids, table of W_xh and a loop", run, lambda result: read(result, "W_xh", "W_hh"))


FLOATS = (time_first, batch_first)
IDS = (identity_table, weight_table, weight_table_loop)


LAYERS = {RNNParams: nn.RNN, LSTMParams: nn.LSTM, GRUParams: nn.GRU}


def layers(params: Params, *, batch_first: bool = False) -> tuple[nn.RNNBase, nn.Linear, list[Tensor]]:
    """Return the layers with these weights, and the weights in the order of the parameters."""
    rnn, linear = (
        LAYERS[type(params)](len(params.W_xh), len(params.W_hh), batch_first=batch_first),
        nn.Linear(*params.W_hy.shape),
    )
    rnn.weight_ih_l0, rnn.weight_hh_l0 = parameter(params.W_xh.T), parameter(params.W_hh.T)
    rnn.bias_ih_l0 = parameter(params.b_h)
    linear.weight, linear.bias = parameter(params.W_hy.T), parameter(params.b_y)
    weights = [rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0, linear.weight, linear.bias]
    # The second bias would double the first: it stays zero, and nobody asks for its gradient. Only of a GRU's, the last
    # third is a bias of its own.
    second = torch.zeros_like(rnn.bias_ih_l0)
    if isinstance(params, GRUParams):
        second[-len(params.b_n) :] = torch.from_numpy(params.b_n)
    rnn.bias_hh_l0 = nn.Parameter(second, requires_grad=isinstance(params, GRUParams))
    if isinstance(params, GRUParams):
        weights.insert(3, rnn.bias_hh_l0)
    return rnn, linear, weights


def parameter(array: Array) -> nn.Parameter:
    return nn.Parameter(torch.from_numpy(array.copy()))  # a copy is in PyTorch's own order, also of a transposed view


def tensors(problem: Problem) -> tuple[Tensor, Tensor, Tensor]:
    _, x, ids, targets = problem
    return torch.from_numpy(x), torch.from_numpy(ids), torch.from_numpy(targets)


def loss(logits: Tensor, targets: Tensor) -> Tensor:
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def step(forward: Callable[[], Tensor], weights: list[Tensor]) -> Callable[[], object]:
    def run() -> object:
        value = forward()
        return value.item(), torch.autograd.grad(value, weights)

    return run


def reader(problem: Problem) -> Callable[[object], tuple[float, Params]]:
    """Return what turns a result into the loss and gradients of the problem's parameters."""
    kind, n_h = type(problem.params), len(problem.params.W_hh)

    def read_gates(result: object) -> tuple[float, Params]:
        value, gradients = result
        grads = kind(*(gradient.numpy().T for gradient in gradients))
        return value, grads._replace(b_n=grads.b_n[-n_h:]) if isinstance(grads, GRUParams) else grads

    return read_gates


def read(result: object, *untransposed: str) -> tuple[float, RNNParams]:
    value, gradients = result
    grads = RNNParams(*(gradient.numpy() for gradient in gradients))
    return value, RNNParams(*(g if name in untransposed else g.T for name, g in grads._asdict().items()))
