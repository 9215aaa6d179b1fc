"""Weights from a learned temperature, with a regulariser that is bounded below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.weighting._base import LearnedWeighting, Moment

if TYPE_CHECKING:
    from torch import Tensor


class Log1p(LearnedWeighting):
    """``Σ L_k / (2 c_k²) + log(1 + c_k²)``, here times 2/K: w_k = c_k^{−2}.

    :class:`~lossviz.losses.weighting.uncertainty.Uncertainty` with log(1 + c²) where that has log
    c²: the added term is never negative, so the loss is bounded below.

    >>> import torch
    >>> weighting = Log1p()
    >>> weighting.begin(torch.ones(1, 2), seed=0, steps_per_epoch=10)
    >>> moment = Moment(0, torch.ones(1, 2), torch.ones(1, 2), lambda: torch.eye(2))
    >>> weighting.weigh(moment).tolist()
    [[1.0, 1.0]]
    >>> round(weighting.penalty().item() / 4, 4)  # log 2 for each
    0.6931
    """

    id = "log1p"
    title = "log(1 + c²): uncertainty, bounded"
    idea = "As uncertainty, with a regulariser that cannot become negative."
    formula = (
        r"L = \frac1K \sum_k \left(c_k^{-2} L_k + 2\log(1 + c_k^2)\right),\quad w_k = c_k^{-2}"
    )
    symbols = "$c_k$: the square root of a temperature of part $k$, a parameter, 1 at the start."
    pitfall = "It too follows the scale of the losses, and knows nothing of what you prefer."
    source = "Liebel & Körner, Auxiliary tasks in multi-task learning, 2018."
    start = 1.0

    def weigh(self, moment: Moment) -> Tensor:
        """``c^{−2}``."""
        return self.parameters["weights"] ** -2

    def penalty(self) -> Tensor:
        """``Σ 2 log(1 + c_k²)``."""
        return 2.0 * (self.parameters["weights"] ** 2).log1p().sum(-1)
