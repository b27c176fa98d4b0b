"""The five arrays and how they start."""

import numpy as np
import pytest

from rnn_helpers import RNNParams, init_params


def draw(seed=0, n_x=300, n_h=200, n_y=100, **options):
    return init_params(np.random.default_rng(seed), n_x, n_h, n_y, **options)


def test_the_shapes_are_those_of_the_names():
    params = draw(n_x=3, n_h=5, n_y=2)
    assert isinstance(params, RNNParams)
    assert params._fields == ("W_xh", "W_hh", "b_h", "W_hy", "b_y")
    assert [p.shape for p in params] == [(3, 5), (5, 5), (5,), (5, 2), (2,)]


@pytest.mark.parametrize("name", ["W_xh", "W_hh", "W_hy"])
def test_weights_are_normal_with_variance_one_over_rows(name):
    W = getattr(draw(), name)
    scaled = W * np.sqrt(len(W))
    assert abs(scaled.mean()) < 4 / np.sqrt(W.size)
    assert abs(scaled.std() - 1) < 4 / np.sqrt(2 * W.size)
    assert abs((np.abs(scaled) < 1).mean() - 0.6827) < 0.01  # a uniform draw would give 0.577


def test_biases_are_zero():
    params = draw()
    assert (params.b_h == 0).all() and (params.b_y == 0).all()


def test_the_largest_eigenvalue_of_W_hh_is_near_the_gain():
    for gain in (0.5, 1.0, 1.5):
        modulus = np.abs(np.linalg.eigvals(draw(recurrent_gain=gain).W_hh)).max()
        assert 0.9 < modulus / gain < 1.15


def test_the_gain_scales_W_hh_and_nothing_else():
    once, twice = draw(), draw(recurrent_gain=2)
    assert (twice.W_hh == 2 * once.W_hh).all()
    assert all((a == b).all() for a, b in zip(once, twice, strict=True) if a is not once.W_hh)


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others():
    first, again, other = draw(4), draw(4), draw(5)
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert all((getattr(first, n) != getattr(other, n)).all() for n in ("W_xh", "W_hh", "W_hy"))


def test_a_generator_goes_on_from_where_it_is():
    rng = np.random.default_rng(0)
    first, second = init_params(rng, 3, 5, 2), init_params(rng, 3, 5, 2)
    assert (first.W_xh != second.W_xh).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64, "float32", np.dtype("float64"), float])
def test_every_array_has_the_dtype_asked_for(dtype):
    params = draw(n_x=3, n_h=5, n_y=2, recurrent_gain=1.5, dtype=dtype)
    assert {p.dtype for p in params} == {np.dtype(dtype)}
    reference = draw(n_x=3, n_h=5, n_y=2, recurrent_gain=1.5)
    assert all(np.allclose(a, b, rtol=3e-7) for a, b in zip(params, reference, strict=True))


def test_integers_of_numpy_are_sizes_too():
    assert draw(n_x=np.int64(3), n_h=np.uint8(5), n_y=np.int32(2)).W_xh.shape == (3, 5)


def test_every_size_may_be_one():
    assert [p.shape for p in draw(n_x=1, n_h=1, n_y=1)] == [(1, 1), (1, 1), (1,), (1, 1), (1,)]


BAD = [
    ({"rng": 0}, TypeError, "rng: expected a numpy.random.Generator, got int"),
    ({"rng": None}, TypeError, "rng: expected a numpy.random.Generator, got NoneType"),
    (
        {"rng": np.random.RandomState(0)},
        TypeError,
        "rng: expected a numpy.random.Generator, got RandomState",
    ),
    ({"n_x": 0}, ValueError, "n_x: expected a size of at least 1, got 0"),
    ({"n_h": -5}, ValueError, "n_h: expected a size of at least 1, got -5"),
    ({"n_y": 2.0}, TypeError, "n_y: expected an integer, got float"),
    ({"n_x": True}, TypeError, "n_x: expected an integer, got bool"),
    ({"n_h": "5"}, TypeError, "n_h: expected an integer, got str"),
    ({"n_y": None}, TypeError, "n_y: expected an integer, got NoneType"),
    ({"n_x": (3,)}, TypeError, "n_x: expected an integer, got tuple"),
    ({"recurrent_gain": np.nan}, ValueError, "recurrent_gain: expected a finite number, got nan"),
    ({"recurrent_gain": -np.inf}, ValueError, "recurrent_gain: expected a finite number, got -inf"),
    ({"recurrent_gain": "1"}, TypeError, "recurrent_gain: expected a number, got str"),
    ({"recurrent_gain": 1j}, TypeError, "recurrent_gain: expected a number, got complex"),
    ({"recurrent_gain": np.ones(5)}, TypeError, "recurrent_gain: expected a number, got ndarray"),
    ({"dtype": np.int64}, TypeError, "dtype: expected float32 or float64, got <class 'numpy.int64'>"),
    ({"dtype": "float16"}, TypeError, "dtype: expected float32 or float64, got float16"),
    ({"dtype": complex}, TypeError, "dtype: expected float32 or float64, got <class 'complex'>"),
    ({"dtype": "nonsense"}, TypeError, "dtype: expected float32 or float64, got nonsense"),
    ({"dtype": "n" * 400}, TypeError, f"dtype: expected float32 or float64, got {'n' * 40}"),
    ({"dtype": None}, TypeError, "dtype: expected float32 or float64, got NoneType"),
    ({"dtype": np.ones(3)}, TypeError, "dtype: expected float32 or float64, got ndarray"),
]


@pytest.mark.parametrize(("change", "error", "message"), BAD, ids=[message for *_, message in BAD])
def test_bad_input_is_refused_and_named(change, error, message):
    good = {"rng": np.random.default_rng(0), "n_x": 3, "n_h": 5, "n_y": 2}
    with pytest.raises(error) as caught:
        init_params(**good | change)
    assert str(caught.value) == message
