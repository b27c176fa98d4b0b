"""What a learner sees: a verdict in text and in HTML, a case in full, a solution."""

import html
import inspect
import re

import pytest
from learners import ask, every_exercise, stub, whole_max
from nbconvert import HTMLExporter, LatexExporter
from nbformat.v4 import new_code_cell, new_notebook, new_output

import rnn_helpers as rnn
from rnn_helpers import check, output, plain
from rnn_helpers.check import EXERCISES, Solution, Verdict
from rnn_helpers.check.engine import compare
from rnn_helpers.check.engine.exercise import Package
from rnn_helpers.check.engine.verdict import highlighted

PRE = '<pre style="word-break: normal">'  # or JupyterLab breaks long lines within words


def test_a_verdict_reads_as_one_line_of_text():
    verdict = Verdict(False, "Not yet: f is wrong.", "unknown")
    assert repr(verdict) == str(verdict) == verdict.message


@pytest.mark.parametrize(("first", "symbol"), [("Correct", "✓"), ("Not written yet", "○"), ("Not yet", "✗")])
def test_a_verdict_in_html_has_a_symbol_and_a_border(first, symbol):
    page = Verdict(True, f"{first}: <b>f</b> & more: so", None)._repr_html_()
    assert symbol in page and "border-left" in page
    assert "&lt;b&gt;f&lt;/b&gt; &amp; more: so" in page and "<b>" not in page
    assert " color:" not in page  # the theme's own colour, on light and on dark


def test_what_a_learner_wrote_is_escaped():
    def f(z):
        raise ValueError("<script>alert('x')</script>")

    f.__name__ = "<img src=x>"
    page = ask("softmax", f)._repr_html_()
    assert "<script" not in page and "<img" not in page and "&lt;script&gt;" in page


def test_a_wrong_answer_unfolds_the_first_wrong_case_in_full():
    verdict = ask("tanh_backward", lambda h_t, dh_t: 1 - h_t**2)
    page = html.unescape(verdict._repr_html_())
    case = page[page.index(f"<details><summary>One case in full</summary>{PRE}") :]
    for line in (
        "h_t, shape (1, 2):\n[[ 0.5 -0.8]]",
        "dh_total, shape (1, 2):\n[[2. 3.]]",
        "dz_t, expected, shape (1, 2):\n[[1.5  1.08]]",
        "dz_t, yours, shape (1, 2):\n[[0.75 0.36]]",
    ):
        assert line in case
    assert "<details>" not in ask("tanh_backward", plain.tanh_backward)._repr_html_()
    assert "<details>" not in ask("softmax", stub)._repr_html_()


def test_the_case_in_full_is_one_that_is_wrong():
    page = ask("softmax", whole_max)._repr_html_()
    assert "z, shape (5, 4):" in page and "-300000." in page and "nan" in page


def test_a_verdict_is_three_things_whether_or_not_it_unfolds_a_case():
    verdict = ask("tanh_backward", lambda h_t, dh_t: dh_t.copy())
    passed, message, mistake = verdict
    assert verdict == Verdict(passed, message, mistake)


@every_exercise
def test_a_case_in_full_shows_every_argument_and_every_output(name):
    exercise = EXERCISES[name]
    page = html.unescape(ask(name, exercise.mistakes[0].function)._repr_html_())
    fields = [f"params.{field}" for field in rnn.RNNParams._fields]
    arguments = [part for part in inspect.signature(exercise.reference).parameters if part != "targets"]
    for argument in arguments:
        wanted = fields if argument == "params" else [argument]
        assert all(part in page for part in wanted), argument
    for leaf in compare.leaves(exercise.returns):
        assert f"{leaf.name}, expected" in page and f"{leaf.name}, yours" in page


def test_both_displays_carry_text_and_html():
    for shown in (ask("softmax", rnn.softmax), check.solution(check.softmax)):
        bundle = shown._repr_mimebundle_(include=None, exclude=None)
        assert bundle.pop("text/latex", None) == (None if isinstance(shown, Verdict) else shown._repr_latex_())
        assert bundle == {"text/plain": repr(shown), "text/html": shown._repr_html_()}


def test_a_solution_stays_closed_in_an_exported_page_and_is_left_out_of_a_pdf():
    shown = new_output("display_data", check.solution(check.softmax)._repr_mimebundle_())
    notebook = new_notebook(cells=[new_code_cell("", outputs=[shown])])
    page, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)
    assert page.index("<details><summary>Solution") < page.index("exp</span>")
    latex, _ = LatexExporter().from_notebook_node(notebook)
    assert "The solution is in the notebook" in latex and "np.exp" not in latex


def test_a_solution_is_closed_and_the_packages_own_way_is_closed_within():
    solution = check.solution(check.softmax)
    answer, own = inspect.getsource(plain.softmax), inspect.getsource(output.softmax)
    package = EXERCISES["softmax"].package
    place = "The package's own way: rnn_helpers/output.py, softmax"
    assert repr(solution) == (f"Solution: rnn_helpers/plain.py, softmax\n\n{answer}\n{package.why}\n\n{place}\n\n{own}")
    own_place = "<p>From <code>rnn_helpers/output.py, softmax</code></p>"
    inner = f"<details><summary>The package&#x27;s own way</summary>{highlighted(own)}{own_place}</details>"
    assert solution._repr_html_() == (
        f'<div style="padding-left: 6px"><details><summary>Solution</summary>{highlighted(answer)}'
        "<p>From <code>rnn_helpers/plain.py, softmax</code></p>"
        f"<p>{html.escape(package.why)}</p>{inner}</details></div>"
    )


def test_a_source_is_shown_once_with_its_words_marked_for_the_pages_theme():
    source = check.source(plain.softmax)
    text = inspect.getsource(plain.softmax)
    assert source._repr_mimebundle_() == {"text/plain": text, "text/html": highlighted(text)}
    marked = highlighted("def f(x):\n    return x < 'a'\n")
    assert '<span style="font-style: italic"># why</span>' in highlighted("# why\n")
    assert marked.startswith(f'<div class="highlight">{PRE}') and '<span class="k">def</span>' in marked
    assert html.unescape(re.sub("<[^>]+>", "", marked)) == "def f(x):\n    return x < 'a'\n"


def test_a_solution_without_another_way_is_the_answer_alone():
    page = check.solution(check.step)._repr_html_()
    assert page.count("<details>") == page.count("<p>") == 1


def test_the_packages_own_way_can_be_several_functions_of_several_files():
    package = Package((rnn.cross_entropy, rnn.softmax, rnn.rnn_cell_forward), "It is longer.")
    text = repr(Solution(plain.cross_entropy, package))
    wanted = "way: rnn_helpers/output.py, cross_entropy, softmax; rnn_helpers/cell.py, rnn_cell_forward\n"
    assert wanted in text
    places = [text.rindex(f"def {name}(") for name in ("cross_entropy", "softmax", "rnn_cell_forward")]
    assert places == sorted(places)


def softmax(z):
    """Have the name of a check, and be none."""


@pytest.mark.parametrize("thing", [3, None, rnn.softmax, check.answers.softmax, softmax, check.judge, check.Verdict])
def test_a_solution_of_what_is_no_check_is_refused(thing):
    with pytest.raises(TypeError, match=r"solution: expected a check, such as check\.softmax, got "):
        check.solution(thing)
