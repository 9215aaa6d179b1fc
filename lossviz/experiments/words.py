"""Numbers and lists as sentences have them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from lossviz.experiments.statistics import LEAST_SEEDS, ErrorRate, Interval


class Estimate(Protocol):
    """A number with its interval."""

    @property
    def mean(self) -> float:
        """The number."""

    @property
    def low(self) -> float:
        """Where the interval begins."""

    @property
    def high(self) -> float:
        """Where it ends."""


def percent(share: float) -> str:
    """``28.6 %``."""
    return f"{100 * share:.1f} %"


def count(number: int, noun: str) -> str:
    """``1,240 texts``, ``1 text``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def measured(error: ErrorRate) -> str:
    """An error rate on so many texts: ``43.6 % [40.5, 46.8], n = 970``."""
    return f"{percent(error.rate)} [{100 * error.low:.1f}, {100 * error.high:.1f}], n = {error.n:,}"


def rate(interval: Interval) -> str:
    """An error rate: ``43.6 % [40.5, 46.8]``. The interval of a single seed is none."""
    if interval.seeds < 2:
        return percent(interval.mean)
    return f"{percent(interval.mean)} [{100 * interval.low:.1f}, {100 * interval.high:.1f}]"


def points(interval: Estimate, than: str = "") -> str:
    """A difference of error rates that is clear: ``3.1 points less often than B [0.8, 5.4]``."""
    low, high = sorted((abs(interval.low), abs(interval.high)))
    more = "more" if interval.mean > 0 else "less"
    return (
        f"{100 * abs(interval.mean):.1f} points {more} often{than} [{100 * low:.1f}, "
        f"{100 * high:.1f}]"
    )


def signed(interval: Estimate) -> str:
    """A difference of error rates that may be either way.

    >>> signed(Interval(-0.003, -0.015, 0.009, 5))
    '−0.3 points [−1.5, +0.9]'
    """
    mean, low, high = (
        minus(f"{share:+.1f}") if f"{share:.1f}" not in ("0.0", "-0.0") else "0.0"
        for share in (100 * interval.mean, 100 * interval.low, 100 * interval.high)
    )
    return f"{mean} points [{low}, {high}]"


def minus(number: str) -> str:
    """With the sign that is as wide as a plus."""
    return number.replace("-", "−")


def between(low: int, high: int) -> str:
    """How many there are, where that differs: ``970``, ``960 to 970``."""
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def not_better_than_guessing(what: str, guess: float, instead: str) -> str:
    """That nothing beats guessing: it is the first to know.

    :param what: tried: ``No run beats``.
    :param guess: how often the commonest label is wrong.
    :param instead: what was reached.
    """
    return (
        f"{what} always guessing the commonest label, which is wrong on {percent(guess)} of the "
        f"whole labels{instead}."
    )


def too_few(finished: int) -> str:
    """Said instead of anything about so few seeds."""
    return (
        f"No claim yet: {finished} of at least {LEAST_SEEDS} seeds finished. A single seed is a "
        "hint, not a verdict."
    )


def so_far(finished: int, seeds: int) -> str:
    """Said before anything about some of the seeds; nothing before what is about all."""
    return "" if finished == seeds else f"So far, with {finished} of {seeds} seeds: "


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def two_digits(weight: float) -> str:
    """As the interface writes weights.

    >>> [two_digits(weight) for weight in (0.1, 0.984, 1.0, 46.1, 204.4, -17.95)]
    ['0.10', '0.98', '1.0', '46', '204', '−18']
    """
    written = f"{weight:,.0f}" if abs(weight) >= 99.5 else f"{weight:#.2g}".rstrip(".")
    return minus(written)


def weight_symbol(k: int) -> str:
    """α, β, γ … for component ``k``, counted from 0."""
    return SYMBOLS[k] if k < len(SYMBOLS) else f"w{k + 1}"


def weight_label(k: int, names: Sequence[str]) -> str:
    """``α · arousal``; behind the components' weights stands the whole label's."""
    return f"{weight_symbol(k)} · {names[k] if k < len(names) else 'whole label'}"


SYMBOLS = "αβγδεζηθικλμ"
