"""Wrong answers as readers of the course and of the article wrote them, each with the name that it has to get.

The article is the blog post that the course grew out of. Some of its faults no check of a function can see, because
they leave no numbers. Docstrings call da "the input data set", d_next "the next hidden layer's gradient", and x's first
axis sentences; n_x counts sentences in one function and features in another; unpacked parameters are never used; and
shapes, which are all that is printed, test nothing.
"""

import functools

import numpy as np
from learners import gradient_that_indexes_with_all_targets, output_by_einsum, whole_max

import rnn_helpers as rnn
from rnn_helpers import optim, plain
from rnn_helpers.labs.suspects import FAULTS, SUSPECTS, puzzle
from rnn_helpers.plant import plant

# --- pieces that answers are made of ---------------------------------------------------------------------------


def through_time(meet=lambda h, dh, carry: (dh + carry) * (1 - h**2), first=np.zeros_like, **pieces):
    """Make an rnn_backward as a learner writes it, from pieces."""

    def backward(params, cache, dh):
        x, states = cache
        dx, carry = np.zeros_like(x), first(dh[-1])
        dW_xh, dW_hh, db_h = (np.zeros_like(array) for array in params[:3])
        for t in pieces.get("walk", reversed)(range(len(x))):
            dz = meet(states[t + 1], dh[t], carry)
            dx[t], carry = dz @ params.W_xh.T, dz @ pieces.get("back", np.transpose)(params.W_hh)
            dW_xh, dW_hh = dW_xh + x[t].T @ dz, dW_hh + states[t + pieces.get("later", 0)].T @ dz
            db_h = db_h + dz.sum(axis=0)
        N = x.shape[0] * x.shape[1] if pieces.get("mean") else 1
        return dx, carry, dW_xh / N, dW_hh / N, db_h / N

    return backward


def without_carry(h, dh, carry):
    return dh * (1 - h**2)


def without_dh0(backward):
    def wrong(params, cache, dh):
        dx, dh0, *shared = backward(params, cache, dh)
        return dx, np.zeros_like(dh0), *shared

    return wrong


def log_sum_exp_loss(top):
    """Make a cross-entropy through log-sum-exp that subtracts top(z) from the scores."""

    def loss(logits, targets):
        counts = targets != -100
        z = logits[counts] - top(logits[counts])
        return np.mean(np.log(np.exp(z).sum(axis=-1)) - z[np.arange(len(z)), targets[counts]])

    return loss


def loss_through_a_softmax(softmax):
    """Make a loss_and_grads whose loss and gradient go through this softmax."""

    def answer(params, x, targets, h0=None):
        h, _, cache = rnn.rnn_forward(params, x, h0)
        counts = targets != -100
        y = softmax(h @ params.W_hy + params.b_y)
        d = (y - (targets[..., None] == np.arange(y.shape[-1]))) * counts[..., None] / counts.sum()
        rows = d.reshape(-1, d.shape[-1])
        back = through_time()(params, cache, d @ params.W_hy.T)
        grads = (*back[2:], h.reshape(-1, h.shape[-1]).T @ rows, rows.sum(axis=0))
        return -np.log(y[counts, targets[counts]]).mean(), grads

    return answer


def forward_that_skips(first, last):
    """Fill an array of zeros, and leave out a step at one end."""

    def forward(params, x, h0=None):
        h_t = np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0
        h = np.zeros((len(x), *h_t.shape))
        for t in range(first, len(x) - last):
            h[t] = h_t = np.tanh(x[t] @ params.W_xh + h_t @ params.W_hh + params.b_h)
        return h, rnn.softmax(h @ params.W_hy + params.b_y), None

    return forward


def network(backward, loss=rnn.cross_entropy, gradient=plain.logits_gradient):
    """Make a loss_and_grads from a walk back, a loss and its gradient."""

    def answer(params, x, targets, h0=None):
        h, _, cache = rnn.rnn_forward(params, x, h0)
        logits = h @ params.W_hy + params.b_y
        dh, *out = output_by_einsum(params.W_hy, h, gradient(logits, targets))
        return loss(logits, targets), (*backward(params, cache, dh)[2:], *out)

    return answer


def gradient_of_the_sum(logits, targets):
    return plain.logits_gradient(logits, targets) * (targets >= 0).sum()


def with_one_field(name, field, change):
    """Change one of the plain answer's gradients."""

    def answer(*arguments):
        right = getattr(plain, name)(*arguments)
        loss, grads = right if name == "loss_and_grads" else (None, right)
        grads = grads._replace(**{field: change(getattr(grads, field))})
        return grads if loss is None else (loss, grads)

    return answer


def zeros_for_none(params, x, h0):
    return np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0


# --- what readers wrote -----------------------------------------------------------------------------------------


def states_from_index_minus_one(params, x, h0=None):
    """Fill an array of zeros, reading h[t - 1]: at t = 0 that is the last row, still zero."""
    h = np.zeros((*x.shape[:2], len(params.b_h)))
    for t in range(len(x)):
        h[t] = np.tanh(x[t] @ params.W_xh + h[t - 1] @ params.W_hh + params.b_h)
    return h, rnn.softmax(h @ params.W_hy + params.b_y), None


def returns_inside_the_loop(w_x, w_h, b, xs, h0):
    states, h = [], h0
    for x in xs:
        h = np.tanh(w_x * x + w_h * h + b)
        states.append(h)
        return states


def starts_its_list_from_zero(w_x, w_h, b, xs, h0):
    states = [0.0]
    for x in xs:
        states.append(np.tanh(w_x * x + w_h * states[-1] + b))
    return states


def loss_of_probabilities(params, x, targets, h0=None):
    h, y, cache = rnn.rnn_forward(params, x, h0)
    loss, dlogits = rnn.cross_entropy_and_grad(y, targets)
    out = rnn.output_backward(params.W_hy, h, dlogits)
    back = rnn.rnn_backward(params, cache, out.h)
    return loss, rnn.RNNParams(back.W_xh, back.W_hh, back.b_h, out.W_hy, out.b_y)


def gradients_of_probabilities(*arguments):
    return rnn.loss_and_grads(*arguments)[0], loss_of_probabilities(*arguments)[1]


def returned_inside_the_loop(f, v, step):
    grad = np.zeros_like(v)
    for index in np.ndindex(v.shape):
        ahead, behind = v.copy(), v.copy()
        ahead[index] += step
        behind[index] -= step
        grad[index] = (f(ahead) - f(behind)) / (2 * step)
        return grad


def each_entry(formula):
    """Apply a formula to each entry moved alone; it gets f at an array and the entry's move."""

    def differences(f, v, step):
        moves = np.eye(v.size).reshape(v.size, *v.shape)
        return np.array([formula(lambda s, move=move: f(v + s * move), step) for move in moves]).reshape(v.shape)

    return differences


def without_a_copy(dh, t):
    dh[: t - 1] = 0
    dh[t:] = 0
    return dh


def clip_in_place(grads, most):
    norm = optim.global_norm(grads)
    for g in grads:
        g *= min(1, most / norm)
    return grads


def adam_in_place(p, g, m, s, t, learning_rate):
    m *= 0.9
    m += 0.1 * g
    s *= 0.999
    s += 0.001 * g**2
    return p - learning_rate * m / (1 - 0.9**t) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8), m, s


def clip_by_the_norm_of_all_at_once(grads, most):
    norm = np.linalg.norm(grads)
    return rnn.RNNParams(*(g * min(1, most / norm) for g in grads))


def frozen_by(choice):
    """Make a sampling step that takes choice(logits) at temperature 0."""

    def step(logits, temperature, u):
        return choice(logits) if temperature == 0 else plain.sampling_step(logits, temperature, u)

    return step


def last_states_backward_in_place(dh_last, lengths, steps):
    dh_last /= len(dh_last)
    return plain.last_states_backward(dh_last, lengths, steps)


def back_to_whole_steps(dh_last, lengths, steps):
    dh = np.zeros((steps, *dh_last.shape))
    dh[lengths - 1] = dh_last
    return dh


SUSPECTS_ARE = {
    "upstream_forgotten": "upstream_forgotten",
    "dropped_carry": "dropped_carry",
    "not_transposed": "W_hh_not_transposed",
    "new_state": "h_t_for_h_prev",
    "wrap_around": "wrap_around",
    "in_place": "changed_input",
}


# The exercise, an answer, and the name of its mistake; None where an answer has only to be refused.
def mean_probability(logits, targets):
    counts = targets >= 0
    return np.mean(rnn.softmax(logits)[counts, targets[counts]])


def softmax_in_a_wider_float(z):
    e = np.exp(z.astype(np.longdouble))
    return (e / e.sum(axis=-1, keepdims=True)).astype(float)


def clipped_to_length_5(*arguments):
    loss, grads = plain.loss_and_grads(*arguments)
    return loss, optim.clip_by_norm(grads, 5.0)


def through_ten_steps(params, cache, dh):
    """Send each step's gradient ten steps back and no further."""
    grads = [np.zeros_like(g) for g in plain.rnn_backward(params, cache, dh)]
    for t in range(len(dh)):
        start, alone = max(0, t - 9), plain.only_step(dh, t + 1)[: t + 1]
        near = rnn.SequenceCache(cache.x[start : t + 1], cache.states[start : t + 2])
        back = plain.rnn_backward(params, near, alone[start:])
        grads[0][start : t + 1] += back.x
        grads[1:] = [total + g for total, g in zip(grads[1:], (back.h0 if start == 0 else 0, *back[2:]), strict=True)]
    return grads


def draws_without_maximum(logits, temperature, u, otherwise=None):
    """Walk the line as most do; NaN lies in nobody's part."""
    if temperature == 0:
        return int(np.argmax(logits))
    p = np.exp(logits / temperature)
    end = 0
    for token, part in enumerate(p / p.sum()):
        end += part
        if u < end:
            return token
    return otherwise


def grows_on(W_hh, h, change):
    """Measure a change that is never made 1 long again."""
    logs = []
    for h_t in h:
        moved = change @ (W_hh * (1 - h_t**2))
        logs.append(np.log(np.linalg.norm(moved) / np.linalg.norm(change)))
        change = moved
    return logs


def grows_in_the_product(W_hh, h, change):
    """Multiply all Jacobians first."""
    lengths, P = [np.linalg.norm(change)], np.eye(len(W_hh))
    for h_t in h:
        P = P @ (W_hh * (1 - h_t**2))
        lengths.append(np.linalg.norm(change @ P))
    return np.log(np.array(lengths[1:]) / lengths[:-1])


def gradient_from_the_end(W_hh, h, change):
    """Walk as backpropagation does."""
    logs, dh = [], change / np.linalg.norm(change)
    for h_t in h[::-1]:
        dh = (dh * (1 - h_t**2)) @ W_hh.T
        logs.append(np.log(np.linalg.norm(dh)))
        dh = dh / np.linalg.norm(dh)
    return logs


def asks_at_every_step(symbols, between):
    ids = np.vstack([symbols, between + 4, np.full_like(symbols, 8)])
    return ids, np.tile(symbols, (len(ids), 1))


def asks_with_zeros_elsewhere(symbols, between):
    ids = np.vstack([symbols, between + 4, np.full_like(symbols, 8)])
    targets = np.zeros_like(ids)
    targets[-1] = symbols
    return ids, targets


def reads_where_it_was_fitted(h, u, lags):
    """Use one half alone."""
    curve, known = [], np.c_[h, np.ones(len(h))][lags:]
    half = len(known) // 2
    for k in range(lags):
        past = np.roll(u, k)[lags:][:half]
        w, *_ = np.linalg.lstsq(known[:half], past, rcond=None)
        curve.append(max(0.0, 1 - np.mean((past - known[:half] @ w) ** 2) / np.var(past)))
    return curve


def reads_one_step_further_back(h, u, lags):
    curve, known = [], np.c_[h, np.ones(len(h))][lags:]
    half = len(known) // 2
    for k in range(1, lags + 1):
        past = np.roll(u, k)[lags:]
        w, *_ = np.linalg.lstsq(known[:half], past[:half], rcond=None)
        curve.append(max(0.0, 1 - np.mean((past[half:] - known[half:] @ w) ** 2) / np.var(past[half:])))
    return np.array(curve)


def arrives_before_the_first_step(params, ids, dh_last):
    """Take what rnn_backward calls h0's."""
    h, _, cache = rnn.rnn_forward(params, ids)
    dh = np.zeros_like(h)
    dh[-1] = dh_last
    return np.linalg.norm(rnn.rnn_backward(params, cache, dh).h0) / np.linalg.norm(dh_last)


def arrives_from_every_step(params, ids, dh_last):
    h, _, _ = rnn.rnn_forward(params, ids)
    dh = dh_last
    for t in range(len(h) - 1, 0, -1):
        dh = (dh * (1 - h[t] ** 2)) @ params.W_hh.T + dh_last
    return np.linalg.norm(dh) / np.linalg.norm(dh_last)


def over_its_own_input(params, x, h0):
    """Write the states over what was computed before the loop; the first one is not squashed."""
    h = x @ params.W_xh + params.b_h
    h[0] += h0 @ params.W_hh
    for t in range(1, len(x)):
        h[t] = np.tanh(h[t] + h[t - 1] @ params.W_hh)
    return h


def bias_in_and_before_the_loop(params, x, h0):
    before, h, h_t = np.dot(x, params.W_xh) + params.b_h, [], h0
    for t in range(x.shape[0]):
        h_t = np.tanh(before[t] + np.dot(h_t, params.W_hh) + params.b_h)
        h.append(h_t)
    return np.stack(h)


def last_step_stays(states, dz):
    for h_prev, dz_t in zip(states[:-1], dz, strict=True):
        dW_hh = h_prev.T @ dz_t
    return dW_hh


def in_pieces(carry_to=-1, starts_at=0, keeps=True, multiplied=False):
    """Return a checkpointed pass with one thing done otherwise."""

    def checkpointed(params, x, dh, every):
        steps, batch, _ = x.shape
        h, kept = np.zeros((batch, len(params.b_h))), []
        for t in range(steps):
            if t % every == 0:
                kept.append(h)
            h = np.tanh(x[t] @ params.W_xh + h @ params.W_hh + params.b_h)
            if t % every == 0 and starts_at == 1:
                kept[-1] = h
        dx, carry, sums = np.zeros_like(x), np.zeros_like(h), [0, 0, 0]
        for i in range(len(kept) - 1, -1, -1):
            here = slice(i * every, min((i + 1) * every, steps))
            cache = rnn.rnn_forward(params, x[here], kept[i] if keeps else None)[2]
            d = dh[here].copy()
            d[carry_to] += carry
            grads = rnn.rnn_backward(params, cache, d)
            carry = grads.h0 @ params.W_hh.T if multiplied else grads.h0
            dx[here], sums = grads.x, [a + b for a, b in zip(sums, grads[2:], strict=True)]
        return dx, carry, *sums

    return checkpointed


READERS_WROTE = [
    ("no_memory_loss", lambda lag, symbols, payload: np.log(symbols) * payload / (payload + lag), "payload_once"),
    ("no_memory_loss", lambda lag, symbols, payload: payload * np.log(symbols), "not_divided"),
    ("recall_batch", asks_at_every_step, "every_step"),
    ("recall_batch", asks_with_zeros_elsewhere, "zeros_count"),
    ("memory_curve", reads_where_it_was_fitted, "tested_where_fitted"),
    ("memory_curve", reads_one_step_further_back, "one_lag_off"),
    ("arriving", arrives_before_the_first_step, "to_h0"),
    ("arriving", arrives_from_every_step, "every_step"),
    ("input_first", over_its_own_input, "first_step_no_tanh"),
    ("input_first", bias_in_and_before_the_loop, "bias_twice"),
    ("weight_gradient", last_step_stays, "last_step_only"),
    ("weight_gradient", lambda states, dz: np.einsum("tbi,tbj->ji", states[:-1], dz), "transposed"),
    ("checkpointed", in_pieces(carry_to=0), "carry_at_first_step"),
    ("checkpointed", in_pieces(starts_at=1), "one_step_late"),
    ("checkpointed", in_pieces(keeps=False), "from_zeros"),
    ("checkpointed", in_pieces(multiplied=True), "carry_multiplied_twice"),
    ("step_jacobian", lambda W_hh, h_t: np.diag(1 - h_t**2) @ W_hh, "slopes_on_rows"),
    ("step_jacobian", lambda W_hh, h_t: (1 - h_t**2) * W_hh.T, "W_hh_transposed"),
    ("growth", grows_on, "not_renormalised"),
    ("growth", grows_in_the_product, "not_renormalised"),
    ("growth", gradient_from_the_end, "gradient_back"),
    ("spectral_radius", lambda W: np.linalg.eigvals(W).max(), "wrong_dtype"),
    ("spectral_radius", lambda W: np.linalg.svd(W)[1][0], "largest_singular_value"),
    ("orthogonal", lambda normal: np.linalg.qr(normal)[0], "signs_left"),
    ("orthogonal", lambda normal: np.linalg.svd(normal)[0], "left_singular"),
    ("scalar_forward", returns_inside_the_loop, "first_step_only"),
    ("scalar_forward", lambda *arguments: returns_inside_the_loop(*arguments)[0], "first_step_only"),
    ("scalar_forward", starts_its_list_from_zero, "zero_before_states"),
    ("scalar_forward", lambda *arguments: [0.0, *plain.scalar_forward(*arguments)], "zero_before_states"),
    ("loss_and_grads", loss_of_probabilities, "softmax_twice"),
    ("loss_and_grads", gradients_of_probabilities, "dlogits_softmax_twice"),
    ("one_hot", lambda ids, n_x: np.isin(np.arange(n_x), ids) * np.ones((*ids.shape, 1)), "all_ids_in_every_row"),
    ("rnn_forward", lambda p, x, h0=None: rnn.rnn_forward(p, x[:1], h0), "first_step_only"),
    ("rnn_forward", lambda p, x, h0=None: rnn.rnn_cell_forward(p, x[0], zeros_for_none(p, x, h0)), "first_step_only"),
    ("rnn_forward", forward_that_skips(1, 0), "first_step_missing"),
    ("rnn_forward", forward_that_skips(0, 1), "last_step_missing"),
    ("rnn_backward", through_time(walk=lambda steps: reversed(steps[1:])), "first_step_missing"),
    ("rnn_backward", through_time(walk=lambda steps: reversed(steps[:-1])), "last_step_missing"),
    ("cross_entropy", lambda z, k: np.exp(rnn.cross_entropy(z, k)), "perplexity"),
    ("cross_entropy", lambda z, k: -mean_probability(z, k), "no_logarithm"),
    (
        "loss_and_grads",
        network(through_time(), mean_probability),
        "no_logarithm",
    ),
    ("cross_entropy", log_sum_exp_loss(lambda z: np.maximum(0, z.max(axis=-1, keepdims=True))), "maximum_from_zero"),
    ("tanh_slope", lambda h: 1 / (1 - h**2), "inverted"),
    ("rnn_backward", through_time(lambda h, dh, carry: (dh + carry) / (1 - h**2)), "divided"),
    # What is cut inside an answer shows where gradients are large, or the sequence is long.
    ("step_back", lambda *a: tuple(np.clip(d, -5, 5) for d in plain.step_back(*a)), "cut_off"),
    ("rnn_backward", lambda *a: tuple(np.clip(g, -10, 10) for g in plain.rnn_backward(*a)), "cut_off"),
    ("loss_and_grads", clipped_to_length_5, "shortened"),
    ("rnn_backward", through_ten_steps, "truncated"),
    ("softmax", softmax_in_a_wider_float, None),  # unknown, or no_maximum where long doubles are doubles
    ("tanh_backward", lambda h_t, dh_t: dh_t - h_t**2, "no_brackets"),
    ("rnn_cell_backward", with_one_field("rnn_cell_backward", "h_prev", np.zeros_like), "dh_prev_zeros"),
    ("rnn_backward", with_one_field("rnn_backward", "W_hh", np.transpose), "dW_hh_transposed"),
    ("loss_and_grads", with_one_field("loss_and_grads", "W_hh", np.zeros_like), "dW_hh_zeros"),
    ("loss_and_grads", network(through_time(without_carry, later=1)), "dropped_carry_and_h_t_for_h_prev"),
    (
        "loss_and_grads",
        network(through_time(without_carry), gradient=gradient_of_the_sum),
        "dropped_carry_and_gradients_not_averaged",
    ),
    ("softmax", lambda z: np.exp(z) / np.exp(z).sum(axis=-1), "lost_axis"),
    ("rnn_forward", states_from_index_minus_one, "h0_ignored"),
    ("rnn_backward", lambda *arguments: rnn.rnn_backward(*arguments)[1:], "no_dx"),
    ("loss_and_grads", loss_through_a_softmax(whole_max), "whole_array_max"),
    ("loss_and_grads", loss_through_a_softmax(lambda z: np.exp(z) / np.exp(z).sum(-1)[..., None]), "no_maximum"),
    ("loss_and_grads", loss_through_a_softmax(rnn.softmax), "log_of_zero"),
    ("softmax_backward", lambda y, dy: y * (dy - (y * dy).sum(axis=1, keepdims=True)), "axis_1"),
    ("softmax_backward", lambda y, dy: y * (dy - dy.mean(axis=-1, keepdims=True)), "mean_of_dy"),
    ("cross_entropy", log_sum_exp_loss(lambda z: 0), "no_maximum"),
    ("cross_entropy", log_sum_exp_loss(np.max), "whole_array_max"),
    ("logits_gradient", gradient_that_indexes_with_all_targets, "ignored_counted"),
    ("rnn_backward", through_time(first=np.copy), "carry_starts_at_dh"),
    ("rnn_backward", through_time(without_carry, later=1), "dropped_carry_and_h_t_for_h_prev"),
    ("rnn_backward", without_dh0(through_time(without_carry)), "dropped_carry"),
    ("rnn_backward", without_dh0(through_time(without_carry, later=1)), "h_t_for_h_prev_and_dropped_carry"),
    (
        "rnn_backward",
        without_dh0(through_time(lambda h, dh, carry: 1 - h**2)),
        "upstream_forgotten_and_dropped_carry",
    ),
    ("rnn_backward", through_time(back=np.copy, mean=True), "W_hh_not_transposed_and_averaged"),
    ("rnn_backward", through_time(without_carry, back=np.copy), "dropped_carry_and_W_hh_not_transposed"),
    ("only_step", without_a_copy, "changed_input"),
    ("only_step", lambda dh, t: dh[t], "raised"),
    ("central_difference", lambda f, v, step: (f(v + step) - f(v - step)) / (2 * step), "wrong_shape"),
    ("central_difference", returned_inside_the_loop, "first_only"),
    ("central_difference", each_entry(lambda f, s: f(s) - f(-s) / (2 * s)), "divided_behind"),
    ("central_difference", each_entry(lambda f, s: (f(s / 2) - f(-s / 2)) / s), "half_step"),
    ("mended_walk", puzzle, "squashed_again_and_bias_mean"),
    ("mended_walk", plant(puzzle, "np.tanh(h[t])", "h[t]"), "bias_mean"),
    ("mended_walk", plant(puzzle, "mean", "sum"), "squashed_again"),
    *(("mended_walk", SUSPECTS[s], SUSPECTS_ARE[fault]) for s, fault in zip(SUSPECTS, FAULTS, strict=True)),
    ("sampling_step", draws_without_maximum, "no_maximum"),
    ("sampling_step", functools.partial(draws_without_maximum, otherwise=2), "no_maximum"),
    ("sampling_step", frozen_by(max), "value_for_place"),
    ("sampling_step", frozen_by(lambda logits: int(max(logits))), "value_for_place"),
    ("sampling_step", lambda logits, temperature, u: max(logits), "value_for_place"),
    ("clip_by_norm", clip_by_the_norm_of_all_at_once, "raised"),
    ("masked_loss", lambda nats, targets: np.mean(nats * (targets != -100)), "divided_by_all"),
    ("masked_loss", lambda nats, targets: nats[targets != 0].mean(), None),
    ("clip_by_norm", clip_in_place, "changed_input"),
    ("clip_by_norm", lambda grads, most: rnn.RNNParams(*(g / optim.global_norm(grads) for g in grads)), None),
    ("adam_step", adam_in_place, "changed_input"),
    ("sampling_step", lambda logits, temperature, u: rnn.softmax(logits / max(temperature, 1e-9)), "wrong_shape"),
    ("last_states", lambda h, lengths: h[-1], "last_of_the_array"),
    ("last_states", lambda h, lengths: [h[k - 1, n] for n, k in enumerate(lengths)], "list_not_array"),
    ("last_states", lambda h, lengths: h[lengths - 1, :], "no_batch_index"),
    ("last_states", lambda h, lengths: h[lengths - 1][:, 0], "first_row_for_all"),
    ("last_states_backward", last_states_backward_in_place, "changed_input"),
    ("last_states_backward", lambda dh, lengths, steps: [dh] * steps, "list_not_array"),
    ("last_states_backward", back_to_whole_steps, "no_batch_index"),
    ("at_ids", lambda dx, ids: dx[:, :, ids[0, 0]], "unknown"),
    ("head_gradients", lambda W, b, h, t: rnn.output_backward(W, h, np.sign(h @ W + b - t) / len(h)), "signs_only"),
]

# --- what the article does -------------------------------------------------------------------------------------


def article_softmax(a):
    e_x = np.exp(a - np.max(a))
    return e_x / e_x.sum(axis=0)


def columns(a):
    e_x = np.exp(a - np.max(a, axis=0))
    return e_x / e_x.sum(axis=0)


def one_row_for_all(a):
    """What the docstring of its softmax promises: a single vector."""
    e_x = np.exp(a - np.max(a))
    return e_x / e_x.sum()


def article_cell(params, x_t, h_prev):
    """The article's cell on rows turned into columns, and handed back as it is."""
    W_xh, W_hh, b_h, W_hy, b_y = (array.T for array in params)
    a_now = np.tanh(np.dot(W_xh, x_t.T) + np.dot(W_hh, h_prev.T) + b_h[:, None])
    return a_now, rnn.softmax((W_hy @ a_now + b_y[:, None]).T).T, (a_now, h_prev, x_t, params)


def article_forward(params, x, a0=None):
    """The article's loop, in rows; the states come without a0, and the cache comes first."""
    cache, a_lit = [], np.zeros((x.shape[1], len(params.b_h))) if a0 is None else a0
    a, y = [], []
    for x_t in x:
        a_tmp, y_tmp, che = rnn.rnn_cell_forward(params, x_t, a_lit)
        a_lit = a_tmp
        a.append(a_tmp)
        y.append(y_tmp)
        cache.append(che)
    return cache, np.array(a), np.array(y)


def sentences_first(params, x, h0=None):
    """Its docstring's order of the axes: sentences, words, features."""
    h, y, cache = rnn.rnn_forward(params, x, h0)
    return h.swapaxes(0, 1), y.swapaxes(0, 1), cache


def article_step_back(d_next, cache, params):
    """The article's backward step, line by line, in rows."""
    z = 1 - cache.h_t * cache.h_t
    dWam, dWaa, dba = np.dot(cache.x_t.T, z), np.dot(cache.h_prev.T, z), np.sum(z, axis=0)
    return {"da_former": np.dot(z, params.W_hh.T), "dwam": dWam, "dwaa": dWaa, "dba": dba, "dx_t": z}


def article_cell_backward(params, cache, dh_t):
    g = article_step_back(dh_t, cache, params)
    return g["dx_t"], g["da_former"], g["dwam"], g["dwaa"], g["dba"]


def article_backward(params, cache, dh):
    """The article's loop: dx is never kept."""
    dwam, dwaa, dba = (np.zeros_like(array) for array in params[:3])
    da_pre = np.zeros((1, len(params.b_h)))
    for t in reversed(range(len(dh))):
        step = rnn.CellCache(cache.x[t], cache.states[t], cache.states[t + 1])
        g = article_step_back(dh[t] + da_pre, step, params)
        da_pre = g["da_former"]
        dwam, dwaa, dba = dwam + g["dwam"], dwaa + g["dwaa"], dba + g["dba"]
    return da_pre, dwam, dwaa, dba


def without_upstream(params, cache, dh_t):
    return rnn.rnn_cell_backward(params, cache, np.ones_like(dh_t))


def slope_as_dx(params, cache, dh_t):
    dz_t = dh_t * (1 - cache.h_t * cache.h_t)
    return rnn.rnn_cell_backward(params, cache, dh_t)._replace(x_t=dz_t)


def bias_as_column(params, cache, dh_t):
    grads = rnn.rnn_cell_backward(params, cache, dh_t)
    return grads._replace(b_h=grads.b_h[:, None])


def in_a_dict(params, cache, dh_t):
    return rnn.rnn_cell_backward(params, cache, dh_t)._asdict()


def asks_for_a_name_of_another_function(params, cache, dh):
    gradients = {"dwam": np.zeros_like(params.W_xh)}
    return gradients["dWam"]


def prints(params, cache, dh_t):
    print(len(cache))
    print("dWax shape ", params.W_xh.shape)
    return rnn.rnn_cell_backward(params, cache, dh_t)


def without_the_output_layer(params, x, targets, h0=None):
    loss, grads = rnn.loss_and_grads(params, x, targets, h0)
    return loss, grads[:3]


def random_upstream(params, cache, dh):
    return rnn.rnn_backward(params, cache, np.random.default_rng().standard_normal(dh.shape))


caches = rnn.rnn_forward(rnn.init_params(np.random.default_rng(0), 5, 4, 6), np.ones((3, 2, 5)))[2]  # an earlier cell's
ba = np.ones(4)


def with_the_cache_of_an_earlier_cell(params, cache, dh):
    return rnn.rnn_backward(params, caches, dh[:3, :2])


def with_the_bias_of_an_earlier_cell(params, x_t, h_prev):
    return x_t @ params.W_xh + h_prev @ params.W_hh + ba


def reads(variable):
    return f"It reads {variable}: a variable of the notebook, left over from another cell, no argument"


# What the article does: the exercise, an answer that does it, the mistake's name, a part of what is said.
THE_ARTICLE_DOES = {
    "softmax: one maximum for the whole array": ("softmax", whole_max, "whole_array_max", "underflow"),
    "softmax: the columns sum to one": ("softmax", columns, "columns", "axis 0 is not the axis of the scores here"),
    "softmax: both at once": ("softmax", article_softmax, "article_softmax", "as the article does for its columns"),
    "softmax: said to be for one vector": ("softmax", one_row_for_all, "one_row_for_all", "each row has a maximum"),
    "cell: samples are columns": ("rnn_cell_forward", article_cell, "article_layout", "one sample is one row"),
    "cell: biases are columns": (
        "from_article",
        lambda p: (p["Wam"].T, p["Waa"].T, p["ba"], p["Wya"].T, p["by"]),
        "biases_not_flat",
        "(4, 1)",
    ),
    "forward: the cache comes first": ("rnn_forward", article_forward, "cache_first", "it comes last here"),
    "forward: the axes as its docstring has them": ("rnn_forward", sentences_first, "time_and_batch_swapped", "first"),
    "back: the upstream gradient is not used": ("rnn_cell_backward", without_upstream, "upstream_forgotten", "passed"),
    "back: the slope itself is dx": ("rnn_cell_backward", slope_as_dx, "dx_is_dz", "W_xh lies between"),
    "back: both at once": (
        "rnn_cell_backward",
        article_cell_backward,
        "article_backward",
        "does what the article does",
    ),
    "back: dx is not among what is returned": (
        "rnn_cell_backward",
        lambda *arguments: article_cell_backward(*arguments)[1:],
        "article_backward",
        "returns no dx_t",
    ),
    "back: db is a column": ("rnn_cell_backward", bias_as_column, "bias_column", "as the article does"),
    "back: the gradients in a dict": (
        "rnn_cell_backward",
        in_a_dict,
        "wrong_count",
        "returns a dict, expected 5 things in this order, without keys: dx_t, dh_prev, dW_xh",
    ),
    "back: dwam here and dWam there": (
        "rnn_backward",
        asks_for_a_name_of_another_function,
        "raised",
        ". There gradients has 'dwam': upper and lower case count.",
    ),
    "through time: dx is not kept": ("rnn_backward", article_backward, "article_backward", "returns no dx"),
    "through time: with another cell's cache": (
        "rnn_backward",
        with_the_cache_of_an_earlier_cell,
        "raised",
        reads("caches"),
    ),
    "through time: da is drawn at random": ("rnn_backward", random_upstream, "changing", "it draws random numbers"),
    "another cell's bias": ("pre_activation", with_the_bias_of_an_earlier_cell, "raised", reads("ba")),
    "no loss, and no gradient of Wya and by": (
        "loss_and_grads",
        without_the_output_layer,
        "output_gradients_missing",
        "W_hy and b_y",
    ),
    "prints from inside": ("rnn_cell_backward", prints, None, "(It printed 12 lines, not shown here.)"),
}
