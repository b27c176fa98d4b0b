"""The exercises of notebook 10: clipping, and a step of Adam."""

import numpy as np

from rnn_helpers import optim, plain
from rnn_helpers.check import forms
from rnn_helpers.check.draws import draws
from rnn_helpers.check.engine.exercise import Cases, Exercise, Output, Package, wrong
from rnn_helpers.check.shared import PARAMS
from rnn_helpers.params import RNNParams
from rnn_helpers.validate import Array

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

def _long_and_short() -> Cases:
    """(grads, most): one to be shortened, a short one, two long ones.

    They are so long that the 1e-6 which some add to the length makes no difference.
    """
    one, two, three, four = (RNNParams(*(1000 * g for g in d.params())) for d in draws(82))
    return (one, 2000.0), (three, 50_000.0), (four, 900.0), (two, 3.0)

_LENGTH = "np.sqrt(sum((g**2).sum() for g in grads))"

CLIP_BY_NORM = Exercise(
    plain.clip_by_norm, forms=(forms.clip_by_norm,),
    task="shorten a gradient that is longer than `most`, all fields by one factor.",
    arguments="grads : RNNParams, most : float.",
    result="an RNNParams, or its five arrays as a tuple in the same order.", cases=_long_and_short, returns=PARAMS,
    notebook="10", section="Longer steps",
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
        wrong("root_of_lengths", "takes the root of the sum of the fields' lengths: it is that of the sum of squares",
              (_LENGTH, "np.sqrt(sum(np.linalg.norm(g) for g in grads))")),
        wrong("longest_field", "takes the longest field's length: all fields together are one vector",
              (_LENGTH, "max(np.linalg.norm(g) for g in grads)")),
        wrong("sum_of_sizes", "adds the sizes of the numbers: the length is the root of the sum of squares",
              (_LENGTH, "sum(np.abs(g).sum() for g in grads)")),
        wrong("largest_number", "compares the largest number with the limit: it is the length of the whole",
              (_LENGTH, "max(np.abs(g).max() for g in grads)")),
        wrong("biases_forgotten", "measures the three matrices only: the biases are part of the gradient",
              ("(g**2).sum() for g in grads", "(g**2).sum() for g in grads if g.ndim == 2")),
        wrong("thrown_away", "throws a long gradient away: it should be shortened", ("most / norm", "0.0")),
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
_S, _ROOT = "0.999 * s + 0.001 * g**2", "(np.sqrt(s_hat) + 1e-8)"
_MEANS = "), m, s"  # as they are returned

ADAM_STEP = Exercise(
    plain.adam_step, forms=(forms.adam_step,),
    task="take step t of Adam, t = 1 for the first.",
    arguments=(
        "p, g, m, s : (...) parameter, gradient and the running means of g and of its square, t : int,\n"
        "    learning_rate : float."
    ),
    result="p, m, s : (...) after the step.", cases=_adam_step_cases,
    returns=(Output("p", ("entry",)), Output("m", ("entry",)), Output("s", ("entry",))), notebook="10",
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
        wrong("times_t", "multiplies 0.9 and 0.999 by t in the correction: they are raised to the power t",
              ("0.9**t", "0.9 * t"), ("0.999**t", "0.999 * t")),
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
        wrong("betas_swapped_in_s", "uses beta1 for s", ("0.999 * s + 0.001", "0.9 * s + 0.1")),
        *(wrong("beta2", f"uses {beta} where 0.999 belongs", (_S, f"{beta} * s + (1 - {beta}) * g**2"),
                *[("0.999**t", f"{beta}**t")][:both]) for beta in (0.99, 0.9999, 0.995) for both in (1, 0)),
        *(wrong("beta1", f"uses {beta} where 0.9 belongs in m",
                ("0.9 * m + 0.1 * g", f"{beta} * m + (1 - {beta}) * g"), *[("0.9**t", f"{beta}**t")][:both])
          for beta in (0.99, 0.999, 0.95, 0.5) for both in (1, 0)),
        *(wrong("betas_swapped", "swaps 0.9 and 0.999: m forgets faster than s",
                ("0.9 * m + 0.1 * g", "0.999 * m + 0.001 * g"), (_S, "0.9 * s + 0.1 * g**2"),
                *[("0.9**t", "0.999**t"), ("0.999**t", "0.9**t")][:both]) for both in (2, 0)),
        wrong("squares_added_up", "adds up the squares without forgetting, as Adagrad does", (_S, "s + g**2")),
        wrong("largest_kept", "never lets s fall, as AMSGrad does", (_S, f"np.maximum(s, {_S})")),
        *(wrong("weight_decay", f"shrinks p by {share} of the learning rate too, as AdamW does",
                ("return p - ", f"return p - {share} * learning_rate * p - ")) for share in (0.01, 0.001, 0.1)),
        *(wrong("decay_in_the_gradient", f"adds {share} times p to the gradient: this Adam has no weight decay",
                ("    m = 0.9", f"    g = g + {share} * p\n    m = 0.9")) for share in (0.01, 0.001, 0.1)),
        wrong("corrected_twice", "corrects the means twice", ("m / (1 - 0.9**t)", "m / (1 - 0.9**t) ** 2"),
              ("s / (1 - 0.999**t)", "s / (1 - 0.999**t) ** 2")),
        wrong("corrected_twice", "corrects the means, and the rate once more for the same",
              ("learning_rate * m_hat", "learning_rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m_hat")),
        wrong("epsilon_before_correction", "adds epsilon to the root of s before it is corrected",
              (f"/ {_ROOT}", "/ (np.sqrt(s) + 1e-8) * np.sqrt(1 - 0.999**t)")),
        wrong("s_not_weighed", "adds the whole square to s: it should be a small share", ("0.001 * ", "")),
        wrong("m_not_weighed", "adds the whole gradient to m: it should be a small share", ("0.1 * ", "")),
        wrong("weights_swapped", "swaps the shares in m: most of the old mean stays",
              ("0.9 * m + 0.1 * g", "0.1 * m + 0.9 * g")),
        wrong("no_root", "divides by s: its root is missing", ("np.sqrt(s_hat)", "s_hat")),
        wrong("epsilon_in_the_root", "adds epsilon under the root: it is added to the root",
              ("(np.sqrt(s_hat) + 1e-8)", "np.sqrt(s_hat + 1e-8)")),
        wrong("gradient_for_mean", "steps along g itself: the step follows its running mean",
              ("learning_rate * m_hat", "learning_rate * g")),
        wrong("turned_sign", "moves uphill: the step should be subtracted", ("return p - ", "return p + ")),
        wrong("step_alone", "returns the step itself: subtract it from p", ("return p - ", "return ")),
    ),
)

ALL = (CLIP_BY_NORM, ADAM_STEP)
