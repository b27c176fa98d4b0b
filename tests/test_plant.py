"""One exchange of text makes one mistake, in a function or in those that it calls, and nothing else changes."""

import inspect
import traceback

import numpy as np
import pytest

from rnn_helpers import init_params, plain, rnn_forward
from rnn_helpers.labs.suspects import loss_with
from rnn_helpers.plain import rnn_backward as walk_back
from rnn_helpers.plant import Exchange, overlap, plant, with_exchanges

PARAMS = init_params(np.random.default_rng(0), 5, 4, 6)
CACHE = rnn_forward(PARAMS, np.random.default_rng(1).standard_normal((3, 2, 5)))[2]

# --- a function with a source that can be read -----------------------------------------------------------------


def test_two_of_one_name_keep_their_own_sources_and_touch_no_variable_of_their_module():
    before = dict(vars(plain))
    one, other = (plant(walk_back, "dh[t] + dh_carry", text, name="relative_error") for text in ("dh[t]", "dh_carry"))
    assert "dh_total = dh[t]\n" in inspect.getsource(one) and "dh_total = dh_carry\n" in inspect.getsource(other)
    assert vars(plain) == before


def test_a_mistake_can_be_planted_in_a_planted_one_and_traceback_shows_its_line():
    once = plant(walk_back, "dh[t] + dh_carry", "dh[t]")
    twice = plant(once, "dz_t.sum(axis=0)", "dz_t.mean(axis=7)", name="twice")
    with pytest.raises(np.exceptions.AxisError) as caught:
        twice(PARAMS, CACHE, np.ones_like(CACHE.states[1:]))
    assert "db_h += dz_t.mean(axis=7)" in "".join(traceback.format_exception(caught.value))
    assert "dh_total = dh[t]\n" in inspect.getsource(twice)


def made_by_exec():
    scope = {}
    exec("def f(dh): return dh", scope)
    return scope["f"]


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((np.tanh, "a", "b"), TypeError, "function: expected a plain function made with def, got ufunc"),
        ((lambda dh: dh, "a", "b"), TypeError, "function: expected a plain function made with def, got a lambda"),
        (
            (loss_with(walk_back), "counts", "b"),
            TypeError,
            "got one that uses backward, softmax of a function around it",
        ),
        ((made_by_exec(), "dh", "b"), ValueError, "function: expected one whose source can be read, got f"),
        (
            (walk_back, "nowhere", "b"),
            ValueError,
            "before: expected a text that occurs once in rnn_backward, got one that occurs 0 times",
        ),
        (
            (walk_back, "dz_t", "b"),
            ValueError,
            "before: expected a text that occurs once in rnn_backward, got one that occurs 6 times",
        ),
        ((walk_back, "dh_total = dh[t] + dh_carry", "dh_total = ("), ValueError, "after: expected Python once it is"),
        ((walk_back, 3, "b"), TypeError, "before: expected a string, got int"),
        ((walk_back, "dh[t] + dh_carry", None), TypeError, "after: expected a string, got NoneType"),
        ((walk_back, "dh[t] + dh_carry", "dh[t]", "1a"), ValueError, "name: expected a name .*, got '1a'"),
        ((walk_back, "dh[t] + dh_carry", "dh[t]", "for"), ValueError, "name: expected a name .*, got 'for'"),
    ],
)
def test_what_cannot_be_planted_is_named(arguments, error, says):
    with pytest.raises(error, match=says):
        plant(*arguments)


# --- mistakes by the hundred -----------------------------------------------------------------------------------

UNIT = 10


def area(a, b=UNIT):
    return a * b


def box(a, b, c):
    return area(a, b) * c + 0 * area(c)


def stack(sides):
    return box(*sides[:3]) + stack(sides[1:]) if len(sides) > 2 else 0


def pile(sides):
    return 2 * stack(sides)


def test_an_exchange_changes_the_new_function_and_nothing_else():
    before = dict(globals())
    wrong = with_exchanges(area, [Exchange("a * b", "a + b")])
    assert (wrong(3, 4), wrong(3)) == (7, 13)
    assert globals() == before and (area(3, 4), box(3, 4, 5)) == (12, 60)


def test_an_exchange_inside_a_called_function_counts_wherever_it_is_called():
    before = dict(globals())
    exchange = Exchange("a * b", "a + b", inside="area")
    assert with_exchanges(box, [exchange])(3, 4, 5) == 35
    assert with_exchanges(stack, [exchange])([3, 4, 5, 6]) == 35 + 54, "a call of itself, and one within a call"
    assert with_exchanges(pile, [exchange])([3, 4, 5, 6]) == 2 * (35 + 54), "a call deeper down"
    assert globals() == before and stack([3, 4, 5, 6]) == 60 + 120


def test_several_exchanges_are_made_at_once_in_any_order():
    three = [Exchange("a * b", "a + b", "area"), Exchange("* c", "- c"), Exchange("+ 0 * area(c)", "+ area(c)")]
    for exchanges in (three, three[::-1]):
        assert with_exchanges(box, exchanges)(3, 4, 5) == 7 - 5 + 15
    side_by_side = [Exchange("area(a", "area(2 * a"), Exchange(", b)", ", 3 * b)")]
    assert with_exchanges(box, side_by_side)(3, 4, 5) == 360


def test_a_called_function_keeps_its_defaults():
    wrong = with_exchanges(plain.run_in_two, [Exchange("np.tanh", "np.sin", inside="rnn_cell_forward")])
    x, h0 = CACHE.x, CACHE.states[0]
    h = wrong(PARAMS, x, h0, 1)
    assert np.allclose(h[0], np.sin(plain.pre_activation(PARAMS, x[0], h0)))
    assert with_exchanges(box, [Exchange("0 * area(c)", "area(c)")])(3, 4, 5) == 60 + 50


@pytest.mark.parametrize(
    ("exchanges", "says"),
    [
        ([Exchange("a / b", "a")], "occurs once in box, got one that occurs 0 times"),
        ([Exchange("area", "a")], "occurs once in box, got one that occurs 2 times"),
        ([Exchange("a * b * c", "a", inside="area")], "occurs once in area, got one that occurs 0 times"),
        ([Exchange("a, b)", "a)"), Exchange("b) * c", "b)")], "stand apart in box, got two that overlap"),
        ([Exchange("area(a, b)", "a"), Exchange("a, b) *", "a")], "stand apart in box, got two that overlap"),
        ([Exchange("b) * c", "b)"), Exchange("b) * c", "b)")], "stand apart in box, got two that overlap"),
    ],
)
def test_texts_that_overlap_or_do_not_occur_once_are_refused(exchanges, says):
    with pytest.raises(ValueError, match=f"before: expected .*{says}"):
        with_exchanges(box, exchanges)


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        (Exchange("area(a, b", "a"), Exchange("b)", "b"), True),
        (Exchange("area(a, b) * c", "a"), Exchange("b)", "b"), True),
        (Exchange("area(a", "a"), Exchange(", b)", "b"), False),
        (Exchange("a * b", "a", inside="area"), Exchange("area(a, b)", ""), False),
        (Exchange("a *", "a", inside="area"), Exchange("* b", "", inside="area"), True),
        (Exchange("* c", ""), Exchange("c +", "", inside="box"), True),
    ],
)
def test_mistakes_in_one_place_overlap(one, other, wanted):
    assert overlap(box, [one], [other]) is overlap(box, [other], [one]) is wanted
    assert overlap(box, [Exchange("0 *", ""), one], [other]) is wanted
