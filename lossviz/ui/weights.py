"""Sliders for α, β …: logarithmic, with an exact number beside each."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import streamlit as st

from lossviz.lab import Lab
from lossviz.objectives import OBJECTIVES
from lossviz.progress import Weights
from lossviz.run import Run
from lossviz.ui.words import weight_label

MARKS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


def _scale() -> tuple[float, ...]:
    steps: list[float] = []
    for low, high in pairwise(MARKS):
        steps += [float(f"{value:.2g}") for value in np.geomspace(low, high, 6)[:-1]]
    return (*steps, MARKS[-1])


SCALE = _scale()
"""0.1 to 10 in steps of about 15 %, with the round values among them."""


def nearest(value: float) -> float:
    """The slider's position for an exact value."""
    return min(SCALE, key=lambda step: abs(np.log(step / max(value, 1e-9))))


def weights_of(run: Run) -> int:
    """How many weights act on a run; 1 at least, for the sentence that says why there are none."""
    objective = OBJECTIVES[run.experiment.formulation]
    if not objective.weighted:
        return 1
    return len(run.weights.components) + objective.joint_weighted


def weight_sliders(lab: Lab, letter: str) -> None:
    """One slider for each weight that acts on the run's formulation."""
    run = lab.runs[letter]
    objective = OBJECTIVES[run.experiment.formulation]
    if not objective.weighted:
        st.caption("No weights: it looks at the whole label only, so there are no parts to weigh.")
        return
    for k in range(weights_of(run)):
        _weight(lab, letter, k)


def _value(weights: Weights, k: int) -> float:
    return weights.components[k] if k < len(weights.components) else weights.joint


def _moved(weights: Weights, k: int, value: float) -> Weights:
    if k == len(weights.components):
        return replace(weights, joint=value)
    components = list(weights.components)
    components[k] = value
    return replace(weights, components=tuple(components))


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
        lab.weigh(letter, _moved(run.weights, k, min(max(float(value), 0.0), 1000.0)))

    label = weight_label(k, lab.dataset.schema.names)
    value = _value(lab.runs[letter].weights, k)
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
