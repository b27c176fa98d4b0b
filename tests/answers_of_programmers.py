"""Answers with the habits of public code: blog posts, assignments, short programs, frameworks. Made up by somebody who
had not seen the checks.

WRONG and RIGHT are lists of (exercise, label, source). Labels that begin with "two:" or "three:" hold several mistakes.
A comment "extremes:" marks those that only extreme input shows, "type:" those whose numbers are right but not their
type or shape, and "arguments:" those that return the right numbers and change what they were given.
"""

WRONG = [
    # --- 00 ---------------------------------------------------------------------------------------------------------
    (
        "step",
        "t counts from 1, but is used as an index from 0: it returns the step after",
        r"""
def my_step(x, t):
    return x[t]
""",
    ),
    (
        "step",
        "takes step t along the batch axis: the input is treated as batch first",
        r"""
def my_step(x, t):
    # batch_first, like in Keras
    return x[:, t - 1, :]
""",
    ),
    (
        "step",
        "slices, so that a time axis of length 1 is left in front",
        r"""
def my_step(x, t):
    start = t - 1
    return x[start:t]
""",
    ),
    (
        "step",
        "two: takes the batch axis for time, and does not subtract 1 from t",
        r"""
def my_step(x, t):
    batch, time, features = x.shape
    out = np.zeros((batch, features))
    for i in range(batch):
        out[i] = x[i, t]
    return out
""",
    ),
    (
        "step",
        "turns the samples into columns (transposes the step)",
        r"""
def my_step(x, t):
    xt = x[t - 1]
    return xt.T
""",
    ),
    (
        "one_hot",
        "flattens time and batch into one axis",
        r"""
def my_one_hot(ids, n_x):
    flat = ids.reshape(-1)
    rows = np.zeros((flat.size, n_x))
    rows[np.arange(flat.size), flat] = 1.0
    return rows
""",
    ),
    (
        "one_hot",
        "the width is the largest id that occurs plus 1, not n_x",
        r"""
def my_one_hot(ids, n_x):
    # to_categorical
    num_classes = np.max(ids) + 1
    return np.eye(num_classes)[ids]
""",
    ),
    (
        "one_hot",
        "every column whose id occurs anywhere is set to 1 in every row",
        r"""
def my_one_hot(ids, n_x):
    T, N = ids.shape
    out = np.zeros((T, N, n_x))
    out[:, :, ids] = 1
    return out
""",
    ),
    (
        "one_hot",
        "ids count from 0, but 1 is subtracted as if they counted from 1",
        r"""
def my_one_hot(ids, n_x):
    out = np.zeros(ids.shape + (n_x,))
    for t in range(ids.shape[0]):
        for n in range(ids.shape[1]):
            out[t, n, ids[t, n] - 1] = 1
    return out
""",
    ),
    (
        "one_hot",
        "the class axis comes first instead of last",
        r"""
def my_one_hot(ids, n_x):
    return np.stack([(ids == k).astype(np.float64) for k in range(n_x)])
""",
    ),
    # type: int64 instead of the promised float64
    (
        "one_hot",
        "returns integers instead of float64",
        r"""
def my_one_hot(ids, n_x):
    identity = np.eye(n_x, dtype=int)
    return identity[ids]
""",
    ),
    (
        "one_hot",
        "two: True and False instead of float64, and each id shifted by one",
        r"""
def my_one_hot(ids, n_x):
    classes = np.arange(1, n_x + 1)
    return ids[:, :, np.newaxis] == classes
""",
    ),
    (
        "count_parameters",
        "the two biases are not counted",
        r"""
def my_count_parameters(n_x, n_h, n_y):
    return n_x * n_h + n_h ** 2 + n_h * n_y
""",
    ),
    (
        "count_parameters",
        "counts two biases for the state, as PyTorch has them",
        r"""
def my_count_parameters(n_x, n_h, n_y):
    rnn = n_h * n_x + n_h * n_h + n_h + n_h   # weight_ih, weight_hh, bias_ih, bias_hh
    linear = n_y * n_h + n_y
    return rnn + linear
""",
    ),
    (
        "count_parameters",
        "counts only the recurrent layer and leaves out the output layer",
        r"""
def my_count_parameters(n_x, n_h, n_y):
    # SimpleRNN: units * (units + features + 1)
    return n_h * (n_h + n_x + 1)
""",
    ),
    (
        "count_parameters",
        "W_hh is left out",
        r"""
def my_count_parameters(n_x, n_h, n_y):
    hidden = (n_x + 1) * n_h
    output = (n_h + 1) * n_y
    return hidden + output
""",
    ),
    (
        "count_parameters",
        "two: b_y is left out, and W_hh is counted as one number per unit",
        r"""
def my_count_parameters(n_x, n_h, n_y):
    sizes = [n_x * n_h, n_h, n_h, n_h * n_y]
    return sum(sizes)
""",
    ),
    # --- 01 ---------------------------------------------------------------------------------------------------------
    # extremes: large scores
    (
        "softmax",
        "no maximum is subtracted: large scores overflow",
        r"""
def my_softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
""",
    ),
    # extremes: rows far apart
    (
        "softmax",
        "subtracts the maximum of the whole array instead of each row's own",
        r"""
def my_softmax(z):
    e_z = np.exp(z - np.max(z))
    return e_z / np.sum(e_z, axis=-1, keepdims=True)
""",
    ),
    (
        "softmax",
        "normalises over the first axis instead of the last",
        r"""
def my_softmax(z):
    e_x = np.exp(z - np.max(z, axis=0, keepdims=True))
    return e_x / e_x.sum(axis=0)
""",
    ),
    (
        "softmax",
        "divides by the sum of the whole array, not of each row",
        r"""
def my_softmax(x):
    shifted = x - np.max(x, axis=-1, keepdims=True)
    ps = np.exp(shifted)
    return ps / np.sum(ps)
""",
    ),
    (
        "softmax",
        "the row sums lose their axis, so that they do not line up with the rows",
        r"""
def my_softmax(z):
    z = z - np.amax(z, axis=-1, keepdims=True)
    exps = np.exp(z)
    return exps / exps.sum(axis=-1)
""",
    ),
    (
        "softmax",
        "axis 1 is written in, which is not the last axis for one or three axes",
        r"""
def my_softmax(z):
    m = np.max(z, axis=1, keepdims=True)
    e = np.exp(z - m)
    s = np.sum(e, axis=1, keepdims=True)
    return e / s
""",
    ),
    # arguments: the scores are overwritten
    (
        "softmax",
        "writes into the caller's scores",
        r"""
def my_softmax(z):
    z -= z.max(axis=-1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)
""",
    ),
    (
        "softmax",
        "two: the maximum of the whole array and the sum of the whole array (the one-row formula)",
        r"""
def my_softmax(z):
    '''safe_softmax from above'''
    xrel = z - z.max()
    probs = np.exp(xrel)
    probs /= probs.sum()
    return probs
""",
    ),
    (
        "softmax",
        "a small number is added to the sum, so the rows do not sum to 1",
        r"""
def my_softmax(z):
    ez = np.exp(z - z.max(axis=-1, keepdims=True))
    return ez / (ez.sum(axis=-1, keepdims=True) + 1e-6)
""",
    ),
    (
        "tanh_slope",
        "squashes a second time: h is already the output of tanh",
        r"""
def my_tanh_slope(h):
    return 1.0 - np.tanh(h) ** 2
""",
    ),
    (
        "tanh_slope",
        "the slope of the sigmoid, h (1 - h), instead of tanh's",
        r"""
def my_tanh_slope(h):
    return h * (1 - h)
""",
    ),
    (
        "tanh_slope",
        "the output is not squared",
        r"""
def my_tanh_slope(h):
    ones = np.ones_like(h)
    return ones - h
""",
    ),
    (
        "tanh_slope",
        "squares by a matrix product instead of entry by entry",
        r"""
def my_tanh_slope(h):
    return 1 - np.dot(h, h)
""",
    ),
    (
        "tanh_slope",
        "two: the sigmoid's slope, and of a squashed h at that",
        r"""
def my_tanh_slope(h):
    a = np.tanh(h)
    return a * (1 - a)
""",
    ),
    (
        "softmax_backward",
        "only the diagonal of the Jacobian: the other scores' influence is left out",
        r"""
def my_softmax_backward(y, dy):
    return dy * y * (1 - y)
""",
    ),
    (
        "softmax_backward",
        "the sum runs over the whole array instead of each row",
        r"""
def my_softmax_backward(y, dy):
    dz = y * (dy - (dy * y).sum())
    return dz
""",
    ),
    (
        "softmax_backward",
        "inside the sum dy is not weighted by y",
        r"""
def my_softmax_backward(y, dy):
    total = np.sum(dy, axis=-1, keepdims=True)
    return y * (dy - total)
""",
    ),
    (
        "softmax_backward",
        "the row sums lose their axis",
        r"""
def my_softmax_backward(y, dy):
    inner = np.einsum('...i,...i->...', dy, y)
    return y * (dy - inner)
""",
    ),
    (
        "softmax_backward",
        "applies the cross-entropy shortcut y - onehot, as if dy were the right answer",
        r"""
def my_softmax_backward(y, dy):
    # derivative of softmax = prediction minus target
    return y - dy
""",
    ),
    (
        "softmax_backward",
        "two: sums along the first axis, and the factor y in front is missing",
        r"""
def my_softmax_backward(y, dy):
    return dy - np.sum(dy * y, axis=0, keepdims=True)
""",
    ),
    # --- 02 ---------------------------------------------------------------------------------------------------------
    (
        "pre_activation",
        "W_hh is transposed",
        r"""
def my_pre_activation(params, x_t, h_prev):
    return np.dot(x_t, params.W_xh) + np.dot(h_prev, params.W_hh.T) + params.b_h
""",
    ),
    (
        "pre_activation",
        "the bias is left out",
        r"""
def my_pre_activation(params, x_t, h_prev):
    return x_t @ params.W_xh + h_prev @ params.W_hh
""",
    ),
    (
        "pre_activation",
        "tanh is applied already: this is the state, not the pre-activation",
        r"""
def my_pre_activation(params, x_t, h_prev):
    W_xh, W_hh, b_h, _, _ = params
    return np.tanh(x_t.dot(W_xh) + h_prev.dot(W_hh) + b_h)
""",
    ),
    (
        "pre_activation",
        "weights on the left as for columns: the shapes do not fit rows",
        r"""
def my_pre_activation(params, x_t, h_prev):
    # Waa, Wax
    return np.dot(params.W_hh, h_prev) + np.dot(params.W_xh, x_t) + params.b_h
""",
    ),
    (
        "pre_activation",
        "the stacked input and the stacked weights stand in different orders",
        r"""
def my_pre_activation(params, x_t, h_prev):
    concat = np.hstack([h_prev, x_t])
    W = np.vstack([params.W_xh, params.W_hh])
    return concat @ W + params.b_h
""",
    ),
    (
        "pre_activation",
        "the bias is added twice, once with each product",
        r"""
def my_pre_activation(params, x_t, h_prev):
    i2h = x_t @ params.W_xh + params.b_h
    h2h = h_prev @ params.W_hh + params.b_h
    return i2h + h2h
""",
    ),
    (
        "pre_activation",
        "two: W_hh is transposed and the bias is missing",
        r"""
def my_pre_activation(params, x_t, h_prev):
    z = np.einsum('ni,ij->nj', x_t, params.W_xh)
    z += np.einsum('nk,jk->nj', h_prev, params.W_hh)
    return z
""",
    ),
    (
        "rnn_cell_forward",
        "the output is made from the old state instead of the new one",
        r"""
def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
    y_t = softmax(h_prev @ params.W_hy + params.b_y)
    return h_t, y_t, (x_t, h_prev, h_t)
""",
    ),
    (
        "rnn_cell_forward",
        "sigmoid in place of tanh",
        r"""
def sigmoid(v):
    return 1 / (1 + np.exp(-v))

def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = sigmoid(np.dot(x_t, params.W_xh) + np.dot(h_prev, params.W_hh) + params.b_h)
    y_t = softmax(np.dot(h_t, params.W_hy) + params.b_y)
    cache = (h_t, h_prev, x_t, params)
    return h_t, y_t, cache
""",
    ),
    (
        "rnn_cell_forward",
        "returns the logits: softmax is missing",
        r"""
def my_rnn_cell_forward(params, x_t, h_prev):
    hidden = np.tanh(h_prev @ params.W_hh + x_t @ params.W_xh + params.b_h)
    output = hidden @ params.W_hy + params.b_y   # CrossEntropyLoss does the softmax
    return hidden, output, None
""",
    ),
    (
        "rnn_cell_forward",
        "softmax runs down the batch (axis 0) instead of along the classes",
        r"""
def my_rnn_cell_forward(params, x_t, h_prev):
    a_next = np.tanh(np.dot(h_prev, params.W_hh) + np.dot(x_t, params.W_xh) + params.b_h)
    scores = np.dot(a_next, params.W_hy) + params.b_y
    e_x = np.exp(scores - np.max(scores))
    yt_pred = e_x / e_x.sum(axis=0)
    cache = (a_next, h_prev, x_t)
    return a_next, yt_pred, cache
""",
    ),
    (
        "rnn_cell_forward",
        "the sum of the exponentials runs over the whole batch",
        r"""
def my_rnn_cell_forward(params, x_t, h_prev):
    h = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
    y = h @ params.W_hy + params.b_y
    p = np.exp(y) / np.sum(np.exp(y))
    return h, p, {'x': x_t, 'h': h, 'h_prev': h_prev}
""",
    ),
    (
        "rnn_cell_forward",
        "W_hh is transposed",
        r"""
def my_rnn_cell_forward(params, x_t, h_prev):
    W_xh, W_hh, b_h, W_hy, b_y = params
    z_t = x_t @ W_xh + (W_hh @ h_prev.T).T + b_h
    h_t = np.tanh(z_t)
    return h_t, softmax(h_t @ W_hy + b_y), (x_t, h_prev, h_t)
""",
    ),
    (
        "rnn_cell_forward",
        "the output's bias b_y is left out",
        r"""
def my_rnn_cell_forward(params, x_t, h_prev):
    z = x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h
    h = np.tanh(z)
    logits = h @ params.W_hy
    return h, softmax(logits), (z,)
""",
    ),
    (
        "rnn_cell_forward",
        "the output is made from the pre-activation, before tanh",
        r"""
def my_rnn_cell_forward(params, x_t, h_prev):
    z = x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h
    y = softmax(z @ params.W_hy + params.b_y)
    return np.tanh(z), y, z
""",
    ),
    (
        "rnn_cell_forward",
        "tanh covers only the input's share; the memory is added outside",
        r"""
def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = np.tanh(x_t @ params.W_xh) + h_prev @ params.W_hh + params.b_h
    y_t = softmax(h_t @ params.W_hy + params.b_y)
    return h_t, y_t, (x_t, h_prev, h_t)
""",
    ),
    (
        "rnn_cell_forward",
        "returns output and state in the wrong order",
        r"""
def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
    out = softmax(h_t @ params.W_hy + params.b_y)
    return out, h_t, (x_t, h_prev)     # output, hidden
""",
    ),
    (
        "rnn_cell_forward",
        "the output goes through tanh before softmax",
        r"""
def my_rnn_cell_forward(params, x_t, h_prev):
    def layer(v, W, b):
        return np.tanh(v @ W + b)
    h_t = np.tanh(x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h)
    y_t = softmax(layer(h_t, params.W_hy, params.b_y))
    return h_t, y_t, None
""",
    ),
    (
        "rnn_cell_forward",
        "two: the bias b_h is missing, and softmax is missing",
        r"""
def my_rnn_cell_forward(params, x_t, h_prev):
    h_t = np.tanh(np.dot(x_t, params.W_xh) + np.dot(h_prev, params.W_hh))
    y_t = np.dot(h_t, params.W_hy) + params.b_y
    return h_t, y_t, (x_t, h_prev, h_t)
""",
    ),
    (
        "rnn_cell_forward",
        "two: sigmoid in place of tanh, and the output is made from the old state",
        r"""
def my_rnn_cell_forward(params, x_t, h_prev):
    z = x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h
    h_t = 1.0 / (1.0 + np.exp(-z))
    y_t = softmax(h_prev @ params.W_hy + params.b_y)
    return h_t, y_t, [z]
""",
    ),
    (
        "rnn_cell_forward",
        "three: W_hh is transposed, b_y is missing, and softmax runs down the batch",
        r"""
def my_rnn_cell_forward(params, x_t, h_prev):
    a = np.tanh(params.W_hh @ h_prev.T + params.W_xh.T @ x_t.T + params.b_h[:, None])
    s = params.W_hy.T @ a
    e = np.exp(s - s.max())
    y = e / e.sum(axis=1, keepdims=True)
    return a.T, y.T, None
""",
    ),
    (
        "from_article",
        "Waa is not transposed; it is square, so no shape complains",
        r"""
def my_from_article(parameters):
    p = parameters
    return RNNParams(p['Wam'].T, p['Waa'], p['ba'][:, 0], p['Wya'].T, p['by'][:, 0])
""",
    ),
    (
        "from_article",
        "the biases are transposed to (1, n) instead of flattened to (n,)",
        r"""
def my_from_article(parameters):
    W_xh = parameters["Wam"].T
    W_hh = parameters["Waa"].T
    W_hy = parameters["Wya"].T
    b_h = parameters["ba"].T
    b_y = parameters["by"].T
    return RNNParams(W_xh, W_hh, b_h, W_hy, b_y)
""",
    ),
    (
        "from_article",
        "the fields stand in the wrong order: W_hy where b_h belongs",
        r"""
def my_from_article(parameters):
    Wam, Waa, Wya, ba, by = (parameters[k] for k in ("Wam", "Waa", "Wya", "ba", "by"))
    return RNNParams(Wam.T, Waa.T, Wya.T, ba.ravel(), by.ravel())
""",
    ),
    (
        "from_article",
        "no weight is transposed",
        r"""
def my_from_article(parameters):
    return RNNParams(
        W_xh=parameters["Wam"],
        W_hh=parameters["Waa"],
        b_h=parameters["ba"].flatten(),
        W_hy=parameters["Wya"],
        b_y=parameters["by"].flatten(),
    )
""",
    ),
    (
        "from_article",
        "reshapes the matrices to the swapped shape instead of transposing them",
        r"""
def my_from_article(parameters):
    n_a, m = parameters["Wam"].shape
    n_y = parameters["Wya"].shape[0]
    return RNNParams(W_xh=parameters["Wam"].reshape(m, n_a), W_hh=parameters["Waa"].reshape(n_a, n_a),
                     b_h=parameters["ba"].reshape(-1), W_hy=parameters["Wya"].reshape(n_a, n_y),
                     b_y=parameters["by"].reshape(-1))
""",
    ),
    (
        "from_article",
        "asks for Coursera's name Wax, which the article's dictionary does not have",
        r"""
def my_from_article(parameters):
    Wax = parameters["Wax"]
    Waa = parameters["Waa"]
    Wya = parameters["Wya"]
    return RNNParams(Wax.T, Waa.T, parameters["ba"].squeeze(), Wya.T, parameters["by"].squeeze())
""",
    ),
    (
        "from_article",
        "two: Waa is not transposed, and the biases stay columns",
        r"""
def my_from_article(parameters):
    return RNNParams(parameters["Wam"].T, parameters["Waa"], parameters["ba"], parameters["Wya"].T, parameters["by"])
""",
    ),
    # --- 03 ---------------------------------------------------------------------------------------------------------
    (
        "scalar_forward",
        "starts from 0 instead of h0",
        r"""
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
        "h0 stands at the front of the result",
        r"""
def my_scalar_forward(w_x, w_h, b, xs, h0):
    hs = [h0]
    for x_t in xs:
        hs.append(np.tanh(w_x * x_t + w_h * hs[-1] + b))
    return hs
""",
    ),
    (
        "scalar_forward",
        "nothing is carried: every step starts from h0",
        r"""
def my_scalar_forward(w_x, w_h, b, xs, h0):
    return [np.tanh(w_x * x + w_h * h0 + b) for x in xs]
""",
    ),
    (
        "scalar_forward",
        "appends the state before it is computed, so that all are one step late",
        r"""
def my_scalar_forward(w_x, w_h, b, xs, h0):
    states = []
    h = h0
    for x in xs:
        states.append(h)
        h = np.tanh(x * w_x + h * w_h + b)
    return states
""",
    ),
    (
        "scalar_forward",
        "returns only the last state",
        r"""
def my_scalar_forward(w_x, w_h, b, xs, h0):
    h = h0
    for x in xs:
        h = np.tanh(w_x * x + w_h * h + b)
    return h
""",
    ),
    (
        "scalar_forward",
        "two: starts from 0, and carries the pre-activation instead of the state",
        r"""
def my_scalar_forward(w_x, w_h, b, xs, h0):
    z = 0
    states = []
    for x in xs:
        z = x * w_x + z * w_h + b
        states.append(np.tanh(z))
    return states
""",
    ),
    (
        "scalar_forward",
        "the weights of input and state are swapped",
        r"""
def my_scalar_forward(w_x, w_h, b, xs, h0):
    hs = np.zeros(len(xs))
    prev = h0
    for t in range(len(xs)):
        hs[t] = np.tanh(w_h * xs[t] + w_x * prev + b)
        prev = hs[t]
    return hs
""",
    ),
    (
        "rnn_forward",
        "h0 is ignored: the run always starts from zeros",
        r"""
def my_rnn_forward(params, x, h0=None):
    T, N, D = x.shape
    H = params.b_h.shape[0]
    h, y = np.zeros((T, N, H)), np.zeros((T, N, params.b_y.shape[0]))
    prev_h = np.zeros((N, H))
    for t in range(T):
        prev_h, y[t], _ = rnn_cell_forward(params, x[t], prev_h)
        h[t] = prev_h
    return h, y, (x, h, h0)
""",
    ),
    (
        "rnn_forward",
        "reads h[t - 1] at the first step, which is the still empty last row: h0 is never used",
        r"""
def my_rnn_forward(params, x, h0=None):
    T, N, _ = x.shape
    if h0 is None:
        h0 = np.zeros((N, len(params.b_h)))
    h = np.zeros((T, N, len(params.b_h)))
    y = np.zeros((T, N, len(params.b_y)))
    for t in range(T):
        h[t] = np.tanh(x[t] @ params.W_xh + h[t - 1] @ params.W_hh + params.b_h)
        y[t] = softmax(h[t] @ params.W_hy + params.b_y)
    return h, y, h0
""",
    ),
    (
        "rnn_forward",
        "the state is not carried: every step starts from h0",
        r"""
def my_rnn_forward(params, x, h0=None):
    if h0 is None:
        h0 = np.zeros((x.shape[1], params.W_hh.shape[0]))
    hs, ys, caches = [], [], []
    for x_t in x:
        h_t, y_t, cache = rnn_cell_forward(params, x_t, h0)
        hs.append(h_t)
        ys.append(y_t)
        caches.append(cache)
    return np.array(hs), np.array(ys), caches
""",
    ),
    (
        "rnn_forward",
        "walks along the batch as if it were time (batch first)",
        r"""
def my_rnn_forward(params, x, h0=None):
    batch_size, seq_len, _ = x.shape
    h_prev = np.zeros((batch_size, params.W_hh.shape[0])) if h0 is None else h0
    outputs, states = [], []
    for t in range(seq_len):
        h_prev, y_t, _ = rnn_cell_forward(params, x[:, t, :], h_prev)
        states.append(h_prev)
        outputs.append(y_t)
    return np.stack(states, axis=1), np.stack(outputs, axis=1), None
""",
    ),
    (
        "rnn_forward",
        "h0 stands among the returned states: T + 1 of them",
        r"""
def my_rnn_forward(params, x, h0=None):
    if h0 is None:
        h0 = np.zeros((x.shape[1], len(params.b_h)))
    h = [h0]
    y = []
    for x_t in x:
        h_t, y_t, _ = rnn_cell_forward(params, x_t, h[-1])
        h.append(h_t)
        y.append(y_t)
    return np.array(h), np.array(y), None
""",
    ),
    (
        "rnn_forward",
        "returns only the last state instead of all",
        r"""
def my_rnn_forward(params, x, h0=None):
    h = np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0
    ys = []
    for t in range(len(x)):
        h, y, _ = rnn_cell_forward(params, x[t], h)
        ys.append(y)
    return h, np.array(ys), None
""",
    ),
    (
        "rnn_forward",
        "`h0 or zeros` asks an array for its truth and raises",
        r"""
def my_rnn_forward(params, x, h0=None):
    h = h0 or np.zeros((x.shape[1], params.b_h.size))
    hs, ys = [], []
    for xt in x:
        h, y, _ = rnn_cell_forward(params, xt, h)
        hs += [h]
        ys += [y]
    return np.array(hs), np.array(ys), (x, hs)
""",
    ),
    (
        "rnn_forward",
        "one array is overwritten and appended again and again, so all states are the last one (and h0 too)",
        r"""
def my_rnn_forward(params, x, h0=None):
    h = np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0
    states, probs = [], []
    for x_t in x:
        h[:] = np.tanh(x_t @ params.W_xh + h @ params.W_hh + params.b_h)
        states.append(h)
        probs.append(softmax(h @ params.W_hy + params.b_y))
    return np.array(states), np.array(probs), None
""",
    ),
    (
        "rnn_forward",
        "batch and time are swapped in what it returns (stacked along axis 1)",
        r"""
def my_rnn_forward(params, x, h0=None):
    h_t = np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0
    hs, ys = [], []
    for x_t in x:
        h_t, y_t, _ = rnn_cell_forward(params, x_t, h_t)
        hs.append(h_t)
        ys.append(y_t)
    return np.stack(hs, axis=1), np.stack(ys, axis=1), None
""",
    ),
    (
        "rnn_forward",
        "each step's output is made from the state before it",
        r"""
def my_rnn_forward(params, x, h0=None):
    if h0 is None:
        h0 = np.zeros((x.shape[1], len(params.b_h)))
    xs, hs, ys = {}, {}, {}
    hs[-1] = np.copy(h0)
    for t in range(len(x)):
        xs[t] = x[t]
        hs[t] = np.tanh(np.dot(xs[t], params.W_xh) + np.dot(hs[t - 1], params.W_hh) + params.b_h)
        ys[t] = softmax(np.dot(hs[t - 1], params.W_hy) + params.b_y)
    h = np.array([hs[t] for t in range(len(x))])
    y = np.array([ys[t] for t in range(len(x))])
    return h, y, (xs, hs)
""",
    ),
    (
        "rnn_forward",
        "the first step is left out: the loop starts at 1",
        r"""
def my_rnn_forward(params, x, h0=None):
    T, N = x.shape[:2]
    h = np.zeros((T, N, len(params.b_h)))
    y = np.zeros((T, N, len(params.b_y)))
    h[0] = np.zeros((N, len(params.b_h))) if h0 is None else h0
    y[0] = softmax(h[0] @ params.W_hy + params.b_y)
    for t in range(1, T):
        h[t], y[t], _ = rnn_cell_forward(params, x[t], h[t - 1])
    return h, y, None
""",
    ),
    (
        "rnn_forward",
        "the probabilities are normalised over all steps and samples at once",
        r"""
def my_rnn_forward(params, x, h0=None):
    state = np.zeros((x.shape[1], len(params.b_h))) if h0 is None else h0
    states = []
    for frame in x:
        state = np.tanh(frame @ params.W_xh + state @ params.W_hh + params.b_h)
        states.append(state)
    states = np.stack(states)
    scores = np.exp(states @ params.W_hy + params.b_y)
    return states, scores / scores.sum(), None
""",
    ),
    (
        "rnn_forward",
        "two: h0 is ignored, and the outputs are logits without softmax",
        r"""
def my_rnn_forward(params, x, h0=None):
    W_xh, W_hh, b_h, W_hy, b_y = params
    h = np.zeros((x.shape[1], len(b_h)))
    hs = []
    for x_t in x:
        h = np.tanh(x_t @ W_xh + h @ W_hh + b_h)
        hs.append(h)
    hs = np.array(hs)
    return hs, hs @ W_hy + b_y, x
""",
    ),
    (
        "rnn_forward",
        "three: h0 is ignored, b_h is missing, and the results are batch first",
        r"""
def my_rnn_forward(params, x, h0=None):
    steps, batch, _ = x.shape
    n_h = params.W_hh.shape[1]
    n_y = params.W_hy.shape[1]
    a = np.zeros((batch, steps, n_h))
    y = np.zeros((batch, steps, n_y))
    a_next = np.zeros((batch, n_h))
    for t in range(steps):
        a_next = np.tanh(x[t].dot(params.W_xh) + a_next.dot(params.W_hh))
        a[:, t] = a_next
        y[:, t] = softmax(a_next.dot(params.W_hy) + params.b_y)
    return a, y, None
""",
    ),
    (
        "run_in_two",
        "the second piece starts from zeros: the state is not carried",
        r"""
def my_run_in_two(params, x, h0, cut):
    first, _, _ = rnn_forward(params, x[:cut], h0)
    second, _, _ = rnn_forward(params, x[cut:])
    return np.concatenate([first, second])
""",
    ),
    (
        "run_in_two",
        "the second piece starts from h0 again",
        r"""
def my_run_in_two(params, x, h0, cut):
    parts = [rnn_forward(params, piece, h0)[0] for piece in (x[:cut], x[cut:])]
    return np.vstack(parts)
""",
    ),
    (
        "run_in_two",
        "carries the first state of the first piece instead of its last",
        r"""
def my_run_in_two(params, x, h0, cut):
    a = rnn_forward(params, x[:cut], h0)[0]
    b = rnn_forward(params, x[cut:], a[0])[0]
    return np.concatenate((a, b), axis=0)
""",
    ),
    (
        "run_in_two",
        "the first piece does not get h0",
        r"""
def my_run_in_two(params, x, h0, cut):
    h1, _, c1 = rnn_forward(params, x[:cut])
    h2, _, c2 = rnn_forward(params, x[cut:], h0=h1[-1])
    return np.concatenate([h1, h2])
""",
    ),
    (
        "run_in_two",
        "the pieces overlap: step `cut` is run twice",
        r"""
def my_run_in_two(params, x, h0, cut):
    h_a, _, _ = rnn_forward(params, x[:cut], h0)
    h_b, _, _ = rnn_forward(params, x[cut - 1:], h_a[-1])
    return np.concatenate([h_a, h_b])
""",
    ),
    (
        "run_in_two",
        "two: the first piece does not get h0, and the second starts from h0",
        r"""
def my_run_in_two(params, x, h0, cut):
    before = rnn_forward(params, x[:cut], None)[0]
    after = rnn_forward(params, x[cut:], h0)[0]
    return np.concatenate([before, after])
""",
    ),
]

WRONG += [
    # --- 04 ---------------------------------------------------------------------------------------------------------
    # extremes: a probability that was rounded to 0
    (
        "cross_entropy",
        "takes the logarithm of the softmax plus a small number, which caps the loss at 27.6",
        r"""
def my_cross_entropy(logits, targets):
    keep = targets != IGNORE_INDEX
    y = softmax(logits[keep])
    right = y[np.arange(len(y)), targets[keep]]
    return float(np.mean(-np.log(right + 1e-12)))
""",
    ),
    # extremes: large scores
    (
        "cross_entropy",
        "no maximum is taken out of log-sum-exp: large scores overflow",
        r"""
def my_cross_entropy(logits, targets):
    rows = logits.reshape(-1, logits.shape[-1])
    t = targets.reshape(-1)
    rows, t = rows[t != -100], t[t != -100]
    lse = np.log(np.sum(np.exp(rows), axis=1))
    return float((lse - rows[np.arange(len(t)), t]).mean())
""",
    ),
    (
        "cross_entropy",
        "divides by the number of all places, not of those that count",
        r"""
def my_cross_entropy(logits, targets):
    mask = (targets != -100).astype(float)
    logp = logits - logits.max(-1, keepdims=True)
    logp = logp - np.log(np.exp(logp).sum(-1, keepdims=True))
    safe = np.where(targets == -100, 0, targets)
    picked = np.take_along_axis(logp, safe[..., None], axis=-1)[..., 0]
    return float(np.mean(-picked * mask))
""",
    ),
    (
        "cross_entropy",
        "the sum instead of the mean",
        r"""
def my_cross_entropy(logits, targets):
    loss = 0.0
    n_y = logits.shape[-1]
    for z, k in zip(logits.reshape(-1, n_y), targets.reshape(-1)):
        if k == -100:
            continue
        m = z.max()
        loss += m + np.log(np.exp(z - m).sum()) - z[k]
    return float(loss)
""",
    ),
    (
        "cross_entropy",
        "divides by the size of the batch alone",
        r"""
def my_cross_entropy(logits, targets):
    # temporal softmax loss: sum over time, mean over the minibatch
    T, N, V = logits.shape
    x_flat = logits.reshape(N * T, V)
    y_flat = targets.reshape(N * T)
    mask = y_flat != -100
    probs = np.exp(x_flat - np.max(x_flat, axis=1, keepdims=True))
    probs /= np.sum(probs, axis=1, keepdims=True)
    loss = -np.sum(mask * np.log(probs[np.arange(N * T), np.where(mask, y_flat, 0)])) / N
    return float(loss)
""",
    ),
    (
        "cross_entropy",
        "the target -100 is used as an index: places that do not count are not left out",
        r"""
def my_cross_entropy(logits, targets):
    n_y = logits.shape[-1]
    z = logits.reshape(-1, n_y)
    z = z - z.max(axis=1, keepdims=True)
    t = targets.reshape(-1)
    log_probs = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return float(-log_probs[np.arange(len(t)), t].mean())
""",
    ),
    (
        "cross_entropy",
        "leaves out class 0 as well, as if it were padding",
        r"""
def my_cross_entropy(logits, targets):
    valid = targets > 0
    z, t = logits[valid], targets[valid]
    z = z - z.max(axis=-1, keepdims=True)
    return float(np.mean(np.log(np.exp(z).sum(-1)) - z[np.arange(len(t)), t]))
""",
    ),
    (
        "cross_entropy",
        "the logarithm to base 2: bits instead of nats",
        r"""
def my_cross_entropy(logits, targets):
    counts = targets != -100
    p = softmax(logits[counts])
    return float(-np.log2(p[np.arange(p.shape[0]), targets[counts]]).mean())
""",
    ),
    (
        "cross_entropy",
        "softmax is applied twice",
        r"""
def my_cross_entropy(logits, targets):
    probs = softmax(logits)
    return cross_entropy(probs, targets)
""",
    ),
    (
        "cross_entropy",
        "the mean of each sequence's mean: short sequences count too much",
        r"""
def my_cross_entropy(logits, targets):
    per_sequence = []
    for n in range(targets.shape[1]):
        keep = targets[:, n] != -100
        if not keep.any():
            continue
        z = logits[keep, n]
        m = z.max(axis=1)
        nll = m + np.log(np.exp(z - m[:, None]).sum(axis=1)) - z[range(len(z)), targets[keep, n]]
        per_sequence.append(nll.mean())
    return float(np.mean(per_sequence))
""",
    ),
    (
        "cross_entropy",
        "the maximum is taken out of the sum, but not off the right score",
        r"""
def my_cross_entropy(logits, targets):
    keep = targets != -100
    z, t = logits[keep], targets[keep]
    m = z.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(z - m).sum(axis=1))
    return float((log_sum - z[np.arange(len(z)), t]).mean())
""",
    ),
    (
        "cross_entropy",
        "the mean also runs over the classes: n_y times too small",
        r"""
def my_cross_entropy(logits, targets):
    keep = targets != -100
    t = np.eye(logits.shape[-1])[targets[keep]]
    z = logits[keep] - logits[keep].max(axis=-1, keepdims=True)
    log_y = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return float(-np.mean(t * log_y))
""",
    ),
    (
        "cross_entropy",
        "two: the sum instead of the mean, and the maximum of the whole array",
        r"""
def my_cross_entropy(logits, targets):
    probs = np.exp(logits - np.max(logits))
    probs = probs / np.sum(probs, axis=-1, keepdims=True)
    loss = 0
    for idx in np.ndindex(targets.shape):
        if targets[idx] != -100:
            loss += -np.log(probs[idx][targets[idx]])
    return float(loss)
""",
    ),
    (
        "cross_entropy",
        "three: bits instead of nats, divided by all places, and no maximum is subtracted",
        r"""
def my_cross_entropy(logits, targets):
    e = np.exp(logits)
    y = e / e.sum(axis=-1, keepdims=True)
    flat_y, flat_t = y.reshape(-1, y.shape[-1]), targets.ravel()
    total = 0.0
    for row, k in zip(flat_y, flat_t):
        if k != -100:
            total -= np.log2(row[k])
    return float(total / flat_t.size)
""",
    ),
    (
        "logits_gradient",
        "is not divided by the number of targets",
        r"""
def my_logits_gradient(logits, targets):
    dy = softmax(logits)
    for idx in np.ndindex(targets.shape):
        if targets[idx] == -100:
            dy[idx] = 0
        else:
            dy[idx][targets[idx]] -= 1   # backprop into y
    return dy
""",
    ),
    (
        "logits_gradient",
        "divides by the number of all places, not of those that count",
        r"""
def my_logits_gradient(logits, targets):
    n_y = logits.shape[-1]
    grad = softmax(logits).reshape(-1, n_y)
    t = targets.reshape(-1)
    keep = np.nonzero(t != -100)[0]
    grad[keep, t[keep]] -= 1
    grad[t == -100] = 0
    return (grad / len(t)).reshape(logits.shape)
""",
    ),
    (
        "logits_gradient",
        "divides by the size of the batch alone",
        r"""
def my_logits_gradient(logits, targets):
    mask = targets != -100
    N = logits.shape[-2]
    dx = softmax(logits)
    dx[mask, targets[mask]] -= 1
    dx /= N
    dx *= mask[..., None]
    return dx
""",
    ),
    (
        "logits_gradient",
        "rows that do not count keep their softmax instead of zeros",
        r"""
def my_logits_gradient(logits, targets):
    keep = targets != IGNORE_INDEX
    d = softmax(logits)
    d[keep, targets[keep]] -= 1.0
    return d / keep.sum()
""",
    ),
    (
        "logits_gradient",
        "the sign is turned: what was right minus what was said",
        r"""
def my_logits_gradient(logits, targets):
    counts = targets != -100
    onehot = np.zeros_like(logits)
    onehot[counts, targets[counts]] = 1
    error = onehot - softmax(logits)
    return np.where(counts[..., None], error, 0) / np.count_nonzero(counts)
""",
    ),
    (
        "logits_gradient",
        "goes through the softmax's slope once more, although y - onehot contains it",
        r"""
def my_logits_gradient(logits, targets):
    counts = targets != -100
    y = softmax(logits)
    dy = y.copy()
    dy[counts, targets[counts]] -= 1
    dy[~counts] = 0
    dz = y * (dy - (dy * y).sum(axis=-1, keepdims=True))
    return dz / counts.sum()
""",
    ),
    (
        "logits_gradient",
        "stops at the gradient of the probabilities, -1/y: softmax's share is missing",
        r"""
def my_logits_gradient(logits, targets):
    counts = targets != -100
    y = softmax(logits)
    dy = np.zeros_like(y)
    dy[counts, targets[counts]] = -1.0 / y[counts, targets[counts]]
    return dy / counts.sum()
""",
    ),
    (
        "logits_gradient",
        "1 is subtracted in every column that is a target anywhere, not only in the row's own",
        r"""
def my_logits_gradient(logits, targets):
    n_y = logits.shape[-1]
    d = softmax(logits).reshape(-1, n_y)
    t = targets.reshape(-1)
    keep = t != -100
    d[:, t[keep]] -= 1
    d[~keep] = 0
    return d.reshape(logits.shape) / keep.sum()
""",
    ),
    # arguments: the caller's logits are overwritten
    (
        "logits_gradient",
        "writes into the caller's logits",
        r"""
def my_logits_gradient(logits, targets):
    keep = targets != -100
    dlogits = logits
    dlogits -= dlogits.max(axis=-1, keepdims=True)
    np.exp(dlogits, out=dlogits)
    dlogits /= dlogits.sum(axis=-1, keepdims=True)
    dlogits[keep, targets[keep]] -= 1
    dlogits[~keep] = 0
    dlogits /= keep.sum()
    return dlogits
""",
    ),
    (
        "logits_gradient",
        "the target -100 is used as an index",
        r"""
def my_logits_gradient(logits, targets):
    T, N, V = logits.shape
    d = softmax(logits)
    d[np.arange(T)[:, None], np.arange(N)[None, :], targets] -= 1
    return d / (T * N)
""",
    ),
    (
        "logits_gradient",
        "divides by the number of all entries, classes included",
        r"""
def my_logits_gradient(logits, targets):
    ok = targets != -100
    g = softmax(logits) - np.eye(logits.shape[-1])[np.where(ok, targets, 0)]
    g = g * ok[..., None]
    return g / (ok.sum() * logits.shape[-1])
""",
    ),
    (
        "logits_gradient",
        "two: not divided, and rows that do not count are not zeroed",
        r"""
def my_logits_gradient(logits, targets):
    dy = np.copy(softmax(logits))
    for t in range(targets.shape[0]):
        for n in range(targets.shape[1]):
            if targets[t, n] >= 0:
                dy[t, n, targets[t, n]] -= 1
    return dy
""",
    ),
    (
        "logits_gradient",
        "two: the sign is turned, and it divides by all places",
        r"""
def my_logits_gradient(logits, targets):
    y = softmax(logits)
    Y = np.zeros(logits.shape)
    it = np.nditer(targets, flags=["multi_index"])
    for k in it:
        if k != -100:
            Y[it.multi_index + (int(k),)] = 1.0
        else:
            Y[it.multi_index] = y[it.multi_index]
    return (Y - y) / targets.size
""",
    ),
    (
        "logits_gradient",
        "three: softmax over the whole array, not divided, and rows that do not count are not zeroed",
        r"""
def my_logits_gradient(logits, targets):
    e = np.exp(logits - logits.max())
    p = e / e.sum()
    m = targets != -100
    p[m, targets[m]] -= 1
    return p
""",
    ),
    (
        "output_backward",
        "W_hy is not transposed, so that the shapes do not fit",
        r"""
def my_output_backward(W_hy, h, dlogits):
    dh = np.dot(dlogits, W_hy)
    h2 = h.reshape(-1, h.shape[-1])
    d2 = dlogits.reshape(-1, dlogits.shape[-1])
    return dh, h2.T @ d2, d2.sum(0)
""",
    ),
    (
        "output_backward",
        "the bias takes the mean over the rows instead of the sum",
        r"""
def my_output_backward(W_hy, h, dlogits):
    rows = h.reshape(-1, h.shape[-1])
    drows = dlogits.reshape(-1, dlogits.shape[-1])
    return dlogits @ W_hy.T, rows.T @ drows, drows.mean(axis=0)
""",
    ),
    (
        "output_backward",
        "the weights hear only the last step",
        r"""
def my_output_backward(W_hy, h, dlogits):
    dW_hy = np.zeros_like(W_hy)
    db_y = np.zeros(W_hy.shape[1])
    dh = np.zeros_like(h)
    for t in range(h.shape[0]):
        dW_hy = h[t].T @ dlogits[t]
        db_y = dlogits[t].sum(axis=0)
        dh[t] = dlogits[t] @ W_hy.T
    return dh, dW_hy, db_y
""",
    ),
    (
        "output_backward",
        "h is reshaped to (n_h, rows) instead of transposed: the shape fits, the numbers do not",
        r"""
def my_output_backward(W_hy, h, dlogits):
    n_h, n_y = W_hy.shape
    dW_hy = h.reshape(n_h, -1) @ dlogits.reshape(-1, n_y)
    db_y = dlogits.reshape(-1, n_y).sum(axis=0)
    dh = dlogits @ W_hy.T
    return dh, dW_hy, db_y
""",
    ),
    (
        "output_backward",
        "db_y is summed over the first axis only",
        r"""
def my_output_backward(W_hy, h, dlogits):
    dh = dlogits @ W_hy.T
    dW = np.tensordot(h, dlogits, axes=(list(range(h.ndim - 1)), list(range(h.ndim - 1))))
    db = np.sum(dlogits, axis=0)
    return dh, dW, db
""",
    ),
    (
        "output_backward",
        "the order of the three is wrong: dW_hy, db_y, dh",
        r"""
def my_output_backward(W_hy, h, dlogits):
    x = h.reshape(-1, W_hy.shape[0])
    dout = dlogits.reshape(-1, W_hy.shape[1])
    dx = dout.dot(W_hy.T).reshape(h.shape)
    dw = x.T.dot(dout)
    db = np.sum(dout, axis=0)
    return dw, db, dx
""",
    ),
    (
        "output_backward",
        "two: the weights and the bias are divided by the number of rows once more",
        r"""
def my_output_backward(W_hy, h, dlogits):
    A = h.reshape(-1, h.shape[-1])
    dZ = dlogits.reshape(-1, dlogits.shape[-1])
    m = A.shape[0]
    dW = 1 / m * np.dot(A.T, dZ)
    db = 1 / m * np.sum(dZ, axis=0)
    return np.dot(dlogits, W_hy.T), dW, db
""",
    ),
    # --- 05 ---------------------------------------------------------------------------------------------------------
    (
        "tanh_backward",
        "the upstream gradient is not used: the slope alone",
        r"""
def my_tanh_backward(h_t, dh_t):
    dtanh = 1 - h_t ** 2
    return dtanh
""",
    ),
    (
        "tanh_backward",
        "squashes a second time",
        r"""
def my_tanh_backward(h_t, dh_t):
    return dh_t * (1 - np.square(np.tanh(h_t)))
""",
    ),
    (
        "tanh_backward",
        "a matrix product instead of a product entry by entry",
        r"""
def my_tanh_backward(h_t, dh_t):
    return np.dot(dh_t, (1 - h_t * h_t).T)
""",
    ),
    (
        "tanh_backward",
        "the bracket is missing: dh is multiplied by 1 and h squared is subtracted",
        r"""
def my_tanh_backward(h_t, dh_t):
    return dh_t * 1 - h_t ** 2
""",
    ),
    (
        "tanh_backward",
        "the slope is taken of the gradient: the two arguments are exchanged",
        r"""
def my_tanh_backward(h_t, dh_t):
    return h_t * (1 - dh_t ** 2)
""",
    ),
    (
        "tanh_backward",
        "two: squashes a second time, and the upstream gradient is added instead of multiplied",
        r"""
def my_tanh_backward(h_t, dh_t):
    slope = 1 - np.tanh(h_t) ** 2
    return dh_t + slope
""",
    ),
    (
        "bias_gradient",
        "the mean over the batch instead of the sum",
        r"""
def my_bias_gradient(dz_t):
    return np.mean(dz_t, axis=0)
""",
    ),
    (
        "bias_gradient",
        "sums over the units (axis 1) instead of the samples",
        r"""
def my_bias_gradient(dz_t):
    return dz_t.sum(axis=1)
""",
    ),
    (
        "bias_gradient",
        "keeps the batch axis: (1, n_h) instead of (n_h,)",
        r"""
def my_bias_gradient(dz_t):
    return np.sum(dz_t, axis=0, keepdims=True)
""",
    ),
    (
        "bias_gradient",
        "sums everything to one number",
        r"""
def my_bias_gradient(dz_t):
    db = np.sum(dz_t)
    return db
""",
    ),
    (
        "bias_gradient",
        "nothing is summed: dz itself",
        r"""
def my_bias_gradient(dz_t):
    # d(xW + b)/db = 1
    return dz_t * 1.0
""",
    ),
    (
        "bias_gradient",
        "two: Coursera's line for columns: the wrong axis, and the axis is kept",
        r"""
def my_bias_gradient(dz_t):
    dba = np.sum(dz_t, axis=1, keepdims=True)
    return dba
""",
    ),
    (
        "rnn_cell_backward",
        "W_hh is not transposed on the way to h_prev",
        r"""
def my_rnn_cell_backward(params, cache, dh_t):
    x, h_pre, h = cache
    dtanh = dh_t * (1 - np.square(h))
    dWh = np.dot(h_pre.T, dtanh)
    dWx = np.dot(x.T, dtanh)
    d_h_pre = np.dot(dtanh, params.W_hh)
    dx = np.dot(dtanh, params.W_xh.T)
    return dx, d_h_pre, dWx, dWh, dtanh.sum(axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "dW_hh is made with the new state h_t instead of h_prev",
        r"""
def my_rnn_cell_backward(params, cache, dh_t):
    dz = dh_t * (1 - cache.h_t ** 2)
    dW_xh = cache.x_t.T @ dz
    dW_hh = cache.h_t.T @ dz
    db_h = dz.sum(axis=0)
    dx_t = dz @ params.W_xh.T
    dh_prev = dz @ params.W_hh.T
    return dx_t, dh_prev, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_cell_backward",
        "the upstream gradient is not used",
        r"""
def my_rnn_cell_backward(params, cache, dh_t):
    dz = 1 - cache.h_t ** 2
    return (dz @ params.W_xh.T, dz @ params.W_hh.T, cache.x_t.T @ dz, cache.h_prev.T @ dz, dz.sum(0))
""",
    ),
    (
        "rnn_cell_backward",
        "squashes a second time: tanh of h_t in the slope",
        r"""
def my_rnn_cell_backward(params, cache, dh_t):
    x_t, h_prev, h_t = cache
    raw = (1 - np.tanh(h_t) ** 2) * dh_t
    return np.dot(raw, params.W_xh.T), np.dot(raw, params.W_hh.T), np.dot(x_t.T, raw), np.dot(h_prev.T, raw), raw.sum(axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "weights and bias are averaged over the batch instead of summed",
        r"""
def my_rnn_cell_backward(params, cache, dh_t):
    x_t, h_prev, h_t = cache
    m = x_t.shape[0]
    dz = dh_t * (1 - h_t ** 2)
    dW_xh = x_t.T @ dz / m
    dW_hh = h_prev.T @ dz / m
    db_h = dz.sum(axis=0) / m
    return dz @ params.W_xh.T, dz @ params.W_hh.T, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_cell_backward",
        "the gradients come back weights first",
        r"""
def my_rnn_cell_backward(params, cache, dh_t):
    dz = dh_t * (1 - cache.h_t ** 2)
    dWxh = np.dot(cache.x_t.T, dz)
    dWhh = np.dot(cache.h_prev.T, dz)
    dbh = np.sum(dz, axis=0)
    dx = np.dot(dz, params.W_xh.T)
    dhprev = np.dot(dz, params.W_hh.T)
    return dWxh, dWhh, dbh, dx, dhprev
""",
    ),
    (
        "rnn_cell_backward",
        "the slope is taken at the old state instead of the new one",
        r"""
def my_rnn_cell_backward(params, cache, dh_t):
    dz_t = dh_t * (1 - cache.h_prev ** 2)
    grads = {}
    grads['x'] = dz_t @ params.W_xh.T
    grads['h'] = dz_t @ params.W_hh.T
    grads['Wx'] = cache.x_t.T @ dz_t
    grads['Wh'] = cache.h_prev.T @ dz_t
    grads['b'] = np.sum(dz_t, axis=0)
    return tuple(grads.values())
""",
    ),
    (
        "rnn_cell_backward",
        "the slope is applied after W_hh on the way to h_prev, not before",
        r"""
def my_rnn_cell_backward(params, cache, dh_t):
    x_t, h_prev, h_t = cache
    slope = 1 - h_t ** 2
    dz = dh_t * slope
    dh_prev = (dh_t @ params.W_hh.T) * slope
    return dz @ params.W_xh.T, dh_prev, x_t.T @ dz, h_prev.T @ dz, dz.sum(axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "the cache is unpacked in the wrong order: h_prev and h_t are exchanged",
        r"""
def my_rnn_cell_backward(params, cache, dh_t):
    x_t, h_next, h_prev = cache
    dz = dh_t * (1 - h_next ** 2)
    dx = dz @ params.W_xh.T
    dprev_h = dz @ params.W_hh.T
    dWx = x_t.T @ dz
    dWh = h_prev.T @ dz
    db = np.sum(dz, axis=0)
    return dx, dprev_h, dWx, dWh, db
""",
    ),
    (
        "rnn_cell_backward",
        "the input's gradient is dz itself, without W_xh",
        r"""
def my_rnn_cell_backward(params, cache, dh_t):
    dxt = (1 - cache.h_t ** 2) * dh_t
    dWax = np.dot(cache.x_t.T, dxt)
    dWaa = np.dot(cache.h_prev.T, dxt)
    da_prev = np.dot(dxt, params.W_hh.T)
    dba = dxt.sum(axis=0)
    return dxt, da_prev, dWax, dWaa, dba
""",
    ),
    (
        "rnn_cell_backward",
        "the upstream gradient is also handed on directly to h_prev, as by a shortcut",
        r"""
def my_rnn_cell_backward(params, cache, dh_t):
    dz = dh_t - dh_t * cache.h_t ** 2
    dh_prev = dh_t + dz @ params.W_hh.T
    return dz @ params.W_xh.T, dh_prev, cache.x_t.T @ dz, cache.h_prev.T @ dz, dz.sum(axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "two: W_hh is not transposed, and dW_hh uses the new state",
        r"""
def my_rnn_cell_backward(params, cache, dh_t):
    dz = np.multiply(dh_t, 1 - np.power(cache.h_t, 2))
    dx = np.matmul(dz, np.transpose(params.W_xh))
    dhp = np.matmul(dz, params.W_hh)
    dU = np.matmul(np.transpose(cache.x_t), dz)
    dW = np.matmul(np.transpose(cache.h_t), dz)
    return dx, dhp, dU, dW, np.sum(dz, axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "two: squashes a second time, and the bias is a mean with an axis too many",
        r"""
def my_rnn_cell_backward(params, cache, dh_t):
    x_t, h_prev, h_t = cache
    dtanh = dh_t * (1 - np.tanh(h_t) ** 2)
    db = np.mean(dtanh, axis=0, keepdims=True)
    return dtanh @ params.W_xh.T, dtanh @ params.W_hh.T, x_t.T @ dtanh, h_prev.T @ dtanh, db
""",
    ),
    (
        "rnn_cell_backward",
        "three: no upstream gradient, dx is dz itself, and dW_hh uses the new state",
        r"""
def my_rnn_cell_backward(params, cache, dh_t):
    z = 1 - cache.h_t * cache.h_t
    return z, z @ params.W_hh.T, cache.x_t.T @ z, cache.h_t.T @ z, z.sum(axis=0)
""",
    ),
]

WRONG += [
    # --- 06 ---------------------------------------------------------------------------------------------------------
    (
        "step_back",
        "the carry is not added",
        r"""
def my_step_back(params, h_t, dh_t, dh_carry):
    dz_t = dh_t * (1 - h_t ** 2)
    return dz_t, dz_t @ params.W_hh.T
""",
    ),
    (
        "step_back",
        "the carry is added after the slope",
        r"""
def my_step_back(params, h_t, dh_t, dh_carry):
    dz = (1 - h_t * h_t) * dh_t + dh_carry
    return dz, np.dot(dz, params.W_hh.T)
""",
    ),
    (
        "step_back",
        "only the carry goes through the slope, the own output's share does not",
        r"""
def my_step_back(params, h_t, dh_t, dh_carry):
    dz = dh_t + dh_carry * (1 - h_t ** 2)
    carry = dz @ params.W_hh.T
    return dz, carry
""",
    ),
    (
        "step_back",
        "W_hh is not transposed",
        r"""
def my_step_back(params, h_t, dh_t, dh_carry):
    dh = dh_t + dh_carry
    dhraw = (1 - h_t * h_t) * dh
    dhnext = np.dot(dhraw, params.W_hh)
    return dhraw, dhnext
""",
    ),
    (
        "step_back",
        "the two results come back in the wrong order",
        r"""
def my_step_back(params, h_t, dh_t, dh_carry):
    total = dh_t + dh_carry
    dz = total * (1 - h_t ** 2)
    return dz @ params.W_hh.T, dz
""",
    ),
    (
        "step_back",
        "the new carry skips the slope: the total, not dz, goes through W_hh",
        r"""
def my_step_back(params, h_t, dh_t, dh_carry):
    total = dh_t + dh_carry
    dz_t = total * (1 - h_t ** 2)
    dh_carry = total @ params.W_hh.T
    return dz_t, dh_carry
""",
    ),
    (
        "step_back",
        "squashes a second time",
        r"""
def my_step_back(params, h_t, dh_t, dh_carry):
    def dtanh(z):
        return 1 - np.tanh(z) ** 2
    dz_t = (dh_t + dh_carry) * dtanh(h_t)
    return dz_t, dz_t @ params.W_hh.T
""",
    ),
    # arguments: dh_t is overwritten
    (
        "step_back",
        "the carry is written into the caller's dh_t",
        r"""
def my_step_back(params, h_t, dh_t, dh_carry):
    dh_t += dh_carry
    dz_t = dh_t * (1 - h_t ** 2)
    return dz_t, dz_t @ params.W_hh.T
""",
    ),
    (
        "step_back",
        "the old carry is added to the new one once more",
        r"""
def my_step_back(params, h_t, dh_t, dh_carry):
    dz_t = (dh_t + dh_carry) * (1 - h_t ** 2)
    dh_carry = dh_carry + dz_t @ params.W_hh.T
    return dz_t, dh_carry
""",
    ),
    (
        "step_back",
        "the mean of both roads instead of their sum",
        r"""
def my_step_back(params, h_t, dh_t, dh_carry):
    dh = 0.5 * (dh_t + dh_carry)
    dz = dh * (1 - h_t ** 2)
    return dz, dz @ params.W_hh.T
""",
    ),
    (
        "step_back",
        "two: the carry is added after the slope, and W_hh is not transposed",
        r"""
def my_step_back(params, h_t, dh_t, dh_carry):
    slope = 1 - np.square(h_t)
    dz = dh_t * slope + dh_carry
    return dz, dz @ params.W_hh
""",
    ),
    (
        "step_back",
        "two: the carry is not added, and the slope is left out",
        r"""
def my_step_back(params, h_t, dh_t, dh_carry):
    dz_t = dh_t.copy()
    return dz_t, dz_t @ params.W_hh.T
""",
    ),
    (
        "step_back",
        "three: squashes a second time, W_hh is not transposed, and the results are exchanged",
        r"""
def my_step_back(params, h_t, dh_t, dh_carry):
    dz = (dh_t + dh_carry) * (1 - np.tanh(h_t) ** 2)
    return dz @ params.W_hh, dz
""",
    ),
    (
        "rnn_backward",
        "the carry is not added: each step hears only its own output",
        r"""
def my_rnn_backward(params, cache, dh):
    T, N, H = dh.shape
    dx = np.zeros_like(cache.x)
    dWx, dWh, db = np.zeros_like(params.W_xh), np.zeros_like(params.W_hh), np.zeros(H)
    for t in range(T - 1, -1, -1):
        raw = dh[t] * (1 - cache.states[t + 1] ** 2)
        dx[t] = raw @ params.W_xh.T
        dprev = raw @ params.W_hh.T
        dWx += cache.x[t].T @ raw
        dWh += cache.states[t].T @ raw
        db += raw.sum(axis=0)
    return dx, dprev, dWx, dWh, db
""",
    ),
    (
        "rnn_backward",
        "the carry is added after the slope",
        r"""
def my_rnn_backward(params, cache, dh):
    h = cache.states
    dx = np.empty_like(cache.x)
    grads = [np.zeros_like(params.W_xh), np.zeros_like(params.W_hh), np.zeros_like(params.b_h)]
    carry = np.zeros_like(h[0])
    for t in reversed(range(dh.shape[0])):
        dz = (1 - h[t + 1] ** 2) * dh[t] + carry
        grads[0] += cache.x[t].T @ dz
        grads[1] += h[t].T @ dz
        grads[2] += dz.sum(0)
        dx[t] = dz @ params.W_xh.T
        carry = dz @ params.W_hh.T
    return dx, carry, *grads
""",
    ),
    (
        "rnn_backward",
        "W_hh is not transposed in the carry",
        r"""
def my_rnn_backward(params, cache, dh):
    dWxh, dWhh, dbh = np.zeros_like(params.W_xh), np.zeros_like(params.W_hh), np.zeros_like(params.b_h)
    dxs = np.zeros_like(cache.x)
    dhnext = np.zeros_like(cache.states[0])
    for t in reversed(range(len(cache.x))):
        hs_t, hs_before = cache.states[t + 1], cache.states[t]
        dhraw = (1 - hs_t * hs_t) * (dh[t] + dhnext)   # backprop through tanh nonlinearity
        dbh += dhraw.sum(axis=0)
        dWxh += np.dot(cache.x[t].T, dhraw)
        dWhh += np.dot(hs_before.T, dhraw)
        dxs[t] = np.dot(dhraw, params.W_xh.T)
        dhnext = np.dot(dhraw, params.W_hh)
    return dxs, dhnext, dWxh, dWhh, dbh
""",
    ),
    (
        "rnn_backward",
        "dW_hh is made with the new state at every step",
        r"""
def my_rnn_backward(params, cache, dh):
    x, h = cache.x, cache.states[1:]
    T = len(x)
    dz = np.zeros_like(dh)
    carry = np.zeros_like(dh[0])
    for t in range(T)[::-1]:
        dz[t] = (dh[t] + carry) * (1 - h[t] ** 2)
        carry = dz[t] @ params.W_hh.T
    dW_xh = np.einsum('tni,tnj->ij', x, dz)
    dW_hh = np.einsum('tni,tnj->ij', h, dz)
    return dz @ params.W_xh.T, carry, dW_xh, dW_hh, dz.sum(axis=(0, 1))
""",
    ),
    (
        "rnn_backward",
        "at the first step h[t - 1] is the last state instead of h0",
        r"""
def my_rnn_backward(params, cache, dh):
    h = cache.states[1:]
    dx, dh_carry = np.zeros_like(cache.x), np.zeros_like(h[0])
    dW_xh, dW_hh, db_h = 0, 0, 0
    for t in reversed(range(len(dh))):
        dz_t = (dh[t] + dh_carry) * (1 - h[t] ** 2)
        dx[t] = dz_t @ params.W_xh.T
        dW_xh = dW_xh + cache.x[t].T @ dz_t
        dW_hh = dW_hh + h[t - 1].T @ dz_t
        db_h = db_h + dz_t.sum(axis=0)
        dh_carry = dz_t @ params.W_hh.T
    return dx, dh_carry, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "walks forward in time instead of backward",
        r"""
def my_rnn_backward(params, cache, dh):
    dx = np.zeros_like(cache.x)
    dh_carry = np.zeros_like(cache.states[0])
    dW_xh, dW_hh, db_h = np.zeros_like(params.W_xh), np.zeros_like(params.W_hh), np.zeros_like(params.b_h)
    for t in range(len(dh)):
        step = CellCache(cache.x[t], cache.states[t], cache.states[t + 1])
        g = rnn_cell_backward(params, step, dh[t] + dh_carry)
        dx[t], dh_carry = g.x_t, g.h_prev
        dW_xh += g.W_xh
        dW_hh += g.W_hh
        db_h += g.b_h
    return dx, dh_carry, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "the weights' gradients are overwritten at each step instead of added up",
        r"""
def my_rnn_backward(params, cache, dh):
    dx = np.zeros_like(cache.x)
    dprev_h = np.zeros_like(cache.states[0])
    for t in reversed(range(len(dh))):
        step = CellCache(cache.x[t], cache.states[t], cache.states[t + 1])
        dx[t], dprev_h, dW_xh, dW_hh, db_h = rnn_cell_backward(params, step, dh[t] + dprev_h)
    return dx, dprev_h, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "the weights' gradients are divided by the number of steps",
        r"""
def my_rnn_backward(params, cache, dh):
    T = dh.shape[0]
    dx = np.zeros_like(cache.x)
    carry = np.zeros_like(cache.states[0])
    total = [np.zeros_like(p) for p in (params.W_xh, params.W_hh, params.b_h)]
    for t in reversed(range(T)):
        g = rnn_cell_backward(params, CellCache(cache.x[t], cache.states[t], cache.states[t + 1]), dh[t] + carry)
        dx[t] = g.x_t
        carry = g.h_prev
        for into, share in zip(total, g[2:]):
            into += share / T
    return dx, carry, *total
""",
    ),
    # arguments: dh is overwritten
    (
        "rnn_backward",
        "the carry is written into the caller's dh",
        r"""
def my_rnn_backward(params, cache, dh):
    h0, h = cache.states[0], cache.states[1:]
    dx = np.zeros_like(cache.x)
    dW_xh, dW_hh, db_h = np.zeros_like(params.W_xh), np.zeros_like(params.W_hh), np.zeros_like(params.b_h)
    for t in reversed(range(len(dh))):
        before = h[t - 1] if t else h0
        dz = dh[t] * (1 - h[t] ** 2)
        dW_xh += cache.x[t].T @ dz
        dW_hh += before.T @ dz
        db_h += dz.sum(axis=0)
        dx[t] = dz @ params.W_xh.T
        back = dz @ params.W_hh.T
        if t > 0:
            dh[t - 1] += back
    return dx, back, dW_xh, dW_hh, db_h
""",
    ),
    # extremes: entries above 5
    (
        "rnn_backward",
        "clips each entry of the weights' gradients to -5..5",
        r"""
def my_rnn_backward(params, cache, dh):
    dx, dh0, dWxh, dWhh, dbh = [g.copy() for g in rnn_backward(params, cache, dh)]
    for dparam in [dWxh, dWhh, dbh]:
        np.clip(dparam, -5, 5, out=dparam)   # clip to mitigate exploding gradients
    return dx, dh0, dWxh, dWhh, dbh
""",
    ),
    (
        "rnn_backward",
        "dh0 is zeros: the last carry is thrown away",
        r"""
def my_rnn_backward(params, cache, dh):
    x, states = cache
    dh_next = np.zeros((dh.shape[1], dh.shape[2]))
    dh0 = np.zeros_like(states[0])
    dx, dU, dW, db = np.zeros(x.shape), np.zeros(params.W_xh.shape), np.zeros(params.W_hh.shape), np.zeros(params.b_h.shape)
    for t in reversed(range(x.shape[0])):
        delta = (dh[t] + dh_next) * (1 - states[t + 1] ** 2)
        dU += x[t].T.dot(delta)
        dW += states[t].T.dot(delta)
        db += delta.sum(0)
        dx[t] = delta.dot(params.W_xh.T)
        dh_next = delta.dot(params.W_hh.T)
    return dx, dh0, dU, dW, db
""",
    ),
    (
        "rnn_backward",
        "dx is collected on the way back and never turned round: its steps stand in reverse",
        r"""
def my_rnn_backward(params, cache, dh):
    dxs = []
    carry = 0
    dW_xh = np.zeros_like(params.W_xh)
    dW_hh = np.zeros_like(params.W_hh)
    db_h = np.zeros_like(params.b_h)
    for x_t, h_prev, h_t, dh_t in zip(cache.x[::-1], cache.states[-2::-1], cache.states[:0:-1], dh[::-1]):
        dz = (dh_t + carry) * (1 - h_t ** 2)
        dxs.append(dz @ params.W_xh.T)
        carry = dz @ params.W_hh.T
        dW_xh += x_t.T @ dz
        dW_hh += h_prev.T @ dz
        db_h += dz.sum(axis=0)
    return np.array(dxs), carry, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "the slope is taken one step too early: states[t] is h_{t-1} when t counts from 0",
        r"""
def my_rnn_backward(params, cache, dh):
    dx, carry = np.zeros_like(cache.x), np.zeros_like(cache.states[0])
    dW_xh, dW_hh, db_h = np.zeros_like(params.W_xh), np.zeros_like(params.W_hh), np.zeros_like(params.b_h)
    for t in reversed(range(len(dh))):
        dz = (dh[t] + carry) * (1 - cache.states[t] ** 2)
        dx[t] = dz @ params.W_xh.T
        dW_xh += cache.x[t].T @ dz
        dW_hh += cache.states[t].T @ dz
        db_h += np.sum(dz, axis=0)
        carry = dz @ params.W_hh.T
    return dx, carry, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "the loop stops before the first step, which gets nothing",
        r"""
def my_rnn_backward(params, cache, dh):
    T = len(dh)
    dx, carry = np.zeros_like(cache.x), np.zeros_like(cache.states[0])
    dW_xh, dW_hh, db_h = np.zeros_like(params.W_xh), np.zeros_like(params.W_hh), np.zeros_like(params.b_h)
    for t in range(T - 1, 0, -1):
        dz = (dh[t] + carry) * (1 - cache.states[t + 1] ** 2)
        dx[t] = dz @ params.W_xh.T
        dW_xh += cache.x[t].T @ dz
        dW_hh += cache.states[t].T @ dz
        db_h += dz.sum(axis=0)
        carry = dz @ params.W_hh.T
    return dx, carry, dW_xh, dW_hh, db_h
""",
    ),
    # extremes: sequences of more than five steps
    (
        "rnn_backward",
        "each step's gradient walks back over at most four further steps (truncated)",
        r"""
def my_rnn_backward(params, cache, dh, bptt_truncate=4):
    x, s = cache
    dx, dh0 = np.zeros_like(x), np.zeros_like(s[0])
    dLdU, dLdW, dLdb = np.zeros_like(params.W_xh), np.zeros_like(params.W_hh), np.zeros_like(params.b_h)
    for t in np.arange(len(dh))[::-1]:
        delta_t = dh[t] * (1 - s[t + 1] ** 2)
        for bptt_step in np.arange(max(0, t - bptt_truncate), t + 1)[::-1]:
            dLdW += s[bptt_step].T @ delta_t
            dLdU += x[bptt_step].T @ delta_t
            dLdb += delta_t.sum(axis=0)
            dx[bptt_step] += delta_t @ params.W_xh.T
            back = delta_t @ params.W_hh.T
            if bptt_step == 0:
                dh0 += back
            delta_t = back * (1 - s[bptt_step] ** 2)
    return dx, dh0, dLdU, dLdW, dLdb
""",
    ),
    (
        "rnn_backward",
        "only the last step's dh is used: all other outputs are left out",
        r"""
def my_rnn_backward(params, cache, dh):
    dprev = dh[-1]
    dx = np.zeros_like(cache.x)
    dW_xh, dW_hh, db_h = np.zeros_like(params.W_xh), np.zeros_like(params.W_hh), np.zeros_like(params.b_h)
    for t in reversed(range(len(dh))):
        dz = dprev * (1 - cache.states[t + 1] ** 2)
        dW_xh += cache.x[t].T @ dz
        dW_hh += cache.states[t].T @ dz
        db_h += dz.sum(axis=0)
        dx[t] = dz @ params.W_xh.T
        dprev = dz @ params.W_hh.T
    return dx, dprev, dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_backward",
        "two: the carry is not added, and the bias takes the mean of the batch",
        r"""
def my_rnn_backward(params, cache, dh):
    dz = dh * (1 - cache.states[1:] ** 2)
    dx = dz @ params.W_xh.T
    dh0 = dz[0] @ params.W_hh.T
    dW_xh = sum(a.T @ b for a, b in zip(cache.x, dz))
    dW_hh = sum(a.T @ b for a, b in zip(cache.states[:-1], dz))
    return dx, dh0, dW_xh, dW_hh, dz.mean(axis=1).sum(axis=0)
""",
    ),
    (
        "rnn_backward",
        "two: W_hh is not transposed, and the first step wraps round to the last state",
        r"""
def my_rnn_backward(params, cache, dh):
    hs = {t: s for t, s in enumerate(cache.states[1:])}
    n = len(hs)
    dWxh, dWhh, dbh = (np.zeros_like(p) for p in (params.W_xh, params.W_hh, params.b_h))
    dx, dhnext = np.zeros_like(cache.x), np.zeros_like(hs[0])
    for t in reversed(range(n)):
        dhraw = (1 - hs[t] ** 2) * (dh[t] + dhnext)
        dbh += dhraw.sum(axis=0)
        dWxh += cache.x[t].T @ dhraw
        dWhh += hs[(t - 1) % n].T @ dhraw
        dx[t] = dhraw @ params.W_xh.T
        dhnext = dhraw @ params.W_hh
    return dx, dhnext, dWxh, dWhh, dbh
""",
    ),
    (
        "rnn_backward",
        "three: no upstream gradient, dx is dz itself (widths differ), and the sums are overwritten",
        r"""
def my_rnn_backward(params, cache, dh):
    da_prev = np.zeros_like(cache.states[0])
    dx = np.zeros_like(dh)
    for t in reversed(range(len(dh))):
        z = 1 - cache.states[t + 1] ** 2
        dx[t] = z
        da_prev = z @ params.W_hh.T
        dWam = cache.x[t].T @ z
        dWaa = cache.states[t].T @ z
        dba = z.sum(axis=0)
    return dx, da_prev, dWam, dWaa, dba
""",
    ),
    (
        "loss_and_grads",
        "h0 is not handed to the forward pass",
        r"""
def my_loss_and_grads(params, x, targets, h0=None):
    h, y, cache = rnn_forward(params, x)
    logits = h @ params.W_hy + params.b_y
    loss, dlogits = cross_entropy_and_grad(logits, targets)
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    g = rnn_backward(params, cache, dh)
    return loss, RNNParams(g.W_xh, g.W_hh, g.b_h, dW_hy, db_y)
""",
    ),
    (
        "loss_and_grads",
        "the probabilities y are taken for logits: softmax is applied twice",
        r"""
def my_loss_and_grads(params, x, targets, h0=None):
    h, y, cache = rnn_forward(params, x, h0)
    loss, dy = cross_entropy_and_grad(y, targets)
    out = output_backward(params.W_hy, h, dy)
    back = rnn_backward(params, cache, out.h)
    return loss, RNNParams(back.W_xh, back.W_hh, back.b_h, out.W_hy, out.b_y)
""",
    ),
    (
        "loss_and_grads",
        "the gradients stand in the wrong fields: dW_hy before db_h",
        r"""
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x, h0)
    loss, dlogits = cross_entropy_and_grad(h @ params.W_hy + params.b_y, targets)
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    _, _, dW_xh, dW_hh, db_h = rnn_backward(params, cache, dh)
    return loss, RNNParams(dW_xh, dW_hh, dW_hy, db_h, db_y)
""",
    ),
    (
        "loss_and_grads",
        "the bias b_y is left out of the logits",
        r"""
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x, h0)
    logits = np.dot(h, params.W_hy)
    loss, dlogits = cross_entropy_and_grad(logits, targets)
    o = output_backward(params.W_hy, h, dlogits)
    r = rnn_backward(params, cache, o.h)
    return loss, RNNParams(W_xh=r.W_xh, W_hh=r.W_hh, b_h=r.b_h, W_hy=o.W_hy, b_y=o.b_y)
""",
    ),
    (
        "loss_and_grads",
        "the loss is a sum over the targets, while the gradients are of the mean",
        r"""
def my_loss_and_grads(params, x, targets, h0=None):
    h, y, cache = rnn_forward(params, x, h0)
    loss = 0
    for idx in np.ndindex(targets.shape):
        if targets[idx] != -100:
            loss += -np.log(y[idx][targets[idx]])
    _, dlogits = cross_entropy_and_grad(h @ params.W_hy + params.b_y, targets)
    dh, dWhy, dby = output_backward(params.W_hy, h, dlogits)
    back = rnn_backward(params, cache, dh)
    return float(loss), RNNParams(back.W_xh, back.W_hh, back.b_h, dWhy, dby)
""",
    ),
    (
        "loss_and_grads",
        "the gradients are not divided by the number of targets, while the loss is a mean",
        r"""
def my_loss_and_grads(params, x, targets, h0=None):
    h, y, cache = rnn_forward(params, x, h0)
    loss = cross_entropy(h @ params.W_hy + params.b_y, targets)
    dy = np.array(y)
    mask = targets != -100
    dy[mask, targets[mask]] -= 1
    dy[~mask] = 0
    dWhy = np.tensordot(h, dy, axes=([0, 1], [0, 1]))
    dby = dy.sum(axis=(0, 1))
    _, _, dWxh, dWhh, dbh = rnn_backward(params, cache, dy @ params.W_hy.T)
    return loss, RNNParams(dWxh, dWhh, dbh, dWhy, dby)
""",
    ),
    (
        "loss_and_grads",
        "a walk of its own without the carry (min-char-rnn without dhnext)",
        r"""
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x, h0)
    loss, dlogits = cross_entropy_and_grad(h @ params.W_hy + params.b_y, targets)
    dWxh, dWhh, dWhy = (np.zeros_like(w) for w in (params.W_xh, params.W_hh, params.W_hy))
    dbh, dby = np.zeros_like(params.b_h), np.zeros_like(params.b_y)
    for t in reversed(range(len(x))):
        dy = dlogits[t]
        dWhy += np.dot(h[t].T, dy)
        dby += dy.sum(axis=0)
        dh = np.dot(dy, params.W_hy.T)
        dhraw = (1 - h[t] * h[t]) * dh
        dbh += dhraw.sum(axis=0)
        dWxh += np.dot(x[t].T, dhraw)
        dWhh += np.dot(cache.states[t].T, dhraw)
    return loss, RNNParams(dWxh, dWhh, dbh, dWhy, dby)
""",
    ),
    (
        "loss_and_grads",
        "clips each entry of the gradients to -0.1..0.1",
        r"""
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x, h0)
    loss, dlogits = cross_entropy_and_grad(h @ params.W_hy + params.b_y, targets)
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    _, _, dW_xh, dW_hh, db_h = rnn_backward(params, cache, dh)
    grads = RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)
    return loss, RNNParams(*(np.clip(g, -0.1, 0.1) for g in grads))
""",
    ),
    (
        "loss_and_grads",
        "the walk back starts from the last step's dh only",
        r"""
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x, h0)
    loss, dlogits = cross_entropy_and_grad(h @ params.W_hy + params.b_y, targets)
    dh_all, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    dh = np.zeros_like(h)
    dh[-1] = dh_all[-1]     # the gradient enters at the end of the sequence
    g = rnn_backward(params, cache, dh)
    return loss, RNNParams(g.W_xh, g.W_hh, g.b_h, dW_hy, db_y)
""",
    ),
    (
        "loss_and_grads",
        "returns updated parameters instead of the gradients",
        r"""
def my_loss_and_grads(params, x, targets, h0=None):
    lr = 0.1
    h, _, cache = rnn_forward(params, x, h0)
    loss, dlogits = cross_entropy_and_grad(h @ params.W_hy + params.b_y, targets)
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    _, _, *rest = rnn_backward(params, cache, dh)
    grads = RNNParams(*rest, dW_hy, db_y)
    return loss, RNNParams(*(p - lr * g for p, g in zip(params, grads)))
""",
    ),
    (
        "loss_and_grads",
        "the dh that starts the walk has gone through tanh's slope already, so the slope counts twice",
        r"""
def my_loss_and_grads(params, x, targets, h0=None):
    h, _, cache = rnn_forward(params, x, h0)
    loss, dlogits = cross_entropy_and_grad(h @ params.W_hy + params.b_y, targets)
    dh, dW_hy, db_y = output_backward(params.W_hy, h, dlogits)
    dh = dh * (1 - h ** 2)
    _, _, dW_xh, dW_hh, db_h = rnn_backward(params, cache, dh)
    return loss, RNNParams(dW_xh, dW_hh, db_h, dW_hy, db_y)
""",
    ),
    (
        "loss_and_grads",
        "two: h0 is not handed on, and the gradients are divided by the number of steps once more",
        r"""
def my_loss_and_grads(params, x, targets, h0=None):
    T = x.shape[0]
    h, _, cache = rnn_forward(params, x)
    loss, dl = cross_entropy_and_grad(h @ params.W_hy + params.b_y, targets)
    dh, dWhy, dby = output_backward(params.W_hy, h, dl)
    b = rnn_backward(params, cache, dh)
    return loss, RNNParams(b.W_xh / T, b.W_hh / T, b.b_h / T, dWhy / T, dby / T)
""",
    ),
    (
        "loss_and_grads",
        "three: targets that do not count are taken for class 0, h0 is ignored, and the carry skips the slope",
        r"""
def my_loss_and_grads(params, x, targets, h0=None):
    safe = np.where(targets < 0, 0, targets)
    h, y, cache = rnn_forward(params, x)
    loss = float(-np.log(np.take_along_axis(y, safe[..., None], 2)).mean())
    dy = (y - np.eye(y.shape[-1])[safe]) / safe.size
    dW = [np.zeros_like(p) for p in params]
    carry = 0
    for t in reversed(range(len(x))):
        dW[3] += h[t].T @ dy[t]
        dW[4] += dy[t].sum(0)
        dh = dy[t] @ params.W_hy.T + carry
        dz = dh * (1 - h[t] ** 2)
        dW[0] += x[t].T @ dz
        dW[1] += cache.states[t].T @ dz
        dW[2] += dz.sum(0)
        carry = dh @ params.W_hh.T
    return loss, RNNParams(*dW)
""",
    ),
    # --- 07 ---------------------------------------------------------------------------------------------------------
    (
        "central_difference",
        "a one-sided difference",
        r"""
def my_central_difference(f, v, step):
    grad = np.zeros_like(v)
    f0 = f(v)
    for index in np.ndindex(v.shape):
        moved = v.copy()
        moved[index] += step
        grad[index] = (f(moved) - f0) / step
    return grad
""",
    ),
    (
        "central_difference",
        "divides by the step instead of twice the step",
        r"""
def my_central_difference(f, v, step):
    grad = np.zeros(v.shape)
    for i in np.ndindex(*v.shape):
        e = np.zeros(v.shape)
        e[i] = step
        grad[i] = (f(v + e) - f(v - e)) / step
    return grad
""",
    ),
    (
        "central_difference",
        "moves all entries at once",
        r"""
def my_central_difference(f, v, step):
    return (f(v + step) - f(v - step)) / (2 * step) * np.ones_like(v)
""",
    ),
    (
        "central_difference",
        "walks over the first axis only and moves whole rows",
        r"""
def my_central_difference(f, v, step):
    grad = np.zeros_like(v)
    for i in range(len(v)):
        plus, minus = np.array(v), np.array(v)
        plus[i] += step
        minus[i] -= step
        grad[i] = (f(plus) - f(minus)) / (2 * step)
    return grad
""",
    ),
    # arguments too: v is left moved
    (
        "central_difference",
        "an entry that was moved is not put back",
        r"""
def my_central_difference(f, v, step):
    grad = np.zeros_like(v)
    it = np.nditer(v, flags=['multi_index'], op_flags=['readwrite'])
    while not it.finished:
        ix = it.multi_index
        v[ix] += step
        fxph = f(v)
        v[ix] -= 2 * step
        fxmh = f(v)
        grad[ix] = (fxph - fxmh) / (2 * step)
        it.iternext()
    return grad
""",
    ),
    (
        "central_difference",
        "two: one-sided, and the moved entries stay moved in one common copy",
        r"""
def my_central_difference(f, v, step):
    w = v.copy()
    out = np.empty_like(v)
    base = f(v)
    for idx, _ in np.ndenumerate(v):
        w[idx] += step
        out[idx] = (f(w) - base) / step
    return out
""",
    ),
    (
        "central_difference",
        "returns a flat list instead of an array of v's shape",
        r"""
def my_central_difference(f, v, step):
    grads = []
    for i in range(v.size):
        up, down = v.flatten(), v.flatten()
        up[i] += step
        down[i] -= step
        grads.append((f(up.reshape(v.shape)) - f(down.reshape(v.shape))) / (2 * step))
    return np.array(grads)
""",
    ),
    (
        "only_step",
        "keeps the step after: t is used as an index from 0",
        r"""
def my_only_step(dh, t):
    out = np.zeros_like(dh)
    out[t] = dh[t]
    return out
""",
    ),
    # arguments: dh is overwritten
    (
        "only_step",
        "writes the zeros into the caller's dh",
        r"""
def my_only_step(dh, t):
    dh[:t - 1] = 0
    dh[t:] = 0
    return dh
""",
    ),
    (
        "only_step",
        "keeps every step up to t, not t alone",
        r"""
def my_only_step(dh, t):
    result = dh.copy()
    result[t:] = 0
    return result
""",
    ),
    (
        "only_step",
        "zeros at step t and everything else kept: the wrong way round",
        r"""
def my_only_step(dh, t):
    result = np.copy(dh)
    result[t - 1] = 0.0
    return result
""",
    ),
    (
        "only_step",
        "returns the step alone, without the zeros around it",
        r"""
def my_only_step(dh, t):
    return dh[t - 1].copy()
""",
    ),
    (
        "only_step",
        "two: the mask lies along the batch, and t is not lowered by 1",
        r"""
def my_only_step(dh, t):
    mask = np.arange(dh.shape[1]) == t
    return dh * mask[:, None]
""",
    ),
]

WRONG += [
    # --- 08 ---------------------------------------------------------------------------------------------------------
    (
        "masked_loss",
        "divides by the number of all places, not of those that count",
        r"""
def my_masked_loss(nats, targets):
    mask = (targets != -100).astype(float)
    return float((nats * mask).mean())
""",
    ),
    (
        "masked_loss",
        "the sum instead of the mean",
        r"""
def my_masked_loss(nats, targets):
    return float(np.sum(nats[targets != -100]))
""",
    ),
    (
        "masked_loss",
        "END (target 0) is left out as if it were padding",
        r"""
def my_masked_loss(nats, targets):
    return float(nats[targets > 0].mean())
""",
    ),
    (
        "masked_loss",
        "the mean of each name's mean: short names count too much",
        r"""
def my_masked_loss(nats, targets):
    mask = targets != -100
    per_name = (nats * mask).sum(axis=0) / mask.sum(axis=0)
    return float(per_name.mean())
""",
    ),
    (
        "masked_loss",
        "the mask is not used: padding counts",
        r"""
def my_masked_loss(nats, targets):
    return float(np.mean(nats))
""",
    ),
    (
        "masked_loss",
        "two: the sum, divided by the batch alone, and target 0 is taken for the padding",
        r"""
def my_masked_loss(nats, targets):
    # mask_zero=True
    mask = targets != 0
    return float(np.sum(nats * mask) / targets.shape[1])
""",
    ),
    (
        "clip_by_norm",
        "each field is clipped by its own norm instead of one common norm",
        r"""
def my_clip_by_norm(grads, most):
    clipped = []
    for g in grads:
        n = np.linalg.norm(g)
        clipped.append(g * most / n if n > most else g)
    return RNNParams(*clipped)
""",
    ),
    (
        "clip_by_norm",
        "clips each number to a range (clipping by value)",
        r"""
def my_clip_by_norm(grads, most):
    return RNNParams(*[np.clip(g, -most, most) for g in grads])
""",
    ),
    (
        "clip_by_norm",
        "short gradients are made longer: every gradient gets the length `most`",
        r"""
def my_clip_by_norm(grads, most):
    total = np.sqrt(sum(np.sum(np.square(g)) for g in grads))
    return RNNParams(*(g * most / total for g in grads))
""",
    ),
    (
        "clip_by_norm",
        "the root is missing: the square of the length is compared",
        r"""
def my_clip_by_norm(grads, most):
    norm = 0
    for g in grads:
        norm += (g ** 2).sum()
    if norm > most:
        return RNNParams(*(g * (most / norm) for g in grads))
    return grads
""",
    ),
    (
        "clip_by_norm",
        "the norms of the five fields are added up instead of their squares",
        r"""
def my_clip_by_norm(grads, most):
    norm = sum(np.linalg.norm(g) for g in grads)
    scale = min(1.0, most / norm)
    return RNNParams(*(scale * g for g in grads))
""",
    ),
    (
        "clip_by_norm",
        "a long gradient gets the length 1 instead of `most`",
        r"""
def my_clip_by_norm(grads, most):
    flat = np.concatenate([g.ravel() for g in grads])
    norm = np.linalg.norm(flat)
    if norm > most:
        grads = RNNParams(*(g / norm for g in grads))
    return grads
""",
    ),
    # arguments: the caller's gradients are overwritten
    (
        "clip_by_norm",
        "shortens the caller's arrays themselves",
        r"""
def my_clip_by_norm(grads, most):
    norm = np.sqrt(sum((g ** 2).sum() for g in grads))
    if norm > most:
        for g in grads:
            g *= most / norm
    return grads
""",
    ),
    (
        "clip_by_norm",
        "two: each field by its own norm, and short ones are made longer",
        r"""
def my_clip_by_norm(grads, most):
    new = {k: v / np.sqrt((v ** 2).sum()) * most for k, v in grads._asdict().items()}
    return RNNParams(**new)
""",
    ),
    (
        "adam_step",
        "the correction for the start is left out",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    beta1, beta2, eps = 0.9, 0.999, 1e-8
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * (g ** 2)
    p = p - learning_rate * m / (np.sqrt(s) + eps)
    return p, m, s
""",
    ),
    (
        "adam_step",
        "the corrected means are returned and would be carried on",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g * g
    m = m / (1 - 0.9 ** t)
    s = s / (1 - 0.999 ** t)
    return p - learning_rate * m / (np.sqrt(s) + 1e-8), m, s
""",
    ),
    # extremes: small gradients; with ordinary ones the difference is mostly below 1e-9
    (
        "adam_step",
        "the small number stands under the root",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + (1 - 0.9) * g
    s = 0.999 * s + (1 - 0.999) * np.power(g, 2)
    mt = m / (1 - 0.9 ** t)
    st = s / (1 - 0.999 ** t)
    p = p - learning_rate * mt / np.sqrt(st + 1e-8)
    return p, m, s
""",
    ),
    (
        "adam_step",
        "the correction counts one step too many (t + 1)",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    t = t + 1
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    mhat, shat = m / (1 - 0.9 ** t), s / (1 - 0.999 ** t)
    return p - learning_rate * mhat / (shat ** 0.5 + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "the two rates are exchanged: 0.999 for m and 0.9 for s",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    b1, b2 = 0.999, 0.9
    m = b1 * m + (1 - b1) * g
    s = b2 * s + (1 - b2) * g ** 2
    step = (m / (1 - b1 ** t)) / (np.sqrt(s / (1 - b2 ** t)) + 1e-8)
    return p - learning_rate * step, m, s
""",
    ),
    (
        "adam_step",
        "the gradient is not squared in s",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * np.abs(g)
    m_hat, s_hat = m / (1 - 0.9 ** t), s / (1 - 0.999 ** t)
    p_new = p - learning_rate * m_hat / (np.sqrt(s_hat) + 1e-8)
    return p_new, m, s
""",
    ),
    (
        "adam_step",
        "the root over s is missing",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    m_new = 0.9 * m + 0.1 * g
    s_new = 0.999 * s + 0.001 * g ** 2
    m_hat = m_new / (1 - 0.9 ** t)
    s_hat = s_new / (1 - 0.999 ** t)
    return p - learning_rate * m_hat / (s_hat + 1e-8), m_new, s_new
""",
    ),
    # arguments: p, m and s are overwritten
    (
        "adam_step",
        "p, m and s are changed in place: the caller's arrays are overwritten",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    m *= 0.9
    m += 0.1 * g
    s *= 0.999
    s += 0.001 * g ** 2
    p -= learning_rate * (m / (1 - 0.9 ** t)) / (np.sqrt(s / (1 - 0.999 ** t)) + 1e-8)
    return p, m, s
""",
    ),
    (
        "adam_step",
        "walks up instead of down: the step is added",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    update = learning_rate * (m / (1 - 0.9 ** t)) / (np.sqrt(s / (1 - 0.999 ** t)) + 1e-8)
    return p + update, m, s
""",
    ),
    (
        "adam_step",
        "0.9 times t instead of 0.9 to the power t",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    m_hat = m / (1 - 0.9 * t)
    s_hat = s / (1 - 0.999 * t)
    return p - learning_rate * m_hat / (np.sqrt(s_hat) + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "the squares are added up without forgetting, as in Adagrad",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    mem = s + g * g
    m = 0.9 * m + 0.1 * g
    m_hat = m / (1 - 0.9 ** t)
    p = p - learning_rate * m_hat / np.sqrt(mem + 1e-8)
    return p, m, mem
""",
    ),
    (
        "adam_step",
        "the mean m gets the whole gradient instead of a tenth of it, as in momentum",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    v = 0.9 * m + g
    s = 0.999 * s + 0.001 * g ** 2
    p = p - learning_rate * (v / (1 - 0.9 ** t)) / (np.sqrt(s / (1 - 0.999 ** t)) + 1e-8)
    return p, v, s
""",
    ),
    # extremes: gradients that are 0 from the start, or tiny
    (
        "adam_step",
        "the small number is left out: 0 / 0 where no gradient ever came",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    m_hat = m / (1 - 0.9 ** t)
    s_hat = s / (1 - 0.999 ** t)
    return p - learning_rate * m_hat / np.sqrt(s_hat), m, s
""",
    ),
    # extremes: tiny gradients
    (
        "adam_step",
        "the small number is 1e-7, as in Keras, instead of 1e-8",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    epsilon = 1e-7
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * np.square(g)
    m_hat, s_hat = m / (1 - 0.9 ** t), s / (1 - 0.999 ** t)
    return p - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), m, s
""",
    ),
    (
        "adam_step",
        "the old means make the step; the new ones come too late",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    m_hat = m / (1 - 0.9 ** t)
    s_hat = s / (1 - 0.999 ** t)
    p = p - learning_rate * m_hat / (np.sqrt(s_hat) + 1e-8)
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    return p, m, s
""",
    ),
    (
        "adam_step",
        "two: no correction, and the results come back as m, s, p",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g ** 2
    return m, s, p - learning_rate * m / (np.sqrt(s) + 1e-8)
""",
    ),
    (
        "adam_step",
        "two: s forgets with 0.99 instead of 0.999, and only m is corrected",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    beta1, beta2 = 0.9, 0.99
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    mt = m / (1 - beta1 ** t)
    return p - learning_rate * mt / (np.sqrt(s) + 1e-8), m, s
""",
    ),
    (
        "adam_step",
        "three: the correction counts t - 1 steps (0 / 0 at the first), the small number is under the root, and the corrected means are returned",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    k = t - 1
    m = (0.9 * m + 0.1 * g) / (1 - np.float64(0.9) ** k)
    s = (0.999 * s + 0.001 * g ** 2) / (1 - np.float64(0.999) ** k)
    return p - learning_rate * m / np.sqrt(s + 1e-8), m, s
""",
    ),
    (
        "sampling_step",
        "u is not used: np.random.choice throws a number of its own",
        r"""
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    p = softmax(logits / temperature)
    return int(np.random.choice(range(len(p)), p=p.ravel()))
""",
    ),
    (
        "sampling_step",
        "the scores are multiplied by the temperature instead of divided",
        r"""
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    ends = np.cumsum(softmax(logits * temperature))
    return int(np.argmax(ends > u))
""",
    ),
    (
        "sampling_step",
        "temperature 0 is divided by",
        r"""
def my_sampling_step(logits, temperature, u):
    probs = softmax(logits / temperature)
    cdf = np.cumsum(probs)
    return int(np.searchsorted(cdf, u, side='right'))
""",
    ),
    (
        "sampling_step",
        "the probabilities are divided by the temperature, not the scores",
        r"""
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(logits.argmax())
    preds = softmax(logits) / temperature
    return int(np.argmax(np.cumsum(preds) > u))
""",
    ),
    (
        "sampling_step",
        "always the likeliest: u is not used",
        r"""
def my_sampling_step(logits, temperature, u):
    if temperature > 0:
        logits = logits / temperature
    return int(np.argmax(softmax(logits)))
""",
    ),
    (
        "sampling_step",
        "the comparison is turned round: the first end below u",
        r"""
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    y = softmax(logits / temperature)
    return int(np.argmax(np.cumsum(y) < u))
""",
    ),
    (
        "sampling_step",
        "the scores are taken for probabilities, whose logarithm is divided (as in the Keras example)",
        r"""
def my_sampling_step(preds, temperature, u):
    if temperature == 0:
        return int(np.argmax(preds))
    preds = np.log(preds) / temperature
    exp_preds = np.exp(preds)
    preds = exp_preds / np.sum(exp_preds)
    return int(np.argmax(np.cumsum(preds) > u))
""",
    ),
    # extremes: low temperatures or large scores
    (
        "sampling_step",
        "exponentials without the maximum: low temperatures overflow",
        r"""
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    w = np.exp(logits / temperature)
    w = w / w.sum()
    total = 0.0
    for k in range(len(w)):
        total += w[k]
        if total > u:
            return k
    return len(w) - 1
""",
    ),
    (
        "sampling_step",
        "the token after the one whose part holds u (off by one)",
        r"""
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    probs = softmax(logits / temperature)
    token = 0
    while u > 0:
        u -= probs[min(token, len(probs) - 1)]
        token += 1
    return token
""",
    ),
    (
        "sampling_step",
        "the probabilities are sorted first: the place in the sorted line is not the token",
        r"""
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    p = np.sort(softmax(logits / temperature))[::-1]
    return int(np.argmax(p.cumsum() > u))
""",
    ),
    (
        "sampling_step",
        "the temperature is not used, except at 0",
        r"""
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    return int(np.argmax(np.cumsum(softmax(logits)) > u))
""",
    ),
    (
        "sampling_step",
        "at temperature 0 the answer is always token 0",
        r"""
def my_sampling_step(logits, temperature, u):
    with np.errstate(all='ignore'):
        z = logits / temperature
        e = np.exp(z - z.max())
        c = np.cumsum(e / e.sum())
    return int(np.argmax(c > u))
""",
    ),
    # type: a float between 0 and 1
    (
        "sampling_step",
        "returns the token's probability instead of the token",
        r"""
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    y = softmax(logits / temperature)
    k = np.argmax(np.cumsum(y) > u)
    return y[k]
""",
    ),
    # extremes: u = 0 where the first probabilities are 0, u exactly on an end
    (
        "sampling_step",
        "an end that equals u counts as beyond it: u = 0 picks a token of probability 0",
        r"""
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    ends = np.cumsum(softmax(logits / temperature))
    return int(np.searchsorted(ends, u))
""",
    ),
    (
        "sampling_step",
        "two: multiplied by the temperature, and without the case of temperature 0",
        r"""
def my_sampling_step(logits, temperature, u):
    scaled = temperature * logits
    probs = np.exp(scaled - scaled.max()) / np.exp(scaled - scaled.max()).sum()
    return int(np.nonzero(np.cumsum(probs) > u)[0][0])
""",
    ),
    (
        "sampling_step",
        "three: multiplied by the temperature, without the case of temperature 0, and the comparison is turned round",
        r"""
def my_sampling_step(logits, temperature, u):
    scores = np.asarray(logits) * temperature
    p = np.exp(scores - np.max(scores))
    p = p / np.sum(p)
    return int(np.argmax(u > np.cumsum(p)))
""",
    ),
    (
        "sampling_step",
        "two: the line is made of the scores themselves, not of probabilities, and the temperature is not used",
        r"""
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    line = np.cumsum(logits / np.sum(logits))
    return int(np.argmax(line > u))
""",
    ),
    # --- 09 ---------------------------------------------------------------------------------------------------------
    (
        "last_states",
        "the last row of the array for all, padding included",
        r"""
def my_last_states(h, lengths):
    return h[-1]
""",
    ),
    (
        "last_states",
        "the length is used as an index from 0: one step too late",
        r"""
def my_last_states(h, lengths):
    return np.stack([h[T_n, n] for n, T_n in enumerate(lengths)])
""",
    ),
    (
        "last_states",
        "one index array only: all samples at each of these steps, (batch, batch, n_h)",
        r"""
def my_last_states(h, lengths):
    return h[lengths - 1]
""",
    ),
    (
        "last_states",
        "a colon in place of the second index array: (time, batch, n_h) with the samples mixed up",
        r"""
def my_last_states(h, lengths):
    return h[:, lengths - 1]
""",
    ),
    (
        "last_states",
        "batch first: the indices stand in the wrong order",
        r"""
def my_last_states(h, lengths):
    return h[np.arange(len(lengths)), lengths - 1]
""",
    ),
    (
        "last_states",
        "two: the longest length for all rows, and it is used as an index from 0",
        r"""
def my_last_states(h, lengths):
    end = max(lengths)
    return h[end, :, :]
""",
    ),
    (
        "last_states",
        "the mean over the real steps instead of the last one",
        r"""
def my_last_states(h, lengths):
    mask = np.arange(h.shape[0])[:, None] < lengths
    return (h * mask[:, :, None]).sum(axis=0) / lengths[:, None]
""",
    ),
    (
        "head_gradients",
        "the gradient of the squared distance",
        r"""
def my_head_gradients(W_hy, b_y, h_last, targets):
    y = h_last @ W_hy + b_y
    dy = 2 * (y - targets) / len(targets)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "is not divided by the number of samples",
        r"""
def my_head_gradients(W_hy, b_y, h_last, targets):
    d = h_last @ W_hy + b_y - targets
    dist = np.sqrt((d ** 2).sum(axis=1, keepdims=True))
    dy = d / np.maximum(dist, 1e-300)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "one distance for the whole batch instead of one a row",
        r"""
def my_head_gradients(W_hy, b_y, h_last, targets):
    diff = (h_last @ W_hy + b_y) - targets
    dy = diff / np.linalg.norm(diff) / len(diff)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(0)
""",
    ),
    # extremes: an answer that is exactly right
    (
        "head_gradients",
        "an answer that is exactly right gives 0 / 0",
        r"""
def my_head_gradients(W_hy, b_y, h_last, targets):
    N = targets.shape[0]
    diff = np.dot(h_last, W_hy) + b_y - targets
    dy = diff / (N * np.linalg.norm(diff, axis=1)[:, None])
    return np.dot(dy, W_hy.T), np.dot(h_last.T, dy), np.sum(dy, axis=0)
""",
    ),
    (
        "head_gradients",
        "the sign is turned: target minus answer",
        r"""
def my_head_gradients(W_hy, b_y, h_last, targets):
    error = targets - (h_last @ W_hy + b_y)
    length = np.linalg.norm(error, axis=-1, keepdims=True)
    dy = error / np.maximum(length, 1e-300) / len(error)
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "softmax is applied to the answers, although the head has none",
        r"""
def my_head_gradients(W_hy, b_y, h_last, targets):
    y = softmax(h_last @ W_hy + b_y)
    diff = y - targets
    dy = diff / (len(y) * np.maximum(np.linalg.norm(diff, axis=1, keepdims=True), 1e-300))
    return dy @ W_hy.T, h_last.T @ dy, dy.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "two: squared distance, and the mean runs over the colours' three numbers as well (MSELoss)",
        r"""
def my_head_gradients(W_hy, b_y, h_last, targets):
    out = h_last @ W_hy + b_y
    dout = 2.0 * (out - targets) / out.size
    return dout @ W_hy.T, h_last.T @ dout, dout.sum(axis=0)
""",
    ),
    (
        "head_gradients",
        "two: not divided by the number of samples, and the bias takes a mean",
        r"""
def my_head_gradients(W_hy, b_y, h_last, targets):
    dy = np.zeros_like(targets)
    for n in range(len(targets)):
        d = h_last[n] @ W_hy + b_y - targets[n]
        r = np.sqrt(d @ d)
        if r > 0:
            dy[n] = d / r
    return dy @ W_hy.T, h_last.T @ dy, dy.mean(axis=0)
""",
    ),
    (
        "last_states_backward",
        "everything is put at the last step of the array, padding or not",
        r"""
def my_last_states_backward(dh_last, lengths, steps):
    dh = np.zeros((steps,) + dh_last.shape)
    dh[-1] = dh_last
    return dh
""",
    ),
    (
        "last_states_backward",
        "the length is used as an index from 0: one step too late",
        r"""
def my_last_states_backward(dh_last, lengths, steps):
    batch, n_h = dh_last.shape
    dh = np.zeros((steps, batch, n_h))
    dh[lengths, np.arange(batch)] = dh_last
    return dh
""",
    ),
    (
        "last_states_backward",
        "every real step gets the gradient, not only the last",
        r"""
def my_last_states_backward(dh_last, lengths, steps):
    real = np.arange(steps)[:, None] < np.asarray(lengths)[None, :]
    return np.where(real[:, :, None], dh_last, 0.0)
""",
    ),
    (
        "last_states_backward",
        "batch first: (batch, steps, n_h)",
        r"""
def my_last_states_backward(dh_last, lengths, steps):
    N, H = dh_last.shape
    dh = np.zeros((N, steps, H))
    for n in range(N):
        dh[n, lengths[n] - 1] = dh_last[n]
    return dh
""",
    ),
    (
        "last_states_backward",
        "one index array only: all rows are written at every one of these steps",
        r"""
def my_last_states_backward(dh_last, lengths, steps):
    dh = np.zeros((steps, *dh_last.shape))
    dh[lengths - 1] = dh_last
    return dh
""",
    ),
    (
        "last_states_backward",
        "two: one step too late, and divided by the number of steps",
        r"""
def my_last_states_backward(dh_last, lengths, steps):
    dh = np.zeros((steps, dh_last.shape[0], dh_last.shape[1]))
    for i, n in enumerate(lengths):
        dh[n, i, :] = dh_last[i] / n
    return dh
""",
    ),
    (
        "at_ids",
        "indexes the last axis by all ids: (time, batch, time, batch)",
        r"""
def my_at_ids(dx, ids):
    return dx[:, :, ids]
""",
    ),
    (
        "at_ids",
        "the last axis of length 1 is left",
        r"""
def my_at_ids(dx, ids):
    return np.take_along_axis(dx, ids[:, :, np.newaxis], axis=-1)
""",
    ),
    (
        "at_ids",
        "the size of the whole row instead of the letter's entry",
        r"""
def my_at_ids(dx, ids):
    return np.linalg.norm(dx, axis=-1)
""",
    ),
    (
        "at_ids",
        "the largest entry of each row, whatever letter stood there",
        r"""
def my_at_ids(dx, ids):
    T, N, _ = dx.shape
    return np.array([[dx[t, n].max() for n in range(N)] for t in range(T)])
""",
    ),
    (
        "at_ids",
        "masked by the one-hot rows, but not summed: (time, batch, n_x) with zeros",
        r"""
def my_at_ids(dx, ids):
    one_hot = np.eye(dx.shape[-1])[ids]
    return dx * one_hot
""",
    ),
    (
        "at_ids",
        "two: the absolute value, of the id before",
        r"""
def my_at_ids(dx, ids):
    t, n = np.indices(ids.shape)
    return np.abs(dx[t, n, ids - 1])
""",
    ),
]

RIGHT = [
    (
        "step",
        "np.take with an axis",
        r"""
def my_step(x, t):
    return np.take(x, t - 1, axis=0)
""",
    ),
    (
        "step",
        "a lambda with itemgetter",
        r"""
from operator import itemgetter
my_step = lambda x, t: itemgetter(t - 1)(x)
""",
    ),
    (
        "one_hot",
        "comparison with arange",
        r"""
def my_one_hot(ids, n_x):
    return (np.asarray(ids)[..., None] == np.arange(n_x)).astype(np.float64)
""",
    ),
    (
        "one_hot",
        "two loops",
        r"""
def my_one_hot(ids, n_x):
    T, N = ids.shape
    rows = np.zeros((T, N, n_x))
    for t in range(T):
        for n in range(N):
            rows[t][n][ids[t, n]] = 1.0
    return rows
""",
    ),
    (
        "count_parameters",
        "sizes of real arrays",
        r"""
def my_count_parameters(n_x, n_h, n_y):
    shapes = [(n_x, n_h), (n_h, n_h), (n_h,), (n_h, n_y), (n_y,)]
    return int(sum(np.empty(shape).size for shape in shapes))
""",
    ),
    (
        "count_parameters",
        "factored algebra",
        r"""
def my_count_parameters(n_x, n_h, n_y):
    return n_h * (n_x + n_h + 1) + n_y * (n_h + 1)
""",
    ),
    (
        "softmax",
        "through log-sum-exp",
        r"""
def my_softmax(z):
    m = np.max(z, -1, keepdims=True)
    log_norm = m + np.log(np.sum(np.exp(z - m), -1, keepdims=True))
    return np.exp(z - log_norm)
""",
    ),
    (
        "softmax",
        "apply_along_axis with a one-row function",
        r"""
def one_row(v):
    w = np.exp(v - v.max())
    return w / w.sum()

def my_softmax(z):
    return np.apply_along_axis(one_row, -1, z)
""",
    ),
    (
        "softmax",
        "differences of all pairs, no division by a sum of exponentials",
        r"""
def my_softmax(z):
    z = np.asarray(z)
    with np.errstate(over='ignore'):
        pairs = np.exp(z[..., None, :] - z[..., :, None])
    return 1 / pairs.sum(axis=-1)
""",
    ),
    (
        "tanh_slope",
        "difference of squares",
        r"""
def my_tanh_slope(h):
    return (1 + h) * (1 - h)
""",
    ),
    (
        "softmax_backward",
        "whole Jacobians and einsum",
        r"""
def my_softmax_backward(y, dy):
    n = y.shape[-1]
    J = y[..., :, None] * np.eye(n) - y[..., :, None] * y[..., None, :]
    return np.einsum('...i,...ij->...j', dy, J)
""",
    ),
    (
        "softmax_backward",
        "a loop over the rows",
        r"""
def my_softmax_backward(y, dy):
    flat_y, flat_dy = y.reshape(-1, y.shape[-1]), dy.reshape(-1, y.shape[-1])
    out = [a * (b - np.dot(a, b)) for a, b in zip(flat_y, flat_dy)]
    return np.array(out).reshape(y.shape)
""",
    ),
    (
        "pre_activation",
        "one product of stacked arrays",
        r"""
def my_pre_activation(params, x_t, h_prev):
    ones = np.ones((len(x_t), 1))
    inputs = np.concatenate([x_t, h_prev, ones], axis=1)
    weights = np.concatenate([params.W_xh, params.W_hh, params.b_h[None]], axis=0)
    return inputs @ weights
""",
    ),
    (
        "pre_activation",
        "columns inside",
        r"""
def my_pre_activation(params, x_t, h_prev):
    z = params.W_xh.T @ x_t.T + params.W_hh.T @ h_prev.T + params.b_h.reshape(-1, 1)
    return z.T
""",
    ),
    (
        "rnn_cell_forward",
        "a class with __call__",
        r"""
class Cell:
    def __init__(self, activation=np.tanh):
        self.activation = activation

    def __call__(self, params, x_t, h_prev):
        W_xh, W_hh, b_h, W_hy, b_y = params
        self.h = self.activation(x_t.dot(W_xh) + h_prev.dot(W_hh) + b_h)
        scores = self.h.dot(W_hy) + b_y
        scores = scores - scores.max(axis=1)[:, None]
        probs = np.exp(scores)
        return self.h, probs / probs.sum(axis=1)[:, None], self

my_rnn_cell_forward = Cell()
""",
    ),
    (
        "rnn_cell_forward",
        "sample by sample",
        r"""
def my_rnn_cell_forward(params, x_t, h_prev):
    hs, ys = [], []
    for x, h in zip(x_t, h_prev):
        h_new = np.tanh(params.W_xh.T @ x + params.W_hh.T @ h + params.b_h)
        z = params.W_hy.T @ h_new + params.b_y
        e = np.exp(z - max(z))
        hs.append(h_new)
        ys.append(e / sum(e))
    return np.array(hs), np.array(ys), None
""",
    ),
    (
        "rnn_cell_forward",
        "tanh through a sigmoid of twice the argument",
        r"""
def my_rnn_cell_forward(params, x_t, h_prev):
    z = x_t @ params.W_xh + h_prev @ params.W_hh + params.b_h
    with np.errstate(over='ignore'):
        h_t = 2 / (1 + np.exp(-2 * z)) - 1
    return h_t, softmax(h_t @ params.W_hy + params.b_y), {'z': z}
""",
    ),
    (
        "from_article",
        "a dictionary comprehension with axes",
        r"""
def my_from_article(parameters):
    names = {'W_xh': 'Wam', 'W_hh': 'Waa', 'b_h': 'ba', 'W_hy': 'Wya', 'b_y': 'by'}
    fields = {ours: np.swapaxes(parameters[theirs], 0, 1) for ours, theirs in names.items()}
    fields['b_h'], fields['b_y'] = fields['b_h'][0], fields['b_y'][0]
    return RNNParams(**fields)
""",
    ),
    (
        "scalar_forward",
        "itertools.accumulate",
        r"""
from itertools import accumulate

def my_scalar_forward(w_x, w_h, b, xs, h0):
    return list(accumulate(xs, lambda h, x: np.tanh(w_x * x + w_h * h + b), initial=h0))[1:]
""",
    ),
    (
        "scalar_forward",
        "recursion",
        r"""
def my_scalar_forward(w_x, w_h, b, xs, h0):
    if len(xs) == 0:
        return []
    h = np.tanh(w_x * xs[0] + w_h * h0 + b)
    return [h] + my_scalar_forward(w_x, w_h, b, xs[1:], h)
""",
    ),
    (
        "rnn_forward",
        "input product taken out, softmax once at the end",
        r"""
def my_rnn_forward(params, x, h0=None):
    T, N, _ = x.shape
    states = np.empty((T + 1, N, len(params.b_h)))
    states[0] = 0 if h0 is None else h0
    from_input = np.einsum('tni,ij->tnj', x, params.W_xh) + params.b_h
    for t in range(T):
        np.tanh(from_input[t] + states[t] @ params.W_hh, out=states[t + 1])
    h = states[1:]
    return h, softmax(h @ params.W_hy + params.b_y), states
""",
    ),
    (
        "rnn_forward",
        "each sequence alone, stacked at the end",
        r"""
def my_rnn_forward(params, x, h0=None):
    n_h = params.W_hh.shape[0]
    all_h, all_y = [], []
    for n in range(x.shape[1]):
        state = np.zeros(n_h) if h0 is None else h0[n]
        hs, ys = [], []
        for t in range(x.shape[0]):
            state = np.tanh(x[t, n] @ params.W_xh + state @ params.W_hh + params.b_h)
            scores = state @ params.W_hy + params.b_y
            scores = np.exp(scores - scores.max())
            hs.append(state)
            ys.append(scores / scores.sum())
        all_h.append(hs)
        all_y.append(ys)
    return np.swapaxes(np.array(all_h), 0, 1), np.swapaxes(np.array(all_y), 0, 1), None
""",
    ),
    (
        "rnn_forward",
        "batch last inside, long double inside",
        r"""
def my_rnn_forward(params, x, h0=None):
    L = np.longdouble
    W_xh, W_hh, b_h, W_hy, b_y = (p.astype(L) for p in params)
    s = np.zeros((len(b_h), x.shape[1]), L) if h0 is None else h0.T.astype(L)
    hs, ys = [], []
    for x_t in x:
        s = np.tanh(W_xh.T @ x_t.T.astype(L) + W_hh.T @ s + b_h[:, None])
        z = W_hy.T @ s + b_y[:, None]
        e = np.exp(z - z.max(axis=0))
        hs.append(s.T)
        ys.append((e / e.sum(axis=0)).T)
    return np.array(hs).astype(np.float64), np.array(ys).astype(np.float64), None
""",
    ),
    (
        "run_in_two",
        "the cut one step at a time through reduce",
        r"""
from functools import reduce

def my_run_in_two(params, x, h0, cut):
    def run(done, piece):
        h, _, _ = rnn_forward(params, piece, done[-1])
        return done + list(h)
    return np.array(reduce(run, [x[:cut], x[cut:]], [h0])[1:])
""",
    ),
    (
        "cross_entropy",
        "np.logaddexp.reduce in a loop",
        r"""
def my_cross_entropy(logits, targets):
    costs = [np.logaddexp.reduce(logits[i]) - logits[i][targets[i]]
             for i in np.ndindex(targets.shape) if targets[i] != -100]
    return float(np.mean(costs))
""",
    ),
    (
        "cross_entropy",
        "take_along_axis and np.average with the mask as weights",
        r"""
def my_cross_entropy(logits, targets):
    mask = targets != IGNORE_INDEX
    m = logits.max(axis=-1, keepdims=True)
    lse = m[..., 0] + np.log(np.exp(logits - m).sum(axis=-1))
    right = np.take_along_axis(logits, np.where(mask, targets, 0)[..., None], -1)[..., 0]
    return float(np.average(lse - right, weights=mask))
""",
    ),
    (
        "cross_entropy",
        "the differences to the right score, log1p of the others",
        r"""
def my_cross_entropy(logits, targets):
    rows = logits.reshape(-1, logits.shape[-1])
    total, count = 0.0, 0
    for z, k in zip(rows, targets.ravel()):
        if k == -100:
            continue
        d = z - z[k]
        top = d.max()
        total += top + np.log(np.exp(d - top).sum())
        count += 1
    return total / count
""",
    ),
    (
        "logits_gradient",
        "one-hot rows and where",
        r"""
def my_logits_gradient(logits, targets):
    mask = targets != -100
    onehot = (targets[..., None] == np.arange(logits.shape[-1])).astype(float)
    return np.where(mask[..., None], softmax(logits) - onehot, 0.0) / mask.sum()
""",
    ),
    (
        "logits_gradient",
        "the long road through the probabilities, kept from dividing by 0",
        r"""
def my_logits_gradient(logits, targets):
    y = softmax(logits)
    counted = np.count_nonzero(targets != -100)
    out = np.zeros_like(y)
    for i in np.ndindex(targets.shape):
        if targets[i] != -100:
            out[i] = y[i]
            out[i][targets[i]] = -np.delete(y[i], targets[i]).sum()
    return out / counted
""",
    ),
    (
        "output_backward",
        "einsum with the dots in front",
        r"""
def my_output_backward(W_hy, h, dlogits):
    dh = np.einsum('...k,jk->...j', dlogits, W_hy)
    dW = np.einsum('...j,...k->...jk', h, dlogits).sum(axis=tuple(range(h.ndim - 1)))
    db = dlogits.sum(axis=tuple(range(dlogits.ndim - 1)))
    return dh, dW, db
""",
    ),
    (
        "tanh_backward",
        "in-place work on a copy",
        r"""
def my_tanh_backward(h_t, dh_t):
    out = np.array(dh_t, copy=True)
    out *= 1 - h_t
    out *= 1 + h_t
    return out
""",
    ),
    (
        "bias_gradient",
        "a product with ones",
        r"""
def my_bias_gradient(dz_t):
    return np.ones(len(dz_t)) @ dz_t
""",
    ),
    (
        "bias_gradient",
        "functools.partial",
        r"""
from functools import partial
my_bias_gradient = partial(np.add.reduce, axis=0)
""",
    ),
    (
        "rnn_cell_backward",
        "columns inside, sample by sample outer products",
        r"""
def my_rnn_cell_backward(params, cache, dh_t):
    dW_xh, dW_hh, db_h = np.zeros_like(params.W_xh), np.zeros_like(params.W_hh), np.zeros_like(params.b_h)
    dx, dh_prev = [], []
    for x, before, after, up in zip(*cache, dh_t):
        dz = (1 - after ** 2) * up
        dW_xh += np.outer(x, dz)
        dW_hh += np.outer(before, dz)
        db_h += dz
        dx.append(params.W_xh @ dz)
        dh_prev.append(params.W_hh @ dz)
    return np.array(dx), np.array(dh_prev), dW_xh, dW_hh, db_h
""",
    ),
    (
        "rnn_cell_backward",
        "tanh computed anew from the pre-activation",
        r"""
def my_rnn_cell_backward(params, cache, dh_t):
    z = cache.x_t @ params.W_xh + cache.h_prev @ params.W_hh + params.b_h
    dz = dh_t * (1 - np.tanh(z) ** 2)
    return CellGrads(x_t=(params.W_xh @ dz.T).T, h_prev=(params.W_hh @ dz.T).T, W_xh=(dz.T @ cache.x_t).T,
                     W_hh=(dz.T @ cache.h_prev).T, b_h=np.einsum('nj->j', dz))
""",
    ),
    (
        "step_back",
        "a decorated function with keyword parameters",
        r"""
import functools

def as_floats(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return tuple(np.asarray(a, dtype=np.float64) for a in function(*args, **kwargs))
    return wrapper

@as_floats
def my_step_back(params, h_t, dh_t, dh_carry):
    both = np.stack([dh_t, dh_carry]).sum(axis=0)
    dz = both - both * h_t * h_t
    return dz, np.einsum('nj,kj->nk', dz, params.W_hh)
""",
    ),
    (
        "step_back",
        "both roads through the slope, then added",
        r"""
def my_step_back(params, h_t, dh_t, dh_carry):
    slope = 1 - h_t ** 2
    dz_t = dh_t * slope + dh_carry * slope
    return dz_t, dh_t * slope @ params.W_hh.T + dh_carry * slope @ params.W_hh.T
""",
    ),
    (
        "rnn_backward",
        "recursion over the steps",
        r"""
def my_rnn_backward(params, cache, dh):
    if len(dh) == 0:
        return np.zeros_like(cache.x), np.zeros_like(cache.states[0]), 0, 0, 0
    x, states = cache
    total = dh[-1]
    dz = total * (1 - states[-1] ** 2)
    carry = dz @ params.W_hh.T
    if len(dh) == 1:
        rest = (x[:0], carry, 0, 0, 0)
    else:
        before = np.concatenate([dh[:-2], dh[-2:-1] + carry])
        rest = my_rnn_backward(params, SequenceCache(x[:-1], states[:-1]), before)
    dx = np.concatenate([rest[0], (dz @ params.W_xh.T)[None]])
    return dx, rest[1], rest[2] + x[-1].T @ dz, rest[3] + states[-2].T @ dz, rest[4] + dz.sum(axis=0)
""",
    ),
    (
        "rnn_backward",
        "each step's loss walks back alone, all walks added",
        r"""
def my_rnn_backward(params, cache, dh):
    x, s = cache
    dx, dh0 = np.zeros_like(x), np.zeros_like(s[0])
    dU, dW, db = np.zeros_like(params.W_xh), np.zeros_like(params.W_hh), np.zeros_like(params.b_h)
    for start in range(len(dh)):
        g = dh[start]
        for t in range(start, -1, -1):
            delta = g * (1 - s[t + 1] ** 2)
            dU += x[t].T @ delta
            dW += s[t].T @ delta
            db += delta.sum(axis=0)
            dx[t] += delta @ params.W_xh.T
            g = delta @ params.W_hh.T
        dh0 += g
    return dx, dh0, dU, dW, db
""",
    ),
    (
        "rnn_backward",
        "all dz kept, the weights' products at the end with tensordot",
        r"""
def my_rnn_backward(params, cache, dh):
    slope = 1 - cache.states[1:] ** 2
    dz = np.empty_like(dh)
    carry = np.zeros_like(dh[0])
    for t in range(len(dh) - 1, -1, -1):
        np.add(dh[t], carry, out=dz[t])
        dz[t] *= slope[t]
        carry = dz[t] @ params.W_hh.T
    over = ([0, 1], [0, 1])
    return (dz @ params.W_xh.T, carry, np.tensordot(cache.x, dz, over),
            np.tensordot(cache.states[:-1], dz, over), dz.sum((0, 1)))
""",
    ),
    (
        "loss_and_grads",
        "min-char-rnn's one function, in rows",
        r"""
def my_loss_and_grads(params, x, targets, h0=None):
    Wxh, Whh, bh, Why, by = params
    hs, ps = {-1: np.zeros((x.shape[1], len(bh))) if h0 is None else np.copy(h0)}, {}
    mask = targets != -100
    N = mask.sum()
    loss = 0.0
    for t in range(len(x)):
        hs[t] = np.tanh(x[t] @ Wxh + hs[t - 1] @ Whh + bh)
        z = hs[t] @ Why + by
        z = z - z.max(axis=1, keepdims=True)
        ps[t] = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        rows = np.flatnonzero(mask[t])
        loss += (np.log(np.exp(z[rows]).sum(axis=1)) - z[rows, targets[t, rows]]).sum() / N
    grads = RNNParams(*(np.zeros_like(p) for p in params))
    dhnext = np.zeros_like(hs[-1])
    for t in reversed(range(len(x))):
        dy = np.copy(ps[t])
        rows = np.flatnonzero(mask[t])
        dy[rows, targets[t, rows]] -= 1
        dy *= mask[t][:, None] / N
        grads.W_hy[...] += hs[t].T @ dy
        grads.b_y[...] += dy.sum(axis=0)
        dhraw = (dy @ Why.T + dhnext) * (1 - hs[t] ** 2)
        grads.b_h[...] += dhraw.sum(axis=0)
        grads.W_xh[...] += x[t].T @ dhraw
        grads.W_hh[...] += hs[t - 1].T @ dhraw
        dhnext = dhraw @ Whh.T
    return float(loss), grads
""",
    ),
    (
        "central_difference",
        "flat index, half the difference of two quotients",
        r"""
def my_central_difference(f, v, step):
    out = np.empty(v.size)
    for i in range(v.size):
        e = np.zeros(v.size)
        e[i] = step
        e = e.reshape(v.shape)
        out[i] = (f(v + e) - f(v - e)) / (2 * step)
    return out.reshape(v.shape)
""",
    ),
    (
        "only_step",
        "a product with a mask over time",
        r"""
def my_only_step(dh, t):
    here = np.arange(1, len(dh) + 1) == t
    return dh * here[:, None, None]
""",
    ),
    (
        "masked_loss",
        "np.ma",
        r"""
def my_masked_loss(nats, targets):
    return float(np.ma.masked_array(nats, mask=targets == -100).mean())
""",
    ),
    (
        "clip_by_norm",
        "one flat vector, cut up again",
        r"""
def my_clip_by_norm(grads, most):
    flat = np.concatenate([np.ravel(g) for g in grads])
    length = np.sqrt(flat @ flat)
    flat = flat * min(1.0, most / max(length, 1e-300))
    ends = np.cumsum([g.size for g in grads])[:-1]
    return RNNParams(*(part.reshape(g.shape) for part, g in zip(np.split(flat, ends), grads)))
""",
    ),
    (
        "clip_by_norm",
        "np.hypot over the fields' norms, grads returned as they are when short",
        r"""
from functools import reduce

def my_clip_by_norm(grads, most):
    norm = reduce(np.hypot, (np.linalg.norm(g) for g in grads))
    if norm <= most:
        return grads
    return grads._make(g / (norm / most) for g in grads)
""",
    ),
    (
        "adam_step",
        "means moved by a share of the difference, corrections folded into the rate",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    m = m + 0.1 * (g - m)
    s = s + 0.001 * (g * g - s)
    root = np.sqrt(1 - 0.999 ** t)
    rate = learning_rate * root / (1 - 0.9 ** t)
    return p - rate * m / (np.sqrt(s) + 1e-8 * root), m, s
""",
    ),
    (
        "adam_step",
        "in-place work on copies",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate):
    p, m, s = p.copy(), m.copy(), s.copy()
    m *= 0.9
    m += 0.1 * g
    s *= 0.999
    s += 0.001 * np.square(g)
    step = m / (1 - np.power(0.9, t))
    step /= np.sqrt(s / (1 - np.power(0.999, t))) + 1e-8
    p -= learning_rate * step
    return p, m, s
""",
    ),
    (
        "sampling_step",
        "a loop that uses u up",
        r"""
def my_sampling_step(logits, temperature, u):
    if not temperature:
        return max(range(len(logits)), key=lambda k: logits[k])
    end = 0.0
    for k, share in enumerate(softmax(logits / temperature)):
        end += share
        if u < end:
            return k
    return 0
""",
    ),
    (
        "sampling_step",
        "searchsorted from the right",
        r"""
def my_sampling_step(logits, temperature, u):
    if temperature == 0:
        return int(np.argmax(logits))
    ends = np.cumsum(softmax(np.divide(logits, temperature)))
    return int(np.searchsorted(ends, u, side='right')) % len(ends)
""",
    ),
    (
        "last_states",
        "take_along_axis",
        r"""
def my_last_states(h, lengths):
    index = np.asarray(lengths)[None, :, None] - 1
    return np.take_along_axis(h, index, axis=0)[0]
""",
    ),
    (
        "head_gradients",
        "unit arrows in a loop with outer products",
        r"""
def my_head_gradients(W_hy, b_y, h_last, targets):
    N = len(targets)
    dW, db, dh = np.zeros_like(W_hy), np.zeros_like(b_y), np.zeros_like(h_last)
    arrows = h_last @ W_hy + b_y - targets
    for n, (state, arrow) in enumerate(zip(h_last, arrows)):
        size = np.linalg.norm(arrow)
        pull = arrow / size / N if size else np.zeros_like(arrow)
        dW += np.outer(state, pull)
        db += pull
        dh[n] = W_hy @ pull
    return dh, dW, db
""",
    ),
    (
        "last_states_backward",
        "comparison of step numbers instead of indices",
        r"""
def my_last_states_backward(dh_last, lengths, steps):
    at_end = np.arange(1, steps + 1)[:, None] == np.asarray(lengths)[None]
    return at_end[..., None] * dh_last
""",
    ),
    (
        "at_ids",
        "product with one-hot rows and a sum",
        r"""
def my_at_ids(dx, ids):
    return np.einsum('tni,tni->tn', dx, np.eye(dx.shape[2])[ids])
""",
    ),
    (
        "adam_step",
        "the constants as keyword-only parameters",
        r"""
def my_adam_step(p, g, m, s, t, learning_rate, *, beta1=0.9, beta2=0.999, eps=1e-8):
    m_new = m * beta1 + g * (1 - beta1)
    s_new = s * beta2 + g * g * (1 - beta2)
    p_new = p - learning_rate * (m_new / (1 - beta1 ** t)) / (np.sqrt(s_new / (1 - beta2 ** t)) + eps)
    return p_new, m_new, s_new
""",
    ),
    (
        "tanh_slope",
        "np.vectorize of a plain Python function",
        r"""
my_tanh_slope = np.vectorize(lambda a: 1.0 - a * a, otypes=[float])
""",
    ),
    (
        "rnn_forward",
        "a generator of states",
        r"""
def states_along(params, x, state):
    for x_t in x:
        state, y_t, _ = rnn_cell_forward(params, x_t, state)
        yield state, y_t

def my_rnn_forward(params, x, h0=None):
    start = np.zeros((x.shape[1], params.b_h.size)) if h0 is None else h0
    h, y = zip(*states_along(params, x, start))
    return np.stack(h), np.stack(y), {'start': start, 'x': x}
""",
    ),
    (
        "cross_entropy",
        "math.fsum over Python lists",
        r"""
import math

def my_cross_entropy(logits, targets):
    n_y = logits.shape[-1]
    rows, wanted = logits.reshape(-1, n_y).tolist(), targets.reshape(-1).tolist()
    costs = []
    for row, k in zip(rows, wanted):
        if k != -100:
            top = max(row)
            costs.append(top - row[k] + math.log(math.fsum(math.exp(v - top) for v in row)))
    return math.fsum(costs) / len(costs)
""",
    ),
]
