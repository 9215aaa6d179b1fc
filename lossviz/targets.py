"""True labels as the tensors that losses compare with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

from lossviz.errors import LossVizError
from lossviz.schema import Codes, LabelSchema


@dataclass(frozen=True, slots=True)
class Targets:
    """The true labels of ``N`` rows.

    :param components: ``(N, K)``, the code of each component.
    :param joint: ``(N,)``, the position among the allowed classes.
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

    def __len__(self) -> int:
        return self.joint.shape[0]

    def __getitem__(self, rows: slice | Tensor) -> Targets:
        return Targets(self.components[rows], self.joint[rows])
