"""README's commands are the ones that run, its paths exist and its links lead somewhere."""

import importlib.util
import os
import re
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path
from urllib.parse import unquote

import pytest
from notebook_rules import anchors

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINKS = re.findall(r"\]\(([^)\s]+)\)|<img[^>]+src=\"([^\"]+)\"", README)
LINKS = sorted({a or b for a, b in LINKS if not (a or b).startswith(("http://", "https://"))})
INLINE = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", README)
MADE_LATER = {".venv", "tests/screenshots/"}


def blocks(language):
    """Return the lines of README's code blocks in a language."""
    found = re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return [line for block in found for line in block.splitlines() if line]


def commands(file):
    """Return the lines of a file that start course.py."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return [line.strip().removeprefix("- run: ") for line in lines if "course.py" in line]


def run(*command):
    """Run a command in the project's folder and return its output."""
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_readme_gives_the_two_commands():
    assert blocks("sh")[:2] == ["python3 course.py", "python3 course.py test"]


def test_ci_ends_in_the_readmes_test_command():
    assert commands(".ci/run")[-1] == blocks("sh")[1]
    last = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()[-1]
    assert last == blocks("sh")[1]


def test_the_workflow_runs_the_readmes_test_command():
    spellings = {command.replace("python ", "python3 ") for command in commands(".github/workflows/test.yml")}
    assert spellings == {blocks("sh")[1]}


def test_each_command_has_a_spelling_for_windows():
    # In an activated environment it is python: py knows nothing of those that conda made.
    windows = {"python3 course.py": "py course.py", "pip ": "python -m pip ", "jupyter lab": "python -m jupyterlab"}
    expected = []
    for line in blocks("sh"):
        (start,) = [start for start in windows if line.startswith(start)]
        expected.append(windows[start] + line.removeprefix(start))
    assert blocks("bat") == expected


def test_course_py_knows_each_command_that_the_readme_names():
    usage = run(sys.executable, "course.py", "--help")
    named = {line.split()[2] for line in INLINE + blocks("sh") if re.match(r"python3 course\.py \w", line)}
    assert {"test", "install", "refresh"} <= named
    for command in named:
        assert f"python3 course.py {command}" in usage


def test_the_plain_way_installs_the_pinned_packages_and_the_package():
    plain = [line for line in blocks("sh") if "course.py" not in line]
    assert plain == [
        "pip install -r requirements.txt",
        "pip install -e .",
        "jupyter lab notebooks/00_start_here.ipynb",
    ]


@pytest.mark.skipif(not importlib.util.find_spec("pip"), reason="this environment has no pip")
def test_pip_reads_the_requirements_as_the_plain_way_gives_them():
    run(sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", "-r", "requirements.txt")


def test_jupyterlab_starts_in_both_spellings():
    script = Path(sysconfig.get_path("scripts")) / ("jupyter.exe" if os.name == "nt" else "jupyter")
    version = run(sys.executable, "-m", "jupyterlab", "--version")
    assert f"jupyterlab=={version.strip()}" in (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert run(str(script), "lab", "--version") == version


def test_each_path_that_the_readme_names_exists():
    words = [word for text in INLINE + blocks("sh") for word in shlex.split(text)]
    paths = {word for word in words if re.search(r"^\.?\w[\w.-]*/|\.(py|txt|toml|ipynb|md)$", word)} - MADE_LATER
    assert len(paths) > 5
    assert not [path for path in sorted(paths) if not (ROOT / path).exists()]


@pytest.mark.parametrize("link", LINKS)
def test_each_link_of_the_readme_leads_somewhere(link):
    path, _, anchor = unquote(link).partition("#")
    target = ROOT / (path or "README.md")
    assert target.exists()
    if anchor:
        assert anchor in anchors(target)
