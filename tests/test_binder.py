"""Binder builds the course as this machine runs it; shown by repo2docker without Docker."""

import json
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

import numpy
import pytest

import course

ROOT = Path(__file__).resolve().parents[1]
BINDER = ROOT / "binder"


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """Return what repo2docker would do: its notes, then the Dockerfile."""
    if os.name == "nt":
        pytest.skip("repo2docker does not run on Windows")
    result = subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(ROOT)],
        env={**os.environ, "HOME": str(tmp_path_factory.mktemp("home"))},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout + result.stderr


def test_binder_builds_the_pinned_python(build):
    python = (BINDER / "runtime.txt").read_text().strip().removeprefix("python-")
    assert f"conda environment for python={python}\n" in build


def test_binder_first_installs_what_installs_the_rest(build):
    assert 'pip install --no-cache-dir -r "binder/requirements.txt"' in build
    lines = (BINDER / "requirements.txt").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] == [f"-r ../{course.INSTALLER}"]


def test_the_package_is_there_when_binder_installs_it(build):
    """repo2docker first copies only binder/, for its cache, unless a requirement is a local path."""
    copied = re.search(r"^COPY .* src/ \$\{REPO_DIR\}", build, re.MULTILINE)
    installed = build.find('-r "binder/requirements.txt"')
    assert copied
    assert copied.start() < installed


def test_binder_runs_both_scripts(build):
    assert "RUN ./binder/postBuild" in build
    assert 'R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in build


@pytest.mark.parametrize("name", ["postBuild", "start"])
def test_a_script_of_binder_stops_at_its_first_error(name):
    assert "\nset -euo pipefail\n" in (BINDER / name).read_text()


@pytest.mark.skipif(os.name == "nt", reason="Binder's scripts are for Linux")
def test_binders_start_runs_what_it_is_given_with_one_thread():
    show = [sys.executable, "-c", "import os, sys; print(os.environ['OPENBLAS_NUM_THREADS'], sys.argv[1])"]
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    command = ["bash", str(BINDER / "start"), *show, "a b"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert result.stdout == "1 a b\n"


# Its pip notes what it is told to install, and installs the package by naming folders that have what it needs.
FAKE_PIP = """
import os, pathlib, sys, sysconfig
with open(os.environ["LOG"], "a") as log:
    log.write(" ".join(sys.argv[1:]) + "\\n")
if "-e" in sys.argv:
    pathlib.Path(sysconfig.get_path("purelib"), "course.pth").write_text(os.environ["FOLDERS"])
"""


@pytest.mark.skipif(os.name == "nt", reason="Binder's scripts are for Linux")
def test_binder_installs_by_hash_and_tells_jupyterlab_what_course_py_does(tmp_path):
    environment = tmp_path / "environment"
    venv.create(environment, symlinks=True)
    (tmp_path / "pip.py").write_text(FAKE_PIP)
    variables = {
        "PATH": f"{environment / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(tmp_path),
        "LOG": str(tmp_path / "log"),
        "FOLDERS": f"{ROOT}\n{Path(numpy.__file__).parents[1]}",
    }
    subprocess.run([BINDER / "postBuild"], cwd=ROOT, env={**os.environ, **variables}, check=True, capture_output=True)
    locked = "install --require-hashes --only-binary :all:"
    assert (tmp_path / "log").read_text().splitlines() == [
        f"{locked} -r {course.INSTALLER}",
        f"{locked} -c constraints.txt -r requirements.txt",
        "install --no-deps --no-build-isolation -e .",
    ]
    written = {name: json.loads((environment / name).read_text()) for name in course.JUPYTERLAB}
    assert written == course.JUPYTERLAB


def test_the_badge_opens_jupyterlab_on_the_first_notebook():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"https://mybinder\.org/v2/[^)\s]+", readme)
    assert links
    assert all(link.endswith("?urlpath=lab/tree/notebooks/00_start_here.ipynb") for link in links)
