"""List who solved which exercise, from the notebooks that a class handed in.

python3 tools/solved.py FOLDER            read each notebook in FOLDER and below it, and write FOLDER/solved.csv
python3 tools/solved.py --clean FOLDER    take the stored states of widgets out of them, before one is opened

Nothing is run: what counts is the line that each check printed when its notebook was saved. A file that cannot be read
gets a row that says why. The standard library is enough, so any Python will do.
"""

import csv
import json
import re
import stat
import sys
from collections import Counter
from pathlib import Path
from typing import Any

CHECK = re.compile(r"\bcheck\.(?!(?:solution|source|mine|judge)\b)(\w+)\(")
# Checks that stand in texts and comments are not called.
TEXT = re.compile(r'''("""|\'{3})(?s:.*?)\1|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\#.*''')
LINE = re.compile(r"(Correct|Not yet|Not written yet): ")
NOT_RUN = "Not run"  # the cell has no output: cleared, or never run
UNCLEAR = "Unclear: several checks in one cell, and more or fewer lines than checks. Look there."
UNREADABLE = "Unreadable"
LARGEST = 50_000_000  # bytes of a notebook
LONGEST = 1000  # characters of a line
# What a spreadsheet takes for a formula at the beginning of a cell; in some countries a semicolon begins one, too,
# and the wide signs of Chinese and Japanese count as well.
FORMULA = re.compile(r"(^|;)(\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])")


def notebooks(folder: Path) -> list[Path]:
    """Return all that is called as a notebook is, in order of name."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".ipynb")


def read(path: Path) -> Any:
    """Return what a notebook's JSON holds; ValueError says why it cannot be read."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # to open a pipe would wait for ever
            raise ValueError("a folder" if stat.S_ISDIR(found.st_mode) else "no file")
        if found.st_size > LARGEST:
            raise ValueError(f"more than {LARGEST // 1_000_000} MB")
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(error.strerror or "cannot be opened") from None
    try:
        return json.loads(content)
    except UnicodeDecodeError:
        raise ValueError("not written in UTF-8") from None
    except ValueError:
        raise ValueError("no notebook: its text is not JSON") from None
    except (RecursionError, MemoryError):
        raise ValueError("nested too deeply, or too large") from None


def verdicts(path: Path) -> dict[str, str]:
    """Return the line of each exercise's check in a notebook; where a check stands twice, the last one's."""
    found: dict[str, str] = {}
    notebook = read(path)
    try:
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                names = CHECK.findall(TEXT.sub("", "".join(cell["source"])))
                found.update(zip(names, lines(names, cell["outputs"]), strict=True))
    except (KeyError, TypeError, AttributeError):
        raise ValueError("no notebook: it has no cells as a notebook has") from None
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


def harmless(text: str) -> str:
    """Write a stranger's text so that it is text everywhere: no formula, no sign that cannot be seen or written."""
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."
    return FORMULA.sub(r"\1'\2", "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text))


def main(folder: Path) -> None:
    """Write one row for each notebook and exercise, and print for each exercise how many have solved it."""
    rows, unreadable = [], []
    for path in notebooks(folder):
        if ".ipynb_checkpoints" in path.parts:
            continue
        name = path.relative_to(folder).as_posix()
        try:
            rows += [(name, exercise, line.split(":")[0], line) for exercise, line in verdicts(path).items()]
        except ValueError as why:
            rows.append((name, "", UNREADABLE, str(why)))
            unreadable.append(harmless(f"{name}: {why}"))
    table = folder / "solved.csv"
    try:
        # The mark at the beginning tells spreadsheets that names are in UTF-8.
        with table.open("w", encoding="utf-8-sig", newline="") as file:
            head = ("notebook", "exercise", "verdict", "line")
            csv.writer(file).writerows([head, *(map(harmless, row) for row in rows)])
    except OSError as error:
        sys.exit(f"{table} cannot be written ({error.strerror}): is it open in another program?")
    counts = Counter((exercise, verdict) for _, exercise, verdict, _ in rows)
    for exercise in dict.fromkeys(exercise for _, exercise, _, _ in rows if exercise):
        of = sum(count for (name, _), count in counts.items() if name == exercise)
        print(f"{exercise}: {counts[exercise, 'Correct']} of {of} correct")
    for line in unreadable:
        print(line)


def clean(folder: Path) -> None:
    """Take out the stored states of widgets: JupyterLab runs code in them as soon as it opens a notebook."""
    for path in notebooks(folder):
        name = harmless(path.relative_to(folder).as_posix())
        try:
            notebook = read(path)
            if path.is_symlink():
                raise ValueError("a link to another place")
            if notebook["metadata"].pop("widgets", None) is not None:
                draft = path.with_name("solved_draft.json")  # so that nothing is lost if this is interrupted
                draft.write_text(json.dumps(notebook, indent=1) + "\n", encoding="utf-8")
                draft.replace(path)
                print(f"{name}: states of widgets taken out")
        except OSError as error:
            print(f"{name}: left as it is, do not open it ({error.strerror})")
        except (ValueError, KeyError, TypeError, AttributeError) as why:
            print(f"{name}: left as it is, do not open it ({why if isinstance(why, ValueError) else 'no notebook'})")


if __name__ == "__main__":
    do, given = (clean, sys.argv[2:]) if sys.argv[1:2] == ["--clean"] else (main, sys.argv[1:])
    if len(given) != 1 or not Path(given[0]).is_dir():
        sys.exit(
            "Give the folder with the notebooks: python3 tools/solved.py FOLDER, with --clean before it or without"
        )
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # not every terminal writes all names
    do(Path(given[0]))
