"""Sliders around figures. Every live view of the course is listed here and shown by `show`.

A view is a plain function that returns a Drawing, and the controls that set its arguments. The function needs no
browser; `show` adds the sliders and redraws while they move.
"""

from collections.abc import Callable
from html import escape
from typing import NamedTuple

import ipywidgets as widgets
import numpy as np
from IPython.display import display

from rnn_helpers import plots
from rnn_helpers.output import softmax as softmax_of
from rnn_helpers.params import init_params
from rnn_helpers.plots import Drawing
from rnn_helpers.rnn import rnn_forward
from rnn_helpers.validate import Array


class Control(NamedTuple):
    """A slider: the argument it sets, its label, its range and where it starts. Integers slide in integers."""

    name: str
    label: str
    low: float
    high: float
    step: float
    start: float

    def slider(self) -> widgets.Widget:
        """Return the ipywidgets slider."""
        whole = all(isinstance(n, int) for n in (self.low, self.high, self.step, self.start))
        kind = widgets.IntSlider if whole else widgets.FloatSlider
        return kind(
            value=self.start,
            min=self.low,
            max=self.high,
            step=self.step,
            description=self.label,
            continuous_update=True,
            layout={"width": "480px"},
            style={"description_width": "190px"},
        )


class View(NamedTuple):
    """A draw function and the controls that set its arguments."""

    draw: Callable[..., Drawing]
    controls: tuple[Control, ...]

    def starting_at(self, **starts: float) -> "View":
        """Return the same view with other values at the start, for the controls named."""
        unknown = set(starts) - {control.name for control in self.controls}
        if unknown:
            names = ", ".join(control.name for control in self.controls)
            raise TypeError(f"starts: expected controls among {names}, got {', '.join(sorted(unknown))}")
        return self._replace(
            controls=tuple(control._replace(start=starts.get(control.name, control.start)) for control in self.controls)
        )

    def starts(self) -> dict[str, float]:
        """Return the value of each control at the start."""
        return {control.name: control.start for control in self.controls}


def draw_unrolled(steps: int, n_h: int) -> Drawing:
    """Draw the unrolled network of the course: n_x = 4, n_y = 3, a batch of 2."""
    return plots.unrolled(steps, n_x=4, n_h=n_h, n_y=3, batch=2)


def draw_cell(n_x: int, n_h: int, n_y: int, batch: int) -> Drawing:
    """Draw one step of the network with the shapes that these sizes give."""
    return plots.cell(n_x, n_h, n_y, batch)


def draw_softmax(z1: float, z2: float, z3: float, temperature: float) -> Drawing:
    """Draw softmax(z / temperature) for three scores."""
    z = np.array([z1, z2, z3])
    return plots.softmax_bars(z, softmax_of(z / temperature))


def draw_tanh(z: float) -> Drawing:
    """Draw tanh, its slope and its tangent at z."""
    return plots.tanh_and_slope(z)


def draw_loss(score: float) -> Drawing:
    """Draw the loss of a right class over its score."""
    return plots.loss_of_score(score)


def pulse_states(steps: int, n_h: int, seed: int = 0) -> Array:
    """Return the states (steps, n_h) of a network whose input is a pulse of 1 at steps 1, 11, 21, ... and else 0."""
    params = init_params(np.random.default_rng(seed), n_x=3, n_h=n_h, n_y=2)
    x = np.zeros((steps, 1, 3))
    x[::10] = 1
    h, _, _ = rnn_forward(params, x)
    return h[:, 0]


def draw_states(steps: int, n_h: int) -> Drawing:
    """Draw the states after pulses, see `pulse_states`."""
    return plots.state_heatmap(pulse_states(steps, n_h))


def gradient_sizes(steps: int, n_h: int, spread: float, draws: int = 8) -> Array:
    r"""Return $\|dh_t\|$ for t = 1..steps, when only the last step has a loss and W_hh ~ N(0, spread²).

    Input and arriving gradient are random, the input weak (spread 0.1), the batch 8. One small network's W_hh may
    be lucky, so the result is the geometric mean over several draws.
    """
    rng = np.random.default_rng(0)
    logs = np.empty((draws, steps))
    for draw in range(draws):
        params = init_params(rng, n_x=3, n_h=n_h, n_y=2)
        params = params._replace(W_hh=rng.normal(scale=spread, size=(n_h, n_h)))
        h, _, _ = rnn_forward(params, 0.1 * rng.normal(size=(steps, 8, 3)))
        dh_t = rng.normal(size=(8, n_h))
        log_size = 0.0
        for t in reversed(range(steps)):
            # The walk is linear in dh_t: it may be scaled to size 1 at each step, so that nothing underflows.
            size = np.linalg.norm(dh_t)
            log_size += np.log(size)
            logs[draw, t] = log_size
            dh_t = (dh_t / size * (1 - h[t] ** 2)) @ params.W_hh.T
    sizes: Array = np.exp(logs.mean(axis=0))
    return sizes


def draw_gradient(steps: int, n_h: int, spread: float) -> Drawing:
    """Draw the size of the gradient at each step, see `gradient_sizes`."""
    return plots.size_by_step(gradient_sizes(steps, n_h, spread))


STEPS = Control("steps", "sequence length T", 1, 60, 1, 5)
HIDDEN = Control("n_h", "hidden size n_h", 1, 64, 1, 5)
UNROLLED = View(draw_unrolled, (STEPS, HIDDEN))
CELL = View(
    draw_cell,
    (
        Control("n_x", "input size n_x", 1, 64, 1, 4),
        HIDDEN,
        Control("n_y", "output size n_y", 1, 64, 1, 3),
        Control("batch", "batch", 1, 64, 1, 2),
    ),
)
SOFTMAX = View(
    draw_softmax,
    (
        Control("z1", "score z1", -6.0, 6.0, 0.1, 2.0),
        Control("z2", "score z2", -6.0, 6.0, 0.1, 1.0),
        Control("z3", "score z3", -6.0, 6.0, 0.1, -1.0),
        Control("temperature", "temperature", 0.1, 10.0, 0.1, 1.0),
    ),
)
TANH = View(draw_tanh, (Control("z", "z", -4.0, 4.0, 0.01, 0.5),))
LOSS = View(draw_loss, (Control("score", "score of the right class", -6.0, 6.0, 0.1, 0.0),))
STATES = View(draw_states, (STEPS._replace(start=40, high=200), HIDDEN._replace(start=24, high=128)))
GRADIENT = View(
    draw_gradient,
    (
        STEPS._replace(low=2, start=40, high=200),
        HIDDEN._replace(start=16, high=128),
        Control("spread", "spread of W_hh", 0.05, 0.5, 0.01, 0.2),
    ),
)
VIEWS = {
    "unrolled": UNROLLED,
    "cell": CELL,
    "softmax": SOFTMAX,
    "tanh": TANH,
    "loss": LOSS,
    "states": STATES,
    "gradient": GRADIENT,
}


def show(view: View, **starts: float) -> None:
    """Show the view's picture under its controls, and redraw it as they move; `starts` sets controls by name.

    The cell's output also carries the picture at the start and its sentence, for pages that run no widgets.
    """
    view = view.starting_at(**starts)
    drawing = view.draw(**view.starts())
    sliders = {control.name: control.slider() for control in view.controls}
    png = drawing.png()
    picture = widgets.Image(value=png, format="png", layout={"width": f"{drawing.size()['width']}px"})
    sentence = widgets.HTML(_spoken(drawing.sentence))

    def redraw(_: object) -> None:
        try:
            new = view.draw(**{name: slider.value for name, slider in sliders.items()})
        except Exception as error:  # shown on the page, where an error in a callback otherwise goes unseen
            sentence.value = _spoken(f"This picture could not be drawn: {type(error).__name__}: {error}")
            raise
        picture.value = new.png(compress_level=1)
        sentence.value = _spoken(new.sentence)

    for slider in sliders.values():
        slider.observe(redraw, names="value")
    box = widgets.VBox([*sliders.values(), picture, sentence])
    data = {**box._repr_mimebundle_(), "image/png": png, "text/plain": drawing.sentence}
    display(data, raw=True, metadata={"image/png": {"alt": drawing.sentence, **drawing.size()}})


def _spoken(sentence: str) -> str:
    """Return the sentence as HTML that a screen reader announces when it changes."""
    return f'<p aria-live="polite" style="max-width: 750px; line-height: 1.4">{escape(sentence)}</p>'
