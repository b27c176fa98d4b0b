"""The same versions wherever one is written, and the package that runs is the one in this folder."""

import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from notebook_rules import load_tool
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import course
import rnn_helpers

ROOT = Path(__file__).resolve().parents[1]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def requirements(name):
    """Return a requirement file's entries, leaving out comments, options and hashes."""
    lines = [re.split(r"[#\\]", line)[0].strip() for line in read(name).splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def applies(pin, python=sys.version_info):
    """Return whether a requirement is one on this or another Python."""
    named = {"python_version": "{}.{}".format(*python), "python_full_version": "{}.{}.0".format(*python)}
    return pin.marker is None or pin.marker.evaluate(named)


other_versions = load_tool(ROOT / "tools" / "other_versions.py").other_versions
PROJECT = tomllib.loads(read("pyproject.toml"))["project"]
LEARNER = requirements("requirements.txt")
PINS = LEARNER + requirements("requirements-test.txt")
REST = requirements("requirements-mutants.txt") + requirements("requirements-torch.txt")
LOCK = requirements("constraints.txt")
INSTALLER = requirements(course.INSTALLER)
OLDEST, NEWEST = ("{}.{}".format(*bound) for bound in (course.OLDEST, course.NEWEST))


def by_name(pins):
    return pytest.mark.parametrize("pin", pins, ids=[f"{pin.name}{pin.specifier}" for pin in pins])


def test_a_learner_installs_these_packages_and_no_test_tool_but_nbval():
    needed = {"numpy", "matplotlib", "jupyterlab", "ipywidgets", "anywidget", "nbval", "tqdm"}
    brought_by_these = {"argon2-cffi-bindings"}
    assert {pin.name for pin in LEARNER} == needed | brought_by_these


@by_name(PINS + REST)
def test_each_requirement_is_pinned_as_in_the_lock(pin):
    assert re.fullmatch(r"==[\w.]+", str(pin.specifier))
    assert pin.specifier in [entry.specifier for entry in LOCK if entry.name == pin.name]


@by_name([pin for pin in PINS if applies(pin)])
def test_what_runs_is_what_is_pinned(pin):
    assert version(pin.name) in pin.specifier


def test_the_lock_pins_everything_exactly():
    assert len(LOCK) > len(PINS)
    assert not [entry for entry in LOCK if not re.fullmatch(r"==[\w.]+", str(entry.specifier))]


@pytest.mark.parametrize("name", ["constraints.txt", course.INSTALLER, ".ci/torch.txt"])
def test_each_pin_of_what_is_fetched_has_hashes(name):
    without = re.sub(r"^ +(#.*|--hash=sha256:[0-9a-f]{64}( \\)?)\n", "", read(name), flags=re.MULTILINE)
    lines = [line for line in without.splitlines() if line and not line.startswith("#")]
    assert len(lines) == len(requirements(name))
    assert all(line.endswith(" \\") for line in lines), "a hash follows"


def test_what_builds_the_package_is_pinned_within_its_bounds():
    (builder,) = map(Requirement, tomllib.loads(read("pyproject.toml"))["build-system"]["requires"])
    (pin,) = [pin for pin in INSTALLER if pin.name == builder.name]
    assert str(pin.specifier).removeprefix("==") in builder.specifier
    assert {pin.name for pin in INSTALLER} == {"pip", builder.name}


def test_the_lock_leaves_pytorch_out_and_holds_all_that_it_needs():
    locked = {entry.name for entry in LOCK}
    assert "torch" not in locked
    try:
        needed = map(Requirement, requires("torch"))
    except PackageNotFoundError:
        pytest.skip("PyTorch is not installed")
    assert {bound.name for bound in needed if bound.marker is None or bound.marker.evaluate({"extra": ""})} <= locked


def test_the_lock_names_no_package_index_and_no_local_file():
    options = [line for line in read("constraints.txt").splitlines() if line.startswith("-")]
    assert not options
    assert not re.search(r"://|file:| @ |--(index|extra|find|default)", read("constraints.txt"))


def test_the_pins_lie_within_the_packages_bounds():
    for bound in map(Requirement, PROJECT["dependencies"]):
        pinned = [str(pin.specifier).removeprefix("==") for pin in LEARNER if pin.name == bound.name]
        assert pinned
        assert all(each in bound.specifier for each in pinned)


def test_the_packages_bounds_are_loose():
    for bound in map(Requirement, PROJECT["dependencies"]):
        assert {part.operator for part in bound.specifier} == {">="}, bound


def test_a_python_is_taken_exactly_where_there_is_a_numpy_for_it():
    for pins in (LEARNER, LOCK):
        numpy = [pin for pin in pins if pin.name == "numpy"]
        for minor in range(5, 40):
            python = (3, minor)
            allowed = f"3.{minor}" in SpecifierSet(PROJECT["requires-python"])
            count = sum(applies(pin, python) for pin in numpy)
            if pins is LEARNER:  # the lock may hold one for a Python that course.py does not take
                assert (course.OLDEST <= python <= course.NEWEST) == (allowed and count == 1), python
            elif course.OLDEST <= python <= course.NEWEST:
                assert count == 1, python


def test_the_bounds_of_python_are_the_same_everywhere():
    assert PROJECT["requires-python"] == f">={OLDEST}", "a newer one may run the package, not the pinned course"
    assert read("README.md").count(f"Python {OLDEST} to {NEWEST}") == 2
    assert f"--python-version {OLDEST} " in read("constraints.txt").splitlines()[1]
    workflow = read(".github/workflows/test.yml")
    assert f'python: ["{OLDEST}", "{NEWEST}"]' in workflow
    assert f'versions: oldest, python: "{OLDEST}"' in workflow
    assert f'versions: newest, python: "{NEWEST}"' in workflow
    settings = tomllib.loads(read("pyproject.toml"))["tool"]
    assert settings["mypy"]["python_version"] == OLDEST
    assert settings["ruff"]["target-version"] == "py" + OLDEST.replace(".", "")


def test_binder_has_a_python_that_the_package_allows():
    python = re.fullmatch(r"python-(3\.\d+)\n", read("binder/runtime.txt"))[1]
    assert course.OLDEST <= tuple(map(int, python.split("."))) <= course.NEWEST


def test_the_oldest_versions_are_pyprojects_bounds_and_the_newest_have_none():
    oldest = {pin.name: str(pin.specifier) for pin in map(Requirement, other_versions("oldest"))}
    bounds = {
        bound.name: str(bound.specifier).replace(">=", "==") for bound in map(Requirement, PROJECT["dependencies"])
    }
    assert bounds.items() <= oldest.items()
    assert oldest.keys() == {pin.name for pin in LEARNER}
    assert set(other_versions("newest")) == oldest.keys()


def test_the_readme_tells_the_command_that_wrote_the_lock():
    command = read("constraints.txt").splitlines()[1].removeprefix("#").strip()
    assert command.startswith("uv pip compile --universal")
    assert f"`{command}`" in read("README.md")


def test_the_package_that_runs_is_the_one_in_this_folder():
    assert Path(rnn_helpers.__file__).resolve().parent == ROOT / "rnn_helpers"
    assert version("rnn-helpers") == PROJECT["version"] == rnn_helpers.__version__
