"""What takes longer of a profile, as JSON and as lines for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lossviz.experiments.closer_look import Hardness, Leakage, NearDuplicates, NearPair, Target


def closer_json(near: NearDuplicates | None, hardness: Hardness | None) -> dict[str, Any]:
    """The keys ``near_duplicates``, ``leakage`` and ``hardness``; null where nothing is known."""
    return {
        "near_duplicates": None if near is None else _near(near),
        "leakage": None if near is None or near.leakage is None else _leakage(near.leakage),
        "hardness": None if hardness is None else _hardness(hardness),
    }


def _near(near_duplicates: NearDuplicates) -> dict[str, Any]:
    from lossviz.experiments.closer_look import LEAST_SIMILARITY

    return {
        "least_similarity": LEAST_SIMILARITY,
        "texts": near_duplicates.texts,
        "compared": near_duplicates.compared,
        "with_another": near_duplicates.with_another,
        "pairs": near_duplicates.pair_count,
        "contradictory": near_duplicates.contradictory,
        "exhausted": near_duplicates.exhausted,
        "listed": [_pair(pair) for pair in near_duplicates.pairs],
        "seconds": round(near_duplicates.seconds, 4),
    }


def _pair(near_pair: NearPair) -> dict[str, Any]:
    return {
        "rows": list(near_pair.rows),
        "texts": list(near_pair.texts),
        "labels": list(near_pair.labels),
        "similarity": near_pair.similarity,
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
    return {
        "texts": hardness.texts,
        "of": hardness.of,
        "folds": hardness.folds,
        "targets": [_target(target) for target in hardness.targets],
        "seconds": round(hardness.seconds, 4),
    }


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
        "hardest": None
        if hardest is None
        else {"value": hardest.value, **hardest.missed.to_json()},
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
            f"  {target.name}: {100 * target.accuracy:.1f} % [{100 * target.low:.1f}, "
            f"{100 * target.high:.1f}]"
            f", guessing {100 * target.guess:.1f} %: {target.verdict}."
            for target in hardness.targets
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
        error_rate = near.leakage.test
        lines.append(
            f"Test texts nearly the same as a training text: {least}{error_rate.wrong:,} of "
            f"{error_rate.n:,}, "
            f"{100 * error_rate.rate:.1f} % [{100 * error_rate.low:.1f}, "
            f"{100 * error_rate.high:.1f}]."
        )
    return lines
