"""Run notebooks from top to bottom and store their outputs in one normal form.

python3 course.py refresh            all of them, in the course's own environment
python3 course.py refresh 03 04      these: files, or the beginnings of their names
python tools/refresh_notebooks.py    the same in the Python that runs it
"""

import copy
import sys
import time
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# The same for everyone: no name of a local kernel, no Python version, no state of a widget.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "name": "python", "pygments_lexer": "ipython3"},
}
KEPT = ("tags", "jupyter")  # of a cell's metadata; the rest is timings and how a window looked


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Return a copy of the notebook that holds nothing but what a new run would give again."""
    result = copy.deepcopy(notebook)
    result.nbformat, result.nbformat_minor = 4, 5  # the first format with cell ids
    result.metadata = nbformat.from_dict(METADATA)
    for place, cell in enumerate(result.cells, start=1):
        cell.setdefault("id", f"cell-{place}")
        kept = {key: cell.metadata[key] for key in KEPT if cell.metadata.get(key)}
        cell.metadata = nbformat.from_dict(kept)
    code = [cell for cell in result.cells if cell.cell_type == "code"]
    for count, cell in enumerate(code, start=1):
        cell.execution_count = count
        cell.outputs = normal_outputs(cell.outputs, count)
    return result


def normal_outputs(outputs: list[NotebookNode], count: int) -> list[NotebookNode]:
    """Number the results of cell `count`, join streams, and drop what differs between machines."""
    result: list[NotebookNode] = []
    for output in outputs:
        if "execution_count" in output:
            output.execution_count = count
        if "traceback" in output:  # its frames name folders of this machine
            output.traceback = [f"{output.ename}: {output.evalue}"]
        # What names a widget of a kernel that is gone: the picture beside it stays.
        data = output.get("data", {})
        data.pop(WIDGET_VIEW, None)
        if "".join(data.get("text/html", "")).startswith("<rnn-live"):  # the place of a live figure in JupyterLab
            continue
        # Only streams have a name: stdout or stderr.
        if result and "name" in output and output.name == result[-1].get("name"):
            result[-1].text += output.text
        else:
            result.append(output)
    return result


def as_bytes(notebook: NotebookNode) -> bytes:
    """Return the notebook as it stands in its file, the same on every system."""
    return (nbformat.writes(notebook) + "\n").encode("utf-8")


def execute(notebook: NotebookNode, path: Path) -> None:
    """Run all cells in a fresh kernel of this Python, in the notebook's folder, or exit."""
    started: list[int] = []
    client = NotebookClient(
        notebook,
        # Without its folders it knows one kernel: this interpreter, not a user's own "python3".
        km=AsyncKernelManager(kernel_spec_manager=KernelSpecManager(kernel_dirs=[])),
        timeout=300,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],  # else each kernel warns that it speaks over TCP
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_start=lambda cell, cell_index: started.append(cell_index),
    )
    try:
        client.execute(cleanup_kc=True)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        place, source = started[-1] + 1, notebook.cells[started[-1]].source
        why = f"{error.ename}: {error.evalue}" if isinstance(error, CellExecutionError) else error
        sys.exit(f"{path.name}, cell {place} failed; the file is as it was.\n{source}\n{why}")


def refresh(path: Path) -> bool:
    """Run one notebook and store it; return whether its file changed."""
    old = path.read_bytes()
    notebook = normalise(nbformat.reads(old.decode("utf-8"), as_version=4))
    execute(notebook, path)
    new = as_bytes(normalise(notebook))
    if new != old:
        draft = path.with_name(f".{path.name}.draft")  # an interrupted write harms no notebook
        draft.write_bytes(new)
        draft.replace(path)
    return new != old


def find(word: str) -> list[Path]:
    """Return the notebook at this path, or those whose name begins with the word."""
    named = [path for path in sorted(FOLDER.glob("*.ipynb")) if path.name.startswith(word)]
    found = [Path(word).resolve()] if Path(word).is_file() else named
    return found or sys.exit(f"There is no notebook {word!r} in {FOLDER}.")


if __name__ == "__main__":
    for notebook_path in [path for word in sys.argv[1:] or [""] for path in find(word)]:
        start = time.perf_counter()
        outcome = "written" if refresh(notebook_path) else "unchanged"
        print(f"{notebook_path.name}: {time.perf_counter() - start:.1f} s, {outcome}", flush=True)
