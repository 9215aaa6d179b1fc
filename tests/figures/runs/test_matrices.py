"""Confusion matrices."""

from __future__ import annotations

from base64 import b64decode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.experiments.evaluation import Confusion
from lossviz.figures import Chart, Normalise
from lossviz.figures.base.palette import contrast, shade
from lossviz.figures.runs.matrices import MOST_LABELS, MOST_TEXTS, confusion, confusion_top, shares
from tests.support.figures import SEEDS

NORMALISE = st.sampled_from(["true", "predicted", "all", "none"])
SIZES = st.integers(1, MOST_LABELS)


def matrix(seed: int, size: int) -> Confusion:
    random = np.random.default_rng(seed)
    counts = random.poisson(np.where(np.eye(size) > 0, 20, 1.5)).astype(np.int64)
    labels = tuple(f"label {k}" for k in range(size))
    return Confusion(labels, np.arange(size, dtype=np.int64)[:, None], counts)


def heat(chart: Chart) -> np.ndarray:
    z = chart.data[0]["z"]
    shape = [int(own) for own in z["shape"].split(",")]
    return np.frombuffer(b64decode(z["bdata"]), "<f4").reshape(shape)


@given(SEEDS, SIZES, NORMALISE)
def test_cells_and_table_are_the_counts(seed: int, size: int, normalise: Normalise) -> None:
    own = matrix(seed, size)
    chart = confusion("A", own, normalise, "whole label", confusion_top([own], normalise))
    assert [row[0] for row in chart.rows] == [*own.labels]
    assert [list(row[1:]) for row in chart.rows] == own.counts.tolist()
    assert heat(chart) == pytest.approx(shares(own.counts, normalise), rel=1e-5)
    assert chart.layout["yaxis"]["range"] == [size - 0.5, -0.5]
    assert chart.data[0]["customdata"][0][-1] == [0, size - 1]


@given(SEEDS, st.integers(1, MOST_TEXTS), NORMALISE)
def test_every_cell_says_its_count_in_readable_ink(
    seed: int, size: int, normalise: Normalise
) -> None:
    own = matrix(seed, size)
    top = confusion_top([own], normalise)
    chart = confusion("A", own, normalise, "whole label", top)
    values = shares(own.counts, normalise)
    said = {}
    for trace in chart.data[1:]:
        for x, y, text in zip(trace["x"], trace["y"], trace["text"], strict=True):
            assert contrast(trace["textfont"]["color"], shade(values[y, x] / top)) >= 4.5
            said[y, x] = text.split("<br>")
    assert len(said) == size * size
    for (y, x), (count, *share) in said.items():
        assert count == f"{own.counts[y, x]:,}"
        if normalise != "none" and own.counts[y, x]:
            assert share == [f"{values[y, x]:.0f} %"]


def test_many_labels_have_a_scale_instead_of_numbers() -> None:
    chart = confusion("A", matrix(0, MOST_TEXTS + 1), "true", "whole label", 100.0)
    assert len(chart.data) == 1
    assert chart.data[0]["showscale"]


@given(st.lists(SEEDS, min_size=1, max_size=4), NORMALISE)
def test_matrices_side_by_side_share_a_scale_that_holds_them_all(
    seeds: list[int], normalise: Normalise
) -> None:
    own = [matrix(seed, 4) for seed in seeds]
    top = confusion_top(own, normalise)
    assert all(shares(one.counts, normalise).max() <= top for one in own)
    tops = {confusion("A", one, normalise, "x", top).data[0]["zmax"] for one in own}
    assert tops == {top}


@given(SEEDS, st.integers(1, 9))
def test_shares_add_up(seed: int, size: int) -> None:
    counts = matrix(seed, size).counts
    filled = counts.sum(axis=1) > 0
    assert shares(counts, "true")[filled].sum(axis=1) == pytest.approx(100.0)
    filled = counts.sum(axis=0) > 0
    assert shares(counts, "predicted")[:, filled].sum(axis=0) == pytest.approx(100.0)
    if counts.any():
        assert shares(counts, "all").sum() == pytest.approx(100.0)


def test_a_row_that_never_occurs_is_empty_and_not_an_error() -> None:
    own = Confusion(("a", "b"), np.array([[0], [1]]), np.array([[3, 1], [0, 0]]))
    chart = confusion("A", own, "true", "part", 100.0)
    assert heat(chart)[1].tolist() == [0.0, 0.0]
