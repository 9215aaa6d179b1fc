"""Loss surfaces, over the weights of a trained model, and over a model's outputs.

The first layer is linear in a plane's coordinates: ``X (T + x D + y E) = X T + x X D + y X E``. So
the texts are projected three times, and each point of the plane costs only the small end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from lossviz.arrays import Floats
from lossviz.engine.landscape.loss import Loss, weights_of
from lossviz.engine.trainer import Trainer
from lossviz.engine.training import Wanted, always, go_on
from lossviz.experiments.surfaces.planes import PLANES, Plane
from lossviz.experiments.surfaces.surface import OutputPlane, Slice, Surface, Track
from lossviz.experiments.surfaces.vectors import Vector, size
from lossviz.losses.heads import HEADS
from lossviz.losses.mix import LinearMix, Term
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.targets import Targets
from lossviz.losses.weights import LossWeights

NUMBERS_AT_ONCE = 200_000
"""Of the hidden units of all texts at some points: so many stay in a processor's cache."""


def line(ends: tuple[float, float], count: int) -> Floats:
    """``(count,)`` places from one end to the other; a single one is the middle."""
    low, high = ends
    if count == 1:
        return np.array([(low + high) / 2.0], np.float32)
    return (low + (high - low) * np.arange(count) / (count - 1)).astype(np.float32)


@torch.no_grad()
def grids(
    loss: Loss, plane: Plane, x: Floats, y: Floats, wanted: Wanted = always
) -> dict[str, Floats]:
    """What the weights mix at every point of a grid, each ``(Y, X)``.

    Every point is the mean loss of the texts at the weights ``origin + x first + y second``.

    :param x: ``(X,)``.
    :param y: ``(Y,)``.
    :param wanted: asked now and then.
    :raises GivenUp: when it says no.
    """
    vectors = (plane.origin, plane.first, plane.second)
    # Texts last: sums over units and classes then run over whole rows of memory.
    projected = [loss.project(vector["table"]).T.contiguous() for vector in vectors]
    names = [name for name in plane.origin if name != "table"]
    across, up = np.meshgrid(x, y)
    places = torch.from_numpy(np.stack([across.ravel(), up.ravel()]))
    pieces: dict[str, list[Tensor]] = {}
    for together in places.split(max(1, NUMBERS_AT_ONCE // projected[0].numel()), dim=1):
        go_on(wanted)
        units = _at(projected, together)
        dense = {name: _at([vector[name][0] for vector in vectors], together) for name in names}
        for name, grid in loss.grids(units.transpose(-1, -2), dense).items():
            pieces.setdefault(name, []).append(grid)
    shape = (len(y), len(x))
    return {name: torch.cat(grid).numpy().reshape(shape) for name, grid in pieces.items()}


def _at(vectors: Sequence[Tensor], places: Tensor) -> Tensor:
    """``origin + x first + y second`` at each place, ``(G, …)``."""
    origin, first, second = vectors
    x, y = (place.view(-1, *(1,) * origin.dim()) for place in places)
    return torch.addcmul(torch.addcmul(origin, x, first), y, second)


def surface(
    loss: Loss,
    plane: Plane,
    resolution: int | tuple[int, int],
    part: str | None = None,
    wanted: Wanted = always,
) -> Surface:
    """The whole surface at once; pages have it made in blocks.

    :param resolution: points along each axis, or along x and along y; with one along y it is a
        line through the middle.
    :param part: only this of the objective's parts, by itself.
    :raises GivenUp: see :func:`grids`.
    """
    columns, rows = (resolution, resolution) if isinstance(resolution, int) else resolution
    x, y = line(plane.x, columns), line(plane.y, rows)
    heights = grids(loss, plane, x, y, wanted)
    mix = loss.objective.mix(loss.codes, loss.schema)
    if part is not None:
        heights, mix = {part: heights[part]}, LinearMix((Term(None, 1.0),))
    return Surface(loss.objective.id, x, y, tuple(heights), np.stack(list(heights.values())), mix)


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
    while it goes on; they are as long as the weights are then. Cheap enough to follow a training.

    :returns: None where looking would hold up the training.
    """
    if size(trainer.model.weights()) > MOST_WEIGHTS:
        return None
    loss = Loss.of(trainer, most=TEXTS)
    plane = PLANES["random"].lay((_Standing(weights_of(trainer.model)),), 0)
    about = Slice("random", 0, plane.axes, (), len(loss), len(trainer.data.targets), trainer.acting)
    here = Track("", np.zeros(1, np.float32), np.zeros(1, np.float32), (trainer.step,))
    return replace(surface(loss, plane, RESOLUTION), tracks=(here,), slice=about)


def output_surface(plane: OutputPlane) -> Surface:
    """The loss of one text with the true label of the plane, at each of its outputs: what a
    formulation asks for, before any training.

    A head with separate logits reads u and v as its log odds, and nothing of the coupling.
    """
    objective = OBJECTIVES[plane.formulation].configured(dict(plane.settings))
    schema = plane.schema
    axis = torch.linspace(-plane.extent, plane.extent, plane.resolution, dtype=torch.float64)
    v, u = (log_odds.reshape(-1) for log_odds in torch.meshgrid(axis, axis, indexing="ij"))
    first, second = (torch.tensor(1.0 - 2.0 * codes) for codes in schema.class_codes.T)
    effects = [torch.stack([log_odds / 2, -log_odds / 2], dim=-1) for log_odds in (u, v)]
    coupled = plane.coupling * first * second
    joint = (u[:, None] * first + v[:, None] * second + coupled) / 2
    logits = HEADS[objective.head].place(effects, joint, schema)
    codes = np.tile(np.array(plane.true, dtype=np.int64), (len(u), 1))
    targets = Targets.from_codes(codes, schema)
    ones = LossWeights(torch.ones(2, dtype=torch.float64), torch.tensor(1.0, dtype=torch.float64))
    parts = objective.grids(logits, targets, schema, ones)
    shape = (plane.resolution, plane.resolution)
    return Surface(
        plane.formulation,
        axis.numpy().astype(np.float32),
        axis.numpy().astype(np.float32),
        tuple(parts),
        np.stack([part.numpy().reshape(shape) for part in parts.values()]).astype(np.float32),
        objective.mix(codes[:1], schema),
    )


def output_surfaces(planes: tuple[OutputPlane, ...]) -> tuple[Surface, ...]:
    """One for each plane."""
    return tuple(output_surface(plane) for plane in planes)
