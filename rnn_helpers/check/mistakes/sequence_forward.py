"""Mistakes in the whole sequence, forward: notebook 03."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnn_helpers.check import answers
from rnn_helpers.check.exercise import NO_ARRAY, Function, Mistake, with_pieces
from rnn_helpers.check.mistakes import cell_forward, functions
from rnn_helpers.output import softmax as right_softmax
from rnn_helpers.params import RNNParams
from rnn_helpers.validate import Array

H0_IGNORED = "starts from zeros whatever h0 is"
NOT_CARRIED = "starts every step from h0: the state of one step is the next step's h_prev"
_RETURN_IN_THE_LOOP = "returns step 1 alone: a `return` inside the loop ends the function there"

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
    after: Function = lambda h, b: h,
    carry: Function = lambda h, z, h0: h,
    keep: Function = lambda states, h0: states,
) -> Any:
    """Run one unit through the list with one piece exchanged."""
    states, h = [], start(h0)
    for x in xs:
        z_t = z(w_x, w_h, b, x, h)
        states.append(after(squash(z_t), b))
        h = carry(states[-1], z_t, h0)
    return keep(states, h0)


def _unit(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, with_pieces(_scalar, exchanged))


def _without_product(weights: Function) -> Function:
    """Change the three weights before they are used."""
    return lambda w_x, w_h, b, x, h: np.dot(weights(w_x, w_h, b), (x, h, 1))


_ZERO_FIRST = "returns a 0.0 before the states: asked for are h_1 to h_T"

SCALAR_FORWARD = (
    _unit("h0_ignored", H0_IGNORED, start=lambda h0: 0.0),
    _unit("state_not_carried", NOT_CARRIED, carry=lambda h, z, h0: h0),
    _unit("no_recurrence", "leaves out the state before", z=_without_product(lambda x, h, b: (x, 0, b))),
    _unit("no_input", "leaves out the input", z=_without_product(lambda x, h, b: (0, h, b))),
    _unit("no_bias", "leaves out the bias b", z=_without_product(lambda x, h, b: (x, h, 0))),
    _unit(
        "bias_after_tanh",
        "adds the bias after tanh: it belongs inside, with the two products",
        z=_without_product(lambda x, h, b: (x, h, 0)),
        after=lambda h, b: h + b,
    ),
    _unit("weights_swapped", "swaps w_x and w_h", z=_without_product(lambda x, h, b: (h, x, b))),
    _unit("no_tanh", "leaves out tanh", squash=lambda z: z),
    _unit("sigmoid", "squashes with the sigmoid: this network uses tanh", squash=cell_forward.sigmoid),
    _unit("relu", "cuts off what is below 0, as ReLU does: this network uses tanh", squash=cell_forward.relu),
    _unit("carried_z", "carries what stands before tanh: the state is what comes after", carry=lambda h, z, h0: z),
    _unit("states_with_h0", "returns h0 as well: asked for are h_1 to h_T", keep=lambda hs, h0: [h0, *hs]),
    _unit("states_late", "returns h_0 to h_(T-1): one step late", keep=lambda hs, h0: [h0, *hs[:-1]]),
    _unit("last_state_only", "returns the last state: asked for are all of them", keep=lambda hs, h0: hs[-1]),
    _unit("last_state_only", "returns the last state: asked for are all of them", keep=lambda hs, h0: hs[-1:]),
    _unit("first_step_only", _RETURN_IN_THE_LOOP, keep=lambda hs, h0: hs[0]),
    _unit("first_step_only", _RETURN_IN_THE_LOOP, keep=lambda hs, h0: hs[:1]),
    _unit("zero_before_states", _ZERO_FIRST, keep=lambda hs, h0: [0.0, *hs]),
    _unit(
        "zero_before_states",
        f"{H0_IGNORED}, and {_ZERO_FIRST}",
        start=lambda h0: 0.0,
        keep=lambda hs, h0: [0.0, *hs],
    ),
    _unit("reversed_states", "returns the states in reverse order", keep=lambda hs, h0: hs[::-1]),
)


# --- the sequence, forward -------------------------------------------------------------------------------------


def _zeros(params: RNNParams, x: Array) -> Array:
    return np.zeros((x.shape[1], len(params.b_h)))


def run_states(
    params: RNNParams,
    x: Array,
    h0: Array | None = None,
    *,
    start: Function = lambda h0: h0,
    z: Function = answers.pre_activation,
    squash: Function = np.tanh,
    after: Function = lambda h_t, params: h_t,
    carry: Function = lambda h_t, z_t, h0: h_t,
) -> Array:
    """Return h0 and all states, (time + 1, batch, n_h), with one piece exchanged."""
    first = start(_zeros(params, x) if h0 is None else h0)
    states, h = [first], first
    for x_t in x:
        z_t = z(params, x_t, h)
        states.append(after(squash(z_t), params))
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
    finish: Function = lambda y, params: y,
    **exchanged: Function,
) -> tuple[Array, Array, None]:
    """Compute states and probabilities with one piece exchanged."""
    states = run_states(params, x, h0, **exchanged)
    y = softmax(read(states) @ params.W_hy + bias(params.b_y))
    return keep(states), finish(y, params), None


def _sequence(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, with_pieces(_forward, exchanged))


def zero_like(h0: Array) -> Array:
    """Start from zeros."""
    return np.zeros_like(h0)


def _last_everywhere(states: Array) -> Array:
    return np.broadcast_to(states[-1], states[1:].shape)


def _over_samples(params: RNNParams, x: Array, h0: Array | None = None) -> tuple[Array, Array, None]:
    """Walk along the batch as if it were time."""
    turned = x.swapaxes(0, 1)
    first = np.zeros((len(x), len(params.b_h))) if h0 is None else h0
    return _forward(params, turned, first)


def _with_axes(order: tuple[int, int, int]) -> Function:
    """Return h and y with their axes, (time, batch, n), in another order."""

    def wrong(params: RNNParams, x: Array, h0: Array | None = None) -> tuple[Array, Array, None]:
        h, y, _ = _forward(params, x, h0)
        return h.transpose(order), y.transpose(order), None

    return wrong


def _without(step: int, filled: bool) -> Function:
    """Leave out the first step, 0, or the last one, -1: its place is missing, or left at zero."""

    def wrong(params: RNNParams, x: Array, h0: Array | None = None) -> tuple[Array, Array, None]:
        kept = x[1:] if step == 0 else x[:-1]
        states = run_states(params, kept, h0)[1:]
        if filled:
            states = np.insert(states, 0 if step == 0 else len(states), 0.0, axis=0)
        return states, right_softmax(states @ params.W_hy + params.b_y), None

    return wrong


def _cache_first(params: RNNParams, x: Array, h0: Array | None = None) -> tuple[Any, Array, Array]:
    h, y, _ = _forward(params, x, h0)
    return NO_ARRAY, h, y


def _reversed_time(params: RNNParams, x: Array, h0: Array | None = None) -> tuple[Array, Array, None]:
    return _forward(params, x[::-1], h0)


SEQUENCE_FORWARD = (
    _sequence("h0_ignored", H0_IGNORED, start=zero_like),
    _sequence("state_not_carried", NOT_CARRIED, carry=lambda h_t, z_t, h0: h0),
    _sequence("carried_z", "carries what stands before tanh: the state is what comes after", carry=lambda h, z, h0: z),
    *(_sequence(name, says, z=z) for name, says, z in cell_forward.BEFORE_TANH),
    _sequence("bias_after_tanh", cell_forward.BIAS_AFTER_TANH, **cell_forward.HIDDEN_BIAS_LATE),
    _sequence("output_bias_after_softmax", cell_forward.BIAS_AFTER_SOFTMAX, **cell_forward.OUTPUT_BIAS_LATE),
    _sequence("no_tanh", "leaves out tanh: states leave the range -1 to 1", squash=lambda z: z),
    _sequence("sigmoid", "squashes with the sigmoid: this network uses tanh", squash=cell_forward.sigmoid),
    _sequence("relu", "cuts off what is below 0, as ReLU does: this network uses tanh", squash=cell_forward.relu),
    _sequence("states_with_h0", "returns h0 in h as well: asked for are h_1 to h_T", keep=lambda states: states),
    _sequence("states_late", "returns h_0 to h_(T-1) as h: one step late", keep=lambda states: states[:-1]),
    _sequence("last_state_only", "returns the last state as h: asked for are all of them", keep=lambda hs: hs[-1]),
    _sequence("first_step_only", _RETURN_IN_THE_LOOP, keep=lambda hs: hs[1:2], read=lambda hs: hs[1:2]),
    _sequence("first_step_only", _RETURN_IN_THE_LOOP, keep=lambda hs: hs[1], read=lambda hs: hs[1]),
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
    _sequence("whole_array_max", f"{functions.WHOLE_MAX} (in its softmax)", softmax=functions.whole_array_max),
    _sequence("article_softmax", f"{functions.ARTICLE} (in its softmax)", softmax=functions.article_softmax),
    _sequence(
        "softmax_over_time",
        "makes y sum to one over time: the scores lie on the last axis",
        softmax=functions.column_softmax,
    ),
    _sequence(
        "softmax_over_batch",
        "makes y sum to one over the batch: the scores lie on the last axis",
        softmax=lambda z: right_softmax(z, axis=1),
    ),
    _sequence(
        "one_row_for_all",
        f"{functions.ONE_ROW} (in its softmax)",
        softmax=lambda z: np.array([functions.one_row_for_all(z_t) for z_t in z]),
    ),
    _sequence("no_maximum", f"{functions.NO_MAX} (in its softmax)", softmax=functions.no_maximum),
    Mistake("time_and_batch_swapped", "returns the batch first: time comes first", _with_axes((1, 0, 2))),
    Mistake("time_last", "returns time as the last axis: time comes first", _with_axes((1, 2, 0))),
    Mistake(
        "article_layout",
        "returns (n, batch, time), as the article does: here time comes first, and one sample is one row",
        _with_axes((2, 1, 0)),
    ),
    Mistake("cache_first", "returns the cache first, as the article does: it comes last here", _cache_first),
    Mistake("over_samples", "walks along the batch: time is the first axis of x", _over_samples),
    Mistake("reversed_time", "walks from the last step to the first", _reversed_time),
    *(Mistake("first_step_missing", "leaves out the first step", _without(0, filled)) for filled in (True, False)),
    *(Mistake("last_step_missing", "leaves out the last step", _without(-1, filled)) for filled in (True, False)),
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
    h_first = run_states(params, x_first, first(h0))[1:]
    h_second = run_states(params, x_second, handed(h_first, h0))[1:]
    joined: Array = join(h_first, h_second)
    return joined


def _pieces(name: str, says: str, **exchanged: Function) -> Mistake:
    return Mistake(name, says, with_pieces(_two, exchanged))


RUN_IN_TWO = (
    _pieces("state_not_carried", "starts the second piece from zeros", handed=lambda h, h0: np.zeros_like(h0)),
    _pieces("second_from_h0", "starts the second piece from h0 once more", handed=lambda h, h0: h0),
    _pieces("h0_ignored", "starts the first piece from zeros whatever h0 is", first=zero_like),
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
        "hands on the state one step before the end of the first piece: the second piece starts where it ended",
        split=lambda x, cut: (x[: cut + 1], x[cut + 1 :]),
        handed=lambda h, h0: h[-2],
    ),
    _pieces("first_only", "returns the first piece alone", join=lambda a, b: a),
    _pieces("second_only", "returns the second piece alone", join=lambda a, b: b),
    _pieces("pieces_swapped", "joins the pieces in the wrong order", join=lambda a, b: np.concatenate([b, a])),
)

ALL = {
    "scalar_forward": SCALAR_FORWARD,
    "rnn_forward": SEQUENCE_FORWARD,
    "run_in_two": RUN_IN_TWO,
}
