"""What a sequence leaves behind, over the steps 1..T: states, and sizes of gradients."""

import numpy as np
from matplotlib.axes import Axes

from rnn_helpers.plots.drawing import FAINT, GRADIENT, INK, LINES, Drawing, axes, count_of, drawing_of, step_axis
from rnn_helpers.validate import Array


def state_lines(h: Array, ax: Axes | None = None) -> Drawing:
    """Draw up to four units of `h` (time, n_h) as lines over the steps 1..T."""
    ax = axes(ax, height=2.8)
    steps = np.arange(1, len(h) + 1)
    for unit, (color, style) in zip(range(h.shape[1]), LINES, strict=False):
        ax.plot(steps, h[:, unit], color=color, linestyle=style, marker=".", label=f"unit {unit + 1}")
    ax.axhline(0, color=FAINT, linewidth=0.8, zorder=0)
    ax.set(ylim=(-1.05, 1.05), ylabel="state $h_t$ (no unit)")
    step_axis(ax, len(h))
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
    last = ", ".join(f"{value:.3f}" for value in h[-1, : len(LINES)])
    return drawing_of(ax, f"After step {len(h)} the state is ({last}).")


def state_heatmap(h: Array, ax: Axes | None = None) -> Drawing:
    """Draw `h` (time, n_h), one sequence, as a heat map: steps across, units down, sorted by their first state."""
    ax = axes(ax, height=3.4)
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
    step_axis(ax, steps)
    ax.set_yticks(sorted({1, units}))
    ax.set_ylabel("unit, sorted at step 1")
    return drawing_of(
        ax,
        f"States over {count_of(steps, 'step')} of {count_of(units, 'unit')}: |h| is {np.abs(h[0]).mean():.3f} on "
        f"average at step 1 and {np.abs(h[-1]).mean():.3f} at step {steps}.",
    )


def size_by_step(sizes: Array, what: str = "gradient", ax: Axes | None = None) -> Drawing:
    """Draw sizes (time,) at the steps 1..T, as multiples of the last one, on a logarithmic axis of fixed length.

    The axis does not follow the line: a steeper line is then a steeper picture, and a flat one lies on 1.
    """
    ax = axes(ax, height=3.0)
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
    step_axis(ax, len(sizes))
    if ratio[0] > 0:
        per_step = ratio[0] ** (1 / max(1, len(sizes) - 1))
        story = f"{ratio[0]:.1e} times the one at step {len(sizes)}, a factor of {per_step:.2f} for each step back"
    else:
        story = f"less than 1e-300 times the one at step {len(sizes)}"
    return drawing_of(ax, f"Over {len(sizes)} steps: at step 1 the size of the {what} is {story}.")
