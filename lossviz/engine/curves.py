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
    """One recorded point: losses ``(parts, E)``, and weights ``(E, K)``."""

    step: int
    train: Floats
    held_out: Floats
    weights: Floats


class Recorder:
    """Losses and weights of every member.

    :param watched: the labels of the rows that are watched.
    :param due: the steps at which a point is recorded; the losses of a point are means over the
        steps since the one before.
    """

    def __init__(self, trainer: Trainer, watched: Targets, due: Callable[[int], bool]) -> None:
        self._trainer = trainer
        self._watched = watched
        self._due = due
        self._since: list[dict[str, Tensor]] = []
        self._parts: tuple[str, ...] = ()
        self._points: list[Point] = []

    def take(self, parts: dict[str, Tensor]) -> None:
        """What a step reported: parts ``(E, B)``."""
        trainer = self._trainer
        self._since.append({name: part.mean(-1) for name, part in parts.items()})
        if not self._due(trainer.step):
            return
        self._parts = tuple(parts)
        means = [torch.stack([step[part] for step in self._since]).mean(0) for part in parts]
        self._since.clear()
        held_out = trainer.losses(trainer.logits(trainer.data.watched.features), self._watched)
        weights = trainer.weights.components.expand(trainer.model.members, -1)
        # Arrays: of a thousand epochs a tensor for each number would take a hundred megabytes.
        self._points.append(
            Point(
                trainer.step,
                torch.stack(means).numpy(),
                torch.stack([held_out[part] for part in parts]).numpy(),
                weights.numpy().copy(),
            )
        )

    def curves(self, known: int = 0) -> list[Curve]:
        """A curve for each member.

        :param known: the number of points to leave out at the beginning.
        """
        points = self._points[known:]
        members = range(self._trainer.model.members)
        if not points:
            return [Curve.empty() for _ in members]
        steps = np.array([point.step for point in points], dtype=np.int64)
        train = np.stack([point.train for point in points])
        held_out = np.stack([point.held_out for point in points])
        weights = np.stack([point.weights for point in points])
        return [
            Curve(
                steps,
                {part: train[:, k, member] for k, part in enumerate(self._parts)},
                {part: held_out[:, k, member] for k, part in enumerate(self._parts)},
                weights[:, member],
            )
            for member in members
        ]
