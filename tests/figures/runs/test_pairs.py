"""The most confused pairs of very many labels."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.experiments.evaluation import Confusion, confusion_of
from lossviz.figures import MOST_LABELS, Chart, Look, confused
from lossviz.figures.base.palette import TEXT, component_colour
from lossviz.figures.runs.pairs import MOST_LISTED, MOST_PAIRS, Labels, confused_pairs
from lossviz.schema import Component, LabelSchema
from tests.support.figures import HOSTILE, SEEDS, evaluation
from tests.support.schemas import schema_of

SIZES = st.tuples(st.integers(2, 8), st.integers(2, 8))


def schema(first: int, second: int) -> LabelSchema:
    parts = (("scenario", first), ("intent", second))
    return LabelSchema.full(
        [Component(name, tuple(f"{name}{k}" for k in range(size))) for name, size in parts]
    )


def three(counts: np.ndarray) -> tuple[Confusion, Labels]:
    """Labels a|x, a|y, b|x with these counts."""
    own = schema_of(("first", "second"), [("a", "x"), ("a", "y"), ("b", "x")])
    return Confusion(own.class_names, own.class_codes, counts), Labels.whole(own)


@given(SEEDS, SIZES)
def test_the_table_has_every_pair_once_the_most_frequent_first(
    seed: int, sizes: tuple[int, int]
) -> None:
    own = schema(*sizes)
    matrix = confusion_of(evaluation(seed, own, 150), own)
    chart = confused_pairs("A", matrix, "whole label", Labels.whole(own))
    off = matrix.counts - np.diag(np.diag(matrix.counts))
    place = {label: k for k, label in enumerate(matrix.labels)}
    listed = [(place[true], place[predicted]) for true, predicted, *_ in chart.rows]
    assert len(set(listed)) == len(listed) == min(int((off > 0).sum()), MOST_LISTED)
    assert all(own in zip(*np.nonzero(off), strict=True) for own in listed)
    texts = [int(off[own]) for own in listed]
    assert texts == sorted(texts, reverse=True) == [row[3] for row in chart.rows]
    if listed:
        assert texts[0] == off.max()
    for (true, _), row in zip(listed, chart.rows, strict=True):
        assert row[5] == matrix.counts[true].sum()
        assert row[4] == pytest.approx(100 * row[3] / row[5], abs=0.051)


@given(SEEDS, SIZES)
def test_bars_and_rows_open_the_cell_that_they_name(seed: int, sizes: tuple[int, int]) -> None:
    own = schema(*sizes)
    matrix = confusion_of(evaluation(seed, own, 150), own)
    chart = confused_pairs("A", matrix, "whole label", Labels.whole(own))
    if not chart.data:
        assert not chart.rows
        return
    bars = chart.data[0]
    assert len(bars["x"]) == min(len(chart.rows), MOST_PAIRS)
    assert bars["customdata"] == bars["meta"]["rows"][: len(bars["x"])]
    for (true, predicted), row in zip(bars["meta"]["rows"], chart.rows, strict=True):
        assert [matrix.labels[true], matrix.labels[predicted]] == list(row[:2])
        assert matrix.counts[true, predicted] == row[3]


def test_what_differs_is_named_and_has_the_colour_of_its_part() -> None:
    chart = confused_pairs("A", *swapped(np.array([[5, 3, 0], [0, 9, 2], [1, 0, 4]])))
    assert [row[2] for row in chart.rows] == ["second", "first, second", "first"]
    assert said(chart) == [
        "second: x → y · a",
        "first: a → b, second: y → x",
        "first: b → a · x",
    ]
    assert chart.data[0]["marker"]["color"] == [component_colour(1), TEXT, component_colour(0)]
    assert chart.data[0]["text"][0] == "3 · 38 % of 8"
    assert "differs in: first, second" in chart.data[0]["hovertext"][1]
    assert chart.alt == (
        "Run A, whole label: 6 of 24 held-out texts wrong, in 3 pairs. Most often a|x is taken "
        "for a|y: 3 times, 38 % of 8."
    )


def said(chart: Chart) -> list[str]:
    """What stands above the bars."""
    return [text.replace("\u2068", "").replace("\u2069", "") for text in chart.data[1]["text"]]


def test_between_names_from_the_right_the_arrow_still_points_to_the_prediction() -> None:
    own = LabelSchema.full([Component("شعور", ("سعيد", "حزين"))])
    matrix = Confusion(own.class_names, own.class_codes, np.array([[3, 2], [0, 5]]))
    chart = confused_pairs("A", matrix, "whole label", Labels.whole(own))
    assert chart.data[1]["text"] == ["\u2068سعيد\u2069 → \u2068حزين\u2069"]


def swapped(counts: np.ndarray) -> tuple[Confusion, str, Labels]:
    matrix, labels = three(counts)
    return matrix, "whole label", labels


def test_of_a_dozen_parts_two_are_named_and_the_others_counted() -> None:
    components = [Component(f"part {k}", ("a", "b")) for k in range(12)]
    codes = np.array([[0] * 12, [1] * 4 + [0] * 8])
    own = LabelSchema(tuple(components), tuple(map(tuple, codes.tolist())))
    matrix = Confusion(own.class_names, codes, np.array([[3, 2], [0, 5]]))
    chart = confused_pairs("A", matrix, "whole label", Labels.whole(own))
    assert said(chart) == ["part 0: a → b, part 1: a → b, + 2"]


def test_where_nothing_is_wrong_it_says_so() -> None:
    chart = confused_pairs("", *swapped(np.diag([5, 3, 2])))
    assert chart.rows == ()
    assert chart.layout["annotations"][0]["text"] == "No text is taken for another"
    assert chart.alt == "This model, whole label: 0 of 10 held-out texts wrong, in 0 pairs."


@pytest.mark.parametrize(("size", "pairs"), [(MOST_LABELS, False), (MOST_LABELS + 1, True)])
def test_a_matrix_of_more_than_a_thousand_cells_is_not_drawn_unasked(
    size: int, pairs: bool
) -> None:
    own = LabelSchema.full([Component("intent", tuple(f"i{k}" for k in range(size)))])
    matrix = confusion_of(evaluation(1, own, 400), own, 0)
    chart = confused("A", matrix, Look(0), own, 100.0)
    assert (chart.data[0]["type"] == "bar") == pairs
    assert chart.data[1:] == () or pairs


def test_of_nine_hundred_labels_little_travels() -> None:
    own = schema(30, 30)
    matrix = confusion_of(evaluation(2, own, 5000), own)
    chart = confused_pairs("A", matrix, "whole label", Labels.whole(own))
    assert "the 9 most confused of" in chart.title
    assert len(json.dumps(chart.to_json())) < 40_000


def test_names_from_outside_are_text() -> None:
    own = LabelSchema.full([Component(HOSTILE[0], HOSTILE[:3]), Component("b", ("x", "y"))])
    matrix = confusion_of(evaluation(3, own), own)
    chart = confused_pairs("A", matrix, "whole label", Labels.whole(own))
    text = json.dumps([chart.data, chart.layout]).replace("<br>", "").replace("<extra></extra>", "")
    assert chart.data
    assert "<" not in text
