"""True labels as the tensors that losses compare with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor

from lossviz.errors import LossVizError
from lossviz.losses.weights import LossWeights
from lossviz.schema import TEXTBOOK, Codes, LabelSchema


@dataclass(frozen=True, slots=True)
class Targets:
    """The true labels of ``N`` rows, or of as many for each ensemble member.

    :param components: ``(*batch, N, K)``, the code of each component.
    :param joint: ``(*batch, N)``, the position among the allowed classes.
    """

    components: Tensor
    joint: Tensor

    @classmethod
    def from_codes(cls, codes: Codes, schema: LabelSchema) -> Self:
        """Targets from label codes ``(N, K)``.

        :raises LossVizError: when a label is not among the allowed combinations: it has
            probability 0 under every formulation, so no loss can be asked to reach it.
        """
        joint = schema.class_index(codes)
        if (joint < 0).any():
            row = int((joint < 0).argmax())
            label = schema.format(schema.decode(codes[row].tolist()))
            raise LossVizError(f"{label!r} is not an allowed combination and cannot be a target.")
        return cls(torch.as_tensor(codes.copy()), torch.as_tensor(joint))

    @classmethod
    def beside(cls, each: Sequence[Targets], members: int) -> Targets:
        """Those of several trainers with so many members each, ``(E, N)``; where all have the same,
        these."""
        if all(targets is each[0] for targets in each):
            return each[0]
        components = torch.stack([targets.components for targets in each])
        joint = torch.stack([targets.joint for targets in each])
        return cls(components.repeat_interleave(members, 0), joint.repeat_interleave(members, 0))

    def __len__(self) -> int:
        return self.joint.shape[-1]

    def __getitem__(self, rows: slice | Tensor) -> Targets:
        return Targets(self.components[rows], self.joint[rows])


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
