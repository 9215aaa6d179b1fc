"""The counts of whole labels."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lossviz.figures.data.classes import COMMONEST, MOST_BARS, RAREST, class_counts


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=120))
def test_the_commonest_come_first_and_the_table_has_all(counts: list[int]) -> None:
    names = [f"label {k}" for k in range(len(counts))]
    chart = class_counts(names, counts, 2)
    assert dict(chart.rows) == dict(zip(names, counts, strict=True))
    bars, ordered = chart.data[0]["x"], sorted(counts, reverse=True)
    if len(counts) <= MOST_BARS:
        assert bars == ordered
    else:
        assert bars == [*ordered[:COMMONEST], *ordered[-RAREST:]]


def test_of_very_many_labels_both_ends_are_drawn_and_what_is_left_out_is_said() -> None:
    names = [f"label {k}" for k in range(900)]
    chart = class_counts(names, list(range(1, 901)), 0)
    assert chart.title.endswith("the 28 commonest and the 10 rarest of 900")
    ticks = chart.layout["yaxis"]
    said = dict(zip(ticks["tickvals"], ticks["ticktext"], strict=True))
    bars = dict(zip(chart.data[0]["y"], chart.data[0]["x"], strict=True))
    assert said[COMMONEST] == "… 862 more …"
    assert COMMONEST not in bars
    assert all(said[row] == f"label {count - 1}" for row, count in bars.items())
    assert len(chart.rows) == 900


def test_the_alt_says_what_is_missing() -> None:
    chart = class_counts(("AC", "BD"), (30, 1200), 2)
    assert chart.alt == (
        "2 whole labels occur, from 30 to 1,200 texts each; 2 combinations never occur."
    )
