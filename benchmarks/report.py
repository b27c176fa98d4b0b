"""Tables in words and a picture, from what was measured."""

import os
import platform
import textwrap
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, ScalarFormatter

from benchmarks import training_report
from rnn_helpers.plots import INK, LINES, WIDTH

RATIOS = ("NumPy / floor", "PyTorch / NumPy", "JAX / NumPy", "NumPy, ids / NumPy", "PyTorch, ids / NumPy, ids")
HOW = """\
This page and its pictures are written by `python3 course.py bench` (on Windows `py course.py bench`), which takes
some twenty minutes on a machine with nothing else to do. PyTorch and JAX are timed where they are installed.
Words: `--quick` tries everything in seconds and writes nothing, `--install` also measures fresh installs, which
download everything once with pip and once with uv."""
READING = """\
One training step is the loss and the gradient of every parameter, and of nothing else, for one batch. All contenders
get the same numbers and must agree on loss and gradients before the clock starts. They take turns in one loop; times
are medians, ratios are medians over the loop's rounds. Each runs for a moment before it is timed, or rests where one
call takes longer, until the others' threads are asleep. A ratio above 1 says that the one named first takes longer.
The floor is the bare matrix products that any exact method has to do, written to arrays that exist already.
PyTorch is `nn.RNN`, `nn.Linear` and `cross_entropy`, eager, the faster of its two layouts; fed ids, the fastest of
three ways (`benchmarks/contender_torch.py`). JAX is a compiled `lax.scan`."""

GATES = """\
The same step, the same sizes, one thread, with an LSTM and with PyTorch's GRU in place of the plain network. PyTorch is
`nn.LSTM` and `nn.GRU`, the faster of the two layouts. In float32 its LSTM runs in a kernel of its own (oneDNN's), which
it has for neither the GRU nor float64."""

INSTALLS = """\
Packages came from wherever pip and uv are set up to look, which may be a copy nearby or on the same disk: over a
network it takes longer."""

TEXT = """\
The names of Unicode's characters, in random order, as one text: 32 windows of 64 characters side by side, the state
carried from window to window, Adam at 0.003, clipped, float32, one thread. What is counted is characters that are
trained on in a second of the processor's time. Both start from the same weights and take turns, 20 steps at a time,
through two passes.
PyTorch is `nn.RNN` with the fastest of its layouts and ways to read ids, and its fused Adam. Bits are those of a
character that was kept back."""


LATENCY = """\
The states of one sequence as a heat map over the size of the gradient at each step, batch 16, float32, in JupyterLab
and Chromium. From the press of an arrow key to the painted picture, and from letting go after a fast drag from end to
end, upwards and downwards in turn, to the last picture: 0 where that was there before the button was up. `interact`
draws the same figure anew, at half the resolution; both take turns on one page."""
EACH = """\
Every control of every live figure in the notebooks, at the figure's own sizes, moved from its start one place after
the other. Promised are 90 ms in the median and 150 ms at the 95th percentile, on a machine with nothing else to do. The
figures of notebooks 11 and 13b, which are the last three, are drawn from networks that were not trained."""


def page(results: dict) -> str:
    """Return all of results.md."""
    parts = [
        "# How fast it is, measured",
        HOW,
        machine(results["load"]),
        "## In short",
        picture_link(results),
        summary(results["speed"]),
    ]
    parts += ["## One training step", READING]
    for threads, cells in results["speed"].items():
        parts += [f"### {'One thread' if threads == '1' else threads + ' threads'}", speed_table(cells)]
    parts += ["### With gates", GATES, gates_table(results["gates"])]
    parts += ["## A training run", training_report.text(results["training"])]
    parts += ["## A long text", long_text(results["text"])]
    parts += ["## Checks of the arguments", checks_text(results["checks"]), "## Growth", growth_text(results["growth"])]
    parts += ["## Memory", memory_table(results["memory"]), "## Waiting", startup_text(results["startup"])]
    parts += ["## Live figures", latency_text(results["latency"])]
    return "\n\n".join(parts) + "\n"


def machine(load: list[float]) -> str:
    """Say what was measured on, and with what."""
    packages = ", ".join(f"{name} {found}" for name, found in versions().items())
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return (
        f"Measured on {date.today()}: {cpu()}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}, {packages}, NumPy's BLAS {blas['name']} {blas['version']}."
        + (f" Before it began, {load[0]:.1f} programs wanted a core (the load of the last minute)." if load else "")
    )


def cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()


def versions() -> dict[str, str]:
    found = {}
    for name, package in {"NumPy": "numpy", "PyTorch": "torch", "JAX": "jax"}.items():
        try:
            found[name] = version(package)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def speed_table(cells: list[dict]) -> str:
    head = ["n_x, n_h, n_y, batch, time", "numbers", "NumPy, ms", "with ids, ms", "floor, ms", *RATIOS]
    rows = [
        [
            ", ".join(map(str, cell["size"])),
            cell["dtype"],
            *(digits(cell["ms"][name]) for name in ("NumPy", "NumPy, ids", "floor")),
            *(number(cell["ratios"].get(name)) for name in RATIOS),
        ]
        for cell in cells
    ]
    return table(head, rows)


def gates_table(gates: dict[str, list[dict]]) -> str:
    head = ["n_x, n_h, n_y, batch, time", "numbers"]
    head += [f"{network}, {what}" for network in gates for what in ("ms", "with ids, ms", "PyTorch / NumPy")]
    rows = []
    for cells in zip(*gates.values(), strict=True):
        row = [", ".join(map(str, cells[0]["size"])), cells[0]["dtype"]]
        for cell in cells:
            row += [digits(cell["ms"]["NumPy"]), digits(cell["ms"]["NumPy, ids"])]
            row.append(number(cell["ratios"].get("PyTorch / NumPy")))
        rows.append(row)
    return table(head, rows)


def digits(value: float) -> str:
    """Return three digits, and a large number in full."""
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def summary(speed: dict[str, list[dict]]) -> str:
    """Say in a few sentences, with ratios, how fast it is; README carries the same words."""
    one = speed["1"]
    sentences = [
        "One training step on one thread, over five sizes from 5 to 512 units and both kinds of floats:"
        f" {rivals(one)}The largest two sizes cost {span(one[-4:], 'NumPy / floor')} times the bare matrix products"
        " that no exact method can do without.",
        f"Fed token ids, it takes {span(one, 'NumPy, ids / NumPy')} times what it takes with one-hot rows.",
    ]
    others = [threads for threads in speed if threads != "1"]
    sentences += [f"With {threads} threads: {rivals(speed[threads])}".strip() for threads in others]
    return " ".join(sentences)


def rivals(cells: list[dict]) -> str:
    texts = [
        f"{name} takes {span(cells, f'{name} / NumPy')} times as long as this course's NumPy"
        for name in ("PyTorch", "JAX")
        if f"{name} / NumPy" in cells[0]["ratios"]
    ]
    return ", ".join(texts) + ". " if texts else "neither PyTorch nor JAX was installed. "


def span(cells: list[dict], name: str) -> str:
    values = [cell["ratios"][name] for cell in cells]
    low, high = f"{min(values):.1f}", f"{max(values):.1f}"
    return low if low == high else f"{low} to {high}"


def long_text(run: dict) -> str:
    """Set characters a second beside PyTorch's, and the bits that both reach."""
    head = ["units", "NumPy", "PyTorch", "NumPy / PyTorch", "NumPy, bits", "PyTorch, bits"]
    rows = []
    for size in run["sizes"]:
        rivals = {name: ratio for name, ratio in size["ratios"].items() if name != "NumPy"}
        rival = min(rivals, key=rivals.get, default="")
        speeds = [f"{size['characters'][name]:,.0f}" if name else "" for name in ("NumPy", rival)]
        bits = [number(size["bits"].get(name)) for name in ("NumPy", rival)]
        rows.append([str(size["units"]), *speeds, number(rivals.get(rival)), *bits])
    busy = f" Before it began, {run['load']:.1f} programs wanted a core." if run["load"] is not None else ""
    return TEXT + busy + "\n\n" + table(head, rows)


def checks_text(shares: dict[str, float]) -> str:
    return (
        f"At the smallest size, checking the arguments takes {shares['floats']:.1%} of a step with float inputs and"
        f" {shares['ids']:.1%} of one with token ids, in the median of five processes."
    )


def growth_text(growth: dict) -> str:
    """Say how straight time is in sequence length and batch."""
    size = growth["size"]
    texts = [
        f"float32, one thread, n_x, n_h, n_y = {size[0]}, {size[1]}, {size[2]}, a straight line fitted to each row."
    ]
    for name, fixed in (("time", f"batch {size[3]}"), ("batch", f"time {size[4]}")):
        line = growth[name]
        worst = max(abs(share) for share in line["deviation"])
        head = [f"{name} ({fixed})", *map(str, line["n"])]
        rows = [["ms", *map(digits, line["ms"])]]
        rows += [["off the line", *(f"{share:+.1%}" for share in line["deviation"])]]
        texts += [table(head, rows), f"Farthest from the line: {worst:.1%}."]
    return "\n\n".join(texts)


def memory_table(memory: dict[str, dict[str, float]] | None) -> str:
    if memory is None:
        return "Not measured: Windows does not tell a process its peak the way that Linux and macOS do."
    rows = [[name, *(f"{peaks[dtype]:.0f}" for dtype in ("float32", "float64"))] for name, peaks in memory.items()]
    text = "Peak of a whole process that does two steps at the largest size, less what its imports took."
    return text + "\n\n" + table(["", "float32, MB", "float64, MB"], rows)


def startup_text(startup: dict) -> str:
    ms = startup["imports"]
    rows = [
        ["`import numpy`", f"{ms['numpy'] - ms['nothing']:.0f} ms"],
        ["`import rnn_helpers`, NumPy included", f"{ms['rnn_helpers'] - ms['nothing']:.0f} ms"],
    ]
    if startup.get("jupyterlab"):
        rows.append(["`course.py`, installed, to a JupyterLab that answers", f"{startup['jupyterlab']:.1f} s"])
    if startup.get("notebooks"):
        seconds, count = startup["notebooks"]
        rows.append([f"all {count} notebooks run, one after the other", f"{seconds:.0f} s"])
    for installer in ("pip", "uv"):
        if startup.get(installer):
            rows.append([f"fresh install with {installer}, nothing in its cache", f"{startup[installer]:.0f} s"])
    text = table(["what", "how long"], rows)
    return f"{text}\n\n{INSTALLS}" if "pip" in startup else text


def latency_text(latency: dict | None) -> str:
    """Say how long a live figure takes to answer, beside the same picture under `interact`."""
    if latency is None:
        return "Not measured: that takes Chromium and the packages of `requirements-test.txt`."
    head = [
        "T, n_h",
        "drawn by",
        "key press, median, ms",
        "95th percentile, ms",
        "after a drag, median, ms",
        "worst, ms",
    ]
    rows = []
    for cell in latency["sizes"]:
        for name, shown in {"live": "`live.show`", "interact": "`interact`"}.items():
            key, drag = cell[name]["key"], np.maximum(cell[name]["drag"], 0)
            times = (np.median(key), np.percentile(key, 95), np.median(drag), max(drag))
            rows.append([", ".join(map(str, cell["size"])), shown, *(f"{time:.0f}" for time in times)])
    return "\n\n".join([LATENCY, table(head, rows), EACH, table(*each_control(latency["controls"]))])


def each_control(found: dict[str, dict[str, list[float]]]) -> tuple[list[str], list[list[str]]]:
    """Return head and rows of the table of all controls."""
    head = ["figure", "control", "moves", "median, ms", "95th percentile, ms", "as promised"]
    rows = []
    for name, controls in found.items():
        for label, times in controls.items():
            median, high = np.median(times), np.percentile(times, 95)
            kept = "yes" if median <= 90 and high <= 150 else "no"
            rows.append([f"`{name}`", label, str(len(times)), f"{median:.0f}", f"{high:.0f}", kept])
    return head, rows


def picture_link(results: dict) -> str:
    return f"![{sentence(results['growth'])}](step_time.png)"


def sentence(growth: dict) -> str:
    """Say what the picture shows; README and results.md carry this as its alt text."""
    hidden = growth["hidden"]
    parts = [f"Microseconds a time step, at {hidden['n_h'][0]} and at {hidden['n_h'][-1]} hidden units:"]
    for name, values in lines(hidden).items():
        parts.append(f"{name} {values[0]:.0f} and {values[-1]:.0f},")
    return " ".join(parts).rstrip(",") + "."


def lines(hidden: dict[str, list[float]]) -> dict[str, list[float]]:
    """Return the picture's lines, PyTorch in the faster of its layouts at each size."""
    layouts = [values for name, values in hidden.items() if name.startswith("PyTorch")]
    best = {"PyTorch": [min(values) for values in zip(*layouts, strict=True)]} if layouts else {}
    jax = {"JAX": hidden["JAX"]} if "JAX" in hidden else {}
    return {"NumPy": hidden["NumPy"], "the bare products": hidden["floor"], **best, **jax}


def draw(growth: dict) -> Figure:
    """Draw microseconds a time step over hidden size, on two logarithmic axes."""
    figure = Figure(figsize=(WIDTH, 3.6), layout="constrained")
    ax = figure.add_subplot()
    n_h = growth["hidden"]["n_h"]
    found = lines(growth["hidden"])
    styles = {"NumPy": LINES[0], "the bare products": (INK, ":"), "PyTorch": LINES[1], "JAX": LINES[3]}
    for name, values in found.items():
        color, style = styles[name]
        ax.plot(n_h, values, color=color, linestyle=style, marker="o", markersize=4, label=name)
    n_x, _, n_y, batch, _ = growth["size"]
    ax.set(xscale="log", yscale="log", xlabel="hidden size n_h (units)", ylabel="time per time step (µs)")
    ax.set_title(f"loss and gradients, batch {batch}, n_x = {n_x}, n_y = {n_y}, float32, one thread", fontsize=10)
    ax.set_xticks(n_h, [str(n) for n in n_h])
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.yaxis.set_major_formatter(ScalarFormatter())
    ax.legend(frameon=False)
    return figure


def in_readme(readme: str, results: dict) -> str:
    """Return README's text with what was measured now between the performance section's head and its link."""
    before, head, section = readme.partition("## Performance\n\n")
    _, link, after = section.partition("[All numbers]")
    picture = picture_link(results).replace("(step_time.png)", "(benchmarks/step_time.png)")
    words = textwrap.fill(summary(results["speed"]), 115, break_on_hyphens=False)
    return f"{before}{head}{picture}\n\n{words}\n{link}{after}"


def write(results: dict, folder: Path) -> None:
    """Write results.md, step_time.png and training.png."""
    (folder / "results.md").write_text(page(results), encoding="utf-8", newline="\n")
    # No "Software" entry: the bytes then stay the same from one Matplotlib release to the next.
    pictures = {"step_time": draw(results["growth"]), "training": training_report.draw(results["training"])}
    for name, figure in pictures.items():
        figure.savefig(folder / f"{name}.png", dpi=200, metadata={"Software": None})
