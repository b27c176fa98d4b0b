"""What opens and closes a gate."""

from numpy.typing import ArrayLike

from rnn_helpers import fast_gates, validate
from rnn_helpers.validate import Array


def sigmoid(z: ArrayLike) -> Array:
    r"""Compute $\sigma(z) = 1 / (1 + e^{-z})$ as $(1 + \tanh(z / 2)) / 2$, which overflows nowhere.

    Its slope, from what it returned, is $\sigma'(z) = s (1 - s)$.

    Parameters
    ----------
    z : numbers of any shape with at least one axis; integers are read as float64.

    Returns
    -------
    s : each entry from 0 to 1, of the shape of `z`.

    Raises
    ------
    TypeError : `z` does not hold real numbers.
    ValueError : `z` is a single number or empty, or holds NaN or infinity.
    """
    return fast_gates.sigmoid(validate.scores("z", z))
