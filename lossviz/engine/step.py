"""A step of several trainers.

First layers are a table for those that share a batch (:mod:`lossviz.engine.first_layers`). What is
behind them takes as many operations as that of one trainer for all of a kind: it has an axis for
ensemble members, and there trainers stand one behind the other. Nobody's numbers depend on who else
is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from lossviz.arrays import Floats
from lossviz.engine.batches import Batch, Joined
from lossviz.engine.first_layers import at_their_batches
from lossviz.engine.optimisers import Optimiser
from lossviz.engine.together import together
from lossviz.errors import LossVizError
from lossviz.losses.objectives import part_name
from lossviz.losses.targets import Targets
from lossviz.losses.weighting import Moment
from lossviz.losses.weights import LossWeights

if TYPE_CHECKING:
    from lossviz.engine.trainer import Trainer

MOST_LOSS = 1e6
"""Of a loss that is a reasonable number."""


class Losses(NamedTuple):
    """What each member of a trainer loses on average over some rows.

    :param parts: names, behind them ``total``.
    :param means: ``(P, E)``.
    """

    parts: tuple[str, ...]
    means: Floats


class Diverged(LossVizError):
    """The loss left the numbers; training cannot go on."""

    def __init__(self, step: int, message: str) -> None:
        super().__init__(message)
        self.step = step


class Taken(NamedTuple):
    """A trainer's step, all but that of its first layer.

    :param gradient: in ``X @ table``, ``(B, W)``; None where it cannot go on.
    """

    losses: Losses | Diverged
    gradient: Tensor | None


def advance(trainers: Sequence[Trainer]) -> list[Losses | Diverged]:
    """Train each of these on its next batch.

    :returns: for each the losses before the step; or why it cannot go on, and then its weights
        stay.
    """
    groups = list(at_their_batches(trainers))
    kinds: dict[str, list[tuple[Trainer, Batch, Tensor]]] = {}
    for group in groups:
        for trainer, product in zip(group.trainers, group.products, strict=True):
            kinds.setdefault(trainer.kind, []).append((trainer, group.batch, product))
    taken: dict[Trainer, Taken] = {}
    for kind in kinds.values():
        those, drawn, products = zip(*kind, strict=True)
        taken |= zip(those, _behind_the_first_layers(those, drawn, products), strict=True)
    with torch.no_grad():
        for group in groups:
            group.move([taken[trainer].gradient for trainer in group.trainers])
    return [taken[trainer].losses for trainer in trainers]


def _behind_the_first_layers(
    trainers: Sequence[Trainer], drawn: Sequence[Batch], products: Sequence[Tensor]
) -> list[Taken]:
    """A step of trainers of one kind from their products ``X @ table``."""
    first = trainers[0]
    batch = Joined.of(drawn, first.model.members)
    projected = first.model.by_member(together(products), len(trainers)).requires_grad_()
    dense = {name: weight.requires_grad_() for name, weight in dense_of(trainers).items()}
    units = _dropped(trainers, first.model.units(projected, dense))
    logits = first.model.logits(units, dense)
    preference = preferences(trainers)
    parts = first.objective.parts(logits, batch.targets, first.schema, preference)
    weights, penalty = _weigh(trainers, batch, parts, preference, [projected, *dense.values()])
    total = first.objective.total(parts, weights)
    losses = batch.mean(total) + penalty
    learned = [weight for t in trainers for weight in t.weighting.parameters.values()]
    # Mean over the batch, sum over the members: each member's gradient is its own.
    gradients = torch.autograd.grad(losses.sum(), [projected, *dense.values(), *learned])
    # A copy: the weights may be the very parameters that are moved below.
    acted = weights.components.detach().clone().split(first.model.members)
    good = losses.detach().abs().lt(MOST_LOSS).view(len(trainers), -1).all(1).tolist()
    with torch.no_grad():
        _move(trainers, good, dict(zip(dense, gradients[1:], strict=False)))
        slopes = iter(gradients[1 + len(dense) :])
        for trainer, fine, components in zip(trainers, good, acted, strict=True):
            own = {name: next(slopes) for name in trainer.weighting.parameters}
            if fine:
                trainer.stepped(components, own)
        found = _each(parts, batch.mean(torch.stack([*parts.values(), total])), first.model.members)
        by_row = first.model.by_row(gradients[0], len(trainers)).chunk(len(trainers))
    each = zip(trainers, good, acted, found, by_row, strict=True)
    return [
        Taken(losses, gradient) if fine else Taken(_given_up(trainer, components), None)
        for trainer, fine, components, losses, gradient in each
    ]


def dense_of(trainers: Sequence[Trainer]) -> dict[str, Tensor]:
    """The weights behind the first layers, ``(E, …)`` each."""
    return {
        name: together([trainer.model.dense[name] for trainer in trainers]).detach()
        for name in trainers[0].model.dense
    }


def preferences(trainers: Sequence[Trainer]) -> LossWeights:
    """What is preferred for each member."""
    return LossWeights(
        together([trainer.preference.components for trainer in trainers]),
        together([trainer.preference.joint for trainer in trainers]),
    )


def _dropped(trainers: Sequence[Trainer], units: Tensor) -> Tensor:
    """Units ``(E, B, H)`` with some at 0 and the others the larger, so that their expectation
    is what it was: inverted dropout, Srivastava et al. 2014."""
    model = trainers[0].experiment.model
    if model.dropout == 0.0 or model.kind == "linear":
        return units
    stays = torch.stack([trainer.units_that_stay(*units.shape[1:]) for trainer in trainers])
    return units * stays.repeat_interleave(trainers[0].model.members, 0) / (1.0 - model.dropout)


def _weigh(
    trainers: Sequence[Trainer],
    batch: Joined,
    parts: dict[str, Tensor],
    preference: LossWeights,
    sources: Sequence[Tensor],
) -> tuple[LossWeights, Tensor | float]:
    """The weights of this step, and what their weighting adds to the loss of each member. What a
    weighting remembers is its own, so each is asked by itself."""
    first = trainers[0]
    if first.weighting.id == "fixed":
        return preference, 0.0
    names = [part_name(k) for k in first.weighed.tolist()]
    means = torch.stack([batch.mean(parts[name]) for name in names], dim=-1)
    gramian = cache(partial(batch.gramian, means, sources))
    weighed, penalties = [], []
    for place, trainer in enumerate(trainers):
        members = slice(place * first.model.members, (place + 1) * first.model.members)
        moment = Moment(
            trainer.step,
            means[members].detach(),
            trainer.preference.components[:, first.weighed],
            partial(_some, gramian, members),
        )
        weighed.append(trainer.weighting.weigh(moment))
        penalties.append(trainer.weighting.penalty())
    components = preference.components.index_copy(-1, first.weighed, together(weighed))
    weights = preference._replace(components=components)
    added = [penalty for penalty in penalties if penalty is not None]
    if not added:
        return weights, 0.0
    factor = first.objective.terms(components.shape[-1])[names[0]].factor
    return weights, factor * together(added)


def _some(gramian: Callable[[], Tensor], members: slice) -> Tensor:
    return gramian()[members]


def _move(trainers: Sequence[Trainer], good: Sequence[bool], dense: dict[str, Tensor]) -> None:
    """Move what is behind the first layers of those that can go on; where these, or how far they
    go, differ, each by itself."""
    optimisers = [trainer.optimiser for trainer in trainers]
    alike = all(good) and len({optimiser.learning_rate for optimiser in optimisers}) == 1
    for name, slopes in dense.items():
        if alike:
            Optimiser.update_together(optimisers, name, slopes)
            continue
        each = zip(optimisers, good, slopes.chunk(len(optimisers)), strict=True)
        for optimiser, fine, piece in each:
            if fine:
                optimiser.update(name, piece)


def _given_up(trainer: Trainer, components: Tensor) -> Diverged:
    step = trainer.step + 1
    if (components < 0).any():
        return Diverged(
            step,
            f"The loss fell below all bounds at step {step:,}: a weight became negative, so "
            "being wrong is rewarded. Choose a weighting that keeps weights positive.",
        )
    rate = trainer.experiment.optimiser.learning_rate
    return Diverged(
        step, f"The loss became too large at step {step:,}. Try a learning rate below {rate:g}."
    )


@torch.no_grad()
def watched_losses(
    trainers: Sequence[Trainer], products: Sequence[Tensor], targets: Sequence[Targets]
) -> list[Losses]:
    """What these, which are of one kind, lose on rows of their own, as many each, with the weights
    that acted in the last step.

    :param products: of these rows with each first layer, ``(N, W)``.
    """
    first = trainers[0]
    projected = first.model.by_member(together(products), len(trainers))
    logits = first.model.tail(projected, dense_of(trainers))
    true = Targets.beside(targets, first.model.members)
    parts = first.objective.parts(logits, true, first.schema, preferences(trainers))
    acted = LossWeights(
        together([trainer.weights.components for trainer in trainers]),
        together([trainer.weights.joint for trainer in trainers]),
    )
    total = first.objective.total(parts, acted)
    return _each(parts, torch.stack([*parts.values(), total]).mean(-1), first.model.members)


def _each(parts: Iterable[str], values: Tensor, members: int) -> list[Losses]:
    """For each trainer those of its members, from the values ``(P, E)`` of all."""
    names = (*parts, "total")
    array = values.numpy()
    return [Losses(names, array[:, k : k + members]) for k in range(0, array.shape[1], members)]
