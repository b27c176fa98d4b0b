"""Arrays as blocks of coloured cells that hold their numbers. One unit of the canvas is one cell, y grows upwards."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import Normalize

from rnn_helpers.plots.drawing import FAINT, inks_on
from rnn_helpers.validate import Array

LIMIT = 2  # signed numbers of this size and larger have the darkest red or blue


class Block(NamedTuple):
    """Where a block stands, its left edge at x and its middle at y, and how many rows and columns it has."""

    x: float
    y: float
    shape: tuple[int, ...]
    edge: str = FAINT


def blocks(ax: Axes, places: Sequence[Block], *, probabilities: bool = False) -> list[Any]:
    """Draw empty cells; return the one artist of all their squares, and a text for each.

    A mesh for each block, as `pcolormesh` makes it, takes ten times as long to draw.
    """
    corners = [
        (x + column, y + rows / 2 - row)
        for x, y, (rows, columns), _ in places
        for row in range(rows)
        for column in range(columns)
    ]
    squares = PolyCollection(list(np.array(corners)[:, None] + [(0, 0), (1, 0), (1, -1), (0, -1)]))
    edges = [place.edge for place in places for _ in range(int(np.prod(place.shape)))]
    squares.set(cmap="viridis" if probabilities else "RdBu_r", edgecolor=edges, linewidth=0.6)
    squares.set_norm(Normalize(0, 1) if probabilities else Normalize(-LIMIT, LIMIT))
    ax.add_collection(squares, autolim=False)
    texts = (ax.text(x + 0.5, y - 0.5, "", ha="center", va="center_baseline", fontsize=8) for x, y in corners)
    return [squares, *texts]


def fill(artists: Iterable[Any], arrays: Iterable[Array]) -> None:
    """Show one array in each of the `blocks`. nan is an empty cell."""
    squares, *texts = artists
    values = np.concatenate([array.ravel() for array in arrays])
    squares.set_array(values)
    for text, value, ink in zip(texts, values, inks_on(squares.to_rgba(values)), strict=True):
        text.set(text="" if np.isnan(value) else _signed(value), color=ink)


def _signed(value: float) -> str:
    """Write a number with two decimals and a real minus sign, and no minus before a zero."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "\N{MINUS SIGN}")


def row(array: Array) -> str:
    """Write a row's numbers in brackets, with no minus before a zero."""
    return "(" + ", ".join(f"{round(value, 2) + 0.0:.2f}" for value in array.flat) + ")"
