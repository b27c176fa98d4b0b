"""Figures: each says with numbers what it shows, and can be read by everyone."""

import re

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from rnn_helpers import plots, softmax

rng = np.random.default_rng(0)
SCORES = rng.normal(size=4)
STATES = np.tanh(rng.normal(size=(7, 5)))
ERRORS = np.array([[1e-10, 1e-9, 0.5, np.inf], [1e-8, 0.0, 1e-6, 1e-9]])
DRAW = {
    "softmax_bars": lambda **ax: plots.softmax_bars(SCORES, softmax(SCORES), **ax),
    "tanh_and_slope": lambda **ax: plots.tanh_and_slope(0.3, **ax),
    "loss_of_probability": lambda **ax: plots.loss_of_probability(0.2, **ax),
    "loss_of_score": lambda **ax: plots.loss_of_score(-2.0, **ax),
    "state_lines": lambda **ax: plots.state_lines(STATES, **ax),
    "state_heatmap": lambda **ax: plots.state_heatmap(STATES, **ax),
    "error_map": lambda **ax: plots.error_map(ERRORS, ["x", "W_hh"], changed=["dh"], **ax),
    "step_size_errors": lambda **ax: plots.step_size_errors(
        10.0 ** np.arange(-4, 0), np.geomspace(1e-9, 1, 4), np.geomspace(1e-4, 1, 4), **ax
    ),
    "size_by_step": lambda **ax: plots.size_by_step(np.geomspace(1e-7, 1, 9), **ax),
    "cell": lambda **ax: plots.cell(4, 5, 3, 2, **ax),
    "cell, backward": lambda **ax: plots.cell(4, 5, 3, 2, backward=True, **ax),
    "unrolled": lambda **ax: plots.unrolled(9, 4, 5, 3, 2, **ax),
    "unrolled, backward": lambda **ax: plots.unrolled(9, 4, 5, 3, 2, backward=True, **ax),
}
figures = pytest.mark.parametrize("draw", DRAW.values(), ids=DRAW)


def boxes(drawing):
    return [patch for patch in drawing.figure.axes[0].patches if isinstance(patch, FancyBboxPatch)]


def texts(drawing):
    return [text.get_text() for text in drawing.figure.axes[0].texts]


@figures
def test_every_figure_has_one_sentence_with_a_number_in_it(draw):
    sentence = draw().sentence
    assert re.fullmatch(r"[A-Z][^\n]*\d[^\n]*\.", sentence)
    assert len(sentence) < 300


@figures
def test_every_axis_names_its_unit(draw):
    for ax in draw().figure.axes:
        if ax.axison:
            labels = [label for label in (ax.get_xlabel(), ax.get_ylabel()) if label]
            assert labels, "an axis without any label"
            for label in labels:
                assert re.search(r"\((no unit|nats)\)|step|unit, sorted", label), label


@figures
def test_a_figure_draws_on_the_axes_it_is_given(draw):
    ax = Figure().add_subplot()
    assert draw(ax=ax).figure is ax.figure
    assert ax.has_data() or ax.patches or ax.texts


@figures
def test_the_same_arrays_give_the_same_bytes(draw):
    assert draw().png() == draw().png()


@figures
def test_a_figure_fits_jupyterlabs_default_width(draw):
    assert draw().size()["width"] <= 850


@figures
def test_a_figure_leaves_no_trace_in_pyplot(draw):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    draw()
    assert pyplot.get_fignums() == []


def test_lines_differ_in_style_as_well_as_colour():
    lines = plots.state_lines(STATES).figure.axes[0].get_lines()[:4]
    assert len({line.get_linestyle() for line in lines}) == len({line.get_color() for line in lines}) == 4


def test_softmax_sentence_names_the_leader_and_the_entropy():
    sentence = plots.softmax_bars(np.zeros(2), np.array([0.25, 0.75])).sentence
    assert "largest is 0.750, for z2" in sentence
    assert f"entropy is {-(0.25 * np.log(0.25) + 0.75 * np.log(0.75)):.3f} nats" in sentence


def test_softmax_bars_show_a_probability_of_zero():
    assert "entropy is 0.000 nats" in plots.softmax_bars(np.zeros(2), np.array([0.0, 1.0])).sentence


def test_tanh_sentence_holds_the_value_and_the_slope():
    sentence = plots.tanh_and_slope(0.3).sentence
    assert f"{np.tanh(0.3):.4f}" in sentence
    assert f"{1 - np.tanh(0.3) ** 2:.4f}" in sentence


def test_size_sentence_compares_the_first_step_with_the_last():
    sentence = plots.size_by_step(np.geomspace(3e-8, 0.3, 8)).sentence
    assert "is 1.0e-07 times the one at step 8, a factor of 0.10 for each step back" in sentence


def test_the_axis_of_sizes_stays_where_it_is():
    limits = {plots.size_by_step(np.geomspace(first, 1, 9)).figure.axes[0].get_ylim() for first in (1e-9, 1, 1e9)}
    assert len(limits) == 1


def test_loss_sentence_gives_probability_and_nats():
    sentence = plots.loss_of_score(0.0).sentence
    assert f"probability {1 / 3:.4f}" in sentence
    assert f"costs {np.log(3):.4f} nats" in sentence


def test_sizes_that_underflowed_to_zero_can_be_drawn():
    drawing = plots.size_by_step(np.array([0.0, 1e-200, 1.0]))
    assert "is less than 1e-300 times" in drawing.sentence
    assert len(drawing.png()) > 0


def test_the_heat_map_centres_its_colours_on_zero_and_sorts_units_by_their_first_state():
    image = plots.state_heatmap(STATES).figure.axes[0].images[0]
    assert image.get_clim() == (-1, 1)
    first_column = image.get_array()[:, 0]
    assert np.all(np.diff(first_column) <= 0)


@pytest.mark.parametrize(("steps", "shown"), [(1, 1), (4, 4), (6, 6), (7, 5), (600, 5)])
def test_a_long_network_is_folded_in_the_middle(steps, shown):
    drawing = plots.unrolled(steps, 4, 5, 3, 2)
    assert len(boxes(drawing)) == shown
    assert f"$h_{{{steps}}}$" in texts(drawing)
    assert ("· · ·" in texts(drawing)) == (steps > 6)


def test_the_parameter_count_is_that_of_the_shapes_and_no_step_changes_it():
    for steps in (1, 30):
        assert f"{4 * 5 + 5 * 5 + 5 + 5 * 3 + 3} parameters" in plots.unrolled(steps, 4, 5, 3, 2).sentence


def test_shapes_stand_on_the_arrows():
    for shape in ("(2, 4)", "(2, 5)", "(2, 3)"):
        assert shape in texts(plots.unrolled(3, 4, 5, 3, 2))
        assert shape in texts(plots.cell(4, 5, 3, 2))


def test_gradients_have_a_colour_of_their_own():
    def colors(drawing):
        return {patch.get_edgecolor() for patch in drawing.figure.axes[0].patches if patch not in boxes(drawing)}

    assert len(colors(plots.unrolled(3, 4, 5, 3, 2))) == 1
    assert len(colors(plots.unrolled(3, 4, 5, 3, 2, backward=True))) == 2


def test_a_drawing_displays_its_picture_and_then_its_sentence_as_caption(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **rest: shown.append((data, rest)))
    drawing = plots.tanh_and_slope(0.3)
    drawing._ipython_display_()
    (picture, picture_rest), (caption, _) = shown
    assert picture["image/png"] == drawing.png()
    assert picture["text/plain"] == repr(drawing) == drawing.sentence
    assert picture_rest["metadata"]["image/png"]["alt"] == drawing.sentence
    assert drawing.sentence in caption["text/markdown"]


def test_the_map_of_errors_says_which_rows_are_wrong_where():
    assert plots.error_map(ERRORS, ["x", "W_hh"], changed=["dh"]).sentence == (
        "Wrong by more than 1e-07: x at steps 3, 4; W_hh at step 3; "
        "the largest error is 0.50; afterwards dh is changed."
    )
    assert (
        "All 8 comparisons agree to within 1e-05."
        in plots.error_map(np.full((2, 4), 1e-6), "ab", tolerance=1e-5).sentence
    )


def test_the_map_of_errors_writes_wrong_cells_in_bold_and_says_where_there_is_no_number():
    ax = plots.error_map(ERRORS, ["x", "W_hh"]).figure.axes[0]
    assert [text.get_text() for text in ax.texts] == [
        "1e-10",
        "1e-09",
        "0.50",
        "none",
        "1e-08",
        "0e+00",
        "1e-06",
        "1e-09",
    ]
    assert [text.get_fontweight() == "bold" for text in ax.texts] == [
        False,
        False,
        True,
        True,
        False,
        False,
        True,
        False,
    ]


def test_other_errors_written_into_a_map_give_the_picture_that_a_new_one_gives():
    drawing = plots.error_map(ERRORS, ["x", "W_hh"])
    updated = plots.update_error_map(drawing, ERRORS[::-1], ["x", "W_hh"], changed=["dh"])
    fresh = plots.error_map(ERRORS[::-1], ["x", "W_hh"], changed=["dh"])
    assert updated.sentence == fresh.sentence
    assert updated.png() == fresh.png()


def test_the_mark_on_the_curves_moves_to_the_nearest_step():
    steps, central, one_sided = 10.0 ** np.arange(-4, 0), np.array([1e-9, 1e-7, 1e-5, 1e-3]), np.full(4, 0.02)
    drawing = plots.step_size_errors(steps, central, one_sided, marked=1e-3)
    assert drawing.sentence.startswith("With a step of 1e-03, central differences are wrong by 1e-07 of")
    moved = plots.update_step_size_errors(drawing, steps, central, one_sided, 0.02)
    assert (
        "a step of 1e-02, central differences are wrong by 1e-05 of the gradient and one-sided ones by 2e-02"
        in moved.sentence
    )
    assert moved.png() == plots.step_size_errors(steps, central, one_sided, marked=0.02).png()
