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

from rnn_helpers import (
    check,
    data,
    dynamics,
    gates,
    init_params,
    live,
    many_to_one,
    optim,
    plain,
    rnn_backward,
    rnn_forward,
    train,
)
from rnn_helpers.labs import guess, ladder, memory, recall_sweep
from rnn_helpers.labs.carousel import carousel
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


MEASURED = ladder.stored()
AT = {size["n_h"]: size for size in MEASURED["sizes"]}
GAINS = {n_h: dict(zip(MEASURED["names"][1:], size["over_before"], strict=True)) for n_h, size in AT.items()}


@pytest.mark.parametrize("seed", range(20))
def test_17_one_after_the_other_says_that_the_faster_one_is_slower_and_turns_say_the_truth(seed):
    slow = np.where(np.arange(40) < 20, 1.0, 1.5) * np.random.default_rng(seed).uniform(1, 1.05, 40)
    assert 0.7 < (10 * slow[:20]).min() / (9 * slow[20:]).min() < 0.8
    assert 1.08 < np.median(10 * slow[0::2] / (9 * slow[1::2])) < 1.14


def test_17_the_floor_is_a_fifth_at_64_units_half_at_128_and_more_at_256():
    shares = [1 / AT[n_h]["floor_times_faster"] for n_h in (64, 128, 256)]
    assert 0.19 < shares[0] < 0.24 and 0.45 < shares[1] < 0.55 and 0.53 < shares[2] < 0.66
    assert AT[64]["floor_times_faster"] > 4 and AT[256]["floor_times_faster"] < 2


def test_17_what_gains_where():
    to_float32 = {
        n_h: {name: gain for name, gain in gains.items() if name != "float32"} for n_h, gains in GAINS.items()
    }
    assert (
        max(to_float32[64], key=to_float32[64].get) == "out of the loop" and 1.55 < GAINS[64]["out of the loop"] < 1.7
    )
    assert max(to_float32[256], key=to_float32[256].get) == "rows, time first"
    assert all(1.2 < gains["rows, time first"] < 1.5 for gains in GAINS.values())
    assert all(1.045 < gains["no dx"] < 1.105 for gains in GAINS.values())
    once = [GAINS[n_h]["weights once"] for n_h in (64, 128, 256)]
    assert 1.12 < once[0] < 1.17 and 0.97 < once[1] < 1.03 and once[2] < 1 and GAINS[256]["out of the loop"] < 1
    assert all(gain > 1 for gain in MEASURED["short"]["over_before"][2:4])
    assert GAINS[64]["float32"] < 1.8 and min(GAINS[128]["float32"], GAINS[256]["float32"]) > 2


def test_17_only_the_last_two_bars_cross_the_floor():
    for size in AT.values():
        crossed = [bar > size["floor_times_faster"] for bar in size["times_faster"]]
        assert crossed[-1] and not any(crossed[:-2])


def test_17_sixty_four_states_are_enough_for_a_thousand_steps_and_cost_half_as_much_time_again():
    held = {k: -(-1000 // k) + k for k in range(1, 1001)}
    assert min(held.values()) == held[28] == held[32] == 64 and min(held, key=held.get) == 28
    longer = dict(zip(MEASURED["checkpoints"]["every"], MEASURED["checkpoints"]["times_as_long"], strict=True))
    assert 1.4 < longer[32] < 1.6 < longer[10] and held[10] > held[32]
    assert 13 < 100 * 64 * 256 * 8 / 1e6 < 13.2 and 4 < 1000 * 8 * 64 * 8 / 1e6 < 4.2


def left(**moved):
    """Return how large a gradient is by all roads, along the cell states alone, and in the plain network."""
    all_roads, lane, plain_network = re.findall(r"([-\d.e+]+) times", told(live.CAROUSEL, **moved))
    return float(all_roads), float(lane), float(plain_network)


def test_16_the_figure_of_the_carousel_shows_what_is_to_be_found():
    assert left(forget_bias=2.0)[0] == 0.99 and left(forget_bias=3.0)[0] > 10
    assert left(forget_bias=3.0, input_scale=1.5)[1] == 0.034 and round(sigma(3.0) ** 50, 3) == 0.088
    assert left(input_scale=0.0)[2] == 1 and left(input_scale=0.0)[0] < 0.2
    assert left(forget_bias=3.4, steps=20)[1] == 0.5


def sigma(bias):
    return float(gates.sigmoid(np.array([bias]))[0])


def test_16_with_a_bias_of_0_less_comes_back_than_in_a_plain_network_and_the_lane_is_what_the_bias_says():
    for seed in range(5):
        found = carousel(0.0, 0.5, 50, seed)
        assert found.lane[50] < found.all_roads[50] < found.plain[50] - 1
        assert abs(found.lane[20] - 20 * np.log10(0.5)) < 0.3
        for bias in (1.0, 3.0, 5.0):
            assert abs(carousel(bias, 0.5, 50, seed).lane[50] - 50 * np.log10(sigma(bias))) < 0.8


def recalls(forget_bias, input_bias, seed):
    """Return the mean loss of the last 25 of 250 steps of recall over 40, as 16a trains."""
    rng = np.random.default_rng(seed)
    if forget_bias is None:
        forget_bias = gates.time_scales(rng, 32, 40)
        input_bias = -forget_bias if input_bias is None else input_bias
    params = gates.init_lstm(rng, 9, 32, 9, forget_bias=forget_bias, input_bias=input_bias)
    batches = (data.recall(rng, 40, 32) for _ in range(250))
    run = train.record(train.steps(params, batches, optim.adam, 0.003, clip=lambda g: optim.clip_by_norm(g, 1.0)))
    return run.losses[-25:].mean()


@pytest.mark.ci
@pytest.mark.parametrize(
    ("forget_bias", "input_bias", "least", "most"),
    [(0.0, 0.0, 1.38, 1.4), (1.0, 0.0, 1.38, 1.4), (3.0, 0.0, 0, 0.02), (None, None, 0.03, 0.4), (None, 0.0, 0, 0.03)],
)
def test_16_recall_over_40_steps_is_learned_or_not_by_the_bias(forget_bias, input_bias, least, most):
    """Of each, seeds 0 to 5 were tried when this was written; one of them is here."""
    assert least < recalls(forget_bias, input_bias, seed=5) < most


def test_16_adding_over_60_steps_falls_to_an_lstm_with_times_and_not_to_a_plain_network():
    """Of each, seeds 0 to 5 were tried when this was written; one of them is here."""

    def summed(params, rng):
        batches = (data.adding(rng, 60, 32) for _ in range(600))
        clip = {"clip": lambda g: optim.clip_by_norm(g, 1.0)}
        run = train.steps(params, batches, optim.adam, 0.003, **clip, loss_and_grads=distance)
        return train.record(run).losses[-25:].mean()

    def distance(params, batch):
        return many_to_one.loss_and_grads(params, *batch)

    rng = np.random.default_rng(5)
    assert 0.33 < summed(init_params(rng, 2, 32, 1, recurrent="orthogonal"), rng) < 0.34
    rng = np.random.default_rng(5)
    b = gates.time_scales(rng, 32, longest=60)
    assert 0.06 < summed(gates.init_lstm(rng, 2, 32, 1, forget_bias=b, input_bias=-b), rng) < 0.1


def test_16_courseras_old_table_is_that_of_a_walk_without_carries_and_its_new_one_is_right():
    draw = np.random.RandomState(1).randn
    x, h0 = draw(3, 10, 7).T, draw(5, 10).T
    doors = {gate: (draw(5, 8).T, draw(5, 1)[:, 0]) for gate in "fioc"}
    W, b_h = (np.concatenate([doors[gate][k] for gate in "ifco"], axis=-1) for k in (0, 1))
    dh, zeros = draw(5, 10, 4).T, np.zeros((10, 5))
    params = gates.LSTMParams(W[5:], W[:5], b_h, np.ones((5, 1)), np.zeros(1))
    cache = gates.lstm_forward(params, x[:4], h0)[2]
    (walk, *_) = (m.function for m in check.EXERCISES["lstm_backward"].mistakes if m.name == "neither_carry")
    old, right = walk(params, cache, dh, zeros), gates.lstm_backward(params, cache, dh)
    assert old.x[:, 2, 1] == pytest.approx([-0.00173313, 0.08287442, -0.30545663, -0.43281115], abs=1e-8)
    assert old.h0[3, 2] == pytest.approx(-0.095911501954, abs=1e-12)
    dW = np.concatenate([old.W_hh, old.W_xh]).T.reshape(4, 5, 8)  # i, f, g, o
    rows = [dW[1, 3, 1], dW[0, 1, 2], dW[2, 3, 1], dW[3, 1, 2]]
    assert rows == pytest.approx([-0.0698198561274, 0.102371820249, -0.0624983794927, 0.0484389131444], abs=1e-12)
    assert right.x[0, 2, 1] == pytest.approx(0.00218254, abs=1e-8)
    assert right.h0[3, 2] == pytest.approx(0.312770310257, abs=1e-12)


def test_16_two_known_mistakes_of_a_step_show_only_where_something_comes_along_the_lane():
    known = check.EXERCISES["lstm_cell_backward"].mistakes
    for seed in range(5):
        rng = np.random.default_rng(seed)
        params = gates.init_lstm(rng, 3, 4, 2)
        x_t, h_prev, c_prev = (rng.standard_normal((5, size)) for size in (3, 4, 4))
        cache = gates.lstm_cell_forward(params, x_t, h_prev, c_prev)[3]
        dh_total, dc_t = rng.standard_normal((2, 5, 4))
        for dc, hidden in ((0 * dc_t, ["cell_gradient_dropped", "o_on_both_roads"]), (dc_t, [])):
            right = gates.lstm_cell_backward(params, cache, dh_total, dc)
            found = ((m.name, m.function(params, cache, dh_total, dc)) for m in known)
            same = [
                name
                for name, answer in found
                if all(a.shape == b.shape and np.allclose(a, b) for a, b in zip(answer, right, strict=True))
            ]
            assert same == hidden


def test_16_a_fresh_lstm_of_pytorch_has_its_forget_gates_at_a_half_and_two_biases_that_add():
    torch = import_torch()
    for seed in range(5):
        torch.manual_seed(seed)
        network = torch.nn.LSTM(3, 64)
        both = (network.bias_ih_l0 + network.bias_hh_l0).detach()[64:128]
        assert abs(float(torch.sigmoid(both).mean()) - 0.5) < 0.01
        with torch.no_grad():
            x = torch.randn(7, 2, 3)
            one, _ = network(x)
            network.bias_ih_l0 += network.bias_hh_l0
            network.bias_hh_l0.zero_()
            assert torch.allclose(one, network(x)[0], atol=1e-6)


def test_16_the_two_grus_part_after_one_step():
    """Seed 0 is not the notebook's network; so it was in six."""
    for seed in range(6):
        rng = np.random.default_rng(seed)
        params = gates.init_gru(rng, n_x=8, n_h=64, n_y=2)
        before = gates.GRUBeforeParams(params.W_xh, params.W_hh, params.b_h, params.W_hy, params.b_y)
        x_t, h_prev = rng.standard_normal((16, 8)), np.tanh(rng.standard_normal((16, 64)))
        one, other = (gates.gru_cell_forward(p, x_t, h_prev)[0] for p in (params, before))
        assert 0.065 < np.sqrt(((one - other) ** 2).mean()) < 0.085 and 0.35 < abs(one - other).max() < 0.75


def test_16_on_names_the_gru_is_ahead_of_the_lstm_and_that_of_the_plain_network():
    """Seeds 3 to 7 were tried when this was written; the notebook runs three of them, and this the last."""
    names, _ = data.colour_names()
    alphabet = data.alphabet_of(names)
    split = data.split(names, np.random.default_rng(0))
    ids = [data.encode(name, alphabet) for name in names]
    validation = data.batches([ids[i] for i in split.validation], 32)
    V, single = len(alphabet), {"dtype": np.float32}
    kinds = {
        gates.init_gru: (72, {}, (1.75, 1.82)),
        gates.init_lstm: (61, {}, (1.86, 1.89)),
        init_params: (128, {"recurrent_gain": 0.7}, (1.91, 1.97)),
    }
    for draw, (n_h, more, (least, most)) in kinds.items():
        start = draw(np.random.default_rng(7), V, n_h, V, **more, **single)
        assert 24_200 < sum(array.size for array in start) < 24_550
        batches = data.passes([ids[i] for i in split.train], 32, np.random.default_rng(4), 20)
        steps = train.steps(start, batches, optim.adam, 0.005, clip=lambda g: optim.clip_by_norm(g, 1.0))
        assert least < train.bits(train.mean_loss(train.record(steps).params, validation)) < most
