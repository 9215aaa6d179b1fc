"""A project: everything that a session has, as plain values that need neither browser nor torch.

A project is what a session has, what a file holds, and what is reported on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from lossviz.data import UNEDITED, ColumnMapping, Dataset, LabelEdits, Table
from lossviz.experiments.findings import Findings, pairs
from lossviz.experiments.runs.judged import JudgedTraining
from lossviz.experiments.runs.opening import Unsealed
from lossviz.experiments.runs.repeat import RepeatPlan
from lossviz.experiments.runs.run import Run
from lossviz.experiments.scores import Scores
from lossviz.experiments.study.plan import StudyPlan
from lossviz.experiments.study.result import Trained
from lossviz.experiments.surfaces.pieces import Pictures, Piece
from lossviz.experiments.surfaces.plan import SurfacePlan
from lossviz.experiments.surfaces.surface import Surface
from lossviz.experiments.sweep.plan import SweepPlan
from lossviz.schema import LabelSchema
from lossviz.sharing.looks import SurfacesLook, SweepLook


@dataclass(frozen=True)
class Publication:
    """A run that was published.

    :param name: what its owner calls it.
    :param data: what the data are called.
    :param sample: the id of the sample that they are, or "".
    :param digest: of the data set.
    :param rows: texts in the data, and held-out texts.
    :param run: with its curve and evaluation.
    :param surfaces: of the run, by the plane's id.
    :param texts: of the held-out rows, in the evaluation's order; None where its owner did not
        want them to be seen.
    :param trained: the model's weights, as the content of a ``.safetensors`` file.
    :param published: in UTC.
    """

    name: str
    data: str
    sample: str
    digest: str
    schema: LabelSchema
    rows: tuple[int, int]
    run: Run
    surfaces: Mapping[str, Surface]
    texts: tuple[str, ...] | None
    trained: bytes
    published: datetime


@dataclass(frozen=True)
class Scene:
    """A state to come back to. An address determines a state, so a scene holds one.

    :param name: as the presenter calls it.
    :param note: what to say about it; the presenter's own, never shown to the audience's pages.
    :param page: the page's part of the address: "" for Home, ``train``, ``trade-off`` …
    :param query: the rest of the address, by key.
    :param panel: the panel that presenter mode shows, by its id.
    """

    name: str
    note: str
    page: str
    query: tuple[tuple[str, str], ...]
    panel: str = ""


Speed = Literal["slow", "steady", "full"]
Pages = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True)
class Data:
    """Data in use: the table as read, the columns as mapped, the labels as edited.

    :param sample: the id of the sample that it is, or "".
    """

    title: str
    sample: str
    table: Table
    mapping: ColumnMapping
    dataset: Dataset
    edits: LabelEdits = UNEDITED


@dataclass(frozen=True)
class KeptSweep:
    """A sweep, and how it is looked at."""

    findings: Findings[SweepPlan, Scores]
    look: SweepLook


@dataclass(frozen=True)
class KeptSurfaces:
    """Surfaces, and how they are looked at."""

    findings: Findings[SurfacePlan, Piece]
    look: SurfacesLook = field(default_factory=SurfacesLook)


@dataclass(frozen=True, kw_only=True)
class Work:
    """What was done with some data.

    :param runs: by letter, in order.
    :param speed: of the runs.
    :param sentence: that the runs judge.
    :param repeat: of their comparison.
    :param opened: each time that sealed texts were, in order.
    :param judged: the different trainings that held-out texts have judged.
    """

    runs: Mapping[str, Run]
    speed: Speed = "steady"
    sentence: str = ""
    repeat: Findings[RepeatPlan, Scores] | None = None
    study: Findings[StudyPlan, Trained] | None = None
    sweep: KeptSweep | None = None
    surfaces: KeptSurfaces | None = None
    opened: tuple[Unsealed, ...] = ()
    judged: tuple[JudgedTraining, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Desk(Work):
    """Data, and what was done with them.

    :param trained: by letter, the model's weights as the content of a ``.safetensors`` file; a run
        that has not started has none.
    """

    data: Data
    trained: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def pictures(self) -> Pictures:
        """What there is of the surfaces, and of what says how far to trust them."""
        if self.surfaces is None:
            return Pictures(())
        return Pictures(pairs(self.surfaces.findings, self.data.dataset))


@dataclass(frozen=True)
class Project:
    """A session.

    :param desks: the one in use first.
    :param scenes: in their order.
    :param pages: how pages were looked at: of each its part of the address, and the rest by key.
    """

    desks: tuple[Desk, ...]
    scenes: tuple[Scene, ...] = ()
    pages: Pages = ()

    @property
    def desk(self) -> Desk:
        """The one in use."""
        return self.desks[0]

    @property
    def surfaces(self) -> Mapping[str, Surface]:
        """By letter, what there is of the surfaces of the runs in use."""
        return self.desk.pictures.surfaces
