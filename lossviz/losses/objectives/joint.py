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

    Equal to ``torch.nn.functional.cross_entropy``. A prediction that is right in one component
    costs as much as one that is wrong in all of them.

    >>> import torch
    >>> from lossviz.losses.targets import example
    >>> Joint().parts(torch.zeros(1, 4), *example("AC"))["joint"]
    tensor([1.3863])
    """

    id = "joint"
    title = "joint: one class per whole label"
    head = "joint"
    decoder = "joint_mode"
    asks_for = "Put probability on exactly the right whole label; a near miss costs like a far one."
    definition = r"L_{\text{joint}} = -\log p_y,\quad p = \operatorname{softmax}(z)"
    symbols = "$z$: one logit for each whole label that occurs; $y$: the true one."
    use_when = "Only the whole label counts, and there is enough data for each combination."
    avoid_when = (
        "Being right in one part is worth something, or many combinations have few examples."
    )
    pitfall = "There is no place for α and β: a wrong part cannot cost more or less than another."
    source = (
        "Label powerset: Tsoumakas & Katakis, Multi-Label Classification: An Overview, "
        "IJDWM 3(3), 2007."
    )
    weighted = False
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
