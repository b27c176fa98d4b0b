"""One exchange of text makes one mistake: a function's source with a few words changed, as a function of its own."""

import inspect
import linecache
import textwrap
import zlib
from collections.abc import Callable
from keyword import iskeyword
from typing import Any


def plant(function: Callable[..., Any], before: str, after: str, name: str = "suspect") -> Callable[..., Any]:
    """Return a function whose source is that of `function` with the text `before` exchanged for `after`.

    Parameters
    ----------
    function : a plain function whose source can be read, such as `walk_back` or one of your own.
    before : a text that occurs once in its source.
    after : what stands there instead.
    name : what the new function is called.

    Returns
    -------
    The new function; `inspect.getsource` shows its source.

    Raises
    ------
    TypeError : `function` is not a plain function made with `def`, or it uses variables of a function around it; the
        others are not strings.
    ValueError : its source cannot be read, `before` does not occur in it exactly once, `name` is none, or what comes
        out is not Python.
    """
    if not inspect.isfunction(function) or function.__name__ == "<lambda>":
        kind = "a lambda" if inspect.isfunction(function) else type(function).__name__
        raise TypeError(f"function: expected a plain function made with def, got {kind}")
    if function.__closure__:
        around = ", ".join(function.__code__.co_freevars)
        raise TypeError(
            f"function: expected one that stands by itself, got one that uses {around} of a function around it"
        )
    for argument, text in (("before", before), ("after", after), ("name", name)):
        if not isinstance(text, str):
            raise TypeError(f"{argument}: expected a string, got {type(text).__name__}")
    if not name.isidentifier() or iskeyword(name):
        raise ValueError(f"name: expected a name that a function can have, got {name!r}")
    try:
        source = textwrap.dedent(inspect.getsource(function))
    except OSError:
        raise ValueError(f"function: expected one whose source can be read, got {function.__name__}") from None
    if (times := source.count(before)) != 1:
        raise ValueError(
            f"before: expected a text that occurs once in {function.__name__}, got one that occurs {times} times"
        )
    source = source.replace(before, after).replace(f"def {function.__name__}(", f"def {name}(", 1)
    # A file name that only this source has: it is where inspect and tracebacks look the lines up.
    file = f"<{name} {zlib.crc32(source.encode()):x}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    scope = dict(function.__globals__)
    try:
        exec(compile(source, file, "exec"), scope)
    except SyntaxError as error:
        raise ValueError(f"after: expected Python once it is in place, got {error.msg}: {error.text}") from None
    planted: Callable[..., Any] = scope[name]
    return planted
