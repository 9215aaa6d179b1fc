"""Output-space surfaces: the coordinates, and that every point is the loss there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from lossviz.engine.landscape.outputs import output_surface
from lossviz.experiments.surfaces.surface import OutputPlane
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.targets import Targets
from lossviz.schema import TEXTBOOK, LabelSchema
from tests.support.objectives import loss_weights

every_objective = pytest.mark.parametrize("formulation", OBJECTIVES)
THREE = LabelSchema(TEXTBOOK.components, TEXTBOOK.classes[:3], "")


def plane(formulation: str, **fields: object) -> OutputPlane:
    base = OutputPlane(formulation, (), TEXTBOOK, (0, 1), resolution=9)
    return replace(base, **fields)  # type: ignore[arg-type]


def joint_logits(u: float, v: float, t: float, classes: int = 4) -> torch.Tensor:
    """z of AC, AD, BC, BD, written out."""
    row = [u + v + t, u - v - t, -u + v - t, -u - v + t]
    return torch.tensor([row[:classes]], dtype=torch.float64) / 2


@pytest.mark.parametrize("formulation", [n for n, own in OBJECTIVES.items() if own.head == "joint"])
@pytest.mark.parametrize("schema", [TEXTBOOK, THREE])
def test_every_point_is_the_loss_at_its_logits(formulation: str, schema: LabelSchema) -> None:
    surface = output_surface(plane(formulation, coupling=1.5, schema=schema))
    weights = loss_weights([3.0, 0.5], 0.7)
    mixed = surface.at([3.0, 0.5, 0.7])
    objective = OBJECTIVES[formulation]
    targets = Targets.from_codes(np.array([[0, 1]]), schema)
    for i, v in enumerate(surface.y.tolist()):
        for j, u in enumerate(surface.x.tolist()):
            z = joint_logits(u, v, 1.5, len(schema.classes))
            parts = objective.parts(z, targets, schema, weights)
            expected = objective.total(parts, weights).item()
            assert mixed[i, j] == pytest.approx(expected, rel=1e-5, abs=1e-5)


def test_separate_logits_know_nothing_of_the_coupling() -> None:
    for formulation in ("components", "semantic"):
        first, second = (output_surface(plane(formulation, coupling=t)) for t in (0.0, 3.0))
        np.testing.assert_array_equal(first.grids, second.grids)


def test_without_a_coupling_the_parts_of_all_heads_are_the_same() -> None:
    marginals, components, chain = (
        output_surface(plane(name)).grids for name in ("marginals", "components", "chain")
    )
    np.testing.assert_allclose(marginals, components, atol=1e-5)
    np.testing.assert_allclose(chain, components, atol=1e-5)


@every_objective
def test_the_loss_is_small_at_the_true_label_and_large_at_the_opposite(formulation: str) -> None:
    mixed = output_surface(plane(formulation)).at([1.0, 1.0, 1.0])
    assert mixed[0, -1] < mixed[-1, 0]  # u large and v small is A and D: the true label


@every_objective
def test_a_pair_inside_a_larger_label(formulation: str) -> None:
    large = LabelSchema.from_parts(
        ("one", "two", "three"), ["axp", "ayq", "bxq", "bzp", "cyp"], separator=""
    )
    pair = large.pair((0, 0, 1), (1, 0, 1))
    assert pair.names == ("one", "two")
    assert pair.class_names == ("ax", "ay", "bx")
    surface = output_surface(plane(formulation, schema=pair, true=(1, 0)))
    assert np.isfinite(surface.grids).all()
