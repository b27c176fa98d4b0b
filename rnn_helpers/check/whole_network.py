"""The last exercise of notebook 06: the whole network, from the loss to every parameter.

What can go wrong in it goes wrong in one of its parts, so most mistakes are those of the exercises before.
"""

from rnn_helpers import IGNORE_INDEX, plain, rnn
from rnn_helpers.check.backprop_through_time import SHARED
from rnn_helpers.check.course import PARAMS
from rnn_helpers.check.draws import draws, sequence_of_ids
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
from rnn_helpers.check.single_cell import RNN_CELL_FORWARD, THE_OUTPUT
from rnn_helpers.check.unrolled_forward import H0_IGNORED, RNN_FORWARD, sequences


def _cases() -> Cases:
    """(params, x, targets, h0), some targets ignored, once without h0; then large scores, and rows far apart."""
    made: list[Arguments] = []
    for (params, x, h0), d in zip(sequences()[:4], draws(63), strict=True):
        targets = d.targets("time", "batch")
        if targets.size > 4:
            targets[0, 0] = IGNORE_INDEX
        made.append((params, x, targets, h0))
    params, x, targets, h0 = made[0]
    far_params, far_x, far_h0 = RNN_FORWARD.cases()[-1]
    large = params._replace(b_y=params.b_y + 1000)
    return *made, made[-1][:3], (large, x, targets, h0), (far_params, far_x, targets, far_h0)


def _cases_of_ids() -> Arguments:
    """(params, x, targets, h0)."""
    d, params, ids, h0 = sequence_of_ids()
    return params, ids, d.targets("time", "batch"), h0


# --- the mistakes of the parts ---------------------------------------------------------------------------------

_LOSS = within(plain.cross_entropy, CROSS_ENTROPY.mistakes)
_GRADIENTS = within(plain.logits_gradient, LOGITS_GRADIENT.mistakes)
_OUTPUT = within(plain.output_backward, OUTPUT_BACKWARD.mistakes)


def _made_of(name: str, says: str, *parts: Mistake, see: Section | None = None, pairs: bool = True) -> Mistake:
    """Make a mistake of the whole network out of those of its parts; it is explained where the first of them is."""
    return wrong(name, says, *(e for part in parts for e in part.exchanges), see=see or parts[0].section, pairs=pairs)


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
        *(_made_of(name, f"{m.says} (in the loss)", m, pairs=False) for m in others),
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
    plain.loss_and_grads,
    task="compute a sequence's loss and all gradients.",
    arguments="""params : RNNParams, x : (time, batch, n_x), targets : (time, batch) integers, -100 does not count,
    h0 : (batch, n_h) or None.""",
    result="loss : float, grads : RNNParams or five arrays in its order.",
    cases=_cases,
    returns=(Output("loss"), Group("grads", PARAMS)),
    notebook="06",
    section="From the loss to every parameter",
    extreme=2,
    package=Package(
        (rnn.loss_and_grads,),
        "The package computes no probabilities on the way forward, and goes back over blocks of steps that fit into"
        " the processor's cache.",
        keeps_float32=True,
        takes={"token ids as x": _cases_of_ids},
    ),
    mistakes=(
        *within(plain.rnn_backward, SHARED),
        _made_of(
            "sum_not_mean",
            "works with the sum of the losses: the mean is asked for",
            _first(_LOSS, "sum_not_mean"),
            _first(_GRADIENTS, "not_averaged"),
        ),
        _made_of(
            "loss_summed", "returns the sum as the loss, but the gradients of the mean", _first(_LOSS, "sum_not_mean")
        ),
        _made_of(
            "gradients_not_averaged",
            "returns the mean loss, but the gradients of the sum",
            _first(_GRADIENTS, "not_averaged"),
            see=SCORES_GRADIENT,
        ),
        _made_of("ignored_in_mean", ALL_ROWS, _first(_LOSS, "ignored_in_mean"), _first(_GRADIENTS, "ignored_in_mean")),
        _made_of(
            "gradients_ignored_in_mean",
            "divides its gradients by all targets, its loss by those that count",
            _first(_GRADIENTS, "ignored_in_mean"),
            see=SCORES_GRADIENT,
        ),
        _made_of(
            "ignored_not_zero",
            "leaves a gradient at targets that do not count (-100): there it is zero",
            _first(_GRADIENTS, "ignored_not_zero"),
        ),
        _made_of("bits", "measures the loss in bits: nats are asked for", _first(_LOSS, "bits")),
        wrong(
            "turned_sign",
            "returns the gradients with the wrong sign",
            (_GRADS, "RNNParams(-dW_xh, -dW_hh, -db_h, -dW_hy, -db_y)"),
        ),
        *within(plain.rnn_cell_forward, named(RNN_CELL_FORWARD.mistakes, _INTO_CELL), "{} (on the way forward)"),
        *within(plain.rnn_cell_forward, named(RNN_CELL_FORWARD.mistakes, "bias_after_tanh")),
        *within(
            plain.rnn_cell_forward, named(RNN_CELL_FORWARD.mistakes, "no_tanh"), "leaves out tanh on the way forward"
        ),
        wrong("no_output_bias", "leaves out the output's bias b_y", (" + params.b_y", ""), see=THE_OUTPUT),
        wrong(
            "softmax_twice",
            "applies softmax twice: the loss begins with softmax, and the y of rnn_forward is past it",
            ("logits_gradient(logits", "logits_gradient(softmax(logits)"),
            ("cross_entropy(logits", "cross_entropy(softmax(logits)"),
            see=FROM_SCORES,
        ),
        wrong(
            "softmax_twice",
            "applies softmax twice in the loss, and once in its gradients",
            ("cross_entropy(logits", "cross_entropy(softmax(logits)"),
            see=FROM_SCORES,
        ),
        *(mistake for name in _INTO_LOSS.split() for mistake in _of_the_loss(name)),
        # It does not say where: in the loss and in the gradients it raises the same.
        *named(_LOSS, "ignored_counted"),
        wrong(
            "output_gradients_missing",
            "returns three gradients: the output layer has two parameters of its own, W_hy and b_y",
            (_GRADS, "(dW_xh, dW_hh, db_h)"),
            see=OUTPUT_LAYER,
        ),
        wrong(
            "output_gradients_missing",
            "returns zeros for the output layer: W_hy and b_y have gradients of their own",
            ("    _, _, dW_xh", "    dW_hy, db_y = 0 * dW_hy, 0 * db_y\n    _, _, dW_xh"),
            see=OUTPUT_LAYER,
        ),
        wrong(
            "initial_state_ignored",
            H0_IGNORED,
            ("rnn_forward(params, x, h0)", "rnn_forward(params, x)"),
            see=Section("03", "What h0 is for"),
        ),
        *within(plain.rnn_forward, named(RNN_FORWARD.mistakes, "state_not_carried")),
        *(
            _made_of(f"output_{part.name}", f"{part.says} (in the output layer)", part)
            for part in named(_OUTPUT, _INTO_OUTPUT)
        ),
        wrong(
            "averaged_again",
            "divides the gradients by the batch once more: the mean of the loss is in them already",
            (_GRADS, "RNNParams(*(grad / x.shape[1] for grad in (dW_xh, dW_hh, db_h, dW_hy, db_y)))"),
        ),
        wrong(
            "output_h_prev",
            "computes dW_hy from the state before: the output read h_t",
            ("output_backward(params.W_hy, h,", "output_backward(params.W_hy, cache.states[:-1],"),
            see=OUTPUT_LAYER,
        ),
    ),
)

ALL = (LOSS_AND_GRADS,)
