"""What every objective in the registry keeps to."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lossviz.decoding import DECODERS
from lossviz.heads import HEADS
from lossviz.objectives import JOINT, OBJECTIVES, part_name
from lossviz.schema import LabelSchema
from lossviz.targets import Targets

from .strategies import SEEDS, label_codes, logits, schemas

every_objective = pytest.mark.parametrize("formulation", OBJECTIVES)


@every_objective
def test_description_is_complete(formulation: str) -> None:
    objective = OBJECTIVES[formulation]
    assert objective.head in HEADS
    assert objective.decoder in DECODERS
    for text in (objective.title, objective.asks_for, objective.use_when, objective.avoid_when):
        assert text.strip() == text
        assert text
    assert objective.asks_for.endswith(".")
    assert objective.source
    assert objective.formula
    assert type(objective).__doc__
    assert ">>>" in type(objective).__doc__, "a doctest shows its value"
    assert type(objective).__module__ == f"lossviz.objectives.{formulation}"


@every_objective
@given(schemas(), SEEDS, st.integers(1, 5))
def test_parts_are_named_unreduced_and_not_negative(
    formulation: str, schema: LabelSchema, seed: int, rows: int
) -> None:
    objective = OBJECTIVES[formulation]
    z = logits(seed, rows, HEADS[objective.head].size(schema))
    targets = Targets.from_codes(label_codes(seed, schema, rows), schema)
    parts = objective.parts(z, targets, schema)
    assert set(parts) <= {JOINT, *(part_name(k) for k in range(len(schema.components)))}
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
    weights = torch.rand(3, len(schema.components), dtype=torch.float64) + 0.1
    joint_weight = torch.rand(3, dtype=torch.float64)
    targets = Targets.from_codes(label_codes(seed, schema, 4), schema)
    together = objective.total(objective.parts(members, targets, schema), weights, joint_weight)
    for e in range(3):
        parts = objective.parts(members[e], targets, schema)
        alone = objective.total(parts, weights[e], joint_weight[e])
        torch.testing.assert_close(together[e], alone, rtol=1e-10, atol=1e-10)


@every_objective
@given(schemas(), SEEDS)
def test_weights_act_exactly_where_the_description_says(
    formulation: str, schema: LabelSchema, seed: int
) -> None:
    objective = OBJECTIVES[formulation]
    z = logits(seed, 5, HEADS[objective.head].size(schema))
    targets = Targets.from_codes(label_codes(seed, schema, 5), schema)
    parts = objective.parts(z, targets, schema)
    ones, one = torch.ones(len(schema.components)).double(), torch.tensor(1.0).double()
    base = objective.total(parts, ones, one)
    assert torch.equal(objective.total(parts, 3 * ones, one), base) != objective.weighted
    assert torch.equal(objective.total(parts, ones, 3 * one), base) != objective.joint_weighted


def test_descriptions_can_be_read_without_torch() -> None:
    code = "import sys, lossviz.objectives, lossviz.decoding; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
