"""A learner's function after it was run on all cases of an exercise, and what can be read from that."""

import inspect
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rnn_helpers.check.engine import compare
from rnn_helpers.check.engine.compare import Fault
from rnn_helpers.check.engine.exercise import Cases, Course, Exercise, Function, Output
from rnn_helpers.check.engine.sandbox import Outcome
from rnn_helpers.validate import Array


class Attempt(NamedTuple):
    """What was done on each case, beside what was expected."""

    exercise: Exercise
    course: Course
    cases: Cases
    expected: list[list[Array]]
    outcomes: tuple[Outcome, ...]

    @property
    def leaves(self) -> list[Output]:
        """The single values that an answer consists of."""
        return list(compare.leaves(self.exercise.returns))

    def arrays(self) -> Iterator[tuple[int, list[Array] | Fault]]:
        """Give for each case that did not raise its number and the arrays, or what is wrong with them."""
        for i, outcome in enumerate(self.outcomes):
            if outcome.error is None:
                yield i, self.arrays_of(i, outcome)

    def arrays_of(self, case: int, outcome: Outcome) -> list[Array] | Fault:
        """Return an answer to this case as arrays, or what is wrong with them."""
        found = compare.values(outcome.returned, self.exercise.returns)
        if isinstance(found, Fault):
            return found
        arrays = []
        for leaf, value, right in zip(self.leaves, found, self.expected[case], strict=True):
            array = compare.numbers(leaf, value, right)
            if isinstance(array, Fault):
                return array
            arrays.append(array)
        return arrays

    def first_fault(self) -> Fault | None:
        """Return the first reason why an answer cannot be compared number by number."""
        return next((found for _, found in self.arrays() if isinstance(found, Fault)), None)

    def errors(self) -> list[float]:
        """Return the largest relative error of each array that can be compared."""
        return [
            compare.error(given, expected)
            for i, arrays in self.arrays()
            if not isinstance(arrays, Fault)
            for given, expected in zip(arrays, self.expected[i], strict=True)
        ]

    def first_wrong(self) -> int | None:
        """Return the number of the first case that did not give the right arrays."""
        for i, outcome in enumerate(self.outcomes):
            arrays = None if outcome.error else self.arrays_of(i, outcome)
            if not isinstance(arrays, list) or not all(map(compare.all_close, arrays, self.expected[i])):
                return i
        return None

    def all_right(self) -> bool:
        """Tell whether every case gave the right arrays."""
        return self.first_wrong() is None


def answers_of(function: Function, exercise: Exercise, cases: Cases) -> list[list[Array]]:
    """Return the arrays that one of our own functions gives for each case."""
    answers = []
    for case in cases:
        found = compare.values(function(*case), exercise.returns)
        assert not isinstance(found, Fault), found.says
        answers.append([np.asarray(value) for value in found])
    return answers


def argument_names(exercise: Exercise) -> tuple[str, ...]:
    """Return what the reference calls its arguments."""
    return tuple(inspect.signature(exercise.reference).parameters)
