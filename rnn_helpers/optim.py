"""Steps downhill: what an optimiser does with a gradient. Pure functions: parameters and state in, both out.

Parameters are any NamedTuple of arrays, and gradients and states have the same fields. Each optimiser is one function
of one shape, `step(params, grads, state, learning_rate) -> (params, state)`, and starts when the state is None.
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
    params : a NamedTuple of float arrays.
    grads : the gradient of the loss for each of them, of the same type and shapes.
    state : None; there is nothing to remember.
    learning_rate : eta, positive.

    Returns
    -------
    params : new arrays; those given are not changed.
    state : None.

    Raises
    ------
    TypeError : an argument of the wrong kind, or the state of another optimiser.
    ValueError : shapes that differ, NaN or infinity, a learning rate that is not positive.
    """
    params, grads = _checked(params, grads, learning_rate)
    if state is not None:
        raise TypeError(f"state: expected None, got {type(state).__name__}")
    return _map(lambda p, g: p - learning_rate * g, params, grads), None


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
    params, grads = _checked(params, grads, learning_rate)
    validate.share("keep", keep)
    velocity = _zeros(params) if state is None else _checked_state(state, MomentumState, params).velocity
    velocity = _map(lambda v, g: keep * v + g, velocity, grads)
    return _map(lambda p, v: p - learning_rate * v, params, velocity), MomentumState(velocity)


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
    params, grads = _checked(params, grads, learning_rate)
    validate.share("beta1", beta1)
    validate.share("beta2", beta2)
    validate.positive("epsilon", epsilon)
    if state is None:
        state = AdamState(0, _zeros(params), _zeros(params))
    t, mean, square = _checked_state(state, AdamState, params)
    t += 1
    mean = _map(lambda m, g: beta1 * m + (1 - beta1) * g, mean, grads)
    square = _map(lambda s, g: beta2 * s + (1 - beta2) * g**2, square, grads)
    fix1, fix2 = 1 - beta1**t, 1 - beta2**t

    def step(p: Array, m: Array, s: Array) -> Array:
        moved: Array = p - learning_rate * (m / fix1) / (np.sqrt(s / fix2) + epsilon)
        return moved

    return _map(step, params, mean, square), AdamState(t, mean, square)


def global_norm(grads: tuple[Array, ...]) -> float:
    r"""Compute $\|g\| = \sqrt{\sum g_i^2}$ over every number of every field, as one long vector.

    Raises
    ------
    TypeError : not a NamedTuple of float arrays.
    ValueError : NaN or infinity.
    """
    return math.hypot(*(_norm(g) for g in _arrays("grads", grads)))


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
    share = min(1.0, most / (global_norm(grads) + 1e-6))
    return _map(lambda g: g * share, grads)


def clip_by_value(grads: P, most: float) -> P:
    """Cut each number to the range -most .. most, which can turn the direction of the gradient.

    Parameters, returns, errors: as in `clip_by_norm`; `most` is the largest size of a single number.
    """
    validate.positive("most", most)
    _arrays("grads", grads)
    return _map(lambda g: np.clip(g, -most, most), grads)


def _norm(array: Array) -> float:
    """Return the length of the array as one vector, also where its squares overflow: gradients that explode do that."""
    squares = float(np.vdot(array, array))
    if math.isfinite(squares):
        return math.sqrt(squares)
    largest = float(np.abs(array).max())
    return largest * float(np.linalg.norm(array / largest))


def _map(f: Callable[..., Array], first: P, *others: Any) -> P:
    """Apply `f` to each field of NamedTuples alike and return the results in the type of the first."""
    # A float32 array times a Python float stays float32, so every field keeps its dtype.
    return type(first)(*(f(*fields) for fields in zip(first, *others, strict=True)))


def _zeros(params: P) -> P:
    return _map(np.zeros_like, params)


def _checked(params: P, grads: P, learning_rate: float) -> tuple[P, P]:
    """Return the arguments that every step shares, checked."""
    validate.positive("learning_rate", learning_rate)
    _arrays("params", params)
    _like("grads", grads, params)
    return params, grads


def _checked_state(state: Any, kind: type[S], params: tuple[Array, ...]) -> S:
    """Return the state of this optimiser, its arrays shaped like the parameters."""
    if not isinstance(state, kind):
        raise TypeError(f"state: expected None or a {kind.__name__}, got {type(state).__name__}")
    for name, value in state._asdict().items():
        if name != "steps":
            _like(f"state.{name}", value, params)
    return state


def _arrays(name: str, value: tuple[Array, ...]) -> tuple[Array, ...]:
    """Return `value`; raise TypeError or ValueError unless it is a NamedTuple of finite float arrays."""
    if not (isinstance(value, tuple) and hasattr(value, "_fields") and value):
        raise TypeError(f"{name}: expected a NamedTuple of arrays such as RNNParams, got {type(value).__name__}")
    for field, array in zip(cast(Any, value)._fields, value, strict=True):
        label = f"{name}.{field}"
        if not isinstance(array, np.ndarray) or array.dtype not in validate.FLOATS:
            given = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
            raise TypeError(f"{label}: expected an array of float32 or float64, got {given}")
        validate.finite(label, array)
    return value


def _like(name: str, value: tuple[Array, ...], params: tuple[Array, ...]) -> None:
    """Raise TypeError or ValueError unless `value` has the type of the parameters, and their shapes."""
    if type(value) is not type(params):
        raise TypeError(f"{name}: expected a {type(params).__name__} like params, got {type(value).__name__}")
    fields: tuple[str, ...] = cast(Any, params)._fields
    for field, array, param in zip(fields, _arrays(name, value), params, strict=True):
        if array.shape != param.shape:
            raise ValueError(f"{name}.{field}: expected shape {param.shape}, as in params, got {array.shape}")
