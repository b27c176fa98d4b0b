"""The course as a book for reading, and a PDF of each notebook for paper."""

from pathlib import Path


def build(site: Path) -> None:
    """Write site/book/ and site/paper/."""
