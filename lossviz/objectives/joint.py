"""Cross entropy over whole labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.objectives._base import JOINT, Objective, joint_part
from lossviz.schema import LabelSchema

if TYPE_CHECKING:
    from torch import Tensor

    from lossviz.targets import Targets


class Joint(Objective):
    """``L = −log p_y``, p = softmax of one logit per allowed class.

    Equal to ``torch.nn.functional.cross_entropy``. A prediction that is right in one component
    costs as much as one that is wrong in all of them.

    >>> import torch
    >>> from lossviz.schema import Component, LabelSchema
    >>> from lossviz.targets import Targets
    >>> schema = LabelSchema.full([Component("1", ("A", "B")), Component("2", ("C", "D"))], "")
    >>> targets = Targets.from_codes(schema.class_codes[:1], schema)
    >>> Joint().parts(torch.zeros(1, 4), targets, schema)["joint"]
    tensor([1.3863])
    """

    id = "joint"
    title = "joint: one class per whole label"
    head = "joint"
    decoder = "joint_mode"
    asks_for = "Put probability on exactly the right whole label; a near miss costs like a far one."
    formula = r"L = -\log p_y"
    use_when = "Only the whole label counts, and there is enough data for each combination."
    avoid_when = (
        "Being right in one part is worth something, or many combinations have few examples."
    )
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

    def parts(self, logits: Tensor, targets: Targets, schema: LabelSchema) -> dict[str, Tensor]:
        """``{"joint": L}``."""
        return {JOINT: joint_part(logits, targets)}

    def total(
        self, parts: dict[str, Tensor], component_weights: Tensor, joint_weight: Tensor
    ) -> Tensor:
        """``L_joint`` itself: no weight acts on it."""
        return parts[JOINT]
