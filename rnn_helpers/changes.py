"""Which of its arguments a function has changed: those who run other people's functions hand over copies, and look."""

from collections.abc import Iterable
from typing import Any

import numpy as np


def changes(names: Iterable[str], before: Iterable[Any], after: Iterable[Any]) -> list[str]:
    """Name the arguments that are not what they were, and of a NamedTuple or a dict the parts.

    Parameters
    ----------
    names : what the arguments are called; further ones, of arguments left to their defaults, are not looked at.
    before, after : the values, those of one name of one type.
    """
    found: list[str] = []
    for name, old, new in zip(names, before, after, strict=False):
        if hasattr(old, "_fields"):
            found += changes([f"{name}.{field}" for field in old._fields], old, new)
        elif isinstance(old, dict):
            if list(old) != list(new):
                found.append(name)
            for key in [key for key in old if key in new]:
                found += changes([f"{name}[{key!r}]"], [old[key]], [new[key]])
        elif not np.array_equal(old, new):
            found.append(name)
    return found
