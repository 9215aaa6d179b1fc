"""Cramér's V between components."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats.contingency import association

from lossviz.data import Dependence
from lossviz.data.profile.dependence import MOST_PAIRS, dependences
from lossviz.schema import Codes, Component, LabelSchema

TABLES = arrays(
    np.int64, st.tuples(st.integers(2, 5), st.integers(2, 6)), elements=st.integers(0, 40)
)


def dependence_of(table: np.ndarray) -> Dependence:
    """Of data with these counts."""
    codes = np.repeat(np.argwhere(table >= 0), table.ravel(), axis=0)
    (own,) = dependences(schema_of(table.shape), codes)
    return own


def schema_of(sizes: tuple[int, ...]) -> LabelSchema:
    values = [tuple(f"{k}{v}" for v in range(size)) for k, size in enumerate(sizes)]
    parts = [Component(f"part {k}", own) for k, own in enumerate(values)]
    # The combinations do not matter here; a few stand for all of what may be very many.
    classes = tuple(sorted({tuple(min(row, s - 1) for s in sizes) for row in range(max(sizes))}))
    return LabelSchema(tuple(parts), classes)


def corrected(table: np.ndarray) -> float:
    """Bergsma's formula, from scipy's uncorrected V."""
    n, (r, c) = table.sum(), table.shape
    phi2 = association(table, method="cramer") ** 2 * (min(r, c) - 1)
    phi2 = max(0.0, phi2 - (r - 1) * (c - 1) / (n - 1))
    least = min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
    return min(1.0, sqrt(phi2 / least))


@given(TABLES)
def test_it_is_the_formula_and_inside_its_interval(table: np.ndarray) -> None:
    assume((table.sum(axis=0) > 0).all() and (table.sum(axis=1) > 0).all() and table.sum() > 10)
    own = dependence_of(table)
    assert own.v == pytest.approx(corrected(table), abs=1e-7)
    assert own.n == table.sum()
    if own.low is not None:
        assert 0.0 <= own.low <= own.v <= own.high <= 1.0


@given(TABLES, st.randoms(use_true_random=False))
def test_neither_order_of_values_nor_of_components_matters(table: np.ndarray, random) -> None:
    assume(table.sum() > 0)
    rows, columns = list(range(table.shape[0])), list(range(table.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    expected = dependence_of(table).v
    for other in (table.T, table[rows][:, columns]):
        found = dependence_of(np.ascontiguousarray(other)).v
        assert found == (None if expected is None else pytest.approx(expected, abs=1e-9))


@pytest.mark.parametrize("size", [2, 5, 20])
def test_components_that_determine_each_other_have_one(size: int) -> None:
    own = dependence_of(np.diag(np.arange(3, 3 + size)))
    assert (own.v, own.low, own.high) == (
        pytest.approx(1.0),
        pytest.approx(1.0),
        pytest.approx(1.0),
    )
    assert own.words == "knowing one tells nearly all about the other"


@pytest.mark.parametrize("table", [[[30], [20]], [[5, 0], [7, 0]], [[1]]])
def test_a_component_with_a_single_value_has_no_dependence(table: list[list[int]]) -> None:
    own = dependence_of(np.array(table))
    assert (own.v, own.low, own.high) == (None, None, None)
    assert own.words.startswith("cannot be said: one of them has a single value")


def test_a_value_for_each_text_has_no_dependence() -> None:
    assert dependence_of(np.eye(12, dtype=np.int64)).v is None


@pytest.mark.parametrize(("rows", "columns"), [(2, 2), (3, 3), (18, 51)])
def test_independent_components_reach_zero_and_are_not_overestimated(
    rows: int, columns: int
) -> None:
    generator = np.random.default_rng(0)
    shares = np.outer(generator.dirichlet([3.0] * rows), generator.dirichlet([3.0] * columns))
    found = [
        dependence_of(generator.multinomial(2000, shares.ravel()).reshape(rows, columns))
        for _ in range(60)
    ]
    assert np.mean([own.v for own in found]) < 0.03
    # At least 95 % of 60 intervals; 52 is what binomial chance allows once in a thousand.
    assert sum(own.low == 0.0 for own in found) >= 52


@pytest.mark.parametrize("strength", [0.1, 0.4, 0.8])
@pytest.mark.parametrize("size", [2, 6])
def test_the_interval_holds_the_truth_nineteen_times_in_twenty(strength: float, size: int) -> None:
    generator = np.random.default_rng(1)
    shares = strength * np.eye(size) / size + (1 - strength) / size**2  # V is the strength
    found = [
        dependence_of(generator.multinomial(800, shares.ravel()).reshape(size, size))
        for _ in range(100)
    ]
    held = sum(own.low <= strength <= own.high for own in found)
    assert held >= 88  # of 100 at 95 %: fewer happen once in 500
    assert abs(np.mean([own.v for own in found]) - strength) < 0.02


def test_pairs_come_most_dependent_first_and_are_bounded() -> None:
    generator = np.random.default_rng(2)
    first = generator.integers(0, 2, 400)
    same = np.where(generator.random(400) < 0.1, 1 - first, first)
    codes: Codes = np.stack([first, generator.integers(0, 2, 400), same, 0 * first], axis=1)
    found = dependences(schema_of((2, 2, 2, 2)), codes)
    assert (found[0].first, found[0].second) == ("part 0", "part 2")
    assert found[0].words == "knowing one tells a lot about the other"
    assert [own.v for own in found[-3:]] == [None] * 3
    many = generator.integers(0, 2, (50, 40))
    assert len(dependences(schema_of((2,) * 40), many)) == MOST_PAIRS


@pytest.mark.parametrize("shape", [(2, 2), (3, 5), (2, 30)])
def test_its_p_is_the_share_of_deals_of_the_values_that_depend_as_much(
    shape: tuple[int, int],
) -> None:
    generator = np.random.default_rng(3)
    shares = np.outer(*(generator.dirichlet(np.full(size, 2.0)) for size in shape)).ravel()
    codes = np.argwhere(np.ones(shape))[generator.choice(shares.size, 150, p=shares)]
    schema = schema_of(shape)

    def squared(second: np.ndarray) -> float:
        table = np.zeros(shape)
        np.add.at(table, (codes[:, 0], second), 1.0)
        expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
        known = expected > 0
        return float(((table - expected)[known] ** 2 / expected[known]).sum())

    dealt = np.array([squared(generator.permutation(codes[:, 1])) for _ in range(2000)])
    for level in (0.1, 0.05):
        bound = np.quantile(dealt, 1 - level)
        second = next(
            other
            for other in (generator.permutation(codes[:, 1]) for _ in range(10_000))
            if abs(squared(other) - bound) < 0.05 * bound
        )
        (pair,) = dependences(schema, np.stack([codes[:, 0], second], axis=1))
        assert pair.p == pytest.approx((dealt >= squared(second)).mean(), abs=0.04)


def test_words_hear_what_the_interval_does_not_and_are_rarely_wrong() -> None:
    generator = np.random.default_rng(4)
    even = np.full((2, 2), 0.25)
    some = even + 0.25 * 0.23 * np.array([[1, -1], [-1, 1]])  # V = 0.23
    true, false = (
        [dependence_of(generator.multinomial(100, own.ravel()).reshape(2, 2)) for _ in range(300)]
        for own in (some, even)
    )
    heard = np.mean(["knowing one tells" in own.words for own in true])
    assert 0.57 < heard < 0.72
    assert np.mean([own.low > 0.0 for own in true]) < 0.25
    assert np.mean(["knowing one tells" in own.words for own in false]) < 0.09
