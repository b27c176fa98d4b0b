"""The tool that runs notebooks after an edit: the same bytes each time, no harm on failure."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from notebook_rules import ROOT, as_bytes, normalise

TOOL = ROOT / "tools" / "refresh_notebooks.py"


def run_tool(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(TOOL), str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def write_notebook(path: Path, *sources: str) -> bytes:
    """Write a notebook of these code cells, as an author's editor may leave it."""
    cells = [new_code_cell(source) for source in sources]
    notebook = new_notebook(cells=cells, metadata={"kernelspec": {"name": "mine", "display_name": "Mine"}})
    path.write_text(nbformat.writes(notebook, indent=4), encoding="utf-8")
    return path.read_bytes()


def test_two_runs_give_the_same_bytes_and_keep_ids(tmp_path: Path) -> None:
    path = tmp_path / "01_tiny.ipynb"
    before = json.loads(
        write_notebook(
            path,
            "import sys\nfrom pathlib import Path\nprint('one', flush=True)\nprint('two')",
            "from ipywidgets import IntSlider\nIntSlider()",
            "print(sys.executable)\nprint(Path.cwd())",
        )
    )
    first_run, first = run_tool(path), path.read_bytes()
    second_run, second = run_tool(path), path.read_bytes()

    assert first_run.stdout.startswith("01_tiny.ipynb: "), first_run.stderr
    assert first_run.stdout.endswith(" s, written\n")
    assert second_run.stdout.endswith(" s, unchanged\n")
    assert first == second
    assert b"\r" not in first and first.endswith(b"}\n")

    cells = json.loads(first)["cells"]
    assert [cell["id"] for cell in cells] == [cell["id"] for cell in before["cells"]]
    assert [cell["execution_count"] for cell in cells] == [1, 2, 3]
    assert [output["text"] for output in cells[0]["outputs"]] == [["one\n", "two\n"]]
    assert list(cells[1]["outputs"][0]["data"]) == ["text/plain"]
    # The kernel is this interpreter, and it runs where the notebook lies.
    assert cells[2]["outputs"][0]["text"] == [f"{sys.executable}\n", f"{tmp_path.resolve()}\n"]


def test_a_cell_that_fails_is_named_and_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "02_fails.ipynb"
    before = write_notebook(path, "x = 1", "raise ValueError('no such state')")
    result = run_tool(path)

    assert result.returncode == 1
    assert "02_fails.ipynb, cell 2" in result.stderr
    assert "ValueError: no such state" in result.stderr
    assert "nbclient" not in result.stderr, "a person reads this, not a traceback"
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_cell_tagged_raises_exception_may_fail_and_stores_no_path(tmp_path: Path) -> None:
    path = tmp_path / "03_allowed.ipynb"
    write_notebook(path, "import json\njson.loads('[')", "2 + 2")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].metadata.tags = ["raises-exception"]
    nbformat.write(notebook, path)

    assert run_tool(path).returncode == 0
    failed, after = nbformat.read(path, as_version=4).cells
    (error,) = failed.outputs
    assert error.traceback == [f"JSONDecodeError: {error.evalue}"]
    assert failed.metadata == {"tags": ["raises-exception"]}
    assert after.outputs[0].data["text/plain"] == "4"


def test_a_name_that_matches_nothing_is_said(tmp_path: Path) -> None:
    result = run_tool(tmp_path / "99_missing")
    assert result.returncode == 1
    assert result.stderr.startswith("There is no notebook")


def test_normalise_is_pure_and_changes_nothing_twice() -> None:
    streams = [new_output("stream", text="a\n"), new_output("stream", text="b\n")]
    result = new_output("execute_result", data={"text/plain": "1"}, execution_count=9)
    code = new_code_cell("1", execution_count=9, outputs=[*streams, result])
    code.metadata = {"execution": {"iopub.status.busy": "now"}, "tags": ["article"]}
    notebook = new_notebook(cells=[new_markdown_cell("# A"), code], metadata={"widgets": {"x": 1}})
    notebook.metadata.language_info = {"name": "python", "version": "3.11.7"}
    before = as_bytes(notebook)

    once = normalise(notebook)
    assert as_bytes(notebook) == before
    assert as_bytes(normalise(once)) == as_bytes(once)
    assert "widgets" not in once.metadata and "version" not in once.metadata.language_info
    assert once.cells[1].metadata == {"tags": ["article"]}
    assert [cell.id for cell in once.cells] == [cell.id for cell in notebook.cells]
    assert [output.get("text") for output in once.cells[1].outputs] == ["a\nb\n", None]
    assert once.cells[1].outputs[1].execution_count == once.cells[1].execution_count == 1
    nbformat.validate(once)


def test_a_live_figure_leaves_what_it_leaves_without_a_page() -> None:
    place = new_output("display_data", data={"text/html": '<rnn-live name="5f0c"></rnn-live>'})
    picture = new_output("display_data", data={"image/png": "AAAA", "text/plain": "A line."})
    table = new_output("display_data", data={"text/html": "<table></table>", "text/plain": "A table."})
    notebook = new_notebook(cells=[new_code_cell("1", outputs=[place, picture, table])])
    assert [output.data for output in normalise(notebook).cells[0].outputs] == [picture.data, table.data]


def test_cells_without_an_id_get_the_same_one_each_time() -> None:
    notebook = new_notebook(cells=[new_markdown_cell("# A"), new_code_cell("1")])
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]
    assert [cell.id for cell in normalise(notebook).cells] == ["cell-1", "cell-2"]
