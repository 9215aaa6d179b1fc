"""Differences between two JSON values."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lossviz.compute.differences import changed, difference
from lossviz.figures.base.chart import packed

LEAVES = st.none() | st.integers(-3, 3) | st.text("ab", max_size=60)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3)
    ),
    max_leaves=20,
)


@given(VALUES, VALUES)
def test_a_value_and_its_difference_to_another_are_the_other(before: Any, after: Any) -> None:
    change = difference(before, after)
    assert after == (before if change is None else changed(before, json.loads(json.dumps(change))))


@given(VALUES)
def test_a_value_does_not_differ_from_a_copy_of_itself(value: Any) -> None:
    assert difference(value, json.loads(json.dumps(value))) is None


def test_numbers_that_were_added_are_all_that_travels() -> None:
    line = [float(k) for k in range(200)]
    before, after = packed(line), packed([*line, 7.0, 8.0])
    change = difference(before, after)
    assert change is not None
    assert changed(before, change) == after
    assert len(json.dumps(change)) < 60
