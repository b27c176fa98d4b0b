"""What a learner sees: the one line of a verdict, and a solution that stays folded until it is asked for."""

import html
import inspect
import re
import sys
from typing import Any, NamedTuple

from rnn_helpers.check.engine.exercise import Function, Package
from rnn_helpers.request import request

# First word of a message -> (symbol, colour of the border). The text itself keeps the theme's colour, so that it
# can be read on light and on dark, and the symbol says the same to those who see no colour.
_LOOKS = {"Correct": ("✓", "#009E73"), "Not written yet": ("○", "#0072B2"), "Not yet": ("✗", "#D55E00")}
_BOX = "border-left: 0.3em solid {colour}; padding: 0.3em 0.8em; margin: 0.2em 0"
_AS_HINTS = "padding-left: 6px"  # so that its line begins where those of hints do, which stand in Markdown
# JupyterLab breaks long lines of a <pre> within words unless it is told not to.
_PRE = '<pre style="word-break: normal">{text}</pre>'


class Shown:
    """What shows itself in a notebook when it is made, wherever in a cell that is, and not a second time there."""

    _shown_in: str | None = None

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        raise NotImplementedError

    def _ipython_display_(self) -> None:
        if self._shown_in is None or self._shown_in != running_cell():
            show(self._repr_mimebundle_())


def announce(thing: Shown) -> None:
    """Show it now, if a cell of a notebook is running; elsewhere do nothing."""
    cell = running_cell()
    if cell is not None:
        show(thing._repr_mimebundle_())
        thing._shown_in = cell


def running_cell() -> str | None:
    """Return what tells this run of a cell from any other; None outside a notebook's kernel."""
    ipython: Any = sys.modules.get("IPython")  # where it was never imported, no kernel runs
    shell: Any = ipython.get_ipython() if ipython else None
    message = request(shell)
    # Cells are numbered only where their history is kept; the message that asked for the run always has a name.
    return str(message["header"]["msg_id"]) if message else None  # a terminal has none: there, one line is one cell


def show(bundle: dict[str, str]) -> None:
    """Show the same thing in text and in HTML, as the page likes it."""
    from IPython.display import display  # here, so that judging needs no IPython

    display(bundle, raw=True)


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
        return boxed(f"<strong>{symbol} {html.escape(first)}:</strong>{html.escape(rest)}", colour)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}


class Given(Verdict, Shown):
    """A verdict as a learner gets it: where HTML is shown, one case in full can be unfolded beneath its line."""

    case = ""

    def __bool__(self) -> bool:
        return self.passed  # a tuple is always true, and an assertion on a wrong answer would hold

    def _repr_html_(self) -> str:
        case = folded("One case in full", preformatted(self.case)) if self.case else ""
        return f"{super()._repr_html_()}{case}"


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
        shown = _listing(self.answer)
        if self.package is not None:
            shown += f"<p>{html.escape(self.package.why)}</p>"
            shown += folded("The package's own way", _listing(*self.package.functions))
        return f'<div style="{_AS_HINTS}">{folded("Solution", shown)}</div>'

    def _repr_latex_(self) -> str:
        """Return what stands for it in a PDF, where nothing can be folded."""
        return r"\textit{The solution is in the notebook: click its line there.}"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_(), "text/latex": self._repr_latex_()}


class Source(Shown):
    """The source of a function, in the colours of the page's own theme."""

    def __init__(self, function: Any) -> None:
        self.text = inspect.getsource(function)

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": self.text, "text/html": highlighted(self.text)}


def boxed(line: str, colour: str) -> str:
    """Return HTML of a line beside a border of this colour."""
    return f'<div style="{_BOX.format(colour=colour)}">{line}</div>'


def preformatted(text: str) -> str:
    """Return HTML of source or numbers as they stand."""
    return _PRE.format(text=html.escape(text))


def highlighted(source: str) -> str:
    """Return HTML of Python source, its words marked with the classes that pages for notebooks have colours for."""
    from pygments import highlight  # here, so that judging needs no Pygments, which comes with IPython
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    marked = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))
    # Not the themes' colours for comments and for `in`: in JupyterLab comments stand out by 4.1 to 1 alone.
    marked = re.sub(r'<span class="c\w*">', '<span style="font-style: italic">', marked)
    marked = marked.replace('<span class="ow">', '<span class="k">')
    return f'<div class="highlight">{_PRE.format(text=marked)}</div>'


def folded(title: str, shown: str) -> str:
    """Return HTML of a block that stays closed until its title is clicked."""
    return f"<details><summary>{html.escape(title)}</summary>{shown}</details>"


def _places(*functions: Function) -> str:
    """Say in which files the functions stand, as in `shapes/flat.py, area, edge; shapes/solid.py, volume`."""
    files: dict[str, list[str]] = {}
    for function in functions:
        files.setdefault(function.__module__.replace(".", "/") + ".py", []).append(function.__name__)
    return "; ".join(", ".join([path, *names]) for path, names in files.items())


def _listing(*functions: Function) -> str:
    """Return HTML of the functions' source, and where it stands."""
    return f"{highlighted(_source(*functions))}<p>From <code>{html.escape(_places(*functions))}</code></p>"


def _source(*functions: Function) -> str:
    return "\n\n".join(inspect.getsource(function) for function in functions)
