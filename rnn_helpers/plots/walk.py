"""A walk back through time, one step after the other, with every number in its place."""

from typing import Any, NamedTuple

import numpy as np
from matplotlib.patches import Rectangle

from rnn_helpers.plots import door
from rnn_helpers.plots.blocks import Block, blocks, fill, row
from rnn_helpers.plots.drawing import FORWARD, GRADIENT, GRADIENT_TEXT, INK, Drawing, arrow, canvas, drawing_of
from rnn_helpers.validate import Array

LEFT, GAP = 3.0, 1.05  # the left edge of the first step's cells, and the room between those of two steps


class WalkNumbers(NamedTuple):
    """The arrays of a walk back for a batch of one. Index 0 of `states` and `carry` is what belongs to h_0."""

    W_hh: Array  # (n_h, n_h)
    states: Array  # (time + 1, n_h)
    dh: Array  # (time, n_h): what each step's own output sends back
    carry: Array  # (time + 1, n_h): what each state gets from the step after it
    dz: Array  # (time, n_h)
    terms: Array  # (time, n_h, n_h): each step's share of dW_hh


def walk_numbers(walk: WalkNumbers, taken: int, *, carried: bool = True) -> Drawing:
    """Draw a walk back through time after `taken` of its steps, and the sum of their terms so far.

    Up to four steps of two units fit the width. `carried` says whether the walk hands its carry on: else no
    arrow does.
    """
    walk = _checked(walk, taken, carried)
    steps, n_h = walk.dh.shape
    pitch = n_h + GAP
    ax = canvas(None, height=3.6, width=20.7, top=17.8, bottom=2.6)
    names = ("$h_t$", "dh[t]", "+ dh_carry", "= dh_total", "· slopes\n= $dz_t$", "$h_{t-1}^T dz_t$")
    states, own, carry, both, dz, term = heights = (15.8, 13.7, 12.4, 11.1, 8.3, 4.4)
    for name, y in zip(names, heights, strict=True):
        color = FORWARD if y == states else GRADIENT_TEXT
        ax.text(LEFT - 0.3, y, name, ha="right", va="center", color=color, fontsize=11)
    lefts = [LEFT + pitch * t for t in range(steps + 1)]
    right = lefts[-1] + pitch + 0.2
    known = [Block(x, y, (1, n_h)) for y, first in ((states, 0), (own, 1)) for x in lefts[first:]]
    found = [Block(x, y, (1, n_h)) for y, first in ((carry, 0), (both, 1), (dz, 1)) for x in lefts[first:]]
    terms = [Block(x, term, (n_h, n_h)) for x in (*lefts[1:], right)]
    given = blocks(ax, [*known, Block(right, both, (n_h, n_h))])
    moving = blocks(ax, [*found, *terms])
    for y, name, color in ((both, "$W_{hh}^T$", INK), (term, "$dW_{hh}$\nso far", GRADIENT_TEXT)):
        ax.text(right + n_h / 2, y + n_h / 2 + 0.3, name, ha="center", va="bottom", color=color)
    hands: list[Any] = []  # the arrows that hand the carry on, and what they multiply it by
    for t, x in enumerate(lefts):
        middle = x + n_h / 2
        ax.text(middle, 17.2, f"t = {t}", ha="center", va="center", color=INK)
        if t < steps:
            arrow(ax, (x + n_h + 0.1, states), (x + pitch - 0.1, states), FORWARD)
            hands.append(arrow(ax, (x + pitch - 0.1, dz), (x + n_h + 0.1, carry), GRADIENT))
        if t:
            arrow(ax, (middle, both - 0.7), (middle, dz + 0.7), GRADIENT)
            arrow(ax, (middle, dz - 0.7), (middle, term + n_h / 2 + 0.2), GRADIENT)
    ax.text(lefts[0] + n_h / 2, carry + 1.1, "$dh_0$:", ha="center", va="center", color=GRADIENT_TEXT)
    place = (lefts[0] + n_h + 0.3, (carry + dz) / 2)
    hands.append(ax.text(*place, "· $W_{hh}^T$", ha="right", va="center", color=GRADIENT_TEXT, fontsize=9))
    frame = Rectangle((0, 0), n_h + 0.8, 14.8, facecolor="none", edgecolor=INK, linewidth=1.2)
    ax.add_patch(frame)
    fill(given, [walk.states, walk.dh, walk.W_hh.T])
    return update_walk_numbers(
        drawing_of(ax, moving=(*hands, frame, *moving), by=("walk_numbers", steps, n_h)), walk, taken, carried=carried
    )


def update_walk_numbers(drawing: Drawing, walk: WalkNumbers, taken: int, *, carried: bool = True) -> Drawing:
    """Show another number of steps, with a carry or without, in a drawing that `walk_numbers` made of the same walk."""
    walk = _checked(walk, taken, carried)
    steps, n_h = walk.dh.shape
    door.drawing(drawing, "walk_numbers", steps, n_h)
    hands, (frame, *cells) = drawing.moving[: steps + 1], drawing.moving[steps + 1 :]
    now = steps - taken  # the index of the step that was taken last, and of the state that its carry reaches
    seen = np.arange(steps) >= now
    carry = np.where(np.arange(steps + 1)[:, None] >= now, walk.carry, np.nan)
    both = np.where(seen[:, None], walk.dh + walk.carry[1:], np.nan)
    dz = np.where(seen[:, None], walk.dz, np.nan)
    terms = np.where(seen[:, None, None], walk.terms, np.nan)
    total = walk.terms[now:].sum(axis=0)
    fill(cells, [carry, both, dz, terms, total])
    for hand in hands:
        hand.set_visible(carried)
    frame.set_visible(taken > 0)
    frame.set_xy((LEFT + (n_h + GAP) * (now + 1) - 0.4, 2.8))
    size = f"dW_hh so far has size {np.linalg.norm(total):.3f}"
    if not taken:
        story = f"None of the {steps} steps back is taken yet: there is no term, and {size}."
    else:
        added = f"dh[t] = {row(walk.dh[now])} from its own output plus dh_carry = {row(walk.carry[now + 1])}"
        story = (
            f"Step {now + 1}: {added} makes dh_total = {row(both[now])}. Its term has size "
            f"{np.linalg.norm(walk.terms[now]):.3f}; {size}, after {taken} of {steps} steps."
        )
    return drawing._replace(sentence=story if carried else f"Without the carry, {story[0].lower()}{story[1:]}")


def _checked(walk: WalkNumbers, taken: int, carried: bool) -> WalkNumbers:
    """Return the numbers of a walk whose arrays have the shapes that belong together."""
    door.tuple_of("walk", walk, WalkNumbers)
    time, n_h = door.numbers("walk.dh", walk.dh, {"time": None, "n_h": None}).shape
    axes: dict[str, dict[str, int | None]] = {
        "W_hh": {"from n_h": n_h, "to n_h": n_h},
        "states": {"time + 1": time + 1, "n_h": n_h},
        "dh": {"time": time, "n_h": n_h},
        "carry": {"time + 1": time + 1, "n_h": n_h},
        "dz": {"time": time, "n_h": n_h},
        "terms": {"time": time, "from n_h": n_h, "to n_h": n_h},
    }
    door.within("taken", taken, 0, time)
    door.flag("carried", carried)
    return WalkNumbers(**{name: door.numbers(f"walk.{name}", getattr(walk, name), axes[name]) for name in axes})
