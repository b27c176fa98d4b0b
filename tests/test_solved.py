"""tools/solved.py: it finds each exercise of the course, reads what its check said, and stops at no file."""

import csv
import json
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from notebook_rules import ROOT, load_tool

from rnn_helpers import check

TOOL = load_tool(ROOT / "tools" / "solved.py")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def shown(text):
    return new_output("display_data", data={"text/plain": text})


def handed_in(path, *cells):
    """Write a notebook of these code cells, each a source and what it showed."""
    path.parent.mkdir(exist_ok=True)
    made = [new_markdown_cell("check.one_hot(in the text)")]
    for source, *values in cells:
        outputs = [value if isinstance(value, dict) else shown(repr(value)) for value in values]
        made.append(new_code_cell(source, outputs=outputs))
    nbformat.write(new_notebook(cells=made), path)


def run(folder):
    """Run the tool on a folder; return the lines that it printed and the rows that it wrote."""
    command = [sys.executable, str(ROOT / "tools" / "solved.py"), str(folder)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    with (folder / "solved.csv").open(encoding="utf-8-sig", newline="") as file:
        return printed, list(csv.reader(file))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_finds_each_exercise_of_the_course(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    stubs = sum("raise NotImplementedError" in "".join(c["source"]) for c in cells if c["cell_type"] == "code")
    found = TOOL.verdicts(path)
    assert len(found) == stubs > 0
    assert all(line.startswith("Not written yet: ") for line in found.values())


def test_it_tells_right_from_wrong_from_unwritten_from_not_run(tmp_path):
    right = ("check.step(my_step)", check.step(lambda x, t: x[t - 1]))
    wrong = ("# mine\ncheck.step(my_step)", check.step(lambda x, t: x[t]))
    others = ("check.solution(check.step)", shown("def")), ("x = 1  # for check.one_hot(x)",)
    handed_in(tmp_path / "anna" / "00.ipynb", wrong, right, *others)
    handed_in(tmp_path / "élodie" / "00.ipynb", wrong)
    handed_in(tmp_path / "zoe" / "00.ipynb", ("check.step(my_step)",))
    printed, (head, *rows) = run(tmp_path)
    assert printed == ["step: 1 of 3 correct"]
    assert head == ["notebook", "exercise", "verdict", "line"]
    assert [row[:3] for row in rows] == [
        ["anna/00.ipynb", "step", "Correct"],
        ["zoe/00.ipynb", "step", "Not run"],
        ["élodie/00.ipynb", "step", "Not yet"],
    ]
    assert rows[2][3] == wrong[1].message


RIGHT, WRONG = check.step(lambda x, t: x[t - 1]), check.softmax(lambda z: z)
OTHER = shown("The course's own answers are used here.")
ERROR = new_output("error", ename="NameError", evalue="f", traceback=[])
CELLS = {
    "a cell for both": ("check.step(f)\ncheck.softmax(g)", RIGHT, WRONG),
    "both in a pair": ("check.step(f), check.softmax(g)", RIGHT, WRONG, shown("(Correct: ..., Not yet: ...)")),
    "the other way round": ("v = check.softmax(g)\nassert check.step(f)", WRONG, RIGHT, ERROR),
    "beside other things": ("check.mine('cross_entropy')\nif check.step(f):\n  check.softmax(g)", OTHER, RIGHT, WRONG),
    "in texts and comments": (
        "%time check.step(f)  # it's not check.one_hot(x)\nprint('check.one_hot(x)', \"it's\", '\\'check.one_hot(x)')\n"
        'check.softmax(g)\n"""\nor "check.one_hot(x)"\n"""',
        RIGHT,
        WRONG,
    ),
    "one of them twice": ("check.step(f)\ncheck.step(f)\ncheck.softmax(g)", check.step(len), RIGHT, WRONG),
}
BOTH = "check.step(f)\ncheck.softmax(f)"
UNCLEAR = {"step": TOOL.UNCLEAR, "softmax": TOOL.UNCLEAR}


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_each_verdict_goes_to_its_own_check(tmp_path, cell):
    handed_in(tmp_path / "a.ipynb", cell)
    assert TOOL.verdicts(tmp_path / "a.ipynb") == {"step": RIGHT.message, "softmax": WRONG.message}


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (("for f in fs:\n    check.step(f)", check.step(len), RIGHT), {"step": RIGHT.message}),
        ((BOTH, RIGHT, ERROR), {"step": RIGHT.message, "softmax": "Not run"}),
        ((BOTH, OTHER, ERROR), {"step": "Not run", "softmax": "Not run"}),
        ((f"if 0: {BOTH}", WRONG), UNCLEAR),
        ((f"for f in fs: {BOTH}", RIGHT, RIGHT, WRONG), UNCLEAR),
        ((f"for f in fs: {BOTH}", RIGHT, RIGHT, WRONG, ERROR), UNCLEAR),
    ],
)
def test_what_cannot_be_told_is_not_guessed(tmp_path, cell, found):
    handed_in(tmp_path / "a.ipynb", cell)
    assert TOOL.verdicts(tmp_path / "a.ipynb") == found


def test_a_file_that_is_no_notebook_is_named_and_the_others_are_read(tmp_path):
    shutil.copy(NOTEBOOKS[0], tmp_path / "b.ipynb")
    for name, text in {"a": "", "c": "[]", "d": '{"cells": [{}]}'}.items():
        (tmp_path / f"{name}.ipynb").write_text(text)
    printed, rows = run(tmp_path)
    assert printed[0] == "step: 0 of 1 correct"
    assert printed[-3:] == [f"{name}.ipynb: no notebook that can be read" for name in "acd"]
    assert len(rows) == 1 + 3


def test_without_a_folder_it_says_what_to_give():
    command = [sys.executable, str(ROOT / "tools" / "solved.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and done.stderr.startswith("Give the folder")
