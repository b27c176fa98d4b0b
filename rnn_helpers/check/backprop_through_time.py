"""The exercises of notebook 06: backpropagation through time."""

from rnn_helpers import plain, rnn
from rnn_helpers.check.cell_backward import (
    BIAS_COLUMN,
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
from rnn_helpers.check.course import SEQUENCE_GRADS
from rnn_helpers.check.draws import draws, sequence_of_ids, state
from rnn_helpers.check.engine.exercise import Arguments, Cases, Exercise, Output, Package, Section, wrong
from rnn_helpers.check.single_cell import OTHER_LETTERS
from rnn_helpers.check.unrolled_forward import sequences

# Where a mistake of this notebook is explained.
ROADS = Section("06", "Two roads from a state to the loss")
ARRAYS = Section("06", "The same with arrays")
SUM_OVER_TIME = Section("06", "Why the sum over time")
DX_AND_DH0 = Section("06", "What dx and dh0 are good for")

# Sentences that one step and the whole sequence share.
_DROPPED = "drops what comes back from the later steps: h_t also feeds the next state"
_MISPLACED = "adds the carry after the slope of tanh: both roads meet at h_t, before it"
_NO_BRACKETS = "applies the slope to the carry alone: it belongs to both roads"
_SUBTRACTED = "subtracts the carry: both roads add"
_AVERAGED_ROADS = "takes the mean of both roads: they add"
_SQUASHED_AND_DROPPED = f"{_DROPPED}. It also applies tanh to h_t once more"
_ONLY_CARRY = "forgets what the step's own output sends back"
_SKIPS_SLOPE = "carries the gradient past tanh: what goes to the step before is taken from dz_t"
_NOT_MULTIPLIED = "carries dz_t itself: W_hh lies between two steps"

# --- one step back ---------------------------------------------------------------------------------------------


def _step_back_cases() -> Cases:
    """(params, h_t, dh_t, dh_carry)."""
    return tuple((d.params(), state(d), d.floats("batch", "n_h"), d.floats("batch", "n_h")) for d in draws(61))


STEP_BACK = Exercise(
    plain.step_back,
    task="go one step back in time.",
    arguments="params : RNNParams, h_t, dh_t, dh_carry : (batch, n_h).",
    result="dz_t, and dh_carry for the step before : (batch, n_h) each.",
    cases=_step_back_cases,
    returns=(Output("dz_t", ("batch", "n_h")), Output("the next dh_carry", ("batch", "n_h"))),
    notebook="06",
    section="Two roads from a state to the loss",
    mistakes=(
        wrong("dropped_carry", _DROPPED, ("(dh_t + dh_carry)", "dh_t")),
        wrong("misplaced_carry", _MISPLACED, ("(dh_t + dh_carry)", "dh_t"), ("**2)", "**2) + dh_carry")),
        wrong("upstream_forgotten", UPSTREAM, ("(dh_t + dh_carry) * (1 - h_t**2)", "1 - h_t**2"), see=WHY_UPSTREAM),
        wrong("squashed_again", SQUASHED_AGAIN, ("h_t**2", "np.tanh(h_t) ** 2"), see=TANH),
        wrong("not_squared", NOT_SQUARED, ("**2", ""), see=TANH),
        wrong("no_slope", NO_SLOPE, (" * (1 - h_t**2)", ""), see=TANH),
        wrong("squared_difference", SQUARED_DIFFERENCE, ("**2)", ") ** 2"), see=TANH),
        wrong("no_brackets", _NO_BRACKETS, ("(dh_t + dh_carry)", "dh_t + dh_carry")),
        wrong("subtracted", _SUBTRACTED, ("dh_t + dh_carry", "dh_t - dh_carry")),
        wrong("averaged_roads", _AVERAGED_ROADS, ("(dh_t + dh_carry)", "(dh_t + dh_carry) / 2")),
        wrong(
            "squashed_and_dropped",
            _SQUASHED_AND_DROPPED,
            ("(dh_t + dh_carry)", "dh_t"),
            ("h_t**2", "np.tanh(h_t) ** 2"),
        ),
        wrong("output_forgotten", _ONLY_CARRY, ("(dh_t + dh_carry)", "dh_carry")),
        wrong("roads_multiplied", "multiplies the two roads: they add", ("dh_t + dh_carry", "dh_t * dh_carry")),
        wrong("W_hh_not_transposed", W_HH_AS_IT_IS, ("params.W_hh.T", "params.W_hh"), see=PRODUCTS),
        wrong("carry_skips_slope", _SKIPS_SLOPE, ("dz_t, dz_t", "dz_t, (dh_t + dh_carry)")),
        wrong(
            "swapped_outputs",
            "returns the carry before dz_t",
            ("dz_t, dz_t @ params.W_hh.T", "dz_t @ params.W_hh.T, dz_t"),
        ),
        wrong(
            "carry_accumulates",
            "adds the old carry to the new one: it is inside dz_t already",
            ("dz_t, dz_t", "dz_t, dh_carry + dz_t"),
        ),
        wrong("carry_not_multiplied", _NOT_MULTIPLIED, (" @ params.W_hh.T", "")),
        wrong(
            "carry_multiplied_twice",
            "multiplies the carry by W_hh once more: it has arrived at h_t already",
            ("dh_t + dh_carry", "dh_t + dh_carry @ params.W_hh.T"),
        ),
    ),
)

# --- the sequence, back ----------------------------------------------------------------------------------------


def sequence_backward() -> Cases:
    """(params, cache, dh), the cache made by the package."""
    made = zip(sequences()[:4], draws(62), strict=True)
    return tuple((args[0], rnn.rnn_forward(*args)[2], d.floats("time", "batch", "n_h")) for args, d in made)


def _sequence_backward_ids() -> Arguments:
    """(params, cache, dh)."""
    d, params, ids, h0 = sequence_of_ids()
    return params, rnn.rnn_forward(params, ids, h0)[2], d.floats("time", "batch", "n_h")


ALL_STEPS_AT_ONCE = (
    "The package checks its arguments first. Its loop computes dz alone; dx and the gradients of the weights "
    "then come from all steps at once."
)
_ONE_EARLY = "reads the states one step too early: states[0] is h0, so the state of step t stands at index t"

# These change what the five shared gradients are: also looked for in loss_and_grads.
SHARED = (
    wrong("dropped_carry", _DROPPED, ("dh[t] + dh_carry", "dh[t]"), see=ROADS),
    wrong("misplaced_carry", _MISPLACED, ("dh[t] + dh_carry", "dh[t]"), (" ** 2)", " ** 2) + dh_carry"), see=ROADS),
    wrong("upstream_forgotten", UPSTREAM, ("dh_t * ", ""), see=WHY_UPSTREAM),
    wrong("squashed_again", SQUASHED_AGAIN, ("h[t] ** 2", "np.tanh(h[t]) ** 2"), see=TANH),
    wrong("not_squared", NOT_SQUARED, (" ** 2)", ")"), see=TANH),
    wrong("no_slope", NO_SLOPE, (" * (1 - h[t] ** 2)", ""), see=TANH),
    wrong("squared_difference", SQUARED_DIFFERENCE, (" ** 2)", ") ** 2"), see=TANH),
    wrong("no_brackets", _NO_BRACKETS, ("dh_t * ", "dh[t] + dh_carry * "), see=ROADS),
    wrong("subtracted", _SUBTRACTED, ("dh[t] + dh_carry", "dh[t] - dh_carry"), see=ROADS),
    wrong("averaged_roads", _AVERAGED_ROADS, ("dh[t] + dh_carry", "(dh[t] + dh_carry) / 2"), see=ROADS),
    wrong(
        "squashed_and_dropped",
        _SQUASHED_AND_DROPPED,
        ("dh[t] + dh_carry", "dh[t]"),
        ("h[t] ** 2", "np.tanh(h[t]) ** 2"),
        see=ROADS,
    ),
    wrong(
        "output_forgotten",
        f"{_ONLY_CARRY}, at every step but the last",
        ("dh[t] + dh_carry", "dh_carry if t < len(dh) - 1 else dh[t]"),
        see=ROADS,
    ),
    wrong(
        "output_forgotten",
        f"{_ONLY_CARRY}, so that no gradient ever starts",
        ("dh[t] + dh_carry", "dh_carry"),
        see=ROADS,
    ),
    wrong("W_hh_not_transposed", W_HH_AS_IT_IS, ("params.W_hh.T", "params.W_hh"), see=PRODUCTS),
    wrong("carry_skips_slope", _SKIPS_SLOPE, ("dh_carry = dz_t", "dh_carry = dh_t"), see=ROADS),
    wrong(
        "carry_starts_at_dh",
        "starts the carry with the last dh, which then counts twice: nothing comes back to the last step",
        ("np.zeros_like(h0)", "dh[-1]"),
        see=ROADS,
    ),
    wrong(
        "carry_accumulates",
        "adds up the carry: each step hands on a new one",
        ("\n    return", " + dh_carry\n    return"),
        see=ROADS,
    ),
    wrong("carry_not_multiplied", _NOT_MULTIPLIED, (" @ params.W_hh.T", ""), see=ROADS),
    wrong(
        "first_step_missing",
        "never comes to step 1: the walk ends one step early",
        ("range(len(dh))", "range(1, len(dh))"),
        see=ARRAYS,
    ),
    wrong(
        "last_step_missing",
        "leaves out the last step: the walk starts one step early",
        ("range(len(dh))", "range(len(dh) - 1)"),
        see=ARRAYS,
    ),
    wrong("dW_hh_transposed", TRANSPOSED, ("h_prev.T @ dz_t", "dz_t.T @ h_prev"), see=PRODUCTS),
    wrong(
        "forward_order",
        "walks from the first step to the last: gradients come from the end",
        ("reversed(range(len(dh)))", "range(len(dh))"),
        see=ARRAYS,
    ),
    wrong("slope_of_h_prev", SLOPE_OF_H_PREV, ("1 - h[t]", "1 - cache.states[t]"), see=TANH),
    wrong("h_t_for_h_prev", H_T_FOR_H_PREV, ("h[t - 1] if t > 0 else h0", "h[t]"), see=PRODUCTS),
    wrong(
        "wrap_around",
        "reads the last state as the one before step 1: index -1 wraps around, h0 belongs there",
        ("h[t - 1] if t > 0 else h0", "h[t - 1]"),
        see=ARRAYS,
    ),
    wrong("states_one_early", _ONE_EARLY, ("h[t - 1] if t > 0 else h0", "cache.states[t - 1]"), see=ARRAYS),
    wrong(
        "states_one_early",
        _ONE_EARLY,
        ("cache.states[1:]", "cache.states"),
        ("h[t - 1] if t > 0 else h0", "h[t - 1]"),
        see=ARRAYS,
    ),
    wrong(
        "bias_from_dh",
        "sums dh for db_h, as if the bias stood outside tanh: it stands inside, so that dz reaches it",
        ("dz_t.", "dh[t]."),
        see=PRODUCTS,
    ),
    wrong("h0_ignored", "computes dW_hh as if h0 were zero", ("else h0", "else np.zeros_like(h0)")),
    wrong(
        "assigned_not_added",
        "keeps the weights' gradient of step 1 alone: every step adds its share",
        ("dW_xh +=", "dW_xh ="),
        ("dW_hh +=", "dW_hh ="),
        ("db_h +=", "db_h ="),
        see=SUM_OVER_TIME,
    ),
    wrong(
        "last_step_only",
        "takes the weights' gradient from the last step alone",
        ("        dW_xh +=", "        if t == len(dh) - 1:\n            dW_xh +="),
        ("        dW_hh +=", "            dW_hh +="),
        ("        db_h +=", "            db_h +="),
        see=SUM_OVER_TIME,
    ),
    wrong(
        "bias_not_summed",
        "does not sum db_h over the batch: every row used the one bias",
        ("db_h += dz_t.sum(axis=0)", "db_h = db_h + dz_t"),
        see=PRODUCTS,
    ),
    wrong(
        "bias_not_summed",
        "does not sum db_h over time and batch: all shared the one bias",
        ("params[:3])", "params[:3])\n    db_h = np.zeros_like(dh)"),
        ("db_h += dz_t.sum(axis=0)", "db_h[t] = dz_t"),
        see=PRODUCTS,
    ),
    wrong(
        "bias_over_batch_only",
        "does not sum db_h over time: every step used the one bias",
        ("params[:3])", "params[:3])\n    db_h = np.zeros_like(dh[:, 0])"),
        ("db_h +=", "db_h[t] ="),
        see=SUM_OVER_TIME,
    ),
    wrong(
        "bias_kept_axis", "keeps an axis of size one in db_h: b_h has one axis", ("db_h)", "db_h[None])"), see=PRODUCTS
    ),
    wrong("bias_column", BIAS_COLUMN, ("db_h)", "db_h[:, None])"), see=OTHER_LETTERS),
    wrong(
        "bias_mean", "takes the mean for db_h: every row adds its full share", ("sum(axis=0)", "mean(axis=0) / len(dh)")
    ),
    wrong("bias_mean", "takes the mean over the batch for db_h", ("sum(", "mean(")),
    wrong(
        "averaged_over_batch",
        "divides the shared gradients by the batch: they are sums",
        ("dW_xh, dW_hh, db_h)", "dW_xh / len(h0), dW_hh / len(h0), db_h / len(h0))"),
    ),
    wrong(
        "averaged_over_time",
        "divides the shared gradients by the steps: they are sums",
        ("dW_xh, dW_hh, db_h)", "dW_xh / len(dh), dW_hh / len(dh), db_h / len(dh))"),
        see=SUM_OVER_TIME,
    ),
    wrong(
        "averaged",
        "divides the shared gradients by steps and batch: they are sums",
        ("dW_xh, dW_hh, db_h)", "*(grad / dh[..., 0].size for grad in (dW_xh, dW_hh, db_h)))"),
    ),
)

RNN_BACKWARD = Exercise(
    plain.rnn_backward,
    task="backpropagate through time.",
    arguments="params : RNNParams, cache : SequenceCache from the package, dh : (time, batch, n_h).",
    result="dx, dh0, dW_xh, dW_hh, db_h : SequenceGrads or five arrays in this order.",
    cases=sequence_backward,
    returns=SEQUENCE_GRADS,
    notebook="06",
    section="The same with arrays",
    backwards="time",
    mistakes=(
        *SHARED,
        # To the end: dh0 is zero too.
        wrong("dropped_carry", _DROPPED, ("        dh_carry = dz_t @ params.W_hh.T\n", ""), see=ROADS),
        wrong(
            "article_backward",
            "does what the article does: it forgets the upstream gradient, and takes the slope itself for dx",
            ("dh_t * ", ""),
            ("np.zeros_like(cache.x)", "np.zeros_like(h)"),
            (" @ params.W_xh.T", ""),
            see=PASSES_A_TEST,
        ),
        wrong(
            "article_backward",
            "does what the article does: it forgets the upstream gradient, and returns no dx",
            ("dh_t * ", ""),
            ("SequenceGrads(dx, ", "("),
            see=PASSES_A_TEST,
        ),
        wrong(
            "no_dx",
            "returns no dx, as the article's function: it comes first of five",
            ("SequenceGrads(dx, ", "("),
            see=PASSES_A_TEST,
        ),
        wrong(
            "time_and_batch_swapped",
            "returns dx with the batch first: time comes first",
            ("SequenceGrads(dx,", "SequenceGrads(dx.swapaxes(0, 1),"),
        ),
        wrong(
            "dh0_zero",
            "returns zeros as dh0: the last carry is left",
            ("dx, dh_carry,", "dx, np.zeros_like(h0),"),
            see=DX_AND_DH0,
        ),
        wrong(
            "dh0_is_dz",
            "returns dz of step 1 as dh0: W_hh lies between",
            ("dx, dh_carry,", "dx, dz_t,"),
            see=DX_AND_DH0,
        ),
        wrong(
            "dh0_not_transposed",
            "uses W_hh as it is for dh0: it is transposed on the way back",
            ("dx, dh_carry,", "dx, dz_t @ params.W_hh,"),
            see=DX_AND_DH0,
        ),
        wrong(
            "reversed_dx",
            "returns dx from the last step to the first",
            ("SequenceGrads(dx,", "SequenceGrads(dx[::-1],"),
            see=ARRAYS,
        ),
        wrong(
            "dx_is_dz",
            "returns dz as dx: W_xh lies between them",
            ("np.zeros_like(cache.x)", "np.zeros_like(h)"),
            (" @ params.W_xh.T", ""),
            see=PRODUCTS,
        ),
        wrong("swapped_outputs", "returns dh0 before dx", ("dx, dh_carry,", "dh_carry, dx,")),
    ),
    package=Package(
        (rnn.rnn_backward,), ALL_STEPS_AT_ONCE, keeps_float32=True, takes={"token ids as x": _sequence_backward_ids}
    ),
)

ALL = (STEP_BACK, RNN_BACKWARD)
