"""What takes longer of a profile, as JSON."""

from __future__ import annotations

from typing import Any, cast

from lossviz.experiments.closer_look import (
    LEAST_SIMILARITY,
    Hardness,
    Leakage,
    NearDuplicates,
    Target,
)
from lossviz.experiments.plain import plain


def closer_json(near: NearDuplicates | None, hardness: Hardness | None) -> dict[str, Any]:
    """The keys ``near_duplicates``, ``leakage`` and ``hardness``; null where nothing is known."""
    leakage = None if near is None else near.leakage
    report = {
        "near_duplicates": None if near is None else _near(near),
        "leakage": None if leakage is None else _leakage(leakage),
        "hardness": None if hardness is None else _hardness(hardness),
    }
    return cast("dict[str, Any]", plain(report))


def _near(near: NearDuplicates) -> dict[str, Any]:
    return {
        "least_similarity": LEAST_SIMILARITY,
        "texts": near.texts,
        "compared": near.compared,
        "with_another": near.with_another,
        "pairs": near.pair_count,
        "contradictory": near.contradictory,
        "exhausted": near.exhausted,
        "listed": near.pairs,
        "seconds": round(near.seconds, 4),
    }


def _leakage(leakage: Leakage) -> dict[str, Any]:
    rate = leakage.test
    return {
        "near_duplicates": rate.wrong,
        "share": rate.rate,
        "low": rate.low,
        "high": rate.high,
        "n": rate.n,
        "train": leakage.train_rows,
    }


def _hardness(hardness: Hardness) -> dict[str, Any]:
    targets = [_target(target) for target in hardness.targets]
    return {**plain(hardness), "targets": targets, "seconds": round(hardness.seconds, 4)}


def _target(target: Target) -> dict[str, Any]:
    hardest = target.hardest
    return {
        "name": target.name,
        "majority_accuracy": target.guess,
        "accuracy": target.accuracy,
        "low": target.low,
        "high": target.high,
        "n": target.error.n,
        "verdict": target.verdict,
        "hardest": hardest and {"value": hardest.value, **plain(hardest.missed)},
    }
