"""A run that is watched: nothing is lost, Stop stops it, and what was learned is kept."""

import sys
from binascii import a2b_base64
from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest

from rnn_helpers import data, init_params, lacks, optim, train
from rnn_helpers.live import progress, widget

PAUSE = progress.PAUSE


class Outputs(dict):
    """What stands in the outputs of a cell in JupyterLab, by its display's id."""

    here: progress.Page  # the run that was shown last

    def words(self) -> str:
        return list(self.values())[-1]["text/plain"]

    def now(self) -> dict:
        return self.here.training.now


@pytest.fixture
def page(monkeypatch):
    """Keep what would stand on JupyterLab's page."""
    outputs = Outputs()

    class Kept(progress.Page):
        def __init__(self, *arguments):
            outputs.here = self
            super().__init__(*arguments)

    def put(bundle, *, display_id, **_):
        outputs[display_id] = bundle

    monkeypatch.setattr(widget, "page", lambda: "JupyterLab")
    monkeypatch.setattr(progress, "Page", Kept)
    monkeypatch.setattr(progress, "display", put)
    monkeypatch.setattr(progress, "update_display", put)
    monkeypatch.setattr(progress, "PAUSE", 0.0)
    return outputs


def run(steps=12):
    ids = [data.encode(text, "\nabc") for text in ("ab", "cab", "bca")]
    params = init_params(np.random.default_rng(0), 4, 5, 4)
    return train.steps(params, data.passes(ids, 1, np.random.default_rng(1), steps // 3), optim.sgd, 0.1)


def test_a_watched_run_is_the_same_run(page):
    watched, plain = list(progress.watch(run(), 12)), list(run())
    assert [step.loss for step in watched] == [step.loss for step in plain]
    assert all(np.array_equal(a, b) for a, b in zip(watched[-1].params, plain[-1].params, strict=True))


def test_nothing_is_shown_before_the_first_step_is_asked_for(page):
    steps = progress.watch(run(), 12)
    assert page == {}
    next(steps)
    place, words = page.values()
    assert place["text/html"].startswith("<rnn-live name=") and "had not ended" in place["text/html"]
    assert words == {"text/html": ""}


def test_at_the_end_picture_and_sentence_stand_where_the_run_was_shown_and_need_no_kernel(page):
    list(progress.watch(run(), 12))
    picture, words = page.values()
    assert a2b_base64(picture["image/png"]).startswith(b"\x89PNG") and set(picture) == {"image/png", "text/plain"}
    assert words["text/plain"].startswith("Finished. Step 12 of 12: a loss of ")
    assert words["text/markdown"] == f"*{words['text/plain']}*"
    assert page.here.training.comm is None  # its place has gone, and so has it


def test_where_nothing_listens_there_is_no_button_and_the_first_run_says_so(page, monkeypatch):
    monkeypatch.setattr(lacks, "_said", set())
    list(progress.watch(run(), 12))
    assert page.here.training.stoppable and "stopped" not in page.now()["sentence"]
    monkeypatch.setattr(lacks, "threads", lambda: True)
    list(progress.watch(run(), 12))
    assert not page.here.training.stoppable and page.now()["sentence"].endswith("it cannot be stopped.")
    assert "stopped" not in page.words()  # what stays is the same everywhere
    list(progress.watch(run(), 12))
    assert not page.here.training.stoppable and "stopped" not in page.now()["sentence"]


def test_the_page_is_told_of_steps_sentence_and_picture(page, monkeypatch):
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=count(0, 10).__next__))  # slow: a picture a step
    steps = progress.watch(run(), 12)
    for _ in range(3):
        next(steps)
    now = page.now()
    assert now["steps"] == 2 and now["sentence"].startswith("Step 2 of 12: ")
    assert (now["picture"]["width"], now["picture"]["height"]) == (1520, 440)
    steps.close()
    assert page.words().startswith("Ended early. Step 3 of 12")


def test_stop_ends_the_run_and_keeps_what_was_learned(page):
    def clicked_after(number, steps):
        for step in steps:
            if step.number == number:
                page.here.training._handle_custom_msg({}, [])
            yield step

    record = train.record(clicked_after(5, progress.watch(run(), 12)), lambda _: 1.0, every=2)
    assert len(record.losses) == 5 and record.checked.tolist() == [2, 4, 5]
    plain = list(run())[4].params
    assert all(np.array_equal(a, b) for a, b in zip(record.params, plain, strict=True))
    assert page.words().startswith("Stopped. Step 5 of 12")


def test_an_interruption_is_shown_and_keeps_what_was_learned(page):
    def interrupted(steps):
        for step in steps:
            if step.number == 4:
                raise KeyboardInterrupt
            yield step

    record = train.record(progress.watch(interrupted(run()), 12))
    assert len(record.losses) == 3
    assert page.words().startswith("Ended early. Step 3 of 12")


def test_whoever_asks_for_no_more_steps_has_ended_the_run(page):
    for step in progress.watch(run(), 12):
        if step.number == 4:
            break
    assert page.words().startswith("Ended early. Step 4 of 12")


def test_an_error_in_a_step_is_passed_on(page):
    def broken(steps):
        yield next(steps)
        raise FloatingPointError("loss: inf")

    with pytest.raises(FloatingPointError):
        list(progress.watch(broken(run()), 12))
    assert page.words().startswith("Ended early")


def test_a_run_that_fails_before_its_first_step_leaves_no_picture(page):
    with pytest.raises(FloatingPointError):
        list(progress.watch(broken_at_once(), 12))
    assert list(page.values()) == [{"text/plain": "Ended early before the first step."}, {"text/html": ""}]


def broken_at_once():
    raise FloatingPointError("loss: inf")
    yield


@pytest.mark.parametrize("total", [5, None], ids=["fewer were expected", "nobody knows how many come"])
def test_where_the_end_is_not_known_the_steps_are_counted(page, total):
    list(progress.watch((step for step in run()), total))
    assert page.words().startswith("Finished. Step 12: a loss of ")
    assert 12 < page.here.painter.drawing.figure.axes[0].get_xlim()[1] < 20
    assert page.here.training.total == (total or 0)


def test_a_run_that_knows_its_length_needs_no_total(page):
    progress.record(list(run()))
    assert page.words().startswith("Finished. Step 12 of 12: ")


@pytest.mark.parametrize("tqdm", [True, False], ids=["with tqdm", "without"])
def test_in_a_terminal_there_is_a_line(capsys, monkeypatch, tqdm):
    if not tqdm:
        monkeypatch.setitem(sys.modules, "tqdm", None)
    record = progress.record(run(), 12)
    told = capsys.readouterr()
    assert told.out == "Finished after 12 steps.\n"
    last = told.err.split("\r")[-1]
    assert ("12/12" in last and f"loss {record.losses.mean():.2f} nats" in last) if tqdm else not told.err


def test_in_a_kernel_that_no_page_listens_to_only_the_end_is_told(capsys, monkeypatch):
    shell = SimpleNamespace(kernel=None, parent_header={}, user_ns={})
    for module in (progress, widget):
        monkeypatch.setattr(module, "get_ipython", lambda: shell)
    list(progress.watch(run(), 12))
    assert capsys.readouterr() == ("Finished after 12 steps.\n", "")


def test_what_cannot_be_watched_is_refused_before_anything_is_shown(page):
    with pytest.raises(TypeError, match=r"run: expected steps, as from train\.steps, got int"):
        progress.watch(12)
    with pytest.raises(TypeError, match="unit: expected a text, got int"):
        progress.watch(run(), 12, unit=3)
    with pytest.raises(TypeError, match="validate"):
        progress.record(run(), 12, every=50, validate=3)
    assert page == {}


def test_a_record_is_the_plain_record_and_its_validations_are_on_the_page(page):
    found = iter([0.75, 0.25, 0.5])
    record = progress.record(run(), 12, lambda _: next(found), every=4)
    plain = train.record(run())
    assert record.losses.tolist() == plain.losses.tolist()
    assert all(np.array_equal(a, b) for a, b in zip(record.params, plain.params, strict=True))
    assert record.checked.tolist() == [4, 8, 12] and record.validation.tolist() == [0.75, 0.25, 0.5]
    assert page.words().endswith("; validation loss 0.50, lowest 0.25 after step 8.")
    curve = page.here.painter.drawing.moving[1]
    assert curve.get_xydata().tolist() == [[4, 0.75], [8, 0.25], [12, 0.5]]


def test_validation_shows_while_the_run_goes_on(page, monkeypatch):
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=count(0, 10).__next__))  # slow: a picture a step
    words = []

    def looked_at(steps):
        for step in steps:
            if step.number == 8:
                words.append(page.now()["sentence"])
            yield step

    progress.record(looked_at(run()), 12, lambda _: 0.75, every=6)
    assert words[0].startswith("Step 7 of 12") and "validation loss 0.75" in words[0]


def test_a_validation_loss_that_is_no_finite_number_is_not_drawn(page):
    found = iter([0.75, np.nan, 0.5])
    progress.record(run(), 12, lambda _: next(found), every=4)
    assert page.words().endswith("; validation loss 0.50, lowest 0.50 after step 12.")


def test_without_validation_there_is_one_curve_and_no_legend(page):
    record = progress.record(run(), 12)
    assert len(record.checked) == 0
    assert page.here.painter.drawing.figure.axes[0].get_legend() is None
    assert "validation" not in page.words()


def test_a_loss_in_another_unit_is_shown_in_it(page):
    list(progress.watch(run(), 12, unit="hundreds of Delta E"))
    assert page.here.painter.drawing.figure.axes[0].get_ylabel() == "loss\n(hundreds of Delta E)"
    assert " hundreds of Delta E on the last batches." in page.words()


def test_pictures_are_rare(page, monkeypatch):
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: 5.0))  # the run takes no time at all
    monkeypatch.setattr(progress, "PAUSE", 0.25)
    painted = []
    paint = progress.Painter.paint
    look = lambda self, _: painted.append(len(page.here.watched.losses)) or paint(self, {})  # noqa: E731
    monkeypatch.setattr(progress.Painter, "paint", look)
    list(progress.watch(run(30), 30))
    assert painted == [1, 30]


def test_pictures_come_four_times_a_second_while_they_are_quick(page, monkeypatch):
    now, painted = [0.0], []
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(progress, "PAUSE", PAUSE)
    monkeypatch.setattr(progress.Page, "paint", lambda self: painted.append(len(self.watched.losses)))
    for step in progress.watch(run(), 12):
        now[0] = step.number / 10  # seconds
    assert painted == [1, 4, 7, 10]


def test_a_total_that_is_no_number_of_steps_is_refused():
    for total in (0, 2.5):
        with pytest.raises((ValueError, TypeError), match="total: expected"):
            progress.watch(run(), total)  # at once, not with the first step
        with pytest.raises((ValueError, TypeError), match="total: expected"):
            progress.record(run(), total)
