"""A training run while it goes on: a bar that fills, a loss curve that grows, and a button that stops it.

In a terminal there is a line of text, and where nobody looks on, one at the end.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import suppress
from threading import Event
from typing import Any, Protocol, TypeVar
from uuid import uuid4

import numpy as np
import traitlets
from IPython import get_ipython
from IPython.display import display, update_display

from rnn_helpers import lacks, train
from rnn_helpers.live import widget
from rnn_helpers.live.controls import view_of
from rnn_helpers.live.redraw import Painter, png
from rnn_helpers.plots.drawing import count_of, outputs
from rnn_helpers.plots.loss_curves import MEAN_OF, growing_loss, update_growing_loss
from rnn_helpers.train import Record, Step
from rnn_helpers.validate import Array, size

P = TypeVar("P", bound=tuple[Array, ...])
PAUSE = 0.25  # seconds from one picture to the next


def record(
    run: Iterable[Step[P]],
    total: int | None = None,
    validate: Callable[[P], float] | None = None,
    *,
    every: int = 50,
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
    watched = Watched(run, total, validated=validate is not None)

    def noted(params: P) -> float:
        assert validate is not None
        loss = validate(params)
        if np.isfinite(loss):  # what is not cannot be drawn
            watched.checks.append((len(watched.losses), loss))
        return loss

    # What cannot be called is left to `train.record`, which says so before the first step.
    return train.record(watched, noted if callable(validate) else validate, every=every)


def watch(run: Iterable[Step[P]], total: int | None = None, *, unit: str = "nats") -> Iterator[Step[P]]:
    """Hand on the steps of a run and show on the page how it goes, until it ends or someone presses Stop.

    Stop ends the steps as if there had been no more, so what comes after the loop is done as usual. Where a click
    cannot reach a busy kernel, interrupting it does the same, see `train.record`.

    Parameters
    ----------
    run : as from `train.steps`.
    total : the number of steps, for the bar; None: the run's length where it has one, else the bar has no end.
    unit : of the losses.

    Raises
    ------
    TypeError, ValueError : `run` holds no steps, `total` is not an integer of at least 1, or `unit` is no text.
    """
    return iter(Watched(run, total, unit=unit))


class Watched:
    """A run's steps, and what is known of them so far."""

    def __init__(self, run: Iterable[Step[Any]], total: int | None, *, unit: str = "nats", validated: bool = False):
        if not isinstance(run, Iterable):
            raise TypeError(f"run: expected steps, as from train.steps, got {type(run).__name__}")
        if not isinstance(unit, str):
            raise TypeError(f"unit: expected a text, got {type(unit).__name__}")
        if total is None and isinstance(run, Sized):
            total = len(run) or None
        self.run, self.unit, self.validated = run, unit, validated
        self.total = None if total is None else size("total", total)
        self.stop = Event()
        self.losses: list[float] = []
        self.checks: list[tuple[int, float]] = []  # the number of a step, and the validation loss after it

    def __iter__(self) -> Iterator[Step[Any]]:
        """Hand on the steps of the run and show how it goes; see `watch`."""
        shown: Shown = Page(self, where) if (where := widget.page()) else Line(self)
        end, next_picture = "Ended early", 0.0
        try:
            for step in self.run:
                self.losses.append(step.loss)
                yield step
                if self.stop.is_set():
                    end = "Stopped"
                    return
                began = time.monotonic()
                if began >= next_picture:
                    shown.paint()
                    # Pictures may take a fifth of the time, on a slow machine too; but one a second is shown.
                    next_picture = began + min(1.0, max(PAUSE, 5 * (time.monotonic() - began)))
            end = "Finished"
        finally:
            shown.close(end)


class Shown(Protocol):
    """What shows a run."""

    def paint(self) -> None:
        """Show how far it has come."""

    def close(self, end: str) -> None:
        """Show how it ended, after the word `end`."""


class Training(widget.Living):
    """A run on the page, which sends a message when someone presses Stop."""

    total = traitlets.Int().tag(sync=True)  # 0: nobody knows
    stoppable = traitlets.Bool().tag(sync=True)
    now = traitlets.Dict({"steps": 0, "sentence": ""}).tag(sync=True)  # and the picture, once there is one


class Page:
    """A run's bar, curve, sentence and button, in two outputs: at the end its picture and its sentence stand there."""

    def __init__(self, watched: Watched, where: str) -> None:
        self.watched = watched
        self.painter = Painter(view_of(growing_loss, update_growing_loss, (), self._so_far))
        self.size = {"width": 760, "height": 220}
        stoppable = not lacks.threads()  # in a browser nobody listens while a run computes
        self.note = "" if stoppable else lacks.once("In a browser a run goes on to its end: it cannot be stopped.")
        self.training = Training(total=watched.total or 0, size=self.size, stoppable=stoppable)
        self.training.on_msg(lambda *_: watched.stop.set())
        _listen_while_busy(self.training)
        self.ids = uuid4().hex, uuid4().hex
        otherwise = "This run had not ended when the notebook was saved."
        display(self.training.output(where, otherwise), raw=True, display_id=self.ids[0])
        display({"text/html": ""}, raw=True, display_id=self.ids[1])

    def paint(self) -> None:
        """Show bar, curve and sentence as they are by now."""
        pixels, sentence = self.painter.paint({})
        said = f"{sentence} {self.note}".rstrip()
        self.training.now = {"steps": len(self.watched.losses), **widget.shown(pixels, said)}
        _listen_while_busy(self.training)

    def close(self, end: str) -> None:
        """Put the last picture and its sentence, after the word `end`, in the place of the widget."""
        shown: list[tuple[dict[str, Any], dict[str, Any]]] = [({"text/plain": f"{end} before the first step."}, {})]
        if self.watched.losses:
            pixels, sentence = self.painter.paint({})
            shown = outputs(png(pixels), f"{end}. {sentence}", self.size)
        for (data, metadata), id_ in zip(shown, self.ids, strict=False):
            update_display(data, raw=True, metadata=metadata, display_id=id_)
        self.training.close()

    def _so_far(self) -> dict[str, Any]:
        watched = self.watched
        checks = np.array(watched.checks).reshape(-1, 2) if watched.validated else None
        return {"losses": np.array(watched.losses), "total": watched.total, "checks": checks, "unit": watched.unit}


class Line:
    """A run in a terminal, as a line that grows; in a kernel that no page listens to there is only its end."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self.bar: Any = None
        if not hasattr(get_ipython(), "kernel"):
            with suppress(ImportError):
                from tqdm import tqdm  # here: pages do without it

                self.bar = tqdm(total=watched.total, unit=" steps")

    def paint(self) -> None:
        """Show how many steps it has taken, and the last losses."""
        if self.bar is not None:
            losses = self.watched.losses
            self.bar.set_postfix_str(f"loss {np.mean(losses[-MEAN_OF:]):.2f} {self.watched.unit}", refresh=False)
            self.bar.update(len(losses) - self.bar.n)

    def close(self, end: str) -> None:
        """Say how it ended."""
        if self.bar is not None:
            if self.watched.losses:
                self.paint()
            self.bar.close()
        print(f"{end} after {count_of(len(self.watched.losses), 'step')}.")


def _listen_while_busy(training: Training) -> None:
    """Let a click be handled by the kernel's subshell, a thread that listens while a cell runs.

    JupyterLab 4.4 and newer sends it there. ipykernel passes it on to the thread that last wrote to the widget, which
    is the busy one, unless it has forgotten which one that was: looked up in 7.4.0, in `BaseComm` of its comm/comm.py,
    where the name is a private one. Where there is no such name, nothing is removed.
    """
    training.comm.__dict__.pop("_reply_subshell_id", None)
