"""The browser-only edition: what its lock says, what is built, and, with a Pyodide distribution, how it runs.

PYODIDE_DIR=FOLDER names a distribution: then every notebook of a built site is run in Chromium.
"""

import hashlib
import json
import os
import re
import subprocess
import zipfile
from pathlib import Path

import browser as chrome
import nbformat
import pytest

import course
from web import lite

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
DISTRIBUTION = os.environ.get("PYODIDE_DIR")


def package(name, version="1.0", depends=(), **more):
    return {"name": name, "version": version, "depends": list(depends), "file_name": f"{name}.whl", **more}


def by_name(*packages):
    return {one["name"]: one for one in packages}


@pytest.fixture
def loaded(monkeypatch):
    monkeypatch.setattr(lite, "LOADED", ["course", "tool"])
    return by_name(package("course", depends=["numpy", "widgetsnbextension", "Under_Score"]))


# The lock


def test_the_lock_holds_what_is_loaded_and_all_that_this_needs_and_no_more(loaded):
    given = by_name(package("numpy"), package("tool"), package("under-score", depends=["deep"]), package("deep"))
    packages = lite.needed(given | by_name(package("pandas")), loaded)
    assert packages.keys() == {"course", "numpy", "tool", "under-score", "deep"}
    assert packages["course"]["depends"] == ["numpy", "under-score"], "the page has the rest"


def test_of_two_versions_the_lock_holds_the_newer(loaded):
    given = by_name(package("numpy", "9.0"), package("tool", "0.11.1"), package("under-score"))
    assert lite.needed(given, loaded | by_name(package("tool", "0.9.1")))["tool"]["version"] == "0.11.1"
    assert lite.needed(given, loaded | by_name(package("tool", "0.20")))["tool"]["version"] == "0.20"


def test_a_package_that_nobody_has_is_named(loaded):
    with pytest.raises(SystemExit, match="tool is needed, and neither"):
        lite.needed(by_name(package("numpy"), package("under-score")), loaded)


def test_an_entry_says_of_a_wheel_what_its_own_metadata_say(tmp_path):
    wheel = tmp_path / "Two_Words-2.1-py3-none-any.whl"
    wants = ["numpy>=2", "Some.Thing", "colorama; platform_system == 'Windows'", "pytest; extra == 'test'"]
    with zipfile.ZipFile(wheel, "w") as archive:
        for name in (
            "two_words/__init__.py",
            "alone.py",
            "Two_Words-2.1.data/data/x",
            "Two_Words-2.1.dist-info/RECORD",
        ):
            archive.writestr(name, "")
        metadata = "Name: Two-Words\nVersion: 2.1\n" + "".join(f"Requires-Dist: {want}\n" for want in wants)
        archive.writestr("Two_Words-2.1.dist-info/METADATA", metadata)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    entry = lite.entry_of(wheel)
    assert (entry["name"], entry["version"], entry["sha256"]) == ("two-words", "2.1", digest)
    assert entry["depends"] == ["numpy", "some-thing"]
    assert entry["imports"] == ["alone", "two_words"]
    assert entry["file_name"] == f"wheels/{digest[:12]}/{wheel.name}"


def test_a_file_that_is_missing_or_has_one_other_byte_is_found(tmp_path):
    (tmp_path / "a.whl").write_bytes(b"as it was")
    entry = package("a", file_name="a.whl", sha256=hashlib.sha256(b"as it was").hexdigest())
    far = package("b", file_name="https://far.example/b.whl", sha256="0")
    (tmp_path / lite.LOCK).write_text(json.dumps({"packages": by_name(entry, far)}))
    assert lite.faults(tmp_path) == []
    (tmp_path / "a.whl").write_bytes(b"as it wax")
    assert lite.faults(tmp_path) == ["a.whl is not the file that the lock was made for."]
    (tmp_path / "a.whl").unlink()
    assert lite.faults(tmp_path) == ["a.whl is in the lock and not in the site."]


def test_the_stored_part_of_the_releases_lock_has_a_hash_for_every_file():
    packages = json.loads(lite.OF_THE_ADDRESS.read_text(encoding="utf-8"))["packages"]
    assert {"numpy", "matplotlib", "ipython"} <= packages.keys()
    for name, entry in packages.items():
        assert re.fullmatch("[0-9a-f]{64}", entry["sha256"]), name
        assert re.fullmatch(r"[\w.+-]+\.whl", entry["file_name"]), name


def test_notebooks_come_with_what_they_link_to(tmp_path):
    lite.copy_contents(tmp_path)
    for name in NOTEBOOKS:
        text = (tmp_path / f"notebooks/{name}.ipynb").read_text(encoding="utf-8")
        for target in re.findall(r"(?:\]\(|src=\\\")(\.\./[\w./]+)", text):
            assert (tmp_path / "notebooks" / target).exists(), (name, target)
    assert (tmp_path / "docs/gallery.png").exists()
    assert not list(tmp_path.rglob("my_answers*"))


def test_no_output_of_a_notebook_is_a_list_of_lines_and_nothing_else_changes(tmp_path):
    lite.copy_contents(tmp_path)
    for name in NOTEBOOKS:
        files = (ROOT / f"notebooks/{name}.ipynb", tmp_path / f"notebooks/{name}.ipynb")
        original, copied = (nbformat.reads(file.read_text(encoding="utf-8"), as_version=4) for file in files)
        assert original == copied
        for cell in json.loads(files[1].read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                assert not any(isinstance(text, list) for text in output.get("data", {}).values())


def test_every_notebook_was_timed_in_a_browser_and_what_is_long_is_said():
    times = json.loads(lite.TIMES.read_text(encoding="utf-8"))
    assert sorted(times) == NOTEBOOKS
    assert all(times.values())
    assert lite.how_long(lite.LONG - 1) == "" and lite.how_long(70) == "all cells: 70 s"


# The built site


def built(folder, pyodide):
    """Build the browser edition in the environment that `course.py site` made."""
    if "web" not in course.installed(course.WEB):
        pytest.skip("the site was not built: `python3 course.py site` has not made .venv-web, or its pins have changed")
    code = "import sys; from pathlib import Path; from web import lite\n"
    code += "lite.build(Path(sys.argv[1]), pyodide=Path(sys.argv[2]) if sys.argv[2] else None)"
    words = [course.WEB.python, "-c", code, folder / "live", pyodide or ""]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    return folder


@pytest.mark.ci
def test_the_site_by_address_holds_the_course_and_takes_the_rest_from_one_release(tmp_path):
    live = built(tmp_path, None) / "live"
    assert lite.faults(live / "pyodide") == []
    lock = json.loads((live / "pyodide" / lite.LOCK).read_text())["packages"]
    settings = json.loads((live / "jupyter-lite.json").read_text())["jupyter-config-data"]
    kernel = settings["litePluginSettings"]["@jupyterlite/pyodide-kernel-extension:kernel"]
    far = {entry["file_name"].rpartition("/")[0] for entry in lock.values() if "://" in entry["file_name"]}
    assert far == {kernel["pyodideUrl"].rpartition("/")[0]}
    assert "rnn-helpers" in kernel["loadPyodideOptions"]["packages"]
    assert kernel["disablePyPIFallback"]
    assert not list(live.rglob("*.map"))
    assert "@jupyterlab/apputils-extension:announcements" in settings["disabledExtensions"]
    work = (live / "work.html").read_text(encoding="utf-8")
    for name in NOTEBOOKS:
        assert f'href="lab/index.html?path=notebooks/{name}.ipynb"' in work
    times = json.loads(lite.TIMES.read_text(encoding="utf-8"))
    assert work.count("all cells: ") == sum(seconds >= lite.LONG for seconds in times.values())
    assert 'href="../work.html"' in (live / "lab/index.html").read_text(encoding="utf-8")


# In a browser, with a distribution

OPENED = """async () => {
    const panel = window.panel = jupyterapp.shell.currentWidget;
    await panel.context.ready;
    await panel.sessionContext.ready;
    window.widgetErrors = [];
}"""
OUTPUTS = "panel.content.widgets.map((cell) => cell.model.type === 'code' ? cell.model.outputs.toJSON() : [])"
# Give the first cell that begins like this another source, or none, run it, and return what it puts out.
RUN_CELL = """async ([start, source]) => {
    const cells = panel.content.widgets;
    const cell = cells.find((cell) => cell.model.sharedModel.getSource().startsWith(start));
    if (source) cell.model.sharedModel.setSource(source);
    panel.content.activeCellIndex = cells.indexOf(cell);
    await jupyterapp.commands.execute("notebook:run-cell");
    return cell.model.outputs.toJSON();
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if not DISTRIBUTION:
        pytest.skip("PYODIDE_DIR names no Pyodide distribution: no notebook was run in a browser alone")
    chrome.skip_without_browser()
    with chrome.served(built(tmp_path_factory.mktemp("site"), DISTRIBUTION)) as url:
        yield f"{url}/live"


@pytest.fixture
def browser(site):
    with chrome.chromium() as browser:
        yield browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)


def open_in(context, site, name):
    page = context.new_page()
    page.goto(f"{site}/lab/index.html?path=notebooks/{name}.ipynb")
    page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.content?.widgets?.length", timeout=120_000)
    chrome.within(page, 120, OPENED)
    return page


def text_of(outputs):
    """Return what a cell says in words: the streams joined, and the text of each result that has one.

    What a training run says at its end is left out: it depends on whether there was a page to show the run.
    """
    said = {}
    for place, output in enumerate(outputs):
        if output["output_type"] == "stream":
            key = output["name"]
            said[key] = said.get(key, "") + "".join(output["text"])
        elif text := output.get("data", {}).get("text/plain"):
            said[place] = "".join(text)
    return [text for text in said.values() if not text.startswith("Finished")]


@pytest.mark.ci
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_says_in_the_browser_what_is_stored_and_its_sliders_move(browser, site, name):
    page = open_in(browser, site, name)
    chrome.within(page, 1800, chrome.RUN_ALL)
    assert chrome.errors(page) == []
    stored = nbformat.read(ROOT / f"notebooks/{name}.ipynb", as_version=4).cells
    for place, (cell, now) in enumerate(zip(stored, page.evaluate(OUTPUTS), strict=True)):
        assert text_of(now) == text_of(cell.get("outputs", [])), f"cell {place}: {cell.source}"
    with_slider = [figure for figure in chrome.figures(page) if figure.get_by_role("slider").count()]
    for figure in with_slider[:1]:
        before = chrome.state(figure)
        slider = figure.get_by_role("slider").first
        at_its_end = slider.evaluate("slider => slider.value === slider.max")
        slider.press("Home" if at_its_end else "End")
        assert chrome.state(figure)["sentence"] != before["sentence"]
    assert chrome.errors(page) == []


@pytest.mark.ci
def test_a_mistake_is_named_work_is_kept_and_downloaded_and_a_notebook_begins_again(browser, site):
    page = open_in(browser, site, "00_start_here")
    chrome.within(page, 600, chrome.RUN_ALL)
    verdicts = []
    for place in ("t", "t - 1"):
        chrome.within(page, 60, RUN_CELL, ["def my_step", f"def my_step(x, t):\n    return x[{place}]"])
        verdicts += text_of(chrome.within(page, 60, RUN_CELL, ["check.step(", ""]))[:1]
    assert verdicts[0].startswith("Not yet: my_step is one step late")
    assert verdicts[1].startswith("Correct: ") and verdicts[1].endswith("Kept as my_step in my_answers.py.")
    chrome.save_notebook(page)
    page.close()

    mine = "def my_step(x, t):\n    return x[t - 1]"
    sources = "panel.content.widgets.map((cell) => cell.model.sharedModel.getSource())"
    assert mine in open_in(browser, site, "00_start_here").evaluate(sources)

    work = browser.new_page()
    work.on("dialog", lambda dialog: dialog.accept())
    work.goto(f"{site}/work.html")
    work.wait_for_selector("body[data-ready]")
    assert downloaded(work, "my_answers.py").count("return x[t - 1]") == 1
    notebook = nbformat.reads(downloaded(work, "Start here"), as_version=4)
    assert mine in [cell.source for cell in notebook.cells]
    line = work.locator("tr", has_text="Start here")
    assert "kept here" in line.inner_text()
    line.locator(".reset").click()
    work.get_by_role("status").get_by_text("as it was at the start").wait_for()
    assert "kept here" not in line.inner_text()
    original = (ROOT / "notebooks/00_start_here.ipynb").read_text(encoding="utf-8")
    assert nbformat.reads(downloaded(work, "Start here"), as_version=4) == nbformat.reads(original, as_version=4)
    assert mine not in open_in(browser, site, "00_start_here").evaluate(sources)


def downloaded(work, title):
    with work.expect_download() as download:
        work.locator("tr", has_text=title).locator(".download").click()
    return Path(download.value.path()).read_text(encoding="utf-8")
