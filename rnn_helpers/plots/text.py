"""A network while it reads: its states letter by letter, and what it expects next."""

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patheffects import withStroke

from rnn_helpers.data import LONGEST, cut
from rnn_helpers.plots import door
from rnn_helpers.plots.drawing import (
    FAINT,
    FORWARD,
    INK,
    LINES,
    WIDTH,
    Drawing,
    axes,
    count_of,
    drawing_of,
    frame_of,
)
from rnn_helpers.plots.glyphs import GLYPHS, SMALL, WIDE, note_on, put, shown, sign
from rnn_helpers.validate import Array

SIZE, LEAST = 10.0, 6.0  # points: of a character on an axis, and of one that stands among many
FEW = 40  # characters of an alphabet whose bars can stand side by side with their letters
LIKELIEST = 24  # of a larger alphabet, so many have a bar of their own


def states_of_text(h: Array, text: str, ax: Axes | None = None) -> Drawing:
    """Draw states `h` (time, units) as a heat map over the characters that were read; row 1 is on top."""
    text = door.text("text", text, empty=False)
    h = door.numbers("h", h, {"time": len(text), "units": None})
    ax = axes(ax, height=3.4)
    picture, written = _heat_map(ax, h, text)
    ax.figure.colorbar(picture, ax=ax, label="state", ticks=[-1, 0, 1], pad=0.02)
    sentence = f"{count_of(h.shape[1], 'unit')} reading {count_of(len(text), 'character')}: |h| is "
    sentence += f"{np.abs(h).mean():.2f} on average"
    if len(text) > 1:
        turned = float((np.sign(h[1:]) != np.sign(h[:-1])).mean())
        sentence += f", and from one character to the next {100 * turned:.0f} % of the units change sign"
    return drawing_of(ax, f"{sentence}.{note_on(written)}")


def unit_over_text(values: Array, text: str, marks: Array, ax: Axes | None = None) -> Drawing:
    """Draw one unit's states (time,) over the characters of a text; dots stand where `marks` (time,) is True."""
    text = door.text("text", text, empty=False)
    values = door.numbers("values", values, {"time": len(text)})
    marks = door.marks("marks", marks, {"time": len(text)})
    ax = axes(ax, height=2.4)
    places = np.arange(1, len(text) + 1)
    ax.plot(places, values, color=FORWARD, linewidth=1)
    ax.plot(places[marks], values[marks], "o", color=LINES[1][0], markeredgecolor=INK, label="last letter of a word")
    ax.axhline(0, color=FAINT, linewidth=0.8, zorder=0)
    ax.set(ylim=(-1.05, 1.05), ylabel="state")
    written = _letters(ax, text)
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    marked, others = (f"{values[those].mean():+.2f}" if those.any() else "" for those in (marks, ~marks))
    if marked and others:
        rest = f", at the other {np.count_nonzero(~marks)} places {others}"
        sentence = f"At the last letters of words the unit's mean state is {marked}{rest}."
    else:
        which = "all are" if marked else "none is"
        sentence = f"The unit's mean state is {marked or others}; of its {len(text)} places {which} marked."
    return drawing_of(ax, sentence + note_on(written))


def reading(h: Array, text: str, place: int, y: Array, alphabet: str, note: str = "") -> Drawing:
    """Draw the states `h` (time, units) over a text, and what is expected after its character number `place`.

    `y` (n_y,) holds the probabilities of the characters of `alphabet` there. Of more than 40 characters the likeliest
    24 are shown, in their order, and one bar for all others. `update_reading` moves the picture on.
    """
    h, y = _checked(h, text, place, y, alphabet, note)
    figure = Figure(figsize=(WIDTH, 3.4))  # fixed margins: the picture stays where it is when the letters change
    few = len(alphabet) <= FEW
    # A code point takes two lines; which letters are likeliest, and whether a font has them, is not known yet.
    low = 0.08 if few and not note_on(alphabet) else 0.115
    margins = {"left": 0.1, "right": 0.92, "bottom": low, "top": 0.98, "wspace": 0.05, "hspace": 0.55}
    (above, bar), (below, empty) = figure.subplots(
        2, 2, width_ratios=[50, 1], height_ratios=[3, 2], gridspec_kw=margins
    )
    empty.remove()
    # The axis goes from 0 to 1 and its letters are texts that move: another name then leaves all else as it is.
    picture = _states(above, h, 0.0, 1.0)
    above.set(xlim=(0, 1), xticks=[])
    above.set_xlabel("", labelpad=20)
    count = max(len(_fitting(above, text)[0]), LONGEST + 1)  # a name begins with a line break
    under: dict[str, Any] = {"ha": "center", "va": "top"}
    letters = [above.text(0, -0.05, "", transform=above.get_xaxis_transform(), **under) for _ in range(count)]
    figure.colorbar(picture, cax=bar, label="state", ticks=[-1, 0, 1])
    edge = [withStroke(linewidth=5, foreground="white")]  # dark cells lie behind the line
    (line,) = above.plot([0, 0], [0, 1], color=INK, linewidth=2, path_effects=edge)
    places = np.arange(len(alphabet)) if few else np.append(np.arange(LIKELIEST), LIKELIEST + 1.6)
    bars = below.bar(places, 0 * places, color=FORWARD)
    below.set(xlim=(-0.7, places[-1] + (0.7 if few else 1.85)), ylim=(0, 1), yticks=[0, 0.5, 1])
    below.set_ylabel("probability of the\nnext character")
    signs: list[Any] = []
    if few:
        _write(below, places, alphabet, _points(below) / len(alphabet))
    else:
        signs = [below.text(x, -0.05, "", transform=below.get_xaxis_transform(), **under) for x in places]
        below.set_xticks([])
    moving = (picture, line, *bars, *signs, *letters, *frame_of(above, below))
    drawing = Drawing(figure, "", moving, by=("reading", len(alphabet)))
    return update_reading(drawing, h, text, place, y, alphabet, note)


def update_reading(
    drawing: Drawing, h: Array, text: str, place: int, y: Array, alphabet: str, note: str = ""
) -> Drawing:
    """Move the picture of `reading` to other states, another text, another place in it."""
    h, y = _checked(h, text, place, y, alphabet, note)
    few = len(alphabet) <= FEW
    count = len(alphabet) if few else LIKELIEST + 1  # bars
    door.drawing(drawing, "reading", len(alphabet))
    picture, line, *rest = drawing.moving
    above, below = picture.axes, rest[0].axes
    letters = rest[count if few else 2 * count : -len(frame_of(above, below))]
    written, every, room = _fitting(above, text)
    if len(written) > len(letters):
        return reading(h, text, place, y, alphabet, note)
    picture.set_data(h.T)
    for i, letter in enumerate(letters):
        letter.set(x=(i * every + 0.5) / len(text), visible=i < len(written))
        if i < len(written):
            _put_sign(letter, sign(written[i], room), room)
    if above.get_xlabel() != (label := _what_was_read(every)):
        above.set_xlabel(label)
    line.set_xdata([(place - 0.5) / len(text)] * 2)
    order = np.argsort(-y, kind="stable")
    likely = ", ".join(f"{shown(alphabet[i])} {y[i]:.2f}" for i in order[:3])
    if few:
        heights, seen = y, alphabet
    else:
        seen = "".join(alphabet[i] for i in order[:LIKELIEST])
        heights = np.append(y[order[:LIKELIEST]], y[order[LIKELIEST:]].sum())
        others = f"{len(alphabet) - LIKELIEST:,}"
        room = _points(below) / np.ptp(below.get_xlim())
        for artist, character in zip(rest[count:], seen, strict=False):
            _put_sign(artist, sign(character, room), room)
        rest[2 * count - 1].set(text=f"{others} others", fontsize=9)
        likely += f", and all {others} that have no bar of their own {heights[-1]:.2f} together"
    for bar, height in zip(rest, heights, strict=False):
        bar.set_height(height)
    units, read, before = count_of(h.shape[1], "unit"), cut(shown(text), 40), cut(shown(text[:place]), 40)
    return drawing._replace(
        sentence=f"{units} read '{read}': after '{before}' they expect {likely}.{note_on([*written, *seen])}{note}"
    )


def _checked(h: Array, text: str, place: int, y: Array, alphabet: str, note: str) -> tuple[Array, Array]:
    """Return the arrays of `reading`, or raise TypeError or ValueError for what is no argument of it."""
    door.text("text", text, empty=False)
    door.text("alphabet", alphabet, empty=False)
    door.text("note", note)
    door.within("place", place, 1, len(text))
    h = door.numbers("h", h, {"time": len(text), "units": None})
    return h, door.between("y", y, {"n_y": len(alphabet)}, 0, 1)


def _heat_map(ax: Axes, h: Array, text: str) -> tuple[AxesImage, str]:
    """Draw the states, and the characters under them; return the picture and the characters that had room."""
    return _states(ax, h, 0.5, len(text) + 0.5), _letters(ax, text)


def _states(ax: Axes, h: Array, left: float, right: float) -> AxesImage:
    """Draw the states (time, units) from left to right; row 1 is on top."""
    look: dict[str, Any] = {"cmap": "RdBu_r", "vmin": -1, "vmax": 1, "interpolation": "nearest"}
    picture = ax.imshow(h.T, aspect="auto", extent=(left, right, 1.0, 0.0), **look)
    ax.set_yticks([])
    ax.set_ylabel("units")
    return picture


def _letters(ax: Axes, text: str) -> str:
    """Write the characters under their places, or every second, third, ... where all have no room; return them."""
    written, every, room = _fitting(ax, text)
    ax.set_xlim(0.5, len(text) + 0.5)
    _write(ax, np.arange(1, len(text) + 1, every), written, room)
    ax.set_xlabel(_what_was_read(every))
    return written


def _what_was_read(every: int) -> str:
    some = "" if every == 1 else f"; 1 of {every} is written"
    return f"character that was read ({GLYPHS[chr(10)]} begins a name, {GLYPHS[' ']} is a space{some})"


def _fitting(ax: Axes, text: str) -> tuple[str, int, float]:
    """Return the characters of a text that are written on an axis, every how manieth is, and each one's room."""
    room = _points(ax) / len(text)
    widest = max(len(line) for character in {*text} for line in sign(character, 0).split("\n"))
    least = widest * WIDE * SMALL if widest > 1 else LEAST
    every = math.ceil(least / room)
    return text[::every], every, every * room


def _write(ax: Axes, places: Array, characters: str, room: float) -> None:
    """Write characters on the x axis, each in so many points of room."""
    ax.set_xticks(places, [sign(character, room) for character in characters])
    for label in ax.get_xticklabels():
        _put_sign(label, label.get_text(), room)


def _put_sign(artist: Any, text: str, room: float) -> None:
    """Let an artist show a sign in so many points of room."""
    put(artist, text, fontsize=min(SIZE, room) if len(text) == 1 else SMALL)


def _points(ax: Axes) -> float:
    """Return about how many points wide axes will be: a layout that is still to be found may take a fifth."""
    figure = ax.figure.figure
    there = 1.0 if figure.get_layout_engine() is None else 0.8
    return float(there * 72 * figure.get_figwidth() * ax.get_position(original=True).width)
