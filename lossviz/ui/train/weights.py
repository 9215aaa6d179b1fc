"""The weights α, β … of a run, moved while it trains."""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from lossviz.compute.lab import Lab
from lossviz.experiments.runs.run import Run
from lossviz.figures.surfaces.explorer import RULER, WeightSlider
from lossviz.ui.channel.channel import state_of
from lossviz.ui.parts.chart import mounted

_weights = st.components.v2.component(
    "lossviz.weights",
    js=mounted("weighing.js"),
    html='<div class="lv-weights"></div>',
    isolate_styles=False,
)


def rows_of(run: Run) -> int:
    """Rows that a run's weights take: one at least, for the sentence that says why there are
    none."""
    return max(1, len(run.experiment.acting_weights))


def weight_sliders(lab: Lab, letter: str) -> None:
    """One slider for each weight that acts on the run, or why there is none.

    They speak over the line: moving one runs no script.
    """
    run = lab.runs[letter]
    weighting, positions = run.experiment.acting_weighting, run.experiment.acting_weights
    if not run.experiment.objective.weighted and not positions:
        st.caption("No weights: it looks at the whole label only, so there are no parts to weigh.")
    elif len(positions) < 2 and not weighting.takes_preference:
        st.caption(f"Weights by {weighting.title}. Their values stand above the curve.")
    if positions:
        names = lab.dataset.schema.names
        data = {
            "run": letter,
            "sliders": [asdict(WeightSlider.of(k, names)) for k in positions],
            "scale": RULER,
            "lab": state_of(lab),
        }
        _weights(data=data, key=f"weights-{letter}")
