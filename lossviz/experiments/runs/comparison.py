"""What the runs that are over say when held against each other."""

from __future__ import annotations

from collections.abc import Mapping

from lossviz.arrays import Bools
from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.statistics import PairedDifference, paired_difference
from lossviz.schema import LabelSchema


def conclusions(evaluations: Mapping[str, Evaluation], schema: LabelSchema) -> tuple[str, ...]:
    """Sentences that hold the later runs against the first, worded from their intervals.

    All intervals hold together at 95 % (Bonferroni): with three runs and two components there are
    six chances to see something that is not there.
    """
    letters = list(evaluations)
    if len(letters) < 2:
        return ()
    first, others = letters[0], letters[1:]
    targets = [*(f"on {name}" for name in schema.names), "on the whole label"]
    confidence = 1.0 - 0.05 / (len(others) * len(targets))
    sentences = []
    alike = []
    for letter in others:
        clear = False
        for k, target in enumerate(targets):
            pair = paired_difference(
                _wrong(evaluations[letter], k),
                _wrong(evaluations[first], k),
                confidence=confidence,
            )
            if pair.clear:
                clear = True
                sentences.append(_sentence(letter, first, target, pair))
        if not clear:
            alike.append(letter)
    if alike:
        n = len(evaluations[first])
        sentences.append(f"These {n:,} held-out texts cannot tell {_and([first, *alike])} apart.")
    return tuple(sentences)


def _wrong(evaluation: Evaluation, k: int) -> Bools:
    if k < evaluation.wrong.shape[1]:
        return evaluation.wrong[:, k]
    return evaluation.wrong_anywhere


def _sentence(letter: str, first: str, target: str, pair: PairedDifference) -> str:
    low, high = sorted((abs(pair.low), abs(pair.high)))
    less = pair.difference < 0
    return (
        f"{letter} is wrong {target} {'less' if less else 'more'} often than {first}: "
        f"{100 * abs(pair.difference):.1f} points {'fewer' if less else 'more'} "
        f"[{100 * low:.1f}, {100 * high:.1f}], n = {pair.n:,}."
    )


def _and(letters: list[str]) -> str:
    return f"{', '.join(letters[:-1])} and {letters[-1]}"
