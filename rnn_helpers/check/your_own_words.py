"""The exercises of notebook 12: windows that hand their state on, a 3-gram's cost, and a squared error's gradient."""

import numpy as np

from rnn_helpers import plain, train
from rnn_helpers.check import forms
from rnn_helpers.check.draws import draws, state
from rnn_helpers.check.engine.exercise import Cases, Exercise, Group, Output, Package, named, within, wrong
from rnn_helpers.check.loss_and_output import OUTPUT_BACKWARD
from rnn_helpers.check.shared import PARAMS
from rnn_helpers.check.single_cell import THE_OUTPUT

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

def _windows() -> Cases:
    """(params, x, targets, h0, learning_rate): two to four windows, of several steps and of one."""
    made = []
    for count, d in zip((3, 4, 2, 3), draws(121), strict=True):
        x = np.array([d.floats("time", "batch", "n_x") for _ in range(count)])
        targets = np.array([d.targets("time", "batch") for _ in range(count)])
        made.append((d.params(), x, targets, state(d), 0.3))
    return tuple(made)

_GRADS, _LAST = "loss_and_grads(params, x_w, targets_w, h)", "rnn_forward(params, x_w, h)[0][-1]"
_STEP = "params = RNNParams(*(p - learning_rate * g for p, g in zip(params, grads, strict=True)))"
_NOT_YET = ("h, losses = h0, []", "h, first, losses = h0, params, []")

TRAIN_ON_WINDOWS = Exercise(
    plain.train_on_windows, forms=(forms.train_on_windows,),
    task="take a step of SGD on each window, and hand the state on to the next window.",
    arguments=(
        "params : RNNParams, x : (windows, time, batch, n_x), targets : (windows, time, batch), h0 : (batch, n_h),\n"
        "    learning_rate : float."
    ),
    result="params : RNNParams after the last step, losses : (windows,), h : (batch, n_h) after the last window.",
    cases=_windows, returns=(Group("params", PARAMS), Output("losses", ("windows",), "list"),
                             Output("h", ("batch", "n_h"))),
    notebook="12", section="Train and carry the state",
    package=Package(
        (train.steps,),
        "The package takes the last state from the run that computed the gradient, and any optimiser and loss.",
    ),
    mistakes=(
        wrong("state_reset", "starts every window from h0: only the first one does",
              (_GRADS, "loss_and_grads(params, x_w, targets_w, h0)"), (_LAST, "rnn_forward(params, x_w, h0)[0][-1]")),
        wrong("state_zeroed", "starts the later windows from zeros: each goes on where the one before it ended",
              ("losses.append(loss)", "losses.append(loss)\n        last, h = h, 0 * h"), (", h\n", ", last\n")),
        wrong("state_never_read", "hands the state on, and computes the loss from h0 all the same",
              (_GRADS, "loss_and_grads(params, x_w, targets_w, h0)")),
        wrong("state_never_read", "hands the state on, and computes the loss from zeros all the same",
              (_GRADS, "loss_and_grads(params, x_w, targets_w)")),
        wrong("run_from_zeros", "computes the state that it hands on from zeros: that run starts from h, too",
              (_LAST, "rnn_forward(params, x_w)[0][-1]")),
        wrong("run_from_zeros", "computes the state that it hands on from h0: that run starts from h, too",
              (_LAST, "rnn_forward(params, x_w, h0)[0][-1]")),
        wrong("first_state", "hands on the state after a window's first step: the next one follows its last step",
              ("[0][-1]", "[0][0]")),
        wrong("mean_state", "hands on the mean of a window's states: the next window follows its last step",
              ("[0][-1]", "[0].mean(axis=0)")),
        wrong("one_window_late", "hands each state on one window late",
              ("h, losses = h0, []", "h, before, losses = h0, h0, []"),
              (_GRADS, "loss_and_grads(params, x_w, targets_w, before)"),
              (f"h = {_LAST}", "before, h = h, rnn_forward(params, x_w, before)[0][-1]")),
        wrong("state_after_the_step",
              "computes the state again with the parameters after the step: hand on what the loss was computed from",
              (f"        h = {_LAST}\n", ""), (_STEP, f"{_STEP}\n        h = {_LAST}")),
        wrong("loss_after_the_step", "returns the losses after each step: a loss is measured before its step",
              ("        h = ", "        start, h = h, "),
              ("losses.append(loss)", "losses.append(loss_and_grads(params, x_w, targets_w, start)[0])")),
        *(wrong("losses_smoothed", "returns a running mean of the losses: each window's own is wanted",
                ("append(loss)", f"append({keep} * losses[-1] + (1 - {keep}) * loss if losses else loss)"))
          for keep in (0.999, 0.99, 0.9)),
        wrong("gradients_pile_up",
              "adds the gradients of earlier windows to each new one, as PyTorch does without zero_grad",
              ("h, losses = h0, []", "h, losses, total = h0, [], [0 * p for p in params]"),
              (_STEP, f"grads = total = [a + g for a, g in zip(total, grads, strict=True)]\n        {_STEP}")),
        wrong("one_step_at_the_end",
              "computes every gradient at the first parameters: each step comes before the next window",
              _NOT_YET, (_GRADS, "loss_and_grads(first, x_w, targets_w, h)"),
              (_LAST, "rnn_forward(first, x_w, h)[0][-1]")),
        wrong("steps_from_the_start", "takes every step from the first parameters, so that only the last one is left",
              _NOT_YET, ("zip(params, grads", "zip(first, grads")),
        wrong("no_step", "returns the parameters as they were: there is no step", (_STEP, "pass")),
        wrong("uphill", "moves uphill: the step should be subtracted", ("p - learning_rate", "p + learning_rate")),
        wrong("no_rate", "steps by the whole gradient: the learning rate is missing", ("learning_rate * g", "g")),
        wrong("divided_by_windows", "divides each step by the number of windows: every window takes a step of its own",
              ("learning_rate * g", "learning_rate / len(x) * g")),
        wrong("last_window_dropped", "leaves out the last window", ("zip(x, targets", "zip(x[:-1], targets[:-1]")),
        wrong("backwards", "reads the windows from the last to the first: the state follows the text",
              ("zip(x, targets", "zip(x[::-1], targets[::-1]")),
        wrong("first_state_returned", "returns h0: the state after the last window is wanted", (", h\n", ", h0\n")),
    ),
)

def _texts() -> Cases:
    """(train, held_out, V): triples that occurred, triples and pairs that did not, a text in which nothing is known.

    Whether the pair at the very end of `train` is counted makes no difference: it does not begin a triple held out.
    """
    rng = np.random.default_rng(122)
    drawn = ["".join(rng.choice(list(letters), n)) for letters, n in (("abc", 60), ("abcd", 40), ("abcd\n", 200))]
    return (
        ("abcabdabz", "abcab", 5),
        ("aabbabababbz", "bbaabab", 3),
        (f"{drawn[0]}xy", f"{drawn[1]}ab", 6),
        (f"{drawn[2]}zz", drawn[1], 7),
        ("mississippi", "Missouri", 9),
    )

_SHARE = "(triples[abc] + 1) / (pairs[abc[:2]] + V)"
_TRIPLES = "Counter(train[i : i + 3] for i in starts)"
_RETURN = "float(-np.mean(np.log2(shares)))"

TRIGRAM_BITS = Exercise(
    plain.trigram_bits, task="take the mean cost in bits of each character, given the two before it.",
    arguments="train, held_out : strings, V : int, the number of characters in the alphabet.",
    result="bits : float, the mean over held_out from its third character on.", cases=_texts, returns=(Output("bits"),),
    notebook="12", section="How good is it?",
    mistakes=(
        wrong("not_smoothed", "adds nothing to the counts: what never occurred in training then costs infinitely much",
              (_SHARE, "np.divide(triples[abc], pairs[abc[:2]])")),
        wrong("not_smoothed", "adds nothing to the counts: what never occurred in training then costs infinitely much",
              (_SHARE, "triples[abc] / pairs[abc[:2]]")),
        wrong("one_below", "adds 1 below the line: V triples begin with a pair and each got 1, so it is V",
              (_SHARE, "(triples[abc] + 1) / (pairs[abc[:2]] + 1)")),
        wrong("only_above", "adds 1 to the triples and nothing below the line: the shares of a pair then exceed 1",
              (_SHARE, "(triples[abc] + 1) / max(pairs[abc[:2]], 1)")),
        wrong("only_below", "adds V below the line and nothing to the triples", ("triples[abc] + 1", "triples[abc]")),
        wrong("squared_V", "adds V squared below the line: after a pair come V characters, not V pairs",
              ("+ V)", "+ V**2)")),
        wrong("characters_seen", "adds the number of characters that occur in training: V is given",
              ("+ V)", "+ len(set(train)))")),
        wrong("last_pair", "divides by the count of the last two characters: the first two are the context",
              ("abc[:2]", "abc[1:]")),
        wrong("turned_context", "looks the context up in reverse: it stands in the order of reading",
              ("abc[:2]", "abc[1::-1]")),
        wrong("two_gram", "looks at one character before: a 3-gram looks at two",
              ("train[i : i + 2]", "train[i : i + 1]"), (_TRIPLES, "Counter(train[i : i + 2] for i in starts)"),
              (_SHARE, "(triples[abc[1:]] + 1) / (pairs[abc[1]] + V)")),
        wrong("share_of_all", "divides by all triples: that is how often abc occurs, not how often c follows ab",
              ("pairs[abc[:2]] + V", "len(train) - 2 + V**3")),
        wrong("counts_held_out", "counts in the text that is held out: it may only be asked about",
              ("starts = range(len(train) - 2)", "train, starts = held_out, range(len(held_out) - 2)")),
        wrong("counts_both", "counts in both texts: the one held out may only be asked about",
              ("starts = range(len(train) - 2)", "starts = range(len(train := train + held_out) - 2)")),
        wrong("asks_train", "asks about the text that was counted: the one held out is asked about",
              ("[held_out[i : i + 3] for i in range(len(held_out) - 2)]", "[train[i : i + 3] for i in starts]")),
        wrong("each_once", "asks about each different triple once: what comes often counts often",
              ("= [held_out[i : i + 3] for i in range(len(held_out) - 2)]",
               "= {held_out[i : i + 3] for i in range(len(held_out) - 2)}")),
        wrong("nats", "measures in nats: the logarithm to base 2 gives bits", ("np.log2", "np.log")),
        wrong("base_10", "uses the logarithm to base 10: we want bits", ("np.log2", "np.log10")),
        wrong("perplexity", "returns 2 to the power of the cost: that is the perplexity", (_RETURN, f"2**{_RETURN}")),
        wrong("sum_not_mean", "returns the sum: it is the mean", ("np.mean", "np.sum")),
        wrong("divided_by_length", "divides by the length of held_out: its first two characters were not asked about",
              (_RETURN, "float(-np.sum(np.log2(shares))) / len(held_out)")),
        wrong("log_of_mean", "takes the logarithm of the mean share: we want the mean of the logarithms",
              (_RETURN, "float(-np.log2(np.mean(shares)))")),
        wrong("no_logarithm", "returns the mean share: its logarithm is missing", (_RETURN, "float(np.mean(shares))")),
        wrong("turned_sign", "has the wrong sign: a cost is not negative", ("-np.mean", "np.mean")),
    ),
)

def _series() -> Cases:
    """(W_hy, b_y, h, targets): several steps of a batch, one step, one row; one answer is exactly right."""
    made = []
    for d in draws(123):
        h, targets = np.tanh(d.floats("time", "batch", "n_h")), d.floats("time", "batch", "n_y")
        made.append((d.floats("n_h", "n_y"), d.floats("n_y"), h, targets))
    return tuple(made)

_DY = "2 * (h @ W_hy + b_y - targets) / targets.size"
_DIFFERENCE = "(h @ W_hy + b_y - targets)"

SQUARED_ERROR_GRADIENTS = Exercise(
    plain.squared_error_gradients, forms=(forms.squared_error_gradients,),
    task="send the mean squared error of every number of every step back through the output layer.",
    arguments="W_hy : (n_h, n_y), b_y : (n_y,), h : (time, batch, n_h), targets : (time, batch, n_y).",
    result="dh : (time, batch, n_h), dW_hy : (n_h, n_y), db_y : (n_y,).", cases=_series,
    returns=(Output("dh", ("time", "batch", "n_h")), Output("dW_hy", ("n_h", "n_y")), Output("db_y", ("n_y",))),
    notebook="12", section="A time series",
    mistakes=(
        wrong("factor_2", "lacks the 2 that a square brings down", ("2 * ", "")),
        wrong("not_averaged", "does not divide: the loss is a mean over all numbers", (" / targets.size", "")),
        wrong("divided_by_steps", "divides by the steps alone: the mean runs over the batch and the outputs too",
              ("targets.size", "len(targets)")),
        wrong("divided_by_batch", "divides by the batch alone: the mean runs over the steps and the outputs too",
              ("targets.size", "targets.shape[1]")),
        wrong("divided_by_rows", "divides by the steps and the batch: the mean runs over the outputs too",
              ("targets.size", "targets[..., 0].size")),
        wrong("divided_by_units", "divides by the number of states: the mean runs over the targets",
              ("targets.size", "h.size")),
        wrong("turned_sign", "has the wrong sign: dy should point from the target to the answer", ("2 * ", "-2 * ")),
        wrong("no_target", "leaves out the target", (" - targets", "")),
        wrong("no_output_bias", "leaves out b_y in the answer", ("@ W_hy + b_y", "@ W_hy"), see=THE_OUTPUT),
        wrong("softmax_of_the_answer", "applies softmax to the answer: a number to be met is no probability",
              ("h @ W_hy + b_y", "softmax(h @ W_hy + b_y)")),
        wrong("tanh_of_the_answer", "applies tanh to the answer: it is h W_hy + b_y as it stands",
              ("h @ W_hy + b_y", "np.tanh(h @ W_hy + b_y)")),
        wrong("squared", "squares the difference: that is the loss, and its gradient is twice the difference",
              (_DIFFERENCE, f"{_DIFFERENCE}**2")),
        wrong("signs_only", "keeps the signs alone: that belongs to the sum of the absolute differences",
              (_DY, f"np.sign{_DIFFERENCE} / targets.size")),
        wrong("of_the_root", "is the gradient of the root of the mean square: the loss is the mean square itself",
              (_DY, f"(d := {_DIFFERENCE}) / targets.size / np.sqrt((d**2).mean())")),
        wrong("last_step_only", "charges for the last step alone: every step has a target",
              (_DY, f"{_DY} * (np.arange(len(h)) == len(h) - 1)[:, None, None]")),
        *within(plain.output_backward, named(
            OUTPUT_BACKWARD.mistakes,
            "bias_not_summed bias_mean bias_one_axis bias_batch_only weights_transposed weights_mean slope_too_early "
            "swapped_outputs")),
        wrong("dh_is_dy", "returns dy as dh: W_hy lies between them",
              ("return output_backward(W_hy, h, dy)", "return output_backward(W_hy, h, dy)._replace(h=dy)")),
    ),
)

ALL = (TRAIN_ON_WINDOWS, TRIGRAM_BITS, SQUARED_ERROR_GRADIENTS)
