"""Faults to be guessed: each shows, in the rows of its place; a guess is judged by what the maps have in common."""

import inspect
from itertools import product

import numpy as np
import pytest

from rnn_helpers import plain
from rnn_helpers.labs import guess
from rnn_helpers.labs.gradmap import backward_map, make_case
from rnn_helpers.labs.guess import FAULTS, PLACES

NUMBERS = range(1, 1 + len(FAULTS))
every_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.place}: {fault.says}")

# The rows in which a fault of a place can show. The others spoil what every row is made of.
ROWS = {
    guess.DX: {"x"},
    guess.DW_XH: {"W_xh"},
    guess.DW_HH: {"W_hh"},
    guess.DB_H: {"b_h"},
    guess.RETURN: {"x", "h0"},
    guess.ADDING: {"W_xh", "W_hh", "b_h"},
}


def bold(*faults):
    found = guess.map_of(*faults)
    return found.wrong.tobytes(), found.changed


def test_there_are_more_than_sixty_and_several_in_each_place():
    assert len(FAULTS) >= 60
    assert min(sum(fault.place == place for fault in FAULTS) for place in PLACES) >= 5


def test_no_two_are_the_same_and_each_exchanges_what_stands_there():
    planted = {tuple(map(tuple, guess.lines([fault]))) for fault in FAULTS}
    assert len(planted) == len(FAULTS) == len({(fault.place, fault.exchanges) for fault in FAULTS})


@every_fault
def test_a_fault_shows_in_its_map_in_rows_of_its_place(fault):
    found = guess.map_of(fault)
    assert found.wrong.any() or found.changed
    assert bool(found.changed) == (fault.place == guess.WRITES)
    bright = {name for name, row in zip(found.names, found.wrong, strict=True) if row.any()}
    assert bright <= ROWS.get(fault.place, {*found.names})


@every_fault
def test_a_fault_on_the_way_from_step_to_step_leaves_a_walk_of_one_step_right_but_for_h0(fault):
    if fault.place == guess.CARRY and "ones_like" not in fault.exchanges[0].wrong:
        assert not np.delete(guess.map_of(fault).wrong, 1, axis=0)[:, 0].any()


def test_a_map_of_the_figure_is_the_notebooks():
    case = make_case(np.random.default_rng(0))
    for fault in FAULTS[::20]:
        assert np.array_equal(backward_map(guess.walk(fault), case).errors, guess.map_of(fault).errors)


def test_the_numbers_bring_each_fault_once_and_the_same_again():
    one_each = [guess.planted(number) for number in NUMBERS]
    assert {fault for (fault,) in one_each} == {*FAULTS}
    assert one_each == [guess.planted(number) for number in NUMBERS]


def test_two_at_once_sit_in_two_places():
    pairs = [guess.planted(number, two=True) for number in NUMBERS]
    assert pairs == [guess.planted(number, two=True) for number in NUMBERS]
    assert len({*pairs}) > 100
    assert all(one.place != other.place for one, other in pairs)


def test_most_maps_of_two_at_once_leave_something_to_read():
    bright = [number for number in NUMBERS if guess.map_of(*guess.planted(number, two=True)).wrong.all()]
    assert 10 < len(bright) < len(NUMBERS) / 4 and all(number % 3 == 0 for number in bright)


@pytest.mark.parametrize("two", [False, True])
def test_a_guess_is_right_possible_or_not_there_by_the_bold_cells(two):
    seen = set()
    for number, place in product(NUMBERS, PLACES):
        faults = guess.planted(number, two=two)
        says, beside, lines = guess.judge(faults, place)
        seen.add(first := says.split(" ", 1)[0])
        like = [fault for fault in FAULTS if fault.place == place and bold(fault) == bold(*faults)]
        assert first == ("Right:" if place in {f.place for f in faults} else "Possible:" if like else "Not"), says
        assert len(says) < 300 and says.endswith(".")
        if first == "Right:":
            assert beside is None and lines == guess.lines(faults)
        else:
            assert lines == ([], [])
            same = (beside.wrong.tobytes(), beside.changed) == bold(*faults)
            assert same == (first == "Possible:")
            assert any(beside is guess.map_of(fault) for fault in FAULTS if fault.place == place)
    assert seen == {"Right:", "Possible:", "Not"}


def test_of_two_faults_it_says_which_hides_which():
    seen = set()
    for number in NUMBERS:
        one, other = faults = guess.planted(number, two=True)
        for here, there in ((one, other), (other, one)):
            says = guess.judge(faults, here.place).says
            assert f"The other sits in {there.place.split(':')[0]}" in says
            alone = bold(here) == bold(*faults), bold(there) == bold(*faults)
            words = {
                (True, False): "and is hidden",
                (False, True): "and hides it",
                (True, True): "; each alone",
                (False, False): "; neither hides",
            }
            assert [word for word in words.values() if word in says] == [words[alone]]
            seen.add(alone)
    assert len(seen) == 4


def test_the_nearest_fault_of_a_place_is_shown_with_where_it_differs():
    double = next(fault for fault in FAULTS if fault.says == "counts the carry twice")
    says, beside, _ = guess.judge((double,), guess.CARRY)
    assert says.startswith("Not there. Of 14 faults in the carry, the nearest uses W_hh as it is ")
    assert says.endswith("differs in h0 in column 1.")
    assert np.argwhere(beside.wrong != guess.map_of(double).wrong).tolist() == [[1, 0]]
    in_place = next(fault for fault in FAULTS if fault.says == "writes dz over dh")
    assert "and in what is changed afterwards (dh here, nothing there)" in guess.judge((in_place,), guess.DX).says


@every_fault
def test_the_lines_that_are_shown_are_those_that_were_exchanged(fault):
    right, wrong = guess.lines([fault])
    source = inspect.getsource(plain.rnn_backward)
    assert wrong or "" in [exchange.wrong for exchange in fault.exchanges]
    assert right and all(line in source for line in right)
    assert right != wrong
