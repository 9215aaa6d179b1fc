"""The recommendation: which α and β for stated costs, how sure, and what deciding by them does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isclose

import numpy as np

from lossviz.arrays import Doubles
from lossviz.experiments.sides import by_side
from lossviz.experiments.statistics import (
    LEAST_SEEDS,
    Interval,
    interval,
    multiple_comparison_with_the_best,
)
from lossviz.experiments.sweep.choice import chosen_elsewhere, elsewhere
from lossviz.experiments.sweep.explanation import of_size
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import sides_words
from lossviz.experiments.words import listed, minus, two_digits, weight_symbol

SIZE = (
    " With separate parts and this optimiser a weight is the size of a part's gradient, beside "
    "nothing that costs: another learning rate or weight decay may save as much."
)
Costs = tuple[float, ...]
"""What a wrong component costs, for each of them, and what a wrong whole label costs besides."""


@dataclass(frozen=True)
class AgainstEqual:
    """A point, or a way to choose one, on texts that did not choose it.

    :param saving: what a text costs, minus what it costs with equal weights.
    :param level: what a text costs.
    :param each: the saving of each seed.
    """

    saving: Interval
    level: Interval
    each: tuple[float, ...]

    @property
    def cheaper(self) -> int:
        """Seeds in which it is cheaper than equal weights."""
        return sum(saving < 0.0 for saving in self.each)

    @property
    def clear(self) -> bool:
        """Whether it saves something for sure."""
        return self.saving.high < 0.0


@dataclass(frozen=True)
class Recommendation:
    """What to do where mistakes cost this much.

    Two comparisons with equal weights are made. The first is stated beforehand: weights in the
    ratio of the costs. The second is chosen: of each fold's texts the point is judged that is the
    cheapest on the other folds, since the cheapest of many looks better than it is. Where there are
    two, the second has to be clear at 97.5 %.

    :param point: the place of the cheapest point of the grid, in the mean over the seeds.
    :param equal: what a text costs with equal weights.
    :param asked: the place of the point whose ratio is nearest to that of the costs; that of equal
        weights where they are alike.
    :param stated: that point, judged; None where it is that of equal weights.
    :param chosen: choosing the cheapest, judged.
    :param alike: points that cannot be told from the cheapest one, without itself.
    :param decided: what a text costs where nothing but the decision changes, minus that of equal
        weights; None where it is not known.
    :param beside: that change minus what :attr:`judged` saves, seed by seed.
    """

    costs: Costs
    point: int
    equal: Interval
    asked: int
    stated: AgainstEqual | None
    chosen: AgainstEqual
    alike: int
    decided: Interval | None = None
    beside: Interval | None = None

    @property
    def weights(self) -> int | None:
        """The place of the point to train with; None where none is clearly cheaper."""
        if self.stated is not None and self.stated.clear:
            return self.asked
        return self.point if self.chosen.clear else None

    @property
    def judged(self) -> AgainstEqual:
        """The comparison that decides, or would have."""
        return self.stated if self.stated is not None and self.stated.clear else self.chosen

    @property
    def worth_it(self) -> bool:
        """Whether training with other weights saves something for sure."""
        return self.weights is not None


def recommend(
    result: SweepResult, costs: Costs, decided: Doubles | None = None
) -> Recommendation | None:
    """For these costs; None while there are too few seeds for any claim.

    :param decided: ``(J, K + 1)``, the errors of equal weights with ``min_cost`` decisions.
    """
    seeds = result.complete
    if len(seeds) < LEAST_SEEDS:
        return None
    values = np.array(costs)
    every = result.costs(values)[:, list(seeds)]
    grid, equal = every[: len(result.grid.points)], result.grid.equal
    first, second = (costs[k] for k in result.grid.pair)
    asked = result.grid.nearest(first, second) if first and second else result.grid.middle
    choices = dict(zip(seeds, chosen_elsewhere(result, grid), strict=True))
    rows, sides = result.rows[list(seeds)], result.sides(seeds)
    best = multiple_comparison_with_the_best(
        by_side(grid, sides), rows, grain=max(costs) / rows[0, 1]
    )
    point = int(grid.mean(axis=1).argmin())
    recommendation = Recommendation(
        costs,
        point,
        result.mean(equal, values),
        asked,
        None if asked == equal else _judge(result, values, dict.fromkeys(seeds, asked), 0.95),
        _judge(result, values, choices, 0.95 if asked == equal else 0.975),
        int(best.sum()) - int(best[point]),
    )
    return recommendation if decided is None else _decided(result, recommendation, decided)


def _judge(
    result: SweepResult, values: Doubles, points: dict[int, int], confidence: float
) -> AgainstEqual:
    """:param points: by seed, the place of the point that is judged on its held-out rows."""
    savings = {}
    for j, point in points.items():
        level = result.counts(point, j, values)
        equal = result.counts(result.grid.equal, j, values)
        starts = min(len(level), len(equal))
        savings[j] = level[:starts] - equal[:starts]
    return AgainstEqual(
        result.over_seeds(savings, confidence=confidence),
        result.level(points, values),
        tuple(float(saving.mean()) for saving in savings.values()),
    )


def _decided(
    result: SweepResult, recommendation: Recommendation, decided: Doubles
) -> Recommendation:
    """With what other decisions of the first start of equal weights change, in units of cost: one
    row more or less wrong is worth what it costs."""
    seeds, values = list(result.complete), np.array(recommendation.costs)
    rows = result.rows[seeds]
    grain = float(values.max()) / rows[0, 1]
    changes = (decided - result.first_errors[result.grid.equal, seeds]) @ values
    change, beside = (
        interval(by_side(each, result.sides(seeds)), rows, grain=grain)
        for each in (changes, changes - recommendation.judged.each)
    )
    return replace(recommendation, decided=change, beside=beside)


def recommendation_words(result: SweepResult, recommendation: Recommendation) -> tuple[str, ...]:
    """What is recommended, how sure it is, and what the decision alone achieves."""
    return (
        _what(result, recommendation),
        *_chosen(result, recommendation),
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
    costs, weights = stated(result, recommendation.costs), recommendation.weights
    if weights is None:
        cheapest = "equal weights themselves are the cheapest point of the grid"
        if recommendation.stated is not None:
            cheapest = _asked(result, recommendation)
        elif recommendation.point != result.grid.equal:
            cheapest = _cheapest(result, recommendation)
        return f"If {costs}: no weights are clearly cheaper than equal ones; {cheapest}."
    judged = recommendation.judged
    why = "" if weights != recommendation.asked else ", the ratio of the costs"
    return (
        f"If {costs}: train with {member_words(result, weights)}{why}. A text then costs "
        f"{_cost(judged.level)} on average instead of {_cost(recommendation.equal)} with equal "
        f"weights: {_change(judged.saving)}."
    )


def _asked(result: SweepResult, recommendation: Recommendation) -> str:
    assert recommendation.stated is not None
    return (
        f"weights in the ratio of the costs ({member_words(result, recommendation.asked)}) "
        f"change the cost of a text by {_change(recommendation.stated.saving)}"
    )


def _cheapest(result: SweepResult, recommendation: Recommendation) -> str:
    return (
        f"the cheapest point of the grid (here {member_words(result, recommendation.point)}) "
        f"changes the cost of a text by {_change(recommendation.chosen.saving)} on folds that did "
        "not choose it"
    )


def _chosen(result: SweepResult, recommendation: Recommendation) -> tuple[str, ...]:
    """Of the two comparisons the one that has not been said."""
    if recommendation.stated is None:
        return ()
    said = recommendation.weights is not None and recommendation.judged is recommendation.chosen
    sentence = (_asked if said else _cheapest)(result, recommendation)
    return (f"{sentence[0].upper()}{sentence[1:]}.",)


def _how_sure(result: SweepResult, recommendation: Recommendation) -> str:
    judged, others = recommendation.judged, len(result.grid.points) - 1
    chosen = judged is recommendation.chosen
    how = (
        "each judged on the point that is cheapest on the other folds"
        if chosen
        else "a comparison that was fixed before anything was trained"
    )
    alone = int((~elsewhere(result).any(axis=1)).sum()) if chosen else 0
    if alone:
        how += f" ({alone} on equal weights: no other fold tests other texts)"
    train, held_out = sides_words(result)
    return (
        f"How sure: cheaper than equal weights in {judged.cheaper} of {judged.saving.seeds} seeds "
        f"({train} texts to train, {held_out} held out), {how}; {recommendation.alike} of the "
        f"{others} other points cannot be told from the cheapest."
        + (SIZE if recommendation.worth_it and of_size(result) else "")
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
    verb = "save something" if recommendation.decided.high < 0 else "cost something"
    if not recommendation.decided.clear:
        verb = "make no clear difference"
    compared = ""
    if recommendation.worth_it and recommendation.beside is not None:
        compared = f"; beside the weights in training that is {_change(recommendation.beside)}"
    return (f"{start} {verb}: {_change(recommendation.decided)} per text{compared}.",)


def _nothing_to_decide(result: SweepResult, costs: Sequence[float]) -> bool:
    return not result.lacking and not costs[-1]


def _cost(interval: Interval) -> str:
    return f"{interval.mean:.3f} [{interval.low:.3f}, {interval.high:.3f}]"


def _change(interval: Interval) -> str:
    mean, low, high = (f"{cost:+.3f}" for cost in (interval.mean, interval.low, interval.high))
    return minus(f"{mean} [{low}, {high}]")
