"""What learners hand in, right and wrong, and how a test asks a check about it."""

import contextlib
import io

import numpy as np
import pytest

import rnn_helpers as rnn
from rnn_helpers import check
from rnn_helpers.check import EXERCISES, Verdict

every_exercise = pytest.mark.parametrize("name", EXERCISES)


def ask(name, function):
    """Call `check.name(function)`, whose own output must be none."""
    stdout, stderr = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        verdict = getattr(check, name)(function)
    assert stdout.getvalue() == stderr.getvalue() == ""
    assert isinstance(verdict, Verdict) and "\n" not in verdict.message
    return verdict


def in_float32(function):
    """Return what `function` returns, its floats in float32."""

    def answer(*arguments):
        return shrunk(function(*arguments))

    def shrunk(value):
        if isinstance(value, np.ndarray | np.floating | float):
            return np.float32(value)
        return tuple(map(shrunk, value)) if isinstance(value, tuple | list) else value

    return answer


def output_by_einsum(W_hy, h, dlogits):
    h_rows, d_rows = h.reshape(-1, h.shape[-1]), dlogits.reshape(-1, dlogits.shape[-1])
    return (
        np.einsum("jk,...k->...j", W_hy, dlogits),
        np.einsum("nj,nk->jk", h_rows, d_rows),
        np.ones(len(d_rows)) @ d_rows,
    )


def scalar_list(w_x, w_h, b, xs, h0):
    states = [h0]
    for x in xs:
        states += [float(np.tanh(b + states[-1] * w_h + x * w_x))]
    return states[1:]


def gradient_that_indexes_with_all_targets(logits, targets):
    y = rnn.softmax(logits).reshape(-1, logits.shape[-1])
    y[np.arange(len(y)), targets.reshape(-1)] -= 1
    return y.reshape(logits.shape) / targets.size


def whole_max(z):
    e = np.exp(z - z.max())
    return e / e.sum(axis=-1, keepdims=True)


def stub(z):
    """Return probabilities."""
    raise NotImplementedError


def raises(z):
    """Return probabilities."""
    m = z.max()
    return z @ m  # a scalar


def recursive(z):
    return recursive(z)


def loops(z):
    while True:
        z = z + 1


def writes_to_input(z):
    z -= z.max(axis=-1, keepdims=True)
    return rnn.softmax(z)


def clears_in_place(dh, t):
    dh[: t - 1] = dh[t:] = 0
    return dh


def draws_random_numbers(dz_t):
    return np.random.default_rng().standard_normal(dz_t.shape[1])


class Hostile:
    """Raises whenever it is looked at."""

    def __array__(self, *_, **__):
        raise RuntimeError

    def __repr__(self):
        raise RuntimeError

    def __eq__(self, other):
        raise RuntimeError

    def __getattribute__(self, name):
        raise RuntimeError

    __hash__ = None
