"""A sweep loses nothing: not when a worker is killed, nor the driver, nor when its last line is torn."""

import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import sweep_points

from rnn_helpers.sweep import grid, pool, stored, sweep

WORKERS = 2
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


@pytest.fixture
def place(tmp_path):
    """Return a store that is not there yet, and the points 0 .. 9 whose computations are written down."""
    log = tmp_path / "log.txt"
    log.touch()
    return tmp_path / "store.jsonl", grid(number=range(10), log=[str(log)]), log


def computed(log):
    return Counter(int(line) for line in log.read_text().split())


def squares(rows):
    return sorted((row["number"], row["square"]) for row in rows)


ALL = [(number, number**2) for number in range(10)]


pools = partial(pool, WORKERS)


def test_a_grid_has_every_combination_and_moves_the_last_axis_first():
    assert grid(a=[1, 2], b=range(2)) == [{"a": 1, "b": 0}, {"a": 1, "b": 1}, {"a": 2, "b": 0}, {"a": 2, "b": 1}]
    assert grid() == [{}]
    with pytest.raises(TypeError, match=r"^start: expected several values, such as a list, got str$"):
        grid(start="normal")
    with pytest.raises(ValueError, match=r"^seed: expected at least one value, got none$"):
        grid(seed=range(0))


@pytest.mark.parametrize("engine", ["here", "threads", "a pool", "pools"])
def test_every_point_is_computed_once_on_any_engine_and_a_rerun_computes_nothing(place, engine):
    store, points, log = place
    if engine == "here":
        rows = list(sweep(sweep_points.square, points, store))
    elif engine == "pools":
        rows = list(sweep(sweep_points.square, points, store, pools))
    else:
        with ThreadPoolExecutor(WORKERS) if engine == "threads" else pools() as executor:
            rows = list(sweep(sweep_points.square, points, store, executor))
    assert squares(rows) == ALL and rows[0].keys() == {"number", "log", "square"}
    assert list(sweep(sweep_points.square, points, store)) == sorted(rows, key=lambda row: row["number"])
    assert set(computed(log).values()) == {1} and len(store.read_text().splitlines()) == 10


def test_new_points_and_points_that_come_twice(place):
    store, points, log = place
    list(sweep(sweep_points.square, points[:4], store))
    assert squares(sweep(sweep_points.square, [*points, *points], str(store))) == ALL
    again = [
        {"log": point["log"], "number": np.int64(point["number"])} for point in points
    ]  # the order does not matter
    assert squares(sweep(sweep_points.square, again, store)) == ALL
    assert set(computed(log).values()) == {1}


def test_wherever_the_last_line_is_torn_only_its_point_is_computed_again(place):
    store, points, log = place
    list(sweep(sweep_points.square, points[:3], store))
    whole = store.read_bytes()
    before_last = whole[:-1].rindex(b"\n") + 1
    for cut in range(before_last, len(whole)):
        store.write_bytes(whole[:cut])
        log.write_text("")
        assert squares(sweep(sweep_points.square, points[:4], store)) == ALL[:4]
        missing = {2, 3} if cut < len(whole) - 1 else {3}  # a line without its break is whole
        assert computed(log).keys() == missing
        assert store.read_bytes().startswith(whole[:before_last])
        assert squares(stored(store).values()) == ALL[:4]


def test_what_is_no_row_is_passed_over(place):
    store, points, _ = place
    store.write_bytes(b'\n\xff\xfe\n7\n{"point": 3}\n[1, 2]\n{"point": 1, "result": {"a": 2}}')
    assert squares(sweep(sweep_points.square, points, store)) == ALL


def test_a_killed_driver_loses_what_it_was_computing_and_nothing_else(place):
    store, _, log = place
    command = [sys.executable, sweep_points.__file__, str(store), str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as driver:
        yielded = [int(driver.stdout.readline()) for _ in range(7)]
        driver.kill()
        yielded += [int(line) for line in driver.stdout.read().split()]
    kept = {row["number"] for row in stored(store).values()}
    assert 7 <= len(yielded) < 40 and set(yielded) <= kept
    points = grid(number=range(40), log=[str(log)])
    store.write_text(store.read_text().replace("__main__.", "sweep_points."))  # as a driver it had another name
    rows = list(sweep(sweep_points.slow_square, points, store, partial(ThreadPoolExecutor, 20)))
    assert squares(rows) == [(number, number**2) for number in range(40)]
    assert sum(computed(log).values()) <= 41


def alive(pid):
    """Say whether a process is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(os.name == "nt", reason="there os.kill(pid, 0) ends a process")
def test_workers_end_when_their_driver_is_killed():
    program = "import os, sys; from rnn_helpers.sweep import pool; p = pool(1); print(p.submit(os.getpid).result())"
    with subprocess.Popen(
        [sys.executable, "-c", f"{program}; sys.stdout.flush(); sys.stdin.read()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT,
    ) as driver:  # fmt: skip
        worker = int(driver.stdout.readline())
        assert alive(worker)
        driver.kill()
    until = time.monotonic() + 10
    while alive(worker) and time.monotonic() < until:
        time.sleep(0.02)
    assert not alive(worker)


def test_a_killed_worker_loses_what_its_pool_was_computing_and_the_rerun_finds_the_rest_done(place):
    store, points, log = place
    with pools() as executor, pytest.raises(BrokenExecutor):
        list(sweep(sweep_points.deadly_square, points, store, executor))
    done = computed(log)
    kept = {row["number"] for row in stored(store).values()}
    assert 5 not in kept and len(kept) >= 5 and len(done.keys() - kept) <= WORKERS
    with pools() as executor:
        assert squares(sweep(sweep_points.deadly_square, points, store, executor)) == ALL
    assert sum(computed(log).values()) <= 10 + WORKERS


def test_a_function_that_makes_pools_ends_with_all_results_though_a_worker_is_killed(place):
    store, points, log = place
    assert squares(sweep(sweep_points.deadly_square, points, store, pools)) == ALL
    assert sum(computed(log).values()) <= 10 + WORKERS and len(store.read_text().splitlines()) == 10


def test_a_point_that_always_kills_its_worker_ends_the_sweep_when_no_pool_gets_further(place):
    store, points, _ = place
    with pytest.raises(BrokenExecutor):
        list(sweep(sweep_points.always_deadly, points[:4], store, pools))
    kept = squares(stored(store).values())
    assert (3, 9) not in kept and set(kept) <= set(ALL[:3])


@pytest.mark.parametrize("executor", [None, partial(ThreadPoolExecutor, 2)])
def test_points_that_fail_are_told_when_all_others_are_done_and_tried_again_next_time(place, executor):
    store, points, log = place
    with pytest.raises(RuntimeError, match=r"^1 of 10 points failed, the first at \{'number': 1, ") as told:
        list(sweep(sweep_points.failing, points, store, executor))
    assert isinstance(told.value.__cause__, ArithmeticError)
    assert squares(stored(store).values()) == [pair for pair in ALL if pair[0] != 1]
    with pytest.raises(RuntimeError):
        list(sweep(sweep_points.failing, points, store, executor))
    assert set(computed(log).values()) == {1}


def test_a_result_is_on_the_disk_before_it_is_yielded(place, monkeypatch):
    store, points, _ = place
    synced = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(store.read_text().count("\n")))
    for count, _ in enumerate(sweep(sweep_points.square, points, store), start=1):
        assert synced == list(range(1, count + 1))


def test_whoever_stops_asking_stops_the_sweep_and_an_executor_that_was_given_stays_open(place):
    store, points, log = place
    with ThreadPoolExecutor(1) as executor:
        rows = sweep(sweep_points.slow_square, points, store, executor)
        next(rows)
        rows.close()
        assert executor.submit(len, "abc").result() == 3
    assert sum(computed(log).values()) <= 3


def test_numpys_numbers_and_arrays_become_json(tmp_path):
    def numbers(a):
        return {"mean": np.float32(0.5), "all": np.arange(2), "none": None}

    (row,) = sweep(numbers, [{"a": np.int32(3)}], tmp_path / "store")
    assert row == {"a": 3, "mean": 0.5, "all": [0, 1], "none": None}
    assert json.loads((tmp_path / "store").read_text())["point"] == {"a": 3}


def test_a_store_of_another_function_is_refused(place):
    store, points, _ = place
    list(sweep(sweep_points.square, points[:1], store))
    complaint = r"^store: expected results of sweep_points.failing, got some of sweep_points.square in store.jsonl$"
    with pytest.raises(ValueError, match=complaint):
        sweep(sweep_points.failing, points, store)


@pytest.mark.parametrize(
    ("arguments", "error", "complaint"),
    [
        (("f", []), TypeError, "function: expected a function, got str"),
        ((len, [3]), TypeError, "points: expected dictionaries, as from grid, got int"),
        ((len, [{"a": 1j}]), TypeError, "expected what JSON knows, or NumPy's numbers, got complex"),
        ((len, [], 2), TypeError, "executor: expected an Executor, a function that makes one, or None, got 2"),
    ],
)
def test_a_sweep_refuses_at_once_what_it_is_not_for(tmp_path, arguments, error, complaint):
    function, points, *executor = arguments
    with pytest.raises(error, match=f"^{complaint}$"):
        sweep(function, points, tmp_path / "store", *executor)
    assert not list(Path(tmp_path).iterdir())


@pytest.mark.parametrize(
    ("result", "error", "complaint"),
    [
        (3, TypeError, r"function: expected \S+ to return results by name, got int"),
        ({"a": 1}, ValueError, "function: expected results with names of their own, got a, which the point has"),
    ],
)
def test_results_are_looked_at(tmp_path, result, error, complaint):
    with pytest.raises(error, match=f"^{complaint}$"):
        list(sweep(lambda a: result, [{"a": 0}], tmp_path / "store"))


def test_a_pool_needs_workers():
    with pytest.raises(ValueError, match=r"^workers: expected at least 1, got 0$"):
        pool(0)


def test_where_there_is_one_process_alone_a_sweep_computes_in_it_and_a_pool_says_so(tmp_path):
    program = """
import sys
sys.modules["_multiprocessing"] = None  # a browser's Python lacks it
from rnn_helpers.sweep import grid, pool, sweep
print([row["size"] for row in sweep(lambda size: {"twice": 2 * size}, grid(size=[1, 2]), sys.argv[1])])
try:
    pool(2)
except RuntimeError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-c", program, tmp_path / "rows"], capture_output=True, text=True)
    assert run.stderr == "" and run.stdout.startswith("[1, 2]\npool: no other process can be started here")


def test_a_dask_cluster_is_such_an_engine_and_ends_with_all_results_though_a_worker_is_killed(place):
    distributed = pytest.importorskip("dask.distributed", reason="requirements-sweep.txt is not installed")
    store, points, log = place
    cluster = distributed.LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None)
    with cluster, distributed.Client(cluster) as client:
        executor = client.get_executor(pure=False)
        assert squares(sweep(sweep_points.deadly_square, points, store, executor)) == ALL
    assert log.with_suffix(".killed").exists() and len(store.read_text().splitlines()) == 10


def test_what_a_cluster_needs_is_pinned():
    lines = (Path(__file__).parents[1] / "requirements-sweep.txt").read_text(encoding="ascii").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert [pin.partition("==")[0] for pin in pins] == ["dask", "distributed", "bokeh"]
    assert all(re.fullmatch(r"\w+==[\d.]+", pin) for pin in pins)
