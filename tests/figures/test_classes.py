"""The counts of whole labels."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lossviz.figures import class_counts
from lossviz.figures.classes import MOST_BARS


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=120))
def test_the_commonest_come_first_and_the_table_has_all(counts: list[int]) -> None:
    names = [f"label {k}" for k in range(len(counts))]
    chart = class_counts(names, counts, 2)
    assert dict(chart.rows) == dict(zip(names, counts, strict=True))
    bars = chart.data[0]["x"]
    assert bars == sorted(counts, reverse=True)[:MOST_BARS]
    left = len(counts) - len(bars)
    assert (f"and {left:,} more" in chart.title) == (left > 0)


def test_the_alt_says_what_is_missing() -> None:
    chart = class_counts(("AC", "BD"), (30, 1200), 2)
    assert chart.alt == (
        "2 whole labels occur, from 30 to 1,200 texts each; 2 combinations never occur."
    )
