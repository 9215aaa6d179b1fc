"""The verdict: does it matter what α and β are, by how much, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lossviz.arrays import Doubles
from lossviz.experiments.statistics import LEAST_SEEDS, ErrorRate, Interval
from lossviz.experiments.sweep.choice import chosen_elsewhere
from lossviz.experiments.sweep.effects import Effect, contrast, effects, within
from lossviz.experiments.sweep.explanation import why_none, why_some
from lossviz.experiments.sweep.result import SweepResult
from lossviz.experiments.sweep.words import (
    axis_symbol,
    move_words,
    ratio_words,
    sides_words,
    texts_words,
    weights_words,
)
from lossviz.experiments.unseen import unseen_words
from lossviz.experiments.words import (
    count,
    listed,
    not_better_than_guessing,
    percent,
    rate,
    signed,
    so_far,
    too_few,
)
from lossviz.losses.decoding import DECODERS

REACH = 5.0
"""Ratios that people try: whether it takes more than 1 : 5 to 5 : 1 is said."""

COSTS_MOVE = (
    " No costs are stated, so each point also decides by its own weights as costs: what moves is "
    "the loss and the decision together."
)


@dataclass(frozen=True)
class Guessing:
    """Whether any point beats always saying the training side's commonest label.

    :param error: of the point that is best on the other folds, on the whole label.
    :param guess: of the commonest label, in the mean over the seeds.
    :param change: the error minus that of guessing.
    """

    error: Interval
    guess: float
    change: Interval

    @property
    def beaten(self) -> bool:
        """For sure."""
        return self.change.high < 0.0


@dataclass(frozen=True)
class Verdict:
    """What a sweep says, as sentences worded from its intervals.

    :param headline: whether there is a trade-off; says so where there is no claim yet.
    :param measured: the effects with their intervals, the largest first.
    :param noise: what it is held against, and whether any point beats guessing.
    :param why: what was measured that explains it.
    :param how: what was trained, and how the intervals were made.
    :param contrast: the one effect that the headline is about; None before there is a claim.
    """

    headline: str
    measured: str
    noise: str
    why: str
    how: str
    effects: tuple[Effect, ...]
    contrast: Interval | None = None
    guessing: Guessing | None = None

    @property
    def text(self) -> str:
        """Everything that a stakeholder reads."""
        return " ".join(filter(None, [self.headline, self.measured, self.noise, self.why]))


def verdict(result: SweepResult) -> Verdict:
    """What can be said, given the seeds that are finished."""
    changes = effects(result)
    if result.seeds < LEAST_SEEDS:
        nothing = too_few(result.seeds) if result.finished.any() else ""
        return Verdict(nothing, "", "", "", "", changes)
    trade, guessing = contrast(result), guess(result)
    headline = so_far(result.seeds, len(result.plan.seeds)) + _headline(result, trade)
    if not guessing.beaten:
        headline = f"{_not_beaten(guessing)} {headline}"
    why = why_some(result, changes) if trade.clear else why_none(result, changes, trade)
    unseen = unseen_words(result.unseen.values())
    measured = " ".join(filter(None, [_effects(result, changes), _contrast(result, trade), unseen]))
    return Verdict(
        headline, measured, _noise(result, guessing), why, _how(result), changes, trade, guessing
    )


def guess(result: SweepResult) -> Guessing:
    """What the grid makes of the whole label, beside the commonest one."""
    seeds, whole = result.complete, len(result.schema.names)
    points = result.errors[: len(result.grid.points), list(seeds), whole]
    values = np.asarray(np.eye(whole + 1)[whole])
    chosen = dict(zip(seeds, chosen_elsewhere(result, points), strict=True))
    errors = {j: result.counts(point, j, values) for j, point in chosen.items()}
    guesses = {j: result.guesses[j].joint for j in seeds}
    changes = {j: error - _rows(guesses[j], error) for j, error in errors.items()}
    mean = float(np.mean(list(guesses.values())))
    return Guessing(result.level(chosen, values), mean, result.over_seeds(changes))


def _rows(share: float, error: Doubles) -> Doubles:
    """As many wrong rows as guessing has, the rows that the model is right on first: which ones
    they are is not kept, and so they differ as much as they can."""
    wrong = np.zeros(error.shape[1])
    order = np.argsort(error.mean(axis=0), kind="stable")
    wrong[order[: round(share * len(wrong))]] = 1.0
    return wrong


# Its sentences


def _not_beaten(guessing: Guessing) -> str:
    best = f" (the best point: {rate(guessing.error)})"
    return not_better_than_guessing("No weights of this grid beat", guessing.guess, best)


def _headline(result: SweepResult, trade: Interval) -> str:
    """One claim, about one effect."""
    experiment = result.plan.experiment
    trained = f"in {experiment.formulation} with {experiment.model.words}"
    first, second = (result.schema.names[k] for k in result.grid.pair)
    weights = weights_words(result.grid)
    if trade.high < 0.0:
        return f"{weights} trade {first} against {second}, {trained}."
    if trade.low > 0.0:
        return (
            f"{weights} matter {trained}, but not as one would expect: the heavier part is wrong "
            "more."
        )
    return f"{weights} trade nothing that these data can show, {trained}: {signed(trade)}."


def _effects(result: SweepResult, changes: Sequence[Effect]) -> str:
    sentences = []
    for axis in result.grid.axes:
        here = sorted(
            (effect for effect in changes if effect.axis == axis),
            key=lambda effect: -abs(effect.change.mean),
        )
        errors = [
            f"{result.schema.target_name(effect.target)} by {signed(effect.change)}"
            for effect in here
        ]
        sentences.append(
            f"Moving {move_words(result.grid, axis)} changes how often it is wrong on "
            f"{listed(errors)}."
        )
    return " ".join(sentences)


def _contrast(result: SweepResult, trade: Interval) -> str:
    said = f"A weight's part minus the other part: {signed(trade)}."
    if result.grid.kind != "ratio":
        return said
    inner = contrast(result, REACH)
    ends = within(result, 0, REACH)[0].tolist()
    low, high = (ratio_words(result.grid.ratios[end]) for end in ends)
    if not trade.clear or ends in ([ends[0]] * 2, [0, len(result.grid.ratios) - 1]):
        return said
    if inner.clear:
        return f"{said} Already between {low} and {high}: {signed(inner)}."
    return f"{said} Between {low} and {high} nothing moves for sure: {signed(inner)}."


# What it has to be held against


def _noise(result: SweepResult, guessing: Guessing) -> str:
    errors = result.errors[: len(result.grid.points)]
    spread = float(np.sqrt(np.nanmean(np.nanvar(errors, axis=1, ddof=1))))
    held_out = result.held_out[0]
    # Of each part and of the whole label, in the mean over all points.
    middle = np.nanmean(result.means, axis=0).tolist()
    rates = [ErrorRate.of(round(share * held_out), held_out) for share in middle]
    widest = max((each.high - each.low) / 2.0 for each in rates)
    beaten = (
        f" The best point is wrong on {rate(guessing.error)} of the whole labels, guessing the "
        f"commonest one on {percent(guessing.guess)}."
        if guessing.beaten
        else ""
    )
    return (
        f"For comparison: a single error moves by {100 * spread:.1f} points from seed to seed "
        f"(standard deviation), and by up to {100 * widest / 1.96:.1f} with a test set of "
        f"{held_out:,} texts alone. The changes above are paired, so most of both is out of "
        f"them.{beaten}"
    )


def _how(result: SweepResult) -> str:
    experiment, grid = result.plan.experiment, result.grid
    over = "" if grid.kind == "ratio" else ", on average over the other weight"
    mean = "at one mean weight" if grid.kind == "ratio" else "their common size varies as well"
    starts = result.plan.starts
    begun = f", from {starts} starts each" if starts > 1 else ""
    return (
        f"Trained: {experiment.formulation}, {experiment.words('model', 'epochs')}, "
        f"{axis_symbol(grid, 0)} {mean}. Error at one end minus error at the other{over}; "
        f"{count(result.seeds, 'seed')}{begun} (same seed, same split, same start), "
        f"{texts_words(result)} held-out texts each, trained on {sides_words(result)[0]} others "
        "(Train sets a tenth of them aside to watch). 95 % intervals over texts, starts and "
        "training sets together (variance components; Satterthwaite 1946, Nadeau & Bengio 2003); "
        "the headline is about the difference of the two parts alone."
        + (COSTS_MOVE if DECODERS[experiment.decoder].weighted and not experiment.costs else "")
    )
