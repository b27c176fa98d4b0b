"""What GitHub runs: each action by its commit, each job with no right but what it needs, each command a real one."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

import course

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PAGES = ROOT / ".github" / "workflows" / "pages.yml"
README = (ROOT / "README.md").read_text(encoding="utf-8")
each_workflow = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def read(file):
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def steps(file):
    return [step for job in read(file)["jobs"].values() for step in job["steps"]]


def test_there_is_one_that_tests_and_one_that_publishes():
    assert [file.stem for file in FILES] == ["pages", "test"]


@each_workflow
def test_each_action_is_named_by_its_commit_and_says_its_version(file):
    used = re.findall(r"uses: (.*)", file.read_text(encoding="utf-8"))
    assert len(used) == len([step for step in steps(file) if "uses" in step]) > 0
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", line) for line in used)


@each_workflow
def test_only_the_job_that_publishes_may_do_more_than_read_and_it_runs_nothing_of_ours(file):
    assert read(file)["permissions"] == {"contents": "read"}
    for name, job in read(file)["jobs"].items():
        if "permissions" in job:
            assert (file.stem, name) == ("pages", "deploy")
            assert job["permissions"] == {"pages": "write", "id-token": "write"}
            assert not [step for step in job["steps"] if "run" in step]


def test_only_what_stands_on_main_is_published():
    assert read(PAGES)[True] == {  # YAML reads the word `on` as true
        "push": {"branches": ["main"]},
        "workflow_dispatch": None,
    }


@each_workflow
def test_each_command_is_one_that_the_readme_names_or_runs_what_exists(file):
    for command in [step["run"] for step in steps(file) if "run" in step]:
        words = shlex.split(command)
        if words[:2] == ["python", "course.py"]:
            spelled = " ".join(["python3", *words[1:]])
            assert re.search(rf"^{spelled}$|`{spelled}`", README, re.MULTILINE), command
        else:
            paths = [word for word in words if re.search(r"^\.?\w+/|^[\w-]+\.(py|txt)$", word)]
            assert all((ROOT / path).exists() for path in paths), command
            assert paths or words[:3] == ["python", "-m", "pytest"], command


def test_the_site_is_built_by_a_python_that_the_course_takes():
    (python,) = [step["with"]["python-version"] for step in steps(PAGES) if "setup-python" in step.get("uses", "")]
    assert course.OLDEST <= tuple(map(int, python.split("."))) <= course.NEWEST


def test_what_is_published_is_the_folder_that_the_command_for_the_site_writes():
    (upload,) = [step for step in steps(PAGES) if "upload-pages" in step.get("uses", "")]
    assert f"into the folder `{upload['with']['path']}`, or into another | `python3 course.py site` |" in README
