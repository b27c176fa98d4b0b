"""The live view of notebook 11: trained networks of several sizes while they read a name."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from rnn_helpers import data, plots
from rnn_helpers.live.controls import Control, Text, View, view_of
from rnn_helpers.output import softmax
from rnn_helpers.params import RNNParams
from rnn_helpers.rnn import rnn_forward
from rnn_helpers.validate import Array


def reading(models: Mapping[int, RNNParams], alphabet: str, orders: Mapping[int, Array], name: str) -> View:
    """Return the view: a name, the hidden size as a power of two, the letter position, the temperature.

    Parameters
    ----------
    models : hidden size -> trained parameters; the sizes are powers of two, without a gap.
    alphabet : what the networks were trained on.
    orders : hidden size -> (n_h,) the units, in the order in which they are drawn.
    name : to start with.
    """
    powers = [int(np.log2(n_h)) for n_h in sorted(models)]

    @lru_cache(maxsize=64)
    def run(text: str, n_h: int) -> tuple[Array, Array]:
        params = models[n_h]
        h, _, _ = rnn_forward(params, data.encode(text, alphabet)[:, None])
        return h[:, 0, orders[n_h]], (h @ params.W_hy + params.b_y)[:, 0]

    def what(name: str, power: int, place: int, temperature: float) -> dict[str, Any]:
        text, note = _readable(name, alphabet)
        states, logits = run(text, 2**power)
        place = min(place + 1, len(text))  # the text begins with the line break; place 0 is after it
        y = softmax(logits[place - 1] / temperature)
        return {"h": states, "text": text, "place": place, "y": y, "alphabet": alphabet, "note": note}

    controls = (
        Text("name", "name", name),
        Control("place", "letter position", 0, data.LONGEST, 1, min(len(name), 4)),
        Control("power", "n_h: 2 to the power", powers[0], powers[-1], 1, powers[-1]),
        Control("temperature", "temperature", 0.1, 3.0, 0.1, 1.0),
    )
    return view_of(plots.reading, plots.update_reading, controls, what)


def _readable(name: str, alphabet: str) -> tuple[str, str]:
    """Return the name as the networks can read it, after a line break, and a note on what was left out."""
    text = data.readable(name, alphabet)
    unknown = sorted(set(name.lower()) - set(alphabet[1:]))
    note = f" Left out, because they aren't in the alphabet: {' '.join(unknown)}." if unknown else ""
    if sum(character in alphabet[1:] for character in name.lower()) > len(text):
        note += f" The name is cut after {len(text)} characters."
    return "\n" + text, note
