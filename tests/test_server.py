"""What the course has its JupyterLab do otherwise than usual. `test_browser.py` opens a stranger's notebook in it."""

import asyncio
import secrets

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from rnn_helpers.server import NeverWithoutToken, NoWidgetStates


@pytest.fixture
def contents(tmp_path):
    """Return what serves a folder with a notebook that brings states of widgets."""
    notebook = new_notebook(cells=[new_markdown_cell("A word")], metadata={"widgets": {"x": 1}, "kept": 2})
    nbformat.write(notebook, tmp_path / "a.ipynb")
    return NoWidgetStates(root_dir=str(tmp_path))


def test_a_notebook_is_read_and_written_without_states_of_widgets(contents, tmp_path):
    model = asyncio.run(contents.get("a.ipynb"))
    assert model["content"]["metadata"] == {"kept": 2}
    model["content"]["metadata"]["widgets"] = {"y": 1}  # as a page writes them that is set to
    asyncio.run(contents.save(model, "a.ipynb"))
    saved = nbformat.read(tmp_path / "a.ipynb", as_version=4)
    assert saved.metadata == {"kept": 2} and saved.cells[0].source == "A word"


def test_folders_other_files_and_notebooks_without_their_content_are_served_as_they_are(contents, tmp_path):
    (tmp_path / "a.txt").write_text("text")
    assert {entry["name"] for entry in asyncio.run(contents.get(""))["content"]} == {"a.ipynb", "a.txt"}
    assert asyncio.run(contents.get("a.txt"))["content"] == "text"
    assert asyncio.run(contents.get("a.ipynb", content=False))["content"] is None


@pytest.mark.parametrize("configured", ["", "mine", None])
def test_a_token_is_asked_for_whatever_is_configured(configured, monkeypatch):
    monkeypatch.delenv("JUPYTER_TOKEN", raising=False)
    monkeypatch.setattr(secrets, "token_hex", lambda _: "made here")
    provider = NeverWithoutToken(**({} if configured is None else {"token": configured}))
    if configured is None:
        assert len(provider.token) == 48 and provider.token_generated  # the server's own default
    else:
        assert provider.token == (configured or "made here")
        assert provider.token_generated == (not configured)
