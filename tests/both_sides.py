"""What this Python and a browser's have to answer alike: test_pyodide.py asks both. It needs the package alone."""

import importlib
import json
import sys
import time
import types
import warnings
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "rnn_helpers"
OTHERS = {
    "IPython",
    "PIL",
    "anywidget",
    "jupyter_server",
    "matplotlib",
    "numpy",
    "tornado",
    "traitlets",
}  # not Python's


def names():
    """Return the modules of the package."""
    parts = [file.relative_to(PACKAGE.parent).with_suffix("").parts for file in sorted(PACKAGE.rglob("*.py"))]
    return [".".join(part for part in some if part != "__init__") for some in parts]


def not_imported():
    """Return why modules cannot be imported, by their names."""
    found = {}
    for name in names():
        try:
            importlib.import_module(name)
        except ImportError as error:
            found[name] = error.name if error.name and error.name.split(".")[0] in OTHERS else repr(error)
    return found


def not_imported_alone():
    """Return the same for each module by itself, without what `import rnn_helpers` brings; and read all of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for file in PACKAGE.rglob("*.py"):
            compile(file.read_text(encoding="utf-8"), file.name, "exec")
    bare = types.ModuleType("rnn_helpers")
    bare.__path__ = [str(PACKAGE)]
    sys.modules["rnn_helpers"] = bare
    return {name: why for name, why in not_imported().items() if name != "rnn_helpers"}


def lacking():
    """Say whether threads and timers are lacking."""
    lacks = importlib.import_module("rnn_helpers.lacks")
    return [lacks.threads(), lacks.timers()]


def verdicts():
    """Return for a right and a wrong answer to each exercise whether it passes, and by what name it fails."""
    from rnn_helpers import check

    found = {}
    for name, exercise in check.EXERCISES.items():
        answers = exercise.reference, exercise.mistakes[0].function
        found[name] = [list(getattr(check, name)(answer))[::2] for answer in answers]
    return found


def stopped():
    """Return the verdict on a loop that does not end, and the seconds that it took."""
    from rnn_helpers import check

    def loops(z):
        while True:
            try:
                z = z + 1
            except:  # noqa: E722
                z = z - 1

    began = time.monotonic()
    verdict = check.judge(check.EXERCISES["softmax"], loops, seconds=0.3)
    return [verdict.mistake, time.monotonic() - began]


def gradients():
    """Return losses and gradients of every network, of floats and of ids, few and many."""
    import numpy as np

    from rnn_helpers import gates, init_params, loss_and_grads

    kinds = {
        "rnn": (init_params, loss_and_grads),
        "lstm": (gates.init_lstm, gates.lstm_loss_and_grads),
        "gru": (gates.init_gru, gates.gru_loss_and_grads),
    }
    found = {}
    for kind, (init, both) in kinds.items():
        for n_x, batch in ((5, 2), (300, 3), (4, 700)):
            rng = np.random.default_rng(1)
            params, ids = init(rng, n_x, 6, 4), rng.integers(n_x, size=(7, batch))
            targets = rng.integers(4, size=(7, batch))
            for x in (ids, ids.astype(np.uint32), rng.standard_normal((7, batch, n_x))):
                loss, grads, *_ = both(params, x, targets)
                found[f"{kind} {n_x} {batch} {x.dtype}"] = [loss, *(g.ravel()[::7].tolist() for g in grads)]
    return found


def answers(*questions):
    """Return the answers as JSON."""
    return json.dumps({question: globals()[question]() for question in questions})
