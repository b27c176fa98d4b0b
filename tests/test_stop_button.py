"""Stop, pressed on a real page while the kernel is busy: the run ends at once and keeps what it has learned."""

import re

import browser as chrome
import nbformat
import pytest

chrome.skip_without_browser()

PREPARE = """\
import numpy as np

from rnn_helpers import data, init_params, optim, train
from rnn_helpers.live import progress

ids = [data.encode(text, "\\nabc") for text in ("ab", "cab", "bca")]
start = init_params(np.random.default_rng(0), 4, 5, 4)
"""
TRAIN = """\
batches = data.passes(ids, 3, np.random.default_rng(1), 10**9)
record = train.record(progress.watch(train.steps(start, batches, optim.sgd, 0.01), 10**9))
f"it took {len(record.losses)} steps"
"""
RUN = """() => {
    window.done = false;
    jupyterapp.commands.execute("notebook:run-all-cells").then(() => { done = true; });
}"""
INTERRUPT = """() => panel.sessionContext.session.kernel.interrupt()"""
TEXTS = """() => panel.content.widgets.flatMap((cell) =>
    (cell.model.type === "code" ? cell.model.outputs.toJSON() : []).map((o) => o.data?.["text/plain"] ?? ""))"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    cells = [nbformat.v4.new_code_cell(source) for source in (PREPARE, TRAIN)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "endless.ipynb")
    with chrome.jupyterlab(folder, **chrome.KERNELS) as lab, chrome.chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        chrome.open_lab(page, lab)
        yield page


@pytest.fixture
def training(page):
    """Start a run that would take days, and wait until the page shows that it is on its way."""
    chrome.open_notebook(page, "endless.ipynb")
    page.evaluate(RUN)
    page.get_by_text(re.compile(r"Step [\d,]{3,} of 1,000,000,000")).wait_for(timeout=60_000)
    yield page
    chrome.close_notebook(page)


@pytest.mark.parametrize("how", ["the button", "an interrupt"])
def test_a_run_is_stopped_while_the_kernel_is_busy_and_keeps_what_it_learned(training, how):
    assert not training.evaluate("done")
    if how == "the button":
        training.get_by_role("button", name="Stop").click()
    else:
        chrome.within(training, 30, INTERRUPT)
    training.wait_for_function("done", timeout=15_000)
    assert chrome.errors(training) == []
    steps = re.search(r"it took (\d+) steps", "\n".join(training.evaluate(TEXTS)))
    assert steps and int(steps[1]) > 100
    end = "Stopped" if how == "the button" else "Ended early"
    training.get_by_text(re.compile(rf"{end}\. Step [\d,]+ of")).wait_for(timeout=10_000)
    assert training.get_by_role("button", name="Stop").count() == 0
