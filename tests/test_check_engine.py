"""The judge is general: it knows no word of this course, and judges another one as well."""

import importlib
import inspect
import re
import sys

import numpy as np
import pytest
from learners import ask
from notebook_rules import ROOT

import rnn_helpers as rnn
from rnn_helpers import plain
from rnn_helpers.check import EXERCISES
from rnn_helpers.check import judge as judge_here
from rnn_helpers.check.engine import compare
from rnn_helpers.check.engine.exercise import Course, Exercise, Group, Output, Package, Section, table, within, wrong
from rnn_helpers.check.engine.judge import judge
from rnn_helpers.check.engine.verdict import Solution
from rnn_helpers.plant import Exchange

ENGINE = ROOT / "rnn_helpers" / "check" / "engine"

# --- no word of the course -------------------------------------------------------------------------------------

# As a word of its own or as a part of a name; words that end in these, such as linecache, are others.
WORDS = (
    *("softmax", "tanh", "sigmoid", "relu", "logits?", "loss(es)?", "cross", "entropy", "one_?hot", "argmax", "adam"),
    *("rnns?", "grus?", "lstms?", "recurrent", "networks?", "neural", "neurons?", "units?", "layers?", "hidden"),
    *("forward", "backward", "backprop\\w*", "carry", "gradients?", "grads?", "slopes?", "the article", "Karpathy"),
    *("tokens?", "letters?", "vocabulary", "sequences?", "batch(es)?", "samples?", "temperature", "train\\w*", "prev"),
    *("params?", "weights?", "bias(es)?", "caches?", "W_\\w+", "[bhnxyd]_[hxyt]", "[hd]0", "dh", "dz", "dW", "dx"),
)
WORD = re.compile(rf"(?<![^\W_])({'|'.join(WORDS)})(?![^\W_])|[\"'`(]time[\"'`,)]")
NOT_THE_COURSES = re.compile(r"\b(rnn_helpers|lru_cache)\b")


def words_of_the_course(source):
    """Return the words of the course in code, strings, comments and docstrings."""
    return [found[0] for found in WORD.finditer(NOT_THE_COURSES.sub("", source))]


@pytest.mark.parametrize("path", [*sorted(ENGINE.glob("*.py")), ENGINE / "kinds.txt"], ids=lambda path: path.stem)
def test_no_word_of_the_course_stands_in_the_judge(path):
    assert words_of_the_course(path.read_text(encoding="utf-8")) == []


def test_there_are_no_further_files_in_the_judge():
    assert sorted(ENGINE.rglob("*.py")) == sorted(ENGINE.glob("*.py")) and len(list(ENGINE.glob("*.py"))) >= 10


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("y = softmax(z)", "softmax"),
        ("whole_softmax_max = 1", "softmax"),
        ("# the gradients are", "gradients"),
        ('axes = {"time": "step"}', '"time"'),
        ("# of shape (time, batch)", "(time,"),
        ('says = f"at {i} of the batch"', "batch"),
        ('"""As in `params.W_xh`."""', "params"),
        ("value.W_hh", "W_hh"),
        ("value.b_h", "b_h"),
        ("def f(h_prev): ...", "prev"),
        ("hidden = 3", "hidden"),
        ("# caches stay", "caches"),
    ],
)
def test_a_word_of_the_course_would_be_noticed(source, word):
    assert words_of_the_course(source)[0] == word


def test_words_that_only_contain_one_are_others():
    assert words_of_the_course("import time, linecache, experiment  # in time, rnn_helpers, cached") == []


# --- another course --------------------------------------------------------------------------------------------

ANSWERS = '''
import numpy as np

def area(sides):
    """Multiply the two sides of each rectangle (n, 2)."""
    return sides[:, 0] * sides[:, 1]

def boxes(sides, heights):
    """Return each box's volume (n,), and of all together the surface and the number."""
    bottoms = area(sides)
    around = 2 * sides.sum(axis=1) * heights
    return bottoms * heights, ((2 * bottoms + around).sum(), len(sides))
'''
SOLIDS = Course(
    in_place=Section("2", "Copies"),
    stale=Section("9", "Left over"),
    axes={"box": "box {number} of {size}"},
    hints={"unsupported operand": "a word is no number"},
)


def sums_the_sides(sides):
    """Measure around, as somebody does who mistakes one for the other."""
    return 2 * sides.sum(axis=1)


def solids(answers):
    """Write the other course as its author would: two exercises, with an answer each in one module."""

    def rectangles():
        rng = np.random.default_rng(1)
        return (np.array([[2.0, 3.0], [4.0, 5.0]]),), (rng.random((3, 2)),), (rng.random((7, 2)),)

    def with_heights():
        return tuple((sides, np.linspace(1, 2, len(sides))) for (sides,) in rectangles())

    area = Exercise(
        answers.area,
        task="multiply the two sides of each rectangle.",
        arguments="sides : (n, 2).",
        result="area : (n,).",
        cases=rectangles,
        returns=(Output("area", ("box",)),),
        notebook="1",
        section="Rectangles",
        mistakes=(
            wrong("added", "adds the sides: they multiply", ("sides[:, 0] * ", "sides[:, 0] + ")),
            wrong(
                "squared", "multiplies a side by itself", ("sides[:, 1]", "sides[:, 0]"), see=Section("1", "Squares")
            ),
            wrong("around", "measures around", sums_the_sides),
        ),
    )
    boxes = Exercise(
        answers.boxes,
        task="measure boxes.",
        arguments="sides : (n, 2), heights : (n,).",
        result="volume : (n,), all : surface and number.",
        cases=with_heights,
        returns=(Output("volume", ("box",)), Group("all", (Output("surface"), Output("number", kind="integer")))),
        notebook="2",
        section="Boxes",
        mistakes=(
            *within(answers.area, area.mistakes[:2], "{} (of the bottoms)"),
            wrong("no_top", "counts the bottoms alone: a box has a top, too", ("(2 * bottoms", "(bottoms")),
            wrong("mean", "takes the mean of the surfaces", Exchange(").sum()", ").mean()")),
            wrong("halved", "counts half of what is around", ("2 * sides.sum", "sides.sum")),
        ),
        package=Package((answers.area,), "It is shorter."),
    )
    return table(area, boxes)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("solids")
    (folder / "solid_answers.py").write_text(ANSWERS, encoding="utf-8")
    sys.path.insert(0, str(folder))
    yield solids(importlib.import_module("solid_answers"))
    sys.path.remove(str(folder))
    del sys.modules["solid_answers"]


def my_boxes(sides, heights, volume=1.0, surface=1.0, number=0):
    """Answer in one's own way, wrong by these factors."""
    a, b = sides.T
    surfaces = 2 * (a * b + a * heights + b * heights)
    return volume * (a * b * heights), [surface * np.sum(surfaces), len(sides) + number]


def test_another_course_is_judged(course):
    verdict = judge(course["boxes"], my_boxes, SOLIDS)
    assert verdict.passed and verdict.message.startswith("Correct: my_boxes agrees with the package on 3 cases")
    assert judge(course["area"], lambda sides: sides.prod(axis=1), SOLIDS).passed


@pytest.mark.parametrize("name", ["area", "boxes"])
def test_another_courses_mistakes_are_named(course, name):
    assert len(course[name].mistakes) == len({m.name for m in course[name].mistakes}) >= 3
    for mistake in course[name].mistakes:
        verdict = judge(course[name], mistake.function, SOLIDS)
        assert verdict.mistake == mistake.name and mistake.says in verdict.message, verdict
        section = mistake.section or Section(course[name].notebook, course[name].section)
        assert verdict.message.endswith(f". See {section}.")


def test_another_courses_words_are_used(course):
    def squares(sides):
        return sides[:, 0] ** 2

    def forgets_the_top(sides, heights):
        a, b = sides.T
        return a * b * heights, (np.sum(2 * (a + b) * heights + a * b) / len(sides), len(sides))

    def in_place(sides, heights):
        sides *= heights[:, None]
        return my_boxes(sides, heights)

    says = {mistake.name: mistake.says for mistake in course["boxes"].mistakes}
    assert judge(course["area"], squares, SOLIDS).message == (
        "Not yet: squares multiplies a side by itself. area[0] (box 1 of 2): expected 6, got 4, for sides = "
        '[[2.0, 3.0], [4.0, 5.0]]. See "Squares" in notebook 1.'
    )
    verdict = judge(course["boxes"], forgets_the_top, SOLIDS)
    assert verdict.mistake == "no_top_and_mean" and f"{says['no_top']}. It also {says['mean']}. " in verdict.message
    verdict = judge(course["boxes"], lambda s, h: my_boxes(s, h, number=0.0), SOLIDS)
    assert "returns as all.number is " in verdict.message and verdict.mistake == "wrong_dtype"
    assert judge(course["boxes"], in_place, SOLIDS).message.endswith('This notebook has more on it under "Copies".')
    verdict = judge(course["area"], lambda sides: np.random.default_rng().random(len(sides)), SOLIDS)
    assert verdict.message.endswith('Notebook 9 comes back to it, under "Left over".')
    assert ". A word is no number. See " in judge(course["area"], lambda sides: sides.tolist() - "a", SOLIDS).message


def test_another_courses_solution_is_shown(course):
    exercise = course["boxes"]
    assert repr(Solution(exercise.reference, exercise.package)) == (
        f"Solution: solid_answers.py, boxes\n\n{inspect.getsource(exercise.reference)}\nIt is shorter.\n\n"
        f"The package's own way: solid_answers.py, area\n\n{inspect.getsource(course['area'].reference)}"
    )


# --- how near is right, and how it is said ---------------------------------------------------------------------


@pytest.mark.parametrize(("error", "passes"), [(1e-12, True), (1e-10, True), (1e-8, False), (1e-2, False)])
def test_the_tolerance(error, passes):
    def loss(z, k):
        return rnn.cross_entropy(z, k) * (1 + error)

    assert judge_here(EXERCISES["cross_entropy"], loss).passed is passes


def test_nan_agrees_with_nan_and_infinity_with_its_own_sign():
    given = np.array([np.nan, np.inf, -np.inf, 1.0, np.inf])
    wanted = np.array([np.nan, np.inf, np.inf, np.nan, 1.0])
    assert compare.close(given, wanted).tolist() == [True, True, False, False, False]


def test_a_right_answer_among_integers_is_no_infinity_away():
    """Where all tokens expected are 0, the scale of the error must not become 0 too."""
    assert "largest error 0.0e+00" in ask("sampling_step", plain.sampling_step).message


def test_numbers_that_look_alike_get_more_digits():
    assert compare.beside(0.123456789, 0.123456788) == "expected 0.123456789, got 0.123456788"


def test_a_place_is_said_in_the_courses_words():
    h = Output("h", ("time", "batch", "n_h"))
    words = {"time": "step {number} of {size}", "batch": "row {index}"}
    assert compare.place(h, (0, 1, 2), (3, 2, 4), words) == "h[0, 1, 2] (step 1 of 3, row 1)"
    assert compare.place(h, (0, 1, 2), (3, 2, 4), {}) == "h[0, 1, 2]"
