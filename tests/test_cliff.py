"""The loss of one unit without input: its two derivatives, and the numbers that notebook 14 tells of its cliff."""

from itertools import pairwise

import numpy as np
import pytest

from rnn_helpers import RNNParams, numerical_gradient, rnn_backward, rnn_forward
from rnn_helpers.labs import cliff

PLACES = [(1.4, -0.2), (1.1, 0.1), (0.3, -0.7), (2.5, 0.4), (-1.2, 0.3)]


@pytest.mark.parametrize("place", PLACES)
def test_loss_and_gradient_are_those_of_the_package_and_of_differences(place):
    w_h, b = place
    one = np.ones((1, 1))
    params = RNNParams(0 * one, w_h * one, np.array([b]), one, np.zeros(1))
    h, _, cache = rnn_forward(params, np.zeros((cliff.STEPS, 1, 1)), cliff.START * one)
    dh = np.zeros_like(h)
    dh[-1] = 2 * (h[-1] - cliff.TARGET)
    back = rnn_backward(params, cache, dh)
    loss, dw_h, db = cliff.loss_and_gradient(w_h, b)
    assert loss == pytest.approx(float((h[-1, 0, 0] - cliff.TARGET) ** 2), rel=1e-12)
    assert [dw_h, db] == pytest.approx([back.W_hh[0, 0], back.b_h[0]], rel=1e-10, abs=1e-12)
    differences = numerical_gradient(lambda p: float(cliff.loss_and_gradient(*p)[0]), np.array(place))
    assert [dw_h, db] == pytest.approx(differences, rel=1e-5, abs=1e-8)


def test_many_places_at_once_are_each_for_itself():
    found = cliff.loss_and_gradient(*np.array(PLACES).T)
    assert np.array_equal(np.array(found).T, [np.array(cliff.loss_and_gradient(*place)) for place in PLACES])


def test_descent_steps_along_the_gradient_and_clipping_shortens_it_only_where_it_is_long():
    plain = cliff.descend(1.1, 0.1, 0.1, 4)
    for here, there in pairwise(plain):
        loss, *gradient = cliff.loss_and_gradient(*here[:2])
        assert here[2] == loss and there[:2] == pytest.approx(here[:2] - 0.1 * np.array(gradient))
    assert np.array_equal(cliff.descend(1.1, 0.1, 0.1, 4, most=100.0), plain)
    lengths = np.linalg.norm(np.diff(cliff.descend(1.4, -0.2, 0.1, 4, most=1.0)[:, :2], axis=0), axis=1)
    assert lengths[:2] == pytest.approx([0.1, 0.1]) and lengths[2] < 0.05
    steepest = np.array(cliff.loss_and_gradient(1.4, -0.2)[1:])
    step = np.diff(cliff.descend(1.4, -0.2, 0.1, 1, most=1.0)[:, :2], axis=0)[0]
    assert step / np.linalg.norm(step) == pytest.approx(-steepest / np.linalg.norm(steepest))


def test_of_297_plain_runs_two_meet_the_edge_and_are_lost_and_clipped_they_arrive():
    axes = np.arange(1.0, 3.01, 0.2), np.arange(-0.4, 0.01, 0.05), (0.1, 0.3, 1.0)
    w_h, b, rate = (axis.ravel() for axis in np.meshgrid(*axes, indexing="ij"))
    starts, longest = np.array([w_h, b]), 0.0
    for _ in range(60):
        gradient = np.array(cliff.loss_and_gradient(w_h, b)[1:])
        longest = np.maximum(longest, np.hypot(*gradient))
        (w_h, b) = np.array([w_h, b]) - rate * gradient
    met = longest > 30
    assert met.size == 297 and met.sum() == 2
    assert cliff.loss_and_gradient(w_h[met], b[met])[0] == pytest.approx(0.09, abs=1e-6)
    for start, speed in zip(starts.T[met], rate[met], strict=True):
        assert cliff.descend(*start, speed, 60, most=1.0)[-1, 2] < 1e-6
