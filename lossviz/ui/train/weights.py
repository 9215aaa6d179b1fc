"""Sliders for α, β …: logarithmic, with an exact number beside each."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lossviz.compute.lab import Lab
from lossviz.experiments.runs.run import Run
from lossviz.experiments.words import weight_label
from lossviz.figures.surfaces.explorer import SCALE
from lossviz.ui.parts.words import plain


def nearest(value: float) -> float:
    """The slider's position for an exact value."""
    return min(SCALE, key=lambda step: abs(np.log(step / max(value, 1e-9))))


def rows_of(run: Run) -> int:
    """Rows that a run's weights take: one at least, for the sentence that says why there are
    none."""
    return max(1, len(run.experiment.acting_weights))


def weight_sliders(lab: Lab, letter: str) -> None:
    """One slider for each weight that acts on the run, or why there is none."""
    experiment = lab.runs[letter].experiment
    weighting = experiment.acting_weighting
    positions = experiment.acting_weights
    if not experiment.objective.weighted and not positions:
        st.caption("No weights: it looks at the whole label only, so there are no parts to weigh.")
    elif len(positions) < 2 and not weighting.takes_preference:
        st.caption(f"Weights by {weighting.title}. Their values stand above the curve.")
    for k in positions:
        _weight(lab, letter, k)


def _weight(lab: Lab, letter: str, k: int) -> None:
    # A page that polls may still send a widget's old value after the other one was moved. So each
    # has a key that counts the moves of the other, and an outdated key is not listened to.
    moves = st.session_state.setdefault(f"moves-{letter}-{k}", [0, 0])
    slider, number = f"slider-{letter}-{k}-{moves[1]}", f"number-{letter}-{k}-{moves[0]}"

    def move(source: str) -> None:
        value = st.session_state.get(source)
        run = lab.runs.get(letter)
        keys = (f"slider-{letter}-{k}-{moves[1]}", f"number-{letter}-{k}-{moves[0]}")
        if run is None or value is None or source not in keys:
            return
        moves[keys.index(source)] += 1
        lab.weigh(letter, run.weights.moved(k, min(max(float(value), 0.0), 1000.0)))

    label = plain(weight_label(k, lab.dataset.schema.names))
    value = lab.runs[letter].weights[k]
    st.session_state[slider] = nearest(value)
    st.session_state[number] = value
    row = st.container(horizontal=True, wrap=False, vertical_alignment="bottom", gap="small")
    row.select_slider(
        label,
        SCALE,
        key=slider,
        format_func=lambda step: f"{step:g}",
        on_change=move,
        args=(slider,),
    )
    row.number_input(
        f"{label}, exactly",
        0.0,
        1000.0,
        key=number,
        step=None,
        format="%.4g",
        label_visibility="collapsed",
        width=84,
        on_change=move,
        args=(number,),
    )
