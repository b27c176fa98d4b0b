"""The table of small edits, `kinds.txt`: a line says what stands in a right answer, and what stands there instead."""

import ast
import copy
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

KINDS = Path(__file__).with_name("kinds.txt").read_text(encoding="utf-8")
Holes = dict[str, Any]
_IN_WORDS = {ast.Add: "sum", ast.Sub: "difference", ast.Mult: "product", ast.MatMult: "product", ast.Div: "quotient"}
_IN_WORDS |= {ast.Pow: "power"}

_CONTAINERS = {"float", "int", "len", "list", "tuple", "range", "reversed", "enumerate", "zip", "sum", "map"}
_CONTAINERS |= {"np.array", "np.zeros_like", "np.zeros", "np.arange", "np.eye", "np.concatenate", "np.mean", "np.sum"}


class Kind(NamedTuple):
    """A line of the table, in parts."""

    name: str
    where: str  # "", "=" or "in"
    place: ast.expr
    instead: ast.expr
    says: str
    rank: int


@lru_cache(maxsize=4)
def read(text: str) -> tuple[Kind, ...]:
    """Read a table of kinds."""
    found = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, place, instead, says, *rank = (part.strip() for part in line.split(" | "))
            where, _, rest = place.rpartition("= " if place.startswith("= ") else "in ")
            where = ("=" if place.startswith("= ") else "in") if place.startswith(("= ", "in ")) else ""
            there, other = parsed(rest if where else place), parsed(instead)
            found.append(Kind(name, where, there, other, says, int(rank[0]) if rank else 1))
    return tuple(found)


def fits(place: Any, node: Any, holes: Holes) -> bool:
    """Tell whether a part is what stands in a line of the table, and note what its holes stand for."""
    if isinstance(place, ast.Name) and len(place.id) == 1 and place.id.isupper():
        return _hole(place.id, node, holes)
    if type(place) is not type(node):
        return False
    if isinstance(place, ast.Call):
        return _call_fits(place, node, holes)
    if isinstance(place, ast.Constant) and isinstance(place.value, int | float):
        holes.setdefault("K", node)
    for field, value in ast.iter_fields(place):
        other = getattr(node, field)
        if isinstance(value, ast.expr_context):
            continue
        if isinstance(value, list):
            if len(value) != len(other) or not all(fits(a, b, holes) for a, b in zip(value, other, strict=True)):
                return False
        elif isinstance(value, ast.AST):
            if not fits(value, other, holes):
                return False
        elif value != other or type(value) is not type(other):
            return False
    return True


def _hole(hole: str, node: Any, holes: Holes) -> bool:
    if not isinstance(node, ast.expr) or isinstance(node, ast.Slice | ast.Starred):
        return False
    if hole in holes:
        return ast.dump(holes[hole]) == ast.dump(node)
    number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
    variable = isinstance(node, ast.Name) and node.id != "np" and not node.id.isupper()
    if (hole == "K" and not number) or (hole == "X" and not variable):
        return False
    if hole == "F" and not (isinstance(node, ast.Name | ast.Attribute) and not text_of(node)[:1].isupper()):
        return False
    if hole == "F" and text_of(node) in _CONTAINERS:
        return False
    holes[hole] = node
    return True


def _call_fits(place: ast.Call, node: ast.Call, holes: Holes) -> bool:
    rest = [part for part in place.args if isinstance(part, ast.Constant) and part.value is Ellipsis]
    wanted = [part for part in place.args if part not in rest]
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    for keyword in place.keywords:
        if keyword.arg not in keywords or not fits(keyword.value, keywords.pop(keyword.arg), holes):
            return False
    if len(wanted) > len(node.args) or (not rest and (keywords or len(wanted) != len(node.args))):
        return False
    if not fits(place.func, node.func, holes):
        return False
    holes["..."] = node.args[len(wanted) :], [k for k in node.keywords if k.arg in keywords]
    return all(fits(a, b, holes) for a, b in zip(wanted, node.args, strict=False))


def filled(instead: Any, holes: Holes, root: ast.expr) -> Any:
    """Put the parts into the holes; what the edit is made in stands there as a copy."""
    if isinstance(instead, ast.Name) and instead.id in holes:
        part = holes[instead.id]
        return copy.copy(part) if part is root else part
    made = ast.copy_location(copy.copy(instead), root) if isinstance(instead, ast.expr) else copy.copy(instead)
    for field, value in ast.iter_fields(instead):
        if isinstance(value, ast.AST):
            setattr(made, field, filled(value, holes, root))
        elif isinstance(value, list):
            parts = [filled(v, holes, root) for v in value if not _is_rest(v)]
            if field == "args" and any(map(_is_rest, value)):
                parts += holes["..."][0]
            if field == "keywords" and any(map(_is_rest, getattr(instead, "args", []))):
                parts += holes["..."][1]
            setattr(made, field, parts)
    return made


def _is_rest(node: Any) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis


def sentence(kind: Kind, holes: Holes, new: ast.expr) -> str:
    """Say what an edit does."""
    words = {hole: in_words(part) for hole, part in holes.items() if isinstance(part, ast.expr)}
    return kind.says.format(**words, new=_number(new) if "{new}" in kind.says else "")


def _number(node: ast.expr) -> str:
    try:
        return f"{eval(compile(ast.Expression(node), '', 'eval'), {}):.12g}"
    except Exception:
        return text_of(node)


@lru_cache(maxsize=2048)
def parsed(text: str) -> ast.expr:
    """Return an expression's tree."""
    return folded(ast.parse(text, mode="eval")).body  # type: ignore[no-any-return]


def folded(tree: Any) -> Any:
    """Make one number of a minus and a number."""
    return _Fold().visit(tree)


class _Fold(ast.NodeTransformer):
    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        value = node.operand
        if isinstance(node.op, ast.USub) and isinstance(value, ast.Constant) and type(value.value) in (int, float):
            return ast.copy_location(ast.Constant(-value.value), node)  # type: ignore[operator]
        return node


@lru_cache(maxsize=8192)
def _text(node: ast.expr) -> str:
    return ast.unparse(node)


def text_of(node: Any) -> str:
    """Write a part of a program as its source does."""
    return _text(node) if isinstance(node, ast.expr) else ""


def short(text: str) -> str:
    """Leave out whose field it is."""
    return re.sub(r"\b[a-z_]\w*\.(?=[A-Za-z_]\w*)(?!T\b)", "", text)


def in_words(node: ast.expr) -> str:
    """Say what a part is: a name as it stands, else the kind of what is computed, without the solution."""
    text = text_of(node)
    if isinstance(node, ast.Constant) or len(text) <= 3:
        return text
    if isinstance(node, ast.Name | ast.Attribute) or (isinstance(node, ast.Subscript) and len(text) <= 16):
        return text if text.startswith("np.") else short(text)
    if isinstance(node, ast.BinOp) and type(node.op) in _IN_WORDS:
        return f"a {_IN_WORDS[type(node.op)]}"
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else text_of(node.func)
        return f"what {name} gives"
    if isinstance(node, ast.Subscript):
        return f"a part of {in_words(node.value)}"
    return "an expression"
