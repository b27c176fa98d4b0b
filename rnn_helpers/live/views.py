"""The live views of the course: what each draws and updates at the values of its controls."""

from functools import cache
from typing import Any

import numpy as np

from rnn_helpers import plots
from rnn_helpers.labs import two_steps_ago
from rnn_helpers.labs.carousel import carousel
from rnn_helpers.labs.flow import flow
from rnn_helpers.labs.memory import read_out
from rnn_helpers.live.controls import Choice, Control, Stepper, Toggle, View, view_of
from rnn_helpers.live.faults import GUESS, STEP_SIZE, SUSPECTS
from rnn_helpers.live.networks import gradient_walks, pencil_step, pencil_step_back, pulse_states, walk_back
from rnn_helpers.plots.drawing import count_of
from rnn_helpers.validate import Array

STEPS = Control("steps", "sequence length T", 1, 60, 1, 5)
HIDDEN = Control("n_h", "hidden size n_h", 1, 64, 1, 5)


def _row(*numbers: float) -> Array:
    return np.array([numbers])


# 00 and 03: the network unrolled, for n_x = 4, n_y = 3 and a batch of 2.
UNROLLED = view_of(
    plots.unrolled,
    plots.update_unrolled,
    (STEPS, HIDDEN),
    lambda steps, n_h: {"steps": steps, "n_x": 4, "n_h": n_h, "n_y": 3, "batch": 2},
)

# 01: softmax(z / temperature) for three scores.
SOFTMAX = view_of(
    plots.softmax_bars,
    plots.update_softmax_bars,
    (
        Control("z1", "score z1", -6.0, 6.0, 0.1, 2.0),
        Control("z2", "score z2", -6.0, 6.0, 0.1, 1.0),
        Control("z3", "score z3", -6.0, 6.0, 0.1, -1.0),
        Control("temperature", "temperature", 0.1, 10.0, 0.1, 1.0),
    ),
    lambda z1, z2, z3, temperature: {"z": np.array([z1, z2, z3]), "temperature": temperature},
)

# 01 and 05: tanh, its tangent and its slope at one point.
TANH = View(plots.tanh_and_slope, (Control("z", "z", -4.0, 4.0, 0.01, 0.5),), plots.update_tanh_and_slope)

# 02: shapes.
CELL = View(
    plots.cell,
    (
        Control("n_x", "input size n_x", 1, 64, 1, 4),
        HIDDEN,
        Control("n_y", "output size n_y", 1, 64, 1, 3),
        Control("batch", "batch", 1, 64, 1, 2),
    ),
    plots.update_cell,
)

# 02 and 05: the numbers of one step, forward, and back.
INPUTS = (
    Control("x1", "input x1", -3.0, 3.0, 0.1, 1.0),
    Control("x2", "input x2", -3.0, 3.0, 0.1, 2.0),
    Control("x3", "input x3", -3.0, 3.0, 0.1, 0.5),
    Control("h1", "old state h1", -1.0, 1.0, 0.05, 0.4),
    Control("h2", "old state h2", -1.0, 1.0, 0.05, -0.6),
)
STEP = view_of(
    plots.cell_numbers,
    plots.update_cell_numbers,
    INPUTS,
    lambda x1, x2, x3, h1, h2: {"step": pencil_step(_row(x1, x2, x3), _row(h1, h2))},
)
STEP_BACK = view_of(
    plots.cell_numbers_back,
    plots.update_cell_numbers_back,
    (
        *INPUTS,
        Control("dh1", "dh_total 1", -3.0, 3.0, 0.1, 1.0),
        Control("dh2", "dh_total 2", -3.0, 3.0, 0.1, -2.0),
        Toggle("forgotten", "forget the transpose", False),
    ),
    lambda x1, x2, x3, h1, h2, dh1, dh2, forgotten: {
        "step": pencil_step_back(_row(x1, x2, x3), _row(h1, h2), _row(dh1, dh2), transposed=not forgotten),
        "transposed": not forgotten,
    },
)

# 03: the states after pulses. Their order comes from the first ten steps, so that no length changes it.
STATES = view_of(
    plots.state_heatmap,
    plots.update_state_heatmap,
    (STEPS._replace(start=40, high=200), HIDDEN._replace(start=24, high=128)),
    lambda steps, n_h: {"h": pulse_states(steps, n_h), "order": plots.alike_together(pulse_states(10, n_h))},
)

# 04: the loss over the right class's score.
LOSS = View(
    plots.loss_of_score,
    (Control("score", "score of the right class", -6.0, 6.0, 0.1, 0.0),),
    plots.update_loss_of_score,
)

# 06: backpropagation through time, one step at a time, and the gradient's size over many steps.
WALK = view_of(
    plots.walk_numbers,
    plots.update_walk_numbers,
    (
        Stepper("taken", "steps back taken", 0, 4, 1, down="undo", up="back one step"),
        Toggle("carried", "hand the carry on", True),
    ),
    lambda taken, carried: {"walk": walk_back(carried=carried), "taken": taken, "carried": carried},
)
GRADIENT = view_of(
    plots.states_and_gradient,
    plots.update_states_and_gradient,
    (
        STEPS._replace(low=10, start=40, high=200),
        HIDDEN._replace(start=16, high=128),
        Control("spread", "spread of W_hh", 0.05, 0.5, 0.01, 0.2),
    ),
    lambda steps, n_h, spread: dict(zip(("h", "log_sizes"), gradient_walks(steps, n_h, spread), strict=True)),
)


@cache  # so that the checkbox, and coming back to a place, is quick
def _two_runs(steps: int, n_h: int) -> dict[str, Any]:
    """Train the same network twice, with the carry and without, for the losses that `with_and_without` draws."""
    carried, dropped = (two_steps_ago.losses(carried=carried, steps=steps, n_h=n_h) for carried in (True, False))
    return {"carried": carried, "dropped": dropped, "setting": f"T = {steps}, {count_of(n_h, 'unit')}"}


# And a network that learns, or doesn't: twelve steps and eight units take some 0.13 s.
TWO_STEPS_AGO = view_of(
    plots.with_and_without,
    plots.update_with_and_without,
    (
        STEPS._replace(low=3, start=12, high=24),
        HIDDEN._replace(start=8, high=32),
        Toggle("hand_on", "hand the carry on", True),
    ),
    lambda steps, n_h, hand_on: {**_two_runs(steps, n_h), "hand_on": hand_on, "guess": np.log(two_steps_ago.IDS)},
)

# 14: eigenvalues, and the gradient's size over the steps back, for three starts.
FLOW = view_of(
    plots.gradient_flow,
    plots.update_gradient_flow,
    (
        Control("gain", "gain", 0.1, 2.5, 0.05, 1.0),
        Control("input_scale", "input", 0.0, 1.5, 0.05, 0.5),
        Choice("start", "start of W_hh", ("normal", "orthogonal", "identity"), "orthogonal"),
        Control("steps", "steps T", 10, 200, 1, 60),
    ),
    lambda gain, input_scale, start, steps: {
        **flow(start, gain, input_scale, steps)._asdict(),
        "setting": f"Gain {gain:.2f}, input {input_scale:.2f}, {start}",
    },
)

# 15: how much of earlier inputs an untrained network's state still tells.
MEMORY = view_of(
    plots.memory_curve,
    plots.update_memory_curve,
    (
        Control("gain", "gain", 0.1, 2.0, 0.05, 0.9),
        Control("input_scale", "input", 0.01, 1.0, 0.01, 0.1),
        Choice("start", "start of W_hh", ("normal", "orthogonal", "identity"), "orthogonal"),
        Control("n_h", "units", 8, 128, 1, 64),
    ),
    lambda gain, input_scale, start, n_h: {
        "curve": read_out(start, gain, input_scale, n_h),
        "n_h": n_h,
        "setting": f"{count_of(n_h, 'unit')}, gain {gain:.2f}, input {input_scale:.2f}, {start}",
    },
)

# 16a: what is left of a gradient on the lane of an LSTM's cell states.
CAROUSEL = view_of(
    plots.carousel,
    plots.update_carousel,
    (
        Control("forget_bias", "forget bias b", -2.0, 6.0, 0.1, 1.0),
        Control("input_scale", "input", 0.0, 1.5, 0.05, 0.5),
        Control("steps", "steps T", 10, 200, 1, 50),
    ),
    lambda forget_bias, input_scale, steps: {
        "forget_bias": forget_bias,
        **carousel(forget_bias, input_scale, steps)._asdict(),
        "setting": f"Forget bias {forget_bias:.1f}, input {input_scale:.2f}",
    },
)

VIEWS = {
    "unrolled": UNROLLED,
    "softmax": SOFTMAX,
    "tanh": TANH,
    "cell": CELL,
    "step": STEP,
    "step_back": STEP_BACK,
    "states": STATES,
    "loss": LOSS,
    "walk": WALK,
    "gradient": GRADIENT,
    "two_steps_ago": TWO_STEPS_AGO,
    "suspects": SUSPECTS,
    "guess": GUESS,
    "step_size": STEP_SIZE,
    "flow": FLOW,
    "memory": MEMORY,
    "carousel": CAROUSEL,
}
