"""What every committed notebook promises, and proof that each promise can be found broken.

The rules are in notebook_rules.py. A planted mistake in a small good notebook shows that its rule would notice.
"""

import copy
from collections.abc import Callable
from pathlib import Path

import nbformat
import notebook_rules as rules
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from notebook_rules import ROOT, START

Rule = Callable[[NotebookNode], list[str]]
RULES: list[Rule] = [
    rules.invalid,
    rules.execution_counts,
    rules.empty_cells,
    rules.missing_outputs,
    rules.errors,
    rules.widget_state,
    rules.traces_of_a_machine,
    rules.not_plain_python,
    rules.installs_and_downloads,
    rules.global_random_cells,
    rules.long_cells,
    rules.wide_lines,
    rules.first_code_cell,
    rules.figure_sentences,
    rules.live_pictures,
    rules.headline,
    rules.opening,
    rules.exercises,
]
PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
COURSE = {path.name: nbformat.read(path, as_version=4) for path in PATHS}

every_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)


# The committed notebooks


@every_notebook
@every_rule
def test_a_notebook_keeps(rule: Rule, path: Path) -> None:
    assert rule(COURSE[path.name]) == [], rule.__doc__


@every_notebook
def test_the_file_is_in_its_normal_form(path: Path) -> None:
    assert rules.not_normalised(path.read_bytes()) == []


@every_notebook
def test_there_are_prompts_to_predict(path: Path) -> None:
    assert rules.predictions(COURSE[path.name], wanted=1 if path.name == START else 3) == []


@pytest.mark.parametrize("path", PATHS[1:], ids=lambda path: path.stem)
@pytest.mark.parametrize("rule", [rules.retrieval, rules.sayings], ids=lambda rule: rule.__name__)
def test_from_the_second_on_a_notebook_keeps(rule: Rule, path: Path) -> None:
    assert rule(COURSE[path.name]) == [], rule.__doc__


@every_notebook
def test_the_first_line_and_the_last_lead_on(path: Path) -> None:
    assert rules.navigation(COURSE, path.name) == []


@every_notebook
def test_links_of_a_notebook_lead_somewhere(path: Path) -> None:
    assert rules.broken_notebook_links(path, ROOT) == []


@pytest.mark.parametrize("name", ["README.md", "docs/old_numbers.md"])
def test_links_of_a_page_lead_somewhere(name: str) -> None:
    page = ROOT / name
    assert rules.broken_links(page, page.read_text(encoding="utf-8"), ROOT) == []


def test_files_are_numbered_from_the_start() -> None:
    assert rules.numbering(COURSE) == []


def test_the_contents_name_every_notebook_and_its_minutes() -> None:
    text = "\n\n".join(cell.source for _, cell in rules.text_cells(COURSE[START]))
    assert rules.contents(COURSE, text) == []


def test_contents_in_the_readme_agree_too() -> None:
    source = (ROOT / "README.md").read_text(encoding="utf-8")
    assert rules.contents(COURSE, source) == []


# Planted mistakes

OPENING = """[Contents](#Contents) | [Next: A small step](01_small_step.ipynb)
# Start here

You will move one slider.

**You will be able to**

- open a notebook
- run a cell
- move a slider

**You need:** nothing.

**Time:** 10 minutes"""
IMPORTS = "import numpy as np\n\nfrom rnn_helpers import check, live, plots\n\nrng = np.random.default_rng(0)"
SENTENCE = "The state rises from 0 to 0.76 in 3 steps."
PICTURE = {
    "text/html": f'<img class="a" alt="{SENTENCE}" width="9" src="data:image/png;base64,iVBORw0KGgo=">',
    "image/png": "iVBORw0KGgo=\n",
    "text/plain": SENTENCE,
}


def shows(source: str, count: int, data: dict[str, str] | None = None, **metadata: list[str]) -> NotebookNode:
    """Return a code cell that was run and showed `data`."""
    outputs = [new_output("display_data", data=data)] if data else []
    return new_code_cell(source, execution_count=count, outputs=outputs, metadata=metadata)


def good_notebook() -> NotebookNode:
    """Return the smallest notebook that keeps every promise."""
    text = {"text/plain": "not written yet"}
    cells = [new_markdown_cell(OPENING), shows(IMPORTS, 1), new_markdown_cell("**Predict.** Where does it rise?")]
    cells += [shows("plots.state_lines(h)", 2, PICTURE), shows("live.show(live.STATES)", 3, PICTURE)]
    for number, name in enumerate(["softmax", "step", "one_hot"]):
        cells.append(shows(f"check.{name}(my_{name})", 4 + 2 * number, text))
        cells.append(shows(f"check.solution(check.{name})", 5 + 2 * number, text))
    cells.append(new_markdown_cell("Well done.\n\n" + OPENING.split("\n")[0]))
    return rules.normalise(new_notebook(cells=cells))


def with_code(source: str, data: dict[str, str] | None = None, **metadata: list[str]) -> NotebookNode:
    """Return the good notebook with one more code cell in its second half."""
    notebook = good_notebook()
    notebook.cells.insert(-1, shows(source, 10, data, **metadata))
    return notebook


def with_opening(before: str, after: str) -> NotebookNode:
    """Return the good notebook with one change in its first cell."""
    notebook = good_notebook()
    assert before in OPENING
    notebook.cells[0].source = OPENING.replace(before, after)
    return notebook


def with_change(change: Callable[[NotebookNode], object]) -> NotebookNode:
    """Return the good notebook after `change`."""
    notebook = good_notebook()
    change(notebook)
    return notebook


FAILED = new_output("error", ename="ValueError", evalue="no", traceback=[])
PLANTED: list[tuple[Rule, NotebookNode]] = [
    (rules.invalid, with_change(lambda n: n.cells[1].pop("outputs"))),
    (rules.invalid, with_change(lambda n: n.cells[2].update(id=n.cells[1].id))),
    (rules.execution_counts, with_change(lambda n: n.cells[1].update(execution_count=2))),
    (rules.execution_counts, with_change(lambda n: n.cells[1].update(execution_count=None))),
    (rules.empty_cells, with_code(" \n")),
    (rules.missing_outputs, with_code("h[0]")),
    (rules.missing_outputs, with_code("check.softmax(my_softmax);")),
    (rules.errors, with_change(lambda n: n.cells[1].outputs.append(FAILED))),
    (rules.widget_state, with_change(lambda n: n.metadata.update(widgets={}))),
    (rules.widget_state, with_code("box", {rules.WIDGET_VIEW: "", "text/plain": "VBox()"})),
    (rules.traces_of_a_machine, with_code("open('/home/me/x.txt')")),
    (rules.traces_of_a_machine, with_code("path", {"text/plain": "'/Users/me/rnn'"})),
    (rules.traces_of_a_machine, with_code("path", {"text/plain": r"'C:\\Users\\me'"})),
    (rules.traces_of_a_machine, with_code("f", {"text/html": "<function f at 0x7f2b00c0ffee>"})),
    (rules.traces_of_a_machine, with_code("f()", {"text/plain": "Traceback (most recent call last)"})),
    (rules.traces_of_a_machine, with_code("mine", {"text/plain": "From my_answers.py, yours: softmax."})),
    (rules.not_plain_python, with_code("%matplotlib inline")),
    (rules.not_plain_python, with_code("x = 1\n!ls")),
    (rules.not_plain_python, with_code("get_ipython().system('ls')")),
    (rules.installs_and_downloads, with_code("import urllib.request")),
    (rules.installs_and_downloads, with_code("from requests import get")),
    (rules.installs_and_downloads, with_code("import os\nos.system('ls')")),
    (rules.installs_and_downloads, with_code("data.download()")),
    (rules.installs_and_downloads, with_code("%pip install torch")),
    (rules.global_random_cells, with_code("np.random.seed(1)")),
    (rules.global_random_cells, with_code("x = np.random.randn(3)")),
    (rules.global_random_cells, with_code("from random import choice")),
    (rules.long_cells, with_code("x = 1\n" * 21)),
    (rules.wide_lines, with_code(f"x = {'1' * 104}")),
    (rules.wide_lines, with_change(lambda n: n.cells[1].outputs.append(new_output("stream", text="a " * 54)))),
    (rules.first_code_cell, with_change(lambda n: n.cells[1].update(source="rng = np.random.default_rng(0)"))),
    (rules.first_code_cell, with_change(lambda n: n.cells[1].update(source="import numpy as np"))),
    (rules.figure_sentences, with_code("d", {**PICTURE, "text/plain": ""})),
    (rules.figure_sentences, with_code("d", {**PICTURE, "text/html": "<img>"})),
    (rules.figure_sentences, with_code("d", {**PICTURE, "text/html": PICTURE["text/html"].replace(" 3 ", " 4 ")})),
    (rules.figure_sentences, with_code("d", {**PICTURE, "image/png": "iVBORw1KGgo="})),
    (rules.figure_sentences, with_code("d", {kind: PICTURE[kind] for kind in ("image/png", "text/plain")})),
    (rules.figure_sentences, with_code("d", {**PICTURE, "text/plain": "<Figure size 640x480 with 1 Axes>"})),
    (rules.figure_sentences, with_code("d", {**PICTURE, "text/plain": "It rises in 3 steps"})),
    (rules.figure_sentences, with_code("d", {**PICTURE, "text/plain": "It rises."})),
    (rules.figure_sentences, with_code("d", {**PICTURE, "text/plain": "3" * 400 + "."})),
    (rules.live_pictures, with_code("live.show(live.TANH)", {"text/plain": "VBox()"})),
    (rules.headline, with_change(lambda n: n.cells[2].update(source="# Second"))),
    (rules.headline, with_opening("# Start", "## Start")),
    (rules.headline, with_opening("Start here", "Start Here")),
    (rules.headline, with_opening("Start here", "start here")),
    (rules.opening, with_opening("**Time:** 10 minutes", "")),
    (rules.opening, with_opening("**You need:** nothing.", "")),
    (rules.opening, with_opening("# Start here\n\nYou will move one slider.", "You will move it.\n\n# Start here")),
    (rules.opening, with_opening("slider.", "slider. Then you stop.")),
    (rules.opening, with_opening("- move a slider", "")),
    (rules.opening, with_opening("- run a cell", "- run a cell\n- read\n- write")),
    (rules.exercises, with_change(lambda n: n.cells.pop(6))),
    (rules.exercises, with_change(lambda n: n.cells.pop(-2))),
    (rules.exercises, with_code("check.tanh_slope(mine)", {"text/plain": "no"})),
    (rules.exercises, with_change(lambda n: n.cells[6].update(source="check.solution(check.tanh_slope)"))),
    (rules.exercises, with_change(lambda n: n.cells.__delitem__(slice(5, 11)))),
]


QUESTION = """<details><summary>{0}. Why?</summary>

Because. ([00, How](00_start_here.ipynb#How))

</details>"""
FROM_LAST_TIME = "\n\n".join(["**From last time.** Think.", *(QUESTION.format(number) for number in (1, 2, 3))])
SAYING = "**Say it in a sentence.** Why the sum?"


def second_notebook(asked: str = FROM_LAST_TIME, saying: str = SAYING, place: int = 4) -> NotebookNode:
    """Return the good notebook as one that follows another."""
    notebook = good_notebook()
    notebook.cells.insert(1, new_markdown_cell(asked))
    notebook.cells.insert(place, new_markdown_cell(saying))
    return notebook


def test_a_good_second_notebook_asks_about_the_first_and_asks_why() -> None:
    assert rules.retrieval(second_notebook()) == rules.sayings(second_notebook()) == []


@pytest.mark.parametrize(
    ("rule", "notebook"),
    [
        (rules.retrieval, good_notebook()),
        (rules.retrieval, second_notebook(asked="**Predict.** Where?")),
        (rules.retrieval, second_notebook(asked=FROM_LAST_TIME.replace("3. Why?", "3. Because."))),
        (rules.retrieval, second_notebook(asked=FROM_LAST_TIME + QUESTION.format(4))),
        (rules.retrieval, second_notebook(asked=FROM_LAST_TIME.replace("#How", "", 1))),
        (rules.sayings, second_notebook(saying="Why the sum?")),
        (rules.sayings, second_notebook(place=99)),
    ],
)
def test_a_second_notebook_that_asks_wrongly_is_found(rule: Rule, notebook: NotebookNode) -> None:
    assert rule(notebook) != []


def test_a_good_notebook_breaks_no_rule() -> None:
    notebook = good_notebook()
    assert {rule.__name__: rule(notebook) for rule in RULES if rule(notebook)} == {}
    assert rules.predictions(notebook, wanted=1) == []
    assert rules.not_normalised(rules.as_bytes(notebook)) == []


@pytest.mark.parametrize(("rule", "bad"), PLANTED, ids=lambda value: getattr(value, "__name__", ""))
def test_a_planted_mistake_is_reported(rule: Rule, bad: NotebookNode) -> None:
    assert rule(bad) != []


def test_every_rule_was_seen_to_fail() -> None:
    assert {rule for rule, _ in PLANTED} == set(RULES)


@pytest.mark.parametrize(
    "source",
    [
        "rng = np.random.RandomState(1)\nx = rng.randn(3)",
        "losses.append(3)",
        "h = live.pulse_states(steps=3, n_h=2)",
        "'''A text.'''",
        "ratio = a / home / b",
        "# see https://example.org/home/page\nx = 1",
        "# nothing is downloaded and no pip is needed\nx = 1",
    ],
)
def test_sound_code_raises_no_false_alarm(source: str) -> None:
    notebook = with_code(source)
    assert [complaint for rule in RULES for complaint in rule(notebook)] == []


def test_tags_allow_what_they_are_for() -> None:
    article = with_code("np.random.seed(1)", tags=["article"])
    meant = with_code("raise ValueError('no')", tags=["raises-exception"])
    meant.cells[-2].outputs = [FAILED]
    assert rules.global_random_cells(article) == rules.errors(meant) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'"name": "python",', b'"name": "python", "version": "3.11.7",'),
        (b'"name": "python3"', b'"name": "mine"'),
        (b"\n }", b"\n  }"),
        (b'"metadata": {},', b'"metadata": {"execution": {}},'),
        (b'"execution_count": 1,', b'"execution_count": 7,'),
        (b"}\n", b"}\r\n"),
    ],
)
def test_bytes_out_of_the_normal_form_are_reported(before: bytes, after: bytes) -> None:
    raw = rules.as_bytes(good_notebook())
    assert before in raw
    assert rules.not_normalised(raw.replace(before, after)) != []


def test_missing_and_unanswered_predictions_are_reported() -> None:
    notebook = good_notebook()
    assert rules.predictions(notebook, wanted=3) == ["1 cells to predict, not 3"]
    notebook.cells.append(new_markdown_cell("**Predict.** And then?"))
    assert rules.predictions(notebook, wanted=2) == [f"cell {len(notebook.cells)} is never answered"]


def small_course() -> dict[str, NotebookNode]:
    """Return a course of two notebooks that lead to each other."""
    first, second = good_notebook(), good_notebook()
    back = f"[Previous: Start here]({START}) | [Contents]({START}#Contents)"
    second.cells[0].source = f"{back}\n# A small step\n\n**Time:** 25 minutes"
    second.cells[-1].source = back
    return {START: first, "01_small_step.ipynb": second}


CONTENTS = (
    '<a id="contents"></a>\n## Contents\n\n| | minutes |\n|---|---|\n| [A small step](01_small_step.ipynb) | 25 |\n'
)


def test_a_course_that_hangs_together_has_no_complaints() -> None:
    course = small_course()
    assert rules.numbering(course) == rules.contents(course, CONTENTS) == []
    assert [complaint for name in course for complaint in rules.navigation(course, name)] == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A small step", "A step"),
        ("25", "20"),
        ("01_small_step", "02_small_step"),
        ("| [A small step](01_small_step.ipynb) | 25 |", ""),
    ],
)
def test_wrong_contents_are_reported(before: str, after: str) -> None:
    assert rules.contents(small_course(), CONTENTS.replace(before, after)) != []


def test_contents_out_of_order_are_reported() -> None:
    first = f"| [Start here]({START}) | 10 minutes |\n"
    assert rules.contents(small_course(), first + CONTENTS) == []
    assert rules.contents(small_course(), CONTENTS + first) == ["the contents are not in the order of the files"]


@pytest.mark.parametrize(("cell", "name"), [(0, START), (-1, START), (0, "01_small_step.ipynb")])
def test_wrong_navigation_is_reported(cell: int, name: str) -> None:
    course = small_course()
    course[name].cells[cell].source = course[name].cells[cell].source.replace("[Contents]", "[Overview]")
    assert len(rules.navigation(course, name)) == 1
    renamed = copy.deepcopy(small_course())
    renamed["01_small_step.ipynb"].cells[0].source = renamed["01_small_step.ipynb"].cells[0].source.replace("A s", "S")
    assert len(rules.navigation(renamed, START)) == 2, "both lines still hold the old title"


def test_a_notebook_in_two_parts_has_one_number() -> None:
    course = small_course()
    assert (
        rules.numbering({START: course[START], "01a_first.ipynb": good_notebook(), "01b_then.ipynb": good_notebook()})
        == []
    )
    assert rules.numbering({START: course[START], "01b_then.ipynb": good_notebook()}) != []


@pytest.mark.parametrize("name", ["01_start.ipynb", "03_late.ipynb", "01_twice.ipynb", "01a_twice.ipynb"])
def test_wrong_numbers_of_files_are_reported(name: str) -> None:
    course = small_course()
    course[name] = course.pop(START) if name == "01_start.ipynb" else good_notebook()
    assert rules.numbering(course) != []


LINKED = """[a](01_small_step.ipynb) [b](01_small_step.ipynb#First-step) [c](#Contents) [d](../README.md#how-it-works)
[e](https://example.org/a_(b)) [f]: ../README.md
`[code](nowhere.md)` and $[x](y)$ are no links
```
[neither](nowhere.md)
```
## Contents
[g](#here)<a id="here"></a>"""


def linked_course(tmp_path: Path, source: str) -> list[str]:
    """Write a course whose first notebook holds this text, and return its broken links."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (tmp_path / "README.md").write_text("# How it works!\n", encoding="utf-8")
    (tmp_path.parent / "outside.md").write_text("", encoding="utf-8")
    nbformat.write(new_notebook(cells=[new_markdown_cell("## First `step`")]), folder / "01_small_step.ipynb")
    nbformat.write(new_notebook(cells=[new_markdown_cell(source)]), folder / START)
    return rules.broken_notebook_links(folder / START, tmp_path)


def test_good_links_are_followed(tmp_path: Path) -> None:
    assert linked_course(tmp_path, LINKED) == []


@pytest.mark.parametrize(
    "link",
    [
        "[a](02_missing.ipynb)",
        "[a](01_small_step.ipynb#first-step)",  # JupyterLab keeps the case of a heading
        "[a](../README.md#How-it-works)",  # GitHub does not
        "[a](#nowhere)",
        "[a](/notebooks/01_small_step.ipynb)",
        "[a](../../outside.md)",
        "[a]()",
        "[a]: missing.md",
        '<img src="missing.png">',
        "![a picture](missing.png)",
        "## Größe\n[a](#Größe)",
    ],
)
def test_broken_links_are_reported(tmp_path: Path, link: str) -> None:
    assert len(linked_course(tmp_path, link)) == 1
