"""How networks with gates start, and the biases that make them remember for a while."""

import numpy as np
import pytest

from rnn_helpers import gates
from rnn_helpers.gates import GRUParams, LSTMParams, init_gru, init_lstm, time_scales

STARTS = {init_lstm: (LSTMParams, 4), init_gru: (GRUParams, 3)}


def draw(start, seed=0, n_x=60, n_h=40, n_y=30, **options):
    return start(np.random.default_rng(seed), n_x, n_h, n_y, **options)


@pytest.mark.parametrize("start", STARTS)
def test_types_and_shapes_are_those_of_the_names(start):
    params = draw(start, n_x=3, n_h=5, n_y=2)
    kind, blocks = STARTS[start]
    wide = 5 * blocks
    shapes = {"W_xh": (3, wide), "W_hh": (5, wide), "b_h": (wide,), "b_n": (5,), "W_hy": (5, 2), "b_y": (2,)}
    assert type(params) is kind
    assert {name: p.shape for name, p in params._asdict().items()} == {name: shapes[name] for name in kind._fields}


def test_the_fields_are_those_of_the_plain_network_and_one_bias():
    five = ("W_xh", "W_hh", "b_h", "W_hy", "b_y")
    assert LSTMParams._fields == gates.GRUBeforeParams._fields == five
    assert GRUParams._fields == (*five[:3], "b_n", *five[3:])


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("name", ["W_xh", "W_hh", "W_hy"])
def test_weights_are_normal_with_variance_one_over_rows(start, name):
    W = getattr(draw(start), name)
    scaled = W * np.sqrt(len(W))
    assert abs(scaled.mean()) < 4 / np.sqrt(W.size) and abs(scaled.std() - 1) < 4 / np.sqrt(2 * W.size)


def test_biases_are_zero_but_for_the_gate_that_keeps():
    lstm, gru = draw(init_lstm), draw(init_gru)
    i, f, g, o = np.split(lstm.b_h, 4)
    assert (f == 1).all() and not np.concatenate([i, g, o, lstm.b_y]).any()
    assert not np.concatenate([gru.b_h, gru.b_n, gru.b_y]).any()


def test_a_bias_goes_to_its_gate_alone():
    b = np.arange(40.0)
    i, f, g, o = np.split(draw(init_lstm, forget_bias=b, input_bias=-b).b_h, 4)
    assert (f == b).all() and (i == -b).all() and not np.concatenate([g, o]).any()
    r, z, n = np.split(draw(init_gru, update_bias=b).b_h, 3)
    assert (z == b).all() and not np.concatenate([r, n]).any()
    assert (np.split(draw(init_lstm, forget_bias=3).b_h, 4)[1] == 3).all()


@pytest.mark.parametrize("kind", ["forget", "update"])
def test_a_gate_keeps_what_its_bias_says(kind):
    """Without input, a state or a cell is multiplied by sigmoid(b) at each step."""
    b = 2.0
    if kind == "forget":
        p = draw(init_lstm, forget_bias=b, input_bias=-60.0)
        p = p._replace(W_hh=0 * p.W_hh)
        cells = gates.lstm_forward(p, np.zeros((4, 1, 60)), c0=np.ones((1, 40)))[2].cells
    else:
        p = draw(init_gru, update_bias=b)
        p = p._replace(W_hh=0 * p.W_hh)
        cells = gates.gru_forward(p, np.zeros((4, 1, 60)), np.ones((1, 40)))[2].states
    assert np.allclose(cells[-1], gates.sigmoid(np.array([b])) ** 4, rtol=1e-12, atol=0)


def test_time_scales_are_spread_over_all_times_up_to_the_longest():
    b = time_scales(np.random.default_rng(0), 20_000, 50)
    kept = gates.sigmoid(b)
    steps = 1 / (1 - kept)  # how many steps a gate keeps on average
    assert 2 <= steps.min() < 2.1 and 49.9 < steps.max() <= 50
    counts = np.histogram(steps, bins=4, range=(2, 50))[0]
    assert np.abs(counts / len(b) - 0.25).max() < 0.015  # uniformly
    assert not time_scales(np.random.default_rng(0), 3, 2).any()


@pytest.mark.parametrize("start", STARTS)
def test_the_same_seed_gives_the_same_numbers_in_the_dtype_asked_for(start):
    first, again, other = draw(start, 4), draw(start, 4), draw(start, 5)
    assert all((a == b).all() for a, b in zip(first, again, strict=True)) and (first.W_hh != other.W_hh).all()
    for dtype in (np.float32, "float64"):
        assert {p.dtype for p in draw(start, n_x=3, n_h=5, n_y=2, dtype=dtype)} == {np.dtype(dtype)}


V, T = ValueError, TypeError
SIZES = [
    ({"n_x": 0}, V, "n_x: expected a size of at least 1, got 0"),
    ({"n_h": 2.0}, T, "n_h: expected an integer, got float"),
    ({"n_y": True}, T, "n_y: expected an integer, got bool"),
    ({"rng": 0}, T, "rng: expected a numpy.random.Generator, got int"),
    ({"dtype": np.int64}, T, "dtype: expected float32 or float64, got <class 'numpy.int64'>"),
    ({"dtype": None}, T, "dtype: expected float32 or float64, got NoneType"),
]
BIASES = [
    (np.nan, V, "expected a finite number, got nan"),
    (True, T, "expected a number, got bool"),
    (None, T, "expected float32 or float64 numbers, got NoneType"),
    (np.zeros(3), V, "expected shape (n_h=4,), got (3,)"),
    (np.zeros((4, 1)), V, "expected shape (n_h=4,), got (4, 1)"),
    (np.full(4, np.inf), V, "expected finite numbers, got inf at index (0,)"),
    ([[0.5], [1.0, 2.0]], V, "expected an array, got nested lists of different lengths"),
]
ROWS = [(start, *row) for start in STARTS for row in SIZES]
for start, name in ((init_lstm, "forget_bias"), (init_lstm, "input_bias"), (init_gru, "update_bias")):
    ROWS += [(start, {name: value}, error, f"{name}: {message}") for value, error, message in BIASES]
ROWS += [
    (time_scales, {"longest": 1}, V, "longest: expected at least 2, got 1"),
    (time_scales, {"longest": 9.0}, T, "longest: expected an integer, got float"),
    (time_scales, {"n_h": 0}, V, "n_h: expected at least 1, got 0"),
    (time_scales, {"rng": None}, T, "rng: expected a numpy.random.Generator, got NoneType"),
]


@pytest.mark.parametrize(("start", "changes", "error", "message"), ROWS)
def test_bad_input_is_refused(start, changes, error, message):
    rng = np.random.default_rng(0)
    right = {"rng": rng, "n_h": 4} | ({"longest": 9} if start is time_scales else {"n_x": 3, "n_y": 2})
    with pytest.raises(error) as caught:
        start(**(right | changes))
    assert type(caught.value) is error and str(caught.value) == message
