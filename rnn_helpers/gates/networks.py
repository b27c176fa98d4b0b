"""Any of the networks, by the type of its parameters: the plain one, the LSTM, both GRUs.

A state is what a sequence goes on from: an array (batch, n_h), or for an LSTM an LSTMState of two.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from rnn_helpers import fast, validate
from rnn_helpers.cell import rnn_cell_forward
from rnn_helpers.gates.gru import gru_backward, gru_cell_forward, gru_forward, gru_loss_and_grads
from rnn_helpers.gates.lstm import LSTMState, lstm_backward, lstm_cell_forward, lstm_forward, lstm_loss_and_grads
from rnn_helpers.gates.params import GRUBeforeParams, GRUParams, LSTMParams
from rnn_helpers.params import RNNParams
from rnn_helpers.rnn import loss_and_grads as rnn_loss_and_grads
from rnn_helpers.rnn import rnn_backward, rnn_forward
from rnn_helpers.validate import Array

Params = RNNParams | LSTMParams | GRUParams | GRUBeforeParams
State = Array | LSTMState
P = TypeVar("P", bound=Params)


class Functions(NamedTuple):
    """What one kind of network is run with, and how many blocks of n_h columns its weights have."""

    blocks: int
    cell_forward: Callable[..., tuple[Any, ...]]
    forward: Callable[..., tuple[Any, ...]]
    backward: Callable[..., Sequence[Array]]
    loss_and_grads: Callable[..., tuple[Any, ...]]


PLAIN = Functions(1, rnn_cell_forward, rnn_forward, rnn_backward, rnn_loss_and_grads)
GRU = Functions(3, gru_cell_forward, gru_forward, gru_backward, gru_loss_and_grads)
KINDS: dict[type[Params], Functions] = {
    RNNParams: PLAIN,
    LSTMParams: Functions(4, lstm_cell_forward, lstm_forward, lstm_backward, lstm_loss_and_grads),
    GRUParams: GRU,
    GRUBeforeParams: GRU,
}


def kind_of(params: Any) -> type[Params]:
    """Return the type of these parameters; of another type RNNParams, whose functions refuse what is none."""
    return type(params) if type(params) in KINDS else RNNParams


def functions(params: Any) -> Functions:
    """Return what runs a network of these parameters."""
    return KINDS[kind_of(params)]


def checked(params: P) -> P:
    """Return the parameters, whichever network they are of; errors as in `validate.params`."""
    blocks = functions(params).blocks
    return validate.params(params, RNNParams) if blocks == 1 else validate.gate_params(params, (type(params),), blocks)


def zeros(params: Params, batch: int) -> State:
    """Return the state from which every sequence starts that continues none."""
    h = np.zeros((batch, len(params.W_hh)), params.W_hh.dtype)
    return LSTMState(h, h.copy()) if isinstance(params, LSTMParams) else h


def step(params: Params, x_t: Array, state: State) -> tuple[State, Array]:
    """Return the next state and h_t, which is the state or a part of it."""
    if isinstance(params, LSTMParams):
        h_t, c_t, _, _ = lstm_cell_forward(params, x_t, *state)
        return LSTMState(h_t, c_t), h_t
    h_t = functions(params).cell_forward(params, x_t, state)[0]
    return h_t, h_t


def loss_and_grads(
    params: P, x: Array, targets: ArrayLike, h0: State | None = None, *, return_state: bool = False
) -> Any:
    """Return the mean cross-entropy and its gradients, and with `return_state` the last state, of any network.

    Parameters
    ----------
    params, x, targets, return_state : as in `rnn_helpers.loss_and_grads`.
    h0 : the state before the first step; None means zeros.

    Raises
    ------
    TypeError, ValueError : see `rnn_helpers.loss_and_grads`; also the state of a network of another kind.
    """
    if isinstance(params, LSTMParams) and h0 is not None and not isinstance(h0, LSTMState):
        raise TypeError(f"h0: expected an LSTMState for an LSTM, got {type(h0).__name__}")
    start = h0 if isinstance(params, LSTMParams) and h0 is not None else (h0,)
    return functions(params).loss_and_grads(params, x, targets, *start, return_state=return_state)


def states_and_back(params: Params, x: Array) -> tuple[Array, Callable[[Array], Sequence[Array]]]:
    """Return the states h_1 .. h_T, and what makes of their dh the gradients of W_xh, W_hh, b_h, and of b_n if any.

    The arguments are those of a forward pass, and are checked.
    """
    run = functions(params)
    if run is PLAIN:  # without dx, and without an output layer that nobody asked for
        params = validate.params(params, RNNParams)
        x = validate.network_input("x", x, len(params.W_xh), time=True)
        states = fast.run_states(params.W_xh, params.W_hh, params.b_h, x, None)
        n_x, W_hh = params.W_xh.shape[0], params.W_hh
        return states[1:], lambda dh: fast.weight_grads(x, states, fast.back_through_time(W_hh, states, dh), n_x)
    h, _, cache = run.forward(params, x)
    hidden = len(params) - 2  # fields, which the gradients of a sequence end in
    return h, lambda dh: run.backward(params, cache, dh)[-hidden:]
