"""Right answers to the exercises, written otherwise than on the plain page: each has to pass."""

import functools
from collections import Counter
from itertools import pairwise

import numpy as np
from learners import output_by_einsum, scalar_list

import rnn_helpers as rnn
from rnn_helpers import dynamics, optim, plain


def softmax_row_by_row(z):
    rows = [np.exp(row - max(row)) / sum(np.exp(row - max(row))) for row in z.reshape(-1, z.shape[-1])]
    return np.array(rows).reshape(z.shape)


def softmax_through_logarithms(z):
    z = z - z.max(-1)[..., None]
    return np.exp(z - np.log(np.einsum("...i->...", np.exp(z)))[..., None])


def softmax_in_place_on_a_copy(z):
    z = z.copy()
    z -= z.max(axis=-1, keepdims=True)
    np.exp(z, out=z)
    z /= z.sum(axis=-1, keepdims=True)
    return z


def softmax_backward_by_jacobians(y, dy):
    jacobians = np.einsum("...i,ij->...ij", y, np.eye(y.shape[-1])) - y[..., :, None] * y[..., None, :]
    return np.einsum("...ij,...j->...i", jacobians, dy)


class SoftmaxObject:
    def __call__(self, z):
        return rnn.softmax(z)


def cell_in_columns(params, x_t, h_prev):
    W_xh, W_hh, b_h, W_hy, b_y = (array.T for array in params)
    h_t = np.tanh(np.dot(W_xh, x_t.T) + np.dot(W_hh, h_prev.T) + b_h[:, None])
    scores = W_hy @ h_t + b_y[:, None]
    e = np.exp(scores - scores.max(axis=0))
    return h_t.T, (e / e.sum(axis=0)).T, {"anything": lambda: None}


def cell_with_one_matrix(params, x_t, h_prev):
    both = np.hstack([x_t, h_prev]) @ np.vstack([params.W_xh, params.W_hh])
    h_t = np.tanh(both + params.b_h)
    return [h_t, rnn.softmax(np.einsum("bh,hy->by", h_t, params.W_hy) + params.b_y), None]


def article_by_einsum(p):
    return (*(np.einsum("ij->ji", p[key]) for key in ("Wam", "Waa")), p["ba"][:, 0], p["Wya"].T.copy(), p["by"].ravel())


def scalar_by_recursion(w_x, w_h, b, xs, h0):
    h = np.tanh(w_x * xs[0] + w_h * h0 + b)
    return [h, *(scalar_by_recursion(w_x, w_h, b, xs[1:], h) if len(xs) > 1 else [])]


def forward_sample_by_sample(params, x, h0=None):
    h0 = np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0
    runs = [rnn.rnn_forward(params, x[:, [i]], h0[[i]])[:2] for i in range(x.shape[1])]
    return (*(np.concatenate(arrays, axis=1) for arrays in zip(*runs, strict=True)), runs)


def forward_step_by_step(params, x, h0=None):
    h_t = np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0
    h, y, caches = np.empty((*x.shape[:2], len(params.b_h))), [], []
    for t in range(len(x)):
        h_t, y_t, cache = rnn.rnn_cell_forward(params, x[t], h_t)
        h[t] = h_t
        y.append(y_t)
        caches.append(cache)
    return h, np.array(y), caches


def forward_in_an_array_of_float64(params, x, h0=None):
    h = np.zeros((len(x) + 1, x.shape[1], len(params.b_h)))
    h[0] = 0 if h0 is None else h0
    for t, x_t in enumerate(x):
        h[t + 1] = np.tanh(np.dot(x_t, params.W_xh) + np.dot(h[t], params.W_hh) + params.b_h)
    return h[1:], softmax_row_by_row(h[1:] @ params.W_hy + params.b_y), h


def loss_place_by_place(logits, targets):
    costs = []
    for place in np.ndindex(targets.shape):
        if targets[place] != -100:
            z = logits[place] - logits[place].max()
            costs.append(np.log(np.exp(z).sum()) - z[targets[place]])
    return np.mean(costs)


def gradient_place_by_place(logits, targets):
    dlogits, N = np.zeros_like(logits), np.count_nonzero(targets != -100)
    for place in np.ndindex(targets.shape):
        if targets[place] != -100:
            dlogits[place] = rnn.softmax(logits[place]) / N
            dlogits[(*place, targets[place])] -= 1 / N
    return dlogits


def tanh_backward_in_place_on_a_copy(h_t, dh_t):
    dz_t = h_t.copy()
    np.multiply(dz_t, dz_t, out=dz_t)
    np.subtract(1, dz_t, out=dz_t)
    dz_t *= dh_t
    return dz_t


def cell_back_in_columns(params, cache, dh_t):
    x_t, h_prev, h_t = (array.T for array in cache)
    dz_t = dh_t.T * (1 - h_t * h_t)
    return (params.W_xh @ dz_t).T, (params.W_hh @ dz_t).T, (dz_t @ x_t.T).T, (dz_t @ h_prev.T).T, dz_t.sum(axis=1)


def cell_back_sample_by_sample(params, cache, dh_t):
    dx_t, dh_prev, dW_xh, dW_hh, db_h = (np.zeros_like(a) for a in (cache.x_t, cache.h_prev, *params[:3]))
    for i in range(len(dh_t)):
        dz = dh_t[i] / np.cosh(np.arctanh(cache.h_t[i])) ** 2
        dx_t[i], dh_prev[i] = params.W_xh @ dz, params.W_hh @ dz
        dW_xh += np.outer(cache.x_t[i], dz)
        dW_hh += np.outer(cache.h_prev[i], dz)
        db_h += dz
    return [dx_t, dh_prev, dW_xh, dW_hh, db_h]


def cell_back_by_complex_steps(params, cache, dh_t):
    """Differentiate the step itself, from what the cache holds."""
    arrays = [cache.x_t, cache.h_prev, *params[:3]]
    grads = [np.zeros_like(a) for a in arrays]
    for grad, array in zip(grads, arrays, strict=True):
        for index in np.ndindex(array.shape):
            moved = array.astype(complex)
            moved[index] += 1e-30j
            x_t, h_prev, W_xh, W_hh, b_h = (moved if other is array else other for other in arrays)
            grad[index] = (dh_t * np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)).sum().imag / 1e-30
    return grads


def back_step_by_step(params, cache, dh):
    x, states = cache
    dx, carry = np.empty_like(x), np.zeros_like(states[0])
    shared = [np.zeros_like(array) for array in params[:3]]
    for t in range(len(x) - 1, -1, -1):
        step = rnn.rnn_cell_backward(params, rnn.CellCache(x[t], states[t], states[t + 1]), dh[t] + carry)
        dx[t], carry = step.x_t, step.h_prev
        shared = [total + grad for total, grad in zip(shared, step[2:], strict=True)]
    return dx, carry, *shared


def back_with_a_carry_that_is_broadcast(params, cache, dh):
    """Start from a carry of one row, as the article does from one column: zeros are the same for all."""
    dx, carry, shared = np.empty_like(cache.x), np.zeros((1, dh.shape[-1])), [0.0, 0.0, 0.0]
    for t in range(len(dh))[::-1]:
        dz = np.multiply(dh[t] + carry, 1 - np.square(cache.states[t + 1]))
        dx[t], carry = np.einsum("bh,xh->bx", dz, params.W_xh), np.einsum("bi,ji->bj", dz, params.W_hh)
        grads = np.einsum("bx,bh->xh", cache.x[t], dz), np.einsum("bi,bj->ij", cache.states[t], dz), dz.sum(0)
        shared = [total + grad for total, grad in zip(shared, grads, strict=True)]
    return [dx, carry, *shared]


def back_from_each_output(params, cache, dh):
    """Follow each step's gradient to the start by itself, and add up at the end."""
    totals = [np.zeros_like(a) for a in (cache.x, cache.states[0], *params[:3])]
    for t in range(len(dh)):
        alone = np.zeros_like(dh)
        alone[t] = dh[t]
        for total, grad in zip(totals, rnn.rnn_backward(params, cache, alone), strict=True):
            total += grad
    return tuple(totals)


def back_in_place_on_a_copy(params, cache, dh):
    total, states = dh.copy(), cache.states
    for t in range(len(dh) - 1, 0, -1):
        total[t - 1] += total[t] * (1 - states[t + 1] ** 2) @ params.W_hh.T
    dz = total * (1 - states[1:] ** 2)
    shared = (np.tensordot(a, dz, ((0, 1), (0, 1))) for a in (cache.x, states[:-1]))
    return dz @ params.W_xh.T, dz[0] @ params.W_hh.T, *shared, dz.sum((0, 1))


def loss_in_pieces(params, x, targets, h0=None):
    h, _, cache = rnn.rnn_forward(params, x, h0)
    loss, dlogits = rnn.cross_entropy_and_grad(h @ params.W_hy + params.b_y, targets)
    out = rnn.output_backward(params.W_hy, h, dlogits)
    back = rnn.rnn_backward(params, cache, out.h)
    return np.array(loss), [back.W_xh, back.W_hh, back.b_h, out.W_hy, out.b_y]


def differences_along_the_flat_array(f, v, step):
    """Move along one unit vector after the other."""
    moves = step * np.eye(v.size).reshape(v.size, *v.shape)
    return np.array([(f(v + move) - f(v - move)) / step / 2 for move in moves]).reshape(v.shape)


def differences_that_move_there_and_back(f, v, step):
    """Move one entry of one copy, and put it back."""
    v, grad = v.copy(), np.empty_like(v)
    for index in np.ndindex(v.shape):
        here = v[index]
        v[index] = here + step
        ahead = f(v)
        v[index] = here - step
        grad[index] = (ahead - f(v)) / (2 * step)
        v[index] = here
    return grad


def only_step_by_clearing(dh, t):
    alone = dh.copy()
    alone[: t - 1] = 0
    alone[t:] = 0
    return alone


def mean_place_by_place(nats, targets):
    total, count = 0.0, 0
    for t in range(nats.shape[0]):
        for n in range(nats.shape[1]):
            if targets[t, n] != -100:
                total, count = total + nats[t, n], count + 1
    return total / count


def clip_as_one_vector(grads, most):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    return tuple(g * most / max(norm, most) for g in grads)


class Pair(tuple):
    _fields = ("one", "other")

    def __new__(cls, one, other):
        return super().__new__(cls, (one, other))


def adam_of_the_package(p, g, m, s, t, learning_rate):
    params, state = optim.adam(Pair(p, p), Pair(g, g), optim.AdamState(t - 1, Pair(m, m), Pair(s, s)), learning_rate)
    return params[0], state.mean[0], state.square[0]


def draw_by_walking(logits, temperature, u):
    if temperature == 0:
        return np.argmax(logits)
    for token, p in enumerate(rnn.softmax(logits / temperature)):
        u -= p
        if u < 0:
            return token
    return len(logits) - 1


def draw_by_search(logits, temperature, u):
    if temperature < 1e-9:
        return int(logits.argmax())
    e = np.exp((logits - logits.max()) / temperature)
    return int(np.searchsorted(np.cumsum(e / e.sum()), u))


def last_states_one_by_one(h, lengths):
    return np.array([h[length - 1, n] for n, length in enumerate(lengths)])


def last_states_by_mask(h, lengths):
    steps = np.arange(1, len(h) + 1)[:, None]
    return (h * (steps == lengths)[..., None]).sum(axis=0)


def head_with_an_epsilon_too_small_to_see(W_hy, b_y, h_last, targets):
    d = h_last @ W_hy + b_y - targets
    dy = d / np.sqrt((d**2).sum(axis=1, keepdims=True) + 1e-300) / len(d)
    return rnn.output_backward(W_hy, h_last, dy)


def head_row_by_row(W_hy, b_y, h_last, targets):
    dh, dW, db = np.zeros_like(h_last), np.zeros_like(W_hy), np.zeros_like(b_y)
    for n, (h, target) in enumerate(zip(h_last, targets, strict=True)):
        d = h @ W_hy + b_y - target
        dy = d / max(np.linalg.norm(d), 1e-300) / len(h_last)
        dh[n], dW, db = W_hy @ dy, dW + np.outer(h, dy), db + dy
    return dh, dW, db


def back_by_mask(dh_last, lengths, steps):
    return (np.arange(1, steps + 1)[:, None] == lengths)[..., None] * dh_last


def back_one_by_one(dh_last, lengths, steps):
    dh = np.zeros((steps, *dh_last.shape))
    for n, length in enumerate(lengths):
        dh[length - 1, n] = dh_last[n]
    return dh


def windows_with_every_state_kept(params, x, targets, h0, learning_rate):
    states, losses = [h0], []
    for w in range(len(x)):
        h, _, cache = plain.rnn_forward(params, x[w], states[w])
        losses += [plain.cross_entropy(h @ params.W_hy + params.b_y, targets[w])]
        states += [cache.states[-1]]
        _, grads = rnn.loss_and_grads(params, x[w], targets[w], states[w])
        params = tuple(p - learning_rate * g for p, g in zip(params, grads, strict=True))
        params = rnn.RNNParams(*params)
    return params, losses, states[-1]


def trigrams_in_an_array(train, held_out, V):
    letters = sorted(set(train + held_out))
    counts = np.zeros((len(letters),) * 3)
    for a, b, c in zip(train, train[1:], train[2:], strict=False):
        counts[letters.index(a), letters.index(b), letters.index(c)] += 1
    shares = (counts + 1) / (counts.sum(axis=2, keepdims=True) + V)
    cost, asked = 0.0, [letters.index(c) for c in held_out]
    for place in range(2, len(asked)):
        cost -= np.log2(shares[tuple(asked[place - 2 : place + 1])])
    return cost / (len(asked) - 2)


def trigrams_that_count_the_last_pair_too(train, held_out, V):
    pairs, triples = Counter(pairwise(train)), Counter(train[i : i + 3] for i in range(len(train)))
    nats = [
        np.log(pairs[a, b] + V) - np.log(triples[a + b + c] + 1)
        for a, b, c in zip(held_out, held_out[1:], held_out[2:], strict=False)
    ]
    return sum(nats) / len(nats) / np.log(2)


def squares_by_einsum(W_hy, b_y, h, targets):
    d = (np.einsum("tbj,jk->tbk", h, W_hy) + b_y - targets) / (targets.size / 2)
    return np.einsum("tbk,jk->tbj", d, W_hy), np.einsum("tbj,tbk->jk", h, d), np.einsum("tbk->k", d)


def growth_of_the_product(W_hh, h, change):
    """Take the lengths of a change that is kept 1 long through QR, a column of one."""
    logs, column = [], change[:, None] / np.sqrt(change @ change)
    for h_t in h:
        column, length = np.linalg.qr(((1 - h_t**2) * W_hh).T @ column)
        logs.append(float(np.log(abs(length[0, 0]))))
    return logs


def growth_with_squares(W_hh, h, change):
    squares = [change @ change]
    logs = []
    for slopes in 1 - np.square(h):
        change = np.einsum("i,ij,j->j", change / np.sqrt(squares[-1]), W_hh, slopes)
        squares.append((change**2).sum())
        logs += [np.log(squares[-1]) / 2]
    return np.array(logs)


def gram_schmidt(normal):
    columns = []
    for column in normal.T:
        for _ in range(2):  # the second time takes off what rounding left
            for earlier in columns:
                column = column - (earlier @ column) * earlier
        columns.append(column / np.linalg.norm(column))
    return np.array(columns).T


def orthogonal_by_cholesky(normal):
    return normal @ np.linalg.inv(np.linalg.cholesky(normal.T @ normal)).T


def recall_step_by_step(symbols, between):
    rows = [list(symbols), *[[4 + number for number in row] for row in between], [8] * len(symbols)]
    ids = np.array(rows)
    return ids, np.where(np.arange(len(ids))[:, None] == len(ids) - 1, ids[0], -100)


def memory_by_correlation(h, u, lags):
    """Fit through the normal equations, and take the variance apart."""
    rows = np.arange(lags, len(u))
    fit, test = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    design = np.pad(h, ((0, 0), (1, 0)), constant_values=1)
    curve = []
    for k in range(lags):
        w = np.linalg.pinv(design[fit]) @ u[fit - k]
        residual = u[test - k] - design[test] @ w
        curve.append(max(0.0, 1 - np.sum(residual**2) / np.sum((u[test - k] - u[test - k].mean()) ** 2)))
    return curve


def arriving_by_the_package(params, ids, dh_last):
    """Begin with the first state: the rest of the sequence has it for its h0."""
    h, _, _ = rnn.rnn_forward(params, ids)
    if len(ids) == 1:
        return 1.0
    _, _, cache = rnn.rnn_forward(params, ids[1:], h[0])
    dh = np.zeros((len(ids) - 1, *dh_last.shape))
    dh[-1] = dh_last
    return np.linalg.norm(rnn.rnn_backward(params, cache, dh).h0) / np.linalg.norm(dh_last)


def arriving_by_jacobians(params, ids, dh_last):
    h, _, _ = rnn.rnn_forward(params, ids)
    rows = [
        dh_last[n] @ dynamics.product(params.W_hh, h[1:, n]).T if len(h) > 1 else dh_last[n]
        for n in range(len(dh_last))
    ]
    return float(np.sqrt(np.sum(np.square(rows)) / np.sum(dh_last**2)))


def input_first_by_einsum(params, x, h0):
    """Compute the input's part by name of axis, and write the states over it."""
    h = np.einsum("tbi,ij->tbj", x, params.W_xh)
    h += params.b_h
    for t in range(len(h)):
        before = h[t - 1] if t else h0
        h[t] = np.tanh(h[t] + before @ params.W_hh)
    return h


def weight_gradient_by_tensordot(states, dz):
    return np.tensordot(states[: len(dz)], dz, ((0, 1), (0, 1)))


def checkpointed_in_a_stack(params, x, dh, every):
    """Push the states on a stack, and take them off it; the walk back through a piece is done here."""
    stack, h_t = [], np.zeros((x.shape[1], len(params.b_h)))
    for start in range(0, len(x), every):
        stack.append((start, h_t))
        for x_t in x[start : start + every]:
            h_t = np.tanh(x_t @ params.W_xh + h_t @ params.W_hh + params.b_h)
    dW_xh, dW_hh, db_h = (np.zeros_like(array) for array in params[:3])
    dx, carry = [], np.zeros_like(h_t)
    while stack:
        start, h_t = stack.pop()
        states = [h_t]
        for x_t in x[start : start + every]:
            states.append(np.tanh(x_t @ params.W_xh + states[-1] @ params.W_hh + params.b_h))
        for t in reversed(range(len(states) - 1)):
            dz = (dh[start + t] + carry) * (1 - states[t + 1] ** 2)
            dW_xh, dW_hh, db_h = dW_xh + x[start + t].T @ dz, dW_hh + states[t].T @ dz, db_h + dz.sum(axis=0)
            dx.insert(0, dz @ params.W_xh.T)
            carry = dz @ params.W_hh.T
    return np.array(dx), carry, dW_xh, dW_hh, db_h


def gates_by_block(params, x_t, h_prev):
    n, found = h_prev.shape[1], []
    for k in range(4):
        block = slice(k * n, (k + 1) * n)
        z = np.hstack([x_t, h_prev]) @ np.vstack([params.W_xh[:, block], params.W_hh[:, block]]) + params.b_h[block]
        found.append(np.tanh(z) if k == 2 else 1 / (1 + np.exp(-z)))
    return found


def lstm_step_in_columns(params, x_t, h_prev, c_prev):
    z = params.W_xh.T @ x_t.T + params.W_hh.T @ h_prev.T + params.b_h[:, None]
    i, f, g, o = z.reshape(4, -1, len(x_t))
    c_t = c_prev.T / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
    h_t = np.tanh(c_t) / (1 + np.exp(-o))
    return h_t.T, c_t.T, rnn.softmax(h_t.T @ params.W_hy + params.b_y), "nothing"


def lstm_step_back_by_einsum(params, cache, dh_total, dc_t):
    tanh_c = np.tanh(cache.c_t)
    dc = dc_t + (1 - tanh_c) * (1 + tanh_c) * cache.o * dh_total
    into = np.stack([dc * cache.g, dc * cache.c_prev, dc * cache.i, dh_total * tanh_c], axis=1)
    doors = np.stack([cache.i, cache.f, cache.g, cache.o], axis=1)
    slopes = doors - doors**2
    slopes[:, 2] = 1 - cache.g**2
    dz = (into * slopes).reshape(len(dc), -1)
    back = (np.einsum("bz,xz->bx", dz, W) for W in params[:2])
    return (*back, cache.f * dc, *(np.einsum("bx,bz->xz", v, dz) for v in cache[:2]), np.einsum("bz->z", dz))


def lstm_walk_with_lists(params, cache, dh, dc_last):
    x, states, cells, *doors = cache
    carries, dx, weights = [(np.zeros_like(dc_last), dc_last)], [], []
    for t in range(len(dh) - 1, -1, -1):
        at = rnn.gates.LSTMCellCache(x[t], states[t], cells[t], *(door[t] for door in doors), cells[t + 1])
        one = lstm_step_back_by_einsum(params, at, dh[t] + carries[-1][0], carries[-1][1])
        dx.insert(0, one[0])
        carries.append(one[1:3])
        weights.append(one[3:])
    return np.array(dx), *carries[-1], *(sum(parts) for parts in zip(*weights, strict=True))


def gru_step_by_block(params, x_t, h_prev):
    (W_r, W_z, W_n), (U_r, U_z, U_n) = (W.reshape(len(W), 3, -1).transpose(1, 0, 2) for W in params[:2])
    b_r, b_z, b = params.b_h.reshape(3, -1)
    r = 1 / (1 + np.exp(-(x_t @ W_r + h_prev @ U_r + b_r)))
    keep = 1 / (1 + np.exp(-(x_t @ W_z + h_prev @ U_z + b_z)))
    n = np.tanh(x_t @ W_n + b + r * (h_prev @ U_n) + r * params.b_n)
    h_t = n + keep * (h_prev - n)
    return h_t, rnn.softmax(h_t @ params.W_hy + params.b_y), {}


def gru_step_back_without_concatenating(params, cache, dh_total):
    x_t, h_prev, r, z, n, q = cache
    to_n = dh_total * (1 - z) * (1 - n) * (1 + n)
    to_gates = np.hstack([to_n * q * (r - r**2), dh_total * (h_prev - n) * (z - z**2)])
    cut = to_gates.shape[1]
    dx = to_gates @ params.W_xh[:, :cut].T + to_n @ params.W_xh[:, cut:].T
    dh = dh_total * z + to_gates @ params.W_hh[:, :cut].T + (r * to_n) @ params.W_hh[:, cut:].T
    dW_xh = np.hstack([x_t.T @ to_gates, x_t.T @ to_n])
    dW_hh = np.hstack([h_prev.T @ to_gates, h_prev.T @ (r * to_n)])
    return dx, dh, dW_xh, dW_hh, np.append(to_gates.sum(0), to_n.sum(0)), (r * to_n).sum(0)


# The exercise, and an answer to it.
OTHERWISE = [
    ("step", lambda x, t: np.take(x, t - 1, axis=0)),
    ("one_hot", lambda ids, n_x: (ids[..., None] == np.arange(n_x)).astype(float)),
    ("count_parameters", lambda n_x, n_h, n_y: np.int64((n_x + n_h + 1) * n_h + (n_h + 1) * n_y)),
    ("softmax", softmax_row_by_row),
    ("softmax", softmax_through_logarithms),
    ("softmax", softmax_in_place_on_a_copy),
    ("softmax", lambda z: rnn.softmax(z).astype(np.float32)),
    ("softmax", lambda z, axis=-1: rnn.softmax(z - 5, axis)),
    ("softmax", lambda z: np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))),
    ("softmax", lambda z: 1 / np.exp(z[..., None, :] - z[..., :, None]).sum(axis=-1)),
    ("softmax", np.vectorize(lambda row: rnn.softmax(row), signature="(n)->(n)")),
    ("softmax", functools.partial(rnn.softmax, axis=-1)),
    ("softmax", SoftmaxObject()),
    ("tanh_slope", lambda h: (1 - h) * (1 + h)),
    ("softmax_backward", softmax_backward_by_jacobians),
    ("pre_activation", lambda params, x_t, h_prev: (params.W_xh.T @ x_t.T + params.W_hh.T @ h_prev.T).T + params.b_h),
    ("rnn_cell_forward", cell_in_columns),
    ("rnn_cell_forward", cell_with_one_matrix),
    ("from_article", article_by_einsum),
    ("scalar_forward", scalar_list),
    ("scalar_forward", scalar_by_recursion),
    ("scalar_forward", lambda *arguments: tuple(scalar_list(*arguments))),
    ("rnn_forward", forward_step_by_step),
    ("rnn_forward", forward_sample_by_sample),
    ("run_in_two", lambda params, x, h0, cut: rnn.rnn_forward(params, x, h0)[0]),
    ("cross_entropy", loss_place_by_place),
    ("logits_gradient", gradient_place_by_place),
    ("output_backward", output_by_einsum),
    ("tanh_backward", lambda h_t, dh_t: dh_t - dh_t * h_t * h_t),
    ("tanh_backward", tanh_backward_in_place_on_a_copy),
    ("bias_gradient", lambda dz_t: np.ones(len(dz_t)) @ dz_t),
    ("rnn_cell_backward", cell_back_in_columns),
    ("rnn_cell_backward", cell_back_sample_by_sample),
    ("rnn_cell_backward", cell_back_by_complex_steps),
    ("step_back", lambda params, h, dh, carry: list(plain.step_back(params, h, carry, dh))),
    ("rnn_backward", back_step_by_step),
    ("rnn_backward", back_from_each_output),
    ("rnn_backward", back_in_place_on_a_copy),
    ("rnn_backward", back_with_a_carry_that_is_broadcast),
    ("loss_and_grads", loss_in_pieces),
    ("central_difference", differences_along_the_flat_array),
    ("central_difference", differences_that_move_there_and_back),
    ("only_step", lambda dh, t: dh * (np.arange(len(dh)) == t - 1)[:, None, None]),
    ("only_step", only_step_by_clearing),
    ("mended_walk", back_from_each_output),
    ("masked_loss", mean_place_by_place),
    ("masked_loss", lambda nats, targets: np.average(nats, weights=targets != -100)),
    ("clip_by_norm", clip_as_one_vector),
    ("adam_step", adam_of_the_package),
    ("sampling_step", draw_by_walking),
    ("sampling_step", draw_by_search),
    ("train_on_windows", windows_with_every_state_kept),
    ("trigram_bits", trigrams_in_an_array),
    ("trigram_bits", trigrams_that_count_the_last_pair_too),
    ("squared_error_gradients", squares_by_einsum),
    ("last_states", last_states_one_by_one),
    ("last_states", last_states_by_mask),
    ("head_gradients", head_with_an_epsilon_too_small_to_see),
    ("head_gradients", head_row_by_row),
    ("last_states_backward", back_by_mask),
    ("last_states_backward", back_one_by_one),
    ("at_ids", lambda dx, ids: (dx * np.eye(dx.shape[2])[ids]).sum(axis=2)),
    ("step_jacobian", lambda W_hh, h_t: W_hh @ np.diag(1 - h_t * h_t)),
    ("step_jacobian", lambda W_hh, h_t: np.array([(1 - h_t) * (1 + h_t) * row for row in W_hh])),
    ("growth", growth_of_the_product),
    ("growth", growth_with_squares),
    ("spectral_radius", lambda W: max(abs(value) for value in np.linalg.eigvals(W))),
    ("spectral_radius", lambda W: np.sqrt(max((v * v.conj()).real for v in np.linalg.eig(W.T).eigenvalues))),
    ("lstm_gates", gates_by_block),
    ("lstm_cell_forward", lstm_step_in_columns),
    ("forget_bias", lambda steps: -np.log(2 ** (1 / steps) - 1)),
    ("forget_bias", lambda steps: -np.log(np.expm1(np.log(2) / steps))),
    ("lstm_cell_backward", lstm_step_back_by_einsum),
    ("lstm_backward", lstm_walk_with_lists),
    ("gru_cell_forward", gru_step_by_block),
    ("gru_cell_backward", gru_step_back_without_concatenating),
    ("orthogonal", gram_schmidt),
    ("orthogonal", orthogonal_by_cholesky),
    (
        "no_memory_loss",
        lambda lag, symbols, payload: payload * np.log2(symbols) * np.log(2) / (payload + lag + payload),
    ),
    ("no_memory_loss", lambda lag, symbols, payload: -np.mean([0] * (lag + payload) + [np.log(1 / symbols)] * payload)),
    ("recall_batch", recall_step_by_step),
    ("memory_curve", memory_by_correlation),
    ("arriving", arriving_by_the_package),
    ("arriving", arriving_by_jacobians),
    ("input_first", input_first_by_einsum),
    ("weight_gradient", weight_gradient_by_tensordot),
    ("weight_gradient", lambda states, dz: sum(h.T @ d for h, d in zip(states[:-1], dz, strict=True))),
    ("checkpointed", checkpointed_in_a_stack),
    ("checkpointed", lambda params, x, dh, every: rnn.rnn_backward(params, rnn.rnn_forward(params, x)[2], dh)),
    ("at_ids", lambda dx, ids: dx[np.arange(len(ids))[:, None], np.arange(ids.shape[1]), ids]),
]
