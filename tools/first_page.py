"""Write web/first_page/numbers.json, all that the site's first page shows, so that building it needs no NumPy.

The network of its figure; answers with what `check` says of each; and names that notebook 11 invented, in the colours
that notebook 13 painted them in, which docs/gallery.png shows.
"""

import ast
import inspect
import json
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.colors import to_hex
from matplotlib.image import imread

from rnn_helpers import check, init_params

ROOT = Path(__file__).resolve().parents[1]
NUMBERS = ROOT / "web" / "first_page" / "numbers.json"
NOTEBOOK = ROOT / "notebooks" / "13_paint_a_name.ipynb"
GALLERY = ROOT / "docs" / "gallery.png"
EXERCISE = "step_back"
MISTAKES = ("dropped_carry", "squashed_again", "W_hh_not_transposed")
DIGITS = 3


def network(steps: int = 60, n_h: int = 16) -> dict[str, np.ndarray]:
    """Return weights, weak inputs, and a gradient that arrives at the last step; W_hh changes no length."""
    rng = np.random.default_rng(0)
    params = init_params(rng, n_x=2, n_h=n_h, n_y=1, recurrent="orthogonal", input_scale=0.1)
    x, dh_last = rng.standard_normal((steps, 2)), rng.standard_normal(n_h)
    return {"W_xh": params.W_xh, "W_hh": params.W_hh, "x": x, "dh_last": dh_last}


def answers() -> list[dict[str, Any]]:
    """Return wrong answers and the right one: the lines, which of them are wrong, and what the check says."""
    exercise = check.EXERCISES[EXERCISE]
    exchanges = {mistake.name: mistake.exchanges for mistake in exercise.mistakes}
    right = as_learners_write(inspect.getsource(exercise.reference))
    found = []
    for name in (*MISTAKES, ""):
        text = right
        for exchange in exchanges.get(name, ()):
            text = text.replace(exchange.right, exchange.wrong)
        lines, originals = text.splitlines(), right.splitlines()
        wrong = [i for i, line in enumerate(lines) if line != originals[i]]
        found.append({"mistake": name, "lines": lines, "wrong": wrong, "verdict": verdict("\n".join(lines)).message})
    return found


def as_learners_write(source: str) -> str:
    """Return a function under a learner's name, without type hints and docstring."""
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    arguments = ", ".join(argument.arg for argument in function.args.args)
    body = source.splitlines()[function.body[1].lineno - 1 :]
    return "\n".join([f"def my_{function.name}({arguments}):", *body])


def verdict(text: str) -> check.Verdict:
    """Return what the check says of an answer."""
    scope: dict[str, Any] = {"np": np}
    exec(text, scope)
    return getattr(check, EXERCISE)(scope[f"my_{EXERCISE}"])


def names(count: int = 12, columns: int = 6) -> list[tuple[str, str]]:
    """Return the first of the names in notebook 13's gallery, each with its colour."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    (source,) = [text for cell in cells if "invented = " in (text := "".join(cell["source"]))]
    written = ast.literal_eval(ast.parse(source).body[0].value).split(", ")  # type: ignore[attr-defined]
    picture = imread(GALLERY)
    height, width = picture.shape[0] / (len(written) / columns), picture.shape[1] / columns
    middle = [(int((i // columns + 0.4) * height), int((i % columns + 0.5) * width)) for i in range(count)]
    return [(name, to_hex(picture[place])) for name, place in zip(written, middle, strict=False)]


def main() -> None:
    """Write the file, a line for each of its parts."""
    rounded = {name: np.round(array, DIGITS).tolist() for name, array in network().items()}
    content = {"network": rounded, "answers": answers(), "names": names()}
    parts = [f"{json.dumps(name)}: {json.dumps(part, ensure_ascii=False)}" for name, part in content.items()]
    NUMBERS.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
    print(f"{NUMBERS.relative_to(ROOT)}: {', '.join(name for name, _ in content['names'])}")


if __name__ == "__main__":
    main()
