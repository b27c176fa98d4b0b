"""What tests compare pictures by."""

import io
from typing import Any

import numpy as np
from PIL import Image


def pixels(picture: bytes | np.ndarray) -> np.ndarray:
    """Return the colours (rows, columns, 3) of a PNG, or a copy of those that a Painter will paint over."""
    shown = np.asarray(Image.open(io.BytesIO(picture))) if isinstance(picture, bytes) else picture
    return shown[..., :3].copy()


def unpacked(picture: dict[str, Any]) -> np.ndarray:
    """Return the pixels of a picture that was packed for the page."""
    values, lengths = np.frombuffer(picture["runs"], "<u4").reshape(2, -1)
    rows = np.repeat(values, lengths).reshape(picture["height"], picture["width"])
    return np.bitwise_xor.accumulate(rows, axis=0).view(np.uint8).reshape(*rows.shape, 4)
