"""What the descriptions say of a formulation, held by what its loss is smallest at."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from lossviz.losses.decoding import DECODERS
from lossviz.losses.heads import HEADS
from lossviz.losses.objectives import OBJECTIVES
from lossviz.losses.targets import Targets
from lossviz.losses.weights import LossWeights
from lossviz.schema import TEXTBOOK, LabelSchema
from tests.support.examples import examples
from tests.support.objectives import SEEDS, components, loss_weights, ones, schemas

THREE_BY_TWO = LabelSchema(tuple(components([3, 2])), ((0, 0), (0, 1), (1, 0), (1, 1), (2, 0)))
WEIGHTS = st.tuples(st.floats(0.2, 5.0), st.floats(0.2, 5.0), st.floats(0.2, 5.0))
PROPER = [name for name, objective in OBJECTIVES.items() if objective.proper]
IMPROPER = [name for name, objective in OBJECTIVES.items() if not objective.proper]
SPREAD = torch.tensor([0.30, 0.10, 0.25, 0.15, 0.20], dtype=torch.float64)


def learned(
    formulation: str, schema: LabelSchema, spread: Tensor, weights: LossWeights, seed: int = 0
) -> Tensor:
    """The logits ``(1, O)`` at which the loss of a text is smallest whose label is drawn anew.

    :param spread: ``(C,)``, how often each class is the true one.
    """
    objective = OBJECTIVES[formulation]
    targets = Targets.from_codes(schema.class_codes, schema)
    random = torch.Generator().manual_seed(seed)
    size = HEADS[objective.head].size(schema)
    z = torch.randn(1, size, dtype=torch.float64, generator=random).requires_grad_()
    descent = torch.optim.LBFGS(
        [z], max_iter=400, tolerance_grad=1e-12, tolerance_change=1e-15,
        line_search_fn="strong_wolfe",
    )  # fmt: skip

    def step() -> Tensor:
        descent.zero_grad()
        parts = objective.parts(z.expand(len(targets), -1), targets, schema, weights)
        loss = (objective.total(parts, weights) * spread).sum()
        loss.backward()
        return loss

    descent.step(step)
    return z.detach()


def missed(formulation: str, z: Tensor, spread: Tensor) -> float:
    """By how much the probability of a value of a part misses how often it is true, at most."""
    marginals = HEADS[OBJECTIVES[formulation].head].component_log_probs(z, THREE_BY_TWO)
    true = [spread @ torch.as_tensor(member).double() for member in THREE_BY_TWO.memberships]
    return max(
        float((marginal[0].exp() - share).abs().max())
        for marginal, share in zip(marginals, true, strict=True)
    )


@pytest.mark.parametrize("formulation", PROPER)
@given(SEEDS, WEIGHTS)
@examples(8)
def test_probabilities_come_true_whatever_the_weights(
    formulation: str, seed: int, drawn: tuple[float, float, float]
) -> None:
    """So α and β change no decision where there is capacity, and texts, to spare."""
    spread = torch.as_tensor(np.random.default_rng(seed).dirichlet(np.full(5, 2.0)))
    weights = loss_weights([*drawn[:2]], drawn[2])
    z = learned(formulation, THREE_BY_TWO, spread, weights)
    assert missed(formulation, z, spread) < 1e-4
    if OBJECTIVES[formulation].proper == "label":
        head = HEADS[OBJECTIVES[formulation].head]
        joint = head.joint_log_probs(z, THREE_BY_TWO)[0].exp()
        torch.testing.assert_close(joint, spread, rtol=0.0, atol=1e-4)


@pytest.mark.parametrize("formulation", IMPROPER)
def test_where_probabilities_do_not_come_true_they_miss_by_far(formulation: str) -> None:
    z = learned(formulation, THREE_BY_TWO, SPREAD, ones(THREE_BY_TWO))
    assert missed(formulation, z, SPREAD) > 0.02


def test_marginals_leave_the_probability_of_a_whole_label_to_the_start() -> None:
    ends = [
        HEADS["joint"].joint_log_probs(
            learned("marginals", TEXTBOOK, torch.full((4,), 0.25).double(), ones(TEXTBOOK), seed),
            TEXTBOOK,
        )[0, 0].exp().item()
        for seed in range(4)
    ]  # fmt: skip
    assert max(ends) - min(ends) > 0.05


def test_expected_cost_learns_the_cheapest_answer_and_is_sure_of_it() -> None:
    """Thirty texts whose labels are drawn anew, each with costs of its own."""
    random, texts = np.random.default_rng(3), 30
    spread = torch.as_tensor(random.dirichlet(np.full(5, 2.0), texts))
    drawn = torch.as_tensor(random.uniform(0.2, 5.0, (texts, 3)))
    weights = LossWeights(drawn[:, :2], drawn[:, 2])
    objective, schema = OBJECTIVES["expected_cost"], THREE_BY_TWO
    targets = Targets.from_codes(schema.class_codes, schema)

    def cost(z: Tensor) -> Tensor:
        parts = objective.parts(z[:, None].expand(-1, 5, -1), targets, schema, weights)
        return (objective.total(parts, weights) * spread).sum(-1)

    def answers(decoder: str, z: Tensor) -> Tensor:
        codes, _ = DECODERS[decoder].decode(z[:, None], HEADS["joint"], schema, weights)
        return torch.as_tensor(schema.class_index(codes[:, 0].numpy()))

    every = torch.stack([cost(60.0 * row.expand(texts, -1)) for row in torch.eye(5).double()], -1)
    cheapest = answers("min_cost", spread.log())
    assert torch.equal(cheapest, every.argmin(-1))
    z = torch.zeros(texts, 5, dtype=torch.float64)
    for _ in range(3000):
        z.requires_grad_()
        (slope,) = torch.autograd.grad(cost(z).sum(), z)
        z = z.detach() - 20.0 * slope
    best, second = every.sort(-1).values[:, :2].T
    clear = second - best > 0.05
    assert clear.sum() > 20
    assert torch.equal(answers(objective.decoder, z)[clear], cheapest[clear])
    assert (z.softmax(-1).max(-1).values[clear] > 0.9).all()


@given(schemas(full=True), SEEDS)
def test_joint_looks_at_nothing_but_the_true_label_s_probability(
    schema: LabelSchema, seed: int
) -> None:
    random = torch.Generator().manual_seed(seed)
    z = torch.randn(1, len(schema.classes), dtype=torch.float64, generator=random)
    targets = Targets.from_codes(schema.class_codes[:1], schema)
    others = 1 + torch.randperm(len(schema.classes) - 1, generator=random)
    shuffled = z[:, torch.cat([torch.zeros(1, dtype=torch.long), others])]
    losses = [
        OBJECTIVES["joint"].parts(own, targets, schema, ones(schema)) for own in (z, shuffled)
    ]
    torch.testing.assert_close(*losses)


def test_with_a_near_miss_the_hybrid_is_smaller_than_with_a_far_one() -> None:
    targets = Targets.from_codes(TEXTBOOK.class_codes[:1], TEXTBOOK)  # AC
    near, far = (
        torch.tensor([[0.2, *rest]], dtype=torch.float64).log()
        for rest in ([0.6, 0.1, 0.1], [0.1, 0.1, 0.6])
    )
    losses = {
        name: [
            OBJECTIVES[name]
            .total(OBJECTIVES[name].parts(z, targets, TEXTBOOK, ones(TEXTBOOK)), ones(TEXTBOOK))
            .item()
            for z in (near, far)
        ]
        for name in ("joint", "hybrid", "marginals")
    }
    assert losses["joint"][0] == pytest.approx(losses["joint"][1])
    assert losses["hybrid"][0] < losses["hybrid"][1]
    assert losses["marginals"][0] < losses["marginals"][1]


@given(schemas(full=True, most=3), SEEDS)
def test_with_independent_parts_joint_is_as_many_times_marginals_as_there_are_parts(
    schema: LabelSchema, seed: int
) -> None:
    random = torch.Generator().manual_seed(seed)
    effects = [torch.randn(size, dtype=torch.float64, generator=random) for size in schema.sizes]
    z = sum(own[schema.class_codes[:, k]] for k, own in enumerate(effects))
    targets = Targets.from_codes(schema.class_codes, schema)
    rows = z.expand(len(targets), -1)
    joint, marginals = (
        OBJECTIVES[name].total(
            OBJECTIVES[name].parts(rows, targets, schema, ones(schema)), ones(schema)
        )
        for name in ("joint", "marginals")
    )
    torch.testing.assert_close(joint, len(schema.components) * marginals)


def test_a_chain_of_linear_logits_is_another_model_in_another_order() -> None:
    """Of the second part alone its log odds are no line; the chain that begins with it has one."""
    x = torch.tensor([-2.0, 0.0, 2.0], dtype=torch.float64)[:, None]
    slopes = torch.tensor([1.0, 0.0, 3.0, 0.0, -3.0, 0.0], dtype=torch.float64)
    head = HEADS["chain"]

    def bend(schema: LabelSchema, part: int) -> float:
        odds = head.component_log_probs(x * slopes, schema)[part]
        line = odds[:, 0] - odds[:, 1]
        return float((line[0] - 2 * line[1] + line[2]).abs())

    assert bend(TEXTBOOK, 0) < 1e-9
    assert bend(TEXTBOOK, 1) > 0.5
