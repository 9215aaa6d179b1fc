"""Numbers as the report words them: as the pages do."""

from __future__ import annotations

from lossviz.snippets import weight_symbol
from lossviz.wording import two_digits


def unbroken(text: str) -> str:
    """For a cell of a narrow table: a line ends before ``n``, and nowhere else."""
    return text.replace(" ", "\N{NO-BREAK SPACE}").replace(",\N{NO-BREAK SPACE}n", ", n")


def weights(values: tuple[float, ...], positions: tuple[int, ...]) -> str:
    """``α = 2.0, β = 1.0``: those at these positions."""
    return ", ".join(f"{weight_symbol(k)} = {two_digits(values[k])}" for k in positions)
