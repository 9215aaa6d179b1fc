"""Objectives on joint logits, minimised from several starts: what they leave free."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from lossviz.demonstrations.results import Descent, Descents
from lossviz.encodings import SIGNS
from lossviz.loss_weights import LossWeights
from lossviz.objectives import OBJECTIVES, Objective
from lossviz.schema import TEXTBOOK
from lossviz.targets import Targets

FORMULATIONS = ("marginals", "joint")
STEPS = 200
LEARNING_RATE = 3.0
"""Below 4 plain gradient descent on a softmax's cross entropy cannot overshoot."""


def descents(target: Sequence[float], starts: Sequence[float]) -> Descents:
    """Plain gradient descent on the four logits of a text whose label is drawn anew every time.

    The loss of a step is the expected one: that of each label, times how often it is the true one.

    :param target: ``(4,)``, how often AC, AD, BC, BD are the true label.
    :param starts: ``(S,)``, couplings; each start says P(A) = P(C) = ½.
    """
    spread = torch.tensor(list(target), dtype=torch.float64)
    begin = torch.tensor(list(starts), dtype=torch.float64)
    return Descents(
        spread.numpy(),
        begin.numpy(),
        {name: _descent(OBJECTIVES[name], spread, begin) for name in FORMULATIONS},
    )


def _descent(objective: Objective, target: Tensor, starts: Tensor) -> Descent:
    signs = torch.tensor(SIGNS[2], dtype=torch.float64)
    targets = Targets.from_codes(TEXTBOOK.class_codes, TEXTBOOK)
    weights = LossWeights(torch.ones(2, dtype=torch.float64), torch.ones((), dtype=torch.float64))
    z = starts[:, None] * signs / 2  # (S, 4): every start is a member
    couplings = [starts]
    for _ in range(STEPS):
        z = z.requires_grad_()
        rows = z[:, None, :].expand(-1, len(targets), -1)  # one text, once with each true label
        parts = objective.parts(rows, targets, TEXTBOOK, weights)
        loss = (objective.total(parts, weights) * target).sum()
        (gradient,) = torch.autograd.grad(loss, z)
        z = z.detach() - LEARNING_RATE * gradient
        couplings.append(z @ signs / 2)
    return Descent(torch.stack(couplings, dim=1).numpy(), z.softmax(-1).numpy())
