"""What a notebook asks its reader to find in a live figure can be found there, and read off the sentence.

The line-up and the step of the differences, of 07 and 08, are in `test_views.py`; from 09 on they belong to trained
networks and are in their cells. Of 12, what its text says about other orders and series than those of its cells.
"""

import bz2
import re
import zlib
from pathlib import Path

import numpy as np
import pytest
from oracle import import_torch

from rnn_helpers import data, dynamics, init_params, live, optim, plain, rnn_backward, rnn_forward, train
from rnn_helpers.labs import guess, memory, recall_sweep
from rnn_helpers.labs.flow import flow, walk_back

DRAWINGS = {}
NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


def told(view, **moved):
    """Return the sentence at the view's start, with these controls moved."""
    return drawn(view, **moved).sentence


def drawn(view, **moved):
    """Return the view's drawing there: a drawing that is there already is updated, which is quick."""
    values = view.read({**view.starts(), **moved})
    if view.update is None:
        return view.draw(**values)
    if view not in DRAWINGS:
        DRAWINGS[view] = view.draw(**view.starts())
    return view.update(DRAWINGS[view], **values)


def number(after, sentence):
    """Return the number that follows a text in a sentence."""
    found = re.search(re.escape(after) + r"(-?[\d.]*\d(?:e[+-]\d+)?)", sentence)
    assert found, (after, sentence)
    return float(found[1])


def stops(control):
    """Return every place of a slider."""
    return control.low + control.step * np.arange(round((control.high - control.low) / control.step) + 1)


def test_00_no_length_changes_the_count_of_parameters_and_a_hidden_size_does():
    counts = {number("uses the same ", told(live.UNROLLED, steps=steps)) for steps in (1, 5, 6, 7, 60)}
    assert counts == {68}
    assert "the same 183 parameters" in told(live.UNROLLED, n_h=10)


def test_01_the_leader_passes_0_9_between_two_temperatures_and_equal_scores_know_none():
    leader = [number("probabilities is ", told(live.SOFTMAX, temperature=tau)) for tau in (0.3, 0.4, 0.5, 0.6)]
    assert leader[1] > 0.9 > leader[2] and leader == sorted(leader, reverse=True)
    for tau in (0.1, 2.0, 10.0):
        assert "all 3 probabilities are 0.333" in told(live.SOFTMAX, z1=1.0, z2=1.0, z3=1.0, temperature=tau)


def test_01_the_slope_is_one_half_near_0_88_and_less_than_a_tenth_from_1_82_on():
    (slider,) = live.TANH.controls
    slopes = {round(z, 2): number("² = ", told(live.TANH, z=z)) for z in stops(slider) if z >= 0}
    assert min(slopes, key=lambda z: abs(slopes[z] - 0.5)) == 0.88
    assert min(z for z, slope in slopes.items() if slope < 0.1) == 1.82


def test_02_the_old_state_can_just_make_the_first_unit_negative():
    assert "z_t = (-0.05, 1.40)" in told(live.STEP, h1=-1.0, h2=1.0)
    for h1, h2 in ((-1.0, 0.7), (-0.9, 1.0), (1.0, 1.0), (-1.0, -1.0)):
        assert number("z_t = (", told(live.STEP, h1=h1, h2=h2)) > 0


def test_02_from_9_units_on_the_weights_between_states_are_more_than_half_of_all():
    halves = {n_h: number("with ", told(live.CELL, n_h=n_h)) / 2 for n_h in (1, 8, 9, 64)}
    assert [n_h for n_h, half in halves.items() if n_h**2 > half] == [9, 64]


def test_03_the_pulse_has_halved_at_step_5():
    sentences = {steps: told(live.STATES, steps=steps) for steps in range(2, 11)}
    halved = [steps for steps, text in sentences.items() if number(" and ", text) < number("on average ", text) / 2]
    assert halved[0] == 5


def test_04_far_to_the_left_the_losss_slope_is_nearly_minus_one():
    losses = [number("costs ", told(live.LOSS, score=score)) for score in (-4.0, -5.0, -6.0)]
    assert np.diff(losses) == pytest.approx([0.994, 0.998], abs=5e-4)


def dW_xh(**moved):
    """Return the first entry and the first column of dW_xh, as the picture shows them."""
    words = [artist.get_text() for artist in drawn(live.STEP_BACK, **moved).moving if hasattr(artist, "get_text")]
    cells = np.array([float(word.replace("\N{MINUS SIGN}", "-")) for word in words[8:14]])  # after texts, x_t, dx_t
    return cells[0], cells.reshape(3, 2)[:, 0]


def test_05_three_times_the_input_gives_less_than_half_the_gradient():
    assert dW_xh()[0] == 0.22 and dW_xh(x1=3.0)[0] == 0.10


def test_05_only_the_first_upstream_number_empties_the_first_column():
    sliders = [control for control in live.STEP_BACK.controls if isinstance(control, live.Control)]
    zeros = {control.name: not dW_xh(**{control.name: 0.0})[1].any() for control in sliders}
    assert [name for name, empty in zeros.items() if empty] == ["dh1"]


def test_06_the_average_turns_flat_near_30_units_and_near_four_times_as_many_with_half_the_spread():
    def first(n_h, spread):
        return number("step 1 is ", told(live.GRADIENT, n_h=n_h, spread=spread))

    assert first(28, 0.2) < 1 < first(32, 0.2) < 10
    assert first(28, 0.1) < 1e-8 and first(112, 0.1) < 1 < first(128, 0.1) < 10


def test_06_more_steps_hardly_change_the_factor_of_each():
    factors = [number("a factor of ", told(live.GRADIENT, steps=steps)) for steps in (10, 40, 100, 200)]
    assert factors[1] == 0.76 and min(factors) > 0.73 and max(factors) < 0.81


def test_06_more_units_help_a_network_without_the_carry_and_another_length_does_not():
    def ends(**moved):
        sentence = told(live.TWO_STEPS_AGO, **moved)
        return number("the loss is ", sentence), number("with the carry and ", sentence)

    by_length = [ends(steps=steps) for steps in (3, 6, 12, 18, 24)]
    assert max(carried for carried, _ in by_length) < 0.02 and min(dropped for _, dropped in by_length) > 0.8
    shortest = drawn(live.TWO_STEPS_AGO, steps=3).moving[1].get_ydata()
    assert shortest[:250].min() < 0.15 and shortest[-1] > 1
    by_size = {n_h: ends(n_h=n_h)[1] for n_h in (4, 8, 10, 12, 16, 24, 32)}
    assert min(by_size[n_h] for n_h in (4, 8, 10)) > 0.9 > 0.6 > max(by_size[n_h] for n_h in (12, 16, 24))
    assert by_size[32] < 0.02


def places_by_the_table(found):
    """Return where notebook 07's table of shapes says that a map's fault sits, none where the table lacks the shape."""
    wrong, rows = found.wrong, found.wrong.any(axis=1)
    if not rows.any():
        return {guess.WRITES}
    if wrong.all():
        return {guess.SUM, guess.SLOPE}
    if wrong[:, 1:].all():
        bright = [name for name, first in zip(found.names, wrong[:, 0], strict=True) if first]
        return {guess.SUM} if not bright else {guess.CARRY} if bright == ["h0"] else set()
    if (wrong == wrong[0]).all():
        return {guess.LOOP, guess.CARRY}
    names = [name for name, row in zip(found.names, rows, strict=True) if row]
    if names == ["W_xh", "W_hh", "b_h"]:
        return {guess.ADDING}
    own = {"x": {guess.DX}, "h0": {guess.RETURN}, "W_xh": {guess.DW_XH}, "W_hh": {guess.DW_HH, guess.READ}}
    return {**own, "b_h": {guess.DB_H}}[names[0]] if len(names) == 1 else set()


def test_07_the_table_of_shapes_leads_to_as_many_faults_as_are_counted_there():
    named = [places_by_the_table(guess.map_of(fault)) for fault in guess.FAULTS]
    right = [len(places) for fault, places in zip(guess.FAULTS, named, strict=True) if fault.place in places]
    text = (NOTEBOOKS / "07_find_the_bug.ipynb").read_text(encoding="utf-8")
    assert f"For {len(right)} of the {len(named)} faults the table leads to the place; for {right.count(2)} of" in text
    assert {*right} == {1, 2}


def test_07_the_first_fault_adds_too_much_on_the_way_from_step_to_step():
    (fault,) = guess.planted(1)
    assert places_by_the_table(guess.map_of(fault)) == {fault.place}


def costs(order):
    """Return what notebook 12's rivals of a network pay for its text with the sixteens in this order."""
    names = data.unicode_names()
    text = "\n".join("\n".join(names[16 * i : 16 * i + 16]) for i in order)
    train, held_out = data.split_text(text)
    found = {"3-gram": plain.trigram_bits(train, held_out, len(set(text)))}
    for name, compress in {"zlib": zlib.compress, "bz2": bz2.compress}.items():
        found[name] = 8 * (len(compress(text.encode())) - len(compress(train.encode()))) / len(held_out)
    return found, text


def test_12_compressors_beat_counting_and_only_they_bear_an_end_of_another_kind():
    count = -(-len(data.unicode_names()) // 16)
    shuffled, text = costs(np.random.default_rng(0).permutation(count))
    assert 2.3 < shuffled["3-gram"] < 2.5 and 1.25 < shuffled["zlib"] < 1.5 and 0.85 < shuffled["bz2"] < 1.11
    in_order, _ = costs(range(count))
    assert in_order["3-gram"] > 2.9 and in_order["zlib"] < 1 and in_order["bz2"] < 0.6
    assert data.look_at(text).kind == "names" and data.look_at(text, kind="text").kind == "text"


def factor(**moved):
    return number("multiplies by ", told(live.FLOW, **moved))


def test_14_an_input_bends_the_line_and_a_gain_makes_it_flat_again_for_that_input():
    assert factor(input_scale=0.0) == 1 and "mean square is 1.00" in told(live.FLOW, input_scale=0.0)
    assert factor() == 0.78 and 10 ** flow("orthogonal", 1.0, 0.5, 60).log_sizes[-1] < 1e-6
    assert (
        factor(gain=1.5) == 1 and factor(gain=1.5, input_scale=1.0) < 0.92 and factor(gain=1.5, input_scale=0.1) > 1.05
    )
    assert abs(factor(start="normal") - factor()) < 0.02


def test_14_the_identity_keeps_more_than_the_rule_says_and_less_with_more_gain():
    assert factor(start="identity") == 0.89 and number("mean square is ", told(live.FLOW, start="identity")) < 0.8
    gains = {gain: factor(start="identity", input_scale=0.1, gain=gain) for gain in np.arange(0.5, 2.5, 0.1).round(2)}
    assert max(gains, key=gains.get) == 1.1 and gains[1.5] == 0.59


def wild(seed):
    """Return a network of twice the usual gain, and its states over 50 steps of weak input, as in 14."""
    rng = np.random.default_rng(seed)
    params = init_params(rng, n_x=3, n_h=64, n_y=2, recurrent_gain=2.0, input_scale=0.1)
    x, change = rng.standard_normal((50, 1, 3)), rng.standard_normal((1, 64))
    return params, rnn_forward(params, x)[0][:, 0], change / np.linalg.norm(change)


def test_14_of_ten_wild_networks_each_parts_its_twins_and_few_directions_grow():
    parted, grown = [], []
    for seed in range(10):
        params, h, change = wild(seed)
        P = dynamics.product(params.W_hh, h)
        parted.append(np.linalg.norm(change @ P))
        values = np.linalg.svd(P, compute_uv=False)
        grown.append((values > 1).sum())
        assert np.median(values) < 1e-9
    assert 300 < min(parted) < 310 and 30_000 < max(parted) < 31_000
    assert (min(grown), max(grown)) == (7, 12)


def test_14_a_random_matrix_has_its_radius_near_the_gain_and_its_largest_singular_value_near_twice_that():
    for seed in range(20):
        W_hh = init_params(np.random.default_rng(seed), 3, 64, 2).W_hh
        assert 0.95 < dynamics.spectral_radius(W_hh) < 1.17 and 1.8 < np.linalg.norm(W_hh, 2) < 2.1


def power_left(seed, recurrent, input_scale):
    """Return the power of ten of what is left of a gradient 50 steps back."""
    rng = np.random.default_rng(seed)
    params = init_params(rng, n_x=3, n_h=64, n_y=2, recurrent=recurrent, input_scale=input_scale)
    h, _, cache = rnn_forward(params, rng.standard_normal((50, 8, 3)))
    dh = np.zeros_like(h)
    dh[-1] = rng.standard_normal(h.shape[1:])
    return np.log10(np.linalg.norm(rnn_backward(params, cache, dh).h0) / np.linalg.norm(dh))


@pytest.mark.parametrize("input_scale", [0.1, 0.5, 1.0])
def test_14_an_orthogonal_start_loses_as_much_as_a_normal_one_and_differs_less_from_network_to_network(input_scale):
    normal, orthogonal = (
        np.array([power_left(seed, recurrent, input_scale) for seed in range(20)])
        for recurrent in ("normal", "orthogonal")
    )
    assert abs(normal.mean() - orthogonal.mean()) < 0.7
    assert orthogonal.std() < (0.7 if input_scale < 1 else 0.9) * normal.std()


def test_14_torch_starts_evenly_between_one_over_the_root_of_n_and_its_negative():
    torch = import_torch()
    torch.manual_seed(0)
    drawn = [torch.nn.RNN(3, 64).weight_hh_l0.detach().numpy().astype(float) for _ in range(20)]
    scaled = np.array(drawn) * np.sqrt(64)
    assert np.abs(scaled).max() <= 1 + 1e-6 and abs((np.abs(scaled) < 0.5).mean() - 0.5) < 0.01
    assert scaled.std() == pytest.approx(0.58, abs=0.005)
    assert np.mean([dynamics.spectral_radius(W_hh) for W_hh in drawn]) == pytest.approx(0.6, abs=0.02)


@pytest.mark.parametrize(("gain", "reach"), [(0.7, (20, 22)), (1.0, (22, 28)), (1.4, (35, 39))])
def test_14_training_raises_the_radius_flattens_the_slopes_and_brings_the_reach_to_a_middle(gain, reach):
    names, _ = data.colour_names()
    alphabet = data.alphabet_of(names)
    split = data.split(names, np.random.default_rng(0))
    ids = [data.encode(names[i], alphabet) for i in split.train]
    assert 9.5 < np.mean([len(name) for name in names]) < 10.5
    text = np.concatenate(ids)[: 16 * 60].reshape(16, 60).T
    dh_last = np.random.default_rng(1).standard_normal((16, 64))

    def measured(params):
        h, _, _ = rnn_forward(params, text)
        left = 10 ** walk_back(params.W_hh, h, dh_last)
        slopes = np.sqrt(np.mean((1 - h**2) ** 2))
        return dynamics.spectral_radius(params.W_hh), slopes, int(np.argmax(left < 0.01)) or 61

    found, losses = [], []
    for seed in range(5):
        V = len(alphabet)
        start = init_params(np.random.default_rng(seed), n_x=V, n_h=64, n_y=V, recurrent_gain=gain)
        batches = data.passes(ids, 32, np.random.default_rng(4), 12)
        run = train.record(train.steps(start, batches, optim.adam, 0.005, clip=lambda g: optim.clip_by_norm(g, 1.0)))
        before, after = measured(start), measured(run.params)
        assert after[0] > max(1.0, before[0]) and after[1] < before[1]
        assert before[2] == 12 if gain < 1 else before[2] >= 36
        found.append(after[2])
        losses.append(run.losses[-25:].mean())
    assert (min(found), max(found)) == reach
    assert min(losses) > 1.5 and max(losses) < 1.6


def reach(*setting, seeds=range(5)):
    """Return for each seed how many of the last inputs a read-out recovers more than half of, and the capacity."""
    curves = [memory.read_out(*setting, seed) for seed in seeds]
    return [int(np.argmin(curve > 0.5)) for curve in curves], [float(curve.sum()) for curve in curves]


def within(values, low, high):
    return low <= min(values) and max(values) <= high


def test_15_a_weak_input_is_remembered_longest_and_only_there_do_twice_the_units_reach_twice_as_far():
    assert "of the last 62 steps" in told(live.MEMORY, input_scale=0.01)
    assert "of the last 31 steps" in told(live.MEMORY, input_scale=0.01, n_h=32)
    assert "of the last 31 steps" in told(live.MEMORY) and "of the last 33 steps" in told(live.MEMORY, n_h=128)
    assert within(reach("orthogonal", 0.9, 0.01, 64)[0], 60, 63)
    assert within(reach("orthogonal", 0.9, 0.01, 32)[0], 30, 33)
    assert within(reach("orthogonal", 0.9, 0.1, 64)[1], 25.5, 30.5)
    assert within(reach("orthogonal", 0.9, 0.5, 64)[1], 9.5, 11.5)
    assert max(stops(live.MEMORY.controls[1])) == 1.0 and within(reach("orthogonal", 0.9, 1.0, 64)[0], 7, 8)


def test_15_a_normal_start_forgets_above_a_gain_of_1_unless_its_input_is_stronger_and_the_identity_has_one_number():
    assert within(reach("normal", 0.9, 0.1, 64)[0], 18, 21) and within(reach("normal", 1.0, 0.1, 64)[0], 18, 23)
    assert within(reach("normal", 1.2, 0.1, 64)[0], 10, 13) and within(reach("normal", 1.5, 0.1, 64)[0], 3, 6)
    assert within(reach("normal", 1.5, 0.5, 64)[0], 8, 9)
    assert "of the last input alone" in told(live.MEMORY, start="identity")
    assert within(reach("identity", 0.9, 0.1, 64)[0], 1, 1)


@pytest.mark.parametrize("seed", range(1))  # five were tried: in float32 they are in the stored sweep, below
def test_15_ten_steps_are_learned_forty_are_not_and_with_a_weak_input_they_are(seed):
    ten = memory.recall_losses(memory.recall_start("orthogonal", seed=seed), 10, seed, updates=250)
    assert ten[:25].mean() > 0.8 and ten[-25:].mean() < 0.1
    assert 0.98 < memory.recall_losses(memory.recall_start("orthogonal", seed=seed), 40, seed)[-25:].mean() < 1.03
    weak = memory.recall_run("orthogonal, weak input", steps=40, seed=seed)
    assert weak["half_at"] < 100 and weak["last"] < 0.1


STORED = recall_sweep.rows()


def learned(**point):
    """Return how many stored runs learned, of how many."""
    here = [row["last"] < 0.5 for row in STORED if point.items() <= row.items()]
    return sum(here), len(here)


def test_15_what_the_text_says_of_the_stored_sweep():
    assert [learned(start="orthogonal", n_h=32, steps=steps) for steps in (10, 20, 40)] == [(5, 5), (4, 5), (0, 5)]
    assert learned(start="1.5 orthogonal", n_h=32, steps=40) == (0, 5)
    assert learned(start="orthogonal, weak input", n_h=32, steps=40) == (5, 5)
    late = [row for row in STORED if row["arriving"] < 1e-6 and row["half_at"]]
    assert len(late) == 3 and min(row["half_at"] for row in late) == 385 and {row["n_h"] for row in late} == {32, 64}
    assert 0.55 < np.mean([row["seconds"] for row in STORED]) < 0.56
    at = {level: sum(abs(row["last"] - level) < 0.02 for row in STORED) for level in (0.25, 0.375, 0.5)}
    assert at[0.25] > 5 and at[0.5] > 10 and at[0.375] < 3


def directions(start, seed):
    """Return in how many directions a gradient comes through 39 steps, in the mean over 8 sequences, as in 15."""
    params = memory.recall_start(start, seed=seed)
    h, _, _ = rnn_forward(params, data.recall(np.random.default_rng(seed), 40, 8).x)
    values = [np.linalg.svd(dynamics.product(params.W_hh, h[1:, n]), compute_uv=False) for n in range(8)]
    return np.mean([(row >= row[0] / 10).sum() for row in values])


@pytest.mark.parametrize("seed", range(5))
def test_15_a_flat_gradient_comes_in_four_directions_and_that_of_a_weak_input_in_all(seed):
    assert directions("1.5 orthogonal", seed).round() == 4
    assert directions("orthogonal, weak input", seed).round() == 31


@pytest.mark.parametrize("seed", range(2))  # eight were tried, three of them with last digits of the start changed
def test_15_adding_over_20_steps_is_learned_with_an_ordinary_input_alone(seed):
    ordinary, weak = (memory.adding_losses(start, 20, seed)[-100:].mean() for start in ADDERS)
    assert ordinary < 0.7 / 3 < weak


ADDERS = ("orthogonal", "orthogonal, weak input")


@pytest.mark.parametrize("start", ADDERS)
@pytest.mark.parametrize("seed", range(1))  # five were tried
def test_15_adding_over_60_steps_is_not_learned(seed, start):
    assert 0.31 < memory.adding_losses(start, 60, seed)[-100:].mean() < 0.35
