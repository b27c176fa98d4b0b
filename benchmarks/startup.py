"""How long a learner waits: for the import, for JupyterLab, for all notebooks, and for a fresh install."""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.child import ROOT, say

LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "__pycache__", ".ipynb_checkpoints", ".*_cache")


def imports(times: int) -> dict[str, float]:
    """Return median milliseconds of a Python that imports nothing, NumPy, or this package, and ends."""
    codes = {"nothing": "pass", "numpy": "import numpy", "rnn_helpers": "import rnn_helpers"}
    seconds: dict[str, list[float]] = {name: [] for name in codes}
    for _ in range(1 + times):  # the first one writes compiled files
        for name, code in codes.items():
            with clock(seconds[name]):
                subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    return {name: 1e3 * statistics.median(values[1:]) for name, values in seconds.items()}


@contextmanager
def clock(readings: list[float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    readings.append(time.perf_counter() - start)


def jupyterlab(times: int) -> float | None:
    """Return median seconds from `course.py` to the page it opens; None in an environment that it did not make."""
    if not (ROOT / ".venv/course-stamp").exists():
        return None
    seconds: list[float] = []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as home:
            start = time.perf_counter()
            server = start_server(Path(home))
            try:
                wait_for_answer(server)
                seconds.append(time.perf_counter() - start)
            finally:
                stop(server)
    return statistics.median(seconds)


def start_server(home: Path) -> subprocess.Popen:
    """Start the course as for somebody who has never opened it: without settings, and without a browser."""
    folders = {"JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"}
    return subprocess.Popen(
        [sys.executable, str(ROOT / "course.py"), "--no-browser", "--port", "0", "--allow-root"],
        env={**os.environ, "HOME": str(home), **{name: str(home / name.lower()) for name in folders}},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


def wait_for_answer(server: subprocess.Popen) -> None:
    for line in server.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\S+token=\w+", line):
            break
    else:
        raise RuntimeError("JupyterLab ended before it named its address")
    while server.poll() is None:  # it names its address a moment before it listens there
        try:
            urllib.request.urlopen(found[0], timeout=30).close()
            return
        except urllib.error.URLError:
            time.sleep(0.02)
    raise RuntimeError("JupyterLab ended before it answered")


def stop(server: subprocess.Popen) -> None:
    if os.name == "nt":  # terminate() on Windows ends course.py without a word to JupyterLab
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(server.pid)], check=False, capture_output=True)
    else:
        server.terminate()
    server.communicate(timeout=30)


def notebooks() -> tuple[float, int]:
    """Run every notebook, one after the other, in a copy of the project; return seconds and how many there are."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(ROOT, Path(folder) / "course", ignore=LEFT_OUT)
        seconds: list[float] = []
        with clock(seconds):
            subprocess.run(
                [sys.executable, str(copy / "tools/refresh_notebooks.py")],
                cwd=copy,
                # The copy's own package, where another one may be installed.
                env={**os.environ, "PYTHONPATH": str(copy)},
                stdout=sys.stderr,
                check=True,
            )
        return seconds[0], len(list((copy / "notebooks").glob("*.ipynb")))


def fresh_install(*, uv: bool) -> float:
    """Return seconds of `course.py install` in a copy of the project, with nothing in the installer's cache."""
    path = [p for p in os.environ["PATH"].split(os.pathsep) if uv or not shutil.which("uv", path=p)]
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(ROOT, Path(folder) / "course", ignore=LEFT_OUT)
        caches = {"PIP_CACHE_DIR": str(Path(folder) / "pip"), "UV_CACHE_DIR": str(Path(folder) / "uv")}
        seconds: list[float] = []
        with clock(seconds):
            subprocess.run(
                [getattr(sys, "_base_executable", sys.executable), "course.py", "install"],
                cwd=copy,
                env={**os.environ, **caches, "PATH": os.pathsep.join(path)},
                stdout=sys.stderr,
                check=True,
            )
        return seconds[0]


def main(*, quick: bool, install: bool) -> dict:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # with it, every start would compile all packages again
    say("Imports")
    results: dict = {"imports": imports(1 if quick else 21)}
    if not quick:
        say("JupyterLab, and all notebooks")
        results["jupyterlab"] = jupyterlab(5)
        results["notebooks"] = notebooks()
    if install:
        say("Fresh installs")
        results["pip"] = fresh_install(uv=False)
        results["uv"] = fresh_install(uv=True) if shutil.which("uv") else None
    return results
