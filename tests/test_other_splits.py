"""tools/other_splits.py: it runs notebook 13's own cells on other splits, and the notebook says what it printed."""

import re

import nbformat
import notebook_rules as rules
from notebook_rules import ROOT, load_tool

TOOL = load_tool(ROOT / "tools" / "other_splits.py")
NOTEBOOK = nbformat.read(TOOL.NOTEBOOK, 4)
TEXT = "\n".join(cell.source for cell in NOTEBOOK.cells if cell.cell_type == "markdown")


def quoted():
    """Return the line that the notebook quotes, and the gains in it."""
    (line,) = re.findall(r"^    (.*) below 0$", TEXT, flags=re.MULTILINE)
    return f"{line} below 0", [float(number) for number in line.split(":")[0].split(", ")]


def test_the_notebooks_cells_are_run_with_nothing_but_the_split_changed():
    ours = [cell.source for _, cell in rules.code_cells(NOTEBOOK)]
    assert TOOL.code(0) == ours[: len(TOOL.code(0))] and TOOL.code(0)[-1].startswith("gain = ")
    changed = [(a, b) for a, b in zip(TOOL.code(0), TOOL.code(3), strict=True) if a != b]
    assert len(changed) == 1
    assert changed[0][1] == changed[0][0].replace("default_rng(0)", "default_rng(3)")


def test_the_gain_is_that_of_the_cells(monkeypatch):
    monkeypatch.setattr(TOOL, "code", lambda seed: [f"print('a bar'); gain = [{seed}, 2]"])
    assert TOOL.gain(6) == 4


def test_the_notebook_quotes_a_gain_for_each_seed_with_their_mean_and_losses():
    line, gains = quoted()
    assert len(gains) == len(TOOL.SEEDS)
    assert line == TOOL.summary(gains)
    assert f"over seven draws the gain on shared words was {sum(gains) / len(gains):.1f}" in TEXT


def test_the_first_quoted_gain_is_the_notebooks_own():
    (cell,) = [cell for _, cell in rules.code_cells(NOTEBOOK) if cell.source.startswith("gain = ")]
    (output,) = cell.outputs
    assert float(output.data["text/plain"].strip("()").split(",")[0]) == quoted()[1][0]
