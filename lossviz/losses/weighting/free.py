"""Weights as parameters of the model, without any restraint: shown because it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.weighting._base import LearnedWeighting, Moment

if TYPE_CHECKING:
    from torch import Tensor


class Free(LearnedWeighting):
    """``w_k`` itself is a parameter.

    The gradient of the loss in w_k is L_k, which is never negative: so every step makes every
    weight smaller, through 0 and below. From there on the model is rewarded for being wrong.

    >>> import torch
    >>> weighting = Free()
    >>> weighting.begin(torch.ones(1, 2), seed=0, steps_per_epoch=10)
    >>> moment = Moment(0, torch.ones(1, 2), torch.ones(1, 2), lambda: torch.eye(2))
    >>> weighting.weigh(moment).tolist()
    [[1.0, 1.0]]
    """

    id = "free"
    title = "free: α and β as parameters"
    idea = "Make α and β parameters, and let gradient descent find them."
    formula = r"w_k = \theta_k,\quad \frac{\partial L}{\partial \theta_k} \propto L_k \ge 0"
    symbols = "$\\theta_k$: a parameter, 1 at the start."
    pitfall = (
        "The quickest way to a small loss is a small weight: they fall below 0, and then being "
        "wrong is rewarded."
    )
    source = "What one writes first: torch.nn.Parameter for each weight."
    start = 1.0

    def weigh(self, moment: Moment) -> Tensor:
        """The parameters."""
        return self.parameters["weights"]
