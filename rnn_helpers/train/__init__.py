"""Training: a loop that shows every step, its losses written down, and parameters that outlive the kernel.

Read `loop.py` first. `sampling` lets a trained network write; it is imported by name.
"""

from rnn_helpers.train.curves import Record, record
from rnn_helpers.train.loop import Run, Step, batch_loss, bits, mean_loss, steps
from rnn_helpers.train.storage import Saved, load, load_run, save

__all__ = [
    "Record", "Run", "Saved", "Step", "batch_loss", "bits", "load", "load_run", "mean_loss", "record", "save", "steps",
]  # fmt: skip
