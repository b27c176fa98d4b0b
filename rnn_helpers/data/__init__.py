"""Texts as token ids: matplotlib's colour names, or the learner's own words; split, batched and padded.

Read `texts.py` first, then `batching.py`. `colour_space` turns the names' colours into numbers that
an eye would agree with; it is imported by name.
"""

from rnn_helpers.data.batching import Batch, batches, passes, windows
from rnn_helpers.data.colours import colour_names
from rnn_helpers.data.splitting import Split, split
from rnn_helpers.data.texts import END, LONGEST, alphabet_of, decode, encode, read_lines, read_text, readable

__all__ = [
    "END",
    "LONGEST",
    "Batch",
    "Split",
    "alphabet_of",
    "batches",
    "colour_names",
    "decode",
    "encode",
    "passes",
    "read_lines",
    "read_text",
    "readable",
    "split",
    "windows",
]
