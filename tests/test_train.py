"""Training: the loop hands over every step, its record outlives an interruption, and files are whole or refused."""

import math
import os
import subprocess
import sys
from functools import partial
from itertools import islice
from typing import NamedTuple

import numpy as np
import pytest

from rnn_helpers import RNNParams, data, init_params, loss_and_grads, optim, train
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


def test_mean_loss_weighs_every_target_alike():
    found = data.batches(SEQUENCES, 2)
    sums = 0.0
    for sequence in SEQUENCES:
        (batch,) = data.batches([sequence], 1)
        sums += (len(sequence) + 1) * loss_and_grads(start(), batch.x, batch.targets)[0]
    assert train.mean_loss(start(), found) == pytest.approx(sums / sum(len(s) + 1 for s in SEQUENCES), rel=1e-12)
    with pytest.raises(ValueError, match="batches: expected at least one, got none"):
        train.mean_loss(start(), [])


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


def test_a_crash_in_the_middle_of_a_save_leaves_the_old_file_whole(tmp_path):
    train.save(tmp_path / "net.npz", start())
    done = subprocess.run([sys.executable, "-c", CRASH, tmp_path / "net.npz"], capture_output=True, text=True)
    assert done.returncode == 9, done.stderr
    assert same(train.load(tmp_path / "net.npz"), start())


def saved(tmp_path, **changes):
    """Write a file as `save` does, but with some entries changed, or left out where the change is None."""
    arrays = {"format": np.array(storage.FORMAT), **start()._asdict()} | changes
    path = tmp_path / "net.npz"
    np.savez(path, **{name: value for name, value in arrays.items() if value is not None})
    return path


OBJECTS = np.array([{"a": 1}], dtype=object)
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
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        try:
            assert same(train.load(path), start(2)), f"byte {place} changed the numbers"
        except ValueError as error:
            assert str(error).startswith("path: expected a file that")
            refused += 1
    assert refused > len(whole) / 2


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
