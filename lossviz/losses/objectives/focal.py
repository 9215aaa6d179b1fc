"""Cross entropy of the marginals, with less of it where the model is right already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.objectives._base import Objective, marginal_parts
from lossviz.losses.setting import Setting
from lossviz.schema import LabelSchema

if TYPE_CHECKING:
    from torch import Tensor

    from lossviz.losses.targets import Targets
    from lossviz.losses.weights import LossWeights

TINY = 1e-30
"""``(1 − P)^f`` has an infinite slope at P = 1 for f < 1; nobody trains on what is below this."""


class Focal(Objective):
    """``L = (1/K) Σ w_k (1 − P_k(y_k))^f L_k``, with the L_k of the marginals.

    f = 0 is :class:`~lossviz.losses.objectives.marginals.Marginals`. Larger f takes the loss away
    from texts that are right with confidence, and leaves it to the hard ones. It is not strictly
    proper: the probabilities it ends with are less sure than they should be. The paper's γ is
    called f here, as γ is the whole label's weight.

    >>> import torch
    >>> from lossviz.losses.targets import example
    >>> Focal().parts(torch.zeros(1, 4), *example("AC"))
    {'part 1': tensor([0.1733]), 'part 2': tensor([0.1733])}
    """

    id = "focal"
    title = "focal: marginals, hard texts first"
    head = "joint"
    decoder = "marginal_modes"
    asks_for = (
        "As marginals, but texts whose part is right with confidence hardly count; of the others "
        "the first part's log loss counts α times, the second's β times."
    )
    definition = (
        r"L_k = -\left(1 - P_k(y_k)\right)^{f} \log P_k(y_k),\quad "
        r"P_k(y_k) = \sum_{c\,:\,c_k = y_k} p_c"
    )
    symbols = "$f$: the focusing (the paper's γ); $p$: softmax of one logit for each whole label."
    use_when = "One value of a part is rare, and easy texts of the common one drown it."
    avoid_when = "You need calibrated probabilities, or many labels are wrong."
    pitfall = "Texts with a wrong label stay hard for ever, so they are what it looks at most."
    source = "Lin et al., Focal loss for dense object detection, ICCV 2017."
    weighted = True
    settings = (
        Setting("focusing", "focusing f", "0 is marginals; the paper uses 2.", 2.0, 0.0, 10.0),
    )
    snippet = """\
def loss_fn(logits, labels):
    \"\"\"logits (N, C): one per whole label; labels (N,): positions in CLASSES.\"\"\"
    loss = logits.new_zeros(())
    for k, size in enumerate(SIZES):
        part_logits = torch.stack(
            [logits[:, CLASSES[:, k] == value].logsumexp(dim=1) for value in range(size)], dim=1
        )
        part_loss = F.cross_entropy(part_logits, CLASSES[labels, k], reduction="none")
        doubt = -torch.expm1(-part_loss)  # 1 - P of the true value
        loss = loss + WEIGHTS[k] * (doubt**FOCUSING * part_loss).mean()
    return loss / len(SIZES)
"""

    def parts(
        self, logits: Tensor, targets: Targets, schema: LabelSchema, weights: LossWeights
    ) -> dict[str, Tensor]:
        """``(1 − P_k)^f L_k``, with ``1 − P_k = −expm1(−L_k)``."""
        focusing = self.values["focusing"]
        return {
            name: (-(-part.clamp_min(TINY)).expm1()) ** focusing * part
            for name, part in marginal_parts(logits, targets, schema).items()
        }
