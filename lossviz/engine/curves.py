"""Curves: losses and weights of trainers as they go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from lossviz.arrays import Floats
from lossviz.engine.trainer import Trainer
from lossviz.experiments.runs.progress import Curve
from lossviz.losses.targets import Targets


class Point(NamedTuple):
    """One recorded point: losses ``(E,)`` by part, and weights ``(E, K)``."""

    step: int
    train: dict[str, Tensor]
    held_out: dict[str, Tensor]
    weights: Tensor


class Recorder:
    """Losses and weights of every member.

    :param test: the labels of the held-out rows.
    :param due: the steps at which a point is recorded; the losses of a point are means over the
        steps since the one before.
    """

    def __init__(self, trainer: Trainer, test: Targets, due: Callable[[int], bool]) -> None:
        self._trainer = trainer
        self._test = test
        self._due = due
        self._since: list[dict[str, Tensor]] = []
        self._points: list[Point] = []

    def take(self, parts: dict[str, Tensor]) -> None:
        """What a step reported: parts ``(E, B)``."""
        trainer = self._trainer
        self._since.append({name: part.mean(-1) for name, part in parts.items()})
        if not self._due(trainer.step):
            return
        means = {name: torch.stack([step[name] for step in self._since]).mean(0) for name in parts}
        self._since.clear()
        held_out = trainer.losses(trainer.logits(trainer.data.test.features), self._test)
        weights = trainer.weights.components.expand(trainer.model.members, -1)
        self._points.append(Point(trainer.step, means, held_out, weights))

    def curves(self, known: int = 0) -> list[Curve]:
        """A curve for each member.

        :param known: the number of points to leave out at the beginning.
        """
        points = self._points[known:]
        members = range(self._trainer.model.members)
        if not points:
            return [Curve.empty() for _ in members]
        steps = np.array([point.step for point in points], dtype=np.int64)
        weights = torch.stack([point.weights for point in points]).numpy()
        train = _stacked([point.train for point in points])
        held_out = _stacked([point.held_out for point in points])
        return [
            Curve(
                steps,
                {name: losses[:, member] for name, losses in train.items()},
                {name: losses[:, member] for name, losses in held_out.items()},
                weights[:, member],
            )
            for member in members
        ]


def _stacked(points: list[dict[str, Tensor]]) -> dict[str, Floats]:
    """Each part as ``(P, E)``."""
    return {name: torch.stack([point[name] for point in points]).numpy() for name in points[0]}
