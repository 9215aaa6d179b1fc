"""Loss surfaces over a model's outputs: what a formulation asks for, before any training."""

from __future__ import annotations

import numpy as np
import torch

from lossviz.experiments.surfaces.surface import OutputPlane, Surface
from lossviz.losses.heads import HEADS
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.targets import Targets
from lossviz.losses.weights import LossWeights


def output_surface(plane: OutputPlane) -> Surface:
    """The loss of one text with the true label of the plane, at each of its outputs.

    A head with separate logits reads u and v as its log odds, and nothing of the coupling.
    """
    objective = OBJECTIVES[plane.formulation].configured(dict(plane.settings))
    schema = plane.schema
    line = torch.linspace(-plane.extent, plane.extent, plane.resolution, dtype=torch.float64)
    v, u = (tensor.reshape(-1) for tensor in torch.meshgrid(line, line, indexing="ij"))
    first, second = (torch.tensor(1.0 - 2.0 * codes) for codes in schema.class_codes.T)
    effects = [torch.stack([tensor / 2, -tensor / 2], dim=-1) for tensor in (u, v)]
    coupled = plane.coupling * first * second
    joint = (u[:, None] * first + v[:, None] * second + coupled) / 2
    logits = HEADS[objective.head].place(effects, joint, schema)
    true = np.array(plane.true, dtype=np.int64)
    codes = np.tile(true, (len(u), 1))
    targets = Targets.from_codes(codes, schema)
    ones = LossWeights(torch.ones(2, dtype=torch.float64), torch.tensor(1.0, dtype=torch.float64))
    grids = objective.grids(logits, targets, schema, ones)
    shape = (plane.resolution, plane.resolution)
    return Surface(
        plane.formulation,
        line.numpy().astype(np.float32),
        line.numpy().astype(np.float32),
        tuple(grids),
        np.stack([grid.numpy().reshape(shape) for grid in grids.values()]).astype(np.float32),
        objective.mix(codes[:1], schema),
    )
