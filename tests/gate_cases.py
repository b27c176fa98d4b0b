"""Random networks with gates, on the inputs of `cases`, and one good call of each function."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from cases import BATCH, KINDS, N_H, N_X, N_Y, STEPS, arrays, gap, strided
from cases import build as rnn_case

from rnn_helpers import gates
from rnn_helpers.gates import GRUBeforeParams, GRUParams, LSTMParams

# Columns of the weights, in units of n_h.
BLOCKS = {LSTMParams: 4, GRUParams: 3, GRUBeforeParams: 3}


def draw_params(kind: type, rng: np.random.Generator, n_x: int, n_h: int, n_y: int, dtype: Any = np.float64) -> Any:
    """Draw parameters whose biases are not zero, so that a wrong one shows."""
    wide = BLOCKS[kind] * n_h
    shapes = {
        "W_xh": (n_x, wide),
        "W_hh": (n_h, wide),
        "b_h": (wide,),
        "b_n": (n_h,),
        "W_hy": (n_h, n_y),
        "b_y": (n_y,),
    }
    return kind(*(0.7 * rng.standard_normal(shapes[name]).astype(dtype) for name in kind._fields))


class GateCase(NamedTuple):
    """What a network is run on; dh and dc_last are random gradients that arrive from outside. A GRU has no c."""

    params: Any
    x: np.ndarray
    rows: np.ndarray
    h0: np.ndarray | None
    c0: np.ndarray | None
    targets: np.ndarray
    dh: np.ndarray
    dc_last: np.ndarray

    @property
    def lstm(self) -> bool:
        return isinstance(self.params, LSTMParams)

    @property
    def given(self) -> tuple[np.ndarray | None, ...]:
        """What the network is given to start from."""
        return (self.h0, self.c0) if self.lstm else (self.h0,)

    @property
    def start(self) -> tuple[np.ndarray, ...]:
        """The same, with zeros for None."""
        return tuple(np.zeros(self.dh.shape[1:]) if state is None else state for state in self.given)

    def forward(self, x=None, start=None) -> tuple[Any, Any, Any]:
        run = gates.lstm_forward if self.lstm else gates.gru_forward
        return run(self.params, self.x if x is None else x, *(self.given if start is None else start))

    def backward(self, cache, dh=None, dc=None) -> Any:
        dh = self.dh if dh is None else dh
        if self.lstm:
            return gates.lstm_backward(self.params, cache, dh, self.dc_last if dc is None else dc)
        return gates.gru_backward(self.params, cache, dh)

    def loss_and_grads(self, **options) -> tuple[Any, ...]:
        run = gates.lstm_loss_and_grads if self.lstm else gates.gru_loss_and_grads
        return run(self.params, self.x, self.targets, *self.given, **options)

    def cell_forward(self, x_t, *state) -> tuple[tuple[np.ndarray, ...], Any, Any]:
        """Return the new state or states, y_t and the cache."""
        run = gates.lstm_cell_forward if self.lstm else gates.gru_cell_forward
        *state, y_t, cache = run(self.params, x_t, *state)
        return tuple(state), y_t, cache

    def cell_backward(self, cache, dh_t, dc_t) -> Any:
        if self.lstm:
            return gates.lstm_cell_backward(self.params, cache, dh_t, dc_t)
        return gates.gru_cell_backward(self.params, cache, dh_t)


def build(network: type, kind: str, dtype: Any = np.float64) -> GateCase:
    """Draw the case of this kind; its arrays are read-only, so a function that writes to one fails."""
    case = rnn_case(kind, dtype)
    rng = np.random.default_rng(list(f"{network.__name__} {kind}".encode()))
    params = draw_params(network, rng, *map(int, case.sizes[2:]), dtype)
    c0, dc_last = (rng.standard_normal(case.dh.shape[1:]).astype(dtype) for _ in range(2))
    if lay_out := {"strided arrays": strided, "transposed arrays": np.asfortranarray}.get(kind):
        params, c0, dc_last = network(*map(lay_out, params)), lay_out(c0), lay_out(dc_last)
    c0 = None if case.h0 is None else c0
    made = GateCase(params, case.x, case.rows, case.h0, c0, case.targets, case.dh, dc_last)
    for array in arrays(made):
        array.setflags(write=False)
    return made


def sized(network: type, seed: int) -> GateCase:
    """Draw a case of random sizes from 1 on."""
    rng = np.random.default_rng(seed)
    steps, batch, n_x, n_h, n_y = rng.integers(1, 12, size=5)
    params = draw_params(network, rng, n_x, n_h, n_y)
    x, dh = rng.standard_normal((steps, batch, n_x)), rng.standard_normal((steps, batch, n_h))
    h0, c0, dc_last = rng.standard_normal((3, batch, n_h))
    return GateCase(params, x, x, h0, c0, rng.integers(n_y, size=(steps, batch)), dh, dc_last)


def every(*networks: type, seeds: int = 0) -> Callable[[Any], Any]:
    """Mark a test that takes a case: of each kind, for these networks or all, and some of random sizes."""
    found = {f"{n.__name__}, {kind}": build(n, kind) for n in networks or BLOCKS for kind in KINDS}
    found |= {f"{n.__name__}, sizes {seed}": sized(n, seed) for n in networks or BLOCKS for seed in range(seeds)}
    return pytest.mark.parametrize("case", found.values(), ids=found.keys())


def good_calls(dtype: Any = np.float64) -> dict[str, tuple[Any, dict[str, Any]]]:
    """Return label -> (function, keyword arguments); drawn afresh at each call, so a test may change them."""
    rng = np.random.default_rng(7)
    x, dh = (rng.standard_normal((STEPS, BATCH, n)).astype(dtype) for n in (N_X, N_H))
    h0, c0, dc_last = rng.standard_normal((3, BATCH, N_H)).astype(dtype)
    targets = rng.integers(N_Y, size=(STEPS, BATCH))
    targets[0, 1] = -100
    calls: dict[str, tuple[Any, dict[str, Any]]] = {"sigmoid": (gates.sigmoid, {"z": 3 * dh})}
    for kind in BLOCKS:
        params = draw_params(kind, rng, N_X, N_H, N_Y, dtype)
        lstm = kind is LSTMParams
        name = "lstm" if lstm else "gru"
        cell, run = getattr(gates, f"{name}_cell_forward"), getattr(gates, f"{name}_forward")
        before = {"h_prev": h0.copy()} | ({"c_prev": c0.copy()} if lstm else {})
        start = {"h0": h0.copy()} | ({"c0": c0.copy()} if lstm else {})
        made = {
            "cell_forward": {"x_t": x[0].copy(), **before},
            "cell_backward": {
                "cache": cell(params, x[0].copy(), *before.values())[-1],
                "dh_t": dh[0].copy(),
                **({"dc_t": dc_last.copy()} if lstm else {}),
            },
            "forward": {"x": x.copy(), **start},
            "backward": {
                "cache": run(params, x.copy(), *start.values())[-1],
                "dh": dh.copy(),
                **({"dc_last": dc_last.copy()} if lstm else {}),
            },
            "loss_and_grads": {"x": x.copy(), "targets": targets.copy(), **start},
        }
        for what, arguments in made.items():
            label = f"{name}_{what}{' before' if kind is GRUBeforeParams else ''}"
            calls[label] = getattr(gates, f"{name}_{what}"), {"params": params, **arguments}
    return calls


def assert_parts_close(ours: Any, theirs: Any, limit: float) -> None:
    """Compare two tuples of arrays, of one type or not, part by part."""
    assert len(ours) == len(theirs)
    gaps = [gap(one, other) for one, other in zip(ours, theirs, strict=True)]
    assert max(gaps) < limit, gaps
