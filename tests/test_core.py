"""What every function of the core keeps to: dtype, the caller's arrays, no state, no output."""

import pickle

import numpy as np
import pytest
from cases import arrays, call, good_calls

from rnn_helpers import init_params

FUNCTIONS = list(good_calls())


def with_token_ids(arguments):
    """Return the arguments with token ids for x, where there is an x."""
    ids = {"x": np.arange(15).reshape(5, 3) % 4, "x_t": np.arange(3)}
    if "cache" in arguments:
        cache = arguments["cache"]
        name = cache._fields[0]
        return arguments | {"cache": cache._replace(**{name: ids[name]})}
    return {name: ids.get(name, value) for name, value in arguments.items()}


INPUTS = [
    (function, change)
    for function, arguments in good_calls().items()
    for change in (dict, with_token_ids)
    if change is dict or {"x", "x_t", "cache"} & set(arguments)
]
every_input = pytest.mark.parametrize(("function", "change"), INPUTS)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@every_input
def test_the_dtype_that_goes_in_comes_out(function, change, dtype):
    result = call(function, change(good_calls(dtype)[function]))
    found = {array.dtype for array in arrays(result) if array.dtype.kind == "f"}
    if function == "numerical_gradient":
        assert found == {np.dtype(np.float64)}  # as it says: differences need the digits
    elif function in ("cross_entropy", "relative_error"):
        assert type(result) is float
    elif function == "check_gradients":
        assert {type(row.error) for row in result.rows} == {float}
    else:
        assert found == {np.dtype(dtype)}


@pytest.mark.parametrize("function", [name for name in FUNCTIONS if name != "check_gradients"])
def test_float32_gives_the_float64_values_rounded(function):
    double, single = (call(function, good_calls(dtype)[function]) for dtype in (np.float64, np.float32))
    if isinstance(double, float):
        double, single = np.array(double), np.array(single)
    pairs = list(zip(arrays(single), arrays(double), strict=True))
    assert pairs and all(np.allclose(ours, theirs, rtol=1e-4, atol=1e-5) for ours, theirs in pairs)


@every_input
def test_arguments_are_left_as_they_were(function, change):
    arguments = change(good_calls()[function])
    before = {name: pickle.dumps(value) for name, value in arguments.items() if name != "f"}
    call(function, arguments)
    assert before == {name: pickle.dumps(value) for name, value in arguments.items() if name != "f"}


@every_input
def test_read_only_arguments_will_do(function, change):
    arguments = change(good_calls()[function])
    for array in arrays(arguments):
        array.setflags(write=False)
    result = call(function, arguments)
    # And nothing new that comes back is read-only for it.
    new = [a for a in arrays(result) if not any(np.shares_memory(a, given) for given in arrays(arguments))]
    assert all(array.flags.writeable for array in new)


@every_input
def test_results_other_than_caches_share_no_memory_with_arguments(function, change):
    arguments = change(good_calls()[function])
    result = call(function, arguments)
    if function in ("rnn_forward", "rnn_cell_forward"):
        result = result[:2]  # the third is the cache, which holds the caller's x
    assert not any(np.shares_memory(a, b) for a in arrays(result) for b in arrays(arguments))


@every_input
def test_two_calls_give_the_same_bytes_whatever_came_between(function, change):
    first = pickle.dumps(call(function, change(good_calls()[function])))
    for other in reversed(FUNCTIONS):
        call(other, good_calls()[other])
    assert pickle.dumps(call(function, change(good_calls()[function]))) == first


@np.errstate(over="raise", divide="raise", invalid="raise")
def test_nothing_is_printed_and_no_global_setting_moves(capfd, recwarn):
    def settings():
        state = np.random.get_state()  # noqa: NPY002 - the global generator is what must not move
        return pickle.dumps(state), np.geterr(), np.get_printoptions()

    np.random.standard_normal()  # noqa: NPY002 - moves on from any seed that an earlier call may have set
    before = settings()
    for function, arguments in good_calls().items():
        call(function, arguments)
    init_params(np.random.default_rng(0), 2, 3, 4)
    assert settings() == before
    assert capfd.readouterr() == ("", "")
    assert not recwarn.list
