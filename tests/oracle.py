"""The same network by other hands: HIPS autograd over a loop of cells, and PyTorch's own layers.

Both take the gradient from the forward pass alone, so neither can share a mistake with our backward pass.
"""

import os

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad


def states(W_xh, W_hh, b_h, x, h0):
    """Run one cell after the other; x is rows of floats."""
    h = [h0]
    for t in range(len(x)):
        h.append(anp.tanh(anp.dot(x[t], W_xh) + anp.dot(h[t], W_hh) + b_h))
    return anp.stack(h[1:])


def log_softmax(logits):
    """Take the definition as it stands: fit for moderate scores only."""
    return logits - anp.log(anp.sum(anp.exp(logits), axis=-1, keepdims=True))


def cross_entropy(logits, targets):
    """Walk over the targets that count, one by one."""
    log_p = log_softmax(logits)
    nats = [-log_p[(*place, k)] for place, k in np.ndenumerate(targets) if k != -100]
    return sum(nats) / len(nats)


def loss(W_xh, W_hh, b_h, W_hy, b_y, x, targets, h0):
    return cross_entropy(anp.dot(states(W_xh, W_hh, b_h, x, h0), W_hy) + b_y, targets)


def gradients(f, *arguments):
    """Return the gradient of the scalar f for each of its arguments."""
    return grad(f, argnum=tuple(range(len(arguments))))(*arguments)


def import_torch():
    """Return PyTorch; skip where it is not installed, unless RNN_REQUIRE_TORCH=1 makes that a failure."""
    if os.environ.get("RNN_REQUIRE_TORCH") == "1":
        import torch
    else:
        torch = pytest.importorskip("torch")
    torch.set_num_threads(1)  # on arrays this small, threads wait for each other whenever the machine is busy
    return torch


class TorchNetwork:
    """nn.RNN and nn.Linear with our weights, transposed into PyTorch's layout, in float64."""

    def __init__(self, case):
        self.torch = torch = import_torch()
        _, _, n_x, n_h, n_y = map(int, case.sizes)
        self.rnn = torch.nn.RNN(n_x, n_h, dtype=torch.float64)
        self.linear = torch.nn.Linear(n_h, n_y, dtype=torch.float64)
        with torch.no_grad():
            self.rnn.weight_ih_l0.copy_(self.tensor(case.params.W_xh.T))
            self.rnn.weight_hh_l0.copy_(self.tensor(case.params.W_hh.T))
            self.rnn.bias_ih_l0.copy_(self.tensor(case.params.b_h))
            self.rnn.bias_hh_l0.zero_()  # PyTorch has two biases where one does
            self.linear.weight.copy_(self.tensor(case.params.W_hy.T))
            self.linear.bias.copy_(self.tensor(case.params.b_y))
        self.x = self.tensor(case.rows).requires_grad_()
        self.h0 = self.tensor(case.start).requires_grad_()
        self.h, _ = self.rnn(self.x, self.h0[None])
        self.logits = self.linear(self.h)
        self.y = torch.softmax(self.logits, dim=-1)

    def tensor(self, array):
        return self.torch.tensor(np.ascontiguousarray(array))  # a copy: ours are read-only

    def loss(self, targets):
        return self.torch.nn.functional.cross_entropy(
            self.logits.flatten(0, 1), self.tensor(targets).flatten(), ignore_index=-100
        )

    def sequence_grads(self):
        """Return the gradients for x, h0, W_xh, W_hh, b_h in our layout."""
        rnn = self.rnn
        found = self.x, self.h0, rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0
        return tuple(v.grad.numpy().T if v.dim() == 2 and v is not self.h0 else v.grad.numpy() for v in found)

    def param_grads(self):
        """Return the gradients for W_xh, W_hh, b_h, W_hy, b_y in our layout."""
        return (
            *self.sequence_grads()[2:],
            self.linear.weight.grad.numpy().T,
            self.linear.bias.grad.numpy(),
        )
