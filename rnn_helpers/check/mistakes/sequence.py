"""Mistakes in the whole sequence, forward and back: notebooks 03 and 06."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from rnn_helpers.check import answers
from rnn_helpers.check.exercise import Function, Mistake
from rnn_helpers.check.mistakes import cell, output
from rnn_helpers.output import as_rows, cross_entropy, output_backward
from rnn_helpers.output import softmax as right_softmax
from rnn_helpers.params import RNNParams
from rnn_helpers.rnn import SequenceCache
from rnn_helpers.validate import Array

_H0_IGNORED = "starts from zeros whatever h0 is"
_NOT_CARRIED = "starts every step from h0: the state of one step is the next step's h_prev"

# --- one unit --------------------------------------------------------------------------------------------------


def _scalar(
    w_x: float,
    w_h: float,
    b: float,
    xs: Sequence[float],
    h0: float,
    *,
    start: Function = lambda h0: h0,
    z: Function = lambda w_x, w_h, b, x, h: w_x * x + w_h * h + b,
    squash: Function = np.tanh,
    carry: Function = lambda h, z, h0: h,
    keep: Function = lambda states, h0: states,
) -> Any:
    """Run one unit through the list with one piece exchanged."""
    states, h = [], start(h0)
    for x in xs:
        z_t = z(w_x, w_h, b, x, h)
        states.append(squash(z_t))
        h = carry(states[-1], z_t, h0)
    return np.array(keep(states, h0))


def _unit(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, partial(_scalar, **exchanged))


def _without_product(weights: Function) -> Function:
    """Change the three weights before they are used."""
    return lambda w_x, w_h, b, x, h: np.dot(weights(w_x, w_h, b), (x, h, 1))


SCALAR_FORWARD = (
    _unit("h0_ignored", _H0_IGNORED, start=lambda h0: 0.0),
    _unit("state_not_carried", _NOT_CARRIED, carry=lambda h, z, h0: h0),
    _unit("no_recurrence", "leaves out the state before", z=_without_product(lambda x, h, b: (x, 0, b))),
    _unit("no_input", "leaves out the input", z=_without_product(lambda x, h, b: (0, h, b))),
    _unit("no_bias", "leaves out the bias b", z=_without_product(lambda x, h, b: (x, h, 0))),
    _unit("weights_swapped", "swaps w_x and w_h", z=_without_product(lambda x, h, b: (h, x, b))),
    _unit("no_tanh", "leaves out tanh", squash=lambda z: z),
    _unit("sigmoid", "squashes with the sigmoid: this network uses tanh", squash=cell.sigmoid),
    _unit("carried_z", "carries what stands before tanh: the state is what comes after", carry=lambda h, z, h0: z),
    _unit("states_with_h0", "returns h0 as well: asked for are h_1 to h_T", keep=lambda hs, h0: [h0, *hs]),
    _unit("states_late", "returns h_0 to h_(T-1): one step late", keep=lambda hs, h0: [h0, *hs[:-1]]),
    _unit("last_state_only", "returns the last state: asked for are all of them", keep=lambda hs, h0: hs[-1]),
    _unit("reversed_states", "returns the states in reverse order", keep=lambda hs, h0: hs[::-1]),
)

# --- the sequence, forward -------------------------------------------------------------------------------------


def _zeros(params: RNNParams, x: Array) -> Array:
    return np.zeros((x.shape[1], len(params.b_h)))


def _states(
    params: RNNParams,
    x: Array,
    h0: Array | None = None,
    *,
    start: Function = lambda h0: h0,
    z: Function = answers.pre_activation,
    squash: Function = np.tanh,
    carry: Function = lambda h_t, z_t, h0: h_t,
) -> Array:
    """Return h0 and all states, (time + 1, batch, n_h), with one piece exchanged."""
    first = start(_zeros(params, x) if h0 is None else h0)
    states, h = [first], first
    for x_t in x:
        z_t = z(params, x_t, h)
        states.append(squash(z_t))
        h = carry(states[-1], z_t, first)
    return np.stack(states)


def _forward(
    params: RNNParams,
    x: Array,
    h0: Array | None = None,
    *,
    keep: Function = lambda states: states[1:],
    read: Function = lambda states: states[1:],
    bias: Function = lambda b_y: b_y,
    softmax: Function = right_softmax,
    **exchanged: Function,
) -> tuple[Array, Array, None]:
    """Compute states and probabilities with one piece exchanged."""
    states = _states(params, x, h0, **exchanged)
    return keep(states), softmax(read(states) @ params.W_hy + bias(params.b_y)), None


def _sequence(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, partial(_forward, **exchanged))


def _zero_like(h0: Array) -> Array:
    return np.zeros_like(h0)


def _last_everywhere(states: Array) -> Array:
    return np.broadcast_to(states[-1], states[1:].shape)


def _over_samples(params: RNNParams, x: Array, h0: Array | None = None) -> tuple[Array, Array, None]:
    """Walk along the batch as if it were time."""
    turned = x.swapaxes(0, 1)
    first = np.zeros((len(x), len(params.b_h))) if h0 is None else h0
    return _forward(params, turned, first)


def _time_and_batch_swapped(params: RNNParams, x: Array, h0: Array | None = None) -> tuple[Array, Array, None]:
    h, y, _ = _forward(params, x, h0)
    return h.swapaxes(0, 1), y.swapaxes(0, 1), None


def _reversed_time(params: RNNParams, x: Array, h0: Array | None = None) -> tuple[Array, Array, None]:
    return _forward(params, x[::-1], h0)


SEQUENCE_FORWARD = (
    _sequence("h0_ignored", _H0_IGNORED, start=_zero_like),
    _sequence("state_not_carried", _NOT_CARRIED, carry=lambda h_t, z_t, h0: h0),
    _sequence("carried_z", "carries what stands before tanh: the state is what comes after", carry=lambda h, z, h0: z),
    *(_sequence(name, says, z=z) for name, says, z in cell.BEFORE_TANH),
    _sequence("no_tanh", "leaves out tanh: states leave the range -1 to 1", squash=lambda z: z),
    _sequence("sigmoid", "squashes with the sigmoid: this network uses tanh", squash=cell.sigmoid),
    _sequence("states_with_h0", "returns h0 in h as well: asked for are h_1 to h_T", keep=lambda states: states),
    _sequence("states_late", "returns h_0 to h_(T-1) as h: one step late", keep=lambda states: states[:-1]),
    _sequence("last_state_only", "returns the last state as h: asked for are all of them", keep=lambda hs: hs[-1]),
    _sequence(
        "one_array_for_all_steps",
        "holds the last state at every step: all steps share one array",
        keep=_last_everywhere,
    ),
    _sequence(
        "one_array_for_all_steps",
        "holds the last state at every step: all steps share one array",
        keep=_last_everywhere,
        read=_last_everywhere,
    ),
    _sequence("output_from_h_prev", "computes y from the state before: it reads h_t", read=lambda states: states[:-1]),
    _sequence("output_at_end_only", "computes y for the last step only", read=lambda states: states[-1]),
    _sequence("no_output_bias", "leaves out the output's bias b_y", bias=np.zeros_like),
    _sequence("no_softmax", "returns scores as y: softmax is missing", softmax=lambda z: z),
    _sequence("whole_array_max", f"{output.WHOLE_MAX} (in its softmax)", softmax=output.whole_array_max),
    _sequence("article_softmax", f"{output.ARTICLE} (in its softmax)", softmax=output.article_softmax),
    _sequence(
        "softmax_over_time",
        "makes y sum to one over time: the scores lie on the last axis",
        softmax=output.column_softmax,
    ),
    _sequence(
        "softmax_over_batch",
        "makes y sum to one over the batch: the scores lie on the last axis",
        softmax=lambda z: right_softmax(z, axis=1),
    ),
    _sequence("no_maximum", f"{output.NO_MAX} (in its softmax)", softmax=output.no_maximum),
    Mistake("time_and_batch_swapped", "returns the batch first: time comes first", _time_and_batch_swapped),
    Mistake("over_samples", "walks along the batch: time is the first axis of x", _over_samples),
    Mistake("reversed_time", "walks from the last step to the first", _reversed_time),
)

# --- in two pieces ---------------------------------------------------------------------------------------------


def _two(
    params: RNNParams,
    x: Array,
    h0: Array,
    cut: int,
    *,
    first: Function = lambda h0: h0,
    handed: Function = lambda h_first, h0: h_first[-1],
    split: Function = lambda x, cut: (x[:cut], x[cut:]),
    join: Function = lambda a, b: np.concatenate([a, b]),
) -> Array:
    """Run two pieces with one thing exchanged."""
    x_first, x_second = split(x, cut)
    h_first = _states(params, x_first, first(h0))[1:]
    h_second = _states(params, x_second, handed(h_first, h0))[1:]
    joined: Array = join(h_first, h_second)
    return joined


def _pieces(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, partial(_two, **exchanged))


RUN_IN_TWO = (
    _pieces("state_not_carried", "starts the second piece from zeros", handed=lambda h, h0: np.zeros_like(h0)),
    _pieces("second_from_h0", "starts the second piece from h0 once more", handed=lambda h, h0: h0),
    _pieces("h0_ignored", "starts the first piece from zeros whatever h0 is", first=_zero_like),
    _pieces(
        "first_state_handed",
        "hands on the first state of the first piece: the last one is due",
        handed=lambda h, h0: h[0],
    ),
    _pieces("overlap", "runs one step twice, at the cut", split=lambda x, cut: (x[:cut], x[cut - 1 :])),
    _pieces("gap", "loses one step at the cut", split=lambda x, cut: (x[:cut], x[cut + 1 :])),
    _pieces("gap", "loses one step at the cut", split=lambda x, cut: (x[: cut - 1], x[cut:])),
    _pieces(
        "cut_one_late",
        "cuts one step late",
        split=lambda x, cut: (x[: cut + 1], x[cut + 1 :]),
        handed=lambda h, h0: h[-2],
    ),
    _pieces("first_only", "returns the first piece alone", join=lambda a, b: a),
    _pieces("second_only", "returns the second piece alone", join=lambda a, b: b),
    _pieces("pieces_swapped", "joins the pieces in the wrong order", join=lambda a, b: np.concatenate([b, a])),
)

# --- one step back ---------------------------------------------------------------------------------------------

DROPPED = "drops what comes back from the later steps: h_t also feeds the next state"
MISPLACED = "adds the carry after the slope of tanh: both roads meet at h_t, before it"
ONLY_CARRY = "forgets what the step's own output sends back"
BACK_NOT_TRANSPOSED = "uses W_hh as it is on the way back: it is transposed there"
SKIPS_SLOPE = "carries the gradient past tanh: what goes to the step before is taken from dz_t"


def _both(h_t: Array, dh_t: Array, dh_carry: Array) -> Array:
    """Add both roads, then go through tanh."""
    return answers.tanh_backward(h_t, dh_t + dh_carry)


# Name, sentence, and dz_t from h_t, dh_t and dh_carry: shared by one step and the whole sequence.
_MEETINGS: tuple[tuple[str, str, Function], ...] = (
    ("dropped_carry", DROPPED, lambda h, dh, carry: dh * (1 - h**2)),
    ("misplaced_carry", MISPLACED, lambda h, dh, carry: dh * (1 - h**2) + carry),
    ("upstream_forgotten", cell.UPSTREAM, lambda h, dh, carry: 1 - h**2),
    ("squashed_again", cell.SQUASHED_AGAIN, lambda h, dh, carry: (dh + carry) * (1 - np.tanh(h) ** 2)),
    ("not_squared", cell.NOT_SQUARED, lambda h, dh, carry: (dh + carry) * (1 - h)),
    ("no_slope", cell.NO_SLOPE, lambda h, dh, carry: dh + carry),
    ("subtracted", "subtracts the carry: both roads add", lambda h, dh, carry: (dh - carry) * (1 - h**2)),
    ("averaged_roads", "takes the mean of both roads: they add", lambda h, dh, carry: (dh + carry) / 2 * (1 - h**2)),
    (
        "squashed_and_dropped",
        f"{DROPPED}. It also applies tanh to h_t once more",
        lambda h, dh, _: dh * (1 - np.tanh(h) ** 2),
    ),
)


def _step(
    params: RNNParams,
    h_t: Array,
    dh_t: Array,
    dh_carry: Array,
    *,
    meet: Function = _both,
    back: Function = np.transpose,
    sent: Function = lambda dz_t, dh_t: dz_t,
) -> tuple[Array, Array]:
    """Go one step back with one piece exchanged."""
    dz_t = meet(h_t, dh_t, dh_carry)
    return dz_t, sent(dz_t, dh_t + dh_carry) @ back(params.W_hh)


def _one(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, partial(_step, **exchanged))


STEP_BACK = (
    *(_one(name, says, meet=meet) for name, says, meet in _MEETINGS),
    _one("output_forgotten", ONLY_CARRY, meet=lambda h, dh, carry: carry * (1 - h**2)),
    _one("roads_multiplied", "multiplies the two roads: they add", meet=lambda h, dh, carry: dh * carry * (1 - h**2)),
    _one("W_hh_not_transposed", BACK_NOT_TRANSPOSED, back=lambda W: W),
    _one("carry_skips_slope", SKIPS_SLOPE, sent=lambda dz_t, dh: dh),
    Mistake("swapped_outputs", "returns the carry before dz_t", lambda p, h, dh, carry: _step(p, h, dh, carry)[::-1]),
    Mistake(
        "carry_accumulates",
        "adds the old carry to the new one: it is inside dz_t already",
        lambda p, h, dh, carry: (_step(p, h, dh, carry)[0], _step(p, h, dh, carry)[1] + carry),
    ),
    Mistake(
        "carry_not_multiplied",
        "carries dz_t itself: W_hh lies between two steps",
        lambda p, h, dh, carry: (_step(p, h, dh, carry)[0], _step(p, h, dh, carry)[0]),
    ),
)

# --- the sequence, back ----------------------------------------------------------------------------------------


def _walk(
    params: RNNParams,
    states: Array,
    dh: Array,
    *,
    meet: Function = _both,
    slope_at: Function = lambda states: states[1:],
    back: Function = np.transpose,
    sent: Function = lambda dz_t, dh_t: dz_t,
    carry: Function = lambda new, old: new,
    order: Function = reversed,
) -> tuple[Array, Array]:
    """Return dz and dh0 with one piece exchanged."""
    h, dz, dh_carry = slope_at(states), np.empty_like(dh), np.zeros_like(dh[0])
    for t in order(range(len(dh))):
        dz[t] = meet(h[t], dh[t], dh_carry)
        dh_carry = carry(sent(dz[t], dh[t] + dh_carry) @ back(params.W_hh), dh_carry)
    return dz, dh_carry


def _bptt(
    params: RNNParams,
    cache: SequenceCache,
    dh: Array,
    *,
    earlier: Function = lambda states: states[:-1],
    shared: Function = lambda dz: dz,
    bias: Function = lambda dz: as_rows(dz).sum(axis=0),
    mean: Function = lambda steps, batch: 1,
    **exchanged: Function,
) -> tuple[Array, ...]:
    """Backpropagate through time with one piece exchanged."""
    x, states = cache
    dz, dh0 = _walk(params, states, dh, **exchanged)
    counted, N = shared(dz), mean(*dh.shape[:2])
    dW_xh = as_rows(x).T @ as_rows(counted) / N
    dW_hh = as_rows(earlier(states)).T @ as_rows(counted) / N
    return dz @ params.W_xh.T, dh0, dW_xh, dW_hh, bias(counted) / N


def _through_time(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, partial(_bptt, **exchanged))


def _only(step: int) -> Function:
    """Let one step alone count for the weights."""

    def shared(dz: Array) -> Array:
        alone = np.zeros_like(dz)
        alone[step] = dz[step]
        return alone

    return shared


def _last_output_only(params: RNNParams, cache: SequenceCache, dh: Array) -> tuple[Array, ...]:
    """Start from the last step's output and forget those of the others."""
    last = np.zeros_like(dh)
    last[-1] = dh[-1]
    return _bptt(params, cache, last)


def _exchange(name: str, says: str, exchange: Function) -> Mistake:
    """Take the right gradients and exchange dx or dh0, computed from (params, cache, dh)."""

    def wrong(params: RNNParams, cache: SequenceCache, dh: Array) -> tuple[Array, ...]:
        dx, dh0, *shared = _bptt(params, cache, dh)
        return (*exchange(dx, dh0, *_walk(params, cache.states, dh), params), *shared)

    return Mistake(name, says, wrong)


def _dropped_to_the_end(params: RNNParams, cache: SequenceCache, dh: Array) -> tuple[Array, ...]:
    """Keep no carry at all, so that dh0 stays zero."""
    dx, dh0, *shared = _bptt(params, cache, dh, meet=_MEETINGS[0][2])
    return (dx, np.zeros_like(dh0), *shared)


def _article(params: RNNParams, cache: SequenceCache, dh: Array) -> tuple[Array, ...]:
    """Forget the upstream gradient and return the slope itself as dx."""
    _, *others = _bptt(params, cache, dh, meet=_MEETINGS[2][2])
    return (1 - cache.states[1:] ** 2, *others)


def _wrapped(states: Array) -> Array:
    """Read h[t - 1] at t = 0: Python answers with the last state."""
    return np.concatenate([states[-1:], states[1:-1]])


def _from_zeros(states: Array) -> Array:
    return np.concatenate([np.zeros_like(states[:1]), states[1:-1]])


# These change what the five shared gradients are: also looked for in loss_and_grads.
_SHARED = (
    *(_through_time(name, says, meet=meet) for name, says, meet in _MEETINGS),
    Mistake("output_forgotten", f"{ONLY_CARRY}, at every step but the last", _last_output_only),
    _through_time("W_hh_not_transposed", BACK_NOT_TRANSPOSED, back=lambda W: W),
    _through_time("carry_skips_slope", SKIPS_SLOPE, sent=lambda dz_t, dh_t: dh_t),
    _through_time("carry_accumulates", "adds up the carry: each step hands on a new one", carry=np.add),
    _through_time("forward_order", "walks from the first step to the last: gradients come from the end", order=iter),
    _through_time(
        "slope_of_h_prev", "takes the slope at h_prev: tanh put out h_t", slope_at=lambda states: states[:-1]
    ),
    _through_time(
        "h_t_for_h_prev", "computes dW_hh from h_t: W_hh was multiplied by h_prev", earlier=lambda hs: hs[1:]
    ),
    _through_time(
        "wrap_around",
        "reads the last state as the one before step 1: index -1 wraps around, h0 belongs there",
        earlier=_wrapped,
    ),
    _through_time("h0_ignored", "computes dW_hh as if h0 were zero", earlier=_from_zeros),
    _through_time(
        "assigned_not_added",
        "keeps the weights' gradient of step 1 alone: every step adds its share",
        shared=_only(0),
    ),
    _through_time("last_step_only", "takes the weights' gradient from the last step alone", shared=_only(-1)),
    _through_time(
        "bias_not_summed", "does not sum db_h over the batch: every row used the one bias", bias=lambda d: d.sum(0)
    ),
    _through_time(
        "bias_not_summed", "does not sum db_h over time and batch: all shared the one bias", bias=lambda d: d
    ),
    _through_time(
        "bias_over_batch_only", "does not sum db_h over time: every step used the one bias", bias=lambda d: d.sum(1)
    ),
    _through_time("bias_mean", "takes the mean for db_h: every row adds its full share", bias=lambda d: d.mean((0, 1))),
    _through_time("bias_mean", "takes the mean over the batch for db_h", bias=lambda d: d.mean(1).sum(0)),
    _through_time(
        "averaged_over_batch", "divides the shared gradients by the batch: they are sums", mean=lambda T, B: B
    ),
    _through_time(
        "averaged_over_time", "divides the shared gradients by the steps: they are sums", mean=lambda T, B: T
    ),
    _through_time(
        "averaged", "divides the shared gradients by steps and batch: they are sums", mean=lambda T, B: T * B
    ),
)

SEQUENCE_BACKWARD = (
    *_SHARED,
    _through_time(
        "dropped_and_not_transposed",
        f"{DROPPED}. It also uses W_hh as it is on the way back",
        meet=_MEETINGS[0][2],
        back=lambda W: W,
    ),
    Mistake("dropped_carry", DROPPED, _dropped_to_the_end),
    Mistake(
        "article_backward",
        "does what the article does: it forgets the upstream gradient, and takes the slope itself for dx",
        _article,
    ),
    _exchange("dh0_zero", "returns zeros as dh0: the last carry is left", lambda dx, dh0, dz, _, p: (dx, 0 * dh0)),
    _exchange("dh0_is_dz", "returns dz of step 1 as dh0: W_hh lies between", lambda dx, dh0, dz, _, p: (dx, dz[0])),
    _exchange(
        "dh0_not_transposed",
        "uses W_hh as it is for dh0: it is transposed on the way back",
        lambda dx, dh0, dz, _, p: (dx, dz[0] @ p.W_hh),
    ),
    _exchange("reversed_dx", "returns dx from the last step to the first", lambda dx, dh0, *_: (dx[::-1], dh0)),
    _exchange("dx_is_dz", "returns dz as dx: W_xh lies between them", lambda dx, dh0, dz, *_: (dz, dh0)),
    _exchange("swapped_outputs", "returns dh0 before dx", lambda dx, dh0, *_: (dh0, dx)),
)

# --- loss and gradients ----------------------------------------------------------------------------------------


def _loss_and_grads(
    params: RNNParams,
    x: Array,
    targets: Array,
    h0: Array | None = None,
    *,
    loss: Function = cross_entropy,
    dlogits: Function = answers.logits_gradient,
    through_output: Function = output_backward,
    through_time: Function = _bptt,
    scale: Function = lambda grads: grads,
    **forward: Function,
) -> tuple[Any, Any]:
    """Go forward and back with one piece exchanged."""
    states = _states(params, x, h0, **forward)
    logits = states[1:] @ params.W_hy + params.b_y
    dh, dW_hy, db_y = through_output(params.W_hy, states[1:], dlogits(logits, targets))
    _, _, *hidden = through_time(params, SequenceCache(x, states), dh)
    return loss(logits, targets), tuple(scale(grad) for grad in (*hidden, dW_hy, db_y))


def _whole(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, partial(_loss_and_grads, **exchanged))


def _total(logits: Array, targets: Array) -> Any:
    return output.nats(logits, targets).sum()


def _summed(logits: Array, targets: Array) -> Array:
    return answers.logits_gradient(logits, targets) * (targets >= 0).sum()


def _over_all(function: Function) -> Function:
    """Divide by all targets instead of those that count."""
    return lambda logits, targets: function(logits, targets) / targets.size


def _output_named(name: str) -> Mistake:
    """Take a mistake of the output layer into the whole network."""
    found = next(mistake for mistake in output.OUTPUT_BACKWARD if mistake.name == name)
    return _whole(f"output_{name}", f"{found.says} (in the output layer)", through_output=found.function)


def _output_from_h_prev(params: RNNParams, x: Array, targets: Array, h0: Array | None = None) -> tuple[Any, Any]:
    loss, grads = _loss_and_grads(params, x, targets, h0)
    states = _states(params, x, h0)
    dlogits = answers.logits_gradient(states[1:] @ params.W_hy + params.b_y, targets)
    return loss, (*grads[:3], as_rows(states[:-1]).T @ as_rows(dlogits), grads[4])


LOSS_AND_GRADS = (
    *(_whole(mistake.name, mistake.says, through_time=mistake.function) for mistake in _SHARED),
    _whole("sum_not_mean", "works with the sum of the losses: the mean is asked for", loss=_total, dlogits=_summed),
    _whole("loss_summed", "returns the sum as the loss, but the gradients of the mean", loss=_total),
    _whole("gradients_not_averaged", "returns the mean loss, but the gradients of the sum", dlogits=_summed),
    _whole(
        "ignored_in_mean",
        "divides by all targets: those that do not count (-100) are not part of the mean",
        loss=_over_all(_total),
        dlogits=_over_all(_summed),
    ),
    _whole(
        "gradients_ignored_in_mean",
        "divides its gradients by all targets, its loss by those that count",
        dlogits=_over_all(_summed),
    ),
    _whole(
        "ignored_not_zero",
        "leaves a gradient at targets that do not count (-100): there it is zero",
        dlogits=next(mistake.function for mistake in output.LOGITS_GRADIENT if mistake.name == "ignored_not_zero"),
    ),
    _whole("bits", "measures the loss in bits: nats are asked for", loss=lambda z, k: cross_entropy(z, k) / np.log(2)),
    _whole("turned_sign", "returns the gradients with the wrong sign", scale=lambda grad: -grad),
    _whole("initial_state_ignored", _H0_IGNORED, start=_zero_like),
    _whole("state_not_carried", _NOT_CARRIED, carry=lambda h_t, z_t, h0: h0),
    *(_output_named(name) for name in ("bias_not_summed", "bias_mean", "weights_transposed", "last_step_only")),
    _output_named("slope_too_early"),
    Mistake("output_h_prev", "computes dW_hy from the state before: the output read h_t", _output_from_h_prev),
)

ALL = {
    "scalar_forward": SCALAR_FORWARD,
    "rnn_forward": SEQUENCE_FORWARD,
    "run_in_two": RUN_IN_TWO,
    "step_back": STEP_BACK,
    "rnn_backward": SEQUENCE_BACKWARD,
    "loss_and_grads": LOSS_AND_GRADS,
}
