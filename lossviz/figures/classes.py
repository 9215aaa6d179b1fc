"""How often each whole label occurs."""

from __future__ import annotations

from collections.abc import Sequence

from lossviz.figures.chart import Chart, axis, escaped, frame
from lossviz.figures.palette import COMPONENTS

MOST_BARS = 40


def class_counts(names: Sequence[str], counts: Sequence[int], missing: int) -> Chart:
    """Horizontal bars, the commonest first.

    :param missing: number of combinations that never occur.
    """
    order = sorted(range(len(names)), key=lambda place: -counts[place])
    shown = order[:MOST_BARS]
    total = sum(counts)
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
        xaxis=axis("texts", range=[0, 1.25 * max(counts, default=1)]),
        yaxis=axis(
            "",
            tickvals=list(range(len(shown))),
            ticktext=[escaped(names[place], 32) for place in shown],
            range=[len(shown) - 0.5, -0.5],
        ),
        margin={"l": 120, "r": 12, "t": 4, "b": 38},
    )
    title = "Texts with each whole label"
    if len(shown) < len(names):
        title += f": the commonest {len(shown)} of {len(names)}"
    alt = (
        f"{len(names):,} whole labels occur, from {min(counts, default=0):,} to "
        f"{max(counts, default=0):,} texts each; {missing:,} combinations never occur."
    )
    rows = tuple((names[place], counts[place]) for place in order)
    return Chart(title, alt, (bars,), layout, ("whole label", "texts"), rows)
