"""What many steps of a network do to a small change: the Jacobian of each step, and the product of all.

A row of changes walks forward as `change @ J`, a row of gradients walks back as `dh @ J.T`: one product tells both.
"""

import numpy as np

from rnn_helpers import validate
from rnn_helpers.validate import Array


def step_jacobian(W_hh: Array, h_t: Array) -> Array:
    r"""Compute $J_t[i, j] = \partial h_t[j] / \partial h_{t-1}[i] = W_{hh}[i, j] \, (1 - h_t[j]^2)$ for one sequence.

    Parameters
    ----------
    W_hh : (n_h, n_h), from step t - 1 (rows) to step t (columns).
    h_t : (n_h,) the state that the step leads to, as tanh leaves it.

    Returns
    -------
    (n_h, n_h) in the order of W_hh. `rnn_cell_backward` multiplies by its transpose.

    Raises
    ------
    TypeError : an argument is not of floats.
    ValueError : another shape, NaN or infinity, or a state outside of -1..1.

    Source
    ------
    Pascanu, Mikolov and Bengio (2013), On the difficulty of training recurrent neural networks, section 2.
    """
    W_hh = _square("W_hh", W_hh)
    J: Array = W_hh * (1 - _states("h_t", h_t, {"n_h": len(W_hh)}) ** 2)
    return J


def product(W_hh: Array, h: Array) -> Array:
    r"""Compute $P = J_1 J_2 \cdots J_T$, the Jacobian of the last state with respect to the one before all of them.

    Parameters
    ----------
    W_hh : (n_h, n_h).
    h : (time, n_h) the states that the steps lead to, of one sequence.

    Returns
    -------
    (n_h, n_h) : `change @ P` is what a small change of h0 becomes, `dh @ P.T` the gradient that arrives at h0. After
        many steps its numbers may be too small or too large for a float: `growth` has no such end.

    Raises
    ------
    TypeError, ValueError : see `step_jacobian`.
    """
    W_hh = _square("W_hh", W_hh)
    P: Array = np.eye(len(W_hh), dtype=W_hh.dtype)
    for h_t in _states("h", h, {"time": None, "n_h": len(W_hh)}):
        P = P @ (W_hh * (1 - h_t**2))
    return P


def growth(W_hh: Array, h: Array, change: Array) -> Array:
    r"""Compute $\log (|c_{t-1} J_t| / |c_{t-1}|)$ for each step of a small change that walks forward.

    $c_t = c_{t-1} J_t$ is made 1 long again after each step, so that no number of steps is too many. The mean over many
    steps is the network's largest Lyapunov exponent: above 0, states that begin close together part.

    Parameters
    ----------
    W_hh : (n_h, n_h).
    h : (time, n_h) the states that the steps lead to, of one sequence.
    change : (n_h,) of any length but 0.

    Returns
    -------
    (time,) natural logarithms; -inf from the step on where nothing is left of the change.

    Raises
    ------
    TypeError, ValueError : see `step_jacobian`; or a change of zeros.

    Source
    ------
    Benettin, Galgani, Giorgilli and Strelcyn (1980), Lyapunov characteristic exponents, part 2, Meccanica 15.
    """
    W_hh = _square("W_hh", W_hh)
    h = _states("h", h, {"time": None, "n_h": len(W_hh)})
    change = validate.floats("change", change, {"n_h": len(W_hh)})
    if not change.any():
        raise ValueError("change: expected one that is not zero, got zeros")
    logs = np.full(len(h), -np.inf, np.result_type(W_hh, h, change))
    change = change / _length(change)
    for t, h_t in enumerate(h):
        change = change @ (W_hh * (1 - h_t**2))
        if not change.any():
            break
        length = _length(change)
        logs[t] = np.log(length)
        change = change / length
    return logs


def spectral_radius(W: Array) -> float:
    r"""Compute $\rho = \max_i |\lambda_i|$: many products with W grow or shrink by this factor each, in the end.

    Parameters
    ----------
    W : (n, n), such as W_hh or a product of Jacobians.

    Returns
    -------
    float : the largest modulus of an eigenvalue, which may be complex.

    Raises
    ------
    TypeError, ValueError : W is not a square matrix of finite floats.
    """
    return float(np.abs(np.linalg.eigvals(_square("W", W))).max())


def _square(name: str, W: Array) -> Array:
    """Return a square matrix of finite floats, or raise TypeError or ValueError."""
    rows = validate.floats(name, W, {"from n_h": None, "to n_h": None})
    validate.shape(name, rows, {"from n_h": len(rows), "to n_h": len(rows)})
    return rows


def _states(name: str, h: Array, axes: dict[str, int | None]) -> Array:
    """Return states with exactly these axes, or raise TypeError or ValueError."""
    h = validate.floats(name, h, axes)
    if np.abs(h).max() > 1:
        place = tuple(int(i) for i in np.argwhere(np.abs(h) > 1)[0])
        raise ValueError(f"{name}: expected states from -1 to 1, as tanh leaves them, got {h[place]} at index {place}")
    return h


def _length(v: Array) -> Array:
    """Return the length of a vector that is not zero, whose squares may be too small or too large for a float."""
    largest = np.abs(v).max()
    length: Array = largest * np.linalg.norm(v / largest)
    return length
