"""The recommendation: which α and β for stated costs, how sure, and what deciding by them does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose

import numpy as np

from lossviz.arrays import Doubles
from lossviz.experiments.statistics import LEAST_SEEDS, Interval
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.words import listed, minus, two_digits, weight_symbol

Costs = tuple[float, ...]
"""What a wrong component costs, for each of them, and what a wrong whole label costs besides."""


@dataclass(frozen=True)
class Recommendation:
    """What to do where mistakes cost this much.

    :param point: the place of the cheapest point of the grid, in the mean over the seeds.
    :param cost: what a text costs with it.
    :param equal: what a text costs with equal weights.
    :param saving: cost minus that of equal weights, where each seed is judged on the point that is
        cheapest for the *other* seeds: the cheapest of many looks better than it is.
    :param cheaper: seeds in which that was cheaper than equal weights.
    :param alike: points that the seeds cannot tell from the cheapest one, without itself.
    :param decided: what a text costs where nothing but the decision changes, minus that of equal
        weights; None where it is not known.
    """

    costs: Costs
    point: int
    cost: Interval
    equal: Interval
    saving: Interval
    cheaper: int
    alike: int
    decided: Interval | None

    @property
    def worth_it(self) -> bool:
        """Whether training with these weights saves something for sure."""
        return self.saving.high < 0.0


def recommend(
    result: SweepResult, costs: Costs, decided: Doubles | None = None
) -> Recommendation | None:
    """For these costs; None while there are too few seeds for any claim.

    :param decided: ``(J, K + 1)``, the errors of equal weights with ``min_cost`` decisions.
    """
    seeds = np.flatnonzero(result.finished.all(axis=0))
    if len(seeds) < LEAST_SEEDS:
        return None
    every = result.costs(np.array(costs))[:, seeds]
    grid = every[: len(result.grid.points)]
    equal = every[result.grid.equal]
    point = int(grid.mean(axis=1).argmin())
    left_out = [int(np.delete(grid, j, axis=1).mean(axis=1).argmin()) for j in range(len(seeds))]
    saved = grid[left_out, range(len(seeds))] - equal

    def over_seeds(values: Doubles) -> Interval:
        every_seed = np.full(len(result.plan.seeds), np.nan)
        every_seed[seeds] = values
        return _interval(result, costs, every_seed)

    differences = [over_seeds(other - grid[point]) for other in grid]
    return Recommendation(
        costs,
        point,
        over_seeds(grid[point]),
        over_seeds(equal),
        over_seeds(saved),
        int((saved < 0.0).sum()),
        sum(not other.clear for other in differences) - 1,
        None if decided is None else over_seeds(decided @ np.array(costs) - equal),
    )


def _interval(result: SweepResult, costs: Costs, values: Doubles) -> Interval:
    """Of ``(J,)`` values in units of cost: one row more or less wrong is worth what it costs."""
    scale = max(*costs, 1e-12)
    share = result.interval(values / scale)
    return Interval(scale * share.mean, scale * share.low, scale * share.high, share.seeds)


def recommendation_words(result: SweepResult, recommendation: Recommendation) -> tuple[str, ...]:
    """What is recommended, how sure it is, and what the decision alone achieves."""
    return (
        _what(result, recommendation),
        _how_sure(result, recommendation),
        *_decision(result, recommendation),
    )


def stated(result: SweepResult, costs: Costs) -> str:
    """``a wrong arousal costs 5 and a wrong valence 1``."""
    clauses = [
        f"a wrong {name} {'costs ' if k == 0 else ''}{cost:g}"
        for k, (name, cost) in enumerate(zip(result.schema.names, costs, strict=False))
    ]
    if costs[-1]:
        clauses.append(f"a wrong whole label {costs[-1]:g} besides")
    return listed(clauses)


def member_words(result: SweepResult, member: int) -> str:
    """``α = 4.6 and β = 0.46``."""
    point = result.grid.members[member]
    return listed([f"{weight_symbol(k)} = {two_digits(point[k])}" for k in result.grid.pair])


def _what(result: SweepResult, recommendation: Recommendation) -> str:
    if not recommendation.worth_it:
        cheapest = "equal weights themselves are the cheapest point of the grid"
        if recommendation.point != result.grid.equal:
            cheapest = (
                "the cheapest point of the grid (here "
                f"{member_words(result, recommendation.point)}) changes "
                f"the cost of a text by {_change(recommendation.saving)} on the seed left out of "
                "the choice"
            )
        return (
            f"If {stated(result, recommendation.costs)}: no weights are clearly cheaper than equal "
            "ones; "
            f"{cheapest}."
        )
    return (
        f"If {stated(result, recommendation.costs)}: train with "
        f"{member_words(result, recommendation.point)}. A text "
        f"then costs {_cost(recommendation.cost)} on average instead of "
        f"{_cost(recommendation.equal)} with equal "
        f"weights: {_change(recommendation.saving)}."
    )


def _how_sure(result: SweepResult, recommendation: Recommendation) -> str:
    others = len(result.grid.points) - 1
    return (
        f"How sure: cheaper than equal weights in {recommendation.cheaper} of "
        f"{recommendation.saving.seeds} seeds, each "
        "judged on the point that is best for the other seeds; "
        f"{recommendation.alike} of the {others} other points cannot be told from the cheapest."
    )


def _decision(result: SweepResult, recommendation: Recommendation) -> tuple[str, ...]:
    if recommendation.decided is None:
        return ()
    start = (
        "At decision time alone, with no α or β in the loss: equal weights in training and the "
        "cheapest label (min_cost) for these costs"
    )
    if isclose(recommendation.decided.mean, 0.0, abs_tol=1e-9) and _nothing_to_decide(
        result, recommendation.costs
    ):
        return (
            f"{start} change nothing. Every combination occurs and these costs add up, so the "
            "cheapest label is each part's likeliest value, whatever the costs are.",
        )
    verb = "save" if recommendation.decided.high < 0 else "cost"
    if not recommendation.decided.clear:
        return (f"{start} make no clear difference: {_change(recommendation.decided)} per text.",)
    compared = ""
    if recommendation.worth_it and verb == "save":
        more = recommendation.decided.mean < recommendation.saving.mean
        compared = ", more than the weights in training" if more else ", less than the weights do"
    return (f"{start} {verb} something: {_change(recommendation.decided)} per text{compared}.",)


def _nothing_to_decide(result: SweepResult, costs: Sequence[float]) -> bool:
    return len(result.schema.classes) == result.schema.possible and not costs[-1]


def _cost(interval: Interval) -> str:
    return f"{interval.mean:.3f} [{max(interval.low, 0.0):.3f}, {interval.high:.3f}]"


def _change(interval: Interval) -> str:
    mean, low, high = (f"{cost:+.3f}" for cost in (interval.mean, interval.low, interval.high))
    return minus(f"{mean} [{low}, {high}]")
