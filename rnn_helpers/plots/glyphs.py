"""Characters of any script in a picture: in a font that has them, or as their code points where none has.

A picture asks here before it writes what someone typed or read from a file. Matplotlib would draw a box, with a
warning, for a character that its font lacks, and take what stands between two dollar signs for a formula.
"""

import math
import sys
import unicodedata
from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import Any

from matplotlib import font_manager, rcParams
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text

from rnn_helpers.data import cut

GLYPHS = {"\n": "↵", " ": "␣"}  # what stands on an axis for a character that cannot be seen
# Marks that sit on another letter, joiners, controls, other spaces, what is not assigned: alone none can be seen.
UNSEEN = {"Mn", "Mc", "Me", "Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"}
NO_TEXT = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}  # of these not even a page shows anything, or it breaks the line
SMALL, WIDE = 7.0, 0.7  # points: the size of a code point on an axis; and how wide its letters are as a share of it
# Fonts that have no letters for a text: blanks and boxes for all characters, colours, pieces of formulas.
_NO_LETTERS = ("last resort", "lastresort", "adobe blank", "color emoji", "cm", "stixsize", "stixnon")
_FIRST = ("Noto Sans CJK", "PingFang", "Hiragino Sans", "Microsoft YaHei", "Arial Unicode", "Segoe UI", "Noto Sans")


def code_point(character: str) -> str:
    """Return its code point as Unicode writes it, such as U+5B66."""
    return f"U+{ord(character):04X}"


def shown(text: str) -> str:
    """Return the text with every character visible, for a sentence: the page has more fonts than a picture."""
    return "".join(GLYPHS.get(c) or (code_point(c) if _unseen(c) else c) for c in text)


def named(name: str) -> str:
    """Return a name for a sentence: spaces, marks and joiners stay, and what no page can show is a code point."""
    return cut("".join(code_point(c) if unicodedata.category(c) in NO_TEXT else c for c in name), 40)


def sign(character: str, room: float = math.inf) -> str:
    """Return what stands for one character on an axis; a code point in two lines where it has few points of room."""
    if character in GLYPHS:
        return GLYPHS[character]
    if not _unseen(character) and _has(character):
        return character
    code = code_point(character)
    if room >= WIDE * SMALL * len(code):
        return code
    middle = 4 if len(code) < 7 else len(code) - 3  # of U+5B66, 5B stands above 66
    return code[2:middle] + "\n" + code[middle:]


def written(text: str) -> str:
    """Return a name as a picture can write it: characters that no font has, and controls, become code points."""
    if all(map(_writable, text)):
        return text
    return " ".join("".join(c if _writable(c) else f" {code_point(c)} " for c in text).split())


def note_on(axis: Iterable[str] = (), names: Iterable[str] = ()) -> str:
    """Return the caption's sentence on the code points in a picture, or nothing.

    Parameters
    ----------
    axis : the characters that `sign` was asked for.
    names : the texts that `written` was asked for.
    """
    hidden = dict.fromkeys(c for c in axis if len(sign(c)) > 1)
    hidden |= dict.fromkeys(c for name in names for c in name if not _writable(c))
    if not hidden:
        return ""
    first = next(iter(hidden))
    called = unicodedata.name(first, "a character without a name") if _unseen(first) else first
    stand = "1 character that cannot be drawn here stands as its code point"
    if len(hidden) > 1:
        stand = f"{len(hidden):,} characters that cannot be drawn here stand as their code points"
    return f" {stand}, {called} as {code_point(first)}."


def put(artist: Text, text: str, **look: Any) -> None:
    """Let an artist of Matplotlib show a text from `sign` or `written`, in fonts that have it, never as a formula."""
    artist.set(text=text, parse_math=False, fontfamily=families(text), **look)


def families(text: str, first: Iterable[str] = ()) -> list[str]:
    """Return the font families that have the letters of a text; `first` stands for those of Matplotlib's settings."""
    others = dict.fromkeys(filter(None, (_family(c) for c in text if c != "\n")))
    return [*(first or rcParams["font.family"]), *others]


def letters_wide(text: str) -> float:
    """Return how many letters wide a text is: those of East Asia are a quarter wider than the widest of ours."""
    return sum(1.25 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def short(name: str, most: int) -> str:
    """Return a name as a picture can write it, cut where it is more than so many letters wide."""
    name = written(name)
    if letters_wide(name) <= most:
        return name
    while letters_wide(name) > most - 1:
        name = name[:-1]
    return f"{name}…"


def _unseen(character: str) -> bool:
    return character != " " and unicodedata.category(character) in UNSEEN


def _writable(character: str) -> bool:
    """Say whether a character can stand in a name: marks and joiners do, where a font has them."""
    return character == " " or (unicodedata.category(character)[0] not in "CZ" and _has(character))


def _has(character: str) -> bool:
    return _family(character) is not None


def _family(character: str) -> str | None:
    """Return the family of a font that has the character, "" for Matplotlib's own, None where no font has it."""
    now = len(font_manager.fontManager.ttflist), tuple(rcParams["font.sans-serif"])  # both may change in a session
    return _family_beside(character, tuple(rcParams["font.family"]), now)


@lru_cache(maxsize=10_000)
def _family_beside(character: str, families: tuple[str, ...], _: Hashable) -> str | None:
    """Return `_family` beside these families, which Matplotlib is set to use."""
    code = ord(character)
    own = (font_manager.get_font(font_manager.findfont(FontProperties(family=[family]))) for family in families)
    return "" if any(font.get_char_index(code) for font in own) else _installed.family(code)


class _Installed:
    """The fonts of this computer. Each is opened once, and only when no earlier one has a character: there are many."""

    def __init__(self) -> None:
        self.having: dict[int, str] = {}  # code points, and the first family that has them
        self.opened: set[str] = set()  # families
        self.looked = False  # whether fonts are known that were installed since Matplotlib made its list

    def family(self, code: int) -> str | None:
        """Return the family of a font that has this code point, or None."""
        while code not in self.having:
            entries = [entry for entry in font_manager.fontManager.ttflist if entry.name not in self.opened]
            if not entries and not self.looked:
                self._look()
            elif not entries:
                return None
            for entry in sorted(entries, key=_rank):
                if code in self.having:
                    break
                self._open(entry)
        return self.having[code]

    def _open(self, entry: Any) -> None:
        if entry.name in self.opened:  # it is of another weight, which has the same letters
            return
        self.opened.add(entry.name)
        if entry.name.lower().startswith(_NO_LETTERS) or "color emoji" in entry.name.lower():
            return
        face = {"face_index": entry.index} if getattr(entry, "index", 0) else {}  # Matplotlib 3.11 and newer
        try:
            codes = FT2Font(entry.fname, **face).get_charmap()
        except (OSError, RuntimeError):  # a file that is gone, or is none
            return
        for code in codes:
            self.having.setdefault(code, entry.name)

    def _look(self) -> None:
        """Add the fonts that were installed since Matplotlib made its list, which it keeps until its next version."""
        self.looked = True
        known = {entry.fname for entry in font_manager.fontManager.ttflist}
        # On a Mac it would take seconds to ask, and every script has its font from the start.
        for path in font_manager.findSystemFonts() if sys.platform != "darwin" else ():
            if path not in known:
                try:
                    font_manager.fontManager.addfont(path)
                except Exception:  # as Matplotlib itself does: fonts of colours alone raise several kinds
                    continue


def _rank(entry: Any) -> tuple[Any, ...]:
    """Return what fonts are sorted by: those with many scripts first, upright ones, those of usual weight."""
    first = next((place for place, name in enumerate(_FIRST) if entry.name.startswith(name)), len(_FIRST))
    weight = font_manager.weight_dict.get(entry.weight, entry.weight)
    return first, entry.style != "normal", abs(weight - 400), entry.name


_installed = _Installed()
