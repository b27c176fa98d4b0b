"""What a notebook's page tells of the cell that it has run."""

from typing import Any


def request(shell: Any) -> dict[str, Any]:
    """Return the message that asked for the run of this cell; it is empty outside a notebook's kernel.

    Parameters
    ----------
    shell : IPython's. ipykernel's own has the message; of a kernel in a browser, JupyterLite's, its `kernel` has it.
    """
    if hasattr(shell, "parent_header"):
        return shell.parent_header or {}
    return shell.kernel.get_parent() or {} if hasattr(shell, "kernel") else {}
