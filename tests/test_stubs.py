"""Every stub of every notebook, filled in with a right answer and with each wrong one: the check beneath it knows.

The notebooks' cells run in this process, one namespace for each notebook, as Run All would run them.
"""

import ast
import contextlib
import io
from itertools import zip_longest

import matplotlib.pyplot as plt
import nbformat
import notebook_rules as rules
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from notebook_rules import ROOT

from rnn_helpers.check import EXERCISES, Verdict
from rnn_helpers.check.exercise import Mistake

NOTEBOOKS = {path.stem: nbformat.read(path, as_version=4) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
every_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS.values(), ids=list(NOTEBOOKS))


@pytest.fixture(autouse=True)
def no_window():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def stubs(notebook):
    """Return {the learner's function: the exercise} for each check of a function that a cell defines."""
    defined = {
        node.name
        for _, cell in rules.code_cells(notebook)
        for node in rules.syntax(cell).body
        if isinstance(node, ast.FunctionDef) and "NotImplementedError" in ast.unparse(node)
    }
    checks = [call for _, cell in rules.code_cells(notebook) for call in rules.calls(cell, "check")]
    return {
        rules.dotted(call.args[0]): name
        for name, call in checks
        if name != "solution" and call.args and rules.dotted(call.args[0]) in defined
    }


def named(cell):
    """Return the names that a cell mentions."""
    return {node.id for node in ast.walk(rules.syntax(cell)) if isinstance(node, ast.Name)}


def run(cell, namespace, answers):
    """Run a cell and return its last expression's value; put the answers in place of the stubs that it defines."""
    tree = rules.syntax(cell)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    allowed = contextlib.suppress(Exception) if rules.tagged(cell, "raises-exception") else contextlib.nullcontext()
    with contextlib.redirect_stdout(io.StringIO()), allowed:
        exec(compile(tree, "<cell>", "exec"), namespace)
        namespace.update(
            {name: f for name, f in answers.items() if name in {getattr(n, "name", "") for n in tree.body}}
        )
        return eval(compile(ast.Expression(last.value), "<cell>", "eval"), namespace) if last else None
    return None


def run_cells(cells, namespace, answers):
    """Run the cells and return the verdict on each stub that was shown one."""
    verdicts = {}
    for cell in cells:
        if isinstance(shown := run(cell, namespace, answers), Verdict):
            verdicts |= dict.fromkeys(named(cell) & answers.keys(), shown)
    return verdicts


def rounds(notebook):
    """Give round by round a wrong version for each stub; a stub whose versions are used up keeps its last one."""
    found = stubs(notebook)
    for versions in zip_longest(*(EXERCISES[exercise].mistakes for exercise in found.values())):
        chosen = zip(found.items(), versions, strict=True)
        yield {stub: version or EXERCISES[exercise].mistakes[-1] for (stub, exercise), version in chosen}


def complaints(notebook):
    """Fill in right answers, then wrong ones, and say what each check gets wrong.

    The whole notebook runs twice: rightly and wrongly filled in. For the other wrong versions, the cells that
    mention a stub run again.
    """
    found, cells = stubs(notebook), [cell for _, cell in rules.code_cells(notebook)]
    about = [cell for cell in cells if named(cell) & found.keys()]
    answers = {stub: EXERCISES[exercise].reference for stub, exercise in found.items()}
    verdicts = run_cells(cells, {"__name__": "__main__"}, answers)
    wrong = [f"no verdict on {stub}" for stub in found.keys() - verdicts]
    wrong += [f"a right {stub} gets {verdict}" for stub, verdict in verdicts.items() if not verdict.passed]
    namespace = {"__name__": "__main__"}
    for number, mistakes in enumerate(rounds(notebook)):
        answers = {stub: mistake.function for stub, mistake in mistakes.items()}
        namespace |= answers if number else {}
        for stub, verdict in run_cells(about if number else cells, namespace, answers).items():
            name = mistakes[stub].name
            if verdict.passed or verdict.mistake != name or not verdict.message.startswith("Not yet: "):
                wrong.append(f"{name} in {stub} gets {verdict}")
    return wrong


@every_notebook
def test_right_answers_are_called_right_and_each_wrong_one_by_its_name(notebook):
    assert complaints(notebook) == []


@every_notebook
def test_each_notebook_has_stubs(notebook):
    assert len(stubs(notebook)) >= 3


def test_every_exercise_has_its_stub_in_one_notebook():
    assert sorted(name for notebook in NOTEBOOKS.values() for name in stubs(notebook).values()) == sorted(EXERCISES)


# --- the test is tested ----------------------------------------------------------------------------------------

TWO_STUBS = """from rnn_helpers import check

def my_tanh_slope(h):
    raise NotImplementedError

def my_bias_gradient(dz_t):
    raise NotImplementedError"""


def small_notebook(*sources):
    return new_notebook(cells=[new_code_cell(source) for source in (TWO_STUBS, *sources)])


GOOD = ("check.tanh_slope(my_tanh_slope)", "check.bias_gradient(my_bias_gradient)")


def test_a_good_notebook_has_no_complaints():
    assert complaints(small_notebook(*GOOD)) == []


@pytest.mark.parametrize(
    ("planted", "complaint"),
    [
        ("check.bias_gradient(lambda dz_t: 2 * my_bias_gradient(dz_t))", "a right my_bias_gradient gets Not yet"),
        ("check.bias_gradient(check.answers.bias_gradient), my_bias_gradient", "no verdict on my_bias_gradient"),
        ("my_bias_gradient = check.answers.bias_gradient\ncheck.bias_gradient(my_bias_gradient)", "gets Correct"),
        ("check.bias_gradient(my_bias_gradient)\nmy_bias_gradient = None", "no verdict on my_bias_gradient"),
    ],
)
def test_a_check_that_is_not_asked_about_its_stub_is_noticed(planted, complaint):
    notebook = small_notebook(GOOD[0], "if False:\n    check.bias_gradient(my_bias_gradient)", planted)
    assert any(complaint in line for line in complaints(notebook))


def test_a_version_that_gets_another_name_is_noticed(monkeypatch):
    twin = Mistake("twin", "is a twin", lambda h: 1 - h)
    exercise = EXERCISES["tanh_slope"]._replace(mistakes=(*EXERCISES["tanh_slope"].mistakes, twin))
    monkeypatch.setitem(EXERCISES, "tanh_slope", exercise)
    assert any(line.startswith("twin in my_tanh_slope gets Not yet") for line in complaints(small_notebook(*GOOD)))
