"""The order of the notebooks and their three parts, from the one place that has them: README's table of contents."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"

ROW = re.compile(r"^\| (?:\*\*(?P<part>.+?)\*\*|\[.+?\]\(notebooks/(?P<notebook>\w+)\.ipynb\)) \|", re.MULTILINE)


def section(readme: str) -> str:
    """Return what stands under the heading Contents, with the heading."""
    found = re.search(r"^## Contents\n.*?(?=^## |^### |\Z)", readme, re.MULTILINE | re.DOTALL)
    assert found, "README has no section Contents"
    return found[0]


def parts(readme: str) -> dict[str, list[str]]:
    """Return {a part's title: the names of its notebooks}, both in reading order."""
    found: dict[str, list[str]] = {}
    for row in ROW.finditer(section(readme)):
        if row["part"]:
            found[row["part"]] = notebooks = []
        else:
            notebooks.append(row["notebook"])
    return found


def opening(readme: str) -> str:
    """Return README's first paragraphs, but for those with links, and its table of contents."""
    head = readme.partition("\n## ")[0].split("\n\n")
    table = section(readme).split("\n\n")[:2]
    return "\n\n".join([text for text in head if not re.search(r"(?<!!)\[[^\]]*\]\(", text)] + table) + "\n"
