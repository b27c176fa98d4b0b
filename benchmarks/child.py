"""Start a measurement in a process of its own, because libraries read their number of threads when they start."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# NPROC is JAX's: its compiler XLA counts cores by it, and runs independent operations on as many threads.
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NPROC")


def measure(module: str, *words: str, threads: int = 1) -> dict:
    """Run `python -m benchmarks.module words` with so many threads; return what it printed, read as JSON."""
    run = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", *words],
        cwd=ROOT,
        env={**os.environ, **dict.fromkeys(THREADS, str(threads))},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if run.returncode:
        sys.exit(f"benchmarks/{module}.py failed: the lines above say why.")
    return json.loads(run.stdout.splitlines()[-1])


def say(text: str) -> None:
    """Tell how far it is; standard output is the result's."""
    print(text, file=sys.stderr, flush=True)
