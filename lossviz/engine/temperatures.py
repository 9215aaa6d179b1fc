"""Temperatures: what logits are divided by, so that probabilities come true on validation texts.

Source: Guo et al., "On calibration of modern neural networks", ICML 2017.
"""

from __future__ import annotations

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
    if trainer.experiment.calibration != "temperature" or not len(trainer.data.validation.codes):
        return None
    data, head = trainer.data, trainer.head
    targets = Targets.from_codes(data.validation.codes, data.schema)
    values = fitted(trainer.logits(data.validation.features), targets, head, data.schema)
    parts = tuple(head.parts(data.schema))
    return Tempering(values, head.named(data.schema), parts, len(targets))


def fitted(logits: Tensor, targets: Targets, head: Head, schema: LabelSchema) -> Tensor:
    """The temperatures ``(E, G)`` with the lowest log loss of each part.

    The log loss is convex in the inverse β of a temperature, and no part's hangs on another's: so
    Newton's steps for all of them at once, and where one leads out of what is left to search, its
    middle. A part with nothing to tell has temperature 1.

    :param logits: ``(E, N, O)``.
    """
    logits, widths = logits.double(), head.parts(schema)
    shape = (len(logits), len(widths))

    def bent(beta: Tensor) -> tuple[Tensor, Tensor]:
        beta = beta.detach().requires_grad_()
        with torch.enable_grad():
            pieces = head.log_prob_pieces(logits * spread(beta, widths), targets, schema)
            loss = -torch.stack(pieces, dim=-1).mean(-2).sum()
            (slope,) = torch.autograd.grad(loss, beta, create_graph=True)
            (bend,) = torch.autograd.grad(slope.sum(), beta)
        return slope.detach(), bend

    low, high = logits.new_full(shape, 1 / HOTTEST), logits.new_full(shape, 1 / COOLEST)
    falls, rises = bent(high)[0] < 0.0, bent(low)[0] > 0.0
    low, high = torch.where(falls, high, low), torch.where(rises, low, high)
    beta = logits.new_ones(shape).clamp(low, high)
    for _ in range(MOST_STEPS):
        slope, bend = bent(beta)
        low, high = torch.where(slope < 0.0, beta, low), torch.where(slope > 0.0, beta, high)
        step = beta - torch.where(slope == 0.0, 0.0, slope / bend)
        inside = (step >= low) & (step <= high)
        step = torch.where(inside, step, (low * high).sqrt())
        moved = ((step - beta).abs() / beta).max()
        beta = step
        if moved < CLOSE:
            break
    return 1.0 / beta


def spread(values: Tensor, widths: list[int] | tuple[int, ...]) -> Tensor:
    """A value of each part ``(E, G)`` at each of its logits, ``(E, 1, O)``."""
    return values.repeat_interleave(torch.tensor(widths), dim=-1).unsqueeze(-2)
