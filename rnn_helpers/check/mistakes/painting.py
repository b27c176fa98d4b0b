"""Mistakes in the exercises of notebook 09: many to one."""

import numpy as np

from rnn_helpers.check.exercise import Function, Mistake, with_pieces
from rnn_helpers.validate import Array

# --- the last real state ---------------------------------------------------------------------------------------


def _real(steps: int, lengths: Array) -> Array:
    """Return (steps, batch, 1): 1 where a step is real, 0 where it is padding."""
    mask: Array = (np.arange(steps)[:, None] < lengths)[..., None].astype(np.float64)
    return mask


def _rows(lengths: Array) -> Array:
    return np.arange(len(lengths))


LAST_STATES = (
    Mistake(
        "last_of_the_array",
        "takes the last step of the array: where a sequence is shorter, that state has read padding",
        lambda h, lengths: h[-1],
    ),
    Mistake(
        "one_late",
        "is one step late: after 3 steps the state is h[2], steps count from 1 and indices from 0",
        lambda h, lengths: h[lengths, _rows(lengths)],
    ),
    Mistake(
        "one_early",
        "is one step early: subtracted once too often",
        lambda h, lengths: h[lengths - 2, _rows(lengths)],
    ),
    Mistake("first_state", "takes the first state: it has read one step", lambda h, lengths: h[0]),
    Mistake(
        "same_step_for_all",
        "takes one step for all, that of the longest sequence: each has its own last step",
        lambda h, lengths: h[lengths.max() - 1],
    ),
    Mistake(
        "same_step_for_all",
        "takes one step for all, that of the first sequence: each has its own last step",
        lambda h, lengths: h[lengths[0] - 1],
    ),
    Mistake(
        "same_step_for_all",
        "takes one step for all, that of the shortest sequence: each has its own last step",
        lambda h, lengths: h[lengths.min() - 1],
    ),
    Mistake(
        "no_batch_index",
        "picks whole steps: beside its step, each row has to be picked too",
        lambda h, lengths: h[lengths - 1],
    ),
    Mistake(
        "mean_over_time",
        "takes the mean over the real steps: asked for is the state after the last of them",
        lambda h, lengths: (h * _real(len(h), lengths)).sum(axis=0) / lengths[:, None],
    ),
    Mistake(
        "mean_over_all_steps",
        "takes the mean over all steps, padding among them",
        lambda h, lengths: h.mean(axis=0),
    ),
    Mistake(
        "sum_over_time",
        "sums over the real steps: asked for is the state after the last of them",
        lambda h, lengths: (h * _real(len(h), lengths)).sum(axis=0),
    ),
    Mistake(
        "zero_for_the_shorter",
        "sets shorter sequences to zero: their last state stands further up",
        lambda h, lengths: h[-1] * _real(len(h), lengths)[-1],
    ),
    Mistake(
        "kept_time_axis",
        "returns a sequence of one step: the time axis is still there",
        lambda h, lengths: h[lengths - 1, _rows(lengths)][None],
    ),
)


# --- the head's gradient ---------------------------------------------------------------------------------------


def _length(difference: Array) -> Array:
    length: Array = np.sqrt((difference**2).sum(axis=1, keepdims=True))
    return length


def _safe_share(difference: Array, length: Array) -> Array:
    """Divide by the length, zero where an answer is exactly right."""
    share: Array = np.divide(difference, length, out=np.zeros_like(difference), where=length > 0)
    return share


def _head(
    W_hy: Array,
    b_y: Array,
    h_last: Array,
    targets: Array,
    *,
    answer: Function = lambda h, W, b: h @ W + b,
    difference: Function = np.subtract,
    share: Function = lambda d: _safe_share(d, _length(d)),
    count: Function = len,
    back: Function = lambda dy, W, h: dy @ W.T,
    weights: Function = lambda h, dy: h.T @ dy,
    bias: Function = lambda dy: dy.sum(axis=0),
) -> tuple[Array, ...]:
    """Send the mean distance back through the head, with one piece exchanged."""
    d = difference(answer(h_last, W_hy, b_y), targets)
    dy = share(d) / count(d)
    return back(dy, W_hy, h_last), weights(h_last, dy), bias(dy)


def _wrong(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, with_pieces(_head, exchanged))


HEAD_GRADIENTS = (
    _wrong(
        "zero_by_zero",
        "divides 0 by 0 where an answer is exactly right: such a row is zero",
        share=lambda d: d / _length(d),
    ),
    _wrong("not_averaged", "does not divide by N: the loss is a mean over the batch", count=lambda d: 1),
    _wrong("divided_by_outputs", "divides by the outputs too: the mean runs over the batch alone", count=np.size),
    _wrong(
        "not_normalised",
        "does not divide by the distance: so does half the squared distance's gradient",
        share=lambda d: d,
    ),
    _wrong(
        "squared_distance",
        "is the squared distance's gradient: asked for is the distance's",
        share=lambda d: 2 * d,
    ),
    _wrong(
        "divided_twice",
        "divides by the squared distance: a direction is the difference over its length",
        share=lambda d: _safe_share(d, _length(d) ** 2),
    ),
    _wrong(
        "half",
        "has a factor of 1/2: the root's cancels the square's 2",
        share=lambda d: _safe_share(d, 2 * _length(d)),
    ),
    _wrong(
        "whole_array_length",
        "divides by one length for the whole batch: each row has its own distance",
        share=lambda d: _safe_share(d, np.broadcast_to(np.sqrt((d**2).sum()), d.shape)),
    ),
    _wrong(
        "length_over_batch",
        "takes the length down the batch: a distance runs along a row",
        share=lambda d: _safe_share(d, np.broadcast_to(np.sqrt((d**2).sum(axis=0)), d.shape)),
    ),
    _wrong(
        "signs_only",
        "keeps the signs alone: that belongs to the sum of the absolute differences",
        share=np.sign,
    ),
    _wrong("turned_sign", "has the wrong sign: dy points from the target to the answer", difference=lambda y, t: t - y),
    _wrong("no_output_bias", "leaves out b_y in the answer", answer=lambda h, W, b: h @ W),
    _wrong("bias_not_summed", "does not sum db_y: every row used the one bias", bias=lambda dy: dy),
    _wrong("bias_mean", "takes the mean for db_y: every row adds its full share", bias=lambda dy: dy.mean(axis=0)),
    _wrong(
        "weights_transposed",
        "returns dW_hy transposed: a gradient has the shape of its weight",
        weights=lambda h, dy: dy.T @ h,
    ),
    _wrong("dh_is_dy", "returns dy as dh_last: W_hy lies between them", back=lambda dy, W, h: dy),
    _wrong(
        "slope_too_early",
        "goes back through tanh as well: dh_last is the gradient at the state, after tanh",
        back=lambda dy, W, h: dy @ W.T * (1 - h**2),
    ),
    Mistake(
        "swapped_outputs",
        "returns the gradients in another order: dh_last, dW_hy, db_y",
        lambda W, b, h, targets: (*_head(W, b, h, targets)[1:], _head(W, b, h, targets)[0]),
    ),
)


# --- where the way back begins ---------------------------------------------------------------------------------


def _at(index: Function, dh_last: Array, lengths: Array, steps: int) -> Array:
    dh = np.zeros((steps, *dh_last.shape))
    dh[index(lengths), _rows(lengths)] = dh_last
    return dh


def _spread(weight: Function, dh_last: Array, lengths: Array, steps: int) -> Array:
    """Give each step its share: weight(lengths, steps) is (steps, batch, 1)."""
    dh: Array = weight(lengths, steps) * dh_last
    return dh


def _whole_steps(dh_last: Array, lengths: Array, steps: int) -> Array:
    dh = np.zeros((steps, *dh_last.shape))
    dh[lengths - 1] = dh_last
    return dh


def _start(name: str, says: str, function: Function, piece: Function) -> Mistake:
    return Mistake(name, says, lambda dh_last, lengths, steps: function(piece, dh_last, lengths, steps))


LAST_STATES_BACKWARD = (
    _start(
        "last_of_the_array",
        "puts every row at the last step of the array: a shorter sequence ends earlier",
        _at,
        lambda lengths: np.full_like(lengths, -1),
    ),
    _start("one_late", "is one step late: steps count from 1, indices from 0", _at, lambda lengths: lengths),
    _start("one_early", "is one step early: subtracted once too often", _at, lambda lengths: lengths - 2),
    _start("first_step", "puts every row at the first step", _at, np.zeros_like),
    _start(
        "same_step_for_all",
        "puts every row where the longest sequence ends: each has its own last step",
        _at,
        lambda lengths: np.full_like(lengths, lengths.max() - 1),
    ),
    _start(
        "every_real_step",
        "gives the gradient to every real step: only the last of them was picked",
        _spread,
        lambda lengths, steps: _real(steps, lengths),
    ),
    _start(
        "shared_out",
        "shares the gradient out over the real steps, as a mean would: only the last of them was picked",
        _spread,
        lambda lengths, steps: _real(steps, lengths) / lengths[:, None],
    ),
    _start(
        "every_step",
        "gives the gradient to every step, padding among them: only one step was picked",
        _spread,
        lambda lengths, steps: np.ones((steps, len(lengths), 1)),
    ),
    _start(
        "padding_too",
        "gives the gradient to the padding after the last real step as well",
        _spread,
        lambda lengths, steps: 1 - _real(steps, lengths - 1),
    ),
    Mistake(
        "no_batch_index",
        "fills whole steps: beside its step, each row has to be picked too",
        _whole_steps,
    ),
    Mistake(
        "divided_by_length",
        "divides by the length: the loss does not know how long a sequence is",
        lambda dh_last, lengths, steps: _at(lambda n: n - 1, dh_last / lengths[:, None], lengths, steps),
    ),
    Mistake(
        "averaged_over_batch",
        "divides by the batch: the mean of the loss is in dh_last already",
        lambda dh_last, lengths, steps: _at(lambda n: n - 1, dh_last / len(lengths), lengths, steps),
    ),
    Mistake(
        "no_time_axis",
        "returns dh_last itself: rnn_backward wants a row for every step",
        lambda dh_last, lengths, steps: dh_last,
    ),
    Mistake(
        "batch_first",
        "returns the batch first: time comes first",
        lambda dh_last, lengths, steps: _at(lambda n: n - 1, dh_last, lengths, steps).swapaxes(0, 1),
    ),
    Mistake(
        "reversed_time",
        "counts from the end of the array: a sequence begins at the first step",
        lambda dh_last, lengths, steps: _at(lambda n: n - 1, dh_last, lengths, steps)[::-1],
    ),
)


# --- the letters' entries --------------------------------------------------------------------------------------


def _pick(dx: Array, ids: Array) -> Array:
    found: Array = np.take_along_axis(dx, ids[..., None], axis=2)[..., 0]
    return found


AT_IDS = (
    Mistake(
        "size_of_the_row",
        "takes the size of the whole row: the other entries belong to letters that do not stand there",
        lambda dx, ids: np.sqrt((dx**2).sum(axis=2)),
    ),
    Mistake("absolute", "loses the sign: it tells which way the letter pulls", lambda dx, ids: np.abs(_pick(dx, ids))),
    Mistake("sum_of_the_row", "sums over all letters: one of them stands there", lambda dx, ids: dx.sum(axis=2)),
    Mistake("mean_of_the_row", "takes the mean over all letters: one stands there", lambda dx, ids: dx.mean(axis=2)),
    Mistake("largest_of_the_row", "takes the largest entry, whatever letter it is of", lambda dx, ids: dx.max(axis=2)),
    Mistake(
        "smallest_of_the_row", "takes the smallest entry, whatever letter it is of", lambda dx, ids: dx.min(axis=2)
    ),
    Mistake(
        "one_letter_too_far",
        "takes the entry before the letter's own: ids count from 0",
        lambda dx, ids: _pick(dx, (ids - 1) % dx.shape[2]),
    ),
    Mistake(
        "first_letter_everywhere",
        "takes the entry of the first step's letter at every step",
        lambda dx, ids: _pick(dx, np.broadcast_to(ids[:1], ids.shape)),
    ),
    Mistake(
        "reversed_time",
        "pairs the last letter with the first step",
        lambda dx, ids: _pick(dx, ids[::-1]),
    ),
    Mistake(
        "times_id",
        "multiplies by the id: an id is a place, its input is 1",
        lambda dx, ids: _pick(dx, ids) * ids,
    ),
    Mistake("ids_on_time", "uses the ids as steps: they belong on the last axis", lambda dx, ids: dx[ids]),
    Mistake("ids_on_the_whole", "picks letters for all steps at once", lambda dx, ids: dx[..., ids]),
    Mistake(
        "kept_letter_axis",
        "keeps an axis of one letter at the end",
        lambda dx, ids: _pick(dx, ids)[..., None],
    ),
    Mistake(
        "one_hot_rows",
        "returns whole rows with zeros in them: asked for is one number a step",
        lambda dx, ids: dx * (ids[..., None] == np.arange(dx.shape[2])),
    ),
)

ALL = {
    "last_states": LAST_STATES,
    "head_gradients": HEAD_GRADIENTS,
    "last_states_backward": LAST_STATES_BACKWARD,
    "at_ids": AT_IDS,
}
