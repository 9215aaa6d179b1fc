"""What the runs that are over say when held against each other."""

from __future__ import annotations

from collections.abc import Mapping

from lossviz.experiments.evaluation import Evaluation
from lossviz.experiments.statistics import PairedDifference, family_confidence, paired_difference
from lossviz.experiments.words import listed
from lossviz.schema import LabelSchema


def conclusions(evaluations: Mapping[str, Evaluation], schema: LabelSchema) -> tuple[str, ...]:
    """Sentences that hold the later runs against the first, worded from their intervals.

    All intervals hold together at 95 %.
    """
    letters = list(evaluations)
    if len(letters) < 2:
        return ()
    first, others = letters[0], letters[1:]
    targets = range(len(schema.names) + 1)
    confidence = family_confidence(len(others) * len(targets))
    sentences = []
    alike = []
    for letter in others:
        clear = False
        for target in targets:
            pair = paired_difference(
                evaluations[letter].wrong_on(target),
                evaluations[first].wrong_on(target),
                confidence=confidence,
            )
            if pair.clear:
                clear = True
                sentences.append(_sentence(letter, first, schema.target_name(target), pair))
        if not clear:
            alike.append(letter)
    if alike:
        n = len(evaluations[first])
        sentences.append(f"These {n:,} held-out texts cannot tell {listed([first, *alike])} apart.")
    return tuple(sentences)


def _sentence(letter: str, first: str, target: str, pair: PairedDifference) -> str:
    low, high = sorted((abs(pair.low), abs(pair.high)))
    less = pair.difference < 0
    return (
        f"{letter} is wrong on {target} {'less' if less else 'more'} often than {first}: "
        f"{100 * abs(pair.difference):.1f} points {'fewer' if less else 'more'} "
        f"[{100 * low:.1f}, {100 * high:.1f}], n = {pair.n:,}."
    )
