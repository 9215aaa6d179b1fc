"""One text with one label: what the doctests compute with."""

from __future__ import annotations

import numpy as np
import torch

from lossviz.loss_weights import LossWeights
from lossviz.schema import TEXTBOOK, LabelSchema
from lossviz.targets import Targets


def example(
    label: str, *, schema: LabelSchema = TEXTBOOK
) -> tuple[Targets, LabelSchema, LossWeights]:
    """Targets ``(1,)`` of this label, its schema, and weights of 1.

    >>> targets, schema, weights = example("BC")
    >>> targets.components.tolist(), schema.class_names, weights.components.tolist()
    ([[1, 0]], ('AC', 'AD', 'BC', 'BD'), [1.0, 1.0])
    """
    codes = np.array([schema.encode(schema.parse(label))], dtype=np.int64)
    weights = LossWeights(torch.ones(len(schema.components)), torch.tensor(1.0))
    return Targets.from_codes(codes, schema), schema, weights
