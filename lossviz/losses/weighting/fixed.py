"""Weights that a person sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.weighting._base import Moment, Weighting

if TYPE_CHECKING:
    from torch import Tensor


class Fixed(Weighting):
    """``w_k`` as it is set, and moved, by a person.

    The only place where "a wrong first part is five times as bad" can come from is outside the
    data: no loss and no gradient contains it.

    >>> import torch
    >>> moment = Moment(0, torch.ones(1, 2), torch.tensor([[5.0, 1.0]]), lambda: torch.eye(2))
    >>> Fixed().weigh(moment)
    tensor([[5., 1.]])
    """

    id = "fixed"
    title = "fixed: as you set them"
    kind = "told"
    idea = "α and β are yours: what a wrong part costs, relative to the others."
    formula = r"w_1 = \alpha,\quad w_2 = \beta"
    symbols = "$\\alpha$, $\\beta$: what you set."
    pitfall = "They may change nothing that you can measure; the errors beside them tell."
    source = "The weighted sum of losses."
    takes_preference = True

    def weigh(self, moment: Moment) -> Tensor:
        """The preference."""
        return moment.preference
