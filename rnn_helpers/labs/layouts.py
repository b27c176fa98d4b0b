"""Notebook 08: a backward pass that was written elsewhere, as it is: read in its own layout, mapped and judged.

Coursera and the article write samples as columns. One rule turns theirs into ours, `.T` on every array, and a bias is
flat here. The rest is a table: what goes in and what comes back, by name and in order.
"""

import inspect
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from functools import wraps
from io import StringIO
from typing import Any, NamedTuple

import numpy as np

from rnn_helpers import check, plots
from rnn_helpers.check.engine.sandbox import run
from rnn_helpers.check.engine.verdict import Verdict
from rnn_helpers.labs.gradmap import GradientMap, backward_map, make_case
from rnn_helpers.params import RNNParams
from rnn_helpers.rnn import SequenceCache, SequenceGrads, rnn_backward, rnn_forward
from rnn_helpers.validate import Array

Answer = tuple[Any, ...]  # five arrays if all is well
_SECONDS = 2.0  # for one call
_EXERCISE = check.EXERCISES["rnn_backward"]


class Layout(NamedTuple):
    """How a backward pass is called, and what it returns.

    Attributes
    ----------
    name : whose layout it is.
    says : what is given and how, for the reader.
    takes : the arguments' names.
    gives : the gradients' names, in order; those of a dict are its keys.
    Wax : what the weights from the input are called; "" where nothing has to be turned.
    with_x : whether the caches are (list of caches, x), or the list alone.
    """

    name: str
    says: str
    takes: tuple[str, ...]
    gives: tuple[str, ...] = SequenceGrads._fields
    Wax: str = ""
    with_x: bool = False


LAYOUTS = (
    Layout("this course's layout", "rows, dh is (time, batch, n_h)", ("params", "cache", "dh")),
    Layout(
        "Coursera's layout",
        "columns, da is (n_a, m, T_x), caches is (list of (a_next, a_prev, xt, parameters), x)",
        ("da", "caches"),
        ("dx", "da0", "dWax", "dWaa", "dba"),
        "Wax",
        with_x=True,
    ),
    Layout(
        "the article's layout",
        "columns, da is (n_a, m, t_x), cache is a list of (a_now, a_former, x_t, parameters)",
        ("da", "cache"),
        ("dx", "da0", "dWam", "dWaa", "dba"),
        "Wam",
    ),
)


class Explained(NamedTuple):
    """What there is to say about a backward pass; on a page it shows the map, and under it the words.

    Attributes
    ----------
    says : as what it was read.
    map : the rows that it did not return hold no number.
    verdict : the check's, which names a known mistake.
    """

    says: str
    map: GradientMap
    verdict: Verdict

    def __bool__(self) -> bool:
        return self.verdict.passed

    def __repr__(self) -> str:
        return f"{self.says}\n{self.verdict!r}"

    def _ipython_display_(self) -> None:
        from IPython.display import display  # here, so that explaining needs no IPython

        plots.error_map(self.map.errors, self.map.names, changed=self.map.changed)._ipython_display_()
        display({"text/markdown": self.says, "text/plain": self.says}, raw=True)
        display(self.verdict)


def explain(function: Callable[..., Any]) -> Explained:
    """Find a backward pass's layout, map its errors, and name its mistake if it is one that is known.

    Parameters
    ----------
    function : called as `rnn_backward(params, cache, dh)`, or as in Coursera's or the article's layout.

    Raises
    ------
    TypeError, ValueError : see `read`.
    """
    backward, says = read(function)

    def all_five(*arguments: Any) -> list[Any]:
        answer = backward(*arguments)
        return [np.empty(0)] * (len(SequenceGrads._fields) - len(answer)) + [*answer]

    with redirect_stdout(StringIO()), np.errstate(all="ignore"):
        found = backward_map(all_five, make_case(np.random.default_rng(0)))
    return Explained(says, found, check.judge(_EXERCISE, backward))


def read(function: Callable[..., Any]) -> tuple[Callable[..., Answer], str]:
    """Return a function as if it were written in this course's layout, and a sentence that says as what it was read.

    It is called once in each layout, with arrays of distinct sizes. The layout in which most of the gradients have the
    right shapes is taken; one that is left out, as the article leaves out dx, is taken to be the first.

    Raises
    ------
    TypeError : `function` is not a function.
    ValueError : it fits none of the layouts; the message says what happened in each.
    """
    if not callable(function):
        raise TypeError(f"function: expected a backward pass, got {type(function).__name__}")
    tried = {layout: _fit(function, layout) for layout in LAYOUTS}
    best = max(tried, key=lambda layout: (tried[layout][0], _in_common(function, layout)))
    if tried[best][0]:
        adapted = _as_ours(function, best)
        turned = " Below, names and places are this course's: `.T` on every array." * bool(best.Wax)
        return adapted, f"Read as {best.name}: {adapted.__name__}({', '.join(best.takes)}), {best.says}.{turned}"
    each = "; ".join(f"{layout.name}, ({', '.join(layout.takes)}): {why}" for layout, (_, why) in tried.items())
    raise ValueError(f"function: expected a backward pass in a layout that is known, and none fits. {each}")


def _fit(function: Callable[..., Any], layout: Layout) -> tuple[int, str]:
    """Count the gradients that have the right shapes when the function is called so; if none has, say why."""
    try:
        inspect.signature(function).bind(*layout.takes)
    except TypeError:
        return 0, "it takes other arguments"
    except ValueError:  # some built-in functions do not tell
        pass
    case = make_case(np.random.default_rng(0))
    _, _, cache = rnn_forward(case.params, case.x, case.h0)
    arguments = (case.params, cache, case.dh)
    done = run(_as_ours(function, layout), (arguments,), ("params", "cache", "dh"), _SECONDS)
    if done.too_slow:
        return 0, f"it was stopped after {_SECONDS:g} s"
    answer, error, *_ = done.outcomes[0]
    if error:
        return 0, f"it raised {type(error).__name__}: {error}"
    right = rnn_backward(*arguments)
    if not isinstance(answer, tuple) or not 1 < len(answer) <= len(right):
        return 0, f"it returned {type(answer).__name__}, no gradients of {', '.join(layout.gives)}"
    fitting = sum(np.shape(part) == exact.shape for part, exact in zip(answer[::-1], right[::-1], strict=False))
    return fitting, f"it returned shapes {', '.join(str(np.shape(part)) for part in answer)}"


def _in_common(function: Callable[..., Any], layout: Layout) -> int:
    try:
        return len({*inspect.signature(function).parameters} & {*layout.takes})
    except (TypeError, ValueError):
        return 0


def _as_ours(function: Callable[..., Any], layout: Layout) -> Callable[..., Answer]:
    @wraps(function)
    def backward(params: RNNParams, cache: SequenceCache, dh: Array) -> Answer:
        if not layout.Wax:
            answer = function(params, cache, dh)
            return tuple(answer) if isinstance(answer, list) else answer
        return _our_answer(function(dh.T, _their_cache(layout, params, cache)), layout.gives)

    backward.__name__ = getattr(function, "__name__", type(function).__name__)
    backward.__signature__ = inspect.signature(rnn_backward)  # type: ignore[attr-defined]  # not the wrapped one's
    return backward


def _their_cache(layout: Layout, params: RNNParams, cache: SequenceCache) -> Any:
    """Turn our cache into theirs. Views, not copies: what is written into theirs is seen in ours."""
    W_xh, W_hh, b_h, W_hy, b_y = params
    parameters = {layout.Wax: W_xh.T, "Waa": W_hh.T, "Wya": W_hy.T, "ba": b_h[:, None], "by": b_y[:, None]}
    steps = zip(cache.x, cache.states[:-1], cache.states[1:], strict=True)
    caches = [(h_t.T, h_prev.T, x_t.T, parameters) for x_t, h_prev, h_t in steps]
    return (caches, cache.x.T) if layout.with_x else caches


def _our_answer(answer: Any, names: Sequence[str]) -> Answer:
    """Turn their answer into ours: in order, `.T` on every array, the bias flat."""
    if isinstance(answer, dict):
        values = {str(key).lower(): value for key, value in answer.items()}  # the article writes dWam and dwam
        parts = [values[name.lower()] for name in names if name.lower() in values]
        if not {name.lower() for name in names[1:]} <= {*values}:
            raise ValueError(f"the answer has the keys {', '.join(map(str, answer))}, expected {', '.join(names)}")
    elif isinstance(answer, tuple | list):
        parts = [*answer]
    else:
        raise ValueError(f"the answer is {type(answer).__name__}, expected {', '.join(names)}")
    *others, bias = (part.T if isinstance(part, np.ndarray) else part for part in parts)
    return *others, bias[0] if np.shape(bias)[:1] == (1,) else bias
