"""What every figure promises, whatever it shows: a sentence with numbers, units, a size, and the same bytes again."""

import inspect
import re
from typing import NamedTuple

import numpy as np
import pytest
from figures import (
    ARRIVED,
    CHECKS,
    CURVE,
    DIFFERENCES,
    EFFECTS,
    EIGENVALUES,
    ERRORS,
    FIGURES,
    LADDER,
    LANES,
    LOGS,
    MAP,
    NAMES,
    PATH,
    RGB,
    RUN,
    SCORES,
    SINGULAR,
    STATES,
    STEP,
)
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


# What a text reads from these is a colour, or that a place is bright: a dark theme leaves them as they are.
TRUE_COLOURS = {"chips", "pairs", "letters", "error_map", "error_maps", "loss_map"}


def test_only_figures_whose_colours_are_what_they_show_keep_them_in_a_dark_theme(figure):
    assert figure.drawing.true_colours == (figure.name.split(",")[0] in TRUE_COLOURS)


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


# ---- bad input: what each public function takes, by argument

Y = np.full(8, 1 / 8)
TAKES = {
    "softmax_bars": {"z": SCORES, "temperature": 0.8},
    "tanh_and_slope": {"z": 0.3},
    "loss_of_probability": {"p": 0.2, "ax": None},
    "loss_of_score": {"score": -2.0, "ax": None},
    "state_lines": {"h": STATES[:, :4], "ax": None},
    "alike_together": {"h": STATES},
    "state_heatmap": {"h": STATES, "order": np.arange(5)},
    "states_and_gradient": {"h": STATES, "log_sizes": LOGS, "order": np.arange(5)},
    "error_map": {"errors": ERRORS, "names": ["x", "W_hh"], "changed": ["dh"], "tolerance": 1e-7, "ax": None},
    "error_maps": {
        **{"errors": ERRORS, "names": ["x", "W_hh"], "beside": ERRORS, "title": "", "text": ""},
        **{"changed": ["dh"], "tolerance": 1e-7},
    },
    "step_size_errors": {
        **dict(zip(("steps", "central", "one_sided"), DIFFERENCES, strict=True)),
        "marked": 0.1,
        "ax": None,
    },
    "cell_numbers": {"step": STEP},
    "cell_numbers_back": {"step": live.pencil_step_back(STEP.x_t, STEP.h_prev, STEP.h_t), "transposed": True},
    "walk_numbers": {"walk": live.walk_back(), "taken": 2, "carried": True},
    "cell": {"n_x": 4, "n_h": 5, "n_y": 3, "batch": 2, "backward": True, "ax": None},
    "unrolled": {"steps": 3, "n_x": 4, "n_h": 5, "n_y": 3, "batch": 2, "backward": True, "ax": None},
    "smooth": {"values": RUN, "width": 3},
    "growing_loss": {"losses": RUN, "total": 60, "checks": CHECKS, "unit": "nats", "ax": None},
    "losses": {"train": RUN, "checked": CHECKS[:, 0], "validation": CHECKS[:, 1], "guess": 3.2, "ax": None},
    "runs": {"curves": {"all": RUN}, "ylabel": "loss", "width": 3, "log": False, "ax": None},
    "with_and_without": {
        **{"carried": RUN, "dropped": RUN, "setting": "T = 7", "hand_on": True, "guess": 1.2, "ax": None},
    },
    "gradient_flow": {
        **{"eigenvalues": EIGENVALUES, "sigma": 2.5, "slope": 0.7, "log_sizes": np.linspace(0, -5, 8)},
        "setting": "Gain 1.5",
    },
    "carousel": {**LANES, "setting": "Forget bias 1.5"},
    "singular_values": {"steps": np.array([1, 30]), "values": SINGULAR, "ax": None},
    "ladder_bars": LADDER,
    "loss_map": {**MAP, "paths": {"plain": PATH}, "ax": None},
    "memory_curve": {"curve": CURVE, "n_h": 7, "setting": "7 units", "ax": None},
    "arrivals": {"runs": {"gain 1": ARRIVED}, "ax": None},
    "states_of_text": {"h": STATES, "text": "\nab cde", "ax": None},
    "unit_over_text": {"values": STATES[:, 0], "text": "\nab cde", "marks": STATES[:, 0] > 0, "ax": None},
    "reading": {"h": STATES, "text": "\nab cde", "place": 3, "y": Y, "alphabet": "\n abcdef", "note": ""},
    "chips": {"names": NAMES, "rgb": RGB, "columns": 2, "ax": None},
    "pairs": {"names": NAMES, "rgb": RGB, "other": RGB, "distances": RGB[:, 0], "ax": None},
    "letters": {"name": "ab de", "rgb": RGB, "ax": None},
    "letter_bars": {"name": "a de", "gradient": EFFECTS, "deletion": EFFECTS, "ax": None},
    "distance_curve": {"steps": RUN, "distances": RUN, "baselines": {"mean": 60.0}, "ax": None},
}
NO_NUMBERS_TOO = {"errors", "beside", "central", "one_sided", "values", "losses", "checks", "train", "validation"}
NO_NUMBERS_TOO |= {"carried", "dropped"}  # of a run that exploded
OPTIONAL = {"order", "beside", "checks", "guess", "total", "ax"}


def bad_for(argument, right):
    """Return what an argument must not be, beside what none may be."""
    yield from (object(), 1j, b"ab", {1: 2}, {3}, ..., np.datetime64(1, "D"), np.timedelta64(1, "s"), len, iter([None]))
    yield from (
        np.array([1j]),
        np.array([None]),
        np.array("ab"),
        np.ones((1, 1, 1, 1, 1)),
        [[1.0], [2.0, 3]],
    )
    if argument not in OPTIONAL:
        yield None
    if argument not in {"changed", "checks"}:  # there may be none
        yield np.zeros(0)
    if not isinstance(right, str):
        yield from ("", "abc")
    if not isinstance(right, list):
        yield ["ab", "c"]
    if not isinstance(right, int | float):
        yield from (0, 3, -1.5)
    if isinstance(right, int):
        yield from (2.5, -1, 10**400)
    if isinstance(right, float):
        yield from (np.nan, -np.inf, True, 10**400)
    if isinstance(right, np.ndarray):
        yield from (right[..., None], np.ma.masked_array(right, right > 0))
        if right.dtype == float and argument not in NO_NUMBERS_TOO:
            yield from (right * np.nan, np.where(right == right.flat[0], np.inf, right))
    if isinstance(right, dict):
        yield from ({"a": None}, {"a": "b"}, {5: RUN}, {"a": RUN[:, None]})


@pytest.mark.parametrize("name", TAKES)
def test_bad_input_is_refused_by_the_arguments_name(name):
    draw, takes = getattr(plots, name), TAKES[name]
    calls = [(draw, takes)]
    if hasattr(plots, f"update_{name}"):
        update = getattr(plots, f"update_{name}")
        moved = {argument: takes[argument] for argument in inspect.signature(update).parameters if argument in takes}
        calls.append((update, {"drawing": draw(**takes), **moved}))
    for function, arguments in calls:
        for argument, right in arguments.items():
            for wrong in bad_for(argument, right):
                with pytest.raises((TypeError, ValueError), match=rf"^{argument}\b") as raised:
                    function(**{**arguments, argument: wrong})
                assert len(str(raised.value)) < 200, (function, argument, wrong)


def test_what_takes_bad_input_is_every_public_function():
    functions = {name for name, f in vars(plots).items() if inspect.isfunction(f) and not name.startswith("update_")}
    assert set(TAKES) == functions


def test_an_update_refuses_what_another_function_drew():
    drawing = FIGURES["tanh_and_slope"]()
    for name in (name for name in TAKES if hasattr(plots, f"update_{name}") and name != "tanh_and_slope"):
        update = getattr(plots, f"update_{name}")
        moved = {a: TAKES[name][a] for a in inspect.signature(update).parameters if a in TAKES[name]}
        with pytest.raises(ValueError, match=f"^drawing: expected one by {name}.*, got one by tanh_and_slope$"):
            update(drawing, **moved)
