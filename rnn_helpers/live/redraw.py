"""A view's picture as pixels, redrawn as quickly as Matplotlib can.

Drawing a whole figure takes some 60 ms, most of it for axes, ticks and labels that stay as they are. So the figure is
kept, its static part is drawn once and remembered as pixels, and each move draws only the moving artists over it. Where
the static part changes between a few states, as an axis that grows in bands does, each is remembered.
"""

import io
from collections.abc import Hashable
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.image import AxesImage
from PIL import Image

from rnn_helpers.live.controls import Value, View
from rnn_helpers.plots.drawing import DPI, Drawing

Pixels = npt.NDArray[np.uint8]


class Painter:
    """Draws one view again and again."""

    drawing: Drawing  # the one shown, since the first picture
    canvas: FigureCanvasAgg

    def __init__(self, view: View) -> None:
        self.view = view
        self.whole = False  # whether there is a drawing that can be updated: an error leaves half of one

    def paint(self, values: dict[str, Value]) -> tuple[Pixels, str]:
        """Return the picture's pixels (height, width, RGBA) and its sentence at these values.

        The pixels are the canvas's own: the next picture overwrites them.
        """
        whole, self.whole = self.whole, False
        old = self.drawing.figure if whole else None
        if self.view.update is not None and whole:
            self.drawing = self.view.update(self.drawing, **values)
        else:
            self.drawing = self.view.draw(**values)
        if self.drawing.figure is not old:
            self._prepare()
        self._draw()
        self.whole = True
        return np.asarray(self.canvas.buffer_rgba(), np.uint8), self.drawing.sentence

    def _prepare(self) -> None:
        """Give a new drawing's figure a canvas at the resolution of its PNG, without pyplot."""
        # An artist marked as animated is left out of `draw` and does not make its figure stale: a figure is stale
        # only when something static has changed, or when it is new.
        for artist in self.drawing.moving:
            artist.set_animated(True)
        self.drawing.figure.dpi = DPI
        self.canvas = FigureCanvasAgg(self.drawing.figure)
        self.backgrounds: dict[Hashable, Any] = {}  # pixels of the static part, by the drawing's `static`

    def _draw(self) -> None:
        """Draw the static part if it has changed and is not remembered, and the moving artists over it."""
        figure, static = self.drawing.figure, self.drawing.static
        if static in self.backgrounds and (static is not None or not figure.stale):
            self.canvas.restore_region(self.backgrounds[static])
        else:
            images = [artist for artist in self.drawing.moving if isinstance(artist, AxesImage)]
            seen = [image.get_visible() for image in images]
            for image in images:
                image.set_visible(False)  # Matplotlib up to 3.10 draws images though they are animated
            self.canvas.draw()
            for image, visible in zip(images, seen, strict=True):
                image.set_visible(visible)
            self.backgrounds[static] = self.canvas.copy_from_bbox(figure.bbox)
        for artist in sorted(self.drawing.moving, key=lambda artist: artist.get_zorder()):
            artist.draw(self.canvas.get_renderer())


def png(pixels: Pixels) -> bytes:
    """Return the pixels as a PNG, byte for byte the one that `Drawing.png` makes of the same picture."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="png", dpi=(DPI, DPI))
    return buffer.getvalue()


def packed(pixels: Pixels) -> bytes:
    """Return the pixels as the page unpacks them: the value of each run of equal ones, and then how long each run is.

    Each row is first written as its difference from the row above, by exclusive or, so that most of a picture is one
    value, 0. Packing and unpacking a PNG instead takes five times as long, for half the bytes.
    """
    height, width, _ = pixels.shape
    rows = np.ascontiguousarray(pixels).view("<u4").reshape(height, width)
    difference = rows.copy()
    difference[1:] ^= rows[:-1]
    flat = difference.ravel()
    starts = np.concatenate([[0], 1 + np.flatnonzero(flat[1:] != flat[:-1])])
    lengths = np.diff(starts, append=flat.size)
    runs: bytes = np.concatenate([flat[starts], lengths]).astype("<u4").tobytes()
    return runs
