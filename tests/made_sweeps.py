"""Results of sweeps, made from error rates on the spot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lossviz.evaluation import Baseline
from lossviz.experiment import DataReference, Experiment
from lossviz.grid import Grid
from lossviz.schema import Component, LabelSchema
from lossviz.scores import Scores
from lossviz.sweep_plan import PointsBlock, SweepPlan
from lossviz.sweep_result import SweepResult

ROWS = (4_000, 1_000)


def result(
    errors: npt.NDArray[np.float64],
    *,
    grid: Grid | None = None,
    names: Sequence[str] = ("first", "second"),
    rows: tuple[int, int] = ROWS,
    learnt: float = 0.0,
    **fields: object,
) -> SweepResult:
    """A result with these error rates ``(M, J, K + 1)``; NaN where a seed is not finished.

    :param learnt: the error rate on the training rows, everywhere.
    :param fields: of the experiment.
    """
    grid = grid or Grid(len(names), steps=3)
    schema = LabelSchema.full([Component(name, ("no", "yes")) for name in names], "|")
    data = DataReference(name="made", digest="0", components=tuple(names))
    experiment = Experiment.of(data=data, **fields)
    seeds = tuple(range(errors.shape[1]))
    plan = SweepPlan(experiment, grid, seeds)
    assert len(errors) == len(grid.members)
    reports = []
    for j in seeds:
        for place in np.flatnonzero(~np.isnan(errors[:, j, 0])).tolist():
            block = PointsBlock(j, range(place, place + 1), (grid.members[place],), experiment, 1.0)
            reports.append((block, scores(errors[place, j], rows, learnt)))
    return SweepResult.of(schema, plan, reports)


def scores(errors: npt.NDArray[np.float64], rows: tuple[int, int], learnt: float) -> Scores:
    """Of one member: as many rows are wrong as the rates say, the first ones on each part."""
    train, held_out = rows
    wrong = np.rint(errors * held_out).astype(np.int64)
    true = np.zeros((held_out, len(errors) - 1), dtype=np.uint8)
    predicted = true.copy()
    for k, count in enumerate(wrong[:-1]):
        predicted[:count, k] = 1
    return Scores(
        wrong[None],
        np.full_like(wrong, round(learnt * train))[None],
        predicted[None],
        true,
        Baseline((0.5,) * (len(errors) - 1), 0.7),
        rows,
        None,
        ("",),
        0.0,
    )
