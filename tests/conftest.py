"""What tests share without importing it: the project's folder on the path, and their order."""

import os
import sys
from pathlib import Path

import pytest

# For `course` and `benchmarks`, which no installed package holds.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


# Each of these takes a minute or more. They begin, so that neither of two processes works long after the other.
LONG = {"test_browser.py", "test_views.py"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take the long files first; what a test server alone runs is left out elsewhere, unless words ask for it."""
    items.sort(key=lambda item: item.path.name not in LONG)
    if not os.environ.get("CI") and not config.option.keyword:
        left_out = [item for item in items if item.get_closest_marker("ci")]
        items[:] = [item for item in items if not item.get_closest_marker("ci")]
        config.hook.pytest_deselected(items=left_out)
