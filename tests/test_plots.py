"""Figures one by one: each shows what it was given, and its sentence says so."""

import re
import warnings

import fontTools.fontBuilder
import fontTools.pens.ttGlyphPen
import numpy as np
import pytest
from figures import DIFFERENCES, EFFECTS, ERRORS, FIGURES, LOGS, NAMES, RGB, SCORES, STATES, STEP
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle
from matplotlib.text import Text
from pictures import drawn, shown

from rnn_helpers import data, live, plots
from rnn_helpers.data.colour_space import delta_e, srgb_to_lab
from rnn_helpers.plots import glyphs
from rnn_helpers.plots.blocks import row
from rnn_helpers.plots.diagram import folded, indexed
from rnn_helpers.plots.glyphs import sign
from rnn_helpers.plots.sequences import step_axis


def boxes(drawing):
    patches = [patch for patch in shown(drawing.figure.axes[0].patches) if isinstance(patch, FancyBboxPatch)]
    return [patch for patch in patches if patch.get_facecolor()[3] > 0]  # the others are empty outlines


def texts(drawing, ax=0):
    return [text.get_text() for text in shown(drawing.figure.axes[ax].texts)]


@pytest.mark.parametrize(
    ("draw", "complaint"),
    [
        (lambda: plots.state_lines(STATES), r"h: expected at most 4 units, got 5; choose some, as in h\[:, :4\]"),
        (
            lambda: plots.runs({str(number): np.ones(3) for number in range(5)}),
            "curves: expected 1 to 4 of them, got 5",
        ),
        (lambda: plots.runs({}), "curves: expected 1 to 4 of them, got 0"),
        (
            lambda: plots.distance_curve(np.arange(3), np.ones(3), {str(n): float(n) for n in range(5)}),
            "baselines: expected 0 to 4 of them, got 5",
        ),
    ],
)
def test_more_lines_than_there_are_looks_are_refused(draw, complaint):
    with pytest.raises(ValueError, match=f"^{complaint}$"):
        draw()


def test_softmax_sentence_names_the_leaders_and_the_entropy():
    sentence = plots.softmax_bars(np.array([1.0, 1.0 + 2 * np.log(3)]), 2.0).sentence
    assert "At temperature 2.0 the largest of 2 probabilities is 0.750, for z2, the smallest is 0.250" in sentence
    assert f"entropy is {-(0.25 * np.log(0.25) + 0.75 * np.log(0.75)):.3f} nats of at most {np.log(2):.3f}" in sentence
    assert "is 0.422, for z1 and z2, the smallest is 0.155" in plots.softmax_bars(np.array([1.0, 1, 0]), 1.0).sentence
    assert "is 0.422, for z1 and z2," in plots.softmax_bars(np.array([3 * 1.1, 3.3, 2.3]), 1.0).sentence
    assert "is 0.422, for z1, the" in plots.softmax_bars(np.array([1.0, 1.0 - 1e-9, 0]), 1.0).sentence
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


@pytest.mark.parametrize(
    ("steps", "room"), [(1, 10), *((n, n) for n in (10, 20, 30, 40, 60, 80, 100, 150, 200, 201)), (11, 20), (151, 200)]
)
def test_the_axis_of_a_heat_map_grows_in_bands(steps, room):
    drawing = plots.state_heatmap(np.zeros((steps, 1)))
    assert drawing.static == room and drawing.figure.axes[0].get_xlim() == (0.5, room + 0.5)


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
    assert sentences[0].startswith("None of the 4 steps back is taken yet: there is no term")
    for taken in (1, 2, 3, 4):
        own, carry = walk.dh[4 - taken], walk.carry[5 - taken]
        made = f"dh_carry = {row(carry)} makes dh_total = {row(own + carry)}."
        assert sentences[taken].startswith(f"Step {5 - taken}: dh[t] = {row(own)} from its own output plus {made}")
    assert plots.walk_numbers(walk, 0, carried=False).sentence.startswith("Without the carry, none of the 4")


def test_every_number_of_a_walk_can_be_recomputed_from_its_picture():
    walk = live.walk_back()
    words = texts(plots.walk_numbers(walk, 4))
    arrays = (*walk, walk.dh + walk.carry[1:], walk.terms.sum(axis=0))
    for array in arrays:
        assert {f"{round(value, 2) + 0.0:.2f}".replace("-", "\N{MINUS SIGN}") for value in array.flat} <= set(words)
    assert np.allclose(walk.carry[:-1], walk.dz @ walk.W_hh.T)
    assert np.allclose(walk.dz, (walk.dh + walk.carry[1:]) * (1 - walk.states[1:] ** 2))


def test_what_reaches_a_state_comes_from_its_output_and_from_the_next_step():
    drawing = plots.cell(4, 5, 3, 2, backward=True)
    assert {"dh[t]", "dh_carry", "dh_total"} <= set(texts(drawing))
    for name in ("dh[t] from the output", "dh_carry from step t + 1", "dh_total (2, 5)"):
        assert name in drawing.sentence


def test_a_step_back_shows_its_slopes_and_what_a_forgotten_transpose_does():
    inputs = STEP.x_t, STEP.h_prev, np.array([[1.0, -2.0]])
    right = plots.cell_numbers_back(live.pencil_step_back(*inputs))
    wrong = plots.cell_numbers_back(live.pencil_step_back(*inputs, transposed=False), transposed=False)
    for drawing in (right, wrong):
        assert {f"{slope:.2f}" for slope in (1 - STEP.h_t**2).flat} <= set(texts(drawing))
    assert not any("wrong" in text.get_text() for text in shown(right.figure.axes[0].texts))
    assert any("wrong" in text.get_text() for text in shown(wrong.figure.axes[0].texts))
    dz_t = np.array([1.0, -2.0]) * (1 - STEP.h_t**2)
    assert f"dh_prev = dz_t W_hh = {row(dz_t @ STEP.W_hh)}; it should be {row(dz_t @ STEP.W_hh.T)}." in wrong.sentence
    assert f"dh_prev = {row(dz_t @ STEP.W_hh.T)} and" in right.sentence


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
    dots, folds = (line.get_xdata() for line in drawing.figure.axes[0].lines)
    assert np.unique(dots, return_counts=True)[1].tolist() == [n_h if n_h <= 6 else 5] * 3
    assert len(folds) == (0 if n_h <= 6 else 9), "three small dots for the units that are left out"


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
        "Wrong by more than 1e-07: x in columns 3, 4; W_hh in column 3; "
        "the largest error is 0.50; afterwards dh is changed."
    )
    assert (
        "All 8 comparisons agree to within 1e-05."
        in plots.error_map(np.full((2, 4), 1e-6), ["a", "b"], tolerance=1e-5).sentence
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


def test_an_error_as_large_as_the_tolerance_agrees():
    drawing = plots.error_map(np.array([[1e-7, 1.01e-7]]), ["x"], tolerance=1e-7)
    assert [text.get_fontweight() for text in drawing.figure.axes[0].texts] == ["normal", "bold"]
    assert "x in column 2;" in drawing.sentence


def test_two_maps_stand_side_by_side_or_a_text_in_the_second_ones_place():
    drawing = plots.error_maps(ERRORS, ["x", "W_hh"], beside=ERRORS[::-1], title="the other")
    left, right, *_ = drawing.figure.axes
    assert [text.get_text() for text in left.texts][:3] == ["1e-10", "1e-09", "0.50"]
    assert [text.get_text() for text in right.texts][4:7] == ["1e-10", "1e-09", "0.50"]
    assert right.get_visible() and right.get_title() == "the other"
    assert drawing.sentence == plots.error_map(ERRORS, ["x", "W_hh"]).sentence
    drawing = plots.update_error_maps(drawing, ERRORS, ["x", "W_hh"], text="a text")
    assert not right.get_visible() and drawing.moving[-1].get_text() == "a text"


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


# ---- loss curves


def test_smoothing_takes_the_mean_of_what_came_before():
    assert plots.smooth(np.array([1.0, 3.0, 5.0, 9.0]), 2).tolist() == [1.0, 2.0, 4.0, 7.0]
    assert plots.smooth(np.array([4.0]), 25).tolist() == [4.0]


def test_losses_marks_the_lowest_validation_loss():
    drawing = plots.losses(np.linspace(3, 1, 40), np.array([10, 20, 40]), np.array([2.5, 1.5, 1.75]), guess=3.2)
    assert "lowest after step 20, 1.50 nats; after step 40 it is 1.75" in drawing.sentence
    (ax,) = drawing.figure.axes
    marked = [line for line in ax.lines if line.get_marker() == "o"]
    assert [tuple(line.get_xydata()[0]) for line in marked] == [(20, 1.5)]
    assert ax.get_ylim()[0] == 0 and "nats" in ax.get_ylabel()


def test_losses_that_exploded_are_drawn_as_far_as_they_are_numbers():
    losses = np.array([2.0, 3.0, np.inf, 1.0, np.nan, 4.0, 5.0])
    assert plots.smooth(losses, 2) == pytest.approx([2, 2.5, np.nan, np.nan, np.nan, np.nan, 4.5], nan_ok=True)
    assert "5.00 (wild), nan (lost)" in plots.runs({"wild": losses, "lost": losses * np.nan}, width=1).sentence
    drawing = plots.growing_loss(losses[:4], 9, np.array([[1, np.nan], [2, 7.0]]))
    assert drawing.sentence.endswith("validation loss 7.00, lowest 7.00 after step 2.")
    drawing = plots.update_growing_loss(drawing, losses, 9, np.array([[1, 7.0], [2, np.inf]]))
    assert drawing.figure.axes[0].get_ylim() == pytest.approx((0, 1.05 * 7))
    lost = plots.growing_loss(losses[2:3], 9)
    assert lost.figure.axes[0].get_ylim() == (0, 1) and "a loss of nan nats" in lost.sentence
    assert "is lowest after step 3, 2.00 nats" in plots.losses(losses, [1, 3, 4], [np.nan, 2.0, np.inf]).sentence


@pytest.mark.parametrize(
    ("steps", "wanted"), [(1, "training"), (7, "training, mean of 7 batches"), (60, "training, mean of 25 batches")]
)
def test_the_legend_of_losses_says_how_many_batches_a_mean_is_of(steps, wanted):
    drawing = plots.losses(np.ones(steps), np.array([steps]), np.ones(1))
    assert drawing.figure.axes[0].get_legend().get_texts()[0].get_text() == wanted


def test_losses_whose_last_check_is_the_best_are_told_once():
    drawing = plots.losses(np.linspace(3, 4, 40), np.array([20, 40]), np.array([2.5, 1.5]))
    assert drawing.sentence == (
        f"The validation loss is lowest after step 40, 1.50 nats. "
        f"The training loss ends at {np.linspace(3, 4, 40)[-25:].mean():.2f}."
    )


def test_runs_says_where_each_ends():
    drawing = plots.runs({"one": np.full(30, 2.0), "other": np.arange(30.0)}, width=1)
    assert drawing.sentence == "After 30 steps: 2.00 (one), 29.00 (other)."
    assert (
        "mean of the last 10: 2.00 (one), 24.50"
        in plots.runs({"one": np.full(30, 2.0), "other": np.arange(30.0)}, width=10).sentence
    )


def test_runs_says_how_many_steps_its_means_are_of():
    def sentence(*steps):
        return plots.runs({f"{count} steps": np.arange(float(count)) for count in steps}).sentence

    assert sentence(1) == "After 1 step: 0.00 (1 steps)."
    assert sentence(3) == "After 3 steps, as a mean of the last 3: 1.00 (3 steps)."
    assert sentence(25) == "After 25 steps, as a mean of the last 25: 12.00 (25 steps)."
    assert sentence(26) == "After 26 steps, as a mean of the last 25: 13.00 (26 steps)."


def test_runs_says_which_run_is_shorter():
    drawing = plots.runs({"all": np.arange(30.0), "cut": np.arange(27.0), "stopped": np.arange(3.0)})
    assert drawing.sentence == (
        "After 30 steps, as a mean of the last 25: 17.00 (all), 14.00 (cut, after 27), "
        "1.00 (stopped, after 3, mean of the last 3)."
    )
    drawing = plots.runs({"all": np.arange(30.0), "stopped": np.arange(3.0)}, width=1)
    assert drawing.sentence == "After 30 steps: 29.00 (all), 2.00 (stopped, after 3)."


def test_runs_draws_four():
    drawing = plots.runs({name: np.ones(3) for name in "abcd"})
    assert len(drawing.figure.axes[0].lines) == 4 and all(f"({name})" in drawing.sentence for name in "abcd")


def test_the_growing_loss_moves_its_line_on_and_leaves_its_axes():
    drawing = plots.growing_loss(np.array([3.0, 2.0]), 10)
    limits = drawing.figure.axes[0].get_xlim()
    moved = plots.update_growing_loss(drawing, np.array([3.0, 2.0, 1.0]), 10)
    assert moved.sentence == "Step 3 of 10: a loss of 2.00 nats on the last batches."
    assert moved.moving[0].get_xydata().tolist() == [[1, 3.0], [2, 2.5], [3, 2.0]]
    assert limits == (0, 10) == moved.figure.axes[0].get_xlim()


@pytest.mark.parametrize("checks", [None, np.array([[2, 7.0]])])
def test_the_growing_loss_makes_room_for_losses_that_rise(checks):
    drawing = plots.growing_loss(np.array([1.0]), 10, checks if checks is None else checks[:0])
    (ax,) = drawing.figure.axes
    for losses in ([1.0, 5.0], [1.0, 5.0, 0.5]):
        plots.update_growing_loss(drawing, np.array(losses), 10, checks)
        assert ax.get_ylim() == pytest.approx((0, 1.05 * (3.0 if checks is None else 7.0)))


def test_a_long_unit_stays_within_the_growing_loss():
    drawing = plots.growing_loss(np.array([0.6]), 10, unit="hundreds of Delta E")
    drawing.figure.canvas.draw()
    label = drawing.figure.axes[0].yaxis.label.get_window_extent()
    assert label.y0 >= 0 and label.y1 <= drawing.figure.bbox.height


def test_the_growing_loss_shows_validation_beside_training():
    checks = np.array([[10, 2.5], [20, 1.5], [1160, 1.75]])
    drawing = plots.growing_loss(np.linspace(3, 1, 1160), 2000, checks)
    assert drawing.sentence == (
        "Step 1,160 of 2,000: a loss of 1.02 nats on the last batches; validation loss 1.75, lowest 1.50 after step 20."
    )
    (ax,) = drawing.figure.axes
    assert [line.get_xydata().tolist() for line in ax.lines if line.get_label() == "validation"] == [checks.tolist()]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["training, mean of 25 batches", "validation"]


def test_before_the_first_validation_the_growing_loss_has_its_curve_to_come():
    drawing = plots.growing_loss(np.array([3.0]), 10, np.empty((0, 2)), unit="bits")
    assert drawing.sentence == "Step 1 of 10: a loss of 3.00 bits on the last batches."
    (ax,) = drawing.figure.axes
    assert len(ax.get_legend().get_texts()) == 2 and ax.get_ylabel() == "loss (bits)"


# ---- texts


def test_every_letter_stands_on_the_axis_and_every_character_has_a_glyph():
    h = STATES[:6]
    drawing = plots.states_of_text(h, "\nab cd")
    labels = drawing.figure.axes[0].xaxis.get_ticklabels()
    assert [label.get_text() for label in labels] == ["↵", "a", "b", "␣", "c", "d"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Matplotlib warns of a glyph that its font lacks
        drawing.png()
    turned = (np.sign(h[1:]) != np.sign(h[:-1])).mean()
    assert f"{100 * turned:.0f} % of the units change" in drawing.sentence


def test_a_unit_is_marked_at_word_ends():
    values, marks = np.array([0.1, 0.5, -0.5, 0.9]), np.array([False, True, False, True])
    drawing = plots.unit_over_text(values, "\nab ", marks)
    dots = drawing.figure.axes[0].lines[1].get_xydata().tolist()
    assert dots == [[2, 0.5], [4, 0.9]]
    assert drawing.sentence == (
        "At the last letters of words the unit's mean state is +0.70, at the other 2 places -0.20."
    )


def sides(labels, drawing):
    """Return left and right end of each label that has a text, as it is painted."""
    drawn(drawing)
    renderer = drawing.figure.canvas.get_renderer()
    places = [label.get_window_extent(renderer) for label in labels if label.get_text()]
    return np.array([(place.x0, place.x1) for place in places])


def assert_apart(labels, drawing):
    ends = sides(labels, drawing)
    assert (ends[:-1, 1] <= ends[1:, 0]).all(), [label.get_text() for label in labels]


@pytest.mark.parametrize(("letter", "length"), [("m", 27), ("m", 60), ("m", 300), ("學", 27), ("學", 300)])
def test_the_letters_of_a_long_text_stand_apart(letter, length):
    text, values = letter * length, np.zeros(length)
    drawing = plots.unit_over_text(values, text, values > 0)  # its legend leaves the least room
    axis = drawing.figure.axes[0].xaxis
    labels = axis.get_ticklabels()
    assert_apart(labels, drawing)
    every = int(np.diff(axis.get_ticklocs()[:2])[0])
    assert len(labels) == -(-length // every) >= min(length, 27)
    assert (f"1 of {every} is written" in axis.get_label_text()) == (every > 1)


def test_a_unit_over_a_text_without_marks_says_so():
    values = np.array([0.1, 0.3])
    none, both = (plots.unit_over_text(values, "ab", np.array([mark, mark])).sentence for mark in (False, True))
    assert none == "The unit's mean state is +0.20; of its 2 places none is marked."
    assert both == "The unit's mean state is +0.20; of its 2 places all are marked."
    assert plots.states_of_text(values[:1, None], "a").sentence == "1 unit reading 1 character: |h| is 0.10 on average."


def reading(alphabet, text="\na", y=None):
    y = np.random.default_rng(0).dirichlet(np.ones(len(alphabet))) if y is None else y
    return plots.reading(np.zeros((len(text), 3)), text, 1, y, alphabet)


def letters_from(first, count):
    return "\n" + "".join(map(chr, range(first, first + count - 1)))


def test_an_alphabet_of_forty_has_a_bar_for_each_character():
    y = np.full(40, 1 / 40)
    drawing = reading(letters_from(0x3B1, 40), y=y)
    below = drawing.figure.axes[2]
    assert [bar.get_height() for bar in below.patches] == y.tolist()
    assert len(below.get_xticklabels()) == 40 and not below.texts
    assert "others" not in drawing.sentence


# Letters of Matplotlib's font, and of none here.
@pytest.mark.parametrize(("first", "count"), [(0x100, 41), (0x4E00, 1697), (0x20000, 5000)])
def test_of_a_large_alphabet_the_likeliest_have_bars_and_all_others_one(first, count):
    alphabet = letters_from(first, count)
    y = np.random.default_rng(1).dirichlet(np.ones(count))
    drawing = reading(alphabet, y=y)
    below = drawing.figure.axes[2]
    heights = np.array([bar.get_height() for bar in below.patches])
    order = np.argsort(-y)
    assert heights == pytest.approx([*y[order[:24]], y[order[24:]].sum()])
    *signs, others = below.texts
    assert [text.get_text() for text in signs] == [sign(alphabet[i], 15.0) for i in order[:24]]
    assert others.get_text() == f"{count - 24:,} others" and "…" not in others.get_text()
    assert f"and all {count - 24:,} that have no bar of their own {heights[-1]:.2f} together." in drawing.sentence
    assert_apart(below.texts, drawing)
    bottom = [text.get_window_extent().y0 for text in below.texts]
    assert min(bottom) >= 0 and len(below.get_xticklabels()) == 0


# ---- any script

UNSEEN = "\u0301\u200d\ufe0f\t\0\x1b\xa0\u3000\u2028\ue000\ud800\U000e0001\u093f"


@pytest.mark.parametrize("character", ["學", "ก", "🚀", *UNSEEN])
def test_what_cannot_be_drawn_alone_is_its_code_point(character):
    code = f"U+{ord(character):04X}"
    assert sign(character) == glyphs.code_point(character) == code
    narrow = sign(character, 15.0)
    assert narrow.replace("\n", "") == code[2:] and max(map(len, narrow.split("\n"))) <= 3


@pytest.mark.parametrize("character", ["a", "é", "ß", "Ω", "Ж", "א", "ب", "€", "$", "_", "\\", "%", "😀", "◌"])
def test_what_matplotlibs_font_has_stands_as_it_is(character):
    assert sign(character, 1.0) == glyphs.shown(character) == glyphs.written(character) == character
    assert glyphs.note_on(character, [character]) == ""


def test_a_name_keeps_its_spaces_and_marks_and_gets_code_points_for_the_rest():
    assert glyphs.written("sea  blue") == "sea  blue"
    assert glyphs.written("x̧ y") == "x̧ y"
    assert glyphs.written("a學生b\tc") == "a U+5B78 U+751F b U+0009 c"
    assert glyphs.short("學" * 5, 20) == "U+5B78 U+5B78 U+5B7…"
    assert glyphs.short("水" * 3, 4) != "水水水"


def test_a_name_in_a_sentence_keeps_marks_and_joiners_and_is_cut():
    name = "e\u0323 👩\u200d🚀\n\ud800"
    assert "“e\u0323 👩\u200d🚀U+000AU+D800”" in plots.letters(name, np.zeros((8, 3))).sentence
    assert glyphs.named("水" * 99) == "水" * 20 + "…" + "水" * 19


def test_the_caption_says_what_code_points_stand_for():
    assert glyphs.note_on("ab學") == " 1 character that cannot be drawn here stands as its code point, 學 as U+5B78."
    assert glyphs.note_on("\u200d", ["學生", "學"]) == (
        " 3 characters that cannot be drawn here stand as their code points, ZERO WIDTH JOINER as U+200D."
    )
    assert "a character without a name as U+E000." in glyphs.note_on("\ue000")


# A name as anyone may bring it, and everything that writes one.
NAME = "$\\frac{學$ _%^ é\u0301\u200d👩"
WRITES = {
    "chips": lambda name: plots.chips([name, "b"], RGB[:2]),
    "pairs": lambda name: plots.pairs([name, "b"], RGB[:2], RGB[:2], np.ones(2)),
    "letters": lambda name: plots.letters(name, np.tile(RGB[0], (len(name), 1))),
    "letter_bars": lambda name: plots.letter_bars(name, np.ones(len(name)), np.ones(len(name))),
    "distance_curve": lambda name: plots.distance_curve(np.arange(3), np.ones(3), {name: 2.0}),
    "runs": lambda name: plots.runs({name: np.ones(3), "_b": np.ones(3)}),
    "error_map": lambda name: plots.error_map(ERRORS, [name, "b"]),
    "error_maps": lambda name: plots.error_maps(ERRORS, [name, "b"], title=name, text=name[:20], beside=ERRORS),
    "growing_loss": lambda name: plots.growing_loss(np.ones(3), 5, unit=name),
    "states_of_text": lambda name: plots.states_of_text(np.ones((len(name), 2)), name),
    "unit_over_text": lambda name: plots.unit_over_text(np.ones(len(name)), name, np.ones(len(name), bool)),
    "reading": lambda name: reading("".join(dict.fromkeys(name)), name),
}


@pytest.mark.parametrize("name", [NAME, NAME * 12], ids=["odd", "long"])
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_any_name_can_be_written(write, name):
    drawing = write(name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Matplotlib warns of a glyph that its font lacks
        drawn(drawing)
    words = [text.get_text() for text in drawing.figure.findobj(Text)]
    assert not any("學" in word for word in words)
    assert name != NAME or any("5B" in word for word in words)
    assert max(map(len, words)) < 100
    assert len(drawing.sentence) < 500 and drawing.sentence.count("code point") <= 1
    assert "\ud800" not in drawing.sentence


@pytest.fixture
def other_font(tmp_path, monkeypatch):
    """Give the file of a font with one Chinese letter, which Matplotlib does not know yet."""
    builder = fontTools.fontBuilder.FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "learn"])
    builder.setupCharacterMap({ord("學"): "learn"})
    pen = fontTools.pens.ttGlyphPen.TTGlyphPen(None)
    for draw, *points in (("moveTo", (0, 0)), ("lineTo", (900, 0)), ("lineTo", (0, 900)), ("closePath",)):
        getattr(pen, draw)(*points)
    builder.setupGlyf({name: pen.glyph() for name in (".notdef", "learn")})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "learn": (1000, 0)})
    builder.setupHorizontalHeader(ascent=900, descent=0)
    builder.setupNameTable({"familyName": "One Letter", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(tmp_path / "one_letter.ttf")
    manager = glyphs.font_manager.fontManager
    monkeypatch.setattr(manager, "ttflist", [*manager.ttflist])
    monkeypatch.setattr(glyphs, "_installed", glyphs._Installed())
    glyphs._family_beside.cache_clear()
    yield str(tmp_path / "one_letter.ttf")
    glyphs._family_beside.cache_clear()


def assert_draws_the_letter():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawing = plots.letters("學a", RGB[:2])
        drawn(drawing)
    assert texts(drawing)[0] == "學a" and texts(drawing)[2:] == ["學", "a"]
    assert "code point" not in drawing.sentence
    drawing = plots.update_letters(drawing, "生", RGB[:1])
    assert texts(drawing)[0] == "U+751F" and texts(drawing)[2] == "U+751F"


def test_a_font_that_has_the_letter_is_used(other_font):
    assert sign("學") == "U+5B78"
    glyphs.font_manager.fontManager.addfont(other_font)
    assert_draws_the_letter()


def test_a_font_that_was_installed_after_matplotlib_made_its_list_is_used(other_font, monkeypatch, tmp_path):
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    found = [str(tmp_path / "broken.ttf"), other_font]
    monkeypatch.setattr(glyphs.font_manager, "findSystemFonts", lambda: found)
    assert_draws_the_letter()


def test_each_font_is_opened_once_and_none_for_plain_letters(monkeypatch):
    opened = []
    plain = glyphs.FT2Font
    monkeypatch.setattr(glyphs, "FT2Font", lambda path, **rest: opened.append(path) or plain(path, **rest))
    monkeypatch.setattr(glyphs, "_installed", glyphs._Installed())
    glyphs._family_beside.cache_clear()
    plots.chips(["sea blue", "é"], RGB[:2])
    assert opened == []
    plots.chips(["學生", "水"], RGB[:2])
    plots.chips(["火", "木"], RGB[:2])
    assert opened and len(opened) == len({*opened})


# ---- swatches


def fills(drawing):
    """Return the colours of the rectangles in the order in which they were drawn, white cards aside."""
    patches = [patch for patch in shown(drawing.figure.axes[0].patches) if isinstance(patch, Rectangle)]
    return [to_hex(patch.get_facecolor()) for patch in patches if to_hex(patch.get_facecolor()) != "#ffffff"]


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


GREYS = [((0.45, 0.45, 0.45), "white"), ((0.65, 0.65, 0.65), "black")]


@pytest.mark.parametrize(
    ("colour", "ink"), [((1, 1, 0.6), "black"), ((0.1, 0.1, 0.3), "white"), ((0, 0, 1), "white"), *GREYS]
)
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


def test_the_curve_shows_the_run_and_its_baselines():
    ax = FIGURES["distance_curve"]().figure.axes[0]
    *levels, curve = ax.lines
    assert [level.get_ydata()[0] for level in levels] == [60.0, 30.0]
    assert curve.get_ydata().tolist() == [50.0, 35.2, 31.4]
    assert {level.get_linestyle() for level in levels} >= {"--", ":"}
    assert ax.get_ylim()[0] == 0 and ax.get_ylim()[1] > 60
    assert "from 50.0 Delta E at step 10 to 31.4 at step 30" in FIGURES["distance_curve"]().sentence
