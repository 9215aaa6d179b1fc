"""What a session has as a project, and a project as what a session has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lossviz.compute.campaigns import Study, Surfaces, Sweep
from lossviz.compute.cluster import COMPUTE
from lossviz.compute.lab import Lab
from lossviz.data import profile, samples
from lossviz.sharing import project
from lossviz.sharing.project import Data, Kept, KeptRelief, KeptTrade, Project, Scene
from lossviz.ui.address.link import open_query, query_of
from lossviz.ui.state.session import Desk, Relief, Source, State, Trade, sample_source

LOOKED_AT = ("train", "formulations")
"""Pages whose looks are not told by what is kept of the desks."""


@dataclass(frozen=True)
class Before:
    """What a session had before a project was opened."""

    desk: Desk
    desks: Mapping[str, Desk]
    scenes: tuple[Scene, ...]


def project_of(session: State, trained: Mapping[str, Mapping[str, bytes]] | None = None) -> Project:
    """Everything that the session has now.

    :param trained: by the data's digest and the run's letter, the weights of its models.
    """
    known = trained or {}
    desks = (session.desk, *reversed(session.desks.values()))
    return Project(
        tuple(_kept_desk(desk, known.get(desk.source.dataset.digest, {})) for desk in desks),
        session.scenes,
        tuple((page, tuple(query_of(session, page).items())) for page in LOOKED_AT),
    )


def restore(session: State, given: Project) -> Before:
    """Go on from a project; what the session had is handed back.

    Other data that were in use stay beside those of the project, as far as there is room.
    """
    before = Before(session.desk, dict(session.desks), session.scenes)
    for kept in reversed(given.desks):
        session.sit_at(_desk(kept))
    session.scenes = given.scenes
    for page, query in given.pages:
        open_query(session, page, dict(query))
    return before


def go_back(session: State, before: Before) -> None:
    """As if nothing had been opened."""
    session.sit_at(before.desk)
    session.desks = dict(before.desks)
    session.scenes = before.scenes


def _kept_desk(desk: Desk, trained: Mapping[str, bytes]) -> project.Desk:
    source, lab = desk.source, desk.lab
    return project.Desk(
        Data(
            source.title,
            source.sample,
            source.table,
            source.mapping,
            source.dataset,
            source.edits,
        ),
        {letter: replace(run) for letter, run in lab.runs.items()},
        lab.speed,
        lab.sentence,
        Kept(desk.study.plan, desk.study.kept) if desk.study is not None else None,
        _kept_trade(desk.trade) if desk.trade is not None else None,
        _kept_relief(desk.relief) if desk.relief is not None else None,
        trained,
    )


def _kept_trade(trade: Trade) -> KeptTrade:
    return KeptTrade(Kept(trade.sweep.plan, trade.sweep.kept), trade.costs, trade.point)


def _kept_relief(relief: Relief) -> KeptRelief:
    surfaces = Kept(relief.surfaces.plan, relief.surfaces.kept)
    return KeptRelief(surfaces, relief.view, relief.scale, relief.weights, relief.doubts)


def _desk(kept: project.Desk) -> Desk:
    source = _source(kept.data)
    lab = Lab(COMPUTE, source.dataset)
    lab.runs = dict(kept.runs)
    lab.speed = kept.speed
    lab.sentence = kept.sentence
    desk = Desk(source, lab)
    dataset = source.dataset
    if kept.study is not None:
        desk.study = Study(COMPUTE, dataset)
        desk.study.choose(kept.study.plan)
        desk.study.restore(kept.study.reports)
    if kept.trade is not None:
        sweep = Sweep(COMPUTE, dataset, kept.trade.sweep.plan)
        sweep.restore(kept.trade.sweep.reports)
        desk.trade = Trade(sweep, kept.trade.costs, kept.trade.point)
    if kept.relief is not None:
        surfaces = Surfaces(COMPUTE, dataset, kept.relief.surfaces.plan)
        surfaces.restore(kept.relief.surfaces.reports)
        kept_relief = kept.relief
        desk.relief = Relief(
            surfaces, kept_relief.view, kept_relief.scale, kept_relief.weights, kept_relief.doubts
        )
    return desk


def _source(data: Data) -> Source:
    """One of the samples that come along, where it is the same still."""
    if data.sample in [sample.id for sample in samples()]:
        source = sample_source(data.sample)
        if source.dataset.digest == data.dataset.digest:
            return source
    return Source(
        data.title, data.table, data.mapping, data.dataset, profile(data.dataset), "", data.edits
    )
