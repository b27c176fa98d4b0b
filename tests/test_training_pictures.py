"""Pictures of training and of reading: lines lie where the numbers are, and the sentences are computed from them."""

import warnings

import numpy as np
import pytest
from pictures import assert_moves_like_new, pixels

from rnn_helpers import data, init_params, live, plots, rnn_forward, softmax
from rnn_helpers.live.redraw import Painter

ALPHABET = "\n abcde"


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


def test_runs_draws_each_in_its_own_colour_and_style_and_says_where_it_ends():
    drawing = plots.runs({"one": np.full(30, 2.0), "other": np.arange(30.0)}, width=1)
    assert drawing.sentence == "After 30 steps: 2.00 (one), 29.00 (other)."
    lines = drawing.figure.axes[0].lines
    assert len({line.get_color() for line in lines}) == len({line.get_linestyle() for line in lines}) == 2
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


@pytest.mark.parametrize("count", [0, 5])
def test_runs_refuses_what_it_has_no_colours_for(count):
    with pytest.raises(ValueError, match=f"^curves: expected 1 to 4 runs, got {count}$"):
        plots.runs({str(number): np.ones(3) for number in range(count)})


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
        "Step 1,160 of 2,000: a loss of 1.02 nats on the last batches; "
        "in validation 1.75, and at the lowest 1.50 after step 20."
    )
    (ax,) = drawing.figure.axes
    assert [line.get_xydata().tolist() for line in ax.lines if line.get_label() == "validation"] == [checks.tolist()]
    assert len({line.get_color() for line in ax.lines}) == len({line.get_linestyle() for line in ax.lines}) == 2
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["training, mean of 25 batches", "validation"]


def test_before_the_first_validation_the_growing_loss_has_its_curve_to_come():
    drawing = plots.growing_loss(np.array([3.0]), 10, np.empty((0, 2)), unit="bits")
    assert drawing.sentence == "Step 1 of 10: a loss of 3.00 bits on the last batches."
    (ax,) = drawing.figure.axes
    assert len(ax.get_legend().get_texts()) == 2 and ax.get_ylabel() == "loss\n(bits)"


def states(text, n_h=6, seed=0):
    params = init_params(np.random.default_rng(seed), len(ALPHABET), n_h, len(ALPHABET))
    h, _, _ = rnn_forward(params, data.encode(text, ALPHABET)[:, None])
    return params, h[:, 0]


def labels(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def test_every_letter_stands_on_the_axis_and_every_character_has_a_glyph():
    _, h = states("\nab cd")
    drawing = plots.states_of_text(h, "\nab cd")
    assert labels(drawing.figure.axes[0].xaxis) == ["↵", "a", "b", "␣", "c", "d"]
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


def some_models():
    models = {2**k: states("\na", 2**k, seed=k)[0] for k in range(1, 4)}
    return models, {n_h: np.arange(n_h)[::-1] for n_h in models}


def view():
    models, orders = some_models()
    return live.reading(models, ALPHABET, orders, "ab cd")


@pytest.mark.parametrize("place", [0, 1, 3, 5, 26])
@pytest.mark.parametrize("power", [1, 3])
@pytest.mark.parametrize("temperature", [0.1, 1.0, 3.0])
def test_the_view_shows_the_networks_own_numbers(place, power, temperature):
    drawing = view().draw(name="ab cd", power=power, place=place, temperature=temperature)
    params = some_models()[0][2**power]
    text = ("\nab cd")[: place + 1]
    h, _, _ = rnn_forward(params, data.encode(text, ALPHABET)[:, None])
    y = softmax((h[-1, 0] @ params.W_hy + params.b_y) / temperature)
    picture, line, *bars = drawing.moving[: 2 + len(ALPHABET)]
    np.testing.assert_allclose([bar.get_height() for bar in bars], y)
    assert line.get_xdata()[0] == len(text)
    np.testing.assert_allclose(np.asarray(picture.get_array())[::-1, len(text) - 1], h[-1, 0])
    assert drawing.sentence.startswith(
        f"{2**power} units read '↵ab␣cd': after '{text.replace(chr(10), '↵').replace(' ', '␣')}'"
    )


def test_an_update_gives_the_picture_and_the_sentence_of_a_new_drawing():
    places = [
        {"name": "ab cd", "power": 3, "place": 2, "temperature": 1.0},
        {"name": "e", "power": 1, "place": 9, "temperature": 0.3},
        {"name": "Xade!", "power": 2, "place": 1, "temperature": 2.0},
        {"name": "", "power": 2, "place": 4, "temperature": 2.0},
    ]
    assert_moves_like_new(view(), places)


def test_back_at_the_start_the_picture_is_the_first_one_again():
    painter = Painter(view())
    start = view().starts()
    first = pixels(painter.paint(start)[0])
    for change in ({"name": "cab"}, {"name": "a name of twenty-six marks"}, {"place": 0}, {"power": 1}):
        painter.paint(start | change)
        picture, sentence = painter.paint(start)
        assert np.array_equal(pixels(picture), first), change
        assert sentence == view().draw(**start).sentence


def test_a_name_that_is_cut_is_said_to_be():
    values = {"power": 2, "place": 1, "temperature": 1.0}
    assert view().draw(name="a" * 27 + "!", **values).sentence.endswith(" The name is cut after 26 characters.")
    assert "cut" not in view().draw(name="a" * 26 + "!", **values).sentence


def test_characters_that_are_not_in_the_alphabet_are_named():
    assert (
        "Left out, as they are not in the alphabet: ! x."
        in view().draw(name="Xade!", power=2, place=1, temperature=1.0).sentence
    )


def test_characters_that_are_left_out_do_not_count_among_those_that_are_read():
    values = {"power": 2, "place": 1, "temperature": 1.0}
    drawing, plain = (view().draw(name=name, **values) for name in ("!" * 30 + "bad", "bad"))
    assert drawing.sentence == plain.sentence + " Left out, as they are not in the alphabet: !."
