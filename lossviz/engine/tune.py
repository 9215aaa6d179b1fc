"""Tuning: a handful of experiments trained together, and one of them chosen by texts that are set
aside from training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from lossviz.data import Dataset
from lossviz.engine.features import encode_split
from lossviz.engine.judging import decided
from lossviz.engine.step import Diverged, advance
from lossviz.engine.trainer import Trainer
from lossviz.errors import LossVizError
from lossviz.experiments.experiment import Experiment
from lossviz.experiments.statistics import ErrorRate

ASIDE = 0.1
"""The share of the texts to train on that choose."""
FEWEST = 30
"""Texts that can choose anything."""


@dataclass(frozen=True)
class Tried:
    """One of those that were tried, and how often it is wrong on the whole label of the texts that
    choose; None where it diverged."""

    experiment: Experiment
    error: ErrorRate | None


@dataclass(frozen=True)
class Tuned:
    """What was tried, the chosen one first among those that are as good, and what it cost."""

    tried: tuple[Tried, ...]
    chosen: Experiment
    texts: int
    seconds: float


def tune(dataset: Dataset, candidates: Sequence[Experiment]) -> Tuned:
    """Choose by the error on texts that are set aside from the training side; of those that are as
    good, the first.

    :param candidates: alike in everything that decides the split, the first being what is taken if
        nothing is better.
    :raises LossVizError: where so few texts are there that nothing can be chosen by them.
    """
    begun = perf_counter()
    split = candidates[0].split.model_copy(update={"validation": ASIDE})
    sides = split.sides(dataset)
    if len(sides.validation) < FEWEST:
        raise LossVizError(
            f"--tune chooses by a tenth of the texts to train on, and here these are "
            f"{len(sides.validation)}; it takes {FEWEST}. Leave it out."
        )
    encoded = {
        features: encode_split(dataset, sides, features)
        for features in dict.fromkeys(candidate.features for candidate in candidates)
    }
    trainers = [
        Trainer(encoded[candidate.features], candidate.changed(split=split))
        for candidate in candidates
    ]
    diverged: set[int] = set()
    while going := [
        place
        for place, trainer in enumerate(trainers)
        if place not in diverged and not trainer.finished
    ]:
        losses = advance([trainers[place] for place in going])
        diverged |= {
            place for place, found in zip(going, losses, strict=True) if isinstance(found, Diverged)
        }
    tried = tuple(
        Tried(candidate, None if place in diverged else _error(trainers[place]))
        for place, candidate in enumerate(candidates)
    )
    sound = [each for each in tried if each.error is not None] or list(tried)
    best = min(sound, key=lambda each: each.error.wrong if each.error else 0)
    return Tuned(tried, best.experiment, len(sides.validation), perf_counter() - begun)


def _error(trainer: Trainer) -> ErrorRate:
    aside = trainer.data.validation
    codes = decided(trainer, trainer.logits(aside.features)).codes.numpy()
    return ErrorRate.of(int((codes != aside.codes).any(axis=1).sum()), len(codes))
