"""Cross entropy against targets that forgive cheap mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from lossviz.arrays import Bools
from lossviz.losses.mix import Mix, TemperedMix, Term
from lossviz.losses.objectives._base import JOINT, Objective
from lossviz.losses.setting import Setting
from lossviz.schema import Codes, LabelSchema

if TYPE_CHECKING:
    from torch import Tensor

    from lossviz.losses.targets import Targets
    from lossviz.losses.weights import LossWeights

MOST_GRIDS = 256
"""Of a surface: 61 × 61 points of each are 4 MB."""
MOST_PAIRS = 4_000_000
"""Of classes that are compared."""


class SoftTargets(Objective):
    """``L = KL(q ‖ p)``, q_c ∝ exp(−cost(y, c)/τ), cost(y, c) = Σ w_k [c_k ≠ y_k] + γ [c ≠ y].

    The target spreads its probability over labels that are cheap mistakes, so a near miss costs
    less. Bertinetto et al. minimise the cross entropy, which differs by the entropy of q; the
    divergence has the same gradient in the logits and its minimum is 0 whatever the weights, so
    curves at different weights can be compared. τ → 0 is
    :class:`~lossviz.losses.objectives.joint.Joint`. The weights shape the target, so the loss is
    not linear in them: a weighting that multiplies parts has nothing to multiply here.

    >>> import torch
    >>> from lossviz.losses.targets import example
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
        wrong = targets.components[..., None, :] != class_codes  # (N, C, K)
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
            rf"{weight}\,[c_{{{k + 1}}} \neq y_{{{k + 1}}}]"
            for k, weight in enumerate(weights[:-1])
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
        """``−log p_c``, added up over the classes c that are wrong in the same components."""
        codes = targets.components.numpy()
        neighbours = _Neighbours.of(codes, schema)
        if neighbours is None:
            return self.parts(logits, targets, schema, weights)
        losses = -logits.log_softmax(-1)
        kinds = logits.new_tensor(neighbours.pattern[schema.class_index(codes)])  # (N, C)
        return {
            name: (losses * (kinds == s)).sum(-1)
            for s, name in enumerate(neighbours.names(schema.names))
        }

    def averaged(
        self, grids: dict[str, Tensor], codes: Codes, schema: LabelSchema
    ) -> dict[str, Tensor]:
        """Group by group: texts whose true labels have as many neighbours of each kind."""
        neighbours = _Neighbours.of(codes, schema)
        if neighbours is None or len(neighbours.groups) == 1:
            return super().averaged(grids, codes, schema)
        whose = neighbours.group[schema.class_index(codes)]
        return {
            f"{name}, group {g + 1}": grid[..., whose == g].sum(-1) / len(codes)
            for g in range(len(neighbours.groups))
            for name, grid in grids.items()
        }

    def mix(self, codes: Codes, schema: LabelSchema) -> Mix:
        """The targets q from the costs of these true labels. Where that would take too many grids,
        the one there is keeps the weights that it was made with."""
        neighbours = _Neighbours.of(codes, schema)
        if neighbours is None:
            return super().mix(codes, schema)
        whose = neighbours.group[schema.class_index(codes)]
        patterns, groups = len(neighbours.wrong), len(neighbours.groups)
        rows = [(*map(float, kind), float(kind.any())) for kind in neighbours.wrong]
        return TemperedMix(
            tuple(rows) * groups,
            self.values["temperature"],
            tuple(neighbours.groups.ravel().tolist()),
            tuple(np.repeat(np.arange(groups), patterns).tolist()),
            tuple((np.bincount(whose, minlength=groups) / len(codes)).tolist()),
        )


@dataclass(frozen=True)
class _Neighbours:
    """Kinds of labels, seen from some true ones: those wrong in the same components are alike.

    :param wrong: ``(S, K)``, the components in which each kind is wrong.
    :param pattern: ``(C, C)``, the kind that a class is of, seen from a true one; −1 where the
        true one is not among those looked from.
    :param groups: ``(G, S)``, different numbers of labels of each kind that true labels have.
    :param group: ``(C,)``, that of each true class; −1 likewise.
    """

    wrong: Bools
    pattern: Codes
    groups: Codes
    group: Codes

    @classmethod
    def of(cls, codes: Codes, schema: LabelSchema) -> Self | None:
        """Seen from these true labels ``(N, K)``; None where it would take too many grids."""
        classes = schema.class_codes
        true = np.unique(schema.class_index(codes))
        if len(true) * len(classes) > MOST_PAIRS:
            return None
        wrong = classes[true, None, :] != classes
        kinds, kind = np.unique(wrong.reshape(-1, wrong.shape[-1]), axis=0, return_inverse=True)
        kind = kind.reshape(len(true), len(classes)).astype(np.int64)
        counts = np.array([np.bincount(row, minlength=len(kinds)) for row in kind])
        groups, whose = np.unique(counts, axis=0, return_inverse=True)
        if groups.size > MOST_GRIDS:
            return None
        pattern = np.full((len(classes), len(classes)), -1)
        group = np.full(len(classes), -1)
        pattern[true], group[true] = kind, whose.reshape(-1)
        return cls(kinds, pattern, groups.astype(np.int64), group)

    def names(self, components: Sequence[str]) -> list[str]:
        """Of the kinds, for people."""
        each = [
            " and ".join(name for name, wrong in zip(components, kind, strict=True) if wrong)
            for kind in self.wrong
        ]
        return [f"−log p, wrong on {parts}" if parts else "−log p, right" for parts in each]
