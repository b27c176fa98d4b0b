"""How training went: losses over the steps, and other numbers of several runs beside one another."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from rnn_helpers import validate
from rnn_helpers.data import cut
from rnn_helpers.plots import door
from rnn_helpers.plots.drawing import FAINT, INK, LINES, Drawing, axes, count_of, drawing_of, frame_of
from rnn_helpers.plots.glyphs import note_on, put, short
from rnn_helpers.validate import Array

MEAN_OF = 25  # steps that a smoothed value is the mean of, unless told otherwise


def smooth(values: Array, width: int = MEAN_OF) -> Array:
    """Return the mean of each value and the `width - 1` before it, of fewer at the start: batches differ much."""
    values = door.numbers("values", values, {"steps": None}, finite=False)
    validate.size("width", width)
    finite = np.isfinite(values)
    sums, others = (np.cumsum(np.append(0.0, terms)) for terms in (np.where(finite, values, 0.0), ~finite))
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(0, ends - width)
    means: Array = (sums[ends] - sums[starts]) / (ends - starts)
    means[others[ends] > others[starts]] = np.nan  # no number: it spoils the means that it is in, no later ones
    return means


def growing_loss(
    losses: Array, total: int | None, checks: Array | None = None, *, unit: str = "nats", ax: Axes | None = None
) -> Drawing:
    """Draw the smoothed losses (steps,) of a run that is to take `total` steps, as far as it has come; None: unknown.

    `checks` (checks, 2) are the validation losses so far, each after the number of its step; None: no validation.
    """
    losses, checks = _so_far(losses, total, checks, unit)
    ax = axes(ax, height=2.2)
    (line,) = ax.plot([], [], color=LINES[0][0], label=f"training, mean of {MEAN_OF} batches")
    (dots,) = ax.plot([], [], color=LINES[1][0], linestyle="--", marker=".", label="validation")
    top = _highest(smooth(losses), checks)
    ax.set(xlim=(0, total or 1), ylim=(0, top), xlabel="training step")
    between = " " if len(unit) < 10 else "\n"  # a longer unit than that is as long as the axis
    put(ax.yaxis.label, f"loss{between}({short(unit, 40)})")
    ax.grid(axis="y", color=FAINT, linewidth=0.5)
    if checks is not None:
        ax.legend(frameon=False, loc="lower left")
    drawing = drawing_of(ax, moving=(line, dots, *frame_of(ax)), by=("growing_loss",))
    return update_growing_loss(drawing, losses, total, checks, unit=unit)


def update_growing_loss(
    drawing: Drawing, losses: Array, total: int | None, checks: Array | None = None, *, unit: str = "nats"
) -> Drawing:
    """Move the lines of `growing_loss` on to these losses, and make room for them."""
    losses, checks = _so_far(losses, total, checks, unit)
    door.drawing(drawing, "growing_loss")
    line, dots = drawing.moving[:2]
    means = smooth(losses)
    line.set_data(np.arange(1, len(losses) + 1), means)
    if (top := _highest(means, checks)) > line.axes.get_ylim()[1]:
        line.axes.set_ylim(0, top)
    if len(losses) > line.axes.get_xlim()[1]:  # more than were expected, or nobody knew
        line.axes.set_xlim(0, 1.25 * len(losses))
    of = f" of {total:,}" if total is not None and len(losses) <= total else ""
    sentence = f"Step {len(losses):,}{of}: a loss of {means[-1]:.2f} {cut(unit, 40)} on the last batches"
    if checks is not None and len(checks):
        dots.set_data(*checks.T)
        step, lowest = checks[_lowest(checks[:, 1])]
        sentence += f"; validation loss {checks[-1, 1]:.2f}, lowest {lowest:.2f} after step {step:,.0f}"
    return drawing._replace(sentence=f"{sentence}.{note_on(names=[unit])}")


def _highest(means: Array, checks: Array | None) -> float:
    """Return where an axis has to end that shows all of these that are finite."""
    heights = means if checks is None else np.append(means, checks[:, 1])
    return 1.05 * float(heights[np.isfinite(heights)].max(initial=0)) or 1.0


def _lowest(values: Array) -> int:
    """Return the place of the smallest value that is a number."""
    return int(np.argmin(np.where(np.isnan(values), np.inf, values)))


def _so_far(losses: Array, total: int | None, checks: Array | None, unit: str) -> tuple[Array, Array | None]:
    """Return the arrays of `growing_loss`, or raise TypeError or ValueError."""
    losses = door.numbers("losses", losses, {"steps": None}, finite=False)
    if total is not None:
        validate.size("total", total)
    door.text("unit", unit)
    if checks is not None:
        checks = validate.as_array("checks", checks)
        axes = {"checks": None, "step and loss": 2}
        checks = door.numbers("checks", checks, axes, finite=False) if checks.size else np.empty((0, 2))
    return losses, checks


def losses(
    train: Array, checked: Array, validation: Array, *, guess: float | None = None, ax: Axes | None = None
) -> Drawing:
    """Draw a run's smoothed losses (steps,), and the validation losses (checks,) after the steps `checked`, in nats.

    `guess` is drawn as a level: what guessing costs.
    """
    train = door.numbers("train", train, {"steps": None}, finite=False)
    checked = door.between("checked", checked, {"checks": None}, 0, len(train))
    validation = door.numbers("validation", validation, {"checks": len(checked)}, finite=False)
    if guess is not None:
        validate.number("guess", guess)
    ax = axes(ax, height=3.0)
    steps, means = np.arange(1, len(train) + 1), smooth(train)
    mean = f", mean of {min(MEAN_OF, len(train))} batches" if len(train) > 1 else ""
    ax.plot(steps, means, color=LINES[0][0], label=f"training{mean}")
    ax.plot(checked, validation, color=LINES[1][0], linestyle="--", marker=".", label="validation")
    best = _lowest(validation)
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
    door.mapping("curves", curves, 1, len(LINES), "runs")
    door.text("ylabel", ylabel)
    validate.size("width", width)
    door.flag("log", log)
    curves = {
        label: door.numbers(f"curves[{cut(label)!r}]", values, {"steps": None}, finite=False)
        for label, values in curves.items()
    }
    ax = axes(ax, height=3.0)
    most = max(map(len, curves.values()))
    ends = []
    for (label, values), (color, style) in zip(curves.items(), LINES, strict=False):
        means = smooth(values, width)
        ax.plot(np.arange(1, len(values) + 1), means, color=color, linestyle=style, label="a run")
        ends.append(f"{means[-1]:.2f} ({cut(label, 40)}{_shorter(len(values), most, width)})")
    ax.set(xlabel="training step", ylabel=ylabel, xlim=(0, None))
    if log:
        ax.set_yscale("log")
    else:
        ax.set_ylim(0, None)
    ax.grid(axis="y", color=FAINT, linewidth=0.5)
    legend = ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    for text, label in zip(legend.get_texts(), curves, strict=True):
        put(text, short(label, 40))
    mean = f", as a mean of the last {min(width, most)}" if min(width, most) > 1 else ""
    return drawing_of(ax, f"After {count_of(most, 'step')}{mean}: {', '.join(ends)}.{note_on(names=curves)}")


def with_and_without(
    carried: Array, dropped: Array, *, setting: str, hand_on: bool, guess: float, ax: Axes | None = None
) -> Drawing:
    """Draw two runs' losses (steps,) in nats, smoothed: with the carry, and without it. `hand_on` picks the one to see.

    `setting` is what both share, as the sentence begins; `guess` is drawn as a level: what guessing costs.
    """
    carried, dropped = _both(carried, dropped, setting, hand_on, guess)
    ax = axes(ax, height=2.7)
    names = "with the carry", "without the carry"
    lines = [ax.plot([], [], color=c, linestyle=s, label=name)[0] for name, (c, s) in zip(names, LINES, strict=False)]
    ax.axhline(guess, color=INK, linewidth=0.8, zorder=0)
    end = (len(carried), guess)
    ax.annotate("guessing", end, (-4, 3), textcoords="offset points", ha="right", zorder=1)  # the lines move over it
    ax.set(xlim=(0, len(carried)), ylim=(0, 2.2), xlabel="training step", ylabel="loss (nats)")
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    drawing = drawing_of(ax, moving=(*lines, *frame_of(ax)), by=("with_and_without",))
    return update_with_and_without(drawing, carried, dropped, setting=setting, hand_on=hand_on, guess=guess)


def update_with_and_without(
    drawing: Drawing, carried: Array, dropped: Array, *, setting: str, hand_on: bool, guess: float
) -> Drawing:
    """Show two other runs of as many steps in a drawing of `with_and_without`."""
    carried, dropped = _both(carried, dropped, setting, hand_on, guess)
    door.drawing(drawing, "with_and_without")
    ends = []
    for line, losses, seen in zip(drawing.moving[:2], (carried, dropped), (hand_on, not hand_on), strict=True):
        means = smooth(losses, 10)
        line.set_data(np.arange(1, len(losses) + 1), means)
        line.set(linewidth=2.5 if seen else 1.2, alpha=1 if seen else 0.6, zorder=2.2 if seen else 2)
        ends.append(means[-1])
    names = ("with the carry", "without it") if hand_on else ("without the carry", "with it")
    first, second = ends if hand_on else ends[::-1]
    return drawing._replace(
        sentence=f"{cut(setting)}: after {len(carried)} training steps the loss is {first:.2f} nats {names[0]} and "
        f"{second:.2f} {names[1]} (means of the last 10). Guessing costs {guess:.2f}."
    )


def _both(carried: Array, dropped: Array, setting: str, hand_on: bool, guess: float) -> tuple[Array, Array]:
    """Return the arrays of `with_and_without`, or raise TypeError or ValueError."""
    carried = door.numbers("carried", carried, {"steps": None}, finite=False)
    dropped = door.numbers("dropped", dropped, {"steps": len(carried)}, finite=False)
    door.text("setting", setting)
    door.flag("hand_on", hand_on)
    validate.number("guess", guess)
    return carried, dropped


def _shorter(steps: int, most: int, width: int) -> str:
    """Return what has to be said of a run that took fewer steps than the longest one."""
    mean = f", mean of the last {steps}" if steps < min(width, most) else ""
    return f", after {steps:,}{mean}" if steps < most else ""
