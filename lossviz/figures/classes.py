"""How often each whole label occurs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lossviz.figures.chart import Chart, axis, escaped, frame, note, squeezed
from lossviz.figures.palette import COMPONENTS

MOST_BARS = 40


def class_counts(names: Sequence[str], counts: Sequence[int], missing: int) -> Chart:
    """Horizontal bars, the commonest first.

    :param missing: number of combinations that never occur.
    """
    order = sorted(range(len(names)), key=lambda place: -counts[place])
    shown = order[:MOST_BARS]
    total = max(sum(counts), 1)
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [counts[place] for place in shown],
        "y": list(range(len(shown))),
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
            tickvals=list(range(len(shown))),
            ticktext=[squeezed(names[place], 28) for place in shown],
            range=[max(len(shown), 1) - 0.5, -0.5],
            showgrid=False,
        ),
        margin={"l": 120, "r": 12, "t": 4, "b": 38},
        bargap=0.25,
        annotations=[] if names else [note("No labels yet")],
    )
    title = "Texts with each whole label"
    if len(shown) < len(names):
        title += f": the commonest {len(shown)}, and {len(names) - len(shown):,} more"
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
