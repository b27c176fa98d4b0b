"""What a platform lacks: found out by trying, and said once. A browser has neither threads nor timers."""

import signal
from threading import Thread

_said: set[str] = set()


def threads() -> bool:
    """Tell whether no thread can be started."""
    thread = Thread(target=int, daemon=True)
    try:
        thread.start()
    except RuntimeError:
        return True
    thread.join()
    return False


def timers() -> bool:
    """Tell whether no timer can send a signal, as on Windows."""
    return not hasattr(signal, "setitimer")


def once(sentence: str) -> str:
    """Return the sentence the first time that it is asked for, then an empty one."""
    if sentence in _said:
        return ""
    _said.add(sentence)
    return sentence
