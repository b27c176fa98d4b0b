"""What a network remembers: how much a read-out recovers, lag by lag; and what arrived against what was learned.

`update_memory_curve` moves the artists of a drawing that `memory_curve` made, and returns it with the new sentence.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from rnn_helpers import validate
from rnn_helpers.data import cut
from rnn_helpers.plots import door
from rnn_helpers.plots.drawing import FAINT, FORWARD, INK, LINES, Drawing, axes, count_of, drawing_of, frame_of
from rnn_helpers.validate import Array

MARKERS = "os^D"
LEAST_POWER = -20  # the axis of arriving gradients reaches from here
HALF, SMALL, LARGE = 0.5, 1e-6, 1e-2


def memory_curve(curve: Array, n_h: int, *, setting: str, ax: Axes | None = None) -> Drawing:
    """Draw the share (lags,) of the input of 0, 1, .. steps ago that a read-out of `n_h` units recovers.

    `setting` is what the sentence begins with.
    """
    curve = _curve(curve, n_h, setting)
    ax = axes(ax, height=2.9)
    filled = ax.fill_between([], [], color=FORWARD, alpha=0.35, linewidth=0)
    (line,) = ax.plot([], [], color=FORWARD, label="recovered")
    (units,) = ax.plot([], [], color=INK, linestyle=":", label="as many steps as units")
    ax.set(xlim=(0, len(curve) - 1 or 1), ylim=(0, 1.03), xlabel="lag: steps ago")
    ax.set_ylabel("share of the input that a\nread-out recovers, $R^2$")
    ax.set_axisbelow(True)  # what moves is drawn over the grid
    ax.grid(axis="y", color=FAINT, linewidth=0.5)
    ax.legend(frameon=False, loc="lower right", bbox_to_anchor=(1.01, 0.98), ncols=2, fontsize=9)
    drawing = drawing_of(ax, moving=(filled, line, units, *frame_of(ax)), by=("memory_curve", len(curve)))
    return _moved(drawing, curve, n_h, setting)


def update_memory_curve(drawing: Drawing, curve: Array, n_h: int, *, setting: str) -> Drawing:
    """Show another curve of as many lags in a drawing of `memory_curve`."""
    curve = _curve(curve, n_h, setting)
    door.drawing(drawing, "memory_curve", len(curve))
    return _moved(drawing, curve, n_h, setting)


def _moved(drawing: Drawing, curve: Array, n_h: int, setting: str) -> Drawing:
    """Move the artists of `memory_curve`."""
    filled, line, units = drawing.moving[:3]
    assert isinstance(filled, PolyCollection)
    lags = np.arange(len(curve))
    filled.set_verts([np.concatenate([[[0, 0]], np.stack([lags, curve], axis=1), [[lags[-1], 0]]])])
    line.set_data(lags, curve)
    units.set_data([n_h, n_h], [0, 1.03])
    reach = int(np.argmin(curve > HALF)) if (curve <= HALF).any() else len(curve)
    half = f"the inputs of the last {count_of(reach, 'step')}" if reach > 1 else "the last input alone"
    recovered = f"more than half of {half}" if reach else "less than half of every input"
    return drawing._replace(
        # Not "of at most n_h": inputs that chance made alike can bring a small network a few tenths above that.
        sentence=f"{cut(setting)}: a read-out recovers {recovered}, and {curve.sum():.1f} inputs in all."
    )


def _curve(curve: Array, n_h: int, setting: str) -> Array:
    """Return the curve of `memory_curve`, or raise TypeError or ValueError."""
    curve = door.between("curve", curve, {"lags": None}, 0, 1)
    validate.size("n_h", n_h)
    door.text("setting", setting)
    return curve


def arrivals(runs: Mapping[str, Array], ax: Axes | None = None) -> Drawing:
    """Draw for each run what was left of its loss against the gradient that arrived before training, in up to 4 groups.

    Each of `runs` (count, 2) holds pairs: the gradient at the first step as a share of that at the last, and the loss
    after training as a share of what it costs to remember nothing. A run has learned if that is less than one half.
    """
    door.mapping("runs", runs, 1, len(LINES), "groups of runs")
    groups = {
        label: door.between(f"runs[{cut(label)!r}]", pairs, {"runs": None, "gradient and loss": 2}, 0)
        for label, pairs in runs.items()
    }
    ax = axes(ax, height=3.4)
    for (label, pairs), (color, _), marker in zip(groups.items(), LINES, MARKERS, strict=False):
        powers = np.log10(np.maximum(pairs[:, 0], 10.0**LEAST_POWER))
        look: dict[str, Any] = {"s": 20, "facecolors": "none", "edgecolors": color, "linewidths": 1}
        ax.scatter(powers, pairs[:, 1], marker=marker, label=label, **look)
    ax.axhline(1, color=INK, linewidth=0.8, zorder=0)
    ax.axhline(HALF, color=FAINT, linewidth=0.8, linestyle="--", zorder=0)
    ticks = range(LEAST_POWER, 5, 4)
    ax.set_xticks(ticks, [f"$10^{{{power}}}$" for power in ticks])
    ax.set(xlim=(LEAST_POWER - 0.5, 4.5), ylim=(0, None))
    ax.set_xlabel("gradient that arrives at the first step before training, as a share of the last one")
    ax.set_ylabel("loss after training, as a\nshare of ln 4")
    ax.legend(frameon=False, loc="lower right", bbox_to_anchor=(1.01, 0.98), ncols=len(LINES), fontsize=9)
    share, loss = np.concatenate(list(groups.values())).T
    learned = loss < HALF

    def of(which: Array) -> str:
        return f"{(learned & which).sum()} of {count_of(int(which.sum()), 'run')}"

    return drawing_of(
        ax,
        f"Where less than a millionth of the gradient arrived, {of(share < SMALL)} learned to remember; where more "
        f"than a hundredth arrived, {of(share > LARGE)}; between, {of((share >= SMALL) & (share <= LARGE))}.",
    )
