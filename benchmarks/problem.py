"""The five sizes that are timed, and the numbers that every contender gets."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_helpers import init_params
from rnn_helpers.gates import init_gru, init_lstm
from rnn_helpers.gates.networks import Params

Array = NDArray[Any]


class Size(NamedTuple):
    n_x: int
    n_h: int
    n_y: int
    batch: int
    time: int


SIZES = [
    Size(4, 5, 2, 10, 4),  # a size to draw on paper
    Size(27, 64, 27, 16, 25),  # names, letter by letter
    Size(65, 128, 65, 32, 50),  # the character models that people train on plays
    Size(65, 256, 65, 64, 100),
    Size(256, 512, 256, 64, 200),  # bytes
]


STARTS = {"RNN": init_params, "LSTM": init_lstm, "GRU": init_gru}


class Problem(NamedTuple):
    """`x` holds the one-hot rows of `ids`, so that both ways of feeding must give one answer."""

    params: Params
    x: Array  # (time, batch, n_x)
    ids: Array  # (time, batch)
    targets: Array  # (time, batch)


def make_problem(size: Size, dtype: str, network: str = "RNN", *, one_hot: bool = True) -> Problem:
    """Draw weights, token ids and targets; the biases are not zero, so that a wrong one shows.

    Without `one_hot`, x is empty: whoever measures the memory that ids take needs the rows not to be there.
    """
    rng = np.random.default_rng(0)
    params = STARTS[network](rng, size.n_x, size.n_h, size.n_y, dtype=dtype)
    for name, field in params._asdict().items():
        if name.startswith("b_"):
            field[:] = rng.standard_normal(len(field))
    ids = rng.integers(size.n_x, size=(size.time, size.batch))
    targets = rng.integers(size.n_y, size=(size.time, size.batch))
    x = np.zeros((*ids.shape, size.n_x if one_hot else 0), dtype)
    if one_hot:
        np.put_along_axis(x, ids[..., None], 1, axis=-1)
    return Problem(params, x, ids, targets)
