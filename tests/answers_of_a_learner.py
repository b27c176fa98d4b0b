"""Answers as a learner of these notebooks writes them. Made up by somebody who had not seen the checks.

WRONG holds (exercise, what is wrong, source): each source computes something else than `plain.py`, or changes its
arguments. A label with " AND " names two mistakes. RIGHT holds (exercise, what is unusual about it, source): each gives
`plain.py`'s numbers in a way that one may not expect. A source defines `my_<exercise>`; it may use np, math, Counter,
rnn (rnn_helpers) and the names that the notebooks import, and imports anything else itself.
"""

WRONG = [
    (
        "step",
        "takes x[t] instead of x[t - 1]: the input of the step after, and an IndexError at t = T",
        """
def my_step(x, t):
    return x[t]
""",
    ),
    (
        "step",
        "slices x[t - 1:t], so the time axis stays: shape (1, batch, n_x) instead of (batch, n_x)",
        """
def my_step(x, t):
    start = t - 1
    return x[start:start + 1]
""",
    ),
    (
        "one_hot",
        "treats ids as counting from 1: the 1 stands in column id - 1 (id 0 gets the last column)",
        """
def my_one_hot(ids, n_x):
    rows = np.zeros(ids.shape + (n_x,))
    for t in range(ids.shape[0]):
        for b in range(ids.shape[1]):
            rows[t, b, ids[t, b] - 1] = 1.0
    return rows
""",
    ),
    (
        "one_hot",
        "return stands inside the loop over time: only the first step gets its ones, every later step stays zero",
        """
def my_one_hot(ids, n_x):
    T, B = ids.shape
    result = np.zeros((T, B, n_x))
    for t in range(T):
        for b in range(B):
            result[t, b, ids[t, b]] = 1
        return result
""",
    ),
    (
        "count_parameters",
        "counts W_hh as n_h numbers instead of n_h * n_h",
        """
def my_count_parameters(n_x, n_h, n_y):
    W_xh = n_x * n_h
    W_hh = n_h
    W_hy = n_h * n_y
    biases = n_h + n_y
    return W_xh + W_hh + W_hy + biases
""",
    ),
    (
        "count_parameters",
        "counts b_h with n_x numbers instead of n_h AND leaves out b_y",
        """
def my_count_parameters(n_x, n_h, n_y):
    hidden = n_x * n_h + n_h**2 + n_x
    output = n_h * n_y
    return hidden + output
""",
    ),
    (
        "softmax",
        "no maximum is taken off before exp: huge scores overflow to inf / inf = nan",
        """
def my_softmax(z):
    e = np.exp(z)
    return e / np.sum(e, axis=-1, keepdims=True)
""",
    ),
    (
        "softmax",
        "works along the first axis instead of the last one, for the maximum and for the sum",
        """
def my_softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)
""",
    ),
    (
        "softmax",
        (
            "takes off the maximum of the whole array instead of each row's own: a row far below it underflows to "
            "0 / 0 = nan"
        ),
        """
def my_softmax(z):
    e = np.exp(z - z.max())
    sums = e.sum(axis=-1, keepdims=True)
    return e / sums
""",
    ),
    (
        "softmax",
        "divides the scores by the maximum instead of subtracting it",
        """
def my_softmax(z):
    biggest = np.max(z, axis=-1, keepdims=True)
    e = np.exp(z / biggest)
    return e / e.sum(axis=-1, keepdims=True)
""",
    ),
    (
        "softmax_backward",
        "uses only the diagonal of the Jacobian, y (1 - y) dy: the terms from the other entries of the row are missing",
        """
def my_softmax_backward(y, dy):
    slope = y * (1 - y)
    return dy * slope
""",
    ),
    (
        "softmax_backward",
        "the outer factor y is missing: dy - sum(dy * y)",
        """
def my_softmax_backward(y, dy):
    dot = np.sum(dy * y, axis=-1)
    return dy - dot[..., np.newaxis]
""",
    ),
    (
        "softmax_backward",
        "adds the sum instead of subtracting it AND sums over the whole array instead of each row",
        """
def my_softmax_backward(y, dy):
    return y * (dy + (dy * y).sum())
""",
    ),
    (
        "tanh_slope",
        "h is not squared: 1 - h",
        """
def my_tanh_slope(h):
    one = np.ones_like(h)
    return one - h
""",
    ),
    (
        "tanh_slope",
        "the slope of the sigmoid, h (1 - h), instead of that of tanh",
        """
def my_tanh_slope(h):
    return h * (1 - h)
""",
    ),
    (
        "pre_activation",
        "W_hh is transposed",
        """
def my_pre_activation(params, x_t, h_prev):
    W_xh, W_hh, b_h, _, _ = params
    a = x_t @ W_xh
    b = h_prev @ W_hh.T
    return a + b + b_h
""",
    ),
    (
        "pre_activation",
        "the bias is added twice, once with each product",
        """
def my_pre_activation(params, x_t, h_prev):
    from_x = x_t @ params.W_xh + params.b_h
    from_h = h_prev @ params.W_hh + params.b_h
    return from_x + from_h
""",
    ),
    (
        "rnn_cell_forward",
        "the returned h_t is right, but the output applies tanh to it a second time",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    z = x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h
    h_t = np.tanh(z)
    y_t = softmax(np.tanh(h_t) @ params.W_hy + params.b_y)
    return h_t, y_t, CellCache(x_t, h_prev, h_t)
""",
    ),
    (
        "rnn_cell_forward",
        "softmax runs down the batch (axis 0) instead of along each row",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
    s = h_t @ params.W_hy + params.b_y
    e = np.exp(s - s.max(axis=0))
    return h_t, e / e.sum(axis=0), CellCache(x_t, h_prev, h_t)
""",
    ),
    (
        "rnn_cell_forward",
        "returns y_t first and h_t second",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    h_next = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
    y = softmax(h_next @ params.W_hy + params.b_y)
    return y, h_next, {"x": x_t, "h_prev": h_prev, "h": h_next}
""",
    ),
    (
        "rnn_cell_forward",
        "b_h is missing in z_t AND W_hh is transposed",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = np.tanh(x_t @ params.W_xh + (params.W_hh @ h_prev.T).T)
    y_t = softmax(h_t @ params.W_hy + params.b_y)
    return h_t, y_t, CellCache(x_t, h_prev, h_t)
""",
    ),
    (
        "rnn_cell_forward",
        "returns the scores h_t W_hy + b_y: softmax is missing",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    W_xh, W_hh, b_h, W_hy, b_y = params
    h_t = np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)
    y_t = h_t @ W_hy + b_y
    return h_t, y_t, CellCache(x_t, h_prev, h_t)
""",
    ),
    (
        "from_article",
        "the biases stay columns of shape (n, 1)",
        """
def my_from_article(parameters):
    p = parameters
    return RNNParams(p["Wam"].T, p["Waa"].T, p["ba"], p["Wya"].T, p["by"])
""",
    ),
    (
        "from_article",
        "Waa is not transposed (it is square, so the shape does not tell)",
        """
def my_from_article(parameters):
    return RNNParams(
        W_xh=parameters["Wam"].T,
        W_hh=parameters["Waa"],
        b_h=parameters["ba"].ravel(),
        W_hy=parameters["Wya"].T,
        b_y=parameters["by"].ravel(),
    )
""",
    ),
    (
        "scalar_forward",
        "starts from 0 instead of from h0",
        """
def my_scalar_forward(w_x, w_h, b, xs, h0):
    h = 0.0
    out = []
    for x in xs:
        h = np.tanh(x * w_x + h * w_h + b)
        out.append(h)
    return out
""",
    ),
    (
        "scalar_forward",
        "the state is not carried: every step starts from h0",
        """
def my_scalar_forward(w_x, w_h, b, xs, h0):
    return [math.tanh(w_x * x + w_h * h0 + b) for x in xs]
""",
    ),
    (
        "rnn_forward",
        "the given h0 is ignored: always starts from zeros",
        """
def my_rnn_forward(params, x, h0=None):
    T, B, _ = x.shape
    h = np.zeros((B, params.W_hh.shape[0]))
    hs, ys = [], []
    for t in range(T):
        h, y, _ = rnn_cell_forward(params, x[t], h)
        hs.append(h)
        ys.append(y)
    return np.stack(hs), np.stack(ys), None
""",
    ),
    (
        "rnn_forward",
        "the probabilities of each step are computed from the state before the step instead of the new one",
        """
def my_rnn_forward(params, x, h0=None):
    h = h0 if h0 is not None else np.zeros((x.shape[1], len(params.b_h)))
    hs, ys = [], []
    for x_t in x:
        ys.append(softmax(h @ params.W_hy + params.b_y))
        h = np.tanh(x_t @ params.W_xh + h @ params.W_hh + params.b_h)
        hs.append(h)
    return np.array(hs), np.array(ys), None
""",
    ),
    (
        "rnn_forward",
        "the returned states begin with h0: shape (time + 1, batch, n_h)",
        """
def my_rnn_forward(params, x, h0=None):
    if h0 is None:
        h0 = np.zeros((x.shape[1], len(params.b_h)))
    states = [h0]
    ys = []
    for x_t in x:
        h, y, _ = rnn_cell_forward(params, x_t, states[-1])
        states.append(h)
        ys.append(y)
    return np.array(states), np.array(ys), SequenceCache(x, np.array(states))
""",
    ),
    (
        "rnn_forward",
        "softmax is taken over the time axis (axis 0 of the stacked scores) instead of the last axis",
        """
def my_rnn_forward(params, x, h0=None):
    h = np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0
    hs, scores = [], []
    for x_t in x:
        h = np.tanh(x_t @ params.W_xh + h @ params.W_hh + params.b_h)
        hs.append(h)
        scores.append(h @ params.W_hy + params.b_y)
    scores = np.array(scores)
    return np.array(hs), softmax(scores, axis=0), None
""",
    ),
    (
        "rnn_forward",
        "the loop walks from the last step to the first: the states run backward in time",
        """
def my_rnn_forward(params, x, h0=None):
    T, B = x.shape[:2]
    h = np.zeros((B, len(params.b_h))) if h0 is None else h0
    hs = np.zeros((T, B, len(params.b_h)))
    ys = np.zeros((T, B, len(params.b_y)))
    for t in range(T - 1, -1, -1):
        h, y, _ = rnn_cell_forward(params, x[t], h)
        hs[t], ys[t] = h, y
    return hs, ys, None
""",
    ),
    (
        "rnn_forward",
        "the loop begins at the second step (range(1, T)): the first step's state and probabilities stay zero",
        """
def my_rnn_forward(params, x, h0=None):
    T, B, _ = x.shape
    n_h, n_y = params.W_hy.shape
    state = np.zeros((B, n_h)) if h0 is None else h0
    h = np.zeros((T, B, n_h))
    y = np.zeros((T, B, n_y))
    for t in range(1, T):
        state, y[t], _ = rnn_cell_forward(params, x[t], state)
        h[t] = state
    return h, y, (x, h)
""",
    ),
    (
        "rnn_forward",
        "h0 = None is tested by `h0 or zeros`, which raises a ValueError for any given h0 of more than one number",
        """
def my_rnn_forward(params, x, h0=None):
    h = h0 or np.zeros((x.shape[1], len(params.b_h)))
    hs, ys = [], []
    for x_t in x:
        h, y, _ = rnn_cell_forward(params, x_t, h)
        hs.append(h)
        ys.append(y)
    return np.array(hs), np.array(ys), None
""",
    ),
    (
        "rnn_forward",
        "the given h0 is ignored (always zeros) AND scores are returned instead of probabilities (softmax missing)",
        """
def my_rnn_forward(params, x, h0=None):
    h = np.zeros((x.shape[1], len(params.b_h)))
    hs = []
    for x_t in x:
        h = np.tanh(x_t @ params.W_xh + h @ params.W_hh + params.b_h)
        hs.append(h)
    hs = np.array(hs)
    return hs, hs @ params.W_hy + params.b_y, None
""",
    ),
    (
        "run_in_two",
        "the second piece starts from zeros: the state is not carried over the cut",
        """
def my_run_in_two(params, x, h0, cut):
    a = rnn_forward(params, x[:cut], h0)[0]
    b = rnn_forward(params, x[cut:])[0]
    return np.concatenate([a, b])
""",
    ),
    (
        "run_in_two",
        "returns only the states of the second piece AND starts that piece from zeros",
        """
def my_run_in_two(params, x, h0, cut):
    h, _, cache = rnn_forward(params, x[:cut], h0)
    h, _, cache = rnn_forward(params, x[cut:])
    return h
""",
    ),
    (
        "cross_entropy",
        "divides the sum of the costs by the number of all targets instead of those that count",
        """
def my_cross_entropy(logits, targets):
    p = softmax(logits).reshape(-1, logits.shape[-1])
    z = logits.reshape(-1, logits.shape[-1])
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    total = 0.0
    for i, t in enumerate(targets.reshape(-1)):
        if t != -100:
            total -= log_p[i, t]
    return float(total / len(p))
""",
    ),
    (
        "cross_entropy",
        "returns the sum over the targets that count instead of their mean",
        """
def my_cross_entropy(logits, targets):
    keep = targets != -100
    z, t = logits[keep], targets[keep]
    lse = np.logaddexp.reduce(z, axis=-1)
    return float(np.sum(lse - z[np.arange(len(t)), t]))
""",
    ),
    (
        "cross_entropy",
        "targets of -100 are not left out: they are counted as if the target were class 0",
        """
def my_cross_entropy(logits, targets):
    t = np.where(targets == -100, 0, targets).ravel()
    z = logits.reshape(len(t), -1)
    lse = np.logaddexp.reduce(z, axis=1)
    return float(np.mean(lse - z[np.arange(len(t)), t]))
""",
    ),
    (
        "cross_entropy",
        "the logarithm is to the base 2: bits instead of nats",
        """
def my_cross_entropy(logits, targets):
    ok = targets != -100
    z = logits[ok]
    t = targets[ok]
    z = z - z.max(axis=1, keepdims=True)
    bits = np.log2(np.exp(z).sum(axis=1)) - z[range(len(t)), t] / np.log(2)
    return float(bits.mean())
""",
    ),
    (
        "cross_entropy",
        "the maximum is not added back: log of the sum of shifted exponentials minus the unshifted target score",
        """
def my_cross_entropy(logits, targets):
    mask = targets != -100
    z = logits[mask]
    t = targets[mask]
    m = z.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(z - m).sum(axis=1))
    return float((log_sum - z[np.arange(len(z)), t]).mean())
""",
    ),
    (
        "cross_entropy",
        "softmax is applied twice: its probabilities are taken as if they were logits",
        """
def my_cross_entropy(logits, targets):
    probs = softmax(logits)
    return cross_entropy(probs, targets)
""",
    ),
    (
        "cross_entropy",
        "keeps only targets > 0, so class 0 is left out as if it did not count",
        """
def my_cross_entropy(logits, targets):
    keep = targets > 0
    if not keep.any():
        return 0.0
    z = logits[keep]
    z = z - z.max(axis=-1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return float(-logp[np.arange(len(z)), targets[keep]].mean())
""",
    ),
    (
        "cross_entropy",
        "adds 1e-8 to the probability before the log: large losses are cut off at -log(1e-8) = 18.4",
        """
def my_cross_entropy(logits, targets):
    keep = targets != -100
    p = softmax(logits[keep])
    picked = p[np.arange(len(p)), targets[keep]]
    return float(-np.log(picked + 1e-8).mean())
""",
    ),
    (
        "logits_gradient",
        "no division by the number of targets that count: the gradient of the sum",
        """
def my_logits_gradient(logits, targets):
    d = softmax(logits)
    for place in np.ndindex(targets.shape):
        if targets[place] == -100:
            d[place] = 0
        else:
            d[place][targets[place]] -= 1
    return d
""",
    ),
    (
        "logits_gradient",
        "divides by the number of all targets instead of those that count",
        """
def my_logits_gradient(logits, targets):
    keep = targets != -100
    d = np.zeros_like(logits)
    d[keep] = softmax(logits)[keep]
    d[keep, targets[keep]] -= 1
    return d / targets.size
""",
    ),
    (
        "logits_gradient",
        "divides by the number of targets in the first axis (len(targets)) instead of all that count",
        """
def my_logits_gradient(logits, targets):
    probs = softmax(logits)
    n = len(targets)
    mask = targets != -100
    probs[mask, targets[mask]] -= 1.0
    probs[~mask] = 0
    return probs / n
""",
    ),
    (
        "logits_gradient",
        "rows whose target is -100 are not set to zero: they keep softmax / N",
        """
def my_logits_gradient(logits, targets):
    probs = softmax(logits)
    mask = targets != -100
    probs[mask, targets[mask]] -= 1.0
    return probs / mask.sum()
""",
    ),
    (
        "logits_gradient",
        "the numbers are right, but the caller's logits are overwritten: no copy is made before the shift in place",
        """
def my_logits_gradient(logits, targets):
    d = logits
    d -= d.max(axis=-1, keepdims=True)
    np.exp(d, out=d)
    d /= d.sum(axis=-1, keepdims=True)
    keep = targets != -100
    d[keep, targets[keep]] -= 1
    d[~keep] = 0
    d /= keep.sum()
    return d
""",
    ),
    (
        "logits_gradient",
        "multiplies softmax - onehot by y (1 - y): goes through softmax's slope a second time",
        """
def my_logits_gradient(logits, targets):
    y = softmax(logits)
    d = y.copy()
    keep = targets != -100
    d[keep, targets[keep]] -= 1
    d[~keep] = 0
    return d * y * (1 - y) / keep.sum()
""",
    ),
    (
        "logits_gradient",
        "1 is taken off from every entry of a row that counts instead of the target's entry alone",
        """
def my_logits_gradient(logits, targets):
    y = softmax(logits)
    keep = targets != -100
    y[keep] -= 1
    y[~keep] = 0
    return y / keep.sum()
""",
    ),
    (
        "logits_gradient",
        (
            "rows of targets that do not count are not zeroed AND the division is by all targets instead of those "
            "that count"
        ),
        """
def my_logits_gradient(logits, targets):
    d = softmax(logits)
    for place in np.ndindex(targets.shape):
        t = targets[place]
        if t >= 0:
            d[place + (t,)] -= 1
    return d / targets.size
""",
    ),
    (
        "output_backward",
        "dW_hy is divided by the number of rows: a mean instead of a sum",
        """
def my_output_backward(W_hy, h, dlogits):
    n_h, n_y = W_hy.shape
    H = h.reshape(-1, n_h)
    D = dlogits.reshape(-1, n_y)
    dW = H.T @ D / len(H)
    return dlogits @ W_hy.T, dW, D.sum(axis=0)
""",
    ),
    (
        "output_backward",
        "db_y is the mean over the rows instead of their sum",
        """
def my_output_backward(W_hy, h, dlogits):
    axes = tuple(range(dlogits.ndim - 1))
    dh = np.dot(dlogits, W_hy.T)
    dW_hy = np.tensordot(h, dlogits, axes=(axes, axes))
    db_y = np.mean(dlogits, axis=axes)
    return dh, dW_hy, db_y
""",
    ),
    (
        "output_backward",
        "dW_hy is transposed: (n_y, n_h) instead of (n_h, n_y)",
        """
def my_output_backward(W_hy, h, dlogits):
    h2 = h.reshape(-1, h.shape[-1])
    d2 = dlogits.reshape(-1, dlogits.shape[-1])
    dW = np.dot(d2.T, h2)
    db = np.sum(d2, axis=0)
    dh = (W_hy @ d2.T).T.reshape(h.shape)
    return dh, dW, db
""",
    ),
    (
        "output_backward",
        "dh comes back as rows: its leading axes are flattened into one",
        """
def my_output_backward(W_hy, h, dlogits):
    h = h.reshape(-1, h.shape[-1])
    dlogits = dlogits.reshape(-1, dlogits.shape[-1])
    return dlogits @ W_hy.T, h.T @ dlogits, dlogits.sum(axis=0)
""",
    ),
    (
        "output_backward",
        "dh is already multiplied by the slope of tanh, 1 - h^2, which belongs to the cell",
        """
def my_output_backward(W_hy, h, dlogits):
    dh = dlogits @ W_hy.T * (1 - h**2)
    h2, d2 = h.reshape(-1, h.shape[-1]), dlogits.reshape(-1, dlogits.shape[-1])
    dW = np.einsum("ni,nj->ij", h2, d2)
    db = np.einsum("nj->j", d2)
    return dh, dW, db
""",
    ),
    (
        "output_backward",
        "dW_hy is made of the last step alone (h[-1], dlogits[-1]) instead of the sum over all steps",
        """
def my_output_backward(W_hy, h, dlogits):
    if h.ndim < 3:
        return output_backward(W_hy, h, dlogits)
    dh = dlogits @ W_hy.T
    dW_hy = h[-1].T @ dlogits[-1]
    db_y = dlogits.sum(axis=(0, 1))
    return dh, dW_hy, db_y
""",
    ),
    (
        "output_backward",
        (
            "h and dlogits are brought to columns by reshape(n, -1) instead of by a transpose of the rows: dW_hy "
            "and db_y pair entries of different rows"
        ),
        """
def my_output_backward(W_hy, h, dlogits):
    n_h, n_y = W_hy.shape
    h_cols = h.reshape(n_h, -1)
    d_cols = dlogits.reshape(n_y, -1)
    return dlogits @ W_hy.T, h_cols @ d_cols.T, d_cols.sum(axis=1)
""",
    ),
    (
        "output_backward",
        "db_y is the mean instead of the sum over the rows AND dW_hy is divided by the number of rows too",
        """
def my_output_backward(W_hy, h, dlogits):
    h_rows = h.reshape(-1, h.shape[-1])
    d_rows = dlogits.reshape(-1, dlogits.shape[-1])
    n = h_rows.shape[0]
    return dlogits @ W_hy.T, (h_rows.T @ d_rows) / n, d_rows.sum(axis=0) / n
""",
    ),
    (
        "tanh_backward",
        "applies tanh to h_t again in the slope: 1 - tanh(h_t)^2",
        """
def my_tanh_backward(h_t, dh_total):
    slope = 1 - np.tanh(h_t) ** 2
    return dh_total * slope
""",
    ),
    (
        "tanh_backward",
        "the numbers are right, but dh_total is multiplied in place, so the caller's array changes",
        """
def my_tanh_backward(h_t, dh_total):
    dh_total *= 1 - h_t**2
    return dh_total
""",
    ),
    (
        "bias_gradient",
        "the mean over the batch instead of the sum",
        """
def my_bias_gradient(dz_t):
    return np.mean(dz_t, axis=0)
""",
    ),
    (
        "bias_gradient",
        "keeps the batch axis: shape (1, n_h) instead of (n_h,)",
        """
def my_bias_gradient(dz_t):
    return dz_t.sum(axis=0, keepdims=True)
""",
    ),
    (
        "rnn_cell_backward",
        "the slope is taken as 1 - tanh(h_t)^2: tanh applied to its own output",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    x_t, h_prev, h_t = cache
    dz = dh_total * (1 - np.tanh(h_t) ** 2)
    return dz @ params.W_xh.T, dz @ params.W_hh.T, x_t.T @ dz, h_prev.T @ dz, dz.sum(axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "the slope is made of h_prev instead of h_t",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    x, prev, h = cache.x_t, cache.h_prev, cache.h_t
    dz = (1 - prev * prev) * dh_total
    return CellGrads(dz @ params.W_xh.T, dz @ params.W_hh.T, x.T @ dz, prev.T @ dz, dz.sum(0))
""",
    ),
    (
        "rnn_cell_backward",
        "dx_t and dh_prev are returned in swapped order",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    x_t, h_prev, h_t = cache
    dz = dh_total * (1 - h_t**2)
    grads_in = (dz @ params.W_hh.T, dz @ params.W_xh.T)
    return (*grads_in, x_t.T @ dz, h_prev.T @ dz, dz.sum(axis=0))
""",
    ),
    (
        "rnn_cell_backward",
        "dx_t is made of dh_total instead of dz_t: the slope of tanh is missing there",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    x_t, h_prev, h_t = cache
    dz_t = dh_total * (1 - h_t * h_t)
    dx_t = dh_total @ params.W_xh.T
    return dx_t, dz_t @ params.W_hh.T, x_t.T @ dz_t, h_prev.T @ dz_t, dz_t.sum(axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "dW_hh is transposed: dz_t^T h_prev instead of h_prev^T dz_t",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    x_t, h_prev, h_t = cache
    dz_t = dh_total * (1 - h_t**2)
    dW_hh = np.zeros_like(params.W_hh)
    for n in range(len(dz_t)):
        dW_hh += np.outer(dz_t[n], h_prev[n])
    return dz_t @ params.W_xh.T, dz_t @ params.W_hh.T, x_t.T @ dz_t, dW_hh, dz_t.sum(axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "dW_xh and dW_hh are divided by the batch size: means instead of sums over the samples",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    x_t, h_prev, h_t = cache
    m = x_t.shape[0]
    dz_t = dh_total * (1 - h_t**2)
    dW_xh = x_t.T @ dz_t / m
    dW_hh = h_prev.T @ dz_t / m
    return dz_t @ params.W_xh.T, dz_t @ params.W_hh.T, dW_xh, dW_hh, dz_t.sum(axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "dW_hh is made of h_t instead of h_prev AND db_h is the mean over the batch instead of the sum",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    x, _, h = cache
    dz = dh_total * (1 - h**2)
    dx, dh_prev = dz @ params.W_xh.T, dz @ params.W_hh.T
    return CellGrads(x_t=dx, h_prev=dh_prev, W_xh=x.T @ dz, W_hh=h.T @ dz, b_h=dz.mean(axis=0))
""",
    ),
    (
        "rnn_cell_backward",
        "the slope is 1 - h_t (not squared) AND W_hh is not transposed in dh_prev",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    x_t, h_prev, h_t = cache
    dz = (1 - h_t) * dh_total
    return dz @ params.W_xh.T, dz @ params.W_hh, x_t.T @ dz, h_prev.T @ dz, dz.sum(axis=0)
""",
    ),
    (
        "step_back",
        "the carry is added after the slope: dz_t = dh_t (1 - h_t^2) + dh_carry",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    dz = dh_t * (1 - h_t**2) + dh_carry
    return dz, dz @ params.W_hh.T
""",
    ),
    (
        "step_back",
        "the carry from the step after is ignored: dz_t is made of dh_t alone",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    dz_t = dh_t * (1 - h_t**2)
    dh_carry = dz_t @ params.W_hh.T
    return dz_t, dh_carry
""",
    ),
    (
        "step_back",
        "W_hh is not transposed in the new carry",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    total = dh_carry + dh_t
    dz_t = total * (1 - h_t**2)
    return dz_t, np.matmul(dz_t, params.W_hh)
""",
    ),
    (
        "rnn_backward",
        "nothing is carried from step to step: dh_total is dh[t] alone",
        """
def my_rnn_backward(params, cache, dh):
    h_prev, h = cache.states[:-1], cache.states[1:]
    dz = dh * (1 - h**2)
    dx = dz @ params.W_xh.T
    dW_xh = np.einsum("tbi,tbj->ij", cache.x, dz)
    dW_hh = np.einsum("tbi,tbj->ij", h_prev, dz)
    return dx, dz[0] @ params.W_hh.T, dW_xh, dW_hh, dz.sum(axis=(0, 1))
""",
    ),
    (
        "rnn_backward",
        "the state before step 1 is taken as h[-1], which wraps around to the last state instead of h0 (dW_hh wrong)",
        """
def my_rnn_backward(params, cache, dh):
    x, h = cache.x, cache.states[1:]
    dx, carry = np.zeros_like(x), np.zeros_like(h[0])
    dW_xh = np.zeros_like(params.W_xh)
    dW_hh = np.zeros_like(params.W_hh)
    db_h = np.zeros_like(params.b_h)
    for t in range(len(x) - 1, -1, -1):
        dz = (dh[t] + carry) * (1 - h[t] ** 2)
        dx[t] = dz @ params.W_xh.T
        dW_xh += x[t].T @ dz
        dW_hh += h[t - 1].T @ dz
        db_h += dz.sum(axis=0)
        carry = dz @ params.W_hh.T
    return dx, carry, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "dh0 is all zeros: the last carry is not returned",
        """
def my_rnn_backward(params, cache, dh):
    states = cache.states
    dh0 = np.zeros_like(states[0])
    carry = np.zeros_like(states[0])
    dx = np.zeros_like(cache.x)
    grads = [np.zeros_like(p) for p in params[:3]]
    for t in range(len(dh), 0, -1):
        dz = (dh[t - 1] + carry) * (1 - states[t] ** 2)
        dx[t - 1] = dz @ params.W_xh.T
        grads[0] += cache.x[t - 1].T @ dz
        grads[1] += states[t - 1].T @ dz
        grads[2] += dz.sum(axis=0)
        carry = dz @ params.W_hh.T
    return dx, dh0, grads[0], grads[1], grads[2]
""",
    ),
    (
        "rnn_backward",
        "the slope is made of states[t], the state the step found, instead of states[t + 1], the one it made",
        """
def my_rnn_backward(params, cache, dh):
    T = dh.shape[0]
    dx = np.zeros_like(cache.x)
    dh_next = np.zeros_like(dh[0])
    dWx, dWh, db = 0, 0, 0
    for t in reversed(range(T)):
        h = cache.states[t]
        dz = (dh[t] + dh_next) * (1 - h * h)
        dx[t] = dz @ params.W_xh.T
        dWx = dWx + cache.x[t].T @ dz
        dWh = dWh + h.T @ dz
        db = db + dz.sum(axis=0)
        dh_next = dz @ params.W_hh.T
    return dx, dh_next, dWx, dWh, db
""",
    ),
    (
        "rnn_backward",
        "the carry piles up: each new one is added to the old one instead of replacing it",
        """
def my_rnn_backward(params, cache, dh):
    dx = np.zeros_like(cache.x)
    dh_carry = np.zeros_like(cache.states[0])
    dW_xh, dW_hh, db_h = (np.zeros_like(p) for p in params[:3])
    for t in reversed(range(len(dh))):
        dz = (dh[t] + dh_carry) * (1 - cache.states[t + 1] ** 2)
        dx[t] = dz @ params.W_xh.T
        dW_xh += cache.x[t].T @ dz
        dW_hh += cache.states[t].T @ dz
        db_h += dz.sum(axis=0)
        dh_carry += dz @ params.W_hh.T
    return SequenceGrads(dx, dh_carry, dW_xh, dW_hh, db_h)
""",
    ),
    (
        "rnn_backward",
        (
            "the loop stops before the first step (range(T - 1, 0, -1)): its share is missing everywhere, and dh0 "
            "is the carry into h_1"
        ),
        """
def my_rnn_backward(params, cache, dh):
    T = len(dh)
    dx = np.zeros_like(cache.x)
    carry = np.zeros_like(cache.states[0])
    dW_xh, dW_hh, db_h = [np.zeros_like(p) for p in params[:3]]
    for t in range(T - 1, 0, -1):
        dz = (dh[t] + carry) * (1 - cache.states[t + 1] ** 2)
        carry = dz @ params.W_hh.T
        dx[t] = dz @ params.W_xh.T
        dW_xh += cache.x[t].T @ dz
        dW_hh += cache.states[t].T @ dz
        db_h += dz.sum(axis=0)
    return dx, carry, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "dW_hh is made of the new state h_t instead of the one before AND W_hh is not transposed in the carry",
        """
def my_rnn_backward(params, cache, dh):
    h = cache.states[1:]
    carry = np.zeros_like(h[0])
    dzs = np.zeros_like(dh)
    for t in reversed(range(len(dh))):
        dzs[t] = (dh[t] + carry) * (1 - h[t] ** 2)
        carry = dzs[t] @ params.W_hh
    dW_hh = sum(a.T @ b for a, b in zip(h, dzs))
    dW_xh = sum(a.T @ b for a, b in zip(cache.x, dzs))
    return dzs @ params.W_xh.T, carry, dW_xh, dW_hh, dzs.sum(axis=(0, 1))
""",
    ),
    (
        "rnn_backward",
        "db_h is the mean over the batch instead of the sum AND dx is made of dh_total instead of dz_t",
        """
def my_rnn_backward(params, cache, dh):
    n = dh.shape[1]
    dx = np.zeros_like(cache.x)
    carry = np.zeros_like(cache.states[0])
    dW_xh, dW_hh, db_h = (np.zeros_like(p) for p in params[:3])
    for t in range(len(dh) - 1, -1, -1):
        total = dh[t] + carry
        dz = total * (1 - cache.states[t + 1] ** 2)
        dx[t] = total @ params.W_xh.T
        dW_xh += cache.x[t].T @ dz
        dW_hh += cache.states[t].T @ dz
        db_h += dz.sum(axis=0) / n
        carry = dz @ params.W_hh.T
    return dx, carry, dW_xh, dW_hh, db_h
""",
    ),
    (
        "loss_and_grads",
        "the logits are made without b_y",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x, h0)
    logits = np.matmul(h, params.W_hy)
    loss, dlogits = rnn.cross_entropy_and_grad(logits, targets)
    out = output_backward(params.W_hy, h, dlogits)
    back = rnn_backward(params, cache, out.h)
    return loss, RNNParams(back.W_xh, back.W_hh, back.b_h, out.W_hy, out.b_y)
""",
    ),
    (
        "loss_and_grads",
        "only the last step's dh is sent back through time; the other steps' outputs send nothing",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x, h0)
    logits = h @ params.W_hy + params.b_y
    loss, dlogits = rnn.cross_entropy_and_grad(logits, targets)
    grads = output_backward(params.W_hy, h, dlogits)
    dh = np.zeros_like(h)
    dh[-1] = grads.h[-1]
    walk = rnn_backward(params, cache, dh)
    return loss, RNNParams(*walk[2:], grads.W_hy, grads.b_y)
""",
    ),
    (
        "loss_and_grads",
        "the gradients are returned first and the loss second",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x, h0)
    logits = h @ params.W_hy + params.b_y
    loss, dlogits = rnn.cross_entropy_and_grad(logits, targets)
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    _, _, dW_xh, dW_hh, db_h = rnn_backward(params, cache, dh)
    return RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y), loss
""",
    ),
    (
        "loss_and_grads",
        "the gradients are those of the summed loss: dlogits is not divided by the number of targets that count",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, y, cache = rnn_forward(params, x, h0)
    logits = h @ params.W_hy + params.b_y
    loss = cross_entropy(logits, targets)
    keep = targets != -100
    dlogits = y.copy()
    dlogits[keep, targets[keep]] -= 1
    dlogits[~keep] = 0
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    _, _, dW_xh, dW_hh, db_h = rnn_backward(params, cache, dh)
    return loss, RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)
""",
    ),
    (
        "loss_and_grads",
        "the gradients of W_hy and b_h stand in each other's field of the RNNParams",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x, h0)
    logits = h @ params.W_hy + params.b_y
    loss, dlogits = rnn.cross_entropy_and_grad(logits, targets)
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    _, _, dW_xh, dW_hh, db_h = rnn_backward(params, cache, dh)
    return loss, RNNParams(dW_xh, dW_hh, dW_hy, db_h, db_y)
""",
    ),
    (
        "loss_and_grads",
        "targets of -100 are treated as class 0 instead of being left out, in the loss and in the gradients",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    t = targets.copy()
    t[t < 0] = 0
    return loss_and_grads(params, x, t, h0)
""",
    ),
    (
        "loss_and_grads",
        "h0 is not passed (always zeros) AND dW_hh is returned transposed",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x)
    z = h @ params.W_hy + params.b_y
    L, dz = rnn.cross_entropy_and_grad(z, targets)
    top = output_backward(params.W_hy, h, dz)
    low = rnn_backward(params, cache, top.h)
    return L, RNNParams(low.W_xh, low.W_hh.T, low.b_h, top.W_hy, top.b_y)
""",
    ),
    (
        "loss_and_grads",
        "the loss is the sum instead of the mean AND db_y is the mean over the rows instead of the sum",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x, h0)
    logits = h @ params.W_hy + params.b_y
    mean, dlogits = rnn.cross_entropy_and_grad(logits, targets)
    dh, dW_hy, _ = output_backward(params.W_hy, h, dlogits)
    _, _, dW_xh, dW_hh, db_h = rnn_backward(params, cache, dh)
    loss = mean * int((targets != -100).sum())
    return loss, RNNParams(dW_xh, dW_hh, db_h, dW_hy, dlogits.mean(axis=(0, 1)))
""",
    ),
    (
        "central_difference",
        "divides by s instead of 2 s",
        """
def my_central_difference(f, v, step):
    grad = np.zeros_like(v)
    it = np.nditer(v, flags=["multi_index"])
    for _ in it:
        i = it.multi_index
        up = v.copy()
        down = v.copy()
        up[i] += step
        down[i] -= step
        grad[i] = (f(up) - f(down)) / step
    return grad
""",
    ),
    (
        "central_difference",
        "all entries are moved at once instead of each alone: every entry gets the sum of all slopes",
        """
def my_central_difference(f, v, step):
    slope = (f(v + step) - f(v - step)) / (2 * step)
    return np.full(v.shape, slope)
""",
    ),
    (
        "central_difference",
        "the two copies are made once, before the loop: an entry that was moved stays moved",
        """
def my_central_difference(f, v, step):
    grad = np.zeros_like(v)
    up, down = v.copy(), v.copy()
    for index in np.ndindex(v.shape):
        up[index] += step
        down[index] -= step
        grad[index] = (f(up) - f(down)) / (2 * step)
    return grad
""",
    ),
    (
        "central_difference",
        (
            "v itself is moved and never put back: each entry of the caller's v stays at v - s, where the later "
            "entries' calls find it"
        ),
        """
def my_central_difference(f, v, step):
    grad = np.zeros_like(v)
    for index in np.ndindex(v.shape):
        v[index] += step
        high = f(v)
        v[index] -= 2 * step
        low = f(v)
        grad[index] = (high - low) / (2 * step)
    return grad
""",
    ),
    (
        "central_difference",
        (
            "the second copy is the same array as the first (ahead = behind = v.copy()): the steps cancel, both "
            "calls see v, and the gradient is 0"
        ),
        """
def my_central_difference(f, v, step):
    grad = np.zeros_like(v)
    for index in np.ndindex(v.shape):
        ahead = behind = v.copy()
        ahead[index] += step
        behind[index] -= step
        grad[index] = (f(ahead) - f(behind)) / (2 * step)
    return grad
""",
    ),
    (
        "central_difference",
        "the result is flat: shape (v.size,) instead of the shape of v",
        """
def my_central_difference(f, v, step):
    slopes = []
    for index in np.ndindex(v.shape):
        e = np.zeros_like(v)
        e[index] = step
        slopes.append((f(v + e) - f(v - e)) / (2 * step))
    return np.array(slopes)
""",
    ),
    (
        "central_difference",
        "the sign is reversed: f(v - s) - f(v + s) AND divides by s instead of 2 s",
        """
def my_central_difference(f, v, step):
    out = np.zeros_like(v)
    for k in range(v.size):
        e = np.zeros(v.size)
        e[k] = step
        e = e.reshape(v.shape)
        out[np.unravel_index(k, v.shape)] = (f(v - e) - f(v + e)) / step
    return out
""",
    ),
    (
        "central_difference",
        "one-sided, backward: f(v) - f(v - s) AND divided by 2 s, which makes it half as large",
        """
def my_central_difference(f, v, step):
    here = f(v)
    grad = np.zeros_like(v)
    for index in np.ndindex(v.shape):
        behind = v.copy()
        behind[index] -= step
        grad[index] = (here - f(behind)) / (2 * step)
    return grad
""",
    ),
    (
        "only_step",
        "keeps dh[t] instead of dh[t - 1]: the step after, and an IndexError at t = T",
        """
def my_only_step(dh, t):
    out = np.zeros(dh.shape)
    out[t] = dh[t]
    return out
""",
    ),
    (
        "only_step",
        "keeps all steps up to t instead of step t alone",
        """
def my_only_step(dh, t):
    alone = dh.copy()
    alone[t:] = 0
    return alone
""",
    ),
    (
        "masked_loss",
        "the mean over all places: the mask is forgotten",
        """
def my_masked_loss(nats, targets):
    total = 0.0
    for row in nats:
        total += sum(row)
    return float(total / targets.size)
""",
    ),
    (
        "masked_loss",
        "sums instead of a mean AND the mask is inverted: the places that do not count",
        """
def my_masked_loss(nats, targets):
    return float(nats[targets == -100].sum())
""",
    ),
    (
        "clip_by_norm",
        "the root is missing: the sum of squares is taken as the norm",
        """
def my_clip_by_norm(grads, most):
    total = sum(np.sum(g**2) for g in grads)
    factor = min(1.0, most / total) if total > 0 else 1.0
    return RNNParams(*[g * factor for g in grads])
""",
    ),
    (
        "clip_by_norm",
        "always scaled to the length most: shorter gradients are lengthened instead of left as they are",
        """
def my_clip_by_norm(grads, most):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    if norm == 0:
        return grads
    return RNNParams(*(g * most / norm for g in grads))
""",
    ),
    (
        "clip_by_norm",
        "the numbers are right, but the caller's arrays are shortened in place",
        """
def my_clip_by_norm(grads, most):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    if norm > most:
        for g in grads:
            g *= most / norm
    return grads
""",
    ),
    (
        "clip_by_norm",
        (
            "the norm adds up the fields' norms (no squares, no root over all) AND when it is too long, divides "
            "by it alone, so the factor `most` is missing"
        ),
        """
def my_clip_by_norm(grads, most):
    norm = sum(np.linalg.norm(g) for g in grads)
    if norm > most:
        grads = RNNParams(*(g / norm for g in grads))
    return grads
""",
    ),
    (
        "adam_step",
        "the bias correction is missing: p is moved by m and s themselves",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g**2
    p = p - learning_rate * m / (np.sqrt(s) + 1e-8)
    return p, m, s
""",
    ),
    (
        "adam_step",
        "the corrected m_hat and s_hat are returned instead of m and s",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = (0.9 * m + 0.1 * g) / (1 - 0.9**t)
    s = (0.999 * s + 0.001 * g * g) / (1 - 0.999**t)
    return p - learning_rate * m / (np.sqrt(s) + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "goes uphill: the step is added to p instead of subtracted",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g**2
    step = learning_rate * (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
    return p + step, m, s
""",
    ),
    (
        "adam_step",
        (
            "the correction multiplies by t, 1 - 0.9 t, instead of taking the power 0.9^t (and the same for s): "
            "the same at t = 1, and from t = 2 on s_hat is negative and its root nan"
        ),
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g**2
    m_hat = m / (1 - 0.9 * t)
    s_hat = s / (1 - 0.999 * t)
    return p - learning_rate * m_hat / (np.sqrt(s_hat) + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "the numbers are right, but m, s and p are updated in place: the caller's arrays change",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m *= 0.9
    m += 0.1 * g
    s *= 0.999
    s += 0.001 * g**2
    p -= learning_rate * (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
    return p, m, s
""",
    ),
    (
        "adam_step",
        "the correction counts from 0, with t - 1: in the first step it divides by 0",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    k = t - 1
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g**2
    with np.errstate(all="ignore"):
        p = p - learning_rate * (m / (1 - 0.9**k)) / (np.sqrt(s / (1 - 0.999**k)) + 1e-8)
    return p, m, s
""",
    ),
    (
        "adam_step",
        "m_hat is not corrected AND the root of s_hat is missing",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g**2
    s_hat = s / (1 - 0.999**t)
    return p - learning_rate * m / (s_hat + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "1e-8 is missing: a parameter without any gradient gets 0 / 0 = nan",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g**2
    with np.errstate(all="ignore"):
        ratio = (m / (1 - 0.9**t)) / np.sqrt(s / (1 - 0.999**t))
    return p - learning_rate * ratio, m, s
""",
    ),
    (
        "sampling_step",
        "multiplies the logits by the temperature instead of dividing",
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(logits.argmax())
    p = softmax(logits * temperature)
    return int(np.argmax(np.cumsum(p) > u))
""",
    ),
    (
        "sampling_step",
        "the temperature is ignored for any value but 0",
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    ends = np.cumsum(softmax(logits))
    return int(np.searchsorted(ends, u, side="right"))
""",
    ),
    (
        "sampling_step",
        "u is ignored: always the likeliest token",
        """
def my_sampling_step(logits, temperature, u):
    if temperature > 0:
        logits = logits / temperature
    p = softmax(logits)
    return int(np.argmax(p))
""",
    ),
    (
        "train_on_windows",
        "h0 is ignored: the first window starts from zeros",
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    h = np.zeros_like(h0)
    losses = []
    for x_w, y_w in zip(x, targets):
        loss, grads, h = loss_and_grads(params, x_w, y_w, h, return_state=True)
        params = RNNParams(*(p - learning_rate * g for p, g in zip(params, grads)))
        losses.append(loss)
    return params, losses, h
""",
    ),
    (
        "train_on_windows",
        "goes uphill: the gradients are added instead of subtracted",
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    losses, state = [], h0
    for w in range(x.shape[0]):
        out = loss_and_grads(params, x[w], targets[w], state, return_state=True)
        losses.append(out[0])
        params = RNNParams(*(p + learning_rate * g for p, g in zip(params, out[1])))
        state = out[2]
    return params, losses, state
""",
    ),
    (
        "train_on_windows",
        (
            "the state carried on is made by a second forward pass with the parameters after the update instead "
            "of those before it"
        ),
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    h, losses = h0, []
    for x_w, y_w in zip(x, targets):
        loss, grads = loss_and_grads(params, x_w, y_w, h)
        params = RNNParams(*(p - learning_rate * g for p, g in zip(params, grads)))
        states, _, _ = rnn_forward(params, x_w, h)
        h = states[-1]
        losses.append(loss)
    return params, losses, h
""",
    ),
    (
        "train_on_windows",
        "the numbers are right, but the caller's parameters are updated in place (p -= ...)",
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    h = h0
    losses = []
    for x_w, y_w in zip(x, targets):
        loss, grads, h = loss_and_grads(params, x_w, y_w, h, return_state=True)
        for p, g in zip(params, grads):
            p -= learning_rate * g
        losses.append(loss)
    return params, losses, h
""",
    ),
    (
        "train_on_windows",
        "only the mean of the losses is returned instead of the list with one for each window",
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    h = h0
    total = 0
    for x_w, y_w in zip(x, targets):
        loss, grads, h = loss_and_grads(params, x_w, y_w, h, return_state=True)
        params = RNNParams(*(p - learning_rate * g for p, g in zip(params, grads)))
        total += loss
    return params, total / len(x), h
""",
    ),
    (
        "train_on_windows",
        "the state carried on is the one after the window's first step (h[0]) instead of its last",
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    losses = []
    h_start = h0
    for x_w, y_w in zip(x, targets):
        h, _, _ = rnn_forward(params, x_w, h_start)
        loss, grads = loss_and_grads(params, x_w, y_w, h_start)
        params = params._make(p - learning_rate * g for p, g in zip(params, grads))
        h_start = h[0]
        losses.append(loss)
    return params, losses, h_start
""",
    ),
    (
        "train_on_windows",
        "the parameters move only once, after the loop, by the sum of all gradients AND each window starts from h0",
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    losses = []
    total = [np.zeros_like(p) for p in params]
    for x_w, y_w in zip(x, targets):
        loss, grads, h = loss_and_grads(params, x_w, y_w, h0, return_state=True)
        losses.append(loss)
        total = [a + g for a, g in zip(total, grads)]
    return RNNParams(*(p - learning_rate * g for p, g in zip(params, total))), losses, h
""",
    ),
    (
        "train_on_windows",
        (
            "the loss of each window is measured after its update instead of before AND the returned state is h0, "
            "not the last one"
        ),
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    h, losses = h0, []
    for x_w, y_w in zip(x, targets):
        start = h
        _, grads, h = loss_and_grads(params, x_w, y_w, start, return_state=True)
        params = RNNParams(*(p - learning_rate * g for p, g in zip(params, grads)))
        losses.append(loss_and_grads(params, x_w, y_w, start)[0])
    return params, losses, h0
""",
    ),
    (
        "trigram_bits",
        "pairs are counted at every place of train, the last pair too, after which no third character follows",
        """
def my_trigram_bits(train, held_out, V):
    pairs = Counter(train[i:i + 2] for i in range(len(train) - 1))
    triples = Counter(train[i:i + 3] for i in range(len(train) - 2))
    bits = []
    for i in range(len(held_out) - 2):
        abc = held_out[i:i + 3]
        bits.append(-np.log2((triples[abc] + 1) / (pairs[abc[:2]] + V)))
    return float(np.mean(bits))
""",
    ),
    (
        "trigram_bits",
        "below the line 1 is added instead of V",
        """
def my_trigram_bits(train, held_out, V):
    pairs, triples = Counter(), Counter()
    for a, b, c in zip(train, train[1:], train[2:]):
        pairs[a + b] += 1
        triples[a + b + c] += 1
    total = 0
    count = 0
    for a, b, c in zip(held_out, held_out[1:], held_out[2:]):
        total -= math.log2((triples[a + b + c] + 1) / (pairs[a + b] + 1))
        count += 1
    return total / count
""",
    ),
    (
        "trigram_bits",
        "the sum of the bits is divided by len(held_out) instead of by the number of triples, len(held_out) - 2",
        """
def my_trigram_bits(train, held_out, V):
    places = range(len(train) - 2)
    pairs = Counter(train[i:i + 2] for i in places)
    triples = Counter(train[i:i + 3] for i in places)
    bits = 0.0
    for i in range(len(held_out) - 2):
        share = (triples[held_out[i:i + 3]] + 1) / (pairs[held_out[i:i + 2]] + V)
        bits += -math.log2(share)
    return bits / len(held_out)
""",
    ),
    (
        "trigram_bits",
        "the mean of the shares is taken first and its logarithm after, instead of the mean of the logarithms",
        """
def my_trigram_bits(train, held_out, V):
    places = range(len(train) - 2)
    pairs = Counter(train[i:i + 2] for i in places)
    triples = Counter(train[i:i + 3] for i in places)
    shares = [
        (triples[held_out[i:i + 3]] + 1) / (pairs[held_out[i:i + 2]] + V) for i in range(len(held_out) - 2)
    ]
    return float(-np.log2(np.mean(shares)))
""",
    ),
    (
        "trigram_bits",
        "below the line the pair bc (the last two characters) is looked up instead of ab",
        """
def my_trigram_bits(train, held_out, V):
    places = range(len(train) - 2)
    pairs = Counter(train[i:i + 2] for i in places)
    triples = Counter(train[i:i + 3] for i in places)
    asked = [held_out[i:i + 3] for i in range(len(held_out) - 2)]
    return float(np.mean([-np.log2((triples[w] + 1) / (pairs[w[1:]] + V)) for w in asked]))
""",
    ),
    (
        "trigram_bits",
        "counts in held_out instead of in train",
        """
def my_trigram_bits(train, held_out, V):
    text = held_out
    starts = range(len(text) - 2)
    pairs = Counter(text[i:i + 2] for i in starts)
    triples = Counter(text[i:i + 3] for i in starts)
    return -sum(math.log2((triples[text[i:i + 3]] + 1) / (pairs[text[i:i + 2]] + V)) for i in starts) / len(starts)
""",
    ),
    (
        "trigram_bits",
        "V is replaced by the number of different characters in train AND the minus sign is missing",
        """
def my_trigram_bits(train, held_out, V):
    size = len(set(train))
    starts = range(len(train) - 2)
    pairs = Counter(train[i:i + 2] for i in starts)
    triples = Counter(train[i:i + 3] for i in starts)
    asked = [held_out[i:i + 3] for i in range(len(held_out) - 2)]
    return float(np.mean([math.log2((triples[w] + 1) / (pairs[w[:2]] + size)) for w in asked]))
""",
    ),
    (
        "trigram_bits",
        "the sum of the bits instead of the mean AND the last triple of held_out is not asked",
        """
def my_trigram_bits(train, held_out, V):
    pairs, triples = {}, {}
    for i in range(len(train) - 2):
        ab, abc = train[i:i + 2], train[i:i + 3]
        pairs[ab] = pairs.get(ab, 0) + 1
        triples[abc] = triples.get(abc, 0) + 1
    bits = 0.0
    for i in range(len(held_out) - 3):
        share = (triples.get(held_out[i:i + 3], 0) + 1) / (pairs.get(held_out[i:i + 2], 0) + V)
        bits -= math.log2(share)
    return bits
""",
    ),
    (
        "squared_error_gradients",
        "N is time * batch instead of all the numbers in targets: n_y is left out",
        """
def my_squared_error_gradients(W_hy, b_y, h, targets):
    T, B, _ = targets.shape
    diff = h @ W_hy + b_y - targets
    return output_backward(W_hy, h, 2 * diff / (T * B))
""",
    ),
    (
        "squared_error_gradients",
        "b_y is missing in the answers AND the factor 2 is missing",
        """
def my_squared_error_gradients(W_hy, b_y, h, targets):
    guess = np.dot(h, W_hy)
    dy = (guess - targets) / targets.size
    return output_backward(W_hy, h, dy)
""",
    ),
    (
        "last_states",
        "indexes the time axis alone: (batch, batch, n_h), every row at the step of every other",
        """
def my_last_states(h, lengths):
    return h[lengths - 1]
""",
    ),
    (
        "last_states",
        "one step too early, lengths - 2: it wraps around to the end where a length is 1",
        """
def my_last_states(h, lengths):
    return np.array([h[n - 2, i] for i, n in enumerate(lengths)])
""",
    ),
    (
        "head_gradients",
        "divides by all the numbers of targets (batch * n_y) instead of by the batch",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    diff = h_last @ W_hy + b_y - targets
    dist = np.linalg.norm(diff, axis=1, keepdims=True)
    dy = diff / np.maximum(dist, 1e-300) / diff.size
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "no guard at the corner: an answer that is exactly right gives 0 / 0 = nan",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    diff = h_last @ W_hy + b_y - targets
    with np.errstate(invalid="ignore"):
        unit = diff / np.linalg.norm(diff, axis=1, keepdims=True)
    dy = unit / len(targets)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "the sign is wrong: target - y, which points from the answer to the target",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    arrow = targets - (h_last @ W_hy + b_y)
    length = np.linalg.norm(arrow, axis=1, keepdims=True)
    dy = arrow / np.maximum(length, 1e-300) / len(arrow)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "one norm over the whole batch instead of one distance for each row",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    diff = h_last @ W_hy + b_y - targets
    dist = max(np.linalg.norm(diff), 1e-300)
    dy = diff / dist / len(targets)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "the distance is the sum of absolute differences: dy is sign(y - target) / N",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    y = h_last @ W_hy + b_y
    dy = np.sign(y - targets) / len(y)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "divides by the squared distance (the root is missing) AND not by N",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    diff = h_last @ W_hy + b_y - targets
    d = np.sum(diff**2, axis=1, keepdims=True)
    dy = diff / np.maximum(d, 1e-300)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "the norm is taken down the batch (axis 0) instead of along each row AND db_y is the mean of dy's rows",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    diff = h_last @ W_hy + b_y - targets
    dist = np.linalg.norm(diff, axis=0, keepdims=True)
    dy = diff / np.maximum(dist, 1e-300) / len(targets)
    return dy @ W_hy.T, h_last.T @ dy, dy.mean(axis=0)
""",
    ),
    (
        "head_gradients",
        "db_y is the mean of dy's rows instead of their sum: divided by N twice",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    N = len(targets)
    diff = h_last @ W_hy + b_y - targets
    dist = np.linalg.norm(diff, axis=1, keepdims=True)
    dist[dist == 0] = 1
    dy = diff / dist / N
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0) / N
""",
    ),
    (
        "last_states_backward",
        "dh_last is put at index lengths instead of lengths - 1: one step late, and an IndexError at the longest",
        """
def my_last_states_backward(dh_last, lengths, steps):
    B, n_h = dh_last.shape
    dh = np.zeros((steps, B, n_h))
    for n in range(B):
        dh[lengths[n], n] = dh_last[n]
    return dh
""",
    ),
    (
        "last_states_backward",
        "has max(lengths) steps instead of `steps`: too short where every row is padded",
        """
def my_last_states_backward(dh_last, lengths, steps):
    T = int(max(lengths))
    dh = np.zeros((T, *dh_last.shape))
    dh[lengths - 1, np.arange(len(lengths))] = dh_last
    return dh
""",
    ),
    (
        "at_ids",
        "treats ids as counting from 1: takes the entry at id - 1",
        """
def my_at_ids(dx, ids):
    T, B, _ = dx.shape
    return dx[np.arange(T)[:, None], np.arange(B), ids - 1]
""",
    ),
    (
        "at_ids",
        "keeps the last axis: shape (time, batch, 1) instead of (time, batch)",
        """
def my_at_ids(dx, ids):
    return np.take_along_axis(dx, ids[:, :, None], axis=2)
""",
    ),
    (
        "step",
        "indexes the batch axis: returns all steps of sample t - 1 (time, n_x) instead of all samples of step t",
        """
def my_step(x, t):
    seq = x[:, t - 1, :]
    return seq
""",
    ),
    (
        "one_hot",
        "flattens the ids, so the result has shape (time * batch, n_x) instead of (time, batch, n_x)",
        """
def my_one_hot(ids, n_x):
    flat = ids.flatten()
    out = np.zeros((len(flat), n_x))
    out[np.arange(len(flat)), flat] = 1
    return out
""",
    ),
    (
        "count_parameters",
        "leaves out b_y (n_y numbers)",
        """
def my_count_parameters(n_x, n_h, n_y):
    return n_h * (n_x + n_h + n_y) + n_h
""",
    ),
    (
        "softmax",
        "divides by the sum over the whole array instead of each row's own sum (sum without axis)",
        """
def my_softmax(z):
    shifted = z - np.max(z, axis=-1, keepdims=True)
    exps = np.exp(shifted)
    total = np.sum(exps)
    return exps / total
""",
    ),
    (
        "softmax",
        "shifts z itself in place, so the caller's scores are changed",
        """
def my_softmax(z):
    z -= z.max(axis=-1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)
""",
    ),
    (
        "softmax_backward",
        "sums dy * y over the whole array instead of each row alone",
        """
def my_softmax_backward(y, dy):
    s = np.sum(y * dy)
    return y * (dy - s)
""",
    ),
    (
        "softmax_backward",
        "the sum is over dy alone, without the factor y",
        """
def my_softmax_backward(y, dy):
    total = dy.sum(axis=-1, keepdims=True)
    return y * (dy - total)
""",
    ),
    (
        "tanh_slope",
        "applies tanh to h again: 1 - tanh(h)^2",
        """
def my_tanh_slope(h):
    return 1 - np.tanh(h) ** 2
""",
    ),
    (
        "pre_activation",
        "the bias b_h is missing",
        """
def my_pre_activation(params, x_t, h_prev):
    return np.dot(x_t, params.W_xh) + np.dot(h_prev, params.W_hh)
""",
    ),
    (
        "pre_activation",
        "tanh is already applied: returns h_t instead of z_t",
        """
def my_pre_activation(params, x_t, h_prev):
    z = x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h
    return np.tanh(z)
""",
    ),
    (
        "rnn_cell_forward",
        "y_t is computed from h_prev instead of from the new state h_t",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
    scores = h_prev @ params.W_hy + params.b_y
    return h_t, softmax(scores), (x_t, h_prev, h_t)
""",
    ),
    (
        "rnn_cell_forward",
        "no tanh: h_t is z_t itself",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h
    y_t = softmax(h_t @ params.W_hy + params.b_y)
    return h_t, y_t, None
""",
    ),
    (
        "rnn_cell_forward",
        "b_y is added after softmax instead of to the scores",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
    y_t = softmax(h_t @ params.W_hy) + params.b_y
    return h_t, y_t, CellCache(x_t, h_prev, h_t)
""",
    ),
    (
        "from_article",
        "the matrices are reshaped to the transposed shape instead of transposed: their entries are in the wrong order",
        """
def my_from_article(parameters):
    def flip(a):
        return a.reshape(a.shape[1], a.shape[0])
    W_xh, W_hy = flip(parameters["Wam"]), flip(parameters["Wya"])
    return RNNParams(W_xh, parameters["Waa"].T, parameters["ba"][:, 0], W_hy, parameters["by"][:, 0])
""",
    ),
    (
        "from_article",
        "the biases are transposed to rows of shape (1, n) instead of (n,) AND W_hh is left untransposed",
        """
def my_from_article(parameters):
    W_xh = np.transpose(parameters["Wam"])
    W_hy = np.transpose(parameters["Wya"])
    return RNNParams(W_xh, parameters["Waa"], np.transpose(parameters["ba"]), W_hy, np.transpose(parameters["by"]))
""",
    ),
    (
        "scalar_forward",
        "appends each state before the new one is computed: returns h_0 .. h_{T-1}",
        """
def my_scalar_forward(w_x, w_h, b, xs, h0):
    h = h0
    hs = []
    for x in xs:
        hs.append(h)
        h = np.tanh(x * w_x + h * w_h + b)
    return hs
""",
    ),
    (
        "scalar_forward",
        "the list begins with h0 and has T + 1 entries instead of T",
        """
def my_scalar_forward(w_x, w_h, b, xs, h0):
    states = [h0]
    for x in xs:
        states.append(np.tanh(w_x * x + w_h * states[-1] + b))
    return states
""",
    ),
    (
        "scalar_forward",
        "the two weights are swapped (w_h times the input, w_x times the state) AND the bias is missing",
        """
def my_scalar_forward(w_x, w_h, b, xs, h0):
    result = []
    state = h0
    for x in xs:
        state = math.tanh(w_h * x + w_x * state)
        result.append(state)
    return result
""",
    ),
    (
        "rnn_forward",
        "the state is not carried: every step starts from h0",
        """
def my_rnn_forward(params, x, h0=None):
    if h0 is None:
        h0 = np.zeros((x.shape[1], params.b_h.size))
    hs, ys = [], []
    for x_t in x:
        h_t, y_t, _ = rnn_cell_forward(params, x_t, h0)
        hs.append(h_t)
        ys.append(y_t)
    return np.array(hs), np.array(ys), SequenceCache(x, np.array([h0, *hs]))
""",
    ),
    (
        "rnn_forward",
        "each new state is written into one and the same array, so all returned states are the last one",
        """
def my_rnn_forward(params, x, h0=None):
    h = np.zeros((x.shape[1], len(params.b_h)))
    if h0 is not None:
        h += h0
    hs, ys = [], []
    for x_t in x:
        h[:] = np.tanh(x_t @ params.W_xh + h @ params.W_hh + params.b_h)
        hs.append(h)
        ys.append(softmax(h @ params.W_hy + params.b_y))
    return np.array(hs), np.array(ys), None
""",
    ),
    (
        "run_in_two",
        "the second piece starts from h0 again instead of from the end of the first piece",
        """
def my_run_in_two(params, x, h0, cut):
    parts = []
    for piece in (x[:cut], x[cut:]):
        h, _, _ = rnn_forward(params, piece, h0)
        parts.append(h)
    return np.vstack(parts)
""",
    ),
    (
        "run_in_two",
        "carries the first state of the first piece, first[0], instead of its last one",
        """
def my_run_in_two(params, x, h0, cut):
    first, _, _ = rnn_forward(params, x[:cut], h0)
    second, _, _ = rnn_forward(params, x[cut:], first[0])
    return np.concatenate((first, second), axis=0)
""",
    ),
    (
        "run_in_two",
        "the second piece starts at cut - 1: the step before the cut is run twice, and there is one state too many",
        """
def my_run_in_two(params, x, h0, cut):
    first, _, _ = rnn_forward(params, x[:cut], h0)
    second, _, _ = rnn_forward(params, x[cut - 1:], first[-1])
    return np.concatenate([first, second])
""",
    ),
    (
        "cross_entropy",
        "no shift by the maximum: huge logits overflow in exp and the loss is inf or nan",
        """
def my_cross_entropy(logits, targets):
    ok = targets != IGNORE_INDEX
    z = logits[ok]
    right = z[np.arange(len(z)), targets[ok]]
    return float(np.mean(np.log(np.exp(z).sum(axis=1)) - right))
""",
    ),
    (
        "cross_entropy",
        "all targets, -100 among them, are counted in the division AND the sign is wrong: the mean of +log p",
        """
def my_cross_entropy(logits, targets):
    keep = targets != -100
    z = logits[keep]
    log_p = z - np.logaddexp.reduce(z, axis=-1, keepdims=True)
    good = np.take_along_axis(log_p, targets[keep][:, None], axis=1)
    return float(good.sum() / targets.size)
""",
    ),
    (
        "logits_gradient",
        "the sign is wrong: onehot - softmax instead of softmax - onehot",
        """
def my_logits_gradient(logits, targets):
    n_y = logits.shape[-1]
    counts = targets != -100
    onehot = np.eye(n_y)[np.where(counts, targets, 0)]
    diff = (onehot - softmax(logits)) * counts[..., None]
    return diff / counts.sum()
""",
    ),
    (
        "logits_gradient",
        "own softmax without a shift by the maximum: huge logits give nan",
        """
def my_logits_gradient(logits, targets):
    e = np.exp(logits)
    d = e / e.sum(-1, keepdims=True)
    keep = targets != -100
    d[keep, targets[keep]] -= 1
    d[~keep] = 0
    return d / np.count_nonzero(keep)
""",
    ),
    (
        "output_backward",
        "db_y is summed over the first axis alone: with time and batch it keeps a batch axis",
        """
def my_output_backward(W_hy, h, dlogits):
    n_h, n_y = W_hy.shape
    dW_hy = h.reshape(-1, n_h).T @ dlogits.reshape(-1, n_y)
    dh = dlogits @ W_hy.T
    db_y = dlogits.sum(axis=0) if dlogits.ndim > 1 else dlogits
    return OutputGrads(dh, dW_hy, db_y)
""",
    ),
    (
        "output_backward",
        "returned in the wrong order: dh, db_y, dW_hy",
        """
def my_output_backward(W_hy, h, dlogits):
    rows_h, rows_d = h.reshape(-1, len(W_hy)), dlogits.reshape(-1, W_hy.shape[1])
    grad_b = rows_d.sum(axis=0)
    grad_W = rows_h.T @ rows_d
    grad_h = dlogits @ W_hy.T
    return grad_h, grad_b, grad_W
""",
    ),
    (
        "tanh_backward",
        "the square stands around the wrong bracket: (1 - h_t)^2 instead of 1 - h_t^2",
        """
def my_tanh_backward(h_t, dh_total):
    return np.multiply(dh_total, (1 - h_t) ** 2)
""",
    ),
    (
        "tanh_backward",
        "a matrix product with the slope instead of an elementwise one: shape (batch, batch), not (batch, n_h)",
        """
def my_tanh_backward(h_t, dh_total):
    slope = 1 - h_t**2
    return dh_total @ slope.T
""",
    ),
    (
        "bias_gradient",
        "sums over the units (axis 1) instead of over the batch: shape (batch,)",
        """
def my_bias_gradient(dz_t):
    return np.sum(dz_t, axis=1)
""",
    ),
    (
        "rnn_cell_backward",
        "dW_hh is made of h_t instead of h_prev",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    x_t, h_prev, h_t = cache
    dz_t = dh_total * (1 - h_t**2)
    dW_xh = np.dot(x_t.T, dz_t)
    dW_hh = np.dot(h_t.T, dz_t)
    return np.dot(dz_t, params.W_xh.T), np.dot(dz_t, params.W_hh.T), dW_xh, dW_hh, np.sum(dz_t, axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "W_hh is not transposed in dh_prev",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    dz_t = dh_total - dh_total * cache.h_t**2
    dx_t = dz_t @ params.W_xh.T
    dh_prev = dz_t @ params.W_hh
    return dx_t, dh_prev, cache.x_t.T @ dz_t, cache.h_prev.T @ dz_t, dz_t.sum(axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "db_h is the mean over the batch instead of the sum",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    x_t, h_prev, h_t = cache
    d = dh_total * (1 - h_t**2)
    db = np.zeros(d.shape[1])
    for row in d:
        db = db + row / d.shape[0]
    return d @ params.W_xh.T, d @ params.W_hh.T, x_t.T @ d, h_prev.T @ d, db
""",
    ),
    (
        "step_back",
        "the new carry is made of dh_total instead of dz_t: the slope of tanh is missing in it",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    dh = dh_t + dh_carry
    return dh * (1 - h_t**2), dh @ params.W_hh.T
""",
    ),
    (
        "step_back",
        "the numbers are right, but dh_carry is added into dh_t in place, so the caller's dh_t changes",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    dh_t += dh_carry
    dz_t = dh_t * (1 - h_t**2)
    return dz_t, dz_t @ params.W_hh.T
""",
    ),
    (
        "step_back",
        "the old carry is added to the new one as well AND W_hh is not transposed",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    dz_t = (dh_t + dh_carry) * (1 - h_t**2)
    dh_carry = dh_carry + dz_t @ params.W_hh
    return dz_t, dh_carry
""",
    ),
    (
        "rnn_backward",
        "the loop runs forward in time, so the carry goes from early steps to late ones",
        """
def my_rnn_backward(params, cache, dh):
    dx = np.zeros_like(cache.x)
    carry = np.zeros_like(cache.states[0])
    dW_xh, dW_hh, db_h = np.zeros_like(params.W_xh), np.zeros_like(params.W_hh), np.zeros_like(params.b_h)
    for t in range(len(dh)):
        h_prev, h = cache.states[t], cache.states[t + 1]
        dz = (dh[t] + carry) * (1 - h**2)
        carry = dz @ params.W_hh.T
        dx[t] = dz @ params.W_xh.T
        dW_xh += cache.x[t].T @ dz
        dW_hh += h_prev.T @ dz
        db_h += dz.sum(axis=0)
    return dx, carry, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        (
            "the three parameter gradients are overwritten (=) instead of added up (+=): only the first step's "
            "share is left"
        ),
        """
def my_rnn_backward(params, cache, dh):
    dx, carry = np.empty_like(cache.x), 0
    for t in reversed(range(len(dh))):
        dz = (dh[t] + carry) * (1 - cache.states[t + 1] ** 2)
        dx[t] = dz @ params.W_xh.T
        dW_xh = cache.x[t].T @ dz
        dW_hh = cache.states[t].T @ dz
        db_h = dz.sum(axis=0)
        carry = dz @ params.W_hh.T
    return dx, carry, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "the numbers are right, but the carry is added into dh[t] in place, so the caller's dh changes",
        """
def my_rnn_backward(params, cache, dh):
    dx = np.zeros_like(cache.x)
    dW_xh, dW_hh, db_h = [np.zeros_like(p) for p in params[:3]]
    for t in reversed(range(len(dh))):
        dz = dh[t] * (1 - cache.states[t + 1] ** 2)
        dx[t] = dz @ params.W_xh.T
        dW_xh += cache.x[t].T @ dz
        dW_hh += cache.states[t].T @ dz
        db_h += dz.sum(axis=0)
        carry = dz @ params.W_hh.T
        if t > 0:
            dh[t - 1] += carry
    return dx, carry, dW_xh, dW_hh, db_h
""",
    ),
    (
        "loss_and_grads",
        "h0 is not passed to the forward pass: always starts from zeros",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x)
    logits = h @ params.W_hy + params.b_y
    loss, dlogits = rnn.cross_entropy_and_grad(logits, targets)
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    g = rnn_backward(params, cache, dh)
    return loss, RNNParams(g.W_xh, g.W_hh, g.b_h, dW_hy, db_y)
""",
    ),
    (
        "loss_and_grads",
        "the probabilities y are given to the loss and its gradient as if they were logits",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, y, cache = rnn_forward(params, x, h0)
    loss, dlogits = rnn.cross_entropy_and_grad(y, targets)
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    _, _, dW_xh, dW_hh, db_h = rnn_backward(params, cache, dh)
    return loss, RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)
""",
    ),
    (
        "loss_and_grads",
        "dh is multiplied by 1 - h^2 before rnn_backward, which does it again: the slope of tanh counts twice",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x, h0)
    logits = h @ params.W_hy + params.b_y
    loss, dlogits = rnn.cross_entropy_and_grad(logits, targets)
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    dh = dh * (1 - h**2)
    _, _, dW_xh, dW_hh, db_h = rnn_backward(params, cache, dh)
    return loss, RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)
""",
    ),
    (
        "central_difference",
        "one-sided: (f(v + s) - f(v)) / s",
        """
def my_central_difference(f, v, step):
    base = f(v)
    grad = np.zeros(v.shape)
    for index in np.ndindex(v.shape):
        moved = v.copy()
        moved[index] += step
        grad[index] = (f(moved) - base) / step
    return grad
""",
    ),
    (
        "central_difference",
        "bracket missing: `/ 2 * step` divides by 2 and multiplies by the step",
        """
def my_central_difference(f, v, step):
    grad = np.zeros_like(v)
    for index in np.ndindex(v.shape):
        plus, minus = v.copy(), v.copy()
        plus[index] = plus[index] + step
        minus[index] = minus[index] - step
        grad[index] = (f(plus) - f(minus)) / 2 * step
    return grad
""",
    ),
    (
        "central_difference",
        "the loop runs over the first axis alone: whole rows are moved together",
        """
def my_central_difference(f, v, step):
    grad = np.zeros_like(v)
    for i in range(v.shape[0]):
        a = v.copy()
        b = v.copy()
        a[i] += step
        b[i] -= step
        grad[i] = (f(a) - f(b)) / (2 * step)
    return grad
""",
    ),
    (
        "only_step",
        "the numbers are right, but the zeros are written into the caller's dh: no copy",
        """
def my_only_step(dh, t):
    for k in range(len(dh)):
        if k != t - 1:
            dh[k] = 0
    return dh
""",
    ),
    (
        "only_step",
        "returns the one step alone, (batch, n_h), instead of an array of all steps with zeros",
        """
def my_only_step(dh, t):
    return dh[t - 1].copy()
""",
    ),
    (
        "masked_loss",
        "the masked costs are set to 0 but still counted: divides by all places",
        """
def my_masked_loss(nats, targets):
    return float(np.mean(np.where(targets == -100, 0.0, nats)))
""",
    ),
    (
        "masked_loss",
        "keeps targets > 0, so target 0 (END) does not count either",
        """
def my_masked_loss(nats, targets):
    keep = targets > 0
    return float(nats[keep].sum() / max(keep.sum(), 1))
""",
    ),
    (
        "masked_loss",
        "a mean of the means of each sequence instead of one mean over all places that count",
        """
def my_masked_loss(nats, targets):
    means = []
    for b in range(nats.shape[1]):
        good = targets[:, b] != -100
        if good.any():
            means.append(nats[good, b].mean())
    return float(np.mean(means))
""",
    ),
    (
        "clip_by_norm",
        "each field is clipped by its own norm instead of all by their common one",
        """
def my_clip_by_norm(grads, most):
    clipped = []
    for g in grads:
        n = np.linalg.norm(g)
        clipped.append(g * (most / n) if n > most else g)
    return RNNParams(*clipped)
""",
    ),
    (
        "clip_by_norm",
        "each entry is clipped to [-most, most] instead of one factor for all",
        """
def my_clip_by_norm(grads, most):
    return RNNParams(*(np.clip(g, -most, most) for g in grads))
""",
    ),
    (
        "clip_by_norm",
        "the norm is that of the three matrices alone: the biases are left out of it",
        """
def my_clip_by_norm(grads, most):
    squares = 0
    for g in grads:
        if g.ndim == 2:
            squares += (g**2).sum()
    norm = np.sqrt(squares)
    scale = most / norm if norm > most else 1
    return RNNParams(*(scale * g for g in grads))
""",
    ),
    (
        "adam_step",
        "1e-8 is added under the root instead of after it",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m_new = 0.9 * m + (1 - 0.9) * g
    s_new = 0.999 * s + (1 - 0.999) * np.square(g)
    m_hat = m_new / (1 - 0.9**t)
    s_hat = s_new / (1 - 0.999**t)
    return p - learning_rate * m_hat / np.sqrt(s_hat + 1e-8), m_new, s_new
""",
    ),
    (
        "adam_step",
        "s averages |g| instead of g^2: the square is missing",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * np.abs(g)
    m_hat = m / (1 - 0.9**t)
    s_hat = s / (1 - 0.999**t)
    return p - learning_rate * m_hat / (np.sqrt(s_hat) + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "the two decay rates are swapped: 0.999 for m and 0.9 for s, in the averages and in the corrections",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    beta1, beta2 = 0.999, 0.9
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    mh, sh = m / (1 - beta1**t), s / (1 - beta2**t)
    return p - learning_rate * mh / (np.sqrt(sh) + 1e-8), m, s
""",
    ),
    (
        "sampling_step",
        "temperature 0 has no case of its own: divides by 0",
        """
def my_sampling_step(logits, temperature, u):
    p = softmax(logits / temperature)
    total = 0.0
    for i, share in enumerate(p):
        total += share
        if total > u:
            return i
""",
    ),
    (
        "sampling_step",
        (
            "the comparison is the wrong way round, ends < u: token 0 wherever its end lies below u, and also "
            "where no end does"
        ),
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    ends = np.cumsum(softmax(logits / temperature))
    return int(np.argmax(ends < u))
""",
    ),
    (
        "sampling_step",
        (
            "divides the probabilities by the temperature after softmax instead of the logits before AND takes "
            "the least likely token at temperature 0"
        ),
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmin(logits))
    p = softmax(logits) / temperature
    return int(np.argmax(np.cumsum(p) > u))
""",
    ),
    (
        "sampling_step",
        "counts tokens from 1: returns the number of the part, one too high (except at temperature 0)",
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    p = softmax(logits / temperature)
    k = 0
    left = u
    while left >= 0 and k < len(p):
        left -= p[k]
        k += 1
    return k
""",
    ),
    (
        "train_on_windows",
        "every window starts from h0: the state is not carried from window to window",
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    losses = []
    for i in range(len(x)):
        loss, grads, h = loss_and_grads(params, x[i], targets[i], h0, return_state=True)
        params = RNNParams(*[p - learning_rate * g for p, g in zip(params, grads)])
        losses.append(loss)
    return params, losses, h
""",
    ),
    (
        "train_on_windows",
        "the updated parameters are never used: loss and gradients of every window are taken at the first params",
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    new = list(params)
    h, losses = h0, []
    for x_w, y_w in zip(x, targets):
        loss, grads, h = loss_and_grads(params, x_w, y_w, h, return_state=True)
        new = [p - learning_rate * g for p, g in zip(new, grads)]
        losses.append(loss)
    return RNNParams(*new), losses, h
""",
    ),
    (
        "train_on_windows",
        "return stands inside the loop: only the first window is trained on",
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    h = h0
    losses = []
    for x_w, y_w in zip(x, targets):
        loss, grads, h = loss_and_grads(params, x_w, y_w, h, return_state=True)
        params = RNNParams(*(p - learning_rate * g for p, g in zip(params, grads)))
        losses.append(loss)
        return params, losses, h
""",
    ),
    (
        "trigram_bits",
        "the + 1 above the line is missing: a triple never met costs infinitely many bits",
        """
def my_trigram_bits(train, held_out, V):
    n = len(train) - 2
    pairs = Counter(train[i:i + 2] for i in range(n))
    triples = Counter(train[i:i + 3] for i in range(n))
    shares = []
    for i in range(len(held_out) - 2):
        shares.append(triples[held_out[i:i + 3]] / (pairs[held_out[i:i + 2]] + V))
    with np.errstate(divide="ignore"):
        return float(-np.mean(np.log2(shares)))
""",
    ),
    (
        "trigram_bits",
        "the natural logarithm: nats instead of bits",
        """
def my_trigram_bits(train, held_out, V):
    pairs, triples = Counter(), Counter()
    for i in range(2, len(train)):
        pairs[train[i - 2:i]] += 1
        triples[train[i - 2:i + 1]] += 1
    costs = []
    for i in range(2, len(held_out)):
        p = (triples[held_out[i - 2:i + 1]] + 1) / (pairs[held_out[i - 2:i]] + V)
        costs.append(-math.log(p))
    return sum(costs) / len(costs)
""",
    ),
    (
        "trigram_bits",
        'str.count counts triples and pairs without overlap, so repeats such as "aaaa" are counted too rarely',
        """
def my_trigram_bits(train, held_out, V):
    bits = []
    for i in range(len(held_out) - 2):
        a, b, c = held_out[i:i + 3]
        share = (train.count(a + b + c) + 1) / (train[:-1].count(a + b) + V)
        bits.append(-math.log2(share))
    return sum(bits) / len(bits)
""",
    ),
    (
        "squared_error_gradients",
        "the factor 2 of the square's derivative is missing",
        """
def my_squared_error_gradients(W_hy, b_y, h, targets):
    y = h @ W_hy + b_y
    dy = (y - targets) / targets.size
    return output_backward(W_hy, h, dy)
""",
    ),
    (
        "squared_error_gradients",
        "no division by N: the gradient of the sum of squares",
        """
def my_squared_error_gradients(W_hy, b_y, h, targets):
    dy = 2 * (h @ W_hy + b_y - targets)
    dh = dy @ W_hy.T
    return dh, np.einsum("tbi,tbj->ij", h, dy), dy.sum(axis=(0, 1))
""",
    ),
    (
        "squared_error_gradients",
        "the sign is wrong: target - y instead of y - target",
        """
def my_squared_error_gradients(W_hy, b_y, h, targets):
    error = targets - (h @ W_hy + b_y)
    dy = 2 * error / error.size
    g = output_backward(W_hy, h, dy)
    return g.h, g.W_hy, g.b_y
""",
    ),
    (
        "last_states",
        "takes the last step of the array, h[-1], for every row: padding included",
        """
def my_last_states(h, lengths):
    return h[-1]
""",
    ),
    (
        "last_states",
        "indexes with lengths instead of lengths - 1: one step too late, and an IndexError for the longest",
        """
def my_last_states(h, lengths):
    rows = np.arange(h.shape[1])
    return h[lengths, rows]
""",
    ),
    (
        "head_gradients",
        "no division by N: the gradient of the sum of the distances",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    y = h_last @ W_hy + b_y
    diff = y - targets
    dist = np.sqrt((diff**2).sum(axis=1, keepdims=True))
    dy = diff / np.maximum(dist, 1e-300)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "the gradient of the squared distance, 2 (y - target) / N, instead of the distance",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    y = np.dot(h_last, W_hy) + b_y
    dy = 2 * (y - targets) / len(targets)
    return np.dot(dy, W_hy.T), np.dot(h_last.T, dy), np.sum(dy, axis=0)
""",
    ),
    (
        "head_gradients",
        "b_y is missing in the answers y",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    diff = h_last @ W_hy - targets
    dist = np.linalg.norm(diff, axis=1)
    dy = np.zeros_like(diff)
    for n in range(len(diff)):
        if dist[n] > 0:
            dy[n] = diff[n] / dist[n] / len(diff)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "last_states_backward",
        "dh_last is put at the last step of the array for every row instead of at its own last real step",
        """
def my_last_states_backward(dh_last, lengths, steps):
    dh = np.zeros((steps,) + dh_last.shape)
    dh[-1] = dh_last
    return dh
""",
    ),
    (
        "last_states_backward",
        "dh_last stands at every real step of its row instead of at the last one alone",
        """
def my_last_states_backward(dh_last, lengths, steps):
    dh = np.zeros((steps, len(dh_last), dh_last.shape[1]))
    for n, length in enumerate(lengths):
        dh[:length, n] = dh_last[n]
    return dh
""",
    ),
    (
        "at_ids",
        "takes the sum over all letters of each row instead of the entry of its own letter",
        """
def my_at_ids(dx, ids):
    out = np.zeros(ids.shape)
    for t in range(len(dx)):
        for n in range(dx.shape[1]):
            out[t, n] = dx[t, n].sum()
    return out
""",
    ),
    (
        "at_ids",
        "time and batch are swapped in the result: shape (batch, time)",
        """
def my_at_ids(dx, ids):
    T, B = ids.shape
    return np.array([[dx[t, b, ids[t, b]] for t in range(T)] for b in range(B)])
""",
    ),
]

RIGHT = [
    (
        "step",
        "a loop that counts from 1 and returns when it gets there",
        """
def my_step(x, t):
    for number, rows in enumerate(x, start=1):
        if number == t:
            return rows
""",
    ),
    (
        "step",
        "np.take along the time axis",
        """
def my_step(x, t, *, first=1):
    return np.take(x, t - first, axis=0)
""",
    ),
    (
        "one_hot",
        "compares every id with a range of columns",
        """
def my_one_hot(ids, n_x):
    return (ids[:, :, None] == np.arange(n_x)).astype(float)
""",
    ),
    (
        "one_hot",
        "np.put_along_axis into zeros",
        """
def my_one_hot(ids, n_x):
    out = np.zeros((*ids.shape, n_x), dtype=np.float64)
    np.put_along_axis(out, ids[..., None], 1.0, axis=-1)
    return out
""",
    ),
    (
        "count_parameters",
        "makes the arrays and adds up their sizes",
        """
def my_count_parameters(n_x, n_h, n_y):
    shapes = [(n_x, n_h), (n_h, n_h), (n_h,), (n_h, n_y), (n_y,)]
    return sum(np.empty(shape).size for shape in shapes)
""",
    ),
    (
        "softmax",
        "exp of z minus log-sum-exp by np.logaddexp.reduce",
        """
def my_softmax(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))
""",
    ),
    (
        "softmax",
        "recursive over the leading axes, plain Python floats in each row",
        """
def my_softmax(z):
    if z.ndim > 1:
        return np.stack([my_softmax(row) for row in z])
    top = max(z)
    weights = [math.exp(v - top) for v in z]
    total = math.fsum(weights)
    return np.array([w / total for w in weights])
""",
    ),
    (
        "softmax_backward",
        "builds the whole Jacobian of each row and multiplies with einsum",
        """
def my_softmax_backward(y, dy):
    n = y.shape[-1]
    jac = np.eye(n) * y[..., None, :] - y[..., :, None] * y[..., None, :]
    return np.einsum("...ij,...j->...i", jac, dy)
""",
    ),
    (
        "tanh_slope",
        "(1 - h) (1 + h)",
        """
def my_tanh_slope(h):
    return (1 - h) * (1 + h)
""",
    ),
    (
        "tanh_slope",
        "goes back to z by arctanh and takes 1 / cosh^2 there",
        """
def my_tanh_slope(h):
    z = np.arctanh(h)
    return 1 / np.cosh(z) ** 2
""",
    ),
    (
        "pre_activation",
        "one product of the stacked inputs with the stacked matrices",
        """
def my_pre_activation(params, x_t, h_prev):
    ones = np.ones((len(x_t), 1))
    left = np.hstack([x_t, h_prev, ones])
    right = np.vstack([params.W_xh, params.W_hh, params.b_h])
    return left @ right
""",
    ),
    (
        "pre_activation",
        "batch last inside: columns, as in the article",
        """
def my_pre_activation(params, x_t, h_prev):
    columns = params.W_xh.T @ x_t.T + params.W_hh.T @ h_prev.T + params.b_h.reshape(-1, 1)
    return columns.T
""",
    ),
    (
        "rnn_cell_forward",
        "one sample and one unit at a time, with math.tanh",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    W_xh, W_hh, b_h, W_hy, b_y = params
    batch, n_h = h_prev.shape
    h_t = np.zeros((batch, n_h))
    for n in range(batch):
        for j in range(n_h):
            z = b_h[j]
            for i in range(len(W_xh)):
                z += x_t[n, i] * W_xh[i, j]
            for k in range(n_h):
                z += h_prev[n, k] * W_hh[k, j]
            h_t[n, j] = math.tanh(z)
    y_t = np.zeros((batch, len(b_y)))
    for n in range(batch):
        scores = [sum(h_t[n, j] * W_hy[j, k] for j in range(n_h)) + b_y[k] for k in range(len(b_y))]
        top = max(scores)
        total = sum(math.exp(s - top) for s in scores)
        for k, s in enumerate(scores):
            y_t[n, k] = math.exp(s - top) / total
    return h_t, y_t, {"x": x_t, "before": h_prev, "after": h_t}
""",
    ),
    (
        "from_article",
        "one loop for all five: transpose, squeeze the columns, then _make",
        """
def my_from_article(parameters):
    arrays = []
    for name in ["Wam", "Waa", "ba", "Wya", "by"]:
        a = np.array(parameters[name]).T
        arrays.append(a[0] if name.startswith("b") else np.ascontiguousarray(a))
    return RNNParams._make(arrays)
""",
    ),
    (
        "scalar_forward",
        "itertools.accumulate carries the state",
        """
def my_scalar_forward(w_x, w_h, b, xs, h0):
    from itertools import accumulate

    return list(accumulate(xs, lambda h, x: math.tanh(w_x * x + w_h * h + b), initial=h0))[1:]
""",
    ),
    (
        "scalar_forward",
        "recursive: the states of all but the first input follow the first state",
        """
def my_scalar_forward(w_x, w_h, b, xs, h0):
    if len(xs) == 0:
        return []
    h = np.tanh(w_x * xs[0] + w_h * h0 + b)
    return [h, *my_scalar_forward(w_x, w_h, b, xs[1:], h)]
""",
    ),
    (
        "rnn_forward",
        "preallocated arrays, the input's product for all steps at once, softmax once at the end",
        """
def my_rnn_forward(params, x, h0=None):
    T, B, _ = x.shape
    from_x = np.einsum("tbi,ij->tbj", x, params.W_xh) + params.b_h
    states = np.zeros((T + 1, B, params.b_h.size))
    if h0 is not None:
        states[0] = h0
    for t in range(T):
        states[t + 1] = np.tanh(from_x[t] + states[t] @ params.W_hh)
    logits = np.einsum("tbj,jk->tbk", states[1:], params.W_hy) + params.b_y
    return states[1:], np.exp(logits - np.logaddexp.reduce(logits, axis=2, keepdims=True)), states
""",
    ),
    (
        "rnn_forward",
        "a class with __call__, one sample after the other, put together at the end",
        """
class Runner:
    def one(self, params, x, h):
        for x_t in x:
            h = np.tanh(x_t @ params.W_xh + h @ params.W_hh + params.b_h)
            yield h

    def __call__(self, params, x, h0=None):
        batch = x.shape[1]
        starts = [np.zeros(len(params.b_h))] * batch if h0 is None else list(h0)
        h = np.stack([np.array(list(self.one(params, x[:, n], starts[n]))) for n in range(batch)], axis=1)
        return h, softmax(h @ params.W_hy + params.b_y), {"x": x, "h": h}


my_rnn_forward = Runner()
""",
    ),
    (
        "run_in_two",
        "np.split, and the state from the cache of the first piece",
        """
def my_run_in_two(params, x, h0, cut):
    state, out = h0, []
    for piece in np.split(x, [cut]):
        _, _, cache = rnn_forward(params, piece, state)
        out.extend(cache.states[1:])
        state = cache.states[-1]
    return np.array(out)
""",
    ),
    (
        "cross_entropy",
        "np.logaddexp.reduce, no shift of its own",
        """
def my_cross_entropy(logits, targets):
    z = logits.reshape(-1, logits.shape[-1])
    pairs = [(row, t) for row, t in zip(z, targets.ravel()) if t != -100]
    return float(np.mean([np.logaddexp.reduce(row) - row[t] for row, t in pairs]))
""",
    ),
    (
        "cross_entropy",
        "np.longdouble inside and np.average with the mask as weights",
        """
def my_cross_entropy(logits, targets):
    z = logits.astype(np.longdouble)
    z = z - z.max(axis=-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    counts = targets != IGNORE_INDEX
    safe = np.where(counts, targets, 0)
    nats = -np.take_along_axis(log_p, safe[..., None], axis=-1)[..., 0]
    return float(np.average(nats, weights=counts))
""",
    ),
    (
        "logits_gradient",
        "sends -1 / p through softmax's Jacobian, row by row",
        """
def my_logits_gradient(logits, targets):
    counts = targets != -100
    N = counts.sum()
    out = np.zeros(logits.shape)
    for place in zip(*np.nonzero(counts)):
        z = logits[place]
        log_y = z - np.logaddexp.reduce(z)
        k = targets[place]
        # dz_i = -(1 / y_k) * dy_k / dz_i = -(delta_ik - y_i)
        out[place] = [(math.exp(log_y[i]) - (1 if i == k else 0)) / N for i in range(len(z))]
    return out
""",
    ),
    (
        "logits_gradient",
        "a one-hot by comparing with a range, weights from the mask, all by broadcasting",
        """
def my_logits_gradient(logits, targets, ignore=-100):
    weight = (targets != ignore) / (targets != ignore).sum()
    hot = targets[..., np.newaxis] == np.arange(logits.shape[-1])
    return (softmax(logits) - hot) * weight[..., np.newaxis]
""",
    ),
    (
        "output_backward",
        "einsum for all three, with an ellipsis where it can",
        """
def my_output_backward(W_hy, h, dlogits):
    n_h, n_y = W_hy.shape
    rows_h, rows_d = h.reshape(-1, n_h), dlogits.reshape(-1, n_y)
    dh = np.einsum("...k,jk->...j", dlogits, W_hy)
    dW = np.einsum("nj,nk->jk", rows_h, rows_d)
    return dh, dW, np.einsum("nk->k", rows_d)
""",
    ),
    (
        "tanh_backward",
        "np.vectorize of a function of two numbers",
        """
my_tanh_backward = np.vectorize(lambda h, d: d - d * h * h, otypes=[float])
""",
    ),
    (
        "bias_gradient",
        "a row of ones times dz_t",
        """
def my_bias_gradient(dz_t):
    return np.ones(len(dz_t)) @ dz_t
""",
    ),
    (
        "rnn_cell_backward",
        "explicit loops over samples and units, one scalar at a time",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    x_t, h_prev, h_t = cache
    batch, n_x = x_t.shape
    n_h = h_t.shape[1]
    dx, dh = np.zeros((batch, n_x)), np.zeros((batch, n_h))
    dWx, dWh, db = np.zeros((n_x, n_h)), np.zeros((n_h, n_h)), np.zeros(n_h)
    for n in range(batch):
        for j in range(n_h):
            dz = dh_total[n, j] * (1 - h_t[n, j] ** 2)
            db[j] += dz
            for i in range(n_x):
                dx[n, i] += dz * params.W_xh[i, j]
                dWx[i, j] += dz * x_t[n, i]
            for k in range(n_h):
                dh[n, k] += dz * params.W_hh[k, j]
                dWh[k, j] += dz * h_prev[n, k]
    return dx, dh, dWx, dWh, db
""",
    ),
    (
        "rnn_cell_backward",
        "stacks [x, h_prev, 1] and [W_xh; W_hh] and splits the two products",
        """
def my_rnn_cell_backward(params, cache, dh_total):
    n_x, n_h = params.W_xh.shape
    dz = dh_total * (1 - cache.h_t) * (1 + cache.h_t)
    dx, dh = np.split(dz @ np.vstack([params.W_xh, params.W_hh]).T, [n_x], axis=1)
    stacked = np.hstack([cache.x_t, cache.h_prev, np.ones((len(dz), 1))]).T @ dz
    return [dx, dh, stacked[:n_x], stacked[n_x:n_x + n_h], stacked[-1]]
""",
    ),
    (
        "step_back",
        "columns inside: W_hh times the transposed dz",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    dz = np.add(dh_t, dh_carry).T
    dz = dz - dz * h_t.T**2
    return dz.T, np.matmul(params.W_hh, dz).T
""",
    ),
    (
        "rnn_backward",
        "recursive: the rest of the sequence sends its own dh0 back as the carry",
        """
def my_rnn_backward(params, cache, dh):
    if len(dh) == 0:
        zeros = [np.zeros_like(p) for p in params[:3]]
        return (np.zeros((0, *cache.x.shape[1:])), np.zeros_like(cache.states[0]), *zeros)
    rest = my_rnn_backward(params, SequenceCache(cache.x[1:], cache.states[1:]), dh[1:])
    dz = (dh[0] + rest[1]) * (1 - cache.states[1] ** 2)
    return (
        np.concatenate([(dz @ params.W_xh.T)[None], rest[0]]),
        dz @ params.W_hh.T,
        rest[2] + cache.x[0].T @ dz,
        rest[3] + cache.states[0].T @ dz,
        rest[4] + dz.sum(axis=0),
    )
""",
    ),
    (
        "rnn_backward",
        "walks with the package's cell, zipped and reversed, then adds up each kind",
        """
def my_rnn_backward(params, cache, dh):
    carry, found = np.zeros_like(dh[0]), []
    steps = list(zip(cache.x, cache.states[:-1], cache.states[1:], dh))
    for x_t, before, after, dh_t in steps[::-1]:
        g = rnn.rnn_cell_backward(params, CellCache(x_t, before, after), dh_t + carry)
        carry = g.h_prev
        found.insert(0, g)
    dx = np.array([g.x_t for g in found])
    return dx, carry, sum(g.W_xh for g in found), sum(g.W_hh for g in found), sum(g.b_h for g in found)
""",
    ),
    (
        "loss_and_grads",
        "one sample of the batch after the other, each weighted by its share of the targets that count",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    N = (targets != -100).sum()
    loss, grads = 0.0, [np.zeros_like(p) for p in params]
    for n in range(x.shape[1]):
        own = targets[:, n:n + 1]
        share = (own != -100).sum() / N
        if share == 0:
            continue
        start = None if h0 is None else h0[n:n + 1]
        part, g = loss_and_grads(params, x[:, n:n + 1], own, start)
        loss += share * part
        grads = [a + share * b for a, b in zip(grads, g)]
    return loss, RNNParams(*grads)
""",
    ),
    (
        "loss_and_grads",
        "everything by hand in one function, forward and back, without the package's pieces",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    W_xh, W_hh, b_h, W_hy, b_y = params
    T, B, _ = x.shape
    hs = {-1: np.zeros((B, len(b_h))) if h0 is None else h0}
    ps, loss = {}, 0.0
    mask = targets != -100
    N = mask.sum()
    for t in range(T):
        hs[t] = np.tanh(x[t] @ W_xh + hs[t - 1] @ W_hh + b_h)
        z = hs[t] @ W_hy + b_y
        log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
        ps[t] = np.exp(log_p)
        for n in range(B):
            if mask[t, n]:
                loss -= log_p[n, targets[t, n]] / N
    g = RNNParams(*map(np.zeros_like, params))
    carry = 0.0
    for t in reversed(range(T)):
        d = ps[t]
        for n in range(B):
            if mask[t, n]:
                d[n, targets[t, n]] -= 1
            else:
                d[n] = 0
        d = d / N
        g.W_hy[...] += hs[t].T @ d
        g.b_y[...] += d.sum(axis=0)
        dz = (d @ W_hy.T + carry) * (1 - hs[t] ** 2)
        g.W_xh[...] += x[t].T @ dz
        g.W_hh[...] += hs[t - 1].T @ dz
        g.b_h[...] += dz.sum(axis=0)
        carry = dz @ W_hh.T
    return float(loss), g
""",
    ),
    (
        "central_difference",
        "moves along the rows of an identity matrix, one reshape at the end",
        """
def my_central_difference(f, v, step):
    basis = np.eye(v.size).reshape(v.size, *v.shape)
    return np.array([(f(v + step * e) - f(v - step * e)) / (2 * step) for e in basis]).reshape(v.shape)
""",
    ),
    (
        "central_difference",
        "a helper with a sign, and np.where on a range of places",
        """
def my_central_difference(f, v, step, *, order=2):
    places = np.arange(v.size).reshape(v.shape)

    def at(k, sign):
        return f(np.where(places == k, v + sign * step, v))

    flat = [(at(k, 1) - at(k, -1)) / (order * step) for k in range(v.size)]
    return np.reshape(flat, v.shape)
""",
    ),
    (
        "only_step",
        "multiplies by a mask over the steps",
        """
def my_only_step(dh, t):
    steps = np.arange(1, len(dh) + 1)
    return dh * (steps == t)[:, None, None]
""",
    ),
    (
        "masked_loss",
        "a masked array of NumPy",
        """
def my_masked_loss(nats, targets):
    return float(np.ma.masked_where(targets == -100, nats).mean())
""",
    ),
    (
        "clip_by_norm",
        "one long vector, cut up again at the end",
        """
def my_clip_by_norm(grads, most):
    flat = np.concatenate([g.ravel() for g in grads])
    flat = flat * (most / max(most, np.linalg.norm(flat)))
    ends = np.cumsum([g.size for g in grads])
    return RNNParams(*(part.reshape(g.shape) for part, g in zip(np.split(flat, ends[:-1]), grads)))
""",
    ),
    (
        "clip_by_norm",
        "math.hypot of the fields' norms, dictionary and _replace",
        """
def my_clip_by_norm(grads, most):
    norm = math.hypot(*(float(np.linalg.norm(g)) for g in grads))
    if not norm > most:
        return grads
    return grads._replace(**{name: most * g / norm for name, g in grads._asdict().items()})
""",
    ),
    (
        "adam_step",
        "m and s moved towards g and g^2 by a tenth and a thousandth, the rates as extra defaults",
        """
def my_adam_step(p, g, m, s, t, learning_rate, *, rates=(0.1, 0.001), tiny=1e-8):
    m_new = m + rates[0] * (g - m)
    s_new = s + rates[1] * (np.square(g) - s)
    m_part = -math.expm1(t * math.log(1 - rates[0]))
    s_part = -math.expm1(t * math.log(1 - rates[1]))
    move = np.divide(m_new / m_part, tiny + np.power(s_new / s_part, 0.5))
    return [p - learning_rate * move, m_new, s_new]
""",
    ),
    (
        "adam_step",
        "np.vectorize of one step for single numbers",
        """
def one_number(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g * g
    return p - learning_rate * (m / (1 - 0.9**t)) / (math.sqrt(s / (1 - 0.999**t)) + 1e-8), m, s


my_adam_step = np.vectorize(one_number, otypes=[float, float, float])
""",
    ),
    (
        "sampling_step",
        "bisect on accumulated floats, a plain list",
        """
def my_sampling_step(logits, temperature, u):
    from bisect import bisect_right
    from itertools import accumulate

    if not temperature:
        return max(range(len(logits)), key=lambda k: logits[k])
    return bisect_right(list(accumulate(softmax(logits / temperature).tolist())), u)
""",
    ),
    (
        "sampling_step",
        "counts the ends that u has passed, in np.longdouble",
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0.0:
        return int(np.flatnonzero(logits == logits.max())[0])
    z = np.asarray(logits, dtype=np.longdouble) / temperature
    e = np.exp(z - z.max())
    p = e / e.sum()
    return int(sum(end <= u for end in np.cumsum(p)))
""",
    ),
    (
        "train_on_windows",
        "recursive over the windows",
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    if len(x) == 0:
        return params, [], h0
    loss, grads, h = loss_and_grads(params, x[0], targets[0], h0, return_state=True)
    moved = RNNParams(*map(lambda p, g: p - learning_rate * g, params, grads))
    last, losses, state = my_train_on_windows(moved, x[1:], targets[1:], h, learning_rate)
    return last, [loss, *losses], state
""",
    ),
    (
        "trigram_bits",
        "nested dictionaries: for each pair a Counter of what follows",
        """
def my_trigram_bits(train, held_out, V):
    from collections import defaultdict

    after = defaultdict(Counter)
    for a, b, c in zip(train, train[1:], train[2:]):
        after[a, b][c] += 1
    costs = []
    for a, b, c in zip(held_out, held_out[1:], held_out[2:]):
        seen = after[a, b]
        costs.append(math.log2(sum(seen.values()) + V) - math.log2(seen[c] + 1))
    return math.fsum(costs) / len(costs)
""",
    ),
    (
        "squared_error_gradients",
        "loops over time and batch, outer products, N counted on the way",
        """
def my_squared_error_gradients(W_hy, b_y, h, targets):
    T, B, n_y = targets.shape
    dh, dW, db = np.zeros(h.shape), np.zeros(W_hy.shape), np.zeros(n_y)
    for t in range(T):
        for n in range(B):
            gap = h[t, n] @ W_hy + b_y - targets[t, n]
            dy = (gap + gap) / (T * B * n_y)
            dh[t, n], dW, db = W_hy @ dy, dW + np.outer(h[t, n], dy), db + dy
    return dh, dW, db
""",
    ),
    (
        "last_states",
        "a list of rows, one for each sequence",
        """
def my_last_states(h, lengths):
    return np.stack([h[:, n][:length][-1] for n, length in enumerate(lengths)])
""",
    ),
    (
        "head_gradients",
        "one name after the other with math.dist, skipping the corner",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    dh, dW, db = np.zeros_like(h_last), np.zeros_like(W_hy), np.zeros_like(b_y)
    for n, (state, target) in enumerate(zip(h_last, targets)):
        y = state @ W_hy + b_y
        far = math.dist(y, target)
        if far == 0:
            continue
        arrow = (y - target) / far / len(targets)
        dh[n] = W_hy @ arrow
        dW += state[:, None] * arrow
        db += arrow
    return dh, dW, db
""",
    ),
    (
        "last_states_backward",
        "np.add.at on a transposed view, batch first inside",
        """
def my_last_states_backward(dh_last, lengths, steps):
    dh = np.zeros((len(lengths), steps, dh_last.shape[1]))
    np.add.at(dh, (range(len(lengths)), lengths - 1), dh_last)
    return dh.swapaxes(0, 1)
""",
    ),
    (
        "at_ids",
        "multiplies by the one-hot rows and sums",
        """
def my_at_ids(dx, ids):
    return (dx * np.eye(dx.shape[-1])[ids]).sum(axis=-1)
""",
    ),
    (
        "rnn_cell_forward",
        "np.longdouble inside, cast at the end, no cache to speak of",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    W_xh, W_hh, b_h, W_hy, b_y = (p.astype(np.longdouble) for p in params)
    h = np.tanh(x_t @ W_xh + h_prev @ W_hh + b_h)
    s = h @ W_hy + b_y
    e = np.exp(s - s.max(axis=1, keepdims=True))
    y = e / e.sum(axis=1, keepdims=True)
    return h.astype(float), y.astype(float), None
""",
    ),
    (
        "output_backward",
        "adds one outer product for each row",
        """
def my_output_backward(W_hy, h, dlogits):
    dh, dW, db = np.empty_like(h), np.zeros_like(W_hy), np.zeros(W_hy.shape[1])
    for place in np.ndindex(h.shape[:-1]):
        dh[place] = W_hy @ dlogits[place]
        dW += np.outer(h[place], dlogits[place])
        db += dlogits[place]
    return [dh, dW, db]
""",
    ),
    (
        "rnn_backward",
        "dz of all steps first, the sums after the loop by einsum, batch last inside",
        """
def my_rnn_backward(params, cache, dh):
    dh_c = np.moveaxis(dh, 1, 2)
    h_c = np.moveaxis(cache.states, 1, 2)
    dz = np.zeros_like(dh_c)
    carry = np.zeros_like(h_c[0])
    for t in range(len(dh))[::-1]:
        dz[t] = (dh_c[t] + carry) * (1 - h_c[t + 1] ** 2)
        carry = params.W_hh @ dz[t]
    dW_xh = np.einsum("tni,tjn->ij", cache.x, dz)
    dW_hh = np.einsum("tkn,tjn->kj", h_c[:-1], dz)
    dx = np.einsum("ij,tjn->tni", params.W_xh, dz)
    return SequenceGrads(dx, carry.T, dW_xh, dW_hh, np.einsum("tjn->j", dz))
""",
    ),
    (
        "masked_loss",
        "np.nanmean with a loop inside, a list as the go-between",
        """
def my_masked_loss(nats, targets):
    kept = [[c if t != -100 else math.nan for c, t in zip(*pair)] for pair in zip(nats, targets)]
    return float(np.nanmean(kept))
""",
    ),
    (
        "train_on_windows",
        "functools.reduce over the windows with a triple as the state",
        """
def my_train_on_windows(params, x, targets, h0, learning_rate):
    from functools import reduce

    def turn(so_far, window):
        params, losses, h = so_far
        loss, grads, h = loss_and_grads(params, *window, h, return_state=True)
        pairs = zip(params._asdict().items(), grads)
        return RNNParams(**{k: p + -learning_rate * g for (k, p), g in pairs}), losses + [loss], h

    return reduce(turn, zip(x, targets), (params, [], h0))
""",
    ),
    (
        "trigram_bits",
        "a class that counts with startswith at each place, and a weighted mean over the different triples",
        """
class Trigrams:
    def __init__(self, V):
        self.V = V

    def cost(self, train, abc):
        hits = sum(train.startswith(abc, i) for i in range(len(train) - 2))
        starts = sum(train.startswith(abc[:2], i) for i in range(len(train) - 2))
        return math.log2((starts + self.V) / (hits + 1))


def my_trigram_bits(train, held_out, V):
    asked = Counter(held_out[i:i + 3] for i in range(len(held_out) - 2))
    model = Trigrams(V)
    return sum(n * model.cost(train, abc) for abc, n in asked.items()) / sum(asked.values())
""",
    ),
    (
        "last_states",
        "einsum with a one-hot of the last steps",
        """
def my_last_states(h, lengths):
    return np.einsum("tn,tnj->nj", (np.arange(len(h))[:, None] + 1 == lengths).astype(float), h)
""",
    ),
    (
        "head_gradients",
        "output_backward of rnn_helpers, with the corner handled by np.where",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    gap = np.einsum("nj,jk->nk", h_last, W_hy) + b_y - targets
    far = np.sqrt(np.einsum("nk,nk->n", gap, gap))[:, None]
    dy = np.where(far > 0, gap / np.where(far > 0, far, 1) / len(gap), 0)
    return output_backward(W_hy, h_last, dy)
""",
    ),
    (
        "at_ids",
        "flat indices into the raveled array",
        """
def my_at_ids(dx, ids):
    n_x = dx.shape[2]
    starts = np.arange(ids.size) * n_x
    return dx.ravel()[starts + ids.ravel()].reshape(ids.shape)
""",
    ),
]
