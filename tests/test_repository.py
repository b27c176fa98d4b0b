"""The site's links name the repository that the course lies in, and no other."""

import subprocess

import pytest

from web import repository as module
from web.repository import on_github, repository

HOME = "https://github.com/ada/rnn.course"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Let the module lie in a folder that is no clone, and let no workflow run."""
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    monkeypatch.setattr(module, "__file__", str(tmp_path / "repository.py"))


@pytest.mark.parametrize(
    "remote",
    [
        HOME,
        f"{HOME}.git",
        "https://token@github.com/ada/rnn.course/",
        "git@github.com:ada/rnn.course.git",
        "ssh://git@github.com/ada/rnn.course.git",
    ],
)
def test_each_spelling_of_a_remote_on_github_is_read(remote):
    assert on_github(remote) == "ada/rnn.course"


@pytest.mark.parametrize(
    "remote",
    ["https://gitlab.com/ada/rnn", "https://notgithub.com/ada/rnn", "https://github.com.org/ada/rnn", "../rnn", ""],
)
def test_a_remote_elsewhere_names_none(remote):
    assert on_github(remote) is None


def test_a_clone_knows_where_it_came_from_but_the_workflow_knows_better(tmp_path, monkeypatch):
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    with (tmp_path / ".git" / "config").open("a") as config:
        config.write(f'[remote "origin"]\nurl = {HOME}.git\n')
    assert repository() == "ada/rnn.course"
    monkeypatch.setenv("GITHUB_REPOSITORY", "grace/fork")
    assert repository() == "grace/fork"
    monkeypatch.setenv("GITHUB_REPOSITORY", 'grace/"><b>')
    assert repository() is None


def test_neither_a_folder_without_a_clone_nor_a_machine_without_git_names_one(monkeypatch):
    assert repository() is None
    monkeypatch.setenv("PATH", "")
    assert repository() is None
