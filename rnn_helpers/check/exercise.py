"""What an exercise is: a reference, cases, the shape of the answer, and the mistakes that are known."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal, NamedTuple

Function = Callable[..., Any]
Arguments = tuple[Any, ...]


NO_ARRAY = object()  # in a wrong version's answer: whatever stands here that is no array, such as a cache


class Output(NamedTuple):
    """One value that the learner's function returns.

    Attributes
    ----------
    name : as in the notebooks, for messages.
    axes : names of its axes, the last ones where the number of axes varies; empty for a single number.
    kind : "list" also accepts a list of numbers; "anything" is not looked at.
    """

    name: str
    axes: tuple[str, ...] = ()
    kind: Literal["float", "integer", "list", "anything"] = "float"


# What several exercises return.
PARAMS = (
    Output("W_xh", ("n_x", "n_h")),
    Output("W_hh", ("n_h", "n_h")),
    Output("b_h", ("n_h",)),
    Output("W_hy", ("n_h", "n_y")),
    Output("b_y", ("n_y",)),
)
SHARED_GRADS = (Output("dW_xh", ("n_x", "n_h")), Output("dW_hh", ("n_h", "n_h")), Output("db_h", ("n_h",)))
SEQUENCE_GRADS = (Output("dx", ("time", "batch", "n_x")), Output("dh0", ("batch", "n_h")), *SHARED_GRADS)


class Group(NamedTuple):
    """Several values that are returned as one tuple inside the answer."""

    name: str
    parts: tuple[Output, ...]


class Section(NamedTuple):
    """Where something is explained: the number of a notebook, and a heading in it."""

    notebook: str
    heading: str

    def __str__(self) -> str:
        return f'"{self.heading}" in notebook {self.notebook}'


class Mistake(NamedTuple):
    """A wrong version, kept as code: it is recognised by what it computes.

    Attributes
    ----------
    name : short and stable.
    says : what is wrong, as the rest of a sentence that begins with the function's name.
    function : computes what a learner with this mistake computes.
    section : where what went wrong is explained, None if that is the exercise's own section.
    """

    name: str
    says: str
    function: Function
    section: Section | None = None


class Exercise(NamedTuple):
    """A task and everything needed to judge an answer to it.

    Attributes
    ----------
    reference : the right answer.
    cases : makes the argument tuples; the first is the small one that messages quote.
    returns : what the function returns, in order.
    notebook : number of the notebook that derives it.
    section : the heading there under which it is explained.
    mistakes : wrong versions.
    keeps_float32 : the package answers float32 in float32; the learner's function need not.
    ids : makes arguments with token ids as x, where the package takes them; the learner's function need not.
    extreme : so many cases at the end hold extreme values; a second mistake that shows only there does not keep
        the first from being recognised.
    backwards : time runs from the last step to the first, so the last wrong step is the first to be computed.
    """

    reference: Function
    cases: Callable[[], tuple[Arguments, ...]]
    returns: tuple[Output | Group, ...]
    notebook: str
    section: str
    mistakes: tuple[Mistake, ...] = ()
    keeps_float32: bool = False
    ids: Callable[[], Arguments] | None = None
    extreme: int = 0
    backwards: bool = False


Exercises = Mapping[str, Exercise]


def with_pieces(function: Function, pieces: Mapping[str, Function]) -> Function:
    """Return `function` with the pieces that are named exchanged."""
    return partial(function, **pieces)


def both(one: Mistake, other: Mistake) -> Mistake | None:
    """Return the two mistakes made at once, None if they are not different pieces of one computation."""
    function = _joined(one.function, other.function)
    if function is None:
        return None
    says = f"{one.says}. It also {other.says}"
    return Mistake(f"{one.name}_and_{other.name}", says, function, one.section)


def _joined(a: Function, b: Function) -> Function | None:
    """Exchange the pieces of both; a piece that both exchange is joined in turn, if it has pieces itself."""
    if not (isinstance(a, partial) and isinstance(b, partial)) or a.func is not b.func or a.args or b.args:
        return None
    pieces = a.keywords | b.keywords
    for name in a.keywords.keys() & b.keywords.keys():
        joined = _joined(a.keywords[name], b.keywords[name])
        if joined is None:
            return None
        pieces[name] = joined
    return with_pieces(a.func, pieces)
