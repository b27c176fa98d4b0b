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


def handed_in(path, *cells):
    """Write a notebook of these code cells and what they showed."""
    path.parent.mkdir(exist_ok=True)
    made = [new_markdown_cell("check.one_hot(in the text)")]
    for source, value in cells:
        data = {} if value is None else {"text/plain": repr(value)}
        outputs = [new_output("execute_result", data=data)] if data else []
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
    others = ("check.solution(check.step)", "def"), ("x = 1  # for check.one_hot(x)", None)
    handed_in(tmp_path / "anna" / "00.ipynb", wrong, right, *others)
    handed_in(tmp_path / "élodie" / "00.ipynb", wrong)
    handed_in(tmp_path / "zoe" / "00.ipynb", ("check.step(my_step)", None))
    printed, (head, *rows) = run(tmp_path)
    assert printed == ["step: 1 of 3 correct"]
    assert head == ["notebook", "exercise", "verdict", "line"]
    assert [row[:3] for row in rows] == [
        ["anna/00.ipynb", "step", "Correct"],
        ["zoe/00.ipynb", "step", "Not run"],
        ["élodie/00.ipynb", "step", "Not yet"],
    ]
    assert rows[2][3] == wrong[1].message


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
