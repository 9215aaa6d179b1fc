"""The verdict on data where it is known: a trade-off that is there, and one that cannot be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lossviz.compute.campaigns import sweep
from lossviz.data import Dataset
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.verdict import COSTS_MOVE, Verdict, verdict
from lossviz.experiments.unseen import Unseen, unseen_words
from tests.support import factories, sweep_results

GRID = Grid(2, steps=3)
MAP = Grid(2, steps=3, kind="map")
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
    """Separate linear heads: the optimum of each part is its own, whatever α and β are."""
    data = noisy(seed)
    return sweep(data, Experiment.for_dataset(data, formulation="components"), GRID, range(5))


@MANY
def test_a_known_trade_off_is_found_in_nine_of_ten_data_sets(seeds: range, least: int) -> None:
    verdicts = [bottleneck(seed) for seed in seeds]
    right = [each for each in verdicts if "trade first against second" in each.headline]
    assert len(right) >= least
    for each in right:
        assert "compete" in each.why
        assert each.contrast is not None
        assert each.contrast.high < 0.0


@MANY
def test_no_effect_is_claimed_where_none_can_be_in_nine_of_ten_data_sets(
    seeds: range, least: int
) -> None:
    results = [separate(seed) for seed in seeds]
    assert all(0.08 < each.means[0, 0] < 0.4 for each in results)  # errors that could move
    verdicts = [verdict(each) for each in results]
    right = [each for each in verdicts if "trade nothing that these data" in each.headline]
    assert len(right) >= least
    for each in right:
        assert "separate heads" in each.why
        assert "could hide" in each.why


def test_fewer_than_three_seeds_are_no_verdict() -> None:
    for seeds in (1, 2):
        says = verdict(sweep_results.result(np.full((5, seeds, 3), 0.2), grid=GRID))
        assert says.headline.startswith(f"No claim yet: {seeds} of at least 3 seeds")
        assert not says.measured
        assert not says.why


def test_before_anything_is_trained_nothing_is_said() -> None:
    says = verdict(sweep_results.result(np.full((5, 5, 3), np.nan), grid=GRID))
    assert not says.text
    assert not says.effects


def spread(
    first: float, second: float, *, seeds: int = 5, noise: float = 0.004, level: float = 0.3
) -> np.ndarray:
    """Errors ``(5, J, 3)`` around 30 %, moved from the lowest ratio to the highest by so much."""
    random = np.random.default_rng(7)
    steps = np.linspace(0.0, 1.0, 5)
    shift = np.stack([first * steps, second * steps, np.full(5, 0.1)], axis=1)
    return level + shift[:, None, :] + noise * random.standard_normal((5, seeds, 3))


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        (-0.1, 0.1, "α and β trade first against second, in hybrid with the linear model."),
        (-0.1, 0.0, "α and β trade first against second, in hybrid with the linear model."),
        (0.0, 0.1, "α and β trade first against second, in hybrid with the linear model."),
        (0.1, -0.1, "matter in hybrid with the linear model, but not as one would expect"),
        (0.0, 0.0, "α and β trade nothing that these data can show"),
    ],
)
def test_the_headline_follows_the_contrast(first: float, second: float, says: str) -> None:
    spoken = verdict(sweep_results.result(spread(first, second), grid=GRID))
    assert says in spoken.headline
    assert spoken.contrast is not None
    assert spoken.contrast.mean == pytest.approx(first - second, abs=0.01)
    change = next(e.change for e in spoken.effects if (e.axis, e.target) == (0, 0))
    assert change.mean == pytest.approx(first, abs=0.01)
    assert "n = 1,000" in spoken.how


def test_of_a_map_both_weights_are_pooled() -> None:
    steps = np.linspace(0.0, 1.0, 3)
    alpha, beta = np.tile(steps, 3), np.repeat(steps, 3)
    shift = np.stack([0.1 * (beta - alpha), 0.1 * (alpha - beta), np.full(9, 0.1)], axis=1)
    noise = 0.004 * np.random.default_rng(7).standard_normal((9, 5, 3))
    spoken = verdict(sweep_results.result(0.3 + shift[:, None] + noise, grid=MAP))
    assert spoken.contrast is not None
    assert spoken.contrast.mean == pytest.approx(-0.2, abs=0.01)
    assert "trade first against second" in spoken.headline
    assert "size varies" in spoken.how


def test_one_odd_seed_of_five_does_not_hide_what_each_shows_alone() -> None:
    errors = spread(-0.1, 0.1)
    errors[-1, 0] += [0.065, -0.065, 0.0]
    assert verdict(sweep_results.result(errors, grid=GRID)).contrast.clear  # type: ignore[union-attr]


def test_the_range_that_an_effect_needs_is_said() -> None:
    errors = spread(0.0, 0.0, noise=0.0)
    errors[[0, -1]] += np.array([[0.1, -0.1, 0.0], [-0.1, 0.1, 0.0]])[:, None]
    spoken = verdict(sweep_results.result(errors, grid=Grid(2, steps=3, low=0.1)))
    assert "Between 1:10 and 10:1 nothing moves for sure" in spoken.measured
    for coarse, low in ((2, 0.1), (2, 2.0)):  # nothing between the ends, or all of it
        grid = Grid(2, steps=coarse, low=low)
        some = verdict(sweep_results.result(spread(-0.2, 0.2)[[0, 2, 4]], grid=grid))
        assert some.measured.endswith("].")
        assert "etween" not in some.measured
    even = verdict(sweep_results.result(spread(-0.2, 0.2), grid=GRID))
    assert "Already between 1:10 and 10:1" in even.measured


LINEAR = {"formulation": "marginals"}
UNIT = LINEAR | {"model": {"kind": "hidden", "width": 1}}
SEPARATE = {"formulation": "components"}
SGD = SEPARATE | {"optimiser": {"name": "sgd"}}
DECAY = SEPARATE | {"optimiser": {"name": "adagrad", "weight_decay": 0.01}}
BD = ((1, 1),)


@pytest.mark.parametrize(
    ("moved", "trained", "fields", "says"),
    [
        pytest.param(0.1, (0.08, 0.2), UNIT, "share one hidden unit", id="capacity"),
        pytest.param(0.1, (0.08, 0.2), LINEAR, "learned in 10 epochs", id="early stop"),
        pytest.param(0.1, (0.0, 0.01), LINEAR, "learned whatever the weights are", id="shortage"),
        pytest.param(0.1, (0.02, 0.2), LINEAR, "what carries over", id="carries over"),
        pytest.param(0.1, (-0.1, 0.2), LINEAR, "what carries over", id="the other way"),
        pytest.param(
            0.1,
            (0.0, 0.2),
            {"formulation": "semantic", "missing": BD},
            "but λ, the weight of",
            id="coupled by λ",
        ),
        pytest.param(
            0.1,
            (0.0, 0.2),
            SEPARATE | {"decoder": "joint_mode", "missing": BD},
            "kept to the combinations that occur",
            id="coupled by a mask",
        ),
        pytest.param(
            0.1,
            (0.1, 0.2),
            SGD,
            "size of the steps",
            id="sgd",
        ),
        pytest.param(0.0, (0.0, 0.2), SEPARATE, "Adagrad divides that out", id="separate"),
        pytest.param(0.0, (0.0, 0.2), SGD, "only scale", id="by size"),
        pytest.param(0.1, (0.1, 0.2), DECAY, "(regularisation): not", id="weight decay"),
        pytest.param(0.0, (0.0, 0.2), DECAY, "(regularisation).", id="weight decay, unseen"),
        pytest.param(
            0.0,
            (0.0, 0.2),
            {"formulation": "semantic", "missing": BD},
            "not so that it could be seen",
            id="loosely coupled",
        ),
        pytest.param(0.0, (0.0, 0.01), LINEAR, "capacity to spare", id="spare"),
        pytest.param(0.0, (0.01, 0.2), LINEAR, "at most 1.0 points", id="hardly"),
        pytest.param(0.0, (0.05, 0.2), LINEAR, "moves by up to 5.0 points", id="not carried"),
    ],
)
def test_each_reason_has_its_threshold(
    moved: float, trained: tuple[float, float], fields: dict[str, Any], says: str
) -> None:
    """:param trained: by how much training errors move with the held-out ones, and from where."""
    change, level = trained
    learnt = spread(-change, change, noise=0.0, level=level)
    result = sweep_results.result(spread(-moved, moved), grid=GRID, learnt=learnt, **fields)
    assert says in verdict(result).why


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, False),
        ({"decoder": "min_cost"}, True),
        ({"decoder": "min_cost", "costs": (5, 1)}, False),
    ],
)
def test_where_decisions_move_with_the_weights_it_is_said(fields: Any, said: bool) -> None:
    result = sweep_results.result(spread(-0.1, 0.1), grid=GRID, **fields)
    assert verdict(result).how.endswith(COSTS_MOVE) == said


def test_that_no_point_beats_guessing_is_the_first_sentence() -> None:
    hopeless = verdict(sweep_results.result(spread(-0.1, 0.1, level=0.6), grid=GRID))
    assert hopeless.headline.startswith("No weights of this grid beat always guessing")
    assert hopeless.guessing is not None
    assert not hopeless.guessing.beaten
    good = verdict(sweep_results.result(spread(-0.1, 0.1, level=0.1), grid=GRID))
    assert good.headline.startswith("α and β trade")
    assert good.guessing is not None
    assert good.guessing.beaten
    assert good.guessing.error.mean < good.guessing.guess


def test_what_is_half_done_is_said_so_far() -> None:
    errors = spread(-0.1, 0.1, level=0.1)
    errors[:, 3:] = np.nan
    says = verdict(sweep_results.result(errors, grid=GRID))
    assert says.headline.startswith("So far, with 3 of 5 seeds: ")


def test_labels_that_training_lacks_are_said_beside_the_effects() -> None:
    result = sweep_results.result(sweep_results.trade(GRID), grid=GRID)
    assert "no training text has" not in verdict(result).text
    some = replace(result, unseen={j: Unseen(j, min(j, 1), 1_000) for j in range(5)})
    assert unseen_words(some.unseen.values()) in verdict(some).measured


def test_noise_is_stated_in_points() -> None:
    result = sweep_results.result(spread(0.0, 0.0, noise=0.02), grid=GRID)
    deviation = 100.0 * np.sqrt(result.errors.var(axis=1, ddof=1).mean())
    assert f"moves by {deviation:.1f} points from seed to seed" in verdict(result).noise


@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_noise_alone_is_called_a_trade_off_in_one_of_twenty_sweeps(noise: float) -> None:
    random = np.random.default_rng(3)
    clear = 0
    for _ in range(100):
        # Rows that differ by lot, besides what a seed has of its own.
        rows = random.binomial(1_000, 0.3, (5, 5, 3)) / 1_000
        errors = rows + noise * random.standard_normal((5, 5, 3))
        result = sweep_results.result(errors, grid=GRID, rows=(4_000, 1_000))
        clear += bool(verdict(result).contrast.clear)  # type: ignore[union-attr]
    assert clear <= 10
