"""Wrong versions of each exercise, kept as code: a mistake is recognised by what it computes.

Most are the right computation with one piece exchanged, so that the line which names a mistake also shows it.
"""

from collections.abc import Mapping

from rnn_helpers.check.exercise import Mistake
from rnn_helpers.check.mistakes import cell, output, sequence, start

MISTAKES: Mapping[str, tuple[Mistake, ...]] = {**start.ALL, **output.ALL, **cell.ALL, **sequence.ALL}
