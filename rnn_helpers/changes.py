"""Which of its arguments a function has changed: those who run other people's functions hand over copies, and look."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from rnn_helpers.validate import Array


def changes(names: Iterable[str], before: Iterable[Any], after: Iterable[Any]) -> dict[str, str]:
    """Name the arguments that are not what they were, of a NamedTuple or a dict the parts, and say what was changed.

    Parameters
    ----------
    names : what the arguments are called; further ones, of arguments left to their defaults, are not looked at.
    before, after : the values, those of one name of one type.

    Returns
    -------
    dict : a sentence for each name, such as `x[0, 1] was 0.5, is 1`.
    """
    found: dict[str, str] = {}
    for name, old, new in zip(names, before, after, strict=False):
        if hasattr(old, "_fields"):
            found |= changes([f"{name}.{field}" for field in old._fields], old, new)
        elif isinstance(old, dict):
            if list(old) != list(new):
                found[name] = f"{name} had the keys {', '.join(map(str, old))}, has {', '.join(map(str, new))}"
            for key in [key for key in old if key in new]:
                found |= changes([f"{name}[{key!r}]"], [old[key]], [new[key]])
        elif not np.array_equal(old, new):
            found[name] = _first_change(name, np.asarray(old), np.asarray(new))
    return found


def _first_change(name: str, old: Array, new: Array) -> str:
    if old.shape != new.shape:
        return f"{name} had shape {old.shape}, has {new.shape}"
    at = np.argwhere(old != new)[0].tolist()
    return f"{name}{at} was {old[*at].item():.4g}, is {new[*at].item():.4g}"
