"""What tests share without importing it: the project's folder on the path, and their order."""

import sys
from pathlib import Path

import pytest

# For `course` and `benchmarks`, which no installed package holds.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


# Each of these takes a minute or more. They begin, so that neither of two processes works long after the other.
LONG = {"test_browser.py", "test_views.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take the long files first; what else there is keeps its order."""
    items.sort(key=lambda item: item.path.name not in LONG)
