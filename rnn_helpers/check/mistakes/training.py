"""Mistakes in the exercises of notebook 08: the mask, clipping, Adam, sampling."""

import numpy as np

from rnn_helpers.check.exercise import Function, Mistake, with_pieces
from rnn_helpers.output import IGNORE_INDEX, softmax
from rnn_helpers.params import RNNParams
from rnn_helpers.validate import Array

# --- the loss with a mask --------------------------------------------------------------------------------------


def _counts(targets: Array) -> Array:
    counts: Array = targets != IGNORE_INDEX
    return counts


def _shared(nats: Array, targets: Array) -> Array:
    """Return the costs with zeros where the target does not count."""
    return np.where(_counts(targets), nats, 0.0)


def _mean(costs: Array) -> float:
    """Return the mean, NaN without a warning if nothing is left: some cases have no padding, or no letters."""
    return float(costs.mean()) if costs.size else float("nan")


def _mean_of_means(nats: Array, targets: Array, axis: int) -> float:
    counts = _counts(targets).sum(axis=axis)
    sums = _shared(nats, targets).sum(axis=axis)
    return float((sums[counts > 0] / counts[counts > 0]).mean())


MASKED_LOSS = (
    Mistake(
        "mask_ignored",
        "takes the mean over all places: padding has no right answer, and its cost means nothing",
        lambda nats, targets: nats.mean(),
    ),
    Mistake(
        "divided_by_all",
        "leaves padding out of the sum, and counts it in the number that it divides by",
        lambda nats, targets: _shared(nats, targets).mean(),
    ),
    Mistake(
        "end_ignored",
        "leaves out the targets that are 0: that is END, which the network has to learn too; padding is -100",
        lambda nats, targets: _mean(nats[targets > 0]),
    ),
    Mistake(
        "end_for_padding",
        "takes 0 for padding: 0 is END, which the network has to learn; padding is -100",
        lambda nats, targets: _mean(nats[targets != 0]),
    ),
    Mistake("sum", "returns the sum: it is the mean", lambda nats, targets: _shared(nats, targets).sum()),
    Mistake(
        "mean_of_names",
        "takes a mean for each name and then the mean of those: a letter of a long name then counts less",
        lambda nats, targets: _mean_of_means(nats, targets, 0),
    ),
    Mistake(
        "mean_of_steps",
        "takes a mean for each step and then the mean of those: the last steps, with few names, then count more",
        lambda nats, targets: _mean_of_means(nats, targets, 1),
    ),
    Mistake(
        "divided_by_batch",
        "divides by the number of names: it is the number of targets that count",
        lambda nats, targets: _shared(nats, targets).sum() / nats.shape[1],
    ),
    Mistake(
        "divided_by_time",
        "divides by the number of steps: it is the number of targets that count",
        lambda nats, targets: _shared(nats, targets).sum() / nats.shape[0],
    ),
    Mistake(
        "mask_turned",
        "takes the mean over the padding: that is the part to leave out",
        lambda nats, targets: _mean(nats[targets == IGNORE_INDEX]),
    ),
    Mistake(
        "cut_to_shortest",
        "stops where the shortest name ends: longer names go on",
        lambda nats, targets: nats[_counts(targets).all(axis=1)].mean(),
    ),
    Mistake(
        "free_places_dropped",
        "leaves out what costs nothing: a prediction that was right and sure counts as well",
        lambda nats, targets: _shared(nats, targets).sum() / (_shared(nats, targets) != 0).sum(),
    ),
    Mistake("turned_sign", "turns the sign: costs are positive", lambda nats, targets: -nats[_counts(targets)].mean()),
)

# --- clipping --------------------------------------------------------------------------------------------------


def _length(grads: RNNParams) -> float:
    return float(np.sqrt(sum((g**2).sum() for g in grads)))


def _clip(
    grads: RNNParams,
    most: float,
    *,
    length: Function = _length,
    share: Function = lambda norm, most: most / norm,
    is_long: Function = lambda norm, most: norm > most,
) -> RNNParams:
    """Shorten a long gradient, with one piece exchanged."""
    norm = length(grads)
    by = share(norm, most) if is_long(norm, most) else 1.0
    return RNNParams(*(g * by for g in grads))


def _clipping(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, with_pieces(_clip, exchanged))


CLIP_BY_NORM = (
    Mistake(
        "each_field",
        "shortens each field by its own length: one factor for all fields keeps the direction",
        lambda grads, most: RNNParams(*(g * min(1.0, most / (np.linalg.norm(g) + 1e-12)) for g in grads)),
    ),
    Mistake(
        "by_value",
        "cuts each number by itself, which turns the direction: the whole gradient gets one factor",
        lambda grads, most: RNNParams(*(np.clip(g, -most, most) for g in grads)),
    ),
    Mistake(
        "cut_at_1",
        "cuts each number to -1..1, whatever the limit",
        lambda grads, most: RNNParams(*(np.clip(g, -1, 1) for g in grads)),
    ),
    _clipping(
        "always",
        "makes short gradients longer too: only a gradient beyond the limit is changed",
        is_long=lambda norm, most: norm > 0,
    ),
    Mistake(
        "max_for_min",
        "takes the larger of 1 and most / norm, which leaves long gradients alone: it is the smaller",
        lambda grads, most: RNNParams(*(g * max(1.0, most / _length(grads)) for g in grads)),
    ),
    _clipping("turned_share", "multiplies by norm / most, which makes long gradients longer", share=lambda n, m: n / m),
    _clipping("share_of_1", "shortens to length 1, whatever the limit", share=lambda norm, most: 1 / norm),
    _clipping("no_norm", "multiplies by the limit without dividing by the length", share=lambda norm, most: most),
    _clipping(
        "no_root",
        "takes the sum of squares for the length: the root is missing",
        length=lambda grads: sum((g**2).sum() for g in grads),
    ),
    _clipping(
        "sum_of_lengths",
        "adds the lengths of the fields: squares add, lengths do not",
        length=lambda grads: sum(np.linalg.norm(g) for g in grads),
    ),
    _clipping(
        "longest_field",
        "takes the longest field's length: all fields together are one vector",
        length=lambda grads: max(np.linalg.norm(g) for g in grads),
    ),
    _clipping(
        "sum_of_sizes",
        "adds the sizes of the numbers: the length is the root of the sum of squares",
        length=lambda grads: sum(np.abs(g).sum() for g in grads),
    ),
    _clipping(
        "largest_number",
        "compares the largest number with the limit: it is the length of the whole",
        length=lambda grads: max(np.abs(g).max() for g in grads),
    ),
    _clipping(
        "biases_forgotten",
        "measures the three matrices only: the biases are part of the gradient",
        length=lambda grads: _length(grads._replace(b_h=grads.b_h * 0, b_y=grads.b_y * 0)),
    ),
    _clipping("thrown_away", "throws a long gradient away: it is shortened", share=lambda norm, most: 0.0),
    Mistake("unchanged", "returns the gradient as it is", lambda grads, most: RNNParams(*(g + 0.0 for g in grads))),
)

# --- Adam ------------------------------------------------------------------------------------------------------


def _adam(
    p: Array,
    g: Array,
    m: Array,
    s: Array,
    t: int,
    learning_rate: float,
    *,
    mean: Function = lambda m, g: 0.9 * m + 0.1 * g,
    square: Function = lambda s, g: 0.999 * s + 0.001 * g**2,
    fix: Function = lambda m, s, t: (m / (1 - 0.9**t), s / (1 - 0.999**t)),
    divide: Function = lambda m_hat, s_hat: m_hat / (np.sqrt(s_hat) + 1e-8),
    top: Function = lambda m_hat, g: m_hat,
    move: Function = lambda p, step: p - step,
) -> tuple[Array, Array, Array]:
    """Take a step of Adam, with one piece exchanged."""
    m, s = mean(m, g), square(s, g)
    m_hat, s_hat = fix(m, s, t)
    return move(p, learning_rate * divide(top(m_hat, g), s_hat)), m, s


def _step(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, with_pieces(_adam, exchanged))


def _fixed_means_kept(
    p: Array, g: Array, m: Array, s: Array, t: int, learning_rate: float
) -> tuple[Array, Array, Array]:
    m, s = (0.9 * m + 0.1 * g) / (1 - 0.9**t), (0.999 * s + 0.001 * g**2) / (1 - 0.999**t)
    return p - learning_rate * m / (np.sqrt(s) + 1e-8), m, s


def _old_means(p: Array, g: Array, m: Array, s: Array, t: int, learning_rate: float) -> tuple[Array, Array, Array]:
    step = m / (1 - 0.9**t) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
    return p - learning_rate * step, 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g**2


def _means_not_returned(p: Array, g: Array, m: Array, s: Array, t: int, learning_rate: float) -> tuple[Array, ...]:
    return _adam(p, g, m, s, t, learning_rate)[0], m.copy(), s.copy()


def _swapped_means(p: Array, g: Array, m: Array, s: Array, t: int, learning_rate: float) -> tuple[Array, ...]:
    p, m, s = _adam(p, g, m, s, t, learning_rate)
    return p, s, m


ADAM_STEP = (
    _step("no_correction", "does not correct the means for their start at zero", fix=lambda m, s, t: (m, s)),
    _step(
        "correction_of_step_1",
        "corrects as in the first step, in every step: with t the correction fades",
        fix=lambda m, s, t: (m / 0.1, s / 0.001),
    ),
    _step(
        "correction_one_step_late",
        "counts the steps from 0 in the correction: t is 1 in the first step",
        fix=lambda m, s, t: (m / (1 - 0.9 ** (t + 1)), s / (1 - 0.999 ** (t + 1))),
    ),
    _step("only_m_corrected", "corrects m and not s: both started at zero", fix=lambda m, s, t: (m / (1 - 0.9**t), s)),
    _step(
        "beta1_in_both_corrections",
        "corrects s with the beta of m: s has one of its own",
        fix=lambda m, s, t: (m / (1 - 0.9**t), s / (1 - 0.9**t)),
    ),
    _step(
        "only_s_corrected", "corrects s and not m: both started at zero", fix=lambda m, s, t: (m, s / (1 - 0.999**t))
    ),
    Mistake(
        "corrected_means_kept",
        "keeps the corrected means for the next step: only the step uses them",
        _fixed_means_kept,
    ),
    Mistake("old_means", "steps with the means before this gradient came in", _old_means),
    Mistake("means_not_returned", "returns the means as they came in", _means_not_returned),
    Mistake("swapped_outputs", "returns s before m", _swapped_means),
    _step("s_without_square", "averages g where s averages its square", square=lambda s, g: 0.999 * s + 0.001 * g),
    _step("betas_swapped_in_s", "uses beta1 for s", square=lambda s, g: 0.9 * s + 0.1 * g**2),
    _step(
        "s_not_weighed",
        "adds the whole square to s: a small share is due",
        square=lambda s, g: 0.999 * s + g**2,
    ),
    _step(
        "m_not_weighed",
        "adds the whole gradient to m: a small share is due",
        mean=lambda m, g: 0.9 * m + g,
    ),
    _step("weights_swapped", "swaps the shares in m: most of the old mean stays", mean=lambda m, g: 0.1 * m + 0.9 * g),
    _step("no_root", "divides by s: its root is missing", divide=lambda m_hat, s_hat: m_hat / (s_hat + 1e-8)),
    _step(
        "epsilon_in_the_root",
        "adds epsilon under the root: it is added to the root",
        divide=lambda m_hat, s_hat: m_hat / np.sqrt(s_hat + 1e-8),
    ),
    _step("no_epsilon", "does not add epsilon", divide=lambda m_hat, s_hat: m_hat / np.sqrt(s_hat)),
    _step("gradient_for_mean", "steps along g itself: the step follows its running mean", top=lambda m_hat, g: g),
    _step("turned_sign", "moves uphill: the step is taken away", move=lambda p, step: p + step),
    _step("step_alone", "returns the step: it is still to be taken away from p", move=lambda p, step: step),
)

# --- sampling --------------------------------------------------------------------------------------------------


def _place(p: Array, u: float) -> int:
    """Return the part of the line from 0 to 1 in which u falls."""
    return int(np.argmax(np.cumsum(p) > u))


def _sample(
    logits: Array,
    temperature: float,
    u: float,
    *,
    frozen: Function = np.argmax,
    scale: Function = lambda logits, temperature: logits / temperature,
    pick: Function = _place,
) -> int:
    """Draw a token, with one piece exchanged."""
    if temperature == 0:
        return int(frozen(logits))
    return int(pick(softmax(scale(logits, temperature)), u))


def _sampling(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, with_pieces(_sample, exchanged))


def _never_frozen(logits: Array, temperature: float, u: float) -> int:
    with np.errstate(divide="ignore", invalid="ignore"):
        return _place(softmax(logits / temperature), u)


def _temperature_of_p(logits: Array, temperature: float, u: float) -> int:
    if temperature == 0:
        return int(np.argmax(logits))
    return _place(softmax(logits) / temperature, u)


def _value_at_0(logits: Array, temperature: float, u: float) -> float:
    return float(logits.max()) if temperature == 0 else _sample(logits, temperature, u)


_VALUE = "returns the largest score at temperature 0: the token is its place, not its value"

SAMPLING_STEP = (
    Mistake("always_greedy", "always takes the likeliest token", lambda logits, temperature, u: int(np.argmax(logits))),
    _sampling("temperature_ignored", "does not use the temperature", scale=lambda logits, temperature: logits),
    _sampling(
        "temperature_turned",
        "multiplies by the temperature: heat then favours the likely tokens",
        scale=lambda logits, temperature: logits * temperature,
    ),
    Mistake(
        "temperature_of_p",
        "divides the probabilities by the temperature: the scores are divided, before softmax",
        _temperature_of_p,
    ),
    Mistake("never_frozen", "divides by the temperature 0: there the likeliest token is taken", _never_frozen),
    _sampling("coldest", "takes the unlikeliest token at temperature 0", frozen=np.argmin),
    _sampling("value_for_place", _VALUE, frozen=np.max),  # as an integer
    Mistake("value_for_place", _VALUE, _value_at_0),
    Mistake(
        "value_for_place",
        "returns the largest score, whatever u is: a token is a place among the scores, not the value there",
        lambda logits, temperature, u: logits.max(),
    ),
    _sampling("first_at_0", "returns token 0 at temperature 0", frozen=lambda logits: 0),
    _sampling(
        "not_added_up",
        "looks for the first probability above u: the probabilities have to be added up first",
        pick=lambda p, u: np.argmax(p > u),
    ),
    _sampling(
        "first_below",
        "looks for the first end below u: it is the first one beyond u",
        pick=lambda p, u: np.argmax(np.cumsum(p) < u),
    ),
    _sampling("one_too_many", "is one token too far", pick=lambda p, u: min(_place(p, u) + 1, len(p) - 1)),
    _sampling("one_too_few", "is one token short", pick=lambda p, u: max(_place(p, u) - 1, 0)),
    _sampling(
        "all_alike",
        "gives all tokens parts of the same length: the likely ones have longer parts",
        pick=lambda p, u: u * len(p),
    ),
    _sampling(
        "sorted_first",
        "sorts the probabilities, and returns a place among the sorted ones, which is no token",
        pick=lambda p, u: _place(np.sort(p)[::-1], u),
    ),
    _sampling("from_the_end", "walks the line from its end", pick=lambda p, u: len(p) - 1 - _place(p[::-1], u)),
)

ALL = {
    "masked_loss": MASKED_LOSS,
    "clip_by_norm": CLIP_BY_NORM,
    "adam_step": ADAM_STEP,
    "sampling_step": SAMPLING_STEP,
}
