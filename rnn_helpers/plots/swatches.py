"""Swatches: colours with their names, a name's colour after each letter, and what each letter did."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from rnn_helpers import validate
from rnn_helpers.data import LONGEST, cut
from rnn_helpers.data.colour_space import delta_e, srgb_to_lab
from rnn_helpers.plots import door
from rnn_helpers.plots.drawing import (
    FAINT,
    FORWARD,
    GRADIENT,
    INK,
    LINES,
    Drawing,
    axes,
    canvas,
    count_of,
    drawing_of,
    frame_of,
    inks_on,
)
from rnn_helpers.plots.glyphs import SMALL, letters_wide, named, note_on, put, short, shown, sign
from rnn_helpers.validate import Array

_PAPER = "#F6F4EF"
_LIMITS = (1, 2, 5, 10, 20, 50, 100, 200)  # few, so that the axis seldom changes from one name to the next


def chips(names: Sequence[str], rgb: Array, columns: int = 6, ax: Axes | None = None) -> Drawing:
    """Draw a card of paint chips: each colour of `rgb` (n, 3) with its name beneath."""
    names = door.texts("names", names)
    rgb = _colours("rgb", rgb, len(names))
    validate.size("columns", columns)
    rows = -(-len(names) // columns)
    ax = canvas(ax, height=rows * 0.92 + 0.16, width=columns, top=0.08, bottom=-rows - 0.08)
    for i, (name, colour) in enumerate(zip(names, rgb, strict=True)):
        x, y = i % columns, -(i // columns) - 1
        _card(ax, x + 0.04, y + 0.05, 0.92, 0.9)
        ax.add_patch(Rectangle((x + 0.04, y + 0.31), 0.92, 0.64, facecolor=tuple(colour)))
        put(ax.text(x + 0.5, y + 0.18, "", ha="center", va="center", color=INK, fontsize=7.5), short(name, 19))
    _no_margins(ax)
    first, last = (f"{named(names[i])} is {to_hex(rgb[i])}" for i in (0, -1))
    card = f"A card of {count_of(len(names), 'colour')}, from left to right and down: {first}, {last}."
    return drawing_of(ax, card + note_on(names=names), true_colours=True)


def pairs(names: Sequence[str], rgb: Array, other: Array, distances: Array, ax: Axes | None = None) -> Drawing:
    """Draw for each name two swatches side by side: its colour in the data, and `other`, what was painted.

    Parameters
    ----------
    names : n names.
    rgb, other : (n, 3) colours.
    distances : (n,) how far apart they are, in Delta E.
    """
    names = door.texts("names", names)
    rgb, other = _colours("rgb", rgb, len(names)), _colours("other", other, len(names))
    distances = door.numbers("distances", distances, {"n": len(names)})
    columns = 4
    rows = -(-len(names) // columns)
    ax = canvas(ax, height=rows * 0.92 + 0.3, width=columns, top=0.3, bottom=-rows - 0.08)
    for i, name in enumerate(names):
        x, y = i % columns, -(i // columns) - 1
        _card(ax, x + 0.03, y + 0.05, 0.94, 0.9)
        for part, colour in enumerate((rgb[i], other[i])):
            ax.add_patch(Rectangle((x + 0.03 + 0.47 * part, y + 0.31), 0.47, 0.64, facecolor=tuple(colour)))
        text = f"{short(name, 22)}  {distances[i]:.0f}"
        put(ax.text(x + 0.5, y + 0.18, "", ha="center", va="center", color=INK, fontsize=8), text)
    for place, text in ((0.265, "data"), (0.735, "painted")):
        ax.text(place, 0.06, text, ha="center", va="bottom", color=INK, fontsize=8)
    _no_margins(ax)
    far = int(np.argmax(distances))
    return drawing_of(
        ax,
        f"Left half: the colour in the data, right half: as painted, with the distance between them. "
        f"The farthest of {len(names)} is {named(names[far])}, by {distances[far]:.0f} Delta E."
        f"{note_on(names=names)}",
        true_colours=True,
    )


def letters(name: str, rgb: Array, note: str = "", ax: Axes | None = None) -> Drawing:
    """Draw a name on its colour, and beneath it the colour after each letter; `rgb` is (letters, 3), the last final.

    `note` ends the sentence. `update_letters` moves the picture on to another name of at most `data.LONGEST` letters.
    """
    name, rgb = _named(name, rgb)
    ax = canvas(ax, height=2.5, width=10, top=3.3, bottom=0)
    swatch = ax.add_patch(Rectangle((0, 1.1), 10, 2.2))
    title = ax.text(5, 2.25, "", ha="center", va="center")
    code = ax.text(9.85, 1.22, "", ha="right", va="bottom", fontsize=9, family="monospace")
    places = range(max(len(name), LONGEST))
    cells = [ax.add_patch(Rectangle((0, 0), 1, 1)) for _ in places]
    signs = [ax.text(0, 0.5, "", ha="center", va="center", fontsize=13) for _ in places]
    _no_margins(ax)
    moving = (swatch, title, code, *cells, *signs)
    return update_letters(drawing_of(ax, moving=moving, by=("letters",), true_colours=True), name, rgb, note)


def update_letters(drawing: Drawing, name: str, rgb: Array, note: str = "") -> Drawing:
    """Move the picture of `letters` to another name and its colours; ValueError if the name has too many letters."""
    name, rgb = _named(name, rgb)
    door.text("note", note)
    swatch, title, code, *rest = door.drawing(drawing, "letters").moving
    cells, signs = rest[: len(rest) // 2], rest[len(rest) // 2 :]
    if len(name) > len(cells):
        raise ValueError(f"name: expected at most {len(cells)} letters, got {len(name)}")
    ink = inks_on([rgb[-1]])[0]
    swatch.set_facecolor(tuple(rgb[-1]))
    whole = short(name, 60)
    put(title, whole, color=ink, fontsize=min(30, 620 / letters_wide(whole)))
    code.set(text=to_hex(rgb[-1]), color=ink)
    size = min(1.0, 10 / len(name))
    left = 5 - size * len(name) / 2
    for artist in rest:
        artist.set_visible(False)
    inks = inks_on(rgb)
    for i, (cell, above, letter, colour) in enumerate(zip(cells, signs, name, rgb, strict=False)):
        cell.set(bounds=(left + i * size, 0, size, 1), facecolor=tuple(colour), visible=True)
        _put_sign(above, letter, 54 * size, x=left + (i + 0.5) * size, color=inks[i])
    return drawing._replace(
        sentence=f"After {count_of(len(name), 'letter')} the name “{named(name)}” is {to_hex(rgb[-1])}"
        f"{_farthest(name, rgb)}.{note_on(name, [name])}{note}"
    )


def _put_sign(artist: Any, letter: str, room: float, **look: Any) -> None:
    """Let an artist show one letter in so many points of room."""
    text = sign(letter, room)
    put(artist, text, fontsize=min(13.0, 0.8 * room) if len(text) == 1 else SMALL, visible=True, **look)


def _farthest(name: str, rgb: Array) -> str:
    """Say which letter after the first moved the colour most, if there is one."""
    if len(name) == 1:
        return ""
    lab = srgb_to_lab(rgb)
    moved = delta_e(lab[1:], lab[:-1])
    most = int(np.argmax(moved)) + 1
    return f"; letter {most + 1}, {shown(name[most])!r}, moved it farthest, by {moved[most - 1]:.0f} Delta E"


def letter_bars(name: str, gradient: Array, deletion: Array, note: str = "", ax: Axes | None = None) -> Drawing:
    """Draw two bars for each letter, both (letters,) in Delta E: what the gradient says, and what deleting it does.

    `note` ends the sentence. `update_letter_bars` moves the picture on to another name, of at most `data.LONGEST`
    letters.
    """
    name, gradient, deletion = _effects(name, gradient, deletion)
    ax = axes(ax, height=2.9)
    places = np.arange(max(len(name), LONGEST))
    look: dict[str, Any] = {"edgecolor": INK, "linewidth": 0.6}
    deleted = ax.bar(places, 0, color=FORWARD, label="colour with the letter, minus without it", **look)
    felt = ax.bar(places, 0, color=GRADIENT, label="gradient at the letter", hatch="///", **look)
    zero = ax.axhline(0, color=INK, linewidth=0.8)
    # The letters are texts and not ticks, so that another name leaves the axis, and the layout, as they are.
    below: dict[str, Any] = {"transform": ax.get_xaxis_transform(), "ha": "center", "va": "baseline", "fontsize": 13}
    signs = [ax.text(0, -0.1, "", in_layout=False, **below) for _ in places]
    ax.set_xticks([])
    ax.set_xlabel("letter", labelpad=24)
    ax.set(xlim=(0, 1), ylabel="along the way to the colour\n($\\Delta E$)")
    ax.legend(loc="upper left", frameon=False, ncols=2)
    drawing = drawing_of(ax, moving=(*deleted, *felt, *signs, zero, *frame_of(ax)), by=("letter_bars",))
    return update_letter_bars(drawing, name, gradient, deletion, note)


def update_letter_bars(drawing: Drawing, name: str, gradient: Array, deletion: Array, note: str = "") -> Drawing:
    """Move the picture of `letter_bars` to another name; ValueError if the name has too many letters."""
    name, gradient, deletion = _effects(name, gradient, deletion)
    door.text("note", note)
    count = (len(door.drawing(drawing, "letter_bars").moving) - 5) // 3  # the line at 0 and the frame's four come last
    deleted, felt, signs = (drawing.moving[i * count : (i + 1) * count] for i in range(3))
    if len(name) > count:
        raise ValueError(f"name: expected at most {count} letters, got {len(name)}")
    for artist in drawing.moving[: 3 * count]:
        artist.set_visible(False)
    width = min(1 / 6, 1 / len(name))  # a name of a few letters stands in the middle, with bars of the usual width
    left = 0.5 - width * len(name) / 2
    for i, letter in enumerate(name):
        deleted[i].set(x=left + (i + 0.11) * width, width=0.38 * width, height=deletion[i], visible=True)
        felt[i].set(x=left + (i + 0.51) * width, width=0.38 * width, height=gradient[i], visible=True)
        _put_sign(signs[i], letter, 450 * width, x=left + (i + 0.5) * width)
    top = np.abs([gradient, deletion]).max()
    top = min((limit for limit in _LIMITS if limit >= top), default=top)
    ax = deleted[0].axes
    if ax.get_ylim() != (-1.1 * top, 1.5 * top):
        ax.set_ylim(-1.1 * top, 1.5 * top)
    most, most_felt = int(np.argmax(np.abs(deletion))), int(np.argmax(np.abs(gradient)))
    return drawing._replace(
        sentence=f"Of the letters of “{named(name)}”, number {most + 1}, {shown(name[most])!r}, makes the "
        f"largest difference to the colour, {_signed(deletion[most])}; the gradient is strongest at number "
        f"{most_felt + 1}, {shown(name[most_felt])!r}, with {_signed(gradient[most_felt])}.{note_on(name)}{note}"
    )


def distance_curve(steps: Array, distances: Array, baselines: dict[str, float], ax: Axes | None = None) -> Drawing:
    """Draw the mean distance on validation names over the training steps, beside baselines as level lines.

    Raises ValueError for more baselines than there are colours.
    """
    steps = door.numbers("steps", steps, {"checks": None})
    distances = door.numbers("distances", distances, {"checks": len(steps)})
    door.mapping("baselines", baselines, 0, len(LINES), "baselines")
    baselines = {label: validate.number(f"baselines[{cut(label)!r}]", x) for label, x in baselines.items()}
    ax = axes(ax, height=3.2)
    looks = (*LINES[1:], (INK, "--"))
    above: dict[str, Any] = {"xytext": (0, 2), "textcoords": "offset points", "ha": "right", "va": "bottom"}
    for (label, height), (color, style) in zip(baselines.items(), looks, strict=False):  # spare looks stay unused
        ax.axhline(height, color=color, linestyle=style)
        level = ax.annotate("", (steps[-1], height), color=INK, fontsize=9, **above)
        put(level, f"{short(label, 40)} {height:.1f} ")
    ax.plot(steps, distances, color=FORWARD, marker=".")
    ax.set(xlim=(0, steps[-1]), ylim=(0, 1.15 * max([distances.max(), *baselines.values()])))
    ax.set(xlabel="training step", ylabel="mean distance ($\\Delta E$)")
    ax.grid(axis="y", color=FAINT, linewidth=0.5)
    return drawing_of(
        ax,
        f"On names that were kept back the mean distance falls from {distances[0]:.1f} Delta E "
        f"at step {steps[0]:,} to {distances[-1]:.1f} at step {steps[-1]:,}.{note_on(names=baselines)}",
    )


def _colours(name: str, value: Array, count: int) -> Array:
    """Return colours (n, 3) from 0 to 1, or raise TypeError or ValueError."""
    return door.between(name, value, {"n": count, "red, green and blue": 3}, 0, 1)


def _named(name: str, rgb: Array) -> tuple[str, Array]:
    """Return a name and the colours after its letters, or raise TypeError or ValueError."""
    name = door.text("name", name, empty=False)
    return name, _colours("rgb", rgb, len(name))


def _effects(name: str, gradient: Array, deletion: Array) -> tuple[str, Array, Array]:
    """Return a name and what its letters do, or raise TypeError or ValueError."""
    name = door.text("name", name, empty=False)
    letters = {"letters": len(name)}
    return name, door.numbers("gradient", gradient, letters), door.numbers("deletion", deletion, letters)


def _card(ax: Axes, x: float, y: float, width: float, height: float) -> None:
    ax.add_patch(Rectangle((x, y), width, height, facecolor="white", edgecolor="#DDDAD2", linewidth=0.8))


def _signed(effect: float) -> str:
    """Write an effect with its sign and one decimal; what rounds to 0 has no sign."""
    return f"{effect:+.1f}" if abs(effect) >= 0.05 else "0.0"


def _no_margins(ax: Axes) -> None:
    """Let axes of a figure of their own fill it: a swatch needs no frame."""
    figure = ax.figure.figure
    if isinstance(figure, Figure) and len(figure.axes) == 1:
        figure.set_facecolor(_PAPER)
        figure.set_layout_engine("none")
        ax.set_position((0, 0, 1, 1))
