"""In a notebook a check shows its verdict and keeps what has passed; `check.mine` finds it, and says whose it is."""

import inspect
import re
import subprocess
import sys

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from learners import ask
from nbclient import NotebookClient

from rnn_helpers import check, plain, plain_gates, plain_memory
from rnn_helpers.check import EXERCISES

PLAIN_LINE = "The course's own answers are used here; yours take their place once their checks have passed."
START = "import numpy as np\nfrom rnn_helpers import check\n"
SOFTMAX = """\
def my_softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
"""
OTHER_SOFTMAX = SOFTMAX.replace("e / e", "1.0 * e / e")
STEP = "def my_step(x, t):\n    return x[t - 1]\n"


class Kernel:
    """A notebook's kernel that tests share, each in a folder and with names of its own."""

    def __init__(self):
        specs = KernelSpecManager(kernel_dirs=[])
        self.client = NotebookClient(
            nbformat.v4.new_notebook(),
            km=AsyncKernelManager(kernel_spec_manager=specs),
            timeout=120,
            allow_errors=True,
            extra_arguments=["--log-level=ERROR"],
        )

    def run(self, *sources, **how):
        """Run cells; return for each the texts that it shows, or the error in which it ends."""
        return [[text for _, text, _ in shown] for shown in self.outputs(*sources, **how)]

    def outputs(self, *sources, **how):
        """Return for each cell (type of output, text, HTML) of all that it shows."""
        found = []
        for source in sources:
            cell = nbformat.v4.new_code_cell(source)
            self.client.nb.cells = [cell]
            self.client.execute_cell(cell, 0, **how)
            found.append([self.parts(output) for output in cell.outputs])
        return found

    @staticmethod
    def parts(output):
        data = output.get("data", {})
        text = data.get("text/plain", output.get("text", output.get("evalue")))
        return output.output_type, text, data.get("text/html", "")


@pytest.fixture(scope="module")
def one_kernel():
    kernel = Kernel()
    with kernel.client.setup_kernel():
        yield kernel


@pytest.fixture
def kernel(one_kernel, tmp_path):
    tidy = f"import os, sys; os.chdir({str(tmp_path)!r}); sys.modules.pop('my_answers', 0);"
    assert one_kernel.run("get_ipython().reset()", tidy, START) == [[], [], []]
    return one_kernel


def last(kernel, *sources):
    """Run cells, and return the text that the last one shows."""
    (text,) = kernel.run(*sources)[-1]
    return text


def in_python(folder, source):
    """Run a script in the folder and return what it prints."""
    done = subprocess.run([sys.executable, "-c", source], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def file(tmp_path):
    return tmp_path / "my_answers.py"


@pytest.fixture
def before(tmp_path):
    return tmp_path / "my_answers_before.py"


# --- a verdict is shown wherever the check stands --------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "check.step(my_step)",
        "check.step(my_step);",
        "verdict = check.step(my_step)",
        "assert not check.step(my_step).passed",
        "check.step(my_step)\nx = 1",
        "for _ in range(1):\n    check.step(my_step)",
        "if check.step(my_step):\n    print('right')",
        "verdict = check.step(my_step)\nverdict",
        "verdict = check.step(my_step)\ndisplay(verdict)",
    ],
)
@pytest.mark.parametrize("store_history", [True, False], ids=["numbered", "as nbval runs it"])
def test_a_check_shows_its_verdict_once_wherever_it_stands(kernel, source, store_history):
    kernel.run("def my_step(x, t):\n    return x[t]")
    (((kind, text, html),),) = kernel.outputs(source, store_history=store_history)
    assert kind == "display_data"
    assert text.startswith("Not yet: my_step is one step late") and "One case in full" in html


def test_two_checks_of_a_cell_are_both_shown_in_their_order(kernel):
    kernel.run(STEP)
    cell = "check.step(my_step)\nprint('between')\ncheck.softmax(my_step)"
    first, between, second = kernel.run(cell)[0]
    assert first.startswith("Correct: my_step") and between == "between\n"
    assert second.startswith("Not yet: my_step takes (x, t)")


@pytest.mark.parametrize("store_history", [True, False], ids=["numbered", "as nbval runs it"])
def test_a_verdict_is_shown_again_in_a_later_cell(kernel, store_history):
    made, *later = kernel.run("v = check.step(len)", "v", "v", "display(v)", store_history=store_history)
    assert len(made) == 1 and later == [made] * 3


def test_a_verdict_of_an_earlier_cell_is_shown_beside_a_new_one(kernel):
    (old,), both = kernel.run("v = check.step(len)", "check.softmax(my_step := 3)\nv")
    assert both[1:] == [old] and both[0].startswith("Not yet: int")


def test_outside_a_notebook_nothing_is_printed_and_nothing_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert ask("step", plain.step).message == ask("step", lambda x, t: x[t - 1]).message.replace("<lambda>", "step")
    script = f"{START}{STEP}v = check.step(my_step)\nmine = check.mine('step')\nprint(v, mine, sep='\\n')"
    (tmp_path / "script.py").write_text(script)
    verdict, line = in_python(tmp_path, "import runpy; runpy.run_path('script.py', run_name='__main__')").splitlines()
    assert verdict.endswith(" on 3 cases, largest error 0.0e+00.") and line == PLAIN_LINE
    assert [path.name for path in tmp_path.iterdir()] == ["script.py"]


# --- an answer is kept -----------------------------------------------------------------------------------------


def test_a_passed_answer_can_be_imported_under_its_own_name_and_a_wrong_one_is_not_kept(kernel, file):
    assert last(kernel, SOFTMAX, "check.softmax(my_softmax)").endswith(" Kept as my_softmax in my_answers.py.")
    wrong = last(kernel, "def my_step(x, t):\n    return x[t]", "check.step(my_step)")
    assert wrong.endswith("notebook 00.") and "step" not in file.read_text()
    printed = in_python(file.parent, "import numpy as np; from my_answers import *; print(my_softmax(np.zeros(2)))")
    assert printed == "[0.5 0.5]\n"
    assert [path.name for path in file.parent.iterdir() if path.is_file()] == ["my_answers.py"]


ALL_SORTS = '''\
import numpy
import math as m
from functools import partial as part
from typing import NamedTuple
from numpy import exp
from rnn_helpers import IGNORE_INDEX, CellGrads as Grads, plots

EPS = np.finfo(float).eps
LOW = -np.inf
SIZES = {"a": (1, 2.5), "b": [True, None, "c"]}

class Row(NamedTuple):
    z: np.ndarray
    low: float = LOW

square = lambda z: z * z

def total(e, axis=-1):
    """Add up,

    and keep the axis."""
    return e.sum(axis=axis, keepdims=True)

def even(n):
    return n == 0 or odd(n - 1)

def odd(n):
    return n > 0 and even(n - 1)

summed = total

def my_softmax(z: numpy.ndarray, least=EPS, row=Row):
    text = """two
  lines"""
    assert len(text) == 11 and even(SIZES["a"][0] + 1) and m.pi > 3 and part and Grads and IGNORE_INDEX < 0
    assert plots.unrolled and least < 1e-9

    def inner():
        return exp(row(z).z - z.max(axis=-1, keepdims=True))

    e = inner()
    return (e + 0 * square(e)) / summed(e)
'''


def test_all_that_an_answer_uses_is_kept_with_it(kernel, file):
    text = last(kernel, ALL_SORTS, "z, h, unused = np.zeros(3), 4, 5", "check.softmax(my_softmax)")
    assert text.endswith("Kept as my_softmax in my_answers.py.")
    kept = file.read_text()
    assert "unused" not in kept and "from rnn_helpers import CellGrads as Grads" in kept
    assert "    from rnn_helpers import plots\n" in kept and '    LOW = float("-inf")\n' in kept
    assert '\n        and keep the axis."""\n' in kept
    assert in_python(file.parent, "import numpy as np; from my_answers import *; print(my_softmax(np.zeros(2)))")


def test_each_answer_of_the_course_can_be_kept(kernel, file):
    pages = {page.__name__: page for page in (plain, plain_memory, plain_gates)}
    functions = [f for page in pages.values() for f in vars(page).values() if inspect.isfunction(f)]
    answers = [f for f in functions if f.__module__ in pages]
    sources = "\n\n".join(map(inspect.getsource, answers))
    names = "Array, Callable, Counter, Mapping, Sequence"
    kernel.run(
        f"from rnn_helpers import *\nfrom rnn_helpers.gates import *\nfrom rnn_helpers.plain import {names}", sources
    )
    for name, exercise in EXERCISES.items():
        answer = exercise.reference
        own = inspect.getsource(answer).replace(f"def {answer.__name__}(", f"def my_{name}(")
        assert last(kernel, own, f"check.{name}(my_{name})").endswith(f"Kept as my_{name} in my_answers.py."), name
    assert in_python(file.parent, "import my_answers") == ""
    _, line = kernel.run(f"mine = check.mine(*{list(EXERCISES)})")[0]
    assert line == f"From my_answers.py, yours: {', '.join(EXERCISES)}."


def test_the_same_answer_again_changes_nothing_and_says_nothing_more(kernel, file):
    first, again = kernel.run(SOFTMAX + "check.softmax(my_softmax)", "check.softmax(my_softmax)")
    kept, made = file.read_bytes(), file.stat().st_ino
    assert first[0] == f"{again[0]} Kept as my_softmax in my_answers.py."
    assert last(kernel, SOFTMAX, "check.softmax(my_softmax)") == again[0]
    assert (file.read_bytes(), file.stat().st_ino) == (kept, made)


def test_another_answer_takes_the_place_of_the_one_before_which_is_not_lost(kernel, file, before):
    kernel.run(SOFTMAX, "check.softmax(my_softmax)", STEP, "check.step(my_step)")
    old = file.read_text()
    text = last(kernel, OTHER_SOFTMAX.replace("my_softmax", "mine_too"), "check.softmax(mine_too)")
    assert text.endswith(" Kept as mine_too in my_answers.py; the one before stands in my_answers_before.py.")
    new = file.read_text()
    assert "1.0 * e" in new and "def my_softmax" not in new and new.index("mine_too(z)") < new.index("my_step(x, t)")
    first, second = re.search(r"def answer_to_softmax.*?(?=\n\n\ndef )", old, re.DOTALL)[0], before.read_text()
    assert first in second and "mine_too" not in second
    kernel.run(SOFTMAX, "check.softmax(my_softmax)")
    assert before.read_text().startswith(second) and "mine_too" in before.read_text()
    assert file.read_text() == old


def test_answers_may_use_different_things_of_one_name(kernel, file):
    def with_helper(name, body, helper):
        return f"def helper(a):\n    return {helper}\n\ndef {name}:\n    return {body}"

    kernel.run(with_helper("my_step(x, t)", "helper(x)[t - 1]", "a"), "check.step(my_step)")
    kernel.run(with_helper("my_slope(h)", "helper(h)", "1 - a**2"), "check.tanh_slope(my_slope)")
    kernel.run("def my_step(x, t):\n    return x[int(my_slope(0)) * t - 1]\ncheck.step(my_step)")
    printed = in_python(file.parent, "from my_answers import *; print(my_step([5, 7], 2), my_slope(0.5))")
    assert printed == "7 0.75\n"
    assert kernel.run("mine = check.mine('step', 'tanh_slope')", "mine.step([5, 7], 2), mine.tanh_slope(0.5)")[1] == [
        "(7, 0.75)"
    ]


def test_a_kept_answer_that_another_one_uses_is_copied_into_it(kernel, file):
    kernel.run(SOFTMAX, "check.softmax(my_softmax)")
    cell = "def my_cell(params, x_t, h_prev):\n    h = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)\n"
    cell += "    return h, soft(h @ params.W_hy + params.b_y), None\ncheck.rnn_cell_forward(my_cell)"
    kernel.run("from my_answers import my_softmax as soft")
    assert last(kernel, cell).endswith("Kept as my_cell in my_answers.py.")
    kept = file.read_text()
    kernel.run("soft = check.mine('softmax').softmax")
    assert "Kept" not in last(kernel, cell) and file.read_text() == kept
    kernel.run(OTHER_SOFTMAX.replace("my_softmax", "renamed"), "check.softmax(renamed)")
    assert in_python(file.parent, "from my_answers import my_cell, renamed") == ""
    assert kernel.run("check.softmax(check.mine('softmax').softmax)")[0][-1].startswith("Correct: renamed agrees")


def test_text_of_the_learners_own_stays_as_it_is(kernel, file):
    kernel.run(SOFTMAX, "check.softmax(my_softmax)", STEP, "check.step(my_step)")
    made = file.read_text()
    own = "# mine: ü\nA = 1\n\ndef f():\n    return A  \n\n\n"
    changed = own + made.replace("my_softmax = answer", "B = 2; my_softmax = answer", 1) + "# the end"
    changed = changed.replace("\n\n\nB = 2", "\n# between\nB = 2").replace("_softmax()\n", "_softmax(); C = 3  # and\n")
    file.write_text(changed, encoding="utf-8")
    kernel.run(OTHER_SOFTMAX, "check.softmax(my_softmax)")
    slope = "def my_slope(h):\n    return 1 - h * h\n"
    assert last(kernel, slope, "check.tanh_slope(my_slope)").endswith("Kept as my_slope in my_answers.py.")
    new = file.read_text(encoding="utf-8")
    assert new.startswith(changed.replace("e / e", "1.0 * e / e")) and new.endswith(
        "\n# the end\n\n\ndef answer_to_tanh_slope():\n    def my_slope(h):\n        return 1 - h * h\n\n"
        "    return my_slope\n\n\nmy_slope = answer_to_tanh_slope()\n"
    )


OTHERS = "# the other notebook's\n"
WRITES_MEANWHILE = f"""\
import rnn_helpers.check.engine.keep as k
true = k.gather

def gather(*of):
    k.gather = true
    with open("my_answers.py", "w") as file:
        file.write({OTHERS!r})
    return true(*of)

k.gather = gather
"""


def test_two_notebooks_that_keep_answers_at_one_time_lose_none(kernel, file):
    text = last(kernel, STEP, WRITES_MEANWHILE, "check.step(my_step)")
    assert text.endswith(" Kept as my_step in my_answers.py.")
    kept = file.read_text()
    assert kept.startswith(OTHERS) and "my_step = answer_to_step()" in kept


def test_answers_that_take_turns_are_kept_before_only_once(kernel, before):
    turns = [text + "check.softmax(my_softmax)" for text in (SOFTMAX, OTHER_SOFTMAX)]
    kernel.run(*turns, turns[0])
    both = before.read_text()
    assert "Kept as" in last(kernel, *turns) and before.read_text() == both


def test_an_answer_with_windows_line_ends_is_kept_once(kernel, file):
    cell = "one = lambda h: (1 -\r\n  h**2)\r\ndef f(h):\r\n    return one(h)\r\n"
    assert last(kernel, cell, "check.tanh_slope(f)").endswith("Kept as f in my_answers.py.")
    assert "ept" not in last(kernel, "check.tanh_slope(f)").replace("kept ", "")


def test_an_answer_whose_line_was_deleted_gets_it_again(kernel, file):
    kernel.run(SOFTMAX, "check.softmax(my_softmax)", STEP, "check.step(my_step)")
    kept = file.read_text()
    file.write_text(kept.replace("\n\n\nmy_softmax = answer_to_softmax()", ""))
    assert "Kept as my_softmax" in last(kernel, "check.softmax(my_softmax)") and file.read_text() == kept


# --- what cannot be kept, and files that cannot be read or written ---------------------------------------------

UNKEPT = {
    "it is a lambda: write it with def": "f = lambda h: 1 - h**2",
    "it is an Odd: write a function with def": (
        "class Odd:\n    def __call__(self, h):\n        return 1 - h**2\nf = Odd()"
    ),
    "it uses ONE, an array that this notebook alone knows": "ONE = np.ones(1)\ndef f(h):\n    return ONE - h**2",
    "it uses one, an Odd that this notebook alone knows": (
        "class Odd:\n    def __repr__(self):\n        raise ValueError\none = Odd()\n"
        "def f(h):\n    return bool(one) - h**2"
    ),
    "it uses ONES, which is too long to be copied": "ONES = [1] * 5000\ndef f(h):\n    return ONES[0] - h**2",
    "f is made inside another function": (
        "def make(one):\n    def f(h):\n        return one - h**2\n    return f\nf = make(1)"
    ),
    "inner is made inside another function": (
        "def make():\n    def inner(h):\n        return h\n    return inner\ninner = make()\n"
        "def f(h):\n    return 1 - inner(h)**2"
    ),
    "f is decorated": "def same(f):\n    return f\n@same\ndef f(h):\n    return 1 - h**2",
    "the source of f is not to be found": "exec('def f(h):\\n    return 1 - h**2')",
    "two things that it uses are called f": "def f(h):\n    return h\ng = f\ndef f(h):\n    return 1 - g(h)**2",
    "away from this notebook it does not pass (Not yet: f raises": (
        "A = 1\ndef f(h):\n    return globals()['A'] - h**2"
    ),
    "it uses mine, a Mine that this notebook alone knows": (
        "mine = check.mine('tanh_slope')\ndef f(h):\n    return mine.tanh_slope(h)"
    ),
}


@pytest.mark.parametrize("why", UNKEPT)
def test_of_what_cannot_be_kept_it_is_said_why(kernel, file, why):
    text = kernel.run(UNKEPT[why], "check.tanh_slope(f)")[-1][-1]
    assert text.startswith("Correct: ") and f" It is not kept in my_answers.py, because {why}" in text
    assert text.endswith(".") and not file.exists()


def test_what_stands_in_a_file_already_is_not_kept_again(kernel, file):
    (file.parent / "own_file.py").write_text(STEP)
    text = last(kernel, "import sys; sys.path.insert(0, '')", "from own_file import my_step", "check.step(my_step)")
    assert "ept" not in text.replace("kept ", "") and not file.exists()
    assert "ept" not in last(kernel, "check.step(check.answers.step)") and not file.exists()


def test_a_name_that_the_file_has_for_something_else_is_not_given_twice(kernel, file):
    kernel.run("def f(x, t):\n    return x[t - 1]", "check.step(f)")
    old = file.read_text()
    says = "It is not kept in my_answers.py, because another f stands there: give this one a name of its own."
    assert last(kernel, "def f(h):\n    return 1 - h**2", "check.tanh_slope(f)").endswith(says)
    assert file.read_text() == old


BROKEN = {
    "my_answers.py has an error in line 2 (": b"x = 1\ndef f(:\n",
    "my_answers.py is not written in UTF-8": b"# caf\xe9\n",
    "my_answers.py has an error in line 1 (": b"x = '\0'\n",
    "my_answers.py cannot be read as Python (": b"x = " + b"-" * 100_000 + b"1\n",
}


@pytest.mark.parametrize("says", BROKEN)
def test_a_file_that_cannot_be_read_stays_as_it_is(kernel, file, says):
    file.write_bytes(BROKEN[says])
    (text,), shown = kernel.run(STEP + "check.step(my_step)", "mine = check.mine('step')")
    assert text.startswith("Correct: ")
    assert f" It is not kept in my_answers.py, because {says}" in text
    assert shown[0].startswith(says)
    assert shown[0].endswith(": until that is mended, the course's own answers are used here.")
    assert file.read_bytes() == BROKEN[says]


def test_a_file_that_cannot_be_opened_or_written_is_said_and_nothing_is_lost(kernel, file, before):
    file.mkdir()
    text = last(kernel, STEP, "check.step(my_step)")
    assert " because my_answers.py cannot be read (" in text and text.startswith("Correct: ")
    file.rmdir()
    kernel.run(STEP, "check.step(my_step)")
    old = file.read_text()
    (draft := file.parent / "my_answers_draft.py").touch()  # what a kernel leaves that is killed at the wrong moment
    text = last(kernel, SOFTMAX, "check.softmax(my_softmax)")
    assert text.startswith("Correct: ") and text.endswith(", because my_answers_draft.py is in the way: delete it.")
    draft.unlink()
    before.mkdir()
    text = last(kernel, STEP.replace("x[t", "x[-1 + t").replace(" - 1", ""), "check.step(my_step)")
    assert text.startswith("Correct: ") and " cannot be written (" in text
    assert file.read_text() == old


def test_an_error_that_nobody_foresaw_leaves_the_verdict(kernel, file):
    patch = "import rnn_helpers.check.engine.keep as k; true, k.gather = k.gather, lambda *_: 1 / 0"
    text = last(kernel, STEP, patch, "check.step(my_step)")
    kernel.run("k.gather = true")
    assert text.startswith("Correct: ") and text.endswith(
        " It is not kept in my_answers.py, because of an error there (ZeroDivisionError: division by zero)."
    )


def test_neither_a_check_nor_mine_runs_the_file(kernel, file):
    kernel.run(SOFTMAX, "check.softmax(my_softmax)", STEP, "check.step(my_step)")
    ran = "open('ran', 'w').close()"
    text = f"{ran}\n{file.read_text()}".replace("def answer_to_softmax():\n", f"def answer_to_softmax():\n    {ran}\n")
    file.write_text(text + f"\n{ran}\n")
    assert "Kept as" in last(kernel, "def my_slope(h):\n    return 1 - h * h\ncheck.tanh_slope(my_slope)")
    assert kernel.run("mine = check.mine('step')")[0][-1] == "From my_answers.py, yours: step."
    assert not (file.parent / "ran").exists()
    kernel.run("mine = check.mine('softmax')")
    assert (file.parent / "ran").exists()  # or the test would not notice


# --- mine ------------------------------------------------------------------------------------------------------


def test_without_answers_of_ones_own_the_plain_ones_are_used(kernel):
    shown, same, none = kernel.outputs("mine = check.mine('softmax', 'rnn_forward')", "mine", "check.mine('step')")
    assert shown == same == none
    ((kind, text, html),) = shown
    assert (kind, text) == ("display_data", PLAIN_LINE) and "border-left" in html
    assert kernel.run("mine.softmax is check.answers.softmax, sorted(vars(mine))[-2:]")[0] == [
        "(True, ['rnn_forward', 'softmax'])"
    ]


def test_the_learners_functions_are_used_and_shown_and_said_to_be_theirs(kernel):
    kernel.run(SOFTMAX, "check.softmax(my_softmax)", STEP, "check.step(my_step)", "del my_step")
    ((source, line),) = kernel.outputs("check.mine('softmax', 'rnn_forward', 'step')")
    assert source[1] == "Run from my_answers.py: softmax, step"
    assert "<details><summary>Run from my_answers.py: softmax, step</summary>" in source[2]
    assert "def my_softmax(z):" in source[2] and "return x[t - 1]" in source[2]
    says = "From my_answers.py, yours: softmax, step. The course's, until yours has passed: rnn_forward."
    assert line[1] == says and says.replace("'", "&#x27;") in line[2]
    ask = "import inspect; mine = check.mine('step'); print(mine.step([4, 5], 2), inspect.getsource(mine.step))"
    assert kernel.run(ask)[0][-1] == "5     def my_step(x, t):\n        return x[t - 1]\n\n"


TOGETHER = """
params = rnn.init_params(np.random.default_rng(0), 4, 3, 5)
x, h0 = np.random.default_rng(1).standard_normal((6, 2, 4)), np.ones((2, 3))
targets = np.random.default_rng(2).integers(0, 5, (6, 2))
h, y, _ = mine.rnn_forward(params, x, h0)
cache = rnn.SequenceCache(x, np.concatenate([h0[None], h]))
dlogits = mine.logits_gradient(h @ params.W_hy + params.b_y, targets)
dh, dW_hy, db_y = mine.output_backward(params.W_hy, h, dlogits)
_, _, dW_xh, dW_hh, db_h = mine.rnn_backward(params, cache, dh)
_, grads = rnn.loss_and_grads(params, x, targets, h0)
[bool(np.allclose(*pair)) for pair in zip(grads, (dW_xh, dW_hh, db_h, dW_hy, db_y))]
"""


def test_functions_of_ones_own_fit_together_as_mine_says(kernel):
    """Whatever cache a forward pass returns, and though its way back returns a plain tuple."""
    kernel.run(
        "import rnn_helpers as rnn",
        "def forward(params, x, h0=None):\n    h, y, _ = rnn.rnn_forward(params, x, h0)\n    return h, y, None",
        "def back(params, cache, dh):\n    return tuple(rnn.rnn_backward(params, cache, dh))",
        "check.rnn_forward(forward); check.rnn_backward(back)",
    )
    _, line = kernel.run("mine = check.mine('rnn_forward', 'logits_gradient', 'output_backward', 'rnn_backward')")[0]
    assert line.startswith("From my_answers.py, yours: rnn_forward, rnn_backward.")
    assert kernel.run(TOGETHER)[0] == [f"{[True] * 5}"]


def test_a_soft_name_finds_the_answer_by_its_exercise(kernel):
    kernel.run(SOFTMAX.replace("my_softmax", "soft"), "check.softmax(soft)")
    assert kernel.run("mine = check.mine('softmax')", "mine.softmax.__name__")[1] == ["'soft'"]


def test_an_answer_changed_by_hand_is_judged_again(kernel, file):
    kernel.run(SOFTMAX, "check.softmax(my_softmax)", STEP, "check.step(my_step)")
    kept = file.read_text()
    for right, wrong, why in (
        ("x[t - 1]", "x[t]", "Not yet: my_step is one step late"),
        ("    return my_step", "    return my_stepp", "it raises NameError before it is called (name 'my_stepp' is"),
        ("    return my_step", "    pass", "Not yet: NoneType is not a function"),
        ("    return my_step", "    raise SystemExit", "it raises SystemExit"),
    ):
        file.write_text(kept.replace(right, wrong))
        line = kernel.run("mine = check.mine('step', 'softmax')")[0][-1]
        own = "From my_answers.py, yours: softmax. The course's, until yours has passed: step. "
        assert line.startswith(f"{own}step in my_answers.py is not used: {why}")
        assert kernel.run("mine.step is check.answers.step")[0] == ["True"]
        alone = kernel.run("check.mine('step')")[0][-1]
        assert alone.startswith(f"{PLAIN_LINE} step in my_answers.py is not used: {why}")


@pytest.mark.parametrize("asked", ["'sofmax'", "'my_softmax'", "check.softmax", "3"])
def test_a_name_that_no_exercise_has_is_refused(kernel, asked):
    (text,) = kernel.run(f"check.mine('step', {asked})")[0]
    assert text.startswith("mine: no exercise is called ")
    assert ("; did you mean 'softmax'?" in text) is (asked[0] == "'")


def test_a_function_that_was_not_asked_for_is_told_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AttributeError, match=r"has no softmax: ask for it by name, as in check\.mine\('softmax'\)"):
        check.mine("step").softmax  # noqa: B018


def test_the_text_of_a_file_that_came_with_a_download_is_shown_as_text(kernel, file):
    file.write_text("def answer_to_step():\n    '<script>'\n    return lambda x, t: x[t - 1]\n")
    source, line = kernel.outputs("mine = check.mine('step')")[0]
    assert "&#x27;&lt;script&gt;" in source[2] and "<script" not in source[2]
    assert line[1] == "From my_answers.py, yours: step."


HIDDEN = "def answer_to_step():\n    return lambda x, t: x[t - 1]\n"


def test_what_stands_outside_of_the_text_that_is_shown_is_not_run(kernel, file):
    file.write_text(f"@(lambda f: open('ran', 'w').close() or f)\n{HIDDEN}")
    assert kernel.run("mine = check.mine('step')")[0] == [PLAIN_LINE]
    assert not (file.parent / "ran").exists()


def test_signs_that_turn_the_text_round_or_hide_it_are_shown(kernel, file):
    file.write_text(HIDDEN.replace("return", "'\u202e\u200b\x1b\té'\n    return"), encoding="utf-8")
    source, _ = kernel.outputs("mine = check.mine('step')")[0]
    assert "&#x27;\\u202e\\u200b\\x1b\té&#x27;\n    return" in source[2]


@pytest.mark.parametrize("text", ["a\nb", "long " * 1000, None])
def test_an_error_that_says_much_or_raises_when_asked_makes_one_short_line(kernel, file, text):
    says = f"class E(Exception):\n        def __str__(self):\n            return {text!r}\n    raise E\n"
    file.write_text(f"def answer_to_step():\n    {says}")
    _, line = kernel.run("mine = check.mine('step')")[0]
    assert line.startswith(f"{PLAIN_LINE} step in my_answers.py is not used: it raises E before it is called (")
    assert "\n" not in line and len(line) < 500
