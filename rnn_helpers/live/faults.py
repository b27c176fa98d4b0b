"""The live views of notebooks 07 and 08: a suspect's map, a fault to be guessed, the step of the differences."""

import textwrap
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

import numpy as np

from rnn_helpers import plots
from rnn_helpers.labs import guess, suspects
from rnn_helpers.labs.gradmap import Case, GradientMap, backward_map, difference_errors, loss_map, make_case
from rnn_helpers.live.controls import Choice, Control, Stepper, Toggle, View, view_of
from rnn_helpers.plots import Drawing
from rnn_helpers.rnn import SequenceGrads, loss_and_grads, rnn_backward, rnn_forward
from rnn_helpers.validate import Array

LINEUP = ("the package", *(f"suspect {number}" for number in range(1, 10)))
ROWS = ("loss", *SequenceGrads._fields, "W_hy", "b_y")


@cache  # and made when it is first asked for: the suspects are planted for it
def lineup() -> dict[str, Callable[[float], GradientMap]]:
    """Return the map of each in LINEUP, the package and nine suspects, for a step of differences.

    Suspect 7 reads the cache of another case. Suspects 8 and 9 change the loss and get the map that compares it:
    8 with scores that lie far apart, 9 with as many steps as sequences.
    """
    case, other = (make_case(np.random.default_rng(seed)) for seed in (0, 1))
    _, _, stale = rnn_forward(other.params, other.x, other.h0)
    far = case._replace(params=case.params._replace(W_hy=case.params.W_hy + 200))
    square = make_case(np.random.default_rng(0), steps=5, batch=5)
    six = {name.replace("_", " "): suspect for name, suspect in suspects.SUSPECTS.items()}
    backwards = {"the package": rnn_backward, **six, "suspect 7": suspects.with_stale_cache(stale)}
    article = suspects.loss_with(suspects.walk_back, suspects.article_softmax)
    return {
        **{name: partial(backward_map, backward, case) for name, backward in backwards.items()},
        "suspect 8": partial(loss_map, article, far),
        "suspect 9": partial(loss_map, suspects.batch_first, square),
    }


@cache  # so that coming back to a place is quick
def _suspect(suspect: str, power: int) -> dict[str, Any]:
    """Return what the map of one of the `lineup` draws, with differences of step 10 to this power.

    Its errors (ROWS, time) are NaN in the rows that it does not compare.
    """
    with np.errstate(all="ignore"):  # suspect 8 divides zero by zero
        found = lineup()[suspect](10.0**power)
    rows = dict(zip(found.names, found.errors, strict=True))
    blank = np.full(found.errors.shape[1], np.nan)
    return {"errors": np.array([rows.get(name, blank) for name in ROWS]), "names": ROWS, "changed": found.changed}


@cache  # the curves are the same wherever the mark stands
def step_size_curves() -> dict[str, Array]:
    """Return step sizes and the relative errors of central and one-sided differences, for W_hh of the default case."""
    steps = 10 ** np.linspace(-13, -1, 49)
    case: Case = make_case(np.random.default_rng(0))
    _, grads = loss_and_grads(case.params, case.x, case.targets, case.h0)

    def loss(W_hh: Array) -> float:
        return loss_and_grads(case.params._replace(W_hh=W_hh), case.x, case.targets, case.h0)[0]

    central, one_sided = difference_errors(loss, case.params.W_hh, grads.W_hh, steps)
    return {"steps": steps, "central": central, "one_sided": one_sided}


_NO_GUESS = "no guess yet"


def _guessed(draw: Callable[..., Drawing], *old: Drawing, number: int, two: bool, place: str) -> Drawing:
    """Draw the map of what is planted under a number, and what there is to say and to show of a guess."""
    faults = guess.planted(number, two=two)
    found = guess.map_of(*faults)
    judged = guess.judge(faults, place) if place != _NO_GUESS else None
    drawing = draw(
        *old,
        found.errors,
        found.names,
        changed=found.changed,
        beside=judged.beside.errors if judged and judged.beside else None,
        title=f"a fault in {place.split(':')[0]}",
        text=_listed(*judged.lines) if judged else "A guess brings a second map here,\nor the line that was planted.",
    )
    asks = f"Pair {number}: say where one of the two sits." if two else f"Fault {number}: say where it sits."
    return drawing._replace(sentence=judged.says if judged else f"{drawing.sentence} {asks}")


def _listed(right: Sequence[str], wrong: Sequence[str]) -> str:
    """Write lines of source under a heading each, broken where the room ends."""
    blocks = []
    for name, lines in (("This should stand there:", right), ("This was planted:", wrong)):
        indents = [line[: len(line) - len(line.lstrip())] + 4 * " " for line in lines]
        broken = [textwrap.fill(line, 43, subsequent_indent=i) for line, i in zip(lines, indents, strict=True)]
        blocks.append("\n".join([name, *(broken or ["(the line is missing)"])]))
    return "\n\n".join(blocks) if right else ""


SUSPECTS = view_of(
    plots.error_map,
    plots.update_error_map,
    (
        Choice("suspect", "implementation", LINEUP, LINEUP[0]),
        Control("power", "step s", -13, -1, 1, -5, power_of=10),
    ),
    _suspect,
)
GUESS = View(
    partial(_guessed, plots.error_maps),
    (
        Stepper("number", "fault", 1, len(guess.FAULTS), 1, "the one before", "new fault", resets=("place",)),
        Toggle("two", "two faults at once", False, resets=("place",)),
        Choice("place", "your guess", (_NO_GUESS, *guess.PLACES), _NO_GUESS),
    ),
    partial(_guessed, plots.update_error_maps),
)
STEP_SIZE = view_of(
    plots.step_size_errors,
    plots.update_step_size_errors,
    (Control("power", "step s", -13.0, -1.0, 0.25, -3.0, power_of=10),),
    lambda power: {**step_size_curves(), "marked": 10.0**power},
)
