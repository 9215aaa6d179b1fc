"""What takes longer of a profile, as JSON and as lines for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lossviz.commands._fit_report import rate_json

if TYPE_CHECKING:
    from lossviz.experiments.closer_look import Hardness, Leakage, NearDuplicates, NearPair, Target


def closer_json(near: NearDuplicates | None, hardness: Hardness | None) -> dict[str, Any]:
    """The keys ``near_duplicates``, ``leakage`` and ``hardness``; null where nothing is known."""
    return {
        "near_duplicates": None if near is None else _near(near),
        "leakage": None if near is None or near.leakage is None else _leakage(near.leakage),
        "hardness": None if hardness is None else _hardness(hardness),
    }


def _near(found: NearDuplicates) -> dict[str, Any]:
    from lossviz.experiments.closer_look import LEAST_SIMILARITY

    return {
        "least_similarity": LEAST_SIMILARITY,
        "texts": found.texts,
        "compared": found.compared,
        "with_another": found.with_another,
        "pairs": found.pair_count,
        "contradictory": found.contradictory,
        "exhausted": found.exhausted,
        "listed": [_pair(own) for own in found.pairs],
        "seconds": round(found.seconds, 4),
    }


def _pair(own: NearPair) -> dict[str, Any]:
    return {
        "rows": list(own.rows),
        "texts": list(own.texts),
        "labels": list(own.labels),
        "similarity": own.similarity,
    }


def _leakage(own: Leakage) -> dict[str, Any]:
    rate = own.test
    return {
        "near_duplicates": rate.wrong,
        "share": rate.rate,
        "low": rate.low,
        "high": rate.high,
        "n": rate.n,
        "train": own.train_rows,
    }


def _hardness(found: Hardness) -> dict[str, Any]:
    return {
        "texts": found.texts,
        "of": found.of,
        "folds": found.folds,
        "targets": [_target(own) for own in found.targets],
        "seconds": round(found.seconds, 4),
    }


def _target(own: Target) -> dict[str, Any]:
    hardest = own.hardest
    return {
        "name": own.name,
        "majority_accuracy": own.guess,
        "accuracy": own.accuracy,
        "low": own.low,
        "high": own.high,
        "n": own.error.n,
        "verdict": own.verdict,
        "hardest": None
        if hardest is None
        else {"value": hardest.value, **rate_json(hardest.missed)},
    }


def closer_lines(near: NearDuplicates | None, hardness: Hardness | None) -> list[str]:
    """What ``profile`` prints for a person of it."""
    lines = [] if near is None else _near_lines(near)
    if hardness is not None:
        sample = f" of {hardness.of:,}" if hardness.sampled else ""
        lines.append(
            f"A quick linear model on {hardness.texts:,}{sample} texts, "
            f"{hardness.folds}-fold cross-validated, is right:"
        )
        lines += [
            f"  {own.name}: {100 * own.accuracy:.1f} % [{100 * own.low:.1f}, {100 * own.high:.1f}]"
            f", guessing {100 * own.guess:.1f} %: {own.verdict}."
            for own in hardness.targets
        ]
    return lines


def _near_lines(near: NearDuplicates) -> list[str]:
    least = "at least " if near.lower_bound and near.with_another else ""
    sample = f" (a random sample of {near.texts:,})" if near.compared < near.texts else ""
    lines = [
        f"Texts nearly the same as another: {least}{near.with_another:,} of "
        f"{near.compared:,}{sample}, in {near.pair_count:,} pairs, {near.contradictory:,} with "
        "different labels."
    ]
    if near.leakage is not None:
        own = near.leakage.test
        lines.append(
            f"Test texts nearly the same as a training text: {least}{own.wrong:,} of {own.n:,}, "
            f"{100 * own.rate:.1f} % [{100 * own.low:.1f}, {100 * own.high:.1f}]."
        )
    return lines
