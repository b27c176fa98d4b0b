"""What many steps of a network do to a small change: the Jacobian of each step, and the product of all.

A row of changes walks forward as `change @ J`, a row of gradients walks back as `dh @ J.T`: one product tells both.
`memory_curve` says how much of earlier inputs the states still tell.
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


def memory_curve(h: Array, u: Array, lags: int, *, noise: float = 1e-6) -> Array:
    r"""Compute $R^2_k$, the share of the input of k steps ago that the best linear read-out of a state recovers.

    A read-out is $h_t w_k + c_k$. It is fitted by least squares on the first half of the steps from `lags` on, and its
    error is measured on the second: $R^2_k = 1 - \overline{(u_{t-k} - h_t w_k - c_k)^2} / \mathrm{var}(u_{t-k})$, or 0
    where that is negative. The curve's sum is the memory capacity. If the inputs are drawn independently of one
    another, it is at most n_h, but for what chance adds.

    Parameters
    ----------
    h : (time, n_h) states of one sequence. Those before `lags` are left out: they still know of the start.
    u : (time,) the input of each step, one number.
    lags : how many lags: 0, the input that led to the state itself, to lags - 1.
    noise : how exactly a state can be read: the fit is the best one for a read-out that sees each unit with normal
        noise of this spread. Without noise, weights of any size would read digits that rounding has made.

    Returns
    -------
    (lags,) from 0 to 1.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : other shapes, NaN or infinity, a state outside of -1..1, `lags` below 1, a noise that is not positive,
        fewer than 2 (n_h + 1) steps from `lags` on, or inputs that are all the same.

    Source
    ------
    Jaeger (2001), Short term memory in echo state networks, GMD report 152.
    """
    h = _states("h", h, {"time": None, "n_h": None})
    u = validate.floats("u", u, {"time": len(h)})
    validate.size("lags", lags)
    validate.positive("noise", noise)
    steps, n_h = h.shape
    if steps - lags < 2 * (n_h + 1):
        raise ValueError(f"h: expected at least lags + 2 (n_h + 1) = {lags + 2 * (n_h + 1)} steps, got {steps}")
    past = np.lib.stride_tricks.sliding_window_view(u[1:], lags)[:, ::-1].astype(
        np.float64
    )  # row t: u of step t + lags
    states = h[lags:].astype(np.float64)
    half = len(states) // 2
    mean_h, mean_u = states[:half].mean(axis=0), past[:half].mean(axis=0)
    centred = states[:half] - mean_h
    # Noise of the read-out adds its variance to that of each unit: a ridge.
    spread = centred.T @ centred + half * noise**2 * np.eye(n_h)
    w = np.linalg.solve(spread, centred.T @ (past[:half] - mean_u))
    errors = past[half:] - mean_u - (states[half:] - mean_h) @ w
    variance = past[half:].var(axis=0)
    if not variance.all():
        raise ValueError("u: expected inputs that differ, got the same one at all steps")
    curve: Array = np.maximum(0, 1 - (errors**2).mean(axis=0) / variance)
    return curve


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
