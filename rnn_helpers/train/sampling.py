"""Let a trained network write: one token at a time, each drawn from what the network expects next."""

from collections.abc import Iterator

import numpy as np

from rnn_helpers import validate
from rnn_helpers.data import END, decode, encode
from rnn_helpers.gates import networks
from rnn_helpers.gates.networks import Params
from rnn_helpers.output import softmax
from rnn_helpers.validate import Array


def next_token(rng: np.random.Generator, logits: Array, temperature: float = 1.0) -> int:
    r"""Draw a token from $\mathrm{softmax}(z / \tau)$; at temperature 0 take the one with the largest score.

    Parameters
    ----------
    rng : the generator that draws.
    logits : (n_y,) scores z before softmax.
    temperature : tau, at least 0; below 1 it favours the likely tokens, above 1 the unlikely ones.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : a temperature below 0, NaN or infinity.
    """
    logits = validate.floats("logits", logits, {"n_y": None})
    validate.generator(rng)
    if validate.number("temperature", temperature) < 0:
        raise ValueError(f"temperature: expected at least 0, got {temperature}")
    if temperature == 0:
        return int(np.argmax(logits))
    # Division by a tiny temperature may overflow. exp(-1000) is 0 already, so nothing is lost by stopping there.
    with np.errstate(over="ignore"):
        scaled = np.maximum((logits - logits.max()) / temperature, -1000)
    return int(rng.choice(len(scaled), p=softmax(scaled)))


def tokens(
    params: Params,
    rng: np.random.Generator,
    *,
    beginning: Array | tuple[int, ...] = (),
    temperature: float = 1.0,
    longest: int = 40,
    lines: int | None = 1,
) -> Iterator[int]:
    r"""Yield tokens until END or until there are `longest`: each is drawn, then read as the next input.

    Parameters
    ----------
    params : RNNParams, or those of a network with gates, with n_x = n_y, one for each token.
    rng : the generator that draws.
    beginning : (length,) ids that the network reads, after END, before it goes on; they are not yielded.
    temperature : see `next_token`.
    longest : the most tokens that are drawn.
    lines : how many END make an end. Those before are yielded and read like other tokens, the last one is not; None:
        `longest` alone ends it.

    Raises
    ------
    TypeError, ValueError : an argument of the wrong kind, an id out of range, sizes that do not agree.
    """
    params = networks.checked(params)
    n_x = len(params.W_xh)
    if params.W_hy.shape[1] != n_x:
        raise ValueError(
            f"params: expected n_y = n_x, so that outputs can be read, got {params.W_hy.shape[1]} and {n_x}"
        )
    validate.size("longest", longest)
    if lines is not None:
        validate.size("lines", lines)
    if validate.as_array("beginning", beginning).shape != (0,):  # of nothing NumPy makes floats
        beginning = validate.indices("beginning", beginning, {"length": None}, below=n_x)
    state = networks.zeros(params, 1)
    for token in (END, *beginning):
        state, h_t = networks.step(params, np.array([token]), state)
    for _ in range(longest):
        token = next_token(rng, h_t[0] @ params.W_hy + params.b_y, temperature)
        if token == END and lines is not None:
            lines -= 1
            if not lines:
                return
        yield token
        state, h_t = networks.step(params, np.array([token]), state)


def text(
    params: Params,
    alphabet: str,
    rng: np.random.Generator,
    *,
    beginning: str = "",
    temperature: float = 1.0,
    longest: int = 40,
    lines: int | None = 1,
) -> str:
    """Return a text that the network writes, with its beginning; the rest as in `tokens` and `data.encode`.

    It ends before its `lines`-th line break; the state goes on across those before. A network that read each name from
    a state of zeros is better called once a name.
    """
    ids = encode(beginning, alphabet)
    if len(alphabet) != len(networks.checked(params).b_y):
        raise ValueError(
            f"alphabet: expected {len(params.b_y)} characters, one for each output of params, got {len(alphabet)}"
        )
    drawn = list(tokens(params, rng, beginning=ids, temperature=temperature, longest=longest, lines=lines))
    return beginning + decode(drawn, alphabet)
