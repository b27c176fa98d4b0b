"""Texts as token ids: matplotlib's colour names, or the learner's own words; read, split, batched and padded.

Read `texts.py` first, then `batching.py`; `reading.py` takes a file of any language. `tasks` makes batches of random
numbers, for questions that need memory. `colour_space` turns the names' colours into numbers that an eye would agree
with; it is imported by name.
"""

# `import x as x` hands x on: mypy and Ruff read it so.
from rnn_helpers.data.batching import Batch as Batch
from rnn_helpers.data.batching import Batches as Batches
from rnn_helpers.data.batching import batches as batches
from rnn_helpers.data.batching import passes as passes
from rnn_helpers.data.batching import windows as windows
from rnn_helpers.data.colours import colour_names as colour_names
from rnn_helpers.data.reading import Source as Source
from rnn_helpers.data.reading import look_at as look_at
from rnn_helpers.data.reading import read as read
from rnn_helpers.data.reading import read_lines as read_lines
from rnn_helpers.data.splitting import Split as Split
from rnn_helpers.data.splitting import split as split
from rnn_helpers.data.splitting import split_text as split_text
from rnn_helpers.data.symbols import unicode_names as unicode_names
from rnn_helpers.data.tasks import Sums as Sums
from rnn_helpers.data.tasks import adding as adding
from rnn_helpers.data.tasks import copy as copy
from rnn_helpers.data.tasks import no_memory_loss as no_memory_loss
from rnn_helpers.data.tasks import parity as parity
from rnn_helpers.data.tasks import recall as recall
from rnn_helpers.data.texts import END as END
from rnn_helpers.data.texts import LONGEST as LONGEST
from rnn_helpers.data.texts import alphabet_of as alphabet_of
from rnn_helpers.data.texts import cut as cut
from rnn_helpers.data.texts import decode as decode
from rnn_helpers.data.texts import encode as encode
from rnn_helpers.data.texts import normalised as normalised
from rnn_helpers.data.texts import readable as readable
from rnn_helpers.data.texts import unreadable as unreadable
