"""A backward pass that was written elsewhere: its layout is found, its map is made, and its mistake is named."""

import contextlib
import functools
import io

import numpy as np
import pytest

from rnn_helpers import check, plain, rnn_backward, rnn_forward
from rnn_helpers.labs import layouts
from rnn_helpers.labs.gradmap import backward_map, make_case
from rnn_helpers.labs.layouts import explain, read

CASE = make_case(np.random.default_rng(5))


# --- backward passes in columns, in Coursera's letters and in the article's ------------------------------------


def cell_backward(da_next, cache, Wax="Wax"):
    a_next, a_prev, xt, parameters = cache
    assert parameters["ba"].shape == (len(a_next), 1) and parameters["Wya"].shape[1] == len(a_next)
    dz = da_next * (1 - a_next**2)
    dx, da_prev, dba = parameters[Wax].T @ dz, parameters["Waa"].T @ dz, dz.sum(axis=1, keepdims=True)
    return {"dx": dx, "da_prev": da_prev, "dW": dz @ xt.T, "dWaa": dz @ a_prev.T, "dba": dba}


def walk(da, caches, shape, Wax, carried):
    dx, da_prev, totals = np.zeros(shape), 0, {"dW": 0, "dWaa": 0, "dba": 0}
    for t in reversed(range(len(caches))):
        grads = cell_backward(da[:, :, t] + carried * da_prev, caches[t], Wax)
        dx[:, :, t], da_prev = grads["dx"], grads["da_prev"]
        totals = {name: total + grads[name] for name, total in totals.items()}
    return {"dx": dx, "da0": da_prev, f"d{Wax}": totals.pop("dW"), **totals}


def courseras(da, caches, carried=1):
    caches, x = caches
    return walk(da, caches, x.shape, "Wax", carried)


def articles(da, cache):
    assert len(cache) == da.shape[2]
    return walk(da, cache, (*cache[0][2].shape, len(cache)), "Wam", 1)


def articles_own(da, cache):
    """What it wrote: the slope alone, no dx, another spelling of one key; it prints as it goes."""
    da_prev, dWam, dWaa, dba = np.zeros((len(da), 1)), 0, 0, 0
    for a_now, a_former, x_t, parameters in reversed(cache):
        z = 1 - a_now * a_now
        print(z.shape)
        da_prev = parameters["Waa"].T @ z
        dWam, dWaa, dba = dWam + z @ x_t.T, dWaa + z @ a_former.T, dba + z.sum(axis=1, keepdims=True)
    return {"da0": da_prev, "dwam": dWam, "dWaa": dWaa, "dba": dba}


def changed(function, **changes):
    """Return a backward pass with another value under some of its keys; None leaves the key out."""

    def backward(da, caches):
        grads = function(da, caches)
        grads |= {name: change(grads[name]) for name, change in changes.items() if change}
        return {name: grad for name, grad in grads.items() if changes.get(name, name)}

    return backward


OURS, COURSERA, ARTICLE = (f"Read as {layout.name}: " for layout in layouts.LAYOUTS)
RIGHT = {
    "the package's": (rnn_backward, OURS),
    "a list": (lambda *a: [*rnn_backward(*a)], OURS),
    "other names": (lambda p, kept, g: tuple(rnn_backward(p, kept, g)), OURS),
    "Coursera's": (courseras, COURSERA),
    "Coursera's as a tuple": (lambda g, kept: tuple(courseras(g, kept).values()), COURSERA),
    "Coursera's, partial": (functools.partial(courseras, carried=1), COURSERA),
    "Coursera's with more": (lambda da, caches: {**courseras(da, caches), "da_prevt": 0}, COURSERA),
    "the article's": (articles, ARTICLE),
}


@pytest.mark.parametrize(("function", "layout"), RIGHT.values(), ids=RIGHT)
def test_a_right_one_passes_in_its_own_layout(function, layout):
    explained = explain(function)
    assert explained.says.startswith(layout)
    assert explained.map.passed and explained.verdict.passed
    assert ("`.T` on every array" in explained.says) == (layout != OURS)


@pytest.mark.parametrize(("function", "layout"), RIGHT.values(), ids=RIGHT)
def test_what_was_read_is_called_as_rnn_backward_is(function, layout):
    backward, says = read(function)
    assert says.startswith(layout)
    assert backward_map(backward, CASE).passed


WRONG = {
    "ours, no carry": (check.EXERCISES["rnn_backward"].mistakes[0].function, OURS, "dropped_carry"),
    "the carry is dropped": (functools.partial(courseras, carried=0), COURSERA, "dropped_carry"),
    "the carry is subtracted": (functools.partial(courseras, carried=-1), COURSERA, "subtracted"),
    "dWaa is transposed": (changed(courseras, dWaa=np.transpose), COURSERA, "dW_hh_transposed"),
    "dx is left out": (changed(courseras, dx=None), COURSERA, "no_dx"),
    "dx is left out of the article's": (changed(articles, dx=None), ARTICLE, "no_dx"),
    "as the article wrote it": (articles_own, ARTICLE, "article_backward"),
    "an unknown mistake": (changed(courseras, da0=lambda grad: 3.3 * grad), COURSERA, "unknown"),
}


@pytest.mark.parametrize(("function", "layout", "mistake"), WRONG.values(), ids=WRONG)
def test_a_wrong_one_gets_its_map_and_the_name_of_its_mistake(function, layout, mistake):
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        says, found, verdict = explain(function)
    assert output.getvalue() == ""
    assert says.startswith(layout) and verdict.mistake == mistake, verdict
    assert found.wrong.any()
    assert np.isinf(found.errors[0]).all() == (mistake in ("no_dx", "article_backward"))


def test_the_map_of_a_mistake_in_columns_is_that_of_the_mistake_in_rows():
    ours = explain(check.EXERCISES["rnn_backward"].mistakes[0].function).map
    theirs = explain(functools.partial(courseras, carried=0)).map
    assert ours.errors == pytest.approx(theirs.errors, rel=1e-3)


def test_what_is_written_into_columns_is_changed_in_rows():
    def writes(da, caches):
        grads = courseras(da, caches)
        da[:] = 0
        return grads

    explained = explain(writes)
    assert explained.map.changed == ("dh",) and not explained.map.wrong.any()
    assert explained.verdict.mistake == "changed_input"


def test_it_shows_the_map_then_how_it_was_read_then_the_verdict(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **rest: shown.append(data))
    explained = explain(functools.partial(courseras, carried=0))
    explained._ipython_display_()
    picture, sentence, says, verdict = shown
    assert "image/png" in picture and sentence["text/plain"].startswith("Wrong by more than 1e-07: ")
    assert says["text/plain"] == explained.says and verdict is explained.verdict
    assert repr(explained) == f"{explained.says}\n{explained.verdict.message}"


def test_an_array_whose_shapes_are_only_right_in_one_layout_is_read_in_it():
    """Both take two arguments, and one that looks into neither: the names decide."""

    def by_name(da, cache):
        return tuple(np.zeros(shape) for shape in ((3, 2, 5), (4, 2), (4, 3), (4, 4), (4, 1)))

    assert read(by_name)[1].startswith(ARTICLE)


def test_what_is_no_function_is_refused():
    with pytest.raises(TypeError, match="function: expected a backward pass, got NoneType"):
        explain(None)


def raises(params, cache, dh):
    raise KeyError("states")


def endless(params, cache, dh):
    while True:
        pass


NO_FIT = {
    "one argument": (lambda da: da, ["takes other arguments"] * 3),
    "it raises": (raises, ["raised KeyError: 'states'", "takes other arguments", "takes other arguments"]),
    "endless": (endless, ["was stopped after 0.2 s", "takes other arguments", "takes other arguments"]),
    "an array": (lambda da, caches: da, ["takes other arguments", "the answer is ndarray", "the answer is ndarray"]),
    "other keys": (
        changed(courseras, dba=None),
        ["takes other arguments", "has the keys dx, da0, dWax, dWaa, expected dx, da0, dWax, dWaa, dba", "raised"],
    ),
    "other shapes": (
        lambda params, cache, dh: params,
        ["returned shapes (3, 4), (4, 4), (4,), (4, 6), (6,)", "takes other arguments", "takes other arguments"],
    ),
}


@pytest.mark.parametrize(("function", "tried"), NO_FIT.values(), ids=NO_FIT)
def test_what_fits_no_layout_is_refused_and_told_what_was_tried(function, tried, monkeypatch):
    monkeypatch.setattr(layouts, "_SECONDS", 0.2)
    with pytest.raises(ValueError, match="none fits") as error:
        read(function)
    parts = str(error.value).split("none fits. ")[1].split("; ")
    for layout, part, words in zip(layouts.LAYOUTS, parts, tried, strict=True):
        assert part.startswith(layout.name) and words in part


def test_plain_and_the_package_are_read_alike():
    _, _, cache = rnn_forward(CASE.params, CASE.x, CASE.h0)
    backward, _ = read(plain.rnn_backward)
    for ours, theirs in zip(
        backward(CASE.params, cache, CASE.dh), rnn_backward(CASE.params, cache, CASE.dh), strict=True
    ):
        assert ours == pytest.approx(theirs)


def test_the_public_name_judges_like_any_exercise_and_its_truth_is_the_verdict():
    assert check.explain(courseras).verdict.passed and check.explain(courseras, like="rnn_backward")
    assert not check.explain(functools.partial(courseras, carried=0))
    assert check.explain(plain.softmax, like="softmax") and not check.explain(np.tanh, like="softmax")
    with pytest.raises(ValueError, match="like: expected one of step, "):
        check.explain(np.tanh, like="backward")
