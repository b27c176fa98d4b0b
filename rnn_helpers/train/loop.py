"""The training loop: one batch, one gradient, one step, and everything it saw handed to whoever is watching."""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from rnn_helpers import optim, validate
from rnn_helpers.data import Batch
from rnn_helpers.optim import Optimiser
from rnn_helpers.output import IGNORE_INDEX
from rnn_helpers.params import RNNParams
from rnn_helpers.rnn import loss_and_grads as sequence_loss_and_grads
from rnn_helpers.validate import Array

P = TypeVar("P", bound=tuple[Array, ...])
B = TypeVar("B")


class Step(NamedTuple, Generic[P]):
    """What one step saw and left behind.

    Attributes
    ----------
    number : 1 for the first step.
    loss : of this step's batch, before the step, in the unit of the loss function.
    gradient_norm : length of the whole gradient before clipping.
    params : the parameters after the step.
    state : what the optimiser remembers.
    """

    number: int
    loss: float
    gradient_norm: float
    params: P
    state: Any


def batch_loss(params: RNNParams, batch: Batch) -> tuple[float, RNNParams]:
    """Return loss and gradients of a batch whose targets are the next ids: the loss that `steps` takes by itself.

    Errors: see `rnn_helpers.loss_and_grads`.
    """
    return sequence_loss_and_grads(params, batch.x, batch.targets)


def steps(
    params: P,
    batches: Iterable[B],
    optimiser: Optimiser,
    learning_rate: float,
    *,
    clip: Callable[[P], P] | None = None,
    loss_and_grads: Callable[[P, B], tuple[float, P]] = batch_loss,  # type: ignore[assignment]
    state: Any = None,
) -> Iterator[Step[P]]:
    """Train on one batch after the other and yield after each step.

    Nothing is computed before the next step is asked for, so whoever stops asking has stopped the training.

    Parameters
    ----------
    params : where to start; not changed.
    batches : as from `data.passes`.
    optimiser : `optim.sgd`, `optim.momentum` or `optim.adam`, or a function of the same shape.
    learning_rate : positive.
    clip : from gradients to shorter ones, such as `lambda grads: optim.clip_by_norm(grads, 1.0)`; None leaves them.
    loss_and_grads : from params and a batch to the loss and the gradient of each parameter, in the type of params.
    state : of the optimiser, to go on from an earlier Step; None starts anew.

    Raises
    ------
    FloatingPointError : the loss is no longer a finite number.
    TypeError, ValueError : see `optim.sgd` and the loss function.
    """
    for number, batch in enumerate(batches, 1):
        loss, grads = loss_and_grads(params, batch)
        if not math.isfinite(loss):
            raise FloatingPointError(f"loss: {loss} at step {number}; the parameters of step {number - 1} are the last")
        norm = optim.global_norm(grads)
        params, state = optimiser(params, grads if clip is None else clip(grads), state, learning_rate)
        yield Step(number, loss, norm, params, state)


def mean_loss(params: RNNParams, batches: Iterable[Batch]) -> float:
    """Return the mean loss in nats over all targets of all batches that count, each as heavy as the others.

    Raises
    ------
    TypeError, ValueError : see `rnn_forward`; no batch at all.
    """
    total, count = 0.0, 0
    for batch in batches:
        here = int((np.asarray(batch.targets) != IGNORE_INDEX).sum())
        total += here * batch_loss(params, batch)[0]
        count += here
    if not count:
        raise ValueError("batches: expected at least one, got none")
    return total / count


def bits(nats: float) -> float:
    """Return a loss in bits: nats / ln 2, the number of yes-or-no questions that a character is worth.

    Raises
    ------
    TypeError, ValueError : no number, NaN or infinity.
    """
    return validate.number("nats", nats) / math.log(2)
