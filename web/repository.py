"""Where the course is on GitHub: the workflow that runs knows it, and so does a clone."""

import os
import re
import subprocess
from pathlib import Path

NAME = r"[\w.-]+/[\w.-]+?"
# As git writes it for https and for both spellings of ssh.
REMOTE = rf"(?:https://(?:[^/@]+@)?|ssh://git@|git@)github\.com(?::\d+)?[:/]({NAME})(?:\.git)?/?"


def repository() -> str | None:
    """Return OWNER/NAME on GitHub, from the workflow or from the clone's remote; None where there is neither."""
    if given := os.environ.get("GITHUB_REPOSITORY"):
        return given if re.fullmatch(NAME, given) else None
    try:
        asked = ["git", "-C", str(Path(__file__).parent), "remote", "get-url", "origin"]
        remote = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):  # no Git, no clone, or no remote
        return None
    found = re.fullmatch(REMOTE, remote)
    return found[1] if found else None


def colab_cell(where: str) -> str:
    """Return the cell that makes a notebook of the course run on Colab, which fetches the notebook alone."""
    return f"%pip install --quiet git+https://github.com/{where}"
