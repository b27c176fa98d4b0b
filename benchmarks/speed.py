"""One training step, all contenders in one loop, at each size, in float32 and float64.

python -m benchmarks.speed         the plain network
python -m benchmarks.speed LSTM    the same sizes with gates; or GRU
"""

import json
import sys
from statistics import median

from benchmarks.child import say
from benchmarks.contenders import FLOOR, OURS, OURS_IDS, check_agreement
from benchmarks.problem import SIZES, STARTS, Size
from benchmarks.team import Team, team
from benchmarks.timing import interleaved, ratio

SECONDS = 6  # for each size and kind of numbers
GROUPS = (OURS_IDS, OURS, FLOOR, "PyTorch, ids", "PyTorch", "JAX")  # a name belongs to the first that it begins with


def cell(all_of_them: Team, size: Size, dtype: str, seconds: float, rounds: int) -> dict:
    """Return median milliseconds and ratios of one size in one dtype."""
    check_agreement(all_of_them.solve(size, dtype), dtype)
    readings = interleaved(all_of_them.clocks(), seconds, rounds)
    best = {group: fastest(readings, group) for group in GROUPS}
    result = {"size": size, "dtype": dtype, "rounds": len(readings[OURS]), "best": best}
    result["ms"] = {name: 1e3 * median(values) for name, values in readings.items()}
    result["ratios"] = {
        f"{a} / {b}": ratio(readings[best[a]], readings[best[b]])
        for a, b in [(OURS, FLOOR), ("PyTorch", OURS), ("JAX", OURS), (OURS_IDS, OURS), ("PyTorch, ids", OURS_IDS)]
        if best[a] and best[b]
    }
    return result


def fastest(readings: dict[str, list[float]], group: str) -> str | None:
    """Return the name of the group's fastest contender, None for a group that is not installed."""
    members = [name for name in readings if next(g for g in GROUPS if name.startswith(g)) == group]
    return min(members, key=lambda name: median(readings[name]), default=None)


def main(quick: bool, network: str = "RNN") -> list[dict]:
    plan = [(size, dtype) for size in SIZES[: 1 if quick else None] for dtype in ("float32", "float64")]
    cells = []
    with team(network=network) as all_of_them:
        for size, dtype in plan:
            result = cell(all_of_them, size, dtype, 0.3 if quick else SECONDS, 3 if quick else 5)
            cells.append(result)
            say(
                f"  {network} {tuple(size)} {dtype}: "
                + ", ".join(f"{name} {r:.2f}" for name, r in result["ratios"].items())
            )
    return cells


if __name__ == "__main__":
    (network,) = [word for word in sys.argv[1:] if word in STARTS] or ["RNN"]
    print(json.dumps(main("--quick" in sys.argv, network)))
