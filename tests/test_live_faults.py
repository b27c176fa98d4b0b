"""The live views of notebook 07: what they show is what the map and the differences say, also after a move."""

import numpy as np
import pytest
from pictures import pixels

from rnn_helpers import live
from rnn_helpers.live import faults
from rnn_helpers.live.redraw import Painter

MOVES = {
    "suspects": [
        {"suspect": "suspect 3", "power": -5},
        {"suspect": "suspect 6", "power": -2},
        {"suspect": "suspect 8", "power": -5},
    ],
    "step_size": [{"power": -7.25}, {"power": -1.0}],
}


@pytest.mark.parametrize("name", MOVES)
def test_a_picture_that_was_moved_is_the_one_drawn_anew(name):
    view = live.VIEWS[name]
    moved = Painter(view)
    for values in MOVES[name]:
        picture, sentence = moved.paint(values)
        fresh = view.draw(**values)
        assert np.array_equal(pixels(picture), pixels(fresh.png()))
        assert sentence == fresh.sentence


def found_by(name, power=-5):
    """Return the rows compared and, of them, those with an error, as the figure shows them."""
    picture = faults.draw_suspect(name, power).moving[0].get_array().filled(np.nan)
    compared = ~np.isnan(picture).all(axis=1)
    wrong = (picture > -7).any(axis=1)
    return [[row for row, here in zip(faults.ROWS, chosen, strict=True) if here] for chosen in (compared, wrong)]


GRADIENTS = ["x", "h0", "W_xh", "W_hh", "b_h"]
LOSS = ["loss", "W_xh", "W_hh", "b_h", "W_hy", "b_y"]


@pytest.mark.parametrize(
    ("name", "compared", "wrong"),
    [
        ("the package", GRADIENTS, []),
        ("suspect 1", GRADIENTS, GRADIENTS),
        ("suspect 4", GRADIENTS, ["W_hh"]),
        ("suspect 6", GRADIENTS, []),
        ("suspect 7", GRADIENTS, GRADIENTS),
        ("suspect 8", LOSS, LOSS),
        ("suspect 9", LOSS, ["loss"]),
    ],
)
def test_the_line_up_shows_what_is_compared_and_what_is_wrong(name, compared, wrong):
    assert found_by(name) == [compared, wrong]


def test_the_line_up_is_the_package_and_nine_suspects():
    wanted = ("the package", *(f"suspect {number}" for number in range(1, 10)))
    assert tuple(faults.lineup()) == live.SUSPECTS.controls[0].options == wanted


@pytest.mark.parametrize("name", faults.LINEUP)
def test_the_sentence_is_that_of_the_map(name):
    sentence = faults.draw_suspect(name, -5).sentence
    assert ("All 25 comparisons agree" in sentence) == (name in ("the package", "suspect 6"))
    assert ("dh is changed" in sentence) == (name == "suspect 6")


@pytest.mark.parametrize("power", range(-13, 0))
@pytest.mark.parametrize("name", ["suspect 8", "suspect 9"])
def test_a_wrong_loss_is_found_with_every_step(name, power):
    _, wrong = found_by(name, power)
    assert "loss" in wrong


def test_the_package_looks_wrong_with_a_step_that_is_too_large_or_too_small():
    looks_right = [power for power in range(-13, 0) if "All 25" in faults.draw_suspect("the package", power).sentence]
    assert looks_right == [-7, -6, -5, -4]


def test_the_curves_have_their_lowest_points_where_the_notebook_says():
    steps, central, one_sided = faults.step_size_curves()
    assert 1e-6 < steps[central.argmin()] < 1e-4
    assert 1e-9 < steps[one_sided.argmin()] < 1e-6
    assert central.min() < 1e-9 < 1e-8 < one_sided.min()
