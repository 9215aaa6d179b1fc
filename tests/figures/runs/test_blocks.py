"""All cells of a matrix of very many labels."""

from __future__ import annotations

import json
from base64 import b64decode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.experiments.evaluation import Confusion, confusion_of
from lossviz.figures import Normalise
from lossviz.figures.runs.blocks import Group, block_matrix
from lossviz.figures.runs.matrices import shares
from lossviz.schema import Component, LabelSchema
from tests.support.figures import SEEDS, evaluation

NORMALISE = st.sampled_from(["true", "predicted", "all", "none"])


def made(seed: int, first: int = 5, second: int = 8) -> tuple[LabelSchema, Confusion]:
    parts = (("scenario", first), ("intent", second))
    schema = LabelSchema.full(
        [Component(name, tuple(f"{name}{k}" for k in range(size))) for name, size in parts]
    )
    return schema, confusion_of(evaluation(seed, schema, 300), schema)


def unpacked(own: dict[str, str]) -> np.ndarray:
    shape = [int(size) for size in own["shape"].split(",")]
    return np.frombuffer(b64decode(own["bdata"]), f"<{own['dtype']}").reshape(shape)


@given(SEEDS, st.integers(0, 1), NORMALISE)
def test_every_cell_stands_where_its_labels_say(seed: int, k: int, normalise: Normalise) -> None:
    schema, matrix = made(seed)
    group = Group(schema.components[k].values, matrix.codes[:, k])
    chart = block_matrix("A", matrix, normalise, "whole label", 100.0, group)
    heat = chart.data[0]
    order = heat["meta"]["cells"]
    assert sorted(order) == list(range(40))
    assert heat["meta"]["names"] == [matrix.labels[place] for place in order]
    assert (unpacked(heat["meta"]["counts"]) == matrix.counts[np.ix_(order, order)]).all()
    expected = shares(matrix.counts, normalise)[np.ix_(order, order)]
    assert unpacked(heat["z"]) == pytest.approx(expected, rel=1e-5)
    assert f"all {1600:,} cells" in chart.title


@pytest.mark.parametrize("k", [0, 1])
def test_labels_with_the_same_value_stand_together_between_lines(k: int) -> None:
    schema, matrix = made(4)
    values = schema.components[k].values
    chart = block_matrix("A", matrix, "true", "x", 100.0, Group(values, matrix.codes[:, k]))
    grouped = matrix.codes[chart.data[0]["meta"]["cells"], k]
    assert (np.diff(grouped) >= 0).all()
    starts = (np.flatnonzero(np.diff(grouped)) + 0.5).tolist()
    assert [own["x0"] for own in chart.layout["shapes"] if own["x0"] == own["x1"]] == starts
    assert [own["y0"] for own in chart.layout["shapes"] if own["y0"] == own["y1"]] == starts
    ticks = chart.layout["xaxis"]
    assert ticks["ticktext"] == [*values]
    assert [values[grouped[int(at)]] for at in ticks["tickvals"]] == [*values]


def test_a_row_of_the_table_opens_its_cell() -> None:
    schema, matrix = made(5)
    group = Group(schema.components[0].values, matrix.codes[:, 0])
    chart = block_matrix("A", matrix, "true", "whole label", 100.0, group)
    rows = chart.data[0]["meta"]["rows"]
    assert len(rows) == len(chart.rows) == (matrix.counts > 0).sum()
    for (true, predicted), row in zip(rows, chart.rows, strict=True):
        expected = (matrix.labels[true], matrix.labels[predicted], matrix.counts[true, predicted])
        assert row == expected


def test_a_single_part_of_many_values_has_no_groups() -> None:
    size = 200
    counts = np.diag(np.full(size, 3))
    labels = tuple(f"intent {k}" for k in range(size))
    matrix = Confusion(labels, np.arange(size)[:, None], counts)
    chart = block_matrix("", matrix, "true", "intent", 100.0, None)
    assert chart.layout["shapes"] == []
    assert chart.data[0]["meta"]["cells"] == list(range(size))
    assert len(chart.layout["xaxis"]["ticktext"]) <= 64


def test_what_is_said_of_ninety_thousand_cells_does_not_travel_as_text() -> None:
    schema, matrix = made(6, 15, 20)
    group = Group(schema.components[0].values, matrix.codes[:, 0])
    chart = block_matrix("A", matrix, "true", "whole label", 100.0, group)
    assert len(matrix.labels) == 300
    assert len(json.dumps(chart.to_json())) < 12 * 300**2


def test_names_of_blocks_do_not_stand_on_each_other() -> None:
    size = 120
    codes = np.concatenate([np.arange(40), np.full(80, 40)])
    matrix = Confusion(tuple(map(str, range(size))), codes[:, None], np.eye(size, dtype=np.int64))
    group = Group(tuple(f"value {k}" for k in range(41)), codes)
    chart = block_matrix("A", matrix, "true", "x", 100.0, group)
    places = chart.layout["xaxis"]["tickvals"]
    assert "value 40" in chart.layout["xaxis"]["ticktext"]
    assert min(np.diff(places)) >= size / 24
    assert len(places) > 5
