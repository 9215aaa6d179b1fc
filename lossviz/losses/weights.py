"""α, β … and γ as the losses take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from torch import Tensor


class LossWeights(NamedTuple):
    """Weights of each ensemble member.

    :param components: ``(*batch, K)``.
    :param joint: ``(*batch,)``, of the whole label.
    """

    components: Tensor
    joint: Tensor
