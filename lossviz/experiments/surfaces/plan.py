"""The plan of the surfaces: of which runs, on which plane, how finely, and in which blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Literal

from lossviz.data import Dataset
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.reference import RunReference
from lossviz.experiments.surfaces.planes import PLANES
from lossviz.experiments.surfaces.surface import MOST_ROWS
from lossviz.losses.heads import HEADS

BLOCK_SECONDS = 0.25
"""About how long a block takes once its model is trained."""
POINT_SECONDS = 12e-9
"""Of one text and one logit or hidden unit at one point; one core."""
COARSE, LINE = 25, 61
"""Points along each axis of a small picture, and along a line."""
OTHERS = 3
"""Other random planes, and other seeds of the same experiment."""
RESOLUTIONS = (31, 41, 61)
MOST_RESOLUTION = 201

Kind = Literal["surface", "sharpness", "walk"]


@dataclass(frozen=True)
class SurfaceBlock:
    """What one call of a worker computes: some rows of a surface, the numbers of a run, or the
    losses on a walk between runs.

    :param key: of the picture that it is a piece of; unique within a plan.
    :param runs: the model whose loss it is first; then those that the plane goes through as well.
    :param points: along x and y of the whole picture.
    :param rows: of it, from below.
    :param cost: about how many seconds it takes.
    """

    key: tuple[str, ...]
    kind: Kind
    runs: tuple[RunReference, ...]
    plane: str
    seed: int
    points: tuple[int, int]
    rows: range
    cost: float
    of: int = 0
    """Which of the runs the loss belongs to."""

    @property
    def arguments(self) -> tuple[SurfaceBlock]:
        """Of the task."""
        return (self,)

    @property
    def size(self) -> int:
        """Points of the picture, as progress counts them."""
        return self.points[0] * len(self.rows)


@dataclass(frozen=True)
class SurfacePlan:
    """What a person chooses before surfaces are drawn.

    :param runs: up to four.
    :param plane: an id of :data:`lossviz.experiments.surfaces.planes.PLANES`.
    :param seed: of the plane, where it is random, and of the texts.
    """

    runs: tuple[RunReference, ...]
    plane: str = "random"
    seed: int = 0
    resolution: int = 41

    def __post_init__(self) -> None:
        if self.plane not in PLANES:
            raise LossVizError(f"plane: found {self.plane!r}, expected one of {', '.join(PLANES)}.")
        if not 2 <= self.resolution <= MOST_RESOLUTION:
            raise LossVizError(
                f"resolution: expected 2 to {MOST_RESOLUTION}, found {self.resolution}."
            )

    @property
    def together(self) -> bool:
        """Whether all runs lie on one plane."""
        return PLANES[self.plane].models > 1

    def blocks(self, dataset: Dataset) -> tuple[SurfaceBlock, ...]:
        """The pictures first, then what says how far to trust them."""
        return tuple(self._blocks(dataset))

    def _blocks(self, dataset: Dataset) -> Iterator[SurfaceBlock]:
        whole = (self.resolution, self.resolution)
        pictures = []
        for place, run in enumerate(self.runs):
            through = self.runs if self.together else (run,)
            of = place if self.together else 0
            key = ("surface", run.name)
            pictures.append(list(_picture(dataset, key, through, of, self.plane, self.seed, whole)))
        # All pictures grow at the same time.
        for row in zip_longest(*pictures):
            yield from filter(None, row)
        for run in self.runs:
            cost = 60 * _seconds(dataset, run.experiment, 10)
            yield SurfaceBlock(
                ("sharpness", run.name), "sharpness", (run,), "", self.seed, (1, 1), range(1), cost
            )
        if not self.runs:
            return
        if len(self.runs) > 1:
            points = (LINE, 1)
            cost = len(self.runs) * _seconds(dataset, self.runs[0].experiment, 3 * LINE)
            yield SurfaceBlock(
                ("walk",), "walk", self.runs[:3], "", self.seed, points, range(1), cost
            )
        yield from self._doubts(dataset, self.runs[0])

    def _doubts(self, dataset: Dataset, run: RunReference) -> Iterator[SurfaceBlock]:
        """Of one run: other random planes, and the same experiment from other seeds."""
        for k in range(1, OTHERS + 1):
            key = ("plane", str(self.seed + k))
            small = (COARSE, COARSE)
            yield from _picture(dataset, key, (run,), 0, "random", self.seed + k, small)
        for k in range(OTHERS + 1):
            seed = run.experiment.seed + k
            run_reference = replace(run, experiment=run.experiment.changed(seed=seed))
            yield from _picture(
                dataset, ("seed", str(seed)), (run_reference,), 0, "random", self.seed, (LINE, 1)
            )


def _picture(
    dataset: Dataset,
    key: tuple[str, ...],
    runs: tuple[RunReference, ...],
    of: int,
    plane: str,
    seed: int,
    points: tuple[int, int],
) -> Iterator[SurfaceBlock]:
    columns, rows = points
    seconds = _seconds(dataset, runs[of].experiment, columns)
    size = max(1, round(BLOCK_SECONDS / seconds))
    for start in range(0, rows, size):
        some = range(start, min(start + size, rows))
        yield SurfaceBlock(key, "surface", runs, plane, seed, points, some, len(some) * seconds, of)


def _seconds(dataset: Dataset, experiment: Experiment, points: int) -> float:
    """About how long so many points take."""
    texts = min(len(dataset), MOST_ROWS)
    outputs = HEADS[experiment.objective.head].size(dataset.schema)
    width = experiment.model.width if experiment.model.kind == "hidden" else 0
    return points * texts * max(outputs + width, 1) * POINT_SECONDS
