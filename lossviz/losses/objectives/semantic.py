"""Separate answers, and a price for combinations that never occur."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.heads import HEADS
from lossviz.losses.mix import Term
from lossviz.losses.objectives._base import ALLOWED, Objective, component_parts
from lossviz.losses.setting import Setting
from lossviz.schema import LabelSchema

if TYPE_CHECKING:
    from torch import Tensor

    from lossviz.losses.targets import Targets
    from lossviz.losses.weights import LossWeights


class Semantic(Objective):
    """``L = (1/K) Σ w_k L_k + λ L_allowed``: Components, and −log of the mass on what occurs.

    L_allowed is the semantic loss of the constraint "the label is one that occurs": −log of the
    probability that the components, answered independently, give an allowed combination. Where
    every combination is allowed it is 0, and the rest is
    :class:`~lossviz.losses.objectives.components.Components`.

    >>> import torch
    >>> from lossviz.losses.targets import example
    >>> from lossviz.schema import TEXTBOOK, LabelSchema
    >>> three = LabelSchema(TEXTBOOK.components, TEXTBOOK.classes[:3], "")
    >>> Semantic().parts(torch.zeros(1, 2), *example("AC", schema=three))["allowed"]
    tensor([0.2877])
    """

    id = "semantic"
    title = "semantic: separate answers that must fit together"
    head = "factorised"
    decoder = "joint_mode"
    asks_for = (
        "Get each part right on its own (the first part's log loss counts α times, the second's β "
        "times), and put little probability on combinations that never occur."
    )
    definition = (
        r"L_k = -\log p_k(y_k),\quad "
        r"L_{\text{allowed}} = -\log \sum_{c\ \text{occurs}} \prod_k p_k(c_k)"
    )
    symbols = "$p_k$: softmax of the logits of part $k$ alone; its factor λ is a setting."
    use_when = "The parts have logits of their own, and some combinations never occur."
    avoid_when = "Every combination occurs: then the extra part is 0."
    pitfall = (
        "It makes impossible combinations improbable, not impossible; the mask of the decoder "
        "“likeliest whole label that occurs” does that, to combinations that turn up anew as well."
    )
    source = "Xu et al., A semantic loss function for deep learning, ICML 2018."
    weighted = True
    settings = (
        Setting(
            "allowed_weight",
            "λ, for combinations that occur",
            "What probability on impossible combinations costs; 0 is components.",
            1.0,
            0.0,
            1000.0,
        ),
    )
    snippet = """\
def loss_fn(logits, labels):
    \"\"\"logits (N, O): one for a two-valued part (log odds of its first value), else one a value.

    labels (N,): positions in CLASSES.
    \"\"\"
    loss = logits.new_zeros(())
    together = logits.new_zeros(len(logits), len(CLASSES))  # log probability of each whole label
    start = 0
    for k, size in enumerate(SIZES):
        width = size if size > 2 else size - 1
        part_logits = logits[:, start : start + width]
        start += width
        if size <= 2:  # the second value's logit is 0
            part_logits = F.pad(part_logits, (0, 1))
        log_probs = part_logits.log_softmax(dim=1)
        loss = loss + WEIGHTS[k] * F.nll_loss(log_probs, CLASSES[labels, k])
        together = together + log_probs[:, CLASSES[:, k]]
    return loss / len(SIZES) - ALLOWED_WEIGHT * together.logsumexp(dim=1).mean()
"""

    def parts(
        self, logits: Tensor, targets: Targets, schema: LabelSchema, weights: LossWeights
    ) -> dict[str, Tensor]:
        """``{"part 1": L_1, …, "allowed": −log of the mass on allowed combinations}``."""
        head = HEADS[self.head]
        parts = component_parts(head.component_log_probs(logits, schema), targets)
        mass = head.joint_log_probs(logits, schema).logsumexp(-1)
        # With all combinations allowed the mass is 1 up to rounding.
        return parts | {ALLOWED: -mass.clamp_max(0.0)}

    def terms(self, components: int) -> dict[str, Term]:
        """Those of the components, and λ times the mass."""
        return super().terms(components) | {ALLOWED: Term(None, self.values["allowed_weight"])}
