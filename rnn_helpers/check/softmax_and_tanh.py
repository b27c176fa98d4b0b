"""The exercises of notebook 01: softmax, the slope of tanh, and the way back through softmax."""

import numpy as np

from rnn_helpers import output, plain
from rnn_helpers.check import forms
from rnn_helpers.check.engine.exercise import Cases, Exercise, Output, Package, Section, wrong

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

# Where a mistake of this notebook is explained, also when it is made in a later one.
WHY_MAXIMUM = Section("01", "Why subtract the row's maximum")
WHICH_NUMBERS = Section("01", "The maximum of which numbers?")

# Sentences that several exercises share.
WHOLE_MAX = "subtracts the maximum of the whole array: rows far below it underflow to 0 / 0"
ARTICLE = "subtracts the maximum of the whole array and sums over axis 0, as the article does for its columns"
COLUMNS = "makes the columns sum to one: axis 0 is not the axis of the scores here"
ONE_ROW = "treats the whole array as one row: each row has a maximum and a sum of its own"
FROM_ZERO = "starts the maximum at 0: a row whose scores are all far below 0 underflows to 0 / 0"
NO_MAX = "does not subtract the maximum: exp of a large score overflows"

# Rows 1e5 apart, and a column far below: what one maximum for all, or one that begins at 0, does to those below it.
FAR_APART = np.array(
    [
        [1e5 + 1, 1e5, 1e5 + 2, -3e5],
        [2.0, 1.0, 0.0, 2 - 3e5],
        [1 - 1e5, -1e5 - 1, -1e5, -3e5 - 1],
        [0.5, 0.0, 3.0, 1 - 3e5],
        [0.0, 1e5, 1.0, -1e5],
    ]
)

_SCORES = ("time", "batch", "n_y")

def _softmax_cases() -> Cases:
    """(z,): a row by hand, a batch, steps of a batch, one row alone, four axes, rows far apart."""
    rng = np.random.default_rng(11)
    random = tuple(rng.standard_normal(shape) for shape in ((4, 3), (3, 2, 4), (5,), (2, 3, 4, 5)))
    return (np.array([[0.0, 1.0], [2.0, 2.5]]),), *((z,) for z in random), (FAR_APART,)

_MAX = "z.max(axis=-1, keepdims=True)"
_SUM = "e.sum(axis=-1, keepdims=True)"
_LOST_AXIS = "loses the axis that it sums over, so that the sum of one row meets the entries of another"

def _shift(what: str) -> str:
    return f"subtracts the {what} of each row: exp of a score far above it overflows"

SOFTMAX = Exercise(
    plain.softmax, forms=(forms.softmax_of_two,),
    task="turn scores into probabilities along the last axis, for rows of any size.",
    arguments="z : (..., n_y).", result="y : (..., n_y).", cases=_softmax_cases, returns=(Output("y", _SCORES),),
    notebook="01", section="The maximum of which numbers?", extreme=1,
    package=Package(
        (output.softmax,),
        "The package checks that the scores are real, finite numbers, takes any axis, and divides without a new array.",
        keeps_float32=True,
    ),
    mistakes=(
        wrong("whole_array_max", WHOLE_MAX, (_MAX, "z.max()"), see=WHICH_NUMBERS),
        wrong("article_softmax", ARTICLE, (_MAX, "z.max()"), (_SUM, "e.sum(axis=0)"), see=WHICH_NUMBERS),
        wrong("columns", COLUMNS, (_MAX, "z.max(axis=0)"), (_SUM, "e.sum(axis=0)"), see=WHICH_NUMBERS),
        wrong("no_maximum", NO_MAX, (f" - {_MAX}", ""), see=WHY_MAXIMUM),
        wrong("whole_sum", "divides by one sum for the whole array: each row has a sum of its own", (_SUM, "e.sum()")),
        wrong("one_row_for_all", ONE_ROW, (_MAX, "z.max()"), (_SUM, "e.sum()"), see=WHICH_NUMBERS),
        wrong("maximum_of_columns",
              "subtracts the maximum of each column: within a row all scores have to move by the same amount",
              (_MAX, "z.max(axis=0)"), see=WHICH_NUMBERS),
        wrong("maximum_from_zero", FROM_ZERO, (_MAX, f"np.maximum(0, {_MAX})"), see=WHY_MAXIMUM),
        wrong("mean_for_maximum", _shift("mean"), ("z.max", "z.mean"), see=WHY_MAXIMUM),
        wrong("minimum_for_maximum", _shift("minimum"), ("z.max", "z.min"), see=WHY_MAXIMUM),
        wrong("lost_axis", _LOST_AXIS, (_SUM, "e.sum(axis=-1)")),
        wrong("lost_axis", _LOST_AXIS, (f" - {_MAX}", ""), (_SUM, "e.sum(axis=-1)")),
        wrong("lost_axis", _LOST_AXIS, (_MAX, "z.max(axis=-1)"), (_SUM, "e.sum(axis=-1)")),
        wrong("not_divided", "does not divide by the sum: the entries of a row do not sum to one", (f" / {_SUM}", "")),
        wrong("log_softmax", "returns the logarithm of the probabilities", ("e = np.exp(", "z = ("),
              (f"e / {_SUM}", "z - np.log(np.exp(z).sum(axis=-1, keepdims=True))")),
        wrong("turned_sign", "turns the sign: the highest score gets the lowest probability",
              ("z - z.max", "-z - (-z).max")),
        wrong("axis_1", "normalises axis 1, which is the last axis only where there are two",
              ("z.max(axis=-1", "z.max(axis=1"), ("e.sum(axis=-1", "e.sum(axis=1"), see=WHICH_NUMBERS),
        wrong("sigmoid", "squashes each score by itself: softmax compares the scores of a row",
              (f"e / {_SUM}", "1 / (1 + np.exp(-z))")),
        wrong("no_exponential", "divides the scores themselves by their sum: the exponential is missing",
              (f"np.exp(z - {_MAX})", "z")),
    ),
)

def _tanh_slope_cases() -> Cases:
    """(h,): outputs of tanh, its limits among them."""
    h = np.tanh(np.random.default_rng(12).standard_normal((3, 4)))
    return (np.array([0.5, -0.8]),), (h,), (np.array([[0.0, 1.0, -1.0]]),)

TANH_SLOPE = Exercise(
    plain.tanh_slope, task="read the slope of tanh off its output.", arguments="h : (...) outputs of tanh.",
    result="slope : (...).", cases=_tanh_slope_cases, returns=(Output("slope", ("batch", "n_h")),), notebook="01",
    section="Tanh",
    mistakes=(
        wrong("squashed_again", "applies tanh to h once more: h already is the output of tanh",
              ("h**2", "np.tanh(h) ** 2")),
        wrong("not_squared", "does not square h", ("h**2", "h")),
        wrong("sigmoid_slope", "is the slope of the sigmoid: tanh has a different one", ("1 - h**2", "h * (1 - h)")),
        wrong("squared_difference", "squares all of 1 - h: only h is squared", ("1 - h**2", "(1 - h) ** 2")),
        wrong("doubled", "doubles h where it should be squared", ("h**2", "2 * h")),
        wrong("turned_sign", "adds the square: tanh would grow ever steeper", ("1 - h**2", "1 + h**2")),
        wrong("no_one", "returns minus the square: the 1 is missing", ("1 - h**2", "-(h**2)")),
        wrong("absolute", "uses the size of h, not its square", ("h**2", "np.abs(h)")),
        wrong("inverted", "divides 1 by the slope: that is how steep arctanh is, the way from h back to z",
              ("1 - h**2", "1 / (1 - h**2)")),
    ),
)

def _softmax_backward_cases() -> Cases:
    rng = np.random.default_rng(13)
    made = ((2, 3), 1), ((4, 5), 1), ((3, 2, 4), 100), ((5,), 1), ((2, 3, 4, 5), 1)
    return tuple((plain.softmax(rng.standard_normal(s)), size * rng.standard_normal(s)) for s, size in made)

_GRADIENT = "y * (dy - (dy * y).sum(axis=-1, keepdims=True))"

SOFTMAX_BACKWARD = Exercise(
    plain.softmax_backward, forms=(forms.softmax_backward,),
    task="send dy back through softmax, along the last axis.",
    arguments="y, dy : (..., n_y), y what softmax returned.", result="dz : (..., n_y).", cases=_softmax_backward_cases,
    returns=(Output("dz", _SCORES),), notebook="01", section="Gradients flow back",
    package=Package(
        (output.softmax_backward,),
        "The package checks first that both arrays hold finite numbers and have one shape; its formula is the same.",
        keeps_float32=True,
    ),
    mistakes=(
        wrong("diagonal_only",
              "moves each score by itself: raising one probability lowers the others, and that part is missing",
              (_GRADIENT, "y * (1 - y) * dy")),
        wrong("upstream_forgotten",
              "forgets the upstream gradient: whatever reaches the probabilities has to be passed on",
              (_GRADIENT, "y * (1 - y)")),
        wrong("no_sum", "leaves out the sum over the row: what a score takes from the others", (_GRADIENT, "y * dy")),
        wrong("whole_sum", "takes one sum over the whole array: each row has a sum of its own",
              ("sum(axis=-1, keepdims=True)", "sum()")),
        wrong("columns", "sums over axis 0: a row of probabilities lies along the last axis",
              ("sum(axis=-1, keepdims=True)", "sum(axis=0)")),
        wrong("mean_for_sum", "takes the mean over the row of probabilities times gradients: it is their sum",
              (".sum(", ".mean(")),
        wrong("axis_1", "sums over axis 1, which is the last axis only where there are two", ("axis=-1", "axis=1")),
        wrong("mean_of_dy", "subtracts the plain mean of dy: each dy counts as much as its probability",
              ("(dy * y).sum", "dy.mean")),
        wrong("sum_without_y", "sums dy alone: each dy counts as much as its probability", ("(dy * y).sum", "dy.sum")),
        wrong("turned_sign", "adds the sum over the row: it should be subtracted", ("dy - (", "dy + (")),
        wrong("y_minus_sum", "puts y where dy belongs: the sum is taken away from each dy",
              (_GRADIENT, "dy * (y - (dy * y).sum(axis=-1, keepdims=True))")),
        wrong("no_outer_y", "does not multiply by y at the end", ("return y * ", "return ")),
        wrong("softmax_again", "applies softmax to y once more: y already holds the probabilities",
              ("return y", "y = softmax(y)\n    return y")),
        wrong("cross_entropy_shortcut",
              "subtracts as if dy were the right answers: that shortcut holds for softmax and cross-entropy together",
              (_GRADIENT, "y - dy")),
    ),
)

ALL = (SOFTMAX, TANH_SLOPE, SOFTMAX_BACKWARD)
