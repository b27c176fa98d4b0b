"""Measure everything, one thing after the other; write results.md, its pictures and README's section.

python3 course.py bench              some twenty minutes
python3 course.py bench --quick      tries everything in seconds and writes nothing
python3 course.py bench --install    also measures fresh installs, which download everything twice
"""

import importlib.util
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks import memory, startup
from benchmarks.child import ROOT, measure, say

HERE = Path(__file__).parent
RIVALS = {"torch": "PyTorch", "jax": "JAX"}


def main(words: list[str]) -> None:
    if unknown := set(words) - {"--quick", "--install"}:
        sys.exit(f"There is no word {' '.join(sorted(unknown))}.\n{__doc__}")
    quick = "--quick" in words
    begin = time.perf_counter()
    say(without_rivals())
    results = everything(quick=quick, install="--install" in words)
    from benchmarks import report  # late: a process that starts others should be small

    with tempfile.TemporaryDirectory() as folder:
        report.write(results, Path(folder) if quick else HERE)
    readme = ROOT / "README.md"
    if not quick:
        new = report.in_readme(readme.read_text(encoding="utf-8"), results)
        readme.write_text(new, encoding="utf-8", newline="\n")
    print(report.page(results))
    where = "nothing written" if quick else "written to benchmarks/ (results.md and two pictures) and README.md"
    say(f"{time.perf_counter() - begin:.0f} s, {where}.")


def everything(*, quick: bool, install: bool) -> dict:
    word = ["--quick"] if quick else []
    results: dict = {"load": os.getloadavg() if hasattr(os, "getloadavg") else [], "speed": {}}
    for threads in sorted({1, os.cpu_count() or 1}):
        say(f"One training step, threads: {threads}")
        results["speed"][str(threads)] = measure("speed", *word, threads=threads)
    say("The same with gates, threads: 1")
    results["gates"] = {network: measure("speed", network, *word) for network in ("LSTM", "GRU")}
    say("Checks, growth")
    # Where a process happens to have its memory moves these shares by a tenth of themselves.
    runs = [measure("checks", *word) for _ in range(1 if quick else 5)]
    results["checks"] = {kind: median(run[kind] for run in runs) for kind in runs[0]}
    results["growth"] = measure("growth", *word)
    say("A training run")
    results["training"] = measure("training", *word)
    say("A long text")
    results["text"] = measure("text", *word)
    say("Memory")
    results["memory"] = memory.peaks(quick)
    results["startup"] = startup.main(quick=quick, install=install)
    results["latency"] = measure("latency", *word)
    return results


def without_rivals() -> str:
    """Say which column stays empty, and how to fill it."""
    absent = [name for module, name in RIVALS.items() if not importlib.util.find_spec(module)]
    if not absent:
        return "PyTorch and JAX are installed, so all columns are filled."
    python = Path(sys.executable)
    shown = python.relative_to(ROOT) if python.is_relative_to(ROOT) else python
    return (
        f"{' and '.join(absent)} not installed, so left out; to add them, run in this folder:"
        f" {shown} -m pip install torch==2.13.0 jax==0.10.2"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
