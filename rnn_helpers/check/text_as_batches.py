"""The exercise of notebook 09: a loss with a mask."""

import numpy as np

from rnn_helpers import IGNORE_INDEX, plain
from rnn_helpers.check import forms
from rnn_helpers.check.draws import draws
from rnn_helpers.check.engine.exercise import Cases, Exercise, Output, wrong
from rnn_helpers.validate import Array

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

def _costs() -> Cases:
    """(nats, targets): by hand, no padding, much padding; END is target 0, and one prediction costs nothing."""
    small = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]), np.array([[2, 1], [0, 3], [-100, 0]])
    made: list[tuple[Array, Array]] = []
    for d, lengths in zip(draws(81), ([3, 1], [1, 1, 1], [4], [7, 2, 5, 1]), strict=True):
        nats, targets = np.abs(d.floats("time", "batch")), d.targets("time", "batch")
        for column, length in enumerate(lengths):
            targets[length - 1, column] = 0
            targets[length:, column] = IGNORE_INDEX
        nats[0, 0] = 0.0
        made.append((nats, targets))
    return small, *made

_MASK = "targets != IGNORE_INDEX"
_MEAN = "nats[targets != IGNORE_INDEX].mean()"

def _mean_where(mask: str) -> tuple[str, str]:
    """Take the mean over other places. Where there are none, `mean` would warn; 0 / 0 is silent while it is judged."""
    return _MEAN, f"nats[{mask}].sum() / ({mask}).sum()"

MASKED_LOSS = Exercise(
    plain.masked_loss, forms=(forms.masked_loss,),
    task="take the mean cost over the targets that count.",
    arguments=(
        "nats : (time, batch) what each prediction cost, targets : (time, batch) integers, -100: does not count."
    ),
    result="loss : float.", cases=_costs, returns=(Output("loss"),), notebook="09", section="A batch and its mask",
    mistakes=(
        wrong("mask_ignored", "takes the mean over all places: padding has no right answer, and its cost means nothing",
              (f"[{_MASK}]", "")),
        wrong("divided_by_all", "leaves padding out of the sum, and counts it in the number that it divides by",
              ("mean()", "sum() / targets.size")),
        wrong("end_ignored",
              "leaves out the targets that are 0: that is END, which the network has to learn too; padding is -100",
              _mean_where("targets > 0")),
        wrong("end_for_padding", "takes 0 for padding: 0 is END, which the network has to learn; padding is -100",
              _mean_where("targets != 0")),
        wrong("sum", "returns the sum: it is the mean", ("mean()", "sum()")),
        wrong("mean_of_names",
              "takes a mean for each name and then the mean of those: a letter of a long name then counts less",
              (_MEAN, "np.mean([name[k >= 0].mean() for name, k in zip(nats.T, targets.T)])")),
        wrong("mean_of_steps",
              "takes a mean for each step and then the mean of those: the last steps, with few names, then count more",
              (_MEAN, "np.mean([step[k >= 0].mean() for step, k in zip(nats, targets) if (k >= 0).any()])")),
        wrong("divided_by_batch", "divides by the number of names: it is the number of targets that count",
              ("mean()", "sum() / nats.shape[1]")),
        wrong("divided_by_time", "divides by the number of steps: it is the number of targets that count",
              ("mean()", "sum() / nats.shape[0]")),
        wrong("mask_turned", "takes the mean over the padding: that is the part to leave out",
              _mean_where("targets == IGNORE_INDEX")),
        wrong("cut_to_shortest", "stops where the shortest name ends: longer names go on",
              (_MASK, f"({_MASK}).all(axis=1)")),
        wrong("free_places_dropped",
              "leaves out what costs nothing: a prediction that was right and sure counts too",
              (_MASK, f"({_MASK}) & (nats != 0)")),
        wrong("nothing_left",
              "has a mask that is False everywhere, as `~targets == -100` is: nothing is left to average",
              _mean_where("targets > targets")),
        wrong("turned_sign", "turns the sign: costs are positive", ("float(", "-float(")),
    ),
)

ALL = (MASKED_LOSS,)
