"""A published run, as everybody sees it who has the link: nothing in it can be changed."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from lossviz.errors import LossVizError
from lossviz.experiments.experiment import NEEDING_VALIDATION
from lossviz.experiments.words import count
from lossviz.losses.objectives import OBJECTIVES
from lossviz.sharing.library import MB, About, NotPublished
from lossviz.sharing.project import Publication
from lossviz.ui.library.database import library
from lossviz.ui.library.published_charts import charts
from lossviz.ui.library.published_train import open_in_train
from lossviz.ui.library.rows import PublishedRun, table
from lossviz.ui.library.shelf import Shelf
from lossviz.ui.parts.controls import download
from lossviz.ui.parts.words import plain
from lossviz.ui.state.session import Session

RUN, OWN = "run", "own"
"""Keys of the address: the run, and its owner's secret."""
PAGE = "/library"
DELETED = "The run was deleted. Its link opens nothing any more."


def owners_part(shelf: Shelf, id: str, secret: str) -> None:
    """Where the address has the owner's secret; a forged one gets a sentence."""
    if not secret:
        return
    try:
        owned = library().owned(id, secret)
    except LossVizError as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return
    if not owned:
        st.warning(
            "This is not the owner's link, so it cannot delete the run. Everything else is as it "
            "should be.",
            icon=":material/key_off:",
        )
        return
    shelf.known[id] = secret
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="owner"):
        st.text("This is your own link: give others the one without “own”.", width="stretch")
        with st.popover("Delete", icon=":material/delete:", key="owner-delete"):
            st.text("The link then opens nothing any more. This cannot be undone.")
            st.button(
                "Delete for everybody",
                type="primary",
                key="owner-delete-sure",
                on_click=_delete,
                args=(shelf, id, secret),
            )


def _delete(shelf: Shelf, id: str, secret: str) -> None:
    try:
        library().delete(id, secret)
    except LossVizError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    shelf.forget(id)
    shelf.notice = DELETED
    leave()


def published_run(session: Session, shelf: Shelf) -> bool:
    """The run of the link, if the address is one.

    :returns: whether there is such a run; if not, a sentence says so, and the page goes on.
    """
    id = st.query_params.get(RUN, "")
    if not id:
        return False
    try:
        abouts = library().about([id])
        if not abouts:
            raise NotPublished
        publication = shelf.open(id)
    except LossVizError as error:
        shelf.forget(id)
        st.warning(plain(str(error)), icon=":material/link_off:")
        return False
    secret = st.query_params.get(OWN, "")
    _page(session, shelf, abouts[0], publication, secret)
    return True


def _page(
    session: Session, shelf: Shelf, about: About, publication: Publication, secret: str
) -> None:
    shelf.known.setdefault(about.id, "")
    st.title(plain(publication.name), anchor=False)
    _facts(about, publication)
    owners_part(shelf, about.id, secret)
    with st.container(horizontal=True, vertical_alignment="center", key="published-actions"):
        open_in_train(session, publication)
        _downloads(publication)
        st.button(
            "To the library",
            icon=":material/library_books:",
            key="published-leave",
            on_click=leave,
            help="Your own runs, and the published ones that you opened.",
        )
    charts(publication)


def _facts(about: About, publication: Publication) -> None:
    rows, held_out = publication.rows
    row = table([PublishedRun(about)]).iloc[0]
    st.text(
        f"{publication.data}: {count(rows, 'text')}, {held_out:,} of them held out; "
        f"{' × '.join(publication.schema.names)}"
    )
    experiment = publication.run.experiment
    st.text(
        f"{experiment.formulation}, weights {row['weights']}; "
        f"{experiment.words('model', 'optimiser', *NEEDING_VALIDATION)}; {row['trained']}"
    )
    until = f", and here until {_date(about.expires)}" if about.expires else ""
    st.text(f"It asks: {OBJECTIVES[experiment.formulation].asks_for}")
    st.caption(
        f"Published on {_date(about.published)}{until}; read-only. In the charts it is run A."
    )


def _date(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _downloads(publication: Publication) -> None:
    download(
        "Weights",
        publication.trained,
        "run.safetensors",
        key="published-weights",
        help=f"The model's weights as .safetensors, {len(publication.trained) / MB:.2g} MB.",
    )
    download(
        "Experiment",
        publication.run.experiment.model_dump_json(indent=2),
        "experiment.json",
        key="published-json",
        help="Everything that determines the result, as JSON.",
    )


def link_of(id: str, secret: str = "") -> str:
    """What opens the run in any browser; with the secret, what deletes it.

    Built from the address that the visitor sees, as the server may stand behind another.
    """
    here = urlsplit(st.context.url or "")
    base = here.path.rstrip("/").removesuffix(PAGE)
    query = {RUN: id, **({OWN: secret} if secret else {})}
    return urlunsplit((here.scheme, here.netloc, base + PAGE, urlencode(query), ""))


def leave() -> None:
    """From a published run back to the library."""
    for key in (RUN, OWN):
        if key in st.query_params:
            del st.query_params[key]
