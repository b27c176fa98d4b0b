"""The site's first page, which needs no kernel: first_page/index.html, filled in.

What its figure, its answers and its names show comes from first_page/numbers.json, which tools/first_page.py writes
from the package and the notebooks; titles and times come from README's table of contents.
"""

import json
import re
from html import escape
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

from web.repository import colab_cell, elsewhere, repository

ROOT = Path(__file__).resolve().parents[1]
PAGE = Path(__file__).parent / "first_page"
PART = r"\| \*\*(.+)\*\* \| \| \|"
ROW = r"\| \[(.+?)\]\(notebooks/(\w+)\.ipynb\) \| (.+) \| (\d+ minutes) \|"


class Row(NamedTuple):
    """A notebook in README's table of contents."""

    title: str
    name: str
    does: str
    time: str


def build(site: Path) -> None:
    """Write site/index.html; a notebook's PDF is offered where site/paper/ has it."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    numbers = json.loads((PAGE / "numbers.json").read_text(encoding="utf-8"))
    where = repository()
    page = Template((PAGE / "index.html").read_text(encoding="utf-8")).substitute(
        title=escape(re.search(r"^# (.+)$", readme, re.MULTILINE)[1]),
        summary=escape(summary(readme)),
        open=live(next(row.name for rows in contents(readme).values() for row in rows)),
        style=(PAGE / "page.css").read_text(encoding="utf-8"),
        script=(PAGE / "page.js").read_text(encoding="utf-8"),
        network=json.dumps(numbers["network"]),
        choices="\n".join(choice(i, answer) for i, answer in enumerate(numbers["answers"])),
        answers="\n".join(shown(i, answer) for i, answer in enumerate(numbers["answers"])),
        names="\n".join(
            f'<li><i style="--colour: {colour}"></i>{escape(name)}</li>' for name, colour in numbers["names"]
        ),
        pythons=re.search(r"Python (3\.\d+ to 3\.\d+)", readme)[1],
        commands=commands(where),
        folder="" if where else ", in the folder that the course was unpacked to",
        hosted=hosted(where),
        contents="\n".join(part(title, rows, site, where) for title, rows in contents(readme).items()),
        source=f' <a href="https://github.com/{where}">Source on GitHub</a>.' if where else "",
    )
    (site / "index.html").write_text(page, encoding="utf-8")


def summary(readme: str) -> str:
    """Return the two sentences with which README begins."""
    first = readme.split("\n\n")[1].replace("\n", " ")
    return ". ".join(first.split(". ")[:2]) + "."


def contents(readme: str) -> dict[str, list[Row]]:
    """Return {a part's title: its notebooks}, in reading order."""
    parts: dict[str, list[Row]] = {}
    for line in readme.splitlines():
        if found := re.fullmatch(PART, line):
            parts[found[1]] = []
        elif found := re.fullmatch(ROW, line):
            parts[list(parts)[-1]].append(Row(*found.groups()))
    return parts


def live(name: str) -> str:
    """Return where a notebook opens in the browser edition."""
    return f"live/lab/index.html?path=notebooks/{name}.ipynb"


# ---- what the check says


def choice(number: int, answer: dict[str, Any]) -> str:
    """Return the radio button that chooses an answer."""
    label = re.sub("_(?!hh)", " ", answer["mistake"]) or "no mistake"
    checked = " checked" if number == 0 else ""
    return f'<label><input type="radio" name="answer" value="{number}"{checked}> {escape(label)}</label>'


def shown(number: int, answer: dict[str, Any]) -> str:
    """Return an answer, its wrong lines marked, and the check's verdict on it."""
    lines = [escape(line) for line in answer["lines"]]
    code = "\n".join(f"<mark>{line}</mark>" if i in answer["wrong"] else line for i, line in enumerate(lines))
    first, _, rest = answer["verdict"].partition(":")
    kind, symbol = ("verdict correct", "✓") if first == "Correct" else ("verdict", "✗")
    said = f'<p class="{kind}"><strong>{symbol} {first}:</strong>{escape(rest)}</p>'
    return f'<div class="answer" data-answer="{number}">\n<pre tabindex="0"><code>{code}</code></pre>\n{said}\n</div>'


# ---- ways in, and the table of contents


def commands(where: str | None) -> str:
    """Return what installs the course and opens it."""
    clone = f"git clone https://github.com/{where}\ncd {where.partition('/')[2]}\n" if where else ""
    return clone + "python3 course.py"


def hosted(where: str | None) -> str:
    """Return how to run it on Colab and on Binder, which fetch it from GitHub; nothing where it is not there."""
    if not where:
        return ""
    binder = elsewhere(where, "00_start_here")["Binder"]
    return f"""<div>
<h3>On Colab or Binder</h3>
<p>Follow a notebook's Colab link below, put this cell before all others, and run it:</p>
<pre><code>{colab_cell(where)}</code></pre>
<p><a href="{binder}">Binder</a> needs no such cell. It keeps nothing, and ends after ten minutes without use.</p>
</div>"""


def part(title: str, rows: list[Row], site: Path, where: str | None) -> str:
    """Return the list of a part's notebooks."""
    items = [item(row, site, where) for row in rows]
    return "\n".join([f"<h3>{escape(title)}</h3>", "<ul>", *items, "</ul>"])


def item(row: Row, site: Path, where: str | None) -> str:
    """Return what a notebook is about, with the ways to open it."""
    links = {"Open": live(row.name), "Read": f"book/{row.name}.html"}
    if (site / f"paper/{row.name}.pdf").exists():
        links["PDF"] = f"paper/{row.name}.pdf"
    if where:
        links["Colab"] = elsewhere(where, row.name)["Colab"]
    # Twenty links of one name: a screen reader hears which notebook each opens.
    spoken = [f'<a href="{url}" aria-label="{word}: {escape(row.title)}">{word}</a>' for word, url in links.items()]
    title = f"{row.name.partition('_')[0]} {escape(row.title)}" + "." * (not row.title.endswith("?"))
    about = f"<span><strong>{title}</strong> {escape(row.does)} <small>{row.time}</small></span>"
    return f'<li>{about}<span class="links">{" ".join(spoken)}</span></li>'
