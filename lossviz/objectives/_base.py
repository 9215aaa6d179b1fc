"""What every objective is: named parts, and how they add up."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from lossviz.schema import LabelSchema

if TYPE_CHECKING:
    from torch import Tensor

    from lossviz.targets import Targets

JOINT = "joint"
"""The name of the part that looks at the whole label; the others are named ``part 1 .. part K``."""


def part_name(k: int) -> str:
    """The name of the part of component ``k``, counted from 0."""
    return f"part {k + 1}"


class Objective(ABC):
    """What training minimises, as named, unreduced parts.

    A subclass is one file of this package; it is registered by being there. Only methods of the
    tensors given are used, so the descriptions can be read where torch is not loaded.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    head: ClassVar[str]
    """The :data:`lossviz.heads.HEADS` entry whose logits it reads."""
    decoder: ClassVar[str]
    """The :data:`lossviz.decoding.DECODERS` entry that fits what it asks for."""
    asks_for: ClassVar[str]
    """One plain sentence."""
    formula: ClassVar[str]
    """LaTeX, for two components."""
    use_when: ClassVar[str]
    avoid_when: ClassVar[str]
    source: ClassVar[str]
    weighted: ClassVar[bool]
    """Whether the components' weights α, β … act on it."""
    joint_weighted: ClassVar[bool] = False
    """Whether the weight γ of the whole label acts on it."""
    snippet: ClassVar[str]
    """``def loss_fn(logits, labels)`` in plain PyTorch; see :mod:`lossviz.snippets`."""

    @abstractmethod
    def parts(self, logits: Tensor, targets: Targets, schema: LabelSchema) -> dict[str, Tensor]:
        """The parts, each ``(*batch, N)`` and at least 0.

        :param logits: ``(*batch, N, O)`` in the layout of :attr:`head`.
        :param targets: the true labels of the ``N`` rows.
        """

    def total(
        self, parts: dict[str, Tensor], component_weights: Tensor, joint_weight: Tensor
    ) -> Tensor:
        """The loss of each row, ``(*batch, N)``: ``γ L_joint + (1/K) Σ w_k L_k``.

        The factor 1/K is what ``reduction="mean"`` does in the PyTorch calls that people write.

        :param component_weights: ``(*batch, K)``.
        :param joint_weight: ``(*batch,)``.
        """
        components = component_weights.shape[-1]
        terms = [
            component_weights[..., k, None] / components * parts[part_name(k)]
            for k in range(components)
            if part_name(k) in parts
        ]
        if JOINT in parts:
            terms.append(joint_weight[..., None] * parts[JOINT])
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        return total


def marginal_parts(logits: Tensor, targets: Targets, schema: LabelSchema) -> dict[str, Tensor]:
    """``L_k = −log P_k(y_k)`` of joint logits, each ``(*batch, N)``.

    ``P_k(y_k)`` sums over the classes that agree with the true label in component k, so
    ``L_k = logsumexp(z) − logsumexp(z over those classes)``; nothing leaves log space.
    """
    class_codes = targets.components.new_tensor(schema.class_codes)
    normaliser = logits.logsumexp(-1)
    return {
        part_name(k): normaliser
        - logits.masked_fill(
            targets.components[:, k, None] != class_codes[:, k], float("-inf")
        ).logsumexp(-1)
        for k in range(len(schema.components))
    }


def joint_part(logits: Tensor, targets: Targets) -> Tensor:
    """``L_joint = −log p_y`` of joint logits, ``(*batch, N)``."""
    rows = targets.joint.unsqueeze(-1).expand(*logits.shape[:-1], 1)
    return -logits.log_softmax(-1).gather(-1, rows).squeeze(-1)
