"""Networks with gates: the LSTM and both GRUs, forward and back.

What they compute stands on one page, `plain_gates.py`: read that first. Here are their parameters and how they start
(`params`), and for each the cell, the whole sequence and the loss (`lstm`, `gru`), which check what they are given.
"""

from rnn_helpers.gates.gru import (
    GRUCache,
    GRUCellCache,
    GRUCellGrads,
    GRUGrads,
    gru_backward,
    gru_cell_backward,
    gru_cell_forward,
    gru_forward,
    gru_loss_and_grads,
)
from rnn_helpers.gates.lstm import (
    LSTMCache,
    LSTMCellCache,
    LSTMCellGrads,
    LSTMGrads,
    LSTMState,
    lstm_backward,
    lstm_cell_backward,
    lstm_cell_forward,
    lstm_forward,
    lstm_loss_and_grads,
)
from rnn_helpers.gates.params import (
    GRUBeforeParams,
    GRUParams,
    LSTMParams,
    init_gru,
    init_lstm,
    time_scales,
)
from rnn_helpers.gates.sigmoid import sigmoid

__all__ = [
    "GRUBeforeParams", "GRUCache", "GRUCellCache", "GRUCellGrads", "GRUGrads", "GRUParams", "LSTMCache",
    "LSTMCellCache", "LSTMCellGrads", "LSTMGrads", "LSTMParams", "LSTMState", "gru_backward", "gru_cell_backward",
    "gru_cell_forward", "gru_forward", "gru_loss_and_grads", "init_gru", "init_lstm", "lstm_backward",
    "lstm_cell_backward", "lstm_cell_forward", "lstm_forward", "lstm_loss_and_grads", "sigmoid", "time_scales",
]  # fmt: skip
