"""Verdicts on a learner's own functions, one check for each exercise: `check.softmax(my_softmax)`.

Each check calls the learner's function on a few cases, compares with the package, and answers with a `Verdict`: one
line that says correct, not written yet, or what is wrong. A check never raises and leaves no trace: the learner's
function gets copies, its printing is not shown, and it is stopped when it takes longer than a few seconds.
"""

from rnn_helpers.check.engine import judge
from rnn_helpers.check.exercise import Exercise, Mistake
from rnn_helpers.check.exercises import EXERCISES
from rnn_helpers.check.verdict import Solution, Verdict, solution

__all__ = [
    "EXERCISES",
    "Exercise",
    "Mistake",
    "Solution",
    "Verdict",
    "adam_step",
    "at_ids",
    "bias_gradient",
    "central_difference",
    "clip_by_norm",
    "count_parameters",
    "cross_entropy",
    "from_article",
    "head_gradients",
    "judge",
    "last_states",
    "last_states_backward",
    "logits_gradient",
    "loss_and_grads",
    "masked_loss",
    "mended_walk",
    "one_hot",
    "only_step",
    "output_backward",
    "pre_activation",
    "rnn_backward",
    "rnn_cell_backward",
    "rnn_cell_forward",
    "rnn_forward",
    "run_in_two",
    "sampling_step",
    "scalar_forward",
    "softmax",
    "softmax_backward",
    "solution",
    "step",
    "step_back",
    "tanh_backward",
    "tanh_slope",
]


def step(function: object) -> Verdict:
    """Judge `step(x, t)`: return what the cell sees at step t, steps counted from 1.

    Parameters
    ----------
    function : the learner's, of
        x : (time, batch, n_x), t : int from 1 to time.

    Returns
    -------
    Verdict : passed if the function returns
        x_t : (batch, n_x).
    """
    return judge(EXERCISES["step"], function)


def one_hot(function: object) -> Verdict:
    """Judge `one_hot(ids, n_x)`: turn token ids into rows with a single 1.

    Parameters
    ----------
    function : the learner's, of
        ids : (time, batch) integers below n_x, n_x : int.

    Returns
    -------
    Verdict : passed if the function returns
        x : (time, batch, n_x) float64.
    """
    return judge(EXERCISES["one_hot"], function)


def count_parameters(function: object) -> Verdict:
    """Judge `count_parameters(n_x, n_h, n_y)`: count the numbers in the five parameter arrays.

    Parameters
    ----------
    function : the learner's, of
        n_x, n_h, n_y : int.

    Returns
    -------
    Verdict : passed if the function returns
        count : int.
    """
    return judge(EXERCISES["count_parameters"], function)


def softmax(function: object) -> Verdict:
    """Judge `softmax(z)`: turn scores into probabilities along the last axis, for rows of any size.

    Parameters
    ----------
    function : the learner's, of
        z : (..., n_y).

    Returns
    -------
    Verdict : passed if the function returns
        y : (..., n_y).
    """
    return judge(EXERCISES["softmax"], function)


def tanh_slope(function: object) -> Verdict:
    """Judge `tanh_slope(h)`: read the slope of tanh off its output.

    Parameters
    ----------
    function : the learner's, of
        h : (...) outputs of tanh.

    Returns
    -------
    Verdict : passed if the function returns
        slope : (...).
    """
    return judge(EXERCISES["tanh_slope"], function)


def softmax_backward(function: object) -> Verdict:
    """Judge `softmax_backward(y, dy)`: send dy back through softmax, along the last axis.

    Parameters
    ----------
    function : the learner's, of
        y, dy : (..., n_y), y what softmax returned.

    Returns
    -------
    Verdict : passed if the function returns
        dz : (..., n_y).
    """
    return judge(EXERCISES["softmax_backward"], function)


def pre_activation(function: object) -> Verdict:
    """Judge `pre_activation(params, x_t, h_prev)`: compute what tanh is applied to.

    Parameters
    ----------
    function : the learner's, of
        params : RNNParams, x_t : (batch, n_x), h_prev : (batch, n_h).

    Returns
    -------
    Verdict : passed if the function returns
        z_t : (batch, n_h).
    """
    return judge(EXERCISES["pre_activation"], function)


def rnn_cell_forward(function: object) -> Verdict:
    """Judge `rnn_cell_forward(params, x_t, h_prev)`: compute one step of the network.

    Parameters
    ----------
    function : the learner's, of
        params : RNNParams, x_t : (batch, n_x), h_prev : (batch, n_h).

    Returns
    -------
    Verdict : passed if the function returns
        h_t : (batch, n_h), y_t : (batch, n_y), cache : anything.
    """
    return judge(EXERCISES["rnn_cell_forward"], function)


def from_article(function: object) -> Verdict:
    """Judge `from_article(parameters)`: turn the article's weights, made for columns, into RNNParams, made for rows.

    Parameters
    ----------
    function : the learner's, of
        parameters : dict with Wam (n_a, m), Waa (n_a, n_a), ba (n_a, 1), Wya (n_y, n_a), by (n_y, 1).

    Returns
    -------
    Verdict : passed if the function returns
        RNNParams, or five arrays in its order.
    """
    return judge(EXERCISES["from_article"], function)


def scalar_forward(function: object) -> Verdict:
    """Judge `scalar_forward(w_x, w_h, b, xs, h0)`: run a network of one unit through a list of numbers.

    Parameters
    ----------
    function : the learner's, of
        w_x, w_h, b, h0 : float, xs : list of T floats.

    Returns
    -------
    Verdict : passed if the function returns
        h : the T states h_1 .. h_T, a list or an array.
    """
    return judge(EXERCISES["scalar_forward"], function)


def rnn_forward(function: object) -> Verdict:
    """Judge `rnn_forward(params, x, h0=None)`: run the network through a sequence; h0=None means zeros.

    Parameters
    ----------
    function : the learner's, of
        params : RNNParams, x : (time, batch, n_x), h0 : (batch, n_h) or None.

    Returns
    -------
    Verdict : passed if the function returns
        h : (time, batch, n_h), y : (time, batch, n_y), cache : anything.
    """
    return judge(EXERCISES["rnn_forward"], function)


def run_in_two(function: object) -> Verdict:
    """Judge `run_in_two(params, x, h0, cut)`: run x[:cut], then x[cut:], so that nothing changes.

    Parameters
    ----------
    function : the learner's, of
        params : RNNParams, x : (time, batch, n_x), h0 : (batch, n_h), cut : int from 1 to time - 1.

    Returns
    -------
    Verdict : passed if the function returns
        h : (time, batch, n_h).
    """
    return judge(EXERCISES["run_in_two"], function)


def cross_entropy(function: object) -> Verdict:
    """Judge `cross_entropy(logits, targets)`: compute the mean loss in nats over the targets that count.

    Parameters
    ----------
    function : the learner's, of
        logits : (..., n_y), targets : (...) integers, -100 does not count.

    Returns
    -------
    Verdict : passed if the function returns
        loss : float.
    """
    return judge(EXERCISES["cross_entropy"], function)


def logits_gradient(function: object) -> Verdict:
    """Judge `logits_gradient(logits, targets)`: compute the gradient of the mean cross-entropy.

    Parameters
    ----------
    function : the learner's, of
        logits : (..., n_y), targets : (...) integers, -100 does not count.

    Returns
    -------
    Verdict : passed if the function returns
        dlogits : (..., n_y).
    """
    return judge(EXERCISES["logits_gradient"], function)


def output_backward(function: object) -> Verdict:
    """Judge `output_backward(W_hy, h, dlogits)`: send dlogits back through `logits = h @ W_hy + b_y`.

    Parameters
    ----------
    function : the learner's, of
        W_hy : (n_h, n_y), h : (..., n_h), dlogits : (..., n_y).

    Returns
    -------
    Verdict : passed if the function returns
        dh : (..., n_h), dW_hy : (n_h, n_y), db_y : (n_y,).
    """
    return judge(EXERCISES["output_backward"], function)


def tanh_backward(function: object) -> Verdict:
    """Judge `tanh_backward(h_t, dh_t)`: send dh_t back through tanh.

    Parameters
    ----------
    function : the learner's, of
        h_t, dh_t : (batch, n_h).

    Returns
    -------
    Verdict : passed if the function returns
        dz_t : (batch, n_h).
    """
    return judge(EXERCISES["tanh_backward"], function)


def bias_gradient(function: object) -> Verdict:
    """Judge `bias_gradient(dz_t)`: compute the gradient of a bias that was added to every row.

    Parameters
    ----------
    function : the learner's, of
        dz_t : (batch, n_h).

    Returns
    -------
    Verdict : passed if the function returns
        db_h : (n_h,).
    """
    return judge(EXERCISES["bias_gradient"], function)


def rnn_cell_backward(function: object) -> Verdict:
    """Judge `rnn_cell_backward(params, cache, dh_t)`: send dh_t back through one step.

    Parameters
    ----------
    function : the learner's, of
        params : RNNParams, cache : CellCache from the package, dh_t : (batch, n_h).

    Returns
    -------
    Verdict : passed if the function returns
        dx_t, dh_prev, dW_xh, dW_hh, db_h : CellGrads or five arrays in this order.
    """
    return judge(EXERCISES["rnn_cell_backward"], function)


def step_back(function: object) -> Verdict:
    """Judge `step_back(params, h_t, dh_t, dh_carry)`: go one step back in time.

    Parameters
    ----------
    function : the learner's, of
        params : RNNParams, h_t, dh_t, dh_carry : (batch, n_h).

    Returns
    -------
    Verdict : passed if the function returns
        dz_t, and dh_carry for the step before : (batch, n_h) each.
    """
    return judge(EXERCISES["step_back"], function)


def rnn_backward(function: object) -> Verdict:
    """Judge `rnn_backward(params, cache, dh)`: backpropagate through time.

    Parameters
    ----------
    function : the learner's, of
        params : RNNParams, cache : SequenceCache from the package, dh : (time, batch, n_h).

    Returns
    -------
    Verdict : passed if the function returns
        dx, dh0, dW_xh, dW_hh, db_h : SequenceGrads or five arrays in this order.
    """
    return judge(EXERCISES["rnn_backward"], function)


def loss_and_grads(function: object) -> Verdict:
    """Judge `loss_and_grads(params, x, targets, h0=None)`: compute a sequence's loss and all gradients.

    Parameters
    ----------
    function : the learner's, of
        params : RNNParams, x : (time, batch, n_x), targets : (time, batch) integers, -100 does not count,
        h0 : (batch, n_h) or None.

    Returns
    -------
    Verdict : passed if the function returns
        loss : float, grads : RNNParams or five arrays in its order.
    """
    return judge(EXERCISES["loss_and_grads"], function)


def central_difference(function: object) -> Verdict:
    """Judge `central_difference(f, v, step)`: compute a gradient from two points for each entry of v.

    Parameters
    ----------
    function : the learner's, of
        f : a function of an array that returns a float, v : (...), step : float.

    Returns
    -------
    Verdict : passed if the function returns
        grad : (...), of the shape of v.
    """
    return judge(EXERCISES["central_difference"], function)


def only_step(function: object) -> Verdict:
    """Judge `only_step(dh, t)`: keep one step of the upstream gradients, steps counted from 1.

    Parameters
    ----------
    function : the learner's, of
        dh : (time, batch, n_h), t : int from 1 to time.

    Returns
    -------
    Verdict : passed if the function returns
        dh : (time, batch, n_h), a copy with zeros at the other steps.
    """
    return judge(EXERCISES["only_step"], function)


def mended_walk(function: object) -> Verdict:
    """Judge `mended_walk(params, cache, dh)`: what `rnn_backward` does, after the faults of notebook 07 were mended.

    Parameters
    ----------
    function : the learner's, of
        params : RNNParams, cache : SequenceCache from the package, dh : (time, batch, n_h).

    Returns
    -------
    Verdict : passed if the function returns
        dx, dh0, dW_xh, dW_hh, db_h : SequenceGrads or five arrays in this order.
    """
    return judge(EXERCISES["mended_walk"], function)


def masked_loss(function: object) -> Verdict:
    """Judge `masked_loss(nats, targets)`: take the mean cost over the targets that count.

    Parameters
    ----------
    function : the learner's, of
        nats : (time, batch) what each prediction cost, targets : (time, batch) integers, -100: does not count.

    Returns
    -------
    Verdict : passed if the function returns
        loss : float.
    """
    return judge(EXERCISES["masked_loss"], function)


def clip_by_norm(function: object) -> Verdict:
    """Judge `clip_by_norm(grads, most)`: shorten a gradient that is longer than `most`, all fields by one factor.

    Parameters
    ----------
    function : the learner's, of
        grads : RNNParams, most : float.

    Returns
    -------
    Verdict : passed if the function returns
        an RNNParams, or its five arrays as a tuple in the same order.
    """
    return judge(EXERCISES["clip_by_norm"], function)


def adam_step(function: object) -> Verdict:
    """Judge `adam_step(p, g, m, s, t, learning_rate)`: take step t of Adam, t = 1 for the first.

    Parameters
    ----------
    function : the learner's, of
        p, g, m, s : (...) parameter, gradient and the running means of g and of its square, t : int,
        learning_rate : float.

    Returns
    -------
    Verdict : passed if the function returns
        p, m, s : (...) after the step.
    """
    return judge(EXERCISES["adam_step"], function)


def sampling_step(function: object) -> Verdict:
    """Judge `sampling_step(logits, temperature, u)`: choose a token by a number u drawn evenly from 0 to 1.

    Parameters
    ----------
    function : the learner's, of
        logits : (n_y,), temperature : float of at least 0, u : float from 0 to 1.

    Returns
    -------
    Verdict : passed if the function returns
        token : int.
    """
    return judge(EXERCISES["sampling_step"], function)


def last_states(function: object) -> Verdict:
    """Judge `last_states(h, lengths)`: pick each sequence's state after its last real step.

    Parameters
    ----------
    function : the learner's, of
        h : (time, batch, n_h), lengths : (batch,) integers from 1 to time.

    Returns
    -------
    Verdict : passed if the function returns
        h_last : (batch, n_h).
    """
    return judge(EXERCISES["last_states"], function)


def head_gradients(function: object) -> Verdict:
    """Judge `head_gradients(W_hy, b_y, h_last, targets)`: send the mean distance back through the regression head.

    Parameters
    ----------
    function : the learner's, of
        W_hy : (n_h, n_y), b_y : (n_y,), h_last : (batch, n_h), targets : (batch, n_y).

    Returns
    -------
    Verdict : passed if the function returns
        dh_last : (batch, n_h), dW_hy : (n_h, n_y), db_y : (n_y,).
    """
    return judge(EXERCISES["head_gradients"], function)


def last_states_backward(function: object) -> Verdict:
    """Judge `last_states_backward(dh_last, lengths, steps)`: make the dh that backpropagation through time starts from.

    Parameters
    ----------
    function : the learner's, of
        dh_last : (batch, n_h), lengths : (batch,) integers from 1 to steps, steps : int.

    Returns
    -------
    Verdict : passed if the function returns
        dh : (steps, batch, n_h).
    """
    return judge(EXERCISES["last_states_backward"], function)


def at_ids(function: object) -> Verdict:
    """Judge `at_ids(dx, ids)`: pick from each step's gradient the entry of the letter that stood there.

    Parameters
    ----------
    function : the learner's, of
        dx : (time, batch, n_x), ids : (time, batch) integers below n_x.

    Returns
    -------
    Verdict : passed if the function returns
        at_letters : (time, batch).
    """
    return judge(EXERCISES["at_ids"], function)
