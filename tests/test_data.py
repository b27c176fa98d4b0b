"""Texts as ids: nothing is lost, nothing leaks, padding neither counts nor grows; and a stranger's file is read."""

import hashlib
import os
import re
import tracemalloc
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_helpers import data
from rnn_helpers.data import texts

NAMES, COLOURS = data.colour_names()
ALPHABET = data.alphabet_of(NAMES)
SEQUENCES = [data.encode(name, ALPHABET) for name in NAMES]


def letters(name):
    return "".join(c for c in name.casefold() if c.isalnum())


# The colours


def test_there_are_949_names_each_with_its_colour():
    assert len(NAMES) == len(set(NAMES)) == 949 and COLOURS.shape == (949, 3)
    assert not any("xkcd" in name for name in NAMES)
    assert COLOURS.min() >= 0 and COLOURS.max() <= 1
    # three of them, looked up in the survey's list: sea blue #047495, dusty rose #c0737a, olive green #677a04
    for name, colour in {"sea blue": "047495", "dusty rose": "c0737a", "olive green": "677a04"}.items():
        found = (COLOURS[NAMES.index(name)] * 255).round().astype(int)
        assert tuple(found) == tuple(bytes.fromhex(colour))


# Encoding


def test_the_alphabet_is_the_line_break_and_what_occurs():
    assert data.alphabet_of(["cab", "a b"]) == "\n abc"
    assert ALPHABET[data.END] == "\n" and len(ALPHABET) == 30


def test_every_name_comes_back():
    assert [data.decode(ids, ALPHABET) for ids in SEQUENCES] == NAMES
    assert data.encode("ab", "\nab").tolist() == [1, 2] and data.encode("ab", "\nab").dtype == np.int64


@given(st.lists(st.text(min_size=1), min_size=1))
@settings(max_examples=50)
def test_any_text_comes_back(texts):
    alphabet = data.alphabet_of(texts)
    for text in texts:
        assert data.decode(data.encode(text, alphabet), alphabet) == data.normalised(text)
    assert data.decode([], alphabet) == "" and data.encode("", alphabet).shape == (0,)


def test_a_character_out_of_the_alphabet_is_named():
    with pytest.raises(ValueError, match=r"text: expected characters among .*, got 'ü' at index 2 of 'grün'"):
        data.encode("grün", ALPHABET)
    with pytest.raises(ValueError, match=r"among '\\n一.{18}….{19}', got 'a' at index 0 of 'a'$"):
        data.encode("a", "\n" + "".join(map(chr, range(0x4E00, 0x5000))))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: data.alphabet_of(""), ValueError, "texts: .* got none at index 0"),
        (lambda: data.alphabet_of("a\udcfcb"), ValueError, r"texts: .* half of a pair, U\+DCFC, at index 1: data.read"),
        (lambda: data.alphabet_of(["red", 7]), TypeError, "texts: expected strings, got int at index 1"),
        (lambda: data.alphabet_of(["red", ""]), ValueError, "texts: .* got none at index 1"),
        (lambda: data.alphabet_of(7), TypeError, "texts: expected a list of strings, got int"),
        (lambda: data.alphabet_of([]), ValueError, "texts: expected at least one, got none"),
        (lambda: data.encode(7, "\na"), TypeError, "text: expected a string, got int"),
        (lambda: data.encode("a", "a\n"), ValueError, "alphabet: expected different characters after a line break"),
        (lambda: data.encode("a", "\n" + "a" * 200), ValueError, "^alphabet: expected different characters.{,120}$"),
        (lambda: data.encode("a", ["\n", "a"]), TypeError, "alphabet: expected a string from alphabet_of, got list"),
        (lambda: data.decode([1, 3], "\na"), ValueError, "ids: expected integers from 0 to 1, got 3 at index"),
        (lambda: data.decode([-1], "\na"), ValueError, "ids: expected integers from 0 to 1, got -1"),
        (lambda: data.decode([0.5], "\na"), TypeError, "ids: expected integers, got float64"),
        (lambda: data.decode([[1]], "\na"), ValueError, r"ids: expected shape \(length,\), got \(1, 1\)"),
    ],
)
def test_bad_texts_and_ids_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_one_long_text_has_the_alphabet_of_its_lines():
    assert data.alphabet_of("cab\na b") == data.alphabet_of(["cab", "a b"]) == "\n abc"


NFC, NFD = "José Å\n각", unicodedata.normalize("NFD", "José Å\n각")


def test_an_accent_typed_apart_is_the_same_letter_everywhere():
    assert len(NFD) > len(NFC) and data.normalised(NFD) == NFC
    alphabet = data.alphabet_of([NFD])
    assert alphabet == data.alphabet_of([NFC]) == data.look_at(NFD).alphabet
    assert data.encode(NFD, alphabet).tolist() == data.encode(NFC, alphabet).tolist()
    assert data.readable("Jose\u0301", "\nJoseé") == "José" and not data.unreadable("Jose\u0301", "\nJoseé")
    rng = np.random.default_rng
    for seed in range(9):
        train = data.split(["José", "Jose\u0301", "Josè", "Jose"], rng(seed), validation=0.2).train
        assert (0 in train) == (1 in train)


def test_what_a_network_wrote_apart_can_be_read_again():
    alphabet = data.alphabet_of(["e", "q\u0301"])  # "q́" is two characters in every spelling, and "é" unknown
    written = data.decode([1, 3], alphabet)
    assert written == "e\u0301" and data.encode(written, alphabet).tolist() == [1, 3]


def test_line_ends_of_every_machine_are_line_breaks():
    assert data.normalised("a\r\nb\rc\n\x0c\x1c\u2028") == "a\nb\nc\n\x0c\x1c\u2028"
    assert data.encode("a\r\na\r", "\na").tolist() == [1, 0, 1, 0] and "\r" not in data.alphabet_of(["a\r\n"])


def test_a_long_text_is_encoded_piece_by_piece_without_a_seam():
    text = "ab👍d" * 300_000  # more than a million characters, and some beyond 16 bits
    ids = data.encode(text, "\nabd👍")
    assert ids.dtype == np.int64 and (ids.reshape(-1, 4) == [1, 2, 4, 3]).all()
    with pytest.raises(ValueError, match="got 'x' at index 1200000 of '") as caught:
        data.encode(text + "x", "\nabd👍")
    assert len(str(caught.value)) < 160


@pytest.mark.parametrize(
    ("typed", "alphabet", "read", "said"),
    [
        ("Dark  Réd 7\n", "\n adekr", "dark  rd ", "Read as small letters, because the alphabet has no such capitals: "
         "D, R; left out, because they aren't in the alphabet: é, 7, a line break."),
        ("!?", ALPHABET, "", "Left out, because they aren't in the alphabet: !, ?."),
        ("Tyrannosaurus Rex", ALPHABET, "tyrannosaurus rex",
         "Read as small letters, because the alphabet has no such capitals: T, R."),
        ("Rex", "\nRTex", "Rex", ""),
        ("EMMA", "\nAEM", "EMMA", ""),
        ("Emma", "\nAEM", "EMMA", "Read as capitals, because the alphabet has no such small letters: m, a."),
        ("rEx", "\nERTex", "REx", "Read as capitals, because the alphabet has no such small letters: r."),
        ("a b\u200b\u0301\t", "\nab", "ab", "Left out, because they aren't in the alphabet: a space, "
         "U+200B ZERO WIDTH SPACE, U+0301 COMBINING ACUTE ACCENT, a tab."),
        ("İß王", "\niSs王", "王", "Left out, because they aren't in the alphabet: İ, ß."),
        ("!" * 9 + "red" * 20, ALPHABET, ("red" * 20)[:26],
         "Left out, because they aren't in the alphabet: !; cut after 26 characters."),
        ("一二三四五六七八九十百千", "\na", "", "Left out, because they aren't in the alphabet: "
         "一, 二, 三, 四, 五, 六, 七, 八, 九, 十, and 2 more."),
        ("a" * 26, ALPHABET, "a" * 26, ""),
        ("", ALPHABET, "", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_of_a_typed_name_is_said(typed, alphabet, read, said):
    assert data.readable(typed, alphabet) == read and data.unreadable(typed, alphabet) == said


def test_as_much_of_a_name_is_read_as_the_longest_colour_has():
    assert max(map(len, NAMES)) == data.LONGEST


def test_a_quotation_is_never_longer_than_asked():
    assert data.cut("a" * 80) == "a" * 80
    assert data.cut("a" * 50 + "b" * 50) == "a" * 40 + "…" + "b" * 39
    assert data.cut("abcdef", 5) == "ab…ef" and data.cut("abcdef", 4) == "ab…f"


@pytest.mark.parametrize(
    ("text", "alphabet", "error", "message"),
    [
        (7, ALPHABET, TypeError, "text: expected a string, got int"),
        ("a", "abc", ValueError, "alphabet: expected different characters after a line break"),
    ],
)
def test_what_is_no_typed_name_is_refused(text, alphabet, error, message):
    with pytest.raises(error, match=message):
        data.readable(text, alphabet)


# Files: each in the image of what people brought, and what must come of it

PLAY = "First Citizen:\nBefore we proceed any further, hear me speak.\n\nAll:\nSpeak, speak.\n\n" * 9
POEM = "In what distant deeps or skies\nBurnt the fire of thine eyes\nOn what wings dare he aspire\nWhat the hand\n"
CODE = "def f(x):\n    return x\n\n\nclass A:\n    b = 1\n    c = 2\n"
COMMAS = ", ".join(f"Name {i}" for i in range(2500))
BRANDS = "Acme Inc.\nBig Blue Corp.\nGeneral Things Co.\nPear\n"

STRANGERS = {
    "first names": ("Emma\nOlivia\nAva\n", "names", ["Emma", "Olivia", "Ava"], "3 names, one a line, of 3 to 6"),
    "dinosaurs": ("Tyrannosaurus Rex\nStegosaurus", "names", 2, "28 in all; 16 different"),
    "towns": ("Zürich\nSaint-Étienne\n\nÅ\n A Coruña", "names", 4, "1 blank line left out; spaces"),
    "capitals": ("EMMA\nNOAH\n", "names", ["EMMA", "NOAH"],
                 "A list of 2 names, one a line, of 4 characters, 8 in all; 7 different characters: a line break and "
                 'AEHMNO; if it is one long text, say kind="text".'),
    "chinese": ("王伟\n李秀英\n", "names", ["王伟", "李秀英"], "a line break and 伟李王秀英;"),
    "japanese": ("佐藤 蓮\n田中\u3000ハナ\u3000", "names", ["佐藤 蓮", "田中\u3000ハナ"], "U+3000 IDEOGRAPHIC"),
    "hebrew": ("יעל\nתמר\n", "names", ["יעל", "תמר"], "7 different"),
    "emoji": ("👩\u200d🚀\n👍🏽\n", "names", ["👩\u200d🚀", "👍🏽"], "several characters, as 👩\u200d🚀, which is 3;"),
    "tones of skin": ("👍🏽\n👋🏿\n", "names", 2, "as 👍🏽, which is 2;"),
    "flags": ("🇩🇪\n🇫🇷\n", "names", 2, "as 🇩🇪, which is 2;"),
    "hindi": ("राम\nसीता\n", "names", 2, "as रा, which is 2;"),
    "windows": ("\ufeffgrün\r\n\r\n  blau \r\nrot", "names", ["grün", "blau", "rot"],
                "1 blank line left out; spaces at the ends of lines left out; a byte order mark left out; "
                "other line ends read as line breaks; if it is one long text, say kind=\"text\"."),
    "blank lines at the end": ("Anna\nBert\n\n\n\n\n", "names", 2, "4 blank lines left out"),
    "old mac": ("Anna\rBert\r", "names", ["Anna", "Bert"], "line breaks"),
    "double line ends": ("Anna\r\r\nBert\r\r\nCarl\r\r\n", "names", 3, "3 blank lines left out"),
    "accents apart": ("Jose\u0301\nZoe\u0308\n", "names", ["José", "Zoë"], "stood apart joined (NFC)"),
    "accents piled up": (f"Z{chr(0x300) * 50}\nZoe\n", "names", 2, "\u0300…" + "\u0300" * 9 + ", which is 51;"),
    "many characters": ("\n".join(map(chr, range(0x4E00, 0x4F00))), "names", 256, "一丁丂七丄"),
    "tabs": ("Emma\tF\nNoah\tM\n", "names", ["Emma\tF", "Noah\tM"], "a line break, a tab and"),
    "brands": (BRANDS, "names", 4, "4 names"),
    "strange line ends": ("a\x0cb\x1cc\u2028d\ne\n", "names", 2, "line break, U+000C, U+001C, U+2028 LINE"),
    "unicode": ("\n".join(data.unicode_names()), "names", 12_886, "39 different characters"),
    "play": (PLAY, "text", [PLAY], "One long text of 738 characters in 54 lines; 30 different"),
    "poem": (POEM, "text", [POEM], 'if each line is a name, say kind="names".'),
    "chinese poem": ("床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。\n", "text", 1, "in 4 lines"),  # noqa: RUF001
    "code": (CODE, "text", [CODE], "in 7 lines"),
    "unpunctuated": ("row row row your boat\n\ngently down\n\nmerrily\nlife is but\n", "text", 1, "6 lines"),
    "paragraphs": (f"{'So it goes ' * 20}\n" * 3, "text", 1, "in 3 lines"),
    "long lines": ("".join(f"{'x' * 40}{i}\n" for i in range(9)), "text", 1, "in 9 lines"),
    "a few long lines": (f"{'x' * 99}\n{'y' * 99}\n" + "\n".join("abcdefghijklmnopqr"), "text", 1, "in 20 lines"),
    "tree": ("a\n  b\n  c\n  d\n", "text", 1, "4 lines"),
    "said in short": ("Ay!\nWhy?\nSo!\nNo: never\nGo\n", "text", 1, "text"),
    "notes": ("c\nd\ne\nc\nd\nd\nc\n", "text", 1, "text"),
    "commas": (COMMAS, "text", [COMMAS], "in 1 line; 17 different characters: a line break, a space and "
               ",0123456789Naem; if these are names, each needs a line of its own: "
               "data.look_at(source.texts[0].replace(',', '\\n'), kind=\"names\")."),
    "one line": ("To be", "text", ["To be"], "One long text of 5 characters in 1 line; 6 different characters: a line "
                 "break, a space and Tbeo; names would stand one a line."),
}  # fmt: skip


@pytest.mark.parametrize("case", STRANGERS)
def test_what_strangers_bring_is_told_apart_and_said(tmp_path, case):
    content, kind, texts, said = STRANGERS[case]
    file = tmp_path / "mine.txt"
    file.write_bytes(content.encode())
    found = data.read(file)
    assert found.kind == kind and (found.texts if isinstance(texts, list) else len(found.texts)) == texts
    assert found.alphabet == data.alphabet_of(found.texts)
    assert said in found.summary and found.summary.endswith(".") and len(found.summary) < 400
    assert repr(found) == found.summary and data.look_at(content) == found == data.read(str(file), kind=kind)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_file_of_16_bits_a_character_says_so_and_is_read(tmp_path, encoding):
    file = tmp_path / "mine.txt"
    file.write_bytes("\ufeffgrün\r\n👍🏽\r\n".encode(encoding))
    found = data.read(file)
    assert found.texts == data.read_lines(file) == ["grün", "👍🏽"] and "; read as UTF-16; other line" in found.summary


def test_a_wrong_guess_is_put_right_as_the_summary_says():
    assert data.look_at(PLAY, kind="names").texts[:3] == ["First Citizen:", PLAY.split("\n")[1], "All:"]
    assert data.look_at("Emma\nAva \n", kind="text").texts == ["Emma\nAva \n"]
    source = data.look_at(COMMAS)
    assert eval(source.summary.split("own: ")[1][:-1]).texts[:2] == ["Name 0", "Name 1"]
    assert "own: data.look_at" in data.look_at(COMMAS, kind="names").summary
    with pytest.raises(ValueError, match='kind: expected "names", "text" or None, got \'list\''):
        data.look_at("Emma", kind="list")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "a\r\rgrün".encode("latin-1"),
            "UTF-8 text, got byte 0xfc at index 5 \\(line 3\\): save it as UTF-8 \\(in most ed",
        ),
        ("王".encode("gbk"), "path: expected UTF-8 text, got byte 0xcd at index 0 .line 1.: save"),
        (b"a\xed\xb3\xbc", "path: expected UTF-8 text, got byte 0xed at index 1"),  # half of a pair, in UTF-8
        ("\ufeffਊ\n".encode("utf-16-le") + b"\xfc\xdc\n\0", "UTF-16 text, got byte 0xfc at index 6 .line 2.: save"),
        (b"\xff\xfea", "path: expected UTF-16 text, got byte 0x61 at index 2"),
        ("Emma".encode("utf-16-le"), "path: expected text, got a NUL character at index 1: if this is UTF-16 without"),
        ("Zoë".encode("utf-16-le"), "path: expected text, got a NUL character: .* save it as UTF-8 .*; a picture"),
        (b"", "path: expected text, got none: .*mine.txt"),
        (b"\xef\xbb\xbf", "path: expected text, got none: "),
        (b" \n\t\r\n", "path: expected text, got only blank lines: .*mine.txt"),
    ],
)
def test_a_file_without_readable_text_is_refused(tmp_path, content, message):
    file = tmp_path / "mine.txt"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        data.read(file)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (b"Emma", TypeError, "text: expected a string, got bytes"),
        ("\n", ValueError, "^text: expected text, got only blank lines$"),
        ("a\0", ValueError, "^text: expected text, got a NUL character at index 1: "),
        ("a\udcfc", ValueError, "^text: expected characters, got half of a pair, .* at index 1"),
    ],
)
def test_a_text_that_is_none_is_refused(text, error, message):
    with pytest.raises(error, match=message):
        data.look_at(text)


def test_a_file_at_the_limit_is_read_and_one_byte_more_is_not(tmp_path):
    file = tmp_path / "words.txt"
    file.write_bytes(b"a" * 100)
    assert data.read(file, most_bytes=100).texts == ["a" * 100]
    with pytest.raises(
        ValueError, match=r"at most 99 bytes, got 100: take a part of it, or a larger most_bytes: .*words"
    ):
        data.read(file, most_bytes=99)
    with pytest.raises(TypeError, match="most_bytes: expected an integer, got str"):
        data.read(file, most_bytes="99")


def test_no_more_is_read_than_is_allowed(tmp_path):
    file = tmp_path / "words.txt"
    with file.open("wb") as opened:
        opened.truncate(50_000_000)
    tracemalloc.start()
    with pytest.raises(ValueError, match="at most 10 bytes, got 50,000,000"):
        data.read(file, most_bytes=10)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1_000_000


def test_a_file_that_is_not_there_is_looked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    here = re.escape(os.getcwd())
    (tmp_path / "FIRST_NAMES.TXT").write_text("Emma")
    with pytest.raises(
        FileNotFoundError, match=r"got first_name\.txt, which .* folder .*; .* there: FIRST_NAMES\.TXT$"
    ):
        data.read("first_name.txt")
    with pytest.raises(FileNotFoundError, match=f"got zoo.txt, which is not in the folder {here}$"):
        data.read("zoo.txt")
    with pytest.raises(FileNotFoundError, match=f"got a.txt in a folder that is not there: {here}.none$"):
        data.read("none/a.txt")


def test_what_is_no_file_is_refused_at_once(tmp_path):
    with pytest.raises(IsADirectoryError, match="path: expected a file, got a folder: "):
        data.read(tmp_path)
    for text in ("Emma\nAva", COMMAS):
        with pytest.raises(
            ValueError, match=r"path: expected the path of a file, got a text \(data\.look_at"
        ) as caught:
            data.read(text)
        assert len(str(caught.value)) < 160
    with pytest.raises(TypeError, match="path: expected the path of a file, got int"):
        data.read(0)
    with pytest.raises(ValueError, match="path: expected a file, got a pipe or a device: "):
        data.read(os.devnull)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(ValueError, match=r"path: expected a file, got a pipe or a device: .*pipe"):
            data.read(tmp_path / "pipe")


def test_a_long_path_is_quoted_in_part(tmp_path):
    folder = tmp_path / ("f" * 200)
    folder.mkdir()
    with pytest.raises(IsADirectoryError) as caught:
        data.read(folder)
    assert len(str(caught.value)) < 140 and str(caught.value).endswith("fff")


# The text that comes with Python


def test_the_names_of_characters_are_the_same_in_every_python():
    names = data.unicode_names()
    text = "\n".join(names)
    assert (len(names), len(text), max(map(len, names))) == (12_886, 354_743, 83)
    assert names[:2] == ["SPACE", "EXCLAMATION MARK"] and len(set(names)) == len(names)
    assert data.alphabet_of(text) == "\n -0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "03ce3aea0397e841"


# The split


def test_every_name_is_on_one_side_and_a_seed_decides():
    train, validation = data.split(NAMES, np.random.default_rng(0))
    assert sorted([*train, *validation]) == list(range(949))
    assert len(validation) in (95, 96, 97)  # a tenth, and the spellings that the last name brings with it
    again = data.split(NAMES, np.random.default_rng(0))
    assert again.validation.tolist() == validation.tolist()
    assert data.split(NAMES, np.random.default_rng(1)).validation.tolist() != validation.tolist()


@pytest.mark.parametrize("seed", range(20))
def test_no_name_is_kept_back_that_training_sees_in_another_spelling(seed):
    train, validation = data.split(NAMES, np.random.default_rng(seed), validation=0.3)
    assert not {letters(NAMES[i]) for i in train} & {letters(NAMES[i]) for i in validation}


def test_spellings_stay_together_but_longer_names_are_their_own():
    green_apart, signs_apart = set(), set()
    for seed in range(30):
        texts = ["dark blue", "Dark/Blue", "darkblue", "dark blue green", "!", "?"]
        train = set(data.split(texts, np.random.default_rng(seed), validation=0.3).train)
        assert len({0, 1, 2} & train) in (0, 3)
        green_apart.add((0 in train) != (3 in train))
        signs_apart.add((4 in train) != (5 in train))
    assert green_apart == signs_apart == {True, False}


def test_both_sides_have_something():
    for share in (1e-9, 1 - 1e-9):
        train, validation = data.split(["red", "blue", "sea"], np.random.default_rng(0), validation=share)
        assert len(train) and len(validation)


@pytest.mark.parametrize(
    ("arguments", "share", "error", "message"),
    [
        (("red", np.random.default_rng(0)), 0.1, TypeError, "texts: .* got one string: data.split_text splits one"),
        (
            ([COMMAS], np.random.default_rng(0)),
            0.1,
            ValueError,
            "texts: .* got one text: 'Name 0, .{60,80}'. Names stand",
        ),
        ((["red", "blue"], 0), 0.1, TypeError, "rng: expected a numpy.random.Generator, got int"),
        (
            (["red", "blue"], np.random.default_rng(0)),
            0.0,
            ValueError,
            "validation: expected a positive number, got 0.0",
        ),
        (
            (["red", "blue"], np.random.default_rng(0)),
            1.0,
            ValueError,
            "validation: expected a number .* below 1, got 1.0",
        ),
        ((["red", "r e d"], np.random.default_rng(0)), 0.5, ValueError, "texts: .* got 2 spellings of one: 'red'"),
    ],
)
def test_a_split_that_cannot_be_is_refused(arguments, share, error, message):
    with pytest.raises(error, match=message):
        data.split(*arguments, validation=share)


def test_spellings_are_told_by_letters_and_marks_in_every_language():
    def together(*texts):
        trains = [set(data.split([*texts, "?"], np.random.default_rng(seed)).train) for seed in range(20)]
        return all((0 in train) == (1 in train) for train in trains)

    assert together("Straße", "STRASSE") and together("Έλα", "έλα")
    assert not together("कि", "का") and not together("José", "Jose")


@pytest.mark.parametrize(
    ("text", "share", "train"),
    [
        ("ab\ncd ef\ngh ij kl", 0.3, "ab\ncd ef\n"),  # the line break goes before the space that is nearer
        ("one two three", 0.3, "one two "),
        ("王伟李秀英", 0.4, "王伟李"),
        ("a" * 99 + "\n" + "b" * 900, 0.1, "a" * 99 + "\n" + "b" * 800),  # a line break far away does not count
        ("a\n" + "b" * 2998, 0.5, "a\n" + "b" * 1498),  # nor a thousand characters away
        ("a\nbcdefghi", 0.7, "a\n"),
        ("ab", 0.01, "a"),
        ("ab", 0.99, "a"),
        ("\n\n", 0.5, "\n"),
    ],
)
def test_the_end_of_a_long_text_is_kept_back(text, share, train):
    assert data.split_text(text, validation=share) == (train, text[len(train) :])


@pytest.mark.parametrize(
    ("text", "share", "error", "message"),
    [
        (["ab"], 0.1, TypeError, "text: expected a string, got list"),
        ("a", 0.1, ValueError, "text: expected at least two characters, got 'a'"),
        ("ab", 1.0, ValueError, "validation: expected a number .* below 1, got 1.0"),
        ("ab", 0, ValueError, "validation: expected a positive number, got 0"),
    ],
)
def test_a_text_that_cannot_be_split_is_refused(text, share, error, message):
    with pytest.raises(error, match=message):
        data.split_text(text, validation=share)


# Batches

every_mix = pytest.mark.parametrize("rng", [None, np.random.default_rng(0)], ids=["in order", "mixed"])


@every_mix
@pytest.mark.parametrize("size", [1, 7, 32, 2000])
def test_batches_hold_every_sequence_once_with_little_padding(size, rng):
    found = data.batches(SEQUENCES, size, rng)
    assert sorted(row for batch in found for row in batch.rows) == list(range(949))
    for batch in found:
        assert batch.x.shape == batch.targets.shape and 1 <= batch.x.shape[1] <= size
        assert (batch.targets == -100).mean() < 0.15


@given(st.lists(st.integers(1, 60), min_size=1, max_size=40), st.integers(1, 9), st.booleans())
@settings(max_examples=60)
def test_padding_stays_below_15_percent_for_any_lengths(lengths, size, mixed):
    sequences = [np.ones(n, int) for n in lengths]
    found = data.batches(sequences, size, np.random.default_rng(0) if mixed else None)
    assert max((batch.targets == -100).mean() for batch in found) < 0.15
    assert sorted(row for batch in found for row in batch.rows) == list(range(len(lengths)))


def test_padding_of_15_percent_is_too_much():
    assert len(data.batches([np.ones(13, int), np.ones(19, int)], 2)) == 2  # 6 of 40
    assert len(data.batches([np.ones(13, int), np.ones(18, int)], 2)) == 1  # 5 of 38


@every_mix
def test_a_column_reads_end_and_the_name_and_should_say_the_name_and_end(rng):
    for batch in data.batches(SEQUENCES, 32, rng):
        for x, targets, row, length in zip(batch.x.T, batch.targets.T, batch.rows, batch.lengths(), strict=True):
            name = SEQUENCES[row].tolist()
            assert x[:length].tolist() == [0, *name] and not x[length:].any()
            assert targets[:length].tolist() == [*name, 0] and (targets[length:] == -100).all()


def test_batches_are_mixed_anew_by_the_generator_and_not_without_it():
    def order(rng):
        return [batch.rows.tolist() for batch in data.batches(SEQUENCES, 32, rng)]

    by_length = sorted(range(949), key=lambda row: len(SEQUENCES[row]))  # equally long ones as they came
    assert [row for rows in order(None) for row in rows] == by_length
    assert order(np.random.default_rng(0)) == order(np.random.default_rng(0)) != order(np.random.default_rng(1))
    lengths = [len(SEQUENCES[batch.rows[0]]) for batch in data.batches(SEQUENCES, 32, np.random.default_rng(0))]
    assert lengths != sorted(lengths)


def test_passes_show_everything_each_time_in_another_order():
    found = list(data.passes(SEQUENCES[:10], 3, np.random.default_rng(0), 4))
    rows = np.concatenate([batch.rows for batch in found]).reshape(4, 10)
    assert (np.sort(rows) == np.arange(10)).all()
    assert len(set(map(tuple, rows))) == 4
    assert not any(batch.continues for batch in found)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=40), st.integers(1, 9), st.integers(1, 3))
@settings(max_examples=40)
def test_passes_know_how_many_batches_will_come(lengths, size, count):
    found = data.passes([np.ones(n, int) for n in lengths], size, np.random.default_rng(0), count)
    before = len(found)
    assert before == len(list(found)) == len(list(found)) and repr(found) == f"{before} batches"


def test_counting_the_batches_of_passes_draws_nothing():
    rng = np.random.default_rng(0)
    found = data.passes(SEQUENCES, 32, rng, 2)
    assert len(found) == 2 * 32 and rng.bit_generator.state == np.random.default_rng(0).bit_generator.state
    one, other = list(found), data.batches(SEQUENCES, 32, np.random.default_rng(0))
    assert all((a.x == b.x).all() for a, b in zip(one, other, strict=False))


def test_passes_and_windows_refuse_before_anything_is_asked_of_them():
    with pytest.raises(ValueError, match="count: expected at least 1, got 0"):
        data.passes(SEQUENCES, 3, np.random.default_rng(0), 0)
    with pytest.raises(TypeError, match=r"rng: expected a numpy\.random\.Generator, got None"):
        data.passes(SEQUENCES, 3, None, 2)
    with pytest.raises(ValueError, match=r"ids: .* = 7, got 6: take fewer steps, a smaller batch or a longer text"):
        data.windows(np.arange(6), 3, batch=2)


def test_windows_read_a_long_text_once_and_in_order():
    ids = np.arange(24) % 9
    found = list(data.windows(ids, 3, batch=2))  # 23 pairs, 11 in each stream, 9 of them in whole windows
    assert [w.x.shape for w in found] == [(3, 2)] * 3
    x, targets = (np.concatenate([getattr(w, name) for w in found]) for name in ("x", "targets"))
    assert x.T.reshape(-1).tolist() == ids[:18].tolist()
    assert targets.T.reshape(-1).tolist() == ids[1:19].tolist()


def test_windows_can_be_counted_and_read_again_and_say_where_they_go_on():
    found = data.windows(np.arange(24) % 9, 3, batch=2, passes=2)
    assert [w.continues for w in found] == [False, True, True] * 2 and len(found) == 6
    assert repr(found) == "6 batches"
    first, again = list(found), list(found)
    for one, other in zip(first + first[:3], again + again[3:], strict=True):
        assert (one.x == other.x).all() and (one.targets == other.targets).all() and one.rows.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: data.batches(3, 3), TypeError, "sequences: expected a list of arrays of ids, got int"),
        (lambda: data.batches([], 3), ValueError, "sequences: expected at least one"),
        (lambda: data.batches(SEQUENCES, 0), ValueError, "size: expected at least 1, got 0"),
        (lambda: data.batches(SEQUENCES, 2.0), TypeError, "size: expected an integer, got float"),
        (lambda: data.batches(SEQUENCES, 2, 0), TypeError, "rng: expected a numpy.random.Generator, got int"),
        (lambda: data.batches([np.array([], int)], 2), ValueError, "sequences: .*no empty axis"),
        (lambda: data.batches(["red"], 2), TypeError, "sequences: expected integers, got"),
        (lambda: data.batches([np.array([-100])], 2), ValueError, "sequences: expected integers from 0"),
        (lambda: list(data.windows(np.arange(6), 3, 2)), ValueError, r"ids: .* steps \* batch \+ 1 = 7, got 6"),
        (lambda: list(data.windows(np.arange(6), 0)), ValueError, "steps: expected at least 1"),
        (lambda: list(data.windows(np.arange(6), 1, 0)), ValueError, "batch: expected at least 1"),
        (lambda: data.windows(np.arange(6), 1, passes=0), ValueError, "passes: expected at least 1"),
    ],
)
def test_bad_sequences_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_code_points_fit_an_index_of_four_bytes():
    assert all(np.can_cast(codes.dtype, np.int32) for codes in texts._codes("a\U0010ffff"))
