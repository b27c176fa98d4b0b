"""Bad input: each kind, on each argument of each public function that takes arrays.

Every error begins with the argument's name and holds what was expected and what came. `init_params` has its own
table in test_params.py.
"""

from itertools import combinations

import numpy as np
import pytest
from cases import BATCH, N_H, N_X, N_Y, STEPS, call, good_calls
from oracle import import_torch

import rnn_helpers as rnn
from rnn_helpers import RNNParams, rnn_forward, validate


def value_at(arguments, label):
    """Return the array that a label such as `x` or `params.W_xh` means."""
    name, _, field = label.partition(".")
    return getattr(arguments[name], field) if field else arguments[name]


def replaced(arguments, label, value):
    """Return the arguments with another value at the label."""
    name, _, field = label.partition(".")
    return arguments | {name: arguments[name]._replace(**{field: value}) if field else value}


def refusal(function, label, change, error):
    """Call the function with its good arguments, but one changed; return what the error says."""
    arguments = good_calls()[function]
    value = change(value_at(arguments, label)) if callable(change) else change
    with pytest.raises(error) as caught:
        call(function, replaced(arguments, label, value))
    assert type(caught.value) is error
    return str(caught.value), value


def test_the_good_calls_are_good():
    for function, arguments in good_calls().items():
        assert call(function, arguments) is not None


def test_every_public_function_that_takes_arrays_is_here():
    functions = {name for name in rnn.__all__ if name[0].islower()}
    assert functions - {"init_params"} == set(good_calls())


FUNCTIONS_OF_PARAMS = [name for name, arguments in good_calls().items() if "params" in arguments]

# Numbers of the wrong kind, in every argument that takes floats.

PARAMS = [f"params.{name}" for name in RNNParams._fields]
FLOATS = {
    "softmax": ["z"],
    "softmax_backward": ["y", "dy"],
    "cross_entropy": ["logits"],
    "cross_entropy_and_grad": ["logits"],
    "output_backward": ["W_hy", "h", "dlogits"],
    "rnn_cell_forward": [*PARAMS, "x_t", "h_prev"],
    "rnn_cell_backward": [*PARAMS, "cache.x_t", "cache.h_prev", "cache.h_t", "dh_t"],
    "rnn_forward": [*PARAMS, "x", "h0"],
    "rnn_backward": [*PARAMS, "cache.x", "cache.states", "dh"],
    "loss_and_grads": [*PARAMS, "x", "h0"],
    "numerical_gradient": ["at.W_xh", "at.b_y"],
    "check_gradients": ["at.W_xh", "at.b_y"],
}
FLOAT_PLACES = [(function, label) for function, labels in FLOATS.items() for label in labels]


def with_one(number):
    """Put this number at the last place of a copy."""

    def change(array):
        array = array.copy()
        array.flat[-1] = number
        return array

    return change


WRONG_NUMBERS = {
    "NaN": (with_one(np.nan), ValueError, "got nan at index ("),
    "infinity": (with_one(np.inf), ValueError, "got inf at index ("),
    "minus infinity": (with_one(-np.inf), ValueError, "got -inf at index ("),
    "complex": (lambda a: a + 0j, TypeError, "got complex128"),
    "bool": (lambda a: a > 0, TypeError, "got bool"),
    "objects": (lambda a: a.astype(object), TypeError, "got object"),
    "strings": (lambda a: a.astype(str), TypeError, "got <U"),
    "a dictionary": ({}, TypeError, "got dict"),
    "no rows": (lambda a: a[:0], ValueError, "got shape (0,|got (0,"),
    "ragged lists": ([[0.5, 1.5], [2.5]], ValueError, "got nested lists of different lengths"),
}


@pytest.mark.parametrize("wrong", WRONG_NUMBERS)
@pytest.mark.parametrize(("function", "label"), FLOAT_PLACES)
def test_numbers_of_the_wrong_kind(function, label, wrong):
    change, error, got = WRONG_NUMBERS[wrong]
    message, _ = refusal(function, label, change, error)
    assert message.startswith(f"{label}: expected ")
    assert any(words in message for words in got.split("|")), message


# These read whole numbers as token ids or would have to guess; scores and relative_error take them.
NO_INTEGERS = [p for p in FLOAT_PLACES if p[0].startswith(("rnn", "loss", "num", "check")) or p[1] == "W_hy"]


@pytest.mark.parametrize(("function", "label"), NO_INTEGERS)
def test_whole_numbers_where_floats_belong(function, label):
    message, _ = refusal(function, label, lambda a: a.astype(np.int64), TypeError)
    assert message.startswith(f"{label}: expected ") and message.endswith("got int64")


@pytest.mark.parametrize(("function", "label"), [p for p in FLOAT_PLACES if p[1] != "h0"])
def test_nothing_at_all(function, label):
    message, _ = refusal(function, label, None, TypeError)
    assert message.startswith(f"{label}: expected ") and message.endswith("got NoneType")


# Shapes. Each row: an argument, the axes whose size another argument decides.

PINNED = [
    ("softmax_backward", "dy", {0: BATCH, 1: N_Y}),
    ("cross_entropy", "targets", {0: STEPS, 1: BATCH}),
    ("cross_entropy_and_grad", "targets", {0: STEPS, 1: BATCH}),
    ("output_backward", "dlogits", {0: STEPS, 1: BATCH, 2: N_Y}),
    ("rnn_cell_forward", "params.W_xh", {1: N_H}),
    ("rnn_cell_forward", "params.W_hh", {0: N_H, 1: N_H}),
    ("rnn_cell_forward", "params.W_hy", {0: N_H, 1: N_Y}),
    ("rnn_cell_forward", "x_t", {1: N_X}),
    ("rnn_cell_forward", "h_prev", {0: BATCH, 1: N_H}),
    ("rnn_cell_backward", "params.W_hh", {0: N_H, 1: N_H}),
    ("rnn_cell_backward", "cache.x_t", {1: N_X}),
    ("rnn_cell_backward", "cache.h_prev", {0: BATCH, 1: N_H}),
    ("rnn_cell_backward", "cache.h_t", {0: BATCH, 1: N_H}),
    ("rnn_cell_backward", "dh_t", {0: BATCH, 1: N_H}),
    ("rnn_forward", "params.W_xh", {1: N_H}),
    ("rnn_forward", "params.W_hh", {0: N_H, 1: N_H}),
    ("rnn_forward", "params.W_hy", {0: N_H, 1: N_Y}),
    ("rnn_forward", "x", {2: N_X}),
    ("rnn_forward", "h0", {0: BATCH, 1: N_H}),
    ("rnn_backward", "params.W_hh", {0: N_H, 1: N_H}),
    ("rnn_backward", "cache.x", {2: N_X}),
    ("rnn_backward", "cache.states", {0: STEPS + 1, 1: BATCH, 2: N_H}),
    ("rnn_backward", "dh", {0: STEPS, 1: BATCH, 2: N_H}),
    ("loss_and_grads", "params.W_hh", {0: N_H, 1: N_H}),
    ("loss_and_grads", "params.W_hy", {0: N_H, 1: N_Y}),
    ("loss_and_grads", "x", {2: N_X}),
    ("loss_and_grads", "targets", {0: STEPS, 1: BATCH}),
    ("loss_and_grads", "h0", {0: BATCH, 1: N_H}),
    ("relative_error", "b", {0: 2, 1: 3}),
    ("check_gradients", "grads.W_xh", {0: 2, 1: 3}),
    ("check_gradients", "grads.b_h", {0: 3}),
]
RESHAPED = {
    "an entry more": lambda a, axis: np.concatenate([a, a.take([0], axis)], axis),
    "an entry fewer": lambda a, axis: np.delete(a, 0, axis),
    "one entry, which would broadcast": lambda a, axis: a.take([0], axis),
    "the axis dropped": lambda a, axis: a.take(0, axis),
}
WHOLE = {
    "axes swapped": lambda a: a.swapaxes(0, -1),
    "reversed axes": lambda a: a.T,
    "an axis more": lambda a: a[None],
    "a scalar": lambda a: a.flat[0],
    "flattened": lambda a: a.ravel(),
}


# The shape that is asked for, in full: every axis by its name, with its size where another argument decides it.
_BATCH_H = f"(batch={BATCH}, n_h={N_H})"
ASKED_FOR = [
    ("rnn_cell_forward", "h_prev", _BATCH_H),
    ("rnn_cell_forward", "x_t", f"(batch, n_x={N_X})"),
    ("rnn_cell_backward", "cache.x_t", f"(batch, n_x={N_X})"),
    ("rnn_cell_backward", "cache.h_prev", _BATCH_H),
    ("rnn_cell_backward", "cache.h_t", _BATCH_H),
    ("rnn_cell_backward", "dh_t", _BATCH_H),
    ("rnn_forward", "params.W_xh", f"(n_x, n_h={N_H})"),
    ("rnn_forward", "params.W_hh", f"(from n_h={N_H}, to n_h={N_H})"),
    ("rnn_forward", "params.b_h", "(n_h,)"),
    ("rnn_forward", "params.W_hy", f"(n_h={N_H}, n_y={N_Y})"),
    ("rnn_forward", "params.b_y", "(n_y,)"),
    ("rnn_forward", "x", f"(time, batch, n_x={N_X})"),
    ("rnn_forward", "h0", _BATCH_H),
    ("rnn_backward", "cache.x", f"(time, batch, n_x={N_X})"),
    ("rnn_backward", "cache.states", f"(time + 1={STEPS + 1}, batch={BATCH}, n_h={N_H})"),
    ("rnn_backward", "dh", f"(time={STEPS}, batch={BATCH}, n_h={N_H})"),
    ("loss_and_grads", "h0", _BATCH_H),
    ("output_backward", "W_hy", "(n_h, n_y)"),
]


@pytest.mark.parametrize(("function", "label", "shape"), ASKED_FOR)
def test_every_axis_that_is_asked_for_has_its_name(function, label, shape):
    message, given = refusal(function, label, lambda a: a[None], ValueError)
    assert message == f"{label}: expected shape {shape}, got {given.shape}"


# Wrong shapes that agree with the right one in a number of axes or in a size, so that a hasty look would take them.
ALIKE = [
    ("x", np.array(1), "(time, batch)", ()),
    ("x", np.ones(N_X), f"(time, batch, n_x={N_X})", (N_X,)),
    ("x", np.ones((STEPS, N_X, N_X + 1)), f"(time, batch, n_x={N_X})", (STEPS, N_X, N_X + 1)),
    ("x", np.ones((N_X, BATCH, N_X - 1)), f"(time, batch, n_x={N_X})", (N_X, BATCH, N_X - 1)),
]


@pytest.mark.parametrize("function", ["rnn_forward", "loss_and_grads"])
@pytest.mark.parametrize(("label", "value", "wanted", "got"), ALIKE, ids=[str(row[3]) for row in ALIKE])
def test_a_shape_that_is_almost_right_is_refused(function, label, value, wanted, got):
    message, _ = refusal(function, label, lambda _: value, ValueError)
    assert message == f"{label}: expected shape {wanted}, got {got}"


def assert_shape_is_refused(function, label, pinned, change):
    """The message holds every pinned size as expected, and the shape that came."""
    message, given = refusal(function, label, change, ValueError)
    start, _, got = message.partition(", got ")
    assert start.startswith(f"{label}: expected "), message
    expected = start.removeprefix(f"{label}: expected ")
    assert all(str(size) in expected for size in pinned.values()), message
    assert str(np.shape(given)) in got, message


@pytest.mark.parametrize("how", RESHAPED)
@pytest.mark.parametrize(
    ("function", "label", "pinned", "axis"),
    [(function, label, pinned, axis) for function, label, pinned in PINNED for axis in pinned],
)
def test_an_axis_of_the_wrong_size(function, label, pinned, axis, how):
    assert_shape_is_refused(function, label, pinned, lambda a: RESHAPED[how](a, axis))


MISSHAPEN = [
    (function, label, pinned, how)
    for function, label, pinned in PINNED
    for how, change in WHOLE.items()
    # The other way round, a square matrix has the same shape.
    if change(value := value_at(good_calls()[function], label)).shape != value.shape
    # Scores may have any number of axes, but one: see the last table.
    and not (label in ("dy", "dlogits") and how == "a scalar")
]


@pytest.mark.parametrize(("function", "label", "pinned", "how"), MISSHAPEN)
def test_axes_in_the_wrong_order_or_number(function, label, pinned, how):
    assert_shape_is_refused(function, label, pinned, WHOLE[how])


@pytest.mark.parametrize("function", ["rnn_cell_forward", "rnn_cell_backward", "rnn_forward", "loss_and_grads"])
@pytest.mark.parametrize("name", ["b_h", "b_y"])
@pytest.mark.parametrize(
    "change", [lambda b: b[:, None], lambda b: b[None], lambda b: b[0]], ids=["column", "row", "scalar"]
)
def test_a_bias_has_one_axis(function, name, change):
    message, given = refusal(function, f"params.{name}", change, ValueError)
    axis = {"b_h": "n_h", "b_y": "n_y"}[name]
    assert message == f"params.{name}: expected shape ({axis},), got {np.shape(given)}"


@pytest.mark.parametrize("function", FUNCTIONS_OF_PARAMS)
def test_a_head_with_an_axis_too_many_fits_together_and_is_refused(function):
    arguments = good_calls()[function]
    params = arguments["params"]
    deep = params._replace(W_hy=params.W_hy[..., None], b_y=params.b_y[:, None])
    with pytest.raises(ValueError, match=r"^params\.b_y: expected shape \(n_y,\), got \(7, 1\)$"):
        call(function, arguments | {"params": deep})


@pytest.mark.parametrize("change", [lambda b: b[:1], lambda b: b[1:]], ids=["one entry", "an entry fewer"])
@pytest.mark.parametrize("name", ["b_h", "b_y"])
def test_a_bias_of_another_length_disagrees_with_the_weights(name, change):
    message, given = refusal("rnn_forward", f"params.{name}", change, ValueError)
    assert message.startswith("params.W_") and f"={len(given)}" in message and ", got (" in message


# Parameters as lists, of both kinds of floats, and those that agree with each other in a mistake.


def test_lists_are_measured_as_arrays_are():
    good = good_calls()["rnn_forward"]
    as_lists = RNNParams(*(p.tolist() for p in good["params"]))
    assert (rnn_forward(as_lists, good["x"])[0] == rnn_forward(good["params"], good["x"])[0]).all()
    for name in ("b_h", "b_y"):
        with pytest.raises(ValueError, match=r"^params\.W_.*expected shape"):
            # One number would be broadcast over all units.
            rnn_forward(as_lists._replace(**{name: [0.5]}), good["x"])


@pytest.mark.parametrize("as_lists", [fields for n in range(6) for fields in combinations(RNNParams._fields, n)])
def test_some_fields_may_be_lists(as_lists):
    good = good_calls()["rnn_forward"]
    params = good["params"]._replace(**{name: getattr(good["params"], name).tolist() for name in as_lists})
    assert (rnn_forward(params, good["x"])[0] == rnn_forward(good["params"], good["x"])[0]).all()


def shaped(h, y, n_x=3, dtype=np.float64):
    """Return parameters whose shapes agree with each other, for a state and an output of these shapes."""
    return RNNParams(*(np.ones(shape, dtype) for shape in ((n_x, *h), (*h, *h), h, (*h, *y), y)))


@pytest.mark.parametrize("wide", [fields for n in range(6) for fields in combinations(RNNParams._fields, n)])
def test_one_field_of_float64_makes_all_float64(wide):
    single = shaped((2,), (4,), dtype=np.float32)
    params = single._replace(**{name: getattr(single, name).astype(np.float64) for name in wide})
    found = {field.dtype for field in validate.params(params, RNNParams)}
    assert found == {np.dtype(np.float64 if wide else np.float32)}


@pytest.mark.parametrize(
    ("params", "error", "message"),
    [
        (shaped((2, 5), (4,)), ValueError, "params.b_h: expected shape (n_h,), got (2, 5)"),
        (shaped((2,), (4, 5)), ValueError, "params.b_y: expected shape (n_y,), got (4, 5)"),
        (shaped((2, 5), (4, 6)), ValueError, "params.b_h: expected shape (n_h,), got (2, 5)"),
        (shaped((), ()), ValueError, "params.b_h: expected shape (n_h,), got ()"),
        (shaped((0,), (4,)), ValueError, "params.b_h: expected shape (n_h,) with no empty axis, got (0,)"),
        (shaped((2,), (0,)), ValueError, "params.b_y: expected shape (n_y,) with no empty axis, got (0,)"),
        (
            shaped((2,), (4,), n_x=0),
            ValueError,
            "params.W_xh: expected shape (n_x, n_h=2) with no empty axis, got (0, 2)",
        ),
        (
            shaped((2,), (4,), dtype=np.float16),
            TypeError,
            "params.b_h: expected float32 or float64 numbers, got float16",
        ),
    ],
)
def test_parameters_that_agree_with_each_other_in_a_mistake_are_refused(params, error, message):
    with pytest.raises(error) as caught:
        validate.params(params, RNNParams)
    assert str(caught.value) == message


# What is left: one row, one mistake, and the whole sentence that answers it.

V, T = ValueError, TypeError
IDS = np.ones((STEPS, BATCH), np.int64)
GOOD = good_calls()["rnn_forward"]
SHORT = rnn_forward(GOOD["params"], GOOD["x"][1:], GOOD["h0"])[2]
NARROW = rnn_forward(GOOD["params"], GOOD["x"][:, 1:], GOOD["h0"][1:])[2]
NARROW_CELL = rnn.rnn_cell_forward(GOOD["params"], GOOD["x"][0, 1:], GOOD["h0"][1:])[2]
SMALL = rnn.init_params(np.random.default_rng(0), N_X, 5, N_Y)
SMALL_CACHE = rnn_forward(SMALL, GOOD["x"])[2]
FUNCTIONS_OF_TARGETS = [name for name, arguments in good_calls().items() if "targets" in arguments]

# fmt: off
IDS_ROWS = [
    ("rnn_forward", "x", with_one(N_X)(0 * IDS), V, "x: expected integers from 0 to 3, got 4 at index (4, 2)"),
    ("rnn_forward", "x", with_one(N_X)(IDS), V, "x: expected integers from 0 to 3, got 4 at index (4, 2)"),
    ("rnn_forward", "x", with_one(-1)(IDS), V, "x: expected integers from 0 to 3, got -1 at index (4, 2)"),
    ("rnn_forward", "x", with_one(-100)(IDS), V, "x: expected integers from 0 to 3, got -100 at index (4, 2)"),
    ("rnn_forward", "x", with_one(-1)(IDS.astype(">i4")), V,  # bytes in the other order, as some files hold them
     "x: expected integers from 0 to 3, got -1 at index (4, 2)"),
    ("rnn_forward", "x", IDS[0], V, "x: expected shape (time, batch), got (3,)"),
    ("rnn_forward", "x", 1, V, "x: expected shape (time, batch), got ()"),
    ("rnn_forward", "x", IDS[:0], V, "x: expected shape (time, batch) with no empty axis, got (0, 3)"),
    ("rnn_forward", "x", IDS[:, :0], V, "x: expected shape (time, batch) with no empty axis, got (5, 0)"),
    ("rnn_forward", "x", IDS.T, V, "h0: expected shape (batch=5, n_h=8), got (3, 8)"),
    ("rnn_forward", "x", IDS * 1.0, V, "x: expected shape (time, batch, n_x=4), got (5, 3)"),
    ("rnn_forward", "x", [[0, 1], [2]], V, "x: expected an array, got nested lists of different lengths"),
    ("loss_and_grads", "x", IDS + 3, V, "x: expected integers from 0 to 3, got 4 at index (0, 0)"),
    ("loss_and_grads", "x", IDS - 2, V, "x: expected integers from 0 to 3, got -1 at index (0, 0)"),
    ("rnn_backward", "cache.x", IDS + 3, V, "cache.x: expected integers from 0 to 3, got 4 at index (0, 0)"),
    ("rnn_cell_forward", "x_t", IDS[0] + 3, V, "x_t: expected integers from 0 to 3, got 4 at index (0,)"),
    ("rnn_cell_forward", "x_t", IDS[0] - 2, V, "x_t: expected integers from 0 to 3, got -1 at index (0,)"),
    ("rnn_cell_forward", "x_t", IDS, T, "x_t: expected float32 or float64 numbers, got int64"),
    ("rnn_cell_forward", "x_t", IDS[0].astype("<U1"), T, "x_t: expected float32 or float64 numbers, got <U1"),
    ("rnn_forward", "x", IDS.astype("<U1"), T, "x: expected float32 or float64 numbers, got <U1"),
    ("rnn_cell_backward", "cache.x_t", IDS[0] + 3, V,
     "cache.x_t: expected integers from 0 to 3, got 4 at index (0,)"),
]
EMPTY_ROWS = [
    ("rnn_forward", "x", np.zeros((0, BATCH, N_X)), V,
     "x: expected shape (time, batch, n_x=4) with no empty axis, got (0, 3, 4)"),
    ("rnn_forward", "x", np.zeros((STEPS, 0, N_X)), V,
     "x: expected shape (time, batch, n_x=4) with no empty axis, got (5, 0, 4)"),
    ("rnn_cell_forward", "x_t", np.zeros((0, N_X)), V,
     "x_t: expected shape (batch, n_x=4) with no empty axis, got (0, 4)"),
    ("softmax", "z", np.zeros((3, 0)), V, "z: expected at least one axis and one entry, got shape (3, 0)"),
    ("softmax", "z", 1.0, V, "z: expected at least one axis and one entry, got shape ()"),
    ("cross_entropy", "logits", 1.0, V, "logits: expected at least one axis and one entry, got shape ()"),
    ("softmax_backward", "dy", 1.0, V, "dy: expected at least one axis and one entry, got shape ()"),
    ("output_backward", "h", 1.0, V, "h: expected at least one axis and one entry, got shape ()"),
    ("output_backward", "dlogits", 1.0, V, "dlogits: expected at least one axis and one entry, got shape ()"),
]
DISAGREEING_ROWS = [
    ("rnn_forward", "x", np.zeros((STEPS, 2, N_X)), V, "h0: expected shape (batch=2, n_h=8), got (3, 8)"),
    ("loss_and_grads", "x", np.zeros((6, BATCH, N_X)), V,
     "targets: expected shape (6, 3), one for each row of scores, got (5, 3)"),
    ("cross_entropy", "targets", np.eye(N_Y)[IDS].astype(int), V,
     "targets: expected shape (5, 3), one for each row of scores, got (5, 3, 7)"),
    ("rnn_backward", "cache", SHORT, V, "dh: expected shape (time=4, batch=3, n_h=8), got (5, 3, 8)"),
    ("rnn_backward", "cache", NARROW, V, "dh: expected shape (time=5, batch=2, n_h=8), got (5, 3, 8)"),
    ("rnn_backward", "cache.x", SHORT.x, V,
     "cache.states: expected shape (time + 1=5, batch=3, n_h=8), got (6, 3, 8)"),
    ("rnn_backward", "cache", SMALL_CACHE, V,
     "cache.states: expected shape (time + 1=6, batch=3, n_h=8), got (6, 3, 5)"),
    ("rnn_backward", "params", SMALL, V,
     "cache.states: expected shape (time + 1=6, batch=3, n_h=5), got (6, 3, 8)"),
    ("rnn_cell_backward", "cache", NARROW_CELL, V, "dh_t: expected shape (batch=2, n_h=8), got (3, 8)"),
    ("output_backward", "h", np.zeros((STEPS, BATCH, 1)), V,
     "h: expected a last axis of n_h=8, as in W_hy, got shape (5, 3, 1)"),
    ("output_backward", "h", np.zeros((STEPS, 1, N_H)), V, "dlogits: expected shape (5, 1, 7), got (5, 3, 7)"),
    ("output_backward", "W_hy", lambda W: W.T, V,
     "h: expected a last axis of n_h=7, as in W_hy, got shape (5, 3, 8)"),
    ("output_backward", "W_hy", lambda W: W[:, 0], V, "W_hy: expected shape (n_h, n_y), got (8,)"),
]
WRONG_TYPE_ROWS = [
    *[("rnn_cell_backward", "cache", wrong, T, f"cache: expected a CellCache from rnn_cell_forward, got {kind}")
      for wrong, kind in [((1, 2, 3), "tuple"), (None, "NoneType"), ({}, "dict"), (SHORT, "SequenceCache")]],
    *[("rnn_backward", "cache", wrong, T, f"cache: expected a SequenceCache from rnn_forward, got {kind}")
      for wrong, kind in [((1, 2), "tuple"), (None, "NoneType"), ([], "list"), (NARROW_CELL, "CellCache")]],
    *[(function, "params", wrong, T, f"params: expected an RNNParams, got {kind}")
      for function in FUNCTIONS_OF_PARAMS
      for wrong, kind in [(SMALL._asdict(), "dict"), (tuple(SMALL), "tuple"), ([*SMALL], "list"), (None, "NoneType")]],
    ("rnn_forward", "h0", 0, T, "h0: expected float32 or float64 numbers, got int64"),
    ("rnn_forward", "h0", False, T, "h0: expected float32 or float64 numbers, got bool"),
    ("rnn_forward", "h0", 0.0, V, "h0: expected shape (batch=3, n_h=8), got ()"),
]
TARGETS = "targets: expected 0 to 6, or -100 for one that does not count"
TARGET_ROWS = [(function, "targets", *row) for function in FUNCTIONS_OF_TARGETS for row in [
    (with_one(N_Y), V, f"{TARGETS}, got 7 at index (4, 2)"),
    (with_one(-1), V, f"{TARGETS}, got -1 at index (4, 2)"),
    (with_one(-99), V, f"{TARGETS}, got -99 at index (4, 2)"),
    (with_one(-101), V, f"{TARGETS}, got -101 at index (4, 2)"),
    (with_one(-1)(IDS.astype(">i4")), V, f"{TARGETS}, got -1 at index (4, 2)"),
    (IDS * -100, V, "targets: expected at least one that counts, got only -100"),
    (IDS * 1.0, T, "targets: expected integers, got float64"),
    (IDS > 0, T, "targets: expected integers, got bool"),
    (IDS * 1j, T, "targets: expected integers, got complex128"),
    (IDS.astype("<U1"), T, "targets: expected integers, got <U1"),
    (IDS.astype(object), T, "targets: expected integers, got object"),
    (None, T, "targets: expected integers, got NoneType"),
    ([[1, 2], [3]], V, "targets: expected an array, got nested lists of different lengths"),
]]
AXIS_ROWS = [("softmax", "axis", *row) for row in [
    (3, V, "axis: expected -3 to 2 for shape (5, 3, 7), got 3"),
    (-4, V, "axis: expected -3 to 2 for shape (5, 3, 7), got -4"),
    (1.0, T, "axis: expected an integer, got float"),
    (True, T, "axis: expected an integer, got bool"),
    (None, T, "axis: expected an integer, got NoneType"),
    ((0, 1), T, "axis: expected an integer, got tuple"),
]]
STEP_ROWS = [(function, *row) for function in ("numerical_gradient", "check_gradients") for row in [
    ("f", 3.0, T, "f: expected a function, got float"),
    ("step", 0, V, "step: expected a positive number, got 0"),
    ("step", -1e-5, V, "step: expected a positive number, got -1e-05"),
    ("step", np.nan, V, "step: expected a finite number, got nan"),
    ("step", np.inf, V, "step: expected a finite number, got inf"),
    ("step", "small", T, "step: expected a number, got str"),
    ("step", None, T, "step: expected a number, got NoneType"),
    ("step", True, T, "step: expected a number, got bool"),
]]
PLAIN_TUPLE = "expected an array or a NamedTuple of arrays, got a plain tuple"
GRADCHECK_ROWS = [
    ("numerical_gradient", "at", tuple(SMALL), T, f"at: {PLAIN_TUPLE}"),
    ("numerical_gradient", "at", None, T, "at: expected floats, got NoneType"),
    ("numerical_gradient", "at", IDS, T, "at: expected floats, got int64"),
    ("numerical_gradient", "at", np.zeros((0, 2)), V, "at: expected at least one number, got shape (0, 2)"),
    ("numerical_gradient", "at", np.array([1, np.nan]), V, "at: expected finite numbers, got nan at index (1,)"),
    ("check_gradients", "grads", tuple(SMALL), T, f"grads: {PLAIN_TUPLE}"),
    ("check_gradients", "grads", None, T, "grads: expected floats, got NoneType"),
    ("check_gradients", "grads", SMALL._asdict(), T, "grads: expected floats, got dict"),
    ("check_gradients", "grads", np.ones(3), T,
     "grads: expected the fields W_xh, W_hh, b_h, W_hy, b_y, got value"),
    ("check_gradients", "grads.b_h", np.arange(3), T, "grads.b_h: expected floats, got int64"),
    ("check_gradients", "tolerance", -1e-7, V, "tolerance: expected a positive number, got -1e-07"),
    ("check_gradients", "tolerance", "1e-7", T, "tolerance: expected a number, got str"),
    ("relative_error", "a", 1j, T, "a: expected real numbers, got complex128"),
    ("relative_error", "a", ["x"], T, "a: expected real numbers, got <U1"),
    ("relative_error", "b", None, T, "b: expected real numbers, got NoneType"),
    ("relative_error", "floor", 0.0, V, "floor: expected a positive number, got 0.0"),
    ("relative_error", "floor", "0", T, "floor: expected a number, got str"),
]
# fmt: on
ROWS = [
    *IDS_ROWS,
    *EMPTY_ROWS,
    *DISAGREEING_ROWS,
    *WRONG_TYPE_ROWS,
    *TARGET_ROWS,
    *AXIS_ROWS,
    *STEP_ROWS,
    *GRADCHECK_ROWS,
]


@pytest.mark.parametrize(
    ("function", "label", "change", "error", "sentence"), ROWS, ids=[f"{row[0]}-{row[4]}" for row in ROWS]
)
def test_each_mistake_has_its_sentence(function, label, change, error, sentence):
    assert refusal(function, label, change, error)[0] == sentence


# The checks by themselves.


def test_what_passes_is_returned_as_it_is():
    array = np.random.default_rng(0).standard_normal((2, 3))
    assert validate.floats("a", array, {"batch": None, "n": 3}) is array
    assert validate.indices("i", IDS, {"time": None, "batch": BATCH}, below=2) is IDS
    assert validate.finite("a", array) is array
    assert validate.number("n", 2.5) == 2.5


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_finite_numbers_are_finite(dtype):
    # Their squares are not, which is what the quick look adds up.
    array = np.full((2, 3), np.finfo(dtype).max)
    with np.errstate(all="raise"):
        assert validate.finite("a", array) is array
    array[1, 0] = np.nan
    with pytest.raises(ValueError, match=r"^a: expected finite numbers, got nan at index \(1, 0\)$"):
        validate.finite("a", array)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("ids", [False, True], ids=["floats", "ids"])
def test_no_place_of_a_parameter_hides_a_number_that_is_not_finite(ids, number):
    # Every place: also the row of an id that does not occur.
    arguments = good_calls()["loss_and_grads"] | ({"x": np.zeros((STEPS, BATCH), np.int64)} if ids else {})
    for name, field in arguments["params"]._asdict().items():
        for place in np.ndindex(field.shape):
            wrong = field.copy()
            wrong[place] = number
            with pytest.raises(ValueError) as caught:
                call("loss_and_grads", replaced(arguments, f"params.{name}", wrong))
            assert str(caught.value) == f"params.{name}: expected finite numbers, got {number} at index {place}"


@pytest.mark.parametrize("name", RNNParams._fields)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_finite_parameters_pass_without_a_warning(dtype, name):
    net = RNNParams(*(field.astype(dtype) for field in SMALL))
    net = net._replace(**{name: np.full_like(getattr(net, name), np.finfo(dtype).max)})
    with np.errstate(all="raise"):
        checked = validate.params(net, RNNParams)
    assert all((ours == given).all() for ours, given in zip(checked, net, strict=True))
    assert {field.dtype for field in checked} == {np.dtype(dtype)}


@pytest.mark.parametrize("value", [1, 7, np.int64(1), np.uint8(3)])
def test_a_size_is_an_integer_of_at_least_one(value):
    assert validate.size("n", value) is value


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (0, ValueError, "n: expected at least 1, got 0"),
        (np.int64(-2), ValueError, "n: expected at least 1, got -2"),
        (True, TypeError, "n: expected an integer, got bool"),
        (2.0, TypeError, "n: expected an integer, got float"),
        (None, TypeError, "n: expected an integer, got NoneType"),
    ],
)
def test_what_is_no_size_is_refused(value, error, message):
    with pytest.raises(error) as caught:
        validate.size("n", value)
    assert str(caught.value) == message


def test_integers_of_more_digits_than_python_writes_are_refused():
    for huge in (10**5000, -(10**5000)):
        with pytest.raises(ValueError, match=r"^n: expected an integer that 64 bits hold, got one of 16610 bits$"):
            validate.size("n", huge)
        with pytest.raises(ValueError, match=r"^n: expected a number that a float holds, got one of 16610 bits$"):
            validate.share("n", huge)


WIDE = np.finfo(np.longdouble).max > np.finfo(float).max  # not so on every machine


@pytest.mark.skipif(not WIDE, reason="NumPy has no wider float here")
def test_what_only_a_wider_float_holds_is_refused():
    for check in (validate.number, validate.positive, validate.share):
        with pytest.raises(ValueError, match=r"^n: expected a number that a float holds, got 1e\+4000$"):
            check("n", np.longdouble("1e4000"))
        with pytest.raises(ValueError, match=r"^n: expected a finite number, got nan$"):
            check("n", np.longdouble("nan"))
    with pytest.raises(ValueError, match=r"^n: expected a positive number, got 1e-4000$"):
        validate.positive("n", np.longdouble("1e-4000"))
    with pytest.raises(ValueError, match=r"^n: expected a number of at least 0 and below 1, got 0\.99"):
        validate.share("n", 1 - np.finfo(np.longdouble).epsneg)


@pytest.mark.parametrize("value", [-3, 0, np.int64(7), 2**63 - 1, -(2**63)])
def test_an_integer_of_any_sign_passes(value):
    assert validate.integer("axis", value) is value


@pytest.mark.parametrize("value", [1e-300, 1, np.float32(0.5)])
def test_a_positive_number_passes(value):
    assert validate.positive("step", value) is value


@pytest.mark.parametrize("value", [0, 0.5, np.nextafter(1, 0)])
def test_a_share_is_at_least_0_and_below_1(value):
    assert validate.share("keep", value) is value


@pytest.mark.parametrize(
    ("check", "value", "error", "message"),
    [
        (validate.positive, 0, ValueError, "n: expected a positive number, got 0"),
        (validate.positive, -1e-9, ValueError, "n: expected a positive number, got -1e-09"),
        (validate.positive, float("inf"), ValueError, "n: expected a finite number, got inf"),
        (validate.positive, "1", TypeError, "n: expected a number, got str"),
        (validate.share, 1, ValueError, "n: expected a number of at least 0 and below 1, got 1"),
        (validate.share, -0.1, ValueError, "n: expected a number of at least 0 and below 1, got -0.1"),
        (validate.share, float("nan"), ValueError, "n: expected a finite number, got nan"),
        (validate.share, True, TypeError, "n: expected a number, got bool"),
        (validate.integer, 1.0, TypeError, "n: expected an integer, got float"),
        (validate.integer, True, TypeError, "n: expected an integer, got bool"),
        (validate.integer, np.timedelta64(3, "s"), TypeError, "n: expected an integer, got timedelta64"),
        (validate.integer, 2**63, ValueError, "n: expected an integer that 64 bits hold, got one of 64 bits"),
        (validate.integer, -(2**63) - 1, ValueError, "n: expected an integer that 64 bits hold, got one of 64 bits"),
        (validate.number, np.timedelta64(3, "s"), TypeError, "n: expected a number, got timedelta64"),
    ],
)
def test_what_is_not_positive_no_share_or_no_integer_is_refused(check, value, error, message):
    with pytest.raises(error) as caught:
        check("n", value)
    assert str(caught.value) == message


def test_a_generator_is_numpys_and_nothing_else():
    rng = np.random.default_rng(0)
    assert validate.generator(rng) is rng
    with pytest.raises(TypeError) as caught:
        validate.generator(np.random.RandomState(0))
    assert str(caught.value) == "rng: expected a numpy.random.Generator, got RandomState"


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ([[0, 1], [2]], ValueError, "ids: expected an array, got nested lists of different lengths"),
        (np.ones((2, 3)), TypeError, "ids: expected integers, got float64"),
        (np.ones((2, 3), bool), TypeError, "ids: expected integers, got bool"),
        (None, TypeError, "ids: expected integers, got NoneType"),
        ({}, TypeError, "ids: expected integers, got dict"),
        (np.ones((2, 4), int), ValueError, "ids: expected shape (rows, n=3), got (2, 4)"),
        (np.ones((0, 3), int), ValueError, "ids: expected shape (rows, n=3) with no empty axis, got (0, 3)"),
        ([[0, 1, 5]], ValueError, "ids: expected integers from 0 to 4, got 5 at index (0, 2)"),
    ],
)
def test_indices_that_are_none(value, error, message):
    with pytest.raises(error) as caught:
        validate.indices("ids", value, {"rows": None, "n": 3}, below=5)
    assert str(caught.value) == message


def masked(array):
    """Return the array with a mask over one number, which NumPy drops wherever it makes an array of it."""
    return np.ma.masked_array(array, np.arange(array.size).reshape(array.shape) == 0)


class Raises:
    """What says that it becomes an array, and then raises: tensors that require a gradient or lie elsewhere do so."""

    def __init__(self, error):
        self.error = error

    def __array__(self, dtype=None, copy=None):
        raise self.error


NO_MASK = "expected an array without a mask, got a masked array: fill it, or mark targets -100"
NO_ARRAYS = {
    "masked": (masked, NO_MASK),
    "all masked": (lambda a: np.ma.masked_array(a, np.ones(a.shape, bool)), NO_MASK),
    "with a mask of nothing": (np.ma.masked_array, NO_MASK),
    "one masked number": (lambda a: np.ma.masked, NO_MASK),
    "a list with a masked number": (lambda a: [1.0, np.ma.masked], NO_MASK),
    "a list of masked rows": (lambda a: [masked(row) for row in a], NO_MASK),
    "a tuple of lists of them": (lambda a: ([masked(a)],), NO_MASK),
    "a matrix": (lambda a: np.matrix(a.ravel()), "expected an array, got a matrix: np.asarray makes an array of it"),
    "a tensor in training": (
        lambda a: Raises(RuntimeError("requires grad")),
        "expected an array, got Raises, which makes none (RuntimeError: requires grad)",
    ),
    "one whose values do not fit": (
        lambda a: Raises(ValueError("no " * 500)),
        f"expected an array, got Raises, which makes none (ValueError: {('no ' * 500)[:80]})",
    ),
    "a list of tensors": (
        lambda a: [Raises(TypeError("on the GPU"))],
        "expected an array, got list, which makes none (TypeError: on the GPU)",
    ),
}


@pytest.mark.filterwarnings("ignore:the matrix subclass", "ignore:Warning. converting a masked element to nan")
@pytest.mark.parametrize("wrong", NO_ARRAYS)
@pytest.mark.parametrize(
    ("function", "label"),
    [
        ("softmax", "z"),
        ("loss_and_grads", "params.W_hh"),
        ("loss_and_grads", "x"),
        ("loss_and_grads", "h0"),
        ("loss_and_grads", "targets"),
        ("check_gradients", "at.W_xh"),
        ("check_gradients", "grads.W_xh"),
        ("relative_error", "b"),
    ],
)
def test_what_is_no_plain_array_is_named(function, label, wrong):
    change, sentence = NO_ARRAYS[wrong]
    assert refusal(function, label, change, TypeError)[0] == f"{label}: {sentence}"


def test_what_a_tensor_advises_is_passed_on():
    torch = import_torch()
    says, _ = refusal("softmax", "z", lambda z: torch.tensor(z, requires_grad=True), TypeError)
    assert says.startswith("z: expected an array, got Tensor, which makes none (RuntimeError: Can't call numpy() on")
    assert "requires grad. Use tensor.detach()" in says
    says, _ = refusal("softmax", "z", lambda z: torch.tensor(z).bfloat16(), TypeError)
    assert says == "z: expected an array, got Tensor, which makes none (TypeError: Got unsupported ScalarType BFloat16)"
    says, _ = refusal("softmax", "z", lambda z: torch.tensor(z).half(), TypeError)
    assert says == "z: expected float32, float64 or integers, got float16"


@pytest.mark.parametrize("order", [">", "<"])
def test_floats_and_ids_of_either_byte_order_are_taken(order):
    good = good_calls()["loss_and_grads"]
    swapped = RNNParams(*(field.astype(f"{order}f8") for field in good["params"]))
    assert {field.dtype.isnative for field in validate.params(swapped, RNNParams)} == {True}
    other = {"params": swapped, "x": good["x"].astype(f"{order}f8"), "targets": good["targets"].astype(f"{order}i4")}
    loss, grads = rnn.loss_and_grads(**good | other)
    assert loss == rnn.loss_and_grads(**good)[0] and grads.W_xh.dtype is np.dtype(np.float64)
    assert validate.scores("z", np.ones(2, f"{order}f4")).dtype is np.dtype(np.float32)


def test_floats_of_no_particular_shape():
    for value in (2.0, [], [[1.0, 2.0]]):
        assert (validate.floats("a", value) == np.asarray(value)).all()
    with pytest.raises(ValueError, match=r"^a: expected finite numbers, got nan at index \(1,\)$"):
        validate.floats("a", [1.0, np.nan])


@pytest.mark.parametrize(("function", "label"), [("cross_entropy", "targets"), ("loss_and_grads", "targets")])
def test_what_makes_no_array_is_named_by_its_type(function, label):
    assert refusal(function, label, {}, TypeError)[0] == f"{label}: expected integers, got dict"


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.uint16])
def test_indices_of_any_integer_type(dtype):
    ids = np.array([[0, 1, 4]], dtype)
    assert validate.indices("ids", ids, {"rows": None, "n": 3}, below=5) is ids


def test_indices_that_numpy_2_0_takes_for_none_become_signed():
    ids = np.array([[0, 1, 4]], np.uint64)
    signed = validate.indices("ids", ids, {"rows": None, "n": 3}, below=5)
    assert signed.dtype == np.int64
    assert (signed == ids).all()
