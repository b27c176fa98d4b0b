"""A sweep: one function at many points, on any engine, with results on disk as they come.

An interrupted sweep goes on where it stopped: call it again with the same store. Any executor of the standard library's
kind runs it, here, on all cores, or on a cluster.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from itertools import product
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from rnn_helpers import validate

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

Point = dict[str, Any]
Row = dict[str, Any]


def grid(**axes: Iterable[Any]) -> list[Point]:
    """Return every combination of the axes' values, as in `grid(steps=[10, 20], seed=range(3))`; the last moves first.

    Raises
    ------
    TypeError : an axis is no list of values.
    ValueError : an axis without a value.
    """
    values = {}
    for name, axis in axes.items():
        if isinstance(axis, str | bytes) or not isinstance(axis, Iterable):
            raise TypeError(f"{name}: expected several values, such as a list, got {type(axis).__name__}")
        values[name] = list(axis)
        if not values[name]:
            raise ValueError(f"{name}: expected at least one value, got none")
    return [dict(zip(values, row, strict=True)) for row in product(*values.values())]


def sweep(
    function: Callable[..., Mapping[str, Any]],
    points: Iterable[Mapping[str, Any]],
    store: str | os.PathLike[str],
    executor: Executor | Callable[[], Executor] | None = None,
) -> Iterator[Row]:
    """Yield one row for each point: first those that the store has, then the others, as they are done.

    Each new result is a line of the store, and on the disk, before it is yielded. A line that a crash cut short counts
    for nothing. So whoever is killed, the driver or a worker, loses what was being computed at that moment and no more.

    Parameters
    ----------
    function : from a point's values, by name, to results by name, all as JSON knows them. Workers that are processes of
        their own import it: it stands in a module and not in a notebook.
    points : as from `grid`; one that comes twice is computed once.
    store : a file of JSON lines, made if it is not there; its folder is. One sweep at a time writes to it.
    executor : None computes here. An Executor, such as `pool(2)` or that of a cluster, computes there and is left open.
        A function that makes one, such as `partial(pool, 2)`, is called anew when a worker has died and taken its pool
        along; what it makes is shut down.

    Returns
    -------
    rows : {**point, **results}.

    Raises
    ------
    TypeError, ValueError : at once, an argument of the wrong kind, or a store of another function.
    BrokenExecutor : a worker died, and no new executor can be made, or a new one got no further.
    RuntimeError : after all others are done, how many points failed; the first one's error is its cause.
    """
    if not callable(function):
        raise TypeError(f"function: expected a function, got {type(function).__name__}")
    if executor is not None and not isinstance(executor, Executor) and not callable(executor):
        raise TypeError(f"executor: expected an Executor, a function that makes one, or None, got {executor!r:.60}")
    wanted: dict[str, Point] = {}
    for point in points:
        if not isinstance(point, Mapping):
            raise TypeError(f"points: expected dictionaries, as from grid, got {type(point).__name__}")
        wanted.setdefault(_key(point), dict(point))
    path = Path(store)
    return _rows(function, wanted, path, stored(path, _name(function)), executor)


def pool(workers: int) -> "ProcessPoolExecutor":
    """Return an executor of so many processes of this machine, which end when this process does, even if it is killed.

    They are started afresh, as on every system they can be. So a program that makes one guards what it runs by
    `if __name__ == "__main__":`. For `sweep`, `partial(pool, 2)` makes them anew when one has died.

    Raises
    ------
    TypeError, ValueError : `workers` is not an integer, or below 1.
    RuntimeError : there is one process alone, as in a browser.
    """
    validate.size("workers", workers)
    try:
        from concurrent.futures import ProcessPoolExecutor  # here: Python without processes lacks what they import
        from multiprocessing import get_context
    except ImportError:
        raise RuntimeError(
            "pool: no other process can be started here; without an executor, sweep computes in this one"
        ) from None
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_end_with_the_driver)


def _end_with_the_driver() -> None:
    """Watch the process that made this one: without it a worker would wait for ever."""
    from multiprocessing import parent_process

    driver = parent_process()

    def watch() -> None:
        if driver is not None:
            driver.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def stored(store: str | os.PathLike[str], function: str | None = None) -> dict[str, Row]:
    """Return the rows that a store holds, by their points as JSON; a line that is no row is passed over.

    Raises
    ------
    ValueError : a row of another function than the one that is named.
    """
    rows: dict[str, Row] = {}
    path = Path(store)
    for line in path.read_bytes().splitlines() if path.exists() else []:
        try:
            row = json.loads(line)
            point, result, made_by = row["point"], row["result"], row["function"]
        except (ValueError, KeyError, TypeError):
            continue  # cut short
        if function is not None and made_by != function:
            raise ValueError(f"store: expected results of {function}, got some of {made_by} in {path.name}")
        rows[_key(point)] = {**point, **result}
    return rows


def _rows(
    function: Callable[..., Mapping[str, Any]],
    wanted: dict[str, Point],
    path: Path,
    have: dict[str, Row],
    executor: Executor | Callable[[], Executor] | None,
) -> Iterator[Row]:
    """Yield what the store has, then compute the rest."""
    yield from (have[key] for key in wanted if key in have)
    todo = {key: point for key, point in wanted.items() if key not in have}
    failed: list[tuple[Point, BaseException]] = []
    with path.open("ab") as file:

        def keep(key: str, result: Mapping[str, Any]) -> Row:
            point = todo.pop(key)
            line = json.dumps(
                {"function": _name(function), "point": point, "result": _checked(function, point, result)},
                default=_plain,
            )
            # A line that was cut short must not take this one along.
            file.write((b"" if _ends_a_line(path) else b"\n") + line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
            row = json.loads(line)
            return {**row["point"], **row["result"]}

        if executor is None:
            for key, point in list(todo.items()):
                try:
                    result = function(**point)
                except Exception as error:
                    failed.append((todo.pop(key), error))
                else:
                    yield keep(key, result)
        while executor is not None and todo:
            before, made = len(todo), None if isinstance(executor, Executor) else executor()
            engine = made or executor
            assert isinstance(engine, Executor)
            broken: BrokenExecutor | None = None
            try:
                for key, future in _done(engine, function, todo):
                    trouble = future.exception()
                    if trouble is None:
                        yield keep(key, future.result())
                    elif isinstance(trouble, BrokenExecutor):
                        broken = trouble  # others may have been done before: go on
                    else:
                        failed.append((todo.pop(key), trouble))
            except BrokenExecutor as error:  # while points were handed over
                broken = error
            finally:
                if made is not None:
                    made.shutdown(cancel_futures=True)
            if broken and (made is None or len(todo) == before):
                raise broken
    if failed:
        point, cause = failed[0]
        raise RuntimeError(f"{len(failed)} of {len(wanted)} points failed, the first at {point}") from cause


def _done(
    engine: Executor, function: Callable[..., Mapping[str, Any]], todo: dict[str, Point]
) -> Iterator[tuple[str, Future[Mapping[str, Any]]]]:
    """Hand all points over, and yield them as they are done; whoever stops asking takes the rest back."""
    keys: dict[Future[Mapping[str, Any]], str] = {}
    broken: BrokenExecutor | None = None
    try:
        for key, point in todo.items():
            try:
                keys[engine.submit(function, **point)] = key
            except BrokenExecutor as error:
                broken = error
                break
        for future in as_completed(keys):
            yield keys[future], future
    finally:
        for future in keys:
            future.cancel()
    if broken:
        raise broken


def _key(point: Mapping[str, Any]) -> str:
    """Return a point as JSON, the same for any order of its names."""
    return json.dumps(point, sort_keys=True, default=_plain)


def _name(function: Callable[..., Any]) -> str:
    """Return where a function stands."""
    return f"{function.__module__}.{function.__qualname__}"


def _plain(value: Any) -> Any:
    """Turn NumPy's numbers and arrays into Python's, for JSON."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"expected what JSON knows, or NumPy's numbers, got {type(value).__name__}")


def _checked(function: Callable[..., Any], point: Point, result: Any) -> Mapping[str, Any]:
    """Return a result, or raise TypeError or ValueError."""
    if not isinstance(result, Mapping):
        raise TypeError(f"function: expected {_name(function)} to return results by name, got {type(result).__name__}")
    both: Sequence[str] = sorted(result.keys() & point.keys())
    if both:
        raise ValueError(f"function: expected results with names of their own, got {both[0]}, which the point has")
    return result


def _ends_a_line(path: Path) -> bool:
    """Say whether a file is empty or ends in a line break."""
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
