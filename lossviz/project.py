"""A project: everything that a session has, as plain values that need neither browser nor torch.

A project is what a file holds, what is reported on, and what a session goes on from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from lossviz.datasets import UNEDITED, ColumnMapping, Dataset, LabelEdits, Table
from lossviz.outcome import Trained
from lossviz.pictures import Piece, pictures_of
from lossviz.protocol import Protocol
from lossviz.recommendation import Costs
from lossviz.run import Run
from lossviz.scene import Scene
from lossviz.scores import Scores
from lossviz.surface import Surface
from lossviz.surface_plan import SurfacePlan
from lossviz.sweep_plan import SweepPlan

Plan = TypeVar("Plan")
Report = TypeVar("Report")
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
class Kept(Generic[Plan, Report]):
    """What a campaign has: its plan, and the reports so far by the number of their block."""

    plan: Plan
    reports: Mapping[int, Report]


@dataclass(frozen=True)
class KeptTrade:
    """A sweep, the costs that were stated, and the point whose errors are shown."""

    sweep: Kept[SweepPlan, Scores]
    costs: Costs
    point: int


@dataclass(frozen=True)
class KeptRelief:
    """Surfaces, and how they were looked at; see :class:`lossviz.ui.state.Relief`."""

    surfaces: Kept[SurfacePlan, Piece]
    view: Literal["3d", "contour"]
    scale: Literal["linear", "log"]
    weights: tuple[float, ...] | None
    doubts: bool


@dataclass(frozen=True)
class Desk:
    """Data, and what was done with them.

    :param runs: by letter, in order.
    :param speed: of the runs.
    :param sentence: that the runs judge.
    :param trained: by letter, the model's weights as the content of a ``.safetensors`` file; a run
        that has not started has none.
    """

    data: Data
    runs: Mapping[str, Run]
    speed: Speed = "steady"
    sentence: str = ""
    study: Kept[Protocol, Trained] | None = None
    trade: KeptTrade | None = None
    relief: KeptRelief | None = None
    trained: Mapping[str, bytes] | None = None


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
        kept = self.desk.relief
        if kept is None:
            return {}
        blocks = kept.surfaces.plan.blocks(self.desk.data.dataset)
        return pictures_of(
            [(blocks[k].key, kept.surfaces.reports[k]) for k in sorted(kept.surfaces.reports)],
            "surface",
        )
