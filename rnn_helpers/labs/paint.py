"""Paint a name: networks that read a colour's name letter by letter and answer with the colour."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from rnn_helpers import many_to_one, optim, train, validate
from rnn_helpers.data import END, Batch, batches, encode, readable, unreadable
from rnn_helpers.data.texts import checked_text, checked_texts, shown
from rnn_helpers.params import RNNParams, init_params
from rnn_helpers.rnn import rnn_backward, rnn_forward
from rnn_helpers.validate import Array

UNIT = 100.0  # a network answers in hundreds of Lab units: numbers between -1 and 1, like those in its states


class Reader(NamedTuple):
    """A trained network, the alphabet of its ids, and whether it reads from right to left."""

    params: RNNParams
    alphabet: str
    backwards: bool = False


def varied(name: str, rng: np.random.Generator, *, mix: float = 0.3, drop: float = 0.1) -> str:
    """Return the name as someone else might have typed it, words in another order, letters left out: augmented data.

    Parameters
    ----------
    name : what stands in the data.
    rng : the generator that draws.
    mix : the share of names whose words are put in a random order, at least 0 and below 1.
    drop : the share of letters that are left out, at least 0 and below 1; a name that would lose all keeps all.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : a share out of range.
    """
    checked_text(name, "name")
    validate.generator(rng)
    validate.share("mix", mix)
    validate.share("drop", drop)
    if rng.random() < mix:
        name = " ".join(rng.permutation(name.split(" ")))
    kept = rng.random(len(name)) >= drop
    return "".join(letter for letter, stays in zip(name, kept, strict=True) if stays) or name


def lessons(
    names: Sequence[str],
    alphabet: str,
    rng: np.random.Generator,
    *,
    passes: int = 60,
    size: int = 32,
    backwards: bool = False,
) -> list[Batch]:
    """Return the batches of so many passes over the names, each name varied anew in each pass; see `data.batches`.

    Parameters
    ----------
    names : of characters from the alphabet.
    alphabet : as from `data.alphabet_of`.
    rng : draws the variations and the batches.
    passes : how often each name is read.
    size : the most names in a batch.
    backwards : read each name from right to left.

    Raises
    ------
    TypeError : an argument of the wrong kind, one string in place of several.
    ValueError : no name or an empty one, a character out of the alphabet, `passes` or `size` below 1.
    """
    names = checked_texts(names, "names")
    validate.size("passes", passes)
    order = -1 if backwards else 1
    made: list[Batch] = []
    for _ in range(passes):
        made += batches([encode(varied(name, rng)[::order], alphabet) for name in names], size, rng)
    return made


def start(rng: np.random.Generator, n_x: int, n_h: int, mean: Array) -> RNNParams:
    """Return parameters whose answer to everything is near `mean`, and that feel a single letter.

    `init_params` divides by the square root of n_x, for sums over n_x numbers. A one-hot row has a single number that
    is not 0, so W_xh is multiplied by that root again.

    Parameters
    ----------
    rng, n_x, n_h : as in `init_params`.
    mean : (n_y,) in the unit of the answers, hundreds of Lab for `learn`.

    Raises
    ------
    TypeError, ValueError : a mean that is not finite floats on one axis; the rest as in `init_params`.
    """
    mean = validate.floats("mean", mean, {"n_y": None})
    params = init_params(rng, n_x, n_h, len(mean))
    return params._replace(W_xh=params.W_xh * np.sqrt(n_x), W_hy=0.1 * params.W_hy, b_y=np.array(mean, np.float64))


def fading(count: int) -> Callable[..., Any]:
    """Return Adam with linear decay: its learning rate falls in a straight line and is zero after `count` steps.

    Raises
    ------
    TypeError, ValueError : a count that is not an integer of at least 1. A step more than `count` is a ValueError.
    """
    validate.size("count", count)

    def step(params: Any, grads: Any, state: Any, learning_rate: float) -> tuple[Any, Any]:
        validate.positive("learning_rate", learning_rate)
        # A state that is none has taken no steps, and Adam refuses it by name.
        done = validate.integer("state.steps", state.steps) if isinstance(state, optim.AdamState) else 0
        if done >= count:
            raise ValueError(f"state.steps: expected fewer than the {count} of the whole run, got {done}")
        return optim.adam(params, grads, state, learning_rate * (1 - done / count))

    return step


def learn(plan: Sequence[Batch], lab: Array, start_at: RNNParams) -> Iterator[train.Step[RNNParams]]:
    """Train a network to answer names with their colours, and yield after each step; see `train.steps`.

    Adam starts at a rate of 0.004 and fades; gradients are clipped to a norm of 1.

    Parameters
    ----------
    plan : the batches, as from `lessons`.
    lab : (names, 3) the colours of the names that the batches' rows number.
    start_at : as from `start`.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : no batch, colours of another shape, NaN or infinity, fewer colours than the batches' rows number.
    """
    _check_list_of(Batch, "plan", plan)
    targets = validate.floats("lab", lab, {"names": None, "Lab": 3}) / UNIT
    most = max(int(batch.rows.max()) for batch in plan)
    if most >= len(targets):
        raise ValueError(f"lab: expected a colour for each name, at least {most + 1}, got {len(targets)}")
    params = _params_of("start_at", start_at)

    def loss_and_grads(params: RNNParams, batch: Batch) -> tuple[float, RNNParams]:
        return many_to_one.loss_and_grads(params, batch.x, batch.lengths(), targets[batch.rows])

    return train.steps(
        params,
        plan,
        fading(len(plan)),
        0.004,
        clip=lambda grads: optim.clip_by_norm(grads, 1.0),
        loss_and_grads=loss_and_grads,
    )


def typed(name: str, alphabet: str) -> tuple[str, str]:
    """Return what a reader can read of a name that someone typed, and a note on what it cannot, for a sentence's end.

    Raises
    ------
    TypeError, ValueError : as in `data.readable`.
    """
    text, notes = readable(name, alphabet), [unreadable(name, alphabet)]
    if not text:  # a reader needs a letter
        text = alphabet[1]
        notes.append(f"No letter is left to read: {shown(text)} stands in the name's place.")
    return text, "".join(f" {note}" for note in notes if note)


def paint(readers: Sequence[Reader], names: Sequence[str]) -> Array:
    """Return the mean of the readers' answers to each name, (len(names), 3), in Lab.

    A name may be empty.

    Raises
    ------
    TypeError : an argument of the wrong kind, one string in place of several.
    ValueError : no reader or no name, a character that a reader's alphabet does not have (see `data.readable`), a
        reader whose network does not fit its alphabet or answers with other than 3 numbers.
    """
    _check_readers(readers)
    names = checked_texts(names, "names", empty=True)
    answers = [many_to_one.read(reader.params, *_padded(reader, names)) for reader in readers]
    lab: Array = np.mean(answers, axis=0) * UNIT
    return lab


def letter_gradients(readers: Sequence[Reader], name: str, direction: Array) -> Array:
    r"""Compute $\partial (c \cdot u) / \partial x_{t,k}$ for each letter: k its id, u the direction, c the colour.

    Parameters
    ----------
    readers : who paints.
    name : at least one letter.
    direction : (3,) a vector in Lab, usually of length 1.

    Returns
    -------
    (len(name),) : by how many units the colour moves along the direction for each unit that the letter's 1 in its
        one-hot row grows, if nothing else about the network were curved.

    Raises
    ------
    TypeError : an argument of the wrong kind.
    ValueError : an empty name, a direction of another shape, NaN or infinity; readers and characters as in `paint`.

    Source
    ------
    Simonyan, Vedaldi and Zisserman (2014), Deep inside convolutional networks, section 3.
    """
    _check_readers(readers)
    if not checked_text(name, "name"):
        raise ValueError("name: expected at least one letter, got none")
    direction = validate.floats("direction", direction, {"Lab": 3})
    found = []
    for reader in readers:
        x, lengths = _padded(reader, [name])
        _, _, cache = rnn_forward(reader.params, x)
        dh_last = (reader.params.W_hy @ direction)[None]
        dx = rnn_backward(reader.params, cache, many_to_one.last_states_backward(dh_last, lengths, len(x))).x
        at_letters = many_to_one.at_ids(dx, x)[1:, 0]  # the first step read END, which is no letter
        found.append(at_letters[::-1] if reader.backwards else at_letters)
    grads: Array = np.mean(found, axis=0) * UNIT
    return grads


def without_each_letter(name: str) -> list[str]:
    """Return the name as often as it has letters, each time without one of them; TypeError if it is no string."""
    checked_text(name, "name")
    return [name[:i] + name[i + 1 :] for i in range(len(name))]


def edit_distances(text: str, others: Sequence[str]) -> Array:
    """Count for each of `others` the letters to insert, delete or exchange that lead from `text` to it, (len(others),).

    Raises
    ------
    TypeError : `text` is not a string, `others` are not several.
    ValueError : `others` are none.

    Source
    ------
    Wagner and Fischer (1974), The string-to-string correction problem.
    """
    checked_text(text)
    others = checked_texts(others, "others", empty=True)
    lengths = np.array([len(other) for other in others])
    codes = np.array(others).view(np.uint32).reshape(len(others), -1)  # rows as long as the longest, filled with 0
    columns = np.arange(lengths.max() + 1)
    row = np.tile(columns, (len(others), 1))  # row[:, j]: from what was read of the text to the other's first j letters
    for count, letter in enumerate(text, 1):
        exchanged, deleted = row[:, :-1] + (codes != ord(letter)), row[:, 1:] + 1
        row = np.column_stack([np.full(len(others), count), np.minimum(exchanged, deleted)])
        # Inserting costs 1 a column: the best is the smallest of all columns to the left, plus the way from there.
        row = np.minimum.accumulate(row - columns, axis=1) + columns
    found: Array = row[np.arange(len(others)), lengths]
    return found


def shared_words(text: str, others: Sequence[str]) -> Array:
    """Return for each of `others` the share of words that it has in common with `text`, from 0 to 1.

    Raises
    ------
    TypeError, ValueError : as in `edit_distances`.

    Source
    ------
    Jaccard (1912), The distribution of the flora in the alpine zone: the intersection's size over the union's.
    """
    words = _words(checked_text(text))
    others = checked_texts(others, "others", empty=True)
    return np.array([len(words & _words(other)) / len(words | _words(other)) for other in others])


def _check_list_of(kind: type, name: str, values: Sequence[object]) -> None:
    if not isinstance(values, Sequence):
        raise TypeError(f"{name}: expected a list of type {kind.__name__}, got {type(values).__name__}")
    for place, value in enumerate(values):
        if not isinstance(value, kind):
            raise TypeError(f"{name}: expected type {kind.__name__}, got {type(value).__name__} at index {place}")
    if not values:
        raise ValueError(f"{name}: expected at least one {kind.__name__}, got none")


def _check_readers(readers: Sequence[Reader]) -> None:
    _check_list_of(Reader, "readers", readers)
    for place, reader in enumerate(readers):
        characters = len(checked_text(reader.alphabet, f"readers[{place}].alphabet"))
        params = _params_of(f"readers[{place}].params", reader.params)
        n_x, n_y = len(params.W_xh), len(params.b_y)
        if (n_x, n_y) != (characters, 3):
            raise ValueError(
                f"readers: expected n_x = {characters}, the alphabet's characters, and n_y = 3, "
                f"got {n_x} and {n_y} at index {place}"
            )


def _params_of(name: str, params: RNNParams) -> RNNParams:
    """Return the parameters, checked; an error calls them what they are called here."""
    try:
        return validate.params(params, RNNParams)
    except (TypeError, ValueError) as error:
        raise type(error)(name + str(error).removeprefix("params")) from None


def _words(text: str) -> set[str]:
    return set(text.replace("/", " ").split(" "))


def _padded(reader: Reader, names: Sequence[str]) -> tuple[Array, Array]:
    """Return ids (time, batch) with END in front of each name and behind, and how many steps of each are real."""
    ids = [encode(name[::-1] if reader.backwards else name, reader.alphabet) for name in names]
    lengths = np.array([len(name) + 1 for name in ids])
    x = np.full((lengths.max(), len(ids)), END)
    for column, name in enumerate(ids):
        x[1 : len(name) + 1, column] = name
    return x, lengths
