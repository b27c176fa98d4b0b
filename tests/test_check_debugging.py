"""The exercises of notebook 07: right answers written differently pass, and what readers write is recognised."""

import numpy as np
import pytest

from rnn_helpers import check, rnn_backward
from rnn_helpers.check import debugging
from rnn_helpers.labs import suspects
from rnn_helpers.labs.suspects import FAULTS, SUSPECTS, puzzle, walk_back
from rnn_helpers.plant import plant


def differences_along_the_flat_array(f, v, step):
    """Move along one unit vector after the other."""
    moves = step * np.eye(v.size).reshape(v.size, *v.shape)
    return np.array([(f(v + move) - f(v - move)) / step / 2 for move in moves]).reshape(v.shape)


def differences_that_move_there_and_back(f, v, step):
    """Move one entry of one copy, and put it back."""
    v, grad = v.copy(), np.empty_like(v)
    for index in np.ndindex(v.shape):
        here = v[index]
        v[index] = here + step
        ahead = f(v)
        v[index] = here - step
        grad[index] = (ahead - f(v)) / (2 * step)
        v[index] = here
    return grad


def only_step_by_clearing(dh, t):
    alone = dh.copy()
    alone[: t - 1] = 0
    alone[t:] = 0
    return alone


def from_each_output(params, cache, dh):
    """Follow each step's gradient to the start by itself, as the map does, and add up at the end."""
    alone = (debugging.only_step(dh, t) for t in range(1, len(dh) + 1))
    return tuple(sum(grads) for grads in zip(*(rnn_backward(params, cache, one) for one in alone), strict=True))


OTHERWISE = [
    (check.central_difference, differences_along_the_flat_array),
    (check.central_difference, differences_that_move_there_and_back),
    (check.only_step, lambda dh, t: dh * (np.arange(len(dh)) == t - 1)[:, None, None]),
    (check.only_step, only_step_by_clearing),
    (check.mended_walk, walk_back),
    (check.mended_walk, from_each_output),
]


@pytest.mark.parametrize(("ask", "function"), OTHERWISE)
def test_a_right_answer_written_differently_passes(ask, function):
    verdict = ask(function)
    assert verdict.passed, verdict


def returned_inside_the_loop(f, v, step):
    grad = np.zeros_like(v)
    for index in np.ndindex(v.shape):
        ahead, behind = v.copy(), v.copy()
        ahead[index] += step
        behind[index] -= step
        grad[index] = (f(ahead) - f(behind)) / (2 * step)
        return grad


def each_entry(formula):
    """Apply a formula to each entry moved alone; it gets f at an array and the entry's move."""

    def differences(f, v, step):
        moves = np.eye(v.size).reshape(v.size, *v.shape)
        return np.array([formula(lambda s, move=move: f(v + s * move), step) for move in moves]).reshape(v.shape)

    return differences


def without_a_copy(dh, t):
    dh[: t - 1] = 0
    dh[t:] = 0
    return dh


NAMES = {
    "upstream_forgotten": "upstream_forgotten",
    "dropped_carry": "dropped_carry",
    "not_transposed": "W_hh_not_transposed",
    "new_state": "h_t_for_h_prev",
    "wrap_around": "wrap_around",
    "in_place": "changed_input",
}
READERS_WROTE = [
    (check.only_step, without_a_copy, "changed_input"),
    (check.only_step, lambda dh, t: dh[t], "raised"),
    (check.central_difference, lambda f, v, step: (f(v + step) - f(v - step)) / (2 * step), "wrong_shape"),
    (check.central_difference, returned_inside_the_loop, "first_only"),
    (check.central_difference, each_entry(lambda f, s: f(s) - f(-s) / (2 * s)), "divided_behind"),
    (check.central_difference, each_entry(lambda f, s: (f(s / 2) - f(-s / 2)) / s), "half_step"),
    (check.mended_walk, puzzle, "squashed_again_and_bias_mean"),
    (check.mended_walk, plant(puzzle, "np.tanh(h[t])", "h[t]"), "bias_mean"),
    (check.mended_walk, plant(puzzle, "mean", "sum"), "squashed_again"),
    *((check.mended_walk, SUSPECTS[s], NAMES[fault]) for s, fault in zip(SUSPECTS, FAULTS, strict=True)),
]


@pytest.mark.parametrize(("ask", "function", "mistake"), READERS_WROTE)
def test_what_readers_write_is_recognised(ask, function, mistake):
    verdict = ask(function)
    assert verdict.mistake == mistake, verdict


def test_a_flat_answer_is_told_the_shape_without_a_name_that_does_not_fit():
    verdict = check.central_difference(lambda f, v, step: debugging.central_difference(f, v, step).ravel())
    assert "has shape (6,), expected (2, 3). See" in verdict.message


def test_the_answers_that_are_shown_pass():
    assert check.central_difference(debugging.central_difference).passed
    assert check.only_step(debugging.only_step).passed
    assert check.mended_walk(suspects.walk_back).passed
