"""Figures of the network and of its numbers: each shows what it was given, and its sentence says so."""

import re

import numpy as np
import pytest
from figures import DIFFERENCES, ERRORS, LOGS, SCORES, STATES, STEP
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from pictures import shown

from rnn_helpers import live, plots
from rnn_helpers.plots.blocks import row
from rnn_helpers.plots.diagram import folded, indexed
from rnn_helpers.plots.drawing import step_axis


def boxes(drawing):
    patches = [patch for patch in drawing.figure.axes[0].patches if isinstance(patch, FancyBboxPatch)]
    return [patch for patch in patches if patch.get_facecolor()[3] > 0]  # the others are empty outlines


def texts(drawing, ax=0):
    return [text.get_text() for text in drawing.figure.axes[ax].texts]


def test_lines_differ_in_style_as_well_as_colour():
    lines = plots.state_lines(STATES[:, :4]).figure.axes[0].get_lines()[:4]
    assert len({line.get_linestyle() for line in lines}) == len({line.get_color() for line in lines}) == 4


def test_more_units_than_there_are_colours_are_refused():
    with pytest.raises(ValueError, match=r"^h: expected at most 4 units, got 5; choose some, as in h\[:, :4\]$"):
        plots.state_lines(STATES)


def test_softmax_sentence_names_the_leaders_and_the_entropy():
    sentence = plots.softmax_bars(np.array([1.0, 1.0 + 2 * np.log(3)]), 2.0).sentence
    assert "At temperature 2.0 the largest of 2 probabilities is 0.750, for z2, the smallest is 0.250" in sentence
    assert f"entropy is {-(0.25 * np.log(0.25) + 0.75 * np.log(0.75)):.3f} nats of at most {np.log(2):.3f}" in sentence
    assert "is 0.422, for z1 and z2, the smallest is 0.155" in plots.softmax_bars(np.array([1.0, 1, 0]), 1.0).sentence
    assert "all 3 probabilities are 0.333, and the entropy" in plots.softmax_bars(np.ones(3), 0.1).sentence


def test_a_small_probability_is_not_written_as_zero():
    drawing = plots.softmax_bars(np.array([0.0, 10.0, 30.0]), 1.0)
    assert {"9e-14", "2e-09", "1.000"} <= set(texts(drawing))
    assert "the smallest is 9e-14" in drawing.sentence


def test_softmax_bars_show_a_probability_of_zero():
    drawing = plots.softmax_bars(np.array([-100.0, 100.0]), 0.1)
    assert "entropy is 0.000 nats" in drawing.sentence
    assert "0.000" in texts(drawing)


def test_both_axes_of_probabilities_have_their_numbers():
    drawing = plots.softmax_bars(SCORES, 1.0)
    drawing.figure.draw_without_rendering()
    for ax in drawing.figure.axes:
        assert [label.get_text() for label in ax.get_yticklabels() if label.get_visible()] == ["0.0", "0.5", "1.0"]


def test_the_temperatures_points_lie_on_their_curves():
    drawing = plots.softmax_bars(SCORES, 10**0.5)
    *curves, line, points = drawing.figure.axes[1].get_lines()
    x, y = points.get_data()
    assert [np.interp(0.5, *curve.get_data()) for curve in curves] == pytest.approx(y, abs=1e-3)
    assert list(x) == pytest.approx([0.5] * len(SCORES))
    assert list(line.get_xdata()) == pytest.approx([0.5] * 2)


def test_tanh_sentence_holds_the_value_and_the_slope():
    sentence = plots.tanh_and_slope(0.3).sentence
    assert f"{np.tanh(0.3):.4f}" in sentence
    assert f"{1 - np.tanh(0.3) ** 2:.4f}: {100 * (1 - np.tanh(0.3) ** 2):.1f} % of a gradient passes" in sentence


@pytest.mark.parametrize("z", [-4.0, -0.7, 0.0, 2.5])
def test_the_slope_lies_under_the_point_and_the_tangent_has_it(z):
    tangent, _, _, above, below, *_ = plots.tanh_and_slope(z).moving
    (x1, x2), (y1, y2) = tangent.get_data()
    assert (y2 - y1) / (x2 - x1) == pytest.approx(1 - np.tanh(z) ** 2)
    assert above.get_xdata() == below.get_xdata() == [z]
    assert below.get_ydata() == [pytest.approx(1 - np.tanh(z) ** 2)]


def test_the_losss_tangent_has_the_losss_slope():
    tangent, *_ = plots.loss_of_score(-2.0).moving
    (x1, x2), (y1, y2) = tangent.get_data()
    numerical = (np.log1p(2 * np.exp(2.0 - 1e-6)) - np.log1p(2 * np.exp(2.0 + 1e-6))) / 2e-6
    assert (y2 - y1) / (x2 - x1) == pytest.approx(numerical, rel=1e-6)


def test_the_gradients_sentence_compares_the_first_step_with_the_last():
    logs = np.array([np.linspace(2, 9, 7), np.linspace(-5, 0, 7)])  # 10^-7 and 10^-5 from the first to the last
    sentence = plots.states_and_gradient(STATES, logs).sentence
    assert "With T = 7 and 5 units" in sentence
    assert "step 1 is 1.0e-06 times the last one, on average over 2 networks: a factor of 0.10 for each" in sentence


@pytest.mark.parametrize(
    ("log", "wanted"), [(-700.0, "1.0e-700"), (300.5, "3.2e+300"), (0.0, "1.0e+00"), (np.log10(9.97e-6), "1.0e-05")]
)
def test_sizes_that_no_float_can_hold_are_written_all_the_same(log, wanted):
    drawing = plots.states_and_gradient(STATES, np.linspace(log, 0, 7)[None])
    assert f"step 1 is {wanted} times" in drawing.sentence
    assert f"average at step 1: {wanted}" in texts(drawing, 2)


def test_the_axis_of_sizes_stays_where_it_is():
    drawings = [plots.states_and_gradient(STATES, np.linspace(log, 0, 7)[None]) for log in (-9, 0, 90)]
    assert len({drawing.figure.axes[2].get_ylim() for drawing in drawings}) == 1


def test_the_number_at_step_1_stands_where_no_line_is():
    for log, height in ((-9, 0.95), (9, 0.05)):
        drawing = plots.states_and_gradient(STATES, np.linspace(log, 0, 7)[None])
        (note,) = drawing.figure.axes[2].texts
        assert note.get_position() == (0.012, height)


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        (1, [1]),
        (2, [1, 2]),
        (12, list(range(1, 13))),
        (13, [1, 5, 10, 13]),
        (16, [1, 5, 10, 16]),
        (40, [1, *range(5, 41, 5)]),
        (150, [1, *range(25, 151, 25)]),
        (1300, [1, 1300]),
    ],
)
def test_the_axis_of_steps_has_its_ends_and_round_numbers(steps, wanted):
    ax = Figure().add_subplot()
    step_axis(ax, steps)
    assert list(ax.get_xticks()) == wanted


def test_steps_that_were_not_read_do_not_look_like_states_of_zero():
    (ax, _) = plots.state_heatmap(np.zeros((11, 1))).figure.axes
    assert ax.get_xlim() == (0.5, 20.5)
    assert ax.images[0].get_array().shape == (1, 11)
    of_states = ax.images[0].cmap(np.linspace(0, 1, 256))
    assert np.abs(of_states - ax.patch.get_facecolor()).max(axis=1).min() > 0.05


@pytest.mark.parametrize(
    ("steps", "units", "wanted"),
    [
        (1, 1, "States over 1 step of 1 unit: |h| is 0.500 at step 1."),
        (1, 2, "States over 1 step of 2 units: |h| is on average 0.500 at step 1."),
        (3, 1, "States over 3 steps of 1 unit: |h| is 0.500 at step 1 and 0.500 at step 3."),
    ],
)
def test_the_states_sentence_says_nothing_twice(steps, units, wanted):
    assert plots.state_heatmap(np.full((steps, units), -0.5)).sentence == wanted


def test_the_walks_sentence_follows_its_steps():
    walk = live.walk_back()
    sentences = [plots.walk_numbers(walk, taken).sentence for taken in range(5)]
    assert sentences[0].startswith("None of the 4 steps back is taken, there is no term yet")
    assert "Step 4 gets (0.60, 0.70) from its own output and nothing from a later step" in sentences[1]
    for taken in (2, 3, 4):
        assert f"and {row(walk.carry[5 - taken])} from the step after it" in sentences[taken]
    assert plots.walk_numbers(walk, 0, carried=False).sentence.startswith("Without carry: none of the 4")


def test_a_walk_without_carry_has_no_arrow_that_hands_it_on():
    walks = [plots.walk_numbers(live.walk_back(carried=carried), 4, carried=carried) for carried in (True, False)]
    patches = [shown(walk.figure.axes[0].patches) for walk in walks]
    arrows = [sum(isinstance(patch, FancyArrowPatch) for patch in group) for group in patches]
    assert arrows[0] - arrows[1] == 4


def test_the_numbers_of_a_walk_stay_inside_their_cells():
    drawing = plots.walk_numbers(live.walk_back(), 4)
    renderer = FigureCanvasAgg(drawing.figure).get_renderer()
    drawing.figure.draw(renderer)
    (ax,) = drawing.figure.axes
    cell = ax.transData.transform([(0, 0), (1, 0)])[:, 0]
    for text in ax.texts:
        place = text.get_window_extent(renderer)
        assert place.x0 >= 0 and place.x1 <= drawing.figure.bbox.x1, text.get_text()
        if re.fullmatch(r"\N{MINUS SIGN}?\d\.\d\d", text.get_text()):
            assert place.width < 0.97 * (cell[1] - cell[0]), text.get_text()


def test_states_and_gradient_share_their_axis_of_steps():
    upper, _, lower = plots.states_and_gradient(STATES, LOGS).figure.axes
    assert upper.get_xlim() == lower.get_xlim() == (0.5, 10.5)
    assert upper.get_position().x0 == lower.get_position().x0
    assert upper.get_position().x1 == lower.get_position().x1


def test_loss_sentence_gives_probability_and_nats():
    sentence = plots.loss_of_score(0.0).sentence
    assert f"probability {1 / 3:.4f}" in sentence
    assert f"costs {np.log(3):.4f} nats" in sentence


def test_the_heat_map_centres_its_colours_on_zero():
    image = plots.state_heatmap(STATES).figure.axes[0].images[0]
    assert image.get_clim() == (-1, 1)


@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (9, 1), (2, 2), (12, 40)])
def test_sorting_keeps_all_units(shape):
    order = plots.alike_together(np.random.default_rng(1).normal(size=shape))
    assert sorted(order) == list(range(shape[1]))


def test_units_that_move_alike_stand_together():
    steps = np.arange(12)
    kinds = np.array([np.sin(steps), np.cos(steps), -np.sin(steps), -np.cos(steps)])
    mixed = np.random.default_rng(2).permutation(np.repeat(np.arange(4), 5))
    order = plots.alike_together(kinds[mixed].T + 0.01 * np.random.default_rng(3).normal(size=(12, 20)))
    sorted_kinds = mixed[order]
    assert np.count_nonzero(np.diff(sorted_kinds)) == 3, sorted_kinds
    assert set(np.abs(np.diff(sorted_kinds))) <= {0, 1, 3}, "neighbours on the circle are neighbours in time"


def test_the_order_does_not_depend_on_how_the_units_were_numbered():
    h = np.tanh(np.random.default_rng(4).normal(size=(9, 7)))
    shuffled = np.random.default_rng(5).permutation(7)
    assert np.allclose(h[:, plots.alike_together(h)], h[:, shuffled][:, plots.alike_together(h[:, shuffled])])


@pytest.mark.parametrize("signs", [(-1, 1), (1, -1), (-1, -1)])
def test_the_order_does_not_depend_on_the_signs_of_singular_vectors(signs, monkeypatch):
    wanted = plots.alike_together(STATES)
    u, sizes, patterns = np.linalg.svd(STATES, full_matrices=False)
    patterns[:2] *= np.array(signs)[:, None]
    monkeypatch.setattr(np.linalg, "svd", lambda h, full_matrices: (u, sizes, patterns))
    assert np.array_equal(plots.alike_together(STATES), wanted)


def test_a_given_order_is_kept():
    order = np.array([3, 1, 4, 0, 2])
    image = plots.state_heatmap(STATES, order).figure.axes[0].images[0]
    assert np.array_equal(image.get_array(), STATES[:, order].T)


@pytest.mark.parametrize(("count", "wanted"), [(1, [1]), (6, [1, 2, 3, 4, 5, 6]), (7, [1, 2, 3, None, 6, 7])])
def test_folding_keeps_the_first_and_the_last(count, wanted):
    assert folded(count, 6) == wanted


@pytest.mark.parametrize(("steps", "shown"), [(1, 1), (4, 4), (6, 6), (7, 5), (600, 5)])
def test_a_long_network_is_folded_in_the_middle(steps, shown):
    drawing = plots.unrolled(steps, 4, 5, 3, 2)
    assert len(boxes(drawing)) == shown
    assert {indexed("h", step) for step in (1, steps)} <= set(texts(drawing))
    assert ("· · ·" in texts(drawing)) == (steps > 6)
    assert steps <= 6 or f"{steps - 5} more\nsteps" in texts(drawing)


@pytest.mark.parametrize("n_h", [1, 5, 6, 7, 64])
def test_a_state_has_a_dot_for_each_unit_or_is_folded(n_h):
    drawing = plots.unrolled(3, 4, n_h, 3, 2)
    dots = [len(line.get_xdata()) for line in drawing.figure.axes[0].lines]
    assert dots == [n_h if n_h <= 6 else 5] * 3


def test_whole_arrays_carry_their_shapes():
    drawing = plots.unrolled(60, 4, 5, 3, 2)
    for array in ("x (60, 2, 4)", "h (60, 2, 5)", "y (60, 2, 3)"):
        assert array in texts(drawing)
        assert array in drawing.sentence


def test_every_number_of_a_step_stands_in_a_cell():
    words = texts(plots.cell_numbers(STEP))
    for array in STEP:
        assert {f"{value + 0.0:.2f}".replace("-", "\N{MINUS SIGN}") for value in array.flat} <= set(words)


def test_a_zero_has_no_minus_sign():
    step = STEP._replace(x_t=np.full((1, 3), -0.001), h_t=np.full((1, 2), -0.0))
    drawing = plots.cell_numbers(step)
    assert not {"-0.00", "\N{MINUS SIGN}0.00"} & set(texts(drawing))
    assert "-0.00" not in drawing.sentence


def test_the_parameter_count_is_that_of_the_shapes_and_no_step_changes_it():
    for steps in (1, 30):
        assert f"{4 * 5 + 5 * 5 + 5 + 5 * 3 + 3} parameters" in plots.unrolled(steps, 4, 5, 3, 2).sentence


def test_shapes_stand_on_the_arrows():
    for shape in ("(2, 4)", "(2, 5)", "(2, 3)"):
        assert shape in texts(plots.unrolled(3, 4, 5, 3, 2))
        assert shape in texts(plots.cell(4, 5, 3, 2))


def test_gradients_have_a_colour_of_their_own():
    def colors(drawing):
        return {patch.get_edgecolor() for patch in drawing.figure.axes[0].patches if isinstance(patch, FancyArrowPatch)}

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


def test_the_map_of_errors_leaves_blank_what_was_not_compared():
    drawing = plots.error_map([[1e-10, 1e-9], [np.nan, np.nan]] * np.ones((2, 2)), ["x", "loss"])
    assert drawing.sentence == "All 2 comparisons agree to within 1e-07."
    assert [text.get_text() for text in drawing.figure.axes[0].texts] == ["1e-10", "1e-09", "", ""]


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


def test_the_colour_of_a_cell_is_the_power_of_ten_of_its_error_and_ends_with_the_scale():
    image = plots.error_map(ERRORS, ["x", "W_hh"]).figure.axes[0].images[0]
    wanted = [[-10, -9, np.log10(0.5), 0], [-8, -12, -6, -9]]
    assert np.allclose(image.get_array(), wanted) and image.get_clim() == (-12, 0)


def test_the_mark_on_the_curves_moves_to_the_nearest_step():
    drawing = plots.step_size_errors(*DIFFERENCES, marked=1e-3)
    assert drawing.sentence.startswith("With a step of 1e-03, central differences are wrong by 1e-07 of")
    moved = plots.update_step_size_errors(drawing, *DIFFERENCES, 0.02)
    assert (
        "a step of 1e-02, central differences are wrong by 1e-05 of the gradient and one-sided ones by 2e-02"
        in moved.sentence
    )
