"""Swatches: colours with their names, a name's colour after each letter, and what each letter did."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from rnn_helpers.plots.drawing import FAINT, FORWARD, GRADIENT, INK, LINES, Drawing, canvas, count_of, drawing_of
from rnn_helpers.plots.drawing import axes as new_axes
from rnn_helpers.validate import Array

_PAPER = "#F6F4EF"


def chips(names: Sequence[str], rgb: Array, columns: int = 6, ax: Axes | None = None) -> Drawing:
    """Draw a card of paint chips: each colour of `rgb` (n, 3) with its name beneath."""
    rows = -(-len(names) // columns)
    ax = canvas(ax, height=rows * 0.92 + 0.16, width=columns, top=0.08, bottom=-rows - 0.08)
    for i, (name, colour) in enumerate(zip(names, rgb, strict=True)):
        x, y = i % columns, -(i // columns) - 1
        _card(ax, x + 0.04, y + 0.05, 0.92, 0.9)
        ax.add_patch(Rectangle((x + 0.04, y + 0.31), 0.92, 0.64, facecolor=tuple(colour)))
        ax.text(x + 0.5, y + 0.18, _short(name, 19), ha="center", va="center", color=INK, fontsize=7.5)
    _no_margins(ax)
    first, last = (f"{names[i]} is {to_hex(rgb[i])}" for i in (0, -1))
    return drawing_of(ax, f"A card of {count_of(len(names), 'colour')}, from left to right and down: {first}, {last}.")


def pairs(names: Sequence[str], rgb: Array, other: Array, distances: Array, ax: Axes | None = None) -> Drawing:
    """Draw for each name two swatches side by side: its colour in the data, and `other`, what was painted.

    Parameters
    ----------
    names : n names.
    rgb, other : (n, 3) colours.
    distances : (n,) how far apart they are, in Delta E.
    """
    columns = 4
    rows = -(-len(names) // columns)
    ax = canvas(ax, height=rows * 0.92 + 0.3, width=columns, top=0.3, bottom=-rows - 0.08)
    for i, name in enumerate(names):
        x, y = i % columns, -(i // columns) - 1
        _card(ax, x + 0.03, y + 0.05, 0.94, 0.9)
        for part, colour in enumerate((rgb[i], other[i])):
            ax.add_patch(Rectangle((x + 0.03 + 0.47 * part, y + 0.31), 0.47, 0.64, facecolor=tuple(colour)))
        text = f"{_short(name, 22)}  {distances[i]:.0f}"
        ax.text(x + 0.5, y + 0.18, text, ha="center", va="center", color=INK, fontsize=8)
    for place, text in ((0.265, "data"), (0.735, "painted")):
        ax.text(place, 0.06, text, ha="center", va="bottom", color=INK, fontsize=8)
    _no_margins(ax)
    far = int(np.argmax(distances))
    return drawing_of(
        ax,
        f"Left half: the colour in the data, right half: as painted, with the distance between them. "
        f"The farthest of {len(names)} is {names[far]}, by {distances[far]:.0f} Delta E.",
    )


def letters(name: str, rgb: Array, ax: Axes | None = None) -> Drawing:
    """Draw a name on its colour, and beneath it the colour after each letter; `rgb` is (letters, 3), the last final."""
    ax = canvas(ax, height=2.5, width=10, top=3.3, bottom=0)
    ax.add_patch(Rectangle((0, 1.1), 10, 2.2, facecolor=tuple(rgb[-1])))
    ink = _readable_on(rgb[-1])
    ax.text(5, 2.25, name, ha="center", va="center", color=ink, fontsize=min(30, 620 / len(name)))
    ax.text(9.85, 1.22, to_hex(rgb[-1]), ha="right", va="bottom", color=ink, fontsize=9, family="monospace")
    size = min(1.0, 10 / len(name))
    left = 5 - size * len(name) / 2
    for i, (letter, colour) in enumerate(zip(name, rgb, strict=True)):
        ax.add_patch(Rectangle((left + i * size, 0), size, 1, facecolor=tuple(colour)))
        shown = "␣" if letter == " " else letter
        ax.text(left + (i + 0.5) * size, 0.5, shown, ha="center", va="center", color=_readable_on(colour), fontsize=13)
    _no_margins(ax)
    return drawing_of(
        ax,
        f"After {count_of(len(name), 'letter')} the name “{name}” is {to_hex(rgb[-1])}; "
        f"after the first it was {to_hex(rgb[0])}.",
    )


def letter_bars(name: str, gradient: Array, deletion: Array, ax: Axes | None = None) -> Drawing:
    """Draw two bars for each letter, both (letters,) in Delta E: what the gradient says, and what deleting it does."""
    ax = new_axes(ax, height=2.9)
    places = np.arange(len(name))
    bars = [
        ax.bar(places - 0.2, deletion, 0.38, color=FORWARD, label="colour with the letter, minus without it"),
        ax.bar(places + 0.2, gradient, 0.38, color=GRADIENT, label="gradient at the letter", hatch="///"),
    ]
    for bar in (bar for group in bars for bar in group):
        bar.set(edgecolor=INK, linewidth=0.6)
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.set_xticks(places, ["␣" if letter == " " else letter for letter in name], fontsize=13)
    ax.set(xlabel="letter", ylabel="along the way to the colour\n($\\Delta E$)")
    top = max(1.0, np.abs([gradient, deletion]).max())
    ax.set_ylim(-1.1 * top, 1.5 * top)
    ax.legend(loc="upper left", frameon=False, ncols=2)
    most, most_felt = int(np.argmax(np.abs(deletion))), int(np.argmax(np.abs(gradient)))
    return drawing_of(
        ax,
        f"Leaving out letter {most + 1} of “{name}”, {name[most]!r}, moves the colour most, by {deletion[most]:+.0f}; "
        f"the gradient is largest at letter {most_felt + 1}, {name[most_felt]!r}, with {gradient[most_felt]:+.0f}.",
    )


def distance_curve(steps: Array, distances: Array, baselines: dict[str, float], ax: Axes | None = None) -> Drawing:
    """Draw the mean distance on validation names over the training steps, beside baselines as level lines."""
    ax = new_axes(ax, height=3.2)
    for (label, height), (color, style) in zip(baselines.items(), (*LINES[1:], (INK, "--")), strict=False):
        ax.axhline(height, color=color, linestyle=style)
        ax.text(steps[-1], height, f"{label} {height:.1f} ", ha="right", va="bottom", color=INK, fontsize=9)
    ax.plot(steps, distances, color=FORWARD, marker=".")
    ax.set(xlim=(0, steps[-1]), ylim=(0, 1.15 * max(distances.max(), *baselines.values())))
    ax.set(xlabel="training step", ylabel="mean distance ($\\Delta E$)")
    ax.grid(axis="y", color=FAINT, linewidth=0.5)
    return drawing_of(
        ax,
        f"On names that were kept back the mean distance falls from {distances[0]:.1f} Delta E "
        f"at step {steps[0]} to {distances[-1]:.1f} at step {steps[-1]}.",
    )


def _card(ax: Axes, x: float, y: float, width: float, height: float) -> None:
    ax.add_patch(Rectangle((x, y), width, height, facecolor="white", edgecolor="#DDDAD2", linewidth=0.8))


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _readable_on(rgb: Array) -> str:
    """Return black or white, whichever is further from the colour's brightness."""
    return "white" if np.dot(rgb, (0.299, 0.587, 0.114)) < 0.55 else "black"


def _no_margins(ax: Axes) -> None:
    """Let axes of a figure of their own fill it: a swatch needs no frame."""
    figure = ax.get_figure(root=True)
    if isinstance(figure, Figure) and len(figure.axes) == 1:
        figure.set_facecolor(_PAPER)
        figure.set_layout_engine("none")
        ax.set_position((0, 0, 1, 1))
