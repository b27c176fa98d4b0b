"""A run that is watched: nothing is lost, Stop stops it, and what was learned is kept."""

from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest

from rnn_helpers import data, init_params, optim, train
from rnn_helpers.live import progress


@pytest.fixture
def page(monkeypatch):
    """Keep what would stand on the page: the widgets of the run, and what is displayed."""
    shown = []
    pages = []

    class Kept(progress.Page):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            pages.append(self)

    monkeypatch.setattr(progress, "Page", Kept)
    monkeypatch.setattr(progress, "display", lambda bundle, **_: shown.append(bundle))
    monkeypatch.setattr(progress, "PAUSE", 0.0)
    pages.append(shown)
    return pages


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
    assert page[0] == []
    next(steps)
    assert len(page[0]) == 1


def test_the_end_is_shown_and_there_is_nothing_left_to_stop(page):
    list(progress.watch(run(), 12))
    (_, here) = page
    assert here.words.value.startswith("Finished. Step 12 of 12: a loss of ")
    assert here.bar.value == here.bar.max == 12 and here.button.disabled
    assert bytes(here.picture.value).startswith(b"\x89PNG")
    assert here.picture.layout.object_fit == "contain"  # a narrow window shrinks it and does not squeeze it


def test_stop_ends_the_run_and_keeps_what_was_learned(page):
    def clicked_after(number, steps):
        for step in steps:
            if step.number == number:
                page[1].button.click()
            yield step

    record = train.record(clicked_after(5, progress.watch(run(), 12)), lambda _: 1.0, every=2)
    assert len(record.losses) == 5 and record.checked.tolist() == [2, 4, 5]
    plain = list(run())[4].params
    assert all(np.array_equal(a, b) for a, b in zip(record.params, plain, strict=True))
    assert page[1].words.value.startswith("Stopped. Step 5 of 12") and page[1].button.disabled


def test_an_interruption_is_shown_and_keeps_what_was_learned(page):
    def interrupted(steps):
        for step in steps:
            if step.number == 4:
                raise KeyboardInterrupt
            yield step

    record = train.record(progress.watch(interrupted(run()), 12))
    assert len(record.losses) == 3
    assert page[1].words.value.startswith("Ended early. Step 3 of 12") and page[1].button.disabled


def test_whoever_asks_for_no_more_steps_has_ended_the_run(page):
    for step in progress.watch(run(), 12):
        if step.number == 4:
            break
    assert page[1].words.value.startswith("Ended early. Step 4 of 12")


def test_an_error_in_a_step_is_passed_on(page):
    def broken(steps):
        yield next(steps)
        raise FloatingPointError("loss: inf")

    with pytest.raises(FloatingPointError):
        list(progress.watch(broken(run()), 12))
    assert page[1].words.value.startswith("Ended early")


def test_where_no_widget_runs_a_sentence_stands(page):
    list(progress.watch(run(), 12))
    ((bundle,), _) = page
    assert bundle["text/plain"].startswith("Training for at most 12 steps.")
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_a_record_is_the_plain_record_and_its_validations_are_on_the_page(page):
    found = iter([0.75, 0.25, 0.5])
    record = progress.record(run(), 12, lambda _: next(found), every=4)
    plain = train.record(run())
    assert record.losses.tolist() == plain.losses.tolist()
    assert all(np.array_equal(a, b) for a, b in zip(record.params, plain.params, strict=True))
    assert record.checked.tolist() == [4, 8, 12] and record.validation.tolist() == [0.75, 0.25, 0.5]
    (_, here) = page
    assert here.words.value.endswith("; validation loss 0.50, lowest 0.25 after step 8.")
    curve = here.painter.drawing.moving[1]
    assert curve.get_xydata().tolist() == [[4, 0.75], [8, 0.25], [12, 0.5]]


def test_validation_shows_while_the_run_goes_on(page, monkeypatch):
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=count(0, 10).__next__))  # slow: a picture a step
    words = []

    def looked_at(steps):
        for step in steps:
            if step.number == 8:
                words.append(page[1].words.value)
            yield step

    progress.record(looked_at(run()), 12, lambda _: 0.75, every=6)
    assert words[0].startswith("Step 7 of 12") and "validation loss 0.75" in words[0]


def test_without_validation_there_is_one_curve_and_no_legend(page):
    record = progress.record(run(), 12)
    assert len(record.checked) == 0
    assert page[1].painter.drawing.figure.axes[0].get_legend() is None
    assert "validation" not in page[1].words.value


def test_a_loss_in_another_unit_is_shown_in_it(page):
    list(progress.watch(run(), 12, unit="hundreds of Delta E"))
    assert page[1].painter.drawing.figure.axes[0].get_ylabel() == "loss\n(hundreds of Delta E)"
    assert " hundreds of Delta E on the last batches." in page[1].words.value


def test_pictures_are_rare(page, monkeypatch):
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: 5.0))  # the run takes no time at all
    monkeypatch.setattr(progress, "PAUSE", 0.25)
    painted = []
    paint = progress.Page.paint
    monkeypatch.setattr(progress.Page, "paint", lambda self: (painted.append(len(self.losses)), paint(self)))
    list(progress.watch(run(30), 30))
    assert painted == [1, 30]


def test_a_total_that_is_none_is_refused():
    for total in (0, 2.5):
        with pytest.raises((ValueError, TypeError), match="total: expected"):
            progress.watch(run(), total)  # at once, not with the first step
        with pytest.raises((ValueError, TypeError), match="total: expected"):
            progress.record(run(), total)
