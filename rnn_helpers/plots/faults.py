"""What a gradient check finds: relative errors as a map, and how they answer to the step of the differences."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from rnn_helpers.plots.drawing import FAINT, FORWARD, GRADIENT, INK, Drawing, axes, drawing_of, frame_of
from rnn_helpers.validate import Array

_LOWEST, _HIGHEST = -12, 0  # powers of ten on the colour scale of errors


def error_map(
    errors: Array, names: Sequence[str], *, changed: Sequence[str] = (), tolerance: float = 1e-7, ax: Axes | None = None
) -> Drawing:
    """Draw relative errors (names, time) as coloured cells, one for each thing compared and each step.

    A cell above the tolerance is written in bold; one without a number (infinite) says "none"; what was not compared
    (NaN) stays blank. `changed` names arguments that were changed, for the sentence.
    """
    ax = axes(ax, height=0.42 * len(names) + 1.0)
    rows, steps = errors.shape
    look: dict[str, Any] = {"cmap": "viridis", "vmin": _LOWEST, "vmax": _HIGHEST, "interpolation": "nearest"}
    picture = ax.imshow(np.zeros(errors.shape), aspect="auto", extent=(0.5, steps + 0.5, rows + 0.5, 0.5), **look)
    cells = [ax.text(t, row, "", ha="center", va="center") for row in range(1, rows + 1) for t in range(1, steps + 1)]
    bar = ax.figure.colorbar(picture, ax=ax, label="relative error (no unit)", pad=0.02)
    powers = range(_LOWEST, _HIGHEST + 1, 4)
    bar.set_ticks(list(powers), labels=[f"$10^{{{power}}}$" for power in powers])
    ax.set_xticks(range(1, steps + 1))
    ax.set_xlabel("the one step t that has a loss")
    ax.set_yticks(range(1, rows + 1), names)
    ax.set_ylabel("what is compared\n(no unit)")
    empty = drawing_of(ax, moving=(picture, *cells, *frame_of(ax)))
    return update_error_map(empty, errors, names, changed=changed, tolerance=tolerance)


def update_error_map(
    drawing: Drawing, errors: Array, names: Sequence[str], *, changed: Sequence[str] = (), tolerance: float = 1e-7
) -> Drawing:
    """Write other errors, of the same shape, into a drawing that `error_map` made."""
    picture, *cells = drawing.moving[: 1 + errors.size]
    with np.errstate(divide="ignore"):  # an error of exactly 0 lies below the scale
        powers = np.clip(np.log10(errors), _LOWEST, _HIGHEST)
    picture.set_data(powers)
    for cell, error, power in zip(cells, errors.flat, powers.flat, strict=True):
        cell.set_text("" if np.isnan(error) else _size(error))
        cell.set_color("white" if power < -7 else INK)
        cell.set_fontweight("normal" if error <= tolerance else "bold")
    return drawing._replace(sentence=_story(errors, names, changed, tolerance))


def _story(errors: Array, names: Sequence[str], changed: Sequence[str], tolerance: float) -> str:
    compared = ~np.isnan(errors)
    wrong = compared & ~(errors <= tolerance)
    after = f"; afterwards {' and '.join(changed)} {'is' if len(changed) == 1 else 'are'} changed" if changed else ""
    if not wrong.any():
        return f"All {compared.sum()} comparisons agree to within {tolerance:.0e}{after}."
    alike: dict[str, list[str]] = {}
    for name, row in zip(names, wrong, strict=True):
        if row.any():
            alike.setdefault(_steps(row), []).append(name)
    where = "; ".join(f"{', '.join(rows)} at {steps}" for steps, rows in alike.items())
    finite = errors[np.isfinite(errors)]
    most = f"the largest error is {_size(finite.max())}" if (finite > tolerance).any() else "no number to compare there"
    return f"Wrong by more than {tolerance:.0e}: {where}; {most}{after}."


def _size(error: float) -> str:
    """Write an error, shortly: 0.35, 2e-11, or none where it is infinite."""
    if not np.isfinite(error):
        return "none"
    return f"{error:.2f}" if error >= 0.01 else f"{error:.0e}"


def _steps(wrong: Array) -> str:
    """Say at which steps, as in "steps 2 to 5"."""
    at = [int(t) for t in np.flatnonzero(wrong) + 1]
    if len(at) == len(wrong) > 1:
        return f"all {len(at)} steps"
    if len(at) > 2 and at[-1] - at[0] == len(at) - 1:
        return f"steps {at[0]} to {at[-1]}"
    return f"step{'s' if len(at) > 1 else ''} {', '.join(map(str, at))}"


def step_size_errors(
    steps: Array, central: Array, one_sided: Array, marked: float = 1e-3, ax: Axes | None = None
) -> Drawing:
    """Draw the relative errors of two difference formulas over the step size, both axes logarithmic.

    The sentence is about the step nearest to `marked`.
    """
    ax = axes(ax, height=3.2)
    powers = np.log10(steps)
    ax.plot(powers, np.log10(one_sided), color=GRADIENT, linestyle="--", label="one-sided: (f(v + s) - f(v)) / s")
    ax.plot(powers, np.log10(central), color=FORWARD, label="central: (f(v + s) - f(v - s)) / 2s")
    (points,) = ax.plot([], [], "o", color=INK, linestyle="none")
    (line,) = ax.plot([], [], color=INK, linewidth=0.8)
    ax.set(xlim=(powers.min() - 0.3, powers.max() + 0.3), ylim=(-12.5, 0.8))
    for set_ticks, ends in ((ax.set_xticks, powers), (ax.set_yticks, np.array([-12, 0]))):
        ticks = range(int(np.ceil(ends.min())), int(ends.max()) + 1, 2)
        set_ticks(ticks, [f"$10^{{{power}}}$" for power in ticks])
    ax.set(xlabel="step s (no unit)", ylabel="relative error (no unit)")
    ax.grid(color=FAINT, linewidth=0.5)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)
    empty = drawing_of(ax, moving=(points, line, *frame_of(ax)))
    return update_step_size_errors(empty, steps, central, one_sided, marked)


def update_step_size_errors(drawing: Drawing, steps: Array, central: Array, one_sided: Array, marked: float) -> Drawing:
    """Mark another step in a drawing that `step_size_errors` made of the same errors."""
    points, line, *_ = drawing.moving
    at = int(np.argmin(np.abs(np.log10(steps) - np.log10(marked))))
    power = np.log10(steps[at])
    points.set_data([power, power], [np.log10(one_sided[at]), np.log10(central[at])])
    line.set_data([power, power], [-12.5, 0.8])
    return drawing._replace(
        sentence=f"With a step of {steps[at]:.0e}, central differences are wrong by {central[at]:.0e} of the gradient "
        f"and one-sided ones by {one_sided[at]:.0e}."
    )
