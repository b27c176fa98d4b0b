"""The live view of notebook 11: trained networks of several sizes while they read a name."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from rnn_helpers import data, plots, validate
from rnn_helpers.live.controls import Control, Text, View, view_of
from rnn_helpers.output import softmax
from rnn_helpers.params import RNNParams
from rnn_helpers.plots import door
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

    Raises
    ------
    TypeError, ValueError : one of them is none of these, or they do not fit together.
    """
    models, orders = _checked(models, alphabet, orders)
    start = data.readable(door.text("name", name), alphabet)
    powers = [n_h.bit_length() - 1 for n_h in models]

    @lru_cache(maxsize=64)
    def run(text: str, n_h: int) -> tuple[Array, Array]:
        params = models[n_h]
        h, _, _ = rnn_forward(params, data.encode(text, alphabet)[:, None])
        return h[:, 0, orders[n_h]], (h @ params.W_hy + params.b_y)[:, 0]

    def what(name: str, power: int, place: int, temperature: float) -> dict[str, Any]:
        text = "\n" + data.readable(name, alphabet)
        states, logits = run(text, 2**power)
        place = min(place + 1, len(text))  # the text begins with the line break; place 0 is after it
        y = softmax(logits[place - 1] / temperature)
        note = f" {lost}" if (lost := data.unreadable(name, alphabet)) else ""
        return {"h": states, "text": text, "place": place, "y": y, "alphabet": alphabet, "note": note}

    controls = (
        Text("name", "name", name),
        Control("place", "letter position", 0, data.LONGEST, 1, min(len(start), 4)),
        Control("power", "hidden size n_h", min(powers), max(powers), 1, max(powers), power_of=2),
        Control("temperature", "temperature", 0.1, 3.0, 0.1, 1.0),
    )
    return view_of(plots.reading, plots.update_reading, controls, what)


def _checked(
    models: Mapping[int, RNNParams], alphabet: str, orders: Mapping[int, Array]
) -> tuple[dict[int, RNNParams], dict[int, Array]]:
    """Return the networks and the orders by hidden size, or raise TypeError or ValueError where they are none.

    Here, and not when the picture is drawn: a live figure would show the message on the page, far from the call.
    """
    for argument, value in (("models", models), ("orders", orders)):
        if not isinstance(value, Mapping):
            raise TypeError(f"{argument}: expected a mapping from hidden sizes, got {type(value).__name__}")
    sizes = sorted(int(validate.size("models: hidden size", n_h)) for n_h in models)
    if not sizes or sizes != [1 << sizes[0].bit_length() - 1 + power for power in range(len(sizes))]:
        raise ValueError(f"models: expected hidden sizes that are powers of two, without a gap, got {sizes}")
    data.readable("", alphabet)  # raises for what is no alphabet
    networks, units = {}, {}
    for n_h in sizes:
        wanted = {"n_x": len(alphabet), "n_h": n_h, "n_y": len(alphabet)}
        if n_h not in orders:
            raise ValueError(f"orders: expected one for each hidden size of models, got none for {n_h}")
        units[n_h] = door.order(f"orders[{n_h}]", orders[n_h], n_h)
        try:
            params = networks[n_h] = validate.params(models[n_h], RNNParams)
        except (TypeError, ValueError) as error:
            raise type(error)(f"models[{n_h}]: {error}") from None
        given = dict(zip(wanted, (*params.W_xh.shape, params.W_hy.shape[1]), strict=True))
        if given != wanted:
            raise ValueError(f"models[{n_h}]: expected a network of {wanted}, got {given}")
    return networks, units
