"""A training run on the page: a bar that fills, a loss curve that grows, and a button that stops it."""

import time
from collections.abc import Callable, Iterable, Iterator
from threading import Event
from typing import Any, TypeVar

import ipywidgets as widgets
import numpy as np
from IPython.display import display

from rnn_helpers import train
from rnn_helpers.live.controls import view_of
from rnn_helpers.live.redraw import Painter, png
from rnn_helpers.plots.loss_curves import growing_loss, update_growing_loss
from rnn_helpers.train import Record, Step
from rnn_helpers.validate import Array, size

P = TypeVar("P", bound=tuple[Array, ...])
PAUSE = 0.25  # seconds from one picture to the next


def record(
    run: Iterable[Step[P]], total: int, validate: Callable[[P], float] | None = None, *, every: int = 50
) -> Record[P]:
    """Return `train.record` of a run that is watched: the page shows the validation losses beside the others.

    Parameters
    ----------
    run, total : as in `watch`.
    validate, every : as in `train.record`; in nats, so that both curves share an axis.

    Raises
    ------
    TypeError, ValueError, KeyboardInterrupt : as in `watch` and `train.record`.
    """
    page = Page(size("total", total), validated=validate is not None)

    def noted(params: P) -> float:
        assert validate is not None
        loss = validate(params)
        page.checks.append((len(page.losses), loss))
        return loss

    return train.record(page.follow(run), validate and noted, every=every)


def watch(run: Iterable[Step[P]], total: int, *, unit: str = "nats") -> Iterator[Step[P]]:
    """Hand on the steps of a run and show on the page how it goes, until it ends or someone presses Stop.

    Stop ends the steps as if there had been no more, so what comes after the loop is done as usual. Where a click
    cannot reach a busy kernel, interrupting it does the same, see `train.record`.

    Parameters
    ----------
    run : as from `train.steps`.
    total : the number of steps, for the bar.
    unit : of the losses.

    Raises
    ------
    TypeError, ValueError : `total` is not an integer of at least 1.
    """
    return Page(size("total", total), unit=unit).follow(run)


class Page:
    """The widgets of one run."""

    def __init__(self, total: int, *, unit: str = "nats", validated: bool = False) -> None:
        self.total, self.unit, self.validated = total, unit, validated
        self.stop = Event()
        self.losses: list[float] = []
        self.checks: list[tuple[int, float]] = []  # the number of a step, and the validation loss after it
        self.painter: Painter | None = None
        self.bar = widgets.IntProgress(max=total, layout={"width": "480px"})
        self.button = widgets.Button(description="Stop", tooltip="Stop training and keep what was learned", icon="stop")
        self.button.on_click(lambda _: self.stop.set())
        _listen_while_busy(self.button)
        # In a narrower window the picture shrinks as a whole; its place keeps its height, so that nothing jumps.
        whole = {"object_fit": "contain", "object_position": "left top"}
        self.picture = widgets.Image(format="png", layout={"width": "760px", "height": "220px", **whole})
        self.words = widgets.HTML()

    def follow(self, run: Iterable[Step[P]]) -> Iterator[Step[P]]:
        """Hand on the steps of the run and show how it goes; see `watch`."""
        self.show()
        end, next_picture = "Ended early", 0.0
        try:
            for step in run:
                self.losses.append(step.loss)
                yield step
                if self.stop.is_set():
                    end = "Stopped"
                    return
                began = time.monotonic()
                if began >= next_picture:
                    self.paint()
                    # Pictures may take a fifth of the time, on a slow machine too; but one a second is shown.
                    next_picture = began + min(1.0, max(PAUSE, 5 * (time.monotonic() - began)))
            end = "Finished"
        finally:
            self.close(end)

    def show(self) -> None:
        """Display the widgets; the text is for pages that run none."""
        box = widgets.VBox([widgets.HBox([self.bar, self.button]), self.picture, self.words])
        text = f"Training for at most {self.total:,} steps. Stop, or interrupting the kernel, keeps what was learned."
        display({**box._repr_mimebundle_(), "text/plain": text}, raw=True)

    def paint(self) -> None:
        """Show bar, curve and sentence as they are by now."""
        if self.painter is None:
            self.painter = Painter(view_of(growing_loss, update_growing_loss, (), self._so_far))
        pixels, self.words.value = self.painter.paint({})
        self.picture.value = png(pixels)
        self.bar.value = len(self.losses)

    def close(self, end: str) -> None:
        """Show the last state after the word `end`, and that there is nothing left to stop."""
        if self.losses:
            self.paint()
        self.words.value = f"{end}. {self.words.value}"
        self.bar.bar_style = "success" if end == "Finished" else "warning"
        self.button.disabled = True

    def _so_far(self) -> dict[str, Any]:
        checks = np.array(self.checks).reshape(-1, 2) if self.validated else None
        return {"losses": np.array(self.losses), "total": self.total, "checks": checks, "unit": self.unit}


def _listen_while_busy(button: widgets.Button) -> None:
    """Let a click be handled by the kernel's subshell, a thread that listens while a cell runs.

    JupyterLab 4.4 and newer sends it there. ipykernel passes it on to the thread that last wrote to the button, which
    made it and is busy, unless it has forgotten which one that was: looked up in 7.4.0, in `BaseComm` of its
    comm/comm.py, where the name is a private one. Where there is no such name, nothing is removed.
    """
    vars(button.comm).pop("_reply_subshell_id", None)
