"""Weights that a person sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.weighting._base import Moment, Weighting

if TYPE_CHECKING:
    from torch import Tensor


class Fixed(Weighting):
    """``w_k`` as it is set, and moved, by a person.

    The only place where "the first part matters five times as much" can come from is outside the
    data: no loss and no gradient contains it.

    >>> import torch
    >>> moment = Moment(0, torch.ones(1, 2), torch.tensor([[5.0, 1.0]]), lambda: torch.eye(2))
    >>> Fixed().weigh(moment)
    tensor([[5., 1.]])
    """

    id = "fixed"
    title = "fixed: as you set them"
    kind = "told"
    idea = "α and β are yours: how many times the log loss of each part counts."
    formula = r"w_1 = \alpha,\quad w_2 = \beta"
    symbols = "$\\alpha$, $\\beta$: what you set."
    pitfall = (
        "They are no costs: with capacity and texts to spare every part ends at its own best "
        "probabilities, and no decision changes. The errors beside them tell."
    )
    source = "The weighted sum of losses."
    takes_preference = True

    def weigh(self, moment: Moment) -> Tensor:
        """The preference."""
        return moment.preference
