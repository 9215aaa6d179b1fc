"""The dot plot of errors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from lossviz.experiments.unseen import Unseen
from lossviz.figures.base.palette import SYMBOLS
from lossviz.figures.runs.errors import error_rates
from lossviz.schema import Component, LabelSchema
from tests.support.figures import LETTERS, SEEDS, evaluation, schemas

SCHEMA = LabelSchema.full([Component("first", ("A", "B")), Component("second", ("C", "D"))], "")


@given(SEEDS)
def test_dots_and_intervals_are_the_rates(seed: int) -> None:
    runs = {letter: evaluation(seed + k, SCHEMA) for k, letter in enumerate(LETTERS)}
    chart = error_rates(runs, SCHEMA, None)
    dots = {own["name"]: own for own in chart.data if own["mode"] == "markers"}
    assert list(dots) == list(LETTERS)
    for letter, own in dots.items():
        rates = [*runs[letter].components, runs[letter].joint]
        assert own["x"] == pytest.approx([100 * rate.rate for rate in rates])
        low = np.subtract(own["x"], own["error_x"]["arrayminus"])
        high = np.add(own["x"], own["error_x"]["array"])
        assert low == pytest.approx([100 * rate.low for rate in rates])
        assert high == pytest.approx([100 * rate.high for rate in rates])
        assert own["marker"]["symbol"] == SYMBOLS[letter]
        assert own["marker"]["color"] == ["#0072B2", "#D55E00", "text"]
        assert high.max() <= chart.layout["xaxis"]["range"][1]


@given(SEEDS)
def test_the_table_has_every_rate_and_the_guess(seed: int) -> None:
    runs = {letter: evaluation(seed + k, SCHEMA) for k, letter in enumerate("AC")}
    guess = runs["A"].guessing
    chart = error_rates(runs, SCHEMA, guess)
    rate = runs["C"].components[1]
    own = ("C", "wrong on second", *(round(100 * x, 1) for x in (rate.rate, rate.low, rate.high)))
    assert (*own, rate.n) in chart.rows
    last = ("commonest label", "wrong on either", round(100 * guess.joint, 1), "", "", "")
    assert chart.rows[-1] == last
    assert len(chart.rows) == 2 * 4 + 3
    ticks = next(trace for trace in chart.data if trace["name"] == "commonest label")
    expected = [100 * own for own in (*guess.components, guess.joint)]
    assert ticks["x"][::3] == pytest.approx(expected)


@given(schemas())
def test_the_last_row_is_worded_for_the_number_of_parts(schema: LabelSchema) -> None:
    chart = error_rates({"A": evaluation(0, schema)}, schema, None)
    words = {1: "wrong on the label", 2: "wrong on either"}
    expected = words.get(len(schema.names), "wrong on any part")
    assert chart.layout["yaxis"]["ticktext"][-1] == expected
    assert chart.rows[-2][1] == expected


def test_answers_that_never_occur_are_counted_beside_the_errors() -> None:
    made = evaluation(0, SCHEMA)
    runs = {"A": replace(made, impossible=0), "B": replace(made, impossible=3)}
    chart = error_rates(runs, SCHEMA, None)
    assert chart.title.endswith("; answers that training lacks: B 3×")
    share = round(300 / len(made), 1)
    assert [row[2] for row in chart.rows if row[1] == "training lacks the answer"] == [0.0, share]


def test_errors_on_new_combinations_are_called_that() -> None:
    known = evaluation(0, SCHEMA)
    runs = {"A": replace(known, unseen=Unseen(len(known), 1, len(known)))}
    chart = error_rates(runs, SCHEMA, None)
    assert chart.title.startswith("Errors on new combinations, with 95 % intervals (n = ")


def test_runs_stand_beside_each_other_inside_their_row() -> None:
    runs = {letter: evaluation(k, SCHEMA) for k, letter in enumerate(LETTERS)}
    chart = error_rates(runs, SCHEMA, None)
    heights = [own["y"][1] for own in chart.data if own["mode"] == "markers"]
    assert heights == sorted(heights)
    assert len(set(heights)) == 4
    assert min(heights) > 0.5
    assert max(heights) < 1.5
