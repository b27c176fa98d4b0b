"""The exercises of notebook 08: right answers written differently pass, and what readers write is recognised."""

import numpy as np
import pytest

from rnn_helpers import RNNParams, check, optim, softmax
from rnn_helpers.check import training
from rnn_helpers.train import sampling


def loss_place_by_place(nats, targets):
    total, count = 0.0, 0
    for t in range(nats.shape[0]):
        for n in range(nats.shape[1]):
            if targets[t, n] != -100:
                total, count = total + nats[t, n], count + 1
    return total / count


def clip_as_one_vector(grads, most):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    return tuple(g * most / max(norm, most) for g in grads)


def adam_of_the_package(p, g, m, s, t, learning_rate):
    params, state = optim.adam(Pair(p, p), Pair(g, g), optim.AdamState(t - 1, Pair(m, m), Pair(s, s)), learning_rate)
    return params[0], state.mean[0], state.square[0]


class Pair(tuple):
    _fields = ("one", "other")

    def __new__(cls, one, other):
        return super().__new__(cls, (one, other))


def draw_by_walking(logits, temperature, u):
    if temperature == 0:
        return np.argmax(logits)
    for token, p in enumerate(softmax(logits / temperature)):
        u -= p
        if u < 0:
            return token
    return len(logits) - 1


def draw_by_search(logits, temperature, u):
    if temperature < 1e-9:
        return int(logits.argmax())
    e = np.exp((logits - logits.max()) / temperature)
    return int(np.searchsorted(np.cumsum(e / e.sum()), u))


OTHERWISE = [
    (check.masked_loss, loss_place_by_place),
    (check.masked_loss, lambda nats, targets: np.average(nats, weights=targets != -100)),
    (check.clip_by_norm, clip_as_one_vector),
    (check.clip_by_norm, optim.clip_by_norm),
    (check.adam_step, adam_of_the_package),
    (check.sampling_step, draw_by_walking),
    (check.sampling_step, draw_by_search),
]


@pytest.mark.parametrize(("ask", "function"), OTHERWISE)
def test_a_right_answer_written_differently_passes(ask, function):
    verdict = ask(function)
    assert verdict.passed, verdict


def clip_in_place(grads, most):
    norm = optim.global_norm(grads)
    for g in grads:
        g *= min(1, most / norm)
    return grads


def adam_in_place(p, g, m, s, t, learning_rate):
    m *= 0.9
    m += 0.1 * g
    s *= 0.999
    s += 0.001 * g**2
    return p - learning_rate * m / (1 - 0.9**t) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8), m, s


def clip_by_the_norm_of_all_at_once(grads, most):
    norm = np.linalg.norm(grads)
    return RNNParams(*(g * min(1, most / norm) for g in grads))


def frozen_by(choice):
    """Make a sampling step that takes choice(logits) at temperature 0."""

    def step(logits, temperature, u):
        return choice(logits) if temperature == 0 else training.sampling_step(logits, temperature, u)

    return step


READERS_WROTE = [
    (check.sampling_step, frozen_by(max), "value_for_place"),
    (check.sampling_step, frozen_by(lambda logits: int(max(logits))), "value_for_place"),
    (check.sampling_step, lambda logits, temperature, u: max(logits), "value_for_place"),
    (check.clip_by_norm, clip_by_the_norm_of_all_at_once, "raised"),
    (check.masked_loss, lambda nats, targets: np.mean(nats * (targets != -100)), "divided_by_all"),
    (check.masked_loss, lambda nats, targets: nats[targets != 0].mean(), None),
    (check.clip_by_norm, clip_in_place, "changed_input"),
    (check.clip_by_norm, lambda grads, most: RNNParams(*(g / optim.global_norm(grads) for g in grads)), None),
    (check.adam_step, adam_in_place, "changed_input"),
    (check.sampling_step, lambda logits, temperature, u: softmax(logits / max(temperature, 1e-9)), "wrong_shape"),
]


@pytest.mark.parametrize(("ask", "function", "mistake"), READERS_WROTE)
def test_what_readers_write_does_not_pass_and_is_recognised(ask, function, mistake):
    verdict = ask(function)
    assert not verdict.passed
    assert mistake is None or verdict.mistake == mistake, verdict


def test_fields_of_different_shapes_are_told_to_be_no_single_array():
    says = ". There grads has 5 fields of different shapes, which make no single array: each needs its own sum. See "
    assert says in check.clip_by_norm(clip_by_the_norm_of_all_at_once).message


def test_the_answers_that_are_shown_pass():
    for exercise in training.ALL:
        assert getattr(check, exercise.reference.__name__)(exercise.reference).passed


def test_the_exercises_compute_what_the_package_computes():
    rng = np.random.default_rng(0)
    for _ in range(200):
        logits, temperature = rng.standard_normal(6), rng.uniform(0.2, 2)
        seed = int(rng.integers(1000))
        u = np.random.default_rng(seed).random()
        drawn = sampling.next_token(np.random.default_rng(seed), logits, temperature)
        assert training.sampling_step(logits, temperature, u) == drawn


def test_a_right_answer_among_integers_is_no_infinity_away():
    """Where all tokens expected are 0, the scale of the error must not become 0 too."""
    assert "largest error 0.0e+00" in str(check.sampling_step(training.sampling_step))


@pytest.mark.parametrize("counted", [lambda targets: targets > 0, lambda targets: targets == -100])
def test_nothing_left_to_average_warns_nobody(counted, recwarn):
    """Recognising these must not print NumPy's warning that in one of the cases the mean is over nothing."""
    assert check.masked_loss(lambda nats, targets: nats[counted(targets)].mean()).mistake in {
        "end_ignored",
        "mask_turned",
    }
    assert not list(recwarn)
