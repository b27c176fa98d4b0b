"""The measure itself: numerical gradients against closed forms, and reports that find what is wrong."""

from typing import NamedTuple

import numpy as np
import pytest
from cases import assert_all_close, build, gap

from rnn_helpers import (
    RNNParams,
    check_gradients,
    loss_and_grads,
    numerical_gradient,
    relative_error,
    rnn_forward,
)
from rnn_helpers.gradcheck import GradientReport, GradientRow


@pytest.fixture
def rng():
    return np.random.default_rng(2)


@pytest.fixture
def params(rng):
    return RNNParams(*(rng.standard_normal(s) for s in [(2, 4), (4, 4), (4,), (4, 3), (3,)]))


# numerical_gradient


def test_the_gradient_of_a_quadratic_form(rng):
    A, b, v = rng.standard_normal((5, 5)), rng.standard_normal(5), rng.standard_normal(5)
    assert gap(numerical_gradient(lambda v: v @ A @ v + b @ v, v), (A + A.T) @ v + b) < 1e-9


@pytest.mark.parametrize("shape", [(), (4,), (2, 3), (2, 1, 3)])
def test_the_gradient_of_a_sum_of_exponentials_in_any_shape(rng, shape):
    v = rng.standard_normal(shape)
    grad = numerical_gradient(lambda v: np.exp(v).sum(), v)
    assert gap(grad, np.exp(v)) < 1e-9


def test_the_gradient_of_a_weighted_sum_is_the_weights(rng):
    weights = rng.standard_normal((3, 2))
    assert gap(numerical_gradient(lambda v: (weights * v).sum(), np.zeros((3, 2))), weights) < 1e-10


def test_the_gradient_has_the_type_of_the_params_and_each_field_its_own(params, rng):
    weights = RNNParams(*(rng.standard_normal(p.shape) for p in params))

    def f(p):
        assert isinstance(p, RNNParams)
        return sum((w * a**2).sum() for w, a in zip(weights, p, strict=True))

    grad = numerical_gradient(f, params)
    assert isinstance(grad, RNNParams)
    expected = RNNParams(*(2 * w * a for w, a in zip(weights, params, strict=True)))
    assert_all_close(grad, expected, 1e-9)


def test_any_namedtuple_will_do(rng):
    class Pair(NamedTuple):
        u: np.ndarray
        v: np.ndarray

    at = Pair(rng.standard_normal(3), rng.standard_normal(3))
    assert_all_close(numerical_gradient(lambda p: p.u @ p.v, at), Pair(at.v, at.u), 1e-9)


def test_float32_is_computed_in_float64(params):
    def f(p):
        assert {a.dtype for a in p} == {np.dtype(np.float64)}
        return sum(np.exp(a).sum() for a in p)

    single = RNNParams(*(p.astype(np.float32) for p in params))
    grad = numerical_gradient(f, single)
    expected = RNNParams(*(np.exp(p.astype(np.float64)) for p in single))
    assert_all_close(grad, expected, 1e-9)


def test_the_error_falls_as_the_step_squared():
    v = np.array([0.3])
    errors = [abs(numerical_gradient(np.sum, v, s) - 1)[0] for s in (1e-1, 1e-2)]
    assert max(errors) < 1e-12  # a straight line has no such error
    errors = [(numerical_gradient(lambda v: np.sin(v[0]), v, s) - np.cos(v))[0] for s in (1e-1, 1e-2)]
    assert abs(errors[0] / errors[1] - 100) < 0.5
    assert abs(errors[1] / (-np.cos(0.3) * 1e-4 / 6) - 1) < 1e-3


def test_near_large_numbers_the_step_that_was_really_made_counts():
    # 1e8 + 1e-5 is rounded to the nearest 1.5e-8: dividing by 2e-5 would be wrong by up to one part in a thousand.
    assert gap(numerical_gradient(lambda v: v[0] - 1e8, np.array([1e8])), [1.0]) < 1e-12


def test_a_function_that_writes_to_its_argument_does_no_harm(params):
    before = [p.copy() for p in params]

    def f(p):
        value = sum((a**2).sum() for a in p) / 2
        for a in p:
            a *= 0
        return value

    assert_all_close(numerical_gradient(f, params), params, 1e-9)
    assert all((p == b).all() for p, b in zip(params, before, strict=True))
    v = before[0].copy()
    assert gap(numerical_gradient(lambda a: f((a,)), v), v) < 1e-9
    assert (v == before[0]).all()


@pytest.mark.parametrize("number", [float, np.float32, np.array, lambda v: np.array([[v]]), int])
def test_any_single_number_counts_as_a_scalar(number):
    grad = numerical_gradient(lambda v: number(round(4 * v[0])), np.array([0.5]), step=0.25)
    assert gap(grad, [4.0]) < 1e-6


BAD_RESULTS = [
    (np.ones(2), TypeError, r"^f: expected it to return a single number, got ndarray of shape \(2,\)"),
    (np.ones((2, 3)), TypeError, r"^f: .* got ndarray of shape \(2, 3\)"),
    (None, TypeError, "^f: .* got NoneType"),
    ("1.0", TypeError, "^f: .* got str"),
    (1j, TypeError, "^f: .* got complex"),
    ((1.0, np.ones(2)), TypeError, "^f: .* got a tuple of 2"),
    (np.nan, ValueError, "^f: expected it to return a finite number, got nan"),
    (np.inf, ValueError, "^f: expected it to return a finite number, got inf"),
]


@pytest.mark.parametrize(("result", "error", "message"), BAD_RESULTS)
def test_a_function_that_returns_no_number_is_named(params, result, error, message):
    for at in (params, params.b_h):
        with pytest.raises(error, match=message):
            numerical_gradient(lambda v: result, at)


def test_a_function_that_returns_loss_and_gradient_together_is_named():
    case = build("seed 0")
    with pytest.raises(TypeError, match=r"^f: expected it to return a single number"):
        numerical_gradient(lambda p: loss_and_grads(p, case.x, case.targets), case.params)


# relative_error


def test_relative_error_is_the_largest_difference_over_the_largest_entry():
    assert relative_error([1.0, 2.0, 4.0], [1.0, 2.2, 4.0]) == pytest.approx(0.2 / 4)
    assert relative_error([1.0, 2.0], [1.0, -4.0]) == pytest.approx(6 / 4)
    assert relative_error([3.0], [-3.0]) == 2.0


def test_relative_error_is_symmetric_and_does_not_depend_on_units(rng):
    a = rng.standard_normal((3, 4))
    b = a + 1e-3 * rng.standard_normal((3, 4))
    assert relative_error(a, b) == relative_error(b, a) > 0
    for unit in (1e-4, 1e6):
        assert relative_error(unit * a, unit * b) == pytest.approx(relative_error(a, b))


def test_relative_error_near_zero():
    zeros = np.zeros((2, 3))
    assert relative_error(zeros, zeros) == 0.0
    assert relative_error(zeros, zeros + 1e-14) == pytest.approx(1e-6)  # against the floor of 1e-8
    assert relative_error(zeros, zeros + 1e-14, floor=1e-4) == pytest.approx(1e-10)
    assert relative_error(zeros, zeros + 1.0) == 1.0
    # One entry that lies near zero is measured by the size of the others.
    assert relative_error([1.0, 0.0], [1.0, 1e-12]) == pytest.approx(1e-12)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_relative_error_is_infinite_where_a_number_is_missing(bad):
    assert relative_error([1.0, bad], [1.0, 2.0]) == np.inf
    assert relative_error([1.0, 2.0], [1.0, bad]) == np.inf
    assert relative_error([bad], [bad]) == np.inf


# check_gradients


@pytest.fixture
def case():
    return build("seed 1")


@pytest.fixture
def loss(case):
    return lambda params: loss_and_grads(params, case.x, case.targets, case.h0)[0]


@pytest.fixture
def grads(case):
    return loss_and_grads(case.params, case.x, case.targets, case.h0)[1]


def test_the_report_passes_the_right_gradient(case, loss, grads):
    report = check_gradients(loss, case.params, grads)
    assert report.passed
    assert [row.name for row in report.rows] == list(RNNParams._fields)
    assert [row.shape for row in report.rows] == [p.shape for p in case.params]
    assert "WRONG" not in repr(report) and repr(report).count(" ok ") == 5


def without_carry(case):
    """Return dW_hh with every step cut off from the steps after it."""
    h, _, cache = rnn_forward(case.params, case.x, case.h0)
    W_hy, b_y = case.params.W_hy, case.params.b_y
    logits = h @ W_hy + b_y
    p = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    dlogits = (p - np.eye(len(b_y))[case.targets]) / case.targets.size
    dz = (dlogits @ W_hy.T) * (1 - h**2)
    return sum(h_prev.T @ dz_t for h_prev, dz_t in zip(cache.states[:-1], dz, strict=True))


WRONG = {
    "scaled by 2.001 / 2": lambda case, grads: grads.W_hh * 2.001 / 2,
    "transposed": lambda case, grads: grads.W_hh.T,
    "of the wrong sign": lambda case, grads: -grads.W_hh,
    "all zero": lambda case, grads: 0 * grads.W_hh,
    "missing the steps after": lambda case, grads: without_carry(case),
    "with one entry off": lambda case, grads: grads.W_hh + 1e-4 * np.eye(len(grads.W_hh))[::-1],
    "NaN": lambda case, grads: np.full_like(grads.W_hh, np.nan),
}


@pytest.mark.parametrize("how", WRONG)
def test_the_report_finds_a_gradient_that_is(how, case, loss, grads):
    wrong = grads._replace(W_hh=WRONG[how](case, grads))
    report = check_gradients(loss, case.params, wrong)
    assert not report.passed
    lines = repr(report).splitlines()[1:]
    for name, line, row in zip(RNNParams._fields, lines, report.rows, strict=True):
        assert line.startswith(name)
        assert ("WRONG" in line) == (name == "W_hh")
        assert (" ok " in line) == (name != "W_hh")
        assert (row.error <= report.tolerance) == (name != "W_hh")


def test_the_report_shows_both_values_where_they_differ_most(rng):
    at = rng.standard_normal((2, 3))
    given = at.copy()
    given[1, 2] += 0.25
    report = check_gradients(lambda v: (v**2).sum() / 2, at, given)
    (row,) = report.rows
    assert row.worst == (1, 2)
    assert row.given == given[1, 2] and abs(row.numerical - at[1, 2]) < 1e-8
    assert row.error == pytest.approx(0.25 / np.abs(given).max(initial=np.abs(at).max()))
    assert f"{given[1, 2]:.4f}" in repr(report) and f"{at[1, 2]:.4f}" in repr(report)


def test_a_single_number_can_be_checked():
    report = check_gradients(np.exp, np.array(0.5), np.exp(0.5))
    assert report.passed and report.rows[0].worst == ()


def test_the_tolerance_decides():
    at, given = np.array([1.0]), np.array([1.01])
    for tolerance, passed in ((1e-3, False), (1e-1, True)):
        report = check_gradients(lambda v: (v**2).sum() / 2, at, given, tolerance=tolerance)
        assert report.passed is passed
        assert ("WRONG" in repr(report)) is not passed


def test_a_right_gradient_in_float32_passes_and_a_wrong_one_does_not():
    """Rounding makes errors above 1e-7, the tolerance of float64."""
    case = build("seed 0", np.float32)
    grads = loss_and_grads(case.params, case.x, case.targets)[1]

    def loss(params):
        return loss_and_grads(params, case.x, case.targets)[0]

    report = check_gradients(loss, case.params, grads)
    assert report.passed and max(row.error for row in report.rows) > 1e-7
    wrong = check_gradients(loss, case.params, grads._replace(W_hh=np.float32(1.001) * grads.W_hh))
    assert [row.error <= wrong.tolerance for row in wrong.rows] == [True, False, True, True, True]


def test_the_coarsest_kind_of_float_among_the_gradients_sets_the_tolerance():
    at = RNNParams(*np.ones((5, 1), np.float32))
    double = RNNParams(*np.ones((5, 1)))

    def tolerance(grads, **asked):
        return check_gradients(lambda p: sum((a**2).sum() for a in p) / 2, at, grads, **asked).tolerance

    assert tolerance(double) == 1e-7
    assert tolerance(at) == tolerance(double._replace(b_h=at.b_h)) == 100 * 2.0**-23
    assert tolerance(at, tolerance=1e-9) == 1e-9
    assert check_gradients(np.sum, np.ones(2), np.ones(2, np.float32)).tolerance == 100 * 2.0**-23


@pytest.mark.filterwarnings("error")
def test_numbers_near_the_end_of_floats():
    assert relative_error([1.7e308], [-1.7e308]) == 2.0
    assert relative_error([1e300, 1.0], [1e300, 2.0]) < 1e-299
    report = check_gradients(lambda v: 1e300 * v[0], np.array([1.0]), np.array([-1.7e308]))
    assert not report.passed and report.rows[0].error == pytest.approx(1.0)
    for at, step in ((1e300, 1e-5), (1e12, 1e-5), (1.0, 1e308)):
        with pytest.raises(ValueError) as caught:
            numerical_gradient(lambda v: 0.0, np.array([at]), step)
        assert str(caught.value) == f"step: expected one that moves every number of `at`, got {step} for {at}"
    if np.finfo(np.longdouble).max > np.finfo(float).max:
        with pytest.raises(ValueError, match=r"^at: expected finite numbers, got inf at index \(0,\)$"):
            numerical_gradient(np.sum, np.array(["1e4000"]).astype(np.longdouble))
        assert relative_error(np.array(["1e4000"]).astype(np.longdouble), [1.0]) == np.inf


def test_a_masked_result_is_no_number():
    with pytest.raises(TypeError, match=r"^f: expected an array without a mask, got a masked array"):
        numerical_gradient(lambda v: np.ma.masked, np.ones(2))


def test_the_report_is_a_table_and_an_error_of_just_the_tolerance_passes():
    rows = (
        GradientRow("W_xh", (4, 6), 1e-7, (0, 3), 0.12345, -2.0),
        GradientRow("b_h", (6,), 2e-7, (5,), 10.0, 9.5),
    )
    report = GradientReport(rows, tolerance=1e-7)
    assert not report.passed and GradientReport(rows[:1], tolerance=1e-7).passed
    assert repr(report).splitlines() == [
        "array   shape           error             given  numerical  worst at",
        "W_xh    (4, 6)        1.0e-07  ok        0.1235    -2.0000  (0, 3)",
        "b_h     (6,)          2.0e-07  WRONG    10.0000     9.5000  (5,)",
    ]


def test_nothing_differs_from_nothing_by_nothing():
    empty = np.zeros((0, 3))
    assert relative_error(empty, empty) == 0.0


@pytest.mark.parametrize(
    ("a", "b", "error", "message"),
    [
        (None, 1.0, TypeError, "a: expected real numbers, got NoneType"),
        ({}, 1.0, TypeError, "a: expected real numbers, got dict"),
        (1.0, "one", TypeError, "b: expected real numbers, got <U3"),
        ([1j], [1.0], TypeError, "a: expected real numbers, got complex128"),
        ([[1.0], [1.0, 2.0]], [1.0], ValueError, "a: expected an array, got nested lists of different lengths"),
        ([1.0], [1.0, 2.0], ValueError, "b: expected shape (1,), the shape of a, got (2,)"),
    ],
)
def test_what_has_no_relative_error_is_named(a, b, error, message):
    with pytest.raises(error) as caught:
        relative_error(a, b)
    assert str(caught.value) == message


def test_gradients_of_other_fields_are_named():
    class Two(NamedTuple):
        weight: np.ndarray
        bias: np.ndarray

    class Others(NamedTuple):
        weight: np.ndarray
        offset: np.ndarray

    at = np.ones(2)
    with pytest.raises(TypeError) as caught:
        check_gradients(lambda p: float(p.weight.sum()), Two(at, at), Others(at, at))
    assert str(caught.value) == "grads: expected the fields weight, bias, got weight, offset"
