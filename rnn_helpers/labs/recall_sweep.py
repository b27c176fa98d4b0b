"""The sweep of notebook 15, as a command: recall, for each start, length, size and seed.

python -m rnn_helpers.labs.recall_sweep FILE [--workers 2 | --address tcp://HOST:8786]

FILE takes the results, a line each. Interrupted, the same command goes on where it stopped. With an address the points
are computed by the workers of a Dask cluster, which requirements-sweep.txt brings. `rows` reads what the repository
holds.
"""

import argparse
import os
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any

from rnn_helpers.labs.memory import STARTS, recall_run
from rnn_helpers.sweep import grid, pool, stored, sweep

STORE = Path(__file__).with_name("recall_sweep.jsonl")
LENGTHS, SIZES, SEEDS = (10, 20, 40, 80, 160), (16, 32, 64), range(5)
POINTS = grid(seed=SEEDS, start=STARTS, n_h=SIZES, steps=LENGTHS)


def rows() -> list[dict[str, Any]]:
    """Return the stored results, one dictionary for each point."""
    return list(stored(STORE).values())


def cluster(address: str) -> Executor:
    """Return the executor of a Dask cluster whose scheduler is at this address."""
    from dask.distributed import Client  # an extra: requirements-sweep.txt

    executor: Executor = Client(address).get_executor(pure=False)
    return executor


def main() -> None:
    """Run the sweep and show how far it is."""
    from tqdm import tqdm

    parser = argparse.ArgumentParser(prog="python -m rnn_helpers.labs.recall_sweep")
    parser.add_argument("file", type=Path, help="takes the results, a line each")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes on this machine")
    parser.add_argument("--address", help="of a Dask scheduler, in place of this machine")
    given = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # for the workers: each takes one core, and not all of them
    executor = cluster(given.address) if given.address else partial(pool, given.workers)
    for _ in tqdm(sweep(recall_run, POINTS, given.file, executor), total=len(POINTS)):
        pass


if __name__ == "__main__":
    main()
