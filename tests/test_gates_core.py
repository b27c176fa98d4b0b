"""What every function with gates keeps to, as the core does: dtype, the caller's arrays, no state; no bad input."""

import pickle

import numpy as np
import pytest
from cases import BATCH, N_H, N_X, N_Y, STEPS, arrays
from gate_cases import BLOCKS, draw_params, good_calls

from rnn_helpers import gates, init_params, validate
from rnn_helpers.gates import GRUBeforeParams, GRUParams, LSTMParams

pytestmark = pytest.mark.ci

LABELS = list(good_calls())
WITH_X = [label for label in LABELS if label != "sigmoid"]


def with_token_ids(arguments):
    """Return the arguments with token ids for x."""
    ids = {"x": np.arange(STEPS * BATCH).reshape(STEPS, BATCH) % N_X, "x_t": np.arange(BATCH) % N_X}
    if "cache" in arguments:
        name = arguments["cache"]._fields[0]
        return arguments | {"cache": arguments["cache"]._replace(**{name: ids[name]})}
    return {name: ids.get(name, value) for name, value in arguments.items()}


every_input = pytest.mark.parametrize(
    ("label", "change"), [(label, dict) for label in LABELS] + [(label, with_token_ids) for label in WITH_X]
)


def good(label, dtype=np.float64, change=dict):
    function, arguments = good_calls(dtype)[label]
    return function, change(arguments)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@every_input
def test_the_dtype_that_goes_in_comes_out(label, change, dtype):
    function, arguments = good(label, dtype, change)
    assert {a.dtype for a in arrays(function(**arguments)) if a.dtype.kind == "f"} == {np.dtype(dtype)}


@pytest.mark.parametrize("label", LABELS)
def test_float32_gives_the_float64_values_rounded(label):
    results = []
    for dtype in (np.float64, np.float32):
        function, arguments = good(label, dtype)
        results.append(list(arrays(function(**arguments))))
    double, single = results
    assert double and all(np.allclose(a, b, rtol=1e-4, atol=1e-5) for a, b in zip(single, double, strict=True))


@every_input
def test_read_only_arguments_will_do_and_are_left_as_they_were(label, change):
    function, arguments = good(label, change=change)
    before = pickle.dumps(arguments)
    for array in arrays(arguments):
        array.setflags(write=False)
    result = function(**arguments)
    assert pickle.dumps(arguments) == before
    new = [a for a in arrays(result) if not any(np.shares_memory(a, given) for given in arrays(arguments))]
    assert all(array.flags.writeable for array in new)
    if "forward" in label:
        result = result[:-1]  # the last is the cache, which holds the caller's x
    assert not any(np.shares_memory(a, b) for a in arrays(result) for b in arrays(arguments))


def test_two_calls_give_the_same_bytes_whatever_came_between_and_nothing_is_printed(capfd):
    def results():
        return [pickle.dumps(function(**arguments)) for function, arguments in good_calls().values()]

    assert results() == results()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("wide", ["W_hh", "x", "h0", "targets alone"])
@pytest.mark.parametrize("label", [label for label in LABELS if "loss" in label])
def test_one_argument_of_float64_makes_the_result_float64(label, wide):
    function, single = good(label, np.float32)
    double = good(label)[1]
    mixed = dict(single)
    if wide == "W_hh":
        mixed["params"] = single["params"]._replace(W_hh=double["params"].W_hh)
    elif wide in single:
        mixed[wide] = double[wide]
    loss, grads = function(**mixed)
    right_loss, right_grads = function(**double)
    assert {g.dtype for g in grads} == {np.dtype(np.float32 if wide == "targets alone" else np.float64)}
    assert abs(loss - right_loss) < 1e-6 * right_loss
    assert all(np.allclose(a, b, rtol=1e-4, atol=1e-5) for a, b in zip(grads, right_grads, strict=True))


@pytest.mark.parametrize("wide", ["cache", "dh"])
@pytest.mark.parametrize("label", [label for label in LABELS if label.split()[0].endswith("_backward")])
def test_the_way_back_takes_floats_of_both_kinds_together(label, wide):
    function, single = good(label, np.float32)
    double = good(label)[1]
    name = next(name for name in double if name.startswith(wide))
    mixed = function(**(single | {name: double[name]}))
    assert all(np.allclose(a, b, rtol=1e-4, atol=1e-5) for a, b in zip(mixed, function(**double), strict=True))


# Bad input. Every error begins with the argument's name and holds what was expected and what came.


def refused(label, place, change, error):
    """Call with the good arguments, but one changed; return what the error says."""
    function, arguments = good(label)
    name, _, field = place.partition(".")
    value = getattr(arguments[name], field) if field else arguments[name]
    value = change(value) if callable(change) else change
    value = arguments[name]._replace(**{field: value}) if field else value
    with pytest.raises(error) as caught:
        function(**(arguments | {name: value}))
    assert type(caught.value) is error
    assert str(caught.value).startswith(name) and ": expected " in str(caught.value), caught.value
    return str(caught.value)


def places(label):
    """Return the labels of all arrays that a function takes, but targets."""
    _, arguments = good(label)
    for name, value in arguments.items():
        if hasattr(value, "_fields"):
            yield from (f"{name}.{field}" for field in value._fields)
        elif name != "targets":
            yield name


PLACES = [(label, place) for label in LABELS for place in places(label)]


def with_one(number):
    def change(array):
        array = array.copy()
        array.flat[-1] = number
        return array

    return change


WRONG = {
    "NaN": (with_one(np.nan), ValueError, "got nan at index ("),
    "infinity": (with_one(-np.inf), ValueError, "got -inf at index ("),
    "complex": (lambda a: a + 0j, TypeError, "got complex128"),
    "bool": (lambda a: a > 0, TypeError, "got bool"),
    "objects": (lambda a: a.astype(object), TypeError, "got object"),
    "no rows": (lambda a: a[:0], ValueError, "(0,"),
    "ragged lists": ([[0.5, 1.5], [2.5]], ValueError, "got nested lists of different lengths"),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(("label", "place"), PLACES)
def test_numbers_of_the_wrong_kind_are_refused(label, place, wrong):
    change, error, got = WRONG[wrong]
    message = refused(label, place, change, error)
    assert message.startswith(f"{place}: ") and got in message


@pytest.mark.parametrize(("label", "place"), [p for p in PLACES if p[1] not in ("h0", "c0", "dc_last")])
def test_nothing_at_all_is_refused(label, place):
    message = refused(label, place, None, TypeError)
    assert message.startswith(f"{place}: ") and message.endswith("got NoneType")


SHAPED = [p for p in PLACES if p[1] != "z"]
# These may have any size, but others have to agree with it: one of those is named, or the array itself.
DECIDES = {"x", "x_t", "cache.x", "cache.x_t", "params.W_xh", "params.W_hh", "params.b_y"}
RESHAPED = {
    "an entry more": lambda a, axis: np.concatenate([a, a.take([0], axis)], axis),
    "an entry fewer": lambda a, axis: np.delete(a, 0, axis),
    "one entry, which would broadcast": lambda a, axis: a.take([0], axis),
}


@pytest.mark.parametrize("how", RESHAPED)
@pytest.mark.parametrize(
    ("label", "place", "axis"),
    # Where nothing comes with it for each step, x may have any number of them.
    [(*p, axis) for p in SHAPED for axis in (0, -1) if (p[1], axis) != ("x", 0) or "loss" in p[0]],
)
def test_an_axis_of_the_wrong_size_is_refused(label, place, axis, how):
    function, arguments = good(label)
    name, _, field = place.partition(".")
    value = RESHAPED[how](getattr(arguments[name], field) if field else arguments[name], axis)
    changed = arguments[name]._replace(**{field: value}) if field else value
    with pytest.raises(ValueError, match=r"^[\w.]+: expected shape .*, got \(") as caught:
        function(**(arguments | {name: changed}))
    assert place in DECIDES or str(caught.value).startswith(f"{place}: ")


@pytest.mark.parametrize(("label", "place"), SHAPED)
@pytest.mark.parametrize("change", [lambda a: a[None], lambda a: a.flat[0]], ids=["an axis more", "a scalar"])
def test_an_axis_too_many_or_none_is_refused(label, place, change):
    message = refused(label, place, change, ValueError)
    assert message.startswith(f"{place}: ") and ", got (" in message


V, T = ValueError, TypeError
IDS = np.ones((STEPS, BATCH), np.int64)
RNN = init_params(np.random.default_rng(0), N_X, N_H, N_Y)
PARAMS = {kind: draw_params(kind, np.random.default_rng(0), N_X, N_H, N_Y) for kind in BLOCKS}
H0 = np.zeros((BATCH, N_H))
CELL = gates.lstm_cell_forward(PARAMS[LSTMParams], IDS[0], H0, H0)[-1]
# fmt: off
ROWS = [
    ("lstm_forward", "params", RNN, T, "params: expected LSTMParams, got RNNParams"),
    ("lstm_forward", "params", PARAMS[GRUParams], T, "params: expected LSTMParams, got GRUParams"),
    ("lstm_forward", "params", tuple(PARAMS[LSTMParams]), T, "params: expected LSTMParams, got tuple"),
    ("gru_forward", "params", PARAMS[LSTMParams], T,
     "params: expected GRUParams or GRUBeforeParams, got LSTMParams"),
    ("gru_loss_and_grads", "params", RNN, T, "params: expected GRUParams or GRUBeforeParams, got RNNParams"),
    ("gru_cell_backward", "params", None, T, "params: expected GRUParams or GRUBeforeParams, got NoneType"),
    ("lstm_forward", "params", LSTMParams(*RNN), V,
     "params.W_xh: expected shape (n_x, 4 n_h=32), got (4, 8)"),
    ("gru_forward", "params", GRUBeforeParams(*PARAMS[LSTMParams]), V,
     "params.W_xh: expected shape (n_x, 3 n_h=24), got (4, 32)"),
    ("lstm_forward", "params.W_xh", lambda W: W[:, 1:], V,
     "params.W_xh: expected shape (n_x, 4 n_h=32), got (4, 31)"),
    ("lstm_forward", "params.b_h", lambda b: b[:8], V, "params.b_h: expected shape (4 n_h=32,), got (8,)"),
    ("gru_forward", "params.b_n", lambda b: np.tile(b, 3), V, "params.b_n: expected shape (n_h=8,), got (24,)"),
    ("lstm_forward", "c0", H0.T, V, "c0: expected shape (batch=3, n_h=8), got (8, 3)"),
    ("lstm_forward", "c0", 0, T, "c0: expected float32 or float64 numbers, got int64"),
    ("lstm_forward", "x", IDS + 3, V, "x: expected integers from 0 to 3, got 4 at index (0, 0)"),
    ("gru_forward", "x", IDS * 1.0, V, "x: expected shape (time, batch, n_x=4), got (5, 3)"),
    ("lstm_cell_forward", "c_prev", H0[1:], V, "c_prev: expected shape (batch=3, n_h=8), got (2, 8)"),
    ("lstm_cell_backward", "dc_t", H0[1:], V, "dc_t: expected shape (batch=3, n_h=8), got (2, 8)"),
    ("lstm_cell_backward", "cache.f", H0[1:], V, "cache.f: expected shape (batch=3, n_h=8), got (2, 8)"),
    ("lstm_backward", "cache", CELL, T, "cache: expected a LSTMCache from lstm_forward, got LSTMCellCache"),
    ("lstm_backward", "cache.cells", lambda c: c[1:], V,
     "cache.cells: expected shape (time + 1=6, batch=3, n_h=8), got (5, 3, 8)"),
    ("lstm_backward", "dc_last", np.zeros((STEPS, BATCH, N_H)), V,
     "dc_last: expected shape (batch=3, n_h=8), got (5, 3, 8)"),
    ("gru_cell_backward", "cache", CELL, T, "cache: expected a GRUCellCache from gru_cell_forward, got LSTMCellCache"),
    ("gru_backward", "cache", None, T, "cache: expected a GRUCache from gru_forward, got NoneType"),
    ("gru_backward before", "cache.q", lambda q: q[1:], V,
     "cache.q: expected shape (time=5, batch=3, n_h=8), got (4, 3, 8)"),
    *[(label, "targets", *row) for label in LABELS if "loss" in label for row in [
        (IDS + 6, V, "targets: expected 0 to 6, or -100 for one that does not count, got 7 at index (0, 0)"),
        (IDS * -100, V, "targets: expected at least one that counts, got only -100"),
        (IDS * 1.0, T, "targets: expected integers, got float64"),
        (IDS[1:], V, "targets: expected shape (5, 3), one for each row of scores, got (4, 3)"),
    ]],
    ("sigmoid", "z", 1.0, V, "z: expected at least one axis and one entry, got shape ()"),
]
# fmt: on


@pytest.mark.parametrize(("label", "place", "value", "error", "message"), ROWS)
def test_each_mistake_is_answered_by_its_sentence(label, place, value, error, message):
    assert refused(label, place, value, error) == message


@pytest.mark.parametrize("kind", BLOCKS)
def test_fields_may_be_lists_and_of_both_kinds_of_floats(kind):
    params = PARAMS[kind]
    as_lists = kind(*(p.tolist() for p in params))
    checked = validate.gate_params(as_lists, (kind,), BLOCKS[kind])
    assert type(checked) is kind and all((a == b).all() for a, b in zip(checked, params, strict=True))
    single = kind(*(p.astype(np.float32) for p in params))
    for name in kind._fields:
        mixed = validate.gate_params(single._replace(**{name: getattr(params, name)}), (kind,), BLOCKS[kind])
        assert {p.dtype for p in mixed} == {np.dtype(np.float64)}
