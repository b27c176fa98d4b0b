"""The network on one page: short, alone, right, quick, and quoted as it stands."""

import ast
import inspect
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from notebook_rules import ROOT, imports

from rnn_helpers import IGNORE_INDEX, RNNParams, data, loss_and_grads, numerical_gradient
from rnn_helpers import rnn_in_one_page as page

SOURCE = inspect.getsource(page)


def case(seed):
    """Return parameters, and texts of which some end early."""
    rng = np.random.default_rng(seed)
    n, n_h, steps, batch = (int(size) for size in rng.integers(2, 8, size=4))
    params = [rng.standard_normal(shape) for shape in ((n, n_h), (n_h, n_h), (n_h,), (n_h, n), (n,))]
    texts = rng.integers(n, size=(steps + 1, batch))
    for column in range(1, batch):
        texts[rng.integers(2, steps + 2) :, column] = IGNORE_INDEX
    return params, texts


def test_it_is_a_page_that_can_be_printed():
    assert len(SOURCE.splitlines()) <= 60 and max(map(len, SOURCE.splitlines())) <= 107


def test_it_needs_numpy_and_a_list_of_names_alone():
    assert {name.split(".")[0] for name in imports(ast.parse(SOURCE))} == {"numpy", "matplotlib"}


@pytest.mark.parametrize("seed", range(10))
def test_loss_and_gradients_are_the_packages(seed):
    params, texts = case(seed)
    loss, grads = page.loss_and_grads(params, texts)
    wanted, right = loss_and_grads(RNNParams(*params), np.maximum(texts[:-1], 0), texts[1:])
    assert loss == pytest.approx(wanted, rel=1e-12)
    for grad, other in zip(grads, right, strict=True):
        assert np.abs(grad - other).max() <= 1e-12 * np.abs(other).max()


def test_gradients_are_those_of_differences():
    params, texts = case(4)
    _, grads = page.loss_and_grads(params, texts)
    for i, grad in enumerate(grads):
        differences = numerical_gradient(
            lambda p, i=i: page.loss_and_grads([*params[:i], p, *params[i + 1 :]], texts)[0], params[i]
        )
        assert np.allclose(grad, differences, atol=1e-7)


def test_its_names_and_letters_are_those_of_the_course():
    names, _ = data.colour_names()
    assert list(names) == page.NAMES and set(page.LETTERS) == set(data.alphabet_of(names))


def test_it_learns_and_writes_and_is_quick():
    start = time.process_time()
    rng = np.random.default_rng(1)
    params, losses = page.train(rng, 300)
    written = [page.write(params, rng) for _ in range(20)]
    assert time.process_time() - start < 5  # 0.6 on one core
    assert losses[:10].mean() > 2.6 and losses[-50:].mean() < 1.4
    assert all("\n" not in name and len(name) < 30 for name in written) and len(set(written)) > 15
    assert set("".join(written)) <= set(page.LETTERS)


def test_it_runs_where_nothing_else_of_the_course_is(tmp_path):
    copy = Path(shutil.copy(page.__file__, tmp_path))
    run = subprocess.run([sys.executable, "-I", copy], capture_output=True, text=True, cwd=tmp_path)
    assert re.fullmatch(r"1\.\d\d nats a letter: ([\w '/]+(, )?)+\n", run.stdout), run.stderr


def test_the_readme_quotes_it_as_it_stands():
    (quoted,) = re.findall(r"^```py\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    assert quoted == SOURCE
