"""Build the site: a first page, the course in the browser, and the course as a book. `course.py site` calls this.

FOLDER/index.html     the first page (front.py)
FOLDER/live/          JupyterLite with the notebooks and the package (lite.py); live/lab/index.html opens them
FOLDER/book/          the same notebooks for reading (book.py)
FOLDER/paper/         a PDF of each notebook
"""

import argparse
import sys
import time
from pathlib import Path

from web import book, front, links, lite


def main() -> None:
    parser = argparse.ArgumentParser(prog="python3 course.py site", description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path("site"), help="where to write it")
    parser.add_argument(
        "--pyodide", type=Path, help="a folder with a Pyodide distribution, for a site without a network"
    )
    words = parser.parse_args()
    words.folder.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    lite.build(words.folder / "live", pyodide=words.pyodide)
    book.build(words.folder)
    front.build(words.folder)
    if found := links.complaints(words.folder):
        sys.exit("\n".join(["The site has links that lead nowhere:", *found]))
    size = sum(file.stat().st_size for file in words.folder.rglob("*") if file.is_file())
    print(f"{words.folder} holds the site: {size / 1e6:.0f} MB, in {time.monotonic() - start:.0f} s.")


if __name__ == "__main__":
    main()
