"""The trainer: one experiment, trained step by step."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import numpy as np
import torch
from scipy.sparse import csr_matrix
from torch import Tensor

from lossviz.errors import LossVizError
from lossviz.experiment import Experiment
from lossviz.features import EncodedSplit
from lossviz.heads import HEADS
from lossviz.model import build_model
from lossviz.objectives import OBJECTIVES
from lossviz.optimisers import build_optimiser
from lossviz.targets import Targets

# A step is too small to share between threads, and one thread always adds in the same order:
# the same experiment gives the same numbers on every machine with the same build of torch.
torch.set_num_threads(1)


class Diverged(LossVizError):
    """The loss left the numbers; training cannot go on."""

    def __init__(self, step: int, learning_rate: float) -> None:
        super().__init__(
            f"The loss became too large at step {step:,}. "
            f"Try a learning rate below {learning_rate:g}."
        )
        self.step = step


class Trainer:
    """Trains ``E`` members of one experiment side by side, a batch at a time.

    However the steps are sliced into calls, the same experiment gives the same weights.

    :param component_weights: ``(E, K)``; the experiment's own by default (E = 1).
    :param joint_weight: ``(E,)`` likewise.
    """

    def __init__(
        self,
        data: EncodedSplit,
        experiment: Experiment,
        *,
        component_weights: Tensor | None = None,
        joint_weight: Tensor | None = None,
    ) -> None:
        self.data = data
        self.experiment = experiment
        self.objective = OBJECTIVES[experiment.formulation]
        self.head = HEADS[self.objective.head]
        self.set_weights(
            torch.tensor([experiment.component_weights])
            if component_weights is None
            else component_weights,
            torch.tensor([experiment.joint_weight]) if joint_weight is None else joint_weight,
        )
        self.model = build_model(
            experiment.model,
            data.train.features.shape[1],
            self.head.size(data.schema),
            members=self.component_weights.shape[0],
            seed=experiment.seed,
        )
        self.optimiser = build_optimiser(experiment.optimiser, self.model.weights())
        self._gradient = torch.zeros_like(self.model.table)
        self._batches = _batches(data, experiment)
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

    def set_weights(self, component_weights: Tensor, joint_weight: Tensor) -> None:
        """Let these weights act from the next step on: ``(E, K)`` and ``(E,)``."""
        self.component_weights = component_weights.float()
        self.joint_weight = joint_weight.float()

    def advance(self) -> dict[str, Tensor]:
        """Train on the next batch.

        :returns: the parts of the loss before the step, each ``(E, B)``, and their ``total``.
        :raises Diverged: when the loss is no longer a reasonable number; the weights stay.
        """
        batch = next(self._batches)
        projected = self.model.project(batch.indices, batch.offsets, batch.values)
        projected.requires_grad_()
        dense = {name: value.detach().requires_grad_() for name, value in self.model.dense.items()}
        logits = self.model.tail(projected, dense)
        parts = self.objective.parts(logits, batch.targets, self.data.schema)
        total = self.objective.total(parts, self.component_weights, self.joint_weight)
        # Mean over the batch, sum over the members: each member's gradient is its own.
        loss = total.mean(-1).sum()
        if not abs(loss.item()) < 1e6 * self.model.members:
            raise Diverged(self.step + 1, self.experiment.optimiser.learning_rate)
        gradients = torch.autograd.grad(loss, [projected, *dense.values()])
        self._move(batch, gradients[0], dict(zip(dense, gradients[1:], strict=True)))
        self.step += 1
        return {name: part.detach() for name, part in parts.items()} | {"total": total.detach()}

    @torch.no_grad()
    def _move(self, batch: _Batch, projected: Tensor, dense: dict[str, Tensor]) -> None:
        by_row = projected.transpose(0, 1).reshape(len(batch.targets), -1)
        self._gradient.index_add_(0, batch.indices, by_row[batch.rows] * batch.values.unsqueeze(-1))
        if self.optimiser.sparse:
            own = self._gradient[batch.indices]
            self.optimiser.update_rows("table", batch.indices, own)
        else:
            self.optimiser.update("table", self._gradient)
        self._gradient[batch.indices] = 0.0
        for name, gradient in dense.items():
            self.optimiser.update(name, gradient)

    @torch.no_grad()
    def logits(self, features: csr_matrix) -> Tensor:
        """Logits ``(E, N, O)`` of these rows, with the weights as they are."""
        projected = self.model.project(*_csr(features))
        return self.model.tail(projected, self.model.dense)

    @torch.no_grad()
    def losses(self, logits: Tensor, targets: Targets) -> dict[str, Tensor]:
        """Mean of each part over these rows, and of their ``total``: each ``(E,)``."""
        parts = self.objective.parts(logits, targets, self.data.schema)
        parts["total"] = self.objective.total(parts, self.component_weights, self.joint_weight)
        return {name: part.mean(-1) for name, part in parts.items()}


class _Batch:
    """Some training rows in CSR form, and their labels."""

    __slots__ = ("indices", "offsets", "rows", "targets", "values")

    def __init__(
        self, indices: Tensor, offsets: Tensor, values: Tensor, rows: Tensor, targets: Targets
    ) -> None:
        self.indices = indices
        self.offsets = offsets
        self.values = values
        self.rows = rows
        self.targets = targets


def _csr(features: csr_matrix) -> tuple[Tensor, Tensor, Tensor]:
    """Indices ``(nnz,)``, offsets ``(N,)`` and values ``(nnz,)`` of sparse rows."""
    return (
        torch.from_numpy(features.indices.astype(np.int64)),
        torch.from_numpy(features.indptr[:-1].astype(np.int64)),
        torch.from_numpy(features.data),
    )


def _batches(data: EncodedSplit, experiment: Experiment) -> Iterator[_Batch]:
    """Batches without end, each epoch in an order that depends on the seed and its number."""
    count = data.train.features.shape[0]
    size = experiment.optimiser.batch_size
    epoch = 0
    while True:
        order = np.random.default_rng([experiment.seed, epoch]).permutation(count)
        shuffled = data.train.features[order]
        indices, offsets, values = _csr(shuffled)
        lengths = torch.from_numpy(np.diff(shuffled.indptr).astype(np.int64))
        rows = torch.repeat_interleave(torch.arange(count), lengths)
        targets = data.targets[torch.from_numpy(order)]
        for start in range(0, count, size):
            end = min(start + size, count)
            entries = slice(int(shuffled.indptr[start]), int(shuffled.indptr[end]))
            yield _Batch(
                indices[entries],
                offsets[start:end] - entries.start,
                values[entries],
                rows[entries] - start,
                targets[start:end],
            )
        epoch += 1
