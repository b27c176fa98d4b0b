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
from rnn_helpers.data.texts import as_sentence, characters_of, checked_text, cut, normalised, shown

_SAVE_AS = "save it as UTF-8 (in most editors: Save As, Encoding)"
# Signs that end a sentence, or stand before what someone says. A comma ends the lines of lists too.
_ENDS = tuple(".!?:…。！？：।؟۔")  # noqa: RUF001
_JUDGED = 10_000  # lines by which a list is told from a text
_SEPARATORS = ",;|\t、，"  # noqa: RUF001


class Source(NamedTuple):
    """What a text was found to be.

    Attributes
    ----------
    kind : "names", one a line, or "text", one long text.
    texts : the names, without spaces at their ends and without empty ones; or the one text.
    alphabet : as from `alphabet_of`.
    summary : one sentence: what was found, left out or normalised, and what to say if it was taken for the wrong kind.
    """

    kind: str
    texts: list[str]
    alphabet: str
    summary: str

    def __repr__(self) -> str:
        return self.summary


def read(path: str | PathLike[str], *, kind: str | None = None, most_bytes: int = 100_000_000) -> Source:
    """Return what a file holds, a list of names or one long text; it is in UTF-8, or in UTF-16 that says so.

    Parameters
    ----------
    path : the file.
    kind : "names" or "text"; None tells them apart, see `look_at`.
    most_bytes : a longer file is refused.

    Raises
    ------
    TypeError : `path` is no path, `most_bytes` no integer.
    ValueError : a file that is too long, no file but a pipe or device, another encoding, and what `look_at` raises.
    OSError : a file that is not there, with the folder and a like name; a folder; what may not be read.
    """
    validate.size("most_bytes", most_bytes)
    content = _content(path, most_bytes)
    encoding = "UTF-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "UTF-8"
    text = _decoded(content, encoding, path)
    del content  # a hundred megabytes
    return _found(text, kind, "path", f": {cut(str(path))}", ["read as UTF-16"] if encoding == "UTF-16" else [])


def look_at(text: str, *, kind: str | None = None) -> Source:
    """Return what a text holds: a list of names, one a line, or one long text.

    A list has two lines or more, nearly all of them short and of few words, and not many that are blank, repeated,
    indented or end like a sentence.

    Parameters
    ----------
    text : as someone brings it. It is `normalised`, and a byte order mark at its beginning is left out.
    kind : "names" or "text"; None tells them apart.

    Raises
    ------
    TypeError : `text` is not a string.
    ValueError : no text but blank lines, a NUL character, half a surrogate pair, an unknown `kind`.
    """
    return _found(checked_text(text), kind, "text", "", [])


def read_lines(path: str | PathLike[str], *, most_bytes: int = 100_000_000) -> list[str]:
    """Return the names in a file, one a line: the texts of `read` if its `kind` is "names"."""
    return read(path, kind="names", most_bytes=most_bytes).texts


# Files


def _content(path: str | PathLike[str], most_bytes: int) -> bytes:
    """Return the bytes of a file; an error says what stands there instead, or that nothing does."""
    if not isinstance(path, str | PathLike):
        raise TypeError(f"path: expected the path of a file, got {type(path).__name__}")
    path = Path(path)
    quoted = cut(str(path))
    if any("\n" in part or "\0" in part or len(part) > 255 for part in path.parts):
        raise ValueError(f"path: expected the path of a file, got a text (data.look_at takes one): {quoted!r}")
    try:
        info = path.stat()
    except FileNotFoundError:
        raise FileNotFoundError(_not_there(path)) from None
    if stat.S_ISDIR(info.st_mode):
        raise IsADirectoryError(f"path: expected a file, got a folder: {quoted}")
    if not stat.S_ISREG(info.st_mode):  # a pipe would be waited for, perhaps for ever
        raise ValueError(f"path: expected a file, got a pipe or a device: {quoted}")
    with path.open("rb") as file:  # no more is read than is allowed, whatever the file says of its size
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise ValueError(
            f"path: expected a file of at most {most_bytes:,} bytes, got {max(info.st_size, len(content)):,}: "
            f"take a part of it, or a larger most_bytes: {quoted}"
        )
    return content


def _not_there(path: Path) -> str:
    folder = path.absolute().parent
    if not folder.is_dir():
        return f"path: expected a file, got {cut(path.name)} in a folder that is not there: {folder}"
    names = {name.casefold(): name for name in os.listdir(folder)}
    like = difflib.get_close_matches(path.name.casefold(), sorted(names), 1)
    hint = f"; a file of a like name is there: {cut(names[like[0]])}" if like else ""
    return f"path: expected a file, got {cut(path.name)}, which is not in the folder {folder}{hint}"


def _decoded(content: bytes, encoding: str, path: str | PathLike[str]) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "UTF-8" and b"\0" in content:
            return "\0"  # _found says what that is more likely to be than a wrong byte
        line = normalised(content[: error.start].decode(encoding, "replace")).count("\n") + 1
        raise ValueError(
            f"path: expected {encoding} text, got byte {content[error.start]:#04x} at index {error.start:,} "
            f"(line {line:,}): {_SAVE_AS}: {cut(str(path))}"
        ) from None


# What was found


def _found(text: str, kind: str | None, name: str, where: str, notes: list[str]) -> Source:
    """Return the Source; `name` and `where` begin and end an error, `notes` says what was done to the text before."""
    if kind not in ("names", "text", None):
        raise ValueError(f'kind: expected "names", "text" or None, got {cut(repr(kind))}')
    if "\0" in text:
        place = f" at index {text.index(chr(0)):,}" if len(text) > 1 else ""
        raise ValueError(
            f"{name}: expected text, got a NUL character{place}: if this is UTF-16 without a byte order mark, "
            f"{_SAVE_AS}; a picture, a PDF or a Word document is no text{where}"
        )
    notes = list(notes)
    if text.startswith("\ufeff"):
        notes.append("a byte order mark left out")
        text = text[1:]
    if "\r" in text:
        notes.append("other line ends read as line breaks")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    given, text = text, normalised(text)
    if text != given:
        notes.append("letters and accents that stood apart joined (NFC)")
    if not text or text.isspace():
        raise ValueError(f"{name}: expected text, got {'only blank lines' if text else 'none'}{where}")
    kind = kind or ("names" if _looks_like_names(text) else "text")
    if kind == "names":
        names, head, left_out = _names(text)
        alphabet, notes = characters_of("\n".join(names), name), left_out + notes
    else:
        names, alphabet = [text], characters_of(text, name)
        head = f"one long text of {_count(len(text), 'character')} in {_count(_lines(text), 'line')}"
    clauses = [head, _about_alphabet(alphabet), *notes, *_about_joined(text, alphabet), _other(kind, text)]
    return Source(kind, names, alphabet, as_sentence(clauses))


def _looks_like_names(text: str) -> bool:
    """Say whether the first lines are those of a list: poems, plays and code are none."""
    lines = text.strip("\n").split("\n", _JUDGED)[:_JUDGED]
    names = [line.strip() for line in lines]
    found = [name for name in names if name]
    count = len(found)
    if count < 2:
        return False
    lengths, words = [len(name) for name in found], [len(name.split()) for name in found]
    # "Inc." ends no sentence: a full stop counts after four words.
    ends = sum(w > 3 or name[-1] != "." for name, w in zip(found, words, strict=True) if name.endswith(_ENDS))
    return bool(
        np.median(lengths) <= 40
        and np.quantile(lengths, 0.95) <= 80
        and np.median(words) <= 5
        and (len(names) - count <= 1 + len(names) / 10 or not any(names[1::2]))  # few blank lines, or each second one
        and len(set(found)) >= count / 2
        and sum(line[0].isspace() for line in lines if line) <= 1 + count / 5
        and ends <= count * 2 / 5
    )


def _names(text: str) -> tuple[list[str], str, list[str]]:
    """Return the names, a clause on them, and those on what was left out and what is repeated."""
    lines = text.removesuffix("\n").split("\n")
    names = [name for line in lines if (name := line.strip())]
    lengths = [len(name) for name in names]
    few, most, in_all = min(lengths), max(lengths), sum(lengths)
    of = _count(most, "character") if few == most else f"{few:,} to {_count(most, 'character')}"
    head = f"a list of {_count(len(names), 'name')}, one a line, of {of}, {in_all:,} in all"
    clauses = []
    if len(lines) > len(names):
        clauses.append(f"{_count(len(lines) - len(names), 'blank line')} left out")
    if any(line != line.strip() for line in lines if not line.isspace()):
        clauses.append("spaces at the ends of lines left out")
    repeated = len(names) - len(set(names))
    if repeated:
        clauses.append(f"{_count(repeated, 'name')} repeated")
    return names, head, clauses


def _about_alphabet(alphabet: str) -> str:
    hidden = [character for character in alphabet if unicodedata.category(character)[0] in "CZM"]
    seen = "".join(character for character in alphabet if character not in hidden)
    return f"{len(alphabet):,} different characters: {shown(hidden, 5)} and {cut(seen, 60)}"


def _about_joined(text: str, alphabet: str) -> list[str]:
    """Return a clause on the first sign that is several characters: emoji, flags, marks that join no letter in NFC."""
    joining = "".join(
        character
        for character in alphabet
        if unicodedata.category(character)[0] == "M"
        or character == "\u200d"  # the joiner of emoji
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # tones of skin
        or "\U0001f1e6" <= character <= "\U0001f1ff"  # letters of flags
    )
    found = re.search(rf"\S(?:[{joining}]|(?<=\u200d).)+", text) if joining else None
    return [f"a sign can be several characters, as {cut(found[0], 20)}, which is {len(found[0])}"] if found else []


def _other(kind: str, text: str) -> str:
    """Return a clause on what to say if the kind is wrong."""
    lines = _lines(text)
    separator = max(_SEPARATORS, key=text.count)
    if (kind == "text" or lines == 1) and text.count(separator) > 5 * lines:
        change = f'data.look_at(source.texts[0].replace({separator!r}, {chr(10)!r}), kind="names")'
        return f"if these are names, each needs a line of its own: {change}"
    if kind == "names":
        return 'if it is one long text, say kind="text"'
    return 'if each line is a name, say kind="names"' if lines > 1 else "names would stand one a line"


def _lines(text: str) -> int:
    return text.removesuffix("\n").count("\n") + 1


def _count(count: int, of: str) -> str:
    return f"{count:,} {of}{'s' * (count != 1)}"
