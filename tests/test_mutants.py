"""The list of changes that no test notices is readable and up to date, and the command that holds it says what is not.

The changes themselves are tried by `python3 course.py mutants`, not here.
"""

import tomllib

import pytest
from notebook_rules import ROOT, load_tool

tool = load_tool(ROOT / "tools" / "mutants.py")
LISTED = tool.read_list(tool.LIST.read_text(encoding="utf-8"))
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]

DIFF = """# rnn_helpers.params.x_init_params__mutmut_15: survived
--- rnn_helpers/params.py
+++ rnn_helpers/params.py
@@ -35,7 +35,7 @@
     for name, size in sizes:
-        if size < 1:
+        if size <= 1:
             raise ValueError(size)
"""
MUTANT = tool.Mutant("params", "init_params", "        if size < 1:", "        if size <= 1:")
REASON = "because\n  of this"
OTHER = tool.Mutant("cell", "rnn_cell_forward", "    return x", "    return None\n    # y")


def test_the_core_is_what_is_changed():
    core = {"validate", "fast", "params", "output", "cell", "rnn", "gradcheck", "optim"}
    assert {path.split("/")[-1] for path in SETTINGS["only_mutate"]} == {f"{name}.py" for name in core}
    for path in SETTINGS["only_mutate"] + SETTINGS["pytest_add_cli_args_test_selection"]:
        assert (ROOT / path).exists()


def test_every_line_of_the_list_still_stands_where_it_says():
    for mutant in LISTED:
        source = (ROOT / "rnn_helpers" / f"{mutant.module}.py").read_text(encoding="utf-8")
        assert f"def {mutant.function}(" in source, mutant
        assert mutant.before in source, mutant


def test_every_listed_change_has_its_reason():
    assert LISTED
    for mutant, reason in LISTED.items():
        assert len(reason.split()) >= 4 and reason != "why?", mutant
    text = tool.LIST.read_text(encoding="utf-8")
    assert text.count("```diff") == len(LISTED), "an entry that cannot be read, or one that stands twice"


def test_a_change_is_read_from_its_name_and_its_diff():
    assert tool.parsed("rnn_helpers.params.x_init_params__mutmut_15", DIFF) == MUTANT
    method = tool.parsed("rnn_helpers.gradcheck.xǁGradientReportǁpassed__mutmut_1", DIFF)
    assert method.function == "passed"


def test_the_list_is_read_as_it_is_written():
    text = f"# Title\n\nSome words.\n\n## params\n\n{tool.entry(MUTANT, REASON)}\n## cell\n"
    text += f"\n{tool.entry(OTHER, 'because of that')}"
    assert tool.read_list(text) == {MUTANT: "because of this", OTHER: "because of that"}


def test_results_are_read_and_what_was_not_tried_is_left_out():
    text = "    rnn_helpers.a.x_f__mutmut_1: killed\n    rnn_helpers.a.x_f__mutmut_2: no tests\n    b: not checked\n"
    assert tool.results(text) == {"rnn_helpers.a.x_f__mutmut_1": "killed", "rnn_helpers.a.x_f__mutmut_2": "no tests"}


@pytest.mark.parametrize(
    ("count", "survivors", "listed", "code", "says"),
    [
        (100, {MUTANT: "survived"}, {MUTANT: "why"}, 0, "100 changes, 99.0% noticed; 1 survive, 0 of them not listed."),
        (100, {MUTANT: "survived"}, {}, 1, "Not listed, in params (survived):\n- `init_params`: why?"),
        (100, {}, {MUTANT: "why"}, 1, "Listed, but it does not survive, in params:"),
        (10, {MUTANT: "survived"}, {MUTANT: "why"}, 1, "10 changes, 90.0% noticed"),
        (0, {}, {}, 1, "0 changes"),
    ],
)
def test_the_command_fails_on_what_the_list_lacks_on_what_it_has_too_much_and_on_too_many(
    capsys, count, survivors, listed, code, says
):
    assert tool.report(count, survivors, listed) == code
    assert says in capsys.readouterr().out
