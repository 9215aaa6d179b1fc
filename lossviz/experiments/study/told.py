"""Whether fixed weights do what they are told, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lossviz.experiments.runs.comparison import MOST_NAMED
from lossviz.experiments.statistics import LEAST_SEEDS, Interval, family_confidence
from lossviz.experiments.study.plan import Arm
from lossviz.experiments.study.result import Repeats
from lossviz.experiments.words import listed, points, signed


@dataclass(frozen=True)
class Favour:
    """A component where it is favoured, held against where another one is."""

    component: int
    arm: Arm
    other: Arm
    difference: Interval


def comparisons(repeats: Repeats) -> int:
    """How many differences are looked at, whether or not they are finished."""
    parts = len(repeats.schema.names)
    return parts + (parts + 1) * sum(not arm.told for arm in repeats.arms)


def favours(repeats: Repeats) -> list[Favour]:
    """Whether fixed weights do what they are told; from three seeds on."""
    confidence = family_confidence(comparisons(repeats))
    return [
        Favour(k, arm, other, repeats.difference(arm, other, k, confidence=confidence))
        for k, (arm, other) in enumerate(_favoured(repeats))
        if len(repeats.paired(arm, other)) >= LEAST_SEEDS
    ]


def _favoured(repeats: Repeats) -> list[tuple[Arm, Arm]]:
    arms = [arm for arm in repeats.arms if arm.told]
    if len(repeats.schema.names) == 2:
        return [(arms[0], arms[-1]), (arms[-1], arms[0])]
    favouring = [arm for arm in arms if not arm.equal]
    return list(zip(favouring, [*favouring[1:], *favouring[:1]], strict=True))


def obedience(repeats: Repeats, effects: Sequence[Favour]) -> str:
    """Whether α and β do something when they are set."""
    if not effects:
        return ""
    obeyed = sum(effect.difference.high < 0 for effect in effects)
    if obeyed == len(effects):
        return "Fixed weights do what they are told on every part."
    if obeyed:
        return "Fixed weights do what they are told on some parts."
    largest = max(effects, key=lambda effect: abs(effect.difference.mean))
    return (
        f"Fixed weights move no part for sure; the largest effect is {_number(repeats, largest)}."
    )


def effects_told(repeats: Repeats, effects: Sequence[Favour]) -> str:
    """The effect on every part; a sentence without its end."""
    clauses = [
        f"with {effect.arm.label} wrong on {repeats.schema.names[effect.component]} "
        + points(effect.difference, f" than with {effect.other.label}")
        for effect in effects
        if effect.difference.clear
    ]
    if unclear := [effect for effect in effects if not effect.difference.clear]:
        numbers = [_number(repeats, effect) for effect in unclear[:MOST_NAMED]]
        clauses.append(f"not settled: {listed(numbers)}")
    return "; ".join(clauses)


def _number(repeats: Repeats, effect: Favour) -> str:
    """``−0.3 points [−1.5, +0.9] on valence, with 10:1 against 1:10``."""
    ratios = f"with {effect.arm.label} against {effect.other.label}"
    return f"{signed(effect.difference)} on {repeats.schema.names[effect.component]}, {ratios}"
