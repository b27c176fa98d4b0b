"""The page's side of a live figure: one widget whose front end, live.js, holds the controls, picture and sentence."""

import traceback
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython import get_ipython
from IPython.display import display

from rnn_helpers.live.controls import Value, View
from rnn_helpers.live.redraw import Painter, Pixels, packed, png

HERE = Path(__file__).parent
_shown: dict[str, tuple[str, list["LiveFigure"]]] = {}  # by cell: its last run, and what that showed


class LiveFigure(anywidget.AnyWidget):
    """A view on the page, which sends requests: a number and the controls' values. Each becomes the next `answer`."""

    _esm = HERE / "live.js"
    _css = HERE / "live.css"
    controls: traitlets.List[Any] = traitlets.List().tag(sync=True)
    size = traitlets.Dict().tag(sync=True)  # width and height in CSS pixels
    answer = traitlets.Dict().tag(sync=True)  # number and values of a request, sentence, error or else picture

    def __init__(self, view: View) -> None:
        self.painter = Painter(view)
        starts = view.starts()
        pixels, sentence = self.painter.paint(starts)
        self.png = png(pixels)
        super().__init__(
            controls=[{"kind": type(control).__name__, **control._asdict()} for control in view.controls],
            size=self.painter.drawing.size(),
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


def close_those_of_earlier_runs(figure: LiveFigure) -> None:
    """Close the figures of the cell's run before this one: they have left the page, and each holds 9 to 60 MB.

    Pages that do not tell which cell they run keep them. JupyterLab tells.
    """
    message = getattr(get_ipython(), "parent_header", None) or {}
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

    The cell's output also carries the picture at the start and its sentence, for pages that run no widgets.

    Raises
    ------
    TypeError : `starts` names something that is no control of the view.
    ValueError : a control cannot stand at its start.
    """
    figure = LiveFigure(view.starting_at(**starts))
    close_those_of_earlier_runs(figure)
    sentence = figure.answer["sentence"]
    bundle, _ = figure._repr_mimebundle_() or ({}, {})
    data = {**bundle, "image/png": figure.png, "text/plain": sentence}
    display(data, raw=True, metadata={"image/png": {"alt": sentence, **figure.size}})
