"""What the runs that are over say when held against each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

from lossviz.evaluation import Evaluation
from lossviz.schema import LabelSchema


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """The error rate of one run minus that of another, on the same rows.

    :param difference: negative where the first is wrong less often.
    :param low: of the interval.
    :param high: of the interval.
    :param p_value: exact McNemar test.
    :param n: number of rows.
    """

    difference: float
    low: float
    high: float
    p_value: float
    n: int

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0.0 or self.high < 0.0


def paired_difference(
    first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_], *, confidence: float = 0.95
) -> PairedDifference:
    """Hold two runs against each other: exact McNemar, and the interval that goes with it.

    The interval is the exact (Clopper-Pearson) one of the share of the first among the rows that
    just one of them gets wrong, scaled to a difference of rates. So it leaves out 0 exactly when
    the test rejects at ``1 - confidence``.

    :param first: ``(N,)``, is the first run wrong here?
    :param second: ``(N,)`` likewise.

    >>> paired_difference(np.array([True] * 8 + [False] * 12), np.zeros(20, dtype=bool)).clear
    True
    """
    n = len(first)
    only_first = int((first & ~second).sum())
    only_second = int((second & ~first).sum())
    discordant = only_first + only_second
    if not discordant:
        return PairedDifference(0.0, 0.0, 0.0, 1.0, n)
    test = binomtest(only_first, discordant)
    interval = test.proportion_ci(confidence, method="exact")
    scale = discordant / n
    return PairedDifference(
        (only_first - only_second) / n,
        (2.0 * float(interval.low) - 1.0) * scale,
        (2.0 * float(interval.high) - 1.0) * scale,
        float(test.pvalue),
        n,
    )


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


def _wrong(evaluation: Evaluation, k: int) -> npt.NDArray[np.bool_]:
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
