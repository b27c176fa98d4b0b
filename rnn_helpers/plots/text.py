"""A network while it reads: its states letter by letter, and what it expects next."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patheffects import withStroke

from rnn_helpers.plots.drawing import FAINT, FORWARD, INK, LINES, WIDTH, Drawing, axes, drawing_of, frame_of
from rnn_helpers.validate import Array

GLYPHS = {"\n": "↵", " ": "␣"}  # what stands on an axis for a character that cannot be seen


def visible(text: str) -> list[str]:
    """Return the characters, each as something that can be seen on an axis."""
    return [GLYPHS.get(character, character) for character in text]


def shown(text: str) -> str:
    """Return the text with every character visible."""
    return "".join(visible(text))


def states_of_text(h: Array, text: str, ax: Axes | None = None) -> Drawing:
    """Draw states `h` (time, units) as a heat map over the characters that were read; row 1 is on top."""
    ax = axes(ax, height=3.4)
    picture = _heat_map(ax, h, text)
    ax.figure.colorbar(picture, ax=ax, label="state (no unit)", ticks=[-1, 0, 1], pad=0.02)
    turned = float((np.sign(h[1:]) != np.sign(h[:-1])).mean())
    return drawing_of(
        ax,
        f"{h.shape[1]} units reading {len(text)} characters: |h| is {np.abs(h).mean():.2f} on average, and from "
        f"one character to the next {100 * turned:.0f} % of the units change sign.",
    )


def unit_over_text(values: Array, text: str, marks: Array, ax: Axes | None = None) -> Drawing:
    """Draw one unit's states (time,) over the characters of a text; dots stand where `marks` (time,) is True."""
    ax = axes(ax, height=2.4)
    places = np.arange(1, len(text) + 1)
    ax.plot(places, values, color=FORWARD, linewidth=1)
    ax.plot(places[marks], values[marks], "o", color=LINES[1][0], markeredgecolor=INK, label="last letter of a word")
    ax.axhline(0, color=FAINT, linewidth=0.8, zorder=0)
    ax.set(ylim=(-1.05, 1.05), ylabel="state (no unit)")
    _letters(ax, text)
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    return drawing_of(
        ax,
        f"At the last letters of words the unit's mean state is {values[marks].mean():+.2f}, at the other "
        f"{np.count_nonzero(~marks)} places {values[~marks].mean():+.2f}.",
    )


def reading(h: Array, text: str, place: int, y: Array, alphabet: str, note: str = "") -> Drawing:
    """Draw the states `h` (time, units) over a text, and what is expected after its character number `place`.

    `y` (n_y,) holds the probabilities of the characters of `alphabet` there. `update_reading` moves the picture on.
    """
    figure = Figure(figsize=(WIDTH, 4.6))  # fixed margins: the picture stays where it is when the letters change
    margins = {"left": 0.1, "right": 0.92, "bottom": 0.06, "top": 0.98, "wspace": 0.05, "hspace": 0.42}
    (above, bar), (below, empty) = figure.subplots(
        2, 2, width_ratios=[50, 1], height_ratios=[3, 2], gridspec_kw=margins
    )
    empty.remove()
    picture = _heat_map(above, h, text)
    figure.colorbar(picture, cax=bar, label="state (no unit)", ticks=[-1, 0, 1])
    edge = [withStroke(linewidth=5, foreground="white")]  # dark cells lie behind the line
    (line,) = above.plot(
        [place, place], [0, 1], color=INK, linewidth=2, transform=above.get_xaxis_transform(), path_effects=edge
    )
    bars = below.bar(np.arange(len(alphabet)), y, color=FORWARD)
    below.set(xlim=(-0.7, len(alphabet) - 0.3), ylim=(0, 1), yticks=[0, 0.5, 1])
    below.set_ylabel("probability of the\nnext character (no unit)")
    below.set_xticks(np.arange(len(alphabet)), visible(alphabet))
    drawing = Drawing(figure, "", (picture, line, *bars, *frame_of(above, below)))
    return update_reading(drawing, h, text, place, y, alphabet, note)


def update_reading(
    drawing: Drawing, h: Array, text: str, place: int, y: Array, alphabet: str, note: str = ""
) -> Drawing:
    """Move the picture of `reading` to other states, another text, another place in it."""
    picture, line, *bars = drawing.moving[: 2 + len(alphabet)]
    above = picture.axes
    picture.set_data(h.T)
    extent = (0.5, len(text) + 0.5, 1.0, 0.0)
    if above.get_xlim() != extent[:2] or [t.get_text() for t in above.get_xticklabels()] != visible(text):
        picture.set_extent(extent)
        _letters(above, text)
    line.set_data([place, place], [0, 1])
    for bar, p in zip(bars, y, strict=True):
        bar.set_height(p)
    order = np.argsort(-y, kind="stable")[:3]
    likely = ", ".join(f"{visible(alphabet[i])[0]} {y[i]:.2f}" for i in order)
    return drawing._replace(
        sentence=f"{h.shape[1]} units read '{shown(text)}': after '{shown(text[:place])}' they expect {likely}.{note}"
    )


def _heat_map(ax: Axes, h: Array, text: str) -> AxesImage:
    extent = (0.5, len(text) + 0.5, 1.0, 0.0)
    picture = ax.imshow(h.T, cmap="RdBu_r", vmin=-1, vmax=1, aspect="auto", interpolation="nearest", extent=extent)
    ax.set_yticks([])
    ax.set_ylabel("units")
    _letters(ax, text)
    return picture


def _letters(ax: Axes, text: str) -> None:
    ax.set_xlim(0.5, len(text) + 0.5)
    ax.set_xticks(np.arange(1, len(text) + 1), visible(text))
    ax.set_xlabel(f"character that was read ({GLYPHS[chr(10)]} begins a name, {GLYPHS[' ']} is a space)")
