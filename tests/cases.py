"""Random networks and sequences for the tests, all sizes different, and one good call of each function."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest

import rnn_helpers as rnn
from rnn_helpers import RNNParams

KINDS = [
    "seed 0",
    "seed 1",
    "seed 2",
    "h0=None",
    "one step",
    "batch of one",
    "token ids",
    "ignored targets",
    "token ids, ignored targets, h0=None",
    "strided arrays",
    "transposed arrays",
]


class Case(NamedTuple):
    """What a network is run on; `dh` is a random gradient that arrives at each state from outside."""

    params: RNNParams
    x: np.ndarray
    h0: np.ndarray | None
    targets: np.ndarray
    dh: np.ndarray

    @property
    def sizes(self):
        """Steps, batch, n_x, n_h, n_y."""
        return (*self.dh.shape[:2], len(self.params.W_xh), len(self.params.b_h), len(self.params.b_y))

    @property
    def start(self):
        """The state before the first step, zeros where h0 is None."""
        return np.zeros(self.dh.shape[1:]) if self.h0 is None else self.h0

    @property
    def rows(self):
        """Floats to put in place of x: token ids as one-hot rows, written out one by one."""
        if self.x.ndim == 3:
            return self.x
        rows = np.zeros((*self.x.shape, len(self.params.W_xh)))
        for place, token in np.ndenumerate(self.x):
            rows[(*place, token)] = 1
        return rows


def arrays(value: Any) -> Iterator[np.ndarray]:
    """Walk through every array in nested tuples and dictionaries."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from arrays(part)
    elif isinstance(value, dict):
        yield from arrays(tuple(value.values()))


def build(kind: str, dtype: Any = np.float64) -> Case:
    """Draw the case of this kind; its arrays are read-only, so a function that writes to one fails."""
    rng = np.random.default_rng(list(kind.encode()))
    steps, batch, n_x, n_h, n_y = rng.permutation(np.arange(2, 9))[:5]
    steps = 1 if "one step" in kind else steps
    batch = 1 if "batch of one" in kind else batch

    def draw(*shape):
        return rng.standard_normal(shape).astype(dtype)

    params = RNNParams(draw(n_x, n_h) / 2, draw(n_h, n_h) / 2, draw(n_h), draw(n_h, n_y), draw(n_y))
    ids = rng.integers(n_x, size=(steps, batch))
    x = ids if "token ids" in kind else draw(steps, batch, n_x)
    h0 = None if "h0=None" in kind else draw(batch, n_h)
    targets = rng.integers(n_y, size=(steps, batch))
    if "ignored" in kind:
        targets[rng.random((steps, batch)) < 0.5] = -100
        targets[-1, 0] = 1  # at least one counts
    case = Case(params, x, h0, targets, draw(steps, batch, n_h))
    lay_out = {"strided arrays": strided, "transposed arrays": np.asfortranarray}.get(kind)
    if lay_out:
        fields = [RNNParams(*map(lay_out, params)), *map(lay_out, case[1:])]
        case = Case(*fields)
    for array in arrays(case):
        array.setflags(write=False)
    return case


def strided(array):
    """Return the same numbers, with a gap after each one in memory."""
    wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
    wide[..., ::2] = array
    return wide[..., ::2]


every_case = pytest.mark.parametrize("case", [build(kind) for kind in KINDS], ids=KINDS)


def gap(ours, theirs) -> float:
    """Return the largest difference over the largest entry; the shapes must be equal."""
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape, f"{ours.shape} is not {theirs.shape}"
    assert np.isfinite(ours).all() and np.isfinite(theirs).all()
    scale = np.abs(theirs).max()
    return float(np.abs(ours - theirs).max() / (scale if scale > 0 else 1))


def assert_all_close(ours, theirs, limit: float) -> None:
    """Compare two NamedTuples of arrays (or two arrays) field by field."""
    names = getattr(ours, "_fields", None)
    if names is None:
        ours, theirs, names = (ours,), (theirs,), ("array",)
    assert len(ours) == len(theirs)
    gaps = {name: gap(a, b) for name, a, b in zip(names, ours, theirs, strict=True)}
    assert max(gaps.values()) < limit, gaps


# One good call of every function that takes arrays, with sizes that all differ: the tests change an argument of it.
STEPS, BATCH, N_X, N_H, N_Y = 5, 3, 4, 8, 7


def good_calls(dtype: Any = np.float64) -> dict[str, dict[str, Any]]:
    """Return function name -> keyword arguments; drawn afresh at each call, so a test may change them."""
    rng = np.random.default_rng(7)

    def draw(*shape):
        return rng.standard_normal(shape).astype(dtype)

    params = RNNParams(draw(N_X, N_H) / 2, draw(N_H, N_H) / 2, draw(N_H), draw(N_H, N_Y), draw(N_Y))
    x, h0, dh = draw(STEPS, BATCH, N_X), draw(BATCH, N_H), draw(STEPS, BATCH, N_H)
    targets = rng.integers(N_Y, size=(STEPS, BATCH))
    targets[0, 1] = -100
    logits = 3 * draw(STEPS, BATCH, N_Y)
    at = RNNParams(draw(2, 3), draw(3, 3), draw(3), draw(3, 1), draw(1))

    def quadratic(p):
        return float(sum((a**2).sum() for a in p) / 2)

    return {
        "softmax": {"z": logits, "axis": 1},
        "softmax_backward": {"y": draw(BATCH, N_Y), "dy": draw(BATCH, N_Y)},
        "cross_entropy": {"logits": logits, "targets": targets},
        "cross_entropy_and_grad": {"logits": logits, "targets": targets},
        "output_backward": {"W_hy": params.W_hy, "h": dh, "dlogits": logits},
        "rnn_cell_forward": {"params": params, "x_t": x[0], "h_prev": h0},
        "rnn_cell_backward": {
            "params": params,
            "cache": rnn.rnn_cell_forward(params, x[0], h0)[2],
            "dh_t": dh[0],
        },
        "rnn_forward": {"params": params, "x": x, "h0": h0},
        "rnn_backward": {
            "params": params,
            "cache": rnn.rnn_forward(params, x, h0)[2],
            "dh": dh,
        },
        "loss_and_grads": {"params": params, "x": x, "targets": targets, "h0": h0},
        "numerical_gradient": {"f": quadratic, "at": at},
        "check_gradients": {"f": quadratic, "at": at, "grads": at},
        "relative_error": {"a": draw(2, 3), "b": draw(2, 3)},
    }


def call(name: str, arguments: dict[str, Any]) -> Any:
    """Call the public function of this name."""
    return getattr(rnn, name)(**arguments)
