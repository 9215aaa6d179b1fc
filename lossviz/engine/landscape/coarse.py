"""A coarse surface of a training that goes on: cheap enough to follow it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lossviz.engine.landscape.grids import surface
from lossviz.engine.landscape.loss import Loss, weights_of
from lossviz.engine.trainer import Trainer
from lossviz.experiments.surfaces.planes import PLANES
from lossviz.experiments.surfaces.surface import Slice, Surface, Track
from lossviz.experiments.surfaces.vectors import Vector, size

TEXTS, RESOLUTION = 300, 21
"""7 ms for the linear model of the sample, 25 ms with 16 hidden units."""

MOST_WEIGHTS = 5_000_000
"""Of a model that is followed: to draw two directions for so many takes a fifth of a second."""


@dataclass(frozen=True)
class _Standing:
    """A model in the middle of its training."""

    end: Vector
    name: str = ""

    @property
    def path(self) -> tuple[Vector, ...]:
        """Where it stands; the way there is not remembered."""
        return (self.end,)

    def leading(self) -> tuple[Vector, Vector]:
        """Takes too long to follow a training."""
        raise NotImplementedError


def coarse(trainer: Trainer) -> Surface | None:
    """The loss around where a trainer stands, on a plane whose random directions stay the same
    while it goes on; they are as long as the weights are then.

    :returns: None where looking would hold up the training.
    """
    if size(trainer.model.weights()) > MOST_WEIGHTS:
        return None
    loss = Loss.of(trainer, most=TEXTS)
    plane = PLANES["random"].lay((_Standing(weights_of(trainer.model)),), 0)
    weights = (*trainer.weights.components[0].tolist(), float(trainer.weights.joint[0]))
    about = Slice("random", 0, plane.axes, (), len(loss), len(trainer.data.targets), weights)
    here = Track("", np.zeros(1, np.float32), np.zeros(1, np.float32), (trainer.step,))
    return replace(surface(loss, plane, RESOLUTION), tracks=(here,), slice=about)
