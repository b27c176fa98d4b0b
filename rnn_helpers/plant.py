"""One exchange of text makes one mistake: the same function, but that something else stands in its source."""

import inspect
import linecache
import textwrap
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from keyword import iskeyword
from types import CodeType, FunctionType
from typing import Any, NamedTuple

Function = Callable[..., Any]


class Exchange(NamedTuple):
    """What stands in a function's source, and what stands there instead.

    Attributes
    ----------
    right : a text that occurs once.
    wrong : what stands there instead.
    inside : where the text stands if not in the function itself: the name of a function of its module that it calls.
    """

    right: str
    wrong: str
    inside: str = ""


def plant(function: Function, before: str, after: str, name: str = "suspect") -> Function:
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
    source = exchanged(function.__name__, source, [Exchange(before, after)])
    source = source.replace(f"def {function.__name__}(", f"def {name}(", 1)
    # A file name that only this source has: it is where inspect and tracebacks look the lines up.
    file = f"<{name} {zlib.crc32(source.encode()):x}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    scope = dict(function.__globals__)
    try:
        exec(compile(source, file, "exec"), scope)
    except SyntaxError as error:
        raise ValueError(f"after: expected Python once it is in place, got {error.msg}: {error.text}") from None
    planted: Function = scope[name]
    return planted


def with_exchanges(function: Function, exchanges: Sequence[Exchange]) -> Function:
    """Return `function` with texts exchanged in it, and in the functions of its module that it calls.

    Parameters
    ----------
    function : a plain function of a module.
    exchanges : no two of them overlap.

    Returns
    -------
    The new function. It calls the changed functions wherever the old one calls the others; the module stays as it is.

    Raises
    ------
    ValueError : a text does not occur exactly once, or two overlap.
    """
    scope: dict[str, Any] = dict(function.__globals__)
    for part in called(function):
        scope[part.__name__] = FunctionType(part.__code__, scope, part.__name__, part.__defaults__)
    changed: dict[str, list[Exchange]] = {}
    for exchange in exchanges:
        changed.setdefault(exchange.inside or function.__name__, []).append(exchange)
    for name, inside in changed.items():
        exec(_code(exchanged(name, _source(function.__globals__[name]), inside)), scope)
    planted: Function = scope[function.__name__]
    return planted


def overlap(function: Function, one: Sequence[Exchange], other: Sequence[Exchange]) -> bool:
    """Tell whether an exchange of one group stands where one of the other group stands."""
    return any(
        a.inside == b.inside and a_start < b_start + len(b.right) and b_start < a_start + len(a.right)
        for a, a_start in _places(function, one)
        for b, b_start in _places(function, other)
    )


def exchanged(name: str, source: str, exchanges: Sequence[Exchange]) -> str:
    """Return the source of the function `name` with each text exchanged for another.

    Raises
    ------
    ValueError : a text does not occur exactly once in `source`, or two overlap.
    """
    places = sorted((_place(name, source, exchange), exchange) for exchange in exchanges)
    parts, end = [], 0
    for start, exchange in places:
        if start < end:
            raise ValueError(f"before: expected texts that stand apart in {name}, got two that overlap")
        parts += [source[end:start], exchange.wrong]
        end = start + len(exchange.right)
    return "".join([*parts, source[end:]])


@lru_cache(maxsize=64)
def called(function: Function) -> tuple[Function, ...]:
    """Return the function, and the functions of its module that it calls, each once."""
    found = [function]
    for caller in found:
        named = (function.__globals__.get(name) for name in caller.__code__.co_names)
        found += [
            f for f in named if inspect.isfunction(f) and f.__globals__ is function.__globals__ and f not in found
        ]
    return tuple(found)


def _places(function: Function, exchanges: Sequence[Exchange]) -> list[tuple[Exchange, int]]:
    places = []
    for exchange in exchanges:
        name = exchange.inside or function.__name__
        place = _place(name, _source(function.__globals__[name]), exchange)
        places.append((exchange._replace(inside=name), place))
    return places


def _place(name: str, source: str, exchange: Exchange) -> int:
    if (times := source.count(exchange.right)) != 1:
        raise ValueError(f"before: expected a text that occurs once in {name}, got one that occurs {times} times")
    return source.index(exchange.right)


@lru_cache(maxsize=64)  # the functions of a module, not what a learner writes
def _source(function: Function) -> str:
    return textwrap.dedent(inspect.getsource(function))


@lru_cache(maxsize=2048)  # two mistakes at once are looked for again in the next verdict
def _code(source: str) -> CodeType:
    return compile(source, "<exchanged>", "exec")
