"""From class logits to a loss of the first part: the wrong way and the right one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from lossviz.demonstrations.results import PartLosses, Way
from lossviz.schema import TEXTBOOK

POINTS = 161
REACH = 8.0
"""The true label's logit runs at least from minus this to this."""
MARGIN = 2.0

Loss = Callable[[Tensor, Tensor], Tensor]


def part_losses(logits: Sequence[float], true: int) -> PartLosses:
    """Both ways at these logits, and along the true label's own.

    :param logits: ``(4,)``, of AC, AD, BC, BD.
    :param true: the position of the true label.
    """
    z = torch.tensor(list(logits), dtype=torch.float64)
    has_a = torch.tensor(float(TEXTBOOK.classes[true][0] == 0), dtype=torch.float64)
    start, end = min(-REACH, logits[true] - MARGIN), max(REACH, logits[true] + MARGIN)
    line = torch.linspace(start, end, POINTS, dtype=torch.float64)
    moved = z.repeat(POINTS, 1)
    moved[:, true] = line
    # The first part's true value at P = 0 and P = 1: between them lies all that can be said.
    ends = torch.tensor([0.0, 1.0], dtype=torch.float64)
    says_a = torch.where(has_a > 0, ends, 1.0 - ends)
    wrong_ends = F.binary_cross_entropy_with_logits(says_a, has_a.expand(2), reduction="none")
    return PartLosses(
        true,
        right_loss(z, has_a).neg().exp().item(),
        line.numpy(),
        float(logits[true]),
        _way(wrong_loss, z, moved, has_a, wrong_ends),
        _way(right_loss, z, moved, has_a, -ends.log()),
    )


def wrong_loss(logits: Tensor, has_a: Tensor) -> Tensor:
    """``BCEWithLogitsLoss`` on P(A), ``(N,)``; it takes the sigmoid of a probability.

    :param logits: ``(N, 4)``.
    :param has_a: ``(N,)``, 1 where the true label has A.
    """
    p_a = logits.softmax(-1)[..., :2].sum(-1)
    return F.binary_cross_entropy_with_logits(p_a, has_a, reduction="none")


def right_loss(logits: Tensor, has_a: Tensor) -> Tensor:
    """``BCEWithLogitsLoss`` on the log odds of A; see :func:`wrong_loss`."""
    log_odds = logits[..., :2].logsumexp(-1) - logits[..., 2:].logsumexp(-1)
    return F.binary_cross_entropy_with_logits(log_odds, has_a, reduction="none")


def _way(loss: Loss, z: Tensor, moved: Tensor, has_a: Tensor, ends: Tensor) -> Way:
    own = z.clone().requires_grad_()
    value = loss(own, has_a)
    (gradient,) = torch.autograd.grad(value, own)
    return Way(
        value.item(),
        gradient.numpy(),
        float(ends.min().abs()),  # not −0
        float(ends.max()),
        loss(moved, has_a.expand(len(moved))).numpy(),
    )
