"""A learner's answers in a file of their own, beside the notebooks: kept when they pass, and used where asked for.

The file is plain Python. Each answer stands in it inside a function of its own, `answer_to_NAME`, together with all
that it uses, so that two answers may use different things of one name. All other text in it is the learner's, and
stays. To keep an answer runs that answer, never the file; `mine` shows what it takes from there, and runs that alone.
"""

import ast
import difflib
import html
import os
import symtable
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple, TextIO

from rnn_helpers.check.engine import facts
from rnn_helpers.check.engine.exercise import Exercise, Function
from rnn_helpers.check.engine.gather import Trouble, gather
from rnn_helpers.check.engine.sandbox import run
from rnn_helpers.check.engine.verdict import Shown, Verdict, announce, boxed, folded, preformatted, running_cell, show

MODULE = "my_answers"
FILE = f"{MODULE}.py"
BEFORE = f"{MODULE}_before.py"  # what stood in the file until another answer took its place
_HEAD = '''"""Your answers that have passed their checks. The checks write here; what you add or change stays.

Each answer stands in a function of its own, with all that it uses, so that two may use things of the same name.
In a notebook or a file beside this one, `from {module} import {name}` gives you one.
"""'''
_MAKER = "answer_to_"
_APART = "\n\n\n"
_SECONDS = 4.0  # for a kept answer to come to life
_BLUE = "#0072B2"

Judged = Callable[[str, object], Verdict]  # from an exercise's name and an answer to it


class _Section(NamedTuple):
    """An answer as it stands in the file: the function that makes it, and the line that gives it its name."""

    made: ast.FunctionDef
    named: ast.Assign | None


class _Stored(NamedTuple):
    """The file's text, and the answers in it by the names of their exercises."""

    text: str
    sections: Mapping[str, _Section]

    def source(self, name: str) -> str:
        """Return an answer's text."""
        return _APART.join(ast.get_source_segment(self.text, part) or "" for part in self.sections[name] if part)

    def with_other(self, name: str, made: str, named: str) -> str:
        """Return the file's text with these in the place of an answer's two parts."""
        part, line = self.sections[name]
        if line is None:
            return _exchanged(self.text, part, _APART.join([made, named]))
        first, last = sorted([(part, made), (line, named)], key=lambda pair: pair[0].lineno)
        return _exchanged(_exchanged(self.text, *last), *first)


def keep(exercise: str, function: object, judged: Judged) -> str:
    """Write an answer that has passed into the file, if it does not stand there yet.

    Parameters
    ----------
    exercise : its name.
    function : the learner's.
    judged : gives the verdict on an answer.

    Returns
    -------
    str : a sentence on what was done, or why nothing was; empty where there is nothing to say.
    """
    if isinstance(function, FunctionType) and function.__module__ != "__main__":
        return ""  # it stands in a file already
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the learner's cells have said them
            return _keep(exercise, function, judged)
    except Trouble as why:
        return f"It is not kept in {FILE}, because {why}."
    except OSError as error:
        return f"It is not kept, because {FILE} cannot be written ({error.strerror})."
    except Exception as error:  # the verdict stands, whatever happens here
        return f"It is not kept in {FILE}, because of an error there ({type(error).__name__}: {error})."


def _keep(exercise: str, function: object, judged: Judged) -> str:
    stored = _read()
    name, source = gather(function, lambda other: _kept(stored, other))
    body = f"{source}\n\nreturn {name}"
    made = f"def {_MAKER}{exercise}():\n{_indented(body)}"
    named = f"{name} = {_MAKER}{exercise}()"
    old = stored.source(exercise) if exercise in stored.sections else ""
    if old == _APART.join([made, named]):
        return ""
    alone = ast.parse(made).body[0]
    assert isinstance(alone, ast.FunctionDef)
    verdict = judged(exercise, _made(alone))
    if not verdict.passed:
        raise Trouble(f"away from this notebook it does not pass ({verdict.message.rstrip('.')})")
    rest = stored.with_other(exercise, "pass", "pass") if old else stored.text
    if name in _assigned(rest):
        raise Trouble(f"another {name} stands there: give this one a name of its own")
    if old:
        _put_aside(f"# An answer to {exercise} whose place in {FILE} another has taken.\n{old}{_APART}")
        text = stored.with_other(exercise, made, named)
    else:
        text = _APART.join([stored.text.rstrip() or _HEAD.format(module=MODULE, name=name), made, named]) + "\n"
    if not _written(text, stored.text):
        return _keep(exercise, function, judged)
    return f"Kept as {name} in {FILE}" + (f"; the one before stands in {BEFORE}." if old else ".")


def _kept(stored: _Stored, function: FunctionType) -> str | None:
    """Return the text of an answer that came out of the file; None for any other function."""
    name = function.__qualname__.split(".")[0].removeprefix(_MAKER)
    return stored.source(name) if function.__module__ == MODULE and name in stored.sections else None


def _read() -> _Stored:
    """Read the file without running it."""
    try:
        text = Path(FILE).read_text(encoding="utf-8-sig")
        body = ast.parse(text).body
    except FileNotFoundError:
        return _Stored("", {})
    except OSError as error:
        raise Trouble(f"{FILE} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise Trouble(f"{FILE} is not written in UTF-8") from None
    except SyntaxError as error:
        raise Trouble(f"{FILE} has an error in line {error.lineno or 1} ({error.msg})") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise Trouble(f"{FILE} cannot be read as Python ({error})") from None
    # A decorator would run, too, but is no part of the text that is shown.
    functions = [n for n in body if isinstance(n, ast.FunctionDef) and not n.decorator_list]
    makers = {n.name: n for n in functions if n.name.startswith(_MAKER)}
    lines = {
        n.value.func.id: n
        for n in body
        if isinstance(n, ast.Assign) and isinstance(n.value, ast.Call) and isinstance(n.value.func, ast.Name)
    }
    return _Stored(text, {m.removeprefix(_MAKER): _Section(node, lines.get(m)) for m, node in makers.items()})


def _put_aside(text: str) -> None:
    """Add a text to those that stood in the file before, once."""
    with Path(BEFORE).open("a+", encoding="utf-8") as file:
        file.seek(0)
        if text not in file.read():
            file.write(text)


def _written(text: str, instead: str) -> bool:
    """Put a text in the place of the file's, in one step; do nothing if another notebook has changed it meanwhile."""
    file = _draft()
    draft = Path(file.name)
    done = False
    try:
        with file:
            file.write(text)
        if _read().text == instead:
            os.replace(draft, os.path.realpath(FILE))
            done = True
    finally:
        if not done:
            draft.unlink()
    return done


def _draft() -> TextIO:
    """Open a new file. As long as it is there, no other notebook gets one; each has it for a moment only."""
    for _ in range(100):
        try:
            return open(f"{MODULE}_draft.py", "x", encoding="utf-8")
        except FileExistsError:
            time.sleep(0.02)
    raise Trouble(f"{MODULE}_draft.py is in the way: delete it")


def _exchanged(text: str, node: ast.stmt, new: str) -> str:
    """Return the text with another one in the place of a statement."""
    assert node.end_lineno and node.end_col_offset is not None
    lines = [line.encode() for line in text.split("\n")]
    before, after = lines[node.lineno - 1][: node.col_offset], lines[node.end_lineno - 1][node.end_col_offset :]
    return b"\n".join([*lines[: node.lineno - 1], before + new.encode() + after, *lines[node.end_lineno :]]).decode()


def _indented(text: str) -> str:
    """Move a text to the right, but for the later lines of texts in it: there, spaces count."""
    nodes = list(ast.walk(ast.parse(text)))
    documents = {node.value for node in nodes if isinstance(node, ast.Expr)}
    quoted = {
        line
        for node in nodes
        if isinstance(node, ast.Constant | ast.JoinedStr) and node not in documents
        for line in range(node.lineno + 1, (node.end_lineno or 0) + 1)
    }
    lines = enumerate(text.split("\n"), start=1)
    return "\n".join(line if number in quoted or not line else f"    {line}" for number, line in lines)


def _assigned(text: str) -> set[str]:
    """Return the names that a text gives to something."""
    symbols = symtable.symtable(text, FILE, "exec").get_symbols()
    return {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}


def _made(maker: ast.FunctionDef, file: str = "<answer>") -> object:
    """Run one answer's text and return the function that comes out; nothing else of the file is run."""

    def make() -> object:
        space: dict[str, Any] = {"__name__": MODULE}
        exec(compile(ast.Module([maker], []), file, "exec"), space)
        return space[maker.name]()

    done = run(make, ((),), (), _SECONDS)
    if done.too_slow:
        raise Trouble(f"it takes longer than {_SECONDS:g} s to come to life")
    error = done.outcomes[0].error
    if error:
        raise Trouble(f"it raises {type(error).__name__} before it is called ({facts.in_one_line(error)})")
    return done.outcomes[0].returned


class Mine(Shown):
    """The functions that `mine` gives, and the line that says whose they are."""

    def __init__(self, functions: Mapping[str, Function], line: str) -> None:
        vars(self).update(functions, _line=line)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"it has no {name}: ask for it by name, as in check.mine({name!r})")

    def __repr__(self) -> str:
        return str(self._line)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": boxed(html.escape(repr(self)), _BLUE)}


def mine(exercises: Mapping[str, Exercise], names: Iterable[str], judged: Judged) -> Mine:
    """Return the learner's function for each name, if one is kept and still passes, else the plain answer.

    Parameters
    ----------
    exercises : all that there are.
    names : of those that are wanted.
    judged : gives the verdict on an answer.

    Returns
    -------
    Mine : has a function for each name. In a notebook it says which are whose, after showing the text that is run.

    Raises
    ------
    ValueError : there is no exercise of that name.
    """
    wanted = dict.fromkeys(names)
    for name in wanted:
        if name not in exercises:
            near = difflib.get_close_matches(str(name), exercises, 1)
            raise ValueError(f"mine: no exercise is called {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    functions = {name: exercises[name].reference for name in wanted}
    yours: dict[str, Function] = {}
    says = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            stored = _read()
        found = [name for name in wanted if name in stored.sections]
        _show_source(stored, found)
        for name in found:
            try:
                yours[name] = _passing(stored, name, judged)
            except Trouble as why:
                says.append(f"{name} in {FILE} is not used: {why}.")
        line = " ".join([_whose(wanted, yours), *says])
    except Trouble as why:
        line = f"{why}: until that is mended, the course's own answers are used here."
    given = Mine(functions | yours, line)
    announce(given)
    return given


def _show_source(stored: _Stored, names: list[str]) -> None:
    """Show what is about to be run: a file may have come with somebody else's notebooks."""
    if names and running_cell() is not None:
        title = f"Run from {FILE}: {', '.join(names)}"
        source = preformatted("".join(map(_visible, _APART.join(map(stored.source, names)))))
        show({"text/plain": title, "text/html": folded(title, source)})


def _visible(sign: str) -> str:
    """Write a sign that is itself not seen, but can hide or turn round the text beside it, by its number."""
    return sign if sign.isprintable() or sign in "\n\t" else repr(sign)[1:-1]


def _passing(stored: _Stored, name: str, judged: Judged) -> Function:
    """Return an answer out of the file if it still passes: the file may have been changed by hand."""
    function = _made(stored.sections[name].made, os.path.abspath(FILE))
    verdict = judged(name, function)
    if not (verdict.passed and callable(function)):
        raise Trouble(verdict.message.rstrip("."))
    return function


def _whose(wanted: Iterable[str], yours: Iterable[str]) -> str:
    """Say which functions are the learner's."""
    others = [name for name in wanted if name not in yours]
    if not yours:
        return "The course's own answers are used here; yours take their place once their checks have passed."
    rest = f" The course's, until yours has passed: {', '.join(others)}." if others else ""
    return f"From {FILE}, yours: {', '.join(yours)}.{rest}"
