"""The book has every notebook as a page, with its pictures, sentences and links, and no link leads nowhere."""

import base64
import html
import json
import os
import re
import subprocess
from itertools import pairwise

import pytest
from browser import chromium, find_browser
from notebook_rules import prose

from course import ROOT, WEB
from web import book, links, pages, paper
from web.front import contents
from web.pages import Course
from web.repository import repository

README = (ROOT / "README.md").read_text(encoding="utf-8")
ORDER = book.order(contents(README))["parts"]
NAMES = [chapter["file"] for part in ORDER[:3] for chapter in part["chapters"]]
NOTEBOOKS = {name: json.loads((ROOT / f"notebooks/{name}.ipynb").read_text(encoding="utf-8")) for name in NAMES}
GITHUB = Course("somebody/course", paper=True, marks=frozenset({"whose-maximum"}))
PNG = base64.b64encode(b"a picture").decode()


def markdown(notebook):
    """Return the notebook's text."""
    return "\n\n".join(pages.text(cell) for cell in notebook["cells"] if cell["cell_type"] == "markdown")


def outputs(notebook):
    """Return all outputs of a notebook."""
    return [output for cell in notebook["cells"] for output in cell.get("outputs", [])]


def sentences(notebook):
    """Return the sentence of each picture."""
    return [
        "".join(output["data"]["text/plain"]) for output in outputs(notebook) if "image/png" in output.get("data", {})
    ]


def solutions(notebook):
    """Return the HTML of each solution."""
    return [
        shown
        for output in outputs(notebook)
        if "<summary>Solution" in (shown := "".join(output.get("data", {}).get("text/html", "")))
    ]


# ---- The order


def test_the_order_is_readmes_and_has_every_notebook():
    assert [path.stem for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))] == NAMES
    assert [part["caption"].partition(":")[0] for part in ORDER] == ["One", "Two", "Three", "To look up"]


def test_the_books_first_page_is_readmes_opening_without_what_leads_out_of_it():
    opening = book.opening(README)
    assert opening.startswith(README.partition("\n")[0])
    assert opening.count("(notebooks/") == len(NAMES)
    targets = re.findall(r"\]\(([^)]+)\)", opening)
    assert all(target.startswith(("notebooks/", "docs/")) for target in targets), targets


# ---- Links


@pytest.mark.parametrize(
    ("target", "folder", "wanted"),
    [
        ("https://numpy.org/doc#Here", "notebooks", "https://numpy.org/doc#Here"),
        ("06_x.ipynb", "notebooks", "06_x.ipynb"),
        ("06_x.ipynb#What-breaks", "notebooks", "06_x.ipynb#what-breaks"),
        ("#Recap", "notebooks", "#recap"),
        ("01_x.ipynb#whose-maximum", "notebooks", "#whose-maximum"),
        ("../notebooks/06_x.ipynb#Tanh", "docs", "06_x.ipynb#tanh"),
        ("../docs/glossary.md", "notebooks", "glossary.md"),
        ("docs/unrolled.png", "", "pictures/unrolled.png"),
        ("../rnn_helpers/fast.py", "notebooks", "https://github.com/somebody/course/blob/HEAD/rnn_helpers/fast.py"),
    ],
)
def test_a_link_leads_to_where_the_book_has_its_target(target, folder, wanted):
    assert pages.link(target, folder, GITHUB) == wanted


def test_a_file_is_copied_where_the_repository_is_not_known():
    assert pages.link("../rnn_helpers/fast.py", "notebooks", Course()) == "files/rnn_helpers/fast.py"


def test_links_change_and_code_does_not():
    source = 'See [`x`](06_x.ipynb#Tanh), `f[i](A.ipynb#B)`, $$a[0](C.ipynb#D)$$ and <img src="../docs/x.png">.'
    wanted = 'See [`x`](06_x.ipynb#tanh), `f[i](A.ipynb#B)`, $$a[0](C.ipynb#D)$$ and <img src="pictures/x.png">.'
    assert pages.with_links(source, "notebooks", GITHUB) == wanted


def test_marks_are_those_of_sphinx():
    assert (
        pages.with_marks('## Whose?\n\n<a id="whose-maximum"></a>\n\nText') == "## Whose?\n\n(whose-maximum)=\n\nText"
    )
    assert pages.with_marks('## Contents\n\n<a id="contents"></a>\n\nText') == "## Contents\n\nText"


def test_formulas_in_summaries_are_set():
    source = "<summary>Why $W_{hh}$?</summary>\n\nIt costs $1."
    span = r'<span class="math notranslate nohighlight">\(W_{hh}\)</span>'
    assert pages.with_formulas(source) == f"<summary>Why {span}?</summary>\n\nIt costs $1."


def test_the_ways_out_of_a_page():
    line = pages.ways("05_x", GITHUB)
    assert dict(map(reversed, re.findall(r'<a href="([^"]+)"(?: download)?>([^<]+)</a>', line))) == {
        "Open it live": "../live/lab/index.html?path=notebooks/05_x.ipynb",
        "Binder": "https://mybinder.org/v2/gh/somebody/course/HEAD?urlpath=lab/tree/notebooks/05_x.ipynb",
        "Colab": "https://colab.research.google.com/github/somebody/course/blob/HEAD/notebooks/05_x.ipynb",
        "Download": "notebooks/05_x.ipynb",
        "PDF": "../paper/05_x.pdf",
    }
    assert "<code>%pip install --quiet --no-deps git+https://github.com/somebody/course</code>" in line
    line = pages.ways("05_x", Course())
    assert re.findall(">([^<>]+)</a>", line) == ["Open it live", "Download"]


# ---- Pages


def test_a_picture_becomes_a_file_and_keeps_what_is_said_of_it():
    shown = f'<figure><img class="dark" alt="6 &lt; 7" src="data:image/png;base64,{PNG}"></figure>'
    bundle = {"data": {"text/html": shown, "image/png": PNG, "text/plain": "6 < 7"}}
    other = {"data": {"text/plain": "42"}}
    (picture, same), files = pages.outputs([bundle, other], "05_x-1")
    assert files == {"05_x-1.png": b"a picture"}
    wanted = '<figure><img class="dark dark-light" alt="6 &lt; 7" src="pictures/05_x-1.png"></figure>'
    assert (picture["data"], same) == ({"text/html": wanted}, other)


def test_a_page_is_its_notebook_but_for_links_and_pictures():
    for name, notebook in NOTEBOOKS.items():
        page, pictures = pages.page(notebook, name, GITHUB)
        text = markdown(page)
        assert len(pictures) == len(sentences(notebook)), name
        assert "[Contents](" not in text and "[Previous: " not in text
        assert text.startswith("# ") or name == NAMES[0]  # that one begins with a picture
        assert text.count(pages.ways(name, GITHUB)) == 1
        assert len(prose(text)) > 0.95 * len(prose(markdown(notebook))), name
        lines = json.dumps(page).count("to move the sliders</p>")
        assert lines == sum("live.show(" in pages.text(cell) for cell in notebook["cells"]), name


# ---- The checker


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('<a href="other.html#here">', ""),
        ('<a href="#top">', ""),
        ('<a href="../live/index.html">', ""),  # the site around the book
        ('<a href="https://numpy.org/nowhere">', ""),
        ('<a href="none.html">', "index.html links to none.html"),
        ('<a href="other.html#Here">', "index.html links to other.html#Here"),
        ('<a href="#bottom">', "index.html links to #bottom"),
        ('<img src="none.png">', "index.html links to none.png"),
        ('<script src="https://cdn.example/x.js">', "index.html loads https://cdn.example/x.js"),
        ('<link rel="stylesheet" href="//cdn.example/x.css">', "index.html loads //cdn.example/x.css"),
    ],
)
def test_the_checker_finds_links_that_lead_nowhere(tmp_path, line, complaint):
    (tmp_path / "other.html").write_text('<h2 id="here">', encoding="utf-8")
    (tmp_path / "index.html").write_text(f'<h1 id="top">{line}', encoding="utf-8")
    assert links.complaints(tmp_path) == ([complaint] if complaint else [])


# ---- Paper


def test_paper_has_the_text_alone_and_no_way_to_other_files():
    page = (
        "<html><title>The GRU &#8212; The course</title><nav>Search</nav>"
        '<script>window.MathJax = {}</script><script src="x.js"></script>'
        '<script defer src="_static/tex-svg.js"></script>'
        '<article class="a"><a href="06_x.html#t">06</a> <a href="#r">r</a> <a class="b" href="https://x.org">x</a>'
        "<details><summary>Solution</summary>s</details></article></html>"
    )
    printed = paper.for_paper(page)
    assert '<a>06</a> <a href="#r">r</a> <a class="b" href="https://x.org">x</a>' in printed
    assert "<script>window.MathJax = {}</script><script defer" in printed and "x.js" not in printed
    assert "Search" not in printed and "<details><summary>" in printed
    assert '"The GRU"' in printed


def test_without_a_browser_the_build_says_that_it_leaves_the_pdfs_out(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(paper, "find_browser", lambda: None)
    monkeypatch.setattr(book, "write_static", lambda folder: None)  # needs .venv-web, as make does
    monkeypatch.setattr(book, "make", lambda source: (source / "_build/html").mkdir(parents=True))
    book.build(tmp_path)
    assert capsys.readouterr().out == "There is no Chromium or Chrome here, so the PDFs are left out.\n"
    assert not (tmp_path / "paper").exists()


# ---- The built book


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the book, which ends in an error where Jupyter Book warns or a link leads nowhere."""
    if not WEB.python.exists():
        pytest.skip("no .venv-web, which `course.py site` makes: the book was not built")
    folder = tmp_path_factory.mktemp("site")
    start = "import sys, pathlib; from web import book; book.build(pathlib.Path(sys.argv[1]))"
    made = subprocess.run([WEB.python, "-c", start, folder], cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return folder


def article(site, name):
    """Return the part of a page of the book that its notebook makes."""
    return re.search(r"<article.*</article>", (site / f"book/{name}.html").read_text(encoding="utf-8"), re.DOTALL)[0]


@pytest.mark.ci
def test_the_built_pages_show_what_their_notebooks_hold(site):
    course = Course(repository(), paper=find_browser() is not None)
    for name, notebook in NOTEBOOKS.items():
        page = article(site, name)
        pictures = re.findall(r'<figure class="rnn-picture.*?</figure>', page, re.DOTALL)
        told = [html.unescape(re.search(r'<img[^>]* alt="([^"]+)"', picture)[1]) for picture in pictures]
        assert told == sentences(notebook), name
        shown = html.unescape(re.sub(r"<[^>]+>", "", page))
        assert all(shown.count(sentence) for sentence in told), name
        assert pages.ways(name, course) in page
        assert page.count("<summary>Solution") == len(solutions(notebook)), name
        assert not re.search(r"<details[^>]* open", page), name
        assert page.count("highlight-ipython3") == sum(cell["cell_type"] == "code" for cell in notebook["cells"])


@pytest.mark.ci
def test_each_page_leads_to_the_one_before_and_the_one_after(site):
    for before, after in pairwise(NAMES):
        for name, kind, other in [(before, "right-next", after), (after, "left-prev", before)]:
            page = (site / f"book/{name}.html").read_text(encoding="utf-8")
            assert re.search(rf'<a class="{kind}"\s+href="{other}.html"', page), name


@pytest.mark.ci
def test_each_notebook_is_there_to_download_and_on_paper(site):
    for name in NAMES:
        original = (ROOT / f"notebooks/{name}.ipynb").read_bytes()
        assert (site / f"book/notebooks/{name}.ipynb").read_bytes() == original
        if find_browser():
            pdf = (site / f"paper/{name}.pdf").read_bytes()
            assert pdf.startswith(b"%PDF") and len(re.findall(rb"/Type /Page\b", pdf)) > 3, name
    assert not list(site.glob("book/*.paper.html"))


# What ends right of the window, and in nothing that the keyboard can scroll.
TOO_WIDE = """() => {
    const scrolls = (e) => e.matches("article *") &&
        (/auto|scroll/.test(getComputedStyle(e).overflowX) && e.tabIndex >= 0 || scrolls(e.parentElement));
    const wide = (e) => e.getBoundingClientRect().right > innerWidth + 1;
    return [...document.querySelectorAll("article :not(mjx-assistive-mml, mjx-assistive-mml *)")]
        .filter((e) => wide(e) && !scrolls(e)).map((e) => e.outerHTML.slice(0, 200));
}"""


@pytest.mark.ci
def test_the_page_in_a_browser_needs_no_network_and_follows_a_dark_theme(site):
    if not find_browser() and os.environ.get("CI") != "true":
        pytest.skip("no Chromium or Chrome found: the book was not looked at in a browser")
    with chromium() as browser:
        asked = []
        tab = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme="dark")
        tab.on("request", lambda request: asked.append(request.url))
        for name in NAMES:
            tab.goto((site / f"book/{name}.html").as_uri())
            tab.wait_for_function("window.MathJax?.startup?.promise")
            tab.evaluate("MathJax.startup.promise.then(() => 0)")
            formulas = [
                tab.locator(f"article {kind}").count() for kind in (".math", "mjx-container", "[data-mjx-error]")
            ]
            assert formulas[0] == formulas[1] and formulas[2] == 0, (name, formulas)
            assert tab.evaluate(TOO_WIDE) == [], name
            look = "pictures => pictures.map(picture => getComputedStyle(picture).filter)"
            filters = tab.locator(".rnn-follows-theme").evaluate_all(look)
            assert all("invert(0.93)" in found for found in filters), name
        assert all(url.startswith(("file:", "data:")) for url in asked), asked
