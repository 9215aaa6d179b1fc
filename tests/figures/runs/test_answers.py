"""What every run says about a sentence."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from lossviz.figures.runs.answers import MOST_CLASSES, UNKNOWN, sentence
from lossviz.schema import LabelSchema
from tests.support.figures import LETTERS, SEEDS, answers, schemas
from tests.support.schemas import schema_of


@given(SEEDS, schemas())
def test_the_likeliest_labels_of_any_run_are_drawn(seed: int, schema: LabelSchema) -> None:
    own = answers(seed, schema)
    chart = sentence(own, schema, LETTERS)
    best = np.max([run.joint for run in own.by_run.values()], axis=0)
    shown = np.sort(np.argsort(-best, kind="stable")[:MOST_CLASSES])
    assert [trace["name"] for trace in chart.data] == list(LETTERS)
    for trace in chart.data:
        drawn = np.frombuffer(b64decode(trace["x"]["bdata"]), "<f4")
        assert drawn == pytest.approx(100 * own.by_run[trace["name"]].joint[shown])


@given(SEEDS, schemas(most_parts=3))
def test_the_table_has_whole_labels_and_parts_of_every_run(seed: int, schema: LabelSchema) -> None:
    own = answers(seed, schema, ("A", "C"))
    rows = sentence(own, schema, ("A", "C")).rows
    assert len(rows) == 2 * (len(schema.classes) + sum(schema.sizes))
    said = [row for row in rows if row[0] == "C" and row[-1] == "says"]
    assert [row[1] for row in said] == ["whole label", *schema.names]
    assert [row[2] for row in said[1:]] == list(schema.decode(own.by_run["C"].label))


@given(SEEDS, schemas())
def test_the_title_says_what_each_run_says(seed: int, schema: LabelSchema) -> None:
    own = answers(seed, schema, ("A", "B"))
    chart = sentence(own, schema, ("A", "B"))
    for letter, run in own.by_run.items():
        assert f"{letter} {schema.format(schema.decode(run.label))}" in chart.title


@pytest.mark.parametrize("known", [0, 1])
def test_that_no_word_is_known_is_said(known: int) -> None:
    schema = schema_of(("one",), [("x",), ("y",)], separator="")
    own = replace(answers(0, schema, ("A",)), known_features=known)
    assert (UNKNOWN in sentence(own, schema, ("A",)).alt) == (known == 0)


def test_a_run_that_has_not_answered_is_left_out() -> None:
    schema = schema_of(("one",), [("x",), ("y",)], separator="")
    chart = sentence(answers(0, schema, ("A",)), schema, ("A", "B"))
    assert [trace["name"] for trace in chart.data] == ["A"]


def test_a_run_that_diverged_does_not_break_the_chart() -> None:
    schema = schema_of(("one",), [("x",), ("y",)], separator="")
    own = answers(0, schema, ("A",))
    own.by_run["A"].joint[:] = np.nan
    chart = sentence(own, schema, ("A",))
    chart.figure()
    assert "not a number" in {row[3] for row in chart.rows}
