"""What every objective in the registry keeps to."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lossviz.losses.decoding import DECODERS
from lossviz.losses.heads import HEADS
from lossviz.losses.objectives import ALLOWED, JOINT, OBJECTIVES, part_name
from lossviz.losses.targets import Targets
from lossviz.losses.weights import LossWeights
from lossviz.schema import LabelSchema
from tests.support.objectives import SEEDS, label_codes, logits, loss_weights, ones, schemas

every_objective = pytest.mark.parametrize("formulation", OBJECTIVES)


@every_objective
def test_description_is_complete(formulation: str) -> None:
    objective = OBJECTIVES[formulation]
    assert objective.head in HEADS
    assert objective.decoder in DECODERS
    for text in (
        objective.title, objective.asks_for, objective.use_when, objective.avoid_when,
        objective.pitfall, objective.symbols, objective.definition,
    ):  # fmt: skip
        assert text.strip() == text
        assert text
    assert objective.asks_for.endswith(".")
    assert objective.source
    assert type(objective).__doc__
    assert ">>>" in type(objective).__doc__, "a doctest shows its value"
    assert type(objective).__module__ == f"lossviz.losses.objectives.{formulation}"


@every_objective
@given(schemas(), SEEDS, st.integers(1, 5))
def test_parts_are_named_unreduced_and_not_negative(
    formulation: str, schema: LabelSchema, seed: int, rows: int
) -> None:
    objective = OBJECTIVES[formulation]
    z = logits(seed, rows, HEADS[objective.head].size(schema))
    targets = Targets.from_codes(label_codes(seed, schema, rows), schema)
    parts = objective.parts(z, targets, schema, ones(schema))
    assert set(objective.terms(len(schema.components))) <= set(parts)
    assert set(parts) <= {JOINT, ALLOWED, *(part_name(k) for k in range(len(schema.components)))}
    for part in parts.values():
        assert part.shape == (rows,)
        assert (part >= -1e-12).all()


@every_objective
@given(schemas(), SEEDS)
def test_members_are_computed_as_if_each_were_alone(
    formulation: str, schema: LabelSchema, seed: int
) -> None:
    objective = OBJECTIVES[formulation]
    outputs = HEADS[objective.head].size(schema)
    members = torch.stack([logits(seed + e, 4, outputs) for e in range(3)])
    random = torch.Generator().manual_seed(seed)
    weights = LossWeights(
        torch.rand(3, len(schema.components), dtype=torch.float64, generator=random) + 0.1,
        torch.rand(3, dtype=torch.float64, generator=random),
    )
    targets = Targets.from_codes(label_codes(seed, schema, 4), schema)
    together = objective.total(objective.parts(members, targets, schema, weights), weights)
    for e in range(3):
        own = LossWeights(weights.components[e], weights.joint[e])
        alone = objective.total(objective.parts(members[e], targets, schema, own), own)
        torch.testing.assert_close(together[e], alone, rtol=1e-10, atol=1e-10)


@every_objective
@given(schemas(), SEEDS)
def test_weights_act_exactly_where_the_description_says(
    formulation: str, schema: LabelSchema, seed: int
) -> None:
    objective = OBJECTIVES[formulation]
    z = logits(seed, 5, HEADS[objective.head].size(schema))
    targets = Targets.from_codes(label_codes(seed, schema, 5), schema)
    count = len(schema.components)

    def loss(component: float, joint: float) -> torch.Tensor:
        own = loss_weights([component] * count, joint)
        return objective.total(objective.parts(z, targets, schema, own), own)

    base = loss(1.0, 1.0)
    assert torch.equal(loss(3.0, 1.0), base) != objective.weighted
    assert torch.equal(loss(1.0, 3.0), base) != objective.joint_weighted


@every_objective
@given(schemas(), SEEDS, st.lists(st.floats(0.0, 50.0), min_size=4, max_size=4))
def test_a_mix_of_stored_grids_is_the_loss_at_those_weights(
    formulation: str, schema: LabelSchema, seed: int, drawn: list[float]
) -> None:
    objective = OBJECTIVES[formulation]
    z = logits(seed, 12, HEADS[objective.head].size(schema))
    codes = label_codes(seed, schema, 1)[0]
    targets = Targets.from_codes(np.tile(codes, (12, 1)), schema)
    own = loss_weights(drawn[: len(schema.components)], drawn[-1])
    expected = objective.total(objective.parts(z, targets, schema, own), own)
    grids = objective.grids(z, targets, schema, ones(schema))
    stored = np.stack([grid.numpy().reshape(3, 4) for grid in grids.values()])
    weights = [*own.components.tolist(), float(own.joint)]
    mixed = objective.mix(codes[None], schema).of(stored, weights)
    np.testing.assert_allclose(mixed.reshape(-1), expected, rtol=1e-9, atol=1e-9)


@every_objective
@given(schemas(), SEEDS, st.lists(st.floats(0.0, 50.0), min_size=4, max_size=4))
def test_a_mix_of_averaged_grids_is_the_mean_loss_at_those_weights(
    formulation: str, schema: LabelSchema, seed: int, drawn: list[float]
) -> None:
    objective = OBJECTIVES[formulation]
    codes = label_codes(seed, schema, 9)
    targets = Targets.from_codes(codes, schema)
    size = HEADS[objective.head].size(schema)
    z = torch.stack([logits(seed + point, 9, size) for point in range(4)])
    own = loss_weights(drawn[: len(schema.components)], drawn[-1])
    expected = objective.total(objective.parts(z, targets, schema, own), own).mean(-1)
    grids = objective.grids(z, targets, schema, ones(schema))
    kept = objective.averaged(grids, codes, schema)
    stored = np.stack([grid.numpy().reshape(2, 2) for grid in kept.values()])
    mixed = objective.mix(codes, schema).of(stored, [*own.components.tolist(), float(own.joint)])
    np.testing.assert_allclose(mixed.reshape(-1), expected, rtol=1e-9, atol=1e-9)


@every_objective
def test_the_formula_names_every_weight_that_acts(formulation: str) -> None:
    objective = OBJECTIVES[formulation]
    written = objective.formula(["first", "second", "third", "whole"])
    for weight in ("first", "second", "third"):
        assert (weight in written) == objective.weighted
    assert ("whole" in written) == objective.joint_weighted
    many = objective.formula([f"weight{k}" for k in range(30)])
    assert len(many) < 300


def test_descriptions_can_be_read_without_torch() -> None:
    modules = "lossviz.losses.objectives, lossviz.losses.decoding, lossviz.losses.weighting"
    code = f"import sys, {modules}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
