"""Change the core in small ways, one at a time, and see whether some test notices each.

python3 course.py mutants            all of the core
python3 course.py mutants cell rnn   these modules

Which modules and tests: [tool.mutmut] in pyproject.toml. The changes that no test notices are listed in
tests/mutants.md, each with the reason why it does no harm. This fails when one survives that is not listed, when one
is listed that does not survive, and when fewer than 95 % are noticed.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "tests" / "mutants.md"
WANTED = 0.95  # share of the changes that a test has to notice
NOTICED = {"killed", "timeout", "segfault"}


class Mutant(NamedTuple):
    """One change: where, the lines before and the lines after."""

    module: str
    function: str
    before: str
    after: str


def main(modules: list[str]) -> int:
    """Run mutmut afresh, compare what survives with the list, and return the exit code."""
    if sys.platform == "win32":
        sys.exit("The tool for this, mutmut, needs Linux or macOS; on Windows use WSL.")
    rmtree(ROOT / "mutants", ignore_errors=True)  # what was found before may no longer be so
    mutmut("run", *(f"rnn_helpers.{module}.*" for module in modules), shown=True)
    found = results(mutmut("results", "--all", "true"))
    survivors = {}
    for name, status in found.items():
        if status not in NOTICED:
            survivors[parsed(name, diff(name))] = status
    listed = read_list(LIST.read_text(encoding="utf-8"))
    return report(len(found), survivors, {m: why for m, why in listed.items() if not modules or m.module in modules})


def mutmut(*words: str, shown: bool = False) -> str:
    """Run mutmut and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", *words],
        cwd=ROOT,
        # Threads do not live on in the processes that mutmut forks, one for each change, and would be waited for.
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        stdout=None if shown else subprocess.PIPE,
        encoding="utf-8",
        check=not shown,  # a run that leaves survivors ends as it likes
    )
    return done.stdout or ""


def diff(name: str) -> str:
    """Return a change as a diff."""
    from mutmut.mutation.diff_apply import find_mutant, get_diff_for_mutant  # `mutmut show` starts anew for each

    return get_diff_for_mutant(name, path=find_mutant(name).path)


def results(text: str) -> dict[str, str]:
    """Return {name: status} of every change that was tried."""
    lines = (line.strip().rsplit(": ", 1) for line in text.splitlines() if ": " in line)
    return {name: status for name, status in lines if status != "not checked"}


def parsed(name: str, diff: str) -> Mutant:
    """Read a change from its name and its diff."""
    found = re.fullmatch(r"rnn_helpers\.(\w+)\.x(?:_|ǁ\w+ǁ)(\w+)__mutmut_\d+", name)
    assert found, name
    changed = {sign: "\n".join(re.findall(rf"^\{sign}(?!\{sign}\{sign})(.*)$", diff, re.MULTILINE)) for sign in "-+"}
    return Mutant(found[1], found[2], *changed.values())


def read_list(text: str) -> dict[Mutant, str]:
    """Return {change: reason} of the file that `entry` writes."""
    listed: dict[Mutant, str] = {}
    module = ""
    for part in re.split(r"^(?=## |- )", text, flags=re.MULTILINE):
        if heading := re.match(r"## (\w+)", part):
            module = heading[1]
        elif found := re.match(r"- `(\w+)`: (.+?)\n\n  ```diff\n(.*?)\n  ```", part, re.DOTALL):
            lines = [line[2:] for line in found[3].splitlines()]
            sides = ("\n".join(line[1:] for line in lines if line[:1] == sign) for sign in "-+")
            listed[Mutant(module, found[1], *sides)] = " ".join(found[2].split())
    return listed


def entry(mutant: Mutant, reason: str) -> str:
    """Write a change as the list holds it."""
    lines = [f"  -{line}" for line in mutant.before.splitlines()] + [f"  +{line}" for line in mutant.after.splitlines()]
    return "\n".join([f"- `{mutant.function}`: {reason}", "", "  ```diff", *lines, "  ```", ""])


def report(count: int, survivors: dict[Mutant, str], listed: dict[Mutant, str]) -> int:
    """Say what was found; return 1 if the list is not what survives or too much does."""
    new, gone = survivors.keys() - listed.keys(), listed.keys() - survivors.keys()
    for mutant in sorted(new):
        print(f"\nNot listed, in {mutant.module} ({survivors[mutant]}):\n{entry(mutant, 'why?')}")
    for mutant in sorted(gone):
        print(f"\nListed, but it does not survive, in {mutant.module}:\n{entry(mutant, listed[mutant])}")
    share = 1 - len(survivors) / count if count else 0.0
    print(f"{count} changes, {share:.1%} noticed; {len(survivors)} survive, {len(new)} of them not listed.")
    return int(bool(new or gone) or share < WANTED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
