"""Peak memory of a whole process that does training steps, above what its imports took."""

import importlib
import json
import sys
from importlib.util import find_spec

from benchmarks.child import measure

STEPS = 2
OURS = {"NumPy": "contenders.floats", "NumPy, ids": "contenders.ids"}
PYTORCH = {
    "PyTorch": "contender_torch.time_first",
    "PyTorch, ids, identity table": "contender_torch.identity_table",
    "PyTorch, ids, table of W_xh": "contender_torch.weight_table",
    "PyTorch, ids, table of W_xh and a loop": "contender_torch.weight_table_loop",
}


def peaks(quick: bool) -> dict[str, dict[str, float]] | None:
    """Return each contender's peak in either dtype, in megabytes; None where a process cannot ask for it."""
    if not find_spec("resource"):
        return None
    makers = OURS | (PYTORCH if find_spec("torch") and not quick else {})
    size = "0" if quick else "-1"
    dtypes = ("float32", "float64")
    return {name: {dtype: measure("memory", maker, dtype, size) for dtype in dtypes} for name, maker in makers.items()}


def growth_of_this_process(maker: str, dtype: str, size: int) -> float:
    """Return the peak that data, parameters and all that a step allocates have added to the imports."""
    # Imported here: a process inherits its starter's peak, so the starter has to stay small.
    from benchmarks.problem import SIZES, make_problem

    module, function = maker.split(".")
    make = getattr(importlib.import_module(f"benchmarks.{module}"), function)
    imports = peak()
    # One-hot rows exist only where they are fed.
    run = make(make_problem(SIZES[size], dtype, one_hot=function in ("floats", "time_first"))).run
    for _ in range(STEPS):
        run()
    return peak() - imports


def peak() -> float:
    import resource  # Windows has none

    unit = 1 if sys.platform == "darwin" else 1024  # bytes on macOS, kilobytes elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    print(json.dumps(growth_of_this_process(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
