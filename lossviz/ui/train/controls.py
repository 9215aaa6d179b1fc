"""The control bar: what acts on all runs at once."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import streamlit as st

from lossviz.compute.lab import Lab
from lossviz.errors import LossVizError
from lossviz.experiments.choices import first, followed, watched
from lossviz.experiments.experiment import SETTINGS
from lossviz.experiments.settings import Values
from lossviz.ui.channel.channel import state_of
from lossviz.ui.parts.chart import mounted
from lossviz.ui.parts.keys import key_list
from lossviz.ui.parts.settings import controls_for

SPEEDS = {
    "slow": "single batches, four a second",
    "steady": "a run takes about 20 seconds",
    "full": "as fast as the machine",
}
SHARED = tuple(setting for setting in SETTINGS if setting.described.shared)


@dataclass(frozen=True)
class Button:
    """A button that sends a command.

    :param key: its name for the keyboard, and the command that it sends at first.
    :param icon: of Streamlit's icon font; none where it is empty.
    :param help: what it does, and the key that presses it.
    """

    key: str
    word: str
    icon: str
    help: str

    @property
    def html(self) -> str:
        """As it stands there before anything is known: nobody hears it yet."""
        icon = f'<span class="lv-icon" aria-hidden="true">{self.icon}</span>' if self.icon else ""
        return (
            f'<button type="button" disabled data-key="{self.key}" data-do="{self.key}" '
            f'title="{escape(self.help)}">{icon}<span>{self.word}</span></button>'
        )


PLAY = Button("play", "Play", "play_arrow", "Train all runs, in step. Key: Space")
PAUSE = Button("pause", "Pause", "pause", PLAY.help)
BUTTONS = (
    PLAY,
    Button("batch", "+1 batch", "", "Key: ."),
    Button("epoch", "+1 epoch", "", "Key: e"),
    Button(
        "reset", "Reset", "replay", "From the start: the same seed gives the same curve. Key: r"
    ),
)
FACES = {button.key: {"icon": button.icon, "word": button.word} for button in (PLAY, PAUSE)}


def markup() -> str:
    """The controls as they stand there before anything is known, so that nothing jumps; none can
    be pressed before it is heard."""
    choices = "".join(
        f'<label title="{meaning}"><input type="radio" disabled name="lv-speed" value="{name}">'
        f"<span>{name}</span></label>"
        for name, meaning in SPEEDS.items()
    )
    return (
        f'<div class="lv-controls">{"".join(button.html for button in BUTTONS)}'
        '<div class="lv-choices" role="radiogroup" aria-label="Speed" data-key="speed" '
        f'title="The numbers never depend on it.">{choices}</div>'
        '<p class="lv-status" role="status"></p></div>'
    )


_controls = st.components.v2.component(
    "lossviz.controls", js=mounted("controls.js"), html=markup(), isolate_styles=False
)


def control_bar(lab: Lab) -> None:
    """Play, step, reset, speed, and what all runs share."""
    with st.container(horizontal=True, vertical_alignment="center", key="control-bar"):
        _controls(data={"faces": FACES, "lab": state_of(lab)}, key="controls", width="content")
        _add_run(lab)
        _shared_settings(lab)
        key_list()


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
            _share(lab, watched(followed(experiment, values)))


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
