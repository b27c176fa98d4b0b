"""The exercises of notebook 08: a loss with a mask, clipping, a step of Adam, a step of sampling."""

import numpy as np

from rnn_helpers.check import cases
from rnn_helpers.check.exercise import PARAMS, Exercise, Output
from rnn_helpers.output import IGNORE_INDEX, softmax
from rnn_helpers.params import RNNParams
from rnn_helpers.validate import Array

# --- answers ---------------------------------------------------------------------------------------------------


def masked_loss(nats: Array, targets: Array) -> float:
    """Return the mean of the costs `nats` (time, batch) over the places whose target is not -100."""
    return float(nats[targets != IGNORE_INDEX].mean())


def clip_by_norm(grads: RNNParams, most: float) -> RNNParams:
    r"""Return $g \min(1, \mathrm{most} / \|g\|)$, where $\|g\|$ is the length of all fields together."""
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    share = most / norm if norm > most else 1.0
    return RNNParams(*(g * share for g in grads))


def adam_step(p: Array, g: Array, m: Array, s: Array, t: int, learning_rate: float) -> tuple[Array, Array, Array]:
    """Return p, m and s after step t of Adam, t = 1 for the first."""
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g**2
    m_hat, s_hat = m / (1 - 0.9**t), s / (1 - 0.999**t)
    return p - learning_rate * m_hat / (np.sqrt(s_hat) + 1e-8), m, s


def sampling_step(logits: Array, temperature: float, u: float) -> int:
    """Return the token in whose part of the line from 0 to 1 the number u falls; at temperature 0 the likeliest."""
    if temperature == 0:
        return int(np.argmax(logits))
    ends = np.cumsum(softmax(logits / temperature))
    return int(np.argmax(ends > u))


# --- cases -----------------------------------------------------------------------------------------------------


def _costs() -> cases.Cases:
    """(nats, targets): by hand, no padding, much padding; END is target 0, and one prediction costs nothing."""
    small = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]), np.array([[2, 1], [0, 3], [-100, 0]])
    made: list[tuple[Array, Array]] = []
    for d, lengths in zip(cases.draws(81), ([3, 1], [1, 1, 1], [4], [7, 2, 5, 1]), strict=True):
        nats, targets = np.abs(d.floats("time", "batch")), d.targets("time", "batch")
        for column, length in enumerate(lengths):
            targets[length - 1, column] = 0
            targets[length:, column] = IGNORE_INDEX
        nats[0, 0] = 0.0
        made.append((nats, targets))
    return small, *made


def _long_and_short() -> cases.Cases:
    """(grads, most): one to be shortened, a short one, two long ones.

    They are so long that the 1e-6 which some add to the length makes no difference.
    """
    one, two, three, four = (RNNParams(*(1000 * g for g in d.params())) for d in cases.draws(82))
    return (one, 2000.0), (three, 50_000.0), (four, 900.0), (two, 3.0)


def _adam() -> cases.Cases:
    """(p, g, m, s, t, learning_rate): the first step, the third, the fortieth, and gradients as small as 1e-8."""
    rng = np.random.default_rng(83)

    def later(shape: tuple[int, ...], t: int, size: float) -> tuple[Array, Array, Array, Array, int, float]:
        p, g, m = rng.standard_normal((3, *shape)) * np.array([1, size, size]).reshape(3, *[1] * len(shape))
        return p, g, m, size**2 * rng.random(shape), t, 0.05

    small = np.array([1.0, -2.0]), np.array([0.5, -3.0]), np.zeros(2), np.zeros(2), 1, 0.1
    return small, later((3, 4), 3, 1.0), later((5,), 40, 10.0), later((2, 3), 2, 1e-8)


def _draws() -> cases.Cases:
    """(logits, temperature, u): every part of the line, hot, cold and frozen."""
    logits = np.random.default_rng(84).standard_normal(7)
    small = np.array([0.0, 1.0, 2.0])
    places = 0.02, 0.3, 0.55, 0.8, 0.97
    return (
        (small, 1.0, 0.2),
        *((small, 0.5, u) for u in places),
        *((logits, temperature, u) for temperature in (1.0, 0.3, 4.0) for u in places),
        (small, 0.0, 0.1),
        (logits, 0.0, 0.5),
        (2 * logits + 1, 1.0, 0.45),
    )


# --- the exercises ---------------------------------------------------------------------------------------------

_ADAM = (Output("p", ("entry",)), Output("m", ("entry",)), Output("s", ("entry",)))

ALL = (
    Exercise(masked_loss, _costs, (Output("loss"),), "08", "A batch and its mask"),
    Exercise(clip_by_norm, _long_and_short, PARAMS, "08", "Longer steps"),
    Exercise(adam_step, _adam, _ADAM, "08", "Momentum and Adam"),
    Exercise(sampling_step, _draws, (Output("token", kind="integer"),), "08", "One letter at a time"),
)
