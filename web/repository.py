"""Where the course is on GitHub: the workflow that runs knows it, and so does a clone."""

import os
import re
import subprocess
from pathlib import Path

NAME = r"[\w.-]+/[\w.-]+?"
# As git writes it for https and for both spellings of ssh.
REMOTE = rf"(?:https://(?:[^/@]+@)?|ssh://git@|git@)github\.com[:/]({NAME})(?:\.git)?/?"


def repository() -> str | None:
    """Return OWNER/NAME on GitHub, from the workflow or from the clone's remote; None where there is neither."""
    if given := os.environ.get("GITHUB_REPOSITORY"):
        return given if re.fullmatch(NAME, given) else None
    asked = ["git", "-C", str(Path(__file__).parent), "remote", "get-url", "origin"]
    try:
        remote = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):  # no Git, no clone, or no remote
        return None
    return on_github(remote.strip())


def on_github(remote: str) -> str | None:
    """Return OWNER/NAME from the address of a remote, None if that is not on GitHub."""
    found = re.fullmatch(REMOTE, remote)
    return found[1] if found else None


def elsewhere(where: str, name: str) -> dict[str, str]:
    """Return where Binder and Colab open a notebook."""
    return {
        "Binder": f"https://mybinder.org/v2/gh/{where}/HEAD?urlpath=lab/tree/notebooks/{name}.ipynb",
        "Colab": f"https://colab.research.google.com/github/{where}/blob/HEAD/notebooks/{name}.ipynb",
    }


def colab_cell(where: str) -> str:
    """Return the cell that makes a notebook of the course run on Colab, which fetches the notebook alone.

    Colab has all that the package needs, some of it older than the package asks for. Those versions work, and Colab's
    page is made for them: a newer ipywidgets would not be, so nothing else is installed.
    """
    return f"%pip install --quiet --no-deps git+https://github.com/{where}"
