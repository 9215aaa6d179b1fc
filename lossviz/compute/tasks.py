"""What workers compute besides live runs. The web process knows these functions by name; what
they need of torch is imported in the worker, where they run."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from lossviz.arrays import Doubles, Floats, Small
from lossviz.data import Dataset
from lossviz.experiments.closer_look import Hardness, NearDuplicates
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.reference import RunReference, TrainedWeights
from lossviz.experiments.study.result import Trained
from lossviz.experiments.surfaces.pieces import Piece
from lossviz.experiments.surfaces.plan import SurfaceBlock
from lossviz.experiments.surfaces.surface import OutputPlane, Surface
from lossviz.experiments.sweep.result import Scores
from lossviz.losses.questions import Decisions, Descents, Dilemma, PartLosses
from lossviz.schema import LabelSchema

if TYPE_CHECKING:
    from distributed import Worker

LONG_SECONDS = 1.0
"""A task that takes longer steps aside, so that short ones need not wait for its end."""


def output_surfaces(planes: tuple[OutputPlane, ...]) -> tuple[Surface, ...]:
    """See :func:`lossviz.engine.landscape.surfaces.output_surface`."""
    from lossviz.engine.landscape.surfaces import output_surface

    return tuple(output_surface(plane) for plane in planes)


def part_losses(logits: tuple[float, ...], true: int) -> PartLosses:
    """See :func:`lossviz.engine.questions.part_losses`."""
    from lossviz.engine.questions import part_losses as compute

    return compute(logits, true)


def descents(target: tuple[float, ...], starts: tuple[float, ...]) -> Descents:
    """See :func:`lossviz.engine.questions.descents`."""
    from lossviz.engine.questions import descents as compute

    return compute(target, starts)


def decisions(dilemma: Dilemma) -> Decisions:
    """See :func:`lossviz.engine.questions.decisions`."""
    from lossviz.engine.questions import decisions as compute

    return compute(dilemma)


def train_block(
    dataset: Dataset, experiment: Experiment, members: Sequence[Sequence[float]]
) -> Trained | None:
    """See :func:`lossviz.engine.study.train_block`."""
    from lossviz.engine.study import train_block as train

    return train(dataset, experiment, members, wanted=Errand().wanted)


def score_block(
    dataset: Dataset, experiment: Experiment, members: Sequence[Sequence[float]]
) -> Scores | None:
    """See :func:`lossviz.engine.sweep.score_block`."""
    from lossviz.engine.sweep import score_block as score

    return score(dataset, experiment, members, wanted=Errand().wanted)


def surface_block(dataset: Dataset, block: SurfaceBlock) -> Piece | None:
    """See :func:`lossviz.engine.landscape.blocks.surface_block`."""
    from lossviz.engine.landscape.blocks import surface_block as compute

    return compute(dataset, block, wanted=Errand().wanted)


def trained_weights(dataset: Dataset, reference: RunReference) -> TrainedWeights | None:
    """See :func:`lossviz.engine.landscape.retrained.trained_weights`."""
    from lossviz.engine.landscape.retrained import trained_weights as write

    return write(dataset, reference, wanted=Errand().wanted)


def near_duplicates(dataset: Dataset) -> NearDuplicates | None:
    """See :func:`lossviz.engine.near_duplicates.near_duplicates`."""
    from lossviz.engine.near_duplicates import near_duplicates as find

    return find(dataset, wanted=Errand().wanted)


def hardness(dataset: Dataset) -> Hardness | None:
    """See :func:`lossviz.engine.quick_model.hardness`."""
    from lossviz.engine.quick_model import hardness as judge

    return judge(dataset, wanted=Errand().wanted)


def min_cost_errors(
    schema: LabelSchema,
    experiment: Experiment,
    answers: Sequence[Floats],
    true: Sequence[Small],
    costs: Sequence[float],
) -> Doubles:
    """See :func:`lossviz.engine.judging.min_cost_errors`."""
    from lossviz.engine.judging import min_cost_errors as compute

    return compute(schema, experiment, answers, true, costs)


class Errand:
    """A task as it sees itself while it runs in a worker."""

    def __init__(self) -> None:
        from distributed import get_worker

        self._started = monotonic()
        self._aside = False
        self._worker: Worker | None = None
        with suppress(ValueError):  # called directly: whoever called it waits
            self._worker = get_worker()

    def wanted(self) -> bool:
        """Whether anybody still waits for the result. To be asked now and then.

        A task that was cancelled goes on in its thread, and nothing tells it; but its worker knows.
        """
        from distributed import secede

        worker = self._worker
        if worker is None:
            return True
        task = worker.state.tasks.get(worker.get_current_task())
        if task is None or task.state not in ("executing", "long-running"):
            return False
        if not self._aside and monotonic() - self._started > LONG_SECONDS:
            self._aside = True
            secede()
        return True
