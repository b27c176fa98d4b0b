"""The failures that strangers found: wrong answers that no check named, given as findings and made whole.

WRONG: (exercise, what is wrong in plain words, source), as in `answers_of_beginners.py`; nobody found a right one refused.
"""

WRONG = [
    (
        "step",
        "loop that counts from 0 and falls off its end",
        """
def my_step(x, t):
    for i, x_t in enumerate(x):
        if i == t:
            return x_t
""",
    ),
    (
        "count_parameters",
        "forgets W_xh",
        """
def my_count_parameters(n_x, n_h, n_y):
    return n_h * n_h + n_h + n_h * n_y + n_y
""",
    ),
    (
        "softmax",
        "one case for a batch, one for all else",
        """
def my_softmax(z):
    if z.ndim == 2:
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)
    e = np.exp(z - z.max())
    return e / e.sum()
""",
    ),
    (
        "softmax",
        "rounds, as the lesson's cell shows it",
        """
def my_softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.round(e / e.sum(axis=-1, keepdims=True), 4)
""",
    ),
    (
        "softmax",
        "a wider float in place of the maximum",
        """
def my_softmax(z):
    e = np.exp(z.astype(np.longdouble))
    return (e / e.sum(axis=-1, keepdims=True)).astype(np.float64)
""",
    ),
    (
        "tanh_slope",
        "one over the slope",
        """
def my_tanh_slope(h):
    return 1 / (1 - h ** 2)
""",
    ),
    (
        "tanh_slope",
        "times h",
        """
def my_tanh_slope(h):
    return h * (1 - h ** 2)
""",
    ),
    (
        "softmax_backward",
        "Jacobian by two loops, assigned and not added",
        """
def my_softmax_backward(y, dy):
    dz = np.zeros_like(y)
    n = y.shape[-1]
    for j in range(n):
        for i in range(n):
            dz[..., i] = dy[..., j] * y[..., j] * ((i == j) - y[..., i])
    return dz
""",
    ),
    (
        "softmax_backward",
        "divides by the batch",
        """
def my_softmax_backward(y, dy):
    dz = y * (dy - (dy * y).sum(axis=-1, keepdims=True))
    return dz / len(y)
""",
    ),
    (
        "pre_activation",
        "concatenated h, x against W_xh, W_hh",
        """
def my_pre_activation(params, x_t, h_prev):
    return np.hstack([h_prev, x_t]) @ np.vstack([params.W_xh, params.W_hh]) + params.b_h
""",
    ),
    (
        "pre_activation",
        "first row's input for all",
        """
def my_pre_activation(params, x_t, h_prev):
    return x_t[0] @ params.W_xh + h_prev @ params.W_hh + params.b_h
""",
    ),
    (
        "pre_activation",
        "mean of the states for every row",
        """
def my_pre_activation(params, x_t, h_prev):
    return x_t @ params.W_xh + h_prev.mean(axis=0) @ params.W_hh + params.b_h
""",
    ),
    (
        "pre_activation",
        "subtracts the bias",
        """
def my_pre_activation(params, x_t, h_prev):
    return x_t @ params.W_xh + h_prev @ params.W_hh - params.b_h
""",
    ),
    (
        "rnn_cell_forward",
        "no biases and no softmax",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = np.tanh(h_prev @ params.W_hh + x_t @ params.W_xh)
    return h_t, h_t @ params.W_hy, None
""",
    ),
    (
        "rnn_cell_forward",
        "the mean of the states is handed on",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    h_prev = np.repeat(h_prev.mean(axis=0, keepdims=True), len(x_t), axis=0)
    h_t = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
    return h_t, softmax(h_t @ params.W_hy + params.b_y), None
""",
    ),
    (
        "rnn_cell_forward",
        "tanh at the scores as well",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
    return h_t, softmax(np.tanh(h_t @ params.W_hy + params.b_y)), None
""",
    ),
    (
        "rnn_cell_forward",
        "argmax for softmax",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
    s = h_t @ params.W_hy + params.b_y
    return h_t, np.eye(s.shape[1])[s.argmax(axis=1)], None
""",
    ),
    (
        "scalar_forward",
        "rounds as the table does",
        """
def my_scalar_forward(w_x, w_h, b, xs, h0):
    h, out = h0, []
    for x in xs:
        h = round(math.tanh(w_x * x + w_h * h + b), 4)
        out.append(h)
    return out
""",
    ),
    (
        "rnn_forward",
        "the first input at every step",
        """
def my_rnn_forward(params, x, h0=None):
    h = np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0
    hs = []
    for _ in range(len(x)):
        h = np.tanh(x[0] @ params.W_xh + h @ params.W_hh + params.b_h)
        hs.append(h)
    return np.array(hs), softmax(np.array(hs) @ params.W_hy + params.b_y), None
""",
    ),
    (
        "rnn_forward",
        "ones where h0 is None",
        """
def my_rnn_forward(params, x, h0=None):
    h = np.ones((x.shape[1], len(params.b_h))) if h0 is None else h0
    hs = []
    for x_t in x:
        h = np.tanh(x_t @ params.W_xh + h @ params.W_hh + params.b_h)
        hs.append(h)
    return np.array(hs), softmax(np.array(hs) @ params.W_hy + params.b_y), None
""",
    ),
    (
        "rnn_forward",
        "zeros of the input's size",
        """
def my_rnn_forward(params, x, h0=None):
    h = np.zeros((x.shape[1], x.shape[2])) if h0 is None else h0
    hs = []
    for x_t in x:
        h = np.tanh(x_t @ params.W_xh + h @ params.W_hh + params.b_h)
        hs.append(h)
    return np.array(hs), softmax(np.array(hs) @ params.W_hy + params.b_y), None
""",
    ),
    (
        "rnn_forward",
        "batch first by reshape",
        """
def my_rnn_forward(params, x, h0=None):
    T, N, n_x = x.shape
    xb = x.reshape(N, T, n_x)
    h = np.zeros((N, len(params.b_h))) if h0 is None else h0
    hs = []
    for t in range(T):
        h = np.tanh(xb[:, t] @ params.W_xh + h @ params.W_hh + params.b_h)
        hs.append(h)
    return np.array(hs), softmax(np.array(hs) @ params.W_hy + params.b_y), None
""",
    ),
    (
        "rnn_forward",
        "lists of the notebook that grow",
        """
hs, ys = [], []
def my_rnn_forward(params, x, h0=None):
    h = np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0
    for x_t in x:
        h, y, _ = rnn_cell_forward(params, x_t, h)
        hs.append(h)
        ys.append(y)
    return np.array(hs), np.array(ys), None
""",
    ),
    (
        "cross_entropy",
        "one-hot rows times log of softmax",
        """
def my_cross_entropy(logits, targets):
    k = targets != -100
    y = softmax(logits)[k]
    onehot = np.eye(y.shape[-1])[targets[k]]
    return float(-np.sum(onehot * np.log(y)) / k.sum())
""",
    ),
    (
        "cross_entropy",
        "1e-20 in the logarithm",
        """
def my_cross_entropy(logits, targets):
    k = targets != -100
    y = softmax(logits)[k]
    return float(-np.log(y[np.arange(len(y)), targets[k]] + 1e-20).mean())
""",
    ),
    (
        "cross_entropy",
        "1e-3 in the logarithm",
        """
def my_cross_entropy(logits, targets):
    k = targets != -100
    y = softmax(logits)[k]
    return float(-np.log(y[np.arange(len(y)), targets[k]] + 1e-3).mean())
""",
    ),
    (
        "cross_entropy",
        "classes counted from 1",
        """
def my_cross_entropy(logits, targets):
    k = targets != -100
    z = logits[k] - logits[k].max(axis=-1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return float(-logp[np.arange(k.sum()), targets[k] - 1].mean())
""",
    ),
    (
        "cross_entropy",
        "leaves out class 0 as padding",
        """
def my_cross_entropy(logits, targets):
    k = targets > 0
    z = logits[k] - logits[k].max(axis=-1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return float(-logp[np.arange(k.sum()), targets[k]].mean())
""",
    ),
    (
        "cross_entropy",
        "all rows at all targets",
        """
def my_cross_entropy(logits, targets):
    k = targets != -100
    z = logits[k] - logits[k].max(axis=-1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return float(-logp[:, targets[k]].mean())
""",
    ),
    (
        "cross_entropy",
        "entropy of the prediction",
        """
def my_cross_entropy(logits, targets):
    k = targets != -100
    y = softmax(logits)[k]
    return float(-(y * np.log(np.where(y > 0, y, 1))).sum(axis=-1).mean())
""",
    ),
    (
        "logits_gradient",
        "divided by every entry",
        """
def my_logits_gradient(logits, targets):
    k = targets != -100
    d = softmax(logits)
    d[k, targets[k]] -= 1
    d[~k] = 0
    return d / d.size
""",
    ),
    (
        "logits_gradient",
        "1 off every row at every target",
        """
def my_logits_gradient(logits, targets):
    k = targets != -100
    d = softmax(logits)
    d[..., np.unique(targets[k])] -= 1
    d[~k] = 0
    return d / k.sum()
""",
    ),
    (
        "logits_gradient",
        "classes counted from 1",
        """
def my_logits_gradient(logits, targets):
    k = targets != -100
    d = softmax(logits)
    d[k, targets[k] - 1] -= 1
    d[~k] = 0
    return d / k.sum()
""",
    ),
    (
        "logits_gradient",
        "class 0 taken for padding",
        """
def my_logits_gradient(logits, targets):
    k = targets > 0
    d = softmax(logits)
    d[k, targets[k]] -= 1
    d[~k] = 0
    return d / k.sum()
""",
    ),
    (
        "logits_gradient",
        "y - onehot / N",
        """
def my_logits_gradient(logits, targets):
    k = targets != -100
    d = softmax(logits)
    d[~k] = 0
    d[k, targets[k]] -= 1 / k.sum()
    return d
""",
    ),
    (
        "output_backward",
        "dW_hy from dh",
        """
def my_output_backward(W_hy, h, dlogits):
    rows, d = h.reshape(-1, h.shape[-1]), dlogits.reshape(-1, dlogits.shape[-1])
    dh = d @ W_hy.T
    return dh.reshape(h.shape), dh.T @ d, d.sum(axis=0)
""",
    ),
    (
        "output_backward",
        "each step overwrites the one before",
        """
def my_output_backward(W_hy, h, dlogits):
    if h.ndim == 2:
        h, dlogits, flat = h[None], dlogits[None], True
    else:
        flat = False
    for t in range(len(h)):
        dW = h[t].T @ dlogits[t]
        db = dlogits[t].sum(axis=0)
    dh = dlogits @ W_hy.T
    return dh[0] if flat else dh, dW, db
""",
    ),
    (
        "output_backward",
        "all with a minus",
        """
def my_output_backward(W_hy, h, dlogits):
    rows, d = h.reshape(-1, h.shape[-1]), -dlogits.reshape(-1, dlogits.shape[-1])
    return -dlogits @ W_hy.T, rows.T @ d, d.sum(axis=0)
""",
    ),
    (
        "output_backward",
        "reshape for a transpose",
        """
def my_output_backward(W_hy, h, dlogits):
    rows, d = h.reshape(-1, h.shape[-1]), dlogits.reshape(-1, dlogits.shape[-1])
    return dlogits @ W_hy.T, h.reshape(h.shape[-1], -1) @ d, d.sum(axis=0)
""",
    ),
    (
        "tanh_backward",
        "one over the slope, without dh",
        """
def my_tanh_backward(h_t, dh_total):
    return 1 / (1 - h_t ** 2) + 0 * dh_t
""",
    ),
    (
        "tanh_backward",
        "minus dh",
        """
def my_tanh_backward(h_t, dh_total):
    return -dh_t * (1 - h_t ** 2)
""",
    ),
    (
        "rnn_cell_backward",
        "dh added to dh_prev once more",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    x, h0, h = cache
    dz = dh_t * (1 - h ** 2)
    return dz @ params.W_xh.T, dz @ params.W_hh.T + dh_t, x.T @ dz, h0.T @ dz, dz.sum(axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "zero for dW_hh, as at the first step",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    x, h0, h = cache
    dz = dh_t * (1 - h ** 2)
    return dz @ params.W_xh.T, dz @ params.W_hh.T, x.T @ dz, np.zeros_like(params.W_hh), dz.sum(axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "dh * 1 - h ** 2",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    x, h0, h = cache
    dz = dh_t * 1 - h ** 2
    return dz @ params.W_xh.T, dz @ params.W_hh.T, x.T @ dz, h0.T @ dz, dz.sum(axis=0)
""",
    ),
    (
        "step_back",
        "cut to -5..5",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    dz = np.clip((dh_t + dh_carry) * (1 - h_t ** 2), -5, 5)
    return dz, dz @ params.W_hh.T
""",
    ),
    (
        "step_back",
        "sigmoid's slope",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    dz = (1 - h_t) * h_t * (dh_t + dh_carry)
    return dz, dz @ params.W_hh.T
""",
    ),
    (
        "rnn_backward",
        "gradients cut to -5..5 at the end",
        """
def my_rnn_backward(params, cache, dh):
    back = rnn_backward(params, cache, dh)
    return tuple(np.clip(g, -5, 5) for g in back)
""",
    ),
    (
        "rnn_backward",
        "the sigmoid's slope",
        """
def my_rnn_backward(params, cache, dh):
    x, s = cache
    carry = np.zeros_like(s[0])
    dx, dW_xh, dW_hh, db = np.zeros_like(x), np.zeros_like(params.W_xh), np.zeros_like(params.W_hh), np.zeros_like(params.b_h)
    for t in reversed(range(len(x))):
        dz = (1 - s[t + 1]) * s[t + 1] * (dh[t] + carry)
        dx[t], carry = dz @ params.W_xh.T, dz @ params.W_hh.T
        dW_xh += x[t].T @ dz
        dW_hh += s[t].T @ dz
        db += dz.sum(axis=0)
    return dx, carry, dW_xh, dW_hh, db
""",
    ),
    (
        "rnn_backward",
        "range without its -1: the loop never runs",
        """
def my_rnn_backward(params, cache, dh):
    x, s = cache
    carry = np.zeros_like(s[0])
    dx, dW_xh, dW_hh, db = np.zeros_like(x), np.zeros_like(params.W_xh), np.zeros_like(params.W_hh), np.zeros_like(params.b_h)
    for t in range(len(x) - 1, -1):
        dz = (dh[t] + carry) * (1 - s[t + 1] ** 2)
        dx[t], carry = dz @ params.W_xh.T, dz @ params.W_hh.T
        dW_xh += x[t].T @ dz
        dW_hh += s[t].T @ dz
        db += dz.sum(axis=0)
    return dx, carry, dW_xh, dW_hh, db
""",
    ),
    (
        "rnn_backward",
        "return inside the loop",
        """
def my_rnn_backward(params, cache, dh):
    x, s = cache
    carry = np.zeros_like(s[0])
    dx, dW_xh, dW_hh, db = np.zeros_like(x), np.zeros_like(params.W_xh), np.zeros_like(params.W_hh), np.zeros_like(params.b_h)
    for t in reversed(range(len(x))):
        dz = (dh[t] + carry) * (1 - s[t + 1] ** 2)
        dx[t], carry = dz @ params.W_xh.T, dz @ params.W_hh.T
        dW_xh += x[t].T @ dz
        dW_hh += s[t].T @ dz
        db += dz.sum(axis=0)
        return dx, carry, dW_xh, dW_hh, db
""",
    ),
    (
        "rnn_backward",
        "gradients cut to -10..10",
        """
def my_rnn_backward(params, cache, dh):
    back = rnn_backward(params, cache, dh)
    return tuple(np.clip(g, -10, 10) for g in back)
""",
    ),
    (
        "rnn_backward",
        "np.empty, and then added to",
        """
def my_rnn_backward(params, cache, dh):
    x, s = cache
    carry = np.zeros_like(s[0])
    dx, dW_xh, dW_hh, db = np.empty_like(x), np.empty_like(params.W_xh), np.empty_like(params.W_hh), np.empty_like(params.b_h)
    for t in reversed(range(len(x))):
        dz = (dh[t] + carry) * (1 - s[t + 1] ** 2)
        dx[t], carry = dz @ params.W_xh.T, dz @ params.W_hh.T
        dW_xh += x[t].T @ dz
        dW_hh += s[t].T @ dz
        db += dz.sum(axis=0)
    return dx, carry, dW_xh, dW_hh, db
""",
    ),
    (
        "rnn_backward",
        "truncated after ten steps",
        """
def my_rnn_backward(params, cache, dh):
    x, s = cache
    T = len(x)
    dz_all = np.zeros_like(dh)
    dh0 = np.zeros_like(s[0])
    for t in range(T):
        d = dh[t]
        for k in range(t, max(-1, t - 10), -1):
            dz = d * (1 - s[k + 1] ** 2)
            dz_all[k] += dz
            d = dz @ params.W_hh.T
        if t - 10 < 0:
            dh0 += d
    rows = lambda a: a.reshape(-1, a.shape[-1])
    return dz_all @ params.W_xh.T, dh0, rows(x).T @ rows(dz_all), rows(s[:-1]).T @ rows(dz_all), rows(dz_all).sum(axis=0)
""",
    ),
    (
        "loss_and_grads",
        "right, and then cut at 1",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    loss, grads = loss_and_grads(params, x, targets, h0)
    return loss, RNNParams(*(np.clip(g, -1, 1) for g in grads))
""",
    ),
    (
        "loss_and_grads",
        "right, and then shortened to length 1",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    loss, grads = loss_and_grads(params, x, targets, h0)
    n = math.sqrt(sum((g ** 2).sum() for g in grads))
    return loss, RNNParams(*(g * min(1, 1 / n) for g in grads))
""",
    ),
    (
        "loss_and_grads",
        "db_y added to itself",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    loss, g = loss_and_grads(params, x, targets, h0)
    db = np.zeros_like(g.b_y)
    for _ in targets:
        db += db
    return loss, g._replace(b_y=db)
""",
    ),
    (
        "loss_and_grads",
        "weight decay",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    loss, g = loss_and_grads(params, x, targets, h0)
    loss += 0.5e-3 * sum((w ** 2).sum() for w in (params.W_xh, params.W_hh, params.W_hy))
    return loss, RNNParams(g.W_xh + 1e-3 * params.W_xh, g.W_hh + 1e-3 * params.W_hh, g.b_h, g.W_hy + 1e-3 * params.W_hy, g.b_y)
""",
    ),
    (
        "loss_and_grads",
        "right, and then shortened to length 5",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    loss, grads = loss_and_grads(params, x, targets, h0)
    n = math.sqrt(sum((g ** 2).sum() for g in grads))
    return loss, RNNParams(*(g * min(1, 5 / n) for g in grads))
""",
    ),
    (
        "central_difference",
        "moved and not put back",
        """
def my_central_difference(f, v, step):
    grad, w = np.zeros(v.shape), v.copy()
    for i in np.ndindex(v.shape):
        w[i] += step
        ahead = f(w)
        w[i] -= 2 * step
        grad[i] = (ahead - f(w)) / (2 * step)
    return grad
""",
    ),
    (
        "masked_loss",
        "perplexity",
        """
def my_masked_loss(nats, targets):
    return float(np.exp(nats[targets != -100].mean()))
""",
    ),
    (
        "masked_loss",
        "~targets == -100",
        """
def my_masked_loss(nats, targets):
    return float(nats[~targets == -100].mean())
""",
    ),
    (
        "masked_loss",
        "whole-number division",
        """
def my_masked_loss(nats, targets):
    k = targets != -100
    return float(nats[k].sum() // k.sum())
""",
    ),
    (
        "clip_by_norm",
        "root of the sum of lengths",
        """
def my_clip_by_norm(grads, most):
    norm = np.sqrt(sum(np.linalg.norm(g) for g in grads))
    return RNNParams(*(g * min(1.0, most / norm) for g in grads))
""",
    ),
    (
        "adam_step",
        "corrected twice",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    rate = learning_rate * np.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t)
    return p - rate * (m / (1 - 0.9 ** t)) / (np.sqrt(s / (1 - 0.999 ** t)) + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "epsilon beside the uncorrected root",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    rate = learning_rate * np.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t)
    return p - rate * m / (np.sqrt(s) + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "1e-7",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    return p - learning_rate * (m / (1 - 0.9 ** t)) / (np.sqrt(s / (1 - 0.999 ** t)) + 10e-8), m, s
""",
    ),
    (
        "adam_step",
        "correction outside the root",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    return p - learning_rate * (m / (1 - 0.9 ** t)) / (np.sqrt(s) / (1 - 0.999 ** t) + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "0.99 for s",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.99 * s + 0.01 * g ** 2
    return p - learning_rate * (m / (1 - 0.9 ** t)) / (np.sqrt(s / (1 - 0.99 ** t)) + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "m, s, p",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    return m, s, p - learning_rate * (m / (1 - 0.9 ** t)) / (np.sqrt(s / (1 - 0.999 ** t)) + 1e-8)
""",
    ),
    (
        "adam_step",
        "m / 1 - 0.9 ** t",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    m_hat, s_hat = m / 1 - 0.9 ** t, s / (1 - 0.999 ** t)
    return p - learning_rate * m_hat / (np.sqrt(s_hat) + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "epsilon outside the fraction",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    m_hat, s_hat = m / (1 - 0.9 ** t), s / (1 - 0.999 ** t)
    return p - learning_rate * m_hat / np.sqrt(s_hat) + 1e-8, m, s
""",
    ),
    (
        "sampling_step",
        "logarithm of the scores, as if they were probabilities",
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    with np.errstate(all="ignore"):
        e = np.exp(np.log(logits) / temperature)
    return int(np.argmax(np.cumsum(e / e.sum()) > u))
""",
    ),
    (
        "sampling_step",
        "temperature 0 replaced by 0.1",
        """
def my_sampling_step(logits, temperature, u):
    tau = 0.1 if temperature == 0 else temperature
    return int(np.argmax(np.cumsum(softmax(logits / tau)) > u))
""",
    ),
    (
        "sampling_step",
        "draws by itself, with a seed",
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    rng = np.random.RandomState(0)
    return int(rng.choice(len(logits), p=softmax(logits / temperature)))
""",
    ),
    (
        "sampling_step",
        "the line sorted by probability",
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    p = softmax(logits / temperature)
    order = np.argsort(p)[::-1]
    return int(order[np.argmax(np.cumsum(p[order]) > u)])
""",
    ),
    (
        "head_gradients",
        "ones where an answer is exactly right",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    d = h_last @ W_hy + b_y - targets
    n = np.linalg.norm(d, axis=1, keepdims=True)
    d = np.where(n > 0, d / np.maximum(n, 1e-300), 1.0) / len(d)
    return d @ W_hy.T, h_last.T @ d, d.sum(axis=0)
""",
    ),
    (
        "at_ids",
        "squares",
        """
def my_at_ids(dx, ids):
    T, N = ids.shape
    return dx[np.arange(T)[:, None], np.arange(N), ids] ** 2
""",
    ),
]

RIGHT: list[tuple[str, str, str]] = []
