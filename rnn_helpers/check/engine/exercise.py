"""What an exercise is: a right answer, cases, the shape of what comes back, and the mistakes that are known."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from rnn_helpers.plant import Exchange, with_exchanges

Function = Callable[..., Any]
Arguments = tuple[Any, ...]
Cases = tuple[Arguments, ...]


NO_ARRAY = object()  # in a wrong version's answer: whatever stands here that is no array


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


class Course(NamedTuple):
    """The words that a course puts into every exercise's messages.

    Attributes
    ----------
    in_place : explains what changing an argument does.
    stale : explains functions that depend on more than their arguments.
    axes : name of an axis -> how a place on it is said, as in `"row {number} of {size}"`; `number` counts from 1,
        `index` from 0.
    hints : words of an error's message -> what they mean here.
    kinds : lines for the table of edits, of the functions that this course computes with.
    functions : what these lines call, beside NumPy.
    """

    in_place: Section
    stale: Section
    axes: Mapping[str, str] = MappingProxyType({})
    hints: Mapping[str, str] = MappingProxyType({})
    kinds: str = ""
    functions: tuple[Function, ...] = ()


@dataclass(frozen=True)
class Mistake:
    """A wrong version, recognised by what it computes.

    Attributes
    ----------
    name : short and stable.
    says : what is wrong, as the rest of a sentence that begins with the function's name.
    exchanges : what stands in the right answer, and what stands there instead. They are made when first needed.
    version : a function instead, where the mistake is no exchange of text.
    section : where what went wrong is explained, None if that is the exercise's own section.
    of : the right answer that the exchanges are made in.
    """

    name: str
    says: str
    exchanges: tuple[Exchange, ...] = ()
    version: Function | None = None
    section: Section | None = None
    of: Function | None = None

    @cached_property
    def function(self) -> Function:
        """What computes as a learner with this mistake does."""
        if self.version:
            return self.version
        assert self.of, f"{self.name} belongs to no exercise yet"
        return with_exchanges(self.of, self.exchanges)


def wrong(
    name: str,
    says: str,
    *differences: tuple[str, str] | Exchange | Function,
    see: Section | None = None,
) -> Mistake:
    """Write a mistake as `wrong(name, says, (what stands there, what stands there instead), ...)`.

    Parameters
    ----------
    name, says : see `Mistake`.
    differences : exchanges of text, made in the right answer or, as an `Exchange`, in a function that it calls; or one
        function that computes the wrong answer.
    see : where it is explained, if not in the exercise's own section.
    """
    if len(differences) == 1 and not isinstance(differences[0], tuple):
        return Mistake(name, says, version=differences[0], section=see)
    exchanges = tuple(Exchange(*difference) for difference in differences if isinstance(difference, tuple))
    return Mistake(name, says, exchanges, section=see)


def within(function: Function, mistakes: Iterable[Mistake], says: str = "{}") -> tuple[Mistake, ...]:
    """Take mistakes of a function over to an answer that calls it.

    Parameters
    ----------
    function : where their exchanges are made.
    mistakes : of that function; none may be a version.
    says : how the sentence changes, as in `"{} (in its first part)"`.
    """
    return tuple(
        replace(
            mistake,
            says=says.format(mistake.says),
            exchanges=tuple(Exchange(e.right, e.wrong, e.inside or function.__name__) for e in mistake.exchanges),
        )
        for mistake in mistakes
    )


def named(mistakes: Iterable[Mistake], names: str) -> tuple[Mistake, ...]:
    """Pick mistakes by name, all versions of each, in the order of the names."""
    known = tuple(mistakes)
    return tuple(mistake for name in names.split() for mistake in known if mistake.name == name)


class Package(NamedTuple):
    """The package's own way, where it is another one than the plain answer.

    Attributes
    ----------
    functions : to be read in this order; the first one answers what the exercise asks.
    why : one sentence: why it differs.
    keeps_float32 : it answers float32 in float32; the learner's function need not.
    takes : what else it takes -> makes arguments of that kind; the learner's function need not.
    """

    functions: tuple[Function, ...]
    why: str
    keeps_float32: bool = False
    takes: Mapping[str, Callable[[], Arguments]] = MappingProxyType({})


class Exercise(NamedTuple):
    """A task and everything needed to judge an answer to it.

    Attributes
    ----------
    reference : the right answer, in its plainest form.
    task : what to do, one sentence that begins with a verb.
    arguments : what the function is given, with shapes.
    result : what it returns, with shapes.
    cases : makes the argument tuples; the first is the small one that messages quote.
    returns : what the function returns, in order.
    notebook : number of the notebook that derives it.
    section : the heading there under which it is explained.
    mistakes : wrong versions.
    package : the package's own way, None if the plain answer is all there is.
    extreme : so many cases at the end hold extreme values; a second mistake that shows only there does not keep
        the first from being recognised.
    backwards : the axis that is computed from its end, where the last wrong number is the first to be computed.
    called : the exercise's name, if it is not that of the right answer.
    forms : other right answers, such as a learner may write; their edits are looked for too.
    """

    reference: Function
    task: str
    arguments: str
    result: str
    cases: Callable[[], Cases]
    returns: tuple[Output | Group, ...]
    notebook: str
    section: str
    mistakes: tuple[Mistake, ...] = ()
    package: Package | None = None
    extreme: int = 0
    backwards: str = ""
    called: str = ""
    forms: tuple[Function, ...] = ()

    @property
    def name(self) -> str:
        """What the exercise is called."""
        return self.called or self.reference.__name__


def table(*exercises: Exercise) -> Mapping[str, Exercise]:
    """Return {name: exercise}, each mistake with the right answer that its exchanges are made in."""
    return {
        exercise.name: exercise._replace(
            mistakes=tuple(replace(mistake, of=exercise.reference) for mistake in exercise.mistakes)
        )
        for exercise in exercises
    }
