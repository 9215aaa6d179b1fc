"""Between runs: what each formulation thinks of what the others found."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lossviz.figures import Chart, losses_between
from lossviz.surface import Surface
from lossviz.ui.chart import draw
from lossviz.ui.state import Relief, State
from lossviz.wording import listed

HEIGHT = 340


def between_runs(relief: Relief) -> None:
    """The straight way from each run to the next, under each of their losses."""
    runs = relief.surfaces.plan.runs[:3]
    if len(runs) < 2:
        return
    names = [own.name for own in runs]
    st.subheader(f"On the straight way between {listed(names)}", anchor=False)
    st.caption(
        "The weights of one run turn evenly into those of the next, and each run's own loss judges "
        "every mixture. Separate logits for each part are read as whole labels' logits that add "
        "up, restricted to the combinations that occur; a loss for separate parts reads the "
        "marginals. A hill between two runs means that no straight way leads from one solution to "
        "the other."
    )
    draw(None, key="relief-walk", height=HEIGHT)


def walk_charts(own: State, relief: Relief) -> dict[str, Chart]:
    """The chart, where it shows something else than before."""
    lines = relief.surfaces.walk
    if not lines or not own.view.changed("relief-walk", (id(relief.surfaces.plan), len(lines))):
        return {}
    names = list(lines)
    legs = [*names, names[0]] if len(names) > 2 else names
    stops = [(name, float(place)) for place, name in enumerate(legs)]
    chart = losses_between(
        list(lines.items()),
        [one.trained_at for one in lines.values()],
        stops,
        title=_title(lines),
    )
    return {"relief-walk": chart}


def _title(lines: dict[str, Surface]) -> str:
    highest = {name: float(np.nanmax(one.at(one.trained_at))) for name, one in lines.items()}
    worst = max(highest, key=lambda name: highest[name])
    return f"Losses on the way from run to run; {worst}'s goes up to {highest[worst]:.3g}"
