"""The map of a gradient check: it agrees with the exact gradients, step by step, and takes any implementation."""

import copy

import numpy as np
import oracle
import pytest

from rnn_helpers import RNNParams, loss_and_grads, rnn_backward, rnn_forward
from rnn_helpers.labs.gradmap import GradientMap, backward_map, difference_errors, differences, loss_map, make_case

CASE = make_case(np.random.default_rng(3), steps=4)


# --- right implementations -------------------------------------------------------------------------------------


@pytest.mark.parametrize("sizes", [{}, {"steps": 1}, {"batch": 1}, {"n_h": 1}, {"steps": 2, "batch": 2, "n_x": 2}])
def test_the_package_is_right_at_every_step(sizes):
    case = make_case(np.random.default_rng(4), **sizes)
    for found in (backward_map(rnn_backward, case), loss_map(loss_and_grads, case)):
        assert found.passed and found.errors.max() < 1e-8, found
        assert found.errors.shape == (len(found.names), len(case.x))


def test_a_plain_tuple_of_arrays_will_do_and_lists_of_numbers_too():
    assert backward_map(lambda *a: tuple(rnn_backward(*a)), CASE).passed
    assert backward_map(lambda *a: [grad.tolist() for grad in rnn_backward(*a)], CASE).passed
    assert loss_map(lambda *a: list(loss_and_grads(*a)), CASE).passed


def test_the_gradients_of_another_hand_are_right_too():
    def by_autograd(params, cache, dh):
        def loss(x, h0, W_xh, W_hh, b_h):
            return (dh * oracle.states(W_xh, W_hh, b_h, x, h0)).sum()

        return oracle.gradients(loss, cache.x, cache.states[0], *params[:3])

    assert backward_map(by_autograd, CASE).passed

    def loss_by_autograd(params, x, targets, h0):
        loss = oracle.loss(*params, x, targets, h0)
        return loss, oracle.gradients(lambda *p: oracle.loss(*p, x, targets, h0), *params)

    assert loss_map(loss_by_autograd, CASE).passed


def test_differences_that_are_at_hand_give_the_same_map():
    numerical = differences(CASE)
    assert np.array_equal(
        backward_map(rnn_backward, CASE).errors, backward_map(rnn_backward, CASE, numerical=numerical).errors
    )
    doubled = [grads._replace(h0=2 * grads.h0) for grads in numerical]
    assert backward_map(rnn_backward, CASE, numerical=doubled).wrong.any(axis=1).tolist() == [False, True] + 3 * [False]
    with pytest.raises(TypeError, match="case: expected a Case"):
        differences(None)


def test_float32_gradients_are_wrong_by_what_float32_rounds():
    found = backward_map(lambda *a: [grad.astype(np.float32) for grad in rnn_backward(*a)], CASE)
    assert 1e-9 < found.errors.max() < 1e-6


# --- where a fault shows ---------------------------------------------------------------------------------------


def scaled(name, factor, step):
    """Return a backward pass whose gradient `name` is wrong by `factor` when step `step` has a loss."""

    def backward(params, cache, dh):
        grads = rnn_backward(params, cache, dh)
        return grads._replace(**{name: getattr(grads, name) * factor}) if dh[step - 1].any() else grads

    return backward


@pytest.mark.parametrize("name", ["x", "h0", "W_xh", "W_hh", "b_h"])
@pytest.mark.parametrize("step", [1, 4])
def test_an_error_stands_in_its_own_row_and_column_with_its_size(name, step):
    found = backward_map(scaled(name, 0.75, step), CASE)
    place = found.names.index(name), step - 1
    assert found.errors[place] == pytest.approx(0.25, rel=1e-6)
    assert np.argwhere(found.wrong).tolist() == [list(place)]


@pytest.mark.parametrize("name", RNNParams._fields)
def test_a_wrong_parameter_gradient_stands_in_its_row_of_the_loss_map(name):
    def wrong(*arguments):
        loss, grads = loss_and_grads(*arguments)
        return loss, grads._replace(**{name: -getattr(grads, name)})

    found = loss_map(wrong, CASE)
    assert found.errors[found.names.index(name)] == pytest.approx(2, rel=1e-6)
    assert found.wrong.sum() == len(CASE.x)


def test_a_wrong_loss_with_its_own_gradients_shows_in_the_row_of_the_loss_alone():
    def doubled(*arguments):
        loss, grads = loss_and_grads(*arguments)
        return 2 * loss, RNNParams(*(2 * grad for grad in grads))

    found = loss_map(doubled, CASE)
    assert found.errors[0] == pytest.approx(0.5)
    assert not found.wrong[1:].any()


def test_another_shape_and_what_is_no_number_are_infinitely_wrong():
    def odd(*arguments):
        grads = rnn_backward(*arguments)
        return grads._replace(h0=grads.h0.T, b_h=grads.b_h * np.nan, W_hh=grads.W_hh.astype(complex))

    found = backward_map(odd, CASE)
    assert np.isinf(found.errors).all(axis=1).tolist() == [False, True, False, True, True]


def test_a_loss_that_is_no_number_leaves_its_column_infinite():
    def sometimes(params, x, targets, h0):
        loss, grads = loss_and_grads(params, x, targets, h0)
        return (np.nan if targets[1, 0] >= 0 else loss), grads

    errors = loss_map(sometimes, CASE).errors
    assert np.isinf(errors).any(axis=0).tolist() == [False, True, False, False]
    assert np.isinf(errors[:, 1]).all()


def test_errors_above_a_ten_millionth_are_wrong():
    for factor, agrees in ((1 + 5e-8, True), (1 + 2e-7, False)):
        assert backward_map(scaled("W_hh", factor, 4), CASE).passed is agrees


def test_a_gradient_of_almost_nothing_is_wrong_by_its_share_of_a_thousandth():
    def added(params, cache, dh):
        grads = rnn_backward(params, cache, dh)
        return grads._replace(h0=grads.h0 + 1e-9)

    case = make_case(np.random.default_rng(3), steps=1)
    weak = case._replace(dh=1e-6 * case.dh)
    assert np.abs(rnn_backward(weak.params, rnn_forward(weak.params, weak.x, weak.h0)[2], weak.dh).h0).max() < 1e-5
    assert backward_map(added, weak).errors[1, 0] == pytest.approx(1e-9 / 1e-3, rel=0.02)


def test_each_step_sends_back_its_own_upstream_gradient_alone():
    sent = []
    backward_map(lambda params, cache, dh: (sent.append(dh), rnn_backward(params, cache, dh))[1], CASE)
    assert [np.flatnonzero(dh.any(axis=(1, 2))).tolist() for dh in sent] == [[0], [1], [2], [3]]
    assert np.array_equal(sum(sent), CASE.dh)


def test_changed_arguments_are_named_and_the_case_is_left_alone():
    case = copy.deepcopy(CASE)

    def careless(params, cache, dh):
        grads = rnn_backward(params, cache, dh)
        params.W_xh[0, 0] += 1
        cache.states[0] = 0
        dh *= 2
        return grads

    found = backward_map(careless, case)
    assert found.changed == ("params.W_xh", "cache.states", "dh")
    assert not found.wrong.any() and not found.passed
    assert str(found).endswith("changed: params.W_xh, cache.states, dh")

    def careless_loss(params, x, targets, h0):
        result = loss_and_grads(params, x, targets, h0)
        targets[...] = 0
        h0 += 1
        return result

    assert loss_map(careless_loss, case).changed == ("targets", "h0")
    for before, after in zip(CASE, case, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


# --- reading it ------------------------------------------------------------------------------------------------


def test_the_text_names_each_row_and_step():
    found = GradientMap(("x", "W_hh"), np.array([[1e-9, 0.5], [np.inf, 1e-12]]))
    assert str(found).splitlines() == [
        "loss at    step 1   step 2",
        "x              ok  5.0e-01",
        "W_hh          inf       ok",
    ]
    assert found.wrong.tolist() == [[False, True], [True, False]]
    assert not found.passed
    assert GradientMap(("x",), np.array([[np.nan]])).wrong.all()


# --- step sizes ------------------------------------------------------------------------------------------------


def test_central_errors_fall_as_the_step_squared_one_sided_ones_as_the_step():
    v = np.array([0.3, 0.7])
    central, one_sided = difference_errors(lambda v: np.exp(v).sum(), v, np.exp(v), [1e-2, 1e-3])
    assert central[0] / central[1] == pytest.approx(100, rel=0.01)
    assert one_sided[0] / one_sided[1] == pytest.approx(10, rel=0.01)
    assert one_sided[1] == pytest.approx(1e-3 / 2, rel=0.01)  # s f'' / 2 over f'


def test_a_step_that_was_rounded_is_divided_by_as_it_was_taken():
    central, one_sided = difference_errors(lambda v: v[0] - 1.0, np.ones(1), np.ones(1), [1e-9])
    assert central[0] == one_sided[0] == 0  # divided by 1e-9 it would be wrong by 8e-8


def test_small_steps_drown_in_rounding():
    v = np.array([0.3, 0.7])
    central, one_sided = difference_errors(lambda v: np.exp(v).sum(), v, np.exp(v), [1e-5, 1e-12])
    assert central[0] < 1e-9 < 1e-6 < central[1]
    assert one_sided[1] > 1e-6


# --- bad input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: backward_map(3, CASE), TypeError, "backward: expected a function, got int"),
        (lambda: loss_map(None, CASE), TypeError, "implementation: expected a function, got NoneType"),
        (lambda: backward_map(rnn_backward, 3), TypeError, "case: expected a Case from make_case, got int"),
        (
            lambda: backward_map(lambda *a: None, CASE),
            TypeError,
            "the gradients of x, h0, W_xh, W_hh, b_h, got NoneType",
        ),
        (lambda: backward_map(lambda *a: (1, 2), CASE), TypeError, "b_h, got tuple of 2"),
        (lambda: loss_map(lambda *a: 1.0, CASE), TypeError, r"expected it to return \(loss, grads\), got float"),
        (lambda: loss_map(lambda *a: (1.0, [1]), CASE), TypeError, "W_hy, b_y, got list of 1"),
        (lambda: loss_map(lambda *a: (None, a[0]), CASE), TypeError, "implementation: .* number as the loss, got None"),
        (lambda: loss_map(lambda *a: (np.ones(2), a[0]), CASE), TypeError, "a number as the loss, got ndarray"),
        (
            lambda: difference_errors(np.sum, np.ones(2), np.ones(2), 1e-3),
            ValueError,
            r"steps: expected shape \(count,\), got \(\)",
        ),
        (lambda: backward_map(rnn_backward, CASE, step=0), ValueError, "step: expected a positive number, got 0"),
        (
            lambda: make_case(np.random.default_rng(0), steps=0),
            ValueError,
            "steps: expected at least 1, got 0",
        ),
        (lambda: make_case(np.random.default_rng(0), batch=1.5), TypeError, "batch: expected an integer, got float"),
        (lambda: make_case(np.random.default_rng(0), n_h=0), ValueError, "n_h: expected a size of at least 1, got 0"),
    ],
)
def test_bad_input_is_named(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_an_error_of_the_implementation_comes_through():
    def broken(params, cache, dh):
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        backward_map(broken, CASE)


def test_a_case_is_random_in_every_array_and_in_every_size():
    sizes = {*CASE.x.shape, *CASE.params.W_hy.shape}
    assert len({*make_case(np.random.default_rng(0)).x.shape, *CASE.params.W_hy.shape}) == 5, sizes
    for array in (*CASE.params, CASE.x, CASE.h0, CASE.dh):
        assert np.abs(array).min() > 0 and np.unique(array).size == array.size
    again = make_case(np.random.default_rng(3), steps=4)
    assert all(np.array_equal(a, b) for a, b in zip(CASE[1:], again[1:], strict=True))


# What each argument must not be, beside what none may be.
NO_ARRAYS = (None, object(), 1j, "ab", b"ab", {1: 2}, ..., np.array([1j]), np.array([None]), np.zeros(0))
NO_ARRAYS += ([[1.0], [2.0, 3]],)


@pytest.mark.parametrize("field", CASE._fields)
@pytest.mark.parametrize("of_case", [differences, lambda c: backward_map(len, c), lambda c: loss_map(len, c)])
def test_a_case_that_is_none_is_refused_before_anything_is_computed(of_case, field):
    right = getattr(CASE, field)
    wrong = [*NO_ARRAYS, 3, -1.5, len, np.ones((1, 1, 1, 1, 1))]
    if field == "params":
        wrong += [right._replace(b_h=right.b_h[1:]), right._replace(W_xh=right.W_xh * np.nan), (*right,)]
    else:
        wrong += [right[1:], right[:, 1:], right[..., None], np.ma.masked_array(right, right > 0)]
        wrong += [right + 6, -right - 1] if field == "targets" else [right * np.nan, right * 1j]
        wrong += [0.5 * right if field == "targets" else right.astype(int)]
    for value in wrong:
        # Of fewer steps or sequences in x, the others have too many.
        with pytest.raises((TypeError, ValueError), match=rf"^case\.{'[a-z0]*' if field == 'x' else field}\b"):
            of_case(CASE._replace(**{field: value}))


def test_differences_of_another_case_are_refused():
    numerical = differences(CASE)
    other = differences(make_case(np.random.default_rng(0), steps=4, batch=3))
    for wrong in (3, {}, numerical[0], [*numerical[1:], None], iter(numerical)):
        with pytest.raises(TypeError, match=r"^numerical: expected the 4 gradients that differences\(case\) returns"):
            backward_map(rnn_backward, CASE, numerical=wrong)
    for wrong in ([], numerical[1:], numerical * 2, other):
        with pytest.raises(ValueError, match=rf"^numerical: .*, got {len(wrong)} of another case$"):
            backward_map(rnn_backward, CASE, numerical=wrong)


def test_difference_errors_name_what_they_cannot_use():
    right = {"f": lambda v: np.exp(v).sum(), "at": np.ones(2), "grad": np.full(2, np.e), "steps": [1e-3, 1e-4]}
    wrong_steps = (0.1, [], [0.0], [-1e-3], [np.nan])
    for argument, more in {"f": (None,), "at": (), "grad": (np.ones(3), 2.0), "steps": wrong_steps}.items():
        for wrong in (*NO_ARRAYS, *more):
            with pytest.raises((TypeError, ValueError), match=rf"^{argument}\b"):
                difference_errors(**{**right, argument: wrong})


def test_a_map_of_nothing_has_not_passed():
    assert not GradientMap((), np.zeros((0, 0))).passed
    assert not GradientMap(("x",), np.zeros((1, 0))).passed


@pytest.mark.parametrize("loss", [None, "1", 1j, np.ones(1), np.ma.masked_array(1.0, True), [1.0], object()])
def test_a_loss_that_is_no_single_number_is_refused(loss):
    with pytest.raises(TypeError, match=r"^implementation"):
        loss_map(lambda params, *rest: (loss, params), CASE)
