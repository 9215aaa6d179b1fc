"""What can be done with a run: rename, download, publish, delete."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from lossviz.errors import LossVizError
from lossviz.experiments.runs.run import LETTERS, Run
from lossviz.experiments.words import count, two_digits
from lossviz.schema import LabelSchema
from lossviz.sharing.library import MB
from lossviz.ui.library.database import library
from lossviz.ui.library.publishing import Publishing, gathering_of
from lossviz.ui.library.rows import OwnRun, PublishedRun, Row
from lossviz.ui.library.shelf import Removed, Shelf
from lossviz.ui.parts.controls import download, tied
from lossviz.ui.parts.follow import follow, outdated
from lossviz.ui.parts.progress import gone_on, progress
from lossviz.ui.parts.words import plain

LONGEST_NAME = 80
MOVING = "It is being trained, or was not judged yet: wait until it stands still."
DIVERGED = "It diverged, so there are no weights to keep."


def actions(shelf: Shelf, row: Row) -> None:
    """Of one run."""
    if isinstance(row, OwnRun):
        _own(shelf, row)
    else:
        _published(shelf, row)


def undo_bar(shelf: Shelf) -> None:
    """What was just deleted, and the button that brings it back."""
    removed = shelf.removed
    if removed is None:
        return
    run = OwnRun(removed.bench, removed.letter, removed.run)
    free = removed.bench.lab.free_letter() is not None
    with st.container(horizontal=True, vertical_alignment="center", key="library-undo-bar"):
        st.text(f"{run.title} was deleted.", width="content")
        st.button(
            "Undo",
            icon=":material/undo:",
            key="library-undo",
            on_click=_undo,
            args=(shelf, removed),
            disabled=not free,
            help=None if free else "All four places are taken: delete another run of these data.",
        )


def _own(shelf: Shelf, row: OwnRun) -> None:
    run = row.run

    def rename(typed: str) -> None:
        row.bench.lab.rename(row.letter, typed.strip()[:LONGEST_NAME])

    reason = None if row.still else DIVERGED if run.state == "diverged" else MOVING
    with st.container(horizontal=True, vertical_alignment="bottom", key="library-own"):
        st.text_input(
            f"Name of run {row.letter}",
            **tied(f"name-{row.key}", run.name, rename),
            max_chars=LONGEST_NAME,
            placeholder=row.title,
            width=280,
        )
        download(
            "JSON",
            lambda: run_json(run, row.bench.data.dataset.schema, row.title),
            f"run-{row.letter}.json",
            key="library-json",
            help="The experiment, the curve and the errors.",
        )
        _weights_button(shelf, row, reason)
        st.button(
            "Publish",
            type="primary",
            icon=":material/share:",
            key="library-publish",
            disabled=reason is not None,
            help=reason or "Under a link that others can open.",
            on_click=_publish,
            args=(shelf, row),
        )
        st.button(
            "Delete",
            icon=":material/delete:",
            key="library-delete",
            disabled=row.alone,
            help="The last run of its data stays: other pages need one." if row.alone else None,
            on_click=_delete,
            args=(shelf, row),
        )
    _gathering(shelf, row)


def _publish(shelf: Shelf, row: OwnRun) -> None:
    shelf.publishing = Publishing.of(row.bench, row.letter)


def _delete(shelf: Shelf, row: OwnRun) -> None:
    row.bench.lab.remove(row.letter)
    shelf.removed = Removed(row.bench, row.letter, row.run)


def _undo(shelf: Shelf, removed: Removed) -> None:
    lab = removed.bench.lab
    letter = removed.letter if removed.letter not in lab.runs else lab.free_letter()
    if letter is not None:
        known = lab.runs | {letter: removed.run}
        lab.runs = {place: known[place] for place in LETTERS if place in known}
        shelf.removed = None


def _weights_key(row: OwnRun) -> str:
    return f"{row.key}-{row.run.step}"


def _weights_button(shelf: Shelf, row: OwnRun, reason: str | None) -> None:
    """Weights live in the workers: they are fetched when somebody wants them."""
    key, gathering = shelf.gathering or ("", None)
    if gathering is not None and key == _weights_key(row) and gathering.complete:
        content = gathering.contents[row.letter]
        download(
            f"Weights, {two_digits(len(content) / MB)} MB",
            content,
            f"run-{row.letter}.safetensors",
            key="library-weights",
            help="The model's weights as .safetensors.",
        )
        return

    def fetch() -> None:
        new = gathering_of(row.bench, row.letter, row.run)
        new.start()
        shelf.gathering = _weights_key(row), new

    st.button(
        "Fetch the weights",
        icon=":material/deployed_code:",
        key="library-fetch",
        disabled=reason is not None or (gathering is not None and gathering.busy),
        on_click=fetch,
        help=reason
        or f"They are trained again to the same numbers, {count(row.run.step, 'step')}; then "
        "they can be downloaded as .safetensors.",
    )


def _gathering(shelf: Shelf, row: OwnRun) -> None:
    key, gathering = shelf.gathering or ("", None)
    if gathering is None or key != _weights_key(row) or gathering.complete:
        return

    outdated("gathering-busy", lambda: gathering.busy)
    follow("gathering", lambda: gone_on(gathering), lambda: progress(gathering, "gathering"))
    if gathering.busy:
        st.button("Stop", icon=":material/stop:", key="library-stop", on_click=gathering.stop)


def _published(shelf: Shelf, row: PublishedRun) -> None:
    secret = shelf.known.get(row.key, "")

    def show() -> None:
        st.query_params["run"] = row.key

    def delete() -> None:
        try:
            library().delete(row.key, secret)
            shelf.forget(row.key)
            shelf.notice = f"{row.title} is no longer published."
        except LossVizError as error:
            st.error(plain(str(error)), icon=":material/error:")

    with st.container(horizontal=True, vertical_alignment="center", key="library-published"):
        st.text(row.title, width="content")
        st.button("Open", icon=":material/open_in_full:", key="library-open", on_click=show)
        if secret:
            with st.popover("Delete", icon=":material/delete:", key="library-unpublish"):
                st.text("Its link then opens nothing any more. This cannot be undone.")
                st.button("Delete for everybody", key="library-unpublish-sure", on_click=delete)


def run_json(run: Run, schema: LabelSchema, name: str) -> bytes:
    """For people and programs; the errors are written as the command line writes them."""
    curve = run.curve
    content: dict[str, Any] = {
        "name": name,
        "experiment": run.experiment.model_dump(mode="json"),
        "state": run.state,
        "steps": {"done": run.step, "total": run.total_steps, "epoch": run.steps_per_epoch},
        "stopped": run.stopped or None,
        "weights_moved": [
            {
                "after_step": change.step,
                **change.weights.json,
            }
            for change in run.changes
        ],
        "curve": {
            "steps": curve.steps.tolist(),
            "train": {part: _finite(array.tolist()) for part, array in curve.train.items()},
            "held_out": {part: _finite(array.tolist()) for part, array in curve.validation.items()},
        },
        "errors": None,
    }
    evaluation = run.evaluation
    if evaluation is not None:
        content["errors"] = {
            "step": evaluation.step,
            **evaluation.errors_json(schema.names),
            "commonest_label": evaluation.guessing.joint,
        }
    return json.dumps(content, indent=1, allow_nan=False).encode()


def _finite(values: list[float]) -> list[float | None]:
    """JSON has no infinity; a run that diverged has."""
    return [value if abs(value) < float("inf") else None for value in values]
