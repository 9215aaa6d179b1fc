"""Schemas, logits and targets for the identities."""

from __future__ import annotations

from itertools import product

import numpy as np
import torch
from hypothesis import strategies as st

from lossviz.losses.weights import LossWeights
from lossviz.schema import Component, LabelSchema

VALUES = "ABCDEFGH"


def components(sizes: list[int]) -> list[Component]:
    return [
        Component(f"part {k}", tuple(f"{VALUES[k]}{v}" for v in range(size)))
        for k, size in enumerate(sizes)
    ]


@st.composite
def schemas(
    draw: st.DrawFn, *, two_valued: bool = False, full: bool = False, most: int = 3
) -> LabelSchema:
    largest = 2 if two_valued else 4
    sizes = draw(st.lists(st.integers(2, largest), min_size=1, max_size=most))
    own = components(sizes)
    combinations = list(product(*(range(size) for size in sizes)))
    if full:
        return LabelSchema.full(own)
    kept = draw(st.sets(st.sampled_from(combinations), min_size=2))
    for k, size in enumerate(sizes):  # every value occurs
        for value in range(size):
            if not any(codes[k] == value for codes in kept):
                kept.add(next(codes for codes in combinations if codes[k] == value))
    return LabelSchema(tuple(own), tuple(sorted(kept)))


def logits(seed: int, rows: int, outputs: int, scale: float = 3.0) -> torch.Tensor:
    random = torch.Generator().manual_seed(seed)
    return scale * torch.randn(rows, outputs, generator=random, dtype=torch.float64)


def label_codes(seed: int, schema: LabelSchema, rows: int) -> np.ndarray:
    picks = np.random.default_rng(seed).integers(len(schema.classes), size=rows)
    return schema.class_codes[picks]


def loss_weights(components: list[float], joint: float = 1.0) -> LossWeights:
    return LossWeights(
        torch.tensor(components, dtype=torch.float64), torch.tensor(joint, dtype=torch.float64)
    )


def ones(schema: LabelSchema) -> LossWeights:
    return loss_weights([1.0] * len(schema.components))


SEEDS = st.integers(0, 2**31 - 1)
