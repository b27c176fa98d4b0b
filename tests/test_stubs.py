"""Every stub of every notebook, filled in with a right answer and with each wrong one: the check beneath it knows.

The cells run in this process, in their order, each time in a namespace of its own. Only those run that an answer can
reach, and those that these build on. No answer changes what the others do, among them whole training runs, and each
of them runs when the notebooks themselves are tested.
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
from rnn_helpers.check.engine.exercise import wrong

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


def made(cell):
    """Return the names that a cell gives a value, with those inside its functions: rather too many than too few."""
    nodes = list(ast.walk(rules.syntax(cell)))
    return (
        {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        | {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        | {(node.asname or node.name).split(".")[0] for node in nodes if isinstance(node, ast.alias)}
    )


def concerned(cells, names):
    """Return the cells that define or mention the names, or what is made with them, and the cells these build on."""
    chosen, reached = set(), set(names)
    for place, cell in enumerate(cells):
        if reached & (named(cell) | made(cell)):
            chosen.add(place)
            reached |= made(cell)
    needed = set().union(*(named(cells[place]) for place in chosen))
    for place in reversed(range(len(cells))):
        if place in chosen or needed & made(cells[place]):
            chosen.add(place)
            needed |= named(cells[place])
    return [cells[place] for place in sorted(chosen)]


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


def run_cells(cells, answers):
    """Run the cells and return the verdict on each stub that was shown one."""
    namespace, verdicts = {"__name__": "__main__"}, {}
    for cell in cells:
        if isinstance(shown := run(cell, namespace, answers), Verdict):
            verdicts |= dict.fromkeys(named(cell) & answers.keys(), shown)
    return verdicts


def rounds(notebook):
    """Give round by round a wrong version for each stub, and None for one whose versions are used up."""
    found = stubs(notebook)
    for versions in zip_longest(*(EXERCISES[exercise].mistakes for exercise in found.values())):
        yield dict(zip(found, versions, strict=True))


def complaints(notebook):
    """Fill in right answers, then wrong ones round by round, and say what each check gets wrong."""
    found = stubs(notebook)
    cells = concerned([cell for _, cell in rules.code_cells(notebook)], found)
    right = {stub: EXERCISES[exercise].reference for stub, exercise in found.items()}
    verdicts = run_cells(cells, right)
    wrong = [f"no verdict on {stub}" for stub in found.keys() - verdicts]
    wrong += [f"a right {stub} gets {verdict}" for stub, verdict in verdicts.items() if not verdict.passed]
    for mistakes in rounds(notebook):
        answers = right | {stub: mistake.function for stub, mistake in mistakes.items() if mistake}
        for stub, verdict in run_cells(cells, answers).items():
            name, first = (mistake.name, "Not yet: ") if (mistake := mistakes[stub]) else (None, "Correct: ")
            if verdict.mistake != name or not verdict.message.startswith(first):
                wrong.append(f"{name} in {stub} gets {verdict}")
    return wrong


@every_notebook
def test_right_answers_are_called_right_and_each_wrong_one_by_its_name(notebook):
    assert complaints(notebook) == []


@every_notebook
def test_each_notebook_has_stubs(notebook):
    assert len(stubs(notebook)) >= 1


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


@pytest.mark.parametrize(
    ("sources", "runs"),
    [
        (["training = 1 / 0"], False),
        (["slope = my_tanh_slope(0.5)", "twice = 2 * slope", "if twice < 2:\n    raise ZeroDivisionError"], True),
        (["def slope(h):\n    return my_tanh_slope(h)", "slope(0.5) < 2 and 1 / 0"], True),
        (["size = 1 / 0", "def at():\n    return size", "my_tanh_slope(at())"], True),
        (["check = 1 / 0"], True),
    ],
)
def test_what_an_answer_reaches_and_what_that_builds_on_runs_and_nothing_else(sources, runs):
    with pytest.raises(ZeroDivisionError) if runs else contextlib.nullcontext():
        assert complaints(small_notebook(*sources, *GOOD)) == []


def test_a_version_that_gets_another_name_is_noticed(monkeypatch):
    twin = wrong("twin", "is a twin", lambda h: 1 - h)
    exercise = EXERCISES["tanh_slope"]._replace(mistakes=(*EXERCISES["tanh_slope"].mistakes, twin))
    monkeypatch.setitem(EXERCISES, "tanh_slope", exercise)
    assert any(line.startswith("twin in my_tanh_slope gets Not yet") for line in complaints(small_notebook(*GOOD)))
