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

from web.repository import colab_cell

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINKS = re.findall(r"\]\(([^)\s]+)\)|<img[^>]+src=\"([^\"]+)\"", README)
LINKS = sorted({a or b for a, b in LINKS if not (a or b).startswith(("http://", "https://"))})
INLINE = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", README)
MADE_LATER = (".venv", "tests/screenshots/", "notebooks/my_answers")
SCREEN = 40  # lines


def blocks(language):
    """Return the lines of README's code blocks in a language."""
    found = re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return [line for block in found for line in block.splitlines() if line]


def section(heading):
    """Return the lines that stand in README under a heading, but for empty ones."""
    (found,) = re.findall(rf"^#+ {heading}\n(.*?)(?=^#+ )", README, re.MULTILINE | re.DOTALL)
    return [line for line in found.splitlines() if line]


def plan(lines):
    """Return the paths that the plan names; a name that stands further in belongs to the folder above it."""
    paths, folders = [], []
    for line in lines:
        margin = (len(line) - len(line.lstrip())) // 4
        del folders[margin:]
        names = re.match(r"((?:  )?\S+(?=  ))+", line.lstrip())[0].split()
        paths += ["".join(folders) + name for name in names]
        folders.append(names[0])
    return paths


def names_for_tests():
    """Return what a test may be called: a file or a folder, or a folder above it and it, as in `check_judge`."""
    tops = [path for path in ROOT.iterdir() if not path.name.startswith(".")]
    paths = [path.relative_to(ROOT) for top in tops for path in (top, *top.rglob("*"))]
    parts = [path.with_suffix("").parts for path in paths if "tests" not in path.parts]
    return {"_".join((*above, name)).lower() for *folders, name in parts for above in [(), *zip(folders)]}


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


def test_the_readme_names_its_repository_in_one_place():
    """So that who publishes the course finds it, and no link is forgotten."""
    (cell,) = blocks("ipython")
    owner, name = cell.rpartition("github.com/")[2].split("/")
    assert cell == colab_cell(f"{owner}/{name}")
    first = "notebooks/00_start_here.ipynb"
    place = [
        f"{cell}\n```\n",
        "<!-- The one place that names the repository on GitHub: the cell above and these links. -->",
        f"[site]: https://{owner}.github.io/{name}/",
        f"[binder]: https://mybinder.org/v2/gh/{owner}/{name}/HEAD?urlpath=lab/tree/{first}",
        f"[colab]: https://colab.research.google.com/github/{owner}/{name}/blob/HEAD/{first}\n",
    ]
    before, _, after = README.partition("\n".join(place))
    assert after
    assert not [url for url in re.findall(r"https?://\S+", before + after) if owner in url]
    assert {*re.findall(r"\]\[(\w+)\]", README)} == {*re.findall(r"^\[(\w+)\]:", README, re.MULTILINE)}


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
def test_pip_reads_the_pinned_requirements_as_the_plain_way_gives_them():
    run(sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", "-r", "requirements.txt")


def test_the_pinned_jupyterlab_starts_in_both_spellings():
    script = Path(sysconfig.get_path("scripts")) / ("jupyter.exe" if os.name == "nt" else "jupyter")
    version = run(sys.executable, "-m", "jupyterlab", "--version")
    assert f"jupyterlab=={version.strip()}" in (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert run(str(script), "lab", "--version") == version


def test_each_path_that_the_readme_names_exists():
    words = [word for text in INLINE + blocks("sh") for word in shlex.split(text)]
    paths = {word for word in words if re.search(r"^\.?\w[\w.-]*/|\.(py|txt|toml|ipynb|md)$", word)}
    assert len(paths) > 5
    assert not [path for path in sorted(paths) if not path.startswith(MADE_LATER) and not any(ROOT.glob(path))]


@pytest.mark.parametrize("link", LINKS)
def test_each_link_of_the_readme_leads_somewhere(link):
    path, _, anchor = unquote(link).partition("#")
    target = ROOT / (path or "README.md")
    assert target.exists()
    if anchor:
        assert anchor in anchors(target)


PLAN = blocks("text")


def test_the_plan_names_what_is_there_and_every_room():
    named = plan(PLAN)
    assert not [path for path in named if not (ROOT / path).exists()]
    rooms = {
        path.relative_to(ROOT).as_posix() + "/" * path.is_dir()
        for path in (ROOT / "rnn_helpers").iterdir()
        if not path.name.startswith("__")
    }
    assert {path for path in named if re.fullmatch(r"rnn_helpers/[^/]+/?", path)} == rooms
    assert len(named) == len(set(named))


def test_the_plan_and_what_to_open_fit_on_a_screen():
    assert len(section("Which file to open")) <= SCREEN
    assert max(map(len, PLAN)) <= 100


def test_each_test_is_named_after_what_it_tests_or_the_readme_names_it():
    tests = [path.stem.removeprefix("test_") for path in sorted((ROOT / "tests").glob("test_*.py"))]
    (row,) = [line for line in section("Which file to open") if "Which test" in line]
    said = re.findall(r"`(\w+)`", row)
    # None is said to be an exception that is gone, or is none.
    assert sorted(set(tests) - names_for_tests()) == sorted(said)


def test_each_file_of_exercises_is_called_as_its_notebook_is():
    files = {path.stem for path in (ROOT / "rnn_helpers/check").glob("*.py")} - {"__init__", "shared", "draws", "forms"}
    assert files <= {path.stem.partition("_")[2] for path in (ROOT / "notebooks").glob("*.ipynb")}


def test_readmes_lines_judge_a_backward_pass():
    """As they stand, with somebody's own function."""
    from rnn_helpers import check  # here: most of these tests need no package

    wrong = check.EXERCISES["rnn_backward"].mistakes[0]
    *lines, last = blocks("python")
    scope = {"my_backward": wrong.function}
    exec("\n".join(lines), scope)
    explained = eval(last, scope)
    assert explained.verdict.mistake == wrong.name and not explained
