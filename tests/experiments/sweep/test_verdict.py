"""The verdict on data where it is known: a trade-off that is there, and one that cannot be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lossviz.compute.campaigns import sweep
from lossviz.data import Dataset
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.verdict import Verdict, verdict
from tests.support import factories, sweep_results

GRID = Grid(2, steps=3)
MANY = pytest.mark.parametrize(
    ("seeds", "least"),
    [
        pytest.param(range(2), 2, id="the first two"),
        pytest.param(range(10), 9, id="ten", marks=pytest.mark.slow),
    ],
)


def noisy(seed: int, share: float = 0.15) -> Dataset:
    """A part of the values drawn anew, each by itself: no model can be right on all of them."""
    data = factories.dataset(400, seed=seed)
    random = np.random.default_rng(1000 + seed)
    drawn = random.integers(0, 2, data.codes.shape)
    codes = np.where(random.random(data.codes.shape) < 2 * share, drawn, data.codes)
    return replace(data, codes=codes, digest=f"noisy-{seed:x}")


def bottleneck(seed: int) -> Verdict:
    """Two parts that have nothing to do with each other, and one unit for both."""
    data = factories.dataset(400, seed=seed)
    experiment = Experiment.for_dataset(data, model={"kind": "hidden", "width": 1})
    return verdict(sweep(data, experiment, GRID, range(5)))


def separate(seed: int) -> SweepResult:
    """Separate linear heads, no regularisation, run to convergence: the optimum of each part is
    its own, whatever α and β are."""
    data = noisy(seed)
    experiment = Experiment.for_dataset(
        data,
        formulation="components",
        features={"limit": 40},
        optimiser={"batch_size": 400, "learning_rate": 1.0},
        epochs=100,
    )
    return sweep(data, experiment, GRID, range(5))


@MANY
def test_a_known_trade_off_is_found_in_nine_of_ten_data_sets(seeds: range, least: int) -> None:
    found = [bottleneck(seed) for seed in seeds]
    right = [own for own in found if "trade one part against the other" in own.headline]
    assert len(right) >= least
    for own in right:
        assert "compete" in own.why
        helps = {(e.axis, e.target) for e in own.effects if e.change.high < 0.0}
        harms = {(e.axis, e.target) for e in own.effects if e.change.low > 0.0}
        assert {(0, 0), (1, 1)} <= helps
        assert {(0, 1), (1, 0)} <= harms


@MANY
def test_no_effect_is_claimed_where_none_can_be_in_nine_of_ten_data_sets(
    seeds: range, least: int
) -> None:
    results = [separate(seed) for seed in seeds]
    assert all(0.08 < own.means[0, 0] < 0.4 for own in results)  # errors that could move
    found = [verdict(own) for own in results]
    right = [own for own in found if "no effect that these data can show" in own.headline]
    assert len(right) >= least
    for own in right:
        assert "separate heads" in own.why
        assert "could hide" in own.why


def test_fewer_than_three_seeds_are_no_verdict() -> None:
    for seeds in (1, 2):
        own = verdict(sweep_results.result(np.full((9, seeds, 3), 0.2), grid=GRID))
        assert own.headline.startswith(f"No claim yet: {seeds} of at least 3 seeds")
        assert not own.measured
        assert not own.why


def test_before_anything_is_trained_nothing_is_said() -> None:
    own = verdict(sweep_results.result(np.full((9, 5, 3), np.nan), grid=GRID))
    assert not own.text
    assert not own.effects


def spread(shift: np.ndarray, *, seeds: int = 5, noise: float = 0.004) -> np.ndarray:
    """Errors (9, J, 3) around 30 %, moved by ``shift`` (9, 3), with a little noise."""
    random = np.random.default_rng(7)
    return 0.3 + shift[:, None, :] + noise * random.standard_normal((9, seeds, 3))


def moved(first: float, second: float) -> np.ndarray:
    """α moves the first error by so much from its lowest value to its highest, and the second."""
    shift = np.zeros((9, 3))
    steps = np.tile([0.0, 0.5, 1.0], 3)
    shift[:, 0], shift[:, 1] = first * steps, second * steps
    return shift


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        (-0.1, 0.1, "trade one part against the other"),
        (-0.1, 0.0, "α matters: a larger α makes first wrong less often"),
        (
            0.0,
            0.1,
            "α matters: a larger α makes second wrong more often, without a clear gain",
        ),
        (0.1, 0.0, "α matters, but not as one would expect"),
        (0.0, 0.0, "no effect that these data can show"),
    ],
)
def test_the_headline_follows_the_intervals(first: float, second: float, says: str) -> None:
    own = verdict(sweep_results.result(spread(moved(first, second)), grid=GRID))
    assert says in own.headline
    alpha = next(e for e in own.effects if (e.axis, e.target) == (0, 0))
    assert alpha.change.mean == pytest.approx(first, abs=0.01)
    assert "Moving α from 0.1 to 10" in own.measured
    assert "n = 1,000" in own.how


@pytest.mark.parametrize(
    ("own", "other", "says"),
    [
        (-0.1, 0.0, "α and β matter: a larger weight makes its part wrong less often"),
        (0.0, 0.1, "α and β matter: a larger weight harms the other part"),
        (0.1, 0.0, "α and β matter, but not as one would expect"),
    ],
)
def test_the_headline_speaks_of_both_where_both_matter(own: float, other: float, says: str) -> None:
    steps = np.array([0.0, 0.5, 1.0])
    alpha, beta = np.tile(steps, 3), np.repeat(steps, 3)
    shift = np.stack([own * alpha + other * beta, own * beta + other * alpha, np.zeros(9)], axis=1)
    assert says in verdict(sweep_results.result(spread(shift), grid=GRID)).headline


@pytest.mark.parametrize(
    ("learnt", "says"),
    [(0.001, "do not compete for room"), (0.2, "Training errors move by at most 0.0 points")],
)
def test_why_there_is_an_effect_follows_the_training_errors(learnt: float, says: str) -> None:
    errors = spread(moved(-0.1, 0.1))
    result = sweep_results.result(errors, grid=GRID, learnt=np.full_like(errors, learnt))
    assert says in verdict(result).why


def test_what_is_half_done_is_said_so_far() -> None:
    errors = spread(moved(-0.1, 0.1))
    errors[:, 3:] = np.nan
    own = verdict(sweep_results.result(errors, grid=GRID))
    assert own.headline.startswith("So far, with 3 of 5 seeds: ")


def test_noise_is_stated_in_points() -> None:
    result = sweep_results.result(spread(moved(0.0, 0.0), noise=0.02), grid=GRID)
    own = verdict(result)
    deviation = 100.0 * np.sqrt(result.errors.var(axis=1, ddof=1).mean())
    assert f"another seed moves an error by {deviation:.1f} points" in own.noise
    assert "a test set of 1,000 texts leaves ±2.8 points" in own.noise


def test_intervals_hold_together() -> None:
    """Pure noise, a hundred sweeps: about one in twenty may have any clear effect."""
    random = np.random.default_rng(3)
    clear = 0
    for _ in range(100):
        errors = 0.3 + 0.02 * random.standard_normal((9, 5, 3))
        found = verdict(sweep_results.result(errors, grid=GRID)).effects
        clear += any(own.change.clear for own in found)
    assert clear <= 8
