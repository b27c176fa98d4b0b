"""The network as a drawing: one cell, and the cell unrolled through time."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from rnn_helpers import validate
from rnn_helpers.plots import door
from rnn_helpers.plots.drawing import FORWARD, GRADIENT, INK, Drawing, arrow, box, canvas, count_of, drawing_of

SLOTS = 6  # steps that fit side by side
NOTE: dict[str, Any] = {"fontsize": 9, "color": INK}
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def cell(n_x: int, n_h: int, n_y: int, batch: int, *, backward: bool = False, ax: Axes | None = None) -> Drawing:
    """Draw one step as a chain of operations, with the shapes of its parameters and of what travels on each arrow."""
    _sizes(n_x=n_x, n_h=n_h, n_y=n_y, batch=batch)
    door.flag("backward", backward)
    ax = canvas(ax, height=2.9 if backward else 2.4, width=13.8, top=4.1, bottom=-0.9 if backward else 0.0)
    boxes = (
        (2.6, 1.0, 1.05, "$\\cdot\\, W_{xh}$", f"({n_x}, {n_h})"),
        (2.6, 3.2, 1.05, "$\\cdot\\, W_{hh}$", f"({n_h}, {n_h})"),
        (5.0, 2.1, 1.05, "+", ""),
        (7.2, 2.1, 1.05, "tanh", ""),
        (9.6, 0.55, 1.6, "$\\cdot\\, W_{hy} + b_y$", f"({n_h}, {n_y})  ({n_y},)"),
        (12.05, 0.55, 1.25, "softmax", ""),
    )
    for x, y, width, text, shapes in boxes:
        box(ax, x, y, text, width=width, height=0.9, note="" if backward else shapes)
    ax.text(13.5, 2.3, "to $t + 1$", ha="right", va="bottom", color=INK, fontsize=9)
    state = f"({batch}, {n_h})"
    ways = [
        ((0.5, 1.0), (2.05, 1.0), "$x_t$", f"({batch}, {n_x})"),
        ((0.5, 3.2), (2.05, 3.2), "$h_{t-1}$", state),
        ((3.15, 1.15), (4.4, 1.9), "", state),
        ((3.15, 3.05), (4.4, 2.3), "", state),
        ((5.55, 2.1), (6.65, 2.1), "$z_t$", state),
        ((7.75, 2.1), (9.4, 2.1), "$h_t$", state),
        ((9.4, 2.1), (13.5, 2.1), "", ""),
        ((9.4, 2.1), (9.4, 1.05), "", ""),
        ((10.45, 0.55), (11.4, 0.55), "", f"({batch}, {n_y})"),
        ((12.7, 0.55), (13.6, 0.55), "$y_t$", f"({batch}, {n_y})"),
    ]
    arrow(ax, (5.0, 3.45), (5.0, 2.55), FORWARD)
    ax.text(5.0, 3.5, f"$b_h$ ({n_h},)", ha="center", va="bottom", color=INK, fontsize=9)
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
            ax.text(x, y - 0.42, names[number], ha="center", va="top", color=GRADIENT, fontsize=12)
    if backward:
        _both_roads(ax)
        sums = "back: $dW_{xh} = x_t^T dz_t$    $dW_{hh} = h_{t-1}^T dz_t$    $db_h$ = rows of $dz_t$ summed"
        ax.text(6.9, -0.6, sums, ha="center", color=GRADIENT, fontsize=11)
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
    return drawing_of(ax, sentence, _numbered(ax), by=("cell",))


def _both_roads(ax: Axes) -> None:
    """Draw what the output and the next step send back to h_t, and where the two add up."""
    for start, end in (((9.8, 1.05), (9.8, 1.62)), ((13.5, 1.8), (9.96, 1.8)), ((9.64, 1.8), (7.75, 1.8))):
        arrow(ax, start, end, GRADIENT)
    ax.plot(9.8, 1.8, "o", markersize=12, color="white", markeredgecolor=GRADIENT)
    for x, y, word in ((9.8, 1.79, "+"), (10.35, 1.38, "dh[t]"), (11.75, 1.52, "dh_carry"), (8.57, 1.52, "dh_total")):
        ax.text(x, y, word, ha="center", va="center", color=GRADIENT, fontsize=12)
    ax.text(1.28, 2.3, "the dh_carry of $t - 1$", ha="center", va="top", color=GRADIENT, fontsize=9)


def update_cell(drawing: Drawing, n_x: int, n_h: int, n_y: int, batch: int) -> Drawing:
    """Show other sizes in a drawing of `cell`."""
    door.drawing(drawing, "cell")
    return _with_texts_of(cell(n_x, n_h, n_y, batch), drawing)


def unrolled(
    steps: int, n_x: int, n_h: int, n_y: int, batch: int, *, backward: bool = False, ax: Axes | None = None
) -> Drawing:
    """Draw the network unrolled over its steps, with the shapes of its arrays; a long one is folded in the middle.

    A state's box holds a dot for each unit, folded likewise. Where a short sequence ends, the outlines of further
    steps show how it would go on.
    """
    _sizes(steps=steps, n_x=n_x, n_h=n_h, n_y=n_y, batch=batch)
    door.flag("backward", backward)
    ax = canvas(ax, height=4.0, width=16.2, top=5.4, bottom=-1.45)
    shown = folded(steps, SLOTS)
    first, gap = 2.8, 2.0
    for slot in range(SLOTS):
        x = first + gap * slot
        if slot >= len(shown):
            box(ax, x, 2.2, "", width=1.1, height=1.5, empty=True)
            continue
        before = x - gap + (0.6 if slot and shown[slot - 1] else 0.5)  # a box is wider than h_0 and a fold
        arrow(ax, (before, 2.2), (x - 0.6, 2.2), FORWARD)
        if backward:
            arrow(ax, (x - 0.6, 1.85), (before, 1.85), GRADIENT)
        step = shown[slot]
        if step is None:
            ax.text(x, 2.2, "· · ·", ha="center", va="center", color=INK, fontsize=16)
            ax.text(x, 1.4, f"{steps - SLOTS + 1} more\nsteps", ha="center", va="top", **NOTE)
        else:
            _unrolled_step(ax, x, step, n_h, backward=backward)
    ax.text(0.65, 2.2, indexed("h", 0), ha="center", va="center", color=FORWARD, fontsize=13, style="italic")
    ax.text(0.65, 1.75, f"({batch}, {n_h})", ha="center", va="top", **NOTE)
    ax.text(first, -0.35, f"({batch}, {n_x})", ha="center", va="top", **NOTE)
    ax.text(first, 4.85, f"({batch}, {n_y})", ha="center", va="bottom", **NOTE)
    ax.text(first - 0.12, 0.85, f"$W_{{xh}}$\n({n_x}, {n_h})", ha="right", va="center", **NOTE)
    ax.text(first - 0.12, 3.6, f"$W_{{hy}}$\n({n_h}, {n_y})", ha="right", va="center", **NOTE)
    ax.text(first - 1.25, 2.4, f"$W_{{hh}}$\n({n_h}, {n_h})", ha="center", va="bottom", **NOTE)
    if backward:
        for x, y, word in ((first + 0.4, 3.6, "dh[t]"), (first - 1.78, 1.42, "dh_carry"), (first + 0.4, 0.85, "dx[t]")):
            ax.text(x, y, word, ha="left", va="center", color=GRADIENT, fontsize=9)
    arrays = [f"{name} ({steps}, {batch}, {size})" for name, size in (("x", n_x), ("h", n_h), ("y", n_y))]
    for y, array in zip((0.0, 2.2, 4.5), arrays, strict=True):
        ax.text(16.1, y, array, ha="right", va="center", color=FORWARD, fontsize=10)
    shared = "the same $W_{xh}$, $W_{hh}$, $W_{hy}$ in every step"
    ax.text(first + gap * 2.5, -1.3, shared, ha="center", va="bottom", color=INK, fontsize=10)
    parameters = n_x * n_h + n_h * n_h + n_h + n_h * n_y + n_y
    same = f"every step uses the same {parameters:,} parameters"
    if backward:
        story = f"the gradient walks back, and {same}"
    else:
        story = f"{', '.join(arrays)} are as long as the sequence, and {same}"
    sentence = f"Unrolled over {count_of(steps, 'step')}: {story}."
    return drawing_of(ax, sentence, _numbered(ax), by=("unrolled",))


def update_unrolled(drawing: Drawing, steps: int, n_x: int, n_h: int, n_y: int, batch: int) -> Drawing:
    """Show other sizes in a drawing of `unrolled`, or return a new one where boxes or dots come or go."""
    door.drawing(drawing, "unrolled")
    return _with_texts_of(unrolled(steps, n_x, n_h, n_y, batch), drawing)


def _sizes(**sizes: int) -> None:
    """Raise TypeError or ValueError for what is no size."""
    for name, value in sizes.items():
        validate.size(name, value)


def _numbered(ax: Axes) -> tuple[Any, ...]:
    """Return the texts with a number in them, which move."""
    return tuple(text for text in ax.texts if any(letter.isnumeric() for letter in text.get_text()))


def _with_texts_of(anew: Drawing, drawing: Drawing) -> Drawing:
    """Give a drawing the texts of a new one, if else they are the same: painting the new one would take longer."""
    if _parts(anew) != _parts(drawing):
        return anew
    for text, wanted in zip(drawing.moving, anew.moving, strict=True):
        text.set_text(wanted.get_text())
    return drawing._replace(sentence=anew.sentence)


def _parts(drawing: Drawing) -> tuple[int, ...]:
    """Count what a drawing is made of: artists, texts that move, and the points of each line."""
    (ax,) = drawing.figure.axes
    return len(ax.get_children()), len(drawing.moving), *(len(np.asarray(line.get_xdata())) for line in ax.lines)


def _unrolled_step(ax: Axes, x: float, step: int, n_h: int, *, backward: bool) -> None:
    """Draw one step of the unrolled network: its input below, its output above, and a dot for each unit."""
    box(ax, x, 2.2, "", width=1.1, height=1.5)
    letters = (("h", x - 0.14, 2.2, INK, 11), ("x", x, 0.0, FORWARD, 13), ("y", x, 4.5, FORWARD, 13))
    for letter, left, y, color, size in letters:
        ax.text(left, y, indexed(letter, step), ha="center", va="center", color=color, fontsize=size, style="italic")
    units = folded(n_h, SLOTS)
    heights = 2.2 + 0.22 * ((len(units) - 1) / 2 - np.arange(len(units)))
    dots = np.array([unit is not None for unit in units])
    ax.plot(np.full(dots.sum(), x + 0.37), heights[dots], "o", color=FORWARD, markersize=4)
    for y in heights[~dots]:
        ax.text(x + 0.37, y, "⋮", ha="center", va="center", color=FORWARD, fontsize=8)
    for bottom, top in ((0.3, 1.4), (3.0, 4.2)):
        arrow(ax, (x, bottom), (x, top), FORWARD)
        if backward:
            arrow(ax, (x + 0.28, top), (x + 0.28, bottom), GRADIENT)


def indexed(letter: str, step: int) -> str:
    """Return the letter with the step as its index. Matplotlib would take ten times as long to set it as a formula."""
    return letter + str(step).translate(SUBSCRIPTS)


def folded(count: int, room: int) -> list[int | None]:
    """Return 1..count, or where they do not fit: the first ones, None for a gap, and the last two."""
    if count <= room:
        return list(range(1, count + 1))
    return [*range(1, room - 2), None, count - 1, count]
