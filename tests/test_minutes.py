"""tools/minutes.py: the rule for a notebook's minutes, and that each notebook states what the rule gives."""

import re

import nbformat
import notebook_rules as rules
import pytest
from notebook_rules import ROOT, load_tool

TOOL = load_tool(ROOT / "tools" / "minutes.py")
WORKED_OUT = TOOL.table(ROOT / "notebooks")


def cell(source, kind="markdown", outputs=()):
    """Return a cell as a notebook's file holds it."""
    return {"cell_type": kind, "source": [source], "outputs": list(outputs)}


HEADER = cell("# A title of many words that is not counted")


@pytest.mark.parametrize(
    ("added", "minutes"),
    [
        (cell("word " * 90), 0.5),
        (cell("$$ x $$"), 0.5 + 3 / 180),
        (cell("**Predict.** Up?"), 1 + 2 / 180),
        (cell("**Say it in a sentence.** Why?"), 1 + 6 / 180),
        (cell("<details><summary>Hint</summary>\n\nFolded.\n\n</details>"), 0),
        (cell("x = 1\n\ny = 2", "code"), 2 * 4 / 60),
        (cell("x", "code", ["1"]), (4 + 6) / 60),
        (cell("live.show(live.STATES)", "code", ["a picture"]), 2.5 + (4 + 6) / 60),
        (cell("check.softmax(my_softmax)", "code", ["no"]), 2 + 3 + (4 + 6) / 60),
        (cell("check.solution(check.softmax)", "code", ["a source"]), 0),
    ],
)
def test_each_part_adds_its_minutes(added, minutes):
    assert TOOL.minutes([HEADER, added], {"softmax": 3}) == pytest.approx(minutes)


def test_an_answers_lines_are_those_below_its_docstring():
    lines = TOOL.answer_lines()
    assert lines["step"] == 1 and lines["softmax"] == 2 and lines["mended_walk"] == lines["rnn_backward"] > 10


@pytest.mark.parametrize("name", WORKED_OUT)
def test_a_notebook_takes_at_most_as_long_as_one_can_sit_and_says_how_long(name):
    stated = float(rules.minutes(nbformat.read(ROOT / "notebooks" / name, 4)))
    assert WORKED_OUT[name] <= TOOL.LONGEST
    assert stated == pytest.approx(WORKED_OUT[name], rel=0.1)


def test_the_readmes_sum_is_that_of_the_notebooks():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    stated = sum(float(rules.minutes(nbformat.read(ROOT / "notebooks" / name, 4))) for name in WORKED_OUT)
    (hours,) = re.findall(r"take about (\d+) hours", readme)
    assert int(hours) == round(stated / 60)
