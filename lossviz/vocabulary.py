"""The commonest n-grams of texts, counted in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice

import numpy as np

KEPT = 1_000_000
"""N-grams that are remembered when there are twice as many: about 200 MB."""
_TEXTS = 1_000


def commonest(
    analyse: Callable[[str], Iterable[str]], texts: Sequence[str], limit: int, kept: int = KEPT
) -> list[str]:
    """The ``limit`` n-grams that occur most often, in alphabetical order.

    Whenever more than twice ``kept`` different ones are counted, the rarer are forgotten, so that
    at most ``kept`` remain. A forgotten one may come back, and then starts again: its count is too
    small by no more than the counts that were forgotten with it. So an n-gram that occurs more
    often than the sum of the highest forgotten counts is never missed.

    >>> commonest(str.split, ["to be or not to be", "to do"], 2)
    ['be', 'to']

    :param analyse: from a text to its n-grams.
    :param kept: at least ``limit`` are.

    Source: G. S. Manku and R. Motwani, "Approximate frequency counts over data streams", 2002.
    """
    kept = max(kept, limit)
    counts: Counter[str] = Counter()
    remaining = iter(texts)
    while some := list(islice(remaining, _TEXTS)):
        counts.update(chain.from_iterable(map(analyse, some)))
        if len(counts) > 2 * kept:
            counts = _above(counts, _threshold(counts, kept))
    return sorted(_commonest(counts, limit))


def _threshold(counts: Counter[str], number: int) -> int:
    """The count of the commonest one that is not among the first ``number``."""
    values = np.fromiter(counts.values(), dtype=np.int64, count=len(counts))
    return int(np.partition(values, -number - 1)[-number - 1])


def _above(counts: Counter[str], threshold: int) -> Counter[str]:
    return Counter({gram: count for gram, count in counts.items() if count > threshold})


def _commonest(counts: Counter[str], number: int) -> list[str]:
    """The commonest; of equally common ones those that come first in the alphabet."""
    if len(counts) <= number:
        return list(counts)
    threshold = _threshold(counts, number)
    sure = _above(counts, threshold)
    level = sorted(gram for gram, count in counts.items() if count == threshold)
    return [*sure, *level[: number - len(sure)]]
