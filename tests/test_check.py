"""The exercises: right answers pass however they are written, wrong ones are named, and each can be looked up."""

import functools
import importlib
import inspect
import json
import math
import pydoc
import re
import subprocess
import sys
import time
from collections import Counter

import answers_of_a_learner
import answers_of_an_engineer
import answers_of_beginners
import answers_of_programmers
import answers_of_strangers
import numpy as np
import pytest
from learners import ask, every_exercise, in_float32
from notebook_rules import ROOT
from right_answers import OTHERWISE, forward_in_an_array_of_float64
from wrong_answers import READERS_WROTE, THE_ARTICLE_DOES, log_sum_exp_loss, network, through_time

import rnn_helpers as rnn
from rnn_helpers import check
from rnn_helpers.check import EXERCISES
from rnn_helpers.check.draws import draws, state
from rnn_helpers.check.engine import attempt, sandbox
from rnn_helpers.check.engine.exercise import Exercise, Output, Section, table, wrong
from rnn_helpers.check.shared import COURSE
from rnn_helpers.plant import Exchange

LARGE = [
    "rnn_cell_forward",
    "rnn_forward",
    "cross_entropy",
    "rnn_cell_backward",
    "rnn_backward",
    "loss_and_grads",
    "logits_gradient",
]


# --- each exercise ---------------------------------------------------------------------------------------------


@every_exercise
def test_help_says_what_to_do_with_what_and_what_comes_back(name):
    exercise, shown = EXERCISES[name], " ".join(pydoc.plain(pydoc.render_doc(getattr(check, name))).split())
    names = ", ".join(
        parameter.name + ("" if parameter.default is parameter.empty else f"={parameter.default}")
        for parameter in inspect.signature(exercise.reference).parameters.values()
    )
    arguments, result = " ".join(exercise.arguments.split()), " ".join(exercise.result.split())
    asked = f"{name}(function: object) -> rnn_helpers.check.engine.verdict.Verdict Judge `{name}({names})`: "
    takes = f"Parameters ---------- function : the learner's, of {arguments} "
    gives = f"Returns ------- Verdict : passed if the function returns {result}"
    assert f"{asked}{exercise.task} {takes}{gives}" in shown
    assert exercise.task.endswith(".") and name in check.__all__


@every_exercise
def test_cases_differ_in_all_sizes_and_begin_with_a_small_one(name):
    cases = EXERCISES[name].cases()
    sizes = [sum(np.size(a) for part in case for a in (part if isinstance(part, tuple) else [part])) for case in cases]
    assert sizes[0] <= 200
    for case in cases:
        for part in case:
            if isinstance(part, rnn.RNNParams):
                n_x, n_h = part.W_xh.shape
                assert len({n_x, n_h, len(part.b_y)}) == 3
                assert all(np.abs(array).min() > 0 for array in part)


@every_exercise
def test_a_solution_shows_the_plain_answer_and_after_a_second_click_the_packages_own_way(name):
    exercise, solution = EXERCISES[name], check.solution(getattr(check, name))
    answer, page = inspect.getsource(exercise.reference), f"{exercise.reference.__module__.replace('.', '/')}.py"
    assert len(answer.splitlines()) <= 25 and page.startswith("rnn_helpers/plain")
    first, click, second = repr(solution).partition("\nThe package's own way: ")
    assert first.startswith(f"Solution: {page}, {exercise.reference.__name__}\n\n{answer}")
    if exercise.package is None:
        assert not click and first == repr(solution)
        return
    assert first.endswith(f"{answer}\n{exercise.package.why}\n")
    assert exercise.package.why.endswith(".") and len(exercise.package.why) <= 160
    assert all(inspect.getsource(function) in second for function in exercise.package.functions)


def test_importing_the_checks_plants_no_mistake():
    code = """
from rnn_helpers import plant
def refused(*_):
    raise SystemExit("planted")
plant.plant = plant.with_exchanges = plant.exchanged = plant.overlap = refused
from rnn_helpers import check, plain
print(len(check.EXERCISES))
check.EXERCISES["softmax"].mistakes[0].function
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (run.stdout, run.stderr) == (f"{len(EXERCISES)}\n", "planted\n")


# --- right answers ---------------------------------------------------------------------------------------------


@every_exercise
def test_the_plain_answer_passes(name):
    verdict = ask(name, EXERCISES[name].reference)
    assert verdict.passed and verdict.mistake is None
    said = EXERCISES[name].reference.__name__
    assert verdict.message.startswith(f"Correct: {said} agrees with the package on ")


# Where the package's own function is asked in another way than the exercise's.
ASKED_OTHERWISE = {"logits_gradient", "adam_step", "sampling_step", "train_on_windows", "orthogonal"}
ASKED_OTHERWISE |= {"no_memory_loss", "recall_batch", "input_first", "weight_gradient"}


@every_exercise
def test_the_packages_own_function_passes(name):
    package = EXERCISES[name].package
    if package and name not in ASKED_OTHERWISE:
        verdict = ask(name, package.functions[0])
        assert verdict.passed, verdict
        promised = [f"takes {what}" for what in package.takes] + ["keeps float32"] * package.keeps_float32
        assert all(promise in verdict.message for promise in promised)
    elif package:
        assert not package.keeps_float32 and not package.takes


@pytest.mark.parametrize(("name", "function"), OTHERWISE)
def test_a_right_answer_written_otherwise_passes_in_float32_too(name, function):
    verdict = ask(name, function)
    assert verdict.passed, verdict
    verdict = ask(name, in_float32(function))
    assert verdict.passed or name in COUNTS, verdict


COUNTS = ("count_parameters", "sampling_step", "recall_batch")  # their answers are integers


def test_a_list_of_pythons_zeros_is_as_right_as_one_of_floats():
    def memory_curve(h, u, lags):
        curve = EXERCISES["memory_curve"].reference(h, u, lags)
        return [share or 0 for share in curve.tolist()]  # as max(0, share) gives it

    assert ask("memory_curve", memory_curve).passed


def test_every_exercise_is_answered_in_another_way_too():
    assert {name for name, _ in OTHERWISE} == EXERCISES.keys()


BEYOND = [
    (rnn.rnn_forward, "(Beyond the exercise, it also keeps float32 and takes token ids as x.)"),
    (
        in_float32(rnn.rnn_forward),
        "(Beyond the exercise, it also keeps float32; the package also takes token ids as x, which yours need not.)",
    ),
    (
        forward_in_an_array_of_float64,
        "(Beyond the exercise, the package also keeps float32 and takes token ids as x, which yours need not.)",
    ),
]


@pytest.mark.parametrize(("function", "says"), BEYOND)
def test_what_the_package_promises_beyond_the_exercise_is_said_and_not_demanded(function, says):
    verdict = ask("rnn_forward", function)
    assert verdict.passed and verdict.message.endswith(says), verdict


@every_exercise
def test_a_check_is_fast(name):
    exercise = EXERCISES[name]
    for function, seconds in ((exercise.reference, 0.5), (exercise.mistakes[-1].function, 1.5)):
        started = time.process_time()  # of this process alone: the machine may be busy
        ask(name, function)
        assert time.process_time() - started < seconds


# --- wrong answers ---------------------------------------------------------------------------------------------


@every_exercise
def test_each_wrong_version_fails_and_is_named(name):
    for mistake in EXERCISES[name].mistakes:
        verdict = ask(name, mistake.function)
        assert not verdict.passed and verdict.message.startswith("Not yet: "), mistake.name
        # Two versions that compute the same would show here: the later one gets the earlier one's name.
        assert verdict.mistake == mistake.name, verdict
        assert mistake.says in verdict.message
        assert "expected" in verdict.message or " It raises " in verdict.message
        assert verdict.message.endswith(f". See {mistake.section or own_section(name)}.")


# What no exchange of text makes out of the plain answer: another order of what comes back, another algorithm.
VERSIONS = {("rnn_forward", "cache_first"), ("sampling_step", "never_frozen")}
VERSIONS |= {(name, "truncated") for name in ("rnn_backward", "mended_walk", "loss_and_grads")}


@every_exercise
def test_a_mistake_is_an_exchange_in_the_plain_answer_but_for_a_listed_few(name):
    for mistake in EXERCISES[name].mistakes:
        assert mistake.name.isidentifier() and not mistake.says.endswith("."), mistake
        assert bool(mistake.exchanges) is (mistake.version is None) is ((name, mistake.name) not in VERSIONS), mistake
        assert callable(mistake.function), mistake


@every_exercise
def test_enough_mistakes_are_known(name):
    known = {mistake.name for mistake in EXERCISES[name].mistakes}
    assert len(known) >= (15 if name in LARGE else 8 if "01" <= EXERCISES[name].notebook <= "06" else 5)


@every_exercise
def test_wrong_versions_leave_their_arguments_alone_and_print_nothing(name):
    """They are run without the sandbox when a mistake is looked for."""
    exercise = EXERCISES[name]
    cases = exercise.cases()
    for mistake in exercise.mistakes:
        done = sandbox.run(mistake.function, cases, attempt.argument_names(exercise), 5.0)
        assert not done.printed_lines and not any(outcome.changed for outcome in done.outcomes), mistake.name


@every_exercise
def test_no_wrong_version_passes_in_float32(name):
    exercise = EXERCISES[name]
    cases = exercise.cases()
    expected = attempt.answers_of(exercise.reference, exercise, cases)
    for mistake in exercise.mistakes:
        done = sandbox.run(in_float32(mistake.function), cases, attempt.argument_names(exercise), 5.0)
        assert not attempt.Attempt(exercise, COURSE, cases, expected, done.outcomes).all_right(), mistake.name


@pytest.mark.parametrize(("name", "function", "mistake"), READERS_WROTE)
def test_what_readers_wrote_is_recognised(name, function, mistake):
    verdict = ask(name, function)
    assert not verdict.passed and mistake in (None, verdict.mistake), verdict


@pytest.mark.parametrize("fault", THE_ARTICLE_DOES)
def test_what_the_article_does_is_recognised(fault):
    name, function, mistake, says = THE_ARTICLE_DOES[fault]
    verdict = ask(name, function)
    assert verdict.mistake == mistake and says in verdict.message, verdict


def test_the_pieces_that_readers_mistakes_are_made_of_are_right():
    assert ask("rnn_backward", through_time()).passed
    assert ask("cross_entropy", log_sum_exp_loss(lambda z: z.max(axis=-1, keepdims=True))).passed
    assert ask("loss_and_grads", network(through_time())).passed


@pytest.mark.parametrize(
    "name",
    [
        *("whole_array_max", "article_softmax", "columns", "one_row_for_all", "no_maximum"),
        *("ignored_as_class_0", "ignored_as_last_class", "divided_by_rows", "divided_by_batch"),
    ],
)
def test_a_mistake_of_the_loss_is_known_in_the_gradients_too_and_said_to_be_where_it_is(name):
    wrong_loss, wrong_gradient = (
        next(mistake.function for mistake in EXERCISES[exercise].mistakes if mistake.name == name)
        for exercise in ("cross_entropy", "logits_gradient")
    )
    for pieces, where in (
        ({"loss": wrong_loss}, "(in the loss)"),
        ({"gradient": wrong_gradient}, "(in the gradients)"),
        ({"loss": wrong_loss, "gradient": wrong_gradient}, "(in loss and gradients)"),
    ):
        verdict = ask("loss_and_grads", network(through_time(), **pieces))
        assert verdict.mistake == name and f" {where}. " in verdict.message, verdict
        assert "goes wrong in" not in verdict.message, verdict


# What people publish and ask about, and what the article does -> the names it has in each exercise where it can occur.
PUBLISHED = {
    "initial state ignored": {
        "scalar_forward": "h0_ignored",
        "rnn_forward": "h0_ignored",
        "run_in_two": "h0_ignored state_not_carried",
        "rnn_backward": "h0_ignored dh0_zero",
        "loss_and_grads": "initial_state_ignored h0_ignored",
    },
    "carry from the next step dropped": dict.fromkeys(("step_back", "rnn_backward", "loss_and_grads"), "dropped_carry"),
    "carry added after the slope": dict.fromkeys(("step_back", "rnn_backward", "loss_and_grads"), "misplaced_carry"),
    "upstream gradient forgotten": dict.fromkeys(
        (
            *("softmax_backward", "tanh_backward", "bias_gradient", "rnn_cell_backward"),
            *("step_back", "rnn_backward", "loss_and_grads"),
        ),
        "upstream_forgotten",
    ),
    "slope of an already squashed state": dict.fromkeys(
        ("tanh_slope", "tanh_backward", "rnn_cell_backward", "step_back", "rnn_backward", "loss_and_grads"),
        "squashed_again",
    ),
    "W_hh not transposed on the way back": dict.fromkeys(
        ("rnn_cell_backward", "step_back", "rnn_backward", "loss_and_grads"), "W_hh_not_transposed"
    ),
    "h_t in place of h_(t-1) in dW_hh": dict.fromkeys(
        ("rnn_cell_backward", "rnn_backward", "loss_and_grads"), "h_t_for_h_prev"
    ),
    "wrap-around where h0 is not stored": dict.fromkeys(("rnn_backward", "loss_and_grads"), "wrap_around"),
    "maximum of the whole array": dict.fromkeys(
        ("softmax", "rnn_cell_forward", "rnn_forward", "cross_entropy", "logits_gradient", "loss_and_grads"),
        "whole_array_max",
    ),
    "no maximum": dict.fromkeys(
        ("softmax", "rnn_cell_forward", "rnn_forward", "cross_entropy", "logits_gradient", "sampling_step"),
        "no_maximum",
    ),
    "a maximum that begins at 0": dict.fromkeys(
        (
            *("softmax", "rnn_cell_forward", "rnn_forward", "cross_entropy", "logits_gradient", "loss_and_grads"),
            "sampling_step",
        ),
        "maximum_from_zero",
    ),
    "the loss without a logarithm": dict.fromkeys(("cross_entropy", "loss_and_grads"), "no_logarithm"),
    "one over the slope": {
        "tanh_slope": "inverted",
        **dict.fromkeys(("tanh_backward", "rnn_cell_backward", "step_back", "rnn_backward"), "divided"),
        "loss_and_grads": "divided",
    },
    "the article's softmax": dict.fromkeys(
        ("softmax", "rnn_cell_forward", "rnn_forward", "cross_entropy", "logits_gradient", "loss_and_grads"),
        "article_softmax one_row_for_all",
    ),
    "axes swapped": {
        "step": "batch_axis",
        "one_hot": "swapped_axes features_first",
        "softmax": "columns axis_1",
        "softmax_backward": "columns axis_1",
        "rnn_cell_forward": "columns article_layout",
        "rnn_forward": "time_and_batch_swapped time_last article_layout over_samples softmax_over_time",
        "output_backward": "bias_batch_only",
        "bias_gradient": "wrong_axis",
        "rnn_backward": "time_and_batch_swapped",
    },
    "bias gradient not summed": {
        "bias_gradient": "not_summed",
        "output_backward": "bias_not_summed bias_one_axis",
        "rnn_cell_backward": "bias_not_summed",
        "rnn_backward": "bias_not_summed bias_over_batch_only",
        "loss_and_grads": "bias_not_summed bias_over_batch_only output_bias_not_summed",
    },
    "mean and sum mixed": {
        "cross_entropy": "sum_not_mean ignored_in_mean",
        "logits_gradient": "not_averaged ignored_in_mean",
        "output_backward": "bias_mean weights_mean averaged",
        "bias_gradient": "mean",
        "rnn_cell_backward": "bias_mean averaged",
        "rnn_backward": "bias_mean averaged averaged_over_batch averaged_over_time",
        "loss_and_grads": "sum_not_mean loss_summed gradients_not_averaged averaged",
    },
    "misplaced bias": {
        "scalar_forward": "bias_after_tanh",
        "rnn_cell_forward": "bias_after_tanh output_bias_after_softmax",
        "rnn_forward": "bias_after_tanh output_bias_after_softmax",
        "rnn_cell_backward": "bias_from_dh",
        "rnn_backward": "bias_from_dh",
        "loss_and_grads": "bias_after_tanh bias_from_dh",
    },
    "the article: biases are columns": {
        "from_article": "biases_not_flat",
        "bias_gradient": "column kept_axis",
        "output_backward": "bias_kept_axis",
        "rnn_cell_backward": "bias_column bias_kept_axis",
        "rnn_backward": "bias_column bias_kept_axis",
        "loss_and_grads": "bias_column bias_kept_axis",
    },
    "the article: the slope itself is dx, and dx is not returned": {
        "rnn_cell_backward": "article_backward no_dx dx_is_dz",
        "rnn_backward": "article_backward no_dx dx_is_dz",
    },
    "the article: the cache comes first": {"rnn_forward": "cache_first"},
    "the article: the output's gradient is never used": {"loss_and_grads": "output_gradients_missing output_forgotten"},
}


@pytest.mark.parametrize("fault", PUBLISHED)
def test_a_published_mistake_is_known_wherever_it_can_occur(fault):
    for name, names in PUBLISHED[fault].items():
        assert set(names.split()) <= {mistake.name for mistake in EXERCISES[name].mistakes}, name


# --- where it is explained -------------------------------------------------------------------------------------


def own_section(name):
    return Section(EXERCISES[name].notebook, EXERCISES[name].section)


@functools.cache
def headings(notebook):
    (path,) = (ROOT / "notebooks").glob(f"{notebook}_*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    lines = (line for cell in cells if cell["cell_type"] == "markdown" for line in "".join(cell["source"]).splitlines())
    return {line.removeprefix("## ") for line in lines if line.startswith("## ")}


@every_exercise
def test_each_section_that_is_named_is_a_heading_and_no_later_than_the_exercise(name):
    named = {own_section(name), *(mistake.section for mistake in EXERCISES[name].mistakes if mistake.section)}
    for section in named:
        assert section.heading in headings(section.notebook) and section.notebook <= EXERCISES[name].notebook


def test_the_sections_that_every_exercise_can_be_sent_to_are_headings():
    for section in (COURSE.in_place, COURSE.stale):
        assert section.heading in headings(section.notebook)


def forward_with_columns(params, x, h0=None):
    h, _, cache = rnn.rnn_forward(params, x, h0)
    return h, rnn.softmax(h @ params.W_hy + params.b_y, axis=0), cache


def test_the_section_is_the_one_that_explains_the_mistake_not_the_one_of_the_exercise():
    message = ask("rnn_forward", forward_with_columns).message
    assert message.endswith('. See "The maximum of which numbers?" in notebook 01.')
    assert own_section("rnn_forward") == ("03", "The same with arrays")


@every_exercise
def test_every_message_names_a_section(name):
    """However an answer fails: only an exercise that was not begun has no message to look something up for."""
    answers_given = [3, lambda: None, lambda *_: 1 / 0, lambda *_: "text", lambda *_: np.zeros(99)]
    for verdict in map(functools.partial(ask, name), answers_given):
        assert re.search(r"\. See \".+\" in notebook \d\d[abc]?\.$", verdict.message), verdict


# --- one exercise more -----------------------------------------------------------------------------------------

GATES = '''
from typing import NamedTuple

import numpy as np

from rnn_helpers.validate import Array


class GRUParams(NamedTuple):
    """Weights (n_x, 3, n_h) and (n_h, 3, n_h) and biases (3, n_h) of update gate, reset gate and candidate."""

    W_x: Array
    W_h: Array
    b: Array


def sigmoid(v: Array) -> Array:
    return 1 / (1 + np.exp(-v))


def gru_cell_forward(params: GRUParams, x_t: Array, h_prev: Array) -> Array:
    """Compute h_t between h_prev and a candidate: the update gate says how much of h_prev stays."""
    from_x = np.einsum("bx,xgh->gbh", x_t, params.W_x) + params.b[:, None]
    from_h = np.einsum("bk,kgh->gbh", h_prev, params.W_h)
    update, reset = sigmoid(from_x[0] + from_h[0]), sigmoid(from_x[1] + from_h[1])
    candidate = np.tanh(from_x[2] + reset * from_h[2])
    return (1 - update) * candidate + update * h_prev
'''


def gates(answers):
    """Write the exercise as a developer would in a file of its own; the right answer is imported by name."""

    def cell_inputs():
        return tuple(
            (
                answers.GRUParams(
                    d.rng.standard_normal((d.sizes.n_x, 3, d.sizes.n_h)),
                    d.rng.standard_normal((d.sizes.n_h, 3, d.sizes.n_h)),
                    d.rng.standard_normal((3, d.sizes.n_h)),
                ),
                d.floats("batch", "n_x"),
                state(d),
            )
            for d in draws(101)
        )

    return Exercise(
        answers.gru_cell_forward,
        task="compute one step of a GRU.",
        arguments="params : GRUParams, x_t : (batch, n_x), h_prev : (batch, n_h).",
        result="h_t : (batch, n_h).",
        cases=cell_inputs,
        returns=(Output("h_t", ("batch", "n_h")),),
        notebook="15",
        section="The gates",
        mistakes=(
            wrong(
                "gates_turned",
                "turns the update gate round: where it is 1, the old state stays",
                ("(1 - update) * candidate + update *", "update * candidate + (1 - update) *"),
            ),
            wrong("no_reset", "leaves the reset gate out", ("reset * ", "")),
            wrong(
                "reset_outside",
                "resets the whole candidate",
                ("from_x[2] + reset *", "reset * (from_x[2] +"),
                ("[2])", "[2]))"),
            ),
            wrong(
                "gates_squashed",
                "squashes the gates with tanh: they lie between 0 and 1",
                Exchange("1 / (1 + np.exp(-v))", "np.tanh(v)", "sigmoid"),
            ),
            wrong("state_added", "adds all of the old state", ("+ update * h_prev", "+ h_prev")),
        ),
    )


def my_gru(params, x_t, h_prev):
    """Write the step gate by gate."""
    z, r = (1 / (1 + np.exp(-(x_t @ params.W_x[:, g] + h_prev @ params.W_h[:, g] + params.b[g]))) for g in (0, 1))
    n = np.tanh(x_t @ params.W_x[:, 2] + params.b[2] + r * (h_prev @ params.W_h[:, 2]))
    return n + z * (h_prev - n)


def my_turned_gru(params, x_t, h_prev):
    """Let the update gate say how much is new."""
    zero = params._replace(W_x=params.W_x * [[-1], [1], [1]], W_h=params.W_h * [[-1], [1], [1]])
    return my_gru(zero._replace(b=zero.b * [[-1], [1], [1]]), x_t, h_prev)


def test_a_new_exercise_is_an_answer_and_one_entry(tmp_path, monkeypatch):
    (tmp_path / "gru_answers.py").write_text(GATES, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    exercise = table(gates(importlib.import_module("gru_answers")))["gru_cell_forward"]
    assert len({mistake.name for mistake in exercise.mistakes}) == 5
    for mistake in exercise.mistakes:
        verdict = check.judge(exercise, mistake.function)
        assert verdict.mistake == mistake.name and mistake.says in verdict.message, verdict
        assert verdict.message.endswith('. See "The gates" in notebook 15.')
    assert check.judge(exercise, my_gru).passed
    assert check.judge(exercise, my_turned_gru).mistake == "gates_turned"


# --- a thousand answers of people who had not seen the checks ------------------------------------------------------

PEOPLE = {
    "programmer": answers_of_programmers,
    "beginner": answers_of_beginners,
    "learner": answers_of_a_learner,
    "engineer": answers_of_an_engineer,
    "stranger": answers_of_strangers,
}
# It differs where u is an end to the last digit: nobody throws that. And whether the last pair of a text counts, after
# which nothing comes, the exercise does not say.
PASS_UNSEEN = {
    "an end that equals u counts as beyond it: u = 0 picks a token of probability 0",
    "pairs are counted at every place of train, the last pair too, after which no third character follows",
}
UNNAMED = {"programmer": 12, "beginner": 12, "learner": 3, "engineer": 6, "stranger": 2}  # so many at most


def their(name, source):
    """Return a stranger's function; a notebook's imports are there."""
    scope = {"np": np, "math": math, "Counter": Counter, "rnn": rnn, "check": check}
    scope |= {public: getattr(rnn, public) for public in rnn.__all__}
    exec(source, scope)
    return scope[f"my_{name}"]


@pytest.mark.ci
@pytest.mark.parametrize("person", PEOPLE)
def test_no_right_answer_is_refused_however_unusual(person):
    refused = [label for name, label, source in PEOPLE[person].RIGHT if not ask(name, their(name, source)).passed]
    assert refused == []


@pytest.mark.ci
@pytest.mark.parametrize("person", PEOPLE)
def test_no_wrong_answer_passes_but_for_the_listed_and_few_are_unnamed(person):
    verdicts = [(label, ask(name, their(name, source))) for name, label, source in PEOPLE[person].WRONG]
    passed = {label for label, verdict in verdicts if verdict.passed}
    assert passed == PASS_UNSEEN & {label for label, _ in verdicts}
    unnamed = [label for label, verdict in verdicts if verdict.mistake == "unknown"]
    assert len(unnamed) <= UNNAMED[person], unnamed
