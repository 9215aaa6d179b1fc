"""Heads: every layout of logits is a distribution."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given

from lossviz.losses.heads import HEADS
from lossviz.losses.targets import Targets
from lossviz.schema import LabelSchema
from tests.support.objectives import SEEDS, logits, schemas

ROWS = 6
CLOSE = {"rtol": 1e-10, "atol": 1e-10}
every_head = pytest.mark.parametrize("name", HEADS)


@every_head
@given(schemas(), SEEDS)
def test_components_are_distributions(name: str, schema: LabelSchema, seed: int) -> None:
    head = HEADS[name]
    z = logits(seed, ROWS, head.size(schema))
    marginals = head.component_log_probs(z, schema)
    assert [own.shape for own in marginals] == [(ROWS, size) for size in schema.sizes]
    one = torch.ones(ROWS, dtype=torch.float64)
    for own in marginals:
        torch.testing.assert_close(own.exp().sum(1), one, **CLOSE)
    mass = head.joint_log_probs(z, schema).exp().sum(1)
    if head.can_emit_unseen:
        assert (mass <= 1 + 1e-10).all()
    else:
        torch.testing.assert_close(mass, one, **CLOSE)


@every_head
@given(schemas(full=True), SEEDS)
def test_placed_effects_are_read_back(name: str, schema: LabelSchema, seed: int) -> None:
    """Without a coupling every head can say a product of independent components."""
    head = HEADS[name]
    effects = [logits(seed + k, ROWS, size) for k, size in enumerate(schema.sizes)]
    joint = sum(own[:, schema.class_codes[:, k]] for k, own in enumerate(effects))
    z = head.place(effects, joint, schema)
    assert z.shape == (ROWS, head.size(schema))
    torch.testing.assert_close(head.joint_log_probs(z, schema), joint.log_softmax(1), **CLOSE)


@pytest.mark.parametrize("name", ["joint", "chain"])
@given(schemas(), SEEDS)
def test_a_coupling_is_read_back_where_the_head_can_say_it(
    name: str, schema: LabelSchema, seed: int
) -> None:
    head = HEADS[name]
    effects = [torch.zeros(ROWS, size, dtype=torch.float64) for size in schema.sizes]
    joint = logits(seed, ROWS, len(schema.classes))
    z = head.place(effects, joint, schema)
    torch.testing.assert_close(head.joint_log_probs(z, schema), joint.log_softmax(1), **CLOSE)


@given(schemas(), SEEDS)
def test_a_chain_is_the_product_of_its_conditionals(schema: LabelSchema, seed: int) -> None:
    z = logits(seed, 1, HEADS["chain"].size(schema))
    joint = HEADS["chain"].joint_log_probs(z, schema).exp()[0].numpy()
    nodes = HEADS["chain"].node_log_probs(z, schema).exp()[0].numpy()
    for c, codes in enumerate(schema.classes):
        expected = 1.0
        for k in range(len(codes)):
            begins = [own[:k] == codes[:k] for own in schema.classes]
            matches = [own[: k + 1] == codes[: k + 1] for own in schema.classes]
            conditional = joint[matches].sum() / joint[begins].sum()
            np.testing.assert_allclose(nodes[schema.tree.paths[c, k]], conditional, rtol=1e-9)
            expected *= conditional
        np.testing.assert_allclose(joint[c], expected, rtol=1e-9)


@given(schemas())
def test_the_tree_has_a_node_for_each_start_of_a_label(schema: LabelSchema) -> None:
    starts = {codes[: k + 1] for codes in schema.classes for k in range(len(codes))}
    assert HEADS["chain"].size(schema) == len(starts)
    assert sorted(np.unique(schema.tree.paths)) == list(range(len(starts)))


@every_head
@given(schemas(), SEEDS)
def test_the_pieces_of_a_label_s_log_probability_add_up(
    name: str, schema: LabelSchema, seed: int
) -> None:
    head = HEADS[name]
    z = logits(seed, len(schema.classes), head.size(schema))
    targets = Targets.from_codes(schema.class_codes, schema)
    pieces = head.log_prob_pieces(z, targets, schema)
    assert len(pieces) == len(head.parts(schema)) == len(head.named(schema))
    expected = head.joint_log_probs(z, schema).diagonal()
    torch.testing.assert_close(torch.stack(pieces).sum(0), expected, **CLOSE)
