"""The identities that hold between the objectives, in float64."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from lossviz.errors import LossVizError
from lossviz.losses.heads import HEADS
from lossviz.losses.objectives import ALLOWED, JOINT, OBJECTIVES, part_name
from lossviz.losses.targets import Targets
from lossviz.losses.weights import LossWeights
from lossviz.schema import TEXTBOOK, LabelSchema
from tests.support.objectives import (
    SEEDS,
    components,
    label_codes,
    logits,
    loss_weights,
    ones,
    schemas,
)

ROWS = 7
CLOSE = {"rtol": 1e-10, "atol": 1e-10}


def drawn(seed: int, schema: LabelSchema, formulation: str) -> tuple[torch.Tensor, Targets]:
    head = HEADS[OBJECTIVES[formulation].head]
    targets = Targets.from_codes(label_codes(seed, schema, ROWS), schema)
    return logits(seed, ROWS, head.size(schema)), targets


def loss(
    formulation: str, z: torch.Tensor, targets: Targets, schema: LabelSchema, own: LossWeights
) -> torch.Tensor:
    objective = OBJECTIVES[formulation]
    return objective.total(objective.parts(z, targets, schema, own), own)


@given(schemas(two_valued=True, full=True), SEEDS, st.lists(st.floats(0.1, 10), min_size=3))
def test_components_is_bce_with_logits(
    schema: LabelSchema, seed: int, weights: list[float]
) -> None:
    own = loss_weights(weights[: len(schema.components)])
    z, targets = drawn(seed, schema, "components")
    total = loss("components", z, targets, schema, own).mean()
    first = (targets.components == 0).double()
    torch.testing.assert_close(
        total, torch.nn.BCEWithLogitsLoss(weight=own.components[None])(z, first), **CLOSE
    )


@given(schemas(), SEEDS)
def test_joint_is_cross_entropy(schema: LabelSchema, seed: int) -> None:
    z, targets = drawn(seed, schema, "joint")
    part = OBJECTIVES["joint"].parts(z, targets, schema, ones(schema))[JOINT]
    expected = torch.nn.CrossEntropyLoss(reduction="none")(z, targets.joint)
    torch.testing.assert_close(part, expected, **CLOSE)


@given(SEEDS)
def test_marginal_part_is_bce_on_a_difference_of_logsumexps(seed: int) -> None:
    z, targets = drawn(seed, TEXTBOOK, "marginals")
    parts = OBJECTIVES["marginals"].parts(z, targets, TEXTBOOK, ones(TEXTBOOK))
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
    z, targets = drawn(seed, TEXTBOOK, "hybrid")
    parts = OBJECTIVES["hybrid"].parts(z, targets, TEXTBOOK, ones(TEXTBOOK))
    head = HEADS["joint"]
    joint = head.joint_log_probs(z, TEXTBOOK).gather(1, targets.joint[:, None])[:, 0]
    marginals = head.component_log_probs(z, TEXTBOOK)
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
    parts = OBJECTIVES["hybrid"].parts(z, targets, schema, ones(schema))
    total = sum(parts[part_name(k)] for k in range(len(schema.components)))
    torch.testing.assert_close(parts[JOINT], total, **CLOSE)


@given(schemas(), SEEDS)
def test_gradient_of_a_marginal_part(schema: LabelSchema, seed: int) -> None:
    z, targets = drawn(seed, schema, "marginals")
    z.requires_grad_()
    p = z.detach().softmax(1)
    for k in range(len(schema.components)):
        part = OBJECTIVES["marginals"].parts(z, targets, schema, ones(schema))[part_name(k)]
        (gradient,) = torch.autograd.grad(part.sum(), z)
        codes = torch.as_tensor(schema.class_codes)
        inside = (codes[None, :, k] == targets.components[:, k, None]).double()
        expected = p - inside * p / (inside * p).sum(1, keepdim=True)
        torch.testing.assert_close(gradient, expected, **CLOSE)


@pytest.mark.parametrize("formulation", OBJECTIVES)
def test_gradcheck(formulation: str) -> None:
    schema = LabelSchema(tuple(components([2, 3])), ((0, 0), (0, 2), (1, 0), (1, 1)))
    z, targets = drawn(3, schema, formulation)
    own = loss_weights([2.0, 0.5], 0.7)
    assert torch.autograd.gradcheck(
        lambda logits: loss(formulation, logits, targets, schema, own), z.requires_grad_()
    )


@given(schemas(), SEEDS)
def test_limits_of_the_hybrid(schema: LabelSchema, seed: int) -> None:
    z, targets = drawn(seed, schema, "hybrid")
    zeros = [0.0] * len(schema.components)
    joint = loss("joint", z, targets, schema, ones(schema))
    marginals = loss("marginals", z, targets, schema, ones(schema))
    only_joint = loss("hybrid", z, targets, schema, loss_weights(zeros, 1.0))
    only_parts = loss("hybrid", z, targets, schema, ones(schema)._replace(joint=torch.tensor(0.0)))
    torch.testing.assert_close(only_joint, joint, **CLOSE)
    torch.testing.assert_close(only_parts, marginals, **CLOSE)


@given(schemas(), SEEDS)
def test_focal_without_focusing_is_marginals(schema: LabelSchema, seed: int) -> None:
    z, targets = drawn(seed, schema, "focal")
    plain = OBJECTIVES["focal"].configured({"focusing": 0.0})
    own = plain.total(plain.parts(z, targets, schema, ones(schema)), ones(schema))
    expected = loss("marginals", z, targets, schema, ones(schema))
    torch.testing.assert_close(own, expected, **CLOSE)


@pytest.mark.parametrize("focusing", [0.3, 1.0, 2.0])
def test_focal_has_a_gradient_where_the_model_is_certain(focusing: float) -> None:
    z = torch.tensor([[800.0, 0.0, 0.0, 0.0]], dtype=torch.float64, requires_grad=True)
    targets = Targets.from_codes(TEXTBOOK.class_codes[:1], TEXTBOOK)
    parts = (
        OBJECTIVES["focal"]
        .configured({"focusing": focusing})
        .parts(z, targets, TEXTBOOK, ones(TEXTBOOK))
    )
    (gradient,) = torch.autograd.grad(sum(own.sum() for own in parts.values()), z)
    assert torch.isfinite(gradient).all()


@given(schemas(), SEEDS)
def test_cold_soft_targets_are_joint(schema: LabelSchema, seed: int) -> None:
    z, targets = drawn(seed, schema, "soft_targets")
    cold = OBJECTIVES["soft_targets"].configured({"temperature": 0.01})
    parts = cold.parts(z, targets, schema, ones(schema))
    expected = loss("joint", z, targets, schema, ones(schema))
    torch.testing.assert_close(cold.total(parts, ones(schema)), expected, **CLOSE)


@given(schemas(), SEEDS, st.lists(st.floats(0.0, 5.0), min_size=4, max_size=4))
def test_soft_targets_are_the_divergence_from_naive_targets(
    schema: LabelSchema, seed: int, weights: list[float]
) -> None:
    z, targets = drawn(seed, schema, "soft_targets")
    own = loss_weights(weights[: len(schema.components)], weights[-1])
    p = z.softmax(1)
    cost = costs(schema, targets, own)
    q = torch.exp(-cost / OBJECTIVES["soft_targets"].values["temperature"])
    q = q / q.sum(1, keepdim=True)
    expected = (q * (q / p).log()).sum(1)
    found = loss("soft_targets", z, targets, schema, own)
    torch.testing.assert_close(found, expected, **CLOSE)


@given(schemas(), SEEDS, st.lists(st.floats(0.0, 5.0), min_size=4, max_size=4))
def test_expected_cost_is_the_mean_of_the_costs(
    schema: LabelSchema, seed: int, weights: list[float]
) -> None:
    z, targets = drawn(seed, schema, "expected_cost")
    own = loss_weights(weights[: len(schema.components)], weights[-1])
    expected = (z.softmax(1) * costs(schema, targets, own)).sum(1)
    torch.testing.assert_close(loss("expected_cost", z, targets, schema, own), expected, **CLOSE)


def costs(schema: LabelSchema, targets: Targets, own: LossWeights) -> torch.Tensor:
    """What each class costs for each row, entry by entry."""
    rows = [
        [
            sum(
                float(own.components[k]) * (a != b)
                for k, (a, b) in enumerate(zip(true, codes, strict=True))
            )
            + float(own.joint) * (true != codes)
            for codes in schema.classes
        ]
        for true in map(tuple, targets.components.tolist())
    ]
    return torch.tensor(rows, dtype=torch.float64)


@given(schemas(), SEEDS)
def test_an_unweighted_chain_is_a_log_loss_of_the_whole_label(
    schema: LabelSchema, seed: int
) -> None:
    z, targets = drawn(seed, schema, "chain")
    log_probs = HEADS["chain"].joint_log_probs(z, schema)
    torch.testing.assert_close(
        log_probs.exp().sum(1), torch.ones(ROWS, dtype=torch.float64), **CLOSE
    )
    expected = -log_probs.gather(1, targets.joint[:, None])[:, 0]
    found = loss("chain", z, targets, schema, ones(schema))
    torch.testing.assert_close(found, expected, **CLOSE)


@given(schemas(full=True), SEEDS)
def test_semantic_with_every_combination_allowed_is_components(
    schema: LabelSchema, seed: int
) -> None:
    z, targets = drawn(seed, schema, "semantic")
    expected = loss("components", z, targets, schema, ones(schema))
    found = loss("semantic", z, targets, schema, ones(schema))
    torch.testing.assert_close(found, expected, **CLOSE)


@given(schemas(), SEEDS)
def test_semantic_adds_the_mass_of_what_never_occurs(schema: LabelSchema, seed: int) -> None:
    z, targets = drawn(seed, schema, "semantic")
    marginals = [own.exp() for own in HEADS["factorised"].component_log_probs(z, schema)]
    forbidden = set(LabelSchema.full(schema.components).classes) - set(schema.classes)
    mass = torch.zeros(ROWS, dtype=torch.float64)
    for codes in forbidden:
        mass = mass + torch.stack(
            [own[:, v] for own, v in zip(marginals, codes, strict=True)]
        ).prod(0)
    parts = OBJECTIVES["semantic"].parts(z, targets, schema, ones(schema))
    torch.testing.assert_close(parts[ALLOWED], -(1 - mass).log(), rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("formulation", OBJECTIVES)
@pytest.mark.parametrize("pattern", [[0, 0, 200, 200], [1e4, -1e4, 1e4, -1e4], [-1e4] * 4])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_extreme_logits_stay_finite(
    formulation: str, pattern: list[float], dtype: torch.dtype
) -> None:
    objective = OBJECTIVES[formulation]
    outputs = HEADS[objective.head].size(TEXTBOOK)
    own_pattern = (pattern * 2)[:outputs]
    z = torch.tensor([own_pattern] * 4, dtype=dtype, requires_grad=True)
    targets = Targets.from_codes(TEXTBOOK.class_codes, TEXTBOOK)
    own = LossWeights(torch.ones(2, dtype=dtype), torch.tensor(1.0, dtype=dtype))
    total = objective.total(objective.parts(z, targets, TEXTBOOK, own), own)
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
    parts = OBJECTIVES["hybrid"].parts(z, targets, schema, ones(schema))
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
