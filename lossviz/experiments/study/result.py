"""Repeats: the same arms for several seeds, and what their spread lets one say."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lossviz.arrays import Doubles
from lossviz.data import Dataset
from lossviz.experiments.evaluation import Baseline
from lossviz.experiments.findings import Findings, pairs
from lossviz.experiments.runs.progress import Curve
from lossviz.experiments.sides import Sides, numbered
from lossviz.experiments.statistics import LEAST_SEEDS, Interval, family_confidence, interval
from lossviz.experiments.study.plan import Arm, ArmsBlock, StudyPlan
from lossviz.experiments.unseen import Unseen
from lossviz.schema import LabelSchema


@dataclass(frozen=True)
class Outcome:
    """One trained member, judged on the held-out rows.

    :param curve: about sixty points, evenly spread over the run.
    :param wrong: number of wrong rows for each component, and on the whole label: ``(K + 1,)``.
    :param guess: the error rates of always guessing the commonest label, on the same rows.
    :param rows: number of training rows and of held-out rows.
    :param step: after how many steps it was judged.
    :param message: why it stopped there, if it diverged.
    :param unseen: the held-out rows whose whole label no training row has; None where that is not
        known.
    """

    curve: Curve
    wrong: tuple[int, ...]
    guess: Baseline
    rows: tuple[int, int]
    step: int
    message: str = ""
    unseen: Unseen | None = None

    @property
    def diverged(self) -> bool:
        """Whether the loss left the numbers; then it is judged as it stood before that step."""
        return bool(self.message)

    @property
    def errors(self) -> Doubles:
        """Error rates between 0 and 1, ``(K + 1,)``: the components', then the whole label's."""
        return np.array(self.wrong) / self.rows[1]

    @property
    def guessed(self) -> Doubles:
        """The error rates of the commonest label, in the same order."""
        return np.array([*self.guess.components, self.guess.joint])


def rows_of(outcomes: Sequence[Outcome]) -> list[tuple[int, int]]:
    """Of each the number of training rows and of held-out rows."""
    return [outcome.rows for outcome in outcomes]


def grain_of(outcomes: Sequence[Outcome]) -> float:
    """The smallest difference that two error rates of theirs can have."""
    return 1.0 / max(outcome.rows[1] for outcome in outcomes)


@dataclass(frozen=True)
class Trained:
    """What a worker has to say about one block: an outcome for each member, in order.

    :param seconds: how long it took, features included.
    """

    outcomes: tuple[Outcome, ...]
    seconds: float


@dataclass(frozen=True)
class Repeats:
    """What there is of a study so far.

    :param outcomes: by arm and seed; arms of which nothing is finished are missing.
    """

    schema: LabelSchema
    plan: StudyPlan
    outcomes: Mapping[tuple[str, int], Outcome]

    @classmethod
    def from_reports(
        cls, schema: LabelSchema, plan: StudyPlan, reports: Sequence[tuple[ArmsBlock, Trained]]
    ) -> Repeats:
        """What the reports on these blocks say together."""
        outcomes = {
            (arm.id, block.seed): outcome
            for block, trained in reports
            for arm, outcome in zip(block.arms, trained.outcomes, strict=True)
        }
        return cls(schema, plan, outcomes)

    @classmethod
    def from_findings(cls, findings: Findings[StudyPlan, Trained], dataset: Dataset) -> Repeats:
        """What was found of a study of these data."""
        return cls.from_reports(dataset.schema, findings.plan, pairs(findings, dataset))

    @property
    def arms(self) -> tuple[Arm, ...]:
        """All of the plan's, in order."""
        return self.plan.arms(len(self.schema.components))

    @property
    def learned(self) -> dict[str, Arm]:
        """Those whose weights are not told, by the weighting's id."""
        return {arm.weighting: arm for arm in self.arms if not arm.told}

    @property
    def targets(self) -> dict[str, str]:
        """What errors are compared on, by its number: the whole label, and with more than two parts
        each of them."""
        named = [*self.schema.names, "whole label"]
        start = 2 if len(named) == 3 else 0
        return {str(k): named[k] for k in range(start, len(named))}

    @property
    def version(self) -> Hashable:
        """Another one once more of it is trained."""
        return self.plan, tuple(len(self.of(arm)) for arm in self.arms)

    @property
    def equal(self) -> Arm:
        """Fixed weights, the same for all: what the others are held against."""
        return next(arm for arm in self.arms if arm.equal)

    def of(self, arm: Arm) -> list[Outcome]:
        """The outcomes of one arm, in the order of the seeds."""
        outcomes = (self.outcomes.get((arm.id, seed)) for seed in range(self.plan.seeds))
        return [outcome for outcome in outcomes if outcome is not None]

    def paired(self, first: Arm, second: Arm) -> list[tuple[Outcome, Outcome]]:
        """The outcomes of two arms for the seeds that both have finished."""
        pairs = (
            (self.outcomes.get((first.id, seed)), self.outcomes.get((second.id, seed)))
            for seed in range(self.plan.seeds)
        )
        return [(one, other) for one, other in pairs if one is not None and other is not None]

    @property
    def complete_seeds(self) -> list[int]:
        """Those that every arm has finished."""
        return [
            seed
            for seed in range(self.plan.seeds)
            if all((arm.id, seed) in self.outcomes for arm in self.arms)
        ]

    def sides(self, seeds: Sequence[int]) -> Sides:
        """The test sides of seeds, which are those of equal weights: whole combinations may be held
        out again, and then guessing is wrong as often, and as many labels are unseen."""
        if self.plan.combinations == "known":
            return tuple(range(len(seeds)))
        outcomes = (self.outcomes[self.equal.id, seed] for seed in seeds)
        return numbered((each.guess, each.rows, each.unseen) for each in outcomes)

    def ready(self, arm: Arm) -> bool:
        """Whether there are enough seeds of it, and of equal weights, for a claim."""
        return len(self.paired(arm, self.equal)) >= LEAST_SEEDS

    def error(self, arm: Arm, target: int, *, confidence: float = 0.95) -> Interval:
        """How often it is wrong on a component, or on the whole label (K), between 0 and 1."""
        outcomes = self.of(arm)
        values = np.array([outcome.errors[target] for outcome in outcomes])
        errors = interval(
            values, rows_of(outcomes), confidence=confidence, grain=grain_of(outcomes)
        )
        return errors.within(0.0, 1.0)

    def difference(self, first: Arm, second: Arm, target: int, *, confidence: float) -> Interval:
        """How much more often the first is wrong than the second: same seeds, same rows."""
        pairs = self.paired(first, second)
        values = np.array([one.errors[target] - other.errors[target] for one, other in pairs])
        outcomes = [one for one, _ in pairs]
        rows, grain = rows_of(outcomes), grain_of(outcomes)
        return interval(values, rows, confidence=confidence, grain=grain)

    def beats_guessing(self, arm: Arm) -> bool:
        """Whether it is wrong on the whole label less often than the commonest label for sure, at
        95 % for all arms together."""
        outcomes = self.of(arm)
        changes = np.array([outcome.errors[-1] - outcome.guessed[-1] for outcome in outcomes])
        if len(changes) < LEAST_SEEDS:
            return False
        confidence = family_confidence(len(self.arms))
        rows, grain = rows_of(outcomes), grain_of(outcomes)
        return interval(changes, rows, confidence=confidence, grain=grain).high < 0.0

    def guessed(self) -> Doubles | None:
        """The errors of the commonest label, ``(K + 1,)``, as the mean over the seeds."""
        outcomes = self.of(self.equal) or list(self.outcomes.values())
        return np.mean([outcome.guessed for outcome in outcomes], axis=0) if outcomes else None
