"""Whatever a learner's function does, it ends in time and leaves nothing behind: no state, no output, no signal."""

import builtins
import inspect
import os
import random
import signal
import subprocess
import sys
import threading
import time
import warnings

import numpy as np
import pytest
from learners import Hostile, ask, loops, raises, recursive, stub, writes_to_input

import rnn_helpers as rnn
from rnn_helpers import check, lacks
from rnn_helpers.check import EXERCISES, judge
from rnn_helpers.check.engine import sandbox

HAS_TIMER = hasattr(signal, "setitimer")


def signals():
    if not HAS_TIMER:
        return ()
    handlers = map(signal.getsignal, (signal.SIGALRM, signal.SIGVTALRM, signal.SIGINT))
    timers = map(signal.getitimer, (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL))
    return *handlers, *timers, signal.pthread_sigmask(signal.SIG_BLOCK, [])


def global_state():
    return (
        repr(np.random.get_state()),  # noqa: NPY002
        random.getstate(),
        np.geterr(),
        np.geterrcall(),
        np.get_printoptions(),
        dict(os.environ),
        os.getcwd(),
        builtins.input,
        sys.getrecursionlimit(),
        sys.path,
        sys.path[:],
        warnings.filters[:],
        sys.stdout,
        sys.stderr,
        signals(),
        threading.active_count(),
    )


def meddles(z):
    np.random.seed(1)  # noqa: NPY002
    np.random.set_bit_generator(np.random.PCG64(1))
    sys.path.clear()
    sys.path = []
    random.seed(1)
    np.seterr(all="raise")
    np.set_printoptions(precision=2)
    os.environ["RNN_HELPERS_LEFT_BEHIND"] = "1"
    os.environ.pop("PATH", None)
    os.chdir("/")
    sys.setrecursionlimit(12_345)
    warnings.simplefilter("error")
    warnings.warn("a warning", stacklevel=1)
    if HAS_TIMER:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM, signal.SIGINT})
        os.kill(os.getpid(), signal.SIGALRM)  # arrives when it is let through
    return rnn.softmax(z)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
def test_a_fork_does_not_come_back_as_a_second_notebook():
    code = """
import os
from rnn_helpers import check, lacks
answer = check.answers.softmax
def returns_twice(z):
    os.fork()
    return answer(z)
def returns_and_raises(z):
    return answer(z) if os.fork() else 1 / 0
print([check.softmax(f).passed for f in (returns_twice, returns_and_raises)])
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("[True, True]\n", "")


def deletes_its_folder(z):
    if os.getcwd() != "/":
        os.rmdir(os.getcwd())
        os.chdir("/")
    return rnn.softmax(z)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that is in use")
def test_a_folder_that_is_gone_afterwards_keeps_nobody_from_a_verdict(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert ask("softmax", deletes_its_folder).passed


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that is in use")
def test_a_right_answer_passes_though_the_folder_was_deleted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tmp_path.rmdir()
    assert ask("softmax", rnn.softmax).passed


def exchanges_names(z):
    """Put something else in the place of functions that everyone uses."""
    np.exp = np.max = np.linalg.norm = np.random.default_rng = builtins.len = lambda *_, **__: 2.0
    return z + 0


def names():
    return np.exp, np.max, np.linalg.norm, np.random.default_rng, len


def test_an_exchanged_name_neither_stays_nor_reaches_what_is_expected():
    before = names()
    verdict = ask("softmax", exchanges_names)
    assert names() == before
    assert "expected 0.2689, got 0," in verdict.message


def warns(z):
    warnings.warn("a warning", stacklevel=1)
    return rnn.softmax(z)


def overflows(z):
    return np.exp(1e9 * z) / z


@pytest.mark.parametrize(
    "function",
    [rnn.softmax, meddles, warns, overflows, writes_to_input, raises, recursive, stub, loops, 3, lambda z: Hostile()],
)
def test_a_check_leaves_no_trace(function):
    before = global_state()
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        judge(EXERCISES["softmax"], function, seconds=1.0)
    assert seen == []
    assert global_state() == before


def test_what_is_compared_warns_nobody():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        verdict = judge(EXERCISES["scalar_forward"], lambda *a: [np.ma.masked for _ in a[3]])  # NaN, and a warning
    assert "expected 0.3452, got nan" in verdict.message


def test_numpys_error_settings_outside_do_not_reach_in():
    def softmax_that_underflows(z):
        return np.exp(z - z.max(axis=-1, keepdims=True)) / np.exp(z - z.max(axis=-1, keepdims=True)).sum(-1)[..., None]

    with np.errstate(all="raise"):
        assert ask("softmax", softmax_that_underflows).passed


def test_what_one_call_does_to_numpys_error_settings_does_not_reach_the_next():
    def sets_a_trap(z):
        y = rnn.softmax(z)
        np.seterr(all="raise")
        return y

    assert ask("softmax", sets_a_trap).passed


def test_ctrl_c_still_interrupts():
    def interrupted(z):
        raise KeyboardInterrupt

    before = signals()
    with pytest.raises(KeyboardInterrupt):
        check.softmax(interrupted)
    assert signals() == before


@pytest.mark.skipif(not HAS_TIMER, reason="Windows has no setitimer")
def test_someone_elses_timer_goes_on():
    rang = []
    old = signal.signal(signal.SIGALRM, lambda *_: rang.append(True))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        judge(EXERCISES["softmax"], loops, seconds=0.1)
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] < 0.21
        time.sleep(0.4)
        assert rang == [True]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def test_two_checks_of_one_function_say_the_same():
    for name, exercise in EXERCISES.items():
        function = exercise.mistakes[0].function
        assert ask(name, function) == ask(name, function)


def test_what_is_printed_is_counted_and_not_shown():
    def chatty(z):
        print("shape", z.shape)
        print("to stderr", file=sys.stderr)
        return rnn.softmax(z)

    verdict = ask("softmax", chatty)  # calls it eight times
    assert verdict.passed and verdict.message.endswith("(It printed 16 lines, not shown here.)")


def loops_and_prints(z):
    while True:
        print(z)


def loops_and_catches(z):
    while True:
        try:
            while True:
                z = z + 1
        except Exception:
            pass


def loops_and_swallows(z):
    while True:
        try:
            z = z + 1
        except:  # noqa: E722
            z = z - 1


def swallows_once(z):
    try:
        loops(z)
    except:  # noqa: E722
        loops(z)


def sleeps(z):
    time.sleep(60)


def sleeps_and_swallows(z):
    while True:
        try:
            time.sleep(0.5)
        except:  # noqa: E722
            continue


def turns_the_alarm_off(z):
    signal.setitimer(signal.ITIMER_REAL, 0)
    loops(z)


def answers_the_alarm(z):
    signal.signal(signal.SIGALRM, lambda *_: None)
    loops_and_swallows(z)


def ignores_the_alarm(z):
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    loops(z)


def keeps_the_alarm_out(z):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    loops(z)


MEDDLE_WITH_THE_ALARM = [turns_the_alarm_off, answers_the_alarm, ignores_the_alarm, keeps_the_alarm_out]
ENDLESS = [loops, loops_and_prints, loops_and_catches, loops_and_swallows, swallows_once, sleeps, sleeps_and_swallows]


@pytest.mark.parametrize("function", ENDLESS)
def test_an_endless_loop_is_stopped(function):
    started = time.monotonic()
    verdict = judge(EXERCISES["softmax"], function, seconds=0.1)
    assert time.monotonic() - started < 2
    assert verdict.mistake == "too_slow" and "was stopped after 0.1 s, with 0 of 6 cases done" in verdict.message
    assert function is not loops or ", in its line " in verdict.message


@pytest.mark.skipif(not HAS_TIMER, reason="Windows has no alarm to meddle with")
@pytest.mark.parametrize("function", MEDDLE_WITH_THE_ALARM)
def test_who_meddles_with_the_alarm_is_stopped_too(function):
    before = signals()
    assert judge(EXERCISES["softmax"], function, seconds=0.1).mistake == "too_slow"
    assert signals() == before


@pytest.fixture
def bare(monkeypatch):
    """Take away threads and timers, as a browser has none."""

    def refuse(*_, **__):
        raise RuntimeError("can't start new thread")

    for name in ("_start_new_thread", "_start_joinable_thread"):  # until Python 3.12, and since
        monkeypatch.setattr(threading, name, refuse, raising=False)
    monkeypatch.delattr(signal, "setitimer", raising=False)
    monkeypatch.setattr(lacks, "_said", set())


@pytest.mark.parametrize("name", ["one_hot", "softmax", "rnn_backward", "loss_and_grads", "trigram_bits"])
def test_without_threads_and_timers_answers_are_judged_as_ever(bare, name):
    wrong = EXERCISES[name].mistakes[0]
    assert ask(name, EXERCISES[name].reference).passed
    assert ask(name, wrong.function).mistake == wrong.name


@pytest.mark.skipif(hasattr(sys, "monitoring"), reason="since Python 3.12 there is a limit anywhere")
def test_where_nothing_stops_a_function_the_first_verdict_says_so(bare):
    sentence = "Here a check has no time limit"
    first, second = check.softmax(overflows), check.softmax(rnn.softmax)
    assert first.message.startswith("Not yet") and sentence in first.message and first.case
    assert second.passed and sentence not in second.message


def test_where_a_function_can_be_stopped_nothing_is_said(monkeypatch):
    monkeypatch.setattr(lacks, "_said", set())
    assert "time limit" not in check.softmax(stub).message


@pytest.mark.skipif(not hasattr(sys, "monitoring"), reason="before Python 3.12 nothing looks at lines")
@pytest.mark.parametrize("function", ENDLESS)
def test_without_threads_and_timers_an_endless_loop_is_stopped_at_a_line(bare, function):
    test_an_endless_loop_is_stopped(function)


def test_one_long_operation_is_reported_when_it_ends():
    """Python cannot interrupt NumPy inside one call; the verdict comes late, and is the same."""
    numbers = np.random.default_rng(0).random(2_000_000)
    verdict = judge(EXERCISES["softmax"], lambda z: np.sort(numbers), seconds=0.02)
    assert verdict.mistake == "too_slow"


def test_the_time_allowed_is_less_than_ten_seconds():
    assert 1 < inspect.signature(judge).parameters["seconds"].default < 10


@pytest.mark.parametrize("function", [loops, loops_and_swallows, swallows_once, rnn.softmax, raises, stub])
def test_checks_work_in_another_thread(function):
    verdicts = []
    before = threading.active_count()
    thread = threading.Thread(target=lambda: verdicts.append(judge(EXERCISES["softmax"], function, seconds=0.3)))
    thread.start()
    thread.join(5)
    expected = {"softmax": None, "raises": "raised", "stub": "not_written"}
    assert verdicts[0].mistake == expected.get(function.__name__, "too_slow")
    assert threading.active_count() == before


def test_the_sandbox_copies_what_it_is_given_and_what_it_gets():
    buffer = np.zeros(2)

    def one_buffer(x):
        buffer[:] = x
        return buffer

    argument = np.ones(2)
    run = sandbox.run(one_buffer, [(argument,), (3 * argument,)], ["x"], 1.0)
    assert [outcome.returned.tolist() for outcome in run.outcomes] == [[1, 1], [3, 3]]
