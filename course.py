#!/usr/bin/env python3
"""Open the course, or test it.

    python3 course.py                  open the course in JupyterLab
    python3 course.py test [words]     run every check; words go to pytest: test -k softmax
    python3 course.py install          make the environment and stop
    python3 course.py refresh [files]  run the notebooks (all, or these) and store their outputs
    python3 course.py bench [--quick]  measure how fast it is, and write benchmarks/results.md
    python3 course.py mutants [names]  change the core some two thousand times; some test must notice each
    python3 course.py site [folder]    build the course for the browser and as a book; --pyodide FOLDER: offline too

Flags without a command, such as --no-browser or --port 9999, go to JupyterLab.
The first start installs everything into the folder .venv, later ones open at once.
On Windows write py for python3.
"""

import sys

OLDEST, NEWEST = (3, 11), (3, 15)  # what the pins of requirements.txt are built for

# This check comes before anything that an older Python could stumble over.
if not OLDEST <= sys.version_info[:2] <= NEWEST:
    sys.exit(
        "The course needs Python %d.%d to %d.%d, and this is Python %d.%d: install one of those from"  # noqa: UP031
        " https://www.python.org/downloads/ and start the course with it." % (OLDEST + NEWEST + sys.version_info[:2])
    )

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
INSTALLER = "requirements-install.txt"
WHEELS = "web/wheels.txt"


class Environment(NamedTuple):
    """A folder of packages: the sets that it can hold, what locks them, and the other files that it is made from."""

    folder: Path
    packages: dict[str, str]
    lock: str
    others: tuple[str, ...]

    @property
    def python(self) -> Path:
        """The Python in it."""
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def stamp(self) -> Path:
        """Written last, and removed before the environment is made again: one without it is not whole."""
        return self.folder / "course-stamp"


COURSE = Environment(
    ROOT / ".venv",
    {"learner": "requirements.txt", "test": "requirements-test.txt", "mutants": "requirements-mutants.txt"},
    "constraints.txt",
    (INSTALLER, "pyproject.toml"),
)
# What builds the site, and the wheels that go into it as they are.
WEB = Environment(
    ROOT / ".venv-web",
    {"web": "web/requirements.txt"},
    "web/constraints.txt",
    (INSTALLER, WHEELS, COURSE.lock),
)
# Nothing is fetched but the files whose hashes are written down, and nothing is built from them,
# because that would fetch what builds it, without a hash.
LOCKED = ["--require-hashes", "--only-binary", ":all:"]
# How the index is reached is for the user's own settings to say, what is installed and where to is not.
OWN_SETTINGS = r"(PIP|UV)_(?!.*(INDEX|URL|LINK|CERT|TLS|HOST|PROXY|TIMEOUT|RETRIES|CACHE|KEYRING|OFFLINE|CONFIG|USE_))"

# Answers for JupyterLab, for one environment alone; Binder's postBuild writes them too.
JUPYTERLAB: dict[str, dict[str, dict[str, bool]]] = {
    # Its first start would ask about news.
    "etc/jupyter/labconfig/page_config.json": {
        "disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}
    },
}

CHECKS = ["ruff check", "ruff format --check", "mypy", "pytest"]
# Two processes take the test files in turn, in a third less time. With words there is one, where -x and --pdb work.
ALL_TESTS = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]

# What pip, uv and the system say when something fails, and what a person can do about it.
REASONS = {
    r"No space left on device|Disk quota exceeded|WinError 112": (
        "The disk is full: free about 1 GB and run the same command again."
    ),
    r"DO NOT MATCH THE HASHES|Hash mismatch": (
        "What the package index sent is not what the course was tested with, so it was not installed: use another"
        " network or index, or install by README's plain way if you trust this one."
    ),
    r"Permission denied|Read-only file system|not permitted|WinError (5|32)\b": (
        f"The folder {ROOT} cannot be changed: make it writable or copy it to a folder of your own,"
        " close every program that uses its .venv, and run the same command again."
    ),
    r"connection broken by|Failed to fetch|error sending request|dns error|[Tt]imed out": (
        "The package index cannot be reached: check the network, and the proxy where there is one,"
        " and run the same command again."
    ),
    r"No matching distribution|no (usable )?wheels": (
        "One of the packages is not built for this kind of Python: install the usual 64-bit one from"
        " https://www.python.org/downloads/ and start the course with it."
    ),
}


def main(words: list[str]) -> int:
    """Do what the command line asks for and return the exit code."""
    command, rest = (words[0], words[1:]) if words else ("", [])
    if command in ("-h", "--help"):
        print(__doc__, flush=True)
    elif command == "" or command.startswith("-"):
        return open_course(words)
    elif command == "test":
        return test(rest)
    elif command == "refresh":
        prepare("learner", "test")
        return run("tools/refresh_notebooks.py", *rest)
    elif command == "bench":
        prepare("learner")
        return run("-m", "benchmarks", *rest)
    elif command == "mutants":
        prepare("learner", "test", "mutants")
        return run("tools/mutants.py", *rest)
    elif command == "site":
        prepare("web", where=WEB)
        return run("-m", "web.build", *rest, where=WEB)
    elif words == ["install"]:
        prepare("learner")
    else:
        sys.exit(f"There is no command '{' '.join(words)}': see python3 course.py --help.")
    return 0


def open_course(flags: list[str]) -> int:
    """Start JupyterLab on the first notebook, for this computer alone unless the flags say more."""
    prepare("learner")
    own = ["--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb"]
    # The root is the whole project, so that links between its folders work.
    own += [f"--ServerApp.root_dir={ROOT}", "--ServerApp.contents_manager_class=rnn_helpers.server.NoWidgetStates"]
    if not given(flags, "ip"):
        own += ["--ip=127.0.0.1"]
    if not given(flags, "token", "password", "hashed_password", "identity_provider_class"):
        own += ["--ServerApp.identity_provider_class=rnn_helpers.server.NeverWithoutToken"]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and not given(flags, "allow-root", "allow_root"):
        print("You are root, as in most containers: JupyterLab is started with --allow-root.", flush=True)
        own += ["--allow-root"]
    return run("-m", "jupyterlab", *own, *flags)


def given(flags: list[str], *names: str) -> bool:
    """Return whether one of the flags sets an option of one of these names, as in --ip=0.0.0.0 or --ServerApp.ip."""
    return any(re.match(rf"--(\w+\.)?({'|'.join(names)})(=|$)", flag) for flag in flags)


def test(words: list[str]) -> int:
    """Run every check, also after one has failed, and name those that did in the last line."""
    prepare("learner", "test")
    failed = []
    for check in CHECKS:
        print(f"== {check}", flush=True)
        if run("-m", *check.split(), *((words or ALL_TESTS) if check == "pytest" else [])):
            failed.append(check)
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


def run(*arguments: str, where: Environment = COURSE) -> int:
    """Run an environment's Python, leave Ctrl-C to what it runs, and return the exit code."""
    # Two threads on arrays this small wait for each other whenever another program is busy.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    lend_a_home(where)
    with subprocess.Popen([where.python, *arguments], cwd=ROOT) as process:
        signal.signal(signal.SIGINT, lambda *_: None)
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        return process.wait()


def lend_a_home(where: Environment) -> None:
    """Let Jupyter keep its files in the environment where the user's own home cannot be written to."""
    try:
        Path.home().mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=Path.home()).close()
    except (OSError, RuntimeError):  # RuntimeError: there is none
        home = where.folder / "home"
        home.mkdir(exist_ok=True)
        os.environ["USERPROFILE" if os.name == "nt" else "HOME"] = str(home)
        print(f"Your home folder cannot be written to: Jupyter's own files go to {home}.", flush=True)


def prepare(*names: str, where: Environment = COURSE) -> None:
    """Make an environment hold these sets of packages; change nothing when it does already."""
    if set(names) <= installed(where):
        return
    with only_installer():
        present = installed(where)  # asked again, because another course.py may have done the work
        missing = [name for name in names if name not in present]
        if not missing:
            return
        # Packages that are added come beside those that are there, pinned with them: where adding them fails,
        # as it does without a network, the learner's environment is still whole and its stamp still true.
        uv = shutil.which("uv")
        try:
            fill(missing, uv, where, afresh=not present)
        except (OSError, subprocess.CalledProcessError):
            if not uv or not (present or can_make_environments()):
                raise
            print("It did not work with uv, so now with pip.", flush=True)
            fill(missing, None, where, afresh=not present)
        draft = where.stamp.with_suffix(".draft")
        draft.write_text("\n".join([fingerprint(where), *present, *missing]), encoding="utf-8")
        draft.replace(where.stamp)


def fill(names: list[str], uv: str | None, where: Environment, *, afresh: bool) -> None:
    """Install sets of packages, with uv or else pip, into an environment or a new one in its place."""
    if afresh:
        make_environment(uv, where)
    print(f"Installing the {' and '.join(names)} packages: a minute or more, part of it in silence.", flush=True)
    python = str(where.python)
    install_packages(names, python, [uv, "pip", "install", "--python", python] if uv else None, where)
    if where is WEB:
        # As they are for every machine: a site must not depend on the one that builds it.
        anywhere = ["--platform", "any", "--implementation", "py", "--abi", "none", "--ignore-requires-python"]
        words = [*LOCKED, "--no-deps", *anywhere, "--dest", str(WEB.folder / "wheels"), "-c", COURSE.lock]
        install(python, "-m", "pip", "download", *words, "-r", WHEELS)


def install_packages(names: list[str], python: str, pip: list[str] | None = None, where: Environment = COURSE) -> None:
    """Install sets of packages by their hashes, and the course's own from this folder; Binder does it by this, too."""
    pip = pip or [python, "-m", "pip", "install"]
    if "learner" in names or where is WEB:
        install(*pip, *LOCKED, "-r", INSTALLER)
    files = [word for name in names for word in ("-r", where.packages[name])]
    install(*pip, *LOCKED, "-c", where.lock, *files)
    if "learner" in names:
        install(*pip, "--no-deps", "--no-build-isolation", "-e", ".")
        install(python, "-I", "-c", "import rnn_helpers")  # an installer may have done nothing


def installed(where: Environment = COURSE) -> set[str]:
    """Return the sets of packages that an environment holds; none when it has to be made again."""
    if not (where.python.exists() and where.stamp.is_file()):
        return set()
    made_from, *names = where.stamp.read_text(encoding="utf-8", errors="replace").splitlines() or [""]
    return set(names) if made_from == fingerprint(where) else set()


def fingerprint(where: Environment = COURSE) -> str:
    """Return a hash of all that an environment depends on, its place and Python included."""
    parts = [str(ROOT), "{}.{}".format(*sys.version_info)]
    made_from = [*where.others, *where.packages.values(), where.lock]
    parts += [(ROOT / name).read_text(encoding="utf-8") for name in made_from]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def make_environment(uv: str | None, where: Environment) -> None:
    """Make an empty environment in place of whatever is there."""
    name = str(ROOT)
    # Python finds the package by a line of text, which it reads without the spaces at its end.
    if name.splitlines() != [name.rstrip()] or re.search("[\ud800-\udfff]", name):
        sys.exit(f"Python cannot import from a folder that is called {name!r}: give it another name.")
    # A link and a file are somebody's own, and so is what a link leads to: neither is removed.
    if where.folder.is_symlink() or (where.folder.exists() and not where.folder.is_dir()):
        sys.exit(f"{where.folder} is a link or a file, where the course makes its environment: move it away.")
    print(f"Making the environment {where.folder} (needed once).", flush=True)
    if not uv and not can_make_environments():
        sys.exit(
            "This Python cannot make environments, because its venv module is incomplete:"
            " on Debian or Ubuntu run: sudo apt install python3-venv"
        )
    if where.folder.exists():
        if where.stamp.is_file():
            where.stamp.unlink()  # first, since removing the rest may be cut short
        shutil.rmtree(where.folder)
    # Not sys.executable, which may lie in the .venv just removed.
    python = str(getattr(sys, "_base_executable", sys.executable))
    maker = [uv, "venv", "--python", python] if uv else [python, "-m", "venv"]
    install(*maker, str(where.folder))
    answer_jupyterlab(where.folder)


def can_make_environments() -> bool:
    """Return whether this Python can do it by itself, which Debian's cannot."""
    return bool(importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"))


def answer_jupyterlab(environment: Path) -> None:
    """Write the answers that JupyterLab, started in this environment, would otherwise ask for."""
    for name, content in JUPYTERLAB.items():
        path = environment / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))


def install(*command: str) -> None:
    """Run one step of the installation and show its lines."""
    lines = []
    environment = {name: value for name, value in os.environ.items() if not re.match(OWN_SETTINGS, name)}
    environment["PIP_USER"] = "0"  # many a pip.conf says otherwise, and no environment takes that
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        close_fds=False,  # the step inherits the lock of only_installer
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                print("  " + line, end="", flush=True)
                lines.append(line)
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, "".join(lines))


@contextlib.contextmanager
def only_installer() -> Iterator[None]:
    """Wait until no other installation works in this folder, then hold the folder.

    The steps of an installation outlive a course.py that was killed. They inherit the lock, so the
    next course.py waits for their end. Windows has no such lock, and needs none: it does not let
    .venv be removed while a program in it runs.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    folder = os.open(ROOT, os.O_RDONLY)
    os.set_inheritable(folder, True)
    try:
        with contextlib.suppress(OSError):  # some network drives know no locks
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("Waiting for another installation in this folder to end.", flush=True)
                fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def explain(trouble: str) -> str:
    """Turn what an installer or the system said into one sentence that says what to do."""
    for pattern, sentence in REASONS.items():
        if re.search(pattern, trouble):
            return sentence
    last = trouble.strip().splitlines()[-1:] or ["no reason given"]
    return f"The installation failed ({last[0].strip()}): the lines above, if there are any, say more."


def open_streams() -> None:
    """Open what was handed over closed, so that no file takes its place, and write any letter to any console."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    for stream in (sys.stdout, sys.stderr):
        if stream:
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # for Windows' consoles


if __name__ == "__main__":
    open_streams()
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("Stopped: run the same command again to go on.")
    except subprocess.CalledProcessError as error:
        sys.exit(explain(error.output))
    except BrokenPipeError:  # what read the output has ended, as head does
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(1)
    except OSError as error:
        sys.exit(explain(str(error)))
