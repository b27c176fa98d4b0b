"""The exercises of notebook 06: backpropagation through time."""

from collections.abc import Callable

import numpy as np

from rnn_helpers import IGNORE_INDEX, RNNParams, SequenceCache, SequenceGrads, fast, plain, rnn
from rnn_helpers.check import forms
from rnn_helpers.check.cell_backward import (
    BIAS_COLUMN,
    DIVIDED,
    H_T_FOR_H_PREV,
    NO_SLOPE,
    NOT_SQUARED,
    PASSES_A_TEST,
    PRODUCTS,
    SLOPE_OF_H_PREV,
    SQUARED_DIFFERENCE,
    SQUASHED_AGAIN,
    TANH,
    TRANSPOSED,
    UPSTREAM,
    W_HH_AS_IT_IS,
    WHY_UPSTREAM,
)
from rnn_helpers.check.draws import draws, sequence_of_ids, state
from rnn_helpers.check.engine.exercise import (
    Arguments,
    Cases,
    Exercise,
    Group,
    Mistake,
    Output,
    Package,
    Section,
    named,
    within,
    wrong,
)
from rnn_helpers.check.loss_and_output import (
    ALL_ROWS,
    CROSS_ENTROPY,
    FROM_SCORES,
    LOGITS_GRADIENT,
    OUTPUT_BACKWARD,
    OUTPUT_LAYER,
    SCORES_GRADIENT,
)
from rnn_helpers.check.shared import PARAMS, SEQUENCE_GRADS
from rnn_helpers.check.single_cell import OTHER_LETTERS, RNN_CELL_FORWARD, THE_OUTPUT, low
from rnn_helpers.check.unrolled_forward import H0_IGNORED, RNN_FORWARD, sequences
from rnn_helpers.validate import Array

# A mistake in two lines, not in six: so an exercise can be seen at once.
# fmt: off

# Where a mistake of this notebook is explained.
ROADS = Section("06", "Two roads from a state to the loss")
ARRAYS = Section("06", "The same with arrays")
SUM_OVER_TIME = Section("06", "Why the sum over time")
DX_AND_DH0 = Section("06", "What dx and dh0 are good for")

# Sentences that one step and the whole sequence share.
_DROPPED = "drops dh_carry, what comes back from the later steps: h_t also feeds the next state"
_MISPLACED = "adds the carry after the slope of tanh: both roads meet at h_t, before it"
_NO_BRACKETS = "applies the slope to the carry alone: it belongs to both roads"
_SUBTRACTED = "subtracts the carry: both roads add"
_AVERAGED_ROADS = "takes the mean of both roads: they add"
_SQUASHED_AND_DROPPED = f"{_DROPPED}. It also applies tanh to h_t once more"
_ONLY_CARRY = "forgets dh[t], what the step's own output sends back"
_TRUNCATED = "walks back from each step over {} more at most: it should go on to the first"
_SKIPS_SLOPE = "carries the gradient past tanh: what goes to the step before comes from dz_t"
_NOT_MULTIPLIED = "carries dz_t itself: W_hh lies between two steps"

def _step_back_cases() -> Cases:
    return tuple((d.params(), state(d), d.upstream("batch", "n_h"), d.upstream("batch", "n_h")) for d in draws(61))

STEP_BACK = Exercise(
    plain.step_back, task="go one step back in time.",
    arguments="params : RNNParams, h_t, dh_t, dh_carry : (batch, n_h).",
    result="dz_t, and dh_carry for the step before : (batch, n_h) each.", cases=_step_back_cases,
    returns=(Output("dz_t", ("batch", "n_h")), Output("the next dh_carry", ("batch", "n_h"))), notebook="06",
    section="Two roads from a state to the loss",
    mistakes=(
        wrong("dropped_carry", _DROPPED, ("dh_t + dh_carry", "dh_t")),
        wrong("misplaced_carry", _MISPLACED, ("dh_t + dh_carry", "dh_t"), ("**2)", "**2) + dh_carry")),
        wrong("upstream_forgotten", UPSTREAM, ("dh_total * ", ""), see=WHY_UPSTREAM),
        wrong("squashed_again", SQUASHED_AGAIN, ("h_t**2", "np.tanh(h_t) ** 2"), see=TANH),
        wrong("not_squared", NOT_SQUARED, ("**2", ""), see=TANH),
        wrong("no_slope", NO_SLOPE, (" * (1 - h_t**2)", ""), see=TANH),
        wrong("squared_difference", SQUARED_DIFFERENCE, ("**2)", ") ** 2"), see=TANH),
        wrong("no_brackets", _NO_BRACKETS, ("dh_total * ", "dh_t + dh_carry * ")),
        wrong("subtracted", _SUBTRACTED, ("dh_t + dh_carry", "dh_t - dh_carry")),
        wrong("divided", DIVIDED, ("dh_total * ", "dh_total / "), see=TANH),
        wrong("averaged_roads", _AVERAGED_ROADS, ("dh_t + dh_carry", "(dh_t + dh_carry) / 2")),
        wrong("squashed_and_dropped", _SQUASHED_AND_DROPPED, ("dh_t + dh_carry", "dh_t"),
              ("h_t**2", "np.tanh(h_t) ** 2")),
        wrong("output_forgotten", _ONLY_CARRY, ("dh_t + dh_carry", "dh_carry")),
        wrong("roads_multiplied", "multiplies the two roads: they add", ("dh_t + dh_carry", "dh_t * dh_carry")),
        wrong("W_hh_not_transposed", W_HH_AS_IT_IS, ("params.W_hh.T", "params.W_hh"), see=PRODUCTS),
        wrong("carry_skips_slope", _SKIPS_SLOPE, ("dz_t, dz_t", "dz_t, dh_total")),
        wrong("carry_accumulates", "adds the old carry to the new one: it's in dz_t already",
              ("dz_t, dz_t", "dz_t, dh_carry + dz_t")),
        wrong("carry_not_multiplied", _NOT_MULTIPLIED, (" @ params.W_hh.T", "")),
        wrong("carry_multiplied_twice", "multiplies the carry by W_hh once more: it has been through W_hh already",
              ("dh_t + dh_carry", "dh_t + dh_carry @ params.W_hh.T")),
    ),
)

def sequence_backward() -> Cases:
    """(params, cache, dh), the cache made by the package; in the last case from more steps than some walk back."""
    made = [(*args, d.upstream("time", "batch", "n_h")) for args, d in zip(sequences()[:4], draws(62), strict=True)]
    params, x, h0, dh = made.pop()
    made.append((params, np.concatenate([x, x[:5]]), h0, np.concatenate([dh, dh[:5]])))
    return tuple((params, rnn.rnn_forward(params, x, h0)[2], dh) for params, x, h0, dh in made)

def _sequence_backward_ids() -> Arguments:
    d, params, ids, h0 = sequence_of_ids()
    return params, rnn.rnn_forward(params, ids, h0)[2], d.floats("time", "batch", "n_h")

ALL_STEPS_AT_ONCE = (
    "The package checks its arguments first. Its loop computes dz alone; dx and the gradients of the weights "
    "then come from all steps at once."
)
_ONE_EARLY = "reads the states one step too early: the step that read x[t] found states[t] and made states[t + 1]"

# These change what the five shared gradients are: also looked for in loss_and_grads.
SHARED = (
    wrong("dropped_carry", _DROPPED, ("dh[t] + dh_carry", "dh[t]"), see=ROADS),
    wrong("misplaced_carry", _MISPLACED, ("dh[t] + dh_carry", "dh[t]"), (" ** 2)", " ** 2) + dh_carry"), see=ROADS),
    wrong("upstream_forgotten", UPSTREAM, ("dh_total * ", ""), see=WHY_UPSTREAM),
    wrong("squashed_again", SQUASHED_AGAIN, ("h[t] ** 2", "np.tanh(h[t]) ** 2"), see=TANH),
    wrong("not_squared", NOT_SQUARED, (" ** 2)", ")"), see=TANH),
    wrong("no_slope", NO_SLOPE, (" * (1 - h[t] ** 2)", ""), see=TANH),
    wrong("squared_difference", SQUARED_DIFFERENCE, (" ** 2)", ") ** 2"), see=TANH),
    wrong("no_brackets", _NO_BRACKETS, ("dh_total * ", "dh[t] + dh_carry * "), see=ROADS),
    wrong("subtracted", _SUBTRACTED, ("dh[t] + dh_carry", "dh[t] - dh_carry"), see=ROADS),
    wrong("divided", DIVIDED, ("dh_total * ", "dh_total / "), see=TANH),
    wrong("averaged_roads", _AVERAGED_ROADS, ("dh[t] + dh_carry", "(dh[t] + dh_carry) / 2"), see=ROADS),
    wrong("squashed_and_dropped", _SQUASHED_AND_DROPPED, ("dh[t] + dh_carry", "dh[t]"),
          ("h[t] ** 2", "np.tanh(h[t]) ** 2"), see=ROADS),
    wrong("output_forgotten", f"{_ONLY_CARRY}, at every step but the last",
          ("dh[t] + dh_carry", "dh_carry if t < len(dh) - 1 else dh[t]"), see=ROADS),
    wrong("output_forgotten", f"{_ONLY_CARRY}, so that no gradient ever starts", ("dh[t] + dh_carry", "dh_carry"),
          see=ROADS),
    wrong("W_hh_not_transposed", W_HH_AS_IT_IS, ("params.W_hh.T", "params.W_hh"), see=PRODUCTS),
    wrong("carry_skips_slope", _SKIPS_SLOPE, ("dh_carry = dz_t", "dh_carry = dh_total"), see=ROADS),
    wrong("carry_starts_at_dh",
          "starts the carry with the last dh, which then counts twice: nothing comes back to the last step",
          ("np.zeros_like(h0)", "dh[-1]"), see=ROADS),
    wrong("carry_accumulates", "adds up the carry: each step hands on a new one",
          ("\n    return", " + dh_carry\n    return"), see=ROADS),
    wrong("carry_not_multiplied", _NOT_MULTIPLIED, (" @ params.W_hh.T", ""), see=ROADS),
    wrong("first_step_missing", "never gets to step 1: the walk ends one step early",
          ("range(len(dh))", "range(1, len(dh))"), see=ARRAYS),
    wrong("last_step_missing", "leaves out the last step: the walk starts one step early",
          ("range(len(dh))", "range(len(dh) - 1)"), see=ARRAYS),
    wrong("dW_hh_transposed", TRANSPOSED, ("h_prev.T @ dz_t", "dz_t.T @ h_prev"), see=PRODUCTS),
    wrong("forward_order", "walks from the first step to the last: gradients come from the end",
          ("reversed(range(len(dh)))", "range(len(dh))"), see=ARRAYS),
    wrong("slope_of_h_prev", SLOPE_OF_H_PREV, ("1 - h[t]", "1 - cache.states[t]"), see=TANH),
    wrong("h_t_for_h_prev", H_T_FOR_H_PREV, ("h[t - 1] if t > 0 else h0", "h[t]"), see=PRODUCTS),
    wrong("wrap_around", "reads the last state as the one before step 1: index -1 wraps around, h0 belongs there",
          ("h[t - 1] if t > 0 else h0", "h[t - 1]"), see=ARRAYS),
    wrong("states_one_early", _ONE_EARLY, ("h[t - 1] if t > 0 else h0", "cache.states[t - 1]"), see=ARRAYS),
    wrong("states_one_early", _ONE_EARLY, ("cache.states[1:]", "cache.states"),
          ("h[t - 1] if t > 0 else h0", "h[t - 1]"), see=ARRAYS),
    wrong("bias_from_dh",
          "sums dh for db_h, as if the bias were outside tanh: it is inside, so what reaches it is dz",
          ("dz_t.", "dh[t]."), see=PRODUCTS),
    wrong("h0_ignored", "computes dW_hh as if h0 were zero", ("else h0", "else np.zeros_like(h0)")),
    wrong("assigned_not_added", "keeps the weights' gradient of step 1 only: every step adds its share",
          ("dW_xh +=", "dW_xh ="), ("dW_hh +=", "dW_hh ="), ("db_h +=", "db_h ="), see=SUM_OVER_TIME),
    wrong("last_step_only", "takes the weights' gradient from the last step alone",
          ("        dW_xh +=", "        if t == len(dh) - 1:\n            dW_xh +="),
          ("        dW_hh +=", "            dW_hh +="), ("        db_h +=", "            db_h +="), see=SUM_OVER_TIME),
    wrong("bias_not_summed", "does not sum db_h over the batch: every row used the one bias",
          ("db_h += dz_t.sum(axis=0)", "db_h = db_h + dz_t"), see=PRODUCTS),
    wrong("bias_not_summed", "does not sum db_h over time and batch: all shared the one bias",
          ("params[:3])", "params[:3])\n    db_h = np.zeros_like(dh)"), ("db_h += dz_t.sum(axis=0)", "db_h[t] = dz_t"),
          see=PRODUCTS),
    wrong("bias_over_batch_only", "does not sum db_h over time: every step used the one bias",
          ("params[:3])", "params[:3])\n    db_h = np.zeros_like(dh[:, 0])"), ("db_h +=", "db_h[t] ="),
          see=SUM_OVER_TIME),
    wrong("bias_kept_axis", "keeps an axis of size one in db_h: b_h has one axis", ("db_h)", "db_h[None])"),
          see=PRODUCTS),
    wrong("bias_column", BIAS_COLUMN, ("db_h)", "db_h[:, None])"), see=OTHER_LETTERS),
    wrong("bias_mean", "takes the mean for db_h: every row adds its full share",
          ("sum(axis=0)", "mean(axis=0) / len(dh)")),
    wrong("bias_mean", "takes the mean over the batch for db_h", ("sum(", "mean(")),
    wrong("averaged_over_batch", "divides the shared gradients by the batch: they are sums",
          ("dW_xh, dW_hh, db_h)", "dW_xh / len(h0), dW_hh / len(h0), db_h / len(h0))")),
    wrong("averaged_over_time", "divides the shared gradients by the steps: they are sums",
          ("dW_xh, dW_hh, db_h)", "dW_xh / len(dh), dW_hh / len(dh), db_h / len(dh))"), see=SUM_OVER_TIME),
    wrong("averaged", "divides the shared gradients by steps and batch: they are sums",
          ("dW_xh, dW_hh, db_h)", "*(grad / dh[..., 0].size for grad in (dW_xh, dW_hh, db_h)))")),
)

def _truncated(most: int) -> Callable[[RNNParams, SequenceCache, Array], SequenceGrads]:
    """Walk back from each step by itself, over so many steps before it at most."""

    def truncated(params: RNNParams, cache: SequenceCache, dh: Array) -> SequenceGrads:
        total = plain.rnn_backward(params, cache, np.zeros_like(dh))
        for t in range(len(dh)):
            start = max(0, t - most)
            part = SequenceCache(cache.x[start : t + 1], cache.states[start : t + 2])
            grads = plain.rnn_backward(params, part, plain.only_step(dh[start : t + 1], t + 1 - start))
            dx = np.concatenate([0 * cache.x[:start], grads.x, 0 * cache.x[t + 1 :]])
            kept = grads._replace(x=dx, h0=grads.h0 * (start == 0))
            total = SequenceGrads(*(a + b for a, b in zip(total, kept, strict=True)))
        return total

    return truncated

RNN_BACKWARD = Exercise(
    plain.rnn_backward, forms=(forms.rnn_backward_after_the_loop,),
    task="backpropagate through time.",
    arguments="params : RNNParams, cache : SequenceCache from the package, dh : (time, batch, n_h).",
    result="dx, dh0, dW_xh, dW_hh, db_h : SequenceGrads or five arrays in this order.", cases=sequence_backward,
    returns=SEQUENCE_GRADS, notebook="06", section="The same with arrays", backwards="time",
    mistakes=(
        *SHARED,
        # To the end: dh0 is zero too.
        wrong("dropped_carry", _DROPPED, ("        dh_carry = dz_t @ params.W_hh.T\n", ""), see=ROADS),
        wrong("article_backward",
              "does what the article does: it forgets the upstream gradient, and takes the slope itself for dx",
              ("dh_total * ", ""), ("np.zeros_like(cache.x)", "np.zeros_like(h)"), (" @ params.W_xh.T", ""),
              see=PASSES_A_TEST),
        wrong("article_backward", "does what the article does: it forgets the upstream gradient, and returns no dx",
              ("dh_total * ", ""), ("SequenceGrads(dx, ", "("), see=PASSES_A_TEST),
        wrong("no_dx", "returns no dx, like the article's function: it's first of five", ("SequenceGrads(dx, ", "("),
              see=PASSES_A_TEST),
        wrong("time_and_batch_swapped", "returns dx with the batch first: time comes first",
              ("SequenceGrads(dx,", "SequenceGrads(dx.swapaxes(0, 1),")),
        wrong("dh0_zero", "returns zeros as dh0: the carry left at the end is dh0",
              ("dx, dh_carry,", "dx, np.zeros_like(h0),"), see=DX_AND_DH0),
        wrong("dh0_is_dz", "returns dz of step 1 as dh0: W_hh lies between", ("dx, dh_carry,", "dx, dz_t,"),
              see=DX_AND_DH0),
        wrong("dh0_not_transposed", "uses W_hh as it is for dh0: it is transposed on the way back",
              ("dx, dh_carry,", "dx, dz_t @ params.W_hh,"), see=DX_AND_DH0),
        *(wrong("truncated", _TRUNCATED.format(most), _truncated(most)) for most in range(1, 11)),
        wrong("reversed_dx", "returns dx from the last step to the first",
              ("SequenceGrads(dx,", "SequenceGrads(dx[::-1],"), see=ARRAYS),
        wrong("dx_is_dz", "returns dz as dx: W_xh lies between them", ("np.zeros_like(cache.x)", "np.zeros_like(h)"),
              (" @ params.W_xh.T", ""), see=PRODUCTS),
        wrong("swapped_outputs", "returns dh0 before dx", ("dx, dh_carry,", "dh_carry, dx,")),
    ),
    package=Package((rnn.rnn_backward, fast.back_through_time, fast.weight_grads), ALL_STEPS_AT_ONCE,
                    keeps_float32=True, takes={"token ids as x": _sequence_backward_ids}),
)

def _truncated_network(most: int) -> Callable[..., tuple[float, RNNParams]]:
    def truncated(params: RNNParams, x: Array, targets: Array, h0: Array | None = None) -> tuple[float, RNNParams]:
        h, _, cache = plain.rnn_forward(params, x, h0)
        logits = h @ params.W_hy + params.b_y
        dh, dW_hy, db_y = plain.output_backward(params.W_hy, h, plain.logits_gradient(logits, targets))
        grads = _truncated(most)(params, cache, dh)
        return plain.cross_entropy(logits, targets), RNNParams(grads.W_xh, grads.W_hh, grads.b_h, dW_hy, db_y)

    return truncated

def _loss_and_grads_cases() -> Cases:
    """(params, x, targets, h0), some targets ignored, once without h0; then scores far below 0, and rows far apart."""
    made: list[Arguments] = []
    for (params, x, h0), d in zip(sequences()[:4], draws(63), strict=True):
        targets = d.targets("time", "batch")
        if targets.size > 4:
            targets[0, 0] = IGNORE_INDEX
        made.append((params, x, targets, h0))
    made[-1] = (params._replace(W_hy=30 * params.W_hy), *made[-1][1:])  # so that clipping its gradients shows
    params, x, targets, h0 = made[0]
    far_params, far_x, far_h0 = RNN_FORWARD.cases()[-1]
    return *made, made[-1][:3], (low(params), x, targets, h0), (far_params, far_x, targets, far_h0)

def _loss_and_grads_ids() -> Arguments:
    d, params, ids, h0 = sequence_of_ids()
    return params, ids, d.targets("time", "batch"), h0

_LOSS = within(plain.cross_entropy, CROSS_ENTROPY.mistakes)
_GRADIENTS = within(plain.logits_gradient, LOGITS_GRADIENT.mistakes)
_OUTPUT = within(plain.output_backward, OUTPUT_BACKWARD.mistakes)

def _made_of(name: str, says: str, *parts: Mistake, see: Section | None = None) -> Mistake:
    """Make a mistake of the whole network out of those of its parts; it is explained where the first of them is."""
    return wrong(name, says, *(e for part in parts for e in part.exchanges), see=see or parts[0].section)

def _first(mistakes: tuple[Mistake, ...], name: str) -> Mistake:
    return named(mistakes, name)[0]

def _of_the_loss(name: str) -> tuple[Mistake, ...]:
    """Make a mistake of the loss in the loss, in its gradient, and in both; the first version stands for them all."""
    first, *others = named(_LOSS, name)
    gradients = named(_GRADIENTS, name)
    return (
        _made_of(name, f"{first.says} (in the loss)", first),
        *(_made_of(name, f"{m.says} (in the gradients)", m) for m in gradients),
        *(_made_of(name, f"{first.says} (in loss and gradients)", first, m) for m in gradients),
        *(_made_of(name, f"{m.says} (in the loss)", m) for m in others),
    )

_GRADS = "RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)"
_INTO_CELL = "no_bias no_recurrence no_input not_weighted W_hh_transposed bias_twice"
# Where only ordinary numbers can be told, columns comes before article_softmax: it is true of that too.
_INTO_LOSS = """
    log_of_zero epsilon_in_log whole_array_max columns article_softmax one_row_for_all
    no_maximum ignored_as_class_0 ignored_as_last_class divided_by_rows divided_by_batch
    """
_INTO_OUTPUT = "bias_not_summed bias_mean weights_transposed last_step_only slope_too_early"

LOSS_AND_GRADS = Exercise(
    plain.loss_and_grads, task="compute a sequence's loss and all gradients.",
    arguments="""params : RNNParams, x : (time, batch, n_x), targets : (time, batch) integers, -100 does not count,
    h0 : (batch, n_h) or None.""",
    result="loss : float, grads : RNNParams or five arrays in its order.", cases=_loss_and_grads_cases,
    returns=(Output("loss"), Group("grads", PARAMS)), notebook="06", section="From the loss to every parameter",
    extreme=2,
    package=Package(
        (rnn.loss_and_grads,),
        "The package computes no probabilities on the way forward, and goes back over blocks of steps that fit into"
        " the processor's cache.",
        keeps_float32=True,
        takes={"token ids as x": _loss_and_grads_ids},
    ),
    mistakes=(
        *within(plain.rnn_backward, SHARED),
        _made_of("sum_not_mean", "works with the sum of the losses: we want the mean",
                 _first(_LOSS, "sum_not_mean"), _first(_GRADIENTS, "not_averaged")),
        _made_of("loss_summed", "returns the sum as the loss, but the gradients of the mean",
                 _first(_LOSS, "sum_not_mean")),
        _made_of("gradients_not_averaged", "returns the mean loss, but the gradients of the sum",
                 _first(_GRADIENTS, "not_averaged"), see=SCORES_GRADIENT),
        _made_of("ignored_in_mean", ALL_ROWS, _first(_LOSS, "ignored_in_mean"), _first(_GRADIENTS, "ignored_in_mean")),
        _made_of("gradients_ignored_in_mean", "divides its gradients by all targets, its loss by those that count",
                 _first(_GRADIENTS, "ignored_in_mean"), see=SCORES_GRADIENT),
        _made_of("ignored_not_zero", "leaves a gradient at targets that do not count (-100): there it is zero",
                 _first(_GRADIENTS, "ignored_not_zero")),
        _made_of("bits", "measures the loss in bits: we want nats", _first(_LOSS, "bits")),
        wrong("turned_sign", "returns the gradients with the wrong sign",
              (_GRADS, "RNNParams(-dW_xh, -dW_hh, -db_h, -dW_hy, -db_y)")),
        *within(plain.rnn_cell_forward, named(RNN_CELL_FORWARD.mistakes, _INTO_CELL), "{} (on the way forward)"),
        *within(plain.rnn_cell_forward, named(RNN_CELL_FORWARD.mistakes, "bias_after_tanh")),
        *within(plain.rnn_cell_forward, named(RNN_CELL_FORWARD.mistakes, "no_tanh"),
                "leaves out tanh on the way forward"),
        wrong("no_output_bias", "leaves out the output's bias b_y", (" + params.b_y", ""), see=THE_OUTPUT),
        wrong("softmax_twice",
              "applies softmax twice: the loss begins with softmax, and the y of rnn_forward has been through it",
              ("logits_gradient(logits", "logits_gradient(softmax(logits)"),
              ("cross_entropy(logits", "cross_entropy(softmax(logits)"), see=FROM_SCORES),
        wrong("softmax_twice", "applies softmax twice in the loss, and once in its gradients",
              ("cross_entropy(logits", "cross_entropy(softmax(logits)"), see=FROM_SCORES),
        *(mistake for name in _INTO_LOSS.split() for mistake in _of_the_loss(name)),
        *(mistake for name in ("maximum_from_zero", "no_logarithm") for mistake in _of_the_loss(name)),
        # It does not say where: in the loss and in the gradients it raises the same.
        *named(_LOSS, "ignored_counted"),
        *(wrong("truncated", _TRUNCATED.format(most), _truncated_network(most)) for most in range(1, 6)),
        *(wrong("weight_decay", f"adds weight decay of {decay} to the loss and to the gradients",
                (f"return cross_entropy(logits, targets), {_GRADS}",
                 f"matrices = params._replace(b_h=0 * params.b_h, b_y=0 * params.b_y)\n    grads = {_GRADS}\n"
                 f"    loss = cross_entropy(logits, targets) + {decay} / 2 * sum((w**2).sum() for w in matrices)\n"
                 f"    return loss, RNNParams(*(g + {decay} * w for g, w in zip(grads, matrices, strict=True)))"))
          for decay in (0.1, 0.01, 0.001, 0.0001)),
        wrong("output_gradients_missing",
              "returns three gradients: the output layer has two parameters of its own, W_hy and b_y",
              (_GRADS, "(dW_xh, dW_hh, db_h)"), see=OUTPUT_LAYER),
        wrong("output_gradients_missing",
              "returns zeros for the output layer: W_hy and b_y have gradients of their own",
              ("    _, _, dW_xh", "    dW_hy, db_y = 0 * dW_hy, 0 * db_y\n    _, _, dW_xh"), see=OUTPUT_LAYER),
        wrong("initial_state_ignored", H0_IGNORED, ("rnn_forward(params, x, h0)", "rnn_forward(params, x)"),
              see=Section("03", "What h0 is for")),
        *within(plain.rnn_forward, named(RNN_FORWARD.mistakes, "state_not_carried")),
        *(
            _made_of(f"output_{part.name}", f"{part.says} (in the output layer)", part)
            for part in named(_OUTPUT, _INTO_OUTPUT)
        ),
        wrong("averaged_again", "divides the gradients by the batch once more: the mean of the loss is in them already",
              (_GRADS, "RNNParams(*(grad / x.shape[1] for grad in (dW_xh, dW_hh, db_h, dW_hy, db_y)))")),
        wrong("output_h_prev", "computes dW_hy from the state before: the output read h_t",
              ("output_backward(params.W_hy, h,", "output_backward(params.W_hy, cache.states[:-1],"), see=OUTPUT_LAYER),
    ),
)

ALL = (STEP_BACK, RNN_BACKWARD, LOSS_AND_GRADS)
