"""Wrong versions of each exercise, kept as code: a mistake is recognised by what it computes.

Most are the right computation with one piece exchanged, so that the line which names a mistake also shows it. The
exchanged pieces are functions with positional arguments; a piece returns what stands in its place.
"""

from collections.abc import Mapping

from rnn_helpers.check.exercise import Mistake
from rnn_helpers.check.mistakes import (
    cell_backward,
    cell_forward,
    debugging,
    functions,
    loss,
    painting,
    sequence_backward,
    sequence_forward,
    start,
    training,
)

MISTAKES: Mapping[str, tuple[Mistake, ...]] = {
    **start.ALL,
    **functions.ALL,
    **cell_forward.ALL,
    **sequence_forward.ALL,
    **loss.ALL,
    **cell_backward.ALL,
    **sequence_backward.ALL,
    **debugging.ALL,
    **training.ALL,
    **painting.ALL,
}
