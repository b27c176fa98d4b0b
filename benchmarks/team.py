"""One process for each library, in turn: in one process, the threads of one get in the way of another's.

PyTorch beside JAX in one process, with two threads each, took 60 ms for a step that takes it 0.4 ms alone.
"""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from multiprocessing.connection import Connection

from benchmarks.contenders import Answer, Contender, answer, floats, floor, ids
from benchmarks.problem import Problem, Size, make_problem
from benchmarks.timing import clock

LIBRARIES = {"NumPy": "numpy", "PyTorch": "torch", "JAX": "jax"}


def contenders_of(library: str, network: str = "RNN") -> list[Callable[[Problem], Contender]]:
    """Return what makes the library's contenders; only this imports it. With gates, JAX and the floor are left out."""
    plain = network == "RNN"
    if library == "PyTorch":
        from benchmarks import contender_torch

        return [*contender_torch.FLOATS, *(contender_torch.IDS if plain else ())]
    if library == "JAX":
        from benchmarks import contender_jax

        return [contender_jax.scan] if plain else []
    return [floats, ids, floor] if plain else [floats, ids]


def serve(library: str, network: str, pipe: Connection) -> None:
    """Answer each question that comes through the pipe: a problem to solve, or the name of whom to clock."""
    makers = contenders_of(library, network)
    clocks: dict[str, Callable[[], float]] = {}
    while question := pipe.recv():
        if isinstance(question, str):
            pipe.send(clocks[question]())
        else:
            problem = make_problem(*question, network)
            contenders = [make(problem) for make in makers]
            pipe.send({contender.name: answer(contender) for contender in contenders})
            clocks = {contender.name: clock(contender.run) for contender in contenders}
            pipe.send("ready")


class Team:
    def __init__(self, pipes: dict[str, Connection]) -> None:
        self.pipes = pipes
        self.library_of: dict[str, str] = {}

    def solve(self, size: Size, dtype: str) -> dict[str, Answer]:
        """Give all the same problem, one after the other, and return the loss and gradients of each contender."""
        answers: dict[str, Answer] = {}
        self.library_of = {}
        for library, pipe in self.pipes.items():
            pipe.send((size, dtype))
            given = pipe.recv()
            pipe.recv()  # "ready"
            answers |= given
            self.library_of |= dict.fromkeys(given, library)
        return answers

    def clocks(self) -> dict[str, Callable[[], float]]:
        """Return for each contender a function that takes one reading."""
        return {name: lambda name=name: self.reading(name) for name in self.library_of}

    def reading(self, name: str) -> float:
        pipe = self.pipes[self.library_of[name]]
        pipe.send(name)
        return pipe.recv()


@contextmanager
def team(*libraries: str, network: str = "RNN") -> Iterator[Team]:
    """Start a process for each library that is installed (or for these), and end them afterwards."""
    context = multiprocessing.get_context("spawn")
    pipes, processes = {}, []
    for library, module in LIBRARIES.items():
        if find_spec(module) and library in (libraries or LIBRARIES):
            pipes[library], theirs = context.Pipe()
            processes.append(context.Process(target=serve, args=(library, network, theirs), daemon=True))
            processes[-1].start()
            theirs.close()  # so that the end of that process ends our waiting for it
    try:
        yield Team(pipes)
    finally:
        for process in processes:
            process.terminate()
            process.join()
