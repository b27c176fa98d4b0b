"""Training: the loop hands over every step, its record outlives an interruption, and files are whole or refused."""

import math
import os
import subprocess
import sys
import tracemalloc
from functools import partial
from itertools import islice
from typing import NamedTuple

import numpy as np
import pytest
from cases import assert_all_close, gap

from rnn_helpers import RNNParams, data, init_params, loss_and_grads, optim, rnn_forward, train
from rnn_helpers.train import storage

TEXTS = ["red", "sea green", "blue", "dark sea blue", "pea", "sand", "rose red"]
ALPHABET = data.alphabet_of(TEXTS)
SEQUENCES = [data.encode(text, ALPHABET) for text in TEXTS]


def start(n_h=6, seed=0):
    return init_params(np.random.default_rng(seed), len(ALPHABET), n_h, len(ALPHABET))


def batches(count=5, size=3, seed=1):
    return list(data.passes(SEQUENCES, size, np.random.default_rng(seed), count))


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


# The loop


@pytest.mark.parametrize("optimiser", [optim.sgd, optim.momentum, optim.adam], ids=lambda f: f.__name__)
def test_each_step_is_the_gradient_the_clip_and_the_optimiser(optimiser):
    params, state, clip = start(), None, partial(optim.clip_by_norm, most=0.3)
    run = train.steps(params, batches(), optimiser, 0.02, clip=clip)
    for number, (step, batch) in enumerate(zip(run, batches(), strict=True), 1):
        loss, grads = loss_and_grads(params, batch.x, batch.targets)
        params, state = optimiser(params, clip(grads), state, 0.02)
        assert (step.number, step.loss) == (number, loss)
        assert step.gradient_norm == optim.global_norm(grads)
        assert same(step.params, params)


def test_without_a_clip_the_whole_gradient_counts():
    (step,) = train.steps(start(), batches()[:1], optim.sgd, 1.0)
    _, grads = loss_and_grads(start(), batches()[0].x, batches()[0].targets)
    assert same(step.params, RNNParams(*(p - g for p, g in zip(start(), grads, strict=True))))


def test_nothing_is_computed_before_it_is_asked_for():
    taken = []

    def watched():
        for batch in batches():
            taken.append(batch)
            yield batch

    run = train.steps(start(), watched(), optim.sgd, 0.1)
    assert taken == []
    next(run)
    assert len(taken) == 1


def test_training_lowers_the_loss_and_is_the_same_again():
    def losses():
        return [step.loss for step in train.steps(start(16), batches(60), optim.adam, 0.01)]

    assert np.mean(losses()[-10:]) < 0.6 * losses()[0]
    assert losses() == losses()


def test_parameters_given_are_not_changed():
    params, before = start(), start()
    list(train.steps(params, batches(), optim.adam, 0.1))
    assert same(params, before)


def test_a_run_goes_on_from_where_another_ended():
    whole = list(train.steps(start(), batches(), optim.adam, 0.05))
    *_, half = train.steps(start(), batches()[:4], optim.adam, 0.05)
    *_, rest = train.steps(half.params, batches()[4:], optim.adam, 0.05, state=half.state)
    assert same(whole[-1].params, rest.params)


class Line(NamedTuple):
    """Parameters of something that is no network."""

    slope: np.ndarray


def test_any_loss_and_any_parameters_will_do():
    def loss(params, batch):
        x, y = batch
        error = params.slope * x - y
        return float(error @ error), Line(np.array([2 * error @ x]))

    points = [(np.array([1.0, 2.0]), np.array([3.0, 6.0]))] * 50
    *_, last = train.steps(Line(np.zeros(1)), points, optim.sgd, 0.05, loss_and_grads=loss)
    assert last.params.slope[0] == pytest.approx(3.0)


def test_a_loss_that_is_no_number_ends_the_run_with_words():
    losses = iter([1.0, math.inf])
    run = train.steps(start(), batches(), optim.sgd, 0.1, loss_and_grads=lambda p, _: (next(losses), p))
    next(run)
    with pytest.raises(FloatingPointError, match="loss: inf at step 2; the parameters of step 1 are the last"):
        next(run)


# A text of several windows, in two streams, read twice. All sizes differ.
IDS = np.concatenate([np.append(ids, 0) for ids in SEQUENCES])


def windows(passes=2, ids=IDS):
    return data.windows(ids, 5, 2, passes)


def by_hand(params, rate, batches=None):
    """Yield (loss, params) with the state carried as the batches say, by a second forward pass."""
    state, h = None, None
    for batch in windows() if batches is None else batches:
        h0 = h if batch.continues else np.zeros((2, 6))
        loss, grads = loss_and_grads(params, batch.x, batch.targets, h0)
        h = rnn_forward(params, batch.x, h0)[0][-1]
        params, state = optim.momentum(params, grads, state, rate)
        yield loss, params, h


def test_the_state_is_carried_where_windows_continue_and_nowhere_else():
    kinds = [batch.continues for batch in windows()]
    assert kinds == 2 * [False, *[True] * (len(windows()) // 2 - 1)] and len(kinds) > 4
    for step, (loss, params, h) in zip(
        train.steps(start(), windows(), optim.momentum, 0.3), by_hand(start(), 0.3), strict=True
    ):
        assert abs(step.loss - loss) < 1e-12 * loss
        assert_all_close(step.params, params, 1e-12)
        assert gap(step.h, h) < 1e-12


def test_a_run_knows_its_length_where_its_batches_do():
    run = train.steps(start(), windows(), optim.sgd, 0.1)
    assert len(run) == len(windows()) == len(list(run)) == len(run)
    third = train.steps(
        start(), windows(), optim.sgd, 0.1, after=next(islice(train.steps(start(), windows(), optim.sgd, 0.1), 2, 3))
    )
    assert len(third) == len(windows()) - 3
    assert not hasattr(train.steps(start(), iter(windows()), optim.sgd, 0.1), "__len__")


@pytest.mark.parametrize("optimiser", [optim.sgd, optim.momentum, optim.adam], ids=lambda f: f.__name__)
def test_a_run_goes_on_after_any_of_its_steps(optimiser):
    whole = list(train.steps(start(), windows(), optimiser, 0.05))
    rest = list(train.steps(start(seed=9), windows(), optimiser, 0.05, after=whole[2]))
    assert [step.number for step in rest] == [step.number for step in whole[3:]]
    assert [step.loss for step in rest] == [step.loss for step in whole[3:]]
    assert same(rest[-1].params, whole[-1].params)
    assert list(train.steps(start(), windows(), optimiser, 0.05, after=whole[-1])) == []


def test_a_loss_function_of_ones_own_carries_too():
    def loss(params, batch, h0=None):
        given.append(h0)
        return loss_and_grads(params, batch.x, batch.targets, h0, return_state=True)

    given = []
    own = list(train.steps(start(), windows(), optim.sgd, 0.1, loss_and_grads=loss))
    built_in = list(train.steps(start(), windows(), optim.sgd, 0.1))
    assert [step.loss for step in own] == [step.loss for step in built_in]
    assert [h is None for h in given] == [not batch.continues for batch in windows()]


def test_a_batch_that_continues_never_starts_from_zeros_in_silence():
    def stateless(params, batch):
        return loss_and_grads(params, batch.x, batch.targets)

    run = train.steps(start(), windows(), optim.sgd, 0.1, loss_and_grads=stateless)
    next(run)
    with pytest.raises(
        TypeError, match=r"batch 2 continues the one before.*\(loss, grads, h\).*_replace\(continues=False\)"
    ):
        next(run)
    later = list(windows())[1:]
    for begin in (lambda: next(train.steps(start(), later, optim.sgd, 0.1)), lambda: train.mean_loss(start(), later)):
        with pytest.raises(ValueError, match=r"batches: batch 1 continues .*expected (a first )?one that starts anew"):
            begin()
    zeros = [batch._replace(continues=False) for batch in later]
    assert len(list(train.steps(start(), zeros, optim.sgd, 0.1))) == len(later)


def test_a_state_carried_to_a_batch_of_another_size_says_so():
    first, second, *_ = windows()
    wide = second._replace(x=np.repeat(second.x, 2, axis=1), targets=np.repeat(second.targets, 2, axis=1))
    with pytest.raises(
        ValueError, match="batch: expected 2 sequences, as many as the state that is carried has, got 4"
    ):
        list(train.steps(start(), [first, wide], optim.sgd, 0.1))


def step_of(params):
    return train.Step(3, 1.0, 1.0, params, None)


NOT_BATCHES = "batches: expected batches, as from data.passes, got "


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"optimiser": None}, TypeError, "optimiser: expected a function, got NoneType"),
        ({"optimiser": "adam"}, TypeError, "optimiser: expected a function, got str"),
        ({"clip": "x"}, TypeError, "clip: expected a function or None, got str"),
        ({"clip": 1.0}, TypeError, "clip: expected a function or None, got float"),
        ({"loss_and_grads": None}, TypeError, "loss_and_grads: expected a function, got NoneType"),
        ({"batches": None}, TypeError, NOT_BATCHES + "NoneType"),
        ({"batches": 5}, TypeError, NOT_BATCHES + "int"),
        ({"batches": "words"}, TypeError, NOT_BATCHES + "str"),
        ({"batches": batches()[0]}, TypeError, r"batches: expected several, got one Batch"),
        ({"learning_rate": 0}, ValueError, "learning_rate: expected a positive number, got 0"),
        ({"learning_rate": "0.1"}, TypeError, "learning_rate: expected a number, got str"),
        ({"params": None}, TypeError, "params: expected a NamedTuple of arrays such as RNNParams, got NoneType"),
        ({"params": start()._replace(b_h=["x"] * 6)}, TypeError, r"params\.b_h: expected "),
        ({"after": 3}, TypeError, "after: expected a Step of train.steps, got int"),
        ({"after": step_of(start(7))}, ValueError, r"after\.params\.W_xh: expected shape"),
        ({"after": step_of(start())._replace(number=-1)}, ValueError, r"after\.number: expected at least 0, got -1"),
        ({"after": step_of(start())._replace(number="3")}, TypeError, r"after\.number: expected an integer, got str"),
        ({"after": step_of(start()), "state": optim.MomentumState(start())}, ValueError, "state: expected None beside"),
    ],
)
def test_what_a_run_is_given_is_checked_before_its_first_step(changes, error, message):
    given = {"params": start(), "batches": batches(), "optimiser": optim.sgd, "learning_rate": 0.1} | changes
    with pytest.raises(error, match=message):
        train.steps(**given)


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (None, r"expected it to return \(loss, grads\) or \(loss, grads, h\), got NoneType"),
        ((1.0, start(), None, None), r"expected it to return \(loss, grads\) or \(loss, grads, h\), got 4 values"),
        ((None, start()), "expected a number as its loss, got NoneType"),
        ((np.ones(2), start()), "expected a number as its loss, got ndarray"),
    ],
)
def test_a_loss_function_that_returns_something_else_is_told(result, message):
    with pytest.raises(TypeError, match=f"loss_and_grads: {message}"):
        next(train.steps(start(), batches(), optim.sgd, 0.1, loss_and_grads=lambda *_: result))


def test_an_optimiser_that_returns_something_else_is_told():
    with pytest.raises(TypeError, match=r"optimiser: expected it to return \(params, state\), got RNNParams"):
        next(train.steps(start(), batches(), lambda params, *_: params, 0.1))


def test_a_state_that_is_none_is_told():
    with pytest.raises(TypeError, match="h0: expected float32 or float64 numbers, got int"):
        train.batch_loss(start(), batches()[0], 3)


def test_something_that_is_no_batch_is_told():
    with pytest.raises(TypeError, match="batch: expected a Batch with x and targets, got tuple"):
        next(train.steps(start(), [tuple(batches()[0])], optim.sgd, 0.1))


def test_mean_loss_weighs_every_target_alike():
    found = data.batches(SEQUENCES, 2)
    sums = 0.0
    for sequence in SEQUENCES:
        (batch,) = data.batches([sequence], 1)
        sums += (len(sequence) + 1) * loss_and_grads(start(), batch.x, batch.targets)[0]
    assert train.mean_loss(start(), found) == pytest.approx(sums / sum(len(s) + 1 for s in SEQUENCES), rel=1e-12)
    with pytest.raises(ValueError, match="batches: expected at least one, got none"):
        train.mean_loss(start(), [])
    with pytest.raises(TypeError, match=r"batches: expected batches, as from data\.batches, got NoneType"):
        train.mean_loss(start(), None)


def test_mean_loss_carries_where_batches_continue():
    rows = IDS[: (len(IDS) - 1) // 10 * 10].reshape(2, -1).T
    following = IDS[1 : rows.size + 1].reshape(2, -1).T
    whole = loss_and_grads(start(), rows, following)[0]
    assert train.mean_loss(start(), windows(1)) == pytest.approx(whole, rel=1e-12)
    assert train.mean_loss(start(), windows(2)) == pytest.approx(whole, rel=1e-12)


def test_guessing_among_eight_costs_three_bits():
    assert train.bits(math.log(8)) == pytest.approx(3.0)


# The record


def test_a_record_holds_every_loss_and_the_best_parameters():
    run = list(train.steps(start(), batches()[:15], optim.sgd, 0.1))
    kept_back = iter([3.0, 1.0, 2.0, 4.0, 5.0])
    record = train.record(run, lambda _: next(kept_back), every=4)
    assert record.losses.tolist() == [step.loss for step in run]
    assert record.norms.tolist() == [step.gradient_norm for step in run]
    assert record.checked.tolist() == [4, 8, 12, 15] and record.validation.tolist() == [3.0, 1.0, 2.0, 4.0]
    assert same(record.params, run[-1].params) and same(record.best, run[7].params)
    assert repr(record) == "Record of 15 steps, lowest validation loss 1.00 nats"


def test_the_last_step_is_validated_once():
    run = list(train.steps(start(), batches(), optim.sgd, 0.1))[:8]
    assert train.record(run, lambda _: 1.0, every=4).checked.tolist() == [4, 8]


def test_without_validation_the_last_parameters_are_the_best():
    run = list(train.steps(start(), batches()[:15], optim.sgd, 0.1))
    record = train.record(run)
    assert same(record.best, run[-1].params) and len(record.checked) == 0
    assert repr(record) == "Record of 15 steps"


def interrupted_after(run, count):
    yield from islice(run, count)
    raise KeyboardInterrupt


def test_an_interruption_keeps_what_was_learned():
    run = list(train.steps(start(), batches(), optim.adam, 0.1))
    record = train.record(interrupted_after(iter(run), 6), lambda _: 1.0, every=4)
    assert len(record.losses) == len(record.norms) == 6 and record.checked.tolist() == [4, 6]
    assert same(record.params, run[5].params)


def test_an_interruption_of_a_validation_keeps_what_was_learned():
    def validate(_):
        if not calls:
            calls.append(1)
            raise KeyboardInterrupt
        return 1.0

    calls = []
    record = train.record(train.steps(start(), batches(), optim.sgd, 0.1), validate, every=4)
    assert len(record.losses) == 4 and record.checked.tolist() == [4]


def test_a_second_interruption_keeps_what_was_learned():
    def validate(_):
        calls.append(1)
        if len(calls) > 2:
            raise KeyboardInterrupt
        return 1.0

    calls = []
    record = train.record(train.steps(start(), batches(), optim.sgd, 0.1), validate, every=4)
    assert len(calls) == 4, "it was interrupted in the third validation, and again in the last"
    assert len(record.losses) == len(record.norms) == 12 and record.checked.tolist() == [4, 8]


def test_a_loss_that_is_no_number_ends_the_record_and_keeps_what_was_learned():
    def run(count):
        losses = iter([1.0] * count + [math.nan])
        return train.steps(start(), batches(), optim.sgd, 0.1, loss_and_grads=lambda p, _: (next(losses), p))

    with pytest.warns(
        RuntimeWarning, match="the run ended early, after step 5: FloatingPointError: loss: nan at step 6; "
    ):
        record = train.record(run(5), lambda _: 1.0, every=4)
    assert len(record.losses) == 5 and record.checked.tolist() == [4, 5]
    with pytest.raises(FloatingPointError, match="loss: nan at step 1"):
        train.record(run(0))


class Unforeseen(Exception):
    pass


def failing_after(run, count):
    yield from islice(run, count)
    raise Unforeseen("the disk is full")


def test_whatever_a_step_raises_the_record_is_kept():
    run = list(train.steps(start(), batches(), optim.sgd, 0.1))
    with pytest.warns(RuntimeWarning, match="the run ended early, after step 6: Unforeseen: the disk is full"):
        record = train.record(failing_after(run, 6), lambda _: 1.0, every=4)
    assert len(record.losses) == len(record.norms) == 6 and record.checked.tolist() == [4, 6]
    assert record.last == run[5]
    with pytest.raises(Unforeseen):
        train.record(failing_after(run, 0))


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (lambda: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda: None, "TypeError: validate: expected a number as its loss, got NoneType"),
    ],
)
def test_whatever_a_validation_raises_the_record_is_kept(bad, message):
    def validate(_):
        calls.append(1)
        return 1.0 if len(calls) == 1 else bad()

    calls = []
    run = list(train.steps(start(), batches(), optim.sgd, 0.1))
    with pytest.warns(RuntimeWarning, match=f"the run ended early, after step 8: {message}"):
        record = train.record(run, validate, every=4)
    assert len(record.losses) == 8 and record.checked.tolist() == [4]
    assert same(record.best, run[3].params) and same(record.params, run[7].params)


def test_a_validation_that_fails_at_the_very_end_keeps_the_record():
    with pytest.warns(RuntimeWarning, match="the run ended early, after step 15: ZeroDivisionError"):
        record = train.record(train.steps(start(), batches()[:15], optim.sgd, 0.1), lambda _: 1 / 0)
    assert len(record.losses) == 15 and len(record.checked) == 0


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_validation_loss_that_is_no_finite_number_is_written_down_and_never_the_best(bad):
    run = list(train.steps(start(), batches()[:15], optim.sgd, 0.1))
    kept_back = iter([bad, 3.0, 2.0, bad])
    record = train.record(run, lambda _: next(kept_back), every=4)
    assert np.array_equal(record.validation, [bad, 3.0, 2.0, bad], equal_nan=True)
    assert same(record.best, run[11].params)
    assert repr(record) == "Record of 15 steps, lowest validation loss 2.00 nats"
    never = train.record(run, lambda _: bad, every=4)
    assert same(never.best, run[-1].params) and repr(never) == "Record of 15 steps"


def test_a_run_goes_on_from_its_record():
    whole = train.record(train.steps(start(), windows(), optim.adam, 0.1))
    half = train.record(islice(train.steps(start(), windows(), optim.adam, 0.1), 3))
    rest = train.record(train.steps(start(), windows(), optim.adam, 0.1, after=half.last))
    assert [*half.losses, *rest.losses] == whole.losses.tolist() and same(rest.params, whole.params)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((None,), "run: expected steps, as from train.steps, got NoneType"),
        (([1, 2],), "run: expected steps, as from train.steps, got int"),
        (([step_of(start())], 3), "validate: expected a function or None, got int"),
    ],
)
def test_what_a_record_is_given_is_checked_before_the_first_step(arguments, message):
    with pytest.raises(TypeError, match=message):
        train.record(*arguments)


def test_an_interruption_before_the_first_step_is_passed_on():
    with pytest.raises(KeyboardInterrupt):
        train.record(interrupted_after(iter([]), 0))


def test_a_record_of_nothing_is_refused():
    with pytest.raises(ValueError, match="run: expected at least one step, got none"):
        train.record([])
    for every in (0, 2.5):
        with pytest.raises((ValueError, TypeError), match="every: expected"):
            train.record([], every=every)


# Files


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_saved_parameters_come_back(tmp_path, dtype):
    params = init_params(np.random.default_rng(0), 4, 6, 3, dtype=dtype)
    train.save(tmp_path / "net.npz", params)
    train.save(str(tmp_path / "net.npz"), params)
    loaded = train.load(tmp_path / "net.npz")
    assert same(params, loaded) and {p.dtype for p in loaded} == {np.dtype(dtype)}
    assert [file.name for file in tmp_path.iterdir()] == ["net.npz"]


def half_written(file, **arrays):
    file.write(b"PK half of an archive")
    raise OSError("no space left")


def no_move(*_):
    raise OSError("no move")


@pytest.mark.parametrize(("owner", "name", "fake"), [(np, "savez", half_written), (storage.Path, "replace", no_move)])
def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, owner, name, fake):
    train.save(tmp_path / "net.npz", start(seed=0))
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, fake)
        with pytest.raises(OSError, match="no "):
            train.save(tmp_path / "net.npz", start(seed=1))
    assert same(train.load(tmp_path / "net.npz"), start(seed=0))
    assert [file.name for file in tmp_path.iterdir()] == ["net.npz"]


def test_a_save_is_on_the_disk_before_it_takes_the_old_files_place(tmp_path, monkeypatch):
    done = []
    for owner, name in ((os, "fsync"), (storage.Path, "replace")):
        real = getattr(owner, name)
        monkeypatch.setattr(owner, name, lambda *a, name=name, real=real: (done.append(name), real(*a)))
    train.save(tmp_path / "net.npz", start())
    assert done == ["fsync", "replace"], "a power cut in between would leave an empty file under its name"


CRASH = """
import os, sys
import numpy as np
from rnn_helpers import init_params, train
def crash(file, **arrays):
    file.write(b"PK half of an archive")
    file.flush()
    os._exit(9)
np.savez = crash
train.save(sys.argv[1], init_params(np.random.default_rng(1), 4, 6, 3))
"""


def test_a_crash_in_the_middle_of_a_save_leaves_the_old_file_whole_and_nothing_for_ever(tmp_path):
    train.save(tmp_path / "net.npz", start())
    done = subprocess.run([sys.executable, "-c", CRASH, tmp_path / "net.npz"], capture_output=True, text=True)
    assert done.returncode == 9, done.stderr
    assert same(train.load(tmp_path / "net.npz"), start())
    assert len(os.listdir(tmp_path)) == 2, "it left what it had written"
    train.save(tmp_path / "other.npz", start())
    assert len(os.listdir(tmp_path)) == 3, "which is another target's"
    train.save(tmp_path / "net.npz", start())
    assert sorted(os.listdir(tmp_path)) == ["net.npz", "other.npz"]


def test_what_another_is_writing_just_now_is_no_file_left_over(tmp_path, monkeypatch):
    """A save begins in the middle of another one, which is of the same process, and ends first."""
    real = np.savez

    def savez(file, **arrays):
        monkeypatch.setattr(np, "savez", real)
        train.save(tmp_path / "net.npz", start(seed=1))
        assert same(train.load(tmp_path / "net.npz"), start(seed=1))
        real(file, **arrays)

    monkeypatch.setattr(np, "savez", savez)
    train.save(tmp_path / "net.npz", start(seed=0))
    assert same(train.load(tmp_path / "net.npz"), start(seed=0))
    assert os.listdir(tmp_path) == ["net.npz"]


posix = pytest.mark.skipif(os.name == "nt", reason="links and permissions as Unix has them")


@posix
def test_a_link_is_written_through(tmp_path):
    (tmp_path / "far").mkdir()
    (tmp_path / "net.npz").symlink_to(tmp_path / "far" / "whole.npz")
    for seed in (0, 1):  # the link leads nowhere at first
        train.save(tmp_path / "net.npz", start(seed=seed))
        assert (tmp_path / "net.npz").is_symlink()
        assert same(train.load(tmp_path / "far" / "whole.npz"), start(seed=seed))
    assert os.listdir(tmp_path / "far") == ["whole.npz"]


@posix
@pytest.mark.parametrize("mode", [0o600, 0o664])
def test_a_file_keeps_its_permissions(tmp_path, mode):
    path = tmp_path / "net.npz"
    train.save(path, start())
    (tmp_path / "plain").touch()
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode, "a new file is one like others"
    path.chmod(mode)
    train.save(path, start(seed=1))
    assert path.stat().st_mode & 0o777 == mode


@posix
def test_a_name_as_long_as_names_may_be_will_do(tmp_path):
    path = tmp_path / f"{'ü' * 125}x.npz"
    assert len(os.fsencode(path.name)) == 255
    train.save(path, start())
    assert same(train.load(path), start())


def test_an_error_names_the_file_that_was_asked_for(tmp_path, monkeypatch):
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(OSError) as in_the_way:
        train.save(tmp_path / "folder.npz", start())
    monkeypatch.setattr(np, "savez", lambda *_, **__: os.fsync(10**6))
    with pytest.raises(OSError) as no_disk:
        train.save(tmp_path / "net.npz", start())
    for error, name in ((in_the_way, "folder.npz"), (no_disk, "net.npz")):
        assert str(error.value).endswith(f"{str(tmp_path / name)!r}") and ".tmp" not in str(error.value)


# A whole run in a file


@pytest.mark.parametrize("text", ["names", "one long text"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("optimiser", [optim.sgd, optim.momentum, optim.adam], ids=lambda f: f.__name__)
def test_a_run_that_goes_on_from_its_file_is_the_run_that_never_stopped(tmp_path, optimiser, dtype, text):
    def run(after=None):
        begin = init_params(np.random.default_rng(0), len(ALPHABET), 6, len(ALPHABET), dtype=dtype)
        batches = windows(30) if text == "one long text" else data.passes(SEQUENCES, 3, np.random.default_rng(1), 50)
        return train.steps(begin, batches, optimiser, 0.01, clip=partial(optim.clip_by_norm, most=1.0), after=after)

    whole = list(islice(run(), 107))
    train.save(tmp_path / "run.npz", whole[6], alphabet=ALPHABET)
    saved = train.load_run(tmp_path / "run.npz")
    assert saved.alphabet == ALPHABET and saved.step[:3] == whole[6][:3]
    rest = list(islice(run(after=saved.step), 100))
    assert [step.loss for step in rest] == [step.loss for step in whole[7:]]
    assert same(rest[-1].params, whole[-1].params) and rest[-1].params.b_h.dtype == dtype


def test_of_a_record_load_reads_the_best_and_load_run_the_last_too(tmp_path):
    losses = iter([1.0, 2.0, 3.0])
    record = train.record(train.steps(start(), windows(), optim.adam, 0.1), lambda _: next(losses), every=4)
    train.save(tmp_path / "run.npz", record, notes="Zeile 1\nñ 🎈")
    saved = train.load_run(tmp_path / "run.npz")
    assert same(train.load(tmp_path / "run.npz"), record.best) and same(saved.best, record.best)
    assert same(saved.step.params, record.params) and not same(saved.best, saved.step.params)
    assert np.array_equal(saved.step.h, record.last.h) and saved.notes == "Zeile 1\nñ 🎈"


def test_parameters_alone_are_a_run_that_has_not_begun(tmp_path):
    train.save(tmp_path / "net.npz", start(), alphabet=ALPHABET)
    alphabet, step, best, notes = train.load_run(tmp_path / "net.npz")
    assert (alphabet, notes, step.number, step.state, step.h) == (ALPHABET, "", 0, None, None)
    assert same(step.params, best)
    begun, anew = (train.steps(start(), windows(), optim.adam, 0.1, after=after) for after in (step, None))
    assert next(begun).loss == next(anew).loss


def test_a_file_of_before_is_read(tmp_path):
    assert same(train.load(saved(tmp_path, format=np.array("rnn_helpers.RNNParams.1"))), start())


def test_what_cannot_be_kept_is_not_saved(tmp_path):
    step = next(train.steps(start(), windows(), optim.adam, 0.1))
    for what, words, error, message in [
        (
            step._replace(state={"own": 1}),
            {},
            TypeError,
            "state: expected None, a MomentumState or an AdamState, got dict",
        ),
        (step._replace(h=np.zeros((2, 7))), {}, ValueError, r"h: expected shape \(batch, n_h=6\)"),
        (step._replace(number="3"), {}, TypeError, "number: expected a number, got <U1"),
        (step._replace(loss=None), {}, TypeError, "loss: expected a number, got object"),
        (step._replace(state=step.state._replace(mean=None)), {}, TypeError, r"state\.mean: expected a"),
        (step._replace(state=step.state._replace(steps=-1)), {}, ValueError, r"adam\.steps: expected at least 1"),
        (step, {"best": 3}, TypeError, "params: expected an RNNParams, got int"),
        (step, {"alphabet": "abc"}, ValueError, f"alphabet: expected {len(ALPHABET)} characters, one for each output"),
        (step, {"alphabet": None}, TypeError, "alphabet: expected a string, got NoneType"),
        (step, {"notes": {"seed": 1}}, TypeError, "notes: expected a string, got dict"),
    ]:
        with pytest.raises(error, match=message):
            train.save(tmp_path / "run.npz", what, **words)
    assert os.listdir(tmp_path) == []


# Files of others


def saved(tmp_path, **changes):
    """Write a file as `save` does, but with some entries changed, or left out where the change is None."""
    arrays = {"format": np.array("rnn_helpers.RNNParams.2"), **start()._asdict()} | changes
    path = tmp_path / "net.npz"
    np.savez(path, **{name: value for name, value in arrays.items() if value is not None})
    return path


OBJECTS = np.array([{"a": 1}], dtype=object)
STEP = {"number": np.array(3), "loss": np.array(1.0), "gradient_norm": np.array(1.0)}
ADAM = {f"adam.{kind}.{name}": array for kind in ("mean", "square") for name, array in start()._asdict().items()}
BAD_FILES = {
    "missing field": ({"b_h": None}, "it does not hold b_h"),
    "extra field": ({"W_hz": np.zeros(2)}, "it holds W_hz, too"),
    "no format": ({"format": None}, "it does not say that it is"),
    "another format": ({"format": np.array("rnn_helpers.RNNParams.3")}, "it does not say that it is"),
    "wrong shape": ({"W_hh": np.zeros((6, 5))}, r"params\.W_hh: expected shape"),
    "an axis too many": ({"b_y": np.zeros((1, len(ALPHABET)))}, r"params\.b_y: expected shape"),
    "integers": ({"b_h": np.zeros(6, int)}, r"params\.b_h: expected float32 or float64"),
    "NaN": ({"b_h": np.full(6, np.nan)}, r"params\.b_h: expected finite numbers, got nan"),
    "infinity": ({"b_y": np.full(len(ALPHABET), np.inf)}, r"params\.b_y: expected finite numbers, got inf"),
    "half a step": ({"number": np.array(3)}, "it does not hold loss"),
    "a step of nothing": (STEP | {"number": np.array(0)}, "number: expected at least 1, got 0"),
    "a step and a half": (STEP | {"number": np.array(1.5)}, "number: expected an integer, got float"),
    "a state of another size": (STEP | {"h": np.zeros((2, 7))}, r"h: expected shape \(batch, n_h=6\)"),
    "half of Adam": (STEP | {"adam.steps": np.array(3)}, r"it does not hold adam\.mean\.W_xh"),
    "Adam of no step": (STEP | ADAM | {"adam.steps": np.array(-1)}, r"adam\.steps: expected at least 1, got -1"),
    "an alphabet of another size": ({"alphabet": np.array([10], np.uint32)}, "alphabet: expected 15 characters"),
    "an alphabet of numbers": ({"alphabet": np.ones(15)}, "alphabet: expected a text as numbers, got float64"),
    "pickled objects": ({"b_h": OBJECTS}, r"\w+\.npy cannot be read as numbers \(objects\)$"),
    "a pickled format": ({"format": OBJECTS}, r"\w+\.npy cannot be read as numbers \(objects\)$"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_holds_something_else_is_refused(tmp_path, name):
    changes, message = BAD_FILES[name]
    with pytest.raises(ValueError, match=rf"path: expected a file that .*save wrote, got .*net\.npz: {message}"):
        train.load(saved(tmp_path, **changes))


def test_a_good_file_of_the_same_making_is_read(tmp_path):
    assert same(train.load(saved(tmp_path)), start())


def test_a_file_cut_off_anywhere_is_refused(tmp_path):
    path = tmp_path / "net.npz"
    train.save(path, start(2))
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="path: expected a file"):
            train.load(path)


def test_a_file_with_a_changed_byte_is_refused_or_reads_the_same(tmp_path):
    path = tmp_path / "net.npz"
    train.save(path, start(2))
    whole = path.read_bytes()
    refused = 0
    for place in range(0, len(whole), 3):  # fields have 2, 4 or 8 bytes, so that each part of them has its turn
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        try:
            assert same(train.load(path), start(2)), f"byte {place} changed the numbers"
        except ValueError as error:
            assert str(error).startswith("path: expected a file that")
            refused += 1
    assert refused > len(whole) / 6


def test_a_bomb_is_refused_before_it_goes_off(tmp_path):
    """Compressed, or of entries that overlap: a few kB that would be 80 MB in memory."""
    path = tmp_path / "net.npz"
    large = start()._replace(W_hh=np.zeros((2000, 2000)))._asdict()
    np.savez_compressed(path, format=np.array("rnn_helpers.RNNParams.2"), **large)
    compressed = path.read_bytes()
    claimed = bytearray(saved(tmp_path).read_bytes())
    entry = claimed.index(b"PK\x01\x02")  # the first in the directory; its size, twice, 20 bytes on
    claimed[entry + 20 : entry + 28] = 2 * (80_000_000).to_bytes(4, "little")
    for content, message in ((compressed, "it is compressed"), (claimed, "its entries are larger than the file")):
        path.write_bytes(content)
        tracemalloc.start()
        with pytest.raises(ValueError, match=message):
            train.load(path)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(content) < 100_000 and peak < 1_000_000


@posix
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "net.npz")
    with pytest.raises(ValueError, match=r"path: expected a file that .*: it is no ordinary file"):
        train.load(tmp_path / "net.npz")


@pytest.mark.parametrize("content", [b"", b"not an archive", b"\x93NUMPY\x01\x00", b"\x80\x04N."])
def test_a_foreign_file_is_refused(tmp_path, content):
    path = tmp_path / "net.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="path: expected a file that"):
        train.load(path)


def test_one_array_under_a_wrong_name_is_refused(tmp_path):
    with (tmp_path / "net.npz").open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(ValueError, match="path: expected a file that"):
        train.load(tmp_path / "net.npz")


def test_a_bad_path_says_so(tmp_path):
    for function in (train.load, lambda path: train.save(path, start())):
        with pytest.raises(TypeError, match="path: expected the path of a file, got NoneType"):
            function(None)
        with pytest.raises(ValueError, match=r"path: expected a name that ends in \.npz"):
            function(tmp_path / "net.txt")
        with pytest.raises(FileNotFoundError):
            function(tmp_path / "nowhere" / "net.npz")


def test_parameters_that_are_none_are_not_saved(tmp_path):
    with pytest.raises(ValueError, match=r"params\.b_h: expected finite numbers"):
        train.save(tmp_path / "net.npz", start()._replace(b_h=np.full(6, np.nan)))
    with pytest.raises(TypeError, match="params: expected an RNNParams"):
        train.save(tmp_path / "net.npz", tuple(start()))
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no fcntl at all")
def test_a_file_is_saved_where_no_file_can_be_locked(tmp_path):
    code = "import fcntl, sys; del fcntl.flock  # as in a browser\n"
    code += "import numpy as np; from rnn_helpers import init_params, train\n"
    code += "params = init_params(np.random.default_rng(0), 2, 3, 2)\n"
    code += "train.save(sys.argv[1], params); assert np.array_equal(train.load(sys.argv[1]).W_hh, params.W_hh)\n"
    subprocess.run([sys.executable, "-c", code, tmp_path / "a.npz"], check=True)
