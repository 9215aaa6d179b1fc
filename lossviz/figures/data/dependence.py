"""How much the components tell about each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lossviz.data import Dependence
from lossviz.figures.base.chart import Cell, Chart, axis, between_rows, by_row, escaped, frame, note
from lossviz.figures.base.palette import COMPONENTS, PAPER, TEXT

MOST_DOTS = 15
ROW_HEIGHT = 26
COLUMNS = ("first", "second", "Cramér's V", "low", "high", "n", "in words")


def dependence_of_components(pairs: Sequence[Dependence]) -> Chart:
    """A row for each pair of components, the most dependent first; a dot and its interval."""
    shown = [pair for pair in pairs if pair.v is not None][:MOST_DOTS]
    layout = frame(
        xaxis=axis("Cramér's V: 0 tells nothing, 1 tells all", range=[-0.02, 1.02], dtick=0.25),
        yaxis=axis(
            "" if shown else "pair of parts",
            tickvals=list(range(len(shown))),
            ticktext=[f"{escaped(own.first, 16)} × {escaped(own.second, 16)}" for own in shown],
            range=[max(len(shown), 1) - 0.5, -0.5],
            showgrid=False,
        ),
        margin={"l": 120, "r": 12, "t": 4, "b": 38},
        shapes=between_rows(len(shown)),
        annotations=[] if shown else [note("No two parts to compare")],
    )
    title = "How much parts tell of each other, 95 % intervals"
    if len(shown) < len(pairs):
        title += f": {len(shown)} of {len(pairs):,} pairs"
    return Chart(
        title,
        _alt(shown, len(pairs)),
        (_dots(shown),),
        layout,
        COLUMNS,
        by_row([_row(pair) for pair in pairs], COLUMNS),
    )


def height_of_dependence(pairs: Sequence[Dependence]) -> int:
    """Of the chart, in pixels."""
    return 96 + ROW_HEIGHT * min(max(len(pairs), 1), MOST_DOTS)


def _dots(shown: Sequence[Dependence]) -> dict[str, Any]:
    values = [dependence.v or 0.0 for dependence in shown]
    ends = [
        (
            value if dependence.low is None else dependence.low,
            value if dependence.high is None else dependence.high,
        )
        for dependence, value in zip(shown, values, strict=True)
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": values,
        "y": list(range(len(shown))),
        "marker": {"size": 10, "color": COMPONENTS[0], "line": {"color": PAPER, "width": 1}},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [high - value for value, (_, high) in zip(values, ends, strict=True)],
            "arrayminus": [value - low for value, (low, _) in zip(values, ends, strict=True)],
            "thickness": 1.3,
            "width": 3,
            "color": TEXT,
        },
        "hovertext": [
            f"{escaped(dependence.first)} × {escaped(dependence.second)}: {numbers(dependence)}; "
            f"{dependence.words}"
            for dependence in shown
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "name": "Cramér's V",
    }


def numbers(dependence: Dependence) -> str:
    """``V = 0.50 [0.49, 0.52], n = 10,547``."""
    if dependence.v is None:
        return f"no V, n = {dependence.n:,}"
    ends = (
        ""
        if dependence.low is None or dependence.high is None
        else f" [{dependence.low:.2f}, {dependence.high:.2f}]"
    )
    return f"V = {dependence.v:.2f}{ends}, n = {dependence.n:,}"


def _row(dependence: Dependence) -> tuple[Cell, ...]:
    found = [
        "" if value is None else round(value, 3)
        for value in (dependence.v, dependence.low, dependence.high)
    ]
    return (dependence.first, dependence.second, *found, dependence.n, dependence.words)


def _alt(shown: Sequence[Dependence], pairs: int) -> str:
    if not shown:
        return f"{pairs:,} pairs of parts, and none of which a dependence could be told."
    said = "; ".join(
        f"{dependence.first} and {dependence.second}: {numbers(dependence)}"
        for dependence in shown[:5]
    )
    return f"{pairs:,} pairs of parts, the most dependent first: {said}."
