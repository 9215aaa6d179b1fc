"""Curves: losses and weights of trainers as they go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from torch import Tensor

from lossviz.arrays import Floats
from lossviz.engine.first_layers import products_of
from lossviz.engine.step import Losses, watched_losses
from lossviz.engine.together import pieces
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
        self.trainer = trainer
        self.watched = watched
        model = trainer.model
        self.size = len(watched) * model.members * max(model.hidden, model.outputs)
        """Numbers in an array of all watched rows."""
        self._due = due
        self._since: list[Losses] = []
        self._parts: tuple[str, ...] = ()
        self._points: list[Point] = []

    def take(self, losses: Losses) -> None:
        """What a step reported."""
        take_together([self], [losses])

    def notice(self, losses: Losses) -> bool:
        """Whether a point is due behind this step."""
        self._since.append(losses)
        return self._due(self.trainer.step)

    def point(self, held_out: Losses) -> None:
        """Record one."""
        self._parts = held_out.parts
        steps, self._since = self._since, []
        mean = (
            steps[0].means.copy() if len(steps) == 1 else np.mean([step.means for step in steps], 0)
        )
        weights = self.trainer.weights.components.numpy().copy()
        # Copies: of what a step computes for all runs a point is to keep its own alone.
        self._points.append(Point(self.trainer.step, mean, held_out.means.copy(), weights))

    def curves(self, known: int = 0) -> list[Curve]:
        """A curve for each member.

        :param known: the number of points to leave out at the beginning.
        """
        points = self._points[known:]
        members = range(self.trainer.model.members)
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


def take_together(recorders: Sequence[Recorder], losses: Sequence[Losses]) -> None:
    """:meth:`Recorder.take` of several: what those whose trainers are of one kind lose on as many
    watched rows is computed together."""
    pairs = zip(recorders, losses, strict=True)
    due = [recorder for recorder, own in pairs if recorder.notice(own)]
    for some in pieces(due, [recorder.size for recorder in due]):
        trainers = [recorder.trainer for recorder in some]
        products = products_of(trainers, lambda trainer: trainer.data.watched.rows)
        kinds: dict[tuple[str, int], list[tuple[Recorder, Tensor]]] = {}
        for recorder, product in zip(some, products, strict=True):
            key = recorder.trainer.kind, len(recorder.watched)
            kinds.setdefault(key, []).append((recorder, product))
        for kind in kinds.values():
            held_out = watched_losses(
                [recorder.trainer for recorder, _ in kind],
                [product for _, product in kind],
                [recorder.watched for recorder, _ in kind],
            )
            for (recorder, _), own in zip(kind, held_out, strict=True):
                recorder.point(own)
