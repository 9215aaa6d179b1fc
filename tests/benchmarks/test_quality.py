"""What is proposed is at most a point behind the better of the regressions, in less than the time
of finding out which that is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.quality import SETS, compare

BEHIND = 0.01
"""Of the texts."""


@pytest.mark.parametrize("name", SETS)
def test_the_proposal_is_as_good_as_the_better_regression(
    name: str, shared_data: Path, report: dict[str, object]
) -> None:
    found = compare(SETS[name]())
    print(f"{name}: {found.line}")
    report[f"quality of {name}"] = found.line
    assert found.ours >= found.theirs - BEHIND, found.line
    assert found.seconds[0] < found.seconds[1], found.line
