"""The trainer: one experiment, trained step by step."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import blake2b
from math import ceil

import numpy as np
import torch
from scipy.sparse import csr_matrix
from torch import Tensor

from lossviz.engine import step
from lossviz.engine.batches import Batch, batches
from lossviz.engine.csr import Csr
from lossviz.engine.features import EncodedSplit
from lossviz.engine.first_layers import FirstLayers
from lossviz.engine.model import build_model
from lossviz.engine.optimisers import build_optimiser, by_member
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.specs import OptimiserSpec
from lossviz.experiments.weights import Weights
from lossviz.losses.heads import HEADS
from lossviz.losses.targets import Targets
from lossviz.losses.weights import LossWeights

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""Of glibc's ``mallopt``."""
KEPT, LARGEST = 128 << 20, 32 << 20
"""Bytes that may lie free, and of the largest piece that is kept so; tables are larger."""
DROPOUT = 1
"""Behind seed and step: of the random numbers that drop units, apart from those of the batches."""


def keep_freed_memory() -> None:
    """A step of a grid makes and frees a few arrays of a megabyte each. By default glibc gives
    them back to the system every time, and fetching them again was a third of a step's time.

    Where there is no glibc nothing is changed.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):
        return
    mallopt(MMAP_THRESHOLD, LARGEST)
    mallopt(TRIM_THRESHOLD, KEPT)


# A step is too small to share between threads, and one thread always adds in the same order:
# the same experiment gives the same numbers on every machine with the same build of torch.
torch.set_num_threads(1)
keep_freed_memory()


class Trainer:
    """Trains ``E`` members of one experiment side by side, a batch at a time.

    However the steps are sliced into calls, the same experiment gives the same weights.

    :param members: what a person prefers for each; the experiment's own by default (E = 1). What
        acts is up to the experiment's weighting.
    """

    def __init__(
        self,
        data: EncodedSplit,
        experiment: Experiment,
        members: Sequence[Weights] = (),
    ) -> None:
        self.data = data
        self.experiment = experiment
        self.objective = experiment.objective
        self.weighting = experiment.acting_weighting
        self.head = HEADS[self.objective.head]
        self.schema = data.occurring if self.head.can_emit_unseen else data.schema
        """The allowed labels: separate logits are masked to those that training has; a head over
        whole labels has an output for each, and learns that those without a text are rare."""
        self.steps_per_epoch = ceil(len(data.targets) / experiment.optimiser.batch_size)
        """Batches in one pass over the training rows."""
        self.total_steps = self.steps_per_epoch * experiment.epochs
        """Of the whole run."""
        self.prefer(*members or (Weights.of(experiment),))
        self.weights = self.preference
        """Those that acted in the last step."""
        self.model = build_model(
            experiment.model,
            data.train.features.shape[1],
            self.head.size(data.schema),
            members=len(self.preference.joint),
            seed=experiment.seed,
        )
        groups = partial(self.model.groups, self.head.parts(data.schema))
        self.optimiser = build_optimiser(experiment.optimiser, self.model.weights(), groups)
        self.first_layers = FirstLayers([self])
        """Where its own stands."""
        # Of a part with a single value there is nothing to learn, and so nothing to weigh.
        values = [k for k, size in enumerate(data.schema.sizes) if size > 1]
        self.weighed = torch.tensor(values or range(len(data.schema.sizes)))
        self.weighting.begin(
            self.preference.components[:, self.weighed],
            seed=experiment.seed,
            steps_per_epoch=self.steps_per_epoch,
        )
        rate = experiment.settings.get("weight_rate", 0.01)
        learner = OptimiserSpec(name="adam", learning_rate=rate)
        self._learner = build_optimiser(learner, self.weighting.parameters, by_member)
        self._batches = batches(data, experiment)
        self.step = 0
        rows = min(experiment.optimiser.batch_size, len(data.targets))
        features = ceil(data.train.features.nnz / len(data.targets))
        columns = self.model.members * max(features * self.model.hidden, self.model.outputs)
        self.touched = rows * columns
        """About as many numbers has the largest array of a step."""
        schemas = [(schema.sizes, schema.classes) for schema in (self.schema, data.schema)]
        written = (
            experiment.formulation,
            self.weighting.id,
            sorted(experiment.settings.items()),
            experiment.model,
            experiment.optimiser,
            (self.model.members, rows, schemas),
        )
        table, patient = self.model.table, experiment.patience > 0
        layer = (table, *self.optimiser.memory["table"].values(), *([table] * patient))
        self.numbers = sum(tensor.numel() for tensor in layer)
        """Those of the first layer, with what the optimiser remembers of it, and with those of the
        best epoch where a run may stop."""
        self.kind = blake2b(repr(written).encode()).hexdigest()
        """The same for trainers that can take a step together; see :mod:`lossviz.engine.step`."""

    @property
    def finished(self) -> bool:
        """Whether all epochs are done."""
        return self.step >= self.total_steps

    def prefer(self, *members: Weights) -> None:
        """What a person wants of the weights of each member from the next step on."""
        self.preference = LossWeights(
            torch.tensor([weights.components for weights in members]).float(),
            torch.tensor([weights.joint for weights in members]).float(),
        )
        if self.weighting.id == "fixed":
            self.weights = self.preference

    @property
    def costs(self) -> LossWeights:
        """What mistakes cost each member, where decisions ask for it: as a person states it, also
        where learned weights train."""
        components, joint = self.preference
        members = torch.cat([components, joint[:, None]], dim=1).tolist()
        costs = torch.tensor([self.experiment.costs_at(tuple(weights)) for weights in members])
        return LossWeights(costs[:, :-1], costs[:, -1])

    @property
    def acting(self) -> Weights:
        """Those of the first member that acted in the last step."""
        return Weights((*self.weights.components[0].tolist(), float(self.weights.joint[0])))

    def advance(self) -> step.Losses:
        """Train on the next batch.

        :returns: the losses before the step.
        :raises Diverged: when the loss is no longer a reasonable number; the weights stay.
        """
        (losses,) = step.advance([self])
        if isinstance(losses, step.Diverged):
            raise losses
        return losses

    def draw(self) -> Batch:
        """The next batch."""
        return next(self._batches)

    def units_that_stay(self, rows: int, units: int) -> Tensor:
        """Which units the next step does not drop, ``(B, H)``.

        It is up to the seed and the step alone. Members lose the same units, so that they differ in
        nothing but their weights, and it does not matter which of them are together.
        """
        random = np.random.default_rng([self.experiment.seed, self.step, DROPOUT])
        return torch.from_numpy(random.random((rows, units)) >= self.experiment.model.dropout)

    def stepped(self, components: Tensor, slopes: Mapping[str, Tensor]) -> None:
        """The model has moved.

        :param components: the weights that acted, ``(E, K)``.
        :param slopes: the loss's, in what the weighting learns.
        """
        for name, slope in slopes.items():
            self._learner.update(name, slope)
        self.step += 1
        if self.weighting.id != "fixed":
            self.weights = LossWeights(components, self.preference.joint)

    @torch.no_grad()
    def logits(self, features: csr_matrix) -> Tensor:
        """Logits ``(E, N, O)`` of these rows, with the weights as they are."""
        projected = self.model.project(Csr.of(features))
        return self.model.tail(projected, self.model.dense)

    @torch.no_grad()
    def losses(self, logits: Tensor, targets: Targets) -> dict[str, Tensor]:
        """Mean of each part over these rows, and of their ``total``: each ``(E,)``."""
        parts = self.objective.parts(logits, targets, self.schema, self.preference)
        parts["total"] = self.objective.total(parts, self.weights)
        return {name: part.mean(-1) for name, part in parts.items()}
