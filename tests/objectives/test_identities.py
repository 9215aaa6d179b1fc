"""The identities that hold between the objectives, in float64."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from lossviz.errors import LossVizError
from lossviz.heads import HEADS
from lossviz.objectives import JOINT, OBJECTIVES, part_name
from lossviz.schema import LabelSchema
from lossviz.targets import Targets

from .strategies import SEEDS, TWO_BY_TWO, components, label_codes, logits, schemas

ROWS = 7
CLOSE = {"rtol": 1e-10, "atol": 1e-10}


def drawn(seed: int, schema: LabelSchema, formulation: str) -> tuple[torch.Tensor, Targets]:
    head = HEADS[OBJECTIVES[formulation].head]
    targets = Targets.from_codes(label_codes(seed, schema, ROWS), schema)
    return logits(seed, ROWS, head.size(schema)), targets


def ones(schema: LabelSchema) -> torch.Tensor:
    return torch.ones(len(schema.components), dtype=torch.float64)


@given(schemas(two_valued=True, full=True), SEEDS, st.lists(st.floats(0.1, 10), min_size=3))
def test_components_is_bce_with_logits(
    schema: LabelSchema, seed: int, weights: list[float]
) -> None:
    own = torch.tensor(weights[: len(schema.components)], dtype=torch.float64)
    z, targets = drawn(seed, schema, "components")
    objective = OBJECTIVES["components"]
    total = objective.total(objective.parts(z, targets, schema), own, torch.tensor(1.0)).mean()
    first = (targets.components == 0).double()
    torch.testing.assert_close(
        total, torch.nn.BCEWithLogitsLoss(weight=own[None])(z, first), **CLOSE
    )


@given(schemas(), SEEDS)
def test_joint_is_cross_entropy(schema: LabelSchema, seed: int) -> None:
    z, targets = drawn(seed, schema, "joint")
    part = OBJECTIVES["joint"].parts(z, targets, schema)[JOINT]
    expected = torch.nn.CrossEntropyLoss(reduction="none")(z, targets.joint)
    torch.testing.assert_close(part, expected, **CLOSE)


@given(SEEDS)
def test_marginal_part_is_bce_on_a_difference_of_logsumexps(seed: int) -> None:
    z, targets = drawn(seed, TWO_BY_TWO, "marginals")
    parts = OBJECTIVES["marginals"].parts(z, targets, TWO_BY_TWO)
    log_odds = [
        torch.logsumexp(z[:, [0, 1]], 1) - torch.logsumexp(z[:, [2, 3]], 1),
        torch.logsumexp(z[:, [0, 2]], 1) - torch.logsumexp(z[:, [1, 3]], 1),
    ]
    for k, odds in enumerate(log_odds):
        first = (targets.components[:, k] == 0).double()
        expected = F.binary_cross_entropy_with_logits(odds, first, reduction="none")
        torch.testing.assert_close(parts[part_name(k)], expected, **CLOSE)


@given(SEEDS)
def test_parts_differ_from_the_joint_by_pointwise_mutual_information(seed: int) -> None:
    z, targets = drawn(seed, TWO_BY_TWO, "hybrid")
    parts = OBJECTIVES["hybrid"].parts(z, targets, TWO_BY_TWO)
    head = HEADS["joint"]
    joint = head.joint_log_probs(z, TWO_BY_TWO).gather(1, targets.joint[:, None])[:, 0]
    marginals = head.component_log_probs(z, TWO_BY_TWO)
    separate = sum(
        own.gather(1, targets.components[:, k, None])[:, 0] for k, own in enumerate(marginals)
    )
    expected = parts[JOINT] + (joint - separate)
    torch.testing.assert_close(parts["part 1"] + parts["part 2"], expected, **CLOSE)


@given(schemas(full=True, most=3), SEEDS)
def test_additive_logits_make_the_joint_the_sum_of_its_parts(
    schema: LabelSchema, seed: int
) -> None:
    pieces = [logits(seed + k, ROWS, size) for k, size in enumerate(schema.sizes)]
    z = sum(piece[:, schema.class_codes[:, k]] for k, piece in enumerate(pieces))
    targets = Targets.from_codes(label_codes(seed, schema, ROWS), schema)
    parts = OBJECTIVES["hybrid"].parts(z, targets, schema)
    total = sum(parts[part_name(k)] for k in range(len(schema.components)))
    torch.testing.assert_close(parts[JOINT], total, **CLOSE)


@given(schemas(), SEEDS)
def test_gradient_of_a_marginal_part(schema: LabelSchema, seed: int) -> None:
    z, targets = drawn(seed, schema, "marginals")
    z.requires_grad_()
    p = z.detach().softmax(1)
    for k in range(len(schema.components)):
        part = OBJECTIVES["marginals"].parts(z, targets, schema)[part_name(k)]
        (gradient,) = torch.autograd.grad(part.sum(), z)
        codes = torch.as_tensor(schema.class_codes)
        inside = (codes[None, :, k] == targets.components[:, k, None]).double()
        expected = p - inside * p / (inside * p).sum(1, keepdim=True)
        torch.testing.assert_close(gradient, expected, **CLOSE)


@pytest.mark.parametrize("formulation", OBJECTIVES)
def test_gradcheck(formulation: str) -> None:
    schema = LabelSchema(tuple(components([2, 3])), ((0, 0), (0, 2), (1, 0), (1, 1)))
    z, targets = drawn(3, schema, formulation)
    objective = OBJECTIVES[formulation]
    weights = torch.tensor([2.0, 0.5], dtype=torch.float64)

    def loss(own: torch.Tensor) -> torch.Tensor:
        return objective.total(
            objective.parts(own, targets, schema), weights, torch.tensor(0.7).double()
        )

    assert torch.autograd.gradcheck(loss, z.requires_grad_())


@given(schemas(), SEEDS)
def test_limits_of_the_hybrid(schema: LabelSchema, seed: int) -> None:
    z, targets = drawn(seed, schema, "hybrid")
    hybrid, parts = OBJECTIVES["hybrid"], OBJECTIVES["hybrid"].parts(z, targets, schema)
    joint = OBJECTIVES["joint"].parts(z, targets, schema)[JOINT]
    marginals = OBJECTIVES["marginals"]
    own = marginals.total(marginals.parts(z, targets, schema), ones(schema), torch.tensor(1.0))
    one, zero = torch.tensor(1.0).double(), torch.tensor(0.0).double()
    torch.testing.assert_close(hybrid.total(parts, 0 * ones(schema), one), joint, **CLOSE)
    torch.testing.assert_close(hybrid.total(parts, ones(schema), zero), own, **CLOSE)


@pytest.mark.parametrize("formulation", OBJECTIVES)
@pytest.mark.parametrize("pattern", [[0, 0, 200, 200], [1e4, -1e4, 1e4, -1e4], [-1e4] * 4])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_extreme_logits_stay_finite(
    formulation: str, pattern: list[float], dtype: torch.dtype
) -> None:
    objective = OBJECTIVES[formulation]
    outputs = HEADS[objective.head].size(TWO_BY_TWO)
    z = torch.tensor([pattern[:outputs]] * 4, dtype=dtype, requires_grad=True)
    targets = Targets.from_codes(TWO_BY_TWO.class_codes, TWO_BY_TWO)
    total = objective.total(
        objective.parts(z, targets, TWO_BY_TWO), torch.ones(2, dtype=dtype), torch.tensor(1.0)
    )
    (gradient,) = torch.autograd.grad(total.sum(), z)
    assert torch.isfinite(total).all()
    assert torch.isfinite(gradient).all()


@given(schemas(), SEEDS)
def test_a_combination_that_never_occurs_has_no_probability_and_is_no_target(
    schema: LabelSchema, seed: int
) -> None:
    forbidden = [
        codes
        for codes in LabelSchema.full(schema.components).classes
        if codes not in schema.classes
    ]
    z, _ = drawn(seed, schema, "joint")
    p = HEADS["joint"].joint_log_probs(z, schema).exp()
    torch.testing.assert_close(p.sum(1), torch.ones(ROWS, dtype=torch.float64), **CLOSE)
    assert p.shape[1] == len(schema.classes)
    for codes in forbidden[:3]:
        with pytest.raises(LossVizError, match="cannot be a target"):
            Targets.from_codes(torch.tensor([codes]).numpy(), schema)


@given(schemas(), SEEDS)
def test_naive_probabilities_agree_where_they_do_not_overflow(
    schema: LabelSchema, seed: int
) -> None:
    z, targets = drawn(seed, schema, "marginals")
    p = z.softmax(1)
    parts = OBJECTIVES["hybrid"].parts(z, targets, schema)
    torch.testing.assert_close(
        parts[JOINT], -p.gather(1, targets.joint[:, None])[:, 0].log(), **CLOSE
    )
    for k, member in enumerate(schema.memberships):
        marginal = p @ torch.as_tensor(member).double()
        naive = -marginal.gather(1, targets.components[:, k, None])[:, 0].log()
        torch.testing.assert_close(parts[part_name(k)], naive, **CLOSE)
        torch.testing.assert_close(
            HEADS["joint"].component_log_probs(z, schema)[k], marginal.log(), **CLOSE
        )
