"""The recommendation: the cheapest weights, judged on seeds that did not choose them."""

from __future__ import annotations

import numpy as np
import pytest

from lossviz.compute.campaigns import Sweep, sweep
from lossviz.compute.workers import InProcess
from lossviz.engine.fit import fit
from lossviz.engine.judging import min_cost_errors
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.plan import SweepPlan
from lossviz.experiments.sweep.recommendation import recommend, recommendation_words
from tests.support import factories, sweep_results

GRID = Grid(2, steps=3)
EQUAL = GRID.equal
COSTS = (5.0, 1.0, 0.0)


def errors(seeds: int = 5, noise: float = 0.004) -> np.ndarray:
    return 0.3 + noise * np.random.default_rng(5).standard_normal((9, seeds, 3))


def test_weights_that_are_clearly_cheaper_are_recommended() -> None:
    own = errors()
    own[5, :, 0] -= 0.1
    result = sweep_results.result(own, grid=GRID)
    found = recommend(result, COSTS)
    assert found is not None
    assert found.point == 5
    assert found.worth_it
    assert found.cheaper == 5
    assert found.saving.mean == pytest.approx(-0.5, abs=0.05)
    assert found.cost.mean == pytest.approx(float((result.errors[5] @ COSTS).mean()))
    said = " ".join(recommendation_words(result, found))
    assert "a wrong first costs 5 and a wrong second 1" in said
    assert "train with α = 10 and β = 1.0" in said
    assert "in 5 of 5 seeds" in said


def test_the_luckiest_of_many_points_is_not_recommended() -> None:
    """Noise alone: the cheapest of nine looks cheaper than equal weights, and is not."""
    wrong = 0
    for seed in range(50):
        random = np.random.default_rng(seed)
        result = sweep_results.result(0.3 + 0.02 * random.standard_normal((9, 5, 3)), grid=GRID)
        found = recommend(result, COSTS)
        assert found is not None
        assert found.cost.mean <= found.equal.mean
        wrong += found.worth_it
    assert wrong <= 3


def test_points_that_cannot_be_told_from_the_cheapest_are_counted() -> None:
    own = errors(noise=0.0)
    own[:, :, 0] += np.linspace(0.0, 0.08, 9)[:, None]
    own[1] = own[0]
    found = recommend(sweep_results.result(own, grid=GRID), COSTS)
    assert found is not None
    assert found.point == 0
    assert found.alike == 1


def test_too_few_seeds_are_no_recommendation() -> None:
    assert recommend(sweep_results.result(errors(2), grid=GRID), COSTS) is None
    half = errors()
    half[4, 2:] = np.nan
    assert recommend(sweep_results.result(half, grid=GRID), COSTS) is None


def test_where_decisions_cannot_change_it_says_why() -> None:
    result = sweep_results.result(errors(), grid=GRID)
    own = result.errors
    found = recommend(result, COSTS, own[EQUAL])
    assert found is not None
    assert found.decided is not None
    assert "likeliest value, whatever the costs are" in recommendation_words(result, found)[-1]
    better = own[EQUAL] - [0.05, -0.01, 0.0]
    found = recommend(result, COSTS, better)
    assert found is not None
    said = recommendation_words(result, found)[-1]
    assert "save something" in said
    assert "−0.240" in said


DATA = factories.dataset(300, missing=("BD",), seed=3)


@pytest.mark.parametrize("formulation", ["marginals", "components", "chain", "hybrid"])
def test_decisions_by_cost_are_those_of_a_fit_that_decides_so(formulation: str) -> None:
    experiment = Experiment.for_dataset(DATA, formulation=formulation, epochs=3)
    result = sweep(DATA, experiment, GRID, [0, 1])
    rates = min_cost_errors(
        result.schema,
        experiment,
        [result.answers[j] for j in range(2)],
        [result.true[j] for j in range(2)],
        (1.0, 1.0, 1.0),
    )
    for seed, row in enumerate(rates):
        evaluation = fit(
            DATA,
            experiment.changed(
                decoder="min_cost", seed=seed, split={"test_size": 0.2, "seed": seed}
            ),
        ).evaluation
        expected = [own.rate for own in (*evaluation.components, evaluation.joint)]
        assert row.tolist() == pytest.approx(expected)


def test_a_sweep_knows_its_decision_for_each_costs() -> None:
    own = Sweep(
        InProcess(),
        DATA,
        SweepPlan(Experiment.for_dataset(DATA, epochs=2), GRID, (0, 1, 2)),
    )
    own.start()
    while own.busy:
        own.tick()
    first = own.decision(COSTS)
    assert own.decision(COSTS) is first
    assert first.result().shape == (3, 3)
    assert own.decision((1.0, 5.0, 0.0)) is not first
    found = recommend(own.result, COSTS, first.result())
    assert found is not None
    assert found.decided is not None
