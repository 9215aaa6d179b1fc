"""Weights from a learned temperature for each component."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.weighting._base import LearnedWeighting, Moment

if TYPE_CHECKING:
    from torch import Tensor


class Uncertainty(LearnedWeighting):
    """``Σ ½ e^{−s_k} L_k + ½ s_k``, here times 2/K: w_k = e^{−s_k}, and (1/K) Σ s_k is added.

    At its optimum w_k = 1/L_k, so each part contributes the same whatever its scale, and no
    preference enters. The L_k are training losses: of two parts that are learned by heart it cannot
    say which is noise. Nothing bounds it from below where a part can be fitted exactly. For squared
    errors e^s is a variance; for classes it stands for a temperature of the logits. The scale
    differs from the paper's, and from ``torchjd.scalarization.UW``, by the factor 2/K that makes
    w = 1 the equal treatment.

    >>> import torch
    >>> weighting = Uncertainty()
    >>> weighting.begin(torch.ones(1, 2), seed=0, steps_per_epoch=10)
    >>> moment = Moment(0, torch.ones(1, 2), torch.ones(1, 2), lambda: torch.eye(2))
    >>> weighting.weigh(moment).tolist()
    [[1.0, 1.0]]
    >>> weighting.penalty().tolist()
    [0.0]
    """

    id = "uncertainty"
    title = "uncertainty: one over the loss"
    idea = (
        "Let each part have a temperature, and learn it: the larger its loss, the less it counts."
    )
    formula = r"L = \frac1K \sum_k \left(e^{-s_k} L_k + s_k\right),\quad w_k = e^{-s_k}"
    symbols = "$s_k$: the log of a temperature of part $k$, a parameter, 0 at the start."
    pitfall = (
        "It heads for 1 over each part's training loss, whatever you would prefer, and may not get "
        "there; a part that is fitted exactly, noise too, gets a weight without bound."
    )
    source = "Kendall, Gal & Cipolla, Multi-task learning using uncertainty, CVPR 2018."
    start = 0.0

    def weigh(self, moment: Moment) -> Tensor:
        """``e^{−s}``."""
        return (-self.parameters["weights"]).exp()

    def penalty(self) -> Tensor:
        """``Σ s_k``: what keeps the weights from falling to 0."""
        return self.parameters["weights"].sum(-1)
