"""How much of a gradient is left along the lane of a cell state, beside what all roads bring and a plain network."""

import numpy as np
from matplotlib.figure import Figure

from rnn_helpers import validate
from rnn_helpers.data import cut
from rnn_helpers.plots import door
from rnn_helpers.plots.drawing import FAINT, FORWARD, GRADIENT, INK, WIDTH, Drawing, count_of, drawing_of, frame_of
from rnn_helpers.plots.sequences import BANDS
from rnn_helpers.validate import Array

LEAST, MOST = -12, 4  # the axis reaches from 10**-12 to 10**4
Numbers = tuple[float, float, Array, Array, Array]


def carousel(
    forget_bias: float,
    gate: float,
    all_roads: Array,
    lane: Array,
    plain: Array,
    *,
    setting: str,
) -> Drawing:
    """Draw what is left of a gradient k steps back in an LSTM, by all roads and along its lane, beside sigma(b)^k.

    `gate` is the mean of the forget gate, whose bias is b = `forget_bias`. `all_roads`, `lane` and `plain`
    (time + 1,) hold base-10 logarithms of the size 0 .. time steps back, of which the first is 0; `plain` is a network
    without gates. `setting` is what the sentence begins with.
    """
    numbers = _numbers(forget_bias, gate, all_roads, lane, plain, setting)
    ax = Figure(figsize=(WIDTH, 3.3)).add_axes((0.12, 0.145, 0.855, 0.765))  # the same at every length
    lines = [
        ax.plot([], [], color=color, linestyle=style, linewidth=width, label=label)[0]
        for color, style, width, label in (
            ("#8A8A8A", "-", 1.4, "plain network, orthogonal start"),
            (INK, ":", 2.2, r"$\sigma(b)^k$"),
            (FORWARD, "-.", 1.6, "along the cell states alone"),
            (GRADIENT, "--", 2.2, "by all roads"),
        )
    ]
    ax.axhline(0, color=FAINT, linewidth=0.8, zorder=0)
    powers = range(LEAST, MOST + 1, 2)
    ax.set_yticks(powers, [f"$10^{{{power}}}$" for power in powers])
    ax.set(ylim=(LEAST - 0.3, MOST + 0.3), xlabel="steps back k")
    ax.set_ylabel("size of the gradient, as a\nmultiple of the last one")
    ax.legend(loc="lower left", bbox_to_anchor=(-0.02, 0.99), frameon=False, ncols=4, fontsize=9, columnspacing=1)
    moving = (*lines, *frame_of(ax))
    return _moved(drawing_of(ax, moving=moving, by=("carousel",)), *numbers, setting)


def update_carousel(
    drawing: Drawing, forget_bias: float, gate: float, all_roads: Array, lane: Array, plain: Array, *, setting: str
) -> Drawing:
    """Show other sizes in a drawing of `carousel`."""
    numbers = _numbers(forget_bias, gate, all_roads, lane, plain, setting)
    door.drawing(drawing, "carousel")
    return _moved(drawing, *numbers, setting)


def _moved(
    drawing: Drawing, forget_bias: float, gate: float, all_roads: Array, lane: Array, plain: Array, setting: str
) -> Drawing:
    """Move the artists of `carousel`."""
    steps = len(lane) - 1
    k = np.arange(steps + 1)
    by_bias = -k * np.logaddexp(0, -forget_bias) / np.log(10)
    for line, logs in zip(drawing.moving[:4], (plain, by_bias, lane, all_roads), strict=True):
        line.set_data(k, logs)
    ax = drawing.moving[0].axes
    room = next((band for band in BANDS if band >= steps), steps)
    if ax.get_xlim() != (0, room):
        ax.set_xlim(0, room)
    return drawing._replace(
        static=room,
        sentence=f"{cut(setting)}: the forget gate is {gate:.2f} on average. {count_of(steps, 'step')} back the "
        f"gradient is {_share(all_roads[-1])} times as large, along the cell states alone {_share(lane[-1])} times, "
        f"in the plain network {_share(plain[-1])} times.",
    )


def _share(log: float) -> str:
    """Return a number of which the base-10 logarithm is `log`, which may be smaller than any float."""
    power = int(np.floor(log))
    return f"{10**log:.2g}" if -4 <= power < 3 else f"{10 ** (log - power):.1f}e{power:+03d}"


def _numbers(forget_bias: float, gate: float, all_roads: Array, lane: Array, plain: Array, setting: str) -> Numbers:
    """Return the numbers of `carousel`, or raise TypeError or ValueError."""
    validate.number("forget_bias", forget_bias)
    validate.number("gate", gate)
    all_roads = door.numbers("all_roads", all_roads, {"time + 1": None})
    if len(all_roads) < 2:
        raise ValueError(f"all_roads: expected those of at least one step back, got {len(all_roads) - 1}")
    lane, plain = (
        door.numbers(name, v, {"time + 1": len(all_roads)}) for name, v in (("lane", lane), ("plain", plain))
    )
    door.text("setting", setting)
    return forget_bias, gate, all_roads, lane, plain
