"""Weights that are moved on a page: the same sliders everywhere, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import inf

import streamlit as st

from lossviz.experiments.weights import Weights
from lossviz.figures.surfaces.explorer import MOST, RULER, WeightSlider
from lossviz.ui.parts.chart import mounted

_sliders = st.components.v2.component(
    "lossviz.sliders",
    js=mounted("sliders.js"),
    html='<div class="lv-weights"></div>',
    isolate_styles=False,
)


def movable_weights(sliders: Sequence[WeightSlider], start: Weights, key: str) -> Weights:
    """Sliders that act while they are dragged: the part of the page that they stand in runs again,
    as often as it is through with the last time.

    :param start: where they stand at first.
    :param key: where they stand is kept under this one, also while another page is open.
    :returns: where they stand.
    """
    serial, weights = st.session_state.setdefault(key, (0, start))

    def moved() -> None:
        now = released(st.session_state[f"{key}-sliders"], len(start))
        if now is not None:
            st.session_state[key] = now

    data = {
        "sliders": [asdict(slider) for slider in sliders],
        "scale": RULER,
        "weights": list(weights),
        "seen": serial,
    }
    _sliders(data=data, key=f"{key}-sliders", on_released_change=moved)
    return Weights(weights)


def released(state: object, length: int) -> tuple[int, Weights] | None:
    """How often sliders were moved, and where they stood. It comes from a browser: what does not
    look like it is not listened to.
    """
    told = state.get("released") if isinstance(state, Mapping) else None
    if not isinstance(told, Mapping):
        return None
    serial, weights = told.get("serial"), told.get("weights")
    if not isinstance(serial, int) or not isinstance(weights, list) or len(weights) != length:
        return None
    if not all(type(weight) in (int, float) and -inf < weight < inf for weight in weights):
        return None
    return serial, Weights(float(min(max(weight, 0.0), MOST)) for weight in weights)
