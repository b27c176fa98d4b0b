"""A view's picture as PNG bytes, redrawn as quickly as Matplotlib can.

Drawing a whole figure takes some 60 ms, most of it for axes, ticks and labels that stay as they are. So the figure is
kept, its static part is drawn once and remembered as pixels, and each move draws only the moving artists over it.
"""

import struct
import zlib

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg

from rnn_helpers.live.controls import Value, View
from rnn_helpers.plots.drawing import DPI, Drawing


class Painter:
    """Draws one view again and again. Its first picture is the plain drawing's, byte for byte."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.drawing = view.draw(**view.starts())
        self.png = self.drawing.png()
        self.canvas: FigureCanvasAgg | None = None  # None: the drawing on it cannot be updated

    def paint(self, values: dict[str, Value]) -> tuple[bytes, str]:
        """Return the picture and its sentence at these values."""
        kept, self.canvas = self.canvas, None  # an error on the way leaves half a picture: draw anew after it
        if self.view.update is None or kept is None:
            self.drawing = self.view.draw(**values)
            canvas = _canvas(self.drawing)
        else:
            canvas = kept
            self.drawing = self.view.update(self.drawing, **values)
        self._draw(canvas)
        self.canvas = canvas
        return _png(canvas), self.drawing.sentence

    def _draw(self, canvas: FigureCanvasAgg) -> None:
        """Draw the static part if it has changed, and the moving artists over it."""
        # An artist marked as animated is left out of `draw` and does not make its figure stale: a figure is stale
        # only when something static has changed.
        figure = self.drawing.figure
        moving = sorted(self.drawing.moving, key=lambda artist: artist.get_zorder())
        if figure.stale:
            canvas.draw()
            self.background = canvas.copy_from_bbox(figure.bbox)
        else:
            canvas.restore_region(self.background)
        for artist in moving:
            artist.draw(canvas.get_renderer())


def _canvas(drawing: Drawing) -> FigureCanvasAgg:
    """Give the drawing's figure a canvas at the resolution of its PNG, without pyplot."""
    for artist in drawing.moving:
        artist.set_animated(True)
    drawing.figure.dpi = DPI
    return FigureCanvasAgg(drawing.figure)


def _png(canvas: FigureCanvasAgg) -> bytes:
    """Return the canvas's pixels as PNG, packed quickly rather than tightly.

    Pillow tries every filter on every row, whatever the level of compression, and takes nearly three times as long.
    """
    pixels = np.asarray(canvas.buffer_rgba())
    height, width, channels = pixels.shape
    flat = pixels.reshape(height, width * channels)
    rows = np.empty((height, 1 + width * channels), np.uint8)
    rows[:, 0] = 2  # the filter "up": each row is written as its difference from the row above
    rows[0, 1:] = flat[0]
    np.subtract(flat[1:], flat[:-1], out=rows[1:, 1:])
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)  # 8 bits in each of 4 channels, RGBA
    chunks = {b"IHDR": header, b"IDAT": zlib.compress(rows.data, 1), b"IEND": b""}
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks.items())


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
