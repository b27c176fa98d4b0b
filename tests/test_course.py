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

ROOT = Path(__file__).resolve().parents[1]
MADE_FROM = [
    *("requirements.txt", "requirements-test.txt", "requirements-mutants.txt"),
    *("constraints.txt", "pyproject.toml"),
]

posix_only = pytest.mark.skipif(os.name == "nt", reason="the fake installer is a shell script")

# Notes its arguments, makes a .venv whose Python does the same, and can be told to fail or to wait.
FAKE_UV = """#!/bin/sh
echo "uv $*" >> "$LOG"
if [ "$1" = venv ]; then
    for folder; do :; done
    mkdir -p "$folder/bin"
    cat > "$folder/bin/python" <<'END'
#!/bin/sh
echo "python $*" >> "$LOG"
case "$2" in $FAILING) exit 3 ;; esac
END
    chmod +x "$folder/bin/python"
elif [ -n "$SAYS" ]; then
    echo "$SAYS"
    exit 2
elif [ -n "$WAITS_FOR" ]; then
    echo installing
    while [ ! -e "$WAITS_FOR" ]; do sleep 0.02; done
    touch .venv/half-made
fi
"""


class Project:
    """A copy of the project without an environment, and a PATH with the fake installer first."""

    def __init__(self, folder: Path):
        self.folder = folder / "a course"  # a space, because real folders have them
        self.folder.mkdir()
        for name in ["course.py", *MADE_FROM]:
            shutil.copy(ROOT / name, self.folder)
        self.shims = folder / "shims"
        self.shims.mkdir()
        (self.shims / "uv").write_text(FAKE_UV)
        (self.shims / "uv").chmod(0o755)
        self.log = folder / "log"
        self.venv = self.folder / ".venv"

    def start(self, *words, before="", **environment):
        """Start course.py, after some lines of Python where given."""
        script = str(self.folder / "course.py")
        call = [script]
        if before:
            code = f"import runpy, sys; sys.argv[0] = {script!r}\n{before}\n"
            call = ["-c", code + f"runpy.run_path({script!r}, run_name='__main__')"]
        self.log.write_text("")
        return subprocess.Popen(
            [sys.executable, *call, *words],
            cwd=self.folder.parent,  # another folder than the project's
            env={
                **os.environ,
                "PATH": f"{self.shims}{os.pathsep}/usr/bin{os.pathsep}/bin",
                "LOG": str(self.log),
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
        return any(line.startswith("uv") for line in self.done())


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def one_sentence(errors):
    """Return an error output's only line."""
    (line,) = errors.splitlines()
    return line


# What it is asked to do


def test_an_older_python_can_read_the_file_as_far_as_the_sentence():
    source = (ROOT / "course.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    assert "__future__" not in source, "Python 3.6 refuses a __future__ it does not know"


def test_an_older_python_is_refused_in_one_sentence(project):
    code, _, errors = project.run(before="sys.version_info = (3, 10, 13)")
    assert code == 1
    assert "needs Python 3.11 or newer, and this is Python 3.10" in one_sentence(errors)


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
    made, installed, opened = project.done()
    assert made.startswith("uv venv")
    assert installed.endswith("-c constraints.txt -r requirements.txt -e .")
    assert opened.startswith("python -m jupyterlab")
    project.run()
    assert project.done() == [opened]


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
    code, output, _ = project.run("test", FAILING=check)
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


# When it installs


@posix_only
def test_the_test_packages_are_added_to_a_learners_environment(project):
    project.run("install")
    project.run("test")
    assert project.done()[0].endswith("-c constraints.txt -r requirements-test.txt")
    for words in [("test",), (), ("install",)]:
        project.run(*words)
        assert not project.installed(), words


@posix_only
@pytest.mark.parametrize("name", MADE_FROM)
def test_a_changed_requirement_makes_a_new_environment(project, name):
    project.run("install")
    (project.venv / "old").touch()
    with (project.folder / name).open("a") as file:
        file.write("# changed\n")
    project.run("install")
    assert project.installed()
    assert not (project.venv / "old").exists()


@posix_only
def test_a_moved_project_makes_a_new_environment(project):
    project.run("install")
    project.folder = project.folder.rename(project.folder.with_name("moved"))
    project.run("install")
    assert project.installed()


@posix_only
def test_another_python_makes_a_new_environment(project):
    project.run("install")
    project.run("install", before="sys.version_info = (3, 99, 0)")
    assert project.installed()


@posix_only
def test_an_environment_without_its_python_is_made_again(project):
    project.run("install")
    (project.venv / "bin/python").unlink()
    project.run("install")
    assert project.installed()


# When something goes wrong


@posix_only
@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("error: failed to write: No space left on device (os error 28)", "The disk is full"),
        ("Retrying after connection broken by 'NewConnectionError'", "index cannot be reached"),
        ("error: Failed to fetch: `https://pypi.org/simple/x/`", "index cannot be reached"),
        ("OSError: [Errno 13] Permission denied: '.venv/lib'", "cannot be changed"),
        ("OSError: [WinError 5] Access is denied: 'python.exe'", "cannot be changed"),
        ("something new", "The installation failed (something new)"),
    ],
)
def test_a_failed_installation_ends_in_one_sentence_and_the_next_run_works(project, says, sentence):
    code, output, errors = project.run(SAYS=says)
    assert code == 1
    assert says in output, "what the installer says is shown"
    assert sentence in one_sentence(errors)
    assert project.run("install")[0] == 0
    assert project.installed()


@posix_only
def test_a_failure_to_add_the_test_packages_leaves_the_learner_the_course(project):
    project.run("install")
    assert project.run("test", SAYS="error: Failed to fetch")[0] == 1
    project.run("--no-browser")
    assert not project.installed()
    project.run("test")
    assert project.done()[0].endswith("-r requirements-test.txt"), "what failed is tried again"


def test_a_python_without_venv_is_told_what_to_install(project):
    (project.shims / "uv").unlink()
    hide_uv = "import shutil; shutil.which = lambda name: None\n"
    code, _, errors = project.run(before=hide_uv + "sys.modules['ensurepip'] = None")
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
    if not (ROOT / ".venv/course-stamp").exists():
        pytest.skip("this environment was not made by course.py")
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
