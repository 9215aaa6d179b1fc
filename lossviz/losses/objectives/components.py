"""Cross entropy of each component on logits of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.heads import HEADS
from lossviz.losses.objectives._base import Objective, component_parts
from lossviz.schema import LabelSchema

if TYPE_CHECKING:
    from torch import Tensor

    from lossviz.losses.targets import Targets
    from lossviz.losses.weights import LossWeights


class Components(Objective):
    """``L = (1/K) Σ w_k L_k``, L_k the cross entropy of component k on its own logits.

    For two-valued components exactly ``BCEWithLogitsLoss(weight=[[α, β]])`` with a mean over rows
    and components. It treats the components as independent given the text, so it may predict a
    combination that never occurs.

    >>> import torch
    >>> from lossviz.losses.targets import example
    >>> Components().parts(torch.tensor([[0.0, 2.0]]), *example("AC"))
    {'part 1': tensor([0.6931]), 'part 2': tensor([0.1269])}
    """

    id = "components"
    title = "components: separate answers for each part"
    head = "factorised"
    decoder = "marginal_modes"
    asks_for = (
        "Get each part's probability right on its own: the log loss of the first counts α times, "
        "that of the second β times."
    )
    definition = r"L_k = -\log p_k(y_k),\quad p_k = \operatorname{softmax}(z_k)"
    symbols = (
        "$z_k$: logits of part $k$ alone (one log odds where it has two values); $y_k$: its true "
        "value."
    )
    use_when = "The parts are questions of their own, and new combinations may turn up."
    avoid_when = (
        "The parts hang together (some combinations never occur): it cannot say so, and it may "
        "predict a combination that does not exist."
    )
    pitfall = (
        "Taking each part's likeliest value may give a whole label that never occurs; the decoder "
        "“likeliest whole label that occurs” masks those, and with them what turns up anew: texts "
        "held out of known combinations do not show that."
    )
    source = "Binary relevance: Tsoumakas & Katakis 2007; in PyTorch BCEWithLogitsLoss."
    weighted = True
    proper = "parts"
    snippet = """\
def loss_fn(logits, labels):
    \"\"\"logits (N, O): one for a two-valued part (log odds of its first value), else one a value.

    labels (N,): positions in CLASSES.
    \"\"\"
    parts = CLASSES[labels]
    loss = logits.new_zeros(())
    start = 0
    for k, size in enumerate(SIZES):
        width = size if size > 2 else size - 1
        part_logits = logits[:, start : start + width]
        start += width
        if size == 2:
            first = (parts[:, k : k + 1] == 0).to(logits.dtype)
            loss = loss + WEIGHTS[k] * F.binary_cross_entropy_with_logits(part_logits, first)
        elif size > 2:
            loss = loss + WEIGHTS[k] * F.cross_entropy(part_logits, parts[:, k])
    return loss / len(SIZES)
"""

    def parts(
        self, logits: Tensor, targets: Targets, schema: LabelSchema, weights: LossWeights
    ) -> dict[str, Tensor]:
        """``{"part 1": L_1, …}``."""
        return component_parts(HEADS[self.head].component_log_probs(logits, schema), targets)
