"""The faults of the article that the course grew out of: what a learner who follows it hands in, and what is said.

Some of its faults no check of a function can see, because they leave no numbers. Docstrings call da "the input data
set", d_next "the next hidden layer's gradient", and x's first axis sentences; n_x counts sentences in one function
and features in another; unpacked parameters are never used; and shapes, which are all that is printed, test nothing.
"""

import numpy as np
import pytest

import rnn_helpers as rnn
from rnn_helpers import check


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


def article_softmax(a):
    e_x = np.exp(a - np.max(a))
    return e_x / e_x.sum(axis=0)


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


def article_cell(params, x_t, h_prev):
    """The article's cell on rows turned into columns, and handed back as it is."""
    W_xh, W_hh, b_h, W_hy, b_y = (array.T for array in params)
    a_now = np.tanh(np.dot(W_xh, x_t.T) + np.dot(W_hh, h_prev.T) + b_h[:, None])
    return a_now, rnn.softmax((W_hy @ a_now + b_y[:, None]).T).T, (a_now, h_prev, x_t, params)


def columns(a):
    e_x = np.exp(a - np.max(a, axis=0))
    return e_x / e_x.sum(axis=0)


def one_vector(a):
    """What the docstring of its softmax promises: a single vector."""
    e_x = np.exp(a - np.max(a))
    return e_x / e_x.sum()


def whole_maximum(a):
    e_x = np.exp(a - np.max(a))
    return e_x / e_x.sum(axis=-1, keepdims=True)


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


def sentences_first(params, x, h0=None):
    """Its docstring's order of the axes: sentences, words, features."""
    h, y, cache = rnn.rnn_forward(params, x, h0)
    return h.swapaxes(0, 1), y.swapaxes(0, 1), cache


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
FAULTS = {
    "softmax: one maximum for the whole array": ("softmax", whole_maximum, "whole_array_max", "underflow"),
    "softmax: the columns sum to one": ("softmax", columns, "columns", "axis 0 is not the axis of the scores here"),
    "softmax: both at once": ("softmax", article_softmax, "article_softmax", "as the article does for its columns"),
    "softmax: said to be for one vector": ("softmax", one_vector, "one_row_for_all", "each row has a maximum"),
    "cell: samples are columns": ("rnn_cell_forward", article_cell, "article_layout", "one sample is one row"),
    "cell: biases are columns": (
        "from_article",
        lambda p: (p["Wam"].T, p["Waa"].T, p["ba"], p["Wya"].T, p["by"]),
        "biases_not_flat",
        "(4, 1)",
    ),
    "forward: the cache comes first": ("rnn_forward", article_forward, "cache_first", "it comes last here"),
    "forward: the axes as its docstring has them": ("rnn_forward", sentences_first, "time_and_batch_swapped", "first"),
    "back: the upstream gradient is not used": ("rnn_cell_backward", without_upstream, "upstream_forgotten", "pass on"),
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
    "back: the gradients in a dict": ("rnn_cell_backward", in_a_dict, "wrong_count", "in this order, without keys"),
    "back: dwam here and dWam there": (
        "rnn_backward",
        asks_for_a_name_of_another_function,
        "raised",
        "lower case count",
    ),
    "through time: dx is not kept": ("rnn_backward", article_backward, "article_backward", "returns no dx"),
    "through time: with another cell's cache": (
        "rnn_backward",
        with_the_cache_of_an_earlier_cell,
        "raised",
        reads("caches"),
    ),
    "through time: da is drawn at random": ("rnn_backward", random_upstream, "changing", "or draws random numbers"),
    "another cell's bias": ("pre_activation", with_the_bias_of_an_earlier_cell, "raised", reads("ba")),
    "no loss, and no gradient of Wya and by": (
        "loss_and_grads",
        without_the_output_layer,
        "output_gradients_missing",
        "W_hy and b_y",
    ),
    "prints from inside": ("rnn_cell_backward", prints, None, "(It printed 12 lines, not shown here.)"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_the_article_does_is_recognised(fault):
    name, function, mistake, says = FAULTS[fault]
    verdict = getattr(check, name)(function)
    assert verdict.mistake == mistake and says in verdict.message, verdict


def test_a_carry_of_one_column_that_is_broadcast_is_right_all_the_same():
    """The article's da_pre = np.zeros((n_a, 1)): zeros are the same for all samples."""

    def backward(params, cache, dh):
        carry, dz = np.zeros((1, len(params.b_h))), np.empty_like(dh)
        for t in reversed(range(len(dh))):
            dz[t] = (dh[t] + carry) * (1 - cache.states[t + 1] ** 2)
            carry = dz[t] @ params.W_hh.T
        shared = (np.einsum("tbi,tbj->ij", a, dz) for a in (cache.x, cache.states[:-1]))
        return dz @ params.W_xh.T, carry, *shared, dz.sum(axis=(0, 1))

    assert check.rnn_backward(backward).passed
