"""Means over seeds as charts write them."""

from __future__ import annotations

from lossviz.intervals import Interval
from lossviz.protocol import LEAST_SEEDS
from lossviz.wording import rate


def sure(own: Interval) -> bool:
    """Whether there are enough seeds for its interval to be shown."""
    return own.seeds >= LEAST_SEEDS


def over_seeds(own: Interval, texts: str) -> str:
    """``23.7 % [21.0, 26.4], n = 303, 5 seeds``; the interval from three seeds on.

    :param texts: ``n = 303``.
    """
    said = rate(own) if sure(own) else f"{100 * own.mean:.1f} %"
    return f"{said}, {texts}, {seeds_words(own.seeds)}"


def seeds_words(count: int) -> str:
    """``1 seed``, ``5 seeds``."""
    return f"{count} seed{'' if count == 1 else 's'}"
