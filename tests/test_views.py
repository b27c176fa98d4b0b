"""The live views of the course: each can be drawn wherever its controls can stand, and its update draws the same."""

import functools
import io
from pathlib import Path

import numpy as np
import pytest
from figures import STEP
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.image import AxesImage
from pictures import assert_moves_like_new, drawn, pixels

from rnn_helpers import CellCache, data, init_params, live, rnn_backward, rnn_cell_backward, rnn_forward, softmax
from rnn_helpers.labs import guess
from rnn_helpers.live import faults
from rnn_helpers.live.redraw import Painter

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
ROUNDED = 5e-3  # half of the last of two decimals


def places(control):
    """Return where a control can stand: its ends, the middle where it counts, or all its options."""
    if isinstance(control, live.Toggle):
        return [False, True]
    if isinstance(control, live.Choice):
        return list(control.options)
    whole = isinstance(control.start, int)  # the middle of a length or a size may be another kind of picture
    return [control.low, *[(control.low + control.high) // 2] * whole, control.high]


CORNERS = {
    f"{name}, {control.name} = {value}": (name, {**view.starts(), control.name: value})
    for name, view in live.VIEWS.items()
    for control in view.controls
    for value in places(control)
}
CORNERS |= {
    f"{name}, all {end}": (name, {control.name: places(control)[where] for control in view.controls})
    for name, view in live.VIEWS.items()
    for end, where in (("low", 0), ("high", -1))
}
# Where a view is moved to besides its ends, one place after the other.
MOVES = {
    # Boxes and dots come and go with steps and units.
    "unrolled": [
        {"steps": steps, "n_h": n_h}
        for steps, n_h in [(5, 5), (5, 4), (6, 4), (7, 4), (8, 4), (8, 6), (8, 7), (8, 8), (60, 64)]
    ],
    # An error, a changed argument, a loss that is no number.
    "suspects": [
        {"suspect": "suspect 3", "power": -5},
        {"suspect": "suspect 6", "power": -2},
        {"suspect": "suspect 8", "power": -5},
    ],
    # No guess, one that is right, wrong or possible; a text where a map was, and a map where a text was.
    "guess": [
        {"number": number, "two": two, "place": place}
        for number, two, place in [(1, False, guess.CARRY), (1, False, guess.SUM), (9, True, guess.LOOP)]
    ],
    "step_size": [{"power": -7.25}],
}


@functools.cache
def story(name, *values):
    """Draw a view at the values of its controls, as far as that can fail, and return its sentence."""
    view = live.VIEWS[name]
    drawing = view.draw(**dict(zip(view.starts(), values, strict=True)))
    drawing.figure.draw_without_rendering()
    return drawing.sentence


@pytest.mark.parametrize(("name", "values"), CORNERS.values(), ids=CORNERS)
def test_a_view_can_be_drawn_wherever_its_controls_can_stand(name, values):
    sentence = story(name, *values.values())
    assert sentence.endswith(".")
    assert "nan" not in sentence
    assert len(sentence) < 300


@pytest.mark.parametrize("name", live.VIEWS)
def test_a_view_can_be_saved_as_jupyter_shows_figures(name):
    view = live.VIEWS[name]
    file = io.BytesIO()
    view.draw(**view.starts()).figure.savefig(file, dpi=20, bbox_inches="tight")
    assert file.getvalue()


@pytest.mark.parametrize("name", live.VIEWS)
def test_a_control_changes_the_sentence(name):
    start = live.VIEWS[name].starts()
    for control in live.VIEWS[name].controls:
        far = next(value for value in reversed(places(control)) if value != control.start)
        moved = {**start, control.name: far}
        assert story(name, *moved.values()) != story(name, *start.values()), control.name


@pytest.mark.parametrize("name", live.VIEWS)
def test_an_update_gives_the_picture_and_the_sentence_of_a_new_drawing(name):
    view = live.VIEWS[name]
    low, high = ({control.name: places(control)[end] for control in view.controls} for end in (0, -1))
    first = view.controls[0].name
    ends = [view.starts(), low, high, {**low, first: high[first]}]
    assert_moves_like_new(view, [*ends, *MOVES.get(name, []), view.starts()])


@pytest.mark.parametrize("name", [*live.VIEWS, "reading"])
def test_a_live_picture_leaves_room_for_its_controls_and_its_sentence(name):
    view = live.VIEWS[name] if name in live.VIEWS else reading_view()
    rows = -(-len(view.controls) // 2)
    assert view.draw(**view.starts()).size()["height"] <= (360 if rows == 1 else 340), "a laptop has 529 px for all"


# Unrolled, a step more is a box more.
@pytest.mark.parametrize("name", [name for name in live.VIEWS if name != "unrolled"])
def test_one_step_of_a_slider_redraws_what_moves_and_nothing_else(name, monkeypatch):
    view = live.VIEWS[name]
    painter = Painter(view)
    painter.paint(view.starts())
    draws = []
    monkeypatch.setattr(FigureCanvasAgg, "draw", lambda canvas: draws.append(canvas))
    for control in view.controls:
        if isinstance(control, live.Control):
            painter.paint({**view.starts(), control.name: type(control.start)(control.start - control.step)})
    assert draws == []


@pytest.mark.parametrize("name", ["states", "gradient", "unrolled"])
def test_what_stands_still_at_a_length_is_drawn_once(name, monkeypatch):
    view = live.VIEWS[name]
    painter = Painter(view)
    there_and_back = [{**view.starts(), "steps": steps} for steps in (60, 10, 200, 25, 60, 200, 10)]
    first = {str(values): painter.paint(values)[0].copy() for values in there_and_back}
    monkeypatch.setattr(FigureCanvasAgg, "draw", lambda canvas: pytest.fail("drawn again"))
    for values in there_and_back:
        assert np.array_equal(painter.paint(values)[0], first[str(values)])


def test_a_moving_image_is_no_part_of_what_stands_still(monkeypatch):
    monkeypatch.setattr(AxesImage, "get_animated", lambda image: False)  # so Matplotlib up to 3.10 treats it
    assert_moves_like_new(live.STATES, [{"steps": steps, "n_h": 3} for steps in (10, 5)])


def test_what_is_drawn_for_comparison_is_the_png():
    drawing = live.TANH.draw(z=0.5)
    assert np.array_equal(pixels(drawing.png()), drawn(drawing))


def test_every_view_is_listed_and_used_in_a_notebook():
    views = {name for name, value in vars(live).items() if isinstance(value, live.View)}
    assert {name.lower() for name in views} == set(live.VIEWS)
    text = "".join(path.read_text(encoding="utf-8") for path in NOTEBOOKS.glob("*.ipynb"))
    assert {name for name in views if f"live.{name}" not in text} == set()


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda: live.pencil_step(np.ones((1, 2)), np.ones((1, 2))), r"x_t: expected shape \(batch=1, n_x=3\)"),
        (lambda: live.pencil_step(np.ones((1, 3)), [["a", "b"]]), "h_prev: expected numbers"),
        (lambda: live.pencil_step_back(STEP.x_t, STEP.h_prev, np.ones(2)), "dh_total: expected shape"),
        (lambda: live.pencil_step_back(STEP.x_t, STEP.h_prev, STEP.h_t, transposed=1), "transposed: expected True or"),
        (lambda: live.walk_back(carried=None), "carried: expected True or False, got NoneType"),
        (lambda: live.pulse_states(0, 3), "steps: expected at least 1, got 0"),
        (lambda: live.pulse_states(3, 3, seed=-1), "seed: expected an integer from 0 to"),
        (lambda: live.gradient_walks(3, 4.0, 0.1), "n_h: expected an integer, got float"),
        (lambda: live.gradient_walks(3, 4, np.nan), "spread: expected a finite number, got nan"),
    ],
)
def test_the_networks_of_the_views_refuse_what_they_are_not_for(call, complaint):
    with pytest.raises((TypeError, ValueError), match=f"^{complaint}"):
        call()


def test_pulse_states_depend_on_the_past_only():
    assert np.array_equal(live.pulse_states(60, 7)[:40], live.pulse_states(40, 7))


def test_the_order_of_the_units_does_not_change_with_the_length():
    short, long = (live.STATES.draw(steps=steps, n_h=24).moving[0].get_array() for steps in (3, 90))
    assert np.array_equal(short, long[:, :3])


def test_gradients_turn_from_vanishing_to_exploding_a_little_above_one_over_spread_squared():
    logs = {}
    for n_h in (6, 24, 32, 100):
        _, log_sizes = live.gradient_walks(40, n_h, 0.2)
        logs[n_h] = np.mean(log_sizes[:, 0] - log_sizes[:, -1])
    assert logs[6] < -5 < logs[24] < 0 < logs[32] < 2 < logs[100]


def test_gradient_walks_are_those_of_the_package():
    h, log_sizes = live.gradient_walks(7, 5, 0.3, networks=3)
    for network in range(3):
        rng = np.random.default_rng(network)
        params = init_params(rng, n_x=3, n_h=5, n_y=2)
        params = params._replace(W_hh=rng.normal(scale=0.3, size=(5, 5)))
        dh_total = rng.normal(size=(8, 5))  # no step but the last has an output of its own
        states, _, cache = rnn_forward(params, 0.1 * rng.normal(size=(7, 8, 3))[::-1])
        if network == 0:
            assert h == pytest.approx(states[:, 0])
        for t in reversed(range(7)):
            assert log_sizes[network, t] == pytest.approx(np.log10(np.linalg.norm(dh_total)))
            step = CellCache(cache.x[t], cache.states[t], cache.states[t + 1])
            dh_total = rnn_cell_backward(params, step, dh_total).h_prev


def test_a_longer_sequence_is_the_same_networks_that_begin_earlier():
    at_step_1 = []
    for steps in range(20, 60):
        _, log_sizes = live.gradient_walks(steps, 16, 0.2)
        at_step_1.append(np.mean(log_sizes[:, 0] - log_sizes[:, -1]))
    factors = 10 ** (np.array(at_step_1) / np.arange(19, 59))
    assert np.all(np.diff(at_step_1) < 0), "a gradient that vanishes goes on vanishing"
    assert np.ptp(factors) < 0.02


def test_a_long_walk_neither_underflows_nor_overflows():
    for n_h, spread in ((1, 0.05), (128, 0.5)):
        _, log_sizes = live.gradient_walks(200, n_h, spread)
        assert np.all(np.isfinite(log_sizes))
        assert np.abs(log_sizes[:, 0]).min() > 40


def test_the_walks_terms_sum_to_the_packages_gradient_only_with_the_carry():
    params, cache, dh = live.short_walk()
    grads = rnn_backward(params, cache, dh)
    walk = live.walk_back()
    assert walk.terms.sum(axis=0) == pytest.approx(grads.W_hh)
    assert walk.carry[0] == pytest.approx(grads.h0[0])
    without = live.walk_back(carried=False)
    assert without.terms[-1] == pytest.approx(walk.terms[-1])
    assert np.linalg.norm(without.terms[:-1] - walk.terms[:-1], axis=(1, 2)).min() > 0.01


def test_the_walks_picture_shows_the_sum_of_the_terms_that_were_taken():
    walk = live.walk_back()
    for taken in range(5):
        drawing = live.WALK.draw(taken=taken, carried=True)
        cells = [float(text.get_text().replace("\N{MINUS SIGN}", "-")) for text in drawing.moving[-4:]]
        assert np.abs(np.reshape(cells, (2, 2)) - walk.terms[4 - taken :].sum(axis=0)).max() <= ROUNDED + 1e-12


def test_a_step_that_was_not_taken_is_empty():
    words = [text.get_text() for text in live.WALK.draw(taken=1, carried=True).moving if hasattr(text, "get_text")]
    # The carry to two states, one sum with it, one dz, one term and the sum of terms; and what an arrow says.
    assert sum(word != "" for word in words) == 2 * 2 + 2 + 2 + 4 + 4 + 1


def test_the_numbers_of_a_step_are_the_packages():
    step = live.pencil_step_back(np.array([[1.0, 2.0, 0.5]]), np.array([[0.4, -0.6]]), np.array([[1.0, -2.0]]))
    cache = CellCache(step.x_t, step.h_prev, step.h_t)
    grads = rnn_cell_backward(live.PENCIL, cache, step.dh_total)
    ours = (step.dx_t, step.dh_prev, step.dW_xh, step.dW_hh, step.db_h[0])
    assert all(np.array_equal(mine, theirs) for mine, theirs in zip(ours, grads, strict=True))
    assert step.dz_t == pytest.approx(step.dh_total * (1 - np.tanh(step.z_t) ** 2))


# ---- notebooks 07 and 08: suspects, and the step of the differences


def found_by(name, power=-5):
    """Return the rows compared and, of them, those with an error, as the figure shows them."""
    picture = live.SUSPECTS.draw(suspect=name, power=power).moving[0].get_array().filled(np.nan)
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


@pytest.mark.parametrize("name", ["suspect 7", "suspect 8", "suspect 9"])
def test_the_line_up_says_what_notebook_08_says_above_it(name):
    notebook = (NOTEBOOKS / "08_what_a_check_cannot_see.ipynb").read_text(encoding="utf-8")
    assert live.SUSPECTS.draw(suspect=name, power=-5).sentence in notebook.partition("live.SUSPECTS")[0]


@pytest.mark.parametrize("name", faults.LINEUP)
def test_the_sentence_is_that_of_the_map(name):
    sentence = live.SUSPECTS.draw(suspect=name, power=-5).sentence
    assert ("All 25 comparisons agree" in sentence) == (name in ("the package", "suspect 6"))
    assert ("dh is changed" in sentence) == (name == "suspect 6")


@pytest.mark.parametrize("power", range(-13, 0))
@pytest.mark.parametrize("name", ["suspect 8", "suspect 9"])
def test_a_wrong_loss_is_found_with_every_step(name, power):
    _, wrong = found_by(name, power)
    assert "loss" in wrong


def test_the_package_looks_wrong_with_a_step_that_is_too_large_or_too_small():
    drawings = {power: live.SUSPECTS.draw(suspect="the package", power=power) for power in range(-13, 0)}
    looks_right = [power for power, drawing in drawings.items() if "All 25" in drawing.sentence]
    assert looks_right == [-7, -6, -5, -4]


def test_the_fault_is_asked_for_and_a_guess_is_judged():
    start = live.GUESS.starts()
    assert live.GUESS.draw(**start).sentence.endswith(" Fault 1: say where it sits.")
    (fault,) = guess.planted(1)
    right, wrong = (live.GUESS.draw(**{**start, "place": place}) for place in (fault.place, guess.CARRY))
    assert right.sentence.startswith(f"Right: it sits in {fault.place}")
    assert wrong.sentence.startswith("Not there. ") and wrong.sentence.endswith("(right) differs in h0 in column 1.")
    there, here = guess.lines([fault])
    assert right.moving[-1].get_text() == f"This should stand there:\n{there[0]}\n\nThis was planted:\n{here[0]}"
    assert wrong.moving[-1].get_text() == "" and wrong.moving[-2].get_text() == "a fault in the carry"


def test_a_guess_is_taken_back_where_other_faults_are_planted():
    resets = {control.name: control.resets for control in live.GUESS.controls if hasattr(control, "resets")}
    assert resets == {"number": ("place",), "two": ("place",)}
    assert live.GUESS.draw(**live.GUESS.starts() | {"two": True}).sentence.endswith(
        " Pair 1: say where one of the two sits."
    )


def test_a_line_that_was_left_out_is_said_to_be_missing():
    (number,) = (n for n in range(1, 1 + len(guess.FAULTS)) if not guess.lines(guess.planted(n))[1])
    place = guess.planted(number)[0].place
    text = live.GUESS.draw(number=number, two=False, place=place).moving[-1].get_text()
    assert text.endswith("This was planted:\n(the line is missing)")


@pytest.mark.parametrize("two", [False, True])
def test_the_lines_that_were_planted_fit_beside_the_map(two):
    for number in range(1, 1 + len(guess.FAULTS)):
        place = guess.planted(number, two=two)[0].place
        text = faults._listed(*guess.judge(guess.planted(number, two=two), place).lines)
        assert text.count("\n") <= 13 and max(map(len, text.splitlines())) <= 43


@pytest.mark.parametrize("name", live.VIEWS)
def test_a_control_resets_others_of_its_own_view(name):
    for control in live.VIEWS[name].controls:
        assert {*getattr(control, "resets", ())} <= {*live.VIEWS[name].starts()}


def test_the_curves_have_their_lowest_points_where_the_notebook_says():
    steps, central, one_sided = faults.step_size_curves().values()
    assert 1e-6 < steps[central.argmin()] < 1e-4
    assert 1e-9 < steps[one_sided.argmin()] < 1e-6
    assert central.min() < 1e-9 < 1e-8 < one_sided.min()


# ---- notebook 11: networks while they read

ALPHABET = "\n abcde"


def some_models():
    models = {2**k: init_params(np.random.default_rng(k), len(ALPHABET), 2**k, len(ALPHABET)) for k in range(1, 4)}
    return models, {n_h: np.arange(n_h)[::-1] for n_h in models}


def reading_view():
    models, orders = some_models()
    return live.reading(models, ALPHABET, orders, "ab cd")


@pytest.mark.parametrize("place", [0, 1, 3, 5, 26])
@pytest.mark.parametrize("power", [1, 3])
@pytest.mark.parametrize("temperature", [0.1, 1.0, 3.0])
def test_the_view_shows_the_networks_own_numbers(place, power, temperature):
    drawing = reading_view().draw(name="ab cd", power=power, place=place, temperature=temperature)
    params = some_models()[0][2**power]
    text = ("\nab cd")[: place + 1]
    h, _, _ = rnn_forward(params, data.encode(text, ALPHABET)[:, None])
    y = softmax((h[-1, 0] @ params.W_hy + params.b_y) / temperature)
    picture, line, *bars = drawing.moving[: 2 + len(ALPHABET)]
    np.testing.assert_allclose([bar.get_height() for bar in bars], y)
    assert line.get_xdata()[0] == pytest.approx((len(text) - 0.5) / len("\nab cd"))
    np.testing.assert_allclose(np.asarray(picture.get_array())[::-1, len(text) - 1], h[-1, 0])
    assert drawing.sentence.startswith(
        f"{2**power} units read '↵ab␣cd': after '{text.replace(chr(10), '↵').replace(' ', '␣')}'"
    )


def test_a_name_that_changes_gives_the_picture_and_the_sentence_of_a_new_drawing():
    view = reading_view()
    start = view.starts()
    changes = (
        {"name": "cab"},
        {"name": "a name of twenty-six marks"},
        {"place": 0},
        {"power": 1},
        {"name": "e", "power": 1, "place": 9, "temperature": 0.3},
        {"name": "Xade!", "power": 2, "place": 1, "temperature": 2.0},
        {"name": "", "power": 2, "place": 4, "temperature": 2.0},
    )
    moved = [start | change for change in changes]
    there_and_back = [place for values in moved for place in (values, start)]
    assert_moves_like_new(view, [start, *moved, *there_and_back])


def story_of(name):
    return reading_view().draw(name=name, power=2, place=1, temperature=1.0).sentence


def test_what_a_name_loses_is_said():
    assert story_of("a" * 27).endswith(" Cut after 26 characters.")
    assert story_of("a" * 26) == f"4 units read '↵{'a' * 26}': after '↵a' they expect ↵ 0.25, e 0.18, b 0.17."
    assert story_of("Xade!").endswith(" Left out, because they aren't in the alphabet: X, !.")
    assert "read '↵abe'" in story_of("ABE") and story_of("ABE").endswith("no such capitals: A, B, E.")
    assert story_of("!" * 30 + "bad").startswith(story_of("bad")), "what is left out counts among what is read"


@pytest.mark.parametrize(
    ("place", "told"), [(2, ""), (5, ""), (6, " The name ends before position 6, with 5 letters.")]
)
def test_a_position_beyond_the_name_is_said_to_be_there(place, told):
    sentence = reading_view().draw(name="ab cd", power=2, place=place, temperature=1.0).sentence
    assert sentence.endswith(told) and ("The name ends" in sentence) == bool(told)


CAPITALS, CHINESE = "\nABEM", "\n学生水é한👩\u200d\u0301"  # no font of the tests has the Chinese ones


@pytest.mark.parametrize(
    ("alphabet", "name", "read"),
    [
        (CAPITALS, "Emma B", "↵EMMAB"),
        (CHINESE, "水学", "↵水学"),
        (CHINESE, "e\u0301", "↵é"),
        (CHINESE, "👩\u200d👩", "↵👩U+200D👩"),
        (CHINESE, "", "↵"),
        (CHINESE, "x\0\ud800$_{\\%}$", "↵"),
    ],
)
def test_any_name_can_be_typed_with_any_alphabet(alphabet, name, read, recwarn):
    models = {2: init_params(np.random.default_rng(0), len(alphabet), 2, len(alphabet))}
    view = live.reading(models, alphabet, {2: [1, 0]}, name)
    painter = Painter(view)
    for value in (name, alphabet[1:], name):
        painter.paint({**view.starts(), "name": value})
    assert f"2 units read '{read}': after" in painter.drawing.sentence
    assert not recwarn.list, "a character was drawn that no font has"


@pytest.mark.parametrize(
    ("argument", "wrong", "complaint"),
    [
        ("models", None, "models: expected a mapping from hidden sizes, got NoneType"),
        ("models", {}, r"models: expected hidden sizes that are powers of two, without a gap, got \[\]"),
        ("models", dict.fromkeys((2, 8), 0), r"models: expected hidden sizes .* got \[2, 8\]"),
        ("models", dict.fromkeys((3, 6), 0), r"models: expected hidden sizes .* got \[3, 6\]"),
        ("models", {"2": 0}, "models: hidden size: expected an integer, got str"),
        ("models", {2: None}, r"models\[2\]: params: expected an RNNParams, got NoneType"),
        ("models", {4: some_models()[0][2]}, r"models\[4\]: expected a network of .*'n_h': 4.*, got .*'n_h': 2"),
        ("alphabet", "ab", "alphabet: expected different characters after a line break, got 'ab'"),
        ("alphabet", None, "alphabet: expected a string"),
        ("alphabet", ALPHABET + "x", r"models\[2\]: expected a network of {'n_x': 8"),
        ("orders", {2: [0, 1]}, "orders: expected one for each hidden size of models, got none for 4"),
        ("orders", {2: [0, 1], 4: [0, 1, 2, 2]}, r"orders\[4\]: expected each of 0 to 3 once, got one twice"),
        ("orders", [0, 1], "orders: expected a mapping from hidden sizes, got list"),
        ("name", 3, "name: expected a string, got int"),
    ],
)
def test_a_view_of_names_refuses_what_does_not_fit_when_it_is_made(argument, wrong, complaint):
    models, orders = some_models()
    with pytest.raises((TypeError, ValueError), match=f"^{complaint}"):
        live.reading(**{"models": models, "alphabet": ALPHABET, "orders": orders, "name": "ab"} | {argument: wrong})


def test_a_slider_of_the_reading_network_redraws_what_moves_and_nothing_else(monkeypatch):
    painter = Painter(reading_view())
    start = reading_view().starts()
    painter.paint(start)
    monkeypatch.setattr(FigureCanvasAgg, "draw", lambda canvas: pytest.fail("drawn anew"))
    for change in ({"place": 1}, {"temperature": 0.5}, {"power": 1}, {"name": "bad"}):
        painter.paint(start | change)
