"""The same versions wherever one is written, and the package that runs is the one in this folder."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import rnn_helpers

ROOT = Path(__file__).resolve().parents[1]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def requirements(name):
    """Return a requirement file's entries, leaving out comments and options."""
    lines = [line.split("#")[0].strip() for line in read(name).splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


PROJECT = tomllib.loads(read("pyproject.toml"))["project"]
LEARNER = requirements("requirements.txt")
PINS = LEARNER + requirements("requirements-test.txt")
MUTANTS = requirements("requirements-mutants.txt")
LOCK = requirements("constraints.txt")
OLDEST_PYTHON = re.fullmatch(r">=(3\.\d+)", PROJECT["requires-python"])[1]


def by_name(pins):
    return pytest.mark.parametrize("pin", pins, ids=[pin.name for pin in pins])


def test_a_learner_installs_these_packages_and_no_test_tool_but_nbval():
    assert {pin.name for pin in LEARNER} == {"numpy", "matplotlib", "jupyterlab", "ipywidgets", "anywidget", "nbval"}


@by_name(PINS + MUTANTS)
def test_each_requirement_is_pinned_as_in_the_lock(pin):
    assert re.fullmatch(r"==[\w.]+", str(pin.specifier))
    assert [entry.specifier for entry in LOCK if entry.name == pin.name] == [pin.specifier]


@by_name(PINS)
def test_what_runs_is_what_is_pinned(pin):
    assert version(pin.name) in pin.specifier


def test_the_lock_pins_everything_exactly():
    assert len(LOCK) > len(PINS)
    assert not [entry for entry in LOCK if not re.fullmatch(r"==[\w.]+", str(entry.specifier))]


def test_the_lock_leaves_pytorch_out():
    assert "torch" not in {entry.name for entry in LOCK}


def test_the_lock_names_no_package_index_and_no_local_file():
    options = [line for line in read("constraints.txt").splitlines() if line.startswith("-")]
    assert not options
    assert not re.search(r"://|file:| @ |--(index|extra|find|default)", read("constraints.txt"))


def test_the_pins_lie_within_the_packages_bounds():
    pinned = {pin.name: str(pin.specifier).removeprefix("==") for pin in LEARNER}
    for bound in map(Requirement, PROJECT["dependencies"]):
        assert pinned[bound.name] in bound.specifier


def test_the_packages_bounds_are_loose():
    for bound in map(Requirement, PROJECT["dependencies"]):
        assert {part.operator for part in bound.specifier} == {">="}, bound


def test_the_oldest_python_is_the_same_everywhere():
    comma = OLDEST_PYTHON.replace(".", ", ")
    assert f"sys.version_info < ({comma})" in read("course.py")
    assert f"needs Python {OLDEST_PYTHON} or newer" in read("course.py")
    assert f"Python {OLDEST_PYTHON} or newer" in read("README.md")
    assert f"--python-version {OLDEST_PYTHON} " in read("constraints.txt").splitlines()[1]
    assert f'python: ["{OLDEST_PYTHON}", ' in read(".github/workflows/test.yml")
    settings = tomllib.loads(read("pyproject.toml"))["tool"]
    assert settings["mypy"]["python_version"] == OLDEST_PYTHON
    assert settings["ruff"]["target-version"] == "py" + OLDEST_PYTHON.replace(".", "")


def test_binder_has_a_python_that_the_package_allows():
    python = re.fullmatch(r"python-(3\.\d+)\n", read("binder/runtime.txt"))[1]
    assert python in SpecifierSet(PROJECT["requires-python"])


def test_the_workflow_tests_the_oldest_numpy_that_the_package_allows():
    bound = next(r for r in map(Requirement, PROJECT["dependencies"]) if r.name == "numpy")
    oldest = re.search(r"numpy==(\d+\.\d+)", read(".github/workflows/test.yml"))[1]
    assert str(bound.specifier) == f">={oldest}"


def test_the_readme_tells_the_command_that_wrote_the_lock():
    command = read("constraints.txt").splitlines()[1].removeprefix("#").strip()
    assert command.startswith("uv pip compile --universal")
    assert f"`{command}`" in read("README.md")


def test_the_package_that_runs_is_the_one_in_this_folder():
    assert Path(rnn_helpers.__file__).resolve().parent == ROOT / "rnn_helpers"
    assert version("rnn-helpers") == PROJECT["version"] == rnn_helpers.__version__
