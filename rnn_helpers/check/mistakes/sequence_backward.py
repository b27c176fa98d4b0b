"""Mistakes in backpropagation through time: notebook 06."""

from typing import Any

import numpy as np

from rnn_helpers.check import answers
from rnn_helpers.check.exercise import Function, Mistake, with_pieces
from rnn_helpers.check.mistakes import cell_backward, cell_forward, loss, sequence_forward
from rnn_helpers.fast import as_rows
from rnn_helpers.output import cross_entropy
from rnn_helpers.output import softmax as right_softmax
from rnn_helpers.params import RNNParams
from rnn_helpers.rnn import SequenceCache
from rnn_helpers.validate import Array

# --- one step back ---------------------------------------------------------------------------------------------

DROPPED = "drops what comes back from the later steps: h_t also feeds the next state"
MISPLACED = "adds the carry after the slope of tanh: both roads meet at h_t, before it"
ONLY_CARRY = "forgets what the step's own output sends back"
BACK_NOT_TRANSPOSED = "uses W_hh as it is on the way back: it is transposed there"
NOT_MULTIPLIED = "carries dz_t itself: W_hh lies between two steps"
SKIPS_SLOPE = "carries the gradient past tanh: what goes to the step before is taken from dz_t"


def _identity(W_hh: Array) -> Array:
    return np.eye(len(W_hh))


def _both(h_t: Array, dh_t: Array, dh_carry: Array) -> Array:
    """Add both roads, then go through tanh."""
    return answers.tanh_backward(h_t, dh_t + dh_carry)


# Name, sentence, and dz_t from h_t, dh_t and dh_carry: shared by one step and the whole sequence.
_MEETINGS: tuple[tuple[str, str, Function], ...] = (
    ("dropped_carry", DROPPED, lambda h, dh, carry: dh * (1 - h**2)),
    ("misplaced_carry", MISPLACED, lambda h, dh, carry: dh * (1 - h**2) + carry),
    ("upstream_forgotten", cell_backward.UPSTREAM, lambda h, dh, carry: 1 - h**2),
    ("squashed_again", cell_backward.SQUASHED_AGAIN, lambda h, dh, carry: (dh + carry) * (1 - np.tanh(h) ** 2)),
    ("not_squared", cell_backward.NOT_SQUARED, lambda h, dh, carry: (dh + carry) * (1 - h)),
    ("no_slope", cell_backward.NO_SLOPE, lambda h, dh, carry: dh + carry),
    ("squared_difference", cell_backward.SQUARED_DIFFERENCE, lambda h, dh, carry: (dh + carry) * (1 - h) ** 2),
    (
        "no_brackets",
        "applies the slope to the carry alone: it belongs to both roads",
        lambda h, dh, c: dh + c * (1 - h**2),
    ),
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
    return Mistake(name, says, with_pieces(_step, exchanged))


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
    _one("carry_not_multiplied", NOT_MULTIPLIED, back=_identity),
    Mistake(
        "carry_multiplied_twice",
        "multiplies the carry by W_hh once more: it has arrived at h_t already",
        lambda p, h, dh, carry: _step(p, h, dh, carry @ p.W_hh.T),
    ),
)


# --- the sequence, back ----------------------------------------------------------------------------------------


def _walk(
    params: RNNParams,
    states: Array,
    dh: Array,
    *,
    first: Function = lambda dh: np.zeros_like(dh[0]),
    meet: Function = _both,
    slope_at: Function = lambda states: states[1:],
    back: Function = np.transpose,
    sent: Function = lambda dz_t, dh_t: dz_t,
    carry: Function = lambda new, old: new,
    order: Function = reversed,
) -> tuple[Array, Array]:
    """Return dz and dh0 with one piece exchanged."""
    h, dz, dh_carry = slope_at(states), np.zeros_like(dh), first(dh)
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
    turn: Function = lambda dW_hh: dW_hh,
    bias_from: Function = lambda dz, dh: dz,
    bias: Function = lambda dz: as_rows(dz).sum(axis=0),
    mean: Function = lambda steps, batch: 1,
    **exchanged: Function,
) -> tuple[Array, ...]:
    """Backpropagate through time with one piece exchanged."""
    x, states = cache
    dz, dh0 = _walk(params, states, dh, **exchanged)
    counted, N = shared(dz), mean(*dh.shape[:2])
    dW_xh = as_rows(x).T @ as_rows(counted) / N
    dW_hh = turn(as_rows(earlier(states)).T @ as_rows(counted) / N)
    return dz @ params.W_xh.T, dh0, dW_xh, dW_hh, bias(bias_from(counted, dh)) / N


def _through_time(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, with_pieces(_bptt, exchanged))


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


def _article(params: RNNParams, cache: SequenceCache, dh: Array) -> tuple[Array, ...]:
    """Forget the upstream gradient and return the slope itself as dx."""
    _, *others = _bptt(params, cache, dh, meet=_MEETINGS[2][2])
    return (1 - cache.states[1:] ** 2, *others)


def _wrapped(states: Array) -> Array:
    """Read h[t - 1] at t = 0: Python answers with the last state."""
    return np.concatenate([states[-1:], states[1:-1]])


def _one_early(states: Array) -> Array:
    """Read states[t - 1] as the state before step t + 1: one step too early, since states[0] is h0."""
    return np.concatenate([states[-1:], states[:-2]])


def _from_zeros(states: Array) -> Array:
    return np.concatenate([np.zeros_like(states[:1]), states[1:-1]])


_ONE_EARLY = "reads the states one step too early: states[0] is h0, so the state of step t stands at index t"

# These change what the five shared gradients are: also looked for in loss_and_grads.
_SHARED = (
    *(_through_time(name, says, meet=meet) for name, says, meet in _MEETINGS),
    Mistake("output_forgotten", f"{ONLY_CARRY}, at every step but the last", _last_output_only),
    _through_time(
        "output_forgotten",
        f"{ONLY_CARRY}, so that no gradient ever starts",
        meet=lambda h, dh, carry: carry * (1 - h**2),
    ),
    _through_time("W_hh_not_transposed", BACK_NOT_TRANSPOSED, back=lambda W: W),
    _through_time("carry_skips_slope", SKIPS_SLOPE, sent=lambda dz_t, dh_t: dh_t),
    _through_time(
        "carry_starts_at_dh",
        "starts the carry with the last dh, which then counts twice: nothing comes back to the last step",
        first=lambda dh: dh[-1],
    ),
    _through_time("carry_accumulates", "adds up the carry: each step hands on a new one", carry=np.add),
    _through_time("carry_not_multiplied", NOT_MULTIPLIED, back=_identity),
    _through_time(
        "first_step_missing",
        "never comes to step 1: the walk ends one step early",
        order=lambda steps: reversed(steps[1:]),
    ),
    _through_time(
        "last_step_missing",
        "leaves out the last step: the walk starts one step early",
        order=lambda steps: reversed(steps[:-1]),
    ),
    _through_time(
        "dW_hh_transposed", "returns dW_hh transposed: it is square, so that no error tells", turn=np.transpose
    ),
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
    _through_time("states_one_early", _ONE_EARLY, earlier=_one_early),
    _through_time("states_one_early", _ONE_EARLY, earlier=_one_early, slope_at=lambda states: states[:-1]),
    _through_time(
        "bias_from_dh",
        "sums dh for db_h, as if the bias stood outside tanh: it stands inside, so that dz reaches it",
        bias_from=lambda dz, dh: dh,
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
    _through_time(
        "bias_kept_axis",
        "keeps an axis of size one in db_h: b_h has one axis",
        bias=lambda dz: as_rows(dz).sum(axis=0, keepdims=True),
    ),
    _through_time(
        "bias_column",
        "returns db_h as a column, as the article does: b_h has one axis",
        bias=lambda dz: as_rows(dz).sum(axis=0)[:, None],
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
    _through_time("dropped_carry", DROPPED, carry=lambda new, old: old),  # to the end: dh0 is zero too
    Mistake(
        "article_backward",
        "does what the article does: it forgets the upstream gradient, and takes the slope itself for dx",
        _article,
    ),
    Mistake(
        "article_backward",
        "does what the article does: it forgets the upstream gradient, and returns no dx",
        lambda params, cache, dh: _article(params, cache, dh)[1:],
    ),
    Mistake(
        "no_dx",
        "returns no dx, as the article's function: it comes first of five",
        lambda params, cache, dh: _bptt(params, cache, dh)[1:],
    ),
    _exchange(
        "time_and_batch_swapped",
        "returns dx with the batch first: time comes first",
        lambda dx, dh0, *_: (dx.swapaxes(0, 1), dh0),
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


def _through_output(W_hy: Array, h: Array, dlogits: Array) -> tuple[Array, Array, Array]:
    """Go back through the output layer without a look at the numbers: NaN passes, as in a learner's own lines."""
    d_rows = as_rows(dlogits)
    return dlogits @ W_hy.T, as_rows(h).T @ d_rows, d_rows.sum(axis=0)


def _loss_and_grads(
    params: RNNParams,
    x: Array,
    targets: Array,
    h0: Array | None = None,
    *,
    loss: Function = cross_entropy,
    dlogits: Function = answers.logits_gradient,
    through_output: Function = _through_output,
    through_time: Function = _bptt,
    bias: Function = lambda b_y: b_y,
    scale: Function = lambda grads: grads,
    **forward: Function,
) -> tuple[Any, Any]:
    """Go forward and back with one piece exchanged."""
    states = sequence_forward.run_states(params, x, h0, **forward)
    logits = states[1:] @ params.W_hy + bias(params.b_y)
    dh, dW_hy, db_y = through_output(params.W_hy, states[1:], dlogits(logits, targets))
    _, _, *hidden = through_time(params, SequenceCache(x, states), dh)
    return loss(logits, targets), tuple(scale(grad) for grad in (*hidden, dW_hy, db_y))


def _whole(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, with_pieces(_loss_and_grads, exchanged))


def _total(logits: Array, targets: Array) -> Any:
    return loss.nats(logits, targets).sum()


def _summed(logits: Array, targets: Array) -> Array:
    dlogits: Array = answers.logits_gradient(logits, targets) * (targets >= 0).sum()
    return dlogits


def _over_all(function: Function) -> Function:
    """Divide by all targets instead of those that count."""
    return lambda logits, targets: function(logits, targets) / targets.size


def _of_probabilities(function: Function) -> Function:
    """Hand over the probabilities where logits are due."""
    return lambda logits, targets: function(right_softmax(logits), targets)


def _named(name: str, mistakes: tuple[Mistake, ...]) -> list[Mistake]:
    return [mistake for mistake in mistakes if mistake.name == name]


def _output_named(name: str) -> Mistake:
    """Take a mistake of the output layer into the whole network."""
    (found,) = _named(name, loss.OUTPUT_BACKWARD)
    return _whole(f"output_{name}", f"{found.says} (in the output layer)", through_output=found.function)


def _ignored_counted() -> Mistake:
    """Say no place: in the loss and in the gradients it raises the same, and the line that raised tells which."""
    (found,) = _named("ignored_counted", loss.CROSS_ENTROPY)
    return _whole(found.name, found.says, loss=found.function)


def _loss_named(name: str) -> list[Mistake]:
    """Take a mistake of the loss into the whole network: into the loss, into its gradient, and into both."""
    losses, gradients = _named(name, loss.CROSS_ENTROPY), _named(name, loss.LOGITS_GRADIENT)
    first = losses[0]
    return [
        _whole(name, f"{first.says} (in the loss)", loss=first.function),
        *(_whole(name, f"{m.says} (in the gradients)", dlogits=m.function) for m in gradients),
        *(
            _whole(name, f"{first.says} (in loss and gradients)", loss=first.function, dlogits=m.function)
            for m in gradients
        ),
        *(_alone(_whole(name, f"{m.says} (in the loss)", loss=m.function)) for m in losses[1:]),
    ]


def _alone(mistake: Mistake) -> Mistake:
    """Keep a version of many out of the combinations: the first one stands for them there."""

    def same(*arguments: Any) -> Any:
        return mistake.function(*arguments)

    return mistake._replace(function=same)


def _zero_output_gradients(W_hy: Array, h: Array, dlogits: Array) -> tuple[Array, ...]:
    dh, dW_hy, db_y = _through_output(W_hy, h, dlogits)
    return dh, 0 * dW_hy, 0 * db_y


def _averaged_again(params: RNNParams, x: Array, targets: Array, h0: Array | None = None) -> tuple[Any, Any]:
    loss, grads = _loss_and_grads(params, x, targets, h0)
    return loss, tuple(grad / x.shape[1] for grad in grads)


def _output_from_h_prev(params: RNNParams, x: Array, targets: Array, h0: Array | None = None) -> tuple[Any, Any]:
    loss, grads = _loss_and_grads(params, x, targets, h0)
    states = sequence_forward.run_states(params, x, h0)
    dlogits = answers.logits_gradient(states[1:] @ params.W_hy + params.b_y, targets)
    return loss, (*grads[:3], as_rows(states[:-1]).T @ as_rows(dlogits), grads[4])


_OF_THE_LOSS = (
    # Where only ordinary numbers can be told, columns comes before article_softmax: it is true of that too.
    *("log_of_zero", "epsilon_in_log", "whole_array_max", "columns", "article_softmax", "one_row_for_all"),
    *("no_maximum", "ignored_as_class_0", "ignored_as_last_class", "divided_by_rows", "divided_by_batch"),
)

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
        dlogits=_named("ignored_not_zero", loss.LOGITS_GRADIENT)[0].function,
    ),
    _whole("bits", "measures the loss in bits: nats are asked for", loss=lambda z, k: cross_entropy(z, k) / np.log(2)),
    _whole("turned_sign", "returns the gradients with the wrong sign", scale=lambda grad: -grad),
    *(_whole(name, f"{says} (on the way forward)", z=z) for name, says, z in cell_forward.BEFORE_TANH),
    _whole("bias_after_tanh", cell_forward.BIAS_AFTER_TANH, **cell_forward.HIDDEN_BIAS_LATE),
    _whole("no_tanh", "leaves out tanh on the way forward", squash=lambda z: z),
    _whole("no_output_bias", "leaves out the output's bias b_y", bias=np.zeros_like),
    _whole(
        "softmax_twice",
        "applies softmax twice: the loss begins with softmax, and the y of rnn_forward is past it",
        loss=_of_probabilities(cross_entropy),
        dlogits=_of_probabilities(answers.logits_gradient),
    ),
    _whole(
        "softmax_twice",
        "applies softmax twice in the loss, and once in its gradients",
        loss=_of_probabilities(cross_entropy),
    ),
    *(version for name in _OF_THE_LOSS for version in _loss_named(name)),
    _ignored_counted(),
    Mistake(
        "output_gradients_missing",
        "returns three gradients: the output layer has two parameters of its own, W_hy and b_y",
        lambda *arguments: (_loss_and_grads(*arguments)[0], _loss_and_grads(*arguments)[1][:3]),
    ),
    _whole(
        "output_gradients_missing",
        "returns zeros for the output layer: W_hy and b_y have gradients of their own",
        through_output=_zero_output_gradients,
    ),
    _whole("initial_state_ignored", sequence_forward.H0_IGNORED, start=sequence_forward.zero_like),
    _whole("state_not_carried", sequence_forward.NOT_CARRIED, carry=lambda h_t, z_t, h0: h0),
    *(_output_named(name) for name in ("bias_not_summed", "bias_mean", "weights_transposed", "last_step_only")),
    _output_named("slope_too_early"),
    Mistake(
        "averaged_again",
        "divides the gradients by the batch once more: the mean of the loss is in them already",
        _averaged_again,
    ),
    Mistake("output_h_prev", "computes dW_hy from the state before: the output read h_t", _output_from_h_prev),
)

ALL = {
    "step_back": STEP_BACK,
    "rnn_backward": SEQUENCE_BACKWARD,
    "loss_and_grads": LOSS_AND_GRADS,
}
