"""What the runs that are over say when held against each other."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.runs.paired import PairedDifference, paired_difference
from lossviz.experiments.statistics import family_confidence
from lossviz.experiments.words import (
    Estimate,
    count,
    listed,
    measured,
    not_better_than_guessing,
    signed,
)
from lossviz.schema import LabelSchema

HOW = (
    "About these trained models, not their formulations: another start or split can say otherwise. "
    "Paired on the same held-out texts; score intervals, which hold together at 95 %. Less or more "
    "often is said where exact McNemar agrees."
)
MOST_NAMED = 3
"""Differences that are not clear, of which all numbers are given."""


def conclusions(evaluations: Mapping[str, Evaluation], schema: LabelSchema) -> tuple[str, ...]:
    """A sentence for each later run that holds it against the first: every difference with its
    interval, whether it is clear or not.

    All intervals hold together at 95 %.
    """
    if len(evaluations) < 2:
        return ()
    first, *others = evaluations
    targets = range(len(schema.names) + 1)
    confidence = family_confidence(len(others) * len(targets))

    def difference(letter: str, target: int) -> PairedDifference:
        sides = (evaluations[run].wrong_on(target) for run in (letter, first))
        return paired_difference(*sides, confidence=confidence)

    return tuple(
        _sentence(letter, first, {schema.target_name(k): difference(letter, k) for k in targets})
        for letter in others
    )


def not_beaten(evaluations: Mapping[str, Evaluation]) -> str:
    """That no run beats guessing on the whole label for sure; empty where one does.

    :param evaluations: by letter, on the same held-out texts.
    """
    if not evaluations:
        return ""
    guess = next(iter(evaluations.values())).guessing.joint
    if any(evaluation.joint.high < guess for evaluation in evaluations.values()):
        return ""
    each = [f"{letter} {measured(run.joint)}" for letter, run in evaluations.items()]
    return not_better_than_guessing("No run beats", guess, f": {listed(each)}")


def _sentence(letter: str, first: str, differences: Mapping[str, PairedDifference]) -> str:
    edge = {
        name: ", though exact McNemar does not reject"
        for name, difference in differences.items()
        if difference.leaves_out_zero
    }
    n = next(iter(differences.values())).n
    return f"{differences_in_words(letter, first, differences, edge)}. n = {n:,}."


class Difference(Estimate, Protocol):
    """The errors of one minus those of another."""

    @property
    def clear(self) -> bool:
        """Whether it may be claimed."""


def differences_in_words(
    name: str,
    other: str,
    differences: Mapping[str, Difference],
    remarks: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """All differences of two runs, with their intervals: what is clear before what is not, and the
    largest first; a sentence without its end.

    :param differences: by what they are wrong on.
    :param remarks: behind the numbers of what is not clear.
    """
    ordered = sorted(differences, key=lambda target: -abs(differences[target].mean))
    clauses = [
        f"{name} is wrong on {target} {'less' if differences[target].mean < 0 else 'more'} often "
        f"than {other}: {signed(differences[target])}"
        for target in ordered
        if differences[target].clear
    ]
    unclear = [target for target in ordered if not differences[target].clear]
    numbers = [
        f"{target} {signed(differences[target])}{remarks.get(target, '')}"
        for target in unclear[:MOST_NAMED]
    ]
    if smaller := len(unclear[MOST_NAMED:]):
        numbers.append(count(smaller, "smaller difference"))
    if numbers:
        against = "" if clauses else f"{name} against {other}, "
        clauses.append(f"{against}not settled: {listed(numbers)}")
    return "; ".join(clauses)
