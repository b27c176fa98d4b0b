"""One command for a terminal: it trains, is killed, goes on, writes, and says in a sentence what is wrong."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from rnn_helpers import data, train, write

NAMES = [name for name in data.unicode_names() if name.count(" ") < 3][:300]
PROSE = "It was a dark night.\nThe sea was green, and so were we: nobody slept.\n" * 40


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The bytes of a file that the command wrote, trained on prose.txt, and of one that it did not."""
    place = tmp_path_factory.mktemp("trained")
    (place / "prose.txt").write_text(PROSE, encoding="utf-8")
    run(str(place / "prose.txt"), "--steps", "1")
    train.save(place / "theirs.npz", train.load(place / "prose.npz"))
    return [(place / name).read_bytes() for name in ("prose.npz", "theirs.npz")]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "names.txt").write_text("\n".join(NAMES), encoding="utf-8")
    (tmp_path / "prose.txt").write_text(PROSE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words):
    write.main([*words, "--units", "7"] if "--resume" not in words and "--sample" not in words else list(words))


def everything(path):
    """All that a file keeps, but how long it took."""
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    notes = "".join(map(chr, arrays.pop("notes")))
    return {name: array.tobytes() for name, array in arrays.items()} | {"notes": notes[: notes.index('"seconds"')]}


@pytest.mark.parametrize(
    ("text", "found"), [("names", "A list of 300 names"), ("prose", "One long text of 2,800 char")]
)
def test_it_trains_and_says_what_became_of_it(folder, capsys, text, found):
    run(f"{text}.txt", "--steps", "120")
    out, err = capsys.readouterr()
    assert out.startswith(found)
    assert "The time is over: 120 steps in 0:0" in out and f"The network is in {text}.npz" in out
    bits, guess = float(out.split(" bits a")[0].split()[-1]), float(out.split("costs ")[1][:4])
    assert 0.5 < bits < guess < 6
    assert not {c for c in out + err if c < " "} - {"\n"}, "no terminal, no control characters"
    saved = train.load_run(folder / f"{text}.npz")
    assert saved.step.number == 120 and saved.best.b_h.dtype == np.float32 and saved.best.b_h.shape == (7,)
    assert sorted(os.listdir(folder)) == sorted(["names.txt", "prose.txt", f"{text}.npz"])


@pytest.mark.parametrize("text", ["names", "prose"])
def test_a_run_that_goes_on_is_the_run_that_never_stopped(folder, text):
    run(f"{text}.txt", "--steps", "70", "--to", "whole.npz")
    run(f"{text}.txt", "--steps", "30")
    run(f"{text}.txt", "--steps", "70", "--resume")
    assert everything(f"{text}.npz") == everything("whole.npz")


KILLED = """
import sys
from rnn_helpers import write
write.PAUSE = 0.0
write.main(["prose.txt", "--units", "7"])
"""


def test_it_may_be_killed_at_any_moment_and_goes_on(folder):
    process = subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.DEVNULL)
    while not (folder / "prose.npz").exists() or train.load_run("prose.npz").step.number < 20:
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    last = train.load_run("prose.npz").step.number + 30
    run("prose.txt", "--steps", str(last), "--resume")
    run("prose.txt", "--steps", str(last), "--to", "whole.npz")
    assert everything("prose.npz") == everything("whole.npz")
    assert sorted(os.listdir()) == ["names.txt", "prose.npz", "prose.txt", "whole.npz"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_keeps_everything(folder, capsys, monkeypatch, number):
    before, plain = signal.getsignal(number), write.slower

    def slower(params, grads, state, rate):
        if state is not None and state.steps == 19:
            signal.raise_signal(number)
        return plain(params, grads, state, rate)

    monkeypatch.setattr(write, "slower", slower)
    run("prose.txt", "--minutes", "1")
    assert "You stopped it, and everything is kept: 20 steps" in capsys.readouterr().out
    assert train.load_run("prose.npz").step.number == 20
    assert signal.getsignal(number) == before


def test_who_cannot_wait_presses_twice(folder, capsys, monkeypatch):
    def slower(*_):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(write, "slower", slower)
    with pytest.raises(SystemExit) as end:
        run("prose.txt")
    assert end.value.code == 130 and "what was saved before is kept" in capsys.readouterr().err
    assert train.load_run("prose.npz").step.number == 0


def test_it_stops_when_nothing_gets_better_and_keeps_the_best(folder, capsys, monkeypatch):
    monkeypatch.setattr(write, "PATIENCE", 3)
    losses = iter([2.0, 1.0, 3.0, 1.5, 1.0, 0.5, 0.4])
    monkeypatch.setattr(train, "mean_loss", lambda *_: next(losses))
    run("prose.txt")
    assert "It stopped early, as 3 checks in a row found nothing better: 100 steps" in capsys.readouterr().out
    run("prose.txt", "--steps", "40", "--to", "two.npz")  # two checks
    assert everything("prose.npz")["best.W_hh"] == everything("two.npz")["W_hh"] != everything("prose.npz")["W_hh"]


@pytest.mark.parametrize("length", [200, 700])
def test_a_tiny_text_will_do(folder, length):
    (folder / "tiny.txt").write_text(PROSE[:length], encoding="utf-8")
    run("tiny.txt", "--steps", "60")
    assert train.load_run("tiny.npz").step.number == 60


def test_it_writes_without_training(folder, capsys):
    run("names.txt", "--steps", "60")
    run("prose.txt", "--steps", "60")
    capsys.readouterr()

    def written(*words):
        run(*words)
        return capsys.readouterr().out

    prose = written("prose.txt", "--sample", "90", "--beginning", "The sea")
    assert prose.startswith("The sea") and len(prose) == 7 + 90 + 1
    assert written("prose.npz", "--sample", "90", "--beginning", "The sea") == prose, "the network's file will do"
    assert written("prose.txt", "--sample", "90", "--beginning", "The sea", "--seed", "1") != prose
    cold = {written("prose.txt", "--sample", "90", "--seed", str(seed), "--temperature", "0") for seed in range(2)}
    assert len(cold) == 1
    names = written("names.txt", "--sample", "90", "--beginning", "LATIN")
    assert len(names) > 90 and all(name.startswith("LATIN") for name in names.splitlines())


def test_a_terminal_sees_a_bar(folder, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    run("prose.txt", "--steps", "60", "--minutes", "0.5")
    err = capsys.readouterr().err
    assert "step 60, " in err and " on what was kept back" in err and "%|" in err and "<" in err


def test_without_a_terminal_a_line_now_and_then(folder, capsys, monkeypatch):
    monkeypatch.setattr(write, "PAUSE", 0.0)
    run("prose.txt", "--steps", "5")
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1].startswith("0:0") and " of 10:00: step 5, " in lines[-1]


def test_what_is_there_is_not_lost(folder, capsys):
    run("prose.txt", "--steps", "3")
    with pytest.raises(SystemExit):
        run("prose.txt", "--steps", "3")
    assert "prose.npz is there already: --resume goes on with it, --anew begins again" in capsys.readouterr().err
    run("prose.txt", "--steps", "4", "--anew")
    assert train.load_run("prose.npz").step.number == 4


BAD = [
    (["nowhere.txt"], "nowhere.txt"),
    (["."], "."),
    (["latin.txt"], "UTF-8"),
    (["short.txt"], "expected a text of at least 200 characters, got 4"),
    (["blank.txt"], "blank.txt"),
    (["prose.txt", "--minutes", "x"], "argument --minutes: expected a number of at least 0.001, got 'x'"),
    (["prose.txt", "--minutes", "nan"], "argument --minutes: expected a number"),
    (["prose.txt", "--minutes", "-1"], "argument --minutes: expected"),
    (
        ["prose.txt", "--units", "0"],
        "argument --units: expected a whole number of at least 1 and at most 4096, got '0'",
    ),
    (["prose.txt", "--units", "1.5"], "argument --units: expected a whole number"),
    (["prose.txt", "--units", "9" * 30], "argument --units: expected"),
    (["prose.txt", "--to", "net.txt"], r"expected a name that ends in .npz"),
    (["prose.txt", "--to", "no/net.npz"], "no/net.npz"),
    (["prose.txt", "--to", "a picture.npz", "--anew"], "a picture.npz"),
    (["prose.txt", "--to", "empty.npz"], "empty.npz"),
    (["prose.txt", "--to", "theirs.npz", "--anew"], "expected a file that rnn_helpers.write wrote, got another one"),
    (["prose.txt", "--resume"], "prose.npz"),
    (["other.txt", "--to", "mine.npz", "--resume"], "expected the text that mine.npz was trained on, got another one"),
    (
        ["prose.txt", "--to", "mine.npz", "--resume", "--units", "8"],
        "argument --units: expected 7, as in mine.npz, got 8",
    ),
    (["prose.txt", "--to", "mine.npz", "--resume", "--seed", "1"], "argument --seed: expected 0"),
    (["prose.txt", "--sample", "10"], "prose.npz"),
    (["mine.npz", "--sample", "10", "--beginning", "日"], "日"),
    (["mine.npz", "--sample", "10", "--temperature", "-1"], "argument --temperature: expected a number of at least 0"),
    ([], "TEXT"),
]


@pytest.mark.parametrize(("words", "message"), BAD, ids=[" ".join(words)[:60] or "nothing" for words, _ in BAD])
def test_what_is_wrong_is_said_in_one_sentence(folder, capsys, trained, words, message):
    (folder / "latin.txt").write_bytes(("é" * 300).encode("latin-1"))
    (folder / "short.txt").write_text("four")
    (folder / "blank.txt").write_text("\n" * 300)
    (folder / "other.txt").write_text(PROSE[1:])
    files = zip(["mine.npz", "theirs.npz", "a picture.npz", "empty.npz"], [*trained, b"\x89PNG", b""], strict=True)
    for name, content in files:
        (folder / name).write_bytes(content)
    before = {name: (folder / name).read_bytes() for name in os.listdir(folder)}
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        write.main(words)
    out, err = capsys.readouterr()
    assert end.value.code == 2 and out == ""
    assert err.startswith("python -m rnn_helpers.write: ") and err.count("\n") == 1 and message in err
    assert {name: (folder / name).read_bytes() for name in os.listdir(folder)} == before


def test_the_help_shows_the_three_ways(capsys):
    with pytest.raises(SystemExit) as end:
        write.main(["--help"])
    out = capsys.readouterr().out
    assert end.value.code == 0 and "--resume        goes on" in out and "--steps" not in out


@pytest.mark.skipif(os.name == "nt", reason="there it goes on as it is")
def test_it_computes_on_one_thread_unless_someone_has_decided(monkeypatch):
    begun = []
    monkeypatch.setattr(os, "execv", lambda *words: begun.append(words))
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    write.on_one_thread()
    assert begun == [(sys.executable, sys.orig_argv)] and os.environ["OPENBLAS_NUM_THREADS"] == "1"
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "4")
    write.on_one_thread()
    assert len(begun) == 1 and os.environ["OPENBLAS_NUM_THREADS"] == "4"
