"""A Firefox without a window, spoken to by WebDriver BiDi, which it understands itself: no driver has to be installed.

Its pages answer to the few of Playwright's names that `browser.py` opens and runs notebooks with.
"""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import websocket

BROWSERS = ("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox")
NO_FIREFOX = "no Firefox found: the live figures were not tried in it"
SECONDS = 300  # one notebook trains a network
# A value or a function, with an argument, as text that says whether it has a value.
CALL = "(async (a) => {{ const it = ({script}); const v = typeof it === 'function' ? it(a) : it; return await v; }})"


def find_firefox() -> str | None:
    """Return the path of an installed Firefox, or None."""
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


class Page:
    """The one tab of a Firefox."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self.socket = socket
        self.count = 0
        self.command("session.new", capabilities={})
        self.tab = self.command("browsingContext.getTree")["contexts"][0]["context"]

    def command(self, method: str, **params: Any) -> Any:
        """Send a command and return its result; what the browser tells meanwhile is left out."""
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": params}))
        while (answer := json.loads(self.socket.recv())).get("id") != self.count:
            pass
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['error']}: {answer['message']}")
        return answer["result"]

    def goto(self, url: str) -> None:
        self.command("browsingContext.navigate", context=self.tab, url=url, wait="complete")

    def evaluate(self, script: str, argument: Any = None) -> Any:
        """Return what an expression is, or what a function returns for the argument or promises."""
        called = f"{CALL.format(script=script)}({json.dumps(argument)}).then((v) => JSON.stringify(v))"
        answer = self.command(
            "script.evaluate", expression=called, target={"context": self.tab}, awaitPromise=True, userActivation=True
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"].get("value", "null"))

    def wait_for_function(self, script: str, arg: Any = None) -> None:
        """Wait until the script is true."""
        deadline = time.monotonic() + 60
        while not self.evaluate(script, arg):
            assert time.monotonic() < deadline, f"not true after a minute: {script}"
            time.sleep(0.05)


@contextmanager
def firefox() -> Iterator[Page]:
    """Run the installed Firefox without a window, with a profile of its own."""
    path = find_firefox()
    assert path, NO_FIREFOX
    with TemporaryDirectory(ignore_cleanup_errors=True) as home:
        log = Path(home, "log")
        command = [path, "--headless", "--no-remote", "--profile", home, "--remote-debugging-port=0", "about:blank"]
        with log.open("w") as output, subprocess.Popen(command, stdout=output, stderr=output) as process:
            try:
                address = _address(home, process, log)
                socket = websocket.create_connection(address, timeout=SECONDS, suppress_origin=True)
                yield Page(socket)
                socket.close()
            finally:
                process.terminate()


def _address(profile: str, process: subprocess.Popen, log: Path) -> str:
    """Return where a Firefox listens, which it writes to a file of its profile."""
    told, deadline = Path(profile, "WebDriverBiDiServer.json"), time.monotonic() + 120
    while process.poll() is None and time.monotonic() < deadline:
        if told.exists() and (text := told.read_text()):
            at = json.loads(text)
            return f"ws://{at['ws_host']}:{at['ws_port']}/session"
        time.sleep(0.05)
    raise RuntimeError(f"Firefox does not answer:\n{log.read_text()}")
