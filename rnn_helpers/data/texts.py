"""From text to token ids and back, for any alphabet and any language."""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from rnn_helpers import validate
from rnn_helpers.validate import Array

END = 0  # the id of the line break, which begins and ends every text
LONGEST = 26  # characters that are read of a name someone types: as many as the longest of `colour_names` has


def alphabet_of(texts: str | Iterable[str]) -> str:
    r"""Return the characters that occur, sorted, after the line break: the id of a character is its place here.

    Parameters
    ----------
    texts : strings, none of them empty; or one long text. They are read as `normalised`.

    Returns
    -------
    A string of different characters that starts with "\n", whose id is END.

    Raises
    ------
    TypeError : something else than strings.
    ValueError : no text at all, an empty one, or half a surrogate pair, which is no character.
    """
    return characters_of(normalised("\n".join(checked_texts([texts] if isinstance(texts, str) else texts))), "texts")


def encode(text: str, alphabet: str) -> Array:
    """Return the ids (length,) of the characters of `text`, np.intp, without an END that is not in it.

    The text is read as `normalised`, so that an accent typed apart from its letter is found. A network can write
    letter and accent apart although the alphabet has no such letter in one: only then they are read as they stand.

    Raises
    ------
    TypeError : `text` is not a string.
    ValueError : a character that is not in the alphabet, or an alphabet that is none, see `alphabet_of`.
    """
    table = _ids(alphabet)
    wanted = normalised(text)
    for spelling in (wanted, text):
        ids = _look_up(spelling, table)
        if not ids.size or ids[ids.argmin()] >= 0:
            return ids
    place = int(_look_up(wanted, table).argmin())
    around = wanted[max(0, place - 20) : place + 20] if len(wanted) > 40 else wanted
    raise ValueError(
        f"text: expected characters among {cut(alphabet, 40)!r}, got {wanted[place]!r} at index {place} of {around!r}"
    )


def readable(text: str, alphabet: str) -> str:
    """Return what can be read of a name that someone typed, at most `LONGEST` characters; see `unreadable`.

    A letter that the alphabet has only as the other one of capital and small letter is read as that one. What the
    alphabet does not have at all is left out before the rest is counted, END too.

    Raises
    ------
    TypeError : `text` is not a string.
    ValueError : an alphabet that is none, see `alphabet_of`.
    """
    return "".join(_as_known(text, alphabet))[:LONGEST]


def unreadable(text: str, alphabet: str) -> str:
    """Return one sentence on what `readable` changes, leaves out and cuts off; "" if it keeps all.

    Raises
    ------
    TypeError, ValueError : as in `readable`.
    """
    known = _as_known(text, alphabet)
    changed = {a: b for a, b in zip(normalised(text), known, strict=True) if a != b}
    small = [a for a, b in changed.items() if b and b == a.lower()]
    capital = [a for a, b in changed.items() if b and b != a.lower()]
    lost = [a for a, b in changed.items() if not b]
    parts = []
    if small:
        parts.append(f"read as small letters, because the alphabet has no such capitals: {shown(small)}")
    if capital:
        parts.append(f"read as capitals, because the alphabet has no such small letters: {shown(capital)}")
    if lost:
        parts.append(f"left out, because they aren't in the alphabet: {shown(lost)}")
    if len("".join(known)) > LONGEST:
        parts.append(f"cut after {LONGEST} characters")
    return as_sentence(parts)


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


def normalised(text: str) -> str:
    r"""Return the text with letter and accent as one character where there is one (NFC), and "\n" as the line break.

    The same word comes as other characters from another keyboard or file system: "é" is one character or two.

    Raises
    ------
    TypeError : `text` is not a string.
    """
    text = checked_text(text).replace("\r\n", "\n").replace("\r", "\n")
    if unicodedata.is_normalized("NFC", text):
        return text
    # Line by line, as nothing joins across a line break: those that are right already take a fiftieth of the time.
    return "\n".join(unicodedata.normalize("NFC", line) for line in text.split("\n"))


def cut(text: str, most: int = 80) -> str:
    """Return `text` for a quotation: with "…" in the place of its middle if it has more than `most` characters."""
    half = (most - 1) // 2
    return text if len(text) <= most else f"{text[: most - 1 - half]}…{text[len(text) - half :]}"


def as_sentence(clauses: list[str]) -> str:
    """Return the clauses as one sentence, "" if there are none."""
    text = "; ".join(clauses)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def shown(characters: Iterable[str], most: int = 10) -> str:
    """Return the characters for a sentence, the invisible ones by name, and no more than `most` of them."""
    found = list(characters)
    more = [f"and {len(found) - most:,} more"] if len(found) > most else []
    return ", ".join([_visible(character) for character in found[:most]] + more)


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


def characters_of(text: str, name: str) -> str:
    """Return the alphabet of a normalised text; raise ValueError, which says `name`, for half a surrogate pair."""
    seen = np.zeros(0x110000, bool)  # for each character that there is: set(text) takes seven times as long on Chinese
    for codes in _codes(text):
        seen[codes] = True
    if seen[0xD800:0xE000].any():
        half = 0xD800 + int(np.argmax(seen[0xD800:]))
        raise ValueError(
            f"{name}: expected characters, got half of a pair, U+{half:04X}, at index {text.index(chr(half)):,}: "
            "data.read says where a file is not UTF-8"
        )
    seen[ord("\n")] = False
    return "\n" + "".join(map(chr, np.flatnonzero(seen)))


_SPOKEN = {" ": "a space", "\n": "a line break", "\t": "a tab"}


def _visible(character: str) -> str:
    """Return the character, or what it is called where nothing would be seen of it, or it needs another to stand on."""
    if character in _SPOKEN:
        return _SPOKEN[character]
    if not unicodedata.category(character).startswith(("C", "Z", "M")):
        return character
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


def _as_known(text: str, alphabet: str) -> list[str]:
    """Return for each character of the normalised text what is read in its place, "" for what is left out."""
    _ids(alphabet)
    known = set(alphabet[1:])
    spellings = ((c, c.lower(), c.upper()) for c in normalised(text))
    return [next((c for c in spelling if c in known), "") for spelling in spellings]


def _codes(text: str) -> Iterator[Array]:
    """Yield the code points of the text, a million at a time: they take four times the memory of most texts."""
    for start in range(0, len(text), 1 << 20):
        yield np.frombuffer(text[start : start + (1 << 20)].encode("utf-32-le", "surrogatepass"), np.int32)


def _look_up(text: str, table: Array) -> Array:
    """Return the ids of the characters, -1 for those that have none."""
    ids = np.empty(len(text), np.intp)
    start = 0
    for codes in _codes(text):
        table.take(codes, out=ids[start : start + len(codes)], mode="clip")  # beyond the table: its last entry
        start += len(codes)
    return ids


def _ids(alphabet: str) -> Array:
    """Return the id of each code point, see `_table`; raise TypeError or ValueError for what is no alphabet."""
    if not isinstance(alphabet, str):
        raise TypeError(f"alphabet: expected a string from alphabet_of, got {type(alphabet).__name__}")
    return _table(alphabet)


@lru_cache(maxsize=8)
def _table(alphabet: str) -> Array:
    """Return the id of each code point up to the alphabet's last, -1 for those between, and one -1 for all beyond."""
    if len(set(alphabet)) != len(alphabet) or not alphabet.startswith("\n"):
        raise ValueError(f"alphabet: expected different characters after a line break, got {cut(alphabet)!r}")
    codes = np.array([ord(character) for character in alphabet])
    table = np.full(codes.max() + 2, -1)
    table[codes] = np.arange(len(codes))
    return table
