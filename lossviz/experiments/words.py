"""Numbers and lists as sentences have them."""

from __future__ import annotations

from collections.abc import Sequence

from lossviz.experiments.statistics import ErrorRate, Interval


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
    """An error rate: ``43.6 % [40.5, 46.8]``."""
    return f"{100 * interval.mean:.1f} % [{100 * interval.low:.1f}, {100 * interval.high:.1f}]"


def points(interval: Interval, than: str = "") -> str:
    """A difference of error rates that is clear: ``3.1 points less often than B [0.8, 5.4]``."""
    low, high = sorted((abs(interval.low), abs(interval.high)))
    more = "more" if interval.mean > 0 else "less"
    return (
        f"{100 * abs(interval.mean):.1f} points {more} often{than} [{100 * low:.1f}, "
        f"{100 * high:.1f}]"
    )


def signed(interval: Interval) -> str:
    """A difference of error rates that may be either way.

    >>> signed(Interval(-0.003, -0.015, 0.009, 5))
    '−0.3 points [−1.5, +0.9]'
    """
    mean, low, high = (
        f"{value:+.1f}".replace("-", "−") if f"{value:.1f}" not in ("0.0", "-0.0") else "0.0"
        for value in (100 * interval.mean, 100 * interval.low, 100 * interval.high)
    )
    return f"{mean} points [{low}, {high}]"


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def two_digits(weight: float) -> str:
    """As the interface writes weights.

    >>> [two_digits(own) for own in (0.984, 1.0, 46.1, 204.4, -17.95)]
    ['0.98', '1.0', '46', '204', '−18']
    """
    written = f"{weight:,.0f}" if abs(weight) >= 99.5 else f"{weight:#.2g}".rstrip(".")
    return written.replace("-", "−")


def weight_symbol(k: int) -> str:
    """α, β, γ … for component ``k``, counted from 0."""
    return SYMBOLS[k] if k < len(SYMBOLS) else f"w{k + 1}"


def weight_label(k: int, names: Sequence[str]) -> str:
    """``α · arousal``; behind the components' weights stands the whole label's."""
    return f"{weight_symbol(k)} · {names[k] if k < len(names) else 'whole label'}"


def short_number(value: float) -> str:
    """A weight as the interface writes it: two significant digits.

    >>> [short_number(own) for own in (2.0, 0.1, 12.0, 370.0)]
    ['2.0', '0.10', '12', '370']
    """
    return f"{value:.0f}" if value >= 100 else f"{value:#.2g}".rstrip(".")


SYMBOLS = "αβγδεζηθικλμ"
