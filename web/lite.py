"""The course in the browser: JupyterLite with the notebooks, the package, and what it needs.

FOLDER/work.html    the learner's work: open a notebook, download it, begin it again
FOLDER/lab/         JupyterLab; index.html?path=notebooks/NAME.ipynb opens a notebook
FOLDER/files/       the notebooks, and the files that they link to
FOLDER/pyodide/     pyodide-lock.json, which names every package and its hash, and the wheels that it names by a path

Python itself and the packages that need a compiler come from a Pyodide distribution: from its address, or from a folder
that is copied. Its own lock is the first part of ours; the second are wheels of pure Python. The kernel loads all of
them while it starts, so that `import rnn_helpers` finds everything there.
"""

import argparse
import hashlib
import html
import json
import re
import shutil
import subprocess
import sys
import zipfile
from email import message_from_bytes
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flit_core import buildapi
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PREFIX = Path(sys.prefix)
LOCK = "pyodide-lock.json"
# What the lock of the Pyodide that the kernel is made for says of the packages that we load: `python -m web.lite LOCK`.
OF_THE_ADDRESS = Path(__file__).with_name(LOCK)

# The kernel asks for the first seven by these names, one after the other, unless they are here.
LOADED = ["micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython", "rnn-helpers"]
# Parts of packages that the page has already: their wheels are for JupyterLab's server.
IN_THE_PAGE = {"widgetsnbextension", "jupyterlab-widgets"}
# What a distribution loads with these, and nothing here uses.
UNUSED = {"matplotlib": {"fonttools", "pytz", "matplotlib-pyodide"}}  # PDF files, old dates, drawing without a notebook
# Pyodide's own files, as its versions call them.
CORE = {"pyodide.mjs", "pyodide.asm.js", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"}
# A link or a picture in Markdown, or a picture in HTML, where a notebook's file has a backslash before the quotes.
LINK = r"""(?:\]\(|src=\\?")([^)#:\s"\\]+)"""
# Seconds that all cells of a notebook take in a browser: `python -m benchmarks.front_door SITE --notebooks`.
TIMES = Path(__file__).with_name("browser_times.json")
LONG = 20  # seconds that are said
# Without a path JupyterLab would open on nothing. Each step that it adds to the browser's history would lead back into
# it: without them, Back leads to the page that the learner came from.
FIRST = """<script>{
  history.pushState = history.replaceState;
  const here = new URL(location);
  if (!here.searchParams.has("path")) here.searchParams.set("path", "notebooks/%s");
  history.replaceState(null, "", here);
}</script>"""
# The page of the learner's work, and what leads to it from JupyterLab's menu bar, whose right end is empty, but not on
# a narrow screen.
WORK = Path(__file__).with_name("work.html")
NOTE = """<style>
  .of-the-course { position: fixed; z-index: 100; top: 5px; right: 12px; font: 13px sans-serif; }
  .of-the-course a { margin-left: 16px; color: var(--jp-content-link-color, #0b56a4); }
  @media (max-width: 860px) { .of-the-course { display: none; } }
</style>
<nav class="of-the-course" aria-label="The course"><a href="../../index.html">The course's first page</a>
<a href="../work.html" target="_blank">Kept in this browser: download, begin again</a></nav>"""

Packages = dict[str, dict[str, Any]]


def build(folder: Path, *, pyodide: Path | None) -> None:
    """Write the browser edition; with Pyodide from its own address, or from a folder."""
    if folder.exists():
        shutil.rmtree(folder)
    with TemporaryDirectory() as scratch:
        draft = Path(scratch)
        copy_contents(draft / "contents")
        own = own_wheels(draft / "wheels")
        url = "./pyodide" if pyodide else kernels("PYODIDE_CDN_URL")
        (draft / "jupyter-lite.json").write_text(json.dumps(settings(f"{url}/pyodide.mjs")))
        run_jupyterlite(draft, folder)
        write_pyodide(folder / "pyodide", own, pyodide)
    write_list(folder)
    if wrong := faults(folder / "pyodide"):
        sys.exit("\n".join(wrong))


# ---- JupyterLab


def copy_contents(folder: Path) -> None:
    """Copy the notebooks, and what they link to, each to the place that it has in the project."""
    to_read = sorted((ROOT / "notebooks").glob("*.ipynb"))
    seen = set(to_read)
    while to_read:
        file = to_read.pop()
        target = folder / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".ipynb":
            target.write_text(with_whole_texts(file.read_text(encoding="utf-8")), encoding="utf-8")
        else:
            shutil.copy(file, target)
        if file.suffix in {".ipynb", ".md"}:
            links = re.findall(LINK, file.read_text(encoding="utf-8"))
            found = {path for link in links if (path := (file.parent / link).resolve()).is_file()}
            to_read += sorted(found - seen)
            seen |= found


def with_whole_texts(notebook: str) -> str:
    """Return the file of a notebook with each output's data in one piece, where files have lists of lines.

    Servers join them on the way to JupyterLab. JupyterLite does not, and the table of contents then fails.
    """
    content = json.loads(notebook)
    for cell in content["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            data |= {kind: "".join(text) for kind, text in data.items() if isinstance(text, list)}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def settings(pyodide_url: str) -> dict[str, Any]:
    """Return JupyterLite's own settings; addresses in it are relative to the edition's folder."""
    kernel = {
        "pyodideUrl": pyodide_url,
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"lockFileURL": f"./pyodide/{LOCK}", "packages": LOADED},
    }
    data = {
        "appName": "How a recurrent network works",
        "exposeAppInBrowser": True,  # for tests, as window.jupyterapp
        "disabledExtensions": ["@jupyterlab/apputils-extension:announcements"],  # news, which need a server elsewhere
        "litePluginSettings": {kernels("PYODIDE_KERNEL_PLUGIN_ID"): kernel},
    }
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": data}


def kernels(name: str) -> str:
    """Return one of the kernel's own names and addresses; the tests of the lock do without the kernel."""
    return str(getattr(import_module("jupyterlite_pyodide_kernel.constants"), name))


def run_jupyterlite(draft: Path, folder: Path) -> None:
    """Let JupyterLite build what does not depend on Pyodide."""
    words = ["--lite-dir", str(draft), "--contents", str(draft / "contents"), "--output-dir", str(folder.resolve())]
    words += ["--apps", "lab", "--no-sourcemaps", "--no-unused-shared-packages"]
    command = [sys.executable, "-m", "jupyterlite_core", "build", *words]
    done = subprocess.run(command, cwd=draft, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(f"{done.stdout}JupyterLite could not build its part of the site: the lines above say why.")


# ---- Python and its packages


def own_wheels(folder: Path) -> list[Path]:
    """Return the wheels that no distribution has: the course's, built here, the kernel's, and those from the lock."""
    folder.mkdir()
    course = folder / buildapi.build_wheel(str(folder))
    kernel = PREFIX / "share/jupyter/labextensions" / kernels("PYODIDE_KERNEL_NPM_NAME") / "static/pypi"
    parts = [wheel for name in ("ipykernel", "piplite", "pyodide_kernel") for wheel in kernel.glob(f"{name}-*.whl")]
    return [course, *parts, *sorted((PREFIX / "wheels").glob("*.whl"))]


def write_pyodide(folder: Path, own: list[Path], pyodide: Path | None) -> None:
    """Write the lock, and beside it each file that it names by a path."""
    given = json.loads((pyodide / LOCK if pyodide else OF_THE_ADDRESS).read_text(encoding="utf-8"))
    ours = {entry["name"]: entry for entry in map(entry_of, own)}
    packages = needed(given["packages"], ours)
    folder.mkdir()
    wheels = {ours[name_of(wheel)]["file_name"]: wheel for wheel in own}
    for entry in packages.values():
        file = entry["file_name"]
        if source := wheels.get(file) or (pyodide and pyodide / file):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder / file)
        else:
            entry["file_name"] = f"{kernels('PYODIDE_CDN_URL')}/{file}"
    for name in CORE if pyodide else ():
        if (pyodide / name).exists():
            shutil.copy(pyodide / name, folder)
    (folder / LOCK).write_text(json.dumps(given | {"packages": packages}, indent=1), encoding="utf-8")


def name_of(wheel: Path) -> str:
    """Return the name by which a lock knows a wheel."""
    return canonicalize_name(parse_wheel_filename(wheel.name)[0])


def entry_of(wheel: Path) -> dict[str, Any]:
    """Return what a lock says of a wheel of pure Python."""
    digest = sha256(wheel)
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
        (info,) = [name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)]
        metadata = message_from_bytes(archive.read(info))
    wanted = map(Requirement, metadata.get_all("Requires-Dist") or [])
    browser = {"extra": "", "platform_system": "Emscripten", "sys_platform": "emscripten", "os_name": "posix"}
    return {
        "name": name_of(wheel),
        "version": str(parse_wheel_filename(wheel.name)[1]),
        # A wheel that changes and keeps its name may not be taken from a browser's cache.
        "file_name": f"wheels/{digest[:12]}/{wheel.name}",
        "install_dir": "site",
        "sha256": digest,
        "package_type": "package",
        "imports": sorted(top.removesuffix(".py") for top in tops if not re.search(r"\.(dist-info|data)$", top)),
        "depends": [
            canonicalize_name(one.name) for one in wanted if one.marker is None or one.marker.evaluate(browser)
        ],
        "unvendored_tests": False,
    }


def needed(given: Packages, ours: Packages) -> Packages:
    """Return the packages that are loaded, and all that these depend on: ours, or a distribution's if that is newer."""
    packages: Packages = {}
    wanted = list(LOADED)
    while wanted:
        name = wanted.pop()
        if name in packages:
            continue
        entries = [source[name] for source in (ours, given) if name in source]
        if not entries:
            sys.exit(f"{name} is needed, and neither this Pyodide nor web/wheels.txt has it.")
        entry = max(entries, key=lambda entry: Version(entry["version"]))
        unused = IN_THE_PAGE | UNUSED.get(name, set())
        depends = [other for other in map(canonicalize_name, entry["depends"]) if other not in unused]
        packages[name] = entry | {"depends": depends}
        wanted += depends
    return packages


def sha256(file: Path) -> str:
    """Return a file's hash as a lock writes it."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def faults(folder: Path) -> list[str]:
    """Return what a browser would stumble over: files that the lock names and that are missing or not the same."""
    wrong = []
    for entry in json.loads((folder / LOCK).read_text(encoding="utf-8"))["packages"].values():
        file = folder / entry["file_name"]
        if entry["file_name"].startswith("https://"):
            continue
        if not file.is_file():
            wrong.append(f"{entry['file_name']} is in the lock and not in the site.")
        elif sha256(file) != entry["sha256"]:
            wrong.append(f"{entry['file_name']} is not the file that the lock was made for.")
    return wrong


# ---- The learner's work


def write_list(folder: Path) -> None:
    """Write the page that opens, downloads and resets notebooks; JupyterLab leads to it, and opens on the first."""
    rows, times = [], json.loads(TIMES.read_text(encoding="utf-8"))
    notebooks = sorted((folder / "files/notebooks").glob("*.ipynb"))
    for notebook in notebooks:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        title = re.search(r"^# (.+)", "\n".join("".join(cell["source"]) for cell in cells), re.MULTILINE)
        assert title, f"{notebook.name} has no title."
        rows.append(
            f'<tr data-path="notebooks/{notebook.name}">'
            f'<td><a href="{link(notebook.name)}">{notebook.name.partition("_")[0]} {html.escape(title[1])}</a></td>'
            f'<td>{how_long(times[notebook.stem])}</td><td class="state"></td>'
            '<td><button class="download">Download</button> <button class="reset">Begin again</button></td></tr>'
        )
    page = WORK.read_text(encoding="utf-8").replace("<!-- notebooks -->", "\n".join(rows))
    (folder / WORK.name).write_text(page, encoding="utf-8")
    lab = folder / "lab/index.html"
    text = lab.read_text(encoding="utf-8")
    assert text.count("<head>") == text.count("</body>") == 1
    text = text.replace("<head>", f"<head>{FIRST % notebooks[0].name}").replace("</body>", f"{NOTE}</body>")
    lab.write_text(text, encoding="utf-8")


def how_long(seconds: int) -> str:
    """Return how long all cells of a notebook take in a browser, if that is long."""
    return f"all cells: {seconds} s" if seconds >= LONG else ""


def link(notebook: str) -> str:
    """Return what opens a notebook, as an address relative to the edition's folder."""
    return f"lab/index.html?path=notebooks/{notebook}"


def main() -> None:
    """Print the part of a distribution's lock that the course needs, for the file OF_THE_ADDRESS."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("lock", type=Path, help=f"the {LOCK} of a Pyodide release")
    given = json.loads(parser.parse_args().lock.read_text(encoding="utf-8"))
    with TemporaryDirectory() as scratch:
        ours = {entry["name"]: entry for entry in map(entry_of, own_wheels(Path(scratch, "wheels")))}
    names = sorted(needed(given["packages"], ours).keys() & given["packages"].keys())
    packages = {name: given["packages"][name] for name in names}
    print(json.dumps(given | {"packages": packages}, indent=1))


if __name__ == "__main__":
    main()
