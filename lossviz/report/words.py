"""Numbers as the report words them: as the pages do."""

from __future__ import annotations

from lossviz.evaluation import ErrorRate
from lossviz.snippets import weight_symbol
from lossviz.wording import two_digits

MARKERS = {"A": "●", "B": "■", "C": "◆", "D": "▲"}


def percent(share: float) -> str:
    """``28.6 %``."""
    return f"{100 * share:.1f} %"


def rate(error: ErrorRate) -> str:
    """``43.6 % [40.5, 46.8], n = 970``."""
    return f"{percent(error.rate)} [{100 * error.low:.1f}, {100 * error.high:.1f}], n = {error.n:,}"


def unbroken(text: str) -> str:
    """For a cell of a narrow table: a line ends before ``n``, and nowhere else."""
    return text.replace(" ", "\N{NO-BREAK SPACE}").replace(",\N{NO-BREAK SPACE}n", ", n")


def count(number: int, noun: str) -> str:
    """``1,240 texts``, ``1 text``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def weights(values: tuple[float, ...], positions: tuple[int, ...]) -> str:
    """``α = 2.0, β = 1.0``: those at these positions."""
    return ", ".join(f"{weight_symbol(k)} = {two_digits(values[k])}" for k in positions)
