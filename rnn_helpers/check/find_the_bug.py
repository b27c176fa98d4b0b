"""The exercises of notebook 07: what a gradient check is made of."""

from typing import NamedTuple

import numpy as np

from rnn_helpers import plain
from rnn_helpers.check import forms
from rnn_helpers.check.draws import draws
from rnn_helpers.check.engine.exercise import Cases, Exercise, Output, wrong
from rnn_helpers.validate import Array

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

class Bowl(NamedTuple):
    r"""The function $\sum w v^3 + (\sum v)^2$, curved so that a formula shows its error; its entries act together."""

    w: Array

    def __call__(self, v: Array) -> float:
        """Return the function's value at an array of the shape of `w`."""
        return float((self.w * v**3).sum() + v.sum() ** 2)

def _central_difference_cases() -> Cases:
    """(f, v, step): two numbers by hand, then other shapes; the steps are large, so that rounding is no part of it."""
    rng = np.random.default_rng(71)
    small = Bowl(np.array([1.0, -2.0])), np.array([0.5, 2.0]), 0.5
    shapes = ((4,), 0.1), ((2, 3), 0.25), ((3, 1, 2), 0.01)
    return small, *((Bowl(rng.standard_normal(s)), rng.standard_normal(s), step) for s, step in shapes)

CENTRAL_DIFFERENCE = Exercise(
    plain.central_difference, forms=(forms.central_difference_in_place,),
    task="compute a gradient from two points for each entry of v.",
    arguments="f : a function of an array that returns a float, v : (...), step : float.",
    result="grad : (...), of the shape of v.", cases=_central_difference_cases, returns=(Output("grad", ("entry",)),),
    notebook="07", section="The step of the differences",
    mistakes=(
        wrong("one_sided", "compares with the value at v itself: the other point lies one step behind",
              ("f(behind)) / (2 * step)", "f(v)) / step")),
        wrong("one_sided_behind", "compares the value at v with the one behind: the other point lies one step ahead",
              ("(f(ahead) - f(behind)) / (2 * step)", "(f(v) - f(behind)) / step")),
        wrong("one_sided_and_halved", "compares with the value at v itself, and divides by 2 s: v is s away, not 2 s",
              ("f(ahead) -", "f(v) -")),
        wrong("one_array", "moves one array under two names: both calls of f see the same numbers",
              ("ahead, behind = v.copy(), v.copy()", "ahead = behind = v.copy()")),
        wrong("not_halved", "divides by s: the two points lie 2 s apart", ("(2 * step)", "step")),
        wrong("halved_only", "does not divide by the step", ("(2 * step)", "2")),
        wrong("multiplied", "multiplies by s where it should divide: / and * are done from left to right",
              ("(2 * step)", "2 * step")),
        wrong("divided_behind", "divides the second value alone: `a - b / c` is not `(a - b) / c`",
              ("(f(ahead) - f(behind))", "f(ahead) - f(behind)")),
        wrong("turned_sign", "turns the sign: it is the point ahead minus the one behind",
              ("f(ahead) - f(behind)", "f(behind) - f(ahead)")),
        wrong("half_step", "moves by s / 2 to each side: each point lies s away from v",
              ("grad = np.zeros_like(v)", "grad, step = np.zeros_like(v), step / 2")),
        *(wrong("step_ignored", "takes a step of its own: it was given one",
                ("grad = np.zeros_like(v)", f"grad, step = np.zeros_like(v), 1e-{digits}")) for digits in range(1, 7)),
        *(wrong("relative_step", "moves an entry by a share of its size, and divides by 2 s: it should move by s",
                ("v[index] + step, v[index] - step", f"v[index] + step * {size}, v[index] - step * {size}"))
          for size in ("abs(v[index])", "(abs(v[index]) or 1)", "max(1, abs(v[index]))", "(1 + abs(v[index]))")),
        wrong("stretched", "moves each entry by a share of itself: s is added",
              ("v[index] + step, v[index] - step", "v[index] * (1 + step), v[index] * (1 - step)")),
        # The rest walk over the entries in another way, which leaves no second mistake to tell.
        wrong("all_at_once", "moves all entries together: each one moves alone",
              ("ahead[index], behind[index] = v[index] + step, v[index] - step", "ahead, behind = v + step, v - step")),
        wrong("not_moved_back",
              "leaves the entries before where it moved them: each one moves alone, the others stay at v",
              ("grad = np.zeros_like(v)", "grad, ahead, behind = np.zeros_like(v), v.copy(), v.copy()"),
              ("        ahead, behind = v.copy(), v.copy()\n", "")),
        wrong("not_moved_back", "leaves each entry where it moved it last: one moves alone, the others stay at v",
              ("grad = np.zeros_like(v)", "grad, moved = np.zeros_like(v), v.copy()"),
              ("v.copy(), v.copy()", "moved.copy(), moved")),
        wrong("rows_moved_together",
              "walks along the first axis and moves whole rows: each entry moves alone, as np.ndindex gives them",
              ("np.ndindex(v.shape)", "range(len(v))")),
        wrong("first_only", "fills in the first entry and leaves the others at zero",
              ("    return grad", "        return grad")),
        wrong("moved_back_once",
              "goes back by one step from the point ahead, which is v itself: the point behind is two steps back",
              ("v[index] - step", "v[index] + step - step")),
    ),
)

_OFF_BY_ONE = "keeps the step after: steps count from 1, indices from 0"
_STEP_ALONE = "returns the step without the others: their places stay, with zeros"

def _only_step_cases() -> Cases:
    """(dh, t): a step in the middle, the first, the last."""
    made = [d.floats("time", "batch", "n_h") for d in draws(72)]
    return (made[0], 2), (made[3], 3), (made[3], 1), (made[3], 7), (made[1], 1), (made[2], 4)

ONLY_STEP = Exercise(
    plain.only_step, task="keep one step of the upstream gradients, steps counted from 1.",
    arguments="dh : (time, batch, n_h), t : int from 1 to time.",
    result="dh : (time, batch, n_h), a copy with zeros at the other steps.", cases=_only_step_cases,
    returns=(Output("dh", ("time", "batch", "n_h")),), notebook="07", section="One step's loss at a time",
    mistakes=(
        wrong("off_by_one", _OFF_BY_ONE, ("alone[t - 1] = dh[t - 1]", "alone[t] = dh[t]")),
        wrong("off_by_one", _OFF_BY_ONE, ("alone[t - 1] = dh[t - 1]", "alone[t : t + 1] = dh[t : t + 1]")),
        wrong("from_the_end", "counts from the end: a negative index walks backwards",
              ("alone[t - 1] = dh[t - 1]", "alone[-t] = dh[-t]")),
        wrong("up_to_t", "keeps all steps up to t: we want only one of them",
              ("alone[t - 1] = dh[t - 1]", "alone[:t] = dh[:t]")),
        wrong("from_t_on", "keeps all steps from t on: we want only one of them",
              ("alone[t - 1] = dh[t - 1]", "alone[t - 1 :] = dh[t - 1 :]")),
        wrong("all_but_t", "does the opposite: it clears step t and keeps the others",
              ("np.zeros_like(dh)", "dh.copy()"), ("= dh[t - 1]", "= 0")),
        wrong("ones", "writes ones: the step keeps its own numbers", ("= dh[t - 1]", "= 1")),
        wrong("batch_axis", "keeps one sample at all steps: time is the first axis, the batch the second",
              ("alone[t - 1] = dh[t - 1]", "alone[:, t - 1] = dh[:, t - 1]")),
        wrong("step_alone", _STEP_ALONE, ("return alone", "return dh[t - 1]")),
        wrong("step_alone", _STEP_ALONE, ("return alone", "return dh[t - 1 : t]")),
        wrong("unchanged", "returns all steps as they are", ("return alone", "return dh")),
    ),
)

ALL = (CENTRAL_DIFFERENCE, ONLY_STEP)
