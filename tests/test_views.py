"""The live views of the course: each can be drawn wherever its controls can stand."""

from pathlib import Path

import numpy as np
import pytest

from rnn_helpers import CellCache, init_params, live, rnn_cell_backward, rnn_forward

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def stops(control):
    """Return where a control is tried: the ends and the middle of a slider, each option of a choice."""
    if isinstance(control, live.Choice):
        return control.options
    return (control.low, type(control.start)((control.low + control.high) / 2), control.high)


CORNERS = {
    f"{name}, {control.name} = {value}": (view, {**view.starts(), control.name: value})
    for name, view in live.VIEWS.items()
    for control in view.controls
    for value in stops(control)
}
CORNERS |= {
    f"{name}, all {end}": (view, {control.name: stops(control)[place] for control in view.controls})
    for name, view in live.VIEWS.items()
    for end, place in (("low", 0), ("high", -1))
}


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
        far = next(value for value in reversed(stops(control)) if value != control.start)
        moved = view.draw(**{**view.starts(), control.name: far})
        assert moved.sentence != start, control.name


def test_every_view_is_listed_and_used_in_a_notebook():
    views = {name for name, value in vars(live).items() if isinstance(value, live.View)}
    assert {name.lower() for name in views} == set(live.VIEWS)
    text = "".join(path.read_text(encoding="utf-8") for path in NOTEBOOKS.glob("*.ipynb"))
    assert {name for name in views if f"live.{name}" not in text} == set()


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
