"""What every figure of the course shares: the palette, and a Drawing, which is a figure with its sentence."""

import base64
import html
import io
from collections.abc import Hashable
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from rnn_helpers.validate import Array

# Okabe and Ito's palette, which readers with any colour vision tell apart.
FORWARD, GRADIENT = "#0072B2", "#D55E00"
LINES = (("#0072B2", "-"), ("#E69F00", "--"), ("#009E73", ":"), ("#CC79A7", "-."))
INK, FAINT = "#222222", "#BBBBBB"
DPI = 200  # two pixels for each CSS pixel, so that pictures are sharp on a dense screen
FILLED = {"facecolor": "#EAF3FA", "edgecolor": INK}  # a box
WIDTH = 7.6  # inches; at 100 pixels an inch the widest picture that JupyterLab's default layout leaves unshrunk

# How pictures look on a page. In a dark theme (of JupyterLab and exported HTML, of a book) white becomes its ground
# and hues stay; a picture that follows the theme has this class. In a narrow window a picture stays wide enough to be
# read, and its frame scrolls.
FOLLOWS_THEME = "rnn-follows-theme"
STYLE = f"""\
:is([data-jp-theme-light="false"], [data-theme="dark"]) .{FOLLOWS_THEME} {{
  filter: invert(0.93) hue-rotate(180deg);
}}
.rnn-picture {{
  margin: 0;
  overflow-x: auto;
}}
.jp-OutputArea-output:has(> .rnn-picture) {{
  padding-right: 0; /* as wide as with controls */
}}
.rnn-picture > :is(img, canvas) {{
  width: 100%;
  min-width: min(var(--width), 600px);
  max-width: var(--width);
  height: auto;
}}
"""


class Drawing(NamedTuple):
    """A figure, the sentence that says with numbers what it shows, and the artists that its update moves.

    Everything else in the figure stays as it is while a slider moves, or depends on `static` alone.
    """

    figure: Figure
    sentence: str
    moving: tuple[Any, ...] = ()  # artists, each kind with its own methods, in the order in which update reads them
    static: Hashable = None  # one of a few values, each with its own static part; None: the figure knows its changes
    by: tuple[Hashable, ...] = ()  # the name of the function that drew it, and sizes that its update cannot change
    true_colours: bool = False  # its colours, or what is bright in it, are what it shows: the same in a dark theme

    def png(self) -> bytes:
        """Return the picture, at `DPI` pixels an inch."""
        buffer = io.BytesIO()
        # No "Software" entry: the bytes then stay the same from one Matplotlib release to the next.
        self.figure.savefig(buffer, dpi=DPI, metadata={"Software": None})
        return buffer.getvalue()

    def size(self) -> dict[str, int]:
        """Return width and height on the page, in CSS pixels."""
        width, height = self.figure.get_size_inches() * 100
        return {"width": round(width), "height": round(height)}

    def __repr__(self) -> str:
        return self.sentence

    def _ipython_display_(self) -> None:
        from IPython.display import display  # here, so that drawing to a file needs no IPython

        for data, metadata in outputs(self.png(), self.sentence, self.size(), true_colours=self.true_colours):
            display(data, raw=True, metadata=metadata)


def outputs(
    png: bytes, sentence: str, size: dict[str, int], *, true_colours: bool = False
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return what a cell puts out for a picture and for the sentence under it: the data and metadata of each."""
    picture = {"text/html": _html(png, sentence, size, true_colours), "image/png": png, "text/plain": sentence}
    return [
        (picture, {"image/png": {"alt": sentence, **size}}),
        ({"text/markdown": f"*{sentence}*", "text/plain": sentence}, {}),
    ]


def _html(png: bytes, sentence: str, size: dict[str, int], true_colours: bool) -> str:
    """Return the picture for a page. Pages drop the alternative text of an image/png, and don't know of the theme.

    The frame can have the focus: where it scrolls, the arrow keys scroll it, which JupyterLab would take for its own.
    While JupyterLab does not trust a notebook, it takes style and focus away; then the attributes say enough.
    """
    look = "" if true_colours else f' class="{FOLLOWS_THEME}"'
    width, height = size["width"], size["height"]
    source = base64.b64encode(png).decode()
    return (
        f'<figure class="rnn-picture" tabindex="0" data-lm-suppress-shortcuts="true"'
        f' style="margin: 0; --width: {width}px"><style>{STYLE}</style>'
        f'<img{look} alt="{html.escape(sentence)}" width="{width}" height="{height}"'
        f' src="data:image/png;base64,{source}"></figure>'
    )


def axes(ax: Axes | None, height: float) -> Axes:
    """Return `ax`, or the axes of a new figure, made without pyplot so that no global state remembers it."""
    if (given := _given(ax)) is not None:
        return given
    return Figure(figsize=(WIDTH, height), layout="constrained").add_subplot()


def canvas(ax: Axes | None, *, height: float, width: float, top: float, bottom: float) -> Axes:
    """Return axes without a frame, to draw boxes and arrows on. They fill their figure: no layout has to be found."""
    ax = _given(ax) or Figure(figsize=(WIDTH, height)).add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(bottom, top))
    ax.axis("off")
    return ax


def _given(ax: Axes | None) -> Axes | None:
    """Return `ax`; raise TypeError unless it is one of Matplotlib's Axes, or None."""
    if not isinstance(ax, Axes | None):
        raise TypeError(f"ax: expected Matplotlib's Axes or None, got {type(ax).__name__}")
    return ax


def drawing_of(
    ax: Axes,
    sentence: str = "",
    moving: tuple[Any, ...] = (),
    *,
    by: tuple[Hashable, ...] = (),
    true_colours: bool = False,
) -> Drawing:
    """Return the Drawing of the figure that `ax` belongs to."""
    figure = ax.get_figure(root=True)
    assert figure is not None  # `axes` made sure of it
    return Drawing(figure, sentence, moving, by=by, true_colours=true_colours)


def frame_of(*many: Axes) -> list[Any]:
    """Return the lines around axes. Among the moving artists they stay on top of what ends at the frame."""
    return [spine for ax in many for spine in ax.spines.values()]


def count_of(number: int, noun: str) -> str:
    """Return "1 step" or "5 steps"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def box(
    ax: Axes, x: float, y: float, text: str, *, width: float, height: float = 0.8, note: str = "", empty: bool = False
) -> None:
    """Draw a rounded box around `text`, with a small `note` under it, centred on (x, y); or an empty outline."""
    corner = (x - width / 2, y - height / 2)
    look: dict[str, Any] = {"facecolor": "none", "edgecolor": FAINT, "linestyle": ":"} if empty else FILLED
    style = "round,pad=0.02,rounding_size=0.15"
    ax.add_patch(FancyBboxPatch(corner, width, height, boxstyle=style, **look))
    ax.text(x, y + height * bool(note) / 5, text, ha="center", va="center", color=INK, fontsize=11)
    if note:
        ax.text(x, y - height / 4, note, ha="center", va="center", color=INK, fontsize=8)


def arrow(
    ax: Axes, start: tuple[float, float] | Array, end: tuple[float, float] | Array, color: str
) -> FancyArrowPatch:
    """Draw an arrow and return it; those of gradients are dashed."""
    patch = FancyArrowPatch(tuple(start), tuple(end), arrowstyle="-|>", mutation_scale=11, shrinkA=0, shrinkB=0)
    patch.set(color=color, linestyle="--" if color == GRADIENT else "-", linewidth=1.4)
    ax.add_patch(patch)
    return patch
