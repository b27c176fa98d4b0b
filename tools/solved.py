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
from typing import Any

CHECK = re.compile(r"\bcheck\.(?!(?:solution|mine|judge)\b)(\w+)\(")
# Checks that stand in texts and comments are not called.
TEXT = re.compile(r'''("""|\'{3})(?s:.*?)\1|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\#.*''')
LINE = re.compile(r"(Correct|Not yet|Not written yet): ")
NOT_RUN = "Not run"  # the cell has no output: cleared, or never run
UNCLEAR = "Unclear: several checks in one cell, and more or fewer lines than checks. Look there."


def verdicts(path: Path) -> dict[str, str]:
    """Return the line of each exercise's check in a notebook; where a check stands twice, the last one's."""
    found: dict[str, str] = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            names = CHECK.findall(TEXT.sub("", "".join(cell["source"])))
            found.update(zip(names, lines(names, cell["outputs"]), strict=True))
    return found


def lines(names: list[str], outputs: list[dict[str, Any]]) -> list[str]:
    """Return for each check of a cell the line that it printed; they came one after the other."""
    texts = ["".join(output.get("data", {}).get("text/plain", "")) for output in outputs]
    printed = [text for text in texts if LINE.match(text)]
    ended_early = any(output["output_type"] == "error" for output in outputs)
    if len(set(names)) == 1:
        return [(printed or [NOT_RUN])[-1]] * len(names)
    if len(printed) == len(names) or not printed or (ended_early and len(printed) < len(names)):
        return printed + [NOT_RUN] * (len(names) - len(printed))
    return [UNCLEAR] * len(names)


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
