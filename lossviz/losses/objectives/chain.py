"""Cross entropy of each component given those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.heads import ChainHead
from lossviz.losses.objectives._base import Objective, part_name
from lossviz.schema import LabelSchema

if TYPE_CHECKING:
    from torch import Tensor

    from lossviz.losses.targets import Targets
    from lossviz.losses.weights import LossWeights


class Chain(Objective):
    """``L = Σ w_k (−log P(y_k | y_1 .. y_{k−1}))``.

    With every weight 1 it is the log loss of the whole label: the chain rule. Each start of a
    label has logits of its own for the value that follows, so a combination that never occurs has
    probability 0; the classifier chain of Read et al. shares one classifier for each component and
    gives it the earlier labels as features. The weights ask a question that depends on the order:
    the second part is judged *given the true first part*. No factor 1/K.

    >>> import torch
    >>> from lossviz.losses.targets import example
    >>> Chain().parts(torch.tensor([[0.0, 0.0, 2.0, 0.0, 0.0, 0.0]]), *example("AC"))
    {'part 1': tensor([0.6931]), 'part 2': tensor([0.1269])}
    """

    id = "chain"
    title = "chain: each part given those before it"
    head = "chain"
    decoder = "joint_mode"
    asks_for = (
        "Get the first part right (its log loss counts α times), and then the second given the "
        "true first (β times), and so on."
    )
    definition = r"L_k = -\log P(y_k \mid y_1 \dots y_{k-1})"
    symbols = "$y_k$: the true value of part $k$; its logits depend on the true values before it."
    use_when = "The parts come in a natural order, and what the second can be depends on the first."
    avoid_when = (
        "There is no order. With weights of 1 the loss is the same in any, but linear logits in "
        "another order are another model; with other weights the loss is another one, too."
    )
    pitfall = (
        "The second part is only ever trained behind a right first part; behind a wrong one it "
        "answers a question it was never asked."
    )
    source = (
        "Classifier chains: Read et al., Machine Learning 85, 2011; as a probability tree: "
        "Dembczyński et al., ICML 2010."
    )
    weighted = True
    proper = "label"
    reduction = "sum"
    snippet = """\
def loss_fn(logits, labels):
    \"\"\"logits (N, O): for each start of a label that occurs, one for each value that may follow.

    labels (N,): positions in CLASSES.
    \"\"\"
    loss = logits.new_zeros(len(logits))
    begin = 0
    for k in range(len(SIZES)):
        starts = CLASSES[:, :k].unique(dim=0) if k else CLASSES[:1, :0]
        for start in starts:
            here = (CLASSES[:, :k] == start).all(dim=1)  # whole labels that start like this
            values = CLASSES[here, k].unique()
            following = logits[:, begin : begin + len(values)]
            begin += len(values)
            rows = here[labels]
            true = torch.searchsorted(values, CLASSES[labels[rows], k].contiguous())
            loss[rows] += WEIGHTS[k] * F.cross_entropy(following[rows], true, reduction="none")
    return loss.mean()
"""

    def parts(
        self, logits: Tensor, targets: Targets, schema: LabelSchema, weights: LossWeights
    ) -> dict[str, Tensor]:
        """``{"part 1": −log P(y_1), "part 2": −log P(y_2 | y_1), …}``."""
        nodes = ChainHead.node_log_probs(logits, schema)
        paths = targets.joint.new_tensor(schema.tree.paths)[targets.joint]
        rows = paths.expand(*logits.shape[:-1], paths.shape[-1])
        chosen = -nodes.gather(-1, rows)
        return {part_name(k): chosen[..., k] for k in range(len(schema.components))}
