"""Benchmarks compare two ways of doing a thing in one run; a ratio outlives a noisy machine."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def in_turn(
    ours: Callable[[], object], theirs: Callable[[], object], turns: int = 5
) -> tuple[float, float, float]:
    """Median seconds of each, run in turn after a warm-up, and the median ratio of the pairs."""
    ours(), theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(turns)]
    return (
        statistics.median(own for own, _ in pairs),
        statistics.median(other for _, other in pairs),
        statistics.median(own / other for own, other in pairs),
    )


@pytest.fixture(scope="session")
def report() -> Iterator[dict[str, object]]:
    """What was measured, written to ``tests/measured/benchmarks.json``."""
    figures: dict[str, object] = {}
    yield figures
    if figures:
        folder = ROOT / "tests" / "measured"
        folder.mkdir(exist_ok=True)
        (folder / "benchmarks.json").write_text(json.dumps(figures, indent=2))
        print("\nmeasured:", json.dumps(figures))
