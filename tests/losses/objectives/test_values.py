"""Golden values: one text, logits 1, 0, −1, 2 (or 1, −1), weights 2 and ½, γ = 1.

Computed by hand or with mpmath from the formulas in the docstrings.
"""

from __future__ import annotations

import math

import pytest
import torch

from lossviz.losses.heads import HEADS
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.targets import Targets
from lossviz.schema import TEXTBOOK, LabelSchema
from tests.support.objectives import loss_weights

E = math.e
Z = [E, 1.0, 1 / E, E**2]  # AC, AD, BC, BD
P = [own / sum(Z) for own in Z]
P_A, P_C, P_AC = P[0] + P[1], P[0] + P[2], P[0]
SIGMOID = 1 / (1 + 1 / E)
Q = [math.exp(-own) for own in (0.0, 0.5 + 1.0, 2.0 + 1.0, 2.5 + 1.0)]
Q = [own / sum(Q) for own in Q]
VALUES = {
    "joint": -math.log(P_AC),
    "components": (2 * -math.log(SIGMOID) + 0.5 * -math.log(1 - SIGMOID)) / 2,
    "marginals": (2 * -math.log(P_A) + 0.5 * -math.log(P_C)) / 2,
    "hybrid": -math.log(P_AC) + (2 * -math.log(P_A) + 0.5 * -math.log(P_C)) / 2,
    "expected_cost": 2 * (1 - P_A) + 0.5 * (1 - P_C) + (1 - P_AC),
    "soft_targets": sum(q * math.log(q / p) for q, p in zip(Q, P, strict=True)),
    "focal": (2 * (1 - P_A) ** 2 * -math.log(P_A) + 0.5 * (1 - P_C) ** 2 * -math.log(P_C)) / 2,
    # Logits 1, 0 for the first part; −1, 2 for the second behind A.
    "chain": 2 * -math.log(E / (E + 1)) + 0.5 * -math.log((1 / E) / (1 / E + E**2)),
    "semantic": (2 * -math.log(SIGMOID) + 0.5 * -math.log(1 - SIGMOID)) / 2
    - math.log(1 - (1 - SIGMOID) * SIGMOID),
}


@pytest.mark.parametrize("formulation", OBJECTIVES)
def test_value(formulation: str) -> None:
    objective = OBJECTIVES[formulation]
    # BD never occurs for the one that looks at that.
    classes = TEXTBOOK.classes[:3] if formulation == "semantic" else TEXTBOOK.classes
    schema = LabelSchema(TEXTBOOK.components, classes, "")
    width = HEADS[objective.head].size(schema)
    row = [1.0, -1.0] if width == 2 else [1.0, 0.0, -1.0, 2.0, 0.0, 0.0][:width]
    z = torch.tensor([row], dtype=torch.float64)
    targets = Targets.from_codes(TEXTBOOK.class_codes[:1], schema)
    weights = loss_weights([2.0, 0.5])
    found = objective.total(objective.parts(z, targets, schema, weights), weights)
    assert found.item() == pytest.approx(VALUES[formulation], rel=1e-12)
