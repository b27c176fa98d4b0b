"""The exercises of notebook 09: right answers written differently pass, and what readers write is recognised."""

import numpy as np
import pytest

from rnn_helpers import check, many_to_one
from rnn_helpers.output import output_backward


def last_states_one_by_one(h, lengths):
    return np.array([h[length - 1, n] for n, length in enumerate(lengths)])


def last_states_by_mask(h, lengths):
    steps = np.arange(1, len(h) + 1)[:, None]
    return (h * (steps == lengths)[..., None]).sum(axis=0)


def head_with_an_epsilon_too_small_to_see(W_hy, b_y, h_last, targets):
    d = h_last @ W_hy + b_y - targets
    dy = d / np.sqrt((d**2).sum(axis=1, keepdims=True) + 1e-300) / len(d)
    return output_backward(W_hy, h_last, dy)


def head_row_by_row(W_hy, b_y, h_last, targets):
    dh, dW, db = np.zeros_like(h_last), np.zeros_like(W_hy), np.zeros_like(b_y)
    for n, (h, target) in enumerate(zip(h_last, targets, strict=True)):
        d = h @ W_hy + b_y - target
        dy = d / max(np.linalg.norm(d), 1e-300) / len(h_last)
        dh[n], dW, db = W_hy @ dy, dW + np.outer(h, dy), db + dy
    return dh, dW, db


def back_by_mask(dh_last, lengths, steps):
    return (np.arange(1, steps + 1)[:, None] == lengths)[..., None] * dh_last


def back_one_by_one(dh_last, lengths, steps):
    dh = np.zeros((steps, *dh_last.shape))
    for n, length in enumerate(lengths):
        dh[length - 1, n] = dh_last[n]
    return dh


OTHERWISE = [
    (check.last_states, last_states_one_by_one),
    (check.last_states, last_states_by_mask),
    (check.head_gradients, head_with_an_epsilon_too_small_to_see),
    (check.head_gradients, head_row_by_row),
    (check.last_states_backward, back_by_mask),
    (check.last_states_backward, back_one_by_one),
    (check.at_ids, lambda dx, ids: (dx * np.eye(dx.shape[2])[ids]).sum(axis=2)),
    (check.at_ids, lambda dx, ids: dx[np.arange(len(ids))[:, None], np.arange(ids.shape[1]), ids]),
]


@pytest.mark.parametrize(("ask", "function"), OTHERWISE)
def test_a_right_answer_written_differently_passes(ask, function):
    verdict = ask(function)
    assert verdict.passed, verdict


def in_place(dh_last, lengths, steps):
    dh_last /= len(dh_last)
    return back_by_mask(dh_last, lengths, steps)


def back_to_whole_steps(dh_last, lengths, steps):
    dh = np.zeros((steps, *dh_last.shape))
    dh[lengths - 1] = dh_last
    return dh


READERS_WROTE = [
    (check.last_states, lambda h, lengths: h[-1], "last_of_the_array"),
    (check.last_states, lambda h, lengths: [h[k - 1, n] for n, k in enumerate(lengths)], "list_not_array"),
    (check.last_states, lambda h, lengths: h[lengths - 1, :], "no_batch_index"),
    (check.last_states, lambda h, lengths: h[lengths - 1, 0], "unknown"),
    (check.last_states_backward, in_place, "changed_input"),
    (check.last_states_backward, lambda dh, lengths, steps: [dh] * steps, "list_not_array"),
    (check.last_states_backward, back_to_whole_steps, "no_batch_index"),
    (check.at_ids, lambda dx, ids: dx[:, :, ids[0, 0]], "unknown"),
    (check.head_gradients, lambda W, b, h, t: output_backward(W, h, np.sign(h @ W + b - t) / len(h)), "signs_only"),
]


@pytest.mark.parametrize(("ask", "function", "mistake"), READERS_WROTE)
def test_what_readers_write_is_recognised(ask, function, mistake):
    verdict = ask(function)
    assert verdict.mistake == mistake, verdict


def test_the_answers_that_are_shown_pass():
    for name in ("last_states", "head_gradients", "last_states_backward", "at_ids"):
        assert getattr(check, name)(getattr(many_to_one, name)).passed
