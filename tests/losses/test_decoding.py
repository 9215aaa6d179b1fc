"""Decoders: what each one answers, and when they agree."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lossviz.losses.decoding import DECODERS
from lossviz.losses.heads import HEADS
from lossviz.losses.weights import LossWeights
from lossviz.schema import TEXTBOOK, LabelSchema
from tests.support.objectives import SEEDS, logits, loss_weights, ones, schemas

ROWS = 9
WEIGHTS = st.lists(st.floats(0.1, 10.0), min_size=4, max_size=4)
every_decoder = pytest.mark.parametrize("decoder", DECODERS)
every_head = pytest.mark.parametrize("head", HEADS)


def decode(
    decoder: str, head: str, z: torch.Tensor, schema: LabelSchema, weights: LossWeights
) -> np.ndarray:
    return DECODERS[decoder].decode(z, HEADS[head], schema, weights)[0].numpy()


@every_decoder
def test_description_is_complete(decoder: str) -> None:
    own = DECODERS[decoder]
    assert all((own.title, own.best_for, own.source))
    assert own.rule.endswith(".")
    assert ">>>" in str(type(own).__doc__)


@every_decoder
@every_head
@given(schemas(), SEEDS, WEIGHTS)
def test_answers_are_labels_with_their_probability(
    decoder: str, head: str, schema: LabelSchema, seed: int, weights: list[float]
) -> None:
    own = loss_weights(weights[: len(schema.components)], weights[-1])
    z = logits(seed, ROWS, HEADS[head].size(schema))
    codes, log_prob = DECODERS[decoder].decode(z, HEADS[head], schema, own)
    assert codes.shape == (ROWS, len(schema.components))
    assert (log_prob <= 1e-9).all()
    marginals = HEADS[head].component_log_probs(z, schema)
    places = schema.class_index(codes.numpy())
    if decoder != "marginal_modes" or not HEADS[head].can_emit_unseen:
        assert (places >= 0).all()
        joint = HEADS[head].joint_log_probs(z, schema)
        expected = joint.gather(1, torch.as_tensor(places)[:, None])[:, 0]
        torch.testing.assert_close(log_prob, expected)
    else:
        for k, marginal in enumerate(marginals):
            assert torch.equal(codes[:, k], marginal.argmax(-1))


@every_head
@given(schemas(full=True), SEEDS, WEIGHTS)
def test_with_additive_costs_and_every_combination_weights_change_nothing(
    head: str, schema: LabelSchema, seed: int, weights: list[float]
) -> None:
    own = loss_weights(weights[: len(schema.components)], 0.0)
    z = logits(seed, ROWS, HEADS[head].size(schema))
    cheapest = decode("min_cost", head, z, schema, own)
    np.testing.assert_array_equal(cheapest, decode("marginal_modes", head, z, schema, own))


@given(schemas(), SEEDS, WEIGHTS)
def test_the_cheapest_label_is_the_one_that_a_loop_finds(
    schema: LabelSchema, seed: int, weights: list[float]
) -> None:
    own = loss_weights(weights[: len(schema.components)], weights[-1])
    z = logits(seed, ROWS, len(schema.classes))
    p = z.softmax(1).numpy()
    found = decode("min_cost", "joint", z, schema, own)

    def cost(row: int, answer: tuple[int, ...]) -> float:
        return sum(
            p[row, c]
            * (
                sum(
                    weights[k] * (a != b) for k, (a, b) in enumerate(zip(true, answer, strict=True))
                )
                + weights[-1] * (true != answer)
            )
            for c, true in enumerate(schema.classes)
        )

    for row in range(ROWS):
        best = min(cost(row, answer) for answer in schema.classes)
        assert cost(row, tuple(found[row].tolist())) == pytest.approx(best, abs=1e-9)


def answer(decoder: str, p: dict[str, float], weights: LossWeights) -> str:
    z = torch.tensor([[p.get(name, 0.0) for name in TEXTBOOK.class_names]]).log()
    codes = decode(decoder, "joint", z, TEXTBOOK, weights)[0]
    return TEXTBOOK.format(TEXTBOOK.decode(codes.tolist()))


def test_the_likeliest_whole_label_need_not_have_the_likeliest_parts() -> None:
    p = {"AC": 0.4, "BC": 0.3, "BD": 0.3}
    assert answer("joint_mode", p, ones(TEXTBOOK)) == "AC"
    assert answer("marginal_modes", p, ones(TEXTBOOK)) == "BC"


def test_the_whole_label_s_weight_leads_from_the_parts_to_the_whole() -> None:
    p = {"AC": 0.4, "BC": 0.3, "BD": 0.3}
    answers = [answer("min_cost", p, loss_weights([1.0, 1.0], gamma)) for gamma in (0.0, 10.0)]
    assert answers == ["BC", "AC"]


@every_decoder
def test_members_are_decoded_as_if_each_were_alone(decoder: str) -> None:
    schema = LabelSchema(TEXTBOOK.components, TEXTBOOK.classes[:3], "")
    z = torch.stack([logits(seed, ROWS, 3) for seed in range(4)])
    random = torch.Generator().manual_seed(0)
    shares = torch.rand(4, 3, dtype=torch.float64, generator=random)
    weights = LossWeights(shares[:, :2] + 0.1, shares[:, 2])
    together = decode(decoder, "joint", z, schema, weights)
    for e in range(4):
        alone = LossWeights(weights.components[e], weights.joint[e])
        np.testing.assert_array_equal(together[e], decode(decoder, "joint", z[e], schema, alone))
