"""Cross entropy of each component's marginal under joint logits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.objectives._base import Objective, marginal_parts
from lossviz.schema import LabelSchema

if TYPE_CHECKING:
    from torch import Tensor

    from lossviz.losses.targets import Targets
    from lossviz.losses.weights import LossWeights


class Marginals(Objective):
    """``L = (1/K) Σ w_k L_k``, L_k = −log P_k(y_k), P_k(v) the sum of p over classes with value v.

    One logit per allowed class, as for :class:`~lossviz.losses.objectives.joint.Joint`, but the
    classes' probabilities are summed into component probabilities first. Only those are asked to be
    right: how the components hang together is left free, so different starts end with the same
    marginals and different joint probabilities.

    >>> import torch
    >>> from lossviz.losses.targets import example
    >>> Marginals().parts(torch.tensor([[1.0, 1.0, 0.0, 0.0]]), *example("AC"))
    {'part 1': tensor([0.3133]), 'part 2': tensor([0.6931])}
    """

    id = "marginals"
    title = "marginals: whole labels, each part weighted"
    head = "joint"
    decoder = "marginal_modes"
    asks_for = (
        "Sum the whole labels' probabilities into each part's, and get those right: the log loss "
        "of the first counts α times, that of the second β times."
    )
    definition = r"L_k = -\log \sum_{c\,:\,c_k = y_k} p_c,\quad p = \operatorname{softmax}(z)"
    symbols = (
        "$z$: one logit for each whole label that occurs; the sum runs over the whole labels $c$ "
        "that agree with the true one in part $k$."
    )
    use_when = "Some combinations never occur, and each part's probability has to come true."
    avoid_when = "The probability of a whole label has to be right: it is not asked for."
    pitfall = (
        "How the parts hang together is left free: two runs with the same marginals may disagree "
        "about the whole label."
    )
    source = "The sum rule of probability; Dembczyński et al., On label dependence, 2012."
    weighted = True
    proper = "parts"
    snippet = """\
def loss_fn(logits, labels):
    \"\"\"logits (N, C): one per whole label; labels (N,): positions in CLASSES.\"\"\"
    loss = logits.new_zeros(())
    for k, size in enumerate(SIZES):
        # logsumexp, not sigmoid: it turns class logits into part logits without leaving log space
        part_logits = torch.stack(
            [logits[:, CLASSES[:, k] == value].logsumexp(dim=1) for value in range(size)], dim=1
        )
        loss = loss + WEIGHTS[k] * F.cross_entropy(part_logits, CLASSES[labels, k])
    return loss / len(SIZES)
"""

    def parts(
        self, logits: Tensor, targets: Targets, schema: LabelSchema, weights: LossWeights
    ) -> dict[str, Tensor]:
        """``{"part 1": L_1, …}``."""
        return marginal_parts(logits, targets, schema)
