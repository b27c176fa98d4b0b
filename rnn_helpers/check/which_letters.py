"""The exercise of notebook 13b: the gradient at the letters that stood there."""

from rnn_helpers import many_to_one, plain
from rnn_helpers.check import forms
from rnn_helpers.check.draws import draws
from rnn_helpers.check.engine.exercise import Cases, Exercise, Output, Package, wrong

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

def _at_ids_cases() -> Cases:
    return tuple(
        (d.floats("time", "batch", "n_x"), d.ids(d.sizes.n_x, size=(d.sizes.time, d.sizes.batch)))
        for d in draws(94)
    )

_TAKEN = "np.take_along_axis(dx, ids[..., None], axis=2)[..., 0]"

AT_IDS = Exercise(
    plain.at_ids, forms=(forms.at_ids,),
    task="pick from each step's gradient the entry of the letter that stood there.",
    arguments="dx : (time, batch, n_x), ids : (time, batch) integers below n_x.", result="at_letters : (time, batch).",
    cases=_at_ids_cases, returns=(Output("at_letters", ("time", "batch")),), notebook="13b",
    section="Which letters moved the colour?",
    package=Package((many_to_one.at_ids,),
                    "The package checks first that the sizes agree and that each id is below n_x.", keeps_float32=True),
    mistakes=(
        wrong("size_of_the_row",
              "takes the size of the whole row: the other entries belong to letters that aren't there",
              (_TAKEN, "np.linalg.norm(dx, axis=2)")),
        wrong("absolute", "loses the sign: it tells which way the letter pulls", (_TAKEN, f"np.abs({_TAKEN})")),
        wrong("sum_of_the_row", "sums over all letters: only one of them is there", (_TAKEN, "dx.sum(axis=2)")),
        wrong("mean_of_the_row", "takes the mean over all letters: only one is there", (_TAKEN, "dx.mean(axis=2)")),
        wrong("largest_of_the_row", "takes the largest entry, whatever letter it is of", (_TAKEN, "dx.max(axis=2)")),
        wrong("largest_size", "takes the largest size in the row, whatever letter it is of",
              (_TAKEN, "np.abs(dx).max(axis=2)")),
        wrong("smallest_of_the_row", "takes the smallest entry, whatever letter it is of", (_TAKEN, "dx.min(axis=2)")),
        wrong("one_letter_too_far", "takes the entry before the letter's own: ids count from 0",
              ("ids[..., None]", "(ids - 1)[..., None]")),
        wrong("first_letter_everywhere", "takes the entry of the first step's letter at every step",
              ("ids[..., None]", "ids[:1, :, None]")),
        wrong("reversed_time", "pairs the last letter with the first step", ("ids[..., None]", "ids[::-1, :, None]")),
        wrong("times_id", "multiplies by the id: an id is a place, its input is 1", (_TAKEN, f"{_TAKEN} * ids")),
        wrong("ids_on_time", "uses the ids as steps: they belong on the last axis", (_TAKEN, "dx[ids]")),
        wrong("ids_on_the_whole", "picks letters for all steps at once", (_TAKEN, "dx[..., ids]")),
        wrong("kept_letter_axis", "keeps an axis of one letter at the end", ("[..., 0]", "")),
        wrong("one_hot_rows", "returns whole rows with zeros in them: we want one number a step",
              (_TAKEN, "dx * np.eye(dx.shape[2])[ids]")),
    ),
)

ALL = (AT_IDS,)
