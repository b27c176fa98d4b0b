"""The rungs of notebook 17 agree, each changes a few lines of the one before it, and what was measured is of them."""

import itertools
from collections import Counter

import numpy as np
import pytest

from benchmarks import ladder as benchmark
from rnn_helpers import init_params, loss_and_grads, plain_memory, rnn_backward, rnn_forward
from rnn_helpers.labs import ladder
from rnn_helpers.plant import plant

SIZES = [(7, 5, 3, 4, 6), (3, 2, 5, 1, 4), (4, 6, 2, 3, 1), (27, 64, 27, 16, 25)]
WRITTEN_OUT = [rung.function for rung in ladder.RUNGS[:6]]


@pytest.mark.parametrize("size", SIZES)
def test_nine_rungs_compute_the_same_loss_and_gradients(size):
    p = ladder.problem(*size)
    right = loss_and_grads(p.params, p.ids, p.targets)
    gaps = [ladder.gap(ladder.answer(rung, p), right) for rung in ladder.RUNGS]
    assert len(gaps) == 9 and max(gaps[:8]) < 1e-12 and gaps[8] < 1e-5


@pytest.mark.parametrize("field", [0, 3])
def test_a_gap_shows_in_the_loss_and_in_each_gradient(field):
    p = ladder.problem(*SIZES[0])
    loss, grads = ladder.answer(ladder.RUNGS[7], p)
    assert ladder.gap((loss * (1 + 1e-6), grads), (loss, grads)) == pytest.approx(1e-6)
    wrong = grads._replace(**{grads._fields[field]: 1.001 * grads[field]})
    assert ladder.gap((loss, wrong), (loss, grads)) == pytest.approx(1e-3)


def test_a_problem_has_biases_that_are_not_zero_and_is_the_same_again():
    one, other = ladder.problem(*SIZES[0]), ladder.problem(*SIZES[0])
    assert np.abs(one.params.b_h).min() > 0 and np.abs(one.params.b_y).min() > 0
    assert all(np.array_equal(a, b) for a, b in zip([*one.params, *one[1:]], [*other.params, *other[1:]], strict=True))


def test_each_rung_changes_a_few_lines_and_says_them_in_full():
    changed = []
    for before, after in itertools.pairwise(WRITTEN_OUT):
        shown = ladder.difference(before, after)
        old = [line[1:] for line in shown.lines if line.startswith("-")]
        new = [line[1:] for line in shown.lines if line.startswith("+")]
        lines, result = (Counter(ladder.body(function).splitlines()) for function in (before, after))
        assert lines - Counter(old) + Counter(new) == result
        assert max(map(len, str(shown).splitlines())) <= 107
        changed.append(shown.new)
    assert changed == [18, 1, 11, 6, 9]


def test_a_function_does_not_differ_from_itself():
    assert ladder.difference(ladder.no_dx, ladder.no_dx) == ladder.Difference(())


def test_a_body_is_what_stands_below_the_docstring():
    assert ladder.body(ladder.rows) == "    return array.reshape(-1, array.shape[-1])"


def test_the_floor_does_the_products_that_no_exact_way_can_do_without(monkeypatch):
    n_x, n_h, n_y, batch, time = SIZES[0]
    done = []
    monkeypatch.setattr(ladder.np, "matmul", lambda a, b, out: done.append(a.shape[0] * a.shape[1] * b.shape[1]))
    ladder.floor(ladder.problem(*SIZES[0]))()
    # W_hh meets no h0 = 0: neither on the way there, nor back, nor in its gradient.
    assert sum(done) == batch * (time * (2 * n_x * n_h + 3 * n_h * n_y) + 3 * (time - 1) * n_h**2)


def test_contenders_take_turns_and_each_time_is_that_of_a_call(monkeypatch):
    clock, called = iter(range(100)), []
    monkeypatch.setattr(ladder.time, "process_time", lambda: next(clock))
    taken = ladder.in_turn({"a": lambda: called.append("a"), "b": lambda: called.append("b")}, rounds=3, calls=2)
    assert called == list("aabb" * 3)
    assert {name: seconds.tolist() for name, seconds in taken.items()} == {"a": [0.5] * 3, "b": [0.5] * 3}


def test_what_is_stored_was_measured_by_the_command_that_it_names_on_these_rungs_and_sizes():
    stored = ladder.stored()
    assert stored["names"] == [rung.name for rung in ladder.RUNGS]
    assert stored["on"]["command"] == benchmark.COMMAND and stored["on"]["threads"] == 1
    assert all(stored["on"][what] for what in ("date", "processor", "software", "clock"))
    sizes = [*stored["sizes"], stored["short"]]
    wanted = [*benchmark.SIZES, benchmark.SMALL_ARRAYS]
    assert [(s["n_x"], s["n_h"], s["n_y"], s["batch"], s["time"]) for s in sizes] == wanted
    for size in sizes:
        assert size["rounds"] >= 40 and size["times_faster"][0] == 1
        assert [len(size[key]) for key in ("ms", "times_faster", "over_before", "spread")] == [9, 9, 8, 8]
        assert size["ms"][0] / np.array(size["ms"]) == pytest.approx(size["times_faster"], rel=0.1)
        assert all(low <= gain <= high for gain, (low, high) in zip(size["over_before"], size["spread"], strict=True))
    assert stored["checkpoints"]["every"] == list(benchmark.EVERY)


def test_the_benchmark_measures_all_that_is_stored():
    quick = benchmark.everything(quick=True)
    stored = ladder.stored()
    assert quick.keys() == stored.keys() and quick["short"].keys() == stored["short"].keys()
    assert quick["checkpoints"].keys() == stored["checkpoints"].keys() and quick["rtrl"].keys() == stored["rtrl"].keys()


def test_pieces_ask_for_a_fifth_of_the_memory_and_a_view_would_keep_most_of_it():
    rng = np.random.default_rng(0)
    params = init_params(rng, n_x=4, n_h=64, n_y=3)
    x, dh = rng.standard_normal((1000, 8, 4)), rng.standard_normal((1000, 8, 64))
    whole = ladder.peak(lambda: rnn_backward(params, rnn_forward(params, x)[2], dh))
    assert whole > 2 * dh.nbytes
    with_views = plant(plain_memory.checkpointed, "h[-1].copy()", "h[-1]")
    assert ladder.peak(lambda: plain_memory.checkpointed(params, x, dh, 32)) < whole / 7
    assert ladder.peak(lambda: with_views(params, x, dh, 32)) > whole / 2
