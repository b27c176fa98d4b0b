"""The benchmarks' building blocks: what is timed is right, and what is written says what was measured."""

import functools
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from oracle import import_torch

from benchmarks import (
    checks,
    child,
    contenders,
    latency,
    live_figures,
    report,
    speed,
    team,
    text,
    timing,
    training_report,
    training_settings,
)
from benchmarks import training as training_run
from benchmarks.problem import SIZES, Size, make_problem
from rnn_helpers import cross_entropy, fast, live, rnn_forward, train, validate

ROOT = Path(__file__).resolve().parents[1]

SIZE = Size(n_x=7, n_h=5, n_y=3, batch=4, time=6)


@pytest.fixture
def answers():
    """What the two NumPy contenders and the floor give, by name."""
    made = [make(make_problem(SIZE, "float64")) for make in team.contenders_of("NumPy")]
    return {contender.name: contenders.answer(contender) for contender in made}


# What is timed


def test_one_hot_rows_are_those_of_the_ids():
    problem = make_problem(SIZE, "float32")
    assert problem.x.dtype == np.float32
    assert np.array_equal(problem.x.argmax(axis=-1), problem.ids)
    assert np.array_equal(problem.x.sum(axis=-1), np.ones((SIZE.time, SIZE.batch)))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_floats_and_ids_agree(dtype):
    made = [make(make_problem(SIZE, dtype)) for make in team.contenders_of("NumPy")]
    contenders.check_agreement({c.name: contenders.answer(c) for c in made}, dtype)


def test_the_answers_are_of_the_whole_step(answers):
    params, x, _, targets = make_problem(SIZE, "float64")
    h, _, _ = rnn_forward(params, x)
    loss = cross_entropy(h @ params.W_hy + params.b_y, targets)
    assert answers["NumPy"]["loss"] == pytest.approx(loss)
    assert list(answers["NumPy"]) == ["loss", *params._fields]
    assert answers["floor"] == {}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("network", ["LSTM", "GRU"])
def test_with_gates_all_agree_and_no_parameter_is_left_out(network, dtype):
    import_torch()
    problem = make_problem(SIZE, dtype, network)
    made = [make(problem) for library in ("NumPy", "PyTorch") for make in team.contenders_of(library, network)]
    found = {contender.name: contenders.answer(contender) for contender in made}
    contenders.check_agreement(found, dtype)
    assert [list(answer) for answer in found.values()] == [["loss", *problem.params._fields]] * 4
    assert not [name for name, field in problem.params._asdict().items() if not field.any()]


@pytest.mark.parametrize("name", ["loss", "W_xh", "W_hh", "b_h", "W_hy", "b_y"])
def test_a_contender_that_is_wrong_anywhere_is_not_timed(answers, name):
    wrong = answers["NumPy, ids"][name]
    answers["NumPy, ids"][name] = wrong + 1e-7 * np.abs(wrong).max()
    with pytest.raises(AssertionError, match=rf"NumPy, ids: {name} differs"):
        contenders.check_agreement(answers, "float64")


@pytest.mark.parametrize("wrong", [np.full((5, 5), np.nan), np.zeros((5, 1)), np.zeros(5)])
def test_a_gradient_of_nan_or_of_another_shape_does_not_agree(answers, wrong):
    answers["NumPy, ids"]["W_hh"] = wrong
    with pytest.raises(AssertionError, match="W_hh differs"):
        contenders.check_agreement(answers, "float64")


def test_the_floor_is_the_products_that_cannot_be_left_out():
    problem = make_problem(SIZE, "float32")
    n_x, n_h, n_y, batch, time = SIZE
    products = contenders.floor_products(problem)
    shapes = [(left.shape, right.shape) for left, right, _ in products]
    rows = time * batch
    assert shapes == [
        ((rows, n_x), (n_x, n_h)),
        *[((batch, n_h), (n_h, n_h))] * (time - 1),
        ((rows, n_h), (n_h, n_y)),
        ((rows, n_y), (n_y, n_h)),
        ((n_y, rows), (rows, n_h)),
        *[((batch, n_h), (n_h, n_h))] * (time - 1),
        ((n_x, rows), (rows, n_h)),
        ((n_h, rows - batch), (rows - batch, n_h)),
    ]
    assert {array.dtype for product in products for array in product} == {np.dtype("float32")}


def test_the_floor_does_its_products_and_nothing_else(monkeypatch):
    problem = make_problem(SIZE, "float64")
    asked = []
    monkeypatch.setattr(np, "matmul", lambda left, right, out: asked.append((left.shape, right.shape, out.shape)))
    contenders.floor(problem).run()
    assert asked == [(a.shape, b.shape, out.shape) for a, b, out in contenders.floor_products(problem)]


def test_every_check_of_a_step_is_found_and_the_core_is_left_as_it_was(monkeypatch):
    step = contenders.floats(make_problem(SIZES[0], "float64")).run
    before = {name: getattr(validate, name) for name in dir(validate)}
    found = checks.checks_of(step)
    assert {name: getattr(validate, name) for name in dir(validate)} == before
    assert {"params", "network_input", "targets"} <= {check.func.__name__ for check in found}
    assert [check() for check in found]

    def also_checks(*arguments, plain=fast.back_through_time):
        validate.finite("states", arguments[1])
        return plain(*arguments)

    monkeypatch.setattr(fast, "back_through_time", also_checks)
    assert len(checks.checks_of(step)) == len(found) + 1


def test_checks_written_out_are_the_same_calls():
    heard = []
    calls = [
        functools.partial(lambda *values, **words: heard.append((values, words)), 1, "a", time=True),
        functools.partial(heard.append, 5),
    ]
    run = checks.written_out(calls)
    run()
    run()
    assert heard == [((1, "a"), {"time": True}), 5] * 2


# The clock


def test_contenders_take_turns():
    order = []
    readings = {name: lambda name=name: order.append(name) or 1.0 for name in "abc"}
    taken = timing.interleaved(readings, seconds=0, rounds=3)
    assert order == list("abc") * 3
    assert taken == {name: [1.0] * 3 for name in "abc"}


@pytest.mark.parametrize(
    ("seconds", "calls", "waits"),
    [
        (0.001, 30 + 5, 0),  # warms up for 30 ms, then fills a block of 5 ms
        (0.02, 2 + 1, 0),
        (0.2, 1, timing.WARM_UP),  # warms up by itself
    ],
)
def test_a_reading_times_calls_that_are_warm(seconds, calls, waits, monkeypatch):
    now, called, slept = [0.0], [], []
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(time, "sleep", slept.append)

    def run():
        """Take twice as long for the first 25 ms after a rest, which this clock has before each reading."""
        called.append(now[0])
        cold = now[0] < rested + 0.0249
        now[0] += seconds * (2 if cold and seconds < timing.SLOW else 1)

    rested = -1.0
    reading = timing.clock(run)
    called.clear()
    assert abs(reading() - seconds) < 1e-9
    assert abs(len(called) - calls) <= 1 and sum(slept) == waits  # rounding may cost or give a call
    rested = now[0]
    assert abs(reading() - seconds) < 1e-9  # none of the cold calls counts


def test_a_ratio_is_the_median_of_the_rounds():
    assert timing.ratio([1, 2, 30], [2, 2, 3]) == 1


def test_the_fastest_of_a_kind_stands_for_it():
    readings = {"PyTorch, time first": [2.0], "PyTorch, batch first": [1.0], "PyTorch, ids, a": [0.5]}
    assert speed.fastest(readings, "PyTorch") == "PyTorch, batch first"
    assert speed.fastest(readings, "PyTorch, ids") == "PyTorch, ids, a"
    assert speed.fastest(readings, "JAX") is None


def test_the_number_of_threads_is_set_before_numpy_starts():
    code = "import json, os; print(json.dumps(os.environ['OPENBLAS_NUM_THREADS']))"
    run = subprocess.run
    seen = {}

    def record(command, **options):
        seen.update(options["env"])
        return run([sys.executable, "-c", code], **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "run", record)
        assert child.measure("speed", threads=2) == "2"
    assert {seen[name] for name in child.THREADS} == {"2"}


def test_a_team_solves_and_is_clocked_without_pytorch_and_jax(monkeypatch):
    monkeypatch.setattr(team, "LIBRARIES", {"NumPy": "numpy", "PyTorch": "no_such_module"})
    with team.team() as all_of_them:
        contenders.check_agreement(all_of_them.solve(SIZE, "float64"), "float64")
        clocks = all_of_them.clocks()
        assert list(clocks) == ["NumPy", "NumPy, ids", "floor"]
        assert all(reading() > 0 for reading in clocks.values())


# What is written


def cells(rivals):
    ratios = {name: 1.5 for name in report.RATIOS if rivals or not name.startswith(("PyTorch", "JAX"))}
    ms = {"NumPy": 2.0, "NumPy, ids": 1.25, "floor": 1.0}
    return [{"size": s, "dtype": d, "ms": ms, "ratios": ratios} for s in SIZES for d in ("float32", "float64")]


def training(rivals=True):
    """Two steps in which PyTorch's second loss is off by a thousandth."""
    both = {"NumPy": 3.0, "PyTorch, a": 9.0, "PyTorch, b": 7.5} if rivals else {"NumPy": 3.0}
    losses = {name: [3.0, 2.0 + 0.001 * (name != "NumPy")] for name in both}
    ratios = {name: seconds / 3.0 for name, seconds in both.items() if name != "NumPy"}
    return {"load": 0.4, "losses": losses, "seconds": both, "ratios": ratios, "bits": 1.9}


def long_text(rivals=True):
    """Two ways of PyTorch, of which the second is faster at both sizes."""
    names = ["NumPy", "PyTorch, a", "PyTorch, b"] if rivals else ["NumPy"]
    found = {"characters": [250_000.0, 90_000.0, 125_000.0], "ratios": [1.0, 2.8, 2.0], "bits": [1.5, 1.6, 1.51]}
    size = {key: dict(zip(names, values, strict=False)) for key, values in found.items()}
    return {"load": 0.3, "sizes": [{"units": units, **size} for units in (128, 256)]}


CONTROLS = {"tanh": {"z": [60.0, 80.0, 100.0]}, "walk": {"steps": [80.0, 90.0, 400.0], "carry": [91.0, 91.0]}}


def results(rivals=True):
    """Measurements of a machine that does not exist."""
    line = {"n": [1, 2, 4], "ms": [10.0, 20.0, 40.0], "deviation": [0.01, -0.03, 0.02]}
    hidden = {"n_h": [16, 32], "NumPy": [5.0, 9.0], "floor": [4.0, 8.0]}
    waits = {"live": {"key": [50.0, 60.0, 95.0], "drag": [80.0, 90.0]}, "interact": {"key": [400.0], "drag": [500.0]}}
    if rivals:
        hidden |= {"PyTorch, time first": [20.0, 31.0], "PyTorch, batch first": [21.0, 30.0], "JAX": [7.0, 12.0]}
    return json.loads(
        json.dumps(
            {
                "load": [0.2, 0.1, 0.1],
                "speed": {"1": cells(rivals), "2": cells(rivals)},
                "gates": {"LSTM": cells(rivals), "GRU": cells(rivals)},
                "checks": {"floats": 0.081, "ids": 0.075},
                "growth": {"size": SIZES[2], "time": line, "batch": line, "hidden": hidden},
                "training": training(rivals),
                "text": long_text(rivals),
                "memory": {"NumPy": {"float32": 100.0, "float64": 200.0}},
                "startup": {"imports": {"nothing": 10.0, "numpy": 90.0, "rnn_helpers": 101.0}, "notebooks": [21.0, 7]},
                "latency": {"sizes": [{"size": [100, 64], **waits}], "controls": CONTROLS} if rivals else None,
            }
        )
    )


def test_the_page_and_the_picture_are_written(tmp_path):
    report.write(results(), tmp_path)
    page = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert "| 4, 5, 2, 10, 4 | float32 | 2 | 1.25 | 1 | 1.50 | 1.50 | 1.50 | 1.50 | 1.50 |" in page
    for words in [
        "course.py bench",
        f"NumPy {np.__version__}",
        "8.1%",
        "Farthest from the line: 3.0%",
        "| 100 | 200 |",
    ]:
        assert words in page
    assert "| 4, 5, 2, 10, 4 | float32 | 2 | 1.25 | 1.50 | 2 | 1.25 | 1.50 |" in page
    assert "| `import rnn_helpers`, NumPy included | 91 ms |" in page
    assert "| 100, 64 | `live.show` | 60 | 92 | 85 | 90 |\n| 100, 64 | `interact` | 400 | 400 | 500 | 500 |" in page
    assert "| `tanh` | z | 3 | 80 | 98 | yes |\n| `walk` | steps | 3 | 90 | 369 | no |\n" in page
    assert "| `walk` | carry | 2 | 91 | 91 | no |" in page
    assert "NumPy 5 and 9, the bare products 4 and 8, PyTorch 20 and 30, JAX 7 and 12." in page
    assert (tmp_path / "step_time.png").read_bytes().startswith(b"\x89PNG")


def test_a_right_picture_that_was_there_before_letting_go_is_told_as_no_wait():
    early = {"live": {"key": [50.0], "drag": [-40.0, -20.0, 30.0]}, "interact": {"key": [400.0], "drag": [-9.0]}}
    text = report.latency_text({"sizes": [{"size": [100, 64], **early}], "controls": {}})
    assert "0 where that was there before the button was up" in text.replace("\n", " ")
    assert "| 100, 64 | `live.show` | 50 | 50 | 0 | 30 |\n| 100, 64 | `interact` | 400 | 400 | 0 | 0 |" in text


def test_every_live_figure_of_the_notebooks_is_measured():
    views = live_figures.views()
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "notebooks").glob("*.ipynb"))
    shown = re.findall(r'"live\.show\(([\w.]+)', code)
    assert {name.removeprefix("live.").lower() for name in shown if name != "view"} == set(live.VIEWS)
    assert shown.count("view") == len(views) - len(live.VIEWS)


@pytest.mark.parametrize("name", live_figures.views())
def test_each_control_is_moved_and_stays_in_its_range(name):
    for control in live_figures.views()[name].controls:
        moves = latency.moves(control)[: latency.MOVES]
        assert moves
        if isinstance(control, live.Control):
            way = 1 if moves[0] == "ArrowRight" else -1
            assert control.low <= control.start + way * len(moves) * control.step <= control.high + 1e-9
        elif isinstance(control, live.Stepper):
            assert control.start + len(moves) <= control.high
        elif isinstance(control, live.Choice):
            assert {move.removeprefix("option ") for move in moves} <= {*control.options} - {control.start}


def test_the_training_run_is_told_and_drawn(tmp_path):
    told = "NumPy takes 3.0 s for 2 steps and ends at 1.90 bits a character. PyTorch takes 2.5 times as long"
    report.write(results(), tmp_path)
    page = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert f"![{told}, and no loss differs from NumPy's by more than 1e-03 nats.](training.png)" in page
    assert (tmp_path / "training.png").read_bytes().startswith(b"\x89PNG")
    assert "PyTorch was not installed." in report.page(results(rivals=False))
    above, below = training_report.draw(training()).axes
    assert [line.get_label() for line in above.lines] == ["PyTorch, nn.RNN", "this course's NumPy"]
    assert below.lines[0].get_ydata().tolist() == pytest.approx([0.0, 0.001])


def test_both_train_alike_and_as_the_notebook_does():
    import_torch()
    run = training_run.main(quick=True)
    for name, losses in run["losses"].items():
        assert np.abs(np.subtract(losses, run["losses"]["NumPy"])).max() < 1e-9, name
    assert len(run["losses"]) == 3 and losses[-1] < losses[0]
    notebook = (ROOT / "notebooks" / "11_it_writes.ipynb").read_text(encoding="utf-8")
    assert f"optim.adam, {training_settings.RATE}" in notebook and f"n_h = {training_settings.UNITS}" in notebook


def test_both_read_a_long_text_alike_and_the_faster_way_is_told(monkeypatch):
    import_torch()
    monkeypatch.setattr(text, "TURN", 3)
    found = text.compare(16, turns=1)
    assert list(found["characters"]) == list(found["ratios"]) == list(found["bits"]) and len(found["bits"]) == 5
    start, _, validation = text.problem(16)
    bits = list(found["bits"].values())
    assert max(bits) - min(bits) < 1e-5 < train.bits(train.mean_loss(start, validation)) - bits[0]
    assert "| 128 | 250,000 | 125,000 | 2.00 | 1.50 | 1.51 |" in report.long_text(long_text())
    assert "| 128 | 250,000 |  |  | 1.50 |  |" in report.long_text(long_text(rivals=False))


def test_tables_have_as_many_fields_in_each_row():
    page = report.page(results())
    for block in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
        assert len({line.count("|") for line in block.splitlines()}) == 1


def test_without_pytorch_and_jax_their_columns_are_empty(tmp_path):
    report.write(results(rivals=False), tmp_path)
    page = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert "| 4, 5, 2, 10, 4 | float32 | 2 | 1.25 | 1 | 1.50 |  |  | 1.50 |  |" in page
    assert "Not measured: that takes Chromium" in page
    assert "neither PyTorch nor JAX" in page


def test_the_pictures_axes_say_what_they_show():
    (axes,) = report.draw(results()["growth"]).axes
    assert axes.get_xlabel() == "hidden size n_h (units)"
    assert axes.get_ylabel() == "time per time step (µs)"
    assert [line.get_label() for line in axes.lines] == ["NumPy", "the bare products", "PyTorch", "JAX"]
    assert len({(line.get_color(), line.get_linestyle()) for line in axes.lines}) == 4


def test_readme_says_what_the_committed_results_say():
    page = (ROOT / "benchmarks" / "results.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    link, summary = re.search(r"^## In short\n\n(.+)\n\n(.+)$", page, re.MULTILINE).groups()
    assert link.replace("(step_time.png)", "(benchmarks/step_time.png)") in readme
    assert summary in re.sub(r"(?<!\n)\n(?!\n)", " ", readme)


def test_readme_gets_the_new_words_and_keeps_the_rest():
    readme = (
        "# Title\n\n## Performance\n\n![Old.](benchmarks/step_time.png)\n\nOld\nwords.\n[All numbers](a.md) follow.\n"
    )
    new = report.in_readme(readme, results())
    assert new.startswith("# Title\n\n## Performance\n\n![Microseconds a time step, at 16 and at 32 hidden units: ")
    assert "](benchmarks/step_time.png)\n\nOne training step on one thread" in new
    assert new.endswith("\n[All numbers](a.md) follow.\n") and "Old" not in new
    assert max(map(len, new.splitlines()[6:])) <= 120
    assert report.in_readme(new, results()) == new


def test_two_ends_that_round_to_one_number_are_said_once():
    cells = [{"ratios": {"it": ratio}} for ratio in (1.06, 1.11, 1.14)]
    assert report.span(cells, "it") == "1.1"
    assert report.span([*cells, {"ratios": {"it": 0.94}}], "it") == "0.9 to 1.1"


def test_a_word_that_means_nothing_is_refused():
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quik"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ,
        check=False,
    )
    assert run.returncode == 1
    assert "no word --quik" in run.stderr
