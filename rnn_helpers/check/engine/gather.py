"""The source of an answer with all that it uses: text that means outside of its notebook what it means there."""

import ast
import inspect
import math
import re
import symtable
import sys
import textwrap
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

_LONGEST = 2000  # characters of one value that an answer uses; what is longer is data
_LAMBDA = "<lambda>"


class Trouble(Exception):
    """Raised where an answer can be neither kept nor used; its text is a clause that says why."""


def gather(function: object, kept: Callable[[FunctionType], str | None]) -> tuple[str, str]:
    """Return the name of a function from a notebook, and its source below everything that it uses.

    Parameters
    ----------
    function : the learner's.
    kept : gives the text of a function that was kept before, None for any other.

    Returns
    -------
    tuple : its name, and the text: imports, then what it uses of the notebook, each after what that uses in turn.

    Raises
    ------
    Trouble : something in it has no source, or would mean another thing elsewhere.
    """
    if not isinstance(function, FunctionType):
        raise Trouble(f"it is {_a(function)}: write a function with def")
    if function.__name__ == _LAMBDA:
        raise Trouble("it is a lambda: write it with def")
    found = _Gathered(function.__globals__, kept)
    found.add(function.__name__, function)
    return function.__name__, "\n\n".join(filter(None, ["\n".join(found.imports), *found.parts]))


class _Gathered:
    """What was found so far of one answer."""

    def __init__(self, namespace: dict[str, Any], kept: Callable[[FunctionType], str | None]) -> None:
        self.namespace, self.kept = namespace, kept
        self.seen: dict[str, object] = {}
        self.imports: list[str] = []
        self.parts: list[str] = []

    def add(self, name: str, value: object) -> None:
        """Add the text that gives `name` its value."""
        if name in self.seen:
            if self.seen[name] is not value:
                raise Trouble(f"two things that it uses are called {name}")
            return
        self.seen[name] = value
        if isinstance(value, np.generic):
            self.add("np", np)
            self.parts.append(f"{name} = {value!r}")
        elif text := _literal(value):
            if len(text) > _LONGEST:
                raise Trouble(f"it uses {name}, which is too long to be copied")
            self.parts.append(f"{name} = {text}")
        elif isinstance(value, FunctionType) and (text := self.kept(value)):
            self.parts.append(text)
            self._also_called(name, value)
        elif isinstance(value, FunctionType) and value.__globals__ is self.namespace:
            if value.__name__ in (name, _LAMBDA):
                self._add_source(_source(name, value))
            else:
                self.add(value.__name__, value)
                self._also_called(name, value)
        elif isinstance(value, type) and value.__module__ == self.namespace.get("__name__"):
            self._add_source(_statement(name, self.namespace))
        elif line := _import(name, value):
            self.imports.append(line)
        else:
            raise Trouble(f"it uses {name}, {_a(value)} that this notebook alone knows")

    def _also_called(self, name: str, function: FunctionType) -> None:
        if name != function.__name__:
            self.parts.append(f"{name} = {function.__name__}")

    def _add_source(self, source: str) -> None:
        for name in dict.fromkeys(_names(symtable.symtable(source, "<answer>", "exec"))):
            if name in self.namespace and not name.startswith("__"):
                self.add(name, self.namespace[name])
        self.parts.append(source)


def _a(value: object) -> str:
    kind = "array" if isinstance(value, np.ndarray) else type(value).__name__
    return f"{'an' if kind[:1].lower() in 'aeiou' else 'a'} {kind}"


def _literal(value: object) -> str | None:
    """Write a number, a text, or a tuple, list, dict or set of them; return None for anything else."""
    if type(value) is float and not math.isfinite(value):
        return f'float("{value}")'
    try:
        text = repr(value)
        again = ast.literal_eval(text)
        return text if type(again) is type(value) and again == value else None
    except Exception:  # most things write themselves otherwise, and some stranger's __repr__ raises
        return None


def _source(name: str, function: FunctionType) -> str:
    """Return the source of a function that a cell defines."""
    if function.__closure__ or "<locals>" in function.__qualname__:
        raise Trouble(f"{name} is made inside another function")
    if function.__name__ == _LAMBDA:
        return _statement(name, function.__globals__)
    try:
        source = textwrap.dedent(inspect.getsource(function)).strip("\n")
        (node,) = ast.parse(source).body
    except (OSError, TypeError, SyntaxError, ValueError):
        node = None
    if not isinstance(node, ast.FunctionDef):
        raise Trouble(f"the source of {name} is not to be found")
    if node.decorator_list or hasattr(function, "__wrapped__"):
        raise Trouble(f"{name} is decorated")
    return source


def _statement(name: str, namespace: dict[str, Any]) -> str:
    """Return the statement that gave `name` its value, from the last cell that has one."""
    for cell in reversed(namespace.get("In", [])):
        try:
            body = ast.parse(cell).body
        except (SyntaxError, ValueError):
            continue
        for node in reversed(body):
            targets = node.targets if isinstance(node, ast.Assign) else [node]
            if [getattr(target, "id", getattr(target, "name", None)) for target in targets] == [name]:
                first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
                return "\n".join(re.split(r"\r\n?|\n", cell)[first - 1 : node.end_lineno])
    raise Trouble(f"the source of {name} is not to be found")


def _names(table: symtable.SymbolTable) -> Iterator[str]:
    """Give the names that a text looks up outside of its own functions."""
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module"):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _names(inner)


def _import(name: str, value: object) -> str | None:
    """Write the import that gives `name` this value, from the outermost package that has it."""
    if isinstance(value, ModuleType):
        package, _, attribute = value.__name__.rpartition(".")
        before = f"from {package} " if package else ""
        return f"{before}import {attribute}" + (f" as {name}" if name != attribute else "")
    found = [
        (module, attribute)
        for attribute in dict.fromkeys([getattr(value, "__qualname__", name), name])
        for module, holder in sys.modules.items()
        if module != "__main__" and getattr(holder, "__dict__", {}).get(attribute) is value
    ]
    if not found:
        return None
    home = str(getattr(value, "__module__", "")).split(".")[0]
    module, attribute = min(found, key=lambda place: (place[0].split(".")[0] != home, place[0].count("."), place))
    return f"from {module} import {attribute}" + (f" as {name}" if name != attribute else "")
