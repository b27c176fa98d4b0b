"""What a live figure is made of: controls, and a view that draws at their values.

Every control has a `name` (the argument that it sets), a `label` (what stands beside it) and a `start`. `read`
returns a value that may come from the page in the control's own type, or raises ValueError.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from rnn_helpers.plots import Drawing

Value: TypeAlias = bool | int | float | str


class Control(NamedTuple):
    """A slider from `low` to `high`. It slides in integers where all its numbers are integers.

    With `power_of` the value is an exponent of that number: the page shows 128 for 7 with 2, and for -3 a ten with the
    -3 above it with 10.
    """

    name: str
    label: str
    low: float
    high: float
    step: float
    start: float
    power_of: int | None = None

    def read(self, value: Value) -> Value:
        """Return the number, of the slider's own type."""
        whole = all(isinstance(n, int) for n in (self.low, self.high, self.step, self.start))
        return _number(self.name, value, self.low, self.high, whole=whole)


class Stepper(NamedTuple):
    """Two buttons that move an integer one down or one up, between `low` and `high`: for going through a story.

    The controls named in `resets` then go back to their start.
    """

    name: str
    label: str
    low: int
    high: int
    start: int
    down: str = "one back"
    up: str = "one on"
    resets: tuple[str, ...] = ()

    def read(self, value: Value) -> Value:
        """Return the integer."""
        return _number(self.name, value, self.low, self.high, whole=True)


class Choice(NamedTuple):
    """A dropdown of texts."""

    name: str
    label: str
    options: tuple[str, ...]
    start: str

    def read(self, value: Value) -> Value:
        """Return the option."""
        if value not in self.options:
            raise ValueError(f"{self.name}: expected one of {', '.join(self.options)}, got {value!r}")
        return value


class Toggle(NamedTuple):
    """A checkbox. When it is ticked or cleared, the controls named in `resets` go back to their start."""

    name: str
    label: str
    start: bool
    resets: tuple[str, ...] = ()

    def read(self, value: Value) -> Value:
        """Return whether it is checked."""
        if not isinstance(value, bool):
            raise ValueError(f"{self.name}: expected True or False, got {value!r}")
        return value


class Text(NamedTuple):
    """A text field of one line."""

    name: str
    label: str
    start: str

    def read(self, value: Value) -> Value:
        """Return the text."""
        if not isinstance(value, str):
            raise ValueError(f"{self.name}: expected a text, got {value!r}")
        return value


AnyControl: TypeAlias = Control | Stepper | Choice | Toggle | Text


class View(NamedTuple):
    """A picture and the controls that set what it shows.

    Parameters
    ----------
    draw : callable
        `draw(**values)` returns a new Drawing at these values, one keyword for each control.
    controls : tuple of controls
        What the reader can move.
    update : callable, optional
        `update(drawing, **values)` changes the artists of a drawing that `draw` made, in place, and returns the
        drawing with its new sentence; or it returns a new drawing. Without it the picture is drawn anew each time,
        which takes five times as long or more. Artists listed in `drawing.moving` may change freely. A change of
        anything else, limits and ticks among them, redraws the whole figure, so make it only when it is one. If there
        are only a few such states, let `drawing.static` tell them apart: then each is drawn once and remembered.
    """

    draw: Callable[..., Drawing]
    controls: tuple[AnyControl, ...]
    update: Callable[..., Drawing] | None = None

    def starting_at(self, **starts: Value) -> "View":
        """Return the same view with other values at the start, for the controls named."""
        unknown = set(starts) - {control.name for control in self.controls}
        if unknown:
            names = ", ".join(control.name for control in self.controls)
            raise TypeError(f"starts: expected controls among {names}, got {', '.join(sorted(unknown))}")
        return self._replace(
            controls=tuple(control._replace(start=starts.get(control.name, control.start)) for control in self.controls)  # type: ignore[arg-type]  # `read` checks it
        )

    def starts(self) -> dict[str, Value]:
        """Return the value of each control at the start."""
        return self.read({control.name: control.start for control in self.controls})

    def read(self, values: dict[str, Value]) -> dict[str, Value]:
        """Return the values in the controls' own types and order, or raise ValueError for one that cannot stand."""
        if not isinstance(values, Mapping):
            raise TypeError(f"values: expected a mapping from the controls' names, got {type(values).__name__}")
        if missing := [control.name for control in self.controls if control.name not in values]:
            raise ValueError(f"values: expected one for each control, got none for {', '.join(missing)}")
        return {control.name: control.read(values[control.name]) for control in self.controls}


def view_of(
    draw: Callable[..., Drawing],
    update: Callable[..., Drawing],
    controls: tuple[AnyControl, ...],
    arguments: Callable[..., dict[str, Any]],
) -> View:
    """Return the view whose `draw` and `update` take the keywords that `arguments` makes of the controls' values."""
    return View(lambda **v: draw(**arguments(**v)), controls, lambda drawing, **v: update(drawing, **arguments(**v)))


def _number(name: str, value: Value, low: float, high: float, *, whole: bool) -> Value:
    kind = "an integer" if whole else "a number"
    fits = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
    if not fits or (whole and value != int(value)):
        raise ValueError(f"{name}: expected {kind} in {low}..{high}, got {value!r}")
    return int(value) if whole else float(value)
