"""Which texts are for training, and which are kept back."""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from rnn_helpers import validate
from rnn_helpers.data.texts import checked_text, checked_texts, cut, normalised
from rnn_helpers.validate import Array


class Split(NamedTuple):
    """Row numbers (n,) of the texts to train on and of those kept back, each in rising order."""

    train: Array
    validation: Array


def split(texts: Iterable[str], rng: np.random.Generator, *, validation: float = 0.1) -> Split:
    """Keep back a share of the texts at random, so that none of them was seen in training under another spelling.

    "dark blue", "darkblue" and "Dark/Blue" are one name: texts that agree in their letters and digits stay together.

    Parameters
    ----------
    texts : strings, none of them empty.
    rng : the generator that draws.
    validation : the share to keep back, above 0 and below 1; at least one text, if spellings allow.

    Returns
    -------
    Split of row numbers: `[texts[i] for i in split.train]`, and `colours[split.train]` belong together.

    Raises
    ------
    TypeError : `texts` not strings, `rng` not a Generator, `validation` not a number.
    ValueError : `validation` out of range, or all texts are one name, so that nothing is left to one of the sides.
    """
    if isinstance(texts, str):
        raise TypeError("texts: expected a list of strings, got one string: data.split_text splits one long text")
    texts = checked_texts(texts)
    validate.generator(rng)
    validate.share("validation", validate.positive("validation", validation))
    spellings: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        spellings.setdefault(_letters(text), []).append(row)
    if len(spellings) < 2:
        got = "one text" if len(texts) == 1 else f"{len(texts)} spellings of one"
        raise ValueError(
            f"texts: expected at least two different ones, got {got}: {cut(texts[0])!r}. Names stand one a line in a "
            "file, or in a list; data.split_text splits one long text"
        )
    groups = list(spellings.values())
    wanted = max(1, round(validation * len(texts)))
    kept: list[int] = []
    for place in rng.permutation(len(groups))[:-1]:  # the last one is always left for training
        if len(kept) < wanted:
            kept += groups[place]
    train = np.setdiff1d(np.arange(len(texts)), kept)
    return Split(train, np.sort(kept))


def split_text(text: str, *, validation: float = 0.1) -> tuple[str, str]:
    """Keep back the end of one long text, from a line break or a space on where there is one near.

    Parameters
    ----------
    text : at least two characters.
    validation : the share to keep back, above 0 and below 1.

    Returns
    -------
    train, validation : the two parts; one after the other they are the text.

    Raises
    ------
    TypeError : `text` not a string, `validation` not a number.
    ValueError : `text` too short, `validation` out of range.
    """
    validate.share("validation", validate.positive("validation", validation))
    if len(checked_text(text)) < 2:
        raise ValueError(f"text: expected at least two characters, got {text!r}")
    kept = min(max(1, round(validation * len(text))), len(text) - 1)
    place = len(text) - kept
    nearest = max(0, place - min(kept, 1000))  # more than twice as much as wanted is never kept back
    after = text.rfind("\n", nearest, place) + 1 or text.rfind(" ", nearest, place) + 1 or place
    return text[:after], text[after:]


def _letters(text: str) -> str:
    """Return what is left of a name when spaces, signs and capitals do not count; all of it if nothing is left.

    Marks count: an accent, and the vowels of many scripts.
    """
    return "".join(c for c in normalised(text.casefold()) if c.isalnum() or unicodedata.category(c)[0] == "M") or text
