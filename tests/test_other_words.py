"""Notebooks 09 to 13b on other people's names: single words, capitals, Chinese, accents, few and very many.

Each notebook runs as it is, with `data.colour_names` replaced. Training is cut short, since what is learned from these
lists is compared with nothing: that every cell gets through is.
"""

import contextlib
import io
import itertools
import warnings

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from notebook_rules import ROOT

from rnn_helpers import data
from rnn_helpers.labs import paint

pytestmark = pytest.mark.ci


def names(count, parts, most, join=""):
    """Return so many different names of 2 to `most` parts."""
    rng = np.random.default_rng(0)
    found = {}
    while len(found) < count:
        found[join.join(rng.choice(parts, rng.integers(2, most + 1)))] = None
    return list(found)


SYLLABLES = [
    "ba",
    "cor",
    "di",
    "el",
    "fu",
    "gan",
    "hi",
    "jo",
    "ka",
    "lum",
    "mi",
    "nor",
    "po",
    "ra",
    "sil",
    "tu",
    "vex",
    "zo",
    "saurus",
]
LISTS = {
    "single words": names(120, SYLLABLES, 4),
    "capitals": names(150, [syllable.upper() for syllable in SYLLABLES], 3, join=" "),
    "Chinese": names(200, list("王李张刘陈杨赵黄周吴伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"), 3),
    "accents": names(150, ["José", "Zoë", "Ægir", "Łukasz", "ñandú", "Žofie", "Øy", "ça", "ü", "-"], 3),
    "300": names(300, SYLLABLES, 3),
    "30,000": names(30_000, SYLLABLES, 5),
}
# Most runs are as good after a few steps; notebook 10 looks at the hundredth.
STEPS = {"09": 8, "10": 101, "11": 8, "13": 8, "13b": 8}
# A colour for a name in capitals or with accents; that of a Chinese name is no question of its letters.
PAINTED = {"13": ("capitals", "accents"), "13b": ("capitals", "accents")}
NOTEBOOKS = {path.name.split("_")[0]: path for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
RUNS = [(number, name) for number in STEPS for name in PAINTED.get(number, LISTS)]


@pytest.fixture
def few_steps(monkeypatch):
    """Return a function that lets whatever trains see so many batches."""
    passes, windows, lessons = data.passes, data.windows, paint.lessons

    def cut_to(count):
        monkeypatch.setattr(data, "passes", lambda *rest: list(itertools.islice(passes(*rest), count)))
        monkeypatch.setattr(data, "windows", lambda *rest: list(itertools.islice(windows(*rest), count)))
        monkeypatch.setattr(paint, "lessons", lambda *rest, **more: lessons(*rest, **{**more, "passes": 1})[:count])

    return cut_to


@pytest.mark.parametrize(("number", "name"), RUNS, ids=lambda value: value)
def test_a_notebook_gets_through_with_other_names(number, name, few_steps, monkeypatch):
    others = LISTS[name]
    colours = np.random.default_rng(1).random((len(others), 3))
    monkeypatch.setattr(data, "colour_names", lambda: (list(others), colours))
    few_steps(STEPS[number])
    get_through(number)


PROSE = " ".join(["It was the best of times;", "it was the worst of times,", "so far like the present.\n"] * 25)  # 2 kB


@pytest.mark.parametrize("text", [*LISTS.values(), PROSE], ids=[*LISTS, "2 kB of prose"])
def test_notebook_12_gets_through_with_a_file_of_them(text, tmp_path):
    file = tmp_path / "my_words.txt"
    file.write_text(text if isinstance(text, str) else "\n".join(text), encoding="utf-8")
    namespace = get_through("12", ("path = None", f"path = {str(file)!r}"), ("min(900,", "min(24,"))
    assert namespace["source"].kind == ("text" if text is PROSE else "names")
    assert len(namespace["first"].losses) + len(namespace["second"].losses) == 24


def get_through(number, *exchanges):
    """Run all cells of a notebook, these texts exchanged in them, and return what it made."""
    plt.switch_backend("agg")
    namespace = {"__name__": "__main__"}
    cells = [cell for cell in nbformat.read(NOTEBOOKS[number], as_version=4).cells if cell.cell_type == "code"]
    for before, after in exchanges:
        (cell,) = [cell for cell in cells if before in cell.source]
        cell.source = cell.source.replace(before, after)
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for place, cell in enumerate(cells):
            try:
                exec(compile(cell.source, f"notebook {number}, code cell {place}", "exec"), namespace)
            except Exception as error:
                pytest.fail(f"notebook {number}, code cell {place}: {type(error).__name__}: {error}\n{cell.source}")
    plt.close("all")
    return namespace
