"""The functions that a network is made of: softmax, tanh and the loss, with the point that a slider moves."""

import numpy as np
from matplotlib.axes import Axes

from rnn_helpers.plots.drawing import FAINT, FORWARD, GRADIENT, INK, Drawing, axes, drawing_of
from rnn_helpers.validate import Array


def softmax_bars(z: Array, y: Array, ax: Axes | None = None) -> Drawing:
    """Draw probabilities `y` as bars, with the score each came from beneath it; both of shape (n,)."""
    ax = axes(ax, height=2.8)
    places = np.arange(len(y))
    bars = ax.bar(places, y, color=FORWARD, width=0.6)
    ax.bar_label(bars, [f"{p:.3f}" for p in y], padding=2)
    ax.set(ylim=(0, 1.12), ylabel="probability (no unit)", xlabel="score z (no unit)")
    ax.set_xticks(places, [f"$z_{i + 1}$ = {score:.2f}" for i, score in enumerate(z)])
    entropy = np.sum(y * -np.log(np.maximum(y, 1e-300)))  # 1e-300: a probability of 0 adds 0, not nan
    top = int(np.argmax(y))
    return drawing_of(
        ax,
        f"The {len(y)} probabilities sum to {y.sum():.3f}; the largest is {y[top]:.3f}, for z{top + 1}, "
        f"and the entropy is {entropy:.3f} nats of at most {np.log(len(y)):.3f}.",
    )


def tanh_and_slope(z: float, ax: Axes | None = None) -> Drawing:
    """Draw tanh and its slope over z in -4..4, with the tangent at the given point."""
    ax = axes(ax, height=3.2)
    grid = np.linspace(-4, 4, 321)
    h = float(np.tanh(z))
    slope = 1 - h**2
    ax.plot(grid, np.tanh(grid), color=FORWARD, label="tanh z")
    ax.plot(grid, 1 - np.tanh(grid) ** 2, color=GRADIENT, linestyle="--", label="its slope, $1 - \\tanh^2 z$")
    near = np.array([z - 1, z + 1])
    ax.plot(near, h + slope * (near - z), color=INK, linewidth=1, label="tangent")
    ax.plot([z, z], [h, slope], "o", color=INK, markersize=5)
    ax.axhline(0, color=FAINT, linewidth=0.8, zorder=0)
    ax.set(xlim=(-4, 4), ylim=(-1.25, 1.25), xlabel="z (no unit)", ylabel="tanh z and its slope (no unit)")
    ax.legend(loc="upper left", frameon=False)
    return drawing_of(ax, f"At z = {z:.2f}, tanh is {h:.4f} and its slope is 1 - ({h:.4f})² = {slope:.4f}.")


def loss_of_probability(p: float, ax: Axes | None = None) -> Drawing:
    """Draw the loss -log p over p in (0, 1], with the given probability marked."""
    ax = axes(ax, height=2.8)
    grid = np.linspace(0.005, 1, 400)
    ax.plot(grid, -np.log(grid), color=FORWARD)
    ax.plot([p], [-np.log(p)], "o", color=INK)
    ax.set(xlim=(0, 1), ylim=(0, 5.5))
    ax.set(xlabel="probability of the right class (no unit)", ylabel="loss (nats)")
    return drawing_of(ax, f"A right class with probability {p:.3f} costs {abs(-np.log(p)):.3f} nats.")


def loss_of_score(score: float, ax: Axes | None = None) -> Drawing:
    """Draw the loss of a right class over its score, among two other classes of score 0."""
    ax = axes(ax, height=2.8)
    grid = np.linspace(-6, 6, 241)
    ax.plot(grid, np.log1p(2 * np.exp(-grid)), color=FORWARD)  # -log(e^s / (e^s + 2)), divided by e^s
    loss = float(np.log1p(2 * np.exp(-score)))
    ax.plot([score], [loss], "o", color=INK)
    ax.set(xlim=(-6.3, 6.3), ylim=(0, 7), aspect="auto")
    ax.set(xlabel="score of the right class (no unit)", ylabel="loss (nats)")
    return drawing_of(
        ax,
        f"A score of {score:.1f} against two of 0 gives the probability {np.exp(-loss):.4f} and costs {loss:.4f} nats.",
    )
