"""The page's side of a live figure: one widget whose front end, live.js, holds the controls, picture and sentence."""

from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython.display import display

from rnn_helpers.live.controls import AnyControl, Value, View
from rnn_helpers.live.painter import Painter

HERE = Path(__file__).parent


class LiveFigure(anywidget.AnyWidget):
    """A view on the page. The page writes `request`, Python answers each with `picture` and `answer`.

    The page's widget manager sends one request at a time and, while it waits, keeps only the newest. Requests carry
    a number that their answers repeat, so that the page never shows an older picture after a newer one.
    """

    _esm = HERE / "live.js"
    _css = HERE / "live.css"
    controls: traitlets.List[Any] = traitlets.List().tag(sync=True)
    size = traitlets.Dict().tag(sync=True)  # width and height in CSS pixels
    picture = traitlets.Bytes().tag(sync=True)  # PNG
    answer = traitlets.Dict().tag(sync=True)  # number, sentence, error
    request = traitlets.Dict().tag(sync=True, echo_update=False)  # number, values

    def __init__(self, view: View) -> None:
        self.painter = Painter(view)
        sentence = self.painter.drawing.sentence
        super().__init__(
            controls=[described(control) for control in view.controls],
            size=self.painter.drawing.size(),
            picture=self.painter.png,
            answer={"number": 0, "sentence": sentence, "error": ""},
            request={"number": 0, "values": view.starts()},
        )
        self.observe(self._answer, names="request")

    def _answer(self, change: dict[str, Any]) -> None:
        number, values = change["new"]["number"], change["new"]["values"]
        try:
            picture, sentence = self.painter.paint(self.painter.view.read(values))
        except Exception as error:
            self.answer = {"number": number, "sentence": "", "error": f"{type(error).__name__}: {error}"}
            raise  # the page shows the message; the kernel's log and the tests get all of it
        with self.hold_sync():
            self.picture = picture
            self.answer = {"number": number, "sentence": sentence, "error": ""}


def described(control: AnyControl) -> dict[str, Value | tuple[str, ...]]:
    """Return what the page has to know of a control."""
    return {"kind": type(control).__name__, **control._asdict()}


def show(view: View, **starts: Value) -> None:
    """Show the view's picture under its controls, and redraw it as they move; `starts` sets controls by name.

    The cell's output also carries the picture at the start and its sentence, for pages that run no widgets.

    Raises
    ------
    TypeError : `starts` names something that is no control of the view.
    ValueError : a control cannot stand at its start.
    """
    figure = LiveFigure(view.starting_at(**starts))
    sentence = figure.answer["sentence"]
    bundle, _ = figure._repr_mimebundle_() or ({}, {})
    data = {**bundle, "image/png": figure.picture, "text/plain": sentence}
    display(data, raw=True, metadata={"image/png": {"alt": sentence, **figure.size}})
