"""How much the components tell about each other."""

from __future__ import annotations

from collections.abc import Sequence

from lossviz.data import Dependence
from lossviz.figures.base.chart import Cell, Chart, by_row, escaped
from lossviz.figures.base.dots import Dot, interval_dots, rows_frame
from lossviz.figures.base.layout import axis, note
from lossviz.figures.base.palette import COMPONENTS

MOST_DOTS = 15
ROW_HEIGHT = 26
COLUMNS = ("first", "second", "Cramér's V", "low", "high", "n", "in words")


def dependence_of_components(pairs: Sequence[Dependence]) -> Chart:
    """A row for each pair of components, the most dependent first; a dot and its interval."""
    shown = [pair for pair in pairs if pair.v is not None][:MOST_DOTS]
    layout = rows_frame(
        [f"{escaped(pair.first, 16)} × {escaped(pair.second, 16)}" for pair in shown],
        axis("Cramér's V: 0 tells nothing, 1 tells all", range=[-0.02, 1.02], dtick=0.25),
        120,
        title="" if shown else "pair of parts",
        annotations=[] if shown else [note("No two parts to compare")],
    )
    title = "How much parts tell of each other, 95 % intervals"
    if len(shown) < len(pairs):
        title += f": {len(shown)} of {len(pairs):,} pairs"
    dots = [_dot(row, pair) for row, pair in enumerate(shown)]
    return Chart(
        title,
        _alt(shown, len(pairs)),
        (interval_dots(dots, COMPONENTS[0], name="Cramér's V"),),
        layout,
        COLUMNS,
        by_row([_row(pair) for pair in pairs], COLUMNS),
    )


def height_of_dependence(pairs: Sequence[Dependence]) -> int:
    """Of the chart, in pixels."""
    return 96 + ROW_HEIGHT * min(max(len(pairs), 1), MOST_DOTS)


def _dot(row: int, pair: Dependence) -> Dot:
    v = pair.v or 0.0
    low, high = (v if end is None else end for end in (pair.low, pair.high))
    words = f"{escaped(pair.first)} × {escaped(pair.second)}: {numbers(pair)}; {pair.words}"
    return Dot(row, v, low, high, words)


def numbers(pair: Dependence) -> str:
    """``V = 0.50 [0.49, 0.52], n = 10,547``."""
    if pair.v is None:
        return f"no V, n = {pair.n:,}"
    known = pair.low is not None and pair.high is not None
    ends = f" [{pair.low:.2f}, {pair.high:.2f}]" if known else ""
    return f"V = {pair.v:.2f}{ends}, n = {pair.n:,}"


def _row(pair: Dependence) -> tuple[Cell, ...]:
    rounded = ["" if end is None else round(end, 3) for end in (pair.v, pair.low, pair.high)]
    return (pair.first, pair.second, *rounded, pair.n, pair.words)


def _alt(shown: Sequence[Dependence], pairs: int) -> str:
    if not shown:
        return f"{pairs:,} pairs of parts, and none of which a dependence could be told."
    strongest = "; ".join(f"{pair.first} and {pair.second}: {numbers(pair)}" for pair in shown[:5])
    return f"{pairs:,} pairs of parts, the most dependent first: {strongest}."
