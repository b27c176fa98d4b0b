"""The training loop: one batch, one gradient, one step, and everything it saw handed to whoever is watching."""

import math
from collections.abc import Callable, Iterable, Iterator, Sized
from functools import partial
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from rnn_helpers import optim, validate
from rnn_helpers.data import Batch
from rnn_helpers.gates import networks
from rnn_helpers.gates.networks import Params, State
from rnn_helpers.optim import Optimiser
from rnn_helpers.output import IGNORE_INDEX
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
    h : the network's last state, from which the next batch goes on if it continues this one, of an LSTM an LSTMState;
        None where the loss function returns none.
    """

    number: int
    loss: float
    gradient_norm: float
    params: P
    state: Any
    h: Any = None


class Run(Iterator[Step[P]]):
    """The steps of a run. Each is taken when it is asked for, so whoever stops asking has stopped the training."""

    def __init__(self, steps: Iterator[Step[P]]) -> None:
        self._steps = steps

    def __next__(self) -> Step[P]:
        return next(self._steps)


class SizedRun(Run[P]):
    """A run whose batches have a length: `len` is the number of all its steps, however many were taken already."""

    def __init__(self, steps: Iterator[Step[P]], count: int) -> None:
        super().__init__(steps)
        self._count = count

    def __len__(self) -> int:
        return self._count


def batch_loss(params: Params, batch: Batch, h0: State | None = None, *, return_state: bool = False) -> Any:
    """Return loss and gradients of a batch whose targets are the next ids: the loss that `steps` takes by itself.

    Parameters
    ----------
    params, batch : the network, a plain one or one with gates, and what it reads.
    h0 : (batch, n_h) state before the first step, of an LSTM an LSTMState; None means zeros.
    return_state : whether to return the last state too, as a third value.

    Raises
    ------
    TypeError, ValueError : see `rnn_helpers.loss_and_grads`; a state of another number of sequences than the batch has.
    """
    if not (hasattr(batch, "x") and hasattr(batch, "targets")):
        raise TypeError(f"batch: expected a Batch with x and targets, got {type(batch).__name__}")
    wide = np.shape(batch.x)[1:2]  # the rest is checked below
    h = h0[0] if isinstance(h0, tuple) else h0
    if isinstance(h, np.ndarray) and h.ndim == 2 and h.shape[:1] != wide:
        raise ValueError(f"batch: expected {len(h)} sequences, as many as the state that is carried has, got {wide[0]}")
    return networks.loss_and_grads(params, batch.x, batch.targets, h0, return_state=return_state)


def steps(
    params: P,
    batches: Iterable[B],
    optimiser: Optimiser,
    learning_rate: float,
    *,
    clip: Callable[[P], P] | None = None,
    loss_and_grads: Callable[..., tuple[Any, ...]] = batch_loss,
    state: Any = None,
    after: Step[P] | None = None,
) -> Run[P]:
    """Train on one batch after the other and yield after each step.

    Nothing is computed before the next step is asked for, so whoever stops asking has stopped the training.

    A batch whose `continues` is true, as those of `data.windows` after the first, is read from the state in which the
    batch before it ended: the state is carried from window to window, and no gradient flows back through it (truncated
    backpropagation through time; PyTorch's `h.detach()`). Every other batch starts from a state of zeros.

    Parameters
    ----------
    params : where to start; not changed.
    batches : as from `data.passes` or `data.windows`. If they have a length, so has what is returned, for progress.
    optimiser : `optim.sgd`, `optim.momentum` or `optim.adam`, or a function of the same shape.
    learning_rate : positive.
    clip : from gradients to shorter ones, such as `lambda grads: optim.clip_by_norm(grads, 1.0)`; None leaves them.
    loss_and_grads : from params and a batch to the loss and the gradient of each parameter, in the type of params. One
        that carries a state returns it as a third value, `(loss, grads, h)`, and is called with three arguments,
        `loss_and_grads(params, batch, h)`, for a batch that continues.
    state : of the optimiser, to go on from an earlier Step; None starts anew.
    after : a Step of the same run, to go on as if nothing had come between: with its params (of those given only the
        shapes count), its optimiser's state and its h. The batches are those of the whole run, made anew from the same
        seed; those that were taken already are passed over.

    Raises
    ------
    FloatingPointError : the loss is no longer a finite number.
    TypeError, ValueError : at once, an argument of the wrong kind; at a step, see `optim.sgd` and the loss function. A
        batch that continues needs a state to go on from: a first one that does is refused without `after`, a later
        one if the loss function returned no state.
    """
    params = optim._arrays("params", params)
    checked_function("optimiser", optimiser)
    checked_function("loss_and_grads", loss_and_grads)
    checked_function("clip", clip, or_none=True)
    validate.positive("learning_rate", learning_rate)
    at = Step(0, math.nan, math.nan, params, state)
    if after is not None:
        if not isinstance(after, Step):
            raise TypeError(f"after: expected a Step of train.steps, got {type(after).__name__}")
        if state is not None:
            raise ValueError("state: expected None beside `after`, which brings the optimiser's state along")
        if validate.integer("after.number", after.number) < 0:
            raise ValueError(f"after.number: expected at least 0, got {after.number}")
        at = after._replace(params=optim._like("after.params", after.params, params))
    if isinstance(batches, Batch):
        raise TypeError("batches: expected several, got one Batch: put it into a list")
    checked_iterable("batches", batches, "batches, as from data.passes")
    left = islice(batches, at.number, None)
    loss = partial(batch_loss, return_state=True) if loss_and_grads is batch_loss else loss_and_grads
    run = _steps(at, left, optimiser, learning_rate, clip, loss)
    return SizedRun(run, max(0, len(batches) - at.number)) if isinstance(batches, Sized) else Run(run)


def _steps(
    at: Step[P],
    batches: Iterable[B],
    optimiser: Optimiser,
    learning_rate: float,
    clip: Callable[[P], P] | None,
    loss_and_grads: Callable[..., tuple[Any, ...]],
) -> Iterator[Step[P]]:
    """Yield the steps after `at`, all arguments checked."""
    first = at.number + 1
    _, _, _, params, state, h = at
    for number, batch in enumerate(batches, first):
        if getattr(batch, "continues", False):
            if h is None:
                raise _nothing_to_carry(number, first)
            found = loss_and_grads(params, batch, h)
        else:
            found = loss_and_grads(params, batch)
        loss, grads, h = _checked_result(found)
        if not math.isfinite(loss):
            raise FloatingPointError(f"loss: {loss} at step {number}; the parameters of step {number - 1} are the last")
        norm = optim.global_norm(grads)
        made = optimiser(params, grads if clip is None else clip(grads), state, learning_rate)
        if not isinstance(made, tuple) or len(made) != 2:
            raise TypeError(f"optimiser: expected it to return (params, state), got {type(made).__name__}")
        params, state = made
        yield Step(number, loss, norm, params, state, h)


def _nothing_to_carry(number: int, first: int) -> Exception:
    if number == first:
        return ValueError(
            f"batches: batch {number} continues one that this run has not read: expected one that starts anew, or"
            " `after`, the step to go on after, with its h"
        )
    return TypeError(
        f"loss_and_grads: batch {number} continues the one before, so it is expected to return (loss, grads, h), where"
        " h is the last state, and to take that state as a third argument; to start from zeros instead, change the"
        " batches: batch._replace(continues=False)"
    )


def _checked_result(found: Any) -> tuple[float, Any, Any]:
    """Return loss, gradients and state, which is None if a loss function returned none."""
    if not isinstance(found, tuple) or len(found) not in (2, 3):
        got = f"{len(found)} values" if isinstance(found, tuple) else type(found).__name__
        raise TypeError(f"loss_and_grads: expected it to return (loss, grads) or (loss, grads, h), got {got}")
    loss, grads, *state = found
    return checked_loss("loss_and_grads", loss), grads, state[0] if state else None


def checked_loss(name: str, value: Any) -> float:
    """Return what the function `name` gave as a loss, NaN and infinity too; raise TypeError unless it is one number."""
    array = validate.as_array(name, value)
    if array.ndim or array.dtype.kind not in "fiu":
        raise TypeError(f"{name}: expected a number as its loss, got {type(value).__name__}")
    return float(value)


def checked_function(name: str, value: Any, *, or_none: bool = False) -> None:
    """Raise TypeError unless `value` can be called."""
    if not (callable(value) or (or_none and value is None)):
        raise TypeError(f"{name}: expected a function{' or None' if or_none else ''}, got {type(value).__name__}")


def checked_iterable(name: str, value: Any, wanted: str) -> None:
    """Raise TypeError unless one can loop over `value`, and it is no string."""
    try:
        iter(value)
    except TypeError:
        pass
    else:
        if not isinstance(value, str | bytes):
            return
    raise TypeError(f"{name}: expected {wanted}, got {type(value).__name__}")


def mean_loss(params: Params, batches: Iterable[Batch]) -> float:
    """Return the mean loss in nats over all targets of all batches that count, each as heavy as the others.

    As in `steps`, a batch that continues the one before is read from the state in which that ended.

    Raises
    ------
    TypeError, ValueError : see `rnn_forward`; no batch at all, or a first one that continues another.
    """
    checked_iterable("batches", batches, "batches, as from data.batches")
    total, count, h = 0.0, 0, None
    for number, batch in enumerate(batches, 1):
        continues = getattr(batch, "continues", False)
        if continues and h is None:
            raise ValueError(f"batches: batch {number} continues another: expected a first one that starts anew")
        loss, _, h = batch_loss(params, batch, h if continues else None, return_state=True)
        here = int((np.asarray(batch.targets) != IGNORE_INDEX).sum())
        total += here * loss
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
