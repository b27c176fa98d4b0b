"""A right answer as syntax trees in which something else can be put: what an edit of it computes, without its text."""

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import CodeType, FunctionType
from typing import Any

from rnn_helpers.check.engine.kinds import folded
from rnn_helpers.plant import Exchange, called, exchanged

Function = Callable[..., Any]
Changes = Mapping[int, ast.AST | list[Any]]  # id of a node -> what stands in its place, made of known nodes too


class Program:
    """A function and those of its module that it calls, in parts.

    Attributes
    ----------
    name : of the function.
    trees : name -> that function's tree, without docstring and type hints.
    scope : what the names in it mean.
    parents : id of a node -> the node around it.
    size : how many nodes there are.
    """

    def __init__(self, function: Function, names: Mapping[str, Any]) -> None:
        self.name = function.__name__
        self.trees = {f.__name__: _tree(_source(f)) for f in called(function)}
        self.scope = {**function.__globals__, **names}
        self.sources = {f.__name__: _source(f) for f in called(function)}
        self.parents = {id(child): node for tree in self.trees.values() for node, child in _inside(tree)}
        self.size = len(self.parents)
        self._defaults = {f.__name__: f.__defaults__ for f in called(function)}
        self._codes = {name: _code(tree) for name, tree in self.trees.items()}

    def edited(self, changes: Changes) -> Function:
        """Return the function with these changes; only what lies around a change is made anew."""
        above: set[int] = set()
        for node in changes:
            while node not in above:
                above.add(node)
                if node not in self.parents:
                    break
                node = id(self.parents[node])
        codes = dict(self._codes)
        for name, tree in self.trees.items():
            if id(tree) in above:
                codes[name] = _code(self._with(tree, changes, above))
        scope = dict(self.scope)
        for name, code in codes.items():
            scope[name] = FunctionType(code, scope, name, self._defaults[name])
        made: Function = scope[self.name]
        return made

    def _with(self, node: Any, changes: Changes, above: set[int]) -> Any:
        if id(node) in changes:
            new = changes[id(node)]  # the old node stands in it as a copy, or it would be changed again
            parts = [self._with(part, changes, above) for part in new] if isinstance(new, list) else None
            return self._with(new, changes, above) if parts is None else parts
        if id(node) in self.parents and id(node) not in above:
            return node
        made = node.__class__.__new__(node.__class__)  # copy.copy takes ten times as long
        made.__dict__.update(node.__dict__)
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, ast.AST):
                setattr(made, field, self._with(value, changes, above))
            elif value and isinstance(value, list):
                parts = [self._with(part, changes, above) if isinstance(part, ast.AST) else part for part in value]
                setattr(made, field, [p for part in parts for p in (part if isinstance(part, list) else [part])])
        if isinstance(made, ast.For | ast.If | ast.FunctionDef) and not made.body:
            made.body = [ast.copy_location(ast.Pass(), node)]
        return made

    def changes(self, exchanges: Sequence[Exchange]) -> dict[int, Any]:
        """Return the changes that these exchanges of text make."""
        made: dict[int, Any] = {}
        texts: dict[str, list[Exchange]] = {}
        for exchange in exchanges:
            texts.setdefault(exchange.inside or self.name, []).append(exchange)
        for name, some in texts.items():
            made |= _difference(self.trees[name], _tree(exchanged(name, self.sources[name], some)))
        return made


def _source(function: Function) -> str:
    return textwrap.dedent(inspect.getsource(function))


def _tree(source: str) -> ast.FunctionDef:
    tree = folded(ast.parse(source)).body[0]
    assert isinstance(tree, ast.FunctionDef)
    if ast.get_docstring(tree):
        tree.body = tree.body[1:]
    for argument in tree.args.args:
        argument.annotation = None
    tree.returns, tree.decorator_list = None, []
    for node in ast.walk(tree):
        if isinstance(node, ast.For):  # over a list that is made at once: a loop cannot feed itself
            node.iter = ast.copy_location(ast.Call(ast.copy_location(ast.Name("list", ast.Load()), node.iter),
                                                   [node.iter], []), node.iter)  # fmt: skip
    return tree


def _code(tree: ast.FunctionDef) -> CodeType:
    tree = copy.copy(tree)
    tree.args = copy.copy(tree.args)
    tree.args.defaults = [ast.copy_location(ast.Constant(None), tree) for _ in tree.args.defaults]
    module = compile(ast.Module([tree], []), "<edit>", "exec")
    return next(part for part in module.co_consts if isinstance(part, CodeType))


def _inside(tree: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            yield node, child


def _difference(old: Any, new: Any) -> dict[int, Any]:
    """Return the smallest changes that make one tree of another."""
    made: dict[int, Any] = {}
    for field, value in ast.iter_fields(old) if type(old) is type(new) else [("", None)]:
        other = getattr(new, field, None)
        if isinstance(value, ast.expr | ast.stmt) and isinstance(other, ast.expr | ast.stmt):
            made |= _difference(value, other)
        elif value and other and isinstance(value, list) and isinstance(value[0], ast.AST):
            changed = _in_lists(value, other)
            if changed is None:
                return {id(old): _of_known_parts(new, [old])}
            made |= changed
        elif not field or not _same(value, other):  # another kind of node, operator, name or number
            return {id(old): _of_known_parts(new, [old])}
    return made


def _in_lists(old: list[Any], new: list[Any]) -> dict[int, Any] | None:
    same = [_same(a, b) for a, b in zip(old, new, strict=False)]
    start = next((i for i, equal in enumerate(same) if not equal), len(same))
    end = 0
    while end < min(len(old), len(new)) - start and _same(old[-1 - end], new[-1 - end]):
        end += 1
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    if len(before) == len(after):
        return {k: v for a, b in zip(before, after, strict=True) for k, v in _difference(a, b).items()}
    if not isinstance(old[0], ast.stmt):
        return None
    known = [_of_known_parts(part, before) for part in after]
    if before:
        return {id(before[0]): known} | {id(part): [] for part in before[1:]}
    near = old[min(start, len(old) - 1)]
    return {id(near): [*known, copy.copy(near)] if start < len(old) else [copy.copy(near), *known]}


def _of_known_parts(new: Any, old: list[Any]) -> Any:
    """Put parts of the old tree into the new one where they are the same, so that they can be changed as well."""
    known = {ast.dump(node): node for root in old for node in ast.walk(root) if isinstance(node, ast.expr)}
    roots = {id(root) for root in old}

    def made(node: Any) -> Any:
        same = known.get(ast.dump(node)) if isinstance(node, ast.expr) else None
        if same is not None and id(same) not in roots:
            return same
        for field, value in ast.iter_fields(node):
            if isinstance(value, ast.AST):
                setattr(node, field, made(value))
            elif isinstance(value, list):
                setattr(node, field, [made(part) if isinstance(part, ast.AST) else part for part in value])
        return node

    return made(new)


def _same(a: Any, b: Any) -> bool:
    return ast.dump(a) == ast.dump(b) if isinstance(a, ast.AST) and isinstance(b, ast.AST) else bool(a == b)
