"""The recommendation: the cheapest weights, judged on seeds that did not choose them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lossviz.compute.campaigns import Sweep, sweep
from lossviz.compute.workers import InProcess
from lossviz.engine.fit import fit
from lossviz.engine.judging import min_cost_errors
from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.sweep.choice import chosen_elsewhere, front
from lossviz.experiments.sweep.grid import Grid
from lossviz.experiments.sweep.plan import SweepPlan
from lossviz.experiments.sweep.recommendation import (
    SIZE,
    Costs,
    Recommendation,
    recommend,
    recommendation_words,
)
from tests.support import factories, sweep_results

GRID = Grid(2, steps=3)
EQUAL = GRID.equal
COSTS = (5.0, 1.0, 0.0)
HIGH = 3
"""The place of 10 : 1, which is nearest to 5 : 1; behind it stands 100 : 1."""


def errors(seeds: int = 5, noise: float = 0.004) -> np.ndarray:
    return 0.3 + noise * np.random.default_rng(5).standard_normal((5, seeds, 3))


def recommended(errors: np.ndarray, costs: Costs = COSTS) -> Recommendation:
    recommendation = recommend(sweep_results.result(errors, grid=GRID), costs)
    assert recommendation is not None
    return recommendation


def test_weights_in_the_ratio_of_the_costs_are_recommended_where_they_save() -> None:
    rates = errors()
    rates[HIGH, :, 0] -= 0.1
    result = sweep_results.result(rates, grid=GRID)
    recommendation = recommend(result, COSTS)
    assert recommendation is not None
    assert recommendation.weights == HIGH
    judged = recommendation.judged
    assert judged is recommendation.stated
    assert judged.cheaper == 5
    assert judged.saving.mean == pytest.approx(-0.5, abs=0.05)
    assert judged.level.mean == pytest.approx(float((result.errors[HIGH] @ COSTS).mean()), abs=0.01)
    words = " ".join(recommendation_words(result, recommendation))
    assert "a wrong first costs 5 and a wrong second 1" in words
    assert "train with α = 1.8 and β = 0.18, the ratio of the costs" in words
    assert "in 5 of 5 seeds" in words


def test_a_point_that_was_not_stated_has_to_be_clear_on_folds_that_did_not_choose_it() -> None:
    rates = errors()
    rates[0, :, 0] -= 0.1
    recommendation = recommended(rates)
    assert recommendation.weights == recommendation.point == 0
    assert recommendation.judged is recommendation.chosen
    assert recommendation.chosen.saving.mean == pytest.approx(-0.5, abs=0.05)


def test_what_is_cheapest_in_one_fold_alone_is_not_judged_there() -> None:
    rates = errors(noise=0.0)
    rates[0, 0, 0] -= 0.2
    rates[1, 1:, 0] -= 0.01
    chosen = recommended(rates).chosen
    # Its fold is judged on the second point, which is the cheapest elsewhere; the others on it.
    assert chosen.saving.mean == pytest.approx(0.0, abs=0.001)
    assert chosen.level.mean == pytest.approx(1.8, abs=0.001)


def test_choices_are_made_on_other_folds_of_the_same_shuffle() -> None:
    rates = errors(10, noise=0.0)
    rates[0, :5, 0] -= 0.1
    rates[1, 5:, 0] -= 0.1
    result = sweep_results.result(rates, grid=GRID)
    assert chosen_elsewhere(result, rates[..., 0]) == (0,) * 5 + (1,) * 5


@pytest.mark.parametrize(
    ("test_size", "chosen"),
    [(0.2, (1, 1, 1, 1, 1, EQUAL)), (0.5, (1, 1, 1, 1, 1, 1)), (0.6, (EQUAL,) * 6)],
)
def test_nothing_is_chosen_by_texts_that_judge_it(
    test_size: float, chosen: tuple[int, ...]
) -> None:
    """Of six seeds the last is alone in its shuffle; of halves each has one other."""
    split = {"test_size": test_size}
    result = sweep_results.result(errors(6), grid=GRID, split=split)
    values = np.ones((5, 6))
    values[1] = 0.0
    assert chosen_elsewhere(result, values) == chosen
    recommendation = recommend(result, COSTS)
    assert recommendation is not None
    alone = chosen.count(EQUAL)
    words = " ".join(recommendation_words(result, recommendation))
    assert (f"({alone} on equal weights: no other fold tests other texts)" in words) == (alone > 0)


def test_the_luckiest_of_many_points_is_not_recommended() -> None:
    """Noise alone: the cheapest of five looks cheaper than equal weights, and is not."""
    wrong = 0
    for seed in range(50):
        random = np.random.default_rng(seed)
        recommendation = recommended(random.binomial(1_000, 0.3, (5, 5, 3)) / 1_000)
        wrong += recommendation.worth_it
    assert wrong <= 5


def test_of_equal_costs_there_is_nothing_to_state_beforehand() -> None:
    assert recommended(errors(), (1.0, 1.0, 0.0)).stated is None


def test_points_that_cannot_be_told_from_the_cheapest_are_counted() -> None:
    rates = errors(noise=0.0)
    rates[:, :, 0] += np.linspace(0.0, 0.08, 5)[:, None]
    rates[1] = rates[0]
    recommendation = recommended(rates)
    assert recommendation.point == 0
    assert recommendation.alike == 1


@pytest.mark.parametrize(("optimiser", "said"), [("sgd", True), ("adagrad", False)])
def test_where_weights_are_step_sizes_it_is_said_beside_them(optimiser: str, said: bool) -> None:
    rates = errors()
    rates[HIGH, :, 0] -= 0.1
    fields = {"formulation": "components", "optimiser": {"name": optimiser}}
    result = sweep_results.result(rates, grid=GRID, **fields)
    recommendation = recommend(result, COSTS)
    assert recommendation is not None
    assert recommendation.weights == HIGH
    assert (SIZE in " ".join(recommendation_words(result, recommendation))) == said


def test_too_few_seeds_are_no_recommendation() -> None:
    assert recommend(sweep_results.result(errors(2), grid=GRID), COSTS) is None
    half = errors()
    half[4, 2:] = np.nan
    assert recommend(sweep_results.result(half, grid=GRID), COSTS) is None


def test_where_decisions_cannot_change_it_says_why() -> None:
    result = sweep_results.result(errors(), grid=GRID)
    recommendation = recommend(result, COSTS, result.first_errors[EQUAL])
    assert recommendation is not None
    assert recommendation.decided is not None
    assert (
        "likeliest value, whatever the costs are"
        in recommendation_words(result, recommendation)[-1]
    )
    better = result.first_errors[EQUAL] - [0.05, -0.01, 0.0]
    recommendation = recommend(result, COSTS, better)
    assert recommendation is not None
    words = recommendation_words(result, recommendation)[-1]
    assert "save something" in words
    assert "−0.240" in words


@pytest.mark.parametrize("more", [0.02, 0.0, -0.02])
def test_a_decision_is_held_against_the_weights_seed_by_seed(more: float) -> None:
    rates = errors()
    rates[HIGH, :, 0] -= 0.1
    result = sweep_results.result(rates, grid=GRID)
    weights = recommended(rates).judged.each
    decided = result.first_errors[EQUAL].copy()
    decided[:, 0] += np.array(weights) / COSTS[0] + more
    recommendation = recommend(result, COSTS, decided)
    assert recommendation is not None
    assert recommendation.beside is not None
    assert recommendation.beside.mean == pytest.approx(5 * more, abs=1e-9)
    assert recommendation.beside.low < 5 * more < recommendation.beside.high
    # The weights differ from fold to fold, and the decision with them.
    assert recommendation.beside.high - recommendation.beside.low < 0.01


@pytest.mark.parametrize("place", [HIGH, 0, None])
def test_both_comparisons_are_said_with_their_size(place: int | None) -> None:
    rates = errors()
    if place is not None:
        rates[place, :, 0] -= 0.1
    result = sweep_results.result(rates, grid=GRID)
    recommendation = recommend(result, COSTS)
    assert recommendation is not None
    assert recommendation.stated is not None
    assert recommendation.weights == place
    words = " ".join(recommendation_words(result, recommendation))
    for judged in (recommendation.stated, recommendation.chosen):
        assert f"{judged.saving.mean:+.3f}".replace("-", "−") in words


def test_of_several_starts_the_decision_is_compared_with_the_one_that_it_decides_for() -> None:
    data = factories.dataset(120)
    experiment = Experiment.for_dataset(data, model={"kind": "hidden", "width": 1}, epochs=2)
    result = sweep(data, experiment, GRID, range(3))
    recommendation = recommend(result, COSTS, min_cost_errors(*result.undecided, COSTS))
    assert recommendation is not None
    assert recommendation.decided is not None
    assert recommendation.decided.mean == pytest.approx(0.0, abs=1e-12)


DATA = factories.dataset(300, missing=("BD",), seed=3)
SINGLE = factories.with_a_single_text(DATA)
NEW = {"test_size": 0.2, "combinations": "new"}


def point_fitted(experiment: Experiment, seed: int, **fields: object) -> Evaluation:
    """What a fit finds that has the seed of a sweep."""
    split = {**experiment.split.model_dump(), "seed": seed}
    return fit(SINGLE, experiment.changed(seed=seed, split=split, **fields)).evaluation


@pytest.mark.parametrize("split", [{}, NEW], ids=["texts", "combinations"])
@pytest.mark.parametrize("formulation", ["marginals", "components", "chain", "hybrid"])
def test_answers_are_kept_to_what_the_training_side_of_each_seed_has(
    formulation: str, split: dict[str, object]
) -> None:
    """Decisions by costs, and the answers that a point's count calls impossible."""
    experiment = Experiment.for_dataset(SINGLE, formulation=formulation, epochs=3, split=split)
    seeds, costs = range(5), (1.0, 1.0, 1.0)
    result = sweep(SINGLE, experiment, GRID, seeds)
    rates = min_cost_errors(*result.undecided, costs)
    for seed, row in enumerate(rates):
        evaluation = point_fitted(experiment, seed, decoder="min_cost", costs=costs)
        expected = [rate.rate for rate in (*evaluation.components, evaluation.joint)]
        assert row.tolist() == pytest.approx(expected)
    point = result.evaluation(EQUAL)
    assert point is not None
    fits = [point_fitted(experiment, seed) for seed in seeds]
    assert point.impossible == sum(evaluation.impossible for evaluation in fits)
    assert [result.unseen[seed] for seed in seeds] == [each.unseen for each in fits]
    assert result.lacking


def test_of_new_combinations_the_choice_is_made_where_others_are_tested() -> None:
    """Each of four combinations is a fold: seeds 4 to 7 test them again."""
    data = factories.dataset(300, seed=3)
    result = sweep(data, Experiment.for_dataset(data, epochs=1, split=NEW), GRID, range(8))
    held_out = [set(range(4)) - set(result.occurring[j].tolist()) for j in range(8)]
    assert sorted(map(tuple, held_out[:4])) == sorted(map(tuple, held_out[4:]))
    for j, combination in enumerate(held_out):
        values = np.ones((len(GRID.points), 8))
        again = [k for k in range(8) if held_out[k] == combination]
        values[3, again] = 0.0  # the cheapest by far, where the same combination is tested
        values[1, [k for k in range(8) if k not in again]] = 0.5
        assert chosen_elsewhere(result, values)[j] == 1


def test_where_one_combination_alone_can_be_held_out_nothing_is_chosen() -> None:
    result = sweep(DATA, Experiment.for_dataset(DATA, epochs=1, split=NEW), GRID, range(4))
    values = np.random.default_rng(0).random((len(GRID.points), 4))
    assert chosen_elsewhere(result, values) == (EQUAL,) * 4


@pytest.mark.parametrize("split", [{}, NEW], ids=["texts", "combinations"])
def test_where_the_file_says_what_is_held_out_every_seed_tests_it_again(
    split: dict[str, object],
) -> None:
    data = replace(DATA, sides=np.where(np.arange(len(DATA)) % 5, 0, 2).astype(np.int8))
    result = sweep(data, Experiment.for_dataset(data, epochs=1, split=split), GRID, range(4))
    values = np.random.default_rng(0).random((len(GRID.points), 4))
    assert result.sides(range(4)) == (0, 0, 0, 0)
    assert chosen_elsewhere(result, values) == (EQUAL,) * 4
    assert front(result) == ()
    recommendation = recommend(result, COSTS)
    assert recommendation is not None
    assert recommendation.alike == len(GRID.points) - 1


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
