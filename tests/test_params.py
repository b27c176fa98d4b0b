"""The five arrays and how they start."""

import numpy as np
import pytest

from rnn_helpers import RNNParams, init_params
from rnn_helpers.params import orthogonal


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


STARTS = ["normal", "orthogonal", "identity"]


@pytest.mark.parametrize("gain", [1.0, 0.7, 2])
def test_an_orthogonal_start_changes_no_length_but_by_the_gain(gain):
    W = draw(n_x=3, n_h=20, n_y=2, recurrent="orthogonal", recurrent_gain=gain).W_hh
    assert np.abs(W @ W.T - gain**2 * np.eye(20)).max() < 1e-12
    assert np.abs(W.T @ W - gain**2 * np.eye(20)).max() < 1e-12


def test_an_identity_is_the_gain_on_the_diagonal_and_nothing_beside():
    assert (draw(n_x=3, n_h=5, n_y=2, recurrent="identity", recurrent_gain=0.9).W_hh == 0.9 * np.eye(5)).all()


def test_the_start_of_W_hh_is_no_concern_of_the_other_arrays():
    normal, *others = (draw(n_x=3, n_h=5, n_y=2, recurrent=recurrent) for recurrent in STARTS)
    for other in others:
        assert (normal.W_hh != other.W_hh).any()
        assert all((a == b).all() for a, b in zip(normal, other._replace(W_hh=normal.W_hh), strict=True))


def test_the_scale_of_the_input_scales_W_xh_and_nothing_else():
    once, scaled, none = (draw(input_scale=scale) for scale in (1, 0.1, 0))
    assert np.allclose(scaled.W_xh, 0.1 * once.W_xh, rtol=1e-15) and not none.W_xh.any()
    assert all((a == b).all() for a, b in zip(once[1:], scaled[1:], strict=True))


def test_what_was_drawn_before_there_were_other_starts_is_drawn_still():
    params = init_params(np.random.default_rng(0), 2, 3, 2, recurrent_gain=1.37)
    rng = np.random.default_rng(0)
    W_xh, W_hh = rng.standard_normal((2, 3)) / np.sqrt(2), 1.37 * (rng.standard_normal((3, 3)) / np.sqrt(3))
    W_hy = rng.standard_normal((3, 2)) / np.sqrt(3)
    assert (params.W_xh == W_xh).all() and (params.W_hh == W_hh).all() and (params.W_hy == W_hy).all()
    single = init_params(np.random.default_rng(0), 2, 3, 2, recurrent_gain=1.37, dtype=np.float32)
    assert (single.W_hh == np.float32(1.37) * (W_hh / 1.37).astype(np.float32)).all()


def test_no_orthogonal_matrix_is_likelier_than_another():
    """A library's QR leaves signs of its own: Householder's makes the first entry negative in every draw."""
    rng = np.random.default_rng(0)
    drawn = np.array([orthogonal(rng, 5) for _ in range(2000)])
    assert np.abs(drawn @ drawn.swapaxes(1, 2) - np.eye(5)).max() < 1e-12
    assert np.abs(drawn.mean(axis=0)).max() < 4 / np.sqrt(2000 * 5)  # an entry has the spread 1 / sqrt(5)
    assert np.abs((np.linalg.det(drawn) > 0).mean() - 0.5) < 4 * 0.5 / np.sqrt(2000)
    assert np.abs(np.trace(drawn, axis1=1, axis2=2).std() - 1) < 0.06  # Haar's measure: the trace has the spread 1


def test_an_orthogonal_matrix_of_one_number_is_1_or_minus_1():
    assert {float(orthogonal(np.random.default_rng(seed), 1)[0, 0]) for seed in range(20)} == {-1.0, 1.0}


def test_the_columns_are_those_of_the_draw_made_orthonormal_from_left_to_right():
    R = orthogonal(np.random.default_rng(5), 6).T @ np.random.default_rng(5).standard_normal((6, 6))
    assert np.abs(np.tril(R, -1)).max() < 1e-12 and np.diag(R).min() > 0


def test_an_orthogonal_start_is_the_drawn_matrix():
    W = draw(seed=3, n_x=2, n_h=6, n_y=2, recurrent="orthogonal").W_hh
    rng = np.random.default_rng(3)
    rng.standard_normal((2, 6))  # W_xh comes first
    assert np.allclose(W, orthogonal(rng, 6), rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((0, 3), TypeError, "rng: expected a numpy.random.Generator, got int"),
        ((np.random.default_rng(0), 0), ValueError, "n: expected at least 1, got 0"),
        ((np.random.default_rng(0), 3.0), TypeError, "n: expected an integer, got float"),
    ],
)
def test_orthogonal_refuses_what_it_is_not_for(arguments, error, message):
    with pytest.raises(error) as caught:
        orthogonal(*arguments)
    assert str(caught.value) == message


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others():
    first, again, other = draw(4), draw(4), draw(5)
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert all((getattr(first, n) != getattr(other, n)).all() for n in ("W_xh", "W_hh", "W_hy"))


def test_a_generator_goes_on_from_where_it_is():
    rng = np.random.default_rng(0)
    first, second = init_params(rng, 3, 5, 2), init_params(rng, 3, 5, 2)
    assert (first.W_xh != second.W_xh).all()


@pytest.mark.parametrize("recurrent", STARTS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64, "float32", np.dtype("float64"), float])
def test_every_array_has_the_dtype_asked_for(dtype, recurrent):
    options = {"n_x": 3, "n_h": 5, "n_y": 2, "recurrent_gain": 1.5, "recurrent": recurrent, "input_scale": 0.3}
    params = draw(**options, dtype=dtype)
    assert {p.dtype for p in params} == {np.dtype(dtype)}
    reference = draw(**options)
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
    ({"input_scale": np.inf}, ValueError, "input_scale: expected a finite number, got inf"),
    ({"input_scale": "1"}, TypeError, "input_scale: expected a number, got str"),
    (
        *({"recurrent": "random"}, ValueError),
        "recurrent: expected one of normal, orthogonal, identity, got 'random'",
    ),
    (
        *({"recurrent": "n" * 400}, ValueError),
        f"recurrent: expected one of normal, orthogonal, identity, got '{'n' * 39}",
    ),
    ({"recurrent": None}, TypeError, "recurrent: expected a string, got NoneType"),
    ({"recurrent": np.eye(5)}, TypeError, "recurrent: expected a string, got ndarray"),
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
