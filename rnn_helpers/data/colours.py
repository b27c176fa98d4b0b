"""The names that people gave to colours, with the colours."""

import numpy as np

from rnn_helpers.validate import Array


def colour_names() -> tuple[list[str], Array]:
    """Return matplotlib's 949 colour names in English and the colour of each.

    Returns
    -------
    names : list of 949 strings.
    colours : (949, 3) float64, the amounts of red, green and blue in sRGB, each from 0 to 1; row i belongs to names[i].

    Source
    ------
    Munroe (2010), xkcd color survey: what people typed for colours shown to them. It is in the
    public domain (CC0 1.0), and matplotlib ships it.
    """
    from matplotlib.colors import XKCD_COLORS, to_rgb  # here: it takes longer to load than the rest of the package

    names = [name.removeprefix("xkcd:") for name in XKCD_COLORS]
    return names, np.array([to_rgb(colour) for colour in XKCD_COLORS.values()])
