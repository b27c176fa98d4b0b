"""The exercises of notebook 08: a loss with a mask, clipping, a step of Adam, a step of sampling."""

import numpy as np

from rnn_helpers import IGNORE_INDEX, optim, output, plain
from rnn_helpers.check.draws import draws
from rnn_helpers.check.engine.exercise import Cases, Exercise, Output, Package, wrong
from rnn_helpers.check.shared import PARAMS
from rnn_helpers.params import RNNParams
from rnn_helpers.train import sampling
from rnn_helpers.validate import Array

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

def _costs() -> Cases:
    """(nats, targets): by hand, no padding, much padding; END is target 0, and one prediction costs nothing."""
    small = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]), np.array([[2, 1], [0, 3], [-100, 0]])
    made: list[tuple[Array, Array]] = []
    for d, lengths in zip(draws(81), ([3, 1], [1, 1, 1], [4], [7, 2, 5, 1]), strict=True):
        nats, targets = np.abs(d.floats("time", "batch")), d.targets("time", "batch")
        for column, length in enumerate(lengths):
            targets[length - 1, column] = 0
            targets[length:, column] = IGNORE_INDEX
        nats[0, 0] = 0.0
        made.append((nats, targets))
    return small, *made

_MASK = "targets != IGNORE_INDEX"
_MEAN = "nats[targets != IGNORE_INDEX].mean()"

def _mean_where(mask: str) -> tuple[str, str]:
    """Take the mean over other places. Where there are none, `mean` would warn; 0 / 0 is silent while it is judged."""
    return _MEAN, f"nats[{mask}].sum() / ({mask}).sum()"

MASKED_LOSS = Exercise(
    plain.masked_loss, task="take the mean cost over the targets that count.",
    arguments=(
        "nats : (time, batch) what each prediction cost, targets : (time, batch) integers, -100: does not count."
    ),
    result="loss : float.", cases=_costs, returns=(Output("loss"),), notebook="08", section="A batch and its mask",
    in_pairs=False,
    mistakes=(
        wrong("mask_ignored", "takes the mean over all places: padding has no right answer, and its cost means nothing",
              (f"[{_MASK}]", "")),
        wrong("divided_by_all", "leaves padding out of the sum, and counts it in the number that it divides by",
              ("mean()", "sum() / targets.size")),
        wrong("end_ignored",
              "leaves out the targets that are 0: that is END, which the network has to learn too; padding is -100",
              _mean_where("targets > 0")),
        wrong("end_for_padding", "takes 0 for padding: 0 is END, which the network has to learn; padding is -100",
              _mean_where("targets != 0")),
        wrong("sum", "returns the sum: it is the mean", ("mean()", "sum()")),
        wrong("mean_of_names",
              "takes a mean for each name and then the mean of those: a letter of a long name then counts less",
              (_MEAN, "np.mean([name[k >= 0].mean() for name, k in zip(nats.T, targets.T)])")),
        wrong("mean_of_steps",
              "takes a mean for each step and then the mean of those: the last steps, with few names, then count more",
              (_MEAN, "np.mean([step[k >= 0].mean() for step, k in zip(nats, targets) if (k >= 0).any()])")),
        wrong("divided_by_batch", "divides by the number of names: it is the number of targets that count",
              ("mean()", "sum() / nats.shape[1]")),
        wrong("divided_by_time", "divides by the number of steps: it is the number of targets that count",
              ("mean()", "sum() / nats.shape[0]")),
        wrong("mask_turned", "takes the mean over the padding: that is the part to leave out",
              _mean_where("targets == IGNORE_INDEX")),
        wrong("cut_to_shortest", "stops where the shortest name ends: longer names go on",
              (_MASK, f"({_MASK}).all(axis=1)")),
        wrong("free_places_dropped",
              "leaves out what costs nothing: a prediction that was right and sure counts as well",
              (_MASK, f"({_MASK}) & (nats != 0)")),
        wrong("turned_sign", "turns the sign: costs are positive", ("float(", "-float(")),
    ),
)

def _long_and_short() -> Cases:
    """(grads, most): one to be shortened, a short one, two long ones.

    They are so long that the 1e-6 which some add to the length makes no difference.
    """
    one, two, three, four = (RNNParams(*(1000 * g for g in d.params())) for d in draws(82))
    return (one, 2000.0), (three, 50_000.0), (four, 900.0), (two, 3.0)

_LENGTH = "np.sqrt(sum((g**2).sum() for g in grads))"

CLIP_BY_NORM = Exercise(
    plain.clip_by_norm, task="shorten a gradient that is longer than `most`, all fields by one factor.",
    arguments="grads : RNNParams, most : float.",
    result="an RNNParams, or its five arrays as a tuple in the same order.", cases=_long_and_short, returns=PARAMS,
    notebook="08", section="Longer steps",
    package=Package(
        (optim.clip_by_norm,),
        "The package adds PyTorch's 1e-6 to the length, and can also measure gradients whose squares overflow.",
    ),
    mistakes=(
        wrong("each_field", "shortens each field by its own length: one factor for all fields keeps the direction",
              ("g * share", "g * min(1.0, most / np.linalg.norm(g))")),
        wrong("by_value", "cuts each number by itself, which turns the direction: the whole gradient gets one factor",
              ("g * share", "np.clip(g, -most, most)")),
        wrong("cut_at_1", "cuts each number to -1..1, whatever the limit", ("g * share", "np.clip(g, -1, 1)")),
        wrong("always", "makes short gradients longer too: only a gradient beyond the limit is changed",
              (" if norm > most else 1.0", "")),
        wrong("max_for_min",
              "takes the larger of 1 and most / norm, which leaves long gradients alone: it is the smaller",
              ("norm > most", "norm < most")),
        wrong("turned_share", "multiplies by norm / most, which makes long gradients longer",
              ("most / norm", "norm / most")),
        wrong("share_of_1", "shortens to length 1, whatever the limit", ("most / norm", "1 / norm")),
        wrong("no_norm", "multiplies by the limit without dividing by the length", ("most / norm", "most")),
        wrong("no_root", "takes the sum of squares for the length: the root is missing", ("np.sqrt(", "(")),
        wrong("sum_of_lengths", "adds the lengths of the fields: squares add, lengths do not",
              (_LENGTH, "sum(np.linalg.norm(g) for g in grads)")),
        wrong("longest_field", "takes the longest field's length: all fields together are one vector",
              (_LENGTH, "max(np.linalg.norm(g) for g in grads)")),
        wrong("sum_of_sizes", "adds the sizes of the numbers: the length is the root of the sum of squares",
              (_LENGTH, "sum(np.abs(g).sum() for g in grads)")),
        wrong("largest_number", "compares the largest number with the limit: it is the length of the whole",
              (_LENGTH, "max(np.abs(g).max() for g in grads)")),
        wrong("biases_forgotten", "measures the three matrices only: the biases are part of the gradient",
              ("(g**2).sum() for g in grads", "(g**2).sum() for g in grads if g.ndim == 2")),
        wrong("thrown_away", "throws a long gradient away: it is shortened", ("most / norm", "0.0")),
        wrong("unchanged", "returns the gradient as it is", ("g * share", "g.copy()")),
    ),
)

def _adam_step_cases() -> Cases:
    """(p, g, m, s, t, learning_rate): the first step, the third, the fortieth, and gradients as small as 1e-8."""
    rng = np.random.default_rng(83)

    def later(shape: tuple[int, ...], t: int, size: float) -> tuple[Array, Array, Array, Array, int, float]:
        p, g, m = rng.standard_normal((3, *shape)) * np.array([1, size, size]).reshape(3, *[1] * len(shape))
        return p, g, m, size**2 * rng.random(shape), t, 0.05

    small = np.array([1.0, -2.0]), np.array([0.5, -3.0]), np.zeros(2), np.zeros(2), 1, 0.1
    return small, later((3, 4), 3, 1.0), later((5,), 40, 10.0), later((2, 3), 2, 1e-8)

_FIX_M, _FIX_S = " / (1 - 0.9**t)", " / (1 - 0.999**t)"
_MEANS = "), m, s"  # as they are returned

ADAM_STEP = Exercise(
    plain.adam_step, task="take step t of Adam, t = 1 for the first.",
    arguments=(
        "p, g, m, s : (...) parameter, gradient and the running means of g and of its square, t : int,\n"
        "    learning_rate : float."
    ),
    result="p, m, s : (...) after the step.", cases=_adam_step_cases,
    returns=(Output("p", ("entry",)), Output("m", ("entry",)), Output("s", ("entry",))), notebook="08",
    section="Momentum and Adam",
    package=Package(
        (optim.adam,),
        "The package steps with all parameters at once, a NamedTuple of them; m, s and t come and go as a state.",
    ),
    mistakes=(
        wrong("no_correction", "does not correct the means for their start at zero", (_FIX_M, ""), (_FIX_S, "")),
        wrong("correction_of_step_1", "corrects as in the first step, in every step: with t the correction fades",
              ("0.9**t", "0.9"), ("0.999**t", "0.999")),
        wrong("correction_one_step_late", "counts the steps from 0 in the correction: t is 1 in the first step",
              ("0.9**t", "0.9 ** (t + 1)"), ("0.999**t", "0.999 ** (t + 1)")),
        wrong("only_m_corrected", "corrects m and not s: both started at zero", (_FIX_S, "")),
        wrong("beta1_in_both_corrections", "corrects s with the beta of m: s has one of its own",
              ("0.999**t", "0.9**t")),
        wrong("only_s_corrected", "corrects s and not m: both started at zero", (_FIX_M, "")),
        wrong("corrected_means_kept", "keeps the corrected means for the next step: only the step uses them",
              (_MEANS, "), m_hat, s_hat")),
        wrong("old_means", "steps with the means before this gradient came in",
              ("    m = 0.9 * m + 0.1 * g\n    s = 0.999 * s + 0.001 * g**2\n", ""),
              (_MEANS, "), 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g**2")),
        wrong("means_not_returned", "returns the means as they came in", ("    m = ", "    before = m, s\n    m = "),
              (_MEANS, "), *before")),
        wrong("swapped_outputs", "returns s before m", (_MEANS, "), s, m")),
        wrong("s_without_square", "averages g where s averages its square", ("g**2", "g")),
        wrong("betas_swapped_in_s", "uses beta1 for s", ("0.999 * s + 0.001", "0.9 * s + 0.1")),
        wrong("s_not_weighed", "adds the whole square to s: a small share is due", ("0.001 * ", "")),
        wrong("m_not_weighed", "adds the whole gradient to m: a small share is due", ("0.1 * ", "")),
        wrong("weights_swapped", "swaps the shares in m: most of the old mean stays",
              ("0.9 * m + 0.1 * g", "0.1 * m + 0.9 * g")),
        wrong("no_root", "divides by s: its root is missing", ("np.sqrt(s_hat)", "s_hat")),
        wrong("epsilon_in_the_root", "adds epsilon under the root: it is added to the root",
              ("(np.sqrt(s_hat) + 1e-8)", "np.sqrt(s_hat + 1e-8)")),
        wrong("no_epsilon", "does not add epsilon", (" + 1e-8", "")),
        wrong("gradient_for_mean", "steps along g itself: the step follows its running mean",
              ("learning_rate * m_hat", "learning_rate * g")),
        wrong("turned_sign", "moves uphill: the step is taken away", ("return p - ", "return p + ")),
        wrong("step_alone", "returns the step: it is still to be taken away from p", ("return p - ", "return ")),
    ),
)

def _places_and_temperatures() -> Cases:
    """(logits, temperature, u): every part of the line, hot, cold and frozen."""
    logits = np.random.default_rng(84).standard_normal(7)
    small = np.array([0.0, 1.0, 2.0])
    places = 0.02, 0.3, 0.55, 0.8, 0.97
    return (
        (small, 1.0, 0.2),
        *((small, 0.5, u) for u in places),
        *((logits, temperature, u) for temperature in (1.0, 0.3, 4.0) for u in places),
        (small, 0.0, 0.1),
        (logits, 0.0, 0.5),
        (2 * logits + 1, 1.0, 0.45),
    )

def _never_frozen(logits: Array, temperature: float, u: float) -> int:
    """Divide by 0, of which the package's softmax says that it is not finite; the plain one would go on with NaN."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return int(np.argmax(np.cumsum(output.softmax(logits / temperature)) > u))

_FROZEN = "int(np.argmax(logits))"
_PLACE = "np.argmax(ends > u)"
_KEEP_P = ("ends = np.cumsum(", "p = (")
_VALUE = "returns the largest score at temperature 0: the token is its place, not its value"

SAMPLING_STEP = Exercise(
    plain.sampling_step, task="choose a token by a number u drawn evenly from 0 to 1.",
    arguments="logits : (n_y,), temperature : float of at least 0, u : float from 0 to 1.", result="token : int.",
    cases=_places_and_temperatures, returns=(Output("token", kind="integer"),), notebook="08",
    section="One letter at a time",
    package=Package((sampling.next_token,), "The package draws u itself, from a generator, and bears any temperature."),
    mistakes=(
        wrong("always_greedy", "always takes the likeliest token", (_PLACE, "np.argmax(logits)")),
        wrong("temperature_ignored", "does not use the temperature", (" / temperature", "")),
        wrong("temperature_turned", "multiplies by the temperature: heat then favours the likely tokens",
              (" / temperature", " * temperature")),
        wrong("temperature_of_p",
              "divides the probabilities by the temperature: the scores are divided, before softmax",
              ("softmax(logits / temperature)", "softmax(logits) / temperature")),
        wrong("never_frozen", "divides by the temperature 0: there the likeliest token is taken", _never_frozen),
        wrong("coldest", "takes the unlikeliest token at temperature 0", (_FROZEN, "int(np.argmin(logits))")),
        wrong("value_for_place", _VALUE, (_FROZEN, "int(logits.max())")),
        wrong("value_for_place", _VALUE, (_FROZEN, "float(logits.max())")),
        wrong("value_for_place",
              "returns the largest score, whatever u is: a token is a place among the scores, not the value there",
              (_FROZEN, "logits.max()"), (f"int({_PLACE})", "logits.max()")),
        wrong("first_at_0", "returns token 0 at temperature 0", (_FROZEN, "0")),
        wrong("not_added_up", "looks for the first probability above u: the probabilities have to be added up first",
              ("np.cumsum(", "(")),
        wrong("first_below", "looks for the first end below u: it is the first one beyond u", ("ends > u", "ends < u")),
        wrong("one_too_many", "is one token too far", (_PLACE, f"min({_PLACE} + 1, len(ends) - 1)")),
        wrong("one_too_few", "is one token short", (_PLACE, f"max({_PLACE} - 1, 0)")),
        wrong("all_alike", "gives all tokens parts of the same length: the likely ones have longer parts",
              (_PLACE, "u * len(ends)")),
        wrong("sorted_first", "sorts the probabilities, and returns a place among the sorted ones, which is no token",
              _KEEP_P, ("ends > u", "np.cumsum(np.sort(p)[::-1]) > u")),
        wrong("from_the_end", "walks the line from its end", _KEEP_P,
              (_PLACE, "len(p) - 1 - np.argmax(np.cumsum(p[::-1]) > u)")),
    ),
)

ALL = (MASKED_LOSS, CLIP_BY_NORM, ADAM_STEP, SAMPLING_STEP)
