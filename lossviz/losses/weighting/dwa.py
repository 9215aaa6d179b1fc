"""Weights from how fast each component's loss has been falling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.setting import Setting
from lossviz.losses.weighting._base import Moment, Weighting

if TYPE_CHECKING:
    from torch import Tensor


class Dwa(Weighting):
    """Dynamic weight average: ``w = K softmax(r / T)``, r_k = L_k(t−1) / L_k(t−2).

    L_k(t) is the mean over epoch t. A part whose loss falls slowly gets more. In the first two
    epochs every weight is 1.

    >>> import torch
    >>> weighting = Dwa()
    >>> weighting.begin(torch.ones(1, 2), seed=0, steps_per_epoch=1)
    >>> for step, losses in enumerate([[1.0, 1.0], [0.5, 1.0], [0.5, 1.0]]):
    ...     moment = Moment(step, torch.tensor([losses]), torch.ones(1, 2), lambda: torch.eye(2))
    ...     print([round(w, 3) for w in weighting.weigh(moment)[0].tolist()])
    [1.0, 1.0]
    [1.0, 1.0]
    [0.876, 1.124]
    """

    id = "dwa"
    title = "dynamic weight average: slow parts count more"
    kind = "adaptive"
    idea = "Give more weight to the part whose loss has been falling more slowly."
    formula = r"w = K \operatorname{softmax}(r / T),\quad r_k = L_k^{(t-1)} / L_k^{(t-2)}"
    symbols = "$L_k^{(t)}$: the mean of part $k$ in epoch $t$; $T$: the temperature."
    pitfall = (
        "It looks at training losses. That of a part that is pure noise falls as well, while noise "
        "is learned by heart: such a part is given about as much as any other."
    )
    source = "Liu, Johns & Davison, End-to-end multi-task learning with attention, CVPR 2019."
    settings = (
        Setting(
            "dwa_temperature",
            "temperature T",
            "Larger values make the weights more alike.",
            2.0,
            0.01,
            100.0,
        ),
    )

    def begin(self, preference: Tensor, *, seed: int, steps_per_epoch: int) -> None:
        """No epoch is over."""
        super().begin(preference, seed=seed, steps_per_epoch=steps_per_epoch)
        self._steps_per_epoch = steps_per_epoch
        self._epoch: list[Tensor] = []
        self._means: list[Tensor] = []

    def weigh(self, moment: Moment) -> Tensor:
        """From the two epochs before."""
        if len(self._epoch) == self._steps_per_epoch:
            self._means = [*self._means, sum(self._epoch[1:], self._epoch[0]) / len(self._epoch)]
            self._means, self._epoch = self._means[-2:], []
        self._epoch.append(moment.losses)
        if len(self._means) < 2:
            return moment.losses.new_ones(moment.losses.shape)
        before, last = self._means
        # A part that is fitted exactly has no loss, and no rate.
        rate = last / before.clamp_min(1e-12)
        return rate.shape[-1] * (rate / self.values["dwa_temperature"]).softmax(-1)
