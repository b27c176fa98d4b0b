"""Answers as an engineer brings them from public code and other frameworks.

Made up by somebody who had not seen the checks.

WRONG holds (exercise, what is wrong in plain words, source): each differs from the right answer in what is named,
two mistakes at once are joined by AND. RIGHT holds (exercise, what is unusual about it, source): each is right.
A source defines my_<exercise> at top level. It uses np, math, Counter, `rnn` (rnn_helpers) and the package's public
names as the notebooks import them; anything else it imports itself.
"""

WRONG = [
    (
        "step",
        "off by one: returns x[t], the input of step t + 1, where steps count from 1 (at t = T an IndexError)",
        """
def my_step(x, t):
    # arrays are zero-based, so the frame at time t is
    frame = x[t, :, :]
    return frame
""",
    ),
    (
        "step",
        (
            "batch-first habit: takes x as (batch, time, n_x) and returns sample t of the batch over all steps,"
            " x[:, t - 1], instead of step t"
        ),
        """
def my_step(x, t):
    # (N, T, D) like every data loader gives it
    return x[:, min(t - 1, x.shape[1] - 1), :]
""",
    ),
    (
        "one_hot",
        "the axes come out as (batch, time, n_x): the ids are transposed, batch first, before the rows are made",
        """
def my_one_hot(ids, n_x):
    N, T = ids.shape[1], ids.shape[0]
    out = np.zeros((N, T, n_x))
    for n in range(N):
        for t in range(T):
            out[n, t, ids[t, n]] = 1.0
    return out
""",
    ),
    (
        "one_hot",
        "the ids are taken to count from 1, so the 1 stands in column id - 1 (id 0 gets its 1 in the last column)",
        """
def my_one_hot(ids, n_x):
    flat = np.asarray(ids).ravel()
    rows = np.zeros((flat.size, n_x))
    rows[np.arange(flat.size), flat - 1] = 1.0
    return rows.reshape(ids.shape + (n_x,))
""",
    ),
    (
        "count_parameters",
        "PyTorch's two biases: b_h is counted twice, n_h too many",
        """
def my_count_parameters(n_x, n_h, n_y):
    shapes = {
        "weight_ih_l0": (n_h, n_x),
        "weight_hh_l0": (n_h, n_h),
        "bias_ih_l0": (n_h,),
        "bias_hh_l0": (n_h,),
        "linear.weight": (n_y, n_h),
        "linear.bias": (n_y,),
    }
    return int(sum(np.prod(s) for s in shapes.values()))
""",
    ),
    (
        "count_parameters",
        "the output layer's bias b_y is left out, n_y too few AND the hidden bias b_h is left out, n_h too few",
        """
def my_count_parameters(n_x, n_h, n_y):
    total = 0
    for fan_in, fan_out in ((n_x, n_h), (n_h, n_h), (n_h, n_y)):
        total += fan_in * fan_out
    return total
""",
    ),
    (
        "softmax",
        "Coursera's columns: the sum goes over axis 0 instead of the last axis (and so does the maximum)",
        """
def my_softmax(z):
    e_x = np.exp(z - np.max(z, axis=0))
    return e_x / e_x.sum(axis=0)
""",
    ),
    (
        "softmax",
        (
            "the maximum of the whole array is subtracted in place of each row's own: rows far below it "
            "underflow to 0 / 0, nan"
        ),
        """
def my_softmax(z):
    shifted = z - np.max(z)
    num = np.exp(shifted)
    den = np.sum(num, axis=-1, keepdims=True)
    return num / den
""",
    ),
    (
        "softmax",
        "nothing is subtracted before the exponential: large scores overflow, inf / inf is nan",
        """
def my_softmax(z):
    numerators = np.exp(z)
    return numerators / numerators.sum(-1)[..., np.newaxis]
""",
    ),
    (
        "softmax_backward",
        (
            "only the diagonal of the Jacobian, y (1 - y) dy, as if each output were a sigmoid: the sum over j "
            "of dy_j y_j is missing"
        ),
        """
def my_softmax_backward(y, dy):
    return dy * y * (1.0 - y)
""",
    ),
    (
        "softmax_backward",
        "the sum of dy * y runs over the first axis (the samples) instead of along each row",
        """
def my_softmax_backward(y, dy):
    dot = np.sum(dy * y, axis=0, keepdims=True)
    return (dy - dot) * y
""",
    ),
    (
        "tanh_slope",
        "tanh is applied again to what is already the output: 1 - tanh(h)^2",
        """
def my_tanh_slope(h):
    return 1.0 - np.power(np.tanh(h), 2)
""",
    ),
    (
        "tanh_slope",
        "the slope of the sigmoid, h (1 - h), instead of tanh's 1 - h^2",
        """
def my_tanh_slope(h):
    d = h * (1.0 - h)
    return d
""",
    ),
    (
        "pre_activation",
        "W_hh is transposed, as in PyTorch's h @ weight_hh.T",
        """
def my_pre_activation(params, x_t, h_prev):
    w_ih, w_hh, bias = params[0], params[1], params[2]
    return x_t.dot(w_ih) + h_prev.dot(w_hh.T) + bias
""",
    ),
    (
        "pre_activation",
        (
            "the bias b_h is added twice, once with the input's part and once with the state's, as PyTorch's "
            "bias_ih and bias_hh"
        ),
        """
def my_pre_activation(params, x_t, h_prev):
    def linear(v, w, b):
        return np.matmul(v, w) + b

    gate_x = linear(x_t, params.W_xh, params.b_h)
    gate_h = linear(h_prev, params.W_hh, params.b_h)
    return gate_x + gate_h
""",
    ),
    (
        "rnn_cell_forward",
        "y_t is made of the old state: softmax(h_prev W_hy + b_y) instead of h_t",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    act = np.tanh(np.dot(x_t, params.W_xh) + np.dot(h_prev, params.W_hh) + params.b_h)
    scores = np.dot(h_prev, params.W_hy) + params.b_y
    return act, softmax(scores), (act, h_prev, x_t)
""",
    ),
    (
        "rnn_cell_forward",
        "y_t holds the scores h_t W_hy + b_y, the softmax is missing, as in frameworks where the loss has it",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    hidden = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
    out = hidden @ params.W_hy + params.b_y
    return hidden, out, {"x": x_t, "h": hidden, "h_prev": h_prev}
""",
    ),
    (
        "rnn_cell_forward",
        "y_t's softmax is taken over axis 0, the samples, instead of over the classes AND b_y is left out",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    hs = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
    ys = hs @ params.W_hy
    ps = np.exp(ys - ys.max(axis=0))
    ps /= ps.sum(axis=0)
    return hs, ps, (x_t, h_prev, hs)
""",
    ),
    (
        "from_article",
        "W_hh is taken over untransposed: Waa is square, so the shape does not complain",
        """
def my_from_article(parameters):
    P = parameters
    return RNNParams(
        W_xh=P["Wam"].transpose(),
        W_hh=P["Waa"].copy(),
        b_h=P["ba"].ravel(),
        W_hy=P["Wya"].transpose(),
        b_y=P["by"].ravel(),
    )
""",
    ),
    (
        "from_article",
        "the biases are transposed to rows of shape (1, n) and not made flat (n,)",
        """
def my_from_article(parameters):
    order = ("Wam", "Waa", "ba", "Wya", "by")
    return RNNParams(*[np.array(parameters[key]).T for key in order])
""",
    ),
    (
        "scalar_forward",
        "every step starts from h0 again: the state is never carried on",
        """
def my_scalar_forward(w_x, w_h, b, xs, h0):
    out = []
    for x in xs:
        out.append(math.tanh(w_x * x + w_h * h0 + b))
    return out
""",
    ),
    (
        "scalar_forward",
        "h0 is ignored, the first state before the sequence is 0",
        """
def my_scalar_forward(w_x, w_h, b, xs, h0):
    hs = {-1: 0.0}
    for t in range(len(xs)):
        hs[t] = math.tanh(xs[t] * w_x + hs[t - 1] * w_h + b)
    return [hs[t] for t in range(len(xs))]
""",
    ),
    (
        "rnn_forward",
        (
            "batch-first habit: loops over x.shape[1] and reads x[:, t], so the recurrence runs along the batch"
            " axis and not along time AND a given h0 is not used"
        ),
        """
def my_rnn_forward(params, x, h0=None):
    N, T, D = x.shape
    H = params.b_h.shape[0]
    prev = np.zeros((N, H))
    h, y = np.zeros((N, T, H)), np.zeros((N, T, params.b_y.shape[0]))
    for t in range(T):
        prev = np.tanh(x[:, t].dot(params.W_xh) + prev.dot(params.W_hh) + params.b_h)
        h[:, t] = prev
        y[:, t] = softmax(prev.dot(params.W_hy) + params.b_y)
    return h, y, (x, h)
""",
    ),
    (
        "rnn_forward",
        "a given h0 is ignored, the state always starts from zeros",
        """
def my_rnn_forward(params, x, h0=None):
    hs, ps = {}, {}
    hs[-1] = np.zeros((x.shape[1], params.W_hh.shape[0]))
    for t in range(len(x)):
        hs[t] = np.tanh(np.dot(x[t], params.W_xh) + np.dot(hs[t - 1], params.W_hh) + params.b_h)
        ps[t] = softmax(np.dot(hs[t], params.W_hy) + params.b_y)
    return np.stack([hs[t] for t in range(len(x))]), np.stack([ps[t] for t in range(len(x))]), (x, hs)
""",
    ),
    (
        "rnn_forward",
        (
            "the states returned are h_0 .. h_(T-1), the state before each step, instead of h_1 .. h_T; the "
            "probabilities are right"
        ),
        """
def my_rnn_forward(params, x, h0=None):
    T, B, _ = x.shape
    h = np.zeros((T + 1, B, params.W_hh.shape[0]))
    if h0 is not None:
        h[0] = h0
    probs = []
    for t in range(T):
        h[t + 1] = np.tanh(x[t] @ params.W_xh + h[t] @ params.W_hh + params.b_h)
        probs.append(softmax(h[t + 1] @ params.W_hy + params.b_y))
    return h[:-1], np.asarray(probs), (x, h)
""",
    ),
    (
        "rnn_forward",
        "the softmax runs over axis 0 of the stacked scores, over time, instead of over the classes",
        """
def my_rnn_forward(params, x, h0=None):
    def np_softmax(v):
        e = np.exp(v - v.max(axis=0))
        return e / e.sum(axis=0)

    H = h0 if h0 is not None else np.zeros((x.shape[1], params.b_h.size))
    outputs = []
    for X in x:
        H = np.tanh(X @ params.W_xh + H @ params.W_hh + params.b_h)
        outputs.append(H)
    outputs = np.stack(outputs)
    return outputs, np_softmax(outputs @ params.W_hy + params.b_y), (x, outputs)
""",
    ),
    (
        "rnn_forward",
        "the state is never carried: each step runs from h0",
        """
def my_rnn_forward(params, x, h0=None):
    if h0 is None:
        h0 = np.zeros((x.shape[1], params.b_h.shape[0]))
    results = [rnn_cell_forward(params, x_t, h0) for x_t in x]
    return np.array([r[0] for r in results]), np.array([r[1] for r in results]), [r[2] for r in results]
""",
    ),
    (
        "rnn_forward",
        "the probabilities are made of z_t before tanh: softmax(z_t W_hy + b_y)",
        """
def my_rnn_forward(params, x, h0=None):
    state = np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0
    h_list, y_list = [], []
    for inp in x:
        pre = inp @ params.W_xh + state @ params.W_hh + params.b_h
        state = np.tanh(pre)
        h_list.append(state)
        y_list.append(softmax(pre @ params.W_hy + params.b_y))
    return np.array(h_list), np.array(y_list), None
""",
    ),
    (
        "rnn_forward",
        "W_hh is transposed in the step AND y holds the scores, softmax is missing",
        """
def my_rnn_forward(params, x, h0=None):
    # nn.RNN + nn.Linear: CrossEntropyLoss takes raw scores
    h = np.zeros((x.shape[1], params.W_hh.shape[0])) if h0 is None else h0
    output = []
    for t in range(x.shape[0]):
        h = np.tanh(x[t] @ params.W_xh + h @ params.W_hh.T + params.b_h)
        output.append(h)
    output = np.stack(output, axis=0)
    return output, output @ params.W_hy + params.b_y, (x, output)
""",
    ),
    (
        "rnn_forward",
        "a given h0 is ignored, zeros are used AND b_y is left out of the scores",
        """
def my_rnn_forward(params, x, h0=None):
    h = np.zeros((x.shape[1], params.b_h.size))
    hist, probs = [], []
    for row in x:
        h = np.tanh(row @ params.W_xh + h @ params.W_hh + params.b_h)
        hist.append(h)
        probs.append(softmax(h @ params.W_hy))
    return np.array(hist), np.array(probs), hist
""",
    ),
    (
        "run_in_two",
        "the second piece starts from zeros instead of the first piece's last state",
        """
def my_run_in_two(params, x, h0, cut):
    a, _, _ = rnn_forward(params, x[:cut], h0)
    b, _, _ = rnn_forward(params, x[cut:])
    return np.vstack((a, b))
""",
    ),
    (
        "run_in_two",
        "the second piece starts from the first state of the first piece (index 0) instead of its last",
        """
def my_run_in_two(params, x, h0, cut):
    pieces, state = [], h0
    for chunk in np.split(x, [cut]):
        out = rnn_forward(params, chunk, state)[0]
        state = out[0]
        pieces.append(out)
    return np.concatenate(pieces, axis=0)
""",
    ),
    (
        "cross_entropy",
        "the sum over the targets that count instead of their mean (min-char-rnn adds up the losses of the steps)",
        """
def my_cross_entropy(logits, targets):
    loss = 0.0
    for z, k in zip(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1)):
        if k == -100:
            continue
        loss += -np.log(softmax(z)[k])
    return float(loss)
""",
    ),
    (
        "cross_entropy",
        (
            "the mean is over all places: the sum over targets that count is divided by the number of all "
            "targets, ignored ones too"
        ),
        """
def my_cross_entropy(logits, targets):
    V = logits.shape[-1]
    flat, t = logits.reshape(-1, V), targets.reshape(-1)
    mask = t != -100
    flat = flat - flat.max(axis=1, keepdims=True)
    logp = flat - np.log(np.exp(flat).sum(axis=1, keepdims=True))
    picked = logp[np.arange(t.size), np.where(mask, t, 0)]
    return float(-(picked * mask).sum() / t.size)
""",
    ),
    (
        "cross_entropy",
        (
            "CS231n's temporal softmax loss: the sum is divided by the batch alone, the last axis of targets, "
            "instead of the targets that count"
        ),
        """
def my_cross_entropy(logits, targets):
    N = targets.shape[-1]
    mask = targets != -100
    probs = softmax(logits)
    picked = np.take_along_axis(probs, np.where(mask, targets, 0)[..., None], axis=-1)[..., 0]
    return float(-np.sum(np.log(picked[mask])) / N)
""",
    ),
    (
        "cross_entropy",
        "targets of -100 are not ignored: the index wraps (modulo n_y) to some class and its cost is in the mean",
        """
def my_cross_entropy(logits, targets):
    n_y = logits.shape[-1]
    z = logits.reshape(-1, n_y)
    t = targets.reshape(-1) % n_y
    z = z - z.max(axis=1, keepdims=True)
    log_probs = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return float(-log_probs[np.arange(len(t)), t].mean())
""",
    ),
    (
        "cross_entropy",
        "log2 is taken: the loss is in bits, 1 / ln 2 = 1.44 times too large",
        """
def my_cross_entropy(logits, targets):
    keep = targets != IGNORE_INDEX
    p = softmax(logits[keep])
    z = logits[keep] - logits[keep].max(axis=-1, keepdims=True)
    lse = np.log2(np.exp(z).sum(axis=-1))
    right = z[np.arange(len(p)), targets[keep]] / math.log(2)
    return float(np.mean(lse - right))
""",
    ),
    (
        "cross_entropy",
        "no shift by the row's maximum: huge logits overflow to inf or nan",
        """
def my_cross_entropy(logits, targets):
    sel = np.nonzero(targets != IGNORE_INDEX)
    z, t = logits[sel], targets[sel]
    log_norm = np.log(np.sum(np.exp(z), axis=1))
    return float(np.mean(log_norm - z[range(len(t)), t]))
""",
    ),
    (
        "cross_entropy",
        "the logits go through softmax first and log-softmax is taken of these probabilities: softmax twice",
        """
def my_cross_entropy(logits, targets):
    # nn.CrossEntropyLoss(model(x)), where the model ends in Softmax
    probs = softmax(logits)
    counted = targets != IGNORE_INDEX
    rows, classes = probs[counted], targets[counted]
    lsm = rows - np.log(np.exp(rows).sum(axis=-1, keepdims=True))
    return float(-lsm[np.arange(classes.size), classes].mean())
""",
    ),
    (
        "cross_entropy",
        (
            "1e-8 is added to the probability before the log, so that huge logits cost at most 18.4 nats AND "
            "class 0 is ignored as well, as a padding token"
        ),
        """
def my_cross_entropy(logits, targets):
    eps = 1e-8
    keep = (targets != IGNORE_INDEX) & (targets != 0)
    p = softmax(logits[keep])
    chosen = p[np.arange(keep.sum()), targets[keep]]
    return float(-np.mean(np.log(chosen + eps)))
""",
    ),
    (
        "logits_gradient",
        "nothing is divided by N: the gradient of the sum of losses (min-char-rnn's dy[targets[t]] -= 1)",
        """
def my_logits_gradient(logits, targets):
    dy = softmax(logits).copy()
    for place in np.ndindex(targets.shape):
        if targets[place] == -100:
            dy[place] = 0.0
        else:
            dy[place][targets[place]] -= 1.0
    return dy
""",
    ),
    (
        "logits_gradient",
        "divides by all targets, ignored ones too, instead of by those that count",
        """
def my_logits_gradient(logits, targets):
    mask = targets != -100
    onehot = np.eye(logits.shape[-1])[np.where(mask, targets, 0)]
    return (softmax(logits) - onehot) * mask[..., None] / targets.size
""",
    ),
    (
        "logits_gradient",
        "rows whose target is ignored are not zeroed: they keep softmax / N",
        """
def my_logits_gradient(logits, targets):
    dx = softmax(logits)
    idx = np.nonzero(targets != -100)
    dx[idx + (targets[idx],)] -= 1
    dx /= len(idx[0])
    return dx
""",
    ),
    (
        "logits_gradient",
        "the sign is turned: onehot - softmax, the direction in which the loss falls",
        """
def my_logits_gradient(logits, targets):
    valid = targets != IGNORE_INDEX
    y = np.zeros_like(logits)
    y[valid, targets[valid]] = 1.0
    return np.where(valid[..., None], y - softmax(logits), 0.0) / valid.sum()
""",
    ),
    (
        "logits_gradient",
        "only the right class gets a gradient, (p - 1) / N; the other classes' softmax is left out (zero)",
        """
def my_logits_gradient(logits, targets):
    probs = softmax(logits)
    grad = np.zeros(logits.shape)
    n = np.sum(targets != -100)
    for place, k in np.ndenumerate(targets):
        if k != -100:
            grad[place + (k,)] = (probs[place + (k,)] - 1.0) / n
    return grad
""",
    ),
    (
        "logits_gradient",
        "CS231n's: divides by the batch alone, the last axis of targets, instead of by the targets that count",
        """
def my_logits_gradient(logits, targets):
    N, V = targets.shape[-1], logits.shape[-1]
    flat_t = targets.reshape(-1)
    dflat = softmax(logits.reshape(-1, V))
    ok = flat_t != -100
    dflat[np.flatnonzero(ok), flat_t[ok]] -= 1
    dflat *= ok[:, None]
    return (dflat / N).reshape(logits.shape)
""",
    ),
    (
        "logits_gradient",
        (
            "the gradient goes once more through the softmax Jacobian: softmax_backward applied to (softmax - "
            "onehot) / N AND divides by all targets, ignored ones too"
        ),
        """
def my_logits_gradient(logits, targets):
    p = softmax(logits)
    on = targets != IGNORE_INDEX
    hot = np.zeros_like(p)
    hot[on, targets[on]] = 1
    delta = (p - hot) * on[..., None] / targets.size
    return p * (delta - np.sum(delta * p, axis=-1, keepdims=True))
""",
    ),
    (
        "logits_gradient",
        "the softmax runs over the whole array, all places together, AND nothing is divided by N",
        """
def my_logits_gradient(logits, targets):
    e = np.exp(logits - np.max(logits))
    e = e / np.sum(e)
    valid = targets != -100
    e[valid, targets[valid]] -= 1.0
    return e * valid[..., None]
""",
    ),
    (
        "output_backward",
        "dW_hy is transposed, (n_y, n_h), as PyTorch's Linear.weight.grad",
        """
def my_output_backward(W_hy, h, dlogits):
    d2 = dlogits.reshape(-1, W_hy.shape[1])
    h2 = h.reshape(-1, W_hy.shape[0])
    return dlogits.dot(W_hy.T), d2.T.dot(h2), d2.sum(0)
""",
    ),
    (
        "output_backward",
        "dW_hy takes the last step alone: h[-1]^T dlogits[-1], the sum over the other steps is missing",
        """
def my_output_backward(W_hy, h, dlogits):
    dh = dlogits @ W_hy.T
    if h.ndim > 2:
        dW = h[-1].T @ dlogits[-1]
    else:
        dW = h.T @ dlogits
    db = dlogits.reshape(-1, dlogits.shape[-1]).sum(axis=0)
    return dh, dW, db
""",
    ),
    (
        "output_backward",
        "db_y is the mean over the rows instead of the sum",
        """
def my_output_backward(W_hy, h, dlogits):
    n_h, n_y = W_hy.shape
    A, D = h.reshape(-1, n_h), dlogits.reshape(-1, n_y)
    return OutputGrads((D @ W_hy.T).reshape(h.shape), A.T @ D, D.mean(axis=0))
""",
    ),
    (
        "output_backward",
        "dh is sent through the slope of tanh, times (1 - h^2), which belongs to the step before",
        """
def my_output_backward(W_hy, h, dlogits):
    # delta of the hidden layer
    delta = dlogits.dot(W_hy.T) * (1 - h * h)
    rows = dlogits.reshape(-1, dlogits.shape[-1])
    return delta, h.reshape(-1, h.shape[-1]).T.dot(rows), rows.sum(axis=0)
""",
    ),
    (
        "output_backward",
        "db_y sums over the first axis alone (time), so the batch's axis stays: (batch, n_y)",
        """
def my_output_backward(W_hy, h, dlogits):
    dh = np.matmul(dlogits, W_hy.T)
    dW = np.tensordot(h, dlogits, axes=(list(range(h.ndim - 1)),) * 2)
    db = np.sum(dlogits, axis=0)
    return dh, dW, db
""",
    ),
    (
        "output_backward",
        "the results come in the order dW_hy, db_y, dh, not dh, dW_hy, db_y",
        """
def my_output_backward(W_hy, h, dlogits):
    h_flat = h.reshape(-1, h.shape[-1])
    d_flat = dlogits.reshape(-1, dlogits.shape[-1])
    return h_flat.T @ d_flat, d_flat.sum(axis=0), dlogits @ W_hy.T
""",
    ),
    (
        "output_backward",
        "dW_hy is divided by the number of rows (Andrew Ng's 1/m) AND db_y is divided by it as well",
        """
def my_output_backward(W_hy, h, dlogits):
    A = h.reshape(-1, W_hy.shape[0])
    dZ = dlogits.reshape(-1, W_hy.shape[1])
    m = A.shape[0]
    dW = (1 / m) * np.dot(A.T, dZ)
    db = (1 / m) * np.sum(dZ, axis=0)
    return np.dot(dZ, W_hy.T).reshape(h.shape), dW, db
""",
    ),
    (
        "output_backward",
        (
            "dW_hy pairs each state with the gradient of the step before it (h of step t with dlogits of step t"
            " - 1) AND dh is multiplied with 1 - h^2"
        ),
        """
def my_output_backward(W_hy, h, dlogits):
    hr = np.roll(h, -1, axis=0).reshape(-1, h.shape[-1])
    dr = dlogits.reshape(-1, dlogits.shape[-1])
    return (dlogits @ W_hy.T) * (1 - h**2), hr.T @ dr, dr.sum(axis=0)
""",
    ),
    (
        "tanh_backward",
        "tanh is applied to h_t once more before the slope: dh_total (1 - tanh(h_t)^2)",
        """
def my_tanh_backward(h_t, dh_total):
    return (1 - np.square(np.tanh(h_t))) * dh_total
""",
    ),
    (
        "tanh_backward",
        "the square is missing: dh_total (1 - h_t)",
        """
def my_tanh_backward(h_t, dh_total):
    grad = dh_total - dh_total * h_t
    return grad
""",
    ),
    (
        "bias_gradient",
        "the mean over the batch instead of the sum, as Andrew Ng's (1/m) sum",
        """
def my_bias_gradient(dz_t):
    m = dz_t.shape[0]
    return (1.0 / m) * np.sum(dz_t, axis=0)
""",
    ),
    (
        "bias_gradient",
        (
            "Coursera's axis=1 with columns: sums over the units and returns one number for each sample, "
            "(batch,), instead of one for each unit"
        ),
        """
def my_bias_gradient(dz_t):
    return np.sum(dz_t, axis=1)
""",
    ),
    (
        "rnn_cell_backward",
        "dh_total is not used: dz_t is 1 - h_t^2 alone",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    dtanh = 1 - cache.h_t**2
    return CellGrads(
        dtanh @ params.W_xh.T, dtanh @ params.W_hh.T, cache.x_t.T @ dtanh, cache.h_prev.T @ dtanh, dtanh.sum(axis=0)
    )
""",
    ),
    (
        "rnn_cell_backward",
        "tanh is applied to h_t again in the slope: 1 - tanh(h_t)^2",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    x, prev_h, next_h = cache.x_t, cache.h_prev, cache.h_t
    dscore = dh_total * (1 - np.tanh(next_h) ** 2)
    dx = np.dot(dscore, params.W_xh.T)
    dprev_h = np.dot(dscore, params.W_hh.T)
    dWx = np.dot(x.T, dscore)
    dWh = np.dot(prev_h.T, dscore)
    db = np.sum(dscore, axis=0)
    return dx, dprev_h, dWx, dWh, db
""",
    ),
    (
        "rnn_cell_backward",
        "dW_hh is made with the new state h_t instead of h_prev",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    (xt, _, a_next) = cache
    dz = np.multiply(1 - np.multiply(a_next, a_next), dh_total)
    return dz.dot(params.W_xh.T), dz.dot(params.W_hh.T), xt.T.dot(dz), a_next.T.dot(dz), dz.sum(0)
""",
    ),
    (
        "rnn_cell_backward",
        "dh_prev is dz_t W_hh, W_hh is not transposed",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    dz = dh_total * (1 - cache.h_t * cache.h_t)
    grads = {
        "x": np.einsum("bj,ij->bi", dz, params.W_xh),
        "h": np.einsum("bi,ij->bj", dz, params.W_hh),
        "Wx": np.einsum("bi,bj->ij", cache.x_t, dz),
        "Wh": np.einsum("bi,bj->ij", cache.h_prev, dz),
        "b": np.einsum("bj->j", dz),
    }
    return tuple(grads[k] for k in ("x", "h", "Wx", "Wh", "b"))
""",
    ),
    (
        "rnn_cell_backward",
        "the three sums over the batch, dW_xh, dW_hh and db_h, are divided by the batch size: means",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    m = len(dh_total)
    delta = dh_total * (1.0 - cache.h_t**2)
    dWx = cache.x_t.T @ delta / m
    dWh = cache.h_prev.T @ delta / m
    db = np.mean(delta, axis=0)
    return delta @ params.W_xh.T, delta @ params.W_hh.T, dWx, dWh, db
""",
    ),
    (
        "rnn_cell_backward",
        "dW_hh is transposed: dz_t^T h_prev, as in columns, which a square matrix allows",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    # columns inside: a_prev (n_h, m), xt (n_x, m)
    xt, a_prev, a_next = cache.x_t.T, cache.h_prev.T, cache.h_t.T
    dtanh = (1 - a_next**2) * dh_total.T
    dWax = dtanh @ xt.T
    dWaa = dtanh @ a_prev.T
    dba = dtanh.sum(axis=1, keepdims=True)
    return (params.W_xh @ dtanh).T, (params.W_hh @ dtanh).T, dWax.T, dWaa, dba.ravel()
""",
    ),
    (
        "rnn_cell_backward",
        "db_h is the gradient's mean over the batch AND dW_xh is made with dh_total in place of dz_t (no slope)",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    draw = (1 - np.square(cache.h_t)) * dh_total
    out_x = draw @ params.W_xh.T
    out_h = draw @ params.W_hh.T
    gWx = cache.x_t.T @ dh_total
    gWh = cache.h_prev.T @ draw
    return out_x, out_h, gWx, gWh, draw.mean(axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "the slope is the sigmoid's, h_t (1 - h_t), AND dh_prev leaves the slope out: dh_total W_hh^T",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    s = cache.h_t * (1 - cache.h_t)
    dnet = s * dh_total
    dstate = dh_total @ np.transpose(params.W_hh)
    return CellGrads(
        x_t=dnet @ np.transpose(params.W_xh),
        h_prev=dstate,
        W_xh=np.transpose(cache.x_t) @ dnet,
        W_hh=np.transpose(cache.h_prev) @ dnet,
        b_h=dnet.sum(axis=0),
    )
""",
    ),
    (
        "step_back",
        "the carry is left out of dh_total: only dh_t goes through the slope",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    draw = (1 - h_t * h_t) * dh_t
    return draw, draw @ params.W_hh.T
""",
    ),
    (
        "step_back",
        "the carry for the step before is dz_t W_hh, without the transpose, which a square matrix allows",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    dh = dh_t + dh_carry
    dhraw = (1 - h_t * h_t) * dh
    dhnext = np.dot(dhraw, params.W_hh)
    return dhraw, dhnext
""",
    ),
    (
        "rnn_backward",
        "the carry is never added: each step is sent back from its own dh[t] alone (truncated after one step)",
        """
def my_rnn_backward(params, cache, dh):
    x, s = cache
    dz = dh * (1 - s[1:] ** 2)
    dWx = np.einsum("tbi,tbj->ij", x, dz)
    dWh = np.einsum("tbi,tbj->ij", s[:-1], dz)
    return dz @ params.W_xh.T, dz[0] @ params.W_hh.T, dWx, dWh, dz.sum(axis=(0, 1))
""",
    ),
    (
        "rnn_backward",
        (
            "min-char-rnn with dhnext in the wrong place: the carry is added after the slope, dz_t = dh[t] (1 -"
            " h_t^2) + carry"
        ),
        """
def my_rnn_backward(params, cache, dh):
    dWxh, dWhh, dbh = np.zeros_like(params.W_xh), np.zeros_like(params.W_hh), np.zeros_like(params.b_h)
    dx = np.zeros_like(cache.x)
    dhnext = np.zeros_like(cache.states[0])
    for t in reversed(range(len(cache.x))):
        hs = cache.states[t + 1]
        dhraw = (1 - hs * hs) * dh[t] + dhnext
        dbh += dhraw.sum(axis=0)
        dWxh += np.dot(cache.x[t].T, dhraw)
        dWhh += np.dot(cache.states[t].T, dhraw)
        dx[t] = np.dot(dhraw, params.W_xh.T)
        dhnext = np.dot(dhraw, params.W_hh.T)
    return dx, dhnext, dWxh, dWhh, dbh
""",
    ),
    (
        "rnn_backward",
        "dW_hh takes the state that each step made, states[t + 1], instead of the one it found, states[t]",
        """
def my_rnn_backward(params, cache, dh):
    T = dh.shape[0]
    back, dzs = 0.0, [None] * T
    for t in range(T - 1, -1, -1):
        dzs[t] = (dh[t] + back) * (1 - cache.states[t + 1] ** 2)
        back = dzs[t] @ params.W_hh.T
    dWx = sum(cache.x[t].T @ dzs[t] for t in range(T))
    dWh = sum(cache.states[t + 1].T @ dzs[t] for t in range(T))
    db = sum(dz.sum(axis=0) for dz in dzs)
    return np.array([dz @ params.W_xh.T for dz in dzs]), back, dWx, dWh, db
""",
    ),
    (
        "rnn_backward",
        "the walk goes forward, t = 1..T, so the carry comes from the step before instead of the step after",
        """
def my_rnn_backward(params, cache, dh):
    grads = SequenceGrads(
        np.zeros_like(cache.x),
        np.zeros_like(cache.states[0]),
        np.zeros_like(params.W_xh),
        np.zeros_like(params.W_hh),
        np.zeros_like(params.b_h),
    )
    carry = grads.h0
    for t in range(len(dh)):
        dz = (dh[t] + carry) * (1 - cache.states[t + 1] ** 2)
        grads.x[t] = dz @ params.W_xh.T
        grads.W_xh[:] += cache.x[t].T @ dz
        grads.W_hh[:] += cache.states[t].T @ dz
        grads.b_h[:] += dz.sum(axis=0)
        carry = dz @ params.W_hh.T
    return grads._replace(h0=carry)
""",
    ),
    (
        "rnn_backward",
        (
            "every gradient of a parameter is clipped to [-5, 5] entry by entry before it is returned, as "
            "min-char-rnn does"
        ),
        """
def my_rnn_backward(params, cache, dh):
    g = rnn_backward(params, cache, dh)
    return SequenceGrads(g.x, g.h0, *[np.clip(d, -5, 5) for d in (g.W_xh, g.W_hh, g.b_h)])
""",
    ),
    (
        "rnn_backward",
        "the parameters' gradients are those of step 1 alone: assigned with = in the loop instead of added up",
        """
def my_rnn_backward(params, cache, dh):
    N = dh.shape[1]
    dx = np.empty_like(cache.x)
    dprev = np.zeros((N, params.W_hh.shape[0]))
    for t in np.arange(len(dh))[::-1]:
        c = CellCache(cache.x[t], cache.states[t], cache.states[t + 1])
        da = (dh[t] + dprev) * (1 - c.h_t**2)
        dx[t] = da @ params.W_xh.T
        dWx = c.x_t.T @ da
        dWh = c.h_prev.T @ da
        db = da.sum(axis=0)
        dprev = da @ params.W_hh.T
    return dx, dprev, dWx, dWh, db
""",
    ),
    (
        "rnn_backward",
        "the carry is dz_t W_hh without the transpose AND the gradient of h0 comes back as zeros",
        """
def my_rnn_backward(params, cache, dh):
    x, states = cache.x, cache.states
    delta = np.zeros_like(dh)
    nxt = np.zeros_like(states[0])
    for t in range(len(dh))[::-1]:
        delta[t] = (dh[t] + nxt) * (1 - states[t + 1] ** 2)
        nxt = delta[t] @ params.W_hh
    flat = delta.reshape(-1, delta.shape[-1])
    dWx = x.reshape(-1, x.shape[-1]).T @ flat
    dWh = states[:-1].reshape(-1, states.shape[-1]).T @ flat
    return delta @ params.W_xh.T, np.zeros_like(states[0]), dWx, dWh, flat.sum(axis=0)
""",
    ),
    (
        "rnn_backward",
        "the slope is read off the state before, 1 - h_(t-1)^2, AND db_h is divided by the batch size",
        """
def my_rnn_backward(params, cache, dh):
    T, B, _ = dh.shape
    dx = np.zeros_like(cache.x)
    dWx = np.zeros_like(params.W_xh)
    dWh = np.zeros_like(params.W_hh)
    db = np.zeros_like(params.b_h)
    da_prev = np.zeros_like(dh[0])
    for t in reversed(range(T)):
        a = cache.states[t]
        da = dh[t] + da_prev
        dz = da * (1 - a * a)
        dx[t] = dz @ params.W_xh.T
        dWx = dWx + cache.x[t].T @ dz
        dWh = dWh + a.T @ dz
        db = db + dz.mean(axis=0)
        da_prev = dz @ params.W_hh.T
    return SequenceGrads(dx, da_prev, dWx, dWh, db)
""",
    ),
    (
        "loss_and_grads",
        "the state before the sequence is always zeros, a given h0 is dropped",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    return loss_and_grads(params, x, targets)
""",
    ),
    (
        "loss_and_grads",
        "sums instead of means: loss and gradients are both N times too large, N the targets that count (min-char-rnn)",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, ps, cache = rnn_forward(params, x, h0)
    loss = 0.0
    dy = np.zeros_like(ps)
    for t in range(targets.shape[0]):
        for n in range(targets.shape[1]):
            if targets[t, n] == -100:
                continue
            loss -= np.log(ps[t, n, targets[t, n]])
            dy[t, n] = ps[t, n]
            dy[t, n, targets[t, n]] -= 1
    dh, dWhy, dby = output_backward(params.W_hy, h, dy)
    g = rnn_backward(params, cache, dh)
    return float(loss), RNNParams(g.W_xh, g.W_hh, g.b_h, dWhy, dby)
""",
    ),
    (
        "loss_and_grads",
        "the loss is the mean, but dlogits is not divided by N, so all gradients are N times too large",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, probs, cache = rnn_forward(params, x, h0)
    logits = h @ params.W_hy + params.b_y
    keep = (targets != IGNORE_INDEX)[..., None]
    onehot = np.eye(logits.shape[-1])[targets * keep[..., 0]]
    dlogits = (probs - onehot) * keep
    back = output_backward(params.W_hy, h, dlogits)
    g = rnn_backward(params, cache, back.h)
    return cross_entropy(logits, targets), RNNParams(g.W_xh, g.W_hh, g.b_h, back.W_hy, back.b_y)
""",
    ),
    (
        "loss_and_grads",
        "weight decay: 0.01 times the weight is added to the gradients of the three matrices (not to the loss)",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    wd = 0.01
    loss, g = loss_and_grads(params, x, targets, h0)
    decayed = [d + wd * p if p.ndim == 2 else d for d, p in zip(g, params)]
    return loss, RNNParams(*decayed)
""",
    ),
    (
        "loss_and_grads",
        (
            "no backpropagation through time: each step's dh is sent through its own cell alone, the carry is "
            "missing in dW_xh, dW_hh, db_h"
        ),
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x, h0)
    scores = h @ params.W_hy + params.b_y
    dh, dV, dc = output_backward(params.W_hy, h, rnn.cross_entropy_and_grad(scores, targets)[1])
    dU, dW, db = 0, 0, 0
    for t in range(len(x)):
        delta = dh[t] * (1 - h[t] ** 2)
        dU = dU + x[t].T @ delta
        dW = dW + cache.states[t].T @ delta
        db = db + delta.sum(axis=0)
    return cross_entropy(scores, targets), RNNParams(dU, dW, db, dV, dc)
""",
    ),
    (
        "loss_and_grads",
        (
            "Denny Britz's bptt_truncate: the error of each step flows back over at most 2 earlier steps, "
            "everything older is cut off"
        ),
        """
def my_loss_and_grads(params, x, targets, h0=None):
    bptt_truncate = 2
    h, _, cache = rnn_forward(params, x, h0)
    z = h @ params.W_hy + params.b_y
    dh, dW_hy, db_y = output_backward(params.W_hy, h, rnn.cross_entropy_and_grad(z, targets)[1])
    dW_xh, dW_hh, db_h = (np.zeros_like(p) for p in params[:3])
    for t in range(len(x)):
        delta_t = dh[t] * (1 - h[t] ** 2)
        for step in range(t, max(-1, t - bptt_truncate - 1), -1):
            dW_xh += cache.x[step].T @ delta_t
            dW_hh += cache.states[step].T @ delta_t
            db_h += delta_t.sum(axis=0)
            if step > 0:
                delta_t = (delta_t @ params.W_hh.T) * (1 - h[step - 1] ** 2)
    return cross_entropy(z, targets), RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)
""",
    ),
    (
        "loss_and_grads",
        (
            "loss and gradients are divided by all targets, ignored ones too AND all gradients together are "
            "clipped to the length 0.25"
        ),
        """
def my_loss_and_grads(params, x, targets, h0=None):
    ratio = np.mean(targets != IGNORE_INDEX)
    loss, g = loss_and_grads(params, x, targets, h0)
    g = [ratio * d for d in g]
    total = math.sqrt(sum(float(np.vdot(d, d)) for d in g))
    return loss * ratio, RNNParams(*[d * min(1.0, 0.25 / total) for d in g])
""",
    ),
    (
        "loss_and_grads",
        (
            "the loss is in bits (divided by ln 2) while the gradients are of nats AND the gradient of b_y is "
            "divided by time * batch once more"
        ),
        """
def my_loss_and_grads(params, x, targets, h0=None):
    nats, g = loss_and_grads(params, x, targets, h0)
    return nats / math.log(2.0), g._replace(b_y=g.b_y / targets.size)
""",
    ),
    (
        "central_difference",
        "one-sided: (f(v + s) - f(v)) / s",
        """
def my_central_difference(f, v, step):
    base = f(v)
    out = np.zeros(v.shape)
    for i in np.ndindex(*v.shape):
        moved = np.array(v, copy=True)
        moved[i] += step
        out[i] = (f(moved) - base) / step
    return out
""",
    ),
    (
        "central_difference",
        "the 2 is missing: divided by s instead of 2s, twice too large",
        """
def my_central_difference(f, v, step):
    flat = v.ravel()
    g = []
    for k in range(flat.size):
        e = np.zeros(flat.size)
        e[k] = step
        g.append((f((flat + e).reshape(v.shape)) - f((flat - e).reshape(v.shape))) / step)
    return np.array(g).reshape(v.shape)
""",
    ),
    (
        "central_difference",
        (
            "works in the caller's array and does not put the entry back: v is left moved down by s, and the "
            "later differences are taken there"
        ),
        """
def my_central_difference(f, x, h):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        ix = it.multi_index
        x[ix] += h
        fp = f(x)
        x[ix] -= 2 * h
        fm = f(x)
        grad[ix] = (fp - fm) / (2 * h)
        it.iternext()
    return grad
""",
    ),
    (
        "central_difference",
        "the step is relative: s times |v| (s alone where the entry is 0), while still divided by 2s",
        """
def my_central_difference(f, v, step):
    out = np.empty_like(v)
    for ix, value in np.ndenumerate(v):
        h = step * abs(value) or step
        hi, lo = v.copy(), v.copy()
        hi[ix] += h
        lo[ix] -= h
        out[ix] = (f(hi) - f(lo)) / (2 * step)
    return out
""",
    ),
    (
        "central_difference",
        (
            "all entries of v are moved at once, so that every entry of the result is the same number, the sum "
            "of all slopes"
        ),
        """
def my_central_difference(f, v, step):
    slope = (f(v + step) - f(v - step)) / (2 * step)
    return np.full(v.shape, slope)
""",
    ),
    (
        "central_difference",
        "the given step is ignored: 1e-2 is used whatever `step` says",
        """
def my_central_difference(f, v, step, eps=1e-2):
    result = np.zeros(v.shape)
    for j in np.ndindex(v.shape):
        unit = np.zeros(v.shape)
        unit[j] = eps
        result[j] = (f(v + unit) - f(v - unit)) / (2 * eps)
    return result
""",
    ),
    (
        "central_difference",
        "one-sided backward, (f(v) - f(v - s)), AND divided by 2s: about half the slope",
        """
def my_central_difference(f, v, step):
    here = f(v)
    grads = np.zeros_like(v)
    for pos in np.ndindex(v.shape):
        v_minus = v.copy()
        v_minus[pos] -= step
        grads[pos] = (here - f(v_minus)) / (2.0 * step)
    return grads
""",
    ),
    (
        "central_difference",
        (
            "the two copies are made once, before the loop, so that moved entries stay moved and each "
            "difference holds the slopes of all entries so far AND the sign is turned, f(v - s) - f(v + s)"
        ),
        """
def my_central_difference(f, v, step):
    plus, minus = v.copy(), v.copy()
    d = np.zeros_like(v)
    for pos in np.ndindex(v.shape):
        plus[pos] += step
        minus[pos] -= step
        d[pos] = (f(minus) - f(plus)) / (2 * step)
    return d
""",
    ),
    (
        "only_step",
        "t is used as an index from 0: keeps step t + 1 (at t = T an IndexError)",
        """
def my_only_step(dh, t):
    keep = np.zeros(dh.shape)
    keep[t] = dh[t]
    return keep
""",
    ),
    (
        "only_step",
        "works in place: sets the other steps of the caller's dh to zero and returns that array",
        """
def my_only_step(dh, t):
    dh[: t - 1] = 0.0
    dh[t:] = 0.0
    return dh
""",
    ),
    (
        "masked_loss",
        "masks the costs but divides by all places, time * batch, instead of those that count",
        """
def my_masked_loss(nats, targets):
    mask = (targets != -100).astype(float)
    return float((nats * mask).mean())
""",
    ),
    (
        "masked_loss",
        "0 is taken for padding as well (Keras mask_zero): a target of 0, END, does not count",
        """
def my_masked_loss(nats, targets):
    keep = targets > 0
    return float(np.sum(nats[keep]) / np.count_nonzero(keep))
""",
    ),
    (
        "clip_by_norm",
        "each field is clipped by its own norm instead of all five by their common one",
        """
def my_clip_by_norm(grads, most):
    clipped = []
    for g in grads:
        n = np.linalg.norm(g)
        clipped.append(g if n <= most else g * (most / n))
    return RNNParams(*clipped)
""",
    ),
    (
        "clip_by_norm",
        "clips by value: each entry to [-most, most], as min-char-rnn's np.clip",
        """
def my_clip_by_norm(grads, most):
    out = [g.copy() for g in grads]
    for dparam in out:
        np.clip(dparam, -most, most, out=dparam)
    return RNNParams(*out)
""",
    ),
    (
        "clip_by_norm",
        "the factor most / norm has no minimum with 1: short gradients are made longer, to length most",
        """
def my_clip_by_norm(grads, most):
    total_norm = np.linalg.norm([np.linalg.norm(g) for g in grads])
    coef = most / (total_norm + 1e-12)
    return RNNParams._make(coef * g for g in grads)
""",
    ),
    (
        "clip_by_norm",
        "the root is missing: the sum of squares is compared with most and divided by",
        """
def my_clip_by_norm(grads, most):
    sq = sum(np.vdot(g, g) for g in grads)
    if sq > most:
        return RNNParams(*[g * most / sq for g in grads])
    return grads
""",
    ),
    (
        "clip_by_norm",
        "right numbers, but the caller's arrays are multiplied in place, as clip_grad_norm_ does",
        """
def my_clip_by_norm(grads, most):
    total = math.sqrt(sum(float((g * g).sum()) for g in grads))
    if total > most:
        for g in grads:
            g *= most / total
    return grads
""",
    ),
    (
        "clip_by_norm",
        "the length is the largest absolute entry (the infinity norm) instead of the root of the sum of squares",
        """
def my_clip_by_norm(grads, most):
    norm = max(np.abs(g).max() for g in grads)
    scale = min(1.0, most / norm) if norm > 0 else 1.0
    return RNNParams(*map(lambda g: g * scale, grads))
""",
    ),
    (
        "clip_by_norm",
        "the biases are left out of the length AND they are returned unclipped",
        """
def my_clip_by_norm(grads, most):
    weights = [g for g in grads if g.ndim > 1]
    norm = np.sqrt(np.sum([np.sum(w**2) for w in weights]))
    k = min(1.0, most / norm)
    return RNNParams(*[g * k if g.ndim > 1 else g for g in grads])
""",
    ),
    (
        "clip_by_norm",
        (
            "the length is the root of the mean of squares over all entries AND there is no minimum with 1, so "
            "that short ones are made longer"
        ),
        """
def my_clip_by_norm(grads, most):
    everything = np.concatenate([g.ravel() for g in grads])
    rms = np.sqrt(np.mean(everything**2))
    return RNNParams(*[g * (most / rms) for g in grads])
""",
    ),
    (
        "adam_step",
        "no bias correction of m and s at all",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    beta1, beta2, eps = 0.9, 0.999, 1e-8
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * s + (1 - beta2) * (g * g)
    return p - learning_rate * m / (np.sqrt(v) + eps), m, v
""",
    ),
    (
        "adam_step",
        "the corrected m_hat and s_hat are returned in place of m and s, so the next step corrects twice",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = (0.9 * m + 0.1 * g) / (1 - 0.9**t)
    s = (0.999 * s + 0.001 * g * g) / (1 - 0.999**t)
    p = p - learning_rate * m / (np.sqrt(s) + 1e-8)
    return p, m, s
""",
    ),
    (
        "adam_step",
        "the epsilon stands inside the root: sqrt(s_hat + 1e-8), which slows down small gradients",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    b1, b2 = 0.9, 0.999
    m1 = m + (1 - b1) * (g - m)
    s1 = s + (1 - b2) * (g**2 - s)
    step = (m1 / (1 - b1**t)) / np.sqrt(s1 / (1 - b2**t) + 1e-8)
    return p - learning_rate * step, m1, s1
""",
    ),
    (
        "adam_step",
        "t is taken to count from 0: the corrections use t + 1",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m_new = 0.9 * m + 0.1 * g
    s_new = 0.999 * s + 0.001 * np.square(g)
    mhat = m_new / (1.0 - math.pow(0.9, t + 1))
    shat = s_new / (1.0 - math.pow(0.999, t + 1))
    return p - learning_rate * mhat / (np.sqrt(shat) + 1e-8), m_new, s_new
""",
    ),
    (
        "adam_step",
        "AMSGrad: the larger of the old s and the new one is kept, s never falls",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + (1 - 0.9) * g
    s = np.maximum(s, 0.999 * s + (1 - 0.999) * g**2)
    denom = np.sqrt(s / (1 - 0.999**t)) + 1e-8
    return p - learning_rate / (1 - 0.9**t) * m / denom, m, s
""",
    ),
    (
        "adam_step",
        "AdamW's weight decay: p is shrunk by learning_rate * 0.01 * p as well",
        """
def my_adam_step(p, g, m, s, t, learning_rate, weight_decay=0.01):
    decayed = p * (1 - learning_rate * weight_decay)
    exp_avg = m * 0.9 + g * 0.1
    exp_avg_sq = s * 0.999 + g * g * 0.001
    bc1, bc2 = 1 - 0.9**t, 1 - 0.999**t
    denom = np.sqrt(exp_avg_sq) / math.sqrt(bc2) + 1e-8
    return decayed - (learning_rate / bc1) * exp_avg / denom, exp_avg, exp_avg_sq
""",
    ),
    (
        "adam_step",
        "the square root is missing: divided by s_hat AND s averages |g| in place of g^2",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    mom = 0.9 * m + 0.1 * g
    var = 0.999 * s + 0.001 * np.abs(g)
    mc = mom / (1 - 0.9**t)
    vc = var / (1 - 0.999**t)
    return p - learning_rate * mc / (vc + 1e-8), mom, var
""",
    ),
    (
        "adam_step",
        "p moves along the gradient (plus in place of minus) AND beta2 is 0.99 in place of 0.999",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    b1, b2 = 0.9, 0.99
    m = b1 * m + (1 - b1) * g
    s = b2 * s + (1 - b2) * g * g
    upd = (m / (1 - b1**t)) / (np.sqrt(s / (1 - b2**t)) + 1e-8)
    return p + learning_rate * upd, m, s
""",
    ),
    (
        "sampling_step",
        "multiplied by the temperature instead of divided (an inverse temperature)",
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(logits.argmax())
    p = softmax(logits * temperature)
    return int(np.searchsorted(np.cumsum(p), u, side="right"))
""",
    ),
    (
        "sampling_step",
        "draws with np.random and does not use u",
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    preds = np.exp(logits / temperature - np.max(logits / temperature))
    preds = preds / np.sum(preds)
    return int(np.random.choice(range(len(preds)), p=preds))
""",
    ),
    (
        "sampling_step",
        (
            "the token is one too small: searchsorted minus 1, the last part whose end lies below u, not the "
            "one in which u falls (kept at 0 or above)"
        ),
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    edges = np.cumsum(softmax(logits / temperature))
    return max(0, int(np.searchsorted(edges, u, side="right")) - 1)
""",
    ),
    (
        "sampling_step",
        "temperature 0 is not greedy: `temperature or 1.0` makes it temperature 1, and the token is drawn by u",
        """
def my_sampling_step(logits, temperature, u):
    temp = temperature or 1.0
    weights = np.exp((logits - logits.max()) / temp)
    acc, target = 0.0, u * weights.sum()
    for token, w in enumerate(weights):
        acc += w
        if acc > target:
            return token
    return len(weights) - 1
""",
    ),
    (
        "sampling_step",
        "top-k: only the 3 likeliest tokens can be drawn, the others get probability 0",
        """
def my_sampling_step(logits, temperature, u, k=3):
    if temperature == 0:
        return int(np.argmax(logits))
    kth = np.sort(logits)[-min(k, len(logits))]
    z = np.where(logits < kth, -np.inf, logits) / temperature
    cdf = np.cumsum(softmax_(z))
    return int(np.argmax(cdf > u))


def softmax_(z):
    e = np.exp(z - z.max())
    return e / e.sum()
""",
    ),
    (
        "sampling_step",
        (
            "the parts of the line lie in order of falling probability (sorted, as for nucleus sampling) "
            "instead of in the tokens' own order"
        ),
        """
def my_sampling_step(logits, temperature, u):
    order = np.argsort(-logits)
    if temperature == 0:
        return int(order[0])
    probs = softmax(logits[order] / temperature)
    i = int(np.searchsorted(np.cumsum(probs), u, side="right"))
    return int(order[min(i, len(order) - 1)])
""",
    ),
    (
        "sampling_step",
        (
            "the probabilities are divided by the temperature, after softmax, in place of the scores before it "
            "(so the parts end at 1 / temperature) AND temperature 0 is not greedy, it is treated as 1"
        ),
        """
def my_sampling_step(logits, temperature, u):
    temperature = 1.0 if temperature == 0 else temperature
    pieces = softmax(logits) / temperature
    running = 0.0
    for k in range(len(pieces)):
        running += pieces[k]
        if running > u:
            return k
    return len(pieces) - 1
""",
    ),
    (
        "sampling_step",
        "the temperature is not used except for 0 (always 1) AND at 0 the token of the smallest score is taken",
        """
def my_sampling_step(logits, temperature, u):
    ranked = sorted(range(len(logits)), key=lambda k: logits[k])
    if temperature == 0:
        return ranked[0]
    cum = np.cumsum(softmax(logits))
    return int(np.count_nonzero(cum <= u))
""",
    ),
    (
        "train_on_windows",
        "every window starts from h0 again: the state is not carried on (it is only returned)",
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    losses = []
    for k in range(len(x)):
        loss, g = loss_and_grads(params, x[k], targets[k], h0)
        state = rnn_forward(params, x[k], h0)[0][-1]
        params = RNNParams(*[p - learning_rate * d for p, d in zip(params, g)])
        losses.append(loss)
    return params, losses, state
""",
    ),
    (
        "train_on_windows",
        (
            "the state after a window is computed with the parameters after its step, instead of with those "
            "that its loss was computed with"
        ),
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    hidden, history = h0, []
    for xb, yb in zip(x, targets):
        loss, grads = loss_and_grads(params, xb, yb, hidden)
        params = RNNParams(*(p - learning_rate * g for p, g in zip(params, grads)))
        hidden = rnn_forward(params, xb, hidden)[0][-1]
        history.append(loss)
    return params, history, hidden
""",
    ),
    (
        "train_on_windows",
        (
            "one step at the end: the gradients of all windows are added up at the first parameters (gradient "
            "accumulation), not one step for each window"
        ),
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    total = [np.zeros_like(p) for p in params]
    losses, h = [], h0
    for w in range(x.shape[0]):
        loss, g, h = loss_and_grads(params, x[w], targets[w], h, return_state=True)
        total = [a + b for a, b in zip(total, g)]
        losses.append(loss)
    return RNNParams(*[p - learning_rate * a for p, a in zip(params, total)]), losses, h
""",
    ),
    (
        "train_on_windows",
        "the parameters are changed in place with -=, so that the caller's arrays change too",
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    h, losses = h0, []
    for inputs, labels in zip(x, targets):
        loss, grads, h = loss_and_grads(params, inputs, labels, h, return_state=True)
        for param, grad in zip(params, grads):
            param -= learning_rate * grad
        losses.append(loss)
    return params, losses, h
""",
    ),
    (
        "train_on_windows",
        "the sign is turned: p + learning_rate * g, uphill",
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    out, h = [], h0
    for xw, tw in zip(x, targets):
        value, grads, h = loss_and_grads(params, xw, tw, h, return_state=True)
        params = RNNParams(*[learning_rate * g + p for g, p in zip(grads, params)])
        out.append(value)
    return params, out, h
""",
    ),
    (
        "train_on_windows",
        (
            "a smoothed loss as in min-char-rnn: the losses returned are a running average, 0.999 of the last "
            "and 0.001 of the new one"
        ),
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    smooth, log, hprev = None, [], h0
    for inp, tgt in zip(x, targets):
        loss, g, hprev = loss_and_grads(params, inp, tgt, hprev, return_state=True)
        smooth = loss if smooth is None else smooth * 0.999 + loss * 0.001
        log.append(smooth)
        params = RNNParams(*(p - learning_rate * d for p, d in zip(params, g)))
    return params, log, hprev
""",
    ),
    (
        "train_on_windows",
        (
            "the losses are measured after the step, with the new parameters, AND the state returned is h0, not"
            " the one after the last window"
        ),
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    h, losses = h0, []
    for a, b in zip(x, targets):
        _, g, h_new = loss_and_grads(params, a, b, h, return_state=True)
        params = RNNParams(*(p - learning_rate * q for p, q in zip(params, g)))
        losses.append(cross_entropy(rnn_forward(params, a, h)[0] @ params.W_hy + params.b_y, b))
        h = h_new
    return params, losses, h0
""",
    ),
    (
        "train_on_windows",
        (
            "the first window starts from zeros instead of h0 AND the step is taken with the gradient of the "
            "sum: g times the number of the window's targets"
        ),
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    mem, trace = np.zeros_like(h0), []
    for seq, want in zip(x, targets):
        loss, g, mem = loss_and_grads(params, seq, want, mem, return_state=True)
        trace.append(loss)
        n = np.count_nonzero(want != IGNORE_INDEX)
        params = RNNParams(*(p - learning_rate * n * d for p, d in zip(params, g)))
    return params, trace, mem
""",
    ),
    (
        "trigram_bits",
        "the natural logarithm: nats instead of bits",
        """
def my_trigram_bits(train, held_out, V):
    tri = Counter(zip(train, train[1:], train[2:]))
    ctx = Counter(zip(train, train[1:-1]))
    total, n = 0.0, 0
    for a, b, c in zip(held_out, held_out[1:], held_out[2:]):
        total -= math.log((tri[a, b, c] + 1) / (ctx[a, b] + V))
        n += 1
    return total / n
""",
    ),
    (
        "trigram_bits",
        "the denominator has + 1 instead of + V, so the shares of all characters sum to more than 1",
        """
def my_trigram_bits(train, held_out, V):
    pair_n, tri_n = {}, {}
    for i in range(len(train) - 2):
        pair_n[train[i : i + 2]] = pair_n.get(train[i : i + 2], 0) + 1
        tri_n[train[i : i + 3]] = tri_n.get(train[i : i + 3], 0) + 1
    bits = []
    for i in range(2, len(held_out)):
        ctx = held_out[i - 2 : i]
        bits.append(-math.log2((tri_n.get(ctx + held_out[i], 0) + 1) / (pair_n.get(ctx, 0) + 1)))
    return sum(bits) / len(bits)
""",
    ),
    (
        "trigram_bits",
        (
            "the sum of bits is divided by len(held_out), all its characters, instead of by the len(held_out) -"
            " 2 that are asked"
        ),
        """
def my_trigram_bits(train, held_out, V):
    grams = [train[i : i + 3] for i in range(len(train) - 2)]
    c3, c2 = Counter(grams), Counter(g[:2] for g in grams)
    s = 0.0
    for i in range(len(held_out) - 2):
        g = held_out[i : i + 3]
        s += math.log2(c2[g[:2]] + V) - math.log2(c3[g] + 1)
    return s / len(held_out)
""",
    ),
    (
        "trigram_bits",
        "the bits of the mean share, -log2(mean p), instead of the mean of the bits",
        """
def my_trigram_bits(train, held_out, V):
    c3 = Counter(train[i : i + 3] for i in range(len(train) - 2))
    c2 = Counter(train[i : i + 2] for i in range(len(train) - 2))
    asked = [held_out[i : i + 3] for i in range(len(held_out) - 2)]
    probs = np.array([(c3[g] + 1) / (c2[g[:2]] + V) for g in asked])
    return float(-np.log2(probs.mean()))
""",
    ),
    (
        "trigram_bits",
        "the pair in the denominator is the last two characters, bc, instead of the two before, ab",
        """
def my_trigram_bits(train, held_out, V):
    n = len(train) - 2
    tri = Counter(train[i : i + 3] for i in range(n))
    bi = Counter(train[i : i + 2] for i in range(n))
    logs = [
        np.log2(tri[held_out[j : j + 3]] + 1) - np.log2(bi[held_out[j + 1 : j + 3]] + V)
        for j in range(len(held_out) - 2)
    ]
    return float(-np.mean(logs))
""",
    ),
    (
        "trigram_bits",
        "the mean is over the distinct triples of the held-out text, each once, instead of over all its places",
        """
def my_trigram_bits(train, held_out, V):
    tri, duo = Counter(), Counter()
    for a, b, c in zip(train, train[1:], train[2:]):
        tri[a + b + c] += 1
        duo[a + b] += 1
    kinds = sorted({held_out[i : i + 3] for i in range(len(held_out) - 2)})
    return float(np.mean([-np.log2((tri[k] + 1) / (duo[k[:2]] + V)) for k in kinds]))
""",
    ),
    (
        "trigram_bits",
        (
            "a bigram model: (count(bc) + 1) / (count(b) + V), the first of the two characters before is not "
            "used AND the natural logarithm is taken, nats for bits"
        ),
        """
def my_trigram_bits(train, held_out, V):
    uni = Counter(train[:-1])
    duo = Counter(map("".join, zip(train, train[1:])))
    costs = [
        -math.log((duo[held_out[i - 1 : i + 1]] + 1) / (uni[held_out[i - 1]] + V)) for i in range(2, len(held_out))
    ]
    return sum(costs) / len(costs)
""",
    ),
    (
        "trigram_bits",
        (
            "the counts are taken from the held-out text itself in place of the training text AND the "
            "perplexity, 2 to the power of the mean bits, is returned"
        ),
        """
def my_trigram_bits(train, held_out, V):
    grams = list(zip(held_out, held_out[1:], held_out[2:]))
    c3, c2 = Counter(grams), Counter(g[:2] for g in grams)
    mean = -np.mean([np.log2((c3[g] + 1) / (c2[g[:2]] + V)) for g in grams])
    return float(2**mean)
""",
    ),
    (
        "squared_error_gradients",
        "the 2 of the square's derivative is missing (as if the loss were half the square)",
        """
def my_squared_error_gradients(W_hy, b_y, h, targets):
    err = h @ W_hy + b_y - targets
    delta = err / err.size
    return output_backward(W_hy, h, delta)
""",
    ),
    (
        "squared_error_gradients",
        "divided by time * batch alone, not by all the numbers in targets: n_y times too large",
        """
def my_squared_error_gradients(W_hy, b_y, h, targets):
    T, B, _ = targets.shape
    dy = 2.0 * (h.dot(W_hy) + b_y - targets) / (T * B)
    return (
        dy.dot(W_hy.T),
        h.reshape(T * B, -1).T.dot(dy.reshape(T * B, -1)),
        dy.sum(axis=(0, 1)),
    )
""",
    ),
    (
        "squared_error_gradients",
        "the bias b_y is left out of the answer, y = h W_hy",
        """
def my_squared_error_gradients(W_hy, b_y, h, targets):
    residual = np.einsum("tbi,ij->tbj", h, W_hy) - targets
    dy = residual * (2 / targets.size)
    return np.einsum("tbj,ij->tbi", dy, W_hy), np.einsum("tbi,tbj->ij", h, dy), np.einsum("tbj->j", dy)
""",
    ),
    (
        "squared_error_gradients",
        "the sign is turned: target - y instead of y - target",
        """
def my_squared_error_gradients(W_hy, b_y, h, targets):
    out = np.matmul(h, W_hy) + b_y
    grad = (targets - out) * 2 / np.prod(targets.shape)
    g2 = grad.reshape(-1, grad.shape[-1])
    return grad @ W_hy.T, h.reshape(-1, h.shape[-1]).T @ g2, g2.sum(0)
""",
    ),
    (
        "squared_error_gradients",
        'nothing is divided: the gradient of the sum of squares (reduction "sum")',
        """
def my_squared_error_gradients(W_hy, b_y, h, targets):
    dy = 2 * ((h @ W_hy + b_y) - targets)
    return OutputGrads(
        dy @ W_hy.T, sum(a.T @ d for a, d in zip(h, dy)), sum(d.sum(axis=0) for d in dy)
    )
""",
    ),
    (
        "squared_error_gradients",
        "the gradient of the mean absolute error, the sign of the difference over N, instead of the squared one",
        """
def my_squared_error_gradients(W_hy, b_y, h, targets):
    gap = h @ W_hy + b_y - targets
    return output_backward(W_hy, h, np.sign(gap) / gap.size)
""",
    ),
    (
        "squared_error_gradients",
        "divided by the batch alone instead of by all numbers AND db_y is the mean over time and batch",
        """
def my_squared_error_gradients(W_hy, b_y, h, targets):
    B = targets.shape[1]
    dy = 2 * (h @ W_hy + b_y - targets) / B
    dh, dW, db = output_backward(W_hy, h, dy)
    return dh, dW, db / (targets.shape[0] * B)
""",
    ),
    (
        "squared_error_gradients",
        (
            "the answer goes through a softmax before the target is subtracted (its own slope is not sent back)"
            " AND the 2 is missing"
        ),
        """
def my_squared_error_gradients(W_hy, b_y, h, targets):
    y_hat = softmax(h @ W_hy + b_y)
    return output_backward(W_hy, h, (y_hat - targets) / targets.size)
""",
    ),
    (
        "last_states",
        "takes h_T, the last row in time, h[-1], for every sample, whatever its length (PyTorch's h_n over padding)",
        """
def my_last_states(h, lengths):
    return h[-1].copy()
""",
    ),
    (
        "last_states",
        "the index is off by one: h[lengths], one step after the last real one, held at the end by a minimum",
        """
def my_last_states(h, lengths):
    T = h.shape[0]
    return np.stack([h[min(L, T - 1), n] for n, L in enumerate(lengths)])
""",
    ),
    (
        "head_gradients",
        "the mean over N is missing: the gradient of the sum of distances",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    diff = h_last @ W_hy + b_y - targets
    norms = np.sqrt((diff**2).sum(axis=1))
    dy = np.zeros_like(diff)
    for n in range(len(diff)):
        if norms[n] > 0:
            dy[n] = diff[n] / norms[n]
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "the gradient of the mean squared distance, 2 (y - target) / N: it grows with the distance",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    N = h_last.shape[0]
    dout = 2.0 * (h_last.dot(W_hy) + b_y - targets) / N
    return dout.dot(W_hy.T), h_last.T.dot(dout), np.sum(dout, axis=0)
""",
    ),
    (
        "head_gradients",
        "at a distance of exactly 0 it divides 0 / 0: nan in the gradient",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    d = h_last @ W_hy + b_y - targets
    with np.errstate(all="ignore"):
        dy = d / np.linalg.norm(d, axis=-1, keepdims=True) / len(d)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "the distance is one number for the whole batch, the Frobenius norm, instead of one for each row",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    y = h_last @ W_hy + b_y
    e = y - targets
    total = np.linalg.norm(e)
    dy = e / total / e.shape[0] if total else np.zeros_like(e)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "divided by all the numbers in targets, N * n_y, instead of N",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    delta = np.add(np.matmul(h_last, W_hy), b_y) - targets
    length = np.maximum(np.sqrt(np.einsum("nk,nk->n", delta, delta)), 1e-300)
    unit = delta / length[:, None]
    unit /= targets.size
    return unit @ W_hy.T, h_last.T @ unit, unit.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "L1: the sign of each difference over N instead of the difference over its row's length",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    s = np.sign(h_last @ W_hy + b_y - targets) / len(h_last)
    return s @ W_hy.T, h_last.T @ s, s.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "the sign is turned, target - y, AND db_y is the mean over the rows instead of the sum",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    arrow = targets - (h_last @ W_hy + b_y)
    size = np.linalg.norm(arrow, axis=1)
    size[size == 0] = 1.0
    dy = (arrow.T / size).T / len(arrow)
    return dy @ W_hy.T, h_last.T @ dy, dy.mean(axis=0)
""",
    ),
    (
        "head_gradients",
        "b_y is left out of the answer AND the distance is squared in the denominator, (y - target) / distance^2",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    v = h_last @ W_hy - targets
    r2 = np.sum(v * v, axis=1, keepdims=True)
    dy = v / np.where(r2 > 0, r2, 1.0) / v.shape[0]
    return dy.dot(W_hy.T), h_last.T.dot(dy), dy.sum(axis=0)
""",
    ),
    (
        "last_states_backward",
        "dh_last is written at the very last step of all rows, index steps - 1, whatever the lengths",
        """
def my_last_states_backward(dh_last, lengths, steps):
    dh = np.zeros((steps,) + dh_last.shape)
    dh[-1] = dh_last
    return dh
""",
    ),
    (
        "last_states_backward",
        (
            "dh_last is put at every real step of a row (all steps up to its length), a broadcast mask, instead"
            " of at the last one alone"
        ),
        """
def my_last_states_backward(dh_last, lengths, steps):
    mask = np.arange(steps)[:, None] < np.asarray(lengths)[None, :]
    return mask[:, :, None] * dh_last[None, :, :]
""",
    ),
    (
        "at_ids",
        "sums dx over the n_x letters in place of picking the entry of the letter that stands there",
        """
def my_at_ids(dx, ids):
    return np.sum(dx, axis=-1)
""",
    ),
    (
        "at_ids",
        "gives the largest absolute entry of each row (a saliency map) in place of the entry at the id",
        """
def my_at_ids(dx, ids):
    saliency = np.abs(dx).max(axis=2)
    return saliency
""",
    ),
]

RIGHT = [
    (
        "step",
        "np.take along axis 0, with t - 1 as an array, and a squeeze",
        """
def my_step(x, t):
    return np.squeeze(np.take(x, [t - 1], axis=0), axis=0)
""",
    ),
    (
        "one_hot",
        "a comparison with arange by broadcasting, cast to float",
        """
def my_one_hot(ids, n_x):
    return np.equal(np.asarray(ids)[..., None], np.arange(n_x)).astype(np.float64)
""",
    ),
    (
        "count_parameters",
        "makes the arrays and adds up their sizes",
        """
def my_count_parameters(n_x, n_h, n_y):
    blank = RNNParams(np.empty((n_x, n_h)), np.empty((n_h, n_h)), np.empty(n_h), np.empty((n_h, n_y)), np.empty(n_y))
    return sum(a.size for a in blank)
""",
    ),
    (
        "softmax",
        "through log-sum-exp: exp(z - lse(z)), with np.logaddexp.reduce",
        """
def my_softmax(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))
""",
    ),
    (
        "softmax",
        "the whole of it in columns and np.longdouble, cast at the end",
        """
def my_softmax(z):
    cols = np.moveaxis(np.asarray(z, dtype=np.longdouble), -1, 0)
    e = np.exp(cols - cols.max(axis=0))
    return np.moveaxis(e / e.sum(axis=0), 0, -1).astype(np.float64)
""",
    ),
    (
        "softmax_backward",
        "the full Jacobian diag(y) - y y^T of each row, by einsum",
        """
def my_softmax_backward(y, dy):
    n = y.shape[-1]
    jacobian = y[..., :, None] * np.eye(n) - y[..., :, None] * y[..., None, :]
    return np.einsum("...ij,...j->...i", jacobian, dy)
""",
    ),
    (
        "tanh_slope",
        "a product, (1 - h)(1 + h), by np.vectorize",
        """
@np.vectorize
def my_tanh_slope(h):
    return (1.0 - h) * (1.0 + h)
""",
    ),
    (
        "pre_activation",
        "one product: input, state and a column of ones side by side, weights stacked",
        """
def my_pre_activation(params, x_t, h_prev):
    joined = np.hstack([x_t, h_prev, np.ones((len(x_t), 1))])
    return joined @ np.vstack([params.W_xh, params.W_hh, params.b_h])
""",
    ),
    (
        "rnn_cell_forward",
        "computes in columns, like Coursera, and turns round at the end; the cache is a dictionary",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    W_ax, W_aa, W_ya = params.W_xh.T, params.W_hh.T, params.W_hy.T
    a = np.tanh(W_aa @ h_prev.T + W_ax @ x_t.T + params.b_h[:, None])
    z = W_ya @ a + params.b_y[:, None]
    e = np.exp(z - z.max(axis=0, keepdims=True))
    return a.T, (e / e.sum(axis=0, keepdims=True)).T, {"a": a, "x": x_t}
""",
    ),
    (
        "from_article",
        "one loop over the names; a transpose for matrices, [:, 0] for columns told apart by the name",
        """
def my_from_article(parameters):
    def turn(name):
        a = np.asarray(parameters[name])
        return a[:, 0] if name.startswith("b") else np.swapaxes(a, 0, 1)

    return RNNParams._make(map(turn, ["Wam", "Waa", "ba", "Wya", "by"]))
""",
    ),
    (
        "scalar_forward",
        "itertools.accumulate, with math.tanh",
        """
def my_scalar_forward(w_x, w_h, b, xs, h0):
    from itertools import accumulate

    return list(accumulate(xs, lambda h, x: math.tanh(w_x * x + w_h * h + b), initial=h0))[1:]
""",
    ),
    (
        "rnn_forward",
        "recursion: the states of x[:-1] first, then one more step; the cache is None",
        """
def my_rnn_forward(params, x, h0=None):
    if h0 is None:
        h0 = np.zeros((x.shape[1], params.W_hh.shape[0]))

    def states(t):
        if t == 0:
            return [h0]
        before = states(t - 1)
        return [*before, np.tanh(x[t - 1] @ params.W_xh + before[-1] @ params.W_hh + params.b_h)]

    h = np.stack(states(len(x))[1:])
    return h, softmax(h @ params.W_hy + params.b_y), None
""",
    ),
    (
        "rnn_forward",
        "batch first inside, one sample and one unit at a time in plain loops",
        """
def my_rnn_forward(params, x, h0=None):
    X = np.swapaxes(x, 0, 1)
    N, T, _ = X.shape
    H = len(params.b_h)
    h = np.zeros((N, T, H))
    for n in range(N):
        prev = np.zeros(H) if h0 is None else h0[n]
        for t in range(T):
            for j in range(H):
                h[n, t, j] = math.tanh(X[n, t] @ params.W_xh[:, j] + prev @ params.W_hh[:, j] + params.b_h[j])
            prev = h[n, t]
    h = np.ascontiguousarray(h.transpose(1, 0, 2))
    return h, np.array([softmax(rows @ params.W_hy + params.b_y) for rows in h]), {"h": h}
""",
    ),
    (
        "rnn_forward",
        "a class with __call__ and a generator of states, the input's product taken for all steps at once by tensordot",
        """
class Forward:
    def walk(self, drive, W, h):
        for d in drive:
            h = np.tanh(d + h @ W)
            yield h

    def __call__(self, params, x, h0=None):
        drive = np.tensordot(x, params.W_xh, axes=1) + params.b_h
        start = np.zeros(drive.shape[1:]) if h0 is None else h0
        h = np.array(list(self.walk(drive, params.W_hh, start)))
        return h, softmax(np.tensordot(h, params.W_hy, axes=1) + params.b_y), (x, start, h)


my_rnn_forward = Forward()
""",
    ),
    (
        "run_in_two",
        "a loop over np.split with the state in a variable",
        """
def my_run_in_two(params, x, h0, cut):
    state, out = h0, []
    for piece in np.split(x, [cut], axis=0):
        h = rnn_forward(params, piece, state)[0]
        out.extend(h)
        state = out[-1]
    return np.stack(out)
""",
    ),
    (
        "cross_entropy",
        "a loop over the places with the log-sum-exp by hand and math.fsum",
        """
def my_cross_entropy(logits, targets):
    def cost(z, k):
        top = float(max(z))
        return top + math.log(math.fsum(math.exp(float(v) - top) for v in z)) - float(z[k])

    costs = [cost(logits[place], int(k)) for place, k in np.ndenumerate(targets) if k != -100]
    return math.fsum(costs) / len(costs)
""",
    ),
    (
        "cross_entropy",
        "np.logaddexp.reduce and take_along_axis; the mask as a weight with np.average",
        """
def my_cross_entropy(logits, targets):
    weights = (targets != IGNORE_INDEX) * 1.0
    safe = np.where(weights > 0, targets, 0)[..., np.newaxis]
    right = np.take_along_axis(logits, safe, axis=-1)[..., 0]
    return float(np.average(np.logaddexp.reduce(logits, axis=-1) - right, weights=weights))
""",
    ),
    (
        "cross_entropy",
        (
            "a masked array and the difference of each score to the right one: log sum exp(z_j - z_right), "
            "shifted, in longdouble"
        ),
        """
def my_cross_entropy(logits, targets, *, ignore=-100):
    z = np.asarray(logits, dtype=np.longdouble).reshape(-1, np.shape(logits)[-1])
    t = np.ravel(targets)
    margin = z - z[np.arange(t.size), np.where(t == ignore, 0, t)][:, None]
    top = margin.max(axis=1)
    nats = top + np.log(np.exp(margin - top[:, None]).sum(axis=1))
    return float(np.ma.masked_array(nats, mask=t == ignore).mean())
""",
    ),
    (
        "logits_gradient",
        "einsum with identity rows, where a row of zeros is appended for the ignored targets",
        """
def my_logits_gradient(logits, targets):
    n_y = logits.shape[-1]
    table = np.vstack([np.eye(n_y), np.zeros((1, n_y))])
    hot = table[np.where(targets == -100, n_y, targets)]
    keep = hot.sum(axis=-1)
    return (np.einsum("...k,...->...k", softmax(logits), keep) - hot) / keep.sum()
""",
    ),
    (
        "logits_gradient",
        "no softmax: 1 / sum_j exp(z_j - z_k) for each class k, row by row",
        """
def my_logits_gradient(logits, targets):
    places = [p for p, k in np.ndenumerate(targets) if k != IGNORE_INDEX]
    out = np.zeros(np.shape(logits))
    for p in places:
        row = np.asarray(logits[p], dtype=float)
        for k in range(len(row)):
            out[p + (k,)] = 1.0 / sum(np.exp(np.minimum(row - row[k], 600.0)))
        out[p + (targets[p],)] -= 1.0
    return out / len(places)
""",
    ),
    (
        "output_backward",
        "tensordot over all leading axes, returned as a tuple",
        """
def my_output_backward(W_hy, h, dlogits):
    lead = tuple(range(np.ndim(h) - 1))
    return np.tensordot(dlogits, W_hy, axes=(-1, 1)), np.tensordot(h, dlogits, (lead, lead)), np.sum(dlogits, axis=lead)
""",
    ),
    (
        "output_backward",
        "the bias as one more weight: a column of ones beside h, one product for dW_hy and db_y",
        """
def my_output_backward(W_hy, h, dlogits):
    rows = h.reshape(-1, h.shape[-1])
    both = np.column_stack([rows, np.ones(len(rows))]).T @ dlogits.reshape(-1, dlogits.shape[-1])
    return OutputGrads(b_y=both[-1], W_hy=both[:-1], h=np.inner(dlogits, W_hy))
""",
    ),
    (
        "tanh_backward",
        "one entry at a time, in a nested list",
        """
def my_tanh_backward(h_t, dh_total):
    return np.array([[d * (1.0 - a * a) for a, d in zip(ha, da)] for ha, da in zip(h_t, dh_total)])
""",
    ),
    (
        "bias_gradient",
        "a product with a row of ones",
        """
def my_bias_gradient(dz_t):
    return np.ones(len(dz_t)) @ dz_t
""",
    ),
    (
        "bias_gradient",
        "functools.partial of np.einsum",
        """
def _bound():
    from functools import partial

    return partial(np.einsum, "nj->j")


my_bias_gradient = _bound()
""",
    ),
    (
        "rnn_cell_backward",
        "einsum throughout",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    dz = np.einsum("nj,nj->nj", dh_total, 1 - np.square(cache.h_t))
    return (
        np.einsum("nj,ij->ni", dz, params.W_xh),
        np.einsum("nj,kj->nk", dz, params.W_hh),
        np.einsum("ni,nj->ij", cache.x_t, dz),
        np.einsum("nk,nj->kj", cache.h_prev, dz),
        np.einsum("nj->j", dz),
    )
""",
    ),
    (
        "rnn_cell_backward",
        "columns inside, the batch last, as Coursera writes it, turned round at the end",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    xt, a_prev, a_next = (np.transpose(a) for a in cache)
    dtanh = (1 - a_next * a_next) * dh_total.T
    dxt = params.W_xh @ dtanh
    da_prev = params.W_hh @ dtanh
    dWax = dtanh @ xt.T
    dWaa = dtanh @ a_prev.T
    dba = np.sum(dtanh, axis=1, keepdims=True)
    return CellGrads(dxt.T, da_prev.T, dWax.T, dWaa.T, dba[:, 0])
""",
    ),
    (
        "rnn_cell_backward",
        "explicit loops over samples and units, without a matrix product",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    g = [np.zeros_like(a) for a in (cache.x_t, cache.h_prev, params.W_xh, params.W_hh, params.b_h)]
    for n in range(dh_total.shape[0]):
        for j in range(dh_total.shape[1]):
            d = dh_total[n, j] * (1 - cache.h_t[n, j] ** 2)
            g[0][n] += d * params.W_xh[:, j]
            g[1][n] += d * params.W_hh[:, j]
            g[2][:, j] += d * cache.x_t[n]
            g[3][:, j] += d * cache.h_prev[n]
            g[4][j] += d
    return tuple(g)
""",
    ),
    (
        "step_back",
        "through the package's cell: rnn_cell_backward for the carry, with inputs of zeros",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    cache = CellCache(np.zeros((len(h_t), params.W_xh.shape[0])), np.zeros_like(h_t), h_t)
    total = dh_t + dh_carry
    return total - total * h_t * h_t, rnn.rnn_cell_backward(params, cache, total).h_prev
""",
    ),
    (
        "rnn_backward",
        "recursion from the last step; dz is collected, and the sums are tensordots over time and batch",
        """
def my_rnn_backward(params, cache, dh):
    slope = 1 - cache.states[1:] ** 2

    def walk(t, carry):
        if t < 0:
            return [], carry
        dz = (dh[t] + carry) * slope[t]
        earlier, dh0 = walk(t - 1, dz @ params.W_hh.T)
        return [*earlier, dz], dh0

    dzs, dh0 = walk(len(dh) - 1, np.zeros_like(dh[0]))
    dz = np.array(dzs)
    dW_xh = np.tensordot(cache.x, dz, axes=([0, 1], [0, 1]))
    dW_hh = np.tensordot(cache.states[:-1], dz, axes=([0, 1], [0, 1]))
    return np.inner(dz, params.W_xh), dh0, dW_xh, dW_hh, dz.sum((0, 1))
""",
    ),
    (
        "rnn_backward",
        "one sample at a time: the batch is looped over and the samples' sums are added",
        """
def my_rnn_backward(params, cache, dh):
    dx, dh0 = np.zeros(cache.x.shape), np.zeros(cache.states.shape[1:])
    sums = [np.zeros(p.shape) for p in (params.W_xh, params.W_hh, params.b_h)]
    for n in range(dh.shape[1]):
        carry = np.zeros(dh.shape[2])
        for t in range(dh.shape[0] - 1, -1, -1):
            dz = (dh[t, n] + carry) * (1 - cache.states[t + 1, n] ** 2)
            carry = params.W_hh @ dz
            dx[t, n] = params.W_xh @ dz
            sums[0] += np.outer(cache.x[t, n], dz)
            sums[1] += np.outer(cache.states[t, n], dz)
            sums[2] += dz
        dh0[n] = carry
    return SequenceGrads(dx, dh0, *sums)
""",
    ),
    (
        "rnn_backward",
        (
            "Britz's way without truncation: the error of each step is walked back to the start alone, and all "
            "are added up"
        ),
        """
def my_rnn_backward(params, cache, dh):
    out = SequenceGrads(*(np.zeros_like(a) for a in (cache.x, cache.states[0], *params[:3])))
    for last in range(len(dh)):
        delta = dh[last]
        for t in range(last, -1, -1):
            delta = delta * (1 - cache.states[t + 1] ** 2)
            np.add(out.x[t], delta @ params.W_xh.T, out=out.x[t])
            np.add(out.W_xh, cache.x[t].T @ delta, out=out.W_xh)
            np.add(out.W_hh, cache.states[t].T @ delta, out=out.W_hh)
            np.add(out.b_h, delta.sum(axis=0), out=out.b_h)
            delta = delta @ params.W_hh.T
        np.add(out.h0, delta, out=out.h0)
    return out
""",
    ),
    (
        "loss_and_grads",
        "all by hand in one function, forward and back, with dictionaries of steps as in min-char-rnn",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    T, B = targets.shape
    N = np.count_nonzero(targets != IGNORE_INDEX)
    hs = {-1: np.zeros((B, params.b_h.size)) if h0 is None else h0}
    ds, loss = {}, 0.0
    for t in range(T):
        hs[t] = np.tanh(x[t] @ params.W_xh + hs[t - 1] @ params.W_hh + params.b_h)
        z = hs[t] @ params.W_hy + params.b_y
        logp = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
        ds[t] = np.exp(logp)
        for n in range(B):
            if targets[t, n] == IGNORE_INDEX:
                ds[t][n] = 0.0
            else:
                loss -= logp[n, targets[t, n]] / N
                ds[t][n, targets[t, n]] -= 1.0
        ds[t] /= N
    g = RNNParams(*(np.zeros_like(p) for p in params))
    carry = np.zeros_like(hs[-1])
    for t in reversed(range(T)):
        g.W_hy[...] += hs[t].T @ ds[t]
        g.b_y[...] += ds[t].sum(axis=0)
        dz = (ds[t] @ params.W_hy.T + carry) * (1 - hs[t] ** 2)
        g.W_xh[...] += x[t].T @ dz
        g.W_hh[...] += hs[t - 1].T @ dz
        g.b_h[...] += dz.sum(axis=0)
        carry = dz @ params.W_hh.T
    return float(loss), g
""",
    ),
    (
        "loss_and_grads",
        "one sample at a time, each sample's mean weighted by its share of the targets that count",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    total = np.sum(targets != IGNORE_INDEX)
    loss, grads = 0.0, [0.0] * 5
    for n in range(targets.shape[1]):
        mine = targets[:, n : n + 1]
        share = np.sum(mine != IGNORE_INDEX) / total
        if share == 0:
            continue
        start = None if h0 is None else h0[n : n + 1]
        one, g = loss_and_grads(params, x[:, n : n + 1], mine, start)
        loss += share * one
        grads = [a + share * b for a, b in zip(grads, g)]
    return loss, RNNParams(*grads)
""",
    ),
    (
        "loss_and_grads",
        (
            "complex step for every parameter, from the loss alone; a class with __call__ and the step as a "
            "default argument"
        ),
        """
class ComplexStep:
    def __init__(self, size=1e-40):
        self.size = size

    def loss(self, theta, x, targets, h):
        W_xh, W_hh, b_h, W_hy, b_y = theta
        nats, n = 0.0, 0
        for x_t, k_t in zip(x, targets):
            h = np.tanh(x_t @ W_xh + h @ W_hh + b_h)
            z = h @ W_hy + b_y
            top = z.real.max(axis=1)
            lse = top + np.log(np.exp(z - top[:, None]).sum(axis=1))
            on = np.flatnonzero(k_t != IGNORE_INDEX)
            nats, n = nats + (lse[on] - z[on, k_t[on]]).sum(), n + len(on)
        return nats / n

    def __call__(self, params, x, targets, h0=None):
        h = np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0
        grads = []
        for k, p in enumerate(params):
            g = np.zeros(p.shape)
            for i in np.ndindex(p.shape):
                theta = [q.astype(complex) for q in params]
                theta[k][i] += 1j * self.size
                g[i] = self.loss(theta, x, targets, h).imag / self.size
            grads.append(g)
        return float(self.loss(params, x, targets, h).real), RNNParams(*grads)


my_loss_and_grads = ComplexStep()
""",
    ),
    (
        "central_difference",
        "rows of an identity matrix as steps, a list comprehension, reshaped at the end",
        """
def my_central_difference(f, v, step):
    units = np.eye(v.size).reshape((v.size,) + v.shape)
    slopes = [(f(v + step * e) - f(v - step * e)) / (2 * step) for e in units]
    return np.reshape(slopes, v.shape)
""",
    ),
    (
        "central_difference",
        "recursion over the first axis: each slice is differentiated with the rest held still",
        """
def my_central_difference(f, v, step):
    if v.ndim == 0:
        return np.asarray((f(v + step) - f(v - step)) / (step + step))

    def within(i):
        def g(part):
            whole = np.array(v)
            whole[i] = part
            return f(whole)

        return g

    return np.array([my_central_difference(within(i), np.asarray(v[i]), step) for i in range(len(v))])
""",
    ),
    (
        "only_step",
        "a mask of the steps by broadcasting, np.where",
        """
def my_only_step(dh, t):
    return np.where((np.arange(1, len(dh) + 1) == t)[:, None, None], dh, 0.0)
""",
    ),
    (
        "masked_loss",
        "a dot product with the mask over the number that count, nan-safe by np.where",
        """
def my_masked_loss(nats, targets):
    mask = np.not_equal(targets, -100)
    return float(np.vdot(np.where(mask, nats, 0.0), mask) / mask.sum())
""",
    ),
    (
        "clip_by_norm",
        "all fields joined to one vector, clipped there, and split again",
        """
def my_clip_by_norm(grads, most):
    flat = np.concatenate([np.ravel(g) for g in grads])
    length = np.linalg.norm(flat)
    flat = flat * min(1.0, most / length) if length else flat
    ends = np.cumsum([g.size for g in grads])[:-1]
    return RNNParams(*(part.reshape(g.shape) for part, g in zip(np.split(flat, ends), grads)))
""",
    ),
    (
        "clip_by_norm",
        "math.hypot over the fields' norms, and a division by max(1, norm / most)",
        """
def my_clip_by_norm(grads, most):
    too_long = math.hypot(*(float(np.linalg.norm(g)) for g in grads)) / most
    return grads._replace(**{k: g / max(1.0, too_long) for k, g in grads._asdict().items()})
""",
    ),
    (
        "adam_step",
        "in longdouble, entry by entry with np.nditer-like loops, cast at the end",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    P, G, M, S = (np.array(a, dtype=np.longdouble) for a in (p, g, m, s))
    for i in np.ndindex(P.shape):
        M[i] = M[i] + (G[i] - M[i]) / 10
        S[i] = S[i] + (G[i] * G[i] - S[i]) / 1000
        P[i] -= learning_rate * (M[i] / (1 - 0.9**t)) / (np.sqrt(S[i] / (1 - 0.999**t)) + 1e-8)
    return tuple(a.astype(float) for a in (P, M, S))
""",
    ),
    (
        "adam_step",
        (
            "the corrections folded into the rate and the epsilon, as the paper's remark does it, with the "
            "epsilon corrected as well; functools.partial"
        ),
        """
def adam(p, g, m, s, t, learning_rate, *, betas, eps):
    b1, b2 = betas
    m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g * g
    root = math.sqrt(1 - b2**t)
    return p - learning_rate * root / (1 - b1**t) * m / (np.sqrt(s) + eps * root), m, s


def _bound():
    from functools import partial

    return partial(adam, betas=(0.9, 0.999), eps=1e-8)


my_adam_step = _bound()
""",
    ),
    (
        "sampling_step",
        "np.searchsorted with side right",
        """
def my_sampling_step(logits, temperature, u):
    if not temperature:
        return int(np.argmax(logits))
    k = np.searchsorted(np.cumsum(softmax(np.asarray(logits) / temperature)), u, side="right")
    return int(min(k, len(logits) - 1))
""",
    ),
    (
        "sampling_step",
        "a loop that takes each part off u until it is used up",
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return max(range(len(logits)), key=lambda k: logits[k])
    rest, token = u, 0
    for token, part in enumerate(softmax(logits / temperature)):
        rest -= part
        if rest < 0:
            break
    return token
""",
    ),
    (
        "train_on_windows",
        "functools.reduce over the windows, parameters and state as the accumulator; the losses as a list",
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    from functools import reduce

    losses = []

    def one(carry, window):
        theta, h = carry
        loss, grads, h = loss_and_grads(theta, *window, h, return_state=True)
        losses.append(loss)
        return RNNParams(*map(lambda p, g: p - learning_rate * g, theta, grads)), h

    theta, h = reduce(one, zip(x, targets), (params, h0))
    return theta, losses, h
""",
    ),
    (
        "train_on_windows",
        "recursion over the windows, the parameters copied first and stepped in place",
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    if len(x) == 0:
        return params, np.array([]), h0
    mine = RNNParams(*(p.copy() for p in params))
    loss, grads, h = loss_and_grads(mine, x[0], targets[0], h0, return_state=True)
    for p, g in zip(mine, grads):
        p -= learning_rate * g
    theta, rest, last = my_train_on_windows(mine, x[1:], targets[1:], h, learning_rate)
    return theta, np.concatenate([[loss], rest]), last
""",
    ),
    (
        "trigram_bits",
        "two dictionaries, one inside the other, and math.fsum of differences of logarithms",
        """
def my_trigram_bits(train, held_out, V):
    from collections import defaultdict

    after = defaultdict(Counter)
    for a, b, c in zip(train, train[1:], train[2:]):
        after[a + b][c] += 1
    bits = [
        math.log2(sum(after[a + b].values()) + V) - math.log2(after[a + b][c] + 1)
        for a, b, c in zip(held_out, held_out[1:], held_out[2:])
    ]
    return math.fsum(bits) / len(bits)
""",
    ),
    (
        "trigram_bits",
        "a table of counts as an array over the alphabet of both texts, with np.add.at",
        """
def my_trigram_bits(train, held_out, V):
    number = {c: k for k, c in enumerate(sorted(set(train + held_out)))}
    a, b = (np.array([number[c] for c in text], dtype=int) for text in (train, held_out))
    table = np.zeros((len(number),) * 3)
    np.add.at(table, (a[:-2], a[1:-1], a[2:]), 1)
    asked = (b[:-2], b[1:-1], b[2:])
    return float(np.mean(np.log2(table.sum(axis=2)[asked[:2]] + V) - np.log2(table[asked] + 1)))
""",
    ),
    (
        "squared_error_gradients",
        "einsum on the pieces, the factor 2 / N put at the end",
        """
def my_squared_error_gradients(W_hy, b_y, h, targets):
    e = np.einsum("tni,ij->tnj", h, W_hy) + b_y - targets
    k = 2.0 / e.size
    return (
        k * np.einsum("tnj,ij->tni", e, W_hy),
        k * np.einsum("tni,tnj->ij", h, e),
        k * np.einsum("tnj->j", e),
    )
""",
    ),
    (
        "squared_error_gradients",
        "complex step: the loss's derivative for each entry from an imaginary step of 1e-30",
        """
def my_squared_error_gradients(W_hy, b_y, h, targets):
    def slopes(which):
        parts = [W_hy, b_y, h]
        out = np.zeros(parts[which].shape)
        for i in np.ndindex(out.shape):
            moved = [p.astype(complex) for p in parts]
            moved[which][i] += 1e-30j
            out[i] = np.imag(np.mean((moved[2] @ moved[0] + moved[1] - targets) ** 2)) / 1e-30
        return out

    return slopes(2), slopes(0), slopes(1)
""",
    ),
    (
        "last_states",
        "take_along_axis over time",
        """
def my_last_states(h, lengths):
    return np.take_along_axis(h, (np.asarray(lengths) - 1)[None, :, None], axis=0)[0]
""",
    ),
    (
        "head_gradients",
        "one row at a time with math.hypot and outer products",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    dh, dW, db = np.zeros(h_last.shape), np.zeros(W_hy.shape), np.zeros(b_y.shape)
    for n, (row, goal) in enumerate(zip(h_last, targets)):
        arrow = row @ W_hy + b_y - goal
        length = math.hypot(*arrow)
        if length == 0.0:
            continue
        arrow = arrow / length / len(targets)
        dh[n] = W_hy @ arrow
        dW += np.outer(row, arrow)
        db += arrow
    return dh, dW, db
""",
    ),
    (
        "head_gradients",
        "the bias as a last row of the weights, homogeneous coordinates; the corner by nan_to_num",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    full = np.vstack([W_hy, b_y])
    homogeneous = np.pad(h_last, ((0, 0), (0, 1)), constant_values=1.0)
    d = homogeneous @ full - targets
    with np.errstate(divide="ignore", invalid="ignore"):
        dy = np.nan_to_num(d / np.sqrt(np.einsum("nk,nk->n", d, d))[:, None] / len(d))
    both = homogeneous.T @ dy
    return (dy @ full.T)[:, :-1], both[:-1], both[-1]
""",
    ),
    (
        "last_states_backward",
        "a one-hot of the steps times dh_last, by einsum",
        """
def my_last_states_backward(dh_last, lengths, steps):
    hot = np.eye(steps)[np.asarray(lengths) - 1]
    return np.einsum("nt,nh->tnh", hot, dh_last)
""",
    ),
    (
        "at_ids",
        "through flat positions of a contiguous copy",
        """
def my_at_ids(dx, ids):
    T, B, n_x = dx.shape
    flat = np.ascontiguousarray(dx).reshape(-1)
    return flat[(np.arange(T * B) * n_x).reshape(T, B) + ids]
""",
    ),
]
