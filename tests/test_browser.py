"""Live figures as a reader has them: every notebook with controls in a real JupyterLab, in a real browser.

Pictures of every figure, at its start and at the ends of each control, are left in tests/screenshots to look at.
"""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import browser as chrome
import nbformat
import pytest
from playwright.sync_api import Locator, Page

from rnn_helpers.plots.drawing import FOLLOWS_THEME

chrome.skip_without_browser()

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
SCREENSHOTS = Path(__file__).parent / "screenshots"
LIVE = [path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb")) if "live.show(" in path.read_text(encoding="utf-8")]

# A laptop's window of 1366 x 650 leaves this width, or some pixels more, for outputs, and this height for the notebook.
LAPTOP = {"width": 900, "height": 529}
SERVER = os.environ.get("CI") == "true"  # it also looks at both themes, and for what keeps people from using the page
MEASURE = """(figure) => ({
    width: figure.closest(".jp-OutputArea-output").clientWidth,
    height: figure.offsetHeight,
    filter: getComputedStyle(figure.querySelector(".rnn-live-frame")).filter,
})"""

# A notebook of the tests' own: every kind of control, and a function that raises.
IMPORTS = """\
import os

from rnn_helpers import live, plots
from rnn_helpers.live import Choice, Control, Stepper, Text, Toggle, View

os.getpid()
"""
ALL_KINDS = """\
def draw(z, steps, kind, flip, word):
    value = {"plain": z, "double": 2 * z}[kind] * (-1 if flip else 1)
    return plots.tanh_and_slope(value + 0.1 * steps + 0.1 * len(word))._replace(sentence=f"{value} {steps} {word}.")

live.show(View(draw, (
    Control("z", "point z", -2.0, 2.0, 0.25, 0.5),
    Stepper("steps", "steps taken", 0, 3, 0, resets=("kind",)),
    Choice("kind", "kind", ("plain", "double"), "plain"),
    Toggle("flip", "flipped", False, resets=("kind",)),
    Text("word", "a word", "teal"),
)))
"""
KEPT = """\
import numpy as np

from rnn_helpers import data, init_params, live, optim, plots, train
from rnn_helpers.live import Control, View, progress

live.show(View(plots.tanh_and_slope, (Control("z", "point z", -2.0, 2.0, 0.25, 0.5),)))
"""
TRAINS = """\
start = init_params(np.random.default_rng(0), 4, 5, 4)
batches = data.passes([data.encode("cab", "\\nabc")], 1, np.random.default_rng(1), 3)
progress.record(train.steps(start, batches, optim.sgd, 0.01), 3).losses.shape
"""
STARTED = "At z = 0.50, tanh is 0.4621 and its slope is 1 - (0.4621)² = 0.7864: 78.6 % of a gradient passes."
TRAINED = "Finished. Step 3 of 3: a loss of 1.38 nats on the last batches."
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# A widget as someone else's notebook may hold it: its code would run when the notebook is opened.
STRANGER = {
    "model_name": "AnyModel",
    "model_module": "anywidget",
    "model_module_version": "~0.11.*",
    "state": {"_esm": "window.stranger = true; export default {};", "_anywidget_id": "stranger"},
}
STATES = {"version_major": 2, "version_minor": 0, "state": {"stranger": STRANGER}}
RAISES = """\
def fragile(z, n, s):
    if z > 1.5:
        raise RuntimeError("too far to the right")
    return plots.tanh_and_slope(z)

live.show(View(fragile, (
    Control("z", "point z", -2.0, 2.0, 0.25, 0.5),
    Control("n", "size", 4, 7, 1, 5, power_of=2),
    Control("s", "step", -13.0, -1.0, 0.25, -3.0, power_of=10),
)))
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory) -> Iterator[chrome.Lab]:
    """Serve a copy of the notebooks from one JupyterLab."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(NOTEBOOKS, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*"))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}  # without it, a dialog asks for one
    cells = [nbformat.v4.new_code_cell(source) for source in (IMPORTS, ALL_KINDS, RAISES)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "own.ipynb")
    cells = [nbformat.v4.new_markdown_cell("A word"), *map(nbformat.v4.new_code_cell, (KEPT, TRAINS))]
    states = {"widgets": {"application/vnd.jupyter.widget-state+json": STATES}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel | states), folder / "kept.ipynb")
    with chrome.jupyterlab(folder, **chrome.KERNELS) as running:
        yield running


@pytest.fixture(scope="module")
def page(lab):
    with chrome.chromium() as browser:
        page = browser.new_page(viewport={"width": 1332, "height": 1200})  # wide enough for LAPTOP
        chrome.open_lab(page, lab)
        yield page


@pytest.fixture
def opened(page):
    """Open a notebook by its name, run all its cells, and return its live figures."""

    def opened(name: str) -> list[Locator]:
        chrome.open_notebook(page, f"{name}.ipynb")
        assert chrome.run_all(page) == []
        return chrome.figures(page)

    yield opened
    chrome.close_notebook(page)


def controls(figure: Locator) -> list[Locator]:
    """Return what can have the focus and changes the picture: of each pair of buttons, the one that goes on."""
    return figure.locator("input, select, .rnn-live-buttons button:last-child").all()


def to_an_end(control: Locator, key: str) -> None:
    """Move a control by keyboard: a slider to the end that `key` names, any other to another value."""
    control.focus()
    kind = control.evaluate("e => e.type")
    assert control.evaluate("e => document.activeElement === e")
    if kind == "range":
        control.press(key)
    elif kind == "select-one":
        control.press("ArrowDown" if control.evaluate("e => e.selectedIndex") == 0 else "ArrowUp")
    elif kind == "text":
        control.press("Home")
        control.press("Delete")  # the first letter: a network that reads has not read the last one yet
    else:  # a checkbox or a button
        control.press("Space")


def reset(figure: Locator) -> None:
    figure.locator(".rnn-live-reset").press("Enter")


def shot(figure: Locator, *words: object, take: Callable[..., object] = Locator.screenshot) -> None:
    """Leave a picture of the figure for people to look at."""
    SCREENSHOTS.mkdir(exist_ok=True)
    take(figure, path=SCREENSHOTS / f"{'_'.join(map(str, words))}.png")


def fits(figure: Locator, *, own: bool) -> None:
    """Assert that controls, picture and sentence are seen at once on a laptop, in a light theme and in a dark one."""
    for theme in ("Dark", "Light") if SERVER else ("Light",):
        chrome.use_theme(figure.page, theme)
        now = figure.evaluate(MEASURE)
        assert now["width"] == LAPTOP["width"]
        assert own or now["height"] <= LAPTOP["height"]
        follows = FOLLOWS_THEME in figure.locator(".rnn-live-frame").get_attribute("class")
        assert now["filter"].startswith("invert") == (theme == "Dark" and follows)
    if SERVER:
        assert chrome.faults(figure.page, ".jp-OutputArea-output") == []


def test_the_notebooks_with_controls_are_found():
    assert "00_start_here" in LIVE
    assert len(LIVE) >= 7


@pytest.mark.parametrize("name", [*LIVE, "own"])
def test_every_control_moves_its_picture_and_back_to_the_start_is_the_start(page, opened, name):
    found = opened(name)
    cells = chrome.count_cells(page)
    assert found
    for place, figure in enumerate(found, start=1):
        start = chrome.state(figure)
        shot(figure, name, place, take=chrome.shot)  # from here on it stands still
        fits(figure, own=name == "own")
        assert start["sentence"].endswith(".")
        assert start["note"] == start["error"] == ""
        for number, control in enumerate(controls(figure), start=1):
            if name == "own" and place == 2:
                break  # the figure that raises has its own test
            seen = [start]
            for key in ("Home", "End"):
                to_an_end(control, key)
                seen.append(chrome.state(figure))
                shot(figure, name, place, number, key)
            reset(figure)
            assert chrome.state(figure) == start, f"figure {place}, control {number}: not back at the start"
            moved = [now for now in seen if now != start]
            assert moved, f"figure {place}, control {number}: nothing moves"
            for now in moved:
                assert now["error"] == now["note"] == ""
                assert now["height"] == start["height"], f"figure {place}, control {number}: the page moves"
                assert now["picture"] != start["picture"], f"figure {place}, control {number}: the same picture"
                assert now["sentence"] != start["sentence"], f"figure {place}, control {number}: the same sentence"
        slider = figure.get_by_role("slider")
        if slider.count():
            slider.last.focus()
            page.keyboard.type("xdd00abm")  # to JupyterLab: cut, delete, restart, insert, Markdown
            assert chrome.count_cells(page) == cells
            assert chrome.state(figure) == start
    assert chrome.errors(page) == []


WATCH = """(figure) => {
    window.seen = [];
    new MutationObserver(() => {
        const picture = figure.querySelector("canvas");
        const { data } = picture.getContext("2d").getImageData(0, 0, picture.width, picture.height);
        seen.push({
            number: Number(figure.dataset.number),
            ready: data.some((value) => value !== data[0]),
            top: figure.querySelector(".rnn-live-frame").getBoundingClientRect().top,
            page: document.querySelector(".jp-WindowedPanel-outer").scrollHeight,
        });
    }).observe(figure, { attributes: true, attributeFilter: ["data-number"] });
}"""


def test_dragging_follows_the_hand_and_ends_at_the_right_picture(page, opened):
    figure = next(f for f in opened("06_backprop_through_time") if f.get_by_role("slider").count())
    slider = figure.get_by_role("slider").first
    slider.press("End")
    end = chrome.state(figure)
    slider.press("Home")
    start = chrome.state(figure)
    figure.evaluate(WATCH)
    slider.evaluate("e => e.scrollIntoView({ block: 'center' })")
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, middle, steps=20)
    halfway = chrome.state(figure)  # the button is still down
    page.mouse.move(box["x"] + box["width"] + 20, middle, steps=20)
    page.mouse.up()
    assert chrome.state(figure) == end
    assert halfway["sentence"] not in (start["sentence"], end["sentence"])
    assert slider.evaluate("e => document.activeElement === e")
    seen = page.evaluate("seen")
    numbers = [s["number"] for s in seen]
    assert numbers == sorted(set(numbers)), "an older picture came after a newer one"
    assert all(s["ready"] for s in seen), "a blank picture"
    assert len({(s["top"], s["page"]) for s in seen}) == 1, "the page moves"


def test_a_kernel_that_ends_by_itself_is_told_to_the_reader(page, opened):
    figure = opened("own")[0]
    page.evaluate("() => void panel.sessionContext.session.kernel.requestExecute({ code: 'import os; os._exit(1)' })")
    page.get_by_role("dialog").get_by_role("button", name="Ok").click()  # JupyterLab's own word on it
    figure.get_by_role("status").wait_for()


@pytest.fixture(scope="class")
def own(page) -> Iterator[list[Locator]]:
    """Open the tests' own notebook once for tests that leave it as it was."""
    chrome.open_notebook(page, "own.ipynb")
    assert chrome.run_all(page) == []
    yield chrome.figures(page)
    chrome.close_notebook(page)


def heard(page: Page) -> tuple[set[tuple[str, str, str]], list[str]]:
    """Return what the browser tells a screen reader: role, name and value of each node, and the texts it reads out."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    told, read_out = set(), []
    by_id = {node["nodeId"]: node for node in nodes}
    for node in nodes:
        if node["ignored"]:
            continue
        properties = {entry["name"]: entry["value"].get("value") for entry in node.get("properties", [])}
        role, name, value = (node.get(key, {}).get("value", "") for key in ("role", "name", "value"))
        told.add((role, name, str(properties.get("checked", "") or value)))
        if properties.get("live") == "polite" and properties.get("root") is None:
            read_out += [by_id[child]["name"]["value"] for child in node["childIds"] if "name" in by_id[child]]
    return told, read_out


class TestOneNotebook:
    def test_a_screen_reader_is_told_of_every_control_and_of_the_picture(self, page, own):
        figure = own[0]
        slider = figure.get_by_role("slider")
        for key, value, picture in (("Home", "-2", "-2.0 0 teal."), ("End", "2", "2.0 0 teal.")):
            slider.press(key)
            chrome.settled(figure)
            told, read_out = heard(page)
            wanted = {
                ("slider", "point z", value),
                ("group", "steps taken", ""),
                ("button", "one back", ""),
                ("button", "one on", ""),
                ("combobox", "kind", "plain"),
                ("checkbox", "flipped", "false"),
                ("textbox", "a word", "teal"),
                ("button", "Reset all controls to their start", ""),
                ("image", picture, ""),
            }
            assert wanted - told == set()
            assert picture in read_out
        reset(figure)

    def test_a_slider_of_powers_shows_and_tells_the_power(self, page, own):
        figure = own[1]
        size, step = (figure.get_by_role("slider", name=name) for name in ("size", "step"))
        for key, told_size, told_step in (("End", "128", "10^-1.00"), ("Home", "16", "10^-13.00")):
            size.press(key)
            step.press(key)
            chrome.settled(figure)
            # Not by `heard`: there Chromium names the number of a native slider and leaves out what it is told by.
            told = [slider.get_attribute("aria-valuetext") for slider in (size, step)]
            assert told == [told_size, told_step]
            shown = figure.locator(".rnn-live-number").all_inner_texts()
            assert shown[1:] == [told_size, told_step.replace("^", "").replace("-", "\u2212")]
        reset(figure)

    def test_a_click_on_a_steppers_label_presses_no_button(self, page, own):
        figure = own[0]
        figure.get_by_role("button", name="one on").press("Space")
        before = chrome.state(figure)
        assert before["sentence"] == "0.5 1 teal."
        figure.get_by_text("steps taken").click()
        figure.get_by_text("1 of 3").click()
        assert chrome.state(figure) == before
        reset(figure)

    def test_a_button_that_goes_on_sets_another_control_back(self, page, own):
        figure = own[0]
        figure.get_by_role("combobox").select_option("double")
        assert chrome.state(figure)["sentence"] == "1.0 0 teal."
        back, on = figure.locator(".rnn-live-buttons button").all()
        on.press("Space")
        assert chrome.state(figure)["sentence"] == "0.5 1 teal."
        assert figure.get_by_role("combobox").input_value() == "plain"
        figure.get_by_role("combobox").select_option("double")
        back.press("Space")
        figure.get_by_role("combobox").select_option("double")
        back.press("Space")  # at its end: nothing moves
        assert chrome.state(figure)["sentence"] == "1.0 0 teal."
        reset(figure)

    def test_a_checkbox_sets_another_control_back(self, page, own):
        figure = own[0]
        box, kind = figure.get_by_role("checkbox"), figure.get_by_role("combobox")
        for sentence in ("-0.5 0 teal.", "0.5 0 teal."):
            kind.select_option("double")
            chrome.settled(figure)
            box.press("Space")
            assert chrome.state(figure)["sentence"] == sentence
            assert kind.input_value() == "plain"
        reset(figure)

    def test_an_error_stands_in_the_pictures_place_and_the_next_move_recovers(self, page, own):
        figure = own[1]
        start = chrome.state(figure)
        slider = figure.get_by_role("slider", name="point z")
        slider.press("End")
        failed = chrome.state(figure)
        shot(figure, "own", 2, "error")
        assert failed["error"] == "This picture could not be drawn.\nRuntimeError: too far to the right"
        assert failed["sentence"] == ""
        assert failed["height"] == start["height"]
        page.wait_for_function("widgetErrors.join() === 'too far to the right'")  # not silent: the kernel reports it
        slider.press("Home")
        recovered = chrome.state(figure)
        assert recovered["error"] == ""
        assert "z = -2.00" in recovered["sentence"]
        reset(figure)
        page.evaluate("() => void (widgetErrors.length = 0)")

    def test_in_a_narrow_window_the_picture_can_be_read_and_is_scrolled_and_a_long_sentence_leaves_its_room(
        self, page, own
    ):
        figure, wide = own[0], page.viewport_size
        height = chrome.state(figure)["height"]
        drawn = "([canvas, share]) => canvas.width === share * canvas.clientWidth"  # the page's pixels are CSS pixels
        canvas = figure.locator("canvas").element_handle()
        page.set_viewport_size({"width": 700, "height": 1200})
        try:
            page.wait_for_function(drawn, arg=[canvas, 1])  # made smaller smoothly
            assert canvas.evaluate("e => e.clientWidth") == 600
            strip = figure.locator(".rnn-picture")
            strip.press("ArrowRight")  # by keyboard, too
            page.wait_for_function("e => e.scrollLeft > 0", arg=strip.element_handle())
            if SERVER:
                assert chrome.faults(page, ".jp-OutputArea-output") == []
            lowest = chrome.state(figure)["height"]
            figure.get_by_role("textbox").fill("a very long word " * 20)
            highest = chrome.state(figure)["height"]
            reset(figure)
            assert lowest < highest == chrome.state(figure)["height"]
        finally:
            page.set_viewport_size(wide)
        page.wait_for_function(drawn, arg=[canvas, 2])
        assert strip.get_attribute("tabindex") is None
        assert chrome.state(figure)["height"] == height

    def test_a_picture_that_comes_while_the_page_does_not_show_the_figure_leaves_its_sentence_the_room(self, page, own):
        figure = own[0]
        height, room = chrome.state(figure)["height"], "e => e.querySelector('.rnn-live-sentence').style.minHeight"
        kept = figure.evaluate(room)
        figure.evaluate("e => { e.style.display = 'none'; }")
        slider = figure.locator("input[type=range]")
        slider.evaluate("e => { e.value = 2; e.dispatchEvent(new Event('input')); }")
        assert chrome.state(figure)["sentence"] == "2.0 0 teal."
        assert figure.evaluate(room) == kept
        figure.evaluate("e => { e.style.display = ''; }")
        reset(figure)
        assert chrome.state(figure)["height"] == height

    @pytest.mark.skipif(os.name == "nt", reason="Windows cannot stop a process for a while")
    def test_a_kernel_that_keeps_one_waiting_is_told_to_the_reader_until_it_answers(self, page, own):
        figure = own[0]
        kernel = int(page.evaluate("panel.content.widgets[0].model.outputs.toJSON()[0].data['text/plain']"))
        note = figure.get_by_role("status")
        os.kill(kernel, signal.SIGSTOP)
        try:
            figure.get_by_role("slider").press("End")
            note.wait_for()
            assert "has not answered yet" in note.inner_text()
        finally:
            os.kill(kernel, signal.SIGCONT)
        after = chrome.state(figure)
        assert (after["sentence"], after["note"]) == ("2.0 0 teal.", "")
        reset(figure)

    def test_a_restarted_kernel_is_told_to_the_reader(self, page, own):  # the last one: figures end with their kernel
        figure = own[0]
        note, height = figure.get_by_role("status"), chrome.state(figure)["height"]
        chrome.within(page, 60, "() => panel.sessionContext.session.kernel.restart()")
        note.wait_for()
        assert "Run > Run All Above Selected Cell, then run this cell again" in note.inner_text()
        assert figure.evaluate("e => e.offsetHeight") == height, "the page moves"
        shot(figure, "own", 1, "restarted")


def stands_still(page: Page) -> list[str]:
    """Return the sentences on the page, each under its picture, once all of these are drawn; nothing may be alive."""
    drawn = "[...document.querySelectorAll('.jp-OutputArea img')].filter((img) => img.offsetWidth && img.complete)"
    page.wait_for_function(f"n => {drawn}.length === n", arg=page.evaluate(chrome.COUNT, "image/png"))
    assert page.locator(".rnn-live").count() == page.get_by_text("model not found").count() == 0
    sentences = page.locator(".jp-OutputArea em:visible").all_inner_texts()
    assert page.locator(".jp-OutputArea img:visible").evaluate_all("all => all.map((e) => e.alt)") == sentences
    return sentences


def test_after_every_save_and_reopening_pictures_and_sentences_stand_until_the_cells_run_again(page, opened, lab):
    (figure,) = opened("kept")
    assert page.locator(".jp-OutputArea em:visible").all_inner_texts() == [TRAINED], "a figure that lives stands alone"
    for _ in range(2):
        page.evaluate("panel.content.widgets[0].model.sharedModel.setSource('Another word')")
        chrome.save_notebook(page)
        chrome.close_notebook(page)
        saved = nbformat.read(lab.folder / "kept.ipynb", as_version=4)
        assert saved.cells[0].source == "Another word" and "widgets" not in saved.metadata
        chrome.open_notebook(page, "kept.ipynb")
        assert stands_still(page) == [STARTED, TRAINED]
        assert page.evaluate(chrome.COUNT, WIDGET_VIEW) == 0
    assert page.evaluate("window.stranger") is None, "code that came with a notebook ran when it was opened"
    assert chrome.run_all(page) == []
    (figure,) = chrome.figures(page)
    to_an_end(figure.get_by_role("slider"), "End")
    moved = chrome.state(figure)
    assert "z = 2.00" in moved["sentence"]
    chrome.save_notebook(page)
    page.evaluate("panel.dispose()")  # its kernel lives on, and the figure with it
    chrome.open_notebook(page, "kept.ipynb")
    (figure,) = chrome.figures(page)
    assert chrome.state(figure) == moved
    reset(figure)
    assert chrome.state(figure)["sentence"] == STARTED
