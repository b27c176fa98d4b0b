"""What the painter of notebook 13 is made of."""

from functools import cache

import numpy as np
import pytest

from rnn_helpers import data, init_params, many_to_one, optim, rnn_forward, train
from rnn_helpers.data.colour_space import srgb_to_lab
from rnn_helpers.labs import paint
from rnn_helpers.labs.paint import Reader

NAMES = ["red", "dark red", "sea green", "light sea green", "a", "it's o/k"]
ALPHABET = data.alphabet_of(NAMES)
LAB = srgb_to_lab(np.random.default_rng(0).random((len(NAMES), 3)))


def reader(seed, backwards=False):
    """Return a reader whose numbers are all random."""
    params = paint.start(np.random.default_rng(seed), len(ALPHABET), 9, np.array([0.5, 0.1, -0.2]))
    return Reader(params._replace(W_hy=10 * params.W_hy), ALPHABET, backwards)


READERS = [reader(1), reader(2, backwards=True)]


def test_what_a_typed_name_loses_is_said():
    assert paint.typed("red", ALPHABET) == ("red", "")
    assert paint.typed("Réd", ALPHABET) == (
        "rd",
        " Read as small letters, because the alphabet has no such capitals: R; left out, because they aren't in the "
        "alphabet: é.",
    )
    none = " No letter is left to read: a space stands in the name's place."
    assert paint.typed("", ALPHABET) == (" ", none)
    assert paint.typed("é", ALPHABET) == (" ", f" Left out, because they aren't in the alphabet: é.{none}")


# variations


def test_a_name_left_alone_stays_as_it_is():
    rng = np.random.default_rng(0)
    assert [paint.varied(name, rng, mix=0, drop=0) for name in NAMES] == NAMES


def test_mixing_keeps_the_words_and_changes_their_order():
    rng = np.random.default_rng(0)
    mixed = [paint.varied("light sea green", rng, mix=0.99, drop=0) for _ in range(60)]
    assert {tuple(sorted(name.split(" "))) for name in mixed} == {("green", "light", "sea")}
    assert len(set(mixed)) == 6


def test_dropping_leaves_letters_out_and_keeps_their_order():
    rng = np.random.default_rng(0)
    lengths = []
    for _ in range(400):
        name = paint.varied("abcdefghijklmnopqrst", rng, mix=0, drop=0.1)
        assert list(name) == sorted(name)
        lengths.append(len(name))
    assert abs(np.mean(lengths) - 18) < 0.3  # 20 letters, each kept nine times in ten: 18, give or take 0.07


def test_no_name_is_dropped_whole():
    rng = np.random.default_rng(0)
    assert {paint.varied("a", rng, drop=0.9) for _ in range(50)} == {"a"}


def test_the_shares_are_what_they_say():
    rng = np.random.default_rng(0)
    mixed = [paint.varied("a b c d e f", rng, mix=0.3, drop=0) != "a b c d e f" for _ in range(2000)]
    assert abs(np.mean(mixed) - 0.3) < 0.04


def test_lessons_read_every_name_in_each_pass_with_its_own_number():
    plan = paint.lessons(NAMES, ALPHABET, np.random.default_rng(0), passes=3, size=2)
    assert sorted(np.concatenate([batch.rows for batch in plan])) == sorted(3 * list(range(len(NAMES))))
    for batch in plan:
        for column, row in enumerate(batch.rows):
            text = data.decode(batch.x[1 : batch.lengths()[column], column], ALPHABET)
            assert set(text) <= set(NAMES[row])


def test_lessons_backwards_are_read_from_right_to_left():
    plan = paint.lessons(["abcdef"], data.alphabet_of(["abcdef"]), np.random.default_rng(0), passes=5, backwards=True)
    ids = [batch.x[1 : batch.lengths()[0], 0] for batch in plan]
    assert all((np.diff(name) < 0).all() for name in ids)


def test_the_same_generator_gives_the_same_lessons():
    one, other = (paint.lessons(NAMES, ALPHABET, np.random.default_rng(4), passes=2) for _ in range(2))
    assert all((a.x == b.x).all() and (a.rows == b.rows).all() for a, b in zip(one, other, strict=True))


# training


def test_the_start_feels_a_letter_and_answers_near_the_mean():
    mean = np.array([0.6, 0.05, 0.16])
    params = paint.start(np.random.default_rng(0), 40, 100, mean)
    assert abs(params.W_xh.std() - 1) < 0.05 and abs(params.W_hh.std() - 0.1) < 0.005
    plan = paint.lessons(NAMES, ALPHABET, np.random.default_rng(0), passes=1)
    for batch in plan:
        assert np.abs(many_to_one.read(params, batch.x, batch.lengths()) - mean).max() < 0.4


def test_the_start_says_little_of_its_own():
    drawn, params = init_params(rng(), 4, 5, 3), paint.start(rng(), 4, 5, np.ones(3, np.float32))
    assert (params.W_hy == 0.1 * drawn.W_hy).all() and (params.W_xh == 2 * drawn.W_xh).all()
    assert params.b_y.dtype == np.float64 and (params.b_y == 1).all()


def test_the_learning_rate_falls_in_a_straight_line():
    params, grads = paint.start(np.random.default_rng(0), 2, 3, np.zeros(3)), None
    step, state, moved = paint.fading(4), None, []
    grads = params._make(np.ones_like(p) for p in params)
    for _ in range(4):
        after, state = step(params, grads, state, 0.1)
        moved.append(float((params.b_h - after.b_h).mean()))
        params = after
    assert np.allclose(moved, [0.1, 0.075, 0.05, 0.025], rtol=1e-6)  # Adam moves by its rate where gradients agree


@cache
def trained():
    plan = paint.lessons(NAMES, ALPHABET, np.random.default_rng(0), passes=60, size=3)
    start = paint.start(np.random.default_rng(1), len(ALPHABET), 24, LAB.mean(axis=0) / paint.UNIT)
    return list(paint.learn(plan, LAB, start))


def test_learning_is_the_run_that_notebook_09_writes_out():
    plan = paint.lessons(NAMES, ALPHABET, rng(), passes=4, size=3)
    params = paint.start(rng(), len(ALPHABET), 24, LAB.mean(axis=0) / 100)
    params = params._replace(W_hy=30 * params.W_hy)  # gradients are longer than the limit
    run = train.steps(
        params,
        plan,
        paint.fading(len(plan)),
        learning_rate=0.004,
        clip=lambda grads: optim.clip_by_norm(grads, 1.0),
        loss_and_grads=lambda p, b: many_to_one.loss_and_grads(p, b.x, b.lengths(), LAB[b.rows] / 100),
    )
    ours = list(paint.learn(plan, LAB, params))
    assert max(step.gradient_norm for step in ours) > 1
    for mine, written_out in zip(ours, run, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(mine.params, written_out.params, strict=True))


def test_a_reader_learns_its_names():
    steps = trained()
    painted = paint.paint([Reader(steps[-1].params, ALPHABET)], NAMES)
    off = np.linalg.norm(painted - LAB, axis=1).mean()
    assert off < 0.5 * np.linalg.norm(LAB - LAB.mean(axis=0), axis=1).mean()
    assert len(steps) == len(paint.lessons(NAMES, ALPHABET, np.random.default_rng(0), passes=60, size=3))


def test_training_ends_in_small_steps():
    first, second, *_, last_but_one, last = (step.params.W_hh for step in trained())
    assert np.abs(last - last_but_one).mean() < 0.05 * np.abs(second - first).mean()


def test_training_measures_in_hundreds_of_lab():
    assert abs(trained()[0].loss - np.linalg.norm((LAB - LAB.mean(axis=0)) / 100, axis=1).mean()) < 0.3


# painting


def by_hand(reader, name):
    """Run one name alone, without padding."""
    ids = [data.END, *data.encode(name[::-1] if reader.backwards else name, ALPHABET)]
    h, _, _ = rnn_forward(reader.params, np.array(ids)[:, None])
    return 100 * (h[-1, 0] @ reader.params.W_hy + reader.params.b_y)


def test_the_paint_is_the_mean_of_what_each_reader_says_of_each_name_alone():
    names = [*NAMES, ""]
    expected = [np.mean([by_hand(reader, name) for reader in READERS], axis=0) for name in names]
    assert np.abs(paint.paint(READERS, names) - expected).max() < 1e-12


def test_a_letter_that_was_never_seen_is_refused_by_name():
    with pytest.raises(ValueError, match="got 'ü' at index 1"):
        paint.paint(READERS, ["grün"[1:]])


# letters


def place(reader, name, direction, letter, amount):
    """Return where along the direction the reader puts the name, when one letter's 1 is `amount`."""
    text = name[::-1] if reader.backwards else name
    rows = np.eye(len(ALPHABET))[[data.END, *data.encode(text, ALPHABET)]][:, None]
    step = len(name) - letter if reader.backwards else 1 + letter
    rows[step] *= amount
    return 100 * many_to_one.read(reader.params, rows, [len(rows)])[0] @ direction


@pytest.mark.parametrize("name", ["red", "light sea green", "a"])
def test_letters_gradients_agree_with_differences(name):
    direction, s = np.array([0.6, -0.3, 0.7]), 1e-5
    by_differences = [
        np.mean(
            [(place(r, name, direction, i, 1 + s) - place(r, name, direction, i, 1 - s)) / (2 * s) for r in READERS]
        )
        for i in range(len(name))
    ]
    ours = paint.letter_gradients(READERS, name, direction)
    assert ours.shape == (len(name),)
    assert np.abs(ours - by_differences).max() < 1e-7 * np.abs(by_differences).max()


def test_a_name_without_each_of_its_letters():
    assert paint.without_each_letter("abc") == ["bc", "ac", "ab"]


@pytest.mark.parametrize(
    ("name", "direction", "error", "says"),
    [
        ("", np.ones(3), ValueError, "name: expected at least one letter"),
        ("red", np.ones(4), ValueError, r"direction: expected shape \(Lab=3,\)"),
        ("red", [1, 2, 3], TypeError, "direction: expected float32 or float64"),
        (["r"], np.ones(3), TypeError, "name: expected a string, got list"),
    ],
)
def test_bad_letters_are_named(name, direction, error, says):
    with pytest.raises(error, match=says):
        paint.letter_gradients(READERS, name, direction)


# baselines


def edits(a, b):
    """Count edits as they are defined, one choice at the end of both at a time."""

    @cache
    def count(i, j):
        if not i or not j:
            return i + j
        return min(count(i - 1, j) + 1, count(i, j - 1) + 1, count(i - 1, j - 1) + (a[i - 1] != b[j - 1]))

    return count(len(a), len(b))


def test_edits_of_a_famous_pair():
    assert paint.edit_distances("kitten", ["sitting", "kitten", "kit", "x"]).tolist() == [3, 0, 3, 6]


def test_edits_agree_with_their_definition():
    rng = np.random.default_rng(3)
    words = ["".join(rng.choice(list("ab c"), size=rng.integers(1, 9))) for _ in range(40)]
    for word in words[:8]:
        assert paint.edit_distances(word, words).tolist() == [edits(word, other) for other in words]


def test_shared_words_are_a_share_of_all_words_in_both():
    others = ["dark green", "green dark", "dark", "sea", "dark sea", "blue/green"]
    assert paint.shared_words("dark green", others).tolist() == [1, 1, 1 / 2, 0, 1 / 3, 1 / 3]
    assert paint.shared_words("dark green dark", ["dark green"]).tolist() == [1]


# bad input


def rng():
    return np.random.default_rng(0)


def wrong(**change):
    """Return a reader with another field."""
    return [READERS[0], READERS[0]._replace(**change)]


def sized(n_x, n_y):
    return paint.start(rng(), n_x, 4, np.zeros(n_y))


PLAN = paint.lessons(NAMES, ALPHABET, rng(), passes=1)
START = sized(len(ALPHABET), 3)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: paint.varied(3, rng()), TypeError, "name: expected a string, got int"),
        (lambda: paint.varied("ab", 3), TypeError, "rng: expected a numpy.random.Generator, got int"),
        (
            lambda: paint.varied("ab", rng(), mix=1),
            ValueError,
            "mix: expected a number of at least 0 and below 1, got 1",
        ),
        (lambda: paint.varied("ab", rng(), drop=-0.1), ValueError, "drop: expected .* below 1, got -0.1"),
        (lambda: paint.varied("ab", rng(), drop="a"), TypeError, "drop: expected a number, got str"),
        (lambda: paint.lessons("red", ALPHABET, rng()), TypeError, "names: expected a list of strings, got one string"),
        (lambda: paint.lessons([], ALPHABET, rng()), ValueError, "names: expected at least one, got none"),
        (lambda: paint.lessons(["red", ""], ALPHABET, rng()), ValueError, "names: .* got none at index 1"),
        (lambda: paint.lessons(NAMES, "abc", rng()), ValueError, "alphabet: expected different characters after"),
        (lambda: paint.lessons(NAMES, ALPHABET, None), TypeError, "rng: expected a numpy.random.Generator"),
        (lambda: paint.lessons(NAMES, ALPHABET, rng(), passes=0), ValueError, "passes: expected at least 1, got 0"),
        (lambda: paint.lessons(NAMES, ALPHABET, rng(), size=0), ValueError, "size: expected at least 1, got 0"),
        (
            lambda: paint.start(rng(), 2, 3, np.zeros((3, 1))),
            ValueError,
            r"mean: expected shape \(n_y,\), got \(3, 1\)",
        ),
        (lambda: paint.start(rng(), 2, 3, [1, 2, 3]), TypeError, "mean: expected float32 or float64"),
        (lambda: paint.start(rng(), 0, 3, np.zeros(3)), ValueError, "n_x: expected a size of at least 1, got 0"),
        (lambda: paint.fading(0), ValueError, "count: expected at least 1, got 0"),
        (lambda: paint.fading(2.0), TypeError, "count: expected an integer, got float"),
        (lambda: paint.learn([], LAB, START), ValueError, "plan: expected at least one Batch, got none"),
        (
            lambda: paint.learn(iter(PLAN), LAB, START),
            TypeError,
            "plan: expected a list of type Batch, got list_iterator",
        ),
        (lambda: paint.learn(PLAN[0], LAB, START), TypeError, "plan: expected type Batch, got ndarray at index 0"),
        (lambda: paint.learn(PLAN, LAB[:, :2], START), ValueError, r"lab: expected shape \(names, Lab=3\)"),
        (lambda: paint.learn(PLAN, LAB[:-1], START), ValueError, "lab: .* at least 6, got 5"),
        (lambda: paint.learn(PLAN, LAB, None), TypeError, "start_at: expected an RNNParams, got NoneType"),
        (
            lambda: paint.learn(PLAN, LAB, START._replace(b_h=np.full(4, np.nan))),
            ValueError,
            r"^start_at\.b_h: expected finite numbers, got nan at index \(0,\)$",
        ),
        (lambda: paint.paint([], ["a"]), ValueError, "readers: expected at least one Reader, got none"),
        (lambda: paint.paint(None, ["a"]), TypeError, "readers: expected a list of type Reader, got NoneType"),
        (lambda: paint.paint(READERS[0], ["a"]), TypeError, "readers: expected type Reader, got RNNParams at index 0"),
        (
            lambda: paint.paint(wrong(params=3), ["a"]),
            TypeError,
            r"^readers\[1\]\.params: expected an RNNParams, got int",
        ),
        (
            lambda: paint.paint(wrong(params=READERS[0].params._replace(b_y=np.full(3, np.nan))), ["a"]),
            ValueError,
            r"^readers\[1\]\.params\.b_y: expected finite numbers",
        ),
        (lambda: paint.paint(wrong(alphabet=None), ["a"]), TypeError, r"readers\[1\].alphabet: expected a string"),
        (
            lambda: paint.paint(wrong(params=sized(2, 3)), ["a"]),
            ValueError,
            "readers: .* got 2 and 3 at index 1",
        ),
        (lambda: paint.paint(wrong(params=sized(len(ALPHABET), 4)), ["a"]), ValueError, "readers: .* and 4 at index 1"),
        (lambda: paint.paint(READERS, "red"), TypeError, "names: expected a list of strings, got one string"),
        (lambda: paint.paint(READERS, []), ValueError, "names: expected at least one, got none"),
        (
            lambda: paint.letter_gradients([], "a", np.ones(3)),
            ValueError,
            "readers: expected at least one Reader, got none",
        ),
        (lambda: paint.without_each_letter(["a"]), TypeError, "name: expected a string, got list"),
        (lambda: paint.edit_distances("a", []), ValueError, "others: expected at least one, got none"),
        (lambda: paint.edit_distances("a", "b"), TypeError, "others: expected a list of strings, got one string"),
        (lambda: paint.edit_distances("a", [1]), TypeError, "others: expected strings, got int at index 0"),
        (lambda: paint.edit_distances(1, ["a"]), TypeError, "text: expected a string, got int"),
        (lambda: paint.shared_words("a", []), ValueError, "others: expected at least one, got none"),
        (lambda: paint.shared_words("a", 7), TypeError, "others: expected a list of strings, got int"),
        (lambda: paint.shared_words(None, ["a"]), TypeError, "text: expected a string, got NoneType"),
    ],
)
def test_bad_input_is_named(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_a_step_more_than_the_rate_lasts_is_refused():
    step, params = paint.fading(1), START
    params, state = step(params, params, None, 0.1)
    with pytest.raises(ValueError, match=r"^state\.steps: expected fewer than the 1 of the whole run, got 1$"):
        step(params, params, state, 0.1)


def test_a_fading_step_refuses_what_adam_refuses():
    step = paint.fading(3)
    for state, says in ((START, "state: expected None or a AdamState"), ((), "state: expected None or a AdamState")):
        with pytest.raises(TypeError, match=rf"^{says}"):
            step(START, START, state, 0.1)
    with pytest.raises(TypeError, match=r"^learning_rate: expected a number, got str$"):
        step(START, START, None, "0.1")
    with pytest.raises(TypeError, match=r"^state\.steps: expected an integer, got str$"):
        step(START, START, optim.AdamState("1", START, START), 0.1)


def test_empty_texts_have_distances_too():
    assert paint.edit_distances("ab", ["", "a"]).tolist() == [2, 1]
    assert paint.edit_distances("", [""]).tolist() == [0]
    assert paint.edit_distances("ab", [""]).tolist() == [2]
    assert paint.shared_words("", ["", "a"]).tolist() == [1, 0]
