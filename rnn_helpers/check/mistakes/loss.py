"""Mistakes in the loss, its gradient and the output layer: notebook 04."""

from functools import partial

import numpy as np

from rnn_helpers.check.exercise import Function, Mistake, with_pieces
from rnn_helpers.check.mistakes import functions
from rnn_helpers.fast import as_rows
from rnn_helpers.output import IGNORE_INDEX, output_backward
from rnn_helpers.output import softmax as right_softmax
from rnn_helpers.validate import Array

# --- cross-entropy ---------------------------------------------------------------------------------------------


def _counted(logits: Array, targets: Array, scores: Function) -> Array:
    """Return scores(logits) at the right class of each target that counts."""
    counts = targets != IGNORE_INDEX
    picked: Array = scores(logits)[counts, targets[counts]]
    return picked


def nats(logits: Array, targets: Array) -> Array:
    """Return the loss of each target that counts."""
    return -_counted(logits, targets, functions.log_softmax)


def _mean_log(softmax: Function, logits: Array, targets: Array) -> float:
    """Take the logarithm after another softmax."""
    return float(-np.log(_counted(logits, targets, softmax)).mean())


def _log_sum_exp(top: Function, logits: Array, targets: Array) -> float:
    """Put softmax and logarithm together, with top(logits) subtracted from the scores."""
    z = logits - top(logits)
    log_y = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return float(-_counted(log_y, targets, lambda scores: scores).mean())


def _with_epsilon(epsilon: float, logits: Array, targets: Array) -> float:
    return float(-np.log(_counted(logits, targets, right_softmax) + epsilon).mean())


def _clipped(epsilon: float, logits: Array, targets: Array) -> float:
    return float(-np.log(np.clip(_counted(logits, targets, right_softmax), epsilon, 1 - epsilon)).mean())


def _binary(logits: Array, targets: Array) -> float:
    """Charge every class, the wrong ones for their probability too."""
    counts = targets != IGNORE_INDEX
    p = right_softmax(logits)[counts]
    right = np.eye(p.shape[-1], dtype=bool)[targets[counts]]
    return float(-np.log(np.where(right, p, 1 - p)).sum(axis=-1).mean())


_EPSILON = "adds or clips at a small number inside the logarithm: far off where the right class is very improbable"
_SUM = "returns the sum of the losses: the mean is asked for"
_ALL_ROWS = "divides by all targets: those that do not count (-100) are not part of the mean"
_IGNORED = "reads -100 as an index: such a target does not count"
_LOG_OF_NO_SUM = (
    "subtracts the maximum of the whole array: the sum of a row far below it underflows to 0 before the log"
)
_LOG_OF_ZERO = "takes the logarithm of a probability that was rounded to 0: put softmax and logarithm together first"

CROSS_ENTROPY = (
    Mistake("log_of_zero", _LOG_OF_ZERO, partial(_mean_log, right_softmax)),
    Mistake("sum_not_mean", _SUM, lambda logits, targets: nats(logits, targets).sum()),
    Mistake("ignored_in_mean", _ALL_ROWS, lambda logits, targets: nats(logits, targets).sum() / targets.size),
    Mistake(
        "ignored_counted",
        _IGNORED,
        lambda logits, targets: -np.take_along_axis(functions.log_softmax(logits), targets[..., None], -1).mean(),
    ),
    Mistake(
        "ignored_as_class_0",
        "counts a target of -100 as class 0: such a target does not count",
        lambda logits, targets: nats(logits, np.maximum(targets, 0)).mean(),
    ),
    Mistake(
        "ignored_as_last_class",
        "counts a target of -100 as the last class: such a target does not count",
        lambda logits, targets: nats(logits, np.where(targets < 0, logits.shape[-1] - 1, targets)).mean(),
    ),
    Mistake(
        "divided_by_rows",
        "divides by the length of the first axis: the mean runs over all targets that count",
        lambda logits, targets: nats(logits, targets).sum() / len(targets),
    ),
    Mistake(
        "divided_by_batch",
        "divides by the batch alone: the mean runs over the steps too",
        lambda logits, targets: nats(logits, targets).sum() / targets.shape[-1],
    ),
    Mistake(
        "mean_of_steps",
        "takes a mean for each step and then the mean of those: steps with fewer targets that count then weigh more",
        lambda z, k: np.mean([nats(z[t], k[t]).mean() for t in range(len(k)) if (k[t] != IGNORE_INDEX).any()]),
    ),
    Mistake("perplexity", "returns exp of the loss: that is the perplexity", lambda z, k: np.exp(nats(z, k).mean())),
    Mistake(
        "divided_by_classes",
        "divides by the number of classes too, as a mean over a one-hot array does",
        lambda logits, targets: nats(logits, targets).mean() / logits.shape[-1],
    ),
    Mistake("bits", "measures in bits: nats are asked for", lambda z, k: nats(z, k).mean() / np.log(2)),
    Mistake(
        "base_10", "uses the logarithm to base 10: nats are asked for", lambda z, k: nats(z, k).mean() / np.log(10)
    ),
    Mistake("turned_sign", "has the wrong sign: a loss is never negative", lambda z, k: -nats(z, k).mean()),
    Mistake(
        "no_logarithm",
        "returns the mean probability: the logarithm is missing",
        lambda z, k: np.exp(-nats(z, k)).mean(),
    ),
    Mistake(
        "one_minus_probability",
        "returns what is missing to probability 1: the loss is a logarithm",
        lambda z, k: 1 - np.exp(-nats(z, k)).mean(),
    ),
    Mistake(
        "log_of_mean",
        "takes the logarithm of the mean probability: the mean of the logarithms is asked for",
        lambda z, k: -np.log(np.exp(-nats(z, k)).mean()),
    ),
    Mistake(
        "no_softmax",
        "takes the logarithm of the scores themselves: they are not probabilities yet",
        partial(_mean_log, lambda z: z),
    ),
    Mistake(
        "no_normaliser",
        "returns the mean score of the right class, with a minus: the logarithm of the sum over the classes is missing",
        lambda z, k: -_counted(z, k, lambda scores: scores).mean(),
    ),
    Mistake(
        "softmax_twice",
        "applies softmax twice: the scores become probabilities once",
        lambda z, k: nats(right_softmax(z), k).mean(),
    ),
    Mistake("whole_array_max", functions.WHOLE_MAX, partial(_mean_log, functions.whole_array_max)),
    Mistake("whole_array_max", _LOG_OF_NO_SUM, partial(_log_sum_exp, np.max)),
    Mistake("article_softmax", functions.ARTICLE, partial(_mean_log, functions.article_softmax)),
    Mistake("columns", functions.COLUMNS, partial(_mean_log, functions.column_softmax)),
    Mistake("no_maximum", functions.NO_MAX, partial(_mean_log, functions.no_maximum)),
    Mistake("no_maximum", functions.NO_MAX, partial(_log_sum_exp, np.zeros_like)),
    Mistake("one_row_for_all", functions.ONE_ROW, partial(_mean_log, functions.one_row_for_all)),
    Mistake("binary", "charges the wrong classes as well: only the right class counts", _binary),
    *(
        Mistake("epsilon_in_log", _EPSILON, partial(version, epsilon))
        for epsilon in (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5)
        for version in (_with_epsilon, _clipped)
    ),
)


# --- its gradient ----------------------------------------------------------------------------------------------


def _right_answers(logits: Array, targets: Array) -> Array:
    """Return one-hot rows of the targets, zeros where one does not count."""
    classes = np.arange(logits.shape[-1])
    rows: Array = (targets[..., None] == classes).astype(np.float64)
    return rows


def _counts(targets: Array) -> Array:
    counts: Array = targets != IGNORE_INDEX
    return counts


def _all_count(targets: Array) -> Array:
    return np.ones(targets.shape, dtype=bool)


def _gradient(
    logits: Array,
    targets: Array,
    *,
    softmax: Function = right_softmax,
    right: Function = _right_answers,
    join: Function = np.subtract,
    kept: Function = _counts,
    count: Function = lambda targets: _counts(targets).sum(),
) -> Array:
    """Compute (softmax - onehot) / N with one piece exchanged."""
    d: Array = join(softmax(logits), right(logits, targets))
    mean: Array = np.where(kept(targets)[..., None], d, 0.0) / count(targets)
    return mean


def _wrong(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, with_pieces(_gradient, exchanged))


LOGITS_GRADIENT = (
    _wrong("not_averaged", "does not divide by N: the loss is a mean", count=lambda targets: 1),
    _wrong("ignored_in_mean", _ALL_ROWS, count=lambda targets: targets.size),
    _wrong("divided_by_rows", "divides by the length of the first axis: N counts every target that counts", count=len),
    _wrong("divided_by_batch", "divides by the batch alone: N counts the steps too", count=lambda k: k.shape[-1]),
    _wrong("ignored_counted", _IGNORED, right=lambda z, k: np.eye(z.shape[-1])[k]),
    _wrong("ignored_not_zero", "leaves a gradient in rows whose target does not count: they are zero", kept=_all_count),
    Mistake(
        "ignored_counted_everywhere",
        "treats -100 as a target without a class: those rows are zero and do not count in N",
        lambda z, k: _gradient(z, k, kept=_all_count, count=np.size),
    ),
    Mistake(
        "ignored_as_class_0",
        "counts a target of -100 as class 0: such a row is zero",
        lambda z, k: _gradient(z, np.maximum(k, 0)),
    ),
    Mistake(
        "ignored_as_last_class",
        "counts a target of -100 as the last class: such a row is zero",
        lambda z, k: _gradient(z, np.where(k < 0, z.shape[-1] - 1, k)),
    ),
    _wrong("turned_sign", "has the wrong sign: raising the right score lowers the loss", join=lambda y, k: k - y),
    _wrong("no_target", "never looks at the targets' classes: the right class is missing", join=lambda y, k: y),
    _wrong("one_everywhere", "subtracts 1 from every class: only the right class has one", join=lambda y, k: y - 1),
    _wrong("right_class_only", "moves the right class only: the others move too", join=lambda y, k: (y - 1) * k),
    _wrong("added", "adds 1 at the right class: raising its score would raise the loss", join=np.add),
    _wrong("no_softmax", "subtracts from the scores themselves: they are not probabilities yet", softmax=lambda z: z),
    _wrong(
        "gradient_of_probabilities",
        "stops at the gradient with respect to the probabilities: softmax lies between them and the scores",
        join=lambda y, k: -k / np.maximum(y, 1e-300),
    ),
    _wrong(
        "softmax_backward_twice",
        "goes back through softmax twice: y minus the right answer is past it already",
        join=lambda y, k: functions.softmax_backward(y, y - k),
    ),
    _wrong(
        "sigmoid_slope",
        "multiplies by y (1 - y): y minus the right answer is complete",
        join=lambda y, k: (y - k) * y * (1 - y),
    ),
    _wrong("softmax_twice", "applies softmax twice", softmax=lambda z: right_softmax(right_softmax(z))),
    _wrong("whole_array_max", functions.WHOLE_MAX, softmax=functions.whole_array_max),
    _wrong("article_softmax", functions.ARTICLE, softmax=functions.article_softmax),
    _wrong("columns", functions.COLUMNS, softmax=functions.column_softmax),
    _wrong("one_row_for_all", functions.ONE_ROW, softmax=functions.one_row_for_all),
    _wrong("no_maximum", functions.NO_MAX, softmax=functions.no_maximum),
    Mistake(
        "divided_by_classes",
        "divides by the number of classes too",
        lambda z, k: _gradient(z, k) / z.shape[-1],
    ),
)


# --- the output layer, backward --------------------------------------------------------------------------------


def _rows(h: Array, dlogits: Array) -> tuple[Array, Array]:
    return as_rows(h), as_rows(dlogits)


def _exchange(name: str, says: str, **exchanged: Function) -> Mistake:
    """Take the right gradients and compute those named in another way, each from (W_hy, h, dlogits)."""

    def wrong(W_hy: Array, h: Array, dlogits: Array) -> tuple[Array, ...]:
        grads = output_backward(W_hy, h, dlogits)
        return grads._replace(**{field: f(W_hy, h, dlogits) for field, f in exchanged.items()})

    return Mistake(name, says, wrong)


def _count_rows(dlogits: Array) -> int:
    return len(as_rows(dlogits))


OUTPUT_BACKWARD = (
    _exchange("bias_not_summed", "does not sum db_y: every row used the one bias", b_y=lambda W, h, d: d),
    _exchange(
        "bias_mean",
        "takes the mean for db_y: every row adds its full share",
        b_y=lambda W, h, d: as_rows(d).mean(axis=0),
    ),
    _exchange(
        "bias_kept_axis",
        "keeps an axis of size one in db_y: b_y has one axis",
        b_y=lambda W, h, d: as_rows(d).sum(axis=0, keepdims=True),
    ),
    _exchange("bias_one_axis", "sums db_y over the first axis only", b_y=lambda W, h, d: d.sum(axis=0)),
    _exchange(
        "bias_batch_only",
        "sums db_y over the batch only: the steps share the bias too",
        b_y=lambda W, h, d: d.sum(axis=-2),
    ),
    _exchange(
        "bias_over_classes",
        "sums db_y over the classes: it is the rows that share the bias",
        b_y=lambda W, h, d: d.sum(axis=-1),
    ),
    _exchange(
        "weights_transposed",
        "returns dW_hy transposed: a gradient has the shape of its weight",
        W_hy=lambda W, h, d: as_rows(d).T @ as_rows(h),
    ),
    _exchange(
        "last_step_only",
        "computes dW_hy and db_y from the last step: all steps share the weights",
        W_hy=lambda W, h, d: as_rows(h[-1:]).T @ as_rows(d[-1:]),
        b_y=lambda W, h, d: as_rows(d[-1:]).sum(axis=0),
    ),
    _exchange(
        "weights_mean",
        "takes the mean for dW_hy: every row adds its full share",
        W_hy=lambda W, h, d: as_rows(h).T @ as_rows(d) / _count_rows(d),
    ),
    _exchange(
        "averaged",
        "divides dW_hy and db_y by the rows: the mean of the loss is in dlogits already",
        W_hy=lambda W, h, d: as_rows(h).T @ as_rows(d) / _count_rows(d),
        b_y=lambda W, h, d: as_rows(d).mean(axis=0),
    ),
    _exchange(
        "slope_too_early",
        "goes back through tanh as well: dh is the gradient at the state, after tanh",
        h=lambda W, h, d: d @ W.T * (1 - h**2),
    ),
    _exchange("dh_is_dlogits", "returns dlogits as dh: W_hy lies between them", h=lambda W, h, d: d),
    Mistake(
        "swapped_outputs",
        "returns the gradients in another order: dh, dW_hy, db_y",
        lambda W, h, d: (output_backward(W, h, d).W_hy, output_backward(W, h, d).b_y, output_backward(W, h, d).h),
    ),
)

ALL = {
    "cross_entropy": CROSS_ENTROPY,
    "logits_gradient": LOGITS_GRADIENT,
    "output_backward": OUTPUT_BACKWARD,
}
