"""Print what two readers gain on shared words when other names are kept back, as the text of notebook 13 quotes it.

The notebook's own code cells are run, from the first to the one that works out the gain, with another seed in
`data.split` and nothing else changed. Each seed trains two networks: seven take some minutes.
"""

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np

NOTEBOOK = Path(__file__).resolve().parents[1] / "notebooks" / "13_paint_a_name.ipynb"
SPLIT = "data.split(names, np.random.default_rng(0))"
SEEDS = range(7)


def code(seed: int) -> list[str]:
    """Return the notebook's code cells up to the gain's, with names kept back by another seed."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    (last,) = [i for i, source in enumerate(sources) if source.startswith("gain = ")]
    return [source.replace(SPLIT, SPLIT.replace("0", str(seed))) for source in sources[: last + 1]]


def gain(seed: int) -> float:
    """Return the mean gain in Delta E on the names that this seed keeps back."""
    space: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):  # bars and figures are for the notebook
        for source in code(seed):
            exec(source, space)
    return float(np.mean(space["gain"]))


def summary(gains: list[float]) -> str:
    """Return the gains, their mean and how many are losses, in the words of the notebook."""
    listed = ", ".join(f"{value:.1f}" for value in gains)
    lost = sum(value < 0 for value in gains)
    return f"{listed}: {np.mean(gains):.1f} on average, {lost} of {len(gains)} below 0"


if __name__ == "__main__":
    print(summary([gain(seed) for seed in SEEDS]))
