"""What a function has besides its arguments, and what becomes of that while it is judged."""

import contextlib
import inspect
from collections import deque
from types import CodeType
from typing import Any

import numpy as np

from rnn_helpers.check.engine import compare, in_full

_LARGEST = 100_000  # entries; a larger array is not copied
Noted = dict[str, tuple[str, object]]  # name -> in words, and what tells it from another of the same words


def code_of(function: Any) -> tuple[Any, CodeType | None]:
    """Return what runs in the end, what a decorator or a `partial` calls, an object's `__call__`; and its code."""
    function = inspect.unwrap(function)
    function = getattr(function, "func", function)
    function = function if hasattr(function, "__code__") else getattr(type(function), "__call__", None)  # noqa: B004
    return function, getattr(function, "__code__", None)


def reached(function: Any) -> tuple[list[list[CodeType]], dict[str, Any]]:
    """Return the codes of a function and of those that it may call, each before those in it, and what they can find."""
    codes: list[list[CodeType]] = []
    found: dict[str, Any] = {}
    todo = [function]
    with contextlib.suppress(Exception):  # of an object that answers oddly when it is asked for its attributes
        while todo:
            one, code = code_of(holder := todo.pop())
            if code is None or any(code is known[0] for known in codes):
                continue
            codes.append([code, *(part for part in code.co_consts if isinstance(part, CodeType))])
            owner, around = getattr(holder, "__self__", holder), one.__globals__
            names = {name for part in codes[-1] for name in part.co_names if name in around}
            cells = zip(code.co_freevars, one.__closure__ or (), strict=True)
            things = [(f"the variable {name}", around[name]) for name in names]
            things += [(f"the variable {name}", cell.cell_contents) for name, cell in cells]
            things += [(f"the default of {p.name}", p.default) for p in inspect.signature(one).parameters.values()]
            owned = {**vars(type(owner)), **getattr(owner, "__dict__", {})}
            things += [(f"the attribute {name}", thing) for name, thing in owned.items() if name[:2] != "__"]
            found |= things
            todo += [thing for _, thing in things if getattr(code_of(thing)[0], "__globals__", None) is around]
    return codes, found


def noted(function: Any) -> Noted:
    """Note what the function can find."""
    found = reached(function)[1]
    return {name: _state(thing) for name, thing in (*found.items(), *in_full.arrays(found.items()))}


def _state(thing: Any) -> tuple[str, object]:
    if isinstance(thing, list | dict | set | deque):
        inner = thing.values() if isinstance(thing, dict) else thing
        return f"{compare.kind(thing)} of {len(thing)} entries", [id(part) for part in inner]
    if isinstance(thing, np.ndarray) and thing.size <= _LARGEST:
        return compare.kind(thing), thing.tobytes()
    return repr(thing) if isinstance(thing, int | float) else compare.kind(thing), None


def changes(before: Noted, after: Noted) -> str:
    """Say what is not as it was noted."""
    pairs = ((name, old, after[name]) for name, old in before.items() if after.get(name, old) != old)
    return " and ".join(
        f"{name} was {old} and is {new}" if old != new else f"{name}, {old}, holds other things than before"
        for name, (old, _), (new, _) in pairs
    )
