"""The page's side of what is alive: widgets whose front end, live.js, holds controls, picture and sentence."""

import sys
import traceback
from pathlib import Path
from typing import Any
from uuid import uuid4

import anywidget
import traitlets
from IPython import get_ipython
from IPython.display import display

from rnn_helpers.live.controls import Value, View
from rnn_helpers.live.redraw import Painter, Pixels, packed, png
from rnn_helpers.plots.drawing import FOLLOWS_THEME, STYLE, outputs
from rnn_helpers.request import request

HERE = Path(__file__).parent
_shown: dict[str, tuple[str, list["LiveFigure"]]] = {}  # by cell: its last run, and what that showed


class Living(anywidget.AnyWidget):
    """What live.js draws."""

    _esm = HERE / "live.js"
    _css = STYLE + (HERE / "live.css").read_text(encoding="utf-8")
    name = traitlets.Unicode().tag(sync=True)
    size = traitlets.Dict().tag(sync=True)  # width and height in CSS pixels
    look = traitlets.Unicode(FOLLOWS_THEME).tag(sync=True)  # the class of the picture's frame

    def __init__(self, **state: Any) -> None:
        name = uuid4().hex
        super().__init__(name=name, model_id=name, **state)

    def output(self, page: str, otherwise: str = "") -> dict[str, Any]:
        """Return the output in which the page draws it; where there is no kernel, it holds the text `otherwise`.

        JupyterLab prefers a widget's own type to whatever else an output holds, also in a saved notebook that has no
        kernel yet, and then says "model not found". So it gets an element, which live.js fills; see there. VS Code and
        Colab hear of a widget only where its own type is put out.
        """
        if page == "JupyterLab":
            return {"text/html": f'<rnn-live name="{self.name}">{otherwise}</rnn-live>'}
        bundle, _ = self._repr_mimebundle_() or ({}, {})
        return {**bundle, "text/plain": otherwise}


class LiveFigure(Living):
    """A view on the page, which sends requests: a number and the controls' values. Each becomes the next `answer`."""

    controls: "traitlets.List[Any]" = traitlets.List().tag(sync=True)  # quoted: Colab's, 5.7, cannot evaluate it
    answer = traitlets.Dict().tag(sync=True)  # number and values of a request, sentence, error or else picture

    def __init__(self, view: View) -> None:
        self.painter = Painter(view)
        starts = view.starts()
        pixels, sentence = self.painter.paint(starts)
        self.png = png(pixels)
        drawing = self.painter.drawing
        super().__init__(
            controls=[{"kind": type(control).__name__, **control._asdict()} for control in view.controls],
            size=drawing.size(),
            look="" if drawing.true_colours else FOLLOWS_THEME,
            answer={"number": 0, "values": starts, **shown(pixels, sentence)},
        )
        self.on_msg(self._answer)

    def _answer(self, _: Any, request: dict[str, Any], buffers: Any) -> None:
        try:
            values = self.painter.view.read(request["values"])
            self.answer = {**request, **shown(*self.painter.paint(values))}
        except BaseException as error:  # an interrupt of the kernel too: the page waits for an answer
            message = traceback.format_exception_only(error)[-1].strip()
            self.answer = {**request, "sentence": "", "error": message}
            raise  # the page shows the message; the kernel's log and the tests get all of it


def shown(pixels: Pixels, sentence: str) -> dict[str, Any]:
    """Return what the page has to know of a picture."""
    height, width, _ = pixels.shape
    picture = {"width": width, "height": height, "runs": packed(pixels)}
    return {"sentence": sentence, "error": "", "picture": picture}


def page() -> str:
    """Return what shows the output of the cell that runs: "JupyterLab", "VS Code", "Colab", or "" for none of them.

    Notebook 7 is a JupyterLab too: both tell with a cell's code which cell it is. Tools that only run notebooks, and
    terminals, do not. VS Code and Colab were not tried.
    """
    shell = get_ipython()
    if "google.colab" in sys.modules:
        return "Colab"
    if "__vsc_ipynb_file__" in getattr(shell, "user_ns", {}):
        return "VS Code"
    return "JupyterLab" if "cellId" in request(shell).get("metadata", {}) else ""


def close_those_of_earlier_runs(figure: LiveFigure) -> None:
    """Close the figures of the cell's run before this one: they have left the page, and each holds 9 to 60 MB.

    Pages that do not tell which cell they run keep them. JupyterLab tells.
    """
    message = request(get_ipython())
    if cell := message.get("metadata", {}).get("cellId"):
        run = message["header"]["msg_id"]
        last_run, figures = _shown.get(cell, (run, []))
        if last_run != run:
            for old in figures:
                old.close()
                del old.painter  # anywidget keeps the closed widget itself
            figures = []
        _shown[cell] = run, [*figures, figure]


def show(view: View, **starts: Value) -> None:
    """Show the view's picture under its controls, and redraw it as they move; `starts` sets controls by name.

    The cell's output also carries the picture at the start and its sentence, for whenever no kernel answers. Where no
    page can draw the controls there are these alone.

    Raises
    ------
    TypeError : `view` is no View, or `starts` names something that is no control of it.
    ValueError : a control cannot stand at its start.
    """
    if not isinstance(view, View):
        raise TypeError(f"view: expected a View, such as live.GRADIENT, got {type(view).__name__}")
    view = view.starting_at(**starts)
    where = page()
    if not where:
        display(view.draw(**view.starts()))
        return
    figure = LiveFigure(view)
    close_those_of_earlier_runs(figure)
    sentence = figure.answer["sentence"]
    picture, caption = outputs(figure.png, sentence, figure.size, true_colours=not figure.look)
    if where == "JupyterLab":
        shown = [(figure.output(where), {}), picture, caption]
    else:
        shown = [({**figure.output(where), **picture[0]}, picture[1])]
    for data, metadata in shown:
        display(data, raw=True, metadata=metadata)
