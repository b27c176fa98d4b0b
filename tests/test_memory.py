"""What notebook 15 measures with: read-outs, gradients that arrive, training on recall, the stored sweep, figures."""

import subprocess
import sys

import numpy as np
import pytest
from cases import build

from rnn_helpers import data, init_params, plots, rnn_backward, rnn_forward
from rnn_helpers.labs import memory, recall_sweep
from rnn_helpers.labs.flow import walk_back
from rnn_helpers.sweep import sweep


def test_a_read_out_is_the_same_for_the_same_seed_and_has_150_lags():
    curve = memory.read_out("orthogonal", 0.9, 0.1, 16, seed=1)
    assert curve.shape == (150,) and np.array_equal(curve, memory.read_out("orthogonal", 0.9, 0.1, 16, seed=1))
    assert not np.array_equal(curve, memory.read_out("orthogonal", 0.9, 0.1, 16, seed=2))
    with pytest.raises(ValueError, match=r"^gain: expected a finite number, got nan$"):
        memory.read_out("orthogonal", np.nan, 0.1, 16)


@pytest.mark.parametrize("kind", ["seed 0", "seed 1", "one step", "batch of one"])
def test_what_arrives_is_what_a_walk_finds_one_step_before_its_end(kind):
    case = build(kind)
    ids = np.random.default_rng(0).integers(len(case.params.W_xh), size=case.rows.shape[:2])
    h, _, cache = rnn_forward(case.params, ids)
    dh_last = case.dh[-1]
    share = memory.arriving(case.params, ids, dh_last)
    assert np.log10(share) == pytest.approx(walk_back(case.params.W_hh, h, dh_last)[-2], abs=1e-12)
    # And h_1's gradient, through the first step, is that of its input.
    dh = np.zeros_like(h)
    dh[-1] = dh_last
    back = rnn_backward(case.params, cache, dh)
    through = np.linalg.lstsq(case.params.W_hh, back.h0.T, rcond=None)[0].T / (1 - h[0] ** 2)
    assert np.linalg.norm(through) / np.linalg.norm(dh_last) == pytest.approx(share, rel=1e-6)


def test_a_start_has_its_gain_and_its_input_and_the_same_numbers_for_the_same_seed():
    strong, weak = memory.recall_start("orthogonal"), memory.recall_start("orthogonal, weak input")
    assert strong.W_xh == pytest.approx(5 * weak.W_xh) and np.array_equal(strong.W_hh, weak.W_hh)
    assert memory.recall_start("1.5 orthogonal").W_hh == pytest.approx(1.5 * strong.W_hh)
    spread = memory.recall_start("normal", n_h=400).W_xh.std()
    assert spread == pytest.approx(0.5, rel=0.05)
    assert np.array_equal(memory.recall_start(seed=3).W_hh, memory.recall_start(seed=3).W_hh)
    with pytest.raises(ValueError, match=r"^start: expected one of normal, orthogonal, .*, got 'small'$"):
        memory.recall_start("small")


def test_losses_are_shares_and_a_run_stops_once_it_has_learned():
    losses = memory.recall_losses(memory.recall_start(), 10, stop=0.5)
    assert losses[0] == pytest.approx(1, abs=0.3) and 50 <= len(losses) < 600
    assert losses[-50:].mean() < 0.5 <= losses[-51:-1].mean()
    assert len(memory.recall_losses(memory.recall_start(), 5, updates=7)) == 7


def test_a_run_says_what_arrived_and_what_was_learned():
    run = memory.recall_run("orthogonal", steps=6, n_h=16)
    assert 0.1 < run["arriving"] < 1 and run["last"] < 0.05 and 50 <= run["half_at"] < 200 and run["seconds"] > 0
    short = memory.recall_run("orthogonal", steps=6, n_h=16, updates=50)
    assert short["arriving"] == run["arriving"] and short["half_at"] is None


# ---- the stored sweep


ROWS = recall_sweep.rows()


def test_the_stored_sweep_has_a_result_for_each_point_and_computes_nothing_anew():
    assert len(ROWS) == len(recall_sweep.POINTS) == 375
    assert len(list(sweep(memory.recall_run, recall_sweep.POINTS, recall_sweep.STORE))) == 375
    assert all(row["half_at"] is None or 50 <= row["half_at"] <= 600 for row in ROWS)


@pytest.mark.parametrize(("start", "steps", "n_h", "seed"), [("orthogonal", 10, 16, 0), ("normal", 20, 64, 3)])
def test_a_stored_result_is_what_its_point_gives(start, steps, n_h, seed):
    point = {"start": start, "steps": steps, "n_h": n_h, "seed": seed}
    (stored,) = [row for row in ROWS if point.items() <= row.items()]
    again = memory.recall_run(**point)
    assert again["arriving"] == pytest.approx(stored["arriving"], rel=1e-6)
    assert again["last"] < 0.06 and stored["last"] < 0.06


def test_the_command_of_the_sweep_tells_how_it_is_used():
    command = [sys.executable, "-m", "rnn_helpers.labs.recall_sweep", "--help"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "--workers" in told and "--address" in told


# ---- the figures


def test_a_memory_curve_says_how_far_back_more_than_half_is_recovered():
    drawing = plots.memory_curve(np.array([1.0, 0.9, 0.51, 0.5, 0.7, 0.0]), 4, setting="A start")
    filled, line, units = drawing.moving[:3]
    assert line.get_ydata().tolist() == [1.0, 0.9, 0.51, 0.5, 0.7, 0.0] and set(units.get_xdata()) == {4}
    assert filled.get_paths()[0].vertices[1:7, 1].tolist() == line.get_ydata().tolist()
    assert drawing.sentence == (
        "A start: a read-out recovers more than half of the inputs of the last 3 steps, and 3.6 inputs in all."
    )
    assert "the last input alone, and 0.7 " in plots.memory_curve(np.array([0.6, 0.1]), 4, setting="").sentence
    assert "less than half of every input, and" in plots.memory_curve(np.array([0.1, 0.1]), 4, setting="").sentence
    assert "of the last 2 steps, and" in plots.memory_curve(np.array([0.9, 0.8]), 4, setting="").sentence


def test_arrivals_are_drawn_at_their_powers_and_counted_by_what_arrived():
    runs = {"one": np.array([[1e-9, 1.0], [1e-7, 0.4], [1e-3, 0.1]]), "two": np.array([[0.5, 0.05], [1e-300, 1.0]])}
    drawing = plots.arrivals(runs)
    one, two = drawing.figure.axes[0].collections
    assert np.asarray(one.get_offsets()) == pytest.approx(np.array([[-9, 1], [-7, 0.4], [-3, 0.1]]))
    assert np.asarray(two.get_offsets()) == pytest.approx(np.array([[np.log10(0.5), 0.05], [-20, 1]]))
    assert drawing.sentence == (
        "Where less than a millionth of the gradient arrived, 1 of 3 runs learned to remember; where more than a "
        "hundredth arrived, 1 of 1 run; between, 1 of 1 run."
    )


def test_what_is_stored_fits_its_tasks():
    assert {data.recall(np.random.default_rng(0), 3, 500).x.max() + 1} == {memory.IDS}
    assert init_params(np.random.default_rng(0), memory.IDS, 4, memory.SYMBOLS).b_y.shape == (4,)
