"""A published run, as everybody sees it who has the link: nothing in it can be changed."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from lossviz.errors import LossVizError
from lossviz.experiment import Experiment
from lossviz.library import MB, About, NotPublished
from lossviz.objectives import OBJECTIVES
from lossviz.publication import Publication
from lossviz.ui.library.database import library
from lossviz.ui.library.rows import PublishedRun, table
from lossviz.ui.library.shelf import Shelf
from lossviz.ui.published.charts import confusions, curves_and_errors, surface
from lossviz.ui.published.link import OWN, RUN, leave
from lossviz.ui.published.owner import owners_part
from lossviz.ui.published.train import open_in_train
from lossviz.ui.state import State
from lossviz.ui.words import plain
from lossviz.wording import count


def published_run(own: State, shelf: Shelf) -> bool:
    """The run of the link, if the address is one.

    :returns: whether there is such a run; if not, a sentence says so, and the page goes on.
    """
    id = st.query_params.get(RUN, "")
    if not id:
        return False
    try:
        found = library().about([id])
        if not found:
            raise NotPublished
        publication = shelf.open(id)
    except LossVizError as error:
        shelf.forget(id)
        st.warning(plain(str(error)), icon=":material/link_off:")
        return False
    secret = st.query_params.get(OWN, "")
    _page(own, shelf, found[0], publication, secret)
    return True


def _page(own: State, shelf: Shelf, about: About, publication: Publication, secret: str) -> None:
    shelf.known.setdefault(about.id, "")
    st.title(plain(publication.name), anchor=False)
    _facts(about, publication)
    owners_part(shelf, about.id, secret)
    with st.container(horizontal=True, vertical_alignment="center", key="published-actions"):
        open_in_train(own, publication)
        _downloads(publication)
        st.button(
            "To the library",
            icon=":material/library_books:",
            key="published-leave",
            on_click=leave,
            help="Your own runs, and the published ones that you opened.",
        )
    curves_and_errors(publication)
    surface(publication)
    confusions(publication)


def _facts(about: About, publication: Publication) -> None:
    rows, held_out = publication.rows
    row = table([PublishedRun(about)]).iloc[0]
    st.text(
        f"{publication.data}: {count(rows, 'text')}, {held_out:,} of them held out; "
        f"{' × '.join(publication.schema.names)}"
    )
    experiment = publication.run.experiment
    st.text(
        f"{experiment.formulation}, weights {row['weights']}; {_model(experiment)}; "
        f"{row['trained']}"
    )
    until = f", and here until {_date(about.expires)}" if about.expires else ""
    st.text(f"It asks: {OBJECTIVES[experiment.formulation].asks_for}")
    st.caption(
        f"Published on {_date(about.published)}{until}; read-only. In the charts it is run A."
    )


def _model(experiment: Experiment) -> str:
    model, rule = experiment.model, experiment.optimiser
    shape = "linear" if model.kind == "linear" else count(model.width, "hidden unit")
    return f"{shape}, {rule.name} with learning rate {rule.learning_rate:g}"


def _date(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _downloads(publication: Publication) -> None:
    st.download_button(
        "Weights",
        publication.trained,
        file_name="run.safetensors",
        mime="application/octet-stream",
        key="published-weights",
        icon=":material/download:",
        on_click="ignore",
        help=f"The model's weights as .safetensors, {len(publication.trained) / MB:.2g} MB.",
    )
    st.download_button(
        "Experiment",
        publication.run.experiment.model_dump_json(indent=2),
        file_name="experiment.json",
        mime="application/json",
        key="published-json",
        icon=":material/download:",
        on_click="ignore",
        help="Everything that determines the result, as JSON.",
    )
