"""A table of what was simulated, as the README has it."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from lossviz.experiments.statistics import ErrorRate


@dataclass(frozen=True)
class Row:
    """One thing that is said, and how often it holds.

    :param said: an interval, or a sentence.
    :param where: on which data, and how many.
    :param held: what the simulation found.
    """

    said: str
    where: str
    held: str


HEAD = "| what is said | where | how often it holds |\n| --- | --- | --- |"


def line(row: Row) -> str:
    """In Markdown."""
    return f"| {' | '.join(astuple(row))} |"


def share(times: int, of: int) -> str:
    """``95.0 % of 40``, with the interval of so many trials where they are few."""
    rate = ErrorRate.of(times, of)
    return f"{100 * rate.rate:.1f} % [{100 * rate.low:.0f}, {100 * rate.high:.0f}]"


def range_of(shares: list[float]) -> str:
    """``94.1 to 99.7 %, 95.5 % on average``."""
    low, high = 100 * min(shares), 100 * max(shares)
    return f"{low:.1f} to {high:.1f} %, {100 * sum(shares) / len(shares):.1f} % on average"
