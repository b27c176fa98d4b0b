"""A PDF of each notebook for paper: its page of the book without what is around it, printed by Chromium or Chrome.

Solutions, hints and answers stay closed. Links within the page still work; those to other pages are words alone.
"""

import html
import json
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

BROWSERS = (
    "chromium",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
FLAGS = ["--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer", "--disable-background-networking"]
# The time on the page's own clock after which it is printed: formulas are set before. No real time is waited for.
FLAGS += ["--virtual-time-budget=10000"]


def find_browser() -> str | None:
    """Return the path of an installed Chromium or Chrome, or None."""
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


def write(book: Path, names: list[str], folder: Path, browser: str) -> None:
    """Write a PDF of each of these pages of the book to the folder, two at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda name: print_page(book / f"{name}.html", folder / f"{name}.pdf", browser), names))


def print_page(page: Path, pdf: Path, browser: str) -> None:
    """Print one page."""
    draft = page.with_suffix(".paper.html")  # beside the page, from where its pictures are found
    draft.write_text(for_paper(page.read_text(encoding="utf-8")), encoding="utf-8")
    flags = FLAGS + ["--no-sandbox"] * (hasattr(os, "geteuid") and os.geteuid() == 0)  # root's Chromium has none
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [browser, *flags, f"--user-data-dir={profile}", f"--print-to-pdf={pdf.resolve()}"]
        command.append(draft.resolve().as_uri())
        made = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    draft.unlink()
    if not pdf.is_file():
        raise RuntimeError(f"{browser} did not print {page}: {made.stderr}")


def for_paper(page: str) -> str:
    """Return a page of the book with its text alone, as paper needs it."""
    (title,) = re.findall(r"<title>(.*?) &#8212;", page)
    (article,) = re.findall(r"<article[^>]*>(.*?)</article>", page, re.DOTALL)
    scripts = re.findall(r"<script[^>]*>[^<]*MathJax[^<]*</script>|<script[^>]*tex-svg[^>]*></script>", page)
    return (
        f'<!DOCTYPE html><html lang="en" data-theme="light"><head><meta charset="utf-8"><title>{title}</title>'
        '<link rel="stylesheet" href="_static/pygments.css"><link rel="stylesheet" href="_static/paper.css">'
        f"<style>@page {{ @bottom-left {{ content: {json.dumps(html.unescape(title))} }} }}</style>"
        f"{''.join(scripts)}</head><body>{without_links(article)}</body></html>"
    )


def without_links(article: str) -> str:
    """Return the HTML without links to files, which a PDF would look for on the machine that made it."""
    return re.sub(r'(<a\b[^>]*?) href="(?!https?:|#)[^"]*"', r"\1", article)
