"""From the link to a slider that moves, in the browser-only edition: `python -m benchmarks.front_door SITE`.

SITE is a folder that `course.py site SITE --pyodide DISTRIBUTION` has built. Notebook 00 is opened in Chromium, all its
cells are run as soon as it is shown, and the first slider is moved as soon as it can be. The first visit is slowed down
at the server, to so many megabits a second for all connections together, so that workers are slowed down as the page
is; the second has the browser's cache.

With --notebooks the seconds that all cells of each notebook take there are stored too, in web/browser_times.json, for
the site's list of notebooks.
"""

import argparse
import json
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import browser as chrome

TIMES = Path(__file__).resolve().parents[1] / "web/browser_times.json"
SHOWN = "window.jupyterapp?.shell?.currentWidget?.content?.widgets?.length"
READY = """async () => {
    window.panel = jupyterapp.shell.currentWidget;
    await panel.sessionContext.ready;
    await panel.sessionContext.session.kernel.info;
    await panel.sessionContext.session.kernel.requestExecute({ code: "" }).done;
}"""


class Slowed(chrome.Files):
    """Files at a rate that all connections share."""

    rate = 0.0  # bytes a second; 0: as fast as it goes
    sent = 0
    lock = Lock()
    free_at = 0.0  # when the line is free again

    def copyfile(self, source, outputfile):
        while block := source.read(16_384):
            cls = type(self)
            with cls.lock:
                cls.sent += len(block)
                now = time.monotonic()
                cls.free_at = max(cls.free_at, now) + (len(block) / cls.rate if cls.rate else 0)
                wait = cls.free_at - now
            time.sleep(max(0, wait))
            with suppress(ConnectionError):
                outputfile.write(block)


def visit(context, url):
    """Return the seconds until the notebook is shown, until the kernel has answered, and until a slider has moved."""
    page = context.new_page()
    start = time.monotonic()
    page.goto(f"{url}/live/lab/index.html?path=notebooks/00_start_here.ipynb")
    page.wait_for_function(SHOWN, timeout=600_000)
    shown = time.monotonic() - start
    chrome.within(page, 600, READY)
    kernel = time.monotonic() - start
    page.evaluate("() => void jupyterapp.commands.execute('notebook:run-all-cells')")
    figure = page.locator(".rnn-live[aria-busy=false]").first
    figure.wait_for(timeout=600_000)
    before = chrome.state(figure)["sentence"]
    figure.get_by_role("slider").first.press("ArrowRight")
    assert chrome.state(figure)["sentence"] != before
    moved = time.monotonic() - start
    page.close()
    return shown, kernel, moved


def all_cells(context, url, name):
    """Return the seconds that all cells of a notebook take, its kernel being ready."""
    page = context.new_page()
    page.goto(f"{url}/live/lab/index.html?path=notebooks/{name}.ipynb")
    page.wait_for_function(SHOWN, timeout=600_000)
    chrome.within(page, 600, READY)
    start = time.monotonic()
    chrome.within(page, 1800, chrome.RUN_ALL)
    seconds = time.monotonic() - start
    # Else the next page would open this notebook again, beside its own, with a kernel for each.
    kept = {"origin": url, "storageTypes": "indexeddb,local_storage"}
    context.new_cdp_session(page).send("Storage.clearDataForOrigin", kept)
    page.close()
    return round(seconds)


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.front_door", description=__doc__.splitlines()[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("--megabits", type=float, default=20)
    parser.add_argument("--notebooks", action="store_true")
    words = parser.parse_args()
    with chrome.served(words.site, Slowed) as url, TemporaryDirectory() as home, sync_playwright() as playwright:
        # With a profile on the disk, because a private window keeps no large file.
        context = playwright.chromium.launch_persistent_context(
            home, executable_path=chrome.find_browser(), args=chrome.FLAGS, viewport={"width": 1366, "height": 768}
        )
        for name, rate in ((f"first visit at {words.megabits:g} Mbit/s", words.megabits * 1e6 / 8), ("again", 0.0)):
            Slowed.rate, Slowed.sent = rate, 0
            shown, kernel, moved = visit(context, url)
            print(f"{name}: notebook shown after {shown:.1f} s, kernel ready after {kernel:.1f} s,", end=" ")
            print(f"slider moved after {moved:.1f} s; {Slowed.sent / 1e6:.1f} MB sent")
        if words.notebooks:
            names = sorted(path.stem for path in (words.site / "live/files/notebooks").glob("*.ipynb"))
            times = {}
            for name in names:
                times[name] = all_cells(context, url, name)
                print(f"{name}: {times[name]} s", flush=True)
            TIMES.write_text(json.dumps(times, indent=1) + "\n", encoding="utf-8")
            print(f"{sum(times.values())} s for all cells of all notebooks, stored in {TIMES.name}")
        context.close()


if __name__ == "__main__":
    main()
