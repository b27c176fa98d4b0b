"""Mistakes in the exercises of notebook 07: the gradient check itself."""

from collections.abc import Callable

import numpy as np

from rnn_helpers.check.exercise import Function, Mistake, with_pieces
from rnn_helpers.check.mistakes.sequence_backward import SEQUENCE_BACKWARD
from rnn_helpers.validate import Array

# --- differences -----------------------------------------------------------------------------------------------


def _differences(
    f: Callable[[Array], float],
    v: Array,
    step: float,
    *,
    at: Function = lambda v, index: (v.copy(), v.copy()),
    size: Function = lambda step: step,
    moved: Function = lambda array, index, step: array[index] + step,
    formula: Function = lambda ahead, behind, here, step: (ahead - behind) / (2 * step),
) -> Array:
    """Move each entry ahead and behind, with one piece exchanged."""
    grad, s = np.zeros_like(v), size(step)
    for index in np.ndindex(v.shape):
        ahead, behind = at(v, index)
        ahead[index], behind[index] = moved(ahead, index, s), moved(behind, index, -s)
        grad[index] = formula(f(ahead), f(behind), f(v.copy()), s)
    return grad


def _difference(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, with_pieces(_differences, exchanged))


def _all_at_once(f: Callable[[Array], float], v: Array, step: float) -> Array:
    return np.full_like(v, (f(v + step) - f(v - step)) / (2 * step))


def _not_moved_back(f: Callable[[Array], float], v: Array, step: float) -> Array:
    grad, ahead, behind = np.zeros_like(v), v.copy(), v.copy()
    for index in np.ndindex(v.shape):
        ahead[index] += step
        behind[index] -= step
        grad[index] = (f(ahead) - f(behind)) / (2 * step)
    return grad


def _first_only(f: Callable[[Array], float], v: Array, step: float) -> Array:
    """Return from inside the loop."""
    grad, first = np.zeros_like(v), (0,) * v.ndim
    ahead, behind = v.copy(), v.copy()
    ahead[first] += step
    behind[first] -= step
    grad[first] = (f(ahead) - f(behind)) / (2 * step)
    return grad


def _moved_on(f: Callable[[Array], float], v: Array, step: float) -> Array:
    """Move one copy ahead, then back by one step only: the second value is that of v itself."""
    grad = np.zeros_like(v)
    for index in np.ndindex(v.shape):
        moved = v.copy()
        moved[index] += step
        ahead = f(moved)
        moved[index] -= step
        grad[index] = (ahead - f(moved)) / (2 * step)
    return grad


CENTRAL_DIFFERENCE = (
    _difference(
        "one_sided",
        "compares with the value at v itself: the other point lies one step behind",
        formula=lambda ahead, behind, here, s: (ahead - here) / s,
    ),
    _difference(
        "one_sided_behind",
        "compares the value at v with the one behind: the other point lies one step ahead",
        formula=lambda ahead, behind, here, s: (here - behind) / s,
    ),
    _difference(
        "not_halved",
        "divides by s: the two points lie 2 s apart",
        formula=lambda ahead, behind, here, s: (ahead - behind) / s,
    ),
    _difference(
        "halved_only",
        "does not divide by the step",
        formula=lambda ahead, behind, here, s: (ahead - behind) / 2,
    ),
    _difference(
        "multiplied",
        "multiplies by s where it should divide: / and * are worked off from left to right",
        formula=lambda ahead, behind, here, s: (ahead - behind) / 2 * s,
    ),
    _difference(
        "divided_behind",
        "divides the second value alone: `a - b / c` is not `(a - b) / c`",
        formula=lambda ahead, behind, here, s: ahead - behind / (2 * s),
    ),
    _difference(
        "turned_sign",
        "turns the sign: it is the point ahead minus the one behind",
        formula=lambda ahead, behind, here, s: (behind - ahead) / (2 * s),
    ),
    _difference("half_step", "moves by s / 2 to each side: each point lies s away from v", size=lambda step: step / 2),
    _difference("step_ignored", "takes a step of its own: it was given one", size=lambda step: 1e-5),
    _difference(
        "stretched",
        "moves each entry by a share of itself: s is added",
        moved=lambda array, index, step: array[index] * (1 + step),
    ),
    Mistake("all_at_once", "moves all entries together: each one moves alone", _all_at_once),
    Mistake(
        "not_moved_back",
        "leaves the entries before where it moved them: each one moves alone, the others stay at v",
        _not_moved_back,
    ),
    Mistake("first_only", "fills in the first entry and leaves the others at zero", _first_only),
    Mistake(
        "moved_back_once",
        "goes back by one step from the point ahead, which is v itself: the point behind is two steps back",
        _moved_on,
    ),
)

# --- one step alone --------------------------------------------------------------------------------------------


def _keep(chosen: Function) -> Function:
    """Make an only_step that keeps `chosen(t)` of the first axis."""

    def wrong(dh: Array, t: int) -> Array:
        alone = np.zeros_like(dh)
        alone[chosen(t)] = dh[chosen(t)]
        return alone

    return wrong


def _all_but(dh: Array, t: int) -> Array:
    others = dh.copy()
    others[t - 1] = 0
    return others


def _ones(dh: Array, t: int) -> Array:
    alone = np.zeros_like(dh)
    alone[t - 1] = 1
    return alone


def _one_sample(dh: Array, t: int) -> Array:
    alone = np.zeros_like(dh)
    alone[:, t - 1] = dh[:, t - 1]
    return alone


ONLY_STEP = (
    Mistake("off_by_one", "keeps the step after: steps count from 1, indices from 0", _keep(lambda t: t)),
    Mistake(
        "off_by_one",
        "keeps the step after: steps count from 1, indices from 0",
        lambda dh, t: dh * (np.arange(len(dh)) == t)[:, None, None],
    ),
    Mistake("from_the_end", "counts from the end: a negative index walks backwards", _keep(lambda t: -t)),
    Mistake("up_to_t", "keeps all steps up to t: one of them is asked for", _keep(lambda t: slice(None, t))),
    Mistake("from_t_on", "keeps all steps from t on: one of them is asked for", _keep(lambda t: slice(t - 1, None))),
    Mistake("all_but_t", "does the opposite: it clears step t and keeps the others", _all_but),
    Mistake("ones", "writes ones: the step keeps its own numbers", _ones),
    Mistake("batch_axis", "keeps one sample at all steps: time is the first axis, the batch the second", _one_sample),
    Mistake(
        "step_alone",
        "returns the step without the others: their places stay, with zeros",
        lambda dh, t: dh[t - 1].copy(),
    ),
    Mistake(
        "step_alone",
        "returns the step without the others: their places stay, with zeros",
        lambda dh, t: dh[t - 1 : t].copy(),
    ),
    Mistake("unchanged", "returns all steps as they are", lambda dh, t: dh.copy()),
)

ALL = {
    "central_difference": CENTRAL_DIFFERENCE,
    "only_step": ONLY_STEP,
    "mended_walk": SEQUENCE_BACKWARD,
}
