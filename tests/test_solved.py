"""tools/solved.py: it finds each exercise of the course, reads what its check said, and stops at no file."""

import csv
import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from notebook_rules import ROOT, load_tool

from rnn_helpers import check

TOOL = load_tool(ROOT / "tools" / "solved.py")
COMMAND = (sys.executable, str(ROOT / "tools" / "solved.py"))
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
    printed = subprocess.run([*COMMAND, str(folder)], capture_output=True, text=True, check=True).stdout.splitlines()
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
    cells = "no notebook: it has no cells as a notebook has"
    why = {"a": "no notebook: its text is not JSON", "c": cells, "d": cells}
    assert printed[-3:] == [f"{name}.ipynb: {says}" for name, says in why.items()]
    assert [row for row in rows if row[2] == "Unreadable"] == [
        [f"{name}.ipynb", "", "Unreadable", says] for name, says in why.items()
    ]
    assert len(rows) == 1 + 3 + 3


def make_folder(path):
    path.mkdir()
    handed_in(path / "inside.ipynb", ("check.step(my_step)", RIGHT))


def too_large(path):
    with path.open("wb") as file:
        file.truncate(TOOL.LARGEST + 1)


STRANGE = {
    "folder": (make_folder, "a folder"),
    "nothing behind": (lambda path: path.symlink_to("nowhere"), "No such file or directory"),
    "nested": (lambda path: path.write_text("[" * 100_000), "nested too deeply, or too large"),
    "latin": (lambda path: path.write_bytes('{"cells": "é"}'.encode("latin-1")), "not written in UTF-8"),
    "long number": (lambda path: path.write_text('{"cells": 1' + "0" * 5000 + "}"), "no notebook: "),
    "pipe": (os.mkfifo if hasattr(os, "mkfifo") else make_folder, "no file"),
    "large": (too_large, "more than 50 MB"),
    os.fsdecode(b"not utf-8 \xff"): (lambda path: path.write_text(""), "no notebook: "),
    "=1+1;=2\x1b\t\n": (lambda path: path.write_text(""), "no notebook: "),
}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such files, or refuse such names")
def test_whatever_is_called_a_notebook_gets_a_row_and_the_others_are_read(tmp_path):
    for name, (make, _) in STRANGE.items():
        make(tmp_path / f"{name}.ipynb")
    handed_in(tmp_path / "anna.ipynb", ("check.step(my_step)", RIGHT))
    printed, (_, *rows) = run(tmp_path)
    assert printed[0] == "step: 2 of 2 correct" and len(printed) == 1 + len(STRANGE)
    unreadable = {row[0]: row[1:] for row in rows if row[2] == "Unreadable"}
    assert len(rows) == 2 + len(unreadable) == 2 + len(STRANGE)
    for name, (_, why) in STRANGE.items():
        shown = {"=1+1;=2\x1b\t\n": r"'=1+1;'=2\x1b\t\n"}.get(name, name.replace("\udcff", r"\udcff"))
        assert unreadable[f"{shown}.ipynb"][2].startswith(why), name


@pytest.mark.parametrize(
    ("line", "is_written"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", r"\t=1"),
        ("\r=1", r"\r=1"),
        ("\uff1d1", "'\uff1d1"),
        ("Correct: a; =1", "Correct: a;' =1"),
        ("half a pair \ud800", r"half a pair \ud800"),
        ("x" * 5000, "x" * 1000 + " ..."),
        ("expected 0.5, got -0.25, for h = [0.5, -0.8]", "expected 0.5, got -0.25, for h = [0.5, -0.8]"),
    ],
)
def test_what_strangers_wrote_is_text_and_no_formula(line, is_written):
    assert TOOL.harmless(line) == is_written


def test_a_line_with_half_a_character_is_written(tmp_path):
    handed_in(tmp_path / "a.ipynb", ("check.step(my_step)", shown("Correct: @")))
    text = (tmp_path / "a.ipynb").read_text()
    (tmp_path / "a.ipynb").write_text(text.replace("@", r"\ud800"))
    assert run(tmp_path)[1][1] == ["a.ipynb", "step", "Correct", r"Correct: \ud800"]


def test_a_table_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "solved.csv").mkdir()
    done = subprocess.run([*COMMAND, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and " cannot be written (Is a directory)" in done.stderr.splitlines()[-1]


def test_states_of_widgets_are_taken_out_and_nothing_else_is_changed(tmp_path):
    handed_in(tmp_path / "a" / "a.ipynb", ("check.step(my_step)", shown("é")))
    before = json.loads((tmp_path / "a" / "a.ipynb").read_text(encoding="utf-8"))
    states = {"application/vnd.jupyter.widget-state+json": {"state": {"1": {"model_name": "AnyModel"}}}}
    bad = before | {"metadata": {**before["metadata"], "widgets": states}}
    (tmp_path / "b.IPYNB").write_text(json.dumps(bad), encoding="utf-8")
    (tmp_path / "c.ipynb").write_text("[")
    elsewhere = tmp_path.with_name("elsewhere.ipynb")
    elsewhere.write_text(json.dumps(bad), encoding="utf-8")
    (tmp_path / "link.ipynb").symlink_to(elsewhere)
    files = {path: path.read_bytes() for path in (tmp_path / "a" / "a.ipynb", tmp_path / "c.ipynb", elsewhere)}
    printed = subprocess.run([*COMMAND, "--clean", str(tmp_path)], capture_output=True, text=True, check=True).stdout
    assert json.loads((tmp_path / "b.IPYNB").read_text(encoding="utf-8")) == before
    assert {path: path.read_bytes() for path in files} == files
    assert len(list(tmp_path.rglob("*"))) == 5
    assert printed.splitlines() == [
        "b.IPYNB: states of widgets taken out",
        "c.ipynb: left as it is, do not open it (no notebook: its text is not JSON)",
        "link.ipynb: left as it is, do not open it (a link to another place)",
    ]


def test_without_a_folder_it_says_what_to_give():
    for given in ((), ("--clean",), ("--clean", "nowhere"), ("one", "two")):
        done = subprocess.run([*COMMAND, *given], capture_output=True, text=True, check=False)
        assert done.returncode == 1 and done.stderr.startswith("Give the folder")
