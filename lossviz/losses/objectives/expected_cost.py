"""The cost that a prediction drawn from the model would have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.objectives._base import JOINT, Objective, joint_part, marginal_parts
from lossviz.schema import LabelSchema

if TYPE_CHECKING:
    from torch import Tensor

    from lossviz.losses.targets import Targets
    from lossviz.losses.weights import LossWeights


class ExpectedCost(Objective):
    """``L = Σ w_k (1 − P_k(y_k)) + γ (1 − p_y)`` = Σ_c p_c cost(y, c).

    The cost of a label c is w_k for each component that is wrong, and γ if any is: what a person
    means who says "a wrong first part costs α". It is bounded, where cross entropy is not, so a
    text with a wrong label pulls less; for the same reason its gradient, proportional to P_k(y_k),
    dies where the model is confidently wrong. No factor 1/K: it is a cost.

    It is smallest with all probability on the label that is cheapest on average: what is learned is
    what to answer, not what to believe. So the likeliest label is the answer; deciding by costs
    once more would take a policy for a belief.

    >>> import torch
    >>> from lossviz.losses.targets import example
    >>> ExpectedCost().parts(torch.zeros(1, 4), *example("AC"))
    {'part 1': tensor([0.5000]), 'part 2': tensor([0.5000]), 'joint': tensor([0.7500])}
    """

    id = "expected_cost"
    title = "expected cost: what mistakes cost, on average"
    head = "joint"
    decoder = "joint_mode"
    asks_for = (
        "Make the average cost of a label drawn from the model small: a wrong first part costs α, "
        "a wrong second part β, and any mistake γ more."
    )
    definition = (
        r"L_k = 1 - \sum_{c\,:\,c_k = y_k} p_c,\quad L_{\text{joint}} = 1 - p_y,\quad "
        r"p = \operatorname{softmax}(z)"
    )
    symbols = "$z$: one logit for each whole label that occurs; $y$: the true one."
    use_when = "You know what mistakes cost, and some labels in your data are wrong."
    avoid_when = (
        "You need probabilities: it learns what to answer, not what to believe, and pushes them to "
        "0 and 1."
    )
    pitfall = "Where the model is confidently wrong the gradient vanishes, and it may stay wrong."
    source = (
        "Expected (Bayes) risk; for classes with costs: Elkan, The foundations of cost-sensitive "
        "learning, IJCAI 2001."
    )
    weighted = True
    joint_weighted = True
    reduction = "sum"
    unit = "cost"
    snippet = """\
def loss_fn(logits, labels):
    \"\"\"logits (N, C): one per whole label; labels (N,): positions in CLASSES.\"\"\"
    wrong = CLASSES[labels][:, None, :] != CLASSES[None, :, :]  # (N, C, K)
    cost = wrong.to(logits.dtype) @ torch.tensor(WEIGHTS, dtype=logits.dtype)
    cost = cost + JOINT_WEIGHT * wrong.any(dim=2).to(logits.dtype)
    return (logits.softmax(dim=1) * cost).sum(dim=1).mean()
"""

    def parts(
        self, logits: Tensor, targets: Targets, schema: LabelSchema, weights: LossWeights
    ) -> dict[str, Tensor]:
        """``1 − P`` of each part, as ``−expm1(log P)``: exact where P is almost 1."""
        losses = marginal_parts(logits, targets, schema) | {JOINT: joint_part(logits, targets)}
        return {name: -(-loss).expm1() for name, loss in losses.items()}
