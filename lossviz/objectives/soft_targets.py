"""Cross entropy against targets that forgive cheap mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lossviz.objectives._base import JOINT, Objective
from lossviz.schema import Codes, LabelSchema
from lossviz.setting import Setting
from lossviz.surface import Mix, TemperedMix, Term

if TYPE_CHECKING:
    from torch import Tensor

    from lossviz.loss_weights import LossWeights
    from lossviz.targets import Targets


class SoftTargets(Objective):
    """``L = KL(q ‖ p)``, q_c ∝ exp(−cost(y, c)/τ), cost(y, c) = Σ w_k [c_k ≠ y_k] + γ [c ≠ y].

    The target spreads its probability over labels that are cheap mistakes, so a near miss costs
    less. Bertinetto et al. minimise the cross entropy, which differs by the entropy of q; the
    divergence has the same gradient in the logits and its minimum is 0 whatever the weights, so
    curves at different weights can be compared. τ → 0 is :class:`~lossviz.objectives.joint.Joint`.
    The weights shape the target, so the loss is not linear in them: a weighting that multiplies
    parts has nothing to multiply here.

    >>> import torch
    >>> from lossviz.example import example
    >>> SoftTargets().parts(torch.zeros(1, 4), *example("AC"))["joint"]
    tensor([0.5852])
    """

    id = "soft_targets"
    title = "soft targets: forgive cheap mistakes"
    head = "joint"
    decoder = "joint_mode"
    asks_for = (
        "Match a target that leaves some probability to near misses: the less a mistake costs "
        "(α for the first part, β for the second, γ for any), the more it is given."
    )
    definition = (
        r"q_c \propto \exp\left(-\operatorname{cost}(y, c) / \tau\right),\quad "
        r"p = \operatorname{softmax}(z)"
    )
    symbols = (
        "$y$: the true whole label; $[c_k \\neq y_k]$ is 1 where part $k$ is wrong; τ: how much "
        "is forgiven."
    )
    use_when = "Mistakes differ in how bad they are, and probabilities should say so."
    avoid_when = "Probabilities have to be calibrated: it asks for q, not for the truth."
    pitfall = (
        "α and β act through exp(−cost/τ): above a few τ a larger weight changes nothing any more."
    )
    source = "Bertinetto et al., Making better mistakes, CVPR 2020."
    weighted = True
    joint_weighted = True
    settings = (
        Setting(
            "temperature",
            "temperature τ",
            "How much of the target goes to mistakes; towards 0 it is joint.",
            1.0,
            0.01,
            100.0,
        ),
    )
    snippet = """\
def loss_fn(logits, labels):
    \"\"\"logits (N, C): one per whole label; labels (N,): positions in CLASSES.\"\"\"
    wrong = CLASSES[labels][:, None, :] != CLASSES[None, :, :]  # (N, C, K)
    cost = wrong.to(logits.dtype) @ torch.tensor(WEIGHTS, dtype=logits.dtype)
    cost = cost + JOINT_WEIGHT * wrong.any(dim=2).to(logits.dtype)
    log_target = (-cost / TEMPERATURE).log_softmax(dim=1)
    return F.kl_div(
        logits.log_softmax(dim=1), log_target, reduction="batchmean", log_target=True
    )
"""

    def parts(
        self, logits: Tensor, targets: Targets, schema: LabelSchema, weights: LossWeights
    ) -> dict[str, Tensor]:
        """``{"joint": KL(q ‖ p)}``."""
        class_codes = targets.components.new_tensor(schema.class_codes)
        wrong = targets.components[:, None, :] != class_codes  # (N, C, K)
        components = weights.components.to(logits.dtype)[..., None, :, None]
        any_wrong = wrong.any(-1).to(logits.dtype)
        cost = (wrong.to(logits.dtype) @ components).squeeze(-1)
        cost = cost + weights.joint.to(logits.dtype)[..., None, None] * any_wrong
        log_q = (-cost / self.values["temperature"]).log_softmax(-1)
        difference = log_q - logits.log_softmax(-1)
        return {JOINT: (log_q.exp() * difference).sum(-1)}

    def terms(self, components: int) -> dict[str, Term]:
        """The divergence itself: the weights are inside."""
        return {JOINT: Term(None, 1.0)}

    def formula(self, weights: Sequence[str]) -> str:
        """The divergence, and the costs with their weights."""
        costs = [
            rf"{own}\,[c_{{{k + 1}}} \neq y_{{{k + 1}}}]" for k, own in enumerate(weights[:-1])
        ]
        shown = costs if len(costs) <= 3 else [*costs[:2], r"\dots", costs[-1]]
        every = " + ".join([*shown, rf"{weights[-1]}\,[c \neq y]"])
        return (
            r"L = \operatorname{KL}(q \,\|\, p),\quad \operatorname{cost}(y, c) = "
            + every
            + rf",\quad \tau = {self.values['temperature']:g}"
        )

    def grids(
        self, logits: Tensor, targets: Targets, schema: LabelSchema, weights: LossWeights
    ) -> dict[str, Tensor]:
        """``−log p_c`` of every class c."""
        losses = -logits.log_softmax(-1)
        return {f"−log p({name})": losses[..., c] for c, name in enumerate(schema.class_names)}

    def mix(self, target: Codes, schema: LabelSchema) -> Mix:
        """The targets q from the costs of this true label."""
        wrong = target != schema.class_codes
        rows = tuple((*map(float, own), float(own.any())) for own in wrong)
        return TemperedMix(rows, self.values["temperature"])
