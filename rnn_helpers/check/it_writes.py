"""The exercise of notebook 11: a step of sampling."""

from dataclasses import replace

import numpy as np

from rnn_helpers import output, plain
from rnn_helpers.check import forms
from rnn_helpers.check.engine.exercise import Cases, Exercise, Output, Package, named, within, wrong
from rnn_helpers.check.softmax_and_tanh import SOFTMAX
from rnn_helpers.plant import Exchange
from rnn_helpers.train import sampling
from rnn_helpers.validate import Array

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

def _places_and_temperatures() -> Cases:
    """(logits, temperature, u): every part of the line, hot, cold and frozen; all but frozen, ties, scores of 1e5."""
    logits = np.random.default_rng(84).standard_normal(7)
    small = np.array([0.0, 1.0, 2.0])
    places = 0.02, 0.3, 0.55, 0.8, 0.97
    return (
        (small, 1.0, 0.2),
        (small, 1.0, 0.09003),  # a little before an end
        *((small, 0.5, u) for u in places),
        *((logits, temperature, u) for temperature in (1.0, 0.3, 4.0) for u in places),
        (small, 0.0, 0.1),
        (logits, 0.0, 0.5),
        (2 * logits + 1, 1.0, 0.45),
        (np.array([1.0, 1.0 + 1e-9, 0.0]), 0.0, 0.1),
        (np.array([0.0, 10.0, 9.999]), 0.01, 0.9),
        *((np.array([5.0, 5.0, 0.0]), 0.001, u) for u in (0.3, 0.8)),
        *((small + far, 1.0, 0.2) for far in (1e5, -1e5)),
    )

def _never_frozen(logits: Array, temperature: float, u: float) -> int:
    """Divide by 0, of which the package's softmax says that it is not finite; the plain one would go on with NaN."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return int(np.argmax(np.cumsum(output.softmax(logits / temperature)) > u))

_FROZEN = "int(np.argmax(logits))"
_PLACE = "np.argmax(ends > u)"
_KEEP_P = ("ends = np.cumsum(", "p = (")
_OVERFLOWS = within(plain.softmax, named(SOFTMAX.mistakes, "no_maximum maximum_from_zero"), "{} (in its softmax)")
# NaN is beyond no u: a loop that looks for the first end beyond it comes to the last token, or to no `return`.
_TO_THE_END = Exchange(_PLACE, "min(np.sum(~(ends > u)), len(ends) - 1)", "sampling_step")
_NO_RETURN = Exchange(f"return int({_PLACE})", f"return int({_PLACE}) if ends[-1] > u else None", "sampling_step")
_COLD = "takes the likeliest token whenever it is cold: only at temperature 0 there is nothing to draw"
_VALUE = "returns the largest score at temperature 0: the token is its place, not its value"

SAMPLING_STEP = Exercise(
    plain.sampling_step, forms=(forms.sampling_step,),
    task="choose a token by a number u drawn evenly from 0 to 1.",
    arguments="logits : (n_y,), temperature : float of at least 0, u : float from 0 to 1.", result="token : int.",
    cases=_places_and_temperatures, returns=(Output("token", kind="integer"),), notebook="11",
    section="One letter at a time", extreme=5,
    package=Package((sampling.next_token,), "The package draws u itself, from a generator, and bears any temperature."),
    mistakes=(
        wrong("always_greedy", "always takes the likeliest token", (_PLACE, "np.argmax(logits)")),
        wrong("temperature_ignored", "does not use the temperature", (" / temperature", "")),
        wrong("temperature_turned", "multiplies by the temperature: a high one then favours the likely tokens",
              (" / temperature", " * temperature")),
        wrong("temperature_of_p",
              "divides the probabilities by the temperature: the scores are divided, before softmax",
              ("softmax(logits / temperature)", "softmax(logits) / temperature")),
        wrong("never_frozen", "divides by the temperature 0: there the likeliest token is taken", _never_frozen),
        *_OVERFLOWS,
        *(replace(mistake, exchanges=(*mistake.exchanges, end)) for mistake in _OVERFLOWS
          for end in (_TO_THE_END, _NO_RETURN)),
        *(wrong("greedy_when_cold", _COLD, ("temperature == 0", f"temperature <= {least}")) for least in (0.05, 0.005)),
        *(wrong("draws_at_0", f"draws as at temperature {warm} where it is 0: there the likeliest token is taken",
                (_FROZEN, f"int(np.argmax(np.cumsum(softmax(logits / {warm})) > u))"))
          for warm in (1, 0.1)),
        wrong("coldest", "takes the unlikeliest token at temperature 0", (_FROZEN, "int(np.argmin(logits))")),
        wrong("value_for_place", _VALUE, (_FROZEN, "int(logits.max())")),
        wrong("value_for_place", _VALUE, (_FROZEN, "float(logits.max())")),
        wrong("value_for_place",
              "returns the largest score, whatever u is: a token is a place among the scores, not the value there",
              (_FROZEN, "logits.max()"), (f"int({_PLACE})", "logits.max()")),
        wrong("first_at_0", "returns token 0 at temperature 0", (_FROZEN, "0")),
        wrong("u_ignored", "draws a number of its own: u is the number that was thrown",
              (_PLACE, "np.random.default_rng(0).choice(len(ends), p=softmax(logits / temperature))")),
        wrong("not_added_up", "looks for the first probability above u: the probabilities have to be added up first",
              ("np.cumsum(", "(")),
        wrong("first_below", "looks for the first end below u: it is the first one beyond u", ("ends > u", "ends < u")),
        wrong("one_too_many", "returns the token after the one in whose part u falls",
              (_PLACE, f"min({_PLACE} + 1, len(ends) - 1)")),
        wrong("one_too_few", "returns the token before the one in whose part u falls",
              (_PLACE, f"max({_PLACE} - 1, 0)")),
        wrong("all_alike", "gives all tokens parts of the same length: the likely ones have longer parts",
              (_PLACE, "u * len(ends)")),
        wrong("sorted_first", "sorts the probabilities, and returns a place among the sorted ones, which is no token",
              _KEEP_P, ("ends > u", "np.cumsum(np.sort(p)[::-1]) > u")),
        wrong("likeliest_first", "lays the parts out from the likeliest down: they lie in the order of the tokens",
              _KEEP_P, (_PLACE, "np.argsort(-p, kind='stable')[np.argmax(np.cumsum(np.sort(p)[::-1]) > u)]")),
        *(wrong("likeliest_few", f"draws among the {few} likeliest tokens alone: every token has a part",
                _KEEP_P, ("ends > u", f"np.cumsum(k := p * (p >= np.sort(p)[-{few}])) / k.sum() > u"))
          for few in (2, 3)),
        wrong("from_the_end", "walks the line from its end", _KEEP_P,
              (_PLACE, "len(p) - 1 - np.argmax(np.cumsum(p[::-1]) > u)")),
    ),
)

ALL = (SAMPLING_STEP,)
