"""Decoders: how probabilities become a predicted label."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from lossviz.losses.heads import Head
from lossviz.schema import LabelSchema

if TYPE_CHECKING:
    from torch import Tensor

    from lossviz.losses.weights import LossWeights


class Decoder(ABC):
    """A rule that picks one label for each row."""

    id: ClassVar[str]
    title: ClassVar[str]
    rule: ClassVar[str]
    """One plain sentence."""
    best_for: ClassVar[str]
    source: ClassVar[str]
    weighted: ClassVar[bool] = False
    """Whether α, β … and γ change what it picks."""

    @abstractmethod
    def decode(
        self, logits: Tensor, head: Head, schema: LabelSchema, weights: LossWeights
    ) -> tuple[Tensor, Tensor]:
        """The labels' codes ``(*batch, N, K)``, and the log probability of each, ``(*batch, N)``.

        :param logits: ``(*batch, N, O)`` in the layout of ``head``.
        :param weights: what mistakes cost, as a person states it.
        """


class JointMode(Decoder):
    """``argmax_c p_c`` over the allowed classes.

    >>> import torch
    >>> from lossviz.losses.heads import HEADS
    >>> from lossviz.losses.targets import example
    >>> _, schema, weights = example("AC")
    >>> p = torch.tensor([[0.4, 0.0, 0.3, 0.3]])
    >>> JointMode().decode(p.log(), HEADS["joint"], schema, weights)[0].tolist()  # AC
    [[0, 0]]
    """

    id = "joint_mode"
    title = "likeliest whole label that occurs"
    rule = "Of the whole labels that occur, the one with the largest probability."
    best_for = "the whole label being right"
    source = "Minimises the 0/1 loss; on separate logits it is a mask over what never occurs."

    def decode(
        self, logits: Tensor, head: Head, schema: LabelSchema, weights: LossWeights
    ) -> tuple[Tensor, Tensor]:
        """Argmax over the allowed classes; a factorised head is masked to them by this."""
        best, position = head.joint_log_probs(logits, schema).max(-1)
        return position.new_tensor(schema.class_codes)[position], best


class MarginalModes(Decoder):
    """``argmax_v P_k(v)`` for each component.

    For heads over whole labels restricted to the allowed ones: the class with the largest
    expected number of right components. A factorised head takes each component by itself and may
    arrive at a combination that never occurs.

    >>> import torch
    >>> from lossviz.losses.heads import HEADS
    >>> from lossviz.losses.targets import example
    >>> _, schema, weights = example("AC")
    >>> p = torch.tensor([[0.4, 0.0, 0.3, 0.3]])
    >>> MarginalModes().decode(p.log(), HEADS["joint"], schema, weights)[0].tolist()  # BC
    [[1, 0]]
    """

    id = "marginal_modes"
    title = "likeliest value of each part"
    rule = "Each part's likeliest value; with whole-label logits, among the labels that occur."
    best_for = "as many right parts as possible"
    source = "Minimises the Hamming loss: Dembczyński et al., On label dependence, 2012."

    def decode(
        self, logits: Tensor, head: Head, schema: LabelSchema, weights: LossWeights
    ) -> tuple[Tensor, Tensor]:
        """Argmax of each component, or of their expected agreement over the allowed classes."""
        marginals = head.component_log_probs(logits, schema)
        if not head.can_emit_unseen:
            return _chosen(_agreement(marginals, schema), logits, head, schema)
        best = [marginal.max(-1) for marginal in marginals]
        codes = best[0].indices.new_empty((*best[0].indices.shape, len(best)))
        log_prob = best[0].values
        codes[..., 0] = best[0].indices
        for k, (highest, code) in enumerate(best[1:], start=1):
            codes[..., k] = code
            log_prob = log_prob + highest
        return codes, log_prob


class MinCost(Decoder):
    """``argmin_c Σ w_k (1 − P_k(c_k)) + γ (1 − p_c)`` over the allowed classes.

    Bayes' decision for the costs, if the probabilities come true. With γ = 0 and every combination
    allowed each component decides for itself, so it picks what :class:`MarginalModes` picks,
    whatever α and β are. With two parts of two values it still does where combinations are missing,
    if nothing is believed of these (without BD, ``P(A) + P(C) ≥ 1``). Weights decide where a part
    has three values, or there is a third part, or γ > 0; and where separate answers believe in what
    never occurs, as here.

    >>> import torch
    >>> from lossviz.losses.heads import HEADS
    >>> from lossviz.losses.targets import example
    >>> from lossviz.schema import TEXTBOOK, LabelSchema
    >>> three = LabelSchema(TEXTBOOK.components, TEXTBOOK.classes[:3], "")  # no BD
    >>> weights = example("AC")[2]._replace(joint=torch.tensor(0.0))
    >>> odds = torch.tensor([[0.4 / 0.6, 0.35 / 0.65]])  # of A and of C, answered separately
    >>> for alpha in (1.0, 5.0):
    ...     costs = weights._replace(components=torch.tensor([alpha, 1.0]))
    ...     codes, _ = MinCost().decode(odds.log(), HEADS["factorised"], three, costs)
    ...     print(three.format(three.decode(codes[0].tolist())))
    AD
    BC
    """

    id = "min_cost"
    title = "cheapest whole label that occurs"
    rule = "Of the whole labels that occur, the one whose mistakes would cost least on average."
    best_for = "the costs that you state, if its probabilities come true"
    source = "Bayes' decision rule; Elkan, The foundations of cost-sensitive learning, IJCAI 2001."
    weighted = True

    def decode(
        self, logits: Tensor, head: Head, schema: LabelSchema, weights: LossWeights
    ) -> tuple[Tensor, Tensor]:
        """Argmax of what is saved: the weights of the components expected to be right, and γ."""
        saved = _agreement(head.component_log_probs(logits, schema), schema, weights.components)
        saved = saved + weights.joint[..., None, None] * head.joint_log_probs(logits, schema).exp()
        return _chosen(saved, logits, head, schema)


def _agreement(
    marginals: list[Tensor], schema: LabelSchema, component_weights: Tensor | None = None
) -> Tensor:
    """``Σ w_k P_k(c_k)`` of each allowed class, ``(*batch, N, C)``; every weight 1 by default."""
    total = None
    for k, marginal in enumerate(marginals):
        agreement = marginal.exp()[..., schema.class_codes[:, k]]
        if component_weights is not None:
            agreement = component_weights[..., k, None, None] * agreement
        total = agreement if total is None else total + agreement
    assert total is not None
    return total


def _chosen(
    scores: Tensor, logits: Tensor, head: Head, schema: LabelSchema
) -> tuple[Tensor, Tensor]:
    """The class with the largest score, and its log probability."""
    position = scores.argmax(-1)
    chosen = head.joint_log_probs(logits, schema).gather(-1, position.unsqueeze(-1))
    return position.new_tensor(schema.class_codes)[position], chosen.squeeze(-1)


DECODERS: dict[str, Decoder] = {
    decoder.id: decoder for decoder in (JointMode(), MarginalModes(), MinCost())
}
