"""What a session has as a project, and a project as what a session has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lossviz.compute.workers import Workers
from lossviz.sharing.project import Project, Scene
from lossviz.ui.address.link import open_query, query_of
from lossviz.ui.state.bench import Bench, Source
from lossviz.ui.state.session import Session

LOOKED_AT = ("train", "formulations")
"""Pages whose looks are not told by what is kept of the desks."""


@dataclass(frozen=True)
class Before:
    """What a session had before a project was opened."""

    bench: Bench
    benches: Mapping[str, Bench]
    scenes: tuple[Scene, ...]


def project_of(
    session: Session, trained: Mapping[str, Mapping[str, bytes]] | None = None
) -> Project:
    """Everything that the session has now.

    :param trained: by the data's digest and the run's letter, the weights of its models.
    """
    known = trained or {}
    return Project(
        tuple(
            bench.desk(known.get(bench.data.dataset.digest, {})) for bench in session.every_bench
        ),
        session.scenes,
        tuple((page, tuple(query_of(session, page).items())) for page in LOOKED_AT),
    )


def restore(session: Session, project: Project) -> Before:
    """Go on from a project; what the session had is handed back.

    Other data that were in use stay beside those of the project, as far as there is room.
    """
    before = Before(session.bench, dict(session.benches), session.scenes)
    for desk in reversed(project.desks):
        session.work_at(Bench.resumed(desk, session.bench.workers))
    session.scenes = project.scenes
    for page, query in project.pages:
        open_query(session, page, dict(query))
    return before


def resumed(
    project: Project, workers: Workers, sources: Mapping[str, Source] | None = None
) -> Session:
    """A session that goes on from a project.

    :param sources: of data that are known here, by digest.
    """
    known = sources or {}
    first, *others = (
        Bench.resumed(desk, workers, known.get(desk.data.dataset.digest)) for desk in project.desks
    )
    benches = {bench.data.dataset.digest: bench for bench in reversed(others)}
    session = Session(first, benches, project.scenes)
    for page, query in project.pages:
        open_query(session, page, dict(query))
    return session


def copied(session: Session, workers: Workers) -> Session:
    """Another session that has what this one has."""
    with session.channel.drawing:
        project = project_of(session)
        sources = {bench.data.dataset.digest: bench.source for bench in session.every_bench}
    return resumed(project, workers, sources)


def go_back(session: Session, before: Before) -> None:
    """As if nothing had been opened."""
    session.work_at(before.bench)
    session.benches = dict(before.benches)
    session.scenes = before.scenes
