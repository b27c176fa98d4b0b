"""The course as a book for reading, and a PDF of each notebook for paper.

Jupyter Book makes both from copies of the notebooks with their stored outputs: nothing is run. Everything that a page
needs comes from the site's own folder, formulas too.
"""

import importlib.resources
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from web import links, pages, paper
from web.front import Row, contents
from web.repository import repository

ROOT = Path(__file__).resolve().parents[1]
THEME = Path(__file__).parent / "theme"
GLOSSARY = "glossary"

CONFIG: dict[str, Any] = {
    "only_build_toc_files": True,
    "execute": {"execute_notebooks": "off"},
    "parse": {"myst_enable_extensions": ["dollarmath"]},
    "sphinx": {
        "config": {
            "language": "en",
            "html_theme_options": {
                "search_bar_text": "Search the course",
                "home_page_in_toc": True,
                "navbar_persistent": [],  # a second search field, on a bar of its own
                "use_download_button": False,  # it offers the copies; each page links to the notebook itself
                "footer_content_items": ["extra-footer"],  # else it names an author
                "extra_footer": '<a href="../index.html">The course\'s first page</a>. '
                "Text and figures: CC BY 4.0. Code: BSD-3-Clause.",
            },
            "html_context": {"default_mode": "auto"},  # light or dark, as the reader's system is
            "html_static_path": ["static"],
            "html_css_files": ["book.css"],
            "html_extra_path": ["extra"],
            "html_copy_source": False,
            "html_show_sourcelink": False,
            "mathjax_path": "mathjax/tex-svg.js",
            # Without the menu, which would load what it offers from a network.
            "mathjax3_config": {"options": {"enableMenu": False}, "svg": {"fontCache": "local"}},
            "myst_heading_anchors": 4,
            "smartquotes": False,  # what stands in a notebook is shown as it stands there
        }
    },
}


def build(site: Path) -> None:
    """Write site/book/ and site/paper/."""
    browser = paper.find_browser()
    with TemporaryDirectory() as folder:
        source = Path(folder)
        names = write_source(source, pages.Course(repository(), paper=browser is not None))
        make(source)
        for old in ("book", "paper"):
            shutil.rmtree(site / old, ignore_errors=True)
        shutil.copytree(source / "_build/html", site / "book")
    if found := links.complaints(site / "book"):
        sys.exit("\n".join(["The book has links that lead nowhere:", *found]))
    if browser:
        paper.write(site / "book", names, site / "paper", browser)
    else:
        print("There is no Chromium or Chrome here, so the PDFs are left out.", flush=True)


def write_source(folder: Path, course: pages.Course) -> list[str]:
    """Write everything that Jupyter Book reads, and return the names of the notebooks in reading order."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    parts = contents(readme)
    names = [row.name for rows in parts.values() for row in rows]
    files = {name: ROOT / f"notebooks/{name}.ipynb" for name in names}
    notebooks = {name: json.loads(file.read_text(encoding="utf-8")) for name, file in files.items()}
    course = course._replace(marks=frozenset().union(*map(pages.marks, notebooks.values())))
    texts = {"index.md": pages.with_links(opening(readme), "", course)}
    glossary = (ROOT / f"docs/{GLOSSARY}.md").read_text(encoding="utf-8")
    texts[f"{GLOSSARY}.md"] = pages.with_links(glossary, "docs", course)
    # What pages show or name and Sphinx does not read goes to the book as it is.
    extra = folder / "extra"
    for kind in ("pictures", "notebooks"):
        (extra / kind).mkdir(parents=True)
    for name, notebook in notebooks.items():
        page, pictures = pages.page(notebook, name, course)
        texts[f"{name}.ipynb"] = json.dumps(page)
        shutil.copy(files[name], extra / "notebooks")
        for file, png in pictures.items():
            (extra / "pictures" / file).write_bytes(png)
    (folder / "pictures").mkdir()  # Sphinx reads those that Markdown shows
    for picture in ROOT.glob("docs/*.png"):
        shutil.copy(picture, extra / "pictures")
        shutil.copy(picture, folder / "pictures")
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
        for file in re.findall(r"\]\(files/([^)#]+)", text):
            (folder / "files" / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, folder / "files" / file)
    (folder / "_config.yml").write_text(json.dumps({"title": title(readme), **CONFIG}), encoding="utf-8")
    (folder / "_toc.yml").write_text(json.dumps(order(parts)), encoding="utf-8")
    write_static(folder / "static")
    return names


def write_static(folder: Path) -> None:
    """Write what every page loads beside the theme's own: the course's look, and what sets formulas."""
    shutil.copytree(THEME, folder)
    mathjax = Path(str(importlib.resources.files("mathjax")), "static/mathjax")
    (folder / "mathjax").mkdir()
    for part in ("LICENSE", "es5/tex-svg.js"):
        shutil.copy(mathjax / part, folder / "mathjax")


def title(readme: str) -> str:
    """Return the text of README's heading."""
    return readme.partition("\n")[0].removeprefix("# ")


def opening(readme: str) -> str:
    """Return the book's first page: README's first paragraphs, but for those with links, and its table of contents."""
    head, *sections = re.split(r"^(?=##+ )", readme, flags=re.MULTILINE)
    paragraphs = [text for text in head.strip().split("\n\n") if not re.search(r"(?<!!)\[[^\]]*\][\[(]", text)]
    (table,) = (section.split("\n\n")[:2] for section in sections if section.startswith("## Contents\n"))
    return "\n\n".join([*paragraphs, *table]) + "\n"


def order(parts: dict[str, list[Row]]) -> dict[str, Any]:
    """Return the table of contents as Jupyter Book reads it."""
    named = [{"caption": part, "chapters": [chapter(row) for row in rows]} for part, rows in parts.items()]
    named += [{"caption": "To look up", "chapters": [{"file": GLOSSARY}]}]
    return {"format": "jb-book", "root": "index", "parts": named}


def chapter(row: Row) -> dict[str, str]:
    """Return a notebook's entry, with the number by which texts and checks call it."""
    return {"file": row.name, "title": f"{row.name.partition('_')[0]} {row.title}"}


def make(source: Path) -> None:
    """Let Jupyter Book build the pages, and end with what it said where it warned of something."""
    start = "from jupyter_book.cli.main import main; main()"
    words = ["build", "-W", "--keep-going", "-q", str(source)]
    made = subprocess.run([sys.executable, "-c", start, *words], capture_output=True, text=True, check=False)
    if made.returncode:
        sys.exit(f"Jupyter Book did not make the book:\n{made.stdout}{made.stderr}")
