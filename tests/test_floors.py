"""Each module imports only from floors below its own, and the core needs nothing but NumPy."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from notebook_rules import ROOT, global_randomness, imports

PACKAGE = ROOT / "rnn_helpers"
FLOORS = {
    **dict.fromkeys(["validate", "lacks", "request"], 0),
    **dict.fromkeys(["params", "fast", "gradcheck", "plant", "changes", "dynamics", "sweep"], 1),
    **dict.fromkeys(["output", "optim", "fast_gates"], 2),
    **dict.fromkeys(["cell", "rnn"], 3),
    **dict.fromkeys(["plain", "gates", "data", "rnn_in_one_page"], 4),
    **dict.fromkeys(["plain_gates", "plain_memory", "many_to_one", "train", "plots"], 5),
    "check": 6,
    "labs": 7,  # experiments with the mistakes that check knows
    "live": 8,
    **dict.fromkeys(["server", "write"], 9),  # JupyterLab's server and a terminal alone use them
}
# Rooms with doors of their own: plain answers are for lessons, and the judge knows nothing of the course.
PLAIN = {"plain", "plain_gates", "plain_memory"}
READERS_OF_PLAIN = {"check", "labs"}
ENGINE = Path("check", "engine")
ENGINE_MAY_IMPORT = (
    "rnn_helpers.check.engine.",
    "rnn_helpers.changes.changes",
    "rnn_helpers.lacks",
    "rnn_helpers.request.request",
    "rnn_helpers.plant.",
    "rnn_helpers.validate.Array",
    "IPython.display.display",
)
# What may look up, when it is called and not before: check.explain hands a backward pass to those who read layouts.
LOOKS_UP = {("check/__init__.py", "labs")}
CORE = 3  # the highest floor that needs only NumPy
ROOF = "__init__"  # collects the core's names, so it imports all floors up to CORE


def modules(package: Path) -> list[tuple[str, Path]]:
    """Return (name, file) of each module; all files of a subpackage carry the subpackage's name."""
    files = sorted(package.rglob("*.py"))
    return [(file.relative_to(package).with_suffix("").parts[0], file) for file in files]


def inner_imports(tree: ast.AST, package: Path, file: Path) -> set[str]:
    """Return the modules of the package that this file imports, wherever it does so."""
    here = (package.name, *file.relative_to(package).parent.parts)
    found = set()
    for name in imports(tree):
        dots = len(name) - len(name.lstrip("."))
        parts = [*here[: len(here) - dots + 1], *name[dots:].split(".")] if dots else name.split(".")
        if parts[0] == package.name:
            found.add(parts[1] if len(parts) > 1 else ROOF)
    # `from rnn_helpers import softmax` names no module: it comes through the roof.
    known = {name for name, _ in modules(package)}
    return {name if name in known else ROOF for name in found}


def floor_faults(package: Path) -> list[str]:
    """Say which imports of the package break the order of the floors."""
    faults = []
    for name, file in modules(package):
        where = file.relative_to(package).as_posix()
        if name not in FLOORS and name != ROOF:
            faults.append(f"{where} has no floor: add it to FLOORS in {Path(__file__).name}")
            continue
        floor = CORE + 1 if name == ROOF else FLOORS[name]
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for other in sorted(inner_imports(tree, package, file) - {name}):
            below = CORE if other == ROOF else FLOORS.get(other, -1)
            if below >= floor and (where, other) not in LOOKS_UP:
                faults.append(f"{where} (floor {floor}) imports {other} (floor {below})")
        outer = {part.split(".")[0] for part in imports(tree)} - {"", package.name}
        foreign = outer - set(sys.stdlib_module_names) - {"numpy"}
        if floor <= CORE or name == ROOF:
            faults += [f"{where} is core and imports {other}" for other in sorted(foreign)]
    return faults


def door_faults(package: Path) -> list[str]:
    """Say which imports go through a door that is not theirs."""
    faults = []
    for name, file in modules(package):
        where = file.relative_to(package)
        tree = ast.parse(file.read_text(encoding="utf-8"))
        pages = PLAIN & inner_imports(tree, package, file) - {name}
        if name not in READERS_OF_PLAIN | PLAIN:
            faults += [f"{where.as_posix()} imports {page}" for page in sorted(pages)]
        if where.is_relative_to(ENGINE):
            others = [other for other in imports(tree) if other.split(".")[0] not in sys.stdlib_module_names]
            wrong = [o for o in others if o != "numpy" and not o.startswith(ENGINE_MAY_IMPORT)]
            faults += [f"{where.as_posix()} imports {other}" for other in wrong]
    return faults


def habit_faults(package: Path) -> list[str]:
    """Say where the package imports stars or uses randomness that the whole process shares."""
    faults = []
    for _, file in modules(package):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        where = file.relative_to(package).as_posix()
        faults += [f"{where} uses {name}" for name in global_randomness(tree)]
        faults += [f"{where} imports *" for name in imports(tree) if name.endswith("*")]
    return faults


def test_modules_import_only_from_floors_below() -> None:
    assert floor_faults(PACKAGE) == []


def test_only_lessons_read_plain_and_the_judge_imports_nothing_of_the_course() -> None:
    assert door_faults(PACKAGE) == []


def test_no_star_imports_and_no_global_randomness() -> None:
    assert habit_faults(PACKAGE) == []


def loaded_by(module: str) -> set[str]:
    """Return which modules a new process has after importing this one."""
    code = f"import sys, {module}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


def test_the_core_loads_no_matplotlib_no_widgets_and_no_generators() -> None:
    loaded = loaded_by("rnn_helpers")
    assert "rnn_helpers.rnn" in loaded
    # NumPy itself leaves numpy.random for later: it takes a sixth of the time that `import numpy` takes.
    assert not {"matplotlib", "ipywidgets", "IPython", "numpy.random"} & loaded


@pytest.mark.parametrize("room", ["data", "gates", "train"])
def test_texts_gates_and_training_load_no_matplotlib_and_no_widgets(room: str) -> None:
    assert not {"matplotlib", "ipywidgets", "IPython"} & loaded_by(f"rnn_helpers.{room}")


def test_checks_load_no_figures_and_live_figures_no_pyplot() -> None:
    assert not {"matplotlib", "ipywidgets", "IPython"} & loaded_by("rnn_helpers.check")
    assert "matplotlib.pyplot" not in loaded_by("rnn_helpers.live")


def test_mistakes_are_planted_when_an_answer_is_wrong_and_those_of_its_exercise_alone() -> None:
    code = """
import rnn_helpers.plant
plant, planted = rnn_helpers.plant.with_exchanges, []
rnn_helpers.plant.with_exchanges = lambda *words, **named: planted.append(words) or plant(*words, **named)
from rnn_helpers import check, live
check.step(check.answers.step)
print(len(planted))
check.step(lambda x, t: x[-t])
print(0 < len(planted) <= len(check.EXERCISES["step"].mistakes))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert run.stdout == "0\nTrue\n", run.stderr


def plant(tmp_path: Path, **sources: str) -> Path:
    """Write a package of these modules; `check__cell` is the file check/cell.py."""
    package = tmp_path / "rnn_helpers"
    for name, source in sources.items():
        file = package / (name if name == ROOF else name.replace("__", "/"))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.with_name(file.name + ".py").write_text(source, encoding="utf-8")
    return package


def test_a_sound_package_has_no_faults(tmp_path: Path) -> None:
    package = plant(
        tmp_path,
        __init__="from rnn_helpers.cell import step",
        validate="import numpy as np\nimport math\nrng = np.random.default_rng(0)",
        cell="from rnn_helpers.validate import rng\nfrom . import validate",
        check__verdict="from rnn_helpers import cell, step",
        check__step="from rnn_helpers import plain\nfrom rnn_helpers.check.engine.judge import judge",
        check__engine__judge="import numpy as np\nfrom rnn_helpers.validate import Array",
        plain="from rnn_helpers import step",
        check__names="from .verdict import step\nfrom ..cell import step",
        plots="import matplotlib.pyplot as plt",
    )
    assert floor_faults(package) == door_faults(package) == habit_faults(package) == []


@pytest.mark.parametrize(
    ("sources", "fault"),
    [
        ({"cell": "", "output": "from rnn_helpers.cell import step"}, "output.py (floor 2)"),
        ({"cell": "", "optim": "from rnn_helpers import cell"}, "imports cell (floor 3)"),
        ({"cell": "def f():\n    from . import rnn", "rnn": ""}, "imports rnn (floor 3)"),
        ({"live": "", "check__a": "import rnn_helpers.live"}, "check/a.py (floor 6)"),
        ({"live": "", "labs__a": "from rnn_helpers import live"}, "labs/a.py (floor 7) imports live"),
        ({"live": "", "check__a": "from ..live import show"}, "imports live (floor 8)"),
        ({"check__a": "from rnn_helpers import labs", "labs__a": ""}, "check/a.py (floor 6) imports labs"),
        ({"rnn": "from rnn_helpers import softmax", "__init__": ""}, "imports __init__"),
        ({"__init__": "from rnn_helpers import plots", "plots": ""}, "imports plots"),
        ({"rnn": "import matplotlib"}, "is core and imports matplotlib"),
        ({"gradcheck": "from scipy import linalg"}, "is core and imports scipy"),
        ({"attention": ""}, "attention.py has no floor"),
        ({"check__new__deep": "", "stacks": ""}, "stacks.py has no floor"),
    ],
)
def test_a_wrong_import_is_reported(tmp_path: Path, sources: dict[str, str], fault: str) -> None:
    faults = floor_faults(plant(tmp_path, **sources))
    assert len(faults) == 1 and fault in faults[0], faults


@pytest.mark.parametrize(
    "sources",
    [
        {"train__loop": "from rnn_helpers import plain"},
        {"data": "def f():\n    from rnn_helpers.plain import step"},
        {"data": "from rnn_helpers import plain_memory"},
        {"gates__lstm": "from rnn_helpers import plain_gates", "plain_gates": ""},
        {"check__engine__judge": "from rnn_helpers.check import softmax_and_tanh"},
        {"check__engine__judge": "from ..softmax_and_tanh import SOFTMAX"},
        {"check__engine__judge": "from rnn_helpers.check.shared import COURSE"},
        {"check__engine__judge": "from rnn_helpers import softmax"},
        {"check__engine__judge": "import rnn_helpers.output"},
        {"check__engine__judge": "from rnn_helpers.validate import params"},
        {"check__engine__judge": "import scipy"},
    ],
)
def test_a_wrong_door_is_reported(tmp_path: Path, sources: dict[str, str]) -> None:
    package = plant(tmp_path, plain="", plain_memory="", **sources)
    assert len(door_faults(package)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\nnp.random.seed(0)",
        "import numpy\nx = numpy.random.randn(3)",
        "from numpy.random import rand",
        "import random\nrandom.shuffle([1, 2])",
        "from rnn_helpers.output import *",
    ],
)
def test_a_bad_habit_is_reported(tmp_path: Path, source: str) -> None:
    assert len(habit_faults(plant(tmp_path, data=source))) == 1
