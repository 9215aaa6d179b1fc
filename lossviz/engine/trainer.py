"""The trainer: one experiment, trained step by step."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import partial
from math import ceil

import numpy as np
import torch
from scipy.sparse import csr_matrix
from torch import Tensor

from lossviz.engine.batches import Batch, Csr, batches
from lossviz.engine.features import EncodedSplit
from lossviz.engine.model import build_model
from lossviz.engine.optimisers import build_optimiser, by_member
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.specs import OptimiserSpec
from lossviz.experiments.weights import Weights
from lossviz.losses.heads import HEADS
from lossviz.losses.objectives import part_name
from lossviz.losses.targets import Targets
from lossviz.losses.weighting import Moment
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


class Diverged(LossVizError):
    """The loss left the numbers; training cannot go on."""

    def __init__(self, step: int, message: str) -> None:
        super().__init__(message)
        self.step = step


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
        # Of a part with a single value there is nothing to learn, and so nothing to weigh.
        values = [k for k, size in enumerate(data.schema.sizes) if size > 1]
        self._weighed = torch.tensor(values or range(len(data.schema.sizes)))
        self.weighting.begin(
            self.preference.components[:, self._weighed],
            seed=experiment.seed,
            steps_per_epoch=self.steps_per_epoch,
        )
        rate = experiment.settings.get("weight_rate", 0.01)
        learner = OptimiserSpec(name="adam", learning_rate=rate)
        self._learner = build_optimiser(learner, self.weighting.parameters, by_member)
        self._batches = batches(data, experiment)
        self.step = 0

    @property
    def steps_per_epoch(self) -> int:
        """Batches in one pass over the training rows."""
        return ceil(len(self.data.targets) / self.experiment.optimiser.batch_size)

    @property
    def total_steps(self) -> int:
        """Steps of the whole run."""
        return self.steps_per_epoch * self.experiment.epochs

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
        if not self.experiment.costs:
            return self.preference
        costs = Weights(self.experiment.costs_at(Weights.of(self.experiment)))
        components, joint = torch.tensor(costs.components), torch.tensor(costs.joint)
        members = len(self.preference.joint)
        return LossWeights(components.expand(members, -1), joint.expand(members))

    @property
    def acting(self) -> Weights:
        """Those of the first member that acted in the last step."""
        return Weights((*self.weights.components[0].tolist(), float(self.weights.joint[0])))

    def advance(self) -> dict[str, Tensor]:
        """Train on the next batch.

        :returns: the parts of the loss before the step, each ``(E, B)``, and their ``total``.
        :raises Diverged: when the loss is no longer a reasonable number; the weights stay.
        """
        batch = next(self._batches)
        projected = self.model.project(batch.rows)
        projected.requires_grad_()
        dense = {
            name: weight.detach().requires_grad_() for name, weight in self.model.dense.items()
        }
        units = self._dropped(self.model.units(projected, dense))
        logits = self.model.logits(units, dense)
        parts = self.objective.parts(logits, batch.targets, self.schema, self.preference)
        weights, penalty = self._weigh(batch, parts, projected, dense)
        total = self.objective.total(parts, weights)
        member_loss = total.mean(-1) + penalty
        # Each member by itself: whether it goes on is not up to those beside it.
        if not member_loss.detach().abs().max() < 1e6:
            self._give_up(weights)
        # Mean over the batch, sum over the members: each member's gradient is its own.
        loss = member_loss.sum()
        # A copy: the weights may be the very parameters that are moved below.
        acted = weights._replace(components=weights.components.detach().clone())
        learned = self.weighting.parameters
        gradients = torch.autograd.grad(loss, [projected, *dense.values(), *learned.values()])
        self._move(batch, gradients[0], dict(zip(dense, gradients[1:], strict=False)))
        with torch.no_grad():
            for name, gradient in zip(learned, gradients[1 + len(dense) :], strict=True):
                self._learner.update(name, gradient)
        self.step += 1
        self.weights = acted
        return {name: part.detach() for name, part in parts.items()} | {"total": total.detach()}

    def _dropped(self, units: Tensor) -> Tensor:
        """Units ``(E, B, H)`` with some at 0 and the others the larger, so that their expectation
        is what it was: inverted dropout, Srivastava et al. 2014.

        Which ones is up to the seed and the step alone. Members lose the same units, so that they
        differ in nothing but their weights, and it does not matter which of them are together.
        """
        share = self.experiment.model.dropout
        if share == 0.0 or self.experiment.model.kind == "linear":
            return units
        random = np.random.default_rng([self.experiment.seed, self.step, DROPOUT])
        stays = torch.from_numpy(random.random(units.shape[1:]) >= share)
        return units * stays / (1.0 - share)

    def _give_up(self, weights: LossWeights) -> None:
        step = self.step + 1
        if (weights.components < 0).any():
            raise Diverged(
                step,
                f"The loss fell below all bounds at step {step:,}: a weight became negative, so "
                "being wrong is rewarded. Choose a weighting that keeps weights positive.",
            )
        rate = self.experiment.optimiser.learning_rate
        raise Diverged(
            step,
            f"The loss became too large at step {step:,}. Try a learning rate below {rate:g}.",
        )

    def _weigh(
        self,
        batch: Batch,
        parts: dict[str, Tensor],
        projected: Tensor,
        dense: dict[str, Tensor],
    ) -> tuple[LossWeights, Tensor | float]:
        """The weights of this step, and what their weighting adds to the loss of each member."""
        if not self.objective.weighable:
            return self.preference, 0.0
        names = [part_name(k) for k in self._weighed.tolist()]
        means = torch.stack([parts[name].mean(-1) for name in names], dim=-1)
        sources = [projected, *dense.values()]
        moment = Moment(
            self.step,
            means.detach(),
            self.preference.components[:, self._weighed],
            lambda: batch.gramian(means, sources),
        )
        weighed = self.weighting.weigh(moment)
        components = self.preference.components.index_copy(-1, self._weighed, weighed)
        weights = self.preference._replace(components=components)
        penalty = self.weighting.penalty()
        if penalty is None:
            return weights, 0.0
        return weights, self.objective.terms(components.shape[-1])[names[0]].factor * penalty

    @torch.no_grad()
    def _move(self, batch: Batch, projected: Tensor, dense: dict[str, Tensor]) -> None:
        by_row = projected.transpose(0, 1).reshape(len(batch.targets), -1)
        gradient = batch.columns.times(by_row)
        if self.optimiser.sparse:
            self.optimiser.update_rows("table", batch.features, gradient)
        else:
            whole = torch.zeros_like(self.model.table)
            self.optimiser.update("table", whole.index_copy_(0, batch.features, gradient))
        for name, dense_gradient in dense.items():
            self.optimiser.update(name, dense_gradient)

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
