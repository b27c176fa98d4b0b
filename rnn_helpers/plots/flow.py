"""What many steps do to a gradient: eigenvalues beside its size, the singular values of a product, a cliff from above.

`update_gradient_flow` moves the artists of a drawing that `gradient_flow` made, and returns it with the new sentence.
"""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnn_helpers import validate
from rnn_helpers.data import cut
from rnn_helpers.plots import door
from rnn_helpers.plots.drawing import (
    FAINT,
    FORWARD,
    GRADIENT,
    INK,
    LINES,
    WIDTH,
    Drawing,
    axes,
    count_of,
    drawing_of,
    frame_of,
)
from rnn_helpers.plots.sequences import BANDS
from rnn_helpers.validate import Array

POWER = 12  # the axis of gradients reaches from 10**-12 to 10**12
FARTHEST = 2.75  # and those of eigenvalues from here to there
Numbers = tuple[Array, float, float, Array]


def gradient_flow(eigenvalues: Array, sigma: float, slope: float, log_sizes: Array, *, setting: str) -> Drawing:
    """Draw eigenvalues beside the unit circle, and the size of a gradient over the steps back with two predictions.

    `eigenvalues` (n_h, 2) are real and imaginary parts, `sigma` is the largest singular value of the same matrix and
    `slope` the root mean square of the slopes; the eigenvalues are drawn as they are, and times the slope. `log_sizes`
    (time + 1,) holds the base-10 logarithms of the size 0 .. time steps back, of which the first is 0. `setting` is
    what the sentence begins with.
    """
    numbers = _flow(eigenvalues, sigma, slope, log_sizes, setting)
    figure = Figure(figsize=(WIDTH, 3.5))
    margins = {"left": 0.085, "right": 0.985, "bottom": 0.135, "top": 0.845, "wspace": 0.33}
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.2], gridspec_kw=margins)
    around = np.linspace(0, 2 * np.pi, 181)
    left.plot(np.cos(around), np.sin(around), color=INK, linewidth=1, zorder=0.5)  # what moves is drawn over it
    rings = left.scatter([], [], s=18, facecolors="none", edgecolors=FORWARD, label="eigenvalues of $W_{hh}$")
    crosses = left.scatter([], [], s=16, color=GRADIENT, marker="x", linewidths=1, label="times the slopes")
    ticks = (-2, -1, 0, 1, 2)
    left.set(xlim=(-FARTHEST, FARTHEST), ylim=(-FARTHEST, FARTHEST), xticks=ticks, yticks=ticks, aspect="equal")
    left.set(xlabel="real part (no unit)", ylabel="imaginary part (no unit)")
    lines = [
        right.plot([], [], color=color, linestyle=style, linewidth=width, label=label)[0]
        for color, style, width, label in (
            (GRADIENT, "--", 2.2, "measured"),
            (FORWARD, "-", 1.2, "spectral radius$^k$"),
            (INK, ":", 1.4, "largest singular value$^k$"),
        )
    ]
    right.axhline(0, color=FAINT, linewidth=0.8, zorder=0)
    powers = range(-POWER, POWER + 1, 4)
    right.set_yticks(powers, [f"$10^{{{power}}}$" for power in powers])
    right.set(ylim=(-POWER - 0.5, POWER + 0.5), xlabel="steps back k (no unit)")
    right.set_ylabel("size of the gradient, as a\nmultiple of the last one (no unit)")
    for ax, x, columns in ((left, -0.02, 1), (right, -0.12, 2)):
        ax.legend(loc="lower left", bbox_to_anchor=(x, 0.99), frameon=False, ncols=columns, fontsize=9, columnspacing=1)
    moving = (rings, crosses, *lines, *frame_of(left, right))
    return _moved(drawing_of(right, moving=moving, by=("gradient_flow",)), *numbers, setting)


def update_gradient_flow(
    drawing: Drawing, eigenvalues: Array, sigma: float, slope: float, log_sizes: Array, *, setting: str
) -> Drawing:
    """Show other eigenvalues and sizes in a drawing of `gradient_flow`."""
    numbers = _flow(eigenvalues, sigma, slope, log_sizes, setting)
    door.drawing(drawing, "gradient_flow")
    return _moved(drawing, *numbers, setting)


def _moved(drawing: Drawing, eigenvalues: Array, sigma: float, slope: float, log_sizes: Array, setting: str) -> Drawing:
    """Move the artists of `gradient_flow`."""
    rings, crosses, measured, by_radius, by_sigma = drawing.moving[:5]
    rings.set_offsets(eigenvalues)
    crosses.set_offsets(slope * eigenvalues)
    radius = np.hypot(*eigenvalues.T).max()
    steps = len(log_sizes) - 1
    k = np.arange(steps + 1)
    for line, logs in ((measured, log_sizes), (by_radius, k * np.log10(radius)), (by_sigma, k * np.log10(sigma))):
        line.set_data(k, logs)
    room = next((band for band in BANDS if band >= steps), steps)
    if measured.axes.get_xlim() != (0, room):
        measured.axes.set_xlim(0, room)
    factor = 10 ** (log_sizes[-1] / steps)
    return drawing._replace(
        static=room,
        sentence=f"{cut(setting)}: the spectral radius is {radius:.2f}, the largest singular value {sigma:.2f}. The "
        f"slopes' root mean square is {slope:.2f}, and each of the {steps} steps back multiplies by {factor:.2f}.",
    )


def _flow(eigenvalues: Array, sigma: float, slope: float, log_sizes: Array, setting: str) -> Numbers:
    """Return the numbers of `gradient_flow`, or raise TypeError or ValueError."""
    eigenvalues = door.numbers("eigenvalues", eigenvalues, {"n_h": None, "real and imaginary": 2})
    validate.positive("sigma", sigma)
    validate.number("slope", slope)
    log_sizes = door.numbers("log_sizes", log_sizes, {"time + 1": None})
    if len(log_sizes) < 2:
        raise ValueError(f"log_sizes: expected those of at least one step back, got {len(log_sizes) - 1}")
    door.text("setting", setting)
    return eigenvalues, sigma, slope, log_sizes


def singular_values(steps: Array, values: Array, ax: Axes | None = None) -> Drawing:
    """Draw the singular values (products, n_h) of products of so many `steps` (products,), each from the largest on.

    Those that are lost in the rounding of the largest are left out. Raises ValueError for more products than there are
    colours.
    """
    steps = door.between("steps", steps, {"products": None}, 1)
    values = -np.sort(-door.between("values", values, {"products": len(steps), "n_h": None}, 0), axis=1)
    if len(steps) > len(LINES):
        raise ValueError(f"steps: expected at most {len(LINES)} products, got {len(steps)}")
    ax = axes(ax, height=3.0)
    n_h = values.shape[1]
    known = n_h * np.finfo(float).eps * values[:, :1]
    for count, row, least, (color, style) in zip(steps, values, known, LINES, strict=False):
        row = row[row > least]
        label = count_of(int(count), "step")
        ax.plot(np.arange(1, len(row) + 1), np.log10(row), color=color, linestyle=style, label=label)
    ax.axhline(0, color=INK, linewidth=0.8, zorder=0)
    powers = range(-9, 7, 3)
    ax.set_yticks(powers, [f"$10^{{{power}}}$" for power in powers])
    ax.set(xlim=(1, max(2, n_h)), ylim=(-10, 6), xlabel="direction, the strongest first (no unit)")
    ax.set_ylabel("singular value (no unit)")
    ax.grid(axis="y", color=FAINT, linewidth=0.5)
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    grown = ", ".join(
        f"{(row > 1).sum()} after {count_of(int(n), 'step')}" for n, row in zip(steps, values, strict=True)
    )
    strongest, median, least = values[-1, 0], np.median(values[-1]), known[-1, 0]
    half = f"{median:.0e}" if median > least else f"less than {least:.0e}"
    return drawing_of(
        ax,
        f"Of {count_of(n_h, 'direction')} so many have grown: {grown}. In the last product the strongest is "
        f"{strongest:.1e} times as long as it was, the median one {half} times.",
    )


def loss_map(w_h: Array, b: Array, loss: Array, paths: Mapping[str, Array], ax: Axes | None = None) -> Drawing:
    """Draw the loss (len(b), len(w_h)) over two parameters from above, with one to four descents across it.

    Each of `paths` (steps + 1, 3) holds w_h, b and the loss before and after each step; it may leave the map.
    """
    w_h, b = door.numbers("w_h", w_h, {"columns": None}), door.numbers("b", b, {"rows": None})
    loss = door.numbers("loss", loss, {"rows": len(b), "columns": len(w_h)})
    door.mapping("paths", paths, 1, len(LINES), "descents")
    paths = {
        label: door.numbers(f"paths[{cut(label)!r}]", path, {"steps + 1": None, "w_h, b and loss": 3})
        for label, path in paths.items()
    }
    ax = axes(ax, height=3.4)
    ax.figure.colorbar(ax.pcolormesh(w_h, b, loss, cmap="viridis", rasterized=True), ax=ax, label="loss (no unit)")
    ends = []
    for (label, path), (color, style) in zip(paths.items(), (("#FFFFFF", "-"), *LINES[1:]), strict=False):
        ax.plot(*path[:, :2].T, color=color, linestyle=style, linewidth=1.8, marker="o", markersize=5, label=label)
        x, y, last = path[-1]
        steps = count_of(len(path) - 1, "step")
        ends.append(f"{cut(label, 40)} ends after {steps} at ({x:.2f}, {y:.2f}), with a loss of {last:.4f}")
    ax.set(xlim=(w_h.min(), w_h.max()), ylim=(b.min(), b.max()))
    ax.set(xlabel="$w_h$ (no unit)", ylabel="$b$ (no unit)")
    ax.legend(loc="lower right", facecolor="#8A8A8A", edgecolor="none", labelcolor="#FFFFFF", framealpha=0.9)
    start = next(iter(paths.values()))[0]
    return drawing_of(ax, f"From ({start[0]:.2f}, {start[1]:.2f}) {'; '.join(ends)}.", true_colours=True)
