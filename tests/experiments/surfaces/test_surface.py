"""How weights make a surface of the grids."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossviz.losses.mix import LinearMix, TemperedMix, Term
from tests.support.surfaces import LINE, WRONG, linear, tempered

SEEDS = st.integers(0, 2**31 - 1)
WEIGHTS = st.lists(st.floats(0.0, 1000.0), min_size=3, max_size=3)
TEMPERATURES = st.floats(0.05, 20.0)


def grids(seed: int, parts: int) -> np.ndarray:
    return np.random.default_rng(seed).gamma(1.0, 3.0, (parts, 4, 5)).astype(np.float32)


def naive(mix: TemperedMix, own: np.ndarray, weights: list[float]) -> np.ndarray:
    scores = [
        np.exp(
            -sum(wrong * weight for wrong, weight in zip(row, weights, strict=True))
            / mix.temperature
        )
        for row in mix.wrong
    ]
    q = np.array(scores) / sum(scores)
    return sum(
        share * (grid + np.log(share)) for share, grid in zip(q, own.astype(float), strict=True)
    )


@given(SEEDS, WEIGHTS, st.lists(st.sampled_from([0, 1, 2, None]), min_size=1, max_size=5))
def test_a_linear_mix_is_the_weighted_sum(
    seed: int, weights: list[float], acting: list[int | None]
) -> None:
    own = grids(seed, len(acting))
    factors = np.random.default_rng(seed).normal(size=len(acting)).tolist()
    mix = LinearMix(tuple(map(Term, acting, factors)))
    expected = np.zeros((4, 5))
    for grid, factor, weight in zip(own.astype(float), factors, acting, strict=True):
        expected += factor * (1.0 if weight is None else weights[weight]) * grid
    assert mix.of(own, weights) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(SEEDS, WEIGHTS, st.floats(0.1, 10.0))
def test_a_linear_mix_is_linear_in_grids_and_in_weights(
    seed: int, weights: list[float], factor: float
) -> None:
    mix = LinearMix((Term(0, 0.5), Term(1, 2.0), Term(2, 1.0)))
    one, other = grids(seed, 3), grids(seed + 1, 3)
    together = mix.of(one.astype(float) + factor * other.astype(float), weights)
    apart = mix.of(one, weights) + factor * mix.of(other, weights)
    assert together == pytest.approx(apart, rel=1e-9, abs=1e-9)
    scaled = mix.of(one, [factor * own for own in weights])
    assert scaled == pytest.approx(factor * mix.of(one, weights), rel=1e-9, abs=1e-9)


@given(SEEDS, st.lists(st.floats(0.0, 10.0), min_size=3, max_size=3), st.floats(0.2, 20.0))
def test_a_tempered_mix_is_the_divergence_from_softened_targets(
    seed: int, weights: list[float], temperature: float
) -> None:
    mix, own = TemperedMix(WRONG, temperature), grids(seed, len(WRONG))
    assert mix.of(own, weights) == pytest.approx(naive(mix, own, weights), rel=1e-6, abs=1e-9)


@given(SEEDS, st.floats(0.0, 50.0), TEMPERATURES)
def test_with_equal_weights_labels_that_are_as_wrong_are_targets_alike(
    seed: int, weight: float, temperature: float
) -> None:
    own = grids(seed, len(WRONG))
    mix = TemperedMix(WRONG, temperature)
    loss = mix.of(own, [weight, weight, 0.0])
    assert loss == pytest.approx(mix.of(own[[0, 2, 1, 3]], [weight, weight, 0.0]))
    even = mix.of(own, [0.0, 0.0, 0.0])
    assert even == pytest.approx(own.astype(float).mean(axis=0) - np.log(len(WRONG)))


@given(SEEDS, st.lists(st.floats(0.1, 10.0), min_size=3, max_size=3))
def test_as_the_temperature_goes_to_0_the_true_label_alone_is_the_target(
    seed: int, weights: list[float]
) -> None:
    own = grids(seed, len(WRONG))
    assert TemperedMix(WRONG, 1e-3).of(own, weights) == pytest.approx(own[0], rel=1e-5)


@given(SEEDS, WEIGHTS, TEMPERATURES)
def test_no_weight_breaks_the_surface(seed: int, weights: list[float], temperature: float) -> None:
    own = grids(seed, len(WRONG))
    for mix in (
        TemperedMix(WRONG, temperature),
        LinearMix((Term(0, 1.0), Term(1, 1.0), Term(2, 1.0), Term(None, 1.0))),
    ):
        assert np.isfinite(mix.of(own, weights)).all()


@given(WEIGHTS, TEMPERATURES)
def test_a_divergence_is_never_negative(weights: list[float], temperature: float) -> None:
    assert tempered(0.7, temperature).at(weights).min() > -1e-3


def test_a_surface_has_a_row_for_each_y() -> None:
    surface = linear()
    loss = surface.at([2.0, 0.5, 1.0])
    row, column = 3, 40
    expected = 2.0 * np.logaddexp(0, -LINE[column]) + 0.5 * np.logaddexp(0, -LINE[row])
    assert loss[row, column] == pytest.approx(expected, rel=1e-6)
