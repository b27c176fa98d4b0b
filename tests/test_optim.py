"""Optimisers: each equals PyTorch's over a hundred steps, on any NamedTuple, and changes nothing it was given."""

from functools import partial
from typing import NamedTuple

import numpy as np
import pytest
from oracle import import_torch

from rnn_helpers import init_params, optim


class Two(NamedTuple):
    """Parameters of another kind than RNNParams."""

    weight: np.ndarray
    bias: np.ndarray


KINDS = ["RNNParams", "another NamedTuple"]
EQUALS = {
    "sgd": (optim.sgd, "SGD", {}),
    "momentum": (optim.momentum, "SGD", {"momentum": 0.9}),
    "momentum, other": (partial(optim.momentum, keep=0.5), "SGD", {"momentum": 0.5}),
    "adam": (optim.adam, "Adam", {}),
    "adam, other": (
        partial(optim.adam, beta1=0.7, beta2=0.9, epsilon=1e-3),
        "Adam",
        {"betas": (0.7, 0.9), "eps": 1e-3},
    ),
}
every_optimiser = pytest.mark.parametrize("step", [optim.sgd, optim.momentum, optim.adam], ids=lambda f: f.__name__)
both_kinds = pytest.mark.parametrize("kind", KINDS)
both_clips = pytest.mark.parametrize("clip", [optim.clip_by_norm, optim.clip_by_value], ids=lambda f: f.__name__)


def some_params(rng, kind="RNNParams"):
    if kind == "RNNParams":
        return init_params(rng, n_x=4, n_h=6, n_y=5)
    return Two(rng.standard_normal((3, 7)), rng.standard_normal(7))


def random_like(rng, params, size=1.0):
    """Return gradients of very different sizes from one field to the next."""
    return type(params)(*(size * 10.0**-i * rng.standard_normal(p.shape) for i, p in enumerate(params)))


def largest_difference(ours, theirs):
    return max(np.abs(p - np.asarray(q)).max() for p, q in zip(ours, theirs, strict=True))


def copies(arrays):
    return type(arrays)(*(array.copy() for array in arrays))


# Equal to PyTorch


@both_kinds
@pytest.mark.parametrize("name", EQUALS)
def test_a_hundred_steps_equal_pytorchs(name, kind):
    torch = import_torch()
    step, torch_name, settings = EQUALS[name]
    rng = np.random.default_rng(0)
    params, state = some_params(rng, kind), None
    theirs = [torch.tensor(p, requires_grad=True) for p in copies(params)]
    optimiser = getattr(torch.optim, torch_name)(theirs, lr=0.03, **settings)
    for _ in range(100):
        grads = random_like(rng, params)
        for p, g in zip(theirs, grads, strict=True):
            p.grad = torch.tensor(g)
        optimiser.step()
        params, state = step(params, grads, state, 0.03)
        assert largest_difference(params, [p.detach().numpy() for p in theirs]) < 1e-10


@both_kinds
@pytest.mark.parametrize("size", [0.01, 1.0, 100.0])
def test_clipping_equals_pytorchs(kind, size):
    torch = import_torch()
    rng = np.random.default_rng(1)
    for _ in range(100):
        grads = random_like(rng, some_params(rng, kind), size)
        for ours, theirs in (
            (optim.clip_by_norm, torch.nn.utils.clip_grad_norm_),
            (optim.clip_by_value, torch.nn.utils.clip_grad_value_),
        ):
            tensors = [torch.zeros(g.shape, dtype=torch.float64, requires_grad=True) for g in grads]
            for tensor, g in zip(tensors, grads, strict=True):
                tensor.grad = torch.tensor(g)
            norm = theirs(tensors, 0.7)
            assert largest_difference(ours(grads, 0.7), [tensor.grad.numpy() for tensor in tensors]) < 1e-10
            if norm is not None:
                assert abs(optim.global_norm(grads) - float(norm)) < 1e-10


# What follows from the equations


def test_adams_first_step_moves_every_number_by_the_learning_rate():
    rng = np.random.default_rng(2)
    params = some_params(rng)
    grads = random_like(rng, params)
    moved, _ = optim.adam(params, grads, None, 0.01, epsilon=1e-30)
    for before, after, g in zip(params, moved, grads, strict=True):
        np.testing.assert_allclose(before - after, 0.01 * np.sign(g), rtol=1e-9)


def test_adam_is_its_equations_number_by_number():
    """Three steps in plain Python, from defaults and from other settings."""
    for settings in ({}, {"beta1": 0.7, "beta2": 0.9, "epsilon": 1e-2}):
        b1, b2, eps = ({"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8} | settings).values()
        params, state = Two(np.array([[0.5]]), np.array([-0.25])), None
        p, m, s = 0.5, 0.0, 0.0
        for t, g in enumerate((0.3, -1e-3, 2.0), start=1):
            params, state = optim.adam(params, Two(np.array([[g]]), np.array([g])), state, 0.1, **settings)
            m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g * g
            p -= 0.1 * (m / (1 - b1**t)) / ((s / (1 - b2**t)) ** 0.5 + eps)
            assert params.weight[0, 0] == pytest.approx(p, rel=1e-12)
            assert (state.steps, state.mean.bias[0], state.square.bias[0]) == pytest.approx((t, m, s), rel=1e-12)


def test_momentum_keeps_nine_tenths_unless_told_otherwise():
    ones = Two(np.ones((1, 1)), np.ones(1))
    params, state = optim.momentum(ones, ones, None, 0.1)
    params, state = optim.momentum(params, ones, state, 0.1)
    assert state.velocity.bias[0] == pytest.approx(1.9) and params.bias[0] == pytest.approx(1 - 0.1 - 0.19)


def test_clipping_by_norm_divides_by_the_norm_and_a_millionth():
    grads = Two(np.array([[3.0]]), np.array([4.0]))
    assert optim.clip_by_norm(grads, 1.0).bias[0] == pytest.approx(4 / (5 + 1e-6), rel=1e-12)
    for most in (5.001, 5 + 1e-6):
        assert optim.clip_by_norm(grads, most).bias[0] == 4.0


def test_momentum_goes_on_after_the_gradient_has_gone():
    start, zero = Two(np.zeros((1, 1)), np.zeros(1)), Two(np.zeros((1, 1)), np.zeros(1))
    params, state = optim.momentum(start, Two(np.ones((1, 1)), np.ones(1)), None, 1.0, keep=0.5)
    for _ in range(60):
        params, state = optim.momentum(params, zero, state, 1.0, keep=0.5)
    assert params.bias == pytest.approx(-2.0)  # 1 + 1/2 + 1/4 + ...


def test_clipping_by_norm_keeps_the_direction_and_by_value_need_not():
    grads = Two(np.array([[3.0]]), np.array([4.0]))
    assert optim.global_norm(grads) == 5.0
    short = optim.clip_by_norm(grads, 1.0)
    assert short.weight[0, 0] / short.bias[0] == pytest.approx(0.75)
    assert optim.global_norm(short) == pytest.approx(1.0, abs=1e-6)
    assert optim.clip_by_value(grads, 1.0) == Two(1.0, 1.0)


def test_clipping_by_value_cuts_on_both_sides_and_leaves_the_rest():
    grads = Two(np.array([[-3.0, -0.5, 0.25]]), np.array([2.0]))
    clipped = optim.clip_by_value(grads, 1.0)
    assert clipped.weight.tolist() == [[-1.0, -0.5, 0.25]] and clipped.bias.tolist() == [1.0]


def test_a_gradient_whose_squares_overflow_still_has_a_length():
    huge = Two(np.full((1, 2), 3e200), np.array([4e200]))
    assert optim.global_norm(huge) == pytest.approx(np.sqrt(34) * 1e200)
    assert optim.global_norm(optim.clip_by_norm(huge, 2.0)) == pytest.approx(2.0)
    huge = Two(np.full((1, 2), 3e30, np.float32), np.array([4e30], np.float32))
    assert optim.global_norm(huge) == pytest.approx(np.sqrt(34) * 1e30)


def test_nothing_is_left_of_no_gradient():
    zero = Two(np.zeros((2, 2)), np.zeros(2))
    assert optim.global_norm(zero) == 0.0
    assert largest_difference(optim.clip_by_norm(zero, 1.0), zero) == 0.0
    params, state = zero, None
    for _ in range(2):
        params, state = optim.adam(params, zero, state, 0.1)
        assert largest_difference(params, zero) == 0.0


# Pure functions of one shape


@every_optimiser
@both_kinds
def test_a_step_changes_no_argument_and_gives_the_same_twice(step, kind):
    rng = np.random.default_rng(3)
    params = some_params(rng, kind)
    grads = random_like(rng, params)
    _, state = step(params, grads, None, 0.1)
    before = [copies(params), copies(grads), None if state is None else repr(state)]
    once = step(params, grads, state, 0.1)
    again = step(params, grads, state, 0.1)
    assert type(once[0]) is type(params)
    assert [largest_difference(params, before[0]), largest_difference(grads, before[1])] == [0.0, 0.0]
    assert (None if state is None else repr(state)) == before[2]
    assert largest_difference(once[0], again[0]) == 0.0 and repr(once[1]) == repr(again[1])
    assert not any(np.shares_memory(p, q) for p, q in zip(params, once[0], strict=True))


@both_clips
def test_clipping_changes_no_argument(clip):
    for size in (1e-3, 1e3):
        grads = random_like(np.random.default_rng(4), some_params(np.random.default_rng(4)), size)
        before = copies(grads)
        clipped = clip(grads, 1.0)
        assert largest_difference(grads, before) == 0.0
        assert not any(np.shares_memory(g, c) for g, c in zip(grads, clipped, strict=True))


@every_optimiser
@pytest.mark.parametrize("rate", [0.1, np.float64(0.1), np.longdouble(0.1), np.float16(0.1), 1])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_comes_out_is_of_the_parameters_kind_of_float(step, rate, dtype):
    def kinds(state):
        return {p.dtype for part in state or () if isinstance(part, Two) for p in part}

    params, state = Two(np.ones((2, 3), np.float32), np.ones(3, np.float64)), None
    _, of_another_kind = step(GOOD, GOOD, None, rate)
    for state in (None, of_another_kind):
        grads = optim.clip_by_norm(Two(*(p.astype(dtype) for p in params)), np.longdouble(0.5))
        assert {g.dtype for g in grads} == {np.dtype(dtype)}
        new, after = step(params, grads, state, rate)
        assert [p.dtype for p in new] == [np.float32, np.float64]
        assert not after or [p.dtype for p in after[-1]] == [np.float32, np.float64]


def test_no_setting_widens_a_float32():
    single = Two(np.ones((2, 3), np.float32), np.ones(3, np.float32))
    wide = np.float64(0.5)
    steps = [
        partial(optim.momentum, keep=wide),
        *(partial(optim.adam, **{name: wide}) for name in ("beta1", "beta2", "epsilon")),
    ]
    for step in steps:
        params, state = step(single, single, None, 0.1)
        assert {p.dtype for p in (*params, *state[-1])} == {np.dtype(np.float32)}
    assert {g.dtype for g in optim.clip_by_value(single, wide)} == {np.dtype(np.float32)}


@every_optimiser
def test_a_field_without_numbers_stays_without(step):
    params, state = Two(np.ones((0, 3), np.float32), np.ones(3, np.float32)), None
    for dtype in (np.float32, np.float64):
        params, state = step(params, Two(*(p.astype(dtype) for p in params)), state, 0.1)
    assert params.weight.shape == (0, 3) and (params.bias < 1).all()


@every_optimiser
def test_what_becomes_an_array_is_taken(step):
    lists = Two(GOOD.weight.tolist(), GOOD.bias.astype(">f8"))
    params, state = step(lists, lists, None, 0.1)
    expected, _ = step(GOOD, GOOD, None, 0.1)
    assert all(type(p) is np.ndarray and p.dtype.isnative for p in params)
    assert largest_difference(params, expected) == 0.0
    single = Two(np.array(1.0), 2.0)  # of no axes, and again what came out
    for _ in range(2):
        single, state = step(single, single, state if single.bias != 2.0 else None, 0.1)
    assert optim.global_norm(Two([3.0], [[4.0]])) == 5.0
    assert optim.clip_by_value(Two([3.0], [[-4.0]]), 1).bias.tolist() == [[-1.0]]


@pytest.mark.filterwarnings("error")
def test_numbers_near_the_end_of_floats():
    huge, zero = Two(np.full((2, 3), 1e300), np.full(3, -1e300)), Two(np.zeros((2, 3)), np.zeros(3))
    assert largest_difference(optim.sgd(zero, huge, None, 0.5)[0], Two(-5e299, 5e299)) == 0.0
    assert optim.momentum(zero, huge, None, 0.5)[1].velocity.bias[0] == -1e300
    single = Two(*(np.ones_like(p, np.float32) for p in zero))
    assert largest_difference(optim.clip_by_value(single, 1e300), single) == 0.0
    end = float(np.finfo(np.float32).max)
    assert optim.sgd(single, zero._replace(bias=np.full(3, end)), None, 1)[0].bias[0] == np.float32(-end)
    last = zero._replace(bias=huge.bias)
    advice = "clip .* lower the learning rate$"
    refused = [
        (optim.adam, zero, last, 0.1, f"bias: expected a step that float64 holds, got overflow .* in square: {advice}"),
        (
            optim.sgd,
            zero,
            huge,
            1e10,
            f"weight: expected a step that float64 holds, got overflow .* multiply: {advice}",
        ),
        (optim.sgd, single, single, 1e300, f"weight: expected a step that float32 holds, got overflow .*: {advice}"),
        (optim.sgd, single, last, 1, r"bias: expected numbers that float32 holds, as in params, got up to 1e\+300$"),
    ]
    # An epsilon that float32 rounds to 0 divides by it where a gradient is 0, or its square is.
    rounded = partial(optim.adam, epsilon=1e-300)
    for tiny, got in ((0, "invalid value encountered in divide"), (1e-30, "divide by zero encountered in divide")):
        grads = Two(*(np.full_like(p, tiny) for p in single))
        refused.append((rounded, single, grads, 0.1, f"weight: expected a step that float32 holds, got {got}"))
    for step, params, grads, rate, message in refused:
        with pytest.raises(ValueError, match=rf"^grads\.{message}"):
            step(params, grads, None, rate)
    with pytest.raises(ValueError, match=r"^grads: expected a norm that a float holds, got one above 1\.8e308$"):
        optim.clip_by_norm(Two(np.full((2, 3), 1e308), np.full(3, 1e308)), 1.0)


@pytest.mark.parametrize(
    ("steps", "error", "message"),
    [
        (-1, ValueError, "expected at least 0, got -1"),
        (np.nan, TypeError, "expected an integer, got float"),
        (1j, TypeError, "expected an integer, got complex"),
        ("3", TypeError, "expected an integer, got str"),
        (10**400, ValueError, "expected an integer that 64 bits hold, got one of 1329 bits"),
    ],
)
def test_steps_that_adam_never_took_are_refused(steps, error, message):
    with pytest.raises(error) as caught:
        optim.adam(GOOD, GOOD, optim.AdamState(steps, GOOD, GOOD), 0.1)
    assert str(caught.value) == f"state.steps: {message}"


def test_averages_that_adam_never_had_are_refused():
    negative = GOOD._replace(bias=np.array([1.0, -1e-9, 0.0]))
    with pytest.raises(ValueError, match=r"^state\.square\.bias: expected numbers of at least 0, got -1e-09$"):
        optim.adam(GOOD, GOOD, optim.AdamState(1, negative, negative), 0.1)
    for state in (optim.AdamState(1, NAN, GOOD), optim.AdamState(1, GOOD, NAN)):
        with pytest.raises(ValueError, match=r"^state\.(mean|square)\.bias: expected finite numbers, got nan"):
            optim.adam(GOOD, GOOD, state, 0.1)
    assert optim.adam(GOOD, GOOD, optim.AdamState(np.int64(0), negative, GOOD), 0.1)[1].steps == 1


@every_optimiser
def test_every_optimiser_finds_the_bottom_of_a_bowl(step):
    params, state = Two(np.array([[3.0, -2.0]]), np.array([1.5])), None
    for _ in range(1000):
        params, state = step(params, params, state, 0.05)  # the gradient of |p|^2 / 2 is p
    assert optim.global_norm(params) < 1e-3


# Bad input

GOOD = Two(np.ones((2, 3)), np.ones(3))
NAN = Two(np.ones((2, 3)), np.array([1.0, np.nan, 1.0]))
PARAMS = some_params(np.random.default_rng(0))
OTHER = Two(np.ones((2, 3)), np.ones(2))
BAD_STEPS = {
    "a list": ((list(GOOD), GOOD, None, 0.1), TypeError, "params: expected a NamedTuple of arrays .* got list"),
    "a plain tuple": ((tuple(GOOD), GOOD, None, 0.1), TypeError, "params: .* got tuple"),
    "integers": ((Two(np.ones((2, 3), int), np.ones(3)), GOOD, None, 0.1), TypeError, "params.weight: .* got int64"),
    "integers everywhere": (
        (Two(np.ones((2, 3), int), np.ones(3, int)), GOOD, None, 0.1),
        TypeError,
        "params.weight: ",
    ),
    "other shapes everywhere": (
        (GOOD, Two(np.ones(2), np.ones(2)), None, 0.1),
        ValueError,
        r"grads.weight: .* got \(2,\)",
    ),
    "text for an array": ((Two(np.ones((2, 3)), "1"), GOOD, None, 0.1), TypeError, "params.bias: .* got <U1"),
    "a masked array": (
        (GOOD, GOOD._replace(bias=np.ma.masked_array(GOOD.bias, [0, 1, 0])), None, 0.1),
        TypeError,
        "grads.bias: expected an array without a mask",
    ),
    "another kind of gradient": (
        (GOOD, some_params(np.random.default_rng(0)), None, 0.1),
        TypeError,
        "grads: .* a Two",
    ),
    "another shape": ((GOOD, OTHER, None, 0.1), ValueError, r"grads.bias: expected shape \(3,\).* got \(2,\)"),
    "NaN in a gradient": ((GOOD, NAN, None, 0.1), ValueError, "grads.bias: expected finite numbers, got nan"),
    "NaN in a parameter": ((NAN, GOOD, None, 0.1), ValueError, "params.bias: expected finite numbers, got nan"),
    "rate 0": ((GOOD, GOOD, None, 0.0), ValueError, "learning_rate: expected a positive number, got 0"),
    "rate below 0": ((GOOD, GOOD, None, -1.0), ValueError, "learning_rate: .* got -1"),
    "rate NaN": ((GOOD, GOOD, None, np.nan), ValueError, "learning_rate: .* got nan"),
    "a rate that is text": ((GOOD, GOOD, None, "0.1"), TypeError, "learning_rate: expected a number, got str"),
    "a state of something else": ((GOOD, GOOD, GOOD, 0.1), TypeError, "state: expected None.* got Two"),
}


@every_optimiser
@pytest.mark.parametrize("name", BAD_STEPS)
def test_a_step_refuses(step, name):
    arguments, error, message = BAD_STEPS[name]
    with pytest.raises(error, match=message):
        step(*arguments)


def test_gradients_of_another_type_are_named():
    with pytest.raises(TypeError) as caught:
        optim.sgd(GOOD, PARAMS, None, 0.1)
    assert str(caught.value) == "grads: expected a Two like params, got RNNParams"


@pytest.mark.parametrize("step", [optim.momentum, optim.adam], ids=lambda f: f.__name__)
def test_a_state_of_other_shapes_is_refused(step):
    _, state = step(OTHER, OTHER, None, 0.1)
    with pytest.raises(ValueError, match=r"^state\.(velocity|square)\.bias: expected shape \(3,\)"):
        step(GOOD, GOOD, state, 0.1)


@pytest.mark.parametrize(
    ("step", "setting"),
    [
        (optim.momentum, {"keep": 1.0}),
        (optim.momentum, {"keep": -0.1}),
        (optim.adam, {"beta1": 1.0}),
        (optim.adam, {"beta2": -0.1}),
        (optim.adam, {"epsilon": 0.0}),
    ],
)
def test_a_setting_out_of_range_is_refused(step, setting):
    with pytest.raises(ValueError, match=f"^{next(iter(setting))}: expected"):
        step(GOOD, GOOD, None, 0.1, **setting)


@pytest.mark.parametrize(
    ("step", "name", "value", "message"),
    [
        (optim.momentum, "keep", 1.0, "keep: expected a number of at least 0 and below 1, got 1.0"),
        (optim.momentum, "keep", "1", "keep: expected a number, got str"),
        (optim.adam, "beta1", -0.5, "beta1: expected a number of at least 0 and below 1, got -0.5"),
        (optim.adam, "beta2", None, "beta2: expected a number, got NoneType"),
        (optim.adam, "epsilon", 0, "epsilon: expected a positive number, got 0"),
    ],
)
def test_a_refused_setting_is_named(step, name, value, message):
    with pytest.raises((TypeError, ValueError)) as caught:
        step(GOOD, GOOD, None, 0.1, **{name: value})
    assert str(caught.value) == message


def test_nothing_may_be_kept():
    """With a share of 0, momentum is plain descent, and Adam goes by the sign of the last gradient."""
    grads = Two(np.array([[2.0, -3.0]]), np.array([0.5]))
    params = Two(np.zeros((1, 2)), np.zeros(1))
    kept, state = optim.momentum(params, grads, None, 0.1, keep=0)
    assert largest_difference(kept, optim.sgd(params, grads, None, 0.1)[0]) == 0.0
    assert largest_difference(state.velocity, grads) == 0.0
    moved, _ = optim.adam(params, grads, None, 0.1, beta1=0, beta2=0)
    assert largest_difference(moved, Two(np.array([[-0.1, 0.1]]), np.array([-0.1]))) < 1e-8


@both_clips
def test_clipping_refuses(clip):
    for most in (0.0, -1.0, np.inf):
        with pytest.raises(ValueError, match=r"^most: expected"):
            clip(GOOD, most)
    with pytest.raises(ValueError, match=r"grads\.bias: expected finite numbers, got nan"):
        clip(NAN, 1.0)
    for measured in (partial(clip, most=1.0), optim.global_norm):
        with pytest.raises(TypeError, match=r"^grads: expected a NamedTuple"):
            measured([1.0])
