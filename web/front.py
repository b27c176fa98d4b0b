"""The site's first page, which needs no kernel."""

from pathlib import Path


def build(site: Path) -> None:
    """Write site/index.html and what it shows."""
