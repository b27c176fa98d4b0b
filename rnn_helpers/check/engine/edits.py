"""All small edits of a right answer, in one place or in all that are alike, each with its sentence."""

import ast
import copy
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

from rnn_helpers.check.engine.kinds import (
    KINDS,
    Holes,
    Kind,
    filled,
    fits,
    in_words,
    parsed,
    read,
    sentence,
    short,
    text_of,
)
from rnn_helpers.check.engine.program import Program

_NO_FIELDS = {"T", "shape", "size", "sum", "mean", "max", "append", "copy", "reshape", "items"}


Names = tuple[tuple[str, ...], ...]


class Edit(NamedTuple):
    """What is changed, and what is said of it.

    Attributes
    ----------
    name : the line and the kind.
    says : the rest of a sentence that begins with the function's name.
    changes : id of a node -> what stands there instead.
    rank : the lower, the likelier.
    alike : the kind, its sentence and the statement: those alike may be made all at once.
    whole : it changes a whole result, after it was computed.
    """

    name: str
    says: str
    changes: Mapping[int, Any]
    rank: int
    alike: tuple[str, str, int] = ("", "", 0)
    whole: bool = False


def edits(program: Program, further: str = "", names: Names = ()) -> list[Edit]:
    """Return all edits of a program.

    Parameters
    ----------
    program : the right answer.
    further : lines for the table of kinds, of what only this course computes with.
    names : of what the answer returns, in order: one by one, and in its parts.
    """
    found, table = list[Edit](), read(KINDS + further)
    for function, tree in program.trees.items():
        inside = "" if function == program.name else f" in {function}"
        most = 3 if not inside else 2 if len(program.trees) < 4 else 1  # the rarer ones would take too long there
        known = () if inside else names
        lines = list(_lines(tree, known))
        for line in lines:
            line = line._replace(text=line.text + inside)
            found += (edit for edit in _of_kinds(line, table) if edit.rank <= most)
            found += (edit for edit in _of_variables(line, tree) if edit.rank <= most)
        found += _of_statements(tree, {id(line.statement): line for line in lines}, known, inside)
    return [*found, *_all_alike(found)]


# --- lines ----------------------------------------------------------------------------------------------------------


class _Line(NamedTuple):
    """A part of a statement that makes one thing, and how that is said."""

    statement: ast.stmt
    value: ast.expr
    what: str  # what it makes
    text: str  # how that is said
    loop: bool = False  # a loop runs over it
    grows: bool = False  # it goes into a list
    place: bool = False  # something is put there
    several: bool = False  # it makes several things at once


def _lines(tree: ast.FunctionDef, names: Names) -> Iterator[_Line]:
    for node in ast.walk(tree):
        if isinstance(node, ast.For):
            assert isinstance(node.iter, ast.Call)
            yield _Line(node, node.iter.args[0], "loop", " in its loop", loop=True)
        elif isinstance(node, ast.If):
            yield _Line(node, node.test, "condition", " in its condition")
        elif isinstance(node, ast.AugAssign):
            what = text_of(node.target)
            yield _Line(node, node.value, what, f" where it adds to {what}")
            yield from _put(node, node.target)
        elif isinstance(node, ast.Assign):
            yield from _assigned(node, node.targets[0], node.value)
        elif isinstance(node, ast.Return) and node.value:
            yield from _returned(node, node.value, names)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value
            what = text_of(call.func.value) if isinstance(call.func, ast.Attribute) else "call"
            yield from (_Line(node, part, what, f" where it adds to {what}", grows=True) for part in call.args)


def _put(node: ast.stmt, target: ast.expr) -> Iterator[_Line]:
    """Give the place into which something is put, if that is one of an array."""
    if isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice):
        what = text_of(target.value)
        yield _Line(node, target, what, f" where it puts something into {what}", place=True)


def _assigned(node: ast.Assign, target: ast.expr, value: ast.expr) -> Iterator[_Line]:
    yield from _put(node, target)
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, part in zip(target.elts, value.elts, strict=True):
            yield from _assigned(node, one, part)
        return
    parts = target.elts if isinstance(target, ast.Tuple) else [target]
    what = [text_of(part) for part in parts if not (isinstance(part, ast.Name) and part.id == "_")]
    yield _Line(node, value, "_".join(what), f" where it computes {_listed(what)}", several=len(what) > 1)


def _returned(node: ast.Return, value: ast.expr, names: Names) -> Iterator[_Line]:
    parts = _parts(value)
    named = next((some for some in names if len(some) == len(parts) > 1), None)
    if named:
        for part, name in zip(parts, named, strict=True):
            yield _Line(node, part, name, f" where it returns {name}")
    elif len(parts) > 1 and all(isinstance(part, ast.expr) for part in parts):
        for i, part in enumerate(parts):
            name = part.id if isinstance(part, ast.Name) else f"part {i + 1} of it"
            yield _Line(node, part, name, f" where it returns {name}")
    else:
        yield _Line(node, value, "result", " where it returns")


def _parts(value: ast.expr) -> list[ast.expr]:
    """Return what a tuple or a NamedTuple is made of; one starred part counts as one."""
    if isinstance(value, ast.Tuple):
        return value.elts
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id[:1].isupper():
        return [*value.args, *(keyword.value for keyword in value.keywords)]
    return [value]


def _listed(texts: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]])) or "something"


# --- the kinds of the table -----------------------------------------------------------------------------------------


def _of_kinds(line: _Line, table: tuple[Kind, ...]) -> Iterator[Edit]:
    for node in _expressions(line.value):
        where = ("in" if line.loop else "put" if line.place else "=") if node is line.value else ""
        for kind in table:
            if kind.where and kind.where != where:
                continue
            if where == "put" and not isinstance(kind.instead, ast.Subscript):
                continue
            if kind.where == "=" and (line.several or isinstance(node, ast.Compare)):
                continue  # of several things there is no mean, and none of true and false
            holes: Holes = {}
            if fits(kind.place, node, holes):
                new = filled(kind.instead, holes, node)
                if where == "put":
                    new.ctx = ast.Store()
                says = sentence(kind, holes, new) + line.text
                alike = kind.name, kind.says, id(line.statement)
                whole = kind.where == "=" and isinstance(line.statement, ast.Return)
                yield Edit(_slug(line.what, kind.name), says, {id(node): new}, kind.rank, alike, whole)


def _expressions(value: ast.expr) -> Iterator[ast.expr]:
    """Give the expression and all in it that is read, but for numbers that tell an axis."""
    yield value
    for field, child in ast.iter_fields(value):
        if isinstance(value, ast.keyword) or (field == "func" and isinstance(child, ast.Name)):
            continue
        for part in child if isinstance(child, list) else [child]:
            if isinstance(part, ast.expr):
                yield from _expressions(part)
            elif isinstance(part, ast.comprehension):
                yield from _expressions(part.iter)
            elif isinstance(part, ast.keyword) and not isinstance(part.value, ast.Constant):
                yield from _expressions(part.value)


# --- variables ------------------------------------------------------------------------------------------------------


def _of_variables(line: _Line, tree: ast.FunctionDef) -> Iterator[Edit]:
    """Exchange each variable or field that is read for each other one."""
    known = _variables(tree)
    for node in _expressions(line.value):
        old = text_of(node)
        if old in known:  # a list that is put into itself has no end
            for new, other in known.items():
                if new not in (old, line.what if line.grows else "") and not (line.place and node is line.value):
                    says = f"uses {short(new)} in place of {short(old)}{line.text}"
                    yield Edit(_slug(line.what, new, "for", old), says, {id(node): _fresh(other, node)},
                               _distance(old, new), ("variable", f"{old} {new}", id(line.statement)))  # fmt: skip


def _variables(tree: ast.FunctionDef) -> dict[str, ast.expr]:
    """Return what a function can read: its variables, the fields of its arguments, and places in them."""
    found: dict[str, ast.expr] = {argument.arg: ast.Name(argument.arg, ast.Load()) for argument in tree.args.args}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id != "_":
            found.setdefault(node.id, ast.Name(node.id, ast.Load()))
    for node in ast.walk(tree):
        if isinstance(node, ast.For) and isinstance(node.iter, ast.Call) and isinstance(node.iter.args[0], ast.Name):
            for place in ("0", "-1"):
                text = f"{text_of(node.iter.args[0])}[{place}]"
                found[text] = parsed(text)
        if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Load):
            field = isinstance(node, ast.Attribute) and node.attr not in _NO_FIELDS
            entry = isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name)
            if (field or entry) and isinstance(node.value, ast.Name | ast.Attribute) and text_of(node.value) in found:
                found.setdefault(text_of(node), node)
    return found


def _fresh(node: ast.expr, at: ast.expr) -> ast.expr:
    return ast.fix_missing_locations(ast.copy_location(copy.deepcopy(node), at))


def _distance(old: str, new: str) -> int:
    """Rate how easily two names are taken for one another: those that share a hole are."""
    return 1 if set(re.split(r"\W|_", old)) & set(re.split(r"\W|_", new)) - {""} else 2


# --- statements -----------------------------------------------------------------------------------------------------


def _of_statements(tree: ast.FunctionDef, lines: dict[int, _Line], names: Names, inside: str) -> Iterator[Edit]:
    def edit(what: str, kind: str, says: str, changes: dict[int, Any], rank: int = 1) -> Edit:
        return Edit(
            _slug(what, kind),
            says + inside,
            changes,
            rank,
            (kind, "", 0) if isinstance(next(iter(changes.values())), ast.AST) else ("", "", 0),
        )

    for block, loop in _blocks(tree):
        for i, node in enumerate(block):
            what = lines[id(node)].what if id(node) in lines else "line"
            if isinstance(node, ast.AugAssign):
                plain = ast.copy_location(ast.Assign([node.target], node.value), node)
                yield edit(what, "overwritten", f"overwrites {what} each time instead of adding to it",
                           {id(node): plain})  # fmt: skip
                sign = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
                other = ast.copy_location(ast.AugAssign(node.target, sign, node.value), node)
                does = "subtracts from" if isinstance(sign, ast.Sub) else "adds to"
                yield edit(what, "turned_sign", f"{does} {what}, with the wrong sign", {id(node): other})
            if not isinstance(node, ast.Return):
                yield edit(what, "left_out", f"leaves out the step that changes {what}", {id(node): []})
            if i + 1 < len(block) and not isinstance(block[i + 1], ast.Return):
                later = lines[id(block[i + 1])].what if id(block[i + 1]) in lines else "line"
                swapped = {id(node): [], id(block[i + 1]): [copy.copy(block[i + 1]), copy.copy(node)]}
                yield edit(what, "too_late", f"computes {later} before it has computed {what}", swapped)
            if loop and isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0]
                total = ast.BinOp(ast.Name(name.id, ast.Load()), ast.Add(), node.value)
                summed = ast.Assign([name], ast.fix_missing_locations(ast.copy_location(total, node.value)))
                yield edit(what, "added_up", f"adds up {what} instead of replacing it",
                           {id(node): ast.copy_location(summed, node)})  # fmt: skip
            if isinstance(node, ast.For):
                yield from _of_loop(node, block, i, lines, edit)
            if isinstance(node, ast.If):
                yield edit(what, "always", "does in all cases what belongs to one", {id(node): list(node.body)})
        last = block[-1]
        if isinstance(last, ast.Return) and last.value and not loop:
            yield from _of_order(last.value, names, edit)


def _blocks(tree: ast.AST, loop: bool = False) -> Iterator[tuple[list[Any], bool]]:
    body = getattr(tree, "body", None)
    if isinstance(body, list):
        yield body, loop
        for node in body:
            yield from _blocks(node, loop or isinstance(node, ast.For))


def _of_loop(
    node: ast.For, block: list[Any], i: int, lines: dict[int, _Line], edit: Callable[..., Edit]
) -> Iterator[Edit]:
    for before in block[:i]:
        if isinstance(before, ast.Assign) and id(before) in lines:
            what = lines[id(before)].what
            again = {id(node.body[0]): [before, copy.copy(node.body[0])]}
            yield edit(what, "started_anew", f"starts {what} anew each time round its loop", again)
    if i + 1 < len(block) and isinstance(block[i + 1], ast.Return):
        inner = {id(node.body[-1]): [copy.copy(node.body[-1]), block[i + 1]]}
        yield edit("loop", "returned_early", "returns inside its loop, after the first time round", inner)
    last = node.body[-1]
    what = lines[id(last)].what if id(last) in lines else "line"
    once = {id(node): [_without_last(node), last]}
    yield edit(what, "once", f"computes {what} once, after its loop", once)


def _without_last(node: ast.For) -> ast.For:
    made = copy.copy(node)
    made.body = node.body[:-1] or [ast.copy_location(ast.Pass(), node)]
    return made


def _of_order(value: ast.expr, names: Names, edit: Callable[..., Edit]) -> Iterator[Edit]:
    parts = _parts(value)
    named = dict(zip(map(id, parts), next((some for some in names if len(some) == len(parts)), ()), strict=False))
    if len(parts) > 1 and not any(isinstance(part, ast.Starred) for part in parts):
        for a, b in combinations(parts, 2):
            swap = {id(a): copy.copy(b), id(b): copy.copy(a)}
            one, other = (named.get(id(part), in_words(part)) for part in (a, b))
            yield edit(f"{one} {other}", "swapped", f"returns {one} and {other} in each other's place", swap)


# --- several at once ------------------------------------------------------------------------------------------------


def _all_alike(found: list[Edit]) -> Iterator[Edit]:
    """Give, for edits that are alike in several places, the one that makes them all: in a statement, and in all."""
    groups: dict[tuple[Any, ...], list[Edit]] = {}
    for edit in found:
        if edit.alike[0] not in ("", "zeros", "ones"):
            groups.setdefault(edit.alike[:2], []).append(edit)
            groups.setdefault(edit.alike, []).append(edit)
    known: set[tuple[str, frozenset[int]]] = set()
    for (kind, *_), some in groups.items():
        changes: dict[int, Any] = {}
        for edit in some:
            if not changes.keys() & edit.changes.keys():
                changes |= edit.changes
        if len(some) > 1 and len(changes) > len(some[0].changes) and (kind, frozenset(changes)) not in known:
            known.add((kind, frozenset(changes)))
            says = re.split(r" (?=where it (?:adds|computes|returns|puts)|in its )", some[0].says)[0]
            yield Edit(_slug(some[0].name, "everywhere"), f"{says}, each time", changes, some[0].rank, (kind, "all", 1))


def _slug(*parts: str) -> str:
    return re.sub(r"\W+", "_", "_".join(parts)).strip("_")
