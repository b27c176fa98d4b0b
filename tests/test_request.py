"""A cell that a page has run is known by the message that asked for it, whatever kernel it runs in."""

from types import SimpleNamespace
from typing import Any

import pytest

from rnn_helpers.check.engine import verdict
from rnn_helpers.live import widget
from rnn_helpers.request import request

MESSAGE = {"header": {"msg_id": "a run"}, "metadata": {"cellId": "a cell"}}
IPYKERNEL = SimpleNamespace(parent_header=MESSAGE, kernel=None)
JUPYTERLITE = SimpleNamespace(kernel=SimpleNamespace(get_parent=lambda: MESSAGE))
TERMINAL = SimpleNamespace()


@pytest.mark.parametrize("shell", [IPYKERNEL, JUPYTERLITE])
def test_a_kernel_tells_which_cell_runs(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widget, "get_ipython", lambda: shell)
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    assert request(shell) == MESSAGE
    assert widget.page() == "JupyterLab" and verdict.running_cell() == "a run"


@pytest.mark.parametrize(
    "shell", [TERMINAL, None, SimpleNamespace(parent_header={}), SimpleNamespace(parent_header=None)]
)
def test_elsewhere_no_cell_runs(shell: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widget, "get_ipython", lambda: shell)
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    assert request(shell) == {} and widget.page() == "" and verdict.running_cell() is None
