"""Weights that make the components' gradients alike in size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lossviz.losses.setting import Setting
from lossviz.losses.weighting._base import RATE, Moment, Weighting

if TYPE_CHECKING:
    from torch import Tensor

LEAST = 1e-3
"""No weight falls below: at 0 a part would never come back."""


class GradNorm(Weighting):
    """Moves w so that ``w_k ‖∇L_k‖`` is the mean of them, times r_k^a.

    r_k = (L_k / L_k(0)) / mean of these: how far behind the others a part is. Each step goes down
    the gradient of the published Σ |w_k ‖∇L_k‖ − target_k|, which is ±‖∇L_k‖, in units of the mean
    of these norms (the paper leaves the scale to Adam), and brings the sum back to K. The paper
    measures the last shared layer; here it is the whole model.

    >>> import torch
    >>> weighting = GradNorm()
    >>> weighting.begin(torch.ones(1, 2), seed=0, steps_per_epoch=10)
    >>> moment = Moment(0, torch.ones(1, 2), torch.ones(1, 2), lambda: torch.eye(2)[None] * 4)
    >>> weighting.weigh(moment).tolist()
    [[1.0, 1.0]]
    """

    id = "gradnorm"
    title = "GradNorm: gradients alike in size"
    kind = "adaptive"
    idea = "Weigh the parts so that each moves the model about as much as the others."
    formula = (
        r"w_k \lVert \nabla L_k \rVert \to \overline{w \lVert \nabla L \rVert}\; r_k^{a},\quad "
        r"r_k \propto L_k / L_k^{(0)}"
    )
    symbols = "$r_k$: how far behind the others part $k$ is; $a$: how much that counts."
    pitfall = (
        "How far behind a part is, training losses say. Pure noise is learned by heart, but later: "
        "it is given a little more than what can be learned, and nothing held out is asked."
    )
    source = "Chen et al., GradNorm, ICML 2018."
    settings = (
        RATE,
        Setting("gradnorm_power", "power a", "0: alike in size only.", 1.5, 0.0, 10.0),
    )

    def begin(self, preference: Tensor, *, seed: int, steps_per_epoch: int) -> None:
        """Every weight 1."""
        super().begin(preference, seed=seed, steps_per_epoch=steps_per_epoch)
        self._weights = preference.new_ones(preference.shape)
        self._first: Tensor | None = None

    def weigh(self, moment: Moment) -> Tensor:
        """The weights so far; those of the next step are moved from them."""
        weights = self._weights
        if self._first is None:
            self._first = moment.losses.clamp_min(1e-12)
        norms = moment.gramian().diagonal(dim1=-2, dim2=-1).clamp_min(0.0).sqrt()
        behind = moment.losses / self._first
        behind = behind / behind.mean(-1, keepdim=True).clamp_min(1e-12)
        sizes = weights * norms
        target = sizes.mean(-1, keepdim=True) * behind ** self.values["gradnorm_power"]
        slope = (sizes - target).sign() * norms / norms.mean(-1, keepdim=True).clamp_min(1e-12)
        moved = (weights - self.values["weight_rate"] * slope).clamp_min(LEAST)
        self._weights = moved * (moved.shape[-1] / moved.sum(-1, keepdim=True))
        return weights
