"""Temperatures: what logits are divided by, so that probabilities come true on validation texts.

Source: Guo et al., "On calibration of modern neural networks", ICML 2017.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from lossviz.engine.trainer import Trainer
from lossviz.experiments.reliability import COOLEST, HOTTEST, Temperatures
from lossviz.losses.heads import Head
from lossviz.losses.targets import Targets
from lossviz.schema import LabelSchema

MOST_STEPS, CLOSE = 100, 1e-9


@dataclass(frozen=True)
class Tempering:
    """The temperatures of all members ``(E, G)``: one for each of the head's parts.

    :param names: of the parts.
    :param widths: their numbers of logits.
    :param texts: validation texts that they were fitted on.
    """

    values: Tensor
    names: tuple[str, ...]
    widths: tuple[int, ...]
    texts: int

    def divided(self, logits: Tensor) -> Tensor:
        """Logits ``(E, N, O)``, each divided by its temperature."""
        return logits / spread(self.values, self.widths).to(logits)

    def of(self, place: int) -> Temperatures:
        """Of one member, as plain values."""
        return Temperatures(self.names, tuple(self.values[place].tolist()), self.texts)


def tempering(trainer: Trainer) -> Tempering | None:
    """Those of a trainer as it stands; None where its experiment does not ask for any, or where the
    validation side is too small a share to have a text."""
    (found,) = temperings([trainer])
    return found


def temperings(trainers: Sequence[Trainer]) -> list[Tempering | None]:
    """:func:`tempering` of trainers of one kind. Of those on the same texts at once: they share
    what has to be looked up, and the steps."""
    alike: dict[int, list[Trainer]] = {}
    for trainer in trainers:
        alike.setdefault(id(trainer.data), []).append(trainer)
    found = {texts: _temperings(those) for texts, those in alike.items()}
    return [found[id(trainer.data)].pop(0) for trainer in trainers]


def _temperings(trainers: Sequence[Trainer]) -> list[Tempering | None]:
    data, head = trainers[0].data, trainers[0].head
    if trainers[0].experiment.calibration != "temperature" or not len(data.validation.codes):
        return [None] * len(trainers)
    targets = Targets.from_codes(data.validation.codes, data.schema)
    logits = [trainer.logits(data.validation.features) for trainer in trainers]
    values = fitted(torch.cat(logits), targets, head, data.schema)
    names, parts = head.named(data.schema), tuple(head.parts(data.schema))
    each = values.split([len(members) for members in logits])
    return [Tempering(own, names, parts, len(targets)) for own in each]


def fitted(logits: Tensor, targets: Targets, head: Head, schema: LabelSchema) -> Tensor:
    """The temperatures ``(E, G)`` with the lowest log loss of each part.

    :param logits: ``(E, N, O)``.
    """
    draws = head.draws(logits.double(), targets, schema)
    values = logits.new_empty((len(logits), len(draws)), dtype=torch.float64)
    # Parts with as many values together: it is the number of steps that costs.
    for width in {among.shape[-1] for among, _ in draws}:
        parts = [part for part, (among, _) in enumerate(draws) if among.shape[-1] == width]
        among, places = (torch.stack(some) for some in zip(*(draws[k] for k in parts), strict=True))
        values[:, parts] = _fitted(among, places[:, None]).T
    return values


def _fitted(among: Tensor, places: Tensor) -> Tensor:
    """The temperatures ``(G, E)`` of parts with as many values.

    The log loss is convex in the inverse β of a temperature: its slope is the mean of how far the
    other logits lie above the true one, its bend their variance. So Newton's steps, and where one
    leads out of what is left to search, its middle. A part with nothing to tell has temperature 1.

    :param among: logits ``(G, E, N, n)``, minus infinity for what cannot be.
    :param places: of the true ones ``(G, 1, N)``.
    """
    true = among.gather(-1, places.expand(among.shape[:-1]).unsqueeze(-1))
    above = among - true
    known = above.masked_fill(above.isinf(), 0.0)

    def bent(beta: Tensor) -> tuple[Tensor, Tensor]:
        share = (beta[..., None, None] * above).softmax(-1) * known
        mean = share.sum(-1)
        return mean.mean(-1), ((share * known).sum(-1) - mean**2).mean(-1)

    low, high = (among.new_full(among.shape[:2], 1.0 / end) for end in (HOTTEST, COOLEST))
    falls, rises = bent(high)[0] < 0.0, bent(low)[0] > 0.0
    low, high = torch.where(falls, high, low), torch.where(rises, low, high)
    beta = torch.ones_like(low).clamp(low, high)
    moves = torch.ones_like(low, dtype=torch.bool)
    for _ in range(MOST_STEPS):
        slope, bend = bent(beta)
        low, high = torch.where(slope < 0.0, beta, low), torch.where(slope > 0.0, beta, high)
        step = beta - torch.where(slope == 0.0, 0.0, slope / bend)
        inside = (step >= low) & (step <= high)
        step = torch.where(moves, torch.where(inside, step, (low * high).sqrt()), beta)
        # One that is there stays, whoever else is still on the way.
        moves = (step - beta).abs() / beta >= CLOSE
        beta = step
        if not moves.any():
            break
    return 1.0 / beta


def spread(values: Tensor, widths: list[int] | tuple[int, ...]) -> Tensor:
    """A value of each part ``(E, G)`` at each of its logits, ``(E, 1, O)``."""
    return values.repeat_interleave(torch.tensor(widths), dim=-1).unsqueeze(-2)
