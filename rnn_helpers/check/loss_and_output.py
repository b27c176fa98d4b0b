"""The exercises of notebook 04: the loss, its gradient in the scores, and the way back through the output layer."""

import numpy as np

from rnn_helpers import IGNORE_INDEX, fast, output, plain
from rnn_helpers.check import forms
from rnn_helpers.check.draws import draws
from rnn_helpers.check.engine.exercise import Cases, Exercise, Output, Package, Section, named, within, wrong
from rnn_helpers.check.single_cell import THE_OUTPUT
from rnn_helpers.check.softmax_and_tanh import (
    ARTICLE,
    COLUMNS,
    FAR_APART,
    FROM_ZERO,
    NO_MAX,
    ONE_ROW,
    SOFTMAX,
    WHICH_NUMBERS,
    WHOLE_MAX,
    WHY_MAXIMUM,
)

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

# Where a mistake of this notebook is explained, also when it is made in a later one.
FROM_SCORES = Section("04", "From scores, not from probabilities")
SCORES_GRADIENT = Section("04", "The gradient with respect to the scores")
OUTPUT_LAYER = Section("04", "Back through the output layer")

# Sentences that several exercises share.
ALL_ROWS = "divides by all targets: those that do not count (-100) are not part of the mean"
IGNORED = "reads -100 as an index: such a target does not count"

# What is done with the targets of -100, in the loss and in its gradient.
_AS_INDEX = ("targets != IGNORE_INDEX", "np.ones(targets.shape, dtype=bool)")
_AS_CLASS_0 = ("counts = ", "targets = np.maximum(targets, 0)\n    counts = ")
_WRAPPED = ("counts = ", "targets = targets % logits.shape[-1]\n    counts = ")
_AS_LAST_CLASS = ("counts = ", "targets = np.where(targets < 0, logits.shape[-1] - 1, targets)\n    counts = ")

def _scores_and_targets() -> Cases:
    """(logits, targets): by hand, a batch, steps with ignored targets; rows far up, down, and apart."""
    small = np.array([[1.0, 0.0, 2.0], [0.5, 0.0, -1.0]]), np.array([2, 1])
    made = [(2 * d.floats("time", "batch", "n_y"), d.targets("time", "batch")) for d in draws(41)]
    for _, targets in made[::3]:
        targets[0, 1] = targets[-1, 0] = IGNORE_INDEX
    one_step, one_targets = made[1]
    large, low = ((FAR_APART[row : row + 1, :3], np.array([1])) for row in (0, 2))
    far = FAR_APART, np.array([1, 2, 3, 1, 0])
    return small, (one_step[0], one_targets[0]), made[2], made[0], made[3], large, low, far

_NATS = "np.log(np.exp(z).sum(axis=-1)) - z_right"
_P_RIGHT = "np.exp(z_right) / np.exp(z).sum(axis=-1)"
_SUM = ("np.mean(", "np.sum(")
_MAX = "z.max(axis=-1, keepdims=True)"
_MAX_OF_LOGITS = f"logits.{_MAX.removeprefix('z.')}"
_NO_SHIFT = (f" - {_MAX}", "")

def _then(what: str) -> tuple[str, str]:
    """Do something else with the mean or the sum."""
    return "z_right))", f"z_right) {what})"

def _softmax_first(e: str, total: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Take the logarithm after a softmax of all scores: e over its total."""
    return (f"z = z - {_MAX}", f"e = {e}"), (_NATS, f"-np.log((e / {total})[counts, targets[counts]])")

_EPSILON = "adds or clips at a small number inside the logarithm: that is far off where the right class is improbable"

CROSS_ENTROPY = Exercise(
    plain.cross_entropy, forms=(forms.cross_entropy,),
    task="compute the mean loss in nats over the targets that count.",
    arguments="logits : (..., n_y), targets : (...) integers, -100 does not count.", result="loss : float.",
    cases=_scores_and_targets, returns=(Output("loss"),), notebook="04", section=FROM_SCORES.heading, extreme=3,
    package=Package(
        (output.cross_entropy,),
        "The package checks its arguments, and leaves the work to the function that computes the gradient as well.",
    ),
    mistakes=(
        wrong("log_of_zero",
              "takes the logarithm of a probability that was rounded to 0: put softmax and logarithm together first",
              (_NATS, f"-np.log({_P_RIGHT})"), see=FROM_SCORES),
        wrong("sum_not_mean", "returns the sum of the losses: we want the mean", _SUM, see=FROM_SCORES),
        wrong("ignored_in_mean", ALL_ROWS, _SUM, _then("/ targets.size"), see=FROM_SCORES),
        wrong("ignored_counted", IGNORED, _AS_INDEX, see=FROM_SCORES),
        wrong("ignored_as_class_0", "counts a target of -100 as class 0: such a target does not count", _AS_CLASS_0,
              see=FROM_SCORES),
        wrong("ignored_as_last_class", "counts a target of -100 as the last class: such a target does not count",
              _AS_LAST_CLASS, see=FROM_SCORES),
        wrong("ignored_as_some_class", "takes -100 modulo the number of classes: such a target does not count",
              _WRAPPED, see=FROM_SCORES),
        wrong("class_0_left_out", "leaves out class 0 as if it did not count: only -100 does not",
              ("targets != IGNORE_INDEX", "targets > 0"), ("return float(", "return 0.0 if not len(z) else float(")),
        wrong("every_row_at_all_targets", "reads every row at the targets of all rows: each row has its own",
              ("z[np.arange(len(z)), targets[counts]]", "z[:, targets[counts]]"),
              ("sum(axis=-1)) - z_right", "sum(axis=-1, keepdims=True)) - z_right")),
        wrong("maximum_in_sum_only", "subtracts the maximum inside the logarithm, and not from the right class's score",
              ("z_right = z[", "z_right = logits[counts][")),
        wrong("entropy", "returns the entropy of the prediction: the targets' classes play no part in it",
              (_NATS, "-(softmax(z) * np.log(np.maximum(softmax(z), 1e-300))).sum(axis=-1)")),
        wrong("divided_by_rows", "divides by the length of the first axis: the mean runs over all targets that count",
              _SUM, _then("/ len(targets)")),
        wrong("divided_by_batch", "divides by the batch alone: the mean runs over the steps too", _SUM,
              _then("/ targets.shape[-1]")),
        wrong(
            "mean_of_steps",
            "takes a mean for each step and then the mean of those: "
            "steps with fewer targets that count then weigh more",
            ("return float(np.mean(", "steps, nats = np.nonzero(counts)[0], ("),
            ("z_right))", "z_right)\n    return float(np.mean([nats[steps == t].mean() for t in np.unique(steps)]))"),
        ),
        wrong("perplexity", "returns exp of the loss: that is the perplexity",
              ("return float(np.mean", "return np.exp(np.mean")),
        wrong("divided_by_classes", "divides by the number of classes too, as a mean over a one-hot array does",
              _then("/ logits.shape[-1]")),
        wrong("bits", "measures in bits: we want nats", _then("/ np.log(2)"), see=FROM_SCORES),
        wrong("base_10", "uses the logarithm to base 10: we want nats", _then("/ np.log(10)")),
        wrong("turned_sign", "has the wrong sign: a loss is never negative", ("np.mean(", "-np.mean(")),
        wrong("no_logarithm", "returns the mean probability: the logarithm is missing", (_NATS, _P_RIGHT)),
        wrong("no_logarithm", "returns the mean probability with a minus: the logarithm is missing",
              (_NATS, f"-{_P_RIGHT}")),
        wrong("no_logarithm", "adds up the probabilities: the logarithm is missing, and the mean", _SUM,
              (_NATS, _P_RIGHT)),
        wrong("no_logarithm", "adds up the probabilities with a minus: the logarithm is missing, and the mean", _SUM,
              (_NATS, f"-{_P_RIGHT}")),
        wrong("one_minus_probability", "returns 1 minus the probability: the loss is a logarithm",
              (_NATS, f"1 - {_P_RIGHT}")),
        wrong("log_of_mean", "takes the logarithm of the mean probability: we want the mean of the logarithms",
              ("return float(np.mean", "return -np.log(np.mean"), (_NATS, _P_RIGHT)),
        wrong("no_softmax", "takes the logarithm of the scores themselves: they are not probabilities yet", _NO_SHIFT,
              (_NATS, "-np.log(z_right)"), see=THE_OUTPUT),
        wrong(
            "no_normaliser",
            "returns the mean score of the right class, with a minus: "
            "the logarithm of the sum over the classes is missing",
            _NO_SHIFT,
            (_NATS, "-z_right"),
        ),
        wrong("softmax_twice", "applies softmax twice: once is enough to make probabilities of scores",
              ("z = logits", "z = softmax(logits)"), see=FROM_SCORES),
        wrong("whole_array_max", WHOLE_MAX,
              *_softmax_first("np.exp(logits - logits.max())", "e.sum(axis=-1, keepdims=True)"), see=WHICH_NUMBERS),
        wrong("whole_array_max",
              "subtracts the maximum of the whole array: the sum of a row far below it underflows to 0 before the log",
              (_MAX, "logits.max()"), see=WHICH_NUMBERS),
        wrong("article_softmax", ARTICLE, *_softmax_first("np.exp(logits - logits.max())", "e.sum(axis=0)"),
              see=WHICH_NUMBERS),
        wrong("columns", COLUMNS, *_softmax_first("np.exp(logits - logits.max(axis=0))", "e.sum(axis=0)"),
              see=WHICH_NUMBERS),
        wrong("no_maximum", NO_MAX, *_softmax_first("np.exp(logits)", "e.sum(axis=-1, keepdims=True)"),
              see=WHY_MAXIMUM),
        wrong("no_maximum", NO_MAX, _NO_SHIFT, see=WHY_MAXIMUM),
        wrong("one_row_for_all", ONE_ROW, *_softmax_first("np.exp(logits - logits.max())", "e.sum()"),
              see=WHICH_NUMBERS),
        wrong("maximum_from_zero", FROM_ZERO,
              *_softmax_first(f"np.exp(logits - np.maximum(0, {_MAX_OF_LOGITS}))", "e.sum(axis=-1, keepdims=True)"),
              see=WHY_MAXIMUM),
        wrong("maximum_from_zero", FROM_ZERO, (_MAX, f"np.maximum(0, {_MAX})"), see=WHY_MAXIMUM),
        wrong("binary", "charges for the wrong classes too: only the right class counts",
              ("z_right = z[np.arange(len(z)), ", "p, right = softmax(z), np.eye(z.shape[-1], dtype=bool)["),
              (_NATS, "-np.log(np.where(right, p, 1 - p)).sum(axis=-1)")),
        *(
            wrong("epsilon_in_log", _EPSILON, (_NATS, f"-np.log({p})"), see=FROM_SCORES)
            for epsilon in [f"1e-{digits}" for digits in (300, 100, 20, *range(16, 1, -1))]
            for p in (f"{_P_RIGHT} + {epsilon}", f"np.clip({_P_RIGHT}, {epsilon}, 1 - {epsilon})")
        ),
    ),
)

_SUBTRACTED = "dlogits[counts, targets[counts]] -= 1"

def _otherwise(dlogits: str) -> tuple[str, str]:
    """Bring probabilities y and right answers together in another way."""
    y_and_right = "y, right = dlogits, np.zeros_like(dlogits)\n    right[counts, targets[counts]] = 1"
    return _SUBTRACTED, f"{y_and_right}\n    dlogits = {dlogits}"

_NOT_ZERO = ("    dlogits[~counts] = 0\n", "")

LOGITS_GRADIENT = Exercise(
    plain.logits_gradient, forms=(forms.logits_gradient,),
    task="compute the gradient of the mean cross-entropy.",
    arguments="logits : (..., n_y), targets : (...) integers, -100 does not count.", result="dlogits : (..., n_y).",
    cases=_scores_and_targets, returns=(Output("dlogits", ("time", "batch", "n_y")),), notebook="04",
    section=SCORES_GRADIENT.heading, extreme=3,
    package=Package((output.cross_entropy_and_grad, fast.cross_entropy_in_place),
                    "The package computes loss and gradient together: both need the same exponentials and their sums."),
    mistakes=(
        wrong("not_averaged", "does not divide by N: the loss is a mean", (" / counts.sum()", "")),
        wrong("ignored_in_mean", ALL_ROWS, ("counts.sum()", "targets.size"), see=FROM_SCORES),
        wrong("divided_by_rows", "divides by the length of the first axis: N counts every target that counts",
              ("counts.sum()", "len(targets)")),
        wrong("divided_by_batch", "divides by the batch alone: N counts the steps too",
              ("counts.sum()", "targets.shape[-1]")),
        wrong("ignored_counted", IGNORED, _AS_INDEX, see=FROM_SCORES),
        wrong("ignored_as_some_class", "takes -100 modulo the number of classes: such a target does not count",
              _WRAPPED, see=FROM_SCORES),
        wrong("class_0_left_out", "leaves out class 0 as if it did not count: only -100 does not",
              ("targets != IGNORE_INDEX", "targets > 0"), ("counts.sum()", "max(counts.sum(), 1)")),
        wrong("every_row_at_all_targets", "subtracts 1 at the targets of all rows in every row: each row has its own",
              (_SUBTRACTED, "dlogits[..., targets[counts]] -= 1")),
        wrong("divided_by_scores", "divides by the number of scores: N counts the targets",
              ("counts.sum()", "logits.size")),
        wrong("divided_alone", "divides the 1 by N and not the probabilities: a bracket is missing",
              ("-= 1", "-= 1 / counts.sum()"), (" / counts.sum()", "")),
        wrong("ignored_not_zero", "leaves a gradient in rows whose target does not count: they should be zero",
              _NOT_ZERO, see=SCORES_GRADIENT),
        wrong("ignored_counted_everywhere",
              "treats -100 as a target without a class: those rows should be zero, and not count in N", _NOT_ZERO,
              ("counts.sum()", "targets.size")),
        wrong("ignored_as_class_0", "counts a target of -100 as class 0: such a row is zero", _AS_CLASS_0,
              see=FROM_SCORES),
        wrong("ignored_as_last_class", "counts a target of -100 as the last class: such a row is zero", _AS_LAST_CLASS,
              see=FROM_SCORES),
        wrong("turned_sign", "has the wrong sign: raising the right score lowers the loss",
              ("return dlogits", "return -dlogits")),
        wrong("no_target", "never looks at the targets' classes: the right class is missing",
              (f"    {_SUBTRACTED}\n", "")),
        wrong("one_everywhere", "subtracts 1 from every class: only the right class has one",
              (_SUBTRACTED, "dlogits -= 1")),
        wrong("right_class_only", "moves the right class only: the others move too", _otherwise("(y - 1) * right")),
        wrong("added", "adds 1 at the right class: raising its score would raise the loss", ("-= 1", "+= 1")),
        wrong("no_softmax", "subtracts from the scores themselves: they are not probabilities yet",
              ("softmax(logits)", "logits.copy()"), see=THE_OUTPUT),
        wrong("gradient_of_probabilities",
              "stops at the gradient with respect to the probabilities: softmax lies between them and the scores",
              _otherwise("-right / np.maximum(y, 1e-300)")),
        wrong("softmax_backward_twice",
              "goes back through softmax twice: y minus the right answer has been through it already",
              _otherwise("softmax_backward(y, y - right)")),
        wrong("sigmoid_slope", "multiplies by y (1 - y): y minus the right answer is complete",
              _otherwise("(y - right) * y * (1 - y)")),
        wrong("softmax_twice", "applies softmax twice", ("softmax(logits)", "softmax(softmax(logits))"),
              see=FROM_SCORES),
        *within(plain.softmax, named(SOFTMAX.mistakes, "whole_array_max article_softmax columns one_row_for_all")),
        *within(plain.softmax, named(SOFTMAX.mistakes, "no_maximum maximum_from_zero")),
        wrong("divided_by_classes", "divides by the number of classes too",
              ("counts.sum()", "counts.sum() / logits.shape[-1]")),
    ),
)

def _output_backward_cases() -> Cases:
    """(W_hy, h, dlogits): a batch, then steps of a batch."""
    sequence = [
        (d.floats("n_h", "n_y"), np.tanh(d.floats("time", "batch", "n_h")), d.upstream("time", "batch", "n_y"))
        for d in draws(42)
    ]
    W_hy, h, dlogits = sequence[0]
    return (W_hy, h[0], dlogits[0]), *sequence

_WEIGHTS_MEAN = ("h_rows.T @ d_rows", "h_rows.T @ d_rows / len(d_rows)")
_BIAS_MEAN = ("sum(axis=0)", "mean(axis=0)")

OUTPUT_BACKWARD = Exercise(
    plain.output_backward, forms=(forms.output_backward, forms.output_backward_in_sums),
    task="send dlogits back through `logits = h @ W_hy + b_y`.",
    arguments="W_hy : (n_h, n_y), h : (..., n_h), dlogits : (..., n_y).",
    result="dh : (..., n_h), dW_hy : (n_h, n_y), db_y : (n_y,).", cases=_output_backward_cases,
    returns=(Output("dh", ("time", "batch", "n_h")), Output("dW_hy", ("n_h", "n_y")), Output("db_y", ("n_y",))),
    notebook="04", section=OUTPUT_LAYER.heading,
    package=Package(
        (output.output_backward, fast.output_grads),
        "The package checks its arguments, then computes the same products and sums in the order that takes less time.",
        keeps_float32=True,
    ),
    mistakes=(
        wrong("bias_not_summed", "does not sum db_y: every row used the one bias", ("d_rows.sum(axis=0)", "dlogits"),
              see=OUTPUT_LAYER),
        wrong("bias_mean", "takes the mean for db_y: every row adds its full share", _BIAS_MEAN, see=OUTPUT_LAYER),
        wrong("bias_kept_axis", "keeps an axis of size one in db_y: b_y has one axis",
              ("sum(axis=0)", "sum(axis=0, keepdims=True)")),
        wrong("bias_one_axis", "sums db_y over the first axis only", ("d_rows.sum", "dlogits.sum")),
        wrong("bias_batch_only", "sums db_y over the batch only: the steps share the bias too",
              ("d_rows.sum(axis=0)", "dlogits.sum(axis=-2)")),
        wrong("bias_over_classes", "sums db_y over the classes: the rows share the bias",
              ("d_rows.sum(axis=0)", "dlogits.sum(axis=-1)")),
        wrong("weights_transposed", "returns dW_hy transposed: a gradient has the shape of its weight",
              ("h_rows.T @ d_rows", "d_rows.T @ h_rows"), see=OUTPUT_LAYER),
        wrong("last_step_only", "computes dW_hy and db_y from the last step: all steps share the weights",
              ("h.reshape", "h[-1:].reshape"), ("dlogits.reshape", "dlogits[-1:].reshape"), see=OUTPUT_LAYER),
        wrong("weights_of_the_last_step", "computes dW_hy from the last step alone: every step adds its share",
              ("h_rows.T @ d_rows", "h[-1].T @ dlogits[-1] if h.ndim > 2 else h_rows.T @ d_rows"), see=OUTPUT_LAYER),
        wrong("weights_mean", "takes the mean for dW_hy: every row adds its full share", _WEIGHTS_MEAN),
        wrong("averaged", "divides dW_hy and db_y by the rows: the mean of the loss is in dlogits already",
              _WEIGHTS_MEAN, _BIAS_MEAN),
        wrong("slope_too_early", "goes back through tanh as well: dh is the gradient at the state, after tanh",
              ("dlogits @ W_hy.T", "dlogits @ W_hy.T * (1 - h**2)"), see=OUTPUT_LAYER),
        wrong("dh_is_dlogits", "returns dlogits as dh: W_hy lies between them", ("dlogits @ W_hy.T", "dlogits")),
        wrong("swapped_outputs", "returns the gradients in another order: we want dh, dW_hy, db_y",
              ("OutputGrads(h=dlogits @ W_hy.T, W_hy=", "("),
              ("b_y=d_rows.sum(axis=0)", "d_rows.sum(axis=0), dlogits @ W_hy.T")),
    ),
)

ALL = (CROSS_ENTROPY, LOGITS_GRADIENT, OUTPUT_BACKWARD)
