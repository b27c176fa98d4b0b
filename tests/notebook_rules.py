"""What a committed notebook promises: each rule returns its complaints, none when it is kept.

A rule of one notebook takes the notebook, a rule of the whole course takes {file name: notebook}.
"""

import ast
import html
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import nbformat
from nbformat import NotebookNode


def load_tool(path: Path) -> ModuleType:
    """Import a script that lies in no package."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ROOT = Path(__file__).resolve().parents[1]
_tool = load_tool(ROOT / "tools" / "refresh_notebooks.py")
normalise, as_bytes, WIDGET_VIEW = _tool.normalise, _tool.as_bytes, _tool.WIDGET_VIEW

START = "00_start_here.ipynb"
Course = dict[str, NotebookNode]

# Parts of a notebook


def code_cells(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    """Yield (place, cell) for each code cell; places count all cells, from 1."""
    for place, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code":
            yield place, cell


def text_cells(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    """Yield (place, cell) for each Markdown cell."""
    for place, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "markdown":
            yield place, cell


def tagged(cell: NotebookNode, tag: str) -> bool:
    """Return whether the cell carries the tag."""
    return tag in cell.metadata.get("tags", [])


def syntax(cell: NotebookNode) -> ast.Module:
    """Return the cell's syntax tree, empty when it is not plain Python (a rule of its own)."""
    try:
        return ast.parse(cell.source)
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def dotted(node: ast.AST) -> str:
    """Return `a.b.c` for such an expression and "" for any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


def calls(cell: NotebookNode, module: str) -> Iterator[tuple[str, ast.Call]]:
    """Yield (name, call) for each call `module.name(...)` of the cell."""
    for node in ast.walk(syntax(cell)):
        if isinstance(node, ast.Call) and dotted(node.func).startswith(f"{module}."):
            yield dotted(node.func).removeprefix(f"{module}."), node


def written(cell: NotebookNode) -> str:
    """Return the cell's source and every text among its outputs; pictures are none."""
    parts = [cell.source]
    for output in cell.get("outputs", []):
        parts += [output.get("text", ""), output.get("evalue", ""), *output.get("traceback", [])]
        texts = [text for kind, text in output.get("data", {}).items() if kind.startswith("text/")]
        parts += [re.sub(r"base64,[^\"]*", "", text) for text in texts]
    return "\n".join(parts)


def has_picture(cell: NotebookNode) -> bool:
    """Return whether one of the cell's outputs is a picture."""
    return any("image/png" in output.get("data", {}) for output in cell.get("outputs", []))


def prose(source: str) -> str:
    """Return Markdown without its code and formulas, where nothing is a link or a heading."""
    source = re.sub(r"^(```+|~~~+).*?^\1", "", source, flags=re.MULTILINE | re.DOTALL)
    source = re.sub(r"\$\$.*?\$\$", "", source, flags=re.DOTALL)
    return re.sub(r"(?<!\\)\$[^$\n]+\$", "", source)


def headings(source: str) -> list[tuple[int, str]]:
    """Return (level, text) of each heading."""
    found = re.findall(r"^(#{1,6}) +(.+?) *#* *$", prose(source), flags=re.MULTILINE)
    return [(len(signs), text) for signs, text in found]


def title(notebook: NotebookNode) -> str:
    """Return the text of the first H1, or ""."""
    found = [text for _, cell in text_cells(notebook) for level, text in headings(cell.source)[:1]]
    return found[0] if found else ""


def minutes(notebook: NotebookNode) -> str:
    """Return the number in the first cell's `**Time:** 25 minutes`, or ""."""
    found = re.search(r"^\*\*Time:\*\* (\d+) minutes", notebook.cells[0].source, re.MULTILINE)
    return found[1] if found else ""


# The file


def not_normalised(raw: bytes) -> list[str]:
    """The committed bytes are those that the refresh tool writes."""
    notebook = nbformat.reads(raw.decode("utf-8"), as_version=4)
    if as_bytes(normalise(notebook)) != raw:
        return [
            "not in the normal form: after an edit run python3 course.py refresh; "
            "if you only worked in it, git restore notebooks brings the original back"
        ]
    return []


def invalid(notebook: NotebookNode) -> list[str]:
    """The notebook follows the format, with ids that are given once."""
    ids = [cell.get("id") for cell in notebook.cells]
    twice = [f"cell id {id_!r} is given twice" for id_ in set(ids) if ids.count(id_) > 1]
    if twice:  # the validator would replace them without a word
        return twice
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        return [f"not a valid notebook: {error.message}"]
    return []


def execution_counts(notebook: NotebookNode) -> list[str]:
    """Code cells were run once, in order, in a fresh kernel."""
    counts = [cell.execution_count for _, cell in code_cells(notebook)]
    wanted = list(range(1, len(counts) + 1))
    return [] if counts == wanted else [f"execution counts are {counts}, not 1..{len(counts)}"]


def empty_cells(notebook: NotebookNode) -> list[str]:
    """No cell is empty."""
    return [f"cell {place} is empty" for place, cell in enumerate(notebook.cells, start=1) if not cell.source.strip()]


SHOWING = ("check", "plots", "live", "print", "display")


def missing_outputs(notebook: NotebookNode) -> list[str]:
    """A cell that ends in a value shows it.

    A call may return None, so only calls that are known to show something count.
    """
    complaints = []
    for place, cell in code_cells(notebook):
        last = syntax(cell).body[-1:]
        if not last or not isinstance(last[0], ast.Expr) or cell.outputs:
            continue
        value = last[0].value
        shows = not isinstance(value, ast.Call | ast.Constant | ast.Await | ast.Yield)
        if isinstance(value, ast.Call):
            shows = dotted(value.func).split(".")[0] in SHOWING
        if shows:
            complaints.append(f"cell {place} ends in a value, but shows nothing")
    return complaints


def errors(notebook: NotebookNode) -> list[str]:
    """No cell ended in an error, unless it is tagged as meant to."""
    return [
        f"cell {place} ends in {output.ename}"
        for place, cell in code_cells(notebook)
        for output in cell.outputs
        if output.output_type == "error" and not tagged(cell, "raises-exception")
    ]


def widget_state(notebook: NotebookNode) -> list[str]:
    """No widget of a kernel that is gone: GitHub shows such a notebook as invalid."""
    complaints = ["widget state in the metadata"] if "widgets" in notebook.metadata else []
    return complaints + [
        f"cell {place} holds the view of a widget"
        for place, cell in code_cells(notebook)
        for output in cell.outputs
        if WIDGET_VIEW in output.get("data", {})
    ]


ONE_MACHINE = {
    "an absolute path": r"(?<![\w.-])/(home|root|tmp|Users|usr|opt|mnt|private|var|workspace)/",
    "a Windows path": r"(?i)\b[a-z]:\\+(users|windows|program|temp|python|a\\)",
    "a traceback": r"Traceback \(most recent call last\)",
    "a memory address": r"\b0x[0-9a-fA-F]{6,}\b",
    "a kernel's number": r"\bipykernel_\d+",
    "somebody's own answers": r"(Run from|From) my_answers\.py",
}


def traces_of_a_machine(notebook: NotebookNode) -> list[str]:
    """Nothing in sources or outputs belongs to one machine or one run."""
    return [
        f"cell {place} holds {what}: {found[0]!r}"
        for place, cell in enumerate(notebook.cells, start=1)
        for what, pattern in ONE_MACHINE.items()
        if (found := re.search(pattern, written(cell)))
    ]


# The code


def not_plain_python(notebook: NotebookNode) -> list[str]:
    """No magics and no shell lines: neither parses as Python."""
    complaints = []
    for place, cell in code_cells(notebook):
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            if not tagged(cell, "raises-exception"):
                complaints.append(f"cell {place} is not plain Python: {error.msg}")
        if "get_ipython" in cell.source:
            complaints.append(f"cell {place} calls IPython")
    return complaints


NETWORK = {"ftplib", "http", "pip", "pooch", "requests", "socket", "subprocess", "urllib"}


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the full name of each module, or thing from a module, that the code imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            before = "." * node.level + (node.module or "")
            separator = "" if before.endswith(".") else "."
            yield from (f"{before}{separator}{alias.name}" for alias in node.names)


def installs_and_downloads(notebook: NotebookNode) -> list[str]:
    """The course installs and fetches nothing while it runs."""
    complaints = []
    for place, cell in code_cells(notebook):
        tree = syntax(cell)
        modules = {name.split(".")[0] for name in imports(tree)} & NETWORK
        called = {dotted(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        complaints += [f"cell {place} imports {name}" for name in sorted(modules)]
        complaints += [
            f"cell {place} calls {name}"
            for name in sorted(called)
            if re.search(r"^os\.(system|popen)$|download|urlopen|urlretrieve", name)
        ]
        if re.search(r"^\W*(pip3?|conda|mamba|uv|wget|curl)\s", cell.source, re.MULTILINE):
            complaints.append(f"cell {place} runs an installer or a downloader")
    return complaints


# What makes an explicit generator, and what only saves the shared one's state for somebody else.
RANDOM_OBJECTS = {"default_rng", "Generator", "RandomState", "SeedSequence", "BitGenerator", "Random"}
RANDOM_OBJECTS |= {"PCG64", "PCG64DXSM", "Philox", "SFC64", "MT19937"}
RANDOM_OBJECTS |= {"get_state", "set_state", "get_bit_generator", "set_bit_generator", "getstate", "setstate"}


def global_randomness(tree: ast.AST) -> list[str]:
    """Return each use of a generator that the whole process shares: NumPy's or Python's own."""
    used = {dotted(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)} | set(imports(tree))
    found = {name: re.fullmatch(r"(?:(?:np|numpy)\.)?random\.(\w+|\*)", name) for name in used}
    return sorted(name for name, match in found.items() if match and match[1] not in RANDOM_OBJECTS)


def global_random_cells(notebook: NotebookNode) -> list[str]:
    """Randomness comes from an explicit generator, but where the article's own code is quoted."""
    return [
        f"cell {place} uses the global generator: {name}"
        for place, cell in code_cells(notebook)
        if not tagged(cell, "article")
        for name in global_randomness(syntax(cell))
    ]


def long_cells(notebook: NotebookNode) -> list[str]:
    """No code cell has more than 20 lines that are not blank."""
    lengths = {
        place: sum(bool(line.strip()) for line in cell.source.splitlines()) for place, cell in code_cells(notebook)
    }
    return [f"cell {place} has {count} lines" for place, count in lengths.items() if count > 20]


WIDEST = 107  # characters of code that JupyterLab shows in a window of 1280 pixels, beside its list of files


def wide_lines(notebook: NotebookNode) -> list[str]:
    """No line of code is cut off by an ordinary window, and no printed line is broken within a word."""
    complaints = []
    for place, cell in code_cells(notebook):
        printed = "".join(output.text for output in cell.get("outputs", []) if output.output_type == "stream")
        wide = [line for line in (*cell.source.splitlines(), *printed.splitlines()) if len(line) > WIDEST]
        complaints += [f"cell {place} has a line of {len(line)} characters: {line.strip()}" for line in wide]
    return complaints


def first_code_cell(notebook: NotebookNode) -> list[str]:
    """The first code cell imports what is needed and makes the generator."""
    _, first = next(code_cells(notebook), (0, None))
    if first is None:
        return ["there is no code cell"]
    complaints = [] if any(imports(syntax(first))) else ["the first code cell imports nothing"]
    if "rng = np.random.default_rng(0)" not in first.source.splitlines():
        complaints.append("the first code cell lacks the line rng = np.random.default_rng(0)")
    return complaints


# The lesson

PICTURE = r'<img [^>]*alt="([^"]*)"[^>]* src="data:image/png;base64,([^"]*)"'


def figure_sentences(notebook: NotebookNode) -> list[str]:
    """Each picture carries a sentence with numbers that says what it shows; on a page it is the alternative text."""
    complaints = []
    for place, cell in code_cells(notebook):
        for output in cell.outputs:
            data = output.get("data", {})
            if any(kind.startswith("image/") for kind in data):
                faults = sentence_faults(data.get("text/plain", ""))
                complaints += [f"cell {place}: the picture's sentence {fault}" for fault in faults]
                shown = re.search(PICTURE, data.get("text/html", ""))
                wanted = data.get("text/plain"), "".join(data.get("image/png", "").split())
                if not shown or (html.unescape(shown[1]), shown[2]) != wanted:
                    complaints.append(f"cell {place}: the page does not get the same picture and sentence")
    return complaints


def sentence_faults(sentence: str) -> list[str]:
    """Say what keeps a text from being a figure's sentence."""
    if not sentence.strip():
        return ["is empty"]
    if sentence.startswith("<"):
        return [f"is an object's name: {sentence[:30]}"]
    faults = [] if sentence.endswith(".") else ["does not end in a full stop"]
    faults += [] if re.search(r"\d", sentence) else ["has no number"]
    return faults + ([f"has {len(sentence)} characters"] if len(sentence) > 400 else [])


def live_pictures(notebook: NotebookNode) -> list[str]:
    """Each live figure leaves its picture for those who cannot drag."""
    return [
        f"cell {place} is live and left no picture"
        for place, cell in code_cells(notebook)
        if "show" in (name for name, _ in calls(cell, "live")) and not has_picture(cell)
    ]


CAPITALISED = {"Adam", "Binder", "Git", "Jacobian", "Jupyter", "Python"}


def headline(notebook: NotebookNode) -> list[str]:
    """There is one H1, in the first cell, capitalised like a sentence."""
    places = [place for place, cell in text_cells(notebook) for level, _ in headings(cell.source) if level == 1]
    if places != [1]:
        return [f"H1 headings in cells {places}, not one in the first"]
    first, *others = re.findall(r"[^\W\d_][\w'-]*", title(notebook))  # words, not numbers
    odd = [word for word in others if re.fullmatch(r"[A-Z][a-z]+", word)]
    complaints = [] if first[0].isupper() else ["the title does not begin with a capital"]
    return complaints + [f"the title has a capital in {word}" for word in odd if word not in CAPITALISED]


OPENING = {
    "navigation": r"^\[[^\n]*$",
    "title": r"^# [^\n]+$",
    "goals": r"^\*\*You will be able to\*\*",
    "needs": r"^\*\*You need:\*\* \S",
    "time": r"^\*\*Time:\*\* \d+ minutes",
}


def opening(notebook: NotebookNode) -> list[str]:
    """The first cell says, in this order: way, title, what you will do, goals, needs, minutes."""
    source = notebook.cells[0].source
    found = {name: re.search(pattern, source, re.M) for name, pattern in OPENING.items()}
    missing = [f"the first cell has no {name}" for name, match in found.items() if not match]
    if missing:
        return missing
    starts = [match.start() for match in found.values()]
    if starts != sorted(starts):
        return [f"the first cell is not in the order {', '.join(OPENING)}"]
    complaints = []
    between = source[found["title"].end() : found["goals"].start()].strip()
    if len(re.split(r"(?<=[.!?])\s+(?=[A-Z])|\n\s*\n", between)) != 1 or between[-1:] != ".":
        complaints.append("not one sentence between the title and the goals")
    goals = source[found["goals"].end() : found["needs"].start()]
    count = len(re.findall(r"^([-*]|\d+\.) \S", goals, re.MULTILINE))
    return complaints + ([] if 3 <= count <= 4 else [f"{count} goals, not 3 or 4"])


def predictions(notebook: NotebookNode, wanted: int = 3) -> list[str]:
    """There are enough prompts to predict, each before the cell that gives the answer."""
    places = [place for place, cell in text_cells(notebook) if "**Predict.**" in cell.source]
    last = max((place for place, _ in code_cells(notebook)), default=0)
    few = [f"{len(places)} cells to predict, not {wanted}"] if len(places) < wanted else []
    return few + [f"cell {place} is never answered" for place in places if place > last]


def exercises(notebook: NotebookNode) -> list[str]:
    """There is an exercise, and after each check the notebook shows its solution."""
    checked: set[str] = set()
    solved: set[str] = set()
    complaints = []
    for place, cell in reversed(list(code_cells(notebook))):  # from the end, where the solutions come first
        here = {name for name, _ in calls(cell, "check") if "." not in name} - {"solution", "source", "mine"}
        checked |= here
        if here - solved:
            complaints.append(f"cell {place} checks {sorted(here - solved)}, and no solution follows")
        shown = [call.args for name, call in calls(cell, "check") if name == "solution"]
        solved |= {dotted(check).removeprefix("check.") for arguments in shown for check in arguments}
    return complaints if checked else [*complaints, "there is no exercise"]


def retrieval(notebook: NotebookNode) -> list[str]:
    """The second cell asks three questions about the last notebook: answers are folded, and each leads back there."""
    source = notebook.cells[1].source if notebook.cells[1].cell_type == "markdown" else ""
    if not source.startswith("**From last time.**"):
        return ["the second cell does not begin with **From last time.**"]
    folded = re.findall(r"<details><summary>\d\. [^<]+\?</summary>\n\n(.*?)\n\n</details>", source, re.DOTALL)
    complaints = [] if len(folded) == 3 else [f"{len(folded)} questions about the last notebook, not 3"]
    away = [answer for answer in folded if not re.search(r"\]\([\w.-]+\.ipynb#\S+\)", answer)]
    return complaints + [f"an answer leads to no section: {answer[:40]}" for answer in away]


def sayings(notebook: NotebookNode) -> list[str]:
    """Somewhere the reader is asked to say why in a sentence, and text that answers comes after it."""
    places = [place for place, cell in text_cells(notebook) if "**Say it in a sentence.**" in cell.source]
    last = max(place for place, _ in text_cells(notebook))
    late = [f"cell {place} asks for a sentence, and nothing follows" for place in places if place >= last]
    return late if places else ["nowhere is the reader asked to say it in a sentence"]


# The course


def navigation_line(course: Course, name: str) -> str:
    """Return the line that leads from this notebook to those beside it."""
    names = sorted(course)
    place = names.index(name)
    parts = ["[Contents](#Contents)" if name == START else f"[Contents]({START}#Contents)"]
    if place > 0:
        before = names[place - 1]
        parts.insert(0, f"[Previous: {title(course[before])}]({before})")
    if place + 1 < len(names):
        after = names[place + 1]
        parts.append(f"[Next: {title(course[after])}]({after})")
    return " | ".join(parts)


def navigation(course: Course, name: str) -> list[str]:
    """The first line and the last lead to the notebooks beside this one, by their titles."""
    wanted = navigation_line(course, name)
    first, last = course[name].cells[0], course[name].cells[-1]
    lines = {
        "first": first.source.split("\n")[0],
        "last": last.source.rstrip().split("\n")[-1] if last.cell_type == "markdown" else "code",
    }
    return [f"the {which} line is {line!r}, not {wanted!r}" for which, line in lines.items() if line != wanted]


def numbering(course: Course) -> list[str]:
    """File names count 00, 01, 02, ... and start at the start; parts after the first have its number and b or c.

    The first part may have an a.
    """
    names = sorted(course)
    numbers = [name.partition("_")[0] for name in names]
    firsts = [number.removesuffix("a") for number in numbers if not number.endswith(("b", "c"))]
    wanted = [f"{number:02d}" for number in range(len(firsts))]
    complaints = [] if names[:1] == [START] else [f"there is no {START}"]
    if firsts != wanted:
        complaints.append(f"the files do not count 00, 01, ...: {names}")
    alone = [number for number in numbers if number.endswith(("b", "c")) and number[:-1] not in firsts]
    return complaints + [f"{number} is a later part of nothing" for number in alone]


def contents_rows(source: str) -> list[tuple[str, str, str]]:
    """Return (title, file name, minutes) of each table row that links to a notebook."""
    row = r"^\|.*?\[([^\]]+)\]\((?:notebooks/)?([\w.-]+\.ipynb)\).*?\|\s*(?:about )?(\d+)[^|]*\|\s*$"
    return re.findall(row, prose(source), re.MULTILINE)


def contents(course: Course, source: str) -> list[str]:
    """The table lists the notebooks in order, each with its own title and minutes.

    It may leave out 00, where it stands itself.
    """
    rows = contents_rows(source)
    wanted = [(title(course[name]), name, minutes(course[name])) for name in sorted(course)]
    if not any(name == START for _, name, _ in rows):
        wanted = [row for row in wanted if row[1] != START]
    complaints = [f"the contents lack {row}" for row in wanted if row not in rows]
    complaints += [f"the contents have {row}, which is not so" for row in rows if row not in wanted]
    if not complaints and rows != wanted:
        complaints.append("the contents are not in the order of the files")
    return complaints


# Links


def plain(heading: str) -> str:
    """Return a heading's text as the page shows it."""
    heading = re.sub(r"<[^>]+>|[`*]", "", heading)
    return re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)


def lab_anchor(heading: str) -> str:
    """Return the anchor that JupyterLab gives a heading: spaces become hyphens, case stays."""
    return plain(heading).replace(" ", "-")


def github_anchor(heading: str) -> str:
    """Return the anchor that GitHub gives a heading in a .md file."""
    return re.sub(r"[^\w\- ]", "", plain(heading).lower()).replace(" ", "-")


def anchors(path: Path) -> set[str]:
    """Return what a link may point at in a notebook or a Markdown file.

    JupyterLab turns the id of `<a id="here"></a>` into its own attribute `data-jupyter-id`, which its
    links look for, so such a place can be linked to as well as a heading.
    """
    if path.suffix == ".ipynb":
        notebook = nbformat.read(path, as_version=4)
        sources, rule = [cell.source for _, cell in text_cells(notebook)], lab_anchor
    else:
        sources, rule = [path.read_text(encoding="utf-8")], github_anchor
    source = prose("\n\n".join(sources))
    found = {rule(text) for _, text in headings(source)}
    return found | set(re.findall(r"""<\w+[^>]*\bid=["']([^"']+)["']""", source))


LINKS = (
    r"\]\(<?([^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?:\s+[\"'][^)]*)?\)",  # [text](target)
    r"""^\[[^\]]+\]:\s+<?(\S+?)>?(?:\s|$)""",  # [name]: target
    r"""\b(?:href|src)=["']([^"']*)["']""",
)


def link_targets(source: str) -> list[str]:
    """Return the targets of all links and pictures in Markdown."""
    text = re.sub(r"(`+).*?\1", "", prose(source))
    return [target for pattern in LINKS for target in re.findall(pattern, text, re.MULTILINE)]


def broken_links(path: Path, source: str, root: Path) -> list[str]:
    """Links within the course lead to a file of it, and to a place in that file.

    The source is Markdown that stands in the file `path`; `root` is the folder of the course.
    """
    complaints = []
    for target in link_targets(source):
        if re.match(r"(https?|mailto|attachment|data):", target):
            continue
        place, _, anchor = target.partition("#")
        file = (path.parent / unquote(place)).resolve() if place else path
        if not target or place.startswith("/") or not file.is_relative_to(root.resolve()):
            complaints.append(f"{target!r} is no path within the course")
        elif not file.exists():
            complaints.append(f"{target!r} leads to no file")
        elif anchor and not re.fullmatch(r"[\w-]+", anchor, re.ASCII):
            complaints.append(f"the anchor of {target!r} is not letters, digits and hyphens")
        elif anchor and anchor not in anchors(file):
            complaints.append(f"{target!r} leads to no heading or id")
    return complaints


def broken_notebook_links(path: Path, root: Path) -> list[str]:
    """All links in the notebook's text lead somewhere."""
    notebook = nbformat.read(path, as_version=4)
    return [
        f"cell {place}: {complaint}"
        for place, cell in text_cells(notebook)
        for complaint in broken_links(path, cell.source, root)
    ]
