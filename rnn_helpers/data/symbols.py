"""A text that comes with every Python: what the characters of the world are called."""

import sys
import unicodedata


def unicode_names() -> list[str]:
    """Return the names of 12,886 characters, in the order of their numbers, from "SPACE" on; one a line a long text.

    They are those of Unicode 3.2 without Chinese characters and Korean syllables, whose names are numbers and sounds.
    A name is written in capital letters, digits, spaces and hyphens, and has at most 83 of them. Neighbours are
    alike: nine of ten in the last tenth are mathematical letters, which stand nowhere else. So keep back names at
    random (`split`), not the end of the text.

    Source
    ------
    The Unicode Consortium (2002), Unicode 3.2. Its stability policy forbids that a name ever changes, and every
    Python carries this version for the names of internet hosts.
    """
    every = (unicodedata.ucd_3_2_0.name(chr(code), "") for code in range(sys.maxunicode + 1))
    numbered = ("CJK UNIFIED IDEOGRAPH-", "CJK COMPATIBILITY IDEOGRAPH-", "HANGUL SYLLABLE ")
    return [name for name in every if name and not name.startswith(numbered)]
