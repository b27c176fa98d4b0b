"""What a training run leaves behind: the losses on the way, the last parameters and the best."""

import math
import warnings
from collections.abc import Callable, Iterable
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from rnn_helpers.train.loop import Step, checked_function, checked_iterable, checked_loss
from rnn_helpers.validate import Array, size

P = TypeVar("P", bound=tuple[Array, ...])


class Record(NamedTuple, Generic[P]):
    """A training run, as far as it came.

    Attributes
    ----------
    params : after the last step.
    best : with the lowest validation loss that is a finite number; without one, the last.
    losses : (steps,) loss of each step's batch, before the step.
    norms : (steps,) length of each step's gradient, before clipping.
    checked : (checks,) numbers of the steps after which the validation loss was taken.
    validation : (checks,) that loss.
    last : the last Step, from which a run goes on: `train.steps(..., after=record.last)`.
    """

    params: P
    best: P
    losses: Array
    norms: Array
    checked: Array
    validation: Array
    last: Step[P]

    def __repr__(self) -> str:
        finite = self.validation[np.isfinite(self.validation)]
        found = f", lowest validation loss {finite.min():.2f} nats" if len(finite) else ""
        return f"Record of {len(self.losses):,} steps{found}"


def record(run: Iterable[Step[P]], validate: Callable[[P], float] | None = None, *, every: int = 50) -> Record[P]:
    """Take a run's steps and write down what they say. Interrupting the kernel ends the run and keeps what was learned.

    So does whatever a step or a validation raises, such as a loss that is no longer a finite number, with a warning
    that says what it was and after which step.

    Parameters
    ----------
    run : steps, as from `train.steps`.
    validate : from parameters to the loss on what was kept back; None: no validation. A loss that is NaN or infinite
        is written down, but its parameters are never the best.
    every : steps from one validation to the next; the last step that was taken is validated too, unless that
        fails or a second interruption comes.

    Raises
    ------
    ValueError : a run without steps, or `every` below 1.
    TypeError : `every` not an integer, `validate` no function, `run` without Steps.
    Whatever comes before the end of the first step, KeyboardInterrupt included.
    """
    size("every", every)
    checked_function("validate", validate, or_none=True)
    checked_iterable("run", run, "steps, as from train.steps")
    seen: list[tuple[float, float]] = []
    checks: list[tuple[int, float, P]] = []
    last: Step[P] | None = None
    failed: Exception | None = None

    def check(step: Step[P]) -> None:
        if validate is not None and not (checks and checks[-1][0] == step.number):
            checks.append((step.number, checked_loss("validate", validate(step.params)), step.params))

    try:
        for step in run:
            if not isinstance(step, Step):
                raise TypeError(f"run: expected steps, as from train.steps, got {type(step).__name__}")
            last = step
            seen.append((step.loss, step.gradient_norm))
            if step.number % every == 0:
                check(step)
    except (KeyboardInterrupt, Exception) as end:
        if last is None:
            raise
        failed = end if isinstance(end, Exception) else None
    if last is None:
        raise ValueError("run: expected at least one step, got none")
    try:
        check(last)
    except (KeyboardInterrupt, Exception) as end:
        failed = failed or (end if isinstance(end, Exception) else None)
    if failed is not None:
        what = f"{type(failed).__name__}: {failed}".removesuffix(": ")
        warnings.warn(f"the run ended early, after step {last.number}: {what}", RuntimeWarning, stacklevel=2)
    finite = [found for found in checks if math.isfinite(found[1])]
    return Record(
        params=last.params,
        best=min(finite, key=lambda found: found[1])[2] if finite else last.params,
        losses=np.array([loss for loss, _ in seen]),
        norms=np.array([norm for _, norm in seen]),
        checked=np.array([number for number, _, _ in checks], int),
        validation=np.array([loss for _, loss, _ in checks]),
        last=last,
    )
