"""Answers as a beginner of these notebooks writes them. Made up by somebody who had not seen the checks.

WRONG: (exercise, what is wrong in plain words, source). Several mistakes in one answer are joined by " AND ".
Mutation counts as wrong: where the returned numbers are right, the label says that an argument is changed.
A comment "extremes only" stands above those that ordinary random numbers do not show.
RIGHT: (exercise, what is unusual, source).
"""

WRONG = [
    # --- 00 -------------------------------------------------------------------------------------------------------
    (
        "step",
        "steps are counted from 0: it returns the step after the one asked for",
        """
def my_step(x, t):
    return x[t]
""",
    ),
    (
        "step",
        "indexes the batch axis: it returns one sample at all steps instead of all samples at one step",
        """
def my_step(x, t):
    return x[:, t - 1]
""",
    ),
    (
        "step",
        "returns all steps up to t instead of step t alone",
        """
def my_step(x, t):
    return x[:t]
""",
    ),
    (
        "step",
        "enumerate counts from 0 and is compared with a t that counts from 1, so it is one step late (None for t = T)",
        """
def my_step(x, t):
    for i, x_t in enumerate(x):
        if i == t:
            return x_t
""",
    ),
    (
        "one_hot",
        "ids are taken to count from 1: the 1 stands one column too far left",
        """
def my_one_hot(ids, n_x):
    return np.eye(n_x)[ids - 1]
""",
    ),
    (
        "one_hot",
        "the class axis comes first instead of last",
        """
def my_one_hot(ids, n_x):
    rows = []
    for k in range(n_x):
        rows.append((ids == k).astype(float))
    return np.array(rows)
""",
    ),
    (
        "one_hot",
        "rows[:, :, ids] writes every id into every row: the index is not paired with its own row",
        """
def my_one_hot(ids, n_x):
    T, B = ids.shape
    rows = np.zeros((T, B, n_x))
    rows[:, :, ids] = 1
    return rows
""",
    ),
    (
        "one_hot",
        "writes the id itself in place of a 1",
        """
def my_one_hot(ids, n_x):
    out = np.zeros(ids.shape + (n_x,))
    for index in np.ndindex(ids.shape):
        out[index][ids[index]] = ids[index]
    return out
""",
    ),
    # shows only where the largest id does not occur
    (
        "one_hot",
        "the width is the largest id that occurs plus 1, n_x is not used",
        """
def my_one_hot(ids, n_x):
    width = ids.max() + 1
    return (ids[..., None] == np.arange(width)).astype(np.float64)
""",
    ),
    (
        "count_parameters",
        "the output bias b_y is forgotten",
        """
def my_count_parameters(n_x, n_h, n_y):
    state = n_x * n_h + n_h * n_h + n_h
    output = n_h * n_y
    return state + output
""",
    ),
    (
        "count_parameters",
        "each bias is counted as one number instead of one a unit",
        """
def my_count_parameters(n_x, n_h, n_y):
    return n_h * (n_x + n_h) + 1 + n_h * n_y + 1
""",
    ),
    (
        "count_parameters",
        "W_hh is counted as n_h numbers instead of n_h times n_h",
        """
def my_count_parameters(n_x, n_h, n_y):
    W_xh = n_x * n_h
    W_hh = n_h
    b_h = n_h
    W_hy = n_h * n_y
    b_y = n_y
    return W_xh + W_hh + b_h + W_hy + b_y
""",
    ),
    (
        "count_parameters",
        "a bracket too wide: b_y is counted with n_h numbers instead of n_y",
        """
def my_count_parameters(n_x, n_h, n_y):
    return n_h * (n_x + n_h + 1 + n_y + 1)
""",
    ),
    (
        "count_parameters",
        "the output weights are counted from the input (n_x, n_y) instead of from the state (n_h, n_y) AND b_h is forgotten",
        """
def my_count_parameters(n_x, n_h, n_y):
    total = 0
    for rows, columns in [(n_x, n_h), (n_h, n_h), (n_x, n_y), (1, n_y)]:
        total += rows * columns
    return total
""",
    ),
    # --- 01 -------------------------------------------------------------------------------------------------------
    (
        "softmax",
        "one softmax over the whole array: maximum and sum are not taken row by row",
        """
def my_softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()
""",
    ),
    # extremes only: rows that lie far apart
    (
        "softmax",
        "the maximum is that of the whole array, so a row far below it becomes 0 / 0",
        """
def my_softmax(z):
    m = np.max(z)
    e = np.exp(z - m)
    return e / np.sum(e, axis=-1, keepdims=True)
""",
    ),
    # extremes only: large scores
    (
        "softmax",
        "no maximum is subtracted, so large scores overflow",
        """
def my_softmax(z):
    return np.exp(z) / np.exp(z).sum(-1, keepdims=True)
""",
    ),
    (
        "softmax",
        "normalised along the first axis instead of the last",
        """
def my_softmax(z):
    shifted = z - np.max(z, axis=0)
    return np.exp(shifted) / np.sum(np.exp(shifted), axis=0)
""",
    ),
    (
        "softmax",
        "axis=1 is the last axis only for two axes: other numbers of axes fail or are normalised along the wrong one",
        """
def my_softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
""",
    ),
    (
        "softmax",
        "a bracket closes too early: the maximum is subtracted from the exponential, not from the score",
        """
def my_softmax(z):
    e = np.exp(z) - z.max(axis=-1, keepdims=True)
    return e / e.sum(axis=-1, keepdims=True)
""",
    ),
    (
        "softmax",
        "the numerator is shifted by the maximum, the denominator is not: rows do not sum to 1",
        """
def my_softmax(z):
    top = np.exp(z - z.max(axis=-1, keepdims=True))
    bottom = np.exp(z).sum(axis=-1, keepdims=True)
    return top / bottom
""",
    ),
    (
        "softmax",
        "divides by the mean of the exponentials instead of their sum AND the maximum is that of the whole array",
        """
def my_softmax(z):
    e = np.exp(z - np.max(z))
    return e / np.mean(e, axis=-1, keepdims=True)
""",
    ),
    (
        "tanh_slope",
        "a second tanh is taken of h, which is already tanh's output",
        """
def my_tanh_slope(h):
    return 1 - np.tanh(h) ** 2
""",
    ),
    (
        "tanh_slope",
        "the bracket is squared, (1 - h)^2 instead of 1 - h^2",
        """
def my_tanh_slope(h):
    return (1 - h) ** 2
""",
    ),
    (
        "tanh_slope",
        "that is the slope of the sigmoid, h (1 - h), not of tanh",
        """
def my_tanh_slope(h):
    return h * (1 - h)
""",
    ),
    (
        "tanh_slope",
        "the square is forgotten: 1 - h",
        """
def my_tanh_slope(h):
    slope = 1 - h
    return slope
""",
    ),
    (
        "tanh_slope",
        "goes back to z with arctanh and squares z instead of tanh z",
        """
def my_tanh_slope(h):
    z = np.arctanh(h)
    return 1 - z ** 2
""",
    ),
    (
        "softmax_backward",
        "the sum runs over the whole array instead of each row",
        """
def my_softmax_backward(y, dy):
    dz = y * (dy - (dy * y).sum())
    return dz
""",
    ),
    (
        "softmax_backward",
        "only the diagonal of the Jacobian, y (1 - y) dy: the effect on the other probabilities is missing",
        """
def my_softmax_backward(y, dy):
    return dy * y * (1 - y)
""",
    ),
    (
        "softmax_backward",
        "a missing bracket: the sum is subtracted without being multiplied by y",
        """
def my_softmax_backward(y, dy):
    weighted = np.sum(dy * y, axis=-1, keepdims=True)
    return y * dy - weighted
""",
    ),
    (
        "softmax_backward",
        "softmax is applied once more to y, which is already softmax's output",
        """
def my_softmax_backward(y, dy):
    s = softmax(y)
    return s * (dy - (dy * s).sum(axis=-1, keepdims=True))
""",
    ),
    (
        "softmax_backward",
        "the mean of dy * y is subtracted instead of the sum",
        """
def my_softmax_backward(y, dy):
    average = (dy * y).mean(axis=-1, keepdims=True)
    return y * (dy - average)
""",
    ),
    (
        "softmax_backward",
        "the sum is taken over dy alone, not over dy * y AND along the first axis instead of the last",
        """
def my_softmax_backward(y, dy):
    return y * (dy - dy.sum(axis=0))
""",
    ),
    # --- 02 -------------------------------------------------------------------------------------------------------
    (
        "pre_activation",
        "uses the notebook's arrays W_xh, W_hh and b_h from above instead of those in params",
        """
W_xh = np.array([[0.5, -0.3], [0.2, 0.4], [-0.1, 0.6]])
W_hh = np.array([[0.8, 0.1], [-0.2, 0.7]])
b_h = np.array([0.1, 0.0])

def my_pre_activation(params, x_t, h_prev):
    z_t = x_t @ W_xh + h_prev @ W_hh + b_h
    return z_t
""",
    ),
    (
        "pre_activation",
        "tanh is already applied: that is h_t, not z_t",
        """
def my_pre_activation(params, x_t, h_prev):
    return np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
""",
    ),
    (
        "pre_activation",
        "brackets: the input's share is multiplied by W_hh as well",
        """
def my_pre_activation(params, x_t, h_prev):
    return (x_t @ params.W_xh + h_prev) @ params.W_hh + params.b_h
""",
    ),
    (
        "pre_activation",
        "the bias is added twice, once with each product",
        """
def my_pre_activation(params, x_t, h_prev):
    def layer(a, W):
        return np.dot(a, W) + params.b_h
    return layer(x_t, params.W_xh) + layer(h_prev, params.W_hh)
""",
    ),
    (
        "pre_activation",
        "input and state are stacked in another order than their weights",
        """
def my_pre_activation(params, x_t, h_prev):
    both = np.concatenate([h_prev, x_t], axis=1)
    W = np.concatenate([params.W_xh, params.W_hh], axis=0)
    return both @ W + params.b_h
""",
    ),
    (
        "pre_activation",
        "W_hh is transposed AND the bias is forgotten",
        """
def my_pre_activation(params, x_t, h_prev):
    from_input = x_t @ params.W_xh
    from_state = (params.W_hh @ h_prev.T).T
    return from_input + from_state
""",
    ),
    (
        "rnn_cell_forward",
        "the output is computed from the old state h_prev instead of the new one",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
    y_t = softmax(h_prev @ params.W_hy + params.b_y)
    return h_t, y_t, (x_t, h_prev, h_t)
""",
    ),
    (
        "rnn_cell_forward",
        "the output is computed from z_t, before tanh",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    z_t = x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h
    logits = z_t @ params.W_hy + params.b_y
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.tanh(z_t), e / e.sum(axis=1, keepdims=True), z_t
""",
    ),
    (
        "rnn_cell_forward",
        "the output bias b_y is forgotten",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    W_xh, W_hh, b_h, W_hy, b_y = params
    h = np.tanh(np.dot(x_t, W_xh) + np.dot(h_prev, W_hh) + b_h)
    y = softmax(np.dot(h, W_hy))
    return h, y, (x_t, h_prev, h)
""",
    ),
    (
        "rnn_cell_forward",
        "the logits are returned: softmax is missing",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
    logits_t = h_t @ params.W_hy + params.b_y
    return h_t, logits_t, (x_t, h_prev, h_t)
""",
    ),
    (
        "rnn_cell_forward",
        "a bracket closes too early: the bias b_h is added after tanh",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh) + params.b_h
    y_t = softmax(h_t @ params.W_hy + params.b_y)
    return h_t, y_t, None
""",
    ),
    (
        "rnn_cell_forward",
        "softmax is normalised over the batch (axis 0), as in the article's columns, instead of over the classes",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
    scores = h_t @ params.W_hy + params.b_y
    y_t = np.exp(scores - scores.max(axis=0)) / np.exp(scores - scores.max(axis=0)).sum(axis=0)
    return h_t, y_t, None
""",
    ),
    (
        "rnn_cell_forward",
        "translating to columns, W_hh was left without its transpose",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    x, h = x_t.T, h_prev.T
    a = np.tanh(params.W_xh.T @ x + params.W_hh @ h + params.b_h[:, None])
    y = softmax((params.W_hy.T @ a + params.b_y[:, None]).T)
    return a.T, y, (x_t, h_prev, a.T)
""",
    ),
    (
        "rnn_cell_forward",
        "a sigmoid in place of tanh",
        """
def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = sigmoid(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
    return h_t, softmax(h_t @ params.W_hy + params.b_y), (x_t, h_prev, h_t)
""",
    ),
    (
        "rnn_cell_forward",
        "the bias b_h is added after tanh AND softmax runs over the whole batch at once",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh) + params.b_h
    e = np.exp(h_t @ params.W_hy + params.b_y)
    y_t = e / e.sum()
    return h_t, y_t, (x_t, h_prev, h_t)
""",
    ),
    (
        "rnn_cell_forward",
        "W_hh is transposed AND the output reads h_prev AND b_y is forgotten",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh.T + params.b_h)
    y_t = softmax(h_prev @ params.W_hy)
    return h_t, y_t, (x_t, h_prev, h_t)
""",
    ),
    (
        "from_article",
        "Waa is not transposed: it is square, so the shape does not tell",
        """
def my_from_article(parameters):
    return RNNParams(
        W_xh=parameters["Wam"].T,
        W_hh=parameters["Waa"],
        b_h=parameters["ba"].T[0],
        W_hy=parameters["Wya"].T,
        b_y=parameters["by"].T[0],
    )
""",
    ),
    (
        "from_article",
        "the biases are only transposed: shape (1, n) instead of (n,)",
        """
def my_from_article(parameters):
    turned = {name: array.T for name, array in parameters.items()}
    return RNNParams(turned["Wam"], turned["Waa"], turned["ba"], turned["Wya"], turned["by"])
""",
    ),
    (
        "from_article",
        "reshape instead of transpose: the right shape with the numbers in the wrong places",
        """
def my_from_article(parameters):
    n_a, m = parameters["Wam"].shape
    n_y = len(parameters["by"])
    W_xh = parameters["Wam"].reshape(m, n_a)
    W_hh = parameters["Waa"].T
    W_hy = parameters["Wya"].reshape(n_a, n_y)
    return RNNParams(W_xh, W_hh, parameters["ba"].ravel(), W_hy, parameters["by"].ravel())
""",
    ),
    (
        "from_article",
        "ba[0] is the first number of the column, not the column as a row: one bias is left of each",
        """
def my_from_article(parameters):
    p = parameters
    return RNNParams(p["Wam"].T, p["Waa"].T, p["ba"][0], p["Wya"].T, p["by"][0])
""",
    ),
    (
        "from_article",
        "Waa is not transposed AND the biases stay columns (n, 1)",
        """
def my_from_article(parameters):
    Wam, Waa, ba, Wya, by = (parameters[k] for k in ("Wam", "Waa", "ba", "Wya", "by"))
    return RNNParams(Wam.T, Waa, ba, Wya.T, by)
""",
    ),
    # --- 03 -------------------------------------------------------------------------------------------------------
    (
        "scalar_forward",
        "starts from 0 instead of h0",
        """
def my_scalar_forward(w_x, w_h, b, xs, h0):
    h = 0.0
    states = []
    for x_t in xs:
        h = np.tanh(x_t * w_x + h * w_h + b)
        states.append(h)
    return states
""",
    ),
    (
        "scalar_forward",
        "the state is not carried: every step uses h0",
        """
def my_scalar_forward(w_x, w_h, b, xs, h0):
    return [np.tanh(x * w_x + h0 * w_h + b) for x in xs]
""",
    ),
    (
        "scalar_forward",
        "the state is kept before it is computed anew: h_0 .. h_{T-1} instead of h_1 .. h_T",
        """
def my_scalar_forward(w_x, w_h, b, xs, h0):
    h, states = h0, []
    for x_t in xs:
        states.append(h)
        h = np.tanh(x_t * w_x + h * w_h + b)
    return states
""",
    ),
    (
        "scalar_forward",
        "return stands inside the loop: only the first state comes back",
        """
def my_scalar_forward(w_x, w_h, b, xs, h0):
    states = []
    h = h0
    for x_t in xs:
        h = np.tanh(x_t * w_x + h * w_h + b)
        states.append(h)
        return states
""",
    ),
    (
        "scalar_forward",
        "w_x and w_h are exchanged AND h0 is among the returned states",
        """
def my_scalar_forward(w_x, w_h, b, xs, h0):
    states = [h0]
    for i in range(len(xs)):
        states.append(np.tanh(w_h * xs[i] + w_x * states[i] + b))
    return states
""",
    ),
    (
        "scalar_forward",
        "starts from 0 instead of h0 AND the bias is added after tanh AND the old state is not multiplied by w_h",
        """
def my_scalar_forward(w_x, w_h, b, xs, h0):
    out = np.zeros(len(xs))
    last = 0
    for i, x in enumerate(xs):
        last = np.tanh(x * w_x + last) + b
        out[i] = last
    return out
""",
    ),
    (
        "rnn_forward",
        "h0 is ignored: the state always starts from zeros",
        """
def my_rnn_forward(params, x, h0=None):
    h_prev = np.zeros((x.shape[1], len(params.b_h)))
    states, probabilities = [], []
    for x_t in x:
        h_prev, y_t, _ = rnn_cell_forward(params, x_t, h_prev)
        states.append(h_prev)
        probabilities.append(y_t)
    return np.array(states), np.array(probabilities), None
""",
    ),
    (
        "rnn_forward",
        "the state is not carried: every step starts from h0",
        """
def my_rnn_forward(params, x, h0=None):
    if h0 is None:
        h0 = np.zeros((x.shape[1], len(params.b_h)))
    h, y = [], []
    for x_t in x:
        h_t, y_t, _ = rnn_cell_forward(params, x_t, h0)
        h.append(h_t)
        y.append(y_t)
    return np.array(h), np.array(y), (x, h)
""",
    ),
    (
        "rnn_forward",
        "'h0 or zeros' asks an array whether it is true, which NumPy refuses: any h0 raises",
        """
def my_rnn_forward(params, x, h0=None):
    h_prev = h0 or np.zeros((x.shape[1], len(params.b_h)))
    hs, ys = [], []
    for t in range(len(x)):
        h_prev, y_t, _ = rnn_cell_forward(params, x[t], h_prev)
        hs.append(h_prev)
        ys.append(y_t)
    return np.array(hs), np.array(ys), None
""",
    ),
    (
        "rnn_forward",
        "the zero state has one row a step instead of one row a sample: x.shape[0] is time, so without h0 it fails",
        """
def my_rnn_forward(params, x, h0=None):
    if h0 is None:
        h0 = np.zeros((x.shape[0], params.b_h.size))
    states, outputs = [h0], []
    for x_t in x:
        h_t = np.tanh(x_t @ params.W_xh + states[-1] @ params.W_hh + params.b_h)
        states.append(h_t)
        outputs.append(softmax(h_t @ params.W_hy + params.b_y))
    return np.array(states[1:]), np.array(outputs), states
""",
    ),
    (
        "rnn_forward",
        "one array is overwritten at each step and kept by reference: all states are the last one, and the caller's h0 is changed",
        """
def my_rnn_forward(params, x, h0=None):
    if h0 is None:
        h0 = np.zeros((x.shape[1], len(params.b_h)))
    h_t = h0
    states, outputs = [], []
    for x_t in x:
        h_t[:] = np.tanh(x_t @ params.W_xh + h_t @ params.W_hh + params.b_h)
        states.append(h_t)
        outputs.append(softmax(h_t @ params.W_hy + params.b_y))
    return np.array(states), np.array(outputs), None
""",
    ),
    (
        "rnn_forward",
        "walks along the batch as if it were time (batch first)",
        """
def my_rnn_forward(params, x, h0=None):
    n_batch, n_steps, _ = x.shape
    n_h = len(params.b_h)
    h = np.zeros((n_batch, n_steps, n_h))
    y = np.zeros((n_batch, n_steps, len(params.b_y)))
    prev = np.zeros((n_batch, n_h)) if h0 is None else h0
    for t in range(n_steps):
        prev = np.tanh(x[:, t] @ params.W_xh + prev @ params.W_hh + params.b_h)
        h[:, t] = prev
        y[:, t] = softmax(prev @ params.W_hy + params.b_y)
    return h, y, x
""",
    ),
    (
        "rnn_forward",
        "at the first step h[t - 1] is h[-1], the still empty last row: h0 is never used",
        """
def my_rnn_forward(params, x, h0=None):
    T, B, _ = x.shape
    h = np.zeros((T, B, params.W_hh.shape[0]))
    y = np.zeros((T, B, params.W_hy.shape[1]))
    for t in range(T):
        h[t], y[t], _ = rnn_cell_forward(params, x[t], h[t - 1])
    return h, y, (x, h)
""",
    ),
    (
        "rnn_forward",
        "h0 is among the returned states: T + 1 of them",
        """
def my_rnn_forward(params, x, h0=None):
    h = [np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0]
    y = []
    for x_t in x:
        state, prob, _ = rnn_cell_forward(params, x_t, h[-1])
        h.append(state)
        y.append(prob)
    return np.array(h), np.array(y), None
""",
    ),
    (
        "rnn_forward",
        "the pieces are concatenated instead of stacked: time and batch fall into one axis",
        """
def my_rnn_forward(params, x, h0=None):
    h = np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0
    hs, ys = [], []
    for x_t in x:
        h, y, _ = rnn_cell_forward(params, x_t, h)
        hs.append(h)
        ys.append(y)
    return np.concatenate(hs), np.concatenate(ys), None
""",
    ),
    (
        "rnn_forward",
        "logits are returned instead of probabilities AND h0 is ignored",
        """
def my_rnn_forward(params, x, h0=None):
    from_input = x @ params.W_xh + params.b_h
    h_prev = np.zeros((x.shape[1], len(params.b_h)))
    h = np.empty(x.shape[:2] + (len(params.b_h),))
    for t in range(len(x)):
        h_prev = np.tanh(from_input[t] + h_prev @ params.W_hh)
        h[t] = h_prev
    y = h @ params.W_hy + params.b_y
    return h, y, None
""",
    ),
    (
        "rnn_forward",
        "the outputs are read from the state before the step AND the first step is skipped, its state being h0",
        """
def my_rnn_forward(params, x, h0=None):
    T, B = x.shape[0], x.shape[1]
    h = np.zeros((T, B, len(params.b_h)))
    y = np.zeros((T, B, len(params.b_y)))
    if h0 is not None:
        h[0] = h0
    for t in range(1, T):
        h[t] = np.tanh(x[t] @ params.W_xh + h[t - 1] @ params.W_hh + params.b_h)
        y[t] = softmax(h[t - 1] @ params.W_hy + params.b_y)
    return h, y, None
""",
    ),
    (
        "rnn_forward",
        "h0 is ignored AND the state is not carried AND b_y is forgotten",
        """
def my_rnn_forward(params, x, h0=None):
    nothing = np.zeros((x.shape[1], len(params.b_h)))
    h = np.array([np.tanh(x_t @ params.W_xh + nothing @ params.W_hh + params.b_h) for x_t in x])
    return h, softmax(h @ params.W_hy), None
""",
    ),
    (
        "run_in_two",
        "the second piece starts from zeros: no state is carried",
        """
def my_run_in_two(params, x, h0, cut):
    first, _, _ = rnn_forward(params, x[:cut], h0)
    second, _, _ = rnn_forward(params, x[cut:])
    return np.concatenate([first, second])
""",
    ),
    (
        "run_in_two",
        "the second piece starts from h0 again instead of from the first piece's last state",
        """
def my_run_in_two(params, x, h0, cut):
    pieces = [rnn_forward(params, piece, h0)[0] for piece in (x[:cut], x[cut:])]
    return np.concatenate(pieces, axis=0)
""",
    ),
    (
        "run_in_two",
        "carries the first state of the first piece instead of the last",
        """
def my_run_in_two(params, x, h0, cut):
    a = rnn_forward(params, x[:cut], h0)[0]
    b = rnn_forward(params, x[cut:], a[0])[0]
    return np.vstack([a, b])
""",
    ),
    (
        "run_in_two",
        "the step at the cut is run twice: the second piece begins one step too early",
        """
def my_run_in_two(params, x, h0, cut):
    first, _, _ = rnn_forward(params, x[:cut], h0)
    second, _, _ = rnn_forward(params, x[cut - 1:], first[-1])
    return np.concatenate((first, second))
""",
    ),
    (
        "run_in_two",
        "h0 is not given to the first piece AND only the second piece is returned",
        """
def my_run_in_two(params, x, h0, cut):
    first, _, cache = rnn_forward(params, x[:cut])
    second, _, _ = rnn_forward(params, x[cut:], cache.states[-1])
    return second
""",
    ),
    # --- 04 -------------------------------------------------------------------------------------------------------
    (
        "cross_entropy",
        "the sum of the costs instead of their mean",
        """
def my_cross_entropy(logits, targets):
    n_y = logits.shape[-1]
    rows, t = logits.reshape(-1, n_y), targets.reshape(-1)
    rows, t = rows[t != -100], t[t != -100]
    m = rows.max(axis=1, keepdims=True)
    lse = m[:, 0] + np.log(np.exp(rows - m).sum(axis=1))
    return float(np.sum(lse - rows[np.arange(len(rows)), t]))
""",
    ),
    (
        "cross_entropy",
        "divides by the number of all places, also those that do not count",
        """
def my_cross_entropy(logits, targets):
    z = logits - logits.max(axis=-1, keepdims=True)
    log_y = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    total = 0.0
    for index in np.ndindex(targets.shape):
        if targets[index] != -100:
            total -= log_y[index][targets[index]]
    return total / targets.size
""",
    ),
    # extremes only: large scores
    (
        "cross_entropy",
        "goes through probabilities with a small number inside the logarithm: huge losses stop at 27.6",
        """
def my_cross_entropy(logits, targets):
    y = softmax(logits).reshape(-1, logits.shape[-1])
    t = targets.reshape(-1)
    keep = t != -100
    return float(np.mean(-np.log(y[keep, t[keep]] + 1e-12)))
""",
    ),
    # extremes only: large scores
    (
        "cross_entropy",
        "the logarithm of probabilities that may have been rounded to 0: infinite for large scores",
        """
def my_cross_entropy(logits, targets):
    y = softmax(logits)
    costs = [-np.log(y[i][targets[i]]) for i in np.ndindex(targets.shape) if targets[i] != -100]
    return float(np.mean(costs))
""",
    ),
    (
        "cross_entropy",
        "the maximum is subtracted inside the logarithm and never added back (or not subtracted from the right score)",
        """
def my_cross_entropy(logits, targets):
    z = logits.reshape(-1, logits.shape[-1])
    k = targets.reshape(-1)
    z, k = z[k != -100], k[k != -100]
    m = z.max(axis=-1, keepdims=True)
    log_sum = np.log(np.exp(z - m).sum(axis=-1))
    return float(np.mean(log_sum - z[np.arange(len(z)), k]))
""",
    ),
    (
        "cross_entropy",
        "the padded places are given target 0 and counted",
        """
def my_cross_entropy(logits, targets):
    right = np.where(targets == -100, 0, targets)
    z = logits - logits.max(axis=-1, keepdims=True)
    log_y = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return float(-np.take_along_axis(log_y, right[..., None], axis=-1).mean())
""",
    ),
    (
        "cross_entropy",
        "the logarithm to base 2: the loss is in bits, not in nats",
        """
def my_cross_entropy(logits, targets):
    counts = targets != -100
    z, k = logits[counts], targets[counts]
    z = z - z.max(axis=1, keepdims=True)
    right = z[np.arange(len(k)), k] * np.log2(np.e)
    return float(np.mean(np.log2(np.exp(z).sum(axis=1)) - right))
""",
    ),
    (
        "cross_entropy",
        "the sign is forgotten: log y instead of -log y",
        """
def my_cross_entropy(logits, targets):
    keep = targets != IGNORE_INDEX
    z = logits[keep]
    k = targets[keep]
    m = z.max(axis=-1)
    return float(np.mean(z[np.arange(len(z)), k] - m - np.log(np.exp(z - m[:, None]).sum(-1))))
""",
    ),
    (
        "cross_entropy",
        "the binary formula: every wrong class is charged log(1 - y) as well",
        """
def my_cross_entropy(logits, targets):
    keep = targets != -100
    y = softmax(logits[keep])
    onehot = np.eye(logits.shape[-1])[targets[keep]]
    cost = onehot * np.log(y) + (1 - onehot) * np.log(1 - y)
    return float(-cost.sum(axis=-1).mean())
""",
    ),
    (
        "cross_entropy",
        "a mean of means: first over each step's places, then over the steps, so steps with padding weigh too much",
        """
def my_cross_entropy(logits, targets):
    if targets.ndim == 1:
        logits, targets = logits[None], targets[None]
    per_step = []
    for z, k in zip(logits, targets):
        z, k = z[k != -100], k[k != -100]
        if len(k):
            z = z - z.max(axis=-1, keepdims=True)
            per_step.append(np.mean(np.log(np.exp(z).sum(axis=-1)) - z[np.arange(len(k)), k]))
    return float(np.mean(per_step))
""",
    ),
    # the first mistake is extremes only
    (
        "cross_entropy",
        "no maximum is subtracted, so large scores overflow AND divides by all places, also those that do not count",
        """
def my_cross_entropy(logits, targets):
    z = logits.reshape(-1, logits.shape[-1])
    k = targets.reshape(-1)
    loss = 0
    for n in range(len(k)):
        if k[n] == -100:
            continue
        loss += np.log(np.exp(z[n]).sum()) - z[n, k[n]]
    return float(loss / len(k))
""",
    ),
    (
        "cross_entropy",
        "the padded places are counted as class 0 AND a small number stands inside the logarithm AND the sum instead of the mean",
        """
def my_cross_entropy(logits, targets):
    y = softmax(logits)
    k = targets.copy()
    k[k == -100] = 0
    chosen = np.take_along_axis(y, k[..., None], axis=-1)
    return float(-np.log(chosen + 1e-8).sum())
""",
    ),
    (
        "logits_gradient",
        "not divided by N: that is the gradient of the sum, not of the mean",
        """
def my_logits_gradient(logits, targets):
    d = softmax(logits).reshape(-1, logits.shape[-1])
    k = targets.ravel()
    for n in range(len(k)):
        if k[n] == -100:
            d[n] = 0
        else:
            d[n, k[n]] -= 1
    return d.reshape(logits.shape)
""",
    ),
    (
        "logits_gradient",
        "divided by all places, also those that do not count",
        """
def my_logits_gradient(logits, targets):
    n_y = logits.shape[-1]
    counts = targets != -100
    onehot = np.zeros_like(logits)
    onehot[counts] = np.eye(n_y)[targets[counts]]
    return (softmax(logits) - onehot) * counts[..., None] / targets.size
""",
    ),
    (
        "logits_gradient",
        "the rows that do not count keep their probabilities instead of being zero",
        """
def my_logits_gradient(logits, targets):
    keep = targets != -100
    dlogits = softmax(logits)
    dlogits[keep, targets[keep]] -= 1
    return dlogits / keep.sum()
""",
    ),
    (
        "logits_gradient",
        "the sign is turned round: onehot - y instead of y - onehot",
        """
def my_logits_gradient(logits, targets):
    counts = (targets != -100)[..., None]
    onehot = targets[..., None] == np.arange(logits.shape[-1])
    return np.where(counts, onehot - softmax(logits), 0) / counts.sum()
""",
    ),
    (
        "logits_gradient",
        "a missing bracket: only the one-hot row is divided by N, the probabilities are not",
        """
def my_logits_gradient(logits, targets):
    counts = targets != -100
    N = counts.sum()
    onehot = (targets[..., None] == np.arange(logits.shape[-1])).astype(float)
    d = softmax(logits) - onehot / N
    d[~counts] = 0
    return d
""",
    ),
    (
        "logits_gradient",
        "class 0 is treated as padding: 'targets > 0' is not 'targets != -100'",
        """
def my_logits_gradient(logits, targets):
    mask = targets > 0
    y = softmax(logits)
    d = np.zeros_like(y)
    d[mask] = y[mask]
    d[mask, targets[mask]] -= 1
    return d / max(mask.sum(), 1)
""",
    ),
    (
        "logits_gradient",
        "that is the gradient with respect to the probabilities, -1 / y_k, not with respect to the scores",
        """
def my_logits_gradient(logits, targets):
    counts = targets != -100
    y = softmax(logits)
    dy = np.zeros_like(y)
    dy[counts, targets[counts]] = -1 / y[counts, targets[counts]]
    return dy / counts.sum()
""",
    ),
    (
        "logits_gradient",
        "works on the caller's logits: the numbers are right, but the argument is overwritten",
        """
def my_logits_gradient(logits, targets):
    logits -= logits.max(axis=-1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=-1, keepdims=True)
    counts = targets != -100
    logits[counts, targets[counts]] -= 1
    logits[~counts] = 0
    return logits / counts.sum()
""",
    ),
    (
        "logits_gradient",
        "divided by the size of the last batch axis alone instead of by the number of places that count",
        """
def my_logits_gradient(logits, targets):
    batch = targets.shape[-1]
    keep = targets != -100
    dlogits = softmax(logits)
    dlogits[keep, targets[keep]] -= 1
    dlogits[~keep] = 0
    return dlogits / batch
""",
    ),
    (
        "logits_gradient",
        "not divided by N AND the rows that do not count are not zero",
        """
def my_logits_gradient(logits, targets):
    d = softmax(logits)
    for i in np.ndindex(targets.shape):
        if targets[i] != -100:
            d[i][targets[i]] -= 1
    return d
""",
    ),
    (
        "logits_gradient",
        "the sign is turned round AND divided by all places AND the rows that do not count are not zero",
        """
def my_logits_gradient(logits, targets):
    n_y = logits.shape[-1]
    onehot = np.array([np.eye(n_y)[k] if k >= 0 else np.zeros(n_y) for k in targets.ravel()])
    return (onehot.reshape(logits.shape) - softmax(logits)) / targets.size
""",
    ),
    (
        "output_backward",
        "the mean over the rows for b_y instead of the sum",
        """
def my_output_backward(W_hy, h, dlogits):
    H = h.reshape(-1, h.shape[-1])
    D = dlogits.reshape(-1, dlogits.shape[-1])
    return dlogits @ W_hy.T, H.T @ D, D.mean(axis=0)
""",
    ),
    (
        "output_backward",
        "db_y is summed over time only: the batch axis is left",
        """
def my_output_backward(W_hy, h, dlogits):
    dh = dlogits @ W_hy.T
    dW_hy = h.reshape(-1, h.shape[-1]).T @ dlogits.reshape(-1, dlogits.shape[-1])
    db_y = dlogits.sum(axis=0)
    return dh, dW_hy, db_y
""",
    ),
    (
        "output_backward",
        "the notebook's sizes 8, 5 and 3 are written into the reshape: other sizes fail",
        """
def my_output_backward(W_hy, h, dlogits):
    h_rows, d_rows = h.reshape(8, 5), dlogits.reshape(8, 3)
    dW_hy = h_rows.T @ d_rows
    db_y = d_rows.sum(axis=0)
    dh = dlogits @ W_hy.T
    return dh, dW_hy, db_y
""",
    ),
    (
        "output_backward",
        "goes one link too far: dh is already multiplied by the slope of tanh",
        """
def my_output_backward(W_hy, h, dlogits):
    h_rows, d_rows = h.reshape(-1, W_hy.shape[0]), dlogits.reshape(-1, W_hy.shape[1])
    dh = (dlogits @ W_hy.T) * (1 - h ** 2)
    return dh, h_rows.T @ d_rows, d_rows.sum(axis=0)
""",
    ),
    (
        "output_backward",
        "dW_hy is overwritten at each row instead of added up: only the last row is left",
        """
def my_output_backward(W_hy, h, dlogits):
    dW, db = np.zeros(W_hy.shape), np.zeros(W_hy.shape[1])
    for h_row, d_row in zip(h.reshape(-1, h.shape[-1]), dlogits.reshape(-1, dlogits.shape[-1])):
        dW = np.outer(h_row, d_row)
        db += d_row
    return np.dot(dlogits, W_hy.T), dW, db
""",
    ),
    (
        "output_backward",
        "dW_hy is divided by the number of rows (a mean) AND the three are returned in another order",
        """
def my_output_backward(W_hy, h, dlogits):
    H = h.reshape(-1, h.shape[-1])
    D = dlogits.reshape(-1, dlogits.shape[-1])
    dW_hy = H.T @ D / len(H)
    return dW_hy, D.sum(axis=0), dlogits @ W_hy.T
""",
    ),
    # --- 05 -------------------------------------------------------------------------------------------------------
    (
        "tanh_backward",
        "precedence: without brackets it is dh_t - h_t^2, not dh_t times (1 - h_t^2)",
        """
def my_tanh_backward(h_t, dh_t):
    return dh_t * 1 - h_t ** 2
""",
    ),
    (
        "tanh_backward",
        "the upstream gradient is not used: that is the slope alone",
        """
def my_tanh_backward(h_t, dh_t):
    slope = 1 - h_t * h_t
    return slope
""",
    ),
    (
        "tanh_backward",
        "a second tanh is taken of h_t",
        """
def my_tanh_backward(h_t, dh_t):
    return dh_t * (1 - np.square(np.tanh(h_t)))
""",
    ),
    (
        "tanh_backward",
        "brackets: the upstream gradient is multiplied inside, 1 - (dh_t h_t)^2",
        """
def my_tanh_backward(h_t, dh_t):
    return 1 - (dh_t * h_t) ** 2
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
        "sums over the units instead of the batch (axis 1, as in the article's columns) and keeps the axis",
        """
def my_bias_gradient(dz_t):
    return np.sum(dz_t, axis=1, keepdims=True)
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
        "bias_gradient",
        "only the first sample's row instead of the sum over all",
        """
def my_bias_gradient(dz_t):
    return dz_t[0]
""",
    ),
    (
        "bias_gradient",
        "sums everything to a single number: one number a unit is needed",
        """
def my_bias_gradient(dz_t):
    return dz_t.sum()
""",
    ),
    (
        "rnn_cell_backward",
        "h_t stands in place of h_prev in the gradient of W_hh",
        """
def my_rnn_cell_backward(params, cache, dh_t):
    x_t, h_prev, h_t = cache
    dz = dh_t * (1 - h_t ** 2)
    return dz @ params.W_xh.T, dz @ params.W_hh.T, x_t.T @ dz, h_t.T @ dz, dz.sum(axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "W_hh is not transposed on the way to h_prev",
        """
def my_rnn_cell_backward(params, cache, dh_t):
    W_xh, W_hh, b_h, W_hy, b_y = params
    dz_t = dh_t * (1 - cache.h_t ** 2)
    dx_t = np.dot(dz_t, W_xh.T)
    dh_prev = np.dot(dz_t, W_hh)
    dW_xh = np.dot(cache.x_t.T, dz_t)
    dW_hh = np.dot(cache.h_prev.T, dz_t)
    db_h = np.sum(dz_t, axis=0)
    return dx_t, dh_prev, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_cell_backward",
        "the upstream gradient is not used",
        """
def my_rnn_cell_backward(params, cache, dh_t):
    z = 1 - cache.h_t ** 2
    return z @ params.W_xh.T, z @ params.W_hh.T, cache.x_t.T @ z, cache.h_prev.T @ z, z.sum(axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "the cache is unpacked in another order: h_prev and h_t are mixed up, in the slope and beside W_hh",
        """
def my_rnn_cell_backward(params, cache, dh_t):
    x_t, h_t, h_prev = cache
    dz_t = dh_t * (1 - h_t ** 2)
    dx_t = dz_t @ params.W_xh.T
    dh_prev = dz_t @ params.W_hh.T
    dW_xh = x_t.T @ dz_t
    dW_hh = h_prev.T @ dz_t
    db_h = dz_t.sum(axis=0)
    return dx_t, dh_prev, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_cell_backward",
        "precedence: dh_t - h_t^2 instead of dh_t times (1 - h_t^2)",
        """
def my_rnn_cell_backward(params, cache, dh_t):
    dz = dh_t * 1 - cache.h_t ** 2
    dW_xh = np.einsum("ni,nj->ij", cache.x_t, dz)
    dW_hh = np.einsum("nk,nj->kj", cache.h_prev, dz)
    dx = np.einsum("nj,ij->ni", dz, params.W_xh)
    dh_prev = np.einsum("nj,kj->nk", dz, params.W_hh)
    return dx, dh_prev, dW_xh, dW_hh, np.einsum("nj->j", dz)
""",
    ),
    (
        "rnn_cell_backward",
        "the two inputs' gradients are made from dh_t, which has not passed tanh; the weights' are right",
        """
def my_rnn_cell_backward(params, cache, dh_t):
    dz_t = dh_t * (1 - cache.h_t ** 2)
    dx_t = dh_t @ params.W_xh.T
    dh_prev = dh_t @ params.W_hh.T
    return dx_t, dh_prev, cache.x_t.T @ dz_t, cache.h_prev.T @ dz_t, dz_t.sum(axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "the loop over the samples overwrites the weights' gradients instead of adding: only the last sample counts",
        """
def my_rnn_cell_backward(params, cache, dh_t):
    dz_t = dh_t * (1 - cache.h_t ** 2)
    for n in range(len(dz_t)):
        dW_xh = np.outer(cache.x_t[n], dz_t[n])
        dW_hh = np.outer(cache.h_prev[n], dz_t[n])
    return dz_t @ params.W_xh.T, dz_t @ params.W_hh.T, dW_xh, dW_hh, dz_t.sum(axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "weights and bias are averaged over the batch instead of summed",
        """
def my_rnn_cell_backward(params, cache, dh_t):
    m = len(dh_t)
    dz = (1 - cache.h_t ** 2) * dh_t
    return dz @ params.W_xh.T, dz @ params.W_hh.T, cache.x_t.T @ dz / m, cache.h_prev.T @ dz / m, dz.mean(axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "the weights' gradients come first: another order than the one asked for",
        """
def my_rnn_cell_backward(params, cache, dh_t):
    x_t, h_prev, h_t = cache
    dz_t = dh_t * (1 - h_t ** 2)
    dW_xh, dW_hh, db_h = x_t.T @ dz_t, h_prev.T @ dz_t, dz_t.sum(axis=0)
    dx_t, dh_prev = dz_t @ params.W_xh.T, dz_t @ params.W_hh.T
    return dW_xh, dW_hh, db_h, dx_t, dh_prev
""",
    ),
    (
        "rnn_cell_backward",
        "W_hh is not transposed AND h_t stands in place of h_prev in the gradient of W_hh",
        """
def my_rnn_cell_backward(params, cache, dh_t):
    x_t, h_prev, h_t = cache
    dz_t = dh_t * (1 - h_t ** 2)
    dh_prev = dz_t @ params.W_hh
    dx_t = dz_t @ params.W_xh.T
    return dx_t, dh_prev, x_t.T @ dz_t, h_t.T @ dz_t, dz_t.sum(0)
""",
    ),
    (
        "rnn_cell_backward",
        "the slope of tanh is forgotten AND the bias sums the units (axis 1) instead of the batch",
        """
def my_rnn_cell_backward(params, cache, dh_t):
    x_t, h_prev, h_t = cache
    dz_t = dh_t
    return dz_t @ params.W_xh.T, dz_t @ params.W_hh.T, x_t.T @ dz_t, h_prev.T @ dz_t, dz_t.sum(axis=1)
""",
    ),
    (
        "rnn_cell_backward",
        "a second tanh of h_t AND W_hh is not transposed AND the bias takes the mean",
        """
def my_rnn_cell_backward(params, cache, dh_t):
    dtanh = (1 - np.tanh(cache.h_t) ** 2) * dh_t
    dxt = np.dot(dtanh, params.W_xh.T)
    dWx = np.dot(cache.x_t.T, dtanh)
    da_prev = np.dot(dtanh, params.W_hh)
    dWa = np.dot(cache.h_prev.T, dtanh)
    db = np.mean(dtanh, axis=0)
    return dxt, da_prev, dWx, dWa, db
""",
    ),
    # --- 06 -------------------------------------------------------------------------------------------------------
    (
        "step_back",
        "the carry is not added: dh_t is taken for everything that comes back",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    dz_t = dh_t * (1 - h_t ** 2)
    return dz_t, dz_t @ params.W_hh.T
""",
    ),
    (
        "step_back",
        "the carry is added after the slope instead of before",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    dz_t = dh_t * (1 - h_t ** 2) + dh_carry
    return dz_t, np.dot(dz_t, params.W_hh.T)
""",
    ),
    (
        "step_back",
        "a missing bracket: only the carry is multiplied by the slope, dh_t is not",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    dz_t = dh_t + dh_carry * (1 - h_t ** 2)
    carry = dz_t @ params.W_hh.T
    return dz_t, carry
""",
    ),
    (
        "step_back",
        "W_hh is not transposed in the new carry",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    total = dh_t + dh_carry
    slope = 1 - h_t ** 2
    dz_t = total * slope
    return dz_t, np.einsum("nj,jk->nk", dz_t, params.W_hh)
""",
    ),
    (
        "step_back",
        "the new carry is made from the total before tanh: the slope is missing in it",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    total = dh_t + dh_carry
    return total * (1 - h_t ** 2), total @ params.W_hh.T
""",
    ),
    (
        "step_back",
        "the old carry is added to the new one: it has already gone through this step",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    dz_t = (dh_t + dh_carry) * (1 - h_t ** 2)
    new_carry = dh_carry + dz_t @ params.W_hh.T
    return dz_t, new_carry
""",
    ),
    (
        "step_back",
        "the numbers are right, but += writes the carry into the caller's dh_t",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    dh_t += dh_carry
    dz_t = dh_t * (1 - h_t ** 2)
    return dz_t, dz_t @ params.W_hh.T
""",
    ),
    (
        "step_back",
        "the two are returned in the other order, carry first",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    dz_t = (1 - h_t ** 2) * (dh_carry + dh_t)
    dh_carry = dz_t @ params.W_hh.T
    return dh_carry, dz_t
""",
    ),
    (
        "step_back",
        "the two roads are multiplied instead of added",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    dz_t = dh_carry * dh_t * (1 - h_t ** 2)
    return dz_t, dz_t @ params.W_hh.T
""",
    ),
    (
        "step_back",
        "the carry is added after the slope AND W_hh is not transposed",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    dz_t = dh_t * (1 - h_t ** 2)
    dz_t = dz_t + dh_carry
    return dz_t, dz_t @ params.W_hh
""",
    ),
    (
        "step_back",
        "the carry is not added AND a second tanh is taken of h_t AND W_hh is not transposed",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    slope = 1 - np.tanh(h_t) ** 2
    dz_t = slope * dh_t
    carry = (params.W_hh.T @ dz_t.T).T
    return dz_t, carry
""",
    ),
    (
        "rnn_backward",
        "the carry is forgotten: each step sees only its own dh[t]",
        """
def my_rnn_backward(params, cache, dh):
    T = len(dh)
    dx = np.zeros_like(cache.x)
    dW_xh, dW_hh, db_h = 0, 0, 0
    for t in reversed(range(T)):
        dz = dh[t] * (1 - cache.states[t + 1] ** 2)
        dx[t] = dz @ params.W_xh.T
        dW_xh += cache.x[t].T @ dz
        dW_hh += cache.states[t].T @ dz
        db_h += dz.sum(axis=0)
        dh_carry = dz @ params.W_hh.T
    return dx, dh_carry, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "walks forward in time, from the first step to the last",
        """
def my_rnn_backward(params, cache, dh):
    dW_xh, dW_hh, db_h = np.zeros_like(params.W_xh), np.zeros_like(params.W_hh), np.zeros_like(params.b_h)
    dx, carry = np.zeros_like(cache.x), np.zeros_like(cache.states[0])
    for t in range(len(dh)):
        step = CellCache(cache.x[t], cache.states[t], cache.states[t + 1])
        g = rnn_cell_backward(params, step, dh[t] + carry)
        dx[t], carry = g.x_t, g.h_prev
        dW_xh += g.W_xh
        dW_hh += g.W_hh
        db_h += g.b_h
    return dx, carry, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "states is read one place too early: states[t] is taken for this step's state and states[t - 1] for the one before",
        """
def my_rnn_backward(params, cache, dh):
    x, h = cache
    dx = np.zeros(x.shape)
    dW_xh, dW_hh, db_h = (np.zeros(p.shape) for p in params[:3])
    carry = np.zeros(h[0].shape)
    for t in range(len(x) - 1, -1, -1):
        dz = (dh[t] + carry) * (1 - h[t] ** 2)
        dx[t] = dz @ params.W_xh.T
        carry = dz @ params.W_hh.T
        dW_xh += x[t].T @ dz
        dW_hh += h[t - 1].T @ dz
        db_h += dz.sum(0)
    return dx, carry, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "at the first step h[t - 1] wraps round to the last state: h0 should stand there",
        """
def my_rnn_backward(params, cache, dh):
    h = cache.states[1:]
    T = h.shape[0]
    dx = np.empty_like(cache.x)
    dW_xh = np.zeros_like(params.W_xh)
    dW_hh = np.zeros_like(params.W_hh)
    db_h = np.zeros_like(params.b_h)
    dh_next = np.zeros_like(h[0])
    for t in reversed(range(T)):
        dz = (1 - h[t] * h[t]) * (dh[t] + dh_next)
        db_h += np.sum(dz, axis=0)
        dW_xh += np.dot(cache.x[t].T, dz)
        dW_hh += np.dot(h[t - 1].T, dz)
        dx[t] = np.dot(dz, params.W_xh.T)
        dh_next = np.dot(dz, params.W_hh.T)
    return dx, dh_next, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "dW_hh is overwritten at each step instead of added up (= for +=)",
        """
def my_rnn_backward(params, cache, dh):
    x, states = cache.x, cache.states
    dx, dh_carry = np.zeros(x.shape), np.zeros(states.shape[1:])
    dW_xh, dW_hh, db_h = (np.zeros_like(p) for p in params[:3])
    for t in reversed(range(len(x))):
        dz_t = (dh[t] + dh_carry) * (1 - states[t + 1] ** 2)
        dx[t] = dz_t @ params.W_xh.T
        dW_xh += x[t].T @ dz_t
        dW_hh = states[t].T @ dz_t
        db_h += dz_t.sum(axis=0)
        dh_carry = dz_t @ params.W_hh.T
    return dx, dh_carry, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "the carry is itself accumulated (+=) instead of replaced at each step",
        """
def my_rnn_backward(params, cache, dh):
    x, states = cache.x, cache.states
    dx, dh_carry = np.zeros(x.shape), np.zeros(states.shape[1:])
    dW_xh, dW_hh, db_h = (np.zeros_like(p) for p in params[:3])
    for t in reversed(range(len(x))):
        g = rnn_cell_backward(params, CellCache(x[t], states[t], states[t + 1]), dh[t] + dh_carry)
        dx[t] = g.x_t
        dh_carry += g.h_prev
        dW_xh += g.W_xh
        dW_hh += g.W_hh
        db_h += g.b_h
    return dx, dh_carry, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "the loop stops before the first step: range(T - 1, 0, -1) leaves out t = 0",
        """
def my_rnn_backward(params, cache, dh):
    T = cache.x.shape[0]
    dx = np.zeros_like(cache.x)
    dh_carry = np.zeros_like(cache.states[0])
    dW_xh, dW_hh, db_h = np.zeros_like(params.W_xh), np.zeros_like(params.W_hh), np.zeros_like(params.b_h)
    for t in range(T - 1, 0, -1):
        dz = (dh[t] + dh_carry) * (1 - cache.states[t + 1] ** 2)
        dx[t] = dz @ params.W_xh.T
        dW_xh += cache.x[t].T @ dz
        dW_hh += cache.states[t].T @ dz
        db_h += dz.sum(axis=0)
        dh_carry = dz @ params.W_hh.T
    return dx, dh_carry, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "the inputs' gradients are collected on the way back and not turned round: dx stands in reversed time order",
        """
def my_rnn_backward(params, cache, dh):
    carry = np.zeros_like(cache.states[0])
    dxs, dWx, dWh, db = [], [], [], []
    for t in reversed(range(len(dh))):
        dz = (dh[t] + carry) * (1 - cache.states[t + 1] ** 2)
        dxs.append(dz @ params.W_xh.T)
        dWx.append(cache.x[t].T @ dz)
        dWh.append(cache.states[t].T @ dz)
        db.append(dz.sum(axis=0))
        carry = dz @ params.W_hh.T
    return np.array(dxs), carry, sum(dWx), sum(dWh), sum(db)
""",
    ),
    (
        "rnn_backward",
        "dh0 is the dz of the first step: the last product with W_hh transposed is missing",
        """
def my_rnn_backward(params, cache, dh):
    dz = np.zeros_like(dh)
    total = dh[-1]
    for t in reversed(range(len(dh))):
        if t < len(dh) - 1:
            total = dh[t] + dz[t + 1] @ params.W_hh.T
        dz[t] = total * (1 - cache.states[t + 1] ** 2)
    dx = dz @ params.W_xh.T
    dW_xh = np.einsum("tni,tnj->ij", cache.x, dz)
    dW_hh = np.einsum("tnk,tnj->kj", cache.states[:-1], dz)
    return dx, dz[0], dW_xh, dW_hh, dz.sum(axis=(0, 1))
""",
    ),
    (
        "rnn_backward",
        "the weights' gradients are divided by the number of steps: a mean over time instead of a sum",
        """
def my_rnn_backward(params, cache, dh):
    T = len(dh)
    dx, carry = np.zeros_like(cache.x), np.zeros_like(cache.states[0])
    dW_xh, dW_hh, db_h = (np.zeros_like(p) for p in params[:3])
    for t in reversed(range(T)):
        step = CellCache(cache.x[t], cache.states[t], cache.states[t + 1])
        dx[t], carry, a, b, c = rnn_cell_backward(params, step, dh[t] + carry)
        dW_xh, dW_hh, db_h = dW_xh + a, dW_hh + b, db_h + c
    return dx, carry, dW_xh / T, dW_hh / T, db_h / T
""",
    ),
    (
        "rnn_backward",
        "the notebook's sizes are written into the loop and the zeros: other sequences fail",
        """
def my_rnn_backward(params, cache, dh):
    dW_xh, dW_hh, db_h = np.zeros((4, 5)), np.zeros((5, 5)), np.zeros(5)
    dx, dh_carry = np.zeros((6, 2, 4)), np.zeros((2, 5))
    for t in reversed(range(6)):
        step = CellCache(cache.x[t], cache.states[t], cache.states[t + 1])
        grads = rnn_cell_backward(params, step, dh[t] + dh_carry)
        dx[t], dh_carry = grads.x_t, grads.h_prev
        dW_xh, dW_hh, db_h = dW_xh + grads.W_xh, dW_hh + grads.W_hh, db_h + grads.b_h
    return dx, dh_carry, dW_xh, dW_hh, db_h
""",
    ),
    # only where a gradient exceeds 5: long sequences or large dh
    (
        "rnn_backward",
        "clips the weights' gradients to -5 .. 5, as the well-known hundred-line program does",
        """
def my_rnn_backward(params, cache, dh):
    dx, carry = np.zeros_like(cache.x), np.zeros_like(cache.states[0])
    dW_xh, dW_hh, db_h = (np.zeros_like(p) for p in params[:3])
    for t in reversed(range(len(dh))):
        raw = (1 - cache.states[t + 1] ** 2) * (dh[t] + carry)
        db_h += raw.sum(axis=0)
        dW_xh += cache.x[t].T @ raw
        dW_hh += cache.states[t].T @ raw
        dx[t] = raw @ params.W_xh.T
        carry = raw @ params.W_hh.T
    for g in (dW_xh, dW_hh, db_h):
        np.clip(g, -5, 5, out=g)
    return dx, carry, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "the carry is forgotten AND the bias takes the mean over the batch",
        """
def my_rnn_backward(params, cache, dh):
    dz = dh * (1 - cache.states[1:] ** 2)
    dW_xh = sum(x_t.T @ d for x_t, d in zip(cache.x, dz))
    dW_hh = sum(h.T @ d for h, d in zip(cache.states[:-1], dz))
    db_h = dz.mean(axis=1).sum(axis=0)
    return dz @ params.W_xh.T, dz[0] @ params.W_hh.T, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "states[t + 1], the new state, stands beside W_hh AND W_hh is not transposed in the carry",
        """
def my_rnn_backward(params, cache, dh):
    dx, carry = np.zeros_like(cache.x), np.zeros_like(cache.states[0])
    dW_xh, dW_hh, db_h = (np.zeros_like(p) for p in params[:3])
    for t in reversed(range(len(dh))):
        h_t = cache.states[t + 1]
        dz = (dh[t] + carry) * (1 - h_t ** 2)
        dx[t] = dz @ params.W_xh.T
        dW_xh += cache.x[t].T @ dz
        dW_hh += h_t.T @ dz
        db_h += dz.sum(axis=0)
        carry = dz @ params.W_hh
    return dx, carry, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "the carry is added after the slope AND db_h is overwritten instead of added up AND dh0 is returned as zeros",
        """
def my_rnn_backward(params, cache, dh):
    h0 = np.zeros_like(cache.states[0])
    dx, carry = np.zeros_like(cache.x), h0
    dW_xh, dW_hh, db_h = (np.zeros_like(p) for p in params[:3])
    for t in reversed(range(len(dh))):
        dz = dh[t] * (1 - cache.states[t + 1] ** 2) + carry
        dx[t] = dz @ params.W_xh.T
        dW_xh += cache.x[t].T @ dz
        dW_hh += cache.states[t].T @ dz
        db_h = dz.sum(axis=0)
        carry = dz @ params.W_hh.T
    return dx, h0, dW_xh, dW_hh, db_h
""",
    ),
    (
        "loss_and_grads",
        "h0 is not handed to the forward pass",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, y, cache = rnn_forward(params, x)
    logits = h @ params.W_hy + params.b_y
    loss, dlogits = cross_entropy_and_grad(logits, targets)
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    dx, dh0, dW_xh, dW_hh, db_h = rnn_backward(params, cache, dh)
    return loss, RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)
""",
    ),
    (
        "loss_and_grads",
        "the probabilities y are given to cross_entropy, which takes logits: softmax is applied twice",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, y, cache = rnn_forward(params, x, h0)
    loss, dlogits = cross_entropy_and_grad(y, targets)
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    _, _, dW_xh, dW_hh, db_h = rnn_backward(params, cache, dh)
    return loss, RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)
""",
    ),
    (
        "loss_and_grads",
        "b_y is forgotten in the logits",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x, h0)
    logits = h @ params.W_hy
    loss, dlogits = cross_entropy_and_grad(logits, targets)
    out = output_backward(params.W_hy, h, dlogits)
    back = rnn_backward(params, cache, out.h)
    return loss, RNNParams(back.W_xh, back.W_hh, back.b_h, out.W_hy, out.b_y)
""",
    ),
    (
        "loss_and_grads",
        "returns parameters after a training step, p - 0.1 g, instead of the gradients",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x, h0)
    loss, dlogits = cross_entropy_and_grad(h @ params.W_hy + params.b_y, targets)
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    _, _, dW_xh, dW_hh, db_h = rnn_backward(params, cache, dh)
    grads = RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)
    return loss, RNNParams(*(p - 0.1 * g for p, g in zip(params, grads)))
""",
    ),
    (
        "loss_and_grads",
        "the logits are made from the states before each step (h_0 .. h_{T-1}) instead of after it",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    _, _, cache = rnn_forward(params, x, h0)
    h = cache.states[:-1]
    logits = h @ params.W_hy + params.b_y
    dlogits = cross_entropy_and_grad(logits, targets)[1]
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    _, _, dW_xh, dW_hh, db_h = rnn_backward(params, cache, dh)
    return cross_entropy(logits, targets), RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)
""",
    ),
    (
        "loss_and_grads",
        "the loss is the sum over the places that count while the gradients are those of the mean",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, y, cache = rnn_forward(params, x, h0)
    loss = 0.0
    for t in range(len(x)):
        for n in range(x.shape[1]):
            if targets[t, n] != -100:
                loss += -np.log(y[t, n, targets[t, n]])
    dlogits = cross_entropy_and_grad(h @ params.W_hy + params.b_y, targets)[1]
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    _, _, dW_xh, dW_hh, db_h = rnn_backward(params, cache, dh)
    return loss, RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)
""",
    ),
    (
        "loss_and_grads",
        "the way back starts from dlogits of the last step only: the outputs of the earlier steps send nothing to the states",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x, h0)
    loss, dlogits = cross_entropy_and_grad(h @ params.W_hy + params.b_y, targets)
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    start = np.zeros_like(dh)
    start[-1] = dh[-1]
    _, _, dW_xh, dW_hh, db_h = rnn_backward(params, cache, start)
    return loss, RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)
""",
    ),
    (
        "loss_and_grads",
        "gradients first, loss second: the two are returned in the other order",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x, h0)
    logits = h @ params.W_hy + params.b_y
    loss, dlogits = cross_entropy_and_grad(logits, targets)
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    g = rnn_backward(params, cache, dh)
    return RNNParams(g.W_xh, g.W_hh, g.b_h, dW_hy, db_y), loss
""",
    ),
    (
        "loss_and_grads",
        "the carry is missing: every step is sent back alone with dh[t]",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x, h0)
    loss, dlogits = cross_entropy_and_grad(h @ params.W_hy + params.b_y, targets)
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    sums = [np.zeros_like(p) for p in params[:3]]
    for t in reversed(range(len(x))):
        cell = CellCache(cache.x[t], cache.states[t], cache.states[t + 1])
        grads = rnn_cell_backward(params, cell, dh[t])
        for total, share in zip(sums, grads[2:]):
            total += share
    return loss, RNNParams(sums[0], sums[1], sums[2], dW_hy, db_y)
""",
    ),
    (
        "loss_and_grads",
        "h0 is not handed to the forward pass AND the gradient is divided by all places, also those that do not count",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, y, cache = rnn_forward(params, x)
    logits = h @ params.W_hy + params.b_y
    keep = targets != IGNORE_INDEX
    dlogits = y.copy()
    dlogits[keep, targets[keep]] -= 1
    dlogits[~keep] = 0
    dlogits /= targets.size
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    _, _, dW_xh, dW_hh, db_h = rnn_backward(params, cache, dh)
    return cross_entropy(logits, targets), RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)
""",
    ),
    (
        "loss_and_grads",
        "the gradient is not divided by N AND the rows that do not count are not zero AND db_y takes the mean",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    h, y, cache = rnn_forward(params, x, h0)
    dlogits = y.copy()
    for t, n in np.ndindex(targets.shape):
        if targets[t, n] >= 0:
            dlogits[t, n, targets[t, n]] -= 1
    dW_hy = sum(h[t].T @ dlogits[t] for t in range(len(h)))
    db_y = dlogits.mean(axis=(0, 1))
    g = rnn_backward(params, cache, dlogits @ params.W_hy.T)
    loss = cross_entropy(h @ params.W_hy + params.b_y, targets)
    return loss, RNNParams(g.W_xh, g.W_hh, g.b_h, dW_hy, db_y)
""",
    ),
    # --- 07 -------------------------------------------------------------------------------------------------------
    (
        "central_difference",
        "precedence: / 2 * step divides by 2 and multiplies by the step",
        """
def my_central_difference(f, v, step):
    grad = np.zeros(v.shape)
    for index in np.ndindex(v.shape):
        ahead, behind = v.copy(), v.copy()
        ahead[index] += step
        behind[index] -= step
        grad[index] = (f(ahead) - f(behind)) / 2 * step
    return grad
""",
    ),
    (
        "central_difference",
        "the copies are made once, before the loop: an entry that was moved stays moved",
        """
def my_central_difference(f, v, step):
    grad = np.zeros(v.shape)
    ahead, behind = v.copy(), v.copy()
    for index in np.ndindex(v.shape):
        ahead[index] += step
        behind[index] -= step
        grad[index] = (f(ahead) - f(behind)) / (2 * step)
    return grad
""",
    ),
    (
        "central_difference",
        "all entries are moved at once: every place gets the same number, the sum of the slopes",
        """
def my_central_difference(f, v, step):
    return (f(v + step) - f(v - step)) / (2 * step) * np.ones_like(v)
""",
    ),
    (
        "central_difference",
        "ahead and behind are two names for one copy: the two steps cancel and every difference is 0",
        """
def my_central_difference(f, v, step):
    grad = np.zeros(v.shape)
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
        "the one-sided formula AND the step is added to the caller's array and not taken off again",
        """
def my_central_difference(f, v, step):
    grad = np.zeros(v.shape)
    for index in np.ndindex(v.shape):
        before = f(v)
        v[index] += step
        grad[index] = (f(v) - before) / step
    return grad
""",
    ),
    (
        "only_step",
        "returns that step alone, (batch, n_h), without the zeros around it",
        """
def my_only_step(dh, t):
    return dh[t - 1].copy()
""",
    ),
    (
        "only_step",
        "no copy is made: the other steps of the caller's dh are set to zero",
        """
def my_only_step(dh, t):
    alone = dh
    for i in range(len(dh)):
        if i != t - 1:
            alone[i] = 0
    return alone
""",
    ),
    (
        "only_step",
        "the other way round: step t is set to zero and the others are kept",
        """
def my_only_step(dh, t):
    alone = dh.copy()
    alone[t - 1] = 0
    return alone
""",
    ),
    (
        "only_step",
        "steps are counted from 0 AND all steps up to t are kept",
        """
def my_only_step(dh, t):
    mask = np.arange(len(dh)) <= t
    return dh * mask[:, None, None]
""",
    ),
    # --- 08 -------------------------------------------------------------------------------------------------------
    (
        "masked_loss",
        "the padded places are set to 0 but still divided by: a mean over all places",
        """
def my_masked_loss(nats, targets):
    return float(np.mean(nats * (targets != -100)))
""",
    ),
    (
        "masked_loss",
        "target 0 is END and counts: 'targets > 0' leaves it out",
        """
def my_masked_loss(nats, targets):
    mask = targets > 0
    return float(nats[mask].mean())
""",
    ),
    (
        "masked_loss",
        "a mean of means: each name's own mean first, so short names weigh too much",
        """
def my_masked_loss(nats, targets):
    means = []
    for n in range(targets.shape[1]):
        real = targets[:, n] != -100
        means.append(nats[real, n].mean())
    return float(np.mean(means))
""",
    ),
    (
        "masked_loss",
        "the sum instead of the mean AND the mask is turned round: only the padding is added up",
        """
def my_masked_loss(nats, targets):
    total = 0.0
    for cost, target in zip(nats.ravel(), targets.ravel()):
        if target == -100:
            total += cost
    return float(total)
""",
    ),
    (
        "clip_by_norm",
        "each field is shortened by its own length instead of all by one",
        """
def my_clip_by_norm(grads, most):
    clipped = []
    for g in grads:
        length = np.sqrt((g ** 2).sum())
        clipped.append(g * min(1.0, most / length))
    return RNNParams(*clipped)
""",
    ),
    (
        "clip_by_norm",
        "clips each number to a range (by value): the direction changes",
        """
def my_clip_by_norm(grads, most):
    return RNNParams(*(np.clip(g, -most, most) for g in grads))
""",
    ),
    (
        "clip_by_norm",
        "gradients shorter than the limit are stretched to it: the condition is missing",
        """
def my_clip_by_norm(grads, most):
    norm = np.sqrt(sum(np.sum(g ** 2) for g in grads))
    return RNNParams(*(g * most / norm for g in grads))
""",
    ),
    (
        "clip_by_norm",
        "the root is forgotten: the sum of squares is taken for the length",
        """
def my_clip_by_norm(grads, most):
    norm = sum((g * g).sum() for g in grads)
    factor = min(1, most / norm)
    return RNNParams(*(factor * g for g in grads))
""",
    ),
    (
        "clip_by_norm",
        "the lengths of the fields are added up instead of their squares",
        """
def my_clip_by_norm(grads, most):
    norm = sum(np.linalg.norm(g) for g in grads)
    if norm <= most:
        return grads
    return RNNParams(*(g * (most / norm) for g in grads))
""",
    ),
    (
        "clip_by_norm",
        "each field is shortened by its own length AND the largest number is taken for the length",
        """
def my_clip_by_norm(grads, most):
    def shorten(g):
        size = np.abs(g).max()
        return g * most / size if size > most else g
    return RNNParams._make(shorten(g) for g in grads)
""",
    ),
    (
        "adam_step",
        "the correction divides by 1 - 0.9 and 1 - 0.999 at every step: the power t is missing",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    m_hat, s_hat = m / (1 - 0.9), s / (1 - 0.999)
    return p - learning_rate * m_hat / (np.sqrt(s_hat) + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "the means are not corrected for their start at zero",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    p = p - learning_rate * m / (np.sqrt(s) + 1e-8)
    return p, m, s
""",
    ),
    (
        "adam_step",
        "the corrected means are returned as m and s",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    beta1, beta2 = 0.9, 0.999
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g * g
    m = m / (1 - beta1 ** t)
    s = s / (1 - beta2 ** t)
    return p - learning_rate * m / (np.sqrt(s) + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "g is not squared in the second mean",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = m * 0.9 + g * 0.1
    s = s * 0.999 + g * 0.001
    mh = m / (1 - 0.9 ** t)
    sh = s / (1 - 0.999 ** t)
    return p - learning_rate * mh / (np.sqrt(sh) + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "the bracket is put to the power t: (1 - 0.9)^t instead of 1 - 0.9^t",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    m_hat = m / (1 - 0.9) ** t
    s_hat = s / (1 - 0.999) ** t
    return p - learning_rate * m_hat / (np.sqrt(s_hat) + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "no root: divides by the mean square itself",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    m_hat = m / (1 - 0.9 ** t)
    s_hat = s / (1 - 0.999 ** t)
    step = m_hat / (s_hat + 1e-8)
    return p - learning_rate * step, m, s
""",
    ),
    # extremes only: an entry with no gradient (0 / 0), else the 1e-8 is hardly seen
    (
        "adam_step",
        "a missing bracket: the 1e-8 is added to the step, not to the root below the line",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    m_hat, s_hat = m / (1 - 0.9 ** t), s / (1 - 0.999 ** t)
    return p - learning_rate * m_hat / np.sqrt(s_hat) + 1e-8, m, s
""",
    ),
    # extremes only: tiny gradients
    (
        "adam_step",
        "the 1e-8 stands inside the root",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    new_m = 0.9 * m + 0.1 * g
    new_s = 0.999 * s + 0.001 * np.square(g)
    m_hat = new_m / (1 - np.power(0.9, t))
    s_hat = new_s / (1 - np.power(0.999, t))
    return p - learning_rate * m_hat / np.sqrt(s_hat + 1e-8), new_m, new_s
""",
    ),
    (
        "adam_step",
        "the numbers are right, but m and s are changed in place: the caller's arrays are overwritten",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m *= 0.9
    m += 0.1 * g
    s *= 0.999
    s += 0.001 * g ** 2
    m_hat = m / (1 - 0.9 ** t)
    s_hat = s / (1 - 0.999 ** t)
    return p - learning_rate * m_hat / (np.sqrt(s_hat) + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "only the second mean is corrected AND the step is added instead of subtracted",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    s_hat = s / (1 - 0.999 ** t)
    return p + learning_rate * m / (np.sqrt(s_hat) + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "the first mean adds the whole g, as momentum does AND t is taken to count from 0",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + g
    s = 0.999 * s + 0.001 * g ** 2
    m_hat = m / (1 - 0.9 ** (t + 1))
    s_hat = s / (1 - 0.999 ** (t + 1))
    return p - learning_rate * m_hat / (np.sqrt(s_hat) + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "0.9 and 0.999 are exchanged AND the means are not corrected AND the 1e-8 stands inside the root",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.999 * m + 0.001 * g
    s = 0.9 * s + 0.1 * g ** 2
    return p - learning_rate * m / np.sqrt(s + 1e-8), m, s
""",
    ),
    (
        "sampling_step",
        "the scores are multiplied by the temperature instead of divided",
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    ends = np.cumsum(softmax(logits * temperature))
    return int(np.argmax(ends > u))
""",
    ),
    # at temperature 0 only
    (
        "sampling_step",
        "temperature 0 has no branch of its own: it divides by zero",
        """
def my_sampling_step(logits, temperature, u):
    probs = softmax(logits / temperature)
    total = 0.0
    for token, p in enumerate(probs):
        total += p
        if u < total:
            return token
""",
    ),
    (
        "sampling_step",
        "u is not used: always the likeliest token",
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    y = softmax(logits / temperature)
    return int(np.argmax(y))
""",
    ),
    (
        "sampling_step",
        "draws with a random number of its own and does not use u",
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(logits.argmax())
    p = softmax(logits / temperature)
    return int(np.random.choice(len(p), p=p))
""",
    ),
    (
        "sampling_step",
        "the comparison is turned round: the first end below u instead of beyond it",
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
        "the probabilities are divided by the temperature after softmax: they no longer sum to 1",
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    probs = softmax(logits) / temperature
    return int(np.argmax(np.cumsum(probs) > u))
""",
    ),
    (
        "sampling_step",
        "the cumulative sum is forgotten: the first token whose own probability exceeds u",
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    probabilities = softmax(logits / temperature)
    return int(np.argmax(probabilities > u))
""",
    ),
    (
        "sampling_step",
        "counts the ends up to and with the token's own: one token too far",
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    ends = np.cumsum(softmax(logits / temperature))
    token = 0
    while ends[token] <= u:
        token += 1
    return token + 1
""",
    ),
    (
        "sampling_step",
        "at temperature 0 the largest score is returned instead of its place",
        """
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.max(logits))
    ends = np.cumsum(softmax(logits / temperature))
    return int(np.searchsorted(ends, u, side="right"))
""",
    ),
    (
        "sampling_step",
        "the temperature is not used (at 0 as little as elsewhere) AND the comparison is turned round",
        """
def my_sampling_step(logits, temperature, u):
    cumulative = np.cumsum(softmax(logits))
    return int(np.argmax(cumulative <= u))
""",
    ),
    (
        "sampling_step",
        "multiplied by the temperature AND no cumulative sum AND temperature 0 has no branch of its own",
        """
def my_sampling_step(logits, temperature, u):
    y = softmax(logits * temperature)
    for token in range(len(y)):
        if y[token] > u:
            return token
    return len(y) - 1
""",
    ),
    # --- 09 -------------------------------------------------------------------------------------------------------
    (
        "last_states",
        "the last row of the array for every sample: shorter rows have read padding by then",
        """
def my_last_states(h, lengths):
    return h[-1]
""",
    ),
    (
        "last_states",
        "off by one: a length of T means index T - 1",
        """
def my_last_states(h, lengths):
    rows = np.arange(len(lengths))
    return h[lengths, rows]
""",
    ),
    (
        "last_states",
        "one index array picks whole steps: every row gets the states of all rows, (batch, batch, n_h)",
        """
def my_last_states(h, lengths):
    return h[lengths - 1]
""",
    ),
    (
        "last_states",
        "the axes are exchanged: the first index is the sample, the second the step",
        """
def my_last_states(h, lengths):
    return h[np.arange(len(lengths)), lengths - 1]
""",
    ),
    (
        "head_gradients",
        "not divided by N: the gradient of the sum of the distances, not of their mean",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    d = h_last @ W_hy + b_y - targets
    distance = np.linalg.norm(d, axis=1, keepdims=True)
    dy = d / np.maximum(distance, 1e-300)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "the gradient of the squared distance, 2 d / N, instead of the distance",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    y = h_last @ W_hy + b_y
    dy = 2 * (y - targets) / len(y)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "one length for the whole array instead of one distance a row",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    d = h_last @ W_hy + b_y - targets
    dy = d / np.maximum(np.linalg.norm(d), 1e-300) / len(d)
    dh_last = dy @ W_hy.T
    dW_hy = h_last.T @ dy
    db_y = dy.sum(axis=0)
    return dh_last, dW_hy, db_y
""",
    ),
    # extremes only: an answer that is exactly right
    (
        "head_gradients",
        "an answer that is exactly right is 0 / 0: the corner is not taken care of",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    diff = h_last @ W_hy + b_y - targets
    dist = np.sqrt((diff ** 2).sum(axis=1, keepdims=True))
    dy = diff / dist / len(diff)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "the arrow points from the answer to the target (target - y) AND b_y is forgotten in the answer",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    d = targets - h_last @ W_hy
    length = np.linalg.norm(d, axis=1, keepdims=True)
    dy = d / np.maximum(length, 1e-300) / len(targets)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "the mean over the rows for b_y, although 1/N is already in dy AND N is the number of entries instead of rows",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    d = h_last @ W_hy + b_y - targets
    length = np.maximum(np.sqrt(np.sum(d * d, axis=1)), 1e-300)
    dy = d / length[:, None] / d.size
    return dy @ W_hy.T, h_last.T @ dy, dy.mean(axis=0)
""",
    ),
    (
        "last_states_backward",
        "put at the last step of the array for every row instead of at its own last real step",
        """
def my_last_states_backward(dh_last, lengths, steps):
    dh = np.zeros((steps,) + dh_last.shape)
    dh[-1] = dh_last
    return dh
""",
    ),
    (
        "last_states_backward",
        "off by one: put at index T_n, which is a step of padding (or outside)",
        """
def my_last_states_backward(dh_last, lengths, steps):
    dh = np.zeros((steps, *dh_last.shape))
    for n, length in enumerate(lengths):
        dh[length, n] = dh_last[n]
    return dh
""",
    ),
    (
        "last_states_backward",
        "dh[lengths - 1] without the row index writes all rows at each of these steps",
        """
def my_last_states_backward(dh_last, lengths, steps):
    batch, n_h = dh_last.shape
    dh = np.zeros((steps, batch, n_h))
    dh[lengths - 1] = dh_last
    return dh
""",
    ),
    (
        "last_states_backward",
        "every real step of a row gets dh_last instead of the last one alone",
        """
def my_last_states_backward(dh_last, lengths, steps):
    real = np.arange(steps)[:, None] < lengths
    return real[..., None] * dh_last
""",
    ),
    (
        "at_ids",
        "the largest entry of each row instead of the one of the id that stood there",
        """
def my_at_ids(dx, ids):
    return dx.max(axis=-1)
""",
    ),
    (
        "at_ids",
        "the last axis is kept: shape (time, batch, 1)",
        """
def my_at_ids(dx, ids):
    return np.take_along_axis(dx, ids[..., None], axis=-1)
""",
    ),
    (
        "at_ids",
        "dx[..., ids] picks every id from every row instead of each row's own",
        """
def my_at_ids(dx, ids):
    return dx[..., ids]
""",
    ),
    (
        "at_ids",
        "ids are taken to count from 1 AND time and batch index are exchanged: the result is (batch, time)",
        """
def my_at_ids(dx, ids):
    T, B = ids.shape
    return np.array([[dx[t, n, ids[t, n] - 1] for t in range(T)] for n in range(B)])
""",
    ),
]

RIGHT = [
    (
        "step",
        "an iterator advanced t times",
        """
def my_step(x, t):
    steps = iter(x)
    for _ in range(t):
        x_t = next(steps)
    return x_t
""",
    ),
    (
        "step",
        "np.take along the first axis",
        """
def my_step(x, t):
    return np.take(x, t - 1, axis=0)
""",
    ),
    (
        "one_hot",
        "a comparison with all column numbers",
        """
def my_one_hot(ids, n_x):
    return (np.asarray(ids)[..., None] == np.arange(n_x)).astype(np.float64)
""",
    ),
    (
        "one_hot",
        "np.put_along_axis into zeros",
        """
def my_one_hot(ids, n_x):
    rows = np.zeros((*ids.shape, n_x))
    np.put_along_axis(rows, ids[..., None], 1.0, axis=-1)
    return rows
""",
    ),
    (
        "count_parameters",
        "counts the sizes of real arrays",
        """
def my_count_parameters(n_x, n_h, n_y):
    shapes = [(n_x, n_h), (n_h, n_h), (n_h,), (n_h, n_y), (n_y,)]
    return sum(np.zeros(shape).size for shape in shapes)
""",
    ),
    (
        "count_parameters",
        "each bias as one more row of its matrix",
        """
def my_count_parameters(n_x, n_h, n_y):
    return (n_x + n_h + 1) * n_h + (n_h + 1) * n_y
""",
    ),
    (
        "softmax",
        "log-sum-exp with np.logaddexp.reduce",
        """
def my_softmax(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))
""",
    ),
    (
        "softmax",
        "row by row with np.apply_along_axis",
        """
def my_softmax(z):
    def one_row(row):
        e = np.exp(row - max(row))
        return e / sum(e)
    return np.apply_along_axis(one_row, -1, z)
""",
    ),
    (
        "softmax",
        "long double inside, recursion over the leading axes",
        """
def my_softmax(z):
    z = np.asarray(z)
    if z.ndim > 1:
        return np.stack([my_softmax(part) for part in z])
    e = np.exp(z.astype(np.longdouble) - z.max())
    return (e / e.sum()).astype(np.float64)
""",
    ),
    (
        "tanh_slope",
        "other algebra: (1 - h)(1 + h)",
        """
def my_tanh_slope(h):
    return (1 - h) * (1 + h)
""",
    ),
    (
        "tanh_slope",
        "np.vectorize of a function of one number",
        """
my_tanh_slope = np.vectorize(lambda h: 1.0 - h * h, otypes=[float])
""",
    ),
    (
        "softmax_backward",
        "the Jacobian of each row, with einsum",
        """
def my_softmax_backward(y, dy):
    J = np.einsum("...i,ij->...ij", y, np.eye(y.shape[-1])) - np.einsum("...i,...j->...ij", y, y)
    return np.einsum("...i,...ij->...j", dy, J)
""",
    ),
    (
        "pre_activation",
        "one product of the stacked input, state and ones",
        """
def my_pre_activation(params, x_t, h_prev):
    rows = np.hstack([x_t, h_prev, np.ones((len(x_t), 1))])
    return rows @ np.vstack([params.W_xh, params.W_hh, params.b_h])
""",
    ),
    (
        "pre_activation",
        "a loop over the samples",
        """
def my_pre_activation(params, x_t, h_prev):
    z = np.zeros((len(x_t), len(params.b_h)))
    for n, (x, h) in enumerate(zip(x_t, h_prev)):
        for j in range(len(params.b_h)):
            z[n, j] = x.dot(params.W_xh[:, j]) + h.dot(params.W_hh[:, j]) + params.b_h[j]
    return z
""",
    ),
    (
        "rnn_cell_forward",
        "columns inside, translated back at the end",
        """
def my_rnn_cell_forward(params, x_t, h_prev):
    W_xh, W_hh, b_h, W_hy, b_y = (np.atleast_2d(p).T for p in params)
    a = np.tanh(W_xh @ x_t.T + W_hh @ h_prev.T + b_h)
    s = W_hy @ a + b_y
    e = np.exp(s - s.max(axis=0))
    return a.T, (e / e.sum(axis=0)).T, {"a": a}
""",
    ),
    (
        "rnn_cell_forward",
        "a class with __call__; tanh through exponentials of -2|z|",
        """
class Cell:
    def tanh(self, z):
        e = np.exp(-2 * np.abs(z))
        return np.sign(z) * (1 - e) / (1 + e)

    def __call__(self, params, x_t, h_prev):
        h_t = self.tanh(np.einsum("ni,ij->nj", x_t, params.W_xh) + h_prev.dot(params.W_hh) + params.b_h)
        return h_t, softmax(h_t.dot(params.W_hy) + params.b_y), [x_t, h_prev, h_t]

my_rnn_cell_forward = Cell()
""",
    ),
    (
        "from_article",
        "swapaxes and squeeze, by keyword in another order",
        """
def my_from_article(parameters):
    turn = lambda name: np.swapaxes(parameters[name], 0, 1)
    return RNNParams(
        b_y=np.squeeze(parameters["by"], axis=1),
        b_h=np.squeeze(parameters["ba"], axis=1),
        W_hy=turn("Wya"),
        W_hh=turn("Waa"),
        W_xh=turn("Wam"),
    )
""",
    ),
    (
        "scalar_forward",
        "itertools.accumulate, a list",
        """
from itertools import accumulate
import math

def my_scalar_forward(w_x, w_h, b, xs, h0):
    step = lambda h, x: math.tanh(w_x * x + w_h * h + b)
    return list(accumulate(xs, step, initial=h0))[1:]
""",
    ),
    (
        "scalar_forward",
        "recursion",
        """
def my_scalar_forward(w_x, w_h, b, xs, h0):
    if len(xs) == 0:
        return []
    if len(xs) == 1:
        return [float(np.tanh(w_x * xs[0] + w_h * h0 + b))]
    half = len(xs) // 2
    first = my_scalar_forward(w_x, w_h, b, xs[:half], h0)
    return first + my_scalar_forward(w_x, w_h, b, xs[half:], first[-1])
""",
    ),
    (
        "rnn_forward",
        "the input's product before the loop, all outputs after it, own softmax",
        """
def my_rnn_forward(params, x, h0=None, *, keep=True):
    T, B = x.shape[:2]
    h = np.zeros((T + 1, B, len(params.b_h)))
    if h0 is not None:
        h[0] = h0
    z = np.tensordot(x, params.W_xh, axes=1) + params.b_h
    for t in range(T):
        np.tanh(z[t] + h[t] @ params.W_hh, out=h[t + 1])
    s = h[1:] @ params.W_hy + params.b_y
    s -= s.max(axis=-1, keepdims=True)
    np.exp(s, out=s)
    s /= s.sum(axis=-1, keepdims=True)
    return h[1:], s, (x, h) if keep else None
""",
    ),
    (
        "rnn_forward",
        "one sample after the other, stacked along the batch",
        """
def my_rnn_forward(params, x, h0=None):
    hs, ys = [], []
    for n in range(x.shape[1]):
        state = np.zeros(len(params.b_h)) if h0 is None else h0[n]
        h_n, y_n = [], []
        for row in x[:, n]:
            state = np.tanh(row @ params.W_xh + state @ params.W_hh + params.b_h)
            h_n.append(state)
            y_n.append(softmax(state @ params.W_hy + params.b_y))
        hs.append(h_n)
        ys.append(y_n)
    return np.stack(hs, axis=1), np.stack(ys, axis=1), None
""",
    ),
    (
        "rnn_forward",
        "recursion on the two halves of the sequence",
        """
def my_rnn_forward(params, x, h0=None):
    if h0 is None:
        h0 = np.zeros((x.shape[1], len(params.b_h)))
    if len(x) == 1:
        h_1, y_1, cache = rnn_cell_forward(params, x[0], h0)
        return h_1[None], y_1[None], [cache]
    half = len(x) // 2
    first = my_rnn_forward(params, x[:half], h0)
    second = my_rnn_forward(params, x[half:], first[0][-1])
    return np.concatenate([first[0], second[0]]), np.concatenate([first[1], second[1]]), first[2] + second[2]
""",
    ),
    (
        "run_in_two",
        "one array filled by two loops, without rnn_forward",
        """
def my_run_in_two(params, x, h0, cut):
    out = np.empty((len(x), *h0.shape))
    state = h0
    for part in (range(cut), range(cut, len(x))):
        for t in part:
            state, _, _ = rnn_cell_forward(params, x[t], state)
            out[t] = state
    return out
""",
    ),
    (
        "run_in_two",
        "the second piece starts from the first's cache",
        """
def my_run_in_two(params, x, h0, cut):
    first = rnn_forward(params, x[:cut], h0)
    second = rnn_forward(params, x[cut:], first[2].states[-1])
    return np.append(first[0], second[0], axis=0)
""",
    ),
    (
        "cross_entropy",
        "logaddexp.reduce, masked with np.ma",
        """
def my_cross_entropy(logits, targets):
    mask = targets == -100
    right = np.take_along_axis(logits, np.where(mask, 0, targets)[..., None], axis=-1)[..., 0]
    costs = np.logaddexp.reduce(logits, axis=-1) - right
    return float(np.ma.array(costs, mask=mask).mean())
""",
    ),
    (
        "cross_entropy",
        "differences to the right score: log of the sum of e^(z_j - z_k), through the row's largest",
        """
import math

def my_cross_entropy(logits, targets):
    costs = []
    for index in np.ndindex(targets.shape):
        k = targets[index]
        if k == IGNORE_INDEX:
            continue
        d = logits[index] - logits[index][k]
        top = d.max()
        costs.append(top + math.log(math.fsum(np.exp(d - top))))
    return math.fsum(costs) / len(costs)
""",
    ),
    (
        "logits_gradient",
        "a one-hot array with a row of zeros for padding, weights as a mask",
        """
def my_logits_gradient(logits, targets):
    n_y = logits.shape[-1]
    table = np.vstack([np.eye(n_y), np.zeros(n_y)])
    onehot = table[np.where(targets == -100, n_y, targets)]
    weight = onehot.sum(axis=-1, keepdims=True)
    return (softmax(logits) * weight - onehot) / weight.sum()
""",
    ),
    (
        "logits_gradient",
        "a loop over the places with np.ndindex",
        """
def my_logits_gradient(logits, targets):
    N = np.count_nonzero(targets != -100)
    out = np.zeros(logits.shape)
    for i in np.ndindex(targets.shape):
        if targets[i] == -100:
            continue
        e = np.exp(logits[i] - logits[i].max())
        out[i] = e / e.sum() / N
        out[i][targets[i]] -= 1 / N
    return out
""",
    ),
    (
        "logits_gradient",
        "through softmax_backward from -1 / y_k, in the form that never divides by y",
        """
def my_logits_gradient(logits, targets):
    counts = targets != -100
    y = softmax(logits)
    d = np.where(counts[..., None], y, 0.0)
    np.subtract.at(d, (*np.nonzero(counts), targets[counts]), 1.0)
    return np.divide(d, np.sum(counts))
""",
    ),
    (
        "output_backward",
        "einsum with an ellipsis for dh, a loop over the places for the sums",
        """
def my_output_backward(W_hy, h, dlogits):
    dh = np.einsum("...k,jk->...j", dlogits, W_hy)
    dW, db = np.zeros_like(W_hy), np.zeros(W_hy.shape[1])
    for place in np.ndindex(h.shape[:-1]):
        dW += np.multiply.outer(h[place], dlogits[place])
        db += dlogits[place]
    return dh, dW, db
""",
    ),
    (
        "output_backward",
        "tensordot over all leading axes",
        """
def my_output_backward(W_hy, h, dlogits):
    lead = tuple(range(h.ndim - 1))
    return np.inner(dlogits, W_hy), np.tensordot(h, dlogits, axes=(lead, lead)), dlogits.sum(axis=lead)
""",
    ),
    (
        "tanh_backward",
        "in place, on a copy",
        """
def my_tanh_backward(h_t, dh_t):
    dz = h_t.copy()
    dz *= dz
    np.subtract(1, dz, out=dz)
    dz *= dh_t
    return dz
""",
    ),
    (
        "tanh_backward",
        "other algebra: dh - dh h^2",
        """
def my_tanh_backward(h_t, dh_t):
    return dh_t - dh_t * h_t * h_t
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
        "functools.reduce over the rows",
        """
from functools import partial, reduce

my_bias_gradient = partial(reduce, np.add)
""",
    ),
    (
        "rnn_cell_backward",
        "a loop over the samples that adds outer products",
        """
def my_rnn_cell_backward(params, cache, dh_t):
    grads = [np.zeros_like(cache.x_t), np.zeros_like(cache.h_prev)] + [np.zeros_like(p) for p in params[:3]]
    for n in range(len(dh_t)):
        dz = dh_t[n] * (1 - cache.h_t[n] ** 2)
        grads[0][n] = params.W_xh @ dz
        grads[1][n] = params.W_hh @ dz
        grads[2] += np.outer(cache.x_t[n], dz)
        grads[3] += np.outer(cache.h_prev[n], dz)
        grads[4] += dz
    return tuple(grads)
""",
    ),
    (
        "rnn_cell_backward",
        "inputs and weights stacked: one product forward and one back, cut apart at the end",
        """
def my_rnn_cell_backward(params, cache, dh_t):
    x_t, h_prev, h_t = cache
    dz = dh_t * (1 - h_t) * (1 + h_t)
    W = np.vstack([params.W_xh, params.W_hh])
    rows = np.hstack([x_t, h_prev])
    d_rows, dW, n_x = dz @ W.T, rows.T @ dz, x_t.shape[1]
    return d_rows[:, :n_x], d_rows[:, n_x:], dW[:n_x], dW[n_x:], dz.sum(axis=0)
""",
    ),
    (
        "step_back",
        "the two roads through the slope one by one, W_hh from the left",
        """
def my_step_back(params, h_t, dh_t, dh_carry):
    slope = 1 - np.square(h_t)
    dz_t = slope * dh_t + slope * dh_carry
    return dz_t, (params.W_hh @ dz_t.T).T
""",
    ),
    (
        "step_back",
        "a decorated function, einsum",
        """
from functools import wraps

def as_floats(function):
    @wraps(function)
    def wrapped(params, *arrays):
        return function(params, *(np.array(a, dtype=float) for a in arrays))
    return wrapped

@as_floats
def my_step_back(params, h_t, dh_t, dh_carry):
    dh_t += dh_carry
    dh_t *= 1 - h_t ** 2
    return dh_t, np.einsum("nj,kj->nk", dh_t, params.W_hh)
""",
    ),
    (
        "rnn_backward",
        "all dz first, then the weights' gradients as one einsum each; the slope once for all steps",
        """
def my_rnn_backward(params, cache, dh):
    slope = 1 - cache.states[1:] ** 2
    dz = np.empty_like(slope)
    carry = np.zeros_like(dh[0])
    for t, own in reversed(list(enumerate(dh))):
        dz[t] = (own + carry) * slope[t]
        carry = dz[t] @ params.W_hh.T
    dW_xh = np.einsum("tni,tnj->ij", cache.x, dz)
    dW_hh = np.einsum("tnk,tnj->kj", cache.states[:-1], dz)
    return np.inner(dz, params.W_xh), carry, dW_xh, dW_hh, dz.sum(axis=(0, 1))
""",
    ),
    (
        "rnn_backward",
        "recursion: the later half of the steps first, its carry goes to the earlier half",
        """
def my_rnn_backward(params, cache, dh):
    def back(first, end, carry):
        if end - first == 1:
            cell = CellCache(cache.x[first], cache.states[first], cache.states[end])
            g = rnn_cell_backward(params, cell, dh[first] + carry)
            return g.x_t[None], g.h_prev, g.W_xh, g.W_hh, g.b_h
        middle = (first + end) // 2
        late = back(middle, end, carry)
        early = back(first, middle, late[1])
        sums = [a + b for a, b in zip(early[2:], late[2:])]
        return (np.concatenate([early[0], late[0]]), early[1], *sums)
    return back(0, len(dh), 0.0)
""",
    ),
    (
        "rnn_backward",
        "batch last inside, negative time indices",
        """
def my_rnn_backward(params, cache, dh):
    x, states, d = (np.moveaxis(a, 1, 2) for a in (cache.x, cache.states, dh))
    dx, carry = np.zeros(x.shape), np.zeros(states[0].shape)
    dW_xh, dW_hh, db_h = (np.zeros_like(p) for p in params[:3])
    for t in range(-1, -len(d) - 1, -1):
        dz = (d[t] + carry) * (1 - states[t] ** 2)
        dx[t], carry = params.W_xh @ dz, params.W_hh @ dz
        dW_xh += x[t] @ dz.T
        dW_hh += states[t - 1] @ dz.T
        db_h += dz.sum(axis=1)
    return np.moveaxis(dx, 2, 1), carry.T, dW_xh, dW_hh, db_h
""",
    ),
    (
        "loss_and_grads",
        "everything by hand in one loop there and one loop back, a dictionary for the gradients",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    W_xh, W_hh, b_h, W_hy, b_y = params
    states = [np.zeros((x.shape[1], len(b_h))) if h0 is None else h0]
    for x_t in x:
        states.append(np.tanh(x_t @ W_xh + states[-1] @ W_hh + b_h))
    N = (targets != -100).sum()
    g = {name: np.zeros_like(p) for name, p in params._asdict().items()}
    loss, carry = 0.0, 0.0
    for t in range(len(x) - 1, -1, -1):
        h_t = states[t + 1]
        z = h_t @ W_hy + b_y
        d = np.zeros_like(z)
        for n, k in enumerate(targets[t]):
            if k != -100:
                log_y = z[n] - z[n].max()
                log_y = log_y - np.log(np.exp(log_y).sum())
                loss -= log_y[k] / N
                d[n] = np.exp(log_y) / N
                d[n, k] -= 1 / N
        g["W_hy"] += h_t.T @ d
        g["b_y"] += d.sum(axis=0)
        dz = (d @ W_hy.T + carry) * (1 - h_t ** 2)
        g["W_xh"] += x[t].T @ dz
        g["W_hh"] += states[t].T @ dz
        g["b_h"] += dz.sum(axis=0)
        carry = dz @ W_hh.T
    return float(loss), RNNParams(**g)
""",
    ),
    (
        "loss_and_grads",
        "each sample alone, the shares added up by how many of its places count",
        """
def my_loss_and_grads(params, x, targets, h0=None):
    total, loss, grads = (targets != -100).sum(), 0.0, [0.0] * 5
    for n in range(x.shape[1]):
        one = slice(n, n + 1)
        count = (targets[:, one] != -100).sum()
        if count == 0:
            continue
        start = None if h0 is None else h0[one]
        h, _, cache = rnn_forward(params, x[:, one], start)
        cost, dlogits = cross_entropy_and_grad(h @ params.W_hy + params.b_y, targets[:, one])
        out = output_backward(params.W_hy, h, dlogits)
        back = rnn_backward(params, cache, out.h)
        share = count / total
        loss += share * cost
        new = (back.W_xh, back.W_hh, back.b_h, out.W_hy, out.b_y)
        grads = [a + share * b for a, b in zip(grads, new)]
    return float(loss), RNNParams(*grads)
""",
    ),
    (
        "central_difference",
        "a unit array for each entry, flat",
        """
def my_central_difference(f, v, step):
    slopes = []
    for unit in np.eye(v.size):
        move = step * unit.reshape(v.shape)
        slopes.append((f(v + move) - f(v - move)) / step / 2)
    return np.array(slopes).reshape(v.shape)
""",
    ),
    (
        "only_step",
        "a mask of one True, with np.where",
        """
def my_only_step(dh, t):
    here = np.arange(1, len(dh) + 1) == t
    return np.where(here[:, None, None], dh, 0.0)
""",
    ),
    (
        "only_step",
        "in place on a copy: the steps before and after are cleared",
        """
def my_only_step(dh, t):
    alone = np.array(dh)
    alone[:t - 1] = 0
    alone[t:] = 0
    return alone
""",
    ),
    (
        "masked_loss",
        "a weighted average",
        """
def my_masked_loss(nats, targets):
    return float(np.average(nats, weights=targets != -100))
""",
    ),
    (
        "clip_by_norm",
        "all fields as one long vector, and a factor by maximum",
        """
def my_clip_by_norm(grads, most):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    factor = most / max(norm, most)
    return grads._replace(**{name: g * factor for name, g in grads._asdict().items()})
""",
    ),
    (
        "adam_step",
        "the running means as m + 0.1 (g - m), in long double",
        """
def my_adam_step(p, g, m, s, t, learning_rate):
    p, g, m, s = (np.asarray(a, dtype=np.longdouble) for a in (p, g, m, s))
    m = m + 0.1 * (g - m)
    s = s + 0.001 * (g * g - s)
    step = (m / (1 - 0.9 ** t)) / ((s / (1 - 0.999 ** t)) ** 0.5 + 1e-8)
    return tuple(a.astype(float) for a in (p - learning_rate * step, m, s))
""",
    ),
    (
        "adam_step",
        "the correction moved into the step size: epsilon scaled with it",
        """
def my_adam_step(p, g, m, s, t, learning_rate, *, betas=(0.9, 0.999), eps=1e-8):
    a, b = betas
    m, s = a * m + (1 - a) * g, b * s + (1 - b) * g ** 2
    root = np.sqrt(1 - b ** t)
    rate = learning_rate * root / (1 - a ** t)
    return p - rate * m / (np.sqrt(s) + eps * root), m, s
""",
    ),
    (
        "sampling_step",
        "np.searchsorted on the right side",
        """
def my_sampling_step(logits, temperature, u):
    if not temperature:
        return int(logits.argmax())
    return int(np.searchsorted(np.cumsum(softmax(logits / temperature)), u, side="right"))
""",
    ),
    (
        "sampling_step",
        "u walks down through the parts",
        """
def my_sampling_step(logits, temperature, u):
    scores = [float(z) for z in logits]
    if temperature == 0:
        return scores.index(max(scores))
    top = max(scores)
    weights = [np.exp((z - top) / temperature) for z in scores]
    left = u * sum(weights)
    for token, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return token
    return len(weights) - 1
""",
    ),
    (
        "last_states",
        "np.take_along_axis over time",
        """
def my_last_states(h, lengths):
    index = (np.asarray(lengths) - 1)[None, :, None]
    return np.take_along_axis(h, index, axis=0)[0]
""",
    ),
    (
        "last_states",
        "a mask and a sum over time",
        """
def my_last_states(h, lengths):
    last = np.arange(1, len(h) + 1)[:, None] == lengths
    return np.einsum("tn,tnj->nj", last.astype(float), h)
""",
    ),
    (
        "head_gradients",
        "a loop over the samples with a branch for the corner",
        """
def my_head_gradients(W_hy, b_y, h_last, targets):
    dy = np.zeros(targets.shape)
    for n, d in enumerate(h_last @ W_hy + b_y - targets):
        distance = np.sqrt(d @ d)
        if distance > 0:
            dy[n] = d / distance / len(targets)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "last_states_backward",
        "a mask times the gradients",
        """
def my_last_states_backward(dh_last, lengths, steps):
    here = np.arange(steps)[:, None, None] == (np.asarray(lengths) - 1)[:, None]
    return np.where(here, dh_last, 0.0)
""",
    ),
    (
        "at_ids",
        "a product with one-hot rows, summed",
        """
def my_at_ids(dx, ids):
    return np.einsum("tnk,tnk->tn", dx, np.eye(dx.shape[-1])[ids])
""",
    ),
    (
        "at_ids",
        "three index arrays from np.indices",
        """
def my_at_ids(dx, ids):
    t, n = np.indices(ids.shape)
    return dx[t, n, ids]
""",
    ),
]
