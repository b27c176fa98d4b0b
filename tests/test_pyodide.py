"""The package under Pyodide, the Python of a browser, in node: no threads, no timers, indices of 4 bytes.

PYODIDE_DIR names a folder with a Pyodide: a distribution, or the npm package `pyodide` alone, which has no NumPy.
"""

import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import both_sides
import numpy as np
import pytest

FOLDER = os.environ.get("PYODIDE_DIR", "")
NODE = shutil.which("node")
if not FOLDER or not NODE:
    pytest.skip("PYODIDE_DIR names no Pyodide, or there is no node", allow_module_level=True)

LOCK = json.loads((Path(FOLDER) / "pyodide-lock.json").read_text(encoding="utf-8"))
FULL = (Path(FOLDER) / LOCK["packages"]["numpy"]["file_name"]).exists()
with_numpy = pytest.mark.skipif(not FULL, reason="this Pyodide has no NumPy")
SCRIPT = """
import { writeFileSync } from "node:fs";
const [,, folder, root, site, packages, to, ...questions] = process.argv;
const { loadPyodide } = await import(folder + "/pyodide.mjs");
const pyodide = await loadPyodide({ indexURL: folder + "/", stdout() {}, stderr() {} });
await pyodide.loadPackage(JSON.parse(packages), { messageCallback() {} });
for (const [place, folder] of [["/course", root], ["/site", site]].slice(0, site ? 2 : 1)) {
  pyodide.FS.mkdirTree(place);
  pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: folder }, place);
}
pyodide.globals.set("questions", pyodide.toPy(questions));
writeFileSync(to, pyodide.runPython(`
import sys
sys.path += ["/course", "/course/tests", "/site"]  # of the last, what needs no compiler and is not in the distribution
import both_sides
both_sides.answers(*questions)
`));
process.exit(0);
"""


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a function that lets a fresh Pyodide answer questions of both_sides.py."""
    script = tmp_path_factory.mktemp("node") / "ask.mjs"
    script.write_text(SCRIPT, encoding="utf-8")

    def ask(*questions: str) -> dict[str, Any]:
        packages = ["numpy", "matplotlib", "pillow", "ipython"] if FULL else []
        site = sysconfig.get_path("purelib") if FULL else ""
        to = script.with_suffix(".json")
        words = [NODE, script, Path(FOLDER).resolve(), both_sides.PACKAGE.parent, site, json.dumps(packages), to]
        run = subprocess.run([*words, *questions], capture_output=True, text=True, timeout=600)
        assert run.returncode == 0, run.stderr[-2000:]
        found: dict[str, Any] = json.loads(to.read_text(encoding="utf-8"))
        return found

    return ask


@pytest.fixture(scope="module")
def there(ask: Any) -> dict[str, Any]:
    """Return the answers of a Pyodide with NumPy."""
    found: dict[str, Any] = ask("not_imported", "verdicts", "stopped", "gradients")
    return found


@pytest.mark.skipif(FULL, reason="this Pyodide has NumPy")
def test_what_needs_no_numpy_is_imported_without_it(ask: Any) -> None:
    found = ask("not_imported_alone", "lacking")
    assert set(found["not_imported_alone"].values()) <= both_sides.OTHERS
    assert {"rnn_helpers.lacks", "rnn_helpers.request"}.isdisjoint(found["not_imported_alone"])
    assert found["lacking"] == [True, True]


@with_numpy
def test_every_module_is_imported_but_that_of_the_server(there: dict[str, Any]) -> None:
    assert set(there["not_imported"]) <= {"rnn_helpers.server"}


@with_numpy
def test_answers_get_the_verdicts_that_they_get_here(there: dict[str, Any]) -> None:
    here = both_sides.verdicts()
    assert there["verdicts"] == here
    assert all(right == [True, None] and not wrong[0] for right, wrong in here.values())


@with_numpy
def test_a_loop_that_does_not_end_is_stopped(there: dict[str, Any]) -> None:
    mistake, seconds = there["stopped"]
    assert mistake == "too_slow" and seconds < 3


@with_numpy
def test_losses_and_gradients_are_those_that_are_computed_here(there: dict[str, Any]) -> None:
    here = both_sides.gradients()
    assert there["gradients"].keys() == here.keys()
    for name, (loss, *grads) in here.items():
        other_loss, *other_grads = there["gradients"][name]
        assert abs(loss - other_loss) < 1e-12
        for grad, other in zip(grads, other_grads, strict=True):
            assert np.abs(np.subtract(grad, other)).max() <= 1e-12 * np.abs(grad).max()
