"""A training run on the page: a bar that fills, a loss curve that grows, and a button that stops it."""

import time
from collections.abc import Iterable, Iterator
from threading import Event
from typing import TypeVar

import ipywidgets as widgets
import numpy as np
from IPython.display import display

from rnn_helpers import validate
from rnn_helpers.live.controls import View
from rnn_helpers.live.painter import Painter
from rnn_helpers.plots import Drawing
from rnn_helpers.plots.training import growing_loss, update_growing_loss
from rnn_helpers.train import Step
from rnn_helpers.validate import Array

P = TypeVar("P", bound=tuple[Array, ...])
PAUSE = 0.25  # seconds from one picture to the next


def watch(run: Iterable[Step[P]], total: int) -> Iterator[Step[P]]:
    """Hand on the steps of a run and show on the page how it goes, until it ends or someone presses Stop.

    Stop ends the steps as if there had been no more, so what comes after the loop is done as usual. Where a click
    cannot reach a busy kernel, interrupting it does the same, see `train.record`.

    Parameters
    ----------
    run : as from `train.steps`.
    total : the number of steps, for the bar.

    Raises
    ------
    TypeError, ValueError : `total` is not an integer of at least 1.
    """
    page = Page(validate.size("total", total))
    page.show()
    end, next_picture = "Ended early", 0.0
    try:
        for step in run:
            page.losses.append(step.loss)
            yield step
            if page.stop.is_set():
                end = "Stopped"
                return
            began = time.monotonic()
            if began >= next_picture:
                page.paint()
                # Pictures may take a fifth of the time, on a slow machine too; but one a second is shown.
                next_picture = began + min(1.0, max(PAUSE, 5 * (time.monotonic() - began)))
        end = "Finished"
    finally:
        page.close(end)


class Page:
    """The widgets of one run."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.stop = Event()
        self.losses: list[float] = []
        self.painter: Painter | None = None
        self.bar = widgets.IntProgress(max=total, layout={"width": "480px"})
        self.button = widgets.Button(description="Stop", tooltip="Stop training and keep what was learned", icon="stop")
        self.button.on_click(lambda _: self.stop.set())
        _listen_while_busy(self.button)
        self.picture = widgets.Image(format="png", layout={"width": "760px", "height": "220px"})
        self.words = widgets.HTML()

    def show(self) -> None:
        """Display the widgets; the text is for pages that run none."""
        box = widgets.VBox([widgets.HBox([self.bar, self.button]), self.picture, self.words])
        text = f"Training for at most {self.total:,} steps. Stop, or interrupting the kernel, keeps what was learned."
        display({**box._repr_mimebundle_(), "text/plain": text}, raw=True)

    def paint(self) -> None:
        """Show bar, curve and sentence as they are by now."""
        if self.painter is None:
            self.painter = Painter(View(self._draw, (), self._update))
        self.picture.value, self.words.value = self.painter.paint({})
        self.bar.value = len(self.losses)

    def close(self, end: str) -> None:
        """Show the last state, and that there is nothing left to stop."""
        if self.losses:
            self.paint()
        self.words.value = f"{end}. {self.words.value}"
        self.bar.bar_style = "success" if end == "Finished" else "warning"
        self.button.disabled = True

    def _draw(self) -> Drawing:
        return growing_loss(np.array(self.losses), self.total)

    def _update(self, drawing: Drawing) -> Drawing:
        return update_growing_loss(drawing, np.array(self.losses), self.total)


def _listen_while_busy(button: widgets.Button) -> None:
    """Let a click be handled by the kernel's subshell, a thread that listens while a cell runs.

    JupyterLab 4.4 and newer sends it there. ipykernel 7.4 passes it on to the thread that last wrote to the button,
    which made it and is busy, unless it has forgotten which one that was. Other versions never knew.
    """
    vars(button.comm).pop("_reply_subshell_id", None)
