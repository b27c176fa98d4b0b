"""One training step in nine ways with the same result, slow ones first: what a step of notebook 17 changes is a rung.

Rungs 0 to 5 stand here, each a copy of the one before it with some lines changed, to be read as differences. Rungs 6 to
8 are the package's `loss_and_grads`, which reads three kinds of arguments. None checks what it is given.
"""

import ast
import difflib
import inspect
import json
import time
import tracemalloc
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rnn_helpers.params import RNNParams, init_params
from rnn_helpers.rnn import loss_and_grads
from rnn_helpers.validate import Array

Answer = tuple[float, RNNParams]
STORED = Path(__file__).with_name("ladder.json")


class Problem(NamedTuple):
    """What a rung is to solve: ids (time, batch) below n_x, and targets (time, batch) below n_y."""

    params: RNNParams
    ids: Array
    targets: Array


def problem(n_x: int, n_h: int, n_y: int, batch: int, time: int, seed: int = 0) -> Problem:
    """Draw weights, biases that are not zero, ids and targets."""
    rng = np.random.default_rng(seed)
    params = init_params(rng, n_x, n_h, n_y)
    params = params._replace(b_h=rng.standard_normal(n_h), b_y=rng.standard_normal(n_y))
    return Problem(params, rng.integers(n_x, size=(time, batch)), rng.integers(n_y, size=(time, batch)))


def softmax(z: Array, axis: int = -1) -> Array:
    """Compute softmax along an axis."""
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    y: Array = e / e.sum(axis=axis, keepdims=True)
    return y


def rows(array: Array) -> Array:
    """View (time, batch, n) as (time * batch, n)."""
    return array.reshape(-1, array.shape[-1])


# fmt: off
def columns(params: RNNParams, x: Array, targets: Array) -> Answer:
    """Work as the article does, its mistakes mended: a sample is a column, time comes last, all stands in loops."""
    W_xh, W_hh, b_h, W_hy, b_y = params
    _, batch, steps = x.shape
    h, y = np.zeros((len(b_h), batch, steps + 1)), np.zeros((len(b_y), batch, steps))
    for t in range(steps):
        h[:, :, t + 1] = np.tanh(W_xh @ x[:, :, t] + W_hh @ h[:, :, t] + b_h)
        y[:, :, t] = softmax(W_hy @ h[:, :, t + 1] + b_y, axis=0)
    loss, dh, dW_hy, db_y = 0.0, np.zeros(h[:, :, 1:].shape), np.zeros_like(W_hy), np.zeros_like(b_y)
    for t in range(steps):
        right = targets[:, t], np.arange(batch)
        loss -= np.log(y[:, :, t][right]).sum() / targets.size
        dlogits = y[:, :, t] / targets.size
        dlogits[right] -= 1 / targets.size
        dW_hy += dlogits @ h[:, :, t + 1].T
        db_y += dlogits.sum(axis=1, keepdims=True)
        dh[:, :, t] = W_hy.T @ dlogits
    dx, dh_carry = np.zeros_like(x), np.zeros_like(h[:, :, 0])
    dW_xh, dW_hh, db_h = np.zeros_like(W_xh), np.zeros_like(W_hh), np.zeros_like(b_h)
    for t in reversed(range(steps)):
        dz = (dh[:, :, t] + dh_carry) * (1 - h[:, :, t + 1] ** 2)
        dx[:, :, t] = W_xh.T @ dz
        dW_xh += dz @ x[:, :, t].T
        dW_hh += dz @ h[:, :, t].T
        db_h += dz.sum(axis=1, keepdims=True)
        dh_carry = W_hh.T @ dz
    return loss, RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)

def time_first(params: RNNParams, x: Array, targets: Array) -> Answer:
    """Put time first and make each sample a row: what a step reads and writes lies together in memory."""
    W_xh, W_hh, b_h, W_hy, b_y = params
    steps, batch, _ = x.shape
    h, y = np.zeros((steps + 1, batch, len(b_h))), np.zeros((steps, batch, len(b_y)))
    for t in range(steps):
        h[t + 1] = np.tanh(x[t] @ W_xh + h[t] @ W_hh + b_h)
        y[t] = softmax(h[t + 1] @ W_hy + b_y)
    loss, dh, dW_hy, db_y = 0.0, np.zeros(h[1:].shape), np.zeros_like(W_hy), np.zeros_like(b_y)
    for t in range(steps):
        right = np.arange(batch), targets[t]
        loss -= np.log(y[t][right]).sum() / targets.size
        dlogits = y[t] / targets.size
        dlogits[right] -= 1 / targets.size
        dW_hy += h[t + 1].T @ dlogits
        db_y += dlogits.sum(axis=0)
        dh[t] = dlogits @ W_hy.T
    dx, dh_carry = np.zeros_like(x), np.zeros_like(h[0])
    dW_xh, dW_hh, db_h = np.zeros_like(W_xh), np.zeros_like(W_hh), np.zeros_like(b_h)
    for t in reversed(range(steps)):
        dz = (dh[t] + dh_carry) * (1 - h[t + 1] ** 2)
        dx[t] = dz @ W_xh.T
        dW_xh += x[t].T @ dz
        dW_hh += h[t].T @ dz
        db_h += dz.sum(axis=0)
        dh_carry = dz @ W_hh.T
    return loss, RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)

def no_dx(params: RNNParams, x: Array, targets: Array) -> Answer:
    """Leave out the gradient that nobody asked for: training moves weights, not inputs."""
    W_xh, W_hh, b_h, W_hy, b_y = params
    steps, batch, _ = x.shape
    h, y = np.zeros((steps + 1, batch, len(b_h))), np.zeros((steps, batch, len(b_y)))
    for t in range(steps):
        h[t + 1] = np.tanh(x[t] @ W_xh + h[t] @ W_hh + b_h)
        y[t] = softmax(h[t + 1] @ W_hy + b_y)
    loss, dh, dW_hy, db_y = 0.0, np.zeros(h[1:].shape), np.zeros_like(W_hy), np.zeros_like(b_y)
    for t in range(steps):
        right = np.arange(batch), targets[t]
        loss -= np.log(y[t][right]).sum() / targets.size
        dlogits = y[t] / targets.size
        dlogits[right] -= 1 / targets.size
        dW_hy += h[t + 1].T @ dlogits
        db_y += dlogits.sum(axis=0)
        dh[t] = dlogits @ W_hy.T
    dh_carry = np.zeros_like(h[0])
    dW_xh, dW_hh, db_h = np.zeros_like(W_xh), np.zeros_like(W_hh), np.zeros_like(b_h)
    for t in reversed(range(steps)):
        dz = (dh[t] + dh_carry) * (1 - h[t + 1] ** 2)
        dW_xh += x[t].T @ dz
        dW_hh += h[t].T @ dz
        db_h += dz.sum(axis=0)
        dh_carry = dz @ W_hh.T
    return loss, RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)

def out_of_the_loop(params: RNNParams, x: Array, targets: Array) -> Answer:
    """Take out of the loops what needs no other step: the product with x, and all of the output layer."""
    W_xh, W_hh, b_h, W_hy, b_y = params
    steps, batch, _ = x.shape
    h = np.zeros((steps + 1, batch, len(b_h)))
    from_x = (rows(x) @ W_xh + b_h).reshape(steps, batch, -1)
    for t in range(steps):
        h[t + 1] = np.tanh(from_x[t] + h[t] @ W_hh)
    y = softmax(rows(h[1:]) @ W_hy + b_y)
    right = np.arange(len(y)), targets.reshape(-1)
    loss = -np.log(y[right]).sum() / targets.size
    dlogits = y / targets.size
    dlogits[right] -= 1 / targets.size
    dW_hy = rows(h[1:]).T @ dlogits
    db_y = dlogits.sum(axis=0)
    dh = (dlogits @ W_hy.T).reshape(h[1:].shape)
    dh_carry = np.zeros_like(h[0])
    dW_xh, dW_hh, db_h = np.zeros_like(W_xh), np.zeros_like(W_hh), np.zeros_like(b_h)
    for t in reversed(range(steps)):
        dz = (dh[t] + dh_carry) * (1 - h[t + 1] ** 2)
        dW_xh += x[t].T @ dz
        dW_hh += h[t].T @ dz
        db_h += dz.sum(axis=0)
        dh_carry = dz @ W_hh.T
    return loss, RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)

def weights_once(params: RNNParams, x: Array, targets: Array) -> Answer:
    """Keep each step's dz; the sums over time in the weights' gradients are then one product each."""
    W_xh, W_hh, b_h, W_hy, b_y = params
    steps, batch, _ = x.shape
    h = np.zeros((steps + 1, batch, len(b_h)))
    from_x = (rows(x) @ W_xh + b_h).reshape(steps, batch, -1)
    for t in range(steps):
        h[t + 1] = np.tanh(from_x[t] + h[t] @ W_hh)
    y = softmax(rows(h[1:]) @ W_hy + b_y)
    right = np.arange(len(y)), targets.reshape(-1)
    loss = -np.log(y[right]).sum() / targets.size
    dlogits = y / targets.size
    dlogits[right] -= 1 / targets.size
    dW_hy = rows(h[1:]).T @ dlogits
    db_y = dlogits.sum(axis=0)
    dh = (dlogits @ W_hy.T).reshape(h[1:].shape)
    dz, dh_carry = np.zeros_like(dh), np.zeros_like(h[0])
    for t in reversed(range(steps)):
        dz[t] = (dh[t] + dh_carry) * (1 - h[t + 1] ** 2)
        dh_carry = dz[t] @ W_hh.T
    dW_xh = rows(x).T @ rows(dz)
    dW_hh = rows(h[:-1]).T @ rows(dz)
    db_h = rows(dz).sum(axis=0)
    return loss, RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)

def in_place(params: RNNParams, x: Array, targets: Array) -> Answer:
    """Make no new array in a loop: each result is written to where it stays, or over what is no longer needed."""
    W_xh, W_hh, b_h, W_hy, b_y = params
    steps, batch, _ = x.shape
    h = np.zeros((steps + 1, batch, len(b_h)))
    np.matmul(rows(x), W_xh, out=rows(h[1:]))
    h[1:] += b_h
    product = np.zeros_like(h[0])
    for t in range(steps):
        h[t + 1] += np.matmul(h[t], W_hh, out=product)
        np.tanh(h[t + 1], out=h[t + 1])
    y = softmax(rows(h[1:]) @ W_hy + b_y)
    right = np.arange(len(y)), targets.reshape(-1)
    loss = -np.log(y[right]).sum() / targets.size
    dlogits = y / targets.size
    dlogits[right] -= 1 / targets.size
    dW_hy = rows(h[1:]).T @ dlogits
    db_y = dlogits.sum(axis=0)
    dh = (dlogits @ W_hy.T).reshape(h[1:].shape)
    dz, dh_carry = 1 - h[1:] ** 2, np.zeros_like(h[0])
    for t in reversed(range(steps)):
        dh_carry += dh[t]
        dz[t] *= dh_carry
        np.matmul(dz[t], W_hh.T, out=dh_carry)
    dW_xh = rows(x).T @ rows(dz)
    dW_hh = rows(h[:-1]).T @ rows(dz)
    db_h = rows(dz).sum(axis=0)
    return loss, RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)
# fmt: on


def one_hot_rows(p: Problem) -> tuple[RNNParams, Array, Array]:
    """Return params, one-hot rows x (time, batch, n_x), and targets."""
    return p.params, np.eye(len(p.params.W_xh))[p.ids], p.targets


def one_hot_columns(p: Problem) -> tuple[RNNParams, Array, Array]:
    """Return all turned round: weights for columns, x (n_x, batch, time), targets (batch, time), in order in memory."""
    params, x, targets = one_hot_rows(p)
    turned = [array.T.copy() if array.ndim > 1 else array[:, None].copy() for array in params]
    return RNNParams(*turned), np.ascontiguousarray(x.T), targets.T.copy()


def single(p: Problem) -> Problem:
    """Return the problem with weights of half the memory, and ids."""
    return p._replace(params=RNNParams(*(array.astype(np.float32) for array in p.params)))


class Rung(NamedTuple):
    """A way to compute loss and gradients, and what it is given for a problem."""

    name: str
    function: Callable[..., Answer]
    arguments: Callable[[Problem], tuple[Any, ...]]


RUNGS = (
    Rung("the article's layout", columns, one_hot_columns),
    Rung("rows, time first", time_first, one_hot_rows),
    Rung("no dx", no_dx, one_hot_rows),
    Rung("out of the loop", out_of_the_loop, one_hot_rows),
    Rung("weights once", weights_once, one_hot_rows),
    Rung("in place", in_place, one_hot_rows),
    Rung("the package", loss_and_grads, one_hot_rows),
    Rung("token ids", loss_and_grads, tuple),
    Rung("float32", loss_and_grads, single),
)


def answer(rung: Rung, p: Problem) -> Answer:
    """Return a rung's loss and gradients, the latter as this course has them: rows, and flat biases."""
    loss, grads = rung.function(*rung.arguments(p))
    if rung.function is columns:
        grads = RNNParams(*(np.ravel(g) if name.startswith("b_") else g.T for name, g in grads._asdict().items()))
    return loss, grads


def gap(one: Answer, other: Answer) -> float:
    """Return the largest difference of two answers, as a share of each array's largest entry, if that is not 0."""
    pairs = [(np.asarray(a), np.asarray(b)) for a, b in zip((one[0], *one[1]), (other[0], *other[1]), strict=True)]
    return max(float(np.abs(a - b).max() / (np.abs(b).max() or 1)) for a, b in pairs)


class Difference(NamedTuple):
    """Which lines of one source are another's: -  what stood there, +  what stands there instead."""

    lines: tuple[str, ...]

    @property
    def new(self) -> int:
        """How many lines are new."""
        return sum(line.startswith("+") for line in self.lines)

    def __repr__(self) -> str:
        return "\n".join(self.lines)


def difference(before: Callable[..., Any], after: Callable[..., Any]) -> Difference:
    """Return what changes from one function's body to another's; names and docstrings are not compared."""
    found: list[str] = []
    for line in difflib.unified_diff(body(before).splitlines(), body(after).splitlines(), n=0, lineterm=""):
        if not line.startswith(("---", "+++")):
            found.append(line if line[0] in "+-" else "")
    return Difference(tuple(found[1:]))  # which begins with an empty line, as each part does


def body(function: Callable[..., Any]) -> str:
    """Return the lines of a function below its docstring."""
    (tree,) = ast.parse(inspect.getsource(function)).body
    assert isinstance(tree, ast.FunctionDef)
    lines, _ = inspect.getsourcelines(function)
    return "".join(lines[tree.body[0].end_lineno :]).rstrip()


def floor(p: Problem) -> Callable[[], None]:
    """Return a function that does the matrix products that no exact way can do without, and nothing else."""
    params, x, targets = one_hot_rows(p)
    steps, batch, _ = x.shape
    n_h, n_y = params.W_hy.shape
    h, dz = np.random.default_rng(1).uniform(-1, 1, (2, steps, batch, n_h))
    dlogits, one_step, all_steps = np.ones((targets.size, n_y)), np.empty_like(h[0]), np.empty_like(rows(h))
    W_T = params.W_hh.T.copy()
    # h0 = 0 need not meet W_hh, so W_hh meets one step less than there are, there and back.
    products = [
        (rows(x), params.W_xh, all_steps),
        *((h_t, params.W_hh, one_step) for h_t in h[:-1]),
        (rows(h), params.W_hy, np.empty_like(dlogits)),
        (dlogits, params.W_hy.T, all_steps),
        (dlogits.T, rows(h), np.empty((n_y, n_h))),
        *((dz_t, W_T, one_step) for dz_t in dz[:0:-1]),
        (rows(x).T, rows(dz), np.empty_like(params.W_xh)),
        (rows(h[:-1]).T, rows(dz[1:]), np.empty_like(params.W_hh)),
    ]

    def run() -> None:
        for left, right, out in products:
            np.matmul(left, right, out=out)

    return run


def in_turn(runs: Mapping[str, Callable[[], object]], rounds: int, calls: int = 1) -> dict[str, Array]:
    """Return the processor's seconds of a call (rounds,), each over so many calls in a row.

    In every round each has its turn, so that a busy moment hits all alike, and a ratio is taken within a round.
    """
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            start = time.process_time()
            for _ in range(calls):
                run()
            taken[name].append((time.process_time() - start) / calls)
    return {name: np.array(seconds) for name, seconds in taken.items()}


def peak(run: Callable[[], object]) -> int:
    """Return how many bytes a call asks for at most, beside those that were there before."""
    tracemalloc.start()
    try:
        run()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return most


def stored() -> dict[str, Any]:
    """Return what `python -m benchmarks.ladder` measured: `on` says when and on what, `sizes` the rungs, and so on."""
    measured: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))
    return measured
