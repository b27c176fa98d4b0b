"""Whatever trains, writes, saves and reads one answer does so with any network, by the type of its parameters."""

from functools import partial

import numpy as np
import oracle
import pytest
from cases import gap
from gate_cases import BLOCKS, assert_parts_close, draw_params

from rnn_helpers import RNNParams, check_gradients, data, gates, init_params, many_to_one, optim, train
from rnn_helpers.gates import GRUBeforeParams, GRUParams, LSTMParams, LSTMState, networks
from rnn_helpers.train import sampling

TEXTS = ["red", "sea green", "blue", "dark sea blue", "pea", "sand", "rose red"]
ALPHABET = data.alphabet_of(TEXTS)
SEQUENCES = [data.encode(text, ALPHABET) for text in TEXTS]
IDS = np.concatenate([np.append(ids, 0) for ids in SEQUENCES])
N = len(ALPHABET)
N_H = 6

every_network = pytest.mark.parametrize("network", BLOCKS)


def start(network, seed=0, dtype=np.float64, n_x=N, n_y=N):
    return draw_params(network, np.random.default_rng(seed), n_x, N_H, n_y, dtype)


def windows(passes=2):
    return data.windows(IDS, 5, 2, passes)


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def run(params, x, *state):
    """Return all states, and what the next window starts from."""
    if isinstance(params, LSTMParams):
        h, _, cache = gates.lstm_forward(params, x, *state)
        return h, (h[-1], cache.cells[-1])
    h, _, _ = gates.gru_forward(params, x, *state)
    return h, (h[-1],)


# Training


def by_hand(params, rate):
    """Yield loss, parameters and states, each carried by a second forward pass."""
    loss_of = gates.lstm_loss_and_grads if isinstance(params, LSTMParams) else gates.gru_loss_and_grads
    zeros = tuple(np.zeros((2, N_H)) for _ in range(1 + isinstance(params, LSTMParams)))
    state, carried = None, zeros
    for batch in windows():
        given = carried if batch.continues else zeros
        loss, grads = loss_of(params, batch.x, batch.targets, *given)
        _, carried = run(params, batch.x, *given)
        params, state = optim.momentum(params, grads, state, rate)
        yield loss, params, carried


@every_network
def test_all_of_a_state_is_carried_where_windows_continue_and_nowhere_else(network):
    steps = train.steps(start(network), windows(), optim.momentum, 0.1)
    for step, (loss, params, carried) in zip(steps, by_hand(start(network), 0.1), strict=True):
        assert abs(step.loss - loss) < 1e-12 * loss and type(step.params) is network
        assert_parts_close(step.params, params, 1e-12)
        assert isinstance(step.h, LSTMState) == (network is LSTMParams)
        assert_parts_close(step.h if network is LSTMParams else (step.h,), carried, 1e-12)


@every_network
def test_the_mean_loss_carries_too(network):
    batches, total, count, carried = windows(passes=1), 0.0, 0, ()
    params = start(network)
    for batch in batches:
        h, carried = run(params, batch.x, *carried)
        nats = -oracle.log_softmax(h @ params.W_hy + params.b_y)
        counted = [nats[(*place, k)] for place, k in np.ndenumerate(batch.targets) if k != -100]
        total, count = total + sum(counted), count + len(counted)
    assert abs(train.mean_loss(params, batches) - total / count) < 1e-12


@every_network
def test_training_lowers_the_loss_and_its_record_is_kept(network):
    plan = list(data.passes(SEQUENCES, 3, np.random.default_rng(1), 40))
    clip = partial(optim.clip_by_norm, most=1.0)
    begin = start(network)
    record = train.record(train.steps(begin, plan, optim.adam, 0.02, clip=clip), partial(train.mean_loss, batches=plan))
    assert type(record.best) is network and record.losses[-3:].mean() < 0.5 * record.losses[0]


@every_network
def test_every_gradient_that_training_uses_passes_the_check(network):
    params = start(network)
    batch = next(iter(windows()))
    _, grads = train.batch_loss(params, batch)
    report = check_gradients(lambda p: train.batch_loss(p, batch)[0], params, grads)
    assert report.passed and [row.name for row in report.rows] == list(network._fields), report


def test_a_state_that_does_not_fit_says_so():
    first, second, *_ = windows()
    wide = second._replace(x=np.repeat(second.x, 2, axis=1), targets=np.repeat(second.targets, 2, axis=1))
    for network in BLOCKS:
        with pytest.raises(
            ValueError, match="batch: expected 2 sequences, as many as the state that is carried has, got 4"
        ):
            list(train.steps(start(network), [first, wide], optim.sgd, 0.1))
    h = np.zeros((2, N_H))
    with pytest.raises(TypeError, match=r"^h0: expected an LSTMState for an LSTM, got ndarray$"):
        train.batch_loss(start(LSTMParams), second, h)
    with pytest.raises(TypeError, match=r"^h0: expected an LSTMState for an LSTM, got tuple$"):
        train.batch_loss(start(LSTMParams), second, (h, h))
    for params in (start(GRUParams), init_params(np.random.default_rng(0), N, N_H, N)):
        with pytest.raises(ValueError, match=r"^h0: expected shape \(batch=2, n_h=6\), got \(2, 2, 6\)$"):
            train.batch_loss(params, second, LSTMState(h, h))


# Files


@every_network
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("optimiser", [optim.sgd, optim.momentum, optim.adam], ids=lambda f: f.__name__)
def test_a_run_that_goes_on_from_its_file_is_the_run_that_never_stopped(tmp_path, network, optimiser, dtype):
    def run(after=None):
        return train.steps(start(network, dtype=dtype), windows(6), optimiser, 0.01, after=after)

    whole = list(run())
    train.save(tmp_path / "run.npz", whole[6], alphabet=ALPHABET)
    saved = train.load_run(tmp_path / "run.npz")
    assert type(saved.step.params) is network and saved.step[:3] == whole[6][:3]
    assert isinstance(saved.step.h, LSTMState) == (network is LSTMParams)
    rest = list(run(after=saved.step))
    assert [step.loss for step in rest] == [step.loss for step in whole[7:]] and len(rest) > 10
    assert same(rest[-1].params, whole[-1].params) and rest[-1].params.b_h.dtype == dtype


@every_network
def test_parameters_come_back_as_the_network_that_they_were(tmp_path, network):
    """The two GRUs are told apart by their type alone, and so is a network without gates."""
    best, last = start(network, 1), start(network, 2)
    train.save(tmp_path / "net.npz", last)
    found = train.load(tmp_path / "net.npz")
    assert type(found) is network and same(found, last)
    train.save(tmp_path / "net.npz", last, best=best)
    assert same(train.load(tmp_path / "net.npz"), best)
    assert same(train.load_run(tmp_path / "net.npz").step.params, last)


def test_the_plain_networks_files_are_what_they_were(tmp_path):
    params = init_params(np.random.default_rng(0), N, N_H, N)
    train.save(tmp_path / "net.npz", params)
    with np.load(tmp_path / "net.npz") as file:
        assert str(file["format"]) == "rnn_helpers.RNNParams.2" and sorted(file) == sorted(
            ["format", *RNNParams._fields]
        )
    assert type(train.load(tmp_path / "net.npz")) is RNNParams


def rewritten(path, **changes):
    with np.load(path) as file:
        arrays = {**file, **changes}
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"c": None}, "it does not hold c"),
        ({"c": np.zeros((3, N_H))}, r"c: expected shape \(batch=2, n_h=6\), got \(3, 6\)"),
        ({"h": None}, "it holds c, too"),
        ({"format": np.array("rnn_helpers.GRUParams.2")}, "it does not hold b_n"),
        ({"format": np.array("rnn_helpers.GRUBeforeParams.2")}, r"params.W_xh: expected shape \(n_x, 3 n_h=18\)"),
        ({"format": np.array("rnn_helpers.RNNParams.2")}, r"params.W_hh: expected shape \(from n_h=24, to n_h=24\)"),
        ({"format": np.array("rnn_helpers.MGUParams.2")}, "it does not say that it is rnn_helpers.RNNParams.2, "),
        ({"b_n": np.zeros(N_H)}, "it holds b_n, too"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(tmp_path, changes, why):
    step = next(train.steps(start(LSTMParams), windows(), optim.adam, 0.1))
    train.save(tmp_path / "run.npz", step)
    train.load_run(tmp_path / "run.npz")
    rewritten(tmp_path / "run.npz", **changes)
    with pytest.raises(ValueError, match=why):
        train.load_run(tmp_path / "run.npz")


def test_what_belongs_to_another_network_is_not_saved(tmp_path):
    step = next(train.steps(start(LSTMParams), windows(), optim.adam, 0.1))
    path = tmp_path / "run.npz"
    with pytest.raises(TypeError, match=r"^best: expected LSTMParams, as in what is saved, got GRUBeforeParams$"):
        train.save(path, step, best=start(GRUBeforeParams))
    with pytest.raises(ValueError, match="it does not hold c"):
        train.save(path, step._replace(h=step.h.h))
    with pytest.raises(TypeError, match="params: expected an RNNParams, got LSTMState"):
        train.save(path, step.h)
    assert not path.exists()


# Writing


@every_network
@pytest.mark.parametrize("beginning", [(), (2, 3)])
def test_the_state_carries_all_that_was_read(network, beginning):
    """Chosen greedily, each token is that of a run from the start over all before it."""
    for seed in range(4):
        params = start(network, seed)
        params.b_y[0] = -50  # it goes on for as long as it may
        found = list(sampling.tokens(params, np.random.default_rng(0), beginning=beginning, temperature=0, longest=12))
        ids = [0, *beginning]
        for token in found:
            h, _ = run(params, np.array(ids)[:, None])
            assert token == np.argmax(h[-1, 0] @ params.W_hy + params.b_y)
            ids.append(token)
        assert len(found) == 12
    text = sampling.text(params, ALPHABET, np.random.default_rng(0), beginning="sea", longest=9)
    assert text.startswith("sea") and len(text) <= 12


def test_parameters_of_no_network_are_refused():
    for wrong, name in (((1, 2), "tuple"), (None, "NoneType"), (start(LSTMParams)._asdict(), "dict")):
        with pytest.raises(TypeError, match=f"^params: expected an RNNParams, got {name}$"):
            next(sampling.tokens(wrong, np.random.default_rng(0)))
        with pytest.raises(TypeError, match=f"^params: expected an RNNParams, got {name}$"):
            networks.checked(wrong)
    with pytest.raises(ValueError, match=r"params: expected n_y = n_x, so that outputs can be read, got 5 and "):
        next(sampling.tokens(start(GRUParams, n_y=5), np.random.default_rng(0)))


# One answer for a whole sequence

LENGTHS = np.array([4, 7, 1])


@every_network
@pytest.mark.parametrize("ids", [False, True])
def test_one_answer_for_a_whole_sequence(network, ids):
    rng = np.random.default_rng(3)
    params = start(network, n_x=5, n_y=2)
    x = rng.integers(5, size=(7, 3)) if ids else rng.standard_normal((7, 3, 5))
    targets = rng.standard_normal((3, 2))
    loss, grads = many_to_one.loss_and_grads(params, x, LENGTHS, targets)
    assert type(grads) is network
    y = many_to_one.read(params, x, LENGTHS)
    alone = [
        run(params, x[:length, n : n + 1])[0][-1, 0] @ params.W_hy + params.b_y for n, length in enumerate(LENGTHS)
    ]
    assert gap(y, alone) < 1e-13
    assert abs(loss - np.linalg.norm(y - targets, axis=1).mean()) < 1e-13
    report = check_gradients(lambda p: many_to_one.loss_and_grads(p, x, LENGTHS, targets)[0], params, grads)
    assert report.passed, report
