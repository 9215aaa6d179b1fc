"""Probabilities that are counted, and held against what came of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.experiments.reliability import BINS, Reliability


def answers(seed: int, rows: int = 400, parts: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities, and right ones as often as they say."""
    random = np.random.default_rng(seed)
    sure = random.random((rows, parts), np.float32)
    return sure, random.random((rows, parts)) < sure


@given(st.integers(0, 1000), st.integers(1, 4))
def test_every_text_is_counted_once_where_its_probability_is(seed: int, parts: int) -> None:
    sure, right = answers(seed, parts=parts)
    own = Reliability.of(sure, right)
    assert own.texts.sum(axis=1).tolist() == [400] * parts
    assert own.right.sum(axis=1).tolist() == right.sum(axis=0).tolist()
    assert own.expected.sum(axis=1) == pytest.approx(sure.sum(axis=0, dtype=float))
    edges = np.arange(BINS) / BINS
    full = own.texts > 0
    mean = own.expected / np.maximum(own.texts, 1)
    assert (mean >= edges - 1e-6)[full].all()
    assert (mean <= edges + 1 / BINS + 1e-6)[full].all()


def test_the_ends_belong_to_the_first_and_the_last_bin() -> None:
    own = Reliability.of(np.float32([[0.0], [1.0], [0.5]]), np.array([[False], [True], [True]]))
    assert np.flatnonzero(own.texts[0]).tolist() == [0, 5, 9]


def test_what_is_no_number_is_not_counted() -> None:
    own = Reliability.of(np.float32([[np.nan], [0.3]]), np.array([[True], [True]]))
    assert own.texts.sum() == own.right.sum() == 1


def test_halves_add_up_to_the_whole() -> None:
    sure, right = answers(3)
    halves = Reliability.of(sure[:150], right[:150]) + Reliability.of(sure[150:], right[150:])
    whole = Reliability.of(sure, right)
    np.testing.assert_array_equal(halves.texts, whole.texts)
    np.testing.assert_array_equal(halves.right, whole.right)
    np.testing.assert_allclose(halves.expected, whole.expected)


def test_the_calibration_error_is_that_of_its_definition() -> None:
    sure, right = answers(5, parts=1)
    own = Reliability.of(sure, right | (sure > 0.6))
    bins = np.minimum(np.floor(sure[:, 0] * 10), 9)
    error = sum(
        np.mean(bins == b)
        * abs(np.mean((right | (sure > 0.6))[bins == b]) - np.mean(sure[bins == b], dtype=float))
        for b in np.unique(bins)
    )
    assert own.errors[0] == pytest.approx(error, abs=1e-6)
    assert Reliability.of(sure, right).errors[0] < own.errors[0]
