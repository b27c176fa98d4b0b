"""The functions that a network is made of: softmax, tanh and the loss, with the point that a slider moves.

Each `update_...` moves the artists of a drawing that its namesake made, and returns it with the new sentence.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from rnn_helpers import validate
from rnn_helpers.output import softmax
from rnn_helpers.plots import door
from rnn_helpers.plots.drawing import FAINT, FORWARD, GRADIENT, INK, LINES, WIDTH, Drawing, axes, drawing_of, frame_of
from rnn_helpers.validate import Array

POWERS = np.linspace(-1, 1, 101)  # log10 of the temperatures 0.1 to 10


def softmax_bars(z: Array, temperature: float) -> Drawing:
    """Draw softmax(z / temperature) for two to four scores: bars, and beside them its course over the temperature."""
    z, temperature = _scores(z, temperature)
    figure = Figure(figsize=(WIDTH, 3.2), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    places = np.arange(len(z))
    bars = left.bar(places, 0 * places, width=0.6, color=[color for color, _ in LINES[: len(z)]])
    under = left.get_xaxis_transform()
    scores = [left.text(i, -0.05, "", transform=under, ha="center", va="top", color=INK) for i in places]
    values = [left.text(i, 0, "", ha="center", va="bottom", color=INK) for i in places]
    curves = [
        right.plot(POWERS, 0 * POWERS, color=color, linestyle=style, label=f"$y_{i + 1}$")[0]
        for i, (color, style) in zip(places, LINES, strict=False)
    ]
    (line,) = right.plot([0, 0], [0, 1.04], color=INK, linewidth=1)
    (points,) = right.plot(places, 0 * places, "o", color=INK, markersize=5)
    left.set(ylim=(0, 1.2), yticks=[0, 0.5, 1], ylabel="probability")
    left.set_xlabel("score z", labelpad=9)
    left.set_xticks(places, [" "] * len(z))  # the scores stand here, as texts that move
    right.set(xlim=(-1.05, 1.05), xlabel="temperature", ylabel="probability")
    right.set_xticks(np.log10([0.1, 0.3, 1, 3, 10]), ["0.1", "0.3", "1", "3", "10"])
    right.tick_params(labelleft=True)
    right.legend(loc="upper right", frameon=False, ncols=len(z), handlelength=2.2, columnspacing=1)
    moving = (*bars, *scores, *values, *curves, line, points, *frame_of(left, right))
    return update_softmax_bars(drawing_of(left, moving=moving, by=("softmax_bars", len(z))), z, temperature)


def update_softmax_bars(drawing: Drawing, z: Array, temperature: float) -> Drawing:
    """Set the bars, scores, curves and points of `softmax_bars`."""
    z, temperature = _scores(z, temperature)
    n = len(z)
    door.drawing(drawing, "softmax_bars", n)
    y = softmax(z / temperature)
    bars, scores, values, curves = (drawing.moving[n * kind : n * (kind + 1)] for kind in range(4))
    line, points, *_ = drawing.moving[4 * n :]
    over_temperature = softmax(z / 10 ** POWERS[:, None])
    for i in range(n):
        bars[i].set_height(y[i])
        scores[i].set_text(f"$z_{i + 1}$ = {z[i]:.1f}")
        values[i].set_text(_probability(y[i]))
        values[i].set_y(y[i] + 0.015)
        curves[i].set_ydata(over_temperature[:, i])
    line.set_xdata([np.log10(temperature)] * 2)
    points.set_data([np.log10(temperature)] * n, y)
    entropy = np.sum(y * -np.log(np.maximum(y, 1e-300)))  # 1e-300: a probability of 0 adds 0, not nan
    leaders = [f"z{i + 1}" for i in np.flatnonzero(y.max() - y < 1e-12)]
    largest = f"the largest of {n} probabilities is {y.max():.3f}, for {' and '.join(leaders)}"
    smallest = f"the smallest is {_probability(y.min())}"
    which = f"{largest}, {smallest}," if len(leaders) < n else f"all {n} probabilities are {y[0]:.3f},"
    return drawing._replace(
        sentence=f"At temperature {temperature:.1f} {which} and the entropy is {entropy:.3f} nats "
        f"of at most {np.log(n):.3f}."
    )


def _scores(z: Array, temperature: float) -> tuple[Array, float]:
    """Return the arguments of `softmax_bars`, or raise TypeError or ValueError."""
    z = door.numbers("z", z, {"n_y": None})
    if not 2 <= len(z) <= len(LINES):
        raise ValueError(f"z: expected 2 to {len(LINES)} scores, got {len(z)}")
    return z, validate.positive("temperature", temperature)


def _probability(y: float) -> str:
    """Write a probability with three decimals, or as a power of ten where they would all be 0: softmax never is."""
    return f"{y:.0e}" if 0 < y < 0.0005 else f"{y:.3f}"


def tanh_and_slope(z: float) -> Drawing:
    """Draw tanh with its tangent at `z`, and under it the slope, over -4..4."""
    validate.number("z", z)
    figure = Figure(figsize=(WIDTH, 3.6), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True)
    grid = np.linspace(-4, 4, 321)
    upper.plot(grid, np.tanh(grid), color=FORWARD)
    lower.plot(grid, 1 - np.tanh(grid) ** 2, color=GRADIENT, linestyle="--")
    for ax in (upper, lower):
        ax.axhline(0, color=FAINT, linewidth=0.8, zorder=0)
    (tangent,) = upper.plot([], [], color=INK, linewidth=1.6)
    plumb = [ax.plot([], [], color=INK, linewidth=1, linestyle=":")[0] for ax in (upper, lower)]
    points = [ax.plot([], [], "o", color=INK, markersize=6)[0] for ax in (upper, lower)]
    upper.set(ylim=(-1.3, 1.3), yticks=[-1, 0, 1], ylabel="tanh z")
    lower.set(xlim=(-4.2, 4.2), ylim=(-0.1, 1.2), yticks=[0, 0.5, 1])
    lower.set(xlabel="z", ylabel="slope $1 - \\tanh^2 z$")
    moving = (tangent, *plumb, *points, *frame_of(upper, lower))
    return update_tanh_and_slope(drawing_of(lower, moving=moving, by=("tanh_and_slope",)), z)


def update_tanh_and_slope(drawing: Drawing, z: float) -> Drawing:
    """Move tangent and points of `tanh_and_slope`."""
    validate.number("z", z)
    door.drawing(drawing, "tanh_and_slope")
    tangent, plumb_down, plumb_up, point, point_below, *_ = drawing.moving
    h = float(np.tanh(z))
    slope = 1 - h**2
    near = np.array([-1.2, 1.2]) / np.hypot(1, 1.6 * slope)  # about as long on the page whatever its slope
    tangent.set_data(z + near, h + slope * near)
    plumb_down.set_data([z, z], [h, -1.3])
    plumb_up.set_data([z, z], [slope, 1.2])
    point.set_data([z], [h])
    point_below.set_data([z], [slope])
    return drawing._replace(
        sentence=f"At z = {z:.2f}, tanh is {h:.4f} and its slope is 1 - ({h:.4f})² = {slope:.4f}: "
        f"{100 * slope:.1f} % of a gradient passes."
    )


def loss_of_probability(p: float, ax: Axes | None = None) -> Drawing:
    """Draw the loss -log p over p in (0, 1], with the given probability marked."""
    if not 0 < validate.number("p", p) <= 1:
        raise ValueError(f"p: expected a probability above 0 and at most 1, got {p}")
    ax = axes(ax, height=2.8)
    grid = np.linspace(0.005, 1, 400)
    ax.plot(grid, -np.log(grid), color=FORWARD)
    ax.plot([p], [-np.log(p)], "o", color=INK)
    ax.set(xlim=(0, 1), ylim=(0, 5.5))
    ax.set(xlabel="probability of the right class", ylabel="loss (nats)")
    return drawing_of(ax, f"A right class with probability {p:.3f} costs {abs(-np.log(p)):.3f} nats.")


def loss_of_score(score: float, ax: Axes | None = None) -> Drawing:
    """Draw the loss of a right class over its score, among two other classes of score 0, and the tangent there."""
    validate.number("score", score)
    ax = axes(ax, height=3.0)
    grid = np.linspace(-6, 6, 241)
    ax.plot(grid, np.log1p(2 * np.exp(-grid)), color=FORWARD)  # -log(e^s / (e^s + 2)), divided by e^s
    (tangent,) = ax.plot([], [], color=INK, linewidth=1.6)
    (plumb,) = ax.plot([], [], color=INK, linewidth=1, linestyle=":")
    (point,) = ax.plot([], [], "o", color=INK, markersize=6)
    ax.set(xlim=(-6.3, 6.3), ylim=(-0.3, 7.4), aspect="auto")
    ax.axhline(0, color=FAINT, linewidth=0.8, zorder=0)
    ax.set(xlabel="score of the right class", ylabel="loss (nats)")
    moving = (tangent, plumb, point, *frame_of(ax))
    return update_loss_of_score(drawing_of(ax, moving=moving, by=("loss_of_score",)), score)


def update_loss_of_score(drawing: Drawing, score: float) -> Drawing:
    """Move tangent and point of `loss_of_score`."""
    validate.number("score", score)
    door.drawing(drawing, "loss_of_score")
    tangent, plumb, point, *_ = drawing.moving
    loss = float(np.log1p(2 * np.exp(-score)))
    near = np.array([-1.5, 1.5])
    tangent.set_data(score + near, loss + (np.exp(-loss) - 1) * near)  # the slope is probability minus 1
    plumb.set_data([score, score], [-0.3, loss])
    point.set_data([score], [loss])
    return drawing._replace(
        sentence=f"A score of {score:.1f} against two of 0 gives the probability {np.exp(-loss):.4f} and costs "
        f"{loss:.4f} nats."
    )
