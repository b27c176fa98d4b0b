"""Tasks that need memory: what they ask for is what stood there, nothing of it leaks, and what forgetting costs."""

import numpy as np
import pytest

from rnn_helpers import data
from rnn_helpers.output import IGNORE_INDEX

rng = np.random.default_rng(0)


def assert_evenly(values, count):
    """Say whether 0 .. count - 1 are as frequent as draws are: within five deviations."""
    found = np.bincount(np.ravel(values), minlength=count)
    assert len(found) == count
    expected = np.size(values) / count
    assert np.abs(found - expected).max() < 5 * np.sqrt(expected)


def test_ids_are_the_integers_that_numpy_counts_with(monkeypatch):
    monkeypatch.setattr(np, "intp", np.int32)  # as in a browser
    assert {data.recall(rng, 3, 2).x.dtype, data.parity(rng, 3, 2).x.dtype} == {np.dtype(np.int32)}


@pytest.mark.parametrize(("steps", "symbols", "distractors"), [(2, 4, 4), (3, 2, 1), (9, 3, 5)])
def test_recall_asks_at_the_last_step_for_the_symbol_of_the_first(steps, symbols, distractors):
    x, targets, rows, continues = data.recall(rng, steps, 3000, symbols=symbols, distractors=distractors)
    assert x.shape == targets.shape == (steps, 3000) and rows.tolist() == list(range(3000)) and not continues
    assert_evenly(x[0], symbols)
    assert (x[-1] == symbols + distractors).all()
    if steps > 2:
        assert_evenly(x[1:-1] - symbols, distractors)
    assert (targets[:-1] == IGNORE_INDEX).all() and (targets[-1] == x[0]).all()


def test_copy_asks_for_the_payload_in_its_order_once_the_cue_has_come():
    x, targets, _, _ = data.copy(rng, 7, 2000, symbols=5, payload=3)
    assert x.shape == targets.shape == (13, 2000)
    assert_evenly(x[:3], 5)
    rest = np.full(10, 5)
    rest[6] = 6  # the cue, one step before the first that is written
    assert (x[3:] == rest[:, None]).all()
    assert (targets[:-3] == 5).all() and (targets[-3:] == x[:3]).all()
    shortest, _, _, _ = data.copy(rng, 1, 1)
    assert shortest.shape == (21, 1) and shortest[10, 0] == 9 and (shortest[11:] == 8).all()


@pytest.mark.parametrize("steps", [2, 3, 8])
def test_adding_marks_one_number_in_each_half_and_asks_for_their_sum(steps):
    x, lengths, targets = data.adding(rng, steps, 2000)
    assert x.shape == (steps, 2000, 2) and targets.shape == (2000, 1) and (lengths == steps).all()
    assert x[..., 0].min() >= 0 and x[..., 0].max() < 1 and set(np.unique(x[..., 1])) <= {0, 1}
    assert (x[: steps // 2, :, 1].sum(axis=0) == 1).all() and (x[steps // 2 :, :, 1].sum(axis=0) == 1).all()
    assert np.allclose((x[..., 0] * x[..., 1]).sum(axis=0), targets[:, 0])
    for half in (x[: steps // 2], x[steps // 2 :]):
        assert_evenly(half[..., 1].argmax(axis=0), len(half))


def test_parity_counts_the_ones_so_far():
    x, targets, _, _ = data.parity(rng, 6, 500)
    assert_evenly(x, 2)
    assert all(targets[t, n] == x[: t + 1, n].sum() % 2 for t in range(6) for n in range(500))


def share_explained(features, answers):
    """Return R**2 of the best linear answer from one-hot features, on rows that it was not fitted to."""
    half = len(features) // 2
    w, *_ = np.linalg.lstsq(features[:half], answers[:half], rcond=1e-9)
    errors = answers[half:] - features[half:] @ w
    return 1 - (errors**2).sum() / ((answers[half:] - answers[:half].mean(axis=0)) ** 2).sum()


@pytest.mark.parametrize("task", ["recall", "copy", "parity"])
def test_no_step_but_the_one_that_is_asked_for_tells_the_answer(task):
    """Linear answers from each step alone, and from all steps but that one: no better than a guess."""
    makes = {"recall": lambda: data.recall(rng, 6, 4000), "copy": lambda: data.copy(rng, 4, 4000, payload=2)}
    x, targets, _, _ = makes.get(task, lambda: data.parity(rng, 6, 4000))()
    answers = np.eye(targets[-1].max() + 1)[targets[-1]]
    one_hot = np.eye(x.max() + 1)[x]
    source = {"recall": 0, "copy": 1}.get(task)
    for t in range(len(x)):
        explained = share_explained(one_hot[t], answers)
        assert explained > 0.999 if t == source else explained < 0.02
    others = [one_hot[t] for t in range(len(x)) if t != source]
    assert share_explained(np.concatenate(others, axis=1), answers) < 0.02


def test_the_sum_is_told_by_the_marked_numbers_alone():
    x, _, targets = data.adding(rng, 6, 4000)
    assert share_explained(np.concatenate([np.ones((4000, 1)), *x[..., 1][..., None]], axis=1), targets) < 0.02
    unmarked = np.where(x[..., 1] == 0, x[..., 0], 0.5)
    assert share_explained(np.concatenate([np.ones((1, 4000)), unmarked]).T, targets) < 0.02


def cross_entropy_of_frequencies(targets, *, steps):
    """Return the mean cost of the best answer that knows the step alone: the targets' frequencies there."""
    costs = []
    for t in steps:
        frequencies = np.bincount(targets[t]) / targets.shape[1]
        costs.append(-np.log(frequencies[targets[t]]).mean())
    return np.mean(costs)


@pytest.mark.parametrize("seed", range(5))
def test_what_forgetting_costs_is_what_a_simulation_finds(seed):
    rng = np.random.default_rng(seed)
    _, targets, _, _ = data.recall(rng, 5, 20_000)
    assert cross_entropy_of_frequencies(targets, steps=[-1]) == pytest.approx(data.no_memory_loss("recall"), abs=1e-3)
    _, targets, _, _ = data.copy(rng, 20, 20_000)
    found = cross_entropy_of_frequencies(targets, steps=range(len(targets)))
    assert found == pytest.approx(data.no_memory_loss("copy", lag=20), abs=1e-3)
    _, targets, _, _ = data.parity(rng, 12, 20_000)
    found = cross_entropy_of_frequencies(targets, steps=range(12))
    assert found == pytest.approx(data.no_memory_loss("parity"), abs=1e-3)
    _, _, sums = data.adding(rng, 9, 100_000)
    assert np.abs(sums - 1).mean() == pytest.approx(data.no_memory_loss("adding"), abs=3e-3)
    assert ((sums - 1) ** 2).mean() == pytest.approx(1 / 6, abs=3e-3)


def test_the_lines_by_formula():
    assert data.no_memory_loss("recall", symbols=7) == np.log(7) and data.no_memory_loss("parity") == np.log(2)
    assert data.no_memory_loss("copy", lag=30, symbols=5, payload=2) == pytest.approx(2 * np.log(5) / 34)


def test_one_generator_gives_one_batch_and_the_next_is_another():
    for make in (data.recall, data.copy, data.adding, data.parity):
        first, second = np.random.default_rng(5), np.random.default_rng(5)
        batch = make(first, 12, 4)
        assert np.array_equal(batch.x, make(second, 12, 4).x) and not np.array_equal(batch.x, make(second, 12, 4).x)


@pytest.mark.parametrize("task", [data.recall, data.copy, data.adding, data.parity])
@pytest.mark.parametrize(
    ("arguments", "error", "complaint"),
    [
        ((0, 5, 2), TypeError, "rng: expected a numpy.random.Generator, got int"),
        ((rng, 5.0, 2), TypeError, "(steps|lag): expected an integer, got float"),
        ((rng, 0, 2), ValueError, "(steps|lag): expected at least [12], got 0"),
        ((rng, 5, True), TypeError, "batch: expected an integer, got bool"),
        ((rng, 5, 0), ValueError, "batch: expected at least 1, got 0"),
    ],
)
def test_tasks_refuse_what_they_are_not_for(task, arguments, error, complaint):
    with pytest.raises(error, match=f"^{complaint}$"):
        task(*arguments)


@pytest.mark.parametrize(
    ("call", "error", "complaint"),
    [
        (lambda: data.recall(rng, 1, 2), ValueError, "steps: expected at least 2, got 1"),
        (lambda: data.recall(rng, 5, 2, symbols=0), ValueError, "symbols: expected at least 1, got 0"),
        (lambda: data.recall(rng, 5, 2, distractors=0), ValueError, "distractors: expected at least 1, got 0"),
        (lambda: data.copy(rng, 5, 2, payload=0), ValueError, "payload: expected at least 1, got 0"),
        (lambda: data.copy(rng, 5, 2, symbols="8"), TypeError, "symbols: expected an integer, got str"),
        (lambda: data.no_memory_loss(3), TypeError, "task: expected a string, got int"),
        (
            lambda: data.no_memory_loss("sorting"),
            ValueError,
            "task: expected one of recall, copy, adding, parity, got 'sorting'",
        ),
        (lambda: data.no_memory_loss("copy", lag=0), ValueError, "lag: expected at least 1, got 0"),
        (lambda: data.no_memory_loss("recall", symbols=0), ValueError, "symbols: expected at least 1, got 0"),
    ],
)
def test_sizes_that_make_no_task_are_named(call, error, complaint):
    with pytest.raises(error, match=f"^{complaint}$"):
        call()
