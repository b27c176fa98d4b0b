"""How many times as fast each step of a series of changes has made something, for several sizes beside one another."""

from collections.abc import Iterable

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from rnn_helpers.plots import door
from rnn_helpers.plots.drawing import FAINT, FORWARD, GRADIENT, WIDTH, Drawing, count_of, drawing_of
from rnn_helpers.plots.glyphs import note_on, put, short
from rnn_helpers.validate import Array

MOST = 4  # panels that fit beside one another


def ladder_bars(names: Iterable[str], times_faster: Array, floors: Array, titles: Iterable[str]) -> Drawing:
    """Draw a bar for each of `names`, the first one on top, in a panel for each of `titles`, on a logarithmic axis.

    `times_faster` (panels, names) are positive, the first of each panel usually 1; `floors` (panels,) are drawn as
    lines: how many times as fast as the first something would be that did only what cannot be left out.
    """
    names, titles = door.texts("names", names), door.texts("titles", titles)
    if len(titles) > MOST:
        raise ValueError(f"titles: expected at most {MOST}, got {len(titles)}")
    times_faster = door.numbers("times_faster", times_faster, {"panels": len(titles), "names": len(names)})
    floors = door.numbers("floors", floors, {"panels": len(titles)})
    for name, values in (("times_faster", times_faster), ("floors", floors)):
        if (values <= 0).any():
            raise ValueError(f"{name}: expected positive numbers, got {values.min()}")
    figure = Figure(figsize=(WIDTH, 0.9 + 0.26 * len(names)), layout="constrained")
    panels = figure.subplots(1, len(titles), sharey=True, squeeze=False)[0]
    every = np.append(times_faster, floors)
    least, most = 0.45 * float(every.min()), 1.15 * float(every.max())  # the shortest bar has room for its number
    ticks = 2.0 ** np.arange(np.ceil(np.log2(least)), np.floor(np.log2(most)) + 1)
    places = np.arange(len(names))
    for ax, bars, floor, title in zip(panels, times_faster, floors, titles, strict=True):
        ax.barh(places, bars - least, left=least, color=FORWARD, height=0.7)
        ax.axvline(floor, color=GRADIENT, linestyle="--", linewidth=1.4, zorder=0.9)  # behind the bars' numbers
        for place, value in enumerate(bars):
            ax.text(value / 1.04, place, f"{value:.2f}", ha="right", va="center", fontsize=8, color="#FFFFFF")
        ax.set_xscale("log")
        ax.set(xlim=(least, most), ylim=(len(names) - 0.4, -0.6), xlabel="times as fast")
        ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        ax.xaxis.set_minor_locator(NullLocator())
        ax.grid(axis="x", color=FAINT, linewidth=0.5)
        ax.set_axisbelow(True)
        put(ax.title, short(title, 30))
    panels[0].set_yticks(places, [short(name, 30) for name in names])
    for label, name in zip(panels[0].get_yticklabels(), names, strict=True):
        put(label, short(name, 30))
    ends = "; ".join(
        f"{short(title, 30)} {bars[-1]:.2f} and {floor:.2f}"
        for title, bars, floor in zip(titles, times_faster, floors, strict=True)
    )
    return drawing_of(
        panels[0],
        f"{count_of(len(names), 'bar')} a panel, as multiples of the first one's speed. The last bar and the floor "
        f"(dashed): {ends}.{note_on(names=[*names, *titles])}",
    )
