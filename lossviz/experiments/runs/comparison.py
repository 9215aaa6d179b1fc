"""What the runs that are over say when held against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.runs.paired import PairedDifference, paired_difference
from lossviz.experiments.statistics import family_confidence
from lossviz.experiments.words import count, listed, signed
from lossviz.schema import LabelSchema

HOW = (
    "This is about these trained models, not about their formulations: another start or split can "
    "say otherwise. Paired on the same held-out texts; the score intervals hold together at 95 %, "
    "and less or more often is said where exact McNemar agrees."
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


def _sentence(letter: str, first: str, differences: Mapping[str, PairedDifference]) -> str:
    """Largest first; what is clear before what is not."""
    ordered = sorted(differences, key=lambda name: -abs(differences[name].mean))
    clear = [name for name in ordered if differences[name].clear]
    unclear = [name for name in ordered if not differences[name].clear]
    clauses = [_claim(letter, first, name, differences[name]) for name in clear]
    if unclear:
        against = "" if clear else f"{letter} against {first}, "
        clauses.append(f"{against}not settled: {_unsettled(unclear, differences)}")
    return f"{'; '.join(clauses)}. n = {differences[ordered[0]].n:,}."


def _claim(letter: str, first: str, name: str, pair: PairedDifference) -> str:
    often = "less" if pair.mean < 0 else "more"
    return f"{letter} is wrong on {name} {often} often than {first}: {signed(pair)}"


def _unsettled(names: Sequence[str], differences: Mapping[str, PairedDifference]) -> str:
    numbers = [
        f"{name} {signed(differences[name])}"
        + (", though exact McNemar does not reject" if differences[name].leaves_out_zero else "")
        for name in names[:MOST_NAMED]
    ]
    smaller = len(names) - MOST_NAMED
    return listed([*numbers, *([count(smaller, "smaller difference")] if smaller > 0 else [])])
