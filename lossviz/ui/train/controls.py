"""The control bar: what acts on all runs at once."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from lossviz.compute.lab import Lab, Speed
from lossviz.experiments.experiment import Experiment
from lossviz.ui.parts.controls import tied_to
from lossviz.ui.parts.keys import key_list

SPEEDS = {
    "slow": "single batches, four a second",
    "steady": "a run takes about 20 seconds",
    "full": "as fast as the machine",
}


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
            else Experiment.for_dataset(lab.dataset)
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
        epochs = st.number_input("Epochs", 1, 1000, experiment.epochs)
        held_out = st.number_input("Held out, %", 5, 50, round(100 * experiment.split.test_size))
        seed = st.number_input(
            "Seed", 0, 2**31 - 1, experiment.seed, help="Of the split and the start"
        )
        analyser = st.radio(
            "Features: TF-IDF of",
            ["word", "char"],
            index=["word", "char"].index(experiment.features.analyser),
            format_func={
                "word": "words and word pairs",
                "char": "1 to 3 characters in a row",
            }.__getitem__,
            help="Characters for languages that do not separate words by spaces",
        )
        if st.form_submit_button("Apply and start again", type="primary"):
            features = experiment.features.model_dump() | (
                {}
                if analyser == experiment.features.analyser
                else {"analyser": analyser, "longest": 2 if analyser == "word" else 3}
            )
            for letter, run in list(lab.runs.items()):
                lab.put(
                    letter,
                    run.experiment.changed(
                        epochs=epochs,
                        split={"test_size": held_out / 100, "seed": seed},
                        seed=seed,
                        features=features,
                        **run.weights.fields(),
                    ),
                )
            lab.pause()
            st.rerun()
