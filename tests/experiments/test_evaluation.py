"""Rates, intervals and confusion matrices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from lossviz.experiments.evaluation import (
    Evaluation,
    baseline,
    confusion_of,
)
from lossviz.experiments.statistics import ErrorRate, wilson
from lossviz.schema import Component, LabelSchema

SCHEMA = LabelSchema(
    (Component("first", ("A", "B")), Component("second", ("C", "D", "E"))),
    ((0, 0), (0, 1), (1, 0), (1, 2)),
)


def evaluation(seed: int, rows: int = 60, wrong: float = 0.3) -> Evaluation:
    random = np.random.default_rng(seed)
    true = SCHEMA.class_codes[random.integers(4, size=rows)]
    guess = np.stack([random.integers(2, size=rows), random.integers(3, size=rows)], axis=1)
    predicted = np.where(random.random((rows, 1)) < wrong, guess, true)
    impossible = int((SCHEMA.class_index(predicted) < 0).sum())
    return Evaluation(true, predicted, np.full(rows, 0.5, np.float32), 10, impossible)


@given(st.integers(0, 200), st.integers(1, 200))
def test_wilson_interval_holds_the_rate(wrong: int, n: int) -> None:
    rate = ErrorRate.of(min(wrong, n), n)
    assert 0.0 <= rate.low <= rate.rate <= rate.high <= 1.0
    assert rate.low < rate.high


def test_wilson_intervals_of_many_shares_are_those_of_scipy() -> None:
    n = np.array([1, 7, 7, 7, 970, 12_345])
    hits = np.array([0, 0, 3, 7, 423, 12_344])
    for k, (low, high) in enumerate(zip(*wilson(hits, n), strict=True)):
        expected = binomtest(hits[k], n[k]).proportion_ci(0.95, method="wilson")
        assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-15)
    assert [float(end) for end in wilson(np.array(0), np.array(0))] == [0.0, 1.0]


@given(st.integers(0, 1000))
def test_confusion_counts_every_row_once(seed: int) -> None:
    own = evaluation(seed)
    whole = confusion_of(own, SCHEMA)
    assert whole.counts.sum() == len(own)
    assert whole.labels[:4] == SCHEMA.class_names
    assert len(own) - np.trace(whole.counts) == own.joint.wrong
    assert whole.counts[:, 4:].sum() == own.impossible
    for k, rate in enumerate(own.components):
        part = confusion_of(own, SCHEMA, k)
        assert part.counts.sum() == len(own)
        assert len(own) - np.trace(part.counts) == rate.wrong


def test_the_whole_label_is_wrong_where_any_part_is() -> None:
    own = evaluation(3)
    assert max(rate.wrong for rate in own.components) <= own.joint.wrong
    assert own.joint.wrong <= sum(rate.wrong for rate in own.components)


def test_baseline_guesses_the_commonest() -> None:
    true = np.array([[0, 0]] * 6 + [[0, 1]] * 3 + [[1, 1]])
    assert baseline(true, true).components == pytest.approx((0.1, 0.4))
    assert baseline(true, true).joint == pytest.approx(0.4)


def test_what_is_commonest_is_asked_of_training() -> None:
    train = np.array([[1, 1]] * 6 + [[0, 0]] * 4)
    test = np.array([[0, 0]] * 8 + [[1, 1], [1, 0]])
    assert baseline(train, test).components == pytest.approx((0.8, 0.9))
    assert baseline(train, test).joint == pytest.approx(0.9)
