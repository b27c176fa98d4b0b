"""sRGB, CIE Lab and the difference of 1976, against published values and by hand."""

import numpy as np
import pytest

from rnn_helpers.data.colour_space import delta_e, lab_to_srgb, srgb_to_lab

# What Lindbloom's CIE color calculator gives for these sRGB colours and a D65 white, Bradford adaptation off.
KNOWN = {
    (1.0, 0.0, 0.0): (53.2408, 80.0925, 67.2032),
    (0.0, 1.0, 0.0): (87.7347, -86.1827, 83.1793),
    (0.0, 0.0, 1.0): (32.2970, 79.1875, -107.8602),
    (1.0, 1.0, 0.0): (97.1393, -21.5537, 94.4780),
    (1.0, 1.0, 1.0): (100.0, 0.0, 0.0),
    (0.0, 0.0, 0.0): (0.0, 0.0, 0.0),
}


@pytest.mark.parametrize(("rgb", "lab"), KNOWN.items())
def test_known_colours(rgb, lab):
    assert np.abs(srgb_to_lab(np.array(rgb)) - lab).max() < 1e-4
    assert np.abs(lab_to_srgb(np.array(lab)) - rgb).max() < 1e-5


def test_greys_have_no_hue_and_the_lightness_of_their_light():
    value = np.array([10, 119, 200]) / 255
    lab = srgb_to_lab(np.repeat(value[:, None], 3, axis=1))
    assert np.abs(lab[:, 1:]).max() < 1e-12
    light = [value[0] / 12.92, *((value[1:] + 0.055) / 1.055) ** 2.4]
    by_hand = [24389 / 27 * light[0], 116 * light[1] ** (1 / 3) - 16, 116 * light[2] ** (1 / 3) - 16]
    assert np.abs(lab[:, 0] - by_hand).max() < 1e-12


def test_there_and_back_is_the_same_colour():
    rgb = np.random.default_rng(0).random((2, 500, 3))
    rgb[0, :50] /= 30  # dark ones, on the straight pieces of both curves
    assert np.abs(lab_to_srgb(srgb_to_lab(rgb)) - rgb).max() < 1e-12
    single = srgb_to_lab(rgb.astype(np.float32))
    assert single.dtype == np.float64
    assert np.abs(lab_to_srgb(single) - rgb).max() < 1e-6


def test_no_jump_where_two_formulas_meet():
    at = np.array([0.04045, (216 / 24389 * 1.055**2.4) ** (1 / 2.4) - 0.055])[:, None] * np.ones(3)
    assert np.abs(srgb_to_lab(at + 1e-9) - srgb_to_lab(at - 1e-9)).max() < 1e-4
    lab = np.array([[8.0, 0.0, 0.0]])
    assert np.abs(lab_to_srgb(lab + 1e-9) - lab_to_srgb(lab - 1e-9)).max() < 1e-7


def test_light_that_no_screen_has_is_cut():
    rgb = lab_to_srgb(np.array([[50.0, 200.0, 200.0], [120.0, 0.0, 0.0], [-5.0, 0.0, 0.0]]))
    assert rgb.min() >= 0 and rgb.max() <= 1
    assert np.abs(rgb - np.array([[1, 0, 0], [1, 1, 1], [0, 0, 0]])).max() < 1e-12


def test_the_difference_is_the_straight_line():
    assert delta_e(np.array([10.0, 2.0, -3.0]), np.array([13.0, -2.0, 9.0])) == 13  # 3, 4, 12
    assert abs(delta_e(*srgb_to_lab(np.array([[0.0, 0, 0], [1, 1, 1]]))) - 100) < 1e-9


@pytest.mark.filterwarnings("error")
def test_no_colour_overflows():
    far = np.array([-1e50, 1e50, 1e50])
    assert np.isfinite(lab_to_srgb(far)).all()
    assert delta_e(far, -far) == pytest.approx(2e50 * 3**0.5)


def test_one_colour_against_many():
    many = np.random.default_rng(1).random((4, 5, 3))
    one = many[2, 3]
    distance = delta_e(one, many)
    assert distance.shape == (4, 5) and distance[2, 3] == 0
    assert abs(distance[1, 1] - np.linalg.norm(one - many[1, 1])) < 1e-15


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: srgb_to_lab(np.array([0.0, 0.5, 1.1])), ValueError, "rgb: expected numbers from 0 to 1, got 0 to 1.1"),
        (lambda: srgb_to_lab(np.array([-0.1, 0.5, 1])), ValueError, "rgb: expected numbers from 0 to 1, got -0.1 to 1"),
        (lambda: srgb_to_lab(np.array([0, 128, 255])), TypeError, "rgb: expected float32 or float64 numbers"),
        (lambda: srgb_to_lab(np.zeros((3, 4))), ValueError, r"rgb: expected shape \(\.\.\., 3\)"),
        (lambda: srgb_to_lab(np.zeros((0, 3))), ValueError, "rgb: .* no empty axis"),
        (lambda: lab_to_srgb(np.array(5.0)), ValueError, r"lab: .* got \(\)"),
        (lambda: lab_to_srgb(np.array([1.0, np.nan, 2])), ValueError, "lab: expected finite numbers"),
        (
            lambda: delta_e(np.zeros((2, 3)), np.zeros((4, 3))),
            ValueError,
            r"other: .* that fits \(2, 3\), got \(4, 3\)",
        ),
        (
            lambda: lab_to_srgb(np.array([0.0, 1e300, 0])),
            ValueError,
            "lab: expected numbers from -1e50 to 1e50, got 0 to",
        ),
        (lambda: delta_e(np.zeros(3), np.array([0.0, -1e51, 0])), ValueError, "other: expected numbers from -1e50"),
        (lambda: delta_e(np.ma.masked_array(np.zeros(3)), np.zeros(3)), TypeError, "lab: expected an array without a"),
        (lambda: delta_e("red", np.zeros(3)), TypeError, "lab: expected float32 or float64 numbers, got <U3"),
    ],
)
def test_bad_input_is_named(call, error, says):
    with pytest.raises(error, match=says):
        call()
