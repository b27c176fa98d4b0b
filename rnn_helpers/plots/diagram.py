"""The network as a drawing: one cell, and the cell unrolled through time.

A text that changes with the sizes keeps its template, such as "({batch}, {n_h})", as its label, and an artist that
comes and goes with the steps keeps the name of its group as its id. That is all that updates have to know.
"""

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.text import Text

from rnn_helpers import validate
from rnn_helpers.plots import door
from rnn_helpers.plots.drawing import (
    FORWARD,
    GRADIENT,
    GRADIENT_TEXT,
    INK,
    Drawing,
    arrow,
    box,
    canvas,
    count_of,
    drawing_of,
)

SLOTS = 6  # steps that fit side by side
FIRST, GAP = 2.8, 2.0  # the middle of the first of them, and how far it is to the next
NOTE: dict[str, Any] = {"fontsize": 9, "color": INK}
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
TEMPLATE = re.compile(r"(?<![_^]){\w+}")  # {n_h}, and not the index of a formula


def cell(n_x: int, n_h: int, n_y: int, batch: int, *, backward: bool = False, ax: Axes | None = None) -> Drawing:
    """Draw one step as a chain of operations, with the shapes of its parameters and of what travels on each arrow."""
    _sizes(n_x=n_x, n_h=n_h, n_y=n_y, batch=batch)
    door.flag("backward", backward)
    ax = canvas(ax, height=2.9 if backward else 2.4, width=13.8, top=4.1, bottom=-0.9 if backward else 0.0)
    boxes = (
        (2.6, 1.0, 1.05, "$\\cdot\\, W_{xh}$", "({n_x}, {n_h})"),
        (2.6, 3.2, 1.05, "$\\cdot\\, W_{hh}$", "({n_h}, {n_h})"),
        (5.0, 2.1, 1.05, "+", ""),
        (7.2, 2.1, 1.05, "tanh", ""),
        (9.6, 0.55, 1.6, "$\\cdot\\, W_{hy} + b_y$", "({n_h}, {n_y})  ({n_y},)"),
        (12.05, 0.55, 1.25, "softmax", ""),
    )
    for x, y, width, text, shapes in boxes:
        box(ax, x, y, text, width=width, height=0.9, note="" if backward else shapes)
    ax.text(13.5, 2.3, "to $t + 1$", ha="right", va="bottom", color=INK, fontsize=9)
    state = "({batch}, {n_h})"
    ways = [
        ((0.5, 1.0), (2.05, 1.0), "$x_t$", "({batch}, {n_x})"),
        ((0.5, 3.2), (2.05, 3.2), "$h_{t-1}$", state),
        ((3.15, 1.15), (4.4, 1.9), "", state),
        ((3.15, 3.05), (4.4, 2.3), "", state),
        ((5.55, 2.1), (6.65, 2.1), "$z_t$", state),
        ((7.75, 2.1), (9.4, 2.1), "$h_t$", state),
        ((9.4, 2.1), (13.5, 2.1), "", ""),
        ((9.4, 2.1), (9.4, 1.05), "", ""),
        ((10.45, 0.55), (11.4, 0.55), "", "({batch}, {n_y})"),
        ((12.7, 0.55), (13.6, 0.55), "$y_t$", "({batch}, {n_y})"),
    ]
    arrow(ax, (5.0, 3.45), (5.0, 2.55), FORWARD)
    ax.text(4.95, 3.62, "$b_h$", ha="right", va="baseline", **NOTE)
    ax.text(5.05, 3.62, "({n_h},)", ha="left", va="baseline", **NOTE)
    names = {0: "$dx_t$", 1: "dh_prev", 2: "", 3: "", 4: "$dz_t$"}  # of the gradients that go back beside their arrow
    for number, (start, end, name, shape) in enumerate(ways):
        arrow(ax, start, end, FORWARD)
        x, y = (np.array(start) + np.array(end)) / 2
        ax.text(x, y + 0.18, name, ha="center", va="bottom", color=FORWARD, fontsize=12)
        aside = 0.3 * np.sign(end[1] - start[1]) if end[0] < 5 else 0  # beside a steep arrow, not across it
        ax.text(x + aside, y - 0.2, "" if backward else shape, ha="center", va="top", color=INK, fontsize=8)
        if backward and number in names:
            shift = np.array([0, -0.3])
            arrow(ax, np.array(end) + shift, np.array(start) + shift, GRADIENT)
            ax.text(x, y - 0.42, names[number], ha="center", va="top", color=GRADIENT_TEXT, fontsize=12)
    if backward:
        _both_roads(ax)
        sums = "back: $dW_{xh} = x_t^T dz_t$    $dW_{hh} = h_{t-1}^T dz_t$    $db_h$ = rows of $dz_t$ summed"
        ax.text(6.9, -0.6, sums, ha="center", color=GRADIENT_TEXT, fontsize=11)
    return _cell_of_sizes(drawing_of(ax, moving=_templates(ax), by=_by("cell", backward)), n_x, n_h, n_y, batch)


def _both_roads(ax: Axes) -> None:
    """Draw what the output and the next step send back to h_t, and where the two add up."""
    for start, end in (((9.8, 1.05), (9.8, 1.62)), ((13.5, 1.8), (9.96, 1.8)), ((9.64, 1.8), (7.75, 1.8))):
        arrow(ax, start, end, GRADIENT)
    ax.plot(9.8, 1.8, "o", markersize=12, color="white", markeredgecolor=GRADIENT)
    for x, y, word in ((9.8, 1.79, "+"), (10.35, 1.38, "dh[t]"), (11.75, 1.52, "dh_carry"), (8.57, 1.52, "dh_total")):
        ax.text(x, y, word, ha="center", va="center", color=GRADIENT_TEXT, fontsize=12)
    ax.text(1.28, 2.3, "the dh_carry of $t - 1$", ha="center", va="top", color=GRADIENT_TEXT, fontsize=9)


def update_cell(drawing: Drawing, n_x: int, n_h: int, n_y: int, batch: int) -> Drawing:
    """Show other sizes in a drawing of `cell` without its way back."""
    _sizes(n_x=n_x, n_h=n_h, n_y=n_y, batch=batch)
    door.drawing(drawing, "cell")
    return _cell_of_sizes(drawing, n_x, n_h, n_y, batch)


def _cell_of_sizes(drawing: Drawing, n_x: int, n_h: int, n_y: int, batch: int) -> Drawing:
    """Write the sizes into a drawing of `cell`."""
    _fill_in(drawing.moving, n_x=n_x, n_h=n_h, n_y=n_y, batch=batch)
    state = f"({batch}, {n_h})"
    if drawing.by == _by("cell", backward=True):
        sentence = (
            f"One step back for a batch of {batch}: dh[t] from the output and dh_carry from step t + 1 add up to "
            f"dh_total {state}. It becomes dz_t, then dx_t ({batch}, {n_x}), dh_prev {state} and three parameter "
            "gradients."
        )
    else:
        count = n_x * n_h + n_h * n_h + n_h + n_h * n_y + n_y
        sentence = (
            f"One step for a batch of {batch}: x_t ({batch}, {n_x}) and h_(t-1) ({batch}, {n_h}) give "
            f"h_t {state} and y_t ({batch}, {n_y}), with {count:,} parameters."
        )
    return drawing._replace(sentence=sentence)


def unrolled(
    steps: int, n_x: int, n_h: int, n_y: int, batch: int, *, backward: bool = False, ax: Axes | None = None
) -> Drawing:
    """Draw the network unrolled over its steps, with the shapes of its arrays; a long one is folded in the middle.

    A state's box holds a dot for each unit, folded likewise. Where a short sequence ends, the outlines of further
    steps show how it would go on.
    """
    _sizes(steps=steps, n_x=n_x, n_h=n_h, n_y=n_y, batch=batch)
    door.flag("backward", backward)
    ax = canvas(ax, height=3.6, width=16.2, top=5.4, bottom=-1.45)
    for slot in range(SLOTS):
        _draw_slot(ax, slot, backward=backward)
    (dots,) = ax.plot([], [], "o", color=FORWARD, markersize=4)
    (folds,) = ax.plot([], [], "o", color=FORWARD, markersize=1.2)
    ax.text(0.65, 2.2, indexed("h", 0), ha="center", va="center", color=FORWARD, fontsize=13, style="italic")
    ax.text(0.65, 1.75, "({batch}, {n_h})", ha="center", va="top", **NOTE)
    ax.text(FIRST, -0.35, "({batch}, {n_x})", ha="center", va="top", **NOTE)
    ax.text(FIRST, 4.85, "({batch}, {n_y})", ha="center", va="bottom", **NOTE)
    weights = (FIRST - 0.12, 0.85, "right", "x", "h"), (FIRST - 0.12, 3.6, "right", "h", "y")
    for x, y, side, one, other in (*weights, (FIRST - 1.25, 2.8, "center", "h", "h")):
        ax.text(x, y + 0.02, f"$W_{{{one}{other}}}$", ha=side, va="bottom", **NOTE)
        ax.text(x, y - 0.02, f"({{n_{one}}}, {{n_{other}}})", ha=side, va="top", **NOTE)
    if backward:
        for x, y, word in ((FIRST + 0.4, 3.6, "dh[t]"), (FIRST - 1.74, 1.28, "dh_carry"), (FIRST + 0.4, 0.85, "dx[t]")):
            ax.text(x, y, word, ha="left", va="center", color=GRADIENT_TEXT, fontsize=9)
    for y, name in ((0.0, "x"), (2.2, "h"), (4.5, "y")):
        array = f"{name} ({{steps}}, {{batch}}, {{n_{name}}})"
        ax.text(15.9, y, array, ha="right", va="center", color=FORWARD, fontsize=10)
    shared = "the same $W_{xh}$, $W_{hh}$, $W_{hy}$ in every step"
    ax.text(FIRST + GAP * 2.5, -1.3, shared, ha="center", va="bottom", color=INK, fontsize=10)
    drawing = drawing_of(ax, moving=(dots, folds, *_templates(ax)), by=_by("unrolled", backward))
    return _unrolled_of_sizes(drawing, steps, n_x, n_h, n_y, batch)


def update_unrolled(drawing: Drawing, steps: int, n_x: int, n_h: int, n_y: int, batch: int) -> Drawing:
    """Show other sizes in a drawing of `unrolled` without its way back."""
    _sizes(steps=steps, n_x=n_x, n_h=n_h, n_y=n_y, batch=batch)
    door.drawing(drawing, "unrolled")
    return _unrolled_of_sizes(drawing, steps, n_x, n_h, n_y, batch)


def _unrolled_of_sizes(drawing: Drawing, steps: int, n_x: int, n_h: int, n_y: int, batch: int) -> Drawing:
    """Write the sizes into a drawing of `unrolled`, and show the steps that there are."""
    shown = folded(steps, SLOTS)
    groups = set()
    for slot in range(SLOTS):
        kind = "outline" if slot >= len(shown) else "step" if shown[slot] else "fold"
        groups |= {f"{kind} {slot}", *([] if kind == "outline" else [f"arrow {slot}"])}
    dots, folds, *texts = drawing.moving
    for artist in dots.axes.get_children():
        if (group := artist.get_gid()) is not None:
            artist.set_visible(group in groups)
    lefts = FIRST + GAP * np.array([slot for slot, step in enumerate(shown) if step]) + 0.37
    units = folded(n_h, SLOTS)
    heights = 2.2 + 0.22 * ((len(units) - 1) / 2 - np.arange(len(units)))
    unit = np.array([unit is not None for unit in units])
    for line, at in ((dots, heights[unit]), (folds, heights[~unit][:, None] + [-0.05, 0, 0.05])):
        line.set_data(np.repeat(lefts, at.size), np.tile(at.ravel(), len(lefts)))
    last = max(steps, SLOTS)  # the step in the last slot, if there is one
    ends: dict[str, int | str] = {
        "last": _subscript(last),
        "last_but_one": _subscript(last - 1),
        "more": last - SLOTS + 1,
    }
    _fill_in(texts, steps=steps, n_x=n_x, n_h=n_h, n_y=n_y, batch=batch, **ends)
    parameters = n_x * n_h + n_h * n_h + n_h + n_h * n_y + n_y
    same = f"every step uses the same {parameters:,} parameters"
    if drawing.by == _by("unrolled", backward=True):
        story = f"the gradient walks back, and {same}"
    else:
        arrays = (f"{name} ({steps}, {batch}, {size})" for name, size in (("x", n_x), ("h", n_h), ("y", n_y)))
        story = f"{', '.join(arrays)} are as long as the sequence, and {same}"
    return drawing._replace(sentence=f"Unrolled over {count_of(steps, 'step')}: {story}.", static=frozenset(groups))


def _draw_slot(ax: Axes, slot: int, *, backward: bool) -> None:
    """Draw all that may stand in one slot: a step with its input below and its output above, a fold, an outline."""
    x = FIRST + GAP * slot
    before = x - GAP + (0.6 if slot else 0.5)  # a box is wider than h_0
    reached: list[Artist] = [arrow(ax, (before, 2.2), (x - 0.6, 2.2), FORWARD)]
    if backward:
        reached.append(arrow(ax, (x - 0.6, 1.85), (before, 1.85), GRADIENT))
    step: list[Artist] = box(ax, x, 2.2, "", width=1.1, height=1.5)
    letters = (("h", x - 0.14, 2.2, INK, 11), ("x", x, 0.0, FORWARD, 13), ("y", x, 4.5, FORWARD, 13))
    for letter, left, y, color, size in letters:
        name = letter + {4: "{last_but_one}", 5: "{last}"}.get(slot, _subscript(slot + 1))
        step.append(ax.text(left, y, name, ha="center", va="center", color=color, fontsize=size, style="italic"))
    for bottom, top in ((0.3, 1.4), (3.0, 4.2)):
        step.append(arrow(ax, (x, bottom), (x, top), FORWARD))
        if backward:
            step.append(arrow(ax, (x + 0.28, top), (x + 0.28, bottom), GRADIENT))
    fold: list[Artist] = []
    if slot == folded(SLOTS + 1, SLOTS).index(None):
        fold.append(ax.text(x, 2.2, "· · ·", ha="center", va="center", color=INK, fontsize=16))
        fold.append(ax.text(x, 1.4, "{more} more\nsteps", ha="center", va="top", **NOTE))
    outline: list[Artist] = box(ax, x, 2.2, "", width=1.1, height=1.5, empty=True)
    for kind, artists in (("arrow", reached), ("step", step), ("fold", fold), ("outline", outline)):
        for artist in artists:
            artist.set_gid(f"{kind} {slot}")


def _sizes(**sizes: int) -> None:
    """Raise TypeError or ValueError for what is no size."""
    for name, value in sizes.items():
        validate.size(name, value)


def _by(name: str, backward: bool) -> tuple[str, ...]:
    return (name, "backward") if backward else (name,)


def _templates(ax: Axes) -> tuple[Text, ...]:
    """Return the texts that are templates, which they keep as their labels."""
    texts = tuple(text for text in ax.texts if TEMPLATE.search(text.get_text()))
    for text in texts:
        text.set_label(text.get_text())
    return texts


def _fill_in(texts: Iterable[Text], **sizes: int | str) -> None:
    """Write the sizes into the places that the templates leave for them."""
    for text in texts:
        text.set_text(str(text.get_label()).format(**sizes))


def indexed(letter: str, step: int) -> str:
    """Return the letter with the step as its index. Matplotlib would take ten times as long to set it as a formula."""
    return letter + _subscript(step)


def _subscript(step: int) -> str:
    return str(step).translate(SUBSCRIPTS)


def folded(count: int, room: int) -> list[int | None]:
    """Return 1..count, or where they do not fit: the first ones, None for a gap, and the last two."""
    if count <= room:
        return list(range(1, count + 1))
    return [*range(1, room - 2), None, count - 1, count]
