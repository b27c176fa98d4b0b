"""What every figure promises, whatever it shows: a sentence with numbers, units, a size, and the same bytes again."""

import inspect
import re
from typing import NamedTuple

import numpy as np
import pytest
from figures import FIGURES, RGB, RUN
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from pictures import assert_moves_like_new, drawn, shown

from rnn_helpers import data, live, plots

ON_GIVEN_AXES = [name for name, draw in FIGURES.items() if "ax" in inspect.signature(draw).parameters]
# A unit, or what is counted.
UNITS = r"\((no unit|nats( a character)?|\$\\Delta E\$)\)|\b(step|units?|letter|character)\b"


class Painted(NamedTuple):
    name: str
    drawing: plots.Drawing
    pixels: np.ndarray


@pytest.fixture(scope="module", params=FIGURES)
def figure(request):
    """Give one figure after the other, painted once for all the tests that only look at it."""
    drawing = FIGURES[request.param]()
    return Painted(request.param, drawing, drawn(drawing))


def test_every_function_that_draws_has_its_figure_here():
    functions = {name: f for name, f in vars(plots).items() if inspect.isfunction(f) and not name.startswith("update_")}
    drawing = {name for name, f in functions.items() if inspect.signature(f).return_annotation is plots.Drawing}
    assert drawing == {name.split(",")[0] for name in FIGURES}


def test_every_figure_has_one_sentence_with_a_number_in_it(figure):
    assert re.fullmatch(r"(?=.*\d)[A-Z\d].*\.", figure.drawing.sentence)
    assert len(figure.drawing.sentence) < 300


def test_every_axis_names_its_unit(figure):
    for ax in figure.drawing.figure.axes:
        if ax.axison:
            labels = [label for label in (ax.get_xlabel(), ax.get_ylabel()) if label]
            assert labels, "an axis without any label"
            for label in labels:
                assert re.search(UNITS, label), label


def test_lines_differ_in_style_as_well_as_colour(figure):
    for ax in figure.drawing.figure.axes:
        lines = [line for line in ax.lines if not line.get_label().startswith("_")]  # those that a legend names
        assert len({to_hex(line.get_color()) for line in lines}) == len(lines)
        assert len({line.get_linestyle() for line in lines}) == len(lines)


def test_the_same_arrays_give_the_same_picture(figure):
    assert np.array_equal(figure.pixels, drawn(FIGURES[figure.name]()))


def test_the_same_picture_gives_the_same_bytes():
    assert FIGURES["loss_of_score"]().png() == FIGURES["loss_of_score"]().png()


def test_a_figure_fits_jupyterlabs_default_width(figure):
    assert figure.drawing.size()["width"] <= 760


def test_a_figure_leaves_no_trace_in_pyplot(figure):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    assert pyplot.get_fignums() == []


def test_no_text_leaves_the_figure(figure):
    assert texts_outside(figure.drawing) == []


@pytest.mark.parametrize("name", ["deep forest", "a" * data.LONGEST, "w" * data.LONGEST])
def test_a_long_name_fits_its_swatch(name):
    drawing = plots.letters(name, np.tile(RGB[0], (len(name), 1)))
    drawn(drawing)
    assert texts_outside(drawing) == []


def texts_outside(drawing):
    """Return the words that stand partly outside a figure that was painted."""
    renderer, box = drawing.figure.canvas.get_renderer(), drawing.figure.bbox
    places = {
        text.get_text(): text.get_window_extent(renderer)
        for ax in drawing.figure.axes
        for text in shown(ax.texts)
        if text.get_text()
    }
    return [word for word, at in places.items() if at.x0 < 0 or at.x1 > box.x1 or at.y0 < 0 or at.y1 > box.y1]


@pytest.mark.parametrize("name", ON_GIVEN_AXES)
def test_a_figure_draws_on_the_axes_it_is_given(name):
    figure = Figure()
    other, ax = figure.subplots(2)
    place = ax.get_position().bounds
    assert FIGURES[name](ax=ax).figure is figure
    assert (ax.has_data() or ax.patches or ax.texts) and not other.has_data()
    if figure.axes == [other, ax]:  # a bar of colours takes its room from them
        assert ax.get_position().bounds == place, "it took the whole figure, which is not its own"


def name_and_colours(name):
    return name, np.random.default_rng(len(name)).random((len(name), 3))


def name_and_effects(name):
    rng = np.random.default_rng(len(name))
    size = 10 ** rng.uniform(-1, 1.6)  # so that the axis changes as well
    return name, rng.normal(size=len(name)) * size, rng.normal(size=len(name)) * size


TYPED = ("burnt ochre", "b", "grey", "w" * data.LONGEST, " ", "burnt ochre")
# Drawing and update, and what is drawn one after the other. What live views move is tested with the views.
MOVES = {
    "growing_loss": (
        plots.growing_loss,
        plots.update_growing_loss,
        [(RUN[:12], 60, np.empty((0, 2))), (RUN, 60, np.array([[10, 2.5], [20, 1.5]]))],
    ),
    "letters": (plots.letters, plots.update_letters, [name_and_colours(name) for name in TYPED]),
    "letter_bars": (plots.letter_bars, plots.update_letter_bars, [name_and_effects(name) for name in TYPED]),
}


@pytest.mark.parametrize(("draw", "update", "places"), MOVES.values(), ids=MOVES)
def test_an_update_gives_the_picture_and_the_sentence_of_a_new_drawing(draw, update, places):
    view = live.View(lambda place: draw(*places[place]), (), lambda drawing, place: update(drawing, *places[place]))
    assert_moves_like_new(view, [{"place": place} for place in range(len(places))])


@pytest.mark.parametrize("name", ["letters", "letter_bars"])
def test_a_name_too_long_for_its_drawing_is_refused(name):
    draw, update, _ = MOVES[name]
    arrays = name_and_colours if name == "letters" else name_and_effects
    with pytest.raises(ValueError, match="name: expected at most 26 letters, got 27"):
        update(draw(*arrays("ab")), *arrays("a" * (data.LONGEST + 1)))
