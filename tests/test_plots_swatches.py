"""Swatches: each figure shows the colours that it was given, and says with numbers what it shows."""

import numpy as np
import pytest
from figures import EFFECTS, FIGURES, NAMES, RGB
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from pictures import shown

from rnn_helpers import data, plots
from rnn_helpers.data.colour_space import delta_e, srgb_to_lab


def fills(drawing):
    """Return the colours of the rectangles in the order in which they were drawn, white cards aside."""
    patches = [patch for patch in shown(drawing.figure.axes[0].patches) if isinstance(patch, Rectangle)]
    return [to_hex(patch.get_facecolor()) for patch in patches if to_hex(patch.get_facecolor()) != "#ffffff"]


def texts(drawing):
    return [text.get_text() for text in shown(drawing.figure.axes[0].texts)]


def test_chips_show_each_colour_with_its_name():
    drawing = FIGURES["chips"]()
    assert fills(drawing) == [to_hex(colour) for colour in RGB]
    assert texts(drawing) == [*NAMES[:4], "a name that is far…"]
    assert "5 colours" in drawing.sentence and f"ruby is {to_hex(RGB[0])}" in drawing.sentence


def test_pairs_show_the_data_on_the_left_and_name_the_farthest():
    drawing = FIGURES["pairs"]()
    assert fills(drawing)[:4] == [to_hex(c) for c in (RGB[0], RGB[4], RGB[1], RGB[3])]
    assert texts(drawing)[1] == "moss  20"
    assert "night, by 20 Delta E" in drawing.sentence


def test_letters_show_the_last_colour_large_and_all_in_order():
    drawing = FIGURES["letters"]()
    assert fills(drawing) == [to_hex(RGB[4]), *(to_hex(colour) for colour in RGB)]
    assert texts(drawing) == ["ab de", to_hex(RGB[4]), "a", "b", "␣", "d", "e"]
    distances = delta_e(srgb_to_lab(RGB[1:]), srgb_to_lab(RGB[:-1]))
    assert np.argmax(distances) == 2 and drawing.sentence == (
        f"After 5 letters the name “ab de” is {to_hex(RGB[4])}; letter 4, 'd', moved it farthest, "
        f"by {distances[2]:.0f} Delta E."
    )


@pytest.mark.parametrize(("colour", "ink"), [((1, 1, 0.6), "black"), ((0.1, 0.1, 0.3), "white"), ((0, 0, 1), "white")])
def test_the_name_can_be_read_on_its_colour(colour, ink):
    drawing = plots.letters("x", np.array([colour], float))
    assert {text.get_color() for text in shown(drawing.figure.axes[0].texts)} == {ink}


def test_bars_stand_for_what_they_say():
    ax = FIGURES["letter_bars"]().figure.axes[0]
    heights = [[bar.get_height() for bar in shown(group)] for group in ax.containers]
    assert heights == [EFFECTS.tolist(), (-EFFECTS[::-1]).tolist()]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "colour with the letter, minus without it",
        "gradient at the letter",
    ]
    assert texts(FIGURES["letter_bars"]()) == ["a", "␣", "d", "e"]
    for group, step in zip(ax.containers, (0.3, 0.7), strict=True):
        assert np.allclose([bar.get_x() + bar.get_width() / 2 for bar in shown(group)], (np.arange(4) + 1 + step) / 6)
    assert "$\\Delta E$" in ax.get_ylabel() and ax.get_xlabel() == "letter"


def test_the_bars_sentence_names_the_two_letters():
    assert FIGURES["letter_bars"]().sentence == (
        "Of the letters of “a de”, number 4, 'e', makes the largest difference to the colour, +7.0; "
        "the gradient is strongest at number 1, 'a', with -7.0."
    )
    nothing = plots.letter_bars(" b", np.array([-0.04, -0.01]), np.array([0.04, 0.0])).sentence
    assert "number 1, '␣', makes the largest difference to the colour, 0.0;" in nothing and "with 0.0." in nothing


@pytest.mark.parametrize("name", ["a", "abc", "abcdef", "w" * data.LONGEST])
def test_bars_of_a_short_name_keep_their_width_and_stand_in_the_middle(name):
    effects = np.ones(len(name))
    deleted, felt = plots.letter_bars(name, effects, effects).figure.axes[0].containers
    left, right = deleted[0].get_x(), felt[len(name) - 1].get_x() + felt[len(name) - 1].get_width()
    assert left + right == pytest.approx(1)
    assert deleted[0].get_width() == pytest.approx(0.38 * min(1 / 6, 1 / len(name)))


def test_one_letters_colour_is_said_once():
    assert FIGURES["letters, one"]().sentence == f"After 1 letter the name “a” is {to_hex(RGB[0])}."


def test_more_baselines_than_there_are_looks_are_refused():
    levels = {str(n): float(n) for n in range(5)}
    with pytest.raises(ValueError, match=r"^baselines: expected at most 4, got 5$"):
        plots.distance_curve(np.arange(3), np.ones(3), levels)


def test_the_curve_shows_the_run_and_its_baselines():
    ax = FIGURES["distance_curve"]().figure.axes[0]
    *levels, curve = ax.lines
    assert [level.get_ydata()[0] for level in levels] == [60.0, 30.0]
    assert curve.get_ydata().tolist() == [50.0, 35.2, 31.4]
    assert {level.get_linestyle() for level in levels} >= {"--", ":"}
    assert ax.get_ylim()[0] == 0 and ax.get_ylim()[1] > 60
    assert "from 50.0 Delta E at step 10 to 31.4 at step 30" in FIGURES["distance_curve"]().sentence
