"""Sampling: tokens come from the network's own probabilities, one at a time, and a seed decides."""

import numpy as np
import pytest

from rnn_helpers import data, init_params, rnn_forward, softmax
from rnn_helpers.train import sampling

ALPHABET = "\n abcde"
N = len(ALPHABET)


def network(seed=0, n_h=9):
    params = init_params(np.random.default_rng(seed), N, n_h, N)
    return params._replace(b_y=np.random.default_rng(seed + 1).standard_normal(N))


def rng(seed=0):
    return np.random.default_rng(seed)


# One token


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_tokens_are_drawn_as_often_as_softmax_says(temperature):
    logits = np.array([0.0, 1.0, -1.0, 2.0])
    generator, draws = rng(), 20_000
    counts = np.bincount([sampling.next_token(generator, logits, temperature) for _ in range(draws)], minlength=4)
    p = softmax(logits / temperature)
    assert np.all(np.abs(counts / draws - p) < 4.5 * np.sqrt(p * (1 - p) / draws))


def test_temperature_0_takes_the_largest_score_and_draws_nothing():
    generator = rng()
    assert sampling.next_token(generator, np.array([0.0, 3.0, 2.9]), 0) == 1
    assert generator.random() == rng().random()


def test_near_temperature_0_only_the_best_is_left_and_nothing_overflows():
    logits = np.array([0.0, 3.0, 2.9, -1e300])
    assert {sampling.next_token(rng(seed), logits, 1e-300) for seed in range(50)} == {1}


def test_unlikely_tokens_stay_unlikely_however_many_they_are():
    logits = np.full(100_000, -30.0)  # together 1e-8 of the first one
    logits[0] = 0
    assert {sampling.next_token(rng(seed), logits) for seed in range(3)} == {0}


def test_scores_that_differ_by_a_tenth_of_a_tiny_temperature_are_both_drawn():
    assert {sampling.next_token(rng(seed), np.array([0.0, 1e-6]), 1e-5) for seed in range(20)} == {0, 1}


def test_great_heat_makes_all_tokens_alike():
    counts = np.bincount([sampling.next_token(rng(seed), np.array([0.0, 5.0]), 1e9) for seed in range(400)])
    assert abs(counts[0] - 200) < 45


def test_float32_scores_are_drawn_too():
    assert sampling.next_token(rng(), np.array([0.1, 0.2, 0.3], np.float32), 0.7) in (0, 1, 2)


# A sequence of tokens


def by_hand(params, ids, longest, end=0):
    """Choose greedily by running the whole sequence from the start again for each token."""
    ids, found = [0, *ids], []
    while len(found) < longest:
        _, y, _ = rnn_forward(params, np.array(ids)[:, None])
        token = int(np.argmax(y[-1, 0]))
        if token == end:
            break
        ids.append(token)
        found.append(token)
    return found


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("beginning", [(), (2, 3)])
def test_the_state_carries_all_that_was_read(seed, beginning):
    params = network(seed)
    found = list(sampling.tokens(params, rng(), beginning=beginning, temperature=0, longest=12))
    assert found == by_hand(params, beginning, 12)


def test_drawn_sequences_have_the_probability_that_the_network_gives_them():
    params, generator, draws = network(), rng(), 4000
    texts = [sampling.text(params, "\nabcdef", generator, longest=2) for _ in range(draws)]
    _, y, _ = rnn_forward(params, np.array([[0], [2]]))
    p = y[0, 0, 2] * y[1, 0, 3]  # "b", then "c"
    share = sum(text == "bc" for text in texts) / draws
    assert abs(share - p) < 4 * np.sqrt(p / draws)


def test_end_ends_and_is_not_yielded_and_longest_ends_too():
    never, at_once = (network()._replace(b_y=np.array([b] + [0.0] * (N - 1))) for b in (-1e3, 1e3))
    assert len(list(sampling.tokens(never, rng(), longest=7))) == 7
    assert list(sampling.tokens(at_once, rng())) == []
    assert 0 not in list(sampling.tokens(network(), rng(), longest=200))


def sometimes(end):
    """Return a network that writes END every few tokens."""
    return network()._replace(b_y=np.array([end] + [0.0] * (N - 1)))


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_so_many_lines_are_written_and_read_on(lines):
    found = list(sampling.tokens(sometimes(1.0), rng(), longest=1000, lines=lines))
    endless = list(sampling.tokens(sometimes(1.0), rng(), longest=1000, lines=None))
    assert found.count(0) == lines - 1 and len(endless) == 1000 and endless.count(0) > 3
    assert endless[: len(found) + 1] == [*found, 0]
    text = sampling.text(sometimes(1.0), "\nabcdef", rng(), longest=1000, lines=lines)
    assert text == data.decode(found, "\nabcdef")


def test_a_line_break_that_was_written_is_read_like_any_token():
    params = sometimes(0.0)
    found = list(sampling.tokens(params, rng(3), temperature=0, longest=12, lines=None))
    again = by_hand(params, (), 12, end=None)
    assert found == again


def test_one_token_at_a_time():
    run = sampling.tokens(network()._replace(b_y=np.array([-1e3] + [0.0] * (N - 1))), rng(), longest=10**9)
    assert all(0 < next(run) < N for _ in range(3))


def test_the_same_seed_writes_the_same_and_another_does_not():
    texts = [
        [sampling.text(network(), ALPHABET, rng(seed)) for seed in seeds]
        for seeds in (range(9), range(9), range(9, 18))
    ]
    assert texts[0] == texts[1] != texts[2]


def test_a_text_starts_with_its_beginning():
    assert all(sampling.text(network(), ALPHABET, rng(seed), beginning="a be").startswith("a be") for seed in range(9))


# Bad input


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: sampling.next_token(0, np.zeros(3)), TypeError, "rng: expected a numpy.random.Generator, got int"),
        (
            lambda: sampling.next_token(rng(), np.zeros(3), -0.1),
            ValueError,
            "temperature: expected at least 0, got -0.1",
        ),
        (lambda: sampling.next_token(rng(), np.zeros(3), np.nan), ValueError, "temperature: expected a finite number"),
        (lambda: sampling.next_token(rng(), np.zeros(3), "1"), TypeError, "temperature: expected a number, got str"),
        (lambda: sampling.next_token(rng(), np.zeros((1, 3))), ValueError, r"logits: expected shape \(n_y,\)"),
        (lambda: sampling.next_token(rng(), np.array([0.0, np.inf])), ValueError, "logits: expected finite numbers"),
        (
            lambda: next(sampling.tokens(network(), rng(), beginning=(N,))),
            ValueError,
            r"beginning: expected integers from 0 to 6, got 7 at index \(0,\)",
        ),
        (
            lambda: next(sampling.tokens(network(), rng(), beginning=(0.5,))),
            TypeError,
            "beginning: expected integers, got float64",
        ),
        (
            lambda: next(sampling.tokens(network(), rng(), beginning=[[1, 2]])),
            ValueError,
            r"beginning: expected shape \(length,\), got \(1, 2\)",
        ),
        (
            lambda: next(sampling.tokens(network(), rng(), beginning=None)),
            TypeError,
            "beginning: expected integers, got NoneType",
        ),
        (lambda: next(sampling.tokens(network(), rng(), longest=0)), ValueError, "longest: expected at least 1"),
        (lambda: next(sampling.tokens(network(), rng(), lines=0)), ValueError, "lines: expected at least 1, got 0"),
        (lambda: sampling.text(network(), ALPHABET, rng(), lines=1.5), TypeError, "lines: expected an integer"),
        (lambda: next(sampling.tokens(tuple(network()), rng())), TypeError, "params: expected an RNNParams, got tuple"),
        (lambda: next(sampling.tokens(init_params(rng(), 3, 4, 2), rng())), ValueError, "params: expected n_y = n_x"),
        (lambda: sampling.text(network(), ALPHABET, rng(), beginning="Ab"), ValueError, "text: .* got 'A'"),
        (lambda: sampling.text(network(), "\nab", rng()), ValueError, "alphabet: expected 7 characters, one for each"),
    ],
)
def test_bad_input_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_decoding_is_what_data_does():
    params = network()
    ids = list(sampling.tokens(params, rng(3), longest=9))
    assert sampling.text(params, ALPHABET, rng(3), longest=9) == data.decode(ids, ALPHABET)
