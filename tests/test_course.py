"""What course.py promises, shown with a fake installer; the last test starts JupyterLab for real."""

import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from browser import PORT

import course

ROOT = Path(__file__).resolve().parents[1]
FILES = [
    *("requirements.txt", "requirements-test.txt", "requirements-mutants.txt", "requirements-install.txt"),
    *("constraints.txt", "pyproject.toml"),
]
WEB_FILES = [
    "web/requirements.txt",
    "web/constraints.txt",
    "web/wheels.txt",
    "constraints.txt",
    "requirements-install.txt",
]

posix_only = pytest.mark.skipif(os.name == "nt", reason="the fake installer is a shell script")

# It is uv, or a Python whose pip does the same, and notes what it is asked to do. It makes a .venv with itself
# as Python, and can be told to fail, to do nothing, or to wait.
FAKE = r"""#!/bin/sh
name=$(basename "$0")
echo "$name $*" >> "$LOG"
env > "$LOG.env"
case "$name $*" in $IDLE) exit 0 ;; $FAILING) exit 3 ;; esac
(: 3<&0 4>&1) 2>/dev/null || exit 4
case "$*" in
*venv\ *)
    for folder; do :; done
    mkdir -p "$folder/bin"
    cp "$0" "$folder/bin/python"
    ;;
*pip\ install*)
    if [ -n "$SAYS" ]; then
        echo "$SAYS"
        exit 2
    elif [ -n "$WAITS_FOR" ]; then
        echo installing
        while [ ! -e "$WAITS_FOR" ]; do sleep 0.02; done
        touch .venv/half-made
    fi
    ;;
esac
"""


class Project:
    """A copy of the project without an environment, and a PATH with the fake installer first."""

    def __init__(self, folder: Path, name: str = "a course"):  # a space, because real folders have them
        self.folder = folder / name
        self.folder.mkdir()
        for file in ["course.py", *FILES, *WEB_FILES]:
            (self.folder / file).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / file, self.folder / file)
        self.shims = folder / "shims"
        self.shims.mkdir()
        for name in ["uv", "python"]:
            (self.shims / name).write_text(FAKE)
            (self.shims / name).chmod(0o755)
        self.log = folder / "log"
        self.venv = self.folder / ".venv"

    def start(self, *words, before="", shell='exec "$@"', **environment):
        """Start course.py, after some lines of Python where given, from a line of shell."""
        script = str(self.folder / "course.py")
        code = "import runpy, sys\n"
        code += f"sys.argv[0], sys._base_executable = {script!r}, {str(self.shims / 'python')!r}\n"
        code += f"{before}\nrunpy.run_path({script!r}, run_name='__main__')"
        self.log.write_text("")
        return subprocess.Popen(
            [*([] if os.name == "nt" else ["sh", "-c", shell, "sh"]), sys.executable, "-c", code, *words],
            cwd=self.folder.parent,  # another folder than the project's
            env={
                **os.environ,
                "PATH": f"{self.shims}{os.pathsep}/usr/bin{os.pathsep}/bin",
                "LOG": str(self.log),
                "IDLE": "nothing",
                "FAILING": "nothing",
                "SAYS": "",
                "WAITS_FOR": "",
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # so that Ctrl-C can be sent to it and to what it started
        )

    def run(self, *words, **options):
        """Run course.py to its end; return its exit code, output and error output."""
        process = self.start(*words, **options)
        output, errors = process.communicate(timeout=30)
        return process.returncode, output, errors

    def done(self):
        """Return what the installer and the environment's Python were asked to do."""
        return self.log.read_text().splitlines()

    def installed(self):
        """Return whether the last run installed anything."""
        return any("pip install" in line for line in self.done())

    def settings(self):
        """Return the environment variables of what was started last."""
        return dict(re.findall(r"^(\w+)=(.*)", Path(f"{self.log}.env").read_text(), re.MULTILINE))


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def stamp(project):
    return (project.venv / "course-stamp").read_text()


def one_sentence(errors):
    """Return an error output's only line."""
    (line,) = errors.splitlines()
    return line


# What it is asked to do


def test_an_older_python_can_read_the_file_as_far_as_the_sentence():
    source = (ROOT / "course.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    assert "__future__" not in source, "Python 3.6 refuses a __future__ it does not know"


@pytest.mark.parametrize("version", ["3.10", "3.16"])
def test_an_older_and_a_newer_python_are_refused_in_one_sentence(project, version):
    major, minor = version.split(".")
    code, _, errors = project.run(before=f"sys.version_info = ({major}, {minor}, 0)")
    assert code == 1
    assert f"needs Python 3.11 to 3.15, and this is Python {version}: install one of those" in one_sentence(errors)
    assert not project.done()


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_names_each_command_and_installs_nothing(project, flag):
    code, output, errors = project.run(flag)
    assert (code, errors) == (0, "")
    for command in ["test", "install", "refresh", "--no-browser", "--port"]:
        assert command in output
    assert not project.done()


@pytest.mark.parametrize("words", [["tset"], ["install", "numpy"]])
def test_an_unknown_command_gets_one_sentence(project, words):
    code, _, errors = project.run(*words)
    assert code == 1
    assert f"no command '{' '.join(words)}'" in one_sentence(errors)
    assert not project.done()


@posix_only
def test_the_first_start_installs_and_opens_the_second_only_opens(project):
    code, _, errors = project.run()
    assert (code, errors) == (0, "")
    made, *installed, seen, opened = project.done()
    assert made.startswith("uv venv")
    assert len(installed) == 3
    assert seen == "python -I -c import rnn_helpers"
    assert opened.startswith("python -m jupyterlab")
    project.run()
    assert project.done() == [opened]


@posix_only
@pytest.mark.parametrize("tool", ["uv pip install", "python -m pip install"])
def test_whatever_is_fetched_is_held_to_a_hash_and_nothing_is_fetched_to_build(project, tool):
    if "uv" not in tool:
        (project.shims / "uv").unlink()
    project.run("test")
    tools, packages, own = [line for line in project.done() if "pip install" in line]
    assert all(line.startswith(tool) for line in (tools, packages, own))
    assert tools.endswith("--require-hashes --only-binary :all: -r requirements-install.txt")
    locked = "--require-hashes --only-binary :all: -c constraints.txt"
    assert packages.endswith(f"{locked} -r requirements.txt -r requirements-test.txt")
    assert own.endswith("--no-deps --no-build-isolation -e .")


@posix_only
def test_jupyterlab_opens_the_first_notebook_on_loopback_with_the_project_as_root(project):
    project.run("--no-browser", "--port", "9999")
    opened = project.done()[-1]
    assert f"--ServerApp.root_dir={project.folder} " in opened
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in opened
    assert "--ip=127.0.0.1" in opened
    assert opened.endswith("--no-browser --port 9999")


@posix_only
@pytest.mark.parametrize("flag", ["--ip=0.0.0.0", "--ServerApp.ip=0.0.0.0"])
def test_an_address_of_ones_own_replaces_loopback(project, flag):
    project.run(flag)
    assert "127.0.0.1" not in project.done()[-1]


@posix_only
def test_jupyterlabs_news_stay_silent_inside_the_environment(project):
    project.run("install")
    settings = project.venv / "etc/jupyter/labconfig/page_config.json"
    disabled = json.loads(settings.read_text())["disabledExtensions"]
    assert disabled == {"@jupyterlab/apputils-extension:announcements": True}


@posix_only
def test_jupyterlab_makes_no_widgets_of_a_strangers_notebook_and_asks_for_a_token(project):
    project.run()
    opened = project.done()[-1]
    assert "--ServerApp.contents_manager_class=rnn_helpers.server.NoWidgetStates" in opened
    assert "--ServerApp.identity_provider_class=rnn_helpers.server.NeverWithoutToken" in opened


@posix_only
@pytest.mark.parametrize("flag", ["--IdentityProvider.token=", "--PasswordIdentityProvider.hashed_password=x"])
def test_a_token_or_password_of_ones_own_is_left_alone(project, flag):
    project.run(flag)
    assert "NeverWithoutToken" not in project.done()[-1]


@posix_only
@pytest.mark.parametrize("user", [0, 1000])
def test_root_alone_is_let_in_and_told(project, user):
    before = f"import os\nos.geteuid = lambda: {user}"
    code, output, _ = project.run("--no-browser", before=before)
    assert code == 0
    assert ("--allow-root" in output) == ("--allow-root" in project.done()[-1]) == (user == 0)
    assert project.run("--allow-root", before=before)[1].count("--allow-root") == 0, "it was asked for"


@posix_only
def test_test_runs_each_check_in_order_and_words_go_to_pytest(project):
    code, output, _ = project.run("test", "-k", "softmax")
    assert code == 0
    assert project.done()[-4:] == [
        "python -m ruff check",
        "python -m ruff format --check",
        "python -m mypy",
        "python -m pytest -k softmax",
    ]
    assert output.splitlines()[-1] == "All checks passed."


@posix_only
@pytest.mark.parametrize("check", ["ruff", "mypy", "pytest"])
def test_one_failing_check_fails_the_test_and_is_named_last(project, check):
    code, output, _ = project.run("test", FAILING=f"python -m {check}*")
    assert code == 1
    assert output.splitlines()[-1].startswith(f"Failed: {check}")
    assert project.done()[-1].startswith("python -m pytest"), "the checks after it still run"


@posix_only
def test_all_tests_go_to_two_processes_which_keep_a_file_together_and_the_files_in_order(project):
    project.run("test")
    assert project.done()[-1] == "python -m pytest -n 2 --dist loadfile --no-loadscope-reorder"


@posix_only
def test_refresh_runs_the_notebook_tool_with_the_test_packages(project):
    project.run("refresh", "notebooks/a.ipynb")
    assert "requirements-test.txt" in " ".join(project.done())
    assert project.done()[-1] == "python tools/refresh_notebooks.py notebooks/a.ipynb"


@posix_only
def test_mutants_installs_its_tool_beside_the_test_packages(project):
    project.run("mutants", "cell", "rnn")
    assert "-r requirements-test.txt -r requirements-mutants.txt" in " ".join(project.done())
    assert project.done()[-1] == "python tools/mutants.py cell rnn"


@posix_only
def test_site_builds_in_an_environment_of_its_own_and_leaves_the_learners_alone(project):
    project.run("install")
    before = stamp(project)
    project.run("site", "folder", "--pyodide", "other")
    hashed = "--require-hashes --only-binary :all:"
    uv, pip = (
        f"uv pip install --python {project.folder}/.venv-web/bin/python {hashed}",
        f"python -m pip download {hashed}",
    )
    steps = project.done()
    assert steps[0].endswith(f"{project.folder}/.venv-web")
    assert steps[1:3] == [
        f"{uv} -r requirements-install.txt",
        f"{uv} -c web/constraints.txt -r web/requirements.txt",
    ]
    assert steps[3].startswith(pip) and steps[3].endswith("-c constraints.txt -r web/wheels.txt")
    assert steps[4:] == ["python -m web.build folder --pyodide other"]
    assert stamp(project) == before
    project.run("site")
    assert project.done() == ["python -m web.build"], "nothing is installed twice"


@posix_only
def test_a_site_is_not_built_with_wheels_that_could_not_be_had(project):
    assert project.run("site", FAILING="python -m pip download*")[0] == 1
    assert not (project.folder / ".venv-web/course-stamp").exists()
    assert not any("web.build" in line for line in project.done())


# When it installs


def change(path):
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")


@posix_only
def test_the_test_packages_are_added_to_a_learners_environment(project):
    project.run("install")
    project.run("test")
    assert project.done()[0].endswith("-c constraints.txt -r requirements-test.txt")
    assert len([line for line in project.done() if "pip install" in line]) == 1
    for words in [("test",), (), ("install",)]:
        project.run(*words)
        assert not project.installed(), words


@posix_only
def test_a_changed_requirement_makes_a_new_environment(project):
    project.run("install")
    (project.venv / "old").touch()
    change(project.folder / "requirements.txt")
    project.run("install")
    assert project.installed()
    assert not (project.venv / "old").exists()


@pytest.mark.parametrize("name", FILES)
def test_each_file_of_requirements_counts(project, name, monkeypatch):
    monkeypatch.setattr(course, "ROOT", project.folder)
    before = course.fingerprint()
    change(project.folder / name)
    assert course.fingerprint() != before


@pytest.mark.parametrize("name", WEB_FILES)
def test_each_file_that_a_site_is_built_from_counts_for_it(project, name, monkeypatch):
    monkeypatch.setattr(course, "ROOT", project.folder)
    learners, webs = course.fingerprint(), course.fingerprint(course.WEB)
    change(project.folder / name)
    assert course.fingerprint(course.WEB) != webs
    assert (course.fingerprint() != learners) == (name in FILES)


@posix_only
def test_a_moved_project_makes_a_new_environment(project):
    project.run("install")
    project.folder = project.folder.rename(project.folder.with_name("moved"))
    project.run("install")
    assert project.installed()


@posix_only
def test_another_python_makes_a_new_environment(project):
    project.run("install")
    other = 15 if sys.version_info[1] == 11 else 11
    project.run("install", before=f"sys.version_info = (3, {other}, 0)")
    assert project.installed()


@posix_only
def test_an_environment_without_its_python_is_made_again(project):
    project.run("install")
    (project.venv / "bin/python").unlink()
    project.run("install")
    assert project.installed()


@posix_only
@pytest.mark.parametrize("damage", ["not text", "a folder"])
def test_an_environment_with_a_damaged_stamp_is_made_again(project, damage):
    project.run("install")
    path, before = project.venv / "course-stamp", stamp(project)
    path.unlink()
    path.write_bytes(b"\xff\xfe") if damage == "not text" else path.mkdir()
    assert project.run("install")[::2] == (0, "")
    assert stamp(project) == before


# When something goes wrong


@posix_only
def test_a_failed_installation_ends_in_one_sentence_and_the_next_run_works(project):
    code, output, errors = project.run(SAYS="something new")
    assert code == 1
    assert "something new" in output, "what the installer says is shown"
    assert "The installation failed (something new)" in one_sentence(errors)
    assert project.run("install")[0] == 0
    assert project.installed()


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("error: failed to write: No space left on device (os error 28)", "The disk is full"),
        ("Retrying after connection broken by 'NewConnectionError'", "index cannot be reached"),
        ("error: Failed to fetch: `https://pypi.org/simple/x/`", "index cannot be reached"),
        ("connection broken by 'x'\nERROR: No matching distribution found", "index cannot be reached"),
        ("OSError: [Errno 13] Permission denied: '.venv/lib'", "cannot be changed"),
        ("OSError: [WinError 5] Access is denied: 'python.exe'", "cannot be changed"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "not built for this kind of Python"),
        ("Because numpy==2.4.6 has no usable wheels", "not built for this kind of Python"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not what the course was tested with"),
        ("  error: Hash mismatch for `six==1.17.0`", "not what the course was tested with"),
        ("one line\nanother\n", "The installation failed (another)"),
        ("", "The installation failed (no reason given)"),
    ],
)
def test_what_an_installer_says_becomes_a_sentence_on_what_to_do(says, sentence):
    assert sentence in course.explain(says)


@posix_only
def test_a_failure_to_add_the_test_packages_leaves_the_learner_the_course(project):
    project.run("install")
    assert project.run("test", SAYS="error: Failed to fetch")[0] == 1
    project.run("--no-browser")
    assert not project.installed()
    project.run("test")
    assert project.done()[0].endswith("-r requirements-test.txt"), "what failed is tried again"


NO_ENSUREPIP = "sys.modules['ensurepip'] = None"


@posix_only
def test_a_python_without_venv_and_a_uv_without_a_network_are_told_of_the_network(project):
    code, _, errors = project.run(before=NO_ENSUREPIP, SAYS="error: Failed to fetch")
    assert code == 1
    assert "index cannot be reached" in one_sentence(errors)


def test_a_python_without_venv_is_told_what_to_install(project):
    (project.shims / "uv").unlink()
    hide_uv = "import shutil; shutil.which = lambda name: None\n"
    code, _, errors = project.run(before=hide_uv + NO_ENSUREPIP)
    assert code == 1
    assert "sudo apt install python3-venv" in one_sentence(errors)
    assert not project.venv.exists()


@posix_only
def test_a_folder_that_cannot_be_changed_is_named(project):
    project.run("install")
    (project.venv / "course-stamp").unlink()
    code, _, errors = project.run(
        before="import shutil\n"
        "def rmtree(folder): raise PermissionError(13, 'Permission denied', str(folder))\n"
        "shutil.rmtree = rmtree"
    )
    assert code == 1
    assert f"The folder {project.folder} cannot be changed" in one_sentence(errors)


@posix_only
@pytest.mark.parametrize("trouble", ["fails", "does nothing", "is no program"])
def test_where_uv_is_broken_pip_installs(project, trouble):
    if trouble == "is no program":
        (project.shims / "uv").write_bytes(b"\0")
    options = {"fails": {"FAILING": "uv *"}, "does nothing": {"IDLE": "uv *"}}.get(trouble, {})
    code, output, errors = project.run("install", **options)
    assert (code, errors) == (0, "")
    assert "It did not work with uv, so now with pip." in output
    assert project.done()[-1] == "python -I -c import rnn_helpers"
    project.run("install")
    assert not project.done()


@posix_only
def test_where_uv_breaks_later_pip_adds_to_the_same_environment(project):
    project.run("install")
    (project.venv / "old").touch()
    assert project.run("mutants", FAILING="uv *")[0] == 0
    assert (project.venv / "old").exists()
    assert "python -m pip install" in project.log.read_text()


@posix_only
def test_a_users_settings_say_how_the_index_is_reached_and_not_what_is_installed(project):
    reach = {"UV_INDEX_URL": "u", "PIP_CERT": "c", "PIP_PROXY": "p", "UV_HTTP_TIMEOUT": "9", "PIP_NO_CACHE_DIR": "1"}
    others = {"UV_REQUIRE_HASHES": "1", "UV_NO_BUILD": "1", "PIP_TARGET": "/elsewhere", "PIP_CONSTRAINT": "other.txt"}
    project.run("install", PIP_USER="1", **reach, **others)
    settings = project.settings()
    assert settings["PIP_USER"] == "0"
    assert reach.items() <= settings.items()
    assert not others.keys() & settings.keys()


@posix_only
@pytest.mark.parametrize("kind", ["file", "link to nowhere", "link to a folder"])
def test_a_file_or_link_in_the_environments_place_is_left_alone(project, tmp_path, kind):
    elsewhere = tmp_path / "elsewhere"
    if kind == "file":
        project.venv.write_text("mine")
    else:
        project.venv.symlink_to(elsewhere)
    if kind == "link to a folder":
        elsewhere.mkdir()
        (elsewhere / "mine").touch()
    code, _, errors = project.run("install")
    assert code == 1
    assert f"{project.venv} is a link or a file" in one_sentence(errors)
    assert project.venv.is_symlink() or project.venv.read_text() == "mine"
    assert kind != "link to a folder" or (elsewhere / "mine").exists()
    assert not project.done()


@posix_only
def test_an_environment_that_was_moved_and_linked_back_is_used(project, tmp_path):
    project.run("install")
    project.venv.symlink_to(project.venv.rename(tmp_path / "elsewhere"))
    code, _, errors = project.run("test", "-k", "softmax")
    assert (code, errors) == (0, "")
    assert project.venv.is_symlink()


@posix_only
@pytest.mark.parametrize("name", ["two\nlines", "a space at the end ", os.fsdecode(b"caf\xe9")])
def test_a_folder_from_which_python_cannot_import_is_refused(tmp_path, name):
    try:
        project = Project(tmp_path, name)
    except OSError:
        pytest.skip("this system knows no such name")
    code, _, errors = project.run("install")
    assert code == 1
    assert "give it another name" in one_sentence(errors)
    assert not project.done()


@posix_only
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_change_nothing(project, closed):
    code, _, errors = project.run("test", "-k", "softmax", shell=f'exec "$@" {closed}')
    assert (code, errors) == (0, "")
    assert project.done()[-1] == "python -m pytest -k softmax"


@posix_only
def test_output_that_nobody_reads_any_more_ends_it_without_a_traceback(project):
    line = '{ sleep 0.1; "$@"; echo "ended with $?" >&2; } | :'
    assert project.run("--help", shell=line, PYTHONUNBUFFERED="") == (0, "", "ended with 1\n")


@posix_only
def test_a_home_that_cannot_be_written_to_is_replaced_for_jupyter(project):
    code, output, errors = project.run(HOME="/proc/x")
    assert (code, errors) == (0, "")
    assert "Your home folder cannot be written to" in output
    assert project.settings()["HOME"] == str(project.venv / "home")


@pytest.fixture
def ctrl_c_heard():
    """Let Ctrl-C be heard: what a shell runs in its background, and what that starts, ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@posix_only
def test_ctrl_c_in_an_installation_leaves_nothing_half_made(project, tmp_path, ctrl_c_heard):
    process = project.start("install", WAITS_FOR=str(tmp_path / "never"))
    while "installing" not in process.stdout.readline():
        pass
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert one_sentence(errors).startswith("Stopped")
    code, output, _ = project.run("install")
    assert code == 0
    assert "Making the environment" in output


@posix_only
def test_an_installer_that_outlives_a_killed_course_py_is_waited_for(project, tmp_path):
    go = tmp_path / "go"
    killed = project.start("install", WAITS_FOR=str(go))
    while "installing" not in killed.stdout.readline():
        pass
    killed.kill()
    killed.wait()
    again = project.start("install")
    assert "Waiting for another installation" in again.stdout.readline()
    go.touch()
    output, errors = again.communicate(timeout=30)
    killed.stdout.close()
    killed.stderr.close()
    assert (again.returncode, errors) == (0, "")
    assert "Making the environment" in output
    assert not (project.venv / "half-made").exists()


@posix_only
def test_two_starts_at_once_install_once(project, tmp_path):
    go = tmp_path / "go"
    first = project.start("install", WAITS_FOR=str(go))
    while "installing" not in first.stdout.readline():
        pass
    second = project.start("install")
    assert "Waiting for another installation" in second.stdout.readline()
    go.touch()
    assert first.communicate(timeout=30)[1] == ""
    assert second.communicate(timeout=30) == ("", "")
    assert (first.returncode, second.returncode) == (0, 0)


# For real


@pytest.fixture
def server(tmp_path):
    """JupyterLab as a learner gets it, but with settings of its own and no browser."""
    if "learner" not in course.installed():  # it would be made anew, under the tests that run in it
        pytest.skip("this environment was not made by course.py, or before the requirements changed")
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
    }
    flags = ["--no-browser", "--port", str(PORT), "--allow-root"]
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "course.py"), *flags],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    yield process
    if os.name == "nt":  # terminate() on Windows ends course.py without a word to JupyterLab
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], check=False)
    else:
        process.terminate()
    process.communicate(timeout=30)


def answer_to(request, server):
    """Return the server's first answer; it names its address a moment before it listens there."""
    while server.poll() is None:
        try:
            return urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError:
            raise
        except urllib.error.URLError:
            time.sleep(0.05)
    pytest.fail("JupyterLab ended before it answered")


def test_the_course_opens_and_serves_the_first_notebook_to_the_holder_of_the_token(server):
    lines = []
    for line in server.stdout:
        lines.append(line)
        if found := re.search(r"(http://127\.0\.0\.1:\d+)(/lab/tree/\S+)\?token=(\w+)", line):
            break
    else:
        pytest.fail("".join(lines))
    address, page, token = found.groups()
    assert page == "/lab/tree/notebooks/00_start_here.ipynb"
    assert "Installing" not in "".join(lines)

    contents = f"{address}/api/contents/notebooks/00_start_here.ipynb?content=0"
    request = urllib.request.Request(contents, headers={"Authorization": f"token {token}"})
    with answer_to(request, server) as answer:
        assert json.load(answer)["path"] == "notebooks/00_start_here.ipynb"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(contents, timeout=30)
