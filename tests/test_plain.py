"""The pages to read first: every answer of the course, in plain lines that compute what the package computes."""

import ast
import inspect
import json
import re

import numpy as np
import pytest
from cases import every_case, gap
from notebook_rules import ROOT

import rnn_helpers as rnn
from rnn_helpers import data, dynamics, fast, many_to_one, optim, plain, plain_memory, train
from rnn_helpers.check import EXERCISES
from rnn_helpers.labs import memory
from rnn_helpers.params import orthogonal
from rnn_helpers.train import sampling

PAGES = (plain, plain_memory)
LIMIT = 1e-13  # some ulps of the largest entry


def assert_same(plainly, packages):
    """Compare two answers, part by part."""
    if isinstance(packages, tuple):
        for one, other in zip(plainly, packages, strict=True):
            assert_same(one, other)
    elif packages is not None:
        assert gap(plainly, packages) < LIMIT


@every_case
def test_the_page_computes_what_the_package_computes(case):
    params, dh, targets = case.params, case.dh, case.targets
    x, x_t, h0 = case.rows, case.rows[0], case.start
    logits = rnn.rnn_forward(*case[:3])[0] @ params.W_hy + params.b_y
    cell_cache, cache = rnn.rnn_cell_forward(params, x_t, h0)[2], rnn.rnn_forward(params, x, h0)[2]
    h_last, colours = cache.states[-1], np.cos(logits[0])
    lengths = 1 + np.arange(case.sizes[1]) % case.sizes[0]
    y = rnn.softmax(logits)
    for plainly, packages in (
        (plain.softmax(logits), rnn.softmax(logits)),
        (plain.softmax_backward(y, logits), rnn.softmax_backward(y, logits)),
        (plain.rnn_cell_forward(params, x_t, h0), rnn.rnn_cell_forward(params, x_t, h0)),
        (np.tanh(plain.pre_activation(params, x_t, h0)), rnn.rnn_cell_forward(params, x_t, h0)[0]),
        (plain.rnn_forward(params, x, case.h0), rnn.rnn_forward(params, x, case.h0)),
        (plain.run_in_two(params, x, h0, 1), rnn.rnn_forward(params, x, h0)[0]) if len(x) > 1 else ((), ()),
        (plain.cross_entropy(logits, targets), rnn.cross_entropy(logits, targets)),
        (plain.logits_gradient(logits, targets), rnn.cross_entropy_and_grad(logits, targets)[1]),
        (plain.output_backward(params.W_hy, dh, logits), rnn.output_backward(params.W_hy, dh, logits)),
        (plain.rnn_cell_backward(params, cell_cache, dh[0]), rnn.rnn_cell_backward(params, cell_cache, dh[0])),
        (plain.rnn_backward(params, cache, dh), rnn.rnn_backward(params, cache, dh)),
        (plain.loss_and_grads(params, x, targets, case.h0), rnn.loss_and_grads(*case[:2], targets, case.h0)),
        (plain.last_states(dh, lengths), many_to_one.last_states(dh, lengths)),
        (
            plain.last_states_backward(h_last, lengths, len(dh)),
            many_to_one.last_states_backward(h_last, lengths, len(dh)),
        ),
        (
            plain.head_gradients(params.W_hy, params.b_y, h_last, colours),
            many_to_one.head_gradients(params.W_hy, params.b_y, h_last, colours),
        ),
        (plain.at_ids(logits, np.abs(targets) % 2), many_to_one.at_ids(logits, np.abs(targets) % 2)),
    ):
        assert_same(plainly, packages)


@every_case
def test_the_pieces_of_a_step_back_make_up_the_whole(case):
    h_t, dh_t = np.tanh(case.dh[-1]), case.dh[0]
    cache = rnn.CellCache(case.rows[0], case.start, h_t)
    back = rnn.rnn_cell_backward(case.params, cache, 2 * dh_t)
    dz_t, dh_prev = plain.step_back(case.params, h_t, dh_t, dh_t)
    assert_same((dh_prev, plain.bias_gradient(dz_t)), (back.h_prev, back.b_h))
    assert_same((plain.tanh_backward(h_t, 2 * dh_t), 2 * dh_t * plain.tanh_slope(h_t)), (dz_t, dz_t))


@every_case
def test_the_steps_of_an_optimiser_are_the_packages(case):
    params, state = case.params, None
    grads = rnn.loss_and_grads(params, case.rows, case.targets, case.h0)[1]
    assert_same(plain.clip_by_norm(grads, 1e9), optim.clip_by_norm(grads, 1e9))
    # Like PyTorch, the package adds a millionth to the length before it divides.
    length = optim.global_norm(grads)
    packages = optim.clip_by_norm(grads, length / 2)
    assert_same(plain.clip_by_norm(grads, length / 2), tuple(g * (length + 1e-6) / length for g in packages))
    means = [(np.zeros_like(p), np.zeros_like(p)) for p in params]
    for t in (1, 2, 3):
        moved, state = optim.adam(params, grads, state, 0.1)
        ours = [plain.adam_step(p, g, *m, t, 0.1) for p, g, m in zip(params, grads, means, strict=True)]
        assert_same(tuple(p for p, _, _ in ours), tuple(moved))
        params, means = moved, [(m, s) for _, m, s in ours]


def test_the_answers_of_notebooks_00_03_07_09_11_and_12_that_the_package_has_no_use_for():
    assert plain.step(np.arange(12).reshape(3, 2, 2), 3).tolist() == [[8, 9], [10, 11]]
    assert plain.one_hot(np.array([[2, 0]]), 3).tolist() == [[[0, 0, 1], [1, 0, 0]]]
    params = rnn.init_params(np.random.default_rng(0), 2, 3, 4)
    assert plain.count_parameters(2, 3, 4) == sum(p.size for p in params)
    unit = rnn.RNNParams(*(np.full(shape, 0.5) for shape in ((1, 1), (1, 1), (1,), (1, 1), (1,))))
    states = rnn.rnn_forward(unit, np.array([1.0, -2.0, 3.0]).reshape(3, 1, 1), np.full((1, 1), 0.7))[0]
    assert_same(plain.scalar_forward(0.5, 0.5, 0.5, [1.0, -2.0, 3.0], 0.7), states[:, 0, 0])
    columns = {"Wam": params.W_xh.T, "Waa": params.W_hh.T, "ba": params.b_h[:, None]}
    columns |= {"Wya": params.W_hy.T, "by": params.b_y[:, None]}
    assert_same(plain.from_article(columns), tuple(params))

    def cubes(v):
        return float((v**3).sum())

    at = np.array([[0.5, -1.0, 2.0]])
    numerically = rnn.numerical_gradient(cubes, at, 1e-3)
    assert np.allclose(plain.central_difference(cubes, at, 1e-3), numerically, rtol=1e-9, atol=0)
    only = plain.only_step(np.ones((3, 1, 2)), 2)
    assert only[1].all() and only.sum() == 2
    nats = np.array([[1.0, 2.0], [9.0, 4.0]])
    assert plain.masked_loss(nats, np.array([[3, 1], [-100, 0]])) == 7 / 3
    tokens = [plain.sampling_step(np.log([0.2, 0.5, 0.3]), 1.0, u) for u in (0.1, 0.3, 0.6, 0.8)]
    assert tokens == [0, 1, 1, 2] and plain.sampling_step(np.array([0.0, 2.0, 1.0]), 0, 0.99) == 1
    # After "ab" came c and d; so each of four characters has 1 of 6 shares, and these two one more.
    assert np.isclose(plain.trigram_bits("abcabd", "abc", 4), np.log2(6 / 2))
    assert np.isclose(plain.trigram_bits("abcabd", "abcz", 4), (np.log2(6 / 2) + np.log2(5 / 1)) / 2)


@every_case
def test_what_many_steps_do_is_what_the_package_says(case):
    W_hh, h, change = case.params.W_hh, np.tanh(case.dh[:, 0]), case.dh[0, 0]
    assert_same(plain_memory.step_jacobian(W_hh, h[0]), dynamics.step_jacobian(W_hh, h[0]))
    assert_same(plain_memory.growth(W_hh, h, change), dynamics.growth(W_hh, h, change))
    assert_same(plain_memory.spectral_radius(W_hh), dynamics.spectral_radius(W_hh))
    normal = np.random.default_rng(5).standard_normal(W_hh.shape)
    assert_same(plain_memory.orthogonal(normal), orthogonal(np.random.default_rng(5), len(W_hh)))


@every_case
def test_what_memory_takes_is_what_the_package_says(case):
    rng = np.random.default_rng(9)
    assert np.isclose(plain_memory.no_memory_loss(7, 5, 3), data.no_memory_loss("copy", lag=7, symbols=5, payload=3))
    steps, batch = case.rows.shape[:2]
    x, targets, _, _ = data.recall(rng, steps + 1, batch)
    ids, wanted = plain_memory.recall_batch(x[0], x[1:-1] - 4)
    assert np.array_equal(ids, x) and np.array_equal(wanted, targets)
    params = case.params
    ids = rng.integers(len(params.W_xh), size=(steps, batch))
    found = plain_memory.arriving(params, ids, case.dh[-1])
    assert np.isclose(found, memory.arriving(params, ids, case.dh[-1]), rtol=1e-12)
    u, h = rng.standard_normal(300), np.tanh(rng.standard_normal((300, 4)))
    h[:, 1] = np.tanh(u + h[:, 1])
    curve = plain_memory.memory_curve(h, u, 6)
    assert curve[0] > 0.5 and np.allclose(curve, dynamics.memory_curve(h, u, 6), rtol=0, atol=1e-9)


@every_case
def test_what_is_faster_or_needs_less_memory_computes_what_the_package_computes(case):
    h, _, cache = rnn.rnn_forward(case.params, case.rows, case.start)
    assert_same(plain_memory.input_first(case.params, case.rows, case.start), h)
    dz = fast.back_through_time(case.params.W_hh, cache.states, case.dh)
    grads = rnn.rnn_backward(case.params, cache, case.dh)
    assert_same(plain_memory.weight_gradient(cache.states, dz), grads.W_hh)
    from_zeros = rnn.rnn_backward(case.params, rnn.rnn_forward(case.params, case.rows)[2], case.dh)
    for every in (1, 2, len(h), len(h) + 3):
        assert_same(plain_memory.checkpointed(case.params, case.rows, case.dh, every), from_zeros)


@every_case
def test_windows_are_trained_on_as_the_package_trains_on_those_that_continue(case):
    x, targets = np.array([case.rows, case.rows[::-1]]), np.array([case.targets, case.targets[::-1]])
    rows = np.arange(x.shape[2])
    batches = [data.Batch(*window, rows, continues=i > 0) for i, window in enumerate(zip(x, targets, strict=True))]
    *_, last = run = list(train.steps(case.params, batches, optim.sgd, 0.1))
    packages = last.params, np.array([step.loss for step in run]), last.h
    assert_same(plain.train_on_windows(case.params, x, targets, np.zeros_like(case.start), 0.1), packages)


@every_case
def test_the_gradients_of_a_squared_error_are_those_of_its_differences(case):
    W_hy, b_y, h = case.params.W_hy, case.params.b_y, np.tanh(case.dh)
    targets = np.cos(h @ W_hy)
    for name, gradient in plain.squared_error_gradients(W_hy, b_y, h, targets)._asdict().items():
        given = {"h": h, "W_hy": W_hy, "b_y": b_y}

        def loss(v, name=name, given=given):
            h, W_hy, b_y = {**given, name: v}.values()
            return float(((h @ W_hy + b_y - targets) ** 2).mean())

        assert np.allclose(gradient, rnn.numerical_gradient(loss, given[name]), rtol=0, atol=1e-8)


def test_a_number_drawn_evenly_chooses_the_token_that_the_package_chooses():
    rng = np.random.default_rng(0)
    for seed in range(200):
        logits, temperature = rng.standard_normal(6), rng.uniform(0.2, 2)
        u = np.random.default_rng(seed).random()
        drawn = sampling.next_token(np.random.default_rng(seed), logits, temperature)
        assert plain.sampling_step(logits, temperature, u) == drawn


def sections_of(page):
    """Return {answer: the number of the notebook under whose heading it stands}."""
    sections, number = {}, ""
    for line in inspect.getsource(page).splitlines():
        if heading := re.match(r"# --- (\d\db?) (.+?) -+$", line):
            number = heading[1]
            (path,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
            title = json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"]
            assert any(f"# {heading[2]}\n" == part or f"# {heading[2]}" == part.strip() for part in title), heading[0]
        if function := re.match(r"def (\w+)\(", line):
            sections[function[1]] = number
    return sections


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_no_longer_than_one_page(page):
    assert len(inspect.getsource(page).splitlines()) <= 250


def test_each_answer_stands_under_its_notebook():
    sections = {}
    for page in PAGES:
        found = sections_of(page)
        assert not found.keys() & sections.keys()
        sections |= found
    assert list(sections.values()) == sorted(sections.values())
    pages = {page.__name__ for page in PAGES}  # that of the gates goes by networks, not by notebooks
    own = {name: e for name, e in EXERCISES.items() if not e.called and e.reference.__module__ in pages}
    answered = {name: exercise.notebook for name, exercise in own.items()}
    assert answered == sections  # nothing is missing, and nothing else stands there


@pytest.mark.parametrize("page", PAGES)
def test_it_checks_nothing_and_plays_no_trick(page):
    tree = ast.parse(inspect.getsource(page))
    kinds = (ast.Raise, ast.Assert, ast.Try, ast.With, ast.Lambda, ast.ClassDef, ast.AugAssign)
    found = {type(node) for node in ast.walk(tree) if isinstance(node, kinds)}
    assert found <= {ast.AugAssign}  # dW += ... is how a sum over the steps is written
    words = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    assert not words & {"dtype", "order", "copy", "mode"}
