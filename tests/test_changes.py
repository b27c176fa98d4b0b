"""What a function did to its arguments is named by argument, field and key, in their order."""

from typing import NamedTuple

import numpy as np
import pytest

from rnn_helpers.changes import changes


class Pair(NamedTuple):
    a: np.ndarray
    b: np.ndarray


ROW = np.array([1.0, 2.0])
OTHER = np.array([1.0, 3.0])


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (ROW, ROW.copy(), []),
        (ROW, OTHER, ["v"]),
        (ROW, ROW[:1], ["v"]),
        ([1.0], [1.0, 0.3], ["v"]),
        (0.5, 0.5, []),
        (None, None, []),
        (Pair(ROW, ROW), Pair(ROW.copy(), ROW.copy()), []),
        (Pair(ROW, ROW), Pair(OTHER, OTHER), ["v.a", "v.b"]),
        (Pair(ROW, ROW), Pair(ROW, OTHER), ["v.b"]),
        ({"Wam": ROW, "ba": ROW}, {"Wam": ROW, "ba": OTHER}, ["v['ba']"]),
        (dict.fromkeys("dcba", ROW), dict.fromkeys("dcba", OTHER), [f"v['{key}']" for key in "dcba"]),
        ({"a": ROW, "b": ROW}, {"b": OTHER}, ["v", "v['b']"]),
        ({"a": ROW}, {"a": ROW, "b": ROW}, ["v"]),
        ({"a": ROW, "b": ROW}, {"b": ROW, "a": ROW}, ["v"]),
        (Pair({"a": ROW}, ROW), Pair({"a": OTHER}, ROW), ["v.a['a']"]),
    ],
)
def test_what_is_not_as_it_was_is_named(before, after, wanted):
    assert list(changes(["u", "v", "w"], [ROW, before, 1], [ROW, after, 1])) == wanted


def test_each_argument_has_its_name_and_one_left_to_its_default_has_no_value():
    assert list(changes(["u", "v", "h0"], [ROW, ROW], [OTHER, OTHER])) == ["u", "v"]
