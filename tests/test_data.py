"""Texts as ids: nothing is lost, nothing leaks, and padding neither counts nor grows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_helpers import data

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
def test_any_text_comes_back(texts):
    alphabet = data.alphabet_of(texts)
    for text in texts:
        assert data.decode(data.encode(text, alphabet), alphabet) == text
    assert data.decode([], alphabet) == "" and data.encode("", alphabet).shape == (0,)


def test_a_character_out_of_the_alphabet_is_named():
    with pytest.raises(ValueError, match=r"text: expected characters among .*, got 'ü' at index 2 of 'grün'"):
        data.encode("grün", ALPHABET)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: data.alphabet_of("red"), TypeError, "texts: expected a list of strings, got one string"),
        (lambda: data.alphabet_of(["red", 7]), TypeError, "texts: expected strings, got int at index 1"),
        (lambda: data.alphabet_of(["red", ""]), ValueError, "texts: .* got none at index 1"),
        (lambda: data.alphabet_of(7), TypeError, "texts: expected a list of strings, got int"),
        (lambda: data.alphabet_of([]), ValueError, "texts: expected at least one, got none"),
        (lambda: data.encode(7, "\na"), TypeError, "text: expected a string, got int"),
        (lambda: data.encode("a", "a\n"), ValueError, "alphabet: expected different characters after a line break"),
        (lambda: data.encode("a", "\naa"), ValueError, "alphabet: expected different characters"),
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


def test_what_cannot_be_read_of_a_typed_name_is_left_out():
    assert data.readable("Dark  Réd 7\n", "\n adekr") == "dark  rd "
    assert data.readable("!?", ALPHABET) == ""


def test_a_typed_name_is_cut_after_what_cannot_be_read_is_left_out():
    assert max(map(len, NAMES)) == data.LONGEST
    assert data.readable("!" * 9 + "red" * 20, ALPHABET) == ("red" * 20)[: data.LONGEST]


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


# Files


def test_a_file_of_ones_own_words(tmp_path):
    file = tmp_path / "words.txt"
    file.write_bytes("\ufeffgrün\r\n\r\n  blau \rrot".encode())
    assert data.read_lines(file) == data.read_lines(str(file)) == ["grün", "blau", "rot"]
    assert data.read(file, kind="text").texts[0] == "grün\n\n  blau \nrot"


def test_a_file_at_the_limit_is_read_and_one_byte_more_is_not(tmp_path):
    file = tmp_path / "words.txt"
    file.write_bytes(b"a" * 100)
    assert data.read_lines(file, most_bytes=100) == ["a" * 100]
    with pytest.raises(ValueError, match=r"path: expected a file of at most 99 bytes, got a longer one: .*words\.txt"):
        data.read_lines(file, most_bytes=99)
    with pytest.raises(TypeError, match="most_bytes: expected an integer, got str"):
        data.read_lines(file, most_bytes="99")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("grün".encode("latin-1"), "path: expected UTF-8 text, got byte 0xfc at 2"),
        (b"", "path: expected a file with text in it"),
        (b" \n\t\n", "path: expected a file with text in it"),
    ],
)
def test_a_file_without_readable_text_is_refused(tmp_path, content, message):
    file = tmp_path / "words.txt"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        data.read_lines(file)


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(FileNotFoundError):
        data.read_lines(tmp_path / "none.txt")


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
        (("red", np.random.default_rng(0)), 0.1, TypeError, "texts: expected a list"),
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
        ((["red", "r e d"], np.random.default_rng(0)), 0.5, ValueError, "texts: .* got 2 spellings of 'red'"),
    ],
)
def test_a_split_that_cannot_be_is_refused(arguments, share, error, message):
    with pytest.raises(error, match=message):
        data.split(*arguments, validation=share)


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


def test_passes_and_windows_refuse_before_anything_is_asked_of_them():
    with pytest.raises(ValueError, match="count: expected at least 1, got 0"):
        data.passes(SEQUENCES, 3, np.random.default_rng(0), 0)
    with pytest.raises(TypeError, match=r"rng: expected a numpy\.random\.Generator, got None"):
        data.passes(SEQUENCES, 3, None, 2)
    with pytest.raises(ValueError, match=r"ids: expected at least steps \* batch \+ 1 = 7, got 6"):
        data.windows(np.arange(6), 3, batch=2)


def test_windows_read_a_long_text_once_and_in_order():
    ids = np.arange(24) % 9
    found = list(data.windows(ids, 3, batch=2))  # 23 pairs, 11 in each stream, 9 of them in whole windows
    assert [w.x.shape for w in found] == [(3, 2)] * 3
    x, targets = (np.concatenate([getattr(w, name) for w in found]) for name in ("x", "targets"))
    assert x.T.reshape(-1).tolist() == ids[:18].tolist()
    assert targets.T.reshape(-1).tolist() == ids[1:19].tolist()


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
    ],
)
def test_bad_sequences_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
