"""A stranger's file: read it, tell a list of names from one long text, and say what was found."""

import difflib
import os
import re
import stat
import unicodedata
from os import PathLike
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rnn_helpers import validate
from rnn_helpers.data.texts import alphabet_of, checked_text, cut, normalised, shown

_BOM = "\ufeff"
_SAVE_AS = "save it as UTF-8 (in most editors: Save As, Encoding)"
# What decides, see _looks_like_names. Poems and plays fail at two or more of these, lists of films and towns at none.
_MEDIAN_LENGTH, _LONG_LENGTH, _MEDIAN_WORDS = 40, 80, 5
_MOST_BLANK, _MOST_REPEATED, _MOST_INDENTED, _MOST_ENDS = 0.1, 0.5, 0.2, 0.4
_ENDS = tuple(".!?:…。！？：।؟۔")  # of sentences, and what stands before speech; a comma ends lines of lists too
_SEPARATORS = ",;\t|、，"


class Source(NamedTuple):
    """What a text was found to be.

    Attributes
    ----------
    kind : "names", one a line, or "text", one long text.
    texts : the names without spaces at their ends and without empty ones; or the one text.
    alphabet : as from `alphabet_of`.
    summary : one sentence: what was found, what was left out or normalised, and how to correct a wrong `kind`.
    """

    kind: str
    texts: list[str]
    alphabet: str
    summary: str

    def __repr__(self) -> str:
        return self.summary


def read(path: str | PathLike[str], *, kind: str | None = None, most_bytes: int = 100_000_000) -> Source:
    """Return what a file of UTF-8 or UTF-16 with a byte order mark holds: a list of names, or one long text.

    Parameters
    ----------
    path : the file.
    kind : "names" or "text"; None tells them apart, see `look_at`.
    most_bytes : a longer file is refused before it is read.

    Raises
    ------
    ValueError : a file that is too long, is in another encoding, or holds no text; an unknown `kind`; `most_bytes`
        below 1; a pipe or device.
    TypeError : `path` is no path, `most_bytes` not an integer.
    OSError : a file that is not there, in words that help to find it; a folder; a file that may not be read.
    """
    validate.size("most_bytes", most_bytes)
    content = _content(path, most_bytes)
    utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "utf-16" if utf_16 else "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if not utf_16 and b"\0" in content:
            text = "\0"
        else:
            line = normalised(content[: error.start].decode(encoding, "replace")).count("\n") + 1
            raise ValueError(
                f"path: expected {encoding.upper()} text, got byte {content[error.start]:#04x} at index {error.start} "
                f"(line {line:,}): {_SAVE_AS}: {cut(str(path))}"
            ) from None
    return _found(text, kind, f"path: {cut(str(path))}", ["read as UTF-16"] if utf_16 else [])


def look_at(text: str, *, kind: str | None = None) -> Source:
    """Return what a text holds: a list of names, one a line, or one long text.

    It is a list if it has at least two lines, nearly all of them short, and few that are blank, indented, repeated or
    end like a sentence. The summary says how it was taken.

    Parameters
    ----------
    text : as someone brings it; it is `normalised`, and a byte order mark at its beginning left out.
    kind : "names" or "text"; None tells them apart.

    Raises
    ------
    TypeError : `text` is not a string.
    ValueError : nothing but blank lines in it, a NUL character or half a surrogate pair, an unknown `kind`.
    """
    return _found(checked_text(text), kind, "text", [])


def read_lines(path: str | PathLike[str], *, most_bytes: int = 100_000_000) -> list[str]:
    """Return the names in a file, one a line: the texts of `read`, which see, with `kind` "names"."""
    return read(path, kind="names", most_bytes=most_bytes).texts


def _content(path: str | PathLike[str], most_bytes: int) -> bytes:
    """Return the bytes of a file; an error says what stands there instead, or what is there of a like name."""
    if not isinstance(path, str | PathLike):
        raise TypeError(f"path: expected the path of a file, got {type(path).__name__}")
    if "\n" in str(path) or "\0" in str(path):
        raise ValueError(f"path: expected the path of a file, got a text (data.look_at takes one): {cut(str(path))!r}")
    path = Path(path)
    try:
        info = path.stat()
    except FileNotFoundError:
        raise FileNotFoundError(_not_there(path)) from None
    if stat.S_ISDIR(info.st_mode):
        raise IsADirectoryError(f"path: expected a file, got a folder: {cut(str(path))}")
    if not stat.S_ISREG(info.st_mode):  # a pipe would be waited for, perhaps for ever
        raise ValueError(f"path: expected a file, got a pipe or device: {cut(str(path))}")
    with path.open("rb") as file:  # no more is read than is allowed, whatever the file says of its size
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise ValueError(
            f"path: expected a file of at most {most_bytes:,} bytes, got {max(info.st_size, len(content)):,}: take a "
            f"part of it, or a larger most_bytes: {cut(str(path))}"
        )
    return content


def _not_there(path: Path) -> str:
    folder = path.absolute().parent
    if not folder.is_dir():
        return f"path: expected a file, got nothing at {cut(str(path))}: there is no folder {folder}"
    names = {name.casefold(): name for name in sorted(os.listdir(folder))}
    like = difflib.get_close_matches(path.name.casefold(), names, 1)
    hint = f"; there is {cut(names[like[0]])}" if like else ""
    return f"path: expected a file, got nothing of the name {cut(path.name)} in the folder {folder}{hint}"


def _found(text: str, kind: str | None, name: str, notes: list[str]) -> Source:
    if kind not in (None, "names", "text"):
        raise ValueError(f'kind: expected "names", "text" or None, got {cut(repr(kind))}')
    if text.startswith(_BOM):
        text, notes = text[1:], [*notes, "left out: a byte order mark"]
    if "\0" in text:
        raise ValueError(
            f"{name}: expected text, got a NUL character: {_SAVE_AS}, if it is UTF-16 without a byte order mark; "
            "a picture, PDF or document of Word is no text file"
        )
    found = normalised(text)
    if "\r" in text:
        notes = [*notes, "line ends became line breaks"]
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found != text:
        notes = [*notes, "letters and accents written apart became one character each (NFC)"]
    if not found.strip():
        raise ValueError(f"{name}: expected a file or string with text in it, got none")
    raw = found.removesuffix("\n").split("\n")
    lines = [line.strip() for line in raw]
    kind = kind or ("names" if _looks_like_names(raw, lines) else "text")
    texts = list(filter(None, lines)) if kind == "names" else [found]
    alphabet = alphabet_of(texts)
    joined = _joined(found, alphabet)
    if joined:
        notes = [*notes, f"what looks like one character can be several, as {joined!r}, which is {len(joined)}"]
    if kind == "names":
        lengths = [len(line) for line in texts]
        head = f"a list of {_number(len(texts), 'name')}, one a line, of {min(lengths)} to {max(lengths)} characters, {sum(lengths):,} in all"
        blank, stripped = len(lines) - len(texts), sum(a != b for a, b in zip(raw, lines, strict=True) if b)
        repeated = len(texts) - len(set(texts))
        left = [_number(blank, "blank line")] * (blank > 0) + [f"spaces at the ends of {_number(stripped, 'line')}"] * (stripped > 0)
        notes = [*notes, *([f"left out: {' and '.join(left)}"] if left else [])]
        notes = [*notes, *([f"{repeated:,} of them for another time"] if repeated else [])]
        other = 'if it is one long text, say kind="text"'
    else:
        head = f"one long text of {_number(len(found), 'character')} in {_number(len(lines), 'line')}"
        other = 'if each line is a name, say kind="names"'
        separator = max(_SEPARATORS, key=found.count)
        if found.count(separator) > 5 * len(lines):
            other = f"if these are names, put each on its own line: data.look_at(source.texts[0].replace({separator!r}, '\\n'))"
    return Source(kind, texts, alphabet, f"{'; '.join([head[0].upper() + head[1:], _letters(alphabet), *notes, other])}.")


def _number(count: int, of: str) -> str:
    return f"{count:,} {of}" + "s" * (count != 1)


def _letters(alphabet: str) -> str:
    """Return a clause on the alphabet: how many, which, and the invisible ones by name."""
    hidden = [c for c in alphabet if unicodedata.category(c)[0] in "CZM"]
    seen = "".join(c for c in alphabet if c not in hidden)
    return f"{len(alphabet):,} different characters: {shown(hidden, 5)}" + f" and {cut(seen, 60)}" * bool(seen)


def _joined(text: str, alphabet: str) -> str:
    """Return the first sign of several characters: joined emoji, flags, letters with marks that no one character has."""
    joiners = [c for c in alphabet if unicodedata.category(c)[0] == "M" or c == "\u200d" or "\U0001f3fb" <= c <= "\U0001f3ff" or "\U0001f1e6" <= c <= "\U0001f1ff"]
    found = re.search(rf"\S(?:[{''.join(joiners)}]|(?<=\u200d).)+", text) if joiners else None
    return found[0] if found else ""


def _looks_like_names(raw: list[str], lines: list[str]) -> bool:
    found = [line for line in lines if line]
    if len(found) < 2:
        return False
    lengths = np.array([len(line) for line in found])
    if np.median(lengths) > _MEDIAN_LENGTH or np.quantile(lengths, 0.95) > _LONG_LENGTH:
        return False
    blank = len(lines) - len(found)
    alternate = all(not line for line in lines[1::2]) and len(found) > 2 
    return (
        np.median([len(line.split()) for line in found]) <= _MEDIAN_WORDS
        and (blank <= _MOST_BLANK * len(lines) or alternate)
        and len(found) - len(set(found)) <= _MOST_REPEATED * len(found)
        and sum(line[:1].isspace() for line in raw) <= _MOST_INDENTED * len(found)
        and sum(line.endswith(_ENDS) for line in found) <= _MOST_ENDS * len(found)
    )
