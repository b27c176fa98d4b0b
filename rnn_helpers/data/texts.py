"""From text to token ids and back, for any alphabet; and texts from a file."""

from collections.abc import Iterable
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from rnn_helpers import validate
from rnn_helpers.validate import Array

END = 0  # the id of the line break, which begins and ends every text
LONGEST = 26  # characters that are read of a name someone types: as many as the longest of `colour_names` has


def alphabet_of(texts: Iterable[str]) -> str:
    r"""Return the characters that occur, sorted, after the line break: the id of a character is its place here.

    Parameters
    ----------
    texts : strings, none of them empty, not a single string.

    Returns
    -------
    A string of different characters that starts with "\n", whose id is END.

    Raises
    ------
    TypeError : one string in place of several, or something else than strings.
    ValueError : no text at all, or an empty one.
    """
    characters = set().union(*checked_texts(texts))
    return "\n" + "".join(sorted(characters - {"\n"}))


def encode(text: str, alphabet: str) -> Array:
    """Return the ids (length,) of the characters of `text`, int64, without an END that is not in it.

    Raises
    ------
    TypeError : `text` is not a string.
    ValueError : a character that is not in the alphabet, or an alphabet that is none, see `alphabet_of`.
    """
    ids = _ids(alphabet)
    for place, character in enumerate(checked_text(text)):
        if character not in ids:
            raise ValueError(
                f"text: expected characters among {''.join(ids)!r}, got {character!r} at index {place} of {text[:60]!r}"
            )
    return np.array([ids[character] for character in text], np.int64)


def readable(text: str, alphabet: str) -> str:
    """Return what can be read of a name that someone typed: small letters of the alphabet, at most `LONGEST`.

    Characters that are not in the alphabet are left out before the rest is counted, END among them.

    Raises
    ------
    TypeError : `text` is not a string.
    ValueError : an alphabet that is none, see `alphabet_of`.
    """
    known = _ids(alphabet)
    letters = checked_text(text).lower()
    return "".join(letter for letter in letters if known.get(letter, END) != END)[:LONGEST]


def decode(ids: ArrayLike, alphabet: str) -> str:
    """Return the text whose characters have these ids, (length,): the inverse of `encode`.

    Raises
    ------
    TypeError : ids that are not integers.
    ValueError : an id that the alphabet does not have, or ids of more than one axis.
    """
    _ids(alphabet)
    array = validate.as_array("ids", ids)
    if array.shape == (0,):
        return ""
    return "".join(alphabet[i] for i in validate.indices("ids", array, {"length": None}, below=len(alphabet)))


def read_lines(path: str | PathLike[str], *, most_bytes: int = 1_000_000) -> list[str]:
    """Return the lines of a UTF-8 file, without spaces at their ends and without empty ones.

    Parameters
    ----------
    path : the file.
    most_bytes : a longer file is refused: training on it would take longer than a lesson.

    Raises
    ------
    ValueError : a file that is too long, is not UTF-8, or holds no text; `most_bytes` below 1.
    TypeError : `most_bytes` is not an integer.
    OSError : a file that cannot be read.
    """
    return [line.strip() for line in read_text(path, most_bytes=most_bytes).splitlines() if line.strip()]


def read_text(path: str | PathLike[str], *, most_bytes: int = 1_000_000) -> str:
    r"""Return the text of a UTF-8 file, with "\n" at the end of each line; limit and errors as in `read_lines`."""
    validate.size("most_bytes", most_bytes)
    with Path(path).open("rb") as file:  # no more is read than is allowed, whatever the file says of its size
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise ValueError(f"path: expected a file of at most {most_bytes:,} bytes, got a longer one: {path}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"path: expected UTF-8 text, got byte {content[error.start]:#04x} at {error.start}: {path}"
        ) from None
    if not text.strip():
        raise ValueError(f"path: expected a file with text in it, got none: {path}")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def checked_text(text: str, name: str = "text") -> str:
    """Return `text`; raise TypeError unless it is a string."""
    if not isinstance(text, str):
        raise TypeError(f"{name}: expected a string, got {type(text).__name__}")
    return text


def checked_texts(texts: Iterable[str], name: str = "texts", *, empty: bool = False) -> list[str]:
    """Return the texts as a list; raise TypeError or ValueError unless they are strings, `empty` ones if allowed."""
    if isinstance(texts, str) or not isinstance(texts, Iterable):
        given = "one string" if isinstance(texts, str) else type(texts).__name__
        raise TypeError(f"{name}: expected a list of strings, got {given}")
    found = list(texts)
    for place, text in enumerate(found):
        if not isinstance(text, str):
            raise TypeError(f"{name}: expected strings, got {type(text).__name__} at index {place}")
        if not text and not empty:
            raise ValueError(f"{name}: expected at least one character in each, got none at index {place}")
    if not found:
        raise ValueError(f"{name}: expected at least one, got none")
    return found


def _ids(alphabet: str) -> dict[str, int]:
    if not isinstance(alphabet, str):
        raise TypeError(f"alphabet: expected a string from alphabet_of, got {type(alphabet).__name__}")
    ids = {character: i for i, character in enumerate(alphabet)}
    if len(ids) != len(alphabet) or not alphabet.startswith("\n"):
        raise ValueError(f"alphabet: expected different characters after a line break, got {alphabet!r}")
    return ids
