"""A view's picture as PNG bytes, redrawn as quickly as Matplotlib can.

Drawing a whole figure takes some 60 ms, most of it for axes, ticks and labels that stay as they are. So the figure is
kept, its static part is drawn once and remembered as pixels, and each move draws only the moving artists over it.
"""

import io

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

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
    """Return the canvas's pixels as PNG, packed quickly rather than tightly."""
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB").save(buffer, format="png", compress_level=1)
    return buffer.getvalue()
