"""Live views: each can be drawn wherever its controls can stand, and shows what it draws."""

from pathlib import Path

import numpy as np
import pytest

from rnn_helpers import CellCache, init_params, live, rnn_cell_backward, rnn_forward

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
CORNERS = {
    f"{name}, {control.name} = {value}": (view, {**view.starts(), control.name: value})
    for name, view in live.VIEWS.items()
    for control in view.controls
    for value in (control.low, control.high, type(control.start)((control.low + control.high) / 2))
}
CORNERS |= {
    f"{name}, all {end}": (view, {control.name: getattr(control, end) for control in view.controls})
    for name, view in live.VIEWS.items()
    for end in ("low", "high")
}


@pytest.fixture
def shown(monkeypatch):
    """Collect what `show` displays instead of displaying it."""
    displays = []
    monkeypatch.setattr(live, "display", lambda data, **rest: displays.append((data, rest)))
    return displays


@pytest.fixture
def widgets_of(monkeypatch, shown):
    """Show a view and return its sliders, its picture and its sentence."""
    boxes = []
    vbox = live.widgets.VBox
    monkeypatch.setattr(live.widgets, "VBox", lambda children: boxes.append(vbox(children)) or boxes[-1])

    def show(view, **starts):
        live.show(view, **starts)
        *sliders, picture, sentence = boxes[-1].children
        return sliders, picture, sentence

    return show


@pytest.mark.parametrize(("view", "values"), CORNERS.values(), ids=CORNERS)
def test_a_view_can_be_drawn_at_the_ends_and_the_middle_of_each_control(view, values):
    drawing = view.draw(**values)
    assert drawing.sentence.endswith(".")
    assert "nan" not in drawing.sentence
    drawing.figure.draw_without_rendering()


@pytest.mark.parametrize("name", live.VIEWS)
def test_a_control_changes_the_sentence(name):
    view = live.VIEWS[name]
    start = view.draw(**view.starts()).sentence
    for control in view.controls:
        far = control.high if control.start != control.high else control.low
        moved = view.draw(**{**view.starts(), control.name: far})
        assert moved.sentence != start, control.name


@pytest.mark.parametrize("name", live.VIEWS)
def test_the_start_lies_on_the_slider(name):
    for control in live.VIEWS[name].controls:
        slider = control.slider()
        assert (slider.value, slider.min, slider.max) == (control.start, control.low, control.high)
        assert slider.description == control.label


def test_every_view_is_listed_and_used_in_a_notebook():
    views = {name for name, value in vars(live).items() if isinstance(value, live.View)}
    assert {name.lower() for name in views} == set(live.VIEWS)
    text = "".join(path.read_text(encoding="utf-8") for path in NOTEBOOKS.glob("*.ipynb"))
    assert {name for name in views if f"live.{name}" not in text} == set()


@pytest.mark.parametrize("name", live.VIEWS)
def test_the_saved_output_carries_widget_picture_and_sentence(name, shown):
    view = live.VIEWS[name]
    live.show(view)
    ((data, rest),) = shown
    drawing = view.draw(**view.starts())
    assert data["image/png"] == drawing.png()
    assert data["text/plain"] == rest["metadata"]["image/png"]["alt"] == drawing.sentence
    assert "application/vnd.jupyter.widget-view+json" in data


def test_moving_a_slider_redraws_picture_and_sentence(widgets_of):
    (slider,), picture, sentence = widgets_of(live.TANH)
    before = picture.value, sentence.value
    slider.value = 2.0
    assert f"{np.tanh(2.0):.4f}" in sentence.value
    assert picture.value != before[0]
    slider.value = live.TANH.controls[0].start
    assert sentence.value == before[1]


def test_a_sentence_is_announced_to_screen_readers_and_escaped(widgets_of):
    view = live.View(lambda z: live.TANH.draw(z)._replace(sentence="1 < 2 & so on."), live.TANH.controls)
    _, _, sentence = widgets_of(view)
    assert 'aria-live="polite"' in sentence.value
    assert "1 &lt; 2 &amp; so on." in sentence.value


def test_an_error_while_drawing_is_shown_on_the_page_and_the_next_move_recovers(widgets_of):
    def draw(z):
        if z > 3:
            raise ValueError("too far")
        return live.TANH.draw(z)

    (slider,), _, sentence = widgets_of(live.View(draw, live.TANH.controls))
    with pytest.raises(ValueError, match="too far"):
        slider.value = 3.5
    assert "could not be drawn: ValueError: too far" in sentence.value
    slider.value = 1.0
    assert f"{np.tanh(1.0):.4f}" in sentence.value


def test_a_view_can_start_elsewhere(widgets_of):
    (slider,), _, sentence = widgets_of(live.TANH, z=1.5)
    assert slider.value == 1.5
    assert f"{np.tanh(1.5):.4f}" in sentence.value
    assert live.TANH.controls[0].start != 1.5


def test_a_start_for_no_control_is_an_error():
    with pytest.raises(TypeError, match="starts: expected controls among z, got zed"):
        live.TANH.starting_at(zed=1.0)


def test_pulse_states_depend_on_the_past_only():
    assert np.array_equal(live.pulse_states(60, 7)[:40], live.pulse_states(40, 7))


def test_gradients_turn_from_vanishing_to_exploding_a_little_above_one_over_spread_squared():
    ratio = {n_h: (lambda s: s[0] / s[-1])(live.gradient_sizes(40, n_h, 0.2)) for n_h in (6, 24, 32, 100)}
    assert ratio[6] < 1e-5 < ratio[24] < 1 < ratio[32] < 1e2 < ratio[100]


def test_gradient_sizes_are_those_of_the_packages_walk_back():
    rng = np.random.default_rng(0)
    params = init_params(rng, n_x=3, n_h=5, n_y=2)
    params = params._replace(W_hh=rng.normal(scale=0.3, size=(5, 5)))
    _, _, cache = rnn_forward(params, 0.1 * rng.normal(size=(7, 8, 3)))
    dh = np.zeros((7, 8, 5))
    dh[-1] = rng.normal(size=(8, 5))
    sizes = live.gradient_sizes(7, 5, 0.3, draws=1)
    for t in range(7, 0, -1):
        assert sizes[t - 1] == pytest.approx(np.linalg.norm(dh[t - 1]))
        if t > 1:
            step = CellCache(cache.x[t - 1], cache.states[t - 1], cache.states[t])
            dh[t - 2] = rnn_cell_backward(params, step, dh[t - 1]).h_prev
