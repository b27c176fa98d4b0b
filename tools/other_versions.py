"""Print the learner's packages at other versions than the pinned ones, as a requirements file for pip.

    python tools/other_versions.py oldest    the oldest that pyproject.toml allows
    python tools/other_versions.py newest    whatever is newest

What pyproject.toml says nothing of, such as JupyterLab, stays at its pin among the oldest.
"""

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def other_versions(which: str) -> list[str]:
    """Return a requirement for each of the learner's packages."""
    bounds = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.split()[0] for line in lines if "==" in line.split("#")[0]]
    names = list(dict.fromkeys(pin.partition("==")[0] for pin in pins))
    if which == "newest":
        return names
    oldest = {bound.partition(" ")[0]: bound.replace(" >=", "==") for bound in bounds}
    return [oldest.get(name) or next(pin for pin in pins if pin.startswith(name + "==")) for name in names]


if __name__ == "__main__":
    if sys.argv[1:] not in (["oldest"], ["newest"]):
        sys.exit(__doc__)
    print("\n".join(other_versions(sys.argv[1])))
