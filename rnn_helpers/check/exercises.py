"""The table of all exercises: reference, cases, what comes back, where it is explained."""

from rnn_helpers import cell, output, rnn
from rnn_helpers.check import answers, cases, debugging, painting, training
from rnn_helpers.check.exercise import PARAMS, SEQUENCE_GRADS, SHARED_GRADS, Exercise, Exercises, Group, Output
from rnn_helpers.check.mistakes import MISTAKES
from rnn_helpers.check.sections import with_section

_BATCH_H = ("batch", "n_h")
_TIME_H = ("time", "batch", "n_h")
_TIME_Y = ("time", "batch", "n_y")

_CACHE = Output("cache", kind="anything")
_DZ = Output("dz_t", _BATCH_H)
_CELL_FORWARD = (Output("h_t", _BATCH_H), Output("y_t", ("batch", "n_y")), _CACHE)
_CELL_GRADS = (Output("dx_t", ("batch", "n_x")), Output("dh_prev", _BATCH_H), *SHARED_GRADS)
_FORWARD = (Output("h", _TIME_H), Output("y", _TIME_Y), _CACHE)
_OUTPUT_GRADS = (Output("dh", _TIME_H), Output("dW_hy", ("n_h", "n_y")), Output("db_y", ("n_y",)))
_STEP_BACK = (_DZ, Output("the next dh_carry", _BATCH_H))

_ALL = (
    Exercise(answers.step, cases.step, (Output("x_t", ("batch", "n_x")),), "00", "Time comes first"),
    Exercise(answers.one_hot, cases.one_hot, (Output("x", ("time", "batch", "n_x")),), "00", "Your first exercises"),
    Exercise(answers.count_parameters, cases.count_parameters, (Output("count", kind="integer"),), "00", "The letters"),
    Exercise(
        output.softmax,
        cases.softmax_scores,
        (Output("y", _TIME_Y),),
        "01",
        "The maximum of which numbers?",
        extreme=1,
        keeps_float32=True,
    ),
    Exercise(answers.tanh_slope, cases.tanh_outputs, (Output("slope", _BATCH_H),), "01", "Tanh"),
    Exercise(
        output.softmax_backward,
        cases.softmax_backward,
        (Output("dz", _TIME_Y),),
        "01",
        "Gradients flow back",
        keeps_float32=True,
    ),
    Exercise(answers.pre_activation, cases.cell_inputs, (Output("z_t", _BATCH_H),), "02", "Many units at once"),
    Exercise(
        cell.rnn_cell_forward,
        cases.cell_forward,
        _CELL_FORWARD,
        "02",
        "The output",
        extreme=1,
        keeps_float32=True,
        ids=cases.cell_forward_ids,
    ),
    Exercise(answers.from_article, cases.article_parameters, PARAMS, "02", "The same cell in other letters"),
    Exercise(
        answers.scalar_forward,
        cases.scalar_forward,
        (Output("h", ("time",), "list"),),
        "03",
        "Three steps with a pencil",
    ),
    Exercise(
        rnn.rnn_forward,
        cases.sequence_forward,
        _FORWARD,
        "03",
        "The same with arrays",
        extreme=1,
        keeps_float32=True,
        ids=cases.sequence_forward_ids,
    ),
    Exercise(answers.run_in_two, cases.run_in_two, (Output("h", _TIME_H),), "03", "What h0 is for"),
    Exercise(
        output.cross_entropy,
        cases.scores_and_targets,
        (Output("loss"),),
        "04",
        "From scores, not from probabilities",
        extreme=2,
    ),
    Exercise(
        answers.logits_gradient,
        cases.scores_and_targets,
        (Output("dlogits", _TIME_Y),),
        "04",
        "The gradient with respect to the scores",
        extreme=2,
    ),
    Exercise(
        output.output_backward,
        cases.output_backward,
        _OUTPUT_GRADS,
        "04",
        "Back through the output layer",
        keeps_float32=True,
    ),
    Exercise(answers.tanh_backward, cases.tanh_backward, (_DZ,), "05", "With arrays: through tanh"),
    Exercise(answers.bias_gradient, cases.bias_gradient, (Output("db_h", ("n_h",)),), "05", "Through the products"),
    Exercise(
        cell.rnn_cell_backward,
        cases.cell_backward,
        _CELL_GRADS,
        "05",
        "Through the products",
        keeps_float32=True,
        ids=cases.cell_backward_ids,
    ),
    Exercise(answers.step_back, cases.step_back, _STEP_BACK, "06", "Two roads from a state to the loss"),
    Exercise(
        rnn.rnn_backward,
        cases.sequence_backward,
        SEQUENCE_GRADS,
        "06",
        "The same with arrays",
        backwards=True,
        keeps_float32=True,
        ids=cases.sequence_backward_ids,
    ),
    Exercise(
        rnn.loss_and_grads,
        cases.loss_and_grads,
        (Output("loss"), Group("grads", PARAMS)),
        "06",
        "From the loss to every parameter",
        extreme=2,
        keeps_float32=True,
        ids=cases.loss_and_grads_ids,
    ),
    *debugging.ALL,
    *training.ALL,
    *painting.ALL,
)


def _with_mistakes(exercise: Exercise) -> Exercise:
    known = MISTAKES[exercise.reference.__name__]
    return exercise._replace(mistakes=tuple(with_section(mistake, exercise) for mistake in known))


EXERCISES: Exercises = {exercise.reference.__name__: _with_mistakes(exercise) for exercise in _ALL}
