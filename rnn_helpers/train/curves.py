"""What a training run leaves behind: the losses on the way, the last parameters and the best."""

import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from rnn_helpers.train.loop import Step
from rnn_helpers.validate import Array, size

P = TypeVar("P", bound=tuple[Array, ...])


class Record(NamedTuple, Generic[P]):
    """A training run, as far as it came.

    Attributes
    ----------
    params : after the last step.
    best : with the lowest validation loss; without validation, the last.
    losses : (steps,) loss of each step's batch, before the step.
    norms : (steps,) length of each step's gradient, before clipping.
    checked : (checks,) numbers of the steps after which the validation loss was taken.
    validation : (checks,) that loss.
    """

    params: P
    best: P
    losses: Array
    norms: Array
    checked: Array
    validation: Array

    def __repr__(self) -> str:
        found = f", lowest validation loss {self.validation.min():.2f} nats" if len(self.validation) else ""
        return f"Record of {len(self.losses):,} steps{found}"


def record(run: Iterable[Step[P]], validate: Callable[[P], float] | None = None, *, every: int = 50) -> Record[P]:
    """Take a run's steps and write down what they say. Interrupting the kernel ends the run and keeps what was learned.

    So does a loss that is no longer a finite number, with a warning.

    Parameters
    ----------
    run : steps, as from `train.steps`.
    validate : from parameters to the loss on what was kept back; None: no validation.
    every : steps from one validation to the next; the last step that was taken is validated too, unless a second
        interruption comes.

    Raises
    ------
    ValueError : a run without steps, or `every` below 1.
    TypeError : `every` not an integer.
    KeyboardInterrupt, FloatingPointError : when it comes before the end of the first step.
    """
    size("every", every)
    seen: list[tuple[float, float]] = []
    checks: list[tuple[int, float, P]] = []
    last: Step[P] | None = None
    try:
        for last in run:
            seen.append((last.loss, last.gradient_norm))
            if validate is not None and last.number % every == 0:
                checks.append((last.number, validate(last.params), last.params))
    except (KeyboardInterrupt, FloatingPointError) as end:
        if last is None:
            raise
        if isinstance(end, FloatingPointError):
            warnings.warn(f"the run ended early: {end}", RuntimeWarning, stacklevel=2)
    if last is None:
        raise ValueError("run: expected at least one step, got none")
    if validate is not None and (not checks or checks[-1][0] != last.number):
        with suppress(KeyboardInterrupt):
            checks.append((last.number, validate(last.params), last.params))
    best = min(checks, key=lambda c: c[1])[2] if checks else last.params
    return Record(
        params=last.params,
        best=best,
        losses=np.array([loss for loss, _ in seen]),
        norms=np.array([norm for _, norm in seen]),
        checked=np.array([number for number, _, _ in checks], int),
        validation=np.array([loss for _, loss, _ in checks]),
    )
