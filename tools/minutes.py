"""Print how many minutes each notebook takes, worked out by one rule for all.

python tools/minutes.py

The rule, after readers who were timed: 180 words a minute, half a minute for each displayed formula, four seconds a
line of code, six an output, a minute for each question that is answered before one reads on, two and a half for each
live figure, and for an exercise two minutes and one more for each line of its plain answer. What is folded away, the
first cell and solutions are not counted. What a notebook states is within a tenth of this (tests/test_minutes.py).
"""

import ast
import inspect
import json
import re
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORDS_A_MINUTE = 180
SECONDS_A_LINE, SECONDS_AN_OUTPUT = 4, 6
FORMULA, ASKED, LIVE, EXERCISE, ANSWER_LINE = 0.5, 1.0, 2.5, 2.0, 1.0  # minutes
LONGEST = 55
QUESTIONS = ("**Predict.**", "**Say it in a sentence.**")


def minutes(cells: list[dict], lines_of_answers: dict[str, int]) -> float:
    """Return how long the cells of a notebook take, given how many lines each exercise's answer has."""
    text = "\n".join(unfolded("".join(cell["source"])) for cell in cells[1:] if cell["cell_type"] == "markdown")
    code = [("".join(cell["source"]), bool(cell["outputs"])) for cell in cells if cell["cell_type"] == "code"]
    code = [(source, shows) for source, shows in code if not source.startswith("check.solution(")]
    exercises = {name for source, _ in code for name in re.findall(r"^check\.(\w+)\(my_", source, re.MULTILINE)}
    lines = sum(bool(line.strip()) for source, _ in code for line in source.splitlines())
    seconds = SECONDS_A_LINE * lines + SECONDS_AN_OUTPUT * sum(shows for _, shows in code)
    return (
        len(text.split()) / WORDS_A_MINUTE
        + seconds / 60
        + FORMULA * text.count("$$") / 2
        + ASKED * sum(text.count(question) for question in QUESTIONS)
        + LIVE * sum(source.count("live.show(") for source, _ in code)
        + sum(EXERCISE + ANSWER_LINE * lines_of_answers[name] for name in exercises)
    )


def unfolded(source: str) -> str:
    """Return Markdown without what is folded away."""
    return re.sub(r"<details>.*?</details>", "", source, flags=re.DOTALL)


def answer_lines() -> dict[str, int]:
    """Return how many lines of code each exercise's plain answer has, without its head and its docstring."""
    from rnn_helpers.check import EXERCISES

    def lines(function: object) -> int:
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
        return tree.end_lineno - tree.body[0].end_lineno

    return {name: lines(exercise.reference) for name, exercise in EXERCISES.items()}


def table(folder: Path) -> dict[str, float]:
    """Return {file name: minutes} of each notebook in a folder."""
    answers = answer_lines()
    paths = sorted(folder.glob("[0-9]*.ipynb"))
    return {path.name: minutes(json.loads(path.read_text(encoding="utf-8"))["cells"], answers) for path in paths}


if __name__ == "__main__":
    for name, worked_out in table(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "notebooks").items():
        print(f"{name:35} {worked_out:5.1f}")
