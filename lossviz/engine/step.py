"""A step of several trainers of a kind, in as many operations as that of one.

Each keeps its own weights: the rows that its batch touches are taken out of its first layer, the
batches stand along a diagonal, and what moved is put back. What is behind the first layer has an
axis for ensemble members, and there trainers stand one behind the other. Nobody's numbers depend on
who else is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from lossviz.arrays import Floats
from lossviz.engine.batches import Batch, Joined
from lossviz.engine.csr import Csr
from lossviz.engine.optimisers import Optimiser
from lossviz.engine.together import selected, split_like, together
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


def advance(trainers: Sequence[Trainer]) -> list[Losses | Diverged]:
    """Train each of these, which are of one kind, on its next batch.

    :returns: for each the losses before the step; or why it cannot go on, and then its weights
        stay.
    """
    first = trainers[0]
    batch = Joined.of([trainer.draw() for trainer in trainers], first.model.members)
    table = selected([t.model.table for t in trainers], [piece.features for piece in batch.pieces])
    projected = first.model.by_member(batch.rows.times(table), len(trainers)).requires_grad_()
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
        by_row = first.model.by_row(gradients[0], len(trainers))
        behind = dict(zip(dense, gradients[1:], strict=False))
        _move(trainers, good, batch, table, batch.columns.times(by_row), behind)
        slopes = iter(gradients[1 + len(dense) :])
        for trainer, fine, components in zip(trainers, good, acted, strict=True):
            own = {name: next(slopes) for name in trainer.weighting.parameters}
            if fine:
                trainer.stepped(components, own)
        found = _each(parts, batch.mean(torch.stack([*parts.values(), total])), first.model.members)
    each = zip(trainers, good, acted, found, strict=True)
    return [own if fine else _given_up(t, components) for t, fine, components, own in each]


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


def _move(
    trainers: Sequence[Trainer],
    good: Sequence[bool],
    batch: Joined,
    table: Tensor,
    gradient: Tensor,
    dense: dict[str, Tensor],
) -> None:
    """Move all weights of those that can go on; where these, or how far they go, differ, each by
    itself.

    :param table: ``(ΣU, S · H)``, the rows of the first layers that the batches touch.
    :param gradient: of the loss in these.
    """
    rates = {trainer.optimiser.learning_rate for trainer in trainers}
    if all(good) and len(rates) == 1:
        _move_together(trainers, batch.pieces, table, gradient, dense)
        return
    features = [piece.features for piece in batch.pieces]
    tables, gradients = split_like(table, features), split_like(gradient, features)
    for place in filter(good.__getitem__, range(len(trainers))):
        its_dense = {name: slopes.chunk(len(trainers))[place] for name, slopes in dense.items()}
        pieces = batch.pieces[place : place + 1]
        _move_together([trainers[place]], pieces, tables[place], gradients[place], its_dense)


def _move_together(
    trainers: Sequence[Trainer],
    pieces: Sequence[Batch],
    table: Tensor,
    gradient: Tensor,
    dense: dict[str, Tensor],
) -> None:
    optimisers = [trainer.optimiser for trainer in trainers]
    features = [piece.features for piece in pieces]
    if optimisers[0].sparse:
        Optimiser.update_rows(optimisers, "table", features, table, gradient)
    else:
        each = zip(trainers, features, split_like(gradient, features), strict=True)
        for trainer, places, piece in each:
            whole = torch.zeros_like(trainer.model.table).index_copy_(0, places, piece)
            trainer.optimiser.update("table", whole)
    for name, slopes in dense.items():
        Optimiser.update_together(optimisers, name, slopes)


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
    trainers: Sequence[Trainer], rows: Sequence[Csr], targets: Sequence[Targets]
) -> list[Losses]:
    """What these, which are of one kind, lose on rows of their own, as many each, with the weights
    that acted in the last step."""
    first = trainers[0]
    pairs = zip(trainers, rows, strict=True)
    products = together([rows.times(trainer.model.table) for trainer, rows in pairs])
    projected = first.model.by_member(products, len(trainers))
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
