"""Whole label and components together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.objectives._base import JOINT, Objective, joint_part, marginal_parts
from lossviz.schema import LabelSchema

if TYPE_CHECKING:
    from torch import Tensor

    from lossviz.losses.targets import Targets
    from lossviz.losses.weights import LossWeights


class Hybrid(Objective):
    """``L = γ L_joint + (1/K) Σ w_k L_k``, with the L_k of the marginals.

    γ = 1 and w = 0 is :class:`~lossviz.losses.objectives.joint.Joint`; γ = 0 is
    :class:`~lossviz.losses.objectives.marginals.Marginals`. With γ > 0 the coupling of the
    components is learned, and a near miss still costs less than a far one.

    >>> import torch
    >>> from lossviz.losses.targets import example
    >>> sorted(Hybrid().parts(torch.zeros(1, 4), *example("AC")))
    ['joint', 'part 1', 'part 2']
    """

    id = "hybrid"
    title = "hybrid: whole label and each part"
    head = "joint"
    decoder = "joint_mode"
    asks_for = (
        "Get the whole label right: its log loss counts γ times, and on top of that the first "
        "part's α times, the second's β times."
    )
    definition = r"L_{\text{joint}} = -\log p_y,\quad L_k = -\log \sum_{c\,:\,c_k = y_k} p_c"
    symbols = "$p$: softmax of one logit for each whole label that occurs; $y$: the true one."
    use_when = "The whole label matters, and so does which part of a mistake is right."
    avoid_when = "You want one number to tune: three weights need a reason each."
    pitfall = (
        "Where the parts are independent in the model (t = 0), the whole-label part is the sum of "
        "the others: then γ adds the same to α and to β."
    )
    source = "A weighted sum of Joint and Marginals; the sum rule of probability."
    weighted = True
    joint_weighted = True
    proper = "label"
    snippet = """\
def loss_fn(logits, labels):
    \"\"\"logits (N, C): one per whole label; labels (N,): positions in CLASSES.\"\"\"
    parts = logits.new_zeros(())
    for k, size in enumerate(SIZES):
        part_logits = torch.stack(
            [logits[:, CLASSES[:, k] == value].logsumexp(dim=1) for value in range(size)], dim=1
        )
        parts = parts + WEIGHTS[k] * F.cross_entropy(part_logits, CLASSES[labels, k])
    return JOINT_WEIGHT * F.cross_entropy(logits, labels) + parts / len(SIZES)
"""

    def parts(
        self, logits: Tensor, targets: Targets, schema: LabelSchema, weights: LossWeights
    ) -> dict[str, Tensor]:
        """``{"joint": L_joint, "part 1": L_1, …}``."""
        return marginal_parts(logits, targets, schema) | {JOINT: joint_part(logits, targets)}
