"""A PDF of each notebook, printed by Chromium from its page of the book."""

import shutil
from pathlib import Path

def find_browser() -> str | None:
    return shutil.which("chromium")

def write(book, names, folder, browser):
    pass
