"""The loss as a function of a model's weights: what a surface is a slice of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_matrix
from torch import Tensor

from lossviz.engine.csr import Csr
from lossviz.engine.features import Encoded
from lossviz.engine.model import Model
from lossviz.engine.trainer import Trainer
from lossviz.experiments.surfaces.surface import MOST_ROWS
from lossviz.experiments.surfaces.vectors import Vector
from lossviz.losses.heads import HEADS
from lossviz.losses.objectives import Objective
from lossviz.losses.targets import Targets
from lossviz.losses.weights import LossWeights
from lossviz.schema import Codes, LabelSchema


@dataclass(frozen=True)
class Loss:
    """The mean loss of some texts, without weight decay.

    :param features: ``(N, V)``.
    :param schema: the labels that the objective takes for possible.
    :param model: of one member; says what a weight is for. Its own weights are not looked at.
    :param weights: α, β … and γ: ``(1, K)`` and ``(1,)``.
    :param layout: the :data:`lossviz.losses.heads.HEADS` entry whose logits the model has. Where it
        is not the objective's own, the objective reads the same probabilities in its own layout.
    :param whole: every label that a joint head has an output for.
    """

    features: csr_matrix
    codes: Codes
    targets: Targets
    objective: Objective
    schema: LabelSchema
    model: Model
    weights: LossWeights
    layout: str
    whole: LabelSchema

    @classmethod
    def of(
        cls, trainer: Trainer, seed: int = 0, most: int = MOST_ROWS, side: Encoded | None = None
    ) -> Self:
        """What this trainer trains on, with the weights that act now.

        :param seed: decides which texts, where there are more than ``most``.
        :param side: the same over these texts; by default those that it trains on.
        """
        train = side or trainer.data.train
        count = train.features.shape[0]
        rows = np.arange(count)
        if count > most:
            rows = np.sort(np.random.default_rng([seed, count]).choice(count, most, replace=False))
        codes = train.codes[rows]
        schema, whole = trainer.schema, trainer.data.schema
        return cls(
            train.features[rows],
            codes,
            Targets.from_codes(codes, whole),
            trainer.objective,
            schema,
            trainer.model,
            LossWeights(trainer.weights.components.detach(), trainer.weights.joint.detach()),
            trainer.head.id,
            whole,
        )

    def __len__(self) -> int:
        return len(self.targets)

    def project(self, table: Tensor) -> Tensor:
        """``X @ table``, ``(N, H)``: all that the first layer is needed for."""
        return Csr.of(self.features).times(table)

    def logits(self, projected: Tensor, dense: Vector) -> Tensor:
        """As the objective reads them, ``(*batch, N, O)``.

        :param projected: ``(*batch, N, H)``.
        :param dense: the weights behind the first layer, each ``(*batch, …)``.
        """
        logits = self.model.tail(projected, dense)
        if self.layout == self.objective.head:
            return logits
        head = HEADS[self.layout]
        effects = head.component_log_probs(logits, self.whole)
        joint = head.joint_log_probs(logits, self.whole)
        return HEADS[self.objective.head].place(effects, joint, self.whole)

    def rows(self, projected: Tensor, dense: Vector) -> Tensor:
        """The loss of each text, ``(*batch, N)``; see :meth:`logits`."""
        logits = self.logits(projected, dense)
        parts = self.objective.parts(logits, self.targets, self.schema, self.weights)
        return self.objective.total(parts, self.weights)

    def grids(self, projected: Tensor, dense: Vector) -> dict[str, Tensor]:
        """Means over all texts of what the weights mix, each ``(*batch,)``; see :meth:`logits`."""
        logits = self.logits(projected, dense)
        by_row = self.objective.grids(logits, self.targets, self.schema, self.weights)
        return self.objective.averaged(by_row, self.codes, self.schema)


def weights_of(model: Model) -> Vector:
    """A copy of a model's weights."""
    return {name: weight.clone() for name, weight in model.weights().items()}
