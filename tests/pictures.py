"""What tests compare pictures by."""

import io
from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from rnn_helpers import live
from rnn_helpers.live.redraw import Painter
from rnn_helpers.plots.drawing import DPI, Drawing


def pixels(picture: bytes | np.ndarray) -> np.ndarray:
    """Return the colours (rows, columns, 3) of a PNG, or a copy of those that a Painter will paint over."""
    shown = np.asarray(Image.open(io.BytesIO(picture))) if isinstance(picture, bytes) else picture
    return shown[..., :3].copy()


def unpacked(picture: dict[str, Any]) -> np.ndarray:
    """Return the pixels of a picture that was packed for the page."""
    values, lengths = np.frombuffer(picture["runs"], "<u4").reshape(2, -1)
    rows = np.repeat(values, lengths).reshape(picture["height"], picture["width"])
    return np.bitwise_xor.accumulate(rows, axis=0).view(np.uint8).reshape(*rows.shape, 4)


def drawn(drawing: Drawing) -> np.ndarray:
    """Return the pixels of the plain drawing, which need not be packed into a PNG and unpacked again."""
    drawing.figure.dpi = DPI
    canvas = FigureCanvasAgg(drawing.figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3]


def assert_moves_like_new(view: live.View, places: Iterable[dict[str, Any]]) -> None:
    """Move a view from place to place as a live figure does, and compare each picture with one that is drawn anew."""
    painter = Painter(view)
    anew: dict[str, tuple[np.ndarray, str]] = {}  # a view is drawn once where it comes twice
    for values in places:
        picture, sentence = painter.paint(values)
        if str(values) not in anew:
            drawing = view.draw(**values)
            anew[str(values)] = drawn(drawing), drawing.sentence
        wanted, story = anew[str(values)]
        assert sentence == story
        assert np.array_equal(pixels(picture), wanted), values


def shown(artists: Iterable[Any]) -> list[Any]:
    """Return the artists that are visible."""
    return [artist for artist in artists if artist.get_visible()]
