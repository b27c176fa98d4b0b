"""Notebook 07: a fault is planted, its map is shown, and the reader names the place where it sits.

Most faults are the mistakes that the check of `rnn_backward` knows, by name; the others stand here. Each is an exchange
of text in the walk back, and belongs to one place of it.
"""

import difflib
import inspect
import textwrap
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from rnn_helpers import plain
from rnn_helpers.check.backprop_through_time import RNN_BACKWARD, SHARED
from rnn_helpers.check.engine.exercise import named
from rnn_helpers.labs.gradmap import Case, GradientMap, backward_map, differences, make_case
from rnn_helpers.plant import Exchange, exchanged, overlap, with_exchanges
from rnn_helpers.plots.faults import rows_in_columns
from rnn_helpers.rnn import SequenceGrads

_SEED = 52  # of the order in which the faults come

# fmt: off
# A fault in two lines, as in check/.

# In the order of the source. What stands before a colon is the place's name in a sentence.
LOOP, READ, SUM, SLOPE, DX, DW_XH, DW_HH, DB_H, CARRY, RETURN, ADDING, WRITES = PLACES = (
    "the loop: its order and range",
    "h_prev: which state comes before",
    "the sum dh[t] + dh_carry",
    "the slope: from dh_total to dz_t",
    "the line of dx",
    "the line of dW_xh",
    "the line of dW_hh",
    "the line of db_h",
    "the carry: start, dz_t @ W_hh.T",
    "the return: dh0, and the order",
    "the three weights' gradients: sums",
    "the caller's arrays: changed",
)

# Where the mistakes sit that the check of `rnn_backward` knows. Those that sit in two places, or return no five arrays,
# are left out: squashed_and_dropped, article_backward, no_dx.
_OTHERS = RNN_BACKWARD.mistakes[len(SHARED):]
_KNOWN = {
    LOOP: named(SHARED, "first_step_missing last_step_missing forward_order"),
    READ: named(SHARED, "h_t_for_h_prev wrap_around states_one_early h0_ignored"),
    SUM: named(SHARED, "dropped_carry misplaced_carry subtracted averaged_roads output_forgotten"),
    SLOPE: named(SHARED, "upstream_forgotten squashed_again not_squared no_slope squared_difference no_brackets "
                         "slope_of_h_prev"),
    DX: named(_OTHERS, "reversed_dx dx_is_dz time_and_batch_swapped"),
    DW_HH: named(SHARED, "dW_hh_transposed"),
    DB_H: named(SHARED, "bias_from_dh bias_not_summed bias_over_batch_only bias_kept_axis bias_column bias_mean"),
    CARRY: named(SHARED, "W_hh_not_transposed carry_skips_slope carry_starts_at_dh carry_accumulates "
                         "carry_not_multiplied") + named(_OTHERS, "dropped_carry"),
    RETURN: named(_OTHERS, "dh0_zero dh0_is_dz dh0_not_transposed swapped_outputs"),
    ADDING: named(SHARED, "assigned_not_added last_step_only averaged_over_batch averaged_over_time averaged"),
}

_SUM, _SLOPE = "dh_total = dh[t] + dh_carry", "dz_t = dh_total * (1 - h[t] ** 2)"
_CARRY = "dh_carry = dz_t @ params.W_hh.T"
_DX, _DW_XH = "dx[t] = dz_t @ params.W_xh.T", "dW_xh += cache.x[t].T @ dz_t"
_DW_HH, _DB_H = "dW_hh += h_prev.T @ dz_t", "db_h += dz_t.sum(axis=0)"
_H_PREV, _RETURN = "h_prev = h[t - 1] if t > 0 else h0", "return SequenceGrads(dx, dh_carry, "
_ZEROS = "dW_xh, dW_hh, db_h = (np.zeros_like(p) for p in params[:3])"

_MORE: dict[str, tuple[tuple[str, tuple[str, str]], ...]] = {
    LOOP: (
        ("goes back two steps at a time", ("range(len(dh))", "range(0, len(dh), 2)")),
        ("stops in the middle", ("range(len(dh))", "range(2, len(dh))")),
    ),
    READ: (
        ("takes the state two steps back", (_H_PREV, "h_prev = h[t - 2] if t > 1 else h0")),
        ("takes h0 at step 2 too", (_H_PREV, "h_prev = h[t - 1] if t > 1 else h0")),
        ("takes h0 at every step", (_H_PREV, "h_prev = h0")),
        ("takes the state that comes after at step 1", (_H_PREV, "h_prev = h[t - 1] if t > 0 else h[t]")),
    ),
    SUM: (
        ("counts the carry twice", (_SUM, "dh_total = dh[t] + 2 * dh_carry")),
        ("counts the step's own output twice", (_SUM, "dh_total = 2 * dh[t] + dh_carry")),
        ("multiplies the two roads", (_SUM, "dh_total = dh[t] * dh_carry")),
        ("takes the output of the step before", (_SUM, "dh_total = dh[t - 1] + dh_carry")),
        ("counts the steps of dh from the other end", (_SUM, "dh_total = dh[-1 - t] + dh_carry")),
        ("keeps the larger of the two roads", (_SUM, "dh_total = np.maximum(dh[t], dh_carry)")),
        ("adds a carry that is averaged over the batch", (_SUM, "dh_total = dh[t] + dh_carry.mean(axis=0)")),
    ),
    SLOPE: (
        ("adds the square where it is subtracted", (_SLOPE, "dz_t = dh_total * (1 + h[t] ** 2)")),
        ("divides by the slope", (_SLOPE, "dz_t = dh_total / (1 - h[t] ** 2)")),
        ("takes the slope of the sigmoid", (_SLOPE, "dz_t = dh_total * h[t] * (1 - h[t])")),
        ("takes the slope of relu", (_SLOPE, "dz_t = dh_total * (h[t] > 0)")),
        ("multiplies by the slope twice", (_SLOPE, "dz_t = dh_total * (1 - h[t] ** 2) ** 2")),
        ("takes the slope at dh_total", (_SLOPE, "dz_t = dh_total * (1 - dh_total ** 2)")),
        ("cubes the state", (_SLOPE, "dz_t = dh_total * (1 - h[t] ** 3)")),
        ("turns the sign", (_SLOPE, "dz_t = dh_total * (h[t] ** 2 - 1)")),
        ("takes the slope of the last step everywhere", (_SLOPE, "dz_t = dh_total * (1 - h[-1] ** 2)")),
    ),
    DX: (
        ("writes dx one step too early", (_DX, "dx[t - 1] = dz_t @ params.W_xh.T")),
        ("takes dx from dh_total, past tanh", (_DX, "dx[t] = dh_total @ params.W_xh.T")),
        ("divides dx by the batch", (_DX, "dx[t] = dz_t @ params.W_xh.T / len(h0)")),
        ("turns the sign of dx", (_DX, "dx[t] = -dz_t @ params.W_xh.T")),
        ("fills in one sample of dx", (_DX, "dx[t, 0] = dz_t[0] @ params.W_xh.T")),
        ("adds up dx over the steps", (_DX, "dx[: t + 1] += dz_t @ params.W_xh.T")),
    ),
    DW_XH: (
        ("takes dW_xh from dh_total, past tanh", (_DW_XH, "dW_xh += cache.x[t].T @ dh_total")),
        ("pairs each dz with the input before", (_DW_XH, "dW_xh += cache.x[t - 1].T @ dz_t")),
        ("pairs each dz with the first input", (_DW_XH, "dW_xh += cache.x[0].T @ dz_t")),
        ("keeps step 1 alone for dW_xh", (_DW_XH, "dW_xh = cache.x[t].T @ dz_t")),
        ("subtracts the steps of dW_xh", (_DW_XH, "dW_xh -= cache.x[t].T @ dz_t")),
        ("divides dW_xh by the batch", (_DW_XH, "dW_xh += cache.x[t].T @ dz_t / len(h0)")),
        ("leaves step 1 out of dW_xh", (_DW_XH, "dW_xh += cache.x[t].T @ dz_t * (t > 0)")),
    ),
    DW_HH: (
        ("pairs each dz with the new state", (_DW_HH, "dW_hh += h[t].T @ dz_t")),
        ("takes dW_hh from dh_total, past tanh", (_DW_HH, "dW_hh += h_prev.T @ dh_total")),
        ("keeps step 1 alone for dW_hh", (_DW_HH, "dW_hh = h_prev.T @ dz_t")),
        ("subtracts the steps of dW_hh", (_DW_HH, "dW_hh -= h_prev.T @ dz_t")),
        ("divides dW_hh by the batch", (_DW_HH, "dW_hh += h_prev.T @ dz_t / len(h0)")),
        ("leaves step 1 out of dW_hh", (_DW_HH, "dW_hh += h_prev.T @ dz_t * (t > 0)")),
    ),
    DB_H: (
        ("sums dh_total for db_h, past tanh", (_DB_H, "db_h += dh_total.sum(axis=0)")),
        ("keeps step 1 alone for db_h", (_DB_H, "db_h = dz_t.sum(axis=0)")),
        ("takes one sample for db_h", (_DB_H, "db_h += dz_t[0]")),
        ("subtracts the steps of db_h", (_DB_H, "db_h -= dz_t.sum(axis=0)")),
        ("leaves step 1 out of db_h", (_DB_H, "db_h += dz_t.sum(axis=0) * (t > 0)")),
    ),
    CARRY: (
        ("starts the carry at one", ("np.zeros_like(h0)", "np.ones_like(h0)")),
        ("multiplies by W_hh twice", (_CARRY, "dh_carry = dz_t @ params.W_hh.T @ params.W_hh.T")),
        ("turns the sign of the carry", (_CARRY, "dh_carry = -dz_t @ params.W_hh.T")),
        ("clips the carry", (_CARRY, "dh_carry = np.clip(dz_t @ params.W_hh.T, -0.1, 0.1)")),
        ("hands each sample's carry to the other sample", (_CARRY, "dh_carry = dz_t[::-1] @ params.W_hh.T")),
        ("cuts the walk in the middle", (_CARRY, "dh_carry = dz_t @ params.W_hh.T * (t != 2)")),
        ("adds what the output sent back once more", (_CARRY, "dh_carry = dz_t @ params.W_hh.T + dh[t]")),
        ("halves the carry", (_CARRY, "dh_carry = 0.5 * dz_t @ params.W_hh.T")),
    ),
    RETURN: (
        ("multiplies dh0 by the slope at h0", (_RETURN, "return SequenceGrads(dx, dh_carry * (1 - h0 ** 2), ")),
        ("turns the sign of dh0", (_RETURN, "return SequenceGrads(dx, -dh_carry, ")),
        ("divides dh0 by the batch", (_RETURN, "return SequenceGrads(dx, dh_carry / len(h0), ")),
        ("returns what arrived at step 1 as dh0", (_RETURN, "return SequenceGrads(dx, dh_total, ")),
    ),
    ADDING: (
        ("starts the sums at the weights themselves", (_ZEROS, _ZEROS.replace("np.zeros_like(p)", "p.copy()"))),
        ("starts the sums at one", (_ZEROS, _ZEROS.replace("zeros", "ones"))),
    ),
    WRITES: (
        ("adds the carry into dh itself", (_SUM, "dh_total = dh[t]\n        dh_total += dh_carry")),
        ("writes dz over dh", (_SLOPE, "dz_t = dh[t]\n        dz_t[:] = dh_total * (1 - h[t] ** 2)")),
        ("squares the states where they stand", (_SLOPE, "h[t] **= 2\n        dz_t = dh_total * (1 - h[t])")),
        ("writes dx over the inputs", ("np.zeros_like(cache.x)", "cache.x")),
        ("adds the gradients onto the weights", (_ZEROS, _ZEROS.replace("np.zeros_like(p)", "p"))),
        ("writes the carry over h0", (_CARRY, "h0[:] = dz_t @ params.W_hh.T\n        dh_carry = h0")),
    ),
}
# fmt: on


class Fault(NamedTuple):
    """One fault of the walk back.

    Attributes
    ----------
    place : one of PLACES, where it sits.
    says : what is wrong, as the rest of a sentence that begins with "it".
    exchanges : what stands in the walk back, and what stands there instead.
    """

    place: str
    says: str
    exchanges: tuple[Exchange, ...]


FAULTS = tuple(
    fault
    for place in PLACES
    for fault in (
        *(Fault(place, mistake.says, mistake.exchanges) for mistake in _KNOWN.get(place, ())),
        *(Fault(place, says, (Exchange(*difference),)) for says, difference in _MORE.get(place, ())),
    )
)


def planted(number: int, *, two: bool = False) -> tuple[Fault, ...]:
    """Return what is planted under a number from 1 to len(FAULTS): one fault, each once, or two of different places.

    There is little to read in a map that is all bright: of three numbers, one may bring such a pair.
    """
    if not two:
        return (FAULTS[np.random.default_rng(_SEED).permutation(len(FAULTS))[number - 1]],)
    rng = np.random.default_rng((_SEED, number))
    while True:
        one, other = (FAULTS[i] for i in sorted(rng.choice(len(FAULTS), 2, replace=False)))
        if one.place == other.place or overlap(plain.rnn_backward, one.exchanges, other.exchanges):
            continue
        try:
            found = map_of(one, other)
        except Exception:  # the two do not go together: an array of one has another shape in the other
            continue
        if number % 3 == 0 or not found.wrong.all():
            return one, other


@cache
def walk(*faults: Fault) -> Callable[..., SequenceGrads]:
    """Return the walk back with these faults, called as `rnn_backward(params, cache, dh)`."""
    return with_exchanges(plain.rnn_backward, _exchanges(faults))


@cache
def map_of(*faults: Fault) -> GradientMap:
    """Return the map that these faults make together, on the default case."""
    case, numerical = _witness()
    with np.errstate(all="ignore"):
        return backward_map(walk(*faults), case, numerical=numerical)


def lines(faults: Sequence[Fault]) -> tuple[list[str], list[str]]:
    """Return the lines of the walk back that are exchanged: as they should be, and as they are planted."""
    right = inspect.getsource(plain.rnn_backward)
    wrong = exchanged("rnn_backward", right, _exchanges(faults))
    both = [*difflib.ndiff(right.splitlines(), wrong.splitlines())]
    there, here = ("\n".join(line[2:] for line in both if line.startswith(mark)) for mark in "-+")
    return textwrap.dedent(there).splitlines(), textwrap.dedent(here).splitlines()


class Judged(NamedTuple):
    """What is said and shown of a guess.

    Attributes
    ----------
    says : sentences.
    beside : a map to compare with: that of a fault in the place that was guessed; None if there is none to show.
    lines : of a right guess: what should stand there, and what was planted.
    """

    says: str
    beside: GradientMap | None = None
    lines: tuple[list[str], list[str]] = ([], [])


def judge(faults: tuple[Fault, ...], place: str) -> Judged:
    """Say whether a fault sits in a place, or whether one there could make these bold cells, or what speaks against it.

    Parameters
    ----------
    faults : one or two, as `planted` returns them.
    place : one of PLACES.
    """
    found = map_of(*faults)
    if here := [fault for fault in faults if fault.place == place]:
        others = [fault for fault in faults if fault.place != place]
        says = f"Right: {'one' if others else 'it'} sits in {_named(place)} and {here[0].says}."
        return Judged(" ".join([says, *(_the_other(found, here[0], other) for other in others)]), None, lines(faults))
    known = [fault for fault in FAULTS if fault.place == place]
    nearest = min(known, key=lambda fault: _distance(found, map_of(fault)))
    beside = map_of(nearest)
    if not _distance(found, beside):
        sits = " and ".join(_named(fault.place) for fault in faults)
        what = f"this one sits in {sits}: it {faults[0].says}" if len(faults) == 1 else f"these two sit in {sits}"
        says = f"Possible: a fault in {_named(place)} makes the same cells bold (right)."
        return Judged(f"{says} The bold cells alone can't tell; {what}.", beside)
    differing = []
    if (bold := found.wrong != beside.wrong).any():
        differing.append(rows_in_columns(found.names, bold))
    if found.changed != beside.changed:
        differing.append(f"what is changed afterwards ({_changed(found)} here, {_changed(beside)} there)")
    says = f"Not there. Of {len(known)} faults in {_named(place)}, the nearest {nearest.says.split(':')[0]}; its map"
    return Judged(f"{says} (right) differs in {', and in '.join(differing)}.", beside)


def _the_other(found: GradientMap, here: Fault, other: Fault) -> str:
    """Say where the second fault sits, and whether one of the two hides the other."""
    same = [not _distance(found, map_of(fault)) for fault in (here, other)]
    sits = f"The other sits in {_named(other.place)}"
    return {
        (True, False): f"{sits} and is hidden: the first alone makes the same cells bold.",
        (False, True): f"{sits} and hides it: alone it makes the same cells bold.",
        (True, True): f"{sits}; each alone makes the same cells bold.",
        (False, False): f"{sits}; neither hides the other: alone, each makes another map.",
    }[same[0], same[1]]


def _distance(one: GradientMap, other: GradientMap) -> int:
    """Count what differs without reading numbers: cells that are bold in one, and arguments that one has changed."""
    return int((one.wrong != other.wrong).sum()) + len({*one.changed} ^ {*other.changed})


def _changed(found: GradientMap) -> str:
    return " and ".join(dict.fromkeys(name.split(".")[0] for name in found.changed)) or "nothing"


def _named(place: str) -> str:
    return place.split(":")[0]


def _exchanges(faults: Sequence[Fault]) -> list[Exchange]:
    return [exchange for fault in faults for exchange in fault.exchanges]


@cache  # differences take nearly all the time of a map, and they are the same for every fault
def _witness() -> tuple[Case, list[SequenceGrads]]:
    case = make_case(np.random.default_rng(0))
    return case, differences(case)
