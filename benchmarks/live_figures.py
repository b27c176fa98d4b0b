"""Every live figure of the notebooks, for the measurement of their latency; those of trained networks without training.

A network that was not trained takes as long to draw as one that was.
"""

import numpy as np

from rnn_helpers import init_params, live, plots
from rnn_helpers.data.colour_space import lab_to_srgb, srgb_to_lab
from rnn_helpers.labs import paint
from rnn_helpers.live import Text, View
from rnn_helpers.validate import Array

ALPHABET = "\n abcdefghijklmnopqrstuvwxyz"
NAME = "burnt ochre"


def views() -> dict[str, View]:
    """Return all of them by name: those of the package, then the one of notebook 11 and the two of 13b."""
    return {**live.VIEWS, "reading": _reading(), **_painters()}


def show(name: str) -> None:
    """Show one of them."""
    live.show(views()[name])


def _reading() -> View:
    sizes = [2**power for power in range(1, 8)]
    n = len(ALPHABET)
    networks = {n_h: init_params(np.random.default_rng(0), n_x=n, n_h=n_h, n_y=n) for n_h in sizes}
    return live.reading(networks, ALPHABET, {n_h: np.arange(n_h) for n_h in sizes}, NAME)


def _painters() -> dict[str, View]:
    """Return the swatch and the bars of a name, with two readers of 128 units."""
    mean = srgb_to_lab(np.array([0.5, 0.5, 0.5]))
    readers = [
        paint.Reader(
            paint.start(np.random.default_rng(seed), n_x=len(ALPHABET), n_h=128, mean=mean / paint.UNIT),
            ALPHABET,
            backwards=backwards,
        )
        for seed, backwards in ((1, False), (2, True))
    ]

    def beginnings(name: str) -> tuple[str, Array, str]:
        text, note = paint.typed(name, ALPHABET)
        return text, lab_to_srgb(paint.paint(readers, [text[: i + 1] for i in range(len(text))])), note

    def effects(name: str) -> tuple[str, Array, Array, str]:
        text, note = paint.typed(name, ALPHABET)
        (painted,) = paint.paint(readers, [text])
        way = painted - mean
        u = way / np.linalg.norm(way)
        without = paint.paint(readers, paint.without_each_letter(text))
        return text, paint.letter_gradients(readers, text, u), (painted - without) @ u, note

    field = (Text("name", "colour name", NAME),)
    return {
        "letters": View(
            lambda name: plots.letters(*beginnings(name)),
            field,
            lambda drawing, name: plots.update_letters(drawing, *beginnings(name)),
        ),
        "letter_bars": View(
            lambda name: plots.letter_bars(*effects(name)),
            field,
            lambda drawing, name: plots.update_letter_bars(drawing, *effects(name)),
        ),
    }
