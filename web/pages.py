"""A notebook as a page of the book: a copy, with links that lead to pages and with pictures as files of their own.

Nothing is taken away but the line of links to the notebooks before and after, which the book has at its own places.
"""

import base64
import posixpath
import re
from typing import Any, NamedTuple

from web.front import live
from web.repository import colab_cell, elsewhere

# Where nothing is a link: code and displayed formulas.
CODE = re.compile(r"(```.*?```|`[^`\n]*`|\$\$.*?\$\$)", re.DOTALL)
LINK = re.compile(r"""(\]\(|\b(?:href|src)=")([^)\s"]+)""")
NAVIGATION = re.compile(r"^\[(?:Previous: [^\]]*|Contents)\]\(.*\n*", re.MULTILINE)
MARK = re.compile(r'<a id="([\w-]+)"></a>\n*')

Notebook = dict[str, Any]


class Course(NamedTuple):
    """What a page has to know of the course around it."""

    repository: str | None = None  # OWNER/NAME on GitHub
    paper: bool = False  # is there a PDF of each notebook?
    marks: frozenset[str] = frozenset()  # places that links name, and that are no headings


# ---- Links


def link(target: str, folder: str, course: Course) -> str:
    """Return where the book has what the file in `folder` of the course calls `target`.

    What is no page is a file on GitHub; where that is not known, a copy of it in `files/`. Headings have the anchors
    that GitHub gives them, so lower case is all that the anchors of JupyterLab lack.
    """
    if re.match(r"\w+:", target):
        return target
    path, _, anchor = target.partition("#")
    if anchor in course.marks:
        return f"#{anchor}"
    if path:
        path = posixpath.normpath(posixpath.join(folder, path))
        if path.startswith(("notebooks/", "docs/")) and path.endswith((".ipynb", ".md")):
            path = posixpath.basename(path)
        elif path.endswith(".png"):
            path = f"pictures/{posixpath.basename(path)}"
        elif course.repository:
            path = f"https://github.com/{course.repository}/blob/HEAD/{path}"
        else:
            path = f"files/{path}"
    return path + (f"#{anchor.lower()}" if anchor else "")


def with_links(source: str, folder: str, course: Course) -> str:
    """Return Markdown whose links and pictures are those of the book."""
    pieces = CODE.split(source)  # text and code in turn
    pieces[::2] = [LINK.sub(lambda found: found[1] + link(found[2], folder, course), text) for text in pieces[::2]]
    return "".join(pieces)


def marks(notebook: Notebook) -> set[str]:
    """Return the names of the places that the notebook marks for links."""
    return {name for cell in notebook["cells"] if cell["cell_type"] == "markdown" for name in MARK.findall(text(cell))}


def with_marks(source: str) -> str:
    """Return Markdown whose marks are of the kind that Sphinx knows, but for one that repeats its own heading."""

    def mark(found: re.Match[str]) -> str:
        same = re.search(rf"^#+ {found[1]}$", source, re.MULTILINE | re.IGNORECASE)
        return "" if same else f"({found[1]})=\n\n"

    return MARK.sub(mark, source)


def with_formulas(source: str) -> str:
    """Return Markdown whose formulas in `<summary>`, which Markdown leaves as they are, are marked as formulas."""
    formula = r'<span class="math notranslate nohighlight">\\(\1\\)</span>'
    return re.sub(
        r"<summary>.*?</summary>", lambda found: re.sub(r"\$([^$]+)\$", formula, found[0]), source, flags=re.DOTALL
    )


def ways(name: str, course: Course) -> str:
    """Return the line of links under a page's title."""
    links = {"Open it live": f"../{live(name)}"}
    if course.repository:
        links |= elsewhere(course.repository, name)
    links["Download"] = f"notebooks/{name}.ipynb"
    if course.paper:
        links["PDF"] = f"../paper/{name}.pdf"
    line = " ".join(
        f'<a href="{place}"{" download" * (what == "Download")}>{what}</a>' for what, place in links.items()
    )
    if not course.repository:
        return f'<p class="ways">{line}</p>'
    cell = f"On Colab, put this cell before all others and run it: <code>{colab_cell(course.repository)}</code>"
    return f'<p class="ways">{line}<br><small>{cell}</small></p>'


# ---- Cells


def text(cell: dict[str, Any]) -> str:
    """Return a cell's source, which a file may hold as lines."""
    return "".join(cell["source"])


def page(notebook: Notebook, name: str, course: Course) -> tuple[Notebook, dict[str, bytes]]:
    """Return the copy that is a page, and its pictures by the names of their files."""
    cells: list[dict[str, Any]] = []
    pictures: dict[str, bytes] = {}
    for cell in notebook["cells"]:
        source = text(cell)
        if cell["cell_type"] == "code":
            shown, found = outputs(cell["outputs"], f"{name}-{len(pictures) + 1}")
            if "live.show(" in source:  # the line stands where the controls would
                line = f'<p class="live">live: <a href="../{live(name)}">open it</a> to move the sliders</p>'
                shown = [html_output(line), *shown]
            pictures |= found
            cells.append({**cell, "source": source, "outputs": shown})
        elif source := with_formulas(with_marks(with_links(NAVIGATION.sub("", source), "notebooks", course))):
            if not cells:
                source = with_ways(source, name, course)
            cells.append({**cell, "source": source})
    return {**notebook, "cells": cells}, pictures


def with_ways(source: str, name: str, course: Course) -> str:
    """Return the first cell with the line of links under its title."""
    under_title = rf"\g<0>\n\n{ways(name, course)}"
    return re.sub(r"^# .*$", under_title, source, count=1, flags=re.MULTILINE)


def outputs(shown: list[dict[str, Any]], name: str) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """Return a cell's outputs with its picture, if it has one, as a file of this name, and the file."""
    result: list[dict[str, Any]] = []
    pictures: dict[str, bytes] = {}
    for output in shown:
        data = output.get("data", {})
        if "image/png" in data:
            assert not pictures, f"{name}: two pictures in one cell"
            pictures[f"{name}.png"] = base64.b64decode("".join(data["image/png"]))
            result.append(html_output(figure("".join(data["text/html"]), f"pictures/{name}.png")))
        else:
            result.append(output)
    return result, pictures


def figure(shown: str, file: str) -> str:
    """Return the HTML in which a notebook shows a picture, with the picture in a file.

    The class that is added says that the picture looks as it should in the dark: else the theme would change it.
    """
    shown = re.sub(r'src="data:image/png;base64,[^"]*"', f'src="{file}"', shown)
    return re.sub(r'<img(?: class="([\w -]*)")?', lambda found: f'<img class="{found[1] or ""} dark-light"', shown)


def html_output(shown: str) -> dict[str, Any]:
    """Return an output that is HTML."""
    return {"output_type": "display_data", "metadata": {}, "data": {"text/html": shown}}
