"""How often each whole label occurs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lossviz.figures.base.chart import Chart, escaped, squeezed
from lossviz.figures.base.layout import axis, frame, note
from lossviz.figures.base.palette import COMPONENTS

MOST_BARS = 40
COMMONEST, RAREST = 28, 10
"""Of more labels than :data:`MOST_BARS`; the table has all of them."""


def class_counts(names: Sequence[str], counts: Sequence[int], missing: int) -> Chart:
    """Horizontal bars, the commonest first; of very many labels those at both ends.

    :param missing: number of combinations that never occur.
    """
    order = sorted(range(len(names)), key=lambda place: -counts[place])
    many = len(order) > MOST_BARS
    shown = [*order[:COMMONEST], *order[-RAREST:]] if many else order
    left = len(order) - len(shown)
    # The row between both ends says how many are left out.
    rows = [place + (many and place >= COMMONEST) for place in range(len(shown))]
    ticks = [squeezed(names[place], 28) for place in shown]
    total = max(sum(counts), 1)
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [counts[place] for place in shown],
        "y": rows,
        "marker": {"color": COMPONENTS[0]},
        "text": [f"{counts[place]:,} · {100 * counts[place] / total:.1f} %" for place in shown],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertext": [escaped(names[place]) for place in shown],
        "hovertemplate": "%{hovertext}: %{x:,} texts<extra></extra>",
    }
    layout = frame(
        xaxis=axis("texts", range=[0, 1.3 * max(counts, default=1)], nticks=6),
        yaxis=axis(
            "whole label",
            tickvals=[*rows, COMMONEST] if many else rows,
            ticktext=[*ticks, f"… {left:,} more …"] if many else ticks,
            range=[max(len(rows) + many, 1) - 0.5, -0.5],
            showgrid=False,
        ),
        margin={"l": 120, "r": 12, "t": 4, "b": 38},
        bargap=0.25,
        annotations=[] if names else [note("No labels yet")],
    )
    title = "Texts with each whole label"
    if many:
        title += f": the {COMMONEST} commonest and the {RAREST} rarest of {len(names):,}"
    alt = (
        f"{len(names):,} whole labels occur, from {min(counts, default=0):,} to "
        f"{max(counts, default=0):,} texts each; {missing:,} combinations never occur."
    )
    return Chart(
        title,
        alt,
        (bars,),
        layout,
        ("whole label", "texts"),
        ([names[place] for place in order], np.array([counts[place] for place in order], np.int64)),
    )
