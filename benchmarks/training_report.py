"""The training run in words and as a picture."""

import numpy as np
from matplotlib.figure import Figure

from rnn_helpers.plots import INK, LINES, WIDTH, smooth

READING = """\
The run of notebook 11: 949 colour names, 128 units, 22 passes with Adam, clipped, float64, on one thread. PyTorch's
nn.RNN starts from the same weights, is fed the same batches with the same settings, and uses its fused Adam. The two
take turns pass by pass; a ratio is the median over the passes, for the faster of PyTorch's two ways to read ids."""


def text(training: dict) -> str:
    """Say how long each took, and how far their losses lie apart."""
    load = training["load"]
    busy = f" Before it began, {load:.1f} programs wanted a core." if load is not None else ""
    return "\n\n".join([f"![{sentence(training)}](training.png)", READING, sentence(training) + busy])


def sentence(training: dict) -> str:
    """Say what the picture shows."""
    steps = len(training["losses"]["NumPy"])
    seconds = training["seconds"]["NumPy"]
    here = f"NumPy takes {seconds:.1f} s for {steps} steps and ends at {training['bits']:.2f} bits a character."
    rival = faster(training)
    if rival is None:
        return f"{here} PyTorch was not installed."
    return (
        f"{here} PyTorch takes {training['ratios'][rival]:.1f} times as long, and no loss differs from NumPy's by more"
        f" than {largest_difference(training, rival):.0e} nats."
    )


def faster(training: dict) -> str | None:
    """Return the faster of PyTorch's ways, None where it is not installed."""
    return min(training["ratios"], key=training["ratios"].get, default=None)


def largest_difference(training: dict, name: str) -> float:
    losses = training["losses"]
    return float(np.abs(np.subtract(losses[name], losses["NumPy"])).max())


def draw(training: dict) -> Figure:
    """Draw the losses, PyTorch's as a broad line and ours as a thin one on it, and below it their difference."""
    figure = Figure(figsize=(WIDTH, 4.4), layout="constrained")
    above, below = figure.subplots(2, sharex=True, height_ratios=[3, 1])
    ours = np.array(training["losses"]["NumPy"])
    steps = np.arange(1, len(ours) + 1)
    rival = faster(training)
    if rival is not None:
        theirs = np.array(training["losses"][rival])
        color, _ = LINES[1]
        above.plot(steps, smooth(theirs), color=color, linewidth=6, label="PyTorch, nn.RNN")
        below.plot(steps, np.abs(theirs - ours), ".", color=INK, markersize=2)
        below.set_yscale("symlog", linthresh=1e-16)
    color, style = LINES[0]
    above.plot(steps, smooth(ours), color=color, linestyle=style, label="this course's NumPy")
    above.set(ylim=(0, None), ylabel="loss (nats a character),\nmean of 25 batches")
    below.set(xlabel="training step", ylabel="difference\n(nats)", xlim=(0, len(ours)))
    above.legend(frameon=False)
    return figure
