"""A check lets every right answer pass, however it is written, and its cases can tell it from a wrong one."""

import functools

import numpy as np
import pytest
from learners import ask, every_exercise, in_float32, output_by_einsum, scalar_list
from rnn_helpers.check.exercise import Mistake, Output

import rnn_helpers as rnn
from rnn_helpers import check
from rnn_helpers.check import EXERCISES, answers, compare, engine, judge, sandbox


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
