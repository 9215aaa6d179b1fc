"""Learned weights that always share the same sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.weighting._base import LearnedWeighting, Moment

if TYPE_CHECKING:
    from torch import Tensor


class Simplex(LearnedWeighting):
    """``w = K softmax(θ)``: positive, and K in sum.

    No collapse, but the loss is a weighted mean of the L_k, and the smallest weighted mean puts
    everything on the smallest L_k: the easier component.

    >>> import torch
    >>> weighting = Simplex()
    >>> weighting.begin(torch.ones(1, 2), seed=0, steps_per_epoch=10)
    >>> moment = Moment(0, torch.ones(1, 2), torch.ones(1, 2), lambda: torch.eye(2))
    >>> weighting.weigh(moment).tolist()
    [[1.0, 1.0]]
    """

    id = "simplex"
    title = "simplex: positive, with a fixed sum"
    idea = "Keep the weights positive and their sum fixed, and learn how to share it out."
    formula = r"w = K \operatorname{softmax}(\theta)"
    symbols = "$\\theta_k$: a parameter, 0 at the start; $K$: the number of parts."
    pitfall = (
        "The loss is smallest with all weight on the easier part: it gives up on the hard one."
    )
    source = "The usual mend of free weights."
    start = 0.0

    def weigh(self, moment: Moment) -> Tensor:
        """K times the softmax."""
        theta = self.parameters["weights"]
        return theta.shape[-1] * theta.softmax(-1)
