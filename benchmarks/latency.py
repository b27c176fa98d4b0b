"""How long a reader's hand waits for a picture: from the key press to the painted picture, in JupyterLab and Chromium.

One live figure of the course and the same picture under plain `interact` take turns on one page. Then each control of
every live figure of the course moves from where it starts, one place after the other, with all others at their start.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import live_figures
from benchmarks.child import ROOT, say
from rnn_helpers.live import Choice, Control, Stepper, Text, View
from rnn_helpers.live.controls import AnyControl

SIZES = [(100, 64), (200, 256)]  # steps and hidden units
WAYS = {"live": ".rnn-live", "interact": ".widget-interact"}
SLIDER = "input[type=range], .noUi-handle"
MOVES = 20  # of each control, or as many as it has room for
SETTLED = 1000  # ms without a new picture: none is under way any more

# For each input event its time, and for each picture the time at which the frame that shows it has been painted.
WATCH = """(area) => {
    const note = (event) => inputs.push(event.timeStamp);
    for (const kind of ["keydown", "pointerup", "input"]) area.addEventListener(kind, note, { capture: true });
    const painted = async (picture) => {
        await picture?.decode();
        await new Promise(requestAnimationFrame);
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
            pictures.push(performance.now());
            tell?.();
        };
        port2.postMessage("");  // comes after the frame
    };
    const observer = new MutationObserver((changes) => {
        // A live figure numbers what it has put on its canvas; `interact` adds an image.
        if (changes.some((change) => change.attributeName === "data-number")) return painted();
        const added = changes.flatMap((change) => [...change.addedNodes]);
        const images = added.flatMap((node) => [node, ...(node.querySelectorAll?.("img") ?? [])]);
        const image = images.findLast((node) => node.tagName === "IMG");
        if (image) painted(image);
    });
    observer.observe(area, { childList: true, subtree: true, attributeFilter: ["data-number"] });
}"""
FORGET = "() => { window.inputs = []; window.pictures = []; window.tell = undefined; }"
# Promises: to look again in each frame, as `wait_for_function` does, would take time from what is measured.
PICTURE = "() => new Promise((tell) => pictures.length ? tell() : (window.tell = tell))"
QUIET = f"""() => new Promise((tell) => {{
    const settled = () => pictures.length && performance.now() - pictures.at(-1) > {SETTLED};
    const look = () => settled() ? tell() : setTimeout(look, 100);
    look();
}})"""


def main(*, quick: bool) -> dict[str, Any] | None:
    """Return the times in milliseconds, by size and way, and by figure and control; None where there is no browser."""
    sys.path.insert(0, str(ROOT / "tests"))
    try:
        import browser
    except ImportError:  # Playwright belongs to the tests' packages
        return None
    if not browser.find_browser():
        return None
    results, controls = [], {}
    views = live_figures.views()
    if quick:
        views = {name: views[name] for name in ("walk", "flow", "letters")}  # every kind of control
    with tempfile.TemporaryDirectory() as folder:
        for number, size in enumerate(SIZES):
            shows = [f"live_picture.{way}{size}" for way in ("show", "naive")]
            write_notebook(Path(folder) / f"{number}.ipynb", "live_picture", *shows)
        for name in views:
            write_notebook(Path(folder) / f"{name}.ipynb", "live_figures", f"live_figures.show({name!r})")
        with browser.jupyterlab(Path(folder)) as lab, browser.chromium() as chromium:
            page = chromium.new_page(viewport={"width": 1280, "height": 1000})
            browser.open_lab(page, lab)
            for number, size in enumerate(SIZES):
                say(f"Latency of live figures, T and n_h: {size}")
                browser.open_notebook(page, f"{number}.ipynb")
                if errors := browser.run_all(page):
                    raise RuntimeError("; ".join(errors))
                results.append({"size": size, **one_size(page, presses=3 if quick else 60, drags=1 if quick else 6)})
                browser.close_notebook(page)
            for name, view in views.items():
                say(f"Latency of each control: {name}")
                browser.open_notebook(page, f"{name}.ipynb")
                if errors := browser.run_all(page):
                    raise RuntimeError("; ".join(errors))
                controls[name] = each_control(page, view, most=2 if quick else MOVES)
                browser.close_notebook(page)
    return {"sizes": results, "controls": controls}


def write_notebook(path: Path, module: str, *shows: str) -> None:
    import nbformat

    sources = [f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom benchmarks import {module}", *shows]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)


def one_size(page: Any, *, presses: int, drags: int) -> dict[str, dict[str, list[float]]]:
    """Return, for each way, the times of single key presses and of the last picture after fast drags."""
    times: dict[str, dict[str, list[float]]] = {name: {"key": [], "drag": []} for name in WAYS}
    areas = {name: page.locator(selector).first for name, selector in WAYS.items()}
    for area in areas.values():
        area.locator("img, canvas").first.wait_for(state="attached")
        area.evaluate(WATCH)
    for turn in range(5 + presses):  # the first five warm up
        for name, area in areas.items():
            waited = press(page, area, "ArrowLeft" if turn % 20 < 10 else "ArrowRight")
            times[name]["key"] += [waited] if turn >= 5 else []
    for turn in range(drags):
        for name, area in areas.items():
            times[name]["drag"].append(drag(page, area, up=turn % 2 == 0))
    return times


def each_control(page: Any, view: View, most: int) -> dict[str, list[float]]:
    """Return the times of up to so many moves of each control, by its label."""
    area = page.locator(WAYS["live"]).first
    area.locator("canvas").wait_for(state="attached")
    area.evaluate(WATCH)
    inputs = area.locator("input, select, button:not(.rnn-live-reset)")
    reset = area.locator(".rnn-live-reset")
    times, at = {}, 0
    for control in view.controls:
        at += isinstance(control, Stepper)  # its second button moves it on
        field = inputs.nth(at)
        times[control.label] = [press(page, area, move, field) for move in moves(control)[:most]]
        press(page, area, "Enter", reset)
        at += 1
    return times


def moves(control: AnyControl) -> list[str]:
    """Return what takes a control from its start to the end that is farther away: keys, or a choice's options."""
    if isinstance(control, Control):
        up, down = control.high - control.start, control.start - control.low
        return ["ArrowRight" if up >= down else "ArrowLeft"] * round(max(up, down) / control.step)
    if isinstance(control, Stepper):
        return ["Enter"] * (control.high - control.start)
    if isinstance(control, Choice):
        return [f"option {option}" for option in control.options if option != control.start]
    if isinstance(control, Text):
        return ["Backspace", "a", "Backspace", "Backspace", "b", "c"] * MOVES
    return ["Space"] * MOVES


def press(page: Any, area: Any, move: str, field: Any = None) -> float:
    """Press a key on a field, else on the slider, or choose an option; return the ms until its picture was painted."""
    field = field or area.locator(SLIDER).first
    area.evaluate("(area) => area.scrollIntoView()")
    field.focus()
    page.evaluate(FORGET)
    if move.startswith("option "):
        field.select_option(move.removeprefix("option "))
    else:
        page.keyboard.press(move)
    page.evaluate(PICTURE)
    return page.evaluate("pictures.at(-1) - inputs[0]")


def drag(page: Any, area: Any, *, up: bool) -> float:
    """Drag the slider from end to end and let go; return the milliseconds until the last picture was painted.

    They are negative where that picture, which is the right one, was there before the button was up.
    """
    slider = area.locator(SLIDER).first
    area.evaluate("(area) => area.scrollIntoView()")
    track = area.locator("input[type=range], .noUi-base").first.bounding_box()
    slider.focus()
    ends = {"Home": track["x"] + 2, "End": track["x"] + track["width"] - 2}
    (first, start), (last, end) = ends.items() if up else reversed(ends.items())
    page.keyboard.press(last)
    page.evaluate(FORGET)
    page.keyboard.press(first)
    page.evaluate(QUIET)
    middle = track["y"] + track["height"] / 2
    page.mouse.move(start, middle)
    page.mouse.down()
    page.evaluate(FORGET)
    page.mouse.move(end + 20 * (end - start) / track["width"], middle, steps=30)
    page.mouse.up()
    page.evaluate(QUIET)
    return page.evaluate("pictures.at(-1) - inputs.at(-1)")


if __name__ == "__main__":
    print(json.dumps(main(quick="--quick" in sys.argv)))
