"""What a learner sees: the one line of a verdict, and a solution that stays folded until it is asked for."""

import html
import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

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
    """Source to compare with one's own, closed on the page until a click opens it."""

    title: str
    source: str

    def __repr__(self) -> str:
        return f"{self.title}\n\n{self.source}"

    def _repr_html_(self) -> str:
        source = _PRE.format(text=html.escape(self.source))
        return f"<details><summary>{html.escape(self.title)}</summary>{source}</details>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}


def solution(*functions: Callable[..., Any]) -> Solution:
    """Show the package's own source of `functions` in one closed block.

    Parameters
    ----------
    functions : one or more functions of this package, in the order in which to read them.

    Returns
    -------
    Solution : displays as a closed block; its plain text is the title and the source.

    Raises
    ------
    TypeError : no function was given, or something else than a function.
    """
    if not functions:
        raise TypeError("solution: expected at least one function")
    files: dict[str, list[str]] = {}
    for function in functions:
        if not inspect.isfunction(function):
            raise TypeError(f"solution: expected functions, got {type(function).__name__}")
        path = function.__module__.replace(".", "/") + ".py"
        files.setdefault(path, []).append(function.__name__)
    title = "; ".join(", ".join([path, *names]) for path, names in files.items())
    source = "\n\n".join(inspect.getsource(function) for function in functions)
    return Solution(f"Solution: {title}", source)
