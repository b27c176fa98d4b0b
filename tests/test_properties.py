"""What must hold for every network, every batch and every length; and proof that each property can fail.

A property takes the package's functions, so that it can also be shown one of them with a mistake in it.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import rnn_helpers
from rnn_helpers import RNNParams
from rnn_helpers.check import EXERCISES

# The same examples on every run, and no limit of time: a busy machine changes nothing.
settings.register_profile(
    "course", derandomize=True, deadline=None, database=None, max_examples=40, report_multiple_bugs=False
)
settings.load_profile("course")


class Functions(SimpleNamespace):
    """The package's functions, or some of them wrong; short in the report of a failure."""

    def __repr__(self) -> str:
        return "core"


CORE = Functions(**{name: getattr(rnn_helpers, name) for name in rnn_helpers.__all__})
Property = Callable[..., None]
PROPERTIES: dict[Property, tuple[st.SearchStrategy[Any], ...]] = {}


def always(*drawn: st.SearchStrategy[Any]) -> Callable[[Property], Property]:
    """Register a property of the package's functions and of what is drawn."""

    def register(holds: Property) -> Property:
        PROPERTIES[holds] = drawn
        return holds

    return register


class Network(NamedTuple):
    """Parameters and everything that can be fed to them; ids and x agree, targets may hold -100."""

    params: RNNParams
    x: Any
    ids: Any
    h0: Any
    dh: Any
    targets: Any
    rng: np.random.Generator


@st.composite
def networks(draw: st.DrawFn, *, time: int = 1, batch: int = 1) -> Network:
    """Draw sizes from the smallest up, and numbers from a generator whose seed is drawn."""
    steps, rows = draw(st.integers(time, 5)), draw(st.integers(batch, 4))
    n_x, n_h, n_y = (draw(st.integers(1, 4)) for _ in range(3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shapes = (n_x, n_h), (n_h, n_h), (n_h,), (n_h, n_y), (n_y,)
    ids = rng.integers(n_x, size=(steps, rows))
    targets = rng.integers(n_y, size=(steps, rows))
    ignored = rng.random((steps, rows)) < 0.3
    ignored[rng.integers(steps), rng.integers(rows)] = False  # one counts at least
    return Network(
        RNNParams(*(rng.standard_normal(shape) for shape in shapes)),
        rng.standard_normal((steps, rows, n_x)),
        ids,
        np.tanh(rng.standard_normal((rows, n_h))),
        rng.standard_normal((steps, rows, n_h)),
        np.where(ignored, -100, targets),
        rng,
    )


def assert_close(a: Any, b: Any, tolerance: float = 1e-9) -> None:
    """Compare numbers, arrays and tuples of arrays, relative to the largest entry."""
    if isinstance(a, tuple | list):
        assert len(a) == len(b)
        for one, other in zip(a, b, strict=True):
            assert_close(one, other, tolerance)
        return
    scale = max(np.abs(b).max(initial=0), 1e-3)
    np.testing.assert_allclose(a, b, rtol=0, atol=tolerance * scale)


def cell_step(core: Any, net: Network) -> tuple[Any, ...]:
    """Return h_t, y_t and the gradients of the first step."""
    h_t, y_t, cache = core.rnn_cell_forward(net.params, net.x[0], net.h0)
    return h_t, y_t, core.rnn_cell_backward(net.params, cache, net.dh[0])


def there_and_back(core: Any, params: RNNParams, x: Any, h0: Any, dh: Any) -> tuple[Any, Any, Any]:
    """Return h, y and the gradients of a sequence."""
    h, y, cache = core.rnn_forward(params, x, h0)
    return h, y, core.rnn_backward(params, cache, dh)


# --- softmax and the loss --------------------------------------------------------------------------------------


def scores(size: float) -> st.SearchStrategy[Any]:
    """Draw arrays of one to three axes with entries up to this size."""
    return arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=st.floats(-size, size))


@always(scores(1.7e308))
def softmax_rows_sum_to_one(core: Any, z: Any) -> None:
    y = core.softmax(z)
    assert ((y >= 0) & (y <= 1)).all()
    np.testing.assert_allclose(y.sum(axis=-1), 1, atol=1e-12)


@always(scores(700.0), st.floats(-1000, 1000))
def softmax_ignores_a_constant(core: Any, z: Any, constant: float) -> None:
    assert_close(core.softmax(z + constant), core.softmax(z))


@always(scores(700.0))
def softmax_keeps_the_order_of_a_row(core: Any, z: Any) -> None:
    order = np.argsort(z, axis=-1, kind="stable")
    assert (np.diff(np.take_along_axis(core.softmax(z), order, axis=-1), axis=-1) >= 0).all()


@always(networks(), st.floats(-1000, 1000))
def the_loss_ignores_a_constant_and_is_never_negative(core: Any, net: Network, constant: float) -> None:
    logits = net.rng.standard_normal((*net.targets.shape, len(net.params.b_y)))
    loss, dlogits = core.cross_entropy_and_grad(logits, net.targets)
    assert loss >= 0 and loss == core.cross_entropy(logits, net.targets)
    shifted = core.cross_entropy_and_grad(logits + constant, net.targets)
    assert_close(shifted[0], loss)
    assert_close(shifted[1], dlogits)


@always(networks())
def dlogits_rows_sum_to_zero(core: Any, net: Network) -> None:
    logits = net.rng.standard_normal((*net.targets.shape, len(net.params.b_y)))
    dlogits = core.cross_entropy_and_grad(logits, net.targets)[1]
    np.testing.assert_allclose(dlogits.sum(axis=-1), 0, atol=1e-12)


@always(networks())
def equal_scores_cost_the_logarithm_of_their_number(core: Any, net: Network) -> None:
    n_y = len(net.params.b_y)
    assert_close(core.cross_entropy(np.full((*net.targets.shape, n_y), 3.0), net.targets), np.log(n_y))


# --- what may be done to a batch and to time -------------------------------------------------------------------


@always(networks(batch=2))
def batch_order_does_not_matter(core: Any, net: Network) -> None:
    p = net.rng.permutation(net.x.shape[1])
    h, y, grads = there_and_back(core, net.params, net.x, net.h0, net.dh)
    h_p, y_p, grads_p = there_and_back(core, net.params, net.x[:, p], net.h0[p], net.dh[:, p])
    assert_close((h_p, y_p), (h[:, p], y[:, p]))
    assert_close(grads_p, (grads.x[:, p], grads.h0[p], *grads[2:]))
    loss = core.loss_and_grads(net.params, net.x, net.targets, net.h0)
    assert_close(core.loss_and_grads(net.params, net.x[:, p], net.targets[:, p], net.h0[p]), loss)


@always(networks(batch=2))
def a_sample_does_not_see_the_others(core: Any, net: Network) -> None:
    h, y, grads = there_and_back(core, net.params, net.x, net.h0, net.dh)
    alone = there_and_back(core, net.params, net.x[:, :1], net.h0[:1], net.dh[:, :1])
    assert_close((h[:, :1], y[:, :1], grads.x[:, :1], grads.h0[:1]), (*alone[:2], *alone[2][:2]))


@always(networks(time=2), st.integers(1, 4))
def cutting_a_sequence_changes_nothing(core: Any, net: Network, cut: int) -> None:
    assume(cut < len(net.x))
    h, y, grads = there_and_back(core, net.params, net.x, net.h0, net.dh)
    h_1, y_1, first = core.rnn_forward(net.params, net.x[:cut], net.h0)
    h_2, y_2, second = core.rnn_forward(net.params, net.x[cut:], h_1[-1])
    assert_close((np.concatenate([h_1, h_2]), np.concatenate([y_1, y_2])), (h, y))
    later = core.rnn_backward(net.params, second, net.dh[cut:])
    dh = net.dh[:cut].copy()
    dh[-1] += later.h0  # the state at the cut also feeds the second piece
    earlier = core.rnn_backward(net.params, first, dh)
    shared = [a + b for a, b in zip(earlier[2:], later[2:], strict=True)]
    assert_close((np.concatenate([earlier.x, later.x]), earlier.h0, *shared), grads)


@always(networks())
def one_step_is_a_sequence_of_one(core: Any, net: Network) -> None:
    h_t, y_t, step = cell_step(core, net)
    h, y, grads = there_and_back(core, net.params, net.x[:1], net.h0, net.dh[:1])
    assert_close((h_t, y_t, step), (h[0], y[0], (grads.x[0], *grads[1:])))


@always(networks())
def no_h0_means_zeros(core: Any, net: Network) -> None:
    zeros = np.zeros_like(net.h0)
    assert_close(core.rnn_forward(net.params, net.x)[:2], core.rnn_forward(net.params, net.x, zeros)[:2])
    without = core.loss_and_grads(net.params, net.x, net.targets)
    assert_close(without, core.loss_and_grads(net.params, net.x, net.targets, zeros))


@always(networks())
def targets_that_do_not_count_add_nothing(core: Any, net: Network) -> None:
    """One more sample and one more step, all of whose targets are -100: padding."""
    loss = core.loss_and_grads(net.params, net.x, net.targets, net.h0)
    x = np.pad(net.x, ((0, 1), (0, 1), (0, 0)), constant_values=0.7)
    targets = np.pad(net.targets, ((0, 1), (0, 1)), constant_values=-100)
    h0 = np.pad(net.h0, ((0, 1), (0, 0)), constant_values=0.3)
    assert_close(core.loss_and_grads(net.params, x, targets, h0), loss)
    logits = net.rng.standard_normal((*net.targets.shape, len(net.params.b_y)))
    dlogits = core.cross_entropy_and_grad(logits, net.targets)[1]
    assert (dlogits[net.targets == -100] == 0).all()


@always(networks())
def a_batch_seen_twice_is_the_same_mean(core: Any, net: Network) -> None:
    loss = core.loss_and_grads(net.params, net.x, net.targets, net.h0)
    twice = core.loss_and_grads(
        net.params, np.tile(net.x, (1, 2, 1)), np.tile(net.targets, (1, 2)), np.tile(net.h0, (2, 1))
    )
    assert_close(twice, loss)


@always(networks())
def ids_are_one_hot_rows(core: Any, net: Network) -> None:
    one_hot = np.eye(len(net.params.W_xh))[net.ids]
    assert_close(cell_step(core, net._replace(x=net.ids)), cell_step(core, net._replace(x=one_hot)))
    by_id = there_and_back(core, net.params, net.ids, net.h0, net.dh)
    assert_close(by_id, there_and_back(core, net.params, one_hot, net.h0, net.dh))
    loss = core.loss_and_grads(net.params, net.ids, net.targets, net.h0)
    assert_close(loss, core.loss_and_grads(net.params, one_hot, net.targets, net.h0))


# --- symmetries of the network ---------------------------------------------------------------------------------


@always(networks())
def hidden_units_have_no_order(core: Any, net: Network) -> None:
    p = net.rng.permutation(net.h0.shape[1])

    def renamed(g: Any) -> RNNParams:
        return RNNParams(g.W_xh[:, p], g.W_hh[p][:, p], g.b_h[p], g.W_hy[p], g.b_y)

    params = renamed(net.params)
    h, y, grads = there_and_back(core, net.params, net.x, net.h0, net.dh)
    h_p, y_p, grads_p = there_and_back(core, params, net.x, net.h0[:, p], net.dh[..., p])
    assert_close((h_p, y_p, grads_p.x, grads_p.h0), (h[..., p], y, grads.x, grads.h0[:, p]))
    loss, all_grads = core.loss_and_grads(net.params, net.x, net.targets, net.h0)
    loss_p, all_grads_p = core.loss_and_grads(params, net.x, net.targets, net.h0[:, p])
    assert_close((loss_p, tuple(all_grads_p)), (loss, tuple(renamed(all_grads))))


@always(networks())
def turning_every_sign_turns_the_states(core: Any, net: Network) -> None:
    """Tanh is odd: with -x, -h0 and -b_h the states are -h; with -W_hy too, the output is the same."""
    turned = net.params._replace(b_h=-net.params.b_h, W_hy=-net.params.W_hy)
    h, y, grads = there_and_back(core, net.params, net.x, net.h0, net.dh)
    h_t, y_t, grads_t = there_and_back(core, turned, -net.x, -net.h0, net.dh)
    assert_close((h_t, y_t), (-h, y))
    assert_close(grads_t, (grads.x, grads.h0, -grads.W_xh, -grads.W_hh, grads.b_h))


@always(networks(), st.floats(0.5, 1.5))
def an_orthogonal_network_near_zero_scales_the_gradient_by_g_to_the_t(core: Any, net: Network, g: float) -> None:
    """States near zero leave tanh's slope at 1, so each step back multiplies by W_hh.T, which is g times a rotation."""
    rotation, _ = np.linalg.qr(net.params.W_hh)
    params = net.params._replace(W_hh=g * rotation, b_h=np.zeros_like(net.params.b_h))
    dh = np.zeros_like(net.dh)
    dh[-1] = net.dh[-1]
    _, _, cache = core.rnn_forward(params, 1e-9 * net.x, 1e-9 * net.h0)
    dh0 = core.rnn_backward(params, cache, dh).h0
    sizes, expected = (np.linalg.norm(rows, axis=-1) for rows in (dh0, dh[-1]))
    assert_close(sizes, g ** len(dh) * expected)


@always(networks())
def no_gradient_grows_faster_than_the_largest_singular_value(core: Any, net: Network) -> None:
    dh = np.zeros_like(net.dh)
    dh[-1] = net.dh[-1]
    _, _, grads = there_and_back(core, net.params, net.x, net.h0, dh)
    bound = np.linalg.norm(net.params.W_hh, 2) ** len(dh) * np.linalg.norm(dh[-1], axis=-1)
    assert (np.linalg.norm(grads.h0, axis=-1) <= bound * (1 + 1e-12)).all()


# --- gradients -------------------------------------------------------------------------------------------------


@always(networks(), st.floats(-3, 3), st.floats(-3, 3))
def gradients_are_linear_in_the_upstream_gradient(core: Any, net: Network, a: float, b: float) -> None:
    other = net.rng.standard_normal(net.dh.shape)
    h, y, cache = core.rnn_forward(net.params, net.x, net.h0)
    _, _, step = core.rnn_cell_forward(net.params, net.x[0], net.h0)
    dy, dy_other = net.rng.standard_normal(y.shape), net.rng.standard_normal(y.shape)
    for back, one, two in (
        (lambda d: core.rnn_backward(net.params, cache, d), net.dh, other),
        (lambda d: core.rnn_cell_backward(net.params, step, d), net.dh[0], other[0]),
        (lambda d: core.output_backward(net.params.W_hy, h, d), dy, dy_other),
        (lambda d: (core.softmax_backward(y, d),), dy, dy_other),
    ):
        joined = back(a * one + b * two)
        assert_close(tuple(joined), tuple(a * g + b * k for g, k in zip(back(one), back(two), strict=True)), 1e-8)


@always(networks())
def gradients_are_slopes_in_every_direction(core: Any, net: Network) -> None:
    """Move all parameters a little along a random direction: the loss changes by the gradient's share in it."""
    direction = RNNParams(*(net.rng.standard_normal(array.shape) for array in net.params))

    def loss(step: float) -> float:
        moved = RNNParams(*(p + step * d for p, d in zip(net.params, direction, strict=True)))
        return core.loss_and_grads(moved, net.x, net.targets, net.h0)[0]

    _, grads = core.loss_and_grads(net.params, net.x, net.targets, net.h0)
    slope = sum(np.vdot(g, d) for g, d in zip(grads, direction, strict=True))
    measured = (loss(1e-5) - loss(-1e-5)) / 2e-5
    assert abs(slope - measured) <= 1e-6 * max(abs(measured), 1)


@always(networks())
def the_sequences_gradient_is_a_slope_in_every_direction(core: Any, net: Network) -> None:
    """The same for x and h0, through sum(h * dh): what dh means."""
    x, h0 = (net.rng.standard_normal(array.shape) for array in (net.x, net.h0))

    def value(step: float) -> float:
        h = core.rnn_forward(net.params, net.x + step * x, net.h0 + step * h0)[0]
        return float(np.vdot(h, net.dh))

    grads = there_and_back(core, net.params, net.x, net.h0, net.dh)[2]
    slope = np.vdot(grads.x, x) + np.vdot(grads.h0, h0)
    measured = (value(1e-5) - value(-1e-5)) / 2e-5
    assert abs(slope - measured) <= 1e-5 * max(abs(measured), 1)


# --- promises of the interface ---------------------------------------------------------------------------------


@always(networks())
def functions_leave_their_arguments_alone(core: Any, net: Network) -> None:
    """Every array is compared with a copy, and a second round gets arrays that cannot be written to."""
    y = core.rnn_forward(net.params, net.x, net.h0)[1]
    mine = (*net.params, net.x, net.ids, net.h0, net.dh, net.targets, y)
    copies = [array.copy() for array in mine]
    for writeable in (True, False):
        for array in mine:
            array.setflags(write=writeable)
        for x in (net.x, net.ids):
            cell_step(core, net._replace(x=x))
            there_and_back(core, net.params, x, net.h0, net.dh)
            core.loss_and_grads(net.params, x, net.targets, net.h0)
        core.softmax_backward(core.softmax(y), y)
        core.cross_entropy_and_grad(y, net.targets)
        core.output_backward(net.params.W_hy, net.dh, y)
        for array, copy in zip(mine, copies, strict=True):
            np.testing.assert_array_equal(array, copy)


@always(networks())
def caches_are_left_alone(core: Any, net: Network) -> None:
    """Going back twice gives the same: nothing in the cache was used up."""
    _, _, cache = core.rnn_forward(net.params, net.x, net.h0)
    once = core.rnn_backward(net.params, cache, net.dh)
    again = core.rnn_backward(net.params, cache, net.dh)
    for one, other in zip(once, again, strict=True):
        np.testing.assert_array_equal(one, other)


@always(networks())
def float32_stays_and_is_close_to_float64(core: Any, net: Network) -> None:
    small = net._replace(
        params=RNNParams(*(array.astype(np.float32) for array in net.params)),
        **{name: getattr(net, name).astype(np.float32) for name in ("x", "h0", "dh")},
    )
    h, y, grads = there_and_back(core, net.params, net.x, net.h0, net.dh)
    found = there_and_back(core, small.params, small.x, small.h0, small.dh)
    loss, all_grads = core.loss_and_grads(net.params, net.x, net.targets, net.h0)
    small_loss, small_grads = core.loss_and_grads(small.params, small.x, small.targets, small.h0)
    for array in (*found[:2], *found[2], *small_grads):
        assert array.dtype == np.float32
    assert_close((*found[:2], *found[2], *small_grads), (h, y, *grads, *all_grads), 1e-4)
    assert isinstance(small_loss, float) and abs(small_loss - loss) <= 1e-4 * max(loss, 1)


@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda p: p.__name__)
def test_it_always_holds_that(holds: Property) -> None:
    given(*PROPERTIES[holds])(holds)(CORE)


# --- the tests are tested --------------------------------------------------------------------------------------


def mistaken(exercise: str, name: str) -> dict[str, Any]:
    """Put a wrong version of an exercise into the place of the package's function."""
    found = next(mistake for mistake in EXERCISES[exercise].mistakes if mistake.name == name)
    return {exercise: found.function}


def with_types(function: Any, kind: Any) -> Any:
    """Give a wrong version's plain tuple the type that the package returns."""
    return lambda *arguments: kind(*function(*arguments))


def backward(name: str) -> dict[str, Any]:
    wrong = mistaken("rnn_backward", name)["rnn_backward"]
    return {"rnn_backward": with_types(wrong, rnn_helpers.SequenceGrads)}


def no_ids(function: Any) -> Any:
    """Read token ids one too low."""

    def wrong(params: RNNParams, x: Any, *rest: Any) -> Any:
        x = x - 1 if np.asarray(x).dtype.kind == "i" and np.max(x) else x
        return function(params, np.maximum(x, 0) if x.dtype.kind == "i" else x, *rest)

    return wrong


def scaled_dy(y: Any, dy: Any) -> Any:
    return rnn_helpers.softmax_backward(y, dy) * (1 + np.abs(dy))


def in_place_gradient(logits: Any, targets: Any) -> Any:
    loss, dlogits = rnn_helpers.cross_entropy_and_grad(logits, targets)
    logits *= 1.5
    return loss, dlogits


def adds_to_dh(params: RNNParams, cache: Any, dh: Any) -> Any:
    grads = rnn_helpers.rnn_backward(params, cache, dh)
    dh[0] += 1
    return grads


def uses_up_the_cache(params: RNNParams, cache: Any, dh: Any) -> Any:
    grads = rnn_helpers.rnn_backward(params, cache, dh)
    cache.states[...] = 0
    return grads


def in_float64(params: RNNParams, cache: Any, dh: Any) -> Any:
    return rnn_helpers.SequenceGrads(*(a.astype(np.float64) for a in rnn_helpers.rnn_backward(params, cache, dh)))


def in_float16(params: RNNParams, x: Any, h0: Any = None) -> Any:
    """Round float32 input to float16 on the way."""
    rounded = x.astype(np.float16).astype(x.dtype) if x.dtype == np.float32 else x
    return rnn_helpers.rnn_forward(params, rounded, h0)


def h0_of_ones(params: RNNParams, x: Any, h0: Any = None) -> Any:
    ones = np.ones((x.shape[1], len(params.b_h)))
    return rnn_helpers.rnn_forward(params, x, ones if h0 is None else h0)


def mixes_the_batch(params: RNNParams, x: Any, h0: Any = None) -> Any:
    return rnn_helpers.rnn_forward(params, x - x.mean(axis=1, keepdims=True), h0)


def weighs_the_first_sample_most(function: Any) -> Any:
    """Shrink the inputs of the samples after the first."""

    def wrong(params: RNNParams, x: Any, *rest: Any) -> Any:
        return function(params, x / np.arange(1, x.shape[1] + 1)[:, None], *rest)

    return wrong


def with_gradient(name: str) -> dict[str, Any]:
    wrong = mistaken("logits_gradient", name)["logits_gradient"]
    return {"cross_entropy_and_grad": lambda z, k: (rnn_helpers.cross_entropy(z, k), wrong(z, k))}


def loss_and(name: str) -> dict[str, Any]:
    wrong = mistaken("loss_and_grads", name)["loss_and_grads"]

    def answer(*arguments: Any) -> Any:
        loss, grads = wrong(*arguments)
        return float(loss), RNNParams(*grads)

    return {"loss_and_grads": answer}


def first_unit_is_special(params: RNNParams, x: Any, h0: Any = None) -> Any:
    b_h = params.b_h.copy()
    b_h[0] += 1
    return rnn_helpers.rnn_forward(params._replace(b_h=b_h), x, h0)


PLANTED: list[tuple[Property, dict[str, Any]]] = [
    (softmax_rows_sum_to_one, mistaken("softmax", "whole_array_max")),
    (softmax_rows_sum_to_one, mistaken("softmax", "columns")),
    (softmax_rows_sum_to_one, mistaken("softmax", "no_maximum")),
    (softmax_ignores_a_constant, mistaken("softmax", "no_exponential")),
    (softmax_ignores_a_constant, mistaken("softmax", "sigmoid")),
    (softmax_keeps_the_order_of_a_row, mistaken("softmax", "turned_sign")),
    (the_loss_ignores_a_constant_and_is_never_negative, mistaken("cross_entropy", "turned_sign")),
    (the_loss_ignores_a_constant_and_is_never_negative, with_gradient("no_softmax")),
    (dlogits_rows_sum_to_zero, with_gradient("no_target")),
    (dlogits_rows_sum_to_zero, with_gradient("sigmoid_slope")),
    (equal_scores_cost_the_logarithm_of_their_number, mistaken("cross_entropy", "bits")),
    (equal_scores_cost_the_logarithm_of_their_number, mistaken("cross_entropy", "sum_not_mean")),
    (batch_order_does_not_matter, {"rnn_forward": weighs_the_first_sample_most(rnn_helpers.rnn_forward)}),
    (batch_order_does_not_matter, {"loss_and_grads": weighs_the_first_sample_most(rnn_helpers.loss_and_grads)}),
    (a_sample_does_not_see_the_others, {"rnn_forward": mixes_the_batch}),
    (cutting_a_sequence_changes_nothing, backward("dropped_carry")),
    (cutting_a_sequence_changes_nothing, backward("wrap_around")),
    (cutting_a_sequence_changes_nothing, backward("assigned_not_added")),
    (one_step_is_a_sequence_of_one, backward("squashed_again")),
    (one_step_is_a_sequence_of_one, backward("W_hh_not_transposed")),
    (no_h0_means_zeros, {"rnn_forward": h0_of_ones}),
    (targets_that_do_not_count_add_nothing, loss_and("ignored_in_mean")),
    (targets_that_do_not_count_add_nothing, loss_and("ignored_not_zero")),
    (targets_that_do_not_count_add_nothing, with_gradient("ignored_not_zero")),
    (a_batch_seen_twice_is_the_same_mean, loss_and("sum_not_mean")),
    (ids_are_one_hot_rows, {"rnn_forward": no_ids(rnn_helpers.rnn_forward)}),
    (ids_are_one_hot_rows, {"rnn_cell_forward": no_ids(rnn_helpers.rnn_cell_forward)}),
    (ids_are_one_hot_rows, {"loss_and_grads": no_ids(rnn_helpers.loss_and_grads)}),
    (hidden_units_have_no_order, {"rnn_forward": first_unit_is_special}),
    (turning_every_sign_turns_the_states, {"rnn_forward": first_unit_is_special}),
    (turning_every_sign_turns_the_states, backward("not_squared")),
    (an_orthogonal_network_near_zero_scales_the_gradient_by_g_to_the_t, backward("dropped_carry")),
    (an_orthogonal_network_near_zero_scales_the_gradient_by_g_to_the_t, backward("upstream_forgotten")),
    (an_orthogonal_network_near_zero_scales_the_gradient_by_g_to_the_t, backward("carry_accumulates")),
    (no_gradient_grows_faster_than_the_largest_singular_value, backward("not_squared")),
    (gradients_are_linear_in_the_upstream_gradient, backward("upstream_forgotten")),
    (gradients_are_linear_in_the_upstream_gradient, {"softmax_backward": scaled_dy}),
    (gradients_are_slopes_in_every_direction, loss_and("W_hh_not_transposed")),
    (gradients_are_slopes_in_every_direction, loss_and("dropped_carry")),
    (gradients_are_slopes_in_every_direction, loss_and("gradients_not_averaged")),
    (the_sequences_gradient_is_a_slope_in_every_direction, backward("misplaced_carry")),
    (the_sequences_gradient_is_a_slope_in_every_direction, backward("dh0_not_transposed")),
    (functions_leave_their_arguments_alone, {"cross_entropy_and_grad": in_place_gradient}),
    (functions_leave_their_arguments_alone, {"rnn_backward": adds_to_dh}),
    (caches_are_left_alone, {"rnn_backward": uses_up_the_cache}),
    (float32_stays_and_is_close_to_float64, {"rnn_backward": in_float64}),
    (float32_stays_and_is_close_to_float64, {"rnn_forward": in_float16}),
]


def name_of(value: Any) -> str:
    return value.__name__ if callable(value) else " ".join(value)


@pytest.mark.parametrize(("holds", "wrong"), PLANTED, ids=name_of)
def test_a_planted_mistake_is_noticed(holds: Property, wrong: dict[str, Any]) -> None:
    broken = Functions(**{**vars(CORE), **wrong})
    first_failure = settings(phases=[Phase.generate])  # nobody needs the smallest one
    with pytest.raises(AssertionError), np.errstate(all="ignore"):
        first_failure(given(*PROPERTIES[holds])(holds))(broken)


def test_every_property_was_seen_to_fail() -> None:
    assert {holds for holds, _ in PLANTED} == set(PROPERTIES)
