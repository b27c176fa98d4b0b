"""Arrays as blocks of coloured cells that hold their numbers. One unit of the canvas is one cell, y grows upwards."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from rnn_helpers.plots.drawing import FAINT, INK
from rnn_helpers.validate import Array

LIMIT = 2  # signed numbers of this size and larger have the darkest red or blue


def block(
    ax: Axes, x: float, y: float, shape: tuple[int, ...], *, edge: str = FAINT, probabilities: bool = False
) -> list[Any]:
    """Draw empty cells, their left edge at x and their middle at y; return the mesh and a text for each cell."""
    rows, columns = shape
    x_edges, y_edges = x + np.arange(columns + 1), y + rows / 2 - np.arange(rows + 1)
    colours, low, high = ("viridis", 0, 1) if probabilities else ("RdBu_r", -LIMIT, LIMIT)
    mesh = ax.pcolormesh(x_edges, y_edges, np.zeros(shape), cmap=colours, vmin=low, vmax=high)
    mesh.set(edgecolor=edge, linewidth=0.6)
    middles = [(x + column + 0.5, y + rows / 2 - row - 0.5) for row in range(rows) for column in range(columns)]
    return [mesh, *(ax.text(*middle, "", ha="center", va="center_baseline", fontsize=8) for middle in middles)]


def fill(artists: Iterable[Any], arrays: Iterable[Array]) -> None:
    """Show one array in each block; `artists` are those of all blocks, one after the other. nan is an empty cell."""
    rest = iter(artists)
    for array in arrays:
        mesh = next(rest)
        mesh.set_array(array)
        for text, value in zip(islice(rest, array.size), array.flat, strict=True):
            dark = value < 0.5 if mesh.norm.vmin == 0 else abs(value) > 0.65 * LIMIT
            text.set(text="" if np.isnan(value) else _signed(value), color="white" if dark else INK)


def _signed(value: float) -> str:
    """Write a number with two decimals and a real minus sign, and no minus before a zero."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "\N{MINUS SIGN}")


def row(array: Array) -> str:
    """Write a row's numbers in brackets, with no minus before a zero."""
    return "(" + ", ".join(f"{round(value, 2) + 0.0:.2f}" for value in array.flat) + ")"
