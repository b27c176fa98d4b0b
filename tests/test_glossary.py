"""docs/glossary.md: each line leads to a section that derives it, and the names in it exist."""

import importlib
import re
from functools import reduce

import pytest
from notebook_rules import ROOT, anchors, broken_links, headings, text_cells
from oracle import import_torch
from test_notebooks import COURSE

import rnn_helpers

PAGE = ROOT / "docs" / "glossary.md"
TEXT = PAGE.read_text(encoding="utf-8")
LETTERS, TERMS = (
    [[cell.strip() for cell in line[1:-1].split("|")] for line in part.splitlines() if "](../notebooks/" in line]
    for part in TEXT.partition("## Terms")[::2]
)
# PyTorch's names without a dot are those of arguments and of arrays; with one they begin at `torch`.
DOTTED = sorted({name for row in TERMS for name in re.findall(r"`([\w.]+\.\w+)`", row[3])})
HERE = sorted({name for row in TERMS for name in re.findall(r"`([\w.]+)`", row[2])})


def sections(name):
    """Return the headings of a notebook's sections."""
    return {text for _, cell in text_cells(COURSE[name]) for level, text in headings(cell.source) if level == 2}


def found(module, name):
    """Return what a dotted name means in a package, whose modules may have to be imported."""
    parts = name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        try:
            inner = importlib.import_module(".".join([module.__name__, *parts[:count]]))
        except ImportError:
            continue
        return reduce(getattr, parts[count:], inner)
    return reduce(getattr, parts, module)


@pytest.mark.parametrize("row", [*LETTERS, *TERMS], ids=lambda row: row[0])
def test_each_line_has_six_cells_and_names_a_section_that_exists(row):
    assert len(row) == 6 and all(row[:2])
    number, heading, file = re.fullmatch(
        r"\[(\d\d[abc]?), (.+)\]\(\.\./notebooks/([\w.]+)(?:#[\w-]+)?\)", row[5]
    ).groups()
    assert file.startswith(f"{number}_") and heading in sections(file)


def test_its_links_lead_somewhere_and_it_is_found_from_the_readme_and_from_00():
    assert broken_links(PAGE, TEXT, ROOT) == []
    assert "(docs/glossary.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert any("(../docs/glossary.md)" in cell.source for _, cell in text_cells(COURSE["00_start_here.ipynb"]))
    assert anchors(PAGE) == {"terms-letters-names", "letters", "terms"}


def test_no_line_stands_twice_and_terms_are_in_order():
    names = [row[0].lower() for row in TERMS]
    assert names == sorted(names) and len({row[0] for row in [*LETTERS, *TERMS]}) == len(LETTERS) + len(TERMS)


def test_every_field_of_the_parameters_is_among_the_letters():
    letters = " ".join(row[0] for row in LETTERS)
    assert all(f"`{field}`" in letters for field in rnn_helpers.RNNParams._fields)


@pytest.mark.parametrize("name", HERE)
def test_each_name_of_the_package_exists(name):
    assert found(rnn_helpers, name) is not None


@pytest.mark.parametrize("name", DOTTED)
def test_each_name_of_pytorch_exists(name):
    assert found(import_torch(), name) is not None


def test_pytorchs_layer_has_the_arrays_that_the_letters_name():
    torch = import_torch()
    arrays = dict(torch.nn.RNN(3, 5).named_parameters())
    by_letter = {row[0]: re.findall(r"`(\w+)`", row[3]) for row in LETTERS}
    assert arrays[by_letter["`W_xh`"][0]].shape == (5, 3) and arrays[by_letter["`W_hh`"][0]].shape == (5, 5)
    assert {name for letter in ("`W_xh`", "`W_hh`", "`b_h`") for name in by_letter[letter]} == set(arrays)


def test_a_name_that_does_not_exist_is_noticed():
    with pytest.raises(AttributeError):
        found(rnn_helpers, "dynamics.spectral_diameter")
