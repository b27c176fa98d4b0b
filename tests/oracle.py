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


# Networks with gates


def squash(z):
    return 1 / (1 + anp.exp(-z))


def lstm_states(W_xh, W_hh, b_h, x, h0, c0):
    """Return all states and the last cell state; each gate is computed from columns of its own."""
    n = h0.shape[1]

    def gate(k, x_t, h):
        block = slice(k * n, (k + 1) * n)
        return anp.dot(x_t, W_xh[:, block]) + anp.dot(h, W_hh[:, block]) + b_h[block]

    h, c, states = h0, c0, []
    for x_t in x:
        i, f, g, o = (gate(k, x_t, h) for k in range(4))
        c = squash(f) * c + squash(i) * anp.tanh(g)
        h = squash(o) * anp.tanh(c)
        states.append(h)
    return anp.stack(states), c


def gru_states(W_xh, W_hh, b_h, b_n, x, h0):
    """Return all states; a b_n of None means that the reset comes before the product."""
    n = h0.shape[1]
    h, states = h0, []
    for x_t in x:
        from_x = [anp.dot(x_t, W_xh[:, k * n : (k + 1) * n]) + b_h[k * n : (k + 1) * n] for k in range(3)]
        r = squash(from_x[0] + anp.dot(h, W_hh[:, :n]))
        z = squash(from_x[1] + anp.dot(h, W_hh[:, n : 2 * n]))
        W_n = W_hh[:, 2 * n :]
        inside = anp.dot(r * h, W_n) if b_n is None else r * (anp.dot(h, W_n) + b_n)
        h = z * h + (1 - z) * anp.tanh(from_x[2] + inside)
        states.append(h)
    return anp.stack(states)


class TorchGates:
    """nn.LSTM or nn.GRU, and nn.Linear, with our weights in PyTorch's layout, in float64."""

    def __init__(self, case):
        self.torch = torch = import_torch()
        p = case.params
        n_x, n_h, n_y = len(p.W_xh), *p.W_hy.shape
        layer = torch.nn.LSTM if case.lstm else torch.nn.GRU
        self.rnn = layer(n_x, n_h, dtype=torch.float64)
        self.linear = torch.nn.Linear(n_h, n_y, dtype=torch.float64)
        second = np.zeros_like(p.b_h)  # PyTorch has two biases where one does, but for a GRU's candidate
        if not case.lstm:
            second[2 * n_h :] = p.b_n
        with torch.no_grad():
            self.rnn.weight_ih_l0.copy_(self.tensor(p.W_xh.T))
            self.rnn.weight_hh_l0.copy_(self.tensor(p.W_hh.T))
            self.rnn.bias_ih_l0.copy_(self.tensor(p.b_h))
            self.rnn.bias_hh_l0.copy_(self.tensor(second))
            self.linear.weight.copy_(self.tensor(p.W_hy.T))
            self.linear.bias.copy_(self.tensor(p.b_y))
        self.x = self.tensor(case.rows).requires_grad_()
        self.start = tuple(self.tensor(state).requires_grad_() for state in case.start)
        starts = tuple(state[None] for state in self.start)
        self.h, last = self.rnn(self.x, starts if case.lstm else starts[0])
        self.c_last = last[1][0] if case.lstm else None
        self.logits = self.linear(self.h)
        self.y = torch.softmax(self.logits, dim=-1)
        self.n_h = n_h

    tensor = TorchNetwork.tensor
    loss = TorchNetwork.loss

    def weight_grads(self):
        """Return the gradients for W_xh, W_hh, b_h, and for a GRU b_n, in our layout."""
        rnn = self.rnn
        found = [rnn.weight_ih_l0.grad.numpy().T, rnn.weight_hh_l0.grad.numpy().T, rnn.bias_ih_l0.grad.numpy()]
        return found if self.c_last is not None else [*found, rnn.bias_hh_l0.grad.numpy()[2 * self.n_h :]]

    def sequence_grads(self):
        """Return the gradients for x and what it started from, and those of the weights."""
        return (*(v.grad.numpy() for v in (self.x, *self.start)), *self.weight_grads())

    def param_grads(self):
        return (*self.weight_grads(), self.linear.weight.grad.numpy().T, self.linear.bias.grad.numpy())
