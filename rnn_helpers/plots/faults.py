"""What a gradient check finds: relative errors as a map, and how they answer to the step of the differences."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.figure import Figure

from rnn_helpers import validate
from rnn_helpers.data import cut
from rnn_helpers.plots import door
from rnn_helpers.plots.drawing import FAINT, FORWARD, GRADIENT, INK, WIDTH, Drawing, axes, drawing_of, frame_of
from rnn_helpers.plots.glyphs import families, note_on, put, short, written
from rnn_helpers.validate import Array

_LOWEST, _HIGHEST = -12, 0  # powers of ten on the colour scale of errors


def error_map(
    errors: Array, names: Sequence[str], *, changed: Sequence[str] = (), tolerance: float = 1e-7, ax: Axes | None = None
) -> Drawing:
    """Draw relative errors (names, time) as coloured cells, one for each thing compared and each step.

    A cell above the tolerance is written in bold; one without a number (infinite) says "none"; what was not compared
    (NaN) stays blank. `changed` names arguments that were changed, for the sentence.
    """
    errors, names, changed = _compared(errors, names, changed, tolerance)
    ax = axes(ax, height=0.42 * len(names) + 1.0)
    picture, *cells = _cells(ax, errors.shape, names)
    _scale(ax.figure.colorbar(picture, ax=ax, pad=0.02))
    ax.set_ylabel("what is compared\n(no unit)")
    empty = drawing_of(ax, moving=(picture, *cells, *frame_of(ax)), by=("error_map", *errors.shape), true_colours=True)
    return update_error_map(empty, errors, names, changed=changed, tolerance=tolerance)


def update_error_map(
    drawing: Drawing, errors: Array, names: Sequence[str], *, changed: Sequence[str] = (), tolerance: float = 1e-7
) -> Drawing:
    """Write other errors, of the same shape, into a drawing that `error_map` made."""
    errors, names, changed = _compared(errors, names, changed, tolerance)
    door.drawing(drawing, "error_map", *errors.shape)
    _fill(drawing.moving[: 1 + errors.size], errors, tolerance)
    return drawing._replace(sentence=_story(errors, names, changed, tolerance))


def error_maps(
    errors: Array,
    names: Sequence[str],
    *,
    beside: Array | None = None,
    title: str = "",
    text: str = "",
    changed: Sequence[str] = (),
    tolerance: float = 1e-7,
) -> Drawing:
    """Draw errors (names, time) as `error_map` does, and others `beside` them under a title, or a text in their place.

    The sentence is about the errors on the left.
    """
    errors, names, changed = _compared(errors, names, changed, tolerance)
    beside = _beside(beside, errors, title, text)
    figure = Figure(figsize=(WIDTH, 0.36 * len(names) + 1.1))
    low, high = 0.56 / figure.get_figheight(), 1 - 0.32 / figure.get_figheight()
    places = [(left, low, 0.345, high - low) for left in (0.105, 0.53)]
    left, right = (figure.add_axes(place) for place in places)
    empty = figure.add_axes(places[1], label="text")
    empty.set_axis_off()
    maps = [_cells(ax, errors.shape, names, fontsize=9) for ax in (left, right)]
    _scale(figure.colorbar(maps[0][0], cax=figure.add_axes((0.89, low, 0.012, high - low))))
    left.set_ylabel("what is compared (no unit)")
    left.set_title("the map", fontsize=10)
    above = right.set_title("", fontsize=10)
    words = empty.text(-0.1, 1, "", va="top", fontsize=8, linespacing=1.3, family="monospace")
    moving = (*maps[0], *maps[1], *frame_of(left), *frame_of(right), above, words)
    made = Drawing(figure, "", moving, by=("error_maps", *errors.shape), true_colours=True)
    return update_error_maps(
        made, errors, names, beside=beside, title=title, text=text, changed=changed, tolerance=tolerance
    )


def update_error_maps(
    drawing: Drawing,
    errors: Array,
    names: Sequence[str],
    *,
    beside: Array | None = None,
    title: str = "",
    text: str = "",
    changed: Sequence[str] = (),
    tolerance: float = 1e-7,
) -> Drawing:
    """Write other errors, of the same shape, or another text into a drawing that `error_maps` made."""
    errors, names, changed = _compared(errors, names, changed, tolerance)
    beside = _beside(beside, errors, title, text)
    count = 1 + errors.size
    door.drawing(drawing, "error_maps", *errors.shape)
    _fill(drawing.moving[:count], errors, tolerance)
    if beside is not None:
        _fill(drawing.moving[count : 2 * count], beside, tolerance)
    *frames, above, words = drawing.moving[2 * count :]
    right = above.axes
    right.set_visible(beside is not None)
    for artist in (*drawing.moving[count : 2 * count], *(line for line in frames if line.axes is right), above):
        artist.set_visible(beside is not None)
    put(above, short(title, 40))
    words.set(text="\n".join(map(written, text.split("\n"))), parse_math=False)
    words.set_fontfamily(families(text, ["monospace", "sans-serif"]))
    return drawing._replace(sentence=_story(errors, names, changed, tolerance), static=beside is not None)


def rows_in_columns(names: Sequence[str], wrong: Array) -> str:
    """Say where `wrong` (names, time) is true, as in "x, W_xh in columns 2 to 5; h0 in all 5 columns"."""
    alike: dict[str, list[str]] = {}
    for name, row in zip(names, wrong, strict=True):
        if row.any():
            alike.setdefault(_columns(row), []).append(name)
    return "; ".join(f"{', '.join(rows)} in {columns}" for columns, rows in alike.items())


def _cells(ax: Axes, shape: tuple[int, ...], names: Sequence[str], **style: Any) -> list[Any]:
    """Draw an empty map; return its picture and the text of each cell."""
    rows, steps = shape
    look: dict[str, Any] = {"cmap": "viridis", "vmin": _LOWEST, "vmax": _HIGHEST, "interpolation": "nearest"}
    picture = ax.imshow(np.zeros(shape), aspect="auto", extent=(0.5, steps + 0.5, rows + 0.5, 0.5), **look)
    ax.set_xticks(range(1, steps + 1))
    ax.set_xlabel("the one step t that has a loss")
    ax.set_yticks(range(1, rows + 1), [short(name, 20) for name in names])
    for label in ax.get_yticklabels():
        put(label, label.get_text())
    places = [(t, row) for row in range(1, rows + 1) for t in range(1, steps + 1)]
    return [picture, *(ax.text(*place, "", ha="center", va="center", **style) for place in places)]


def _compared(
    errors: Array, names: Sequence[str], changed: Sequence[str], tolerance: float
) -> tuple[Array, list[str], list[str]]:
    """Return what an `error_map` shows, or raise TypeError or ValueError."""
    errors = door.between("errors", errors, {"names": None, "time": None}, 0)
    validate.positive("tolerance", tolerance)
    names, changed = door.texts("names", names, len(errors)), door.texts("changed", changed, least=0)
    return errors, [cut(name, 40) for name in names], [cut(name, 40) for name in changed]


def _beside(beside: Array | None, errors: Array, title: str, text: str) -> Array | None:
    """Return the other errors of `error_maps`, or raise TypeError or ValueError."""
    door.text("title", title)
    door.text("text", text)
    rows, steps = errors.shape
    return None if beside is None else door.between("beside", beside, {"names": rows, "time": steps}, 0)


def _scale(bar: Colorbar) -> None:
    powers = range(_LOWEST, _HIGHEST + 1, 4)
    bar.set_ticks(list(powers), labels=[f"$10^{{{power}}}$" for power in powers])
    bar.set_label("relative error (no unit)")


def _fill(artists: Sequence[Any], errors: Array, tolerance: float) -> None:
    """Write errors into the cells of a map."""
    picture, *cells = artists
    powers = np.clip(_log10(errors), _LOWEST, _HIGHEST)
    picture.set_data(powers)
    for cell, error, power in zip(cells, errors.flat, powers.flat, strict=True):
        cell.set_text("" if np.isnan(error) else _size(error))
        cell.set_color("white" if power < -7 else INK)
        cell.set_fontweight("normal" if error <= tolerance else "bold")


def _story(errors: Array, names: Sequence[str], changed: Sequence[str], tolerance: float) -> str:
    compared = ~np.isnan(errors)
    wrong = compared & ~(errors <= tolerance)
    after = f"; afterwards {' and '.join(changed)} {'is' if len(changed) == 1 else 'are'} changed" if changed else ""
    note = note_on(names=names)
    if not wrong.any():
        return f"All {compared.sum()} comparisons agree to within {tolerance:.0e}{after}.{note}"
    finite = errors[np.isfinite(errors)]
    most = "no number to compare: another shape, or not a number"
    if (finite > tolerance).any():
        most = f"the largest error is {_size(finite.max())}"
    return f"Wrong by more than {tolerance:.0e}: {rows_in_columns(names, wrong)}; {most}{after}.{note}"


def _log10(errors: Array) -> Array:
    """Return the powers of ten; an error of exactly 0 lies below every scale."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log10(errors))


def _by_step(steps: Array, central: Array, one_sided: Array, marked: float) -> tuple[Array, Array, Array]:
    """Return the arrays of `step_size_errors`, or raise TypeError or ValueError."""
    steps = door.numbers("steps", steps, {"steps": None})
    validate.positive("steps", float(steps.min()))
    validate.positive("marked", marked)
    count = {"steps": len(steps)}
    return steps, door.between("central", central, count, 0), door.between("one_sided", one_sided, count, 0)


def _size(error: float) -> str:
    """Write an error, shortly: 0.35, 2e-11, or none where it is infinite."""
    if not np.isfinite(error):
        return "none"
    return f"{error:.2f}" if error >= 0.01 else f"{error:.0e}"


def _columns(wrong: Array) -> str:
    """Say in which columns, as in "columns 2 to 5"."""
    at = [int(t) for t in np.flatnonzero(wrong) + 1]
    if len(at) == len(wrong) > 1:
        return f"all {len(at)} columns"
    if len(at) > 2 and at[-1] - at[0] == len(at) - 1:
        return f"columns {at[0]} to {at[-1]}"
    return f"column{'s' if len(at) > 1 else ''} {', '.join(map(str, at))}"


def step_size_errors(
    steps: Array, central: Array, one_sided: Array, marked: float = 1e-3, ax: Axes | None = None
) -> Drawing:
    """Draw the relative errors of two difference formulas over the step size, both axes logarithmic.

    The sentence is about the step nearest to `marked`.
    """
    steps, central, one_sided = _by_step(steps, central, one_sided, marked)
    ax = axes(ax, height=3.2)
    powers = np.log10(steps)
    ax.plot(powers, _log10(one_sided), color=GRADIENT, linestyle="--", label="one-sided: (f(v + s) - f(v)) / s")
    ax.plot(powers, _log10(central), color=FORWARD, label="central: (f(v + s) - f(v - s)) / 2s")
    (points,) = ax.plot([], [], "o", color=INK, linestyle="none")
    (line,) = ax.plot([], [], color=INK, linewidth=0.8)
    ax.set(xlim=(powers.min() - 0.3, powers.max() + 0.3), ylim=(-12.5, 0.8))
    for set_ticks, ends in ((ax.set_xticks, powers), (ax.set_yticks, np.array([-12, 0]))):
        ticks = range(int(np.ceil(ends.min())), int(ends.max()) + 1, 2)
        set_ticks(ticks, [f"$10^{{{power}}}$" for power in ticks])
    ax.set(xlabel="step s (no unit)", ylabel="relative error (no unit)")
    ax.grid(color=FAINT, linewidth=0.5)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)
    empty = drawing_of(ax, moving=(points, line, *frame_of(ax)), by=("step_size_errors",))
    return update_step_size_errors(empty, steps, central, one_sided, marked)


def update_step_size_errors(drawing: Drawing, steps: Array, central: Array, one_sided: Array, marked: float) -> Drawing:
    """Mark another step in a drawing that `step_size_errors` made of the same errors."""
    steps, central, one_sided = _by_step(steps, central, one_sided, marked)
    door.drawing(drawing, "step_size_errors")
    points, line, *_ = drawing.moving
    at = int(np.argmin(np.abs(np.log10(steps) - np.log10(marked))))
    power = np.log10(steps[at])
    points.set_data([power, power], _log10(np.array([one_sided[at], central[at]])))
    line.set_data([power, power], [-12.5, 0.8])
    return drawing._replace(
        sentence=f"With a step of {steps[at]:.0e}, central differences are wrong by {central[at]:.0e} of the gradient "
        f"and one-sided ones by {one_sided[at]:.0e}."
    )
