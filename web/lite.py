"""The course in the browser: JupyterLite with the notebooks, the package, and what it needs."""

from pathlib import Path


def build(folder: Path, *, pyodide: Path | None) -> None:
    """Write the browser edition; with Pyodide from its own address, or from a folder."""
