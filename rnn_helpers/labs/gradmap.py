"""A gradient check for each step: it says which gradients are wrong when only step t has a loss.

A gradient is linear in what it starts from, so the gradient of the whole loss is the sum of the gradients of each
step's loss. Checked one by one they make a map, gradients down and steps across, in which a fault shows its shape.
"""

import copy
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from rnn_helpers import fast, validate
from rnn_helpers.changes import changes
from rnn_helpers.gradcheck import numerical_gradient, relative_error
from rnn_helpers.output import IGNORE_INDEX
from rnn_helpers.params import RNNParams, init_params
from rnn_helpers.rnn import SequenceCache, SequenceGrads, loss_and_grads, rnn_forward
from rnn_helpers.validate import Array

# Called as `rnn_backward(params, cache, dh)`, and as `loss_and_grads(params, x, targets, h0)`.
Backward = Callable[[RNNParams, SequenceCache, Array], Sequence[Array]]
LossAndGrads = Callable[[RNNParams, Array, Array, Array], tuple[float, Sequence[Array]]]

# Differences carry a rounding error of some 1e-11: a far smaller gradient cannot be judged by its own size.
_FLOOR = 1e-3


class Case(NamedTuple):
    """What an implementation is tried on.

    Attributes
    ----------
    params : RNNParams
    x : (time, batch, n_x)
    h0 : (batch, n_h)
    dh : (time, batch, n_h) upstream gradients.
    targets : (time, batch) integers below n_y.
    """

    params: RNNParams
    x: Array
    h0: Array
    dh: Array
    targets: Array


def make_case(
    rng: np.random.Generator, steps: int = 5, batch: int = 2, n_x: int = 3, n_h: int = 4, n_y: int = 6
) -> Case:
    """Draw every array at random, biases, h0 and upstream gradients included: nothing special can hide a fault.

    Parameters
    ----------
    rng : the generator that every number is drawn from.
    steps, batch, n_x, n_h, n_y : sizes, each at least 1; by default no two are equal.

    Returns
    -------
    Case

    Raises
    ------
    TypeError, ValueError : see `init_params`; also when `steps` or `batch` is not an integer of at least 1.
    """
    params = init_params(rng, n_x, n_h, n_y)
    validate.size("steps", steps)
    validate.size("batch", batch)
    return Case(
        params._replace(b_h=0.5 * rng.standard_normal(n_h), b_y=0.5 * rng.standard_normal(n_y)),
        x=rng.standard_normal((steps, batch, n_x)),
        h0=np.tanh(rng.standard_normal((batch, n_h))),
        dh=rng.standard_normal((steps, batch, n_h)),
        targets=rng.integers(n_y, size=(steps, batch)),
    )


class GradientMap(NamedTuple):
    """Relative errors (names, time): row by row what is compared, column by column the one step that has a loss.

    Attributes
    ----------
    names : what each row compares.
    errors : (names, time) relative errors, no unit, see `relative_error`; infinite where there is no number or another
        shape. Gradients whose entries all lie below 1e-3 are compared against 1e-3.
    changed : the implementation's arguments that are different after the call.
    tolerance : the largest error that counts as agreement.
    """

    names: tuple[str, ...]
    errors: Array
    changed: tuple[str, ...] = ()
    tolerance: float = 1e-7

    @property
    def wrong(self) -> Array:
        """(names, time), True where the error is above the tolerance."""
        found: Array = ~(self.errors <= self.tolerance)
        return found

    @property
    def passed(self) -> bool:
        """Whether something was compared, all agrees, and no argument was changed."""
        return bool(self.errors.size) and not self.wrong.any() and not self.changed

    def __repr__(self) -> str:
        steps = range(1, self.errors.shape[1] + 1)
        lines = [f"{'loss at':8}" + "".join(f"{f'step {t}':>9}" for t in steps)]
        for name, errors, wrong in zip(self.names, self.errors, self.wrong, strict=True):
            cells = (f"{e:.1e}" if w else "ok" for e, w in zip(errors, wrong, strict=True))
            lines.append(f"{name:8}" + "".join(f"{cell:>9}" for cell in cells))
        return "\n".join(lines + [f"changed: {', '.join(self.changed)}"] * bool(self.changed))


def differences(case: Case, step: float = 1e-5) -> list[SequenceGrads]:
    r"""Return the gradients of $L_t = \sum dh_t \odot h_t$ by differences, for t = 1 to T.

    Parameters
    ----------
    case : Case; its targets are not used.
    step : of the differences, see `numerical_gradient`.

    Raises
    ------
    TypeError, ValueError : `case` is not a Case whose arrays belong together; see `numerical_gradient`.
    """
    case = _a_case(case)
    at, found = SequenceGrads(case.x, case.h0, *case.params[:3]), []
    for t in range(1, len(case.x) + 1):

        def loss(v: SequenceGrads, t: int = t) -> float:
            # Only as far as step t: what comes later does not count.
            states = fast.run_states(v.W_xh, v.W_hh, v.b_h, v.x[:t], v.h0)
            return float(np.vdot(case.dh[t - 1], states[-1]))

        found.append(SequenceGrads(*numerical_gradient(loss, at, step)))
    return found


def backward_map(
    backward: Backward, case: Case, step: float = 1e-5, numerical: Sequence[SequenceGrads] | None = None
) -> GradientMap:
    r"""Compare a backward pass with differences of $L_t = \sum dh_t \odot h_t$, for each t alone.

    Parameters
    ----------
    backward : called as `rnn_backward(params, cache, dh)`, with copies; returns gradients
        of x, h0, W_xh, W_hh, b_h.
    case : Case; its targets are not used.
    step : of the differences, see `numerical_gradient`.
    numerical : what `differences` returned for this case. They take nearly all the time and serve many functions.

    Returns
    -------
    GradientMap with the rows x, h0, W_xh, W_hh, b_h.

    Raises
    ------
    TypeError : `backward` is not a function or does not return five arrays, `case` is not a Case, `numerical` not what
        `differences` returns.
    ValueError : arrays of the case, or of `numerical`, that do not belong together; see `numerical_gradient`.
    """
    _function("backward", backward)
    case = _a_case(case)
    rows = SequenceGrads._fields
    right_ones = differences(case, step) if numerical is None else _of_case(numerical, case)
    _, _, cache = rnn_forward(case.params, case.x, case.h0)
    columns: list[list[float]] = []
    changed: list[str] = []
    for t, right in enumerate(right_ones):
        dh = np.zeros_like(case.dh)
        dh[t] = case.dh[t]
        arguments = copy.deepcopy((case.params, cache, dh))
        grads = _arrays("backward", backward(*arguments), rows)
        changed += changes(("params", "cache", "dh"), (case.params, cache, dh), arguments)
        columns.append([_error(grad, exact) for grad, exact in zip(grads, right, strict=True)])
    return GradientMap(rows, np.array(columns).T, tuple(dict.fromkeys(changed)))


def loss_map(implementation: LossAndGrads, case: Case, step: float = 1e-5) -> GradientMap:
    """Compare gradients with differences of the implementation's own loss, and that loss with the package's.

    Parameters
    ----------
    implementation : called as `loss_and_grads(params, x, targets, h0)`, with copies, the targets of all steps but
        one being -100; returns the loss and the gradients of W_xh, W_hh, b_h, W_hy, b_y.
    case : Case; its dh is not used.
    step : of the differences, see `numerical_gradient`.

    Returns
    -------
    GradientMap with the rows loss, W_xh, W_hh, b_h, W_hy, b_y. A loss that is not a finite number leaves nothing to
    compare: the step's whole column is infinite.

    Raises
    ------
    TypeError : `implementation` is not a function or does not return a loss and five arrays, or `case` is not a Case.
    ValueError : arrays of the case that do not belong together; see `numerical_gradient`.
    """
    _function("implementation", implementation)
    case = _a_case(case)
    rows, names = ("loss", *RNNParams._fields), ("params", "x", "targets", "h0")
    columns: list[list[float]] = []
    changed: list[str] = []
    for t in range(len(case.x)):
        targets = np.full_like(case.targets, IGNORE_INDEX)
        targets[t] = case.targets[t]

        def loss_of(p: RNNParams, targets: Array = targets) -> float:
            return implementation(p, case.x.copy(), targets.copy(), case.h0.copy())[0]

        given = (case.params, case.x, targets, case.h0)
        arguments = copy.deepcopy(given)
        loss, returned = _two(implementation(*arguments))
        grads = _arrays("implementation", returned, RNNParams._fields)
        changed += changes(names, given, arguments)
        if not np.isfinite(loss):
            columns.append([np.inf] * len(rows))
            continue
        numerical = numerical_gradient(loss_of, case.params, step)
        errors = [_error(grad, right) for grad, right in zip(grads, numerical, strict=True)]
        columns.append([_error(loss, loss_and_grads(*given)[0]), *errors])
    return GradientMap(rows, np.array(columns).T, tuple(dict.fromkeys(changed)))


def difference_errors(
    f: Callable[[Array], float], at: Array, grad: Array, steps: Sequence[float] | Array
) -> tuple[Array, Array]:
    """Return the relative errors of central and of one-sided differences against `grad`, for each step size.

    Parameters
    ----------
    f : scalar function of an array shaped like `at`.
    at : floats of any shape, where it is differentiated.
    grad : its exact gradient there, of that shape.
    steps : (count,) step sizes, positive floats, in units of `at`.

    Returns
    -------
    central, one_sided : (len(steps),) each, no unit.

    Raises
    ------
    TypeError, ValueError : an array that is none of these; `f` not a function, or one that returns no number.
    """
    _function("f", f)
    at = validate.floats("at", at)
    if not at.size:
        raise ValueError(f"at: expected at least one number, got shape {at.shape}")
    grad = validate.floats("grad", grad, {f"axis {axis}": size for axis, size in enumerate(at.shape)})
    steps = validate.floats("steps", steps, {"count": None})
    validate.positive("steps", float(steps.min()))
    central = [relative_error(numerical_gradient(f, at, step), grad) for step in steps]
    one_sided = [relative_error(_one_sided(f, at, step), grad) for step in steps]
    return np.array(central), np.array(one_sided)


def _one_sided(f: Callable[[Array], float], at: Array, step: float) -> Array:
    grad = np.empty_like(at)
    here = f(at.copy())
    for index in np.ndindex(at.shape):
        ahead = at.copy()
        ahead[index] += step
        grad[index] = (f(ahead) - here) / (ahead[index] - at[index])
    return grad


def _function(argument: str, function: object) -> None:
    if not callable(function):
        raise TypeError(f"{argument}: expected a function, got {type(function).__name__}")


def _a_case(case: Any) -> Case:
    """Return the case, its arrays those of one network and one input; raise TypeError or ValueError if they are not."""
    if not isinstance(case, Case):
        raise TypeError(f"case: expected a Case from make_case, got {type(case).__name__}")
    try:
        params = validate.params(case.params, RNNParams)
    except (TypeError, ValueError) as error:
        raise type(error)(f"case.{error}") from None
    (n_x, n_h), n_y = params.W_xh.shape, len(params.b_y)
    x = validate.floats("case.x", case.x, {"time": None, "batch": None, "n_x": n_x})
    steps, batch, _ = x.shape
    h0 = validate.floats("case.h0", case.h0, {"batch": batch, "n_h": n_h})
    dh = validate.floats("case.dh", case.dh, {"time": steps, "batch": batch, "n_h": n_h})
    targets = validate.indices("case.targets", case.targets, {"time": steps, "batch": batch}, below=n_y)
    return Case(params, x, h0, dh, targets)


def _of_case(numerical: Any, case: Case) -> Sequence[SequenceGrads]:
    """Return the gradients by differences; raise TypeError or ValueError unless they are one for each step."""
    wanted = f"the {len(case.x)} gradients that differences(case) returns"
    if not isinstance(numerical, Sequence) or not all(isinstance(grads, SequenceGrads) for grads in numerical):
        raise TypeError(f"numerical: expected {wanted}, got {type(numerical).__name__}")
    shapes = [np.shape(array) for array in (case.x, case.h0, *case.params[:3])]
    if len(numerical) != len(case.x) or any([np.shape(array) for array in grads] != shapes for grads in numerical):
        raise ValueError(f"numerical: expected {wanted}, got {len(numerical)} of another case")
    return numerical


def _two(returned: Any) -> tuple[Any, Any]:
    if not isinstance(returned, tuple | list) or len(returned) != 2:
        raise TypeError(f"implementation: expected it to return (loss, grads), got {type(returned).__name__}")
    loss, grads = returned
    number = validate.as_array("implementation's loss", loss)
    if number.ndim or number.dtype.kind not in "fiu":
        raise TypeError(f"implementation: expected it to return a number as the loss, got {type(loss).__name__}")
    return loss, grads


def _arrays(argument: str, returned: Any, names: tuple[str, ...]) -> list[Array]:
    if not isinstance(returned, tuple | list) or len(returned) != len(names):
        count = f" of {len(returned)}" if isinstance(returned, tuple | list) else ""
        wanted = f"the gradients of {', '.join(names)}"
        raise TypeError(f"{argument}: expected it to return {wanted}, got {type(returned).__name__}{count}")
    return [validate.as_array(f"{argument}'s {name}", grad) for name, grad in zip(names, returned, strict=True)]


def _error(given: Any, right: Any) -> float:
    given, right = np.asarray(given), np.asarray(right)
    if given.shape != right.shape or given.dtype.kind not in "fiu":
        return float("inf")
    return relative_error(given, right, floor=_FLOOR)
