"""Observed against predicted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest

from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.reliability import Reliability
from lossviz.figures import Chart, ShownRuns
from lossviz.figures.base.palette import component_colour
from lossviz.figures.exhibits import EXHIBITS
from lossviz.schema import Component, LabelSchema
from tests.support.figures import evaluation
from tests.support.shown import TWO, new_run

SURE = ((0.95, 0.95, 0.95, 0.95, 0.62), (0.55,) * 5)
RIGHT = ((1, 1, 1, 0, 1), (0, 1, 0, 1, 1))


def chart(judged: Evaluation | None, schema: LabelSchema = TWO) -> Chart:
    run = replace(new_run(schema), evaluation=judged)
    return EXHIBITS["reliability"].make(ShownRuns(schema, {"B": run}), "B")


def made() -> Evaluation:
    counted = Reliability.of(np.float32(SURE).T, np.array(RIGHT).T > 0)
    return replace(evaluation(0, TWO, 5), reliability=counted)


def test_each_bin_has_its_share_its_interval_and_its_n() -> None:
    rows = chart(made()).rows
    assert [row[:4] for row in rows] == [
        ("first", 60, 70, 62.0),
        ("first", 90, 100, 95.0),
        ("second", 50, 60, 55.0),
    ]
    for row, (hits, n) in zip(rows, [(1, 1), (3, 4), (3, 5)], strict=True):
        interval = binomtest(hits, n).proportion_ci(0.95, method="wilson")
        ends = [100 * hits / n, 100 * interval.low, 100 * interval.high]
        assert row[4:] == (*(pytest.approx(end, abs=0.051) for end in ends), n)


def test_a_part_keeps_its_colour_and_the_diagonal_is_there() -> None:
    own = chart(made())
    assert [trace["marker"]["color"] for trace in own.data] == [
        component_colour(0),
        component_colour(1),
    ]
    assert own.data[0]["y"] == [100.0, 75.0]
    (line,) = own.layout["shapes"]
    assert (line["x0"], line["y0"], line["x1"], line["y1"]) == (0, 0, 100, 100)


def test_title_and_words_say_by_how_much_it_is_off() -> None:
    own = chart(made())
    first = 100 * (4 * abs(0.75 - 0.95) + abs(1.0 - 0.62)) / 5
    assert own.title == f"B: probabilities off by {first:.1f} points on first, 5.0 on second"
    assert own.layout["yaxis"]["title"]["text"] == "right, % of 5 held-out texts"
    assert "most texts, 4, got 95 % and 75 % of them are right" in own.alt


@pytest.mark.parametrize(
    ("judged", "said"),
    [(None, "not judged yet"), (replace(evaluation(1, TWO), reliability=None), "not kept")],
)
def test_without_probabilities_it_says_so(judged: Evaluation | None, said: str) -> None:
    own = chart(judged)
    assert said in own.title
    assert own.rows == own.data == ()
    assert len(own.layout["annotations"]) == 1


def test_of_many_parts_some_are_drawn_and_all_are_in_the_table() -> None:
    schema = LabelSchema.full([Component(f"part {k}", ("a", "b")) for k in range(7)], "|")
    own = chart(evaluation(3, schema), schema)
    assert len(own.data) == 4
    assert "3 more parts in the table" in own.title
    assert {row[0] for row in own.rows} == set(schema.names)
