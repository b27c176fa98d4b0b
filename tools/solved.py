"""List who solved which exercise, from the notebooks that a class handed in.

python3 tools/solved.py FOLDER    read each notebook in FOLDER and below it, and write FOLDER/solved.csv

Nothing is run: what counts is the line that each check printed when its notebook was saved. The standard library
is enough, so any Python will do.
"""

import csv
import json
import re
import sys
from collections import Counter
from pathlib import Path

CHECK = re.compile(r"^check\.(?!solution\b)(\w+)\(", re.MULTILINE)
NOT_RUN = "Not run"  # the cell has no output: cleared, or never run


def verdicts(path: Path) -> dict[str, str]:
    """Return the line of each exercise's check in a notebook; where a check stands twice, the last one's."""
    found = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        match = CHECK.search("".join(cell["source"])) if cell["cell_type"] == "code" else None
        if match:
            texts = [output.get("data", {}).get("text/plain", "") for output in cell["outputs"]]
            found[match[1]] = "".join("".join(text) for text in texts) or NOT_RUN
    return found


def main(folder: Path) -> None:
    """Write one row for each notebook and exercise, and print for each exercise how many have solved it."""
    rows, unreadable = [], []
    for path in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        name = path.relative_to(folder).as_posix()
        try:
            rows += [(name, exercise, line.split(":")[0], line) for exercise, line in verdicts(path).items()]
        except (ValueError, KeyError, TypeError, AttributeError):
            unreadable.append(name)
    # The mark at the beginning tells spreadsheets that names are in UTF-8.
    with (folder / "solved.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("notebook", "exercise", "verdict", "line"), *rows])
    counts = Counter((exercise, verdict) for _, exercise, verdict, _ in rows)
    for exercise in dict.fromkeys(exercise for _, exercise, _, _ in rows):
        of = sum(count for (name, _), count in counts.items() if name == exercise)
        print(f"{exercise}: {counts[exercise, 'Correct']} of {of} correct")
    for name in unreadable:
        print(f"{name}: no notebook that can be read")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("Give the folder with the notebooks: python3 tools/solved.py FOLDER")
    main(Path(sys.argv[1]))
