"""Cross entropy over whole labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.mix import Term
from lossviz.losses.objectives._base import JOINT, Objective, joint_part
from lossviz.schema import LabelSchema

if TYPE_CHECKING:
    from torch import Tensor

    from lossviz.losses.targets import Targets
    from lossviz.losses.weights import LossWeights


class Joint(Objective):
    """``L = −log p_y``, p = softmax of one logit per allowed class.

    Equal to ``torch.nn.functional.cross_entropy``. How the probability that the true label does
    not have is shared out among the others changes nothing. It is proper for the whole label, and
    so for every part of it; where the parts are independent in the model it is the sum of their log
    losses, K times what :class:`~lossviz.losses.objectives.marginals.Marginals` is.

    >>> import torch
    >>> from lossviz.losses.targets import example
    >>> Joint().parts(torch.zeros(1, 4), *example("AC"))["joint"]
    tensor([1.3863])
    """

    id = "joint"
    title = "joint: one class per whole label"
    head = "joint"
    decoder = "joint_mode"
    asks_for = (
        "Put probability on the right whole label: only its own counts, and where the rest goes "
        "does not."
    )
    definition = r"L_{\text{joint}} = -\log p_y,\quad p = \operatorname{softmax}(z)"
    symbols = "$z$: one logit for each whole label that occurs; $y$: the true one."
    use_when = "Probabilities of whole labels, and so of parts, have to come true."
    avoid_when = "Many combinations have few texts: each has a logit to learn by itself."
    pitfall = (
        "There is no place for α and β in the loss; deciding by min_cost has one. Where the parts "
        "are independent (t = 0) it is twice as high as marginals, which takes their mean."
    )
    source = (
        "Label powerset: Tsoumakas & Katakis, Multi-Label Classification: An Overview, "
        "IJDWM 3(3), 2007."
    )
    weighted = False
    proper = "label"
    snippet = """\
def loss_fn(logits, labels):
    \"\"\"logits (N, C): one per whole label; labels (N,): positions in CLASSES.\"\"\"
    return F.cross_entropy(logits, labels)
"""

    def parts(
        self, logits: Tensor, targets: Targets, schema: LabelSchema, weights: LossWeights
    ) -> dict[str, Tensor]:
        """``{"joint": L}``."""
        return {JOINT: joint_part(logits, targets)}

    def terms(self, components: int) -> dict[str, Term]:
        """``L_joint`` itself: no weight acts on it."""
        return {JOINT: Term(None, 1.0)}
