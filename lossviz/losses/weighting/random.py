"""Weights without any information: the control."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lossviz.losses.weighting._base import Moment, Weighting

if TYPE_CHECKING:
    from torch import Tensor


class Random(Weighting):
    """Random loss weighting: ``w = K softmax(ε)``, ε standard normal, anew in every step.

    Every member has the same draw, so that they differ in nothing else.

    >>> import torch
    >>> weighting = Random()
    >>> weighting.begin(torch.ones(1, 2), seed=0, steps_per_epoch=10)
    >>> moment = Moment(3, torch.ones(1, 2), torch.ones(1, 2), lambda: torch.eye(2))
    >>> round(weighting.weigh(moment).sum().item(), 4)
    2.0
    """

    id = "random"
    title = "random: the control"
    kind = "control"
    idea = "Draw the weights anew in every step; a method that is no better has learned nothing."
    formula = r"w = K \operatorname{softmax}(\varepsilon),\quad \varepsilon_k \sim \mathcal N(0, 1)"
    symbols = "$\\varepsilon_k$: drawn anew in every step."
    pitfall = "That it does well says more about the others than about it."
    source = "Lin et al., Reasonable effectiveness of random weighting, TMLR 2022."

    def begin(self, preference: Tensor, *, seed: int, steps_per_epoch: int) -> None:
        """Only the seed is kept."""
        super().begin(preference, seed=seed, steps_per_epoch=steps_per_epoch)
        self._seed = seed

    def weigh(self, moment: Moment) -> Tensor:
        """A draw that depends on the seed and the step alone."""
        components = moment.losses.shape[-1]
        drawn = np.random.default_rng([self._seed, moment.step]).normal(size=components)
        weights = components * moment.losses.new_tensor(drawn).softmax(-1)
        return weights.expand(moment.losses.shape)
