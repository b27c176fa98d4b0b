"""Figures from arrays. Each function draws on `ax`, or on a figure of its own, and returns a Drawing.

Forward is blue and drawn with solid lines, gradients are vermilion and dashed, in every picture. No function here
knows a model: it takes arrays or sizes, and the sentence under its picture is computed from them.
"""

import io
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from rnn_helpers.validate import Array

# Okabe and Ito's palette, which readers with any colour vision tell apart.
FORWARD, GRADIENT = "#0072B2", "#D55E00"
LINES = (("#0072B2", "-"), ("#E69F00", "--"), ("#009E73", ":"), ("#CC79A7", "-."))
INK, FAINT = "#222222", "#BBBBBB"
WIDTH = 7.6  # inches; at 100 pixels an inch the widest picture that JupyterLab's default layout leaves unshrunk


class Drawing(NamedTuple):
    """A figure and the sentence that says, with numbers, what it shows."""

    figure: Figure
    sentence: str

    def png(self, *, compress_level: int = 6) -> bytes:
        """Return the picture at two pixels a point of the page, so that it is sharp on a dense screen."""
        buffer = io.BytesIO()
        # No "Software" entry: the bytes then stay the same from one Matplotlib release to the next.
        self.figure.savefig(buffer, dpi=200, metadata={"Software": None}, pil_kwargs={"compress_level": compress_level})
        return buffer.getvalue()

    def size(self) -> dict[str, int]:
        """Return width and height on the page, in CSS pixels."""
        width, height = self.figure.get_size_inches() * 100
        return {"width": round(width), "height": round(height)}

    def __repr__(self) -> str:
        return self.sentence

    def _ipython_display_(self) -> None:
        from IPython.display import display  # here, so that drawing to a file needs no IPython

        data = {"image/png": self.png(), "text/plain": self.sentence}
        display(data, raw=True, metadata={"image/png": {"alt": self.sentence, **self.size()}})
        display({"text/markdown": f"*{self.sentence}*", "text/plain": self.sentence}, raw=True)


def softmax_bars(z: Array, y: Array, ax: Axes | None = None) -> Drawing:
    """Draw probabilities `y` as bars, with the score each came from beneath it; both of shape (n,)."""
    ax = _axes(ax, height=2.8)
    places = np.arange(len(y))
    bars = ax.bar(places, y, color=FORWARD, width=0.6)
    ax.bar_label(bars, [f"{p:.3f}" for p in y], padding=2)
    ax.set(ylim=(0, 1.12), ylabel="probability (no unit)", xlabel="score z (no unit)")
    ax.set_xticks(places, [f"$z_{i + 1}$ = {score:.2f}" for i, score in enumerate(z)])
    entropy = np.sum(y * -np.log(np.maximum(y, 1e-300)))  # 1e-300: a probability of 0 adds 0, not nan
    top = int(np.argmax(y))
    return _drawing(
        ax,
        f"The {len(y)} probabilities sum to {y.sum():.3f}; the largest is {y[top]:.3f}, for z{top + 1}, "
        f"and the entropy is {entropy:.3f} nats of at most {np.log(len(y)):.3f}.",
    )


def tanh_and_slope(z: float, ax: Axes | None = None) -> Drawing:
    """Draw tanh and its slope over z in -4..4, with the tangent at the given point."""
    ax = _axes(ax, height=3.2)
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
    return _drawing(ax, f"At z = {z:.2f}, tanh is {h:.4f} and its slope is 1 - ({h:.4f})² = {slope:.4f}.")


def loss_of_probability(p: float, ax: Axes | None = None) -> Drawing:
    """Draw the loss -log p over p in (0, 1], with the given probability marked."""
    ax = _axes(ax, height=2.8)
    grid = np.linspace(0.005, 1, 400)
    ax.plot(grid, -np.log(grid), color=FORWARD)
    ax.plot([p], [-np.log(p)], "o", color=INK)
    ax.set(xlim=(0, 1), ylim=(0, 5.5))
    ax.set(xlabel="probability of the right class (no unit)", ylabel="loss (nats)")
    return _drawing(ax, f"A right class with probability {p:.3f} costs {abs(-np.log(p)):.3f} nats.")


def loss_of_score(score: float, ax: Axes | None = None) -> Drawing:
    """Draw the loss of a right class over its score, among two other classes of score 0."""
    ax = _axes(ax, height=2.8)
    grid = np.linspace(-6, 6, 241)
    ax.plot(grid, np.log1p(2 * np.exp(-grid)), color=FORWARD)  # -log(e^s / (e^s + 2)), divided by e^s
    loss = float(np.log1p(2 * np.exp(-score)))
    ax.plot([score], [loss], "o", color=INK)
    ax.set(xlim=(-6.3, 6.3), ylim=(0, 7), aspect="auto")
    ax.set(xlabel="score of the right class (no unit)", ylabel="loss (nats)")
    return _drawing(
        ax,
        f"A score of {score:.1f} against two of 0 gives the probability {np.exp(-loss):.4f} and costs {loss:.4f} nats.",
    )


def state_lines(h: Array, ax: Axes | None = None) -> Drawing:
    """Draw up to four units of `h` (time, n_h) as lines over the steps 1..T."""
    ax = _axes(ax, height=2.8)
    steps = np.arange(1, len(h) + 1)
    for unit, (color, style) in zip(range(h.shape[1]), LINES, strict=False):
        ax.plot(steps, h[:, unit], color=color, linestyle=style, marker=".", label=f"unit {unit + 1}")
    ax.axhline(0, color=FAINT, linewidth=0.8, zorder=0)
    ax.set(ylim=(-1.05, 1.05), ylabel="state $h_t$ (no unit)")
    _step_axis(ax, len(h))
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    last = ", ".join(f"{value:.3f}" for value in h[-1, : len(LINES)])
    return _drawing(ax, f"After step {len(h)} the state is ({last}).")


def state_heatmap(h: Array, ax: Axes | None = None) -> Drawing:
    """Draw `h` (time, n_h), one sequence, as a heat map: steps across, units down, sorted by their first state."""
    ax = _axes(ax, height=3.4)
    steps, units = h.shape
    image = h[:, np.argsort(-h[0], kind="stable")].T
    picture = ax.imshow(
        image,
        aspect="auto",
        cmap="RdBu_r",
        vmin=-1,
        vmax=1,
        extent=(0.5, steps + 0.5, units + 0.5, 0.5),
        interpolation="nearest",
    )
    ax.figure.colorbar(picture, ax=ax, label="state (no unit)", ticks=[-1, 0, 1], pad=0.02)
    _step_axis(ax, steps)
    ax.set_yticks(sorted({1, units}))
    ax.set_ylabel("unit, sorted at step 1")
    return _drawing(
        ax,
        f"States over {_count(steps, 'step')} of {_count(units, 'unit')}: |h| is {np.abs(h[0]).mean():.3f} on average "
        f"at step 1 and {np.abs(h[-1]).mean():.3f} at step {steps}.",
    )


def size_by_step(sizes: Array, what: str = "gradient", ax: Axes | None = None) -> Drawing:
    """Draw sizes (time,) at the steps 1..T, as multiples of the last one, on a logarithmic axis of fixed length.

    The axis does not follow the line: a steeper line is then a steeper picture, and a flat one lies on 1.
    """
    ax = _axes(ax, height=3.0)
    steps = np.arange(1, len(sizes) + 1)
    ratio = sizes / sizes[-1]
    # The logarithm of what underflowed to 0 does not exist; 1e-300 lies far below the picture.
    ax.plot(steps, np.log10(np.maximum(ratio, 1e-300)), color=GRADIENT, linestyle="--", marker=".")
    ax.axhline(0, color=INK, linewidth=0.8, zorder=0)
    ax.set_ylim(-12.5, 12.5)
    powers = range(-12, 13, 4)
    ax.set_yticks(powers, [f"$10^{{{power}}}$" for power in powers])
    ax.set_ylabel(f"size of the {what},\nas a multiple of step T's (no unit)")
    ax.grid(axis="y", color=FAINT, linewidth=0.5)
    _step_axis(ax, len(sizes))
    if ratio[0] > 0:
        per_step = ratio[0] ** (1 / max(1, len(sizes) - 1))
        story = f"{ratio[0]:.1e} times the one at step {len(sizes)}, a factor of {per_step:.2f} for each step back"
    else:
        story = f"less than 1e-300 times the one at step {len(sizes)}"
    return _drawing(ax, f"Over {len(sizes)} steps: at step 1 the size of the {what} is {story}.")


def cell(n_x: int, n_h: int, n_y: int, batch: int, *, backward: bool = False, ax: Axes | None = None) -> Drawing:
    """Draw one step as a chain of operations, with the shape of what travels on each arrow."""
    ax = _canvas(ax, height=2.9 if backward else 2.4, width=11.8, top=4.1, bottom=-0.9 if backward else 0.1)
    boxes = {
        "in": (2.6, 1.0, "$\\cdot\\, W_{xh}$"),
        "rec": (2.6, 3.2, "$\\cdot\\, W_{hh}$"),
        "add": (4.6, 2.1, "+"),
        "tanh": (6.4, 2.1, "tanh"),
        "out": (8.3, 1.0, "$\\cdot\\, W_{hy} + b_y$"),
        "soft": (10.4, 1.0, "softmax"),
    }
    for x, y, text in boxes.values():
        _box(ax, x, y, text, width=1.5 if "W_{hy}" in text else 1.05)
    state = f"({batch}, {n_h})"
    ways = [
        ((0.5, 1.0), (2.05, 1.0), "$x_t$", f"({batch}, {n_x})"),
        ((0.5, 3.2), (2.05, 3.2), "$h_{t-1}$", state),
        ((3.15, 1.15), (4.05, 1.9), "", state),
        ((3.15, 3.05), (4.05, 2.3), "", state),
        ((5.15, 2.1), (5.85, 2.1), "$z_t$", state),
        ((6.95, 2.25), (11.3, 3.2), "$h_t$", state),
        ((6.95, 1.95), (7.55, 1.25), "", ""),
        ((9.05, 1.0), (9.85, 1.0), "", f"({batch}, {n_y})"),
        ((10.95, 1.0), (11.6, 1.0), "$y_t$", f"({batch}, {n_y})"),
    ]
    _arrow(ax, (4.6, 3.45), (4.6, 2.55), FORWARD)
    ax.text(4.6, 3.5, f"$b_h$ ({n_h},)", ha="center", va="bottom", color=INK, fontsize=9)
    names = {0: "$dx_t$", 1: "$dh_{t-1}$", 4: "$dz_t$", 5: "$dh_t$"}
    for number, (start, end, name, shape) in enumerate(ways):
        _arrow(ax, start, end, FORWARD)
        x, y = (np.array(start) + np.array(end)) / 2
        ax.text(x, y + 0.18, name, ha="center", va="bottom", color=FORWARD, fontsize=12)
        ax.text(x, y - 0.2, "" if backward else shape, ha="center", va="top", color=INK, fontsize=8)
        if backward and number <= 5:
            shift = np.array([0, -0.3])
            _arrow(ax, np.array(end) + shift, np.array(start) + shift, GRADIENT)
            ax.text(x, y - 0.42, names.get(number, ""), ha="center", va="top", color=GRADIENT, fontsize=12)
    if backward:
        ax.text(
            5.8,
            -0.6,
            "back: $dW_{xh} = x_t^T dz_t$    $dW_{hh} = h_{t-1}^T dz_t$    $db_h$ = rows of $dz_t$ summed",
            ha="center",
            color=GRADIENT,
            fontsize=11,
        )
        sentence = (
            f"One step back for a batch of {batch}: dh_t ({batch}, {n_h}) becomes dz_t of the same shape, which "
            f"becomes dx_t ({batch}, {n_x}), dh_(t-1) ({batch}, {n_h}) and three parameter gradients."
        )
    else:
        count = n_x * n_h + n_h * n_h + n_h + n_h * n_y + n_y
        sentence = (
            f"One step for a batch of {batch}: x_t ({batch}, {n_x}) and h_(t-1) ({batch}, {n_h}) give "
            f"h_t {state} and y_t ({batch}, {n_y}), with {count} parameters."
        )
    return _drawing(ax, sentence)


def unrolled(
    steps: int, n_x: int, n_h: int, n_y: int, batch: int, *, backward: bool = False, ax: Axes | None = None
) -> Drawing:
    """Draw the network unrolled over its steps, with shapes on the arrows; a long one is folded in the middle."""
    shown: list[int | None] = list(range(1, steps + 1)) if steps <= 6 else [1, 2, 3, None, steps - 1, steps]
    ax = _canvas(ax, height=4.0, width=2.0 * 6 + 1.6, top=5.0, bottom=-1.0)
    gap = 2.0
    first = 1.9 + gap * (6 - len(shown)) / 2  # a short network stands in the middle
    ax.text(first - 1.75, 2.2, "$h_0$", ha="center", va="center", color=FORWARD, fontsize=13)
    for slot, step in enumerate(shown):
        x = first + gap * slot
        _arrow(ax, (x - gap + 0.55 + (-0.05 if slot else 0), 2.2), (x - 0.5, 2.2), FORWARD)
        if backward:
            _arrow(ax, (x - 0.5, 1.9), (x - gap + 0.5, 1.9), GRADIENT)
        if step is None:
            ax.text(x, 2.2, "· · ·", ha="center", va="center", color=INK, fontsize=16)
            continue
        _box(ax, x, 2.2, f"$h_{{{step}}}$", width=0.9, height=1.0)
        ax.text(x, 0.35, f"$x_{{{step}}}$", ha="center", va="top", color=FORWARD, fontsize=13)
        ax.text(x, 4.05, f"$y_{{{step}}}$", ha="center", va="bottom", color=FORWARD, fontsize=13)
        _arrow(ax, (x, 0.45), (x, 1.65), FORWARD)
        _arrow(ax, (x, 2.75), (x, 4.0), FORWARD)
        if backward:
            _arrow(ax, (x + 0.28, 4.0), (x + 0.28, 2.75), GRADIENT)
            _arrow(ax, (x + 0.28, 1.65), (x + 0.28, 0.45), GRADIENT)
    note: dict[str, Any] = {"fontsize": 8, "color": INK}
    ax.text(first - 0.12, 1.05, f"$W_{{xh}}$\n({n_x}, {n_h})", ha="right", va="center", **note)
    ax.text(first - 0.12, 3.4, f"$W_{{hy}}$\n({n_h}, {n_y})", ha="right", va="center", **note)
    ax.text(first - 0.97, 2.36, f"$W_{{hh}}$\n({n_h}, {n_h})", ha="center", va="bottom", **note)
    ax.text(first, -0.1, f"({batch}, {n_x})", ha="center", va="top", **note)
    ax.text(first, 4.55, f"({batch}, {n_y})", ha="center", va="bottom", **note)
    ax.text(first - 1.75, 1.75, f"({batch}, {n_h})", ha="center", va="top", **note)
    shared = f"the same $W_{{xh}}$, $W_{{hh}}$, $W_{{hy}}$ in every step (T = {steps})"
    ax.text(6.8, -0.95, shared, ha="center", va="bottom", color=INK, fontsize=10)
    if backward:
        ax.text(first + 0.4, 3.4, "dh[t]", ha="left", va="center", color=GRADIENT, fontsize=9)
        ax.text(first - 0.97, 1.75, "carry", ha="center", va="top", color=GRADIENT, fontsize=9)
        ax.text(first + 0.4, 1.05, "dx[t]", ha="left", va="center", color=GRADIENT, fontsize=9)
    way = "the gradient walks back" if backward else "the state walks forward"
    count = n_x * n_h + n_h * n_h + n_h + n_h * n_y + n_y
    return _drawing(
        ax,
        f"Unrolled over {_count(steps, 'step')}: {way}, and every step uses the same {count} parameters.",
    )


def _axes(ax: Axes | None, height: float) -> Axes:
    """Return `ax`, or the axes of a new figure, made without pyplot so that no global state remembers it."""
    return ax if ax is not None else Figure(figsize=(WIDTH, height), layout="constrained").add_subplot()


def _canvas(ax: Axes | None, *, height: float, width: float, top: float, bottom: float) -> Axes:
    ax = _axes(ax, height)
    ax.set(xlim=(0, width), ylim=(bottom, top))
    ax.axis("off")
    return ax


def _drawing(ax: Axes, sentence: str) -> Drawing:
    figure = ax.get_figure(root=True)
    assert figure is not None  # `_axes` made sure of it
    return Drawing(figure, sentence)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _step_axis(ax: Axes, steps: int) -> None:
    ax.set_xlim(0.5, steps + 0.5)
    ax.set_xlabel("step t")
    every = max(1, round(steps / 10))
    ax.set_xticks([1, *range(1 + every, steps - every // 2, every), steps] if steps > 1 else [1])


def _box(ax: Axes, x: float, y: float, text: str, *, width: float, height: float = 0.8) -> None:
    corner = (x - width / 2, y - height / 2)
    style = "round,pad=0.02,rounding_size=0.15"
    ax.add_patch(FancyBboxPatch(corner, width, height, boxstyle=style, facecolor="#EAF3FA", edgecolor=INK))
    ax.text(x, y, text, ha="center", va="center", color=INK, fontsize=11)


def _arrow(ax: Axes, start: tuple[float, float] | Array, end: tuple[float, float] | Array, color: str) -> None:
    line = "--" if color == GRADIENT else "-"
    ax.add_patch(
        FancyArrowPatch(
            tuple(start),
            tuple(end),
            arrowstyle="-|>",
            mutation_scale=11,
            color=color,
            linestyle=line,
            linewidth=1.4,
            shrinkA=0,
            shrinkB=0,
        )
    )
