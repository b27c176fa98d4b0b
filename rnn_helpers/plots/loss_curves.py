"""How training went: losses over the steps, and other numbers of several runs beside one another."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from rnn_helpers.plots.drawing import FAINT, INK, LINES, Drawing, axes, count_of, drawing_of, frame_of
from rnn_helpers.validate import Array

MEAN_OF = 25  # steps that a smoothed value is the mean of, unless told otherwise


def smooth(values: Array, width: int = MEAN_OF) -> Array:
    """Return the mean of each value and the `width - 1` before it, of fewer at the start: batches differ much."""
    sums = np.cumsum(np.concatenate([[0.0], values]))
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(0, ends - width)
    means: Array = (sums[ends] - sums[starts]) / (ends - starts)
    return means


def growing_loss(
    losses: Array, total: int | None, checks: Array | None = None, *, unit: str = "nats", ax: Axes | None = None
) -> Drawing:
    """Draw the smoothed losses (steps,) of a run that is to take `total` steps, as far as it has come; None: unknown.

    `checks` (checks, 2) are the validation losses so far, each after the number of its step; None: no validation.
    """
    ax = axes(ax, height=2.2)
    (line,) = ax.plot([], [], color=LINES[0][0], label=f"training, mean of {MEAN_OF} batches")
    (dots,) = ax.plot([], [], color=LINES[1][0], linestyle="--", marker=".", label="validation")
    top = _highest(smooth(losses), checks)
    ax.set(xlim=(0, total or 1), ylim=(0, top), xlabel="training step", ylabel=f"loss\n({unit})")
    ax.grid(axis="y", color=FAINT, linewidth=0.5)
    if checks is not None:
        ax.legend(frameon=False, loc="lower left")
    return update_growing_loss(drawing_of(ax, moving=(line, dots, *frame_of(ax))), losses, total, checks, unit=unit)


def update_growing_loss(
    drawing: Drawing, losses: Array, total: int | None, checks: Array | None = None, *, unit: str = "nats"
) -> Drawing:
    """Move the lines of `growing_loss` on to these losses, and make room for them."""
    line, dots = drawing.moving[:2]
    means = smooth(losses)
    line.set_data(np.arange(1, len(losses) + 1), means)
    if (top := _highest(means, checks)) > line.axes.get_ylim()[1]:
        line.axes.set_ylim(0, top)
    if len(losses) > line.axes.get_xlim()[1]:  # more than were expected, or nobody knew
        line.axes.set_xlim(0, 1.25 * len(losses))
    of = f" of {total:,}" if total is not None and len(losses) <= total else ""
    sentence = f"Step {len(losses):,}{of}: a loss of {means[-1]:.2f} {unit} on the last batches"
    if checks is not None and len(checks):
        dots.set_data(*checks.T)
        step, lowest = checks[np.argmin(checks[:, 1])]
        sentence += f"; validation loss {checks[-1, 1]:.2f}, lowest {lowest:.2f} after step {step:,.0f}"
    return drawing._replace(sentence=f"{sentence}.")


def _highest(means: Array, checks: Array | None) -> float:
    """Return where an axis has to end that shows all of these."""
    return 1.05 * float(max(means.max(), checks[:, 1].max(initial=0) if checks is not None else 0))


def losses(
    train: Array, checked: Array, validation: Array, *, guess: float | None = None, ax: Axes | None = None
) -> Drawing:
    """Draw a run's smoothed losses (steps,), and the validation losses (checks,) after the steps `checked`, in nats.

    `guess` is drawn as a level: what guessing costs.
    """
    ax = axes(ax, height=3.0)
    steps, means = np.arange(1, len(train) + 1), smooth(train)
    mean = f", mean of {min(MEAN_OF, len(train))} batches" if len(train) > 1 else ""
    ax.plot(steps, means, color=LINES[0][0], label=f"training{mean}")
    ax.plot(checked, validation, color=LINES[1][0], linestyle="--", marker=".", label="validation")
    best = int(np.argmin(validation))
    ax.plot([checked[best]], [validation[best]], "o", color=INK, label="lowest validation loss")
    if guess is not None:
        ax.axhline(guess, color=FAINT, linewidth=1)
        ax.annotate("guessing", (len(train), guess), xytext=(-4, -3), textcoords="offset points", ha="right", va="top")
    ax.set(xlim=(0, len(train)), ylim=(0, None), xlabel="training step", ylabel="loss (nats a character)")
    ax.legend(frameon=False, loc="lower left")
    later = f"; after step {checked[-1]:,} it is {validation[-1]:.2f}" if best < len(checked) - 1 else ""
    return drawing_of(
        ax,
        f"The validation loss is lowest after step {checked[best]:,}, {validation[best]:.2f} nats{later}. "
        f"The training loss ends at {means[-1]:.2f}.",
    )


def runs(
    curves: Mapping[str, Array],
    ylabel: str = "loss (nats a character)",
    *,
    width: int = MEAN_OF,
    log: bool = False,
    ax: Axes | None = None,
) -> Drawing:
    """Draw up to four runs' numbers (steps,), each smoothed over `width` steps, as lines over the training steps.

    Raises ValueError for no run or for more than there are colours.
    """
    if not 1 <= len(curves) <= len(LINES):
        raise ValueError(f"curves: expected 1 to {len(LINES)} runs, got {len(curves)}")
    ax = axes(ax, height=3.0)
    most = max(map(len, curves.values()))
    ends = []
    for (label, values), (color, style) in zip(curves.items(), LINES, strict=False):
        means = smooth(values, width)
        ax.plot(np.arange(1, len(values) + 1), means, color=color, linestyle=style, label=label)
        ends.append(f"{means[-1]:.2f} ({label}{_shorter(len(values), most, width)})")
    ax.set(xlabel="training step", ylabel=ylabel, xlim=(0, None))
    if log:
        ax.set_yscale("log")
    else:
        ax.set_ylim(0, None)
    ax.grid(axis="y", color=FAINT, linewidth=0.5)
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    mean = f", as a mean of the last {min(width, most)}" if min(width, most) > 1 else ""
    return drawing_of(ax, f"After {count_of(most, 'step')}{mean}: {', '.join(ends)}.")


def with_and_without(
    carried: Array, dropped: Array, *, setting: str, hand_on: bool, guess: float, ax: Axes | None = None
) -> Drawing:
    """Draw two runs' losses (steps,) in nats, smoothed: with the carry, and without it. `hand_on` picks the one to see.

    `setting` is what both share, as the sentence begins; `guess` is drawn as a level: what guessing costs.
    """
    ax = axes(ax, height=2.7)
    names = "with the carry", "without the carry"
    lines = [ax.plot([], [], color=c, linestyle=s, label=name)[0] for name, (c, s) in zip(names, LINES, strict=False)]
    ax.axhline(guess, color=INK, linewidth=0.8, zorder=0)
    end = (len(carried), guess)
    ax.annotate("guessing", end, (-4, 3), textcoords="offset points", ha="right", zorder=1)  # the lines move over it
    ax.set(xlim=(0, len(carried)), ylim=(0, 2.2), xlabel="training step", ylabel="loss (nats)")
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    drawing = drawing_of(ax, moving=(*lines, *frame_of(ax)))
    return update_with_and_without(drawing, carried, dropped, setting=setting, hand_on=hand_on, guess=guess)


def update_with_and_without(
    drawing: Drawing, carried: Array, dropped: Array, *, setting: str, hand_on: bool, guess: float
) -> Drawing:
    """Show two other runs of as many steps in a drawing of `with_and_without`."""
    ends = []
    for line, losses, seen in zip(drawing.moving[:2], (carried, dropped), (hand_on, not hand_on), strict=True):
        means = smooth(losses, 10)
        line.set_data(np.arange(1, len(losses) + 1), means)
        line.set(linewidth=2.5 if seen else 1.2, alpha=1 if seen else 0.6, zorder=2.2 if seen else 2)
        ends.append(means[-1])
    names = ("with the carry", "without it") if hand_on else ("without the carry", "with it")
    first, second = ends if hand_on else ends[::-1]
    return drawing._replace(
        sentence=f"{setting}: after {len(carried)} training steps the loss is {first:.2f} nats {names[0]} and "
        f"{second:.2f} {names[1]} (means of the last 10). Guessing costs {guess:.2f}."
    )


def _shorter(steps: int, most: int, width: int) -> str:
    """Return what has to be said of a run that took fewer steps than the longest one."""
    mean = f", mean of the last {steps}" if steps < min(width, most) else ""
    return f", after {steps:,}{mean}" if steps < most else ""
