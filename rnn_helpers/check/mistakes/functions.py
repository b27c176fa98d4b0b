"""Mistakes in softmax and in the slope of tanh: notebook 01."""

import numpy as np

from rnn_helpers.check.exercise import Mistake, Section
from rnn_helpers.output import softmax as right_softmax
from rnn_helpers.validate import Array

# --- softmax ---------------------------------------------------------------------------------------------------


def whole_array_max(z: Array) -> Array:
    """Subtract one maximum from all rows."""
    e: Array = np.exp(z - z.max())
    e /= e.sum(axis=-1, keepdims=True)
    return e


def article_softmax(z: Array) -> Array:
    """Subtract one maximum from all rows and normalise columns: the article's lines, in this layout."""
    e: Array = np.exp(z - z.max())
    e /= e.sum(axis=0)
    return e


def column_softmax(z: Array) -> Array:
    """Normalise along the first axis."""
    return right_softmax(z, axis=0)


def no_maximum(z: Array) -> Array:
    """Take exp of the scores as they are."""
    e: Array = np.exp(z)
    e /= e.sum(axis=-1, keepdims=True)
    return e


def whole_sum(z: Array) -> Array:
    """Divide all rows by one sum."""
    e: Array = np.exp(z - z.max(axis=-1, keepdims=True))
    e /= e.sum()
    return e


def one_row_for_all(z: Array) -> Array:
    """Take one maximum and one sum, as is right for a single row."""
    e: Array = np.exp(z - z.max())
    e /= e.sum()
    return e


def maximum_of_columns(z: Array) -> Array:
    """Subtract from each entry the maximum of its column."""
    e: Array = np.exp(z - z.max(axis=0))
    e /= e.sum(axis=-1, keepdims=True)
    return e


def not_divided(z: Array) -> Array:
    """Stop after the exponentials."""
    e: Array = np.exp(z - z.max(axis=-1, keepdims=True))
    return e


def shifted(z: Array, shift: Array) -> Array:
    """Subtract something else than the maximum."""
    e: Array = np.exp(z - shift)
    e /= e.sum(axis=-1, keepdims=True)
    return e


def log_softmax(z: Array) -> Array:
    """Take the logarithm of softmax."""
    z = z - z.max(axis=-1, keepdims=True)
    z -= np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return z


WHOLE_MAX = "subtracts the maximum of the whole array: rows far below it underflow to 0 / 0"
ARTICLE = "subtracts the maximum of the whole array and sums over axis 0, as the article does for its columns"
COLUMNS = "makes the columns sum to one: axis 0 is not the axis of the scores here"
ONE_ROW = "treats the whole array as one row: each row has a maximum and a sum of its own"
NO_MAX = "does not subtract the maximum: exp of a large score overflows"

COLUMN_MAX = "subtracts the maximum of each column: within a row all scores have to move by the same amount"
_LOST_AXIS = "loses the axis that it sums over, so that the sum of one row meets the entries of another"


def _shift(what: str) -> str:
    return f"subtracts the {what} of each row: exp of a score far above it overflows"


SOFTMAX = (
    Mistake("whole_array_max", WHOLE_MAX, whole_array_max),
    Mistake("article_softmax", ARTICLE, article_softmax),
    Mistake("columns", COLUMNS, column_softmax),
    Mistake("no_maximum", NO_MAX, no_maximum),
    Mistake("whole_sum", "divides by one sum for the whole array: each row has a sum of its own", whole_sum),
    Mistake("one_row_for_all", ONE_ROW, one_row_for_all),
    Mistake("maximum_of_columns", COLUMN_MAX, maximum_of_columns),
    Mistake("mean_for_maximum", _shift("mean"), lambda z: shifted(z, z.mean(axis=-1, keepdims=True))),
    Mistake("minimum_for_maximum", _shift("minimum"), lambda z: shifted(z, z.min(axis=-1, keepdims=True))),
    Mistake("lost_axis", _LOST_AXIS, lambda z: not_divided(z) / not_divided(z).sum(axis=-1)),
    Mistake("lost_axis", _LOST_AXIS, lambda z: np.exp(z) / np.exp(z).sum(axis=-1)),
    Mistake("lost_axis", _LOST_AXIS, lambda z: np.exp(z - z.max(axis=-1)) / np.exp(z - z.max(axis=-1)).sum(axis=-1)),
    Mistake("not_divided", "does not divide by the sum: the entries of a row do not sum to one", not_divided),
    Mistake("log_softmax", "returns the logarithm of the probabilities", log_softmax),
    Mistake(
        "turned_sign", "turns the sign: the highest score gets the lowest probability", lambda z: right_softmax(-z)
    ),
    Mistake(
        "axis_1",
        "normalises axis 1, which is the last axis only where there are two",
        lambda z: right_softmax(z, axis=1),
    ),
    Mistake(
        "sigmoid", "squashes each score by itself: softmax compares the scores of a row", lambda z: 1 / (1 + np.exp(-z))
    ),
    Mistake(
        "no_exponential",
        "divides the scores themselves by their sum: the exponential is missing",
        lambda z: z / z.sum(axis=-1, keepdims=True),
    ),
)


# --- tanh's slope ----------------------------------------------------------------------------------------------

_SQUASHED_AGAIN = "applies tanh to h once more: h already is the output of tanh"

TANH_SLOPE = (
    Mistake("squashed_again", _SQUASHED_AGAIN, lambda h: 1 - np.tanh(h) ** 2),
    Mistake("not_squared", "does not square h", lambda h: 1 - h),
    Mistake("sigmoid_slope", "is the slope of the sigmoid: tanh has another one", lambda h: h * (1 - h)),
    Mistake("squared_difference", "squares 1 - h as a whole: only h is squared", lambda h: (1 - h) ** 2),
    Mistake("doubled", "doubles h where it should be squared", lambda h: 1 - 2 * h),
    Mistake("turned_sign", "adds the square: tanh would grow ever steeper", lambda h: 1 + h**2),
    Mistake("no_one", "returns minus the square: the 1 is missing", lambda h: -(h**2)),
    Mistake("absolute", "uses the size of h, not its square", lambda h: 1 - np.abs(h)),
)


# --- softmax, backward -----------------------------------------------------------------------------------------

_BACKWARD = Section("01", "Gradients flow back")

SOFTMAX_BACKWARD = (
    Mistake(
        "diagonal_only",
        "moves each score by itself: raising one probability lowers the others, and that part is missing",
        lambda y, dy: y * (1 - y) * dy,
    ),
    Mistake(
        "upstream_forgotten",
        "forgets the upstream gradient: what arrives at the probabilities has to pass on",
        lambda y, dy: y * (1 - y),
    ),
    Mistake("no_sum", "leaves out the sum over the row: what a score takes from the others", lambda y, dy: y * dy),
    Mistake(
        "whole_sum",
        "takes one sum over the whole array: each row has a sum of its own",
        lambda y, dy: y * (dy - (dy * y).sum()),
    ),
    Mistake(
        "columns",
        "sums over axis 0: a row of probabilities lies along the last axis",
        lambda y, dy: y * (dy - (dy * y).sum(axis=0)),
        _BACKWARD,
    ),
    Mistake(
        "mean_for_sum",
        "takes the mean over the row of probabilities times gradients: it is their sum",
        lambda y, dy: y * (dy - (dy * y).mean(axis=-1, keepdims=True)),
    ),
    Mistake(
        "axis_1",
        "sums over axis 1, which is the last axis only where there are two",
        lambda y, dy: y * (dy - (dy * y).sum(axis=1, keepdims=True)),
    ),
    Mistake(
        "mean_of_dy",
        "subtracts the plain mean of dy: each dy counts as much as its probability",
        lambda y, dy: y * (dy - dy.mean(axis=-1, keepdims=True)),
    ),
    Mistake(
        "sum_without_y",
        "sums dy alone: each dy counts as much as its probability",
        lambda y, dy: y * (dy - dy.sum(axis=-1, keepdims=True)),
    ),
    Mistake(
        "turned_sign",
        "adds the sum over the row: it is taken away",
        lambda y, dy: y * (dy + (dy * y).sum(axis=-1, keepdims=True)),
    ),
    Mistake(
        "no_outer_y",
        "does not multiply by y at the end",
        lambda y, dy: dy - (dy * y).sum(axis=-1, keepdims=True),
    ),
    Mistake(
        "softmax_again",
        "applies softmax to y once more: y already holds the probabilities",
        lambda y, dy: softmax_backward(right_softmax(y), dy),
    ),
    Mistake(
        "cross_entropy_shortcut",
        "subtracts as if dy were the right answers: that shortcut holds for softmax and cross-entropy together",
        lambda y, dy: y - dy,
    ),
)


def softmax_backward(y: Array, dy: Array) -> Array:
    """Go back through softmax, rightly."""
    dz: Array = y * (dy - (dy * y).sum(axis=-1, keepdims=True))
    return dz


ALL = {
    "softmax": SOFTMAX,
    "tanh_slope": TANH_SLOPE,
    "softmax_backward": SOFTMAX_BACKWARD,
}
