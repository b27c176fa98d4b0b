"""Tests may import what no installed package holds: `course` and `benchmarks`, from the project's folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
