"""What many steps do to a small change, against the network itself, differences, PyTorch, and formulas by pencil."""

import numpy as np
import pytest
from cases import build, every_case, gap
from oracle import import_torch

from rnn_helpers import CellCache, dynamics, init_params, rnn_backward, rnn_cell_backward, rnn_forward

LIMIT = 1e-12


def run(case):
    """Return W_hh, and x, h0 and the states of the case's first sequence alone."""
    x, h0 = case.rows[:, :1], case.start[:1]
    return case.params.W_hh, x, h0, rnn_forward(case.params, x, h0)[0][:, 0]


@every_case
def test_a_steps_jacobian_is_that_of_its_differences_and_a_gradient_goes_back_through_its_transpose(case):
    W_hh, x, h0, h = run(case)
    J = dynamics.step_jacobian(W_hh, h[0])
    step = 1e-5 * np.eye(len(W_hh))
    ahead, behind = (rnn_forward(case.params, np.repeat(x[:1], len(step), 1), h0 + s)[0][0] for s in (step, -step))
    assert gap((ahead - behind) / 2e-5, J) < 1e-8  # row i: what a change of h_(t-1)[i] alone does to h_t
    dh = case.dh[:1, 0]
    back = rnn_cell_backward(case.params, CellCache(x[0], h0, h[:1]), dh)
    assert gap(dh @ J.T, back.h_prev) < LIMIT


@every_case
def test_the_product_takes_a_gradient_from_the_last_state_to_the_first(case):
    W_hh, x, h0, h = run(case)
    dh = np.zeros_like(h)[:, None]
    dh[-1] = case.dh[-1, :1]
    back = rnn_backward(case.params, rnn_forward(case.params, x, h0)[2], dh)
    assert gap(dh[-1] @ dynamics.product(W_hh, h).T, back.h0) < LIMIT


@every_case
def test_the_product_is_torchs_jacobian_of_the_whole_sequence(case):
    torch = import_torch()
    W_hh, x, h0, h = run(case)
    inputs = torch.tensor(x[:, 0] @ case.params.W_xh + case.params.b_h)
    W = torch.tensor(np.array(W_hh))

    def last(state):
        for from_x in inputs:
            state = torch.tanh(from_x + state @ W)
        return state

    theirs = torch.autograd.functional.jacobian(last, torch.tensor(np.array(h0[0]))).numpy().T  # ours: from, to
    assert gap(dynamics.product(W_hh, h), theirs) < LIMIT


def test_states_that_begin_close_together_part_as_the_product_says():
    params = init_params(np.random.default_rng(0), 3, 24, 2, recurrent_gain=1.8, input_scale=0.1)
    x, v = np.random.default_rng(1).standard_normal((40, 1, 3)), np.random.default_rng(2).standard_normal((1, 24))
    h, twin = rnn_forward(params, x)[0], rnn_forward(params, x, 1e-8 * v)[0]
    assert gap((twin - h)[-1] / 1e-8, v @ dynamics.product(params.W_hh, h[:, 0])) < 1e-3
    logs = dynamics.growth(params.W_hh, h[:, 0], v[0])
    lengths = np.linalg.norm(np.concatenate([v[None], (twin - h) / 1e-8]), axis=(1, 2))
    assert np.abs(logs - np.diff(np.log(lengths))).max() < 1e-3


@every_case
def test_growth_adds_up_to_the_length_that_the_product_gives_whatever_the_length_of_the_change(case):
    W_hh, _, _, h = run(case)
    change = case.dh[0, 0]
    logs = dynamics.growth(W_hh, h, change)
    assert logs.shape == (len(h),)
    for k in range(1, len(h) + 1):
        whole = np.log(np.linalg.norm(change @ dynamics.product(W_hh, h[:k])) / np.linalg.norm(change))
        assert abs(logs[:k].sum() - whole) < LIMIT * max(1, abs(whole))
    assert gap(dynamics.growth(W_hh, h, 1e-200 * change), logs) < LIMIT
    assert gap(dynamics.growth(W_hh, h, 1e200 * change), logs) < LIMIT


@pytest.mark.parametrize("scale", [1e-200, 1e-3, 1.0, 1e3, 1e200])
def test_growth_of_thousands_of_steps_neither_under_nor_overflows(scale):
    W = scale * rotation(0.7)
    logs = dynamics.growth(W, np.zeros((3000, 2)), np.array([3.0, -1.0]))
    assert np.abs(logs - np.log(scale)).max() < 1e-9


def rotation(angle):
    """Return a rotation of the plane: it changes no length, and its eigenvalues are complex."""
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])


def test_growth_is_that_of_the_state_which_the_step_leads_to_and_keeps_to_the_time_order():
    W, h = np.diag([2.0, 1.0]), np.array([[0.5, 0.1], [0.9, 0.2]])
    logs = dynamics.growth(W, h, np.array([1.0, 0.0]))
    assert logs == pytest.approx(np.log([2 * (1 - 0.5**2), 2 * (1 - 0.9**2)]))


def test_where_nothing_is_left_of_a_change_its_growth_is_minus_infinity():
    W = np.array([[0.0, 0.5], [0.0, 0.0]])  # the second step ends it
    logs = dynamics.growth(W, np.zeros((4, 2)), np.array([1.0, 0.0]))
    assert logs[0] == np.log(0.5) and (logs[1:] == -np.inf).all()
    assert (dynamics.growth(0 * W, np.zeros((2, 2)), np.ones(2)) == -np.inf).all()


def test_the_spectral_radius_knows_complex_and_negative_eigenvalues():
    assert dynamics.spectral_radius(1.7 * rotation(0.7)) == pytest.approx(1.7)
    assert dynamics.spectral_radius(np.diag([0.5, -2.0, 1.0])) == 2.0
    shear = np.array([[0.9, 1.0], [0.0, 0.9]])
    assert dynamics.spectral_radius(shear) == pytest.approx(0.9)
    assert type(dynamics.spectral_radius(np.eye(3, dtype=np.float32))) is float


@pytest.mark.parametrize("seed", range(5))
def test_the_spectral_radius_is_what_a_long_product_grows_by_in_the_end(seed):
    W = np.random.default_rng(seed).standard_normal((6, 6))
    after = dynamics.growth(W, np.zeros((4000, 6)), np.ones(6))
    assert np.exp(after[1000:].mean()) == pytest.approx(dynamics.spectral_radius(W), rel=1e-3)


def test_float32_stays_float32_and_arguments_stay_as_they_were():
    for dtype in (np.float32, np.float64):
        case = build("seed 0", dtype)  # its arrays are read-only
        W_hh, _, _, h = run(case)
        change = case.dh[0, 0]
        outcomes = dynamics.step_jacobian(W_hh, h[0]), dynamics.product(W_hh, h), dynamics.growth(W_hh, h, change)
        assert {outcome.dtype for outcome in outcomes} == {np.dtype(dtype)}
    double = build("seed 0", np.float64)
    assert gap(outcomes[1], dynamics.product(double.params.W_hh, run(double)[3])) < 1e-12


W, H_T, H, V = np.ones((3, 3)), np.zeros(3), np.zeros((5, 3)), np.ones(3)
TOO_LARGE = np.array([0.5, 1.5, 0.0])
BAD = [
    (dynamics.step_jacobian, (W[:2], H_T), ValueError, "W_hh: expected shape (from n_h=2, to n_h=2), got (2, 3)"),
    (dynamics.step_jacobian, (W[0], H_T), ValueError, "W_hh: expected shape (from n_h, to n_h), got (3,)"),
    (dynamics.step_jacobian, (W.astype(int), H_T), TypeError, "W_hh: expected float32 or float64 numbers, got int64"),
    (dynamics.step_jacobian, (W, H), ValueError, "h_t: expected shape (n_h=3,), got (5, 3)"),
    (dynamics.step_jacobian, (W, H_T[:2]), ValueError, "h_t: expected shape (n_h=3,), got (2,)"),
    (dynamics.step_jacobian, (np.nan * W, H_T), ValueError, "W_hh: expected finite numbers, got nan at index (0, 0)"),
    (
        *(dynamics.step_jacobian, (W, TOO_LARGE), ValueError),
        "h_t: expected states from -1 to 1, as tanh leaves them, got 1.5 at index (1,)",
    ),
    (dynamics.product, (W, H_T), ValueError, "h: expected shape (time, n_h=3), got (3,)"),
    (dynamics.product, (W, H[:0]), ValueError, "h: expected shape (time, n_h=3) with no empty axis, got (0, 3)"),
    (
        *(dynamics.product, (W, np.stack([H_T, -TOO_LARGE])), ValueError),
        "h: expected states from -1 to 1, as tanh leaves them, got -1.5 at index (1, 1)",
    ),
    (dynamics.product, (W, None), TypeError, "h: expected float32 or float64 numbers, got NoneType"),
    (dynamics.growth, (W, H[:, None], V), ValueError, "h: expected shape (time, n_h=3), got (5, 1, 3)"),
    (dynamics.growth, (W, H, V[None]), ValueError, "change: expected shape (n_h=3,), got (1, 3)"),
    (dynamics.growth, (W, H, 0 * V), ValueError, "change: expected one that is not zero, got zeros"),
    (dynamics.growth, (W, H, V * np.inf), ValueError, "change: expected finite numbers, got inf at index (0,)"),
    (dynamics.spectral_radius, (W[:2],), ValueError, "W: expected shape (from n_h=2, to n_h=2), got (2, 3)"),
    (dynamics.spectral_radius, ("W",), TypeError, "W: expected float32 or float64 numbers, got <U1"),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), BAD, ids=[message for *_, message in BAD])
def test_bad_input_is_refused_and_named(function, arguments, error, message):
    with pytest.raises(error) as caught:
        function(*arguments)
    assert str(caught.value) == message


def test_a_start_without_input_is_a_linear_network_and_its_gradient_a_power_of_the_gain():
    for gain in (0.9, 1.0, 1.1):
        params = init_params(np.random.default_rng(3), 2, 16, 2, recurrent="orthogonal", recurrent_gain=gain)
        h, _, cache = rnn_forward(params, np.zeros((50, 1, 2)))
        dh = np.zeros_like(h)
        dh[-1] = np.random.default_rng(4).standard_normal(16)
        share = np.linalg.norm(rnn_backward(params, cache, dh).h0) / np.linalg.norm(dh)
        assert share == pytest.approx(gain**50, rel=1e-12)


# ---- memory curves


def delays(rng, steps, n_h, noise=0.0):
    """Return inputs, and states that hold the last n_h of them, mixed, and noise."""
    u = rng.uniform(-0.2, 0.2, steps) + 0.1
    held = np.stack([np.roll(u, k) for k in range(n_h)], axis=1) + noise * rng.standard_normal((steps, n_h))
    return u, held @ np.linalg.qr(rng.standard_normal((n_h, n_h)))[0]


def test_a_line_of_delays_remembers_as_many_inputs_as_it_has_units_and_nothing_else():
    u, h = delays(np.random.default_rng(0), 2000, 5)
    curve = dynamics.memory_curve(h, u, 9)
    assert curve[:5] == pytest.approx(1, abs=1e-9) and curve[5:].max() < 0.01 and curve.min() >= 0
    _, noise = delays(np.random.default_rng(1), 2000, 5)
    assert dynamics.memory_curve(noise, u, 9).max() < 0.01


def test_a_noisy_memory_tells_the_share_that_its_noise_leaves():
    u, h = delays(np.random.default_rng(0), 20_000, 4, noise=0.1)
    signal = u.var()
    assert dynamics.memory_curve(h, u, 4) == pytest.approx(signal / (signal + 0.1**2), abs=0.02)


def test_noise_of_the_read_out_is_noise_of_the_states():
    rng = np.random.default_rng(0)
    u, h = delays(rng, 20_000, 4)
    noisy = np.clip(h + 0.05 * rng.standard_normal(h.shape), -1, 1)
    w_noise, w_states = dynamics.memory_curve(h, u, 4, noise=0.05), dynamics.memory_curve(noisy, u, 4)
    assert w_states[0] < 0.9 < w_noise[0] < 1  # weights for noise that did not come: between


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("recurrent", ["normal", "orthogonal"])
def test_the_capacity_is_at_most_the_number_of_units(seed, recurrent):
    rng = np.random.default_rng(seed)
    params = init_params(rng, 1, 12, 1, recurrent=recurrent, recurrent_gain=0.9, input_scale=0.01)
    u = rng.standard_normal(3050)
    curve = dynamics.memory_curve(rnn_forward(params, u[:, None, None])[0][:, 0], u, 50)
    assert 3 < curve.sum() < 12.5


def test_memory_curves_take_float32_and_leave_their_arguments():
    u, h = delays(np.random.default_rng(0), 400, 3)
    before = u.copy(), h.copy()
    curve = dynamics.memory_curve(h.astype(np.float32), u.astype(np.float32), 5)
    assert curve.dtype == np.float64 and curve == pytest.approx(dynamics.memory_curve(h, u, 5), abs=1e-4)
    assert np.array_equal(before[0], u) and np.array_equal(before[1], h)


STATES, INPUTS = np.zeros((40, 3)), np.arange(40.0)


@pytest.mark.parametrize(
    ("arguments", "error", "complaint"),
    [
        ((STATES + 2, INPUTS, 3), ValueError, r"h: expected states from -1 to 1, .*"),
        ((STATES, INPUTS[1:], 3), ValueError, r"u: expected shape \(time=40,\), got \(39,\)"),
        ((STATES, INPUTS, 0), ValueError, "lags: expected at least 1, got 0"),
        ((STATES, INPUTS, 2.0), TypeError, "lags: expected an integer, got float"),
        ((STATES, INPUTS, 33), ValueError, r"h: expected at least lags \+ 2 \(n_h \+ 1\) = 41 steps, got 40"),
        ((STATES, 0 * INPUTS, 3), ValueError, "u: expected inputs that differ, got the same one at all steps"),
        ((STATES, np.arange(40), 3), TypeError, "u: expected float32 or float64 numbers, got int64"),
    ],
)
def test_a_memory_curve_refuses_what_it_is_not_for(arguments, error, complaint):
    with pytest.raises(error, match=f"^{complaint}$"):
        dynamics.memory_curve(*arguments)
    with pytest.raises(ValueError, match=r"^noise: expected a positive number, got 0$"):
        dynamics.memory_curve(STATES, INPUTS, 3, noise=0)
