"""The site's first page: its numbers are the package's, its words the notebooks', and a browser needs nothing else."""

import json
import re
from collections.abc import Iterator

import nbformat
import numpy as np
import pytest
from browser import chromium, find_browser
from notebook_rules import ROOT, load_tool
from playwright.sync_api import Page

from rnn_helpers import RNNParams, rnn_forward
from rnn_helpers.labs.flow import walk_back
from web import front
from web.repository import colab_cell

TOOL = load_tool(ROOT / "tools" / "first_page.py")
NUMBERS = json.loads(TOOL.NUMBERS.read_text(encoding="utf-8"))
NETWORK = {name: np.array(rows) for name, rows in NUMBERS["network"].items()}
HERE = "ada/rnn-course"
in_a_browser = pytest.mark.skipif(
    not find_browser(), reason="no Chromium or Chrome found: the first page was not opened"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the page alone, with a PDF of one notebook beside it."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "paper").mkdir()
    (folder / "paper" / "00_start_here.pdf").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GITHUB_REPOSITORY", HERE)
        front.build(folder)
    return folder


@pytest.fixture(scope="module")
def text(site):
    return (site / "index.html").read_text(encoding="utf-8")


# ---- numbers.json is what the package computes


def test_the_network_is_one_that_the_package_starts():
    for name, made in TOOL.network().items():
        rounded = 0.5 * 10.0**-TOOL.DIGITS + 1e-9
        assert np.abs(NETWORK[name] - made).max() <= rounded, "run tools/first_page.py"


def test_each_answer_gets_the_verdict_that_the_check_gives():
    assert NUMBERS["answers"] == TOOL.answers(), "run tools/first_page.py"
    for answer in NUMBERS["answers"]:
        verdict = TOOL.verdict("\n".join(answer["lines"]))
        assert (verdict.mistake or "") == answer["mistake"]
        assert verdict.passed == (not answer["wrong"])
    assert len({answer["verdict"] for answer in NUMBERS["answers"]}) == len(TOOL.MISTAKES) + 1


def test_the_names_and_their_colours_are_those_that_notebook_13_shows():
    assert NUMBERS["names"] == [list(pair) for pair in TOOL.names()], "run tools/first_page.py"
    (cell,) = [cell for cell in nbformat.read(TOOL.NOTEBOOK, 4).cells if "invented = " in cell.source]
    assert ", ".join(name for name, _ in NUMBERS["names"]) in re.sub(r'"\s+"', "", cell.source)
    # Its sentence says the colours of the first and the last: a swatch is read at the right place of the picture.
    (name, colour), *_, (last, other) = TOOL.names(count=24)
    assert f"{name} is {colour}, {last} is {other}." in str(cell.outputs)


# ---- what stands on the page


def test_every_notebook_of_the_course_can_be_opened_and_read(text):
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        assert f'href="live/lab/index.html?path=notebooks/{path.name}"' in text
        assert f'href="book/{path.stem}.html"' in text
        assert f'href="https://colab.research.google.com/github/{HERE}/blob/HEAD/notebooks/{path.name}"' in text
        assert (f'href="paper/{path.stem}.pdf"' in text) == (path.stem == "00_start_here")


def test_a_site_from_a_course_that_is_nowhere_on_github_sends_nobody_there(tmp_path, monkeypatch):
    monkeypatch.setattr(front, "repository", lambda: None)
    front.build(tmp_path)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert not re.search("git clone|%pip|None", text)
    assert not re.search(r'(href|src)="\w+:(?!,")', text)


def test_the_commands_are_the_readmes(text):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"<code>git clone https://github.com/{HERE}\ncd rnn-course\npython3 course.py</code>" in text
    assert f"<code>{colab_cell(HERE)}</code>" in text
    assert "450 MB" in readme and "450 MB" in text


# ---- in a browser


@pytest.fixture(scope="module")
def opened(site) -> Iterator[Page]:
    """Open the page in a browser, and note what it asks for and every complaint."""
    with chromium() as browser:
        page = browser.new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto((site / "index.html").as_uri())
        yield page
        page.close()


@pytest.fixture
def page(opened) -> Iterator[Page]:
    """Return the page as a laptop shows it at first."""
    opened.set_viewport_size({"width": 1366, "height": 650})
    opened.reload()
    opened.wait_for_selector("#picture rect")
    yield opened
    assert opened.complaints == []


@in_a_browser
def test_the_figure_computes_what_the_package_does(page):
    params = RNNParams(NETWORK["W_xh"], NETWORK["W_hh"], np.zeros(16), np.zeros((16, 1)), np.zeros(1))
    for steps, gain in (5, 0.6), (40, 0.75), (60, 2.5), (23, 1.1):
        W_hh = gain * params.W_hh
        h, _, _ = rnn_forward(params._replace(W_hh=W_hh), NETWORK["x"][-steps:, None])
        expected = walk_back(W_hh, h, NETWORK["dh_last"][None])
        np.testing.assert_allclose(page.evaluate(f"walk(network, {gain}, {steps})"), expected, atol=1e-9, rtol=0)


@in_a_browser
def test_the_page_asks_for_nothing_but_itself(page, site):
    assert set(page.asked) == {(site / "index.html").as_uri()}


@in_a_browser
def test_a_key_on_a_slider_changes_the_picture_and_says_how_large_the_gradient_is(page):
    slider, seen = page.get_by_label("gain of W_hh"), {}
    for key in ("Home", "End"):
        slider.press(key)
        gain = slider.input_value()
        log = page.evaluate(f"walk(network, {gain}, 40)[39]")
        digits, power = re.search(r"gets ([\d.]+) \S 10(\S+) times", page.inner_text("#sentence")).groups()
        power = int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))
        assert float(digits) * 10.0**power == pytest.approx(10**log, rel=0.05)
        seen[key] = page.inner_text("#sentence"), page.inner_html("#picture")
        assert page.get_by_role("img", name=seen[key][0]).count() == 1
    assert "It vanishes" in seen["Home"][0] and "It explodes" in seen["End"][0]
    assert seen["Home"][1] != seen["End"][1]
    page.get_by_label("sequence length T").press("Home")
    assert "the gradient of step 5:" in page.inner_text("#sentence")
    assert page.locator("#picture rect").count() == 5


@in_a_browser
def test_each_choice_shows_its_answer_its_wrong_line_and_its_verdict(page):
    page.get_by_label("dropped carry").focus()
    for answer in NUMBERS["answers"]:
        shown = page.locator(".answer:visible")
        assert shown.locator("code").inner_text() == "\n".join(answer["lines"])
        assert shown.locator("mark").all_inner_texts() == [answer["lines"][i] for i in answer["wrong"]]
        assert answer["verdict"] in shown.locator(".verdict").inner_text()
        page.keyboard.press("ArrowDown")


@in_a_browser
def test_all_that_is_to_be_seen_fits_a_laptop_and_nothing_is_cut_on_a_phone(page):
    assert page.evaluate("document.querySelector('main').getBoundingClientRect().bottom") <= 650
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.querySelector('#picture').getBoundingClientRect().bottom") <= 844
    # Drawn anew for the width, not cut off.
    page.wait_for_function("document.querySelector('#picture .loss').getBoundingClientRect().right <= 390")


CONTRASTS = """() => {
    const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const linear = (v) => v <= 10 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const ground = (element) => {
        const [r, g, b, alpha = 1] = rgb(getComputedStyle(element).backgroundColor);
        return alpha ? [r, g, b] : ground(element.parentElement);
    };
    const texts = [...document.querySelectorAll("body *")].filter((element) =>
        element.checkVisibility() && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
    return texts.map((element) => {
        const style = getComputedStyle(element);
        const ink = element.namespaceURI.endsWith("svg") ? style.fill : style.color;
        const [a, b] = [light(rgb(ink)), light(ground(element))];
        return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), element.textContent.trim().slice(0, 40)];
    }).filter(([contrast]) => !(contrast >= 4.5));
}"""


@in_a_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_its_ground(page, scheme):
    page.emulate_media(color_scheme=scheme)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper.startswith({"light": "rgb(24", "dark": "rgb(22,"}[scheme])
    for label in ("dropped carry", "no mistake"):
        page.get_by_label(label).check()
        assert page.evaluate(CONTRASTS) == []
