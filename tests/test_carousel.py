"""The lane of an LSTM's cell states: the walk of notebook 16a, its start, and its figure."""

import numpy as np
import pytest

from rnn_helpers import plots
from rnn_helpers.gates import init_lstm, lstm_backward, lstm_forward, sigmoid
from rnn_helpers.labs.carousel import carousel, walk_back
from rnn_helpers.labs.flow import flow


@pytest.mark.parametrize(("steps", "batch"), [(1, 3), (6, 1), (9, 4)])
def test_the_walk_gives_the_sizes_that_lstm_backward_gives_for_each_length(steps, batch):
    rng = np.random.default_rng(steps)
    params = init_lstm(rng, 3, 5, 2, forget_bias=0.7)
    start = rng.standard_normal((2, batch, 5))
    _, _, cache = lstm_forward(params, rng.standard_normal((steps, batch, 3)), *start)
    dc_last = rng.standard_normal((batch, 5))
    all_roads, lane = walk_back(params, cache, dc_last)
    assert all_roads[0] == lane[0] == 0 and len(all_roads) == len(lane) == steps + 1
    for k in range(1, steps + 1):
        gates = (gate[-k:] for gate in cache[3:])
        last = type(cache)(cache.x[-k:], cache.states[-k - 1 :], cache.cells[-k - 1 :], *gates)
        back = lstm_backward(params, last, np.zeros((k, batch, 5)), dc_last)
        size = np.linalg.norm(dc_last)
        assert all_roads[k] == pytest.approx(np.log10(np.linalg.norm(back.c0) / size), abs=1e-12)
        kept = np.linalg.norm(dc_last * last.f.prod(axis=0)) / size
        assert lane[k] == pytest.approx(np.log10(kept), abs=1e-12)


@pytest.mark.parametrize("bias", [-2.0, 1.0, 6.0])
def test_without_input_the_lane_begins_at_the_sigmoid_of_the_bias_and_many_steps_leave_no_float(bias):
    found = carousel(bias, 0.0, 2000)
    assert found.gate == pytest.approx(float(sigmoid(np.array([bias]))[0]), abs=1e-9)
    assert found.lane == pytest.approx(np.arange(2001) * np.log10(found.gate), abs=1e-6)
    assert found.plain == pytest.approx(flow("orthogonal", 1.0, 0.0, 2000).log_sizes)


def test_a_longer_sequence_begins_earlier_and_ends_in_the_same_inputs():
    short, long = (carousel(1.0, 0.5, steps).all_roads for steps in (40, 100))
    assert np.abs(short[:20] - long[:20]).max() < 0.01


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((np.nan, 0.5, 10), "forget_bias: expected a finite number, got nan"),
        ((1.0, np.inf, 10), "input_scale: expected a finite number, got inf"),
        ((1.0, 0.5, 0), "steps: expected at least 1, got 0"),
    ],
)
def test_a_carousel_refuses_what_it_is_not_for(arguments, complaint):
    with pytest.raises(ValueError, match=f"^{complaint}$"):
        carousel(*arguments)


def test_the_picture_shows_the_numbers_that_it_was_given_and_says_numbers_that_no_float_holds():
    all_roads, lane, plain = np.array([0.0, -0.5, 0.3]), np.array([0.0, -200.0, -400.25]), np.array([0.0, -1.0, -4.0])
    drawing = plots.carousel(1.0, 0.73, all_roads, lane, plain, setting="A start")
    drawn = [line.get_ydata() for line in drawing.moving[:4]]
    by_bias = np.arange(3) * np.log10(1 / (1 + np.exp(-1)))
    assert all(np.allclose(a, b) for a, b in zip(drawn, (plain, by_bias, lane, all_roads), strict=True))
    assert drawing.sentence == (
        "A start: the forget gate is 0.73 on average. 2 steps back the gradient is 2 times as large, along the cell "
        "states alone 5.6e-401 times, in the plain network 0.0001 times."
    )


def test_lines_of_other_lengths_or_without_a_step_back_are_refused():
    with pytest.raises(ValueError, match=r"^all_roads: expected those of at least one step back, got 0$"):
        plots.carousel(1.0, 0.7, np.zeros(1), np.zeros(1), np.zeros(1), setting="A start")
    with pytest.raises(ValueError, match=r"^lane: "):
        plots.carousel(1.0, 0.7, np.zeros(3), np.zeros(2), np.zeros(3), setting="A start")
