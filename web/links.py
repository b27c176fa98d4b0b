"""The checker of a built site: every link leads somewhere, and no page needs a network."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """The ids of a page, what its links name, and the files that it loads by itself."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what one element names."""
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.add(values["id"])
        if tag == "a" and "href" in values:
            self.links.add(values["href"])
        if "src" in values:
            self.loaded.add(values["src"])
        if tag == "link" and values.get("rel") == "stylesheet":
            self.loaded.add(values["href"])


def complaints(folder: Path) -> list[str]:
    """Return a line for each link within the folder that leads nowhere, and for each file from a network."""
    paths = [path for path in sorted(folder.rglob("*.html")) if "_static" not in path.parts]  # there lie templates
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in paths}
    found = []
    for path, page in pages.items():
        where = path.relative_to(folder)
        found += [f"{where} loads {place}" for place in sorted(page.loaded) if urlsplit(place).netloc]
        named = sorted(page.links | page.loaded)
        found += [f"{where} links to {place}" for place in named if leads_nowhere(path, place, folder, pages)]
    return found


def leads_nowhere(path: Path, place: str, folder: Path, pages: dict[Path, Page]) -> bool:
    """Return whether the page at `path` names a file of the folder, or a place in one, that is not there."""
    parts = urlsplit(place)
    if parts.scheme or parts.netloc:
        return False
    file = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not file.is_relative_to(folder.resolve()):
        return False  # the site around it
    if file.is_dir():
        file /= "index.html"
    anchor = unquote(parts.fragment)
    return not file.is_file() or bool(anchor and file in pages and anchor not in pages[file].ids)
