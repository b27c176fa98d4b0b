"""A real JupyterLab in a real browser: for `test_browser.py`, and for the benchmark of live figures."""

import json
import os
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, ClassVar, NamedTuple

import pytest
from jupyter_server.serverapp import list_running_servers
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from web.paper import find_browser

# A port that the system says is free may be another program's by the time a server listens there, half a second later:
# this one lies below those that systems give away. JupyterLab takes another one should it be in use.
PORT = 20_000 + os.getpid() % 10_000
# For the same reason the tests' kernels use no ports where they can do without.
KERNELS = {"KernelManager.transport": "ipc"} if sys.platform == "linux" else {}

NO_BROWSER = "no Chromium or Chrome found: the live figures were not tried in a browser"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
SETTINGS = {  # no questions, no news, no saving in the middle of a test
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
}


def skip_without_browser() -> None:
    """Skip the file that calls this where there is no browser; on a test server let it fail."""
    if not find_browser() and os.environ.get("CI") != "true":
        pytest.skip(NO_BROWSER, allow_module_level=True)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the installed Chromium without a window."""
    assert find_browser(), NO_BROWSER
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield browser
        browser.close()


# ---- JupyterLab


class Lab(NamedTuple):
    """A running JupyterLab, the folder that it shows, and what it asks of those who open it."""

    url: str
    folder: Path
    token: str


APPS = {"jupyterlab": "LabApp", "notebook": "JupyterNotebookApp"}  # by the module that starts them


@contextmanager
def jupyterlab(folder: Path, module: str = "jupyterlab", **more: str) -> Iterator[Lab]:
    """Serve the folder on the loopback address, with a home and settings of its own, until the block ends."""
    with TemporaryDirectory() as home:
        for name, content in SETTINGS.items():
            path = Path(home, "settings", f"{name}.jupyterlab-settings")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(content))
        flags = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": PORT,
            "ServerApp.root_dir": folder,
            "ServerApp.contents_manager_class": "rnn_helpers.server.NoWidgetStates",  # as course.py starts it
            f"{APPS[module]}.user_settings_dir": f"{home}/settings",
            f"{APPS[module]}.workspaces_dir": f"{home}/workspaces",
            f"{APPS[module]}.expose_app_in_browser": True,
            # It ends by itself should the tests be killed.
            "ServerApp.shutdown_no_activity_timeout": 600,
            "MappingKernelManager.cull_idle_timeout": 600,
            **more,
        }
        folders = {"JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"}
        token = secrets.token_hex(24)
        log = Path(home, "log")
        with log.open("w") as output:
            server = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    module,
                    "--no-browser",
                    "--allow-root",
                    *(f"--{k}={v}" for k, v in flags.items()),
                ],
                env={
                    **os.environ,
                    "HOME": home,
                    "JUPYTER_TOKEN": token,  # a flag could be read by everyone on this machine
                    **{name: f"{home}/{name}" for name in folders},
                },
                stdout=output,
                stderr=output,
            )
        try:
            yield Lab(_answering(Path(home, "JUPYTER_RUNTIME_DIR"), server, log), folder, token)
        finally:
            server.terminate()
            server.wait(timeout=30)


def _answering(runtime: Path, server: subprocess.Popen, log: Path) -> str:
    """Wait until the server answers, and return its address, which it writes to a file."""
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        for running in list_running_servers(runtime):
            try:
                urllib.request.urlopen(f"{running['url']}api", timeout=30).close()
                return running["url"].rstrip("/")
            except OSError:
                pass  # it writes the file a moment before it listens
        time.sleep(0.05)
    raise RuntimeError(f"JupyterLab does not answer:\n{log.read_text()}")


# ---- a site of files


class Files(SimpleHTTPRequestHandler):
    """Files with the types that browsers ask for, without a word on each."""

    protocol_version = "HTTP/1.1"
    extensions_map: ClassVar = {**SimpleHTTPRequestHandler.extensions_map, ".wasm": "application/wasm"}

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def served(folder: Path, files: type[Files] = Files) -> Iterator[str]:
    """Serve a folder on the loopback address until the block ends, as any web server does."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(files, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


# ---- a notebook in it

# In JupyterLab a notebook is opened by name; Notebook 7 opens the one of its address.
OPEN = """async (name) => {
    const open = () => jupyterapp.commands.execute("docmanager:open", { path: name });
    const panel = name ? await open() : jupyterapp.shell.currentWidget;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await panel.sessionContext.session.kernel.info;
    window.panel = panel;
    window.widgetErrors = [];  // errors of a widget's callback reach no cell
    panel.sessionContext.iopubMessage.connect((_, message) => {
        if (message.header.msg_type === "error" && message.parent_header.msg_type !== "execute_request")
            widgetErrors.push(message.content.evalue);
    });
}"""
CLOSE = """async () => {
    await panel.sessionContext.shutdown();
    panel.dispose();
}"""
RUN_ALL = """() => jupyterapp.commands.execute("notebook:run-all-cells")"""
# A cell tagged raises-exception shows an error on purpose.
CELL_ERRORS = """() => panel.content.widgets.flatMap((cell, place) => {
    const tags = cell.model.getMetadata("tags") ?? [];
    if (cell.model.type !== "code" || tags.includes("raises-exception")) return [];
    const errors = cell.model.outputs.toJSON().filter((output) => output.output_type === "error");
    return errors.map((error) => `cell ${place + 1}: ${error.ename}: ${error.evalue}`);
})"""


def open_lab(page: Page, lab: Lab) -> None:
    """Open JupyterLab and wait until it can open notebooks."""
    page.goto(f"{lab.url}/lab?reset&token={lab.token}")
    page.wait_for_function("window.jupyterapp?.commands.hasCommand('docmanager:open')")
    within(page, 60, "() => jupyterapp.restored")


def use_theme(page: Page, name: str) -> None:
    """Change JupyterLab's theme to Light or Dark."""
    theme = f"JupyterLab {name}"
    within(page, 60, "(theme) => jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)


def open_notebook(page: Page, name: str) -> None:
    """Open a notebook of the lab's folder and wait for its kernel."""
    within(page, 60, OPEN, name)


def open_notebook_7(page: Page, app: Lab, name: str) -> None:
    """Open a notebook in Notebook 7, where it has a page of its own, and wait for its kernel."""
    page.goto(f"{app.url}/notebooks/{name}?token={app.token}")
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.path")
    within(page, 60, OPEN)


def save_notebook(page: Page) -> None:
    within(page, 60, "() => panel.context.save()")


def close_notebook(page: Page) -> None:
    """End the notebook's kernel and close it without saving."""
    within(page, 60, CLOSE)


def run_all(page: Page) -> list[str]:
    """Run all cells as the menu does, wait for the end, and return the errors."""
    within(page, 300, RUN_ALL)  # one notebook trains a network
    return errors(page)


def within(page: Page, seconds: float, script: str, argument: Any = None) -> Any:
    """Evaluate a function that returns a promise; unlike `page.evaluate`, do not wait for ever."""
    late = f"new Promise((_, fail) => setTimeout(fail, {1e3 * seconds}, Error('not done after {seconds} s')))"
    return page.evaluate(f"(argument) => Promise.race([({script})(argument), {late}])", argument)


def errors(page: Page) -> list[str]:
    """Return every error that a cell shows or a widget's callback raised."""
    return [*page.evaluate(CELL_ERRORS), *page.evaluate("widgetErrors")]


def count_cells(page: Page) -> int:
    return page.evaluate("panel.content.widgets.length")


# ---- what axe-core finds

AXE = """async ([within, own]) => {
    const { violations, passes } = await axe.run({ include: [[within]] }, { resultTypes: ["violations"] });
    const output = (target) => document.querySelector(target[0]).closest(".jp-OutputArea-output");
    const counts = ({ target }, id) => !own.includes(id) || output(target);
    const harmful = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
    const found = harmful.flatMap(({ id, nodes }) =>
        nodes.filter((node) => counts(node, id)).map(({ html }) => `${id}: ${html.slice(0, 200)}`));
    return passes.length ? found : ["nothing was looked at"];
}"""


def faults(page: Page, within: str, *, templates: Sequence[str] = ()) -> list[str]:
    """Return what keeps people from using what fits the selector: serious and critical faults.

    Those of the rules called `templates` count in outputs alone.
    """
    from axe_playwright_python import base  # here: only a test server looks for them

    page.evaluate(Path(base.__file__).with_name("axe.min.js").read_text(encoding="utf-8"))
    return page.evaluate(AXE, [within, [*templates]])


# ---- a live figure in it

STATE = """async (figure) => {
    const picture = figure.querySelector("canvas");
    const { data } = picture.getContext("2d").getImageData(0, 0, picture.width, picture.height);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
    const shown = (name) => {
        const element = figure.querySelector(name);
        return element.hidden ? "" : element.textContent;
    };
    return {
        picture: Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""),
        sentence: shown(".rnn-live-sentence"),
        error: shown(".rnn-live-error"),
        note: shown(".rnn-live-note"),
        height: figure.offsetHeight,
    };
}"""


# The outputs in which live figures have their place, and those in which widgets of other kinds are stored.
COUNT = """(kind) => panel.content.widgets
    .filter((cell) => cell.model.type === "code")
    .flatMap((cell) => cell.model.outputs.toJSON())
    .filter(({ data }) => data?.[kind] && (kind !== "text/html" || `${data[kind]}`.startsWith("<rnn-live"))).length"""


def figures(page: Page) -> list[Locator]:
    """Return the live figures of the page, once each shows its picture."""
    wanted = page.evaluate(COUNT, "text/html")
    page.wait_for_function("n => document.querySelectorAll('.rnn-live[aria-busy]').length === n", arg=wanted)
    return [settled(figure) for figure in page.locator(".rnn-live").all()]


def settled(figure: Locator) -> Locator:
    """Wait until the figure shows what was asked of it last."""
    figure.page.wait_for_function("figure => figure.ariaBusy === 'false'", arg=figure.element_handle())
    return figure


def state(figure: Locator) -> dict[str, Any]:
    """Return what the figure shows: a digest of its pixels, sentence, error, note and height."""
    return settled(figure).evaluate(STATE)


# Cells that come into view are drawn only then and push the figure away: wait until it has stood still for a while.
IN_VIEW = """(figure) => new Promise((done) => {
    let last, still = 0;
    const look = () => {
        figure.scrollIntoView({ block: "nearest" });
        const { top } = figure.getBoundingClientRect();
        still = top === last ? still + 1 : 0;
        last = top;
        still < 10 ? requestAnimationFrame(look) : done();
    };
    look();
})"""


def shot(figure: Locator, path: Path) -> None:
    """Save a picture of the figure, and of nothing else on the page."""
    figure.evaluate(IN_VIEW)
    figure.screenshot(path=path)
