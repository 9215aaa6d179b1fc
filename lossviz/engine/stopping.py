"""Stopping: a training is over once the validation loss has not fallen for some epochs, and has the
weights of the best epoch's end again."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

import torch
from torch import Tensor

from lossviz.engine.trainer import Trainer
from lossviz.losses.targets import Targets


class Patience:
    """The rule, for one model. It is told the validation loss at each epoch's end, and nothing of
    the texts that judge.

    :param epochs: in a row without a lower loss, after which it is over; 0 for never.
    """

    def __init__(self, epochs: int) -> None:
        self._epochs = epochs
        self._lowest = inf
        self._waited = 0
        self.best = 0
        """The step after which the loss was lowest."""
        self.weights: dict[str, Tensor] = {}
        """A copy of those that it had there."""

    @property
    def over(self) -> bool:
        """Whether it is."""
        return self.best > 0 and 0 < self._epochs <= self._waited

    def take(self, step: int, loss: float, weights: Mapping[str, Tensor]) -> None:
        """An epoch's end: the loss on all validation texts, and the weights that have it."""
        if loss < self._lowest:
            self._lowest, self._waited, self.best = loss, 0, step
            self.weights = {name: weight.clone() for name, weight in weights.items()}
        else:
            self._waited += 1

    def forget(self) -> None:
        """From now on the loss is another one, which those before say nothing about."""
        self._lowest, self._waited, self.best = inf, 0, 0
        self.weights = {}


class Stopping:
    """The rule at work on a trainer of one member.

    What has to fall is the loss with the weights that a person prefers, which for fixed ones is the
    dotted curve: a weighting that learns smaller weights would lower its own loss for ever.
    """

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._epochs = trainer.experiment.patience
        self.patience = Patience(self._epochs)
        self._acting = trainer.weights
        if self._epochs:
            codes = trainer.data.validation.codes
            self._targets = Targets.from_codes(codes, trainer.data.schema)

    @property
    def kept(self) -> int:
        """The step whose weights it has again; 0 while it is not over."""
        return self.patience.best if self.patience.over else 0

    def reached(self) -> bool:
        """To be asked once after every step. Where it is over the trainer has the best weights."""
        trainer = self._trainer
        if not self._epochs or trainer.step % trainer.steps_per_epoch:
            return False
        self.patience.take(trainer.step, self._loss(), trainer.model.weights())
        if self.patience.best == trainer.step:
            self._acting = trainer.weights
        if self.patience.over:
            for name, weight in trainer.model.weights().items():
                weight.copy_(self.patience.weights[name])
            trainer.weights = self._acting
        return self.patience.over

    @torch.no_grad()
    def _loss(self) -> float:
        trainer = self._trainer
        logits = trainer.logits(trainer.data.validation.features)
        parts = trainer.objective.parts(logits, self._targets, trainer.schema, trainer.preference)
        return float(trainer.objective.total(parts, trainer.preference).mean())
