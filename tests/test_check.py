"""A check names what is wrong, lets every right answer pass, never raises and leaves no trace."""

import builtins
import contextlib
import functools
import html
import inspect
import io
import itertools
import json
import os
import random
import re
import signal
import sys
import threading
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

import rnn_helpers as rnn
from rnn_helpers import check, output
from rnn_helpers.check import EXERCISES, Verdict, answers, attempt, compare, engine, judge, recognise, sandbox, sections
from rnn_helpers.check.exercise import Mistake, Output, Section, both

LARGE = [
    "rnn_cell_forward",
    "rnn_forward",
    "cross_entropy",
    "rnn_cell_backward",
    "rnn_backward",
    "loss_and_grads",
    "logits_gradient",
]
NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
HAS_TIMER = hasattr(signal, "setitimer")
every_exercise = pytest.mark.parametrize("name", EXERCISES)


def ask(name, function):
    """Call `check.name(function)`, whose own output must be none."""
    stdout, stderr = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        verdict = getattr(check, name)(function)
    assert stdout.getvalue() == stderr.getvalue() == ""
    assert isinstance(verdict, Verdict) and "\n" not in verdict.message
    return verdict


@pytest.fixture
def versions_run_once(monkeypatch):
    """Keep what our own versions compute: each of hundreds of verdicts compares with the same ones."""
    kept = {}

    def key(function):
        if isinstance(function, functools.partial):
            pieces = sorted(function.keywords.items())
            return function.func, function.args, tuple((name, key(piece)) for name, piece in pieces)
        return function

    def outcomes(asked, function):
        found = kept.setdefault((asked.exercise.reference, key(function)), [])
        found += [recognise._outcome(function, case) for case in asked.cases[len(found) :]]
        return tuple(found[: len(asked.cases)])

    monkeypatch.setattr(recognise, "_outcomes", outcomes)


# --- right answers ---------------------------------------------------------------------------------------------


@every_exercise
def test_the_reference_passes(name):
    verdict = ask(name, EXERCISES[name].reference)
    assert verdict.passed and verdict.mistake is None
    assert verdict.message.startswith(f"Correct: {name} agrees with the package on ")


def test_each_answer_that_is_shown_passes():
    shown = [name for name, answer in vars(answers).items() if getattr(answer, "__module__", "") == answers.__name__]
    assert len(shown) >= 12
    for name in shown:
        assert ask(name, getattr(answers, name)).passed, name


@every_exercise
def test_each_exercise_has_a_documented_check_of_its_name(name):
    exercise = EXERCISES[name]
    signature = engine._plain(engine._asked(exercise, exercise.cases()))
    assert f"Judge `{name}{signature}`: " in getattr(check, name).__doc__
    assert name in check.__all__


@every_exercise
def test_cases_differ_in_all_sizes_and_begin_with_a_small_one(name):
    cases = EXERCISES[name].cases()
    sizes = [sum(np.size(a) for part in case for a in (part if isinstance(part, tuple) else [part])) for case in cases]
    assert sizes[0] <= 200
    for case in cases:
        for part in case:
            if isinstance(part, rnn.RNNParams):
                n_x, n_h = part.W_xh.shape
                assert len({n_x, n_h, len(part.b_y)}) == 3
                assert all(np.abs(array).min() > 0 for array in part)


def softmax_row_by_row(z):
    rows = [np.exp(row - max(row)) / sum(np.exp(row - max(row))) for row in z.reshape(-1, z.shape[-1])]
    return np.array(rows).reshape(z.shape)


def softmax_through_logarithms(z):
    z = z - z.max(-1)[..., None]
    return np.exp(z - np.log(np.einsum("...i->...", np.exp(z)))[..., None])


def softmax_in_place_on_a_copy(z):
    z = z.copy()
    z -= z.max(axis=-1, keepdims=True)
    np.exp(z, out=z)
    z /= z.sum(axis=-1, keepdims=True)
    return z


def softmax_backward_by_jacobians(y, dy):
    jacobians = np.einsum("...i,ij->...ij", y, np.eye(y.shape[-1])) - y[..., :, None] * y[..., None, :]
    return np.einsum("...ij,...j->...i", jacobians, dy)


def cell_in_columns(params, x_t, h_prev):
    W_xh, W_hh, b_h, W_hy, b_y = (array.T for array in params)
    h_t = np.tanh(np.dot(W_xh, x_t.T) + np.dot(W_hh, h_prev.T) + b_h[:, None])
    scores = W_hy @ h_t + b_y[:, None]
    e = np.exp(scores - scores.max(axis=0))
    return h_t.T, (e / e.sum(axis=0)).T, {"anything": lambda: None}


def cell_with_one_matrix(params, x_t, h_prev):
    both = np.hstack([x_t, h_prev]) @ np.vstack([params.W_xh, params.W_hh])
    h_t = np.tanh(both + params.b_h)
    return [h_t, rnn.softmax(np.einsum("bh,hy->by", h_t, params.W_hy) + params.b_y), None]


def article_by_einsum(p):
    return (*(np.einsum("ij->ji", p[key]) for key in ("Wam", "Waa")), p["ba"][:, 0], p["Wya"].T.copy(), p["by"].ravel())


def scalar_list(w_x, w_h, b, xs, h0):
    states = [h0]
    for x in xs:
        states += [float(np.tanh(b + states[-1] * w_h + x * w_x))]
    return states[1:]


def forward_sample_by_sample(params, x, h0=None):
    h0 = np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0
    runs = [rnn.rnn_forward(params, x[:, [i]], h0[[i]])[:2] for i in range(x.shape[1])]
    return (*(np.concatenate(arrays, axis=1) for arrays in zip(*runs, strict=True)), runs)


def forward_step_by_step(params, x, h0=None):
    h_t = np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0
    h, y, caches = np.empty((*x.shape[:2], len(params.b_h))), [], []
    for t in range(len(x)):
        h_t, y_t, cache = rnn.rnn_cell_forward(params, x[t], h_t)
        h[t] = h_t
        y.append(y_t)
        caches.append(cache)
    return h, np.array(y), caches


def loss_place_by_place(logits, targets):
    costs = []
    for place in np.ndindex(targets.shape):
        if targets[place] != -100:
            z = logits[place] - logits[place].max()
            costs.append(np.log(np.exp(z).sum()) - z[targets[place]])
    return np.mean(costs)


def gradient_place_by_place(logits, targets):
    dlogits, N = np.zeros_like(logits), np.count_nonzero(targets != -100)
    for place in np.ndindex(targets.shape):
        if targets[place] != -100:
            dlogits[place] = rnn.softmax(logits[place]) / N
            dlogits[(*place, targets[place])] -= 1 / N
    return dlogits


def output_by_einsum(W_hy, h, dlogits):
    h_rows, d_rows = h.reshape(-1, h.shape[-1]), dlogits.reshape(-1, dlogits.shape[-1])
    return (
        np.einsum("jk,...k->...j", W_hy, dlogits),
        np.einsum("nj,nk->jk", h_rows, d_rows),
        np.ones(len(d_rows)) @ d_rows,
    )


def cell_back_in_columns(params, cache, dh_t):
    x_t, h_prev, h_t = (array.T for array in cache)
    dz_t = dh_t.T * (1 - h_t * h_t)
    return (params.W_xh @ dz_t).T, (params.W_hh @ dz_t).T, (dz_t @ x_t.T).T, (dz_t @ h_prev.T).T, dz_t.sum(axis=1)


def cell_back_sample_by_sample(params, cache, dh_t):
    dx_t, dh_prev, dW_xh, dW_hh, db_h = (np.zeros_like(a) for a in (cache.x_t, cache.h_prev, *params[:3]))
    for i in range(len(dh_t)):
        dz = dh_t[i] / np.cosh(np.arctanh(cache.h_t[i])) ** 2
        dx_t[i], dh_prev[i] = params.W_xh @ dz, params.W_hh @ dz
        dW_xh += np.outer(cache.x_t[i], dz)
        dW_hh += np.outer(cache.h_prev[i], dz)
        db_h += dz
    return [dx_t, dh_prev, dW_xh, dW_hh, db_h]


def back_step_by_step(params, cache, dh):
    x, states = cache
    dx, carry = np.empty_like(x), np.zeros_like(states[0])
    shared = [np.zeros_like(array) for array in params[:3]]
    for t in range(len(x) - 1, -1, -1):
        step = rnn.rnn_cell_backward(params, rnn.CellCache(x[t], states[t], states[t + 1]), dh[t] + carry)
        dx[t], carry = step.x_t, step.h_prev
        shared = [total + grad for total, grad in zip(shared, step[2:], strict=True)]
    return dx, carry, *shared


def back_with_a_carry_that_is_broadcast(params, cache, dh):
    """Start from a carry of one row, as the article does from one column: zeros are the same for all."""
    dx, carry, shared = np.empty_like(cache.x), np.zeros((1, dh.shape[-1])), [0.0, 0.0, 0.0]
    for t in range(len(dh))[::-1]:
        dz = np.multiply(dh[t] + carry, 1 - np.square(cache.states[t + 1]))
        dx[t], carry = np.einsum("bh,xh->bx", dz, params.W_xh), np.einsum("bi,ji->bj", dz, params.W_hh)
        grads = np.einsum("bx,bh->xh", cache.x[t], dz), np.einsum("bi,bj->ij", cache.states[t], dz), dz.sum(0)
        shared = [total + grad for total, grad in zip(shared, grads, strict=True)]
    return [dx, carry, *shared]


def tanh_backward_in_place_on_a_copy(h_t, dh_t):
    dz_t = h_t.copy()
    np.multiply(dz_t, dz_t, out=dz_t)
    np.subtract(1, dz_t, out=dz_t)
    dz_t *= dh_t
    return dz_t


def in_float32(function):
    """Return what `function` returns, its floats in float32."""

    def answer(*arguments):
        return shrunk(function(*arguments))

    def shrunk(value):
        if isinstance(value, np.ndarray | np.floating | float):
            return np.float32(value)
        return tuple(map(shrunk, value)) if isinstance(value, tuple | list) else value

    return answer


def back_from_each_output(params, cache, dh):
    """Follow each step's gradient to the start by itself, and add up at the end."""
    totals = [np.zeros_like(a) for a in (cache.x, cache.states[0], *params[:3])]
    for t in range(len(dh)):
        alone = np.zeros_like(dh)
        alone[t] = dh[t]
        for total, grad in zip(totals, rnn.rnn_backward(params, cache, alone), strict=True):
            total += grad
    return tuple(totals)


def cell_back_by_complex_steps(params, cache, dh_t):
    """Differentiate the step itself, from what the cache holds."""
    arrays = [cache.x_t, cache.h_prev, *params[:3]]
    grads = [np.zeros_like(a) for a in arrays]
    for grad, array in zip(grads, arrays, strict=True):
        for index in np.ndindex(array.shape):
            moved = array.astype(complex)
            moved[index] += 1e-30j
            x_t, h_prev, W_xh, W_hh, b_h = (moved if other is array else other for other in arrays)
            grad[index] = (dh_t * np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)).sum().imag / 1e-30
    return grads


def back_in_place_on_a_copy(params, cache, dh):
    total, states = dh.copy(), cache.states
    for t in range(len(dh) - 1, 0, -1):
        total[t - 1] += total[t] * (1 - states[t + 1] ** 2) @ params.W_hh.T
    dz = total * (1 - states[1:] ** 2)
    shared = (np.tensordot(a, dz, ((0, 1), (0, 1))) for a in (cache.x, states[:-1]))
    return dz @ params.W_xh.T, dz[0] @ params.W_hh.T, *shared, dz.sum((0, 1))


class SoftmaxObject:
    def __call__(self, z):
        return rnn.softmax(z)


def scalar_by_recursion(w_x, w_h, b, xs, h0):
    h = np.tanh(w_x * xs[0] + w_h * h0 + b)
    return [h, *(scalar_by_recursion(w_x, w_h, b, xs[1:], h) if len(xs) > 1 else [])]


def loss_in_pieces(params, x, targets, h0=None):
    h, _, cache = rnn.rnn_forward(params, x, h0)
    loss, dlogits = rnn.cross_entropy_and_grad(h @ params.W_hy + params.b_y, targets)
    out = rnn.output_backward(params.W_hy, h, dlogits)
    back = rnn.rnn_backward(params, cache, out.h)
    return np.array(loss), [back.W_xh, back.W_hh, back.b_h, out.W_hy, out.b_y]


OTHERWISE = [
    ("step", lambda x, t: np.take(x, t - 1, axis=0)),
    ("one_hot", lambda ids, n_x: (ids[..., None] == np.arange(n_x)).astype(float)),
    ("count_parameters", lambda n_x, n_h, n_y: np.int64((n_x + n_h + 1) * n_h + (n_h + 1) * n_y)),
    ("softmax", softmax_row_by_row),
    ("softmax", softmax_through_logarithms),
    ("softmax", softmax_in_place_on_a_copy),
    ("softmax", lambda z: rnn.softmax(z).astype(np.float32)),
    ("softmax", lambda z, axis=-1: rnn.softmax(z - 5, axis)),
    ("softmax", lambda z: np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))),
    ("softmax", lambda z: 1 / np.exp(z[..., None, :] - z[..., :, None]).sum(axis=-1)),
    ("softmax", np.vectorize(lambda row: rnn.softmax(row), signature="(n)->(n)")),
    ("softmax", functools.partial(rnn.softmax, axis=-1)),
    ("softmax", SoftmaxObject()),
    ("tanh_slope", lambda h: (1 - h) * (1 + h)),
    ("softmax_backward", softmax_backward_by_jacobians),
    ("pre_activation", lambda params, x_t, h_prev: (params.W_xh.T @ x_t.T + params.W_hh.T @ h_prev.T).T + params.b_h),
    ("rnn_cell_forward", cell_in_columns),
    ("rnn_cell_forward", cell_with_one_matrix),
    ("from_article", article_by_einsum),
    ("scalar_forward", scalar_list),
    ("scalar_forward", scalar_by_recursion),
    ("scalar_forward", lambda *arguments: tuple(scalar_list(*arguments))),
    ("rnn_forward", forward_step_by_step),
    ("rnn_forward", forward_sample_by_sample),
    ("run_in_two", lambda params, x, h0, cut: rnn.rnn_forward(params, x, h0)[0]),
    ("cross_entropy", loss_place_by_place),
    ("logits_gradient", gradient_place_by_place),
    ("output_backward", output_by_einsum),
    ("tanh_backward", lambda h_t, dh_t: dh_t - dh_t * h_t * h_t),
    ("tanh_backward", tanh_backward_in_place_on_a_copy),
    ("bias_gradient", lambda dz_t: np.ones(len(dz_t)) @ dz_t),
    ("rnn_cell_backward", cell_back_in_columns),
    ("rnn_cell_backward", cell_back_sample_by_sample),
    ("rnn_cell_backward", cell_back_by_complex_steps),
    ("step_back", lambda params, h, dh, carry: list(answers.step_back(params, h, carry, dh))),
    ("rnn_backward", back_step_by_step),
    ("rnn_backward", back_from_each_output),
    ("rnn_backward", back_in_place_on_a_copy),
    ("rnn_backward", back_with_a_carry_that_is_broadcast),
    ("loss_and_grads", loss_in_pieces),
]


@pytest.mark.parametrize(("name", "function"), OTHERWISE)
def test_a_right_answer_written_differently_passes(name, function):
    verdict = ask(name, function)
    assert verdict.passed, verdict


def test_every_exercise_is_answered_in_another_way_too():
    # Notebooks 07 to 09 have tests of their own for their exercises.
    assert {name for name, _ in OTHERWISE} == {name for name, e in EXERCISES.items() if e.notebook <= "06"}


@pytest.mark.parametrize(("name", "function"), OTHERWISE)
def test_a_right_answer_in_float32_passes(name, function):
    verdict = ask(name, in_float32(function))
    assert verdict.passed or name == "count_parameters", verdict


def forward_in_an_array_of_float64(params, x, h0=None):
    h = np.zeros((len(x) + 1, x.shape[1], len(params.b_h)))
    h[0] = 0 if h0 is None else h0
    for t, x_t in enumerate(x):
        h[t + 1] = np.tanh(np.dot(x_t, params.W_xh) + np.dot(h[t], params.W_hh) + params.b_h)
    return h[1:], softmax_row_by_row(h[1:] @ params.W_hy + params.b_y), h


BEYOND = [
    (rnn.rnn_forward, "(Beyond the exercise, it also keeps float32 and takes token ids as x.)"),
    (
        in_float32(rnn.rnn_forward),
        "(Beyond the exercise, it also keeps float32; the package also takes token ids as x, which yours need not.)",
    ),
    (
        forward_in_an_array_of_float64,
        "(Beyond the exercise, the package also keeps float32 and takes token ids as x, which yours need not.)",
    ),
]


@pytest.mark.parametrize(("function", "says"), BEYOND)
def test_what_the_package_promises_beyond_the_exercise_is_said_and_not_demanded(function, says):
    verdict = ask("rnn_forward", function)
    assert verdict.passed and verdict.message.endswith(says), verdict


# --- wrong versions --------------------------------------------------------------------------------------------


@every_exercise
def test_each_wrong_version_fails_and_is_named(name, versions_run_once):
    for mistake in EXERCISES[name].mistakes:
        verdict = ask(name, mistake.function)
        assert not verdict.passed and verdict.message.startswith("Not yet: "), mistake.name
        # Two versions that compute the same would show here: the later one gets the earlier one's name.
        assert verdict.mistake == mistake.name, verdict
        assert mistake.says in verdict.message
        assert "expected" in verdict.message or " It raises " in verdict.message
        assert verdict.message.endswith(f". See {mistake.section or own_section(name)}.")


def own_section(name):
    return Section(EXERCISES[name].notebook, EXERCISES[name].section)


@functools.cache
def headings(notebook):
    (path,) = NOTEBOOKS.glob(f"{notebook}_*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    lines = (line for cell in cells if cell["cell_type"] == "markdown" for line in "".join(cell["source"]).splitlines())
    return {line.removeprefix("## ") for line in lines if line.startswith("## ")}


@every_exercise
def test_each_section_that_is_named_is_a_heading_and_no_later_than_the_exercise(name):
    named = {own_section(name), *(mistake.section for mistake in EXERCISES[name].mistakes if mistake.section)}
    for section in named:
        assert section.heading in headings(section.notebook) and section.notebook <= EXERCISES[name].notebook


def test_every_mistake_that_is_explained_elsewhere_is_known():
    known = {mistake.name for exercise in EXERCISES.values() for mistake in exercise.mistakes}
    assert known >= sections._WHERE.keys()
    for section in (sections.IN_PLACE, sections.STALE, *sections._NAMES):
        assert section.heading in headings(section.notebook)


def forward_with_columns(params, x, h0=None):
    h, _, cache = rnn.rnn_forward(params, x, h0)
    return h, rnn.softmax(h @ params.W_hy + params.b_y, axis=0), cache


def test_the_section_is_the_one_that_explains_the_mistake_not_the_one_of_the_exercise():
    message = ask("rnn_forward", forward_with_columns).message
    assert message.endswith('. See "The maximum of which numbers?" in notebook 01.')
    assert own_section("rnn_forward") == ("03", "The same with arrays")


@every_exercise
def test_every_message_names_a_section(name):
    """However an answer fails: only an exercise that was not begun has no message to look something up for."""
    answers_given = [3, lambda: None, lambda *_: 1 / 0, lambda *_: "text", lambda *_: np.zeros(99)]
    for verdict in map(functools.partial(ask, name), answers_given):
        assert re.search(r"\. See \".+\" in notebook 0\d\.$", verdict.message), verdict


@pytest.mark.parametrize(
    ("name", "function", "says"),
    [
        (
            "softmax",
            lambda z: writes_to_input(z),
            "whoever uses z once more computes with other numbers. Work on a copy or make a new array. "
            'Notebook 07 comes back to it, under "Six suspects".',
        ),
        ("only_step", lambda dh, t: clears_in_place(dh, t), '. See "Six suspects" in notebook 07.'),
        (
            "bias_gradient",
            lambda dz_t: draws_random_numbers(dz_t),
            ". An answer comes from the arguments alone. Notebook 07 comes back to it, under \"A notebook's own "
            'disease".',
        ),
        (
            "only_step",
            lambda dh, t: np.random.default_rng().random(dh.shape),
            '. See "A notebook\'s own disease" in notebook 07.',
        ),
    ],
)
def test_nobody_is_sent_to_a_notebook_that_comes_later(name, function, says):
    assert ask(name, function).message.endswith(says), ask(name, function)


@every_exercise
def test_enough_mistakes_are_known(name):
    known = {mistake.name for mistake in EXERCISES[name].mistakes}
    assert len(known) >= (15 if name in LARGE else 8 if "01" <= EXERCISES[name].notebook <= "06" else 5)


# What people publish and ask about, and what the article does -> the names it has in each exercise where it can occur.
PUBLISHED = {
    "initial state ignored": {
        "scalar_forward": "h0_ignored",
        "rnn_forward": "h0_ignored",
        "run_in_two": "h0_ignored state_not_carried",
        "rnn_backward": "h0_ignored dh0_zero",
        "loss_and_grads": "initial_state_ignored h0_ignored",
    },
    "carry from the next step dropped": dict.fromkeys(("step_back", "rnn_backward", "loss_and_grads"), "dropped_carry"),
    "carry added after the slope": dict.fromkeys(("step_back", "rnn_backward", "loss_and_grads"), "misplaced_carry"),
    "upstream gradient forgotten": dict.fromkeys(
        (
            *("softmax_backward", "tanh_backward", "bias_gradient", "rnn_cell_backward"),
            *("step_back", "rnn_backward", "loss_and_grads"),
        ),
        "upstream_forgotten",
    ),
    "slope of an already squashed state": dict.fromkeys(
        ("tanh_slope", "tanh_backward", "rnn_cell_backward", "step_back", "rnn_backward", "loss_and_grads"),
        "squashed_again",
    ),
    "W_hh not transposed on the way back": dict.fromkeys(
        ("rnn_cell_backward", "step_back", "rnn_backward", "loss_and_grads"), "W_hh_not_transposed"
    ),
    "h_t in place of h_(t-1) in dW_hh": dict.fromkeys(
        ("rnn_cell_backward", "rnn_backward", "loss_and_grads"), "h_t_for_h_prev"
    ),
    "wrap-around where h0 is not stored": dict.fromkeys(("rnn_backward", "loss_and_grads"), "wrap_around"),
    "maximum of the whole array": dict.fromkeys(
        ("softmax", "rnn_cell_forward", "rnn_forward", "cross_entropy", "logits_gradient", "loss_and_grads"),
        "whole_array_max",
    ),
    "the article's softmax": dict.fromkeys(
        ("softmax", "rnn_cell_forward", "rnn_forward", "cross_entropy", "logits_gradient", "loss_and_grads"),
        "article_softmax one_row_for_all",
    ),
    "axes swapped": {
        "step": "batch_axis",
        "one_hot": "swapped_axes features_first",
        "softmax": "columns axis_1",
        "softmax_backward": "columns axis_1",
        "rnn_cell_forward": "columns article_layout",
        "rnn_forward": "time_and_batch_swapped time_last article_layout over_samples softmax_over_time",
        "output_backward": "bias_batch_only",
        "bias_gradient": "wrong_axis",
        "rnn_backward": "time_and_batch_swapped",
    },
    "bias gradient not summed": {
        "bias_gradient": "not_summed",
        "output_backward": "bias_not_summed bias_one_axis",
        "rnn_cell_backward": "bias_not_summed",
        "rnn_backward": "bias_not_summed bias_over_batch_only",
        "loss_and_grads": "bias_not_summed bias_over_batch_only output_bias_not_summed",
    },
    "mean and sum mixed": {
        "cross_entropy": "sum_not_mean ignored_in_mean",
        "logits_gradient": "not_averaged ignored_in_mean",
        "output_backward": "bias_mean weights_mean averaged",
        "bias_gradient": "mean",
        "rnn_cell_backward": "bias_mean averaged",
        "rnn_backward": "bias_mean averaged averaged_over_batch averaged_over_time",
        "loss_and_grads": "sum_not_mean loss_summed gradients_not_averaged averaged",
    },
    "misplaced bias": {
        "scalar_forward": "bias_after_tanh",
        "rnn_cell_forward": "bias_after_tanh output_bias_after_softmax",
        "rnn_forward": "bias_after_tanh output_bias_after_softmax",
        "rnn_cell_backward": "bias_from_dh",
        "rnn_backward": "bias_from_dh",
        "loss_and_grads": "bias_after_tanh bias_from_dh",
    },
    "the article: biases are columns": {
        "from_article": "biases_not_flat",
        "bias_gradient": "column kept_axis",
        "output_backward": "bias_kept_axis",
        "rnn_cell_backward": "bias_column bias_kept_axis",
        "rnn_backward": "bias_column bias_kept_axis",
        "loss_and_grads": "bias_column bias_kept_axis",
    },
    "the article: the slope itself is dx, and dx is not returned": {
        "rnn_cell_backward": "article_backward no_dx dx_is_dz",
        "rnn_backward": "article_backward no_dx dx_is_dz",
    },
    "the article: the cache comes first": {"rnn_forward": "cache_first"},
    "the article: the output's gradient is never used": {"loss_and_grads": "output_gradients_missing output_forgotten"},
}


@pytest.mark.parametrize("fault", PUBLISHED)
def test_a_published_mistake_is_known_wherever_it_can_occur(fault):
    for name, names in PUBLISHED[fault].items():
        assert set(names.split()) <= {mistake.name for mistake in EXERCISES[name].mistakes}, name


@every_exercise
def test_no_wrong_version_passes_in_float32(name):
    exercise = EXERCISES[name]
    cases = exercise.cases()
    expected = attempt.expected_of(exercise, cases)
    for mistake in exercise.mistakes:
        done = sandbox.run(in_float32(mistake.function), cases, attempt.argument_names(exercise), 5.0)
        assert not attempt.Attempt(exercise, cases, expected, done.outcomes).all_right(), mistake.name


@every_exercise
def test_wrong_versions_leave_their_arguments_alone_and_print_nothing(name):
    """They are run without the sandbox when a mistake is looked for."""
    exercise = EXERCISES[name]
    for mistake in exercise.mistakes:
        done = sandbox.run(mistake.function, exercise.cases(), attempt.argument_names(exercise), 5.0)
        assert not done.printed_lines and not any(outcome.changed for outcome in done.outcomes), mistake.name


def test_one_name_says_one_kind_of_thing_within_an_exercise():
    for exercise in EXERCISES.values():
        for mistake in exercise.mistakes:
            assert mistake.name.isidentifier() and not mistake.says.endswith("."), mistake


def dropped_carry_and_a_bias_mean(params, cache, dh):
    _, states = cache
    dz = dh * (1 - states[1:] ** 2)
    back = rnn.rnn_backward(params, cache, dh)
    return back.x, back.h0, back.W_xh, back.W_hh.T @ np.ones_like(back.W_hh), dz.mean(axis=(0, 1))


def state_swap_and_bias_mean(params, cache, dh_t):
    grads = rnn.rnn_cell_backward(params, cache, dh_t)
    dz_t = dh_t * (1 - cache.h_t**2)
    return grads._replace(W_hh=cache.h_t.T @ dz_t, b_h=dz_t.mean(axis=0))


def one_known_mistake_and_one_unknown(params, cache, dh_t):
    grads = state_swap_and_bias_mean(params, cache, dh_t)
    return grads._replace(b_h=1.7 * grads.b_h)


def as_list(function):
    """Return what `function` returns, in a list: a number alone becomes a list of one."""
    return lambda *arguments: list(np.atleast_1d(function(*arguments)))


def test_a_list_of_wrong_states_is_recognised_as_an_array_is():
    for mistake in EXERCISES["scalar_forward"].mistakes:
        verdict = ask("scalar_forward", as_list(mistake.function))
        assert verdict.mistake == mistake.name, verdict
        assert ask("scalar_forward", lambda *a, wrong=mistake.function: np.array(wrong(*a))).mistake == mistake.name


def one_row_for_all(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def through_time(meet=lambda h, dh, carry: (dh + carry) * (1 - h**2), first=np.zeros_like, **pieces):
    """Make an rnn_backward as a learner writes it, from pieces."""

    def backward(params, cache, dh):
        x, states = cache
        dx, carry = np.zeros_like(x), first(dh[-1])
        dW_xh, dW_hh, db_h = (np.zeros_like(array) for array in params[:3])
        for t in pieces.get("walk", reversed)(range(len(x))):
            dz = meet(states[t + 1], dh[t], carry)
            dx[t], carry = dz @ params.W_xh.T, dz @ pieces.get("back", np.transpose)(params.W_hh)
            dW_xh, dW_hh = dW_xh + x[t].T @ dz, dW_hh + states[t + pieces.get("later", 0)].T @ dz
            db_h = db_h + dz.sum(axis=0)
        N = x.shape[0] * x.shape[1] if pieces.get("mean") else 1
        return dx, carry, dW_xh / N, dW_hh / N, db_h / N

    return backward


def log_sum_exp_loss(top):
    """Make a cross-entropy through log-sum-exp that subtracts top(z) from the scores."""

    def loss(logits, targets):
        counts = targets != -100
        z = logits[counts] - top(logits[counts])
        return np.mean(np.log(np.exp(z).sum(axis=-1)) - z[np.arange(len(z)), targets[counts]])

    return loss


def gradient_that_indexes_with_all_targets(logits, targets):
    y = rnn.softmax(logits).reshape(-1, logits.shape[-1])
    y[np.arange(len(y)), targets.reshape(-1)] -= 1
    return y.reshape(logits.shape) / targets.size


def without_carry(h, dh, carry):
    return dh * (1 - h**2)


def without_dh0(backward):
    def wrong(params, cache, dh):
        dx, dh0, *shared = backward(params, cache, dh)
        return dx, np.zeros_like(dh0), *shared

    return wrong


def states_from_index_minus_one(params, x, h0=None):
    """Fill an array of zeros, reading h[t - 1]: at t = 0 that is the last row, still zero."""
    h = np.zeros((*x.shape[:2], len(params.b_h)))
    for t in range(len(x)):
        h[t] = np.tanh(x[t] @ params.W_xh + h[t - 1] @ params.W_hh + params.b_h)
    return h, rnn.softmax(h @ params.W_hy + params.b_y), None


def loss_through_a_softmax(softmax):
    """Make a loss_and_grads whose loss and gradient go through this softmax."""

    def answer(params, x, targets, h0=None):
        h, _, cache = rnn.rnn_forward(params, x, h0)
        counts = targets != -100
        y = softmax(h @ params.W_hy + params.b_y)
        d = (y - (targets[..., None] == np.arange(y.shape[-1]))) * counts[..., None] / counts.sum()
        rows = d.reshape(-1, d.shape[-1])
        back = through_time()(params, cache, d @ params.W_hy.T)
        grads = (*back[2:], h.reshape(-1, h.shape[-1]).T @ rows, rows.sum(axis=0))
        return -np.log(y[counts, targets[counts]]).mean(), grads

    return answer


def whole_max(z):
    e = np.exp(z - z.max())
    return e / e.sum(axis=-1, keepdims=True)


def forward_that_skips(first, last):
    """Fill an array of zeros, and leave out a step at one end."""

    def forward(params, x, h0=None):
        h_t = np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0
        h = np.zeros((len(x), *h_t.shape))
        for t in range(first, len(x) - last):
            h[t] = h_t = np.tanh(x[t] @ params.W_xh + h_t @ params.W_hh + params.b_h)
        return h, rnn.softmax(h @ params.W_hy + params.b_y), None

    return forward


def network(backward, loss=rnn.cross_entropy, gradient=answers.logits_gradient):
    """Make a loss_and_grads from a walk back, a loss and its gradient."""

    def answer(params, x, targets, h0=None):
        h, _, cache = rnn.rnn_forward(params, x, h0)
        logits = h @ params.W_hy + params.b_y
        dh, *out = output_by_einsum(params.W_hy, h, gradient(logits, targets))
        return loss(logits, targets), (*backward(params, cache, dh)[2:], *out)

    return answer


def gradient_of_the_sum(logits, targets):
    return answers.logits_gradient(logits, targets) * (targets >= 0).sum()


def with_one_field(name, field, change):
    """Change one of the package's gradients."""

    def answer(*arguments):
        right = EXERCISES[name].reference(*arguments)
        loss, grads = right if name == "loss_and_grads" else (None, right)
        grads = grads._replace(**{field: change(getattr(grads, field))})
        return grads if loss is None else (loss, grads)

    return answer


def zeros_for_none(params, x, h0):
    return np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0


def returns_inside_the_loop(w_x, w_h, b, xs, h0):
    states, h = [], h0
    for x in xs:
        h = np.tanh(w_x * x + w_h * h + b)
        states.append(h)
        return states


def starts_its_list_from_zero(w_x, w_h, b, xs, h0):
    states = [0.0]
    for x in xs:
        states.append(np.tanh(w_x * x + w_h * states[-1] + b))
    return states


def gradients_of_probabilities(*arguments):
    return rnn.loss_and_grads(*arguments)[0], loss_of_probabilities(*arguments)[1]


def loss_of_probabilities(params, x, targets, h0=None):
    h, y, cache = rnn.rnn_forward(params, x, h0)
    loss, dlogits = rnn.cross_entropy_and_grad(y, targets)
    out = rnn.output_backward(params.W_hy, h, dlogits)
    back = rnn.rnn_backward(params, cache, out.h)
    return loss, rnn.RNNParams(back.W_xh, back.W_hh, back.b_h, out.W_hy, out.b_y)


READERS_WROTE = [
    ("scalar_forward", returns_inside_the_loop, "first_step_only"),
    ("scalar_forward", lambda *arguments: returns_inside_the_loop(*arguments)[0], "first_step_only"),
    ("scalar_forward", starts_its_list_from_zero, "zero_before_states"),
    ("scalar_forward", lambda *arguments: [0.0, *answers.scalar_forward(*arguments)], "zero_before_states"),
    ("loss_and_grads", loss_of_probabilities, "softmax_twice"),
    ("loss_and_grads", gradients_of_probabilities, "softmax_twice"),
    ("one_hot", lambda ids, n_x: np.isin(np.arange(n_x), ids) * np.ones((*ids.shape, 1)), "all_ids_in_every_row"),
    ("rnn_forward", lambda p, x, h0=None: rnn.rnn_forward(p, x[:1], h0), "first_step_only"),
    ("rnn_forward", lambda p, x, h0=None: rnn.rnn_cell_forward(p, x[0], zeros_for_none(p, x, h0)), "first_step_only"),
    ("rnn_forward", forward_that_skips(1, 0), "first_step_missing"),
    ("rnn_forward", forward_that_skips(0, 1), "last_step_missing"),
    ("rnn_backward", through_time(walk=lambda steps: reversed(steps[1:])), "first_step_missing"),
    ("rnn_backward", through_time(walk=lambda steps: reversed(steps[:-1])), "last_step_missing"),
    ("cross_entropy", lambda z, k: np.exp(rnn.cross_entropy(z, k)), "perplexity"),
    ("tanh_backward", lambda h_t, dh_t: dh_t - h_t**2, "no_brackets"),
    ("rnn_cell_backward", with_one_field("rnn_cell_backward", "h_prev", np.zeros_like), "unknown"),
    ("rnn_backward", with_one_field("rnn_backward", "W_hh", np.transpose), "dW_hh_transposed"),
    ("loss_and_grads", with_one_field("loss_and_grads", "W_hh", np.zeros_like), "unknown"),
    ("loss_and_grads", network(through_time(without_carry, later=1)), "dropped_carry_and_h_t_for_h_prev"),
    (
        "loss_and_grads",
        network(through_time(without_carry), gradient=gradient_of_the_sum),
        "dropped_carry_and_gradients_not_averaged",
    ),
    ("softmax", lambda z: np.exp(z) / np.exp(z).sum(axis=-1), "lost_axis"),
    ("rnn_forward", states_from_index_minus_one, "h0_ignored"),
    ("rnn_backward", lambda *arguments: rnn.rnn_backward(*arguments)[1:], "no_dx"),
    ("loss_and_grads", loss_through_a_softmax(whole_max), "whole_array_max"),
    ("loss_and_grads", loss_through_a_softmax(lambda z: np.exp(z) / np.exp(z).sum(-1)[..., None]), "no_maximum"),
    ("loss_and_grads", loss_through_a_softmax(rnn.softmax), "log_of_zero"),
    ("softmax", one_row_for_all, "one_row_for_all"),
    ("softmax_backward", lambda y, dy: y * (dy - (y * dy).sum(axis=1, keepdims=True)), "axis_1"),
    ("softmax_backward", lambda y, dy: y * (dy - dy.mean(axis=-1, keepdims=True)), "mean_of_dy"),
    ("cross_entropy", log_sum_exp_loss(lambda z: 0), "no_maximum"),
    ("cross_entropy", log_sum_exp_loss(np.max), "whole_array_max"),
    ("logits_gradient", gradient_that_indexes_with_all_targets, "ignored_counted"),
    ("rnn_backward", through_time(first=np.copy), "carry_starts_at_dh"),
    ("rnn_backward", through_time(without_carry, later=1), "dropped_carry_and_h_t_for_h_prev"),
    ("rnn_backward", without_dh0(through_time(without_carry)), "dropped_carry"),
    ("rnn_backward", without_dh0(through_time(without_carry, later=1)), "h_t_for_h_prev_and_dropped_carry"),
    (
        "rnn_backward",
        without_dh0(through_time(lambda h, dh, carry: 1 - h**2)),
        "upstream_forgotten_and_dropped_carry",
    ),
    ("rnn_backward", through_time(back=np.copy, mean=True), "W_hh_not_transposed_and_averaged"),
    ("rnn_backward", through_time(without_carry, back=np.copy), "dropped_carry_and_W_hh_not_transposed"),
]


@pytest.mark.parametrize(("name", "function", "mistake"), READERS_WROTE)
def test_what_readers_wrote_is_recognised(name, function, mistake):
    assert ask(name, function).mistake == mistake


def test_the_pieces_that_readers_mistakes_are_made_of_are_right():
    assert ask("rnn_backward", through_time()).passed
    assert ask("cross_entropy", log_sum_exp_loss(lambda z: z.max(axis=-1, keepdims=True))).passed


@pytest.mark.parametrize(
    "name",
    [
        *("whole_array_max", "article_softmax", "columns", "one_row_for_all", "no_maximum"),
        *("ignored_as_class_0", "ignored_as_last_class", "divided_by_rows", "divided_by_batch"),
    ],
)
def test_a_mistake_of_the_loss_is_known_in_the_gradients_too_and_said_to_be_where_it_is(name):
    wrong_loss, wrong_gradient = (
        next(mistake.function for mistake in EXERCISES[exercise].mistakes if mistake.name == name)
        for exercise in ("cross_entropy", "logits_gradient")
    )
    for pieces, where in (
        ({"loss": wrong_loss}, "(in the loss)"),
        ({"gradient": wrong_gradient}, "(in the gradients)"),
        ({"loss": wrong_loss, "gradient": wrong_gradient}, "(in loss and gradients)"),
    ):
        verdict = ask("loss_and_grads", network(through_time(), **pieces))
        assert verdict.mistake == name and f" {where}. " in verdict.message, verdict
        assert "goes wrong in" not in verdict.message, verdict


def pairs_of(name):
    return itertools.combinations(EXERCISES[name].mistakes, 2)


def test_a_mistake_in_one_of_the_outputs_that_it_spoils_is_said_of_that_one_alone():
    message = ask("rnn_backward", with_one_field("rnn_backward", "b_h", lambda db_h: db_h / 7)).message
    assert "a mistake I do not know" in message

    def mean_over_time_in_one(params, cache, dh):
        grads = rnn.rnn_backward(params, cache, dh)
        return grads._replace(b_h=grads.b_h / len(dh))

    verdict = ask("rnn_backward", mean_over_time_in_one)
    assert verdict.mistake == "averaged_over_time" and "goes wrong in db_h alone: there it divides" in verdict.message


def test_two_mistakes_at_once_are_both_said():
    message = ask("rnn_backward", through_time(without_carry, later=1)).message
    known = {mistake.name: mistake.says for mistake in EXERCISES["rnn_backward"].mistakes}
    assert f"{known['dropped_carry']}. It also {known['h_t_for_h_prev']}. dx[" in message


def test_one_mistake_in_one_of_several_outputs_is_one():
    def reshapes_one(p):
        return answers.from_article(p)._replace(W_xh=p["Wam"].reshape(p["Wam"].shape[::-1]))

    verdict = ask("from_article", reshapes_one)
    assert verdict.mistake == "reshaped" and "several" not in verdict.message
    assert "Right already: W_hh, b_h, W_hy, b_y" in verdict.message


def test_a_second_mistake_that_only_extremes_show_does_not_hide_the_first():
    def sum_of_plain_logarithms(logits, targets):
        counts = targets != -100
        y = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
        return -np.log(y[counts, targets[counts]]).sum()

    verdict = ask("cross_entropy", sum_of_plain_logarithms)
    assert verdict.mistake == "sum_not_mean" and "several mistakes" not in verdict.message


def test_mistakes_in_different_outputs_are_told_apart():
    def no_pair(params, cache, dh_t):  # one of them is no exchanged piece
        grads = state_swap_and_bias_mean(params, cache, dh_t)
        return grads._replace(W_hh=rnn.rnn_cell_backward(params, cache, dh_t).W_hh.T)

    assert ask("rnn_cell_backward", state_swap_and_bias_mean).mistake == "h_t_for_h_prev_and_bias_mean"
    verdict = ask("rnn_cell_backward", no_pair)
    assert verdict.mistake == "dW_hh_transposed"
    assert "has several mistakes. In dW_hh it returns dW_hh transposed" in verdict.message
    assert "Right already: dx_t, dh_prev, dW_xh" in verdict.message


WITH_PAIRS = [
    name
    for name in EXERCISES
    # mended_walk knows the mistakes of rnn_backward.
    if name != "mended_walk" and any(both(m, n) for m, n in pairs_of(name))
]
FACTS_ALONE = {"unknown", "raised", "wrong_shape", "wrong_count", "wrong_type", "list_not_array", "low_precision"}


def pairs_to_try(name):
    """Return all pairs if ALL_PAIRS is set, else so many that nearly every mistake is in one."""
    # The slope that the one leaves out, the other has applied before: together they are right.
    right = ("no_brackets", "output_slope_too_early")
    pairs = [(m, n, pair) for m, n in pairs_of(name) if (m.name, n.name) != right and (pair := both(m, n))]
    if os.environ.get("ALL_PAIRS"):
        return pairs
    chosen, seen = [], set()
    for i in np.random.default_rng(0).permutation(len(pairs)):
        m, n, _ = pairs[i]
        if not {id(m), id(n)} & seen:
            chosen.append(pairs[i])
            seen |= {id(m), id(n)}
    return chosen


# What the numbers say of two mistakes in other words, which are as right.
IN_OTHER_WORDS = {
    ("upstream_forgotten", "dh_prev_skips_slope"): "upstream_in_h_prev_only",
    ("dh_prev_skips_slope", "bias_from_dh"): "no_slope",
    ("squashed_again", "dropped_carry"): "squashed_and_dropped",
    ("no_output_bias", "article_softmax"): "columns",
}


def computes_the_same(exercise, function, name, ordinary_only=False):
    """Tell whether a mistake of this name, or two of these names, compute what the function does."""
    cases = exercise.cases()[: -exercise.extreme or None] if ordinary_only else exercise.cases()
    asked = attempt.Attempt(exercise, cases, [], ())
    named = [m for m in exercise.mistakes if m.name == name]
    named += [pair for m, n in pairs_of(exercise.reference.__name__) if (pair := both(m, n)) and pair.name == name]
    ours = recognise._outcomes(asked, function)
    return any(recognise._same(exercise, ours, recognise._outcomes(asked, m.function)) for m in named)


@pytest.mark.parametrize("name", WITH_PAIRS)
def test_two_mistakes_at_once_are_not_given_a_third_name(name, versions_run_once):
    """Set ALL_PAIRS to try every pair; that takes minutes.

    One name for two mistakes is right where the numbers tell no more: the one hides the other, or only extremes show
    it; two can also make up a third, as a state that is zero and never carried on is one that is left out.
    """
    exercise = EXERCISES[name]
    for m, n, pair in pairs_to_try(name):
        verdict = ask(name, pair.function)
        assert not verdict.passed
        if verdict.mistake in {*FACTS_ALONE, pair.name, IN_OTHER_WORDS.get((m.name, n.name))}:
            continue
        in_parts = " has several mistakes. In " in verdict.message or " goes wrong in " in verdict.message
        if in_parts:
            assert verdict.mistake in (m.name, n.name), (pair.name, verdict)
        elif verdict.mistake in (m.name, n.name):
            assert computes_the_same(exercise, pair.function, verdict.mistake, ordinary_only=True), (pair.name, verdict)
        else:
            assert computes_the_same(exercise, pair.function, verdict.mistake), (pair.name, verdict)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("rnn_backward", dropped_carry_and_a_bias_mean),
        ("rnn_cell_backward", one_known_mistake_and_one_unknown),
        ("softmax", lambda z: rnn.softmax(2 * z)),
        ("cross_entropy", lambda logits, targets: 1.7),
        ("rnn_forward", lambda params, x, h0=None: rnn.rnn_forward(params, x**2, h0)),
    ],
)
def test_an_unknown_mistake_is_called_unknown(name, function):
    verdict = ask(name, function)
    assert verdict.mistake == "unknown"
    assert "a mistake I do not know" in verdict.message and "expected" in verdict.message


def test_the_message_says_where_and_shows_one_number():
    def late(params, x, h0=None):
        h, y, cache = rnn.rnn_forward(params, x, h0)
        h = h.copy()
        h[1, 1, 2] = 0.125
        return h, y, cache

    verdict = ask("rnn_forward", lambda params, x, h0=None: late(params, x, h0) if len(x) == 3 else (x, x, x))
    assert verdict.mistake == "wrong_shape"  # what cannot be compared comes first
    many = ask(
        "rnn_forward", lambda params, x, h0=None: late(params, x, h0) if len(x) == 3 else rnn.rnn_forward(params, x, h0)
    )
    assert "h[1, 1, 2] (step 2 of 3, row 1): expected " in many.message and ", got 0.125. " in many.message
    assert "Right already: y." in many.message


def test_the_message_shows_short_inputs():
    message = ask("tanh_slope", lambda h: 1 - h).message
    assert "slope[0]: expected 0.75, got 0.5, for h = [0.5, -0.8]. See " in message


def test_backwards_in_time_the_first_wrong_step_is_the_last():
    def wrong(params, cache, dh):
        grads = rnn.rnn_backward(params, cache, dh)
        return grads._replace(x=2 * grads.x)

    assert "dx[2, 0, 0] (step 3 of 3, row 0)" in ask("rnn_backward", wrong).message


# --- whatever a function does ----------------------------------------------------------------------------------


def stub(z):
    """Return probabilities."""
    raise NotImplementedError


def forward_on_a_stub(params, x, h0=None):
    return stub(x)


def raises(z):
    """Return probabilities."""
    m = z.max()
    return z @ m  # a scalar


def divides_by_zero(n_x, n_h, n_y):
    return n_x // (n_h - n_h)


class Hostile:
    """Raises whenever it is looked at."""

    def __array__(self, *_, **__):
        raise RuntimeError

    def __repr__(self):
        raise RuntimeError

    def __eq__(self, other):
        raise RuntimeError

    def __getattribute__(self, name):
        raise RuntimeError

    __hash__ = None


class BadError(Exception):
    def __str__(self):
        raise RuntimeError


def raises_badly(z):
    raise BadError


def writes_to_input(z):
    z -= z.max(axis=-1, keepdims=True)
    return rnn.softmax(z)


def writes_to_params(params, x, h0=None):
    answer = rnn.rnn_forward(params, x, h0)
    params.b_h[0] = 0
    return answer


def clears_in_place(dh, t):
    dh[: t - 1] = dh[t:] = 0
    return dh


def adds_to_upstream(params, cache, dh):
    grads = rnn.rnn_backward(params, cache, dh)
    dh[0] += 1
    return grads


def empties_dict(parameters):
    answer = answers.from_article(parameters)
    parameters["ba"] = parameters["ba"][:0]
    return answer


def appends(w_x, w_h, b, xs, h0):
    answer = scalar_list(w_x, w_h, b, xs, h0)
    xs.append(h0)
    return answer


def recursive(z):
    return recursive(z)


def generator(z):
    yield z


async def coroutine(z):
    return z


def loss_with(value):
    return lambda params, x, targets, h0=None: (rnn.loss_and_grads(params, x, targets, h0)[0], value)


def cell_with(**fields):
    return lambda params, cache, dh_t: rnn.rnn_cell_backward(params, cache, dh_t)._replace(**fields)


def forgets_a_transpose(W_hy, h, dlogits):
    rows = dlogits.reshape(-1, dlogits.shape[-1])
    dh = rows @ W_hy
    return dh, h.T @ dlogits, rows.sum(axis=0)


def forgets_a_transpose_in_a_helper(params, cache, dh_t):
    def back(d, W):
        return np.dot(d, W)

    return back(dh_t, params.W_xh), cache.h_prev, params.W_xh, params.W_hh, params.b_h


def forgets_a_transpose_of_a_field(params, cache, dh_t):
    dx_t = np.dot(dh_t, params.W_xh)  # shape (batch, n_x)
    return dx_t, cache.h_prev, params.W_xh, params.W_hh, params.b_h


def indexes_with_all_targets_and_sums(logits, targets):
    return 2 * gradient_that_indexes_with_all_targets(logits, targets)


def asks_for_another_key(parameters):
    return parameters["wam"].T, parameters["Waa"].T, parameters["ba"], parameters["Wya"].T, parameters["by"]


def asks_for_a_key_that_is_not_there(parameters):
    return parameters["Wax"].T, parameters["Waa"].T, parameters["ba"], parameters["Wya"].T, parameters["by"]


def misses_its_own_key(params, cache, dh):
    gradients = {"dwam": np.zeros_like(params.W_xh)}
    return gradients["dWam"]


ba = np.zeros((7, 1))  # left over, as in the article, where one cell makes b and the next one reads ba
stale = rnn.RNNParams(*np.ones((5, 3)))


def reads_a_variable_of_another_cell(params, x_t, h_prev):
    return x_t @ params.W_xh + h_prev @ params.W_hh + ba


def returns_a_variable_of_another_cell(dz_t):
    return stale.b_h


def loses_an_axis(y, dy):
    return y * (dy - (y * dy).sum(axis=-1))


total = 0.0


def adds_to_a_variable_outside(dz_t):
    global total
    total = total + dz_t.sum(axis=0) if np.shape(total) == dz_t.shape[1:] else dz_t.sum(axis=0)
    return total


def adds_to_a_default_argument(dz_t, seen=[]):  # noqa: B006
    seen.append(dz_t)
    return sum(rows.sum(axis=0) for rows in seen if rows.shape == dz_t.shape)


def remembers_shapes(dz_t, kept={}):  # noqa: B006
    return kept.setdefault(dz_t.shape, dz_t.sum(axis=0))


def needs_h0(params, x, h0=None):
    h = []
    for x_t in x:
        h0 = np.tanh(x_t @ params.W_xh + h0 @ params.W_hh + params.b_h)
        h.append(h0)
    return np.array(h), rnn.softmax(np.array(h) @ params.W_hy + params.b_y), None


def compares_with_none(params, x, h0=None):
    if h0 == None:  # noqa: E711
        h0 = np.zeros((x.shape[1], len(params.b_h)))
    return rnn.rnn_forward(params, x, h0)


def asks_whether_an_array_is_true(params, x, h0=None):
    h0 = h0 or np.zeros((x.shape[1], len(params.b_h)))
    return rnn.rnn_forward(params, x, h0)


def compares_all_targets_at_once(logits, targets):
    if targets != -100:
        return rnn.cross_entropy(logits, targets)


def forgets_to_unpack(params, x, h0, cut):
    a = rnn.rnn_forward(params, x[:cut], h0)
    b = rnn.rnn_forward(params, x[cut:], a[-1])
    return np.concatenate([a, b])


def joins_what_is_not_unpacked(params, x, h0, cut):
    a = rnn.rnn_forward(params, x[:cut], h0)
    b = rnn.rnn_forward(params, x[cut:], a[0][-1])
    return np.concatenate([a, b])


def forgets_a_transpose_beside_a_tuple(params, cache, dh_t):
    grads = cache.x_t, cache.h_prev
    return grads[0] @ params.W_hy, None, None, None, None


def prints_its_answer(z):
    print(rnn.softmax(z))


def prints_and_raises_without_h0(params, x, h0=None):
    print(x @ params.W_xh + h0 @ params.W_hh)


def prints_and_returns_nothing_else(params, x, h0=None):
    print("h:", rnn.rnn_forward(params, x, h0)[0])
    return None, None, None


def draws_random_numbers(dz_t):
    return np.random.default_rng().standard_normal(dz_t.shape[1])


def fails_the_second_time(dz_t, calls=[]):  # noqa: B006
    calls.append(1)
    return dz_t.sum(axis=0) / (len(calls) == 1 or "nothing")


def asks_for_a_key_of_a_namedtuple(params, x_t, h_prev):
    return x_t @ params["W_xh"] + h_prev @ params["W_hh"] + params["b_h"]


def returns_views_of_its_inputs(params, h_t, dh_t, dh_carry):
    return dh_t[:], dh_carry.view()


SIGNATURES = "(params, x, h0), expected (params, x, h0=None)"

MISBEHAVIOUR = [
    ("softmax", stub, "not_written", "Not written yet: fill in stub, then run this cell again."),
    ("softmax", lambda z: None, "not_written", "Not written yet: <lambda> returns None"),
    ("softmax", lambda z: ..., "not_written", "Not written yet: "),
    ("rnn_forward", lambda p, x, h0=None: (None,) * 3, "not_written", "Not written yet: <lambda> returns None"),
    ("rnn_forward", lambda p, x, h0=None: (x, None, 1), "not_written", "<lambda> returns None for y, fill it in"),
    ("rnn_forward", forward_on_a_stub, "not_written", "fill in stub, which forward_on_a_stub calls"),
    ("loss_and_grads", loss_with([None] * 5), "not_written", "returns None for grads.W_xh, grads.W_hh"),
    ("softmax", raises, "raised", "raises raises ValueError (matmul: "),
    ("softmax", raises, "raised", " in its line 4: `return z @ m  # a scalar`"),
    (
        "output_backward",
        forgets_a_transpose,
        "raised",
        "rows @ W_hy`. There rows has shape (2, 6) and W_hy has shape (4, 6): look for a missing or needless transpose",
    ),
    (
        "rnn_cell_backward",
        forgets_a_transpose_of_a_field,
        "raised",
        ". There dh_t has shape (2, 4) and params.W_xh has shape (5, 4): look for a missing or needless transpose.",
    ),
    (
        "rnn_cell_backward",
        forgets_a_transpose_in_a_helper,
        "raised",
        "look for a missing or needless transpose.",
    ),
    ("from_article", asks_for_another_key, "raised", ". There parameters has 'Wam': upper and lower case count."),
    ("from_article", asks_for_a_key_that_is_not_there, "raised", " has the keys 'Wam', 'Waa', 'ba', 'Wya', 'by'. See"),
    (
        "pre_activation",
        asks_for_a_key_of_a_namedtuple,
        "raised",
        ". A field stands behind a dot, as in params.b_h. See",
    ),
    ("rnn_backward", misses_its_own_key, "raised", ". There gradients has 'dwam': upper and lower case count."),
    (
        "pre_activation",
        reads_a_variable_of_another_cell,
        "raised",
        ". It reads ba: a variable of the notebook, left over",
    ),
    (
        "bias_gradient",
        returns_a_variable_of_another_cell,
        "wrong_shape",
        ". It reads stale: a variable of the notebook",
    ),
    (
        "softmax_backward",
        loses_an_axis,
        "raised",
        "One of them lacks an axis: look for a sum or a maximum that took it",
    ),
    ("bias_gradient", adds_to_a_variable_outside, "changing", "answers differently when the same arguments come again"),
    ("bias_gradient", adds_to_a_default_argument, "changing", "(a variable outside, a default argument)"),
    ("bias_gradient", remembers_shapes, "changing", "answers other arguments of the same shapes wrongly"),
    ("rnn_forward", needs_h0, "raised", ", for h0 = None. See "),
    ("rnn_forward", compares_with_none, "raised", ". To ask whether h0 was given, write `h0 is None`. See "),
    ("rnn_forward", asks_whether_an_array_is_true, "raised", ". To ask whether h0 was given, write `h0 is"),
    ("softmax", max, "raised", "An array is no single yes or no"),
    ("cross_entropy", compares_all_targets_at_once, "raised", ". An array is no single yes or no: it has one for each"),
    (
        "run_in_two",
        forgets_to_unpack,
        "raised",
        ". There a is a tuple of 3, not yet unpacked: one array of shape (2, 2, 4), one array of shape (2, 2, 6), "
        "a SequenceCache. See ",
    ),
    ("run_in_two", joins_what_is_not_unpacked, "raised", ". There a is a tuple of 3, not yet unpacked: one array of"),
    (
        "rnn_cell_backward",
        forgets_a_transpose_beside_a_tuple,
        "raised",
        "look for a missing or needless transpose. See",
    ),
    (
        "softmax",
        prints_its_answer,
        "not_returned",
        " returns None: `print` shows a value, `return` hands it over. See ",
    ),
    ("rnn_forward", prints_and_raises_without_h0, "not_returned", "`return` hands it over. See "),
    ("rnn_forward", prints_and_returns_nothing_else, "not_returned", "`return` hands it over. See "),
    ("bias_gradient", fails_the_second_time, "changing", "answers differently when the same arguments come again"),
    ("bias_gradient", draws_random_numbers, "changing", "or draws random numbers."),
    (
        "step_back",
        returns_views_of_its_inputs,
        "unknown",
        ". Unchanged arguments come back: dz_t is dh_t, the next dh_carry is dh_carry. See",
    ),
    ("adam_step", lambda p, g, m, s, t, learning_rate: (p, m, s), "unknown", "p is p, m is m, s is s. See"),
    ("tanh_backward", lambda h_t, dh_t: dh_t[:], "no_slope", "passes tanh by: its slope is missing. dz_t[0, 0]"),
    ("logits_gradient", indexes_with_all_targets_and_sums, "raised", ". -100 marks a target that does not count."),
    ("count_parameters", divides_by_zero, "raised", "raises ZeroDivisionError ("),
    ("count_parameters", divides_by_zero, "raised", ", for n_x = 2, n_h = 3, n_y = 4."),
    ("softmax", raises_badly, "raised", "raises_badly raises BadError in its line 2: `raise BadError`, for z = "),
    ("softmax", lambda z: input("z?"), "raised", "raises EOFError (a check answers no questions)"),
    ("softmax", recursive, "raised", "raises RecursionError"),
    ("softmax", lambda z: sys.exit(), "raised", "raises SystemExit"),
    ("step_back", lambda p, h, dh, c: h, "wrong_count", "one array of shape (2, 4), expected 2 things: dz_t, the next"),
    ("rnn_forward", lambda p, x, h0=None: (x, x), "wrong_count", "returns 2 things, expected 3: h, y, cache"),
    (
        "rnn_cell_backward",
        lambda p, c, dh: {},
        "wrong_count",
        "returns a dict, expected 5 things in this order, without keys: dx_t, dh_prev, dW_xh",
    ),
    ("loss_and_grads", loss_with((1, 2, 3)), "wrong_count", "returns as grads 3 things, expected 5: W_xh, W_hh"),
    ("loss_and_grads", lambda *a: (0.5, 1, 2, 3, 4, 5), "wrong_count", "returns 6 things, expected 2: loss, grads"),
    (
        "softmax",
        lambda z: rnn.softmax(z).tolist(),
        "list_not_array",
        "as y is a list of 2, expected an array of shape (2, 2)",
    ),
    (
        "rnn_forward",
        lambda p, x, h0=None: (list(rnn.rnn_forward(p, x, h0)[0]), *rnn.rnn_forward(p, x, h0)[1:]),
        "list_not_array",
        "as h is a list of 3, expected an array of shape (3, 2, 4) = (time, batch, n_h)",
    ),
    ("scalar_forward", lambda *a: [[1], [2, 3], 4], "wrong_shape", "a list of parts that differ in shape"),
    ("softmax", lambda z: {"y": z}, "wrong_type", "as y is a dict, expected an array of shape (2, 2)"),
    ("softmax", generator, "wrong_type", "as y is a generator"),
    ("cross_entropy", lambda *a: "0.5", "wrong_type", "as loss is a str, expected a number"),
    ("softmax", lambda z: Hostile(), "wrong_type", "cannot be looked at (RuntimeError)"),
    (
        "pre_activation",
        lambda p, x, h: answers.pre_activation(p, x, h).T,
        "wrong_shape",
        "(4, 2), expected (2, 4) = (batch, n_h): it is the transpose",
    ),
    ("pre_activation", lambda p, x, h: x, "wrong_shape", "has shape (2, 5), expected (2, 4) = (batch, n_h)."),
    ("run_in_two", lambda p, x, h, c: np.moveaxis(rnn.rnn_forward(p, x, h)[0], 0, 2), "wrong_shape", "another order"),
    (
        "cross_entropy",
        lambda z, k: np.array([rnn.cross_entropy(z, k)]),
        "wrong_shape",
        "(1,), expected (), a single number",
    ),
    (
        "rnn_cell_backward",
        cell_with(W_hh=np.zeros((9, 9))),
        "wrong_shape",
        "dW_hh has shape (9, 9), expected (4, 4) = (n_h, n_h)",
    ),
    ("one_hot", lambda ids, n: np.eye(n, dtype=int)[ids], "wrong_dtype", "x holds int64, expected float64"),
    ("softmax", lambda z: rnn.softmax(z).astype(complex), "wrong_dtype", "y holds complex128, expected float64"),
    ("softmax", lambda z: rnn.softmax(z).astype(object), "wrong_dtype", "y holds object"),
    ("softmax", lambda z: rnn.softmax(z).astype(np.float16), "wrong_dtype", "y holds float16"),
    (
        "count_parameters",
        lambda *n: float(answers.count_parameters(*n)),
        "wrong_dtype",
        "count is 34.0, expected an integer",
    ),
    ("softmax", lambda z: np.full(z.shape, np.nan), "unknown", "got nan"),
    ("cross_entropy", lambda z, k: rnn.cross_entropy(z, k) + 1e-7, "low_precision", "close, but not close enough"),
    ("softmax", writes_to_input, "changed_input", "changes its own input z:"),
    ("rnn_forward", writes_to_params, "changed_input", "changes its own input params.b_h:"),
    ("rnn_backward", adds_to_upstream, "changed_input", "changes its own input dh:"),
    ("from_article", empties_dict, "changed_input", "changes its own input parameters['ba']:"),
    ("scalar_forward", appends, "changed_input", "changes its own input xs:"),
    ("softmax", 3, "not_callable", "int is not a function: write check.softmax(my_function), without calling it"),
    ("softmax", None, "not_callable", "NoneType is not a function"),
    ("softmax", lambda a, b: a, "wrong_parameters", "<lambda> takes (a, b), expected (z)."),
    ("rnn_forward", lambda params, x, h0: x, "wrong_parameters", f"takes {SIGNATURES}"),
    ("softmax", lambda: 1, "wrong_parameters", "takes (), expected (z)"),
]


@pytest.mark.parametrize(("name", "function", "mistake", "says"), MISBEHAVIOUR)
def test_misbehaviour_gets_a_calm_line(name, function, mistake, says):
    verdict = ask(name, function)
    assert not verdict.passed
    assert verdict.mistake == mistake and says in verdict.message, verdict
    assert verdict.message.startswith("Not written yet: " if mistake == "not_written" else "Not yet: ")


def test_long_errors_and_long_lines_are_shortened():
    def talkative(z):
        return {}["ab " * 99], "a line of code that is longer than anyone wants to read in one line, up to its end"

    message = ask("softmax", talkative).message
    assert "KeyError ('ab ab ab " in message and "ab a ...) in its line 2: `return {}[" in message
    assert " ...`, for z = " in message and len(message) < 500 and "its end" not in message


def test_something_that_cannot_be_looked_at_is_no_function():
    assert ask("softmax", Hostile()).message.startswith("Not yet: Hostile is not a function")


@pytest.mark.filterwarnings("ignore:coroutine")
def test_a_coroutine_is_named_as_what_it_is():
    assert "is a coroutine" in ask("softmax", coroutine).message


@every_exercise
def test_no_check_raises_on_things_that_are_no_answer(name, versions_run_once):
    things = (
        0,
        1.5,
        "text",
        (),
        [],
        {},
        (1, 2),
        [None],
        np.zeros(0),
        np.zeros((2, 2)),
        (object(),) * 5,
        type,
        Hostile(),
    )
    for thing in things:
        verdict = ask(name, lambda *_, thing=thing: thing)
        assert not verdict.passed, thing


def test_what_is_printed_is_counted_and_not_shown():
    def chatty(z):
        print("shape", z.shape)
        print("to stderr", file=sys.stderr)
        return rnn.softmax(z)

    verdict = ask("softmax", chatty)  # calls it six times
    assert verdict.passed and verdict.message.endswith("(It printed 12 lines, not shown here.)")


def loops(z):
    while True:
        z = z + 1


def loops_and_prints(z):
    while True:
        print(z)


def loops_and_catches(z):
    while True:
        try:
            while True:
                z = z + 1
        except Exception:
            pass


def loops_and_swallows(z):
    while True:
        try:
            z = z + 1
        except:  # noqa: E722
            z = z - 1


def swallows_once(z):
    try:
        loops(z)
    except:  # noqa: E722
        loops(z)


def sleeps(z):
    time.sleep(60)


def sleeps_and_swallows(z):
    while True:
        try:
            time.sleep(0.5)
        except:  # noqa: E722
            continue


ENDLESS = [loops, loops_and_prints, loops_and_catches, loops_and_swallows, swallows_once, sleeps, sleeps_and_swallows]


@pytest.mark.parametrize("function", ENDLESS)
def test_an_endless_loop_is_stopped(function):
    started = time.monotonic()
    verdict = judge(EXERCISES["softmax"], function, seconds=0.1)
    assert time.monotonic() - started < 2
    assert verdict.mistake == "too_slow" and "was stopped after 0.1 s" in verdict.message


def test_one_long_operation_is_reported_when_it_ends():
    """Python cannot interrupt NumPy inside one call; the verdict comes late, and is the same."""
    numbers = np.random.default_rng(0).random(2_000_000)
    verdict = judge(EXERCISES["softmax"], lambda z: np.sort(numbers), seconds=0.02)
    assert verdict.mistake == "too_slow"


def test_the_time_allowed_is_less_than_ten_seconds():
    assert 1 < inspect.signature(judge).parameters["seconds"].default < 10


@pytest.mark.parametrize("function", [loops, loops_and_swallows, swallows_once, rnn.softmax, raises, stub])
def test_checks_work_in_another_thread(function):
    verdicts = []
    before = threading.active_count()
    thread = threading.Thread(target=lambda: verdicts.append(judge(EXERCISES["softmax"], function, seconds=0.3)))
    thread.start()
    thread.join(5)
    expected = {"softmax": None, "raises": "raised", "stub": "not_written"}
    assert verdicts[0].mistake == expected.get(function.__name__, "too_slow")
    assert threading.active_count() == before


def test_ctrl_c_still_interrupts():
    def interrupted(z):
        raise KeyboardInterrupt

    before = signals()
    with pytest.raises(KeyboardInterrupt):
        check.softmax(interrupted)
    assert signals() == before


# --- nothing is left behind ------------------------------------------------------------------------------------


def signals():
    return (signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)) if HAS_TIMER else ()


def global_state():
    return (
        repr(np.random.get_state()),  # noqa: NPY002
        random.getstate(),
        np.geterr(),
        np.geterrcall(),
        np.get_printoptions(),
        dict(os.environ),
        os.getcwd(),
        builtins.input,
        sys.getrecursionlimit(),
        warnings.filters[:],
        sys.stdout,
        sys.stderr,
        signals(),
        threading.active_count(),
    )


def meddles(z):
    np.random.seed(1)  # noqa: NPY002
    random.seed(1)
    np.seterr(all="raise")
    np.set_printoptions(precision=2)
    os.environ["RNN_HELPERS_LEFT_BEHIND"] = "1"
    os.environ.pop("PATH", None)
    os.chdir("/")
    sys.setrecursionlimit(12_345)
    warnings.simplefilter("error")
    warnings.warn("a warning", stacklevel=1)
    return rnn.softmax(z)


def exchanges_names(z):
    """Put something else in the place of functions that everyone uses."""
    np.exp = np.max = np.linalg.norm = np.random.default_rng = builtins.len = lambda *_, **__: 2.0
    return z


def names():
    return np.exp, np.max, np.linalg.norm, np.random.default_rng, len


def test_an_exchanged_name_neither_stays_nor_reaches_what_is_expected():
    before = names()
    verdict = ask("softmax", exchanges_names)
    assert names() == before
    assert "expected 0.2689, got 0," in verdict.message


def warns(z):
    warnings.warn("a warning", stacklevel=1)
    return rnn.softmax(z)


def overflows(z):
    return np.exp(1e9 * z) / z


@pytest.mark.parametrize(
    "function",
    [rnn.softmax, meddles, warns, overflows, writes_to_input, raises, recursive, stub, loops, 3, lambda z: Hostile()],
)
def test_a_check_leaves_no_trace(function):
    before = global_state()
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        judge(EXERCISES["softmax"], function, seconds=0.2)
    assert seen == []
    assert global_state() == before


def test_numpys_error_settings_outside_do_not_reach_in():
    def softmax_that_underflows(z):
        return np.exp(z - z.max(axis=-1, keepdims=True)) / np.exp(z - z.max(axis=-1, keepdims=True)).sum(-1)[..., None]

    with np.errstate(all="raise"):
        assert ask("softmax", softmax_that_underflows).passed


def test_what_one_call_does_to_numpys_error_settings_does_not_reach_the_next():
    def sets_a_trap(z):
        y = rnn.softmax(z)
        np.seterr(all="raise")
        return y

    assert ask("softmax", sets_a_trap).passed


@pytest.mark.skipif(not HAS_TIMER, reason="Windows has no setitimer")
def test_someone_elses_timer_goes_on():
    rang = []
    old = signal.signal(signal.SIGALRM, lambda *_: rang.append(True))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        judge(EXERCISES["softmax"], loops, seconds=0.1)
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] < 0.21
        time.sleep(0.4)
        assert rang == [True]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


@every_exercise
def test_a_check_is_fast(name):
    exercise = EXERCISES[name]
    for function, seconds in ((exercise.reference, 0.5), (exercise.mistakes[-1].function, 1.5)):
        started = time.process_time()  # of this process alone: the machine may be busy
        ask(name, function)
        assert time.process_time() - started < seconds


def test_two_checks_of_one_function_say_the_same():
    for name, exercise in EXERCISES.items():
        function = exercise.mistakes[0].function
        assert ask(name, function) == ask(name, function)


# --- what is displayed -----------------------------------------------------------------------------------------


def test_a_verdict_reads_as_one_line_of_text():
    verdict = Verdict(False, "Not yet: f is wrong.", "unknown")
    assert repr(verdict) == str(verdict) == verdict.message


@pytest.mark.parametrize(("first", "symbol"), [("Correct", "✓"), ("Not written yet", "○"), ("Not yet", "✗")])
def test_a_verdict_in_html_has_a_symbol_and_a_border(first, symbol):
    page = Verdict(True, f"{first}: <b>f</b> & more: so", None)._repr_html_()
    assert symbol in page and "border-left" in page
    assert "&lt;b&gt;f&lt;/b&gt; &amp; more: so" in page and "<b>" not in page
    assert " color:" not in page  # the theme's own colour, on light and on dark


def test_what_a_learner_wrote_is_escaped():
    def f(z):
        raise ValueError("<script>alert('x')</script>")

    f.__name__ = "<img src=x>"
    page = ask("softmax", f)._repr_html_()
    assert "<script" not in page and "<img" not in page and "&lt;script&gt;" in page


def test_a_wrong_answer_unfolds_the_first_wrong_case_in_full():
    verdict = ask("tanh_backward", lambda h_t, dh_t: 1 - h_t**2)
    page = html.unescape(verdict._repr_html_())
    case = page[page.index("<details><summary>One case in full</summary><pre>") :]
    for line in (
        "h_t, shape (1, 2):\n[[ 0.5 -0.8]]",
        "dh_t, shape (1, 2):\n[[2. 3.]]",
        "dz_t, expected, shape (1, 2):\n[[1.5  1.08]]",
        "dz_t, yours, shape (1, 2):\n[[0.75 0.36]]",
    ):
        assert line in case
    assert "<details>" not in ask("tanh_backward", answers.tanh_backward)._repr_html_()
    assert "<details>" not in ask("softmax", stub)._repr_html_()


def test_the_case_in_full_is_one_that_is_wrong():
    page = ask("softmax", whole_max)._repr_html_()
    assert "z, shape (5, 4):" in page and "-3000." in page and "nan" in page


def test_a_verdict_is_three_things_whether_or_not_it_unfolds_a_case():
    verdict = ask("tanh_backward", lambda h_t, dh_t: dh_t.copy())
    passed, message, mistake = verdict
    assert verdict == Verdict(passed, message, mistake)


@every_exercise
def test_a_case_in_full_shows_every_argument_and_every_output(name):
    exercise = EXERCISES[name]
    page = html.unescape(ask(name, exercise.mistakes[0].function)._repr_html_())
    fields = [f"params.{field}" for field in rnn.RNNParams._fields]
    arguments = [part for part in inspect.signature(exercise.reference).parameters if part not in ("axis", "targets")]
    for argument in arguments:
        wanted = fields if argument == "params" else [argument]
        assert all(part in page for part in wanted), argument
    for leaf in compare.leaves(exercise.returns):
        assert f"{leaf.name}, expected" in page and f"{leaf.name}, yours" in page


def test_both_displays_carry_text_and_html():
    for shown in (ask("softmax", rnn.softmax), check.solution(rnn.softmax)):
        bundle = shown._repr_mimebundle_(include=None, exclude=None)
        assert bundle == {"text/plain": repr(shown), "text/html": shown._repr_html_()}


def test_a_solution_is_closed_and_holds_the_source():
    solution = check.solution(rnn.softmax)
    source = inspect.getsource(output.softmax)
    assert repr(solution) == f"Solution: rnn_helpers/output.py, softmax\n\n{source}"
    page = solution._repr_html_()
    assert page.startswith("<details><summary>Solution: rnn_helpers/output.py, softmax</summary>")
    assert " open" not in page.split("</summary>")[0]
    assert f"<pre>{html.escape(source)}</pre>" in page


def test_a_solution_can_hold_several_functions():
    solution = check.solution(rnn.cross_entropy, rnn.softmax, rnn.rnn_cell_forward)
    assert (
        solution.title
        == "Solution: rnn_helpers/output.py, cross_entropy, softmax; rnn_helpers/cell.py, rnn_cell_forward"
    )
    places = [solution.source.index(f"def {name}") for name in ("cross_entropy", "softmax", "rnn_cell_forward")]
    assert places == sorted(places)


@pytest.mark.parametrize("functions", [(), (3,), (np.tanh,), (rnn.RNNParams,)])
def test_a_solution_of_no_function_is_refused(functions):
    with pytest.raises(TypeError, match="solution: expected"):
        check.solution(*functions)


# --- the tests are tested --------------------------------------------------------------------------------------


def test_two_versions_that_compute_the_same_would_be_noticed():
    exercise = EXERCISES["tanh_slope"]
    twin = Mistake("twin", "is a twin", lambda h: 1 - np.tanh(h) ** 2)
    doubled = exercise._replace(mistakes=(*exercise.mistakes, twin))
    assert judge(doubled, twin.function).mistake == "squashed_again"


def test_a_wrong_version_that_is_right_would_be_noticed():
    assert judge(EXERCISES["tanh_slope"], lambda h: 1 - h * h).passed


@pytest.mark.parametrize(("error", "passes"), [(1e-12, True), (1e-10, True), (1e-8, False), (1e-2, False)])
def test_the_tolerance(error, passes):
    assert judge(EXERCISES["cross_entropy"], lambda z, k: rnn.cross_entropy(z, k) * (1 + error)).passed is passes


def test_nan_agrees_with_nan_and_infinity_with_its_own_sign():
    given = np.array([np.nan, np.inf, -np.inf, 1.0, np.inf])
    assert compare.close(given, np.array([np.nan, np.inf, np.inf, np.nan, 1.0])).tolist() == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_numbers_that_look_alike_get_more_digits():
    assert compare.beside(0.123456789, 0.123456788) == "expected 0.123456789, got 0.123456788"
    assert (
        compare.place(Output("h", ("time", "batch", "n_h")), (0, 1, 2), (3, 2, 4)) == "h[0, 1, 2] (step 1 of 3, row 1)"
    )


def test_the_sandbox_copies_what_it_is_given_and_what_it_gets():
    buffer = np.zeros(2)

    def one_buffer(x):
        buffer[:] = x
        return buffer

    argument = np.ones(2)
    run = sandbox.run(one_buffer, [(argument,), (3 * argument,)], ["x"], 1.0)
    assert [outcome.returned.tolist() for outcome in run.outcomes] == [[1, 1], [3, 3]]
