"""The parts of the Home page, and the runs that it sets up to show one thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from lossviz.data import Dataset
from lossviz.experiments.choices import first
from lossviz.experiments.runs.run import LETTERS
from lossviz.ui.data.upload import file_field, to_data_page_if_read
from lossviz.ui.embedding import embedded
from lossviz.ui.formulations.landscape import landscape
from lossviz.ui.root import ROOT
from lossviz.ui.state.session import Session
from lossviz.ui.sweep.live import start_sweep
from lossviz.ui.tour import start_tour, touring

TRAIN, FORMULATIONS, TRADE_OFF = (
    ROOT / "pages" / f"{name}.py" for name in ("train", "formulations", "trade_off")
)
HEIGHT = 360
QUESTION = "What does your loss function really ask for?"
# A component, not an image: as a part of the page it takes the theme's text colour.
_picture = st.components.v2.component(
    "lossviz.picture",
    html=(ROOT / "assets" / "parts.svg").read_text(encoding="utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class Scenario:
    """A set of runs, and what to look for while they train.

    :param sample: the sample it is about; None for the data in use.
    :param runs: fields of the experiments, for A, B …
    """

    title: str
    look_for: str
    sample: str | None
    runs: tuple[dict[str, Any], ...]

    def open(self, session: Session) -> None:
        """Set the runs up, ready to play."""
        if self.sample is not None:
            session.use_sample(self.sample)
        lab = session.lab
        lab.pause()
        for letter in list(lab.runs):
            lab.remove(letter)
        for letter, fields in zip(LETTERS, self.runs, strict=False):
            lab.put(letter, first(lab.dataset, **weighed(fields, lab.dataset)))


def weighed(fields: dict[str, Any], dataset: Dataset) -> dict[str, Any]:
    """The fields with one weight for each component: those not given are 1."""
    given = fields.get("component_weights", ())
    weights = (*given, *(1.0,) * len(dataset.schema.components))[: len(dataset.schema.components)]
    return {**fields, "component_weights": weights}


SEE_IT = Scenario(
    "Three formulations of the same task",
    "Same data, same start, same batches. Watch where the errors of the parts and of the whole "
    "label part ways, then move α of run A or C.",
    "feelings",
    ({"formulation": "marginals"}, {"formulation": "joint"}, {"formulation": "components"}),
)


def headline() -> None:
    """What this is, in five lines."""
    st.title(QUESTION, anchor=False)
    st.markdown(
        """
A label such as *emotional · negative* has parts. There are several ways to write a loss for it,
and weights α and β for how much each part counts. They do not ask for the same thing.

Here you train them side by side, on your own texts, and see what each one gets wrong, and whether
α and β change anything.
"""
    )
    picture("picture")
    if touring() is None and not embedded():
        st.button("Take the tour", icon=":material/tour:", key="take-tour", on_click=start_tour)


def picture(key: str) -> None:
    """What three formulations sum, in a drawing."""
    _picture(key=key)


@st.fragment
def live_picture(session: Session) -> None:
    """Something alive that needs no training and no reading: a loss, and its α and β to drag."""
    with st.container(border=True, key="live-picture"):
        st.markdown("**Drag α and β:** how many times does each part count?")
        landscape(session, key="home", height=HEIGHT, formulations=("marginals",), view="3d")
        st.page_link(
            FORMULATIONS, label="Every formulation, and its code", icon=":material/functions:"
        )


def doors(session: Session) -> None:
    """Three scenarios, each ready to run."""
    with st.grid(3, min_column_width=300, border=True):
        with st.container():
            st.subheader("See it", anchor=False)
            st.markdown(
                "Three formulations train side by side on the sample. "
                "Watch `joint`, `components` and `marginals` part ways."
            )
            _open(session, SEE_IT, "Watch three formulations")
        with st.container():
            st.subheader("Try it", anchor=False)
            st.markdown("Your own texts and labels. Drop the file here:")
            file_field("home-upload")
            to_data_page_if_read(session)
        with st.container():
            st.subheader("Decide it", anchor=False)
            st.markdown(
                "Do α and β matter on the data in use? The same model with every α and β of a "
                "grid, each from several seeds, and a verdict that stands on their intervals."
            )
            if st.button("Sweep α and β", key="open-sweep"):
                start_sweep(session)
                st.switch_page(TRADE_OFF)


def _open(session: Session, scenario: Scenario, label: str) -> None:
    if st.button(label, key=f"open-{label}", help=scenario.look_for):
        scenario.open(session)
        session.look_for = scenario.look_for
        session.lab.play()
        st.switch_page(TRAIN)
