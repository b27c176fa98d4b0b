"""Who is timed: this course's NumPy, and the matrix products that no exact method can do without.

PyTorch and JAX stand in files of their own, because they need not be installed.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from benchmarks.problem import Array, Problem
from rnn_helpers.gates.networks import Params, functions

Answer = dict[str, Array]
OURS, OURS_IDS, FLOOR = "NumPy", "NumPy, ids", "floor"


class Contender(NamedTuple):
    """`run` is what the clock sees; `read` turns its result into (loss, gradients) as this course writes them."""

    name: str
    run: Callable[[], object]
    read: Callable[[object], tuple[float, Params]] | None = None  # None: it computes no gradient


def floats(problem: Problem) -> Contender:
    params, x, _, targets = problem
    loss_and_grads = functions(params).loss_and_grads
    return Contender(OURS, lambda: loss_and_grads(params, x, targets), lambda result: result)


def ids(problem: Problem) -> Contender:
    params, _, tokens, targets = problem
    loss_and_grads = functions(params).loss_and_grads
    return Contender(OURS_IDS, lambda: loss_and_grads(params, tokens, targets), lambda result: result)


def floor(problem: Problem) -> Contender:
    products = floor_products(problem)

    def run() -> None:
        for left, right, out in products:
            np.matmul(left, right, out=out)

    return Contender(FLOOR, run)


def floor_products(problem: Problem) -> list[tuple[Array, Array, Array]]:
    """Return (left, right, out) of each product, in order; the numbers in them are as good as any others.

    Every exact method must do these. It need not multiply h_0 = 0 by W_hh, nor send a gradient back to it,
    so W_hh meets one step less than there are.
    """
    params, x, _, _ = problem
    steps, batch, _ = x.shape
    n_h, n_y = params.W_hy.shape
    rng = np.random.default_rng(1)
    h, dz = rng.uniform(-1, 1, (2, steps, batch, n_h)).astype(x.dtype)
    dlogits = rng.uniform(-1, 1, (steps * batch, n_y)).astype(x.dtype)
    x_rows, h_rows, dz_rows = (array.reshape(steps * batch, -1) for array in (x, h, dz))
    one_step, all_steps = np.empty_like(h[0]), np.empty_like(h_rows)
    W_hh_T = params.W_hh.T.copy()  # products with the view take up to twice as long
    forward = [
        (x_rows, params.W_xh, all_steps),
        *((h_t, params.W_hh, one_step) for h_t in h[:-1]),
        (h_rows, params.W_hy, np.empty_like(dlogits)),
    ]
    backward = [
        (dlogits, params.W_hy.T, all_steps),
        (dlogits.T, h_rows, np.empty((n_y, n_h), x.dtype)),
        *((dz_t, W_hh_T, one_step) for dz_t in dz[:0:-1]),
        (x_rows.T, dz_rows, np.empty_like(params.W_xh)),
        (h_rows[:-batch].T, dz_rows[batch:], np.empty_like(params.W_hh)),
    ]
    return forward + backward


def answer(contender: Contender) -> Answer:
    """Return loss and gradients by name; nothing for the floor, which computes none."""
    if contender.read is None:
        return {}
    loss, grads = contender.read(contender.run())
    return {"loss": np.array(loss), **grads._asdict()}


def check_agreement(answers: dict[str, Answer], dtype: str) -> None:
    """Raise unless all give the first one's loss and gradients: the speed of a wrong answer is worth nothing."""
    allowed = {"float32": 1e-4, "float64": 1e-9}[dtype]
    first, wanted = next(iter(answers.items()))
    for other, given in answers.items():
        for name in given:
            error = difference(wanted[name], given[name])
            if not error <= allowed:  # written so that NaN fails too
                raise AssertionError(f"{other}: {name} differs from that of {first} by {error:.1e}")


def difference(wanted: Array, given: Array) -> float:
    """Return the largest difference as a share of the largest entry; infinity for another shape."""
    return np.abs(given - wanted).max() / np.abs(wanted).max() if given.shape == wanted.shape else np.inf
