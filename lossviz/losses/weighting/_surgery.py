"""Gradient surgery: weights from the inner products of the parts' gradients."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from lossviz.losses.weighting._base import Moment, Weighting

if TYPE_CHECKING:
    from torch import Tensor


class SurgeryWeighting(Weighting):
    """Every aggregator used here combines the parts' gradients linearly, with coefficients that
    depend on their Gramian alone. So it is a weighting like any other: the coefficients, times K
    where they sum to 1.

    Published methods look at the layers that the parts share; this looks at all of the model, as
    with separate linear heads nothing is shared and the inner products are 0 by themselves.
    """

    kind = "surgery"

    def begin(self, preference: Tensor, *, seed: int, steps_per_epoch: int) -> None:
        """Only the seed is kept."""
        super().begin(preference, seed=seed, steps_per_epoch=steps_per_epoch)
        self._seed = seed

    def weigh(self, moment: Moment) -> Tensor:
        """Each member by itself, and the same however the steps are sliced into calls."""
        import torch

        gramian = moment.gramian()
        # Of gradients that left the numbers solvers make errors; the loss will tell.
        finite = gramian.isfinite().flatten(1).all(1).tolist()
        with torch.random.fork_rng(devices=[]):
            rows = []
            for products, preference, fine in zip(gramian, moment.preference, finite, strict=True):
                torch.manual_seed(self._seed * 1_000_003 + moment.step)
                rows.append(self.combine(products, preference) if fine else preference)
        return torch.stack(rows).to(gramian.dtype)

    @abstractmethod
    def combine(self, gramian: Tensor, preference: Tensor) -> Tensor:
        """The weights ``(K,)`` of one member.

        :param gramian: ``(K, K)``.
        :param preference: ``(K,)``.
        """
