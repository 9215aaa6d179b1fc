"""Repeats: the same arms for several seeds, and what their spread lets one say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lossviz.intervals import Interval, interval
from lossviz.outcome import Doubles, Outcome
from lossviz.protocol import LEAST_SEEDS, Arm, Protocol
from lossviz.schema import LabelSchema


@dataclass(frozen=True)
class Repeats:
    """What there is of a study so far.

    :param outcomes: by arm and seed; arms of which nothing is finished are missing.
    """

    schema: LabelSchema
    protocol: Protocol
    outcomes: Mapping[tuple[str, int], Outcome]

    @property
    def arms(self) -> tuple[Arm, ...]:
        """All of the protocol's, in order."""
        return self.protocol.arms(len(self.schema.components))

    @property
    def equal(self) -> Arm:
        """Fixed weights, the same for all: what the others are held against."""
        return next(arm for arm in self.arms if arm.equal)

    def of(self, arm: Arm) -> list[Outcome]:
        """The outcomes of one arm, in the order of the seeds."""
        found = (self.outcomes.get((arm.id, seed)) for seed in range(self.protocol.seeds))
        return [own for own in found if own is not None]

    def paired(self, first: Arm, second: Arm) -> list[tuple[Outcome, Outcome]]:
        """The outcomes of two arms for the seeds that both have finished."""
        pairs = (
            (self.outcomes.get((first.id, seed)), self.outcomes.get((second.id, seed)))
            for seed in range(self.protocol.seeds)
        )
        return [(one, other) for one, other in pairs if one is not None and other is not None]

    def ready(self, arm: Arm) -> bool:
        """Whether there are enough seeds of it, and of equal weights, for a claim."""
        return len(self.paired(arm, self.equal)) >= LEAST_SEEDS

    def error(self, arm: Arm, target: int, *, confidence: float = 0.95) -> Interval:
        """How often it is wrong on a component, or on the whole label (K), between 0 and 1."""
        outcomes = self.of(arm)
        values = np.array([own.errors[target] for own in outcomes])
        rows = outcomes[0].rows
        found = interval(values, rows, confidence=confidence, grain=1.0 / rows[1])
        return Interval(found.mean, max(found.low, 0.0), min(found.high, 1.0), found.seeds)

    def difference(self, first: Arm, second: Arm, target: int, *, confidence: float) -> Interval:
        """How much more often the first is wrong than the second: same seeds, same rows."""
        pairs = self.paired(first, second)
        values = np.array([one.errors[target] - other.errors[target] for one, other in pairs])
        rows = pairs[0][0].rows
        return interval(values, rows, confidence=confidence, grain=1.0 / rows[1])

    def guessed(self) -> Doubles | None:
        """The errors of the commonest label, ``(K + 1,)``, as the mean over the seeds."""
        found = self.of(self.equal) or list(self.outcomes.values())
        return np.mean([own.guessed for own in found], axis=0) if found else None
