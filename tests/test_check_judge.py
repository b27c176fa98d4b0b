"""What a check says of functions that are no answer: one calm line, with the facts that help."""

import subprocess
import sys

import numpy as np
import pytest
from learners import (
    Hostile,
    ask,
    clears_in_place,
    draws_random_numbers,
    every_exercise,
    gradient_that_indexes_with_all_targets,
    raises,
    recursive,
    scalar_list,
    stub,
    writes_to_input,
)
from wrong_answers import clip_by_the_norm_of_all_at_once

import rnn_helpers as rnn
from rnn_helpers import check, plain


def forward_on_a_stub(params, x, h0=None):
    return stub(x)


def divides_by_zero(n_x, n_h, n_y):
    return n_x // (n_h - n_h)


class BadError(Exception):
    def __str__(self):
        raise RuntimeError


def raises_badly(z):
    raise BadError


def writes_to_params(params, x, h0=None):
    answer = rnn.rnn_forward(params, x, h0)
    params.b_h[0] = 0
    return answer


def adds_to_upstream(params, cache, dh):
    grads = rnn.rnn_backward(params, cache, dh)
    dh[0] += 1
    return grads


def empties_dict(parameters):
    answer = plain.from_article(parameters)
    parameters["ba"] = parameters["ba"][:0]
    return answer


def appends(w_x, w_h, b, xs, h0):
    answer = scalar_list(w_x, w_h, b, xs, h0)
    xs.append(h0)
    return answer


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


def indexes_with_rows_of_steps(dx, ids):
    return dx[np.arange(len(dx)), np.arange(dx.shape[1]), ids]


def asks_for_another_key(parameters):
    return parameters["wam"].T, parameters["Waa"].T, parameters["ba"], parameters["Wya"].T, parameters["by"]


def asks_for_a_key_that_is_not_there(parameters):
    return parameters["Wax"].T, parameters["Waa"].T, parameters["ba"], parameters["Wya"].T, parameters["by"]


stale = rnn.RNNParams(*np.ones((5, 3)))  # left over from another cell


W_hh = np.zeros((7, 7))  # another cell's, as in notebook 02


def copies_the_lessons_line(params, x_t, h_prev):
    return x_t @ params.W_xh + h_prev @ W_hh + params.b_h


def takes_a_field_of_the_same_name(params, x_t, h_prev):
    return x_t @ params.W_xh + h_prev @ params.W_hh.T


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


def fails_the_second_time(dz_t, calls=[]):  # noqa: B006
    calls.append(1)
    return dz_t.sum(axis=0) / (len(calls) == 1 or "nothing")


def asks_for_a_key_of_a_namedtuple(params, x_t, h_prev):
    return x_t @ params["W_xh"] + h_prev @ params["W_hh"] + params["b_h"]


def returns_views_of_its_inputs(params, h_t, dh_t, dh_carry):
    return dh_t[:], dh_carry.view()


SIGNATURES = "(params, x, h0), expected (params, x, h0=None)"


MISBEHAVIOUR = [
    ("softmax", stub, "not_written", "Not written yet: fill in stub, run its cell, then this one again."),
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
    # What explains the shapes comes before what they look like.
    ("pre_activation", copies_the_lessons_line, "raised", ". It reads W_hh: a variable of the notebook"),
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
    ("bias_gradient", adds_to_a_default_argument, "changing", "come again: the default of seen was a list of "),
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
        ". There params.W_hy has shape (4, 6): in `a @ b` the last size of a has to be the last but one of b. See",
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
    (
        "step_back",
        returns_views_of_its_inputs,
        "unknown",
        ". Unchanged arguments come back: dz_t is dh_t, the next dh_carry is dh_carry. It never uses params, h_t. See",
    ),
    ("adam_step", lambda p, g, m, s, t, learning_rate: (p, m, s), "unknown", "p is p, m is m, s is s. See"),
    ("tanh_backward", lambda h_t, dh_t: dh_t[:], "no_slope", "skips tanh on the way back: its slope is missing"),
    ("logits_gradient", indexes_with_all_targets_and_sums, "raised", ". -100 marks a target that does not count."),
    ("at_ids", indexes_with_rows_of_steps, "raised", ", the steps stand in a column, np.arange(time)[:, None]. See"),
    ("count_parameters", divides_by_zero, "raised", "raises ZeroDivisionError ("),
    ("count_parameters", divides_by_zero, "raised", ", for n_x = 2, n_h = 3, n_y = 4."),
    ("softmax", raises_badly, "raised", "raises_badly raises BadError in its line 2: `raise BadError`, for z = "),
    ("softmax", lambda z: input("z?"), "raised", "raises EOFError (a check answers no questions)"),
    ("softmax", recursive, "raised", "raises RecursionError"),
    ("softmax", lambda z: sys.exit(), "raised", "raises SystemExit"),
    ("step_back", lambda p, h, dh, c: h, "wrong_count", "one array of shape (2, 4), expected 2 things: dz_t, the next"),
    ("rnn_forward", lambda p, x, h0=None: (x, x), "wrong_count", "returns 2 things, expected 3: h, y, cache"),
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
    (
        "softmax",
        lambda z: np.ma.masked_array(rnn.softmax(z), mask=True),
        "wrong_type",
        "as y is a MaskedArray, expected",
    ),
    (
        "cross_entropy",
        lambda *a: np.ma.masked,
        "wrong_type",
        "as loss is a MaskedConstant, expected a plain np.ndarray",
    ),
    ("pre_activation", lambda *a: np.asmatrix(plain.pre_activation(*a)), "wrong_type", "as z_t is a matrix, expected"),
    ("softmax", lambda z: Hostile(), "wrong_type", "cannot be looked at (RuntimeError)"),
    (
        "pre_activation",
        lambda p, x, h: plain.pre_activation(p, x, h).T,
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
    (
        "rnn_cell_backward",
        lambda *a: plain.rnn_cell_backward(*a)[::-1],
        "another_order",
        "in another order: expected dx_t, dh_prev, dW_xh, dW_hh, db_h, by their shapes yours are db_h, dW_hh, dW_xh, ",
    ),
    (
        "loss_and_grads",
        loss_with([np.zeros(shape) for shape in ((5, 4), (4, 4), (4,), (6,), (4, 6))]),
        "another_order",
        ", grads.b_h, grads.b_y, grads.W_hy. See",
    ),
    ("one_hot", lambda ids, n: np.eye(n, dtype=int)[ids], "wrong_dtype", "x holds int64, expected float64"),
    ("softmax", lambda z: rnn.softmax(z).astype(complex), "wrong_dtype", "y holds complex128, expected float64"),
    ("softmax", lambda z: rnn.softmax(z).astype(object), "wrong_dtype", "y holds object"),
    ("softmax", lambda z: rnn.softmax(z).astype(np.float16), "wrong_dtype", "y holds float16"),
    (
        "count_parameters",
        lambda *n: float(plain.count_parameters(*n)),
        "wrong_dtype",
        "count is 34.0, expected an integer",
    ),
    ("softmax", lambda z: np.full(z.shape, np.nan), "unknown", "got nan"),
    ("cross_entropy", lambda z, k: rnn.cross_entropy(z, k) + 1e-7, "low_precision", "close, but not close enough"),
    ("cross_entropy", lambda z, k: rnn.cross_entropy(z, k) + 1e-4, "unknown", "a mistake I do not know"),
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


def test_a_field_of_an_argument_is_not_taken_for_a_variable_of_the_notebook():
    verdict = ask("pre_activation", takes_a_field_of_the_same_name)
    assert not verdict.passed and "It reads" not in verdict.message, verdict


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
def test_no_check_raises_on_things_that_are_no_answer(name):
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


# --- the numbers of a message ----------------------------------------------------------------------------------


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
    message = ask("trigram_bits", lambda train, held_out, V: 0.0).message
    assert "got 0, for train = 'abcabdabz', held_out = 'abcab', V = 5. See " in message


def test_backwards_in_time_the_first_wrong_step_is_the_last():
    def wrong(params, cache, dh):
        grads = rnn.rnn_backward(params, cache, dh)
        return grads._replace(x=2 * grads.x)

    assert "dx[2, 0, 0] (step 3 of 3, row 0)" in ask("rnn_backward", wrong).message


def test_a_mistake_that_raises_first_is_shown_by_its_error_and_not_by_another_faults_number():
    def loss_of_every_target(logits, targets):
        """Overflow in the last cases, but stop at a target of -100 long before."""
        return -np.log(np.take_along_axis(rnn.softmax(logits), targets[..., None], -1)).mean()

    verdict = ask("cross_entropy", loss_of_every_target)
    assert verdict.mistake == "ignored_counted"
    assert ". It raises IndexError (index -100 is out of bounds" in verdict.message
    assert "expected" not in verdict.message


def test_a_flat_answer_is_told_the_shape_without_a_name_that_does_not_fit():
    verdict = ask("central_difference", lambda f, v, step: plain.central_difference(f, v, step).ravel())
    assert "has shape (6,), expected (2, 3), on 2 of 4 cases" in verdict.message


def test_fields_of_different_shapes_are_told_to_be_no_single_array():
    says = ". There grads has 5 fields of different shapes, which make no single array: each needs its own sum. See "
    assert says in ask("clip_by_norm", clip_by_the_norm_of_all_at_once).message


# --- the section of a message ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "function", "says"),
    [
        (
            "softmax",
            lambda z: writes_to_input(z),
            "whoever uses it once more computes with other numbers. At first z[0, 0] was 0, is -1. "
            "Work on a copy or make a new array. "
            'Notebook 07 comes back to it, under "Six suspects".',
        ),
        ("only_step", lambda dh, t: clears_in_place(dh, t), '. This notebook has more on it under "Six suspects".'),
        (
            "bias_gradient",
            lambda dz_t: draws_random_numbers(dz_t),
            ". An answer comes from the arguments alone. Notebook 08 comes back to it, under \"A notebook's own "
            'disease".',
        ),
        (
            "masked_loss",
            lambda nats, targets: float(np.random.default_rng().random() * nats[targets > 0].sum()),
            '. See "A notebook\'s own disease" in notebook 08.',
        ),
    ],
)
def test_nobody_is_sent_to_a_notebook_that_comes_later(name, function, says):
    assert ask(name, function).message.endswith(says), ask(name, function)


# --- what a verdict saw outside of the numbers -----------------------------------------------------------------

hs = []


def grows(w_x, w_h, b, xs, h0):
    hs.extend(scalar_list(w_x, w_h, b, xs, h0))
    return hs


class KeepsItsState:
    """Starts from where it was, if no state is given."""

    h = 0.0

    def __call__(self, params, x, h0=None):
        fits = h0 is None and np.shape(self.h) == (x.shape[1], len(params.b_h))
        h, y, cache = rnn.rnn_forward(params, x, self.h if fits else h0)
        self.h = h[-1]
        return h, y, cache


def added_to_empty(params, cache, dh):
    grads = rnn.rnn_backward(params, cache, dh)
    return grads._replace(W_hh=np.empty_like(grads.W_hh) + grads.W_hh)


def all_but_the_last(w_x, w_h, b, xs, h0):
    h = np.empty(len(xs))
    h[:-1] = scalar_list(w_x, w_h, b, xs, h0)[:-1]
    return h


def fills_first(z):
    e = np.empty_like(z)
    np.exp(z - z.max(axis=-1, keepdims=True), out=e)
    return e / e.sum(axis=-1, keepdims=True)


rng = np.random.default_rng(0)


def pick(p):
    return rng.choice(len(p), p=p)


def draws_in_a_helper(logits, temperature, u):
    return int(pick(rnn.softmax(logits / temperature)) if temperature else logits.argmax())


def overwrites_u(logits, temperature, u):
    u = np.random.rand()  # noqa: NPY002
    return plain.sampling_step(logits, temperature, u)


def nothing_for_the_last(x, t):
    for i, x_t in enumerate(x):
        if i == t:
            return x_t


def initial_noise(params, x, h0=None):
    h0 = np.random.standard_normal((x.shape[1], len(params.b_h))) if h0 is None else h0  # noqa: NPY002
    return rnn.rnn_forward(params, x, h0)


def weights_of_three_axes(W_hy, h, dlogits):
    return dlogits @ W_hy.T, h.T @ dlogits, dlogits.sum(axis=(0, 1))


def zeros_of_the_inputs_size(params, x, h0=None):
    h = np.zeros((x.shape[1], x.shape[2])) if h0 is None else h0
    return h @ params.W_hh


OUTSIDE = [
    ("scalar_forward", grows, "changing", "the variable hs was a list of "),
    ("scalar_forward", grows, "changing", "then: h has shape ("),
    ("rnn_forward", KeepsItsState(), "changing", "answers differently"),
    ("rnn_backward", added_to_empty, "unfilled", "np.empty before it fills them: with 7.7e+77 and then -7.7e+77"),
    ("rnn_backward", added_to_empty, "unfilled", "dW_hh[0, 0]: first 7.7e+77, then -7.7e+77. Fill each entry first"),
    ("scalar_forward", all_but_the_last, "unfilled", "h[2] (step 3 of 3): first 7.7e+77, then -7.7e+77"),
    (
        "sampling_step",
        draws_in_a_helper,
        "drawing",
        "never uses u: it draws random numbers (pick, line 2: `return rng.",
    ),
    ("sampling_step", overwrites_u, "drawing", "never uses u: it draws random numbers (overwrites_u, line 2: `u = np."),
    ("rnn_forward", initial_noise, "changing", "it draws random numbers (initial_noise, line 2: `h0 = np.random."),
    ("step", nothing_for_the_last, "none_on_some", " returns None on 1 of 3 cases, for t = 3: a way through it ends"),
    ("one_hot", lambda ids, n_x: np.eye(ids.max() + 1)[ids], "wrong_shape", ", on 1 of 3 cases, for ids = "),
    ("one_hot", lambda ids, n_x: np.eye(ids.max() + 1)[ids], "wrong_shape", "It never uses n_x. See"),
    ("output_backward", weights_of_three_axes, "raised", "dlogits has shape (3, 2, 6): make rows first, `a.reshape("),
    ("rnn_forward", zeros_of_the_inputs_size, "raised", "has shape (3, 3): in `a @ b` the last size"),
    ("tanh_slope", lambda h: 1 - h.dot(h), "raised", "`*` multiplies entry by entry"),
]


@pytest.mark.parametrize(("name", "function", "mistake", "says"), OUTSIDE)
def test_a_verdict_says_what_it_saw_on_every_run(name, function, mistake, says):
    for verdict in (ask(name, function), ask(name, function)):
        assert verdict.mistake == mistake and says in verdict.message, verdict


def test_np_empty_used_rightly_and_memory_that_changes_no_answer_pass():
    def remembers(z, calls=[]):  # noqa: B006
        calls.append(rng.random())
        return rnn.softmax(z)

    assert ask("softmax", fills_first).passed and ask("softmax", remembers).passed
    assert np.empty.__module__ == "numpy" and type(np.empty).__name__.startswith(("builtin", "_Array"))


def test_the_truth_of_every_verdict_is_whether_it_passed():
    exercise = check.EXERCISES["softmax"]
    for function in (rnn.softmax, stub, max, 3, writes_to_input, lambda z: None, raises, lambda z: Hostile()):
        for verdict in (ask("softmax", function), check.judge(exercise, function)):
            assert bool(verdict) is verdict.passed


def test_an_assertion_on_a_wrong_answer_fails_in_a_process_of_its_own():
    code = "from rnn_helpers import check; assert check.softmax(lambda z: z)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 1
