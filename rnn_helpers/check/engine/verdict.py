"""What a learner sees: the one line of a verdict, and a solution that stays folded until it is asked for."""

import html
import inspect
from typing import NamedTuple

from rnn_helpers.check.engine.exercise import Function, Package

# First word of a message -> (symbol, colour of the border). The text itself keeps the theme's colour, so that it
# can be read on light and on dark, and the symbol says the same to those who see no colour.
_LOOKS = {"Correct": ("✓", "#009E73"), "Not written yet": ("○", "#0072B2"), "Not yet": ("✗", "#D55E00")}
_BOX = "border-left: 0.3em solid {colour}; padding: 0.3em 0.8em; margin: 0.2em 0"
# JupyterLab breaks long lines of a <pre> within words unless it is told not to.
_PRE = '<pre style="word-break: normal">{text}</pre>'


class Verdict(NamedTuple):
    """The answer of a check.

    Attributes
    ----------
    passed : whether the learner's function is correct.
    message : one line that begins with "Correct", "Not written yet" or "Not yet".
    mistake : a short stable name for what is wrong, None if nothing is.
    """

    passed: bool
    message: str
    mistake: str | None

    def __repr__(self) -> str:
        return self.message

    def _repr_html_(self) -> str:
        first, _, rest = self.message.partition(":")
        symbol, colour = _LOOKS.get(first, _LOOKS["Not yet"])
        line = f"<strong>{symbol} {html.escape(first)}:</strong>{html.escape(rest)}"
        return f'<div style="{_BOX.format(colour=colour)}">{line}</div>'

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}


class VerdictOnCase(Verdict):
    """A verdict that shows one case in full beneath its line, folded, where HTML is shown."""

    case = ""

    def _repr_html_(self) -> str:
        case = _PRE.format(text=html.escape(self.case))
        return f"{super()._repr_html_()}<details><summary>One case in full</summary>{case}</details>"


class Solution(NamedTuple):
    """The right answer to compare with one's own, closed on the page until a click opens it.

    Attributes
    ----------
    answer : the right answer in its plainest form, shown first and alone.
    package : the package's own way, which a second click opens; None if it is the same.
    """

    answer: Function
    package: Package | None

    def __repr__(self) -> str:
        text = f"Solution: {_places(self.answer)}\n\n{_source(self.answer)}"
        if self.package is None:
            return text
        own = f"The package's own way: {_places(*self.package.functions)}\n\n{_source(*self.package.functions)}"
        return f"{text}\n{self.package.why}\n\n{own}"

    def _repr_html_(self) -> str:
        shown = _PRE.format(text=html.escape(_source(self.answer)))
        if self.package is not None:
            own = _PRE.format(text=html.escape(_source(*self.package.functions)))
            shown += f"<p>{html.escape(self.package.why)}</p>"
            shown += _folded(f"The package's own way: {_places(*self.package.functions)}", own)
        return _folded(f"Solution: {_places(self.answer)}", shown)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}


def _folded(title: str, shown: str) -> str:
    return f"<details><summary>{html.escape(title)}</summary>{shown}</details>"


def _places(*functions: Function) -> str:
    """Say in which files the functions stand, as in `shapes/flat.py, area, edge; shapes/solid.py, volume`."""
    files: dict[str, list[str]] = {}
    for function in functions:
        files.setdefault(function.__module__.replace(".", "/") + ".py", []).append(function.__name__)
    return "; ".join(", ".join([path, *names]) for path, names in files.items())


def _source(*functions: Function) -> str:
    return "\n\n".join(inspect.getsource(function) for function in functions)
