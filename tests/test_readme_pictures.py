"""The README's pictures are what the package draws and the notebooks made: 11 invented the names, 13 painted them."""

import ast
import re

import nbformat
import notebook_rules as rules
import numpy as np
from notebook_rules import ROOT, load_tool
from pictures import pixels

from rnn_helpers import data

TOOL = load_tool(ROOT / "tools" / "readme_pictures.py")


def invented():
    """Return the names that notebook 13 says it has from notebook 11."""
    (cell,) = [cell for _, cell in rules.code_cells(nbformat.read(TOOL.NOTEBOOK, 4)) if "invented = " in cell.source]
    text = rules.syntax(cell).body[0].value
    return ast.literal_eval(text).split(", ")


def test_the_unrolled_network_is_as_the_package_draws_it():
    stored, drawn = (pixels(png).astype(float) for png in (TOOL.UNROLLED.read_bytes(), TOOL.unrolled().png()))
    assert stored.shape == drawn.shape
    # Processors may round the edges of letters differently; another batch size alone makes 0.06.
    assert np.abs(stored - drawn).mean() < 0.05, "run tools/readme_pictures.py"


def test_the_gallery_is_the_one_in_the_notebook():
    picture, _ = TOOL.stored_gallery()
    assert TOOL.GALLERY.read_bytes() == picture, "run tools/readme_pictures.py"


def test_the_readmes_words_for_them_are_the_pictures_own():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"!\[([^\]]*)\]\(docs/", readme) == [TOOL.unrolled().sentence, TOOL.stored_gallery()[1]]


def test_the_names_were_invented_in_notebook_11():
    notebook = nbformat.read(ROOT / "notebooks" / "11_it_writes.ipynb", 4)
    shown = {name for _, cell in rules.code_cells(notebook) for name in re.split(r"'|, |: |\n", rules.written(cell))}
    assert len(invented()) == len(set(invented())) >= 24
    assert set(invented()) - shown == set()


def test_nobody_had_given_these_names():
    names, _ = data.colour_names()
    assert set(invented()) & set(names) == set()


def test_notebook_00_begins_with_the_card_and_says_what_it_shows():
    first = nbformat.read(ROOT / "notebooks" / rules.START, 4).cells[0].source
    assert re.findall(r'<img src="\.\./docs/gallery\.png".* alt="(.*)">', first) == [TOOL.stored_gallery()[1]]
