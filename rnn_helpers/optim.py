"""Steps downhill: what an optimiser does with a gradient. Pure functions: parameters and state in, both out.

Parameters are any NamedTuple of arrays, or of what becomes one: lists, tensors, frames. Gradients and states have the
same fields. What comes out are new arrays, each of its parameter's kind of float: gradients and states of the other
kind are converted to it. Each optimiser is one function of one shape, `step(params, grads, state, learning_rate) ->
(params, state)`, and starts when the state is None.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, TypeVar, cast

import numpy as np

from rnn_helpers import validate
from rnn_helpers.validate import Array

P = TypeVar("P", bound=tuple[Array, ...])


class Optimiser(Protocol):
    """One step: from parameters, gradients, the state so far and a learning rate to new parameters and state."""

    def __call__(self, params: P, grads: P, state: Any, learning_rate: float) -> tuple[P, Any]:
        """Return the new parameters and the new state."""


class MomentumState(NamedTuple):
    """`velocity`: a NamedTuple like the parameters, the sum of past gradients, each smaller the older it is."""

    velocity: Any


class AdamState(NamedTuple):
    """`steps` taken, and running averages, like the parameters: `mean` of g and `square` of g squared."""

    steps: int
    mean: Any
    square: Any


S = TypeVar("S", MomentumState, AdamState)


def sgd(params: P, grads: P, state: None, learning_rate: float) -> tuple[P, None]:
    r"""Stochastic gradient descent: $p \leftarrow p - \eta g$.

    Parameters
    ----------
    params : a NamedTuple of float32 or float64 arrays.
    grads : the gradient of the loss for each of them, of the same type and shapes, of either kind of float.
    state : None; there is nothing to remember.
    learning_rate : eta, positive.

    Returns
    -------
    params : new arrays of the same kinds of float; those given are not changed.
    state : None.

    Raises
    ------
    TypeError : an argument of the wrong kind, or the state of another optimiser.
    ValueError : shapes that differ, NaN or infinity, a learning rate that is not positive, a step so large that its
        numbers overflow.
    """
    params, grads, rate = _checked(params, grads, learning_rate)
    if state is not None:
        raise TypeError(f"state: expected None, got {type(state).__name__}")
    (params,) = _each(lambda p, g: (p - rate * g,), params, grads)
    return params, None


def momentum(
    params: P, grads: P, state: MomentumState | None, learning_rate: float, *, keep: float = 0.9
) -> tuple[P, MomentumState]:
    r"""Gradient descent with momentum: $v \leftarrow \mu v + g$, then $p \leftarrow p - \eta v$.

    Parameters, returns, errors: as in `sgd`, with a MomentumState, or None at the start.
    keep : mu, the share of the velocity that each step keeps, at least 0 and below 1.

    Source
    ------
    Polyak (1964), Some methods of speeding up the convergence of iteration methods; written as PyTorch writes it.
    """
    params, grads, rate = _checked(params, grads, learning_rate)
    kept = float(validate.share("keep", keep))
    velocity = _zeros(params) if state is None else _like("state.velocity", _of(MomentumState, state).velocity, params)

    def step(p: Array, g: Array, v: Array) -> tuple[Array, Array]:
        v = kept * v + g
        return p - rate * v, v

    params, velocity = _each(step, params, grads, velocity)
    return params, MomentumState(velocity)


def adam(
    params: P,
    grads: P,
    state: AdamState | None,
    learning_rate: float,
    *,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[P, AdamState]:
    r"""Adam: $p \leftarrow p - \eta \hat m / (\sqrt{\hat s} + \epsilon)$, with running means m of g and s of g².

    $m \leftarrow \beta_1 m + (1 - \beta_1) g$, $s \leftarrow \beta_2 s + (1 - \beta_2) g^2$; both start at zero, and
    after t steps $\hat m = m / (1 - \beta_1^t)$, $\hat s = s / (1 - \beta_2^t)$ make up for that.

    Parameters, returns, errors: as in `sgd`, with an AdamState, or None at the start.
    beta1, beta2 : the share of the old mean that a step keeps, each at least 0 and below 1.
    epsilon : keeps the step finite where every gradient so far was zero; positive.

    Source
    ------
    Kingma and Ba (2015), Adam: a method for stochastic optimization, algorithm 1.
    """
    params, grads, rate = _checked(params, grads, learning_rate)
    b1 = float(validate.share("beta1", beta1))
    b2 = float(validate.share("beta2", beta2))
    eps = float(validate.positive("epsilon", epsilon))
    t, mean, square = _adam_state(state, params)
    t += 1
    fix1, fix2 = 1 - b1**t, 1 - b2**t

    def step(p: Array, g: Array, m: Array, s: Array) -> tuple[Array, Array, Array]:
        m = b1 * m + (1 - b1) * g
        s = b2 * s + (1 - b2) * g**2
        return p - rate * (m / fix1) / (np.sqrt(s / fix2) + eps), m, s

    params, mean, square = _each(step, params, grads, mean, square)
    return params, AdamState(t, mean, square)


def global_norm(grads: tuple[Array, ...]) -> float:
    r"""Compute $\|g\| = \sqrt{\sum g_i^2}$ over every number of every field, as one long vector.

    Raises
    ------
    TypeError : not a NamedTuple of float arrays.
    ValueError : NaN or infinity, in a number or as the norm of huge ones.
    """
    return _length(_arrays("grads", grads))


def clip_by_norm(grads: P, most: float) -> P:
    r"""Shorten a long gradient and keep its direction: $g \min(1, \mathrm{most} / (\|g\| + 10^{-6}))$.

    Parameters
    ----------
    grads : a NamedTuple of float arrays.
    most : the longest `global_norm` that is left as it is, positive.

    Returns
    -------
    New arrays of the same type.

    Raises
    ------
    TypeError, ValueError : see `global_norm`; `most` is not positive.

    Source
    ------
    Pascanu, Mikolov and Bengio (2013), On the difficulty of training recurrent neural networks, algorithm 1; with the
    1e-6 of PyTorch's clip_grad_norm_.
    """
    validate.positive("most", most)
    grads = _arrays("grads", grads)
    share = min(1.0, float(most) / (_length(grads) + 1e-6))
    return type(grads)(*(g * share for g in grads))


def clip_by_value(grads: P, most: float) -> P:
    """Cut each number to the range -most .. most, which can turn the direction of the gradient.

    Parameters, returns, errors: as in `clip_by_norm`; `most` is the largest size of a single number.
    """
    limit = float(validate.positive("most", most))

    def clipped(g: Array) -> Array:
        here = min(limit, float(np.finfo(g.dtype).max))  # what a float32 can not reach cuts nothing
        return np.clip(g, -here, here)

    return type(grads)(*map(clipped, _arrays("grads", grads)))


def _length(grads: tuple[Array, ...]) -> float:
    length = math.hypot(*map(_norm, grads))
    if math.isinf(length):
        raise ValueError("grads: expected a norm that a float holds, got one above 1.8e308")
    return length


def _norm(array: Array) -> float:
    """Return the length of the array as one vector, also where its squares overflow: gradients that explode do that."""
    squares = float(np.vdot(array, array))
    if math.isfinite(squares):
        return math.sqrt(squares)
    largest = float(np.abs(array).max())
    return largest * float(np.linalg.norm(array / largest))


def _each(step: Callable[..., tuple[Array, ...]], params: P, *others: Any) -> list[P]:
    """Apply `step` to each field of the NamedTuples; return what it returns, each in the type of the first.

    Raises
    ------
    ValueError : a number overflows, in place of NumPy's warning now and of infinity in every later step.
    """
    # An array times a Python float keeps its dtype, so every field does; NumPy's own float64 would widen a float32.
    made: list[tuple[Array, ...]] = []
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        try:
            for fields in zip(params, *others, strict=True):
                made.append(step(*fields))
        except FloatingPointError as error:
            name = cast(Any, params)._fields[len(made)]
            wanted = f"a step that {params[len(made)].dtype} holds"
            raise ValueError(
                f"grads.{name}: expected {wanted}, got {error}: clip the gradients, or lower the learning rate"
            ) from None
    return [type(params)(*column) for column in zip(*made, strict=True)]


def _zeros(params: P) -> P:
    return type(params)(*map(np.zeros_like, params))


def _checked(params: P, grads: P, learning_rate: float) -> tuple[P, P, float]:
    """Return the arguments that every step shares, checked: all arrays as arrays, the rate as Python's float."""
    validate.positive("learning_rate", learning_rate)
    params = _arrays("params", params)
    return params, _like("grads", grads, params), float(learning_rate)


def _of(kind: type[S], state: Any) -> S:
    """Return the state; raise TypeError unless it is this optimiser's."""
    if not isinstance(state, kind):
        raise TypeError(f"state: expected None or a {kind.__name__}, got {type(state).__name__}")
    return state


def _adam_state(state: Any, params: tuple[Array, ...]) -> AdamState:
    """Return the state, or that of no steps; raise TypeError or ValueError for what no run of Adam leaves."""
    if state is None:
        return AdamState(0, _zeros(params), _zeros(params))
    steps, mean, square = _of(AdamState, state)
    if validate.integer("state.steps", steps) < 0:
        raise ValueError(f"state.steps: expected at least 0, got {steps}")
    averages: Any = _like("state.square", square, params)
    for field, array in zip(averages._fields, averages, strict=True):
        if array.size and array.item(array.argmin()) < 0:
            raise ValueError(f"state.square.{field}: expected numbers of at least 0, got {array.min()}")
    return AdamState(int(steps), _like("state.mean", mean, params), averages)


def _arrays(name: str, value: P) -> P:
    """Return `value` with every field an array; raise unless it is a NamedTuple of finite floats."""
    if not (isinstance(value, tuple) and hasattr(value, "_fields") and value):
        raise TypeError(f"{name}: expected a NamedTuple of arrays such as RNNParams, got {type(value).__name__}")
    for array in value:
        if not (type(array) is np.ndarray and array.dtype in validate.FLOATS and validate.surely_finite(array)):
            break
    else:
        return value
    named: Any = value
    fields = zip(named._fields, named, strict=True)
    return type(value)(*(validate.floats(f"{name}.{field}", array) for field, array in fields))


def _like(name: str, value: Any, params: P) -> P:
    """Return `value` with every field of its parameter's kind of float; raise unless type and shapes are the same."""
    if type(value) is not type(params):
        raise TypeError(f"{name}: expected a {type(params).__name__} like params, got {type(value).__name__}")
    found: P = _arrays(name, value)
    for array, param in zip(found, params, strict=True):
        if array.shape != param.shape or array.dtype is not param.dtype:
            break
    else:
        return found
    names: Any = params
    pairs = zip(names._fields, found, params, strict=True)
    return type(params)(*(_alike(f"{name}.{field}", array, param) for field, array, param in pairs))


def _alike(name: str, array: Array, param: Array) -> Array:
    """Return the array in the parameter's kind of float; ValueError: another shape, or numbers that overflow there."""
    if array.shape != param.shape:
        raise ValueError(f"{name}: expected shape {param.shape}, as in params, got {array.shape}")
    largest = np.abs(array).max(initial=0)
    if largest > np.finfo(param.dtype).max:
        raise ValueError(f"{name}: expected numbers that {param.dtype} holds, as in params, got up to {largest:.3g}")
    return array.astype(param.dtype)
