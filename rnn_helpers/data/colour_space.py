"""Colours as numbers: what a screen shows (sRGB), what an eye tells apart (CIE Lab), and the distance between two."""

import numpy as np
from numpy.typing import ArrayLike

from rnn_helpers import validate
from rnn_helpers.validate import Array

# Rows X, Y, Z; columns red, green, blue. Their sums are the white of a screen, D65, which Lab is measured against.
_XYZ_OF_RGB = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = _XYZ_OF_RGB.sum(axis=1)
_FAR = 1e50  # no colour is as far from 0 in Lab, whose L goes to 100; cubes and squares of smaller numbers are finite
_DARK = 6 / 29  # below this the cube root, infinitely steep at 0, gives way to a straight line


def srgb_to_lab(rgb: ArrayLike) -> Array:
    r"""Compute $L = 116 f_Y - 16$, $a = 500 (f_X - f_Y)$, $b = 200 (f_Y - f_Z)$ with $f_X = \sqrt[3]{X / X_{white}}$.

    X, Y, Z are amounts of light: the screen's three lights, sRGB without its gamma, added up as three receptors.

    Parameters
    ----------
    rgb : (..., 3) floats from 0 to 1: red, green, blue in sRGB.

    Returns
    -------
    lab : (..., 3) float64: lightness L from 0 (black) to 100 (white), a from green to red, b from blue to yellow.

    Raises
    ------
    TypeError : not floats.
    ValueError : no last axis of 3, a number outside 0 to 1, NaN or infinity.

    Source
    ------
    IEC 61966-2-1 (1999) for sRGB, its matrix to seven digits from Lindbloom; ISO/CIE 11664-4 (2019) for Lab.
    """
    rgb = _triples("rgb", rgb)
    if rgb.min() < 0 or rgb.max() > 1:
        raise ValueError(f"rgb: expected numbers from 0 to 1, got {rgb.min():.4g} to {rgb.max():.4g}")
    light = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = light @ _XYZ_OF_RGB.T / _WHITE
    f = np.where(xyz > _DARK**3, np.cbrt(xyz), xyz / (3 * _DARK**2) + 4 / 29)
    f_X, f_Y, f_Z = np.moveaxis(f, -1, 0)
    return np.stack([116 * f_Y - 16, 500 * (f_X - f_Y), 200 * (f_Y - f_Z)], axis=-1)


def lab_to_srgb(lab: ArrayLike) -> Array:
    """Return the sRGB colour of `lab`, the inverse of `srgb_to_lab`; light that no screen has is cut to 0 or 1.

    Parameters
    ----------
    lab : (..., 3) floats, from -1e50 to 1e50.

    Returns
    -------
    rgb : (..., 3) float64 from 0 to 1.

    Raises
    ------
    TypeError, ValueError : as in `srgb_to_lab`, but for the range.
    """
    L, a, b = np.moveaxis(_lab("lab", lab), -1, 0)
    f_Y = (L + 16) / 116
    f = np.stack([f_Y + a / 500, f_Y, f_Y - b / 200], axis=-1)
    xyz = np.where(f > _DARK, f**3, 3 * _DARK**2 * (f - 4 / 29))
    light = np.clip((xyz * _WHITE) @ np.linalg.inv(_XYZ_OF_RGB).T, 0, 1)
    rgb: Array = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return rgb


def delta_e(lab: ArrayLike, other: ArrayLike) -> Array:
    r"""Compute the colour difference $\Delta E = \sqrt{\Delta L^2 + \Delta a^2 + \Delta b^2}$ of 1976.

    Two large patches side by side look different from about 2 on; black and white differ by 100.

    Parameters
    ----------
    lab, other : (..., 3) floats from -1e50 to 1e50, whose shapes are equal or broadcast, as one colour against many.

    Returns
    -------
    (...) float64.

    Raises
    ------
    TypeError, ValueError : as in `lab_to_srgb`; also when the shapes do not fit.

    Source
    ------
    ISO/CIE 11664-4 (2019), section on colour differences. Mahy, Van Eycken and Oosterlinck (1994) measured the
    difference that is just seen at 2.3.
    """
    lab, other = _lab("lab", lab), _lab("other", other)
    try:
        difference = lab - other
    except ValueError:
        raise ValueError(f"other: expected a shape that fits {lab.shape}, got {other.shape}") from None
    distance: Array = np.sqrt((difference**2).sum(axis=-1))
    return distance


def _lab(name: str, value: ArrayLike) -> Array:
    array = _triples(name, value)
    if np.abs(array).max() > _FAR:
        raise ValueError(f"{name}: expected numbers from -1e50 to 1e50, got {array.min():.4g} to {array.max():.4g}")
    return array


def _triples(name: str, value: ArrayLike) -> Array:
    array = validate.floats(name, value)
    if array.ndim == 0 or array.shape[-1] != 3 or array.size == 0:
        raise ValueError(f"{name}: expected shape (..., 3) with no empty axis, got {array.shape}")
    return array.astype(np.float64)
