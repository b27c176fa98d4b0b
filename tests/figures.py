"""A small drawing by each function of `plots`, for the tests."""

import numpy as np

from rnn_helpers import live, plots

rng = np.random.default_rng(0)
SCORES = rng.normal(size=4)
STATES = np.tanh(rng.normal(size=(7, 5)))
ERRORS = np.array([[1e-10, 1e-9, 0.5, np.inf], [1e-8, 0.0, 1e-6, 1e-9]])
LOGS = np.cumsum(rng.normal(size=(3, 7)), axis=1)
STEP = live.pencil_step(np.array([[1.0, 2.0, 0.5]]), np.array([[0.4, -0.6]]))
DIFFERENCES = 10.0 ** np.arange(-4, 0), np.array([1e-9, 1e-7, 1e-5, 1e-3]), np.full(4, 0.02)
RGB = np.array([[0.9, 0.1, 0.2], [0.0, 0.5, 0.25], [1.0, 1.0, 0.6], [0.1, 0.1, 0.3], [0.4, 0.2, 0.9]])
NAMES = ["ruby", "moss", "butter", "night", "a name that is far too long for its chip"]
EFFECTS = np.array([3.0, -1.0, 0.5, 7.0])
RUN = np.linspace(3, 1, 40)
EIGENVALUES = rng.normal(size=(5, 2))
SINGULAR = 10.0 ** rng.uniform(-20, 3, size=(2, 5))
LANES = {
    "forget_bias": 1.5,
    "gate": 0.8,
    **dict(zip(("all_roads", "lane", "plain"), np.cumsum(-rng.random((3, 8)), 1), strict=True)),
}
MAP = {"w_h": np.linspace(1, 2, 5), "b": np.linspace(-1, 0, 4), "loss": rng.random((4, 5))}
LADDER = {
    **{"names": ["slow", "middle", "fast"], "times_faster": np.array([[1.0, 2.0, 4.5], [1.0, 0.9, 3.1]])},
    **{"floors": np.array([5.0, 1.7]), "titles": ["64 units", "256 units"]},
}
PATH = np.array([[1.5, -0.5, 2.0], [1.2, -0.7, 1.0], [9.0, 9.0, 0.5]])
CURVE = np.linspace(1, 0, 12) ** 2
ARRIVED = np.array([[0.3, 0.05], [1e-30, 1.0], [1e-4, 0.45], [2.0, 1.01]])
CHECKS = np.array([[10, 2.5], [20, 1.5], [40, 1.75]])

# By the function's name, with a word after a comma for another drawing of the same kind; some draw on given axes.
FIGURES = {
    "softmax_bars": lambda: plots.softmax_bars(SCORES, 0.8),
    "tanh_and_slope": lambda: plots.tanh_and_slope(0.3),
    "loss_of_probability": lambda ax=None: plots.loss_of_probability(0.2, ax=ax),
    "loss_of_score": lambda ax=None: plots.loss_of_score(-2.0, ax=ax),
    "state_lines": lambda ax=None: plots.state_lines(STATES[:, :4], ax=ax),
    "state_heatmap": lambda: plots.state_heatmap(STATES),
    "states_and_gradient": lambda: plots.states_and_gradient(STATES, LOGS),
    "error_map": lambda ax=None: plots.error_map(ERRORS, ["x", "W_hh"], changed=["dh"], ax=ax),
    "error_maps": lambda: plots.error_maps(ERRORS, ["x", "W_hh"], beside=ERRORS[::-1], title="the other"),
    "error_maps, a text": lambda: plots.error_maps(ERRORS, ["x", "W_hh"], text="dz_t = dh_total"),
    "step_size_errors": lambda ax=None: plots.step_size_errors(*DIFFERENCES, ax=ax),
    "cell_numbers": lambda: plots.cell_numbers(STEP),
    "cell_numbers_back": lambda: plots.cell_numbers_back(live.pencil_step_back(STEP.x_t, STEP.h_prev, STEP.h_t)),
    "walk_numbers": lambda: plots.walk_numbers(live.walk_back(), 2),
    "cell": lambda ax=None: plots.cell(4, 5, 3, 2, ax=ax),
    "cell, backward": lambda ax=None: plots.cell(4, 5, 3, 2, backward=True, ax=ax),
    "unrolled": lambda ax=None: plots.unrolled(9, 4, 5, 3, 2, ax=ax),
    "unrolled, backward": lambda ax=None: plots.unrolled(9, 4, 5, 3, 2, backward=True, ax=ax),
    "losses": lambda ax=None: plots.losses(RUN, CHECKS[:, 0].astype(int), CHECKS[:, 1], guess=3.2, ax=ax),
    "growing_loss": lambda ax=None: plots.growing_loss(RUN, 60, CHECKS, ax=ax),
    "runs": lambda ax=None: plots.runs({"all": RUN, "stopped": RUN[:30]}, ax=ax),
    "with_and_without": lambda ax=None: plots.with_and_without(
        RUN / 3, RUN[::-1] / 3, setting="T = 7, 5 units", hand_on=True, guess=1.2, ax=ax
    ),
    "gradient_flow": lambda: plots.gradient_flow(EIGENVALUES, 2.5, 0.7, np.linspace(0, -5, 8), setting="Gain 1.5"),
    "carousel": lambda: plots.carousel(**LANES, setting="Forget bias 1.5"),
    "singular_values": lambda ax=None: plots.singular_values(np.array([1, 30]), SINGULAR, ax=ax),
    "ladder_bars": lambda: plots.ladder_bars(**LADDER),
    "loss_map": lambda ax=None: plots.loss_map(**MAP, paths={"plain": PATH, "clipped": PATH[:2]}, ax=ax),
    "memory_curve": lambda ax=None: plots.memory_curve(CURVE, 7, setting="7 units", ax=ax),
    "arrivals": lambda ax=None: plots.arrivals({"gain 1": ARRIVED, "gain 1.5": ARRIVED[:2] / 2}, ax=ax),
    "states_of_text": lambda ax=None: plots.states_of_text(STATES, "\nab cde", ax=ax),
    "unit_over_text": lambda ax=None: plots.unit_over_text(STATES[:, 0], "\nab cde", STATES[:, 0] > 0, ax=ax),
    "reading": lambda: plots.reading(STATES, "\nab cde", 3, np.full(8, 1 / 8), "\n abcdef"),
    "chips": lambda ax=None: plots.chips(NAMES, RGB, columns=2, ax=ax),
    "pairs": lambda ax=None: plots.pairs(NAMES, RGB, RGB[::-1], np.array([3.0, 20, 0, 20.4, 3]), ax=ax),
    "letters": lambda ax=None: plots.letters("ab de", RGB, ax=ax),
    "letters, one": lambda ax=None: plots.letters("a", RGB[:1], ax=ax),
    "letter_bars": lambda ax=None: plots.letter_bars("a de", -EFFECTS[::-1], EFFECTS, ax=ax),
    "distance_curve": lambda ax=None: plots.distance_curve(
        np.array([10, 20, 30]), np.array([50.0, 35.2, 31.4]), {"mean": 60.0, "words": 30.0}, ax=ax
    ),
}
