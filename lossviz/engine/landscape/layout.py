"""Models with different heads in one layout of logits, so that one plane holds all of them.

What is added to all logits of a softmax alike changes no probability, yet between trained linear
models it is 21 to 80 % of the squared distance. So the logits of each softmax are put to sum zero
before anything is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from lossviz.engine.landscape.loss import Loss
from lossviz.engine.landscape.retrained import Retrained
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.surfaces.vectors import Vector
from lossviz.losses.heads import HEADS, FactorisedHead
from lossviz.schema import LabelSchema


@dataclass(frozen=True)
class Placed:
    """A trained model in a layout that may not be its own.

    :param loss: of its own formulation, which reads the logits of this layout.
    :param softmaxes: which one each logit of the layout goes through, ``(O,)``.
    :param spread: ``(O, C)``, from its own logits to those of the layout; None where they are the
        same.
    """

    run: Retrained
    loss: Loss
    softmaxes: Tensor
    spread: Tensor | None = None

    @property
    def name(self) -> str:
        """The run's letter."""
        return self.run.name

    @cached_property
    def end(self) -> Vector:
        """Its weights."""
        return self._written(self.run.end)

    @property
    def path(self) -> tuple[Vector, ...]:
        """The weights on the way there."""
        return tuple(map(self._written, self.run.path))

    def leading(self) -> tuple[Vector, Vector]:
        """Not asked of models that share a plane."""
        raise NotImplementedError

    def _written(self, vector: Vector) -> Vector:
        """The last layer in this layout; it is ``outer`` where there is a hidden layer."""
        last = ("outer", "bias") if "outer" in vector else ("table", "bias")
        return {
            name: self._layer(tensor) if name in last else tensor for name, tensor in vector.items()
        }

    def _layer(self, tensor: Tensor) -> Tensor:
        return balanced(tensor if self.spread is None else tensor @ self.spread, self.softmaxes)


def share(runs: Sequence[Retrained], seed: int) -> list[Placed]:
    """The runs in one layout: their own where it is the same, else one logit per whole label.

    Separate logits for each part are whole labels' logits that add up, ``z_c = Σ_k u_k(c_k)``:
    the same probabilities where every combination is allowed, and else these restricted to the
    allowed ones. A chain has no such form, as its conditional probabilities have to be normalised
    one by one.

    :raises LossVizError: where no layout holds all of them.
    """
    layouts = {run.trainer.head.id for run in runs}
    if len({_inputs(run.trainer.experiment) for run in runs}) > 1:
        raise LossVizError(
            f"{', '.join(run.name for run in runs)} do not have the same model and features, so no "
            "line leads from one to another. Give them the same ones on the Train page."
        )
    if len(layouts) == 1:
        return [_placed(run, run.loss(seed)) for run in runs]
    chains = [run.name for run in runs if run.trainer.head.id not in ("joint", "factorised")]
    if chains:
        raise LossVizError(
            f"{chains[0]} is a chain: its logits have no place beside those of the others. Compare "
            "it with other chains, or choose another formulation for it."
        )
    return [_joint(run, seed) for run in runs]


def _inputs(experiment: Experiment) -> tuple[object, ...]:
    """What decides which weight is which, up to the last layer."""
    model = experiment.model
    width = model.width if model.kind == "hidden" else 0
    return (experiment.split, experiment.features, model.kind, width)


def _joint(run: Retrained, seed: int) -> Placed:
    loss = replace(run.loss(seed), layout="joint")
    separate = run.trainer.head.id != "joint"
    return _placed(run, loss, _spread(run.trainer.data.schema) if separate else None)


def _placed(run: Retrained, loss: Loss, spread: Tensor | None = None) -> Placed:
    softmaxes = HEADS[loss.layout].softmaxes(loss.whole)
    return Placed(run, loss, torch.from_numpy(softmaxes), spread)


def balanced(logits: Tensor, softmaxes: Tensor) -> Tensor:
    """Logits, or the weights that make them, with sum zero over each softmax.

    :param logits: ``(…, O)``.
    :param softmaxes: ``(O,)``; −1 for a logit that is in none.
    """
    within = (softmaxes >= 0).nonzero().squeeze(-1)
    of = softmaxes[within]
    sizes = torch.bincount(of).to(logits)
    sums = logits.new_zeros((*logits.shape[:-1], len(sizes))).index_add(-1, of, logits[..., within])
    return logits.index_add(-1, within, -(sums / sizes.clamp_min(1))[..., of])


def _spread(schema: LabelSchema) -> Tensor:
    """``(O, C)``: which logits of the parts are added up for a whole label."""
    rows = []
    for k, width in enumerate(FactorisedHead.widths(schema)):
        rows += [(schema.class_codes[:, k] == code).astype("float32") for code in range(width)]
    return torch.from_numpy(np.array(rows))
