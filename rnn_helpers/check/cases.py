"""What the learner's functions are tried on: fixed random numbers, every size different, extremes where they matter.

The first case of each exercise is small: messages quote a number of it.
"""

from typing import Any, NamedTuple

import numpy as np

from rnn_helpers.cell import rnn_cell_forward
from rnn_helpers.check.exercise import Arguments
from rnn_helpers.output import IGNORE_INDEX, softmax
from rnn_helpers.params import RNNParams
from rnn_helpers.rnn import rnn_forward
from rnn_helpers.validate import Array

Cases = tuple[Arguments, ...]


class Sizes(NamedTuple):
    """No two are equal, so that a swapped axis cannot hide."""

    time: int
    batch: int
    n_x: int
    n_h: int
    n_y: int


SMALL = Sizes(time=3, batch=2, n_x=5, n_h=4, n_y=6)
ONE_STEP = Sizes(time=1, batch=3, n_x=4, n_h=5, n_y=2)
ONE_ROW = Sizes(time=5, batch=1, n_x=3, n_h=6, n_y=4)
LONG = Sizes(time=7, batch=4, n_x=2, n_h=3, n_y=5)
ALL_SIZES = (SMALL, ONE_STEP, ONE_ROW, LONG)


class Draw(NamedTuple):
    """Random arrays of one set of sizes, all from one generator."""

    sizes: Sizes
    rng: np.random.Generator

    def floats(self, *axes: str, scale: float = 1.0) -> Array:
        """Draw an array with these axes, as in `floats("batch", "n_h")`."""
        return scale * self.rng.standard_normal([getattr(self.sizes, axis) for axis in axes])

    def params(self) -> RNNParams:
        """Draw weights and biases, none of them zero."""
        return RNNParams(
            W_xh=self.floats("n_x", "n_h", scale=0.6),
            W_hh=self.floats("n_h", "n_h", scale=0.6),
            b_h=self.floats("n_h", scale=0.5),
            W_hy=self.floats("n_h", "n_y"),
            b_y=self.floats("n_y"),
        )

    def targets(self, *axes: str) -> Array:
        """Draw right classes."""
        return self.rng.integers(self.sizes.n_y, size=[getattr(self.sizes, axis) for axis in axes])


def draws(seed: int) -> list[Draw]:
    """Return one Draw for each set of sizes."""
    return [Draw(sizes, np.random.default_rng([seed, i])) for i, sizes in enumerate(ALL_SIZES)]


# Rows 1000 apart, and a column far below: what one maximum for all does to those below it.
FAR_APART = np.array(
    [
        [1001.0, 1000.0, 1002.0, -3000.0],
        [2.0, 1.0, 0.0, -2998.0],
        [-999.0, -1001.0, -1000.0, -3001.0],
        [0.5, 0.0, 3.0, -2999.0],
        [0.0, 1000.0, 1.0, -3000.0],
    ]
)


def step() -> Cases:
    """(x, t): the first step, one in the middle, the last."""
    x = np.arange(3 * 5 * 4, dtype=np.float64).reshape(3, 5, 4)
    return tuple((x + 1, t) for t in (2, 1, 3))


def one_hot() -> Cases:
    """(ids, n_x): one small, one in which some ids never occur."""
    ids = np.random.default_rng(2).integers(7, size=(4, 3))
    return (np.array([[2, 0]]), 3), (np.array([[1], [3]]), 4), (ids, 7)


def count_parameters() -> Cases:
    """(n_x, n_h, n_y)."""
    return (2, 3, 4), (27, 64, 5), (3, 1, 2), (1, 5, 3)


def softmax_scores() -> Cases:
    """(z,): a row by hand, a batch, steps of a batch, rows far apart."""
    rng = np.random.default_rng(11)
    random = rng.standard_normal((4, 3)), rng.standard_normal((3, 2, 4))
    return (np.array([[0.0, 1.0], [2.0, 2.5]]),), *((z,) for z in random), (FAR_APART,)


def tanh_outputs() -> Cases:
    """(h,): outputs of tanh, its limits among them."""
    h = np.tanh(np.random.default_rng(12).standard_normal((3, 4)))
    return (np.array([0.5, -0.8]),), (h,), (np.array([[0.0, 1.0, -1.0]]),)


def softmax_backward() -> Cases:
    """(y, dy)."""
    rng = np.random.default_rng(13)
    shapes = (2, 3), (4, 5), (3, 2, 4)
    return tuple((softmax(rng.standard_normal(shape)), rng.standard_normal(shape)) for shape in shapes)


def cell_inputs() -> Cases:
    """(params, x_t, h_prev)."""
    return tuple((d.params(), d.floats("batch", "n_x"), _state(d)) for d in draws(21))


def cell_forward() -> Cases:
    """(params, x_t, h_prev); in the last case the rows' scores lie more than 1000 apart."""
    params, x_t, h_prev = cell_inputs()[0]
    far = np.concatenate([np.full_like(x_t[:1], 9), np.full_like(x_t[:1], -9)])
    return *cell_inputs(), (_steep(params), far, h_prev)


def _steep(params: RNNParams) -> RNNParams:
    """Make scores of opposite inputs lie more than 1000 apart, and one column far below the others."""
    pattern = np.sign(params.W_xh.sum(axis=0))
    b_y = params.b_y.copy()
    b_y[-1] -= 4000
    return params._replace(W_hy=params.W_hy + 400 * pattern[:, None], b_y=b_y)


def article_parameters() -> Cases:
    """(parameters,): weights in the article's layout."""
    return tuple((_for_columns(d),) for d in draws(22)[:3])


def _for_columns(d: Draw) -> dict[str, Array]:
    _, _, n_x, n_h, n_y = d.sizes
    shapes = {"Wam": (n_h, n_x), "Waa": (n_h, n_h), "ba": (n_h, 1), "Wya": (n_y, n_h), "by": (n_y, 1)}
    return {name: d.rng.standard_normal(shape) for name, shape in shapes.items()}


def scalar_forward() -> Cases:
    """(w_x, w_h, b, xs, h0)."""
    return (
        (0.5, -0.8, 0.1, [1.0, -0.5, 2.0], 0.3),
        (1.2, 0.7, -0.3, [0.4], -0.6),
        (-0.4, 1.5, 0.2, [0.9, 0.1, -1.1, 0.7, 0.5], 0.8),
    )


def sequences() -> Cases:
    """(params, x, h0), and once without h0."""
    with_h0 = [(d.params(), d.floats("time", "batch", "n_x"), _state(d)) for d in draws(31)]
    params, x, _ = with_h0[-1]
    return *with_h0, (params, x)


def sequence_forward() -> Cases:
    """As `sequences`; in the last case the scores of a step lie more than 1000 apart."""
    params, x, h0 = sequences()[0]
    far = np.sign(x[:, :, :1]) * np.full_like(x, 9)
    return *sequences(), (_steep(params), far, h0)


def run_in_two() -> Cases:
    """(params, x, h0, cut): cut in the middle, after the first step, before the last."""
    made = [(d.params(), d.floats("time", "batch", "n_x"), _state(d)) for d in draws(32) if d.sizes.time > 1]
    return tuple((*arguments, cut) for arguments, cut in zip(made, (2, 1, 6), strict=True))


def scores_and_targets() -> Cases:
    """(logits, targets): by hand, a batch, steps with ignored targets; a row of large scores, rows far apart."""
    small = np.array([[1.0, 0.0, 2.0], [0.5, 0.0, -1.0]]), np.array([2, 1])
    made = [(2 * d.floats("time", "batch", "n_y"), d.targets("time", "batch")) for d in draws(41)]
    for _, targets in made[::3]:
        targets[0, 1] = targets[-1, 0] = IGNORE_INDEX
    batch = tuple(array[0] for array in made[1])
    large = FAR_APART[:1, :3], np.array([1])
    return small, batch, made[2], made[0], made[3], large, (FAR_APART, np.array([1, 2, 3, 1, 0]))


def output_backward() -> Cases:
    """(W_hy, h, dlogits): a batch, then steps of a batch."""
    sequence = [
        (d.floats("n_h", "n_y"), np.tanh(d.floats("time", "batch", "n_h")), d.floats("time", "batch", "n_y"))
        for d in draws(42)
    ]
    W_hy, h, dlogits = sequence[0]
    return (W_hy, h[0], dlogits[0]), *sequence


def tanh_backward() -> Cases:
    """(h_t, dh_t)."""
    small = np.array([[0.5, -0.8]]), np.array([[2.0, 3.0]])
    return small, *((_state(d), d.floats("batch", "n_h")) for d in draws(51))


def bias_gradient() -> Cases:
    """(dz_t,)."""
    small = (np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]),)
    return small, *((d.floats("batch", "n_h"),) for d in draws(52)[1:])


def cell_backward() -> Cases:
    """(params, cache, dh_t), the cache made by the package."""
    made = zip(cell_inputs(), draws(53), strict=True)
    return tuple((args[0], rnn_cell_forward(*args)[2], d.floats("batch", "n_h")) for args, d in made)


def step_back() -> Cases:
    """(params, h_t, dh_t, dh_carry)."""
    return tuple((d.params(), _state(d), d.floats("batch", "n_h"), d.floats("batch", "n_h")) for d in draws(61))


def sequence_backward() -> Cases:
    """(params, cache, dh), the cache made by the package."""
    made = zip(sequences()[:4], draws(62), strict=True)
    return tuple((args[0], rnn_forward(*args)[2], d.floats("time", "batch", "n_h")) for args, d in made)


def loss_and_grads() -> Cases:
    """(params, x, targets, h0), some targets ignored, once without h0; then large scores, and rows far apart."""
    made: list[tuple[Any, ...]] = []
    for (params, x, h0), d in zip(sequences()[:4], draws(63), strict=True):
        targets = d.targets("time", "batch")
        if targets.size > 4:
            targets[0, 0] = IGNORE_INDEX
        made.append((params, x, targets, h0))
    params, x, h0 = sequence_forward()[-1]
    small_params, small_x, targets, _ = made[0]
    large = small_params._replace(b_y=small_params.b_y + 1000)
    return *made, made[-1][:3], (large, small_x, targets, h0), (params, x, targets, h0)


def turned_round(value: Any) -> Any:
    """Return the same arguments with the numbers of each array and list in reverse order along the last axis.

    Parameters and caches stay: a cache holds what was computed with them, and has to go on fitting.
    """
    if isinstance(value, np.ndarray):
        return value[..., ::-1].copy() if value.ndim else value
    if isinstance(value, list):
        return value[::-1]
    if isinstance(value, dict):
        return {key: turned_round(part) for key, part in value.items()}
    return tuple(map(turned_round, value)) if type(value) is tuple else value


# One case each with token ids as x, which the package takes in place of one-hot rows.


def _ids() -> tuple[Draw, RNNParams, Array, Array]:
    d = draws(71)[0]
    return d, d.params(), d.rng.integers(d.sizes.n_x, size=(d.sizes.time, d.sizes.batch)), _state(d)


def cell_forward_ids() -> Arguments:
    """(params, x_t, h_prev)."""
    _, params, ids, h0 = _ids()
    return params, ids[0], h0


def cell_backward_ids() -> Arguments:
    """(params, cache, dh_t)."""
    d, params, ids, h0 = _ids()
    return params, rnn_cell_forward(params, ids[0], h0)[2], d.floats("batch", "n_h")


def sequence_forward_ids() -> Arguments:
    """(params, x, h0)."""
    return _ids()[1:]


def sequence_backward_ids() -> Arguments:
    """(params, cache, dh)."""
    d, params, ids, h0 = _ids()
    return params, rnn_forward(params, ids, h0)[2], d.floats("time", "batch", "n_h")


def loss_and_grads_ids() -> Arguments:
    """(params, x, targets, h0)."""
    d, params, ids, h0 = _ids()
    return params, ids, d.targets("time", "batch"), h0


def _state(d: Draw) -> Array:
    return np.tanh(d.floats("batch", "n_h"))
