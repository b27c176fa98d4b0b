"""What a sequence leaves behind, over the steps 1..T: states, and sizes of gradients.

Each `update_...` moves the artists of a drawing that its namesake made, and returns it with the new sentence. The
axis of steps grows in bands (10, 20, 30, ... steps), so that a slider mostly leaves it alone.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.image import PcolorImage

from rnn_helpers.plots import door
from rnn_helpers.plots.drawing import (
    FAINT,
    GRADIENT,
    GRADIENT_TEXT,
    INK,
    LINES,
    WIDTH,
    Drawing,
    axes,
    count_of,
    drawing_of,
    frame_of,
)
from rnn_helpers.validate import Array

BANDS = (10, 20, 30, 40, 60, 80, 100, 150, 200)
# Where the axis is longer than the sequence: a grey that no state has. Plain, since a live figure sends each picture as
# runs of equal pixels (live/redraw.py), which diagonal lines would make four times as many.
NOT_READ = {"facecolor": "#D8D8D8"}
POWER = 12  # the axis of gradients reaches from 10**-12 to 10**12


def state_lines(h: Array, ax: Axes | None = None) -> Drawing:
    """Draw the states `h` (time, n_h) of up to four units as lines over the steps 1..T.

    Raises ValueError for more units than there are colours.
    """
    h = _states(h)
    if h.shape[1] > len(LINES):
        raise ValueError(
            f"h: expected at most {len(LINES)} units, got {h.shape[1]}; choose some, as in h[:, :{len(LINES)}]"
        )
    ax = axes(ax, height=2.8)
    steps = np.arange(1, len(h) + 1)
    for unit, (color, style) in zip(range(h.shape[1]), LINES, strict=False):
        ax.plot(steps, h[:, unit], color=color, linestyle=style, marker=".", label=f"unit {unit + 1}")
    ax.axhline(0, color=FAINT, linewidth=0.8, zorder=0)
    ax.set(ylim=(-1.05, 1.05), xlabel="step t", ylabel="state $h_t$")
    step_axis(ax, len(h))
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    last = ", ".join(f"{value:.3f}" for value in h[-1])
    return drawing_of(ax, f"After step {len(h)} the state is ({last}).")


def alike_together(h: Array) -> Array:
    """Return an order of the units of `h` (time, n_h) in which those that move alike stand together.

    The two patterns over time that explain most of `h` (its first singular vectors) span a plane. Each unit has a
    direction in it, and the units are sorted around the circle, which is cut at its widest gap.
    """
    h = _states(h)
    patterns = np.linalg.svd(h, full_matrices=False)[2]
    two = (*patterns, np.zeros_like(patterns[0]))[:2]
    # A singular vector's sign is arbitrary: let both agree with the first state.
    first, second = (-pattern if pattern @ h[0] < 0 else pattern for pattern in two)
    angle = np.arctan2(second, first)
    order = np.argsort(-angle, kind="stable")
    gaps = -np.diff(angle[order], append=angle[order[0]] - 2 * np.pi)
    return np.roll(order, -int(np.argmax(gaps)) - 1)


def state_heatmap(h: Array, order: Array | None = None) -> Drawing:
    """Draw `h` (time, n_h), one sequence, as a heat map: steps across, units down in `order`, or alike together."""
    h, order = _ordered(h, order)
    figure = Figure(figsize=(WIDTH, 3.4))  # fixed margins: the picture stays where it is when ticks change
    margins = {"left": 0.1, "right": 0.92, "bottom": 0.14, "top": 0.97, "wspace": 0.05}
    ax, bar = figure.subplots(1, 2, width_ratios=[50, 1], gridspec_kw=margins)
    picture, texts = _heatmap(ax, limit=1)
    figure.colorbar(picture, cax=bar, label="state", ticks=[-1, 0, 1])
    ax.set_xlabel("step t")
    moving = (picture, *texts, *frame_of(ax))
    return update_state_heatmap(drawing_of(ax, moving=moving, by=("state_heatmap",)), h, order)


def update_state_heatmap(drawing: Drawing, h: Array, order: Array | None = None) -> Drawing:
    """Show other states in a drawing of `state_heatmap`."""
    h, order = _ordered(h, order)
    door.drawing(drawing, "state_heatmap")
    steps, units = h.shape
    room = _fill(drawing.moving[:3], h, order)
    average = "|h| is on average" if units > 1 else "|h| is"
    last = f" and {np.abs(h[-1]).mean():.3f} at step {steps}" if steps > 1 else ""
    return drawing._replace(
        static=room,
        sentence=f"States over {count_of(steps, 'step')} of {count_of(units, 'unit')}: {average} "
        f"{np.abs(h[0]).mean():.3f} at step 1{last}.",
    )


def states_and_gradient(h: Array, log_sizes: Array, order: Array | None = None) -> Drawing:
    """Draw the states (time, n_h) of one network, and under them the size of the gradient at the same steps.

    `log_sizes` (networks, time) holds the logarithms to base 10 of the sizes, a row for each of several networks, the
    first for the one whose states are shown. Each row is drawn as multiples of its last entry, with their geometric
    mean, on an axis of fixed length: a steeper line is then a steeper picture, and a flat one lies on 1.
    """
    h, order = _ordered(h, order)
    log_sizes = door.numbers("log_sizes", log_sizes, {"networks": None, "time": len(h)})
    figure = Figure(figsize=(WIDTH, 3.4))
    margins = {"left": 0.125, "right": 0.9, "bottom": 0.14, "top": 0.98, "wspace": 0.05, "hspace": 0.32}
    (upper, bar), (lower, empty) = figure.subplots(
        2, 2, width_ratios=[50, 1], height_ratios=[2, 3], sharex="col", gridspec_kw=margins
    )
    empty.remove()
    picture, texts = _heatmap(upper, limit=0.5)
    figure.colorbar(picture, cax=bar, label="state", ticks=[-0.5, 0, 0.5], extend="both")
    others = LineCollection([], colors=FAINT, linewidths=0.8, zorder=1.9, label=f"{len(log_sizes) - 1} others like it")
    lower.add_collection(others, autolim=False)
    (shown,) = lower.plot([], [], color=INK, linewidth=1.2, label="the network above")
    (mean,) = lower.plot([], [], color=GRADIENT, linestyle="--", linewidth=2, label=f"average of all {len(log_sizes)}")
    paper = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}  # a line may pass behind the note
    note = lower.text(0.012, 0, "", color=GRADIENT_TEXT, transform=lower.transAxes, bbox=paper)
    lower.axhline(0, color=INK, linewidth=0.8, zorder=0)
    lower.set_ylim(-POWER - 0.5, POWER + 0.5)
    powers = range(-POWER, POWER + 1, 4)
    lower.set_yticks(powers, [f"$10^{{{power}}}$" for power in powers])
    lower.set(xlabel="step t", ylabel="size of the gradient, as a\nmultiple of step T's")
    lower.grid(axis="y", color=FAINT, linewidth=0.5)
    lower.legend(loc="lower right", bbox_to_anchor=(1.01, 0.98), frameon=False, ncols=3)
    moving = (picture, *texts, others, shown, mean, note, *frame_of(upper, lower))
    drawing = drawing_of(upper, moving=moving, by=("states_and_gradient", len(log_sizes)))
    return update_states_and_gradient(drawing, h, log_sizes, order)


def update_states_and_gradient(drawing: Drawing, h: Array, log_sizes: Array, order: Array | None = None) -> Drawing:
    """Show other states and sizes in a drawing of `states_and_gradient`."""
    h, order = _ordered(h, order)
    log_sizes = door.numbers("log_sizes", log_sizes, {"networks": None, "time": len(h)})
    door.drawing(drawing, "states_and_gradient", len(log_sizes))
    picture, first_unit, last_unit, others, shown, mean, note, *_ = drawing.moving
    room = _fill((picture, first_unit, last_unit), h, order)
    steps, units = h.shape
    t = np.arange(1, steps + 1)
    logs = log_sizes - log_sizes[:, -1:]
    average = logs.mean(axis=0)
    others.set_segments([np.column_stack([t, line]) for line in logs[1:]])
    shown.set_data(t, logs[0])
    mean.set_data(t, average)
    first = _power_of_ten(average[0])
    note.set_text(f"average at step 1: {first}")
    vanishes = average[0] <= 0  # then the lines leave the corner at the top free
    note.set(y=0.95 if vanishes else 0.05, verticalalignment="top" if vanishes else "bottom")
    per_step = 10 ** (average[0] / max(1, steps - 1))
    return drawing._replace(
        static=room,
        sentence=f"With T = {steps} and {count_of(units, 'unit')} the gradient that reaches step 1 is {first} "
        f"times the last one, on average over {len(logs)} networks: a factor of {per_step:.2f} for each step back.",
    )


def step_axis(ax: Axes, steps: int) -> None:
    """Make x the axis of the steps 1..T, with ticks at 1, at round numbers and at T."""
    ax.set_xlim(0.5, steps + 0.5)
    every = next((n for n in (1, 5, 10, 25, 50, 100) if steps <= 12 * n), steps)
    between = [t for t in range(every, steps, every) if t > 1 and steps - t > every // 3]
    ax.set_xticks(sorted({1, *between, steps}))


def _states(h: Array) -> Array:
    """Return the states (time, n_h), or raise TypeError or ValueError."""
    return door.numbers("h", h, {"time": None, "n_h": None})


def _ordered(h: Array, order: Array | None) -> tuple[Array, Array]:
    """Return the states (time, n_h) and the order of their units, which are alike together where none is given."""
    h = _states(h)
    return h, alike_together(h) if order is None else door.order("order", order, h.shape[1])


def _heatmap(ax: Axes, limit: float) -> tuple[PcolorImage, list[Any]]:
    """Make an empty heat map, and the texts that number the first and the last unit."""
    # It looks up the cell of each pixel, where `imshow` resamples and colours every pixel: five times as fast.
    picture = PcolorImage(ax, A=np.zeros((1, 1)), cmap="RdBu_r", norm=Normalize(-limit, limit))
    ax.add_image(picture)
    picture.set_clip_path(ax.patch)
    ax.patch.set(**NOT_READ)
    ax.set(ylim=(1, 0), yticks=[], autoscale_on=False)
    ax.set_ylabel("unit, sorted:\nalike together", labelpad=26)
    side = ax.get_yaxis_transform()
    texts = [ax.text(-0.01, y, "", transform=side, ha="right", va=va) for y, va in ((0, "top"), (1, "bottom"))]
    return picture, texts


def _fill(artists: Iterable[Any], h: Array, order: Array) -> int:
    """Show `h` (time, n_h) in a heat map, give its axis of steps the band that holds them, and return that band."""
    picture, first, last = artists
    steps, units = h.shape
    states = h[:, order].T
    picture.set_data(np.arange(steps + 1) + 0.5, np.linspace(0, 1, units + 1), states)
    picture.set_extent((0.5, steps + 0.5, 1, 0))
    first.set_text("1")
    last.set_text(str(units) if units > 1 else "")
    ax = picture.axes
    room = next((band for band in BANDS if band >= steps), steps)
    if ax.get_xlim() != (0.5, room + 0.5):
        step_axis(ax, room)
    return room


def _power_of_ten(log: float) -> str:
    """Write 10**log with one decimal; it may be too small or too large for a float."""
    exponent = int(np.floor(log + np.log10(1 / 0.995)))  # 9.96e-6 is written 1.0e-05
    return f"{10 ** (log - exponent):.1f}e{exponent:+03d}"
