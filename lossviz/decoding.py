"""Decoders: how probabilities become a predicted label."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from lossviz.heads import Head
from lossviz.schema import LabelSchema

if TYPE_CHECKING:
    from torch import Tensor


class Decoder(ABC):
    """A rule that picks one label for each row."""

    id: ClassVar[str]
    title: ClassVar[str]
    best_for: ClassVar[str]

    @abstractmethod
    def decode(self, logits: Tensor, head: Head, schema: LabelSchema) -> tuple[Tensor, Tensor]:
        """The labels' codes ``(*batch, N, K)``, and the log probability of each, ``(*batch, N)``.

        :param logits: ``(*batch, N, O)`` in the layout of ``head``.
        """


class JointMode(Decoder):
    """The likeliest allowed whole label."""

    id = "joint_mode"
    title = "likeliest whole label that occurs"
    best_for = "the whole label being right"

    def decode(self, logits: Tensor, head: Head, schema: LabelSchema) -> tuple[Tensor, Tensor]:
        """Argmax over the allowed classes; a factorised head is masked to them by this."""
        best, position = head.joint_log_probs(logits, schema).max(-1)
        return position.new_tensor(schema.class_codes)[position], best


class MarginalModes(Decoder):
    """Each component's likeliest value.

    For heads over whole labels restricted to the allowed ones: the class with the largest
    expected number of right components. A factorised head takes each component by itself and may
    arrive at a combination that never occurs.
    """

    id = "marginal_modes"
    title = "likeliest value of each part"
    best_for = "as many right parts as possible"

    def decode(self, logits: Tensor, head: Head, schema: LabelSchema) -> tuple[Tensor, Tensor]:
        """Argmax of each component, or of their expected agreement over the allowed classes."""
        marginals = head.component_log_probs(logits, schema)
        if head.can_emit_unseen:
            best = [marginal.max(-1) for marginal in marginals]
            codes = best[0].indices.new_empty((*best[0].indices.shape, len(best)))
            log_prob = best[0].values
            codes[..., 0] = best[0].indices
            for k, (value, index) in enumerate(best[1:], start=1):
                codes[..., k] = index
                log_prob = log_prob + value
            return codes, log_prob
        agreement = marginals[0].exp()[..., schema.class_codes[:, 0]]
        for k, marginal in enumerate(marginals[1:], start=1):
            agreement = agreement + marginal.exp()[..., schema.class_codes[:, k]]
        position = agreement.argmax(-1)
        chosen = head.joint_log_probs(logits, schema).gather(-1, position.unsqueeze(-1))
        return position.new_tensor(schema.class_codes)[position], chosen.squeeze(-1)


DECODERS: dict[str, Decoder] = {decoder.id: decoder for decoder in (JointMode(), MarginalModes())}
