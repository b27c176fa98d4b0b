"""The exercises of notebook 15: what forgetting costs, a batch that asks for memory, a curve, a gradient's arrival."""

import numpy as np

from rnn_helpers import data, dynamics, plain_memory
from rnn_helpers.check import forms
from rnn_helpers.check.draws import draws
from rnn_helpers.check.engine.exercise import Cases, Exercise, Output, Package, wrong

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

def _copy_tasks() -> Cases:
    """(lag, symbols, payload): no two alike, and a long one."""
    return (3, 5, 2), (20, 8, 10), (7, 2, 1), (500, 6, 30)

_ALL_STEPS, _GUESSED = "(lag + 2 * payload)", "payload * np.log(symbols)"

NO_MEMORY_LOSS = Exercise(
    plain_memory.no_memory_loss,
    task="compute the mean loss over all steps of the copy task for an answer that remembers nothing.",
    arguments="lag : steps between payload and answer, symbols : how many to choose from, payload : how many to keep.",
    result="loss : nats a step.", cases=_copy_tasks, returns=(Output("loss"),), notebook="15",
    section="What forgetting costs",
    package=Package((data.no_memory_loss,), "The package knows the lines of all four tasks."),
    mistakes=(
        wrong("not_divided", "leaves out that the loss is a mean over all steps", (f" / {_ALL_STEPS}", "")),
        wrong("divided_by_lag", "divides by the lag: the payload's steps and the answer's count too",
              (_ALL_STEPS, "lag")),
        wrong("payload_once", "counts the payload once: it is read, and later it is written",
              ("2 * payload", "payload")),
        wrong("answer_alone", "divides by the payload: the steps that cost nothing count too",
              (_ALL_STEPS, "payload")),
        wrong("one_step_less", "counts one step too few", (_ALL_STEPS, "(lag + 2 * payload - 1)")),
        wrong("one_step_more", "counts one step too many: the cue is the last step of the lag",
              (_ALL_STEPS, "(lag + 2 * payload + 1)")),
        wrong("log2", "takes the logarithm to base 2: a loss is in nats", ("np.log(", "np.log2(")),
        wrong("log10", "takes the logarithm to base 10: a loss is in nats", ("np.log(", "np.log10(")),
        wrong("blank_and_cue_guessed",
              "lets blank and cue be guessed too: whoever knows the step knows that none is due",
              ("np.log(symbols)", "np.log(symbols + 2)")),
        wrong("blank_guessed", "lets the blank be guessed too: whoever knows the step knows that none is due there",
              ("np.log(symbols)", "np.log(symbols + 1)")),
        wrong("one_symbol", "guesses one symbol: each of the payload costs as much", (_GUESSED, "np.log(symbols)")),
        wrong("lag_guessed", "lets the steps of the lag cost a guess: blanks are known, the payload is not",
              (_GUESSED, "lag * np.log(symbols)")),
        wrong("reading_guessed", "lets the payload cost a guess where it is read: there a blank is due",
              (_GUESSED, f"2 * {_GUESSED}")),
        wrong("log_of_payload",
              "exchanges the payload and the symbols: payload symbols, ln of how many there are, each",
              (_GUESSED, "symbols * np.log(payload)")),
        wrong("no_logarithm", "leaves out the logarithm: a guess of one in K costs ln K",
              ("np.log(symbols)", "symbols")),
        wrong("share_wrong", "counts how many guesses are wrong: that is a share, and no loss",
              ("np.log(symbols)", "(1 - 1 / symbols)")),
        wrong("turned_sign", "has its sign turned round: a loss is at least 0", ("return payload", "return -payload")),
    ),
)

def _symbols_and_distractors() -> Cases:
    """(symbols, between) of four sizes, one of them without anything between, and every number among them."""
    cases = []
    for d in draws(151):
        between = d.ids(4, size=(d.sizes.time, d.sizes.batch))
        cases.append((d.ids(4, size=d.sizes.batch), between))
    return (np.array([2, 1]), cases[0][1]), *cases[1:], (np.array([3, 0, 2]), np.zeros((0, 3), dtype=np.intp))

_PARTS = "[symbols[None], 4 + between, np.full((1, len(symbols)), 8)]"
_LAST = "    targets[-1] = symbols\n"

RECALL_BATCH = Exercise(
    plain_memory.recall_batch, forms=(forms.recall_batch,),
    task="put sequences together that begin with a symbol and end by asking for it.",
    arguments="symbols : (batch,) numbers 0..3, between : (steps - 2, batch) numbers 0..3.",
    result="ids, targets : (steps, batch) integers; a target of -100 does not count.", cases=_symbols_and_distractors,
    returns=(Output("ids", ("time", "batch"), "integer"), Output("targets", ("time", "batch"), "integer")),
    notebook="15", section="A task of our own",
    package=Package((data.recall,), "The package draws the numbers itself, from a generator, and returns a Batch."),
    mistakes=(
        wrong("every_step", "asks at every step: only the last one is to count", (_LAST, "    targets[:] = symbols\n")),
        wrong("one_step_early", "asks one step too early: the target belongs to the question mark's step",
              ("targets[-1]", "targets[-2]")),
        wrong("at_the_first_step", "asks at the first step, where the symbol is being read",
              ("targets[-1]", "targets[0]")),
        wrong("zeros_count", "writes 0 where nothing is asked for: that is a symbol, and it would count; -100 does not",
              ("IGNORE_INDEX", "0")),
        wrong("minus_one", "writes -1 where nothing is asked for: -100 is what does not count", ("IGNORE_INDEX", "-1")),
        wrong("distractors_are_symbols", "takes the symbols' own ids for distractors: they are 4 to 7", ("4 + ", "")),
        wrong("distractors_one_off", "begins the distractors at 5: the symbols end at 3", ("4 + ", "5 + ")),
        wrong("question_among_distractors", "gives the question mark a distractor's id: it is 8", (", 8)", ", 7)")),
        wrong("question_is_nine", "gives the question mark the id 9: ids count from 0, so it is 8", (", 8)", ", 9)")),
        wrong("one_symbol_for_all", "gives all rows the first one's symbol: each has its own",
              ("[symbols[None]", "[np.full_like(symbols, symbols[0])[None]"),
              (_LAST, "    targets[-1] = symbols[0]\n")),
        wrong("last_distractor", "asks for what stood one step before: the first step's symbol is asked for",
              (_LAST, "    targets[-1] = ids[-2]\n")),
        wrong("question_asked_for", "asks for the question mark: the first step's symbol is asked for",
              (_LAST, "    targets[-1] = ids[-1]\n")),
        wrong("question_first", "begins with the question mark: a network is to be asked at the end",
              (_PARTS, "[np.full((1, len(symbols)), 8), symbols[None], 4 + between]")),
        wrong("symbol_late", "puts the symbol behind the distractors: it is to be far from the question",
              (_PARTS, "[4 + between, symbols[None], np.full((1, len(symbols)), 8)]")),
        wrong("no_question", "leaves the question mark out, so that nothing says when to answer",
              (", np.full((1, len(symbols)), 8)]", "]")),
        wrong("batch_first", "puts the batch first: time is the first axis",
              ("    return ids, targets", "    return ids.T, targets.T")),
        wrong("exchanged", "returns the two in the other order", ("return ids, targets", "return targets, ids")),
    ),
)

def _driven_states() -> Cases:
    """(h, u, lags): states of small noisy networks and their inputs, which do not have a mean of 0."""
    cases = []
    for lags, (d, steps) in enumerate(zip(draws(152), (34, 200, 161, 120), strict=True), start=2):
        n_h = d.sizes.n_h
        u = d.rng.standard_normal(steps) + 0.7
        W_hh = np.linalg.qr(d.floats("n_h", "n_h"))[0]
        w_x, h, h_t = d.rng.uniform(0.3, 0.9, n_h), np.empty((steps, n_h)), np.zeros(n_h)
        for t in range(steps):
            h_t = np.tanh(0.6 * u[t] * w_x + 0.8 * h_t @ W_hh + 0.2 * d.rng.standard_normal(n_h))
            h[t] = h_t
        cases.append((h, u, lags))
    noise = draws(153)[2].rng  # states of which one unit alone knows anything, and that of its last input
    u, h = noise.standard_normal(100), noise.standard_normal((100, 12))
    return (*cases, (np.tanh(np.column_stack([h[:, :1] + u[:, None], h[:, 1:]])), u, 6))

_PAST = "u[lags - k : len(u) - k]"
_FIT, _TEST = "np.linalg.lstsq(known[:half], past[:half], rcond=None)", "past[half:] - known[half:] @ weights"
_SHARE, _VARIANCE = "1 - (error**2).mean(axis=0) / past[half:].var(axis=0)", "past[half:].var(axis=0)"

MEMORY_CURVE = Exercise(
    plain_memory.memory_curve,
    task="say how well the input of 0, 1, .. steps ago can be read off a state, by the best linear read-out.",
    arguments="h : (time, n_h) states, u : (time,) the input of each step, lags : how many lags.",
    result="curve : (lags,) shares of the variance of u that the read-out explains, at least 0.",
    cases=_driven_states, returns=(Output("curve", ("lags",), "list"),), notebook="15",
    section="A memory without training", forms=(forms.memory_curve_lag_by_lag,),
    package=Package((dynamics.memory_curve,), "The package reads states with a little noise, so that the rounding of "
                    "nearly equal states is not taken for memory."),
    mistakes=(
        wrong("tested_where_fitted",
              "tests on the steps that it was fitted to: there even states that know nothing do well",
              (_TEST, "past[:half] - known[:half] @ weights"), (_VARIANCE, "past[:half].var(axis=0)")),
        wrong("fitted_to_all", "is fitted to all steps, those of the test among them",
              (_FIT, "np.linalg.lstsq(known, past, rcond=None)")),
        wrong("halves_exchanged", "is fitted to the second half and tested on the first",
              (_FIT, "np.linalg.lstsq(known[half:], past[half:], rcond=None)"),
              (_TEST, "past[:half] - known[:half] @ weights"), (_VARIANCE, "past[:half].var(axis=0)")),
        wrong("no_constant", "has no constant: inputs and states need not have a mean of 0",
              ("np.column_stack([h[lags:], np.ones(len(past))])", "h[lags:]")),
        wrong("one_lag_off", "begins at a lag of 1: the input that led to the state itself comes first",
              (_PAST, "u[lags - k - 1 : len(u) - k - 1]")),
        wrong("future", "looks ahead: k steps ago is an earlier input",
              (_PAST, "np.roll(u, -k)[lags:]")),
        wrong("wraps_round",
              "wraps round: np.roll puts the last inputs before the first; the first lags steps are to be left out",
              (_PAST, "np.roll(u, k)"), ("h[lags:]", "h")),
        wrong("newest_last", "has the longest lag first", ("range(lags)]", "reversed(range(lags))]")),
        wrong("not_clipped", "leaves numbers below 0: worse than the mean counts as nothing",
              (f"np.maximum(0, {_SHARE})", _SHARE)),
        wrong("error_share", "returns the share that is not explained: 1 minus that is asked for",
              ("1 - (error", "(error")),
        wrong("error_itself", "does not divide by the variance of the inputs", (f" / {_VARIANCE}", "")),
        wrong("root", "takes the root of the share: that is a correlation",
              (f"np.maximum(0, {_SHARE})", f"np.sqrt(np.maximum(0, {_SHARE}))")),
        wrong("not_squared", "takes sizes of errors for their squares", ("(error**2)", "np.abs(error)")),
        wrong("deviation", "divides by the deviation: squares are to be divided by squares",
              (_VARIANCE, "past[half:].std(axis=0)")),
        wrong("second_moment", "divides by the mean square: the variance is measured from the mean",
              (_VARIANCE, "(past[half:] ** 2).mean(axis=0)")),
        wrong("sum_of_squares", "sums the squared errors where their mean is wanted",
              ("(error**2).mean", "(error**2).sum")),
        wrong("one_unit", "reads the first unit alone: a read-out sees all", ("[h[lags:], np", "[h[lags:, :1], np")),
        wrong("mean_unit", "reads the mean of the units alone: a read-out weighs each",
              ("[h[lags:], np", "[h[lags:].mean(axis=1), np")),
        wrong("capacity", "returns the sum: the whole curve is asked for",
              (f"np.maximum(0, {_SHARE})", f"np.maximum(0, {_SHARE}).sum()")),
    ),
)

def _networks_and_ids() -> Cases:
    """(params, ids, dh_last) of four sizes, one of them a single step, whose gradient has no way to go."""
    cases = []
    for d in draws(154):
        ids = d.ids(d.sizes.n_x, size=(d.sizes.time, d.sizes.batch))
        cases.append((d.params(), ids, d.upstream("batch", "n_h")))
    return tuple(cases)

_STEP, _STATES = "(dh * (1 - h_t**2)) @ params.W_hh.T", "h[:0:-1]"
_RATIO = "float(np.linalg.norm(dh) / np.linalg.norm(dh_last))"

ARRIVING = Exercise(
    plain_memory.arriving, forms=(forms.arriving_through_the_cache,),
    task="say how much of a gradient at the last state arrives at the first one.",
    arguments="params : RNNParams, ids : (time, batch), dh_last : (batch, n_h) the gradient at h_T, the only one that "
              "a step has of its own.",
    result="share : |dh_1| / |dh_T|, a number.", cases=_networks_and_ids, returns=(Output("share"),), notebook="15",
    section="One backward pass tells",
    mistakes=(
        wrong("to_h0", "goes one step too far, to the state before the first: what was read there is in h_1",
              (_STATES, "h[::-1]")),
        wrong("one_step_short", "stops one step too early", (_STATES, "h[:1:-1]")),
        wrong("forward", "goes through the states from the first one on: a gradient begins at the end",
              (_STATES, "h[1:]")),
        wrong("one_state_early", "uses the slope of the state before: the gradient of h_t meets the slope of h_t",
              (_STATES, "h[-2::-1]")),
        wrong("W_hh_not_transposed", "multiplies by W_hh as it stands: back it is W_hh.T", ("W_hh.T", "W_hh")),
        wrong("no_slope", "leaves the slope of tanh out", ("(dh * (1 - h_t**2))", "dh")),
        wrong("slope_after", "takes the slope after the product: first back through tanh, then through W_hh",
              (_STEP, "(dh @ params.W_hh.T) * (1 - h_t**2)")),
        wrong("no_square", "does not square the state in the slope", ("1 - h_t**2", "1 - h_t")),
        wrong("squashed_again", "takes tanh of h_t once more", ("h_t**2", "np.tanh(h_t) ** 2")),
        wrong("not_divided", "does not divide by the length that the gradient had at the end",
              (_RATIO, "np.linalg.norm(dh)")),
        wrong("inverted", "has the ratio turned round", (_RATIO, "np.linalg.norm(dh_last) / np.linalg.norm(dh)")),
        wrong("ones", "sends ones back: it matters which way a gradient points",
              ("    dh = dh_last\n", "    dh = np.ones_like(dh_last)\n")),
        wrong("every_step", "gives each step a gradient of its own: the last step alone has one",
              (_STEP, f"{_STEP} + dh_last")),
        wrong("squares", "takes sums of squares for lengths", (_RATIO, f"({_RATIO}) ** 2")),
        wrong("sizes", "sums sizes: a length is the root of the sum of squares",
              (_RATIO, "np.abs(dh).sum() / np.abs(dh_last).sum()")),
        wrong("sums", "sums the entries, which cancel one another: a length is asked for",
              (_RATIO, "dh.sum() / dh_last.sum()")),
        wrong("largest", "compares the largest entries: a length is asked for",
              (_RATIO, "np.abs(dh).max() / np.abs(dh_last).max()")),
        wrong("logarithm", "takes the logarithm", (_RATIO, f"np.log10({_RATIO})")),
        wrong("row_by_row", "averages the ratios of the rows: one length for all of the batch is asked for",
              (_RATIO, "(np.linalg.norm(dh, axis=1) / np.linalg.norm(dh_last, axis=1)).mean()")),
        wrong("at_the_input", "goes on to the input: the gradient at the state h_1 is asked for",
              (_RATIO, "np.linalg.norm((dh * (1 - h[0] ** 2)) @ params.W_xh.T) / np.linalg.norm(dh_last)")),
    ),
)

ALL = (NO_MEMORY_LOSS, RECALL_BATCH, MEMORY_CURVE, ARRIVING)
