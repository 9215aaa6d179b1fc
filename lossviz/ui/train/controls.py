"""The control bar: what acts on all runs at once."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from lossviz.compute.lab import Lab, Speed
from lossviz.errors import LossVizError
from lossviz.experiments.choices import first, followed
from lossviz.experiments.experiment import SETTINGS
from lossviz.experiments.settings import Values
from lossviz.ui.parts.controls import tied_to
from lossviz.ui.parts.keys import key_list
from lossviz.ui.parts.settings import controls_for

SPEEDS = {
    "slow": "single batches, four a second",
    "steady": "a run takes about 20 seconds",
    "full": "as fast as the machine",
}
SHARED = tuple(setting for setting in SETTINGS if setting.described.shared)


def control_bar(lab: Lab) -> None:
    """Play, step, reset, speed, and what all runs share."""
    with st.container(horizontal=True, vertical_alignment="center", key="control-bar"):
        st.button(
            "Pause" if lab.playing else "Play",
            icon=":material/pause:" if lab.playing else ":material/play_arrow:",
            type="primary",
            key="play",
            help="Train all runs, in step. Key: Space",
            on_click=lab.pause if lab.playing else lab.play,
            disabled=not lab.runs,
            width=110,
        )
        st.button("+1 batch", key="batch", help="Key: .", on_click=lab.advance, args=(1,))
        st.button("+1 epoch", key="epoch", help="Key: e", on_click=lab.advance_epoch)
        st.button(
            "Reset",
            icon=":material/replay:",
            key="reset",
            help="From the start: the same seed gives the same curve. Key: r",
            on_click=lab.reset,
        )
        _speed(lab)
        _add_run(lab)
        _shared_settings(lab)
        key_list()


def _speed(lab: Lab) -> None:
    st.segmented_control(
        "Speed",
        get_args(Speed),
        **tied_to(lab, "speed", "speed"),
        required=True,
        label_visibility="collapsed",
        help="; ".join(f"{name}: {meaning}" for name, meaning in SPEEDS.items())
        + ". The numbers never depend on it.",
    )


def _add_run(lab: Lab) -> None:
    letter = lab.free_letter()

    def add() -> None:
        if letter is None:
            return
        last = next(reversed(lab.runs.values()), None)
        experiment = (
            last.experiment.changed(formulation="hybrid", decoder=None)
            if last is not None
            else first(lab.dataset)
        )
        lab.put(letter, experiment)

    st.button(
        "Add run",
        icon=":material/add:",
        key="add-run",
        on_click=add,
        disabled=letter is None,
        help="Up to four runs side by side" if letter else "Four runs is the most",
    )


def _shared_settings(lab: Lab) -> None:
    first = next(iter(lab.runs.values()), None)
    if first is None:
        return
    experiment = first.experiment
    popover = st.popover("Settings", icon=":material/tune:", key="settings")
    with popover, st.form("shared", border=False):
        st.caption("What all runs share. Applying starts every run again.")
        values = controls_for(SHARED, experiment)
        if st.form_submit_button("Apply and start again", type="primary"):
            _share(lab, followed(experiment, values))


def _share(lab: Lab, values: Values) -> None:
    """Start every run again with these settings."""
    try:
        experiments = {
            letter: run.experiment.where(values, **run.weights.fields)
            for letter, run in lab.runs.items()
        }
        next(iter(experiments.values())).split.sides(lab.dataset)
    except LossVizError as error:
        st.error(str(error))
        return
    for letter, experiment in experiments.items():
        lab.put(letter, experiment)
    lab.pause()
    st.rerun()
