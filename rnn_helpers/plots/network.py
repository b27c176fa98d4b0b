"""The network as a drawing: one cell, and the cell unrolled through time."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from rnn_helpers.plots.drawing import FORWARD, GRADIENT, INK, Drawing, arrow, box, canvas, count_of, drawing_of


def cell(n_x: int, n_h: int, n_y: int, batch: int, *, backward: bool = False, ax: Axes | None = None) -> Drawing:
    """Draw one step as a chain of operations, with the shape of what travels on each arrow."""
    ax = canvas(ax, height=2.9 if backward else 2.4, width=11.8, top=4.1, bottom=-0.9 if backward else 0.1)
    boxes = {
        "in": (2.6, 1.0, "$\\cdot\\, W_{xh}$"),
        "rec": (2.6, 3.2, "$\\cdot\\, W_{hh}$"),
        "add": (4.6, 2.1, "+"),
        "tanh": (6.4, 2.1, "tanh"),
        "out": (8.3, 1.0, "$\\cdot\\, W_{hy} + b_y$"),
        "soft": (10.4, 1.0, "softmax"),
    }
    for x, y, text in boxes.values():
        box(ax, x, y, text, width=1.5 if "W_{hy}" in text else 1.05)
    state = f"({batch}, {n_h})"
    ways = [
        ((0.5, 1.0), (2.05, 1.0), "$x_t$", f"({batch}, {n_x})"),
        ((0.5, 3.2), (2.05, 3.2), "$h_{t-1}$", state),
        ((3.15, 1.15), (4.05, 1.9), "", state),
        ((3.15, 3.05), (4.05, 2.3), "", state),
        ((5.15, 2.1), (5.85, 2.1), "$z_t$", state),
        ((6.95, 2.25), (11.3, 3.2), "$h_t$", state),
        ((6.95, 1.95), (7.55, 1.25), "", ""),
        ((9.05, 1.0), (9.85, 1.0), "", f"({batch}, {n_y})"),
        ((10.95, 1.0), (11.6, 1.0), "$y_t$", f"({batch}, {n_y})"),
    ]
    arrow(ax, (4.6, 3.45), (4.6, 2.55), FORWARD)
    ax.text(4.6, 3.5, f"$b_h$ ({n_h},)", ha="center", va="bottom", color=INK, fontsize=9)
    names = {0: "$dx_t$", 1: "$dh_{t-1}$", 4: "$dz_t$", 5: "$dh_t$"}
    for number, (start, end, name, shape) in enumerate(ways):
        arrow(ax, start, end, FORWARD)
        x, y = (np.array(start) + np.array(end)) / 2
        ax.text(x, y + 0.18, name, ha="center", va="bottom", color=FORWARD, fontsize=12)
        ax.text(x, y - 0.2, "" if backward else shape, ha="center", va="top", color=INK, fontsize=8)
        if backward and number <= 5:
            shift = np.array([0, -0.3])
            arrow(ax, np.array(end) + shift, np.array(start) + shift, GRADIENT)
            ax.text(x, y - 0.42, names.get(number, ""), ha="center", va="top", color=GRADIENT, fontsize=12)
    if backward:
        ax.text(
            5.8,
            -0.6,
            "back: $dW_{xh} = x_t^T dz_t$    $dW_{hh} = h_{t-1}^T dz_t$    $db_h$ = rows of $dz_t$ summed",
            ha="center",
            color=GRADIENT,
            fontsize=11,
        )
        sentence = (
            f"One step back for a batch of {batch}: dh_t ({batch}, {n_h}) becomes dz_t of the same shape, which "
            f"becomes dx_t ({batch}, {n_x}), dh_(t-1) ({batch}, {n_h}) and three parameter gradients."
        )
    else:
        count = n_x * n_h + n_h * n_h + n_h + n_h * n_y + n_y
        sentence = (
            f"One step for a batch of {batch}: x_t ({batch}, {n_x}) and h_(t-1) ({batch}, {n_h}) give "
            f"h_t {state} and y_t ({batch}, {n_y}), with {count} parameters."
        )
    return drawing_of(ax, sentence)


def unrolled(
    steps: int, n_x: int, n_h: int, n_y: int, batch: int, *, backward: bool = False, ax: Axes | None = None
) -> Drawing:
    """Draw the network unrolled over its steps, with shapes on the arrows; a long one is folded in the middle."""
    shown: list[int | None] = list(range(1, steps + 1)) if steps <= 6 else [1, 2, 3, None, steps - 1, steps]
    ax = canvas(ax, height=4.0, width=2.0 * 6 + 1.6, top=5.0, bottom=-1.0)
    gap = 2.0
    first = 1.9 + gap * (6 - len(shown)) / 2  # a short network stands in the middle
    ax.text(first - 1.75, 2.2, "$h_0$", ha="center", va="center", color=FORWARD, fontsize=13)
    for slot, step in enumerate(shown):
        x = first + gap * slot
        arrow(ax, (x - gap + 0.55 + (-0.05 if slot else 0), 2.2), (x - 0.5, 2.2), FORWARD)
        if backward:
            arrow(ax, (x - 0.5, 1.9), (x - gap + 0.5, 1.9), GRADIENT)
        if step is None:
            ax.text(x, 2.2, "· · ·", ha="center", va="center", color=INK, fontsize=16)
            continue
        box(ax, x, 2.2, f"$h_{{{step}}}$", width=0.9, height=1.0)
        ax.text(x, 0.35, f"$x_{{{step}}}$", ha="center", va="top", color=FORWARD, fontsize=13)
        ax.text(x, 4.05, f"$y_{{{step}}}$", ha="center", va="bottom", color=FORWARD, fontsize=13)
        arrow(ax, (x, 0.45), (x, 1.65), FORWARD)
        arrow(ax, (x, 2.75), (x, 4.0), FORWARD)
        if backward:
            arrow(ax, (x + 0.28, 4.0), (x + 0.28, 2.75), GRADIENT)
            arrow(ax, (x + 0.28, 1.65), (x + 0.28, 0.45), GRADIENT)
    note: dict[str, Any] = {"fontsize": 8, "color": INK}
    ax.text(first - 0.12, 1.05, f"$W_{{xh}}$\n({n_x}, {n_h})", ha="right", va="center", **note)
    ax.text(first - 0.12, 3.4, f"$W_{{hy}}$\n({n_h}, {n_y})", ha="right", va="center", **note)
    ax.text(first - 0.97, 2.36, f"$W_{{hh}}$\n({n_h}, {n_h})", ha="center", va="bottom", **note)
    ax.text(first, -0.1, f"({batch}, {n_x})", ha="center", va="top", **note)
    ax.text(first, 4.55, f"({batch}, {n_y})", ha="center", va="bottom", **note)
    ax.text(first - 1.75, 1.75, f"({batch}, {n_h})", ha="center", va="top", **note)
    shared = f"the same $W_{{xh}}$, $W_{{hh}}$, $W_{{hy}}$ in every step (T = {steps})"
    ax.text(6.8, -0.95, shared, ha="center", va="bottom", color=INK, fontsize=10)
    if backward:
        ax.text(first + 0.4, 3.4, "dh[t]", ha="left", va="center", color=GRADIENT, fontsize=9)
        ax.text(first - 0.97, 1.75, "carry", ha="center", va="top", color=GRADIENT, fontsize=9)
        ax.text(first + 0.4, 1.05, "dx[t]", ha="left", va="center", color=GRADIENT, fontsize=9)
    way = "the gradient walks back" if backward else "the state walks forward"
    count = n_x * n_h + n_h * n_h + n_h + n_h * n_y + n_y
    return drawing_of(
        ax,
        f"Unrolled over {count_of(steps, 'step')}: {way}, and every step uses the same {count} parameters.",
    )
