"""Run a learner's function so that what it does reaches no further: time, output and global state are kept.

That is against accidents. Whoever means to can still end the process (`os._exit`, a null pointer, a timer whose signal
ends it), close its files or write to them by number, start programs and threads that go on, or change this engine. A
learner's own kernel is theirs. Whoever grades what strangers wrote gives each answer a process of its own.
"""

import builtins
import contextlib
import copy
import ctypes
import itertools
import os
import random
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from types import CodeType, FrameType
from typing import Any, NamedTuple

import numpy as np

from rnn_helpers import lacks
from rnn_helpers.changes import changes
from rnn_helpers.check.engine.exercise import Arguments, Function

_MONITORING: Any = getattr(sys, "monitoring", None)  # since Python 3.12
FILL = 7.7e77  # what np.empty holds here, which is else whatever the memory held


class Outcome(NamedTuple):
    """What one call did: it returned something or raised, and perhaps changed some of its arguments."""

    returned: Any
    error: BaseException | None
    changed: tuple[str, ...]
    first_change: str = ""


class Run(NamedTuple):
    """All calls that ended in time, what was printed meanwhile, and what stopped the next one if time ran out."""

    outcomes: tuple[Outcome, ...]
    printed_lines: int
    too_slow: BaseException | None


class _Stopped(BaseException):
    """Raised inside the learner's function when its time is over; `except Exception` does not catch it."""


class _Sink:
    """Takes the place of stdout and stderr: counts lines and keeps nothing."""

    def __init__(self) -> None:
        self.lines = 0

    def write(self, text: str) -> int:
        self.lines += str(text).count("\n")
        return len(text)

    def flush(self) -> None:
        """Do nothing: nothing is kept."""


def run(function: Function, cases: Sequence[Arguments], names: Sequence[str], seconds: float, *fills: float) -> Run:
    """Call `function` once for each case, with copies of the arguments, for `seconds` in all.

    Parameters
    ----------
    function : the learner's.
    cases : the arguments of each call.
    names : what the arguments are called, to say which one was changed.
    seconds : after this the call under way is stopped, whether it computes in Python, sleeps or waits for a lock. One
        operation in C, such as a product of huge matrices, is not: Python looks at signals between two of its own
        instructions only, so the stop comes when the operation ends. Nor is what turns the alarm off and then sleeps,
        or keeps all signals from coming. Only another process could be ended at once, and that would not share the
        notebook's variables, nor be safe to fork beside Jupyter's threads, nor be possible everywhere. In a browser a
        sleep ends before its stop, too.
    fills : what `np.empty` and `np.empty_like` hold, in turn. Who sets each entry before it is read, cannot tell.
    """
    outcomes: list[Outcome] = []
    sink, makers = _Sink(), {name: getattr(np, name) for name in ("empty", "empty_like")}

    def calls() -> None:
        for case, fill in zip(cases, itertools.cycle(fills or (FILL,)), strict=False):
            vars(np).update({name: _filled(make, fill) for name, make in makers.items()})  # `_state_kept` undoes it
            outcomes.append(_call(function, case, names))

    with _state_kept(), contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
        stopped = _within(seconds, calls)
    return Run(tuple(outcomes), sink.lines, stopped)


def _filled(make: Function, fill: float) -> Function:
    def empty(*arguments: Any, **options: Any) -> Any:
        made = make(*arguments, **options)
        if made.dtype.kind in "fciub":
            made.fill(fill if made.dtype.kind in "fc" else fill > 0)
        return made

    return empty


def _call(function: Function, case: Arguments, names: Sequence[str]) -> Outcome:
    arguments = copy.deepcopy(case)
    returned, error, process = None, None, os.getpid()
    try:
        with np.errstate(all="ignore"):
            returned = function(*arguments)
    except (_Stopped, KeyboardInterrupt):
        raise
    except BaseException as raised:  # SystemExit too: exit() in an exercise must not end the kernel
        error = raised
    finally:
        if os.getpid() != process:  # a fork came back: a second kernel would go on here
            os._exit(0)
    # Copied at once: a function may return a buffer that its next call overwrites.
    changed = changes(names, case, arguments)
    return Outcome(_snapshot(returned), error, tuple(changed), *list(changed.values())[:1])


def _snapshot(value: Any, depth: int = 3) -> Any:
    """Copy the arrays in an answer; other things stay as they are."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if type(value) is list and depth:
        return [_snapshot(part, depth - 1) for part in value]
    if isinstance(value, tuple) and depth:
        return tuple(_snapshot(part, depth - 1) for part in value)
    return value


def _no_input(prompt: object = "") -> str:
    """Take the place of input, which would wait for somebody."""
    raise EOFError("a check answers no questions")


@contextlib.contextmanager
def _state_kept() -> Iterator[None]:
    """Give back what NumPy and Python are to everyone: names, random states, settings, environment, folder, limit."""
    modules = [(module, dict(vars(module))) for module in (builtins, np, np.linalg, np.random)]
    generator = np.random.get_bit_generator()  # type: ignore[attr-defined]  # its stubs lack this pair
    numpy_state, python_state = np.random.get_state(legacy=False), random.getstate()  # noqa: NPY002
    environment, path, found_in = dict(os.environ), sys.path, sys.path[:]
    try:
        folder = os.getcwd()
    except OSError:  # it was deleted under the notebook's feet
        folder = ""
    recursion_limit = sys.getrecursionlimit()
    builtins.input = _no_input
    try:
        with np.errstate(), np.printoptions(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for module, names in modules:
            vars(module).update(names)  # what was put in the place of np.exp would be in the package, too
        np.random.set_bit_generator(generator)  # type: ignore[attr-defined]
        np.random.set_state(numpy_state)  # noqa: NPY002
        random.setstate(python_state)
        if os.environ != environment:
            os.environ.clear()
            os.environ.update(environment)
        sys.path = path
        sys.path[:] = found_in
        if folder:
            with contextlib.suppress(OSError):  # it was deleted by the function
                os.chdir(folder)
        sys.setrecursionlimit(recursion_limit)


def _within(seconds: float, work: Callable[[], None]) -> _Stopped | None:
    """Do the work; if it had to be stopped, return what was raised in it, which knows where."""
    if threading.current_thread() is threading.main_thread() and not lacks.timers():
        return _with_alarm(seconds, work)
    if not lacks.threads():
        return _in_thread(seconds, work)
    if _MONITORING is not None:
        return _line_by_line(seconds, work)
    work()
    return None


def without_limit() -> str:
    """Return a sentence where nothing can stop a function, the first time; else an empty one."""
    lacking = _MONITORING is None and lacks.timers() and lacks.threads()
    return lacks.once("Here a check has no time limit: restart the kernel if one does not end.") if lacking else ""


def _with_alarm(seconds: float, work: Callable[[], None]) -> _Stopped | None:
    armed = [True]
    pause = 0.01

    def stop(_: int, frame: FrameType | None) -> None:
        nonlocal pause
        if not armed or monotonic() < started + seconds or (frame and frame.f_code in (stop.__code__, here)):
            return  # the work is over, or has time left, or a stop is under way
        # A loop around a bare `except:` swallows a stop. One that comes soon enough after it meets the loop outside of
        # its `try`, even if what is tried takes long, such as a sleep.
        pause = max(pause / 2, 2e-5)
        signal.setitimer(signal.ITIMER_REAL, pause, pause)
        raise _Stopped

    here, started = _with_alarm.__code__, monotonic()
    # The second clock counts while the process computes: it stops a loop whose function has turned the first one off.
    clocks = {signal.SIGALRM: signal.ITIMER_REAL, signal.SIGVTALRM: signal.ITIMER_VIRTUAL}
    old_handlers = {number: signal.getsignal(number) for number in (*clocks, signal.SIGINT)}
    old_mask = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    for number in clocks:
        signal.signal(number, stop)
    old_timers = {timer: signal.setitimer(timer, seconds, pause) for timer in clocks.values()}
    try:
        try:
            work()
        finally:
            armed.clear()
    except _Stopped as stopped:
        return stopped
    finally:
        for number, timer in clocks.items():
            signal.setitimer(timer, 0)
            signal.signal(number, stop)  # takes an alarm that was kept back until here
        signal.pthread_sigmask(signal.SIG_SETMASK, old_mask)
        for number, handler in old_handlers.items():
            if signal.getsignal(number) != handler:
                signal.signal(number, handler or signal.SIG_DFL)
        for timer, (left, interval) in old_timers.items():
            if left:  # someone else's timer goes on where it would be by now
                signal.setitimer(timer, max(left - (monotonic() - started), 1e-3), interval)
    return None


def _in_thread(seconds: float, work: Callable[[], None]) -> _Stopped | None:
    """Do the same without signals, which Windows and other threads than the main one lack."""
    ended = threading.Event()
    stopped, raised = _Stopped(), list[BaseException]()

    def target() -> None:
        nonlocal stopped
        try:
            work()
        except _Stopped as stop:
            stopped = stop
        except BaseException as error:
            raised.append(error)
        ended.set()

    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    in_time = ended.wait(seconds)
    for _ in range(100):
        if ended.is_set():
            break
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(_Stopped))
        ended.wait(0.01)
    if raised:
        raise raised[0]
    return None if in_time else stopped


def _line_by_line(seconds: float, work: Callable[[], None]) -> _Stopped | None:
    """Do the same without signals and threads, which a browser lacks: look at the clock at each line and each jump."""
    here, end, events = _line_by_line.__code__, monotonic() + seconds, _MONITORING.events
    free = [tool for tool in range(6) if _MONITORING.get_tool(tool) is None]

    def look(code: CodeType, *_: int) -> None:
        if code is not here and monotonic() > end:
            raise _Stopped

    _MONITORING.use_tool_id(free[-1], __name__)
    for event in (events.LINE, events.JUMP):
        _MONITORING.register_callback(free[-1], event, look)
    _MONITORING.set_events(free[-1], events.LINE | events.JUMP)
    try:
        work()
    except _Stopped as stopped:
        return stopped
    finally:
        _MONITORING.set_events(free[-1], events.NO_EVENTS)
        for event in (events.LINE, events.JUMP):
            _MONITORING.register_callback(free[-1], event, None)
        _MONITORING.free_tool_id(free[-1])
    return None
