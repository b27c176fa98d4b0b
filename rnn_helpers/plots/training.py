"""How training went: losses over the steps, and other numbers of several runs beside one another."""

import numpy as np
from matplotlib.axes import Axes

from rnn_helpers.plots.drawing import FAINT, FORWARD, Drawing, axes, drawing_of
from rnn_helpers.validate import Array


def smooth(values: Array, width: int = 25) -> Array:
    """Return the mean of each value and the `width - 1` before it, of fewer at the start: batches differ much."""
    sums = np.cumsum(np.concatenate([[0.0], values]))
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(0, ends - width)
    means: Array = (sums[ends] - sums[starts]) / (ends - starts)
    return means


def growing_loss(losses: Array, total: int, ax: Axes | None = None) -> Drawing:
    """Draw the smoothed losses (steps,) of a run that is to take `total` steps; `grow` moves the line on."""
    ax = axes(ax, height=2.2)
    (line,) = ax.plot([], [], color=FORWARD)
    ax.set(xlim=(0, total), ylim=(0, 1.05 * losses[:10].mean()), xlabel="training step", ylabel="loss (nats)")
    ax.grid(axis="y", color=FAINT, linewidth=0.5)
    return grow(drawing_of(ax, moving=(line,)), losses, total)


def grow(drawing: Drawing, losses: Array, total: int) -> Drawing:
    """Move the line of `growing_loss` on to these losses."""
    line = drawing.moving[0]
    means = smooth(losses)
    line.set_data(np.arange(1, len(losses) + 1), means)
    return drawing._replace(
        sentence=f"Step {len(losses):,} of {total:,}: a loss of {means[-1]:.2f} nats on the last batches."
    )
