"""The same figures on other pages than JupyterLab's in Chromium: in Firefox, in Notebook 7, and in exported HTML."""

import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import browser as chrome
import firefox
import nbformat
import pytest
from nbconvert import HTMLExporter

from rnn_helpers.plots.drawing import FOLLOWS_THEME

pytestmark = pytest.mark.ci

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
ALL = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
# What the template itself breaks outside outputs: its grey prompts, its colours of code, its links without a line.
TEMPLATES = ("color-contrast", "link-in-text-block")

LIVE = "document.querySelectorAll('.rnn-live[aria-busy]')"
SLIDER = f"(i) => {LIVE}[i].querySelector('input[type=range]')"


def by_keyboard(page: Any, place: int) -> None:
    """Move the first slider of a figure to its end."""
    page.evaluate(f"(i) => void ({SLIDER})(i).focus()", place)
    page.keyboard.press("End")


def by_script(page: Any, place: int) -> None:
    """Do the same where no key arrives: without a window, Firefox does not always give the page the focus."""
    told = "slider.dispatchEvent(new Event('input'))"
    page.evaluate(f"(i) => {{ const slider = ({SLIDER})(i); slider.value = slider.max; {told}; }}", place)


def moves_and_comes_back(page: Any, to_the_end: Callable[[Any, int], None]) -> int:
    """Move the first slider of each figure, and reset it; return how many were moved."""
    moved = 0
    page.wait_for_function("n => " + LIVE + ".length === n", arg=page.evaluate(chrome.COUNT, "text/html"))

    def state(place: int) -> dict[str, Any]:
        page.wait_for_function(f"(i) => {LIVE}[i].ariaBusy === 'false'", arg=place)
        return page.evaluate(f"(i) => ({chrome.STATE})({LIVE}[i])", place)

    for place in range(page.evaluate(f"{LIVE}.length")):
        start = state(place)
        assert start["error"] == start["note"] == ""
        if page.evaluate(f"(i) => !!({SLIDER})(i)", place):
            to_the_end(page, place)
            end = state(place)
            assert end["error"] == "" and end["height"] == start["height"]
            assert end["picture"] != start["picture"] and end["sentence"] != start["sentence"]
            page.evaluate(f"(i) => void {LIVE}[i].querySelector('.rnn-live-reset').click()", place)
            assert state(place) == start
            moved += 1
    assert chrome.errors(page) == []
    return moved


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(NOTEBOOKS, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*", "my_answers*"))
    return tmp_path


@pytest.mark.skipif(not firefox.find_firefox(), reason=firefox.NO_FIREFOX)
def test_in_firefox_two_notebooks_run_and_their_figures_move(folder):
    with chrome.jupyterlab(folder, **chrome.KERNELS) as lab, firefox.firefox() as page:
        chrome.open_lab(page, lab)
        for name, sliders in (("00_start_here", 1), ("06_backprop_through_time", 2)):
            chrome.open_notebook(page, f"{name}.ipynb")
            assert chrome.run_all(page) == []
            assert moves_and_comes_back(page, by_script) == sliders
            chrome.close_notebook(page)


@pytest.mark.skipif(not importlib.util.find_spec("notebook"), reason="Notebook 7 is not installed: not tried in it")
def test_in_notebook_7_a_notebook_runs_and_its_figures_move(folder):
    chrome.skip_without_browser()
    with chrome.jupyterlab(folder, "notebook", **chrome.KERNELS) as app, chrome.chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        chrome.open_notebook_7(page, app, "04_loss_and_output.ipynb")
        assert chrome.run_all(page) == []
        assert moves_and_comes_back(page, by_keyboard) == 1


@pytest.fixture(scope="module")
def page():
    chrome.skip_without_browser()
    with chrome.chromium() as browser:
        page = browser.new_page(viewport={"width": 1000, "height": 800})
        # Exported pages fetch what draws formulas; these tests fetch nothing.
        page.route("http*://**", lambda route: route.abort())
        yield page


def export(page: Any, notebook: nbformat.NotebookNode, file: Path, theme: str) -> None:
    """Write a notebook as HTML and open it."""
    body, _ = HTMLExporter(template_name="lab", theme=theme).from_notebook_node(notebook)
    file.write_text(body, encoding="utf-8")
    page.goto(file.as_uri(), wait_until="domcontentloaded")


@pytest.mark.parametrize("name", ALL)
def test_in_exported_html_each_picture_has_its_sentence_and_follows_the_theme_and_nobody_is_kept_out(
    page, tmp_path, name
):
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    wanted = [
        output.data["text/plain"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    for theme in ("light", "dark"):
        export(page, notebook, tmp_path / f"{theme}.html", theme)
        pictures = page.locator(".jp-OutputArea img")
        assert pictures.evaluate_all("all => all.map((e) => e.alt)") == wanted
        look = "all => all.map((e) => [getComputedStyle(e).filter.startsWith('invert'), e.className])"
        for inverted, names in pictures.evaluate_all(look):
            assert inverted == (theme == "dark" and names == FOLLOWS_THEME)
    assert chrome.faults(page, "html", templates=TEMPLATES) == []


def test_a_narrow_exported_page_scrolls_a_picture_and_shows_it_large_enough_to_be_read(page, tmp_path):
    page.set_viewport_size({"width": 500, "height": 800})
    try:
        export(page, nbformat.read(NOTEBOOKS / "04_loss_and_output.ipynb", as_version=4), tmp_path / "a.html", "light")
        assert page.locator(".rnn-picture > img").first.evaluate("e => e.clientWidth") == 600
        page.locator(".rnn-picture").first.press("ArrowRight")
        page.wait_for_function("document.querySelector('.rnn-picture').scrollLeft > 0")
        assert chrome.faults(page, ".jp-OutputArea-output") == []
    finally:
        page.set_viewport_size({"width": 1000, "height": 800})


def test_a_picture_without_a_sentence_and_a_button_without_a_name_are_found(page):
    page.set_content('<main lang="en"><img src="data:," alt="a"><button>b</button></main>')
    assert chrome.faults(page, "main") == []
    page.set_content('<main lang="en"><img src="data:,"><button></button></main>')
    assert [fault.split(":")[0] for fault in chrome.faults(page, "main")] == ["button-name", "image-alt"]
