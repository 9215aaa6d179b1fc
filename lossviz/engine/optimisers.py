"""Optimisers that can leave alone the rows a batch does not touch.

torch's own accept sparse gradients too, but not with weight decay, and cost about twice the time
for a step of this size. The tests hold each rule to its torch twin.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor

from lossviz.experiments.specs import OptimiserSpec


class Optimiser(ABC):
    """One update rule with its memory of each weight.

    :param weights: the tensors to move, by name. They are changed in place.
    """

    row_local: ClassVar[bool]
    """Whether a zero gradient leaves a weight exactly where it is."""

    def __init__(self, spec: OptimiserSpec, weights: dict[str, Tensor]) -> None:
        self.learning_rate = spec.learning_rate
        self.weight_decay = spec.weight_decay
        self.weights = weights
        self.memory = {name: self._start(weight) for name, weight in weights.items()}

    @property
    def sparse(self) -> bool:
        """Whether rows without a gradient may be skipped."""
        return self.row_local and self.weight_decay == 0.0

    @abstractmethod
    def _start(self, weight: Tensor) -> dict[str, Tensor]: ...

    @abstractmethod
    def _move(self, weight: Tensor, gradient: Tensor, memory: dict[str, Tensor]) -> None:
        """Change the weight and the memory in place."""

    def update(self, name: str, gradient: Tensor) -> None:
        """Move a whole tensor by its gradient."""
        weight = self.weights[name]
        if self.weight_decay:
            gradient = gradient + self.weight_decay * weight
        self._move(weight, gradient, self.memory[name])

    def update_rows(self, name: str, rows: Tensor, gradient: Tensor) -> None:
        """Move only some rows; only where :attr:`sparse` holds.

        :param rows: ``(R,)``, each once.
        :param gradient: ``(R, H)``.
        """
        weight, memory = self.weights[name], self.memory[name]
        # index_select and index_copy_ take a fifth of the time of weight[rows] in both directions.
        remembered = {key: kept.index_select(0, rows) for key, kept in memory.items()}
        moved = weight.index_select(0, rows)
        self._move(moved, gradient, remembered)
        weight.index_copy_(0, rows, moved)
        for key, kept in remembered.items():
            memory[key].index_copy_(0, rows, kept)


class Adagrad(Optimiser):
    """Duchi, Hazan & Singer 2011. Each weight's step shrinks with the gradients it has seen.

    The sum starts at 1e-6: from 0 the first step is the sign of the gradient, and float noise in
    a gradient that is really 0 becomes a weight difference of up to 0.06.
    """

    row_local = True

    def _start(self, weight: Tensor) -> dict[str, Tensor]:
        return {"sum": torch.full_like(weight, 1e-6)}

    def _move(self, weight: Tensor, gradient: Tensor, memory: dict[str, Tensor]) -> None:
        memory["sum"].addcmul_(gradient, gradient)
        weight.addcdiv_(gradient, memory["sum"].sqrt().add_(1e-10), value=-self.learning_rate)


class Sgd(Optimiser):
    """Plain stochastic gradient descent; TF-IDF rows need a learning rate around 5."""

    row_local = True

    def _start(self, weight: Tensor) -> dict[str, Tensor]:
        return {}

    def _move(self, weight: Tensor, gradient: Tensor, memory: dict[str, Tensor]) -> None:
        weight.add_(gradient, alpha=-self.learning_rate)


class Adam(Optimiser):
    """Kingma & Ba 2015. Momentum keeps every row moving, so every step touches all of them."""

    row_local = False

    def _start(self, weight: Tensor) -> dict[str, Tensor]:
        return {
            "mean": torch.zeros_like(weight),
            "square": torch.zeros_like(weight),
            "steps": torch.zeros(()),
        }

    def _move(self, weight: Tensor, gradient: Tensor, memory: dict[str, Tensor]) -> None:
        memory["steps"] += 1
        steps = float(memory["steps"])
        memory["mean"].lerp_(gradient, 0.1)
        memory["square"].mul_(0.999).addcmul_(gradient, gradient, value=0.001)
        scale = (memory["square"] / (1 - 0.999**steps)).sqrt_().add_(1e-8)
        weight.addcdiv_(memory["mean"], scale, value=-self.learning_rate / (1 - 0.9**steps))


_RULES: dict[str, type[Optimiser]] = {"adagrad": Adagrad, "adam": Adam, "sgd": Sgd}


def build_optimiser(spec: OptimiserSpec, weights: dict[str, Tensor]) -> Optimiser:
    """The optimiser that a specification describes."""
    return _RULES[spec.name](spec, weights)
